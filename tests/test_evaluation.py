"""The evaluation: judged files as they are read, the figures against ones worked out by hand, comparisons, and the report as a whole."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kgsearch.config import load_settings
from kgsearch.errors import UsageError
from kgsearch.evaluation import earlier_report, evaluate, lines, read_report
from kgsearch.evaluation.figures import MEASURES, Judged, difference, estimate, measured
from kgsearch.evaluation.questions import read_passages, read_questions
from kgsearch.models import Hit

pytest.importorskip("ir_measures", reason="needs the extra “evaluation”")

# --- files ---------------------------------------------------------------------------------------------------------------


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_questions_as_they_stand_in_a_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "q.jsonl",
        '{"kind": "search", "query": "a", "relevant": [{"document": "d", "contains": "c", "citation": ["Điều 1"]}], "whole": true}\n\n'
        '{"kind": "ask", "query": "b", "answers": ["84%"], "relevant": []}\n',
    )
    first, second = read_questions(path)
    assert (first.kind, first.whole, first.relevant[0].citation) == ("search", True, ("Điều 1",))
    assert (second.kind, second.answers, second.relevant) == ("ask", ("84%",), ())


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '{"kind": "search"}',
        '{"kind": "other", "query": "a"}',
        '{"kind": "search", "query": ""}',
        '{"kind": "search", "query": "a", "relevant": [{"document": "d"}]}',
        '{"kind": "search", "query": "a", "relevant": [{"document": "d", "contains": 7}]}',
        '{"kind": "search", "query": "a", "relevant": 7}',
        '{"kind": "ask", "query": "a", "answers": [1]}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "q.jsonl", f'{{"kind": "search", "query": "a"}}\n{line}\n')
    with pytest.raises(UsageError, match=r"q\.jsonl.*2") as raised:
        read_questions(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_questions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        read_questions(written(tmp_path, "q.jsonl", text))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_questions(tmp_path / "missing.jsonl")
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError):
        read_questions(tmp_path / "q.jsonl")


def test_passages_as_they_stand_in_a_table(tmp_path: Path) -> None:
    text = (
        'context,question,answer\n"Đầu đề\n\nLời  một\nhai","Hỏi  một?",x\n"Đầu đề\nLời một hai","Hỏi hai?",\n"Một dòng",,\n'
        '"ﬁ\nhai",Hỏi ba?,\n,Không có đoạn,\n'
    )
    judged = read_passages(written(tmp_path, "t.csv", text))
    # White space folded, the first two are one; a single line is no heading; NFKC; a question without a passage is none.
    assert judged.passages == (("Đầu đề", "Lời một hai"), ("", "Một dòng"), ("fi", "hai"))
    assert judged.questions == (("Hỏi một?", 0), ("Hỏi hai?", 0), ("Hỏi ba?", 2))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "context,question\nx,\n", "context,question\n"])
def test_a_table_without_its_columns_or_questions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        read_passages(written(tmp_path, "t.csv", text))


# --- figures -------------------------------------------------------------------------------------------------------------


def gain(*ranks: int) -> float:
    return sum(1 / math.log2(rank + 1) for rank in ranks)


@pytest.mark.parametrize(
    ("right", "clauses", "expected"),
    [
        ([[0]], 1, (1, 1, 1, 1, 1)),
        ([[], [0], [1], []], 3, (0, 1, 2 / 3, 1 / 2, gain(2, 3) / gain(1, 2, 3))),
        ([[], [], [], [0]], 1, (0, 0, 1, 1 / 4, gain(4))),
        ([[]] * 10, 2, (0, 0, 0, 0, 0)),
        ([], 1, (0, 0, 0, 0, 0)),
        # one hit that is three right clauses; two hits that are one
        ([[0, 1, 2]], 3, (1, 1, 1, 1, 1)),
        ([[0], [0]], 1, (1, 1, 1, 1, 1)),
        # more right clauses than places
        ([[place] for place in range(10)], 20, (1, 1, 1 / 2, 1, 1)),
    ],
)
def test_figures_of_one_query(right: Sequence[Sequence[int]], clauses: int, expected: tuple[float, ...]) -> None:
    assert [measured([Judged(right, clauses)])[0][name] for name in MEASURES] == pytest.approx(expected)


def test_each_query_has_its_own_figures() -> None:
    rankings = [Judged([[]] * place + [[0]], 1) for place in range(9, -1, -1)]
    assert [figures["MRR@10"] for figures in measured(rankings)] == pytest.approx([1 / rank for rank in range(10, 0, -1)])


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    few, many = estimate([0.0, 1.0] * 20), estimate([0.0, 1.0] * 500)
    assert few.low < few.mean == many.mean == 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    # The normal approximation: 1.96 standard errors.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(1000), rel=0.05)
    assert estimate([0.0, 1.0] * 20) == few
    assert estimate([1.0]) == estimate([1.0, 1.0])


def test_a_difference_by_chance_and_one_that_is_not() -> None:
    before = [0.0, 1.0] * 200
    # Twenty got better and twenty worse; thirty got better and none worse.
    exchanged = [1 - value if place < 40 else value for place, value in enumerate(before)]
    better = [1.0 if place < 60 else value for place, value in enumerate(before)]
    assert difference(before, before) == difference(exchanged, exchanged)
    assert difference(before, before).p == 1
    assert difference(before, exchanged).mean == 0
    assert difference(before, exchanged).p > 0.5
    assert difference(before, better).p < 0.01
    assert difference(before, better).mean == pytest.approx(30 / 400)
    assert difference(better, before).mean == pytest.approx(-30 / 400)


# --- reports -------------------------------------------------------------------------------------------------------------

TABLE = """context,question,answer
"Giải ngân vốn đầu tư công
Tỷ lệ giải ngân vốn đầu tư công đạt 90%.",Tỷ lệ giải ngân vốn đầu tư công là bao nhiêu?,
"Che phủ rừng
Tỷ lệ che phủ rừng đạt 11%.",Tỷ lệ che phủ rừng đạt bao nhiêu?,
"Học phí
Sinh viên được miễn học phí học kỳ một.",Ai được miễn học phí học kỳ một?,
"Phối hợp
Các cơ quan phối hợp thực hiện.",Thủ đô của nước Pháp ở đâu?,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return written(tmp_path, "t.csv", TABLE)


