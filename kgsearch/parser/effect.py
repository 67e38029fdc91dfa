"""When a document takes effect and when it ends by its own words, and the clauses that say so."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kgsearch.citations.quotations import find_quotations
from kgsearch.models import Clause, Kind

# The subject is the document itself: what another one's effect is, is no statement about this one, nor what a part's is.
_TYPES = (
    "Luật|Bộ luật|Pháp lệnh|Nghị quyết|Nghị quyết liên tịch|Nghị định|Quyết định|Thông tư|Thông tư liên tịch|Chỉ thị|Quy định|Quy chế|"
    "Hướng dẫn|Kế hoạch|Chương trình|Công văn|Thông báo|Kết luận|Công điện|Văn bản"
)
_SUBJECT = r"(?<![^\W\d_])(?P<subject>[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12}){0,3})\s+này"
# At the beginning of a sentence the type alone is the subject: "Nghị quyết được Hội đồng nhân dân … thông qua … và có hiệu lực từ ngày …".
_PLAIN = (
    rf"(?:^|(?<=[.;]\s))\s*(?P<plain>{_TYPES.replace(' ', chr(92) + 's')})"
    r"(?=\s+(?:có\s+hiệu|(?:đã\s+)?được\s[^.;]{1,160}\sthông\s+qua\s))"
)
_DATE = r"(?:(?:hết\s+)?ngày\s+)?(?P<day>\d{1,2})(?:\s+tháng\s+|[/.-])(?P<month>\d{1,2})(?:\s+năm\s+|[/.-])(?P<year>\d{4})"
# "Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 10 năm 2021", "… đã được … thông qua ngày … và có hiệu lực từ ngày ký".
_EFFECT = re.compile(
    rf"""(?: {_SUBJECT} | {_PLAIN} ) (?:,?\s[^.;]{{0,220}}?)?
        có\s+hiệu(?:\s+lực)? (?:\s+thi\s+hành)? (?:\s+kể)? \s+từ
        \s+ (?: {_DATE} | (?P<signing>ngày\s+(?:ký|ban\s+hành)) )""",
    re.VERBOSE,
)
# "… có hiệu lực (từ ngày …) đến hết ngày 31/12/2025", "… được áp dụng đến hết năm 2025", "… hết hiệu lực sau ngày 31 tháng 12 năm 2025"
_EXPIRY = re.compile(
    rf"""(?: {_SUBJECT} | {_PLAIN} ) (?:,?\s[^.;]{{0,160}}?)? \s
        (?: (?: có\s+hiệu\s+lực(?:\s+thi\s+hành)? | (?:được\s+)?(?:áp\s+dụng|thi\s+hành|thực\s+hiện) )
            (?: (?:\s+kể)?\s+từ\s+[^.;]{{1,80}}? )? ,? (?:\s+và)?(?:\s+(?:được\s+)?(?:áp\s+dụng|thực\s+hiện|kéo\s+dài|có\s+hiệu\s+lực))?
            \s+ (?:cho\s+)?đến \s+
          | (?:sẽ\s+)?hết\s+hiệu\s+lực(?:\s+thi\s+hành)? \s+
            (?:(?P<from>(?:kể\s+)?từ)\s+|(?:sau|vào)\s+)? (?=(?:hết\s+)?(?:ngày|tháng|năm)\s) )
        (?: {_DATE} | hết\s+(?:tháng\s+(?P<month_of>\d{{1,2}})\s*(?:năm\s+|[/.-]))?(?:năm\s+)?(?P<year_of>\d{{4}}) ) (?![\d/])""",
    re.VERBOSE,
)
_NAMES = re.compile(rf"(?<!\w)(?P<name>{_TYPES.lower()})$")
# "Điều 5 Thông tư này", "các quy định tại Nghị định này", "ngày Luật này", "theo Quyết định này"
_PART_BEFORE = re.compile(
    r"(?<!\w)(?:điều(?!\s+khoản)|khoản|điểm|mục|chương|phụ\s+lục|danh\s+mục|mức|chế\s+độ)\s[^.;:]{0,60}$"
    r"|(?:của|tại|trong|theo|ngày|khi|kèm|với)\s+$",
    re.IGNORECASE,
)
_BEFORE = 70


_ENDING = re.compile(rf"(?:hết|chấm\s+dứt|không\s+còn)\s+hiệu\s+lực(?:\s+thi\s+hành)?\s+(?:kể\s+)?từ\s+{_DATE}")


@dataclass(frozen=True, slots=True)
class Effect:
    """A day from or until which a document has effect, and the eId of the clause that says so."""

    day: date
    eid: str


def find_effect(clauses: Sequence[Clause], issued: date | None, document_type: str = "") -> Effect | None:
    """The day on which the document takes effect by its own words; None where it says nothing, or names a day that cannot be told.

    The last statement counts; what is attached, what is quoted from an act that is amended and what footnotes say of other texts does not.
    "Sau 45 ngày kể từ ngày ký" is not computed: whether the day of signing and the last day count is a matter of law, not of these words.
    ``document_type`` is how the document calls itself ("Quyết định"); "": however it does.
    """
    return _last(clauses, _EFFECT, ("hiệu",), document_type, lambda match: issued if match["signing"] else _date(match))


def find_expiry(clauses: Sequence[Clause], document_type: str = "") -> Effect | None:
    """The last day on which the document has effect by its own words; None where it names none. What counts is as in `find_effect`."""
    return _last(clauses, _EXPIRY, ("đến", "hết"), document_type, _last_day)


def ending_day(text: str) -> date | None:
    """The day from which what a clause names "hết hiệu lực kể từ ngày …"; None where it names no day."""
    # Asked of every clause, and hardly any has the word.
    match = _ENDING.search(text) if "hiệu" in text else None
    return _date(match) if match else None


def _last(
    clauses: Sequence[Clause],
    pattern: re.Pattern[str],
    words: Sequence[str],
    document_type: str,
    day_of: Callable[[re.Match[str]], date | None],
) -> Effect | None:
    """The last statement that fits ``pattern``, which is slow, and matches nothing without one of ``words``."""
    found: Effect | None = None
    for clause, text in _own_words(clauses):
        if not any(word in text for word in words):
            continue
        for match in pattern.finditer(text):
            if _is_own(text, match, document_type) and (day := day_of(match)) is not None:
                found = Effect(day, clause.eid)
                break
    return found


def _own_words(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, str]]:
    """The clauses in which a document speaks of itself, each with its text, what is quoted in it blanked out."""
    for top in clauses:
        if top.kind in (Kind.ATTACHMENT, Kind.ANNEX, Kind.FOOTNOTE, Kind.PREAMBLE):
            continue
        is_open = False
        for clause, _ancestors in top.walk():
            if clause.kind is Kind.ARTICLE:
                is_open = False
            quotations = find_quotations(clause.text, is_open=is_open)
            is_open = quotations.is_open
            if "có hiệu" in clause.text or "hiệu lực" in clause.text or "áp dụng" in clause.text:
                yield clause, _without(clause.text, quotations.spans)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], "; "]
        position = end
    return "".join([*pieces, text[position:]])


def _is_own(text: str, match: re.Match[str], document_type: str) -> bool:
    """Whether the subject is the document as a whole, called by its own type."""
    subject = match["subject"] or match["plain"]
    name = _NAMES.search(" ".join(subject.lower().split()))
    if name is None:
        return False
    own = document_type.lower()
    if own and name["name"] != "văn bản" and not (own.startswith(name["name"]) or name["name"].startswith(own)):
        return False
    if match["plain"]:
        return True
    start = match.end("subject") - len(name["name"])
    return _PART_BEFORE.search(text, max(0, start - _BEFORE), start) is None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _last_day(match: re.Match[str]) -> date | None:
    """The last day with effect: of "kể từ ngày" the day before it, of a month or a year its last."""
    if match["year_of"]:
        year, month = int(match["year_of"]), int(match["month_of"] or 12)
        return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and year > 0 else None
    day = _date(match)
    return day - timedelta(days=1) if day and match["from"] and day > date.min else day
