"""When a document takes effect, and the clause that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kgsearch.models import Clause, Kind

# "Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 10 năm 2021", "… đã được … thông qua ngày … và có hiệu lực từ ngày ký".
# The subject is the document itself: what another one's effect is, is no statement about this one.
_EFFECT = re.compile(
    r"""(?<![^\W\d_])(?P<subject>[^\W\d_]{1,12}(?:\s[^\W\d_]{1,12}){0,3})\s+này (?:,?\s[^.;]{0,220}?)?
        có\s+hiệu\s+lực (?:\s+thi\s+hành)? (?:\s+kể)? \s+từ
        \s+ (?: (?:ngày\s+)? (?P<day>\d{1,2}) (?:\s+tháng\s+|[/.-]) (?P<month>\d{1,2}) (?:\s+năm\s+|[/.-]) (?P<year>\d{4})
              | (?P<signing>ngày\s+(?:ký|ban\s+hành)) )""",
    re.VERBOSE,
)
_SUBJECTS = re.compile(
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư|Thông tư liên tịch|Chỉ thị|Quy định|Quy chế|Hướng dẫn|"
    r"Kế hoạch|Chương trình|Công văn|Thông báo|Kết luận|Công điện|Văn bản)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Effect:
    """The day on which a document takes effect, and the eId of the clause that says so."""

    day: date
    eid: str


def find_effect(clauses: Sequence[Clause], issued: date | None) -> Effect | None:
    """What the document says of its own effect; None where it says nothing, or names a day that cannot be told.

    The last statement counts; what is attached and what footnotes say of other texts does not.
    """
    found: Effect | None = None
    for top in clauses:
        if top.kind in (Kind.ATTACHMENT, Kind.ANNEX, Kind.FOOTNOTE, Kind.PREAMBLE):
            continue
        for clause, _ancestors in top.walk():
            day = _day(clause.text, issued)
            if day is not None:
                found = Effect(day, clause.eid)
    return found


def _day(text: str, issued: date | None) -> date | None:
    """The day that ``text`` names; for "từ ngày ký" the day of issue."""
    for match in _EFFECT.finditer(text):
        if not _SUBJECTS.search(match["subject"]):
            continue
        if match["signing"]:
            return issued
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            continue
    return None
