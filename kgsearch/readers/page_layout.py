"""From pages to lines: paragraphs, columns, tables and footnotes in the order in which they are read.

The lines are those that the parser takes for its own: a paragraph on one line, an empty line between two, so that nothing needs to be
guessed again. Where the page does not say for certain whether a row continues the one above, they stay two lines without an empty one
between, and the parser judges by the words. Tables are written one cell a line with "|" after each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise

from kgsearch.models import Line, PageRecognition, SourceText
from kgsearch.readers.page import Page, Row, joined, rows_of
from kgsearch.readers.page_columns import Columns, split_columns
from kgsearch.readers.page_furniture import body_size, note_text, split_notes, without_furniture
from kgsearch.readers.page_grid import Cells, Grid, continued, grids
from kgsearch.readers.table_blocks import EDGE

_INDENT = 6.0
"""Points by which a row must be indented to begin a paragraph."""

_SPACED = 1.25
"""Times the usual distance of rows: a paragraph ends where the next row stands further below."""

_LABEL = re.compile(
    r"^(?:[-–—+•*●]|\(?\w{1,5}(?:\.\d{1,2}){0,3}[.)]|"
    r"(?:[ĐÐ](?:iều|IỀU)|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Khoản|Tiểu mục|TIỂU MỤC|Phụ lục|PHỤ LỤC)\s"
    r"(?:\d{1,4}[a-zđ]{0,2}|[IVXLC]{1,6}|[A-H]))"
    r"(?=\s|$|[.:])"
)
_ENDED = re.compile(r"[.;:!?…]['\"”’)]*$|/$")
_NUMBERED_NOTE = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_MIN_ROWS = 8
_WIDEST_MARGIN = 0.16
_JUSTIFIED = 2.0
"""Points by which justified rows may miss the margin."""


_COLUMN_SPACED = 1.5
_PADDING = 5.4
"""Points between the edges of a cell and its text. Word processors shift a table by it, so that on the left the text keeps the margin."""


class Link(Enum):
    """How a row stands to the one above: it continues its line, perhaps continues it, or begins a paragraph."""

    JOINED = " "
    PERHAPS = "\n"
    APART = "\n\n"


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the text of a page begins and ends, in points; ``pitch`` is the usual distance of rows as a multiple of the font size.

    ``slack`` is how far places may be wrong; ``justified`` says that a wrapped row always reaches the right margin.
    """

    left: float
    right: float
    pitch: float
    slack: float = 0.0
    justified: bool = False

    def centred(self, row: Row) -> bool:
        """Whether the row stands in the middle, clear of both margins."""
        clear = row.left > self.left + 2 * _INDENT and row.right < self.right - 2 * _INDENT
        return clear and self.symmetrical(row)

    def symmetrical(self, row: Row) -> bool:
        """Whether both ends of the row are as far from the margins: centred, or full."""
        return abs(row.middle - (self.left + self.right) / 2) < 4 + self.slack

    def ends(self, before: Row, row: Row) -> bool:
        """Whether ``before`` was ended on purpose: the first word of ``row`` would have found room beside it."""
        # A dash in a sentence is wrapped with the word after it.
        alone = len(row.words) > 1 and not any(map(str.isalnum, row.words[0].text))
        needed = 0.25 * row.size + row.words[1 if alone else 0].right - row.left
        room = self.right - 1 - 2 * self.slack - before.right
        return needed < room or (self.justified and room > _JUSTIFIED)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: list[Cells]


_Element = Row | Columns | _Table


def source_text(pages: Sequence[Page], encoding: str) -> SourceText:
    """The lines of the pages, each with its page, and which pages were recognised."""
    tables = [_tables(page) for page in pages]
    rows = without_furniture(pages, [_rows_outside(page, own) for page, own in zip(pages, tables, strict=True)])
    size = body_size(rows)
    notes: list[list[list[Row]]] = []
    elements: list[list[_Element]] = []
    for page, own, found in zip(pages, rows, tables, strict=True):
        above, below = split_notes(page, own, size)
        notes.append(below)
        elements.append(_in_order(page, above, found))
    margins = _margins(pages, elements)
    writer = _Writer()
    for page, own_elements, below in zip(pages, elements, notes, strict=True):
        writer.begin_page(page.number, margins[page.number])
        for element in own_elements:
            writer.add(element)
        writer.end_page(below)
    recognised = tuple(PageRecognition(page.number, page.confidence) for page in pages if page.confidence is not None)
    return writer.source(encoding, recognised)


