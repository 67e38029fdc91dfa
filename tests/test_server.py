"""The web application over a small service in memory: every route, its errors, its headers, its bounds."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kgsearch.citations import cite
from kgsearch.config import Settings
from kgsearch.errors import IndexStateError, NotFoundError, UsageError
from kgsearch.language import fold, tokenise
from kgsearch.models import (
    Address,
    ClauseRecord,
    DocumentRecord,
    Filters,
    Hit,
    IncomingReference,
    Kind,
    LinkedReference,
    LinkState,
    MissingDocument,
    Reading,
    ReadingKind,
    Reference,
    Relation,
    RelationRecord,
    SearchResult,
    Span,
    VersionRecord,
)
from kgsearch.retrieval.grouping import grouped as by_document
from kgsearch.retrieval.searcher import MAX_LISTED
from kgsearch.retrieval.suggestions import Suggester, Suggestion
from kgsearch.server import create_app
from kgsearch.server.formats import collation_key, number
from kgsearch.server.highlighting import joined, marked, query_spans, snippet
from kgsearch.server.openapi import description
from kgsearch.server.outline import ancestors, lay_out, neighbours, subtree
from kgsearch.server.parameters import filters_of
from kgsearch.server.results import PAGE_SIZE

EVERYTHING = Filters()
HOSTILE = "<script>alert(1)</script>"

RESOLUTION = DocumentRecord(
    id="nghi-quyet-20-nq-hdnd-hai-giang-2021",
    number="20/NQ-HĐND",
    type="Nghị quyết",
    title="Về tiếp tục thực hiện nhiệm vụ phát triển kinh tế - xã hội tỉnh Hải Giang năm 2021",
    issuer="Hội đồng nhân dân tỉnh Hải Giang",
    place="Hải Giang",
    issued=date(2021, 10, 6),
    signer="Trần Thị Bích Ngọc",
    signer_title="CHỦ TỊCH",
    files=("nghi-quyet-20.txt",),
    recipients=("Ủy ban Thường vụ Quốc hội", "Chính phủ", "Lưu: VT"),
    bases=("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",),
    warnings=("Khoản 3 Điều 1 đứng hai lần.",),
)
REPORT = DocumentRecord(
    id="bao-cao-kiem-diem-2021",
    number="",
    type="Báo cáo",
    title=f"Kiểm điểm công tác chỉ đạo, điều hành năm 2021 {HOSTILE}",
    issuer="Ủy ban nhân dân tỉnh Hải Giang",
    place="",
    issued=None,
    signer="",
    signer_title="",
    files=("../outside.txt", "link.txt", "gone.txt"),
)
PLAN = DocumentRecord(
    id="ke-hoach-22-kh-ubnd-hai-giang-2021",
    number="22/KH-UBND",
    type="Kế hoạch",
    title="Triển khai thực hiện Nghị quyết số 01/NQ-CP trên địa bàn tỉnh Hải Giang",
    issuer="Ủy ban nhân dân tỉnh Hải Giang",
    place="Hải Giang",
    issued=date(2021, 2, 1),
    signer="Lê Văn Sơn",
    signer_title="KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
    files=("ke-hoach-22.txt",),
)
LONG = (
    "Chỉ đạo kịp thời tháo gỡ khó khăn, vướng mắc đối với các chỉ tiêu, lĩnh vực còn đạt thấp. "
    "Rà soát, sắp xếp lại các nhiệm vụ chi, cắt giảm các khoản chi chưa thật sự cần thiết. "
    * 5
    + "Quyết liệt đẩy nhanh tiến độ thực hiện và giải ngân vốn đầu tư công, phấn đấu đạt 84% kế hoạch vốn; "
    + "tập trung hoàn thành các công trình trọng điểm về giao thông, thủy lợi, y tế và giáo dục. " * 5
)

# (document, eId, parent, kind, label, heading, text, citation, more)
_CLAUSES: tuple[tuple[DocumentRecord, str, str, Kind, str, str, str, str, dict[str, Any]], ...] = (
    (RESOLUTION, "preamble", "", Kind.PREAMBLE, "", "", "Căn cứ Luật Tổ chức chính quyền địa phương;", "phần mở đầu", {}),
    (RESOLUTION, "chp_I", "", Kind.CHAPTER, "Chương I", "QUY ĐỊNH CHUNG", "QUY ĐỊNH CHUNG", "Chương I", {}),
    (
        RESOLUTION,
        "art_1",
        "chp_I",
        Kind.ARTICLE,
        "Điều 1",
        "Nhiệm vụ và giải pháp",
        "Nhiệm vụ và giải pháp Hội đồng nhân dân tỉnh nhất trí nội dung Báo cáo.",
        "Điều 1",
        {"footnotes": ("fn_1",)},
    ),
    (RESOLUTION, "art_1__para_2", "art_1", Kind.CLAUSE, "2.", "", "Nhiệm vụ những tháng cuối năm 2021", "khoản 2 Điều 1", {}),
    (RESOLUTION, "art_1__para_2__point_a", "art_1__para_2", Kind.POINT, "a)", "", LONG.strip(), "điểm a khoản 2 Điều 1", {"page": 2}),
    (
        RESOLUTION,
        "art_1__para_2__point_a__indent_1",
        "art_1__para_2__point_a",
        Kind.INDENT,
        "-",
        "",
        f"Giải ngân vốn đầu tư công {HOSTILE} & nguồn khác.",
        "gạch đầu dòng thứ nhất điểm a khoản 2 Điều 1",
        {},
    ),
    (RESOLUTION, "art_2", "chp_I", Kind.ARTICLE, "Điều 2", "Tổ chức thực hiện", "Tổ chức thực hiện", "Điều 2", {}),
    (RESOLUTION, "fn_1", "", Kind.FOOTNOTE, "1", "", "Báo cáo số 261/BC-UBND.", "chú thích 1", {"marked_in": "art_1"}),
    (REPORT, "sec_I", "", Kind.SECTION, "I.", "KẾT QUẢ", "KẾT QUẢ", "Mục I", {}),
    (
        REPORT,
        "sec_I__para_1",
        "sec_I",
        Kind.CLAUSE,
        "1.",
        "",
        "Giá trị giải ngân ước đến ngày 31/01/2022 là 4.321 tỷ đồng.",
        "khoản 1 Mục I",
        {},
    ),
    (
        PLAN,
        "att_1",
        "",
        Kind.ANNEX,
        "DANH MỤC",
        "MỘT SỐ NHIỆM VỤ CHỦ YẾU",
        "MỘT SỐ NHIỆM VỤ CHỦ YẾU",
        "Danh mục một số nhiệm vụ chủ yếu",
        {"columns": ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian")},
    ),
    *(
        (
            PLAN,
            f"att_1__row_{n}",
            "att_1",
            Kind.ROW,
            str(n),
            "",
            f"{task} Sở Kế hoạch và Đầu tư Quý I",
            f"số thứ tự {n} Danh mục một số nhiệm vụ chủ yếu",
            {"cells": (str(n), task, "Sở Kế hoạch và Đầu tư", "Quý I")},
        )
        for n, task in (
            (1, "Kế hoạch triển khai Nghị quyết số 01/NQ-CP"),
            (2, "Chỉ thị đẩy nhanh tiến độ giải ngân vốn đầu tư công năm 2021"),
        )
    ),
)


def _record(row: tuple[DocumentRecord, str, str, Kind, str, str, str, str, dict[str, Any]], position: int) -> ClauseRecord:
    document, eid, parent, kind, label, heading, text, citation, more = row
    below = [other[6] for other in _CLAUSES if other[0] is document and other[1].startswith(eid + "__")]
    return ClauseRecord(
        document=document.id,
        eid=eid,
        parent=parent,
        position=position,
        kind=kind,
        label=label,
        heading=heading,
        text=text,
        full_text="\n".join([text, *below]),
        citation=citation,
        headings=("Nhiệm vụ và giải pháp",) if parent.startswith("art_1") else (),
        **more,
    )


def linked(
    clause: ClauseRecord, text: str, *targets: Address, state: LinkState | None = None, relation: Relation = Relation.CITES
) -> LinkedReference:
    """The first ``text`` of a clause as a reference to ``targets``: missing where there are none, resolved where nothing else is said."""
    start = clause.text.index(text)
    reference = Reference(clause.eid, text, Span(start, start + len(text)), "", "document", text, relation=relation)
    return LinkedReference(reference, state or (LinkState.RESOLVED if targets else LinkState.MISSING), targets)


Earlier = tuple[VersionRecord, DocumentRecord, list[ClauseRecord]]


def version_of(held: Sequence[ClauseRecord], number: int) -> Earlier:
    """The resolution as it was: its point was shorter, and it had a second article fewer."""
    record = replace(RESOLUTION, title=f"Bản thảo lần {number} {HOSTILE}", issued=date(2021, 9, number))
    kept = [
        replace(clause, text=clause.text.replace("84%", f"{60 + number}%"))
        for clause in held
        if clause.document == RESOLUTION.id and clause.eid != "art_2"
    ]
    replaced = f"2021-10-0{number}T01:02:03+00:00"
    return VersionRecord(number, replaced, f"cu/nghi-quyet-20 {number}.txt", record.title, record.issued, len(kept)), record, kept


class FakeReader:
    """The catalogue's reader over the records above; ``links`` are the references of each document."""

    def __init__(self) -> None:
        self.records = [RESOLUTION, PLAN, REPORT]
        self.held = [_record(row, position) for position, row in enumerate(_CLAUSES)]
        self.changed = "2021-10-07T08:00:00+00:00"
        self.changes: dict[str, Sequence[RelationRecord]] = {}
        self.earlier = [version_of(self.held, 1), version_of(self.held, 2)]
        held = {(clause.document, clause.eid): clause for clause in self.held}
        self.linked = {
            RESOLUTION.id: [
                linked(held[RESOLUTION.id, "preamble"], "Luật Tổ chức chính quyền địa phương", relation=Relation.BASIS),
                linked(held[RESOLUTION.id, "art_1"], "Báo cáo", Address(REPORT.id)),
                linked(held[RESOLUTION.id, "fn_1"], "Báo cáo số 261/BC-UBND", Address(REPORT.id, "sec_I__para_1")),
            ],
            PLAN.id: [
                linked(held[PLAN.id, "att_1__row_1"], "Nghị quyết số 01/NQ-CP", Address(RESOLUTION.id, "art_1")),
                linked(held[PLAN.id, "att_1__row_2"], "giải ngân", Address(RESOLUTION.id), Address(REPORT.id), state=LinkState.AMBIGUOUS),
            ],
        }

    def document(self, document: str) -> DocumentRecord | None:
        return next((record for record in self.records if record.id == document), None)

    def documents(self, filters: Filters = EVERYTHING) -> Sequence[DocumentRecord]:
        return [record for record in self.records if _passes(record, filters)]

    def clause(self, document: str, eid: str) -> ClauseRecord | None:
        return next((clause for clause in self.clauses(document) if clause.eid == eid), None)

    def clauses(self, document: str) -> Sequence[ClauseRecord]:
        return [clause for clause in self.held if clause.document == document]

    def clauses_of(self, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], ClauseRecord]:
        return {(clause.document, clause.eid): clause for clause in self.held if (clause.document, clause.eid) in set(pairs)}

    def references(self, document: str) -> Sequence[LinkedReference]:
        return self.linked.get(document, [])

    def cited_by(self, document: str) -> Sequence[IncomingReference]:
        held = {(clause.document, clause.eid): clause for clause in self.held}
        return [
            IncomingReference(target, Address(source, one.reference.eid), held[source, one.reference.eid].citation, one.reference)
            for source, links in self.linked.items()
            for one in links
            for target in one.targets
            if one.state is LinkState.RESOLVED and target.document == document != source
        ]

    def citing_clause(self, document: str, eid: str) -> Sequence[IncomingReference]:
        return [one for one in self.cited_by(document) if one.target.eid == eid or one.target.eid.startswith(f"{eid}__")]

    def links(
        self, document: str
    ) -> tuple[Sequence[LinkedReference], Sequence[IncomingReference], Sequence[RelationRecord], Sequence[RelationRecord]]:
        outgoing = [
            RelationRecord(one.reference.relation, Address(document, one.reference.eid), target, one.reference.text, one.reference.whole)
            for one in self.references(document)
            for target in (one.targets if one.state is LinkState.RESOLVED else (None,))
            if target is None or target.document != document
        ]
        incoming = [
            RelationRecord(one.reference.relation, one.source, one.target, one.reference.text, one.reference.whole)
            for one in self.cited_by(document)
        ]
        return self.references(document), self.cited_by(document), outgoing, incoming

    def changing(self, document: str) -> Sequence[RelationRecord]:
        return self.changes.get(document, [])

    def versions(self, document: str) -> Sequence[VersionRecord]:
        kept = [entry for entry, record, _clauses in self.earlier if record.id == document]
        return sorted(kept, key=lambda entry: -entry.number)

    def version(self, document: str, number: int) -> tuple[DocumentRecord, Sequence[ClauseRecord]] | None:
        kept = ((record, held) for entry, record, held in self.earlier if record.id == document and entry.number == number)
        return next(kept, None)

    def missing(self, limit: int, offset: int) -> tuple[int, Sequence[MissingDocument]]:
        found = [
            MissingDocument(one.reference.text, "", 1, 1, Address(document, one.reference.eid))
            for document, links in self.linked.items()
            for one in links
            if one.state is LinkState.MISSING
        ]
        return len(found), found[offset : offset + limit]

    def meta(self) -> Mapping[str, str]:
        return {"changed": self.changed}

    def status(self) -> Mapping[str, Any]:
        failures = [{"file": "hong.txt", "reason": f"Tệp rỗng {HOSTILE}"}]
        return {
            "documents": len(self.records),
            "clauses": len(self.held),
            "changed": self.changed,
            "files_failed": 1,
            "failures": failures,
            "files_waiting": [{"file": f"dang-ghi {HOSTILE}.docx", "reason": "Tệp đang được ghi."}],
            "last_run": {
                "started": "2021-10-07T07:59:00+00:00",
                "ended": "2021-10-07T08:00:00+00:00",
                "added": 2,
                "changed": 0,
                "moved": 1,
                "removed": 0,
                "unchanged": 0,
                "failed": 1,
                "waiting": 1,
                "documents": len(self.records),
                "clauses": len(self.held),
                "phases": {"reading": {"done": 3, "seconds": 1.5, "rate": 2.0}, "learning": {"done": 0, "seconds": 0.0, "rate": 0.0}},
                "seconds": 61.4,
            },
            "engine": "fake",
            "files_ok": 3,
            "waiting": 0,
            "schema_version": 3,
            "analysis_version": 2,
            "reports_open": 0,
            "reports": [],
            "reports_error": None,
        }


