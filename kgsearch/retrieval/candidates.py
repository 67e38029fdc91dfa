"""What an engine is asked for a query, and how much of the query a passage must hold to be a match at all."""

from __future__ import annotations

from dataclasses import replace

from kgsearch.engines.base import BIGRAMS, SYLLABLES, Engine, EngineQuery, EngineResult, Sort
from kgsearch.models import Filters
from kgsearch.retrieval.query import Query
from kgsearch.retrieval.ranking import Ranked, rank
from kgsearch.retrieval.synonyms import as_typed

RANKED = 300
"""How many candidates are scored by our formula at once; more change nothing on the first pages."""

SHORT = 6
"""Syllables up to which a query is words that all belong together. A longer one is a question or a sentence, and the clause that
answers it hardly ever holds every word of it."""

ENOUGH = 10
"""Where fewer passages hold every word of a short query, those that hold most of it are matches too."""

PARTIAL_COVERAGE = 0.4
"""The share of a short query's idf that a match must carry where it need not hold every word. To ask for more where that leaves
enough loses what a slip hides: the word with the slip may be the rarest."""

QUESTION_COVERAGES = (0.5, 0.25)
"""The same for a longer one: the first where it leaves as many as are RANKED, else the second. What holds a quarter of a question may
answer it, but where hundreds hold half, thousands that hold a quarter only swell the total."""

_NO_FILTERS = Filters()


def reach(engine: Engine, query: Query, sort: Sort = "relevance") -> tuple[Query, float]:
    """The query without words that occur nowhere (unless none does), and how much of it a match must carry.

    Decided without filters and exclusions, so that they only ever take away.
    """
    if query.codes:
        # "84%" is not Điều 84, and a date is one day, in figures or in words.
        if _whole(engine, query).total:
            return query, 1.0
        query = replace(query, codes=())
    whole = _whole(engine, query)
    frequencies = whole.statistics.frequencies.get(SYLLABLES, {})
    known = tuple(syllable for syllable in query.syllables if frequencies.get(syllable))
    if known and len(known) < len(query.syllables):
        query = replace(query, syllables=known)
        whole = _whole(engine, query)
    # In an order by date, what holds a quarter of the question would stand before what answers it.
    if len(query.syllables) > SHORT and sort == "relevance":
        most, least = QUESTION_COVERAGES
        return query, most if _counted(engine, query, most).total >= RANKED else least
    return query, 1.0 if whole.total >= ENOUGH or len(query.syllables) == 1 else PARTIAL_COVERAGE


def holds_all(engine: Engine, query: Query) -> bool:
    """Whether some passage holds every word of the query, filters and exclusions aside."""
    return _whole(engine, query).total > 0


def ask(
    engine: Engine, query: Query, coverage: float, *, filters: Filters = _NO_FILTERS, sort: Sort = "relevance", limit: int = RANKED
) -> EngineResult:
    """The best ``limit`` matches by the engine's own score (or date), with totals and facets of all."""
    # Not WORDS: they change no candidate and no order, and the model that finds them is slow to load.
    terms = {SYLLABLES: query.codes or query.syllables, BIGRAMS: query.bigrams}
    return engine.search(EngineQuery(terms, coverage, filters, sort, limit, query.phrases, query.excluded, query.standing_for))


def ordered(query: Query, result: EngineResult, sort: Sort = "relevance") -> list[Ranked]:
    """The candidates with our scores: in our order block by block, or by date as the engine has them."""
    found = as_typed(result.candidates, query.synonyms)
    ranked = [one for start in range(0, len(found), RANKED) for one in rank(query, found[start : start + RANKED], result.statistics)]
    if sort == "relevance":
        return ranked
    scores = {one.candidate.passage: one.score for one in ranked}
    return [Ranked(candidate, scores[candidate.passage]) for candidate in found]


def _whole(engine: Engine, query: Query) -> EngineResult:
    return _counted(engine, query, 1.0)


def _counted(engine: Engine, query: Query, coverage: float) -> EngineResult:
    """How many clauses match, exclusions aside; no candidates."""
    return ask(engine, replace(query, excluded=()), coverage, limit=0)
