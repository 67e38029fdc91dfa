"""The parser by small cases: what a label is, which line goes on, what a head and an end say, tables, notes, what is attached."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import assert_whole

from kgsearch.errors import ReadError
from kgsearch.models import Clause, Document, Kind, SourceText, Span
from kgsearch.parser import parse
from kgsearch.parser.casing import learn_forms, organ_name, recase
from kgsearch.parser.clean import clean_lines
from kgsearch.parser.conclusions import begins_conclusions, is_name, read_signature, trim_end
from kgsearch.parser.header import clean_number, number_of
from kgsearch.parser.labels import Label, find_label, follows, is_first, jump, position, roman_value
from kgsearch.parser.layout import ends_sentence, is_capitals, open_end
from kgsearch.parser.mapped import Block, Mapped, collapse, spans_of, text_of
from kgsearch.parser.tables import cells_of, split_tables
from kgsearch.parser.tree import eid_number
from kgsearch.parser.types import type_of_heading, type_of_number
from kgsearch.readers.text import split_lines

LETTERHEAD = "HỘI ĐỒNG NHÂN DÂN\nTỈNH HẢI GIANG\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
HEAD = LETTERHEAD + "Số: 12/NQ-HĐND\n\nHải Giang, ngày 05 tháng 3 năm 2021\n\nNGHỊ QUYẾT\nVề nuôi biển\n\n"
END = "\n\nNơi nhận:\n\n- Như trên;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nTrần Văn Mẫu\n"


def document_of(text: str) -> Document:
    """The one document of ``text``, which holds what holds for every document."""
    source = split_lines(text, "utf-8")
    (document,) = parse(source)
    assert_whole(source, [document])
    return document


def body_of(text: str) -> dict[str, str]:
    """eId -> text of the clauses of a document whose body is ``text``."""
    document = document_of(HEAD + text + END)
    return {
        clause.eid: clause.text
        for clause, _above in document.walk()
        if clause.eid != "conclusions" and not clause.eid.startswith("preamble")
    }


def clauses_of(document: Document) -> dict[str, Clause]:
    return {clause.eid: clause for clause, _above in document.walk()}


# --- labels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "printed", "number"),
    [
        ("Điều 1. Phạm vi", "article", "Điều 1", "1"),
        ("Điều 12a: Phạm vi", "article", "Điều 12a", "12a"),
        ("Ðiều 3. Phạm vi", "article", "Ðiều 3", "3"),
        ("ĐIỀU 4. PHẠM VI", "article", "ĐIỀU 4", "4"),
        ("Điều 5", "article", "Điều 5", "5"),
        ("Chương II", "chapter", "Chương II", "II"),
        ("CHƯƠNG 2: QUY ĐỊNH", "chapter", "CHƯƠNG 2", "2"),
        ("Mục 1. Tên", "section", "Mục 1", "1"),
        ("Tiểu mục 2", "subsection", "Tiểu mục 2", "2"),
        ("Phần thứ nhất", "part", "Phần thứ nhất", "thứ nhất"),
        ("PHẦN I", "part", "PHẦN I", "I"),
        ("A. ĐÁNH GIÁ", "lettered part", "A.", "A"),
        ("I. MỤC TIÊU", "roman", "I.", "I"),
        ("IV/ Mục tiêu", "roman", "IV/", "IV"),
        ("XIX- Mục tiêu", "roman", "XIX-", "XIX"),
        ("1. Mục tiêu", "arabic", "1.", "1"),
        ("12a. Mục tiêu", "arabic", "12a.", "12a"),
        ("3) Mục tiêu", "arabic", "3)", "3"),
        ("3 . Mục tiêu", "arabic", "3 .", "3"),
        ("1.2. Mục tiêu", "decimal", "1.2.", "1.2"),
        ("1.2.3 Mục tiêu", "decimal", "1.2.3", "1.2.3"),
        ("a) Mục tiêu", "letter", "a)", "a"),
        ("đ) Mục tiêu", "letter", "đ)", "đ"),
        ("a1) Mục tiêu", "letter number", "a1)", "a1"),
        ("(ii) Mục tiêu", "roman in brackets", "(ii)", "ii"),
        ("- Mục tiêu", "dash", "-", ""),
        ("– Mục tiêu", "dash", "–", ""),
        ("• Mục tiêu", "dash", "•", ""),
        ("- 15 xã", "dash", "-", ""),
        ("+ Mục tiêu", "plus", "+", ""),
    ],
)
def test_labels(text: str, form: str, printed: str, number: str) -> None:
    label = find_label(text)
    assert label is not None
    assert (label.form.name, label.printed, label.number) == (form, printed, number)
    assert text[: label.length].rstrip(" .:/-") == printed.rstrip(" .:/-")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mục tiêu",
        "Điều kiện",
        "điều 5 của Luật",
        "Điều 5 của Luật",
        "Điều 11 Quyết định số 08/2022/QĐ-TTg",
        "Chương II của Luật",
        "Chương trình",
        "Phần mềm",
        "2021 là năm",
        "15/15 huyện",
        "4,45 triệu tấn",
        "-15%",
        "--- ---",
        "abc) x",
    ],
)
def test_no_labels(text: str) -> None:
    assert find_label(text) is None


def labelled(text: str) -> Label:
    label = find_label(f"{text} Chữ")
    assert label is not None, text
    return label


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.", "2."),
        ("9.", "10."),
        ("3.", "3a."),
        ("3a.", "3b."),
        ("3a.", "4."),
        ("a)", "b)"),
        ("d)", "đ)"),
        ("đ)", "e)"),
        ("d)", "e)"),
        ("e)", "f)"),
        ("e)", "g)"),
        ("I.", "II."),
        ("VIII.", "IX."),
        ("A.", "B."),
        ("1.1.", "1.2."),
        ("a1)", "a2)"),
        ("(i)", "(ii)"),
        ("Điều 1.", "Điều 2."),
        ("Điều 1.", "Điều 1a."),
        ("Phần thứ nhất", "Phần thứ hai"),
        ("-", "-"),
        ("+", "+"),
    ],
)
def test_what_follows(before: str, after: str) -> None:
    assert follows(labelled(after), labelled(before))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *[("1.", "1."), ("1.", "3."), ("2.", "1."), ("1.", "1)a"), ("a)", "c)"), ("a)", "2."), ("1.1.", "1.3."), ("1.9.", "2.1.")],
        *[("I.", "1."), ("-", "+"), ("3b.", "3a.")],
    ],
)
def test_what_does_not_follow(before: str, after: str) -> None:
    label = find_label(f"{after} Chữ")
    assert label is None or not follows(label, labelled(before))


@pytest.mark.parametrize(
    ("text", "first"), [("1.", True), ("a)", True), ("I.", True), ("-", True), ("1a.", False), ("2.", False), ("b)", False), ("1.1.", True)]
)
def test_what_can_begin_a_series(text: str, first: bool) -> None:
    assert is_first(labelled(text)) is first


def test_jumps() -> None:
    assert jump(labelled("4."), labelled("2.")) == 1
    assert jump(labelled("2."), labelled("2.")) == -1
    assert position(labelled("đ)")) == 5


@given(st.integers(1, 89))
def test_roman_numerals(number: int) -> None:
    tens, ones = divmod(number, 10)
    numeral = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"][tens] + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][
        ones
    ]
    assert roman_value(numeral) == roman_value(numeral.lower()) == number


@pytest.mark.parametrize(
    ("number", "eid"), [("12a", "12a"), ("đ", "dd"), ("12đ", "12dd"), ("IV", "IV"), ("1.1", "1-1"), ("a1", "a1"), ("thứ nhất", "thu-nhat")]
)
def test_numbers_in_eids(number: str, eid: str) -> None:
    assert eid_number(number) == eid


# --- the tree ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "eids"),
    [
        (
            "Điều 1. Một\n\n1. Hai:\n\na) Ba;\n\nb) Bốn.\n\n2. Năm.\n\nĐiều 2. Sáu.",
            "art_1 art_1__para_1 art_1__para_1__point_a art_1__para_1__point_b art_1__para_2 art_2",
        ),
        ("Điều 1. Một:\n\nd) Hai", "art_1 art_1__p_2"),
        (
            "1. Một:\n\na) A;\n\nb) B;\n\nc) C;\n\nd) D;\n\nđ) Đ;\n\ne) E.",
            "para_1 para_1__point_a para_1__point_b para_1__point_c para_1__point_d para_1__point_dd para_1__point_e",
        ),
        ("Chương I\nCHUNG\n\nĐiều 1. Một.\n\nChương II\nRIÊNG\n\nĐiều 2. Hai.", "chp_I art_1 chp_II art_2"),
        ("I. MỘT\n\n1. Hai.\n\n2. Ba.\n\nII. BỐN\n\n1. Năm.", "sec_I sec_I__para_1 sec_I__para_2 sec_II sec_II__para_1"),
        (
            "A. MỘT\n\nI. HAI\n\n1. Ba.\n\nB. BỐN\n\nI. NĂM\n\n1. Sáu.",
            "part_a part_a__sec_I part_a__sec_I__para_1 part_b part_b__sec_I part_b__sec_I__para_1",
        ),
        (
            "1. Một:\n\n- Hai;\n\n- Ba:\n\n+ Bốn;\n\n+ Năm.\n\n2. Sáu.",
            "para_1 para_1__indent_1 para_1__indent_2 para_1__indent_2__indent_1 para_1__indent_2__indent_2 para_2",
        ),
        ("1. Một\n\n1.1. Hai.\n\n1.2. Ba.\n\n2. Bốn.", "para_1 para_1__para_1-1 para_1__para_1-2 para_2"),
        # a list that starts again at 1 inside a numbered clause
        (
            "I. MỘT\n\n1. Hai gồm các việc sau:\n\n1. Ba.\n\n2. Bốn.\n\nII. NĂM\n\n1. Sáu.",
            "sec_I sec_I__para_1 sec_I__para_1__para_1 sec_I__para_1__para_2 sec_II sec_II__para_1",
        ),
        # what only looks like a label
        ("Điều 1. Một.\n\n2021. Tiếp tục làm.\n\nĐiều 2. Hai.", "art_1 art_1__p_2 art_2"),
        ("Điều 1. Theo\nĐiều 5 của Luật.\n\nĐiều 2. Hai.", "art_1 art_2"),
    ],
)
def test_trees(text: str, eids: str) -> None:
    assert list(body_of(text)) == eids.split()


def test_a_quoted_clause_is_text() -> None:
    found = body_of("Điều 1. Sửa đổi Điều 3 như sau:\n\n“Điều 3. Cũ\n\n1. Mới.\n\n2. Mới nữa.”.\n\nĐiều 2. Hai.")
    assert [eid for eid in found if "art" in eid and "__p_" not in eid] == ["art_1", "art_2"]
    assert not [eid for eid in found if "para" in eid]


@pytest.mark.parametrize(
    ("text", "eid", "expected"),
    [
        (
            "Điều 1. Mục tiêu\n\n1. Tổng quát\n\nGiữ vững đà phục hồi.\n\n2. Cụ thể: tăng.",
            "art_1__para_1",
            "Tổng quát Giữ vững đà phục hồi.",
        ),
        ("1. Một:\n\n- Tên gạch\n\nLời một.\n\nLời hai.\n\n2. Hai.", "para_1__indent_1__p_2", "Lời hai."),
        ("1. Lời một.\n\nLời hai.\n\n2. Hai.", "para_1__p_2", "Lời hai."),
    ],
)
def test_paragraphs_under_labels(text: str, eid: str, expected: str) -> None:
    assert body_of(text)[eid] == expected


def test_words_after_a_heading_and_a_list_are_the_next_paragraph() -> None:
    """The one paragraph between heading and list is the clause's own; what comes after the list is its second."""
    found = body_of("1. Về quy chế\n\nViệc thực hiện còn hạn chế:\n\n- Một;\n\n- Hai.\n\nNguyên nhân là chủ quan.\n\n2. Về tổ chức.")
    assert found["para_1"] == "Về quy chế Việc thực hiện còn hạn chế:"
    assert found["para_1__p_2"] == "Nguyên nhân là chủ quan."


