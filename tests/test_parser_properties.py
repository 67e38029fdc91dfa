"""The parser on anything at all: no crash, no lost word, no text that its source does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import assert_whole, lost_words

from kgsearch.errors import ReadError
from kgsearch.models import SourceText
from kgsearch.parser import parse
from kgsearch.readers import read
from kgsearch.readers.text import split_lines

SAMPLES = sorted((Path(__file__).parents[1] / "corpus").glob("*.txt"))
TEXTS = [read(path).text for path in SAMPLES]

LABELS = st.sampled_from(
    [
        "Điều 1.",
        "Điều 2.",
        "Điều 1a.",
        "1.",
        "2.",
        "3.",
        "1.1.",
        "a)",
        "b)",
        "đ)",
        "-",
        "+",
        "I.",
        "II.",
        "A.",
        "Chương I",
        "Mục 1",
        "PHỤ LỤC",
        "QUY CHẾ",
        "Nơi nhận:",
        "TM. ỦY BAN",
        "“Điều 3.",
        "¹",
        "[1]",
        "",
        "",
        "Số: 12/NQ-HĐND",
        "NGHỊ QUYẾT",
        "QUYẾT NGHỊ:",
        "Căn cứ",
        "Kính gửi:",
    ]
)
WORDS = st.text(alphabet='aăâbcdđeghiklmnoôơpqrstuưvxyÀẾ ,.;:()"”“*_¹ⁿ|/-0123456789\u0301\u200b\n', max_size=40)


def check(source: SourceText) -> None:
    try:
        documents = parse(source)
    except ReadError:
        return
    assert_whole(source, documents)


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    check(split_lines(text, "utf-8"))


@given(st.lists(st.tuples(LABELS, WORDS), max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_order_of_labels(parts: list[tuple[str, str]]) -> None:
    check(split_lines("\n".join(f"{label} {words}" for label, words in parts), "utf-8"))


@given(st.sampled_from(TEXTS), st.integers(0, 20_000), st.integers(0, 20_000))
@settings(max_examples=30, deadline=None)
def test_truncated_documents(text: str, start: int, length: int) -> None:
    check(split_lines(text[start : start + length], "utf-8"))


@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_shuffled_lines(text: str, random: object) -> None:
    lines = text.split("\n")
    random.shuffle(lines)  # type: ignore[attr-defined]
    check(split_lines("\n".join(lines), "utf-8"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples(path: Path) -> None:
    source = read(path)
    assert_whole(source, parse(source))


def test_a_lost_word_is_noticed() -> None:
    source = split_lines("NGHỊ QUYẾT\nVề việc thử\nĐiều 1. Một điều có năm từ.\n", "utf-8")
    documents = parse(source)
    assert lost_words(source, documents) == []
    assert lost_words(source, []) != []
