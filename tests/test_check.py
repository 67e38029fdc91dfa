"""Checking: every disagreement is found, told apart from what is only behind, and mended by what is said to mend it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from corpus_index import documents_arriving

from kgsearch.catalogue import Catalogue
from kgsearch.catalogue.versions import SCHEMA_VERSION
from kgsearch.config import Settings
from kgsearch.engines.base import Entry
from kgsearch.engines.home import EngineHome
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.i18n import use_language
from kgsearch.indexing import sync
from kgsearch.indexing.entries import entries_of
from kgsearch.indexing.keeping.backup import back_up, restore
from kgsearch.indexing.keeping.checking import Finding, check
from kgsearch.indexing.lock import index_lock

ROOT = Path(__file__).resolve().parents[1]
CHOSEN = ("ttr-52-ubnd-2023.txt", "gm-76-ubnd-2023.txt", "nq-41-hdnd-2022.txt")


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture(scope="module")
def built(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus, its index and a backup; tests copy it."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "corpus").mkdir()
    for name in CHOSEN:
        shutil.copy2(samples / name, folder / "corpus")
        os.utime(folder / "corpus" / name, (1_600_000_000, 1_600_000_000))
    settings = Settings(corpus=folder / "corpus", index=folder / "index", workers=1)
    sync(settings)
    back_up(settings, folder / "backup.zip")
    return folder


@pytest.fixture
def office(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("corpus", "index"):
        shutil.copytree(built / name, tmp_path / name)
    shutil.copy2(built / "backup.zip", tmp_path / "backup.zip")
    monkeypatch.chdir(tmp_path)
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", workers=1)


def engine_folder(settings: Settings) -> Path:
    folder = EngineHome(settings.engine_path).current()
    assert folder is not None
    return folder


def largest(folder: Path) -> Path:
    return max((path for path in folder.iterdir() if path.suffix == ".seg" or path.suffix == ".trm"), key=lambda path: path.stat().st_size)


def flip(path: Path, place: int | None = None, bit: int = 0x10) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if place is None else place] ^= bit
    path.write_bytes(content)


def sql(settings: Settings, *statements: str) -> None:
    connection = sqlite3.connect(settings.catalogue_path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def found(settings: Settings, *, deep: bool = False) -> list[Finding]:
    return list(check(settings, deep=deep).findings)


# --- a sound index -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deep", [False, True])
def test_a_sound_index_has_no_findings(office: Settings, deep: bool) -> None:
    report = check(office, deep=deep)
    assert (report.ok, report.findings, report.deep, report.running) == (True, [], deep, False)
    assert (report.documents, report.files) == (3, 3)
    assert report.clauses and report.passages
    assert json.loads(json.dumps(report.to_json()))["ok"] is True


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    # Reading a database with a log makes the file of its locks and an empty log; opening an engine notes that it was verified.
    noted = ("catalogue.sqlite-shm", "catalogue.sqlite-wal", "lock", "verified.json")
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in noted
    }


@pytest.mark.parametrize("damaged", [False, True])
def test_nothing_is_changed(office: Settings, damaged: bool) -> None:
    if damaged:
        flip(largest(engine_folder(office)))
        flip(office.lexicon_path / "lexicon.dat")
        (office.corpus / "new.txt").write_text("new")
    before = state(office.index), state(office.corpus)
    assert check(office, deep=True).ok is not damaged
    assert (state(office.index), state(office.corpus)) == before


READ_ONLY = """
    from pathlib import Path
    from kgsearch.config import Settings
    from kgsearch.indexing.keeping.checking import check
    try:
        (Path({folder!r}) / "index" / "try").write_text("")
    except OSError:
        report = check(Settings(corpus=Path({folder!r}) / "corpus", index=Path({folder!r}) / "index"), deep=True)
        print([finding.what for finding in report.findings], report.documents)
