"""Backups: half of one never passes for a whole, and what is restored is what was backed up."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from corpus_index import documents_arriving
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue.faults import About, Fault, FaultReports
from kgsearch.config import Settings
from kgsearch.errors import IndexLockedError, IndexStateError, KgsearchError, UsageError
from kgsearch.i18n import use_language
from kgsearch.indexing import sync
from kgsearch.indexing.keeping import backup, backup_file, restoring
from kgsearch.indexing.keeping.backup import back_up, restore, verify_backup
from kgsearch.indexing.keeping.backup_file import CATALOGUE, LIST, open_backup, unsafe
from kgsearch.indexing.keeping.checking import check
from kgsearch.indexing.keeping.disk_space import check_space
from kgsearch.indexing.lock import index_lock
from kgsearch.retrieval import Searcher

ROOT = Path(__file__).resolve().parents[1]
CHOSEN = ("ttr-52-ubnd-2023.txt", "gm-76-ubnd-2023.txt", "nq-41-hdnd-2022.txt")
QUERIES = ("giải ngân đầu tư công", "uy ban nhan dan", "kế hoạch", "Nghị quyết số 41/NQ-HĐND", "sửa đổi")


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture(scope="module")
def built(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus and its index; tests copy it."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "corpus" / "Thư mục con").mkdir(parents=True)
    for name, place in zip(CHOSEN, ("", "", "Thư mục con"), strict=True):
        shutil.copy2(samples / name, folder / "corpus" / place / name)
        os.utime(folder / "corpus" / place / name, ns=(1_600_000_000_123_456_789,) * 2)
    (folder / "corpus" / ".hidden.txt").write_text("no document")
    (folder / "corpus" / "notes.md").write_text("no document")
    sync(Settings(corpus=folder / "corpus", index=folder / "index", workers=1))
    return folder


@pytest.fixture
def office(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A corpus with its index, and a working folder of its own."""
    for name in ("corpus", "index"):
        shutil.copytree(built / name, tmp_path / "office" / name)
    (tmp_path / "office" / "work").mkdir()
    monkeypatch.chdir(tmp_path / "office" / "work")
    return Settings(corpus=tmp_path / "office" / "corpus", index=tmp_path / "office" / "index", workers=1)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Where a backup is restored to; neither folder exists."""
    return Settings(corpus=tmp_path / "new" / "corpus", index=tmp_path / "new" / "index", workers=1)


@pytest.fixture(scope="module")
def whole(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that tests only read."""
    file = tmp_path_factory.mktemp("whole") / "backup.zip"
    back_up(Settings(corpus=built / "corpus", index=built / "index"), file)
    return file


