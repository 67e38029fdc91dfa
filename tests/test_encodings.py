"""Encodings: each told for what it is, every letter in its place, Unicode left alone."""

from __future__ import annotations

import shutil
import subprocess
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.errors import ReadError
from kgsearch.parser import parse
from kgsearch.readers.encodings import (
    LEGACY,
    TCVN3,
    VNI,
    WINDOWS_1258,
    convert_legacy,
    decode_legacy,
    detect,
    encode,
    encoding_of_font,
    is_capital_font,
    read_legacy_text,
    read_text,
    repair,
    with_capitals,
)
from kgsearch.readers.text import split_lines

SMALL = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
LETTERS = SMALL + SMALL.upper()
TONELESS = "ăâđêôơư"
TEXT = "Số: 12/NQ-HĐND\nĐiều 1. Giải ngân vốn đầu tư công – “đúng hạn”, đạt 95% trở lên.\nỦy ban nhân dân tỉnh chịu trách nhiệm thi hành."
SHARED = Path(__file__).resolve().parents[1].parent / "shared"
DOCUMENTS = [*sorted((SHARED / "corpus").glob("*.txt")), *sorted((SHARED / "real").glob("*.txt"))]
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")

needs_documents = pytest.mark.skipif(not DOCUMENTS, reason="the documents of ../shared are not here")


def without_lost_case(text: str) -> str:
    """``text`` as TCVN3 can tell it from another: letters with a tone small."""
    return "".join(one.lower() if one.lower() in SMALL and one.lower() not in TONELESS else one for one in text)


def holdable(text: str, encoding: str) -> str:
    """``text`` with "?" for what the encoding has no place for."""
    lost = {one for one in set(text) if encode(one, encoding) == b"?"}
    return "".join("?" if one in lost else one for one in text)


def test_there_are_134_letters() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 134


@pytest.mark.parametrize("encoding", [WINDOWS_1258, VNI])
def test_every_letter_comes_back(encoding: str) -> None:
    assert decode_legacy(encode(LETTERS, encoding), encoding) == LETTERS


def test_every_letter_of_tcvn3_comes_back() -> None:
    for letter in SMALL + TONELESS.upper():
        data = encode(letter, TCVN3)
        assert len(data) == 1 and decode_legacy(data, TCVN3) == letter
    assert encode(SMALL.upper(), TCVN3) == encode("".join(one.upper() if one in TONELESS else one for one in SMALL), TCVN3)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv, whose tables are compared, is not installed")
@pytest.mark.parametrize(("encoding", "name", "letters"), [(TCVN3, "TCVN", SMALL + TONELESS.upper()), (WINDOWS_1258, "CP1258", LETTERS)])
def test_tables_agree_with_the_c_library(encoding: str, name: str, letters: str) -> None:
    done = subprocess.run(["iconv", "-f", name, "-t", "UTF-8"], input=encode(letters, encoding), capture_output=True, check=True)
    assert unicodedata.normalize("NFC", done.stdout.decode()) == letters


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("Ñieàu 5. Nhöõng quy ñònh chuyeån tieáp", "Điều 5. Những quy định chuyển tiếp"),
        ("kyõ thuaät, thuôû aáy, nöôùc, nghæ, ngaén", "kỹ thuật, thuở ấy, nước, nghỉ, ngắn"),
        ("Aùp duïng", "Áp dụng"),
    ],
)  # fmt: skip
def test_vni_as_it_is_typed(typed: str, read: str) -> None:
    assert read_text(typed.encode("cp1252"), "a.txt").text == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("§iÒu 5. Nh÷ng quy ®Þnh vÒ n­íc", "Điều 5. Những quy định về nước"),
        ("NGHÞ QUYÕT VÒ VIÖC PH¸T TRIÓN", "NGHỊ QUYẾT VỀ VIỆC PHÁT TRIỂN"),
        ("ñY BAN NH¢N D¢N TØNH", "ỦY BAN NHÂN DÂN TỈNH"),
        ("Bé Tµi chÝnh; UBND tØnh; TP.Hå ChÝ Minh", "Bộ Tài chính; UBND tỉnh; TP.Hồ Chí Minh"),
    ],
)
def test_tcvn3_as_it_is_typed(typed: str, read: str) -> None:
    assert read_text(typed.encode("cp1252"), "a.txt").text == read


