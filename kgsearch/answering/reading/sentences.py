"""Cut clauses into what can be quoted as an answer: sentences, items of enumerations, phrases of long sentences, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kgsearch.answering.reading.rows import FlatRow
from kgsearch.models import ClauseRecord, Kind, Span

LONG_SENTENCE = 60
"""Words; a longer sentence cannot be quoted whole, so its phrases are offered as well."""

MAX_TEXT = 200_000
"""Characters of one clause that are read; no clause that a person wrote is longer."""

MAX_CONTEXT = 600
"""Characters of the lead-in or of the items that a unit carries: a context, not a second text to be read."""

_SHORT_PARAGRAPH = 12
_FLAT = frozenset((Kind.PARAGRAPH, Kind.INDENT))
"""Clauses whose depth a flattened text may have lost."""

_CELLS_BEFORE = 4
_LONGEST_BRACKET = 300
_LOOK_BACK = 40
"""Characters before a full stop that tell whether it ends a sentence."""

# Every ordinary run is taken whole, so that a text without an end of a sentence is passed over once.
_STOP = re.compile(r"(?<![.!?…;])[.!?…;]++[\"'”’»)\]]*(?=\s)|:(?=\s+(?:[-–+•*]\s|\(?[a-zđ0-9]{1,2}\)\s|\d{1,2}\.\s))|\n+|[()]")
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("“/-])(?:TP|Tp|tp|TX|Tx|TT|ThS|Ths|TS|Ts|PGS|GS|BS|Bs|KS|CN|LS|NSND|NSƯT|St|Mr|Mrs|Dr|Sr|Jr|No|số|Số|tr|đ/c|Đ/c|ĐT|Tel|Fax)$"""
)
_AND_SO_ON = re.compile(r"v\.\s?v$", re.IGNORECASE)
# A letter and a full stop are an initial ("Nguyễn V. Minh"), but for what is named by letters ("dự án nhóm A.").
_INITIAL = re.compile(r"(?<!\w)[^\W\d_a-zà-ỹđ]$")
_LETTERED = re.compile(
    r"(?<!\w)(?:nhóm|loại|hạng|bảng|mục|phần|khu|lô|lục|điểm|hình|cột|bậc|cấp|khối|tổ|biểu|mẫu|lớp|vitamin|ông|bà|anh|chị|và|hoặc|,)\s.$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:(?:Điều|Mục|Chương|Phần|Khoản)\s)?(?:\d{1,3}[a-zđ]?(?:\.\d{1,3})*|[IVXLC]{1,6})$", re.IGNORECASE)
_NEXT = re.compile(r"\s+[-–+•*\"'“‘«(\[]*\s?(\(?(?:[a-zđ]|\d{1,2})\)|\w)?")
_COMMA = re.compile(r"[,;:](?=\s)")
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"\S+")


class UnitKind(StrEnum):
    """What a unit is in its clause."""

    SENTENCE = "sentence"
    ITEM = "item"
    """A sentence, or an item of an enumeration, that completes a lead-in."""
    PHRASE = "phrase"
    """A part of a long sentence that has a figure of its own."""
    LEAD_IN = "lead-in"
    """What ends in ":" before an enumeration."""
    HEADING = "heading"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Unit:
    """What can answer: ``text`` is ``clause.text[start:end]`` of the clause ``eid``.

    ``lead_in`` are the words that it completes ("… thì bị phạt tù từ 02 năm đến 07 năm:"), ``items`` those that complete it (the
    beginning of a long enumeration), ``headings`` those of the clauses above it, outermost first, and the heads of a row's columns.
    """

    eid: str
    start: int
    end: int
    text: str
    kind: UnitKind
    lead_in: str = ""
    items: str = ""
    headings: tuple[str, ...] = ()


def units_of(
    clause: ClauseRecord,
    above: Sequence[ClauseRecord] = (),
    below: Sequence[ClauseRecord] = (),
    before: Sequence[ClauseRecord] = (),
    beside_parent: Sequence[ClauseRecord] = (),
) -> list[Unit]:
    """The units of a clause's own text, in order; phrases after the sentence that they are cut from.

    ``above`` are the clauses that it stands in, outermost first, as far as they are at hand, ``below`` the clauses directly under it,
    ``before`` those before it under the same one: where all of them are short they are the cells of a table that was flattened, and
    stand for its row; ``beside_parent`` those before the clause that it stands in.
    """
    if clause.kind is Kind.ROW:
        columns = next((one.columns for one in reversed(above) if one.columns), ())
        return [Unit(clause.eid, 0, len(clause.text), clause.text, UnitKind.ROW, headings=(*clause.headings, *filter(None, columns)))]
    opening = _opening(clause, above, before, beside_parent)
    return list(_units(clause, opening, _joined(below)))


