"""Raw Telex and raw VNI: what they mean, and what is left as it is typed."""

from __future__ import annotations

import csv
import itertools
import random
import re
import sys
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.language import clean, fold_syllable, has_marks, normalise_syllable, tokenise
from kgsearch.language.keystrokes import read_telex, read_vni
from kgsearch.language.normalise import split_tones
from kgsearch.language.telex import Change, Decoded, decode_typing

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no documents at {SHARED}")

# A small corpus of our own: what is known of it are its words without marks.
WORDS = """
giai ngan von dau tu cong chinh sach thue dat dai kinh te xa hoi ha noi nam quy ban nhan dan tinh nghi quyet so hdnd ubnd nq qd la gi
tw covid internet website boong
"""
KNOWN = frozenset(WORDS.split())


def decode(text: str, known: Collection[str] = KNOWN) -> str:
    return decode_typing(text, known.__contains__).text


# --- One syllable ----------------------------------------------------------------------------------------------------------------

TELEX = """
ddaauf đầu|dduwowngf đường|dduwongf đường|dduowngf đường|dduongwf đường|duongdwf đường|nguwowif người|nguoiwf người|tuw tư|coong công
giari giải|giair giải|ngaan ngân|ngaanf ngần|cuar của|cuwar cửa|cuawr cửa|quaan quân|quawng quăng|hoacwj hoặc|hoawcj hoặc|thuowr thuở
huow huơ|uyr ủy|hoaf hòa|tieengs tiếng|tieesng tiếng|quyeenf quyền|quyenef quyền|nghieengs nghiếng|mooocs moóc|ddaksw đắk|kroong krông
twf từ|nhwngx những|wngs ứng|giwx giữ|giuwx giữ|gif gì|toansz toan|toanfs toán|DDAAUF ĐẦU|Ddaauf Đầu|DDaauf Đầu|Uyr Ủy|luwu lưu
huowu hươu|xuaats xuất|thuyr thủy|oong ông|xooong xoong|ys ý|yeeus yếu|quys quý|giawng giăng|khuyur khuỷu
"""
NO_TELEX = (
    "giai ngan cong aaa aas off class boss need website internet covid z zz ss ddd ddaa ieeus giat hoaj1 bcd ww hsoa giatf ngax7 saas "
    + "a" * 400
)
VNI = """
d9a6u2 đầu|dau962 đầu|tu7 tư|co6ng công|cong6 công|d9u7o7c5 được|d9uo7c5 được|duoc795 được|nguoi72 người|hoa8c5 hoặc|toan10 toan
D9A6U2 ĐẦU|D9a6u2 Đầu|Uy3 Ủy|quy1 quý|thuo73 thuở|gi2 gì|a1 á
"""
NO_VNI = "q1 h5n1 b2 a12 quan12 u23x 1a covid19 f0 o2o ch4 m2 d9 dau66 dau11 x1a1 thang9 dieu5 a" + "1" * 400


def _pairs(table: str) -> list[list[str]]:
    return [pair.split() for line in table.split("\n") for pair in line.split("|") if pair]


@pytest.mark.parametrize(("keys", "meant"), _pairs(TELEX))
def test_telex_keys(keys: str, meant: str) -> None:
    assert read_telex(keys) == meant


@pytest.mark.parametrize("keys", NO_TELEX.split())
def test_no_telex_keys(keys: str) -> None:
    assert read_telex(keys) is None


@pytest.mark.parametrize(("keys", "meant"), _pairs(VNI))
def test_vni_keys(keys: str, meant: str) -> None:
    assert read_vni(keys) == meant


@pytest.mark.parametrize("keys", NO_VNI.split())
def test_no_vni_keys(keys: str) -> None:
    assert read_vni(keys) is None


# --- A query ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddaauf tuw coong", "đầu tư công"),
        ("giari ngaan", "giải ngân"),
        ("Giari ngaan voons ddaauf tuw coong nawm 2021", "Giải ngân vốn đầu tư công năm 2021"),
        ("UYR BAN NHAAN DAAN TINHR", "ỦY BAN NHÂN DÂN TỈNH"),
        ("d9a6u2 tu7", "đầu tư"),
        ("d9a6u2 tu7 co6ng cu3a ti3nh", "đầu tư công của tỉnh"),
        ("dau962 tu7 cong6 cua3 tinh3 von61", "đầu tư công của tỉnh vốn"),
        ("kinh tees", "kinh tế"),
        ("cas nhaan", "cá nhân"),
        ("has nooij", "há nội"),
        ("giải ngaan vốn", "giải ngân vốn"),
        ("nghij quyeets 535/NQ-HDND", "nghị quyết 535/NQ-HDND"),
        ("nghij quyeets soos 20/nq-hddnd", "nghị quyết số 20/nq-hđnd"),
        ("nghi quyet 07/2017/QDD-UBND", "nghi quyet 07/2017/QĐ-UBND"),
        ("hddnd tinh", "hđnd tinh"),
        ("vawcs-xin covid", "vắc-xin covid"),
        ("(ddaauf tuw, coong)", "(đầu tư, công)"),
        ('"ddaauf tuw" -coong', '"đầu tư" -công'),
        ("“dduwowngf”…", "“đường”…"),
        ("ddaauf tuw internet website", "đầu tư internet website"),
        ("ddaauf tuw vaf/hoawcj quanr lys", "đầu tư vaf/hoặc quản lý"),
        ("thuees ddaats taxi", "thuế đất taxi"),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    assert decode(typed) == meant
    assert decode(meant) == meant, "once is enough"