def _tables(page: Page) -> list[Grid]:
    return [grid for grid in grids(page.rulings) if sum(map(len, grid.rows(page.words))) > 2]


def _rows_outside(page: Page, tables: Sequence[Grid]) -> list[Row]:
    words = [word for word in page.words if not any(grid.cell_of(word) for grid in tables)] if tables else page.words
    return rows_of(words, page.number)


def _in_order(page: Page, rows: Sequence[Row], tables: Sequence[Grid]) -> list[_Element]:
    """What stands on the page from top to bottom."""
    elements: list[_Element] = []
    above = 0.0
    for grid in [*tables, None]:
        below = grid.ys[0] if grid else page.height * 2
        elements.extend(split_columns([row for row in rows if above <= row.base < below], page.width))
        if grid is not None:
            elements.append(_Table(grid.rows(page.words)))
            above = below
    return elements


# -- margins -------------------------------------------------------------------------------------------------------------------------


def _margins(pages: Sequence[Page], elements: Sequence[Sequence[_Element]]) -> dict[int, Margins]:
    """The margins of each page by its number: its own where it was recognised, since paper shifts, else those of pages like it."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for page, own in zip(pages, elements, strict=True):
        plain = [one for one in own if isinstance(one, Row)]
        for key in _keys(page):
            groups[key].extend(plain)
    found = {}
    for page in pages:
        key = next((key for key in _keys(page) if len(groups[key]) >= _MIN_ROWS), _keys(page)[-1])
        found[page.number] = _measure(groups[key], page)
    return found


def _keys(page: Page) -> list[tuple[object, ...]]:
    """The groups to which the page belongs, the narrowest first."""
    wide: tuple[object, ...] = (round(page.width / 20), page.confidence is None)
    return [(*wide, page.number)] if page.confidence is not None else [(*wide, page.number % 2, "side"), wide]


def _measure(rows: Sequence[Row], page: Page) -> Margins:
    slack = 0.0 if page.confidence is None else 6.0
    if not rows:
        return Margins(0.1 * page.width, 0.9 * page.width, 1.2, slack)
    lefts = sorted(row.left for row in rows)
    enough = max(2, len(rows) // 25)
    within = (place for place, later in zip(lefts, lefts[enough - 1 :], strict=False) if later - place < 3 + slack)
    left = next(within, lefts[0])
    right = sorted(row.right for row in rows)[-1 - len(rows) // 100]
    if len(rows) < _MIN_ROWS:
        # Too few to show how wide the text is: no wider on the left than on the right, as offices set it.
        left = min(left, _WIDEST_MARGIN * page.width)
        right = max(right, page.width - left)
    steps = sorted(
        step for before, row in pairwise(rows) if before.page == row.page and 0 < (step := (row.base - before.base) / row.size) < 4
    )
    plain = Margins(left, right, steps[len(steps) * 3 // 10] if steps else 1.2, slack)
    wrapped = [before.right for before, row in pairwise(rows) if row.text[:1].islower() and not plain.ends(before, row)]
    justified = not slack and len(wrapped) >= _MIN_ROWS and sum(right - place < _JUSTIFIED for place in wrapped) > 0.9 * len(wrapped)
    return replace(plain, justified=justified)


# -- lines ---------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A line being written: its rows so far."""

    rows: list[Row]
    centred: bool


