"""References are linked to what they name and to nothing else, and stay so whatever arrives and leaves."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kgsearch.catalogue import Catalogue
from kgsearch.catalogue.flattening import clause_rows
from kgsearch.citations.find import find_references
from kgsearch.citations.linking import Attachment, Held, link
from kgsearch.citations.name_keys import citation_key, name_key, same_organ
from kgsearch.citations.numbers import number_key
from kgsearch.citations.sought import Sought, document_name_key, named_year, sought_by
from kgsearch.i18n import use_language
from kgsearch.models import Address, Clause, Document, Kind, LinkState, Reference, Relation, Span

RESOLVED, AMBIGUOUS, MISSING = LinkState.RESOLVED, LinkState.AMBIGUOUS, LinkState.MISSING
COUNCIL = "Hội đồng nhân dân tỉnh Hải Giang"
PEOPLE = "Ủy ban nhân dân tỉnh Hải Giang"


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


# --- documents to link ----------------------------------------------------------------------------------------------------


def article(number: str, *below: Clause, text: str = "Lời.", tree: str = "") -> Clause:
    return Clause(f"{tree}art_{number}", Kind.ARTICLE, f"Điều {number}", number, "", text, clauses=below)


def numbered(above: str, number: str, text: str = "Lời.", *below: Clause) -> Clause:
    return Clause(f"{above}__para_{number}", Kind.CLAUSE, f"{number}.", number, "", text, clauses=below)


def point(above: str, letter: str, text: str = "Lời.") -> Clause:
    return Clause(f"{above}__point_{letter.replace('đ', 'dd')}", Kind.POINT, f"{letter})", letter, "", text)


def of(
    id_: str, number: str, kind: str, issued: date | None, *clauses: Clause, issuer: str = COUNCIL, title: str = "Về một việc"
) -> Document:
    """A document whose references are those that are found in its clauses."""
    points = point("art_1__para_2", "d"), point("art_1__para_2", "đ")
    held = clauses or (article("1", numbered("art_1", "1"), numbered("art_1", "2", "Lời:", *points)), article("2"))
    document = Document(id_, number, kind, title, issuer, "", issued, "", "", clauses=held)
    attachments = {top.label.lower() for top in held if top.kind in (Kind.ATTACHMENT, Kind.ANNEX)}
    references = tuple(
        Reference(
            clause.eid,
            clause.text[one.start : one.end],
            Span(one.start, one.end),
            one.number,
            str(one.form),
            one.document,
            one.year,
            one.issued,
            one.clauses,
        )
        for clause, _above in document.walk()
        if clause.kind not in (Kind.ATTACHMENT, Kind.ANNEX)
        for one in find_references(clause.text, attached=clause.eid.startswith("att_"), attachments=attachments)
    )
    return replace(document, references=references)


REGULATION = Clause(
    "att_1", Kind.ATTACHMENT, "QUY CHẾ", "", "", "QUY CHẾ LÀM VIỆC", name="Quy chế làm việc",
    clauses=(article("5", numbered("att_1__art_5", "2"), tree="att_1__"), article("6", tree="att_1__")),
)  # fmt: skip
ANNEX_1 = Clause("att_2", Kind.ANNEX, "PHỤ LỤC", "", "", "PHỤ LỤC SỐ 01", name="Phụ lục số 01 danh mục phí")
ANNEX_2 = Clause("att_3", Kind.ANNEX, "Phụ lục II", "II", "", "DANH MỤC", name="Danh mục lệ phí")
PLAN = (
    Clause("sec_I", Kind.SECTION, "I.", "I", "", "MỤC TIÊU", clauses=(numbered("sec_I", "1"), numbered("sec_I", "2"))),
    Clause("sec_II", Kind.SECTION, "II.", "II", "", "NHIỆM VỤ", clauses=(numbered("sec_II", "1"), numbered("sec_II", "12"))),
)

HELD = (
    of("nq-20-2021", "20/NQ-HĐND", "Nghị quyết", date(2021, 10, 6)),
    of("nq-20-2022", "20/NQ-HĐND", "Nghị quyết", date(2022, 7, 9)),
    of("nq-20-2021-song-an", "20/NQ-HĐND", "Nghị quyết", date(2021, 12, 8), issuer="Hội đồng nhân dân tỉnh Song An"),
    of("nq-31-song-an", "31/NQ-HĐND", "Nghị quyết", date(2021, 12, 8), issuer="Hội đồng nhân dân tỉnh Song An"),
    of("nq-33", "33/NQ-HĐND", "Nghị quyết", date(2021, 12, 8)),
    of("nd-43", "43/2014/NĐ-CP", "Nghị định", date(2014, 5, 15), issuer="Chính phủ"),
    of("qd-7", "07/2017/QĐ-UBND", "Quyết định", date(2017, 2, 1), article("1"), article("2"), REGULATION, ANNEX_1, ANNEX_2, issuer=PEOPLE),
    of("kh-22", "22/KH-UBND", "Kế hoạch", date(2021, 2, 1), *PLAN, issuer=PEOPLE),
    of("tt-9", "09/2020/TT-BGDĐT", "Thông tư", date(2020, 3, 1), issuer="Bộ Giáo dục và Đào tạo"),
    of("luat-dtc-2014", "49/2014/QH13", "Luật", date(2014, 6, 18), issuer="Quốc hội", title="Đầu tư công"),
    of("luat-dtc-2019", "39/2019/QH14", "Luật", date(2019, 6, 13), issuer="Quốc hội", title="Đầu tư công"),
    of("luat-gia", "11/2012/QH13", "Luật", date(2012, 6, 20), issuer="Quốc hội", title="Giá"),
    of("vbhn-gia", "05/VBHN-VPQH", "Luật", date(2019, 7, 1), issuer="Văn phòng Quốc hội", title="Giá"),
    of(
        "vbhn-vien-chuc", "26/VBHN-VPQH", "Luật", date(2019, 12, 16),
        Clause("p_1", Kind.PARAGRAPH, "", "1", "", "Luật Viên chức số 58/2010/QH12 ngày 15 tháng 11 năm 2010 của Quốc hội có hiệu lực."),
        article("1", numbered("art_1", "2")),
        issuer="Văn phòng Quốc hội", title="Viên chức",
    ),
    of("hien-phap", "", "Hiến pháp", date(2013, 11, 28), issuer="Quốc hội", title="nước Cộng hòa xã hội chủ nghĩa Việt Nam"),
    of(
        "quy-che", "", "Quy chế", date(2016, 3, 1), issuer="Ban Chấp hành Trung ương",
        title="Làm việc của Ban Chấp hành Trung ương khóa XII",
    ),
)  # fmt: skip


@dataclass
class Library:
    """The look-up in memory."""

    held: Sequence[Document]

    def by_number(self, key: str, /) -> list[Held]:
        return [one for one in map(held_of, self.held) if one.number_key == key]

    def by_beginning(self, key: str, /) -> list[Held]:
        return [one for one in map(held_of, self.held) if one.number_key.startswith(f"{key}/")]

    def by_name(self, key: str, /) -> list[Held]:
        return [one for one in map(held_of, self.held) if one.name_key == key]

    def cited(self, document_id: str, citation: str, /) -> list[tuple[str, str]]:
        return [(row["eid"], row["citation"]) for row in self._rows(document_id) if row["citation_key"] == citation_key(citation)]

    def cited_from(self, document_id: str, citation: str, /) -> list[tuple[str, str]]:
        begins = f"{citation_key(citation)} "
        return [(row["eid"], row["citation"]) for row in self._rows(document_id) if row["citation_key"].startswith(begins)]

    def ancestors(self, document_id: str, eid: str, /) -> list[tuple[str, str]]:
        rows = {row["eid"]: row for row in self._rows(document_id)}
        found = []
        while eid in rows:
            found.append((eid, rows[eid]["citation"]))
            eid = rows[eid]["marked_in"] or rows[eid]["parent"]
        return found

    def attachments(self, document_id: str, /) -> list[Attachment]:
        kinds = (Kind.ATTACHMENT, Kind.ANNEX)
        return [
            Attachment(row["eid"], row["label"], row["citation"], row["kind"] == Kind.ANNEX)
            for row in self._rows(document_id)
            if row["kind"] in kinds
        ]

    def _rows(self, document_id: str) -> list[dict[str, Any]]:
        return clause_rows(next(one for one in self.held if one.id == document_id))


def held_of(one: Document) -> Held:
    key = number_key(one.number) if one.number else ""
    return Held(one.id, key, document_name_key(one), one.type, one.issuer, one.issued, named_year(one), one.place)


def linked(citing: Document) -> list[tuple[LinkState, list[str]]]:
    """What became of each reference of ``citing``, which is in the catalogue beside HELD: its state, its targets as "document#eid"."""
    library = Library([*HELD, citing])
    found = []
    for reference, sought in zip(citing.references, sought_by(citing), strict=True):
        state, targets = link(reference, sought, held_of(citing), library)
        found.append((state, [f"{one.document}#{one.eid}".rstrip("#") for one in targets]))
    return found


def citing(*texts: str, issued: date | None = date(2023, 5, 1), **fields: Any) -> Document:
    """A decision with these articles."""
    clauses = tuple(article(str(number), text=text) for number, text in enumerate(texts, start=1))
    values = {"issuer": PEOPLE, **fields}
    return of("own", "99/QĐ-UBND", "Quyết định", issued, *clauses, **values)


# --- which document -------------------------------------------------------------------------------------------------------

NUMBERED: list[tuple[str, LinkState, list[str]]] = [
    ("Theo Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang.", RESOLVED, ["nq-20-2021"]),
    ("Theo Nghị quyết số 20/NQ-HĐND ngày 06 tháng 10 năm 2021.", RESOLVED, ["nq-20-2021"]),
    ("Theo Nghị quyết số 20/NQ-HĐND năm 2021 của HĐND tỉnh Song An.", RESOLVED, ["nq-20-2021-song-an"]),
    ("Theo Nghị quyết số 20/NQ-HĐND của Hội đồng nhân dân tỉnh Song An.", RESOLVED, ["nq-20-2021-song-an"]),
    ("Theo Nghị quyết số 20/NQ-HĐND của HĐND tỉnh.", AMBIGUOUS, ["nq-20-2022", "nq-20-2021"]),
    ("Theo Nghị quyết số 31/NQ-HĐND của Hội đồng nhân dân tỉnh.", MISSING, []),
    ("Theo Nghị quyết số 20/NQ-HĐND.", AMBIGUOUS, ["nq-20-2022", "nq-20-2021"]),
    ("Theo Nghị quyết số 020/NQ-HĐND năm 2021.", RESOLVED, ["nq-20-2021"]),
    ("Theo Nghị quyết số 31/NQ-HĐND.", MISSING, []),
    ("Theo Nghị quyết số 31/NQ-HĐND của Hội đồng nhân dân tỉnh Song An.", RESOLVED, ["nq-31-song-an"]),
    ("Theo Nghị quyết số 33/NQ-HĐND ngày 09/12/2021.", MISSING, []),
    ("Theo Nghị quyết số 33/NQ-HĐND năm 2020.", MISSING, []),
    ("Theo Nghị quyết số 33/NQ-HĐND của Hội đồng nhân dân tỉnh Song An.", MISSING, []),
    ("Theo Nghị quyết số 33/NQ-HĐND.", RESOLVED, ["nq-33"]),
    ("Theo Nghị quyết số 34/NQ-HĐND.", MISSING, []),
    ("Theo Nghị định số 43/2014/NĐ-CP của Chính phủ.", RESOLVED, ["nd-43"]),
    ("Theo Nghị định 43/2014 của Chính phủ.", RESOLVED, ["nd-43"]),
    ("Theo Thông tư 43/2014 của Bộ Tài chính.", MISSING, []),
    ("Theo Thông tư số 09/2020/TT-BGDĐT của Bộ trưởng Bộ GD&ĐT.", RESOLVED, ["tt-9"]),
    ("Theo Thông tư số 09/2020/TT-BGDĐT của Bộ Tài chính.", MISSING, []),
]


@pytest.mark.parametrize(("text", "state", "targets"), NUMBERED, ids=[text for text, _state, _targets in NUMBERED])
def test_by_number(text: str, state: LinkState, targets: list[str]) -> None:
    found = linked(citing(text))
    assert (found[0][0], sorted(found[0][1])) == (state, sorted(targets))
    assert len(found) == 1


NAMED: list[tuple[str, LinkState, list[str]]] = [
    ("Theo Luật Đầu tư công ngày 13/6/2019.", RESOLVED, ["luat-dtc-2019"]),
    ("Theo Luật đầu tư công năm 2014.", RESOLVED, ["luat-dtc-2014"]),
    ("Theo Luật Đầu tư công số 39/2019/QH14.", RESOLVED, ["luat-dtc-2019"]),
    ("Theo Luật Đầu tư công.", AMBIGUOUS, ["luat-dtc-2019", "luat-dtc-2014"]),
    ("Theo Luật Đầu tư công năm 2024.", MISSING, []),
    ("Theo Luật Đầu tư công ngày 14/6/2019.", MISSING, []),
    ("Theo Luật Đầu tư.", MISSING, []),
    ("Theo Luật Giá ngày 20 tháng 6 năm 2012.", RESOLVED, ["luat-gia"]),
    ("Theo Luật Giá.", AMBIGUOUS, ["vbhn-gia", "luat-gia"]),
    ("Theo Văn bản hợp nhất số 05/VBHN-VPQH.", RESOLVED, ["vbhn-gia"]),
    ("Theo Luật Viên chức ngày 15/11/2010.", RESOLVED, ["vbhn-vien-chuc"]),
    ("Theo Luật Viên chức năm 2019.", MISSING, []),
    ("Theo khoản 2 Điều 1 Luật Viên chức.", RESOLVED, ["vbhn-vien-chuc#art_1__para_2"]),
    ("Theo Hiến pháp năm 2013.", RESOLVED, ["hien-phap"]),
    ("Theo Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam năm 2013.", RESOLVED, ["hien-phap"]),
    ("Theo Hiến pháp năm 1992.", MISSING, []),
    ("Căn cứ Quy chế làm việc của Ban Chấp hành Trung ương khóa XII;", RESOLVED, ["quy-che"]),
    ("Căn cứ Quy chế làm việc của Ban Chấp hành Trung ương khóa XI;", MISSING, []),
]


@pytest.mark.parametrize(("text", "state", "targets"), NAMED, ids=[text for text, _state, _targets in NAMED])
def test_by_name(text: str, state: LinkState, targets: list[str]) -> None:
    found = linked(citing(text))
    assert (found[0][0], sorted(found[0][1])) == (state, sorted(targets))


OTHER_PLACES = (
    of("qd-5", "05/QĐ-UBND", "Quyết định", date(2021, 1, 2), issuer="Ủy ban nhân dân huyện Lộc An"),
    of("qd-6", "06/QĐ-UBND", "Quyết định", date(2021, 1, 2), issuer="Ủy ban nhân dân tỉnh Song An"),
)


@pytest.mark.parametrize(
    ("issuer", "place", "text", "found"),
    [
        ("Ủy ban nhân dân tỉnh Song An", "", "Quyết định số 06/QĐ-UBND của Ủy ban nhân dân tỉnh", True),
        ("Tỉnh ủy Song An", "Song An", "Quyết định số 06/QĐ-UBND", True),
        ("Tỉnh ủy Hải Giang", "Hải Giang", "Quyết định số 06/QĐ-UBND", False),
        ("Ủy ban nhân dân tỉnh Hải Giang", "", "Quyết định số 06/QĐ-UBND của Ủy ban nhân dân tỉnh", False),
        ("Ủy ban nhân dân tỉnh Hải Giang", "", "Quyết định số 06/QĐ-UBND của UBND tỉnh Song An", True),
        ("Sở Tài chính", "Song An", "Quyết định số 06/QĐ-UBND của UBND tỉnh", True),
        ("Sở Tài chính", "Hải Giang", "Quyết định số 06/QĐ-UBND của UBND tỉnh", False),
        ("Bộ Tài chính", "Hà Nội", "Quyết định số 06/QĐ-UBND của UBND tỉnh Song An", True),
        ("Ủy ban nhân dân huyện Lộc An", "", "Quyết định số 05/QĐ-UBND của UBND huyện", True),
        ("Ủy ban nhân dân huyện Lộc Hà", "", "Quyết định số 05/QĐ-UBND của UBND huyện", False),
        ("Ủy ban nhân dân huyện Lộc Hà", "", "Quyết định số 05/QĐ-UBND của UBND huyện Lộc An", True),
        ("Ủy ban nhân dân xã Bình Minh huyện Lộc An", "", "Quyết định số 05/QĐ-UBND của UBND huyện", True),
    ],
)
def test_an_organ_without_its_place_is_of_the_place_that_cites(
    monkeypatch: pytest.MonkeyPatch, issuer: str, place: str, text: str, found: bool
) -> None:
    monkeypatch.setitem(globals(), "HELD", OTHER_PLACES)
    document = replace(citing(f"Theo {text}.", issuer=issuer), place=place)
    assert [state for state, _targets in linked(document)] == [RESOLVED if found else MISSING]


def test_clauses_of_an_attached_regulation_that_the_clauses_above_named() -> None:
    one = replace(citing("Bãi bỏ khoản 2 Điều 5 Quyết định số 07/2017/QĐ-UBND.").references[0], text="khoản 2 Điều 5", form="attached")
    document = replace(citing("Bãi bỏ khoản 2 Điều 5 Quyết định số 07/2017/QĐ-UBND."), references=(one,))
    assert linked(document) == [(RESOLVED, ["qd-7#att_1__art_5__para_2"])]


def test_what_is_issued_later_cannot_be_cited() -> None:
    before, same_day = date(2022, 7, 8), date(2022, 7, 9)
    text = "Theo Nghị quyết số 20/NQ-HĐND năm 2022."
    assert linked(citing(text, issued=before)) == [(MISSING, [])]
    assert linked(citing(text, issued=same_day)) == [(RESOLVED, ["nq-20-2022"])]
    assert linked(citing(text, issued=None)) == [(RESOLVED, ["nq-20-2022"])]
    assert linked(citing("Theo Luật Đầu tư công.", issued=date(2018, 1, 1))) == [(RESOLVED, ["luat-dtc-2014"])]


def test_a_footnote_may_cite_what_changed_the_text_since() -> None:
    document = citing("Theo Điều 1.", issued=date(2022, 7, 8))
    cited = citing("Sửa đổi bởi Nghị quyết số 20/NQ-HĐND năm 2022.").references[0]
    document = replace(document, references=(replace(cited, eid="fn_1"),))
    assert linked(document) == [(RESOLVED, ["nq-20-2022"])]


def test_a_short_mention_has_date_and_issuer_of_the_first() -> None:
    found = linked(
        citing("Theo Nghị quyết số 20/NQ-HĐND ngày 06/10/2021.", "Sau Nghị quyết số 20/NQ-HĐND.", "Luật Giá năm 2012 và Luật Giá.")
    )
    assert found[:2] == [(RESOLVED, ["nq-20-2021"])] * 2
    assert found[2:] == [(RESOLVED, ["luat-gia"])] * 2


def test_a_short_mention_of_one_of_two_is_ambiguous() -> None:
    found = linked(
        citing("Nghị quyết số 33/NQ-HĐND ngày 08/12/2021.", "Nghị quyết số 33/NQ-HĐND ngày 05/5/2020.", "Nghị quyết số 33/NQ-HĐND.")
    )
    assert found == [(RESOLVED, ["nq-33"]), (MISSING, []), (AMBIGUOUS, ["nq-33"])]


def test_a_figure_alone_is_the_document_cited_before() -> None:
    found = linked(citing("Theo Nghị định số 43/2014/NĐ-CP ngày 15/5/2014 của Chính phủ (Nghị định 43).", "Theo quy định (Nghị định 44)."))
    assert found == [(RESOLVED, ["nd-43"])] * 2 + [(MISSING, [])]


# --- which clause ---------------------------------------------------------------------------------------------------------

CLAUSES: list[tuple[str, list[str]]] = [
    ("Theo khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND.", ["nq-33#art_1__para_2"]),
    ("Theo điểm d khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND.", ["nq-33#art_1__para_2__point_d"]),
    ("Theo điểm đ khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND.", ["nq-33#art_1__para_2__point_dd"]),
    ("Theo khoản 1, khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND.", ["nq-33#art_1__para_1", "nq-33#art_1__para_2"]),
    ("Theo khoản 1 và khoản 7 Điều 1 Nghị quyết số 33/NQ-HĐND.", ["nq-33#art_1__para_1", "nq-33"]),
    ("Theo Điều 9 Nghị quyết số 33/NQ-HĐND.", ["nq-33"]),
    ("Theo khoản 12 Mục II Kế hoạch số 22/KH-UBND.", ["kh-22#sec_II__para_12"]),
    ("Theo khoản 12 Kế hoạch số 22/KH-UBND.", ["kh-22#sec_II__para_12"]),
    ("Theo khoản 1 Kế hoạch số 22/KH-UBND.", ["kh-22"]),
    ("Theo Mục 2 Kế hoạch số 22/KH-UBND.", ["kh-22#sec_II"]),
    ("Theo Điều 5 Quy chế làm việc ban hành kèm theo Quyết định số 07/2017/QĐ-UBND.", ["qd-7#att_1__art_5"]),
    ("Theo khoản 2 Điều 5 Quy chế làm việc ban hành kèm theo Quyết định số 07/2017/QĐ-UBND.", ["qd-7#att_1__art_5__para_2"]),
    ("Theo Quy chế làm việc ban hành kèm theo Quyết định số 07/2017/QĐ-UBND.", ["qd-7#att_1"]),
    ("Theo Điều 5 Quyết định số 07/2017/QĐ-UBND.", ["qd-7"]),
    ("Theo Điều 2 Quyết định số 07/2017/QĐ-UBND.", ["qd-7#art_2"]),
    ("Theo Phụ lục 1 Quyết định số 07/2017/QĐ-UBND.", ["qd-7#att_2"]),
    ("Theo Phụ lục II Quyết định số 07/2017/QĐ-UBND.", ["qd-7#att_3"]),
    ("Theo Phụ lục III Quyết định số 07/2017/QĐ-UBND.", ["qd-7"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "targets"), CLAUSES, ids=[text for text, _targets in CLAUSES])
def test_clauses(text: str, targets: list[str]) -> None:
    assert linked(citing(text)) == [(RESOLVED, targets)]


def own(*clauses: Clause, title: str = "Về một việc", number: str = "99/QĐ-UBND") -> list[tuple[LinkState, list[str]]]:
    """The links of a document to itself, with the targets' eIds ("" for it whole)."""
    found = linked(of("own", number, "Quyết định", date(2023, 5, 1), *clauses, issuer=PEOPLE, title=title))
    return [(state, [target.removeprefix("own").removeprefix("#") for target in targets]) for state, targets in found]


