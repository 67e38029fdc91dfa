"""Slips: what was probably meant is found, and what was meant as it stands is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.language import syllable_key
from kgsearch.language.learning import learn
from kgsearch.language.spelling import MAX_CORRECTED, NEIGHBOURS, SpellingTables, correct
from kgsearch.language.tables import Packed, Stamp, pack

WORDS = ("giải", "ngân", "ngn", "vốn", "đuầ", "tư", "công", "84", "UBND", "giaingan")
CORPUS = [
    *["Đẩy nhanh tiến độ giải ngân vốn đầu tư công năm 2022."] * 4,
    *["Ủy ban nhân dân tỉnh Hải Giang ban hành kế hoạch cải cách thủ tục hành chính."] * 4,
    *["Phí bảo vệ môi trường đối với nước thải công nghiệp."] * 3,
    "Đầy đủ; đây là quy định về quản lý đất đai; đã tư vấn cho người dân.",
    "Thời gian gọi điện thoại.",
    "Công chức có trách nhiệm giải quyết hồ sơ trong thời hạn.",
]
_PACKED = Packed(pack(learn([CORPUS]), Stamp("", "", 0, 0)))


@pytest.fixture(scope="module")
def tables() -> SpellingTables:
    return _PACKED.spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # dropped, doubled, swapped, a neighbouring key, one letter too many
        ("giải ngn vốn đầu tư công", "giải ngân vốn đầu tư công"),
        ("giải ngânn vốn đầu tư", "giải ngân vốn đầu tư"),
        ("giải nâgn vốn", "giải ngân vốn"),
        ("giải ngâm vốn đầu tư", "giải ngân vốn đầu tư"),
        ("giảo ngân vốn", "giải ngân vốn"),
        ("bảo về mooi trường", "bảo vệ môi trường"),
        # without marks
        ("giai ngn von dau tu cong", "giai ngan von dau tu cong"),
        ("thu tuc hnah chinh", "thu tuc hanh chinh"),
        # a word of the corpus that never stands there
        ("ngân vốn đầy tư công", "ngân vốn đầu tư công"),
        ("vốn đấy tư công", "vốn đầu tư công"),
        # two slips
        ("gải ngân vốn đuầ tư công", "giải ngân vốn đầu tư công"),
        # a space too few, too many
        ("giảingân vốn", "giải ngân vốn"),
        ("giaingan von", "giai ngan von"),
        ("giải ng ân vốn", "giải ngân vốn"),
    ],
)
def test_slips_are_corrected(tables: SpellingTables, typed: str, meant: str) -> None:
    correction = correct(typed.split(), tables)
    assert correction is not None
    assert [syllable_key(word) for word in correction.syllables] == [syllable_key(word) for word in meant.split()]
    assert correction.changes
    assert 0.5 < correction.confidence <= 1


@pytest.mark.parametrize(
    "typed",
    [
        "giải ngân vốn đầu tư công",
        "giai ngan von dau tu cong",
        # The marks alone are wrong: it is found in any case.
        "giải ngàn vốn đầu tư công",
        # Codes, figures, abbreviations, names that occur.
        "2022 84 20a",
        "UBND tỉnh Hải Giang",
        "tỉnh Giang Hải",
        "Thoài tư vấn",
        "GPMB đầu tư công",
        # Nothing like it is known.
        "blockchain",
        "x",
        "",
    ],
)
def test_what_is_meant_so_stays(tables: SpellingTables, typed: str) -> None:
    assert correct(typed.split(), tables) is None


def test_changes_say_where(tables: SpellingTables) -> None:
    correction = correct(["kế", "hoạch", "giảingân", "vốn", "đuầ", "tư"], tables)
    assert correction is not None
    assert [(change.first, change.last, change.meant) for change in correction.changes] == [(2, 3, ("giải", "ngân")), (4, 5, ("đầu",))]


def test_an_empty_corpus_and_an_endless_query() -> None:
    empty = Packed(pack(learn([]), Stamp("", "", 0, 0))).spelling
    assert correct(["giải", "ngn"], empty) is None
    assert correct(["ngn"] * (MAX_CORRECTED + 1), _PACKED.spelling) is None


def test_no_more_than_two_slips_are_read_into_a_query(tables: SpellingTables) -> None:
    correction = correct(["gải", "ngn", "vốn", "đuầ", "tơ", "công"], tables)
    assert correction is None or len(correction.changes) <= 2


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=20)), max_size=20))
def test_changes_rebuild_the_query(typed: list[str]) -> None:
    correction = correct(typed, _PACKED.spelling)
    if correction is None:
        return
    rebuilt: list[str] = []
    place = 0
    for change in correction.changes:
        assert place <= change.first < change.last <= len(typed)
        assert not any(character.isdigit() for token in typed[change.first : change.last] for character in token)
        rebuilt += [*typed[place : change.first], *change.meant]
        place = change.last
    rebuilt += typed[place:]
    assert [syllable_key(word) for word in rebuilt] == [syllable_key(word) for word in correction.syllables]
    assert len(correction.changes) <= 2


def test_keys_are_neighbours_both_ways() -> None:
    assert NEIGHBOURS["g"] and set("fhtyvb") <= set(NEIGHBOURS["g"])
    assert all(letter in NEIGHBOURS[other] for letter, others in NEIGHBOURS.items() for other in others)
