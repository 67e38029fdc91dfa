"""How well a figure is what a question asks for: by its unit, by what is measured, by the side of a condition."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kgsearch.answering.kinds import QuestionKind, Value
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.recognise import find_values
from kgsearch.answering.values.figures import CONDITION, OTHER_UNIT, PRICE, condition_fit, price, unit_fit


def _value(text: str, written: str) -> Value:
    return next(value for value in find_values(QuestionKind.HOW_MUCH, text) if written in value.text)


@pytest.mark.parametrize(
    ("question", "text", "written", "fits"),
    [
        ("Diện tích tối thiểu của thửa đất là bao nhiêu?", "tối thiểu 45 m2 và rộng 5 m", "45", True),
        ("Diện tích tối thiểu của thửa đất là bao nhiêu?", "tối thiểu 45 m2 và rộng 7 m", "7 m", False),
        ("Mảnh ruộng phải rộng bao nhiêu?", "chiều rộng ≥ 4m", "4m", False),
        ("Lối đi phải rộng bao nhiêu?", "chiều rộng ≥ 4m", "4m", True),
        ("Chiều cao tối đa là bao nhiêu?", "không quá 2 tầng, cao không quá 8m", "8m", True),
        ("Chiều cao tối đa là bao nhiêu?", "không quá 2 tầng, cao không quá 8m", "2", False),
        ("Bệnh viện có bao nhiêu giường bệnh?", "có 33,49 giường bệnh/vạn dân", "33,49", False),
        ("Bệnh viện có bao nhiêu giường bệnh?", "có 330 giường bệnh", "330", True),
        ("Hệ số điều chỉnh là bao nhiêu?", "nhân hệ số 1,2 theo quy định", "1,2", True),
        ("Nhà cao tối đa bao nhiêu m2 sàn?", "tối đa 100m2 sàn, xây 01 tầng", "100m2", True),
    ],
)
def test_the_unit_fits_what_is_measured(question: str, text: str, written: str, fits: bool) -> None:
    assert (unit_fit(read_question(question), text, _value(text, written)) > OTHER_UNIT) is fits


@pytest.mark.parametrize(
    ("question", "text", "written", "fit"),
    [
        ("Nếu dưới nửa buổi thì được hưởng bao nhiêu phần trăm?", "nếu dưới 50% thời gian thì được hưởng 40% mức chi", "50%", CONDITION),
        ("Nếu dưới nửa buổi thì được hưởng bao nhiêu phần trăm?", "nếu dưới 50% thời gian thì được hưởng 40% mức chi", "40%", 1.0),
        ("Công trình cao từ mấy mét thì phải xin phép?", "nếu cao từ 45 m thì phải xin phép", "45", 1.0),
        ("Đất rừng tách thửa tối thiểu bao nhiêu?", "thửa đất rừng tối thiểu 300 m2 thì được tiếp tục sử dụng", "300", CONDITION),
        ("Đất rừng tách thửa tối thiểu bao nhiêu?", "Đất rừng: tối thiểu 1.000 m2.", "1.000", 1.0),
        ("Đất rừng tách thửa tối thiểu bao nhiêu?", "Thửa đất khác thì không. Đất rừng: 1.000 m2.", "1.000", 1.0),
    ],
)
def test_a_condition_is_not_what_a_rule_says(question: str, text: str, written: str, fit: float) -> None:
    assert condition_fit(read_question(question), text, _value(text, written)) == fit


@pytest.mark.parametrize(
    ("text", "above", "found"),
    [
        ("Đăng ký lại kết hôn 10.000", ["Mức thu lệ phí (đồng)"], ("10.000", PRICE)),
        ("Đăng ký lại kết hôn 10.000", [], ("10.000", OTHER_UNIT)),
        ("Trưởng ban Người/ngày 643.000 b", ["mức chi"], ("643.000", PRICE)),
        ("Dự án công nghiệp 8,4", ["Mức thu (triệu đồng)"], ("8,4", OTHER_UNIT)),
        ("Dự án công nghiệp 8,4", [], None),
        ("hệ số lương từ 4,74 trở lên được tham gia dự thi", ["Gia hạn"], None),
        ("Đăng ký kết hôn 10.000 20.000", ["Mức thu (đồng)"], None),
    ],
)
def test_the_figure_of_a_price_list(text: str, above: list[str], found: tuple[str, float] | None) -> None:
    priced = price(text, above)
    assert (priced and (priced[0].text, priced[1])) == found
    assert priced is None or isinstance(priced[0].normal[1], Decimal)
