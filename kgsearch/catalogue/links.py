"""Look-ups of what documents cite and what cites them: the part of `CatalogueReader` that follows references."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

from kgsearch.models import (
    Address,
    IncomingReference,
    LinkedReference,
    LinkState,
    MissingDocument,
    Reference,
    Relation,
    RelationRecord,
    Span,
)

_THIS = "this"
"""What `kgsearch.citations.find` calls a document in itself; to import it would cost every search its patterns."""

_SAID_OF_EACH_CLAUSE = frozenset([Relation.AMENDS, Relation.REPLACES, Relation.REPEALS])
"""What is said of one clause says nothing of another."""

_REFERENCE = (
    'r.key, r.eid, r.text, r.start, r."end" AS stop, r.number, r.form, r.document, r.year, r.issued, r.clauses, r.relation, r.since, '
    "r.state, r.number_key, r.name_key"
)
_REFERENCES_OF = f"""
    SELECT {_REFERENCE} FROM documents d JOIN "references" r ON r.document_key = d.key
    WHERE d.state <> 'removed' AND d.id = ? ORDER BY r.key"""
_TARGETS_OF = """
    SELECT t.reference_key, other.id, t.eid FROM documents d JOIN "references" r ON r.document_key = d.key
    JOIN reference_targets t ON t.reference_key = r.key JOIN documents other ON other.key = t.document_key
    WHERE d.state <> 'removed' AND d.id = ? ORDER BY t.reference_key, t.position"""
# CROSS JOIN fixes the order of the look-ups: the document cited, the places that cite it, who they are of.
_CITING = f"""
    SELECT {_REFERENCE}, t.eid AS target, citing.id AS source, c.citation FROM documents d
    CROSS JOIN reference_targets t ON t.document_key = d.key
    CROSS JOIN "references" r ON r.key = t.reference_key
    CROSS JOIN documents citing ON citing.key = r.document_key
    LEFT JOIN clauses c ON c.document_key = citing.key AND c.eid = r.eid
    WHERE d.id = ? AND d.state <> 'removed' AND citing.state <> 'removed' AND citing.key <> d.key AND r.state = 'resolved' {{condition}}
    ORDER BY citing.issued IS NULL, citing.issued DESC, citing.id, r.key, t.position"""
_IN_CLAUSE = """AND t.eid IN (SELECT below.eid FROM clauses top JOIN clauses below ON below.document_key = top.document_key
    AND below.position BETWEEN top.position AND top.last WHERE top.document_key = d.key AND top.eid = ?)"""
_CHANGING = "AND r.relation IN (SELECT value FROM json_each(?))"
# Where the dates disagree one number is that of several documents, a law's name that of several years.
_MISSING = """
    WITH cited AS (
        SELECT r.key, r.document_key, r.clauses, r.number_key, r.name_key, json_extract(r.sought, '$.year') AS year
        FROM "references" r JOIN documents d ON d.key = r.document_key
        WHERE r.state = 'missing' AND (r.number_key <> '' OR r.name_key <> '') AND d.state <> 'removed'
    ), dated AS (
        SELECT *, CASE WHEN min(year) OVER of_key <> max(year) OVER of_key THEN year END AS of_year FROM cited
        WINDOW of_key AS (PARTITION BY number_key, name_key)
    ), grouped AS (
        SELECT count(*) AS "references", count(DISTINCT document_key) AS documents, min(key) AS first,
            coalesce(min(CASE WHEN clauses = '[]' THEN key END), min(key)) AS naming, number_key, name_key, of_year
        FROM dated GROUP BY number_key, name_key, of_year
    )"""
_MISSING_PAGE = f"""{_MISSING}
    SELECT g."references", g.documents, r.text, r.document, r.number, r.clauses, citing.id, first.eid FROM grouped g
    JOIN "references" r ON r.key = g.naming JOIN "references" first ON first.key = g.first
    JOIN documents citing ON citing.key = first.document_key
    ORDER BY g.documents DESC, g."references" DESC, g.number_key, g.name_key, g.of_year LIMIT ? OFFSET ?"""


class Links(NamedTuple):
    """What `LinkReader` says of one document: what ``references``, ``cited_by`` and ``relations`` each give."""

    references: list[LinkedReference]
    cited_by: list[IncomingReference]
    outgoing: list[RelationRecord]
    incoming: list[RelationRecord]


class LinkReader(ABC):
    """What references lead to and what leads here; every method raises IndexStateError when the catalogue cannot be read."""

    @abstractmethod
    def _read(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection on which everything is seen as of one moment."""

    def references(self, document_id: str) -> list[LinkedReference]:
        """What a document cites and what that leads to, in the order of its text."""
        return [linked for linked, _row in self._references(document_id)]

    def cited_by(self, document_id: str) -> list[IncomingReference]:
        """What cites a document or a clause of it, the newest document first; its references to itself are left out."""
        return self._citing("", [document_id])

    def citing_clause(self, document_id: str, eid: str) -> list[IncomingReference]:
        """What cites a clause or what stands in it, the newest document first; the document's own references are left out."""
        return self._citing(_IN_CLAUSE, [document_id, eid])

    def relations(self, document_id: str) -> tuple[list[RelationRecord], list[RelationRecord]]:
        """What a document says of others, in the order of its text, and what others say of it, the newest first.

        One record for each relation and other document; but of what it amends, replaces or repeals one for each clause that says so
        and each place of which it does. What is not in the catalogue, or may be several documents, has no target. What a document says
        of itself is left out.
        """
        links = self.links(document_id)
        return links.outgoing, links.incoming

    def links(self, document_id: str) -> Links:
        """All of these, read once."""
        references, cited_by = self._references(document_id), self.cited_by(document_id)
        outgoing = (record for linked, row in references for record in _outgoing(document_id, linked, row))
        incoming = ((_relation(one.reference, one.source, one.target), "") for one in cited_by)
        found = [linked for linked, _row in references]
        return Links(found, cited_by, _grouped(outgoing, incoming=False), _grouped(incoming, incoming=True))

    def changing(self, document_id: str) -> list[RelationRecord]:
        """What others amend, replace or repeal of a document, the newest first: all that its standing follows from. As in `relations`."""
        found = self._citing(_CHANGING, [document_id, json.dumps(sorted(_SAID_OF_EACH_CLAUSE))])
        return _grouped(((_relation(one.reference, one.source, one.target), "") for one in found), incoming=True)

    def missing(self, limit: int, offset: int) -> tuple[int, list[MissingDocument]]:
        """How many documents are cited and not in the catalogue, and ``limit`` of them from ``offset`` on: those that most documents cite
        first, then those with the most references. What may be several documents of the catalogue is not missing."""
        with self._read() as connection:
            total = int(connection.execute(f"{_MISSING} SELECT count(*) FROM grouped").fetchone()[0])
            rows = connection.execute(_MISSING_PAGE, [limit, offset]).fetchall()
        return total, [
            MissingDocument(text if clauses == "[]" or document == _THIS else document, number, references, documents, Address(citing, eid))
            for references, documents, text, document, number, clauses, citing, eid in rows
        ]

    def _references(self, document_id: str) -> list[tuple[LinkedReference, sqlite3.Row]]:
        targets: dict[int, list[Address]] = {}
        with self._read() as connection:
            rows = connection.execute(_REFERENCES_OF, [document_id]).fetchall()
            for key, document, eid in connection.execute(_TARGETS_OF, [document_id]):
                targets.setdefault(key, []).append(Address(document, eid))
        return [(LinkedReference(_reference(row), LinkState(row["state"]), tuple(targets.get(row["key"], ()))), row) for row in rows]

    def _citing(self, condition: str, values: Sequence[str]) -> list[IncomingReference]:
        with self._read() as connection:
            rows = connection.execute(_CITING.format(condition=condition), values).fetchall()
        return [
            IncomingReference(Address(values[0], row["target"]), Address(row["source"], row["eid"]), row["citation"] or "", _reference(row))
            for row in rows
        ]


