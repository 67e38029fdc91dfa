"""Which value of a flattened row can be what a question asks for: the one in the column that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from kgsearch.answering.kinds import Normal, Question, QuestionKind, Value
from kgsearch.answering.reading.coverage import Sought, words_of
from kgsearch.answering.reading.fitting import FIGURES, VALUED, Fit, fit_of
from kgsearch.answering.reading.recognise import find_values
from kgsearch.answering.reading.rows import FlatRow
from kgsearch.answering.values.figures import OTHER_UNIT
from kgsearch.language import fold
from kgsearch.models import Span

UNTOLD_COLUMN = 0.8
"""What a row fits of whose values it cannot be told which is asked for: it answers whole."""

NAMELESS = 0.3
"""What a row fits whose own name says nothing of the question: any row of the table would do as well."""

OTHER_BRACKET = 0.4
"""What a row counts whose own figures are all others than the question's."""

_BOUND = re.compile(r"(?<![\w.,/])(?<!khoản )(?<!điều )(?<!Điều )(?!(?:19|20)\d\d(?![\d.,]))\d+(?:[.,]\d+)*(?!/\d|\d)")
_NO_FIGURE = frozenset([QuestionKind.LIST, QuestionKind.DEFINITION, QuestionKind.WHY, QuestionKind.YES_NO])
"""What a row of figures does not answer."""

_ABOVE = re.compile(r"[>≥]|(?<!\w)(?:tren|tu|hon|qua|tro len)(?!\w)")
_BELOW = re.compile(r"[<≤]|(?<!\w)(?:duoi|den|khong qua|tro xuong)(?!\w)")
_FREE = re.compile(r"mien|khong thu")
_FIGURES = re.compile(r"\d[\d.,\s]*")
# On folded text.
_MONEY = re.compile(r"(?<!\w)(?:dong|vnd|muc (?:thu|chi|phi|gia|thue|ho tro)|phi|gia|kinh phi|tien|thue)(?!\w)")
# A small figure is an amount only in thousands or millions.
_GROUPED = re.compile(r"^\d{1,3}(?:[.\s]\d{3})+|^(?:mien|khong thu)")
_SCALED = re.compile(r"(?<!\w)(?:trieu|nghin|ngan|ty|1\.000) (?:dong|vnd)|(?<!\w)(?:usd|do la)(?!\w)|dvt:? dong|don vi(?: tinh)?:? ?dong")
_LASTING = re.compile(r"(?<!\w)(?:thang|ngay|nam|gio|phut)(?!\w)")
_SHARE = re.compile(r"%|(?<!\w)(?:ty le|ti le|phan tram)(?!\w)")
_SAME_UNIT = {"met vuong": ("m2", "m²"), "met khoi": ("m3", "m³"), "hec ta": ("ha",)}


def row_fit(question: Question, sought: Sought, repeated: frozenset[Normal], row: FlatRow) -> Fit:
    """The value of a row that answers; its places are in the row's text. Of several columns that cannot be told apart none is chosen."""
    if question.kind in _NO_FIGURE:
        return Fit(fit=0.0)
    if question.kind not in FIGURES and question.kind is not QuestionKind.HOW_LONG:
        return fit_of(question, sought, repeated, row.text, words_of(row.text), is_row=True) if question.kind in VALUED else Fit()
    values = {place: fit for place, fit in _fits(question, row) if fit.value is not None and fit.value.normal not in repeated}
    if not values:
        return Fit(fit=0.0)
    name = words_of(row.clause.full_text[row.label.start : row.label.end]).keys
    side = sought.side_share(frozenset(name), frozenset(name))
    column = 0 if len(row.values) == 1 else _column(sought, row)
    chosen = values.get(column) if column is not None else Fit(fit=UNTOLD_COLUMN)
    if chosen is None:
        return Fit(fit=0.0)
    fit = chosen.fit * _bracket_fit(question, row) * (1.0 if sought.share(name) else NAMELESS)
    return replace(chosen, fit=fit, near=1.0, side=side)


