"""Find in a text what can answer a question: numbers with units, money, dates, durations, persons, agencies, places, documents."""

from __future__ import annotations

from collections.abc import Callable

from kgsearch.answering.kinds import QuestionKind, Value
from kgsearch.answering.question.nouns import ASKED_WITH, UNITS, Nouns, kind_of
from kgsearch.answering.values.dates import find_dates
from kgsearch.answering.values.measures import EXACT, find_measures, fits_unit, spelt_before, unit_share
from kgsearch.answering.values.names import find_agencies, find_places
from kgsearch.citations.find import THIS, THIS_ATTACHMENT, find_references
from kgsearch.citations.numbers import number_key
from kgsearch.language import fold, normalise

__all__ = ["Value", "find_values"]

LONGEST_READ = 20_000
"""Characters of a text that are read; a sentence is far shorter, and a longer text is read at its beginning."""

_CLAUSE_NOUNS = frozenset(("dieu", "khoan", "diem", "muc", "chuong", "phan", "phu"))
"""What a noun begins with that asks for a clause."""

_NUMBERS = frozenset((QuestionKind.HOW_MUCH, QuestionKind.MONEY, QuestionKind.PERCENT, QuestionKind.HOW_LONG))


def find_values(kind: QuestionKind, text: str, unit: str = "", noun: str = "") -> list[Value]:
    """The values in ``text`` that can answer a question of this ``kind``, in order, not overlapping.

    ``unit`` and ``noun`` are the question's (see `kgsearch.answering.question.Question`): where ``unit`` is given, the numbers with that
    unit, or where there is none, those whose unit is the nearest to it; "bao nhiêu" without unit takes any number. A list or a "nào" is
    read by its noun ("những cơ quan nào"); kinds that no single value answers (how, why, definition, yes or no) have none.
    """
    text = text[:LONGEST_READ]
    if kind in (QuestionKind.LIST, QuestionKind.WHICH):
        kind = _kind_of(noun, ASKED_WITH) or kind
    if kind in _NUMBERS:
        return _numbers(kind, text, unit)
    if kind is QuestionKind.WHEN:
        return find_dates(text, noun)
    if kind is QuestionKind.WHICH_DOCUMENT:
        return _documents(text, whole=bool(noun) and fold(noun).split(" ", 1)[0] not in _CLAUSE_NOUNS)
    reader = _READERS.get(kind)
    return reader(text) if reader else []


def _kind_of(typed: str, nouns: Nouns) -> QuestionKind | None:
    """The kind that a noun asks for, as a question holds it: with marks or without."""
    written = normalise(typed)
    return kind_of(written, nouns, marked=True) or (kind_of(written, nouns, marked=False) if written.isascii() else None)


def _numbers(kind: QuestionKind, text: str, unit: str) -> list[Value]:
    found = find_measures(text)
    of_unit = _kind_of(unit, UNITS)
    if kind is QuestionKind.HOW_LONG and of_unit is QuestionKind.HOW_LONG:
        lasting = [value for value in found if value.kind is kind]
        return [value for value in lasting if fits_unit(text, value, unit)] or lasting
    if kind is not QuestionKind.HOW_MUCH:
        return [value for value in found if value.kind is kind]
    if not unit:
        return found
    shares = [unit_share(text, value, unit) for value in found]
    best = max(shares, default=0.0)
    if best < EXACT and (spelt := spelt_before(text, unit)):
        return spelt
    return [value for value, share in zip(found, shares, strict=True) if share == best > 0]


def _documents(text: str, *, whole: bool) -> list[Value]:
    """References to documents and clauses; those to the text's own document are none, and where a ``whole`` document is asked for
    those to its own clauses are none either."""
    return [
        Value(
            one.start,
            one.end,
            text[one.start : one.end],
            QuestionKind.WHICH_DOCUMENT,
            (number_key(one.number) if one.number else normalise(one.document), *one.clauses),
        )
        for one in find_references(text)
        if (one.clauses and not whole) or one.document not in (THIS, THIS_ATTACHMENT)
    ]


_READERS: dict[QuestionKind, Callable[[str], list[Value]]] = {
    QuestionKind.WHO: find_agencies,
    QuestionKind.WHERE: find_places,
}
