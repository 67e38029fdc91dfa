"""Rows of tables that were flattened into lines, and lists: what is told, what is not, and never a neighbour's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.answering.gathering import Family, Gathered
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.question.several import asks_several, asks_whom, names_several, whom_action
from kgsearch.answering.reading.reader import ReadAnswer, Source, read
from kgsearch.answering.reading.rows import FlatRow, flat_tables
from kgsearch.answering.reading.sentences import UnitKind
from kgsearch.citations.resolve import Target
from kgsearch.models import ClauseRecord, DocumentRecord, Kind
from kgsearch.retrieval.hits import hit_of

TITLE = "BIỂU MỨC THU LỆ PHÍ HỘ TỊCH TẠI XÃ, PHƯỜNG"
NUMBERED = ["STT", "Nội dung", "Đơn vị tính", "Mức thu (đồng)"]


def annex(cells: Sequence[str], title: str = TITLE) -> list[ClauseRecord]:
    """An annex whose table was saved a cell, or a few, in a paragraph."""
    paragraphs = [clause(f"att_1__p_{number}", "att_1", Kind.PARAGRAPH, cell) for number, cell in enumerate(cells, start=1)]
    holder = clause("att_1", "", Kind.ANNEX, title, label="PHỤ LỤC I")
    return [replace(holder, full_text="\n".join([title, *cells])), *(replace(one, headings=(title,)) for one in paragraphs)]


def clause(eid: str, parent: str, kind: Kind, text: str, label: str = "") -> ClauseRecord:
    return ClauseRecord("d", eid, parent, 0, kind, label, "", text, text, eid)


def rows(cells: Sequence[str]) -> list[FlatRow]:
    return [row for table in flat_tables(annex(cells)) for row in table.rows]


def told(row: FlatRow) -> tuple[str, str, list[str]]:
    """The innermost group of a row, its name, its values."""
    whole = row.clause.full_text
    name = " ".join(whole[row.label.start : row.label.end].split())
    return row.groups[-1] if row.groups else "", name, [whole[value.start : value.end] for value in row.values]


TABLES = [
    (
        "a cell a line",
        [*NUMBERED, "1", "Khai sinh", "đồng/việc", "8.000", "2", "Khai tử", "đồng/việc", "5.000"],
        [("", "1 Khai sinh đồng/việc", ["8.000"]), ("", "2 Khai tử đồng/việc", ["5.000"])],
    ),
    (
        "the next row's number after a value",
        ["STT", "Nội dung", "Mức thu", "1", "Khai sinh", "8.000 2", "Khai tử", "5.000 3", "Kết hôn", "30.000"],
        [("", "1 Khai sinh", ["8.000"]), ("", "2 Khai tử", ["5.000"]), ("", "3 Kết hôn", ["30.000"])],
    ),
    (
        "the next row within a line",
        ["STT", "Hàng hóa", "Mức thuế", "1", "Dầu hỏa Lít 300-2.000 2 Dầu nhờn", "Lít", "300-2.000", "3", "Mỡ nhờn Kg", "500-2.000"],
        [("", "1 Dầu hỏa Lít", ["300-2.000"]), ("", "2 Dầu nhờn Lít", ["300-2.000"]), ("", "3 Mỡ nhờn Kg", ["500-2.000"])],
    ),
    (
        "the same names under two groups",
        [
            "STT",
            "Nội dung",
            "Mức thu",
            "I",
            "Cấp mới",
            "1",
            "Về đất",
            "690.000",
            "2",
            "Về nhà",
            "770.000",
            "II CẤP ĐỔI",
            "1",
            "Về đất",
            "64.000",
        ],
        [("Cấp mới", "1 Về đất", ["690.000"]), ("Cấp mới", "2 Về nhà", ["770.000"]), ("CẤP ĐỔI", "1 Về đất", ["64.000"])],
    ),
    (
        "kinds under a numbered name",
        ["STT", "Nội dung", "Mức thu", "01 Khai sinh", "Đúng hạn Miễn thu", "Không đúng hạn 5.000", "02 Khai tử 7.000"],
        [
            ("", "01 Khai sinh Đúng hạn", ["Miễn thu"]),
            ("Khai sinh", "Không đúng hạn", ["5.000"]),
            ("", "02 Khai tử", ["7.000"]),
        ],
    ),
    (
        "figures that bound what a row is of",
        ["TT", "Tổng vốn (tỷ đồng)", "Mức phí", "1", "Đến 10", "8,0", "2", "Trên 10 đến 20 12,5", "3", "Trên 20 đến 50", "21,0"],
        [("", "1 Đến 10", ["8,0"]), ("", "2 Trên 10 đến 20", ["12,5"]), ("", "3 Trên 20 đến 50", ["21,0"])],
    ),
    (
        "no numbers, the heads above the first row",
        ["Đơn vị tính: Triệu đồng", "Nhóm dự án", "≤ 50", "> 50", "Nhóm 1. Dân dụng", "5,0", "6,5", "Nhóm 2. Giao thông 6,9", "8,5"],
        [("", "Nhóm 1. Dân dụng", ["5,0", "6,5"]), ("", "Nhóm 2. Giao thông", ["6,9", "8,5"])],
    ),
    (
        "what a value is for is none",
        [
            "STT",
            "Nội dung",
            "Đơn vị tính",
            "Mức thu",
            "1",
            "Cây mẹ 1 lần bình tuyển",
            "450.000",
            "2",
            "Vườn giống 1 lần bình tuyển",
            "900.000",
        ],
        [("", "1 Cây mẹ 1 lần bình tuyển", ["450.000"]), ("", "2 Vườn giống 1 lần bình tuyển", ["900.000"])],
    ),
    (
        "a group that another one's line began",
        [
            "STT",
            "Danh mục",
            "1.1",
            "Lần đầu Nhóm 1. Nhà ở",
            "Vốn đến 10 tỷ đồng 5.000.000",
            "Nhóm 2. Cầu đường",
            "Vốn đến 10 tỷ đồng",
            "6.000.000",
        ],
        [("", "1.1 Lần đầu Nhóm 1. Nhà ở Vốn đến 10 tỷ đồng", ["5.000.000"]), ("Nhóm 2. Cầu đường", "Vốn đến 10 tỷ đồng", ["6.000.000"])],
    ),
    (
        "a value in words",
        ["STT", "Nội dung", "Mức chi", "a", "Thuê hội trường", "Thanh toán theo thực tế, hóa đơn", "b", "Chủ tịch 100.000 đồng"],
        [("", "a Thuê hội trường", ["Thanh toán theo thực tế, hóa đơn"]), ("", "b Chủ tịch", ["100.000 đồng"])],
    ),
]
NO_TABLES = [
    ["Trẻ em được miễn lệ phí;", "Người cao tuổi được giảm 50% lệ phí;", "Người khuyết tật được giảm 50% lệ phí."],
    ["Mức thu tại phường: 25.000 đồng/giấy;", "Mức thu tại xã: 12.500 đồng/giấy."],
    ["Sở Tài chính", "Sở Nội vụ", "Văn phòng Ủy ban nhân dân tỉnh"],
    [],
]


@pytest.mark.parametrize(("cells", "expected"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_rows_are_told(cells: Sequence[str], expected: list[tuple[str, str, list[str]]]) -> None:
    assert [told(row) for row in rows(cells)] == expected


@pytest.mark.parametrize("cells", NO_TABLES)
def test_what_is_no_table_has_no_rows(cells: Sequence[str]) -> None:
    assert rows(cells) == []


def test_a_value_without_a_name_is_nobodys() -> None:
    cells = ["STT", "Nội dung", "Mức thu", "1", "Khai sinh", "8.000", "2", "7.000", "3", "Kết hôn", "30.000"]
    assert [told(row)[2] for row in rows(cells)] == [["30.000"]]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["STT", "Đơn vị", "Đất ở", "(m2)", "Đất trồng cây", "(m2)"], ("Đất ở (m2)", "Đất trồng cây (m2)")),
        (["STT", "Đơn vị", "Đất ở Đất trồng cây"], ()),
    ],
)
def test_columns_are_told_only_where_as_many_heads_stand_there(head: list[str], expected: tuple[str, ...]) -> None:
    found = rows([*head, "1", "Phường An Cựu", "60", "200", "2", "Phường Gia Hội", "80", "400"])
    assert [row.heads for row in found] == [expected, expected]


NAME = st.sampled_from(["Khai sinh", "Khai tử", "Kết hôn", "Giám hộ", "Nhận cha, mẹ, con", "Cấp bản sao trích lục"])
AMOUNT = st.integers(5, 2_000).map(lambda thousands: f"{thousands * 1000:,}".replace(",", "."))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAME, AMOUNT, st.booleans(), st.booleans()), min_size=2, max_size=9))
def test_each_name_keeps_its_own_value_however_the_cells_were_joined(table: list[tuple[str, str, bool, bool]]) -> None:
    cells = ["STT", "Nội dung", "Mức thu", "1"]
    for number, (name, amount, value_with_name, number_with_value) in enumerate(table, start=1):
        cells += [f"{name} {amount}"] if value_with_name else [name, amount]
        if number < len(table):
            cells = [*cells[:-1], f"{cells[-1]} {number + 1}"] if number_with_value else [*cells, str(number + 1)]
    expected = [(f"{number} {name}", [amount]) for number, (name, amount, *_joined) in enumerate(table, start=1)]
    assert [told(row)[1:] for row in rows(cells)] == expected


ODD = st.sampled_from(["1", "2", "a", "II", "1.1", "đồng/giấy", "Miễn thu", "STT", "Ghi chú:", "12,5", "-"])
CELL = st.one_of(NAME, AMOUNT, ODD, st.text(max_size=30))


@settings(max_examples=150, deadline=None)
@given(st.lists(CELL.map(lambda cell: " ".join(cell.split())).filter(bool), max_size=25))
def test_rows_stand_in_their_clause_to_the_letter_and_apart(cells: list[str]) -> None:
    end: dict[str, int] = {}
    for row in rows(cells):
        whole = row.clause.full_text
        assert row.text == whole[row.start : row.end]
        assert row.start == row.label.start >= end.get(row.clause.eid, 0)
        places = [row.label, *row.values]
        assert all(one.start < one.end <= other.start for one, other in pairwise(places))
        assert row.values[-1].end == row.end
        end[row.clause.eid] = row.end


# --- rows as answers


def sources(cells: Sequence[str]) -> list[Source]:
    """The rows of a table, to be read."""
    return [Source(replace(row.clause, kind=Kind.ROW, text=row.clause.full_text), 1.0, "", row) for row in rows(cells)]


def best(question: str, given: Sequence[Source]) -> ReadAnswer:
    return read(read_question(question), given, lambda _key: 1.0)[0]


def marked(answer: ReadAnswer) -> str:
    return answer.clause.text[answer.span.start : answer.span.end]


HOUSEHOLD = [*NUMBERED, "1", "Đăng ký khai sinh", "đồng/việc", "8.000", "2", "Đăng ký khai tử", "đồng/việc", "5.000"]
LAND = ["STT", "Đơn vị", "Đất ở (m2)", "Đất trồng cây lâu năm (m2)", "1", "Phường An Cựu", "60", "400", "2", "Phường Gia Hội", "80", "450"]
BRACKETS = ["TT", "Tổng vốn", "Mức phí (triệu đồng)", "1", "Từ trên 10 đến 20 tỷ đồng", "8,5", "2", "Từ trên 20 đến 50 tỷ đồng", "12,5"]
ANSWERED = [
    ("Lệ phí đăng ký khai tử là bao nhiêu tiền?", HOUSEHOLD, "5.000"),
    ("le phi dang ky khai sinh bao nhieu tien", HOUSEHOLD, "8.000"),
    ("Đất trồng cây lâu năm ở phường Gia Hội tối thiểu bao nhiêu m2?", LAND, "450"),
    ("Đất ở tại phường An Cựu tối thiểu bao nhiêu m2?", LAND, "60"),
    ("Dự án có tổng vốn từ trên 20 đến 50 tỷ đồng nộp mức phí bao nhiêu tiền?", BRACKETS, "12,5"),
    ("Dự án có tổng vốn từ trên 10 đến 20 tỷ đồng nộp mức phí bao nhiêu tiền?", BRACKETS, "8,5"),
    ("Dự án có tổng vốn 30 tỷ đồng nộp mức phí bao nhiêu tiền?", BRACKETS, "12,5"),
    ("Dự án có tổng vốn 15 tỷ đồng nộp mức phí bao nhiêu tiền?", BRACKETS, "8,5"),
]


@pytest.mark.parametrize(("question", "cells", "value"), ANSWERED)
def test_the_row_that_is_asked_for_answers_whole(question: str, cells: Sequence[str], value: str) -> None:
    answer = best(question, sources(cells))
    assert answer.unit.kind is UnitKind.ROW
    assert marked(answer) == value
    assert answer.text in answer.clause.full_text
    assert answer.text.endswith(value) or value in answer.text.splitlines()


def test_of_columns_that_cannot_be_told_apart_none_is_marked() -> None:
    answer = best("Phường An Cựu tối thiểu bao nhiêu m2?", sources(LAND))
    assert answer.value is None
    assert answer.text == "1\nPhường An Cựu\n60\n400"


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("Đăng ký khai tử được giảm bao nhiêu phần trăm?", HOUSEHOLD),
        ("Đăng ký khai tử trong bao nhiêu ngày?", HOUSEHOLD),
        ("Phường An Cựu thu bao nhiêu tiền?", LAND),
    ],
)
def test_a_figure_of_another_kind_is_no_answer(question: str, cells: Sequence[str]) -> None:
    assert best(question, sources(cells)).features.fit == 0.0


def test_a_row_is_read_in_the_clause_that_holds_it_and_its_cells_nowhere_else() -> None:
    clauses = annex([*HOUSEHOLD, "Trường hợp khác do Ủy ban nhân dân xã xem xét, quyết định theo quy định của pháp luật."])
    document = DocumentRecord("d", "1/NQ-HĐND", "Nghị quyết", "", "", "", None, "", "")
    hit = hit_of(Target(document, clauses[6]), 1, 2.0, None)
    gathered = Gathered((hit,), {"d": Family.of(document, clauses)})
    read_alone = [source.clause.text for source in gathered.sources if source.row is None]
    read_as_rows = [source for source in gathered.sources if source.row is not None]
    assert "đồng/việc" not in read_alone
    assert [source.row.text.splitlines()[1] for source in read_as_rows if source.row] == ["Đăng ký khai sinh", "Đăng ký khai tử"]
    evidence = gathered.hit(read_as_rows[1].clause)
    assert (evidence.clause.kind, evidence.clause.text) == (Kind.ANNEX, TITLE)


# --- lists


@pytest.mark.parametrize(
    ("question", "several", "action"),
    [
        ("Ai được miễn lệ phí hộ tịch?", True, "mien"),
        ("Tỉnh miễn lệ phí hộ tịch cho những đối tượng nào?", True, "mien"),
        ("Những trường hợp nào không được tách thửa?", True, None),
        ("Hồ sơ đăng ký khai sinh gồm những gì?", True, None),
        ("Ủy ban nhân dân xã có trách nhiệm gì?", True, None),
        ("Lệ phí đăng ký khai sinh là bao nhiêu?", False, None),
        ("Ai ký quyết định?", False, None),
    ],
)
def test_whether_a_list_is_asked_for(question: str, several: bool, action: str | None) -> None:
    asked = read_question(question)
    assert asks_several(asked) is several
    assert (whom_action(asked) if asks_whom(asked) else None) == action


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Những trường hợp không được tách thửa", True),
        ("Đối tượng miễn nộp lệ phí", True),
        ("Trách nhiệm của Sở Xây dựng", True),
        ("Chia tách, hợp thửa đất", False),
    ],
)
def test_headings_that_name_several(heading: str, expected: bool) -> None:
    assert names_several(heading) is expected


def test_a_heading_over_its_items_answers_where_a_list_is_asked_for() -> None:
    heading = "Những trường hợp không được tách thửa"
    article = replace(clause("art_5", "", Kind.ARTICLE, heading), heading=heading)
    items = ["Thửa đất đã có thông báo thu hồi đất.", "Thửa đất đang có tranh chấp."]
    below = [replace(clause(f"art_5__para_{n}", "art_5", Kind.CLAUSE, text), headings=(heading,)) for n, text in enumerate(items, start=1)]
    given = [Source(article, 0.0, below=1.0), *(Source(one, 1.0) for one in below)]
    assert best("Những trường hợp nào không được tách thửa?", given).unit.kind is UnitKind.LEAD_IN
    assert best("Thửa đất đang có tranh chấp có được tách không?", given).unit.kind is not UnitKind.LEAD_IN


# --- lines that no person wrote


@pytest.mark.parametrize("line", ["1" + ".000" * 25_000, "a" * 100_000 + " 5", "/" * 100_000 + " 5", "5.000 đồng" + "y" * 100_000])
def test_a_line_of_one_endless_word_is_no_cell(line: str) -> None:
    cells = ["STT", "Nội dung", "Mức thu", "1", "Khai sinh", "8.000", "2", "Khai tử", "5.000", line]
    assert [told(row) for row in rows(cells)] == [("", "1 Khai sinh", ["8.000"]), ("", "2 Khai tử", ["5.000"])]


def test_a_line_of_figures_has_not_endlessly_many_values() -> None:
    found = rows(["STT", "Nội dung", "Mức thu", "1", "Khai sinh" + " 1.000 đồng" * 50, "2", "Khai tử" + " 2.000 đồng" * 50])
    assert all(len(row.values) <= 20 for row in found)
    assert all(row.text in row.clause.full_text for row in found)
