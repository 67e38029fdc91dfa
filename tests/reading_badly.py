"""A worker whose readers do what the file says: the process that `test_worker` starts in place of the real one."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kgsearch.errors import ReadError
from kgsearch.i18n import current_language
from kgsearch.models import SourceText
from kgsearch.readers import worker
from kgsearch.readers.dispatch import Contents
from kgsearch.readers.limits import program_limits
from kgsearch.readers.progress import report_progress
from kgsearch.readers.text import split_lines


def _say(text: str) -> Contents:
    return Contents((split_lines(text, "utf-8"),))


def _deep(depth: int) -> int:
    return _deep(depth + 1) + 1


def _step(seconds: float, steps: int) -> Contents:
    for _number in range(steps):
        time.sleep(seconds)
        report_progress()
    return _say("at last")


def _compute(seconds: float) -> Contents:
    while time.process_time() < seconds:
        pass
    return _say("computed")


def _start(note: str) -> Contents:
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], preexec_fn=program_limits())
    Path(note).write_text(str(program.pid))
    time.sleep(60)
    return _say("never")


def _program_limits() -> Contents:
    show = "from resource import *; print(getrlimit(RLIMIT_AS)[0], getrlimit(RLIMIT_CPU)[0])"
    shown = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True, preexec_fn=program_limits())
    return _say(shown.stdout)


def _crash_when_used(note: str) -> Contents:
    """Crash in a process that has read something before."""
    if Path(note).exists() and Path(note).read_text() == str(os.getpid()):
        os.abort()
    Path(note).write_text(str(os.getpid()))
    return _say("read")


def _leave(text: str) -> Contents:
    Path(tempfile.gettempdir(), "left").write_text(text)
    return _say(tempfile.gettempdir())


def _noise() -> Contents:
    os.write(1, b"chatter" * 100)
    print("chatter", flush=True)  # noqa: T201
    sys.stdin.read()
    return _say("said")


def _failing(error: type[Exception]) -> Contents:
    raise error("so\nand so")


DEEDS = {
    "say": _say,
    "pid": lambda _: _say(str(os.getpid())),
    "language": lambda _: _say(current_language()),
    "abort": lambda _: os.abort(),
    "exit": lambda _: os._exit(0),
    "segfault": lambda _: ctypes.string_at(0),
    "recurse": lambda _: _deep(0),
    "raise": lambda _: _failing(ValueError),
    "refuse": lambda _: _failing(ReadError),
    "memory": lambda _: _say(str(len(bytearray(1 << 30)))),
    "long": lambda size: _say(("x" * 99 + "\n") * (int(size) // 100)),
    "surrogate": lambda _: Contents((SourceText("\ud800", (), "utf-8"),)),
    "sleep": lambda seconds: (time.sleep(float(seconds)), _say("slept"))[1],
    "step": lambda how: _step(*(kind(part) for kind, part in zip((float, int), how.split("x"), strict=True))),
    "compute": lambda seconds: _compute(float(seconds)),
    "start": _start,
    "program limits": lambda _: _program_limits(),
    "crash when used": _crash_when_used,
    "leave": _leave,
    "noise": lambda _: _noise(),
}


def read_badly(data: bytes, _name: str) -> Contents:
    deed, _, how = data.decode().partition(":")
    return DEEDS[deed](how)


if __name__ == "__main__":
    worker.read_bytes = read_badly  # type: ignore[assignment]
    worker.main()
