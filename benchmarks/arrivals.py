"""What arrives while `kgsearch watch` runs: whether all of it is found in its last state, none of it twice, and how soon.

    python benchmarks/arrivals.py [--files 200] [--documents 50] [--seconds 60] [--seed 0] [--poll] [--small]

Over so many seconds so many files arrive in the corpus folder: written at once, copied slowly piece by piece, or under a hidden name and
then renamed. Meanwhile some that have arrived are renamed, moved into a folder, rewritten (in place or by another file) and removed, and
once a whole folder is renamed. Searches ask for each document until it is found as it was left, with its path; the time from the end of
the change to that is printed by kind of change. At the end every document is asked for again, and the files that the catalogue knows are
compared with those of the folder. The exit status is 1 where anything is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median, quantiles

from multiplied import mark_of, multiplied

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import Settings, load_settings
from kgsearch.indexing import sync
from kgsearch.retrieval import Searcher

PIECES = 8
"""Pieces in which a file is copied slowly."""

PIECE_SECONDS = 0.4
"""Between two pieces."""

LONGEST_WAIT = 180.0
"""Seconds after the last change within which all must be found."""

LATER = {"rename": 0.15, "move": 0.15, "rewrite in place": 0.2, "rewrite by another": 0.1, "remove": 0.2}
"""What is done to one that has arrived, and how often of all changes that are not arrivals; the rest renames the folder."""

State = tuple[str, int] | None
"""Where a document is and its revision; None where it is not there."""


@dataclass(slots=True)
class Expected:
    """The last state of a document, when and by what it got it; ``found`` when it was first seen so."""

    state: State
    kind: str
    since: float
    found: float | None = None


@dataclass(slots=True)
class Folder:
    """The corpus folder and what is expected of each document in it; ``waits`` are seconds to findable by kind of change."""

    corpus: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    expected: dict[int, Expected] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def changed(self, number: int, state: State, kind: str) -> None:
        """A change of a document has just been completed."""
        with self.lock:
            self.expected[number] = Expected(state, kind, time.monotonic())

    def saw(self, number: int, expected: Expected, state: State) -> None:
        """A search has answered ``state``."""
        with self.lock:
            if self.expected[number] is expected and expected.found is None and expected.state == state:
                expected.found = time.monotonic()
                self.waits[expected.kind].append(expected.found - expected.since)

    def open(self) -> list[tuple[int, Expected]]:
        """Documents that have not been found in their last state yet."""
        with self.lock:
            return [(number, one) for number, one in self.expected.items() if one.found is None]

    def present(self) -> dict[int, tuple[str, int]]:
        """Documents that are there."""
        with self.lock:
            return {number: one.state for number, one in self.expected.items() if one.state}


def main() -> int:
    """Run from the command line; the exit status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--files", type=int)
    arguments.add_argument("--documents", type=int, default=50, help="documents that are indexed before")
    arguments.add_argument("--seconds", type=float)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--poll", action="store_true")
    arguments.add_argument("--small", action="store_true", help="twenty files in eight seconds")
    options = arguments.parse_args()
    files = options.files or (20 if options.small else 200)
    seconds = options.seconds or (8.0 if options.small else 60.0)
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(Path(home) / "corpus", Path(home) / "index")
        return measure(settings, options.documents, files, seconds, random.Random(options.seed), poll=options.poll)


def measure(settings: Settings, documents: int, files: int, seconds: float, choose: random.Random, *, poll: bool) -> int:
    """Index, watch, change, search, print; the exit status."""
    folder = Folder(settings.corpus.resolve())
    for number in range(documents):
        multiplied(number).write(folder.corpus)
    sync(settings)
    before = _processor_seconds()
    asked = [sys.executable, "-m", "kgsearch", "watch", "--json", "--corpus", str(settings.corpus), "--index", str(settings.index)]
    watch = subprocess.Popen([*asked, *(["--poll"] if poll else [])], stdout=subprocess.PIPE, text=True)
    told: list[dict[str, object]] = []
    ready = threading.Event()
    listener = threading.Thread(target=_listen, args=(watch, told, ready))
    listener.start()
    ready.wait()
    searcher, stop = Searcher(settings), threading.Event()
    prober = threading.Thread(target=_probe, args=(searcher, folder, stop))
    prober.start()
    started = time.monotonic()
    _change(folder, range(documents, documents + files), seconds, choose)
    changing = time.monotonic() - started
    _wait(folder, watch)
    stop.set()
    prober.join()
    faults = _faults(folder, settings, searcher, documents)
    faults += _ended(watch)
    listener.join()
    print(f"{files} files in {changing:.0f} s beside {documents} documents; {_runs(told)} runs of the watch, ", end="")
    print(f"{_processor_seconds() - before:.1f} s of processor time")
    _print(folder)
    print("faults: " + ("; ".join(faults) or "none"))
    return 1 if faults else 0


