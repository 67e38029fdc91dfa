"""Whether a text is about the period and the subject that a question is limited to ("năm 2021", "tỉnh Kiên Giang")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgsearch.answering.kinds import OPEN, OTHER, SAME, Period, Question, QuestionKind, Subject, Value
from kgsearch.answering.reading.fitting import FIGURES
from kgsearch.answering.values.periods import find_periods
from kgsearch.answering.values.places import find_subjects
from kgsearch.language import syllable_key, syllable_keys, tokenise

# What a figure is compared with is not the period that it is of.
_COMPARED = re.compile(r"so (?:với|cùng kỳ)(?: cùng kỳ)?(?: của)?\s*$|cùng kỳ\s*$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"(?:\d{4}-)?M(?P<month>\d\d)")
# Up to the day before it something is counted: "đến hết ngày 31 tháng 3 năm 2022".
_AS_OF = re.compile(r"(?<!\w)(?:đến|tới|tại thời điểm|tính từ)(?:\s+(?:hết|cuối|thời điểm|nay|trước))?(?:\s*\()?\s*$", re.IGNORECASE)
_AS_OF_WITHIN = 24
_SINCE = re.compile(r"(?<!\w)từ\s+(?:ngày\s+|tháng\s+)?\d[^.;:,]*$", re.IGNORECASE)
_SINCE_WITHIN = 60
# The months of a year up to now: "02 tháng ước đạt".
_SO_FAR = re.compile(
    r"(?<![\w/.,-])(?P<month>1[0-2]|0?[1-9])\s+tháng(?=\s+(?:ước|đạt|tăng|giảm|năm\s+(?:19|20)\d\d|qua(?!\w)))", re.IGNORECASE
)
_LONGEST = 4000
_GENERAL = 1
_LEVELS = frozenset(
    syllable_key(token.text)
    for token in tokenise("tỉnh thành phố huyện quận thị xã trấn phường đặc khu sở ban ủy nhân dân của toàn cả nước")
)


def period_fit(question: Question, texts: Sequence[str], value: Value | None = None) -> float:
    """How the first of ``texts`` (the unit, then what it stands under, the nearest first) that names a period at all agrees with the
    question's: SAME, OPEN or OTHER; the worst of several. A figure whose own unit names a longer or shorter period is OTHER; of several
    periods in the unit the nearest to the ``value`` counts. OPEN where the question names none, or asks when.
    """
    if question.kind is QuestionKind.WHEN:  # the period that answers is another than the one that the question names
        return OPEN
    own, *context = texts
    is_figure = question.kind in FIGURES
    if is_figure and value is not None and any(_is_of_another(period, own, value) for period in question.periods):
        return OTHER
    return min((_fit_of(period, own, context, is_figure) for period in question.periods), default=OPEN)


def _is_of_another(sought: Period, own: str, value: Value) -> bool:
    """Whether a figure is of another month or day than the question's: "đến hết tháng 3 … đạt 5%" says nothing of June."""
    if sought.first is None or not (_MONTH.fullmatch(sought.key) or _DAY.fullmatch(sought.key)):
        return False
    dated = [one for one in _dated(own[:_LONGEST]) if not (one.start < value.end and value.start < one.end)]
    if not dated:
        return False
    nearest = min(dated, key=lambda one: value.start - one.end if one.end <= value.start else 2 * (one.start - value.end))
    return not _may_be_same(sought, nearest)


def _may_be_same(sought: Period, named: Period) -> bool:
    """Whether a month or a day is, lies in, or may be another; of a month without a year only its number is compared."""
    if named.first is not None and named.last is not None and sought.first is not None and sought.last is not None:
        return named.first <= sought.last and sought.first <= named.last
    month = _MONTH.fullmatch(named.key)
    return month is None or sought.first is None or int(month["month"]) == sought.first.month


def _is_as_of(text: str, day: Period) -> bool:
    """Whether a figure may be counted up to a day; the end of "từ ngày … đến ngày …" is none."""
    before = text[max(0, day.start - _SINCE_WITHIN) : day.start]
    return _AS_OF.search(before[-_AS_OF_WITHIN:]) is not None and _SINCE.search(before) is None


@lru_cache(maxsize=4096)
def _dated(text: str) -> tuple[Period, ...]:
    """The months and days of a text up to which, or of which, its figures are."""
    found = [one for one in _periods(text) if _MONTH.fullmatch(one.key) or (_DAY.fullmatch(one.key) and _is_as_of(text, one))]
    found += [Period(match[0], *match.span(), f"M{int(match['month']):02}") for match in _SO_FAR.finditer(text)]
    return tuple(found)


def subject_fit(question: Question, text: str, context: Sequence[str]) -> float:
    """SAME where ``text`` or its ``context`` names the question's subject, OTHER where the text names only another of its kind."""
    fits = [_subject_fit(subject, text, context) for subject in question.subjects]
    return min(fits, default=OPEN)


def _fit_of(sought: Period, own: str, context: Sequence[str], is_figure: bool) -> float:
    for place, text in enumerate((own, *context)):
        named = [period for period in _periods(text[:_LONGEST]) if _is_alike(sought, period)]
        if named:
            fit = max(_agreement(sought, period) for period in named)
            # The figure of five years is not that of one of them.
            return OTHER if is_figure and not place and fit != SAME else fit
    return OPEN


@lru_cache(maxsize=4096)
def _periods(text: str) -> tuple[Period, ...]:
    return tuple(period for period in find_periods(text) if not _COMPARED.search(text[max(0, period.start - 30) : period.start]))


def _is_alike(sought: Period, named: Period) -> bool:
    """A day in a text is mostly another document's date: it is compared with a day only."""
    return bool(_DAY.fullmatch(sought.key)) == bool(_DAY.fullmatch(named.key))


def _agreement(sought: Period, named: Period) -> float:
    if sought.key == named.key or (named.first is None and sought.key.endswith(f"-{named.key}")):
        return SAME
    if sought.first is None or sought.last is None or named.first is None or named.last is None:
        return OPEN
    overlap = named.first <= sought.last and sought.first <= named.last
    return OPEN if overlap else OTHER


def _subject_fit(subject: Subject, text: str, context: Sequence[str]) -> float:
    name = subject.province or tuple(key for key in subject.key if key not in _LEVELS)
    if len(name) <= _GENERAL and not subject.province:
        return OPEN
    if any(_stands(name, part) for part in (text, *context)):
        return SAME
    rivals = [other for other in _subjects(text[:_LONGEST]) if other.key[:1] == subject.key[:1] and len(other.key) > _GENERAL]
    return OTHER if rivals else OPEN


@lru_cache(maxsize=1024)
def _subjects(text: str) -> tuple[Subject, ...]:
    return tuple(find_subjects(text))


def _stands(name: tuple[str, ...], text: str) -> bool:
    return f" {' '.join(name)} " in _folded(text[:_LONGEST])


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return f" {' '.join(syllable_keys(text))} "
