"""The judged questions beside the project, kind "search", on an index of the real documents alone: the rule of the design's evaluation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from corpus_index import indexed

from kgsearch.models import Hit
from kgsearch.retrieval import Searcher

QUESTIONS = Path(__file__).resolve().parents[2] / "shared" / "gold" / "questions.jsonl"
FIRST, PAGE = 3, 10


@cache
def questions() -> tuple[Mapping[str, Any], ...]:
    """The judged questions of kind "search"; none where the folder beside the project is missing."""
    if not QUESTIONS.exists():
        return ()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return tuple(question for line in lines if line.strip() for question in [json.loads(line)] if question["kind"] == "search")


@pytest.fixture(scope="module")
def searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return Searcher(indexed(shared / "corpus", tmp_path_factory))


def is_component(part: str, citation: str) -> bool:
    """Whether a citation has the part (or one of "a|b") as a whole component: "khoản 1" is no part of "khoản 12"."""
    return any(re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", citation) for choice in part.split("|"))


def is_right(hit: Hit, relevant: Mapping[str, Any], whole: bool) -> bool:
    return (
        (relevant["document"] in hit.document.number or relevant["document"] in hit.document.title)
        and relevant["contains"] in (hit.clause.full_text if whole else hit.clause.text)
        and all(is_component(part, hit.citation_full) for part in relevant["citation"])
    )


def ranks(hits: Sequence[Hit], question: Mapping[str, Any]) -> list[int | None]:
    """The rank of the first right hit for each clause that the question's judges named."""
    whole = question.get("whole", False)
    return [next((hit.rank for hit in hits if is_right(hit, relevant, whole)), None) for relevant in question["relevant"]]


@pytest.mark.parametrize(
    ("part", "citation", "expected"),
    [
        ("khoản 1", "khoản 1 Mục II", True),
        ("khoản 1", "khoản 12 Mục II", False),
        ("Mục I", "khoản 1 Mục II", False),
        ("điểm d", "điểm đ khoản 1", False),
        ("Phụ lục|Danh mục", "số thứ tự 1 Danh mục A", True),
        ("Phụ lục|Danh mục", "Điều 1", False),
    ],
)
def test_a_component_is_whole(part: str, citation: str, expected: bool) -> None:
    assert is_component(part, citation) is expected


def test_the_questions_are_there(shared: Path) -> None:
    assert len(questions()) >= 20


@pytest.mark.parametrize("question", questions(), ids=lambda question: f"question {questions().index(question) + 1}")
def test_a_right_clause_is_among_the_first(searcher: Searcher, question: Mapping[str, Any]) -> None:
    found = [rank for rank in ranks(searcher.search(question["query"], limit=FIRST).hits, question) if rank]
    assert found


@pytest.mark.parametrize("number", [0, 1])
def test_all_clauses_of_the_first_two_questions_are_on_the_first_page(searcher: Searcher, number: int) -> None:
    question = questions()[number]
    found = ranks(searcher.search(question["query"], limit=PAGE).hits, question)
    assert len(found) == 8
    assert None not in found


def test_with_marks_and_without_the_same_clauses_are_found(searcher: Searcher) -> None:
    first, second = (searcher.search(questions()[number]["query"], limit=PAGE) for number in (0, 1))
    assert {(hit.document.id, hit.clause.eid) for hit in first.hits} == {(hit.document.id, hit.clause.eid) for hit in second.hits}
    assert first.total == second.total
