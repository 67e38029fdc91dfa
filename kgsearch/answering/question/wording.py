"""A question as a line of syllables, so that one list of phrases serves text with marks and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kgsearch.language import Token, clean, fold_syllable, has_marks, nfc, normalise_syllable, tokenise

LONGEST_READ = 4_000
"""Characters of a text that are read for its question; nobody types a longer one."""

# Fewer marked syllables than this share, and the marks were not typed: "QĐ" alone is no mark of a language.
_MARKED_SHARE = 0.25
_SIGN = re.compile(r"[^\w\s]")
_LINE_BREAK = re.compile(r"\n\s*")
_LETTERS = re.compile(r"(?<!\\)[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's syllables and punctuation marks in order: ``words`` are normalised, without marks where the text was typed without.

    ``line`` is them all, a space around each; ``starts`` are their places in it.
    """

    text: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    line: str
    starts: tuple[int, ...]
    marked: bool

    def find(self, pattern: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """The first place of ``pattern`` (see `compiled`) among the words from ``start`` to ``end``, as a range of words."""
        return next(self.find_all(pattern, start, end), None)

    def find_all(self, pattern: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Every place of ``pattern``, in order."""
        last = len(self.words) if end is None else end
        begin, stop = self._place(start) - 1, self._place(last)
        for match in compiled(pattern, self.marked).finditer(self.line, max(begin, 0), stop):
            first = self.line.count(" ", 0, match.start()) - 1
            yield first, first + match[0].count(" ") + 1

    def stands_at(self, pattern: str, place: int) -> int:
        """Where ``pattern`` ends that begins at the word ``place``; ``place`` where it does not stand there."""
        match = compiled(pattern, self.marked).match(self.line, self._place(place))
        return place + match[0].count(" ") + 1 if match else place

    def ends_at(self, pattern: str, place: int, longest: int = 6) -> int:
        """Where the longest ``pattern`` begins that ends before the word ``place``; ``place`` where none does."""
        for first in range(max(place - longest, 0), place):
            if compiled(pattern, self.marked).fullmatch(self.line, self._place(first), self._place(place) - 1):
                return first
        return place

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the text from the word ``first`` to before the word ``last``."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def typed(self, first: int, last: int) -> str:
        """The words as typed."""
        return self.text[slice(*self.span(first, last))] if first < last else ""

    def _place(self, word: int) -> int:
        return self.starts[word] if word < len(self.starts) else len(self.line)


def read_wording(text: str) -> Wording:
    """The wording of ``text``; of a very long one only of its beginning."""
    syllables = tokenise(text[:LONGEST_READ])
    marked = sum(has_marks(nfc(token.text)) for token in syllables) >= max(1, _MARKED_SHARE * len(syllables))
    capitals = text.isupper()
    signs = [Token(match[0], *match.span()) for match in _SIGN.finditer(text[:LONGEST_READ]) if clean(match[0]).strip()]
    covered = {place for token in syllables for place in range(token.start, token.end)}
    tokens = tuple(sorted([*syllables, *(sign for sign in signs if sign.start not in covered)], key=lambda token: token.start))
    words = tuple(_word(token.text, marked, capitals) for token in tokens)
    starts, parts = [], [" "]
    place = 1
    for word in words:
        starts.append(place)
        parts.append(word + " ")
        place += len(word) + 1
    return Wording(text, tokens, words, "".join(parts), tuple(starts), marked)


def _word(syllable: str, marked: bool, capitals: bool) -> str:
    """A syllable's spelling; what is typed in capitals alone stays so, because it is an abbreviation ("AI" is nobody)."""
    if syllable == "AI" and not capitals:
        return syllable
    normalised = normalise_syllable(syllable).replace(" ", "") or syllable
    return normalised if marked else fold_syllable(normalised) or normalised


@cache
def compiled(pattern: str, marked: bool) -> re.Pattern[str]:
    """A pattern of whole words, written with marks and one space between words, for a line with marks or without; its line breaks and
    indents are none of it.

    What is written ``pattern // other`` has another pattern for lines without marks, where the first would mean something else too.
    """
    with_marks, _, without = _LINE_BREAK.sub("", pattern).partition(" // ")
    source = with_marks if marked or not without else without
    spelt = _LETTERS.sub(lambda match: _spelt(match[0], marked), source)
    return re.compile(rf"(?<= )(?:{spelt})(?= |$)")


def _spelt(letters: str, marked: bool) -> str:
    normalised = normalise_syllable(letters) if len(letters) > 1 else letters
    return normalised if marked else fold_syllable(normalised)
