"""Read a citation that a person typed: which clause of which document it names.

"điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND", in any order, with commas or without, with marks or without. Where the marks
are missing "diem d" may be điểm d or điểm đ: both are candidates.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from kgsearch.citations.numbers import DASHES, number_key, ordinal_value

_DIGIT = "nhat|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin"
_ORDINAL = rf"(?:thu )?(\d{{1,3}}|(?:(?:{_DIGIT}) )?muoi(?: (?:{_DIGIT}))?|{_DIGIT})"

# Components from the smallest to the largest, as citations write them; the patterns are matched without marks.
_COMPONENTS = (
    ("chú thích", r"chu thich (?:so )?(\d+)"),
    ("số thứ tự", r"(?:so thu tu|stt) (\d+)"),
    ("đoạn", rf"(?<!giai )(?<!tap )[dđ]oan {_ORDINAL}"),
    ("dấu cộng", rf"dau cong {_ORDINAL}"),
    ("gạch đầu dòng", rf"gach [dđ]au dong {_ORDINAL}"),
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
_COUNTED = frozenset(["đoạn", "dấu cộng", "gạch đầu dòng", "Mục", "Chương", "Phần", "Phụ lục"])
_BOUNDED = tuple((name, re.compile(rf"(?<!\w){pattern}(?!\w)")) for name, pattern in _COMPONENTS)
# A number as typed, without marks and in small letters: what tells it from "5 - danh sách" is a stroke in it, what tells "nq 20 - điều 1"
# and "20/nq-hdnd - giải ngân" from longer numbers is that a symbol set off by spaces is all consonants, as organs' are.
_SYMBOL = r"(?!(?:[dđ]ieu|khoan|[dđ]iem|muc|chuong|phan)(?!\w))[a-zđ][a-zđ&]*\d*"
_MORE = rf"(?:[\-.]{_SYMBOL}| ?- ?(?:[bcdđghklmnpqrstvx]{{2,8}}|ubnd)\d*(?![a-zđ&])| ?/ ?{_SYMBOL})"
_NUMBER = re.compile(
    rf"(?<![\w/])(\d{{1,5}}[a-z]? ?(?:/ ?(?:19|20)\d\d ?)?(?:/ ?{_SYMBOL}|- ?{_SYMBOL}(?:-{_SYMBOL})* ?/ ?{_SYMBOL}){_MORE}*)(?!\w)"
)
_DASH = re.compile(f"[{DASHES}]")
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
    "ct": "ct",
    "kh": "kh",
    "bc": "bc",
    "cv": "",
    "tb": "tb",
    "ttr": "ttr",
    "hd": "hd",
    "ctr": "ctr",
    "nd": "nd",
    "tt": "tt",
    "cd": "cd",
    "kl": "kl",
}
_TYPE = "|".join(name.replace("d", "[dđ]") for name in sorted(_TYPES, key=len, reverse=True))
_NAMED = re.compile(rf"(?<!\w)({_TYPE})\.? ?(?:so ?)?:? ?(\d{{1,5}}[a-z]?)(?: ?/ ?((?:19|20)\d\d))?(?![\w%])")
_FILLER = re.compile(rf"(?<!\w)(?:so|cua|thuoc|tai|theo|va|tinh|van ban|ngay|kem theo|ban hanh|{_TYPE})(?!\w)")


@dataclass(frozen=True, slots=True)
class TypedCitation:
    """What a typed text cites.

    ``components`` are (name, number) from the smallest to the largest, numbers lower case as typed; ``number`` the key of the
    document's number or "" ; ``type_code`` and ``first`` stand for a number of which only the figure was typed ("nq 535");
    ``marked`` says that marks were typed, so that d and đ are told apart; ``rest`` is what was not understood, without marks;
    ``numbers`` are the keys of all numbers typed, because what is attached may have one in its name.
    """

    components: tuple[tuple[str, str], ...]
    number: str
    type_code: str
    first: str
    year: int | None
    issued: date | None
    marked: bool
    rest: str
    numbers: tuple[str, ...] = ()

    @property
    def cites(self) -> bool:
        """Whether anything was typed that a citation is made of."""
        return bool(self.components) or self.names_document

    @property
    def names_document(self) -> bool:
        """Whether a document's number, or its figure with a type, was typed."""
        return bool(self.number or self.first)


def plain(text: str) -> str:
    """Small letters without marks but with đ, single-spaced, plain hyphens: what the patterns here are matched on."""
    decomposed = unicodedata.normalize("NFD", _DASH.sub("-", text.lower().replace("ð", "đ")))
    stripped = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(stripped.replace(",", " ").replace(";", " ").split())


def read_citation(text: str) -> TypedCitation:
    """What ``text`` cites; components and number are empty where it cites nothing."""
    rest = plain(text)
    numbers = tuple(dict.fromkeys(number_key(match[1]) for match in _NUMBER.finditer(rest)))
    issued, rest = _take_date(rest)
    number, rest = _take(_NUMBER, rest)
    first = type_code = ""
    year: int | None = None
    if not number:
        match = _NAMED.search(rest)
        if match:
            type_code, first, year = _TYPES[match[1].replace("đ", "d")], match[2], int(match[3]) if match[3] else None
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
        rest=_without_fillers(rest),
        numbers=numbers,
    )


def _without_fillers(text: str) -> str:
    """Plain text without the words that only join the parts of a citation, or name a type beside its number."""
    return " ".join(word for word in _FILLER.sub(" ", text).split() if any(map(str.isalnum, word)))


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


def without_components(citation: str) -> str:
    """What is left of a citation without its components, as `plain` writes it: the name of what is attached, if anything is."""
    _components, rest = _take_components(plain(citation))
    return " ".join(rest.split())


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
    here, there = typed[1], own[1]
    if not marked:
        here, there = here.replace("đ", "d"), there.replace("đ", "d")
    if here == there:
        return True
    if typed[0] in _COUNTED or (here.isdigit() and there.isdigit()):
        # "Mục 2" is typed for "Mục II", "đoạn 2" for "đoạn thứ hai", "khoản 02" for "khoản 2".
        return 0 < ordinal_value(here) == ordinal_value(there)
    return False
