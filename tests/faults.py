"""Faults on purpose: runs of `kgsearch` killed, refused or stopped at a chosen system call, and files damaged.

A run is forked from a warm process (`Nursery`), because a fault at every write call of a run means hundreds of runs, and is traced by
strace, whose injection kills it on entering the call, or has the call fail instead of being carried out.

Linux only. `lacks_strace` and `lacks_unshare` say what is missing on a machine.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from subprocess import PIPE
from typing import Any

from kgsearch.config import load_settings

ROOT = Path(__file__).resolve().parents[1]

WRITES = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "fallocate", "ftruncate", "truncate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("fsync", "fdatasync", "msync", "chmod", "fchmod", "fchmodat", "utimensat"),
)
"""The system calls that change what is on a disk, or bring it there; which of them there are depends on the machine."""

RUN_SECONDS = 300

_TRACED_ONE = "traced"
_TRACED = "trace=" + ",".join(f"?{name}" for name in WRITES)
_CALL = re.compile(r"^(?P<pid>\d+)\s+(?P<name>\w+)\((?P<arguments>.*?)(?:\)\s+= (?P<result>\S+).*| <unfinished \.\.\.>)$")
_DESCRIPTOR = re.compile(r"^\d+<(?P<path>[^>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STREAMS_LOST = 120
_LOG_OF_UNFORESEEN = re.compile(r"kgsearch-\d{8}-\d{6}-\w+\.log")


# --- what a machine can do


@cache
def lacks_strace() -> str:
    """Why no faults can be injected on this machine; "" where they can."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "needs strace"
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), _TRACED_ONE], stdin=PIPE, stdout=PIPE, env=_environment()
    ) as traced:
        assert traced.stdout is not None
        traced.stdout.readline()
        tracer = subprocess.Popen(["strace", "-qq", "-o", os.devnull, "-p", str(traced.pid)], stderr=PIPE, text=True)
        while not (attached := _is_traced(traced.pid)) and tracer.poll() is None:
            time.sleep(0.005)
        traced.kill()
    _nothing, said = tracer.communicate()
    return "" if attached else f"strace cannot trace here ({' '.join(said.split())})"


@cache
def lacks_unshare() -> str:
    """Why no file system can be mounted for a test on this machine; "" where one can."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return "needs unshare"
    with tempfile.TemporaryDirectory() as folder:
        command = ["unshare", "-Urm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"no file system can be mounted here ({done.stderr.strip()})"


# --- runs of the command


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status (negative: the signal that killed it) and what it said."""

    status: int
    said: str
    output: Path
    calls: tuple[Call, ...] = ()

    @property
    def broke(self) -> bool:
        """Whether it ended with an error that nobody foresaw rather than with a sentence that says what to do."""
        return "Traceback (most recent call last)" in self.said or bool(_LOG_OF_UNFORESEEN.search(self.said))

    def unclear(self) -> list[str]:
        """What is wrong with how it ended, for a run that met a fault and was not killed."""
        # Where every write fails, its own standard error does: then it can say nothing, and Python ends with this status.
        mute = self.status == _STREAMS_LOST and not self.said
        clear = mute or (self.status in (0, 1, 2) and not self.broke)
        return [] if clear else [f"status {self.status}, said: {self.said[-600:]}"]


@dataclass(frozen=True, slots=True)
class Call:
    """A system call of a run: ``nth`` of its name, from 1; ``path`` is the file concerned, ``other`` where it was renamed to."""

    name: str
    nth: int
    path: str
    other: str
    offset: int | None
    size: int | None
    done: bool

    def __str__(self) -> str:
        return f"{self.name} {self.nth} ({Path(self.path).name})"


def killed_at(call: Call) -> list[str]:
    """The injection that kills a run on entering ``call``."""
    return [f"inject={call.name}:signal=SIGKILL:when={call.nth}"]


def stopped_at(call: Call) -> list[str]:
    """The injection that stops a run at ``call``."""
    return [f"inject={call.name}:signal=SIGSTOP:when={call.nth}"]


def failing_at(call: Call, error: str) -> list[str]:
    """The injection that has ``call`` fail with ``error`` ("EIO")."""
    return [f"inject={call.name}:error={error}:when={call.nth}"]


