"""Bad input, through the program itself: one clear line, the right exit status, nothing lost."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kgsearch import cli

ROOT = Path(__file__).resolve().parents[1]
GOOD = "kh-31-ubnd-2023.txt"
QUERY = "giải ngân đầu tư công"


def run(*arguments: str, obedient: bool = False) -> subprocess.CompletedProcess[str]:
    """``kgsearch`` in a process of its own, which ends long before its time is out; ``obedient``: file modes bind it even as root."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KGSEARCH_")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "kgsearch", *arguments],
        capture_output=True, encoding="utf-8", env=environment, timeout=60, cwd="/", check=False,
        preexec_fn=_obey_file_modes if obedient else None,
    )  # fmt: skip


def _obey_file_modes() -> None:
    """Give up root's capabilities to pass over the modes of files: prctl PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(24, 1, 0, 0, 0) or libc.prctl(24, 2, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def assert_one_line(done: subprocess.CompletedProcess[str], status: int, *said: str) -> None:
    """The call ended with ``status``, printed nothing on standard output and one line, without a traceback, on the other."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("kgsearch: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 600
    for words in said:
        assert words in done.stderr


def contents(folder: Path) -> Mapping[str, str]:
    """What every file of a folder holds, but for the log that SQLite keeps beside a database while it is open."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", "lock"))
    }


# --- files ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A corpus folder with one document among files that are none."""
    folder = tmp_path_factory.mktemp("bad") / "corpus"
    folder.mkdir()
    shutil.copy(samples / GOOD, folder)
    (folder / "rỗng.txt").touch()
    (folder / "trắng.txt").write_bytes(b"\xef\xbb\xbf \r\n\r\n")
    (folder / "nhị phân.txt").write_bytes(b"PK\x03\x04" + bytes(range(32)) * 200)
    (folder / "ảnh.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    with (folder / "một dòng.txt").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 1_000_000)
    (folder / "dòng dài.txt").write_bytes(b"x" * 2_000_000 + b"\n\xc4\x90i\xe1\xbb\x81u 1. M\xe1\xbb\x99t.")
    (folder / "không lời.txt").write_text("một\n", encoding="utf-8")
    (folder / "bản quét.pdf").write_bytes(b"%PDF-1.7")
    return folder


BAD_FILES = (
    "bản quét.pdf",
    "dòng dài.txt",
    "không lời.txt",
    "một dòng.txt",
    "nhị phân.txt",
    "rỗng.txt",
    "trắng.txt",
    "ảnh.txt",
)


@pytest.mark.parametrize("name", [*BAD_FILES, "không có.txt"])
def test_parse_names_the_file_and_the_reason(bad_files: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["parse", str(bad_files / name)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"kgsearch: {name}: ")
    assert captured.err.count("\n") == 1
    assert captured.err.count(name) == 1


@pytest.mark.parametrize("name", ["rỗng.txt", "nhị phân.txt", "một dòng.txt"])
def test_parse_in_a_process(bad_files: Path, name: str) -> None:
    assert_one_line(run("parse", str(bad_files / name), "--json"), 1, name)


def test_bad_files_stop_nothing_and_each_is_named(bad_files: Path, tmp_path: Path) -> None:
    done = run("--corpus", str(bad_files), "--index", str(tmp_path / "index"), "index", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["documents"], report["added"], report["failed"]) == (1, 1, len(BAD_FILES))
    assert sorted(failure["file"] for failure in report["failures"]) == sorted(BAD_FILES)
    assert all(failure["reason"] and "\n" not in failure["reason"] for failure in report["failures"])
    found = run("--index", str(tmp_path / "index"), "search", QUERY, "--json")
    assert found.returncode == 0
    assert json.loads(found.stdout)["hits"]
    status = json.loads(run("--index", str(tmp_path / "index"), "status", "--json").stdout)
    assert [failure["file"] for failure in status["failures"]] == sorted(BAD_FILES)


# --- calls ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "   ", "?!…", "x" * 100_000, "a " * 50_000, "(" * 2000 + "a" + ")" * 2000, "NOT " * 1000 + "a"],
    ids=["empty", "blank", "marks", "one word", "words", "brackets", "operators"],
)
def test_a_query_that_cannot_be_searched(sample_index: Path, query: str) -> None:
    assert_one_line(run("--index", str(sample_index), "search", query), 2)


@pytest.mark.parametrize("query", ["*a*", "?*?*?*?*", "NOT NOT a", "(((((a", '"', "a AND (b", "type:x", "b" * 500])
def test_a_hostile_query_is_words(sample_index: Path, query: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.run(["--index", str(sample_index), "search", query, "--json"])
    captured = capsys.readouterr()
    if status == 2:
        assert captured.err.count("\n") == 1
    else:
        assert (status, captured.err) == (0, "")
        assert json.loads(captured.out)["total"] >= 0


@pytest.mark.parametrize("text", ["", "x" * 100_000, "Điều 1 " * 10_000, "#", "../..#", "\x01"])
def test_show_what_names_nothing(sample_index: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--index", str(sample_index), "show", text]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert len(captured.err) < 600


@pytest.mark.parametrize("command", [["index"], ["search", QUERY], ["status"], ["serve", "--port", "0"]], ids=lambda command: command[0])
def test_a_corpus_folder_that_is_not_there(tmp_path: Path, command: list[str]) -> None:
    assert_one_line(run("--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index"), *command), 2, "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["search", QUERY], ["show", "Điều 1"], ["status"]], ids=lambda command: command[0])
def test_an_index_that_is_not_there(tmp_path: Path, samples: Path, command: list[str]) -> None:
    assert_one_line(run("--corpus", str(samples), "--index", str(tmp_path / "none"), *command), 2, "none")
    assert list(tmp_path.iterdir()) == []


# --- indexes -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the samples' index that a test may harm."""
    return shutil.copytree(sample_index, tmp_path / "index")


def stamp(index: Path, version: int) -> None:
    """Write another schema version into a catalogue."""
    with closing(sqlite3.connect(index / "catalogue.sqlite")) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [str(version)])


@pytest.mark.parametrize("command", [["search", QUERY], ["show", "Điều 1"], ["status"], ["index"]], ids=lambda command: command[0])
def test_an_index_of_a_newer_schema_is_left_alone(index: Path, samples: Path, command: list[str]) -> None:
    stamp(index, 999)
    before = contents(index)
    assert_one_line(run("--corpus", str(samples), "--index", str(index), *command), 2, "999")
    assert contents(index) == before


@pytest.mark.parametrize("command", [["search", QUERY], ["status"]], ids=lambda command: command[0])
def test_an_index_of_an_older_schema_is_not_read(index: Path, command: list[str]) -> None:
    stamp(index, 0)
    before = contents(index)
    assert_one_line(run("--index", str(index), *command), 2, "kgsearch index")
    assert contents(index) == before


@pytest.mark.parametrize("name", ["catalogue.sqlite", "engine/*/version.json"])
@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"SQLite format 3\0" + b"x" * 5000, b"{"], ids=["empty", "zeros", "torn", "brace"])
def test_a_damaged_index_is_an_error_never_an_empty_answer(index: Path, name: str, content: bytes) -> None:
    (damaged,) = index.glob(name)
    damaged.write_bytes(content)
    assert_one_line(run("--index", str(index), "search", QUERY), 2)
    assert damaged.read_bytes() == content


