"""What a document says of those that it cites: a table of sentences, half of them traps, lists under lead-ins, and whole documents."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.citations.find import find_references
from kgsearch.citations.quotations import find_quotations
from kgsearch.citations.relations import Place, Zone, read_relations
from kgsearch.models import Document, Line, Reference, Relation, SourceText, Span
from kgsearch.parser import parse
from kgsearch.readers import read

CODES = {
    "b": Relation.BASIS,
    ".": Relation.CITES,
    "a": Relation.AMENDS,
    "r": Relation.REPLACES,
    "x": Relation.REPEALS,
    "g": Relation.GUIDES,
    "i": Relation.ISSUED_WITH,
}
LETTERS = {relation: letter for letter, relation in CODES.items()}
TYPES = frozenset({"quyết định", "nghị quyết", "nghị định", "thông tư", "luật", "chỉ thị"})

A = "Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015 của Ủy ban nhân dân tỉnh"
B = "Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016 của Ủy ban nhân dân tỉnh"
C = "Quyết định số 13/2017/QĐ-UBND ngày 07/5/2017 của Ủy ban nhân dân tỉnh"
D = "Nghị định số 14/2018/NĐ-CP ngày 08/6/2018 của Chính phủ"
E = "Nghị định số 15/2019/NĐ-CP ngày 09/7/2019 của Chính phủ"
L = "Luật Đất đai số 45/2013/QH13"
T = "Thông tư số 16/2020/TT-BTC ngày 10/8/2020 của Bộ trưởng Bộ Tài chính"

# A letter for each reference, in order; what is said of the document itself ("Quyết định này") is left out.
ENACTED = [
    # --- replaces
    (f"Quyết định này thay thế {A} về quy định mức thu phí.", "r"),
    (f"Quyết định này thay thế cho {A}.", "r"),
    (f"Quyết định này có hiệu lực kể từ ngày ký và thay thế {A}.", "r"),
    (f"Quyết định này có hiệu lực thi hành từ ngày 01/7/2021, thay thế {A} và {B}.", "rr"),
    (f"Quyết định có hiệu lực kể từ ngày 20 tháng 5 năm 2021 và thay thế {A}.", "r"),
    (f"Hiệu lực thi hành Quyết định này có hiệu lực từ ngày 01/7/2021; thay thế {A}.", "r"),
    (f"Quyết định này có hiệu lực từ ngày 01/7/2021. Quyết định này thay thế các Quyết định sau: {A}; {B}; {C}.", "rrr"),
    (f"Quyết định này thay thế {A} về thu phí chợ và {B} sửa đổi, bổ sung một số điều của {A}.", "rr."),
    (f"Quyết định này thay thế {A} quy định chi tiết Luật Phí và lệ phí và Luật Giá.", "r.."),
    (f"Nghị quyết này thay thế 02 Nghị quyết của Hội đồng nhân dân tỉnh gồm: {A} về phí; {B}.", "rr"),
    ("Thay thế Phụ lục I ban hành kèm theo Thông tư số 16/2020/TT-BTC bằng Phụ lục kèm theo Thông tư này.", "r"),
    ("Thay thế cụm từ “Sở Tài nguyên” bằng cụm từ “Sở Nông nghiệp” tại khoản 2 Điều 3 Nghị định số 14/2018/NĐ-CP.", "a"),
    ("Thay thế các biểu mẫu ban hành kèm theo Thông tư số 16/2020/TT-BTC.", "a"),
    (f"Quyết định này được thay thế bởi {A}.", "."),
    (f"{A} được thay thế bởi {B}.", ".."),
    (f"{A} đã được thay thế bằng {B}.", ".."),
    (f"Thiết bị thay thế phải đạt tiêu chuẩn tại {T}.", "."),
    (f"Người được cử thay thế thực hiện nhiệm vụ theo {A}.", "."),
    ("Trường hợp các văn bản dẫn chiếu tại Quyết định này được thay thế thì áp dụng văn bản thay thế.", ""),
    (f"Việc thay thế công trình thực hiện theo {D}.", "."),
    (f"Khi {D} được sửa đổi, bổ sung hoặc thay thế thì thực hiện theo văn bản mới.", "."),
    # --- repeals
    (f"Bãi bỏ {A}.", "x"),
    (f"Bãi bỏ {A} về thu phí, {B} về thu lệ phí.", "xx"),
    (f"Bãi bỏ toàn bộ {A} về quy định thu phí được phép thu và {B} về sửa đổi {A}.", "xx."),
    (f"Bãi bỏ khoản 2 Điều 3 của {D}.", "x"),
    (f"Bãi bỏ quy định về điều kiện tách thửa tại Điều 3 {A}.", "x"),
    (f"Hủy bỏ {A} về việc giao đất.", "x"),
    (f"Huỷ bỏ {A}.", "x"),
    (f"Quyết định này có hiệu lực từ ngày ký và bãi bỏ {A}.", "x"),
    (f"Quyết định này thay thế {A} và bãi bỏ {B}.", "rx"),
    (f"{A} hết hiệu lực kể từ ngày Quyết định này có hiệu lực thi hành.", "x"),
    (f"{A} về thu phí và {B} sửa đổi {A} hết hiệu lực từ ngày Quyết định này có hiệu lực.", "xx."),
    (f"Kể từ ngày Quyết định này có hiệu lực thi hành, {A} hết hiệu lực.", "x"),
    (f"Các {A}, {B} hết hiệu lực kể từ ngày 01/7/2021.", "xx"),
    (f"{A} bị bãi bỏ kể từ ngày Quyết định này có hiệu lực.", "x"),
    (f"Quyết định này có hiệu lực từ ngày ký; bãi bỏ {A}; {B}.", "xx"),
    (f"Bãi bỏ một số nội dung tại {A}.", "a"),
    (f"Bãi bỏ các quy định trái với Quyết định này tại {A}.", "a"),
    (f"{A} hết hiệu lực kể từ ngày Quyết định này có hiệu lực, trừ quy định tại Điều 5.", "a."),
    (f"{A} hết hiệu lực một phần kể từ ngày Quyết định này có hiệu lực.", "a"),
    ("Bãi bỏ cụm từ “và thị trấn” tại khoản 1 Điều 2 Nghị định số 14/2018/NĐ-CP.", "a"),
    (f"{A} đã hết hiệu lực.", "."),
    (f"{A} hết hiệu lực kể từ ngày {B} có hiệu lực.", ".."),
    (f"{A} được bãi bỏ theo quy định tại {B}.", ".."),
    (f"Hợp đồng ký trước ngày {A} hết hiệu lực được tiếp tục thực hiện.", "."),
    (f"Khi {D} hết hiệu lực thì áp dụng quy định mới.", "."),
    (f"Ủy ban nhân dân tỉnh đã bãi bỏ {A}.", "."),
    (f"Việc bãi bỏ {A} do Sở Tư pháp tham mưu.", "."),
    (f"Sở Tư pháp rà soát, trình bãi bỏ {A}.", "."),
    (f"Bãi bỏ thủ tục hành chính được công bố tại {A}.", "."),
    ("Các quy định trước đây trái với Quyết định này đều bị bãi bỏ.", ""),
    (f"Không áp dụng {D} đối với dự án đã được phê duyệt.", "."),
    (f"Quyết định này có hiệu lực từ ngày ký và thay thế {A}; {B} tiếp tục có hiệu lực.", "r."),
    (f"Giấy phép bị hủy bỏ theo quy định tại {D}.", "."),
    (f"Hồ sơ được hủy bỏ khi {D} có quy định khác.", "."),
    (f"Bãi bỏ văn bản của Ủy ban nhân dân cấp huyện theo quy định của {L}.", "."),
    (f"Bãi bỏ {A} đối với phần đất đã giao.", "a"),
    (f"Bãi bỏ các nội dung của {A}.", "a"),
    (f"Bãi bỏ một phần {A}, cụ thể như sau:", "a"),
    (f"Bãi bỏ một phần các {A}, {B}.", "aa"),
    (f"Quyết định này thay thế một phần {A}.", "a"),
    (f"Bãi bỏ {A} về thu phí và {B} được áp dụng thay thế.", "x."),
    (f"Bãi bỏ {A} (đã được sửa đổi, bổ sung bởi {B}).", "x."),
    (f"Bãi bỏ các văn bản sửa đổi, bổ sung {A}.", "."),
    (f"Quyết định này không thay thế {A}.", "."),
    (f"Quyết định này có hiệu lực kể từ ngày {A} hết hiệu lực.", "."),
    # --- amends
    (f"Sửa đổi, bổ sung một số điều của {A} như sau:", "a"),
    (f"Sửa đổi khoản 2 Điều 3 {D} như sau:", "a"),
    (f"Bổ sung Điều 5a vào sau Điều 5 {D} như sau:", "a."),
    (f"Khoản 2 Điều 3 của {D} được sửa đổi như sau:", "a"),
    (f"Điều chỉnh khoản 1 Điều 1 {A} như sau:", "a"),
    (f"Quyết định này sửa đổi, bổ sung một số điều của {A}.", "a"),
    (f"Sửa đổi, bổ sung một số điều của Quy chế làm việc ban hành kèm theo {A} như sau:", "a"),
    (f"Sửa đổi, bổ sung, thay thế, bãi bỏ một số điều của {A}.", "a"),
    (f"Sửa đổi {A}: “Điều 3. Thực hiện theo {D}.”", "a."),
    (f"Luật số 35/2018/QH14 sửa đổi, bổ sung một số điều của {L}.", ".."),
    (f"{D} đã được sửa đổi, bổ sung theo {E}.", ".."),
    (f"Thực hiện theo {D} (được sửa đổi, bổ sung tại {E}).", ".."),
    (f"{D} được sửa đổi, bổ sung bởi {E}.", ".."),
    (f"Hồ sơ sửa đổi, bổ sung nộp theo {D}.", "."),
    (f"Bổ sung 500 triệu đồng từ nguồn vốn giao tại {A}.", "."),
    (f"Điều chỉnh giá theo {A}.", "."),
    (f"Đơn vị được sửa đổi, bổ sung hồ sơ theo {A}.", "."),
    # --- guides
    (f"Nghị định này quy định chi tiết một số điều của {L}.", "g"),
    (f"Thông tư này hướng dẫn thực hiện {D}.", "g"),
    (f"Thông tư này quy định chi tiết và hướng dẫn thi hành khoản 2 Điều 3 {L} và Điều 5 {D}.", "gg"),
    (f"Phạm vi điều chỉnh Nghị định này quy định chi tiết thi hành {L} về giá đất.", "g"),
    (f"Thực hiện theo hướng dẫn tại {A}.", "."),
    (f"Thông tư này hướng dẫn theo {D}.", "."),
    (f"Áp dụng {D} quy định chi tiết thi hành một số điều của {L}.", ".."),
    (f"Chính phủ quy định chi tiết Điều 5 {L}.", "."),
    (f"Bộ Tài chính hướng dẫn thi hành {D}.", "."),
    # --- issued with, and nothing at all
    (f"Quy chế này được ban hành kèm theo {A}.", "."),
    (f"Thực hiện Quy chế làm việc ban hành kèm theo {A}.", "."),
    (f"Theo Danh mục kèm theo {A}.", "."),
    ("Gửi kèm Báo cáo số 17/BC-STC ngày 11/9/2020.", "i"),
    ("Có ý kiến (có Tờ trình số 18/TTr-STC gửi kèm).", "i"),
    (f"Căn cứ {D}, tổ chức lập hồ sơ.", "."),
    (f"Mức thu theo {A} và {B}.", ".."),
]  # fmt: skip
PREAMBLE = [
    (f"Căn cứ {L};", "b"),
    (f"Căn cứ {D} quy định chi tiết {L};", "b."),
    (f"Căn cứ {D}; {E};", "bb"),
    (f"Căn cứ {D} về giá và {E} về phí;", "bb"),
    (f"Căn cứ {D} hướng dẫn {L} và Luật Giá;", "b.."),
    (f"Căn cứ vào Điều 5 {L};", "b"),
    (f"Căn cứ {D} sửa đổi, bổ sung một số điều của {E};", "b."),
    ("Xét đề nghị của Giám đốc Sở Tài chính tại Tờ trình số 18/TTr-STC;", "."),
    ("Căn cứ kết quả thẩm định tại Báo cáo số 17/BC-STC;", "."),
    (f"Thực hiện {D};", "."),
    (f"Theo {D};", "."),
    (f"Chính phủ ban hành Nghị định quy định chi tiết một số điều của {L}.", "g"),
    (f"Bộ trưởng ban hành Thông tư sửa đổi, bổ sung một số điều của {T}.", "a"),
    (f"Thực hiện {D} về việc bãi bỏ {E};", ".."),
]
BODY = [
    (f"Quyết định này thay thế {A}.", "r"),
    (f"Bãi bỏ {A}.", "."),
    (f"Sửa đổi, bổ sung {A}.", "."),
    (f"{A} hết hiệu lực từ ngày 01/7/2021.", "."),
    (f"Công văn này thay thế {A}.", "."),
    (f"Báo cáo việc thực hiện {A}. Kế hoạch này thay thế {B}.", ".."),
    (f"Ủy ban nhân dân tỉnh đã ban hành {A} thay thế {B}.", ".."),
    (f"Trong năm đã ban hành {A} bãi bỏ {B}, {C}.", "..."),
]


def said(text: str, zone: Zone, types: frozenset[str] = TYPES) -> str:
    """A letter for each reference to another document, in order."""
    stated = read_relations(text, find_references(text), Place(zone, types))
    pairs = zip(stated.references, stated.relations, strict=True)
    return "".join(LETTERS[relation] for reference, relation in pairs if reference.document != "this" or reference.clauses)


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        pytest.param(zone, *case, id=f"{zone.value}: {case[0][:60]}")
        for zone, cases in ((Zone.ENACTED, ENACTED), (Zone.PREAMBLE, PREAMBLE), (Zone.BODY, BODY))
        for case in cases
    ],
)
def test_sentences(zone: Zone, text: str, expected: str) -> None:
    assert said(text, zone) == expected


def test_that_another_kind_of_document_has_ended_is_only_reported() -> None:
    text = f"{D} hết hiệu lực từ ngày 01/7/2021."
    assert said(text, Zone.ENACTED, frozenset({"quyết định"})) == "."
    assert said(text, Zone.ENACTED, frozenset({"nghị định"})) == "x"


def test_this_document_is_called_by_its_own_type() -> None:
    text = f"Nghị quyết này thay thế {A}."
    assert said(text, Zone.ENACTED, frozenset({"nghị quyết"})) == "r"
    assert said(text, Zone.ENACTED, frozenset({"tờ trình"})) == "."


@pytest.mark.parametrize(("text", "_expected"), ENACTED)
def test_a_footnote_speaks_of_what_others_did(text: str, _expected: str) -> None:
    assert set(said(text, Zone.SILENT)) <= {"."}


@pytest.mark.parametrize(("text", "_expected"), ENACTED)
def test_quoted_words_are_of_another_act(text: str, _expected: str) -> None:
    references = find_references(text)
    stated = read_relations(text, references, Place(Zone.ENACTED, TYPES), quoted=True)
    # The quotation ends where a text closes it.
    end = text.find("”") if "”" in text else len(text)
    assert all(relation is Relation.CITES for one, relation in zip(references, stated.relations, strict=True) if one.start < end)


# --- whole documents ---------------------------------------------------------------------------------------------------------

HEAD = """ỦY BAN NHÂN DÂN
TỈNH HẢI GIANG
Số: 40/2021/QĐ-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Hải Giang, ngày 15 tháng 6 năm 2021

