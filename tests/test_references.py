"""References found in running text: against marks made by hand, in a table of small cases, and in their properties."""

from __future__ import annotations

import hashlib
import json
import time
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.citations.find import Form, FoundReference, find_references
from kgsearch.models import Clause, Document, Kind, Line, SourceText
from kgsearch.parser import parse
from kgsearch.readers import read

MARKS = Path(__file__).with_name("references.json")

# --- small cases ---------------------------------------------------------------------------------------------------------
# «…» is the reference; after it form, target and clauses.

N = "Nghị định số 43/2014/NĐ-CP"


def case(text: str, *expected: tuple[str, str, str]) -> Any:
    return pytest.param(text, expected, id=text[:60])


CASES = [
    # whole documents
    case(f"Căn cứ «{N}»;", ("document", "43/2014/NĐ-CP", "")),
    case(f"Căn cứ «{N} ngày 15 tháng 5 năm 2014 của Chính phủ» quy định chi tiết;", ("document", "43/2014/NĐ-CP 2014", "")),
    case("«Quyết định số 7/QĐ-UBND ngày 5/3/2020 của Ủy ban nhân dân tỉnh Hà Nam» về việc", ("document", "7/QĐ-UBND 2020", "")),
    case("«Thông tư số 5/TT-BTNMT của Bộ Tài nguyên và Môi trường» quy định", ("document", "5/TT-BTNMT", "")),
    case("«Thông tư số 5/TT-BYT của Bộ Y tế» hướng dẫn", ("document", "5/TT-BYT", "")),
    case(
        "«Thông tư liên tịch số 5/TTLT-BYT-BTC của Bộ Y tế và Bộ Tài chính» hướng dẫn",
        ("document", "5/TTLT-BYT-BTC", ""),
    ),
    case(
        "theo «Nghị quyết số 3/NQ-CP của Chính phủ» và «Chỉ thị số 4-CT/TW của Ban Bí thư Trung ương Đảng khóa XIII» về",
        ("document", "3/NQ-CP", ""),
        ("document", "4-CT/TW", ""),
    ),
    case("«Nghị quyết số 51/2001/QH10 của Quốc hội khóa X, kỳ họp thứ 10»;", ("document", "51/2001/QH10", "")),
    case("«Báo cáo thẩm tra số 12/BC-HĐND ngày 02 tháng 12 năm 2017»", ("document", "12/BC-HĐND 2017", "")),
    case("«Quyết định số 22/2014/QĐ -UBND ngày 22-10-2014»", ("document", "22/2014/QĐ-UBND 2014", "")),
    case("tại «Tờ trình số 288 ngày 06 tháng 7 năm 2021».", ("document", "288 2021", "")),
    case("«Công điện số 1 ngày 5/3/2020», «số 2 ngày 6/3/2020» và", ("document", "1 2020", ""), ("document", "2 2020", "")),
    case("«Quyết định số 15/QĐ-TTg» và «16/QĐ-TTg»", ("document", "15/QĐ-TTg", ""), ("document", "16/QĐ-TTg", "")),
    case("theo «QCVN 14:2008/BTNMT»;", ("document", "QCVN14:2008/BTNMT", "")),
    case("Căn cứ «Điều lệ Đảng»;", ("document", "Điều lệ Đảng", "")),
    case("theo «Nghị quyết Đại hội XIII của Đảng».", ("document", "Nghị quyết Đại hội XIII của Đảng", "")),
    case("Căn cứ «Quy chế làm việc của Ban Bí thư khóa XI»;", ("document", "Quy chế làm việc của Ban Bí thư khóa XI", "")),
    # no documents
    case("Mẫu số 01/GTGT, Biểu số 5/BC-TH"),
    case("Chương trình 135, Kế hoạch phát triển kinh tế - xã hội 5 năm"),
    case("từ 15/15 huyện, quý II/2022, ngày 30/4"),
    case("Nghị quyết, Chỉ thị của cấp trên và các văn bản hướng dẫn"),
    # laws
    case("theo «Luật Đất đai» và các văn bản hướng dẫn", ("law", "Luật Đất đai", "")),
    case("«Luật Đất đai ngày 29 tháng 11 năm 2013»;", ("law", "Luật Đất đai 2013", "")),
    case("«Luật đất đai 2013» quy định", ("law", "Luật đất đai 2013", "")),
    case("«Luật Phí và lệ phí số 97/2015/QH13 ngày 25/11/2015»", ("law", "97/2015/QH13 2015", "")),
    case("«Luật số 35/2018/QH14» sửa đổi, bổ sung một số điều của 37 luật", ("law", "35/2018/QH14", "")),
    case("của «Bộ luật Dân sự», «Hiến pháp», pháp luật", ("law", "Bộ luật Dân sự", ""), ("law", "Hiến pháp", "")),
    case("«Luật phòng chống tham nhũng» thì", ("law", "Luật phòng chống tham nhũng", "")),
    # a name that begins with another's
    case("«Luật Thương mại điện tử» và «Luật Thương mại»", ("law", "Luật Thương mại điện tử", ""), ("law", "Luật Thương mại", "")),
    case("«Luật Thủy sản nội đồng ngày 15 tháng 6 năm 2012»;", ("law", "Luật Thủy sản nội đồng 2012", "")),
    case("«Luật Đất đai» áp dụng năm 2013", ("law", "Luật Đất đai", "")),
    case("«Luật Đất đai» được thông qua ngày 29/11/2013", ("law", "Luật Đất đai", "")),
    case("«Luật Tổ chức VKSND năm 2014»;", ("law", "Luật Tổ chức VKSND 2014", "")),
    case(
        "«Luật sửa đổi, bổ sung một số điều của Luật Giáo dục và Luật Nhà ở ngày 25/11/2009»",
        ("law", "Luật sửa đổi, bổ sung một số điều của Luật Giáo dục và Luật Nhà ở 2009", ""),
    ),
    case("ban hành Luật sửa đổi, bổ sung một số điều của «Luật Điện ảnh số 62/2006/QH11».", ("law", "62/2006/QH11", "")),
    case("«Luật Quản trị rừng cộng đồng ngày 5/3/2030» của", ("law", "Luật Quản trị rừng cộng đồng 2030", "")),
    case("Luật sư, Hội Luật gia, xây dựng luật, pháp lệnh năm 2005"),
    # clauses
    case(f"tại «điểm b khoản 2 Điều 5 {N}»", ("clause", "43/2014/NĐ-CP", "điểm b khoản 2 Điều 5")),
    case(f"tại «Điểm b, Khoản 2, Điều 5 của {N}»", ("clause", "43/2014/NĐ-CP", "điểm b khoản 2 Điều 5")),
    case("«khoản 12 Mục II Nghị quyết số 68/NQ-CP»", ("clause", "68/NQ-CP", "khoản 12 Mục II")),
    case("«Điều 5 Luật Đất đai năm 2013»;", ("clause", "Luật Đất đai 2013", "Điều 5")),
    case("«khoản 2 Điều 93Luật Xây dựng»", ("clause", "Luật Xây dựng", "khoản 2 Điều 93")),
    case(
        "«khoản 1 Điều 1 Luật sửa đổi, bổ sung một số điều của Luật Xây dựng»",
        ("clause", "Luật sửa đổi, bổ sung một số điều của Luật Xây dựng", "khoản 1 Điều 1"),
    ),
    case(
        f"tại «điểm b Điều 17 {N}» hoặc «khoản 2 Điều 17»",
        ("clause", "43/2014/NĐ-CP", "điểm b Điều 17"),
        ("clause", "43/2014/NĐ-CP", "khoản 2 Điều 17"),
    ),
    # … but not of another sentence's document
    case(f"tại «Điều 9 {N}». Như «Điều 9».", ("clause", "43/2014/NĐ-CP", "Điều 9"), ("internal", "this", "Điều 9")),
    # lists and ranges
    case(f"«Điều 4, Điều 9 {N}»", ("list", "43/2014/NĐ-CP", "Điều 4|Điều 9")),
    case("các «Điều 4, 11, 27 và 30» thì", ("list", "this", "Điều 4|Điều 11|Điều 27|Điều 30")),
    case("«khoản 1, 2 và 3 Điều 5 Luật Đất đai»", ("list", "Luật Đất đai", "khoản 1 Điều 5|khoản 2 Điều 5|khoản 3 Điều 5")),
    case("từ «điểm b đến điểm e khoản này»", ("list", "this", "|".join(f"điểm {x} khoản này" for x in "bcdđe"))),
    case("«Điều 9, khoản 1 Điều 10 và các điều từ Điều 11 đến Điều 12»", ("list", "this", "Điều 9|khoản 1 Điều 10|Điều 11|Điều 12")),
    case("«Điều 75 và khoản 1 Điều 78 Luật Nhà ở»", ("list", "Luật Nhà ở", "Điều 75|khoản 1 Điều 78")),
    case("«điểm a khoản 1, khoản 2 Điều 5»", ("list", "this", "điểm a khoản 1 Điều 5|khoản 2 Điều 5")),
    case("tại «Phụ lục 01 đến Phụ lục 03» kèm theo", ("list", "this", "Phụ lục 01|Phụ lục 02|Phụ lục 03")),
    case("«Mục I đến Mục III của Kế hoạch này»", ("list", "this", "Mục I|Mục II|Mục III")),
    case("«khoản 2 mục III, phần A và khoản 1, mục II, phần B»", ("list", "this", "khoản 2 Mục III Phần A|khoản 1 Mục II Phần B")),
    case(
        f"theo «điểm a, b, khoản 1» và bảo đảm «khoản 2, Điều 19 {N}»",
        ("list", "43/2014/NĐ-CP", "điểm a khoản 1 Điều 19|điểm b khoản 1 Điều 19"),
        ("clause", "43/2014/NĐ-CP", "khoản 2 Điều 19"),
    ),
    # this document
    case("«Nghị quyết này» có hiệu lực từ ngày ký", ("internal", "this", "")),
    case("thực hiện «quyết định này», «văn bản này», «Luật này»", *[("internal", "this", "")] * 3),
    case("«Chương trình hành động này» được", ("internal", "this", "")),
    case(
        "quy định tại «Điều này» thì áp dụng «khoản 2 Điều này»", ("internal", "this", "Điều này"), ("internal", "this", "khoản 2 Điều này")
    ),
    case("«Khoản này» được sửa đổi", ("internal", "this", "khoản này")),
    case("«Điều 5 của Quy định này»", ("internal", "this", "Điều 5")),
    case("- Như «Điều 3»; - Lưu: VT", ("internal", "this", "Điều 3")),
    case("(chi tiết tại «Phụ lục XV» kèm theo)", ("internal", "this", "Phụ lục XV")),
    case("«Điều 5 khoản 2 điểm a»", ("internal", "this", "điểm a khoản 2 Điều 5")),
    case("Điều này cho thấy tài khoản này, danh mục này, các quy định này"),
    case("đạt điểm 8, thời điểm 1/7, tổng 10 khoản 5 triệu đồng"),
    case("như sau: “Điều 3. Hiệu lực thi hành"),
    case(
        "«Điều 3 của Luật số 35/2018/QH14» quy định như sau: “Điều 3 «Luật này» có hiệu lực",
        ("clause", "35/2018/QH14", "Điều 3"),
        ("internal", "35/2018/QH14", ""),
    ),
    # what is attached
    case(
        "«Quy chế thi tuyển ban hành kèm theo Quyết định số 328/QĐ-VKSTC ngày 01/9/2017 của Bộ Nội vụ»;",
        ("attached", "328/QĐ-VKSTC 2017", ""),
    ),
    case("«Điều 7 Quy chế thi được ban hành kèm theo Thông tư số 11/TT-BNV»", ("attached", "11/TT-BNV", "Điều 7")),
    case("«Mẫu số 3 Phụ lục 2 ban hành kèm theo Thông tư số 4/TT-BKHĐT»", ("attached", "4/TT-BKHĐT", "Mẫu 3 Phụ lục 2")),
    case("phụ lục kèm theo «Thông tư số 4/TT-BKHĐT»", ("document", "4/TT-BKHĐT", "")),
    case("Ban hành kèm theo «Quyết định này» Quy định về thi", ("internal", "this", "")),
    # not over the end of a sentence or a paragraph
    case("tại «Điều 5». «Nghị định số 1/NĐ-CP» có hiệu lực", ("internal", "this", "Điều 5"), ("document", "1/NĐ-CP", "")),
    case("tại «Điều 5»\n\n«Nghị định số 1/NĐ-CP»", ("internal", "this", "Điều 5"), ("document", "1/NĐ-CP", "")),
    case("tại «Điều 5\nNghị định số 1/NĐ-CP»", ("clause", "1/NĐ-CP", "Điều 5")),
    case("«Nghị định số 1/N\u00d0-CP»", ("document", "1/NĐ-CP", "")),
]


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without « and », and where they stood."""
    plain, spans, start = "", [], 0
    for character in text:
        if character == "«":
            start = len(plain)
        elif character == "»":
            spans.append((start, len(plain)))
        else:
            plain += character
    return plain, spans


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_small_cases(text: str, expected: Sequence[tuple[str, str, str]]) -> None:
    plain, spans = unmarked(text)
    found = find_references(plain)
    described = [(str(one.form), f"{one.document} {one.year or ''}".strip(), "|".join(one.clauses)) for one in found]
    assert [plain[one.start : one.end] for one in found] == [plain[start:end] for start, end in spans]
    assert [(one.start, one.end) for one in found] == spans
    assert described == list(expected)


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 60


def test_a_date_is_read() -> None:
    (found,) = find_references("Luật Phí và lệ phí số 97/2015/QH13 ngày 25 tháng 11 năm 2015 của Quốc hội")
    assert (found.number, found.year, found.issued) == ("97/2015/QH13", 2015, date(2015, 11, 25))


def test_a_date_that_there_is_not_leaves_its_year() -> None:
    (found,) = find_references("Nghị quyết số 5/NQ-HĐND ngày 31/02/2021")
    assert (found.year, found.issued) == (2021, None)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Quy định này", "this-attachment"),
        ("khoản 2 Điều này", "this-attachment"),
        ("Điều 7 của Quy định này", "this-attachment"),
        ("Điều 7 Quyết định này", "this"),
        ("chi tiết tại Phụ lục II", "this"),
    ],
)
def test_what_is_attached_is_meant_where_it_speaks(text: str, document: str) -> None:
    (found,) = find_references(text, attached=True)
    assert (found.form, found.document) == (Form.INTERNAL, document)


def test_the_document_speaks_of_what_is_attached_to_it() -> None:
    assert find_references("Quy chế này", attachments=["quy chế"])[0].document == "this-attachment"
    assert find_references("Quyết định này", attachments=["quy chế"])[0].document == "this"


def test_decomposed_letters_keep_their_places() -> None:
    text = unicodedata.normalize("NFD", "theo khoản 2 Điều 5 Nghị định số 43/2014/NĐ-CP của Chính phủ về đất đai")
    (found,) = find_references(text)
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == "khoản 2 Điều 5 Nghị định số 43/2014/NĐ-CP của Chính phủ"
    assert found.clauses == ("khoản 2 Điều 5",)


# --- properties ----------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("điểm", "a", "b,", "đ", "khoản", "1", "2,", "1.2", "Điều", "5", "12a", "này", "Mục", "II", "I", "01", "đến", "và", "của", "số"),
        *("20/NQ-HĐND", "43/2014/NĐ-CP", "(", ")", ";", ".", ",", "“", "”", "thì", "tài", "từ", "các"),
        *("Phụ lục", "Mẫu số", "Nghị định", "Nghị quyết", "ngày 5/3/2020", "ngày 5 tháng 3 năm 2020", "năm 2021", "Chính phủ", "Bộ Y tế"),
        *("UBND tỉnh", "Luật", "Bộ luật", "Đất đai", "sửa đổi, bổ sung một số điều của", "Quy chế", "ban hành kèm theo", "Căn cứ"),
        *("như sau: “", "\n\n", "\n", "Hiến pháp", "Pháp lệnh", "Nghị quyết Đại hội XIII", "QCVN 1:2020/BXD", "quy định", "Tờ trình"),
    ]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=60)


def shape(found: FoundReference) -> tuple[Any, ...]:
    return (found.end - found.start, found.form, found.document, found.clauses)


@given(TEXTS)
@settings(max_examples=400)
def test_references_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    found = find_references(text)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(text[one.start : one.end].strip() == text[one.start : one.end] for one in found)


@given(TEXTS)
def test_a_reference_says_what_it_refers_to(text: str) -> None:
    for one in find_references(text):
        assert one.document
        assert (len(one.clauses) > 1) == (one.form is Form.LIST)
        assert one.clauses or one.form not in (Form.CLAUSE, Form.LIST)
        assert one.issued is None or one.issued.year == one.year
        assert one.number in ("", one.document)


@given(TEXTS, TEXTS)
def test_paragraphs_do_not_touch_one_another(first: str, second: str) -> None:
    # A "\0" is no letter of a text, and a quotation may go on over paragraphs: both are left out here.
    first, second = first.replace("“", "").replace("\0", ""), second.replace("“", "").replace("\0", "")
    between = ".\n\n"
    both = [shape(one) for one in find_references(first.rstrip() + between + second.lstrip())]
    assert both == [shape(one) for one in [*find_references(first.rstrip() + "."), *find_references(second.lstrip())]]


def test_a_heading_is_none_whatever_paragraph_stands_before_it() -> None:
    """An annex's own heading, at the head of a text or of a later paragraph."""
    heading = "Phụ lục 1\nDanh mục nhiệm vụ"
    assert find_references(heading) == []
    assert find_references(f"Tổ chức thực hiện./.\n\n{heading}") == []


