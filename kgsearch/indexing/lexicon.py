"""Keeping the lexicon in step with the catalogue: what is learnt from the corpus, learnt anew when enough of it is another.

A document more or less changes next to nothing of what a corpus teaches, so the lexicon follows by strides: files that came,
went or changed are counted in the catalogue, and once they are a twentieth of all, everything is learnt again in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from kgsearch.catalogue.versions import LEXICON_BEHIND
from kgsearch.durable import sync_to_disk
from kgsearch.errors import IndexStateError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.progress import LEARNING, RunProgress
from kgsearch.language.tables import LEXICON_FILE, MAX_BYTES, Packed, Stamp, pack

if TYPE_CHECKING:
    from kgsearch.catalogue.writing import Catalogue

RELEARN_SHARE = 0.05
"""The share of the corpus's files that may have changed before the lexicon is learnt anew."""

LEARN_SYLLABLES = 10_000_000
"""About how many syllables are learnt from at most: more adds less than half a point to what is restored rightly, and time without end."""

_SYLLABLES_PER_CLAUSE = 25


def follow(folder: Path, catalogue: Catalogue, progress: RunProgress) -> bool:
    """Learn the lexicon in ``folder`` anew where there is none that can be read, or where enough has changed since it was learnt;
    whether it was.

    Raises IndexStateError when the folder cannot be written.
    """
    stamp, meta = read_stamp(folder), catalogue.reader.meta()
    behind = int(meta.get(LEXICON_BEHIND, "0"))
    if stamp is not None and stamp.changed == meta.get("changed", ""):
        if behind:
            # A run was cut off between learning and saying so.
            catalogue.stamp(**{LEXICON_BEHIND: "0"})
        return False
    if stamp is not None and behind < RELEARN_SHARE * catalogue.reader.file_count():
        return False
    counts = catalogue.counts()
    if stamp is None and not counts.documents:
        return False
    _write(folder, _learnt(catalogue, counts.clauses, meta.get("changed", ""), progress))
    catalogue.stamp(**{LEXICON_BEHIND: "0"})
    return True


def read_stamp(folder: Path) -> Stamp | None:
    """What the lexicon in ``folder`` was learnt from; None where there is none, or none that this program can read."""
    try:
        with (folder / LEXICON_FILE).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return Packed(data).stamp if len(data) <= MAX_BYTES else None
    except (OSError, ValueError):
        return None


def status(folder: Path) -> dict[str, Any] | None:
    """The ``lexicon`` of ``kgsearch status``, or None where there is none that this program can read."""
    stamp = read_stamp(folder)
    return stamp.to_json() if stamp else None


def _learnt(catalogue: Catalogue, clauses: int, changed: str, progress: RunProgress) -> bytes:
    from kgsearch.language.learning import Learner

    learner = Learner()
    documents = _chosen(catalogue.ids(), min(1.0, LEARN_SYLLABLES / max(clauses * _SYLLABLES_PER_CLAUSE, 1)))
    with progress.phase(LEARNING, len(documents)) as step:
        for document in documents:
            learner.add(_texts(catalogue, document))
            step(document)
        tables = learner.tables()
    learnt = datetime.now(UTC).isoformat(timespec="seconds")
    return pack(tables, Stamp(changed, learnt, learner.syllables, len(documents)))


def _chosen(ids: Iterable[str], share: float) -> list[str]:
    """``share`` of the documents: by a digest of their ids, so that it is the same ones each time, and in the order of these, so that
    the same documents teach the same whatever order they came in."""
    return sorted(document for document in ids if crc32(document.encode()) < share * (1 << 32))


def _texts(catalogue: Catalogue, document_id: str) -> list[str]:
    document = catalogue.reader.document(document_id)
    return [document.title, *(clause.text for clause in catalogue.reader.clauses(document_id))] if document else []


def _write(folder: Path, data: bytes) -> None:
    """Put ``data`` in the lexicon's place, whole or not at all."""
    path, unfinished = folder / LEXICON_FILE, folder / f"{LEXICON_FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(data)
        sync_to_disk(unfinished)
        unfinished.replace(path)
        sync_to_disk(folder)
    except OSError as error:
        raise IndexStateError(
            _("{path}: the lexicon cannot be written ({reason}); check disk and permissions, then run again.").format(
                path=path, reason=reason_of(error)
            )
        ) from error
