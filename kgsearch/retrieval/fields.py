"""Filters by field, as typed, read against what the catalogue holds: "loai:nq" is Nghị quyết where there are any.

Names are compared without marks and case, word by word: a typed word stands for a word that begins with it, or for the words whose
initials it is ("ubnd", "tphcm"). What is no part of a name may be a part of the numbers of its documents ("ttg" in 22/CT-TTg).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from kgsearch.citations.numbers import number_key
from kgsearch.language import syllable_key, tokenise
from kgsearch.models import DocumentRecord, Filters, Reading, ReadingKind, Span
from kgsearch.retrieval.agencies import spellings
from kgsearch.retrieval.syntax import Field, FieldFilter, Syntax

_Value = TypeVar("_Value", str, int)
_Name = Callable[[DocumentRecord], str]
_MOST_WORDS = 8
_SHOWN = 3
_NEXT_WORD = re.compile(r" ([^\s\"“”„‟«»:-][^\s\"“”„‟«»:]*)")
_CLUSTERS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr")


class Documents(Protocol):
    """What is needed of a catalogue."""

    def documents(self) -> Sequence[DocumentRecord]:
        """Every document."""

    def meta(self) -> Mapping[str, str]:
        """What is stamped in the catalogue: "changed" is another value where a document came, went or changed. Quick."""


class Metadata:
    """The documents' metadata, read when a field is first asked for and again when a document has changed."""

    def __init__(self, catalogue: Documents) -> None:
        self._catalogue = catalogue
        self._held: tuple[str | None, Sequence[DocumentRecord]] | None = None

    def documents(self) -> Sequence[DocumentRecord]:
        """Every document as of now."""
        # What else is stamped says nothing of documents: every run stamps its report.
        changed = self._catalogue.meta().get("changed")
        held = self._held
        if held is None or held[0] != changed:
            held = self._held = changed, self._catalogue.documents()
        return held[1]


@dataclass(frozen=True, slots=True)
class Limits:
    """What filters by field come to: ``filters`` None where nothing can pass them; ``readings`` say how each was read."""

    filters: Filters | None = field(default_factory=Filters)
    readings: tuple[Reading, ...] = ()


def extended(syntax: Syntax, metadata: Metadata) -> Syntax:
    """The query with each filter that goes on in the words after it ("coquan:ubnd tỉnh …", unquoted) having them too."""
    named = [one for one in syntax.filters if one.field in _NAMES and syntax.text[one.span.end - 1] not in '"“”‟»']
    if not named:
        return syntax
    longer = {one.span: _extended(one, syntax.text, metadata) for one in named}
    return replace(syntax, filters=tuple(longer.get(one.span, one) for one in syntax.filters))


def limits_of(syntax: Syntax, metadata: Metadata) -> Limits:
    """The filters of a query against the catalogue. A filter holds one of its values, a document passes all fields."""
    if not syntax.filters:
        return Limits()
    documents = metadata.documents()
    passing: list[DocumentRecord] = list(documents)
    readings = []
    for name in dict.fromkeys(one.field for one in syntax.filters):
        found: dict[str, DocumentRecord] = {}
        for one in (one for one in syntax.filters if one.field is name):
            matched = _matched(one, documents)
            found |= {document.id: document for document in matched}
            readings.append(_reading(syntax, one, matched))
        passing = [document for document in passing if document.id in found]
    return Limits(_as_filters(syntax, passing) if passing else None, tuple(readings))


def both(first: Filters, second: Filters) -> Filters | None:
    """The filters that let through what both do; None where nothing can."""
    narrowed = (
        _in_both(first.types, second.types),
        _in_both(first.issuers, second.issuers),
        _in_both(first.years, second.years),
        _in_both(first.documents, second.documents),
    )
    types, issuers, years, documents = narrowed
    if types is None or issuers is None or years is None or documents is None:
        return None
    return replace(first, types=types, issuers=issuers, years=years, documents=documents)


def _in_both(one: tuple[_Value, ...], other: tuple[_Value, ...]) -> tuple[_Value, ...] | None:
    """The values that both name; an empty list names all, and None is none."""
    if not one or not other:
        return one or other
    return tuple(value for value in one if value in other) or None