"""


def test_on_a_read_only_folder(office: Settings) -> None:
    folder = str(office.index.parent)
    program = textwrap.dedent(READ_ONLY.format(folder=folder))
    mount = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}" && exec "$0" -c "$1"'
    command = ["unshare", "-Urm", "sh", "-c", mount, sys.executable, program]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"folders cannot be mounted here: {done.stderr.strip()[:80]}")
    assert done.stdout.strip() == "[] 3", done.stderr


def test_while_a_run_holds_the_index(office: Settings) -> None:
    with index_lock(office.lock_path):
        report = check(office)
    assert report.ok and report.running


def test_while_documents_arrive_nothing_passes_for_damage(office: Settings) -> None:
    with documents_arriving(office, office.corpus / CHOSEN[1], "76/GM-UBND"):
        reports = [check(office, deep=True) for _number in range(6)]
    damage = [finding.what for report in reports for finding in report.findings if finding.severity == "damage"]
    assert damage == []
    sync(office)
    assert check(office, deep=True).ok


# --- what can disagree -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What is done to an index, where it is to be found, and what mends it as the finding says."""

    harm: Callable[[Settings], object]
    part: str
    severity: str
    mend: Callable[[Settings], object]
    said: str
    deep: bool = False


def index(settings: Settings) -> None:
    sync(settings)


def rebuild(settings: Settings) -> None:
    sync(settings, rebuild=True)


def put_back(settings: Settings) -> None:
    """As an administrator does who has a backup."""
    for folder in (settings.index, settings.corpus):
        folder.rename(folder.with_name(f"{folder.name}.away"))
    restore(settings, settings.index.parent / "backup.zip")


def relearn(settings: Settings) -> None:
    shutil.rmtree(settings.lexicon_path)
    sync(settings)


def save_again(settings: Settings) -> None:
    os.utime(settings.corpus / CHOSEN[0])
    sync(settings)


def without_document(settings: Settings, place: int = 0) -> str:
    """The engine has lost a document; its id."""
    engine = WhooshEngine(engine_folder(settings))
    lost = sorted(engine.documents())[place]
    with engine.writer() as writer:
        writer.delete(lost)
    engine.close()
    return lost


def with_ghost(settings: Settings) -> None:
    """The engine holds a document that the catalogue does not."""
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        document = catalogue.reader.documents()[0]
        ghost = [replace(entry, document="ghost") for entry in entries_of(document, catalogue.passages(document.id))]
    engine = WhooshEngine(engine_folder(settings))
    with engine.writer() as writer:
        writer.add(ghost)
    engine.close()


def replaced_in_engine(settings: Settings, change: Callable[[list[Entry]], list[Entry]]) -> None:
    """Give the engine other entries of a document than the catalogue has."""
    with Catalogue.open(settings.catalogue_path, create=False) as catalogue:
        document = catalogue.reader.documents()[0]
        entries = list(entries_of(document, catalogue.passages(document.id)))
    engine = WhooshEngine(engine_folder(settings))
    with engine.writer() as writer:
        writer.delete(document.id)
        writer.add(change(entries))
    engine.close()