def test_this_document_and_its_clauses() -> None:
    first = article(
        "1", numbered("art_1", "1", "Theo khoản 2 Điều này, Điều 2 và khoản 9 Điều này."), numbered("art_1", "2", "Điều này có hiệu lực.")
    )
    second = article("2", text="Quyết định này thay khoản 1 Điều 1 và Điều 7 Quyết định này.")
    assert own(first, second) == [
        (RESOLVED, ["art_1__para_2", "art_2"]),
        (RESOLVED, ["art_1"]),
        (RESOLVED, [""]),
        (RESOLVED, ["art_1__para_1"]),
    ]


def test_a_clause_that_the_document_does_not_have_is_missing() -> None:
    assert own(article("1", text="Thực hiện theo quy định tại Điều 7.")) == [(MISSING, [])]


def test_a_number_that_the_source_repeats_may_be_either() -> None:
    twice = replace(numbered("art_1", "1"), eid="art_1__para_1-2")
    one = article("1", numbered("art_1", "1"), twice, numbered("art_1", "3", "Theo quy định tại khoản 1 Điều này."))
    assert own(one) == [(AMBIGUOUS, ["art_1__para_1", "art_1__para_1-2"])]


def test_in_what_is_attached_its_own_articles_come_first() -> None:
    inner = (
        article("1", text="Theo Điều 2. Theo Điều 2 Quyết định này. Xem Phụ lục II. Quy chế này.", tree="att_1__"),
        article("2", tree="att_1__"),
    )
    regulation = replace(REGULATION, clauses=inner)
    assert own(article("1", text="Ban hành Quy chế này."), article("2"), regulation, ANNEX_2) == [
        (RESOLVED, ["att_1"]),
        (RESOLVED, ["att_1__art_2"]),
        (RESOLVED, ["art_2"]),
        (RESOLVED, ["att_3"]),
        (RESOLVED, ["att_1"]),
    ]


