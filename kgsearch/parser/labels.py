"""Labels: how a clause begins, one commented pattern for each kind, and which number follows which.

Ranks order the kinds from the widest to the narrowest: a label opens a child of the innermost open clause of a lower rank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from kgsearch.models import Kind


class Rank(IntEnum):
    """Nesting order of label forms."""

    PART = 1
    CHAPTER = 2
    SECTION = 3
    SUBSECTION = 4
    ARTICLE = 5
    LETTERED_PART = 6
    ROMAN = 7
    ARABIC = 8
    DECIMAL = 9
    LETTER = 12
    LETTER_NUMBER = 13
    ROMAN_PAREN = 14
    DASH = 15
    PLUS = 16


@dataclass(frozen=True, slots=True)
class Form:
    """A form of label: how it looks at the start of a line, what kind of clause it opens, how its eId begins."""

    name: str
    rank: Rank
    kind: Kind
    prefix: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the start of a line: ``printed`` as it stands there, ``number`` bare, ``length`` in characters with
    the white space after it."""

    form: Form
    printed: str
    number: str
    length: int

    @property
    def depth(self) -> int:
        """Rank with the depth of a decimal number (1.1 under 1, 1.1.1 under 1.1)."""
        if self.form.rank is Rank.DECIMAL:
            return Rank.DECIMAL + self.number.count(".") - 1
        return int(self.form.rank)


def _form(name: str, rank: Rank, kind: Kind, prefix: str, pattern: str) -> Form:
    return Form(name, rank, kind, prefix, re.compile(pattern, re.VERBOSE))


_ROMAN = r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"

