"""Rows of tables, answered by column: the question names a column ("đơn vị chủ trì", "thời gian trình") and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kgsearch.answering.confidence import confidence
from kgsearch.answering.evidence import Found, evidence_of, first_words
from kgsearch.answering.gathering import Family, Gathered
from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.reading.reader import Features
from kgsearch.answering.reading.recognise import Value, find_values
from kgsearch.language import syllable_keys
from kgsearch.models import ClauseRecord, Span

COLUMN_FIT = 0.5
"""How well a column's head must fit the question for its cell to be the answer."""

_JOIN = " | "
_KINDS: Mapping[QuestionKind, tuple[str, ...]] = {
    QuestionKind.WHO: ("co quan", "don vi", "chu tri", "phoi hop", "nguoi", "phu trach", "trach nhiem", "chu dau tu", "so nganh"),
    QuestionKind.WHEN: ("thoi gian", "thoi han", "thoi diem", "tien do", "ngay", "thang", "quy", "nam", "hoan thanh"),
    QuestionKind.HOW_LONG: ("thoi gian", "thoi han", "so ngay"),
    QuestionKind.MONEY: ("kinh phi", "von", "so tien", "muc", "gia", "phi", "tong"),
    QuestionKind.PERCENT: ("ti le", "ty le", "%"),
    QuestionKind.WHERE: ("dia diem", "dia ban", "noi", "dia chi"),
    QuestionKind.WHICH_DOCUMENT: ("van ban", "can cu", "so hieu", "ky hieu"),
}
# Of two columns that name agencies or times, these words say which is meant.
_TELLING = (
    "chu tri",
    "phoi hop",
    "trinh",
    "hoan thanh",
    "bat dau",
    "ket thuc",
    "tham dinh",
    "ban hanh",
    "tham muu",
    "soan thao",
    "phe duyet",
)
_SAME = {"don": "co", "vi": "quan", "han": "gian"}
"""Of "đơn vị" and "cơ quan", "thời hạn" and "thời gian", either is a column's head."""
_ORDINAL = frozenset(["stt", "tt", "so tt"])


@dataclass(frozen=True, slots=True)
class _Row:
    """A row against a question: the column asked for, and how the rest of the question fits the other cells."""

    clause: ClauseRecord
    family: Family
    column: int
    features: Features
    value: Value | None


def read_rows(question: Question, gathered: Gathered, idf: Mapping[str, float]) -> list[Found]:
    """The rows that answer a question, best first: each with its cell as the answer and the row as its quote."""
    scores = {(hit.document.id, hit.clause.eid): hit.score for hit in gathered.hits}
    rows = [
        row
        for family, clause in gathered.rows()
        if (row := _read(question, family, clause, idf, scores.get((clause.document, clause.eid), 0.0))) is not None
    ]
    rows.sort(key=lambda row: (-row.features.own, -row.features.search, row.clause.document, row.clause.position))
    return [found for place, row in enumerate(rows) if (found := _found(row, rows[place + 1 :], gathered)) is not None]


def cell_place(row: ClauseRecord, column: int) -> Span | None:
    """Where a cell stands in its row's text; None where it does not stand there (the running number)."""
    first = next((place for place in range(len(row.cells)) if row.text == _JOIN.join(_spaced(row.cells[place:]))), None)
    cells = _spaced(row.cells)
    if first is None or column < first:
        place = row.text.rfind(cells[column]) if cells[column] else -1
        return Span(place, place + len(cells[column])) if place >= 0 else None
    start = len(_JOIN.join([*cells[first:column], ""])) if column > first else 0
    return Span(start, start + len(cells[column]))