def row_unit(row: FlatRow) -> Unit:
    """A flattened row as a unit of the ``full_text`` of its clause: under its groups, with what stands above the table."""
    clause = row.clause
    own = clause.text[:MAX_CONTEXT] if row.start >= len(clause.text) else ""
    headings = (*clause.headings, *filter(None, (own, *(row.heads or (row.above[:MAX_CONTEXT],)))))
    return Unit(clause.eid, row.start, row.end, row.text, UnitKind.ROW, " ".join(row.groups)[-MAX_CONTEXT:], "", headings)


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order, without the space around them; a ";" outside brackets ends an item, a ":" before a list a
    lead-in. Every character that is not space stands in exactly one."""
    spans: list[Span] = []
    start = 0
    for end in (*_ends(text), len(text)):
        inner = text[start:end]
        if words := inner.strip():
            begin = start + inner.index(words[0])
            spans.append(Span(begin, begin + len(words)))
        start = end
    return spans


def phrases(text: str, sentence: Span) -> list[Span]:
    """The parts of a sentence between its "," or ":" that have a figure each, what has none going with the next; none where only one
    has."""
    found: list[Span] = []
    start = looked_at = sentence.start
    for end in (*(match.end() for match in _COMMA.finditer(text, sentence.start, sentence.end)), sentence.end):
        has_figure = _FIGURE.search(text, looked_at, end)
        looked_at = end
        if has_figure:
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            found.append(Span(begin, end))
            start = end
    return found if len(found) > 1 else []


def _ends(text: str) -> Iterator[int]:
    """Where the sentences of ``text`` end, but for the last."""
    start, bracket = 0, -1
    for match in _STOP.finditer(text):
        mark = match[0]
        if mark in "()":
            bracket = match.start() if mark == "(" else -1
        elif _is_end(text, start, match, bracketed=bracket >= 0 and match.start() - bracket <= _LONGEST_BRACKET):
            start, bracket = match.end(), -1
            yield start
        elif ")" in mark:
            bracket = -1


def _is_end(text: str, start: int, match: re.Match[str], bracketed: bool) -> bool:
    mark = match[0]
    if mark[0] in "\n:":
        return True
    if bracketed:
        return False
    if mark[0] == ";":
        return True
    follows = _NEXT.match(text, match.end())
    first = (follows[1] or "") if follows else ""
    if first[:1].islower() and not first.endswith(")"):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    return not _is_abbreviated(text[max(start, match.start() - _LOOK_BACK) : match.start()], match.start() - start <= _LOOK_BACK)


def _is_abbreviated(before: str, whole: bool) -> bool:
    """Whether the full stop after ``before`` (the end of the sentence so far, or the ``whole`` of it) is part of an abbreviation, an
    initial or a label."""
    if _AND_SO_ON.search(before):
        return False
    is_initial = _INITIAL.search(before) and not _LETTERED.search(before)
    return bool(is_initial or _ABBREVIATION.search(before) or (whole and _LABEL.match(before)))


def _units(clause: ClauseRecord, opening: str, below: str) -> Iterator[Unit]:
    spans = _divided(clause)
    lead_in = opening
    for place, span in enumerate(spans):
        words = clause.text[span.start : span.end]
        last = place == len(spans) - 1
        kind = _kind(clause, span, words, lead_in)
        leads = kind is UnitKind.LEAD_IN or (kind is UnitKind.HEADING and last)
        items = (below if last else _following(clause.text, spans, place + 1)) if leads else ""
        yield Unit(clause.eid, span.start, span.end, words, kind, lead_in, items, clause.headings)
        if len(words) > LONG_SENTENCE and len(_WORD.findall(words)) > LONG_SENTENCE:
            yield from _phrase_units(clause, span, lead_in)
        lead_in = _next_lead_in(words, lead_in, opening)


def _divided(clause: ClauseRecord) -> list[Span]:
    """The sentences of a clause, its heading apart."""
    text = clause.text[:MAX_TEXT]
    if not clause.heading or not text.startswith(clause.heading):
        return sentences(text)
    border = len(clause.heading)
    return [*sentences(text[:border]), *(Span(span.start + border, span.end + border) for span in sentences(text[border:]))]


def _kind(clause: ClauseRecord, span: Span, words: str, lead_in: str) -> UnitKind:
    if clause.heading and span.end <= len(clause.heading):
        return UnitKind.HEADING
    if words.endswith(":"):
        return UnitKind.LEAD_IN
    return UnitKind.ITEM if lead_in else UnitKind.SENTENCE


def _phrase_units(clause: ClauseRecord, sentence: Span, lead_in: str) -> Iterator[Unit]:
    """The phrases of a long sentence, each with its beginning, which mostly names what all of them are of."""
    parts = phrases(clause.text, sentence)
    if not parts:
        return
    beginning = " ".join(_WORD.findall(clause.text[sentence.start : min(parts[0].end, sentence.start + MAX_CONTEXT)])[:20])
    for place, part in enumerate(parts):
        context = f"{lead_in} {beginning}".strip() if place else lead_in
        yield Unit(clause.eid, part.start, part.end, clause.text[part.start : part.end], UnitKind.PHRASE, context, "", clause.headings)


def _next_lead_in(words: str, lead_in: str, opening: str) -> str:
    """What the sentence after ``words`` completes: a lead-in holds for the items, up to the end of the last."""
    if words.endswith(":"):
        return f"{opening} {words}".strip()[-MAX_CONTEXT:]
    if words.endswith(";"):
        head, colon, _rest = words.partition(": ")
        return f"{opening} {head}{colon}".strip()[-MAX_CONTEXT:] if colon else lead_in
    return opening


def _following(text: str, spans: Sequence[Span], first: int) -> str:
    """The items after a lead-in within one text, from the ``first`` on: up to the first that does not end in ";"."""
    start = end = spans[first].start
    for place in range(first, len(spans)):
        end = spans[place].end
        if text[end - 1] != ";" or end - start >= MAX_CONTEXT:
            break
    return text[start : min(end, start + MAX_CONTEXT)]


def _lead_in(above: Sequence[ClauseRecord]) -> str:
    """The lead-ins of the clauses above, the nearest last, as far as each ends in ":"."""
    parts: list[str] = []
    for clause in reversed(above):
        text = clause.text[-MAX_CONTEXT * 2 :]
        if not text.rstrip().endswith(":"):
            break
        last = sentences(text)[-1]
        parts.append(text[last.start : last.end])
    return " ".join(reversed(parts))[-MAX_CONTEXT:]


def _opening(
    clause: ClauseRecord, above: Sequence[ClauseRecord], before: Sequence[ClauseRecord], beside_parent: Sequence[ClauseRecord]
) -> str:
    """The words that a clause completes: those above it, and the line beside it that leads to it; else the cells before it."""
    leading = _lead_in(above)
    over = _led_by(above[-1], beside_parent) if leading else ""
    own = _led_by(clause, before)
    return " ".join(filter(None, (over, leading, own)))[-MAX_CONTEXT:] or _cells(clause, before)


def _led_by(clause: ClauseRecord, before: Sequence[ClauseRecord]) -> str:
    """The nearest line before a paragraph or an indent that leads to it, as far as every one between them only goes on with the list."""
    if clause.kind not in _FLAT or (clause.kind is Kind.PARAGRAPH and clause.text.rstrip().endswith(":")):
        return ""
    for other in reversed(before):
        text = other.text.rstrip()
        if other.kind not in _FLAT or (text.endswith(".") and other.label == clause.label):
            return ""
        if _is_line(other, clause) or (text.endswith(":") and other.label in ("", clause.label) and other.kind is Kind.PARAGRAPH):
            last = sentences(text[-2 * MAX_CONTEXT :])[-1]
            return text[-2 * MAX_CONTEXT :][last.start : last.end][-MAX_CONTEXT:]
    return ""


def _is_line(other: ClauseRecord, clause: ClauseRecord) -> bool:
    """Whether a clause is a line over the one after it that is marked otherwise: "* Tại các phường" over "- Cấp mới: …"."""
    is_marked_otherwise = bool(other.label and clause.label) and other.label != clause.label
    return is_marked_otherwise and len(other.text.split()) <= _SHORT_PARAGRAPH and not other.text.rstrip().endswith((".", ";"))


def _joined(below: Sequence[ClauseRecord]) -> str:
    parts: list[str] = []
    length = 0
    for clause in below:
        if length > MAX_CONTEXT:
            break
        parts.append(clause.text[:MAX_CONTEXT])
        length += len(parts[-1])
    return " ".join(parts)[:MAX_CONTEXT]


def _cells(clause: ClauseRecord, before: Sequence[ClauseRecord]) -> str:
    """The short paragraphs just before a short paragraph: the cells of the same row of a table that the text no longer shows."""
    if not _is_cell(clause):
        return ""
    cells: list[str] = []
    for other in reversed(before[-_CELLS_BEFORE:]):
        if not _is_cell(other) or (cells and _FIGURE.search(other.text[-1:])):  # a value before a name is the row's before
            break
        cells.append(other.text)
    return " ".join(reversed(cells))


def _is_cell(clause: ClauseRecord) -> bool:
    return (
        clause.kind is Kind.PARAGRAPH
        and len(clause.text) < 120
        and len(clause.text.split()) <= _SHORT_PARAGRAPH
        and not clause.text.rstrip().endswith((".", ";", ":"))
    )
