"""A page of results beside its hits: grouped by document, by signer and year, with the standing of each document."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from flask.testing import FlaskClient
from test_retrieval import END, HDND, UBND, head
from test_server import _Page

from kgsearch.config import Settings, load_settings
from kgsearch.engines.base import EngineQuery, EngineResult, Sort
from kgsearch.indexing import sync
from kgsearch.models import Filters, Force
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.grouping import HITS_OF_A_DOCUMENT
from kgsearch.retrieval.searcher import MAX_LISTED
from kgsearch.server import create_app
from kgsearch.server.facets import MOST_YEARS, facet_of, signer_counts, year_bars
from kgsearch.server.standings import badges

OTHER_SIGNER = "Lê Thị Ví Dụ"
QUERY = "nuôi biển"
COUNT = 25
QUERY_OF_PAGE = "/search?q=nu%C3%B4i%20bi%E1%BB%83n"


def plan(number: int) -> str:
    items = "\n\n".join(f"{item}. Nuôi biển{' xa bờ' * (item % 3)} việc {item}." for item in range(1, 3 + number % 4))
    signed = END.replace("Trần Văn Mẫu", OTHER_SIGNER) if number % 5 == 0 else END
    title = f"Nuôi biển {number}"
    return head(UBND, f"{number}/KH-UBND", f"10 tháng 4 năm {2015 + number % 6}", "KẾ HOẠCH", title) + f"Điều 1. Việc\n\n{items}" + signed


REPEALED = head(HDND, "12/NQ-HĐND", "05 tháng 3 năm 2021", "NGHỊ QUYẾT", "Về nuôi biển") + (
    "Điều 1. Nhiệm vụ\n\nNuôi biển xa bờ.\n\nĐiều 2. Hiệu lực\n\nNghị quyết này có hiệu lực từ ngày 15 tháng 3 năm 2021." + END
)
REPEALING = head(HDND, "30/NQ-HĐND", "05 tháng 3 năm 2022", "NGHỊ QUYẾT", "Về nuôi biển mới") + (
    "Điều 1. Nhiệm vụ\n\nNuôi biển gần bờ.\n\nĐiều 2. Hiệu lực\n\nNghị quyết này có hiệu lực từ ngày 15 tháng 3 năm 2022 và thay thế "
    "Nghị quyết số 12/NQ-HĐND ngày 05 tháng 3 năm 2021 của Hội đồng nhân dân tỉnh." + END
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("grouping")
    (folder / "corpus").mkdir()
    files = {f"{number}.txt": plan(number) for number in range(1, COUNT + 1)} | {"old.txt": REPEALED, "new.txt": REPEALING}
    for name, text in files.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    made = load_settings(folder / "corpus", folder / "index")
    assert not sync(made, (), None).failures
    return made


@pytest.fixture(scope="module")
def searcher(settings: Settings) -> Searcher:
    return Searcher(settings)


@pytest.fixture
def site(settings: Settings, searcher: Searcher) -> FlaskClient:
    return create_app(settings, searcher).test_client()


def page_of(site: FlaskClient, address: str) -> str:
    return " ".join(_Page(site.get(address).text).text.split())


# --- grouping ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("query", [QUERY, "nuoi bien xa bo"])
def test_groups_are_in_the_order_of_their_first_hit_and_each_is_given_once(searcher: Searcher, query: str, sort: Sort) -> None:
    flat = searcher.search(query, sort=sort, limit=1000)
    order = list(dict.fromkeys(hit.document.id for hit in flat.hits))
    assert len(order) > 20
    paged: list[str] = []
    for offset in range(0, len(order) + 10, 10):
        result = searcher.search(query, sort=sort, limit=10, offset=offset, grouped=True)
        assert (result.total, result.facets) == (flat.total, flat.facets), "they are of the matches, however these are shown"
        documents = [hit.document.id for hit in result.hits]
        paged += dict.fromkeys(documents)
        assert all(documents.count(one) <= HITS_OF_A_DOCUMENT for one in documents)
        for one, following in pairwise(result.hits):
            assert one.document.id != following.document.id or one.score >= following.score, "its best stands first"
    assert paged == order


def test_the_best_hits_of_a_document_are_those_of_the_flat_list(searcher: Searcher) -> None:
    flat = searcher.search(QUERY, limit=1000).hits
    for hit in searcher.search(QUERY, grouped=True).hits:
        best = [one.clause.eid for one in flat if one.document.id == hit.document.id][:HITS_OF_A_DOCUMENT]
        assert hit.clause.eid in best


@pytest.mark.parametrize("sort", get_args(Sort))
def test_later_pages_look_among_the_documents_that_are_left(searcher: Searcher, monkeypatch: pytest.MonkeyPatch, sort: Sort) -> None:
    flat = searcher.search(QUERY, sort=sort, limit=1000)
    order = list(dict.fromkeys(hit.document.id for hit in flat.hits))
    asked: list[EngineQuery] = []
    search = searcher.engine.search

    def watched(query: EngineQuery) -> EngineResult:
        asked.append(query)
        return search(query)

    monkeypatch.setattr(searcher.engine, "search", watched)
    monkeypatch.setattr("kgsearch.retrieval.searcher.RANKED", 10)
    paged = []
    for offset in range(0, len(order) + 10, 10):
        asked.clear()
        result = searcher.search(QUERY, sort=sort, limit=10, offset=offset, grouped=True)
        assert len(result.facets["document"]) == len(order), "the filters of a later page are those of the first"
        assert result.listed is None, "all of them are reached"
        assert max(query.limit for query in asked) == 10, "what was ranked once is not ranked again"
        paged += dict.fromkeys(hit.document.id for hit in result.hits)
    assert sorted(paged) == sorted(order) and (sort == "relevance" or paged == order)


def test_it_is_said_where_not_all_documents_are_reached(site: FlaskClient, searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.retrieval.searcher.RANKED", 10)
    monkeypatch.setattr("kgsearch.retrieval.searcher.MAX_RANKED", 20)
    result = searcher.search(QUERY, grouped=True, offset=20)
    assert result.listed and 0 < result.listed <= 20 < len(result.facets["document"])
    assert f"Chỉ liệt kê {result.listed} kết quả đầu" in page_of(site, f"{QUERY_OF_PAGE}&group=document&page=2")
    assert "Chỉ liệt kê" not in page_of(site, QUERY_OF_PAGE)


def test_a_page_behind_all_that_is_listed_costs_no_more_than_the_first(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    search = searcher.engine.search

    def watched(query: EngineQuery) -> EngineResult:
        asked.append(query.limit)
        return search(query)

    monkeypatch.setattr(searcher.engine, "search", watched)
    for grouped in (False, True):
        searcher.search(QUERY, grouped=grouped)
        first, asked[:] = list(asked), []
        assert searcher.search(QUERY, grouped=grouped, offset=MAX_LISTED).hits == ()
        assert asked == first
        asked.clear()


@pytest.mark.parametrize("query", ["khoản 1 Điều 1 Kế hoạch số 3/KH-UBND", "12/NQ-HĐND", "số 12", "loai:nq"])
def test_what_is_named_is_grouped_too(searcher: Searcher, query: str) -> None:
    flat = searcher.search(query, limit=100)
    documents = list(dict.fromkeys(hit.document.id for hit in flat.hits))
    found = searcher.search(query, grouped=True)
    assert found.hits and list(dict.fromkeys(hit.document.id for hit in found.hits)) == documents[:10]
    assert found.listed is None
    assert searcher.search(query, grouped=True, offset=len(documents)).hits == ()


def test_the_page_of_groups(site: FlaskClient, searcher: Searcher) -> None:
    page = _Page(site.get(f"{QUERY_OF_PAGE}&group=document").text)
    groups = [attributes["id"] for tag, attributes in page.elements if tag == "h2" and (attributes.get("id") or "").startswith("group-")]
    assert len(groups) == 10
    assert {"name": "group", "value": "document", "type": "hidden"} in page.all("input"), "another query keeps the way of showing"
    assert f"{QUERY_OF_PAGE}&group=document&page=2" in page.links and QUERY_OF_PAGE in page.links
    assert f"{QUERY_OF_PAGE}&group=document&page=4" not in page.links
    result = searcher.search(QUERY, grouped=True)
    counts = dict(result.facets["document"])
    larger = next(hit.document.id for hit in result.hits if counts[hit.document.id] > HITS_OF_A_DOCUMENT)
    assert f"{QUERY_OF_PAGE}&document={larger}" in page.links, "all of a document's hits, flat"
    last = _Page(site.get(f"{QUERY_OF_PAGE}&group=document&page=3").text)
    assert sum((attributes.get("id") or "").startswith("group-") for tag, attributes in last.elements if tag == "h2") == COUNT + 2 - 20


def test_another_group_is_refused(site: FlaskClient) -> None:
    assert site.get(f"{QUERY_OF_PAGE}&group=issuer").status_code == 400


# --- signers -----------------------------------------------------------------------------------------------------------------


def test_a_signer_limits_a_search(searcher: Searcher) -> None:
    whole = searcher.search(QUERY, limit=1000)
    signed = searcher.search(QUERY, limit=1000, filters=Filters(signers=(OTHER_SIGNER,)))
    assert {hit.document.signer for hit in signed.hits} == {OTHER_SIGNER}
    expected = [hit.clause.eid for hit in whole.hits if hit.document.signer == OTHER_SIGNER]
    assert sorted(hit.clause.eid for hit in signed.hits) == sorted(expected)
    one = next(hit.document.id for hit in whole.hits if hit.document.signer != OTHER_SIGNER)
    for filters in (Filters(signers=("Không Ai",)), Filters(signers=(OTHER_SIGNER,), documents=(one,))):
        assert searcher.search(QUERY, filters=filters).total == 0
    assert {document.signer for document in searcher.reader.documents(Filters(signers=(OTHER_SIGNER,)))} == {OTHER_SIGNER}


def test_signers_are_counted_and_chosen_on_the_page(site: FlaskClient, searcher: Searcher) -> None:
    total = searcher.search(QUERY, filters=Filters(signers=(OTHER_SIGNER,))).total
    page = _Page(site.get(QUERY_OF_PAGE).text)
    assert {"type": "checkbox", "form": "kg-search", "name": "signer", "value": OTHER_SIGNER} in page.all("input")
    assert f"{OTHER_SIGNER} {total}" in " ".join(page.text.split())
    chosen = _Page(site.get(f"{QUERY_OF_PAGE}&signer=L%C3%AA%20Th%E1%BB%8B%20V%C3%AD%20D%E1%BB%A5").text)
    assert QUERY_OF_PAGE in chosen.links, "the chip takes it away"
    assert any(one.get("value") == OTHER_SIGNER and "checked" in one for one in chosen.all("input"))
    assert any(one.get("value") == "Trần Văn Mẫu" for one in chosen.all("input")), "the others can be added"


def test_signers_of_counted_documents() -> None:
    assert signer_counts({"a": 3, "b": 4, "c": 2, "d": 9}, {"a": "X", "b": "Y", "c": "X"}) == {"X": 5, "Y": 4}


def test_what_is_chosen_is_in_its_list_though_nothing_of_it_is_found() -> None:
    facet = facet_of("signer", {"X": 5, "Y": 4}, Filters(signers=("Z",)), {})
    assert facet is not None and facet.chosen
    assert [(value.value, value.count, value.chosen) for value in facet.shown] == [("Z", 0, True), ("X", 5, False), ("Y", 4, False)]
    assert facet_of("signer", {}, Filters(), {}) is None


# --- years -------------------------------------------------------------------------------------------------------------------


def test_years_are_a_scale_without_gaps() -> None:
    bars = year_bars({"2021": 40, "2018": 1, "2019": 10}, (), lambda years: f"years={years}")
    assert [(bar.year, bar.count, bar.height) for bar in bars] == [(2018, 1, 3), (2019, 10, 25), (2020, 0, 0), (2021, 40, 100)]
    assert bars[0].address == "years=(2018,)"


def test_of_several_chosen_years_a_bar_takes_its_own_away() -> None:
    bars = year_bars({"2018": 1, "2019": 2, "2020": 3}, (2020, 2018), lambda years: f"years={years}")
    assert [bar.address for bar in bars] == ["years=(2020,)", "years=(2019,)", "years=(2018,)"]


def test_years_of_a_century_are_those_that_have_something() -> None:
    bars = year_bars({"1946": 1, "2021": 2}, (), lambda years: "")
    assert [(bar.year, bar.after_gap) for bar in bars] == [(1946, False), (2021, True)]
    assert len(year_bars({"2000": 1, str(1999 + MOST_YEARS): 1}, (), lambda years: "")) == MOST_YEARS


@pytest.mark.parametrize(
    ("counts", "chosen", "years"), [({}, (), []), ({"2021": 4}, (), []), ({"2021": 4}, (2021,), [2021]), ({}, (1999,), [1999])]
)
def test_years_are_drawn_where_there_is_something_to_choose(counts: dict[str, int], chosen: tuple[int, ...], years: list[int]) -> None:
    assert [bar.year for bar in year_bars(counts, chosen, lambda years: "")] == years


def test_a_bar_filters_its_year_and_takes_the_filter_away(site: FlaskClient, searcher: Searcher) -> None:
    counts = dict(searcher.search(QUERY).facets["year"])
    page = _Page(site.get(QUERY_OF_PAGE).text)
    for year, count in counts.items():
        assert f"{QUERY_OF_PAGE}&year={year}" in page.links
        assert f"{year}: {count} điều khoản" in page.text, "for those who do not see the bar"
    chosen = _Page(site.get(f"{QUERY_OF_PAGE}&year=2018").text)
    assert QUERY_OF_PAGE in chosen.links and f"{QUERY_OF_PAGE}&year=2019" in chosen.links
    assert (
        sum(attributes.get("aria-current") == "true" and "year=" not in (attributes["href"] or "") for attributes in chosen.all("a")) >= 1
    )


# --- standing ----------------------------------------------------------------------------------------------------------------


def test_the_standing_of_each_document(searcher: Searcher) -> None:
    documents = {document.number: document for document in searcher.reader.documents()}
    found = badges(searcher.reader, documents.values(), date(2023, 1, 1))
    old, new, planned = (found[documents[number].id] for number in ("12/NQ-HĐND", "30/NQ-HĐND", "3/KH-UBND"))
    assert (old.force, old.since) == (Force.ENDED, date(2022, 3, 15))
    assert (new.force, planned.force) == (Force.IN_FORCE, Force.UNKNOWN)
    assert badges(searcher.reader, [documents["12/NQ-HĐND"]], date(2022, 1, 1)).popitem()[1].force is Force.IN_FORCE


def test_what_changes_a_document_is_read_alone(searcher: Searcher) -> None:
    for document in searcher.reader.documents():
        incoming = searcher.reader.relations(document.id)[1]
        assert searcher.reader.changing(document.id) == [one for one in incoming if one.relation in ("amends", "replaces", "repeals")]


@pytest.mark.parametrize("group", ["", "&group=document"])
def test_a_hit_says_that_its_document_has_no_effect_any_more(site: FlaskClient, group: str) -> None:
    page = _Page(site.get(f"/search?q=nu%C3%B4i+bi%E1%BB%83n+xa+b%E1%BB%9D+loai:nq{group}").text)
    assert any(attributes.get("class") == "force force-ended" for attributes in page.all("span"))
    assert "15/03/2022" in page.text
