"""A page as print has it: words with their places, rulings, and the rows of words that stand on one line.

Lengths are points (1/72 inch), x from the left edge of the page, y from its top downwards. A PDF with text and a page recognised
from a picture both become pages, and `kgsearch.readers.page_layout` makes lines of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low
from typing import Protocol, TypeVar

BASELINES_APART = 0.4
"""Words whose baselines differ by less than this share of the larger size stand on one row."""

_RAISED = 0.6
_SMALL = 0.85
"""What is smaller by this may be raised by so much more: figures that mark notes, powers."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: from ``left`` to ``right`` on the baseline ``base``, of font size ``size``. Raised figures in it are superscript figures."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line along an axis: horizontal where ``top`` equals ``bottom``, else vertical."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``number`` counts from 1; ``words`` in any order; ``confidence`` is None where the text is the page's own."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one line, from left to right; never empty."""

    words: tuple[Word, ...]
    page: int = 0

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return self.words[-1].right

    @property
    def middle(self) -> float:
        """The middle between its ends."""
        return (self.left + self.right) / 2

    @property
    def base(self) -> float:
        """Its baseline: that of its largest words."""
        return max(self.words, key=lambda word: word.size).base

    @property
    def size(self) -> float:
        """The font size of most of its words."""
        return median_low(word.size for word in self.words)

    @property
    def text(self) -> str:
        """Its words with a space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def bold(self) -> bool:
        """Whether all its words are bold."""
        return all(word.bold for word in self.words)

    @property
    def italic(self) -> bool:
        """Whether all its words are italic."""
        return all(word.italic for word in self.words)

    def between(self, left: float, right: float) -> Row | None:
        """The words of it whose middle lies between ``left`` and ``right``; None where there are none."""
        words = tuple(word for word in self.words if left <= (word.left + word.right) / 2 < right)
        return Row(words, self.page) if words else None

    def moved(self, by: float) -> Row:
        """The row ``by`` points further to the right."""
        return Row(tuple(replace(word, left=word.left + by, right=word.right + by) for word in self.words), self.page)

    def gaps(self) -> list[tuple[float, float]]:
        """The empty spaces between its words, as (from, to)."""
        return [(before.right, after.left) for before, after in pairwise(self.words)]


class Placed(Protocol):
    """What stands somewhere on a page."""

    @property
    def left(self) -> float:
        """Where it begins."""

    @property
    def right(self) -> float:
        """Where it ends."""

    @property
    def base(self) -> float:
        """Its baseline."""

    @property
    def size(self) -> float:
        """Its font size."""


_P = TypeVar("_P", bound=Placed)


def rows_of(words: Iterable[Word], page: int = 0) -> list[Row]:
    """The rows that the words stand on, from top to bottom."""
    return [Row(tuple(row), page) for row in aligned(words)]


def aligned(pieces: Iterable[_P]) -> list[list[_P]]:
    """The pieces that share a baseline together, from top to bottom, each row from left to right."""
    rows: list[tuple[_P, list[_P]]] = []
    by_place: dict[int, list[tuple[_P, list[_P]]]] = {}
    # The largest first: what is raised or lowered beside them finds their row.
    for piece in sorted(pieces, key=lambda piece: (-round(piece.size, 1), piece.base, piece.left)):
        slot = int(piece.base // _SLOT)
        near = [row for place in (slot - 1, slot, slot + 1) for row in by_place.get(place, ())]
        fitting = [row for row in near if _on_row(row[0], piece)]
        if fitting:
            min(fitting, key=lambda row: abs(row[0].base - piece.base))[1].append(piece)
            continue
        row = (piece, [piece])
        rows.append(row)
        by_place.setdefault(slot, []).append(row)
    rows.sort(key=lambda row: row[0].base)
    return [sorted(row, key=lambda piece: (piece.left, piece.right)) for _first, row in rows]


def _on_row(first: Placed, piece: Placed) -> bool:
    below = piece.base - first.base
    raised = piece.size < _SMALL * first.size
    return -(_RAISED if raised else BASELINES_APART) * first.size < below < BASELINES_APART * first.size


_SLOT = 40.0
"""Height of the strips in which a word looks for its row: more than any row's reach."""


def joined(texts: Sequence[str]) -> str:
    """Pieces of one paragraph that were wrapped, in one: a number or a compound broken after its hyphen or stroke without a space."""
    whole = ""
    for text in texts:
        bound = whole[-1:] in "-/" and len(whole) > 1 and whole[-2].isalnum() and text[:1].isalnum()
        whole = f"{whole}{'' if bound or not whole else ' '}{text}"
    return whole
