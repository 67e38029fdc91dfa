"""How often: "bao lâu một lần" is answered by what stands before "một lần" ("6 tháng một lần"), not by a term beside it."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Question, QuestionKind, Value
from kgsearch.language import fold

_SPAN = r"(?:ngày(?:\s+làm\s+việc)?|tuần|tháng|quý|năm|nhiệm\s+kỳ)"
_ONCE = r"(?:/\s?(?:một|0?1)?\s?|(?:một|0?1)\s+)lần(?!\w)"
_INTERVAL = re.compile(
    rf"""(?<!\w)(?:
        (?P<number>\d{{1,2}}|một|hai|ba|bốn|năm|sáu)(?:\s?\([^()]{{1,12}}\))?\s+{_SPAN}[^.;:,\d]{{0,25}}?\s*{_ONCE}
      | (?:mỗi|một|hàng|hằng|mỗi\s+một)\s+{_SPAN}\s+(?:[^\W\d]+\s+){{0,5}}?{_ONCE}
      | (?:một|0?1)\s+lần\s*/\s*{_SPAN}
      | (?:một|0?1)\s+lần\s+(?:trong\s+)?(?:mỗi|một)\s+{_SPAN}
      | định\s+kỳ\s+(?:hàng|hằng|mỗi)\s+{_SPAN}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# On folded text.
_ASKS = re.compile(r"(?<!\w)(?:bao lau|(?:may|bao nhieu) (?:nam|thang|ngay|tuan|quy))(?!\w).{0,60}(?<!\w)mot lan(?!\w)")


_NUMBERED = re.compile(r"(?:\d|hai|ba|bốn|năm|sáu)(?!\w*\s+lần)", re.IGNORECASE)

EVERY = 0.8
"""What "mỗi năm một lần" fits where it is asked "mấy năm"."""


def asks_interval(question: Question) -> bool:
    """Whether it is asked after how long something comes again ("mấy năm họp một lần")."""
    return question.kind is QuestionKind.HOW_LONG and _ASKS.search(fold(question.text)) is not None


def interval_fit(question: Question, value: Value) -> float:
    """How well an interval is what is asked for: less one without a number where it is asked "mấy năm"."""
    return 1.0 if not question.unit or _NUMBERED.match(value.text) else EVERY


def find_intervals(text: str) -> list[Value]:
    """What says in ``text`` how often something is, in order: "5 năm một lần", "mỗi năm họp một lần", "định kỳ hằng quý"."""
    return [
        Value(*match.span(), match[0], QuestionKind.HOW_LONG, (fold(" ".join(match[0].split())), None, None))
        for match in _INTERVAL.finditer(text)
    ]