@pytest.mark.parametrize("engine", ["memory", "whoosh"])
@pytest.mark.parametrize("strip_marks", [False, True])
def test_a_table_is_judged_through_an_engine(table: Path, engine: str, strip_marks: bool) -> None:
    report = evaluate(None, table, engine=engine, strip_marks=strip_marks)
    assert [query.rank for query in report.queries] == [1, 1, 1, None]
    assert report.kinds()["passage"]["P@1"].mean == 0.75
    assert json.loads(json.dumps(report.to_json()))["kinds"]["passage"]["queries"] == 4


def test_a_question_longer_than_a_query_may_be_is_asked_by_its_beginning(tmp_path: Path) -> None:
    long = "Tỷ lệ che phủ rừng " + "đạt bao nhiêu " * 60
    table = written(tmp_path, "t.csv", TABLE + f'"Che phủ rừng\nTỷ lệ che phủ rừng đạt 11%.",{long},\n')
    assert evaluate(None, table, engine="memory").queries[-1].rank == 1


def test_what_got_better_and_worse(table: Path, tmp_path: Path) -> None:
    report = evaluate(None, table, engine="memory")
    value = report.to_json()
    same = evaluate(None, table, engine="memory", compare=earlier_report(value, "same"))
    assert same.compared is not None
    assert (same.compared.better, same.compared.worse, same.compared.unmatched) == ((), (), 0)
    assert same.compared.differences["passage"]["P@1"].p == 1
    # As though the first question had not been found before, and the last had.
    for place, found in ((0, 0.0), (3, 1.0)):
        value["queries"][place]["figures"] = dict.fromkeys(MEASURES, found)
    del value["queries"][1]
    written(tmp_path, "old.json", json.dumps(value))
    changed = evaluate(None, table, engine="memory", compare=read_report(tmp_path / "old.json")).compared
    assert changed is not None
    assert [one.query[:16] for one in changed.better] == ["Tỷ lệ giải ngân "]
    assert [(one.before, one.after) for one in changed.worse] == [(1.0, 0.0)]
    assert changed.unmatched == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"queries": 7}', '{"queries": [7]}', '{"queries": [{"kind": "search"}]}', "[" * 100_000])
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        read_report(written(tmp_path, "old.json", text))
    with pytest.raises(UsageError):
        read_report(tmp_path / "missing.json")


