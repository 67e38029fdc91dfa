"""The pages of documents and clauses: lean mark-up, short links, contents, previews, and the way to what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from test_reference_pages import POINT, _Tree, clause_of, tree
from test_server import DOCUMENT, HOSTILE, PLAN, REPORT, RESOLUTION, FakeReader, FakeService, linked

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings
from kgsearch.models import (
    Address,
    ClauseRecord,
    Kind,
    LinkedReference,
    LinkState,
    MissingDocument,
    Reference,
    Relation,
    RelationRecord,
    Span,
)
from kgsearch.server import create_app
from kgsearch.server.link_pages import FRAGMENT_LENGTH
from kgsearch.server.outline import MAX_CONTENTS, Citations, Layout, lay_out
from kgsearch.server.references import missing_address, reference_wrappings
from kgsearch.server.sheet import PART_LENGTH, place_code, sheet

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def clauses(count: int, words: str = "Sở Tài chính chủ trì thực hiện.", kind: Kind = Kind.POINT) -> list[ClauseRecord]:
    """So many clauses beside each other."""
    row = clause_of(FakeReader(), RESOLUTION, POINT)
    return [
        replace(row, eid=f"art_{n}", parent="", position=n, kind=kind, label=f"Điều {n}", heading="", text=words, full_text=words)
        for n in range(1, count + 1)
    ]


# --- mark-up ---------------------------------------------------------------------------------------------------------------


def test_a_clause_costs_little_beside_its_words() -> None:
    """A law of a thousand clauses stays under 100 KB beside its text."""
    found = clauses(1000)
    words = sum(len(f"{clause.label}{clause.text}".encode()) for clause in found)
    assert len(sheet(lay_out(found)).encode()) - words < 75 * len(found)


def _read(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html.replace("¶", "")))


_WORDS = st.text(alphabet="ab Đi1<&\">'", min_size=1, max_size=30)
_KINDS = st.sampled_from([Kind.POINT, Kind.ARTICLE, Kind.CHAPTER, Kind.PARAGRAPH, Kind.ANNEX, Kind.PREAMBLE, Kind.FOOTNOTE])


@given(st.lists(st.tuples(_KINDS, _WORDS, _WORDS | st.just(""), st.integers(0, 30)), min_size=1, max_size=12))
def test_a_sheet_is_whole_and_loses_no_word(rows: list[tuple[Kind, str, str, int]]) -> None:
    found = [
        replace(clause, kind=kind, label=label, text=text, heading=text[:length], marked_in="art_1" if kind is Kind.FOOTNOTE else "")
        for clause, (kind, text, label, length) in zip(clauses(len(rows)), rows, strict=True)
    ]
    html = str(sheet(lay_out(found), "/documents/x"))
    strict = _Tree(html)
    assert {clause.eid for clause in found} <= strict.ids
    shown = "".join(_read(html).split())
    for clause in found:
        assert "".join(clause.text.split()) in shown and "".join(clause.label.split()) in shown


def test_a_long_text_is_in_parts_of_about_the_same_length() -> None:
    html = str(sheet(lay_out(clauses(600, "x" * 90))))
    parts = html.split('<div class="part">')[1:]
    lengths = [part.count("x") for part in parts]
    assert len(parts) > 5 and max(lengths) <= PART_LENGTH + 90 and min(lengths[:-1]) >= PART_LENGTH - 90
    assert "".join(parts).count('id="art_') == 600


def test_rows_stand_under_their_heads_with_the_label_as_link() -> None:
    row = clause_of(FakeReader(), PLAN, "att_1__row_1")
    short = replace(row, eid="att_1__row_9", label="", cells=("chỉ một ô",), text="chỉ một ô")
    html = str(sheet(lay_out([row, short], columns=("STT", "Nhiệm vụ", "Đơn vị", "Thời gian"))))
    strict = _Tree(html)
    assert strict.named("1") == [("a", f"?c={place_code(row)}")]
    assert f'<td colspan="4">chỉ một ô <a href="?c={place_code(short)}-">¶</a></td>' in html


def test_a_long_table_is_in_parts_with_its_heads_and_columns_of_the_same_widths() -> None:
    row = clause_of(FakeReader(), PLAN, "att_1__row_1")
    words = "Rà soát, sắp xếp lại các nhiệm vụ chi chưa thật sự cần thiết"
    rows = [
        replace(
            row, eid=f"att_1__row_{n}", label=str(n), cells=(str(n), words, "Sở Tài chính", "Quý I"), text=f"{words} Sở Tài chính Quý I"
        )
        for n in range(1, 401)
    ]
    html = str(sheet(lay_out(rows, columns=("STT", "Nhiệm vụ", "Đơn vị", "Thời gian"))))
    strict = _Tree(html)
    assert {row.eid for row in rows} <= strict.ids
    tables = html.split("<table")[1:]
    assert len(tables) > 5 and all(table.count('scope="col"') == 4 and 'class="w' in table for table in tables)
    widths = {tuple(map(int, re.findall(r'<col class="w(\d+)">', table))) for table in tables}
    ((number, task, unit, quarter),) = widths
    assert task > unit > quarter >= number >= 2 and 22 <= number + task + unit + quarter <= 26
    assert "<col" not in str(sheet(lay_out(rows[:9], columns=("STT", "Nhiệm vụ", "Đơn vị", "Thời gian"))))
    many = [replace(one, cells=("x",) * 30) for one in rows]
    assert "<col" not in str(sheet(lay_out(many))), "too many to set"


def test_a_clause_of_no_words_has_its_anchor_and_nothing_to_press() -> None:
    empty = replace(clauses(1)[0], label="", text="", full_text="")
    html = str(sheet(lay_out([empty])))
    assert 'id="art_1"' in html and "<a " not in html


# --- short links -----------------------------------------------------------------------------------------------------------


def test_short_links_lead_to_the_page_of_their_clause(client: FlaskClient) -> None:
    for clause in FakeReader().clauses(RESOLUTION.id):
        assert client.get(f"{DOCUMENT}?c={place_code(clause)}").headers["Location"] == f"{DOCUMENT}/{clause.eid}"
    on_clause_page = [
        link for _tag, attributes, _words in tree(client, f"{DOCUMENT}/art_1").links if "?c=" in (link := str(attributes["href"]))
    ]
    assert on_clause_page and all(link.startswith(f"{DOCUMENT}?c=") for link in on_clause_page)


@pytest.mark.parametrize("code", ["", "0", "999zz", "zz", "-1aa", "1" * 500, "<script>", "٣aa"])
def test_a_short_link_that_names_nothing_says_so(client: FlaskClient, code: str) -> None:
    response = client.get(DOCUMENT, query_string={"c": code})
    assert response.status_code == 404 and "<script>alert" not in response.text and "<h1" in response.text


def test_a_short_link_does_not_lead_to_another_clause_that_took_the_place(client: FlaskClient, service: FakeService) -> None:
    old = place_code(clause_of(service.reader, RESOLUTION, POINT))
    service.reader.held = [replace(clause, eid="art_1__para_3" if clause.eid == POINT else clause.eid) for clause in service.reader.held]
    assert client.get(f"{DOCUMENT}?c={old}").status_code == 404


# --- contents ----------------------------------------------------------------------------------------------------------------


def _contents(articles: int, below: int) -> Layout:
    found: list[ClauseRecord] = []
    for article in clauses(articles, kind=Kind.ARTICLE):
        found.append(replace(article, heading=article.text))
        found += [
            replace(
                article,
                eid=f"{article.eid}__para_{n}",
                parent=article.eid,
                kind=Kind.CLAUSE,
                label=f"{n}.",
                heading="Tên khoản",
                text="Tên khoản",
            )
            for n in range(below)
        ]
    return lay_out(found)


@pytest.mark.parametrize(
    ("articles", "below", "kept"),
    [(20, 3, 80), (MAX_CONTENTS, 0, MAX_CONTENTS), (200, 3, 200), (MAX_CONTENTS + 50, 3, MAX_CONTENTS + 50)],
)
def test_contents_that_are_too_many_keep_their_upper_lines(articles: int, below: int, kept: int) -> None:
    assert len(_contents(articles, below).contents) == kept


# --- previews and tools --------------------------------------------------------------------------------------------------------


def test_a_preview_has_the_citation_and_the_first_words(client: FlaskClient, service: FakeService) -> None:
    html = client.get(f"/fragment/{RESOLUTION.id}/{POINT}").text
    shown = _Tree(html).text
    assert "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND" in shown and "Chỉ đạo kịp thời" in shown and "a)" in shown
    assert "<html" not in html and " id=" not in html, "a part, with nothing that may be on the page already"
    assert len(shown) < FRAGMENT_LENGTH + 400
    whole = _Tree(client.get(f"/fragment/{RESOLUTION.id}").text).text
    assert RESOLUTION.title in whole and "06/10/2021" in whole and RESOLUTION.issuer in whole
    assert HOSTILE not in client.get(f"/fragment/{REPORT.id}").text
    assert HOSTILE not in client.get(f"/fragment/{RESOLUTION.id}/{POINT}__indent_1").text


def test_a_preview_says_whether_what_is_cited_has_effect(client: FlaskClient, service: FakeService) -> None:
    assert "force-" not in client.get(f"/fragment/{RESOLUTION.id}/art_1").text, "nothing is known"
    service.reader.records[1] = replace(PLAN, issued=date(2022, 1, 1), effective=date(2022, 1, 15))
    source, target = Address(PLAN.id, "att_1__row_1"), Address(RESOLUTION.id)
    service.reader.changes[RESOLUTION.id] = [RelationRecord(Relation.REPEALS, source, target, "x", True, date(2022, 2, 1))]
    shown = client.get(f"/fragment/{RESOLUTION.id}/art_1").text
    assert "force-ended" in shown and "01/02/2022" in shown


@pytest.mark.parametrize("address", ["/fragment/none", "/fragment/none/art_1", f"/fragment/{RESOLUTION.id}/art_99"])
def test_a_preview_of_what_is_not_there_is_a_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_tools_of_a_clause_say_what_cites_it(client: FlaskClient) -> None:
    cited = tree(client, f"{DOCUMENT}/art_1/tools")
    assert f"{DOCUMENT}/cited-by?eid=art_1" in [attributes.get("href") for _tag, attributes, _words in cited.links]
    assert "cited-by" not in client.get(f"{DOCUMENT}/art_2/tools").text
    for link in (f"{DOCUMENT}#art_1", f"{DOCUMENT}/art_1"):
        assert link in [attributes.get("href") for _tag, attributes, _words in cited.links]


def test_pages_print_their_citation_and_the_day(client: FlaskClient) -> None:
    full = "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang"
    printed = client.get(f"{DOCUMENT}/{POINT}").text.split('<p class="printed">')[1].split("</p>")[0]
    assert full in printed and f'<time datetime="{date.today().isoformat()}">' in printed
    assert 'media="print"' in client.get(DOCUMENT).text


# --- missing -------------------------------------------------------------------------------------------------------------------


def _reference(number: str, document: str, state: LinkState = LinkState.MISSING) -> LinkedReference:
    return LinkedReference(Reference("art_1", "x", Span(0, 1), number, "document", document), state)


@pytest.mark.parametrize(
    ("reference", "opening"),
    [
        (_reference("43/2014/NĐ-CP", "43/2014/NĐ-CP"), '<a class="absent" href="/missing?q=43/2014/NĐ-CP">'),
        (_reference("", "Luật Phòng, chống rửa tiền"), '<a class="absent" href="/missing?q=Luật+Phòng%2C+chống+rửa+tiền">'),
        (_reference("", 'Luật "><script>&+%#'), '<a class="absent" href="/missing?q=Luật+%22%3E%3Cscript%3E%26%2B%25%23">'),
        (_reference("", "this"), '<span class="absent" title="'),
        (_reference("", "this-attachment"), '<span class="absent" title="'),
        (_reference("", ""), '<span class="absent" title="'),
        (_reference("1/QĐ-UBND", "1/QĐ-UBND", LinkState.RESOLVED), '<span class="absent" title="'),
    ],
)
def test_a_missing_reference_leads_to_its_entry_where_it_has_one(reference: LinkedReference, opening: str) -> None:
    ((wrapping,),) = reference_wrappings("d", [reference], {}, set()).values()
    assert str(wrapping.opening).startswith(opening)
    assert wrapping.closing == ("</a>" if opening.startswith("<a") else "</span>")


NAMED = (
    ("Nghị định số 43/2014/NĐ-CP ngày 15/5/2014 của Chính phủ", "43/2014/NĐ-CP"),
    ("Nghị định số 143/2014/NĐ-CP", "143/2014/NĐ-CP"),
    ("Luật Đất đai ngày 29/11/2013", ""),
    ("Luật Đất đai sửa đổi", ""),
    ("Luật Phòng, chống rửa tiền", ""),
    (f"Luật {HOSTILE}", ""),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("43/2014/NĐ-CP", [0]),
        ("43/2014/nd-cp", [0]),
        ("43/2014", [0]),
        ("4", []),
        ("Luật Đất đai", [2, 3]),
        ("luat dat dai", [2, 3]),
        ("Luật Phòng, chống rửa tiền", [4]),
        ("đất đai ngày 29/11/2013", [2]),
        ("Luật Đất", [2, 3]),
        ("Lu", []),
        (HOSTILE, [5]),
        ("không có", []),
        ("%", []),
    ],
)
def test_missing_documents_are_found_by_number_and_name(
    client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch, query: str, found: Sequence[int]
) -> None:
    every = [MissingDocument(name, number, 1, 1, Address(PLAN.id, "att_1")) for name, number in NAMED]
    monkeypatch.setattr(service.reader, "missing", lambda limit, offset: (len(every), every[offset : offset + limit]))
    response = client.get("/missing", query_string={"q": query})
    assert response.status_code == 200 and HOSTILE not in response.text
    text = _Tree(response.text).text
    assert [number for number, (name, _number) in enumerate(NAMED) if f"{name}\n" in text] == list(found)
    assert client.get("/missing", query_string={"q": "x" * 600}).status_code == 400


def test_pages_of_missing_documents_keep_what_was_asked(client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    every = [MissingDocument(f"Luật Đất đai {n}", "", 1, 1, Address(PLAN.id, "att_1")) for n in range(120)]
    monkeypatch.setattr(service.reader, "missing", lambda limit, offset: (len(every), every[offset : offset + limit]))
    (onward,) = [
        attributes["href"] for _tag, attributes, _words in tree(client, "/missing?q=luat dat dai").links if attributes.get("rel") == "next"
    ]
    assert "Luật Đất đai 50\n" in tree(client, str(onward)).text


def test_the_entry_of_every_missing_reference_is_found(client: FlaskClient, service: FakeService) -> None:
    preamble = clause_of(service.reader, RESOLUTION, "preamble")
    service.reader.linked[RESOLUTION.id] = [linked(preamble, "Luật Tổ chức chính quyền địa phương")]
    links = {
        str(attributes["href"]) for _tag, attributes, _words in tree(client, DOCUMENT).links if "/missing?" in str(attributes.get("href"))
    }
    assert links == {missing_address("Luật Tổ chức chính quyền địa phương")}
    for link in links:
        assert "Luật Tổ chức chính quyền địa phương\n" in tree(client, link).text


# --- real documents --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_reader(tmp_path_factory: pytest.TempPathFactory) -> CatalogueReader:
    from kgsearch.catalogue import Catalogue
    from kgsearch.parser import parse
    from kgsearch.readers import read

    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("needs ../shared/corpus, which is not here")
    path = tmp_path_factory.mktemp("real") / "catalogue.sqlite"
    with Catalogue.open(path, create=True) as catalogue:
        for number, file in enumerate(sorted(folder.glob("*.txt"))):
            catalogue.put_file(file.name, str(number), 1, number, parse(read(file)))
    return CatalogueReader(path)


def test_missing_references_of_real_documents_lead_to_an_entry(real_reader: CatalogueReader, tmp_path: Path) -> None:
    """Nearly each: a reference to an act quoted, whose name the linking took from elsewhere, may have its entry under another name."""
    service = FakeService()
    service.reader = real_reader  # type: ignore[assignment]
    client = create_app(Settings(corpus=tmp_path, index=tmp_path), service).test_client()
    links: set[str] = set()
    for record in real_reader.documents():
        html = client.get(f"/documents/{record.id}").text
        assert len(html.encode()) - sum(len(f"{c.label}{c.text}".encode()) for c in real_reader.clauses(record.id)) < 100_000
        links |= {unescape(link) for link in re.findall(r'href="(/missing\?q=[^"]+)"', html)}
    lost = [link for link in sorted(links) if "citing" not in client.get(link).text]
    assert len(links) > 20 and len(lost) <= len(links) // 20, lost


# --- what is quoted ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "text", "full_text", "expected"),
    [
        ("", "Giao sở chủ trì.", "Giao sở chủ trì.", "Giao sở chủ trì."),
        ("Phạm vi", "Phạm vi Nghị quyết này quy định.", "", "Phạm vi\nNghị quyết này quy định."),
        ("Phạm vi", "Phạm vi", "Phạm vi", "Phạm vi"),
        ("Phạm vi", "Phạm vi", "Phạm vi\n1. Một\n2. Hai", "Phạm vi\n1. Một\n2. Hai"),
        ("Phạm vi", "Phạm vi Quy định.", "Phạm vi Quy định.\n1. Một", "Phạm vi\nQuy định.\n1. Một"),
        ("Phạm vi", "Phạm vi: quy định.", "Phạm vi: quy định.", "Phạm vi: quy định."),
    ],
)
def test_a_quotation_has_its_heading_on_a_line_of_its_own(heading: str, text: str, full_text: str, expected: str) -> None:
    clause = replace(clause_of(FakeReader(), RESOLUTION, POINT), heading=heading, text=text, full_text=full_text)
    citations = Citations.of_clause(RESOLUTION, clause)
    assert citations.quoted == f"“{expected}” ({citations.first})"
