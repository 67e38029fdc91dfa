"""Hits and facets: what a search gives of the clauses that it has found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kgsearch.citations.resolve import Target
from kgsearch.citations.write import cite
from kgsearch.models import DocumentRecord, Filters, Hit, Span
from kgsearch.retrieval.highlighting import highlight
from kgsearch.retrieval.query import Query

_READ_AS = 3

Facets = Mapping[str, Sequence[tuple[str, int]]]


def hits_of(targets: Iterable[Target], query: Query | None, first: int = 1) -> list[Hit]:
    """Hits of clauses that were named, in their order; without a query nothing is marked in them."""
    return [hit_of(target, position, 0.0, query) for position, target in enumerate((one for one in targets if one.clause), start=first)]


def hit_of(target: Target, position: int, score: float, query: Query | None) -> Hit:
    """The hit of a clause at a position, from 1."""
    clause = target.clause
    assert clause is not None
    citation, attached = _citation(target), _is_attached(target)
    spans: tuple[Span, ...] = highlight(clause.text, query) if query else ()
    return Hit(
        rank=position,
        score=score,
        citation=cite(target.document, citation, full=False, attached=attached),
        citation_full=cite(target.document, citation, full=True, attached=attached),
        clause=clause,
        document=target.document,
        highlights=spans,
    )


def renumbered(hits: Sequence[Hit], offset: int) -> tuple[Hit, ...]:
    """The hits with positions that follow ``offset``."""
    return tuple(replace(hit, rank=offset + position) for position, hit in enumerate(hits, start=1))


def named(documents: Sequence[DocumentRecord]) -> str:
    """The short citations of the first few documents."""
    return _few(cite(document, full=False) for document in documents)


def read_as(targets: Sequence[Target]) -> str:
    """The short citations of the first few clauses."""
    return _few(cite(one.document, _citation(one), full=False, attached=_is_attached(one)) for one in targets)


def passes(document: DocumentRecord, filters: Filters) -> bool:
    """Whether the filters let a document through."""
    year = document.issued.year if document.issued else None
    return (
        (not filters.types or document.type in filters.types)
        and (not filters.issuers or document.issuer in filters.issuers)
        and (not filters.years or year in filters.years)
        and (not filters.documents or document.id in filters.documents)
        and (not filters.signers or document.signer in filters.signers)
        and (filters.issued_from is None or (document.issued is not None and document.issued >= filters.issued_from))
        and (filters.issued_to is None or (document.issued is not None and document.issued <= filters.issued_to))
    )


def facets_of(documents: Iterable[DocumentRecord]) -> Facets:
    """Facets of clauses of these documents, one for each time that a document comes up."""
    return by_count(counts_of(documents))


def by_count(facets: Mapping[str, Mapping[str, int]]) -> Facets:
    """The values of each facet that are left, the commonest first."""
    return {
        name: sorted(((value, count) for value, count in counts.items() if count > 0), key=lambda pair: (-pair[1], pair[0]))
        for name, counts in facets.items()
    }


def counts_of(documents: Iterable[DocumentRecord]) -> dict[str, dict[str, int]]:
    """How often each type, issuer, year and document comes up."""
    counts: dict[str, dict[str, int]] = {"type": {}, "issuer": {}, "year": {}, "document": {}}
    for document in documents:
        year = str(document.issued.year) if document.issued else ""
        for name, value in (("type", document.type), ("issuer", document.issuer), ("year", year), ("document", document.id)):
            if value:
                counts[name][value] = counts[name].get(value, 0) + 1
    return counts


def _few(names: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(names))
    return "; ".join([*distinct[:_READ_AS], *(["…"] if len(distinct) > _READ_AS else [])])


def _citation(target: Target) -> str:
    return target.clause.citation if target.clause else ""


def _is_attached(target: Target) -> bool:
    return target.clause is not None and target.clause.eid.startswith("att_")
