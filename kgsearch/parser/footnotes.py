"""Footnotes: their texts taken out of the lines among which they stand, and tied to the clauses that carry their marks.

Marks that are raised or in brackets are found when the lines are cleaned. Web pages save consolidated texts ("văn bản hợp nhất")
with plain figures: "Điều 2.2 Thông tư này" is Điều 2 with note 2, "như sau1:" has note 1, and at the end "2 Điều này được sửa đổi …"
is a note. A figure alone says nothing, so two series must bear each other out: the notes at the end, numbered from 1 and saying what
was amended, and, before them, figures glued to words or labels that rise through the same numbers. Else the text stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kgsearch.i18n import gettext as _
from kgsearch.models import Kind
from kgsearch.parser.attachments import begins_attachment
from kgsearch.parser.clean import NOTE_LINE, POWER, CleanLine
from kgsearch.parser.conclusions import begins_conclusions
from kgsearch.parser.layout import Layout, continues, ends_sentence, is_capitals, open_end
from kgsearch.parser.mapped import Block, Mapped
from kgsearch.parser.tree import Node, walk


def take_out(lines: Sequence[CleanLine], layout: Layout) -> tuple[list[CleanLine], list[Node]]:
    """``lines`` without the texts of footnotes and the plain figures that mark them, and the footnotes as nodes in their order.

    A note printed at a page's foot (raised number) ends with its paragraph; notes in brackets or with plain figures stand together at
    the end of a text, so everything up to the next one, a signature or something attached belongs to a note.
    """
    lines, printed = _with_plain_notes(lines)
    kept: list[CleanLine] = []
    notes: list[Node] = []
    previous: CleanLine | None = None
    raised = False
    quotes = 0
    for index, line in enumerate(lines):
        if line.note:
            notes.append(_note(line, printed.get(line.note)))
            raised = line.raised
            previous = line
            quotes = _quotes(line.text)
        elif previous is not None and (
            _goes_on(line, previous, layout, notes[-1], kept) if raised else not _ends_notes(lines, index, quotes > 0)
        ):
            notes[-1].body.append(Block([(line.words, line.end)], list(line.marks), line.page))
            previous = line
            quotes += _quotes(line.text)
        else:
            previous = None
            kept.append(line)
    return kept, notes


def _goes_on(line: CleanLine, previous: CleanLine, layout: Layout, note: Node, body: Sequence[CleanLine]) -> bool:
    """Whether a line continues a note at a page's foot; after an empty line the sentence that the page broke off goes first."""
    if layout.spaced and line.gap > 0 and body and not ends_sentence(body[-1].text):
        return False
    return continues(line, previous, layout, opened=len(note.body) == 1)


def _quotes(text: str) -> int:
    """How many quotations the text opens without closing them."""
    return text.count("“") - text.count("”")


def _ends_notes(lines: Sequence[CleanLine], index: int, quoted: bool) -> bool:
    """Whether the notes are over: a consolidated text is authenticated or signed here, or, but in a quotation, something is attached."""
    if begins_conclusions(lines, index) or _is_authenticated(lines, index):
        return True
    if _PLACE_AND_DATE.match(lines[index].text):
        return any(begins_conclusions(lines, at) or _is_authenticated(lines, at) for at in range(index + 1, min(index + 4, len(lines))))
    return not quoted and begins_attachment(lines, index)


def _note(line: CleanLine, marks: Sequence[tuple[Mapped, int]] | None) -> Node:
    """The node of a note, its number's characters left out of its words.

    ``marks`` are the places of its marks where they are plain figures: with its number they name it, and are nobody's words.
    """
    match = (NOTE_LINE if marks is None else _NOTE).match(line.text)
    length = match.end() if match else 0
    named = [] if marks is None else [Block([mark]) for mark in (*marks, (line.words.cut(0, length), line.end))]
    words = line.words.cut(length)
    body = [Block([(words, line.end)], [], line.page)] if words.text else []
    offset = line.words.start
    return Node(Kind.FOOTNOTE, "fn", label=line.note, number=line.note, body=body, page=line.page, offset=offset, named=named)


