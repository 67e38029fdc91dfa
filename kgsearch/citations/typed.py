"""Components as a person types them, "điểm a", "k2", "dieu 1": where they stand in a text, and which clauses they name together.

Marks, case and spelling vary here as they do not in print; what stands in a document is read by `kgsearch.citations.components`.
Lists and ranges are read ("các điểm a, b và d khoản 2", "từ Điều 5 đến Điều 9"), from the smallest part to the largest as citations
are written, or from the largest to the smallest as some people type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kgsearch.citations.numbers import DASHES, ordinal_value, roman_numeral

Component = tuple[str, str]
Path = tuple[Component, ...]
"""What names one clause: its components from the smallest to the largest, numbers in small letters without marks, as typed."""

MAX_PATHS = 100
"""Clauses that one text may name; what a list or range names beyond them is left out."""

_ALPHABET = "abcdđeghiklmnopqrstuvxy"

_DIGIT = "nhat|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin"
_WORDS = rf"(?:(?:{_DIGIT}) )?muoi(?: (?:{_DIGIT}))?|{_DIGIT}"
_ORDINAL = rf"\d{{1,3}}|{_WORDS}"
_ROMAN = r"[ivxlc]+"

# (name as cited, what stands before the number, the number), the smallest component first; matched without marks.
_COMPONENTS = (
    ("chú thích", r"chu thich ?(?:so )?", r"\d+"),
    ("số thứ tự", r"(?:so thu tu|stt) ?", r"\d+"),
    ("đoạn", r"(?<!giai )(?<!tap )[dđ]oan (?:thu )?", _ORDINAL),
    ("dấu cộng", r"dau cong (?:thu )?", _ORDINAL),
    ("gạch đầu dòng", r"gach [dđ]au dong (?:thu )?", _ORDINAL),
    ("tiết", r"tiet ", rf"[a-zđ](?:\.?\d{{1,2}})?|\d{{1,2}}|{_ROMAN}"),
    ("điểm", r"[dđ]iem ", r"[a-zđ]\d?"),
    ("khoản", r"khoan (?:thu |so )?|khoan(?=\d)", rf"\d+[a-zđ]?(?:\.\d+)*|(?<=thu )(?:{_WORDS})"),
    ("Điều", r"[dđ]ieu (?:thu |so )?|[dđ]ieu(?=\d)", rf"\d+[a-zđ]{{0,2}}|(?<=thu )(?:{_WORDS})"),
    ("Tiểu mục", r"tieu muc ", r"\d+"),
    ("Mục", r"(?<!tieu )(?<!danh )(?<!hang )(?<!chuyen )muc (?:so )?|muc(?=\d)", rf"\d+|{_ROMAN}"),
    ("Chương", r"chuong (?!trinh)(?:thu |so )?|chuong(?=\d)", rf"\d+|{_ROMAN}|(?<=thu )(?:{_WORDS})"),
    ("Phần", r"(?<!thanh )(?<!hop )(?<!co )(?<!hoc )phan (?:thu )?", rf"\d+|{_ROMAN}|nhat|hai|ba|tu|nam|sau|bay|[a-hđ]"),
    ("phần mở đầu", r"phan mo [dđ]au", ""),
    ("phần kết", r"phan ket(?: luan)?", ""),
    ("Mẫu", r"(?:bieu )?mau (?:so )?", r"\d+[a-zđ]?"),
    ("Phụ lục", r"phu luc ?(?:so )?", rf"\d+[a-zđ]?|{_ROMAN}|"),
)
_RANK = {name: rank for rank, (name, _lead, _number) in enumerate(_COMPONENTS)}
_SEPARATOR = r"(?: ?, ?(?:va |hoac |hay )?| va | hoac | hay | [dđ]en | toi | ?- ?)(?:thu )?"


def _pattern(lead: str, number: str) -> re.Pattern[str]:
    """A component with the list of numbers after it: groups ``first`` and ``more``."""
    if not number:
        return re.compile(rf"(?<!\w)(?:{lead})(?P<first>)(?P<more>)(?!\w)")
    return re.compile(rf"(?<!\w)(?:{lead})(?P<first>{number})(?!\w)(?P<more>(?:{_SEPARATOR}(?:{number})(?<=\w)(?![\w/%]))*)")


_MENTIONS = tuple((name, _pattern(lead, number), re.compile(rf"(?<!\w)(?:{number or '(?!)'})(?!\w)")) for name, lead, number in _COMPONENTS)
# Numbered in figures here, in Roman numerals or in words there.
_COUNTED = frozenset(["đoạn", "dấu cộng", "gạch đầu dòng", "khoản", "Điều", "Mục", "Chương", "Phần", "Phụ lục"])
_IN_WORDS = frozenset(["đoạn", "dấu cộng", "gạch đầu dòng"])
_IN_ROMAN = frozenset(["Mục", "Chương", "Phần", "Phụ lục"])
# Other words with the same letters; "tài khoản 2" is an account.
_OTHER_WORDS = re.compile(
    r"(?:đoàn|đoán|khoán|mức|mực|phân|phấn|chuông|chuồng|chướng|điệu|điêu|điềm|điếm|tiệt|mầu|màu|máu)(?!\w)|(?<=tài )khoản(?!\w)"
)
_ONLY_JOINS = frozenset(["cua", "thuoc", "tai", "o", "trong", "cac", "nhung", "theo", "so", "tu", "-"])
_SPANS = frozenset(["đen", "den", "toi"])
_DASH = re.compile(f"[{DASHES}]")
_BEFORE_COMMA = re.compile(r" +,")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text in small letters, single-spaced, with plain hyphens, twice: ``plain`` without marks but with đ, ``marked`` with them.

    Both have the same length, so that a place in one is that place in the other; semicolons are commas.
    """

    plain: str
    marked: str

    @classmethod
    def of(cls, text: str) -> Spelled:
        """``text`` in this form."""
        return _spelled(text)

    def without(self, ranges: Sequence[tuple[int, int]]) -> Spelled:
        """The same with blanks in place of the given ranges."""
        plain, marked = self.plain, self.marked
        for start, end in ranges:
            blank = " " * (end - start)
            plain, marked = plain[:start] + blank + plain[end:], marked[:start] + blank + marked[end:]
        return Spelled(plain, marked)


