"""Numbers with their units in a text: counts, money, per cent, durations; ranges and bounds ("từ 05 năm đến 15 năm", "trên 30 ngày")."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kgsearch.answering.kinds import QuestionKind, Value
from kgsearch.answering.values.dates import calendar_dates
from kgsearch.answering.values.numerals import BRACKETED, DECIMAL_WORDS, FIGURES, FRACTION_WORDS, SMALL_WORDS, WORDS, value_of
from kgsearch.answering.values.units import UNIT_PATTERN, is_kin, measured_by, spellings_of, unit_name
from kgsearch.citations.find import find_references
from kgsearch.language import fold, syllable_keys

_SCALE = {"trăm": 100, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_CURRENCY = r"(?:đồng|VNĐ|VND|USD|đô\s?la(?:\sMỹ)?|EUR|euro|đ(?![\w]))"
_TIME = r"(?:ngày\s+làm\s+việc|ngày|tháng|năm|giờ|phút|giây|tuần|quý)"
# A noun after "triệu" says that what is counted is no money.
_COUNTED = r"""(?:tấn|người|lượt|ha|héc|m2|m3|m²|m³|km|con|khách|lao|liều|kwh|kWh|lít|cây|sản\sphẩm|hộ|bản|hồ\ssơ|trẻ|học\ssinh|thuê\sbao
    |năm|tài\skhoản
    |doanh\snghiệp|sinh\sviên|đơn\svị|chiếc|cái|kg|thùng|container|từ|bit|dân|cử\stri|phụ\snữ|đảng\sviên|đoàn\sviên|hội\sviên|xe|MW|giống
        |cổ\sphiếu|m\s)"""
_PER = r"""(?:\s?/\s?(?:vạn\s(?:dân|người)|(?:\d{1,2}\s?)?[^\W\d_]{1,8}(?:\s(?:dân|đất|vụ|rừng|bệnh|đêm|sơ|phép|chứng\snhận
    |hợp)(?!\w))?[²³23]?))"""
_LESS = r"không\squá|không\svượt\squá|tối\sđa(?:\slà)?|dưới|nhỏ\shơn|ít\shơn|lên\sđến|thấp\shơn|chưa\sđến|chưa\stới"
_MORE = r"""trên|hơn|tối\sthiểu(?:\slà)?|ít\snhất(?:\slà)?
    |từ\sđủ|từ\strên|không\sdưới|không\sthấp\shơn|không\sít\shơn|cao\shơn|lớn\shơn|quá|đủ|từ"""
_BEFORE = rf"""(?: (?:{_LESS}|{_MORE}|khoảng|gần|đến)\s+ | (?:từ\s+)?[≤≥<>]=?\s* )"""
_NUMBER = rf"""(?: {FIGURES}(?:\s?/\s?\d{{1,6}}(?![\w/.]))?(?:\s?\([^\W\d][^()\d]{{1,30}}\))? | {BRACKETED}
    | (?:{FRACTION_WORDS}|{DECIMAL_WORDS}|{WORDS}|{SMALL_WORDS}|một(?=\s{_TIME}(?!\w)))(?!\w|\s?\(\d) )"""


def _unit_pattern(which: str) -> str:
    """The unit of a number; the names of its groups end in ``which``."""
    return rf"""(?: \s?(?P<percent{which}>%|‰|phần\s(?:trăm|nghìn)(?!\w))
        | (?: \s(?P<scale{which}>(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?:\s(?:tỷ|tỉ|triệu))?)(?!\w) )?
          (?: \s?(?P<money{which}>{_CURRENCY})(?!\w) | \s(?P<time{which}>{_TIME})(?!\w)(?!\s+(?:đầu|cuối)\s+năm)
              | \s?(?P<unit{which}>{UNIT_PATTERN}) )?
        ) {_PER}{{0,3}}"""


_QUANTITY = re.compile(
    rf"""(?<![\w/.,\-–]) (?P<before>{_BEFORE})? (?P<low>{_NUMBER}) {_unit_pattern("")}
        (?: (?P<to>\s?[-–]\s?|\s+(?:đến|tới)\s+(?:dưới\s+|không\squá\s+|hết\s+|đủ\s+|[≤<]\s*)?|\s+và\s*[≤<]\s*)
            (?P<high>{_NUMBER}) {_unit_pattern("_b")} )?
        (?P<after>(?:\s?\([^()]{{1,40}}\))?\s+trở\s+(?:lên|xuống))? (?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)
_TIMES = re.compile(r"(?<!\w)gấp\s+(?P<times>đôi|rưỡi|hai|ba|bốn|năm|mười)(?!\w)", re.IGNORECASE)
_TIMES_VALUES = {"đôi": Decimal(2), "rưỡi": Decimal("1.5")}
_FOREVER = re.compile(r"(?<!\w)(?:suốt\s+đời|vĩnh\s+viễn|vô\s+thời\s+hạn|không\s+thời\s+hạn|trọn\s+đời)(?!\w)", re.IGNORECASE)
_IS_MOST = re.compile(rf"(?:{_LESS}|đến|(?:từ\s+)?[≤<]=?)", re.IGNORECASE)
_IS_LEAST = re.compile(rf"(?:{_MORE}|(?:từ\s+)?[≥>]=?)", re.IGNORECASE)
# These say nothing of the value itself, "từ" only with its end.
_ROUGH = ("khoảng", "gần", "đến", "từ")
_DURATIONS = {
    **{"ngày": ("day", 1), "ngày làm việc": ("working-day", 1), "tuần": ("day", 7), "tháng": ("month", 1), "năm": ("month", 12)},
    **{"quý": ("month", 3), "giờ": ("minute", 60), "phút": ("minute", 1), "giây": ("second", 1)},
}
# What stands before a number that names and does not count.
_NAMES = re.compile(
    r"""(?<!\w)(?: (?<!tổng\s)số | khoản|điểm|điều|mục|chương|phụ\slục|khóa|khoá|kỳ|lần|thứ|quý|tháng|năm|ngày|mùng|giai\sđoạn|nhiệm\skỳ
        |tập|biểu|mẫu|phần|trang
        |đợt|khu\sphố|tổ|ấp|quốc\slộ|đường|tỉnh\slộ|hạng|loại|nhóm|cấp|bậc|lớp|vòng|bước|hình|bảng|tiểu\skhu|thửa|tờ|lô|covid|vị\strí
            |chỉ\sthị|kết\sluận|quận|phường|ngã|tầng|khu\svực|nguyện\svọng|vành\sđai|mức\sđộ|tuyến|nghị\squyết|nghị\sđịnh|văn\sbản|điện\sthoại|fax
    )\s+(?:thứ\s+|số\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
# "Đợt 146 và 147": the second number names too.
_NAMED_TOO = re.compile(
    r"""(?<!\w)(?:(?<!tổng\s)số|khoản|điểm|điều|đợt|lần|giai\sđoạn|khóa|khoá|kỳ|nhóm|mẫu|biểu|quý|tháng|lớp|hạng)\s+(?:thứ\s+|số\s+)?
        \d{1,4}(?:\s*,\s*\d{1,4})*\s*(?:,|và|hoặc|đến)\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# Of these also a number with a counted noun is a name: "lớp 10 trường A".
_ALWAYS_NAMES = re.compile(r"(?<!\w)(?:khoản|điều|mục|chương|phụ\slục|khóa|khoá|quý|tháng|lớp|quận|phường|quốc\slộ)\s+$", re.IGNORECASE)
_REPORTED = re.compile(r"(?<!\w)(?:báo\s+cáo|sơ\s+kết|tổng\s+kết|kế\s+hoạch)\s+$", re.IGNORECASE)
_NUMBERED = re.compile(r"/\w")
_MAP_SCALE = re.compile(r"1\s?/\s?\d{3,6}")
_SHORT_FIGURE = re.compile(r"\d{1,4}(?:\s?/.*)?|\D+", re.DOTALL)
_NEXT_CAPITAL = re.compile(r"\s[^\W\d_]")
_UNIT_AFTER = re.compile(rf"\s?{UNIT_PATTERN}", re.VERBOSE | re.IGNORECASE)
_LABEL = re.compile(r"\s*\(?\d{1,3}(?:\.\d{1,2}){0,3}[.)]\s|\s*\d{1,2}(?:\.\d{1,2}){1,3}\s")
_LOOK_BACK = 16
_LOOK_FURTHER = 40
_SHORTEST_DATED = 16
"""Characters: in a shorter text, the cell of a table, a figure alone is no year."""
_UNIT_JOINT = re.compile(r",|/| và | hoặc ")
_FOLLOWING = re.compile(r"[^\d,;:.()]{0,40}")


def find_measures(text: str) -> list[Value]:
    """Every number of ``text`` with its unit, in order; none that is part of a date, a reference, a document's number or a label."""
    dates = [(one.start, one.end) for one in calendar_dates(text) if _is_fixed(text, one)]
    taken = sorted([*dates, *((one.start, one.end) for one in find_references(text))])
    label = _LABEL.match(text)
    found = [Value(*match.span(), match[0], QuestionKind.HOW_LONG, ("month", None, None)) for match in _FOREVER.finditer(text)]
    found += [_times(match) for match in _TIMES.finditer(text)]
    position = label.end() if label else 0
    for match in _matches(text, position, taken):
        value = _value(text, match)
        if value is not None:
            found.append(value)
    found.sort(key=lambda value: (value.start, -value.end))
    return [value for place, value in enumerate(found) if not _is_repeated(text, found[max(0, place - 1) : place], value)]


def _times(match: re.Match[str]) -> Value:
    word = match["times"].lower()
    times = _TIMES_VALUES.get(word) or value_of(word)
    return Value(*match.span(), match[0], QuestionKind.HOW_MUCH, ("lan", times, times))


def _is_repeated(text: str, before: Sequence[Value], value: Value) -> bool:
    """Whether a value lies in the one before it, or only spells that one in brackets: "32 m2 (Ba mươi hai mét vuông)"."""
    if not before:
        return False
    return value.start < before[0].end or (
        not any(map(str.isdigit, value.text)) and text[before[0].end : value.start].strip() == "(" and any(map(str.isdigit, before[0].text))
    )


def _is_fixed(text: str, one: Value) -> bool:
    """Whether a date has figures; a year without "năm" is none where a unit follows."""
    if one.text.isdigit() and (_UNIT_AFTER.match(text, one.end) or one.end - one.start < len(text.strip()) < _SHORTEST_DATED):
        return False
    return any(character.isdigit() for character in one.text)


def _matches(text: str, position: int, taken: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The quantities outside what is ``taken``."""
    starts = [start for start, _end in taken]
    while match := _QUANTITY.search(text, position):
        at = match.start("low")
        index = bisect_right(starts, match.end() - 1) - 1
        inside = index >= 0 and taken[index][1] > at
        position = max(taken[index][1], at + 1) if inside else match.end()
        if not inside:
            yield match


def _value(text: str, match: re.Match[str]) -> Value | None:
    if _is_name(text, match):
        return None
    kind, unit, factor = _measure(text, match, "_b" if match["high"] else "")
    low = value_of(_written(match["low"]))
    if match["high"]:
        low_kind, low_unit, low_factor = _measure(text, match, "")
        if low_kind is QuestionKind.HOW_MUCH and not low_unit and low_factor == 1:
            low_factor, low_unit = factor, unit
        high: Decimal | None = value_of(_written(match["high"])) * factor
        return _made(match, kind, (unit, low * low_factor, high))
    low *= factor
    return _made(match, kind, (unit, *_bounds(match, low)))


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether a number names or labels something and counts nothing."""
    before = text[max(0, match.start("low") - _LOOK_BACK) : match.start("low")]
    if match["time"] and not match["high"]:
        return _REPORTED.search(before) is not None
    if any(match[name] for name in ("percent", "scale", "money", "high")):
        return False
    if match["unit"]:
        return not measured_by(match["unit"]) and _ALWAYS_NAMES.search(before) is not None
    low = match["low"]
    if _NUMBERED.match(text, match.end()) or _MAP_SCALE.fullmatch(low):
        return True
    # "Hai Bà Trưng", "Ba Sao"
    if low[0].isupper() and (following := _NEXT_CAPITAL.match(text, match.end())) and following[0][-1].isupper():
        return True
    further = text[max(0, match.start("low") - _LOOK_FURTHER) : match.start("low")]
    return _SHORT_FIGURE.fullmatch(low) is not None and bool(_NAMES.search(before) or _NAMED_TOO.search(further))


def _made(match: re.Match[str], kind: QuestionKind, normal: tuple[str, Decimal | None, Decimal | None]) -> Value:
    before = (match["before"] or "").strip().lower()
    is_bound = before not in _ROUGH or (before == "từ" and bool(match["high"] or match["after"]))
    start = match.start() if is_bound else match.start("low")
    return Value(start, match.end(), match.string[start : match.end()], kind, normal)


def _bounds(match: re.Match[str], value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The lower and upper bound that the words around one number give it."""
    before = " ".join((match["before"] or "").lower().split())
    after = (match["after"] or "").lower()
    if after.endswith("lên") or (before not in _ROUGH and _IS_LEAST.fullmatch(before)):
        return value, None
    if after or _IS_MOST.fullmatch(before):
        return None, value
    return value, value


def _written(number: str) -> str:
    """A number without what follows its figures: the second part of "15/15", the words of "03 (ba)"."""
    return re.split(r"\s?[/(]", number, maxsplit=1)[0] if number[0].isdigit() else " ".join(number.split())


def _measure(text: str, match: re.Match[str], which: str) -> tuple[QuestionKind, str, Decimal]:
    """The kind, the unit and the factor of a number: ("money", "đồng", 10**9) of "tỷ đồng"."""
    factor = Decimal(1)
    for word in (match["scale" + which] or "").lower().split():
        factor *= _SCALE[word]
    if percent := match["percent" + which]:
        return QuestionKind.PERCENT, "%", Decimal("0.1") if percent == "‰" or percent.endswith("nghìn") else factor
    if time := match["time" + which]:
        unit, length = _DURATIONS[" ".join(time.lower().split())]
        return QuestionKind.HOW_LONG, unit, factor * length
    if money := match["money" + which]:
        return QuestionKind.MONEY, _currency(money), factor
    if match["unit" + which]:
        return QuestionKind.HOW_MUCH, unit_name(match["unit" + which]), factor
    if match["scale" + which] and factor >= 10**6 and not re.match(rf"\s*{_COUNTED}", text[match.end() : match.end() + 16], re.VERBOSE):
        return QuestionKind.MONEY, "vnd", factor
    return QuestionKind.HOW_MUCH, "", factor


def _currency(written: str) -> str:
    folded = fold(written).replace(" ", "")
    if folded.startswith(("usd", "dola")):
        return "usd"
    return "eur" if folded.startswith("eu") else "vnd"


EXACT, ALIKE, KIN, PERHAPS_KIN, OTHER_NOUN = 1.0, 0.9, 0.8, 0.4, 0.2
"""How well a number's unit is the one that is asked for: it; one of the same measure; another word for what is counted; a word for any
persons or tasks, where a noun is asked for that may be one; another noun."""

UNTOLD, UNTOLD_MEASURE = 0.6, 0.5
"""The same of a number without any unit, where a noun and where a measure is asked for."""

RATE = 0.5
"""The same of a fraction of what is counted in whole numbers: "33,49 giường bệnh/vạn dân"."""

_DIVISIBLE = frozenset(("lan", "diem", "do", "tuoi", "phan", "dat", "dat o", "cong", "cong suat", "dien tich", "tang", "muc", "he so"))
_AREA_NOUNS = frozenset(("dat", "dat o", "dien tich"))
_PARTS = frozenset(("phan",))
# What stands after a number without being what it counts.
_NO_NOUN = re.compile(
    r"""và|hoặc|trong|trên|dưới|của|cho|với|đối|theo|là|thì|đến|từ|tại|ở|khi|nếu|được|bị|có|không|phải|so|trở|cũng|nhưng|để|vào|[a-zđ]
    |đạt|chiếm|tăng|giảm|gồm|thuộc|mới|cả|còn|đã|sẽ|đang|cùng|như|ngoài|này|đó|i{1,3}|iv|v""",
    re.VERBOSE | re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
_OF = 3
"""Syllables after a per cent in which the noun stands of which it is a part: "trên 50% tổng số thành viên"."""


def unit_share(text: str, value: Value, unit: str) -> float:
    """How well the unit of a number in ``text`` is the one that a question asks for, from 0 to 1."""
    asked = _UNIT_JOINT.split(unit)
    is_rate = value.kind is QuestionKind.HOW_MUCH and _is_fraction(value) and all(_is_counted(one) for one in asked)
    if fits_unit(text, value, unit):
        return RATE if is_rate else EXACT
    if is_rate:
        return 0.0
    measures = {measured_by(one) for one in asked}
    own = str(value.normal[0] or "") if value.kind is QuestionKind.HOW_MUCH else ""
    if value.kind is QuestionKind.PERCENT or value.text.lower().endswith("nửa"):
        return ALIKE if fold(unit).strip() in _PARTS or _is_of(text, value, asked) else 0.0
    if value.kind is not QuestionKind.HOW_MUCH:
        return 0.0
    if measured_by(own) == "area" and fold(unit).strip() in _AREA_NOUNS:
        return ALIKE
    if measures == {""}:
        return _noun_share(text, value, own)
    return OTHER_NOUN if not own and any(map(is_kin, measures)) and counts_a_noun(text, value) else _measure_share(own, measures)


def _noun_share(text: str, value: Value, own: str) -> float:
    """How well a number with the unit ``own`` counts a noun that is no measure and does not stand with it."""
    measured = measured_by(own)
    if measured:
        return PERHAPS_KIN if is_kin(measured) else 0.0
    return OTHER_NOUN if own or counts_a_noun(text, value) else UNTOLD


def counts_a_noun(text: str, value: Value) -> bool:
    """Whether a word that can be what it counts follows a number straight away."""
    match = _NEXT_WORD.match(text, value.end)
    return match is not None and _NO_NOUN.fullmatch(match[1]) is None


def _is_fraction(value: Value) -> bool:
    return any(isinstance(bound, Decimal) and bound % 1 for bound in value.normal[1:])


def _is_counted(unit: str) -> bool:
    """Whether a noun is counted in whole numbers: "33,49 giường bệnh" are no number of beds."""
    measured = measured_by(unit)
    return (not measured or is_kin(measured)) and unit_name(unit) not in _DIVISIBLE


def _measure_share(own: str, measures: set[str]) -> float:
    kin = any(map(is_kin, measures))
    if not own:
        return UNTOLD if kin else UNTOLD_MEASURE
    if measured_by(own) in measures:
        return KIN if is_kin(measured_by(own)) else ALIKE
    return OTHER_NOUN if kin and not measured_by(own) else 0.0


def _is_of(text: str, value: Value, asked: Sequence[str]) -> bool:
    """Whether a per cent is one of what is asked with."""
    following = _FOLLOWING.match(text, value.end)
    keys = syllable_keys(following[0] if following else "")
    for wanted in asked:
        sought = syllable_keys(wanted)
        if sought and any(keys[place : place + len(sought)] == sought for place in range(_OF + 1)):
            return True
    return False


def fits_unit(text: str, value: Value, unit: str) -> bool:
    """Whether the number has one of the units that a question asks for ("huyện, thành phố"), within it or in the words after it."""
    # What follows "5" can be its unit; what follows "85%" or "3 triệu đồng" is not.
    following = _FOLLOWING.match(text, value.end) if value.kind is QuestionKind.HOW_MUCH else None
    keys = syllable_keys(text[value.start : following.end() if following else value.end])
    spellings = _spellings(unit)
    if value.normal[0] and value.normal[0] in {unit_name(one) for one in spellings}:  # "3.600m2" is one word
        return True
    measured = measured_by(str(value.normal[0]))
    if measured and not is_kin(measured):  # "20 mét vuông" are no metres
        return False
    for wanted in spellings:
        sought = syllable_keys(wanted)
        if sought and any(keys[place : place + len(sought)] == sought for place in range(1, min(len(keys), _figures(keys) + 3))):
            return True
    return False


def _spellings(unit: str) -> list[str]:
    """The units that a question asks for, and how else they are written."""
    wanted = _UNIT_JOINT.split(unit)
    return [*wanted, *(other for one in wanted for other in spellings_of(one))]


def spelt_before(text: str, unit: str) -> list[Value]:
    """ "một" and "năm" as numbers, which elsewhere are other words: straight before the unit that a question asks for."""
    units = "|".join(re.escape(wanted.strip()) for wanted in _UNIT_JOINT.split(unit) if wanted.strip())
    if not units:
        return []
    found = re.finditer(rf"(?<!\w)(một|năm)\s(?:{units})(?!\w)", text, re.IGNORECASE)
    return [
        Value(*match.span(), match[0], QuestionKind.HOW_MUCH, (fold(match[0][len(match[1]) + 1 :]), *2 * (value_of(match[1]),)))
        for match in found
    ]


def _figures(keys: Sequence[str]) -> int:
    """How many of the keys belong to the number itself."""
    return max((place + 1 for place, key in enumerate(keys[:12]) if key[:1].isdigit()), default=1)
