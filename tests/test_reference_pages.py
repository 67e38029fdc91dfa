"""References, relations and standing on the pages: links that are whole and exact, counts, bounds, and honesty about what is missing."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from test_server import DOCUMENT, HOSTILE, PLAN, REPORT, RESOLUTION, FakeReader, FakeService, linked

from kgsearch.catalogue import Catalogue
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings
from kgsearch.models import (
    Address,
    ClauseRecord,
    DocumentRecord,
    IncomingReference,
    LinkedReference,
    LinkState,
    MissingDocument,
    Reference,
    Relation,
    Span,
)
from kgsearch.parser import parse
from kgsearch.readers import is_document_name, read
from kgsearch.server import create_app
from kgsearch.server.cited_by import SHOWN_ON_A_PAGE, cited_clauses
from kgsearch.server.highlighting import Wrapping, marked, snippet
from kgsearch.server.link_pages import ON_A_PAGE
from kgsearch.server.references import cell_wrappings, reference_wrappings

VOID = {"meta", "link", "input", "br", "col"}
POINT = "art_1__para_2__point_a"


class _Tree(HTMLParser):
    """A page read strictly: what is not nested fails; links with their words, and the words of the document's body."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[tuple[str, dict[str, str | None], str]] = []
        self.ids: set[str] = set()
        self._within: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids.add(str(attributes["id"]))
        if tag in VOID:
            return
        assert tag != "a" or "a" not in self.open, "a link is in no other link"
        assert not (tag in ("details", "ul", "p", "div") and "p" in self.open), "a browser would close the paragraph"
        self.open.append(tag)
        if tag == "a" or attributes.get("class") == "absent":
            self._within.append((tag, attributes, []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"{tag} closes {self.open[-3:]}"
        self.open.pop()
        if self._within and tag == self._within[-1][0]:
            name, attributes, words = self._within.pop()
            self.links.append((name, attributes, "".join(words)))

    def handle_data(self, data: str) -> None:
        self.text += data
        for _tag, _attributes, words in self._within:
            words.append(data)

    def named(self, words: str) -> list[tuple[str, str]]:
        """Element and address of what stands around exactly these words."""
        return [(tag, str(attributes.get("href"))) for tag, attributes, inside in self.links if inside == words]


def tree(client: FlaskClient, address: str) -> _Tree:
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert HOSTILE not in response.text
    return _Tree(response.text)


def clause_of(reader: FakeReader, document: DocumentRecord, eid: str) -> ClauseRecord:
    clause = reader.clause(document.id, eid)
    assert clause is not None
    return clause


# --- links in the text -------------------------------------------------------------------------------------------------------


def _ranges(length: int) -> st.SearchStrategy[list[Span]]:
    points = st.tuples(st.integers(0, length), st.integers(0, length))
    return st.lists(points.map(lambda pair: Span(min(pair), max(pair))), max_size=6)


@given(
    st.text(alphabet="ab Đi1<&\">'\n", max_size=50).flatmap(
        lambda text: st.tuples(st.just(text), _ranges(len(text)), _ranges(len(text)), st.integers(0, len(text)))
    )
)
def test_links_and_marks_nest_whatever_overlaps(case: tuple[str, list[Span], list[Span], int]) -> None:
    text, marks, links, cut = case
    wrappings = [Wrapping(span, Markup('<a href="{}">').format(f"{span.start}-{span.end}"), Markup("</a>")) for span in links]
    found = _Tree(str(marked(text, marks, None, wrappings)))
    assert found.text == text
    for _tag, attributes, words in found.links:
        start, end = map(int, str(attributes["href"]).split("-"))
        assert words == text[start:end]
    apart = [span for span in links if span.start < span.end]
    assert bool(found.links) == bool(apart)
    halves = [_Tree(str(marked(text, marks, bounds, wrappings))) for bounds in (Span(0, cut), Span(cut, len(text)))]
    assert "".join(half.text for half in halves) == text


def test_a_reference_is_a_link_exactly_where_it_stands(client: FlaskClient) -> None:
    found = tree(client, f"/documents/{PLAN.id}")
    assert found.named("Nghị quyết số 01/NQ-CP") == [("a", f"{DOCUMENT}#art_1")]
    assert ("a", f"/documents/{REPORT.id}#sec_I__para_1") in tree(client, DOCUMENT).named("Báo cáo số 261/BC-UBND"), "in a footnote"
    assert ("a", f"/documents/{REPORT.id}") in tree(client, f"{DOCUMENT}/art_1").named("Báo cáo"), "on the page of the clause too"


def test_words_of_the_query_are_marked_inside_links(client: FlaskClient) -> None:
    html = client.get(f"/documents/{PLAN.id}?q=trien khai nghi quyet so").text
    assert re.search(r"<mark>triển khai </mark><a [^>]+><mark>Nghị quyết số</mark> 01/NQ-CP</a>", html)
    assert _Tree(html).named("Nghị quyết số 01/NQ-CP")


def test_hostile_words_in_references_and_titles_are_escaped(client: FlaskClient, service: FakeService) -> None:
    indent = clause_of(service.reader, RESOLUTION, f"{POINT}__indent_1")
    service.reader.linked[RESOLUTION.id] = [
        linked(indent, f"công {HOSTILE} &", Address(REPORT.id)),
        linked(indent, "Giải ngân"),
    ]
    for address in (DOCUMENT, f"{DOCUMENT}/{indent.eid}", f"{DOCUMENT}?q=alert", f"/documents/{REPORT.id}/cited-by", "/missing"):
        tree(client, address)
    assert tree(client, DOCUMENT).named(f"công {HOSTILE} &") == [("a", f"/documents/{REPORT.id}")]


OWN, OTHER = Address(RESOLUTION.id, "art_2"), Address(REPORT.id, "sec_I")


@pytest.mark.parametrize(
    ("state", "targets", "expected"),
    [
        (LinkState.RESOLVED, [OWN], '<a href="#art_2">'),
        (LinkState.RESOLVED, [OWN, Address(RESOLUTION.id, "art_1")], '<a href="#art_2">'),
        (LinkState.RESOLVED, [Address(RESOLUTION.id, "art_9")], f'<a href="{DOCUMENT}#art_9">'),
        (LinkState.RESOLVED, [Address(RESOLUTION.id)], ""),
        (LinkState.RESOLVED, [Address(RESOLUTION.id, "art_1")], ""),
        (LinkState.RESOLVED, [OTHER], f'<a href="/documents/{REPORT.id}#sec_I" title="Báo cáo kiểm điểm'),
        (LinkState.RESOLVED, [OTHER, Address(REPORT.id)], f'<a href="{DOCUMENT}/reference?eid=art_1&amp;at=0"'),
        (LinkState.AMBIGUOUS, [OWN, OTHER], f'<a class="unsure" href="{DOCUMENT}/reference?eid=art_1&amp;at=0"'),
        (LinkState.MISSING, [], '<a class="absent" href="/missing?q=Nhiệm+vụ">'),
        (LinkState.RESOLVED, [], '<span class="absent" title="'),
    ],
)
def test_what_a_reference_becomes(state: LinkState, targets: list[Address], expected: str) -> None:
    one = linked(clause_of(FakeReader(), RESOLUTION, "art_1"), "Nhiệm vụ", *targets, state=state)
    wrappings = reference_wrappings(RESOLUTION.id, [one], {REPORT.id: REPORT}, {"art_1", "art_2"})
    opening = str(wrappings["art_1"][0].opening) if wrappings else ""
    assert opening.startswith(expected) and bool(opening) == bool(expected)
    assert HOSTILE not in opening


def test_references_in_cells_stand_in_their_cells() -> None:
    row = clause_of(FakeReader(), PLAN, "att_1__row_1")
    cells = ("1", "Theo 01/NQ-CP 1", "", "01/NQ-CP")
    row = replace(row, label="1", cells=cells, text="Theo 01/NQ-CP 1 01/NQ-CP")
    wrappings = [Wrapping(Span(*span), Markup("<a>"), Markup("</a>")) for span in ((5, 13), (14, 20), (16, 24))]
    spans = [[wrapping.span for wrapping in inside] for inside in cell_wrappings(row, wrappings)]
    assert spans == [[], [Span(5, 13)], [], [Span(0, 8)]], "the one that reaches over a border is left out"


def test_legal_bases_in_the_head_are_linked_like_the_preamble(client: FlaskClient, service: FakeService) -> None:
    base = "Căn cứ Luật Tổ chức chính quyền địa phương"
    service.reader.records[0] = replace(RESOLUTION, bases=(base, "Căn cứ khác"))
    absent = ("a", "/missing?q=Luật+Tổ+chức+chính+quyền+địa+phương")
    assert tree(client, DOCUMENT).named("Luật Tổ chức chính quyền địa phương").count(absent) == 2, "in the head and in the preamble"
    preamble = clause_of(service.reader, RESOLUTION, "preamble")
    service.reader.linked[RESOLUTION.id] = [linked(preamble, "Luật Tổ chức chính quyền địa phương", Address(PLAN.id))]
    found = tree(client, DOCUMENT).named("Luật Tổ chức chính quyền địa phương")
    assert found.count(("a", f"/documents/{PLAN.id}")) == 2


def test_an_ambiguous_reference_lists_what_may_be_meant(client: FlaskClient) -> None:
    tags = tree(client, f"/documents/{PLAN.id}").named("giải ngân")
    assert len(tags) == 2 and len(set(tags)) == 1, "in the text and among the relations of the head"
    address = tags[0][1]
    found = tree(client, address)
    assert {DOCUMENT, f"/documents/{REPORT.id}"} <= {href for _tag, attributes, _words in found.links if (href := attributes.get("href"))}
    for wrong in ("eid=att_1__row_2&at=3", "eid=nothing&at=0", ""):
        assert client.get(f"/documents/{PLAN.id}/reference?{wrong}").status_code == 404
    assert client.get(f"/documents/{PLAN.id}/reference?at=x").status_code == 400


# --- cited by ------------------------------------------------------------------------------------------------------------------


class CitedOften(FakeReader):
    """A catalogue in which one document is cited ``times`` times, by as many clauses of another."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.looked_up: Counter[str] = Counter()
        clause = clause_of(self, PLAN, "att_1__row_1")
        self.held += [replace(clause, eid=f"art_{n}", parent="", cells=(), citation=f"Điều {n}") for n in range(10, 10 + times)]
        targets = ("art_1", POINT, "")
        self.linked[PLAN.id] = [
            replace(one, reference=replace(one.reference, eid=f"art_{n}"))
            for n in range(10, 10 + times)
            for one in [linked(clause, "Nghị quyết số 01/NQ-CP", Address(RESOLUTION.id, targets[n % 3]))]
        ]

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in ("document", "documents", "clause", "clauses", "clauses_of", "references", "cited_by", "relations", "missing"):
            self.looked_up[name] += 1
        return value


def _sizes(tmp_path: Path, times: int, address: str) -> tuple[int, int]:
    service = FakeService()
    service.reader = reader = CitedOften(times)
    client = create_app(Settings(corpus=tmp_path, index=tmp_path), service).test_client()
    reader.looked_up.clear()
    response = client.get(address)
    assert response.status_code == 200
    _Tree(response.text)
    return sum(reader.looked_up.values()), len(response.data)


@pytest.mark.parametrize(
    "address", [DOCUMENT, f"{DOCUMENT}/{POINT}", f"{DOCUMENT}/cited-by", f"{DOCUMENT}/relations?group=in-cites", "/missing"]
)
def test_a_document_cited_a_thousand_times_has_a_page_of_the_same_size(tmp_path: Path, address: str) -> None:
    few, many = _sizes(tmp_path, 60, address), _sizes(tmp_path, 900, address)
    assert many[0] == few[0], "as many look-ups"
    assert many[1] < few[1] + 20_000


def test_clauses_count_where_they_are_cited(client: FlaskClient, service: FakeService) -> None:
    service.reader = CitedOften(9)
    html = client.get(DOCUMENT).text
    for eid in ("art_1", POINT):
        clause = html[html.index(f'id="{eid}"') :]
        assert re.match(r'[^§]*?<details class="cited"><summary>[^<]+\(3\)', clause), eid
        assert f"{DOCUMENT}/cited-by?eid={eid}" not in html, "all of three are shown"
    service.reader = CitedOften(30)
    assert f'<a href="{DOCUMENT}/cited-by?eid=art_1">' in client.get(DOCUMENT).text
    assert 'class="cited"' not in client.get(f"/documents/{PLAN.id}").text


def test_a_page_shows_so_many_citing_places_and_no_more() -> None:
    reference = Reference("art_1", "x", Span(0, 1), "")
    incoming = [
        IncomingReference(Address("d", f"art_{n}"), Address("other", f"art_{m}"), f"Điều {m}", reference)
        for n in range(100)
        for m in range(9)
    ]
    found = cited_clauses("d", incoming, {}, [f"art_{n}" for n in range(200)])
    assert len(found) == 100 and {here.count for here in found.values()} == {9}
    assert sum(len(here.first) for here in found.values()) == SHOWN_ON_A_PAGE


def test_every_citing_place_is_listed_once(client: FlaskClient, service: FakeService) -> None:
    times = 2 * ON_A_PAGE + 7
    service.reader = CitedOften(times)
    listed: Counter[str] = Counter()
    address: str | None = f"{DOCUMENT}/cited-by"
    while address:
        found = tree(client, address)
        listed.update(str(href) for _tag, attributes, _words in found.links if "#art_" in str(href := attributes.get("href")))
        address = next((str(attributes["href"]) for _tag, attributes, _words in found.links if attributes.get("rel") == "next"), None)
    assert len(listed) == times and set(listed.values()) == {1}
    one = tree(client, f"{DOCUMENT}/cited-by?eid=art_1")
    assert "<mark>" in client.get(f"{DOCUMENT}/cited-by?eid=art_1").text, "the words that cite"
    assert len([1 for _tag, attributes, _words in one.links if "#art_" in str(attributes.get("href"))]) == 1 + times // 3
    assert client.get(f"{DOCUMENT}/cited-by?eid=art_77").status_code == 404
    assert client.get(f"{DOCUMENT}/cited-by?page=0").status_code == 400


# --- relations and standing --------------------------------------------------------------------------------------------------


def _amending(service: FakeService, relation: Relation, **more: Any) -> None:
    """Have the plan say something of the resolution in its first row, effective since 2022."""
    row = clause_of(service.reader, PLAN, "att_1__row_1")
    service.reader.records[1] = replace(PLAN, issued=date(2022, 1, 1), effective=date(2022, 2, 1), effective_in="att_1")
    service.reader.linked[PLAN.id] = [linked(row, "Nghị quyết số 01/NQ-CP", Address(RESOLUTION.id), relation=relation)]
    service.reader.records[0] = replace(RESOLUTION, effective=date(2021, 11, 1), effective_in="art_2", **more)


@pytest.mark.parametrize(
    ("relation", "force", "since"),
    [
        (Relation.REPEALS, "ended", "2022-02-01"),
        (Relation.REPLACES, "ended", "2022-02-01"),
        (Relation.AMENDS, "partly-ended", "2022-02-01"),
    ],
)
def test_standing_is_shown_with_the_clause_that_says_so(
    client: FlaskClient, service: FakeService, relation: Relation, force: str, since: str
) -> None:
    _amending(service, relation)
    html = client.get(DOCUMENT).text
    shown = html[html.index(f'class="standing standing-{force}"') :].split("</div>")[0]
    assert f'<time datetime="{since}">' in shown
    assert f'href="/documents/{PLAN.id}#att_1__row_1"' in shown
    assert f"<blockquote>{clause_of(service.reader, PLAN, 'att_1__row_1').text}</blockquote>" in shown


def test_standing_by_the_documents_own_words(client: FlaskClient, service: FakeService) -> None:
    assert 'class="standing standing-unknown"' in client.get(DOCUMENT).text
    assert "blockquote" not in client.get(DOCUMENT).text
    _amending(service, Relation.CITES)
    html = client.get(DOCUMENT).text
    assert 'class="standing standing-in-force"' in html and f'<a href="{DOCUMENT}#art_2">' in html
    _amending(service, Relation.CITES, expires=date(2021, 12, 31), expires_in="art_1")
    assert 'class="standing standing-ended"' in client.get(DOCUMENT).text


@pytest.mark.parametrize(("eid", "name"), [("", "Replaced by"), ("art_1", "Replaced in part by")])
def test_a_part_that_is_replaced_is_not_the_document(client: FlaskClient, service: FakeService, eid: str, name: str) -> None:
    _amending(service, Relation.REPLACES)
    (one,) = service.reader.linked[PLAN.id]
    clauses = ("Điều 1",) if eid else ()
    service.reader.linked[PLAN.id] = [
        replace(one, reference=replace(one.reference, clauses=clauses), targets=(Address(RESOLUTION.id, eid),))
    ]
    html = client.get(f"{DOCUMENT}?lang=en").get_data(as_text=True)
    assert f">{name} (" in html
    assert ("– in part" in html) == bool(eid)


def test_a_page_with_thousands_of_marks_and_links_costs_as_much_as_they_are_many() -> None:
    def cost(count: int) -> float:
        words = "khoản một " * count
        marks = [Span(start, start + 5) for start in range(0, len(words), 10)]
        links = [Wrapping(Span(start, start + 9), Markup("<a>"), Markup("</a>")) for start in range(0, len(words), 10)]
        times = []
        for _repeat in range(3):
            start = time.process_time()
            assert str(marked(words, marks, wrappings=links)).count("<a><mark>") == count
            snippet(words, marks)
            times.append(time.process_time() - start)
        return min(times)

    assert cost(8000) < 40 * cost(1000), "eight times as many; were each looked at for each, 64 times as long"


def test_relations_name_the_other_document_and_the_clause(client: FlaskClient, service: FakeService) -> None:
    _amending(service, Relation.AMENDS)
    there = tree(client, DOCUMENT)
    assert ("a", f"/documents/{PLAN.id}") in there.named("Kế hoạch số 22/KH-UBND")
    assert there.named("số thứ tự 1 Danh mục một số nhiệm vụ chủ yếu") == [("a", f"/documents/{PLAN.id}#att_1__row_1")]
    whole = tree(client, f"{DOCUMENT}/relations?group=in-amends")
    assert ("a", f"/documents/{PLAN.id}") in whole.named("Kế hoạch số 22/KH-UBND")
    assert client.get(f"{DOCUMENT}/relations?group=in-love").status_code == 404
    body = client.get(f"/api/v1/documents/{RESOLUTION.id}/relations").json
    assert body is not None
    assert body["standing"]["force"] == "partly-ended"
    assert [(one["relation"], one["source"]["document"]) for one in body["incoming"]] == [("amends", PLAN.id)]


# --- missing -----------------------------------------------------------------------------------------------------------------


def test_missing_documents_are_listed_with_an_example(client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Address(PLAN.id, "att_1__row_1")
    every = [MissingDocument(f"Luật số {n} {HOSTILE}", "", 3000 - n, 1000 - n, first) for n in range(120)]
    monkeypatch.setattr(service.reader, "missing", lambda limit, offset: (len(every), every[offset : offset + limit]))
    found = tree(client, "/missing")
    assert f"Luật số 0 {HOSTILE}" in found.text and "Luật số 50 " not in found.text
    assert "1.000" in found.text and "3.000" in found.text
    assert ("a", f"/documents/{PLAN.id}#att_1__row_1") in [(tag, attributes.get("href")) for tag, attributes, _words in found.links]
    assert "Luật số 119" in tree(client, "/missing?page=3").text
    assert client.get("/missing?page=9").status_code == 200
    assert client.get("/missing?page=-1").status_code == 400
    for address in ("/documents", "/status"):
        assert "/missing" in [attributes.get("href") for _tag, attributes, _words in tree(client, address).links]
    body = client.get("/api/v1/missing?n=2&offset=1").json
    assert body is not None
    assert body["total"] == 120 and [one["references"] for one in body["missing"]] == [2999, 2998]


# --- tools and downloads -------------------------------------------------------------------------------------------------------


def test_the_tools_of_a_clause_have_every_form(client: FlaskClient) -> None:
    found = tree(client, f"{DOCUMENT}/{POINT}/tools")
    full = "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang"
    short = "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND"
    assert f"Theo {full} về tiếp tục thực hiện nhiệm vụ" in found.text and f"Theo {short}," in found.text
    assert found.text.count(full) >= 2 and "<html" not in client.get(f"{DOCUMENT}/{POINT}/tools").text
    assert client.get(f"{DOCUMENT}/art_99/tools").status_code == 404


def test_a_document_is_downloaded_in_each_format(client: FlaskClient) -> None:
    page = tree(client, DOCUMENT)
    for form, suffix in (("akn", "xml"), ("json", "json"), ("txt", "txt")):
        address = f"{DOCUMENT}/export?format={form}"
        assert address in [attributes.get("href") for _tag, attributes, _words in page.links]
        response = client.get(address)
        assert response.headers["Content-Disposition"] == f"attachment; filename={RESOLUTION.id}.{suffix}"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert response.mimetype != "text/html" and "Giải ngân vốn" in response.text
        if form == "akn":
            ElementTree.fromstring(response.data)
        elif form == "json":
            json.loads(response.data)
    assert client.get(f"{DOCUMENT}/export?format=exe").status_code == 400
    assert client.get("/documents/none/export").status_code == 404


# --- the samples, whole --------------------------------------------------------------------------------------------------------


class CatalogueService(FakeService):
    """A service over a catalogue alone."""

    def __init__(self, reader: CatalogueReader) -> None:
        self.reader = reader  # type: ignore[assignment]

    def status(self) -> Mapping[str, Any]:
        return {**self.reader.status(), "passages": 0, "engine_error": None}


@pytest.fixture(scope="module")
def samples_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CatalogueReader]:
    folder = Path(__file__).resolve().parents[1] / "corpus"
    path = tmp_path_factory.mktemp("samples") / "catalogue.sqlite"
    with Catalogue.open(path, create=True) as catalogue:
        for number, file in enumerate(sorted(file for file in folder.rglob("*") if file.is_file() and is_document_name(file))):
            catalogue.put_file(file.name, str(number), 1, number, parse(read(file)))
    with CatalogueReader(path) as reader:
        yield reader


@pytest.fixture(scope="module")
def pages_of_samples(samples_reader: CatalogueReader, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("site")
    client = create_app(Settings(corpus=folder, index=folder), CatalogueService(samples_reader)).test_client()
    return {record.id: client.get(f"/documents/{record.id}").text for record in samples_reader.documents()}


def test_every_reference_of_the_samples_is_in_its_page(samples_reader: CatalogueReader, pages_of_samples: dict[str, str]) -> None:
    seen: Counter[LinkState] = Counter()
    for document, html in pages_of_samples.items():
        words = Counter(inside for _tag, _attributes, inside in _Tree(html).links)
        wanted = Counter(one.reference.text for one in _linkable(document, samples_reader.references(document)))
        seen.update(one.state for one in samples_reader.references(document))
        assert not wanted - words, document
    assert seen[LinkState.RESOLVED] > 50 and seen[LinkState.MISSING] > 30


def _linkable(document: str, references: Sequence[LinkedReference]) -> list[LinkedReference]:
    here = (Address(document), *(Address(document, one.reference.eid) for one in references))
    return [one for one in references if not one.targets or one.targets[0] not in here]


def test_every_link_of_the_samples_leads_to_a_clause(pages_of_samples: dict[str, str]) -> None:
    trees = {document: _Tree(html) for document, html in pages_of_samples.items()}
    for document, found in trees.items():
        for _tag, attributes, _words in found.links:
            path, _mark, anchor = str(attributes.get("href") or "").partition("#")
            other = path.removeprefix("/documents/") if path else document
            if anchor and other in trees:
                assert anchor in trees[other].ids, (document, attributes)


def test_pages_of_the_samples_are_little_more_than_their_text(samples_reader: CatalogueReader, pages_of_samples: dict[str, str]) -> None:
    for document, html in pages_of_samples.items():
        own = sum(len(f"{clause.label}{clause.text}".encode()) for clause in samples_reader.clauses(document))
        assert len(html.encode()) - own < 100_000, document