READINGS = {
    "giari ngaan": (Reading(ReadingKind.TELEX, "giari ngaan", "giải ngân", "giari ngaan", exact=True),),
    "loai:xyz": (Reading(ReadingKind.UNKNOWN_VALUE, f"loai:{HOSTILE}", "", "giải ngân"),),
    "giải ngân BHTN": (Reading(ReadingKind.ABBREVIATION, "BHTN", HOSTILE, 'giải ngân "BHTN"'),),
    **{f"kind {kind}": (Reading(kind, HOSTILE, HOSTILE, HOSTILE, exact=True),) for kind in ReadingKind},
}


class FakeService:
    """A search that wants every folded syllable of the query in the clause; it keeps the real one's errors."""

    def __init__(self) -> None:
        self.reader = FakeReader()

    def status(self) -> Mapping[str, Any]:
        return {**self.reader.status(), "passages": len(self.reader.held), "engine_error": None, "lexicon": None}

    def search(
        self,
        query: str,
        *,
        filters: Filters = EVERYTHING,
        sort: str = "relevance",
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
        grouped: bool = False,
    ) -> SearchResult:
        if len(query) > 512:
            raise UsageError("Truy vấn dài quá 512 ký tự.")
        wanted = {fold(token.text) for token in tokenise(query)}
        found = []
        for clause in self.reader.held:
            spans = [Span(token.start, token.end) for token in tokenise(clause.text) if fold(token.text) in wanted]
            document = self.reader.document(clause.document)
            assert document is not None
            if wanted and len({fold(clause.text[s.start : s.end]) for s in spans}) == len(wanted) and _passes(document, filters):
                found.append((document, clause, tuple(spans)))
        if sort != "relevance":
            found.sort(key=lambda item: item[0].issued or date.min, reverse=sort == "newest")
        hits = tuple(_hit(rank, *item) for rank, item in enumerate(found, start=1))
        suggestion = "đầu tư công" if query == "dau tu kong" else None
        readings = () if exact else READINGS.get(query, ())
        result = SearchResult(query, fold(query), len(hits), hits, _facets(hits), suggestion, readings)
        return by_document(result, offset, limit) if grouped else replace(result, hits=hits[offset : offset + limit])

    def suggest(self, typed: str, limit: int = 8) -> Sequence[Suggestion]:
        return Suggester(self.reader.documents, lambda begun, most: (f"{begun} {HOSTILE}",)).suggest(typed, limit)

    def show(self, citation_or_id: str) -> Sequence[Hit | DocumentRecord]:
        records = [record for record in self.reader.records if citation_or_id in (record.id, record.number)]
        hits = [
            _hit(1, record, clause, ())
            for record in self.reader.records
            for clause in self.reader.clauses(record.id)
            if clause.citation == citation_or_id
        ]
        if not records and not hits:
            raise NotFoundError(f"Không có “{citation_or_id[:40]}”.")
        return [*records, *hits]


