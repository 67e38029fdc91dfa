"""The page of results: one search as an address, its filters with counts, its pages, and what to try when nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import DocumentRecord, Filters, Hit, ReadingKind, SearchResult, Span
from kgsearch.retrieval.readings import EXPLAINS_NOTHING, sentence
from kgsearch.retrieval.searcher import MAX_LISTED
from kgsearch.retrieval.syntax import read_syntax
from kgsearch.server.formats import day
from kgsearch.server.highlighting import marked, snippet
from kgsearch.server.outline import Citations
from kgsearch.server.parameters import MAX_OFFSET, Arguments, exactly, filter_pairs, filters_of, query_string, sort_order, whole_number
from kgsearch.server.service import SORTS, SearchService, Sort

PAGE_SIZE = 10
# Filters alone list every document, however many there are.
MAX_PAGE = MAX_OFFSET // PAGE_SIZE
# A list of filters shows this many values at once, the others on request.
SHOWN_VALUES = 6
# A province has 25,000 documents; a list of them all helps nobody and costs a look-up each.
MAX_FACET_VALUES = 30


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of results as its address names it."""

    query: str
    filters: Filters
    sort: Sort
    page: int
    exact: bool = False

    @classmethod
    def read(cls, arguments: Arguments) -> PageRequest:
        """The request in a query string. Raises UsageError for a bad filter, order or page; what is unknown is ignored."""
        return cls(
            query=arguments.get("q", "").strip(),
            filters=filters_of(arguments),
            sort=sort_order(arguments),
            page=whole_number(arguments, "page", 1, 1, MAX_PAGE),
            exact=exactly(arguments),
        )

    def address(self) -> str:
        """``/search?…`` of this request, without what is at its default."""
        pairs = [("q", self.query), *filter_pairs(self.filters)]
        if self.sort != SORTS[0]:
            pairs.append(("sort", self.sort))
        if self.exact:
            pairs.append(("exact", "1"))
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
class FacetValue:
    """A value that a search can be limited to, and how many clauses it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One list of the form of filters; ``rest`` are the values that are shown on request."""

    name: str
    title: str
    shown: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]

    @property
    def chosen(self) -> bool:
        """Whether any of its values limits the search."""
        return any(value.chosen for value in self.shown + self.rest)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it: ``excerpt`` is HTML; ``whole`` is the marked clause where the excerpt is not all of it."""

    hit: Hit
    address: str
    excerpt: Markup
    cut_before: bool
    cut_after: bool
    whole: Markup
    citations: Citations


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another search that finds something."""

    query: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class ShownReading:
    """What a part of the query was read as, in a sentence, and the address of the search that does not read it so; ``notice``: it is
    why something was not found."""

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
    documents: tuple[DocumentRecord, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    unfiltered_total: int
    alternatives: tuple[Alternative, ...]
    last_page: int

    @property
    def listed_only(self) -> int:
        """How many of the best matches are listed where there are more than a list ever holds, else 0."""
        return _listed(self.result) if self.result.total > MAX_LISTED and self.result.listed is not None else 0


def results_page(service: SearchService, request: PageRequest) -> ResultsPage:
    """Search, and gather what the page of results shows. Raises UsageError and IndexStateError as the search does."""
    result = _search(service, request, limit=PAGE_SIZE)
    titles = _document_titles(service, request, result)
    nothing = result.total == 0
    return ResultsPage(
        request=request,
        result=result,
        readings=tuple(_readings(request, result)),
        hits=tuple(_shown(hit, _words_looked_for(request, result)) for hit in result.hits),
        documents=_named_documents(service, request),
        facets=tuple(_facets(service, request, result, titles)),
        chips=tuple(_chips(request, titles)),
        unfiltered_total=_search(service, request.unfiltered(), limit=1).total if nothing and request.filters else result.total,
        alternatives=tuple(_alternatives(service, request)) if nothing else (),
        last_page=max(1, -(-_listed(result) // PAGE_SIZE)),
    )


def _listed(result: SearchResult) -> int:
    return result.total if result.listed is None else result.listed


def short_name(document: DocumentRecord) -> str:
    """A document's type and number, its title where it has no number."""
    return f"{document.type} {document.number}".strip() if document.number else (document.title or document.type or document.id)


def _search(service: SearchService, request: PageRequest, limit: int) -> SearchResult:
    offset = (request.page - 1) * PAGE_SIZE
    return service.search(request.query, filters=request.filters, sort=request.sort, limit=limit, offset=offset, exact=request.exact)


def _readings(request: PageRequest, result: SearchResult) -> Iterator[ShownReading]:
    """What there is to say of how the query was read."""
    for reading in result.readings:
        undo = _("Remove") if reading.kind in (ReadingKind.FILTER, ReadingKind.UNKNOWN_VALUE) else _("Search as typed")
        address = request.asking(reading.undo, exact=reading.exact).address()
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


def _shown(hit: Hit, query: str) -> ShownHit:
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
        excerpt=_with_heading(hit, cut),
        cut_before=cut.start > 0,
        cut_after=cut.end < len(clause.text),
        whole=whole,
        citations=Citations.of_hit(hit),
    )


def _facets(service: SearchService, request: PageRequest, result: SearchResult, titles: Mapping[str, str]) -> list[Facet]:
    names = {"type": _("Type of document"), "issuer": _("Issuing agency"), "year": _("Year"), "document": _("Document")}
    lists = []
    for name, title in names.items():
        chosen = {value for filtered, value in filter_pairs(request.filters) if filtered == name}
        counts = dict(result.facets.get(name, ()))
        if chosen:
            # The other values of a list that is already limited are counted as if it were not, so that they can be added.
            counts = dict(_search(service, request.without(name), limit=1).facets.get(name, ()))
        counts |= {value: 0 for value in chosen if value not in counts}
        kept = [value for value in counts if value in chosen] + [value for value in counts if value not in chosen][:MAX_FACET_VALUES]
        values = [FacetValue(value, titles.get(value, value), counts[value], value in chosen) for value in kept]
        split = max(SHOWN_VALUES, len(chosen))
        if values:
            lists.append(Facet(name, title, tuple(values[:split]), tuple(values[split:])))
    return lists


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
    records = (service.reader.document(identifier) for identifier in ids)
    return {record.id: short_name(record) for record in records if record is not None}


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


def _with_heading(hit: Hit, cut: Span | None) -> Markup:
    """The clause's words, or the range ``cut`` of them, marked; a heading whole within it stands apart from what follows it."""
    clause = hit.clause
    bounds = cut or Span(0, len(clause.text))
    end = len(clause.heading)
    if not clause.heading or bounds.start > 0 or end >= bounds.end:
        return marked(clause.text, hit.highlights, bounds)
    heading = marked(clause.text, hit.highlights, Span(0, end))
    return Markup('<b class="lead">{}</b> {}').format(heading, marked(clause.text, hit.highlights, Span(end, bounds.end)))
