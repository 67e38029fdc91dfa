"""The search: a query becomes a typed citation followed, a document number found, or words matched and ranked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.numbers import find_numbers, number_key
from kgsearch.citations.read import read_address, read_citations
from kgsearch.citations.resolve import Resolution, Target, resolve
from kgsearch.citations.write import cite
from kgsearch.engines.base import BIGRAMS, SYLLABLES, WORDS, Candidate, Engine, EngineQuery, EngineResult, Sort
from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import clean, fold
from kgsearch.models import ClauseRecord, DocumentRecord, Filters, Hit, Kind, SearchResult, Span
from kgsearch.retrieval.highlighting import highlight
from kgsearch.retrieval.query import Query, read_query
from kgsearch.retrieval.ranking import Ranked, rank

if TYPE_CHECKING:
    from kgsearch.config import Settings

RANKED = 300
"""How many candidates are scored by our formula at once; more change nothing on the first pages."""

MAX_RANKED = 2000
MAX_CITATION = 4096
"""Characters of what ``show`` is asked for: several times the longest title in a citation."""

_ENOUGH = 10
_READ_AS = 3
_PARTIAL_COVERAGE = 0.4
_NO_FILTERS = Filters()
_DIVISIONS = (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)
_ARTICLE = re.compile(r"(?:[^_]+_[^_]+__)*?art_[^_]+")


class Searcher:
    """Searches one index. Safe to use from several threads; sees what other processes commit."""

    def __init__(self, settings: Settings | None = None, *, reader: CatalogueReader | None = None, engine: Engine | None = None) -> None:
        """Open the index of ``settings``, or the parts handed in. Raises IndexStateError when there is no usable index."""
        if reader is None or engine is None:
            if settings is None:
                raise ValueError("settings, or reader and engine")
            from kgsearch.engines.whoosh import WhooshEngine

            reader = CatalogueReader(settings.index / "catalogue.sqlite")
            engine = WhooshEngine(settings.index / "engine")
        self.reader = reader
        self.engine = engine

    def search(
        self, query: str, *, filters: Filters = _NO_FILTERS, sort: Sort = "relevance", limit: int = 10, offset: int = 0
    ) -> SearchResult:
        """The hits ``offset`` to ``offset + limit`` of ``query``, best first (or by date).

        Raises UsageError when the query is empty or too long, IndexStateError when the index cannot be read.
        """
        read = read_query(query)
        if read_address(read.text) or any(citation.cites for citation in read_citations(read.text)):
            resolution = resolve(read.text, self.reader, _citation_key)
            if resolution.clauses:
                return self._cited(read, resolution, filters, limit, offset)
            if resolution.documents and resolution.documents == resolution.alone and not resolution.rest:
                return self._numbered(read, resolution, filters, sort, limit, offset)
        return self._matched(read, filters, sort, limit, offset)

    def status(self) -> dict[str, Any]:
        """The JSON of ``kgsearch status``: how the index stands that is searched."""
        return {**self.reader.status(), "passages": self.engine.passages(), "engine_error": None}

    def show(self, text: str) -> list[Hit | DocumentRecord]:
        """The clauses or documents that an id, an id with an eId ("id#eid"), a pasted address or citations name.

        Raises NotFoundError when it names nothing in the catalogue, UsageError when it is empty or too long to name anything.
        """
        if len(text) > MAX_CITATION or not text.strip():
            raise UsageError(
                _("A citation has 1 to {limit} characters; {length} were given.").format(limit=MAX_CITATION, length=len(text.strip()))
            )
        text = " ".join(clean(text).split())
        address = read_address(text)
        document = self.reader.document(address.document) if address else None
        if address is not None and document is not None:
            return self._shown(document, address.eid)
        resolution = resolve(text, self.reader, _citation_key)
        if resolution.clauses or resolution.alone:
            return [*self._hits(resolution.clauses, None), *resolution.alone]
        raise NotFoundError(_nothing_named(text, resolution))

    def _shown(self, document: DocumentRecord, eid: str) -> list[Hit | DocumentRecord]:
        if not eid:
            return [document]
        clause = self.reader.clause(document.id, eid)
        if clause is None:
            raise NotFoundError(
                _("{document} has no clause {eid}; kgsearch show {document} lists what it is.").format(document=document.id, eid=eid)
            )
        return list(self._hits([Target(document, clause)], None))

    def _cited(self, query: Query, resolution: Resolution, filters: Filters, limit: int, offset: int) -> SearchResult:
        """Typed citations: the clauses they name, where a document begins that is cited whole, and nothing else."""
        whole = [target for document in resolution.alone if (target := self._opening(document)) is not None]
        targets = [target for target in (*resolution.clauses, *whole) if _passes(target.document, filters)]
        hits = self._hits(targets[offset : offset + limit], None, first=offset + 1)
        understood = _read_as(targets) or query.text
        return SearchResult(query.text, understood, len(targets), tuple(hits), _facets_of(targets))

    def _numbered(self, query: Query, resolution: Resolution, filters: Filters, sort: Sort, limit: int, offset: int) -> SearchResult:
        """A document number alone: where each document of that number begins, then the clauses that name the number."""
        documents = [document for document in resolution.documents if _passes(document, filters)]
        opening = [target for document in documents if (target := self._opening(document)) is not None]
        own = {document.id for document in resolution.documents}
        numbers = dict.fromkeys(document.number for document in resolution.documents if document.number)
        naming = [hit for number in numbers for hit in self._naming(number, filters, sort) if hit.document.id not in own]
        hits = [*self._hits(opening, query), *naming]
        understood = "; ".join(cite(document, full=False) for document in documents) or query.text
        facets = _facets_of([Target(hit.document, hit.clause) for hit in hits])
        return SearchResult(query.text, understood, len(hits), tuple(_renumbered(hits[offset : offset + limit], offset)), facets)

    def _naming(self, number: str, filters: Filters, sort: Sort) -> list[Hit]:
        """The clauses whose own words name a document's number: those that only hold its parts, or stand under it, do not."""
        key = number_key(number)
        hits = self._matched(read_query(number), filters, sort, RANKED, 0).hits
        return [hit for hit in hits if any(number_key(found) == key for _start, _end, found in find_numbers(hit.clause.text))]

    def _opening(self, document: DocumentRecord) -> Target | None:
        """The first clause of a document's body that says something: what a reader wants to see of it."""
        clauses = self.reader.clauses(document.id)
        body = [clause for clause in clauses if clause.text and clause.kind not in (Kind.PREAMBLE, Kind.CONCLUSIONS, Kind.FOOTNOTE)]
        outside = [clause for clause in body if not clause.eid.startswith("preamble")]
        chosen = next(iter(outside or body or clauses), None)
        return Target(document, chosen) if chosen else None

    def _matched(self, query: Query, filters: Filters, sort: Sort, limit: int, offset: int) -> SearchResult:
        """Words: what has them all; where that is little, what has most of them too."""
        # Whole blocks, so that a hit has the same rank whichever page is asked for.
        blocks = (offset + limit + 50) // RANKED + 1
        wanted = min(MAX_RANKED, blocks * RANKED)
        query, coverage = self._reach(query)
        result = self._ask(query, filters, sort, wanted, coverage)
        ranked = self._ordered(query, result, sort)
        kept, nested = self._without_nested(ranked)
        left_out = [ranked[place].candidate for place in nested if place < RANKED]
        hits = self._ranked_hits(kept[offset : offset + limit], query, offset)
        return SearchResult(query.text, query.text, result.total - len(left_out), tuple(hits), self._facets_without(result, left_out))

    def _facets_without(self, result: EngineResult, left_out: Sequence[Candidate]) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The facets of all matches less those that are never hits, so that they add up to the total."""
        documents = self._documents({candidate.document for candidate in left_out})
        less = _counts_of(documents[candidate.document] for candidate in left_out if candidate.document in documents)
        counts = {name: {value: count - less[name].get(value, 0) for value, count in held.items()} for name, held in result.facets.items()}
        return _by_count(counts)

    def _reach(self, query: Query) -> tuple[Query, float]:
        """The query without words that occur nowhere (unless none does), and how much of it a clause must carry.

        Decided without filters, so that a filter only ever takes away.
        """
        whole = self._ask(query, _NO_FILTERS, "relevance", 1, 1.0)
        frequencies = whole.statistics.frequencies.get(SYLLABLES, {})
        known = tuple(syllable for syllable in query.syllables if frequencies.get(syllable))
        if known and len(known) < len(query.syllables):
            query = replace(query, syllables=known)
            whole = self._ask(query, _NO_FILTERS, "relevance", 1, 1.0)
        return query, 1.0 if whole.total >= _ENOUGH or len(query.syllables) == 1 else _PARTIAL_COVERAGE

    def _ordered(self, query: Query, result: EngineResult, sort: Sort) -> list[Ranked]:
        """The candidates with our scores: in our order block by block, or by date as the engine has them."""
        found = result.candidates
        ranked = [one for start in range(0, len(found), RANKED) for one in rank(query, found[start : start + RANKED], result.statistics)]
        if sort == "relevance":
            return ranked
        scores = {one.candidate.passage: one.score for one in ranked}
        return [Ranked(candidate, scores[candidate.passage]) for candidate in found]

    def _ask(self, query: Query, filters: Filters, sort: Sort, limit: int, coverage: float) -> EngineResult:
        terms = {SYLLABLES: query.syllables, BIGRAMS: query.bigrams, WORDS: tuple(dict.fromkeys(query.analysis.words))}
        return self.engine.search(EngineQuery(terms, coverage, filters, sort, limit))

    def _without_nested(self, ranked: Sequence[Ranked]) -> tuple[list[Ranked], list[int]]:
        """One hit for each clause, and none whose ancestor or descendant stands before it; with the places of those left out."""
        records = self.reader.clauses_of([(found.candidate.document, found.candidate.clause) for found in ranked])
        chapters = self._chapters(records)
        kept: dict[tuple[str, str], Ranked] = {}
        above: set[tuple[str, str]] = set()
        seen: set[tuple[str, str]] = set()
        nested: list[int] = []
        for place, found in enumerate(ranked):
            key = (found.candidate.document, found.candidate.clause)
            if key in seen or key not in records:
                continue
            seen.add(key)
            lineage = [(key[0], eid) for eid in _lineage(key[1], chapters.get((key[0], _article(key[1])), ""))]
            if key in above or any(ancestor in kept for ancestor in lineage):
                nested.append(place)
                continue
            above.update(lineage)
            kept[key] = found
        return list(kept.values()), nested

    def _chapters(self, records: Mapping[tuple[str, str], ClauseRecord]) -> dict[tuple[str, str], str]:
        """The eId of what each article stands in, for documents of which a chapter was matched too: the article's eId does not say it."""
        divided = {document for (document, _eid), record in records.items() if record.kind in _DIVISIONS}
        articles = {(document, _article(eid)) for document, eid in records if document in divided and _article(eid)}
        return {key: record.parent for key, record in self.reader.clauses_of(sorted(articles)).items()} if articles else {}

    def _ranked_hits(self, ranked: Sequence[Ranked], query: Query, offset: int) -> list[Hit]:
        records = self.reader.clauses_of([(found.candidate.document, found.candidate.clause) for found in ranked])
        documents = self._documents({found.candidate.document for found in ranked})
        hits: list[Hit] = []
        for found in ranked:
            clause = records.get((found.candidate.document, found.candidate.clause))
            document = documents.get(found.candidate.document)
            if clause is not None and document is not None:
                hits.append(_hit(Target(document, clause), offset + len(hits) + 1, found.score, query))
        return hits

    def _documents(self, identifiers: Iterable[str]) -> dict[str, DocumentRecord]:
        found = self.reader.documents(Filters(documents=tuple(sorted(identifiers)))) if identifiers else []
        return {document.id: document for document in found}

    def _hits(self, targets: Sequence[Target], query: Query | None, first: int = 1) -> list[Hit]:
        return [_hit(target, rank_, 0.0, query) for rank_, target in enumerate((t for t in targets if t.clause), start=first)]


