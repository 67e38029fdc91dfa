"""Watching the corpus folder: what is taken for complete, what for gone, and that nothing that goes wrong ends it."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings, load_settings
from kgsearch.errors import IndexLockedError, IndexStateError, UsageError
from kgsearch.i18n import use_language
from kgsearch.indexing.corpus import CorpusFile, list_files
from kgsearch.indexing.gate import Gate
from kgsearch.indexing.lock import WatchedError, WatchLock
from kgsearch.indexing.report import Failure, Progress, Report
from kgsearch.indexing.tools import default_tools
from kgsearch.indexing.watching import observing
from kgsearch.indexing.watching import watch as watch_module
from kgsearch.indexing.watching.observing import Mount, changed_by_others, parse_mounts
from kgsearch.indexing.watching.settling import Settling
from kgsearch.indexing.watching.standing import WATCH_FILE, watching
from kgsearch.indexing.watching.watch import Pace, watch

LONG = 60.0
"""Seconds after which a test gives up waiting; how long something takes is never what is tested."""

QUICK = Pace(calm=0.05, burst=0.3, still=0.2, stalled=LONG, poll=0.2, full=LONG, look=0.1, retry=0.05, slice=0.05)


def eventually(condition: Callable[[], Any]) -> None:
    """Wait until ``condition`` holds."""
    given_up = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < given_up, "it never came to that"
        time.sleep(0.02)


# --- which files are complete --------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settling(clock: Clock) -> Settling:
    return Settling(still=2, stalled=300, clock=clock)


def test_a_file_is_complete_when_it_has_not_changed_for_a_moment(settling: Settling, clock: Clock) -> None:
    assert not settling.is_complete("a", (1, 1))
    clock.now += 1.5
    assert not settling.is_complete("a", (2, 2)), "it grew: the waiting starts again"
    clock.now += 1.5
    assert not settling.is_complete("a", (2, 2))
    assert settling.next_due() == clock.now + 0.5
    clock.now += 0.5
    assert settling.is_complete("a", (2, 2))
    assert settling.is_complete("a", (2, 2))
    assert settling.next_due() is None


def test_a_file_that_its_writer_closed_is_complete_at_once(settling: Settling) -> None:
    settling.touched("a")
    settling.opened("a")
    settling.touched("a")
    assert not settling.is_complete("a", (0, 1))
    settling.closed("a", (9, 2))
    assert not settling.is_complete("a", (10, 3)), "that is not what was closed"
    settling.closed("a", (10, 3))
    assert settling.is_complete("a", (10, 3))


def test_a_file_that_somebody_writes_slowly_is_waited_for(settling: Settling, clock: Clock) -> None:
    settling.touched("a")
    settling.opened("a")
    for _ in range(10):
        assert not settling.is_complete("a", (5, 1))
        clock.now += 20
    clock.now += 120
    assert settling.is_complete("a", (5, 1)), "for ever is too long: who has it open may only look at it"


def test_a_reader_that_keeps_a_file_open_does_not_keep_it_from_being_read(settling: Settling) -> None:
    settling.opened("a")
    settling.touched("a")
    settling.opened("a")
    settling.closed("a", (5, 1))
    assert settling.is_complete("a", (5, 1))


def test_who_only_reads_a_file_keeps_nobody_from_it(settling: Settling, clock: Clock) -> None:
    settling.opened("a")
    assert not settling.is_complete("a", (5, 1))
    clock.now += 2
    assert settling.is_complete("a", (5, 1))


def test_lost_events_leave_nobody_writing(settling: Settling, clock: Clock) -> None:
    settling.touched("a")
    settling.opened("a")
    settling.is_complete("a", (5, 1))
    settling.forget_who_has_what_open()
    clock.now += 2
    assert settling.is_complete("a", (5, 1))


def test_a_copy_that_keeps_the_times_of_its_original_is_complete(settling: Settling) -> None:
    settling.opened("a")
    settling.touched("a")
    settling.closed("a", (5, 777))
    settling.attributes("a", (5, 1))
    assert settling.is_complete("a", (5, 1))


def test_new_times_do_not_make_a_file_complete(settling: Settling) -> None:
    settling.touched("a")
    settling.attributes("a", (5, 1))
    assert not settling.is_complete("a", (5, 1))


def test_a_finished_file_that_gets_its_name_is_complete(settling: Settling) -> None:
    settling.moved("a.part", "a", (5, 1))
    assert settling.is_complete("a", (5, 1))


def test_a_file_that_is_renamed_while_it_is_written_is_not(settling: Settling) -> None:
    settling.touched("a.part")
    settling.opened("a.part")
    settling.moved("a.part", "a", (5, 1))
    assert not settling.is_complete("a", (5, 1))
    settling.closed("a", (6, 2))
    assert settling.is_complete("a", (6, 2))


def test_what_vanished_and_is_there_under_another_name_was_renamed(settling: Settling) -> None:
    settling.here([("a", (5, 1)), ("b", (7, 7))])
    settling.here([("sub/a", (5, 1)), ("b", (7, 7)), ("c", (8, 8))])
    assert settling.is_complete("sub/a", (5, 1))
    assert not settling.is_complete("c", (8, 8))


def test_what_is_polled_is_compared_with_what_it_was(settling: Settling, clock: Clock) -> None:
    settling.touched("a", (5, 1))
    clock.now += 2
    assert not settling.is_complete("a", (6, 2)), "it changed after the poll"
    clock.now += 2
    assert settling.is_complete("a", (6, 2))


def test_files_that_are_gone_are_not_waited_for(settling: Settling) -> None:
    settling.touched("a")
    settling.removed("a")
    settling.touched("b")
    settling.here([])
    assert settling.next_due() is not None, "b may have come while the folder was listed"
    settling.here([])
    assert settling.next_due() is None


def test_what_nobody_asks_about_is_not_due_for_ever(settling: Settling, clock: Clock) -> None:
    settling.touched("a")
    settling.drop_due(clock.now + 1)
    assert settling.next_due() == clock.now + 2
    settling.drop_due(clock.now + 2)
    assert settling.next_due() is None


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 3)), max_size=30))
def test_a_file_is_never_complete_sooner_than_it_stood_still(looks: list[tuple[float, int]]) -> None:
    clock = Clock()
    settling = Settling(2, 300, clock)
    last, since = -1, 0.0
    for pause, size in looks:
        clock.now += pause
        if size != last:
            last, since = size, clock.now
        assert settling.is_complete("a", (size, 0)) == (clock.now >= since + 2)


# --- where it is polled --------------------------------------------------------------------------------------------------

MOUNTS = """\
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 22 0:27 / /srv/van\\040ban rw - cifs //server/vanban rw
31 22 0:28 / /srv/local rw - xfs /dev/sdb1 rw
32 31 0:29 / /srv/local/nfs rw - nfs4 server:/x rw
33 22 0:30 / /srv/twice rw - cifs //server/a rw
34 22 0:31 / /srv/twice rw - ext4 /dev/sdc1 rw
35 22 0:32 / /srv/ssh rw - fuse.sshfs me@server: rw
nonsense
"""


@pytest.mark.parametrize(
    ("folder", "polled"),
    [
        ("/home/corpus", False),
        ("/srv/van ban", True),
        ("/srv/van ban/2024", True),
        ("/srv/van ban 2", False),
        ("/srv/local/corpus", False),
        ("/srv/local", True),
        ("/srv/twice/corpus", False),
        ("/srv/ssh", True),
    ],
)
def test_shares_are_polled(folder: str, polled: bool) -> None:
    assert changed_by_others(Path(folder), list(parse_mounts(MOUNTS))) == polled


def test_no_mounts_are_no_share() -> None:
    assert parse_mounts("") and not changed_by_others(Path("/x"), [Mount(Path("/y"), "nfs")])


# --- the watch, with an index that is a dictionary -----------------------------------------------------------------------


@dataclass
class FakeIndex:
    """Follows a folder as `sync` does; what it holds are paths with their words. Faults are raised once each, in order."""

    words: dict[str, str] = field(default_factory=dict)
    faults: list[Exception] = field(default_factory=list)
    runs: int = 0
    held: threading.Event = field(default_factory=threading.Event)

    def __call__(self, settings: Settings, progress: Progress, gate: Gate) -> Report:
        self.runs += 1
        if self.faults:
            raise self.faults.pop(0)
        listing = list_files(settings.corpus.resolve(), default_tools().is_document_name, leave_out=settings.index)
        gate.listed(listing, self.words.keys())
        changes = {"added": 0, "changed": 0, "removed": 0, "waiting": 0}
        for path in [path for path in self.words if path not in listing.files]:
            del self.words[path]
            changes["removed"] += 1
        for path, file in listing.files.items():
            text = file.full.read_text("utf-8")
            if self.words.get(path) != text:
                changes[self._take(path, text) if gate.complete(file) else "waiting"] += 1
            progress(0, 0, path)
        waiting = [Failure("waiting", "")] * changes.pop("waiting")
        return Report(**changes, unchanged=0, failures=[], documents=0, clauses=0, seconds=0, files_waiting=waiting)

    def _take(self, path: str, text: str) -> str:
        outcome = "changed" if path in self.words else "added"
        self.words[path] = text
        return outcome


@dataclass
class Watched:
    """A watch that goes on, and what it said."""

    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)
    reports: list[Report] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    polling: list[bool] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    @property
    def corpus(self) -> Path:
        return self.settings.corpus

    def write(self, path: str, text: str) -> Path:
        file = self.corpus / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file


@contextmanager
def watched(settings: Settings, *, until_ready: bool = True, pace: Pace = QUICK, **options: Any) -> Iterator[Watched]:
    """A watch in a thread, from when it is ready on."""
    going = Watched(settings)

    def go() -> None:
        use_language("en")
        try:
            watch(
                settings, stop=going.stop, told=going.reports.append, troubled=going.troubles.append, ready=going.polling.append,
                pace=pace, **options,
            )  # fmt: skip
        except BaseException as error:
            going.errors.append(error)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        if until_ready:
            eventually(lambda: going.polling or going.errors)
        yield going
    finally:
        going.stop.set()
        thread.join(LONG)
    assert not thread.is_alive()
    assert not going.errors


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return load_settings(tmp_path / "corpus", tmp_path / "index", language="en")


@pytest.fixture(params=[False, True], ids=["native", "polling"])
def poll(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_what_comes_changes_moves_and_goes_is_followed(settings: Settings, poll: bool) -> None:
    (settings.corpus / "there.txt").write_text("0", "utf-8")
    index = FakeIndex()
    with watched(settings, poll=poll, synchronise=index) as going:
        assert going.polling == [poll]
        assert index.words == {"there.txt": "0"}
        for number in range(20):
            going.write(f"{number}.txt", str(number))
        going.write("sub/deep/x.txt", "x")
        eventually(lambda: len(index.words) == 22)
        (going.corpus / "1.txt").rename(going.corpus / "one.txt")
        going.write("2.txt", "another two")
        (going.corpus / "3.txt").unlink()
        (going.corpus / "sub").rename(going.corpus / "tập")
        expected = {f"{number}.txt": str(number) for number in range(4, 20)} | {"there.txt": "0", "0.txt": "0"}
        expected |= {"one.txt": "1", "2.txt": "another two", "tập/deep/x.txt": "x"}
        eventually(lambda: index.words == expected)
        going.write("tập/deep/y.txt", "y")
        eventually(lambda: index.words.get("tập/deep/y.txt") == "y")
        shutil.rmtree(going.corpus / "tập")
        eventually(lambda: not any(path.startswith("tập") for path in index.words))
        assert not going.troubles


def test_a_burst_is_few_runs(settings: Settings) -> None:
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index, pace=Pace(calm=1, burst=LONG, still=0.2, full=LONG, slice=0.05)) as going:
        before = index.runs
        for number in range(200):
            going.write(f"{number}.txt", str(number))
        eventually(lambda: len(index.words) == 200)
        assert index.runs - before < 20


def test_half_a_file_is_never_read(settings: Settings, poll: bool) -> None:
    index = FakeIndex()
    pace = Pace(calm=0.05, burst=0.1, still=2, stalled=LONG, poll=0.3, full=LONG, look=0.1, slice=0.05)
    with watched(settings, poll=poll, synchronise=index, pace=pace) as going:
        with (going.corpus / "slow.txt").open("w", encoding="utf-8") as slow:
            for part in ("một ", "hai ", "ba ", "bốn ", "năm"):
                slow.write(part)
                slow.flush()
                going.write("other.txt", part)
                time.sleep(0.3)
                assert "slow.txt" not in index.words
        eventually(lambda: index.words.get("slow.txt") == "một hai ba bốn năm")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only Linux says when a file is closed")
def test_a_copy_that_stands_still_is_waited_for_until_it_is_closed(settings: Settings) -> None:
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        with (going.corpus / "slow.txt").open("w", encoding="utf-8") as slow:
            slow.write("một")
            slow.flush()
            eventually(lambda: any(report.files_waiting for report in going.reports))
            # Many times what a file must stand still that nobody has open.
            time.sleep(QUICK.still * 5)
            going.write("other.txt", "x")
            eventually(lambda: "other.txt" in index.words)
            assert "slow.txt" not in index.words
            slow.write(" hai")
        eventually(lambda: index.words.get("slow.txt") == "một hai")


def test_a_copy_with_the_times_of_its_original_is_read_at_once(settings: Settings, tmp_path: Path) -> None:
    original = tmp_path / "original.txt"
    original.write_text("cũ", "utf-8")
    os.utime(original, (1, 1))
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        shutil.copy2(original, going.corpus / "copy.txt")
        eventually(lambda: index.words == {"copy.txt": "cũ"})


def test_what_is_no_document_starts_no_run(settings: Settings, tmp_path: Path) -> None:
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        before = index.runs
        for name in ("notes.tmp", "~$a.docx", ".a.txt.swp", ".hidden/a.txt", "picture.xyz"):
            going.write(name, "x")
        time.sleep(QUICK.still * 3)
        assert index.runs <= before + 1, "a new folder may be looked at"
        going.write("a.txt", "a")
        eventually(lambda: index.words == {"a.txt": "a"})


def test_an_index_inside_the_folder_is_not_watched(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    settings = load_settings(corpus, corpus / "index", language="en")
    settings.index.mkdir()
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index):
        before = index.runs
        for number in range(5):
            (settings.index / f"{number}.txt").write_text("x", "utf-8")
        time.sleep(QUICK.still * 3)
        assert index.runs == before
        assert not index.words


def test_only_what_is_new_is_told(settings: Settings) -> None:
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index, pace=Pace(calm=0.05, still=0.1, full=0.1, slice=0.02)) as going:
        before = index.runs
        eventually(lambda: index.runs > before + 3)
        assert len(going.reports) == 1, "the first is told, those that found nothing new are not"


# --- what goes wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (IndexLockedError("held by 17; run again"), "Another run is writing the index"),
        (IndexStateError("The disk is full."), "The disk is full."),
        (OSError(errno.EIO, "broken"), "tried again"),
        (RuntimeError("broken"), "RuntimeError: broken"),
        (MemoryError(), "MemoryError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_fault_is_told_once_and_tried_again(settings: Settings, fault: Exception, said: str) -> None:
    index = FakeIndex(faults=[fault, fault, fault])
    (settings.corpus / "a.txt").write_text("a", "utf-8")
    with watched(settings, poll=False, synchronise=index) as going:
        assert index.words == {"a.txt": "a"}
        assert len(going.troubles) == 1
        assert said in going.troubles[0]
        index.faults.append(fault)
        going.write("b.txt", "b")
        eventually(lambda: "b.txt" in index.words)
        assert len(going.troubles) == 2, "after it went well it is told again"


def test_others_can_see_how_a_watch_stands(settings: Settings) -> None:
    """Not what is wrong: that names folders."""
    index = FakeIndex()
    assert watching(settings.index) is None
    with watched(settings, poll=False, synchronise=index) as going:
        assert watching(settings.index) == {"pid": os.getpid(), "trouble_since": None}
        aside = settings.corpus.with_name("aside")
        settings.corpus.rename(aside)
        eventually(lambda: (watching(settings.index) or {})["trouble_since"])
        since = (watching(settings.index) or {})["trouble_since"]
        eventually(lambda: going.troubles)
        assert (watching(settings.index) or {})["trouble_since"] == since
        aside.rename(settings.corpus)
        eventually(lambda: (watching(settings.index) or {})["trouble_since"] is None)
    assert watching(settings.index) is None


@pytest.mark.parametrize("written", ["", "[]", '{"trouble_since": 7}', '{"trouble_since": "yesterday"}', "é"])
def test_what_is_no_standing_of_a_watch(settings: Settings, written: str) -> None:
    with watched(settings, poll=False, synchronise=FakeIndex()):
        (settings.index / WATCH_FILE).write_text(written, "utf-8")
        assert watching(settings.index) == {"pid": os.getpid(), "trouble_since": None}


def test_a_second_watch_is_refused(settings: Settings) -> None:
    with watched(settings, poll=False, synchronise=FakeIndex()):
        with pytest.raises(IndexLockedError, match=f"cập nhật rồi, bởi tiến trình {os.getpid()};"):
            watch(settings, stop=threading.Event(), told=lambda _: None, troubled=lambda _: None, synchronise=FakeIndex(), pace=QUICK)
        (settings.index / "watch.lock.pid").unlink()
        with pytest.raises(IndexLockedError, match="cập nhật rồi, bởi một tiến trình khác;"):
            watch(settings, stop=threading.Event(), told=lambda _: None, troubled=lambda _: None, synchronise=FakeIndex(), pace=QUICK)
    with watched(settings, poll=False, synchronise=FakeIndex()) as going:
        assert not going.troubles, "the lock goes with its watch"


def test_where_nothing_can_be_locked_it_is_watched_all_the_same(settings: Settings) -> None:
    (settings.index / "watch.lock").mkdir(parents=True)
    with watched(settings, poll=False, synchronise=FakeIndex()) as going:
        assert not going.troubles


def test_a_watch_is_alone_also_in_a_folder_that_was_put_in_the_place_of_its_own(settings: Settings) -> None:
    lock = settings.index / "watch.lock"
    with watched(settings, poll=False, synchronise=FakeIndex()):
        settings.index.rename(settings.index.with_name("old"))
        time.sleep(5 * QUICK.look)
        assert not settings.index.exists(), "who moves it away wants to put another there"
        settings.index.mkdir()
        eventually(lock.with_name("watch.lock.pid").exists)
        with pytest.raises(WatchedError):
            watch(settings, stop=threading.Event(), told=lambda _: None, troubled=lambda _: None, synchronise=FakeIndex(), pace=QUICK)
    assert [path.name for path in settings.index.iterdir()] == [lock.name]


def test_a_watch_ends_where_another_was_sooner_in_such_a_folder(settings: Settings) -> None:
    other = WatchLock(settings.index.with_name("other") / "watch.lock")
    other.hold()
    (settings.index.with_name("other") / "watch.lock.pid").write_text("17", "ascii")
    with watched(settings, poll=False, synchronise=FakeIndex()) as going:
        settings.index.rename(settings.index.with_name("old"))
        settings.index.with_name("other").rename(settings.index)
        eventually(lambda: going.errors)
        assert isinstance(going.errors.pop(), WatchedError)
    assert (settings.index / "watch.lock.pid").read_text("ascii") == "17"
    other.let_go()


def test_nothing_is_put_where_no_index_can_be(settings: Settings) -> None:
    """The disk of the index may be that of the corpus folder, and away with it."""
    settings.corpus.rmdir()
    with watched(settings, poll=False, synchronise=FakeIndex(), until_ready=False) as going:
        eventually(lambda: going.troubles)
        assert not settings.index.exists()
    settings.corpus.mkdir()
    with watched(replace(settings, index=settings.corpus), poll=False, synchronise=FakeIndex(), until_ready=False) as going:
        eventually(lambda: going.troubles)
        assert "--index" in going.troubles[0]
        assert not list(settings.corpus.iterdir())


def test_pauses_grow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[float] = []

    def fail(*_: Any) -> Report:
        begun.append(time.monotonic())
        raise RuntimeError

    with watched(settings, poll=False, synchronise=fail, until_ready=False):
        eventually(lambda: len(begun) == 5)
    pauses = [after - before for before, after in pairwise(begun)]
    assert all(pause >= QUICK.retry * 2**number for number, pause in enumerate(pauses))


def test_a_folder_that_is_missing_is_waited_for(settings: Settings, tmp_path: Path) -> None:
    (settings.corpus / "a.txt").write_text("a", "utf-8")
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        settings.corpus.rename(tmp_path / "away")
        eventually(lambda: going.troubles)
        assert "does not exist" in going.troubles[0]
        time.sleep(QUICK.look * 5)
        assert len(going.troubles) == 1
        assert index.words == {"a.txt": "a"}
        (tmp_path / "away" / "b.txt").write_text("b", "utf-8")
        (tmp_path / "away").rename(settings.corpus)
        eventually(lambda: index.words == {"a.txt": "a", "b.txt": "b"})
        going.write("c.txt", "c")
        eventually(lambda: "c.txt" in index.words)


@pytest.mark.parametrize("left", [(), ("read me.txt",)], ids=["empty", "something else in it"])
def test_the_place_where_a_disk_was_is_not_taken_for_deletions(settings: Settings, tmp_path: Path, left: Collection[str]) -> None:
    (settings.corpus / "a.txt").write_text("a", "utf-8")
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        # What an unmounted disk looks like: another folder in the same place.
        (tmp_path / "place").mkdir()
        for name in left:
            (tmp_path / "place" / name).write_text("mount the share here", "utf-8")
        settings.corpus.rename(tmp_path / "disk")
        (tmp_path / "place").rename(settings.corpus)
        eventually(lambda: going.troubles)
        eventually(lambda: "may not be mounted" in going.troubles[-1])
        assert index.words == {"a.txt": "a"}
        shutil.rmtree(settings.corpus)
        (tmp_path / "disk").rename(settings.corpus)
        going.write("b.txt", "b")
        eventually(lambda: index.words == {"a.txt": "a", "b.txt": "b"})


def test_an_empty_folder_at_the_start_is_not_taken_for_deletions(settings: Settings) -> None:
    index = FakeIndex(words={"a.txt": "a"})
    with watched(settings, poll=False, synchronise=index, until_ready=False) as going:
        eventually(lambda: going.troubles)
        assert "run: kgsearch index" in going.troubles[0]
        runs = index.runs
        going.write("b.txt", "into the place where a disk is to be")
        eventually(lambda: index.runs > runs + 2)
        assert index.words == {"a.txt": "a"} and len(going.troubles) == 1
        going.write("a.txt", "a")
        eventually(lambda: index.words == {"a.txt": "a", "b.txt": "into the place where a disk is to be"})


def test_a_folder_that_is_emptied_while_it_is_watched_is_followed(settings: Settings) -> None:
    file = settings.corpus / "a.txt"
    file.write_text("a", "utf-8")
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        file.unlink()
        eventually(lambda: not index.words)
        assert not going.troubles


def test_a_disk_below_the_folder_that_is_unmounted_is_not_taken_for_deletions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the folder is on another device; then it is on the same one as the rest, and empty."""
    disk = settings.corpus / "disk"
    disk.mkdir()
    (disk / "a.txt").write_text("a", "utf-8")
    (settings.corpus / "b.txt").write_text("b", "utf-8")
    real, mounted = watch_module.identity, [True]

    def identity(folder: Path) -> tuple[int, int] | None:
        found = real(folder)
        return (found[0] + 1, found[1]) if found and mounted[0] and folder == disk.resolve() else found

    monkeypatch.setattr(watch_module, "identity", identity)
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        mounted[0] = False
        (disk / "a.txt").unlink()
        eventually(lambda: going.troubles)
        assert "not mounted" in going.troubles[0] and str(disk.resolve()) in going.troubles[0]
        assert sorted(index.words) == ["b.txt", "disk/a.txt"]
        mounted[0] = True
        (disk / "a.txt").write_text("a", "utf-8")
        (settings.corpus / "c.txt").write_text("c", "utf-8")
        eventually(lambda: sorted(index.words) == ["b.txt", "c.txt", "disk/a.txt"])


