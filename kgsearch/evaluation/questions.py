"""Judged questions as their files give them: JSON lines over a corpus of documents, or a table of passages with their questions."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from kgsearch.errors import UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.models import Hit

KINDS = ("search", "ask")
COLUMNS = ("context", "question")
_LARGEST_FIELD = 1 << 24
"""Characters of one cell of a table."""


@dataclass(frozen=True, slots=True)
class Relevant:
    """A clause that a judge named: a hit is it when its document's number or title contains ``document``, its words contain
    ``contains``, and its citation has each part of ``citation`` as a whole component ("a|b": either)."""

    document: str
    contains: str
    citation: tuple[str, ...] = ()

    def is_hit(self, hit: Hit, whole: bool) -> bool:
        """Whether ``hit`` is this clause; with ``whole`` the clauses under it count as its words."""
        return (
            (self.document in hit.document.number or self.document in hit.document.title)
            and self.contains in (hit.clause.full_text if whole else hit.clause.text)
            and all(_is_component(part, hit.citation_full) for part in self.citation)
        )


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A query with what judges found right: clauses for ``kind`` "search", answers and their evidence for "ask".

    ``whole``: a clause's words are also those of the clauses under it. ``note`` names the sort of question, or is "".
    """

    kind: str
    query: str
    relevant: tuple[Relevant, ...] = ()
    answers: tuple[str, ...] = ()
    whole: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class JudgedPassages:
    """Passages (heading, text) and questions, each with the index of the passage that answers it."""

    passages: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, int], ...]


def read_questions(path: Path) -> list[JudgedQuestion]:
    """The questions of a file of JSON lines. Raises UsageError naming the line that is none."""
    questions = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                raise UsageError(
                    _("{file}, line {line}: not a judged question ({reason}); see the format in docs/ranking.md.").format(
                        file=path.name, line=number, reason=_fault(error)
                    )
                ) from error
    if not questions:
        raise UsageError(_("{file} holds no question.").format(file=path.name))
    return questions


def read_passages(path: Path) -> JudgedPassages:
    """The passages and questions of a table with the columns context and question.

    Each distinct context, white space folded, is one passage; its first line is its heading unless it is the only one. A row
    without a question only adds a passage. Raises UsageError where the columns are missing or the table cannot be read.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    rows = csv.DictReader(_text(path).splitlines(keepends=True))
    try:
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise UsageError(_("{file} has no column {columns}.").format(file=path.name, columns=", ".join(missing)))
        found = _passages(rows)
    except csv.Error as error:
        raise UsageError(_("{file}, line {line}: {reason}").format(file=path.name, line=rows.line_num, reason=error)) from error
    if not found.questions:
        raise UsageError(_("{file} holds no question.").format(file=path.name))
    return found


def _passages(rows: Iterator[Mapping[str, str | None]] | csv.DictReader[str]) -> JudgedPassages:
    passages: dict[str, tuple[int, str, str]] = {}
    questions = []
    for row in rows:
        context = unicodedata.normalize("NFKC", row["context"] or "").strip()
        key = " ".join(context.split())
        if not key:
            continue
        place, _heading, _rest = passages.setdefault(key, (len(passages), *_heading_and_text(context)))
        if question := " ".join(unicodedata.normalize("NFKC", row["question"] or "").split()):
            questions.append((question, place))
    return JudgedPassages(tuple((heading, text) for _place, heading, text in passages.values()), tuple(questions))


def _heading_and_text(context: str) -> tuple[str, str]:
    heading, _newline, text = context.partition("\n")
    heading, text = " ".join(heading.split()), " ".join(text.split())
    return (heading, text) if text else ("", heading)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(_("{file} is not text in UTF-8.").format(file=path)) from error
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error


def _question(value: Any) -> JudgedQuestion:
    if not isinstance(value, Mapping):
        raise TypeError(_("not an object"))
    kind, query = value["kind"], value["query"]
    if kind not in KINDS or not isinstance(query, str) or not query.strip():
        raise ValueError(_("kind is search or ask, query is text"))
    relevant = tuple(
        Relevant(one["document"], one["contains"], tuple(_strings(one.get("citation", ())))) for one in value.get("relevant", ())
    )
    list(_strings(chain.from_iterable((one.document, one.contains) for one in relevant)))
    (note,) = _strings([value.get("note", "")])
    return JudgedQuestion(kind, query, relevant, tuple(_strings(value.get("answers", ()))), bool(value.get("whole", False)), note)


def _strings(values: Any) -> Iterator[str]:
    for value in values:
        if not isinstance(value, str):
            raise TypeError(_("{value} is not text").format(value=value))
        yield value


def _fault(error: Exception) -> str:
    return _("{name} is missing").format(name=error) if isinstance(error, KeyError) else str(error)


def _is_component(part: str, citation: str) -> bool:
    """Whether a citation has the part whole: "khoản 1" is no part of "khoản 12"."""
    return any(re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", citation) for choice in part.split("|"))


def right_hits(hits: Sequence[Hit], question: JudgedQuestion) -> list[list[int]]:
    """For each hit, in order, the numbers of the question's relevant clauses that it is."""
    return [[number for number, one in enumerate(question.relevant) if one.is_hit(hit, question.whole)] for hit in hits]