@pytest.mark.parametrize(
    "part",
    [
        "khoản 1, ",
        "Điều 1 đến Điều 9, ",
        "Quy chế ban hành ",
        "Luật sửa đổi, bổ sung một số điều của ",
        "Căn cứ Kế hoạch ",
        "số 1/",
        "Điều này. ",
        " ",
    ],
)
def test_time_grows_with_the_text(part: str) -> None:
    def seconds(times: int) -> float:
        spent = []
        for _attempt in range(3):
            begun = time.process_time()
            find_references("Luật 20/NQ-HĐND của Bộ" + part * times)
            spent.append(time.process_time() - begun)
        return min(spent)

    # Eight times the text: about eight times as long, not sixty-four.
    assert seconds(8_000) < 32 * max(seconds(1_000), 0.002)


# --- marks made by hand --------------------------------------------------------------------------------------------------

Mark = tuple[str, str, int | None, tuple[str, ...], int, int]
"""Form, document, year, clauses, and where it begins and ends, in the clause or in the file."""


@dataclass
class Tally:
    """How many references of each form were marked, found, and found as marked."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, marked: Sequence[Mark], found: Sequence[Mark]) -> None:
        self.marked.update(mark[0] for mark in marked)
        self.found.update(mark[0] for mark in found)
        self.right.update(mark[0] for mark in found if mark in marked)


@lru_cache(maxsize=1)
def marked_files() -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = json.loads(MARKS.read_text("utf-8"))
    return files


def held_out() -> set[str]:
    """Every third file in numeric order: the finder's rules were learnt on the others, and then checked on these."""
    return set(sorted(marked_files(), key=lambda name: int(name.split(".")[0]))[2::3])


