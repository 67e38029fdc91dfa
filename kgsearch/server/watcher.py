"""The watch of the corpus folder as a process beside the server, so that no request waits for an indexing run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from kgsearch.config import Settings
from kgsearch.i18n import gettext as _

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
LONG = 60.0
"""A process that ran for so many seconds was well: the next pause is the first again."""

END_SECONDS = 5.0

# A Ctrl-C at the terminal is for the server alone, which then ends the process; otherwise that might end first and be missed.
_APART: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)} if sys.platform == "win32" else {"start_new_session": True}
)


class Watcher:
    """A process that is started again whenever it ends, until `close`; ``troubled`` is told of each time it did."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], troubled: Callable[[str], None]) -> None:
        self._command, self._environment, self._troubled = command, environment, troubled
        # Translated here: the thread below does not know the language of who calls.
        self._message = _("The watch of the corpus folder ended (status {status}); it is started again in {seconds} s.")
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._supervise, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process: it is asked to, by the end of its input, then told to, then killed."""
        self._stop.set()
        with self._lock:
            process = self._process
        if process:
            _end(process)
        self._thread.join()

    def _supervise(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            begun = time.monotonic()
            status = self._run()
            if self._stop.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - begun >= LONG else pause
            self._troubled(self._message.format(status=status, seconds=round(pause)))
            self._stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _run(self) -> int | str:
        """Run the process until it ends; its status, or why it could not be started."""
        with self._lock:
            if self._stop.is_set():
                return 0
            try:
                self._process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.PIPE, **_APART)
            except OSError as error:
                return str(error)
        try:
            return self._process.wait()
        finally:
            _close_input(self._process)


def watch_beside(settings: Settings, troubled: Callable[[str], None]) -> Watcher:
    """Watch the corpus folder with the settings given. The process ends with this one, however that ends: its input does."""
    command = [sys.executable, "-m", "kgsearch", "watch", "--tied"]
    command += ["--corpus", str(settings.corpus), "--index", str(settings.index), "--lang", settings.language]
    settled = {"KGSEARCH_WATCH": settings.watch, "KGSEARCH_WORKERS": str(settings.workers)}
    return Watcher(command, {**os.environ, **settled}, troubled)


def _end(process: subprocess.Popen[bytes]) -> None:
    _close_input(process)
    for then in (process.terminate, process.kill):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
            return
        then()
    process.wait()


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
