"""The relations of a document, grouped by what is said and who says it, and its standing, for the head of its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kgsearch.catalogue.wording import force_name, relation_name
from kgsearch.citations import cite
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord, DocumentRecord, Force, LinkState, Relation, RelationRecord
from kgsearch.server.cited_by import CitingPlace
from kgsearch.server.connections import Connections
from kgsearch.server.parameters import query_string
from kgsearch.server.references import place_address, reference_address, subject_of
from kgsearch.server.service import CatalogueView

SHOWN_IN_A_GROUP = 8
SHOWN_CLAUSES = 3
MAX_QUOTE = 600

_OUTGOING, _INCOMING = "out", "in"
_ENDING = (Relation.REPLACES, Relation.REPEALS)
# In the order of what a reader of the document asks first. What is issued with another is a relation without direction.
_GROUPS: tuple[tuple[str, Relation], ...] = (
    (_INCOMING, Relation.REPEALS),
    (_INCOMING, Relation.REPLACES),
    (_INCOMING, Relation.AMENDS),
    (_OUTGOING, Relation.BASIS),
    (_OUTGOING, Relation.REPEALS),
    (_OUTGOING, Relation.REPLACES),
    (_OUTGOING, Relation.AMENDS),
    (_OUTGOING, Relation.GUIDES),
    (_INCOMING, Relation.GUIDES),
    (_OUTGOING, Relation.ISSUED_WITH),
    (_INCOMING, Relation.ISSUED_WITH),
    (_OUTGOING, Relation.CITES),
    (_INCOMING, Relation.CITES),
    (_INCOMING, Relation.BASIS),
)


@dataclass(frozen=True, slots=True)
class RelatedDocument:
    """A document in a relation: ``address`` is "" where it is not in the catalogue, that of the reference where several may be meant;
    ``name`` then is what the clause calls it.

    ``clauses`` are those that say so, the first of ``count``; ``partly``: parts of the document are replaced or repealed, not all of it.
    """

    address: str
    name: str
    title: str
    clauses: tuple[CitingPlace, ...]
    count: int
    partly: bool = False


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """Documents of which one thing is said. ``key`` names the group in addresses, ``documents`` are the first of ``count``."""

    key: str
    name: str
    documents: tuple[RelatedDocument, ...]
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class ShownStanding:
    """The standing of a document in words, the clauses that say so, the deciding one first, and that one's words."""

    force: Force
    words: str
    since: date | None
    clauses: tuple[CitingPlace, ...]
    quote: str


def relations_address(document: str, key: str, page: int = 1) -> str:
    """The page that lists one group of a document's relations."""
    return f"{place_address(Address(document))}/relations{query_string([('group', key), *([('page', str(page))] if page > 1 else [])])}"


def group_names() -> dict[str, str]:
    """What each group is called, by its key, in their order on a page."""
    return {_key(direction, relation): relation_name(relation, incoming=direction == _INCOMING) for direction, relation in _GROUPS}


def _partial_names() -> dict[str, str]:
    """What a group is called where nothing is said in it of a whole document."""
    return {
        _key(direction, relation): relation_name(relation, incoming=direction == _INCOMING, whole=False)
        for direction, relation in _GROUPS
        if relation in _ENDING
    }


def relation_groups(connections: Connections, own: Mapping[str, ClauseRecord]) -> list[RelationGroup]:
    """The groups that have documents, each with its first; ``own`` are the document's clauses by eId."""
    said, names = _Said(connections, own, SHOWN_CLAUSES), group_names()
    partial = _partial_names()
    return [
        RelationGroup(
            key=key,
            name=names[key] if any(record.whole for records in related for record in records) else partial.get(key, names[key]),
            documents=tuple(said.related(records) for records in related[:SHOWN_IN_A_GROUP]),
            count=len(related),
            address=relations_address(connections.document.id, key),
        )
        for key, related in _grouped(connections).items()
    ]


def related_documents(
    connections: Connections, own: Mapping[str, ClauseRecord], key: str, shown: slice, shown_clauses: int
) -> tuple[int, list[RelatedDocument]]:
    """How many documents the group ``key`` has, and those ``shown`` of them, each with at most ``shown_clauses`` that say so."""
    related = _grouped(connections).get(key, [])
    said = _Said(connections, own, shown_clauses)
    return len(related), [said.related(records) for records in related[shown]]


