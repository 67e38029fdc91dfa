"""Keeping the index in step with the corpus folder while documents arrive: `watch`.

Events of the system say when to look; what is to be done comes from comparing folder and catalogue, as in a run by hand, so a lost
event costs minutes and never a document. Files that are still being written are left for later, a burst of files is one run, and
nothing that goes wrong ends the watch: it is told once and tried again with growing pauses.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kgsearch.config import Settings
from kgsearch.errors import IndexLockedError, KgsearchError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.indexing.corpus import CorpusFile, Listing, check_corpus, is_listed, list_files
from kgsearch.indexing.gate import Gate
from kgsearch.indexing.lock import WatchedError, WatchLock
from kgsearch.indexing.report import Progress, Report, described
from kgsearch.indexing.synchronise import check_index_folder, sync
from kgsearch.indexing.tools import default_tools
from kgsearch.indexing.watching.settling import Settling
from kgsearch.indexing.watching.standing import WATCH_LOCK_FILE, Standing

if TYPE_CHECKING:
    from kgsearch.indexing.watching.observing import Observation

Identity = tuple[int, int]
"""Device and inode of a folder: others where something is mounted over it, or no longer is."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for, in seconds."""

    calm: float = 0.3
    """Without an event, after which a burst is over."""
    burst: float = 2.0
    """At most, from the first event of a burst on."""
    still: float = 2.0
    """Without a change, after which a file nobody is known to have open is complete; see `Settling`."""
    stalled: float = 300.0
    """The same for a file that somebody has open."""
    poll: float = 5.0
    """Between two looks at a folder that is polled. It is also how long a file there must stand still."""
    full: float = 300.0
    """Between two looks at all of the folder, whatever the events say."""
    look: float = 2.0
    """Between two looks at whether the corpus folder is still the same and still observed."""
    retry: float = 1.0
    """After a run that failed; doubled each time, up to `full`."""
    slice: float = 0.5
    """At most, without looking at whether to stop."""


class Synchronise(Protocol):
    """Brings the index in step with the corpus folder, as `kgsearch.indexing.sync` does."""

    def __call__(self, settings: Settings, progress: Progress, gate: Gate, /) -> Report:
        """One run."""
        ...


def _synchronise(settings: Settings, progress: Progress, gate: Gate, /) -> Report:
    return sync(settings, (), progress, gate=gate)


def watch(
    settings: Settings,
    *,
    stop: threading.Event,
    told: Callable[[Report], None],
    troubled: Callable[[str], None],
    poll: bool | None = None,
    ready: Callable[[bool], None] | None = None,
    synchronise: Synchronise = _synchronise,
    pace: Pace | None = None,
) -> None:
    """Keep the index in step with the corpus folder until ``stop`` is set.

    ``told`` gets the report of the first run and of every one that changed something, ``troubled`` what goes wrong, once, in a
    sentence; ``ready`` is called once the folder is observed and the first run is done, with whether it is polled. ``poll`` overrides the
    setting ``watch``. All are called from the thread that called `watch`. Raises IndexLockedError where another process watches for the
    same index, also one that began when the index folder was put in the place of another.
    """
    teller = _Teller(told, troubled, Standing(settings.index))
    _Watch(settings, stop, teller, ready, synchronise, pace or Pace()).run(poll)


class _Stopped(BaseException):
    """Ends a run in the middle; not an Exception, so that nothing on the way takes it for a bad file."""


class _Teller:
    """Says what is new and nothing twice."""

    def __init__(self, told: Callable[[Report], None], troubled: Callable[[str], None], standing: Standing) -> None:
        self._told, self._troubled, self._standing = told, troubled, standing
        self._said: set[str] = set()
        self._known: tuple[object, ...] | None = None

    def report(self, report: Report) -> None:
        self._said.clear()
        self._standing.well()
        known = (tuple(report.failures), tuple(report.files_waiting))
        if report.added or report.changed or report.removed or report.moved or known != self._known:
            self._told(report)
        self._known = known

    def trouble(self, message: str) -> None:
        self._standing.troubled()
        self.say(message)

    def say(self, message: str) -> None:
        """Say something that does not keep the watch from its work."""
        if message not in self._said:
            self._said.add(message)
            self._troubled(message)