def _spaced(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def _read(question: Question, family: Family, row: ClauseRecord, idf: Mapping[str, float], score: float) -> _Row | None:
    columns = family.columns(row)
    if len(columns) != len(row.cells):
        return None
    column, fit = _column_asked(question, columns)
    if column is None or not row.cells[column].strip() or cell_place(row, column) is None:
        return None
    values = find_values(question.kind, row.cells[column], question.unit, question.noun)
    wanted = _rest(question, columns[column])
    if not wanted:
        return None
    others = " ".join(cell for place, cell in enumerate(row.cells) if place != column)
    features = replace(_features(wanted, others, row, idf, score), fit=fit)
    return _Row(row, family, column, features, values[0] if values else None)


def _column_asked(question: Question, columns: Sequence[str]) -> tuple[int | None, float]:
    """The column whose head the question names, and how well it does, from 0 to 1."""
    fits = [_column_fit(question, head) for head in columns]
    best = max(range(len(fits)), key=lambda place: (fits[place], -place), default=None)
    if best is None or fits[best] < COLUMN_FIT:
        return None, 0.0
    return best, fits[best]


def _column_fit(question: Question, head: str) -> float:
    keys = syllable_keys(head)
    line = " ".join(keys)
    if not keys or line in _ORDINAL:
        return 0.0
    asked = _asked_keys(question)
    asked_line = " ".join(asked)
    telling = {word for word in _TELLING if word in line}
    if telling and not any(word in asked_line for word in telling) and any(word in asked_line for word in _TELLING):
        return 0.0
    of_kind = any(word in line for word in _KINDS.get(question.kind, ()))
    held = {_SAME.get(key, key) for key in asked}
    share = sum(_SAME.get(key, key) in held for key in keys) / len(keys)
    return 0.5 * of_kind + 0.5 * share


def _asked_keys(question: Question) -> list[str]:
    """The keys of the question's noun and of its content words."""
    return [*syllable_keys(question.noun), *question.content]


def _rest(question: Question, head: str) -> list[str]:
    """The question's words that neither its noun nor the column's head has, in order."""
    left_out = {_SAME.get(key, key) for key in (*syllable_keys(head), *syllable_keys(question.noun))}
    return [key for key in question.content if _SAME.get(key, key) not in left_out]


def _features(wanted: Sequence[str], others: str, row: ClauseRecord, idf: Mapping[str, float], score: float) -> Features:
    weights = {key: idf.get(key, 1.0) for key in wanted}
    whole = sum(weights.values()) or 1.0
    held = syllable_keys(others)
    context = {*held, *(key for heading in row.headings for key in syllable_keys(heading)), *syllable_keys(row.text)}
    pairs, own_pairs = set(pairwise(wanted)), set(pairwise(held))
    rarest = max(weights, key=lambda key: (weights[key], key))
    return Features(
        own=sum(weights[key] for key in weights.keys() & set(held)) / whole,
        context=sum(weights[key] for key in weights.keys() & context) / whole,
        order=len(pairs & own_pairs) / len(pairs) if pairs else 1.0,
        rarest=1.0 if rarest in held else 0.5 if rarest in context else 0.0,
        near=1.0,
        side=1.0,
        search=score / whole,
    )


def _found(row: _Row, following: Iterable[_Row], gathered: Gathered) -> Found | None:
    clause = row.clause
    place = cell_place(clause, row.column)
    if place is None:
        return None
    answer = clause.text[place.start : place.end]
    rival = next((other for other in following if _cell(other) != _cell(row)), None)
    features = replace(row.features, margin=row.features.own - rival.features.own if rival else row.features.own)
    evidence = evidence_of(gathered.hit(clause), clause.text, Span(0, len(clause.text)), place)
    if len(answer.split()) != len(answer[: first_words(answer, 0)].split()):
        answer = answer[: first_words(answer, 0)]
    return Found(answer, (evidence,), confidence(features), features, row.value)


def _cell(row: _Row) -> str:
    return " ".join(syllable_keys(row.clause.cells[row.column]))


def rows_said_alike(found: Sequence[Found]) -> Iterator[Found]:
    """The rows after the first that answer as well as it does."""
    yield from (one for one in found[1:] if one.features.own >= found[0].features.own)