@pytest.mark.parametrize(
    "typed",
    [
        "giai ngan von dau tu cong", "giải ngân vốn đầu tư công", "covid", "internet", "website", "NQ-HDND", "535/NQ-HDND", "q1",
        "h5n1", "2021", "4.0", "covid-19", "tois", "has", "been", "tax law", "see class boss", "has been seen", "how to see the tax",
        "xe bus", "xe taxi gas", "chinh sach thue tax", "kinh te box", "dau tu max mix", "boong", "tw", "ban tw", "thu7", "quan1 quan3",
        "co2", "quy1", "dat khu7", "ron95 e5", "phu luc a1", "mas.tois@has.vn", "ddaauf@tuw.vn", "https://ddaauf.vn/tuw",
        "www.ddaauf.vn", "ddaauf_tuw", "đdaauf", "ddầuf", "dd/mm/yyyy", "hdd ssd", "ubnd/nc", "iso 9001:2015", "SARS-CoV-2",
        "UBND HDND", "BHYT", "", "   ", "-", "...", "\u0301\u0323", "đ9a6u2",
    ],
)  # fmt: skip
def test_what_is_left_alone(typed: str) -> None:
    assert decode_typing(typed, KNOWN.__contains__) == Decoded(typed)
    assert not decode_typing(typed, KNOWN.__contains__).changed


def test_a_word_of_the_corpus_is_what_it_says() -> None:
    assert decode("ddaauf tuw coong ddaats", {"ddaats"}) == "đầu tư công ddaats"
    assert decode("boong ddaauf", set()) == "bông đầu"
    assert decode("boong ddaauf", {"boong"}) == "boong đầu"


def test_an_english_word_of_the_corpus_keeps_no_raw_text_from_a_common_syllable() -> None:
    known = KNOWN | {"gif", "cao1", "cao", "bao", "tax"}
    assert decode("nghiax vuj laf gif", known) == "nghĩa vụ là gì"
    assert decode("ba1o cao1 ti3nh", known) == "báo cáo tỉnh"
    for alone in ("gif", "tep gif", "tệp gif", "bao cao1", "nghị quyết gif"):
        assert decode(alone, known) == alone
    assert decode("nghiax vuj tax", known) == "nghĩa vụ tax"


def test_changes_say_where() -> None:
    text = "von  ddaauf, tuw"
    decoded = decode_typing(text, KNOWN.__contains__)
    assert decoded.changes == (Change("ddaauf", "đầu", 5, 11), Change("tuw", "tư", 13, 16))
    assert all(text[change.start : change.end] == change.typed for change in decoded.changes)
    assert decoded.changed


keys = st.text(st.sampled_from("abcdeghiklmnopqrstuvxyfjwzDAW0123456789 -/.,@\"'đăầ\u0301\u00a0"), max_size=60)
marked = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ .,"), max_size=60
)


@given(keys)
def test_decoding_again_changes_nothing(text: str) -> None:
    once = decode(text)
    assert decode(once) == once


@given(keys, st.sets(st.sampled_from(["ddaauf", "tuw", "as", "tax"])))
def test_all_but_the_changes_stays(text: str, known: set[str]) -> None:
    decoded = decode_typing(text, known.__contains__)
    position, rebuilt = 0, ""
    for change in decoded.changes:
        assert change.typed == text[change.start : change.end]
        assert change.typed.lower() not in known
        assert change.typed.isascii()
        rebuilt += text[position : change.start] + change.meant
        position = change.end
    assert rebuilt + text[position:] == decoded.text


@given(marked)
def test_words_with_marks_are_never_touched(text: str) -> None:
    for change in decode_typing(text, lambda _: False).changes:
        assert not has_marks(change.typed)
        assert not has_marks(text[max(change.start - 1, 0) : change.start] + text[change.end : change.end + 1])


