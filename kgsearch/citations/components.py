"""The clauses that a citation in running text names: "điểm a, b khoản 2 và khoản 3 Điều 5" is three of them.

Components are read from the first word on ("điểm", "khoản", "Điều", …), as many as stand in a row; lists and ranges come out
expanded, and what a list says only once ("khoản 1 và khoản 2 Điều 5") is completed from where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

from kgsearch.citations.alternatives import alternatives
from kgsearch.citations.issuers import CAPITAL

ALPHABET = "abcdđeghiklmnopqrstuvxy"
"""The order of points: as in the Vietnamese alphabet, without f, j, w, z."""

OWN = "này"
# No act has more articles; a longer list is no list, and must not cost more than its text is long.
_MOST_OF_A_LIST = 1000
_MOST_OF_A_RANGE = 200
_AFTER_VALUE = r"(?![^\W_]|\.\d|,\d+\s*(?:%|triệu|tỷ|đồng|nghìn|m2|km)|\s*%|\s+(?:triệu|tỷ|đồng|nghìn)(?!\w))"
# The space after a figure is what typing loses most: "khoản 2 Điều 93Luật Xây dựng", "Khoản 1và Khoản 2".
_AFTER_FIGURE = rf"(?:(?=[{CAPITAL}][^\W\d_])|(?=và\s)|{_AFTER_VALUE})"
_ROMAN = r"[IVXLC]{1,7}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A kind of component: how it is cited, how far up it stands, what its numbers look like."""

    name: str
    level: int
    values: str


# One case for each kind of token; the order is that of the pattern, and the longer name stands before the shorter.
_UNITS = {
    # tiết i, tiết a1, tiết 1.2
    "tiết": Unit("tiết", 0, rf"(?:[a-zđ]\d{{0,2}}|[ivx]{{1,5}}|\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}){_AFTER_VALUE}"),
    # điểm a, điểm b1, điểm a.1; in plans and directives of the Party điểm 2, điểm 2.1
    "điểm": Unit("điểm", 1, rf"(?:[a-zđA-ZĐ]\d{{0,2}}(?:\.\d{{1,2}})?|\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}){_AFTER_VALUE}"),
    # khoản 2, khoản 2a, khoản 1.2
    "khoản": Unit("khoản", 2, rf"(?:\d{{1,3}}[a-zđ]?(?:\.\d{{1,2}}){{0,2}}){_AFTER_FIGURE}"),
    # Điều 5, Điều 15a
    "điều": Unit("Điều", 3, rf"(?:\d{{1,3}}[a-zđ]{{0,2}}){_AFTER_FIGURE}"),
    # Tiểu mục 2
    "tiểu mục": Unit("Tiểu mục", 4, rf"(?:\d{{1,2}}|{_ROMAN}){_AFTER_VALUE}"),
    # Mục II, Mục 1, Mục 2.1, Mục A
    "mục": Unit("Mục", 5, rf"(?:{_ROMAN}|\d{{1,2}}[a-zđ]?(?:\.\d{{1,2}}){{0,3}}|[A-HĐ]){_AFTER_VALUE}"),
    # Chương II
    "chương": Unit("Chương", 6, rf"(?:{_ROMAN}|\d{{1,2}}){_AFTER_VALUE}"),
    # Phần II, Phần A, Phần thứ hai
    "phần": Unit("Phần", 7, rf"(?:{_ROMAN}|\d{{1,2}}|[A-HĐ]|thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)){_AFTER_VALUE}"),
    # Mẫu số 3, Mẫu số 01/KHĐT
    "mẫu": Unit("Mẫu", 8, rf"(?:\d{{1,3}}[a-zA-ZđĐ]?(?:[./-][A-ZĐ\d][\wĐđ&]*){{0,4}}){_AFTER_VALUE}"),
    # Phụ lục I, Phụ lục 01, Phụ lục IIa
    "phụ lục": Unit("Phụ lục", 9, rf"(?:{_ROMAN}[a-zA-Z]?|\d{{1,2}}[a-zA-ZđĐ]?|[A-HĐ]){_AFTER_VALUE}"),
}
ARTICLE, FORM, ANNEX = _UNITS["điều"].level, _UNITS["mẫu"].level, _UNITS["phụ lục"].level
CLAUSE, POINT = _UNITS["khoản"].level, _UNITS["điểm"].level
_NAMES = {unit.level: unit.name for unit in _UNITS.values()}

