"""Work in other processes: results in order, bounded, and whatever happens to a process costs no more than what it was at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from kgsearch.i18n import current_language, use_language
from kgsearch.indexing import workers as workers_module
from kgsearch.indexing.workers import AHEAD, FEW, WorkerLostError, Workers

ROOT = Path(__file__).resolve().parents[1]
DEADLY, WRONG, SLOW = -1, -2, -3


def worked(number: int) -> tuple[int, int]:
    """The number and the process that it was worked on; some numbers are the end of it."""
    if number == DEADLY:
        os._exit(7)
    if number == WRONG:
        raise ValueError("a number that is wrong")
    if number == SLOW:
        time.sleep(0.5)
    return number, os.getpid()


def language(_number: int) -> str:
    return current_language()


class Handed:
    """Numbers of which it is known how many have been taken."""

    def __init__(self, count: int) -> None:
        self.taken = 0
        self.count = count

    def __iter__(self) -> Iterator[int]:
        while self.taken < self.count:
            self.taken += 1
            yield self.taken


def test_results_are_in_the_order_of_the_things() -> None:
    things = [SLOW, *range(20)]
    with Workers(2) as workers:
        found = list(workers.results(worked, things))
    assert [thing for thing, _result in found] == things
    assert [result[0] for _thing, result in found if isinstance(result, tuple)] == things
    assert os.getpid() not in {result[1] for _thing, result in found if isinstance(result, tuple)}


@pytest.mark.parametrize(("count", "things"), [(2, FEW), (1, 3 * FEW)])
def test_few_things_and_a_single_process_start_no_other(count: int, things: int) -> None:
    with Workers(count) as workers:
        assert list(workers.results(worked, range(things))) == [(number, (number, os.getpid())) for number in range(things)]


@pytest.mark.parametrize("weight", [0, workers_module.HEAVIEST_AHEAD // 3])
def test_what_is_ahead_is_bounded(weight: int) -> None:
    handed = Handed(40)
    with Workers(2) as workers:
        for number, (_thing, _result) in enumerate(workers.results(worked, handed, lambda _thing: weight), 1):
            assert handed.taken <= max(FEW + 1, number + (4 if weight else 2 * AHEAD))


def test_an_exception_is_the_result_of_its_thing_alone() -> None:
    with Workers(2) as workers:
        results = [result for _thing, result in workers.results(worked, [1, 2, WRONG, 3, 4, 5])]
        here = [result for _thing, result in workers.results(worked, [WRONG, 1])]
    assert [isinstance(result, ValueError) for result in results] == [False, False, True, False, False, False]
    assert isinstance(here[0], ValueError) and here[1] == (1, os.getpid())


@pytest.mark.parametrize("things", [[DEADLY, *range(12)], [*range(12), DEADLY], [1, DEADLY, 2, DEADLY, DEADLY, 3, 4]])
def test_a_process_that_dies_costs_what_it_was_at(things: list[int]) -> None:
    with Workers(2) as workers:
        found = list(workers.results(worked, things))
    assert [thing for thing, _result in found] == things
    assert all(isinstance(result, WorkerLostError) == (thing == DEADLY) for thing, result in found)


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(workers_module, "_Pool", refuse)
    with Workers(2) as workers:
        assert [result for _thing, result in workers.results(worked, range(9))] == [(number, os.getpid()) for number in range(9)]


def test_where_every_process_dies_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def submit(self, *_arguments: object) -> None:
            raise BrokenProcessPool

        def end(self, *, at_once: bool) -> None:
            pass

    monkeypatch.setattr(workers_module, "_Pool", lambda _count: Broken())
    with Workers(2) as workers:
        assert [result for _thing, result in workers.results(worked, range(9))] == [(number, os.getpid()) for number in range(9)]


def test_workers_speak_the_language_of_who_asks() -> None:
    use_language("en")
    with Workers(2) as workers:
        assert {result for _thing, result in workers.results(language, range(FEW + 1))} == {"en"}


ENDLESS = """
import os, sys, time
from kgsearch.indexing.workers import Workers

def told(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    with Workers(2) as workers:
        list(workers.results(told, range(10)))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are others on Windows")
@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_who_started_them(tmp_path: Path, ended_by: signal.Signals) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as starter:
        assert starter.stdout is not None
        pids = [int(starter.stdout.readline()) for _worker in range(2)]
        starter.send_signal(ended_by)
        starter.stdout.read()  # until the last that could write to it is gone
        starter.wait()
    assert all(is_gone(pid) for pid in pids)


def is_gone(pid: int) -> bool:
    """Whether the process has ended; waited for, because the system takes its time."""
    for _attempt in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
