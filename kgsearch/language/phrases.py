"""Phrases of a corpus, for suggestions while somebody types: frequent runs of words that begin and end where words do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from kgsearch.language.segment import segment

LONGEST_PHRASE = 5
MOST_PHRASES = 3000
LEAST_COUNT = 5
"""How often a phrase must stand in the texts counted."""
# Small words, normalised: a phrase that begins or ends with one says no more than the rest of it.
_SMALL = frozenset(
    (
        "của",
        "và",
        "các",
        "những",
        "cho",
        "tại",
        "theo",
        "về",
        "với",
        "do",
        "để",
        "trong",
        "từ",
        "đến",
        "được",
        "bị",
        "là",
        "thì",
        "mà",
        "có",
        "hoặc",
        "này",
        "đó",
        "nêu",
        "trên",
        "dưới",
        "khi",
        "nếu",
        "sau",
        "trước",
        "không",
        "phải",
        "việc",
    )
)
# What nearly always goes on the same way is a piece of a longer phrase.
_GOES_ON = 0.5

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhraseCounts:
    """Runs of two to LONGEST_PHRASE + 1 words, and how often each stands in the texts counted."""

    counts: Counter[Words] = field(default_factory=Counter)

    def count(self, run: Sequence[str], frequent: Mapping[tuple[str, str], int], least: int) -> None:
        """Add the runs of words in ``run`` (nothing but words between two marks of punctuation) all of whose pairs are ``frequent``."""
        for part in _frequent_parts(run, frequent, least):
            lengths = range(2, min(LONGEST_PHRASE + 1, len(part)) + 1)
            self.counts.update(chain.from_iterable(zip(*(part[start:] for start in range(length)), strict=False) for length in lengths))


def choose(counts: Mapping[Words, int], least: int) -> list[Words]:
    """The phrases worth suggesting, commonest first: whole words at both ends, and not merely a piece of one longer phrase."""
    before, after = _neighbours(counts)
    chosen: list[Words] = []
    candidates = ((words, count) for words, count in counts.items() if count >= least and len(words) <= LONGEST_PHRASE)
    for words, count in sorted(candidates, key=lambda pair: (-pair[1], pair[0])):
        if words[0] in _SMALL or words[-1] in _SMALL:
            continue
        left, right = before.get(words, ("", 0)), after.get(words, ("", 0))
        if max(left[1], right[1]) < _GOES_ON * count and has_whole_words(words, left[0], right[0]):
            chosen.append(words)
            if len(chosen) == MOST_PHRASES:
                break
    return chosen


def has_whole_words(words: Words, before: str, after: str) -> bool:
    """Whether no word begins or ends outside ``words``, judged with the words that most often stand ``before`` and ``after`` them."""
    lead = [before] if before else []
    borders = {0}
    for word in segment(" ".join([*lead, *words, *([after] if after else [])])):
        borders.add(max(borders) + word.text.count("_") + 1)
    return {len(lead), len(lead) + len(words)} <= borders


def _neighbours(counts: Mapping[Words, int]) -> tuple[dict[Words, tuple[str, int]], dict[Words, tuple[str, int]]]:
    """For each run the word that most often stands before it, and after it, with how often."""
    before: dict[Words, tuple[str, int]] = {}
    after: dict[Words, tuple[str, int]] = {}
    for words, count in counts.items():
        if count > before.get(words[1:], ("", 0))[1]:
            before[words[1:]] = (words[0], count)
        if count > after.get(words[:-1], ("", 0))[1]:
            after[words[:-1]] = (words[-1], count)
    return before, after


def _frequent_parts(run: Sequence[str], frequent: Mapping[tuple[str, str], int], least: int) -> Iterator[Sequence[str]]:
    start = 0
    for place, pair in enumerate(pairwise(run), start=1):
        if frequent.get(pair, 0) < least:
            if place - start > 1:
                yield run[start:place]
            start = place
    if len(run) - start > 1:
        yield run[start:]


def runs(words: Iterable[tuple[str, bool]]) -> Iterator[list[str]]:
    """Words, each with whether it goes on from the one before with nothing but space between them, as runs; "" is no word."""
    run: list[str] = []
    for word, goes_on in words:
        if run and (not goes_on or not word):
            yield run
            run = []
        if word:
            run.append(word)
    if run:
        yield run
