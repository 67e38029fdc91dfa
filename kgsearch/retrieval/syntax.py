"""What a query may hold besides words: phrases in quotes, what is excluded, filters by field. Pure; nothing here can fail.

"…", “…”, «…»     the words stand one after another; typed with marks, the marks agree too
-word, -"…"       what holds it is left out; only a dash at a word's beginning, with nothing but a letter or a quote after it
field:value       ``loai:`` ``nam:`` ``coquan:`` ``so:`` ``nguoiky:``, with marks and spaces or without, or in English

Whatever only looks like one of these (a lone quote, "2021-2025", "10:30", "Điều 5: …", a pasted "- giải ngân") is words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kgsearch.citations.numbers import DASHES, NUMBER
from kgsearch.language import has_marks, tokenise
from kgsearch.models import Span

MAX_PARTS = 16
"""Phrases, exclusions and filters that are read of one query; further ones are words."""


class Field(StrEnum):
    """The fields that a search can be limited by."""

    TYPE = "type"
    YEAR = "year"
    ISSUER = "issuer"
    NUMBER = "number"
    SIGNER = "signer"


# Without marks and spaces.
_FIELDS = {
    **dict.fromkeys(("loai", "loaivanban", "type"), Field.TYPE),
    **dict.fromkeys(("nam", "year"), Field.YEAR),
    **dict.fromkeys(("coquan", "coquanbanhanh", "cqbh", "issuer"), Field.ISSUER),
    **dict.fromkeys(("so", "sohieu", "number"), Field.NUMBER),
    **dict.fromkeys(("nguoiky", "signer"), Field.SIGNER),
}
_OPENING, _CLOSING = '"“”„‟«', {**dict.fromkeys('"“”„‟', '"“”‟'), "«": "»"}
_QUOTES = '"“”„‟«»'
# What may stand directly before a part: the query's beginning, a space, an opening bracket or a mark that ends a clause.
_STARTS = r"(?<![^\s(\[{,;])"
# "tổng số:15" and "Việt Nam:2021" are no filters.
_NO_FIELD = r"(?<!viet )(?<!hang )(?<!tong )(?<!ma )(?<!dan )(?<!chi )(?<!ti )"
_NAMES = r"loai(?: ?van ?ban)?|type|nam|year|co ?quan(?: ?ban ?hanh)?|cqbh|issuer|so(?: ?hieu)?|number|nguoi ?ky|signer"
_FIELD = re.compile(rf"{_STARTS}{_NO_FIELD}({_NAMES}):(?=\S)")
_DASH = re.compile(rf"{_STARTS}-(?=[^\W\d_]|\d+[/\w-]*[^\W\d_]|[{_QUOTES}])")
_QUOTE = re.compile(rf"(?<!\w)[{_OPENING}]")
_WORD = re.compile(rf"[^\s{_QUOTES}]+")
_YEARS = re.compile(rf"(\d{{4}})(?:[-{DASHES}]|\.\.)(\d{{4}})|(\d{{4}})")
_AFTER = ".,;:!?…)]}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that stand together, as typed, without their quotes; ``span`` is theirs in the text, with quotes and dash."""

    text: str
    span: Span

    @property
    def marked(self) -> bool:
        """Whether marks were typed, so that they must agree."""
        return has_marks(self.text)


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """A filter as typed: ``values`` are one of them to hold; ``years`` those of a filter by year, first and last of each range."""

    field: Field
    values: tuple[str, ...]
    span: Span
    years: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Syntax:
    """A query taken apart. Every character of ``text`` is in one of the spans of the parts, or words."""

    text: str
    phrases: tuple[Quoted, ...] = ()
    excluded: tuple[Quoted, ...] = ()
    filters: tuple[FieldFilter, ...] = ()

    @cached_property
    def words(self) -> str:
        """What is neither phrase nor exclusion nor filter, single-spaced."""
        return self._without([*self.aside, *(phrase.span for phrase in self.phrases)])

    @cached_property
    def sought(self) -> str:
        """Words and phrases in the order typed, without quotes, single-spaced: what is looked for."""
        return " ".join(self._without(self.aside).translate(_UNQUOTED).split())

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but words, and perhaps filters."""
        return not self.phrases and not self.excluded

    def without(self, span: Span) -> str:
        """The text without one of its parts."""
        return self._without([span])

    @property
    def aside(self) -> list[Span]:
        """The spans of what is not looked for."""
        return [*(part.span for part in self.excluded), *(part.span for part in self.filters)]

    def _without(self, spans: list[Span]) -> str:
        text = self.text
        for span in sorted(spans, key=lambda span: -span.start):
            text = f"{text[: span.start]} {text[span.end :]}"
        return " ".join(text.split())


_UNQUOTED = str.maketrans(dict.fromkeys(_QUOTES, " "))


def read_syntax(text: str) -> Syntax:
    """The parts of a query, cleaned and single-spaced as `kgsearch.retrieval.query.clean_query` gives it."""
    if not any(mark in text for mark in "-:" + _OPENING):
        return Syntax(text)
    parts = list(_Reader(text).parts())
    return Syntax(
        text,
        phrases=tuple(part for kind, part in parts if kind == "phrase" and isinstance(part, Quoted)),
        excluded=tuple(part for kind, part in parts if kind == "excluded" and isinstance(part, Quoted)),
        filters=tuple(part for _kind, part in parts if isinstance(part, FieldFilter)),
    )


class _Reader:
    """Reads parts from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        # As long as the text, letter for letter.
        self.bare = "".join(map(_bare, text))
        # "22/2014/QĐ -UBND" is a number with a space too many.
        self.numbers = [match.span() for match in NUMBER.finditer(text)]

    def parts(self) -> Iterator[tuple[str, Quoted | FieldFilter]]:
        position = found = 0
        while position < len(self.text) and found < MAX_PARTS:
            part = next(filter(None, (read(position) for read in self._readings)), None)
            if part is None:
                position += 1
                continue
            yield part
            found, position = found + 1, part[1].span.end

    @property
    def _readings(self) -> tuple[Callable[[int], tuple[str, Quoted | FieldFilter] | None], ...]:
        return self._filter, self._exclusion, self._phrase

    def _phrase(self, start: int) -> tuple[str, Quoted] | None:
        if not _QUOTE.match(self.text, start):
            return None
        quoted = self._quoted(start)
        return ("phrase", quoted) if quoted else None

    def _exclusion(self, start: int) -> tuple[str, Quoted] | None:
        if not _DASH.match(self.text, start) or any(first < start < last for first, last in self.numbers):
            return None
        if self.text[start + 1] in _OPENING:
            quoted = self._quoted(start + 1)
            return ("excluded", Quoted(quoted.text, Span(start, quoted.span.end))) if quoted else None
        if _field_after(self.bare, start):
            return None
        word = self._word(start + 1)
        return ("excluded", Quoted(word, Span(start, start + 1 + len(word)))) if tokenise(word) else None

    def _filter(self, start: int) -> tuple[str, FieldFilter] | None:
        match = _FIELD.match(self.bare, start)
        if match is None:
            return None
        field, after = _FIELDS[match[1].replace(" ", "")], match.end()
        if self.text[after] in _OPENING:
            quoted = self._quoted(after)
            values, end = ([quoted.text], quoted.span.end) if quoted else ([], after)
        else:
            word = self._word(after)
            values, end = [value for value in word.split(",") if value], after + len(word)
        made = _field_filter(field, values, Span(start, end))
        return ("filter", made) if made else None

    def _quoted(self, start: int) -> Quoted | None:
        """The words between the quote at ``start`` and the next one that closes it; None where there is none, or no word."""
        closing = _CLOSING[self.text[start]]
        end = next((place for place in range(start + 1, len(self.text)) if self.text[place] in closing), None)
        if end is None or not tokenise(self.text[start + 1 : end]):
            return None
        return Quoted(self.text[start + 1 : end].strip(), Span(start, end + 1))

    def _word(self, start: int) -> str:
        match = _WORD.match(self.text, start)
        return match[0].rstrip(_AFTER) if match else ""