def is_solid(character: str) -> bool:
    """Whether a character of a file is one of a clause: no white space, no soft hyphen, no mark set by itself."""
    return not character.isspace() and not unicodedata.combining(character) and unicodedata.category(character) != "Cf"


def places(source: SourceText, clause: Clause) -> list[int]:
    """Where in the file each character of a clause's text is; for a space, where the character before it is."""
    solid = iter([at for span in clause.spans for at in range(span.start, span.end) if is_solid(source.text[at])])
    found: list[int] = []
    for character in clause.text:
        found.append(found[-1] if character.isspace() and found else next(solid, -1))
    return found


def compared(source: SourceText, document: Document, marks: Mapping[str, Any]) -> Iterator[tuple[list[str], list[Mark], list[Mark]]]:
    """For each clause whose words were all marked: the eIds of the marks, what was marked there, and what was found.

    Clauses that the parser cuts as it did when they were marked are known by their words, others by their places in the file.
    """
    ranges = sorted((start, end, eid) for eid, entry in marks.items() for start, end in entry["source"])
    for clause, _ancestors in document.walk():
        own = [one for one in document.references if one.eid == clause.eid]
        whole = marks.get(clause.eid)
        if whole is not None and whole["sha"] == hashlib.sha256(clause.text.encode()).hexdigest()[:12]:
            found = [(one.form, one.document, one.year, one.clauses, one.span.start, one.span.end) for one in own]
            yield [clause.eid], [as_mark(one, one["start"], one["end"]) for one in whole["references"]], found
            continue
        eids, at = covering(source, clause, ranges), places(source, clause)
        if eids and at:
            inside = set(at)
            laid = [as_mark(one, *trimmed(source, *one["source"])) for eid in eids for one in marks[eid]["references"]]
            found = [(one.form, one.document, one.year, one.clauses, at[one.span.start], at[one.span.end - 1] + 1) for one in own]
            yield eids, [mark for mark in laid if mark[4] in inside], found


