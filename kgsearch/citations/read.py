"""Read a citation that a person typed: which clause of which document it names.

"điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND", in any order, with commas or without, with marks or without. Where the marks
are missing "diem d" may be điểm d or điểm đ: both are candidates.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kgsearch.citations.numbers import number_key

# Components from the smallest to the largest, as citations write them; the patterns are matched without marks.
_COMPONENTS = (
    ("chú thích", r"chu thich (?:so )?(\d+)"),
    ("số thứ tự", r"(?:so thu tu|stt) (\d+)"),
    ("đoạn", r"[dđ]oan (?:thu )?(\w+)"),
    ("dấu cộng", r"dau cong (?:thu )?(\w+)"),
    ("gạch đầu dòng", r"gach [dđ]au dong (?:thu )?(\w+)"),
    ("tiết", r"tiet ([a-zđ]?\d{1,2}|[ivx]+)"),
    ("điểm", r"[dđ]iem ([a-zđ]\d?)"),
    ("khoản", r"khoan (\d+[a-zđ]?(?:\.\d+)*)"),
    ("Điều", r"[dđ]ieu (?:so )?(\d+[a-zđ]{0,2})"),
    ("Tiểu mục", r"tieu muc (\d+)"),
    ("Mục", r"(?<!tieu )(?<!danh )muc (?:so )?(\d+|[ivxlc]+)"),
    ("Chương", r"chuong (\d+|[ivxlc]+)(?! ?trinh)"),
    ("Phần", r"phan (?:thu )?(\d+|[ivxlc]+|nhat|hai|ba|tu|nam|sau|bay|[a-hđ])"),
    ("Phụ lục", r"phu luc (?:so )?(\d+|[ivxlc]+)?"),
)
_BOUNDED = tuple((name, re.compile(rf"(?<!\w){pattern}(?!\w)")) for name, pattern in _COMPONENTS)
_NUMBER = re.compile(r"(?<![\w/])(\d{1,5}[a-z]?(?: ?/ ?(?:19|20)\d\d)? ?[/\-] ?[a-zđ][a-zđ&]*\d*(?: ?[\-/.] ?[a-zđ][a-zđ&]*\d*)*)(?!\w)")
_DATE = re.compile(r"ngay (\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:[/.-]| nam )(\d{4})")
_YEAR = re.compile(r"(?<!\w)nam ((?:19|20)\d\d)(?!\w)")
_TYPES = {
    "nghi quyet": "nq",
    "quyet dinh": "qd",
    "chi thi": "ct",
    "ke hoach": "kh",
    "bao cao": "bc",
    "cong van": "",
    "thong bao": "tb",
    "to trinh": "ttr",
    "huong dan": "hd",
    "chuong trinh": "ctr",
    "nghi dinh": "nd",
    "thong tu": "tt",
    "cong dien": "cd",
    "ket luan": "kl",
    "quy dinh": "qd",
    "nq": "nq",
    "qd": "qd",
    "qđ": "qd",
    "ct": "ct",
    "kh": "kh",
    "bc": "bc",
    "cv": "",
    "tb": "tb",
    "ttr": "ttr",
    "hd": "hd",
    "ctr": "ctr",
    "nd": "nd",
    "nđ": "nd",
    "tt": "tt",
    "cđ": "cd",
    "cd": "cd",
    "kl": "kl",
}
_NAMED = re.compile(
    r"(?<!\w)("
    + "|".join(sorted(map(re.escape, _TYPES), key=len, reverse=True))
    + r")\.? ?(?:so ?)?:? ?(\d{1,5}[a-z]?)(?: ?/ ?((?:19|20)\d\d))?(?![\w%])"
)
_FILLER = re.compile(
    r"(?<!\w)(?:so|cua|thuoc|tai|theo|va|tinh|van ban|ngay|kem theo|ban hanh|"
    + "|".join(sorted((re.escape(name) for name in _TYPES if len(name) > 3), key=len, reverse=True))
    + r")(?!\w)"
)


@dataclass(frozen=True, slots=True)
class TypedCitation:
    """What a typed text cites.

    ``components`` are (name, number) from the smallest to the largest, numbers lower case as typed; ``number`` the key of the
    document's number or "" ; ``type_code`` and ``first`` stand for a number of which only the figure was typed ("nq 535");
    ``marked`` says that marks were typed, so that d and đ are told apart; ``rest`` is what was not understood, without marks.
    """

    components: tuple[tuple[str, str], ...]
    number: str
    type_code: str
    first: str
    year: int | None
    issued: date | None
    marked: bool
    rest: str

    @property
    def names_document(self) -> bool:
        """Whether a document's number, or its figure with a type, was typed."""
        return bool(self.number or self.first)