def _as_filters(syntax: Syntax, passing: Sequence[DocumentRecord]) -> Filters:
    """By type, issuer and year where these fields alone are asked for, so that an engine need not be given every document."""
    fields = {one.field for one in syntax.filters}
    if not fields <= {Field.TYPE, Field.ISSUER, Field.YEAR}:
        return Filters(documents=tuple(sorted(document.id for document in passing)))
    return Filters(
        types=_distinct(document.type for document in passing) if Field.TYPE in fields else (),
        issuers=_distinct(document.issuer for document in passing) if Field.ISSUER in fields else (),
        years=tuple(sorted({document.issued.year for document in passing if document.issued})) if Field.YEAR in fields else (),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _reading(syntax: Syntax, one: FieldFilter, matched: Sequence[DocumentRecord]) -> Reading:
    typed = syntax.text[one.span.start : one.span.end]
    if not matched:
        return Reading(ReadingKind.UNKNOWN_VALUE, typed, "", syntax.without(one.span))
    name = _NAMES.get(one.field) or (_year if one.field is Field.YEAR else _number)
    names = _distinct(filter(None, map(name, matched)))
    if one.field is Field.ISSUER:
        names = _distinct(written[0] for written in spellings(map(name, matched)).values())
    shown = ", ".join([*names[:_SHOWN], *(["…"] if len(names) > _SHOWN else [])])
    return Reading(ReadingKind.FILTER, typed, shown, syntax.without(one.span))


def _year(document: DocumentRecord) -> str:
    return str(document.issued.year) if document.issued else ""


def _number(document: DocumentRecord) -> str:
    return document.number or document.title


_NAMES: Mapping[Field, _Name] = {
    Field.TYPE: lambda document: document.type,
    Field.ISSUER: lambda document: document.issuer,
    Field.SIGNER: lambda document: document.signer,
}


def _matched(one: FieldFilter, documents: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """The documents that hold one of the values of a filter."""
    if one.field is Field.YEAR:
        return [document for document in documents if document.issued and _within(document.issued.year, one.years)]
    of_value = _of_number if one.field is Field.NUMBER else _of_name(_NAMES[one.field], symbol_first=one.field is Field.TYPE)
    found = {document.id: document for value in one.values for document in of_value(value, documents)}
    return list(found.values())


def _within(year: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= year <= last for first, last in ranges)


def _of_number(value: str, documents: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """The documents of this number, else those whose number begins with it."""
    wanted = number_key(value)
    keys = [(document, number_key(document.number)) for document in documents if document.number]
    exact = [document for document, key in keys if key == wanted]
    return exact or [document for document, key in keys if key.startswith(f"{wanted}/")]


def _of_name(name: _Name, *, symbol_first: bool) -> Callable[[str, Sequence[DocumentRecord]], list[DocumentRecord]]:
    """How the documents are found that have a value as their name. ``symbol_first``: "ct" is rather the part of a number that stands
    for Chỉ thị than the initials of Chương trình."""

    def of_value(value: str, documents: Sequence[DocumentRecord]) -> list[DocumentRecord]:
        wanted = _words(value)
        names = {text: _words(text) for text in {name(document) for document in documents} if text}

        def fitting(fits: Callable[[Sequence[str], Sequence[str]], bool]) -> set[str]:
            return {text for text, words in names.items() if fits(wanted, words)}

        def numbered() -> set[str]:
            symbol = "".join(wanted)
            return {name(document) for document in documents if symbol in number_key(document.number).split("/")[1:]} - {""}

        begun, held = partial(fitting, _begins), partial(fitting, _holds)
        ways = (partial(fitting, _is), *((numbered, begun, held) if symbol_first else (begun, held, numbered)))
        chosen: set[str] = next(filter(None, (way() for way in ways)), set())
        return [document for document in documents if name(document) in chosen]

    return of_value


def _words(text: str) -> list[str]:
    return [syllable_key(token.text) for token in tokenise(text)]


def _is(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return wanted == words


def _begins(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a name begins with the words, or with what they are initials of."""
    if not wanted:
        return True
    if not words:
        return False
    if words[0].startswith(wanted[0]) and _begins(wanted[1:], words[1:]):
        return True
    return any(_begins(wanted[1:], words[count:]) for count in range(2, len(words) + 1) if _is_initials(wanted[0], words[:count]))


def _holds(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return any(_begins(wanted, words[start:]) for start in range(len(words)))


def _is_initials(letters: str, words: Sequence[str]) -> bool:
    """Whether ``letters`` are the first letters of ``words``, each with the whole of its onset or not ("ttr": Tờ trình)."""
    ends = {0}
    for word in words:
        onset = next((cluster for cluster in _CLUSTERS if word.startswith(cluster)), word[:1])
        ends = {end + len(start) for end in ends for start in {word[:1], onset} if letters.startswith(start, end)}
    return len(letters) in ends


def _extended(one: FieldFilter, text: str, metadata: Metadata) -> FieldFilter:
    """A filter with the words after it that make its value more of a name that there is."""
    documents = metadata.documents()
    names = [_words(name) for name in {_NAMES[one.field](document) for document in documents}]
    value, longest = one.values[-1], one
    for word, end in _following(text, one.span.end):
        value = f"{value} {word}"
        if any(_stands_whole(_words(value), words) for words in names):
            longest = replace(one, values=(*one.values[:-1], value), span=Span(one.span.start, end))
    return longest


def _stands_whole(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a name holds the words, the last of them whole: the first letters of a name are no reason to take a word as part of it."""
    return any(wanted[-1] in words[start:] and _begins(wanted, words[start:]) for start in range(len(words)))


def _following(text: str, position: int) -> Iterator[tuple[str, int]]:
    """The plain words after a place, each with its end."""
    for _count in range(_MOST_WORDS):
        match = _NEXT_WORD.match(text, position)
        if match is None:
            return
        position = match.end()
        yield match[1], position