def _field_after(bare: str, dash: int) -> bool:
    """Whether a dash stands before a filter: there is no filter by what a document is not, so both are words."""
    return _FIELD.match(f" {bare[dash + 1 :]}", 1) is not None


def _field_filter(field: Field, values: list[str], span: Span) -> FieldFilter | None:
    """A filter whose values are such as the field has; None where one is not, so that what was typed stays words."""
    if field is Field.YEAR:
        matches = [_YEARS.fullmatch(value) for value in values]
        years = [_years(match) for match in matches if match]
        return FieldFilter(field, tuple(values), span, tuple(years)) if values and len(years) == len(values) else None
    wanted = _has_digit if field is Field.NUMBER else _has_letter
    return FieldFilter(field, tuple(values), span) if values and all(map(wanted, values)) else None


def _years(match: re.Match[str]) -> tuple[int, int]:
    first, last = sorted((int(match[1]), int(match[2]))) if match[1] else (int(match[3]), int(match[3]))
    return first, last


def _has_digit(value: str) -> bool:
    return any(character.isdigit() for character in value)


def _has_letter(value: str) -> bool:
    return any(character.isalpha() for character in value)


def _bare(character: str) -> str:
    """One letter in lower case without its marks, as one letter."""
    lower = "d" if character in "đĐ" else unicodedata.normalize("NFD", character)[0].lower()
    return lower if len(lower) == 1 else character
