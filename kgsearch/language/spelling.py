"""Typing slips: what was probably meant, by the corpus's own words and which stand beside which. Pure: tables are handed in.

A syllable is doubted when the corpus does not hold it, or never beside the neighbours that it has in the query. For what is doubted the
words at one slip's distance come in question (a letter too many, too few, wrong, or two swapped; a space too many or too few), and the
likeliest reading of the whole query is looked for: the likelihood of its words in a row, less a price for each slip. A query in which
nothing is doubted costs a few look-ups.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from string import ascii_lowercase
from typing import NamedTuple

from kgsearch.language.analysis import syllable_key
from kgsearch.language.bigrams import BOUNDARY, Bigrams
from kgsearch.language.normalise import clean, has_marks, normalise_syllable

MAX_CORRECTED = 64
"""Tokens that are looked at; a longer query is no slip of the hand."""

MAX_SLIPS = 2
MAX_LENGTH = 16
"""Letters of a token that is looked at."""

# Prices in nats. Of one slip and of a real word they weigh corrections that are right against others that are not: half of either gains a
# point of the first and two of the second. Half or twice any other changes neither by a point, half of _UNKNOWN apart.
_UNKNOWN = 16.0
_SLIP = 5.0
_FAR_KEY = 2.5
_MARK = 3.0
_SPACE = 5.0
_REAL_WORD = 5.0

_MOST_FORMS = 6
# Of one doubted token, where no neighbour tells the likely ones from the others.
_MOST_CANDIDATES = 12
# Readings that end alike go on alike; the second best is kept to know how far the best stands before it.
_KEPT_ALIKE = 2
_LONGEST_ABBREVIATION = 8
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Change:
    """Tokens ``first`` to ``last`` (half-open) of what was typed were meant as ``meant``: one, or two for words run together."""

    first: int
    last: int
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """``syllables`` is the whole query as probably meant, ``changes`` where it differs, ``confidence`` (0 to 1) how far it stands
    before the other readings, what was typed among them."""

    syllables: Sequence[str]
    changes: Sequence[Change]
    confidence: float


@dataclass(frozen=True, slots=True)
class SpellingTables:
    """What spelling needs of a corpus: pairs of its syllables with marks (for queries with marks) and folded (for those without);
    ``forms``, folded syllable -> ids of its forms in ``marked``; ``shown``, id in ``marked`` -> its commonest spelling where it is not
    the normalised one."""

    marked: Bigrams
    folded: Bigrams
    forms: Mapping[str, Sequence[int]]
    shown: Mapping[int, str]


class _Typed(NamedTuple):
    """A token as typed: ``word`` as the table spells it, ``key`` folded, ``id`` in the table, whether it is to be left alone."""

    text: str
    word: str
    key: str
    id: int
    left_alone: bool


class _Arc(NamedTuple):
    """One reading of the tokens up to ``last``: as these ids, at this price, with so many slips."""

    last: int
    ids: tuple[int, ...]
    price: float
    slips: int


class _Reading(NamedTuple):
    """The tokens up to ``arc.last``, of which the last ones are read as ``arc``, the others as ``before``."""

    score: float
    id: int
    slips: int
    arc: _Arc | None
    before: _Reading | None

    def arcs(self) -> Iterator[tuple[int, _Arc]]:
        """The arcs, last one first, each with the place where it begins."""
        reading: _Reading | None = self
        while reading is not None and reading.arc is not None:
            place = reading.before.arc.last if reading.before is not None and reading.before.arc is not None else 0
            yield place, reading.arc
            reading = reading.before


def correct(syllables: Sequence[str], tables: SpellingTables) -> Correction | None:
    """What was probably meant by ``syllables`` (tokens in order, as typed), or None where nothing is doubted or nothing better is known.

    What would fold to the same is no correction: it is found in any case. Digits, codes and capitalised words that occur are never touched.
    """
    if not syllables or len(syllables) > MAX_CORRECTED:
        return None
    level = _Level(tables, with_marks=any(map(has_marks, syllables)))
    typed = level.read(syllables)
    doubted = [place for place in range(len(typed)) if level.doubts(typed, place)]
    if not doubted:
        return None
    readings = _readings(typed, level, frozenset(doubted))
    return _correction(syllables, typed, level, readings)


class _Level:
    """The table that a query is judged by: the one with marks where the query has any."""

    def __init__(self, tables: SpellingTables, *, with_marks: bool) -> None:
        self.tables = tables
        self.with_marks = with_marks
        self.bigrams = tables.marked if with_marks else tables.folded

    def read(self, syllables: Sequence[str]) -> list[_Typed]:
        all_capitals = not any(character.islower() for syllable in syllables for character in syllable)
        return [self._read(syllable, all_capitals) for syllable in syllables]

    def _read(self, syllable: str, all_capitals: bool) -> _Typed:
        text = clean(syllable)
        key = syllable_key(text)
        word = normalise_syllable(text) if self.with_marks else key
        known = self.bigrams.ids.get(word, BOUNDARY)
        odd = not key.isalpha() or not key.isascii() or not 1 < len(key) <= MAX_LENGTH or any(map(str.isdigit, text))
        abbreviation = not all_capitals and text.isupper() and len(text) <= _LONGEST_ABBREVIATION
        # Also one that the corpus has with other marks alone: "Thoài" is none of "thoại", and no slip for "thời".
        name = not all_capitals and text[:1].isupper() and (known != BOUNDARY or key in self.tables.folded.ids)
        return _Typed(text, word, key, known, odd or abbreviation or name)

    def doubts(self, typed: Sequence[_Typed], place: int) -> bool:
        """Whether a token is not known, or never stands beside the neighbours that it has here."""
        here = typed[place]
        if here.left_alone or here.id == BOUNDARY:
            return not here.left_alone
        before, after = _beside(typed, place)
        return (before or after) != BOUNDARY and not self._met(before, here.id, after)

    def _met(self, before: int, word: int, after: int) -> bool:
        """Whether the corpus has a word beside one of these."""
        pair = self.bigrams.pair
        return (before != BOUNDARY and pair(before, word) > 0) or (after != BOUNDARY and pair(word, after) > 0)

    def arcs(self, typed: Sequence[_Typed], place: int, doubted: bool, next_doubted: bool) -> Iterator[_Arc]:
        """The readings of the token at ``place``, alone or with the next one."""
        here = typed[place]
        yield _Arc(place + 1, (here.id,), 0.0, 0)
        if doubted:
            price = _REAL_WORD if here.id != BOUNDARY else 0.0
            for candidate, slip in self._likely(typed, place):
                yield _Arc(place + 1, (candidate,), price + slip, 1)
            if here.id == BOUNDARY:
                for pair in self._splits(here):
                    yield _Arc(place + 1, pair, _SPACE, 1)
        if place + 1 < len(typed) and (doubted or next_doubted) and not here.left_alone and not typed[place + 1].left_alone:
            price = _SPACE + _REAL_WORD * (here.id != BOUNDARY and typed[place + 1].id != BOUNDARY)
            for joined in self._ids(here.word + typed[place + 1].word, here.key + typed[place + 1].key):
                yield _Arc(place + 2, (joined,), price, 1)

    def _likely(self, typed: Sequence[_Typed], place: int) -> Iterator[tuple[int, float]]:
        """(id, price) of what may have been meant by a doubted token: words at one slip's distance that are met beside its neighbours.

        What may be a word as it stands is given up for nothing less; for what is none, the commonest must do.
        """
        here, (before, after) = typed[place], _beside(typed, place)
        candidates = {form: price for form, price in self._candidates(here) if form != here.id}
        likely = [form for form in candidates if self._met(before, form, after)]
        if not likely and here.id == BOUNDARY:
            likely = nlargest(_MOST_CANDIDATES, candidates, key=self.bigrams.counts.__getitem__)
        spelt = unicodedata.normalize("NFD", here.word)
        for form in likely:
            yield form, candidates[form] + (self._marks_apart(spelt, here.key, form) if self.with_marks else 0.0)

    def _candidates(self, here: _Typed) -> Iterator[tuple[int, float]]:
        """(id, price of the slip in its letters) of the words at one slip's distance from ``here``, or with other marks alone."""
        if not self.with_marks:
            ids = self.bigrams.ids
            yield from ((ids[key], price) for key, price in _one_slip(here.key) if key in ids)
            return
        for key, price in ((here.key, 0.0), *_one_slip(here.key)):
            for form in self._commonest(key):
                yield form, price

    def _marks_apart(self, spelt: str, key: str, form: int) -> float:
        """The price of the marks in which ``form`` differs from what was typed, ``spelt`` with combining marks."""
        word = self.bigrams.words[form]
        apart = _distance(spelt, unicodedata.normalize("NFD", word))
        return _MARK * max(apart - (syllable_key(word) != key), 0)

    def _splits(self, here: _Typed) -> Iterator[tuple[int, int]]:
        """The pairs of words of the corpus, met side by side, that are ``here`` with a space in it."""
        for cut in range(1, len(here.word)):
            first, second = here.word[:cut], here.word[cut:]
            ids = self.bigrams.ids
            # Cut by the letters with marks: a word of the table is as long as it is typed, but where i and y are one.
            left, right = ids.get(self._spelt(first), BOUNDARY), ids.get(self._spelt(second), BOUNDARY)
            if BOUNDARY not in (left, right) and self.bigrams.pair(left, right):
                yield left, right

    def _spelt(self, part: str) -> str:
        return normalise_syllable(part) if self.with_marks else syllable_key(part)

    def _ids(self, word: str, key: str) -> Sequence[int]:
        """The word itself, or, where the marks are wrong, the forms of its key."""
        known = self.bigrams.ids.get(self._spelt(word), BOUNDARY)
        if known != BOUNDARY:
            return (known,)
        return self._commonest(key) if self.with_marks else ()

    def _commonest(self, key: str) -> Sequence[int]:
        forms = self.tables.forms.get(key, ())
        return forms if len(forms) <= _MOST_FORMS else nlargest(_MOST_FORMS, forms, key=self.bigrams.counts.__getitem__)

    def shown(self, word: int) -> str:
        """A word of the table as the corpus writes it."""
        return (self.tables.shown.get(word) if self.with_marks else None) or self.bigrams.words[word]


