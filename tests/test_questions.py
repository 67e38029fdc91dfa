"""Questions written over the real documents beside the project: each answer stands where its question says it does."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from test_gold import is_component

from kgsearch.citations import clause_citation
from kgsearch.models import Document
from kgsearch.parser import parse
from kgsearch.readers import read

HERE = Path(__file__).resolve().parent
REAL = HERE.parents[1] / "shared" / "real"
NEAR = 300
"""Characters after the named words within which a table's answer stands: a row of it, whose cells are clauses of their own."""

QUESTIONS: tuple[Mapping[str, Any], ...] = tuple(json.loads(line) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines())
ANSWERABLE = [question for question in QUESTIONS if question["answers"]]
UNANSWERABLE = [question for question in QUESTIONS if not question["answers"]]

needs_documents = pytest.mark.skipif(not REAL.is_dir(), reason="needs the real documents in ../shared, which is missing here")


@cache
def files() -> Mapping[str, list[Path]]:
    """The files of each document number; several documents may share one."""
    found: dict[str, list[Path]] = {}
    with (REAL / "expected.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            found.setdefault(row["number"], []).append(REAL / row["file"])
    return found


@cache
def parsed(path: Path) -> tuple[tuple[Document, ...], tuple[tuple[str, str, str], ...]]:
    """The documents of a file, and the citation, own text and full text of each clause: a file is parsed once for all questions."""
    documents = tuple(parse(read(path)))
    clauses = (
        (clause_citation(clause, above), clause.text, clause.full_text) for document in documents for clause, above in document.walk()
    )
    return documents, tuple(clauses)


def texts(relevant: Mapping[str, Any], whole: bool) -> Iterator[str]:
    """The text of each clause that a question names; for a row of a table what follows the named words."""
    words = relevant["contains"]
    for path in files()[relevant["document"]]:
        for citation, own, full in parsed(path)[1]:
            text = full if whole else own
            if words in text and all(is_component(part, citation) for part in relevant["citation"]):
                yield text[text.index(words) :][:NEAR] if whole else text


def header_values(header: Mapping[str, str]) -> Iterator[str]:
    """The header field that a question asks for; a date as the answers may write it."""
    for path in files()[header["document"]]:
        for document in parsed(path)[0]:
            value = getattr(document, header["field"])
            yield f"{value:%d/%m/%Y}" if header["field"] == "issued" else str(value)


def test_the_questions_are_well_formed() -> None:
    queries = [question["query"] for question in QUESTIONS]
    assert len(set(queries)) == len(queries)
    for question in QUESTIONS:
        assert question["kind"] == "ask"
        assert question["note"].startswith("unanswerable-") is not bool(question["answers"])
        assert bool(question["answers"]) is bool(question["relevant"] or "header" in question)
        for relevant in question["relevant"]:
            assert set(relevant) == {"document", "contains", "citation"}
            assert len(relevant["contains"].split()) <= 6


def test_the_questions_are_many_and_spread() -> None:
    documents = {relevant["document"] for question in QUESTIONS for relevant in question["relevant"]}
    without_marks = [question for question in QUESTIONS if question["query"].isascii()]
    assert len(QUESTIONS) >= 130
    assert len(UNANSWERABLE) >= 42
    assert len(documents) >= 60
    assert 0.18 <= len(without_marks) / len(QUESTIONS) <= 0.25


@needs_documents
@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["query"])
def test_the_answer_stands_where_the_question_says(question: Mapping[str, Any]) -> None:
    for relevant in question["relevant"]:
        found = list(texts(relevant, question.get("whole", False)))
        assert found, f"no clause {relevant}"
        assert any(answer in text for text in found for answer in question["answers"]), found
    if "header" in question:
        assert any(answer in value for value in header_values(question["header"]) for answer in question["answers"])


@needs_documents
@pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda question: question["query"])
def test_a_document_that_an_unanswerable_question_names_is_not_among_the_files(question: Mapping[str, Any]) -> None:
    named = re.findall(r"\d+/[\w/-]*\w", question["query"])
    if question["note"] == "unanswerable-document":
        assert named
    assert not {number.upper() for number in named} & {number.upper() for number in files()}
