"""What a query names: a clause by its citation, a document by its number. What it names is given, or it is said that there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.name_keys import citation_key
from kgsearch.citations.numbers import find_numbers, number_key
from kgsearch.citations.read import TypedCitation, read_address, read_citations
from kgsearch.citations.resolve import Resolution, Target, resolve
from kgsearch.engines.base import Sort
from kgsearch.models import DocumentRecord, Filters, Hit, Reading, ReadingKind, SearchResult
from kgsearch.retrieval.hits import facets_of, hits_of, named, passes, read_as, renumbered
from kgsearch.retrieval.query import Query, read_query

_SHOWN = 3
# "số 41", "12/2021": the number of a document of which the symbol was left out, if there is such a document.
_FIGURE_ALONE = re.compile(
    r"s[oố] ?[:.]? ?0*(?P<alone>[1-9]\d{0,5})|(?:s[oố] ?[:.]? ?)?0*(?P<dated>[1-9]\d{0,5}) ?/ ?(?P<year>(?:19|20)\d\d)"
)
MOST_NAMING = 300
"""Clauses that name a document's number, of which so many are given at most."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for beside the words: which documents, in which order, which part of the list."""

    filters: Filters
    sort: Sort
    limit: int
    offset: int
    grouped: bool = False


class Matching(Protocol):
    """The search by words."""

    def __call__(self, query: Query, request: Request, /) -> SearchResult:
        """Clauses that have the words."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a query was found to name: its ``result``, or None where words are to be searched, with what is to be said of it."""

    result: SearchResult | None = None
    readings: tuple[Reading, ...] = ()


def find_named(text: str, query: str, request: Request, reader: CatalogueReader, match: Matching) -> Naming:
    """What ``text`` names: the words of ``query`` besides which it holds nothing but filters."""
    if figure := _FIGURE_ALONE.fullmatch(text.lower()):
        documents = _of_year(reader.by_figure(figure["alone"] or figure["dated"]), figure["year"])
        return _numbered(documents, query, request, reader, match)
    typed = read_citations(text)
    if not (read_address(text) or any(citation.cites for citation in typed)):
        return Naming()
    found = _Found(text, query, request, reader, resolve(text, reader, citation_key))
    resolution = found.resolution
    if resolution.clauses:
        return Naming(found.clauses())
    # "535 nq hdnd" names a number though its parts are words too.
    if resolution.documents and not (resolution.rest and any(citation.rest for citation in typed)):
        missing = resolution.documents != resolution.alone
        return Naming(found.missing_clause(typed) if missing else found.documents(match))
    return Naming(readings=found.missing(typed))


def opening(document: DocumentRecord, reader: CatalogueReader) -> Target | None:
    """Where a document begins to say something: what a reader wants to see of it."""
    clause = reader.opening(document.id)
    return Target(document, clause) if clause else None


def _of_year(documents: Sequence[DocumentRecord], year: str | None) -> list[DocumentRecord]:
    """Those whose number has the year, "12/2021/QĐ-UBND"; all where none is given."""
    return [document for document in documents if not year or f"/{year}/" in f"{document.number}/"]


