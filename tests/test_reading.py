"""Reading: which sentence answers, which words of it, and what is no answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.answering.kinds import OPEN, OTHER, SAME, QuestionKind
from kgsearch.answering.question.analysis import read_question
from kgsearch.answering.reading.coverage import words_of
from kgsearch.answering.reading.limits import period_fit, subject_fit
from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS, ReadAnswer, Source, read
from kgsearch.language import syllable_key, tokenise
from kgsearch.models import ClauseRecord, Kind

INDICATORS = (
    "Về kinh tế: tốc độ tăng trưởng bình quân đạt 7,24%/năm; GRDP bình quân đầu người đạt 3.485 USD; tổng vốn đầu tư toàn xã hội "
    "khoảng 267.128 tỷ đồng; thu ngân sách 73.645 tỷ đồng."
)
PENALTY = [
    ("art_9", "", Kind.ARTICLE, "Tội phá rừng"),
    ("art_9__para_1", "art_9", Kind.CLAUSE, "Người nào phá rừng trái phép, thì bị phạt tù từ 01 năm đến 05 năm."),
    ("art_9__para_2", "art_9", Kind.CLAUSE, "Phạm tội trong các trường hợp sau đây, thì bị phạt tù từ 03 năm đến 07 năm:"),
    ("art_9__para_2__point_a", "art_9__para_2", Kind.POINT, "Có tổ chức;"),
    ("art_9__para_2__point_b", "art_9__para_2", Kind.POINT, "Lợi dụng chức vụ, quyền hạn;"),
]
RULES = [
    "Đề án là kế hoạch chi tiết được lập theo mẫu, do cơ quan chủ trì xây dựng.",
    "Sở Tài chính thẩm định dự toán kinh phí trong thời hạn 15 ngày kể từ ngày nhận hồ sơ.",
    "Sở Nội vụ chủ trì tổng hợp kết quả, báo cáo Ủy ban nhân dân tỉnh trước ngày 25 tháng 11 hằng năm.",
    "Cán bộ không được nhận quà của tổ chức có liên quan đến công việc.",
    "Mức hỗ trợ cho hộ nghèo là 5.000.000 đồng, cho hộ cận nghèo là 3.000.000 đồng.",
    "Mức hỗ trợ đào giếng là 2.000.000 đồng/hộ.",
    "Lớp tập huấn tổ chức tại huyện An Biên trong quý III năm 2023.",
]
CASES = [
    ("GRDP bình quân đầu người là bao nhiêu?", [INDICATORS], "3.485 USD"),
    ("Tổng vốn đầu tư toàn xã hội là bao nhiêu?", [INDICATORS], "267.128 tỷ đồng"),
    ("Thu ngân sách bao nhiêu tỷ đồng?", [INDICATORS], "73.645 tỷ đồng"),
    ("Sở Tài chính thẩm định dự toán kinh phí trong bao lâu?", RULES, "15 ngày"),
    ("Cơ quan nào chủ trì tổng hợp kết quả?", RULES, "Sở Nội vụ"),
    ("Hộ cận nghèo được hỗ trợ bao nhiêu tiền?", RULES, "3.000.000 đồng"),
    ("Hộ nghèo được hỗ trợ bao nhiêu tiền?", RULES, "5.000.000 đồng"),
    ("Đào giếng được hỗ trợ bao nhiêu tiền?", RULES, "2.000.000 đồng"),
    ("Kết quả phải báo cáo Ủy ban nhân dân tỉnh trước ngày nào?", RULES, "25 tháng 11"),
    ("Đề án là gì?", RULES, "kế hoạch chi tiết"),
    ("Cán bộ có được nhận quà của tổ chức liên quan không?", RULES, "không được nhận quà"),
    ("Lớp tập huấn được tổ chức ở đâu?", RULES, "An Biên"),
    ("lop tap huan to chuc o dau", RULES, "An Biên"),
]


def idf(_key: str) -> float:
    """Every syllable weighs the same."""
    return 1.0


def sources(texts: Sequence[str], **values: Any) -> list[Source]:
    """Clauses with these words, side by side in one document."""
    return [Source(clause(f"para_{place}", "", Kind.CLAUSE, text, **values)) for place, text in enumerate(texts, start=1)]


def clause(eid: str, parent: str, kind: Kind, text: str, **values: Any) -> ClauseRecord:
    """A clause of the document "d"; an article's words are its heading."""
    heading = text if kind is Kind.ARTICLE else ""
    rest = {"position": 0, "label": "", "heading": heading, "full_text": text, "citation": "", **values}
    return ClauseRecord(document="d", eid=eid, parent=parent, kind=kind, text=text, **rest)