FORMS = (
    # Phần thứ nhất; PHẦN I; Phần 2
    _form(
        "part",
        Rank.PART,
        Kind.PART,
        "part",
        rf"""(?P<label>(?:PHẦN|Phần)\s+(?P<number>(?:(?:thứ|THỨ)\s+[^\W\d]+)|MỘT|HAI|BA|BỐN|NĂM|SÁU|BẢY|{_ROMAN}|\d{{1,2}}|[A-H](?![^\W_])))(?=\s*[.:\-–]|\s*$|\s+\S)\s*[.:\-–]?\s*""",
    ),
    # Chương I; CHƯƠNG 2
    _form(
        "chapter",
        Rank.CHAPTER,
        Kind.CHAPTER,
        "chp",
        rf"""(?P<label>(?:CHƯƠNG|Chương)\s+(?P<number>{_ROMAN}[a-z]?|\d{{1,2}}[a-z]?))(?=\s*[.:\-–]|\s*$|\s+\S)\s*[.:\-–]?\s*""",
    ),
    # Mục 1; MỤC II
    _form(
        "section",
        Rank.SECTION,
        Kind.SECTION,
        "sec",
        rf"""(?P<label>(?:MỤC|Mục)\s+(?P<number>\d{{1,2}}[a-z]?|{_ROMAN}|[A-H](?![^\W_])))(?=\s*[.:\-–]|\s*$|\s+\S)\s*[.:\-–]?\s*""",
    ),
    # Tiểu mục 1
    _form(
        "subsection",
        Rank.SUBSECTION,
        Kind.SUBSECTION,
        "subsec",
        r"""(?P<label>(?:TIỂU\s+MỤC|Tiểu\s+mục)\s+(?P<number>\d{1,2}))(?=\s*[.:\-–]|\s*$|\s+\S)\s*[.:\-–]?\s*""",
    ),
    # Điều 1. Điều 12a: Ðiều 3 (Icelandic eth, as old fonts have it); bare "Điều 4" alone on its line or before its capitalised name
    _form(
        "article",
        Rank.ARTICLE,
        Kind.ARTICLE,
        "art",
        r"""(?P<label>[ĐÐ](?:iều|IỀU)\s+(?P<number>\d{1,4}[a-zđ]{0,2}))(?:\s*(?P<stop>[.:])\s*[-–]?\s*|\s+(?P<pause>[-–])\s+(?=[^\W\d_])|\s*$|\s+(?=[^\W\d_]))""",
    ),
    # A. B. (parts of a plan)
    _form("lettered part", Rank.LETTERED_PART, Kind.PART, "part", r"""(?P<label>(?P<number>[A-HĐ])\s?[.)\-–])\s+(?=\S)"""),
    # I. II. (sections of a plan); I/ II-
    _form(
        "roman",
        Rank.ROMAN,
        Kind.SECTION,
        "sec",
        rf"""(?P<label>(?P<number>{_ROMAN})\s?[.)\-–/:][-–]?)(?:\s+|(?=[^\W\d_]))(?![vV]\b)(?=\S)""",
    ),
    # 1.1. 2.3.1
    _form(
        "decimal",
        Rank.DECIMAL,
        Kind.CLAUSE,
        "para",
        r"""(?P<label>(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?:[.)]|(?P<hyphen>\s?[-–](?=\s)))?)\s+(?=[^\W\d_])""",
    ),
    # 1. 12a. 3) 4/ ; "3 ." as some type it; 1- as the Party's offices write it
    _form(
        "arabic",
        Rank.ARABIC,
        Kind.CLAUSE,
        "para",
        r"""(?P<label>(?P<number>\d{1,3}[a-zđ]?)\s?(?:[.)](?:\s?[-–](?=\s))?|/(?=\s)|(?P<hyphen>[-–](?=\s))))(?:\s+|(?=[^\W\d_]))(?=\S)""",
    ),
    # a1) aa)
    _form("letter number", Rank.LETTER_NUMBER, Kind.SUBPOINT, "subpoint", r"""(?P<label>(?P<number>[a-zđ]\.?\d{1,2})\s?[.)])\s*(?=\S)"""),
    # (i) (ii) or i) where it cannot be a letter is settled by the order of numbers
    _form("roman in brackets", Rank.ROMAN_PAREN, Kind.SUBPOINT, "subpoint", r"""(?P<label>\((?P<number>[ivx]{1,5})\))\s*(?=\S)"""),
    # (1) (2) at the start of a paragraph
    _form("number in brackets", Rank.ROMAN_PAREN, Kind.SUBPOINT, "subpoint", r"""(?P<label>\((?P<number>\d{1,2})\))\s*(?=[^\W\d_])"""),
    # a) b. đ)
    _form("letter", Rank.LETTER, Kind.POINT, "point", r"""(?P<label>(?P<number>[a-zđ])\s?(?:[.)]|/(?=\s)))\s*(?=\S)"""),
    # - – •
    _form(
        "dash",
        Rank.DASH,
        Kind.INDENT,
        "indent",
        r"""(?P<label>(?P<number>)[-–—−•▪●·►▶➢✓\uf0b7\uf02d\uf0d8])\s*(?=[^\s\d\-–])|(?P<label2>[-–—−•▪●·*►▶➢✓\uf0b7\uf02d\uf0d8])\s+(?=\S)""",
    ),
    # +
    _form("plus", Rank.PLUS, Kind.INDENT, "indent", r"""(?P<label>(?P<number>)[+○])\s*(?=\S)"""),
)