QUYẾT ĐỊNH
Về việc sửa đổi một số quy định

ỦY BAN NHÂN DÂN TỈNH HẢI GIANG

Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013;

QUYẾT ĐỊNH:

"""
END = """

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn An
"""


def document(body: str, head: str = HEAD) -> Document:
    text = head + body + END
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(line, start, start + len(line)))
        start += len(line) + 1
    (parsed,) = parse(SourceText(text, tuple(lines), "utf-8"))
    return parsed


def relations(parsed: Document) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What the document says of others but that it cites them."""
    return [
        (one.eid, LETTERS[one.relation], one.document, one.clauses)
        for one in parsed.references
        if one.relation not in (Relation.CITES, Relation.BASIS)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "Điều 1. Bãi bỏ các văn bản sau đây:\n1. Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015 về thu phí.\n"
            "2. Khoản 2 Điều 3 Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016 sửa đổi Quyết định số 11/2015/QĐ-UBND.",
            ["art_1__para_1 x 11/2015/QĐ-UBND", "art_1__para_2 x 12/2016/QĐ-UBND khoản 2 Điều 3"],
            id="a list under a verb",
        ),
        pytest.param(
            "Điều 1. Mức thu\nThu theo quy định.\n"
            "Điều 2. Các Quyết định sau đây hết hiệu lực kể từ ngày Quyết định này có hiệu lực thi hành:\n"
            "a) Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015;\nb) Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016.",
            ["art_2__point_a x 11/2015/QĐ-UBND", "art_2__point_b x 12/2016/QĐ-UBND"],
            id="a list under a passive lead-in",
        ),
        pytest.param(
            "Điều 1. Hiệu lực thi hành\n1. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2021.\n2. Quyết định này thay thế:\n"
            "a) Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015;\nb) Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016.",
            ["art_1__para_2__point_a r 11/2015/QĐ-UBND", "art_1__para_2__point_b r 12/2016/QĐ-UBND"],
            id="a list under what this document does",
        ),
        pytest.param(
            "Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015 của Ủy ban nhân dân tỉnh\n"
            "1. Khoản 2 Điều 3 được sửa đổi như sau:\n“2. Thực hiện theo Nghị định số 14/2018/NĐ-CP. Bãi bỏ Nghị định số 15/2019/NĐ-CP.”\n"
            "2. Bãi bỏ Điều 7.\nĐiều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2021.",
            [
                "art_1 a 11/2015/QĐ-UBND",
                "art_1__para_1 a 11/2015/QĐ-UBND khoản 2 Điều 3",
                "art_1__para_2 x 11/2015/QĐ-UBND Điều 7",
            ],
            id="clauses of the act that the article amends",
        ),
        pytest.param(
            "Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015 của Ủy ban nhân dân tỉnh\n"
            "1. Điều 6 được sửa đổi như sau:\na) Sửa đổi khoản 1 như sau:\n“1. Mức thu.”\nb) Bãi bỏ điểm c khoản 2.\n"
            "2. Khoản 2 Điều 7 được sửa đổi như sau:\na) Bãi bỏ điểm d.",
            [
                "art_1 a 11/2015/QĐ-UBND",
                "art_1__para_1 a 11/2015/QĐ-UBND Điều 6",
                "art_1__para_1__point_a a 11/2015/QĐ-UBND khoản 1 Điều 6",
                "art_1__para_1__point_b x 11/2015/QĐ-UBND điểm c khoản 2 Điều 6",
                "art_1__para_2 a 11/2015/QĐ-UBND khoản 2 Điều 7",
                "art_1__para_2__point_a x 11/2015/QĐ-UBND điểm d khoản 2 Điều 7",
            ],
            id="clauses of the article that the clause above amends",
        ),
        pytest.param(
            "Điều 1. Sở Tư pháp có trách nhiệm:\na) Sửa đổi, bổ sung Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015;\n"
            "b) Bãi bỏ Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016.",
            [],
            id="tasks given to others",
        ),
        pytest.param(
            "Điều 1. Phê duyệt Kế hoạch năm 2021 với các nội dung sau:\n1. Thay thế Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015.\n"
            "2. Bãi bỏ Quyết định số 12/2016/QĐ-UBND ngày 06/4/2016.",
            [],
            id="a plan that is approved",
        ),
        pytest.param(
            "Điều 1. Công bố danh mục văn bản đã hết hiệu lực năm 2020:\n1. Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015.",
            [],
            id="a list of what has ended before",
        ),
    ],
)
def test_documents(body: str, expected: list[str]) -> None:
    found = [" ".join([eid, letter, number, *clauses]) for eid, letter, number, clauses in relations(document(body))]
    assert found == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Điều 1. Quyết định này thay thế Quyết định số 11/2015/QĐ-UBND.", [None]),
        ("Điều 1. Quyết định số 11/2015/QĐ-UBND hết hiệu lực kể từ ngày Quyết định này có hiệu lực.", [None]),
        ("Điều 1. Quyết định số 11/2015/QĐ-UBND hết hiệu lực kể từ ngày 01 tháng 01 năm 2026.", [date(2026, 1, 1)]),
        (
            "Điều 1. Các Quyết định sau đây hết hiệu lực từ ngày 01/01/2026:\na) Quyết định số 11/2015/QĐ-UBND;\n"
            "b) Quyết định số 12/2016/QĐ-UBND.\nĐiều 2. Bãi bỏ Quyết định số 13/2017/QĐ-UBND.",
            [date(2026, 1, 1), date(2026, 1, 1), None],
        ),
    ],
)
def test_the_day_from_which_a_repeal_holds(body: str, expected: list[date | None]) -> None:
    ending = (Relation.REPEALS, Relation.REPLACES)
    assert [one.since for one in document(body).references if one.relation in ending] == expected