class BrokenService:
    """A service whose index cannot be used."""

    @property
    def reader(self) -> FakeReader:
        raise IndexStateError("Chưa có chỉ mục; chạy: kgsearch index")

    def search(self, query: str, **_options: Any) -> SearchResult:
        raise IndexStateError("Chưa có chỉ mục; chạy: kgsearch index")

    def status(self) -> Mapping[str, Any]:
        raise IndexStateError("Chưa có chỉ mục; chạy: kgsearch index")

    def show(self, citation_or_id: str) -> Sequence[Hit | DocumentRecord]:
        raise IndexStateError("Chưa có chỉ mục; chạy: kgsearch index")


def _hit(rank: int, document: DocumentRecord, clause: ClauseRecord, spans: tuple[Span, ...]) -> Hit:
    full, short = cite(document, clause.citation, full=True), cite(document, clause.citation, full=False)
    return Hit(rank, 10.0 / rank, short, full, clause, document, spans)


def _passes(record: DocumentRecord, filters: Filters) -> bool:
    checks = (
        not filters.types or record.type in filters.types,
        not filters.issuers or record.issuer in filters.issuers,
        not filters.years or (record.issued is not None and record.issued.year in filters.years),
        not filters.documents or record.id in filters.documents,
        not filters.signers or record.signer in filters.signers,
        not filters.issued_from or (record.issued is not None and record.issued >= filters.issued_from),
        not filters.issued_to or (record.issued is not None and record.issued <= filters.issued_to),
    )
    return all(checks)


def _facets(hits: Sequence[Hit]) -> dict[str, list[tuple[str, int]]]:
    values = {
        "type": [hit.document.type for hit in hits],
        "issuer": [hit.document.issuer for hit in hits],
        "year": [str(hit.document.issued.year) for hit in hits if hit.document.issued],
        "document": [hit.document.id for hit in hits],
    }
    return {name: Counter(found).most_common() for name, found in values.items()}