_LETTERS = "abcdđeghiklmnopqrstuvxy"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ORDINALS = {
    "nhất": 1,
    "một": 1,
    "hai": 2,
    "nhì": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


# A line that begins with a whole word, as most do: the labels that do are those of the wide forms.
_BEGINS_WORD = re.compile(r"(?!PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|TIỂU|Tiểu|[ĐÐ]iều|[ĐÐ]IỀU)[^\W\d_][^\W\d_IVXLC]")


@lru_cache(maxsize=1024)  # each line is asked about by its neighbours, and by every step
def find_label(text: str) -> Label | None:
    """The label that ``text`` begins with, if any. Whether it really opens a clause is for the order of numbers to say."""
    if _BEGINS_WORD.match(text):
        return None
    for form in FORMS:
        match = form.pattern.match(text)
        if match and not (form.rank <= Rank.ARTICLE and _is_reference(match, text)):
            groups = match.groupdict()
            if groups.get("hyphen") and not text[match.end() :][:1].isupper():
                # "5 - 7 ngày", "20 - đầu năm": a range or a pause, where no name with a capital follows
                return None
            printed = groups["label"] or groups.get("label2") or ""
            return Label(form, printed.strip(), (groups["number"] or "").replace("Ð", "Đ"), match.end())
    return None


# What follows a label that is a reference to another document's clause: "Điều 11 Quyết định số 08/2022/QĐ-TTg".
_CITED = re.compile(r"(?:Nghị|Quyết|Luật|Bộ luật|Thông tư|Pháp lệnh|Hiến pháp|Quy chế|Quy định|Hiệp|Công ước|Chỉ thị|Điều lệ)(?![^\W_])")


def _is_reference(match: re.Match[str], text: str) -> bool:
    """Whether "Chương II" or "Điều 5" at the start of a line is cited there: no stop after it, and no name with a capital."""
    rest = text[match.end() :]
    groups = match.groupdict()
    if not rest or groups.get("stop") or groups.get("pause") or text[match.end("label") : match.end()].strip():
        return False
    return not rest[:1].isupper() or bool(_CITED.match(rest))


def roman_value(text: str) -> int:
    """Value of a Roman numeral in either case; 0 where it is none."""
    total = 0
    values = [_ROMAN_VALUES.get(letter, 0) for letter in text.lower()]
    if not values or 0 in values:
        return 0
    for value, after in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < after else value
    return total


def position(label: Label) -> int:
    """The place of a label's number in its series, from 1; 0 where it has none (dashes)."""
    number = label.number
    match label.form.name:
        case "dash" | "plus":
            return 0
        case "letter":
            return _LETTERS.find(number) + 1
        case "letter number":
            return int(number[1:].lstrip("."))
        case "lettered part":
            return "ABCDEGH".find(number) + 1 if number != "F" else 6
        case "roman" | "roman in brackets":
            return roman_value(number)
        case "decimal":
            return int(number.rpartition(".")[2])
    return _wide_position(number)


_DIGITS = re.compile(r"\d+")
_LETTERED = re.compile(r"\d+([a-zđ]+)")


def _wide_position(number: str) -> int:
    digits = _DIGITS.match(number)
    if digits:
        return int(digits.group())
    ordinal = number.lower().replace("thứ", "").strip()
    return _ORDINALS.get(ordinal) or roman_value(ordinal)


def follows(label: Label, last: Label) -> bool:
    """Whether ``label`` is the next of the series that ``last`` belongs to: 3 after 2, 3a after 3, 4 after 3a, đ after d, f after e."""
    if label.form is not last.form:
        return False
    if label.form.name in ("dash", "plus"):
        return True
    if label.form.name == "decimal":
        return label.number.rpartition(".")[0] == last.number.rpartition(".")[0] and position(label) == position(last) + 1
    if label.form.name == "letter number" and label.number[0] != last.number[0]:
        return False
    here, before = position(label), position(last)
    suffix, last_suffix = _suffix(label.number), _suffix(last.number)
    if label.form.name == "letter":
        return here == before + 1 or _LATIN.find(label.number) == _LATIN.find(last.number) + 1 > 0
    if suffix:
        return here == before and (suffix > last_suffix if last_suffix else suffix == "a")
    return here == before + 1


def is_first(label: Label) -> bool:
    """Whether the label can begin a series."""
    if label.form.name in ("dash", "plus"):
        return True
    return position(label) == 1 and not _suffix(label.number)


def jump(label: Label, last: Label) -> int:
    """How many numbers were left out between ``last`` and ``label``; negative where it runs backwards."""
    return position(label) - position(last) - 1


def _suffix(number: str) -> str:
    match = _LETTERED.fullmatch(number)
    return match.group(1) if match else ""