class _FolderGate:
    """Judges the corpus folder for `sync`: is it the folder that was looked at before, and which of its files are complete."""

    def __init__(self, folder: Path, settling: Settling) -> None:
        self._folder, self._settling = folder, settling
        self._trusted: Identity | None = None
        self._doubted = False
        self._mounts: set[str] = set()

    def listed(self, listing: Listing, known: Collection[str]) -> None:
        """Raise UsageError where the folder looks as if a disk or share were not mounted."""
        now = identity(self._folder)
        # At the start another folder may have been chosen on purpose; an empty one hardly, and what comes into that makes it no better.
        empty = not listing.files and not listing.reasons()
        self._doubted = now != self._trusted if self._trusted else self._doubted or empty
        if known and self._doubted and not any(is_listed(path, listing) for path in known):
            raise UsageError(
                _(
                    "The corpus folder {folder} holds none of the {number} files that are indexed: a disk or share may not be mounted. "
                    "Nothing was removed. If the files were deleted on purpose, run: kgsearch index --emptied"
                ).format(folder=self._folder, number=len(known))
            )
        self._check_mounts()
        self._trusted = now
        self._mounts.update(mounts_below(self._folder, listing.files))
        self._settling.here((path, (file.size, file.mtime_ns)) for path, file in listing.files.items())

    def complete(self, file: CorpusFile) -> bool:
        """Whether ``file`` is completely written."""
        return self._settling.is_complete(file.path, (file.size, file.mtime_ns))

    def _check_mounts(self) -> None:
        for path in self._mounts:
            if not _is_mount(self._folder / path):
                raise UsageError(
                    _(
                        "The folder {folder} is not mounted any more. Nothing was removed. If that is on purpose, start watching again."
                    ).format(folder=self._folder / path)
                )