def best(question: str, given: Sequence[Source]) -> ReadAnswer:
    """The first answer."""
    return read(read_question(question), given, idf)[0]


def spanned(answer: ReadAnswer) -> str:
    """The words that answer."""
    return answer.clause.text[answer.span.start : answer.span.end]


@pytest.mark.parametrize(("question", "texts", "answer"), CASES)
def test_answers(question: str, texts: Sequence[str], answer: str) -> None:
    found = best(question, sources(texts))
    assert answer in found.text
    if found.value is not None:
        assert answer in spanned(found) or spanned(found) in answer


@pytest.mark.parametrize(
    ("question", "texts", "answer"),
    [
        (
            "Làm sổ đỏ mất bao nhiêu ngày?",
            ["Thời gian cấp Giấy chứng nhận quyền sử dụng đất là 20 ngày.", "Thời gian làm đường là 30 ngày, không làm vào ngày mưa."],
            "20 ngày",
        ),
        (
            "Mỗi hộ được vay nhiều nhất bao nhiêu tiền?",
            ["Mỗi hộ được vay ít nhất 10 triệu đồng.", "Mỗi hộ được vay tối đa 90 triệu đồng."],
            "90 triệu đồng",
        ),
        (
            "Thế nào là ruộng bậc thang?",
            ["Ruộng bậc thang được Nhà nước bảo vệ, ruộng bậc thang không là đất ở.", "Ruộng bậc thang là ruộng làm trên sườn đồi."],
            "sườn đồi",
        ),
        (
            "Sở nào thẩm định hồ sơ xin cấp phép khai thác cát?",
            ["Hồ sơ xin cấp phép khai thác cát gửi Sở Tư pháp.", "Sở Xây dựng thẩm định hồ sơ xin cấp phép khai thác cát."],
            "Sở Xây dựng",
        ),
        (
            "Vì sao cầu Đá phải đóng?",
            ["Cầu Đá phải đóng từ ngày 01/3/2022 theo thông báo của Sở.", "Cầu Đá phải đóng do trụ cầu bị lún sau mưa lũ."],
            "trụ cầu bị lún",
        ),
        ("Cấp bản sao thu bao nhiêu tiền?", ["Cấp bản chính 15.000", "Cấp bản sao 8.000"], "8.000"),
    ],
)
def test_what_tells_the_right_sentence(question: str, texts: Sequence[str], answer: str) -> None:
    assert answer in best(question, sources(texts)).text


def test_what_the_title_says_tells_no_clause_from_another() -> None:
    texts = ["Quy định này quy định về mức thu phí chợ trên địa bàn huyện Mai Sơn.", "Mức thu đối với quầy cố định là 50.000 đồng."]
    given = [Source(one.clause, 0.0, "Quyết định về mức thu phí chợ trên địa bàn huyện Mai Sơn") for one in sources(texts)]
    assert "50.000" in best("Mức thu phí chợ Mai Sơn đối với quầy cố định là bao nhiêu?", given).text


def test_the_item_answers_not_the_paragraph() -> None:
    assert best("GRDP bình quân đầu người là bao nhiêu?", sources([INDICATORS])).text == "GRDP bình quân đầu người đạt 3.485 USD;"