# Read once for numbers, once for types and once more for components: one text after another, mostly the same.
@lru_cache(maxsize=64)
def _spelled(text: str) -> Spelled:
    dashed = _DASH.sub("-", unicodedata.normalize("NFC", text).lower().replace("ð", "đ").replace(";", ","))
    marked = _BEFORE_COMMA.sub(",", " ".join(dashed.split())).translate(_WITHOUT_COMBINING)
    return Spelled(marked.translate(_WITHOUT_MARKS), marked)


class _Letters(dict[int, str]):
    """A translation made as letters are met; those of other scripts are not kept, so that it stays small."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        super().__init__()
        self._translate = translate

    def __missing__(self, code: int) -> str:
        letter = self._translate(chr(code))
        if code <= _LAST_LATIN:
            self[code] = letter
        return letter


_LAST_LATIN = 0x1EFF
_WITHOUT_COMBINING = _Letters(lambda character: "" if unicodedata.combining(character) else character)
_WITHOUT_MARKS = _Letters(lambda character: unicodedata.normalize("NFD", character)[0])


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of components, "điểm a, b và d": its place, its name, its numbers with lists and ranges written out."""

    start: int
    end: int
    name: str
    numbers: tuple[str, ...]

    @property
    def rank(self) -> int:
        """How large the component is; the smallest has 0."""
        return _RANK[self.name]


