"""Restoring marks: from what a corpus writes, and nothing from what it does not."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.language import fold, has_marks, normalise_syllable
from kgsearch.language.bigrams import BOUNDARY, Bigrams
from kgsearch.language.learning import learn
from kgsearch.language.restore import MarkTables, restore
from kgsearch.language.tables import Packed, Stamp, pack

WORDS = ("giai", "ngan", "von", "dau", "tu", "cong", "uy", "ban", "Tinh", "84", "giải", "ngân")
CORPUS = [
    "Đẩy nhanh tiến độ giải ngân vốn đầu tư công.",
    "Kế hoạch vốn đầu tư công năm 2022 của tỉnh.",
    "Ủy ban nhân dân tỉnh ban hành kế hoạch cải cách hành chính.",
    "Công ty cổ phần có trụ sở tại tỉnh.",
    "Tỷ lệ giải ngân đạt 84%.",
    "Ngân hàng cho vay vốn; hòa giải ở cơ sở.",
]


@pytest.fixture(scope="module")
def tables() -> MarkTables:
    return Packed(pack(learn([CORPUS]), Stamp("", "", 0, 0))).marks


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giai ngan von dau tu cong", "giải ngân vốn đầu tư công"),
        ("Uy ban nhan dan tinh", "Ủy ban nhân dân tỉnh"),
        ("GIAI NGAN", "GIẢI NGÂN"),
        # The spelling is the corpus's: "tỷ" and "công ty" with y, though both are compared with i.
        ("ty le", "tỷ lệ"),
        ("ti le", "tỷ lệ"),
        ("cong ty", "công ty"),
        # What has marks stays, right or wrong, and says what stands beside it.
        ("giải ngan", "giải ngân"),
        ("hóa giai", "hóa giải"),
        # Not known, figures, abbreviations.
        ("blockchain 2022 giai ngan", "blockchain 2022 giải ngân"),
        ("", ""),
    ],
)
def test_marks_are_restored(tables: MarkTables, typed: str, meant: str) -> None:
    assert " ".join(restore(typed.split(), tables)) == meant


def test_a_neighbour_with_marks_decides() -> None:
    tables = Packed(pack(learn([["giải ngân"] * 3 + ["gái ngần"] * 2]), Stamp("", "", 0, 0))).marks
    assert restore(["giai", "ngan"], tables) == ("giải", "ngân")
    assert restore(["gái", "ngan"], tables) == ("gái", "ngần")


def test_an_empty_corpus_restores_nothing() -> None:
    tables = Packed(pack(learn([]), Stamp("", "", 0, 0))).marks
    assert restore(["giai", "ngan"], tables) == ("giai", "ngan")


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=200))
def test_one_for_one_and_nothing_but_marks(typed: list[str]) -> None:
    tables = Packed(_PACKED).marks
    restored = restore(typed, tables)
    assert len(restored) == len(typed)
    for before, after in zip(typed, restored, strict=True):
        assert before == after or (not has_marks(before) and fold(normalise_syllable(before)) == fold(normalise_syllable(after)))


_PACKED = pack(learn([CORPUS]), Stamp("", "", 0, 0))


def test_the_best_sequence_is_the_best_of_all() -> None:
    """Viterbi against trying every sequence."""
    others = ["giai nhân và gian nan", "đậu từ cổng", "dẫu tự cộng", "vón dấu tu công"]
    tables = Packed(pack(learn([[*CORPUS, *others]]), Stamp("", "", 0, 0))).marks
    table = tables.bigrams
    typed = ["von", "dau", "tu", "cong"]

    def likelihood(path: tuple[int, ...]) -> float:
        whole = (BOUNDARY, *path, BOUNDARY)
        return sum(table.log_probability(first, second) for first, second in pairwise(whole))

    best = max(product(*(tables.forms[key] for key in typed)), key=likelihood)
    assert len(list(product(*(tables.forms[key] for key in typed)))) > 10
    assert [normalise_syllable(word) for word in restore(typed, tables)] == [table.words[word] for word in best]


def test_probabilities_of_what_follows_a_word_are_a_distribution() -> None:
    table: Bigrams = learn([CORPUS]).marked
    for first in range(len(table.words)):
        whole = sum(math.exp(table.log_probability(first, second)) for second in range(len(table.words)))
        assert whole == pytest.approx(1.0, abs=0.01), table.words[first]


def test_questions_are_known_though_no_document_asks() -> None:
    tables = Packed(pack(learn([["Người sử dụng đất hay đổi ý, sai sót dùng đủng đỉnh."]]), Stamp("", "", 0, 0))).marks
    assert restore(["dung", "hay", "sai"], tables) == ("đúng", "hay", "sai")
