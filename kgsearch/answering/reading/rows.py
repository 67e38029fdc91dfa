"""Rows of tables that were flattened into lines when a document was saved as text: each cell, or a few of them, a line of its own.

A row is told by its order: what numbers it, what names it, its values, in that order. A value belongs to the name that stands
nearest before it, never to the one after it. What cannot be told that way is no row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import dropwhile, pairwise

from kgsearch.citations.issuers import CAPITAL
from kgsearch.models import ClauseRecord, Kind, Span

MOST_LINES = 5_000
"""Lines of one document in which rows are looked for."""

MOST_ROW_WORDS = 150
"""A longer row is none: its end was not found."""

MOST_CHARACTERS = 1_500
"""A longer line is no cell: the patterns below are tried at each of its words, and a word may be as long as the line."""

_LONGEST_CELL, _LONGEST_UNIT = 110, 60
_LONGEST_VALUE = 120
"""Characters of a value with what is said of it: its unit and eight words."""

_MOST_VALUES = 20
"""Values at the end of one line; no table has more columns."""

_SHORTEST_SENTENCE = 8
_FEWEST_ROWS, _FEWEST_CELLS = 2, 3

_STRUCTURE = frozenset([Kind.PREAMBLE, Kind.CONCLUSIONS, Kind.ATTACHMENT, Kind.ANNEX, Kind.CHAPTER, Kind.ARTICLE, Kind.ROW, Kind.FOOTNOTE])
_GROUPED = r"\d{1,3}(?:\.\d{3})+"
# A bare year is no value.
_NUMBER = r"(?!(?:19|20)\d\d(?![\d.,]))(?:\d{1,3}(?:\.\d{3}|\s\d{3}(?!\S))+(?:,\d+)?|\d+(?:[.,]\d+)?)"
_FIGURE = rf"(?:{_NUMBER})(?:\s?[-–]\s?(?:{_NUMBER}))?"
_COUNTED = r"(?:%|đồng|đ(?!\w)|VNĐ|VND|USD|triệu|nghìn|tỷ|tháng|ngày|năm|giờ|phút|tiết|điểm|m2|m3|m²|m³|ha(?!\w)|lần|người|kg|tấn|giường|/)"
# Most of what follows a figure's unit is said of it ("2.000.000 đồng/1 lần bình tuyển, công nhận"): in small letters, up to the end.
_TAIL = rf"(?:\s?{_COUNTED}[^\s{CAPITAL}]*(?:\s+(?![{CAPITAL}\d])\S+){{0,8}})?"
_FREE = r"(?:Miễn(?:\s(?:thu|phí|lệ\sphí))?|Không\sthu)"
# What stands in words where others have a figure is the row's value as well, and no name of the next.
_IN_WORDS = r"(?:(?:Thanh toán )?[Tt]heo (?:thực tế|quy định|hóa đơn)|Bằng (?:\d|mức)).{0,150}(?=$)"
_VALUE = re.compile(rf"(?:{_FREE}|{_IN_WORDS}|{_FIGURE}{_TAIL})(?=\s|$)")
_LAST_VALUE = re.compile(rf"(?<=\s)(?P<value>{_FREE}|{_FIGURE})(?P<tail>{_TAIL})$")
# "1 lần bình tuyển" is what a value is for, and none itself.
_EACH = re.compile(r"0?1\s(?:lần|hồ sơ|giấy|bản|thửa|trường hợp|đề án|báo cáo|xe|người|thẻ|văn bản)(?!\w)")
_VALUE_THEN_NUMBER = re.compile(rf"(?<!\S)(?:(?:\d+\s?[-–]\s?)?{_GROUPED}|{_FREE})\S*(?P<gap>\s+)(?=(?P<number>\S+)\s+[{CAPITAL}])")
_VALUE_THEN_NAME = re.compile(
    rf"(?<!\S)(?:{_FREE}|{_GROUPED}(?:\s?[-–]\s?{_GROUPED})?|\d+,\d+)(?:\s?{_COUNTED}\S*(?:\s+(?![{CAPITAL}\d])\S+){{0,8}})?"
    rf"(?P<gap>\s+)(?=[{CAPITAL}])"
)
_FIRST_NUMBER = re.compile(rf"(?<=\w)(?P<gap>\s+)(?=[1I]\s+[{CAPITAL}])")
_BARE = re.compile(r"\d{1,4}|\d{1,2}(?:\.\d{1,2}){1,2}")
# A figure after one of these bounds what the row is of ("Trên 10 đến 20"), a bare one after one of the others names it ("Nhóm 1").
_BOUNDING = re.compile(r"(?:^|[\s(])(?:đến|tới|trên|dưới|từ|đủ|(?<!không )quá|hơn|bằng|và|≤|≥|<|>)\s?$", re.IGNORECASE)
_NAMING = re.compile(
    r"""(?:^|[\s(])(?:nhóm|loại|cấp|hạng|bậc|lớp|vị\strí|khu\svực|phường|quận|xã|tổ|ấp|thôn|khu\sphố|đường|phố|số|quý|tháng|năm|ngày|điều
    |khoản|điểm|mục|phần|phụ\slục|biểu|mẫu|thứ|kỳ|bước|trường\shợp|giai\sđoạn|chương\strình|bảng|hình|đợt|lần|cột)\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT = re.compile(
    r"""(?:0?1\s)?(?:đồng|hồ\ssơ|thửa|gcn|giấy|câu|người|kg|lít|tấn|m2|m3|m²|m³|ha|lần|bản|xe|thẻ|bài|đề|cây|con|hộ|vụ|trang|%
    |(?:ngày|tháng|năm|giờ|tiết)(?=/))(?:\s?/\s?.{1,40})?""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_ABOVE = re.compile(r"\W{0,2}(?:đơn vị(?: tính)?|đvt)\s?:?\s*$", re.IGNORECASE)
_MEASURED = re.compile(r"(?:\S*/\S*|m2|m3|m²|m³|tấn|kg|lít|ha|câu|người|thửa|giấy|lần|bản|hồ sơ|đồng)$", re.IGNORECASE)
_ORDINAL = re.compile(
    r"(?P<roman>[IVX]{1,5})[.)]?|(?P<under>[IVX]{1,4}\.\d{1,2})[.)]?|(?P<code>[IVX]{1,4}\d{1,8}|[A-Z]\d{2,6})"
    r"|(?P<dotted>\d{1,2}(?:\.\d{1,2}){1,3})[.)]?|(?P<arabic>\d{1,3})[.)]?|(?P<letter>[a-wyzđ])[.)]?|(?P<capital>[A-HK-UĐ])[.)]?"
)
_RUNNING = re.compile(r"(?<!\w)(?:Số\s(?:TT|thứ\stự)|S?TT|Stt)(?!\w)")
_UNIT_HEAD = re.compile(r"(?:đơn vị(?: tính)?|đvt)\W*$", re.IGNORECASE)
_UNIT_SAID = re.compile(r"\W{0,2}(?:đơn vị|đvt)\W", re.IGNORECASE)
_SERIES = re.compile(r"(?P<word>[^\W\d]+(?:\s[^\W\d]+)?)\s(?:\d{1,2}|[IVX]{1,4})(?!\w)")
_AMOUNT = re.compile(r"\d\s?(?:%|đồng)")
_NOTE = re.compile(r"\W{0,2}ghi chú\s*:", re.IGNORECASE)
_ORDERS: Mapping[str, tuple[str | None, ...]] = {
    "letter": tuple("abcdđefghiklmnopq"),
    "roman": ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII"),
}


@dataclass(frozen=True, slots=True)
class FlatRow:
    """A row: ``[start, end)`` of ``clause.full_text``, in which ``label`` (what numbers and names it) and ``values`` stand.

    ``groups`` are the lines of the table under which it stands, outermost first; ``heads`` those of the value columns where they can be
    told (as many as ``values``), else (); ``above`` all that stands above the first row. ``lines`` are the eIds of the clauses it
    is made of.
    """

    clause: ClauseRecord
    start: int
    end: int
    label: Span
    values: tuple[Span, ...]
    groups: tuple[str, ...]
    heads: tuple[str, ...]
    above: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The row as it stands in its clause, the cells on lines of their own."""
        return self.clause.full_text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class FlatTable:
    """The rows of one table in order, and the eIds of the clauses that are its cells."""

    rows: tuple[FlatRow, ...]
    cells: frozenset[str]


class _Part(Enum):
    NUMBER = "number"
    TEXT = "text"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line: ``text`` at ``[start, end)`` of the document's lines put together."""

    part: _Part
    text: str
    start: int
    end: int
    line: int
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A clause's own words with its label, and where they stand in the document's lines put together."""

    clause: ClauseRecord
    text: str
    start: int


@dataclass(slots=True)
class _Numbering:
    """What numbers the rows so far: of a bare figure it tells whether it is the next row's number."""

    last: dict[str, str] = field(default_factory=dict)

    def expects(self, style: str, number: str) -> bool:
        """Whether ``number`` begins or goes on a numbering."""
        last = self.last.get(style)
        if style == "arabic":
            return int(number) == 1 or int(number) == int(last or 1) + 1
        if style == "dotted":
            stem = number.rpartition(".")[0]
            return number.endswith(".1") or stem in self.last.values() or (last is not None and last.rpartition(".")[0] == stem)
        order = _ORDERS.get(style)
        if order is None:
            return True
        if number not in order:
            return False
        return number == order[0] or (last in order and order.index(number) == order.index(last) + 1)

    def take(self, style: str, number: str) -> None:
        """Go on from ``number``."""
        self.last[style] = number


def flat_tables(clauses: Sequence[ClauseRecord]) -> list[FlatTable]:
    """The flattened tables of a document, whose clauses these are, in order."""
    lines = _lines(clauses[:MOST_LINES])
    by_eid = {line.clause.eid: place for place, line in enumerate(lines)}
    tables = (_table(lines[first:last], lines, by_eid) for first, last in _runs(lines))
    return [table for table in tables if table is not None]


def _lines(clauses: Iterable[ClauseRecord]) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for clause in clauses:
        text = f"{clause.label} {clause.text}".strip()
        lines.append(_Line(clause, text, start))
        start += len(text) + 1 if text else 0
    return lines


def _runs(lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """Where the lines of a table may begin and end: where the head of its running numbers stands, a new one begins."""
    for first, last in _cell_runs(lines):
        borders = [first, *(_head(lines, first, place) for place in range(first + 1, last) if _is_head(lines[place].text)), last]
        yield from ((start, end) for start, end in pairwise(borders) if end - start >= _FEWEST_CELLS)


def _is_head(text: str) -> bool:
    found = _RUNNING.search(text)
    return found is not None and (found.start() == 0 or found.end() == len(text))


def _head(lines: Sequence[_Line], first: int, place: int) -> int:
    """Where a table begins whose column of running numbers has its head at ``place``: what its figures are in may stand before that."""
    start = place
    while start > first and place - start < 2 and len(lines[start - 1].text) < _LONGEST_UNIT:
        start -= 1
        if _UNIT_SAID.match(lines[start].text):
            return start
    return place


def _cell_runs(lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """Where lines follow each other that may be cells."""
    first = 0
    for place, line in enumerate(lines):
        if not _is_cell(line, lines[place + 1 : place + 3]):
            if place - first >= _FEWEST_CELLS:
                yield first, place
            first = place + 1
    if len(lines) - first >= _FEWEST_CELLS:
        yield first, len(lines)


def _is_cell(line: _Line, following: Sequence[_Line]) -> bool:
    """Whether a line may be a cell, or a few: no sentence but before a value, no lead-in of a clause, no title."""
    text = line.text
    if line.clause.kind in _STRUCTURE or not text or len(text) > MOST_CHARACTERS or _NOTE.match(text):
        return False
    if _ORDINAL.fullmatch(text) or _VALUE.fullmatch(text):
        return True
    if text.endswith(":") and line.clause.kind is not Kind.PARAGRAPH:
        return False
    if text.endswith((".", ";")) and not _leads_to_value(following):
        return False
    return text.count(" ") < _LONGEST_CELL


def _leads_to_value(following: Sequence[_Line]) -> bool:
    """Whether a value comes next, or its unit and then it."""
    texts = [line.text[:MOST_CHARACTERS] for line in following]
    if texts and _UNIT.fullmatch(texts[0]):
        texts = texts[1:]
    return bool(texts) and _VALUE.fullmatch(texts[0]) is not None and _ORDINAL.fullmatch(texts[0]) is None


# --- the parts of a line


def _pieces(lines: Sequence[_Line]) -> list[_Piece]:
    """The parts of all lines in order."""
    numbering = _Numbering()
    pieces: list[_Piece] = []
    for place, line in enumerate(lines):
        following = lines[place + 1].text if place + 1 < len(lines) else ""
        for start, end in _stretches(line.text):
            pieces.extend(_parts(line, place, Span(start, end), following if end == len(line.text) else "", numbering))
    return pieces


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """A line, cut where a row's number follows a value ("500-2.000 4 Dầu hỏa") or a group ("Mỡ nhờn 1 Xăng"), or a name a value."""
    cuts = {match.span("gap") for match in _VALUE_THEN_NUMBER.finditer(text) if _ORDINAL.fullmatch(match["number"])}
    cuts |= {match.span("gap") for match in _FIRST_NUMBER.finditer(text) if not _ends_in(_NAMING, text[: match.start("gap")])}
    cuts |= {match.span("gap") for match in _VALUE_THEN_NAME.finditer(text) if not _ends_in(_BOUNDING, text[: match.start()])}
    start = 0
    for end, following in sorted(cuts):
        yield start, end
        start = following
    yield start, len(text)


def _parts(line: _Line, place: int, stretch: Span, following: str, numbering: _Numbering) -> Iterator[_Piece]:
    """Number, text, values and the next row's number, as far as a stretch of a line holds them."""

    def piece(part: _Part, start: int, end: int, style: str = "") -> _Piece:
        return _Piece(part, line.text[start:end], line.start + start, line.start + end, place, style)

    start, end = stretch.start, stretch.end
    first = line.text.find(" ", start, end) if " " in line.text[start:end] else end
    style = _style(line.text[start:first], line.text[first:end].strip() or following, numbering)
    if style:
        yield piece(_Part.NUMBER, start, first, _level(style, line.text[start:first]))
        start = min(first + 1, end)
    tail = _numbered_tail(line.text, start, end, following, numbering)
    border = tail[0] if tail else end
    values = list(_values(line.text, start, border))
    named = values[0].start if values else border
    if words := line.text[start:named].strip():
        begin = line.text.index(words[0], start)
        yield piece(_Part.TEXT, begin, begin + len(words))
    for span in values:
        yield piece(_Part.VALUE, span.start, span.end)
    if tail:
        yield piece(_Part.NUMBER, tail[0] + 1, end, _level(tail[1], line.text[tail[0] + 1 : end]))


def _level(style: str, number: str) -> str:
    """The level of a number: "1.1" stands above "1.1.1", "I4" above "I401"."""
    return f"{style}{number.count('.') if style == 'dotted' else len(number) if style == 'code' else ''}"


def _style(word: str, following: str, numbering: _Numbering) -> str:
    """How ``word`` numbers a row; "" where it does not. A figure does where its turn has come and words follow."""
    match = _ORDINAL.fullmatch(word)
    if match is None or match.lastgroup is None:
        return ""
    style, number = match.lastgroup, match[match.lastgroup]
    if style in ("arabic", "dotted") and word == number and not _is_turn(style, number, following, numbering):
        return ""
    numbering.take(style, number)
    return style


def _is_turn(style: str, number: str, following: str, numbering: _Numbering) -> bool:
    """Whether a bare figure may be the next row's number, as its turn has come and words follow, or a number within it."""
    if not following or following[0].isdigit():
        return False
    value = _VALUE.match(following) is not None and not _ORDINAL.fullmatch(following.split()[0])
    return not value and numbering.expects(style, number)


def _numbered_tail(text: str, start: int, end: int, following: str, numbering: _Numbering) -> tuple[int, str] | None:
    """The number of the next row at the end of a line, and where it begins."""
    at = text.rfind(" ", start, end)
    if at < 0 or not following:
        return None
    match = _ORDINAL.fullmatch(text[at + 1 : end])
    if match is None or match.lastgroup not in ("arabic", "dotted", "letter", "roman"):
        return None
    style, number = match.lastgroup, match[match.lastgroup]
    before = text[start:at]
    after_value = _last_value(f" {before}") is not None
    if not numbering.expects(style, number) or _ends_in(_NAMING, before) or _ends_in(_BOUNDING, before) or _VALUE.match(following):
        return None
    begins = number in ("a", "1") or style == "dotted" or (style == "roman" and number != "I")
    if not after_value and not (begins and _ORDINAL.fullmatch(following.split()[0]) is None):
        return None
    numbering.take(style, number)
    return at, style


def _values(text: str, start: int, end: int) -> list[Span]:
    """The values with which ``text[start:end]`` ends, in order."""
    found: list[Span] = []
    while start < end and len(found) < _MOST_VALUES:
        if _VALUE.fullmatch(text, start, end) and not _EACH.match(text, start, end):
            return [*_split(text, start, end), *found]
        match = _last_value(text, start, end)
        before = text[start : match.start()].rstrip() if match else ""
        if match is None or _ends_in(_BOUNDING, before) or _EACH.match(match[0]):
            break
        if _BARE.fullmatch(match["value"]) and not match["tail"] and not found and not _may_follow(before):
            break
        found = [*_split(text, match.start(), end), *found]
        end = start + len(before)
    return found


def _may_follow(before: str) -> bool:
    """Whether a bare figure after these words is a value: after a unit, or another value."""
    match = _last_value(f" {before}")
    is_value = match is not None and not _ends_in(_BOUNDING, f" {before}"[: match.start()].rstrip())
    return not _ends_in(_NAMING, before) and (is_value or _ends_in(_MEASURED, before))


def _last_value(text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """The value with which ``text[start:end]`` ends, after white space: looked for in its last characters only."""
    end = len(text) if end is None else end
    return _LAST_VALUE.search(text, max(start, end - _LONGEST_VALUE), end)


def _ends_in(pattern: re.Pattern[str], words: str) -> bool:
    """Whether ``words`` end in what ``pattern`` says: its last characters tell."""
    return pattern.search(words[-_LONGEST_VALUE:]) is not None


def _split(text: str, start: int, end: int) -> list[Span]:
    """Figures side by side are values of several columns; "429 000" is one."""
    words = text[start:end]
    figures = list(re.finditer(rf"(?<!\S)(?:{_FIGURE}|{_FREE})(?!\S)", words))
    if len(figures) > 1 and not re.sub(rf"(?<!\S)(?:{_FIGURE}|{_FREE})(?!\S)", "", words).strip():
        return [Span(start + figure.start(), start + figure.end()) for figure in figures]
    return [Span(start, end)]


# --- rows out of parts


@dataclass(slots=True)
class _Draft:
    """A row as far as it was read."""

    label: list[_Piece]
    values: list[_Piece]
    groups: tuple[str, ...]

    @property
    def style(self) -> str:
        """How it is numbered."""
        return self.label[0].style if self.label else ""


class _Grouping:
    """The lines under which a row stands: what is numbered alike is on one level, what is not numbered below all that is."""

    def __init__(self) -> None:
        self.levels: list[tuple[str, str]] = []

    def add(self, style: str, text: str) -> None:
        """Begin a group. "Nhóm 2" ends what was said from "Nhóm 1" on, though that stands in another group's line."""
        self.leave(style)
        series = _SERIES.match(text)
        if series is not None:
            another = re.compile(rf"(?<!\w){re.escape(series['word'])}\s(?:\d{{1,2}}|[IVX]{{1,4}})(?!\w)", re.IGNORECASE)
            self.levels = [(level, another.split(said, maxsplit=1)[0]) for level, said in self.levels]
        self.levels.append((style, text))

    def go_on(self, text: str) -> None:
        """A row's name "Nhóm 2 …" ends the group "Nhóm 1 …" and begins its own: the rows after it are of it."""
        series = _SERIES.match(text)
        if series is not None:
            word = f"{series['word']} ".casefold()
            self.levels = [(level, text if said.casefold().startswith(word) else said) for level, said in self.levels]

    def leave(self, style: str) -> None:
        """End the groups on a level and those below."""
        place = next((place for place, (level, _text) in enumerate(self.levels) if level == style), None)
        if place is not None:
            del self.levels[place:]
        elif style:
            self.levels = [level for level in self.levels if level[0]]

    @property
    def texts(self) -> tuple[str, ...]:
        """The groups, outermost first."""
        return tuple(text for _style, text in self.levels)


def _drafts(pieces: Sequence[_Piece]) -> tuple[list[str], list[_Draft]]:
    """What stands above the first row, and the rows."""
    reader = _RowReader()
    for piece in pieces:
        reader.read(piece)
    return reader.above, reader.rows


class _RowReader:
    """Reads parts in order: a number begins a row, its name follows, then its values; a name after values begins the next."""

    def __init__(self) -> None:
        self.above: list[str] = []
        self.rows: list[_Draft] = []
        self.grouping = _Grouping()
        self.name: list[_Piece] = []
        self.begun = False
        self.is_open = False

    def read(self, piece: _Piece) -> None:
        """Take the next part."""
        if piece.part is _Part.NUMBER:
            self._number(piece)
        elif piece.part is _Part.TEXT:
            self._text(piece)
        else:
            self._value(piece)

    def _number(self, piece: _Piece) -> None:
        self.is_open = False
        if self.name and not any(one.part is _Part.TEXT for one in self.name):
            self.name.append(piece)  # a running number and a code
            return
        self._close_name()
        self.begun = True
        self.name = [piece]

    def _text(self, piece: _Piece) -> None:
        if self.is_open and _goes_on(piece.text) and self.rows and self.rows[-1].style:
            self.name = []  # a note to the row, no name of the next: what follows it is nobody's
            return
        self.is_open = False
        self.name.append(piece)

    def _value(self, piece: _Piece) -> None:
        if self.is_open:
            self.rows[-1].values.append(piece)
            return
        texts = [one for one in self.name if one.part is _Part.TEXT]
        if not texts or all(_UNIT.fullmatch(one.text) for one in texts):
            return
        if not self.begun and _UNIT_ABOVE.match(texts[-1].text):  # "ĐVT:", then "1.000 đồng"
            self.above += [*(one.text for one in texts), piece.text]
            self.name = []
            return
        if not self.name[0].style:
            self._leave_all_but_last(texts)
        else:
            self.grouping.leave(self.name[0].style)
        self.rows.append(_Draft(self.name, [piece], self.grouping.texts))
        self.grouping.go_on(" ".join(one.text for one in self.name))
        if self.name[0].style and len(texts) > 1:  # "01 Khai sinh", then its kinds, each with its value
            self.grouping.add(self.name[0].style, " ".join(one.text for one in texts[:-1]))
        self.name, self.is_open, self.begun = [], True, True

    def _leave_all_but_last(self, texts: list[_Piece]) -> None:
        """Of several names without a number the last is the row's, with the lines that it is broken into; the others are above it."""
        first = len(texts) - 1
        while first and (_goes_on(texts[first].text) or _UNIT.fullmatch(texts[first].text)):
            first -= 1
        self.name = texts[first:]
        above = " ".join(one.text for one in texts[:first])
        if not above:
            return
        if self.begun:
            self.grouping.add("", above)
        else:
            self.above += [one.text for one in texts[:first]]

    def _close_name(self) -> None:
        """A name to which no value came is that of a group, or a column's head where no row has begun."""
        texts = [one.text for one in self.name if one.part is _Part.TEXT]
        if not self.begun:
            self.above += texts
        elif texts:
            self.grouping.add(self.name[0].style, " ".join(texts))
        self.name = []


def _goes_on(text: str) -> bool:
    """Whether a line goes on from the one before it."""
    return text[0].islower() or text[0] == "("


# --- tables


def _table(run: Sequence[_Line], lines: Sequence[_Line], by_eid: Mapping[str, int]) -> FlatTable | None:
    """The table in a run of lines; None where its rows cannot be told."""
    pieces = _pieces(run)
    above, drafts = _drafts(pieces)
    cells = len(run) - len({piece.line for piece in pieces if piece.part is _Part.TEXT and not _UNIT.fullmatch(piece.text)})
    if cells < _FEWEST_CELLS and 2 * len(drafts) < len(run) and not _is_head(run[0].text):
        return None
    bare = sum(all(_BARE.fullmatch(value.text) for value in draft.values) for draft in drafts)
    if 3 * bare < len(drafts):  # where prices stand, a bare figure may be the number of a row
        drafts = [draft for draft in map(_without_bare, drafts) if draft.values]
    if len(drafts) < _FEWEST_ROWS:
        return None
    widths = Counter(len(draft.values) for draft in drafts)
    width = min(width for width, count in widths.items() if count == max(widths.values()))
    heads = _value_heads(above, width)
    told = (draft for draft in drafts if len(draft.values) <= width)
    rows = (_row(draft, run, lines, by_eid, heads if len(draft.values) == width else (), " ".join(above)) for draft in told)
    kept = tuple(row for row in rows if row is not None)
    if not kept:
        return None
    return FlatTable(kept, frozenset(_cell_lines(run[: drafts[-1].values[-1].line + 1], kept)))


def _cell_lines(lines: Iterable[_Line], rows: Iterable[FlatRow]) -> Iterator[str]:
    """The lines within a table that say nothing alone: all but those that are sentences of their own."""
    in_rows = {eid for row in rows for eid in row.lines}
    groups = {group for row in rows for group in row.groups}
    for line in lines:
        is_group = any(line.clause.text in group or group in line.text for group in groups) and not _AMOUNT.search(line.text)
        if line.clause.eid in in_rows or is_group or line.text.count(" ") < _SHORTEST_SENTENCE:
            yield line.clause.eid


def _without_bare(draft: _Draft) -> _Draft:
    """A row without the bare figures at its end."""
    values = [*dropwhile(lambda value: _BARE.fullmatch(value.text), reversed(draft.values))]
    return _Draft(draft.label, values[::-1], draft.groups)


def _value_heads(above: Sequence[str], width: int) -> tuple[str, ...]:
    """The heads of the columns of values; () where there are not as many heads as columns."""
    start = next((place for place, text in enumerate(above) if _RUNNING.search(text)), None)
    heads: list[str] = []
    said = [text for text in above if not _UNIT_SAID.match(text)] if start is None else above[start:]
    for place, text in enumerate(said):
        if start is not None and place == 0:
            text = _RUNNING.split(text, maxsplit=1)[1].strip()
        if heads and _goes_on(text or "("):
            heads[-1] = f"{heads[-1]} {text}".strip()
        elif text:
            heads.append(text)
    named = 1 + any(_UNIT_HEAD.match(head) for head in heads[1:])
    return tuple(heads[-width:]) if len(heads) == named + width else ()


def _row(
    draft: _Draft, run: Sequence[_Line], lines: Sequence[_Line], by_eid: Mapping[str, int], heads: tuple[str, ...], above: str
) -> FlatRow | None:
    """A row in the clause that holds all of it; None where it does not stand there to the letter."""
    pieces = [*draft.label, *draft.values]
    first, last = pieces[0], pieces[-1]
    made_of = [line.clause for line in run[first.line : last.line + 1]]
    clause = _holding(made_of, lines, by_eid)
    if clause is None:
        return None
    offset = _offset(clause, lines, by_eid)
    start = max(first.start, offset)  # a clause's own label is none of its words
    begun = [piece for piece in draft.label if piece.start >= start]
    words = _text_between(lines, by_eid, made_of[0], start, last.end)
    if not begun or clause.full_text[start - offset : last.end - offset] != words or len(words.split()) > MOST_ROW_WORDS:
        return None
    label = Span(begun[0].start - offset, draft.label[-1].end - offset)
    values = tuple(Span(piece.start - offset, piece.end - offset) for piece in draft.values)
    eids = tuple(one.eid for one in made_of)
    return FlatRow(clause, start - offset, last.end - offset, label, values, draft.groups, heads, above, eids)


def _holding(clauses: Sequence[ClauseRecord], lines: Sequence[_Line], by_eid: Mapping[str, int]) -> ClauseRecord | None:
    """The lowest clause that all of ``clauses`` stand in, or are."""
    shared: list[str] | None = None
    for clause in clauses:
        chain = _chain(clause, lines, by_eid)
        shared = chain if shared is None else [eid for eid in shared if eid in chain]
    return lines[by_eid[shared[0]]].clause if shared else None


def _chain(clause: ClauseRecord, lines: Sequence[_Line], by_eid: Mapping[str, int]) -> list[str]:
    """A clause and those it stands in, innermost first."""
    chain = [clause.eid]
    while clause.parent in by_eid and clause.parent not in chain:
        clause = lines[by_eid[clause.parent]].clause
        chain.append(clause.eid)
    return chain


def _offset(clause: ClauseRecord, lines: Sequence[_Line], by_eid: Mapping[str, int]) -> int:
    """Where a clause's ``full_text`` begins in the document's lines put together."""
    line = lines[by_eid[clause.eid]]
    return line.start + len(line.text) - len(clause.text) if clause.text else line.start + (len(line.text) + 1 if line.text else 0)


def _text_between(lines: Sequence[_Line], by_eid: Mapping[str, int], first: ClauseRecord, start: int, end: int) -> str:
    """``[start, end)`` of the document's lines put together, from the line of ``first`` on."""
    place = by_eid[first.eid]
    begin, parts = lines[place].start, []
    while place < len(lines) and lines[place].start < end:
        if lines[place].text:
            parts.append(lines[place].text)
        place += 1
    return "\n".join(parts)[start - begin : end - begin]
