"""How often each syllable occurs in a corpus and which stands after which: the table that restoring marks and spelling share.

Kept as flat arrays, not as dictionaries: a query reads a few hundred of some hundred thousand pairs, so what counts is that nothing has
to be built before the first one is read.
"""

from __future__ import annotations

import math
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise

BOUNDARY = 0
"""The id of what is no word of the table: the edge of a clause, a figure, a word never met."""

MAX_WORDS = 65_535
"""The most words a table holds: ids have two bytes. The rarest of a larger corpus are left out."""

DISCOUNT = 0.75
"""What absolute discounting takes from each count. n1 / (n1 + 2 n2) of the corpora measured is 0.68 to 0.77, and nothing depends on it."""

_MAX_PAIR = 65_535


class Bigrams:
    """The words of a corpus, in alphabetical order, ids from 1, and the counts of their neighbouring pairs.

    ``counts[id]`` is how often a word occurs; the words that follow it are ``followers[starts[id]:starts[id + 1]]``, ascending, and
    ``pairs`` at the same places how often each does; ``heads[id]`` is after how many different words it stands.
    """

    def __init__(
        self, words: Sequence[str], counts: array[int], starts: array[int], followers: array[int], pairs: array[int], heads: array[int]
    ) -> None:
        """Raises ValueError where the arrays do not fit one another: they may have come from a damaged file."""
        size = len(words) + 1
        if size > MAX_WORDS + 1 or not len(counts) == len(heads) == size or len(starts) != size + 1 or len(followers) != len(pairs):
            raise ValueError("the arrays of the table differ in length")
        if starts[0] != 0 or starts[-1] != len(followers) or any(map(int.__gt__, starts, starts[1:])) or max(followers, default=0) >= size:
            raise ValueError("the rows of the table are out of bounds")
        self.words = ("", *words)
        self.counts, self.starts, self.followers, self.pairs, self.heads = counts, starts, followers, pairs, heads

    @classmethod
    def learn(cls, words: Counter[str], pairs: Mapping[tuple[str, str], int]) -> Bigrams:
        """The table of counted words and pairs; "" in a pair is the edge of a clause."""
        kept = sorted(word for word, _count in words.most_common(MAX_WORDS) if word)
        ids = {word: number for number, word in enumerate(kept, start=1)}
        rows: list[Counter[int]] = [Counter() for _ in range(len(kept) + 1)]
        for (first, second), count in pairs.items():
            rows[ids.get(first, BOUNDARY)][ids.get(second, BOUNDARY)] += count
        heads = Counter(chain.from_iterable(rows))
        ordered = [sorted(row.items()) for row in rows]
        return cls(
            kept,
            array("I", (rows[BOUNDARY].total(), *(words[word] for word in kept))),
            array("I", accumulate(map(len, ordered), initial=0)),
            array("H", (follower for row in ordered for follower, _count in row)),
            array("H", (min(count, _MAX_PAIR) for row in ordered for _follower, count in row)),
            array("H", (min(heads[number], _MAX_PAIR) for number in range(len(kept) + 1))),
        )

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Word -> id."""
        return {word: number for number, word in enumerate(self.words) if word}

    @cached_property
    def _continuations(self) -> Sequence[float]:
        """For each word the share of all contexts that it continues; one more than there are, so that none is 0."""
        total = len(self.followers) + len(self.words)
        return [(heads + 1) / total for heads in self.heads]

    def pair(self, first: int, second: int) -> int:
        """How often the word ``second`` stands after ``first``."""
        end = self.starts[first + 1]
        place = bisect_left(self.followers, second, self.starts[first], end)
        return self.pairs[place] if place < end and self.followers[place] == second else 0

    def log_probability(self, first: int, second: int) -> float:
        """ln P(second | first): absolute discounting, backing off to the share of contexts that ``second`` continues (Kneser and
        Ney, 1995)."""
        start, end = self.starts[first], self.starts[first + 1]
        share = self._continuations[second]
        if start < end:
            whole = self.counts[first] or 1
            share *= min(DISCOUNT * (end - start) / whole, 1.0)
            place = bisect_left(self.followers, second, start, end)
            if place < end and self.followers[place] == second:
                share += (self.pairs[place] - DISCOUNT) / whole
        return math.log(share)


def count(syllables: Iterable[str], words: Counter[str], pairs: Counter[tuple[str, str]]) -> None:
    """Add one clause's words, in order, to the counts; "" stands for what is no word."""
    ordered = ["", *syllables, ""]
    words.update(ordered)
    pairs.update(pairwise(ordered))


def to_little_endian(values: array[int]) -> bytes:
    """``values`` as bytes that mean the same on every machine."""
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def from_little_endian(typecode: str, data: bytes) -> array[int]:
    """The array that `to_little_endian` made ``data`` of. Raises ValueError where its length is not one of whole values."""
    values: array[int] = array(typecode)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