def as_mark(one: Mapping[str, Any], start: int, end: int) -> Mark:
    target = one["target"]
    return one["form"], target["document"], target["year"], tuple(target["clauses"]), start, end


def trimmed(source: SourceText, start: int, end: int) -> tuple[int, int]:
    return start, max(at for at in range(start, end) if is_solid(source.text[at])) + 1


def covering(source: SourceText, clause: Clause, ranges: Sequence[tuple[int, int, str]]) -> list[str]:
    """The marked clauses in whose spans all of a clause's words lie; none where some lie outside."""
    eids: dict[str, None] = {}
    for span in clause.spans:
        for at in range(span.start, span.end):
            if not is_solid(source.text[at]):
                continue
            number = bisect_right(ranges, at, key=lambda one: one[0]) - 1
            if number < 0 or at >= ranges[number][1]:
                return []
            eids[ranges[number][2]] = None
    return list(eids)


@dataclass
class Comparison:
    """The tallies of the files that the rules were learnt on and of the others, and the clauses that could not be compared."""

    learnt: Tally = field(default_factory=Tally)
    held_out: Tally = field(default_factory=Tally)
    clauses: int = 0
    skipped: int = 0
    parsing: float = 0.0
    finding: float = 0.0


@pytest.fixture(scope="module")
def comparison(shared: Path) -> Comparison:
    if not (shared / "real").is_dir():
        pytest.skip("needs ../shared/real, which is missing here")
    result, others = Comparison(), held_out()
    for name, marks in marked_files().items():
        source = read(shared / "real" / name)
        begun = time.process_time()
        documents = parse(source)
        result.parsing += time.process_time() - begun
        result.clauses += len(marks)
        seen: set[str] = set()
        for document in documents:
            for eids, marked, found in compared(source, document, marks):
                seen.update(eids)
                (result.held_out if name in others else result.learnt).add(marked, found)
        result.skipped += len(marks.keys() - seen)
        texts = [clause.text for document in documents for clause, _ancestors in document.walk()]
        begun = time.process_time()
        for text in texts:
            find_references(text)
        result.finding += time.process_time() - begun
    return result