def test_what_stands_between_two_items_of_a_list_keeps_its_place() -> None:
    document = document_of(HEAD + "Điều 1. Một:\n\na) Hai:\n\n- Ba.\n\nĐoạn chen giữa.\n\n- Bốn.\n\nb) Năm." + END)
    starts = [clause.spans[0].start for clause, _above in document.walk() if clause.spans]
    assert starts == sorted(starts)


def test_a_number_left_out_or_repeated_is_warned_of() -> None:
    assert not document_of(HEAD + "Điều 1. Một.\n\nĐiều 2. Hai." + END).warnings
    document = document_of(HEAD + "Điều 1. Một\n\n1. Hai.\n\n2. Ba.\n\n2. Bốn.\n\n4. Năm.\n\nĐiều 2. Hai." + END)
    assert [eid for eid in clauses_of(document) if "para" in eid] == ["art_1__para_1", "art_1__para_2", "art_1__para_2-2", "art_1__para_4"]
    assert len(document.warnings) >= 2


# --- lines and paragraphs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        *[("Một.", True), ("Một;", True), ("Một:", True), ("“Một.”", True), ("*Một.*", True), ("Một ./.", True)],
        *[("Một)", False), ("Một", False), ("Một,", False)],
    ],
)
def test_ends_of_sentences(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


@pytest.mark.parametrize(
    ("text", "capitals"),
    [("NGHỊ QUYẾT", True), ("NGHỊ QUYẾT số 1", False), ("Nghị quyết", False), ("ĐIỀU", True), ("I.", False), ("2021", False)],
)
def test_capitals(text: str, capitals: bool) -> None:
    assert is_capitals(text) is capitals


@pytest.mark.parametrize(
    ("text", "is_open"), [("vốn của", True), ("Nghị quyết số", True), ("vốn.", False), ("vốn đầu tư", False), ("", False)]
)
def test_words_that_ask_for_another(text: str, is_open: bool) -> None:
    assert open_end(text) is is_open


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # hard wraps
        ("Điều 1. Giao cho các\nsở, ban, ngành thực\nhiện.", "Giao cho các sở, ban, ngành thực hiện."),
        # the end of a page: an empty line between two halves of a sentence
        ("Điều 1. Giao cho các sở, ban,\n\nngành thực hiện.", "Giao cho các sở, ban, ngành thực hiện."),
        ("Điều 1. Giao cho các sở,\n\n3\n\nngành thực hiện.", "Giao cho các sở, ngành thực hiện."),
        ("Điều 1. Giao cho các sở,\n\n- 3 -\n\nngành thực hiện.", "Giao cho các sở, ngành thực hiện."),
        ("Điều 1. Giao cho các sở,\n\n15/10/2021\n\nngành thực hiện.", "Giao cho các sở, ngành thực hiện."),
        # a label's look-alike at the start of a wrapped line
        ("Điều 1. Theo quy định tại khoản\n2. Không có gì mới.", "Theo quy định tại khoản 2. Không có gì mới."),
        ("Điều 1. Phát triển kinh tế\n- xã hội của tỉnh.", "Phát triển kinh tế - xã hội của tỉnh."),
        # marks of emphasis, zero-width characters, combining marks
        ("**Điều 1.** *Giao* cho ***các sở***.", "Giao cho các sở."),
        ("Điều 1. Gia\u200bo c\u00adho các sở.", "Giao cho các sở."),
        (unicodedata.normalize("NFD", "Điều 1. Giao cho các sở."), "Giao cho các sở."),
        ("Điều 1. Giao  cho\tcác sở.", "Giao cho các sở."),
        ("Điều 1. Diện tích 5*3 m² hoặc 2 * 4 km³.", "Diện tích 5*3 m² hoặc 2 * 4 km³."),
        # a label broken off before its number
        ("Điều\n1. Giao cho các sở.", "Giao cho các sở."),
    ],
)
def test_lines_become_a_clause(text: str, expected: str) -> None:
    found = body_of(text + "\n\nĐiều 2. Văn bản này có hiệu lực.")
    assert found["art_1"] == expected
    assert set(found) == {"art_1", "art_2"}