def test_a_disk_below_the_folder_that_is_mounted_again_may_be_another_device(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = settings.corpus / "disk"
    disk.mkdir()
    (disk / "a.txt").write_text("a", "utf-8")
    real, device = watch_module.identity, [77]
    monkeypatch.setattr(watch_module, "identity", lambda folder: (device[0], 2) if folder == disk else real(folder))
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        device[0] = 78
        (disk / "b.txt").write_text("b", "utf-8")
        eventually(lambda: sorted(index.words) == ["disk/a.txt", "disk/b.txt"])
        assert not going.troubles


def test_a_link_that_leads_elsewhere_is_another_folder(settings: Settings, tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name, "utf-8")
    settings.corpus.rmdir()
    settings.corpus.symlink_to(tmp_path / "old", target_is_directory=True)
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        settings.corpus.unlink()
        settings.corpus.symlink_to(tmp_path / "new", target_is_directory=True)
        eventually(lambda: any("may not be mounted" in trouble for trouble in going.troubles))
        assert index.words == {"old.txt": "old"}
        shutil.copy2(tmp_path / "old" / "old.txt", tmp_path / "new" / "old.txt")
        eventually(lambda: index.words == {"old.txt": "old", "new.txt": "new"})


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE], ids=errno.errorcode.get)
def test_where_the_system_cannot_tell_it_is_polled(settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: Any) -> Any:
        raise OSError(number, "limit reached")

    monkeypatch.setattr(observing, "Observer", refuse)
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        assert going.polling == [True]
        assert len(going.troubles) == 1
        assert "fs.inotify.max_user" in going.troubles[0]
        going.write("a.txt", "a")
        eventually(lambda: index.words == {"a.txt": "a"})


