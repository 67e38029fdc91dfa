"""Tables by their rulings: the grid that crossing lines make, and the words in its cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kgsearch.readers.page import Ruling, Word, joined, rows_of

_NEAR = 3.0
"""Points by which lines that meet may miss each other: thick lines are drawn as thin rectangles."""

_MAX_RULINGS = 800
"""Lines of one direction on a page, those in one line counted once; more make a drawing or squared paper."""

_MAX_CELLS = 4_000
_SERIAL = re.compile(r"^\(?\d{1,4}\)?\.?$")

Cells = list[str]
"""The texts of a table's row, cell by cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's lines: ``xs`` the columns' edges, ``ys`` the rows', ``owner`` of a cell (row, column) the first cell it is merged with."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: dict[tuple[int, int], tuple[int, int]]

    def cell_of(self, word: Word) -> tuple[int, int] | None:
        """The cell in which the word stands, None where it stands outside."""
        across = bisect_right(self.xs, (word.left + word.right) / 2) - 1
        down = bisect_right(self.ys, word.base - 0.3 * word.size) - 1
        return self.owner.get((down, across))

    def rows(self, words: Iterable[Word]) -> list[Cells]:
        """The texts of the cells, row by row; a cell merged with one before it is empty, and left out among the heads."""
        inside: dict[tuple[int, int], list[Word]] = defaultdict(list)
        for word in words:
            cell = self.cell_of(word)
            if cell is not None:
                inside[cell].append(word)
        texts = {cell: joined([row.text for row in rows_of(held)]) for cell, held in inside.items()}
        rows: list[Cells] = []
        heads = True
        for down in range(len(self.ys) - 1):
            places = [(down, across) for across in range(len(self.xs) - 1)]
            heads = heads and not _SERIAL.match(texts.get(places[0], ""))
            row = [texts.get(place, "") for place in places if self.owner[place] == place or not heads]
            if any(row):
                rows.append(row)
        return rows


def grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The tables that the lines make, from top to bottom; a frame of one cell is none."""
    flat = _merged([(line.top, line.left, line.right) for line in rulings if line.horizontal])
    steep = _merged([(line.left, line.top, line.bottom) for line in rulings if not line.horizontal])
    if not flat or not steep or max(len(flat), len(steep)) > _MAX_RULINGS:
        return []
    found = [grid for across, down in _crossing(flat, steep) if (grid := _grid(across, down)) is not None]
    return sorted(found, key=lambda grid: grid.ys[0])


_Line = tuple[float, float, float]
"""Where it lies across its direction, and from where to where it runs along it."""


def _merged(lines: list[_Line]) -> list[_Line]:
    """Lines that continue or cover each other as one."""
    merged: list[_Line] = []
    for at, start, end in sorted(lines, key=lambda line: (round(line[0] / _NEAR), line[1])):
        if merged and abs(merged[-1][0] - at) <= _NEAR and start <= merged[-1][2] + _NEAR:
            merged[-1] = (merged[-1][0], merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((at, start, end))
    return merged


def _crossing(flat: Sequence[_Line], steep: Sequence[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """The lines in groups that hang together, each group's horizontal and vertical ones apart."""
    group = list(range(len(flat) + len(steep)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for one, (y, left, right) in enumerate(flat):
        for other, (x, top, bottom) in enumerate(steep, start=len(flat)):
            if left - _NEAR <= x <= right + _NEAR and top - _NEAR <= y <= bottom + _NEAR:
                group[root(one)] = root(other)
    members: dict[int, tuple[list[_Line], list[_Line]]] = {}
    for index, line in enumerate([*flat, *steep]):
        members.setdefault(root(index), ([], []))[index >= len(flat)].append(line)
    return [pair for pair in members.values() if pair[0] and pair[1]]


def _grid(flat: Sequence[_Line], steep: Sequence[_Line]) -> Grid | None:
    xs = _edges([*(line[0] for line in steep), min(line[1] for line in flat), max(line[2] for line in flat)])
    ys = _edges([*(line[0] for line in flat), min(line[1] for line in steep), max(line[2] for line in steep)])
    count = (len(xs) - 1) * (len(ys) - 1)
    if not 2 <= count <= _MAX_CELLS or len(xs) < 3:
        return None
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for down, (top, bottom) in enumerate(pairwise(ys)):
        for across, (left, right) in enumerate(pairwise(xs)):
            owner[down, across] = (down, across)
            if down and not _covered(flat, top, (left + right) / 2):
                owner[down, across] = owner[down - 1, across]
            elif across and not _covered(steep, left, (top + bottom) / 2):
                owner[down, across] = owner[down, across - 1]
    return Grid(xs, ys, owner)


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 2 * _NEAR:
            edges.append(place)
    return tuple(edges)


def _covered(lines: Sequence[_Line], at: float, along: float) -> bool:
    """Whether one of the lines runs past this place."""
    return any(abs(line[0] - at) <= 2 * _NEAR and line[1] <= along <= line[2] for line in lines)


def continued(before: list[Cells], rows: list[Cells]) -> list[Cells]:
    """The rows of a table with those of its next page: heads repeated there once, a row that the page broke in one piece."""
    repeated = 0
    while repeated < min(len(before), len(rows)) and before[repeated] == rows[repeated]:
        repeated += 1
    rest = rows[repeated:]
    whole = list(before)
    if rest and whole and not rest[0][0] and len(rest[0]) == len(whole[-1]):
        whole[-1] = [joined([part for part in pair if part]) for pair in zip(whole[-1], rest[0], strict=True)]
        rest = rest[1:]
    return whole + rest