def _hit(target: Target, position: int, score: float, query: Query | None) -> Hit:
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


def _citation(target: Target) -> str:
    return target.clause.citation if target.clause else ""


def _read_as(targets: Sequence[Target]) -> str:
    """The first few of the clauses that typed citations were read as, in short."""
    cited = dict.fromkeys(cite(one.document, _citation(one), full=False, attached=_is_attached(one)) for one in targets)
    return "; ".join([*list(cited)[:_READ_AS], *(["…"] if len(cited) > _READ_AS else [])])


def _is_attached(target: Target) -> bool:
    return target.clause is not None and target.clause.eid.startswith("att_")


def _lineage(eid: str, chapter: str) -> list[str]:
    """The eIds of the clauses above ``eid``: those that it names, and those of the chapter that its article stands in."""
    parts = eid.split("__")
    named = ["__".join(parts[:count]) for count in range(1, len(parts))]
    return [*_lineage(chapter, ""), chapter, *named] if chapter else named


def _article(eid: str) -> str:
    """The eId of the article that ``eid`` is or stands in; "" outside articles."""
    match = _ARTICLE.match(eid)
    return match[0] if match else ""


def _renumbered(hits: Sequence[Hit], offset: int) -> list[Hit]:
    return [
        Hit(offset + index, hit.score, hit.citation, hit.citation_full, hit.clause, hit.document, hit.highlights)
        for index, hit in enumerate(hits, start=1)
    ]