def test_an_annex_has_no_articles_and_no_sections_of_the_document() -> None:
    annex = replace(
        ANNEX_1, eid="att_1", clauses=(Clause("att_1__p_1", Kind.PARAGRAPH, "", "1", "", "Như Điều 1; tài sản kê khai tại mục 2."),)
    )
    assert own(article("1"), *PLAN, annex) == [(RESOLVED, ["art_1"]), (MISSING, [])]


def test_more_mentions_than_a_document_has_are_not_compared() -> None:
    texts = [f"Nghị quyết số 33/NQ-HĐND ngày {day}/{month}/2020." for month in (1, 3, 5, 7) for day in range(1, 29)]
    found = linked(citing(*texts, "Nghị quyết số 33/NQ-HĐND."))
    assert found[-1] == (AMBIGUOUS, ["nq-33"])


def test_a_note_speaks_of_the_clause_that_carries_its_mark() -> None:
    note = Clause("fn_1", Kind.FOOTNOTE, "1", "1", "", "Khoản này được sửa đổi theo quy định.", marked_in="art_1__para_2")
    body = article("1", numbered("art_1", "1"), numbered("art_1", "2"))
    assert own(body, note, number="5/VBHN-VPQH") == [(RESOLVED, ["art_1__para_2"])]


def test_the_cost_of_many_references_in_one_clause_grows_with_them() -> None:
    def cost(count: int) -> float:
        document = citing("Theo " + "khoản 1 Điều 1 và “Lời”, " * count)
        start = time.process_time()
        assert len(sought_by(document)) == count
        return time.process_time() - start

    assert cost(6000) < 40 * min(cost(750), cost(750), cost(750)), (
        "eight times as many; with the text read again for each, 64 times as long"
    )