def test_a_stamp_is_no_text() -> None:
    stamp = "VP. UBND TỈNH HG\nSố/ST:.....\nĐẾN Ngày: 14/01/2021\nChuyển: A. B\n\n"
    document = document_of(HEAD + "Điều 1. Giao cho các sở, ban,\n\n" + stamp + "ngành thực hiện." + END)
    assert clauses_of(document)["art_1"].text == "Giao cho các sở, ban, ngành thực hiện."


def test_a_number_that_is_a_paragraph_is_kept() -> None:
    """Between two sentences that end, a lone number may be anything; it is not dropped in silence."""
    source = split_lines(HEAD + "Điều 1. Một.\n\n3\n\nĐiều 2. Hai." + END, "utf-8")
    assert_whole(source, parse(source))


# --- head ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số: 12/NQ-HĐND", "12/NQ-HĐND"),
        ("Số: 103 /UBND-TH", "103/UBND-TH"),
        ("Số 259-CV/TU", "259-CV/TU"),
        ("SỐ: 07/2017/QĐ-UBND", "07/2017/QĐ-UBND"),
        ("Luật số: 64/2020/QH14", "64/2020/QH14"),
        ("Số: 12/NQ-HÐND", "12/NQ-HĐND"),
        ("Số:      /BC-UBND", ""),
        ("Nghị quyết này", ""),
    ],
)
def test_printed_numbers(line: str, number: str) -> None:
    assert number_of(line) == number


