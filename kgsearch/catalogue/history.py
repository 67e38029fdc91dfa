"""Versions: what documents were before their files were rewritten. Each function works in its caller's transaction.

What holds after each: a document has no two versions of the same bytes and at most MAX_VERSIONS; versions stay as long as the
document does, or a file that cannot be read now and held it when it could. They belong to the document's id, because its row is
made anew when it leaves the catalogue and comes back.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from typing import Any, NamedTuple

from kgsearch.catalogue.checksum import is_altered
from kgsearch.catalogue.driver import column, value
from kgsearch.catalogue.past import UnreadableVersionError, unpacked
from kgsearch.catalogue.records import CLAUSE_COLUMNS, DOCUMENT_COLUMNS
from kgsearch.citations import number_key

MAX_VERSIONS = 20
"""How many versions of a document are kept; the oldest go."""

ALIKE = 0.6
"""Share of its neighbouring words that a document has in common with what it was before under another id. Of 17,205 pairs of different
documents one has more, two resolutions of a council that end others in a few set words; three have more than a half."""

MAX_COMPARED = 50
"""How many documents that a file has lost, and how many that it has gained, are compared with one another: an archive of drafts may hold
thousands."""

_REMOVED = "removed"

_DOCUMENT = f"""
    SELECT {DOCUMENT_COLUMNS}, d.sha256, d.content, d.clauses AS size, coalesce(f.path, '') AS path
    FROM documents d LEFT JOIN files f ON f.key = d.file_key WHERE d.key = ?"""
_CLAUSES = f"SELECT {CLAUSE_COLUMNS} FROM documents d JOIN clauses c ON c.document_key = d.key WHERE d.key = ? ORDER BY c.position"
_NOT_KEPT = frozenset(["key", "crc", "document", "document_key", "sha256", "content", "size", "path"])
"""Columns that say nothing of what the document said, or stand in the version's own row."""