def mentions_in(text: Spelled) -> list[Mention]:
    """The components named in ``text``, in its order."""
    kept: list[Mention] = []
    for mention in sorted(_each_mention(text), key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _each_mention(text: Spelled) -> Iterator[Mention]:
    for name, pattern, number in _MENTIONS:
        for match in pattern.finditer(text.plain):
            if not _OTHER_WORDS.match(text.marked, match.start()):
                end = match.start() + len(match.group().rstrip())
                yield Mention(match.start(), end, name, tuple(_numbers(name, match["first"], match["more"], number)))


def _numbers(name: str, first: str, more: str, number: re.Pattern[str]) -> list[str]:
    """The numbers of a list: ``more`` is what follows the first with the words and signs between."""
    numbers = [first]
    position = 0
    while len(numbers) < MAX_PATHS and (match := _next_number(number, more, position)):
        between = more[position : match.start()]
        up_to = "-" in between or not _SPANS.isdisjoint(between.split())
        numbers += _range(name, numbers[-1], match.group())[1:] if up_to else [match.group()]
        position = match.end()
    return numbers[:MAX_PATHS]


def _next_number(number: re.Pattern[str], text: str, position: int) -> re.Match[str] | None:
    """The next number of a list, which is never empty."""
    return next((match for match in number.finditer(text, position) if match.group()), None)


def _range(name: str, first: str, last: str) -> list[str]:
    """The numbers from ``first`` to ``last``, both of them only where those between cannot be told or are too many."""
    if len(first) == len(last) == 1 and first in _ALPHABET and last in _ALPHABET and name not in _IN_ROMAN:
        return list(_ALPHABET[_ALPHABET.index(first) : _ALPHABET.index(last) + 1]) or [first, last]
    low, high = ordinal_value(first), ordinal_value(last)
    if not 0 < low < high <= low + MAX_PATHS:
        return [first, last]
    roman = name in _IN_ROMAN and not first.isdigit()
    return [roman_numeral(value).lower() if roman else str(value) for value in range(low, high + 1)]


def paths_of(text: str, mentions: Sequence[Mention]) -> tuple[Path, ...]:
    """The clauses that neighbouring mentions name together: each with its components from the smallest to the largest."""
    if not mentions:
        return ()
    joins = ["va", *(_join(text[before.end : after.start]) for before, after in pairwise(mentions))]
    build = _from_largest if _goes_down(mentions, joins) else _from_smallest
    return tuple(dict.fromkeys(map(_sorted, build(mentions, joins))))[:MAX_PATHS]


def _sorted(components: Sequence[Component]) -> Path:
    return tuple(sorted(components, key=lambda component: _RANK[component[0]]))


def _join(between: str) -> str:
    """How two mentions are joined: " " (one names more of the other), ",", "den" (a range), "va" (the other names another clause)."""
    others = [word for word in between.replace(",", " , ").split() if word not in _ONLY_JOINS]
    if not others:
        return " "
    if set(others) <= {","}:
        return ","
    return "den" if set(others) <= _SPANS | {","} else "va"


def _goes_down(mentions: Sequence[Mention], joins: Sequence[str]) -> bool:
    """Whether larger components come before smaller ones ("Điều 1, khoản 2, điểm a")."""
    steps = [(join, after.rank - before.rank) for (before, after), join in zip(pairwise(mentions), joins[1:], strict=True)]
    first = next((step for join, step in steps if step and join in " ,"), 0)
    return first < 0 and all(step <= 0 for join, step in steps if join == " ")


def _listed(mentions: Sequence[Mention], joins: Sequence[str], index: int) -> list[str]:
    """The numbers of a mention; those of a range from the one before without the first, which was named there."""
    mention = mentions[index]
    if joins[index] == "den" and mentions[index - 1].name == mention.name:
        return [*_range(mention.name, mentions[index - 1].numbers[-1], mention.numbers[0])[1:], *mention.numbers[1:]]
    return list(mention.numbers)


def _from_smallest(mentions: Sequence[Mention], joins: Sequence[str]) -> list[list[Component]]:
    paths: list[list[Component]] = []
    for index, mention in enumerate(mentions):
        numbers = _listed(mentions, joins, index)
        larger = index > 0 and mention.rank > mentions[index - 1].rank
        if joins[index] == " " or (joins[index] == "," and larger):
            for path in _awaiting(paths, mention, nested=not larger):
                path.append((mention.name, numbers[0]))
            numbers = numbers[1:]
        paths += [[(mention.name, number)] for number in numbers]
        del paths[MAX_PATHS:]
    return paths


def _awaiting(paths: list[list[Component]], mention: Mention, *, nested: bool) -> list[list[Component]]:
    """The last paths, those that the mention can be a larger component of; of what is ``nested`` those named just before."""
    limit = _RANK[paths[-1][-1][0]] + 1 if nested else mention.rank
    awaiting: list[list[Component]] = []
    for path in reversed(paths):
        if _RANK[path[-1][0]] >= limit:
            break
        awaiting.append(path)
    return awaiting


def _from_largest(mentions: Sequence[Mention], joins: Sequence[str]) -> list[list[Component]]:
    paths: list[list[Component]] = []
    above: list[Component] = []
    for index, mention in enumerate(mentions):
        nested = joins[index] == " " and mentions[index - 1].name == mention.name
        while above and _RANK[above[-1][0]] <= mention.rank and not (nested and above[-1][0] == mention.name):
            above.pop()
        # What was named alone so far is named more closely now.
        if paths and above and paths[-1] == above[::-1]:
            paths.pop()
        numbers = _listed(mentions, joins, index)
        paths += [[(mention.name, number), *reversed(above)] for number in numbers]
        if numbers:  # of a range from a clause to itself nothing is left to add
            above.append((mention.name, numbers[-1]))
        del paths[MAX_PATHS:]
    return paths


@lru_cache(maxsize=4096)
def components_of(citation: str) -> Path:
    """The components of a citation that ``write`` made, sorted as ``paths_of`` sorts them."""
    return _sorted([(mention.name, number) for mention in mentions_in(Spelled.of(citation)) for number in mention.numbers])


def without_components(citation: str) -> str:
    """What is left of a citation without its components, without marks: the name of what is attached, if anything is."""
    spelled = Spelled.of(citation)
    rest = spelled.without([(mention.start, mention.end) for mention in mentions_in(spelled)]).plain
    return " ".join(rest.replace(",", " ").split())


def names(path: Path, citation: str, *, marked: bool) -> bool:
    """Whether a clause cited as ``citation`` is what ``path`` names: every component is there, the smallest is its own, and, of the
    larger ones, none that the type of clause needs is contradicted. ``marked``: d and đ are told apart."""
    if not path or not citation.lower().startswith(path[0][0].lower()):
        return False
    own = components_of(citation)
    if own == path:
        return True
    if not own or own[0][0] != path[0][0]:
        return False
    pool = list(own)
    for component in path:
        match = next((candidate for candidate in pool if _same(component, candidate, marked)), None)
        if match is None or (component is path[0] and match != own[0]):
            return False
        pool.remove(match)
    return True


def _same(typed: Component, own: Component, marked: bool) -> bool:
    if typed[0] != own[0]:
        return False
    here, there = typed[1], own[1]
    if not marked:
        here, there = here.replace("đ", "d"), there.replace("đ", "d")
    if not here or here.lstrip("0") == there.lstrip("0"):
        return True
    # "Mục 2" is typed for "Mục II", "đoạn 2" for "đoạn thứ hai".
    return typed[0] in _COUNTED and 0 < ordinal_value(here) == ordinal_value(there)


@lru_cache(maxsize=4096)
def spellings(path: Path) -> tuple[str, ...]:
    """How ``write`` may spell a citation of these components alone: to look it up before all clauses of a document are gone through."""
    figures = " ".join(f"{name} {_canonical(name, number)}".strip() for name, number in path)
    roman = " ".join(f"{name} {_as_roman(name, _canonical(name, number))}".strip() for name, number in path)
    return tuple(dict.fromkeys([figures, roman]))


def _canonical(name: str, number: str) -> str:
    """A number as ``write`` would put it; of what it writes in words only a guess."""
    if name in _IN_WORDS:
        value = ordinal_value(number)
        return f"thứ {_ORDINALS[value - 1]}" if 0 < value <= len(_ORDINALS) else f"thứ {value}"
    value = ordinal_value(number) if name in _COUNTED and number.replace(" ", "").isalpha() and name not in _IN_ROMAN else 0
    return str(value) if value else number.lstrip("0")


_ORDINALS = ["nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def _as_roman(name: str, number: str) -> str:
    return roman_numeral(int(number)) if name in _IN_ROMAN and number.isdigit() and int(number) < 400 else number