def test_clauses_of_a_regulation_are_of_what_is_attached() -> None:
    body = (
        "Điều 1. Sửa đổi, bổ sung một số điều của Quy chế làm việc ban hành kèm theo Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015\n"
        "1. Sửa đổi khoản 2 Điều 3 như sau:\n“2. Như cũ.”\n2. Bãi bỏ khoản 1, khoản 4 Điều 6."
    )
    found = [(one.eid, one.form, one.whole) for one in document(body).references if one.number == "11/2015/QĐ-UBND"]
    assert found == [("art_1", "attached", False), ("art_1__para_1", "attached", False), ("art_1__para_2", "attached", False)]


def test_a_basis_may_go_on_in_the_next_paragraph() -> None:
    head = HEAD.replace("năm 2013;", "năm 2013;\n\nNghị định số 14/2018/NĐ-CP của Chính phủ quy định chi tiết Luật Đất đai;")
    found = [(one.number or one.document, one.relation) for one in document("Điều 1. Phê duyệt.", head).references]
    assert found == [("Luật Đất đai", Relation.BASIS), ("14/2018/NĐ-CP", Relation.BASIS), ("Luật Đất đai", Relation.CITES)]


def test_the_enacting_formula_after_bases() -> None:
    formula = "Ủy ban nhân dân tỉnh ban hành Quyết định sửa đổi một số điều của Quyết định số 1/2015/QĐ-UBND."
    formula = f"Theo đề nghị của Giám đốc Sở Tài chính;\n\n{formula}\n"
    parsed = document("Điều 1. Mức thu.", HEAD.replace("năm 2013;\n", f"năm 2013;\n\n{formula}"))
    assert [(letter, number) for _eid, letter, number, _clauses in relations(parsed)] == [("a", "1/2015/QĐ-UBND")]


