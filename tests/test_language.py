"""One spelling, folding, tokens with their places, and the analysis that index and query share."""

from __future__ import annotations

import itertools
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.engines.base import SCORED_FIELDS
from kgsearch.language import (
    Analysis,
    analyse,
    clean,
    code_key,
    codes,
    fields,
    fold,
    fold_syllable,
    has_marks,
    nfc,
    normalise,
    normalise_syllable,
    syllable_key,
    tokenise,
)

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
texts = st.text(
    st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " 0123456789/-.,%&–…½¹²\u0300\u0323\u200b\u00a0\u00ad_ð\n漢ß"), max_size=60
)

# Each line: spellings of one syllable, first the one that they are brought to.
SPELLINGS = [
    "hòa hoà Hoà HÒA",
    "khỏe khoẻ KHOẺ",
    "thủy thuỷ",
    "úy uý",
    "ủy uỷ ỦY UỶ",
    "quí quý qúy quí qúi",
    "quả qủa",
    "già gìa",
    "giá gía",
    "gì",
    "giếng gíêng",
    "giường",
    "hoàn hòan",
    "toản tỏan",
    "huỳnh hùynh",
    "ngoài ngòai",
    "khuỷu khủyu",
    "quyển qủyên",
    "người ngừơi",
    "nghĩa nghiã",
    "của cuả",
    "mừa mưà",
    "tỉ tỷ",
    "kĩ kỹ",
    "lí lý",
    "ti ty",
    "tuy",
    "ý",
    "y",
    "đường ðường ĐƯỜNG ÐƯỜNG Đường",
    "ao",
    "nq535",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spellings_of_one_syllable_become_one(spellings: str, form: str) -> None:
    wanted, *_ = spellings.split()
    for spelling in spellings.split():
        assert normalise_syllable(unicodedata.normalize(form, spelling)) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"), [("tùy", "tùi"), ("hai", "hay"), ("mai", "may"), ("thúy", "thúi"), ("lúa", "lứa"), ("đi", "di"), ("ý", "í")]
)
def test_different_syllables_stay_different(one: str, other: str) -> None:
    assert normalise_syllable(one) != normalise_syllable(other)


@pytest.mark.parametrize("foreign", ["café", "münchen", "", "123", "ààà", "x" * 5000])
def test_what_is_no_syllable_is_left_as_it_is(foreign: str) -> None:
    assert normalise_syllable(foreign) == foreign


@given(texts)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert normalise(unicodedata.normalize("NFD", text)) == once


@given(st.text(st.sampled_from(VIETNAMESE), max_size=8))
def test_a_composed_syllable_keeps_its_length(syllable: str) -> None:
    assert len(normalise_syllable(syllable)) == len(syllable)


def test_invisible_characters_go_and_spaces_become_plain() -> None:
    assert clean("giải\u200b ngân\ufeff\u00a0vốn\u00ad\u2003đ") == "giải ngân vốn đ"
    assert nfc(unicodedata.normalize("NFD", "giải")) == "giải"
    assert normalise("Giải\u200b Ngân\u00a0ĐẦU TƯ, Lý do!") == "giải ngân đầu tư, lí do!"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Giải ngân Đầu tư công", "giai ngan dau tu cong"),
        ("ỦY BAN", "uy ban"),
        ("một – hai…", "mot - hai..."),
        ("Quảng\u200b Ninh", "quang ninh"),
        ("plain ASCII", "plain ascii"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_folding(text: str, folded: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, text)) == folded  # type: ignore[arg-type]


@given(texts)
def test_folded_text_is_lower_case_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text).lower()
    assert all(key.isalnum() for key in (fold_syllable(token.text) for token in tokenise(text)) if key)


@given(st.text(st.sampled_from(VIETNAMESE), min_size=1, max_size=7))
def test_folding_a_syllable_takes_its_marks_and_nothing_else(syllable: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", syllable.replace("đ", "d")) if not unicodedata.combining(c))
    assert fold_syllable(syllable) == bare


@given(texts)
def test_tokens_stand_where_they_say(text: str) -> None:
    for tokens in (tokenise(text), codes(text)):
        assert all(text[token.start : token.end] == token.text for token in tokens)
        assert all(before.end <= after.start for before, after in itertools.pairwise(tokens))


@given(texts)
def test_every_unicode_form_has_the_same_tokens(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert [normalise_syllable(token.text) for token in tokenise(decomposed)] == [
        normalise_syllable(token.text) for token in tokenise(nfc(text))
    ]


def test_syllables_and_what_is_glued_to_them() -> None:
    assert [token.text for token in tokenise("nghị quyết¹⁰, 5m² (đất_rừng) e\u0302\u0301")] == [
        "nghị", "quyết", "5m", "đất", "rừng", "e\u0302\u0301"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nghị quyết số 535/NQ-HĐND.", ["535/NQ-HĐND"]),
        ("Công văn 259-CV/TU, ngày", ["259-CV/TU"]),
        ("Luật 15/2020/QH14", ["15/2020/QH14"]),
        ("07/2017/QĐ-UBND; 20/NQ–HĐND", ["07/2017/QĐ-UBND", "20/NQ–HĐND"]),
        ("64/TTr-UBND và 535/nq-hđnd", ["64/TTr-UBND", "535/nq-hđnd"]),
        ("01/2019/TTLT-BTC-BKHĐT", ["01/2019/TTLT-BTC-BKHĐT"]),
        ("đạt 84%, tăng 7,24 % so với", ["84%", "7,24 %"]),
        ("4.321 tỷ, 1.234.567,8 đồng", ["4.321", "1.234.567,8"]),
        ("ngày 31/01/2022 đến 1-2-2022", ["31/01/2022", "1-2-2022"]),
        ("tháng 10/2021", ["10/2021"]),
        ("năm 2021-2025, khoản 1. Điều", []),
        ("a) 5 triệu", []),
    ],
)
def test_codes_are_kept_whole(text: str, found: list[str]) -> None:
    assert [code.text for code in codes(text)] == found
    assert [code.text for code in codes(unicodedata.normalize("NFD", text))] == [unicodedata.normalize("NFD", code) for code in found]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("535/NQ-HĐND", "535/nq-hdnd"),
        ("20/NQ–HĐND", "20/nq-hdnd"),
        ("1-2-2022", "01/02/2022"),
        ("31.01.2022", "31/01/2022"),
        ("7,24 %", "7,24%"),
    ],
)
def test_codes_have_one_key(code: str, key: str) -> None:
    assert code_key(code) == key


