"""What Whoosh's files hold of a passage, the version that is stamped beside them, and what goes wrong with them."""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from kgsearch.engines import manifest, verification
from kgsearch.engines.base import SCORED_FIELDS, Entry
from kgsearch.engines.matching import Group
from kgsearch.errors import IndexLockedError, IndexStateError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.language import ANALYSIS_VERSION

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.columns import NumericColumn, RefBytesColumn
    from whoosh.fields import COLUMN, STORED, FieldType, Schema
    from whoosh.formats import Format
    from whoosh.index import LockError
    from whoosh.reading import TermNotFound

NAME = "whoosh"

#: Changes whenever an index written before could not be read any more.
SCHEMA_VERSION = 1

INDEX_NAME = "passages"
NUMBER = "I"
_SEPARATOR = "\x1f"  # no syllable holds it
# What is looked at ahead may be begun by another's end: a text that ends with a bracket.
_DOCUMENT = re.compile(rb'\["(?=([^"\\]*(?:\\.[^"\\]*)*)")')


def schema() -> Any:
    """The fields of a passage.

    ``group`` names what its document's passages share, ``clause`` tells the clauses of a group apart, ``…_length`` counts
    tokens exactly, ``entry`` is what a candidate gives back.
    """
    scored = {name: FieldType(_Counts(), None) for name in SCORED_FIELDS}
    lengths = {length_field(name): COLUMN(NumericColumn(NUMBER)) for name in SCORED_FIELDS}
    return Schema(entry=STORED(), group=COLUMN(RefBytesColumn()), clause=COLUMN(NumericColumn(NUMBER)), **scored, **lengths)


class _Counts(Format):  # type: ignore[misc]  # Whoosh is untyped
    """How often each token stands in a field that comes as a list of tokens; no positions, which would double the index."""

    posting_size = 0

    def word_values(self, value: Sequence[str], analyzer: Any, **options: Any) -> Iterator[tuple[str, int, float, bytes]]:
        """Token, frequency, weight, value of each posting."""
        return ((token, count, float(count), b"") for token, count in Counter(value).items())


def length_field(name: str) -> str:
    """The column that counts the tokens of a field."""
    return f"{name}_length"


def stored_fields(entry: Entry, clause: int) -> dict[str, Any]:
    """What Whoosh is given of an entry; ``clause`` is the number of its clause in the document."""
    fields: dict[str, Any] = {name: list(entry.tokens.get(name, ())) for name in SCORED_FIELDS}
    fields |= {length_field(name): len(fields[name]) for name in SCORED_FIELDS}
    fields["group"] = json.dumps(
        [entry.document, entry.type, entry.issuer, entry.issued.isoformat() if entry.issued else None], ensure_ascii=False
    ).encode()
    fields["clause"] = clause
    # Two long strings are read back four times as fast as two hundred short ones.
    fields["entry"] = (entry.passage, entry.clause, _SEPARATOR.join(entry.context), _SEPARATOR.join(entry.text))
    return fields


def stored_syllables(stored: str) -> Sequence[str]:
    """The syllables that `stored_fields` has joined."""
    return tuple(stored.split(_SEPARATOR)) if stored else ()


def groups_of_bytes(stored: Sequence[bytes]) -> list[Group]:
    """What the column of groups holds, read: of passages without a group it is nothing."""
    # At once, which takes a third of the time of reading them one by one.
    read = json.loads(b"[" + b",".join(group or b'["","","",null]' for group in stored) + b"]")
    return [Group(document, type_, issuer, date.fromisoformat(issued) if issued else None) for document, type_, issuer, issued in read]


def documents_in(packed: bytes) -> frozenset[bytes]:
    """The documents of the groups in ``packed``, however they are joined, as `document_in_bytes` has them; seldom one that is none."""
    return frozenset(_DOCUMENT.findall(packed))


def document_in_bytes(document: str) -> bytes:
    """A document's id as it stands in its groups."""
    return json.dumps(document, ensure_ascii=False)[1:-1].encode()


def version() -> Mapping[str, Any]:
    """What is stamped in a folder that this program can read."""
    return {"engine": NAME, "schema": SCHEMA_VERSION, "analysis": ANALYSIS_VERSION}


def check_version(folder: Path) -> None:
    """Raise IndexStateError where the folder is another version's."""
    found = manifest.read_version(folder)
    if found != version():
        raise IndexStateError(
            _("The search index in {folder} was made by another version of kgsearch; rebuild it with: kgsearch index").format(folder=folder)
        )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns what writing raises into the errors of the contract."""
    try:
        yield
    except LockError:
        raise IndexLockedError(_("The index is being written by another process; try again when it is done.")) from None
    except OSError as error:
        raise IndexStateError(
            _("The search index in {folder} cannot be written: {reason}").format(folder=folder, reason=reason_of(error))
        ) from error


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turns what reading raises into the error of the contract. Where it was damage, what was verified before is not trusted any more."""
    try:
        yield
    except (IndexStateError, TermNotFound):
        raise
    except Exception as error:
        # Whoosh on broken files raises whatever its unpickling comes upon, bare Exception among it.
        if not isinstance(error, FileNotFoundError):
            # A later commit removes files; that says nothing of the others.
            verification.withdraw(folder)
        raise manifest.damaged(folder, type(error).__name__) from error