def _bracket_fit(question: Question, row: FlatRow) -> float:
    """How well a row's own figures are the question's: of "trên 20 đến 50 tỷ đồng" and "trên 50 đến 100 tỷ đồng" one is asked for."""
    asked = _bounds(question.query_text)
    name = row.clause.full_text[row.label.start : row.label.end].split("\n", 1)[-1]
    named = _bounds(name)
    if not asked or not named:
        return 1.0
    if not asked & named and any(_lies_between(one, name, named) for one in asked):
        return 1.0
    return OTHER_BRACKET + (1 - OTHER_BRACKET) * len(asked & named) / len(asked | named)


def _lies_between(figure: Decimal, name: str, named: set[Decimal]) -> bool:
    """Whether a figure lies within what a row's name bounds: 30 in "trên 20 đến 50", in "dưới 50", in "trên 20"."""
    if len(named) > 1:
        return min(named) < figure < max(named)
    return any(figure > bound if _ABOVE.search(fold(name)) else figure < bound and bool(_BELOW.search(fold(name))) for bound in named)


def _bounds(text: str) -> set[Decimal]:
    """The figures in a text but for years and what a document or a clause is numbered with."""
    return {_amount(match[0]) for match in _BOUND.finditer(text)}


def _column(sought: Sought, row: FlatRow) -> int | None:
    """The column whose head says most of the question; None where several do, or none."""
    shares = [sought.share(words_of(head).keys) for head in row.heads]
    if not shares or not max(shares) or shares.count(max(shares)) > 1:
        return None
    return shares.index(max(shares))


def _fits(question: Question, row: FlatRow) -> Iterator[tuple[int, Fit]]:
    """Of each column the value, and how it fits the kind of the question."""
    whole = row.clause.full_text
    for place, span in enumerate(row.values):
        text = whole[span.start : span.end]
        head = row.heads[place] if row.heads else row.above
        yield place, _fit(question, row, Span(span.start - row.start, span.end - row.start), text, head)


def _fit(question: Question, row: FlatRow, place: Span, text: str, head: str) -> Fit:
    found = [one for one in find_values(question.kind, text, question.unit, question.noun) if one.normal[0] or question.unit]
    if found:
        return Fit(replace(found[0], start=place.start + found[0].start, end=place.start + found[0].end), 1.0)
    name = row.clause.full_text[row.label.start : row.label.end]
    stated = fold(" ".join((text, name, head, *row.groups, *row.clause.headings, row.clause.heading)))
    own_head = head if row.heads else ""  # of several columns any may be what stands above the table
    fit = _bare_fit(question, stated, fold(f"{text} {own_head} {name}"))
    return Fit(Value(place.start, place.end, text, question.kind, _normal(question.kind, text)), fit) if fit else Fit(fit=0.0)


def _bare_fit(question: Question, stated: str, near: str) -> float:
    """How well a figure without a unit of its own fits, by what is said around it; 0 where it is something else."""
    if question.kind is QuestionKind.MONEY:
        is_amount = _GROUPED.search(near) is not None or _SCALED.search(stated) is not None
        return 1.0 if is_amount and _MONEY.search(stated) and not _SHARE.search(near) else 0.0
    if question.kind is QuestionKind.PERCENT:
        return 1.0 if _SHARE.search(near) else 0.0
    if question.kind is QuestionKind.HOW_LONG:
        return 1.0 if _LASTING.search(near) else 0.0
    if not question.unit:
        return 1.0 if _MONEY.search(stated) else OTHER_UNIT
    unit = fold(question.unit)
    return 1.0 if any(_says(stated, one) for one in (unit, *_SAME_UNIT.get(unit, ()))) else OTHER_UNIT


def _says(text: str, unit: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", text) is not None


def _normal(kind: QuestionKind, text: str) -> Normal:
    """What compares equal for the same figure."""
    if _FREE.match(fold(text)):
        return (str(kind), Decimal(0), Decimal(0))
    figures = [_amount(match) for match in _FIGURES.findall(text)]
    return (str(kind), figures[0], figures[-1]) if figures else (fold(text),)


def _amount(figure: str) -> Decimal:
    written = "".join(figure.split()).rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "")
    try:
        return Decimal(written.replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
