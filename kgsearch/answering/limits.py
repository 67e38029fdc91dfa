"""Whether a text is about the period and the subject that a question is limited to ("năm 2021", "tỉnh Kiên Giang")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgsearch.answering.fitting import FIGURES
from kgsearch.answering.kinds import Period, Question, QuestionKind, Subject
from kgsearch.answering.periods import find_periods
from kgsearch.answering.places import find_subjects
from kgsearch.language import syllable_key, tokenise

SAME, OPEN, OTHER = 1.0, 0.5, 0.0
"""It names the period or subject; it names none, or a longer or shorter one; it names another only."""

# What a figure is compared with is not the period that it is of.
_COMPARED = re.compile(r"so (?:với|cùng kỳ)(?: cùng kỳ)?(?: của)?\s*$|cùng kỳ\s*$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 4000
_GENERAL = 1
_LEVELS = frozenset(
    syllable_key(token.text)
    for token in tokenise("tỉnh thành phố huyện quận thị xã trấn phường đặc khu sở ban ủy nhân dân của toàn cả nước")
)


def period_fit(question: Question, texts: Sequence[str]) -> float:
    """How the first of ``texts`` (the unit, then what it stands under, the nearest first) that names a period at all agrees with the
    question's: SAME, OPEN or OTHER; the worst of several. A figure whose own unit names a longer or shorter period is OTHER. OPEN where
    the question names none, or asks when.
    """
    if question.kind is QuestionKind.WHEN:  # the period that answers is another than the one that the question names
        return OPEN
    own, *context = texts
    return min((_fit_of(period, own, context, question.kind in FIGURES) for period in question.periods), default=OPEN)


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
    if sought.key == named.key:
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
    return f" {' '.join(syllable_key(token.text) for token in tokenise(text))} "
