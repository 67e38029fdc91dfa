"""From when and until when a document has effect by its own words, and what is no statement of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.models import Clause, Document, Kind, Line, SourceText
from kgsearch.parser import parse
from kgsearch.parser.effect import find_effect, find_expiry

ISSUED = date(2021, 6, 15)


def article(*texts: str, kind: Kind = Kind.ARTICLE) -> list[Clause]:
    return [Clause(f"art_{number}", kind, f"Điều {number}", str(number), "", text) for number, text in enumerate(texts, start=1)]


def effect(*texts: str, own: str = "Quyết định") -> str:
    found = find_effect(article(*texts), ISSUED, own)
    return f"{found.day} {found.eid}" if found else ""


def expiry(*texts: str, own: str = "Quyết định") -> str:
    found = find_expiry(article(*texts), own)
    return f"{found.day} {found.eid}" if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2021.", "2021-07-01 art_1"),
        ("Quyết định này có hiệu lực từ ngày 01/7/2021 và thay thế Quyết định số 1/2015/QĐ-UBND.", "2021-07-01 art_1"),
        ("Quyết định này có hiệu lực kể từ ngày ký.", "2021-06-15 art_1"),
        ("Quyết định này có hiệu lực từ ngày ban hành.", "2021-06-15 art_1"),
        ("Văn bản này có hiệu lực từ ngày 01.7.2021.", "2021-07-01 art_1"),
        ("Quyết định này đã được thông qua ngày 10/6/2021 và có hiệu lực từ ngày 20/6/2021.", "2021-06-20 art_1"),
        ("Quyết định có hiệu lực thi hành kể từ ngày 01/7/2021.", "2021-07-01 art_1"),
        ("Quyết định được thông qua tại kỳ họp thứ 5 ngày 10/6/2021; Quyết định có hiệu lực từ ngày 20/6/2021.", "2021-06-20 art_1"),
        ("Quyết định được Ủy ban thông qua ngày 10/6/2021 và có hiệu lực từ ngày 20/6/2021.", "2021-06-20 art_1"),
        # another's effect, or a part's
        ("Quyết định số 1/2015/QĐ-UBND có hiệu lực từ ngày 20/6/2015.", ""),
        ("Nghị định có hiệu lực từ ngày 20/6/2015.", ""),
        ("Giấy phép theo Quyết định có hiệu lực từ ngày 20/6/2015.", ""),
        ("Nghị định này có hiệu lực từ ngày 01/7/2021.", ""),
        ("Thực hiện theo Luật này có hiệu lực từ ngày 01/7/2021.", ""),
        ("Điều 5 Quyết định này có hiệu lực từ ngày 01/01/2022.", ""),
        ("Quy định tại khoản 2 Điều 3 của Quyết định này có hiệu lực từ ngày 01/01/2022.", ""),
        ("Phụ lục II kèm theo Quyết định này có hiệu lực từ ngày 01/01/2022.", ""),
        # quoted from what is amended
        ("Điều 9 được sửa đổi như sau: “Quyết định này có hiệu lực từ ngày 01/01/2019.”", ""),
        ('Điều 9 được sửa đổi như sau: "Quyết định này có hiệu lực từ ngày 01/01/2019."', ""),
        # not a day that these words tell
        ("Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.", ""),
        ("Quyết định này có hiệu lực thi hành sau 45 ngày, kể từ ngày ký ban hành.", ""),
        ("Quyết định này có hiệu lực từ ngày 31/02/2021.", ""),
        ("Quyết định này có hiệu lực từ ngày đăng Công báo.", ""),
        ("", ""),
    ],
)
def test_effect(text: str, expected: str) -> None:
    assert effect(text) == expected


def test_the_last_statement_counts() -> None:
    assert effect("Quyết định này có hiệu lực từ ngày ký.", "Quyết định này có hiệu lực từ ngày 01/7/2021.") == "2021-07-01 art_2"


def test_a_quotation_goes_on_in_the_clauses_after_it_but_not_in_the_next_article() -> None:
    quoting = Clause("art_1", Kind.ARTICLE, "Điều 1", "1", "", "Sửa đổi Điều 9 như sau:", clauses=(
        Clause("art_1__p_1", Kind.PARAGRAPH, "", "1", "", "“1. Trách nhiệm thi hành."),
        Clause("art_1__p_2", Kind.PARAGRAPH, "", "2", "", "2. Quyết định này có hiệu lực từ ngày 01/01/2019."),
    ))  # fmt: skip
    (own,) = article("Quyết định này có hiệu lực từ ngày 01/7/2021.")
    assert find_effect([quoting], ISSUED, "Quyết định") is None
    found = find_effect([quoting, own], ISSUED, "Quyết định")
    assert found and found.day == date(2021, 7, 1)


@pytest.mark.parametrize("kind", [Kind.ATTACHMENT, Kind.ANNEX, Kind.FOOTNOTE, Kind.PREAMBLE])
def test_only_the_document_itself_speaks(kind: Kind) -> None:
    clauses = article("Quyết định này có hiệu lực từ ngày 01/7/2021 đến hết ngày 31/12/2022.", kind=kind)
    assert find_effect(clauses, ISSUED) is find_expiry(clauses) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quyết định này có hiệu lực từ ngày 01/7/2021 đến hết ngày 31/12/2022.", "2022-12-31 art_1"),
        ("Quyết định này có hiệu lực thi hành kể từ ngày ký đến hết ngày 31 tháng 12 năm 2022.", "2022-12-31 art_1"),
        ("Quyết định này có hiệu lực đến ngày 30/6/2022.", "2022-06-30 art_1"),
        ("Quyết định này có hiệu lực từ ngày ký và được áp dụng đến hết năm 2025.", "2025-12-31 art_1"),
        ("Quyết định này được áp dụng đến hết tháng 2 năm 2024.", "2024-02-29 art_1"),
        ("Quyết định này hết hiệu lực sau ngày 31/12/2022.", "2022-12-31 art_1"),
        ("Quyết định này hết hiệu lực kể từ ngày 01/01/2023.", "2022-12-31 art_1"),
        ("Quyết định này áp dụng từ năm 2022 đến hết năm 2025.", "2025-12-31 art_1"),
        # not of the document, or not its end
        ("Nghị quyết này có hiệu lực đến hết ngày 31/12/2022.", ""),
        ("Chính sách tại Quyết định này được áp dụng đến hết năm 2025.", ""),
        ("Mức hỗ trợ được áp dụng đến hết năm 2025.", ""),
        ("Quyết định này có hiệu lực từ ngày 01/7/2021. Hỗ trợ được thực hiện đến hết năm 2025.", ""),
        ("Quyết định này quy định mức thu; mức thu có hiệu lực đến hết ngày 31/12/2022.", ""),
        ("Quyết định số 1/2015/QĐ-UBND hết hiệu lực kể từ ngày Quyết định này có hiệu lực.", ""),
        ("Quyết định số 1/2015/QĐ-UBND hết hiệu lực kể từ ngày 01/01/2023.", ""),
        ("“Quyết định này có hiệu lực đến hết ngày 31/12/2022.”", ""),
        ("Quyết định này có hiệu lực đến hết ngày 31/02/2022.", ""),
        ("Quyết định này được áp dụng đến hết tháng 13 năm 2024.", ""),
        ("Quyết định này có hiệu lực đến khi có quy định mới.", ""),
    ],
)
def test_expiry(text: str, expected: str) -> None:
    assert expiry(text) == expected


@given(st.text(max_size=80) | st.lists(st.sampled_from(
    ["Quyết định này", "có hiệu lực", "từ ngày", "đến hết", "ngày 31/12/9999", "năm 0000", "năm 9999", "hết hiệu lực",
     "kể từ ngày 01/01/0001", "“", "”"]
), max_size=12).map(" ".join))  # fmt: skip
def test_any_words(text: str) -> None:
    effect(text)
    expiry(text)


TEXT = """ỦY BAN NHÂN DÂN
TỈNH HẢI GIANG
Số: 40/2021/QĐ-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Hải Giang, ngày 15 tháng 6 năm 2021

QUYẾT ĐỊNH
Về việc quy định mức thu mẫu

Điều 1. Mức thu mẫu là 10.000 đồng.
Điều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2021 đến hết ngày 31 tháng 12 năm 2022.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn An
"""


def parsed(text: str) -> Document:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(line, start, start + len(line)))
        start += len(line) + 1
    (document,) = parse(SourceText(text, tuple(lines), "utf-8"))
    return document


def test_a_document_says_from_when_and_until_when() -> None:
    document = parsed(TEXT)
    assert (document.effective, document.effective_in) == (date(2021, 7, 1), "art_2")
    assert (document.expires, document.expires_in) == (date(2022, 12, 31), "art_2")


def test_a_consolidated_text_says_nothing_of_its_own_effect() -> None:
    document = parsed(TEXT.replace("40/2021/QĐ-UBND", "40/VBHN-UBND"))
    assert document.effective is document.expires is None
