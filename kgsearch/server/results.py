"""The page of results: one search as an address, its filters with counts, its pages, and what to try when nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import DocumentRecord, Filters, Hit, ReadingKind, SearchResult, Span
from kgsearch.retrieval.agencies import in_one_spelling, merged
from kgsearch.retrieval.grouping import by_document
from kgsearch.retrieval.readings import EXPLAINS_NOTHING, sentence
from kgsearch.retrieval.searcher import MAX_LISTED
from kgsearch.retrieval.syntax import read_syntax
from kgsearch.server.connections import records_of
from kgsearch.server.facets import MAX_FACET_VALUES, Counts, Facet, YearBar, facet_names, facet_of, signer_counts, year_bars
from kgsearch.server.formats import day
from kgsearch.server.highlighting import MAX_QUERY, marked, query_spans, snippet
from kgsearch.server.holdings import holdings
from kgsearch.server.outline import Citations
from kgsearch.server.parameters import (
    MAX_OFFSET,
    Arguments,
    exactly,
    filter_pairs,
    filters_of,
    grouped_by_document,
    query_string,
    sort_order,
    whole_number,
)
from kgsearch.server.service import SORTS, SearchService, Sort
from kgsearch.server.standings import Badge, badges

PAGE_SIZE = 10
# Filters alone list every document, however many there are.
MAX_PAGE = MAX_OFFSET // PAGE_SIZE
# Readings that are undone by taking something out of the query; after the others it is searched for as typed.
_REMOVED = frozenset({ReadingKind.FILTER, ReadingKind.UNKNOWN_VALUE, ReadingKind.ABSENT})
# Characters of each heading above a hit.
HEADING_LENGTH = 70


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of results as its address names it."""

    query: str
    filters: Filters
    sort: Sort
    page: int
    exact: bool = False
    grouped: bool = False

    @classmethod
    def read(cls, arguments: Arguments) -> PageRequest:
        """The request in a query string. Raises UsageError for a bad filter, order or page; what is unknown is ignored."""
        return cls(
            query=arguments.get("q", "").strip(),
            filters=filters_of(arguments),
            sort=sort_order(arguments),
            page=whole_number(arguments, "page", 1, 1, MAX_PAGE),
            exact=exactly(arguments),
            grouped=grouped_by_document(arguments),
        )

    def address(self) -> str:
        """``/search?…`` of this request, without what is at its default."""
        pairs = [("q", self.query), *filter_pairs(self.filters)]
        if self.sort != SORTS[0]:
            pairs.append(("sort", self.sort))
        if self.exact:
            pairs.append(("exact", "1"))
        if self.grouped:
            pairs.append(("group", "document"))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return "/search" + query_string(pairs)

    def page_address(self, page: int) -> str:
        """The address of another page of the same search."""
        return self.at_page(page).address()

    def at_page(self, page: int) -> PageRequest:
        """The same search at another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> PageRequest:
        """The same search in another order, from its first page."""
        return replace(self, sort=sort, page=1)

    def shown_as(self, *, grouped: bool) -> PageRequest:
        """The same search flat or grouped by document, from its first page."""
        return replace(self, grouped=grouped, page=1)

    def within(self, document: str) -> PageRequest:
        """The same search in one document, flat."""
        return replace(self, filters=replace(self.filters, documents=(document,)), grouped=False, page=1)

    def in_years(self, years: tuple[int, ...]) -> PageRequest:
        """The same search limited to these years; to all where there are none."""
        return replace(self, filters=replace(self.filters, years=years), page=1)

    def asking(self, query: str, *, exact: bool = False) -> PageRequest:
        """Another query with the same filters."""
        return replace(self, query=query, page=1, exact=exact)

    def unfiltered(self) -> PageRequest:
        """The same query without any filter."""
        return replace(self, filters=Filters(), page=1)

    def without(self, name: str, value: str | None = None) -> PageRequest:
        """The same search without one value of the filter ``name``, or (None) without any of them."""
        kept = [pair for pair in filter_pairs(self.filters) if pair[0] != name or value not in (None, pair[1])]
        return replace(self, filters=filters_of(MultiDict(kept)), page=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it, with the standing of its document: ``path`` (the headings above it) and ``excerpt`` are HTML;
    ``whole`` is the marked clause where the excerpt is not all of it."""

    hit: Hit
    address: str
    path: tuple[Markup, ...]
    excerpt: Markup
    cut_before: bool
    cut_after: bool
    whole: Markup
    citations: Citations
    standing: Badge


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The best hits in one document; ``count`` clauses of it match, and ``address`` lists them."""

    document: DocumentRecord
    standing: Badge
    hits: tuple[ShownHit, ...]
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another search that finds something."""

    query: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class ShownReading:
    """What a part of the query was read as, in a sentence, and the address of the search that does not read it so, "" where there is no
    other; ``notice``: it is why something was not found."""

    sentence: str
    undo: str
    address: str
    notice: bool


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """All that the template of results shows."""

    request: PageRequest
    result: SearchResult
    readings: tuple[ShownReading, ...]
    hits: tuple[ShownHit, ...]
    groups: tuple[ShownGroup, ...]
    documents: tuple[DocumentRecord, ...]
    facets: tuple[Facet, ...]
    years: tuple[YearBar, ...]
    chips: tuple[Chip, ...]
    unfiltered_total: int
    alternatives: tuple[Alternative, ...]
    last_page: int

    @property
    def in_documents(self) -> int:
        """In how many documents the matches are."""
        return len(self.result.facets.get("document", ()))

    @property
    def listed_only(self) -> int:
        """How many of the best matches (or documents) are listed where there are more than a list ever holds, else 0."""
        # Of a shorter flat list a few matches may be missing that stand in better ones.
        return 0 if not self.request.grouped and self.result.total <= MAX_LISTED else self.result.listed or 0