def _passes(document: DocumentRecord, filters: Filters) -> bool:
    """Whether the filters let a document through."""
    year = document.issued.year if document.issued else None
    return (
        (not filters.types or document.type in filters.types)
        and (not filters.issuers or document.issuer in filters.issuers)
        and (not filters.years or year in filters.years)
        and (not filters.documents or document.id in filters.documents)
        and (filters.issued_from is None or (document.issued is not None and document.issued >= filters.issued_from))
        and (filters.issued_to is None or (document.issued is not None and document.issued <= filters.issued_to))
    )


def _by_count(facets: Mapping[str, Mapping[str, int]]) -> Mapping[str, Sequence[tuple[str, int]]]:
    """The values of each facet that are left, the commonest first."""
    return {
        name: sorted(((value, count) for value, count in counts.items() if count > 0), key=lambda pair: (-pair[1], pair[0]))
        for name, counts in facets.items()
    }


def _facets_of(targets: Sequence[Target]) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Facets of clauses found by their citation."""
    return _by_count(_counts_of(target.document for target in targets))


def _counts_of(documents: Iterable[DocumentRecord]) -> dict[str, dict[str, int]]:
    """How often each type, issuer, year and document comes up."""
    counts: dict[str, dict[str, int]] = {"type": {}, "issuer": {}, "year": {}, "document": {}}
    for document in documents:
        year = str(document.issued.year) if document.issued else ""
        for name, value in (("type", document.type), ("issuer", document.issuer), ("year", year), ("document", document.id)):
            if value:
                counts[name][value] = counts[name].get(value, 0) + 1
    return counts


def _citation_key(citation: str) -> str:
    return " ".join(fold(citation).lower().split())


def _nothing_named(text: str, resolution: Resolution) -> str:
    if resolution.documents:
        named = "; ".join(cite(document, full=False) for document in resolution.documents[:3])
        return _("{named} has no such clause: {text}.").format(named=named, text=text)
    return _("Nothing in the catalogue is named {text}; search for it with: kgsearch search.").format(text=f'"{text[:120]}"')
