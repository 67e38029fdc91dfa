"""Words of several syllables: the same as pyvi's on real text, each led back to where it stands."""

from __future__ import annotations

import itertools
import pickle
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.errors import KgsearchError
from kgsearch.language import pyvi_model
from kgsearch.language.normalise import normalise_syllable
from kgsearch.language.pyvi_model import pyvi_tokens
from kgsearch.language.segment import segment
from kgsearch.language.tokenise import codes, tokenise


@pytest.fixture(scope="module")
def pyvi_tokenize():  # type: ignore[no-untyped-def]
    """pyvi itself, with all that it brings."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyvi import ViTokenizer

    return ViTokenizer.tokenize


def test_the_tokens_of_real_text_are_those_of_pyvi(shared: Path, pyvi_tokenize) -> None:  # type: ignore[no-untyped-def]
    lines = [line for path in sorted((shared / "corpus").glob("*.txt")) for line in path.read_text(encoding="utf-8-sig").split("\n")]
    assert len(lines) > 1000
    for line in lines:
        for given_line in (line, line.lower()):
            if given_line.strip():
                assert " ".join(pyvi_tokens(given_line)) == pyvi_tokenize(given_line)


@pytest.mark.parametrize(
    "text",
    [
        "ỦY BAN NHÂN DÂN TỈNH",
        "Gửi a.b@c.vn, xem https://x.vn/a?b=c ... ==> -> >> Tp. Mr. TS.",
        "1.234,5 12_3 20/NQ-HĐND – “trích” ½ m²",
        "Một\nhai",
        "ông Nguyễn Văn A",
    ],
)
def test_the_tokens_of_odd_text_are_those_of_pyvi(text: str, pyvi_tokenize) -> None:  # type: ignore[no-untyped-def]
    assert " ".join(pyvi_tokens(text)) == pyvi_tokenize(text)


def words(text: str) -> list[str]:
    return [word.text for word in segment(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Giải ngân vốn đầu tư công.", ["giải_ngân", "vốn", "đầu_tư", "công"]),
        ("ỦY BAN NHÂN DÂN", ["ủy_ban", "nhân_dân"]),
        ("Uỷ ban nhân dân", ["ủy_ban", "nhân_dân"]),
        ("theo Nghị quyết số 20/NQ-HĐND của", ["theo", "nghị_quyết", "số", "20/nq-hđnd", "của"]),
        ("tỷ lệ", ["tỉ_lệ"]),
        ("tỉ lệ", ["tỉ_lệ"]),
        ("giai ngan 84%", ["giai", "ngan", "84%"]),
        ("nghị quyết¹ này", ["nghị_quyết", "này"]),
        ("", []),
        (" …\n\n", []),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted
    assert words(unicodedata.normalize("NFD", text)) == wanted


@pytest.mark.parametrize("text", ["İ ủy ban İ", "5¹(cưİUBND0â)kpİp̣", "đầuİ tư"])
def test_a_letter_that_its_lower_case_makes_two_loses_no_words(text: str) -> None:
    assert [word.text for word in segment(text)]


def test_words_do_not_cross_lines_or_punctuation() -> None:
    assert words("giải\nngân") == ["giải", "ngân"]
    for mark in ("–", ",", "; ", '"', "”", "/"):
        assert "giải_ngân" not in words(f"giải{mark}ngân")


def assert_words_stand_where_they_say(text: str) -> None:
    found = segment(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    covered = [token for word in found for token in tokenise(text[word.start : word.end])]
    assert [token.text for token in covered] == [token.text for token in tokenise(text)], "every syllable is in one word"
    whole = {(code.start, code.end) for line in text.split("\n") for code in codes(line)} if "\n" not in text else set()
    for word in found:
        if (word.start, word.end) not in whole and "\n" not in text:
            assert word.text == "_".join(normalise_syllable(token.text) for token in tokenise(text[word.start : word.end]))


ALPHABET = "aăđeêiơuyàáạẫếìọửýGNTH .,–“/-%0123456789_¹@:\u0301\u200b\u00a0\n"


@settings(deadline=None)
@given(st.text(st.sampled_from(ALPHABET), max_size=80))
def test_any_words_stand_where_they_say(text: str) -> None:
    assert_words_stand_where_they_say(text)


def test_words_of_real_text_stand_where_they_say(shared: Path) -> None:
    for path in sorted((shared / "corpus").glob("*.txt")):
        assert_words_stand_where_they_say(path.read_text(encoding="utf-8-sig"))


def test_long_lines_are_taken_in_pieces() -> None:
    found = words("giải ngân vốn đầu tư " * 2000)
    assert found.count("giải_ngân") > 1990


def test_threads_share_the_model() -> None:
    text = "Ủy ban nhân dân tỉnh giải ngân vốn đầu tư công, nâng cao chất lượng cuộc sống."
    with ThreadPoolExecutor(8) as pool:
        assert set(map(tuple, pool.map(words, [text] * 200))) == {tuple(words(text))}


class _Harm:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("harm done",))


def test_a_pickle_that_names_anything_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(_Harm()))
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print"):
        pyvi_model._model_bytes(tmp_path / "model.pkl")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [b"", b"\x80\x02N.", b"no pickle"])
def test_a_model_that_cannot_be_read_is_one_clear_error(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "pyvi3.pkl").write_bytes(content)
    (tmp_path / "models" / "words.txt").write_text("", encoding="utf-8")
    monkeypatch.setattr(pyvi_model, "_pyvi_folder", lambda: tmp_path)
    with pytest.raises(KgsearchError, match="pyvi"):
        pyvi_model._load.__wrapped__()


def test_a_missing_package_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvi_model, "find_spec", lambda name: None)
    with pytest.raises(KgsearchError, match="pyvi"):
        pyvi_model._load.__wrapped__()