def test_a_clean_number() -> None:
    assert clean_number("12 / NQ – HÐND.") == "12/NQ-HĐND"


PLAIN = ("12/NQ-HĐND", "Nghị quyết", "Về nuôi biển", "Hội đồng nhân dân tỉnh Hải Giang", "Hải Giang", "2021-03-05")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD, PLAIN),
        (HEAD.replace("HỘI ĐỒNG NHÂN DÂN\nTỈNH", "HỘI ĐỒNG\nNHÂN DÂN TỈNH"), PLAIN),
        ("**" + HEAD.replace("NGHỊ QUYẾT\nVề nuôi biển", "**NGHỊ QUYẾT**\n**Về nuôi biển**").replace("HẢI GIANG", "HẢI GIANG**"), PLAIN),
        # the columns of the letterhead as a table's cells
        (
            "ỦY BAN NHÂN DÂN\nTỈNH HẢI GIANG\n-------\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n---\n|\n"
            "Số: 07/2017/QĐ-UBND\n|\nHải Giang, ngày 2 tháng 5 năm 2017\n|\nQUYẾT ĐỊNH\nBAN HÀNH QUY CHẾ BẾN CÁ\n",
            ("07/2017/QĐ-UBND", "Quyết định", "Ban hành quy chế bến cá", "Ủy ban nhân dân tỉnh Hải Giang", "Hải Giang", "2017-05-02"),
        ),
        # a dispatch of the Party: no quốc hiệu, the date before the number
        (
            "TỈNH ỦY HẢI GIANG\nĐẢNG CỘNG SẢN VIỆT NAM\n\n*\nHải Giang, ngày 07 tháng 10 năm 2021\n\nSố 118-CV/TU\n\nVề việc nuôi biển\n\n"
            "Kính gửi:\n- Các huyện ủy,\n- Các sở\n\n",
            ("118-CV/TU", "Công văn", "Về việc nuôi biển", "Tỉnh ủy Hải Giang", "Hải Giang", "2021-10-07"),
        ),
        # a report with neither number nor date
        ("BÁO CÁO\nKiểm điểm công tác năm 2021\n\n", ("", "Báo cáo", "Kiểm điểm công tác năm 2021", "", "", None)),
    ],
    ids=["plain", "wrapped", "bold", "cells", "Party", "bare"],
)
def test_heads(head: str, expected: tuple[str, ...]) -> None:
    end = END if expected[3] else "\n"
    document = document_of(head + "Điều 1. Nuôi biển được giao cho các xã ven biển." + end)
    issued = document.issued.isoformat() if document.issued else None
    assert (document.number, document.type, document.title, document.issuer, document.place, issued) == expected


