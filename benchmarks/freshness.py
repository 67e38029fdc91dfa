"""Whether readers see what is indexed while they read: many threads that search against a process that indexes without a pause.

    python benchmarks/freshness.py [--seconds 120] [--threads 20] [--documents 500] [--rebuild-every 25] [--small]

An indexer of its own process adds, rewrites and removes documents, some at a time, and now and then makes the engine anew. It says what
it is about to do and when it has done it. The threads share one searcher; half of what they ask is for the mark of one document, half for
words that are in many. An answer that is none of the states between the last one done before the question and the last one begun before
the answer is stale (an older state) or missing (none at all, though nothing of it changed meanwhile); a clause that is listed twice is
doubled. Prints how many of each there were, errors, and open files and memory of the reading process: while it warms up, in the first
quarter of the time, and in each half of the rest, so that it is seen whether they still rise. The exit status is 1 where anything was
wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from multiplied import mark_of, multiplied
from processes import memory, open_files

from kgsearch.config import load_settings
from kgsearch.indexing import sync
from kgsearch.models import SearchResult
from kgsearch.retrieval import Searcher

WORDS = (
    "giải ngân vốn đầu tư công", "chuyển đổi số", "khai thác thủy sản", "xã đảo", "Sở Tài chính", "kế hoạch phát triển kinh tế - xã hội",
    "Ủy ban nhân dân tỉnh", "hỗ trợ học sinh", "giai phong mat bang", "tàu cá", "dịch vụ công trực tuyến", "giảm nghèo bền vững",
)  # fmt: skip
NO_STATE = -1
"""The state of a document that is not there; any other is its revision."""

_SAMPLED_SECONDS = 1.0
_WARM_UP = 4
"""Such a part of the time is taken for warming up: threads open what each has for itself, and what is kept fills."""
_MOST_CHANGES = 5
_ADDED = 0.4
_ADDED_TO_MANY = 0.1
"""How many of the changes add a document: more, and fewer than remove one, so that there are always about as many."""


@dataclass(slots=True)
class States:
    """What each document is and was: its states in order, and the place of the last that was done. Histories only grow."""

    history: dict[int, list[int]] = field(default_factory=dict)
    done: dict[int, int] = field(default_factory=dict)

    def begin(self, number: int, state: int) -> None:
        """A document is about to get a state."""
        # First, because threads choose among the histories.
        self.done.setdefault(number, 0)
        self.history[number] = [*self.history.get(number, [NO_STATE]), state]

    def end(self, number: int) -> None:
        """It has the last state that was begun."""
        self.done[number] = len(self.history[number]) - 1


@dataclass(slots=True)
class Findings:
    """What the threads have seen."""

    faults: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    runs: int = 0
    withheld: int = 0
    """Answers without a document that was being changed meanwhile."""

    def fault(self, kind: str, said: str) -> None:
        """Count a fault and keep the first few."""
        self.faults[kind] += 1
        if len(self.examples) < 10:
            self.examples.append(f"{kind}: {said}")


def main() -> int:
    """Run from the command line; the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float)
    arguments.add_argument("--threads", type=int, default=20)
    arguments.add_argument("--documents", type=int)
    arguments.add_argument("--rebuild-every", type=int, default=25, help="runs between two in which the engine is made anew; 0 for never")
    arguments.add_argument("--small", action="store_true", help="fifteen seconds, fifty documents")
    options = arguments.parse_args()
    seconds = options.seconds or (15.0 if options.small else 120.0)
    documents = options.documents or (50 if options.small else 500)
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), documents, options.threads, seconds, options.rebuild_every)


def measure(folder: Path, documents: int, threads: int, seconds: float, rebuild_every: int) -> int:
    """Index, read against it, print; the exit status."""
    states, findings, stop = States(), Findings(), threading.Event()
    for number in range(documents):
        multiplied(number).write(folder / "corpus")
        states.begin(number, 0)
        states.end(number)
    settings = load_settings(folder / "corpus", folder / "index")
    sync(settings)
    searcher = Searcher(settings)
    asked = [sys.executable, __file__, "_index", str(folder / "corpus"), str(folder / "index"), str(documents), str(rebuild_every)]
    indexer = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    follower = threading.Thread(target=_follow, args=(indexer, states, findings))
    readers = [threading.Thread(target=_read, args=(searcher, states, findings, stop, seed)) for seed in range(threads)]
    for thread in (follower, *readers):
        thread.start()
    samples = _sample(seconds, indexer)
    stop.set()
    for reader in readers:
        reader.join()
    assert indexer.stdin is not None
    indexer.stdin.close()
    if indexer.wait():
        findings.fault("indexer", f"exit status {indexer.returncode}")
    follower.join()
    _check_all(searcher, states, findings)
    return _print(findings, states, samples, threads, seconds)


# --- The threads that read -----------------------------------------------------------------------------------------------------


def _read(searcher: Searcher, states: States, findings: Findings, stop: threading.Event, seed: int) -> None:
    choose = random.Random(seed)
    while not stop.is_set():
        started = time.perf_counter()
        try:
            if choose.random() < 0.5:
                _ask_for_one(searcher, states, findings, choose.choice(list(states.history)))
            else:
                _check_doubled(searcher.search(choose.choice(WORDS), limit=50), findings)
        except Exception as error:
            findings.fault("errors", f"{type(error).__name__}: {error}")
        findings.seconds.append(time.perf_counter() - started)


