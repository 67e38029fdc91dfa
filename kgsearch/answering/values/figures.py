"""How well a figure is one of the kind that a question asks for: by its unit, and whether the rule says it or only applies from it on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kgsearch.answering.kinds import Question, QuestionKind, Value
from kgsearch.answering.values.measures import ALIKE, OTHER_NOUN, counts_a_noun, find_measures, fits_unit, unit_share
from kgsearch.answering.values.units import UNIT_PATTERN, measured_by
from kgsearch.language import fold, syllable_keys

OTHER_UNIT = 0.6
"""What a figure without the unit that is asked for counts beside one with it."""

COUNTED = 0.9
"""The same of a figure whose unit is no known one, but a noun."""

OTHER_TIME = 0.9
"""The same of a time in another unit of time: "12 tháng" where years are asked for."""

PRICE = 0.85
"""The same of a figure of a price list, whose unit stands at the list's head."""

CONDITION = 0.6
"""The same of a figure from which on a rule applies, where it is asked what the rule says."""

CHANGE = 0.4
"""The same of a figure by which something becomes less or more: "được giảm 3 tiết" where it is asked how many there are."""

IN_BRACKETS = 0.4
"""So much less near is what stands in brackets: a part of what stands before them."""

# What is measured, and the measure (or the kind) that its figures have, with marks and without: the nearest to the question phrase counts.
_MONEY = r"phí|lệ phí|giá(?! trị)|tiền|chi phí|kinh phí|nộp|đóng|tốn|thu|chi|trả|bồi dưỡng|phụ cấp|lương|thưởng|phạt|trợ cấp|hỗ trợ|vốn|vé"
_MARKED = (
    ("money", _MONEY),
    ("area", r"diện tích|hạn mức|rộng"),
    ("length", r"cao(?! nhất| hơn)|(?:chiều|bề) (?:cao|rộng|dài|sâu|ngang)|khoảng cách|cách|dài|sâu|mặt tiền|lộ giới"),
    ("mass", r"khối lượng|trọng lượng|nặng|sản lượng"),
    ("bare", r"hệ số|điểm|điểm số"),
)
_UNMARKED = (
    ("money", r"(?:le |chi |hoc |kinh |muc )?phi|muc (?:chi|thu|phat|luong)|gia (?:dat|ve|ban)|tien|nop|boi duong|phu cap|tro cap|ho tro"),
    ("area", r"dien tich|han muc"),
    ("length", r"(?:chieu|be) (?:cao|rong|dai|sau|ngang)|khoang cach"),
    ("mass", r"khoi luong|trong luong|san luong"),
    ("bare", r"he so"),
)


def _alternatives(named: Sequence[tuple[str, str]]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in named) + r")(?!\w)")


_NOUNS, _NOUNS_UNMARKED = _alternatives(_MARKED), _alternatives(_UNMARKED)
# A road is as wide as it has metres, a plot as it has square metres.
_WIDTH = re.compile(r"(?<!\w)(?:chiều|bề|đường|lối|ngõ|hẻm|vỉa hè|mặt tiền|hành lang|lộ giới|cạnh)(?!\w)", re.IGNORECASE)
_UNIT_NEXT = re.compile(rf"\W*(?P<unit>{UNIT_PATTERN})", re.VERBOSE | re.IGNORECASE)
_ASKED_PART = 70
"""Characters before the question phrase in which it is looked for what is measured."""

# On folded text: what tells schools, and who teaches or learns there, apart.
_LEVEL = re.compile(
    r"\W*(?:\w+ ){0,2}?(dai hoc|cao dang|trung cap|mam non|mau giao|tieu hoc|trung hoc co so|thcs|trung hoc pho thong|thpt|day nghe)(?!\w)"
)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PRICED = re.compile(r"(?<!\w)(?:đồng|vnđ|triệu|nghìn|mức (?:thu|phí|chi|giá)|phí|giá|tiền)(?!\w)", re.IGNORECASE)
_LAST = re.compile(r"[\s.;]*")
_LONGEST_LINE = 250