@dataclass(frozen=True)
class Given:
    """An answer."""

    answer: str | None
    evidence: Sequence[Hit] = ()


def questions_on(index: Path, samples: Path, folder: Path) -> tuple[Any, Path, dict[str, Any]]:
    """Settings of the samples' index, and a file of judged questions on the first clause that a search finds."""
    from kgsearch.retrieval import Searcher

    settings = load_settings(samples, index)
    hit = Searcher(settings).search("giải ngân vốn đầu tư công", limit=1).hits[0]
    relevant = {
        "document": hit.document.number or hit.document.title,
        "contains": hit.clause.text,
        "citation": [hit.citation.split(" ")[0]],
    }
    rows = [
        {"kind": "search", "query": "giải ngân vốn đầu tư công", "relevant": [relevant]},
        {"kind": "search", "query": "giải ngân vốn đầu tư công", "relevant": [{**relevant, "contains": "không có trong văn bản nào"}]},
        {"kind": "ask", "query": "Đạt bao nhiêu?", "answers": ["84%"], "relevant": [relevant]},
        {"kind": "ask", "query": "Giá vàng?", "answers": [], "relevant": []},
    ]
    return settings, written(folder, "q.jsonl", "\n".join(json.dumps(row) for row in rows)), {"hit": hit}


def test_questions_over_documents(sample_index: Path, samples: Path, tmp_path: Path) -> None:
    settings, path, _found = questions_on(sample_index, samples, tmp_path)
    for strip_marks in (False, True):
        report = evaluate(settings, path, strip_marks=strip_marks)
        assert [query.rank for query in report.queries] == [1, None, None, None]
        assert report.kinds()["search"]["P@1"].mean == 0.5
        assert report.kinds()["ask"] == {}
    assert any("ask" in line for line in lines(report))


@pytest.mark.parametrize(
    ("answer", "evident", "right"),
    [
        ("đạt 84% kế hoạch", True, [1.0, 0.0]),
        ("đạt 84% kế hoạch", False, [0.0, 0.0]),
        ("đạt 83%", True, [0.0, 0.0]),
        (None, True, [0.0, 1.0]),
    ],
)
def test_answers_where_somebody_answers(
    sample_index: Path, samples: Path, tmp_path: Path, answer: str | None, evident: bool, right: list[float]
) -> None:
    settings, path, found = questions_on(sample_index, samples, tmp_path)
    evidence = [found["hit"]] if evident else []
    report = evaluate(settings, path, ask=lambda question: Given(answer, evidence))
    assert [query.figures["right"] for query in report.queries if query.kind == "ask"] == right
    assert report.kinds()["ask"]["right"].mean == sum(right) / 2


def test_lines_for_people(table: Path) -> None:
    report = evaluate(None, table, engine="memory")
    told = "\n".join(lines(evaluate(None, table, engine="memory", compare=earlier_report(report.to_json(), "old.json"))))
    assert "nDCG@10" in told
    assert "old.json" in told
    assert "Thủ đô của nước Pháp" in told