def test_a_consolidated_text_does_nothing_itself() -> None:
    body = "Điều 1. Quyết định này thay thế Quyết định số 11/2015/QĐ-UBND ngày 05/3/2015."
    assert relations(document(body))
    assert not relations(document(body, HEAD.replace("40/2021/QĐ-UBND", "40/VBHN-UBND")))


@pytest.mark.parametrize(
    ("relation", "form", "clauses", "whole"),
    [
        (Relation.REPEALS, "document", (), True),
        (Relation.REPLACES, "law", (), True),
        (Relation.REPEALS, "clause", ("Điều 3",), False),
        (Relation.AMENDS, "document", (), False),
        (Relation.REPEALS, "attached", (), False),
        (Relation.CITES, "document", (), True),
    ],
)
def test_whole_or_partial(relation: Relation, form: str, clauses: tuple[str, ...], whole: bool) -> None:
    assert Reference("art_1", "x", Span(0, 1), "", form=form, clauses=clauses, relation=relation).whole is whole


@pytest.mark.parametrize(
    ("text", "is_open", "spans", "after"),
    [
        ("a “b” c", False, [(2, 5)], False),
        ("a “b", False, [(2, 4)], True),
        ("b” c", True, [(0, 2)], False),
        ('a "b" c', False, [(2, 5)], False),
        ("a ” b", False, [], False),
        ("“a “b” c", False, [(0, 6)], False),
        ("", True, [(0, 0)], True),
    ],
)
def test_quotations(text: str, is_open: bool, spans: list[tuple[int, int]], after: bool) -> None:
    found = find_quotations(text, is_open=is_open)
    assert (list(found.spans), found.is_open) == (spans, after)