# These name what any figure of the measure is; they are no subject that it could be of.
_MEASURING = {
    measure: frozenset(syllable_keys(words))
    for measure, words in {
        "area": "diện tích hạn mức quy mô",
        "money": "mức thu chi phí lệ số tiền giá",
        "percent": "tỷ lệ mức",
        "how-long": "thời hạn gian",
        "": "số lượng tổng",
    }.items()
}

_CHANGED = re.compile(r"(?<!\w)(?:giảm|bớt|trừ(?! vào)|cộng thêm|tăng thêm|tăng)(?:\s+(?:đi|thêm|khoảng|xuống))?\s*$", re.IGNORECASE)
_CHANGED_WITHIN = 20
# On folded text.
_ASKS_CHANGE = re.compile(r"(?<!\w)(?:giam|tang|bot|tru|cong|them|hon|kem|chenh|nhich|len|xuong|so voi|thay doi|bien dong)(?!\w)")
_SENTENCE_END = re.compile(r"[.;](?=\s)|\n")
_IF = re.compile(r"(?<!\w)(?:nếu|trường hợp|khi|đối với|trong thời hạn|thửa đất|người)(?!\w)", re.IGNORECASE)
_THEN = re.compile(r"(?<!\w)th(?:ì|i)(?!\w)", re.IGNORECASE)
_THEN_ASKED = re.compile(r"(?<!\w)(?:th(?:ì|i)|mới|trở (?:lên|xuống)|tro (?:len|xuong)|để được|de duoc)(?!\w)", re.IGNORECASE)


def figure_fit(question: Question, text: str, value: Value) -> float:
    """How well a figure is what is asked for, from 0 to 1: by its unit, by the side of a condition that it stands on, and whether it is
    the amount itself."""
    return unit_fit(question, text, value) * condition_fit(question, text, value) * (CHANGE if _is_change(question, text, value) else 1.0)


def _is_change(question: Question, text: str, value: Value) -> bool:
    """Whether a figure only says by how much something becomes less or more, and the question asks for the amount itself."""
    if question.kind not in (QuestionKind.HOW_MUCH, QuestionKind.MONEY) or value.kind is QuestionKind.PERCENT:
        return False
    return _CHANGED.search(text, max(0, value.start - _CHANGED_WITHIN), value.start) is not None and not _ASKS_CHANGE.search(
        fold(question.text)
    )


def figure_worth(question: Question, text: str, value: Value) -> float:
    """The same, to choose among figures of one text: less for what stands in brackets."""
    return figure_fit(question, text, value) - IN_BRACKETS * is_in_brackets(text, value)


def unit_fit(question: Question, text: str, value: Value) -> float:
    """How well the unit of a figure is the one that is asked for, from 0 to 1; where none is, the one that fits what is measured."""
    if question.kind is QuestionKind.HOW_LONG:
        return 1.0 if not question.unit or fits_unit(text, value, question.unit) else OTHER_TIME
    if question.kind is not QuestionKind.HOW_MUCH:
        return 1.0
    unit = question.unit or _unit_after(question)
    if unit:
        return OTHER_NOUN if _is_of_another_level(question, text, value) else unit_share(text, value, unit)
    measured = _measured(question)
    own = _own_measure(value)
    if measured == "bare" or not measured:
        return 1.0 if own or value.normal[0] or measured else COUNTED if counts_a_noun(text, value) else OTHER_UNIT
    if own == measured:
        return 1.0
    if measured == "money" and not value.normal[0] and _GROUPED.fullmatch(value.text):
        return PRICE
    return OTHER_UNIT


def counts_another(question: Question, text: str, value: Value) -> bool:
    """Whether a figure counts something by another noun than the one that is asked for: "600 lao động" where "người" are."""
    if question.kind is not QuestionKind.HOW_MUCH or not question.unit or value.kind is not QuestionKind.HOW_MUCH:
        return False
    fit = unit_fit(question, text, value)
    return fit < ALIKE if value.normal[0] else fit <= OTHER_NOUN