def _beside(typed: Sequence[_Typed], place: int) -> tuple[int, int]:
    """The ids of the tokens before and after one."""
    return typed[place - 1].id if place else BOUNDARY, typed[place + 1].id if place + 1 < len(typed) else BOUNDARY


def _readings(typed: Sequence[_Typed], level: _Level, doubted: frozenset[int]) -> list[_Reading]:
    """The likeliest readings of the whole query, best first (dynamic programming over the lattice of tokens)."""
    waiting: list[list[_Reading]] = [[] for _ in range(len(typed) + 1)]
    waiting[0] = [_Reading(0.0, BOUNDARY, 0, None, None)]
    for place in range(len(typed)):
        best = _best(waiting[place])
        for arc in level.arcs(typed, place, place in doubted, place + 1 in doubted):
            waiting[arc.last] += [_extended(reading, arc, level.bigrams) for reading in best if reading.slips + arc.slips <= MAX_SLIPS]
    edge = level.bigrams.log_probability
    ended = [reading._replace(score=reading.score + edge(reading.id, BOUNDARY)) for reading in waiting[-1]]
    return sorted(ended, key=lambda reading: -reading.score)


def _best(readings: Sequence[_Reading]) -> list[_Reading]:
    """Of readings that end in one word with as many slips, the best."""
    alike: dict[tuple[int, int], list[_Reading]] = {}
    for reading in readings:
        alike.setdefault((reading.id, reading.slips), []).append(reading)
    return [kept for group in alike.values() for kept in nlargest(_KEPT_ALIKE, group, key=lambda reading: reading.score)]