def test_capitals_are_judged_in_time_proportional_to_the_text() -> None:
    """Words that may be capitals or not, looking for their neighbours, and blank lines, looking for the end of a sentence."""
    sure = decode_legacy(encode("Nghị quyết của Hội đồng nhân dân tỉnh. ", TCVN3), "")

    def seconds(words: int) -> float:
        line = sure * 3 + decode_legacy(encode("Bị ", TCVN3), "") * words
        started = time.process_time()
        assert repair(line)[1] == TCVN3
        decode_legacy(b"a." + b"\n" * words + b"x", TCVN3)
        return time.process_time() - started

    seconds(100)
    # The least of a few: now and then the collector of garbage goes through all that the tests before left.
    few, many = (min(seconds(words) for _again in range(4)) for words in (4_000, 16_000))
    assert many < 8 * few + 0.1


@pytest.mark.parametrize("encoding", UNICODE)
def test_unicode_is_left_alone(encoding: str) -> None:
    assert read_text(TEXT.encode(encoding), "a.txt").text == TEXT


@pytest.mark.parametrize("encoding", LEGACY)
def test_each_is_told_for_what_it_is(encoding: str) -> None:
    data = encode(TEXT, encoding)
    assert detect(data) == encoding
    source = read_legacy_text(data, "a.txt")
    assert source.encoding == encoding
    assert without_lost_case(source.text) == without_lost_case(TEXT)


@pytest.mark.parametrize(
    "data",
    [
        "Société Générale: été à l'hôpital, garçon, œuvre".encode("cp1252"),
        "Größe über Straße, Mädchen".encode("cp1252"),
        "Приказ министерства".encode("cp1251"),
        "法律文件".encode("gbk"),
        bytes(range(128, 256)) * 4,
    ],
    ids=["French", "German", "Russian", "Chinese", "bytes"],
)
def test_what_spells_nothing_is_refused(data: bytes) -> None:
    assert detect(data) == ""
    with pytest.raises(ReadError, match=r"a\.txt"):
        read_legacy_text(data, "a.txt")


@pytest.mark.parametrize(
    "text", ["Société Générale, été, hôpital, garçon", "Größe über Straße, Mädchen", "là và hà cá bé", "½ ¼ ¾ µm ±5 °C §3 ©", "m² km³"]
)
def test_western_words_in_unicode_are_no_old_vietnamese(text: str) -> None:
    assert repair(text) == (text, "")


@pytest.mark.parametrize(
    ("line", "encoding"),
    [("NghÞ quyÕt vÒ viÖc ph¸t triÓn kinh tÕ", TCVN3), ("Nghò quyeát veà vieäc phaùt trieån kinh teá", VNI)],
)
def test_old_lines_amid_unicode_are_converted(line: str, encoding: str) -> None:
    text = f"Kính gửi: Ủy ban nhân dân\n{line}\nĐã ký"
    assert repair(text) == ("Kính gửi: Ủy ban nhân dân\nNghị quyết về việc phát triển kinh tế\nĐã ký", encoding)


@pytest.mark.parametrize(
    ("text", "font", "read"),
    [
        ("NghÞ quyÕt", ".VnTimeH", "NGHỊ QUYẾT"),
        ("§iÒu 1", ".VnTime", "Điều 1"),
        ("§iÒu 1", ".VnArial Narrow", "Điều 1"),
        ("Nghò quyeát", "VNI-Times", "Nghị quyết"),
        ("Nghị quyết", ".VnTime", "Nghị quyết"),
        ("Nghị quyết", ".VnTimeH", "NGHỊ QUYẾT"),
        ("là", ".VnTime", "là"),
        ("NghÞ", "Times New Roman", "NghÞ"),
        ("Õt", ".VnTime", "ết"),
        ("\uf0de", ".VnTime", "ị"),
        ("ò", "VNI-Helve", "ị"),
        ("", ".VnTime", ""),
    ],
)
def test_runs_are_converted_by_their_font(text: str, font: str, read: str) -> None:
    assert convert_legacy(text, font) == read


