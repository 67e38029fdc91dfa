"""Indexing: catalogue and engine follow the corpus folder, whatever is in it and wherever a run ends."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from kgsearch.catalogue import Catalogue, CatalogueReader
from kgsearch.catalogue.reading import FileRecord
from kgsearch.config import Settings
from kgsearch.engines.base import Engine, EngineQuery, EngineResult, Entry
from kgsearch.engines.home import CURRENT_FILE, EngineHome
from kgsearch.errors import IndexLockedError, IndexStateError, ReadError, UsageError, reason_of
from kgsearch.i18n import use_language
from kgsearch.indexing import Report, engine_update, entries, status, sync
from kgsearch.indexing.entries import entries_of
from kgsearch.indexing.keeping.restoring import STAGE
from kgsearch.indexing.lock import Waiting, index_lock
from kgsearch.indexing.progress import PROGRESS_FILE, running
from kgsearch.indexing.tools import FileDocuments, Tools, default_tools
from kgsearch.language import ANALYSIS_VERSION
from kgsearch.models import Clause, Document, DocumentRecord, Kind, PageRecognition, Passage
from kgsearch.readers import is_document_name

ROOT = Path(__file__).resolve().parents[1]


class FolderEngine:
    """The smallest engine that outlives its process: how many passages of which document, in one file."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "held.json"
        self.held: dict[str, list[str]] = {}
        self.refresh()

    @classmethod
    def create(cls, folder: Path) -> FolderEngine:
        folder.mkdir(exist_ok=True)
        (folder / "held.json").write_text("{}")
        return cls(folder)

    def search(self, query: EngineQuery) -> EngineResult:
        return EngineResult((), 0)

    @contextmanager
    def writer(self) -> Iterator[FolderWriter]:
        writer = FolderWriter({**self.held})
        yield writer
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text(json.dumps(writer.held))
        unfinished.replace(self.file)
        self.refresh()

    def passages(self) -> int:
        return sum(map(len, self.held.values()))

    def documents(self) -> frozenset[str]:
        return frozenset(self.held)

    def commit_name(self) -> str:
        return repr(sorted(self.held.items()))

    def refresh(self) -> None:
        try:
            self.held = json.loads(self.file.read_text())
        except (OSError, ValueError) as error:
            raise IndexStateError(f"{self.file} is damaged") from error

    def close(self) -> None:
        pass


class FolderWriter:
    def __init__(self, held: dict[str, list[str]]) -> None:
        self.held = held

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.held.setdefault(entry.document, []).append(" ".join(entry.text))

    def delete(self, document: str) -> None:
        self.held.pop(document, None)


def read_documents(path: Path) -> FileDocuments:
    """What `documents_in` finds; lines "BAD name: reason" are files of an archive that cannot be read."""
    bad = re.findall(r"^BAD (.*): (.*)$", path.read_text(encoding="utf-8"), re.M)
    return FileDocuments(documents_in(path), bad)


def documents_in(path: Path) -> list[Document]:
    """A file holds documents as lines "name: words | words"; some words make reading it fail."""
    text = path.read_text(encoding="utf-8")
    if "UNREADABLE" in text:
        raise ReadError(f"{path.name}: no document in it")
    if "DEEP" in text:
        raise RecursionError("maximum recursion depth exceeded")
    if "BOMB" in text:
        raise MemoryError
    if "TWICE" in text:
        clause = Clause("art_1", Kind.ARTICLE, "Điều 1", "1", "", "x")
        return [make_document("twice", [clause, clause])]
    if "SURROGATE" in text:
        return [make_document("surrogate", [Clause("art_1", Kind.ARTICLE, "Điều 1", "1", "", "\udcff")])]
    return [parse_line(line) for line in text.splitlines() if ":" in line and not line.startswith("BAD ")]


def parse_line(line: str) -> Document:
    name, _colon, words = line.partition(":")
    parts = enumerate(words.split("|"), 1)
    articles = [Clause(f"art_{number}", Kind.ARTICLE, f"Điều {number}", str(number), "", part.strip()) for number, part in parts]
    return make_document(name.strip(), articles)


def make_document(name: str, clauses: Iterable[Clause]) -> Document:
    fields = (name, f"{name}/QĐ", "Quyết định", f"Về {name}", "Sở", "Hải Giang", date(2021, 1, 2), "A", "Giám đốc")
    return Document(*fields, clauses=tuple(clauses))


TOOLS = Tools(is_document_name, read_documents, "1", FolderEngine.create, FolderEngine)


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


def write(settings: Settings, name: str, text: str, *, age: int = 100) -> Path:
    """A file of the corpus that was last changed ``age`` seconds ago."""
    path = settings.corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    set_age(path, age)
    return path


def set_age(path: Path, age: int) -> None:
    moment = 1_700_000_000 - age
    os.utime(path, (moment, moment))


def run(settings: Settings, *paths: Path, tools: Tools = TOOLS) -> Report:
    return sync(settings, paths, tools=tools)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """added, changed, removed, unchanged, failed"""
    return report.added, report.changed, report.removed, report.unchanged, report.failed


def reasons(report: Report) -> dict[str, str]:
    assert all("\n" not in failure.reason for failure in report.failures)
    return {failure.file: failure.reason for failure in report.failures}


def engine_folder(settings: Settings) -> Path:
    """Where the engine in use is."""
    return EngineHome(settings.engine_path).opened()


def held(settings: Settings) -> dict[str, list[str]]:
    """What the engine holds, which must be what the catalogue says that it was given."""
    in_engine = FolderEngine(engine_folder(settings)).held
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        assert catalogue.indexed() == {document: len(texts) for document, texts in in_engine.items()}
        assert catalogue.counts().waiting == 0
        for document, texts in in_engine.items():
            assert [passage.text.lower().split() for passage in catalogue.passages(document)] == [text.split() for text in texts]
    return in_engine


# --- following the folder -------------------------------------------------------------------------------------------------


def test_the_life_of_a_corpus(settings: Settings) -> None:
    write(settings, "a.txt", "a: một | hai")
    write(settings, "năm 2021/b.txt", "b: ba\nc: bốn")
    report = run(settings)
    assert counts(report) == (2, 0, 0, 0, 0)
    assert (report.documents, report.clauses) == (3, 4)
    assert held(settings) == {"a": ["một", "hai"], "b": ["ba"], "c": ["bốn"]}

    assert counts(run(settings)) == (0, 0, 0, 2, 0)

    write(settings, "a.txt", "a: một | khác")
    write(settings, "d.txt", "d: năm")
    (settings.corpus / "năm 2021" / "b.txt").unlink()
    report = run(settings)
    assert counts(report) == (1, 1, 1, 0, 0)
    assert held(settings) == {"a": ["một", "khác"], "d": ["năm"]}


