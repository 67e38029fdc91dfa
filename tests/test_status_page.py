"""The state of the index as a page and as JSON: what runs, what failed and why, what waits, what the last run did."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from corpus_index import indexed
from flask.testing import FlaskClient
from test_server import HOSTILE, BrokenService, FakeService, page

from kgsearch.catalogue.faults import About, Fault, FaultReports
from kgsearch.config import Settings, load_settings
from kgsearch.i18n import use_language
from kgsearch.indexing import status
from kgsearch.indexing.lock import WatchLock, index_lock
from kgsearch.indexing.progress import PHASES, PROGRESS_FILE, RunProgress, phase_names
from kgsearch.indexing.watching.standing import WATCH_LOCK_FILE, Standing
from kgsearch.server import create_app
from kgsearch.server.openapi import description
from kgsearch.server.status import LATER, LISTED, SOON, duration


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "index").mkdir()
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings, FakeService()).test_client()


def _text(client: FlaskClient, address: str = "/status") -> str:
    """The words of the page, without its header and footer, on one line."""
    main = re.split(r"<main[^>]*>|</main>", client.get(address).text)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_page_says_what_failed_what_waits_and_what_the_last_run_did(client: FlaskClient) -> None:
    page(client, "/status")
    text = _text(client, "/status?lang=en")
    for said in (
        "Files that could not be read (1)",
        "hong.txt Tệp rỗng",
        "Files that were not complete yet (1)",
        "Tệp đang được ghi.",
        "No indexing is going on.",
        "New files 2",
        "Renamed or moved files 1",
        "Took 61 seconds",
        "Reading the files 3 · 2 seconds · 2.0 a second",
    ):
        assert said in text, said
    assert "Changed files" not in text and "Learning" not in text, "what was not is not listed"
    assert "Every file was read" not in text


def test_what_is_whole_is_said_to_be(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeService, "status", lambda _self: {"documents": 3, "clauses": 9, "passages": 9, "engine_error": None})
    text = _text(client, "/status?lang=en")
    assert "Every file was read and can be found." in text and "could not be read" not in text and "The last run" not in text


def test_what_runs_is_said_as_long_as_it_runs(client: FlaskClient, settings: Settings) -> None:
    progress = RunProgress(settings.index / PROGRESS_FILE)
    with index_lock(settings.lock_path), progress.phase("reading", 4000) as step:
        step("a.txt")
        progress._written = 0.0  # not only once a second
        step("b.txt")
        found = client.get("/api/v1/status").json
        assert found is not None and found["running"]["phase"] == "reading" and found["running"]["total"] == 4000
        html = client.get("/status?lang=en").text
        assert "Running now: Reading the files" in html and "<b>2 / 4,000</b> (0 %)" in html and "a second" in html
        assert f'data-again="{SOON}"' in html and 'data-running="1"' in html
    # killed: the file is left behind, the lock is not
    assert (settings.index / PROGRESS_FILE).exists()
    found = client.get("/api/v1/status").json
    assert found is not None and found["running"] is None
    html = client.get("/status").text
    assert f'data-again="{LATER}"' in html and "data-running" not in html


def test_a_watch_and_its_trouble_are_said(client: FlaskClient, settings: Settings) -> None:
    assert "are indexed when kgsearch index is run" in client.get("/status?lang=en").text
    lock, standing = WatchLock(settings.index / WATCH_LOCK_FILE), Standing(settings.index)
    lock.hold()
    try:
        assert "are indexed as they arrive" in client.get("/status?lang=en").text
        standing.troubled()
        found = client.get("/api/v1/status").json
        assert found is not None and found["watching"]["trouble_since"]
        text = client.get("/status?lang=en").text
        assert "The watch cannot follow the folder since" in text and "Every file was read" not in text
        standing.well()
        assert "cannot follow" not in client.get("/status?lang=en").text
    finally:
        lock.let_go()


@pytest.mark.parametrize(
    ("running", "said"),
    [
        (
            {"phase": "indexing", "done": 50, "total": 200, "rate": 12.4, "seconds_left": 12},
            "50 / 200 (25 %) · 12 a second · about 12 seconds left",
        ),
        ({"phase": "learning", "done": 0, "total": 0, "rate": 0.0, "seconds_left": None}, "0 / 0 (0 %)"),
        (
            {"phase": "later", "done": 9, "total": 3, "rate": 0.04, "seconds_left": 86_400},
            "9 / 3 (100 %) · 0.0 a second · about 24 hours left",
        ),
    ],
)
def test_progress_in_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, running: Mapping[str, Any], said: str) -> None:
    told = {**running, "started": "2021-10-07T08:00:00+00:00", "pid": 1}
    monkeypatch.setattr("kgsearch.server.status.running", lambda _index, _lock: told)
    assert said in _text(client, "/status?lang=en")


def test_every_phase_has_its_name() -> None:
    assert set(phase_names()) == set(PHASES)


def test_the_first_run_of_all_is_shown_though_nothing_can_be_searched(settings: Settings) -> None:
    client = create_app(settings, BrokenService()).test_client()
    response = client.get("/status?lang=en")
    assert response.status_code == 503 and "kgsearch index" in response.text
    with index_lock(settings.lock_path), RunProgress(settings.index / PROGRESS_FILE).phase("reading", 10):
        response = client.get("/status?lang=en")
        assert response.status_code == 503
        assert "Running now" in response.text and "Nothing can be searched before it has ended." in response.text
        assert 'role="alert"' not in response.text, "it is being made"
    assert client.get("/api/v1/status").status_code == 503


def test_an_engine_that_is_gone_leaves_what_the_catalogue_knows(
    samples: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copytree(indexed(samples, tmp_path_factory).index, tmp_path / "index")
    shutil.rmtree(tmp_path / "index" / "engine")
    client = create_app(load_settings(samples, tmp_path / "index")).test_client()
    response = client.get("/status?lang=en")
    assert response.status_code == 200
    assert response.text.count('role="alert"') == 1 and "What is indexed" in response.text
    # The API and the command line say the same.
    answer, told = client.get("/api/v1/status"), status(load_settings(samples, tmp_path / "index"))
    assert answer.status_code == 200 and answer.json == told and told["engine_error"]


def test_the_api_gives_what_it_is_described_to(samples: Path, sample_index: Path, tmp_path: Path) -> None:
    """Of a real index: with an engine and without one, while a run goes on and while none does."""
    shutil.copytree(sample_index, tmp_path / "index")
    settings = load_settings(samples, tmp_path / "index")
    client = create_app(settings).test_client()
    described = {**description()["components"]["schemas"]["Status"], "components": description()["components"]}
    jsonschema.validate(client.get("/api/v1/status").json, described)
    shutil.rmtree(settings.engine_path)
    jsonschema.validate(client.get("/api/v1/status").json, described)
    with index_lock(settings.lock_path), RunProgress(settings.index / PROGRESS_FILE).phase("reading", 10):
        found = client.get("/api/v1/status").json
    assert found is not None and found["running"]
    jsonschema.validate(found, described)


def test_long_lists_are_cut_and_say_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = [{"file": f"thu-muc/tep-{number}.txt", "reason": "tệp rỗng."} for number in range(5_000)]
    known = {"documents": 3, "clauses": 9, "files_failed": 5_000, "failures": failures, "passages": 9, "engine_error": None}
    monkeypatch.setattr(FakeService, "status", lambda _self: known)
    response = client.get("/status?lang=en")
    assert response.text.count("tệp rỗng.") == LISTED and "(5,000)" in response.text and "Only the first 100" in response.text
    assert len(response.data) < 60_000


def test_open_reports_stand_there(client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    FaultReports(settings.index).add(Fault("x", "art_1", "Điều 1", "", About.TEXT, f"Sai {HOSTILE}"))
    status = {"documents": 1, "clauses": 1, "passages": 1, "engine_error": None, **FaultReports(settings.index).status()}
    monkeypatch.setattr(FakeService, "status", lambda _self: status)
    html = client.get("/status").text
    assert "&lt;script&gt;" in html and HOSTILE not in html and 'id="kg-reports"' in html


def test_the_page_is_linked_from_every_foot_from_the_help_and_where_there_is_no_index(client: FlaskClient, settings: Settings) -> None:
    for address in ("/", "/help", "/search?q=giai+ngan", "/status", "/nothing"):
        assert 'href="/status"' in client.get(address).text.split("<footer")[1]
    assert 'href="/status"' in client.get("/help").text.split("<footer")[0]
    broken = create_app(settings, BrokenService()).test_client().get("/documents").text
    assert 'href="/status"' in broken.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "less than a second"),
        (1, "1 second"),
        (119.6, "120 seconds"),
        (120, "2 minutes"),
        (3_600, "1 hour"),
        (7_500, "2 hours 5 minutes"),
        (90_000, "25 hours"),
    ],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    use_language("en")
    try:
        assert duration(seconds) == words
    finally:
        use_language("vi")