def test_fonts() -> None:
    assert [encoding_of_font(font) for font in (".VnTime", "VNI-Times", "Times New Roman", "Vnd", "")] == [TCVN3, VNI, "", "", ""]
    assert [is_capital_font(font) for font in (".VnTimeH", ".VnTime", ".vntimeh", "VNI-TimesH")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("QUYếT ĐịNH Về VIệC", "QUYẾT ĐỊNH VỀ VIỆC"),
        ("Về việc ban hành", "Về việc ban hành"),
        ("Số: 12/NQ-HĐND", "Số: 12/NQ-HĐND"),
        ("Bộ GTVT và Sở KH", "Bộ GTVT và Sở KH"),
        ("Về", "Về"),
        ("của ủy ban, ủy quyền", "của Ủy ban, ủy quyền"),
        ("ủy ban", "Ủy ban"),
        ("QUY ĐịNH\nVề\nVIệC CầN", "QUY ĐỊNH\nVỀ\nVIỆC CẦN"),
        ("QUY ĐịNH\nVề\nviệc cần", "QUY ĐỊNH\nVề\nviệc cần"),
        ("a) ý thức", "a) Ý thức"),
        ("a) ủy ban;\n- áp dụng", "a) Ủy ban;\n- Áp dụng"),
        ("tỉnh\nủy viên", "tỉnh\nủy viên"),
        ("hết. ứng xử", "hết. Ứng xử"),
    ],
)
def test_capitals_come_back_where_the_line_shows_them(line: str, read: str) -> None:
    assert with_capitals(line) == read


@given(st.text(alphabet=LETTERS + "bcdghklmnpqrstvx ,.\n", max_size=80), st.sampled_from((WINDOWS_1258, VNI)))
def test_any_text_of_letters_comes_back(text: str, encoding: str) -> None:
    assert decode_legacy(encode(text, encoding), encoding) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = read_text(data, "a.txt")
    except ReadError as error:
        assert "\n" not in str(error)
    else:
        assert all(source.text[line.start : line.end] == line.text for line in source.lines)


@needs_documents
@pytest.mark.parametrize("path", DOCUMENTS[::6], ids=lambda path: path.stem)
def test_no_unicode_document_is_misjudged(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    pieces = [text[start : start + 200] for start in range(0, len(text), 200)]
    for piece in [text, *(piece for piece in pieces if piece.strip())]:
        for encoding in UNICODE:
            assert read_text(piece.encode(encoding), "a.txt").text == piece


@needs_documents
@pytest.mark.parametrize("path", DOCUMENTS[::6], ids=lambda path: path.stem)
@pytest.mark.parametrize("encoding", LEGACY)
def test_round_trips_of_documents_are_exact(path: Path, encoding: str) -> None:
    text = unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig"))
    source = read_text(encode(text, encoding), path.name)
    assert source.encoding == encoding
    expected = holdable(text, encoding)
    if encoding == TCVN3:
        assert without_lost_case(source.text) == without_lost_case(expected)
    else:
        assert source.text == expected


@needs_documents
@pytest.mark.parametrize("encoding", LEGACY)
def test_the_same_document_in_any_encoding_has_the_same_clauses(encoding: str) -> None:
    """All the same but for what TCVN3 cannot say: a capital with a tone in the middle of a sentence, which may tell wrapped lines apart."""
    kept = whole = 0
    for path in DOCUMENTS[::12]:
        text = holdable(unicodedata.normalize("NFC", path.read_bytes().decode("utf-8-sig")), encoding)
        before, after = parse(split_lines(text, "utf-8")), parse(read_text(encode(text, encoding), path.name))
        assert [(one.number, one.type, one.issued) for one in before] == [(one.number, one.type, one.issued) for one in after]
        eids = [Counter(clause.eid for one in documents for clause, _above in one.walk()) for documents in (before, after)]
        kept += (eids[0] & eids[1]).total()
        whole += eids[0].total()
    assert kept >= (0.98 if encoding == TCVN3 else 1) * whole