def shown_standing(connections: Connections, clauses: Mapping[tuple[str, str], ClauseRecord], today: date) -> ShownStanding:
    """The standing of a document on the day ``today``; ``clauses`` are those that decide it, as far as they are at hand."""
    found = connections.standing(today)
    records = {**connections.records, connections.document.id: connections.document}
    places = tuple(
        CitingPlace(place_address(place), _place_name(place, clauses.get((place.document, place.eid)), records, connections.document.id))
        for place in found.clauses
    )
    deciding = clauses.get((found.clauses[0].document, found.clauses[0].eid)) if found.clauses else None
    return ShownStanding(found.force, force_name(found.force), found.since, places, _quote(deciding.text) if deciding else "")


def deciding_clauses(
    reader: CatalogueView, connections: Connections, own: Mapping[str, ClauseRecord], today: date
) -> dict[tuple[str, str], ClauseRecord]:
    """The clauses that decide the standing of a document; ``own`` are its own by eId, the others are looked up at once."""
    places = {(place.document, place.eid) for place in connections.standing(today).clauses}
    here = {(document, eid): own[eid] for document, eid in places if document == connections.document.id and eid in own}
    elsewhere = sorted(places - here.keys())
    return {**here, **(reader.clauses_of(elsewhere) if elsewhere else {})}


class _Said:
    """What is said in the relations of one document, in words."""

    def __init__(self, connections: Connections, own: Mapping[str, ClauseRecord], shown_clauses: int) -> None:
        self._shown = shown_clauses
        self._records = connections.records
        self._document = connections.document
        # What may be several documents has no target either; the page of the reference lists them.
        self._unsure = {
            (Address(connections.document.id, one.reference.eid), one.reference.text): reference_address(connections.document.id, one)
            for one in connections.references
            if one.state is LinkState.AMBIGUOUS
        }
        self._citations = {one.source: one.citation for one in connections.cited_by}
        self._citations.update((Address(connections.document.id, eid), clause.citation) for eid, clause in own.items())

    def related(self, records: Sequence[RelationRecord]) -> RelatedDocument:
        """The other document of ``records``, which are of one relation, with the clauses that say so."""
        other = self._records.get(_other(self._direction(records[0]), records[0]))
        sources = list(dict.fromkeys(record.source for record in records))
        clauses = tuple(CitingPlace(place_address(place), self._citation(place)) for place in sources[: self._shown])
        partly = records[0].relation in _ENDING and not any(record.whole for record in records)
        if other is None:
            listed = self._unsure.get((records[0].source, records[0].named), "")
            return RelatedDocument(listed, records[0].named, "", clauses, len(sources), partly)
        name = cite(other, "", full=False)
        return RelatedDocument(place_address(Address(other.id)), name, subject_of(other), clauses, len(sources), partly)

    def _direction(self, record: RelationRecord) -> str:
        return _OUTGOING if record.source.document == self._document.id else _INCOMING

    def _citation(self, place: Address) -> str:
        return self._citations.get(place) or _("the place")


def _grouped(connections: Connections) -> dict[str, list[list[RelationRecord]]]:
    """The records of each group that has any, by the other document."""
    grouped: defaultdict[str, dict[str, list[RelationRecord]]] = defaultdict(dict)
    for direction, records in ((_OUTGOING, connections.outgoing), (_INCOMING, connections.incoming)):
        for record in records:
            grouped[_key(direction, record.relation)].setdefault(_other(direction, record), []).append(record)
    return {key: list(grouped[key].values()) for key in group_names() if key in grouped}


def _other(direction: str, record: RelationRecord) -> str:
    """The id of the other document, else what it is called."""
    if direction == _INCOMING:
        return record.source.document
    return record.target.document if record.target else record.named


def _key(direction: str, relation: Relation) -> str:
    return f"{direction}-{relation}"


def _place_name(place: Address, clause: ClauseRecord | None, records: Mapping[str, DocumentRecord], here: str) -> str:
    citation = clause.citation if clause else ""
    record = records.get(place.document)
    if place.document == here or record is None:
        return citation or _("the place")
    return cite(record, citation, full=False, attached=place.eid.startswith("att_"))


def _quote(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rsplit(" ", 1)[0] + "…"
