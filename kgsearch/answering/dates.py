"""Dates and times in a text: days, months, quarters, years, and what names a day otherwise ("cuối năm 2025", "ngày ký", "hằng năm")."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Period, QuestionKind, Value
from kgsearch.answering.periods import find_periods
from kgsearch.language import fold

_KEPT = re.compile(r"(?<!\w)(?:(?:trước(?:\shết)?|sau|cuối|đầu|giữa|những)\s+){1,3}$", re.IGNORECASE)
_LOOK_BACK = 24
# A year without "năm" counts only where nothing else in the text is a date.
_BARE_YEAR = re.compile(r"(?<![\w/.,%-])(?:1[1-9]|20)\d\d(?![\w/%-]|[.,]\d|\s(?:người|đồng|tỷ|triệu|tấn|ha|con|hộ|xã|lượt|km|m)(?!\w))")
_OTHER = re.compile(
    r"""(?<![\w/.,-])(?:
        (?:\d{1,2}\s(?:giờ|h)(?:\s?\d{1,2}(?:\sphút)?)?\s+(?=ngày))
      | ngày\s+(?:\d{1,2})(?:\s*/\s*|\s+tháng\s+)(?:\d{1,2})(?!\s*[/\d]|\s+năm\s+\d)(?:\s+(?:hằng|hàng)\s+năm)?
      | ngày\s+\d{1,2}\s+(?:hằng|hàng)\s+tháng
      | (?:kể\s+)?từ\s+ngày\s+(?:được\s+)?(?:ký|công\s+bố|thông\s+qua|ban\s+hành|đăng\s+công\s+báo)(?:\s+ban\s+hành)?
      | ngày\s+(?:ký|công\s+bố|được\s+thông\s+qua)(?:\s+ban\s+hành)?
      | (?:định\s+kỳ\s+)?(?:hàng|hằng)\s+(?:năm|quý|tháng|tuần|ngày)
      | (?:cuối|đầu|giữa)\s+(?:năm|quý|tháng|kỳ)(?!\s+(?:\d|[IV]))
      | (?:thế\s+kỷ\s+(?:thứ\s+)?[XVI\d]{1,5})
      | (?:(?<=vào\s)|(?<=từ\s)|(?<=trong\s)|(?<=đến\s)|(?<=\())(?:(?:1[0-9]|20)\d\d)(?![\d.,]\d|\s?%|\s(?:người|đồng|tỷ|tấn|ha|con
          |hộ)|\w)
      | thập\s+(?:niên|kỷ)\s+(?:19|20)?\d\d
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)


def find_dates(text: str, noun: str = "") -> list[Value]:
    """The dates, periods and recurring times in ``text``, in order, none within another.

    ``noun`` ("ngày", "quý", "năm") leaves those that it fits: only a day of the calendar or of signing is a "ngày".
    """
    found = [_period(text, one) for one in find_periods(text)]
    found += [_other(match) for match in _OTHER.finditer(text)]
    kept: list[Value] = []
    for value in sorted(found, key=lambda value: (value.start, -value.end)):
        if not kept or value.start >= kept[-1].end:
            kept.append(value)
    return [value for value in kept if _fits(value, noun)] or [_other(match) for match in _BARE_YEAR.finditer(text) if not kept]


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
