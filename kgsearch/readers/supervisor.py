"""Reading files in a process of its own, which is started once, limited, and replaced after a crash or a limit.

Started, not forked: the program that asks may have threads. Only its own processes are ever ended: the worker with what it
started, as one group.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kgsearch.errors import ReadError
from kgsearch.i18n import current_language
from kgsearch.i18n import gettext as _
from kgsearch.readers.dispatch import Contents
from kgsearch.readers.limits import MEGABYTE, Limits
from kgsearch.readers.wire import WireError, decode_answer, decode_contents, one_line, receive, send

FILES_PER_PROCESS = 200
"""Files after which a worker is replaced: what libraries keep of each file adds up."""

COMMAND = (sys.executable, "-P", "-c", "from kgsearch.readers.worker import main; main()")

_STARTING_SECONDS = 60.0
_CLOSING_SECONDS = 2.0


class _StoppedError(Exception):
    """The worker gave no answer: ``limit`` is the limit that it met, "" for a crash."""

    def __init__(self, limit: str = "") -> None:
        super().__init__(limit)
        self.limit = limit


class Supervisor:
    """Reads files through a worker, one at a time; threads wait for each other."""

    def __init__(self, limits: Limits | None = None, command: Sequence[str] = COMMAND) -> None:
        self._limits = limits or Limits()
        self._command = list(command)
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def read(self, data: bytes, name: str) -> Contents:
        """What the file ``name`` with the bytes ``data`` holds. Raises ReadError, naming the file, where that cannot be told."""
        with self._lock:
            try:
                return self._read(data, name)
            except OSError as error:
                self._stop()
                raise ReadError(
                    _("{name}: the process that reads files cannot be started ({reason}).").format(name=name, reason=error)
                ) from error
            except BaseException as error:
                if not isinstance(error, ReadError):
                    self._stop()
                raise

    def close(self) -> None:
        """End the worker, if there is one. The next file starts another."""
        # A thread that is still reading does not keep the program from ending.
        waited = self._lock.acquire(timeout=_CLOSING_SECONDS)
        try:
            self._stop()
        finally:
            if waited:
                self._lock.release()

    def _read(self, data: bytes, name: str) -> Contents:
        used = self._worker is not None
        try:
            return self._ask(data, name)
        except _StoppedError as stopped:
            self._stop()
            # What an earlier file left behind may be the cause: a new process is asked once more.
            if not used or stopped.limit not in ("", "memory"):
                raise self._reason(stopped.limit, name) from None
        try:
            return self._ask(data, name)
        except _StoppedError as stopped:
            self._stop()
            raise self._reason(stopped.limit, name) from None

    def _ask(self, data: bytes, name: str) -> Contents:
        worker = self._running()
        answer = worker.ask({"name": name, "language": current_language()}, data)
        if worker.asked >= FILES_PER_PROCESS:
            self._stop()
        return _contents(answer, name)

    def _running(self) -> _Worker:
        if self._worker is None or not self._worker.usable():
            self._stop()
            self._worker = _Worker(self._command, self._limits)
        return self._worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def _reason(self, limit: str, name: str) -> ReadError:
        reasons = {
            "memory": _("{name}: reading it needs more than {limit} MB of memory; split it, or save it in another format.").format(
                name=name, limit=self._limits.memory // MEGABYTE
            ),
            "time": _("{name}: reading it takes too long; open it in its own program and save it anew, or split it.").format(name=name),
            "answer": _("{name}: it holds more than {limit} MB of text; split it into its documents.").format(
                name=name, limit=self._limits.answer // MEGABYTE
            ),
            "": _("{name}: the file breaks the program that reads it; open it in its own program and save it anew.").format(name=name),
        }
        return ReadError(reasons.get(limit, reasons[""]))


def _contents(answer: dict[str, Any], name: str) -> Contents:
    """The contents that an answer gives. Raises ReadError for the reason that it gives instead, or where it cannot be trusted."""
    try:
        if "error" in answer:
            raise ReadError(_named(one_line(answer["error"]), name))
        if "failed" in answer:
            raise ReadError(
                _("{name}: reading it failed ({reason}); the file may be damaged. Open it in its own program and save it anew.").format(
                    name=name, reason=one_line(answer["failed"])
                )
            )
        if "limit" in answer:
            raise _StoppedError(one_line(answer["limit"]))
        return decode_contents(answer)
    except WireError:
        raise _StoppedError from None


def _named(message: str, name: str) -> str:
    return message if message.startswith(name) else f"{name}: {message}"


class _Worker:
    """One process, and the thread that takes its answers."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self._limits = limits
        self._parent = os.getpid()
        self._folder = tempfile.mkdtemp(prefix="kgsearch-")
        self.asked = 0
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
                env=_environment(self._folder),
                # A group of its own: ended with all that it started, and not by a key pressed for this program.
                start_new_session=True,
            )
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue(maxsize=16)
        threading.Thread(target=self._take_answers, name="kgsearch-reader", daemon=True).start()
        self._send([json.dumps(asdict(limits)).encode(), self._folder.encode()])

    def usable(self) -> bool:
        """Whether it runs, and is this process's own: not a parent's before a fork."""
        return self._parent == os.getpid() and self._process.poll() is None

    def ask(self, request: dict[str, str], data: bytes) -> dict[str, Any]:
        """The answer to one request. Raises _StoppedError where none comes in time."""
        self.asked += 1
        if self.asked == 1:
            # It says once that it is ready: what starting takes on a busy machine is not held against the file.
            self._next(_STARTING_SECONDS)
        end = time.monotonic() + self._limits.total
        # Written beside the waiting: a worker that does not take what it is given must not hold this program up.
        threading.Thread(target=self._send, args=([json.dumps(request).encode(), data],), daemon=True).start()
        while True:
            answer = self._next(min(self._limits.silence, end - time.monotonic()))
            if "progress" not in answer:
                return answer
            if time.monotonic() > end:
                raise _StoppedError("time")

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise _StoppedError("time") from None
        if answer is None:
            raise _StoppedError(self._limit_met())
        return answer

    def stop(self) -> None:
        """End the process and all that it started, and remove what they left."""
        if self._parent != os.getpid():
            return
        self._end()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _limit_met(self) -> str:
        """Which limit ended the process, as far as the system says; it gives no more answers."""
        return "time" if self._end() == -getattr(signal, "SIGXCPU", 0) else ""

    def _end(self) -> int | None:
        """End the process and all that it started; its status."""
        if self._process.returncode is None:
            # Not yet waited for, so the number is still its own. What ended it before stays its status.
            if sys.platform == "win32":
                subprocess.run(["taskkill", "/F", "/T", "/PID", str(self._process.pid)], capture_output=True, check=False)
                self._process.kill()
            else:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_CLOSING_SECONDS)
        return self._process.returncode

    def _send(self, frames: Sequence[bytes]) -> None:
        # Where the process is gone, whoever waits for its answer learns it.
        with contextlib.suppress(OSError, ValueError):
            for frame in frames:
                send(self._process.stdin, frame)  # type: ignore[arg-type]

    def _take_answers(self) -> None:
        try:
            while (payload := receive(self._process.stdout, self._limits.answer)) is not None:  # type: ignore[arg-type]
                self._answers.put(decode_answer(payload))
        except (WireError, OSError, ValueError, MemoryError):
            pass
        self._answers.put(None)


def _environment(folder: str) -> dict[str, str]:
    """The environment of a worker: this program's modules, and its own folder for what is temporary."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        # Sets are ordered alike in every process: the same file gives the same text.
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
    }


_supervisor = Supervisor()


def close() -> None:
    """End the process that reads files, if there is one."""
    _supervisor.close()


atexit.register(close)


def read_apart(data: bytes, name: str) -> Contents:
    """What the file ``name`` with the bytes ``data`` holds, read in a process of its own. Raises ReadError naming the file."""
    return _supervisor.read(data, name)
