"""Which value of a unit can be what a question asks for: the one by whose side its words stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kgsearch.answering.kinds import Normal, Question, QuestionKind, Value
from kgsearch.answering.reading.coverage import Sought, Words
from kgsearch.answering.reading.recognise import find_values
from kgsearch.answering.reading.roles import Role, borne, doer, elides_doer, role_asked
from kgsearch.answering.values.figures import counts_another, figure_fit, figure_worth, measuring_words, price
from kgsearch.answering.values.frequency import asks_interval, find_intervals, interval_fit
from kgsearch.answering.values.places import PLACE, province_spans
from kgsearch.language import syllable_key, syllable_keys, tokenise

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

SAID_OF_ANOTHER = 0.4
"""The share of the question that must be said with a figure that counts another noun than the one asked for."""

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

NO_DOER = 0.3
"""What a unit fits that names nobody before the action: who does it may stand above."""

DOER_ABOVE = 0.8
"""The same where what stands above it names who does it."""

NO_PLACE = 0.6
"""What a name fits where a place is asked for and nothing says that it is one."""

LEAST_BORNE, BORNE_ENOUGH = 0.35, 0.75
"""Of what a unit says of the action, the share that must be said of a party for it to be who does it, and for nothing to be wanting."""

_AT = re.compile(r"(?<!\w)(?:tại|ở|đến|thuộc|trên địa bàn|địa điểm[^.;]{0,20}:|trụ sở[^.;]{0,20}:|địa chỉ[^.;]{0,20}:) $", re.IGNORECASE)
_AT_WITHIN = 40


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


def fit_of(
    question: Question,
    sought: Sought,
    repeated: frozenset[Normal],
    text: str,
    words: Words,
    *,
    is_row: bool = False,
    above: Sequence[str] = (),
) -> Fit:
    """The best value in ``text`` (``words`` are its) for the question; in a row of a table who does something stands in any column.

    ``above`` is what stands over the text, the nearest first: it may name who does what the text says.
    """
    if question.kind not in VALUED:
        return Fit()
    role = role_asked(question) if not is_row else None
    if role is not None:
        return _role_fit(question, role, sought, repeated, text, words, above)
    is_interval = asks_interval(question)
    found = find_intervals(text) if is_interval else find_values(question.kind, text, question.unit, question.noun)
    values = [value for value in found if value.normal not in repeated][:_MAX_VALUES]
    if not values:
        return _price(question, text, above)
    best = _best(question, text, list(_fits(sought, values, text, words)))
    if is_interval and best.value is not None:
        return replace(best, fit=interval_fit(question, best.value))
    if question.kind is QuestionKind.WHERE:
        return replace(best, fit=_is_place(question, text, best.value))
    # "GRDP bình quân đầu người tăng, tổng vốn đầu tư đạt 40.000 tỷ đồng": the figure is of what stands in its own phrase.
    if question.kind not in FIGURES or best.value is None:
        return best
    if counts_another(question, text, best.value) and not _is_said(question, sought, words, best.value):
        return Fit(fit=0.0)
    return replace(best, fit=(0.5 + 0.5 * min(1.0, best.near / NEAR_ENOUGH)) * figure_fit(question, text, best.value))


def _is_said(question: Question, sought: Sought, words: Words, value: Value) -> bool:
    """Whether the question's words but for the noun that it asks for stand with a figure: by its side, or enough of them anywhere."""
    noun = set(syllable_keys(question.unit))
    left = words.between(value.start - _NEIGHBOURHOOD, value.start) - noun
    right = words.between(value.end, value.end + _NEIGHBOURHOOD) - noun
    if sought.side_share(left, right):
        return True
    return sought.share(set(words.keys) - noun) >= SAID_OF_ANOTHER * (1 - sought.share(noun))


def _best(question: Question, text: str, fits: Sequence[Fit]) -> Fit:
    """The value nearest to the question's words; of figures that stand equally near the one that fits best as a figure."""
    noun = set(syllable_keys(question.noun))
    is_figure = question.kind in FIGURES or question.kind is QuestionKind.HOW_LONG

    def worth(one: Fit) -> float:
        figure = figure_worth(question, text, one.value) if is_figure and one.value is not None else 0.0
        return one.near + one.side + NOUN * _is_named(one.value, noun) + figure

    return max(fits, key=worth)


def _is_place(question: Question, text: str, value: Value | None) -> float:
    """How far a value is a place: a name in capitals may be anything, unless it stands after "tại" or has the noun asked with."""
    if value is None or _is_named(value, set(syllable_keys(question.noun))):
        return 1.0
    placed = _AT.search(text, max(0, value.start - _AT_WITHIN), value.start) or PLACE.fullmatch(value.text) or province_spans(value.text)
    return 1.0 if placed else NO_PLACE


def _role_fit(
    question: Question, role: Role, sought: Sought, repeated: frozenset[Normal], text: str, words: Words, above: Sequence[str]
) -> Fit:
    """The party that does what is asked about, or to which it goes; without one, whether it stands above that does what the text says."""
    bearer = borne(question, role, sought, repeated, text, words)
    if bearer is not None and bearer.share >= LEAST_BORNE:
        left = words.between(bearer.value.start - _NEIGHBOURHOOD, bearer.value.start)
        right = words.between(bearer.value.end, bearer.value.end + _NEIGHBOURHOOD)
        fit = NO_DOER + (1 - NO_DOER) * min(1.0, bearer.share / BORNE_ENOUGH)
        return Fit(bearer.value, fit, bearer.share, sought.side_share(left, right))
    named = role is Role.DOER and elides_doer(text) and any(doer(one) for one in above)
    return Fit(fit=DOER_ABOVE if named else NO_DOER)


def _price(question: Question, text: str, above: Sequence[str]) -> Fit:
    """What the figure of a line of a price list fits, where money is asked for and none is named."""
    found = price(text, above) if question.kind is QuestionKind.MONEY else None
    return Fit(found[0], found[1], NEAR_ENOUGH) if found else Fit(fit=0.0)


def _is_named(value: Value | None, noun: set[str]) -> bool:
    """Whether a value has the noun that is asked with: "Sở nào" asks for a "Sở …"."""
    return bool(noun) and value is not None and noun <= set(syllable_keys(value.text))


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
    subject -= _LINKING | measuring_words(value)
    foreign = len(subject - sought.weights.keys()) / len(subject) if subject else 0.0
    said = sought.share(inside)
    return (said + INHERITED * (1 - foreign) * (sought.share(inside | before) - said)) / whole
