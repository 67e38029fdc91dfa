"""The lexicon: learnt from the catalogue when enough has changed, replaced whole, off where it is missing or damaged."""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue import Catalogue
from kgsearch.config import Settings
from kgsearch.errors import IndexStateError
from kgsearch.indexing import lexicon as indexing_lexicon
from kgsearch.indexing import status, sync
from kgsearch.language import restore as restoring
from kgsearch.language import tables as tables_module
from kgsearch.language.abbreviations import Expansion
from kgsearch.language.bigrams import Bigrams, from_little_endian, to_little_endian
from kgsearch.language.learning import Learner, learn
from kgsearch.language.phrases import has_whole_words
from kgsearch.language.tables import LEXICON_FILE, LEXICON_VERSION, Packed, Stamp, pack
from kgsearch.language.variants import is_syllable
from kgsearch.retrieval import lexicon as retrieval_lexicon
from kgsearch.retrieval.lexicon import Lexicon

CORPUS = [
    *["Đẩy nhanh tiến độ giải ngân vốn đầu tư công; tỷ lệ giải ngân."] * 6,
    *["Cải cách thủ tục hành chính (TTHC), phí bảo vệ môi trường.", "Tiêm vắc xin phòng Covid-19 và vaccine khác, vaccine mới."] * 6,
    "TTHC: thủ tục hành chính",
]
STAMP = Stamp("2026-01-02T03:04:05+00:00", "2026-01-02T03:05:00+00:00", 600_000, 3)
PACKED = pack(learn([CORPUS]), STAMP)


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    (tmp_path / LEXICON_FILE).write_bytes(PACKED)
    return Lexicon(tmp_path)


def answers(lexicon: Lexicon) -> list[Any]:
    """What a lexicon says to one question of each kind."""
    return [
        lexicon.is_word("giải"),
        lexicon.restore(["giai", "ngan"]),
        lexicon.correct(["giải", "ngn", "vốn"]),
        lexicon.expansions("TTHC"),
        lexicon.abbreviations("thủ tục hành chính"),
        lexicon.variants("vắc xin"),
        lexicon.phrases("phí"),
    ]


OFF = [False, None, None, (), (), (), ()]


def test_what_was_learnt_is_asked(lexicon: Lexicon) -> None:
    assert lexicon.is_word("giai") and lexicon.is_word("GIẢI") and not lexicon.is_word("giaii")
    assert lexicon.restore(["Ty", "le", "giai", "ngan"]) == ("Tỷ", "lệ", "giải", "ngân")
    assert lexicon.restore(["blockchain"]) is None
    correction = lexicon.correct(["giải", "ngn", "vốn"])
    assert correction is not None and correction.syllables == ("giải", "ngân", "vốn")
    assert lexicon.expansions("TTHC") == (Expansion("thủ tục hành chính", 1),)
    assert lexicon.abbreviations("Thu tuc hanh chinh") == ("tthc",)
    assert lexicon.variants("vắc xin") == ("vaccine",) and lexicon.variants("vacxin") == ("vaccine", "vac xin")
    assert lexicon.phrases("ph") == lexicon.phrases("PHI bảo v") == ("phí bảo vệ môi trường",)
    assert lexicon.phrases("phi bao ve moi truong") == ("phí bảo vệ môi trường",)
    assert lexicon.phrases("phí bảo vệ môi trường") == lexicon.phrases("phi bao ve moi truong ") == ()
    assert lexicon.phrases("") == lexicon.phrases(" ") == ()


@pytest.mark.parametrize(
    ("typed", "known"),
    [("tthc", True), ("T.T.H.C", True), ("ubnd", True), ("CA", False), ("ttg", True), ("TTg", True), ("x", False), ("", False)],
)
def test_abbreviations_in_any_spelling(lexicon: Lexicon, typed: str, known: bool) -> None:
    assert bool(lexicon.expansions(typed)) is known


def test_a_lower_case_syllable_is_no_abbreviation(tmp_path: Path) -> None:
    (tmp_path / LEXICON_FILE).write_bytes(pack(learn([["công an (CA)"]]), STAMP))
    assert Lexicon(tmp_path).expansions("CA") and not Lexicon(tmp_path).expansions("ca")


