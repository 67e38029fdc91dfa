"""Units: where sentences, items and phrases end, and what each stands under."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.answering.reading.quoting import MAX_QUOTE_WORDS, quote_around
from kgsearch.answering.reading.sentences import MAX_TEXT, Unit, UnitKind, phrases, sentences, units_of
from kgsearch.models import ClauseRecord, Kind, Span

ONE = [
    "Tổng mức đầu tư là 7,24 tỷ đồng, tăng 1.250.000 đồng.",
    "Ủy ban nhân dân TP. Rạch Giá họp ngày 01.02.2021 tại phường 3",
    "Theo đ/c. Nguyễn Văn B. Minh thì đã xong",
    "Công văn số. 12 và các văn bản khác, v.v. kèm theo",
    "V. I. Lênin sinh năm 1870",
    "Căn cứ kết quả (khoản 1; khoản 2. Điều 3) của kỳ họp",
    "Thời gian: từ 8 giờ đến 17 giờ.",
    "1. Người nộp hồ sơ",
    "Điều 12a. Phạm vi điều chỉnh",
    "Ông hỏi: “Ở đâu?” rồi đi",
    "không có gì kết thúc",
    "",
]
SEVERAL = [
    (
        "Năm 2021 đạt 84%. Năm 2022 đạt 95%. 30 doanh nghiệp mới.",
        ["Năm 2021 đạt 84%.", "Năm 2022 đạt 95%.", "30 doanh nghiệp mới."],
    ),
    ("Dự án nhóm A. Chủ đầu tư lập hồ sơ.", ["Dự án nhóm A.", "Chủ đầu tư lập hồ sơ."]),
    ("Mua giống, phân bón, v.v. Người dân tự chọn.", ["Mua giống, phân bón, v.v.", "Người dân tự chọn."]),
    ("a) Có tổ chức; b) Tái phạm; c) Gây hậu quả", ["a) Có tổ chức;", "b) Tái phạm;", "c) Gây hậu quả"]),
    ("Hồ sơ gồm: - Đơn; - Bản vẽ.", ["Hồ sơ gồm:", "- Đơn;", "- Bản vẽ."]),
    ("Hồ sơ gồm: a) Đơn; b) Bản vẽ. c) Ảnh.", ["Hồ sơ gồm:", "a) Đơn;", "b) Bản vẽ.", "c) Ảnh."]),
    ("“Vô sản!” Ông nói thế… Rồi đi.", ["“Vô sản!”", "Ông nói thế…", "Rồi đi."]),
    ("dòng một\ndòng hai", ["dòng một", "dòng hai"]),
    ("Khoản chi (xem phụ lục; mẫu 1). Khoản thu; khác.", ["Khoản chi (xem phụ lục; mẫu 1).", "Khoản thu;", "khác."]),
]
MARKS = st.sampled_from([*'.;:,!?…()"”\n -–', "Điều 1. ", "v.v. ", "a) ", "TP. ", "12,5% ", "Ngày ", "ủy ban ", "A. "])
TEXTS = st.lists(MARKS | st.text(max_size=4), max_size=60).map("".join)


def clause(text: str, **values: Any) -> ClauseRecord:
    """A clause of the document "d"."""
    rest = {"eid": "art_1", "parent": "", "position": 0, "kind": Kind.CLAUSE, "label": "", "heading": "", "citation": "", **values}
    return ClauseRecord(document="d", text=text, full_text=text, **rest)


def parts(text: str) -> list[str]:
    """The sentences' words."""
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence(text: str) -> None:
    assert parts(text) == [text] * bool(text)


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_sentences(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(TEXTS)
def test_sentences_hold_every_word_once(text: str) -> None:
    spans = sentences(text)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert "".join("".join(text[span.start : span.end].split()) for span in spans) == "".join(text.split())
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)


@given(TEXTS, st.sampled_from(["", "Điều 1. ", "v.v. "]), st.sampled_from(list(Kind)))
def test_units_stand_in_the_clause(text: str, heading: str, kind: Kind) -> None:
    one = clause(heading + text, heading=heading, kind=kind)
    units = units_of(one, [clause("Như sau:", eid="above")], [clause("Mục", eid="below")])
    assert all(one.text[unit.start : unit.end] == unit.text for unit in units)
    whole = [unit for unit in units if unit.kind is not UnitKind.PHRASE]
    assert all(first.end <= second.start for first, second in pairwise(whole))
    for phrase in (unit for unit in units if unit.kind is UnitKind.PHRASE):
        assert any(unit.start <= phrase.start and phrase.end <= unit.end for unit in whole)


@settings(max_examples=60)
@given(TEXTS, st.integers(0, 200), st.integers(1, 40), st.booleans())
def test_a_quote_is_short_and_holds_the_span(text: str, start: int, length: int, spanned: bool) -> None:
    text = (text + " lời văn dài, có số 12") * 5
    start = min(start, len(text) - 1)
    span = Span(start, min(len(text), start + length)) if spanned and text[start : start + length].strip() else None
    quote = quote_around(text, Span(0, len(text)), span, lambda first, last: float(last - first))
    assert 0 <= quote.start < quote.end <= len(text)
    assert len(text[quote.start : quote.end].split()) <= MAX_QUOTE_WORDS
    assert span is None or (quote.start < span.end and span.start < quote.end)


