"""What searches see of an index that changes under them: every commit, every engine put in another's place, and nothing that is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue.writing import Catalogue
from kgsearch.config import Settings
from kgsearch.engines import following, manifest, verification
from kgsearch.engines.base import Engine, EngineQuery, EngineResult, Entry
from kgsearch.engines.following import FollowingEngine
from kgsearch.engines.home import CURRENT_FILE, EngineHome
from kgsearch.engines.memory import MemoryEngine
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.engines.whoosh_merging import LARGEST_JOINED, chosen
from kgsearch.engines.whoosh_segment import RawPostings, Segment
from kgsearch.errors import IndexStateError
from kgsearch.indexing.entries import entries_of
from kgsearch.language.learning import learn
from kgsearch.language.tables import LEXICON_FILE, Stamp, pack
from kgsearch.models import Clause, Document, Kind
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.lexicon import Lexicon

PATIENCE = 60
"""Seconds after which a thread that should have gone on is taken for stuck."""


def entry(document: str, text: str, clause: str = "art_1") -> Entry:
    syllables = tuple(text.split())
    tokens = {"syllables": syllables, "bigrams": (), "words": ()}
    return Entry(f"{document}#{clause}", document, clause, "Nghị quyết", "HĐND", date(2021, 1, 2), tokens, (), syllables)


def query(text: str, limit: int = 100) -> EngineQuery:
    return EngineQuery({"syllables": tuple(text.split())}, limit=limit)


def fill(engine: Engine, *entries: Entry) -> None:
    with engine.writer() as writer:
        for document in {one.document for one in entries}:
            writer.delete(document)
        writer.add(entries)


def found(engine: Engine, text: str) -> list[str]:
    return sorted(candidate.passage for candidate in engine.search(query(text)).candidates)


def build(home: Path, *entries: Entry) -> Path:
    """An engine made anew beside the one in use and put in its place, as a rebuild does."""
    folder = EngineHome(home).prepare()
    engine = WhooshEngine.create(folder)
    fill(engine, *entries)
    engine.close()
    EngineHome(home).switch(folder)
    EngineHome(home).clean()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "engine"
    build(path, entry("a", "von dau tu"), entry("b", "von vay"))
    return path


@pytest.fixture
def engine(home: Path) -> Iterator[FollowingEngine]:
    engine = FollowingEngine(home, WhooshEngine)
    yield engine
    engine.close()


# --- the home


def test_a_home_has_what_was_switched_to(tmp_path: Path) -> None:
    home = EngineHome(tmp_path / "index" / "engine")
    assert home.current() is None
    with pytest.raises(IndexStateError, match="kgsearch index"):
        home.opened()
    first = home.prepare()
    assert home.current() is None and list(first.iterdir()) == []
    home.switch(first)
    assert home.current() == first
    second = home.prepare()
    assert home.current() == first and second != first
    home.switch(second)
    assert home.current() == second and first.exists()
    home.clean()
    assert sorted(entry.name for entry in home.path.iterdir()) == sorted([second.name, CURRENT_FILE])


def test_leftovers_of_earlier_attempts_are_removed_and_what_is_in_use_never_is(tmp_path: Path) -> None:
    home = EngineHome(tmp_path / "engine")
    used = home.prepare()
    (used / "kept").write_text("x")
    home.switch(used)
    for _attempt in range(3):
        left = home.prepare()
        (left / "half").write_text("x")
    assert sorted(entry.name for entry in home.path.iterdir() if entry.is_dir()) == sorted([used.name, left.name])
    home.clean()
    assert (used / "kept").exists() and not left.exists()


def test_what_an_older_version_left_is_no_engine_and_goes_after_the_switch(tmp_path: Path) -> None:
    WhooshEngine.create(tmp_path / "engine").close()
    (tmp_path / "engine.old").mkdir()
    home = EngineHome(tmp_path / "engine")
    assert home.current() is None
    with pytest.raises(IndexStateError, match="do phiên bản"):
        home.opened()
    home.clean()
    folder = home.prepare()
    assert (home.path / "version.json").exists()
    home.switch(folder)
    home.clean()
    assert sorted(entry.name for entry in home.path.iterdir()) == sorted([folder.name, CURRENT_FILE])
    assert not (tmp_path / "engine.old").exists()


def test_a_file_in_the_place_of_the_home_gives_way(tmp_path: Path) -> None:
    (tmp_path / "engine").write_text("x")
    home = EngineHome(tmp_path / "engine")
    assert home.current() is None
    home.switch(home.prepare())
    assert home.current() is not None


def test_a_damaged_name_names_no_engine(tmp_path: Path) -> None:
    home = EngineHome(tmp_path / "engine")
    for _number in range(4):
        home.switch(home.prepare())
    for number in range(10):
        (home.path / str(number)).mkdir(exist_ok=True)
    whole = (home.path / CURRENT_FILE).read_bytes()
    damaged = [whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :] for place in range(len(whole)) for bit in range(8)]
    for content in [*damaged, b"", bytes(len(whole)), whole[:-3], b"../../etc\n", b"\xff" * 9]:
        (home.path / CURRENT_FILE).write_bytes(content)
        assert home.current() is None, content
    (home.path / CURRENT_FILE).write_bytes(whole)
    assert home.current() is not None


def refusing(error: OSError) -> Callable[..., Any]:
    def refuse(*arguments: object, **options: object) -> None:
        raise error

    return refuse


@pytest.mark.parametrize("what", ["kgsearch.engines.home.read_file", "pathlib.Path.is_dir"])
def test_where_it_cannot_be_told_which_is_in_use_nothing_is_removed(home: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EngineHome(home).opened()
    with monkeypatch.context() as patch:
        patch.setattr(what, refusing(OSError(5, "Input/output error")))
        assert EngineHome(home).current() is None
        patch.setattr(Path, "exists", refusing(OSError(5, "Input/output error")))
        with pytest.raises(IndexStateError):
            EngineHome(home).opened()
        EngineHome(home).clean()
        with pytest.raises(OSError, match="Input/output"):
            EngineHome(home).prepare()
    assert EngineHome(home).opened() == folder


def test_what_is_replaced_and_removed_while_its_name_is_read_is_not_missed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Path] = []

    def read(path: Path) -> bytes:
        content = path.read_bytes()
        if not built:
            built.append(home)
            built[0] = build(home, entry("c", "von"))
        return content

    monkeypatch.setattr("kgsearch.engines.home.read_file", read)
    assert EngineHome(home).current() == built[0]


def test_what_is_being_replaced_is_read_a_moment_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "_ATTEMPTS", 3)
    monkeypatch.setattr(manifest, "_PAUSE", 0)
    refusals = [PermissionError(13, "Permission denied")] * 2

    def read(self: Path) -> bytes:
        if refusals:
            raise refusals.pop()
        return b"content"

    monkeypatch.setattr(Path, "read_bytes", read)
    assert manifest.read_file(tmp_path / "current") == b"content"
    refusals += [PermissionError(13, "Permission denied")] * 3
    with pytest.raises(PermissionError):
        manifest.read_file(tmp_path / "current")


def test_only_its_own_folders_are_switched_to(tmp_path: Path) -> None:
    home = EngineHome(tmp_path / "engine")
    home.prepare()
    for folder in (tmp_path, tmp_path / "engine" / "x", tmp_path / "other" / "1"):
        with pytest.raises(ValueError, match="no folder of"):
            home.switch(folder)


def test_what_is_put_in_place_while_it_is_opened_is_opened_instead(home: Path) -> None:
    tried: list[Path] = []

    def opening(folder: Path) -> str:
        tried.append(folder)
        if len(tried) == 1:
            build(home, entry("c", "von"))
            raise IndexStateError("its files are gone")
        return folder.name

    assert EngineHome(home).open(opening) == tried[1].name != tried[0].name


# --- what follows it


def test_every_commit_and_every_swap_is_seen(home: Path, engine: FollowingEngine) -> None:
    assert found(engine, "von") == ["a#art_1", "b#art_1"]
    other = WhooshEngine(EngineHome(home).opened())
    fill(other, entry("c", "von moi"))
    assert found(engine, "von") == ["a#art_1", "b#art_1", "c#art_1"]
    assert (engine.passages(), set(engine.documents())) == (3, {"a", "b", "c"})
    other.close()
    build(home, entry("d", "von khac"))
    assert found(engine, "von") == ["d#art_1"]
    build(home, entry("d", "von khac"), entry("e", "von"))
    assert (engine.passages(), set(engine.documents())) == (2, {"d", "e"})
    fill(engine, entry("f", "von"))
    assert found(engine, "von") == ["d#art_1", "e#art_1", "f#art_1"]


def test_there_must_be_an_engine_to_begin_with(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="kgsearch index"):
        FollowingEngine(tmp_path / "engine", WhooshEngine)


def test_an_engine_that_is_lost_is_searched_on_and_the_loss_is_told(home: Path, engine: FollowingEngine) -> None:
    name = (home / CURRENT_FILE).read_bytes()
    (home / CURRENT_FILE).unlink()
    assert found(engine, "von") == ["a#art_1", "b#art_1"]
    assert "kgsearch index" in (engine.trouble or "")
    with pytest.raises(IndexStateError):
        engine.refresh()
    (home / CURRENT_FILE).write_bytes(name)
    engine.refresh()
    assert not engine.trouble, "it is told until it is over"


def test_a_commit_that_is_damaged_is_told_and_the_one_before_searched_on(
    home: Path, engine: FollowingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = EngineHome(home).opened()
    whole = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(whole[:-20])
    assert found(engine, "von") == ["a#art_1", "b#art_1"]
    assert engine.trouble
    monkeypatch.setattr(following, "RETRY_AFTER", 0)
    build(home, entry("c", "von"))
    assert found(engine, "von") == ["c#art_1"]


def test_what_cannot_be_opened_is_not_tried_at_every_search(home: Path, engine: FollowingEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Path] = []

    def fail(folder: Path) -> Engine:
        tries.append(folder)
        raise IndexStateError("damaged")

    monkeypatch.setattr(engine, "_open", fail)
    monkeypatch.setattr(following, "RETRY_AFTER", 1e9)
    build(home, entry("c", "von"))
    for _search in range(5):
        assert found(engine, "von") == ["a#art_1", "b#art_1"]
    assert len(tries) == 1 and engine.trouble == "damaged"


class Slow(MemoryEngine):
    """An engine whose opening can be held up."""

    may_open = threading.Event()
    opening = threading.Event()

    def refresh(self) -> None:
        Slow.opening.set()
        assert Slow.may_open.wait(PATIENCE)


@pytest.mark.parametrize("what", ["a commit", "an engine"])
def test_nobody_waits_while_another_opens_what_is_new(home: Path, what: str) -> None:
    Slow.may_open.clear()
    Slow.opening.clear()
    made: list[Path] = []

    def open_slowly(folder: Path) -> Engine:
        engine = Slow()
        if made:
            engine.refresh()
        made.append(folder)
        fill(engine, entry(folder.name, "von"))
        return engine

    engine = FollowingEngine(home, open_slowly)
    if what == "an engine":
        build(home, entry("c", "von"))
    first = threading.Thread(target=found, args=(engine, "von"))
    first.start()
    assert Slow.opening.wait(PATIENCE)
    others: list[list[str]] = []
    second = threading.Thread(target=lambda: others.append(found(engine, "von")))
    second.start()
    second.join(PATIENCE)
    assert others == [[f"{made[0].name}#art_1"]], "it searched what was open before"
    Slow.may_open.set()
    first.join(PATIENCE)
    assert found(engine, "von") == [f"{EngineHome(home).opened().name}#art_1"]


@contextmanager
def reading(work: Callable[[], None], count: int = 6) -> Iterator[None]:
    """``count`` threads that do ``work`` over and over while the block runs; what any of them raises is raised at its end."""
    failures: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            while not done.is_set():
                work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(PATIENCE)
    if failures:
        raise failures[0]


def test_readers_see_whole_commits_while_one_writes_and_engines_are_swapped(home: Path, engine: FollowingEngine) -> None:
    # Every commit holds each word in as many passages as "von", so half a commit would be seen.
    def state(number: int) -> list[Entry]:
        return [entry(f"d{document}", f"von nam{number}") for document in range(1 + number % 4)]

    build(home, *state(0))
    engine.refresh()
    seen: set[int] = set()

    def look() -> None:
        result: EngineResult = engine.search(query("von"))
        years = {syllable for candidate in result.candidates for syllable in candidate.text if syllable.startswith("nam")}
        (year,) = years
        passages = [candidate.passage for candidate in result.candidates]
        number = int(year.removeprefix("nam"))
        assert len(passages) == len(set(passages)) == result.total == 1 + number % 4
        assert result.statistics.frequencies["syllables"]["von"] == result.statistics.passages == result.total
        seen.add(number)

    with reading(look):
        for number in range(1, 13):
            if number % 4 == 0:
                build(home, *state(number))
                continue
            writer = WhooshEngine(EngineHome(home).opened())
            with writer.writer() as batch:
                for document in writer.documents():
                    batch.delete(document)
                batch.add(state(number))
            writer.close()
    look()
    assert max(seen) == 12


# --- what is not done again


def test_a_commit_leaves_the_segments_that_it_does_not_change(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = build(home, *(entry(document, "von") for document in "ab"), *(entry(f"d{number}", "khac") for number in range(9)))
    engine = WhooshEngine(folder)
    found(engine, "von")
    before = set(engine._snapshot._segments)
    read: list[str] = []
    postings = Segment.postings

    def noted(self: Segment, name: str, token: str) -> RawPostings:
        read.append(self.name)
        return postings(self, name, token)

    monkeypatch.setattr(Segment, "postings", noted)
    fill(engine, entry("c", "von"))
    assert before < set(engine._snapshot._segments)
    assert found(engine, "von") == ["a#art_1", "b#art_1", "c#art_1"]
    assert not {segment.name for segment in before} & set(read)
    fill(engine, entry("a", "khac"))
    assert before <= set(engine._snapshot._segments)
    assert found(engine, "von") == ["b#art_1", "c#art_1"]
    assert not {segment.name for segment in before} & set(read), "what is deleted stands beside the segment"
    engine.close()
    assert not any(segment._shared_by for segment in before)


def test_files_are_let_go_of_when_the_last_snapshot_that_shares_them_is(home: Path) -> None:
    folder = EngineHome(home).opened()
    engine = WhooshEngine(folder)
    with engine._leased() as snapshot:
        segment = snapshot._segments[0]
        fill(engine, entry("a", "khac"), entry("b", "khac"))
        assert engine.documents() == {"a", "b"}
        assert len(snapshot.scores("syllables", "von")) == 2, "it is read on"
        assert segment._shared_by == 1
    assert segment._shared_by == 0 and segment._reader.is_closed
    engine.close()


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read in full to verify them."""
    names: list[str] = []
    measure = manifest._measure

    def noted(path: Path) -> tuple[int, int]:
        names.append(path.name)
        return measure(path)

    monkeypatch.setattr(manifest, "_measure", noted)
    return names