def test_addressees_and_bases() -> None:
    dispatch = HEAD.replace("NGHỊ QUYẾT\nVề nuôi biển\n\n", "V/v nuôi biển\n\nKính gửi:\n- Sở Tài chính;\n- Các huyện.\n\n").replace(
        "12/NQ-HĐND", "12/UBND-TH"
    )
    assert document_of(dispatch + "Giao các sở thực hiện việc này." + END).recipients == (
        "Sở Tài chính",
        "Các huyện",
        "Như trên",
        "Lưu: VT",
    )
    based = HEAD + "Căn cứ Luật Thủy sản;\n\nXét Tờ trình số 5/TTr-UBND;\n\nQUYẾT NGHỊ:\n\nĐiều 1. Một." + END
    document = document_of(based)
    assert document.bases == ("Căn cứ Luật Thủy sản", "Xét Tờ trình số 5/TTr-UBND")
    assert [reference.document for reference in document.references] == ["Luật Thủy sản", "5/TTr-UBND"]


@pytest.mark.parametrize(
    ("line", "name"),
    [("NGHỊ QUYẾT", "Nghị quyết"), ("QUYẾT ÐỊNH", "Quyết định"), ("BÁO CÁO:", "Báo cáo"), ("Nghị quyết", ""), ("NGHỊ QUYẾT VỀ", "")],
)
def test_types_of_headings(line: str, name: str) -> None:
    assert type_of_heading(line) == name


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("20/NQ-HĐND", "Nghị quyết"),
        ("07/2017/QĐ-UBND", "Quyết định"),
        ("103/UBND-TH", "Công văn"),
        ("09-CTr/TU", "Chương trình"),
        ("3/L-CTN", "Luật"),
    ],
)
def test_types_of_numbers(number: str, name: str) -> None:
    assert type_of_number(number) == name