UNIT_WORDS = (
    "[Tt]iết",
    "[Đđ]iểm",
    "[Kk]hoản",
    "[Đđ]iều",
    r"[Tt]iểu\s+mục",
    "[Mm]ục",
    "[Cc]hương",
    "[Pp]hần",
    "[Mm]ẫu",
    r"[Pp]hụ\s+lục",
)
UNIT_WORD = alternatives(UNIT_WORDS)
# "tài khoản", "danh mục", "thời điểm 31/12": the word before makes another word of it. In small letters.
_COMPOUND = re.compile(
    r"""(?<!\w)(?:
        (?:tài|ngoại|điều)\s(?=khoản) | (?:danh|hạng|đề|tiết|chuyên|đích)\s(?=mục) | (?:huy|hiến|văn)\s(?=chương)
      | (?:thành|cổ|học|góp|đại|bộ|đa|một|trăm)\s(?=phần) | (?:chi|thời|tham)\s(?=tiết) | (?:biểu|hình)\s(?=mẫu)
      | (?:thời|địa|quan|trọng|thí|đặc|ưu|nhược|khuyết|cao|tổng|luận|yếu|tiêu|đạt|thang|số|được|trừ|cộng)\s(?=điểm)
      )""",
    re.VERBOSE,
)
_UNIT = re.compile(rf"(?P<unit>{UNIT_WORD})(?:\s+(?P<own>[Nn]ày)(?!\w)|\s+(?:số\s+)?(?=[\dA-ZĐa-zđ]))")
_VALUES = {unit.level: re.compile(unit.values) for unit in _UNITS.values()}
# What may stand after the last number of a list: "Điều 4, 11, 27 và", not "Điều 4, 10 ngày".
_AFTER_ITEM = rf"""(?=\s*(?:[,;.:)\]”"]|$)|\s+(?:và|hoặc|hay|đến|của|thuộc|tại|này|nêu|trên|được|có|thì|là|phải|không|theo|ban|kèm|nói|do
    |cho|đối|để|với|mà|khi|đã|trước|đính|{UNIT_WORD}|Luật|Bộ|Pháp|Hiến|Nghị|Quyết|Thông|Chỉ|Quy|Kế|Chương|Kết|Điều|Đề|Công|Hướng|Báo|Văn|Tờ
    |Nội)(?!\w)|\s+QCVN)"""
_RANGE = re.compile(r"\s+(?:đến|tới)\s+(?:hết\s+)?|\s*[-–]\s*(?=[\dIVX])")
_LIST = re.compile(r"\s*[,;]\s*(?:và\s+|hoặc\s+)?|\s*và\s+|\s+(?:và|hoặc|hay)\s+")
# A letter can be nothing else: "điểm a, b, c, d, đ và e do Bộ trưởng quy định".
_ITEMS = {level: re.compile(rf"(?:{pattern.pattern})(?:(?<=[,;\s][a-zđ])|{_AFTER_ITEM})", re.VERBOSE) for level, pattern in _VALUES.items()}
# Between two components: what is below what, or a list.
_JOIN = re.compile(
    rf"""(?: (?P<below> (?: \s*,\s* | \s+ (?:[-–]\s*)? | (?<=\d) ) (?:(?:của|thuộc|tại|trong)\s+)? (?:các\s+)? )
            # "và các điều từ Điều 11 đến Điều 15"
          | (?P<and> (?:\s*[,;])? \s* (?:và|hoặc|hay)\s+ (?:tại\s+|của\s+)? (?:các\s+)? (?:(?:(?:điểm|khoản|điều)\s+)?từ\s+)?
                   | \s*;\s* (?:các\s+)? )
          | (?P<to> \s+ (?:đến|tới) \s+ (?:hết\s+)? )
         ) (?={UNIT_WORD}\s)""",
    re.VERBOSE,
)