def _extended(reading: _Reading, arc: _Arc, bigrams: Bigrams) -> _Reading:
    score, before = reading.score - arc.price, reading.id
    for word in arc.ids:
        score += bigrams.log_probability(before, word) if word != BOUNDARY else -_UNKNOWN
        before = word
    return _Reading(score, before, reading.slips + arc.slips, arc, reading)


def _correction(syllables: Sequence[str], typed: Sequence[_Typed], level: _Level, readings: Sequence[_Reading]) -> Correction | None:
    """The best reading, where it is another than what was typed."""
    best: dict[tuple[str, ...], _Reading] = {}
    for reading in readings:
        best.setdefault(_folded(typed, reading, level), reading)
    (meant, first), *others = best.items()
    if meant == tuple(token.key for token in typed):
        return None
    corrected: list[str] = []
    changes: list[Change] = []
    for place, arc in reversed(list(first.arcs())):
        if not arc.slips:
            corrected.append(syllables[place])
            continue
        words = tuple(level.shown(word) for word in arc.ids)
        corrected += words
        if tuple(map(syllable_key, words)) != tuple(token.key for token in typed[place : arc.last]):
            changes.append(Change(place, arc.last, words))
    odds = sum(math.exp(reading.score - first.score) for _key, reading in others)
    return Correction(tuple(corrected), tuple(changes), 1 / (1 + odds))


