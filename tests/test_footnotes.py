"""Footnotes: raised, in brackets, and, in consolidated texts, as plain figures glued to what they mark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import assert_whole

from kgsearch.models import Clause, Document, Kind
from kgsearch.parser import parse
from kgsearch.readers import read
from kgsearch.readers.text import split_lines

REAL = Path(__file__).resolve().parents[1].parent / "shared" / "real"

HEAD = """\
BỘ NỘI VỤ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

{number}
Hà Nội, ngày 12 tháng 3 năm 2020

THÔNG TƯ
QUY ĐỊNH VỀ HỒ SƠ THỬ NGHIỆM

"""
NUMBER = "Số: 07/VBHN-BNV"
BODY = """\
Bộ trưởng Bộ Nội vụ ban hành Thông tư quy định về hồ sơ thử nghiệm như sau1:

Điều 1. Phạm vi điều chỉnh2

1.3 Thông tư này quy định về hồ sơ có diện tích từ 20 m2 trở lên, theo Luật số 10/2012/QH13.

2. Hồ sơ gồm:

a)4 Tờ khai theo mẫu A4, hệ số 1,5;

b) Bản sao quyết định.5

Điều 2.6 Hồ sơ nộp trước ngày 15.7.2020.

Chương I

ĐIỀU KHOẢN THI HÀNH7

Điều 3. Thông tư này có hiệu lực từ ngày 01 tháng 5 năm 2019.

"""
SIGNATURE = """\
XÁC THỰC VĂN BẢN HỢP NHẤT

KT. BỘ TRƯỞNG

THỨ TRƯỞNG

Trần Văn An

"""
NOTES = """\
1 Thông tư số 02/2020/TT-BNV có căn cứ ban hành như sau:

“Căn cứ Luật số 10/2012/QH13;

Điều 3. Hiệu lực thi hành

1. Một khoản được trích.”

2 Tên điều này được sửa đổi theo quy định tại khoản

1 Điều 1 của Thông tư số 02/2020/TT-BNV.

3 Khoản này được bổ sung theo quy định tại khoản 2 Điều 1 của Thông tư số 02/2020/TT-BNV.

4 Điểm này được sửa đổi theo quy định tại khoản 3 Điều 1 của Thông tư số 02/2020/TT-BNV.

5 Điểm này được bãi bỏ theo quy định tại Điều 2 của Thông tư số 02/2020/TT-BNV.

6 Xem chú thích 1.

7 Điều 3 của Thông tư số 02/2020/TT-BNV quy định như sau:

