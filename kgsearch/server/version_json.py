"""Earlier versions of documents, and comparisons, as the JSON of the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kgsearch.comparing import Effort, Pair, differing_words
from kgsearch.models import ClauseRecord, DocumentRecord, Span, VersionRecord
from kgsearch.server.compared import Place
from kgsearch.server.versions import Version, version_address

Json = dict[str, Any]


def version_entry(document: DocumentRecord, entry: VersionRecord) -> Json:
    """An entry of a document's versions, with its address on this server."""
    return {**entry.to_json(), "url": version_address(document.id, entry.number)}


def version_json(document: DocumentRecord, version: Version, clauses: slice) -> Json:
    """A version, with those of its clauses that are asked for."""
    shown = [
        {**_clause(clause), "url": version_address(document.id, version.entry.number, clause.eid)} for clause in version.clauses[clauses]
    ]
    return {
        "version": version_entry(document, version.entry),
        "document": version.record.to_json(),
        "total": len(version.clauses),
        "clauses": shown,
    }


def place_json(place: Place) -> Json:
    """A side of a comparison; ``version`` is null for the document as it is now."""
    return {
        "document": place.record.to_json(),
        "version": place.version or None,
        "eid": place.clause.eid if place.clause else "",
        "name": place.name,
        "url": place.address,
    }


def pairs_json(pairs: Sequence[Pair], first: Place, second: Place) -> list[Json]:
    """Clauses beside what they are on the other side, with the words that differ."""
    effort = Effort()
    return [_pair(pair, first, second, effort) for pair in pairs]


def _pair(pair: Pair, first: Place, second: Place, effort: Effort) -> Json:
    marked: tuple[Sequence[Span], Sequence[Span]] = ((), ())
    if pair.left and pair.right and pair.left.text != pair.right.text:
        marked = differing_words(pair.left.text, pair.right.text, effort)
    return {
        "state": str(pair.state),
        "moved": pair.moved,
        "left": _side(pair.left, first, marked[0]),
        "right": _side(pair.right, second, marked[1]),
    }


def _side(clause: ClauseRecord | None, place: Place, marked: Sequence[Span]) -> Json | None:
    if clause is None:
        return None
    return {**_clause(clause), "url": place.clause_address(clause.eid), "differing": [[span.start, span.end] for span in marked]}


def _clause(clause: ClauseRecord) -> Json:
    return {
        "eid": clause.eid,
        "parent": clause.parent,
        "kind": str(clause.kind),
        "label": clause.label,
        "heading": clause.heading,
        "text": clause.text,
        "citation": clause.citation,
    }
