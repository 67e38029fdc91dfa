"""Whether the range that a rule applies to holds the figure that a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.answering.kinds import OPEN, OTHER, SAME, QuestionKind
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.recognise import find_values
from kgsearch.answering.values.bounds import bound_fit

_AGREEMENT = """
thửa đất sâu quá 100 mét tính giá thế nào? | Từ sau mét thứ 100 đến hết: tính bằng 50% | same
thửa đất sâu quá 100 mét tính giá thế nào? | Từ sau mét thứ 50 đến mét thứ 100: tính bằng 70% | other
thửa đất sâu quá 100 mét tính giá thế nào? | Từ mép đường đến hết mét thứ 50: tính bằng 100% | other
thửa đất sâu 80 mét tính giá bằng bao nhiêu phần trăm? | Từ sau mét thứ 50 đến mét thứ 100: 70% | same
hệ số từ 16 lần thì thu bao nhiêu phần trăm? | Từ 14,0 đến dưới 16,0 lần: 20% | other
hệ số từ 16 lần thì thu bao nhiêu phần trăm? | Từ 16,0 lần trở lên: 25% | same
hệ số 15 lần thì thu bao nhiêu phần trăm? | Từ 14,0 đến dưới 16,0 lần: 20% | same
bị phạt tù dưới 2 năm thì nộp bao nhiêu tiền? | người bị phạt đến dưới 03 năm nộp 200.000 đồng | same
bị phạt tù dưới 2 năm thì nộp bao nhiêu tiền? | người bị kết án từ 03 năm đến 05 năm nộp 500.000 đồng | other
lấn 3 năm thì bị phạt tù bao nhiêu năm? | Phạt tù từ 5 năm đến 10 năm: | open
thửa đất hơn 200 m2 nộp phí bao nhiêu? | Diện tích dưới 100 m2: 50.000 đồng | other
thửa đất hơn 200 m2 nộp phí bao nhiêu? | Diện tích từ 100 mét vuông trở lên: 80.000 đồng | same
thửa đất hơn 200 m2 nộp phí bao nhiêu? | Diện tích từ 100 m2 đến 500 m2: 80.000 đồng | open
thửa đất 0,5 ha nộp phí bao nhiêu? | Diện tích từ 1.000 m2 đến dưới 10.000 m2: 80.000 đồng | same
đất rộng 40 m2 nộp phí bao nhiêu? | trên 30 m2 và dưới 50 m2: 70.000 đồng | same
đất rộng 40 m2 nộp phí bao nhiêu? | > 50 m2 và ≤ 100 m2: 70.000 đồng | other
dự án 60 tỷ đồng nộp phí bao nhiêu? | Dự án trên 50 tỷ đồng đến 100 tỷ đồng: 8,4 triệu đồng | same
dự án 60 tỷ đồng nộp phí bao nhiêu? | Dự án ≤ 50 tỷ đồng: 5 triệu đồng | other
tài sản 30 triệu đồng bị phạt bao nhiêu tiền? | Phạt tiền từ 1 triệu đồng đến 2 triệu đồng đối với hành vi lấn chiếm | open
thửa đất trên 200 m2 được công nhận bao nhiêu m2? | công nhận không quá 120 m2 | open
hộ có 7 người được bao nhiêu m2? | hộ có từ 07 (bảy) nhân khẩu trở lên: 500 m2 | same
hộ có 7 người được bao nhiêu m2? | hộ có dưới 06 nhân khẩu: 400 m2 | other
tham gia từ 20 năm được bao nhiêu tiền? | dưới 12 tháng: 1 triệu đồng | other
lệ phí bao nhiêu? | trên 50 m2: 70.000 đồng | open
đất rộng 40 m2 nộp phí bao nhiêu? | 70.000 đồng | open
"""


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.splitlines() if "|" in line]


@pytest.mark.parametrize(("question", "text", "agrees"), _rows(_AGREEMENT))
def test_a_range_holds_the_figure_or_not(question: str, text: str, agrees: str) -> None:
    assert bound_fit(read_question(question), [text]) == {"same": SAME, "open": OPEN, "other": OTHER}[agrees]


@pytest.mark.parametrize(
    ("texts", "fit"),
    [
        (["50.000 đồng", "Diện tích dưới 100 m2:"], OTHER),
        (["50.000 đồng", "Diện tích trên 100 m2:", "Diện tích dưới 100 m2"], SAME),
        (["50.000 đồng", "Lệ phí"], OPEN),
        ([], OPEN),
    ],
)
def test_the_nearest_text_that_names_a_range_decides(texts: list[str], fit: float) -> None:
    assert bound_fit(read_question("đất 200 m2 nộp phí bao nhiêu?"), texts) == fit


def test_of_an_enumeration_the_item_of_the_value_decides() -> None:
    question = read_question("đất 200 m2 nộp phí bao nhiêu?")
    text = "dưới 100 m2: 50.000 đồng; từ 100 m2 đến 300 m2: 80.000 đồng"
    first, second = find_values(QuestionKind.MONEY, text)
    assert bound_fit(question, [text], first) == OTHER
    assert bound_fit(question, [text], second) == SAME


_PIECES = [
    "từ",
    "đến",
    "trên",
    "dưới",
    "mét",
    "thứ",
    "100",
    "5",
    "m2",
    "ha",
    "trở",
    "lên",
    "triệu",
    "đồng",
    "và",
    "≤",
    ">",
    ";",
    "bao",
    "nhiêu",
]


@given(*2 * [st.lists(st.sampled_from(_PIECES), max_size=30).map(" ".join)])
def test_any_text_is_compared(question: str, text: str) -> None:
    assert bound_fit(read_question(question), [text]) in (SAME, OPEN, OTHER)
