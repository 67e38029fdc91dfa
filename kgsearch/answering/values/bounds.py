"""Whether what a rule applies to holds the figure that a question names: "sâu quá 100 mét" and "từ sau mét thứ 50 đến mét thứ 100"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from kgsearch.answering.kinds import OPEN, OTHER, SAME, Question, QuestionKind, Value
from kgsearch.answering.values.measures import find_measures
from kgsearch.answering.values.numerals import SMALL_WORDS, value_of
from kgsearch.answering.values.units import in_base, measured_by, unit_name

_OVER = re.compile(r"(?:từ\s+)?(?:trên|hơn|quá|lớn\s+hơn|cao\s+hơn|sau|>(?!=))", re.IGNORECASE)
_UNDER = re.compile(r"(?:dưới|nhỏ\s+hơn|ít\s+hơn|thấp\s+hơn|chưa\s+(?:đến|tới)|<(?!=))", re.IGNORECASE)
_TO_UNDER = re.compile(r"(?:đến|tới|và)\s*(?:dưới|<(?!=))", re.IGNORECASE)
_JOINT = re.compile(r"\s*,?\s*(?:và|đến|nhưng|tới)?\s*", re.IGNORECASE)
# What a rule lays down, not what it applies to.
_NORM = re.compile(r"(?:không\s+(?:quá|vượt\s+quá|dưới|thấp\s+hơn|ít\s+hơn)|tối\s+(?:đa|thiểu)|ít\s+nhất|lên\s+đến)", re.IGNORECASE)
_LAID_DOWN = re.compile(r"(?<!\w)(?:phạt(?:\s+(?:tiền|tù))?|tù|mức|hỗ\s+trợ|bồi\s+dưỡng|thời\s+hạn|trong)(?:\s+là)?\s*$", re.IGNORECASE)
_LOOK_BACK = 20
_NUMBER = rf"(?:\d{{1,5}}|{SMALL_WORDS}|nhất|năm|mười)"
_NTH = re.compile(
    rf"""(?:(?P<from>từ\s+sau|từ\s+trên|từ|sau|trên|quá|(?P<till>đến(?:\s+hết)?|hết))\s+)?(?P<unit>mét|m|km|m3|m2|năm|tháng|ngày|người|tấn|kwh)
        \s+thứ\s+(?P<low>{_NUMBER})(?!\w)
        (?:\s+(?:đến|tới)\s+(?:hết\s+)?(?:(?:mét|m|km|m3|m2|năm|tháng|ngày|người|tấn|kwh)\s+thứ\s+)?(?P<high>\d{{1,5}}(?!\w))
           |(?P<on>\s+(?:trở\s+(?:đi|lên)|đến\s+hết)))?""",
    re.VERBOSE | re.IGNORECASE,
)
_TIMES = {"nam": ("month", 12), "thang": ("month", 1), "ngay": ("day", 1), "ngay lam viec": ("day", 1), "gio": ("minute", 60)}
_SEGMENT = re.compile(r";|\n|\.(?=\s)")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Range:
    """A range of a measure in its base unit, from ``low`` to ``high`` (None where it is open), at ``[start, end)`` of its text.

    ``is_norm``: a rule lays it down ("tối đa 50 m2") more likely than it applies to it; ``is_laid_down``: so it surely is ("phạt tù từ 2
    năm đến 5 năm").
    """

    measure: str
    low: Decimal | None
    high: Decimal | None
    low_excluded: bool
    high_excluded: bool
    start: int
    end: int
    is_norm: bool = False
    is_laid_down: bool = False

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def holds(self, other: Range) -> bool:
        """Whether all of ``other`` lies in it."""
        return self._reaches_down(other) and self._reaches_up(other)

    def meets(self, other: Range) -> bool:
        """Whether a part of ``other`` lies in it."""
        return not _ends_before(self, other) and not _ends_before(other, self)

    def _reaches_down(self, other: Range) -> bool:
        if self.low is None:
            return True
        if other.low is None or other.low < self.low:
            return False
        return other.low > self.low or other.low_excluded or not self.low_excluded

    def _reaches_up(self, other: Range) -> bool:
        if self.high is None:
            return True
        if other.high is None or other.high > self.high:
            return False
        return other.high < self.high or other.high_excluded or not self.high_excluded


def _ends_before(one: Range, other: Range) -> bool:
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and (one.high_excluded or other.low_excluded))


def bound_fit(question: Question, texts: Sequence[str], answered: Value | None = None) -> float:
    """How the first of ``texts`` (the unit, then what it stands under, the nearest first) that names a range of the measure of a figure of
    the question agrees with it: SAME, OPEN or OTHER; the worst of several figures. OPEN where the question names none.

    ``answered`` is the value in ``texts[0]`` that would answer: it is no range that the rule applies to.
    """
    asked = _asked_measure(question)
    return min((_fit(sought, asked == sought.measure, texts, answered) for sought in _of_question(question)), default=OPEN)


def _fit(sought: Range, is_asked: bool, texts: Sequence[str], answered: Value | None) -> float:
    for place, text in enumerate(texts):
        named = [one for one in _of_text(text[:_LONGEST]) if one.measure == sought.measure and not one.is_point]
        named = [one for one in named if not (is_asked and one.is_laid_down)]
        if not place and answered is not None:
            named = _beside(text, named, answered)
        if not named:
            continue
        if any(one.holds(sought) for one in named):
            return SAME
        if any(one.meets(sought) for one in named) or (is_asked and all(one.is_norm for one in named)):
            return OPEN
        return OTHER
    return OPEN


def _beside(text: str, named: Sequence[Range], answered: Value) -> list[Range]:
    """The ranges that are not the answer, where there are some in its own item of an enumeration only those."""
    others = [one for one in named if one.end <= answered.start or answered.end <= one.start]
    borders = [0, *(match.end() for match in _SEGMENT.finditer(text)), len(text)]
    start = max(border for border in borders if border <= answered.start)
    end = min((border for border in borders if border >= answered.end), default=len(text))
    return [one for one in others if start <= one.start and one.end <= end] or others


def _of_question(question: Question) -> list[Range]:
    """The figures that a question names besides the one that it asks for; those without a unit are compared with nothing."""
    text = question.text[:_LONGEST]
    asked = question.asked
    return [one for one in _of_text(text) if asked is None or one.end <= asked.start or asked.end <= one.start]


def _asked_measure(question: Question) -> str:
    if question.kind is QuestionKind.MONEY:
        return "vnd"
    if question.kind is QuestionKind.PERCENT:
        return "%"
    if question.kind is QuestionKind.HOW_LONG:
        return _TIMES.get(unit_name(question.unit), ("", 1))[0]
    return measured_by(question.unit) or unit_name(question.unit)


@lru_cache(maxsize=4096)
def _of_text(text: str) -> tuple[Range, ...]:
    """The figures of a text with a unit, one number or a range, in order."""
    ordinals = [one for match in _NTH.finditer(text) if (one := _nth(match)) is not None]
    figures: list[Range] = []
    for value in find_measures(text):
        one = _range(text, value)
        if one is None or any(one.start < other.end and other.start < one.end for other in ordinals):
            continue
        joined = _joined(text, figures[-1], one) if figures else None
        if joined is not None:
            figures[-1] = joined
        else:
            figures.append(one)
    return tuple(sorted([*ordinals, *figures], key=lambda one: one.start))


def _range(text: str, value: Value) -> Range | None:
    unit, low, high = value.normal
    if not unit or not isinstance(unit, str) or isinstance(low, str) or isinstance(high, str):
        return None
    if not all(bound is None or isinstance(bound, Decimal) for bound in (low, high)) or low is high is None:
        return None
    measure, factor = measured_by(unit) or ("day" if unit == "working-day" else unit), in_base(unit)
    return Range(
        measure,
        low * factor if isinstance(low, Decimal) else None,
        high * factor if isinstance(high, Decimal) else None,
        _OVER.match(value.text) is not None,
        (_UNDER.match(value.text) or _TO_UNDER.search(value.text)) is not None,
        value.start,
        value.end,
        _NORM.match(value.text) is not None,
        _LAID_DOWN.search(text, max(0, value.start - _LOOK_BACK), value.start) is not None,
    )


def _joined(text: str, one: Range, other: Range) -> Range | None:
    """ "trên 30 m2 và dưới 50 m2" is one range."""
    if one.measure != other.measure or one.high is not None or other.low is not None or one.low is None:
        return None
    if _JOINT.fullmatch(text, one.end, other.start) is None:
        return None
    return replace(one, high=other.high, high_excluded=other.high_excluded, end=other.end, is_norm=False)


def _nth(match: re.Match[str]) -> Range | None:
    """ "Từ sau mét thứ 100 đến hết" as a range."""
    number = _number(match["low"])
    name = unit_name(match["unit"])
    unit, length = _TIMES.get(name, (measured_by(name), in_base(name)))
    if not unit:
        return None
    number *= length
    if match["till"]:
        return Range(unit, None, number, False, False, *match.span())
    begins = (match["from"] or "").lower()
    high = Decimal(match["high"]) * length if match["high"] else None
    if not begins and high is None and not match["on"]:
        return Range(unit, number, number, False, False, *match.span())
    return Range(unit, number, high, begins.endswith(("sau", "trên", "quá")), False, *match.span())


def _number(written: str) -> Decimal:
    return Decimal(1) if written.lower() == "nhất" else value_of(written.lower())
