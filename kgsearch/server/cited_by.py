"""Where a document and its clauses are cited: counted at each clause, the first places listed, all of them on a page of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgsearch.citations import cite
from kgsearch.models import Address, DocumentRecord, IncomingReference
from kgsearch.server.parameters import query_string
from kgsearch.server.references import place_address

SHOWN_AT_A_CLAUSE = 3
# Of all clauses of a page together: a law that hundreds of documents cite must not be longer by what they are called.
SHOWN_ON_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class CitingPlace:
    """A clause that cites: where it is, and how it is cited with its document."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class CitedHere:
    """How many clauses cite one clause, the first of them (none where a page lists enough), and the page that lists all."""

    count: int
    first: tuple[CitingPlace, ...]
    address: str


def cited_by_address(document: str, eid: str = "", page: int = 1) -> str:
    """The page that lists what cites a document, or one clause of it."""
    pairs = [("eid", eid)] if eid else []
    pairs += [("page", str(page))] if page > 1 else []
    return f"{place_address(Address(document))}/cited-by{query_string(pairs)}"


def cited_clauses(
    document: str, incoming: Sequence[IncomingReference], records: Mapping[str, DocumentRecord], shown: Sequence[str]
) -> dict[str, CitedHere]:
    """For each of the clauses ``shown`` that is cited itself, by what; in the order of ``shown``."""
    at: defaultdict[str, dict[Address, IncomingReference]] = defaultdict(dict)
    for one in incoming:
        at[one.target.eid].setdefault(one.source, one)
    left = SHOWN_ON_A_PAGE
    found: dict[str, CitedHere] = {}
    for eid in shown:
        if eid not in at:
            continue
        first = list(at[eid].values())[: min(SHOWN_AT_A_CLAUSE, left)]
        left -= len(first)
        places = tuple(CitingPlace(place_address(one.source), source_name(one, records)) for one in first)
        found[eid] = CitedHere(len(at[eid]), places, cited_by_address(document, eid))
    return found


def citing_places(incoming: Sequence[IncomingReference]) -> list[list[IncomingReference]]:
    """``incoming`` by the clause that cites, in their order: one clause may name several places, or one place several times."""
    by_source: defaultdict[Address, list[IncomingReference]] = defaultdict(list)
    for one in incoming:
        by_source[one.source].append(one)
    return list(by_source.values())


def source_name(one: IncomingReference, records: Mapping[str, DocumentRecord]) -> str:
    """How the clause that cites is cited itself, in the short form."""
    record = records.get(one.source.document)
    if record is None:
        return one.citation or one.source.document
    return cite(record, one.citation, full=False, attached=one.source.eid.startswith("att_"))
