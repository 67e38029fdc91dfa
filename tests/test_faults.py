"""The index after faults: kills, failing disks, power cuts, damage. What must hold each time: who searches before the next run sees the
old state or the new one, the next run ends as if nothing had happened, and nothing wrong is ever shown without a word.

`benchmarks/faults.py` has the same at every write call, and at random moments over many documents.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_trials import BEFORE, Asking, Trial, in_namespace, update
from faults import (
    Call,
    Ended,
    Nursery,
    cut_power,
    cut_short,
    failing_at,
    failing_from,
    flip_bit,
    is_stopped,
    killed_at,
    lacks_strace,
    lacks_unshare,
    stopped_at,
    zero_end,
)
from index_states import clauses_of

from kgsearch.config import load_settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="runs are forked, which Windows cannot")
traced = pytest.mark.skipif(bool(lacks_strace()), reason=lacks_strace() or "-")
mounted = pytest.mark.skipif(bool(lacks_unshare()), reason=lacks_unshare() or "-")


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture(scope="module")
def updating(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """Documents come, go, change and are renamed."""
    return Trial(nursery, tmp_path_factory.mktemp("updating"), BEFORE, update, queries=10)


@pytest.fixture(scope="module")
def rebuilding(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """The engine is made anew beside the old one."""
    return Trial(nursery, tmp_path_factory.mktemp("rebuilding"), BEFORE, lambda corpus: None, options=["--rebuild"], queries=10)


@pytest.fixture(scope="module")
def beginning(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """There is no index yet."""
    return Trial(nursery, tmp_path_factory.mktemp("beginning"), BEFORE, None, queries=10)


@pytest.fixture(params=["updating", "rebuilding", "beginning"])
def trial(request: pytest.FixtureRequest) -> Trial:
    chosen: Trial = request.getfixturevalue(request.param)
    return chosen


def places(trial: Trial, count: int, seed: int) -> list[int]:
    """``count`` of a run's write calls, spread over it, and a rename: the moment when one state takes the other's place."""
    drawn = random.Random(seed)
    share = len(trial.calls) / count
    spread = {int((number + drawn.random()) * share) for number in range(count)}
    renames = [place for place, call in enumerate(trial.calls) if call.name.startswith("rename")]
    return sorted(spread | set(drawn.sample(renames, min(1, len(renames)))))


def expect_none(faults: dict[str, list[str]]) -> None:
    said = [f"{where}: {fault}" for where, found in faults.items() for fault in found]
    assert not said, "\n".join(said[:10])


@traced
def test_killed_while_writing(trial: Trial) -> None:
    faults = {}
    for place in places(trial, 3, 1):
        call = trial.calls[place]
        ended = trial.disturbed(killed_at(call))
        assert ended.status in (-signal.SIGKILL, 0)
        faults[f"killed at {place}, {call}"] = trial.faults_between() + trial.faults_after()
    expect_none(faults)


@traced
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_write_that_fails(updating: Trial, error: str) -> None:
    faults = {}
    for place in places(updating, 2, 2):
        call = updating.calls[place]
        ended = updating.disturbed(failing_at(call, error))
        faults[f"{error} at {place}, {call}"] = [*ended.unclear(), *updating.faults_between(), *updating.faults_after()]
    expect_none(faults)


@traced
def test_a_file_that_the_disk_does_not_give(updating: Trial) -> None:
    """What it held before is served on, and the run says so; it is read once the disk gives it again."""
    updating.reset()
    path = updating.settings.corpus / BEFORE[0].name
    ended = updating.nursery.run(updating.command, unreadable=path)
    assert ended.status in (0, 1) and not ended.broke and path.name in ended.said, ended
    documents = {clause[0] for clause in clauses_of(updating.settings)}
    assert documents == updating.expected.new.engine[0]
    expect_none({"unreadable": updating.faults_between() + updating.faults_after()})


@traced
def test_a_disk_that_fails_for_good(updating: Trial) -> None:
    faults = {}
    for place in places(updating, 2, 3):
        ended = updating.disturbed(failing_from(updating.calls, place, "EIO"))
        faults[f"EIO from {place}"] = [*ended.unclear(), *updating.faults_between(), *updating.faults_after()]
    expect_none(faults)


@traced
@pytest.mark.parametrize("zeroed", [True, False], ids=["zeroed", "cut"])
def test_power_cut(updating: Trial, zeroed: bool) -> None:
    """What was not synced is not there: that is noticed, and mended by the next run."""
    faults = {}
    for place in places(updating, 2, 4):
        ended = updating.disturbed(killed_at(updating.calls[place]))
        touched = cut_power(ended, updating.settings.index, zeroed=zeroed)
        where = f"cut at {place}, {updating.calls[place]}, lost of {[path.name for path in touched]}"
        faults[where] = updating.faults_between() + updating.faults_after()
    expect_none(faults)


@traced
def test_a_fault_during_the_recovery(updating: Trial) -> None:
    drawn, faults = random.Random(5), {}
    for place in places(updating, 1, 5):
        ended = updating.disturbed(killed_at(updating.calls[place]))
        killed = []
        for _again in range(2):
            name, nth = drawn.choice([("pwrite64", 60), ("fsync", 4), ("rename", 2), ("unlink", 3), ("fdatasync", 5), ("write", 20)])
            ended = updating.nursery.run(updating.command, [f"inject={name}:signal=SIGKILL:when={nth}"])
            killed.append(f"{name} {nth}: {ended.status}")
        faults[f"killed at {place}, then {killed}"] = updating.faults_between() + updating.faults_after()
    expect_none(faults)


@traced
def test_a_stopped_run_keeps_its_lock_and_nobody_waits_for_it_for_ever(updating: Trial) -> None:
    call = next(call for call in updating.calls if call.name == "fsync")
    updating.reset()
    stopped = updating.nursery.start(updating.command, stopped_at(call))
    for _attempt in range(3000):
        if is_stopped(stopped.pid) and stopped.log.read_text().count("SIGSTOP"):
            break
        time.sleep(0.01)
    else:
        pytest.fail("it did not stop")
    assert not updating.faults_between()
    second = updating.nursery.run(updating.command)
    assert second.status == 2 and str(stopped.pid) in second.said
    os.kill(stopped.pid, signal.SIGCONT)
    assert updating.nursery.wait(stopped).status == 0
    assert not updating.faults_after()


def test_two_runs_at_once(updating: Trial) -> None:
    updating.reset()
    started = [updating.nursery.start(updating.command) for _number in range(2)]
    ended = [updating.nursery.wait(one) for one in started]
    assert sorted({0, *(one.status for one in ended)}) in ([0], [0, 2]), ended
    assert any(one.status == 0 for one in ended) and not any(one.broke for one in ended)
    expect_none({"two at once": updating.faults_between() + updating.faults_after()})


def test_files_that_may_not_grow(updating: Trial) -> None:
    """The limit on the size of files that administrators set, and some file systems have."""
    faults = {}
    for largest in (4096, 60_000):
        updating.reset()
        ended = updating.nursery.run(updating.command, largest=largest)
        assert ended.status == 2
        faults[f"{largest} bytes"] = [*ended.unclear(), *updating.faults_between(), *updating.faults_after()]
    expect_none(faults)


@mounted
def test_full_and_read_only_disks(tmp_path: Path) -> None:
    expect_none(in_namespace(tmp_path, BEFORE, [0, 120, 700]))


DAMAGES: dict[str, Callable[[Path], None]] = {"cut": cut_short, "zeroed": zero_end, "flipped": flip_bit, "gone": Path.unlink}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_never_silent(updating: Trial, damage: str) -> None:
    """Files of the index that a search reads: damaged, they are refused or it makes no difference, and the next run mends them. Each
    damage is done to every other file, the next one to those between."""
    faults = {}
    updating.reset()
    index = updating.settings.index
    names = sorted(path.relative_to(index) for path in index.rglob("*") if path.is_file() and not path.name.startswith("catalogue"))
    for name in names[list(DAMAGES).index(damage) % 2 :: 2]:
        updating.reset()
        DAMAGES[damage](index / name)
        faults[f"{name} {damage}"] = updating.faults_of_damage(mendable=True)
    expect_none(faults)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_of_the_catalogue_is_never_silent(updating: Trial, damage: str) -> None:
    """What the catalogue holds cannot all be had from elsewhere: the next run may refuse it, in words."""
    updating.reset()
    DAMAGES[damage](updating.settings.catalogue_path)
    expect_none({damage: updating.faults_of_damage(mendable=False)})


def test_no_letter_turned_over_in_the_catalogue_is_shown(updating: Trial) -> None:
    """SQLite does not notice a letter that has become another: what is shown is compared with what was written."""
    faults = {}
    updating.reset()
    path = updating.settings.catalogue_path
    whole = path.read_bytes()
    texts = {text for _document, _eid, _citation, text in updating.clauses_before if len(text) > 20}
    for text in random.Random(7).sample(sorted(texts), 12):
        path.write_bytes(whole)
        turn_letter(path, text)
        faults[f"{text[:20]!r} turned over"] = updating.faults_shown(refused=True)
    expect_none(faults)


def turn_letter(path: Path, text: str) -> None:
    """Turn one bit over wherever ``text`` stands in a file."""
    whole, turned = path.read_bytes(), bytearray(text.encode())
    turned[10] ^= 0x10
    assert text.encode() in whole
    path.write_bytes(whole.replace(text.encode(), turned))


def test_what_was_turned_over_is_read_again_when_the_index_is_made_anew(updating: Trial) -> None:
    updating.reset()
    path = updating.settings.catalogue_path
    text = next(text for document, _eid, _citation, text in sorted(updating.clauses_before) if "hop-dong" in document and len(text) > 20)
    turn_letter(path, text)
    ended = updating.nursery.run([*updating.command, "--rebuild"])
    assert ended.status == 0, ended.said
    assert not updating.faults_after()


def test_an_engine_deleted_is_made_again(updating: Trial) -> None:
    updating.reset()
    shutil.rmtree(updating.settings.engine_path)
    expect_none({"without an engine": updating.faults_of_damage(mendable=True)})


@traced
def test_a_server_answers_throughout(nursery: Nursery, updating: Trial, tmp_path: Path) -> None:
    """Killed runs and finished ones, forwards and back, under a server that is asked all the time."""
    forth, back = tmp_path / "forth", tmp_path / "back"
    shutil.copytree(updating.settings.corpus, forth)
    back.mkdir()
    for path in BEFORE:
        shutil.copy2(path, back)
    shutil.copytree(back, tmp_path / "corpus")
    shutil.copytree(updating.start, tmp_path / "index")
    settings = load_settings(tmp_path / "corpus", tmp_path / "index")
    drawn = random.Random(6)
    with Asking(settings, updating.expected) as asking:
        for source in (forth, back, forth):
            replace_folder(settings.corpus, source)
            command = ["--corpus", str(settings.corpus), "--index", str(settings.index), "index"]
            for call in drawn.sample(updating.calls, 2):
                nursery.run(command, killed_at(call))
            assert nursery.run(command).status == 0
        seen = asking.asked
        while asking.asked < seen + len(updating.asked) and not asking.wrong:
            time.sleep(0.01)
    assert not asking.wrong, asking.wrong[:5]
    assert not updating.expected.new.differences_of_hits(settings)


def replace_folder(folder: Path, source: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)


def test_only_what_was_not_synced_is_taken_back(updating: Trial, tmp_path: Path) -> None:
    """The harness itself: a file that was synced is left alone, one that was not is taken back."""
    index = updating.settings.index
    updating.reset()
    synced, lost = index / "synced", index / "lost"
    for path in (synced, lost):
        path.write_bytes(b"x" * 10)
    calls = [Call("write", number, str(path), "", None, None, True) for number, path in enumerate((synced, lost), 1)]
    calls.append(Call("fsync", 1, str(synced), "", None, None, True))
    ended = Ended(-signal.SIGKILL, "", tmp_path / "output", tuple(calls))
    assert cut_power(ended, index, zeroed=False) == [lost]
    assert synced.read_bytes() == b"x" * 10 and lost.read_bytes() == b""
