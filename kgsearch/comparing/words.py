"""The words in which two texts differ.

The standard library's difflib, on texts that are clauses already aligned: its longest common block reads better than the shortest edit,
which keeps every "và" and "của" that two passages happen to share. Repetition makes it dear, and so do many small differences in a long
text, so its steps are counted while it works; texts that take too many are compared by sentence, and where that is too dear as well they
differ whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from kgsearch.language import Token, nfc
from kgsearch.language.normalise import place_tone, split_tones
from kgsearch.models import Span

# For each block of equal words that it finds, difflib goes through the words around it and the places where each stands in the other
# text. So many of these steps take a quarter to half a second; a clause of three thousand words takes fewer, were every eighth another.
MAX_STEPS = 2_000_000
# Of one page: a few clauses that are as dear as can be, or hundreds of ordinary ones.
PAGE_STEPS = 10_000_000
# A run of so few equal words between two changes is chance, and reads better as part of them.
SHORT_RUN = 3

# A figure or a date is one word: of 8.000.000 and 8.500.000 not the middle alone differs.
_TOKEN = re.compile(r"\d++(?:[.,/]\d++)+|\w+|[^\w\s]")
_SENTENCE_ENDS = frozenset(".;:!?")

Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]
Spans = list[Span]


@dataclass(slots=True)
class Effort:
    """What is left to spend on comparing words, in steps of difflib; shared by the clauses of one page."""

    left: int = PAGE_STEPS

    def opcodes(self, first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Opcode] | None:
        """difflib's opcodes, None where they take more than MAX_STEPS or than is left; what was spent on them is gone in any case."""
        matcher = _BoundedMatcher(first, second, min(MAX_STEPS, self.left))
        try:
            return matcher.get_opcodes()
        except _TooDearError:
            return None
        finally:
            self.left -= matcher.spent


class _TooDearError(Exception):
    """Two sequences take more steps to compare than they may."""


class _BoundedMatcher(SequenceMatcher[int]):
    """A SequenceMatcher that raises _TooDearError before it takes more than ``most`` steps."""

    def __init__(self, first: Sequence[Hashable], second: Sequence[Hashable], most: int) -> None:
        # A sentence is a long tuple, and its hash is not kept.
        numbers: dict[Hashable, int] = {}
        one, other = ([numbers.setdefault(item, len(numbers)) for item in items] for items in (first, second))
        super().__init__(None, one, other, autojunk=False)
        counts = Counter(other)
        self._steps = [0, *accumulate(1 + counts[item] for item in one)]
        self._most = most
        self.spent = 0

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        steps = self._steps[-1 if ahi is None else ahi] - self._steps[alo]
        if self.spent + steps > self._most:
            raise _TooDearError
        self.spent += steps
        return super().find_longest_match(alo, ahi, blo, bhi)


def tokens_of(text: str) -> list[Token]:
    """The words and signs of ``text``, each by what it is compared by, where it stands."""
    return [Token(word_key(match[0]), *match.span()) for match in _TOKEN.finditer(text)]


def keys_of(text: str) -> tuple[str, ...]:
    """What the words and signs of ``text`` are compared by, in order."""
    return tuple(map(word_key, _TOKEN.findall(text)))


@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> str:
    """What a word is compared by: the word itself, composed, its tone mark where the older spelling puts it (hoà is hòa); case counts."""
    word = nfc(word)
    bare, tones = split_tones(word.lower())
    if len(tones) != 1 or len(bare) != len(word):
        return word
    placed = place_tone(bare, tones)
    if len(placed) != len(word):
        return word
    return "".join(letter.upper() if model.isupper() else letter for letter, model in zip(placed, word, strict=True))


def differing_words(left: str, right: str, effort: Effort) -> tuple[Spans, Spans]:
    """The ranges of ``left`` that are not in ``right``, and those of ``right`` that are not in ``left``; in order, apart.

    They begin and end with a word or a sign. Where ``effort`` does not suffice for the words whole sentences differ, or everything.
    """
    one, other = tokens_of(left), tokens_of(right)
    lefts: Spans = []
    rights: Spans = []
    for _tag, from_left, to_left, from_right, to_right in _changes(one, other, effort):
        lefts += _span(one[from_left:to_left])
        rights += _span(other[from_right:to_right])
    return lefts, rights


def _span(tokens: Sequence[Token]) -> Spans:
    return [Span(tokens[0].start, tokens[-1].end)] if tokens else []


def _changes(one: Sequence[Token], other: Sequence[Token], effort: Effort) -> list[Opcode]:
    first, second = [token.text for token in one], [token.text for token in other]
    head = _common(first, second)
    tail = _common(first[head:][::-1], second[head:][::-1])
    first, second = first[head : len(first) - tail], second[head : len(second) - tail]
    if not first and not second:
        return []
    found = _within(first, second, effort)
    return [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in found]


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words both begin with."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))


def _within(first: Sequence[str], second: Sequence[str], effort: Effort) -> list[Opcode]:
    by_word = effort.opcodes(first, second)
    if by_word is not None:
        return _without_short_runs(by_word)
    parts, others = _sentences(first), _sentences(second)
    by_sentence = effort.opcodes(parts, others) if max(len(parts), len(others)) > 1 else None
    if by_sentence is not None:
        return _by_sentence(parts, others, by_sentence, effort)
    return [("replace", 0, len(first), 0, len(second))]


def _by_sentence(
    parts: Sequence[tuple[str, ...]], others: Sequence[tuple[str, ...]], opcodes: Sequence[Opcode], effort: Effort
) -> list[Opcode]:
    """The changes in sentences that have others in their place, by word; of each the range of words."""
    starts, other_starts = _starts(parts), _starts(others)
    found: list[Opcode] = []
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            continue
        first = [word for sentence in parts[a:b] for word in sentence]
        second = [word for sentence in others[c:d] for word in sentence]
        by_word = effort.opcodes(first, second)
        inside = [(tag, 0, len(first), 0, len(second))] if by_word is None else _without_short_runs(by_word)
        found += [(kind, i + starts[a], j + starts[a], k + other_starts[c], m + other_starts[c]) for kind, i, j, k, m in inside]
    return found


def _sentences(words: Sequence[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    start = 0
    for number, word in enumerate(words):
        if word in _SENTENCE_ENDS:
            found.append(tuple(words[start : number + 1]))
            start = number + 1
    return [*found, tuple(words[start:])] if start < len(words) else found


def _starts(sentences: Sequence[Sequence[str]]) -> list[int]:
    """The number of the first word of each sentence, and that behind the last."""
    starts = [0]
    for sentence in sentences:
        starts.append(starts[-1] + len(sentence))
    return starts


def _without_short_runs(opcodes: Sequence[Opcode]) -> list[Opcode]:
    """The changes, those with only a few equal words between them made one where both are longer than these."""
    found: list[Opcode] = []
    for _tag, a, b, c, d in (opcode for opcode in opcodes if opcode[0] != "equal"):
        if found:
            _last, i, j, k, m = found[-1]
            between = a - j
            if between <= SHORT_RUN and between <= min(max(j - i, m - k), max(b - a, d - c)):
                found[-1] = ("replace", i, b, k, d)
                continue
        found.append(("replace", a, b, c, d))
    return found