def _is_of_another_level(question: Question, text: str, value: Value) -> bool:
    """Whether schools, or who teaches or learns there, are asked for and others are counted: "02 trường cao đẳng"."""
    asked = _LEVEL.match(fold(question.text[question.asked.end :])) if question.asked else None
    counted = _LEVEL.match(fold(text[value.end : value.end + _ASKED_PART]))
    return asked is not None and counted is not None and asked[1] != counted[1]


def _unit_after(question: Question) -> str:
    """The unit after a question phrase that was read without it: "bao nhiêu m2 sàn"."""
    match = _UNIT_NEXT.match(question.text, question.asked.end) if question.asked else None
    return match["unit"] if match and measured_by(match["unit"]) else ""


def _measured(question: Question) -> str:
    """What is measured by what the question asks for: "money", "area", …; "" where it does not say."""
    end = question.asked.end if question.asked else len(question.text)
    part = question.text[max(0, end - _ASKED_PART) : end].lower()
    said = list((_NOUNS_UNMARKED if question.text.isascii() else _NOUNS).finditer(part))
    if said and said[-1][0] == "rộng" and _WIDTH.search(question.text):
        return "length"
    return str(said[-1].lastgroup) if said else ""


def _own_measure(value: Value) -> str:
    return str(value.kind) if value.kind is not QuestionKind.HOW_MUCH else measured_by(str(value.normal[0] or ""))


def measuring_words(value: Value) -> frozenset[str]:
    """The keys of the words that only say what a figure measures: "diện tích" of an area."""
    return _MEASURING.get(_own_measure(value), _MEASURING[""])


def price(text: str, above: Sequence[str]) -> tuple[Value, float] | None:
    """The only figure of a short line of a price list, whose unit stands in the list's head ("Đăng ký lại kết hôn 10.000"), and how well it
    fits; None where there are several, or none."""
    if len(text) > _LONGEST_LINE:
        return None
    bare = [value for value in find_measures(text) if value.kind is QuestionKind.HOW_MUCH and not value.normal[0]]
    grouped = [value for value in bare if _GROUPED.fullmatch(value.text)]
    said = any(_PRICED.search(one) for one in (text, *above))
    candidates = grouped or [value for value in bare if said and _LAST.fullmatch(text, value.end)]
    if len(candidates) != 1:
        return None
    one = candidates[0]
    amount = one.normal[1] if isinstance(one.normal[1], Decimal) else None
    return Value(one.start, one.end, one.text, QuestionKind.MONEY, ("", amount, amount)), PRICE if said and grouped else OTHER_UNIT


def condition_fit(question: Question, text: str, value: Value) -> float:
    """1, or CONDITION of a figure before "thì" where what follows "thì" is asked for, and the other way round."""
    side = _side(text, value)
    asked = _asked_side(question)
    if side is None or asked == side or (asked is None and side == "rule"):
        return 1.0
    return CONDITION


def _asked_side(question: Question) -> str | None:
    """Whether "bao nhiêu" stands before "thì", for a condition, or after it."""
    if question.asked is None:
        return None
    if _THEN_ASKED.search(question.text, question.asked.end):
        return "condition"
    return "rule" if _THEN.search(question.text, 0, question.asked.start) else None


def _side(text: str, value: Value) -> str | None:
    """On which side of a "thì" of its own sentence a value stands; None without one."""
    start = max((match.end() for match in _SENTENCE_END.finditer(text, 0, value.start)), default=0)
    ending = _SENTENCE_END.search(text, value.end)
    end = ending.start() if ending else len(text)
    before = [match.end() for match in _THEN.finditer(text, start, value.start)]
    opened = _IF.search(text, before[-1] if before else start, value.start)
    if opened and _THEN.search(text, value.end, end):
        return "condition"
    return "rule" if before else None


def is_in_brackets(text: str, value: Value) -> bool:
    """Whether a value stands in brackets."""
    return text.count("(", 0, value.start) > text.count(")", 0, value.start)