def test_a_limit_that_is_met_below_the_folder_is_noticed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """watchdog passes over folders below the first that cannot be watched."""
    real = observing.Observer

    class Limited(real):  # type: ignore[valid-type,misc]
        def schedule(self, handler: Any, path: str, **options: Any) -> Any:
            if Path(path) != settings.corpus.resolve():
                raise OSError(errno.ENOSPC, "inotify watch limit reached")
            return super().schedule(handler, path, **options)

    monkeypatch.setattr(observing, "Observer", Limited)
    with watched(settings, poll=False, synchronise=FakeIndex()) as going:
        assert going.polling == [True]


def test_events_that_were_lost_are_made_up_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing._Handler, "dispatch", lambda *_: None)
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index) as going:
        going.write("a.txt", "a")
        logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
        eventually(lambda: index.words == {"a.txt": "a"})


def test_all_is_looked_at_now_and_then_whatever_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing._Handler, "dispatch", lambda *_: None)
    index = FakeIndex()
    with watched(settings, poll=False, synchronise=index, pace=Pace(still=0.1, full=0.2, slice=0.05)) as going:
        going.write("a.txt", "a")
        eventually(lambda: index.words == {"a.txt": "a"})


@pytest.mark.parametrize(("setting", "on_network", "poll", "polled"), [
    ("auto", False, None, False), ("auto", True, None, True), ("poll", False, None, True), ("native", True, None, False),
    ("auto", False, True, True),
])  # fmt: skip
def test_how_it_is_watched(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, setting: str, on_network: bool, poll: bool | None, polled: bool
) -> None:
    monkeypatch.setattr(observing, "is_on_network", lambda _folder: on_network)
    settings = load_settings(settings.corpus, settings.index, watch=setting)
    with watched(settings, poll=poll, synchronise=FakeIndex()) as going:
        assert going.polling == [polled]