def test_the_report_as_json(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "UNREADABLE")
    value = run(settings).to_json()
    assert value.pop("seconds") >= 0
    phases = value.pop("phases")
    assert {name: phase["done"] for name, phase in phases.items()} == {"reading": 2, "indexing": 1, "learning": 1}
    assert all(phase["seconds"] >= 0 and phase["rate"] > 0 for phase in phases.values())
    assert value == {
        "added": 1,
        "changed": 0,
        "moved": 0,
        "removed": 0,
        "unchanged": 0,
        "failed": 1,
        "failures": [{"file": "b.txt", "reason": "no document in it"}],
        "waiting": 0,
        "files_waiting": [],
        "documents": 1,
        "clauses": 1,
    }


class Reading:
    """Counts which files are read."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.tools = replace(TOOLS, read_documents=self.read)

    def read(self, path: Path) -> FileDocuments:
        self.names.append(path.name)
        return read_documents(path)


def test_unchanged_files_are_not_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading()
    path = write(settings, "a.txt", "a: một")
    run(settings, tools=reading.tools)
    set_age(path, 50)
    assert counts(run(settings, tools=reading.tools)) == (0, 0, 0, 1, 0)
    assert reading.names == ["a.txt"], "the content tells that a touched file is the same"
    monkeypatch.setattr("kgsearch.indexing.file_reading.digest_of", lambda path: pytest.fail("size and time tell that it is the same"))
    assert counts(run(settings, tools=reading.tools)) == (0, 0, 0, 1, 0)


def test_a_file_that_the_disk_does_not_let_be_looked_at_waits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A passing fault of the disk is not the file's: what it held is served on, and it is read when it can be."""
    write(settings, "a.txt", "a: một")
    run(settings)
    real = os.lstat

    def failing(path: Any, *rest: Any, **options: Any) -> Any:
        if str(path).endswith("a.txt"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *rest, **options)

    monkeypatch.setattr("kgsearch.indexing.corpus.os.lstat", failing)
    report = run(settings)
    assert (report.removed, report.failed, report.waiting, report.documents) == (0, 0, 1, 1)
    monkeypatch.undo()
    report = run(settings)
    assert (report.waiting, report.documents) == (0, 1)


def test_a_folder_that_has_lost_everything_is_not_believed_unsaid(settings: Settings) -> None:
    """A share that is not mounted is an empty folder: neither documents nor their versions may go with it."""
    for number in range(20):
        write(settings, f"{number}.txt", f"d{number}: một")
    run(settings)
    for path in settings.corpus.iterdir():
        path.unlink()
    with pytest.raises(UsageError, match="--emptied"):
        run(settings)
    assert len(held(settings)) == 20
    write(settings, "new.txt", "e: một")
    assert run(settings).removed == 20, "where there is a file, the folder is there"
    (settings.corpus / "new.txt").unlink()
    assert run(settings).removed == 1, "few may well all go"
    assert sync(settings, tools=TOOLS, emptied=True).documents == 0


