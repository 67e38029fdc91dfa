"""A pattern for many words matches what the words one after the other match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.citations.alternatives import alternatives
from kgsearch.citations.components import UNIT_WORDS
from kgsearch.citations.naming import LAW_WORDS, TYPE_WORDS

WORDS = st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORDS, st.text("abc", max_size=6))
def test_the_longest_that_fits(words: list[str], text: str) -> None:
    expected = max((word for word in words if text.startswith(word)), key=len, default=None)
    found = re.match(alternatives(words), text)
    assert (found and found[0]) == expected


@given(WORDS, st.text("abc", max_size=6))
def test_a_shorter_one_where_what_follows_asks_for_it(words: list[str], text: str) -> None:
    one_by_one = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    assert bool(re.fullmatch(rf"(?:{one_by_one})a*", text)) == bool(re.fullmatch(rf"{alternatives(words)}a*", text))


def test_what_is_one_character_of_a_pattern() -> None:
    pattern = alternatives([r"[Đđ]ề\s+án(?=\s)", r"[Đđ]ề\s+nghị(?!\w)", r"\d+x", "Đ"])
    assert [match[0] for match in re.finditer(pattern, "Đề  án đề nghị, đề nghịx 12x Đ")] == ["Đề  án", "đề nghị", "12x", "Đ"]


@pytest.mark.parametrize("words", [UNIT_WORDS, LAW_WORDS, TYPE_WORDS], ids=["units", "laws", "types"])
def test_the_words_of_references(words: list[str]) -> None:
    pattern = re.compile(alternatives(words))
    for word in words:
        for case in (1, 2):
            text = re.sub(r"\[(.)(.)\]", rf"\{case}", word.replace(r"\s+", "  "))
            assert pattern.fullmatch(text), text
