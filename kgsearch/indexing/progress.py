"""How far a run is: counted by phase, told to whoever asked, and kept in a small file for other processes to read."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kgsearch.i18n import gettext as _
from kgsearch.indexing.lock import is_held
from kgsearch.indexing.report import PhaseFigures, Progress

PROGRESS_FILE = "progress.json"

PHASES = READING, INDEXING, LEARNING = "reading", "indexing", "learning"
"""The phases of a run, in their order."""

_EVERY_SECONDS = 1.0
_MAX_BYTES = 10_000

Step = Callable[[str], None]
"""Told the name of the file of each step that is done."""


class RunProgress:
    """The progress of one run. ``path`` is the file that it is kept in, ``told`` is called after every step."""

    def __init__(self, path: Path, told: Progress | None = None) -> None:
        self.figures: dict[str, PhaseFigures] = {}
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self._path = path
        self._told = told
        self._phase, self._begun = "", 0.0
        self._first = self._done = self._total = self._earlier = 0
        self._written = 0.0

    @contextmanager
    def phase(self, name: str, total: int, done: int = 0) -> Iterator[Step]:
        """A phase of ``total`` steps, ``done`` of which are done already; its figures are kept when it ends."""
        self._phase, self._begun = name, time.monotonic()
        self._first, self._done, self._total = done, done, total
        self._write()
        try:
            yield self._step
        finally:
            self.figures[name] = self._figures()
            self._earlier += self._done

    def close(self) -> None:
        """The run is over: there is no progress to be read any more."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _step(self, name: str) -> None:
        self._done += 1
        self._total = max(self._total, self._done)
        if self._told:
            self._told(self._earlier + self._done, self._earlier + self._total, name)
        if time.monotonic() - self._written >= _EVERY_SECONDS:
            self._write()

    def _write(self) -> None:
        """Replace the file; that it cannot be written is no reason to stop."""
        self._written = time.monotonic()
        unfinished = self._path.with_suffix(".new")
        with suppress(OSError):
            unfinished.write_text(json.dumps(self._state()), encoding="ascii")
            unfinished.replace(self._path)

    def _figures(self) -> PhaseFigures:
        return PhaseFigures(self._done - self._first, time.monotonic() - self._begun)

    def _state(self) -> dict[str, Any]:
        rate = self._figures().rate
        return {
            "phase": self._phase,
            "done": self._done,
            "total": self._total,
            "rate": round(rate, 2),
            "seconds_left": round((self._total - self._done) / rate) if rate else None,
            "started": self.started,
            "pid": os.getpid(),
        }


def phase_names() -> dict[str, str]:
    """What users are told that a run is doing, by phase."""
    return {
        READING: _("Reading the files"),
        INDEXING: _("Indexing what was read"),
        LEARNING: _("Learning the words of the documents"),
    }


def running(index: Path, lock: Path) -> dict[str, Any] | None:
    """What the run that is at the index in the folder ``index`` has said last; None where none is.

    ``{phase, done, total, rate, seconds_left, started, pid}``; ``rate`` in steps a second, ``seconds_left`` of this phase, None where
    it cannot be told yet. A file left behind by a run that was killed says nothing: the lock does.
    """
    try:
        with (index / PROGRESS_FILE).open("rb") as file:
            state = json.loads(file.read(_MAX_BYTES))
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) and is_held(lock) else None
