"""Tables of a word processor or a web page as the parser reads them: one cell after the other, a line "|" after each.

Tables that only lay out (the letterhead, the signature, a frame round a paragraph) become their paragraphs, column after column.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kgsearch.readers.paragraphs import Block, PrintedLine

EDGE = "|"
MAX_COLUMNS = 64
"""Word itself allows 63."""

_MIN_CELLS = 6
_LAYOUT_ROWS = 6
_MAX_HEAD_ROWS = 4
_SHORT = 200
"""Characters of a line in a letterhead or signature; longer ones are paragraphs of a text that stands in a table as a whole."""
_TABLE = frozenset({"table"})
# What stands in the two columns at the head and the end of an official document.
_LAYOUT = re.compile(
    r"C[ỘộỌ]NG\s+(?:H[ÒO]A|HOÀ)\s+X[ÃA]\s+H[ỘO]I|[ĐÐ][ẢA]NG\s+C[ỘO]NG\s+S[ẢA]N\s+VI[ỆE]T|Độc\s+lập\s*[-–]\s*Tự\s+do|^N[ơƠ]I\s+NH[ậẬ]N\s*:|"
    r"^(?:TM|T/M|KT|TL|TUQ)\s*[./]\s*\w",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST = re.compile(r"\(?(?:0{0,2}1|I|A)\)?\s*[.)]?")
_PLAIN = re.compile(r"\(?(\d{1,2})\)?")


@dataclass(slots=True)
class Cell:
    """A cell: the column where it begins, how many it spans, whether it only continues the one above, and what stands in it."""

    column: int
    span: int = 1
    continued: bool = False
    blocks: list[Block] = field(default_factory=list)

    @property
    def lines(self) -> list[PrintedLine]:
        """Its lines that hold anything, the edges of tables inside it left out."""
        return [] if self.continued else [line for block in self.blocks for line in block if line.text not in ("", EDGE)]

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(line.text for line in self.lines)


Row = list[Cell]


def table_blocks(rows: Sequence[Row]) -> list[Block]:
    """What a table adds to the text: one block where it is one of data, else the paragraphs of its cells."""
    kept = _on_used_columns([row for row in rows if any(cell.lines for cell in row)])
    if not _is_of_data(kept):
        return _laid_out(kept)
    count = max(cell.column + cell.span for row in kept for cell in row)
    heads = _head_rows(kept)
    lines = list(_heads(kept[:heads], count))
    for row in kept[heads:]:
        if not _numbers_columns(row):
            lines.extend(_body(row, count))
    return [lines] if lines else []


def _on_used_columns(rows: Sequence[Row]) -> list[Row]:
    """The rows on the columns at which a cell begins: the grid has more, where somebody once moved an edge by a hair."""
    used = sorted({cell.column for row in rows for cell in row})
    return [
        [
            replace(cell, column=first, span=max(1, bisect_left(used, cell.column + cell.span) - first))
            for cell in row
            for first in (bisect_left(used, cell.column),)
        ]
        for row in rows
    ]


def _is_of_data(rows: Sequence[Row]) -> bool:
    if sum(len(row) for row in rows) < _MIN_CELLS or max(len(row) for row in rows) < 2:
        return False
    return len(rows) > _LAYOUT_ROWS or not any(_is_of_layout(row) for row in rows)


def _is_of_layout(row: Row) -> bool:
    """Whether the letterhead or the signature stands in the row."""
    return _LAYOUT.search("\n".join(line.text for cell in row for line in cell.lines)) is not None


def _laid_out(rows: Sequence[Row]) -> list[Block]:
    """The paragraphs of the cells; in the letterhead and the signature the short lines of a cell belong together."""
    official = any(_is_of_layout(row) for row in rows)
    blocks: list[Block] = []
    for row in rows:
        for cell in row:
            if official and all(len(line.text) <= _SHORT for line in cell.lines):
                blocks.append(cell.lines)
            elif not cell.continued:
                blocks.extend(cell.blocks)
    return [block for block in blocks if block]


def _head_rows(rows: Sequence[Row]) -> int:
    """How many rows hold the heads of the columns: those above the first that is numbered, else what the first row spans."""
    for index, row in enumerate(rows[: _MAX_HEAD_ROWS + 1]):
        if _FIRST.fullmatch(row[0].text) and not _numbers_columns(row):
            return next((at for at in range(index) if _numbers_columns(rows[at])), index)
    count = 1
    while count < min(len(rows), _MAX_HEAD_ROWS) and any(cell.continued for cell in rows[count]) and not rows[count][0].text:
        count += 1
    return count


def _numbers_columns(row: Row) -> bool:
    """Whether the row only numbers the columns, (1), (2), (3), …: no words, and the next column's number would look like a row's."""
    numbers = [match[1] for cell in row if (match := _PLAIN.fullmatch(cell.text))]
    return len(row) >= 3 and numbers == [str(number) for number in range(1, len(row) + 1)]


def _heads(rows: Sequence[Row], count: int) -> Iterator[PrintedLine]:
    """One head for each column, what spans several columns before the head of each of them."""
    page = next(line.page for cell in rows[0] for line in cell.lines) if rows else 0
    started = False
    for column in range(count):
        above = [cell for row in rows for cell in row if cell.column <= column < cell.column + cell.span and cell.lines]
        text = " ".join(cell.text for cell in above)
        # The parser takes the line above the first edge for the first cell, so an empty one cannot be told.
        if not text and not started:
            continue
        started = True
        if text:
            yield PrintedLine(text, page, _TABLE)
        yield PrintedLine(EDGE, page, _TABLE)


def _body(row: Row, count: int) -> Iterator[PrintedLine]:
    """The cells of a row, each in its column: a cell that spans several is followed by empty ones, unless it spans the whole row."""
    page = next(line.page for cell in row for line in cell.lines)
    column = 0
    for cell in row:
        yield from _edges(cell.column - column, page)
        yield from (replace(line, style=line.style | _TABLE) for line in cell.lines)
        page = cell.lines[-1].page if cell.lines else page
        yield from _edges(1 if cell.span >= count else cell.span, page)
        column = cell.column + cell.span
    if column < count:
        yield from _edges(count - column, page)


def _edges(count: int, page: int) -> Iterator[PrintedLine]:
    for _number in range(count):
        yield PrintedLine(EDGE, page, _TABLE)
