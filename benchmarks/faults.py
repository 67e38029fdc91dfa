"""What faults do to an index: a run killed, refused or cut off at every call that writes, and killed at random moments.

    python benchmarks/faults.py [--calls] [--runs update,rebuild,first] [--faults killed,…] [--step 1]
    python benchmarks/faults.py [--moments 50] [--shared ../shared] [--seed 1]

``--calls``: small runs (an update, a rebuild, a first run) with a fault at every STEPth of their write calls, by strace: killed; EIO and
ENOSPC from that call alone and from there on; killed with what was not synced taken back, as by a power cut. Each call takes about a
second. Each time a fresh search
must show the old state or the new one, SQLite find the catalogue whole, and the next run end with what an undisturbed run ends with.

``--moments``: a corpus folder of SHARED/real in which half of the documents come and go, and the engine is rebuilt, by runs that are killed
after random times, MOMENTS kills in all, while a server of that index is asked without pause; then a worker of a run is killed, and one
stopped for seconds.

Prints Markdown, one line a kind of fault, and every fault found; ends with 1 where there was any.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

# The tests' faults are the benchmark's too.
from fault_trials import BEFORE, Asking, Trial, process, update  # noqa: E402
from faults import Ended, Nursery, cut_power, failing_at, failing_from, killed_at  # noqa: E402
from index_states import Expected, clauses_of, integrity, queries_of, state_of  # noqa: E402

from kgsearch.config import Settings, load_settings  # noqa: E402

ORPHAN_SECONDS = 20
WORKER_SECONDS = 60
STOPPED_SECONDS = 5
KILLS_OF_A_PASS = 10
SHORTEST = 0.3

Fault = Callable[[Trial, int], Ended]


def main() -> int:
    """Do what is asked for; how many ways of failing were found decides the status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", action="store_true")
    arguments.add_argument("--runs", default=",".join(RUNS), help="which of them")
    arguments.add_argument("--faults", default=",".join(FAULTS), help="which of them")
    arguments.add_argument("--step", type=int, default=1)
    arguments.add_argument("--moments", type=int, default=0)
    arguments.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as scratch:
        if options.calls:
            found += every_call(Path(scratch), options.runs.split(","), options.faults.split(","), options.step)
        if options.moments:
            found += _Moments(Path(scratch), options.shared / "real", options.moments, random.Random(options.seed)).run()
    return int(found > 0)


# --- a fault at every call that writes


def every_call(scratch: Path, runs: Sequence[str], faults: Sequence[str], step: int) -> int:
    """The faults at every ``step``th write call of the runs; how many times something did not hold."""
    found = 0
    print("| run | fault | write calls | tried | broke off | wrong between | wrong after | s |\n|---|---|---|---|---|---|---|---|")
    with Nursery(scratch) as nursery:
        for run in runs:
            trial = RUNS[run](nursery, scratch / run)
            found += sum(_row(run, name, trial, FAULTS[name], step) for name in faults)
    return found


def _row(run: str, name: str, trial: Trial, fault: Fault, step: int) -> int:
    begun, tried, wrong = time.monotonic(), 0, [0, 0, 0]
    try:
        for place in range(len(trial.calls) % step, len(trial.calls), step):
            ended = fault(trial, place)
            faults = [ended.unclear() if ended.status >= 0 else [], trial.faults_between(), trial.faults_after(thorough=True)]
            wrong = [count + bool(some) for count, some in zip(wrong, faults, strict=True)]
            tried += 1
            for some in faults:
                _tell([f"{run}, {name} at {place} ({trial.calls[place]}): {one}" for one in some])
    finally:
        # Also where it is ended from outside: it takes long.
        counts = " | ".join(map(str, wrong))
        print(f"| {run} | {name} | {len(trial.calls)} | {tried} | {counts} | {time.monotonic() - begun:.0f} |", flush=True)
    return sum(wrong)


def _power_cut(*, zeroed: bool) -> Fault:
    def fault(trial: Trial, place: int) -> Ended:
        ended = trial.disturbed(killed_at(trial.calls[place]))
        cut_power(ended, trial.settings.index, zeroed=zeroed)
        return ended

    return fault


