"""What every engine agrees on: the score of a term, what covers a query, what a filter lets through, how matches are counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from kgsearch.engines.base import BIGRAMS, SYLLABLES, Phrase, Sort
from kgsearch.language import syllable_key
from kgsearch.models import Filters

#: BM25's saturation and length normalisation: the best of those tried on judged questions over folded syllables and bigrams.
K1 = 0.6
B = 0.5

# Sums of the same numbers in another order differ in their last digits.
_TOLERANCE = 1e-9


class Group(NamedTuple):
    """What the passages of one document share, and filters and facets look at."""

    document: str
    type: str
    issuer: str
    issued: date | None


def inverse_document_frequency(passages: int, holding: int) -> float:
    """Lucene's idf of a term that ``holding`` of ``passages`` passages hold."""
    return math.log1p((passages - holding + 0.5) / (holding + 0.5))


def term_score(idf: float, frequency: float, length: float, average: float) -> float:
    """BM25 of a term that stands ``frequency`` times in a field of ``length`` tokens, ``average`` tokens being usual."""
    return idf * frequency / (frequency + damping(length, average))


def damping(length: float, average: float) -> float:
    """What BM25 holds against a frequency: the same for all terms of a field of ``length`` tokens, ``average`` being usual."""
    return K1 * (1 - B + B * length / average)


def covering(holders: Sequence[tuple[float, Collection[int]]], coverage: float) -> set[int]:
    """The numbers that stand in collections carrying at least ``coverage`` of the summed weights, and in one at least.

    ``holders``: for each term its weight (idf) and the numbers of the passages that hold it.
    """
    ordered = sorted(holders, key=lambda holder: holder[0], reverse=True)
    if coverage >= 1:
        return _in_all([holding for _, holding in ordered])
    remaining = sum(weight for weight, _ in ordered)
    needed = coverage * remaining - _TOLERANCE
    carried: dict[int, float] = {}
    for weight, holding in ordered:
        if remaining >= needed:
            for number in holding:
                carried[number] = carried.get(number, 0.0) + weight
        else:
            # What holds none of the heavier terms cannot reach the mark any more: the common ones need not be walked in full.
            for number in carried.keys() & holding:
                carried[number] += weight
        remaining -= weight
    return {number for number, weight in carried.items() if weight >= needed}


def _in_all(holdings: Sequence[Collection[int]]) -> set[int]:
    """``holdings`` come rarest first, so each step asks for few numbers."""
    found = set(holdings[0])
    for holding in holdings[1:]:
        found = {number for number in found if number in holding}
    return found


def neighbours(sequence: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The field and the tokens of it that a passage with the syllables of ``sequence`` one after another holds."""
    if len(sequence) == 1:
        return SYLLABLES, sequence
    return BIGRAMS, [f"{first}_{second}" for first, second in pairwise(sequence)]


def told_by_neighbours(phrase: Phrase) -> bool:
    """Whether the tokens of `neighbours` alone tell that a passage holds ``phrase``."""
    return not phrase.marked and len(phrase.syllables) <= 2


def holds(phrase: Phrase, syllables: Sequence[str]) -> bool:
    """Whether ``phrase`` stands in a run of syllables with marks: a passage's context or its own words."""
    if phrase.marked:
        return _stands_in(phrase.marked, [syllable.lstrip("0") or "0" if syllable.isdigit() else syllable for syllable in syllables])
    return _stands_in(phrase.syllables, [syllable_key(syllable) for syllable in syllables])


def _stands_in(sequence: Sequence[str], run: Sequence[str]) -> bool:
    # No syllable holds a space.
    return f" {' '.join(sequence)} " in f" {' '.join(run)} "


def admitting(filters: Filters) -> Callable[[Group], bool]:
    """What tells whether ``filters`` let the passages of a group through. Without a date they have no year and lie in no period."""
    # A signer may have signed thousands of documents, and every group is looked up.
    types, issuers, documents = frozenset(filters.types), frozenset(filters.issuers), frozenset(filters.documents)

    def admits(group: Group) -> bool:
        if types and group.type not in types:
            return False
        if issuers and group.issuer not in issuers:
            return False
        if documents and group.document not in documents:
            return False
        return _in_period(filters, group.issued)

    return admits


def _in_period(filters: Filters, issued: date | None) -> bool:
    if issued is None:
        return not (filters.years or filters.issued_from or filters.issued_to)
    if filters.years and issued.year not in filters.years:
        return False
    if filters.issued_from and issued < filters.issued_from:
        return False
    return not (filters.issued_to and issued > filters.issued_to)


def date_rank(issued: date | None, sort: Sort) -> float:
    """Place by date in the order asked for, smallest first; 0 for all when sorted by relevance, undated last otherwise."""
    if sort == "relevance":
        return 0.0
    if issued is None:
        return math.inf
    return float(-issued.toordinal() if sort == "newest" else issued.toordinal())


def count_facets(clauses: Iterable[tuple[Group, int]]) -> Mapping[str, Mapping[str, int]]:
    """Facets of ``clauses``: how many matching clauses each group has. A value that is empty or missing is not counted."""
    facets: dict[str, Counter[str]] = {name: Counter() for name in ("type", "issuer", "year", "document")}
    for group, count in clauses:
        year = str(group.issued.year) if group.issued else ""
        for name, value in (("type", group.type), ("issuer", group.issuer), ("year", year), ("document", group.document)):
            if value:
                facets[name][value] += count
    return facets