def _folded(typed: Sequence[_Typed], reading: _Reading, level: _Level) -> tuple[str, ...]:
    keys: list[str] = []
    for place, arc in reversed(list(reading.arcs())):
        keys += [syllable_key(level.bigrams.words[word]) for word in arc.ids] if arc.slips else [typed[place].key]
    return tuple(keys)


@lru_cache(maxsize=1024)
def _one_slip(key: str) -> Sequence[tuple[str, float]]:
    """What may have been meant by a folded syllable with one slip in it, each with its price; most of them are no words."""
    found: dict[str, float] = {}
    cuts = [(key[:cut], key[cut:]) for cut in range(len(key) + 1)]
    for left, right in cuts:
        if right:
            found[left + right[1:]] = _SLIP
        if len(right) > 1:
            found[left + right[1] + right[0] + right[2:]] = _SLIP
        for letter in ascii_lowercase:
            found[left + letter + right] = _SLIP
    for left, right in cuts[:-1]:
        for letter in ascii_lowercase:
            near = letter in NEIGHBOURS.get(right[0], "")
            found.setdefault(left + letter + right[1:], _SLIP if near else _SLIP + _FAR_KEY)
    found.pop(key, None)
    return tuple((meant, price) for meant, price in found.items() if len(meant) > 1)


def _neighbours() -> Mapping[str, str]:
    """Letter -> the letters beside it, above and below it on the keyboard."""
    places = {letter: (row, column + row * 0.5) for row, letters in enumerate(_ROWS) for column, letter in enumerate(letters)}
    return {
        letter: "".join(
            other for other, (row, column) in places.items() if other != letter and abs(row - here[0]) <= 1 and abs(column - here[1]) <= 1
        )
        for letter, here in places.items()
    }


NEIGHBOURS = _neighbours()
"""Letter -> the letters around it on the keyboard."""


def _distance(first: str, second: str) -> int:
    """Damerau-Levenshtein distance (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for line, letter in enumerate(first, start=1):
        above, row = row, [line]
        for column, other in enumerate(second, start=1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other))
            if line > 1 and column > 1 and letter == second[column - 2] and first[line - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