# --- end -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *[("Trần Văn Mẫu", True), ("TS. Trần Văn Mẫu", True), ("Trần Mẫu", True)],
        *[("Trần", False), ("TRẦN VĂN MẪU", False), ("Trần văn mẫu", False), ("Như trên;", False), ("Hải Giang 2021", False)],
    ],
)
def test_names_of_persons(text: str, name: bool) -> None:
    assert is_name(text) is name


@pytest.mark.parametrize(
    ("end", "signer", "office", "recipients"),
    [
        ("Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nTrần Văn Mẫu", "Trần Văn Mẫu", "CHỦ TỊCH", ["Như trên", "Lưu: VT"]),
        ("Nơi nhận:\n- Lưu: VT.\n\n**KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH**\n\nTrần Văn Mẫu", "Trần Văn Mẫu", "PHÓ CHỦ TỊCH", ["Lưu: VT"]),
        ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Văn Mẫu", "Trần Văn Mẫu", "CHỦ TỊCH", []),
        (
            "Nơi nhận:\nT/M BAN THƯỜNG VỤ\n- Như trên,\nPHÓ BÍ THƯ THƯỜNG TRỰC\n- Lưu Văn phòng.\n\n(Đã ký)\n\nTrần Văn Mẫu",
            "Trần Văn Mẫu",
            "PHÓ BÍ THƯ THƯỜNG TRỰC",
            ["Như trên", "Lưu Văn phòng"],
        ),
        ("THƯ KÝ\nLê Thị Ghi\nCHỦ TỌA\nTrần Văn Mẫu", "Trần Văn Mẫu", "CHỦ TỌA", []),
        ("TL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG\nTrần Văn Mẫu", "Trần Văn Mẫu", "CHÁNH VĂN PHÒNG", []),
    ],
)
def test_signatures(end: str, signer: str, office: str, recipients: list[str]) -> None:
    lines = clean_lines(split_lines(end, "utf-8"))
    assert begins_conclusions(lines, 0)
    signature = read_signature(lines)
    assert (signature.signer, signature.office, signature.recipients) == (signer, office, recipients)


@pytest.mark.parametrize(
    "text", ["Chủ tịch là Trần Văn Mẫu", "CHỦ TỊCH và các phó chủ tịch thực hiện nhiệm vụ\nTrần Văn Mẫu", "KẾT LUẬN\nTrần Văn Mẫu"]
)
def test_what_is_no_end(text: str) -> None:
    assert not begins_conclusions(clean_lines(split_lines(text, "utf-8")), 0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("có hiệu lực từ ngày ký./.", "có hiệu lực từ ngày ký."),
        ("có hiệu lực từ ngày ký. /.", "có hiệu lực từ ngày ký."),
        ("có hiệu lực từ ngày ký./. 42", "có hiệu lực từ ngày ký."),
        ("có hiệu lực từ ngày ký. / uuu", "có hiệu lực từ ngày ký."),
        ("có hiệu lực từ ngày ký. Trần Văn Mẫu", "có hiệu lực từ ngày ký."),
        ("giao cho ông Trần Văn Mẫu", "giao cho ông Trần Văn Mẫu"),
        ("đạt 5 km/h", "đạt 5 km/h"),
        ("có hiệu lực từ ngày ký.", "có hiệu lực từ ngày ký."),
    ],
)
def test_the_end_mark_and_what_is_written_after_it_go(text: str, kept: str) -> None:
    assert text[: trim_end(text, ["Trần Văn Mẫu"])] == kept


