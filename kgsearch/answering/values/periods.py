"""Periods that a text names: years, quarters, months, days, terms ("năm 2021", "quý III", "giai đoạn 2021-2025", "6 tháng đầu năm")."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from kgsearch.answering.kinds import Period

# Marks are optional in these: questions are typed without them.
_YEAR = r"(?:19|20)\d\d"
_OF_YEAR = rf"(?:\s*(?:/|-|n[ăa]m\s|c[ủu]a\sn[ăa]m\s)\s*(?P<year>{_YEAR}))?"
_PERIOD = re.compile(
    rf"""(?<![\w/.,-]) (?:
        (?: ng[àa]y \s+)? (?P<day>\d{{1,2}}) (?: \s*[/.-]\s* (?P<month>\d{{1,2}}) \s*[/.-]\s*
            | \s+ th[áa]ng \s+ (?P<month_b>\d{{1,2}}) ,?\s+ n[ăa]m \s+ ) (?P<year_d>{_YEAR})
      | (?: (?P<term> giai\s+[đd]o[ạa]n | nhi[ệe]m\s+k[ỳyì] | (?:c[áa]c\s+)?n[ăa]m | t[ừu](?:\s+n[ăa]m)?
          | n[ăa]m\s+h[ọo]c ) \s+ )? (?P<from>{_YEAR}) \s*(?:[-–]|\s(?:[đd][ếe]n)(?:\s+n[ăa]m)?\s)\s* (?P<to>{_YEAR})
      | (?P<months>\d{{1,2}}|s[áa]u|ch[íi]n|ba) \s+ th[áa]ng \s+ (?P<half>[đd][ầa]u
          |cu[ốo]i) (?: \s+ n[ăa]m )? (?: \s+ (?:n[ăa]m\s+)? (?P<year_h>{_YEAR}) )?
      | qu[ýyíi] \s* (?P<quarter>IV|I{{1,3}}|[1-4]) (?!\w) {_OF_YEAR.replace("year>", "year_q>")}
      | th[áa]ng \s* (?P<month_m>1[0-2]|0?[1-9]) (?!\d) {_OF_YEAR.replace("year>", "year_m>")}
      | n[ăa]m \s+ (?P<year_y>(?:1\d|20)\d\d) (?!\s*%|\s+(?:người|đồng|tỷ|triệu|tấn|ha|con|hộ|lượt)(?!\w))
    ) (?! [\d/] | \w )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LAST_MONTH = 12


def find_periods(text: str) -> list[Period]:
    """The periods in ``text``, in order; what is no day of the calendar is none."""
    return list(_periods(text))


def _periods(text: str) -> Iterator[Period]:
    for match in _PERIOD.finditer(text):
        read = _read(match)
        if read is not None:
            key, first, last = read
            yield Period(match[0], *match.span(), key, first, last)


def _read(match: re.Match[str]) -> tuple[str, date | None, date | None] | None:
    if match["day"]:
        return _day(int(match["day"]), int(match["month"] or match["month_b"]), int(match["year_d"]))
    if match["from"]:
        return _years(int(match["from"]), int(match["to"]))
    if match["months"]:
        return _months_of_year(match["months"].lower(), match["half"].lower(), _number(match["year_h"]))
    if match["quarter"]:
        quarter = _QUARTERS[match["quarter"].lower()]
        return _months(f"Q{quarter}", 3 * quarter - 2, 3 * quarter, _number(match["year_q"]))
    if match["month_m"]:
        month = int(match["month_m"])
        return _months(f"M{month:02}", month, month, _number(match["year_m"]))
    return _years(int(match["year_y"]), int(match["year_y"]))


def _day(day: int, month: int, year: int) -> tuple[str, date | None, date | None] | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat(), found, found


def _years(first: int, last: int) -> tuple[str, date | None, date | None] | None:
    if last < first:
        return None
    return (str(first) if first == last else f"{first}/{last}"), date(first, 1, 1), date(last, _LAST_MONTH, 31)


def _months_of_year(months: str, half: str, year: int | None) -> tuple[str, date | None, date | None] | None:
    number = {"sáu": 6, "sau": 6, "chín": 9, "chin": 9, "ba": 3}.get(months) or int(months)
    if not 0 < number <= _LAST_MONTH:
        return None
    from_start = half in ("đầu", "dầu", "đau", "dau")
    first, last = (1, number) if from_start else (_LAST_MONTH + 1 - number, _LAST_MONTH)
    return _months(f"{'H' if from_start else 'L'}{number}", first, last, year)


def _months(name: str, first: int, last: int, year: int | None) -> tuple[str, date | None, date | None]:
    if year is None:
        return name, None, None
    return f"{year}-{name}", date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _number(written: str | None) -> int | None:
    return int(written) if written else None
