"""References, relations and standing as the JSON of the API."""

from __future__ import annotations

from typing import Any

from kgsearch.models import Address, IncomingReference, LinkedReference, MissingDocument, RelationRecord, Standing
from kgsearch.server.references import place_address

Json = dict[str, Any]


def place_json(place: Address) -> Json:
    """A place in the catalogue, with its address on this server."""
    return {"document": place.document, "eid": place.eid, "url": place_address(place)}


def linked_json(linked: LinkedReference) -> Json:
    """A reference and what it leads to."""
    targets = [place_json(target) for target in linked.targets]
    return {**linked.reference.to_json(), "state": str(linked.state), "targets": targets}


def incoming_json(one: IncomingReference) -> Json:
    """A reference seen from what it names."""
    reference = one.reference
    return {
        "target": place_json(one.target),
        "source": place_json(one.source),
        "citation": one.citation,
        "text": reference.text,
        "span": [reference.span.start, reference.span.end],
        "relation": str(reference.relation),
    }


def relation_json(record: RelationRecord) -> Json:
    """What one document says of another."""
    return {
        "relation": str(record.relation),
        "source": place_json(record.source),
        "target": place_json(record.target) if record.target else None,
        "named": record.named,
        "whole": record.whole,
        "since": record.since.isoformat() if record.since else None,
    }


def standing_json(standing: Standing) -> Json:
    """Whether a document is in force, and the clauses that say so."""
    return {
        "force": str(standing.force),
        "since": standing.since.isoformat() if standing.since else None,
        "clauses": [place_json(place) for place in standing.clauses],
    }


def missing_json(one: MissingDocument) -> Json:
    """A document that is cited and not in the catalogue."""
    return {
        "named": one.named,
        "number": one.number,
        "references": one.references,
        "documents": one.documents,
        "first": place_json(one.first),
    }