RUNS: dict[str, Callable[[Nursery, Path], Trial]] = {
    "update": lambda nursery, folder: Trial(nursery, folder, BEFORE, update, queries=15),
    "rebuild": lambda nursery, folder: Trial(nursery, folder, BEFORE, lambda corpus: None, options=["--rebuild"], queries=15),
    "first": lambda nursery, folder: Trial(nursery, folder, BEFORE, None, queries=15),
}

FAULTS: dict[str, Fault] = {
    "killed": lambda trial, place: trial.disturbed(killed_at(trial.calls[place])),
    "power cut: cut": _power_cut(zeroed=False),
    "power cut: zeros": _power_cut(zeroed=True),
    "EIO once": lambda trial, place: trial.disturbed(failing_at(trial.calls[place], "EIO")),
    "EIO from there": lambda trial, place: trial.disturbed(failing_from(trial.calls, place, "EIO")),
    "ENOSPC once": lambda trial, place: trial.disturbed(failing_at(trial.calls[place], "ENOSPC")),
    "ENOSPC from there": lambda trial, place: trial.disturbed(failing_from(trial.calls, place, "ENOSPC")),
}


# --- killed at random moments


@dataclass(slots=True)
class _Moments:
    """Runs over many documents, killed after random times, below a server that is asked without pause."""

    scratch: Path
    source: Path
    wanted: int
    drawn: random.Random
    found: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)

    @property
    def killed(self) -> int:
        """How many runs were killed until now."""
        return self.kills.total()

    def run(self) -> int:
        """Kill as often as is wanted; how many times something did not hold."""
        settings = load_settings(self.scratch / "corpus", self.scratch / "index")
        expected = self._undisturbed(settings)
        forth, back = expected, Expected(expected.new, expected.old or expected.new, expected.clauses)
        begun = time.monotonic()
        with Asking(settings, expected) as asking:
            try:
                while self.killed < self.wanted:
                    self._pass("back", settings, back)
                    self._pass("forth", settings, forth)
                    self._pass("rebuild", settings, Expected(forth.new, forth.new, forth.clauses))
                for signals in ((signal.SIGKILL,), (signal.SIGSTOP, signal.SIGCONT)):
                    self._pass_with_a_worker(signals, settings, back, forth)
            finally:
                # Also where it is ended from outside: it takes long.
                self._summarise(asking, time.monotonic() - begun)
        return self.found

    def _summarise(self, asking: Asking, seconds: float) -> None:
        self._report([f"server: {one}" for one in asking.wrong])
        kills = ", ".join(f"{name} {count}" for name, count in self.kills.items())
        documents = len(list(self.source.glob("*.txt")))
        print(f"{self.killed} kills ({kills}) in {seconds / 60:.1f} min of runs over {documents} documents; wrong: {self.found}.")
        print(f"The server was asked {asking.asked} times; wrong: {len(asking.wrong)}; slowest {asking.slowest:.2f} s.", flush=True)

    def _undisturbed(self, settings: Settings) -> Expected:
        """The index before and after half of the documents come; leaves it as it is then."""
        settings.corpus.mkdir()
        self._fill(settings.corpus, half=True)
        _finish(settings, [])
        asked = queries_of(settings, 60)
        old, clauses = state_of(settings, asked), clauses_of(settings)
        self._fill(settings.corpus, half=False)
        seconds = _finish(settings, [])
        self.longest = dict.fromkeys(("back", "forth", "rebuild"), seconds / 2)
        return Expected(old, state_of(settings, asked), clauses | clauses_of(settings))

    def _pass(self, name: str, settings: Settings, expected: Expected) -> None:
        """One change of the folder, followed by runs of which the last is let end."""
        begun = time.monotonic()
        self._fill(settings.corpus, half=name == "back")
        options = ["--rebuild"] if name == "rebuild" else []
        for _kill in range(KILLS_OF_A_PASS):
            # Short times as often as long ones: what was done stays done, so the run gets further with each.
            after = math.exp(self.drawn.uniform(math.log(SHORTEST), math.log(self.longest[name])))
            if not self._kill(settings, options, after):
                self.longest[name] = after
                break
            self.kills[name] += 1
            where = f"{name}, killed after {after:.2f} s"
            faults = [*expected.wrong(settings), *integrity(settings.catalogue_path)]
            self._report([f"{where}: {one}" for one in faults])
        _finish(settings, options)
        differences = expected.new.differences(state_of(settings, expected.new.hits))
        self._report([f"{name}, after the last run: {one}" for one in differences])
        print(f"{name} done after {time.monotonic() - begun:.0f} s; killed until now: {self.killed}, wrong: {self.found}", flush=True)

    def _pass_with_a_worker(self, signals: Sequence[signal.Signals], settings: Settings, back: Expected, forth: Expected) -> None:
        """Documents come while a worker that reads them is sent ``signals``, some seconds apart; one further run may follow."""
        self._fill(settings.corpus, half=True)
        _finish(settings, [])
        self._report([f"before a worker is sent {signals}: {one}" for one in back.new.differences(state_of(settings, back.new.hits))])
        self._fill(settings.corpus, half=False)
        with process(_command(settings, [])) as started:
            until, worker = time.monotonic() + WORKER_SECONDS, None
            while worker is None and time.monotonic() < until and started.poll() is None:
                time.sleep(0.05)
                worker = next(iter(_workers_of(started.pid)), None)
            time.sleep(self.drawn.uniform(0.5, 3))
            for number in signals if worker else ():
                with suppress(ProcessLookupError):
                    os.kill(worker or 0, number)
                time.sleep(STOPPED_SECONDS)
            said, _nothing = started.communicate()
        named = " ".join(number.name for number in signals)
        if worker is None or started.returncode not in (0, 1):
            self._report([f"a worker ({worker}) was sent {named}, the run ended with {started.returncode}: {said[-300:]}"])
        _finish(settings, [])
        self._report([f"after a worker was sent {named}: {one}" for one in forth.new.differences(state_of(settings, forth.new.hits))])
        print(f"a worker was sent {named}: the run ended with {started.returncode}; wrong: {self.found}", flush=True)

    def _kill(self, settings: Settings, options: Sequence[str], after: float) -> bool:
        """Start a run and kill it, its workers not; False where it had ended before. Its workers must end by themselves."""
        with process(_command(settings, options)) as started:
            try:
                started.wait(after)
                return False
            except subprocess.TimeoutExpired:
                started.kill()
            started.wait()
            until = time.monotonic() + ORPHAN_SECONDS
            while _group_lives(started.pid):
                if time.monotonic() > until:
                    self._report([f"workers of {started.pid} outlive it by {ORPHAN_SECONDS} s"])
                    break
                time.sleep(0.02)
        return True

    def _fill(self, corpus: Path, *, half: bool) -> None:
        """Have the folder hold every document, or every second one."""
        for number, path in enumerate(sorted(self.source.glob("*.txt"))):
            if half and number % 2:
                (corpus / path.name).unlink(missing_ok=True)
            elif not (corpus / path.name).exists():
                shutil.copy2(path, corpus)

    def _report(self, faults: Sequence[str]) -> None:
        self.found += len(faults)
        _tell(faults)


def _workers_of(pid: int) -> list[int]:
    """The processes that a run has started to read with."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _command(settings: Settings, options: Sequence[str]) -> list[str]:
    return ["--corpus", str(settings.corpus), "--index", str(settings.index), "index", *options]


def _finish(settings: Settings, options: Sequence[str]) -> float:
    """Run to the end; how many seconds it took."""
    begun = time.monotonic()
    with process(_command(settings, options)) as started:
        said, _nothing = started.communicate()
    if started.returncode not in (0, 1):
        raise RuntimeError(f"the run ended with {started.returncode}: {said}")
    return time.monotonic() - begun


def _tell(faults: Sequence[str]) -> None:
    for fault in faults[:5]:
        print(f"FAULT {fault[:600]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    # Its folder is removed also when it is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
