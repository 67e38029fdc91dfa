"""The search: a query becomes a typed citation followed, a document number found, or words matched and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, get_args

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.citations.name_keys import citation_key
from kgsearch.citations.read import read_address
from kgsearch.citations.resolve import Resolution, Target, resolve
from kgsearch.citations.write import cite
from kgsearch.engines.base import Candidate, Engine, EngineResult, Sort
from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import clean, has_marks, tokenise
from kgsearch.models import DocumentRecord, Filters, Hit, Reading, ReadingKind, SearchResult
from kgsearch.retrieval import absent
from kgsearch.retrieval import plan as planning
from kgsearch.retrieval.agencies import in_every_spelling, merged, spellings
from kgsearch.retrieval.candidates import RANKED, ask, holds_all, ordered, reach
from kgsearch.retrieval.fields import Metadata, both, extended, limits_of
from kgsearch.retrieval.freshness import still_holds
from kgsearch.retrieval.grouping import by_document, page_of
from kgsearch.retrieval.grouping import grouped as by_documents
from kgsearch.retrieval.hits import Facets, by_count, counts_of, facets_of, hit_of, hits_of
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.retrieval.named import Naming, Request, find_named, opening
from kgsearch.retrieval.nesting import without_nested
from kgsearch.retrieval.plan import Plan, Vocabulary
from kgsearch.retrieval.query import Query, clean_query
from kgsearch.retrieval.ranking import Ranked
from kgsearch.retrieval.signers import signer_among
from kgsearch.retrieval.suggestions import SUGGESTIONS, Suggester, Suggestion
from kgsearch.retrieval.syntax import Syntax, read_syntax

if TYPE_CHECKING:
    from pathlib import Path

    from kgsearch.config import Settings

MAX_LISTED = 1000
"""Hits of one search for words that can be listed, in whatever order; filters alone list all."""

MAX_RANKED = 3000
"""Passages that are ranked for that. Of the commonest words half are of the same clause as a better one, or stand in one or above."""

MAX_CITATION = 4096
"""Characters of what ``show`` is asked for: several times the longest title in a citation."""

_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What an engine found, in our order: ``kept`` are the hits, ``nested`` what was left out of the first block for standing in or
    above a better one, which neither total nor facets count; ``complete`` where no further page has more."""

    result: EngineResult
    kept: Sequence[Ranked]
    nested: Sequence[Candidate]
    complete: bool