def test_two_documents_in_one_file() -> None:
    dispatch = (
        LETTERHEAD.replace("HỘI ĐỒNG", "ỦY BAN")
        + "Số: 9/UBND-TH\nV/v gửi Nghị quyết\n\nHải Giang, ngày 06 tháng 3 năm 2021\n\nKính gửi: Các sở.\n\n"
    )
    source = split_lines(
        dispatch + "Ủy ban nhân dân tỉnh gửi Nghị quyết số 12/NQ-HĐND." + END + "\n" + HEAD + "Điều 1. Nuôi biển." + END, "utf-8"
    )
    documents = parse(source)
    assert_whole(source, documents)
    assert [(document.number, document.type) for document in documents] == [("9/UBND-TH", "Công văn"), ("12/NQ-HĐND", "Nghị quyết")]
    assert documents[0].id != documents[1].id


# --- tables --------------------------------------------------------------------------------------------------------------

ROWS = [
    ["Rà soát bến cá", "Sở Thủy sản", "Quý I"],
    ["Sửa đèn biển", "Sở Giao\nthông", "Quý II"],
    ["Nạo vét\nluồng", "Sở Xây dựng", "Quý III"],
]
TABLE = (
    "STT\n|\nNhiệm vụ\n|\nCơ quan\nchủ trì\n|\nThời gian\n|\n"
    + "|\n".join(f"{number}\n|\n" + "\n|\n".join(row) + "\n" for number, row in enumerate(ROWS, start=1))
    + "|\n"
)
ANNEX = "\n\nDANH MỤC\nNHIỆM VỤ NĂM 2021\n(kèm theo Nghị quyết số 12/NQ-HĐND ngày 05/3/2021)\n\n"


def test_cells() -> None:
    ((is_table, lines),) = split_tables(clean_lines(split_lines(TABLE, "utf-8")))
    assert is_table
    assert [cell.text for cell in cells_of(lines)][:8] == ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian", "1", *ROWS[0]]


@pytest.mark.parametrize("text", ["một\n|\nhai\n|\nba", "một\nhai\nba", "|"])
def test_few_edges_are_no_table(text: str) -> None:
    assert [is_table for is_table, _lines in split_tables(clean_lines(split_lines(text, "utf-8")))] == [False]


def test_an_annex_with_a_table() -> None:
    document = document_of(HEAD + "Điều 1. Giao việc theo Danh mục." + END + ANNEX + TABLE)
    annex = clauses_of(document)["att_1"]
    assert (annex.kind, annex.label, annex.name) == (Kind.ANNEX, "DANH MỤC", "Danh mục nhiệm vụ năm 2021")
    assert annex.columns == ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian")
    assert [row.eid for row in annex.clauses] == ["att_1__row_1", "att_1__row_2", "att_1__row_3"]
    assert [row.cells for row in annex.clauses] == [(str(number), *map(collapse, row)) for number, row in enumerate(ROWS, start=1)]
    assert annex.clauses[2].text == "Nạo vét luồng | Sở Xây dựng | Quý III"


# --- footnotes -----------------------------------------------------------------------------------------------------------


def test_a_note_in_the_middle_of_a_sentence() -> None:
    text = "Điều 1. Giao cho các sở¹ và các huyện,\n\n¹ Sở Thủy sản.\n\ncác xã thực hiện¹⁰.\n\n¹⁰ Từ năm 2021.\n\nĐiều 2. Hai."
    found = clauses_of(document_of(HEAD + text + END))
    assert found["art_1"].text == "Giao cho các sở và các huyện, các xã thực hiện."
    assert found["art_1"].footnotes == ("fn_1", "fn_10")
    assert [(found[eid].text, found[eid].marked_in) for eid in ("fn_1", "fn_10")] == [("Sở Thủy sản.", "art_1"), ("Từ năm 2021.", "art_1")]


@pytest.mark.parametrize("text", ["Diện tích 20 m² và 3 km³.", "Mức 10² lần."])
def test_a_raised_figure_without_its_note_is_text(text: str) -> None:
    assert body_of(f"Điều 1. {text}")["art_1"] == text


# --- what is attached ----------------------------------------------------------------------------------------------------