def test_the_marks_still_fit_the_clauses(comparison: Comparison) -> None:
    assert comparison.skipped <= comparison.clauses / 10, f"{comparison.skipped} of {comparison.clauses} clauses are cut otherwise now"
    assert sum(comparison.learnt.marked.values()) + sum(comparison.held_out.marked.values()) >= 300


@pytest.mark.parametrize("form", list(Form))
def test_every_form_is_found(comparison: Comparison, form: Form) -> None:
    both = [comparison.learnt, comparison.held_out]
    right, marked, found = (sum(getattr(tally, name)[form] for tally in both) for name in ("right", "marked", "found"))
    assert right >= 0.95 * marked, f"{form}: {right} of {marked} marked are found"
    assert right >= 0.95 * found, f"{form}: {right} of {found} found are right"


def test_files_that_the_rules_were_not_learnt_on(comparison: Comparison) -> None:
    tally = comparison.held_out
    right, marked, found = (sum(getattr(tally, name).values()) for name in ("right", "marked", "found"))
    assert right >= 0.95 * marked
    assert right >= 0.95 * found


def test_finding_costs_less_than_parsing(comparison: Comparison) -> None:
    # `parse` finds as well: what is left of it is parsing.
    assert comparison.finding < comparison.parsing - comparison.finding


