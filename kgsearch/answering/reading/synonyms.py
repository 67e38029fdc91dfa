"""Where a text says with other words what a question says: by the thesaurus of the language of offices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kgsearch.language import fold, has_marks, normalise_syllable
from kgsearch.language.thesaurus import Phrase, written_for

DISCOUNT = 0.7
"""What a question's word counts where another of the same meaning stands for it."""

_LONGEST = max(map(len, written_for()))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Of ``asked``, the places of a question's words, what may be ``written`` instead."""

    asked: tuple[int, ...]
    written: Phrase


def alternatives(words: Sequence[str]) -> Iterator[Alternative]:
    """What may be written for the phrases of a question, given by its words in order as they are typed.

    A phrase is read with its marks; in a question without any, if it has several syllables: one without marks may be many words.
    """
    syllables = tuple(map(normalise_syllable, words))
    marked = any(map(has_marks, syllables))
    known = written_for() if marked else _unmarked()
    for first in range(len(syllables)):
        for length in range(1 if marked else 2, min(_LONGEST, len(syllables) - first) + 1):
            places = tuple(range(first, first + length))
            for written in known.get(syllables[first : first + length], ()):
                yield Alternative(places, written)


@cache
def _unmarked() -> dict[Phrase, tuple[Phrase, ...]]:
    found: dict[Phrase, list[Phrase]] = {}
    for asked, written in written_for().items():
        found.setdefault(tuple(map(fold, asked)), []).extend(written)
    return {asked: tuple(dict.fromkeys(written)) for asked, written in found.items()}