def test_an_attached_regulation() -> None:
    regulation = (
        "\n\nQUY CHẾ\nLÀM VIỆC CỦA BAN QUẢN LÝ\n(Ban hành kèm theo Nghị quyết số 12/NQ-HĐND)\n\n"
        "Chương I\nCHUNG\n\nĐiều 1. Phạm vi\n\n1. Một.\n\n2. Hai.\n\nĐiều 2. Ba."
    )
    document = document_of(HEAD + "Điều 1. Ban hành Quy chế.\n\nĐiều 2. Hiệu lực." + END + regulation)
    found = clauses_of(document)
    assert (found["att_1"].kind, found["att_1"].name) == (Kind.ATTACHMENT, "Quy chế làm việc của ban quản lý")
    assert [eid for eid in found if "art" in eid] == [
        "art_1",
        "art_2",
        "att_1__art_1",
        "att_1__art_1__para_1",
        "att_1__art_1__para_2",
        "att_1__art_2",
    ]


@pytest.mark.parametrize(("heading", "name"), [("PHỤ LỤC II", "Phụ lục II"), ("PHỤ LỤC", "Phụ lục"), ("PHỤ LỤC số 3", "Phụ lục số 3")])
def test_annexes_are_cited_by_their_own_name(heading: str, name: str) -> None:
    document = document_of(HEAD + "Điều 1. Theo Phụ lục." + END + f"\n\n{heading}\n\n1. Một.\n\n2. Hai.")
    assert clauses_of(document)["att_1"].name == name


# --- letter case ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("VỀ NUÔI BIỂN", [], "Về nuôi biển"),
        ("VỀ PHÁT TRIỂN TỈNH HẢI GIANG", ["của tỉnh Hải Giang năm nay"], "Về phát triển tỉnh Hải Giang"),
        ("THỰC HIỆN NGHỊ QUYẾT SỐ 01/NQ-CP", [], "Thực hiện Nghị quyết số 01/NQ-CP"),
        ("CỦA CHÍNH PHỦ", [], "Của Chính phủ"),
        ("GIAI ĐOẠN II", [], "Giai đoạn II"),
        ("Về nuôi biển", ["về Nuôi Biển"], "Về nuôi biển"),
    ],
)
def test_capitals_as_running_text(text: str, lines: Sequence[str], expected: str) -> None:
    assert recase(text, learn_forms(lines, [text])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH HẢI GIANG", "Ủy ban nhân dân tỉnh Hải Giang"),
        ("HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", "Hội đồng nhân dân thành phố Hồ Chí Minh"),
        ("TỈNH ỦY HẢI GIANG", "Tỉnh ủy Hải Giang"),
        ("BỘ KHOA HỌC VÀ CÔNG NGHỆ", "Bộ Khoa học và Công nghệ"),
        ("CHÍNH PHỦ", "Chính phủ"),
        ("Ủy ban  nhân dân", "Ủy ban nhân dân"),
    ],
)
def test_names_of_organs(text: str, expected: str) -> None:
    assert organ_name(text, {}) == expected


# --- text and its places -------------------------------------------------------------------------------------------------


@given(st.text(alphabet="ab Đ\u0301\n\t", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_cut_knows_its_place(text: str, start: int, end: int) -> None:
    piece = Mapped.identity(text, 7).cut(start, end)
    assert piece.text == text[start:end].strip()
    assert all(text[place - 7] == character for place, character in zip(piece.starts, piece.text, strict=True))
    source = "#" * 7 + text
    assert "".join(source[span.start : span.end] for span in piece.spans()) == piece.text


@given(st.lists(st.text(alphabet="abĐ e\u0323\u0302*²\u200b", max_size=12), max_size=6))
def test_spans_say_what_the_lines_say(lines: list[str]) -> None:
    source = split_lines("\n".join(lines), "utf-8")
    cleaned = clean_lines(source)
    blocks = [Block([(line.words, line.end)]) for line in cleaned]
    spans = spans_of(source.text, blocks)
    assert text_of(source.text, spans) == collapse(" ".join(line.text for line in cleaned))
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_two_lines_joined() -> None:
    joined = Mapped.identity("một", 0).joined(Mapped.identity("hai", 4), 3)
    assert joined.text == "một hai"
    assert joined.spans() == [Span(0, 7)]


@pytest.mark.parametrize("text", ["", " \n \n", "một hai\n", "***\n---\n|\n"])
def test_what_holds_no_document(text: str) -> None:
    with pytest.raises(ReadError):
        parse(SourceText(text, split_lines(text, "utf-8").lines, "utf-8"))