def test_quoted_words_are_another_acts() -> None:
    quoted = article("1", text="Nghị quyết số 33/NQ-HĐND nêu: “Thực hiện theo quy định tại Điều 2 và Điều 1”; thực hiện theo Điều 2.")
    assert own(quoted, article("2"))[1:] == [(MISSING, []), (RESOLVED, ["art_2"])]


def test_what_is_amended_is_of_the_act_that_the_article_names() -> None:
    head = "Sửa đổi, bổ sung một số điều của Nghị quyết số 33/NQ-HĐND như sau:"
    body = article(
        "1",
        numbered(
            "art_1",
            "1",
            "Sửa đổi khoản 2 Điều 1 như sau:",
            Clause("art_1__para_1__p_1", Kind.PARAGRAPH, "", "1", "", "“2. Theo khoản 1 Điều này.”"),
        ),
        numbered("art_1", "2", "Khoản 1 Điều 1 được bổ sung như sau: “1. Theo quy định tại Điều 2.”"),
        text=head,
    )
    found = linked(
        of("own", "99/NQ-HĐND", "Nghị quyết", date(2023, 5, 1), body, article("2", text="Nghị quyết này có hiệu lực."), title="Sửa đổi")
    )
    assert found == [
        (RESOLVED, ["nq-33"]),
        (RESOLVED, ["nq-33#art_1__para_2"]),
        (MISSING, []),
        (RESOLVED, ["nq-33#art_1__para_1"]),
        (MISSING, []),
        (RESOLVED, ["own"]),
    ]