def test_a_file_changed_at_the_moment_it_was_looked_at(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    os.utime(path)
    moment = path.stat()
    run(settings)
    path.write_text("a: hai", encoding="utf-8")
    os.utime(path, ns=(moment.st_atime_ns, moment.st_mtime_ns))
    assert counts(run(settings)) == (0, 1, 0, 0, 0)
    assert held(settings) == {"a": ["hai"]}


def test_another_reader_reads_everything_again(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "UNREADABLE")
    run(settings)
    reading = Reading()
    report = run(settings, tools=replace(reading.tools, read_by="2"))
    assert reading.names == ["a.txt", "b.txt"]
    assert counts(report) == (0, 0, 0, 1, 1)


def test_what_failed_is_read_again_when_another_program_is_installed(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "UNREADABLE")
    write(settings, "c.txt", "c: hai\nBAD d.doc: needs LibreOffice")
    read: list[list[str]] = []
    for programs in ("", "LibreOffice", "LibreOffice", ""):
        reading = Reading()
        run(settings, tools=replace(reading.tools, programs=lambda programs=programs: programs))
        read.append(reading.names)
    assert read == [["a.txt", "b.txt", "c.txt"], ["b.txt", "c.txt"], [], ["b.txt", "c.txt"]]


def test_pages_left_unread_are_read_when_their_program_is_installed(settings: Settings) -> None:
    """A PDF some of whose pages are pictures is no failure, and not whole either."""
    write(settings, "a.txt", "a: một")
    read: list[list[str]] = []
    for programs, confidence in (("", 0.0), ("", 0.0), ("Tesseract", 90.0), ("", 90.0)):
        reading = Reading()

        def scanned(path: Path, reading: Reading = reading, confidence: float = confidence) -> FileDocuments:
            found = reading.read(path)
            return FileDocuments([replace(document, recognised=(PageRecognition(2, confidence),)) for document in found.documents])

        run(settings, tools=replace(reading.tools, read_documents=scanned, programs=lambda programs=programs: programs))
        read.append(reading.names)
    assert read == [["a.txt"], [], ["a.txt"], []]


def test_what_cannot_be_read_in_an_archive_is_named_until_it_can(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một\nBAD x/b.pdf: broken\nBAD c.doc: protected")
    for _run_number in range(2):
        assert reasons(run(settings)) == {"a.txt/x/b.pdf": "broken", "a.txt/c.doc": "protected"}
    assert held(settings) == {"a": ["một"]}
    assert reasons(run(settings, path)) == {"a.txt/x/b.pdf": "broken", "a.txt/c.doc": "protected"}
    write(settings, "a.txt", "a: một\nBAD c.doc: still protected")
    assert reasons(run(settings)) == {"a.txt/c.doc": "still protected"}
    write(settings, "a.txt", "UNREADABLE")
    assert set(reasons(run(settings))) == {"a.txt"}
    write(settings, "a.txt", "a: một\nBAD c.doc: still protected")
    run(settings)
    path.unlink()
    assert reasons(run(settings)) == {}


def test_a_file_that_is_being_written_is_left_for_later(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")

    def read_while_it_grows(path: Path) -> FileDocuments:
        found = read_documents(path)
        path.write_text("a: một | hai", encoding="utf-8")
        return found

    report = run(settings, tools=replace(TOOLS, read_documents=read_while_it_grows))
    assert (counts(report), report.waiting) == ((0, 0, 0, 0, 0), 1)
    assert "still being written" in report.files_waiting[0].reason
    assert held(settings) == {}
    set_age(path, 10)
    report = run(settings)
    assert (counts(report), report.waiting) == ((1, 0, 0, 0, 0), 0)
    assert held(settings) == {"a": ["một", "hai"]}


def test_progress(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai\nc: ba")
    steps: list[tuple[int, int, str]] = []
    sync(settings, (), lambda done, total, name: steps.append((done, total, name)), tools=TOOLS)
    assert [done for done, _total, _name in steps] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [total for _done, total, _name in steps] == [2, 2, 5, 5, 5, 8, 8, 8]
    assert [name for _done, _total, name in steps[:2]] == ["a.txt", "b.txt"]


def test_a_file_rewritten_while_it_is_read_is_not_withdrawn(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    run(settings)
    write(settings, "a.txt", "a: hai", age=50)

    def read_while_it_grows(path: Path) -> FileDocuments:
        path.write_text("UNREADABLE", encoding="utf-8")
        return read_documents(path)

    for _attempt in range(2):
        report = run(settings, tools=replace(TOOLS, read_documents=read_while_it_grows))
        assert (counts(report), report.waiting, report.documents) == ((0, 0, 0, 0, 0), 1, 1)
        assert held(settings) == {"a": ["một"]}, "what it held is served until it is known what it holds now"
        write(settings, "a.txt", "a: hai", age=20)
    assert counts(run(settings)) == (0, 1, 0, 0, 0)
    assert held(settings) == {"a": ["hai"]}
    path.unlink()
    assert counts(run(settings)) == (0, 0, 1, 0, 0)


def test_a_file_that_goes_while_the_others_are_read(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    second = write(settings, "b.txt", "b: hai")
    run(settings)
    write(settings, "a.txt", "a: khác", age=50)
    write(settings, "b.txt", "b: khác", age=50)

    def read(path: Path) -> FileDocuments:
        second.unlink(missing_ok=True)
        return read_documents(path)

    report = run(settings, tools=replace(TOOLS, read_documents=read))
    assert (counts(report), report.waiting) == ((0, 1, 1, 0, 0), 0)
    assert held(settings) == {"a": ["khác"]}


# --- renamed and moved ----------------------------------------------------------------------------------------------------


def moved_and_read(settings: Settings, *paths: Path) -> tuple[int, list[str], tuple[int, int, int, int, int]]:
    """How many files a run found to be moved, which it read, and the other counts."""
    reading = Reading()
    report = run(settings, *paths, tools=reading.tools)
    assert {path for path, record in known_files(settings).items() if not record.sha256} == set()
    return report.moved, reading.names, counts(report)


def known_files(settings: Settings) -> dict[str, FileRecord]:
    with CatalogueReader(settings.catalogue_path) as reader:
        return reader.files()


def test_a_renamed_file_is_not_read_again(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai")
    run(settings)
    with CatalogueReader(settings.catalogue_path) as reader:
        learnt = reader.meta()
    path.rename(settings.corpus / "đổi tên.txt")
    assert moved_and_read(settings) == (1, [], (0, 0, 0, 1, 0))
    assert sorted(known_files(settings)) == ["b.txt", "đổi tên.txt"]
    assert held(settings) == {"a": ["một"], "b": ["hai"]}
    with CatalogueReader(settings.catalogue_path) as reader:
        record = reader.document("a")
        assert record is not None and record.files == ("đổi tên.txt",)
        assert reader.meta().get("lexicon_behind", "0") == learnt.get("lexicon_behind", "0"), "nothing was to be learnt"
    assert moved_and_read(settings) == (0, [], (0, 0, 0, 2, 0))


def test_a_renamed_folder(settings: Settings) -> None:
    for number in range(7):
        write(settings, f"2021/quý {number}/a.txt", f"d{number}: một")
    run(settings)
    (settings.corpus / "2021").rename(settings.corpus / "Năm 2021")
    assert moved_and_read(settings) == (7, [], (0, 0, 0, 0, 0))
    assert all(path.startswith("Năm 2021/") for path in known_files(settings))
    assert len(held(settings)) == 7


def test_a_moved_and_touched_file_beside_a_copy_of_it(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    run(settings)
    path.rename(settings.corpus / "c.txt")
    set_age(settings.corpus / "c.txt", 10)
    write(settings, "b.txt", "a: một", age=5)
    assert moved_and_read(settings) == (1, ["c.txt"], (1, 0, 0, 0, 0))
    assert sorted(known_files(settings)) == ["b.txt", "c.txt"]
    assert held(settings) == {"a": ["một"]}


def test_a_renamed_and_rewritten_file_is_another(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    run(settings)
    path.unlink()
    write(settings, "b.txt", "a: hai")
    assert moved_and_read(settings) == (0, ["b.txt"], (1, 0, 1, 0, 0))
    assert held(settings) == {"a": ["hai"]}


def test_a_file_whose_name_is_taken_by_another(settings: Settings) -> None:
    first, second = write(settings, "a.txt", "a: một"), write(settings, "b.txt", "b: hai")
    run(settings)
    second.unlink()
    first.rename(second)
    report = run(settings)
    assert (report.moved, counts(report)) == (0, (0, 1, 1, 0, 0))
    assert held(settings) == {"a": ["một"]}


def test_a_renamed_archive_takes_what_is_known_of_its_files_along(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một\nBAD x/b.pdf: broken")
    bad = write(settings, "bad.txt", "UNREADABLE")
    run(settings)
    path.rename(settings.corpus / "b.txt")
    bad.rename(settings.corpus / "still bad.txt")
    reading = Reading()
    report = run(settings, tools=reading.tools)
    assert (report.moved, reading.names) == (2, [])
    assert reasons(report) == {"b.txt/x/b.pdf": "broken", "still bad.txt": "no document in it"}


def test_a_moved_file_is_read_again_by_another_reader(settings: Settings) -> None:
    path = write(settings, "a.txt", "a: một")
    run(settings)
    path.rename(settings.corpus / "b.txt")
    reading = Reading()
    report = run(settings, tools=replace(reading.tools, read_by="2"))
    assert (report.moved, reading.names, counts(report)) == (1, ["b.txt"], (0, 0, 0, 0, 0))


def test_of_files_with_the_same_bytes_each_is_moved_once(settings: Settings) -> None:
    for name in ("a.txt", "b.txt"):
        write(settings, name, "a: một")
    run(settings)
    for name, other in (("a.txt", "c.txt"), ("b.txt", "d.txt")):
        (settings.corpus / name).rename(settings.corpus / other)
    write(settings, "e.txt", "a: một")
    report = run(settings)
    assert (report.moved, counts(report)) == (2, (1, 0, 0, 0, 0))
    assert sorted(known_files(settings)) == ["c.txt", "d.txt", "e.txt"]


def test_a_corpus_that_vanishes_while_it_is_listed_is_not_forgotten(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    listdir = os.listdir

    def vanished(folder: str) -> list[str]:
        if Path(folder) == settings.corpus:
            raise FileNotFoundError(2, "No such file or directory")
        return listdir(folder)

    monkeypatch.setattr("kgsearch.indexing.corpus.os.listdir", vanished)
    assert counts(run(settings)) == (0, 0, 0, 0, 0)
    assert held(settings) == {"a": ["một"]}


# --- what fails -----------------------------------------------------------------------------------------------------------

HOSTILE = {
    "UNREADABLE": "no document in it",
    "DEEP": "RecursionError",
    "BOMB": "MemoryError",
    "TWICE": "used twice",
    "SURROGATE": "surrogates not allowed",
}


@pytest.mark.parametrize("word", HOSTILE)
def test_a_file_that_fails_stops_nothing(settings: Settings, word: str) -> None:
    write(settings, "a.txt", "a: một")
    bad = write(settings, "b.txt", word)
    write(settings, "c.txt", "c: hai")
    for expected in ((2, 0, 0, 0, 1), (0, 0, 0, 2, 1)):
        report = run(settings)
        assert counts(report) == expected, "what failed is named again, though it has not changed"
        assert HOSTILE[word] in reasons(report)["b.txt"]
    assert sorted(held(settings)) == ["a", "c"]
    bad.write_text("b: mended", encoding="utf-8")
    assert counts(run(settings)) == (1, 0, 0, 2, 0)
    bad.unlink()
    assert counts(run(settings)) == (0, 0, 1, 2, 0)


def test_a_document_whose_file_fails_now_is_withdrawn(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    write(settings, "a.txt", "UNREADABLE")
    report = run(settings)
    assert (counts(report), report.documents) == ((0, 0, 0, 0, 1), 0)
    assert held(settings) == {}


def test_words_that_defeat_the_analysis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai")

    def analyse(document: DocumentRecord, passages: Iterable[Passage]) -> Iterator[Entry]:
        if document.id == "b":
            raise RecursionError("too deep")
        return entries_of(document, passages)

    monkeypatch.setattr(entries, "entries_of", analyse)
    report = run(settings)
    assert "too deep" in reasons(report)["b.txt"]
    assert sorted(held_after_next_run(settings)) == ["a"]


def held_after_next_run(settings: Settings) -> dict[str, list[str]]:
    run(settings)
    return held(settings)


IGNORED = [
    ".hidden.txt",
    "~$a.txt",
    "a.txt~",
    "a.tmp",
    "a.part",
    "a.crdownload",
    ".a.txt.swp",
    "a.tsv",
    "README.md",
    "a.py",
    "Thumbs.db",
    ".git/a.txt",
]


def test_what_is_no_document_is_ignored(settings: Settings) -> None:
    for name in IGNORED:
        write(settings, name, "a: một")
    assert counts(run(settings)) == (0, 0, 0, 0, 0)


def test_a_file_that_holds_no_document_is_named(settings: Settings) -> None:
    write(settings, "a.docx", "x")
    report = run(settings, tools=replace(default_tools(), create_engine=FolderEngine.create, open_engine=FolderEngine))
    assert "hardly any words" in reasons(report)["a.docx"]
    assert not reasons(report)["a.docx"].startswith("a.docx")


def test_a_run_over_some_files_names_the_failures_of_these(settings: Settings) -> None:
    """What failed elsewhere is the business of a run over everything, and of the status."""
    bad = write(settings, "folder/bad.txt", "UNREADABLE")
    assert reasons(run(settings)).keys() == {"folder/bad.txt"}
    good = write(settings, "good.txt", "a: một")
    assert not reasons(run(settings, good))
    assert reasons(run(settings, bad)).keys() == reasons(run(settings, bad.parent)).keys() == {"folder/bad.txt"}
    assert reasons(run(settings)).keys() == {"folder/bad.txt"}


def test_links(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret: x")
    write(settings, "folder/a.txt", "a: một")
    for name, target in {
        "file.txt": outside / "secret.txt",
        "outside": outside,
        "relative.txt": Path("../outside/secret.txt"),
        "chain.txt": settings.corpus / "file.txt",
        "nowhere.txt": settings.corpus / "nothing.txt",
        "inside.txt": settings.corpus / "folder" / "a.txt",
        "loop": settings.corpus,
        "round.txt": settings.corpus / "round.txt",
        "note.md": outside / "secret.txt",
    }.items():
        (settings.corpus / name).symlink_to(target)
    report = run(settings)
    assert set(reasons(report)) == {"file.txt", "outside", "relative.txt", "chain.txt", "nowhere.txt", "round.txt"}
    assert all("leads out" in reasons(report)[name] for name in ("file.txt", "outside", "relative.txt", "chain.txt"))
    assert held(settings) == {"a": ["một"]}
    assert counts(run(settings)) == (0, 0, 0, 2, 6)
    (settings.corpus / "outside").unlink()
    assert "outside" not in reasons(run(settings))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_not_opened(settings: Settings) -> None:
    os.mkfifo(settings.corpus / "pipe.txt")
    assert "regular" in reasons(run(settings))["pipe.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode here")
def test_a_name_that_is_no_text(settings: Settings) -> None:
    Path(os.fsdecode(os.fsencode(settings.corpus) + b"/v\xe3n.txt")).write_text("a: x")
    report = run(settings)
    assert "Unicode" in reasons(report)["v\ufffdn.txt"]
    json.dumps(report.to_json()).encode()


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_folder_that_cannot_be_opened_loses_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "closed/a.txt", "a: một")
    run(settings)
    listdir = os.listdir

    def refuse(folder: Path) -> list[str]:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listdir(folder)

    monkeypatch.setattr("kgsearch.indexing.corpus.os.listdir", refuse)
    report = run(settings)
    assert "cannot be opened" in reasons(report)["closed"]
    assert held(settings) == {"a": ["một"]}
    monkeypatch.undo()
    assert counts(run(settings)) == (0, 0, 1, 1, 0)


def test_the_index_may_lie_in_the_corpus(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path, index=tmp_path / "index")
    write(settings, "a.txt", "a: một")
    write(settings, "index/b.txt", "b: hai")
    run(settings)
    assert held(settings) == {"a": ["một"]}


# --- one document in two files --------------------------------------------------------------------------------------------


def test_a_copy_is_the_same_document(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    copy = write(settings, "copy.txt", "a: một", age=50)
    assert run(settings).documents == 1
    with CatalogueReader(settings.catalogue_path) as reader:
        record = reader.document("a")
    assert record is not None
    assert (record.files, record.warnings) == (("copy.txt", "a.txt"), ())
    copy.unlink()
    run(settings)
    assert held(settings) == {"a": ["một"]}
    with CatalogueReader(settings.catalogue_path) as reader:
        assert all(known.sha256 for known in reader.files().values()), "it was read again for its own spans"


@pytest.mark.parametrize("first", ["a.txt", "b.txt"])
def test_the_newest_file_wins_and_the_other_steps_in(settings: Settings, first: str) -> None:
    texts = {"a.txt": ("a: cũ", 100), "b.txt": ("a: mới", 50)}
    for name in sorted(texts, key=lambda name: name != first):
        write(settings, name, texts[name][0], age=texts[name][1])
        run(settings)
    assert held(settings) == {"a": ["mới"]}
    with CatalogueReader(settings.catalogue_path) as reader:
        record = reader.document("a")
    assert record is not None
    assert "in other words" in record.warnings[0]
    (settings.corpus / "b.txt").unlink()
    report = run(settings)
    assert counts(report) == (0, 0, 1, 1, 0)
    assert held(settings) == {"a": ["cũ"]}


def test_an_incremental_index_is_that_of_a_new_one(settings: Settings, tmp_path: Path) -> None:
    steps: list[tuple[str, str | None, int]] = [
        ("a.txt", "x: 1", 90),
        ("b.txt", "x: 2\ny: 1", 80),
        ("c.txt", "y: 2", 70),
        ("a.txt", "x: 3", 60),
        ("b.txt", "y: 9", 50),
        ("c.txt", "x: 4\nz: 1", 95),
        ("a.txt", None, 0),
        ("d.txt", "z: 2 | 3", 10),
        ("c.txt", "UNREADABLE", 5),
        ("b.txt", "x: 5\ny: 9", 99),
    ]
    for number, (name, text, age) in enumerate(steps):
        if text is None:
            (settings.corpus / name).unlink()
        else:
            write(settings, name, text, age=age)
        run(settings)
        fresh = replace(settings, index=tmp_path / f"fresh{number}")
        run(fresh)
        assert held(settings) == held(fresh), f"after step {number}"


# --- files and folders given ----------------------------------------------------------------------------------------------


def test_a_file_given_is_copied_into_the_corpus(settings: Settings, tmp_path: Path) -> None:
    write(settings, "waiting.txt", "w: chờ")
    given = tmp_path / "đến.txt"
    given.write_text("a: một", encoding="utf-8")
    set_age(given, 77)
    report = run(settings, given)
    assert (counts(report), held(settings)) == ((1, 0, 0, 0, 0), {"a": ["một"]})
    copy = settings.corpus / "đến.txt"
    assert (copy.read_bytes(), copy.stat().st_mtime) == (given.read_bytes(), given.stat().st_mtime)
    assert counts(run(settings, given)) == (0, 0, 0, 1, 0), "the same file again is no conflict"
    assert counts(run(settings)) == (1, 0, 0, 1, 0), "the next plain run does not drop it"


def test_no_file_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    kept = write(settings, "a.txt", "a: một")
    given = tmp_path / "a.txt"
    given.write_text("b: hai", encoding="utf-8")
    report = run(settings, given)
    assert "another file named a.txt" in reasons(report)[str(given)]
    assert kept.read_text(encoding="utf-8") == "a: một"
    assert sorted(entry.name for entry in settings.corpus.iterdir()) == ["a.txt"]


def test_a_folder_given_keeps_its_shape(settings: Settings, tmp_path: Path) -> None:
    given = tmp_path / "văn bản đến"
    (given / "quý 1").mkdir(parents=True)
    (given / "a.txt").write_text("a: một", encoding="utf-8")
    (given / "quý 1" / "a.txt").write_text("b: hai", encoding="utf-8")
    (given / "note.md").write_text("no document")
    (given / "out.txt").symlink_to(ROOT / "LICENSE")
    report = run(settings, given)
    assert counts(report) == (2, 0, 0, 0, 1)
    assert "leads out" in reasons(report)[str(given / "out.txt")]
    names = {path.relative_to(settings.corpus).as_posix() for path in settings.corpus.rglob("*") if path.is_file()}
    assert names == {"văn bản đến/a.txt", "văn bản đến/quý 1/a.txt"}


def test_files_and_folders_of_the_corpus_given(settings: Settings) -> None:
    write(settings, "2021/a.txt", "a: một")
    gone = write(settings, "2021/b.txt", "b: hai")
    write(settings, "2022/c.txt", "c: ba")
    elsewhere = write(settings, "2022/d.txt", "d: bốn")
    run(settings)
    gone.unlink()
    elsewhere.unlink()
    assert counts(run(settings, settings.corpus / "2021")) == (0, 0, 1, 1, 0), "what is gone elsewhere is not looked at"
    assert sorted(held(settings)) == ["a", "c", "d"]
    assert counts(run(settings, settings.corpus / "2022" / "c.txt")) == (0, 0, 0, 1, 0)
    assert counts(run(settings, settings.corpus)) == (0, 0, 1, 2, 0)


@pytest.mark.parametrize("name", ["a.md", ".a.txt", "~$a.txt", "a.tmp"])
@pytest.mark.parametrize("inside", [True, False])
def test_what_is_given_and_is_no_document_is_named(settings: Settings, tmp_path: Path, name: str, inside: bool) -> None:
    given = (settings.corpus if inside else tmp_path) / name
    given.write_text("a: x")
    assert "not a document" in reasons(run(settings, given))[str(given)]


def test_a_link_in_the_corpus_is_no_way_in(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (settings.corpus / "đến").symlink_to(tmp_path / "outside")
    given = tmp_path / "given" / "đến"
    given.mkdir(parents=True)
    (given / "a.txt").write_text("a: x")
    assert "leads out" in reasons(run(settings, given))[str(given / "a.txt")]
    assert list((tmp_path / "outside").iterdir()) == []
    assert "leads out" in reasons(run(settings, settings.corpus / "đến"))["đến"]


def test_a_name_that_does_not_exist_stops_before_anything(settings: Settings, tmp_path: Path) -> None:
    given = tmp_path / "a.txt"
    given.write_text("a: x")
    with pytest.raises(UsageError, match=r"missing\.txt does not exist"):
        run(settings, given, tmp_path / "missing.txt")
    assert list(settings.corpus.iterdir()) == []
    assert not settings.index.exists()


def test_a_folder_that_holds_the_corpus(settings: Settings) -> None:
    with pytest.raises(UsageError, match="holds the corpus"):
        run(settings, settings.corpus.parent)


# --- where a run cannot start ---------------------------------------------------------------------------------------------


def test_no_corpus_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for corpus in (tmp_path / "missing", tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="does not exist"):
            run(Settings(corpus=corpus, index=tmp_path / "index"))
    assert not (tmp_path / "index").exists()


def test_an_index_folder_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for index in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(IndexStateError, match="cannot be written"):
            run(replace(settings, index=index))


def test_a_newer_catalogue(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        catalogue.stamp(schema_version="99")
    with pytest.raises(IndexStateError, match="newer version"):
        run(settings)


def test_a_lost_catalogue_is_not_replaced_in_silence(settings: Settings) -> None:
    run(settings)
    for path in settings.index.glob("catalogue.sqlite*"):
        path.unlink()
    with pytest.raises(IndexStateError, match="is missing, though"):
        run(settings)


def test_the_index_is_not_made_in_the_corpus_folder_itself(settings: Settings) -> None:
    before = sorted(settings.corpus.rglob("*"))
    with pytest.raises(UsageError, match="--index"):
        run(replace(settings, index=settings.corpus / ".." / settings.corpus.name))
    assert sorted(settings.corpus.rglob("*")) == before


def test_nothing_is_indexed_into_a_half_restored_folder(settings: Settings) -> None:
    """A catalogue there would keep the restore from ever being ended."""
    (settings.index / STAGE).mkdir(parents=True)
    with pytest.raises(IndexStateError, match="kgsearch restore"):
        run(settings)
    assert not settings.catalogue_path.exists()
    (settings.index / STAGE).rmdir()
    run(settings)
    # What is left where everything was restored is in nobody's way.
    (settings.index / STAGE).mkdir()
    run(settings)


HOLD = """
import sys, time
from pathlib import Path
from kgsearch.indexing.lock import index_lock
with index_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_is_at_it(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    command = [sys.executable, "-c", HOLD, str(settings.lock_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        for _attempt in range(2):
            with pytest.raises(IndexLockedError, match=f"process {other.pid}"):
                run(settings)
        settings.lock_path.with_name("lock.pid").unlink()
        with pytest.raises(IndexLockedError, match="another process"):
            run(settings)
        other.kill()
        other.wait()
    assert counts(run(settings)) == (1, 0, 0, 0, 0), "the lock goes with its process"


def test_another_run_is_waited_for(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    command = [sys.executable, "-c", HOLD, str(settings.lock_path)]
    said: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexLockedError, match=f"process {other.pid}; wait until"):
            sync(settings, tools=TOOLS, waiting=Waiting(0.1, said.append))

        def told(message: str) -> None:
            said.append(message)
            assert other.stdin is not None
            other.stdin.close()

        assert counts(sync(settings, tools=TOOLS, waiting=Waiting(120, told))) == (1, 0, 0, 0, 0)
        assert [message.split("; ")[1] for message in said] == [f"waiting for it, {seconds} s at most." for seconds in (0, 120)]
        assert all(f"process {other.pid};" in message for message in said)
    sync(settings, tools=TOOLS, waiting=Waiting(120, said.append))
    assert len(said) == 2, "nobody is told who need not wait"


def test_a_second_thread_is_refused_too(settings: Settings) -> None:
    refusals: list[str] = []

    def second() -> None:
        try:
            run(settings)
        except IndexLockedError as error:
            refusals.append(str(error))

    with index_lock(settings.lock_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refusals) == 1
    run(settings)


# --- the engine -----------------------------------------------------------------------------------------------------------


def test_what_they_agreed_on_is_not_compared_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    compared: list[FolderEngine] = []
    documents = FolderEngine.documents

    def noted(engine: FolderEngine) -> frozenset[str]:
        compared.append(engine)
        return documents(engine)

    monkeypatch.setattr(FolderEngine, "documents", noted)
    write(settings, "b.txt", "b: hai")
    run(settings)
    compared.clear()
    run(settings)
    write(settings, "c.txt", "c: ba")
    (settings.corpus / "b.txt").unlink()
    run(settings)
    run(settings)
    assert not compared
    assert held(settings) == {"a": ["một"], "c": ["ba"]}
    take_back(settings)
    run(settings)
    assert compared
    assert held(settings) == {"a": ["một"], "c": ["ba"]}


def test_a_commit_that_a_power_cut_takes_back_is_not_the_one_agreed_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where as many passages went as came, and the run ended before it could say that they agree."""
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai")
    for _run in ("that makes the engine", "that finds it good"):
        run(settings)
    agreed = (engine_folder(settings) / "held.json").read_bytes()
    (settings.corpus / "b.txt").unlink()
    write(settings, "c.txt", "c: ba")

    def killed(_update: engine_update.EngineUpdate, _engine: Engine) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(engine_update.EngineUpdate, "_agree", killed)
        run(settings)
    (engine_folder(settings) / "held.json").write_bytes(agreed)
    run(settings)
    assert held(settings) == {"a": ["một"], "c": ["ba"]}


def test_whichever_commits_are_taken_back_on_either_side_they_agree_in_the_end(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that lies of what it has written may keep any state of the catalogue beside any of the engine."""
    states: list[tuple[bytes, bytes]] = []

    def noting(name: str) -> None:
        original = getattr(Catalogue, name)

        def noted(catalogue: Catalogue, *arguments: Any, **options: Any) -> None:
            original(catalogue, *arguments, **options)
            with closing(sqlite3.connect(settings.catalogue_path)) as connection:
                states.append((connection.serialize(), (engine_folder(settings) / "held.json").read_bytes()))

        monkeypatch.setattr(Catalogue, name, noted)

    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai")
    run(settings)
    run(settings)
    for name in ("mark_indexed", "purge_removed"):
        noting(name)
    for gone, come in (("b", "c"), ("c", "b"), ("b", "d")):
        (settings.corpus / f"{gone}.txt").unlink()
        write(settings, f"{come}.txt", f"{come}: hai")
        run(settings)
    monkeypatch.undo()
    for catalogue, engine in product(*map(dict.fromkeys, zip(*states, strict=True))):
        settings.catalogue_path.write_bytes(catalogue)
        (engine_folder(settings) / "held.json").write_bytes(engine)
        run(settings)
        assert held(settings) == {"a": ["một"], "d": ["hai"]}


def test_what_an_analysis_that_fails_takes_along_is_taken_out_of_the_engine_that_there_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings, "a.txt", "a: một\nb: hai")
    write(settings, "c.txt", "c: ba")
    run(settings)
    before = engine_folder(settings)
    write(settings, "a.txt", "a: một\nb: mới\nd: năm", age=50)
    original = entries.entries_of

    def failing(record: DocumentRecord, passages: list[Passage]) -> list[Entry]:
        if record.id == "d":
            raise RecursionError
        return original(record, passages)

    monkeypatch.setattr(entries, "entries_of", failing)
    assert list(reasons(run(settings))) == ["a.txt"]
    assert (held(settings), engine_folder(settings)) == ({"c": ["ba"]}, before)


def lose_folder(settings: Settings) -> None:
    shutil.rmtree(settings.engine_path)


def spoil(settings: Settings) -> None:
    (engine_folder(settings) / "held.json").write_bytes(b"\0" * 100)


def take_back(settings: Settings) -> None:
    (engine_folder(settings) / "held.json").write_text('{"b": ["hai"]}')


def add_stranger(settings: Settings) -> None:
    file = engine_folder(settings) / "held.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "stranger": ["x"]}))


def lose_a_passage(settings: Settings) -> None:
    (engine_folder(settings) / "held.json").write_text('{"a": ["một"], "b": ["hai"]}')


def leave_before_swap(settings: Settings) -> None:
    FolderEngine.create(EngineHome(settings.engine_path).prepare())


def lose_the_name(settings: Settings) -> None:
    (settings.engine_path / CURRENT_FILE).unlink()


def zero_the_name(settings: Settings) -> None:
    (settings.engine_path / CURRENT_FILE).write_bytes(bytes(11))


def leave_an_older_layout(settings: Settings) -> None:
    shutil.rmtree(settings.engine_path)
    FolderEngine.create(settings.engine_path)
    shutil.copytree(settings.engine_path, settings.index / "engine.old")


def put_a_file_there(settings: Settings) -> None:
    shutil.rmtree(settings.engine_path)
    settings.engine_path.write_text("x")


def stamp_other_engine(settings: Settings) -> None:
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        catalogue.stamp(engine="another")


def stamp_other_analysis(settings: Settings) -> None:
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        catalogue.stamp(analysis_version="0")


FAULTS: list[Callable[[Settings], None]] = [
    lose_folder,
    spoil,
    take_back,
    add_stranger,
    lose_a_passage,
    leave_before_swap,
    lose_the_name,
    zero_the_name,
    leave_an_older_layout,
    put_a_file_there,
    stamp_other_engine,
    stamp_other_analysis,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_the_engine_is_made_good_from_the_catalogue(settings: Settings, fault: Callable[[Settings], None]) -> None:
    write(settings, "a.txt", "a: một | ba")
    write(settings, "b.txt", "b: hai")
    run(settings)
    fault(settings)
    reading = Reading()
    run(settings, tools=reading.tools)
    assert reading.names == [], "no file is read for it"
    assert held(settings) == {"a": ["một", "ba"], "b": ["hai"]}
    assert sorted(path.name for path in settings.index.glob("engine*")) == ["engine"]
    assert {path.name for path in settings.engine_path.iterdir()} == {CURRENT_FILE, engine_folder(settings).name}
    with CatalogueReader(settings.catalogue_path) as reader:
        assert (reader.meta()["engine"], reader.meta()["analysis_version"]) == ("folder", str(ANALYSIS_VERSION))


@pytest.mark.parametrize("asked", ["documents", "writer"])
def test_an_engine_that_is_found_damaged_when_it_is_read_is_made_anew_in_the_same_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    write(settings, "b.txt", "b: hai")

    def damaged(_engine: FolderEngine) -> Any:
        monkeypatch.undo()
        spoil(settings)
        raise IndexStateError("damaged")

    monkeypatch.setattr(FolderEngine, asked, damaged)
    run(settings)
    assert held(settings) == {"a": ["một"], "b": ["hai"]}


def test_an_engine_that_looks_whole_and_cannot_be_read_is_made_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    first = engine_folder(settings)

    def documents(engine: FolderEngine) -> frozenset[str]:
        if engine.file.parent == first:
            raise IndexStateError("it makes no sense")
        return frozenset(engine.held)

    monkeypatch.setattr(FolderEngine, "documents", documents)
    write(settings, "b.txt", "b: hai")
    run(settings)
    assert held(settings) == {"a": ["một"], "b": ["hai"]}


def test_an_engine_that_is_well_is_not_made_anew_for_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    before = engine_folder(settings)
    write(settings, "b.txt", "b: hai")

    def full(_engine: FolderEngine) -> Any:
        raise IndexStateError("the disk is full")

    with monkeypatch.context() as patch, pytest.raises(IndexStateError, match="the disk is full"):
        patch.setattr(FolderEngine, "writer", full)
        run(settings)
    run(settings)
    assert (held(settings), engine_folder(settings)) == ({"a": ["một"], "b": ["hai"]}, before)


def test_batches(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_update, "BATCH_PASSAGES", 3)
    for number in range(10):
        write(settings, f"{number}.txt", f"d{number}: một | hai")
    run(settings)
    assert len(held(settings)) == 10
    for number in range(10):
        write(settings, f"{number}.txt", f"d{number}: ba")
    run(settings)
    assert set(map(tuple, held(settings).values())) == {("ba",)}


class Killed(BaseException):
    """The process ends here."""


def kill_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """End at the ``number``-th step of those that change something on the disk, before it is done."""
    left = [number]

    def fatal(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def step(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return original(*arguments, **options)

        monkeypatch.setattr(owner, name, step)

    changing = ("put_holdings", "fail_file", "wait_file", "move_file", "remove_file", "touch_file")
    for name in (*changing, "mark_indexed", "mark_pending", "purge_removed", "stamp"):
        fatal(Catalogue, name)
    fatal(FolderEngine, "writer")
    fatal(EngineHome, "switch")
    fatal(EngineHome, "clean")
    fatal(shutil, "rmtree")
    fatal(Path, "rename")
    fatal(Path, "replace")


def first_run(settings: Settings) -> dict[str, list[str]]:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai\nc: ba")
    write(settings, "bad.txt", "UNREADABLE")
    return {"a": ["một"], "b": ["hai"], "c": ["ba"]}


def later_run(settings: Settings) -> dict[str, list[str]]:
    first_run(settings)
    run(settings)
    write(settings, "a.txt", "a: khác", age=90)
    write(settings, "b.txt", "c: ba", age=80)
    write(settings, "d.txt", "c: mới\nd: năm", age=10)
    (settings.corpus / "bad.txt").unlink()
    return {"a": ["khác"], "c": ["mới"], "d": ["năm"]}


def rebuilding_run(settings: Settings) -> dict[str, list[str]]:
    expected = later_run(settings)
    spoil(settings)
    return expected


@pytest.mark.parametrize("prepare", [first_run, later_run, rebuilding_run])
def test_a_run_that_ends_anywhere_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[Settings], Any]
) -> None:
    for number in range(60):
        settings = Settings(corpus=tmp_path / str(number) / "corpus", index=tmp_path / str(number) / "index")
        settings.corpus.mkdir(parents=True)
        expected = prepare(settings)
        with monkeypatch.context() as patch:
            kill_at(patch, number)
            try:
                run(settings)
            except Killed:
                finished = False
            else:
                finished = True
        run(settings)
        assert held(settings) == expected, f"ended at step {number}"
        if finished:
            assert number > 5
            return
    pytest.fail("the run never came to its end")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be split here")
def test_a_killed_process_leaves_an_index_that_the_next_run_finishes(settings: Settings) -> None:
    expected = later_run(settings)
    child = os.fork()
    if child == 0:
        marked = Catalogue.mark_indexed
        try:
            Catalogue.mark_indexed = lambda self, passages: os._exit(9)  # type: ignore[method-assign]
            run(settings)
        finally:
            Catalogue.mark_indexed = marked  # type: ignore[method-assign]
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with CatalogueReader(settings.catalogue_path) as reader:
        assert reader.status()["waiting"] > 0
    run(settings)
    assert held(settings) == expected


def test_the_engine_is_made_anew_on_request(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    before = engine_folder(settings)
    write(settings, "b.txt", "b: hai")
    reading = Reading()
    sync(settings, tools=reading.tools, rebuild=True)
    assert (engine_folder(settings) != before, before.exists(), reading.names) == (True, False, ["b.txt"])
    assert held(settings) == {"a": ["một"], "b": ["hai"]}


def test_a_new_engine_that_holds_other_numbers_of_passages(settings: Settings) -> None:
    write(settings, "a.txt", "a: một | hai")
    run(settings)
    with sqlite3.connect(settings.catalogue_path) as connection:
        connection.execute("UPDATE documents SET passages = 7")
    connection.close()
    run(settings)
    before = engine_folder(settings)
    assert held(settings) == {"a": ["một", "hai"]}
    run(settings)
    assert engine_folder(settings) == before, "it is not made anew every time"


@pytest.mark.parametrize("owner, name", [(FolderEngine, "writer"), (EngineHome, "switch"), (EngineHome, "prepare")])
@pytest.mark.parametrize("number", [5, 28])
def test_an_error_of_the_disk_is_one_clear_line_and_the_next_run_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, number: int
) -> None:
    expected = rebuilding_run(settings)

    def refuse(*_arguments: Any) -> Any:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, refuse)
        with pytest.raises(IndexStateError, match="engine's folder cannot be written") as failed:
            run(settings)
    assert reason_of(OSError(number, os.strerror(number))) in str(failed.value) and "\n" not in str(failed.value)
    assert not (settings.index / PROGRESS_FILE).exists()
    run(settings)
    assert held(settings) == expected


# --- entries and status ---------------------------------------------------------------------------------------------------


def test_entries() -> None:
    record = DocumentRecord("d", "1/QĐ", "Quyết định", "", "Sở", "", date(2021, 1, 2), "", "")
    passages = [Passage("d#art_1", "d", "art_1", "Quyết định 1/QĐ", "Giải ngân"), Passage("d#art_2", "d", "art_2", "Khác", "Vốn")]
    first, second = entries_of(record, passages)
    assert (first.passage, first.document, first.clause, first.type, first.issuer, first.issued) == (
        "d#art_1",
        "d",
        "art_1",
        "Quyết định",
        "Sở",
        date(2021, 1, 2),
    )
    assert list(first.text) == ["giải", "ngân"]
    assert list(first.context)[:2] == ["quyết", "định"]
    assert list(first.tokens["syllables"])[-2:] == ["giai", "ngan"]
    assert set(first.tokens) == {"syllables", "bigrams", "words"}
    assert (list(second.context), list(second.text)) == (["khác"], ["vốn"])


def test_status(settings: Settings) -> None:
    with pytest.raises(IndexStateError, match="kgsearch index"):
        status(settings, tools=TOOLS)
    write(settings, "a.txt", "a: một | hai")
    write(settings, "b.txt", "UNREADABLE")
    run(settings)
    found = status(settings, tools=TOOLS)
    expected = {
        "documents": 1,
        "clauses": 2,
        "files_ok": 1,
        "files_failed": 1,
        "waiting": 0,
        "engine": "folder",
        "passages": 2,
        "engine_error": None,
    }
    assert {name: found[name] for name in expected} == expected
    json.dumps(found)
    spoil(settings)
    assert "damaged" in status(settings, tools=TOOLS)["engine_error"]


def test_status_of_a_run(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    write(settings, "b.txt", "b: hai")
    said: list[Any] = []

    def progress(done: int, total: int, _name: str) -> None:
        said.append(running(settings.index, settings.lock_path))

    sync(settings, progress=progress, tools=TOOLS)
    assert (said[0]["phase"], said[0]["total"], said[0]["pid"]) == ("reading", 2, os.getpid())
    assert set(said[0]) == {"phase", "done", "total", "rate", "seconds_left", "started", "pid"}
    found = status(settings, tools=TOOLS)
    assert found["running"] is None
    assert sorted(path.name for path in settings.index.iterdir() if "progress" in path.name) == []
    last = found["last_run"]
    assert (last["added"], last["moved"], last["documents"], last["phases"]["reading"]["done"]) == (2, 0, 2, 2)
    assert last["started"] <= last["ended"]
    assert run(settings).unchanged == 2
    assert status(settings, tools=TOOLS)["last_run"]["unchanged"] == 2


def test_what_a_killed_run_left_says_nothing(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")
    run(settings)
    file = settings.index / PROGRESS_FILE
    for content in ('{"phase": "reading"}', "[]", "half a", ""):
        file.write_text(content)
        assert status(settings, tools=TOOLS)["running"] is None
    file.write_text('{"phase": "reading"}')
    with index_lock(settings.lock_path):
        assert status(settings, tools=TOOLS)["running"] == {"phase": "reading"}
    run(settings)
    assert not file.exists()


def test_files_that_wait_are_named_in_the_status(settings: Settings) -> None:
    write(settings, "a.txt", "a: một")

    def read_while_it_grows(path: Path) -> FileDocuments:
        path.write_text("a: hai và nhiều hơn", encoding="utf-8")
        return read_documents(path)

    run(settings, tools=replace(TOOLS, read_documents=read_while_it_grows))
    assert [waiting["file"] for waiting in status(settings, tools=TOOLS)["files_waiting"]] == ["a.txt"]


def test_the_engine_of_the_tests_keeps_the_contract(tmp_path: Path) -> None:
    engine: Engine = FolderEngine.create(tmp_path / "engine")
    assert engine.passages() == 0


def test_real_documents(shared: Path, tmp_path: Path) -> None:
    settings = Settings(corpus=shared / "corpus", index=tmp_path / "index")
    report = sync(settings)
    assert counts(report) == (5, 0, 0, 0, 0)
    assert report.documents == 6
    assert counts(sync(settings)) == (0, 0, 0, 5, 0)
    found = status(settings)
    assert (found["waiting"], found["engine_error"]) == (0, None)
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        assert sum(catalogue.indexed().values()) == found["passages"]


# --- on all cores ---------------------------------------------------------------------------------------------------------

DIFFERENT_EACH_TIME = {("files", "seen_ns"), ("meta", "value")}


def catalogue_of(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """All that is in a catalogue but for the moments at which it was written."""
    with closing(sqlite3.connect(settings.catalogue_path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, list[tuple[Any, ...]]] = {}
        for table in tables:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if (table, row[1]) not in DIFFERENT_EACH_TIME]
            wanted = ", ".join(f'"{column}"' for column in columns)
            found[table] = connection.execute(
                f'SELECT {wanted} FROM "{table}" ORDER BY 1, 2' if len(columns) > 1 else f'SELECT {wanted} FROM "{table}" ORDER BY 1'
            ).fetchall()
        return found


def test_many_processes_make_the_same_index_as_one(tmp_path: Path) -> None:
    """The samples of the project and broken copies of them; also by a run that is killed and begun again."""
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus, ignore=shutil.ignore_patterns("*.pdf", "*.doc*", "*.rtf", "*.odt", "*.zip"))
    (corpus / "empty.txt").write_text("")
    (corpus / "noise.txt").write_bytes(bytes(range(256)))
    alone, together, killed = (
        Settings(corpus=corpus, index=tmp_path / name, workers=workers) for name, workers in (("alone", 1), ("together", 2), ("killed", 2))
    )
    first, second = sync(alone), sync(together)
    assert first.documents > 4 and len(first.failures) == 2
    assert (counts(first), first.failures, first.clauses) == (counts(second), second.failures, second.clauses)
    assert catalogue_of(alone) == catalogue_of(together)
    for step in (3, first.added + first.failed + 2):
        kill_at_step(killed, step)
    sync(killed)
    assert catalogue_of(alone) == catalogue_of(killed)


KILLED_AT = """
import os, signal, sys
from pathlib import Path
from kgsearch.config import Settings
from kgsearch.indexing import sync

def progress(done, total, name):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    sync(Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2]), workers=2), (), progress)
"""


def kill_at_step(settings: Settings, step: int) -> None:
    """A run that is killed when it has done ``step`` steps."""
    script = settings.index.with_name("killed.py")
    script.write_text(KILLED_AT)
    command = [sys.executable, str(script), str(settings.corpus), str(settings.index), str(step)]
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT), "KGSEARCH_LANGUAGE": "en"}, check=False, capture_output=True
    )
    assert ended.returncode < 0 or os.name == "nt", ended.stderr