def test_a_small_corpus_restores_nothing(tmp_path: Path) -> None:
    few = Stamp("", "", restoring.ENOUGH_SYLLABLES - 1, 3)
    (tmp_path / LEXICON_FILE).write_bytes(pack(learn([CORPUS]), few))
    assert Lexicon(tmp_path).restore(["giai", "ngan"]) is None
    assert Lexicon(tmp_path).correct(["giải", "ngn", "vốn"]) is not None


def test_without_a_lexicon_everything_is_off(tmp_path: Path) -> None:
    assert answers(Lexicon(tmp_path / "none")) == OFF


def damaged() -> list[bytes]:
    header_end = PACKED.index(b"\n", PACKED.index(b"\n") + 1)
    first_line, payload = PACKED[: PACKED.index(b"\n") + 1], PACKED[header_end + 1 :]
    header = json.loads(PACKED[len(first_line) : header_end])

    def with_header(**changes: Any) -> bytes:
        return first_line + json.dumps({**header, **changes}).encode() + b"\n" + payload

    longer = {name: [start, length, size + 1] for name, (start, length, size) in header["sections"].items()}
    huge = {name: [start, length, 1 << 60] for name, (start, length, size) in header["sections"].items()}
    shuffled = {name: header["sections"]["marked.words"] for name in header["sections"]}
    other = zlib.compress(b"{}")
    return [
        b"",
        b"\n\n",
        PACKED[:-1],
        PACKED[:100],
        PACKED[:-20] + b"x" * 20,
        b"x" + PACKED,
        first_line + b"[" * 60_000 + b"\n",
        first_line + b"[]\n" + payload,
        first_line + json.dumps({**header, "crc32": zlib.crc32(other)}).encode() + b"\n" + other,
        with_header(version=LEXICON_VERSION + 1),
        with_header(version="1"),
        with_header(sections=longer),
        with_header(sections=huge),
        with_header(sections=shuffled),
        with_header(sections={}),
        with_header(sections={name: [0] for name in header["sections"]}),
        with_header(sections=None),
        with_header(syllables="many"),
    ]


@pytest.mark.parametrize("data", damaged(), ids=range(len(damaged())))
def test_a_damaged_lexicon_is_off_until_there_is_another(tmp_path: Path, data: bytes) -> None:
    (tmp_path / LEXICON_FILE).write_bytes(data)
    lexicon = Lexicon(tmp_path)
    assert answers(lexicon) == OFF
    (tmp_path / "new").write_bytes(PACKED)
    (tmp_path / "new").replace(tmp_path / LEXICON_FILE)
    assert answers(lexicon)[0] is True


@given(st.data())
def test_no_damage_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(PACKED) - 1))
    spoilt = PACKED[:place] + bytes([data.draw(st.integers(0, 255))]) + PACKED[place + data.draw(st.integers(0, 3)) :]
    folder = tmp_path_factory.getbasetemp() / "spoilt"
    folder.mkdir(exist_ok=True)
    (folder / LEXICON_FILE).write_bytes(spoilt)
    assert len(answers(Lexicon(folder))) == len(OFF)


def test_an_endless_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval_lexicon, "MAX_BYTES", len(PACKED) - 1)
    (tmp_path / LEXICON_FILE).write_bytes(PACKED)
    assert answers(Lexicon(tmp_path)) == OFF


def test_a_newer_lexicon_is_noticed(lexicon: Lexicon) -> None:
    assert not lexicon.is_word("blockchain")
    (lexicon.folder / "new").write_bytes(pack(learn([["công nghệ blockchain"]]), STAMP))
    (lexicon.folder / "new").replace(lexicon.folder / LEXICON_FILE)
    assert lexicon.is_word("blockchain")
    (lexicon.folder / LEXICON_FILE).unlink()
    assert not lexicon.is_word("blockchain")


