"""The command line: what it prints, where, and the status that it ends with."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kgsearch.indexing
import kgsearch.parser
import kgsearch.readers
import kgsearch.retrieval
from kgsearch import cli, parse, read
from kgsearch.cli import printing
from kgsearch.cli.indexing import _Teller
from kgsearch.engines.home import EngineHome
from kgsearch.errors import IndexLockedError, IndexStateError, NotFoundError, ReadError, UsageError
from kgsearch.i18n import use_language
from kgsearch.indexing import Report
from kgsearch.indexing.keeping.backup_file import BackupReport, Skipped
from kgsearch.indexing.lock import index_lock
from kgsearch.indexing.report import Failure
from kgsearch.models import Span

QUERY = "giải ngân đầu tư công"


class Called:
    """What one command line did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], samples: Path, sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs one command line on the samples, in an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Called:
        capsys.readouterr()
        status = cli.run(["--corpus", str(samples), "--index", str(sample_index), *arguments])
        captured = capsys.readouterr()
        return Called(status, captured.out, captured.err)

    return run


def is_one_line(err: str) -> bool:
    return err.startswith("kgsearch: ") and err.count("\n") == 1 and err.endswith("\n")


# --- wrong calls ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "nothing"),
        (["search"], "QUERY"),
        (["search", ""], ""),
        (["search", "x" * 100_000], ""),
        (["search", "x", "-n", "0"], "-n"),
        (["search", "x", "-n", "many"], "-n"),
        (["search", "x", "--sort", "best"], "--sort"),
        (["search", "x", "--from", "2021-13-01"], "2021-13-01"),
        (["search", "x", "--to", "31/02/2021"], "31/02/2021"),
        (["search", "x", "--year", "now"], "--year"),
        (["search", "x", "--color"], "--color"),
        (["search", "x", "--corpus", "no-such-folder"], "no-such-folder"),
        (["search", "x", "--index", "no-such-folder"], "no-such-folder"),
        (["search", "x", "--lang", "fr"], "fr"),
        (["show", "Điều 999 Nghị quyết số 9999/NQ-HĐND"], ""),
        (["status", "--index", "no-such-folder"], "no-such-folder"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--port", "http"], "http"),
        (["serve", "--port", "0", "--host", "192.0.2.1"], "--host"),
        (["serve", "--port", "0", "--host", "no.such.host.invalid"], "--host"),
        (["parse"], "FILE"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_a_wrong_call_is_one_line_and_status_2(call: Any, arguments: Sequence[str], said: str) -> None:
    called = call(*arguments)
    assert called.status == 2, called.err
    assert called.out == ""
    assert is_one_line(called.err)
    assert said in called.err


def test_a_search_creates_no_index(call: Any, tmp_path: Path) -> None:
    assert call("search", QUERY, "--index", str(tmp_path / "none")).status == 2
    assert not (tmp_path / "none").exists()


def test_a_bad_setting_names_its_place(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGSEARCH_PORT", "many")
    called = call("status")
    assert called.status == 2
    assert "KGSEARCH_PORT" in called.err


def test_no_command_shows_the_help(call: Any) -> None:
    called = call()
    assert called.status == 2
    assert called.out == ""


# --- failures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ReadError("một dòng"), 1),
        (UsageError("một dòng"), 2),
        (IndexStateError("một dòng"), 2),
        (IndexLockedError("một dòng"), 2),
        (NotFoundError("một dòng"), 2),
        (UsageError("một\n dòng"), 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_error_is_one_line(call: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(kgsearch.readers, "read_all", fail)
    called = call("parse", "a.txt", "--json")
    assert (called.status, called.out, called.err) == (status, "", "kgsearch: một dòng\n")


def test_an_unexpected_error_leaves_its_details_in_a_file(call: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken\nin two")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(kgsearch.readers, "read_all", fail)
    called = call("parse", "a.txt")
    assert called.status == 1
    assert called.out == ""
    assert is_one_line(called.err)
    assert "RuntimeError: broken in two" in called.err
    (details,) = tmp_path.glob("kgsearch-*.log")
    assert str(details) in called.err
    assert "Traceback" in details.read_text("utf-8")


def test_details_that_cannot_be_written_are_no_second_error(call: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    monkeypatch.setattr(kgsearch.readers, "read_all", fail)
    called = call("parse", "a.txt")
    assert called.status == 1
    assert is_one_line(called.err)


def test_an_interruption_is_quiet(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kgsearch.readers, "read_all", interrupt)
    called = call("parse", "a.txt")
    assert (called.status, called.out, called.err) == (130, "", "")


def test_a_reader_that_leaves_is_no_error(samples: Path, sample_index: Path) -> None:
    command = [sys.executable, "-m", "kgsearch", "search", QUERY, "-n", "50", "--corpus", str(samples), "--index", str(sample_index)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    process.stdout.close()
    with process.stderr as stream:
        assert stream.read() == b""
    process.wait(timeout=60)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8),
        ("notes.txt", b"mua rau, mua c\xc3\xa1\n"),
    ],
)
def test_a_file_without_a_document_is_named(call: Any, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    called = call("parse", name)
    assert called.status == 1
    assert called.out == ""
    assert is_one_line(called.err)
    assert name in called.err


# --- what the commands print --------------------------------------------------------------------------------------------


def test_search_prints_clauses_with_citations(call: Any) -> None:
    called = call("search", QUERY, "-n", "3")
    found = call("search", QUERY, "-n", "3", "--json").json
    assert called.status == 0
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        assert f"{hit['rank']}. {hit['citation']}" in called.out
        assert hit["url"] in called.out
    assert "\x1b" not in called.out


def test_matched_words_are_emphasised_on_a_terminal_only(samples: Path, sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["search", QUERY, "-n", "1", "--corpus", str(samples), "--index", str(sample_index)]
    terminal = CliRunner().invoke(cli.commands, arguments, color=True)
    plain = CliRunner().invoke(cli.commands, arguments)
    assert "\x1b[" in terminal.output
    assert re.sub(r"\x1b\[[\d;]*m", "", terminal.output) == plain.output
    monkeypatch.setenv("NO_COLOR", "1")
    assert CliRunner().invoke(cli.commands, arguments, color=True).output == plain.output


def test_words_of_a_query_need_no_quotes(call: Any) -> None:
    assert call("search", *QUERY.split(), "--json").json == call("search", QUERY, "--json").json


def test_search_json(call: Any) -> None:
    called = call("search", QUERY, "--json")
    assert set(called.json) == {"query", "understood", "total", "hits", "facets", "suggestion", "readings"}
    assert "đ" in called.out
    assert called.err == ""


def test_what_a_query_was_read_as_is_said_and_can_be_undone(call: Any) -> None:
    called = call("search", "giari ngaan", "--json").json
    assert [(reading["kind"], reading["read"]) for reading in called["readings"]] == [("telex", "giải ngân")]
    assert "giải ngân" in call("search", "giari ngaan").out.splitlines()[1]
    exact = call("search", "--exact", "giari ngaan", "--json").json
    assert (exact["understood"], exact["total"]) == ("giari ngaan", 0)
    # Nothing is read otherwise than as typed; that a word stands nowhere is said all the same, and what is left is as typed too.
    said = [("absent", "giari", "ngaan", True), ("absent", "ngaan", "giari", True)]
    assert [(reading["kind"], reading["typed"], reading["undo"], reading["exact"]) for reading in exact["readings"]] == said


def test_filters_limit_what_is_found(call: Any) -> None:
    everything = call("search", QUERY, "--json", "-n", "100").json
    one = everything["hits"][0]["document"]
    issued = one["issued"]
    for option, value in {"--document": one["id"], "--type": one["type"], "--issuer": one["issuer"], "--year": issued[:4]}.items():
        hits = call("search", QUERY, option, value, "--json").json["hits"]
        assert hits, option
        key = option.removeprefix("--")
        assert all(
            (hit["document"]["issued"][:4] == value) if key == "year" else (hit["document"].get(key, value) == value) for hit in hits
        )
    day = f"{issued[8:]}/{issued[5:7]}/{issued[:4]}"
    on_that_day = call("search", QUERY, "--from", issued, "--to", day, "--json").json["hits"]
    assert {hit["document"]["issued"] for hit in on_that_day} == {issued}


@pytest.mark.parametrize(("order", "newest_first"), [("newest", True), ("oldest", False)])
def test_sort_by_date(call: Any, order: str, newest_first: bool) -> None:
    hits = call("search", QUERY, "--sort", order, "--json").json["hits"]
    dates = [hit["document"]["issued"] for hit in hits if hit["document"]["issued"]]
    assert len(set(dates)) > 1
    assert dates == sorted(dates, reverse=newest_first)


def test_nothing_found_is_done(call: Any) -> None:
    called = call("search", "zzzz qqqq")
    assert called.status == 0
    assert "zzzz qqqq" in called.out


def test_show_prints_what_a_citation_names(call: Any) -> None:
    hit = call("search", QUERY, "-n", "1", "--json").json["hits"][0]
    shown = call("show", hit["citation_full"], "--json")
    assert shown.status == 0
    assert [match["eid"] for match in shown.json["matches"]] == [hit["eid"]]
    text = call("show", hit["citation_full"]).out
    assert hit["citation_full"] in text
    assert hit["text"] in text


def test_show_says_whether_a_document_has_effect_and_what_changed_it(call: Any) -> None:
    text = call("show", "18/2021/QĐ-UBND").out
    assert "Hết hiệu lực một phần; từ 10/04/2023; Điều 1" in text
    assert "Được sửa đổi, bổ sung bởi: Quyết định số 05/2023/QĐ-UBND (" in text


def test_show_prints_a_document(call: Any) -> None:
    document = call("search", QUERY, "-n", "1", "--json").json["hits"][0]["document"]
    assert call("show", document["id"], "--json").json["matches"][0]["id"] == document["id"]
    assert document["title"] in call("show", document["id"]).out


def test_parse_shows_the_tree_and_indexes_nothing(call: Any, samples: Path, tmp_path: Path) -> None:
    file = sorted(samples.glob("*.txt"))[0]
    called = call("parse", str(file), "--json", "--index", str(tmp_path / "none"))
    assert called.status == 0
    documents = called.json["documents"]
    assert documents and documents[0]["clauses"]
    assert not (tmp_path / "none").exists()
    plain = call("parse", str(file)).out
    assert documents[0]["clauses"][0]["eid"] in plain


def test_status_tells_what_is_indexed(call: Any) -> None:
    assert isinstance(call("status", "--json").json, dict)
    assert call("status").out.strip()


REPORT = {"added", "changed", "removed", "unchanged", "failed", "failures", "documents", "clauses", "seconds"}


def test_index_reports_and_names_failures(call: Any, samples: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "văn bản"
    corpus.mkdir()
    for sample in sorted(samples.glob("*.txt"))[:2]:
        (corpus / sample.name).write_bytes(sample.read_bytes())
    (corpus / "hỏng.txt").write_bytes(b"")
    folders = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))

    first = call("index", "--json", *folders)
    assert first.status == 1
    assert set(first.json) >= REPORT
    assert (first.json["added"], first.json["failed"]) == (2, 1)
    assert [failure["file"] for failure in first.json["failures"]] == ["hỏng.txt"]

    (corpus / "hỏng.txt").unlink()
    second = call("index", *folders)
    assert (second.status, second.err) == (0, "")
    assert "2" in second.out

    assert call("index", "--json", *folders).json["unchanged"] == 2


def test_options_stand_before_or_after_the_command(call: Any, tmp_path: Path) -> None:
    # The fixture names the folders before the command; the same options after it win.
    assert call("status", "--json").status == 0
    assert call("status", "--json", "--index", str(tmp_path / "none")).status == 2


@pytest.fixture
def own(call: Any, samples: Path, tmp_path: Path) -> tuple[str, ...]:
    """Options that name folders of two documents, which a test may change."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for sample in sorted(samples.glob("*.txt"))[:2]:
        shutil.copy2(sample, corpus)
    folders = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))
    assert call("index", *folders).status == 0
    return folders


def test_index_rebuilds_the_engine_on_request(call: Any, own: tuple[str, ...]) -> None:
    before = call("search", QUERY, "--json", *own).json
    engines = EngineHome(Path(own[3]) / "engine")
    used = engines.current()
    report = call("index", "--rebuild", "--json", *own)
    assert report.status == 0
    assert (report.json["unchanged"], report.json["changed"]) == (2, 0)
    assert engines.current() != used
    assert call("search", QUERY, "--json", *own).json == before


def test_index_says_what_was_only_moved(call: Any, own: tuple[str, ...]) -> None:
    file = sorted(Path(own[1]).iterdir())[0]
    file.rename(file.with_name("khác.txt"))
    report = call("index", "--lang", "en", *own)
    assert "1 file was renamed or moved." in report.out
    assert "0 added, 0 changed, 0 removed, 1 unchanged" in report.out


TROUBLE = "2026-02-23T10:00:00+00:00"


def test_status_tells_what_waits_what_runs_and_what_ran(call: Any, own: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    value = call("status", "--json", *own).json
    assert value["files_waiting"] == []
    assert value["running"] is None
    assert value["last_run"]["added"] == 2
    plain = call("status", "--lang", "en", *own).out
    assert "Running now: nothing" in plain
    assert re.search(r"^Last run: \d\d/\d\d/\d{4} \d\d:\d\d; Files: 2 added", plain, flags=re.MULTILINE)
    running = {"phase": "reading", "done": 1200, "total": 5000, "rate": 12.5, "seconds_left": 304, "started": "…", "pid": 77}
    files = [{"file": f"{number}.txt", "reason": "…"} for number in range(12)]
    monkeypatch.setattr(kgsearch.indexing, "status", lambda _settings: {**value, "running": running, "files_waiting": files})
    busy = call("status", "--lang", "en", *own).out
    assert "Running now: Reading the files: 1,200 of 5,000; 12.5 a second; 304 s left (process 77)" in busy
    assert "Files not complete yet: 12" in busy
    assert "0.txt" in busy and "9.txt, …" in busy
    assert "Watch: none" in busy
    for watching, said in (
        ({"pid": 8, "trouble_since": None}, "goes on (process 8)"),
        ({"pid": None, "trouble_since": TROUBLE}, "in trouble since 2"),
    ):
        monkeypatch.setattr(kgsearch.indexing, "status", lambda _settings, watching=watching: {**value, "watching": watching})
        assert f"Watch: {said}" in call("status", "--lang", "en", *own).out


# --- backup, restore, check ----------------------------------------------------------------------------------------------


def test_a_backup_restored_finds_the_same(call: Any, own: tuple[str, ...], tmp_path: Path) -> None:
    made = call("backup", "backup.zip", *own)
    assert (made.status, made.err) == (0, "")
    assert "backup.zip" in made.out
    # Neither folder is there: a restore makes them.
    elsewhere = ("--corpus", str(tmp_path / "new" / "corpus"), "--index", str(tmp_path / "new" / "index"))
    restored = call("restore", "backup.zip", "--json", *elsewhere)
    assert restored.status == 0
    assert (restored.json["documents"], restored.json["files"], restored.json["skipped"]) == (2, 2, [])
    assert call("search", QUERY, "--json", *elsewhere).json == call("search", QUERY, "--json", *own).json
    again = call("restore", "backup.zip", *own)
    assert again.status == 2
    assert is_one_line(again.err)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_a_backup_lacks_is_named_and_makes_the_status_1(call: Any, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    skipped = [Skipped("mất.txt", "it vanished.")]
    report = BackupReport("b.zip", "2026-01-01T00:00:00+00:00", 1200, 7, 3, 4_500_000, skipped, ["a remark"], 1.5)
    name = {"backup": "back_up", "restore": "restore"}[command]
    monkeypatch.setattr(f"kgsearch.indexing.keeping.backup.{name}", lambda *_arguments: report)
    called = call(command, "b.zip", "--lang", "en")
    assert called.status == 1
    assert called.err == "kgsearch: mất.txt: it vanished.\n"
    assert "b.zip" in called.out and "1,200 documents" in called.out and "a remark" in called.out
    assert call(command, "b.zip", "--json").json == report.to_json()


def test_check_is_content_with_what_agrees(call: Any, own: tuple[str, ...]) -> None:
    called = call("check", "--lang", "en", *own)
    assert (called.status, called.err) == (0, "")
    assert "agree" in called.out
    assert call("check", "--deep", "--json", *own).json["findings"] == []


def test_check_names_what_does_not_agree_and_how_to_mend_it(call: Any, own: tuple[str, ...]) -> None:
    sorted(Path(own[1]).iterdir())[0].unlink()
    called = call("check", "--lang", "en", *own)
    assert called.status == 1
    assert re.search(r"^Files: .+\n  .*kgsearch index", called.out, flags=re.MULTILINE)
    value = call("check", "--json", *own)
    assert value.status == 1
    assert [finding["part"] for finding in value.json["findings"]] == ["files"]


# --- languages and encodings --------------------------------------------------------------------------------------------


def test_messages_are_vietnamese_and_english_on_request(call: Any) -> None:
    assert "Thiếu" in call("search").err
    assert "Missing" in call("--lang", "en", "search").err
    assert "Missing" in call("search", "--lang", "en").err
    assert "Thiếu" in call("search").err


@pytest.mark.parametrize(("language", "said"), [("vi", "Cách dùng"), ("en", "Usage")])
@pytest.mark.parametrize(
    "command", [(), ("search",), ("index",), ("show",), ("parse",), ("serve",), ("status",), ("watch",), ("check",)], ids=" ".join
)
def test_help_speaks_the_language(call: Any, command: Sequence[str], language: str, said: str) -> None:
    called = call(*command, "--lang", language, "--help")
    assert called.status == 0
    assert called.out.startswith(said)
    assert ("Find" in called.out or "Folder of" in called.out) == (language == "en")


def test_language_of_the_settings_file(call: Any, tmp_path: Path) -> None:
    (tmp_path / "kgsearch.toml").write_text('language = "en"\n', "utf-8")
    assert "found" in call("search", QUERY).out


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}], ids=["C", "latin-1"])
def test_output_is_utf_8_whatever_the_locale(samples: Path, sample_index: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "kgsearch", "search", QUERY, "--json", "--corpus", str(samples), "--index", str(sample_index)]
    result = subprocess.run(command, capture_output=True, env={**os.environ, **environment}, timeout=60, check=True)
    assert json.loads(result.stdout.decode("utf-8"))["query"] == QUERY


# --- processes -----------------------------------------------------------------------------------------------------------


def eventually(condition: Callable[[], Any]) -> None:
    """Wait until ``condition`` holds; how long that takes is not what is tested."""
    given_up = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < given_up, "it never came to that"
        time.sleep(0.1)


def watches(index: Path) -> list[int]:
    """The processes that watch for the index folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if "watch" in words and str(index) in words:
                found.append(int(folder.name))
    return found


# --- serving -------------------------------------------------------------------------------------------------------------


def test_serve_indexes_first_and_prints_its_address(samples: Path, tmp_path: Path) -> None:
    folders = ["--corpus", str(samples), "--index", str(tmp_path / "index")]
    command = [sys.executable, "-m", "kgsearch", "serve", "--port", "0", *folders]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    assert process.stdout
    try:
        printed = iter(process.stdout.readline, "")
        address = next(found.group() for found in (re.search(r"http://\S+", line) for line in printed) if found)
        with urllib.request.urlopen(f"{address}api/v1/search?q=giai+ngan&n=1", timeout=60) as response:
            assert len(json.load(response)["hits"]) == 1
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)
    assert "Traceback" not in err


def hits(address: str, query: str) -> list[Any]:
    """What the server finds."""
    with urllib.request.urlopen(f"{address}api/v1/search?{urllib.parse.urlencode({'q': query})}", timeout=60) as response:
        found: list[Any] = json.load(response)["hits"]
        return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
def test_serve_watch_answers_with_what_arrives(samples: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    first, second = [sample for sample in sorted(samples.glob("*.txt")) if parse(read(sample))[0].number][:2]
    shutil.copy(first, corpus)
    folders = ["--corpus", str(corpus), "--index", str(tmp_path / "index"), "--lang", "en"]
    with started(["serve", "--port", "0", "--watch", *folders]) as process:
        assert process.stdout
        address = next(found.group() for found in (re.search(r"http://\S+", line) for line in process.stdout) if found)
        shutil.copy(second, corpus / "mới.txt")
        number = parse(read(second))[0].number
        eventually(lambda: any(hit["document"]["number"] == number for hit in hits(address, number)))
        (child,) = watches(tmp_path / "index")
        os.kill(child, signal.SIGKILL)
        eventually(lambda: watches(tmp_path / "index") not in ([], [child]))
        process.kill()
        # Whatever ends the server, nothing of it goes on alone.
        eventually(lambda: not watches(tmp_path / "index"))


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
def test_ctrl_c_ends_serve_watch_quietly(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    folders = ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index"), "--lang", "en"]
    with started(["serve", "--port", "0", "--watch", *folders], start_new_session=True) as process:
        assert process.stdout and process.stderr
        next(line for line in process.stdout if "Watching" in line)
        # A terminal interrupts all that it started. The watch is not among them: it would end before the server has, and be missed.
        (child,) = watches(tmp_path / "index")
        assert os.getpgid(child) != process.pid
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
    assert not watches(tmp_path / "index")


def test_a_folder_that_is_away_is_waited_for_beside_a_server(tmp_path: Path) -> None:
    arguments = [*watch_arguments(tmp_path), "--json"]
    (tmp_path / "corpus").rmdir()
    with started(arguments) as process:
        assert process.wait(60) == 2, "whoever names a folder wants to be told at once"
    with started([*arguments, "--tied"], stdin=subprocess.PIPE) as process:
        assert process.stdout
        assert "does not exist" in json.loads(process.stdout.readline())["trouble"]
        (tmp_path / "corpus").mkdir()
        assert "report" in json.loads(process.stdout.readline())


# --- watching ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def started(arguments: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A command line in a process of its own."""
    command = [sys.executable, "-m", "kgsearch", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options) as process:
        try:
            yield process
        finally:
            process.kill()


def watch_arguments(folder: Path) -> list[str]:
    (folder / "corpus").mkdir()
    return ["watch", "--corpus", str(folder / "corpus"), "--index", str(folder / "index"), "--lang", "en"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_watch_ends_quietly(samples: Path, tmp_path: Path, number: signal.Signals) -> None:
    with started(watch_arguments(tmp_path)) as process:
        assert process.stdout and process.stderr
        assert "Files: 0 added" in process.stdout.readline()
        assert "Watching" in process.stdout.readline()
        sample = sorted(samples.glob("*.txt"))[0]
        shutil.copy(sample, tmp_path / "corpus")
        assert "Files: 1 added" in process.stdout.readline()
        (tmp_path / "corpus" / "hỏng.txt").write_bytes(b"")
        assert "hỏng.txt" in process.stderr.readline()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert (out, err) == ("", "")


def test_a_second_watch_is_one_line_and_status_2(tmp_path: Path) -> None:
    arguments = watch_arguments(tmp_path)
    with started(arguments) as first:
        assert first.stdout
        assert "Watching" in [first.stdout.readline() for _line in range(2)][1]
        with started(arguments) as second:
            out, err = second.communicate(timeout=60)
        assert (second.returncode, out) == (2, "")
        assert is_one_line(err)
        assert f"process {first.pid}" in err


def test_a_run_waits_for_another_and_gives_up(samples: Path, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.cli.indexing.PATIENCE_SECONDS", 1.0)
    arguments = ["index", "--corpus", str(samples), "--index", str(tmp_path / "index"), "--lang", "en"]
    with index_lock(tmp_path / "index" / "lock"):
        assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    waits, gives_up = captured.err.splitlines()
    assert captured.out == ""
    assert "waiting for it, 1 s at most" in waits
    assert "run again" in gives_up


def test_a_run_that_waits_can_be_interrupted(tmp_path: Path) -> None:
    arguments = ["index", *watch_arguments(tmp_path)[1:], "--json"]
    with index_lock(tmp_path / "index" / "lock"), started(arguments) as process:
        assert process.stderr
        assert "waiting for it, 30 s at most" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


def test_watch_prints_one_json_value_a_line(samples: Path, tmp_path: Path) -> None:
    with started([*watch_arguments(tmp_path), "--json", "--poll"]) as process:
        assert process.stdout
        first, second = (json.loads(process.stdout.readline()) for _ in range(2))
        assert first["report"]["added"] == 0
        assert second == {"watching": str(tmp_path / "corpus"), "polling": True}


def test_a_tied_watch_ends_with_its_input(tmp_path: Path) -> None:
    with started([*watch_arguments(tmp_path), "--tied"], stdin=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline()
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_watch_says_what_is_new_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    use_language("en")
    teller = _Teller(as_json=False)
    for added, moved, waiting in ((0, 0, []), (2, 0, []), (0, 1, []), (0, 0, [Failure("b.txt", "being written")])):
        teller.report(Report(added, 0, 0, 9, [], 1, 2, 0.1, moved=moved, files_waiting=waiting))
    lines = [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert [line.split(",")[0] for line in lines] == [
        "Files: 0 added",
        "Files: 2 added",
        "1 file was renamed or moved.",
        "Not complete yet: b.txt",
    ]


def test_a_watch_names_a_failure_once(capsys: pytest.CaptureFixture[str]) -> None:
    teller = _Teller(as_json=False)
    report = Report(1, 0, 0, 0, [Failure("a.txt", "broken")], 1, 2, 0.1)
    teller.report(report)
    teller.report(report)
    teller.trouble("một\ndòng")
    out, err = capsys.readouterr()
    assert out.count("\n") == 2
    assert err.count("a.txt: broken") == 1
    assert re.search(r"^kgsearch: \d\d:\d\d:\d\d  một dòng$", err, flags=re.MULTILINE)


# --- pieces --------------------------------------------------------------------------------------------------------------


@given(st.lists(st.text("abcđ", min_size=1, max_size=12), min_size=1, max_size=300), st.data())
def test_an_excerpt_keeps_highlights_on_their_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:position]) for position in range(len(words))]
    chosen = data.draw(st.lists(st.integers(0, len(words) - 1), unique=True, max_size=5).map(sorted))
    highlights = [Span(starts[position], starts[position] + len(words[position])) for position in chosen]
    excerpt, inside = printing.excerpt(text, highlights)
    assert len(excerpt) <= printing.EXCERPT_LENGTH + 4
    kept = [excerpt[span.start : span.end] for span in inside]
    expected = [words[position] for position in chosen]
    assert kept == expected[: len(kept)]
    assert bool(kept) == bool(chosen)


def test_a_document_cannot_steer_the_terminal() -> None:
    assert printing.printable("a\x1b[2Jb\x07\u202ec\td\n") == "a[2Jbc\td\n"