def test_a_file_is_verified_once_since_the_machine_was_started(home: Path, measured: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EngineHome(home).opened()
    files = set(manifest.read_manifest(folder).files)
    WhooshEngine(folder).close()
    assert measured == [], "who wrote them has verified them"
    monkeypatch.setattr(verification, "_start", lambda: "another start")
    WhooshEngine(folder).close()
    assert set(measured) == files
    measured.clear()
    WhooshEngine(folder).close()
    assert measured == []
    touched = next(folder.glob("*.seg"))
    os.utime(touched)
    WhooshEngine(folder).close()
    assert measured == [touched.name]


def test_a_commit_reads_and_syncs_what_is_new_alone(home: Path, measured: list[str]) -> None:
    engine = WhooshEngine(EngineHome(home).opened())
    old = set(manifest.read_manifest(EngineHome(home).opened()).files)
    fill(engine, entry("c", "von"))
    assert measured and not old & set(measured)
    engine.close()


@pytest.mark.parametrize("note", [b"", b"{}", b"[1]", b"\0" * 50, b'{"start": 1, "files": []}'])
def test_a_damaged_note_only_costs_time(home: Path, measured: list[str], note: bytes) -> None:
    folder = EngineHome(home).opened()
    (folder / verification.NOTE_FILE).write_bytes(note)
    WhooshEngine(folder).close()
    assert set(measured) == set(manifest.read_manifest(folder).files)


@pytest.mark.parametrize("keep_time", [False, True])
def test_a_file_that_was_verified_and_is_changed_then_is_noticed(home: Path, keep_time: bool) -> None:
    folder = EngineHome(home).opened()
    path = next(folder.glob("*.seg"))
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)
    path.unlink()
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)