@dataclass(slots=True)
class _Writer:
    """Writes lines into a text; notes wait until the paragraph that their page broke off is whole."""

    pieces: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    place: int = 0
    page: int = 0
    margins: Margins = field(default_factory=lambda: Margins(0, 0, 1.2, 0))
    open: _Open | None = None
    table: list[Cells] = field(default_factory=list)
    table_pages: list[int] = field(default_factory=list)
    waiting: list[tuple[str, int]] = field(default_factory=list)

    def begin_page(self, number: int, margins: Margins) -> None:
        if self.open is not None:
            if margins.slack != self.margins.slack:
                # A scan beside a page that was printed into the file: two papers.
                self._close()
            else:
                # Left and right pages have their text in different places.
                self.open.rows = [row.moved(margins.left - self.margins.left) for row in self.open.rows]
        self.page, self.margins = number, margins

    def add(self, element: _Element) -> None:
        if isinstance(element, _Table):
            self._add_table(element)
        elif isinstance(element, Columns):
            self._close()
            self._add_column(element.left, right_one=False)
            self._add_column(element.right, right_one=True)
        else:
            self._add_row(element)

    def end_page(self, notes: Sequence[Sequence[Row]]) -> None:
        for rows in notes:
            text = note_text(joined([row.text for row in rows]))
            if _NUMBERED_NOTE.match(text) or not self.waiting:
                self.waiting.append((text, self.page))
            else:
                before, page = self.waiting.pop()
                self.waiting.append((joined([before, text]), page))

    def source(self, encoding: str, recognised: tuple[PageRecognition, ...]) -> SourceText:
        self._close()
        return SourceText("".join(self.pieces), tuple(self.lines), encoding, paged=True, recognised=recognised)

    def _add_row(self, row: Row) -> None:
        self._close_table()
        link = self._link(row) if self.open else Link.APART
        if link is Link.JOINED and self.open:
            self.open.rows.append(row)
            return
        if link is Link.PERHAPS:
            self._write_open()
        else:
            self._close()
        self.open = _Open([row], self.margins.centred(row))

    def _link(self, row: Row) -> Link:
        assert self.open is not None
        return link(self.open.rows, row, self.margins)

    def _add_column(self, rows: Sequence[Row], right_one: bool) -> None:
        """The rows of a column, each a line but where it was wrapped; an empty line where it leaves one."""
        before: Row | None = None
        texts: list[str] = []
        for row in [*rows, None]:
            if row is not None and before is not None and self._wrapped(before, row, right_one):
                texts.append(row.text)
            else:
                if before is not None:
                    self._line(joined(texts), before.page, _style([before], False))
                if row is None or (before is not None and row.base - before.base > _COLUMN_SPACED * self.margins.pitch * row.size):
                    self._blank()
                texts = [row.text] if row is not None else []
            before = row

    def _wrapped(self, before: Row, row: Row, right_one: bool) -> bool:
        """Whether a row continues the one above it in a column of centred rows, whose outer edge is the page's margin."""
        if before.bold != row.bold or (_in_capitals(before) != _in_capitals(row) and any(map(str.isalpha, row.text))):
            return False
        if abs(before.middle - row.middle) > 2 + self.margins.slack or row.base - before.base > _SPACED * self.margins.pitch * row.size:
            return False
        half = self.margins.right - row.middle if right_one else row.middle - self.margins.left
        first = row.words[0]
        return before.right - before.left + 0.25 * row.size + first.right - first.left > 2 * half - (3 if right_one else 1) * _PADDING

    def _add_table(self, table: _Table) -> None:
        self._close_open()
        if not self.table:
            self._blank()
        self.table = continued(self.table, table.rows)
        self.table_pages += [self.page] * (len(self.table) - len(self.table_pages))

    def _close(self) -> None:
        """Write what is open, and the notes that waited for its end."""
        self._close_table()
        self._close_open()
        for text, page in self.waiting:
            self._line(text, page, frozenset())
            self._blank()
        self.waiting.clear()

    def _close_table(self) -> None:
        rows = list(zip(self.table, self.table_pages, strict=True))
        self.table, self.table_pages = [], []
        for cell, page in ((cell, page) for row, page in rows for cell in row):
            if cell:
                self._line(cell, page, frozenset({"table"}))
            self._line(EDGE, page, frozenset({"table"}))
        if rows:
            self._blank()

    def _close_open(self) -> None:
        if self.open is not None:
            self._write_open()
            self._blank()

    def _write_open(self) -> None:
        if self.open is not None:
            rows = self.open.rows
            self._line(joined([row.text for row in rows]), rows[0].page, _style(rows, self.open.centred))
        self.open = None

    def _line(self, text: str, page: int, style: frozenset[str]) -> None:
        self.lines.append(Line(text, self.place, self.place + len(text), page, style))
        self.pieces.append(text + "\n")
        self.place += len(text) + 1

    def _blank(self) -> None:
        if self.lines and self.lines[-1].text:
            self._line("", self.lines[-1].page, frozenset())


