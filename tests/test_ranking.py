"""Ranking: the parts of the formula one by one, the phrases that a question is asked with, and how much a match must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.engines.base import Candidate, Entry, Statistics
from kgsearch.engines.memory import MemoryEngine
from kgsearch.language import analyse, fields, fold
from kgsearch.language.stop_phrases import FEWEST_LEFT, without_stop_phrases
from kgsearch.retrieval.candidates import PARTIAL_COVERAGE, QUESTION_COVERAGES, RANKED, SHORT, ask, ordered, reach
from kgsearch.retrieval.query import read_query
from kgsearch.retrieval.ranking import rank

# --- stop phrases --------------------------------------------------------------------------------------------------------


def left(question: str) -> str:
    syllables = question.split()
    return " ".join(syllable for syllable, stays in zip(syllables, without_stop_phrases(syllables), strict=True) if stays)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Thủ tục cấp sổ hộ khẩu như thế nào", "Thủ tục cấp sổ hộ khẩu"),
        ("thu tuc cap so ho khau nhu the nao", "thu tuc cap so ho khau"),
        ("theo quy định của pháp luật ai cấp giấy phép xây dựng", "cấp giấy phép xây dựng"),
        ("theo qui định của pháp luật ai cấp giấy phép xây dựng", "cấp giấy phép xây dựng"),
        ("NHIỆM VỤ CỦA VĂN PHÒNG LÀ GÌ", "NHIỆM VỤ CỦA VĂN PHÒNG LÀ"),
        # what only looks like a phrase without its marks
        ("phòng bệnh viêm não Nhật Bản", "phòng bệnh viêm não Nhật Bản"),
        ("ứng dụng AI trong cơ quan", "ứng dụng AI trong cơ quan"),
        # a statement in the middle, a question at the end
        ("cán bộ phải không ngừng học tập", "cán bộ phải không ngừng học tập"),
        ("cán bộ được miễn học phí phải không", "cán bộ được miễn học phí"),
        # "X là gì" looks for the clause that says "X là"
        ("Quyết định hành chính là gì", "Quyết định hành chính là"),
        # too little would be left
        ("giải ngân khi nào", "giải ngân khi nào"),
        ("bao nhiêu", "bao nhiêu"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_question(question: str, expected: str) -> None:
    assert left(question) == expected


_SYLLABLES = "ai gì nào nao khi bao nhiêu nhieu theo quy định của pháp luật đúng hay sai phải không giải ngân vốn đầu tư"
QUESTIONS = st.lists(
    st.sampled_from(_SYLLABLES.split(" ")),
    max_size=12,
)


@given(QUESTIONS)
def test_enough_is_always_left(syllables: list[str]) -> None:
    kept = without_stop_phrases(syllables)
    assert len(kept) == len(syllables)
    assert all(kept) or sum(kept) >= FEWEST_LEFT


@given(st.lists(st.text(min_size=1, max_size=8), max_size=8))
def test_any_syllables_are_borne(syllables: list[str]) -> None:
    assert len(without_stop_phrases(syllables)) == len(syllables)


# --- the formula ---------------------------------------------------------------------------------------------------------

FREQUENCIES = {"giai": 10, "ngan": 10, "von": 20, "dau": 30, "tu": 30, "cong": 40, "tien": 15, "do": 25}


def ranked(query: str, passages: Mapping[str, tuple[str, str]], clauses: Mapping[str, str] | None = None) -> list[str]:
    """The ids of ``passages`` (context, text) in the order of ``query``."""
    statistics = Statistics(1000, {"syllables": 20.0, "bigrams": 19.0}, {"syllables": FREQUENCIES})
    candidates = [
        Candidate(name, "d", (clauses or {}).get(name, f"art_{name}"), None, 0.0, analyse(context).marked, analyse(text).marked)
        for name, (context, text) in passages.items()
    ]
    return [one.candidate.passage for one in rank(read_query(query), candidates, statistics)]


FILLING = "các cơ quan, đơn vị thuộc tỉnh phối hợp chặt chẽ với nhau trong năm tới"


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        # neighbours as in the query
        ("giải ngân vốn", ("", f"giải ngân vốn {FILLING}"), ("", f"ngân sách giải trình vốn {FILLING}")),
        # a heading that is met whole before one that holds the same words among others
        (
            "giải ngân vốn",
            ("Giải ngân vốn", FILLING),
            ("Giải ngân vốn và công tác phối hợp giữa các cơ quan thuộc tỉnh", FILLING),
        ),
        # what says it itself before what stands under a heading that does
        ("giải ngân vốn", ("Kế hoạch năm", f"giải ngân vốn {FILLING}"), ("Kế hoạch năm giải ngân vốn", FILLING)),
        # the words with their marks as typed
        ("giải ngân", ("", f"giải ngân {FILLING}"), ("", f"giai ngạn {FILLING}")),
        # a bare heading behind the clause under it
        ("giải ngân vốn", ("Giải ngân vốn", FILLING), ("Giải ngân vốn", "Tiến độ")),
    ],
)
def test_what_stands_first(query: str, better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert ranked(query, {"a": worse, "b": better}) == ["b", "a"]


@pytest.mark.parametrize("clause", ["conclusions", "preamble__p_1", "fn_3"])
def test_what_stands_apart_comes_after_the_body(clause: str) -> None:
    same = ("", f"giải ngân vốn {FILLING}")
    assert ranked("giải ngân vốn", {"a": same, "b": same}, {"a": clause}) == ["b", "a"]


def test_equals_stand_in_the_order_of_their_ids() -> None:
    same = ("Giải ngân", f"giải ngân vốn {FILLING}")
    assert ranked("giải ngân vốn", {"c": same, "a": same, "b": same}) == ["a", "b", "c"]


PASSAGES = st.tuples(st.text("giaỉngânvốđầutưcô ", max_size=30), st.text("giaỉngânvốđầutưcô ", max_size=60))


@given(st.lists(PASSAGES, min_size=1, max_size=5))
def test_without_marks_the_same_order_but_for_the_tie_break(passages: list[tuple[str, str]]) -> None:
    """A query without marks has no tie-break by marks: it ranks as though no passage had any."""
    marked = {str(number): passage for number, passage in enumerate(passages)}
    bare = {name: (fold(context), fold(text)) for name, (context, text) in marked.items()}
    assert ranked("giai ngan von dau tu cong", marked) == ranked("giai ngan von dau tu cong", bare)


# --- how much a match must hold ------------------------------------------------------------------------------------------


def engine_of(texts: Sequence[str]) -> MemoryEngine:
    engine = MemoryEngine()
    with engine.writer() as writer:
        for number, text in enumerate(texts):
            analysis = analyse(text, words=False)
            tokens = fields(analyse(""), analysis)
            writer.add([Entry(f"{number:03}", f"d{number}", "art_1", "", "", None, tokens, (), analysis.marked)])
    return engine


WORDS = "giải ngân vốn đầu tư công tỉnh năm nay"


@pytest.mark.parametrize(
    ("query", "whole", "coverage"),
    [
        (" ".join(WORDS.split()[:SHORT]), 12, 1.0),
        (" ".join(WORDS.split()[:SHORT]), 3, PARTIAL_COVERAGE),
        (" ".join(WORDS.split()[: SHORT + 1]), 12, QUESTION_COVERAGES[-1]),
        (" ".join(WORDS.split()[: SHORT + 1]), RANKED, QUESTION_COVERAGES[0]),
        ("vốn", 3, 1.0),
    ],
)
def test_a_question_need_not_be_held_whole(query: str, whole: int, coverage: float) -> None:
    engine = engine_of([f"{WORDS} {number}" for number in range(whole)] + ["nội dung khác"] * 5)
    assert reach(engine, read_query(query))[1] == coverage


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("84%", ["000", "001"]),
        ("31/01/2022", ["003", "004"]),
        ("ngày 31 tháng 1 năm 2022", ["003", "004"]),
        ("99%", []),
        ("đạt 84%", ["000", "001", "002"]),
    ],
)
def test_a_number_alone_is_found_whole(query: str, found: list[str]) -> None:
    percentages = ["đạt 84% kế hoạch", "giải ngân đạt 84 %", "đạt theo Điều 84"]
    engine = engine_of([*percentages, "ngày 31 tháng 01 năm 2022", "ngày 31/01/2022", "ngày 31 tháng 12 năm 2022, 01 bản"])
    read, coverage = reach(engine, read_query(query))
    assert sorted(one.passage for one in ask(engine, read, coverage).candidates) == found


def test_a_clause_that_lacks_one_word_of_a_question_is_found() -> None:
    # Words scattered over many long clauses must not hide the short one that answers.
    scattered = [f"{' nội dung khác '.join(reversed(WORDS.split()))} {number}" for number in range(12)]
    engine = engine_of([*scattered, "giải ngân vốn đầu tư công tỉnh"])
    query, coverage = reach(engine, read_query(WORDS))
    assert ordered(query, ask(engine, query, coverage))[0].candidate.passage == "012"


def test_a_word_that_occurs_nowhere_is_left_out() -> None:
    engine = engine_of([WORDS] * 12)
    query, coverage = reach(engine, read_query("giải ngân zzz"))
    assert (query.syllables, coverage) == (("giai", "ngan"), 1.0)
