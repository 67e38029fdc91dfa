"""What is no answer: figures of something else, terms for frequencies, other months, opposite sides, lead-ins without their items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kgsearch.answering.actors import lacks_person
from kgsearch.answering.kinds import Header, QuestionKind
from kgsearch.answering.lists import with_items
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.limits import OTHER, period_fit
from kgsearch.answering.reading.opposites import says_opposite
from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS, ReadAnswer, Source, read
from kgsearch.answering.reading.recognise import find_values
from kgsearch.answering.reading.sentences import units_of
from kgsearch.answering.values.figures import CHANGE, counts_another, figure_fit, unit_fit
from kgsearch.answering.values.frequency import asks_interval, find_intervals
from kgsearch.answering.values.measures import find_measures
from kgsearch.models import ClauseRecord, Kind


def idf(_key: str) -> float:
    """Every syllable weighs the same."""
    return 1.0


def clause(eid: str, text: str, kind: Kind = Kind.PARAGRAPH, **values: Any) -> ClauseRecord:
    """A clause of the document "d" under "p"."""
    rest = {"parent": "p", "position": 0, "label": "", "heading": "", "full_text": text, "citation": "", **values}
    return ClauseRecord(document="d", eid=eid, kind=kind, text=text, **rest)


def readings(question: str, texts: Sequence[str]) -> list[ReadAnswer]:
    """What is read in clauses with these words, best first."""
    given = [Source(clause(f"para_{place}", text, Kind.CLAUSE, parent="")) for place, text in enumerate(texts)]
    return read(read_question(question), given, idf)


@pytest.mark.parametrize(
    ("question", "text", "written", "other"),
    [
        ("Xã miền núi phải có ít nhất bao nhiêu dân?", "Quy mô dân số từ 5.000 người trở lên", "5.000", False),
        ("Xã miền núi phải có ít nhất bao nhiêu dân?", "có ít nhất 01 thành phố hoặc 01 thị xã", "01 thị", True),
        ("Xã miền núi phải có ít nhất bao nhiêu dân?", "có ít nhất 01 thành phố hoặc 01 thị xã", "01 th", True),
        ("Tỉnh có bao nhiêu trường đại học?", "có 02 trường cao đẳng và 03 trường đại học", "02 trường", True),
        ("Tỉnh có bao nhiêu trường đại học?", "có 02 trường cao đẳng và 03 trường đại học", "03 trường", False),
        ("Có bao nhiêu bác sĩ trên một vạn dân?", "có 10,31 bác sĩ/vạn dân", "10,31", False),
        ("Hội đồng gồm bao nhiêu người?", "Hội đồng có 09 thành viên", "09", False),
    ],
)
def test_a_figure_that_counts_something_else_fits_far_less(question: str, text: str, written: str, other: bool) -> None:
    value = next(one for one in find_measures(text) if one.start <= text.index(written) < one.end)
    asked = read_question(question)
    assert (unit_fit(asked, text, value) < 0.4) is other
    assert counts_another(asked, text, value) or not other


@pytest.mark.parametrize(
    ("question", "fit"),
    [("Mỗi tuần phải dạy mấy tiết?", CHANGE), ("Mỗi tuần được giảm mấy tiết?", 1.0)],
)
def test_a_change_is_not_the_amount(question: str, fit: float) -> None:
    text = "Giáo viên có con nhỏ mỗi tuần được giảm 3 tiết."
    assert figure_fit(read_question(question), text, find_measures(text)[0]) == fit


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("vắc xin được phân bổ đợt 146 và 147 theo quyết định", []),
        ("theo các khoản 1, 2 và 3 của hợp đồng", []),
        ("Tổng số 146 và 147 hộ", ["146", "147 hộ"]),
    ],
)
def test_several_numbers_after_a_name_are_names(text: str, counted: list[str]) -> None:
    assert [value.text for value in find_measures(text)] == counted


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("Đại hội toàn quốc được triệu tập 5 năm một lần.", ["5 năm một lần"]),
        ("Ban Chấp hành có nhiệm kỳ 5 năm, mỗi năm họp một lần.", ["mỗi năm họp một lần"]),
        ("Kiểm tra 06 tháng/lần, họp thường kỳ 3 tháng 1 lần.", ["06 tháng/lần", "3 tháng 1 lần"]),
        ("Họp định kỳ hằng quý.", ["định kỳ hằng quý"]),
        ("Nhiệm kỳ của Hội đồng là 5 năm.", []),
    ],
)
def test_intervals(text: str, intervals: list[str]) -> None:
    assert [value.text for value in find_intervals(text)] == intervals


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("Hội mấy năm mới mở đại hội một lần?", True),
        ("Ban Chỉ đạo họp bao lâu một lần?", True),
        ("Nhiệm kỳ của Hội đồng là mấy năm?", False),
        ("Mỗi năm họp mấy lần?", False),
    ],
)
def test_what_asks_for_an_interval(question: str, is_one: bool) -> None:
    assert asks_interval(read_question(question)) is is_one


def test_a_term_of_office_is_no_frequency() -> None:
    found = readings("Hội mấy năm mới mở đại hội một lần?", ["Đại hội của Hội bầu Ban Chấp hành có nhiệm kỳ 5 năm."])
    assert found[0].value is None
    assert found[0].features.fit == 0.0


@pytest.mark.parametrize(
    ("question", "text", "is_other"),
    [
        ("Đến hết tháng 6/2022 giải ngân được bao nhiêu phần trăm?", "giải ngân đến ngày 31 tháng 3 năm 2022 đạt 0,99% kế hoạch", True),
        ("Đến hết tháng 3/2022 giải ngân được bao nhiêu phần trăm?", "giải ngân đến ngày 31 tháng 3 năm 2022 đạt 0,99% kế hoạch", False),
        ("Thu ngân sách tháng 3/2023 tăng bao nhiêu phần trăm?", "Thu ngân sách 02 tháng ước đạt tăng 10,6%", True),
        ("Tháng 01/2023 thuế suất là bao nhiêu phần trăm?", "từ ngày 01/7/2022 đến ngày 31/12/2023 thuế suất là 8%", False),
        ("Giá tiêu dùng tháng 2/2023 tăng bao nhiêu phần trăm?", "Giá tiêu dùng tháng 02 tăng 0,45%", False),
        ("Giá tiêu dùng tháng 3/2023 tăng bao nhiêu phần trăm?", "Giá tiêu dùng tháng 02 tăng 0,45%", True),
        ("Giải ngân năm 2022 được bao nhiêu phần trăm?", "giải ngân đến ngày 31 tháng 3 năm 2022 đạt 0,99% kế hoạch", False),
        ("Tháng 6/2022 giải ngân bao nhiêu phần trăm?", "Theo Quyết định ngày 15 tháng 3 năm 2022, giải ngân đạt 5%", False),
    ],
)
def test_a_figure_of_another_month_or_day(question: str, text: str, is_other: bool) -> None:
    value = find_values(QuestionKind.PERCENT, text)[0]
    assert (period_fit(read_question(question), (text,), value) == OTHER) is is_other


@pytest.mark.parametrize(
    ("question", "said", "is_opposite"),
    [
        ("Giá đất ngoài khu công nghiệp là bao nhiêu?", ["Giá đất trong khu công nghiệp: 500.000 đồng"], True),
        ("Giá đất trong khu công nghiệp là bao nhiêu?", ["Giá đất trong khu công nghiệp: 500.000 đồng"], False),
        ("Giá đất ngoài khu công nghiệp là bao nhiêu?", ["500.000 đồng/m2", "Trong khu công nghiệp:"], True),
        ("Cấp phép ngoài khu công nghiệp do ai làm?", ["Giao Ban Quản lý cấp phép trong các khu công nghiệp"], True),
        ("Cấp phép ngoài khu công nghiệp do ai làm?", ["Sở Xây dựng cấp phép, trừ công trình trong khu công nghiệp."], False),
        ("Hộ dân ở xã nộp lệ phí bao nhiêu?", ["Cấp mới: 28.000 đồng", "Tại các phường:"], True),
        ("Hộ dân ở thị xã nộp lệ phí bao nhiêu?", ["Cấp mới: 28.000 đồng", "Tại các phường:"], False),
        ("Lệ phí cấp lại giấy phép là bao nhiêu?", ["Cấp lần đầu: 20.000 đồng"], True),
        ("Lệ phí cấp lại giấy phép là bao nhiêu?", ["Cấp lần đầu hoặc cấp lại: 20.000 đồng"], False),
        ("Người hoạt động không chuyên trách được hưởng bao nhiêu?", ["Cán bộ chuyên trách: hệ số 1,5"], True),
        ("Cán bộ chuyên trách được hưởng bao nhiêu?", ["Người không chuyên trách: hệ số 1,5"], True),
        ("Hạn mức đất ở nông thôn là bao nhiêu?", ["Đất ở đô thị: 200 m2"], True),
        ("Xã nông thôn mới được thưởng bao nhiêu?", ["Khu đô thị văn minh: 200 triệu đồng"], False),
        ("Giá tiêu dùng tăng bao nhiêu phần trăm?", ["Giá tiêu dùng giảm 0,2%"], True),
        ("Nộp trước khi thi mấy ngày?", ["Nộp sau khi thi 3 ngày"], True),
    ],
)
def test_the_opposite_is_no_answer(question: str, said: list[str], is_opposite: bool) -> None:
    assert says_opposite(read_question(question), said) is is_opposite


@pytest.mark.parametrize(
    ("question", "start", "reason"),
    [
        ("Vì sao lập đề án quản lý rừng?", "nhằm", "nhằm giữ đất"),
        ("Đề án quản lý rừng được thông qua như thế nào?", "bằng hình thức", "bằng hình thức bỏ phiếu kín"),
    ],
)
def test_the_quote_holds_the_reason_or_the_manner(question: str, start: str, reason: str) -> None:
    filling = ", ".join(["nội dung của các cấp", "phần việc của các bên"] * 5)
    text = f"Đề án quản lý rừng được lập và được thông qua theo quy định, gồm {filling}, {reason}, {filling}."
    found = readings(question, [text])[0]
    assert start in found.text
    assert len(found.text.split()) <= MAX_QUOTE_WORDS


@pytest.mark.parametrize(
    ("noun", "found"),
    [("văn bản", ["Nghị định số 24/2014/NĐ-CP"]), ("khoản", ["khoản 2 Điều này", "Nghị định số 24/2014/NĐ-CP"])],
)
def test_own_clauses_are_no_documents(noun: str, found: list[str]) -> None:
    text = "Thực hiện theo khoản 2 Điều này và Nghị định số 24/2014/NĐ-CP."
    assert [value.text for value in find_values(QuestionKind.WHICH_DOCUMENT, text, noun=noun)] == found


@pytest.mark.parametrize(
    ("question", "header"),
    [
        ("Quy định tách thửa của Huế bắt đầu áp dụng từ khi nào?", Header.EFFECTIVE),
        ("Năm 2021 quy định tách thửa của Huế áp dụng từ bao giờ?", Header.EFFECTIVE),
        ("Bảng giá đất 5 năm của Lào Cai bắt đầu áp dụng ngày nào?", Header.EFFECTIVE),
        ("bang gia dat hai phong bat dau ap dung khi nao", Header.EFFECTIVE),
        ("Số liệu án được tính bắt đầu từ ngày nào?", None),
    ],
)
def test_since_when_a_described_document_applies(question: str, header: Header | None) -> None:
    assert read_question(question).header is header


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("Người đứng đầu Cục Thông tin tên là gì?", "Bộ giao Cục Thông tin hướng dẫn thực hiện Thông tư này.", True),
        ("Giám đốc Sở Y tế họ tên là gì?", "Giám đốc Sở Y tế: Nguyễn Văn An", False),
        ("Tên của loài cây là gì?", "Cây lúa nước.", False),
    ],
)
def test_an_office_holder_has_a_name(question: str, text: str, lacks: bool) -> None:
    assert lacks_person(read_question(question), readings(question, [text])[0]) is lacks


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Hồ sơ xin phép gồm những giấy tờ sau:", None),
        ("Hồ sơ xin phép gồm những giấy tờ sau:\na) Đơn;\nb) Bản vẽ.", "Hồ sơ xin phép gồm những giấy tờ sau:\na) Đơn;\nb) Bản vẽ."),
    ],
)
def test_what_only_leads_to_things_is_no_answer(text: str, answer: str | None) -> None:
    question = read_question("Hồ sơ xin phép gồm những giấy tờ nào?")
    best = next(one for one in readings(question.text, [text]) if one.text.endswith(":"))
    quote = with_items(question, best)
    assert (quote and text[quote.start : quote.end]) == answer


def test_a_lead_in_beside_leads_too() -> None:
    texts = ["Tại các phường:", "Cấp mới: 28.000 đồng;", "Tại các xã:", "Cấp mới: 14.000 đồng;", "Cấp lại: 7.000 đồng.", "Điều khác ở đây."]
    family = [clause(f"i_{place}", text) for place, text in enumerate(texts)]
    leads = [units_of(one, before=family[:place])[0].lead_in for place, one in enumerate(family)]
    assert leads == ["", "Tại các phường:", "", "Tại các xã:", "Tại các xã:", ""]


def test_a_line_marked_otherwise_leads_too() -> None:
    lines = [("*", "Tại các phường"), ("-", "Cấp mới 28.000 đồng;"), ("*", "Tại các xã"), ("-", "Cấp mới:"), ("-", "Cấp lại 7.000 đồng.")]
    family = [clause(f"i_{place}", text, Kind.INDENT, label=label) for place, (label, text) in enumerate(lines)]
    leads = [units_of(one, before=family[:place])[0].lead_in for place, one in enumerate(family)]
    assert leads == ["", "Tại các phường", "", "Tại các xã", "Tại các xã"]
    below = clause("i_3_1", "Không có nhà: 12.500 đồng;", Kind.INDENT, label="+", parent="i_3")
    assert units_of(below, above=[family[3]], beside_parent=family[:3])[0].lead_in == "Tại các xã Cấp mới:"


@pytest.mark.parametrize(("place", "text"), [("phường", "28.000"), ("xã", "14.000")])
def test_the_line_above_decides_between_equal_siblings(place: str, text: str) -> None:
    lines = [("*", "Tại các phường"), ("-", "Đăng ký đất: 28.000 đồng;"), ("*", "Tại các xã"), ("-", "Đăng ký đất: 14.000 đồng;")]
    above = clause("p", "Đối với hộ gia đình", Kind.POINT, parent="")
    family = [clause(f"i_{at}", one, Kind.INDENT, label=label, position=at + 1) for at, (label, one) in enumerate(lines)]
    question = read_question(f"Hộ ở {place} đăng ký đất nộp bao nhiêu tiền?")
    assert text in read(question, [Source(one) for one in (above, *family)], idf)[0].text