class Searcher:
    """Searches one index. Safe to use from several threads; sees what other processes commit."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        reader: CatalogueReader | None = None,
        engine: Engine | None = None,
        lexicon: Vocabulary | None = None,
    ) -> None:
        """Open the index of ``settings``, or the parts handed in. Raises IndexStateError when there is no usable index."""
        if reader is None or engine is None:
            if settings is None:
                raise ValueError("settings, or reader and engine")
            from kgsearch.engines.following import FollowingEngine
            from kgsearch.engines.whoosh import WhooshEngine

            reader = CatalogueReader(settings.catalogue_path)
            engine = FollowingEngine(settings.engine_path, WhooshEngine)
        self.reader = reader
        self.engine = engine
        self.lexicon = lexicon or Lexicon(settings.lexicon_path if settings else _beside(reader.path))
        self._metadata = Metadata(reader)
        self._suggester = Suggester(self._metadata.documents, lambda begun, most: self.lexicon.phrases(begun, most))

    def search(
        self,
        query: str,
        *,
        filters: Filters = _NO_FILTERS,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
        grouped: bool = False,
    ) -> SearchResult:
        """The hits ``offset`` to ``offset + limit`` of ``query``, best first (or by date).

        ``exact``: nothing is read otherwise than as typed; quotes, exclusions and filters by field hold all the same, and words that
        stand nowhere are said to. ``grouped``: limit
        and offset count documents, in the order of their first hit as far as one block of candidates reaches, then in that of the next
        block, which is of the documents that are left; of each the best HITS_OF_A_DOCUMENT are given.
        Raises UsageError when the query is empty, too long or only leaves words out, for an order that is none or a negative limit or
        offset; IndexStateError when the index cannot be read.
        """
        _refuse_bad_bounds(sort, limit, offset)
        typed = clean_query(query)
        syntax = extended(read_syntax(typed), self._metadata)
        limits = limits_of(syntax, self._metadata)
        narrowed = self._of_signers(both(self._spelt_out(filters), limits.filters)) if limits.filters is not None else None
        said = (*limits.readings, *planning.exclusions(syntax))
        if narrowed is None:
            return SearchResult(typed, typed, 0, (), facets_of(()), readings=_undone(said, exact=exact))
        request = Request(narrowed, sort, limit, offset, grouped)
        result = self._as_typed(syntax, request) if exact else self._understood(syntax, request)
        facets = {**result.facets, "issuer": merged(result.facets.get("issuer", ()))}
        return replace(result, query=typed, facets=facets, readings=_undone((*said, *result.readings), exact=exact))

    def suggest(self, typed: str, limit: int = SUGGESTIONS) -> list[Suggestion]:
        """What may be meant by what is ``typed`` so far, best first. Raises IndexStateError where the catalogue cannot be read."""
        return self._suggester.suggest(typed, limit)

    def status(self) -> dict[str, Any]:
        """The JSON of ``kgsearch status``: how the index stands that is searched."""
        return {
            **self.reader.status(),
            "passages": self.engine.passages(),
            "engine_error": getattr(self.engine, "trouble", None),
            "lexicon": self.lexicon.status(),
        }

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
        resolution = resolve(text, self.reader, citation_key)
        if resolution.clauses or resolution.alone:
            return [*hits_of(resolution.clauses, None), *resolution.alone]
        raise NotFoundError(_nothing_named(text, resolution))

    def _shown(self, document: DocumentRecord, eid: str) -> list[Hit | DocumentRecord]:
        if not eid:
            return [document]
        clause = self.reader.clause(document.id, eid)
        if clause is None:
            raise NotFoundError(
                _("{document} has no clause {eid}; kgsearch show {document} lists what it is.").format(document=document.id, eid=eid)
            )
        return list(hits_of([Target(document, clause)], None))

    # --- how a query is read

    def _as_typed(self, syntax: Syntax, request: Request) -> SearchResult:
        plan = planning.as_typed(syntax)
        return self._carried_out(plan, request)

    def _understood(self, syntax: Syntax, request: Request) -> SearchResult:
        """What the query names, else what its words find, read as far as they need reading."""
        naming = self._named(syntax, request)
        if naming.result is not None:
            return naming.result
        meant, readings = planning.decoded(syntax, self.lexicon)
        if readings:
            naming = self._named(meant, request)
            if naming.result is not None:
                return replace(naming.result, readings=(*readings, *naming.result.readings))
        marked = has_marks(syntax.sought)
        result = self._planned(planning.understood(meant, self.lexicon, marked=marked), meant, request)
        return replace(result, readings=(*readings, *naming.readings, *result.readings))

    def _named(self, syntax: Syntax, request: Request) -> Naming:
        if not (syntax.is_plain and tokenise(syntax.words)):
            return Naming()
        if not request.grouped:
            return find_named(syntax.words, syntax.text, request, self.reader, self._matched)
        # What is named is little: all of it is grouped.
        whole = replace(request, offset=0, limit=MAX_LISTED, grouped=False)
        naming = find_named(syntax.words, syntax.text, whole, self.reader, self._matched)
        result = naming.result
        return replace(naming, result=result and by_documents(result, request.offset, request.limit))

    def _planned(self, plan: Plan, typed: Syntax, request: Request) -> SearchResult:
        """What a plan finds; where no clause holds all that was typed, and one all that was probably meant, what that finds.

        Decided without filters, which only ever take away.
        """
        if plan.suggestion is not None and plan.query is not None and not holds_all(self.engine, plan.query):
            other = planning.understood(read_syntax(plan.suggestion), self.lexicon, marked=True)
            if other.query is not None and holds_all(self.engine, other.query):
                corrected = self._carried_out(other, request)
                reading = Reading(ReadingKind.SPELLING, typed.text, plan.suggestion, typed.text, exact=True)
                return replace(corrected, suggestion=None, readings=(reading, *corrected.readings))
        return self._carried_out(plan, request)

    def _carried_out(self, plan: Plan, request: Request) -> SearchResult:
        if plan.query is None:
            return self._listed(plan.text, request)
        result = self._matched(plan.query, request, plan)
        if any(reading.kind is ReadingKind.SIGNER for reading in result.readings):  # nothing of a name is a slip, and its marks are known
            return result
        return replace(result, understood=plan.text, suggestion=plan.suggestion, readings=(*plan.readings, *result.readings))

    # --- what is found

    def _listed(self, text: str, request: Request) -> SearchResult:
        """Filters alone: where each document begins that they let through, the newest first unless the oldest are asked for."""
        documents = self.reader.documents(request.filters)
        if request.sort == "oldest":
            documents = [*reversed([one for one in documents if one.issued]), *(one for one in documents if not one.issued)]
        page = documents[request.offset : request.offset + request.limit]
        targets = [target for document in page if (target := opening(document, self.reader)) is not None]
        hits = hits_of(targets, None, first=request.offset + 1)
        return SearchResult(text, text, len(documents), tuple(hits), facets_of(documents))

    def _matched(self, query: Query, request: Request, plan: Plan | None = None) -> SearchResult:
        """Words: what has them all; where that is little, what has most of them too. ``plan`` is what they are the query of."""
        typed = query
        query, coverage = reach(self.engine, query, request.sort)
        understood = query.text
        found = self._ranking(query, coverage, request)
        readings = absent.said(absent.absent_words(typed, query, found.result.statistics), plan.text if plan else typed.text)
        signer = signer_among(query, found.result.candidates, self._documents) if plan and plan.understood else None
        if signer is not None:
            query, understood = replace(query, phrases=(signer[1],)), signer[0]
            readings = (Reading(ReadingKind.SIGNER, query.text, understood, query.text, exact=True),)
            found = self._ranking(query, coverage, request)
        groups = by_document(found.kept, _document_of) if request.grouped else [[one] for one in found.kept]
        hits = self._hits(page_of(groups, request.offset, _stop(request) - request.offset, _score_of), query, request.offset)
        facets = self._facets_without(found.result, found.nested)
        total = found.result.total - len(found.nested)
        listable = len(facets["document"]) if request.grouped else total
        listed = min(MAX_LISTED, len(groups) if found.complete else listable)
        return SearchResult(
            query.text, understood, total, tuple(hits), facets, readings=readings, listed=listed if listed < listable else None
        )

    def _ranking(self, query: Query, coverage: float, request: Request) -> _Ranking:
        """The matches in order, as far as the page that is asked for."""
        return (self._documents_ranked if request.grouped else self._clauses_ranked)(query, coverage, request)

    def _clauses_ranked(self, query: Query, coverage: float, request: Request) -> _Ranking:
        # Whole blocks, so that a hit has the same rank whichever page is asked for.
        wanted = min(MAX_RANKED, ((_stop(request) + 50) // RANKED + 1) * RANKED)
        while True:
            found = self._best(query, coverage, request, wanted)
            complete = found.complete or wanted == MAX_RANKED
            if complete or len(found.kept) >= _stop(request):
                return replace(found, complete=complete)
            missing = wanted * (_stop(request) / max(1, len(found.kept)) - 1)
            wanted = min(MAX_RANKED, wanted + RANKED * ceil(missing / RANKED))

    def _documents_ranked(self, query: Query, coverage: float, request: Request) -> _Ranking:
        """Block by block, each of the documents that none before it holds: a few long documents have most of the matches, and more of
        theirs would not be shown."""
        first = block = self._best(query, coverage, request, RANKED)
        kept = list(first.kept)
        unseen = set(first.result.facets["document"])
        for _following in range(MAX_RANKED // RANKED - 1):
            unseen.difference_update(candidate.document for candidate in block.result.candidates)
            if not unseen or not block.result.candidates:
                break
            if len({_document_of(one) for one in kept}) >= _stop(request):
                return replace(first, kept=kept, complete=False)
            rest = replace(request, filters=replace(request.filters, documents=tuple(sorted(unseen))))
            block = self._best(query, coverage, rest, RANKED)
            kept += block.kept
        return replace(first, kept=kept, complete=True)

    def _best(self, query: Query, coverage: float, request: Request, wanted: int) -> _Ranking:
        """The best ``wanted`` candidates in our order; complete where there are no others."""
        result = ask(self.engine, query, coverage, filters=request.filters, sort=request.sort, limit=wanted)
        ranked = ordered(query, result, request.sort)
        kept, nested = without_nested(ranked, self.reader)
        left_out = [ranked[place].candidate for place in nested if place < RANKED]
        return _Ranking(result, kept, left_out, complete=len(result.candidates) < wanted)

    def _facets_without(self, result: EngineResult, left_out: Sequence[Candidate]) -> Facets:
        """The facets of all matches less those that are never hits, so that they add up to the total."""
        documents = self._documents({candidate.document for candidate in left_out})
        less = counts_of(documents[candidate.document] for candidate in left_out if candidate.document in documents)
        counts = {name: {value: count - less[name].get(value, 0) for value, count in held.items()} for name, held in result.facets.items()}
        return by_count(counts)

    def _hits(self, ranked: Sequence[Ranked], query: Query, offset: int) -> list[Hit]:
        records = self.reader.clauses_of([(found.candidate.document, found.candidate.clause) for found in ranked])
        documents = self._documents({found.candidate.document for found in ranked})
        hits: list[Hit] = []
        for found in ranked:
            clause = records.get((found.candidate.document, found.candidate.clause))
            document = documents.get(found.candidate.document)
            if clause is not None and document is not None and still_holds(clause, found.candidate, query):
                hits.append(hit_of(Target(document, clause), offset + len(hits) + 1, found.score, query))
        return hits

    def _spelt_out(self, filters: Filters) -> Filters:
        """The same filters with each agency in every spelling, because engines compare letter by letter."""
        if not filters.issuers:
            return filters
        return in_every_spelling(filters, spellings(document.issuer for document in self._metadata.documents()))

    def _of_signers(self, filters: Filters | None) -> Filters | None:
        """The same filters by the documents that these signed, because engines know of no signers; None where there are none."""
        if filters is None or not filters.signers:
            return filters
        # A page of results asks several times, and a signer may have signed thousands.
        signed = {document.id for document in self._metadata.documents() if document.signer in filters.signers}
        documents = signed.intersection(filters.documents) if filters.documents else signed
        return replace(filters, signers=(), documents=tuple(sorted(documents))) if documents else None

    def _documents(self, identifiers: Iterable[str]) -> dict[str, DocumentRecord]:
        found = self.reader.documents(Filters(documents=tuple(sorted(identifiers)))) if identifiers else []
        return {document.id: document for document in found}


def _beside(catalogue: Path) -> Path:
    """The lexicon of the index that a catalogue belongs to."""
    return catalogue.parent / "lexicon"


def _stop(request: Request) -> int:
    """How many hits, or documents, there must be for the page that is asked for; 0 for one behind all that is listed."""
    return min(request.offset + request.limit, MAX_LISTED) if request.offset < MAX_LISTED else 0


def _undone(readings: Sequence[Reading], *, exact: bool) -> tuple[Reading, ...]:
    """The readings of a query: what is left of one that is taken ``exact``ly as typed when a part of it is taken out is taken so too."""
    return tuple(replace(reading, exact=exact or reading.exact) for reading in readings)


def _document_of(found: Ranked) -> str:
    return found.candidate.document


def _score_of(found: Ranked) -> float:
    return found.score


def _refuse_bad_bounds(sort: str, limit: int, offset: int) -> None:
    if sort not in get_args(Sort):
        raise UsageError(_("There is no order “{sort}”; the orders are: {known}.").format(sort=sort, known=", ".join(get_args(Sort))))
    if limit < 0 or offset < 0:
        raise UsageError(
            _("A search gives 0 hits or more from place 0 on; {limit} from {offset} were asked for.").format(limit=limit, offset=offset)
        )


def _nothing_named(text: str, resolution: Resolution) -> str:
    if resolution.documents:
        named = "; ".join(cite(document, full=False) for document in resolution.documents[:3])
        return _("{named} has no such clause: {text}.").format(named=named, text=text)
    return _("Nothing in the catalogue is named {text}; search for it with: kgsearch search.").format(text=f'"{text[:120]}"')