def test_another_indicators_figure_counts_less_than_its_own() -> None:
    away = "GRDP bình quân đầu người tăng khá, tổng vốn đầu tư toàn xã hội đạt 40.000 tỷ đồng."
    question = "GRDP bình quân đầu người đạt bao nhiêu tỷ đồng?"
    wrong = best(question, sources([away])).features
    right = best(question, sources(["GRDP bình quân đầu người đạt 40.000 tỷ đồng, tổng vốn đầu tư toàn xã hội tăng khá."])).features
    assert wrong.fit < right.fit
    assert wrong.near < right.near


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Phá rừng có tổ chức bị phạt tù bao nhiêu năm?", "từ 03 năm đến 07 năm"),
        ("Phá rừng trái phép thì bị phạt tù bao nhiêu năm?", "từ 01 năm đến 05 năm"),
    ],
)
def test_the_answer_in_the_lead_in_of_the_item_asked_for(question: str, answer: str) -> None:
    family = [Source(clause(*one, position=place)) for place, one in enumerate(PENALTY)]
    assert answer in best(question, family).text


def test_the_item_asked_for_under_a_lead_in() -> None:
    family = [Source(clause(*one, position=place)) for place, one in enumerate(PENALTY)]
    found = read(read_question("Lợi dụng chức vụ là trường hợp phạm tội nào?"), family, idf)
    assert found[0].text == "Lợi dụng chức vụ, quyền hạn;"


def test_a_heading_is_no_answer() -> None:
    family = [
        Source(clause("art_1", "", Kind.ARTICLE, "Thời hạn giải quyết hồ sơ")),
        Source(
            clause("art_1__para_1", "art_1", Kind.CLAUSE, "Hồ sơ được giải quyết trong 05 ngày.", headings=("Thời hạn giải quyết hồ sơ",))
        ),
    ]
    assert best("Thời hạn giải quyết hồ sơ là gì?", family).clause.eid == "art_1__para_1"


def test_what_the_question_names_does_not_answer_it() -> None:
    texts = ["Nghị quyết năm 2021 giao 12 dự án.", "Nghị quyết năm 2021 giao vốn 2021."]
    found = best("Nghị quyết năm 2021 giao bao nhiêu dự án?", sources(texts))
    assert spanned(found).startswith("12")


def test_another_period_is_out() -> None:
    texts = ["Tỷ lệ giải ngân năm 2022 đạt 95%.", "Tỷ lệ giải ngân năm 2021 đạt 84%."]
    found = read(read_question("Tỷ lệ giải ngân năm 2021 là bao nhiêu?"), sources(texts), idf)
    assert spanned(found[0]) == "84%"
    assert found[1].features.period == OTHER


def test_the_period_of_the_title_holds_where_the_text_names_none() -> None:
    question = read_question("Tỷ lệ hộ nghèo năm 2021 là bao nhiêu?")
    text = "Tỷ lệ hộ nghèo còn 2%."
    newer, older = (Source(clause("p", "", Kind.CLAUSE, text), title=f"Kế hoạch năm {year}") for year in (2022, 2021))
    assert read(question, [newer], idf)[0].features.period == OTHER
    assert read(question, [older], idf)[0].features.period == SAME