def test_a_folder_that_cannot_be_written_is_opened_all_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EngineHome(home).opened()
    (folder / verification.NOTE_FILE).unlink()
    monkeypatch.setattr(Path, "write_text", refusing(PermissionError(13, "Permission denied")))
    engine = WhooshEngine(folder)
    assert found(engine, "von") == ["a#art_1", "b#art_1"]
    engine.close()


def test_a_file_cut_short_while_it_is_open_is_an_error_of_ours(home: Path) -> None:
    folder = EngineHome(home).opened()
    engine = WhooshEngine(folder)
    for path in folder.glob("*.seg"):
        os.truncate(path, 100)
    with pytest.raises(IndexStateError, match="kgsearch index"):
        engine.search(query("von"))
    engine.close()


@pytest.mark.skipif(os.name != "posix", reason="Windows removes no file that is open")
def test_files_that_are_removed_while_they_are_open_are_read_on(home: Path) -> None:
    folder = EngineHome(home).opened()
    engine = WhooshEngine(folder)
    for path in folder.iterdir():
        path.unlink()
    assert found(engine, "von") == ["a#art_1", "b#art_1"]
    engine.close()


# --- which segments are written anew


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=120))
def test_segments_stay_few_and_passages_are_seldom_written(batches: list[int]) -> None:
    segments: list[int] = []
    written = 0
    for added in batches:
        places = chosen([(size, 0) for size in segments], added)
        joined = added + sum(segments[place] for place in places)
        segments = [size for place, size in enumerate(segments) if place not in places] + [joined]
        written += joined
    assert sum(segments) == sum(batches)
    assert len(segments) <= 7 * 4 + sum(batches) // 6000 + 1
    assert written <= 6 * sum(batches)