def _numbered(of_figure: Sequence[DocumentRecord], query: str, request: Request, reader: CatalogueReader, match: Matching) -> Naming:
    """A document's number without its symbol: where each document begins that has it, then the clauses that hold the words."""
    documents = [document for document in of_figure if passes(document, request.filters)][:MOST_NAMING]
    if not documents:
        return Naming()
    words = read_query(query)
    stop = request.offset + request.limit
    openings = [target for document in documents[:stop] if (target := opening(document, reader)) is not None]
    begun = {document.id for document in documents}
    found = match(words, Request(request.filters, request.sort, MOST_NAMING, 0)).hits
    others = [hit for hit in found if hit.document.id not in begun]
    hits = [*hits_of(openings, words), *others] if stop > len(documents) else hits_of(openings, words)
    understood = named(documents)
    reading = Reading(ReadingKind.CITATION, query, understood, query, exact=True)
    facets = facets_of([*documents, *(hit.document for hit in others)])
    page = renumbered(hits[request.offset : stop], request.offset)
    return Naming(SearchResult(query, understood, len(documents) + len(others), page, facets, readings=(reading,)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A query that names something, and what it was resolved to."""

    text: str
    query: str
    request: Request
    reader: CatalogueReader
    resolution: Resolution

    def clauses(self) -> SearchResult:
        """Typed citations: the clauses they name, where a document begins that is cited whole, and nothing else."""
        whole = [target for document in self.resolution.alone if (target := opening(document, self.reader)) is not None]
        targets = [target for target in (*self.resolution.clauses, *whole) if passes(target.document, self.request.filters)]
        page = targets[self.request.offset : self.request.offset + self.request.limit]
        hits = hits_of(page, None, first=self.request.offset + 1)
        facets = facets_of(target.document for target in targets)
        understood = read_as(targets) or self.text
        return SearchResult(self.query, understood, len(targets), tuple(hits), facets, readings=(self._reading(understood),))

    def documents(self, match: Matching) -> SearchResult:
        """A document number alone: where each document of that number begins, then the clauses that name the number."""
        documents = [document for document in self.resolution.documents if passes(document, self.request.filters)]
        own = {document.id for document in self.resolution.documents}
        numbers = dict.fromkeys(document.number for document in self.resolution.documents if document.number)
        naming = [hit for number in numbers for hit in self._naming(number, match) if hit.document.id not in own]
        understood = named(documents) or self.text
        return self._given([*self._openings(documents), *naming], understood, self._reading(understood))

    def missing_clause(self, typed: Sequence[TypedCitation]) -> SearchResult:
        """A citation of a clause that its document does not have: where the document begins, and that it has no such clause."""
        documents = [document for document in self.resolution.documents if passes(document, self.request.filters)]
        return self._given(self._openings(documents), self.text, self._missing_clause(typed))

    def missing(self, typed: Sequence[TypedCitation]) -> tuple[Reading, ...]:
        """What to say where words are searched though something was cited."""
        if self.resolution.documents:
            return (self._missing_clause(typed),) if any(citation.paths for citation in typed) else ()
        if not any(citation.cites for citation in typed):
            return ()
        numbers = "; ".join(self.text[start:end] for start, end, _number in find_numbers(self.text))
        # Among other words a name without a number cannot be told from them.
        cited = numbers or ("" if any(citation.rest for citation in typed) else self.text)
        return (Reading(ReadingKind.MISSING_DOCUMENT, cited, "", self.query, exact=True),) if cited else ()

    def _missing_clause(self, typed: Sequence[TypedCitation]) -> Reading:
        paths = [" ".join(f"{name} {number}" for name, number in path) for citation in typed for path in citation.paths]
        cited = "; ".join(paths[:_SHOWN]) or self.text
        return Reading(ReadingKind.MISSING_CLAUSE, cited, named(self.resolution.documents), self.query, exact=True)

    def _reading(self, understood: str) -> Reading:
        return Reading(ReadingKind.CITATION, self.text, understood, self.query, exact=True)

    def _openings(self, documents: list[DocumentRecord]) -> list[Hit]:
        targets = [target for document in documents if (target := opening(document, self.reader)) is not None]
        return hits_of(targets, read_query(self.text))

    def _given(self, hits: list[Hit], understood: str, reading: Reading) -> SearchResult:
        start = self.request.offset
        page = renumbered(hits[start : start + self.request.limit], start)
        return SearchResult(self.query, understood, len(hits), page, facets_of(hit.document for hit in hits), readings=(reading,))

    def _naming(self, number: str, match: Matching) -> list[Hit]:
        """The clauses whose own words name a document's number: those that only hold its parts, or stand under it, do not."""
        key = number_key(number)
        hits = match(read_query(number), Request(self.request.filters, self.request.sort, MOST_NAMING, 0)).hits
        return [hit for hit in hits if any(number_key(found) == key for _start, _end, found in find_numbers(hit.clause.text))]
