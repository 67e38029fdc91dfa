"""Agencies whose names are written in several ways: one entry of a list, one filter that finds them all, in search, pages and API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_server import PLAN, REPORT, RESOLUTION, FakeService, page

from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync
from kgsearch.models import Filters
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.agencies import agency_key, in_every_spelling, in_one_spelling, merged, spellings
from kgsearch.server import create_app

COMMITTEE, SMALL, OLD = "Ủy ban Thường vụ Quốc hội", "Ủy ban thường vụ Quốc hội", "Uỷ ban Thường vụ Quốc hội"
KNOWN = spellings([SMALL, COMMITTEE, SMALL, OLD, "Chính phủ", ""])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (COMMITTEE, SMALL, True),
        (COMMITTEE, OLD, True),
        (COMMITTEE, "ỦY BAN  THƯỜNG VỤ\u00a0QUỐC HỘI", True),
        ("Sở Y tế", "Sở y tế", True),
        ("Tỉnh ủy Hải Giang", "Tỉnh uỷ Hải Giang", True),
        ("Ủy ban nhân dân tỉnh Hà Giang", "Ủy ban nhân dân tỉnh Hạ Giang", False),
        ("Bộ Tài chính", "Bộ Tài chinh", False),
        ("Ủy ban nhân dân", "Ủy ban nhân dân tỉnh", False),
    ],
)
def test_which_names_are_one_agency(one: str, other: str, same: bool) -> None:
    assert (agency_key(one) == agency_key(other)) is same


def test_the_commonest_spelling_is_the_name() -> None:
    assert KNOWN[agency_key(OLD)][0] == SMALL and set(KNOWN[agency_key(OLD)]) == {SMALL, COMMITTEE, OLD}
    assert spellings([SMALL, COMMITTEE])[agency_key(SMALL)][0] == COMMITTEE, "capitals where both are as common"
    assert spellings([COMMITTEE.upper(), COMMITTEE])[agency_key(SMALL)][0] == COMMITTEE
    assert "" not in KNOWN


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([(COMMITTEE, 2), (SMALL, 6), ("Chính phủ", 7)], [(SMALL, 8), ("Chính phủ", 7)]),
        ([(COMMITTEE, 1)], [(COMMITTEE, 1)]),
    ],
)
def test_counts_are_added_up(counts: Sequence[tuple[str, int]], expected: Sequence[tuple[str, int]]) -> None:
    assert merged(counts) == expected


def test_a_name_that_is_known_is_the_same_in_every_search() -> None:
    assert merged([(COMMITTEE, 1), ("Bộ Y tế", 1)], KNOWN) == [("Bộ Y tế", 1), (SMALL, 1)]


def test_filters_name_an_agency_once_or_in_every_spelling() -> None:
    filters = Filters(issuers=(OLD, COMMITTEE, "Nơi khác"), years=(2021,))
    assert in_one_spelling(filters, KNOWN) == Filters(issuers=(SMALL, "Nơi khác"), years=(2021,))
    assert set(in_every_spelling(filters, KNOWN).issuers) == {SMALL, COMMITTEE, OLD, "Nơi khác"}
    assert in_every_spelling(Filters(), KNOWN) == Filters()


# --- pages and API -------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    service = FakeService()
    service.reader.records = [replace(RESOLUTION, issuer=COMMITTEE), replace(PLAN, issuer=SMALL), replace(REPORT, issuer=SMALL)]
    return create_app(Settings(corpus=tmp_path, index=tmp_path / "index"), service).test_client()


def test_a_list_of_filters_has_one_entry_in_every_search(client: FlaskClient) -> None:
    for address in ("/search?q=giai+ngan", "/search?q=giai+ngan&year=2021", f"/search?q=giai+ngan&issuer={COMMITTEE}"):
        boxes = [box for box in page(client, address).all("input") if box.get("name") == "issuer"]
        assert [box["value"] for box in boxes] == [SMALL], address
        assert ("checked" in boxes[0]) is ("issuer=" in address)


def test_documents_are_browsed_by_agency_in_any_spelling(client: FlaskClient) -> None:
    for name in (COMMITTEE, SMALL, OLD):
        links = page(client, f"/documents?issuer={name}").links
        assert {f"/documents/{record.id}" for record in (RESOLUTION, PLAN, REPORT)} <= set(links), name
        listed = client.get("/api/v1/documents", query_string={"issuer": name}).json
        assert listed is not None and listed["total"] == 3
    assert len([link for link in page(client, "/").links if link.startswith("/documents?issuer=")]) == 1


# --- a real index --------------------------------------------------------------------------------------------------------

RULING = """ỦY BAN THƯỜNG VỤ QUỐC HỘI

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Nghị quyết số: {number}/2021/UBTVQH15

Hà Nội, ngày {number} tháng 6 năm 2021

NGHỊ QUYẾT
Về phân bổ kinh phí phòng, chống dịch năm 2021

Điều 1. Phân bổ kinh phí
Bổ sung kinh phí phòng, chống dịch cho các địa phương theo ý kiến của {agency}.

TM. ỦY BAN THƯỜNG VỤ QUỐC HỘI
CHỦ TỊCH
Nguyễn Văn An
"""


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("agencies")
    settings = load_settings(folder / "corpus", folder / "index")
    settings.corpus.mkdir()
    # The issuer's name is printed in capitals; how it is written follows the running text.
    for number, agency in ((5, COMMITTEE), (6, SMALL), (7, SMALL)):
        (settings.corpus / f"{number}.txt").write_text(RULING.format(number=number, agency=agency), encoding="utf-8")
    sync(settings, (), None)
    return Searcher(settings)


def test_one_filter_finds_all_spellings(searcher: Searcher) -> None:
    assert {record.issuer for record in searcher.reader.documents()} == {COMMITTEE, SMALL}
    everything = searcher.search("kinh phí phòng chống dịch")
    assert [name for name, _count in everything.facets["issuer"]] == [SMALL]
    for name in (COMMITTEE, SMALL, OLD):
        found = searcher.search("kinh phí phòng chống dịch", filters=Filters(issuers=(name,)))
        assert found.total == everything.total and found.facets == everything.facets, name
        assert {hit.document.issued for hit in found.hits} == {date(2021, 6, day) for day in (5, 6, 7)}
    assert searcher.search("kinh phí", filters=Filters(issuers=("Chính phủ",))).total == 0
    typed = searcher.search("coquan:ubtvqh", filters=Filters(issuers=(OLD,)))
    assert typed.total == 3 and [reading.read for reading in typed.readings] == [SMALL]
