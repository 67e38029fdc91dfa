"""Dates and times in a text: days, months, quarters, years, and what names a day otherwise ("cuối năm 2025", "ngày ký", "hằng năm")."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Period, QuestionKind, Value
from kgsearch.answering.values.periods import find_periods
from kgsearch.language import fold

_KEPT = re.compile(
    r"""(?<!\w)(?: (?:(?:trước(?:\shết)?|sau|cuối|đầu|giữa|những)\s+){1,3}
        | (?:(?:các\s+)?ngày\s+|(?<=:\s)) (?:\d{1,2}\s*(?:,|và|[-–])\s*){1,6} )$""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOK_BACK = 24
# A year without "năm" counts only where nothing else in the text is a date.
_BARE_YEAR = re.compile(r"(?<![\w/.,%-])(?:1[1-9]|20)\d\d(?![\w/%-]|[.,]\d|\s(?:người|đồng|tỷ|triệu|tấn|ha|con|hộ|xã|lượt|km|m)(?!\w))")
_OTHER = re.compile(
    r"""(?<![\w/.,-])(?:
        (?:\d{1,2}\s?(?:giờ|h)(?:\s?\d{1,2}(?:\sphút)?)?\s+(?=ngày))
      | \d{1,2}\s?(?:giờ|h)\s?[0-5]\d(?:\s?phút)?
      | ngày\s+(?:\d{1,2})(?:\s*/\s*|\s+tháng\s+)(?:\d{1,2})(?!\s*[/\d]|\s+năm\s+\d)(?:\s+(?:(?:hằng|hàng)\s+năm|(?:của\s+)?năm\s+NEXT))?
      | ngày\s+(?:\d{1,2}|cuối\s+cùng|đầu\s+tiên)\s+(?:(?:hằng|hàng)\s+(?:tháng|quý)|(?:của\s+)?(?:mỗi\s+)?(?:tháng|quý|năm)
            \s+(?:NEXT|đầu|cuối|thứ\s+(?:nhất|hai|ba))(?:\s+(?:của\s+)?(?:mỗi\s+)?(?:quý|năm|kỳ)(?:\s+NEXT)?)?)
      | (?:kể\s+)?từ\s+ngày\s+(?:được\s+)?(?:ký|công\s+bố|thông\s+qua|ban\s+hành|đăng\s+công\s+báo)(?:\s+ban\s+hành)?
      | ngày\s+(?:ký|công\s+bố|được\s+thông\s+qua)(?:\s+ban\s+hành)?
      | (?:định\s+kỳ\s+)?(?:hàng|hằng)\s+(?:năm|quý|tháng|tuần|ngày)
      | (?:cuối|đầu|giữa)\s+(?:năm|quý|tháng|kỳ)(?!\s+(?:\d|[IV]))
      | (?:thế\s+kỷ\s+(?:thứ\s+)?[XVI\d]{1,5})
      | (?:(?<=vào\s)|(?<=từ\s)|(?<=trong\s)|(?<=đến\s)|(?<=\())(?:(?:1[0-9]|20)\d\d)(?![\d.,]\d|\s?%|\s(?:người|đồng|tỷ|tấn|ha|con
          |hộ)|\w)
      | thập\s+(?:niên|kỷ)\s+(?:19|20)?\d\d
    )(?!\w)""".replace("NEXT", r"(?:sau|trước|liền\s+(?:sau|kề|trước)|kế\s+tiếp|tiếp\s+theo)"),
    re.VERBOSE | re.IGNORECASE,
)
# "chậm nhất 15 ngày trước ngày họp", "trong thời hạn 30 ngày kể từ ngày ký": a date where the text has none.
_SPAN = r"\d{1,3}(?:\s?\([^()\d]{1,20}\))?\s+(?:ngày(?:\s+làm\s+việc)?|tháng|năm|giờ|tuần)"
_DEADLINE = re.compile(
    rf"""(?<!\w)(?: (?:(?:chậm|muộn|sớm)\s+nhất(?:\s+là)?(?:\s+(?:trong|sau|trước))?|trong(?:\s+(?:thời\s+hạn|thời\s+gian|vòng))?
            |(?:trước|sau)(?:\s+thời\s+hạn)?)\s+{_SPAN}
        | {_SPAN}\s*,?\s+(?:trước|sau|kể\s+từ|tính\s+từ)(?=\s) )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(
    r"""(?<![\w/.,])(?<!trong\s)(?<!vòng\s)(?<!quá\s)(?:từ\s+)?\d{1,2}\s?(?:giờ|h)(?:\s?[0-5]\d(?:\s?phút)?)?(?:\s+(?:sáng|chiều|tối|trưa|đêm))?
        (?:\s*(?:đến|[-–])\s*\d{1,2}\s?(?:giờ|h)(?:\s?[0-5]\d)?)?(?!\w|\s+(?:làm\s+việc|kể|tính|liên\s+tục))""",
    re.VERBOSE | re.IGNORECASE,
)
_SESSION = re.compile(r"(?<!\w)kỳ\s+họp(?:\s+thường\s+lệ)?(?:\s+thứ)?\s+(?:\d{1,2}|[a-zà-ỹ]+(?:\s+mươi(?:\s+\w+)?)?)(?!\w)", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?<!\w)(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)(?!\w)", re.IGNORECASE)
_ASKED_FOR = {"gio": _CLOCK, "luc": _CLOCK, "ky": _SESSION, "ky hop": _SESSION, "thu": _WEEKDAY}
"""What is a time only where a question asks for one of its kind."""


def find_dates(text: str, noun: str = "") -> list[Value]:
    """The dates, periods and recurring times in ``text``, in order, none within another.

    ``noun`` ("ngày", "quý", "năm") leaves those that it fits: only a day of the calendar or of signing is a "ngày". A deadline that is told
    from another day ("chậm nhất 15 ngày trước ngày họp") is one where there is no date, a bare year where there is neither.
    """
    special = _ASKED_FOR.get(fold(noun))
    if special is not None and (sought := [_other(match) for match in special.finditer(text)]):
        return sought
    kept = _named_dates(text)
    fitting = [value for value in kept if _fits(value, noun)]
    if fitting:
        return fitting
    deadlines = [_other(match) for match in _DEADLINE.finditer(text)] if fold(noun) not in _OF_NOUN else []
    return deadlines or ([] if kept else _bare_years(text))


def calendar_dates(text: str) -> list[Value]:
    """The same without deadlines that are told from another day, and whatever noun is asked with."""
    return _named_dates(text) or _bare_years(text)


def _named_dates(text: str) -> list[Value]:
    found = [_period(text, one) for one in find_periods(text)]
    found += [_other(match) for match in _OTHER.finditer(text)]
    kept: list[Value] = []
    for value in sorted(found, key=lambda value: (value.start, -value.end)):
        if not kept or value.start >= kept[-1].end:
            kept.append(value)
    return kept


def _bare_years(text: str) -> list[Value]:
    return [_other(match) for match in _BARE_YEAR.finditer(text)]


def _period(text: str, period: Period) -> Value:
    """A period with the words that say which part or side of it is meant: "trước ngày 15/02/2021", "cuối năm 2025"."""
    before = _KEPT.search(text[max(0, period.start - _LOOK_BACK) : period.start])
    begin = period.start - len(before[0]) if before else period.start
    bound = fold(before[0]).strip() if before else ""
    return Value(
        begin, period.end, text[begin : period.end], QuestionKind.WHEN, (f"{bound} {period.key}".strip(), period.first, period.last)
    )


def _other(match: re.Match[str]) -> Value:
    return Value(*match.span(), match[0], QuestionKind.WHEN, (fold(" ".join(match[0].split())), None, None))


_OF_NOUN = {
    "ngay": re.compile(r"(?i)ngày|\d\s*[/.-]\s*\d"),
    "quy": re.compile(r"(?i)quý|quí"),
    "thang": re.compile(r"(?i)tháng|\d\s*/\s*\d"),
    "nam": re.compile(r"(?:1\d|20)\d\d|(?i:hàng|hằng) năm"),
    "gio": re.compile(r"(?i)giờ|\dh"),
}


def _fits(value: Value, noun: str) -> bool:
    pattern = _OF_NOUN.get(fold(noun))
    return pattern is None or pattern.search(value.text) is not None
