"""Runs of `kgsearch index` with a fault in them, and what must hold between the fault and the next run, and after that."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from faults import RUN_SECONDS, Ended, Nursery, lacks_strace
from index_states import LISTED, Expected, clauses_of, integrity, queries_of, state_of

from kgsearch.config import Settings, load_settings
from kgsearch.errors import IndexStateError

ROOT = Path(__file__).resolve().parents[1]

# --- a folder that changes

BEFORE = tuple(
    ROOT / "corpus" / f"{name}.txt" for name in ("gm-76-ubnd-2023", "cd-03-ubnd-2023", "bb-12-bqlda-2023", "hdong-15-2023-bqlda")
)
"""Four short documents."""


def update(corpus: Path) -> None:
    """Of `BEFORE`, the first is rewritten, the second renamed, the third removed; another comes."""
    rewritten, renamed, removed, _kept = (corpus / path.name for path in BEFORE)
    rewritten.write_text(rewritten.read_text(encoding="utf-8").replace("00", "01"), encoding="utf-8")
    renamed.rename(corpus / "doi-ten.txt")
    removed.unlink()
    shutil.copy2(ROOT / "corpus" / "cv-118-tu-2023.txt", corpus)


# --- a run from one state of a folder to another, with a fault in it


class Trial:
    """A folder of documents that changes, and the run of `kgsearch index` that follows the change, again and again with a fault in it.

    ``change`` is applied to the corpus folder once the index of what it held before is made (None: there is no index before).
    """

    def __init__(
        self,
        nursery: Nursery,
        folder: Path,
        before: Iterable[Path],
        change: Callable[[Path], None] | None,
        *,
        options: Sequence[str] = (),
        queries: int = 30,
    ) -> None:
        self.nursery = nursery
        self.settings = load_settings(folder / "corpus", folder / "index")
        self.start = folder / "start"
        self.command = ["--corpus", str(self.settings.corpus), "--index", str(self.settings.index), "index"]
        self.options = list(options)
        self.settings.corpus.mkdir(parents=True)
        for path in before:
            shutil.copy2(path, self.settings.corpus)
        old_settings = load_settings(self.settings.corpus, self.start)
        if change is not None:
            self._must(self.nursery.run(self.command))
            shutil.copytree(self.settings.index, self.start)
            change(self.settings.corpus)
        # Without strace there are no calls to put a fault at; other faults need none.
        undisturbed = self._must(self.nursery.run([*self.command, *self.options], traced=not lacks_strace()))
        self.calls = tuple(call for call in undisturbed.calls if Path(call.path) != undisturbed.output)
        known = [old_settings, self.settings] if change is not None else [self.settings]
        asked = list(dict.fromkeys(query for one in known for query in queries_of(one, queries)))
        old = state_of(old_settings, asked) if change is not None else None
        self.clauses_before = clauses_of(known[0])
        self.expected = Expected(old, state_of(self.settings, asked), self.clauses_before | clauses_of(self.settings))

    @property
    def asked(self) -> list[str]:
        """The queries."""
        return list(self.expected.new.hits)

    def reset(self) -> None:
        """Put the index back as it was before the run."""
        shutil.rmtree(self.settings.index, ignore_errors=True)
        if self.start.exists():
            shutil.copytree(self.start, self.settings.index)

    def disturbed(self, injections: Sequence[str]) -> Ended:
        """The run from the start, with a fault in it."""
        self.reset()
        return self.nursery.run([*self.command, *self.options], injections)

    def faults_between(self) -> list[str]:
        """What is wrong with the index as a fault has left it, for who searches it before the next run."""
        path = self.settings.catalogue_path
        return [*self.expected.wrong(self.settings), *(f"catalogue: {line}" for line in (integrity(path) if path.exists() else ()))]

    def faults_after(self, *, thorough: bool = False) -> list[str]:
        """What is wrong once the next run has ended; ``thorough``: it leaves nothing for a further one either."""
        ended = self.nursery.run(self.command)
        if ended.status:
            return [f"the next run ended with {ended.status}: {ended.said[-500:]}"]
        faults = self.expected.new.differences(state_of(self.settings, self.asked))
        faults += [f"catalogue: {line}" for line in integrity(self.settings.catalogue_path)]
        if not thorough:
            return faults
        again = self.nursery.run([*self.command, "--json"])
        report = json.loads(again.said) if again.status == 0 else {}
        if [report.get(key) for key in ("added", "changed", "removed", "failed")] != [0, 0, 0, 0]:
            faults.append(f"a further run found work: {again.said[-300:]}")
        return faults

    def faults_shown(self, *, refused: bool = False) -> list[str]:
        """What an index that was damaged at the start of the run shows otherwise than before; to refuse is right, and ``refused`` what
        it must do."""
        assert self.expected.old is not None
        try:
            faults = [f"shown otherwise: {clause}" for clause in self.clauses_before ^ clauses_of(self.settings)]
        except IndexStateError:
            return []
        if refused and not faults:
            faults.append("the damage is where nobody looks")
        with suppress(IndexStateError):
            faults += self.expected.old.differences_of_hits(self.settings)
        return faults

    def faults_of_damage(self, *, mendable: bool) -> list[str]:
        """What is wrong with an index that was damaged at the start of the run: something shown that is of neither state, or a next run
        that does not mend it. What is not ``mendable`` may also be refused."""
        faults = self.faults_shown()
        ended = self.nursery.run(self.command)
        if ended.status == 2 and not mendable and not ended.broke:
            return faults
        return [*faults, *ended.unclear(), *self.faults_after()]

    @staticmethod
    def _must(ended: Ended) -> Ended:
        if ended.status:
            raise RuntimeError(f"an undisturbed run ended with {ended.status}: {ended.said}")
        return ended


# --- file systems of a test's own


def disk_trial(folder: Path, before: Sequence[str], spared: Sequence[int]) -> dict[str, list[str]]:
    """What goes wrong on a disk that fills up when it has ``spared`` KB left (by that number), and on one that is read only.

    To be called in a namespace in which file systems can be mounted (`in_namespace`).
    """
    scratch, disk = folder / "scratch", folder / "disk"
    for path in (scratch, disk):
        path.mkdir()
    _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk))
    wrong: dict[str, list[str]] = {}
    with Nursery(scratch) as nursery:
        trial = Trial(nursery, disk, [Path(path) for path in before], update, queries=6)
        for room in spared:
            trial.reset()
            _mount("-o", f"remount,size={_used_kb(disk) + room}k", str(disk))
            ended = nursery.run(trial.command)
            faults = trial.faults_between() if ended.status else []
            faults += ended.unclear()
            _mount("-o", "remount,size=64m", str(disk))
            wrong[f"{room} KB left, status {ended.status}"] = faults + trial.faults_after()
        trial.reset()
        index = str(trial.settings.index)
        _mount("--bind", index, index)
        _mount("-o", "remount,ro,bind", index)
        ended = nursery.run(trial.command)
        wrong["read only"] = [*trial.expected.wrong(trial.settings), *ended.unclear(), *([] if ended.status == 2 else ["it was written"])]
    return wrong


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _used_kb(disk: Path) -> int:
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024


def in_namespace(folder: Path, before: Sequence[Path], spared: Sequence[int]) -> dict[str, list[str]]:
    """`disk_trial` in a namespace of its own."""
    question = json.dumps({"folder": str(folder), "before": [str(path) for path in before], "spared": list(spared)})
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = ["unshare", "-Urm", sys.executable, str(Path(__file__).resolve()), question]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=RUN_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer


# --- a server, asked all the time


@contextmanager
def process(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A cold run of `kgsearch`, in a group of processes that is gone when the block ends."""
    started = subprocess.Popen(
        [sys.executable, "-m", "kgsearch", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        assert started.stdout is not None
        started.stdout.close()


class Asking:
    """A server of an index, and a thread that asks it one query after another; ``wrong`` is what it did not answer as it must."""

    def __init__(self, settings: Settings, expected: Expected) -> None:
        self.expected = expected
        self.asked = 0
        self.slowest = 0.0
        self.wrong: list[str] = []
        self._ended = threading.Event()
        arguments = ["--corpus", str(settings.corpus), "--index", str(settings.index), "serve", "--port", "0"]
        self._serving = process(arguments)
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Asking:
        server = self._serving.__enter__()
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"http://\S+", line):
                self.address = found[0].rstrip("/")
                break
        else:
            raise RuntimeError(f"the server did not start: {''.join(said)}")
        # What else it says must not fill the pipe.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._ended.set()
        self._thread.join()
        self._serving.__exit__(*error)

    def _ask(self) -> None:
        queries = list(self.expected.new.hits)
        while not self._ended.is_set():
            query = queries[self.asked % len(queries)]
            begun = time.monotonic()
            try:
                with urlopen(f"{self.address}/api/v1/search?{urlencode({'q': query, 'n': LISTED})}", timeout=RUN_SECONDS) as answer:
                    found = json.load(answer)["hits"]
                hits = [(hit["document"]["id"], hit["eid"], hit["citation_full"], hit["text"]) for hit in found]
                self.wrong += self.expected.wrong_hits(query, hits)
            except (OSError, HTTPException, ValueError, KeyError) as error:
                said = error.read().decode(errors="replace")[:500] if isinstance(error, HTTPError) else ""
                self.wrong.append(f"{query!r}: {error} {said}")
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.asked += 1


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(disk_trial(Path(asked["folder"]), asked["before"], asked["spared"])) + "\n")