# --- properties ----------------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [A, B, D, L, "khoản 2 Điều 3", "Quyết định này", "bãi bỏ", "Bãi bỏ", "thay thế", "sửa đổi, bổ sung", "hết hiệu lực", "có hiệu lực",
     "và",
     ",",
     ";", ".", ":", "“", "”", '"', "đã được", "một số điều của", "hướng dẫn", "quy định chi tiết", "Căn cứ", "\n\n", "kể từ ngày", "\ue000",
     "kèm theo", "trừ"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


@given(TEXTS, st.sampled_from(list(Zone)), st.booleans(), st.integers(0, 40))
@settings(max_examples=300)
def test_each_reference_gets_one_relation(text: str, zone: Zone, quoted: bool, heading: int) -> None:
    references = find_references(text)
    stated = read_relations(text, references, Place(zone, TYPES), heading=heading, quoted=quoted)
    assert len(stated.relations) == len(stated.references) == len(references)
    assert [(one.start, one.end) for one in stated.references] == [(one.start, one.end) for one in references]
    itself = [relation for one, relation in zip(stated.references, stated.relations, strict=True) if one.document == "this"]
    assert set(itself) <= {Relation.CITES}


@pytest.mark.parametrize(
    "part",
    [
        f"bãi bỏ {A} và ",
        "thay thế ",
        "Quyết định này có hiệu lực hiệu lực ",
        f"{A} hết hiệu lực, ",
        "“",
        f"{A}; ",
        "sửa đổi, ",
        f"Quyết định này thay thế {A} và thay thế ",
        f"Căn cứ {L} ",
        "kể từ ngày ",
        "quy định chi tiết và ",
        "các quy định của ",
    ],
)
@pytest.mark.parametrize("zone", [Zone.ENACTED, Zone.PREAMBLE])
def test_time_grows_with_the_text(part: str, zone: Zone) -> None:
    def seconds(times: int) -> float:
        text = f"Quyết định này thay thế {A} và " + part * times
        references, spent = find_references(text), []
        for _attempt in range(2):
            begun = time.process_time()
            read_relations(text, references, Place(zone, TYPES))
            spent.append(time.process_time() - begun)
        return min(spent)

    # Eight times the text: about eight times as long, not sixty-four.
    assert seconds(2_000) < 32 * max(seconds(250), 0.002)


def test_real_documents_say_what_they_do_once() -> None:
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "real"
    if not folder.is_dir():
        pytest.skip("needs the real documents of ../shared")
    for path in sorted(folder.glob("*.txt"))[:40]:
        for parsed in parse(read(path)):
            for one in parsed.references:
                if one.relation in (Relation.REPEALS, Relation.REPLACES):
                    assert one.document not in ("this", "this-attachment")
                    assert one.document != parsed.number
                    assert one.eid.split("__")[0].split("_")[0] != "preamble"
