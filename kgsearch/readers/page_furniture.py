"""What a page prints around its text: page numbers and running heads; and the footnotes below it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median_low

from kgsearch.readers.page import Page, Row

_NUMBER = re.compile(r"^(?:[-–—]\s*)?(\d{1,4})(?:\s*[-–—])?$|^[Tt]rang\s+(\d{1,4})(?:\s*/\s*\d{1,4})?$")
_EDGE = 0.12
"""Share of the page's height at its top and its bottom in which running heads stand."""

_EDGE_ROWS = 3
_REPEATED = 3
"""Pages on which the same words must stand at the same height to be a running head."""

_SUPERSCRIPT = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_NOTE_FIGURE = re.compile(r"^\d{1,3}(?=\D|$)")
_MARKS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIGURES = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLER = 0.93
_BELOW_GAP = 1.5
"""Times the font size: how far below the text notes stand where no line parts them."""

_SEPARATOR = (36.0, 260.0)
"""Length in points of the line above footnotes."""

_BELOW_SEPARATOR = 2.5
"""Times the font size: how close the first note stands below that line."""


def without_furniture(pages: Sequence[Page], rows: Sequence[list[Row]]) -> list[list[Row]]:
    """The rows of each page less page numbers and running heads."""
    repeated = _running_heads(pages, rows)
    kept = [
        [row for index, row in enumerate(own) if not (_at_edge(page, own, index) and _place(page, row) in repeated)]
        for page, own in zip(pages, rows, strict=True)
    ]
    return _without_numbers(pages, kept)


def _place(page: Page, row: Row) -> tuple[str, int]:
    """The row's words, figures alike, and the strip of the page in which it stands."""
    return re.sub(r"\d+", "0", row.text), round(row.base / 6)


def _at_edge(page: Page, rows: Sequence[Row], index: int) -> bool:
    outer = rows[index].base < _EDGE * page.height or rows[index].base > (1 - _EDGE) * page.height
    return outer and (index < _EDGE_ROWS or index >= len(rows) - _EDGE_ROWS)


def _running_heads(pages: Sequence[Page], rows: Sequence[list[Row]]) -> set[tuple[str, int]]:
    counted: Counter[tuple[str, int]] = Counter()
    for page, own in zip(pages, rows, strict=True):
        places = {_place(page, row) for index, row in enumerate(own) if _at_edge(page, own, index)}
        counted.update(places)
    return {place for place, count in counted.items() if count >= max(_REPEATED, 0.3 * len(pages)) and len(place[0]) > 1}


def _without_numbers(pages: Sequence[Page], rows: list[list[Row]]) -> list[list[Row]]:
    """The rows less the first or last of a page where it is the page's number: its count, or by a fixed difference on several pages."""
    numbers: dict[int, list[tuple[int, Row]]] = {}
    offsets: Counter[int] = Counter()
    for index, (page, own) in enumerate(zip(pages, rows, strict=True)):
        numbers[index] = [
            (value, row) for row in {id(row): row for row in (*own[:1], *own[-1:])}.values() if (value := _value(row)) is not None
        ]
        offsets.update({value - page.number for value, _row in numbers[index]})
    known = {offset for offset, count in offsets.items() if count > 1 or offset == 0}
    kept = []
    for index, own in enumerate(rows):
        gone = [row for value, row in numbers[index] if value - pages[index].number in known]
        kept.append([row for row in own if not any(row is one for one in gone)])
    return kept


def _value(row: Row) -> int | None:
    match = _NUMBER.match(row.text)
    return int(match[1] or match[2]) if match else None


# -- footnotes -----------------------------------------------------------------------------------------------------------------------


def body_size(rows: Sequence[Sequence[Row]]) -> float:
    """The font size of most of the text, in points."""
    weights: dict[float, int] = defaultdict(int)
    for own in rows:
        for row in own:
            weights[round(row.size, 1)] += len(row.text)
    return max(weights, key=lambda size: weights[size], default=0.0)


def split_notes(page: Page, rows: list[Row], size: float) -> tuple[list[Row], list[list[Row]]]:
    """The rows above the footnotes, and the footnotes, each as its rows; ``size`` is that of the text.

    Notes stand at the page's foot, smaller than the text, below a short line or below a gap, and begin with the number of a mark in the
    text. Rows before the first number continue a note of the page before, and come as a note of their own.
    """
    marks = [{int(figures.translate(_PLAIN)) for figures in _MARKS.findall(row.text)} for row in rows]
    start = _notes_start(page, rows, size, marks)
    if start is None:
        return rows, []
    known = set().union(*marks[:start])
    notes: list[list[Row]] = []
    last = 0
    for row in rows[start:]:
        number = _note_number(row.text)
        if not notes or _SUPERSCRIPT.match(row.text) or (number in known and number > last):
            notes.append([row])
            last = max(last, number)
        else:
            notes[-1].append(row)
    return rows[:start], notes


def _note_number(text: str) -> int:
    """The number that the row begins with, raised or not; 0 where it begins with none."""
    match = _SUPERSCRIPT.match(text) or _NOTE_FIGURE.match(text)
    return int(match.group().translate(_PLAIN)) if match else 0


def _notes_start(page: Page, rows: Sequence[Row], size: float, marks: Sequence[set[int]]) -> int | None:
    line = _separator(page, rows)
    if line is not None:
        return line
    known: set[int] = set()
    for index in range(1, len(rows)):
        known |= marks[index - 1]
        row = rows[index]
        number = _note_number(row.text)
        if not number or row.base < 0.2 * page.height:
            continue
        small = all(other.size < _SMALLER * size for other in rows[index:])
        first = number in known and number - 1 not in known
        apart = row.base - rows[index - 1].base > _BELOW_GAP * row.size
        if (small and _SUPERSCRIPT.match(row.text)) or (first and (apart or _is_whole(rows[index:], number, max(known)))):
            return index
    return None


def _is_whole(rows: Sequence[Row], first: int, last: int) -> bool:
    """Whether the rows begin with all numbers from ``first`` to ``last`` one after the other."""
    due = first
    for row in rows:
        due += _note_number(row.text) == due
    return due > last


def _separator(page: Page, rows: Sequence[Row]) -> int | None:
    """The index of the first row below the short line that stands above notes, where one with a number does."""
    left = min((row.left for row in rows), default=0.0)
    for ruling in page.rulings:
        length = ruling.right - ruling.left
        if not (
            ruling.horizontal
            and _SEPARATOR[0] <= length <= _SEPARATOR[1]
            and abs(ruling.left - left) < 12
            and ruling.top > 0.3 * page.height
        ):
            continue
        below = [index for index, row in enumerate(rows) if row.base - 0.3 * row.size > ruling.top]
        if not below:
            continue
        first = rows[below[0]]
        numbered = any(_note_number(rows[index].text) for index in below)
        if numbered and first.base - ruling.top < _BELOW_SEPARATOR * median_low([first.size, 10.0]):
            return below[0]
    return None


def note_text(text: str) -> str:
    """The text of a note with its number raised, as it stands in the text."""
    figure = _NOTE_FIGURE.match(text)
    return f"{figure.group().translate(_FIGURES)} {text[figure.end() :].lstrip()}" if figure else text