def _outgoing(document_id: str, linked: LinkedReference, row: sqlite3.Row) -> Iterator[tuple[RelationRecord, str]]:
    """The relations that a reference says, each with the key of what it names; none where it is the document itself."""
    reference = linked.reference
    key = row["number_key"] or row["name_key"]
    source = Address(document_id, reference.eid)
    if not key:
        return
    targets: Iterable[Address | None] = linked.targets if linked.state is LinkState.RESOLVED else (None,)
    for target in targets:
        if target is None or target.document != document_id:
            yield _relation(reference, source, target), key


def _relation(reference: Reference, source: Address, target: Address | None) -> RelationRecord:
    return RelationRecord(reference.relation, source, target, reference.text, reference.whole, reference.since)


def _grouped(records: Iterable[tuple[RelationRecord, str]], *, incoming: bool) -> list[RelationRecord]:
    """One record for each relation and other document, the first; of the whole document where any of them is."""
    kept: dict[tuple[object, ...], RelationRecord] = {}
    for record, key in records:
        other = record.source.document if incoming else record.target.document if record.target else key
        group: tuple[object, ...] = (record.relation, other, record.target is None)
        if record.relation in _SAID_OF_EACH_CLAUSE:
            group = (*group, record.source, record.target)
        first = kept.setdefault(group, record)
        if record.whole and not first.whole:
            kept[group] = record
    return list(kept.values())


def _reference(row: sqlite3.Row) -> Reference:
    return Reference(
        eid=row["eid"],
        text=row["text"],
        span=Span(row["start"], row["stop"]),
        number=row["number"],
        form=row["form"],
        document=row["document"],
        year=row["year"],
        issued=date.fromisoformat(row["issued"]) if row["issued"] else None,
        clauses=tuple(json.loads(row["clauses"])) if row["clauses"] != "[]" else (),
        relation=Relation(row["relation"]),
        since=date.fromisoformat(row["since"]) if row["since"] else None,
    )