def rows(index: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that a catalogue holds, but for when the engine was stamped."""
    with sqlite3.connect(f"{(index / 'catalogue.sqlite').as_uri()}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        held = {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in tables}
    connection.close()
    return held


def hits(settings: Settings) -> list[Any]:
    searcher = Searcher(settings)
    return [[(hit.document.id, hit.clause.eid, hit.score, hit.clause.text) for hit in searcher.search(query).hits] for query in QUERIES]


def originals(corpus: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(corpus).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in corpus.rglob("*.txt")
        if not any(part.startswith(".") for part in path.relative_to(corpus).parts)
    }


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def one_line(error: pytest.ExceptionInfo[KgsearchError]) -> str:
    message = str(error.value)
    assert message and "\n" not in message and "Traceback" not in message
    return message


# --- there and back ----------------------------------------------------------------------------------------------------


def test_what_is_restored_is_what_was_backed_up(office: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    FaultReports(office.index).add(Fault("gm-76", "p_1", "Điều 1", "words", About.TEXT, "It says otherwise."))
    made = back_up(office, tmp_path / "backup.zip")
    restored = restore(elsewhere, tmp_path / "backup.zip")

    assert rows(elsewhere.index) == rows(office.index)
    assert hits(elsewhere) == hits(office)
    assert any(hits(elsewhere))
    assert originals(elsewhere.corpus) == originals(office.corpus)
    assert len(originals(elsewhere.corpus)) == len(CHOSEN)
    assert FaultReports(elsewhere.index).open() == FaultReports(office.index).open()
    assert (elsewhere.lexicon_path / "lexicon.dat").read_bytes() == (office.lexicon_path / "lexicon.dat").read_bytes()
    assert check(elsewhere, deep=True).findings == []
    assert replace(restored, seconds=0) == replace(made, seconds=0)
    assert (made.files, made.documents, made.complete) == (3, len(rows(office.index)["documents"]), True)
    assert left_over(elsewhere.corpus) == left_over(elsewhere.index) == []


def test_the_run_after_a_restore_reads_nothing(office: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    back_up(office, tmp_path / "backup.zip")
    restore(elsewhere, tmp_path / "backup.zip")
    report = sync(elsewhere)
    assert (report.unchanged, report.added, report.changed, report.removed, report.failed) == (3, 0, 0, 0, 0)


def test_the_report_is_json(office: Settings, tmp_path: Path) -> None:
    report = json.loads(json.dumps(back_up(office, tmp_path / "b.zip").to_json()))
    assert report["size"] == (tmp_path / "b.zip").stat().st_size
    assert report["complete"] is True and report["skipped"] == [] and report["remarks"] == []
    assert set(report) == {"file", "made", "documents", "clauses", "files", "size", "complete", "skipped", "remarks", "seconds"}


def test_progress_counts_up_to_the_total(office: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    back_up(office, tmp_path / "b.zip", lambda *step: told.append(step))
    assert [done for done, _total, _name in told] == list(range(1, told[-1][1] + 1))
    told.clear()
    restore(elsewhere, tmp_path / "b.zip", lambda *step: told.append(step))
    assert [done for done, _total, _name in told] == list(range(1, told[-1][1] + 1))


def test_names_and_times_come_back_as_they_were(office: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    # Before 1980 and after 2107 an archive cannot keep a time.
    seconds = (0, 1, 315_532_799, 4_354_819_200, 6_000_000_000)
    names = ("Quyết định.txt", unicodedata.normalize("NFD", "Nghị quyết số 5.txt"), "a b/c d/e.txt", "a;$(b)'.txt", "x/" * 50 + "y.txt")
    for name, second in zip(names, seconds, strict=True):
        place = office.corpus / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff\x00 any bytes, not even text")
        os.utime(place, (second, second))
    back_up(office, tmp_path / "b.zip")
    restore(elsewhere, tmp_path / "b.zip")
    assert originals(elsewhere.corpus) == originals(office.corpus)
    assert set(names) < set(originals(elsewhere.corpus))


def test_an_index_inside_the_corpus_folder(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "corpus", tmp_path / "all")
    inside = Settings(corpus=tmp_path / "all", index=tmp_path / "all" / "index", workers=1)
    sync(inside)
    back_up(inside, tmp_path / "b.zip")
    with open_backup(tmp_path / "b.zip") as opened:
        assert len(opened.contents.originals) == 3
    again = Settings(corpus=tmp_path / "again", index=tmp_path / "again" / "index", workers=1)
    restore(again, tmp_path / "b.zip")
    assert check(again, deep=True).findings == []


def test_an_originals_link_is_backed_up_as_a_file_and_one_that_leads_out_is_named(
    office: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (office.corpus / "inside.txt").symlink_to(office.corpus / CHOSEN[0])
    (office.corpus / "outside.txt").symlink_to(tmp_path / "secret.txt")
    report = back_up(office, tmp_path / "b.zip")
    assert [one.file for one in report.skipped] == ["outside.txt"]
    assert not report.complete
    assert [one.file for one in restore(elsewhere, tmp_path / "b.zip").skipped] == ["outside.txt"]
    assert not (elsewhere.corpus / "inside.txt").is_symlink()
    assert (elsewhere.corpus / "inside.txt").read_bytes() == (office.corpus / CHOSEN[0]).read_bytes()


def test_nobody_else_may_read_a_backup(office: Settings, tmp_path: Path) -> None:
    back_up(office, tmp_path / "b.zip")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600


# --- the settings file -------------------------------------------------------------------------------------------------


def test_settings_are_restored_where_there_are_none(
    office: Settings, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("kgsearch.toml").write_text(f'corpus = "{elsewhere.corpus}"\nindex = "{elsewhere.index}"\nport = 8123\n')
    back_up(office, tmp_path / "b.zip")
    monkeypatch.chdir(tmp_path)
    assert restore(elsewhere, tmp_path / "b.zip").remarks == ()
    assert "port = 8123" in Path("kgsearch.toml").read_text()


def test_settings_that_name_other_folders_are_told_of(
    office: Settings, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("kgsearch.toml").write_text('corpus = "/srv/documents"\n')
    back_up(office, tmp_path / "b.zip")
    monkeypatch.chdir(tmp_path)
    (remark,) = restore(elsewhere, tmp_path / "b.zip").remarks
    assert "/srv/documents" in remark


def test_other_settings_are_not_written_over(
    office: Settings, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("kgsearch.toml").write_text("port = 8123\n")
    back_up(office, tmp_path / "b.zip")
    monkeypatch.chdir(tmp_path)
    Path("kgsearch.toml").write_text("port = 9000\n")
    (remark,) = restore(elsewhere, tmp_path / "b.zip").remarks
    assert "kgsearch.toml.restored" in remark
    assert Path("kgsearch.toml").read_text() == "port = 9000\n"
    assert Path("kgsearch.toml.restored").read_text() == "port = 8123\n"


# --- while others write ------------------------------------------------------------------------------------------------


def test_while_documents_arrive_every_backup_is_of_one_moment(office: Settings, tmp_path: Path) -> None:
    with documents_arriving(office, office.corpus / CHOSEN[1], "76/GM-UBND"):
        reports = [back_up(office, tmp_path / f"b{number}.zip") for number in range(4)]
    for number, report in enumerate(reports):
        into = Settings(corpus=tmp_path / f"c{number}", index=tmp_path / f"i{number}", workers=1)
        restore(into, Path(report.file))
        assert [finding.what for finding in check(into, deep=True).findings if finding.severity == "damage"] == []
        # What the catalogue knows is there, in that state or a newer one: the next run loses nothing.
        documents = {row[1] for row in rows(into.index)["documents"]}
        sync(into)
        assert check(into, deep=True).findings == []
        assert len({row[1] for row in rows(into.index)["documents"]}) >= len(documents) - 1


def test_an_original_that_vanishes_is_named(office: Settings, tmp_path: Path) -> None:
    def vanish(done: int, total: int, name: str) -> None:
        (office.corpus / CHOSEN[0]).unlink(missing_ok=True)

    report = back_up(office, tmp_path / "b.zip", vanish)
    assert [one.file for one in report.skipped] == [CHOSEN[0]]
    assert "vanished" in report.skipped[0].reason
    assert verify_backup(tmp_path / "b.zip").skipped == report.skipped


def test_an_original_that_the_catalogue_knows_and_the_folder_lacks_is_named(office: Settings, tmp_path: Path) -> None:
    (office.corpus / CHOSEN[0]).unlink()
    report = back_up(office, tmp_path / "b.zip")
    assert [one.file for one in report.skipped] == [CHOSEN[0]]
    assert report.files == 2


class Appending:
    """A checksum that writes to a file each time it is fed, as somebody does who is saving it."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times = path, times

    def sha256(self, data: bytes = b"") -> Any:
        digest = hashlib.sha256(data)
        outer = self

        class Digest:
            def update(self, chunk: bytes) -> None:
                digest.update(chunk)
                if outer.times and chunk.startswith(b"growing"):
                    outer.times -= 1
                    with outer.path.open("ab") as file:
                        file.write(b"x")

            def hexdigest(self) -> str:
                return digest.hexdigest()

        return Digest()


@pytest.mark.parametrize(("times", "held"), [(backup.ATTEMPTS - 1, True), (1000, False)])
def test_an_original_that_changes_while_it_is_copied_is_never_half_in_it(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, held: bool
) -> None:
    growing = office.corpus / "growing.txt"
    growing.write_bytes(b"growing")
    monkeypatch.setattr(backup, "hashlib", Appending(growing, times))
    monkeypatch.setattr(backup, "_PAUSE_SECONDS", 0)
    report = back_up(office, tmp_path / "b.zip")
    assert ("growing.txt" not in [one.file for one in report.skipped]) is held
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert ("corpus/growing.txt" in archive.namelist()) is held
        assert not held or archive.read("corpus/growing.txt") == b"growing" + b"x" * times


# --- where a backup may be written -------------------------------------------------------------------------------------


def test_places_that_are_refused(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(office.corpus)
    (tmp_path / "precious.docx").write_bytes(b"PK precious")
    before = sorted(office.corpus.rglob("*")) + sorted(office.index.rglob("*"))
    for place in (
        office.corpus / "b.zip",
        office.corpus / "Thư mục con" / "b.zip",
        office.corpus / ".." / "corpus" / "b.zip",
        tmp_path / "alias" / "b.zip",
        office.index / "b.zip",
        tmp_path,
        tmp_path / "none" / "b.zip",
        tmp_path / "precious.docx",
    ):
        with pytest.raises(UsageError) as error:
            back_up(office, place)
        one_line(error)
    assert (tmp_path / "precious.docx").read_bytes() == b"PK precious"
    assert sorted(office.corpus.rglob("*")) + sorted(office.index.rglob("*")) == before


def test_without_an_index_there_is_nothing_to_back_up(office: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexStateError):
        back_up(replace(office, index=tmp_path / "none"), tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists() and left_over(tmp_path) == []


def test_an_earlier_backup_is_replaced_by_a_newer(office: Settings, tmp_path: Path) -> None:
    back_up(office, tmp_path / "b.zip")
    (office.corpus / "new.txt").write_text("new")
    assert back_up(office, tmp_path / "b.zip").files == 4
    assert verify_backup(tmp_path / "b.zip").files == 4
    assert left_over(tmp_path) == []


def test_two_backups_into_one_file_do_not_meet(office: Settings, tmp_path: Path) -> None:
    seen: list[str] = []

    def meanwhile(done: int, total: int, name: str) -> None:
        if done == 1:
            with pytest.raises(IndexLockedError) as error:
                back_up(office, tmp_path / "b.zip")
            seen.append(one_line(error))

    back_up(office, tmp_path / "b.zip", meanwhile)
    assert seen and verify_backup(tmp_path / "b.zip").complete


def test_more_files_than_are_restored_are_not_backed_up(office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_file, "MAX_ENTRIES", 5)
    with pytest.raises(IndexStateError, match="5 files are more") as error:
        back_up(office, tmp_path / "b.zip")
    one_line(error)


# --- what goes wrong while it is written -------------------------------------------------------------------------------


@pytest.fixture
def earlier(office: Settings, tmp_path: Path) -> Iterator[Path]:
    """An earlier backup, which must be there afterwards as it was."""
    folder = tmp_path / "kept"
    folder.mkdir()
    back_up(office, folder / "b.zip")
    before = (folder / "b.zip").read_bytes()
    yield folder / "b.zip"
    assert (folder / "b.zip").read_bytes() == before
    assert left_over(folder) == []


def test_a_folder_that_is_not_mounted_does_not_replace_a_backup(office: Settings, earlier: Path) -> None:
    shutil.rmtree(office.corpus)
    office.corpus.mkdir()
    with pytest.raises(IndexStateError, match="3 of the 3") as error:
        back_up(office, earlier)
    one_line(error)


def test_a_damaged_catalogue_does_not_replace_a_backup(office: Settings, earlier: Path, tmp_path: Path) -> None:
    with sqlite3.connect(office.catalogue_path) as connection:
        connection.execute("UPDATE clauses SET text = text || ' x' WHERE position = 1")
    connection.close()
    with pytest.raises(IndexStateError, match="kgsearch check") as error:
        back_up(office, earlier)
    one_line(error)
    # Better than none is it all the same, and it is said what it is.
    assert "kgsearch check" in back_up(office, tmp_path / "other.zip").remarks[0]


def test_bytes_that_the_disk_changed_are_noticed_when_they_are_read_back(
    office: Settings, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = backup.verify_backup

    def flip(file: Path) -> Any:
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 1
        file.write_bytes(content)
        return verify(file)

    monkeypatch.setattr(backup, "verify_backup", flip)
    with pytest.raises(IndexStateError, match="read back") as error:
        back_up(office, earlier)
    one_line(error)


def test_room_on_the_disk_is_looked_at_first(office: Settings, earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(office.corpus)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1 << 20))
    with pytest.raises(IndexStateError, match="1 MB free") as error:
        back_up(office, earlier)
    one_line(error)


LIMITED = """
    import resource, signal, sys
    from pathlib import Path
    from kgsearch.config import Settings
    from kgsearch.errors import KgsearchError
    from kgsearch.indexing.keeping.backup import back_up, restore
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    try:
        {verb}(Settings(corpus=Path({corpus!r}), index=Path({index!r}), workers=1), Path({file!r}))
    except KgsearchError as error:
        sys.exit(str(error))
"""


def run_limited(verb: str, settings: Settings, file: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """A backup or restore in a process whose files may have ``limit`` bytes."""
    program = LIMITED.format(verb=verb, limit=limit, corpus=str(settings.corpus), index=str(settings.index), file=str(file))
    return subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs limits on the size of files")
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9, 0.999])
def test_a_full_disk_leaves_the_earlier_backup(office: Settings, earlier: Path, share: float) -> None:
    whole_size = max(earlier.stat().st_size, office.catalogue_path.stat().st_size)
    done = run_limited("back_up", office, earlier, int(whole_size * share))
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs limits on the size of files")
@pytest.mark.parametrize("share", [0.001, 0.1, 0.999])
def test_a_full_disk_leaves_no_half_restore(office: Settings, elsewhere: Settings, whole: Path, share: float) -> None:
    done = run_limited("restore", elsewhere, whole, int(office.catalogue_path.stat().st_size * share))
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    nothing_restored(elsewhere)
    restore(elsewhere, whole)
    assert rows(elsewhere.index) == rows(office.index)


KILLED = """
    import os, signal
    from pathlib import Path
    from kgsearch.config import Settings
    from kgsearch.indexing.keeping import backup
    settings = Settings(corpus=Path({corpus!r}), index=Path({index!r}), workers=1)
    def killed(done, total, name):
        if done == {moment}:
            os.kill(os.getpid(), signal.SIGKILL)
    backup.{verb}(settings, Path({file!r}), killed)
"""


def run_killed(verb: str, settings: Settings, file: Path, moment: int) -> int:
    """The end of a process that kills itself at the ``moment``-th step."""
    program = KILLED.format(verb=verb, corpus=str(settings.corpus), index=str(settings.index), file=str(file), moment=moment)
    return subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, cwd=ROOT, check=False).returncode


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_a_killed_backup_leaves_the_earlier_one_and_the_next_clears_up(office: Settings, earlier: Path, tmp_path: Path) -> None:
    assert run_killed("back_up", office, earlier, 3) == -signal.SIGKILL
    assert verify_backup(earlier).complete
    assert left_over(earlier.parent) == [".b.zip.unfinished"]
    kept = earlier.read_bytes()
    assert back_up(office, earlier).complete
    assert left_over(earlier.parent) == []
    earlier.write_bytes(kept)


# --- restoring ---------------------------------------------------------------------------------------------------------


def nothing_restored(settings: Settings) -> None:
    """Neither folder holds anything but the lock."""
    assert not settings.corpus.exists() or os.listdir(settings.corpus) == []
    assert not settings.index.exists() or set(os.listdir(settings.index)) <= {"lock"}


@pytest.mark.parametrize("folder", ["corpus", "index"])
def test_nothing_is_restored_over_anything(elsewhere: Settings, whole: Path, folder: str) -> None:
    place: Path = getattr(elsewhere, folder)
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"mine\.txt") as error:
        restore(elsewhere, whole)
    one_line(error)
    assert [path.name for path in place.iterdir()] == ["mine.txt"]