def results_page(service: SearchService, request: PageRequest) -> ResultsPage:
    """Search, and gather what the page of results shows. Raises UsageError and IndexStateError as the search does."""
    request = replace(request, filters=in_one_spelling(request.filters, holdings(service.reader).agencies))
    result = _search(service, request, limit=PAGE_SIZE)
    titles = _document_titles(service, request, result)
    counts = _counts(service, request, result)
    nothing = result.total == 0
    standings = badges(service.reader, (hit.document for hit in result.hits), date.today())
    hits = tuple(_shown(hit, _words_looked_for(request, result), standings[hit.document.id]) for hit in result.hits)
    return ResultsPage(
        request=request,
        result=result,
        readings=tuple(_readings(request, result)),
        hits=hits,
        groups=tuple(_groups(request, result, hits)) if request.grouped else (),
        documents=_named_documents(service, request),
        facets=tuple(_facets(counts, request, titles)),
        years=year_bars(counts["year"], request.filters.years, lambda years: request.in_years(years).address()),
        chips=tuple(_chips(request, titles)),
        unfiltered_total=_search(service, request.unfiltered(), limit=1).total if nothing and request.filters else result.total,
        alternatives=tuple(_alternatives(service, request)) if nothing else (),
        last_page=max(1, -(-_listed(request, result) // PAGE_SIZE)),
    )


def _listed(request: PageRequest, result: SearchResult) -> int:
    """How many hits, or documents, all pages together list."""
    if result.listed is not None:
        return result.listed
    return len(result.facets.get("document", ())) if request.grouped else result.total


def short_name(document: DocumentRecord) -> str:
    """A document's type and number, its title where it has no number."""
    return f"{document.type} {document.number}".strip() if document.number else (document.title or document.type or document.id)


def _search(service: SearchService, request: PageRequest, limit: int) -> SearchResult:
    offset = (request.page - 1) * PAGE_SIZE
    return service.search(
        request.query,
        filters=request.filters,
        sort=request.sort,
        limit=limit,
        offset=offset,
        exact=request.exact,
        grouped=request.grouped,
    )


def _readings(request: PageRequest, result: SearchResult) -> Iterator[ShownReading]:
    """What there is to say of how the query was read."""
    for reading in result.readings:
        undo = _("Remove") if reading.kind in _REMOVED else _("Search as typed")
        other = request.asking(reading.undo, exact=reading.exact)
        address = other.address() if other != request.at_page(1) else ""
        yield ShownReading(sentence(reading), undo, address, reading.kind in EXPLAINS_NOTHING)


def _words_looked_for(request: PageRequest, result: SearchResult) -> str:
    """The words that are marked in a document opened from a hit."""
    cited = any(reading.kind is ReadingKind.CITATION for reading in result.readings)
    return request.query if cited else read_syntax(result.understood).sought or request.query


def _named_documents(service: SearchService, request: PageRequest) -> tuple[DocumentRecord, ...]:
    """The documents that the query names by their number, so that they can be opened whole."""
    if request.page > 1 or request.filters or request.exact:
        return ()
    try:
        return tuple(match for match in service.show(request.query) if isinstance(match, DocumentRecord))
    except (NotFoundError, UsageError):
        return ()


def _groups(request: PageRequest, result: SearchResult, hits: Iterable[ShownHit]) -> Iterator[ShownGroup]:
    counts = dict(result.facets.get("document", ()))
    for shown in by_document(hits, lambda one: one.hit.document.id):
        document = shown[0].hit.document
        count = max(len(shown), counts.get(document.id, 0))
        yield ShownGroup(document, shown[0].standing, tuple(shown), count, request.within(document.id).address())


def _shown(hit: Hit, query: str, standing: Badge) -> ShownHit:
    clause = hit.clause
    cut = snippet(clause.text, hit.highlights)
    partial = cut != Span(0, len(clause.text))
    below = clause.full_text.removeprefix(clause.text).strip()
    whole = Markup("")
    if partial or below:
        whole = Markup("\n").join([_with_heading(hit, None), Markup("{}").format(below)])
    path, _hash, eid = hit.url.partition("#")
    return ShownHit(
        hit=hit,
        address=f"{path}{query_string([('q', query)])}#{eid}",
        path=tuple(_heading_above(heading, query) for heading in clause.headings),
        excerpt=_with_heading(hit, cut),
        cut_before=cut.start > 0,
        cut_after=cut.end < len(clause.text),
        whole=whole,
        citations=Citations.of_hit(hit),
        standing=standing,
    )


def _counts(service: SearchService, request: PageRequest, result: SearchResult) -> dict[str, dict[str, int]]:
    """How many clauses there are of each value of each list, most frequent first.

    The other values of a list that is already limited are counted as if it were not, so that they can be added.
    """
    held = holdings(service.reader)

    def counted(found: SearchResult, name: str) -> dict[str, int]:
        values = found.facets.get(name, ())
        return dict(merged(values, held.agencies) if name == "issuer" else values)

    counts = {name: counted(result, name) for name in facet_names()}
    signed = counts["document"]
    for name in dict.fromkeys(name for name, _value in filter_pairs(request.filters) if name in counts):
        other = _search(service, request.without(name), limit=1)
        # What is chosen is counted in what is shown: the other search may count a clause more that stands in a better hit.
        counts[name] = counted(other, name) | counts[name]
        if name == "signer":
            signed = counted(other, "document") | signed
    return counts | {"signer": signer_counts(signed, held.signers)}


def _facets(counts: Mapping[str, Counts], request: PageRequest, titles: Mapping[str, str]) -> Iterator[Facet]:
    for name in facet_names():
        facet = facet_of(name, counts[name], request.filters, titles if name == "document" else {})
        if facet is not None:
            yield facet


def _chips(request: PageRequest, titles: Mapping[str, str]) -> list[Chip]:
    chips = []
    for name, value in filter_pairs(request.filters):
        label = titles.get(value, value)
        if name == "from":
            label = _("From {date}").format(date=day(request.filters.issued_from))
        elif name == "to":
            label = _("To {date}").format(date=day(request.filters.issued_to))
        chips.append(Chip(label, request.without(name, value).address()))
    return chips


def _document_titles(service: SearchService, request: PageRequest, result: SearchResult) -> dict[str, str]:
    """Names for the ids of documents that the filters show."""
    counted = list(result.facets.get("document", ()))[:MAX_FACET_VALUES]
    ids = {*request.filters.documents, *(value for value, _count in counted)}
    return {identifier: short_name(record) for identifier, record in records_of(service.reader, ids).items()}


def _alternatives(service: SearchService, request: PageRequest) -> list[Alternative]:
    """Queries near the one that found nothing: its words alone, without marks, their first half, their second; only those that find
    something."""
    unquoted = read_syntax(" ".join(request.query.split())).sought
    words = unquoted.split()
    half = (len(words) + 1) // 2
    ways: Sequence[Callable[[], str]] = (
        lambda: " ".join(words),
        lambda: fold(unquoted),
        lambda: " ".join(words[:half]),
        lambda: " ".join(words[half:]),
    )
    found = []
    for query in dict.fromkeys(way() for way in ways):
        if not query or query == request.query:
            continue
        for other in dict.fromkeys((request.asking(query), request.asking(query).unfiltered())):
            total = _search(service, other, limit=1).total
            if total:
                found.append(Alternative(query, total, other.address()))
                break
    return found


def _heading_above(heading: str, query: str) -> Markup:
    """A heading above a hit, not too long, with the words looked for marked: a clause may be found for its heading alone."""
    if len(heading) > HEADING_LENGTH:
        heading = heading[:HEADING_LENGTH].rpartition(" ")[0].rstrip(" ,;:.") + "…"
    return marked(heading, query_spans(heading, query) if len(query) <= MAX_QUERY else [])


def _with_heading(hit: Hit, cut: Span | None) -> Markup:
    """The clause's words, or the range ``cut`` of them, marked; a heading whole within it stands apart from what follows it."""
    clause = hit.clause
    bounds = cut or Span(0, len(clause.text))
    end = len(clause.heading)
    if not clause.heading or bounds.start > 0 or end >= bounds.end:
        return marked(clause.text, hit.highlights, bounds)
    heading = marked(clause.text, hit.highlights, Span(0, end))
    return Markup('<b class="lead">{}</b> {}').format(heading, marked(clause.text, hit.highlights, Span(end, bounds.end)))