@pytest.mark.parametrize("missing", ["catalogue.sqlite", "engine"])
def test_half_an_index_is_an_error(index: Path, missing: str) -> None:
    path = index / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert_one_line(run("--index", str(index), "search", QUERY), 2)
    assert not path.exists()


def test_an_engine_that_was_lost_is_made_again_from_the_catalogue(index: Path, samples: Path) -> None:
    shutil.rmtree(index / "engine")
    done = run("--corpus", str(samples), "--index", str(index), "index", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 0
    assert run("--index", str(index), "search", QUERY).returncode == 0


@pytest.mark.parametrize("place", ["file", "below a file"])
def test_an_index_folder_that_can_be_none(tmp_path: Path, samples: Path, place: str) -> None:
    file = tmp_path / "index"
    file.write_text("not a folder", encoding="utf-8")
    folder = file if place == "file" else file / "below"
    assert_one_line(run("--corpus", str(samples), "--index", str(folder), "index"), 2, "index")
    assert file.read_text(encoding="utf-8") == "not a folder"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Path]:
    """A folder in which everything loses its right to be written when `guard` is called, and gets it back after the test."""
    folder = tmp_path / "guarded"
    folder.mkdir()
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)


def guard(folder: Path) -> None:
    """Take the right to write away from all that is in ``folder``; the test is skipped where it binds nobody."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    attempt = "import pathlib, sys; pathlib.Path(sys.argv[1], 'a').touch()"
    try:
        done = subprocess.run(
            [sys.executable, "-c", attempt, str(folder)], capture_output=True, preexec_fn=_obey_file_modes, timeout=60, check=False
        )
    except subprocess.SubprocessError:
        pytest.skip("needs a system on which file modes can be made to bind this user")
    if done.returncode == 0:
        (folder / "a").unlink()
        pytest.skip("needs a system on which file modes bind this user")


unix = pytest.mark.skipif(sys.platform != "linux", reason="needs the rights and capabilities of Linux")


@unix
def test_an_index_folder_that_cannot_be_written(guarded: Path, samples: Path) -> None:
    guard(guarded)
    assert_one_line(run("--corpus", str(samples), "--index", str(guarded / "index"), "index", obedient=True), 2, str(guarded))
    assert list(guarded.iterdir()) == []


@unix
def test_a_read_only_index_is_searched_and_not_changed(guarded: Path, sample_index: Path, bad_files: Path) -> None:
    index = shutil.copytree(sample_index, guarded / "index")
    corpus = guarded / "corpus"
    corpus.mkdir()
    shutil.copy(bad_files / GOOD, corpus)
    before = contents(index)
    guard(guarded)
    assert_one_line(run("--corpus", str(corpus), "--index", str(index), "index", obedient=True), 2, str(index))
    assert contents(index) == before
    found: dict[str, Any] = json.loads(run("--index", str(index), "search", QUERY, "--json", obedient=True).stdout)
    assert found["hits"]
    assert contents(index) == before


@unix
def test_a_file_that_cannot_be_read_is_named_and_its_document_is_kept(guarded: Path, samples: Path, tmp_path: Path) -> None:
    corpus = guarded / "corpus"
    corpus.mkdir()
    shutil.copy(samples / GOOD, corpus)
    index = tmp_path / "index"
    assert run("--corpus", str(corpus), "--index", str(index), "index").returncode == 0
    (corpus / "b.txt").write_text("Điều 1. Một hai ba bốn năm sáu.", encoding="utf-8")
    guard(guarded)
    (corpus / "b.txt").chmod(0)
    done = run("--corpus", str(corpus), "--index", str(index), "index", "--json", obedient=True)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [failure["file"] for failure in report["failures"]] == ["b.txt"]
    assert report["documents"] == 1