# --- names and organs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Luật Đầu tư công", "luat dau tu cong"),
        ("LUẬT  Phòng,  chống tham nhũng", "luat phong chong tham nhung"),
        ("Luật Tổ chức HĐND và UBND", "luat to chuc hoi dong nhan dan va uy ban nhan dan"),
        ("Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", "hien phap"),
        ("", ""),
    ],
)
def test_name_keys(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("uy ban nhan dan tinh", "uy ban nhan dan tinh hai giang", True),
        ("uy ban nhan dan tinh song an", "uy ban nhan dan tinh hai giang", False),
        ("uy ban nhan dan tinh hai", "uy ban nhan dan tinh hai giang", True),
        ("hoi dong nhan dan tinh", "uy ban nhan dan tinh hai giang", False),
        ("bo truong bo gd&dt", "bo giao duc va dao tao", True),
        ("bo gddt", "bo giao duc va dao tao", True),
        ("bo tc", "bo giao duc va dao tao", False),
        ("quoc hoi khoa xiv", "quoc hoi", True),
        ("chu tich uy ban nhan dan tinh", "uy ban nhan dan tinh hai giang", True),
    ],
)
def test_organs(one: str, other: str, same: bool) -> None:
    assert same_organ(one, other) is same
    assert same_organ(other, one) is same or same