@pytest.mark.parametrize(
    ("question", "texts", "fit"),
    [
        ("Năm 2021 đạt bao nhiêu?", ["năm 2021 đạt 5%"], SAME),
        ("Năm 2021 đạt bao nhiêu?", ["đạt 5%", "Kế hoạch năm 2021"], SAME),
        ("Năm 2021 đạt bao nhiêu?", ["đạt 5%"], OPEN),
        ("Năm 2021 đạt bao nhiêu?", ["giai đoạn 2021-2025 đạt 5%"], OTHER),
        ("Năm 2021 đạt bao nhiêu?", ["giai đoạn 2021-2025, riêng năm 2021 đạt 5%"], SAME),
        ("Năm 2021 đạt bao nhiêu?", ["đạt 5%", "Kế hoạch giai đoạn 2021-2025"], OPEN),
        ("Ai chủ trì năm 2021?", ["giai đoạn 2021-2025 do Sở Nội vụ chủ trì"], OPEN),
        ("Khi nào hoàn thành kế hoạch năm 2021?", ["hoàn thành trong năm 2022"], OPEN),
        ("Năm 2021 đạt bao nhiêu?", ["năm 2020 đạt 5%", "Kế hoạch năm 2021"], OTHER),
        ("Năm 2021 đạt bao nhiêu?", ["tăng 5% so với năm 2020"], OPEN),
        ("Năm 2021 đạt bao nhiêu?", ["theo văn bản ngày 01/02/2020 đạt 5%"], OPEN),
        ("Đạt bao nhiêu?", ["năm 2020 đạt 5%"], OPEN),
    ],
)
def test_periods(question: str, texts: list[str], fit: float) -> None:
    assert period_fit(read_question(question), texts) == fit


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ đạt 90,2% kế hoạch, thu ngân sách đạt 85% kế hoạch.", "90,2%"),
        ("Thu ngân sách đạt 85% kế hoạch và tổng mức bán lẻ hàng hóa đạt 90,2% kế hoạch.", "90,2%"),
        ("Thu ngân sách đạt 85%, tổng mức bán lẻ hàng hóa, theo giá hiện hành, đạt 90,2%.", "90,2%"),
        ("Tổng mức bán lẻ hàng hóa đạt 90,2%, trong đó khu vực nhà nước 5%.", "90,2%"),
    ],
)
def test_the_figure_of_the_indicator_asked_for(text: str, answer: str) -> None:
    assert spanned(best("Tổng mức bán lẻ hàng hóa đạt bao nhiêu phần trăm?", sources([text]))) == answer


def test_the_noun_that_is_asked_with_tells_the_value() -> None:
    text = "Kế hoạch của Ủy ban nhân dân tỉnh giao Sở Công Thương, các huyện thực hiện."
    assert spanned(best("Sở nào thực hiện kế hoạch?", sources([text]))) == "Sở Công Thương"


@pytest.mark.parametrize(
    ("text", "context", "fit"),
    [
        ("Tỉnh Kiên Giang có 15 huyện.", [], SAME),
        ("Có 15 huyện.", ["Kế hoạch của tỉnh Kiên Giang"], SAME),
        ("Tỉnh An Giang có 11 huyện.", [], OTHER),
        ("Có 15 huyện.", [], OPEN),
    ],
)
def test_subjects(text: str, context: list[str], fit: float) -> None:
    assert subject_fit(read_question("Tỉnh Kiên Giang có bao nhiêu huyện?"), text, context) == fit


def test_a_long_sentence_is_quoted_around_its_figure() -> None:
    filler = ", tăng cường công tác tuyên truyền, vận động nhân dân tham gia" * 10
    text = f"Tiếp tục phát triển kinh tế{filler}, phấn đấu trồng mới 1.200 ha rừng phòng hộ, bảo vệ diện tích hiện có{filler}."
    found = best("Phấn đấu trồng mới bao nhiêu ha rừng phòng hộ?", sources([text]))
    assert "1.200 ha" in found.text
    assert len(found.text.split()) <= MAX_QUOTE_WORDS


def test_a_row_is_quoted_whole() -> None:
    row = "Lập quy hoạch " + "và các nội dung liên quan " * 20 + "| Sở Xây dựng | Quý I"
    found = best("Lập quy hoạch do cơ quan nào?", [Source(clause("row_1", "", Kind.ROW, row))])
    assert found.text == row


def test_margin_is_to_the_next_other_value() -> None:
    texts = ["Tỷ lệ che phủ rừng đạt 11%.", "Tỷ lệ che phủ rừng phải đạt 11%.", "Tỷ lệ hộ nghèo còn 2%."]
    found = read(read_question("Tỷ lệ che phủ rừng đạt bao nhiêu?"), sources(texts), idf)
    assert found[0].features.margin == pytest.approx(found[0].score - found[2].score)
    assert found[2].features.margin < 0


def test_a_sentence_and_its_phrases_are_one_answer() -> None:
    long = "Kinh tế tăng 7,2%" + ", bảo đảm an sinh xã hội" * 20 + ", thu ngân sách đạt 90 tỷ đồng."
    found = read(read_question("Thu ngân sách đạt bao nhiêu tỷ đồng?"), sources([long]), idf)
    places = [(answer.unit.start, answer.unit.end) for answer in found]
    assert all(one[1] <= other[0] or other[1] <= one[0] for one in places for other in places if one != other)
    assert "90 tỷ đồng" in found[0].text