@pytest.mark.parametrize(
    ("segments", "added", "joined"),
    [
        ([], 10, []),
        ([(10, 0)] * 6, 10, []),
        ([(10, 0)] * 7, 10, list(range(7))),
        ([(5000, 0)] * 7, 10, []),
        ([(5000, 0)] * 7, 5000, list(range(7))),
        ([(LARGEST_JOINED, 0)] * 20, 10, []),
        # a third of ghosts
        ([(90, 30), (5000, 0)], 10, []),
        ([(90, 31), (5000, 0)], 10, [0]),
        ([(90, 31), (5000, 0)], 0, [0]),
        ([(LARGEST_JOINED + 9, 30_000)], 0, [0]),
        # nothing but ghosts is left out by the commit
        ([(90, 90)], 10, []),
    ],
)
def test_what_is_joined(segments: list[tuple[int, int]], added: int, joined: list[int]) -> None:
    assert chosen(segments, added) == joined


def test_no_segment_gets_more_documents_than_whoosh_can_count() -> None:
    segments = [(40_000, 0), *[(6000, 0)] * 8]
    for documents in (0, 10_000, 30_000, 60_000):
        assert sum(segments[place][0] for place in chosen(segments, 60_000, documents)) + documents <= 65_535


# --- the searcher


def document(name: str, *texts: str) -> Document:
    clauses = tuple(Clause(f"art_{number}", Kind.ARTICLE, f"Điều {number}", str(number), "", text) for number, text in enumerate(texts, 1))
    fields = (f"{name}", f"{name}/QĐ", "Quyết định", f"Về việc {name}", "Sở", "Hải Giang", date(2021, 1, 2), "A", "Giám đốc")
    return Document(*fields, clauses=clauses)