def test_many_threads_get_the_same_answers(lexicon: Lexicon) -> None:
    found: list[list[Any]] = []
    threads = [threading.Thread(target=lambda: found.append(answers(lexicon))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(one == found[0] for one in found) and found[0] != OFF


def test_tables_survive_packing() -> None:
    tables, packed = learn([CORPUS]), Packed(PACKED)
    assert packed.stamp == STAMP
    for one, other in ((tables.marked, packed.marked), (tables.folded, packed.folded)):
        assert one.words == other.words
        assert all(getattr(one, name) == getattr(other, name) for name in ("counts", "starts", "followers", "pairs", "heads"))
    assert packed.shown == tables.shown and packed.variants == {key: tuple(found) for key, found in tables.variants.items()}
    assert list(packed.phrases) == list(tables.phrases)
    assert packed.abbreviations == tables.abbreviations
    assert packed.known == set(tables.folded.words[1:])
    assert {packed.marked.words[form] for form in packed.forms["giai"]} == {"giải"}
    assert pack(learn([]), STAMP) and not Packed(pack(learn([]), STAMP)).phrases


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_arrays_survive_either_byte_order(values: list[int]) -> None:
    from array import array

    assert from_little_endian("I", to_little_endian(array("I", values))) == array("I", values)
    assert to_little_endian(array("I", [1])) == b"\1\0\0\0"


def test_pairs_are_counted_within_a_clause() -> None:
    table: Bigrams = learn([["giải ngân vốn", "vốn giải ngân"], ["giải ngân"]]).marked
    ids = table.ids
    assert table.pair(ids["giải"], ids["ngân"]) == 3
    assert table.pair(ids["vốn"], ids["giải"]) == 1
    assert table.pair(ids["ngân"], ids["giải"]) == 0
    assert table.pair(0, ids["giải"]) == 2


def test_a_table_that_does_not_fit_is_refused() -> None:
    from array import array

    with pytest.raises(ValueError):
        Bigrams(["a"], array("I", [1, 1]), array("I", [0, 1, 1]), array("H", [9]), array("H", [1]), array("H", [0, 0]))
    with pytest.raises(ValueError):
        Bigrams(["a"], array("I", [1, 1]), array("I", [0, 2, 1]), array("H", [1]), array("H", [1]), array("H", [0, 0]))


def test_only_the_commonest_words_of_an_endless_corpus_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.language.bigrams.MAX_WORDS", 3)
    words = learn([["ba ba ba hai hai một bốn bốn"]]).marked.words
    assert len(words) == 4 and "một" not in words


@pytest.mark.parametrize(
    ("words", "before", "after", "whole"),
    [
        (("giải", "ngân"), "", "", True),
        (("đầu", "tư", "công"), "vốn", "", True),
        (("ủy", "ban", "nhân"), "", "dân", False),
        (("ngân", "vốn"), "giải", "", False),
    ],
)
def test_phrases_are_cut_between_words(words: tuple[str, ...], before: str, after: str, whole: bool) -> None:
    assert has_whole_words(words, before, after) is whole


def test_phrases_end_at_punctuation_and_are_no_pieces_of_longer_ones() -> None:
    shown = [phrase for _folded, phrase in learn([["giải phóng mặt bằng, thu hồi đất của ủy ban nhân dân"] * 9]).phrases]
    assert "giải phóng mặt bằng" in shown and "giải phóng mặt" not in shown
    assert not any("bằng thu" in phrase or phrase.startswith("của") or phrase.endswith("của") for phrase in shown)


@pytest.mark.parametrize(("text", "syllable"), [("thuong", True), ("nghieng", True), ("y", True), ("vacxin", False), ("ubnd", False)])
def test_syllables_are_told_from_other_words(text: str, syllable: bool) -> None:
    assert is_syllable(text) is syllable


def test_what_the_corpus_writes_in_one_word_and_in_two_are_variants() -> None:
    table = learn([["bê tông nhựa", "bê tông", "betong", "betong đúc", "thương mại", "thư ông"]]).variants
    assert list(table["be tong"]) == ["betong"] and list(table["betong"]) == ["be tong"]
    assert "thuong" not in table


# --- learnt from a catalogue ------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


Write = Callable[[str, str], None]


@pytest.fixture
def write(settings: Settings) -> Write:
    def written(name: str, words: str) -> None:
        number = name.removesuffix(".txt")
        head = f"ỦY BAN NHÂN DÂN\nTỈNH HẢI GIANG\nSố: {number}/KH-UBND\nHải Giang, ngày 02 tháng 3 năm 2022\nKẾ HOẠCH\n"
        (settings.corpus / name).write_text(f"{head}Về {words}\n1. Thực hiện {words}.\n", "utf-8")

    return written


def test_indexing_learns_and_a_run_without_change_does_not(settings: Settings, write: Write) -> None:
    write("1.txt", "giải ngân vốn đầu tư công")
    sync(settings)
    lexicon = Lexicon(settings.lexicon_path)
    assert lexicon.is_word("ngan") and not lexicon.is_word("blockchain")
    before = (settings.lexicon_path / LEXICON_FILE).stat()
    sync(settings)
    assert (settings.lexicon_path / LEXICON_FILE).stat().st_mtime_ns == before.st_mtime_ns
    write("2.txt", "công nghệ blockchain")
    sync(settings)
    assert lexicon.is_word("blockchain")
    assert os.listdir(settings.lexicon_path) == [LEXICON_FILE]


def test_a_missing_damaged_or_older_lexicon_is_learnt_again(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("1.txt", "giải ngân vốn đầu tư công")
    sync(settings)
    file = settings.lexicon_path / LEXICON_FILE
    whole = Packed(file.read_bytes()).stamp
    for data in (None, b"", file.read_bytes()[:-5]):
        file.unlink()
        if data is not None:
            file.write_bytes(data)
        assert status(settings)["lexicon"] is None
        sync(settings)
        assert Packed(file.read_bytes()).stamp.syllables == whole.syllables
    monkeypatch.setattr(tables_module, "LEXICON_VERSION", LEXICON_VERSION + 1)
    assert indexing_lexicon.read_stamp(settings.lexicon_path) is None
    sync(settings)
    assert indexing_lexicon.read_stamp(settings.lexicon_path) is not None


def test_little_changes_are_saved_up(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing_lexicon, "RELEARN_SHARE", 0.5)
    for number in range(1, 5):
        write(f"{number}.txt", "giải ngân vốn đầu tư công")
    sync(settings)
    lexicon = Lexicon(settings.lexicon_path)
    write("5.txt", "công nghệ blockchain")
    sync(settings)
    assert not lexicon.is_word("blockchain")
    sync(settings)
    assert not lexicon.is_word("blockchain")
    (settings.corpus / "1.txt").unlink()
    sync(settings)
    assert lexicon.is_word("blockchain")
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        assert catalogue.reader.meta()["lexicon_behind"] == "0"


def test_a_huge_corpus_is_learnt_from_in_part(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 25):
        write(f"{number}.txt", "giải ngân vốn đầu tư công")
    monkeypatch.setattr(indexing_lexicon, "LEARN_SYLLABLES", 300)
    sync(settings)
    stamp = indexing_lexicon.read_stamp(settings.lexicon_path)
    assert stamp is not None and 0 < stamp.documents < 24


def test_an_empty_catalogue_teaches_nothing(settings: Settings) -> None:
    sync(settings)
    assert not settings.lexicon_path.exists()
    assert status(settings)["lexicon"] is None


def test_status_says_what_was_learnt(settings: Settings, write: Write) -> None:
    write("1.txt", "giải ngân vốn đầu tư công")
    sync(settings)
    said = status(settings)["lexicon"]
    assert said["version"] == LEXICON_VERSION and said["documents"] == 1 and said["syllables"] > 10
    assert said["learnt"].startswith("20") and json.dumps(said)
    assert Lexicon(settings.lexicon_path).status() == said
    assert Lexicon(settings.corpus).status() is None


def test_a_run_cut_short_leaves_the_old_lexicon(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("1.txt", "giải ngân vốn đầu tư công")
    sync(settings)
    before = (settings.lexicon_path / LEXICON_FILE).read_bytes()
    write("2.txt", "công nghệ blockchain")

    def fails(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(indexing_lexicon, "sync_to_disk", fails)
        with pytest.raises(IndexStateError, match=LEXICON_FILE):
            indexing_lexicon._write(settings.lexicon_path, b"half")
    assert (settings.lexicon_path / LEXICON_FILE).read_bytes() == before
    sync(settings)
    assert Lexicon(settings.lexicon_path).is_word("blockchain")


def test_noise_is_no_word() -> None:
    learner = Learner()
    learner.add(["a" * 5000 + " 535/NQ-HĐND 84% Ω giải\u200bngân ngân"])
    words = set(learner.tables().marked.words)
    assert {"ngân", "hđnd"} <= words
    assert not any(len(word) > 20 or not word.isalpha() for word in words - {""})