def fake_corpus(folder: Path) -> Path:
    """A corpus folder with an original file, one outside it and a link to that."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "nghi-quyet-20.txt").write_text("NGHỊ QUYẾT", encoding="utf-8")
    (folder / "outside.txt").write_text("secret", encoding="utf-8")
    (corpus / "link.txt").symlink_to(folder / "outside.txt")
    return corpus


@pytest.fixture
def app(tmp_path: Path, service: FakeService) -> Flask:
    return create_app(Settings(corpus=fake_corpus(tmp_path), index=tmp_path / "index"), service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class _Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        return [link["href"] or "" for link in self.all("a") if "href" in link]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _tag, attributes in self.elements if "id" in attributes]


def page(client: FlaskClient, address: str, status: int = 200) -> _Page:
    response = client.get(address)
    assert response.status_code == status, response.text
    assert HOSTILE not in response.text
    return _Page(response.text)


DOCUMENT = f"/documents/{RESOLUTION.id}"
PAGES = (
    "/",
    "/search",
    "/search?q=gi%E1%BA%A3i+ng%C3%A2n",
    "/search?q=giai+ngan&type=K%E1%BA%BF+ho%E1%BA%A1ch&year=2021",
    "/search?q=giai+ngan&group=document",
    "/search?q=khong+co+gi",
    "/documents",
    "/documents?year=2021",
    DOCUMENT,
    f"{DOCUMENT}?q=giai+ngan",
    f"{DOCUMENT}/art_1",
    f"{DOCUMENT}?version=1",
    f"{DOCUMENT}?version=2&q=giai+ngan",
    f"/compare?a={RESOLUTION.id}",
    f"/compare?a={RESOLUTION.id}%401",
    f"/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}",
    f"/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}%402",
    f"/documents/{PLAN.id}",
    f"/documents/{PLAN.id}/att_1__row_2",
    f"/documents/{REPORT.id}",
    f"/documents/{REPORT.id}/sec_I__para_1",
    f"{DOCUMENT}/cited-by",
    f"/documents/{REPORT.id}/cited-by?eid=sec_I__para_1",
    f"{DOCUMENT}/relations?group=out-cites",
    f"/documents/{PLAN.id}/reference?eid=att_1__row_2&at=26",
    "/missing",
    "/status",
)


# --- pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole(client: FlaskClient, address: str) -> None:
    found = page(client, address)
    assert found.all("html")[0]["lang"] == "vi"
    assert len(found.all("h1")) == 1
    assert found.all("main") and found.all("header") and found.all("footer")
    assert len(found.ids) == len(set(found.ids)), "ids are unique"
    labelled = {label.get("for") for label in found.all("label")}
    for field in found.all("input"):
        assert field["type"] in ("hidden", "checkbox", "date") or field.get("id") in labelled


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, address: str) -> None:
    found = page(client, address)
    for link in dict.fromkeys(found.links):
        path, _mark, anchor = link.partition("#")
        if not path:
            assert anchor in found.ids
            continue
        path = path if path[0] != "?" else address.partition("?")[0] + path
        assert path.startswith("/"), "nothing is fetched from elsewhere"
        if "/file/" not in path:
            response = client.get(path, follow_redirects=True)
            assert response.status_code == 200, link
            assert not anchor or f'id="{anchor}"' in response.text


def test_pages_load_nothing_from_elsewhere_and_have_no_inline_script(client: FlaskClient) -> None:
    for address in PAGES:
        found = page(client, address)
        for tag, attributes in found.elements:
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            for name in ("src", "href", "action"):
                assert not (attributes.get(name) or "/").startswith(("http:", "https:", "//", "javascript:", "data:")), tag
        assert all(script.get("src") for script in found.all("script"))


def test_start_page_tells_what_there_is(client: FlaskClient) -> None:
    found = page(client, "/")
    assert "06/10/2021" in found.text
    assert f"/documents/{RESOLUTION.id}" in found.links
    assert any(link.startswith("/documents?type=") for link in found.links)
    queries = [link for link in found.links if link.startswith("/search?q=")]
    assert len(queries) == 5, "words with and without marks, a number, a citation, a question"


def test_start_page_of_an_empty_catalogue(client: FlaskClient, service: FakeService) -> None:
    service.reader.records, service.reader.held = [], []
    assert "kgsearch index" in page(client, "/").text


def test_start_page_counts_again_when_the_catalogue_changes(client: FlaskClient, service: FakeService) -> None:
    page(client, "/")
    service.reader.records = [PLAN]
    service.reader.changed = "2022-01-01T00:00:00+00:00"
    assert RESOLUTION.number not in page(client, "/").text


def test_results_show_citation_marks_and_facets(client: FlaskClient) -> None:
    response = client.get("/search?q=giai ngan")
    found = _Page(response.text)
    assert "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND" in found.text
    assert "<mark>giải ngân</mark>" in response.text
    assert f"{DOCUMENT}?q=giai%20ngan#art_1__para_2__point_a" in found.links
    boxes = [(box["name"], box["value"]) for box in found.all("input") if box["type"] == "checkbox"]
    assert ("type", "Nghị quyết") in boxes and ("year", "2021") in boxes and ("document", PLAN.id) in boxes
    assert all(box["form"] == "kg-search" for box in found.all("input") if box["type"] == "checkbox")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text


def test_a_filter_in_force_can_be_removed_and_its_list_still_offers_the_others(client: FlaskClient) -> None:
    found = page(client, "/search?q=giai+ngan&type=Nghị quyết&from=2021-01-01")
    boxes = {box["value"]: box for box in found.all("input") if box["type"] == "checkbox" and box["name"] == "type"}
    assert "checked" in boxes["Nghị quyết"] and "checked" not in boxes["Kế hoạch"]
    assert "/search?q=giai%20ngan&from=2021-01-01" in found.links
    assert "/search?q=giai%20ngan&type=Ngh%E1%BB%8B%20quy%E1%BA%BFt" in found.links
    assert "Từ 01/01/2021" in found.text


def test_a_filter_that_leaves_nothing_stays_visible_and_says_what_there_is_without_it(client: FlaskClient) -> None:
    found = page(client, "/search?q=giai+ngan&year=1999")
    assert "/search?q=giai%20ngan" in found.links
    assert re.search(r"0 .*4", found.text)
    chosen = [box for box in found.all("input") if box["type"] == "checkbox" and "checked" in box]
    assert [(box["name"], box["value"]) for box in chosen] == [("year", "1999")]


def test_an_empty_result_offers_nearer_searches(client: FlaskClient) -> None:
    assert "/search?q=giai%20ngan" in page(client, "/search?q=giai ngan khongco").links
    assert "/search?q=giai%20ngan" in page(client, "/search?q=giai ngan khongco&year=1999").links


def test_orders_and_pages(client: FlaskClient, service: FakeService) -> None:
    one = service.reader.held[5]
    service.reader.held = [replace(one, eid=f"art_1__para_{n}", citation=f"khoản {n} Điều 1") for n in range(1, 26)]
    first = page(client, "/search?q=giai+ngan&sort=newest")
    assert "/search?q=giai%20ngan&sort=newest&page=2" in first.links
    assert {"name": "sort", "value": "newest", "type": "hidden"} in first.all("input")
    third = page(client, "/search?q=giai+ngan&sort=newest&page=3")
    assert "/search?q=giai%20ngan&sort=newest&page=2" in third.links
    assert "khoản 25 Điều 1" in third.text and "khoản 4 Điều 1" not in third.text
    assert "/search?q=giai%20ngan" in page(client, "/search?q=giai+ngan&page=9").links


def test_the_last_page_is_the_last_that_is_listed(client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(listed: int | None, hits: int) -> None:
        held = _hit(1, service.reader.records[0], service.reader.held[5], ())
        result = SearchResult("giải ngân", "giải ngân", 22_414, (held,) * hits, {}, listed=listed)
        monkeypatch.setattr(service, "search", lambda *_positional, **_named: result)

    found(MAX_LISTED, 10)
    last = MAX_LISTED // PAGE_SIZE
    shown = page(client, f"/search?q=giai+ngan&page={last}")
    assert "22.414 điều khoản" in shown.text
    assert f"/search?q=giai%20ngan&page={last - 1}" in shown.links and f"/search?q=giai%20ngan&page={last + 1}" not in shown.links
    assert "1.000" in shown.text
    found(MAX_LISTED, 0)
    assert f"/search?q=giai%20ngan&page={last}" in page(client, "/search?q=giai+ngan&page=900").links
    # filters alone list everything
    found(None, 10)
    shown = page(client, "/search?q=loai:nq&page=2240")
    assert "/search?q=loai%3Anq&page=2241" in shown.links and "1.000" not in shown.text


def test_a_number_offers_its_document(client: FlaskClient) -> None:
    assert DOCUMENT in page(client, "/search?q=20/NQ-HĐND").links


def test_a_suggestion_is_a_link(client: FlaskClient) -> None:
    assert "/search?q=%C4%91%E1%BA%A7u%20t%C6%B0%20c%C3%B4ng" in page(client, "/search?q=dau tu kong").links


@pytest.mark.parametrize(
    ("query", "said", "undone"),
    [
        ("giari ngaan", "giải ngân", "/search?q=giari%20ngaan&exact=1"),
        ("loai:xyz", "loai:&lt;script&gt;", "/search?q=gi%E1%BA%A3i%20ng%C3%A2n"),
        ("giải ngân BHTN", "&lt;script&gt;", "/search?q=gi%E1%BA%A3i%20ng%C3%A2n%20%22BHTN%22"),
    ],
)
def test_what_a_query_was_read_as_is_said_and_undone_by_a_link(client: FlaskClient, query: str, said: str, undone: str) -> None:
    response = client.get("/search", query_string={"q": query})
    assert said in response.text and HOSTILE not in response.text
    assert undone in page(client, f"/search?q={query}").links


@pytest.mark.parametrize("kind", list(ReadingKind))
def test_every_reading_has_its_sentence_and_is_escaped(client: FlaskClient, kind: ReadingKind) -> None:
    response = client.get("/search", query_string={"q": f"kind {kind}"})
    assert response.status_code == 200
    assert 'class="readings' in response.text and HOSTILE not in response.text


def test_exactly_as_typed_is_said_and_kept(client: FlaskClient) -> None:
    exact = page(client, "/search?q=giari ngaan&exact=1")
    assert "/search?q=giari%20ngaan" in exact.links, "back to the usual search"
    assert 'class="readings' not in client.get("/search?q=giari ngaan&exact=1").text
    assert '<input type="hidden" name="exact" value="1">' in client.get("/search?q=giari ngaan&exact=1").text
    assert "/search?q=gi%E1%BA%A3i%20ng%C3%A2n&sort=newest&exact=1" in page(client, "/search?q=giải ngân&exact=1").links


def test_documents_are_listed_and_filtered(client: FlaskClient) -> None:
    assert {f"/documents/{record.id}" for record in (RESOLUTION, PLAN, REPORT)} <= set(page(client, "/documents").links)
    only = page(client, "/documents?type=Báo cáo")
    assert f"/documents/{REPORT.id}" in only.links and DOCUMENT not in only.links


def test_document_page_has_card_contents_and_anchors(client: FlaskClient) -> None:
    found = page(client, DOCUMENT)
    for text in (RESOLUTION.title, "06/10/2021", RESOLUTION.signer, RESOLUTION.recipients[0], RESOLUTION.bases[0], RESOLUTION.warnings[0]):
        assert text in found.text
    eids = [clause.eid for clause in FakeReader().clauses(RESOLUTION.id)]
    assert set(eids) <= set(found.ids)
    short = [client.get(DOCUMENT + link).headers["Location"] for link in found.links if link.startswith("?")]
    assert sorted(short) == sorted(f"{DOCUMENT}/{eid}" for eid in eids), "each clause has its own page"
    assert found.links.count("#art_1") == 2, "contents, back from the footnote"
    assert "#fn_1" in found.links
    assert f"{DOCUMENT}/file/1" in found.links
    assert "Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang" in found.text


def test_rows_are_a_table_under_their_column_heads(client: FlaskClient) -> None:
    html = client.get(f"/documents/{PLAN.id}?q=giai ngan").text
    found = _Page(html)
    assert len(found.all("table")) == 1
    assert [head["scope"] for head in found.all("th")] == ["col"] * 4
    assert '<tr id="att_1__row_2">' in html
    assert "<mark>giải ngân</mark>" in html
    (link,) = re.findall(r'<tr id="att_1__row_2"><td><a href="([^"]+)">2</a></td>', html)
    assert client.get(f"/documents/{PLAN.id}{link}").headers["Location"] == f"/documents/{PLAN.id}/att_1__row_2"


def test_a_documents_own_words_are_marked(client: FlaskClient) -> None:
    html = client.get(f"{DOCUMENT}?q=giai ngan").text
    assert html.count("<mark>") == 2
    assert "#art_1__para_2__point_a" in _Page(html).links
    assert "<mark>" not in client.get(f"{DOCUMENT}?q=khong thay").text


def test_clause_page_has_both_citations_place_and_neighbours(client: FlaskClient) -> None:
    found = page(client, f"{DOCUMENT}/art_1__para_2__point_a")
    assert "điểm a khoản 2 Điều 1 Nghị quyết số 20/NQ-HĐND ngày 06/10/2021 của Hội đồng nhân dân tỉnh Hải Giang" in found.text
    for link in (DOCUMENT, f"{DOCUMENT}/art_1", f"{DOCUMENT}/art_1__para_2", f"{DOCUMENT}/art_2"):
        assert link in found.links
    assert "art_1__para_2__point_a__indent_1" in found.ids, "what stands in the clause is shown with it"
    assert "fn_1" in page(client, f"{DOCUMENT}/art_1").ids, "so is its footnote"


def test_the_page_of_a_row_has_its_column_heads(client: FlaskClient) -> None:
    html = client.get(f"/documents/{PLAN.id}/att_1__row_2").text
    assert '<th scope="col">Đơn vị chủ trì</th>' in html
    assert html.count("<tr") == 2, "the heads and this row alone"


def test_english_on_request_is_remembered(client: FlaskClient) -> None:
    assert page(client, "/?lang=en").all("html")[0]["lang"] == "en"
    assert "Latest documents" in page(client, "/").text
    assert "Văn bản mới nhất" in page(client, "/?lang=vi").text
    assert page(client, "/?lang=xx").all("html")[0]["lang"] == "vi"
    switch = page(client, "/search?q=giai+ngan&type=Báo cáo").links
    assert "/search?q=giai%20ngan&type=B%C3%A1o%20c%C3%A1o&lang=en" in switch


@pytest.mark.parametrize("path", ["/%5Cexample.org/", "/%09/example.org/", "/documents/a%3Fb%23c"])
def test_another_language_is_of_the_same_page_of_this_server(client: FlaskClient, path: str) -> None:
    assert f"{path}?lang=en" in page(client, path, 404).links, "a browser takes a backslash for a stroke and passes over tabs"


def test_every_message_of_the_pages_is_translated(client: FlaskClient) -> None:
    """A page in Vietnamese holds none of the English that its templates are written in."""
    from kgsearch.i18n import gettext, use_language

    use_language("vi")
    folder = Path(create_app.__code__.co_filename).parents[2] / "web" / "templates"
    messages = {match for path in folder.iterdir() for match in re.findall(r'[^n]_\("([^"]+)"', path.read_text(encoding="utf-8"))}
    assert len(messages) > 60
    untranslated = sorted(message for message in messages if gettext(message) == message)
    assert not untranslated


# --- originals -------------------------------------------------------------------------------------------------------------


def test_an_original_file_is_a_harmless_download(client: FlaskClient) -> None:
    response = client.get(f"{DOCUMENT}/file/1")
    assert response.data.decode() == "NGHỊ QUYẾT"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    response.close()


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 10**12])
def test_what_lies_outside_the_corpus_folder_is_refused(client: FlaskClient, number: int) -> None:
    response = client.get(f"/documents/{REPORT.id}/file/{number}")
    assert response.status_code == 404
    assert "secret" not in response.text


# --- errors, bounds, headers -------------------------------------------------------------------------------------------------

NASTY = (
    "",
    " ",
    "\0",
    "'",
    '"',
    "<script>alert(1)</script>",
    "{{ 70*7000000001 }}",
    "${70*7000000001}",
    "%",
    "%00",
    "%(name)s {name} {0}",
    "../../etc/passwd",
    "a" * 512,
    "a" * 513,
    "đ" * 100_000,
    "(" * 2000,
    "NOT NOT a",
    "*a*",
    "?*?*?*",
    "\u202e\u200b\ufeff",
    "e\u0302\u0301" * 200,
    "🏛" * 50,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "ABC\r\nX-Injected: 1",
)


@pytest.mark.parametrize("query", NASTY)
@pytest.mark.parametrize(
    "address", ["/search?q=", "/api/v1/search?q=", "/api/v1/show?id=", f"{DOCUMENT}?q=", "/search?q=a&type=", "/documents?issuer="]
)
def test_no_query_breaks_the_server(client: FlaskClient, address: str, query: str) -> None:
    name, _equals, _empty = address.rpartition("=")
    path, _question, arguments = name.partition("?")
    *pairs, last = arguments.split("&")
    query_string = {**dict(pair.split("=") for pair in pairs), last: query}
    response = client.get(path, query_string=query_string)
    assert response.status_code < 500
    assert HOSTILE not in response.text or response.is_json
    assert "X-Injected" not in response.headers
    assert str(70 * 7000000001) not in response.text
    assert len(response.data) < 200_000


@pytest.mark.parametrize("raw", ["%ff", "%ed%a0%80", "%00", "%F0%9F", "+", "%"])
@pytest.mark.parametrize(
    "address", ["/search?q={}", "/api/v1/search?q={}", "/documents/{}", DOCUMENT + "/{}", "/api/v1/show?id={}", "/documents?type={}"]
)
def test_no_bytes_break_the_server(client: FlaskClient, address: str, raw: str) -> None:
    assert client.get(address.format(raw)).status_code < 500


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ("n=abc", "n"),
        ("n=0", "n"),
        ("n=101", "n"),
        ("n=-1", "n"),
        ("n=1.5", "n"),
        ("n=٣", "n"),
        ("offset=-1", "offset"),
        ("offset=99999999999", "offset"),
        ("from=yesterday", "from"),
        ("from=2021-02-30", "from"),
        ("from=30/02/2021", "from"),
        ("to=12/31/2021", "to"),
        ("to=1/1/21", "to"),
        ("to=20210101", "to"),
        ("to=2021-W01-1", "to"),
        ("from=2022-01-01&to=2021-01-01", "from"),
        ("year=soon", "year"),
        ("year=99999", "year"),
        ("sort=best", "sort"),
        ("colour=red", "colour"),
        ("page=2", "page"),
        ("n=1&n=2", "n"),
        ("type=" + "a" * 301, "type"),
        ("&".join(f"type={n}" for n in range(21)), "type"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, arguments: str, wrong: str) -> None:
    response = client.get(f"/api/v1/search?q=a&{arguments}")
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["error"]["code"] == "bad_request"
    assert wrong in response.json["error"]["message"]
    assert response.json["error"]["message"].count("\n") == 0


@pytest.mark.parametrize("written", ["2021-03-05", "05/03/2021", "5/3/2021", "05-03-2021", "5.3.2021", " 05/03/2021 "])
def test_a_date_is_read_day_first_or_as_iso(written: str) -> None:
    assert filters_of(MultiDict({"from": written})).issued_from == date(2021, 3, 5)


def test_a_bad_filter_of_a_page_is_a_message_not_a_stack(client: FlaskClient) -> None:
    found = page(client, "/search?q=giai+ngan&year=soon", status=400)
    assert "soon" in found.text and "Traceback" not in found.text
    assert [field["value"] for field in found.all("input") if field.get("id") == "kg-q"] == ["giai ngan"]
    page(client, "/search?q=" + "a" * 600, status=400)
    page(client, "/search?q=a&page=0", status=400)


def test_without_an_index_pages_and_api_say_what_to_do(tmp_path: Path) -> None:
    client = create_app(Settings(corpus=tmp_path, index=tmp_path / "none"), BrokenService()).test_client()
    for address in ("/", "/search?q=a", "/documents", "/documents/x", "/status", "/healthz"):
        response = client.get(address)
        assert response.status_code == 503
        assert "kgsearch index" in response.text
    answer = client.get("/api/v1/search?q=a")
    assert answer.status_code == 503
    assert answer.json == {"error": {"code": "index_unavailable", "message": "Chưa có chỉ mục; chạy: kgsearch index"}}


def test_what_is_not_there(client: FlaskClient) -> None:
    page(client, "/nowhere", status=404)
    page(client, "/documents/none", status=404)
    page(client, f"{DOCUMENT}/art_99", status=404)
    answer = client.get("/api/v1/nowhere")
    assert answer.status_code == 404 and answer.is_json
    assert client.get("/api/v1/show?id=none").status_code == 404


def test_a_failure_of_the_program_shows_no_inside(
    app: Flask, service: FakeService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_query: str, **_options: Any) -> SearchResult:
        raise RuntimeError("the secret path /srv")

    monkeypatch.setattr(service, "search", fail)
    client = app.test_client()
    for address in ("/search?q=a", "/api/v1/search?q=a"):
        response = client.get(address)
        assert response.status_code == 500
        assert "secret" not in response.text
    assert "the secret path" in caplog.text, "the log has it"


def test_the_index_is_opened_when_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = [BrokenService(), FakeService()]

    def open_index(_settings: Settings) -> Any:
        if isinstance(opened[0], BrokenService):
            opened.pop(0)
            raise IndexStateError("Chưa có chỉ mục.")
        return opened[0]

    monkeypatch.setattr("kgsearch.server.app._open", open_index)
    client = create_app(Settings(corpus=tmp_path, index=tmp_path)).test_client()
    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").status_code == 200


def _addresses(app: Flask) -> Iterator[tuple[str, str]]:
    values = {"document_id": RESOLUTION.id, "eid": "art_1", "number": "1", "version": "1", "filename": "kgsearch.css"}
    for rule in app.url_map.iter_rules():
        yield rule.rule, re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule.rule)


def test_every_route_is_safe_and_only_reads(app: Flask) -> None:
    client = app.test_client()
    for rule, address in _addresses(app):
        response = client.get(address)
        assert response.status_code < 500, rule
        policy = response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox")
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        response.close()
        # Reporting an error writes, to nothing but the reports: tests/test_fault_reports.py.
        for method in (client.put, client.delete, *([] if str(rule) == "/report" else [client.post])):
            refused = method(address)
            assert refused.status_code == 405
            assert "GET" in refused.headers["Allow"]


def test_the_scripts_nonce_is_new_each_time(client: FlaskClient) -> None:
    seen = set()
    for _time in range(2):
        response = client.get("/")
        nonce = _Page(response.text).all("script")[0]["nonce"]
        assert f"script-src 'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
        seen.add(nonce)
    assert len(seen) == 2


def test_only_trusted_hosts_are_answered(tmp_path: Path) -> None:
    settings: Any = SimpleNamespace(corpus=tmp_path, index=tmp_path, language="vi", trusted_hosts=("tracuu.haigiang.example",))
    client = create_app(settings, FakeService()).test_client()
    assert client.get("/", headers={"Host": "tracuu.haigiang.example"}).status_code == 200
    for address in ("/", "/api/v1/status", "/opensearch.xml"):
        refused = client.get(address, headers={"Host": "evil.example"})
        assert refused.status_code == 400
        assert "evil" not in refused.text


def test_opensearch_and_health(client: FlaskClient) -> None:
    response = client.get("/opensearch.xml")
    assert response.mimetype == "application/opensearchdescription+xml"
    name = re.search(r"<ShortName>(.+)</ShortName>", response.text)
    assert name and len(name[1]) <= 16
    assert 'template="http://localhost/search?q={searchTerms}"' in response.text
    assert client.get("/healthz").text == "ok\n"


# --- API ---------------------------------------------------------------------------------------------------------------------


def _validate(schema: Mapping[str, Any], value: Any) -> None:
    whole = {**schema, "components": description()["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


LINKS_OF_A_DOCUMENT = ("relations", "references", "cited-by", "versions")
API_CALLS = (
    ("/api/v1/search", "?q=giai+ngan"),
    (
        "/api/v1/search",
        "?q=giai+ngan&type=K%E1%BA%BF+ho%E1%BA%A1ch&year=2021&from=2021-01-01&to=2021-12-31&sort=oldest&n=1&offset=0&lang=en",
    ),
    ("/api/v1/search", "?q=khongco"),
    ("/api/v1/search", "?q=giari+ngaan"),
    ("/api/v1/search", "?q=giari+ngaan&exact=1"),
    ("/api/v1/search", "?q=giari+ngaan&exact=yes"),
    ("/api/v1/search", "?q="),
    ("/api/v1/suggest", "?q=20/nq"),
    ("/api/v1/suggest", "?q=phat+trien&n=1&lang=en"),
    ("/api/v1/suggest", "?q=phat&n=100"),
    ("/api/v1/suggest", ""),
    ("/api/v1/show", f"?id={RESOLUTION.id}"),
    ("/api/v1/show", "?id=%C4%90i%E1%BB%81u+1"),
    ("/api/v1/show", "?id=none"),
    ("/api/v1/show", ""),
    ("/api/v1/documents", ""),
    ("/api/v1/documents", "?year=2021&n=1&offset=1"),
    ("/api/v1/documents", "?q=a"),
    *((f"/api/v1/documents/{document}/{what}", "") for document in (RESOLUTION.id, PLAN.id, "none") for what in LINKS_OF_A_DOCUMENT),
    (f"/api/v1/documents/{RESOLUTION.id}/references", "?n=1&offset=1"),
    (f"/api/v1/documents/{REPORT.id}/cited-by", "?eid=sec_I__para_1&n=1&offset=0&lang=en"),
    (f"/api/v1/documents/{REPORT.id}/cited-by", "?n=0"),
    (f"/api/v1/documents/{RESOLUTION.id}/versions/1", ""),
    (f"/api/v1/documents/{RESOLUTION.id}/versions/2", "?n=2&offset=1&lang=en"),
    (f"/api/v1/documents/{RESOLUTION.id}/versions/3", ""),
    (f"/api/v1/documents/{RESOLUTION.id}/versions/x", ""),
    (f"/api/v1/documents/{RESOLUTION.id}/versions/1", "?n=0"),
    (f"/api/v1/documents/{PLAN.id}/versions/1", ""),
    ("/api/v1/compare", f"?a={RESOLUTION.id}%401&b={RESOLUTION.id}"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}%402%23art_1&b={RESOLUTION.id}%23art_1&view=all&n=1&offset=1&lang=en"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}&b={PLAN.id}"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}&b={RESOLUTION.id}%23art_1"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}%409&b={RESOLUTION.id}"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}"),
    ("/api/v1/compare", f"?a={RESOLUTION.id}&b={PLAN.id}&view=some"),
    ("/api/v1/missing", ""),
    ("/api/v1/missing", "?n=0"),
    ("/api/v1/status", ""),
    ("/api/v1/openapi.json", ""),
)


@pytest.mark.parametrize(("path", "arguments"), API_CALLS)
def test_api_answers_as_it_is_described(client: FlaskClient, path: str, arguments: str) -> None:
    response = client.get(path + arguments)
    described = client.get("/api/v1/openapi.json").json
    assert described is not None
    path = re.sub(r"(?<=/versions/)[^/]+", "{version}", re.sub(r"(?<=/documents/)[^/]+", "{document_id}", path))
    answer = described["paths"][path]["get"]["responses"][str(response.status_code)]
    _validate(answer["content"][response.mimetype]["schema"], response.json)


def test_every_route_of_the_api_is_described_and_no_other(app: Flask) -> None:
    served = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert set(description()["paths"]) == served


def test_every_parameter_described_is_taken_and_no_other(client: FlaskClient) -> None:
    for path, operations in description()["paths"].items():
        path = path.format(document_id=RESOLUTION.id, version=1)
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "path":
                continue
            response = client.get(f"{path}?{parameter['name']}=")
            assert response.json is not None
            message = response.json.get("error", {}).get("message", "")
            assert f"“{parameter['name']}”; " not in message, "it is not refused as unknown"
        assert client.get(f"{path}?unknown=1").status_code == 400


def test_search_of_the_api_keeps_to_the_contract(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=giải ngân&n=1&offset=1").json
    assert body is not None
    assert body["total"] == 4 and len(body["hits"]) == 1 and body["hits"][0]["rank"] == 2
    hit = body["hits"][0]
    assert [hit["text"][start:end].lower() for start, end in hit["highlights"]] == ["giải", "ngân"]
    assert hit["url"] == f"{DOCUMENT}#{hit['eid']}"
    assert "giải ngân" in client.get("/api/v1/search?q=giải ngân").text, "Vietnamese is not escaped"


# --- parts -------------------------------------------------------------------------------------------------------------------


def _spans_of(text: str) -> st.SearchStrategy[list[Span]]:
    ends = st.lists(st.integers(0, len(text)), min_size=0, max_size=8, unique=True).map(sorted)
    return ends.map(lambda points: [Span(a, b) for a, b in zip(points[::2], points[1::2], strict=False)])


@given(st.text(alphabet="ab đầu<&\n ", max_size=60).flatmap(lambda text: st.tuples(st.just(text), _spans_of(text))))
def test_marking_loses_nothing_and_escapes_everything(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    html = str(marked(text, spans))
    assert _Page(html).text == text
    assert html.count("<mark>") == len([span for span in joined(text, spans) if span.start < span.end])
    half = len(text) // 2
    assert _Page(str(marked(text, spans, Span(0, half)) + marked(text, spans, Span(half, len(text))))).text == text


@given(
    st.lists(st.sampled_from(["giải", "ngân", "vốn.", "đầu", "tư;", "công", "x" * 30]), min_size=1, max_size=200),
    st.sets(st.integers(0, 199)),
)
def test_a_snippet_never_cuts_a_mark_or_a_word(words: list[str], chosen: set[int]) -> None:
    text, spans = "", []
    for place, word in enumerate(words):
        if place in chosen:
            spans.append(Span(len(text), len(text) + len(word)))
        text += word + " "
    text = text.rstrip()
    cut = snippet(text, spans, length=100)
    marks = joined(text, spans)
    for mark in marks:
        assert (cut.start <= mark.start and mark.end <= cut.end) or mark.end <= cut.start or mark.start >= cut.end
    assert not marks or any(cut.start <= mark.start and mark.end <= cut.end for mark in marks)
    assert cut.start == 0 or text[cut.start - 1] == " "
    assert cut.end == len(text) or text[cut.end] == " " or any(mark.start == cut.end for mark in marks)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("giải ngân", ["Giải ngân"]),
        ("giai ngan", ["Giải ngân"]),
        ("ĐẦU TƯ CÔNG", ["đầu tư công"]),
        ("công", ["công"]),
        ("ngân công", []),
        ("", []),
        ("???", []),
    ],
)
def test_words_of_a_query_are_found_where_they_stand_together(query: str, found: list[str]) -> None:
    text = "Giải ngân vốn đầu tư công đạt 84%."
    assert [text[span.start : span.end] for span in joined(text, query_spans(text, query))] == found


def test_place_of_a_clause() -> None:
    clauses = FakeReader().clauses(RESOLUTION.id)
    by_eid = {clause.eid: clause for clause in clauses}
    assert [clause.eid for clause in subtree(clauses, "art_1__para_2")] == [
        "art_1__para_2",
        "art_1__para_2__point_a",
        "art_1__para_2__point_a__indent_1",
    ]
    assert [clause.eid for clause in ancestors(clauses, by_eid["art_1__para_2"])] == ["chp_I", "art_1"]
    before, after = neighbours(clauses, by_eid["art_2"])
    assert before and before.eid == "art_1"
    assert after and after.eid == "fn_1"
    assert neighbours(clauses, by_eid["preamble"])[0] is None
    looped = [replace(by_eid["art_1"], parent="art_2"), replace(by_eid["art_2"], parent="art_1")]
    assert len(ancestors(looped, looped[0])) <= 2, "a catalogue that is wrong does not hang the page"


def test_headings_of_the_layout_nest() -> None:
    layout = lay_out(FakeReader().clauses(RESOLUTION.id))
    levels = {block.clause.eid: block.level for block in layout.blocks if hasattr(block, "level")}
    assert levels["chp_I"] == 2 and levels["art_1"] == 3 and levels["art_1__para_2"] == 0
    assert [entry.eid for entry in layout.contents] == ["chp_I", "art_1", "art_2"]


def test_vietnamese_order_and_numbers() -> None:
    words = ["đá", "dê", "đan", "dân", "da", "dan"]
    assert sorted(words, key=collation_key) == ["da", "dan", "dân", "dê", "đá", "đan"]
    assert sorted(["mạ", "má", "ma", "mã", "mả", "mà"], key=collation_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    from kgsearch.i18n import use_language

    use_language("vi")
    assert number(1234567) == "1.234.567"
    use_language("en")
    assert number(1234567) == "1,234,567"
    use_language("vi")


# --- serving -----------------------------------------------------------------------------------------------------------------


SERVE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_server import FakeService
from kgsearch.config import Settings
from kgsearch.server import app, serving
app._open = lambda settings: FakeService()
folder = Path(sys.argv[2])
serving.serve(Settings(corpus=folder, index=folder, port=0), announce=lambda url: print(url, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serve_announces_an_address_that_answers_and_ends_quietly(tmp_path: Path, end: signal.Signals) -> None:
    (tmp_path / "catalogue.sqlite").touch()
    command = [sys.executable, "-c", SERVE, str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            address = process.stdout.readline().strip()
            with urllib.request.urlopen(f"{address}search?q=giai+ngan", timeout=30) as response:
                assert response.status == 200 and "giải ngân" in response.read().decode()
            process.send_signal(end)
            assert process.wait(30) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


def test_serving_without_a_catalogue_indexes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kgsearch.server.serving import serve

    def sync(settings: Settings, *_arguments: Any) -> None:
        raise UsageError(f"asked to index {settings.corpus}")

    monkeypatch.setattr("kgsearch.indexing.sync", sync)
    with pytest.raises(UsageError, match="asked to index"):
        serve(Settings(corpus=tmp_path, index=tmp_path / "index", port=0), announce=print)


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    from kgsearch.server.serving import serve

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)) as caught:
            serve(Settings(corpus=tmp_path, index=tmp_path, port=port), announce=print)
        assert "\n" not in str(caught.value)


def test_a_host_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    from kgsearch.server.serving import serve

    with pytest.raises(UsageError, match=r"192\.0\.2\.1"):
        serve(Settings(corpus=tmp_path, index=tmp_path, host="192.0.2.1"), announce=print)