def with_fewer_clauses(settings: Settings) -> None:
    """The engine holds half of a document."""
    replaced_in_engine(settings, lambda entries: entries[: len(entries) // 2])


def with_older_words(settings: Settings) -> None:
    """The engine holds as many clauses of a document, and other words, as after somebody put back an older copy of its folder."""
    replaced_in_engine(settings, lambda entries: [*entries[:-1], replace(entries[-1], text=(*entries[-1].text, "cũ"))])


def other_words_at_the_same_time(settings: Settings) -> None:
    path = settings.corpus / CHOSEN[0]
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flipped_word(settings: Settings, bit: int = 0x10) -> None:
    """A bit of a text turned over in the database's file: SQLite itself does not notice."""
    sql(settings, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = settings.catalogue_path.read_bytes()
    word = "Nghị quyết".encode()
    place = content.rfind(word)
    assert place > 0
    flip(settings.catalogue_path, place, bit)


CASES: dict[str, Case] = {
    "catalogue missing": Case(lambda s: s.catalogue_path.unlink(), "catalogue", "damage", put_back, "restore"),
    "catalogue of zeros": Case(lambda s: s.catalogue_path.write_bytes(bytes(4096)), "catalogue", "damage", put_back, "restore"),
    "catalogue cut short": Case(lambda s: os.truncate(s.catalogue_path, 20_000), "catalogue", "damage", put_back, "restore"),
    "a bit of the catalogue": Case(flipped_word, "catalogue", "damage", rebuild, "--rebuild"),
    "no text any more": Case(lambda s: flipped_word(s, 0x80), "catalogue", "damage", rebuild, "--rebuild"),
    "clauses missing": Case(lambda s: sql(s, "DELETE FROM clauses WHERE position = 2"), "catalogue", "damage", rebuild, "--rebuild"),
    "a newer catalogue": Case(
        lambda s: sql(s, "UPDATE meta SET value = '99' WHERE key = 'schema_version'"), "catalogue", "damage",
        lambda s: sql(s, f"UPDATE meta SET value = '{SCHEMA_VERSION}' WHERE key = 'schema_version'"), "do what is said",
    ),
    "no engine": Case(lambda s: shutil.rmtree(s.engine_path), "engine", "damage", rebuild, "--rebuild"),
    "engine in use unknown": Case(lambda s: flip(s.engine_path / "current", 0), "engine", "damage", rebuild, "--rebuild"),
    "a bit of the engine": Case(lambda s: flip(largest(engine_folder(s))), "engine", "damage", rebuild, "--rebuild"),
    "engine file cut short": Case(lambda s: os.truncate(largest(engine_folder(s)), 100), "engine", "damage", rebuild, "--rebuild"),
    "engine file missing": Case(lambda s: largest(engine_folder(s)).unlink(), "engine", "damage", rebuild, "--rebuild"),
    "engine's list missing": Case(lambda s: (engine_folder(s) / "manifest.json").unlink(), "engine", "damage", rebuild, "--rebuild"),
    "a document missing in the engine": Case(without_document, "engine", "damage", rebuild, "--rebuild"),
    "a document too many": Case(with_ghost, "engine", "damage", rebuild, "--rebuild"),
    "half a document": Case(with_fewer_clauses, "engine", "damage", rebuild, "--rebuild"),
    "older words": Case(with_older_words, "engine", "damage", rebuild, "--rebuild", deep=True),
    "another analysis": Case(
        lambda s: sql(s, "UPDATE meta SET value = '1' WHERE key = 'analysis_version'"), "engine", "behind", index, "kgsearch index"
    ),
    "a document waits": Case(
        lambda s: sql(s, "UPDATE documents SET state = 'pending' WHERE key = 1"), "engine", "behind", index, "kgsearch index"
    ),
    "a document waits and another is missing": Case(
        lambda s: (sql(s, f"UPDATE documents SET state = 'pending' WHERE id = '{without_document(s, 1)}'"), without_document(s)),
        "engine", "damage", rebuild, "--rebuild",
    ),
    "no lexicon": Case(lambda s: shutil.rmtree(s.lexicon_path), "lexicon", "behind", index, "kgsearch index"),
    "a bit of the lexicon": Case(lambda s: flip(s.lexicon_path / "lexicon.dat"), "lexicon", "damage", index, "kgsearch index"),
    "lexicon of later": Case(
        lambda s: sql(s, "UPDATE meta SET value = '2020-01-01T00:00:00+00:00' WHERE key = 'changed'"),
        "lexicon", "damage", relearn, "delete the folder",
    ),
    "a new file": Case(
        lambda s: shutil.copy(ROOT / "corpus" / "tb-89-ubnd-2023.txt", s.corpus), "files", "behind", index, "kgsearch index"
    ),
    "a changed file": Case(lambda s: (s.corpus / CHOSEN[1]).write_bytes(b"x"), "files", "behind", index, "kgsearch index"),
    "a file gone": Case(lambda s: (s.corpus / CHOSEN[1]).unlink(), "files", "behind", index, "kgsearch index"),
    "files read by an older version": Case(
        lambda s: sql(s, "UPDATE files SET read_by = 'older'"), "files", "behind", index, "kgsearch index"
    ),
    "another content": Case(other_words_at_the_same_time, "files", "damage", save_again, "backup", deep=True),
    "no corpus folder": Case(
        lambda s: s.corpus.rename(s.corpus.with_name("away")), "files", "damage",
        lambda s: s.corpus.with_name("away").rename(s.corpus), "mount",
    ),
    "reports damaged": Case(
        lambda s: (s.index / "reports.sqlite").write_bytes(b"no database" * 100), "reports", "damage",
        lambda s: (s.index / "reports.sqlite").unlink(), "reports.sqlite",
    ),
    "half a restore": Case(
        lambda s: (s.corpus / ".restoring").mkdir(), "index", "damage", lambda s: (s.corpus / ".restoring").rmdir(), "restore"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_disagreement_is_found_and_what_is_said_mends_it(office: Settings, name: str) -> None:
    case = CASES[name]
    case.harm(office)
    findings = found(office, deep=case.deep)
    assert [finding for finding in findings if (finding.part, finding.severity) == (case.part, case.severity)], findings
    for finding in findings:
        assert finding.what and finding.mend and "\n" not in finding.what + finding.mend
    assert any(case.said in finding.mend for finding in findings if finding.part == case.part)
    case.mend(office)
    assert found(office, deep=case.deep) == []


def test_a_disagreement_in_one_part_is_not_told_of_another(office: Settings) -> None:
    for name in ("a bit of the lexicon", "reports damaged", "a new file"):
        CASES[name].harm(office)
    assert sorted(finding.part for finding in found(office)) == ["files", "lexicon", "reports"]


def test_without_a_catalogue_the_other_parts_are_checked_all_the_same(office: Settings) -> None:
    for name in ("catalogue of zeros", "a bit of the lexicon", "a bit of the engine"):
        CASES[name].harm(office)
    assert {finding.part for finding in found(office)} == {"catalogue", "engine", "lexicon"}


def test_content_is_compared_only_when_asked_for(office: Settings) -> None:
    other_words_at_the_same_time(office)
    assert found(office) == []
    (finding,) = found(office, deep=True)
    assert finding.names == [CHOSEN[0]]


def test_a_link_that_leads_nowhere_and_refused_files_do_not_stop_it(office: Settings, tmp_path: Path) -> None:
    (office.corpus / "nowhere.txt").symlink_to(tmp_path / "none")
    sync(office)
    assert found(office, deep=True) == []


def test_after_an_update_the_next_run_is_all_that_is_asked_for(office: Settings) -> None:
    sql(office, f"UPDATE meta SET value = '{SCHEMA_VERSION - 1}' WHERE key = 'schema_version'")
    assert [(one.part, one.severity, "kgsearch index" in one.mend) for one in found(office)] == [("catalogue", "behind", True)]


def test_where_there_is_no_index_at_all(tmp_path: Path) -> None:
    report = check(Settings(corpus=tmp_path / "none", index=tmp_path / "none-either"), deep=True)
    (finding,) = report.findings
    assert finding.part == "catalogue" and "no index" in finding.what
    assert "--index" in finding.mend and finding.mend.endswith("kgsearch index")
    assert list(tmp_path.iterdir()) == []


def test_many_names_are_cut_short_in_the_sentence_and_bounded_in_the_list(office: Settings) -> None:
    for number in range(30):
        (office.corpus / f"new-{number:02}.txt").write_text("x")
    (finding,) = found(office)
    assert finding.what.count(".txt") == 5 and "30" in finding.what
    assert len(finding.names) == 30


def test_an_index_folder_that_may_not_be_read(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    listdir = os.listdir

    def refuse(folder: Any) -> list[str]:
        if Path(folder) == office.index:
            raise PermissionError(13, "Permission denied", str(folder))
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", refuse)
    (finding,) = check(office).findings
    assert finding.part == "index" and str(office.index) in finding.what and "cannot be opened" in finding.what
    assert finding.mend.endswith("check again.")