def test_stopping_ends_a_run_in_the_middle(settings: Settings) -> None:
    inside, ended = threading.Event(), threading.Event()

    def endless(_settings: Settings, progress: Progress, _gate: Gate) -> Report:
        inside.set()
        try:
            while True:
                progress(1, 2, "a.txt")
                time.sleep(0.01)
        finally:
            ended.set()

    with watched(settings, poll=False, synchronise=endless, until_ready=False) as going:
        assert inside.wait(LONG)
        going.stop.set()
        assert ended.wait(LONG)
        assert not going.troubles


# --- with the index itself -----------------------------------------------------------------------------------------------


def numbers(settings: Settings) -> dict[str, list[str]]:
    """The files of each document's number."""
    try:
        with CatalogueReader(settings.catalogue_path) as reader:
            return {document.number: sorted(document.files) for document in reader.documents()}
    except IndexStateError:
        return {}


def waiting(settings: Settings) -> list[str]:
    with CatalogueReader(settings.catalogue_path) as reader:
        return [one["file"] for one in reader.status()["files_waiting"]]


def test_documents_are_indexed_as_they_arrive(settings: Settings, samples: Path, poll: bool) -> None:
    names = sorted(path.name for path in samples.glob("*.txt"))
    first, second = names[0], names[1]
    with watched(settings, poll=poll) as going:
        assert numbers(settings) == {}
        shutil.copy(samples / first, going.corpus / first)
        eventually(lambda: [first] in numbers(settings).values())
        (going.corpus / "sub").mkdir()
        (going.corpus / first).rename(going.corpus / "sub" / "renamed.txt")
        shutil.copy(samples / second, going.corpus / second)
        eventually(lambda: sorted(numbers(settings).values()) == sorted([["sub/renamed.txt"], [second]]))
        (going.corpus / second).unlink()
        eventually(lambda: list(numbers(settings).values()) == [["sub/renamed.txt"]])
        assert not going.troubles
    assert sum(report.moved for report in going.reports) == 1


