"""Whether a catalogue is whole: what SQLite finds wrong with its file, and what the catalogue's own rules say. Standard library alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kgsearch.catalogue.checksum import is_altered
from kgsearch.catalogue.past import UnreadableVersionError, records_of
from kgsearch.i18n import gettext as _

MAX_OF_ONE_KIND = 20
"""How many faults of one kind are told: where there are more, the kind says enough."""

_ALIVE = "d.state <> 'removed'"
_WITHOUT_FILE = (
    f"SELECT d.id AS document FROM documents d WHERE {_ALIVE} AND NOT EXISTS (SELECT 1 FROM document_files l WHERE l.document_key = d.key)"
)
_REMOVED_AND_HELD = (
    f"SELECT d.id AS document FROM documents d JOIN document_files l ON l.document_key = d.key WHERE NOT {_ALIVE} GROUP BY d.key"
)
_STATES = "SELECT d.id AS document, d.state FROM documents d WHERE d.state NOT IN ('pending', 'indexed', 'removed')"
_FILE_STATES = "SELECT path AS file, status FROM files WHERE status NOT IN ('ok', 'failed', 'waiting')"
_WITHOUT_WORDS = (
    f"SELECT d.id AS document FROM documents d WHERE {_ALIVE} AND NOT EXISTS (SELECT 1 FROM clauses c WHERE c.document_key = d.key)"
)
_SOURCE = f"""
    SELECT d.id AS document, newest.path AS file FROM documents d
    JOIN (SELECT l.document_key, f.key, f.path, f.sha256,
            row_number() OVER (PARTITION BY l.document_key ORDER BY f.mtime_ns DESC, f.path DESC) AS place
          FROM document_files l JOIN files f ON f.key = l.file_key) newest ON newest.document_key = d.key AND newest.place = 1
    WHERE {_ALIVE} AND newest.sha256 <> '' AND d.file_key IS NOT newest.key"""
_FAILED_AND_HOLDING = """
    SELECT f.path AS file FROM files f WHERE f.status = 'failed' AND EXISTS (SELECT 1 FROM document_files l WHERE l.file_key = f.key)"""
_POSITIONS = """
    SELECT d.id AS document, count(c.position) AS found, d.clauses AS expected
    FROM documents d LEFT JOIN clauses c ON c.document_key = d.key
    GROUP BY d.key HAVING count(c.position) <> d.clauses OR min(c.position) <> 0 OR max(c.position) <> count(c.position) - 1"""
_PARENTS = """
    SELECT d.id AS document, c.eid, c.parent FROM clauses c JOIN documents d ON d.key = c.document_key
    LEFT JOIN clauses p ON p.document_key = c.document_key AND p.eid = c.parent
    WHERE c.parent <> '' AND (p.eid IS NULL OR p.position >= c.position OR p.last < c.last)"""
_EXTENTS = """
    SELECT d.id AS document, c.eid FROM clauses c JOIN documents d ON d.key = c.document_key
    WHERE c.eid = '' OR c.last < c.position OR c.last >= d.clauses"""
_FROM_NOWHERE = """
    SELECT d.id AS document, r.eid, r.text FROM "references" r JOIN documents d ON d.key = r.document_key
    LEFT JOIN clauses c ON c.document_key = r.document_key AND c.eid = r.eid WHERE c.eid IS NULL"""
_TO_NOWHERE = f"""
    SELECT citing.id AS document, r.eid, r.text FROM reference_targets t JOIN documents d ON d.key = t.document_key
    JOIN "references" r ON r.key = t.reference_key JOIN documents citing ON citing.key = r.document_key
    LEFT JOIN clauses c ON c.document_key = t.document_key AND c.eid = t.eid
    WHERE citing.state <> 'removed' AND (NOT {_ALIVE} OR (t.eid <> '' AND c.eid IS NULL))"""
_RESOLVED = """
    SELECT citing.id AS document, r.eid, r.text FROM "references" r JOIN documents citing ON citing.key = r.document_key
    WHERE citing.state <> 'removed'
        AND (r.state <> 'missing') <> EXISTS (SELECT 1 FROM reference_targets t WHERE t.reference_key = r.key)"""
_WRITTEN = """
    SELECT d.key, d.id, d.checksum, EXISTS (SELECT 1 FROM document_files l WHERE l.document_key = d.key) FROM documents d
    WHERE d.checksum <> '' ORDER BY d.key"""
_ABANDONED = """
    SELECT DISTINCT v.document FROM versions v WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = v.document)
        AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.document = v.document)"""


class IntegrityFault(NamedTuple):
    """A sentence that says what is wrong; ``reread`` is the document that reading its files again puts right, "" where nothing but a
    backup does."""

    what: str
    reread: str = ""


def faults(connection: sqlite3.Connection) -> Iterator[IntegrityFault]:
    """Everything wrong with a catalogue, at most MAX_OF_ONE_KIND of a kind.

    ``connection`` gives rows as sqlite3.Row. Raises sqlite3.Error, or one of the values' own errors, where it is too damaged to be read
    to the end.
    """
    yield from map(IntegrityFault, _of_the_file(connection))
    held, unheld = _altered(connection)
    for document in [*held, *unheld][:MAX_OF_ONE_KIND]:
        what = _("{document}: what is stored of it is not what was written.").format(document=document)
        yield IntegrityFault(what, document if document in held else "")
    for sql, sentence in _rules():
        yield from (_broken(sentence, row, held) for row in connection.execute(f"{sql} LIMIT {MAX_OF_ONE_KIND}"))
    yield from map(IntegrityFault, _limited(_unreadable_versions(connection)))


def _broken(sentence: str, row: sqlite3.Row, altered: Collection[str]) -> IntegrityFault:
    """What a rule says of a row that it selects: of a document that is altered whatever it says comes from that."""
    facts = dict(row)
    document = facts.get("document", "")
    return IntegrityFault(sentence.format(**facts), document if document in altered else "")


def _of_the_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute(f"PRAGMA integrity_check({MAX_OF_ONE_KIND})"):
        if found != "ok":
            yield _("The database file is damaged: {what}.").format(what=found)
    for table, _row, parent, _number in connection.execute("PRAGMA foreign_key_check").fetchmany(MAX_OF_ONE_KIND):
        yield _("A row of the table {table} belongs to a row of {parent} that is not there.").format(table=table, parent=parent)


def _rules() -> Iterable[tuple[str, str]]:
    """What must select nothing, and what to say of a row that it selects."""
    return (
        (_FILE_STATES, _("{file}: the file has the unknown status “{status}”.")),
        (_STATES, _("{document}: the document has the unknown state “{state}”.")),
        (_WITHOUT_FILE, _("{document}: no file holds the document.")),
        (_REMOVED_AND_HELD, _("{document}: the document counts as removed, though a file holds it.")),
        (_FAILED_AND_HOLDING, _("{file}: the file cannot be read, though it counts as holding documents.")),
        (_SOURCE, _("{document}: its words are not those of {file}, the newest file that holds it.")),
        (_WITHOUT_WORDS, _("{document}: the document has no clauses.")),
        (_POSITIONS, _("{document}: {found} clauses are there where {expected} were written, or they are not numbered through.")),
        (_EXTENTS, _("{document}: the clause “{eid}” has no name, or ends outside the document.")),
        (_PARENTS, _("{document}: the clause “{eid}” does not stand in “{parent}”, as it should.")),
        (_FROM_NOWHERE, _("{document}: the clause “{eid}”, which cites “{text}”, is not there.")),
        (_TO_NOWHERE, _("{document}: what the clause “{eid}” cites as “{text}” is not there.")),
        (_RESOLVED, _("{document}: whether “{text}” in the clause “{eid}” leads anywhere is not what is written of it.")),
        (_ABANDONED, _("{document}: versions are kept of a document that no file stands for.")),
    )


def _altered(connection: sqlite3.Connection) -> tuple[dict[str, None], list[str]]:
    """Ids of the documents that are not as they were written, those that a file holds and the others: SQLite does not notice a flipped
    bit in them."""
    held: dict[str, None] = {}
    unheld: list[str] = []
    for key, document, written, files in connection.execute(_WRITTEN).fetchall():
        if is_altered(connection.execute, key, written):
            if files:
                held[document] = None
            else:
                unheld.append(document)
    return held, unheld


def _unreadable_versions(connection: sqlite3.Connection) -> Iterator[str]:
    for document, number, clauses, data in connection.execute("SELECT document, number, clauses, data FROM versions ORDER BY key"):
        try:
            whole = len(records_of(document, "", data)[1]) == clauses
        except UnreadableVersionError:
            whole = False
        if not whole:
            yield _("{document}: its version {number} cannot be read.").format(document=document, number=number)


def _limited(found: Iterable[str]) -> Iterator[str]:
    for _number, sentence in zip(range(MAX_OF_ONE_KIND), found, strict=False):
        yield sentence