class Office:
    """An index that is changed step by step: first the catalogue, then the engine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.times = 0
        self.catalogue = Catalogue.open(settings.catalogue_path, create=True)
        self.catalogue.stamp(engine="whoosh", analysis_version="1")

    def write(self, name: str, *texts: str) -> str:
        self.times += 1
        self.catalogue.put_file(f"{name}.txt", f"{self.times:064}", 1, self.times, [document(name, *texts)])
        return next(record.id for record in self.catalogue.reader.documents() if record.files == (f"{name}.txt",))

    def follow(self, *, rebuild: bool = False) -> None:
        """Bring the engine in step."""
        entries = [one for record in self.catalogue.reader.documents() for one in entries_of(record, self.catalogue.passages(record.id))]
        home = EngineHome(self.settings.engine_path)
        if rebuild or home.current() is None:
            build(home.path, *entries)
            return
        engine = WhooshEngine(home.opened())
        with engine.writer() as writer:
            for gone in engine.documents():
                writer.delete(gone)
            writer.add(entries)
        engine.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "index").mkdir()
    office = Office(Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    with office.catalogue:
        office.write("mot", "Giải ngân vốn đầu tư", "Báo cáo hằng quý")
        office.write("hai", "Nuôi biển xa bờ")
        office.follow()
        yield office


def hits(searcher: Searcher, text: str) -> list[str]:
    return sorted(hit.clause.text for hit in searcher.search(text).hits)


def test_a_searcher_sees_what_came_and_what_went(office: Office) -> None:
    searcher = Searcher(office.settings)
    assert hits(searcher, "nuôi biển") == ["Nuôi biển xa bờ"]
    office.write("ba", "Nuôi biển gần bờ")
    office.follow()
    assert hits(searcher, "nuôi biển") == ["Nuôi biển gần bờ", "Nuôi biển xa bờ"]
    office.write("hai", "Nuôi biển ven đảo")
    office.follow(rebuild=True)
    assert hits(searcher, "nuôi biển") == ["Nuôi biển gần bờ", "Nuôi biển ven đảo"]
    office.catalogue.remove_file("hai.txt")
    office.follow()
    result = searcher.search("nuôi biển")
    assert ([hit.clause.text for hit in result.hits], result.total) == (["Nuôi biển gần bờ"], 1)


def test_between_catalogue_and_engine_nothing_stale_is_shown(office: Office) -> None:
    searcher = Searcher(office.settings)
    office.write("mot", "Thu hồi vốn vay", "Báo cáo hằng quý")
    assert hits(searcher, "giải ngân") == []
    assert hits(searcher, "báo cáo hằng quý") == ["Báo cáo hằng quý"], "what has not changed is found all the while"
    office.catalogue.remove_file("hai.txt")
    result = searcher.search("nuôi biển xa bờ")
    assert (result.hits, result.total) == ((), 0)
    office.follow()
    assert hits(searcher, "thu hồi vốn vay") == ["Thu hồi vốn vay"]


def test_searches_while_documents_are_replaced_show_each_clause_once_as_it_is(office: Office) -> None:
    searcher = Searcher(office.settings)
    texts = [f"Nuôi biển lần {number}" for number in range(12)]

    def look() -> None:
        result = searcher.search("nuôi biển")
        places = [(hit.document.id, hit.clause.eid) for hit in result.hits]
        assert len(places) == len(set(places)) <= 2
        assert {hit.clause.text for hit in result.hits} <= {"Nuôi biển xa bờ", *texts}
        assert searcher.search("báo cáo hằng quý").hits

    with reading(look, count=4):
        for number, text in enumerate(texts):
            office.write("hai", text)
            office.follow(rebuild=number % 5 == 4)
    assert hits(searcher, "nuôi biển") == [texts[-1]]


def test_documents_are_read_again_when_one_changed_and_not_after_every_run(office: Office) -> None:
    searcher = Searcher(office.settings)
    before = searcher._metadata.documents()
    office.catalogue.stamp(last_run="{}")
    assert searcher._metadata.documents() is before
    office.write("ba", "Nuôi biển gần bờ")
    assert len(searcher._metadata.documents()) == len(before) + 1


def test_a_lexicon_that_cannot_be_read_for_a_moment_is_read_at_the_next_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / LEXICON_FILE).write_bytes(pack(learn([["Giải ngân vốn đầu tư công."] * 6]), Stamp("", "", 600_000, 3)))
    lexicon = Lexicon(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refusing(OSError(5, "Input/output error")))
        assert not lexicon.is_word("giải")
    assert lexicon.is_word("giải")


def test_status_tells_what_a_searcher_cannot_open(office: Office) -> None:
    searcher = Searcher(office.settings)
    assert searcher.status()["engine_error"] is None
    (office.settings.engine_path / CURRENT_FILE).unlink()
    assert searcher.status()["engine_error"]
    assert hits(searcher, "nuôi biển") == ["Nuôi biển xa bờ"]