def tie(notes: Sequence[Node], body: Node, warnings: list[str]) -> None:
    """Write into each note the eId of the clause that carries its mark, after eIds were given; a mark without its note goes."""
    carriers: dict[str, str] = {}
    known = {note.number for note in notes}
    for node in walk(body.children):
        node.footnotes = [number for number in node.footnotes if number in known]
        for number in node.footnotes:
            carriers.setdefault(number, node.eid)
    for note in notes:
        note.marked_in = carriers.get(note.number, "")
        if not note.marked_in:
            warnings.append(_("footnote {number}: its mark was not found").format(number=note.number))


# -- plain figures -------------------------------------------------------------------------------------------------------------------

_HEAD_LINES = 40
_CONSOLIDATED_NUMBER = re.compile(r"^(?:Số\s*:?\s*)?\d{1,4}\s*/\s*(?:\d{4}\s*/\s*)?VBHN\b(?!\S*\s+(?:ngày|của)\b)")
_AUTHENTICATED = re.compile(r"^(?:XÁC\s+THỰC\s+)?VĂN\s+BẢN\s+HỢP\s+NHẤT$")
_PLACE_AND_DATE = re.compile(r"^[^\W\d_][^,]{1,40},\s*ngày\s.{0,12}tháng\s.{0,8}năm\s*\d{4}\.?$")

# "3 Khoản này được …", "3. Khoản này được …", or the figure alone, its text on the next line.
_NOTE = re.compile(r"(?P<number>[1-9]\d{0,2})(?:(?P<stop>\.)\s*(?!\d)|\s+(?=\D)|$)")
_AMENDS = re.compile(
    r"được\s+(?:sửa|bổ\s+sung|bãi|bỏ|thay|sắp|đổi|đính|hợp|chuyển|hủy)|căn\s+cứ|(?:quy\s+định|nội\s+dung)\s+(?:như\s+sau|tại)|hiệu\s+lực"
)
# With a stop it looks like a khoản, so it must say what no khoản says.
_AMENDS_STOPPED = re.compile(
    r"(?:này|”)\s+(?:đã\s+)?được\s+(?:sửa|bổ\s+sung|bãi|bỏ|thay|sắp|đổi|đính|hợp|chuyển|hủy)|có\s+căn\s+cứ|quy\s+định\s+như\s+sau"
)
_AMENDS_WITHIN = 8
_MAX_LEFT_OUT = 3
"""How many notes in a row may say nothing of an amendment."""

