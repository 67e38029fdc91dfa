"""Who does what a sentence says, to whom something is handed, and who a clause above names as the one that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.coverage import Sought, words_of
from kgsearch.answering.reading.fitting import DOER_ABOVE, NO_DOER, Fit, fit_of, repeated_values
from kgsearch.answering.reading.roles import LONGEST_READ, Role, Standing, doer, elides_doer, parties, role_asked


def fitted(question: str, text: str, above: Sequence[str] = ()) -> Fit:
    """How ``text`` fits the question, each word weighing the same."""
    asked = read_question(question)
    words = words_of(text)
    return fit_of(asked, Sought(asked, lambda _key: 1.0, [words]), repeated_values(asked), text, words, above=above)


def answer(question: str, text: str) -> str:
    """The value that answers in ``text``, "" where none does."""
    value = fitted(question, text).value
    return value.text if value else ""


# --- what is asked


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("Cơ quan nào thẩm định hồ sơ?", Role.DOER),
        ("ai phe duyet du toan", Role.DOER),
        ("Giấy phép do sở nào cấp?", Role.DOER),
        ("Kiểm tra việc thực hiện là trách nhiệm của ai?", Role.DOER),
        ("Tỉnh giao đơn vị nào lập quy hoạch?", Role.DOER),
        ("Nộp hồ sơ xin cấp phép ở đâu?", Role.RECIPIENT),
        ("Báo cáo định kỳ gửi về cơ quan nào?", Role.RECIPIENT),
        ("vuong mac thi phan anh cho ai", Role.RECIPIENT),
        ("Muốn giữ ngoại tệ phải xin phép ai?", Role.RECIPIENT),
        ("Doanh nghiệp xin tách thửa thì ai cho phép?", Role.DOER),
        ("Con của ai được cộng điểm?", None),
        ("Ai là Chủ tịch Hội đồng thi?", None),
        ("Hội đồng gồm những ai?", None),
        ("Thi vòng hai ở đâu?", None),
        ("Mức phạt là bao nhiêu?", None),
    ],
)
def test_role_that_is_asked_for(question: str, role: Role | None) -> None:
    assert role_asked(read_question(question)) is role


# --- how the parties of a sentence stand


@pytest.mark.parametrize(
    ("text", "standings"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính thẩm định hồ sơ.", [("Sở Y tế", "SUBJECT"), ("Sở Tài chính", "OBJECT")]),
        ("Giao Sở Y tế thẩm định hồ sơ.", [("Sở Y tế", "SUBJECT")]),
        ("Kinh phí do Sở Tài chính bảo đảm.", [("Sở Tài chính", "GIVEN")]),
        ("Việc cấp phép thuộc thẩm quyền của Sở Xây dựng.", [("Sở Xây dựng", "GIVEN")]),
        ("Thực hiện theo thẩm quyền của Sở Xây dựng.", [("Sở Xây dựng", "OBJECT")]),
        ("Cơ quan thu phí: Cục Thuế.", [("Cơ quan thu phí", "SUBJECT"), ("Cục Thuế", "GIVEN")]),
        ("Sở Y tế trình Ủy ban nhân dân tỉnh phê duyệt.", [("Sở Y tế", "SUBJECT"), ("Ủy ban nhân dân tỉnh", "PIVOT")]),
        ("Hằng năm Ủy ban nhân dân cấp huyện có trách nhiệm rà soát.", [("Ủy ban nhân dân cấp huyện", "SUBJECT")]),
        ("Cục Thuế gửi báo cáo về Sở Tài chính.", [("Cục Thuế", "SUBJECT"), ("Sở Tài chính", "OBJECT")]),
        ("Giám đốc Sở Y tế; Chủ tịch Ủy ban nhân dân huyện chịu trách nhiệm thi hành.",
         [("Giám đốc Sở Y tế; Chủ tịch Ủy ban nhân dân huyện", "SUBJECT")]),
        ("Gửi đến Sở Y tế; Sở Nội vụ cấp giấy.", [("Sở Y tế", "OBJECT"), ("Sở Nội vụ", "SUBJECT")]),
        ("Tổ chức thanh tra việc thu phí trên địa bàn tỉnh Long An.", []),
    ],
)  # fmt: skip
def test_standing_of_parties(text: str, standings: list[tuple[str, str]]) -> None:
    assert [(text[one.start : one.end], one.standing.name) for one in parties(text)] == standings


@given(st.text(alphabet="aàSởYtếDo ,;.:ỦyBanNhândvàcủaGiaođể\n", max_size=200))
def test_parties_stand_in_the_text_in_order(text: str) -> None:
    named = parties(text)
    assert all(0 <= one.start < one.end <= len(text) for one in named)
    assert all(one.end <= other.start for one, other in pairwise(named))


# --- who answers


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Cơ quan nào thẩm định hồ sơ?", "Sở Y tế thẩm định hồ sơ, gửi Sở Nội vụ tổng hợp.", "Sở Y tế"),
        ("Ai tổng hợp hồ sơ?", "Sở Y tế thẩm định; Sở Nội vụ tổng hợp hồ sơ.", "Sở Nội vụ"),
        ("Ai phê duyệt kế hoạch?", "Sở Y tế lập kế hoạch, trình Ủy ban nhân dân tỉnh phê duyệt.", "Ủy ban nhân dân tỉnh"),
        ("Ai lập kế hoạch?", "Sở Y tế lập kế hoạch, trình Ủy ban nhân dân tỉnh phê duyệt.", "Sở Y tế"),
        ("Kinh phí hoạt động của Ban Chỉ đạo do cơ quan nào bảo đảm?", "Kinh phí hoạt động của Ban Chỉ đạo do Sở Tài chính bảo đảm.",
         "Sở Tài chính"),
        ("Ai cấp giấy phép khai thác?", "Việc cấp giấy phép khai thác thuộc thẩm quyền của Sở Xây dựng.", "Sở Xây dựng"),
        ("Sở nào kiểm tra việc thu phí?", "Ủy ban nhân dân tỉnh giao Sở Tài chính kiểm tra việc thu phí.", "Sở Tài chính"),
        ("Báo cáo kết quả gửi về đâu?", "Cục Thuế báo cáo kết quả về Sở Tài chính trước ngày 10 tháng 12.", "Sở Tài chính"),
        ("Vướng mắc thì phản ánh cho ai?", "Nếu có vướng mắc, các đơn vị phản ánh về Sở Y tế để tổng hợp, báo cáo Ủy ban nhân dân tỉnh.",
         "Sở Y tế"),
        ("Muốn giữ lại ngoại tệ phải xin phép ai?", "Việc giữ lại ngoại tệ phải được phép của Ngân hàng Nhà nước.", "Ngân hàng Nhà nước"),
    ],
)  # fmt: skip
def test_who_bears_the_role(question: str, text: str, expected: str) -> None:
    assert answer(question, text) == expected


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Cơ quan nào thẩm định hồ sơ?", "Sở Y tế thẩm định hồ sơ.", "Hồ sơ thẩm định gồm văn bản của Sở Y tế."),
        ("Cơ quan nào thẩm định hồ sơ?", "Sở Y tế thẩm định hồ sơ.", "Cơ quan có thẩm quyền thẩm định hồ sơ."),
        ("Sở nào thẩm định hồ sơ?", "Sở Y tế thẩm định hồ sơ.", "Ban Dân tộc thẩm định hồ sơ."),
        ("Ai thẩm định hồ sơ?", "Sở Y tế thẩm định hồ sơ.", "Sở Y tế lưu hồ sơ."),
        ("Nộp hồ sơ ở đâu?", "Tổ chức nộp hồ sơ tại Sở Y tế.", "Sở Y tế ban hành mẫu hồ sơ."),
    ],
)
def test_right_fits_better_than_wrong(question: str, right: str, wrong: str) -> None:
    assert fitted(question, right).fit > fitted(question, wrong).fit


# --- who stands above


@pytest.mark.parametrize(
    ("above", "fit"),
    [
        (("Sở Xây dựng có trách nhiệm:",), DOER_ABOVE),
        (("", "Trách nhiệm của Sở Xây dựng"), DOER_ABOVE),
        (("Tổ chức thực hiện",), NO_DOER),
        ((), NO_DOER),
    ],
)
def test_one_above_does_what_begins_with_a_verb(above: Sequence[str], fit: float) -> None:
    found = fitted("Sở nào hướng dẫn xác định quy mô đường?", "Hướng dẫn Ủy ban nhân dân cấp huyện xác định quy mô đường.", above)
    assert (found.value, found.fit) == (None, fit)


@pytest.mark.parametrize(
    ("test", "text", "expected"),
    [
        (elides_doer, "Thẩm định hồ sơ, trình Ủy ban nhân dân tỉnh.", True),
        (elides_doer, "a) Thẩm định hồ sơ.", True),
        (elides_doer, "Sở Y tế thẩm định hồ sơ.", False),
        (elides_doer, "Mức thu là 5.000 đồng.", False),
        (lambda text: doer(text) is not None, "Trách nhiệm của Ban Quản lý các khu công nghiệp", True),
        (lambda text: doer(text) is not None, "Kinh phí của Ban Quản lý các khu công nghiệp", False),
    ],
)
def test_doer_in_a_line(test: Callable[[str], bool], text: str, expected: bool) -> None:
    assert test(text) is expected


def test_what_follows_a_lent_verb_counts_less_for_the_sentence() -> None:
    found = fitted("Ai phê duyệt bản vẽ?", "Sở Xây dựng hướng dẫn cho Ủy ban nhân dân cấp huyện phê duyệt bản vẽ.")
    assert found.value is not None
    assert found.value.text == "Ủy ban nhân dân cấp huyện"
    assert found.near < fitted("Ai phê duyệt bản vẽ?", "Ủy ban nhân dân cấp huyện phê duyệt bản vẽ.").near
    assert parties("Ủy ban nhân dân cấp huyện phê duyệt bản vẽ.")[0].standing is Standing.SUBJECT


def test_of_a_long_text_only_the_beginning_is_looked_through() -> None:
    sentence = "Sở Y tế cấp giấy phép. "
    named = parties(sentence * (2 * LONGEST_READ // len(sentence)))
    assert len(named) > 1
    assert named[-1].end <= LONGEST_READ
