"""The order that users see: one formula over the candidates of whatever engine found them. Explained, with figures, in docs/ranking.md.

score = (BM25(syllables) + BM25(bigrams) + 0.3 · H · HC²) · (1 + 0.05 · M) · B · (0.9 + 0.1 · O) · P

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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kgsearch.engines.base import BIGRAMS, SYLLABLES, Candidate, Statistics
from kgsearch.language import has_marks, syllable_key
from kgsearch.retrieval.query import Query

SYLLABLE_K1, SYLLABLE_B = 1.2, 0.75
BIGRAM_K1, BIGRAM_B = 0.6, 0.5
HEADING_GATE = 0.3
MARKS_WEIGHT = 0.05
BRIEF = 12
BRIEF_WEIGHT = 0.6
# More costs where the words of a question are divided between an article's heading and its text.
OWN_WEIGHT = 0.1
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
        self.marked = frozenset(syllable for syllable in query.analysis.marked if has_marks(syllable))
        self.syllables = _weights(query.syllables, statistics, SYLLABLES)
        self.bigrams = _weights(query.bigrams, statistics, BIGRAMS)
        self.whole = sum(self.syllables.values())
        # Stands in for the idf of a context's other words: frequencies are known of the query's only.
        self.unseen = self.whole / len(self.syllables) if self.syllables else 0.0
        self.average = statistics.average_length.get(SYLLABLES) or 1.0
        self.average_bigrams = statistics.average_length.get(BIGRAMS) or 1.0

    def score(self, candidate: Candidate) -> float:
        context = [syllable_key(syllable) for syllable in candidate.context]
        text = [syllable_key(syllable) for syllable in candidate.text]
        both = self._match([*context, *text])
        # Squared: a heading that the query says all but a word of is worth much more than one of which it says half.
        gated = HEADING_GATE * self._match(context) * self._context_share(context) ** 2
        brevity = BRIEF_WEIGHT + (1 - BRIEF_WEIGHT) * min(1.0, len(text) / BRIEF)
        own = 1 - OWN_WEIGHT + OWN_WEIGHT * self._own_share(text)
        apart = APART.get(_place(candidate.clause), 1.0)
        return (both + gated) * (1 + MARKS_WEIGHT * self._marks_share(candidate)) * brevity * own * apart

    def _match(self, tokens: Sequence[str]) -> float:
        """BM25 of syllables and of bigrams, added raw."""
        singles = Counter(token for token in tokens if token in self.syllables)
        # Most tokens begin no bigram of the query: only for those that do are two joined.
        pairs = Counter(f"{first}_{second}" for first, second in pairwise(tokens) if first in self.syllables and second in self.syllables)
        length, length_bigrams = len(tokens) / self.average, max(0, len(tokens) - 1) / self.average_bigrams
        return _bm25(singles, self.syllables, SYLLABLE_K1, SYLLABLE_B, length) + _bm25(
            pairs, self.bigrams, BIGRAM_K1, BIGRAM_B, length_bigrams
        )

    def _context_share(self, context: Sequence[str]) -> float:
        """The share of the context's own idf that the query has: a short heading met whole counts, a long one grazed does not."""
        distinct = set(context)
        met = [weight for syllable, weight in self.syllables.items() if syllable in distinct]
        whole = sum(met) + self.unseen * (len(distinct) - len(met))
        return sum(met) / whole if whole else 0.0

    def _own_share(self, text: Sequence[str]) -> float:
        """The share of the query's idf that the passage's own words carry."""
        held = set(text)
        return sum(weight for syllable, weight in self.syllables.items() if syllable in held) / self.whole if self.whole else 0.0

    def _marks_share(self, candidate: Candidate) -> float:
        if not self.marked:
            return 0.0
        held = self.marked.intersection(candidate.text) | self.marked.intersection(candidate.context)
        return len(held) / len(self.marked)


def _weights(tokens: Iterable[str], statistics: Statistics, field: str) -> Mapping[str, float]:
    """The idf of each token."""
    frequencies: Mapping[str, int] = statistics.frequencies.get(field, {})
    return {token: idf(statistics.passages, frequencies.get(token, 0)) for token in tokens}


def _place(eid: str) -> str:
    """What stands at the head of an eId: "preamble", "conclusions", "fn", "art" …"""
    return eid.partition("__")[0].partition("_")[0]


def _bm25(counts: Mapping[str, int], weights: Mapping[str, float], k1: float, b: float, length: float) -> float:
    """``counts`` of tokens; ``length`` of what holds them, as a multiple of the average."""
    norm = k1 * (1 - b + b * length)
    return sum(weights[token] * count * (k1 + 1) / (count + norm) for token, count in counts.items() if token in weights)