# A figure that may be a mark stands right behind a word, and is no part of a number, a date, a power or a name ("A4", "10/QH13").
_ENDS_HERE = r"(?![\w%/–-]|[.,:]\d)"
_AFTER_WORD = re.compile(rf"(?<![\w/.&–-])(?P<word>[^\W\d_]+)(?P<figure>[1-9]\d{{0,2}}){_ENDS_HERE}")
_AFTER_STOP = re.compile(
    rf"(?<![\w/.&–-])(?P<word>[^\W\d_]{{2,}})(?:[)”\"’][.;:,]?|[.;:,…]+[)”\"’]?)(?P<figure>[1-9]\d{{0,2}}){_ENDS_HERE}(?=\s*$|\s+[^\W\d_])"
)
# "Điều 2.2 Thông tư", "1.3 Văn bản", "a)6 Thời gian", also "1. 3 Văn bản"; "Chương II4"
_AFTER_LABEL = re.compile(
    r"(?:[ĐÐ](?:iều|IỀU)\s+\d{1,4}[a-zđ]{0,2}[.:]|(?P<decimal>\d{1,3}[.])|\d{1,3}(?:[a-zđ][.)]|\))|[a-zđ]\d?[.)])"
    r"(?:(?P<figure>[1-9]\d{0,2})(?=\s|$)|\s(?P<apart>[1-9]\d{0,2})(?=\s+(?P<following>[^\W\d_]|\(\w)))"
)
_AFTER_ROMAN = re.compile(r"(?:CHƯƠNG|Chương|MỤC|Mục|PHẦN|Phần)\s+(?P<word>[IVXLC]+)(?P<figure>[1-9]\d{0,2})(?=[\s.:]|$)")
_VOWEL = re.compile(r"[^\W\d_BCDĐFGHJKLMNPQRSTVWXZ]")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of line ``line`` that may number a note, and where in its text it stands."""

    number: int
    line: int
    start: int
    end: int


def _with_plain_notes(lines: Sequence[CleanLine]) -> tuple[list[CleanLine], Mapping[str, list[tuple[Mapped, int]]]]:
    """``lines`` with notes and marks printed as plain figures made out, and the places of the marks by the number of their note.

    Only in a consolidated text that has no notes in another style. The marks of a few notes may be missing, not of many.
    """
    whole = list(lines)
    if any(line.note for line in lines) or not _is_consolidated(lines):
        return whole, {}
    for stopped in (False, True):
        notes = _plain_notes(lines, stopped)
        marks = _plain_marks(lines[: notes[0].line], {note.number for note in notes}) if notes else []
        if marks and len(notes) - len(marks) <= len(notes) // 4:
            break
    else:
        return whole, {}
    for note in notes:
        whole[note.line] = replace(whole[note.line], note=str(note.number))
    printed: dict[str, list[tuple[Mapped, int]]] = {str(note.number): [] for note in notes}
    for mark in reversed(marks):
        line = whole[mark.line]
        printed[str(mark.number)].append((line.words.cut(mark.start, mark.end), line.end))
        whole[mark.line] = replace(line, words=_without(line.words, mark), marks=(str(mark.number), *line.marks))
    return whole, printed


def _without(words: Mapped, mark: _Figure) -> Mapped:
    start, end = mark.start, mark.end
    return Mapped.placed(
        words.text[:start] + words.text[end:], [*words.starts[:start], *words.starts[end:]], [*words.ends[:start], *words.ends[end:]]
    )


def _is_consolidated(lines: Sequence[CleanLine]) -> bool:
    """Whether the head prints a number with VBHN, or a line says that this is a consolidated text."""
    if any(_CONSOLIDATED_NUMBER.match(line.text) for line in lines[:_HEAD_LINES]):
        return True
    return any(_is_authenticated(lines, index) for index in range(len(lines)))


def _is_authenticated(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether "(XÁC THỰC) VĂN BẢN HỢP NHẤT" stands here alone, be it broken over two lines."""
    text = lines[index].text
    if text[:1] not in "XV" or len(text) > 40:
        return False
    return any(bool(_AUTHENTICATED.match(" ".join(line.text for line in lines[index : index + count]))) for count in (1, 2))


def _plain_notes(lines: Sequence[CleanLine], stopped: bool) -> list[_Figure]:
    """The last longest run of lines that number notes 1, 2, 3 … and say what was amended; with a stop behind the figure or without.

    Those with a stop, which look like khoản, stand after a signature.
    Between two of them a line with the number that is missing is a note, whatever it says.
    """
    figures = [figure for index in range(len(lines)) if (figure := _note_figure(lines, index, stopped)) is not None]
    run = _run([figure for figure in figures if _amends(lines, figure, _AMENDS_STOPPED if stopped else _AMENDS)])
    if not run or (stopped and not any(begins_conclusions(lines, index) for index in range(run[0].line))):
        return []
    places = [figure.line for figure in figures]
    whole = [run[0]]
    for following in run[1:]:
        for figure in figures[bisect_right(places, whole[-1].line) : bisect_left(places, following.line)]:
            if figure.number == whole[-1].number + 1 < following.number and not stopped:
                whole.append(figure)
        whole.append(following)
    return whole


def _note_figure(lines: Sequence[CleanLine], index: int, stopped: bool) -> _Figure | None:
    """The figure that the line begins with, if a note could: a capital or a quotation after it, and before it nothing that asks for it."""
    text = lines[index].text
    match = _NOTE.match(text)
    if match is None or (match["stop"] is not None) != stopped:
        return None
    following = text[match.end() :] or (lines[index + 1].text if index + 1 < len(lines) else "")
    if not (following[:1].isupper() or following[:1] in ("“", '"')) or (index > 0 and open_end(lines[index - 1].text)):
        return None
    return _Figure(int(match["number"]), index, 0, match.end())


