"""“Báo lỗi”: what readers report is kept, bounded, shown to the administrator, settled, and outlives the index."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import test_server
from flask.testing import FlaskClient
from test_server import HOSTILE, RESOLUTION, page

from kgsearch import cli
from kgsearch.catalogue import faults
from kgsearch.catalogue.faults import FILE, MAX_MESSAGE, MAX_WORDS, About, Fault, FaultReports, plain
from kgsearch.config import Settings, load_settings
from kgsearch.errors import IndexStateError, NotFoundError, UsageError
from kgsearch.indexing import sync
from kgsearch.server import create_app
from kgsearch.server.faults import REPORTS_IN_A_PERIOD, SendRate

FAULT = Fault(RESOLUTION.id, "art_1", "Điều 1 Nghị quyết số 20/NQ-HĐND", "Nhiệm vụ và giải pháp", About.TEXT, "Thiếu một câu")
FORM = {"document": RESOLUTION.id, "eid": "art_1", "about": "citation", "message": "Phải là khoản 3"}
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def kept(tmp_path: Path) -> FaultReports:
    return FaultReports(tmp_path / "index")


# --- keeping -----------------------------------------------------------------------------------------------------------------


def test_a_report_is_kept_and_settled(kept: FaultReports) -> None:
    assert kept.open() == [] and not kept.path.exists(), "asking makes no file"
    first, second = kept.add(FAULT), kept.add(replace(FAULT, message="Khác"))
    assert [one.number for one in kept.open()] == [second, first]
    settled = kept.settle(first)
    assert (settled.number, settled.message, bool(settled.settled)) == (first, "Thiếu một câu", True)
    assert [one.number for one in FaultReports(kept.path.parent).open()] == [second]
    for number in (first, 99):
        with pytest.raises(NotFoundError, match=str(number)):
            kept.settle(number)
    assert kept.add(FAULT) > second, "numbers are not given twice"


def test_settling_where_nothing_was_ever_reported_makes_no_file(kept: FaultReports) -> None:
    with pytest.raises(NotFoundError):
        kept.settle(1)
    assert not kept.path.exists()


def test_the_same_said_twice_is_one_report(kept: FaultReports) -> None:
    first = kept.add(FAULT)
    assert kept.add(replace(FAULT, message="  Thiếu một câu\r\n")) == first
    assert kept.add(replace(FAULT, about=About.OTHER)) != first
    kept.settle(first)
    assert kept.add(FAULT) != first


@pytest.mark.parametrize("message", ["", " \n\t", "\u200b\u202e", "x" * (MAX_MESSAGE + 1)])
def test_what_says_nothing_or_too_much_is_refused(kept: FaultReports, message: str) -> None:
    with pytest.raises(UsageError):
        kept.add(replace(FAULT, message=message))
    assert kept.open() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("đúng\u202e\x1b[31m", "đúng[31m"),
        ("Đie\u0302\u0300u", "Điều"),
        ("a\ud800b", "ab"),
        ("  a \t b ", "a   b"),
    ],
)
def test_messages_are_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_no_more_are_kept_than_may_be(kept: FaultReports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MAX_KEPT", 3)
    numbers = [kept.add(replace(FAULT, message=str(number))) for number in range(3)]
    with pytest.raises(UsageError, match="3"):
        kept.add(FAULT)
    kept.settle(numbers[1])
    last = kept.add(FAULT)
    assert [one.number for one in kept.open()] == [last, numbers[2], numbers[0]], "an open one is never forgotten"
    with sqlite3.connect(kept.path) as connection:
        assert connection.execute("SELECT count(*) FROM reports").fetchone()[0] == 3
    connection.close()


def test_what_is_quoted_is_bounded(kept: FaultReports) -> None:
    kept.add(replace(FAULT, words="ư" * 10_000))
    assert len(kept.open()[0].words) == MAX_WORDS


def test_many_at_once_are_all_kept(kept: FaultReports) -> None:
    def report(number: int) -> None:
        kept.add(replace(FAULT, message=f"Lỗi {number}"))

    threads = [threading.Thread(target=report, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.message for one in kept.open()} == {f"Lỗi {number}" for number in range(12)}


def test_a_damaged_file_is_told_and_left_alone(kept: FaultReports) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"not a database, but somebody's" * 100)
    before = kept.path.read_bytes()
    for call in (kept.open, lambda: kept.add(FAULT), lambda: kept.settle(1)):
        with pytest.raises(IndexStateError, match=FILE):
            call()
    assert kept.path.read_bytes() == before
    status = kept.status()
    assert status["reports"] == [] and FILE in status["reports_error"]


def test_a_file_of_a_newer_program_is_left_alone(kept: FaultReports) -> None:
    kept.add(FAULT)
    with sqlite3.connect(kept.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for call in (kept.open, lambda: kept.add(FAULT)):
        with pytest.raises(IndexStateError):
            call()


def test_a_full_disk_is_told_as_such(kept: FaultReports) -> None:
    kept.add(FAULT)
    with pytest.raises(IndexStateError, match="disk is full"), kept._writing() as connection:
        connection.execute("DELETE FROM reports")
        # What SQLite does by itself where the disk is full.
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")
    assert len(kept.open()) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(IndexStateError):
        FaultReports(tmp_path / "index").add(FAULT)


# --- the form ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [f"/report?document={RESOLUTION.id}", f"/report?document={RESOLUTION.id}&eid=art_1&about=link"])
def test_the_form_says_what_it_is_about(client: FlaskClient, address: str) -> None:
    test_server.test_every_page_is_whole(client, address)
    test_server.test_every_link_of_a_page_leads_somewhere(client, address)
    found = page(client, address)
    labelled = {label.get("for") for label in found.all("label")}
    assert all(field.get("id") in labelled for name in ("select", "textarea") for field in found.all(name))
    chosen = [option["value"] for option in found.all("option") if "selected" in option]
    assert chosen == ["link" if "link" in address else "text"]


def test_a_report_is_sent(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post("/report", data=FORM, headers=HERE)
    assert answer.status_code == 303
    sent = page(client, answer.location + "&lang=en")
    assert "Its number is 1." in sent.text and f"/documents/{RESOLUTION.id}#art_1" in sent.links
    report = FaultReports(tmp_path / "index").open()[0]
    assert (report.document, report.eid, report.about, report.message) == (RESOLUTION.id, "art_1", "citation", "Phải là khoản 3")
    assert report.citation == "Điều 1 Nghị quyết số 20/NQ-HĐND" and report.words.startswith("Nhiệm vụ và giải pháp")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Referer": "http://localhost/report"}, 303),
        ({}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "http://localhost.elsewhere.example"}, 403),
        ({"Origin": "http://localhost:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://elsewhere.example", "Referer": "http://localhost/"}, 403),
    ],
)
def test_only_pages_of_this_server_may_send(client: FlaskClient, tmp_path: Path, headers: Mapping[str, str], status: int) -> None:
    answer = client.post("/report", data=FORM, headers=headers)
    assert answer.status_code == status
    assert len(FaultReports(tmp_path / "index").open()) == (status == 303)
    if status == 403:
        assert "Phải là khoản 3" in answer.text, "what was typed is not lost"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"message": ""}, 400),
        ({"message": "x" * 2001}, 400),
        ({"message": "x" * 2000}, 303),
        ({"document": "khong-co"}, 404),
        ({"eid": "art_99"}, 404),
        ({"eid": ""}, 303),
        ({"about": HOSTILE}, 303),
        ({"message": HOSTILE}, 303),
        ({"message": "x" * 70_000}, 413),
    ],
)
def test_what_is_sent_is_checked(client: FlaskClient, tmp_path: Path, change: Mapping[str, str], status: int) -> None:
    answer = client.post("/report", data={**FORM, **change}, headers=HERE)
    assert answer.status_code == status
    assert HOSTILE not in answer.text
    kept = FaultReports(tmp_path / "index").open()
    assert len(kept) == (status == 303)
    assert all(report.about in set(About) for report in kept)


def test_hostile_words_come_back_harmless(client: FlaskClient) -> None:
    answer = client.post("/report", data={**FORM, "message": f"</textarea>{HOSTILE}"})
    assert answer.status_code == 403
    assert HOSTILE not in answer.text and "&lt;/textarea&gt;" in answer.text


def test_what_was_typed_is_there_where_it_cannot_be_kept(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / FILE).write_bytes(b"broken" * 200)
    answer = client.post("/report", data=FORM, headers=HERE)
    assert answer.status_code == 503
    assert FORM["message"] in answer.text and FILE in answer.text


def test_nobody_sends_too_many(client: FlaskClient, tmp_path: Path) -> None:
    answers = [
        client.post("/report", data={**FORM, "message": f"Lỗi {number}"}, headers=HERE).status_code
        for number in range(REPORTS_IN_A_PERIOD + 2)
    ]
    assert answers == [303] * REPORTS_IN_A_PERIOD + [429] * 2
    elsewhere = client.post("/report", data=FORM, headers=HERE, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 303
    assert len(FaultReports(tmp_path / "index").open()) == REPORTS_IN_A_PERIOD + 1


def test_the_rate_is_of_the_last_while_and_of_each_sender() -> None:
    now = [0.0]
    rate = SendRate(2, 10, lambda: now[0])
    assert [rate.take("a"), rate.take("a"), rate.take("a"), rate.take("b")] == [True, True, False, True]
    now[0] = 9.9
    assert not rate.take("a")
    now[0] = 10.0
    assert [rate.take("a"), rate.take("a"), rate.take("a")] == [True, True, False]


def test_a_form_is_not_sent_by_an_address_alone(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get(f"/report?document={RESOLUTION.id}&message=x").status_code == 200
    assert client.get("/report").status_code == 404
    assert FaultReports(tmp_path / "index").open() == []


# --- for the administrator -----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(samples: Path, sample_index: Path, tmp_path: Path) -> Settings:
    """A copy of the samples' index, with two reports."""
    shutil.copytree(sample_index, tmp_path / "index")
    settings = load_settings(samples, tmp_path / "index")
    kept = FaultReports(settings.index)
    from kgsearch.catalogue.reading import CatalogueReader

    with CatalogueReader(settings.catalogue_path) as reader:
        document = reader.documents()[0].id
        eid = reader.clauses(document)[0].eid
    kept.add(replace(FAULT, document=document, eid=eid, message=f"Một {HOSTILE}\x1b"))
    kept.add(replace(FAULT, document=document, eid="", message="Hai"))
    return settings


