"""Abbreviations: what a text defines, and what it only seems to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.language.abbreviations import Expansion, abbreviation_key
from kgsearch.language.definitions import BUILT_IN, definitions, learn

DEFINED = [
    ("cải cách thủ tục hành chính (TTHC) trên địa bàn", "TTHC", "thủ tục hành chính"),
    ("thủ tục hành chính (sau đây viết tắt là TTHC)", "TTHC", "thủ tục hành chính"),
    ("Bảo hiểm thất nghiệp (sau đây gọi tắt là BHTN).", "BHTN", "bảo hiểm thất nghiệp"),
    ("bảo hiểm thất nghiệp, sau đây được viết tắt là “BHTN”;", "BHTN", "bảo hiểm thất nghiệp"),
    ("bảo hiểm thất nghiệp (viết tắt: BHTN)", "BHTN", "bảo hiểm thất nghiệp"),
    ("phát triển kinh tế - xã hội (KT-XH)", "KT-XH", "kinh tế xã hội"),
    ("phát triển kinh tế – xã hội (KTXH)", "KTXH", "kinh tế xã hội"),
    ("khám bệnh, chữa bệnh (KBCB)", "KBCB", "khám bệnh chữa bệnh"),
    ("Sở Kế hoạch và Đầu tư (KH&ĐT)", "KH&ĐT", "kế hoạch và đầu tư"),
    ("Sở Kế hoạch và Đầu tư (Sở KHĐT), kế hoạch và đầu tư (KHĐT)", "KHĐT", "kế hoạch và đầu tư"),
    ("của Hội đồng nhân dân (HĐND) tỉnh", "HĐND", "hội đồng nhân dân"),
    ("của Hội đồng nhân dân (HDND) tỉnh", "HDND", "hội đồng nhân dân"),
    ("TTHC (thủ tục hành chính)", "TTHC", "thủ tục hành chính"),
    ("TTHC: Thủ tục hành chính", "TTHC", "thủ tục hành chính"),
    ("1. TTHC là viết tắt của thủ tục hành chính;", "TTHC", "thủ tục hành chính"),
    ("- GPMB: giải phóng mặt bằng", "GPMB", "giải phóng mặt bằng"),
    # composed or not
    ("giải phóng mặt bằng (GPMB)", "GPMB", "giải phóng mặt bằng"),
]

NOT_DEFINED = [
    "thủ tục hành chính (XYZ)",
    "thủ tục. Hành chính (TTHC)",
    "hành chính (TTHC)",
    "thủ tục hành chính (tthc)",
    "Nghị quyết số 20/NQ-HĐND (HĐND)",
    "tỉnh Hải Giang (Hà)",
    "tại Điều 5 (A)",
    "(TTHC)",
    "TTHC",
    "Thủ tục hành chính: TTHC",
    "",
]


@pytest.mark.parametrize(("text", "short", "long"), DEFINED)
def test_definitions_are_found(text: str, short: str, long: str) -> None:
    assert (short, long) in list(definitions(text))


@pytest.mark.parametrize("text", NOT_DEFINED)
def test_what_is_no_definition(text: str) -> None:
    assert list(definitions(text)) == []


@pytest.mark.parametrize("text", ["(" * 5000, "TT" * 5000, "A-" * 5000, "A (" * 3000, "sau đây gọi tắt là " * 500, "THỦ TỤC " * 2000])
def test_hostile_text_ends(text: str) -> None:
    assert len(list(definitions(text))) < 5


@given(st.text(alphabet="TtHhCc (),.:-–&“”\u0301\n đĐ", max_size=200))
def test_a_long_form_stands_in_its_text(text: str) -> None:
    for short, long in definitions(text):
        assert 2 <= len(abbreviation_key(short)) <= len(long)
        words = text.lower().replace("\n", " ")
        assert all(word in words or not word.isascii() for word in long.split())


@pytest.mark.parametrize("spelling", ["KT-XH", "KTXH", "ktxh", "Kt-Xh", "KT – XH", "KT&XH"])
def test_spellings_of_one_abbreviation(spelling: str) -> None:
    assert abbreviation_key(spelling) == "ktxh"


def test_several_meanings_by_documents() -> None:
    table = learn([[("TC", "tài chính")]] * 5 + [[("TC", "tổ chức")]] * 3 + [[("TC", "tài chính")], [("tc", "Tài chinh".lower())]])
    assert table["tc"] == (Expansion("tài chính", 7), Expansion("tổ chức", 3))


def test_a_meaning_is_counted_once_a_document_and_slips_are_dropped() -> None:
    table = learn([[("CTX", "công trình xanh")] * 9] + [[("CTX", "cục thuế xã")]] * 20)
    assert table["ctx"] == (Expansion("cục thuế xã", 20),)


def test_the_corpus_stands_before_the_built_in_list() -> None:
    assert learn([])["ubnd"] == (Expansion("ủy ban nhân dân", 0),)
    table = learn([[("UBND", "ủy ban nước đại")]])
    assert [one.text for one in table["ubnd"]] == ["ủy ban nước đại", "ủy ban nhân dân"]


def test_the_built_in_list_is_sound() -> None:
    assert 50 <= len(BUILT_IN) <= 100
    assert {"ubnd", "hdnd", "ttg", "ktxh", "bhtn", "gpmb", "papi"} <= set(BUILT_IN)
    for key, found in BUILT_IN.items():
        assert key == abbreviation_key(key) and len(found) == len(set(found)) and all(text == text.lower() and text for text in found)


def test_what_others_found_agrees(shared: Path) -> None:
    """The built-in list and the definitions of real documents, against abbreviations mined from thousands of others."""
    mined: dict[str, set[str]] = {}
    for line in (shared / "benchmarks" / "abbreviations.tsv").read_text("utf-8").splitlines()[1:]:
        short, long, _documents = line.split("\t")
        mined.setdefault(abbreviation_key(short), set()).add(abbreviation_key(long))
    documents = [definitions(path.read_text("utf-8").replace("\n", " ")) for path in sorted((shared / "real").glob("*.txt"))[:60]]
    learnt = {key: found[0] for key, found in learn(documents).items() if found[0].documents}
    both = [key for key in learnt if key in mined]
    assert len(both) >= 10
    right = [key for key in both if abbreviation_key(learnt[key].text) in mined[key]]
    assert len(right) >= 0.9 * len(both)
