"""The term that is asked for, what defines it, and the forms of other answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.question.terms import EXACT, OF_SAME_HEAD, SHORTENED, Term, defined, term_of
from kgsearch.answering.reading.coverage import Sought, words_of
from kgsearch.answering.reading.cues import form_of
from kgsearch.language import fold


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Đất xen canh là gì?", "đất xen canh"),
        ("Thế nào là đất xen canh?", "đất xen canh"),
        ("Đất xen canh được hiểu thế nào?", "đất xen canh"),
        ("Đất xen canh có nghĩa là gì?", "đất xen canh"),
        ("Hiểu thế nào về đất xen canh?", "đất xen canh"),
        ("Khái niệm đất xen canh là gì?", "đất xen canh"),
        ("Tỉnh gọi đất xen canh là đất như thế nào?", "đất xen canh"),
        ("Trong quy chế này, đất xen canh là gì?", "đất xen canh"),
        ("Cho hỏi đất xen canh là gì ạ?", "đất xen canh"),
        ("Định nghĩa đất xen canh?", "đất xen canh"),
    ],
)
def test_the_term_that_is_asked_for(question: str, term: str) -> None:
    for text in (question, fold(question)):
        found = term_of(read_question(text))
        assert found is not None
        assert " ".join(found.core) == fold(term)


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("Luân chuyển trong công tác cán bộ là gì?", "luan chuyen"),
        ("Chiều sâu của thửa đất là gì?", "chieu sau"),
        ("Thế nào là bên giao theo quy chế?", "ben giao"),
    ],
)
def test_what_limits_a_term_is_none_of_its_core(question: str, core: str) -> None:
    found = term_of(read_question(question))
    assert found is not None
    assert " ".join(found.core) == core


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Bưu gửi là gì?", "Bưu gửi là thư, gói, kiện hàng được chấp nhận.", EXACT),
        ("Bưu gửi là gì?", "3. “Bưu gửi” được hiểu là thư, gói, kiện hàng.", EXACT),
        ("Bưu gửi là gì?", "a) Bưu gửi (tiếng Anh: postal item) là thư, gói.", EXACT),
        ("Bưu gửi là gì?", "Trong Quy định này, bưu gửi phải ghi địa chỉ.", 0.0),
        ("Bưu gửi là gì?", "Người nhận bưu gửi là người có tên trên bưu gửi.", 0.0),
        ("Bưu gửi là gì?", "Thư, gói và kiện hàng (sau đây gọi là bưu gửi) do bưu cục nhận là tài sản.", OF_SAME_HEAD),
        ("Bên giao là gì?", "Bên giao theo quy định của Thông tư này là bên có hàng.", OF_SAME_HEAD),
        ("Bên giao là gì?", "Bên giao trong vận tải là bên có hàng.", SHORTENED),
        ("Cơ quan phát hành của một tập san là gì?", "Cơ quan phát hành tập san là cơ quan in và bán.", SHORTENED),
        ("Chia lô là gì?", "Chia lô theo quyết định thu hồi là việc tạo lô mới.", SHORTENED),
        ("Quy hoạch vùng mở là gì?", "Quy hoạch vùng là quy hoạch của một vùng.", 0.0),
        ("Danh mục tài sản mở là gì?", "Danh mục mở là danh mục được bổ sung.", SHORTENED),
        ("Thuốc là gì?", "Thuốc lá là sản phẩm từ cây thuốc lá.", 0.0),
        ("Cồn bãi là gì?", "Đảo nổi, cồn bãi là phần đất có nước bao quanh.", OF_SAME_HEAD),
        ("Cồn bãi là gì?", "Đảo nổi hoặc cồn bãi là phần đất có nước bao quanh.", OF_SAME_HEAD),
        ("Cồn bãi là gì?", "Đảo nổi, đất cồn bãi là phần đất có nước bao quanh.", 0.0),
        ("Cồn bãi là gì?", "Đảo nổi là phần đất, cồn bãi thì không.", 0.0),
        ("PIN là gì?", "Personal Identification Number - PIN là mã số cá nhân.", EXACT),
        ("Mã PIN là gì?", "Số nhận dạng cá nhân (Personal Identification Number - PIN) là mã số.", EXACT),
        ("PIN là gì?", "Mã khác (TAN) là mã số của giao dịch.", 0.0),
    ],
)
def test_what_defines_a_term(question: str, text: str, expected: float) -> None:
    term = term_of(read_question(question))
    assert term is not None
    assert defined(term, text) == expected


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("Vì sao phải dừng thi công?", "Phải dừng thi công do mưa lớn kéo dài.", "Phải dừng thi công do Sở Xây dựng yêu cầu."),
        ("Vì sao phải dừng thi công?", "Dừng thi công nhằm khắc phục sự cố.", "Nhà thầu dừng thi công."),
        ("Lập quỹ để làm gì?", "Quỹ được lập để giúp hộ nghèo.", "Quỹ được lập do có nhiều hộ nghèo."),
        (
            "Học sinh có được mang điện thoại không?",
            "Học sinh không được mang điện thoại.",
            "Học sinh phải mặc đồng phục; điện thoại ở nhà.",
        ),
        ("Có phải nộp bản chính không?", "Không phải nộp bản chính.", "Bản chính gồm hai trang."),
        ("Bầu tổ trưởng như thế nào?", "Tổ trưởng được bầu bằng phiếu kín.", "Tổ trưởng có nhiệm kỳ hai năm."),
        ("Bưu gửi là gì?", "Bưu gửi là thư, gói.", "Phí bưu gửi là phí phải nộp."),
    ],
)
def test_the_form_of_an_answer(question: str, better: str, worse: str) -> None:
    asked = read_question(question)
    sought = Sought(asked, lambda _key: 1.0)
    assert form_of(asked, sought, better, words_of(better)) > form_of(asked, sought, worse, words_of(worse))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_weighed(text: str) -> None:
    assert 0.0 <= defined(Term(("buu", "gui"), ("buu", "gui")), text) <= 1.0
    term_of(read_question(text))