def _run(capsys: pytest.CaptureFixture[str], settings: Settings, *arguments: str) -> tuple[int, str, str]:
    status = cli.run([*arguments, "--corpus", str(settings.corpus), "--index", str(settings.index)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_status_and_reports_on_the_command_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    _status, out, _err = _run(capsys, settings, "status", "--json")
    value = json.loads(out)
    assert value["reports_open"] == 2 and [one["number"] for one in value["reports"]] == [2, 1] and value["reports_error"] is None
    assert {"documents", "clauses", "failures"} <= set(value), "no key of the contract is gone"
    _status, out, _err = _run(capsys, settings, "status", "--lang", "en")
    assert "Errors reported and open: 2" in out and "Hai" in out and "\x1b" not in out
    status, out, _err = _run(capsys, settings, "reports", "--settle", "1", "--lang", "en")
    assert (status, out) == (0, "Report 1 is settled.\n")
    status, _out, err = _run(capsys, settings, "reports", "--settle", "1")
    assert status == 2 and err.startswith("kgsearch: ") and err.count("\n") == 1
    _status, out, _err = _run(capsys, settings, "reports", "--json")
    assert [one["message"] for one in json.loads(out)["reports"]] == ["Hai"]
    _run(capsys, settings, "reports", "--settle", "2")
    status, out, _err = _run(capsys, settings, "reports", "--lang", "en")
    assert (status, out) == (0, "No error is reported and open.\n")


def test_the_page_of_the_index_lists_them(settings: Settings) -> None:
    client = create_app(settings).test_client()
    test_server.test_every_page_is_whole(client, "/status")
    found = page(client, "/status?lang=en")
    assert "Errors reported and open" in found.text and "Hai" in found.text and HOSTILE in found.text
    test_server.test_every_link_of_a_page_leads_somewhere(client, "/status")
    answer: Any = client.get("/api/v1/status").json
    assert answer["reports_open"] == 2
    (settings.index / FILE).write_bytes(b"broken" * 200)
    broken = page(client, "/status")
    assert FILE in broken.text and "Hai" not in broken.text


def test_reports_outlive_indexing_and_a_lost_engine(settings: Settings, tmp_path: Path) -> None:
    before = FaultReports(settings.index).open()
    corpus = tmp_path / "corpus"
    shutil.copytree(settings.corpus, corpus)
    next(iter(sorted(corpus.glob("*.txt")))).unlink()
    for folder in (settings.engine_path, settings.lexicon_path):
        shutil.rmtree(folder)
    sync(replace(settings, corpus=corpus), (), None)
    assert FaultReports(settings.index).open() == before