def test_what_is_sought_is_read_back() -> None:
    for document in HELD:
        for one in sought_by(document):
            assert Sought.from_json(one.number_key, one.name_key, one.to_json()) == one
    full = Sought("1/nq", "", "nghi quyet", 2021, date(2021, 1, 2), "chinh phu", several=True, foreign=True, attached=True)
    assert Sought.from_json("1/nq", "", full.to_json()) == full


# --- in the catalogue -----------------------------------------------------------------------------------------------------


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite", create=True) as opened:
        yield opened


def put(catalogue: Catalogue, *documents: Document) -> int:
    """Write each document as a file of its own; how many references were linked."""
    before = catalogue.linked
    for one in documents:
        catalogue.put_file(f"{one.id}.txt", one.id, 1, 1, [one])
    return catalogue.linked - before


def links(catalogue: Catalogue) -> dict[str, list[tuple[str, LinkState, tuple[Address, ...]]]]:
    """Every link in the catalogue."""
    return {
        document.id: [(one.reference.text, one.state, one.targets) for one in catalogue.reader.references(document.id)]
        for document in catalogue.reader.documents()
    }


def states(catalogue: Catalogue, document_id: str) -> list[tuple[LinkState, list[str]]]:
    return [
        (one.state, [f"{target.document}#{target.eid}".rstrip("#") for target in one.targets])
        for one in catalogue.reader.references(document_id)
    ]


BY_ID = {one.id: one for one in HELD}


def test_a_reference_is_linked_when_its_document_arrives(catalogue: Catalogue) -> None:
    put(catalogue, citing("Theo khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND."))
    assert states(catalogue, "own") == [(MISSING, [])]
    put(catalogue, BY_ID["nq-33"])
    assert states(catalogue, "own") == [(RESOLVED, ["nq-33#art_1__para_2"])]
    shorter = replace(BY_ID["nq-33"], clauses=(article("1"),))
    put(catalogue, shorter)
    assert states(catalogue, "own") == [(RESOLVED, ["nq-33"])], "the clause has left"
    catalogue.fail_file("nq-33.txt", "x", 1, 1, "broken")
    assert states(catalogue, "own") == [(MISSING, [])]
    assert catalogue.reader.cited_by("nq-33") == []