def plain(text: str) -> str:
    """Small letters without marks but with đ, single-spaced, plain hyphens: what the patterns here are matched on."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("ð", "đ").replace("–", "-"))
    stripped = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(stripped.replace(",", " ").replace(";", " ").split())


def read_citation(text: str) -> TypedCitation:
    """What ``text`` cites; components and number are empty where it cites nothing."""
    rest = plain(text)
    issued, rest = _take_date(rest)
    number, rest = _take(_NUMBER, rest)
    first = type_code = ""
    year: int | None = None
    if not number:
        match = _NAMED.search(rest)
        if match:
            type_code, first, year = _TYPES[match[1]], match[2], int(match[3]) if match[3] else None
            rest = rest[: match.start()] + " " + rest[match.end() :]
    match = _YEAR.search(rest)
    if match and (number or first):
        year = int(match[1])
        rest = rest[: match.start()] + " " + rest[match.end() :]
    components, rest = _take_components(rest)
    return TypedCitation(
        components=tuple(components),
        number=number_key(number) if number else "",
        type_code=type_code,
        first=first.lstrip("0") or first,
        year=year,
        issued=issued,
        marked=any(character in "đĐðÐ" or unicodedata.combining(character) for character in unicodedata.normalize("NFD", text)),
        rest=" ".join(_FILLER.sub(" ", rest).split()),
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.search(text)
    if not match:
        return "", text
    return match[1], text[: match.start()] + " " + text[match.end() :]


def _take_date(text: str) -> tuple[date | None, str]:
    match = _DATE.search(text)
    if not match:
        return None, text
    try:
        found = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None, text
    return found, text[: match.start()] + " " + text[match.end() :]


def _take_components(text: str) -> tuple[list[tuple[str, str]], str]:
    """The components named, smallest first, those of one name in the order typed; and what is left of the text."""
    found: list[tuple[int, int, str]] = []
    components: list[tuple[str, str]] = []
    for name, pattern in _BOUNDED:
        for match in pattern.finditer(text):
            components.append((name, match[1] or ""))
            found.append((match.start(), match.end(), name))
    for start, end, _name in sorted(found, reverse=True):
        text = text[:start] + " " * (end - start) + text[end:]
    return components, text


def components_of(citation: str) -> tuple[tuple[str, str], ...]:
    """The components of a citation that ``write`` made, in the form in which ``read_citation`` gives them."""
    components, _rest = _take_components(plain(citation))
    return tuple(components)


def names_clause(typed: TypedCitation, citation: str) -> bool:
    """Whether a clause cited as ``citation`` is what was typed: every component typed is there, the smallest is its own,
    and, of the larger ones, none that the type of clause needs is contradicted."""
    own = components_of(citation)
    if not own or not typed.components or own[0][0] != typed.components[0][0]:
        return False
    pool = list(own)
    for component in typed.components:
        match = next((candidate for candidate in pool if _same(component, candidate, typed.marked)), None)
        if match is None:
            return False
        pool.remove(match)
    return True


def _same(typed: tuple[str, str], own: tuple[str, str], marked: bool) -> bool:
    if typed[0] != own[0]:
        return False
    here, there = typed[1].lower(), own[1].lower()
    if not marked:
        here, there = here.replace("đ", "d"), there.replace("đ", "d")
    return here == there or (here.isdigit() and there.isdigit() and int(here) == int(there))
