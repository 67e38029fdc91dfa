"""Citations: document numbers, how a citation is written, how a typed one is read, and what it resolves to."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.citations import cite, clause_citation, number_key
from kgsearch.citations.issuers import issuer_end
from kgsearch.citations.name_keys import name_key
from kgsearch.citations.numbers import find_numbers, ordinal_value
from kgsearch.citations.read import components_of, names_clause, plain, read_citation
from kgsearch.citations.resolve import resolve
from kgsearch.citations.write import cited_name, ordinal
from kgsearch.language import fold
from kgsearch.models import Clause, ClauseRecord, DocumentRecord, Kind

# --- numbers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["20/NQ-HĐND", "20/nq-hđnd", "20/nq-hdnd", "Số: 20/NQ-HĐND", "số 020/NQ-HĐND", "20 / NQ - HĐND", "20-NQ/HĐND"], "20/nq/hdnd"),
        (["20/NQ–HĐND", "20/NQ\u2011HĐND", "20/NQ\u2212HĐND", "20/NQ-HÐND"], "20/nq/hdnd"),
        (["07/2017/QĐ-UBND", "7/2017/qd-ubnd", "07-2017-QĐ/UBND", unicodedata.normalize("NFD", "07/2017/QĐ-UBND")], "7/2017/qd/ubnd"),
        (["259-CV/TU", "259 - cv/tu"], "259/cv/tu"),
        (["64/2020/QH14"], "64/2020/qh14"),
        (["103/UBND-TH"], "103/ubnd/th"),
    ],
)
def test_all_spellings_of_a_number_share_a_key(spellings: Sequence[str], key: str) -> None:
    assert {number_key(spelling) for spelling in spellings} == {key}


@pytest.mark.parametrize(("one", "other"), [("20/NQ-HĐND", "20/NQ-UBND"), ("20/NQ-HĐND", "20/2021/NQ-HĐND"), ("1/CT-TTg", "10/CT-TTg")])
def test_different_numbers_have_different_keys(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


SYMBOLS = st.sampled_from(["NQ", "QĐ", "HĐND", "UBND", "TTg", "CTr", "TU", "QH14", "KH&ĐT"])
NUMBERS = st.builds(
    lambda first, year, symbols, joint: f"{first}{year}/{joint.join(symbols)}",
    st.integers(1, 99999),
    st.sampled_from(["", "/1999", "/2021"]),
    st.lists(SYMBOLS, min_size=1, max_size=3),
    st.sampled_from("-/"),
)


@given(NUMBERS)
def test_a_key_is_its_own_key_and_has_no_marks(number: str) -> None:
    key = number_key(number)
    assert number_key(key) == key
    assert key.isascii()
    assert key == key.lower()


@given(NUMBERS, st.sampled_from(["theo {}, ", "({})", "Quyết định số {}.", "“{}”;", "{}"]))
def test_numbers_are_found_where_they_stand(number: str, around: str) -> None:
    text = around.format(number)
    ((start, end, found),) = find_numbers(text)
    assert found == number
    assert text[start:end] == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị quyết số 534/NQ-HĐND ngày 14/01/2021", ["534/NQ-HĐND"]),
        ("Nghị quyết số 01-NQ/TU và 33 - NQ/TW", ["01-NQ/TU", "33-NQ/TW"]),
        ("Quyết định số 23/2021/QĐ-TTg, 28/2021/QĐ-TTg", ["23/2021/QĐ-TTg", "28/2021/QĐ-TTg"]),
        ("Quyết định số 23/ 2021 /QĐ-TTg", ["23/2021/QĐ-TTg"]),
        ("Chỉ thị số 15, 16/CT-TTg", ["16/CT-TTg"]),
        ("Luật số 64/2020/QH14.", ["64/2020/QH14"]),
        ("số 20/NQ\u2011HĐND", ["20/NQ\u2011HĐND"]),
        ("Thông tư 01/2021/TTLT-BTC-BKHĐT", ["01/2021/TTLT-BTC-BKHĐT"]),
        ("bản 12a/BC-ĐGS", ["12a/BC-ĐGS"]),
        # what only looks like one
        ("ngày 14/01/2021, quý II/2022, 15/15 huyện, 33,49 giường bệnh/vạn dân", []),
        ("giai đoạn 2021 - TP Rạch Giá", []),
        ("Mẫu 5 - Danh sách", []),
        ("1- Ban Chấp hành", []),
        ("7-Zip", []),
        ("đường 3/2 và 30/4", []),
        ("abc20/NQ-HĐND", []),
        ("1.20/NQ-HĐND", []),
    ],
)
def test_numbers_in_running_text(text: str, numbers: list[str]) -> None:
    assert [found for _start, _end, found in find_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("012", 12),
        ("iv", 4),
        ("XIX", 19),
        ("nhat", 1),
        ("tu", 4),
        ("muoi", 10),
        ("muoi mot", 11),
        ("hai muoi lam", 25),
        ("ba muoi", 30),
    ],
)
def test_ordinals_have_a_value(written: str, value: int) -> None:
    assert ordinal_value(written) == value


@pytest.mark.parametrize("written", ["", "a", "đ", "kiem", "²", "muoi kiem"])
def test_other_words_have_no_value(written: str) -> None:
    assert ordinal_value(written) == 0


@given(st.integers(1, 99))
def test_written_ordinals_are_read_again(number: int) -> None:
    assert components_of(f"đoạn {ordinal(number)}")[0][0] == "đoạn"
    assert ordinal_value(components_of(f"đoạn {ordinal(number)}")[0][1]) == number


# --- writing -------------------------------------------------------------------------------------------------------------


def node(kind: Kind, number: str = "", label: str = "", name: str = "") -> Clause:
    return Clause(f"{kind}_{number}", kind, label, number, "", "", name=name)


ARTICLE, CLAUSE, POINT = node(Kind.ARTICLE, "1"), node(Kind.CLAUSE, "2"), node(Kind.POINT, "đ")
SECTION = node(Kind.SECTION, "II")
REGULATION = node(Kind.ATTACHMENT, "1", "QUY CHẾ", "Quy chế làm việc")
LIST = node(Kind.ANNEX, "1", "DANH MỤC", "Danh mục nhiệm vụ")


@pytest.mark.parametrize(
    ("path", "citation"),
    [
        ([ARTICLE], "Điều 1"),
        ([ARTICLE, CLAUSE, POINT], "điểm đ khoản 2 Điều 1"),
        ([ARTICLE, CLAUSE, POINT, node(Kind.INDENT, "2", "-")], "gạch đầu dòng thứ hai điểm đ khoản 2 Điều 1"),
        ([ARTICLE, CLAUSE, POINT, node(Kind.SUBPOINT, "a1")], "tiết a1 điểm đ khoản 2 Điều 1"),
        ([ARTICLE, CLAUSE, node(Kind.PARAGRAPH, "2")], "đoạn thứ hai khoản 2 Điều 1"),
        ([node(Kind.CHAPTER, "I"), node(Kind.SECTION, "1"), ARTICLE, CLAUSE], "khoản 2 Điều 1"),
        ([node(Kind.CHAPTER, "I"), node(Kind.SECTION, "1")], "Mục 1 Chương I"),
        ([node(Kind.PART, "thứ nhất"), node(Kind.CHAPTER, "I")], "Chương I Phần thứ nhất"),
        ([SECTION, node(Kind.CLAUSE, "4")], "khoản 4 Mục II"),
        ([SECTION, node(Kind.CLAUSE, "3"), node(Kind.CLAUSE, "1")], "khoản 1 thuộc khoản 3 Mục II"),
        ([CLAUSE, node(Kind.INDENT, "1", "-"), node(Kind.INDENT, "3", "+")], "dấu cộng thứ ba thuộc gạch đầu dòng thứ nhất khoản 2"),
        ([SECTION, node(Kind.INDENT, "11", "-")], "gạch đầu dòng thứ 11 Mục II"),
        ([node(Kind.PREAMBLE), node(Kind.PARAGRAPH, "1")], "đoạn thứ nhất phần mở đầu"),
        ([node(Kind.CONCLUSIONS)], "phần kết"),
        ([node(Kind.FOOTNOTE, "5")], "chú thích 5"),
        ([LIST], "Danh mục nhiệm vụ"),
        ([LIST, node(Kind.ROW, "4")], "số thứ tự 4 Danh mục nhiệm vụ"),
        ([REGULATION, node(Kind.CHAPTER, "I"), node(Kind.ARTICLE, "5"), CLAUSE], "khoản 2 Điều 5 Quy chế làm việc"),
    ],
)
def test_clauses_are_cited_from_the_smallest_part(path: Sequence[Clause], citation: str) -> None:
    assert clause_citation(path[-1], path[:-1]) == citation


RESOLUTION = DocumentRecord(
    "nq-20", "20/NQ-HĐND", "Nghị quyết", "Về nhiệm vụ năm 2021", "Hội đồng nhân dân tỉnh Hải Giang", "", date(2021, 10, 6), "", ""
)
REPORT = DocumentRecord("bc", "", "Báo cáo", "Kiểm điểm công tác năm 2021", "Ủy ban nhân dân tỉnh Hải Giang", "", None, "", "")


@pytest.mark.parametrize(
    ("document", "clause", "attached", "full", "short"),
    [
        (
            RESOLUTION,
            "",
            False,
            "Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang về nhiệm vụ năm 2021",
            "Nghị quyết số 20/NQ-HĐND",
        ),
        (
            RESOLUTION,
            "điểm a khoản 2 Điều 1",
            False,
            "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang",
            "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND",
        ),
        (
            RESOLUTION,
            "số thứ tự 4 Danh mục nhiệm vụ",
            True,
            "số thứ tự 4 Danh mục nhiệm vụ kèm theo Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang",
            "số thứ tự 4 Danh mục nhiệm vụ kèm theo Nghị quyết số 20/NQ-HĐND",
        ),
        (
            RESOLUTION,
            "Điều 5 Quy chế làm việc",
            True,
            "Điều 5 Quy chế làm việc ban hành kèm theo Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang",
            "Điều 5 Quy chế làm việc ban hành kèm theo Nghị quyết số 20/NQ-HĐND",
        ),
        (
            RESOLUTION,
            "Mục I Phần kèm theo",
            True,
            "Mục I Phần kèm theo Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang",
            "Mục I Phần kèm theo Nghị quyết số 20/NQ-HĐND",
        ),
        (
            REPORT,
            "khoản 4 Mục I",
            False,
            "khoản 4 Mục I Báo cáo kiểm điểm công tác năm 2021 của Ủy ban nhân dân tỉnh Hải Giang",
            "khoản 4 Mục I Báo cáo kiểm điểm công tác năm 2021 của Ủy ban nhân dân tỉnh Hải Giang",
        ),
        (
            replace(RESOLUTION, issued=None, issuer=""),
            "Điều 1",
            False,
            "Điều 1 Nghị quyết số 20/NQ-HĐND",
            "Điều 1 Nghị quyết số 20/NQ-HĐND",
        ),
        (
            replace(RESOLUTION, type="", issued=None),
            "",
            False,
            "Văn bản số 20/NQ-HĐND của Hội đồng nhân dân tỉnh Hải Giang về nhiệm vụ năm 2021",
            "Văn bản số 20/NQ-HĐND",
        ),
    ],
)
def test_documents_are_cited_in_full_first_and_short_then(
    document: DocumentRecord, clause: str, attached: bool, full: str, short: str
) -> None:
    assert cite(document, clause, full=True, attached=attached) == full
    assert cite(document, clause, full=False, attached=attached) == short


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Về nhiệm vụ", "về nhiệm vụ"),
        ("Ban hành Quy chế", "ban hành Quy chế"),
        ("Triển khai Nghị quyết", "về triển khai Nghị quyết"),
        ("Phú Quốc và vùng phụ cận", "về Phú Quốc và vùng phụ cận"),
        ("UBND tỉnh họp", "về UBND tỉnh họp"),
    ],
)
def test_a_title_becomes_a_subject(title: str, subject: str) -> None:
    assert cite(replace(RESOLUTION, title=title), full=True).endswith(f"Hải Giang {subject}")


# --- reading -------------------------------------------------------------------------------------------------------------

POINT_A = (("điểm", "a"), ("khoản", "2"), ("Điều", "1"))


@pytest.mark.parametrize(
    ("text", "components", "number"),
    [
        ("điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND", POINT_A, "20/nq/hdnd"),
        ("diem a khoan 2 dieu 1 nghi quyet 20/nq-hdnd", POINT_A, "20/nq/hdnd"),
        ("ĐIỂM A, KHOẢN 2, ĐIỀU 1, NGHỊ QUYẾT 20/NQ-HĐND", POINT_A, "20/nq/hdnd"),
        ("Nghị quyết 20/NQ-HĐND, Điều 1; khoản 2; điểm a", POINT_A, "20/nq/hdnd"),
        ("NQ 20/NQ-HĐND - Điều 1 - khoản 2 - điểm a", POINT_A, "20/nq/hdnd"),
        (unicodedata.normalize("NFD", "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND"), POINT_A, "20/nq/hdnd"),
        ("Ðiểm a khoản 2 Ðiều 1 Nghị quyết số 20/NQ-HÐND", POINT_A, "20/nq/hdnd"),
        ("khoản 4 công văn 259-CV/TU", (("khoản", "4"),), "259/cv/tu"),
        ("khoản 4 công văn 259 - CV / TU", (("khoản", "4"),), "259/cv/tu"),
        ("khoản 1 thuộc khoản 3 Mục I Kế hoạch 22/KH-UBND", (("khoản", "1"), ("khoản", "3"), ("Mục", "i")), "22/kh/ubnd"),
        ("gạch đầu dòng thứ hai khoản 2 công văn 259\u2011CV/TU", (("gạch đầu dòng", "hai"), ("khoản", "2")), "259/cv/tu"),
        ("đoạn thứ mười một Điều 1 20/NQ-HĐND", (("đoạn", "muoi mot"), ("Điều", "1")), "20/nq/hdnd"),
        ("số thứ tự 4 Danh mục kèm theo 22/KH-UBND", (("số thứ tự", "4"),), "22/kh/ubnd"),
        ("stt 4 phụ lục II 22/KH-UBND", (("số thứ tự", "4"), ("Phụ lục", "ii")), "22/kh/ubnd"),
        ("Điều 12a Luật số 64/2020/QH14", (("Điều", "12a"),), "64/2020/qh14"),
        ("tiểu mục 1 mục 2 chương III 64/2020/QH14", (("Tiểu mục", "1"), ("Mục", "2"), ("Chương", "iii")), "64/2020/qh14"),
        ("chú thích 5 22/KH-UBND", (("chú thích", "5"),), "22/kh/ubnd"),
        ("khoản 1.2 22/KH-UBND", (("khoản", "1.2"),), "22/kh/ubnd"),
        ("535 / NQ - HĐND", (), "535/nq/hdnd"),
        ("20/NQ-HĐND - giải ngân", (), "20/nq/hdnd"),
    ],
)
def test_typed_citations(text: str, components: tuple[tuple[str, str], ...], number: str) -> None:
    typed = read_citation(text)
    assert typed.components == components
    assert typed.number == number
    assert typed.cites


@pytest.mark.parametrize(
    ("text", "code", "first", "year"),
    [
        ("nq 20", "nq", "20", None),
        ("NQ20", "nq", "20", None),
        ("nghị quyết 20", "nq", "20", None),
        ("Quyết định 07/2017", "qd", "7", 2017),
        ("QĐ số 07", "qd", "7", None),
        ("nghị định 30/2020", "nd", "30", 2020),
        ("NĐ 30", "nd", "30", None),
        ("công điện 3", "cd", "3", None),
        ("hướng dẫn 15", "hd", "15", None),
        ("nq 20 - điều 1", "nq", "20", None),
        ("nghị quyết 20 năm 2021", "nq", "20", 2021),
        ("công văn số: 103", "", "103", None),
    ],
)
def test_a_figure_with_its_type(text: str, code: str, first: str, year: int | None) -> None:
    typed = read_citation(text)
    assert (typed.number, typed.type_code, typed.first, typed.year) == ("", code, first, year)
    assert typed.rest == ""


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("20/NQ-HĐND ngày 06/10/2021", date(2021, 10, 6)),
        ("20/NQ-HĐND ngày 6-10-2021", date(2021, 10, 6)),
        ("20/nq-hdnd ngay 06 thang 10 nam 2021", date(2021, 10, 6)),
        ("20/NQ-HĐND ngày 31/02/2021", None),
        ("20/NQ-HĐND", None),
    ],
)
def test_a_typed_date(text: str, issued: date | None) -> None:
    assert read_citation(text).issued == issued


@pytest.mark.parametrize(
    "text",
    [
        "giải ngân đầu tư công",
        "giai đoạn 2021-2025",
        "tập đoàn 3 miền",
        "đoàn kết toàn dân",
        "danh mục 36 nhiệm vụ",
        "mục tiêu 5 năm",
        "điều kiện 1",
        "điểm cầu cấp xã",
        "thông điệp 5K",
        "khoản chi thường xuyên",
        "phần mềm 4.0",
        "84% kế hoạch vốn",
        "quý I năm 2021",
        "33,49 giường bệnh/vạn dân",
        "ngày 31/12/2021",
        "tiết kiệm 10%",
        "",
    ],
)
def test_ordinary_words_cite_nothing(text: str) -> None:
    assert not read_citation(text).cites


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    typed = read_citation(text)
    assert typed.rest == " ".join(typed.rest.split())


@given(st.lists(st.sampled_from(["1/", "/2021", "20/NQ", "-HĐND", "đ", "khoản ", "1.1", " - ", "nq ", "ngày ", "9"]), max_size=170))
def test_hostile_repetitions_are_read(parts: list[str]) -> None:
    read_citation("".join(parts))


@pytest.mark.parametrize(
    ("text", "citation", "named"),
    [
        ("điểm d khoản 2 Điều 1", "điểm d khoản 2 Điều 1", True),
        ("điểm đ khoản 2 Điều 1", "điểm d khoản 2 Điều 1", False),
        ("diem d khoan 2 dieu 1", "điểm d khoản 2 Điều 1", True),
        ("diem d khoan 2 dieu 1", "điểm đ khoản 2 Điều 1", True),
        ("khoản 2", "khoản 2 Điều 1", True),
        ("khoản 2", "điểm a khoản 2 Điều 1", False),
        ("khoản 02 Điều 01", "khoản 2 Điều 1", True),
        ("khoản 2 Điều 1", "khoản 2 Điều 11", False),
        ("Điều 1", "Điều 1a", False),
        ("Mục 2", "Mục II", True),
        ("mục ii", "Mục II", True),
        ("Chương 3", "Chương III", True),
        ("Phần I", "Phần thứ nhất", True),
        ("Phần A", "Phần A", True),
        ("gạch đầu dòng thứ 2 khoản 1", "gạch đầu dòng thứ hai khoản 1", True),
        ("gạch đầu dòng thứ mười một khoản 1", "gạch đầu dòng thứ 11 khoản 1", True),
        ("gạch đầu dòng thứ mười một khoản 1", "gạch đầu dòng thứ mười khoản 1", False),
        ("khoản 1 khoản 3 Mục I", "khoản 1 thuộc khoản 3 Mục I", True),
        ("khoản 1 khoản 3 Mục I", "khoản 3 Mục I", False),
        ("Nghị quyết 20", "khoản 2 Điều 1", False),
        ("khoản 2", "phần kết", False),
    ],
)
def test_which_clause_is_named(text: str, citation: str, named: bool) -> None:
    assert names_clause(read_citation(text), citation) is named


def test_plain_text_keeps_one_letter_apart() -> None:
    assert plain("Ðiểm Đ,  khoản 2;\u2011") == "điem đ khoan 2 -"


# --- resolving -----------------------------------------------------------------------------------------------------------


def key_of(citation: str) -> str:
    return " ".join(fold(citation).lower().split())


@dataclass
class Library:
    """A catalogue in memory: documents, and of each the eIds and citations of its clauses."""

    held: dict[DocumentRecord, dict[str, str]] = field(default_factory=dict)

    def document(self, document_id: str, /) -> DocumentRecord | None:
        return next((document for document in self.held if document.id == document_id), None)

    def by_number(self, key: str, /) -> list[DocumentRecord]:
        return [document for document in self.held if document.number and number_key(document.number) == key]

    def by_figure(self, figure: str, /) -> list[DocumentRecord]:
        return [document for document in self.held if number_key(document.number).startswith(f"{figure}/")]

    def by_name(self, types: Sequence[str], /, *, numbered: bool) -> list[DocumentRecord]:
        return [document for document in self.held if bool(document.number) is numbered and document.type in types]

    def by_names(self, keys: Sequence[str], /) -> list[DocumentRecord]:
        return [one for one in self.held if name_key(cited_name(one)) in keys]

    def citations(self, document_id: str, /) -> list[tuple[str, str]]:
        return [(clause.eid, clause.citation) for clause in self._clauses(document_id)]

    def clause(self, document_id: str, eid: str, /) -> ClauseRecord | None:
        return next((clause for clause in self._clauses(document_id) if clause.eid == eid), None)

    def by_citation(self, document_id: str, citation_key: str, /) -> list[ClauseRecord]:
        return [clause for clause in self._clauses(document_id) if key_of(clause.citation) == citation_key]

    def _clauses(self, document_id: str) -> list[ClauseRecord]:
        return [
            ClauseRecord(document.id, eid, "", position, Kind.CLAUSE, "", "", "", "", citation)
            for document, cited in self.held.items()
            if document.id == document_id
            for position, (eid, citation) in enumerate(cited.items())
        ]


DECISION = replace(RESOLUTION, id="qd-18", number="18/2021/QĐ-UBND", type="Quyết định", issuer="Ủy ban nhân dân tỉnh Hải Giang")
NEIGHBOUR = replace(RESOLUTION, id="nq-20-b", issuer="Hội đồng nhân dân tỉnh Sông Kiên", issued=date(2022, 1, 5))
OF_A_NUMBER = replace(REPORT, id="bc-20", title="Kết quả thực hiện Nghị quyết số 20/NQ-HĐND")
LIBRARY = Library(
    {
        RESOLUTION: {
            "art_1": "Điều 1",
            "art_1__para_2": "khoản 2 Điều 1",
            "art_1__para_2__point_d": "điểm d khoản 2 Điều 1",
            "art_1__para_2__point_dd": "điểm đ khoản 2 Điều 1",
        },
        NEIGHBOUR: {"art_1": "Điều 1"},
        DECISION: {
            "art_1": "Điều 1",
            "art_2": "Điều 2",
            "art_2__para_1": "khoản 1 Điều 2",
            "att_1": "Quy chế quản lý tàu cá",
            "att_1__art_2": "Điều 2 Quy chế quản lý tàu cá",
            "att_1__art_2__para_1": "khoản 1 Điều 2 Quy chế quản lý tàu cá",
            "att_1__art_9": "Điều 9 Quy chế quản lý tàu cá",
            "att_2": "Danh mục bến",
            "att_2__row_1": "số thứ tự 1 Danh mục bến",
            "att_3": "Danh mục cảng theo Quyết định số 5/QĐ-TTg",
            "att_3__row_1": "số thứ tự 1 Danh mục cảng theo Quyết định số 5/QĐ-TTg",
        },
        REPORT: {"sec_I__para_1": "khoản 1 Mục I", "sec_II__para_1": "khoản 1 Mục II", "fn_1": "chú thích 1"},
        OF_A_NUMBER: {"sec_I__para_1": "khoản 1 Mục I"},
    }
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("điểm d khoản 2 Điều 1 Nghị quyết 20/NQ-HĐND", ["nq-20#art_1__para_2__point_d"]),
        ("diem d khoan 2 dieu 1 nq 20", ["nq-20#art_1__para_2__point_d", "nq-20#art_1__para_2__point_dd"]),
        ("khoản 2 điều 1 nq 20", ["nq-20#art_1__para_2"]),
        # several documents share the number: all of them, until date, year or issuer tells them apart
        ("Điều 1 Nghị quyết 20/NQ-HĐND", ["nq-20#art_1", "nq-20-b#art_1"]),
        ("Điều 1 Nghị quyết 20/NQ-HĐND ngày 5/1/2022", ["nq-20-b#art_1"]),
        ("Điều 1 Nghị quyết 20/NQ-HĐND năm 2021", ["nq-20#art_1"]),
        ("Điều 1 Nghị quyết 20/NQ-HĐND của Hội đồng nhân dân tỉnh Sông Kiên", ["nq-20-b#art_1"]),
        ("dieu 1 nq 20 hoi dong nhan dan tinh song kien", ["nq-20-b#art_1"]),
        # what is attached
        ("Điều 2 Quyết định 18/2021/QĐ-UBND", ["qd-18#art_2"]),
        ("Điều 2 QĐ 18", ["qd-18#art_2"]),
        ("Điều 2 Quy chế ban hành kèm theo Quyết định 18/2021/QĐ-UBND", ["qd-18#att_1__art_2"]),
        ("Điều 2 Quy chế tàu cá, Quyết định 18/2021/QĐ-UBND", ["qd-18#att_1__art_2"]),
        ("dieu 2 quy che kem theo qd 18", ["qd-18#att_1__art_2"]),
        ("Điều 9 Quyết định 18/2021/QĐ-UBND", ["qd-18#att_1__art_9"]),
        ("số thứ tự 1 QĐ 18/2021/QĐ-UBND", ["qd-18#att_2__row_1", "qd-18#att_3__row_1"]),
        ("số thứ tự 1 Danh mục bến kèm theo Quyết định số 18/2021/QĐ-UBND", ["qd-18#att_2__row_1"]),
        ("Danh mục bến kèm theo Quyết định số 18/2021/QĐ-UBND", ["qd-18#att_2"]),
        (
            "số thứ tự 1 Danh mục cảng theo Quyết định số 5/QĐ-TTg kèm theo Quyết định số 18/2021/QĐ-UBND",
            ["qd-18#att_3__row_1"],
        ),
        # without a number
        ("khoản 1 Mục II Báo cáo kiểm điểm công tác năm 2021", ["bc#sec_II__para_1"]),
        ("khoan 1 muc 2 bao cao kiem diem cong tac nam 2021", ["bc#sec_II__para_1"]),
        ("chú thích 1 Báo cáo kiểm điểm công tác năm 2021 của Ủy ban nhân dân tỉnh Hải Giang", ["bc#fn_1"]),
        ("khoản 1 Mục I Báo cáo kết quả thực hiện Nghị quyết số 20/NQ-HĐND", ["bc-20#sec_I__para_1"]),
        # nothing
        ("Điều 3 Nghị quyết 20/NQ-HĐND", []),
        ("Điều 1 Nghị quyết 99/NQ-HĐND", []),
        ("Điều 1", []),
        ("khoản 1 Mục I Báo cáo", []),
        ("giải ngân", []),
    ],
)
def test_what_a_citation_names(text: str, found: list[str]) -> None:
    resolution = resolve(text, LIBRARY, key_of)
    assert [f"{target.document.id}#{target.clause.eid}" for target in resolution.clauses if target.clause] == found


@pytest.mark.parametrize("document", LIBRARY.held, ids=lambda document: document.id)
def test_a_full_citation_leads_back(document: DocumentRecord) -> None:
    for eid, citation in LIBRARY.held[document].items():
        resolution = resolve(cite(document, citation, full=True, attached=eid.startswith("att_")), LIBRARY, key_of)
        assert [(target.document, target.clause and target.clause.eid) for target in resolution.clauses] == [(document, eid)]


def test_the_short_form_leads_to_all_that_share_the_number() -> None:
    assert set(resolve(cite(RESOLUTION, full=False), LIBRARY, key_of).documents) == {RESOLUTION, NEIGHBOUR}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (cite(RESOLUTION, full=True), ""),
        ("Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang", ""),
        ("quyết định số 18/2021/qđ-ubnd", ""),
        ("qd 18/2021/QD-UBND", ""),
        ("NQ 20/NQ-HĐND giải ngân vốn", "giai ngan von"),
    ],
)
def test_what_is_left_beside_a_documents_own_description(text: str, rest: str) -> None:
    assert resolve(text, LIBRARY, key_of).rest == rest


@pytest.mark.parametrize(
    ("text", "organ"),
    [
        (" của Đắk Nông giao đất", " của Đắk Nông"),
        (" của Bộ Y tế quy định", " của Bộ Y tế"),
        (" của Cục Đường bộ Việt Nam về", " của Cục Đường bộ Việt Nam"),
        (" của Ủy ban nhân dân tỉnh Đắk Nông giao đất", " của Ủy ban nhân dân tỉnh Đắk Nông"),
        (" của Thủ tướng Chính phủ phê duyệt", " của Thủ tướng Chính phủ"),
    ],
)
def test_where_an_issuer_ends(text: str, organ: str) -> None:
    assert text[: issuer_end(text, 0)] == organ
