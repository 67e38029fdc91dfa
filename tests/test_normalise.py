"""One spelling for what is one syllable, and what a Vietnamese syllable may look like."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.language import clean, fold_syllable, has_marks, normalise_syllable, tokenise
from kgsearch.language.normalise import place_tone, repair_numerals, split_tones
from kgsearch.language.syllables import can_bear, is_syllable, is_unmarked_syllable

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no documents at {SHARED}")
VOWELS = "aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"

# Each line: first the one spelling, then what else is typed for it.
SPELLINGS = [
    "giải gỉai giaỉ GIẢI GỈAI",
    "hòa hoà",
    "hoàn hòan",
    "thủy thuỷ",
    "ủy uỷ",
    "tùy tuỳ",
    "quả qủa",
    "quốc quôć",
    "người ngừơi ngươì nguời ngưòi",
    "nghĩa nghiã",
    "giữ gĩư",
    "giữa gĩưa giưã",
    "được đựơc đuợc đưọc đựợc ðược",
    "trường trừơng truờng trưòng",
    "thuở thủơ",
    "hươu huơu",
    "quới",
    "tỉ tỷ",
    "kĩ kỹ",
    "lí lý",
    "mĩ mỹ",
    "quí quý qúy",
    "sĩ sỹ",
    "hi hy",
    "ý",
    "yến",
    "tuyển tủyên",
    "đắk",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_every_spelling_becomes_the_one(spellings: str, form: str, case: object) -> None:
    wanted, *_ = spellings.split()
    for spelling in spellings.split():
        assert normalise_syllable(unicodedata.normalize(form, case(spelling))) == wanted  # type: ignore[arg-type, operator]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mai", "may"), ("tui", "tuy"), ("tai", "tay"), ("lùi", "lùy"), ("ý", "í"), ("uôn", "ươn"), ("thuở", "thưa"), ("quơ", "quưa"),
        ("của", "cửa"), ("hòa", "họa"), ("ngoài", "ngoại"),
    ],
)  # fmt: skip
def test_different_syllables_stay_two(one: str, other: str) -> None:
    assert normalise_syllable(one) != normalise_syllable(other)


@pytest.mark.parametrize("mixed", ["hỉệu", "càfé", "ùm\u0301à", "hđnd", "NQ535", "covid"])
def test_what_is_no_syllable_keeps_its_letters(mixed: str) -> None:
    assert normalise_syllable(mixed) == clean(mixed).lower()


@needs_shared
def test_no_two_syllables_of_the_documents_become_one() -> None:
    """But for the placement of the tone and i for y, syllables that are written differently stay different."""
    forms: dict[str, set[str]] = defaultdict(set)
    files = [*sorted((SHARED / "corpus").glob("*.txt")), *sorted((SHARED / "real").glob("*.txt"))]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    with (SHARED / "benchmarks" / "alqac2024.csv").open(encoding="utf-8-sig", newline="") as rows:
        texts += [row["context"] for row in csv.DictReader(rows)]
    for text in texts:
        for token in tokenise(text):
            bare, tones = split_tones(clean(token.text).lower())
            forms[normalise_syllable(token.text)].add((bare[:-1] + bare[-1].replace("y", "i") if bare else bare) + (tones[:1]))
    assert len(forms) > 4000
    assert {one: seen for one, seen in forms.items() if len(seen) > 1 and "ươ" not in split_tones(one)[0]} == {}


@given(st.text(st.sampled_from("bcdđghklmnpqrstvx" + VOWELS), max_size=8))
def test_normalising_is_idempotent_and_keeps_the_length(syllable: str) -> None:
    once = normalise_syllable(syllable)
    assert normalise_syllable(once) == once
    assert len(once) == len(syllable)
    assert fold_syllable(once).replace("y", "i") == fold_syllable(syllable).replace("y", "i")


@pytest.mark.parametrize("time", [10_000, 200_000])
def test_long_runs_are_only_lower_cased(time: int) -> None:
    assert normalise_syllable("Ả" * time) == "ả" * time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＧＩＡＩ　ｎｇａｎ　２０２１", "GIAI ngan 2021"),
        ("５３５／ＮＱ－ＨĐＮＤ", "535/NQ-HĐND"),
        ("gi\u200bải ng\u00adân", "giải ngân"),
        ("\ufeffvốn\u00a0đầu\u202ftư\u200e", "vốn đầu tư"),
        ("Ðường ðất Ɖảng", "Đường đất Đảng"),
        (unicodedata.normalize("NFD", "Nghị quyết"), "Nghị quyết"),
        ("ng\u01b0\u0340\u01a1i", "ngừơi"),
    ],
)
def test_characters_that_look_alike(typed: str, meant: str) -> None:
    assert clean(typed) == meant
    assert clean(meant) == meant


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("Quý l năm 2021", "Quý I năm 2021"),
        ("quý ll/2021", "quý II/2021"),
        ("Quý Ill, quý lV", "Quý III, quý IV"),
        ("Chương Vll", "Chương VII"),
        ("Phụ lục 1I", "Phụ lục II"),
        ("phu luc Xl.", "phu luc XI."),
        ("Mục Il", "Mục II"),
    ],
)
def test_roman_figures_that_a_scanner_misread(scanned: str, meant: str) -> None:
    assert repair_numerals(scanned) == meant
    assert repair_numerals(meant) == meant


@pytest.mark.parametrize(
    "right",
    [
        "Quý 1",
        "quý 11",
        "Chương 1",
        "điểm l khoản 1",
        "quy lập",
        "quý I",
        "quy i",
        "mục l1l1l1l1",
        "phần llll",
        "quyl",
        "Mục 1l0",
        "đồng quý lại",
    ],
)
def test_figures_and_letters_that_are_right_stay(right: str) -> None:
    assert repair_numerals(right) == right


@given(st.text(st.sampled_from("quý chươngmục lI1VX./"), max_size=40))
def test_repaired_text_is_as_long(text: str) -> None:
    assert len(repair_numerals(text)) == len(text)
    assert repair_numerals(repair_numerals(text)) == repair_numerals(text)


WELL_FORMED = (
    "giải ngân đầu tư công nghiêng nguyễn khuya khuỷu quỳnh quýt quới quốc gì gìn giếng giữ yến yêu ỷ ý uỷ ủy hoà hòa thuở huơ loẹt ngoằn"
    " xoong moóc Đắk Đăk Lắk KẠN Krông ươm ướt rượu tuýp oan oẻ ĐƯỜNG nghĩa ghế kỹ của"
)
ILL_FORMED = (
    "giat hoat côc cê kô ghan nga\u0301\u0300 ngê gê iên fan zô jê w bcd ưo hđnd aa ôô eo1 quư qưa xyz an\u0301h\u0301k tưô 12 ngh q"
)


@pytest.mark.parametrize("syllable", WELL_FORMED.split())
def test_syllables(syllable: str) -> None:
    assert is_syllable(syllable)
    assert is_syllable(unicodedata.normalize("NFD", syllable))
    assert is_unmarked_syllable(fold_syllable(syllable))


@pytest.mark.parametrize("letters", ["", "a" * 5000, *ILL_FORMED.split()])
def test_no_syllables(letters: str) -> None:
    assert not is_syllable(letters)


def test_stops_bear_two_tones_only() -> None:
    assert [tone for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323") if can_bear("phat", tone)] == ["\u0301", "\u0323"]
    assert place_tone("phat", "\u0323") == "phạt"


@needs_shared
def test_nearly_all_that_documents_write_with_marks_is_well_formed() -> None:
    """Counted by occurrence, in words of lower-case letters; the rest are slips and words run together."""
    counts = {True: 0, False: 0}
    for file in sorted((SHARED / "real").glob("*.txt"))[:60]:
        for token in tokenise(clean(file.read_text(encoding="utf-8", errors="replace"))):
            if token.text.islower() and len(token.text) > 1 and token.text.isalpha() and has_marks(token.text):
                counts[is_syllable(token.text)] += 1
    assert counts[True] > 50_000
    assert counts[False] < counts[True] / 1000