@pytest.mark.parametrize("piece", [". ", "; ", "a. ", "A. ", "1. ", "(; ", ":  - ", "....", '."""', " ", "(", "\n", "v.v. ", ", 1"])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """Eight times the text takes far less than sixty-four times the time."""

    def seconds(count: int) -> float:
        text = piece * count
        return min(_timed(text) for _repeat in range(3))

    assert seconds(16_000) < 30 * seconds(2_000) + 0.02


def _timed(text: str) -> float:
    start = time.process_time()
    units_of(clause(text))
    return time.process_time() - start


def test_only_so_much_of_a_clause_is_read() -> None:
    assert units_of(clause("chữ " * MAX_TEXT))[-1].end <= MAX_TEXT


def test_kinds() -> None:
    one = clause("Hồ sơ Hồ sơ gồm: - Đơn; - Bản vẽ. Nộp tại xã.", heading="Hồ sơ")
    assert [(unit.kind, unit.text) for unit in units_of(one)] == [
        (UnitKind.HEADING, "Hồ sơ"),
        (UnitKind.LEAD_IN, "Hồ sơ gồm:"),
        (UnitKind.ITEM, "- Đơn;"),
        (UnitKind.ITEM, "- Bản vẽ."),
        (UnitKind.SENTENCE, "Nộp tại xã."),
    ]


def test_lead_in_within_a_text() -> None:
    lead_in, first, second, after = units_of(clause("Hồ sơ gồm: - Đơn; - Bản vẽ. Nộp tại xã."))
    assert lead_in.items == "- Đơn; - Bản vẽ."
    assert first.lead_in == second.lead_in == "Hồ sơ gồm:"
    assert after.lead_in == ""


def test_item_of_an_enumeration_keeps_what_stands_before_its_colon() -> None:
    _first, second, third = units_of(clause("Về môi trường: nước sạch 90%; chất thải y tế 100%; che phủ rừng 11%."))
    assert second.lead_in == third.lead_in == "Về môi trường:"


def test_lead_in_of_the_clauses_above() -> None:
    chapter = clause("Hình phạt", eid="c", heading="Hình phạt")
    penalty = clause("Phạm tội trong các trường hợp sau đây, thì bị phạt tù từ 02 năm đến 07 năm:", eid="p", parent="c")
    point = clause("Có tổ chức;", eid="p__a", parent="p", kind=Kind.POINT)
    (item,) = units_of(point, [chapter, penalty])
    assert (item.kind, item.lead_in) == (UnitKind.ITEM, penalty.text)
    (opening,) = units_of(penalty, [chapter], [point])
    assert (opening.kind, opening.items) == (UnitKind.LEAD_IN, "Có tổ chức;")


def test_what_does_not_end_in_a_colon_leads_to_nothing() -> None:
    (unit,) = units_of(clause("Nộp tại xã.", eid="p__1", parent="p"), [clause("Hồ sơ được lưu.", eid="p")])
    assert (unit.kind, unit.lead_in) == (UnitKind.SENTENCE, "")


def test_row_has_the_heads_of_its_columns() -> None:
    table = clause("Danh mục", eid="att", kind=Kind.ANNEX, columns=("STT", "Nhiệm vụ", "Đơn vị chủ trì"))
    row = clause("Lập quy hoạch. Bước 1 | Sở Xây dựng", eid="att__row_1", parent="att", kind=Kind.ROW, headings=("Danh mục",))
    assert units_of(row, [table]) == [
        Unit("att__row_1", 0, len(row.text), row.text, UnitKind.ROW, headings=("Danh mục", "STT", "Nhiệm vụ", "Đơn vị chủ trì"))
    ]


def test_cells_of_a_flattened_table_are_read_together() -> None:
    names = ["Diện tích gieo trồng", "ha", "12.500"]
    cells = [clause(name, eid=f"p_{place}", kind=Kind.PARAGRAPH) for place, name in enumerate(names)]
    (figure,) = units_of(cells[2], before=cells[:2])
    assert (figure.text, figure.lead_in) == ("12.500", "Diện tích gieo trồng ha")
    (sentence,) = units_of(clause("Diện tích là 12.500 ha.", eid="p_9", kind=Kind.PARAGRAPH), before=cells)
    assert sentence.lead_in == ""


def test_phrases_of_a_long_sentence() -> None:
    filler = " và các nội dung khác có liên quan" * 8
    text = f"Kinh tế tăng 7,2%, thu ngân sách{filler}, đạt 90 tỷ đồng, chi đạt 80 tỷ đồng."
    found = [unit for unit in units_of(clause(text)) if unit.kind is UnitKind.PHRASE]
    assert [unit.text for unit in found] == ["Kinh tế tăng 7,2%,", f"thu ngân sách{filler}, đạt 90 tỷ đồng,", "chi đạt 80 tỷ đồng."]
    assert [bool(unit.lead_in) for unit in found] == [False, True, True]


@pytest.mark.parametrize("text", ["Tăng 7,2%, giảm 3%.", "dài " * 70])
def test_no_phrases_of_what_can_be_quoted_or_has_no_figures(text: str) -> None:
    assert all(unit.kind is not UnitKind.PHRASE for unit in units_of(clause(text)))


def test_one_figure_makes_no_phrases() -> None:
    text = "Kinh tế tăng 7,2%, ngân sách đạt kế hoạch."
    assert phrases(text, Span(0, len(text))) == []