def test_an_ambiguity_appears_and_vanishes(catalogue: Catalogue) -> None:
    put(catalogue, citing("Theo Nghị quyết số 20/NQ-HĐND.", "Theo Luật Giá."), BY_ID["nq-20-2021"], BY_ID["luat-gia"])
    assert states(catalogue, "own") == [(RESOLVED, ["nq-20-2021"]), (RESOLVED, ["luat-gia"])]
    put(catalogue, BY_ID["nq-20-2022"], BY_ID["vbhn-gia"])
    assert states(catalogue, "own") == [(AMBIGUOUS, ["nq-20-2022", "nq-20-2021"]), (AMBIGUOUS, ["vbhn-gia", "luat-gia"])]
    assert catalogue.reader.cited_by("nq-20-2021") == [], "a candidate is not cited"
    assert catalogue.reader.missing(10, 0) == (0, []), "nor is anything missing"
    catalogue.remove_file("nq-20-2021.txt")
    catalogue.remove_file("vbhn-gia.txt")
    assert states(catalogue, "own") == [(RESOLVED, ["nq-20-2022"]), (RESOLVED, ["luat-gia"])]


def test_what_is_written_stands_before_its_documents_are_purged(catalogue: Catalogue) -> None:
    put(catalogue, BY_ID["nq-33"], citing("Theo Nghị quyết số 33/NQ-HĐND."))
    catalogue.remove_file("nq-33.txt")
    catalogue.purge_removed(["nq-33"])
    assert states(catalogue, "own") == [(MISSING, [])]
    put(catalogue, BY_ID["nq-33"])
    assert states(catalogue, "own") == [(RESOLVED, ["nq-33"])]


def test_reading_a_file_again_changes_nothing(catalogue: Catalogue) -> None:
    one = citing("Theo Nghị quyết số 33/NQ-HĐND và Luật Giá.", "Theo Điều 1.")
    put(catalogue, *HELD, one)
    before = links(catalogue)
    assert put(catalogue, BY_ID["nq-33"]) == len(BY_ID["nq-33"].references), "what cites it is not linked again"
    assert put(catalogue, one) == len(one.references)
    assert links(catalogue) == before


def test_only_the_references_concerned_are_linked_again(catalogue: Catalogue) -> None:
    others = [
        replace(citing(f"Theo Nghị quyết số {number}/NQ-HĐND và Luật Đất đai."), id=f"d-{number}", number=f"{number}/QĐ-UBND")
        for number in range(40, 60)
    ]
    put(catalogue, *others)
    put(catalogue, citing("Theo Nghị quyết số 33/NQ-HĐND.", "Theo Điều 1 Nghị quyết số 33/NQ-HĐND."))
    assert put(catalogue, BY_ID["nq-33"]) == 2
    before = catalogue.linked
    catalogue.remove_file("nq-33.txt")
    assert catalogue.linked - before == 2
    catalogue.touch_file("own.txt", 1, 2)
    assert catalogue.linked - before == 2


