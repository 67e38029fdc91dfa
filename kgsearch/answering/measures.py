"""Numbers with their units in a text: counts, money, per cent, durations; ranges and bounds ("từ 05 năm đến 15 năm", "trên 30 ngày")."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from kgsearch.answering.dates import find_dates
from kgsearch.answering.kinds import QuestionKind, Value
from kgsearch.answering.numerals import FIGURES, FRACTION_WORDS, SMALL_WORDS, WORDS, value_of
from kgsearch.citations.find import find_references
from kgsearch.language import fold, syllable_key, tokenise

_SCALE = {"trăm": 100, "nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_CURRENCY = r"(?:đồng|VNĐ|VND|USD|đô\s?la(?:\sMỹ)?|EUR|euro|đ(?![\w]))"
_TIME = r"(?:ngày\s+làm\s+việc|ngày|tháng|năm|giờ|phút|giây|tuần|quý)"
# A noun after "triệu" says that what is counted is no money.
_COUNTED = r"""(?:tấn|người|lượt|ha|héc|m2|m3|m²|m³|km|con|khách|lao|liều|kwh|kWh|lít|cây|sản\sphẩm|hộ|bản|hồ\ssơ|trẻ|học\ssinh|thuê\sbao
    |năm|tài\skhoản
    |doanh\snghiệp|sinh\sviên|đơn\svị|chiếc|cái|kg|thùng|container|từ|bit|dân|cử\stri|phụ\snữ|đảng\sviên|đoàn\sviên|hội\sviên|xe|MW|giống
        |cổ\sphiếu|m\s)"""
_UNIT = r"""(?: triệu\stấn|nghìn\stấn|tấn|tạ|kg|gam|ha|héc\sta|héc-ta|m2|m3|m²|m³|km2|km²|km|cm|mm|hải\slý|mét|tuổi|người|lượt\s(?:người
    |khách)|lượt|giường\sbệnh|giường
    |hộ|huyện|xã|phường|tỉnh|thành\sphố|doanh\snghiệp|dự\sán|hồ\ssơ|văn\sbản|cơ\ssở|đơn\svị|trường|trạm|lít|MW|kWh|kW|liều|lần|điểm|con
        |chiếc|cây|bản|bộ|học\ssinh|giáo\sviên
    |lao\sđộng|ca|vụ|tổ|ấp|khu\sphố|cuộc|lớp|phòng|trang|độ|m)(?!\w)"""
_PER = r"(?:\s?/\s?(?:vạn\s(?:dân|người)|[^\W\d_]{1,8}(?:\s(?:dân|đất|vụ|rừng|bệnh))?))"
_BEFORE = r"""(?: không\squá|không\svượt\squá|tối\sđa(?:\slà)?|dưới|nhỏ\shơn|ít\shơn|lên\sđến|thấp\shơn|chưa\sđến|chưa\stới
    | trên|hơn|tối\sthiểu(?:\slà)?|ít\snhất(?:\slà)?|từ\sđủ|không\sdưới|không\sthấp\shơn|không\sít\shơn|cao\shơn|lớn\shơn|quá|đủ|từ
        |khoảng|gần|đến )\s+"""
_NUMBER = rf"""(?: {FIGURES}(?:\s?/\s?\d{{1,6}}(?![\w/.]))?(?:\s?\([^\W\d][^()\d]{{1,30}}\))? | (?:{FRACTION_WORDS}|{WORDS}
    |{SMALL_WORDS}|một(?=\s{_TIME}(?!\w)))(?!\w) )"""


def _unit_pattern(which: str) -> str:
    """The unit of a number; the names of its groups end in ``which``."""
    return rf"""(?: \s?(?P<percent{which}>%|‰|phần\s(?:trăm|nghìn)(?!\w))
        | (?: \s(?P<scale{which}>(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?:\s(?:tỷ|tỉ|triệu))?)(?!\w) )?
          (?: \s?(?P<money{which}>{_CURRENCY})(?!\w) | \s(?P<time{which}>{_TIME})(?!\w)(?!\s+(?:đầu|cuối)\s+năm)
              | \s?(?P<unit{which}>{_UNIT}) )?
        ) {_PER}{{0,2}}"""


_QUANTITY = re.compile(
    rf"""(?<![\w/.,\-–]) (?P<before>{_BEFORE})? (?P<low>{_NUMBER}) {_unit_pattern("")}
        (?: (?P<to>\s?[-–]\s?|\s+(?:đến|tới)\s+(?:dưới\s+|không\squá\s+)?) (?P<high>{_NUMBER}) {_unit_pattern("_b")} )?
        (?P<after>\s+trở\s+(?:lên|xuống))? (?![\w]) (?!/\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_FOREVER = re.compile(r"(?<!\w)(?:suốt\s+đời|vĩnh\s+viễn|vô\s+thời\s+hạn|không\s+thời\s+hạn|trọn\s+đời)(?!\w)", re.IGNORECASE)
_MOST = (
    "không quá",
    "không vượt quá",
    "tối đa",
    "tối đa là",
    "dưới",
    "nhỏ hơn",
    "ít hơn",
    "lên đến",
    "thấp hơn",
    "chưa đến",
    "chưa tới",
    "đến",
)
_LEAST = (
    "trên",
    "hơn",
    "tối thiểu",
    "tối thiểu là",
    "ít nhất",
    "ít nhất là",
    "từ đủ",
    "không dưới",
    "không thấp hơn",
    "không ít hơn",
    "cao hơn",
    "lớn hơn",
    "quá",
    "đủ",
)
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
            |chỉ\sthị|kết\sluận
    )\s+(?:thứ\s+|số\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(r"\s*\(?\d{1,3}(?:\.\d{1,2}){0,3}[.)]\s|\s*\d{1,2}(?:\.\d{1,2}){1,3}\s")
_LOOK_BACK = 16
_UNIT_JOINT = re.compile(r",|/| và | hoặc ")
_FOLLOWING = re.compile(r"[^\d,;:.()]{0,40}")


def find_measures(text: str) -> list[Value]:
    """Every number of ``text`` with its unit, in order; none that is part of a date, a reference, a document's number or a label."""
    dates = [(one.start, one.end) for one in find_dates(text) if _is_fixed(one)]
    taken = sorted([*dates, *((one.start, one.end) for one in find_references(text))])
    label = _LABEL.match(text)
    found = [Value(*match.span(), match[0], QuestionKind.HOW_LONG, ("month", None, None)) for match in _FOREVER.finditer(text)]
    position = label.end() if label else 0
    for match in _matches(text, position, taken):
        value = _value(text, match)
        if value is not None:
            found.append(value)
    return sorted(found, key=lambda value: value.start)


def _is_fixed(one: Value) -> bool:
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
    bare = not any(match[name] for name in ("percent", "scale", "money", "time", "unit", "high"))
    if bare and _NAMES.search(text[max(0, match.start("low") - _LOOK_BACK) : match.start("low")]):
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


def _made(match: re.Match[str], kind: QuestionKind, normal: tuple[str, Decimal | None, Decimal | None]) -> Value:
    before = (match["before"] or "").strip().lower()
    is_bound = before not in _ROUGH or (before == "từ" and bool(match["high"] or match["after"]))
    start = match.start() if is_bound else match.start("low")
    return Value(start, match.end(), match.string[start : match.end()], kind, normal)


def _bounds(match: re.Match[str], value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The lower and upper bound that the words around one number give it."""
    before = " ".join((match["before"] or "").lower().split())
    after = (match["after"] or "").lower()
    if after.endswith("lên") or before in _LEAST:
        return value, None
    if after or before in _MOST:
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
        return QuestionKind.HOW_MUCH, fold(match["unit" + which]), factor
    if match["scale" + which] and factor >= 10**6 and not re.match(rf"\s*{_COUNTED}", text[match.end() : match.end() + 16], re.VERBOSE):
        return QuestionKind.MONEY, "vnd", factor
    return QuestionKind.HOW_MUCH, "", factor


def _currency(written: str) -> str:
    folded = fold(written).replace(" ", "")
    if folded.startswith(("usd", "dola")):
        return "usd"
    return "eur" if folded.startswith("eu") else "vnd"


def fits_unit(text: str, value: Value, unit: str) -> bool:
    """Whether the number has one of the units that a question asks for ("huyện, thành phố"), within it or in the words after it."""
    # What follows "5" can be its unit; what follows "85%" or "3 triệu đồng" is not.
    following = _FOLLOWING.match(text, value.end) if value.kind is QuestionKind.HOW_MUCH else None
    keys = [syllable_key(token.text) for token in tokenise(text[value.start : following.end() if following else value.end])]
    spellings = _spellings(unit)
    if value.normal[0] and fold(str(value.normal[0])) in map(fold, spellings):  # "3.600m2" is one word
        return True
    for wanted in spellings:
        sought = [syllable_key(token.text) for token in tokenise(wanted)]
        if sought and any(keys[place : place + len(sought)] == sought for place in range(1, min(len(keys), _figures(keys) + 3))):
            return True
    return False


_SPELLINGS = (("met vuong", "m2", "m²"), ("met khoi", "m3", "m³"), ("khoi", "m3", "m³"), ("hec ta", "ha"), ("ki lo gam", "kg"))


def _spellings(unit: str) -> list[str]:
    """The units that a question asks for, and how else they are written."""
    wanted = _UNIT_JOINT.split(unit)
    folded = {fold(one).strip() for one in wanted}
    return [*wanted, *(other for name, *others in _SPELLINGS if name in folded for other in others)]


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