def test_a_file_that_waits_is_known_to_wait_and_what_it_held_stays(settings: Settings, samples: Path) -> None:
    sample = sorted(samples.glob("*.txt"))[0]
    words = sample.read_text("utf-8")
    with watched(settings, poll=False) as going:
        file = going.write("a.txt", words)
        eventually(lambda: numbers(settings))
        held = numbers(settings)
        with file.open("w", encoding="utf-8") as slow:
            slow.write(words[: len(words) // 3])
            slow.flush()
            going.write("b.txt", words)
            eventually(lambda: waiting(settings) == ["a.txt"])
            assert numbers(settings).keys() == held.keys()
            slow.write(words[len(words) // 3 :])
        eventually(lambda: not waiting(settings) and list(numbers(settings).values()) == [["a.txt", "b.txt"]])


def test_a_disk_that_is_not_mounted_takes_nothing_out_of_the_index(settings: Settings, samples: Path, tmp_path: Path) -> None:
    sample = sorted(samples.glob("*.txt"))[0]
    shutil.copy(sample, settings.corpus / sample.name)
    with watched(settings, poll=False) as going:
        held = numbers(settings)
        assert held
        settings.corpus.rename(tmp_path / "disk")
        settings.corpus.mkdir()
        eventually(lambda: any("may not be mounted" in trouble for trouble in going.troubles))
        assert numbers(settings) == held


def test_a_gate_that_refuses_changes_nothing(settings: Settings, samples: Path) -> None:
    from kgsearch.indexing import sync

    class Closed:
        def listed(self, _listing: Any, known: Collection[str]) -> None:
            raise UsageError(f"not believed, with {len(known)} known")

        def complete(self, _file: CorpusFile) -> bool:
            return True

    sample = sorted(samples.glob("*.txt"))[0]
    shutil.copy(sample, settings.corpus / sample.name)
    sync(settings)
    (settings.corpus / sample.name).unlink()
    with pytest.raises(UsageError, match="not believed, with 1 known"):
        sync(settings, gate=Closed())
    assert numbers(settings)
    assert sync(settings).removed == 1