def keep_version(connection: sqlite3.Connection, key: int, document: str = "") -> None:
    """Keep the words that the document ``key`` has now as a version of it, or of another ``document``; not where they are not those that
    were written.

    Where a version is kept of the same bytes or the same words, these take its place, as the newest.
    """
    if _is_altered(connection, key):
        return
    row = next(_named(connection.execute(_DOCUMENT, (key,))))
    owner = document or row["id"]
    newest = _newest_number(connection, owner)
    alike = "FROM versions WHERE document = ? AND (sha256 = ? OR content = ?)"
    known = (owner, row["sha256"], row["content"])
    same = value(connection, f"SELECT max(number) {alike}", *known)
    connection.execute(f"DELETE {alike}", known)
    number = newest if same == newest else newest + 1
    clauses = connection.execute(_CLAUSES, (key,))
    values = (owner, number, _now(), row["path"], *known[1:], row["title"], row["issued"], row["size"], _packed(row, clauses))
    connection.execute(
        """INSERT INTO versions (document, number, replaced, path, sha256, content, title, issued, clauses, data)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        values,
    )
    _trim(connection, owner)


def withdraw(connection: sqlite3.Connection, file: int, keys: Iterable[int]) -> None:
    """Note that a file, which cannot be read now, held these documents."""
    for key in keys:
        connection.execute("INSERT OR IGNORE INTO withdrawn (document, file_key) SELECT id, ? FROM documents WHERE key = ?", (file, key))


def withdrawn(connection: sqlite3.Connection, file: int) -> list[str]:
    """Ids of the documents that a file held when it could still be read."""
    return column(connection, "SELECT document FROM withdrawn WHERE file_key = ?", file)


def note_readable(connection: sqlite3.Connection, file: int) -> list[str]:
    """Note that a file can be read again; ids of what it held before, whose versions the caller gives to `forget_versions`."""
    held = withdrawn(connection, file)
    connection.execute("DELETE FROM withdrawn WHERE file_key = ?", (file,))
    return held


def forget_versions(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Remove the versions of those of these documents that no file stands for, and that the catalogue does not know any more."""
    for document in ids:
        connection.execute(
            """DELETE FROM versions WHERE document = ? AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = versions.document)
               AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.document = versions.document)""",
            (document,),
        )


def keep_withdrawn(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Before these documents, which no file holds, are deleted: keep the words of those that a file stands for, in case it comes back.

    An archive stands for what it held as long as a file in it cannot be read.
    """
    wanted = json.dumps(list(ids))
    connection.execute(
        f"""INSERT OR IGNORE INTO withdrawn (document, file_key)
            SELECT d.id, f.key FROM json_each(?) AS wanted CROSS JOIN documents d ON d.id = wanted.value
            CROSS JOIN files f ON f.key = d.file_key
            WHERE d.state = '{_REMOVED}' AND EXISTS (SELECT 1 FROM files member
                WHERE member.path > f.path || '/' AND member.path < f.path || '0' AND member.status = 'failed')""",
        (wanted,),
    )
    # A file that is gone took its words with it: whoever deletes one wants that.
    kept = column(
        connection,
        f"""SELECT d.key FROM json_each(?) AS wanted CROSS JOIN documents d ON d.id = wanted.value
            WHERE d.state = '{_REMOVED}' AND d.file_key IS NOT NULL AND d.sha256 <> ''
                AND EXISTS (SELECT 1 FROM withdrawn w WHERE w.document = d.id)""",
        wanted,
    )
    for key in kept:
        keep_version(connection, key)


def follow_id(connection: sqlite3.Connection, lost: Iterable[str], gained: Sequence[int], sha256: str) -> None:
    """Pass on the versions of documents that a rewritten file has ``lost`` to those that it has ``gained`` (keys) in their stead.

    A document gets another id when its number, type or issuer is corrected, and one without a number with every change. It is
    taken for the same where it has no other number and most of its words. ``sha256`` is of the file as it is now.
    """
    gone = islice((document for document in lost if not _stands(connection, document)), MAX_COMPARED if gained else 0)
    left = {document: _said_last(connection, document) for document in gone}
    for key in gained[:MAX_COMPARED] if left else ():
        now = _said_now(connection, key)
        before = max(left, key=lambda one: _share(left[one], now), default="")
        if before and _share(left[before], now) >= ALIKE:
            del left[before]
            _pass_on(connection, before, key, sha256)


def _pass_on(connection: sqlite3.Connection, before: str, key: int, sha256: str) -> None:
    """Make the versions of ``before``, and what it said last, versions of the document ``key``."""
    owner = str(value(connection, "SELECT id FROM documents WHERE key = ?", key))
    first = _newest_number(connection, owner)
    rows = column(connection, "SELECT key FROM versions WHERE document = ? ORDER BY number", before)
    for number, row in enumerate(rows, start=first + 1):
        connection.execute("UPDATE versions SET document = ?, number = ? WHERE key = ?", (owner, number, row))
    last = connection.execute("SELECT key, sha256 FROM documents WHERE id = ?", (before,)).fetchone()
    if last and last[1] not in ("", sha256):
        keep_version(connection, last[0], owner)
    _trim(connection, owner)


def _stands(connection: sqlite3.Connection, document: str) -> bool:
    """Whether a file holds the document, or held it when it could be read."""
    sql = f"""SELECT EXISTS (SELECT 1 FROM documents WHERE id = ? AND state <> '{_REMOVED}')
              OR EXISTS (SELECT 1 FROM withdrawn WHERE document = ?)"""
    return bool(value(connection, sql, document, document))


class _Said(NamedTuple):
    """A document's number, and its pairs of neighbouring words: single words are the same in any two documents."""

    number: str
    pairs: Counter[tuple[str, str]]


def _share(before: _Said, now: _Said) -> float:
    """How much of the one stands in the other; 0 where both have numbers and these are others."""
    if _figure(now.number) and _figure(before.number) and number_key(now.number) != number_key(before.number):
        return 0.0
    return (now.pairs & before.pairs).total() / max(now.pairs.total(), before.pairs.total(), 1)


def _figure(number: str) -> str:
    """What stands before the first stroke of a number: nothing in a draft that leaves room for it."""
    return "".join(character for character in number.split("/")[0] if character.isalnum())


def _said_now(connection: sqlite3.Connection, key: int) -> _Said:
    number = value(connection, "SELECT number FROM documents WHERE key = ?", key)
    return _Said(number, _pairs(column(connection, "SELECT text FROM clauses WHERE document_key = ?", key)))


def _said_last(connection: sqlite3.Connection, document: str) -> _Said:
    """What a document said last, whether its row is there still or only its newest version; nothing where that cannot be told."""
    key = value(connection, "SELECT key FROM documents WHERE id = ?", document)
    if key is not None and not _is_altered(connection, key):
        return _said_now(connection, key)
    data = value(connection, "SELECT data FROM versions WHERE document = ? ORDER BY number DESC LIMIT 1", document)
    try:
        kept, clauses = unpacked(data or b"")
    except UnreadableVersionError:
        return _Said("", Counter())
    return _Said(kept["number"], _pairs(clause["text"] for clause in clauses))


def _pairs(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    return Counter(pair for text in texts for pair in pairwise(text.split()))


def _is_altered(connection: sqlite3.Connection, key: int) -> bool:
    """Whether the document ``key`` is known not to be what was written."""
    written = value(connection, "SELECT checksum FROM documents WHERE key = ?", key)
    return bool(written) and is_altered(connection.execute, key, written)


def _newest_number(connection: sqlite3.Connection, document: str) -> int:
    return int(value(connection, "SELECT coalesce(max(number), 0) FROM versions WHERE document = ?", document))


def _trim(connection: sqlite3.Connection, document: str) -> None:
    connection.execute(
        """DELETE FROM versions WHERE document = ?
           AND key NOT IN (SELECT key FROM versions WHERE document = ? ORDER BY number DESC LIMIT ?)""",
        (document, document, MAX_VERSIONS),
    )


def _named(rows: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    names = [described[0] for described in rows.description]
    return (dict(zip(names, row, strict=True)) for row in rows)


def _packed(document: Mapping[str, Any], clauses: sqlite3.Cursor) -> bytes:
    """The rows of a document and its clauses, as `kgsearch.catalogue.past.unpacked` reads them."""
    columns = [described[0] for described in clauses.description]
    kept = [place for place, name in enumerate(columns) if name not in _NOT_KEPT]
    rows = {
        "document": {name: value for name, value in document.items() if name not in _NOT_KEPT},
        "columns": [columns[place] for place in kept],
        "clauses": [[row[place] for place in kept] for row in clauses],
    }
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