# --- the parser's part ---------------------------------------------------------------------------------------------------


def parsed(text: str) -> Document:
    lines, position = [], 0
    for line in text.split("\n"):
        lines.append(Line(line, position, position + len(line)))
        position += len(line) + 1
    (document,) = parse(SourceText(text, tuple(lines), "utf-8"))
    return document


DECISION = """ỦY BAN NHÂN DÂN
TỈNH AN BÌNH
Số: 12/2021/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Bình, ngày 05 tháng 7 năm 2021

QUYẾT ĐỊNH
Ban hành Quy chế làm việc

Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.
Điều 2. Bãi bỏ khoản 2 Điều 5 Quyết định số 7/2019/QĐ-UBND.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn A

QUY CHẾ
Làm việc
(Ban hành kèm theo Quyết định số 12/2021/QĐ-UBND ngày 05 tháng 7 năm 2021)

Điều 1. Phạm vi
1. Quy chế này quy định việc làm.
2. Ai làm việc theo khoản 1 Điều này.
"""


def test_a_parsed_document_says_what_it_cites() -> None:
    document = parsed(DECISION)
    found = [(one.form, one.document, one.clauses, one.eid.startswith("att_")) for one in document.references]
    assert found == [
        ("law", "Luật Tổ chức chính quyền địa phương", (), False),
        ("internal", "this", (), False),
        ("clause", "7/2019/QĐ-UBND", ("khoản 2 Điều 5",), False),
        ("internal", "this-attachment", (), True),
        ("internal", "this-attachment", ("khoản 1 Điều này",), True),
    ]
    by_eid = {clause.eid: clause for clause, _ancestors in document.walk()}
    assert all(by_eid[one.eid].text[one.span.start : one.span.end] == one.text for one in document.references)
    assert not any(by_eid[one.eid].kind is Kind.ATTACHMENT for one in document.references)


def test_the_json_of_a_reference() -> None:
    reference = parsed(DECISION).references[2].to_json()
    assert reference.pop("span")[0] > 0
    assert reference == {
        "eid": "art_2",
        "text": "khoản 2 Điều 5 Quyết định số 7/2019/QĐ-UBND",
        "form": "clause",
        "document": "7/2019/QĐ-UBND",
        "number": "7/2019/QĐ-UBND",
        "year": None,
        "issued": None,
        "clauses": ["khoản 2 Điều 5"],
        "relation": "repeals",
        "since": None,
    }