Path = tuple[tuple[int, str], ...]
"""One clause: its components as (level, number), smallest first."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One word with its numbers ("khoản 1, 2"); ``listed``: it is joined to what is before it by "và" or the like."""

    level: int
    values: tuple[str, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class Components:
    """The clauses that ``text[start:end]`` names. ``own``: the largest is "Điều này", "khoản này"."""

    end: int
    paths: tuple[Path, ...]
    own: bool

    @property
    def top(self) -> int:
        """The level of the largest component of the last clause."""
        return self.paths[-1][-1][0]


def read_components(text: str, start: int) -> Components | None:
    """The clauses named by the components that begin at ``start``; None where there is no number after the word."""
    part, end = _part(text, start, listed=False)
    if part is None or _COMPOUND.search(text[max(0, start - 8) : start + 8].lower()):
        return None
    parts = [part]
    while join := _JOIN.match(text, end):
        part, after = _part(text, join.end(), listed=bool(join["and"]))
        if part is None:
            break
        if join["to"] and part.level == parts[-1].level:
            values = (*parts[-1].values[:-1], *_range(parts[-1].values[-1], part.values[0]), *part.values[1:])
            parts[-1] = _Part(part.level, values, parts[-1].listed)
        else:
            parts.append(part)
        end = after
    paths = _paths(_groups(parts))
    return Components(end, paths, paths[-1][-1][1] == OWN)


def _part(text: str, start: int, *, listed: bool) -> tuple[_Part | None, int]:
    """The word at ``start`` with its numbers, and where they end."""
    match = _UNIT.match(text, start)
    if match is None:
        return None, start
    level = _UNITS[" ".join(match["unit"].lower().split())].level
    if match["own"]:
        return _Part(level, (OWN,), listed), match.end()
    value = _VALUES[level].match(text, match.end())
    if value is None:
        return None, start
    values, end = [_spelt(level, value[0])], value.end()
    while True:
        between = _RANGE.match(text, end)
        ranged = between is not None
        between = between or _LIST.match(text, end)
        value = _ITEMS[level].match(text, between.end()) if between else None
        if value is None:
            return _Part(level, tuple(values), listed), end
        values += _range(values.pop(), _spelt(level, value[0])) if ranged else [_spelt(level, value[0])]
        end = value.end()


def _spelt(level: int, value: str) -> str:
    return value.lower() if level <= POINT else " ".join(value.split())


def _range(first: str, last: str) -> list[str]:
    """Everything from the first to the last: figures, Roman numerals and letters; the two alone where they are no range."""
    if first.isdigit() and last.isdigit():
        numbers = range(int(first), int(last) + 1)
        return [str(number).zfill(len(first)) for number in numbers] if 1 < len(numbers) <= _MOST_OF_A_RANGE else [first, last]
    for order in (_ROMANS, list(ALPHABET), [letter.upper() for letter in ALPHABET]):
        if first in order and last in order and order.index(first) < order.index(last):
            return order[order.index(first) : order.index(last) + 1]
    return [first, last]


_ROMANS = [
    tens + ones for tens in ("", "X", "XX", "XXX") for ones in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX") if tens + ones
]


def _groups(parts: Sequence[_Part]) -> list[list[_Part]]:
    """The parts of each item of the list, smallest first: what grows without a word between is one item."""
    falling = [before.level > after.level and not after.listed for before, after in pairwise(parts)]
    if falling and all(falling):
        # "Điều 5 khoản 2 điểm a", the other way round
        return [list(reversed(parts))]
    groups = [[parts[0]]]
    for part in parts[1:]:
        if part.listed or part.level <= groups[-1][-1].level:
            groups.append([part])
        else:
            groups[-1].append(part)
    return groups


def _paths(groups: Sequence[Sequence[_Part]]) -> tuple[Path, ...]:
    """Every clause of the list, each completed from the item after it: "khoản 1 và khoản 2 Điều 5"."""
    found: list[list[Path]] = []
    above: Path = ()
    lowest = 0
    for group in reversed(groups):
        largest = max(group[-1].level, lowest)
        rest = tuple(component for component in above if component[0] > largest)
        own = [[(part.level, value) for value in part.values] for part in group]
        # The smallest component varies slowest: "điểm a, b khoản 1, 2" names a1, a2, b1, b2.
        found.append([(*path, *rest) for path in islice(product(*own), _MOST_OF_A_LIST)])
        above, lowest = found[-1][0], group[0].level
    paths = tuple(path for paths in reversed(found) for path in paths)
    return paths[:_MOST_OF_A_LIST]


def spelt(path: Path) -> str:
    """A clause as it is cited: "điểm a khoản 2 Điều 5", "khoản 2 Điều này"."""
    return " ".join(f"{_NAMES[level]} {value}" for level, value in path)
