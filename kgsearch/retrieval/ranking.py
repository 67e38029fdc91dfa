"""The order that users see: one formula over the candidates of whatever engine found them. Explained in docs/ranking.md.

score = (BM25(syllables) + BM25(bigrams) + 0.2 · H · HC) · (1 + 0.05 · M) · B · (0.75 + 0.25 · O) · P

H is the same sum on the passage's context (title and headings) alone, HC the share of the context's idf that the query has,
M the share of the query's syllables with marks that the passage holds with the same marks: it only decides between near equals.
B is 1 but for a clause of fewer than 12 syllables, whose score falls to 0.6 as it gets shorter: mostly a bare heading, which
matches by its context and says nothing that the clauses below it do not say with it. O is the share of the query's idf that the
clause's own words carry: what says it itself stands before what only stands under a heading that does. P is below 1 for the end of a
document (0.4), its preamble and its footnotes (0.8).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kgsearch.engines.base import BIGRAMS, SYLLABLES, Candidate, Statistics
from kgsearch.language import has_marks, syllable_key
from kgsearch.retrieval.query import Query

SYLLABLE_K1, SYLLABLE_B = 1.2, 0.75
BIGRAM_K1, BIGRAM_B = 0.6, 0.5
HEADING_GATE = 0.2
MARKS_WEIGHT = 0.05
BRIEF = 12
BRIEF_WEIGHT = 0.6
OWN_WEIGHT = 0.25
# Recipients, signatures and legal bases hold the words of half the corpus and are hardly ever what is looked for.
APART = {"conclusions": 0.4, "preamble": 0.8, "fn": 0.8}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with our score."""

    candidate: Candidate
    score: float


def rank(query: Query, candidates: Sequence[Candidate], statistics: Statistics) -> list[Ranked]:
    """The candidates by descending score; equal ones in the order of their passages' ids, so that an order is the same each time."""
    scorer = _Scorer(query, statistics)
    ranked = [Ranked(candidate, scorer.score(candidate)) for candidate in candidates]
    return sorted(ranked, key=lambda found: (-found.score, found.candidate.passage))


def idf(passages: int, frequency: int) -> float:
    """Lucene's inverse document frequency: never negative."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


class _Scorer:
    """Scores candidates of one query."""

    def __init__(self, query: Query, statistics: Statistics) -> None:
        self.syllables = frozenset(query.syllables)
        self.bigrams = frozenset(query.bigrams)
        self.marked = frozenset(syllable for syllable in query.analysis.marked if has_marks(syllable))
        self.statistics = statistics
        self.syllable_idf = self._idfs(SYLLABLES)
        self.bigram_idf = self._idfs(BIGRAMS)

    def _idfs(self, field: str) -> Callable[[str], float]:
        frequencies: Mapping[str, int] = self.statistics.frequencies.get(field, {})
        passages = self.statistics.passages
        return lambda token: idf(passages, frequencies.get(token, 0))

    def score(self, candidate: Candidate) -> float:
        context = [syllable_key(syllable) for syllable in candidate.context]
        text = [syllable_key(syllable) for syllable in candidate.text]
        both = self._match([*context, *text], self._average(SYLLABLES), self._average(BIGRAMS))
        heading = self._match(context, self._average(SYLLABLES), self._average(BIGRAMS))
        gated = HEADING_GATE * heading * self._context_share(context)
        brevity = BRIEF_WEIGHT + (1 - BRIEF_WEIGHT) * min(1.0, len(text) / BRIEF)
        own = 1 - OWN_WEIGHT + OWN_WEIGHT * self._own_share(text)
        apart = APART.get(_place(candidate.clause), 1.0)
        return (both + gated) * (1 + MARKS_WEIGHT * self._marks_share(candidate)) * brevity * own * apart

    def _average(self, field: str) -> float:
        return self.statistics.average_length.get(field, 0.0) or 1.0

    def _match(self, tokens: Sequence[str], average: float, average_bigrams: float) -> float:
        """BM25 of syllables and of bigrams, added raw."""
        pairs = [f"{first}_{second}" for first, second in pairwise(tokens)]
        single = _bm25(tokens, self.syllables, self.syllable_idf, average, SYLLABLE_K1, SYLLABLE_B)
        return single + _bm25(pairs, self.bigrams, self.bigram_idf, average_bigrams, BIGRAM_K1, BIGRAM_B)

    def _context_share(self, context: Sequence[str]) -> float:
        """The share of the context's own idf that the query has: a short heading met whole counts, a long one grazed does not."""
        distinct = set(context)
        whole = sum(self.syllable_idf(token) if token in self.syllables else self._unseen for token in distinct)
        met = sum(self.syllable_idf(token) for token in distinct & self.syllables)
        return met / whole if whole else 0.0

    def _own_share(self, text: Sequence[str]) -> float:
        """The share of the query's idf that the passage's own words carry."""
        whole = sum(map(self.syllable_idf, self.syllables))
        return sum(map(self.syllable_idf, self.syllables.intersection(text))) / whole if whole else 0.0

    @property
    def _unseen(self) -> float:
        """The mean idf of the query's words stands in for that of a context's other words: frequencies are known of the query's only."""
        known = [self.syllable_idf(token) for token in self.syllables]
        return sum(known) / len(known) if known else 0.0

    def _marks_share(self, candidate: Candidate) -> float:
        if not self.marked:
            return 0.0
        held = self.marked.intersection(candidate.text) | self.marked.intersection(candidate.context)
        return len(held) / len(self.marked)


def _place(eid: str) -> str:
    """What stands at the head of an eId: "preamble", "conclusions", "fn", "art" …"""
    return eid.partition("__")[0].partition("_")[0]


def _bm25(tokens: Sequence[str], wanted: frozenset[str], weight: Callable[[str], float], average: float, k1: float, b: float) -> float:
    counts = Counter(token for token in tokens if token in wanted)
    norm = k1 * (1 - b + b * len(tokens) / average)
    return sum(weight(token) * count * (k1 + 1) / (count + norm) for token, count in counts.items())
