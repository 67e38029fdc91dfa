"""Where references lead, kept true in the transaction that changes a document.

Only the references concerned are linked again: those of the documents that were written, and those that look for the number or the
name of a document that came, changed or left.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from kgsearch.citations.linking import Attachment, Held, keys_found_by, link
from kgsearch.citations.name_keys import citation_key
from kgsearch.citations.sought import Sought
from kgsearch.models import Kind, Reference, Span

_HELD = "d.key, d.id, d.number_key, d.name_key, d.type, d.issuer, d.issued, d.named_year, d.place"
_REFERENCES = """
    SELECT r.key, r.eid, r.text, r.start, r."end", r.form, r.document, r.number, r.clauses, r.number_key, r.name_key, r.sought, r.state,
        d.key
    FROM json_each(?) AS wanted CROSS JOIN "references" r ON r.{column} = wanted.value JOIN documents d ON d.key = r.document_key
    WHERE d.state <> 'removed'"""


@dataclass(frozen=True, slots=True)
class Identity:
    """What decides where references to a document lead: another value, and they are linked again."""

    content: str
    number_key: str
    name_key: str
    named_year: int | None


def identities(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, Identity]:
    """What decides where references to these documents lead; those that no file holds are left out."""
    sql = """SELECT d.key, d.content, d.number_key, d.name_key, d.named_year FROM json_each(?) AS wanted
             CROSS JOIN documents d ON d.key = wanted.value WHERE d.state <> 'removed'"""
    return {row[0]: Identity(*row[1:]) for row in connection.execute(sql, (json.dumps(list(keys)),))}


def link_again(
    connection: sqlite3.Connection, written: Iterable[int], before: Mapping[int, Identity], after: Mapping[int, Identity]
) -> int:
    """Link the references of the documents ``written`` and those concerned by what changed; how many were linked.

    ``before`` and ``after`` are what ``identities`` gave of all documents that may have changed.
    """
    changed = [one[key] for key in {*before, *after} if before.get(key) != after.get(key) for one in (before, after) if key in one]
    numbers = {key for one in changed if one.number_key for key in keys_found_by(one.number_key)}
    names = {one.name_key for one in changed if one.name_key}
    rows: dict[int, _Row] = {}
    for column, wanted in (("document_key", set(written)), ("number_key", numbers), ("name_key", names)):
        if wanted:
            found = connection.execute(_REFERENCES.format(column=column), (json.dumps(list(wanted)),))
            rows.update((row.key, row) for row in map(_Row._make, found))
    _link(connection, list(rows.values()))
    return len(rows)


class _Row(NamedTuple):
    """A reference as _REFERENCES selects it; ``citing`` is the key of its document."""

    key: int
    eid: str
    text: str
    start: int
    end: int
    form: str
    document: str
    number: str
    clauses: str
    sought_number: str
    sought_name: str
    sought: str
    state: str
    citing: int


def _link(connection: sqlite3.Connection, rows: Sequence[_Row]) -> None:
    if not rows:
        return
    lookup = _Lookup(connection)
    states: list[tuple[str, int]] = []
    targets: list[tuple[int, int, int, str]] = []
    for row in rows:
        sought = Sought.from_json(row.sought_number, row.sought_name, json.loads(row.sought))
        state, addresses = link(_reference(row), sought, lookup.citing(row.citing), lookup)
        if state != row.state:
            states.append((state.value, row.key))
        targets += [(row.key, place, lookup.keys[one.document], one.eid) for place, one in enumerate(addresses)]
    linked = json.dumps([row.key for row in rows])
    connection.execute("DELETE FROM reference_targets WHERE reference_key IN (SELECT value FROM json_each(?))", (linked,))
    connection.executemany('UPDATE "references" SET state = ? WHERE key = ?', states)
    connection.executemany("INSERT INTO reference_targets (reference_key, position, document_key, eid) VALUES (?, ?, ?, ?)", targets)


def _reference(row: _Row) -> Reference:
    """As much of a reference as linking asks for."""
    span = Span(row.start, row.end)
    return Reference(row.eid, row.text, span, row.number, row.form, row.document, clauses=tuple(json.loads(row.clauses)))


class _Lookup:
    """Look-ups in one transaction, after its writes; what was asked once is kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.keys: dict[str, int] = {}
        self.citing = cache(self._citing)
        self.by_number = cache(self._by_number)
        self.by_beginning = cache(self._by_beginning)
        self.by_name = cache(self._by_name)
        self.cited = cache(self._cited)
        self.cited_from = cache(self._cited_from)
        self.ancestors = cache(self._ancestors)
        self.attachments = cache(self._attachments)

    def _citing(self, key: int, /) -> Held:
        return self._documents("d.key = ?", key)[0]

    def _by_number(self, key: str, /) -> list[Held]:
        return self._documents("d.number_key = ?", key)

    def _by_beginning(self, key: str, /) -> list[Held]:
        # "0" is the character after the stroke, so these are all keys that begin with this one and a stroke.
        return self._documents("d.number_key >= ? AND d.number_key < ?", f"{key}/", f"{key}0")

    def _by_name(self, key: str, /) -> list[Held]:
        return self._documents("d.name_key = ?", key)

    def _cited(self, document_id: str, citation: str, /) -> list[tuple[str, str]]:
        return self._clauses(document_id, "citation_key = ?", citation_key(citation))

    def _cited_from(self, document_id: str, citation: str, /) -> list[tuple[str, str]]:
        begins = citation_key(citation)
        # "!" is the character after the space.
        return self._clauses(document_id, "citation_key >= ? AND citation_key < ?", f"{begins} ", f"{begins}!")

    def _ancestors(self, document_id: str, eid: str, /) -> list[tuple[str, str]]:
        above: list[tuple[str, str]] = []
        # A footnote speaks of the clause that carries its mark.
        sql = """SELECT eid, citation, CASE WHEN marked_in <> '' THEN marked_in ELSE parent END AS parent FROM clauses
                 WHERE document_key = ? AND eid = ?"""
        while eid and (row := self._connection.execute(sql, (self.keys[document_id], eid)).fetchone()):
            own, citation, eid = row
            above.append((own, citation))
        return above

    def _attachments(self, document_id: str, /) -> list[Attachment]:
        sql = """SELECT eid, label, citation, kind FROM clauses WHERE document_key = ? AND eid >= 'att_' AND eid < 'att`' AND kind IN (?, ?)
                 ORDER BY position"""
        rows = self._connection.execute(sql, (self.keys[document_id], str(Kind.ATTACHMENT), str(Kind.ANNEX)))
        return [Attachment(eid, label, citation, kind == Kind.ANNEX) for eid, label, citation, kind in rows]

    def _documents(self, condition: str, *values: str | int) -> list[Held]:
        sql = f"SELECT {_HELD} FROM documents d WHERE d.state <> 'removed' AND {condition} ORDER BY d.issued IS NULL, d.issued DESC, d.id"
        held: list[Held] = []
        for key, identity, number_key, name_key, kind, issuer, issued, named_year, place in self._connection.execute(sql, values):
            self.keys[identity] = key
            day = date.fromisoformat(issued) if issued else None
            held.append(Held(identity, number_key, name_key, kind, issuer, day, named_year, place))
        return held

    def _clauses(self, document_id: str, condition: str, *values: str) -> list[tuple[str, str]]:
        sql = f"SELECT eid, citation FROM clauses WHERE document_key = ? AND {condition} ORDER BY position"
        return self._connection.execute(sql, (self.keys[document_id], *values)).fetchall()