def _listen(watch: subprocess.Popen[str], told: list[dict[str, object]], ready: threading.Event) -> None:
    assert watch.stdout is not None
    for line in watch.stdout:
        told.append(json.loads(line))
        if "watching" in told[-1]:
            ready.set()
        if "trouble" in told[-1]:
            print(f"the watch says: {told[-1]['trouble']}")
    ready.set()


def _processor_seconds() -> float:
    """What the processes that this one started and that have ended have used."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _runs(told: list[dict[str, object]]) -> int:
    return sum("report" in one for one in told)


# --- What happens to the folder ----------------------------------------------------------------------------------------------------


def _change(folder: Folder, numbers: range, seconds: float, choose: random.Random) -> None:
    """Let the documents ``numbers`` arrive over ``seconds``, and change those that have arrived; one change for every arrival."""
    copies: list[threading.Thread] = []
    for number in numbers:
        way = choose.choices((_at_once, _renamed_into_place, _slowly), weights=(5, 3, 2))[0]
        if way is _slowly:
            copies.append(threading.Thread(target=way, args=(folder, number)))
            copies[-1].start()
        else:
            way(folder, number)
        if choose.random() < 0.5:
            _change_one(folder, choose)
        # Bursts and pauses.
        time.sleep(choose.choice((0.0, 0.0, 2.0)) * seconds / len(numbers) * 1.5)
    for copy in copies:
        copy.join()


def _at_once(folder: Folder, number: int) -> None:
    document = multiplied(number)
    document.write(folder.corpus)
    folder.changed(number, (document.name, 0), "new, written at once")


def _renamed_into_place(folder: Folder, number: int) -> None:
    document = multiplied(number)
    hidden = document.write(folder.corpus / ".arriving")
    hidden.rename(folder.corpus / document.name)
    folder.changed(number, (document.name, 0), "new, renamed into place")


def _slowly(folder: Folder, number: int) -> None:
    document = multiplied(number)
    content = document.text.encode()
    size = len(content) // PIECES + 1
    with (folder.corpus / document.name).open("wb") as file:
        for start in range(0, len(content), size):
            file.write(content[start : start + size])
            file.flush()
            time.sleep(PIECE_SECONDS)
    folder.changed(number, (document.name, 0), "new, copied slowly")


def _change_one(folder: Folder, choose: random.Random) -> None:
    present = folder.present()
    if not present:
        return
    kind = choose.choices((*LATER, "rename folder"), weights=(*LATER.values(), 0.03))[0]
    if kind == "rename folder":
        _rename_folder(folder, present, choose)
    else:
        number = choose.choice(list(present))
        path, revision = present[number]
        folder.changed(number, _CHANGES[kind](folder.corpus, path, number, revision), kind)


def _rename(corpus: Path, path: str, number: int, revision: int) -> State:
    target = Path(path).with_name(f"doi-ten-{time.monotonic_ns()}.txt")
    (corpus / path).rename(corpus / target)
    return target.as_posix(), revision


def _move(corpus: Path, path: str, number: int, revision: int) -> State:
    target = Path(f"thu-muc-{number % 3}") / Path(path).name
    (corpus / target).parent.mkdir(exist_ok=True)
    (corpus / path).rename(corpus / target)
    return target.as_posix(), revision


def _rewrite(corpus: Path, path: str, number: int, revision: int) -> State:
    (corpus / path).write_text(multiplied(number, revision=revision + 1).text, encoding="utf-8")
    return path, revision + 1


def _replace(corpus: Path, path: str, number: int, revision: int) -> State:
    beside = (corpus / path).with_name(f".{number}.part")
    beside.write_text(multiplied(number, revision=revision + 1).text, encoding="utf-8")
    beside.replace(corpus / path)
    return path, revision + 1


def _remove(corpus: Path, path: str, number: int, revision: int) -> State:
    (corpus / path).unlink()
    return None


_CHANGES: dict[str, Callable[[Path, str, int, int], State]] = {
    "rename": _rename, "move": _move, "rewrite in place": _rewrite, "rewrite by another": _replace, "remove": _remove,
}  # fmt: skip


def _rename_folder(folder: Folder, present: dict[int, tuple[str, int]], choose: random.Random) -> None:
    folders = sorted({path.split("/")[0] for path, _revision in present.values() if "/" in path})
    if not folders:
        return
    old, new = choose.choice(folders), f"thu-muc-doi-ten-{time.monotonic_ns()}"
    (folder.corpus / old).rename(folder.corpus / new)
    for number, (path, revision) in present.items():
        if path.startswith(f"{old}/"):
            folder.changed(number, (new + path[len(old) :], revision), "rename folder")


# --- Searching --------------------------------------------------------------------------------------------------------------------


def _probe(searcher: Searcher, folder: Folder, stop: threading.Event) -> None:
    """Ask for what has not been found yet, the longest waiting first, until told to stop."""
    while not stop.is_set():
        waiting = folder.open()
        for number, expected in waiting:
            states = _states(searcher, number)
            folder.saw(number, expected, states[0] if states else None)
        time.sleep(0.02)


def _states(searcher: Searcher, number: int) -> list[State]:
    """Where a document is found, and in which revision; more than one where it is found more than once."""
    result = searcher.search(mark_of(number), limit=10, exact=True)
    found: list[State] = []
    for hit in result.hits:
        if match := re.search(rf"{mark_of(number)} đợt (\d+)", hit.clause.text):
            found += [(path, int(match[1])) for path in hit.document.files]
    return found


def _wait(folder: Folder, watch: subprocess.Popen[str]) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while folder.open() and time.monotonic() < until and watch.poll() is None:
        time.sleep(0.2)


def _faults(folder: Folder, settings: Settings, searcher: Searcher, documents: int) -> list[str]:
    """What is not as it should be now that nothing changes any more."""
    faults = []
    for number, expected in folder.expected.items():
        states = _states(searcher, number)
        if states != ([expected.state] if expected.state else []):
            faults.append(f"document {number} after {expected.kind} is found as {states}, not {expected.state}")
    faults += [f"document {number} is lost" for number in range(documents) if len(_states(searcher, number)) != 1]
    with closing(CatalogueReader(settings.catalogue_path)) as reader:
        known = set(reader.files())
    there = {path.relative_to(folder.corpus).as_posix() for path in folder.corpus.rglob("*.txt")}
    faults += [f"{path}: in the {'catalogue' if path in known else 'folder'} alone" for path in sorted(known ^ there)]
    return faults


def _ended(watch: subprocess.Popen[str]) -> list[str]:
    """End the watch as a service manager does; what is wrong with how it ends."""
    watch.send_signal(signal.SIGTERM)
    try:
        code = watch.wait(timeout=60)
    except subprocess.TimeoutExpired:
        watch.kill()
        return ["the watch does not end"]
    return [f"the watch ended with exit status {code}"] if code else []


def _print(folder: Folder) -> None:
    print(f"{'seconds until found so':<28}{'number':>8}{'median':>9}{'95 %':>9}{'longest':>9}")
    every = [wait for waits in folder.waits.values() for wait in waits]
    for kind, waits in (*sorted(folder.waits.items()), ("all", every)):
        late = quantiles(waits, n=20, method="inclusive")[-1] if len(waits) > 1 else max(waits, default=0.0)
        print(f"{kind:<28}{len(waits):>8}{median(waits or [0.0]):>9.2f}{late:>9.2f}{max(waits, default=0.0):>9.2f}")


if __name__ == "__main__":
    sys.exit(main())