def _amends(lines: Sequence[CleanLine], figure: _Figure, words: re.Pattern[str]) -> bool:
    """Whether the sentence after the figure says what was amended, by what, or from when."""
    text = lines[figure.line].text[figure.end :]
    for line in lines[figure.line + 1 : figure.line + _AMENDS_WITHIN]:
        if ends_sentence(text) or _NOTE.match(line.text):
            break
        text = f"{text} {line.text}"
    return bool(words.search(text))


def _run(figures: Sequence[_Figure]) -> list[_Figure]:
    """The longest run from 1 in which no more than ``_MAX_LEFT_OUT`` numbers in a row are left out; of equally long ones the last."""
    best: dict[int, tuple[int, int]] = {}
    before: list[int] = []
    last = (0, -1)
    for index, figure in enumerate(figures):
        earlier = [best[number] for number in range(figure.number - 1 - _MAX_LEFT_OUT, figure.number) if number in best]
        length, previous = max(earlier, default=(0, -1))
        before.append(previous)
        if not earlier and figure.number > 1:
            continue
        if (length + 1, index) > best.get(figure.number, (0, -1)):
            best[figure.number] = (length + 1, index)
        last = max(last, (length + 1, index))
    run: list[_Figure] = []
    index = last[1]
    while index >= 0:
        run.append(figures[index])
        index = before[index]
    return run[::-1]


def _plain_marks(lines: Sequence[CleanLine], numbers: set[int]) -> list[_Figure]:
    """The figures glued to words and labels that rise through the numbers of the notes: the longest such series."""
    decimals = _decimals(lines)
    return _rising(
        [figure for index, line in enumerate(lines) for figure in _glued(line.text, index, decimals) if figure.number in numbers]
    )


def _decimals(lines: Sequence[CleanLine]) -> set[str]:
    """The numbers ("2.") whose decimals 2.1 and 2.2 both begin lines: there the text has decimal labels."""
    found = {match.group() for line in lines if (match := re.match(r"\d{1,3}\.[12](?=[\s.)])", line.text))}
    return {label[:-1] for label in found if label.endswith("1") and label[:-1] + "2" in found}


def _glued(text: str, index: int, decimals: set[str]) -> list[_Figure]:
    """The figures of a line that may be marks, in their order."""
    if not any(character.isdigit() for character in text):
        return []
    capitals = is_capitals(text)
    matches = [match for match in (_AFTER_LABEL.match(text), _AFTER_ROMAN.match(text)) if match and _is_after_label(match, decimals)]
    matches += [match for match in _AFTER_WORD.finditer(text) if _is_word(match, capitals)]
    matches += [match for match in _AFTER_STOP.finditer(text) if capitals or not match["word"].isupper()]
    places = {match.span("figure" if match["figure"] else "apart") for match in matches}
    return [_Figure(int(text[start:end]), index, start, end) for start, end in sorted(places)]


def _is_after_label(match: re.Match[str], decimals: set[str]) -> bool:
    """Whether the figure is no part of the label: not 1.2 among 1.1 and 1.3, and, where it stands apart, followed by a capital."""
    groups = match.groupdict()
    if groups.get("apart"):
        return groups["following"].isupper() or groups["following"].startswith("(")
    return groups.get("decimal") not in decimals


def _is_word(match: re.Match[str], capitals: bool) -> bool:
    """Whether what the figure is glued to is a word, not a sign ("A4", "QH14") or a unit with its power ("m2")."""
    word = match["word"]
    if len(word) == 1 and word.isascii():
        return False
    if match["figure"] in "23" and POWER.match(word):
        return False
    return not word.isupper() or (capitals and bool(_VOWEL.search(word)))


def _rising(figures: Sequence[_Figure]) -> list[_Figure]:
    """The longest strictly rising series among the figures."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, figure in enumerate(figures):
        place = bisect_left(tails, figure.number)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [figure.number]
        ends[place : place + 1] = [index]
    series: list[_Figure] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        series.append(figures[index])
        index = before[index]
    return series[::-1]