def _ask_for_one(searcher: Searcher, states: States, findings: Findings, number: int) -> None:
    """Ask for one document, and see whether the answer is a state of it that it may be."""
    oldest = states.done[number]
    result = searcher.search(mark_of(number), limit=10, exact=True)
    possible = states.history[number][oldest:]
    _check_doubled(result, findings)
    found = _state(result, number)
    if found == NO_STATE and NO_STATE not in possible and len(possible) > 1:
        # The catalogue has its new words already, the engine not yet: neither state is shown.
        findings.withheld += 1
    elif found not in possible:
        kind = "missing" if found == NO_STATE else "stale" if found in states.history[number] else "unknown"
        findings.fault(kind, f"document {number} found as {found}, possible {possible}")


def _state(result: SearchResult, number: int) -> int:
    told = [re.search(rf"{mark_of(number)} đợt (\d+)", hit.clause.text) for hit in result.hits]
    return next((int(match[1]) for match in told if match), NO_STATE)


def _check_doubled(result: SearchResult, findings: Findings) -> None:
    listed = Counter((hit.document.id, hit.clause.eid) for hit in result.hits)
    for clause, times in listed.items():
        if times > 1:
            findings.fault("doubled", f"{clause} in {result.query!r}")


def _check_all(searcher: Searcher, states: States, findings: Findings) -> None:
    """Nothing changes any more: every document is found in its last state."""
    for number in states.history:
        _ask_for_one(searcher, states, findings, number)


# --- The process that indexes ----------------------------------------------------------------------------------------------------


def _index(corpus: Path, index: Path, documents: int, rebuild_every: int) -> None:
    """Change and index until standard input ends; says each change before it begins and the end of each run."""
    settings, choose = load_settings(corpus, index), random.Random(0)
    held = dict.fromkeys(range(documents), 0)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    run, newest = 0, documents
    while not ended.is_set():
        run += 1
        changes: dict[int, int] = {}
        for _change in range(choose.randint(1, _MOST_CHANGES)):
            # As large as it was at first: a larger index takes more memory to read.
            added = choose.random() < (_ADDED if len(held) <= documents else _ADDED_TO_MANY)
            number = newest if added else choose.choice(list(held))
            newest += number == newest
            revision = changes.get(number, held.get(number, NO_STATE))
            changes[number] = NO_STATE if number in held and choose.random() < 0.4 else max(revision, run) + 1
        _say("begin", changes)
        for number, state in changes.items():
            _change_file(corpus, number, state)
        report = sync(settings, rebuild=bool(rebuild_every) and run % rebuild_every == 0)
        held = {number: state for number, state in {**held, **changes}.items() if state != NO_STATE}
        assert report.documents == len(held), (report.documents, len(held))
        _say("end", changes)


def _change_file(corpus: Path, number: int, state: int) -> None:
    document = multiplied(number, revision=max(state, 0))
    if state == NO_STATE:
        (corpus / document.name).unlink(missing_ok=True)
    else:
        document.write(corpus)


def _say(what: str, changes: dict[int, int]) -> None:
    print(json.dumps([what, list(changes.items())]), flush=True)


def _follow(indexer: subprocess.Popen[str], states: States, findings: Findings) -> None:
    assert indexer.stdout is not None
    for line in indexer.stdout:
        what, changes = json.loads(line)
        findings.runs += what == "end"
        for number, state in changes:
            if what == "begin":
                states.begin(number, state)
            else:
                states.end(number)


# --- What is printed --------------------------------------------------------------------------------------------------------------


def _sample(seconds: float, indexer: subprocess.Popen[str]) -> list[tuple[int, float]]:
    """Open files and memory (MB) of this process, once in a while, until the time is over or the indexer has ended."""
    samples = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and indexer.poll() is None:
        time.sleep(_SAMPLED_SECONDS)
        samples.append((open_files(os.getpid()), memory(os.getpid())))
    return samples


def _print(findings: Findings, states: States, samples: Sequence[tuple[int, float]], threads: int, seconds: float) -> int:
    changes = sum(len(history) - 2 for history in states.history.values())
    late = quantiles(findings.seconds, n=20, method="inclusive")[-1]
    print(f"{threads} threads, {seconds:.0f} s: {len(findings.seconds)} searches ", end="")
    print(f"(median {1000 * median(findings.seconds):.0f} ms, 95 % {1000 * late:.0f}, longest {1000 * max(findings.seconds):.0f}) ", end="")
    print(f"against {findings.runs} runs of the indexer with {changes} changes")
    print(f"without a document that was being changed: {findings.withheld}")
    print("faults: " + (", ".join(f"{kind} {count}" for kind, count in sorted(findings.faults.items())) or "none"))
    for example in findings.examples:
        print(f"  {example}")
    _print_held("open files", [files for files, _held in samples])
    _print_held("memory, MB", [held for _files, held in samples])
    return 1 if findings.faults else 0


def _print_held(name: str, values: Sequence[float]) -> None:
    """What was held while it warmed up and in the two halves after that: the median and the most."""
    warm = len(values) // _WARM_UP
    middle = (warm + len(values)) // 2
    parts = {"warming up": values[:warm], "first half after that": values[warm:middle], "second half": values[middle:]}
    told = [f"{part} {median(held):.0f} (at most {max(held):.0f})" for part, held in parts.items() if held]
    print(f"{name}: " + "; ".join(told), end="")
    first, second = values[warm:middle], values[middle:]
    print(f"; second half to first {median(second) / median(first):.2f}" if first and second else "")


if __name__ == "__main__":
    if sys.argv[1:2] == ["_index"]:
        _index(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        sys.exit(main())
