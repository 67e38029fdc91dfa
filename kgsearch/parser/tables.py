"""Tables written one cell a line with "|" between, as web pages leave them: column heads and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kgsearch.models import Kind
from kgsearch.parser.clean import CleanLine
from kgsearch.parser.layout import is_cell_edge
from kgsearch.parser.mapped import Block, collapse
from kgsearch.parser.tree import Node

_MAX_CELL = 40
"""Lines in a cell; more text between two edges is no cell."""

_MIN_CELLS = 6
_SERIAL_HEAD = re.compile(r"^(?:S\s*TT|TT|Số\s*TT|Số\s+thứ\s+tự|No\.?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its lines, and the edge line that closes it (None where none does)."""

    lines: tuple[CleanLine, ...]
    edge: CleanLine | None

    @property
    def text(self) -> str:
        """Its words, white space collapsed."""
        return collapse(" ".join(line.text for line in self.lines))


def split_tables(lines: Sequence[CleanLine]) -> list[tuple[bool, list[CleanLine]]]:
    """``lines`` in runs, each with whether it is a table: at least six cells closed by edges, no cell over forty lines."""
    edges = [index for index, line in enumerate(lines) if is_cell_edge(line)]
    runs: list[tuple[bool, list[CleanLine]]] = []
    start = 0
    for first, last in _groups(edges):
        begin = _table_start(lines, first, start)
        if begin > start:
            runs.append((False, list(lines[start:begin])))
        runs.append((True, list(lines[begin : last + 1])))
        start = last + 1
    if start < len(lines):
        runs.append((False, list(lines[start:])))
    return runs


def _groups(edges: Sequence[int]) -> list[tuple[int, int]]:
    groups: list[list[int]] = []
    for edge in edges:
        if groups and edge - groups[-1][-1] <= _MAX_CELL:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [(group[0], group[-1]) for group in groups if len(group) >= _MIN_CELLS]


def _table_start(lines: Sequence[CleanLine], first_edge: int, start: int) -> int:
    """The first cell begins at the line that is a serial column's head, else at the line just before the first edge."""
    for index in range(first_edge - 1, max(start, first_edge - 4) - 1, -1):
        if _SERIAL_HEAD.match(lines[index].text):
            return index
    return max(start, first_edge - 1)


def cells_of(lines: Sequence[CleanLine]) -> list[Cell]:
    """The cells of a table's lines, in order; an edge without a line before it closes an empty cell."""
    cells: list[Cell] = []
    current: list[CleanLine] = []
    for line in lines:
        if is_cell_edge(line):
            cells.append(Cell(tuple(current), line))
            current = []
        else:
            current.append(line)
    if current:
        cells.append(Cell(tuple(current), None))
    return cells


def add_table(parent: Node, lines: Sequence[CleanLine]) -> None:
    """Add a table to ``parent``: its rows as children, its column heads beside them.

    A row begins at the cell that holds the next serial number. Where no column is one, the cells are a paragraph of the parent.
    """
    cells = cells_of(lines)
    starts = _row_starts(cells)
    if not starts:
        parent.children.append(Node(Kind.PARAGRAPH, "p", body=[_block(cells)]))
        return
    heads = cells[: starts[0]]
    if parent.prefix:
        parent.columns = tuple(cell.text for cell in heads)
        parent.named.append(_block(heads))
    elif heads:
        # Straight under the document there is no clause that could hold the heads.
        parent.children.append(Node(Kind.PARAGRAPH, "p", body=[_block(heads)]))
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        parent.children.append(_row(cells[start:end]))


def _row_starts(cells: Sequence[Cell]) -> list[int]:
    """Indexes of the cells that hold 1, 2, 3, … in order, at least one column's width apart."""
    heads = next((index for index, cell in enumerate(cells) if _number(cell) == 1), None)
    if heads is None:
        return []
    width = max(2, heads)
    starts = [heads]
    for index in range(heads + 1, len(cells)):
        if _number(cells[index]) == len(starts) + 1 and index - starts[-1] >= min(width, 2):
            starts.append(index)
    return starts if len(starts) > 1 or heads > 0 else []


def _number(cell: Cell) -> int:
    text = cell.text.rstrip(".")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _row(cells: Sequence[Cell]) -> Node:
    number = cells[0].text.rstrip(".")
    return Node(
        Kind.ROW,
        "row",
        label=number,
        number=number,
        named=[_block(cells[:1])],
        body=[_block(cells[1:])],
        cells=tuple(cell.text for cell in cells),
        page=cells[0].lines[0].page if cells[0].lines else 0,
        footnotes=[mark for cell in cells for line in cell.lines for mark in line.marks],
    )


def _block(cells: Sequence[Cell]) -> Block:
    """The cells as one paragraph, with the edges between them as they stand in the source."""
    block = Block()
    for index, cell in enumerate(cells):
        block.pieces.extend((line.words, line.end) for line in cell.lines)
        if cell.edge is not None and index < len(cells) - 1:
            block.pieces.append((cell.edge.words, cell.edge.end))
    return block