@pytest.mark.parametrize(
    ("syllable", "key"), [("Tỷ", "ti"), ("06", "6"), ("000", "0"), ("0a", "0a"), ("ĐƯỜNG", "duong"), ("x" * 999, "x" * 64)]
)
def test_keys_of_syllables(syllable: str, key: str) -> None:
    assert syllable_key(syllable) == key


@pytest.mark.parametrize(
    ("text", "marks"), [("giai ngan", False), ("giải", True), ("đi", True), ("Đ", True), ("ðo", True), ("a–b…", False), ("", False)]
)
def test_marks_are_seen(text: str, marks: bool) -> None:
    assert has_marks(text) is marks
    assert has_marks(unicodedata.normalize("NFD", text)) is marks


def test_the_analysis_of_a_text() -> None:
    assert analyse("Giải ngân 84% theo 535/NQ-HĐND.") == Analysis(
        syllables=("giai", "ngan", "84", "84%", "theo", "535", "nq", "hdnd", "535/nq-hdnd"),
        bigrams=("giai_ngan", "ngan_84", "84_theo", "theo_535", "535_nq", "nq_hdnd"),
        words=("giải_ngân",),
        marked=("giải", "ngân", "84", "theo", "535", "nq", "hđnd"),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà bình; tỷ lệ", "hòa bình; tỉ lệ"),
        ("GIẢI NGÂN", "giải ngân"),
        ("06 tháng", "6 tháng"),
        ("công\u00a0ty", "công ti"),
    ],
)
def test_however_it_is_spelt_the_tokens_are_the_same(one: str, other: str) -> None:
    assert fields(Analysis(), analyse(one)) == fields(Analysis(), analyse(other))
    assert analyse(one) == analyse(unicodedata.normalize("NFD", one))


def test_without_marks_the_syllables_are_the_same() -> None:
    assert analyse("giai ngan dau tu cong").syllables == analyse("Giải ngân đầu tư công").syllables
    assert analyse("giai ngan dau tu cong").words == ()


@pytest.mark.parametrize("words", ["ngày 06 tháng 10 năm 2021", "ngay 6 thang 10 nam 2021"])
def test_a_date_in_words_is_found_by_its_figures(words: str) -> None:
    assert set(analyse("06/10/2021").syllables) <= set(analyse(words).syllables)
    assert "06/10/2021" in analyse(unicodedata.normalize("NFD", words)).syllables


@given(texts)
def test_marked_has_one_for_each_syllable(text: str) -> None:
    analysis = analyse(text, words=False)
    plain = [key for key in analysis.syllables if key.isalnum()]
    assert len(analysis.marked) == len(tokenise(text)) == len(analysis.bigrams) + bool(analysis.marked)
    assert [syllable_key(marked) for marked in analysis.marked] == plain


def test_fields_are_those_of_the_engines() -> None:
    context, text = analyse("Nghị quyết"), analyse("giải ngân")
    found = fields(context, text)
    assert tuple(found) == SCORED_FIELDS
    assert found["syllables"] == ("nghi", "quyet", "giai", "ngan")
    assert found["bigrams"] == ("nghi_quyet", "giai_ngan"), "no bigram joins the context to the text"


def test_a_query_without_marks_loads_no_model_and_no_text_loads_scikit_learn() -> None:
    program = (
        "import sys; from kgsearch.language import analyse; analyse('giai ngan'); assert 'pycrfsuite' not in sys.modules;"
        "assert analyse('giải ngân').words == ('giải_ngân',);"
        "print(sorted({'sklearn', 'sklearn_crfsuite', 'numpy', 'scipy', 'pyvi', 'flask', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "noise", ["a" * 200_000, "." * 200_000, "1." * 100_000, "a.a" * 60_000, "1/" * 100_000, "à\u0300" * 50_000, "\u200b" * 100_000]
)
def test_hostile_runs_end(noise: str) -> None:
    analysis = analyse(noise + " giải ngân")
    assert analysis.syllables[-2:] == ("giai", "ngan")
    assert max(map(len, analysis.syllables)) <= 64


def test_a_scanned_roman_figure_is_the_same_token() -> None:
    assert analyse("Trình trong Quý l").syllables == analyse("Trình trong Quý I").syllables