“Điều 3. Thông tư này có hiệu lực từ ngày 01 tháng 5 năm 2020.”
"""
CARRIERS = {
    "fn_1": "preamble__p_1",
    "fn_2": "art_1",
    "fn_3": "art_1__para_1",
    "fn_4": "art_1__para_2__point_a",
    "fn_5": "art_1__para_2__point_b",
    "fn_6": "art_2",
    "fn_7": "chp_I",
}


def parsed(text: str) -> Document:
    source = split_lines(text, "utf-8")
    documents = parse(source)
    assert_whole(source, documents)
    (document,) = documents
    return document


def consolidated(body: str = BODY, notes: str = NOTES, number: str = NUMBER, signature: str = SIGNATURE) -> Document:
    return parsed(HEAD.format(number=number) + body + signature + notes)


def clauses(document: Document) -> dict[str, Clause]:
    return {clause.eid: clause for clause, _ancestors in document.walk()}


def notes_of(document: Document) -> dict[str, Clause]:
    return {clause.eid: clause for clause in document.clauses if clause.kind is Kind.FOOTNOTE}


def carriers(document: Document) -> dict[str, str]:
    """Where each note's mark was found; the preamble's words by whatever name."""
    return {
        eid: note.marked_in if note.marked_in.startswith(("art", "chp")) else "preamble__p_1" for eid, note in notes_of(document).items()
    }


def lone(notes: str) -> str:
    """The notes with their figures alone on their lines."""
    return re.sub(r"(?m)^(\d) (?!Điều 1)", r"\1\n\n", notes)


def stopped(notes: str) -> str:
    """The notes with a stop behind their figures."""
    return re.sub(r"(?m)^(\d) (?!Điều 1)", r"\1. ", notes).replace("Xem chú thích 1", "Điều này được sửa đổi, bổ sung")


def bracketed(text: str) -> str:
    """The same text with its marks and the numbers of its notes in brackets."""
    for glued in ("sau1", "chỉnh2", "1.3 ", "a)4", "định.5", "2.6", "HÀNH7"):
        text = text.replace(glued, re.sub(r"\d( ?)$", lambda figure: f"[{figure.group().strip()}]{figure[1]}", glued))
    return re.sub(r"(?m)^(\d) (?!Điều 1)", r"[\1] ", text)


STYLES = {
    "plain": (BODY, NOTES),
    "figure alone": (BODY, lone(NOTES)),
    "stop": (BODY, stopped(NOTES)),
    "brackets": (bracketed(BODY), bracketed(NOTES)),
    "brackets alone": (bracketed(BODY), bracketed(NOTES).replace("] ", "]\n\n")),
}


@pytest.mark.parametrize("style", STYLES)
def test_notes_of_a_consolidated_text(style: str) -> None:
    body, notes = STYLES[style]
    document = consolidated(body, notes)
    found = clauses(document)
    assert carriers(document) == CARRIERS
    assert found["fn_1"].text.startswith("Thông tư số 02/2020/TT-BNV có căn cứ")
    assert found["fn_1"].text.endswith("1. Một khoản được trích.”")
    assert found["fn_2"].text.endswith("tại khoản 1 Điều 1 của Thông tư số 02/2020/TT-BNV.")
    assert found["fn_7"].text.endswith("tháng 5 năm 2020.”")
    assert [clause.number for clause in found.values() if clause.kind is Kind.ARTICLE] == ["1", "2", "3"]
    assert found["art_1"].heading == "Phạm vi điều chỉnh"
    assert found["art_1__para_1"].text == "Thông tư này quy định về hồ sơ có diện tích từ 20 m2 trở lên, theo Luật số 10/2012/QH13."
    assert found["art_1__para_2__point_a"].text == "Tờ khai theo mẫu A4, hệ số 1,5;"
    assert found["art_1__para_2__point_b"].text == "Bản sao quyết định."
    assert found["art_2"].text == "Hồ sơ nộp trước ngày 15.7.2020."
    assert found["chp_I"].heading == "ĐIỀU KHOẢN THI HÀNH"
    assert document.signer == "Trần Văn An"


def test_the_signature_may_stand_after_the_notes() -> None:
    document = parsed(HEAD.format(number=NUMBER) + BODY + NOTES + "\nHà Nội, ngày 12 tháng 3 năm 2020\n\n" + SIGNATURE)
    assert carriers(document) == CARRIERS
    assert clauses(document)["fn_7"].text.endswith("năm 2020.”")
    assert document.signer == "Trần Văn An"


def test_an_annex_may_stand_after_the_notes() -> None:
    document = consolidated(notes=NOTES + "\nPHỤ LỤC I\n\nMỘT MẪU ĐƠN\n\nTờ khai này do cá nhân viết.\n")
    assert carriers(document) == CARRIERS
    assert "Tờ khai" not in clauses(document)["fn_7"].text
    assert "cá nhân viết" in clauses(document)["att_1"].full_text


def test_words_of_authentication_tell_a_consolidated_text() -> None:
    assert notes_of(consolidated(number="Số: 07/2020/TT-BNV")).keys() == CARRIERS.keys()


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (BODY, ""),
        (BODY.replace("sau1", "sau"), "1 Khoản này được sửa đổi theo Thông tư số 02/2020/TT-BNV.\n"),
        (re.sub(r"(?<=[ugH])[127]|(?<=\.)[36](?= )|(?<=\))4", "", BODY), NOTES),
        (BODY, re.sub(r"(?m)^(\d) (?!Điều 1)", r"- ", NOTES)),
        (BODY + "Điều 4. Hiệu lực\n\n1. Thông tư này có hiệu lực ngay.\n\n2. Thông tư số 01/2015/TT-BNV được bãi bỏ.\n\n", ""),
    ],
    ids=["no notes", "no mark", "too few marks", "notes without numbers", "khoản of the last article"],
)
def test_unclear_evidence_leaves_the_text_as_it_is(body: str, notes: str) -> None:
    document = consolidated(body, notes)
    assert not notes_of(document)
    whole = " ".join(f"{clause.label} {clause.text}" for clause, _ancestors in document.walk())
    assert [figure for figure in re.findall(r"(?<=như )sau\d?|(?<=điều )chỉnh\d?", whole)][:2] == re.findall(
        r"sau\d?(?=:)|chỉnh\d?(?=\n)", body
    )


def test_no_other_text_is_searched_for_plain_figures() -> None:
    document = consolidated(number="Số: 07/2020/TT-BNV", signature=SIGNATURE.replace("XÁC THỰC VĂN BẢN HỢP NHẤT\n\n", ""))
    assert not notes_of(document)


@pytest.mark.parametrize("missing", ["sau1", "chỉnh2", "a)4", "định.5", "HÀNH7"])
def test_one_mark_may_be_missing(missing: str) -> None:
    document = consolidated(BODY.replace(missing, re.sub(r"\d$", "", missing)))
    assert notes_of(document).keys() == CARRIERS.keys()
    unmarked = [eid for eid, note in notes_of(document).items() if not note.marked_in]
    assert unmarked == ["fn_" + missing[-1]]
    assert f"chú thích {missing[-1]}: không tìm thấy chỗ đánh dấu" in document.warnings
    assert clauses(document)["fn_" + missing[-1]].text[:1].isalpha()


def test_decimal_labels_are_no_marks() -> None:
    lines = ["Điều 1.1 Nội dung chính.", "1. Phần đầu:", "1.1 Việc thứ nhất;", "1.2 Việc thứ hai;", "1.3 Việc thứ ba."]
    body = "\n\n".join([*lines, "Điều 2.2 Nội dung sau.3", ""])
    notes = "".join(f"{number} Điều này được sửa đổi theo Thông tư số 02/2020/TT-BNV.\n\n" for number in (1, 2, 3))
    document = consolidated(body, notes)
    found = clauses(document)
    assert [found[f"art_1__para_1__para_1-{number}"].text for number in (1, 2, 3)] == ["Việc thứ nhất;", "Việc thứ hai;", "Việc thứ ba."]
    assert {eid: note.marked_in for eid, note in notes_of(document).items()} == {"fn_1": "art_1", "fn_2": "art_2", "fn_3": "art_2"}


def test_marks_in_brackets_that_stand_together_go_with_their_comma() -> None:
    document = parsed(
        HEAD.format(number=NUMBER) + "Điều 1. Trên mạng[1],[2].\n\nĐiều 2. Hai.\n\n[1] Một chú thích.\n\n[2] Hai chú thích.\n"
    )
    assert clauses(document)["art_1"].text == "Trên mạng."
    assert clauses(document)["art_1"].footnotes == ("fn_1", "fn_2")


def test_a_mark_alone_on_its_line_is_no_note_before_its_text() -> None:
    document = parsed(HEAD.format(number=NUMBER) + "Điều 1. Trên mạng\n\n[1]\n\nĐiều 2. Hai điều.\n\n[1]\n\nMột chú thích.\n")
    assert clauses(document)["fn_1"].text == "Một chú thích."
    assert clauses(document)["fn_1"].marked_in == "art_1"
    assert clauses(document)["art_2"].text == "Hai điều."


GLUED = ["sau1:", "2.2 Thông tư", "Điều 1.3 Một", "a)1", "HÀNH2", "mục.3", "Chương I4", "1. 2 Hai", "m2", "[2]", "\n[1]\n", "chữ", "\n"]
BEGUN = ["\n1\n", "\n1 Điều này được bổ sung", "\n2 Khoản này được sửa đổi", "\n3. Điểm này được bãi bỏ", "\n[2] Hai", "\nĐiều 2."]
AFTER = ["“", "”", SIGNATURE, "\nPHỤ LỤC\n"]
PIECES = st.sampled_from([*GLUED, *BEGUN, *AFTER])


@given(st.lists(PIECES, max_size=25))
@settings(deadline=None)
def test_no_word_is_lost_whatever_looks_like_a_mark(pieces: list[str]) -> None:
    source = split_lines(HEAD.format(number=NUMBER) + " ".join(pieces), "utf-8")
    assert_whole(source, parse(source))


CONSOLIDATED = ["103901.txt", "126836.txt", "16073.txt", "223812.txt", "288036.txt", "56503.txt"]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is missing")
@pytest.mark.parametrize("name", CONSOLIDATED)
def test_consolidated_texts_keep_their_notes_apart(name: str) -> None:
    """Notes number from 1, say something, and only a few have no mark; none holds the signature."""
    (document,) = parse(read(REAL / name))
    notes = list(notes_of(document).values())
    assert notes[0].number == "1"
    assert [int(note.number) for note in notes] == sorted({int(note.number) for note in notes})
    assert all(note.text[:1].isupper() and "HỢP NHẤT" not in note.text for note in notes)
    assert sum(not note.marked_in for note in notes) <= len(notes) // 10


@pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is missing")
@pytest.mark.parametrize("name", ["16073.txt", "223812.txt", "56503.txt"])
def test_plain_figures_say_what_brackets_say(name: str) -> None:
    """A text whose marks are in brackets gives the same clauses where they are printed as plain figures."""
    source = read(REAL / name)
    (bare,) = parse(split_lines(re.sub(r"\[(\d+)\]", r"\1", source.text), source.encoding))
    (document,) = parse(source)
    assert clauses(bare).keys() == clauses(document).keys()
    differing = [eid for eid, clause in clauses(document).items() if clause.text != clauses(bare)[eid].text]
    assert len(differing) <= 2
