"""Which files are completely written: what was closed by its writer, or has not changed in size and time for a moment.

Nothing here looks at a folder, and the clock is handed in, so that what it decides can be tested without waiting.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

State = tuple[int, int]
"""Size and time of change (ns) of a file."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """A file is waited for since ``since`` (seconds); ``state`` is what it was when it was last looked at, None where it was not."""

    state: State | None
    since: float


class Settling:
    """Files that came or changed, until they are complete. Safe for several threads; paths are relative to the corpus folder.

    ``still`` is for how many seconds a file must not change before it is taken for complete, ``stalled`` the same for a file that was
    written to and that somebody has open: a copy over a slow line may stand still for long and go on.
    """

    def __init__(self, still: float, stalled: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.still = still
        self.stalled = stalled
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, _Wait] = {}
        self._complete: dict[str, State] = {}
        self._open: Counter[str] = Counter()
        self._written: set[str] = set()
        self._here: dict[str, State] = {}
        self._gone: set[State] = set()
        self._absent: set[str] = set()

    # --- what is told of the files ---

    def touched(self, path: str, state: State | None = None) -> None:
        """``path`` was made or written to: its waiting starts again. ``state`` is what it is now; to be given where what comes after is
        not told at once."""
        with self._lock:
            self._complete.pop(path, None)
            self._waiting[path] = _Wait(state, self._clock())
            self._written.add(path)

    def opened(self, path: str) -> None:
        """Somebody has opened ``path``, to read or to write."""
        with self._lock:
            self._open[path] += 1

    def closed(self, path: str, state: State | None = None) -> None:
        """Somebody has closed ``path``: who had it open for writing, where ``state`` says what it is now."""
        with self._lock:
            self._open[path] -= 1
            if self._open[path] <= 0:
                del self._open[path]
                self._written.discard(path)
            if state is not None:
                # Though a reader may have it open still; where another writer has, the next event says so.
                self._is_complete(path, state)

    def attributes(self, path: str, state: State | None) -> None:
        """The times or permissions of ``path`` were changed: a copy that keeps the times of its original ends with that."""
        with self._lock:
            known = self._complete.get(path)
            if known and state and known[0] == state[0] and path not in self._open:
                self._complete[path] = state

    def moved(self, source: str, target: str, state: State | None) -> None:
        """The file at ``source`` is at ``target`` now, in this ``state``: complete, unless somebody has it open."""
        with self._lock:
            opened = self._open.pop(source, 0)
            self._open.pop(target, None)
            self._forget(source)
            if opened:
                self._open[target] = opened
                self._written.add(target)
                self._waiting[target] = _Wait(state, self._clock())
            elif state is not None:
                self._is_complete(target, state)

    def removed(self, path: str) -> None:
        """There is no file at ``path`` any more."""
        with self._lock:
            self._forget(path)

    def forget_who_has_what_open(self) -> None:
        """Events were lost, so a closing may have been: only size and time count until the next opening."""
        with self._lock:
            self._open.clear()
            self._written.clear()

    def here(self, files: Iterable[tuple[str, State]]) -> None:
        """The folder holds exactly ``files``. What is gone and is there again unchanged, under another name, was only renamed."""
        with self._lock:
            now = dict(files)
            self._gone = {state for path, state in self._here.items() if path not in now}
            self._here = now
            # Absent twice: what came while the folder was being listed is not forgotten at once.
            absent = {path for path in (*self._waiting, *self._complete, *self._open) if path not in now}
            for path in absent & self._absent:
                self._forget(path)
            self._absent = absent

    # --- what follows from it ---

    def is_complete(self, path: str, state: State) -> bool:
        """Whether the file at ``path``, in this ``state``, is completely written; if not, its waiting begins or goes on."""
        with self._lock:
            if self._complete.get(path) == state:
                return True
            wait = self._waiting.get(path)
            renamed = wait is None and state in self._gone and path not in self._open
            if wait is None or wait.state not in (None, state):
                wait = _Wait(state, self._clock())
            if renamed or self._clock() >= wait.since + self._patience(path):
                self._is_complete(path, state)
                return True
            self._complete.pop(path, None)
            self._waiting[path] = _Wait(state, wait.since)
            return False

    def next_due(self) -> float | None:
        """When, by the clock, the first of the waiting files may be complete; None where none waits."""
        with self._lock:
            return min((wait.since + self._patience(path) for path, wait in self._waiting.items()), default=None)

    def drop_due(self, before: float) -> None:
        """Forget the files that were due ``before`` (seconds by the clock) and that nobody asked about when the folder was looked at then:
        nothing of them was new."""
        with self._lock:
            self._waiting = {path: wait for path, wait in self._waiting.items() if wait.since + self._patience(path) > before}

    def _patience(self, path: str) -> float:
        return self.stalled if self._open[path] > 0 and path in self._written else self.still

    def _is_complete(self, path: str, state: State) -> None:
        self._waiting.pop(path, None)
        self._written.discard(path)
        self._complete[path] = state

    def _forget(self, path: str) -> None:
        self._waiting.pop(path, None)
        self._complete.pop(path, None)
        self._open.pop(path, None)
        self._written.discard(path)