def failing_from(calls: Sequence[Call], place: int, error: str) -> list[str]:
    """The injections that have every write call fail from ``calls[place]`` on, of a run that makes ``calls``."""
    before = Counter(call.name for call in calls[:place])
    spared = {"unlink", "unlinkat", "rmdir"}
    return [f"inject={name}:error={error}:when={before[name] + 1}+" for name in {call.name for call in calls} - spared]


class Nursery:
    """Starts runs of `kgsearch` by forking a process that has loaded everything already. One run at a time is waited for."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=scratch,
            env=_environment(),
        )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(RUN_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def run(self, arguments: Sequence[str], injections: Sequence[str] = (), **conditions: Any) -> Ended:
        """Run ``kgsearch`` with ``arguments`` to its end, as `start` begins it."""
        return self.wait(self.start(arguments, injections, **conditions))

    def start(
        self,
        arguments: Sequence[str],
        injections: Sequence[str] = (),
        *,
        traced: bool = False,
        largest: int | None = None,
        unreadable: Path | None = None,
    ) -> Started:
        """Begin a run of ``kgsearch``, traced where there are ``injections`` or that is asked for. ``largest`` is how many bytes a file may
        have that it writes, ``unreadable`` a file that the disk does not give it."""
        number, output = tempfile.mkstemp(prefix="run-", dir=self.scratch)
        os.close(number)
        options = ["-e", _TRACED, *(option for injection in injections for option in ("-e", injection))]
        if unreadable is not None:
            options = ["-P", str(unreadable), "-e", "trace=read", "-e", "inject=read:error=EIO"]
        traced = traced or bool(injections) or unreadable is not None
        pid = int(self._ask({"arguments": list(arguments), "output": output, "traced": traced, "largest": largest}))
        tracer, log = None, f"{output}.strace"
        if traced:
            tracer = subprocess.Popen(["strace", "-f", "-qq", "-y", "-s", "0", "-o", log, *options, "-p", str(pid)])
        return Started(pid, Path(output), tracer, Path(log))

    def wait(self, started: Started) -> Ended:
        """How a run ended, once it has."""
        status = int(self._ask({"wait": started.pid}))
        calls: tuple[Call, ...] = ()
        if started.tracer is not None:
            started.tracer.wait(RUN_SECONDS)
            calls = tuple(_calls(started.log.read_text(errors="replace").splitlines(), started.pid))
            started.log.unlink()
        said = started.output.read_text(errors="replace")
        started.output.unlink()
        return Ended(os.waitstatus_to_exitcode(status), said, started.output, calls)

    def _ask(self, question: Mapping[str, Any]) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@dataclass(frozen=True, slots=True)
class Started:
    """A run that has begun."""

    pid: int
    output: Path
    tracer: subprocess.Popen[bytes] | None
    log: Path


def _calls(lines: Iterable[str], pid: int) -> Iterator[Call]:
    """The write calls of process ``pid`` in a log of strace."""
    seen: Counter[str] = Counter()
    for line in lines:
        match = _CALL.match(line)
        if match is None or int(match["pid"]) != pid or match["name"] not in WRITES:
            continue
        seen[match["name"]] += 1
        arguments = match["arguments"]
        descriptor = _DESCRIPTOR.match(arguments)
        quoted = _QUOTED.findall(arguments)
        path = descriptor["path"] if descriptor else (quoted[0] if quoted else "")
        other = quoted[1] if match["name"].startswith(("rename", "link")) and len(quoted) > 1 else ""
        numbers = arguments.split(", ")
        offset = int(numbers[-1]) if match["name"] == "pwrite64" and numbers[-1].isdigit() else None
        size = int(numbers[-2]) if offset is not None and numbers[-2].isdigit() else None
        yield Call(match["name"], seen[match["name"]], path, other, offset, size, match["result"] not in (None, "?", "-1"))


def _nurse() -> None:
    """The warm process: forks a run for every line on standard input that asks for one."""
    _load_everything()
    for line in sys.stdin:
        job = json.loads(line)
        if "wait" in job:
            _pid, answer = os.waitpid(job["wait"], 0)
        else:
            answer = os.fork()
            if answer == 0:
                _born(job)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _load_everything() -> None:
    from kgsearch.indexing import sync

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        shutil.copy(next((ROOT / "corpus").glob("*.txt")), corpus)
        sync(load_settings(corpus, Path(folder) / "index"))


def _born(job: Mapping[str, Any]) -> None:
    """Be a run of `kgsearch`, from here to the end of the process."""
    output = os.open(job["output"], os.O_WRONLY | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.setsid()
    if job["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest"], job["largest"]))
    if job["traced"]:
        _await_tracer()
    from kgsearch.cli import main

    sys.argv = ["kgsearch", *job["arguments"]]
    status = 1
    try:
        status = _status_of(main)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _status_of(main: Any) -> int:
    try:
        return int(main() or 0)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)


def _await_tracer() -> None:
    _allow_tracing()
    until = time.monotonic() + RUN_SECONDS
    while not _is_traced(os.getpid()):
        if time.monotonic() > until:
            os._exit(99)
        time.sleep(0.002)
    # It has been seized; its calls are counted once it was stopped.
    time.sleep(0.02)


def _allow_tracing() -> None:
    # Where only descendants may be traced (Yama), this process allows everybody.
    set_tracer, any_process = 0x59616D61, ctypes.c_ulong(-1)
    ctypes.CDLL(None).prctl(set_tracer, any_process, 0, 0, 0)


def _be_traced() -> None:
    """Wait for a tracer, and for the end."""
    _allow_tracing()
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdin.read()


def _is_traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()


# --- power cuts


def cut_power(ended: Ended, folder: Path, *, zeroed: bool) -> list[Path]:
    """Take back from the files of ``folder`` what a killed run wrote and did not sync; which files were touched.

    ``zeroed``: the blocks are there and hold zeros, as a file system leaves them that had room for them and no time; else the files
    end where they were last on the disk. What is locked into memory (SQLite's ``-shm``) is gone in any case.
    """
    unsynced: defaultdict[str, list[tuple[int, int] | None]] = defaultdict(list)
    for call in ended.calls:
        _follow(call, unsynced)
    touched = []
    for name, ranges in unsynced.items():
        path = Path(name) if os.path.isabs(name) else folder / name
        if ranges and path.is_file() and path.is_relative_to(folder):
            _take_back(path, ranges, zeroed=zeroed)
            touched.append(path)
    for shared in folder.rglob("*-shm"):
        shared.unlink()
    return touched


def _follow(call: Call, unsynced: defaultdict[str, list[tuple[int, int] | None]]) -> None:
    if not call.done:
        return
    if call.name in ("fsync", "fdatasync"):
        unsynced.pop(call.path, None)
    elif call.other:
        unsynced[call.other] = unsynced.pop(call.path, [])
    elif call.offset is not None and call.size is not None:
        unsynced[call.path].append((call.offset, call.size))
    elif call.name in ("write", "writev"):
        unsynced[call.path].append(None)


def _take_back(path: Path, ranges: Sequence[tuple[int, int] | None], *, zeroed: bool) -> None:
    size = path.stat().st_size
    pieces = [(0, size) if piece is None else piece for piece in ranges]
    with path.open("r+b") as file:
        if not zeroed and not path.name.endswith(".sqlite"):
            file.truncate(min(start for start, _length in pieces))
            return
        for start, length in pieces:
            file.seek(start)
            file.write(bytes(min(length, max(0, size - start))))


# --- damage


def cut_short(path: Path) -> None:
    """Take the second half of a file away."""
    os.truncate(path, path.stat().st_size // 2)


def zero_end(path: Path) -> None:
    """Put zeros in the place of the second half of a file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(bytes(size - size // 2))


def flip_bit(path: Path, place: float = 0.5) -> None:
    """Turn over one bit, ``place`` (0 to 1) of the way into a file."""
    data = bytearray(path.read_bytes())
    if data:
        data[int(place * (len(data) - 1))] ^= 0x10
        path.write_bytes(data)


def is_stopped(pid: int) -> bool:
    """Whether a process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "tT"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    if sys.argv[1:] == [_TRACED_ONE]:
        _be_traced()
    else:
        _nurse()
