"""Pages of originals: shown beside every citation, opened there, and marked where a machine recognised their words from a picture."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kgsearch.cli import run
from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync
from kgsearch.indexing.tools import FileDocuments, default_tools, read_documents
from kgsearch.models import Document, PageRecognition
from kgsearch.parser import parse
from kgsearch.readers.text import split_lines
from kgsearch.retrieval import Searcher
from kgsearch.server.app import create_app

TEXT = """ỦY BAN NHÂN DÂN
TỈNH HẢI GIANG

Số: 12/QĐ-UBND

Hải Giang, ngày 05 tháng 3 năm 2023

QUYẾT ĐỊNH
Về việc giao chỉ tiêu giải ngân

Điều 1. Giao chỉ tiêu giải ngân cho các sở, ngành.
\fĐiều 2. Quyết định này có hiệu lực kể từ ngày ký ban hành.

Điều 3. Chánh Văn phòng, thủ trưởng các cơ quan chịu trách nhiệm thi hành.
"""
PDF = b"%PDF-1.7\n% of two pages"


def documents(*, recognised: tuple[PageRecognition, ...] = ()) -> list[Document]:
    return parse(replace(split_lines(TEXT, "pdf"), recognised=recognised))


def indexed(folder: Path, name: str, found: list[Document]) -> Settings:
    """An index of a file ``name`` in which ``found`` was read."""
    settings = load_settings(folder / "corpus", folder / "index")
    settings.corpus.mkdir()
    (settings.corpus / name).write_bytes(PDF)
    report = sync(settings, tools=replace(default_tools(), read_documents=lambda _path: FileDocuments(found)))
    assert not report.failures
    return settings


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A PDF file whose second page is a picture."""
    return indexed(tmp_path_factory.mktemp("scanned"), "a.pdf", documents(recognised=(PageRecognition(2, 87.4),)))


@pytest.fixture
def client(scanned: Settings) -> Iterator[FlaskClient]:
    app = create_app(scanned, Searcher(scanned))
    yield app.test_client()


def test_pages_are_those_of_the_lines() -> None:
    (document,) = documents()
    assert {clause.label: clause.page for clause in document.clauses if clause.label} == {"Điều 1": 1, "Điều 2": 2, "Điều 3": 2}
    assert document.recognised == ()
    assert "recognised" not in document.to_json()


def test_a_document_says_which_of_its_pages_were_recognised() -> None:
    pages = (PageRecognition(2, 87.4), PageRecognition(9, 50.0))
    (document,) = documents(recognised=pages)
    assert document.recognised == pages[:1]
    assert document.to_json()["recognised"] == [{"page": 2, "confidence": 87.4}]
    assert any("87 %" in warning for warning in document.warnings)


def test_hits_keep_it(scanned: Settings) -> None:
    searcher = Searcher(scanned)
    (record,) = (hit.document for hit in searcher.search("hiệu lực kể từ ngày ký ban hành").hits[:1])
    assert record.recognised == (PageRecognition(2, 87.4),)
    assert any("87 %" in warning for warning in record.warnings)
    by_eid = {hit.clause.eid: hit.to_json() for query in ("giao chỉ tiêu giải ngân", "hiệu lực") for hit in searcher.search(query).hits}
    assert (by_eid["art_1"]["page"], by_eid["art_1"]["recognised"]) == (1, None)
    assert (by_eid["art_2"]["page"], by_eid["art_2"]["recognised"]) == (2, 87.4)


@pytest.mark.parametrize(
    ("query", "page", "recognised"), [("giao chỉ tiêu giải ngân cho các sở", 1, False), ("hiệu lực kể từ ngày ký", 2, True)]
)
def test_results_show_the_page_and_open_it(client: FlaskClient, query: str, page: int, recognised: bool) -> None:
    found = client.get("/search", query_string={"q": query}).text
    first = found[found.index('<li class="hit">') :].partition("</article>")[0]
    assert f"/file/1?open=1#page={page}" in first
    assert ("87 %" in first) is recognised


def test_the_page_of_a_clause_says_so(client: FlaskClient, scanned: Settings) -> None:
    (hit,) = Searcher(scanned).search("hiệu lực kể từ ngày ký").hits[:1]
    clause = client.get(f"/documents/{hit.document.id}/art_2").text
    assert "/file/1?open=1#page=2" in clause
    assert "87 %" in clause
    assert "87 %" not in client.get(f"/documents/{hit.document.id}/art_1").text
    tools = client.get(f"/documents/{hit.document.id}/art_2/tools").text
    assert "/file/1?open=1#page=2" in tools
    assert "87 %" in tools
    assert 'class="notice recognised"' in client.get(f"/documents/{hit.document.id}").text


def test_the_original_opens_where_it_is_asked_for(client: FlaskClient, scanned: Settings) -> None:
    (document,) = {hit.document.id for hit in Searcher(scanned).search("giải ngân").hits}
    shown = client.get(f"/documents/{document}/file/1?open=1")
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    kept = client.get(f"/documents/{document}/file/1")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    shown.close()
    kept.close()


def test_what_only_calls_itself_pdf_is_not_shown(tmp_path: Path) -> None:
    settings = indexed(tmp_path, "a.pdf", documents())
    (settings.corpus / "a.pdf").write_text("<html><script>alert(1)</script>")
    searcher = Searcher(settings)
    (document,) = {hit.document.id for hit in searcher.search("giải ngân").hits}
    response = create_app(settings, searcher).test_client().get(f"/documents/{document}/file/1?open=1")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.mimetype == "application/octet-stream"
    response.close()


def test_other_formats_have_pages_and_no_viewer(tmp_path: Path) -> None:
    settings = indexed(tmp_path, "a.docx", documents())
    found = create_app(settings, Searcher(settings)).test_client().get("/search?q=hiệu lực kể từ ngày ký").text
    assert "trang 2" in found
    assert "#page=" not in found


def test_the_command_line_says_so(scanned: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--corpus", str(scanned.corpus), "--index", str(scanned.index)]
    assert run(["search", "hiệu lực kể từ ngày ký", *where]) == 0
    cited = next(line for line in capsys.readouterr().out.splitlines() if "Điều 2" in line)
    assert "trang 2" in cited
    assert "87" in cited
    assert run(["search", "hiệu lực kể từ ngày ký", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["recognised"] == 87.4


def test_documents_of_an_archive_say_which_file_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2023/một.txt", TEXT)
        archive.writestr("2023/hai.txt", TEXT.replace("12/QĐ", "13/QĐ"))
        archive.writestr("2023/ba.txt", "chữ")
    found = read_documents(path)
    assert [document.number for document in found.documents] == ["13/QĐ-UBND", "12/QĐ-UBND"]
    assert ["2023/hai.txt" in document.warnings[-1] for document in found.documents] == [True, False]
    assert [member for member, _reason in found.failures] == ["2023/ba.txt"]
