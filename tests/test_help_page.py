"""The help page and its examples, which are taken from the documents at hand and must find something; and what failing pages offer."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from test_server import BrokenService, FakeService, fake_corpus

from kgsearch.answering import Answerer
from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync
from kgsearch.language import fold
from kgsearch.models import Filters, Hit
from kgsearch.retrieval import Searcher
from kgsearch.server import create_app
from kgsearch.server.examples import Examples, SyntaxExamples, examples_if_any, examples_of, syntax_examples


@pytest.fixture(scope="module")
def searcher(samples: Path, sample_index: Path) -> Searcher:
    return Searcher(load_settings(samples, sample_index))


@pytest.fixture(scope="module")
def client(samples: Path, sample_index: Path, searcher: Searcher) -> FlaskClient:
    return create_app(load_settings(samples, sample_index), searcher).test_client()


@pytest.fixture
def empty(tmp_path: Path) -> FlaskClient:
    (tmp_path / "corpus").mkdir()
    settings = load_settings(tmp_path / "corpus", tmp_path / "index")
    sync(settings, (), None)
    return create_app(settings).test_client()


# --- examples --------------------------------------------------------------------------------------------------------------


def test_every_example_finds_what_it_says(searcher: Searcher) -> None:
    examples = examples_of(searcher)
    assert examples.document is not None and examples.clause is not None
    assert searcher.search(examples.words).total > 0
    assert examples.unmarked.isascii() and searcher.search(examples.unmarked).total > 0
    assert examples.number == examples.document.number
    assert examples.document in searcher.show(examples.number)
    (named,) = (one for one in searcher.show(examples.citation) if isinstance(one, Hit))
    assert named.clause.eid == examples.clause.eid and named.document.id == examples.document.id
    answer = Answerer(searcher).ask(examples.question)
    assert answer.text is not None and examples.document.signer in answer.text


def test_the_words_are_of_the_titles_and_no_agency_or_type(searcher: Searcher) -> None:
    examples = examples_of(searcher)
    records = searcher.reader.documents(Filters())
    assert any(fold(examples.words) in fold(record.title) for record in records)
    assert not any(fold(examples.words) in fold(record.issuer) for record in records[:6])
    assert not any(fold(record.type) in fold(examples.words) for record in records[:6])


def test_examples_with_signs_do_what_is_said_of_them(searcher: Searcher) -> None:
    words = examples_of(searcher).words
    syntax = syntax_examples(searcher, words)
    every = searcher.search(words).total
    assert syntax.together == f'"{words}"' and searcher.search(syntax.together).total > 0
    assert 0 < searcher.search(syntax.without).total < every
    limited = searcher.search(syntax.limited)
    year = syntax.limited.rpartition(":")[2]
    assert limited.total > 0 and all(str(hit.document.issued).startswith(year) for hit in limited.hits)


def test_examples_come_from_other_documents_where_there_are_others(searcher: Searcher) -> None:
    fake = FakeService()
    examples = examples_of(fake)
    assert examples.number == "20/NQ-HĐND" != examples_of(searcher).number
    assert examples.words and fake.search(examples.words).total


def test_examples_are_made_again_when_the_catalogue_changes() -> None:
    service = FakeService()
    first = examples_of(service)
    assert examples_of(service) is first
    service.reader.records = [record for record in service.reader.records if record.number != first.number]
    service.reader.changed = "2021-11-01T00:00:00+00:00"
    assert examples_of(service).number == "22/KH-UBND"


def test_without_documents_there_are_no_examples() -> None:
    service = FakeService()
    service.reader.records, service.reader.held = [], []
    assert examples_of(service) == Examples()
    assert syntax_examples(service, "") == SyntaxExamples()
    assert examples_if_any(BrokenService()) == Examples()


def test_a_document_without_number_or_signer_leaves_these_out() -> None:
    service = FakeService()
    service.reader.records = [record for record in service.reader.records if not record.number]
    held = {record.id for record in service.reader.records}
    service.reader.held = [clause for clause in service.reader.held if clause.document in held]
    examples = examples_of(service)
    assert examples.words and not examples.number and not examples.citation and not examples.question


# --- the page --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_help_shows_the_examples_as_links(client: FlaskClient, searcher: Searcher, language: str) -> None:
    text = client.get(f"/help?lang={language}").text
    examples = examples_of(searcher)
    for query in (examples.words, examples.unmarked, examples.number, examples.citation, examples.question):
        assert f'href="/search?q={quote(query)}"' in text, query
    assert "<mark>" in text, "a real hit is explained"
    for anchor in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{anchor}"' in text


def test_help_is_in_header_and_footer_of_every_page(client: FlaskClient) -> None:
    for address in ("/", "/documents", "/search?q=ban", "/nothing/here", "/status"):
        header, _main, footer = re.split(r"<main|</main>", client.get(address).text)
        assert 'href="/help"' in header and 'href="/help"' in footer, address


def test_help_needs_no_index(tmp_path: Path) -> None:
    settings = Settings(corpus=fake_corpus(tmp_path), index=tmp_path / "index")
    response = create_app(settings, BrokenService()).test_client().get("/help")
    assert response.status_code == 200
    assert "kgsearch index" in response.text and "/search?q=" not in response.text


# --- what fails, and what is empty, says what to do --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "links"),
    [
        ("/nothing/here", 404, ["/", "/documents", "/help"]),
        ("/documents/khong-co", 404, ["/", "/documents", "/help"]),
        ('/search?q=""', 400, ["/", "/documents", "/help"]),
        ("/search?q=a&year=x", 400, ["/", "/documents", "/help"]),
        ("/documents?page=0", 400, ["/", "/documents", "/help"]),
        ("/search?q=zzqqx", 200, ["/documents", "/help"]),
        ("/search", 200, ["/help"]),
        ("/search?q=ban&page=500", 200, ["/search?q=ban"]),
        ("/documents?page=90", 200, ["/documents?page=1"]),
        ("/documents?type=khongco", 200, ["/documents"]),
        ("/compare?find=zzqqx", 200, ["/documents"]),
        ("/missing?q=zzqqx", 200, ["/missing", "/search?q=zzqqx"]),
    ],
)
def test_a_dead_end_offers_ways_out(client: FlaskClient, address: str, status: int, links: list[str]) -> None:
    response = client.get(address)
    assert response.status_code == status
    main = re.split(r"<main|</main>", response.text)[1]
    assert [link for link in links if f'href="{link}"' not in main] == []


def test_a_question_without_answer_says_what_to_do(client: FlaskClient) -> None:
    text = re.split(r"<main|</main>", client.get("/search?q=Ai+ký+Nghị+quyết+số+99/NQ-XYZ?").text)[1]
    notice = re.search(r'<section class="answer".*?</section>', text, re.DOTALL)
    assert notice and "<a href=" in notice[0]


@pytest.mark.parametrize("address", ["/", "/search?q=ban", "/documents", "/missing", "/compare", "/help", "/status"])
def test_an_empty_corpus_is_said_and_how_to_fill_it(empty: FlaskClient, address: str) -> None:
    response = empty.get(address)
    assert response.status_code == 200
    assert "kgsearch index" in re.split(r"<main|</main>", response.text)[1], address


@pytest.mark.parametrize("address", ["/", "/search?q=ban", "/documents", "/missing", "/compare", "/status", "/documents/x"])
def test_without_an_index_pages_say_how_to_make_it(tmp_path: Path, address: str) -> None:
    settings = Settings(corpus=fake_corpus(tmp_path), index=tmp_path / "index")
    response = create_app(settings, BrokenService()).test_client().get(address)
    main = re.split(r"<main|</main>", response.text)[1]
    assert response.status_code == 503
    assert "kgsearch index" in main and 'href="/help' in main


def test_a_damaged_index_is_said_without_a_trace(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (index / "catalogue.sqlite").write_bytes(b"no database" * 200)
    client = create_app(Settings(corpus=fake_corpus(tmp_path), index=index)).test_client()
    for address in ("/", "/search?q=ban", "/documents"):
        response = client.get(address)
        assert response.status_code == 503, address
        assert "Traceback" not in response.text and "kgsearch" in re.split(r"<main|</main>", response.text)[1]
    assert client.get("/help").status_code == 200
