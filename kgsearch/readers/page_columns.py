"""Two columns side by side, as the head and the end of a document have them: told from justified text by the gutter between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgsearch.readers.page import Row, rows_of

_WIDE_GAP = 1.5
"""Times the font size: no space between two words of justified text is so wide, but by chance."""

_GUTTER = 0.75
"""Times the font size: how far apart two columns stand at least, where the rows of both are long."""

_MIN_GUTTER = 6.0
_MIN_WIDTH = 36.0
"""Points: a column holds more than a label."""

_BESIDE = 0.85
"""Rows whose baselines differ by less than this share of their size are no lines of one paragraph."""

_CLOSE = 2.2
"""Times the font size: how far below the rows of its column another one of it may stand."""

_OFF_CENTRE = 8.0
_HEAD_ROWS = 6


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows that stand in two columns, each from top to bottom."""

    left: tuple[Row, ...]
    right: tuple[Row, ...]


def split_columns(rows: Sequence[Row], width: float) -> list[Row | Columns]:
    """The rows of a page that is ``width`` points wide, those in two columns made out."""
    bands = _bands(rows)
    found: list[Row | Columns] = []
    index = kept = 0
    while index < len(bands):
        run = _run(bands, index, kept, width)
        if run is None:
            index += 1
            continue
        start, end, gutter = run
        for band in bands[kept:start]:
            found.extend(rows_of(band.words, band.page))
        found.append(_columns(bands[start:end], gutter))
        index = kept = end
    for band in bands[kept:]:
        found.extend(rows_of(band.words, band.page))
    return found


def _bands(rows: Sequence[Row]) -> list[Row]:
    """The rows, those beside each other on slightly different baselines as one."""
    bands: list[Row] = []
    for row in rows:
        if bands:
            last = bands[-1]
            apart = max(row.left - last.right, last.left - row.right)
            if row.base - last.base < _BESIDE * min(row.size, last.size) and apart >= _MIN_GUTTER:
                bands[-1] = Row(tuple(sorted((*last.words, *row.words), key=lambda word: word.left)), row.page)
                continue
        bands.append(row)
    return bands


def _run(bands: Sequence[Row], index: int, floor: int, width: float) -> tuple[int, int, tuple[float, float]] | None:
    """The bands around ``index`` that stand in two columns: first, end and gutter; None where it begins no columns."""
    least = _GUTTER * bands[index].size
    gaps = [gap for gap in bands[index].gaps() if gap[1] - gap[0] >= least and 0.2 * width < sum(gap) / 2 < 0.8 * width]
    if not gaps:
        return None
    gutter = max(gaps, key=lambda gap: gap[1] - gap[0])
    end = index + 1
    while end < len(bands) and (narrowed := _narrowed(bands[index:end], bands[end], gutter, width)) is not None:
        gutter = narrowed
        end += 1
    run = bands[index:end]
    if not _is_columns(run, gutter):
        return None
    start = index
    while start > max(floor, index - _HEAD_ROWS) and index <= _HEAD_ROWS:
        narrowed = _narrowed(run[::-1], bands[start - 1], gutter, width)
        if narrowed is None:
            break
        gutter = narrowed
        start -= 1
    return start, end, gutter


def _narrowed(run: Sequence[Row], band: Row, gutter: tuple[float, float], width: float) -> tuple[float, float] | None:
    """What is left of the gutter beside ``band``; None where the band crosses it or is none of the columns'."""
    start, end = gutter
    for word in band.words:
        if word.right <= start or word.left >= end:
            continue
        if word.right - start < end - word.left:
            start = max(start, word.right)
        else:
            end = min(end, word.left)
    if end - start < _MIN_GUTTER:
        return None
    middle = (start + end) / 2
    left, right = band.between(0, middle), band.between(middle, width * 2)
    if left is not None and right is not None:
        return (start, end) if right.left - left.right >= _GUTTER * band.size else None
    beside = [part for other in run if (part := other.between(*((0, middle) if right is None else (middle, width * 2)))) is not None]
    nearest = beside[-1] if beside else run[-1]
    if abs(band.base - nearest.base) > _CLOSE * band.size or (not beside and len(run) > 1):
        return None
    return (start, end) if _in_column(band, beside) else None


def _in_column(band: Row, beside: Sequence[Row]) -> bool:
    """Whether a row on one side is set as others of its column are, be it a wrapped item of a list: not a title or text below them."""
    if not beside or beside[-1].text.startswith("-"):
        return True
    return any(abs(band.middle - row.middle) < _OFF_CENTRE or abs(band.left - row.left) < _MIN_GUTTER for row in beside)


def _is_columns(run: Sequence[Row], gutter: tuple[float, float]) -> bool:
    """Whether the gutter parts columns: wide beside a band at least, more than a label on either side."""
    middle = sum(gutter) / 2
    pairs = [(band.between(0, middle), band.between(middle, 1e6)) for band in run]
    both = [(left, right) for left, right in pairs if left is not None and right is not None]
    widest = max((right.left - left.right) / max(left.size, right.size) for left, right in both)
    needed = _WIDE_GAP if len(both) > 1 else 2 * _WIDE_GAP
    lefts = [left.right - left.left for left, _right in pairs if left is not None]
    rights = [right.right - right.left for _left, right in pairs if right is not None]
    return widest >= needed and max(lefts) >= _MIN_WIDTH and max(rights) >= _MIN_WIDTH


def _columns(run: Sequence[Row], gutter: tuple[float, float]) -> Columns:
    middle = sum(gutter) / 2
    words = [word for band in run for word in band.words]
    page = run[0].page
    left = rows_of((word for word in words if (word.left + word.right) / 2 < middle), page)
    right = rows_of((word for word in words if (word.left + word.right) / 2 >= middle), page)
    return Columns(tuple(left), tuple(right))