class _Asked:
    """A corpus of nothing that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _syllable: str) -> bool:
        self.times += 1
        return False


@pytest.mark.parametrize("unit", ["a", "as", "aa", "dd", "d9", "-", "a-", "a/", "ddaauf,", "w", "1", "."])
def test_time_grows_with_length_only(unit: str) -> None:
    """Counted in lines of the module that run, not in seconds: a word ten times as long may take ten times as many."""

    def lines(length: int) -> int:
        count = 0

        def trace(_frame: object, event: str, _argument: object) -> object:
            nonlocal count
            count += event == "line"
            return trace

        text = (unit * length)[:length]
        before = sys.gettrace()
        sys.settrace(trace)  # type: ignore[arg-type]
        try:
            decode_typing(text, _Asked())
        finally:
            sys.settrace(before)
        return count

    assert lines(10_000) <= 12 * lines(1_000) + 1_000


# --- Judged queries, typed without an input method -------------------------------------------------------------------------------

TELEX_TONES = dict(zip("\u0300\u0301\u0303\u0309\u0323", "fsxrj", strict=True))
VNI_TONES = dict(zip("\u0300\u0301\u0303\u0309\u0323", "21435", strict=True))
TELEX_MARKS = dict(zip("ăâêôơưđ", ["aw", "aa", "ee", "oo", "ow", "uw", "dd"], strict=True))
VNI_MARKS = dict(zip("ăâêôơưđ", ["a8", "a6", "e6", "o6", "o7", "u7", "d9"], strict=True))


def _typed(syllable: str, method: str, place: str) -> str:
    """The keys of a syllable, the tone key at the ``end``, after the ``vowel`` that bears it, or after the last of the ``vowels``."""
    marks, tones = (TELEX_MARKS, TELEX_TONES) if method == "telex" else (VNI_MARKS, VNI_TONES)
    bare, tone = split_tones(unicodedata.normalize("NFC", syllable))
    typed = [marks.get(letter.lower(), letter.lower()) for letter in bare]
    typed = [key.upper() if letter.isupper() else key for key, letter in zip(typed, bare, strict=True)]
    if tone:
        composed = unicodedata.normalize("NFC", syllable)
        bearing = next(index for index, letter in enumerate(composed) if split_tones(letter)[1])
        vowels = max(index for index, letter in enumerate(bare.lower()) if letter in "aăâeêioôơuưy")
        key = tones[tone[0]].upper() if syllable.isupper() else tones[tone[0]]
        typed.insert({"end": len(typed), "vowel": bearing + 1, "vowels": vowels + 1}[place], key)
    return "".join(typed)


def _typed_text(text: str, method: str, place: str) -> str:
    parts, position = [], 0
    for token in tokenise(text):
        parts += [text[position : token.start], _typed(token.text, method, place)]
        position = token.end
    return "".join([*parts, text[position:]])


@cache
def _benchmark(name: str) -> tuple[list[str], frozenset[str]]:
    """Its questions, and the folded syllables of its passages."""
    with (SHARED / "benchmarks" / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {fold_syllable(token.text) for row in rows for token in tokenise(row["context"])}
    return [clean(row["question"]) for row in rows if row["question"]], frozenset(known)


@needs_shared
@pytest.mark.parametrize(("method", "place"), list(itertools.product(["telex", "vni"], ["end", "vowel", "vowels"])))
def test_judged_queries_are_decoded(method: str, place: str) -> None:
    queries, known = _benchmark("alqac2024.csv")
    right = total = 0
    for query in queries:
        decoded = decode(_typed_text(query, method, place), known)
        pairs = zip(tokenise(query), tokenise(decoded), strict=True)
        same = [normalise_syllable(meant.text) == normalise_syllable(found.text) for meant, found in pairs]
        right, total = right + sum(same), total + len(same)
    assert total > 10_000
    assert right / total >= 0.995


@needs_shared
def test_no_syllable_without_marks_is_decoded() -> None:
    queries, known = _benchmark("alqac2024.csv")
    syllables = [fold_syllable(token.text) for query in queries for token in tokenise(query) if token.text.isalpha()]
    assert len(syllables) > 10_000
    for corpus in (known, frozenset[str]()):
        assert {syllable for syllable in syllables if decode(syllable, corpus) != syllable} == set()
        for start in range(0, len(syllables), 8):
            text = " ".join(syllables[start : start + 8])
            assert decode(text, corpus) == text


# The language of Python's own documentation.
ENGLISH = re.findall(r"\b[a-z]{3,}\b", " ".join(str(module.__doc__) for module in (re, csv, random, itertools, str, dict, list, int)))


def test_no_english_word_is_decoded() -> None:
    assert len(set(ENGLISH)) > 300
    assert {word for word in ENGLISH if decode(word, set()) != word} == set()
    shuffled = random.Random(7).sample(ENGLISH, len(ENGLISH))
    for start in range(0, len(shuffled), 6):
        text = " ".join(shuffled[start : start + 6])
        assert decode(text, set()) == text


@pytest.mark.parametrize(("typed", "meant"), [("nanj", "nanj"), ("opj", "opj"), ("d9a", "d9a"), ("ddaauf", "đầu"), ("d9a6u2", "đầu")])
def test_alone_one_key_may_be_a_name_or_a_code(typed: str, meant: str) -> None:
    assert decode_typing(typed, lambda _syllable: False).text == meant