def test_the_better_hit_decides_between_equal_sentences() -> None:
    first, second = (clause(eid, "", Kind.CLAUSE, "Mức thu là 5%.") for eid in ("a", "b"))
    assert best("Mức thu là bao nhiêu?", [Source(first, 5.0), Source(second, 9.0)]).clause.eid == "b"


@pytest.mark.parametrize("question", ["", "???", "     ", "\n"])
def test_nothing_is_asked(question: str) -> None:
    assert read(read_question(question), sources(RULES), idf) == []


def test_no_clauses() -> None:
    assert read(read_question("Mức thu là bao nhiêu?"), [], idf) == []


def test_a_clause_that_is_its_own_parent_does_not_hang() -> None:
    assert read(read_question("Mức thu là bao nhiêu?"), [Source(clause("a", "a", Kind.CLAUSE, "Mức thu là 5%."))], idf)


PIECES = "mức hỗ trợ là 5.000.000 đồng , ; . : năm 2021 Sở Tài chính ( ) % 84% và - a) Điều 1. “ ” khi nào bao nhiêu không"
WORDS = st.sampled_from(PIECES.split())
TEXTS = st.lists(WORDS, max_size=150).map(" ".join)


@settings(max_examples=80, deadline=None)
@given(TEXTS | st.text(max_size=80), st.lists(TEXTS, max_size=4), st.sampled_from([Kind.CLAUSE, Kind.POINT, Kind.PARAGRAPH]))
def test_every_quote_stands_in_its_clause(question: str, texts: list[str], kind: Kind) -> None:
    given_sources = [Source(clause(f"p_{place}", "", kind, text)) for place, text in enumerate(texts)]
    for answer in read(read_question(question), given_sources, lambda key: math.log(2 + len(key))):
        assert answer.text == answer.clause.text[answer.quote.start : answer.quote.end] != ""
        assert len(answer.text.split()) <= MAX_QUOTE_WORDS
        assert answer.quote.start <= answer.span.start < answer.span.end <= answer.quote.end
        assert answer.unit.start <= answer.quote.start < answer.quote.end <= answer.unit.end
        assert all(0 <= share <= 1.000001 for share in (answer.features.own, answer.features.context, answer.features.order))


def test_definition_marks_what_stands_on_the_other_side() -> None:
    texts = ["Quy hoạch tỉnh là việc sắp xếp không gian trên địa bàn.", "Quy hoạch tỉnh được lập 05 năm một lần."]
    assert spanned(best("Quy hoạch tỉnh là gì?", sources(texts))) == "việc sắp xếp không gian trên địa bàn"
    question = read_question("Việc sắp xếp không gian trên địa bàn được gọi là gì?")
    named = read(question, sources(texts), idf)[0]
    assert question.kind in (QuestionKind.DEFINITION, QuestionKind.WHICH)
    assert spanned(named) == "Quy hoạch tỉnh"


def test_rarest_word_must_be_said() -> None:
    texts = ["Mức hỗ trợ mua bò giống là 5.000.000 đồng.", "Mức hỗ trợ mua lợn giống là 3.000.000 đồng."]
    rare = {syllable_key(token.text) for token in tokenise("lợn")}
    found = read(read_question("Mức hỗ trợ mua lợn giống là bao nhiêu?"), sources(texts), lambda key: 5.0 if key in rare else 1.0)
    assert spanned(found[0]) == "3.000.000 đồng"
    assert [answer.features.rarest for answer in found] == [1.0, 0.5]


@given(st.text(alphabet="aăđ1 ,.", max_size=60), st.integers(-5, 70), st.integers(-5, 70))
def test_words_between_are_those_that_start_there(text: str, start: int, end: int) -> None:
    expected = {syllable_key(token.text) for token in tokenise(text) if start <= token.start < end}
    assert words_of(text).between(start, end) == expected