def test_empty_folders_and_what_the_system_puts_there_are_no_obstacle(elsewhere: Settings, whole: Path) -> None:
    for folder in (elsewhere.corpus, elsewhere.index):
        (folder / "lost+found").mkdir(parents=True)
        (folder / ".DS_Store").write_text("")
    restore(elsewhere, whole)
    assert check(elsewhere).ok


def test_a_missing_backup_is_named(elsewhere: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.zip") as error:
        restore(elsewhere, tmp_path / "none.zip")
    one_line(error)
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(UsageError, match="not a file") as error:
            restore(elsewhere, place)
        one_line(error)
    nothing_restored(elsewhere)


def test_an_index_that_is_being_written_is_not_restored_into(elsewhere: Settings, whole: Path) -> None:
    with index_lock(elsewhere.lock_path), pytest.raises(IndexLockedError):
        restore(elsewhere, whole)


def test_room_for_a_restore_is_looked_at_first(elsewhere: Settings, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(whole)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1 << 20))
    with pytest.raises(IndexStateError, match="1 MB free"):
        restore(elsewhere, whole)
    nothing_restored(elsewhere)


def test_folders_that_are_not_there_share_the_room_of_the_disk_that_they_will_be_on(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    check_space([(tmp_path / "a" / "b", free // 3)])
    with pytest.raises(IndexStateError, match="MB are needed"):
        check_space([(tmp_path / "a" / "b", free // 3 * 2), (tmp_path / "c", free // 3 * 2)])


def test_of_a_disk_that_does_not_tell_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(shutil, "disk_usage", refuse)
    check_space([(tmp_path, 1 << 60)])


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("moment", [1, 3, 6])
def test_a_restore_killed_while_it_unpacks_begins_anew(office: Settings, elsewhere: Settings, whole: Path, moment: int) -> None:
    assert run_killed("restore", elsewhere, whole, moment) == -signal.SIGKILL
    assert originals(elsewhere.corpus) == {} and not elsewhere.catalogue_path.exists()
    restore(elsewhere, whole)
    assert rows(elsewhere.index) == rows(office.index)
    assert check(elsewhere, deep=True).ok
    assert left_over(elsewhere.corpus) == left_over(elsewhere.index) == []


class Interrupted(BaseException):
    """The process ends here."""


def interrupted_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """The ``moment``-th thing that is put in its place is not any more."""
    rename, count = Path.rename, 0

    def counted(self: Path, target: Path) -> Path:
        nonlocal count
        if restoring.STAGE in self.parts and self.parts[-3] == restoring.STAGE:
            count += 1
            if count == moment:
                raise Interrupted
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", counted)


@pytest.mark.parametrize("moment", range(1, 7))
def test_a_restore_interrupted_while_it_puts_things_in_place_goes_on(
    office: Settings, elsewhere: Settings, whole: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        interrupted_at(patched, moment)
        restore(elsewhere, whole)
    # Half a restore passes for no index, and nobody makes a new one of it.
    assert not elsewhere.catalogue_path.exists()
    assert "restore" in " ".join(finding.mend for finding in check(elsewhere).findings if finding.part == "index")
    if moment > 1:
        with pytest.raises(IndexStateError):
            sync(elsewhere)
    restore(elsewhere, whole)
    assert rows(elsewhere.index) == rows(office.index)
    assert hits(elsewhere) == hits(office)
    assert check(elsewhere, deep=True).ok


def test_another_backup_is_not_restored_into_half_a_restore(
    office: Settings, elsewhere: Settings, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        interrupted_at(patched, 3)
        restore(elsewhere, whole)
    (office.corpus / "new.txt").write_text("new")
    back_up(office, tmp_path / "other.zip")
    with pytest.raises(UsageError, match="interrupted") as error:
        restore(elsewhere, tmp_path / "other.zip")
    one_line(error)


def test_what_was_put_there_meanwhile_is_not_written_over(elsewhere: Settings, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        interrupted_at(patched, 2)
        restore(elsewhere, whole)
    (elsewhere.corpus / CHOSEN[1]).write_text("mine")
    with pytest.raises(UsageError, match=CHOSEN[1]) as error:
        restore(elsewhere, whole)
    one_line(error)
    assert (elsewhere.corpus / CHOSEN[1]).read_text() == "mine"


# --- files that are no backups, or were made to do harm ----------------------------------------------------------------

Change = Callable[[dict[str, Any], list[tuple[zipfile.ZipInfo, bytes]]], None]


def changed(whole: Path, file: Path, change: Change) -> Path:
    """The backup ``whole`` with ``change`` made to its list and its entries (without the list)."""
    with zipfile.ZipFile(whole) as archive:
        listed = json.loads(archive.read(LIST))
        entries = [(info, archive.read(info)) for info in archive.infolist() if info.filename != LIST]
    change(listed, entries)
    with zipfile.ZipFile(file, "w") as archive:
        for info, content in entries:
            plain = zipfile.ZipInfo(info.filename)
            plain.external_attr, plain.compress_type = info.external_attr, info.compress_type
            archive.writestr(plain, content)
        archive.writestr(LIST, json.dumps(listed))
    return file


def entry(name: str, content: bytes = b"evil", **other: Any) -> dict[str, Any]:
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "mtime_ns": 1, **other}


def adding(name: str, content: bytes = b"evil", mode: int = stat.S_IFREG | 0o600, method: int = 0, **other: Any) -> Change:
    """Add a file to list and archive."""

    def change(listed: dict[str, Any], entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr, info.compress_type = mode << 16, method
        entries.append((info, content))
        listed["entries"].append(entry(name, content, **other))

    return change


def naming(name: str) -> Change:
    """Add a file to the list alone."""
    return lambda listed, entries: listed["entries"].append(entry(name))


def together(*changes: Change) -> Change:
    def change(listed: dict[str, Any], entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        for one in changes:
            one(listed, entries)

    return change


def listing(**values: Any) -> Change:
    return lambda listed, entries: listed.update(values)


def dropping(name: str) -> Change:
    """Take a file out of list and archive."""

    def change(listed: dict[str, Any], entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        listed["entries"] = [one for one in listed["entries"] if one["name"] != name]
        entries[:] = [(info, content) for info, content in entries if info.filename != name]

    return change


def other_catalogue(content: bytes) -> Change:
    def change(listed: dict[str, Any], entries: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        dropping(CATALOGUE)(listed, entries)
        adding(CATALOGUE, content)(listed, entries)

    return change


HOSTILE: dict[str, Change] = {
    "up": adding("corpus/../../evil.txt"),
    "up at the end": adding("corpus/a/.."),
    "absolute": adding("/etc/evil.txt"),
    "below nothing": adding("corpus//etc/evil.txt"),
    "the corpus itself": adding("corpus/"),
    "hidden": adding("corpus/.bashrc"),
    "hidden folder": adding("corpus/.restoring/index/catalogue.sqlite"),
    "another part": adding("index/engine/current"),
    "another top": adding("evil.txt"),
    "too deep": adding("corpus/" + "a/" * 3000 + "b.txt"),
    "too long": adding("corpus/" + "a" * 5000),
    "too long for a disk": adding("corpus/" + "a" * 1000 + ".txt"),
    "a file that is a folder": together(adding("corpus/a.txt"), adding("corpus/a.txt/b.txt")),
    "link": adding("corpus/link.txt", b"/etc/passwd", stat.S_IFLNK | 0o777),
    "device": adding("corpus/device.txt", b"", stat.S_IFCHR | 0o600),
    "packed otherwise": adding("corpus/a.txt", b"x" * 100, method=zipfile.ZIP_LZMA),
    "size too small": adding("corpus/a.txt", size=1),
    "size too large": adding("corpus/a.txt", size=1 << 60),
    "other checksum": adding("corpus/a.txt", sha256="0" * 64),
    "no checksum": adding("corpus/a.txt", sha256="x"),
    "negative time": adding("corpus/a.txt", mtime_ns=-1),
    "time beyond all": adding("corpus/a.txt", mtime_ns=1 << 70),
    "size no number": adding("corpus/a.txt", size="4"),
    "not in the list": together(adding("corpus/a.txt"), lambda listed, entries: listed["entries"].pop()),
    "not in the archive": naming("corpus/a.txt"),
    "twice in the list": together(adding("corpus/a.txt"), naming("corpus/a.txt")),
    "no catalogue": dropping(CATALOGUE),
    "catalogue of nothing": other_catalogue(b""),
    "catalogue of noise": other_catalogue(b"SQLite format 3\0" + bytes(range(256)) * 40),
    "newer": listing(format=backup_file.FORMAT + 1),
    "newer catalogue": listing(schema=10_000),
    "no format": listing(format=None),
    "true format": listing(format=True),
    "no entries": listing(entries=None),
    "entries of numbers": listing(entries=[1, 2]),
    "no time": listing(made=None),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_trusted_is_refused_in_one_line(whole: Path, elsewhere: Settings, tmp_path: Path, name: str) -> None:
    file = changed(whole, tmp_path / "hostile.zip", HOSTILE[name])
    with pytest.raises(KgsearchError) as error:
        restore(elsewhere, file)
    message = one_line(error)
    assert str(file) in message or str(elsewhere.corpus) in message
    assert len(message) < 900
    nothing_restored(elsewhere)
    assert sorted(path.name for path in tmp_path.iterdir()) in (["hostile.zip"], ["hostile.zip", "new"])


def test_a_newer_backup_says_so(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    for number, change in enumerate((HOSTILE["newer"], HOSTILE["newer catalogue"])):
        with pytest.raises(IndexStateError, match="newer version"):
            restore(elsewhere, changed(whole, tmp_path / f"{number}.zip", change))


def test_a_backup_unchanged_but_packed_again_is_restored(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    """What refuses the others is what was changed in them."""
    restore(elsewhere, changed(whole, tmp_path / "again.zip", lambda listed, entries: None))
    assert check(elsewhere, deep=True).ok


def test_an_archive_that_names_a_file_twice_is_refused(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    shutil.copy(whole, tmp_path / "twice.zip")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "twice.zip", "a") as archive:
        archive.writestr(CATALOGUE, b"another")
    with pytest.raises(IndexStateError, match="twice"):
        restore(elsewhere, tmp_path / "twice.zip")


def test_an_encrypted_entry_is_refused(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    content = bytearray(whole.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(IndexStateError, match="packed in another way"):
        restore(elsewhere, tmp_path / "b.zip")


@pytest.mark.parametrize("bound", [("MAX_ENTRIES", 3), ("_MAX_DIRECTORY", 100), ("_MAX_LIST", 100)])
def test_counts_and_sizes_are_bounded(whole: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch, bound: tuple[str, int]) -> None:
    monkeypatch.setattr(backup_file, *bound)
    with pytest.raises(IndexStateError) as error:
        restore(elsewhere, whole)
    one_line(error)
    nothing_restored(elsewhere)


def test_a_bomb_is_refused_before_it_is_unpacked(whole: Path, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_file, "FREE", 1 << 20)
    file = changed(whole, tmp_path / "bomb.zip", adding("corpus/bomb.txt", bytes(1 << 28), method=zipfile.ZIP_DEFLATED))
    with pytest.raises(IndexStateError, match="100 times"):
        restore(elsewhere, file)
    nothing_restored(elsewhere)


def test_entries_that_share_their_bytes_are_refused(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    """The directory of an archive may name the same bytes over and over."""
    content = whole.read_bytes()
    end = content.rfind(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    record = bytearray(content[start : content.find(b"PK\x01\x02", start + 4)])
    size = len(content)
    record[20:24] = size.to_bytes(4, "little")
    broken = content[:start] + bytes(record) + content[start + len(record) :]
    (tmp_path / "b.zip").write_bytes(broken)
    with pytest.raises(IndexStateError) as error:
        restore(elsewhere, tmp_path / "b.zip")
    one_line(error)


def test_control_characters_of_a_hostile_list_do_not_reach_a_terminal(whole: Path, elsewhere: Settings, tmp_path: Path) -> None:
    skipped = [{"file": "a\x1b[2Jb\n.txt", "reason": "x\x07"}]
    report = restore(elsewhere, changed(whole, tmp_path / "b.zip", listing(skipped=skipped)))
    assert [(one.file, one.reason) for one in report.skipped] == [("a?[2Jb?.txt", "x?")]


@given(st.data())
def test_a_backup_cut_short_anywhere_is_no_backup(whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = whole.read_bytes()
    file = tmp_path_factory.mktemp("cut") / "b.zip"
    file.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(KgsearchError) as error:
        verify_backup(file)
    one_line(error)


@given(st.data())
def test_a_byte_changed_anywhere_is_noticed_or_means_nothing(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(whole.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    file = tmp_path_factory.mktemp("flipped") / "b.zip"
    file.write_bytes(content)
    try:
        with open_backup(file) as opened, open_backup(whole) as original:
            assert opened.contents == original.contents
            for one in opened.contents.entries:
                assert b"".join(opened.read(one)) == b"".join(original.read(one))
    except KgsearchError as error:
        assert "\n" not in str(error)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "b.zip"
    file.write_bytes(content)
    with pytest.raises(KgsearchError) as error:
        verify_backup(file)
    one_line(error)


WINDOWS = {
    "a.txt": False, "Thư mục/Quyết định.txt": False, "console.txt": False, "com.txt": False, "com10.txt": False, "a.b.c": False,
    "CON": True, "con.txt": True, "x/AUX": True, "nul.tar.gz": True, "COM1": True, "lpt9.docx": True, "com¹.txt": True, "prn .txt": True,
    "a.txt:hidden": True, "C:/a.txt": True, "a\\b.txt": True, "..\\evil": True, "a./b": True, "a /b": True, "a.txt.": True, "a.txt ": True,
    "a?.txt": True, "a*": True, "a<b": True, 'a"b': True, "a|b": True, "a\tb": True, "conin$": True,
}  # fmt: skip


@pytest.mark.parametrize("path", WINDOWS)
def test_names_that_mean_something_else_on_windows(path: str) -> None:
    assert unsafe(path, windows=True) is WINDOWS[path]


@pytest.mark.parametrize(
    "path", ["", "/", "a//b", "/a", "a/", ".", "..", "a/../b", "a/./b", ".a", "a/.b", "a\0b", "\udcff", "a/" * 200 + "b"]
)
def test_names_that_are_restored_nowhere(path: str) -> None:
    assert unsafe(path, windows=False)


@given(st.text())
def test_a_name_that_is_let_through_stays_in_its_folder(path: str) -> None:
    if not unsafe(path, windows=False):
        assert os.path.normpath(os.path.join("/corpus", path)) == f"/corpus/{path}"