def _in_capitals(row: Row) -> bool:
    return row.text == row.text.upper()


def _style(rows: Sequence[Row], centred: bool) -> frozenset[str]:
    said = (("bold", all(row.bold for row in rows)), ("italic", all(row.italic for row in rows)), ("centred", centred))
    return frozenset(name for name, holds in said if holds)


# -- wraps ---------------------------------------------------------------------------------------------------------------------------


def link(paragraph: Sequence[Row], row: Row, margins: Margins) -> Link:
    """How ``row`` stands to the paragraph whose rows so far are ``paragraph``."""
    before = paragraph[-1]
    same_page = before.page == row.page
    if same_page and row.base - before.base > _SPACED * margins.pitch * max(row.size, before.size):
        return Link.APART
    centred, was_centred = margins.centred(row), margins.centred(before)
    if (centred and margins.symmetrical(before)) or (was_centred and margins.symmetrical(row)):
        # A title that fills some of its rows; not a centred one after the end of a paragraph, or before one.
        alike = before.bold == row.bold and before.italic == row.italic and _in_capitals(before) == _in_capitals(row)
        titles = same_page and ((centred and was_centred) or alike) and not row.text.startswith("(")
        return Link.PERHAPS if titles else Link.APART
    if was_centred or (same_page and abs(before.size - row.size) > 0.1 * row.size and not margins.slack):
        return Link.APART
    if margins.ends(before, row):
        return Link.PERHAPS if same_page and _is_mid_sentence(before, row, margins) else Link.APART
    if all(one.bold for one in paragraph) and not row.words[0].bold and row.text[:1].isupper():
        # A heading that fills its last row.
        return Link.APART
    return _link_by_indent(paragraph, row, margins)


def _is_mid_sentence(before: Row, row: Row, margins: Margins) -> bool:
    """Whether a row that is nearly full breaks off in a sentence: words may be bound by spaces at which no line is broken."""
    nearly_full = before.right > margins.right - 0.2 * (margins.right - margins.left)
    return nearly_full and before.text[-1].isalnum() and row.text.lstrip("-– ")[:1].islower()


def _link_by_indent(paragraph: Sequence[Row], row: Row, margins: Margins) -> Link:
    """The link of a row to a full row above, by where both begin."""
    before, opened = paragraph[-1], len(paragraph) == 1
    indent = _INDENT + margins.slack / 2
    dash_in_sentence = before.text[-1].isalnum() and row.text[:2] in ("- ", "– ") and row.text[2:3].islower()
    # Over a page's end no distance tells, so the end of a sentence may be that of its paragraph.
    sentence = before.page != row.page and _ENDED.search(before.text) is not None and row.text[:1].isupper()
    begins = sentence or (_LABEL.match(row.text) is not None and not dash_in_sentence)
    unless_begun = Link.PERHAPS if begins else Link.JOINED
    if not opened and abs(row.left - before.left) < indent:
        back = before.left < paragraph[0].left - indent
        return Link.JOINED if back else unless_begun
    if row.left <= margins.left + indent:
        return Link.JOINED if opened and before.left > margins.left + indent else unless_begun
    if opened and any(abs(row.left - word.left) < 3 + margins.slack for word in before.words[1:3]) and _LABEL.match(before.text):
        return Link.JOINED
    if row.text[:1].islower():
        return unless_begun
    return Link.PERHAPS if opened and abs(row.left - before.left) < indent else Link.APART