def test_an_arrival_in_a_large_catalogue_links_only_what_is_concerned(catalogue: Catalogue) -> None:
    spec = spec_from_file_location("linking_benchmark", Path(__file__).resolve().parents[1] / "benchmarks" / "linking.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    benchmark.fill(catalogue, 400)
    late = benchmark.arrival(400)
    everything = links(catalogue)
    # The number 0 is looked for by document 0 itself (7 x 0) and by the last document, which cites the one after it.
    concerned = [text for found in everything.values() for text, _state, _targets in found if " 0/NQ-HĐND" in text]
    assert benchmark.measured(catalogue, lambda: put(catalogue, late))[0] == len(concerned) + len(late.references) < 20
    assert benchmark.measured(catalogue, lambda: catalogue.remove_file(f"{late.id}.txt"))[0] == len(concerned)
    assert links(catalogue) == everything
    assert catalogue.link_all() == sum(map(len, everything.values()))
    assert links(catalogue) == everything


def test_who_cites_a_document_and_a_clause(catalogue: Catalogue) -> None:
    later = replace(citing("Theo Điều 1 Nghị quyết số 33/NQ-HĐND.", issued=date(2024, 1, 1)), id="later", number="100/QĐ-UBND")
    first = citing(
        "Theo điểm d khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND.", "Theo Nghị quyết số 33/NQ-HĐND; khoản 1 Điều 1 Nghị quyết số 33/NQ-HĐND."
    )
    itself = replace(BY_ID["nq-33"], references=(Reference("art_1", "Nghị quyết này", Span(0, 14), "", "internal", "this"),))
    put(catalogue, first, itself, later)
    cited = catalogue.reader.cited_by("nq-33")
    assert [(one.source.document, one.source.eid, one.target.eid, one.citation) for one in cited] == [
        ("later", "art_1", "art_1", "Điều 1"),
        ("own", "art_1", "art_1__para_2__point_d", "Điều 1"),
        ("own", "art_2", "", "Điều 2"),
        ("own", "art_2", "art_1__para_1", "Điều 2"),
    ]
    assert cited[1].reference == first.references[0]
    assert [one.target.eid for one in catalogue.reader.citing_clause("nq-33", "art_1__para_2")] == ["art_1__para_2__point_d"]
    assert [one.target.eid for one in catalogue.reader.citing_clause("nq-33", "art_1")] == [
        "art_1",
        "art_1__para_2__point_d",
        "art_1__para_1",
    ]
    assert catalogue.reader.citing_clause("nq-33", "art_9") == []
    assert catalogue.reader.cited_by("nothing") == []


def said(one: Document, *relations: Relation) -> Document:
    return replace(
        one, references=tuple(replace(reference, relation=said) for reference, said in zip(one.references, relations, strict=True))
    )


def test_relations(catalogue: Catalogue) -> None:
    source = citing(
        "Theo khoản 1 Điều 1 Nghị quyết số 33/NQ-HĐND và Nghị quyết số 33/NQ-HĐND.",
        "Bỏ Điều 1 Nghị quyết số 33/NQ-HĐND.",
        "Bỏ Điều 2 Nghị quyết số 33/NQ-HĐND; Nghị quyết số 34/NQ-HĐND.",
        "Quyết định này có hiệu lực.",
    )
    source = said(source, Relation.CITES, Relation.CITES, Relation.REPEALS, Relation.REPEALS, Relation.REPLACES, Relation.CITES)
    put(catalogue, source, BY_ID["nq-33"])
    outgoing, incoming = catalogue.reader.relations("own")
    assert incoming == []
    assert [(str(one.relation), one.source.eid, one.target, one.whole) for one in outgoing] == [
        ("cites", "art_1", Address("nq-33"), True),
        ("repeals", "art_2", Address("nq-33", "art_1"), False),
        ("repeals", "art_3", Address("nq-33", "art_2"), False),
        ("replaces", "art_3", None, True),
    ]
    assert outgoing[-1].named == "Nghị quyết số 34/NQ-HĐND"
    outgoing, incoming = catalogue.reader.relations("nq-33")
    assert outgoing == []
    assert [(str(one.relation), one.source) for one in incoming] == [
        ("cites", Address("own", "art_1")),
        ("repeals", Address("own", "art_2")),
        ("repeals", Address("own", "art_3")),
    ]


def test_missing_documents(catalogue: Catalogue) -> None:
    put(
        catalogue,
        citing(
            "Theo Điều 3 Luật Đất đai; Luật Đất đai năm 2013.",
            "Theo Nghị quyết số 44/NQ-HĐND năm 2020 và Nghị quyết số 44/NQ-HĐND năm 2021.",
            "Theo Điều 9.",
        ),
        replace(citing("Theo Luật Đất đai."), id="other", number="98/QĐ-UBND"),
        BY_ID["nq-33"],
    )  # fmt: skip
    total, found = catalogue.reader.missing(10, 0)
    assert [(one.named, one.number, one.references, one.documents, one.first) for one in found] == [
        ("Luật Đất đai năm 2013", "", 3, 2, Address("own", "art_1")),
        ("Nghị quyết số 44/NQ-HĐND năm 2020", "44/NQ-HĐND", 1, 1, Address("own", "art_2")),
        ("Nghị quyết số 44/NQ-HĐND năm 2021", "44/NQ-HĐND", 1, 1, Address("own", "art_2")),
    ]
    assert total == 3
    assert catalogue.reader.missing(1, 1) == (3, found[1:2])
    assert catalogue.reader.missing(5, 7) == (3, [])


POOL = (
    *HELD,
    citing(
        "Theo Nghị quyết số 20/NQ-HĐND, Luật Đầu tư công và Nghị định 43/2014.", "Theo khoản 2 Điều 1 Nghị quyết số 33/NQ-HĐND; Luật Giá."
    ),
    replace(
        citing("Theo Luật Viên chức, Luật Giá và Quyết định số 99/QĐ-UBND.", "Theo Điều 1.", issued=None), id="other", number="98/QĐ-UBND"
    ),
    replace(BY_ID["nq-33"], id="nq-33", clauses=(article("1"),), references=()),
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, len(POOL) - 1), st.sampled_from(["put", "put", "remove", "fail", "purge"])), max_size=30),
    together=st.booleans(),
)
def test_links_do_not_depend_on_the_order_of_arrivals_and_departures(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]], together: bool
) -> None:
    folder = tmp_path_factory.mktemp("order")
    present: dict[str, Document] = {}
    with Catalogue.open(folder / "a.sqlite", create=True) as one, Catalogue.open(folder / "b.sqlite", create=True) as at_once:
        for number, step in steps:
            document = POOL[number]
            if step == "put":
                put(one, document)
                present[document.id] = document
                continue
            present.pop(document.id, None)
            if step == "fail":
                one.fail_file(f"{document.id}.txt", "", 1, 1, "why")
            else:
                one.remove_file(f"{document.id}.txt")
            if step == "purge":
                one.purge_removed([document.id])
        if together:
            at_once.put_file("all.txt", "0", 1, 1, list(present.values()))
        else:
            put(at_once, *present.values())
        assert links(one) == links(at_once)
        assert one.reader.missing(50, 0)[0] == at_once.reader.missing(50, 0)[0]
        with closing(sqlite3.connect(folder / "a.sqlite")) as connection:
            dangling = """SELECT count(*) FROM reference_targets t JOIN documents d ON d.key = t.document_key
                JOIN "references" r ON r.key = t.reference_key JOIN documents citing ON citing.key = r.document_key
                WHERE d.state = 'removed' AND citing.state <> 'removed'"""
            assert connection.execute(dangling).fetchone() == (0,)