class _Watch:
    def __init__(
        self,
        settings: Settings,
        stop: threading.Event,
        teller: _Teller,
        ready: Callable[[bool], None] | None,
        synchronise: Synchronise,
        pace: Pace,
    ) -> None:
        self._settings, self._stop, self._teller, self._ready, self._synchronise = settings, stop, teller, ready, synchronise
        self._pace = pace
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._first_event: float | None = None
        self._last_event = 0.0
        self._next_full = self._next_look = self._not_before = 0.0
        self._pause = pace.retry
        self._observation: Observation | None = None
        self._observed: Identity | None = None
        self._alone = WatchLock(settings.index / WATCH_LOCK_FILE)
        self._settling = Settling(pace.still, pace.stalled)
        # The folder as it was named: where a link leads may change.
        self._gate = _FolderGate(settings.corpus, self._settling)

    def run(self, poll: bool | None) -> None:
        """Watch until it is to stop."""
        try:
            while not self._stop.is_set():
                self._attempt(poll)
                self._rest()
        finally:
            if self._observation:
                self._observation.close()
            self._alone.let_go()

    def _attempt(self, poll: bool | None) -> None:
        """Look at the folder where that is due; whatever goes wrong is told and tried again later."""
        now = time.monotonic()
        if now < self._not_before:
            return
        try:
            if now >= min(self._next_look, self._due()):
                self._next_look = now + self._pace.look
                self._observe(poll)
                if self._due() <= now:
                    self._follow()
        except _Stopped:
            return
        except WatchedError:
            raise
        except IndexLockedError:
            self._teller.say(_("Another run is writing the index; waiting until it has ended."))
            self._try_again(self._pace.retry)
        except Exception as error:
            self._teller.trouble(str(error) if isinstance(error, KgsearchError) else _unexpected(error))
            self._try_again(self._pause)
            self._pause = min(self._pause * 2, self._pace.full)

    def _try_again(self, pause: float) -> None:
        """Look at all of the folder in ``pause`` seconds and at nothing before."""
        self._not_before = time.monotonic() + pause
        self._next_full = self._next_look = 0.0

    def _follow(self) -> None:
        """One run; what happened before it begins needs no other."""
        with self._lock:
            self._first_event = None
        started = time.monotonic()
        report = self._synchronise(self._settings, self._progress, self._gate)
        self._next_full = time.monotonic() + self._pace.full
        self._pause = self._pace.retry
        self._settling.drop_due(started)
        self._teller.report(report)
        if self._ready and self._observation:
            self._ready(self._observation.polling)
            self._ready = None

    def _progress(self, _done: int, _total: int, _name: str, /) -> None:
        if self._stop.is_set():
            raise _Stopped

    def _observe(self, poll: bool | None) -> None:
        """See to it that the folder is observed, from anew where it is another one than before or nothing is heard any more."""
        folder = check_corpus(self._settings.corpus)
        check_index_folder(self._settings, folder)
        self._alone.hold()
        found = identity(folder)
        if self._observation and self._observation.alive and found == self._observed:
            return
        from kgsearch.indexing.watching.observing import Observation, Place, is_on_network

        if self._observation:
            self._observation.close()
            self._observation = None
        if poll is None:
            poll = self._settings.watch == "poll" or (self._settings.watch == "auto" and is_on_network(folder))
        place = Place(folder, self._settings.index.resolve(), default_tools().is_document_name)
        self._observation = Observation(place, self._settling, self._noticed, poll=poll, every=self._pace.poll)
        self._settling.still = max(self._pace.still, self._pace.poll) if self._observation.polling else self._pace.still
        self._settling.forget_who_has_what_open()
        self._observed = found
        # What is being written right now is only seen by looking twice.
        for file in list_files(place.folder, place.is_document_name, leave_out=place.leave_out).files.values():
            self._gate.complete(file)
        self._next_full = time.monotonic() + self._settling.still
        if self._observation.remark:
            self._teller.say(self._observation.remark)

    def _noticed(self) -> None:
        """Something happened; called by the threads that observe."""
        with self._lock:
            self._last_event = time.monotonic()
            if self._first_event is None:
                self._first_event = self._last_event
        self._wake.set()

    def _due(self) -> float:
        """When, by the monotonic clock, the next run is due."""
        with self._lock:
            burst = None if self._first_event is None else min(self._last_event + self._pace.calm, self._first_event + self._pace.burst)
        waiting = self._settling.next_due()
        return min(moment for moment in (burst, waiting, self._next_full) if moment is not None)

    def _rest(self) -> None:
        """Sleep until something is due or happens, in slices, because two things may end it."""
        if self._stop.is_set():
            return
        self._wake.clear()
        due = max(min(self._due(), self._next_look), self._not_before)
        self._wake.wait(min(max(due - time.monotonic(), 0.01), self._pace.slice))


def identity(folder: Path) -> Identity | None:
    """What tells a folder from another in the same place; None where there is none."""
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def mounts_below(folder: Path, paths: Collection[str]) -> set[str]:
    """The folders above ``paths`` (relative to ``folder``) at which another file system begins."""
    # Of the folders, not of each of the thousands of files in them.
    holding = {path.rpartition("/")[0] for path in paths} - {""}
    above = {part.as_posix() for path in holding for part in (Path(path), *Path(path).parents)} - {"."}
    return {path for path in above if _is_mount(folder / path)}


def _is_mount(folder: Path) -> bool:
    # Not by the number of its device, which may be another one after a share was mounted again.
    here, above = identity(folder), identity(folder.parent)
    return here is not None and above is not None and here[0] != above[0]


def _unexpected(error: Exception) -> str:
    return _("Unexpected error: {error}; it is tried again.").format(error=described(error))
