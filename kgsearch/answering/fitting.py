"""Which value of a unit can be what a question asks for: the one by whose side its words stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kgsearch.answering.coverage import Sought, Words
from kgsearch.answering.kinds import Normal, Question, QuestionKind, Value
from kgsearch.answering.measures import fits_unit
from kgsearch.answering.recognise import find_values
from kgsearch.language import fold, syllable_key, tokenise

VALUED = frozenset(
    {
        QuestionKind.HOW_MUCH,
        QuestionKind.MONEY,
        QuestionKind.PERCENT,
        QuestionKind.WHEN,
        QuestionKind.HOW_LONG,
        QuestionKind.WHO,
        QuestionKind.WHERE,
        QuestionKind.WHICH_DOCUMENT,
    }
)
"""Kinds that are answered by something that can be recognised."""

FIGURES = frozenset({QuestionKind.HOW_MUCH, QuestionKind.MONEY, QuestionKind.PERCENT})

NEAR_ENOUGH = 0.5
"""A figure by which less of the question stands may be another indicator's."""

INHERITED = 0.8
"""What stands in another phrase before the value's own counts so much, at most."""

# What links a subject to its figure is no subject.
_LINKING = frozenset(
    syllable_key(token.text)
    for token in tokenise(
        "là đạt còn có được bị thì cho của với từ đến trên dưới khoảng ước tăng giảm bằng mức hơn gần ít nhất tối đa thiểu và ở"
    )
)
_SEPARATOR = re.compile(r"[,;:](?=\s)|\.(?=\s)|(?P<conjunction>(?<!\w)(?:và|trong đó|còn)(?!\w))", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_NEIGHBOURHOOD = 60
"""Characters left and right of a value in which the words next to the question phrase are looked for: some twelve syllables."""
_MAX_VALUES = 60
NOUN = 0.5
"""Of two values that stand equally near, the one with the noun that is asked with."""


_PRICE = re.compile(r"(?<![\w.,/])\d{1,3}(?:\.\d{3})+$")
_LONGEST_LINE = 150

NO_DOER = 0.3
"""What a unit fits that names nobody before the action: who does it may stand above."""

OTHER_UNIT = 0.6
"""What a figure without the unit that is asked for counts beside one with it."""

_GIVES = re.compile(r"(?<!\w)(?:do|bởi|giao|đề nghị|yêu cầu)(?: cho)? $", re.IGNORECASE)
_GIVING = 14
_AREA = re.compile(r"(?<!\w)(?:han muc|dien tich|bao nhieu dat|rong)(?!\w)")
_AREA_UNIT = re.compile(r"(?:m2|m²|ha|hec ta|hec-ta|km2|km²|met vuong|m)(?:/.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a unit answers the kind of a question.

    ``value`` is the best value, or None. ``fit`` is 1 where there is one (less for a figure that stands away from the question's words),
    0 where there should be and is not, 0.5 where the kind cannot be recognised. ``near``: the share of what the unit covers of the
    question that stands in the value's own phrase; ``side``: the share of the words next to the question phrase that stand on the same
    side of the value. Both 0 without a value.
    """

    value: Value | None = None
    fit: float = 0.5
    near: float = 0.0
    side: float = 0.0


def repeated_values(question: Question) -> frozenset[Normal]:
    """What the question itself names: it does not answer it."""
    if question.kind not in VALUED:
        return frozenset()
    return frozenset(value.normal for value in find_values(question.kind, question.text[:2000]))


def fit_of(question: Question, sought: Sought, repeated: frozenset[Normal], text: str, words: Words, *, is_row: bool = False) -> Fit:
    """The best value in ``text`` (``words`` are its) for the question; in a row of a table who does something stands in any column."""
    if question.kind not in VALUED:
        return Fit()
    found = find_values(question.kind, text, question.unit, question.noun)
    values = [value for value in found if value.normal not in repeated][:_MAX_VALUES]
    if not values:
        return _bare_figure(question, text) or Fit(fit=0.0)
    if question.kind is QuestionKind.WHO and not is_row and _asks_doer(question):
        values = [value for value in values if _does(question, text, words, value)]
        if not values:
            return Fit(fit=NO_DOER)
    fits = list(_fits(sought, values, text, words))
    noun = {syllable_key(token.text) for token in tokenise(question.noun)}
    best = max(fits, key=lambda one: one.near + one.side + NOUN * _is_named(one.value, noun))
    # "GRDP bình quân đầu người tăng, tổng vốn đầu tư đạt 40.000 tỷ đồng": the figure is of what stands in its own phrase.
    if question.kind not in FIGURES:
        return best
    fit = 0.5 + 0.5 * min(1.0, best.near / NEAR_ENOUGH)
    return replace(best, fit=fit if best.value is None or _has_unit(question, text, best.value) else fit * OTHER_UNIT)


def _has_unit(question: Question, text: str, value: Value) -> bool:
    """Whether a figure has the unit that is asked for, or, where none is, any; of what is measured as an area that of an area."""
    if question.unit and question.kind is QuestionKind.HOW_MUCH:
        return fits_unit(text, value, question.unit)
    unit = str(value.normal[0] or "")
    if question.kind is QuestionKind.HOW_MUCH and _AREA.search(fold(question.text)):
        return _AREA_UNIT.fullmatch(unit) is not None
    return bool(unit) or question.kind is not QuestionKind.HOW_MUCH


def _asks_doer(question: Question) -> bool:
    """Whether "ai", "sở nào" stands before what is done: then who does it stands before it in the answer, too."""
    return question.asked is not None and len(question.right) > 1 and len(question.left) <= len(question.right)


def _does(question: Question, text: str, words: Words, value: Value) -> bool:
    """Whether the value stands before most of what the unit says of the action, or after a word that gives it the action."""
    if _GIVES.search(text, max(0, value.start - _GIVING), value.start):
        return True
    action = set(question.right)
    after = action & words.between(value.end, len(text))
    return len(after) >= len(action & words.between(0, len(text))) / 2


def _bare_figure(question: Question, text: str) -> Fit | None:
    """The figure at the end of a short line of a price list, whose unit stands at the list's head ("Đăng ký lại kết hôn 10.000")."""
    match = _PRICE.search(text) if question.kind is QuestionKind.MONEY and len(text) <= _LONGEST_LINE else None
    if match is None:
        return None
    amount = Decimal(match[0].replace(".", ""))
    value = Value(match.start(), match.end(), match[0], QuestionKind.MONEY, ("", amount, amount))
    return Fit(value, OTHER_UNIT, NEAR_ENOUGH, 0.0)


def _is_named(value: Value | None, noun: set[str]) -> bool:
    """Whether a value has the noun that is asked with: "Sở nào" asks for a "Sở …"."""
    return bool(noun) and value is not None and noun <= {syllable_key(token.text) for token in tokenise(value.text)}


def _fits(sought: Sought, values: Sequence[Value], text: str, words: Words) -> Iterator[Fit]:
    borders = [0, *_separators(text), len(text)]
    for value in values:
        near = _nearness(sought, words, _phrase(borders, value), value)
        left = words.between(value.start - _NEIGHBOURHOOD, value.start)
        right = words.between(value.end, value.end + _NEIGHBOURHOOD)
        yield Fit(value, 1.0, near, sought.side_share(left, right))


def _separators(text: str) -> Iterator[int]:
    """Where a phrase ends; at "và" only after a figure: "dân số và lao động đạt …" is one."""
    border = 0
    for match in _SEPARATOR.finditer(text):
        if not match["conjunction"] or _FIGURE.search(text, border, match.start()):
            border = match.end()
            yield border


def _phrase(borders: Sequence[int], value: Value) -> tuple[int, int]:
    """The range between the separators around a value."""
    start = borders[bisect_right(borders, value.start) - 1]
    end = borders[min(bisect_left(borders, value.end), len(borders) - 1)]
    return start, max(end, value.end)


def _nearness(sought: Sought, words: Words, phrase: tuple[int, int], value: Value) -> float:
    """Of what the unit says of the question outside the value, the share that is said of this value.

    What stands in its own phrase is. What stands before that is as far as the phrase brings no other subject: in "Mức hỗ trợ cho hộ nghèo
    là 5 triệu đồng, cho hộ cận nghèo là 3 triệu đồng" the second value is a "mức hỗ trợ" too, but in "GRDP tăng khá, tổng vốn đầu tư
    đạt 40 tỷ đồng" the value is no GRDP.
    """
    subject = words.between(phrase[0], value.start)
    inside = subject | words.between(value.end, phrase[1])
    before = words.between(0, phrase[0])
    whole = sought.share(inside | before | words.between(phrase[1], words.starts[-1] + 1))
    if not whole:  # it is its lead-in that says what the value is of
        return NEAR_ENOUGH
    subject -= _LINKING
    foreign = len(subject - sought.weights.keys()) / len(subject) if subject else 0.0
    said = sought.share(inside)
    return (said + INHERITED * (1 - foreign) * (sought.share(inside | before) - said)) / whole
