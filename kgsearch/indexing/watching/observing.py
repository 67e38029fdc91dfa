"""Being told by the system what happens in the corpus folder, on watchdog: natively, or by looking again and again (polling).

What is told here only says when to look and who is still writing; what is to be done comes from comparing folder and catalogue.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from kgsearch.errors import reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.watching.settling import Settling, State

NETWORK_FILE_SYSTEMS = frozenset((
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
    "nfs4", "ocfs2", "orangefs", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
))  # fmt: skip
"""Types of file systems that others change without this machine's kernel being told. All of FUSE is counted with them."""

JOIN_SECONDS = 10.0
_ATTRIBUTES = "attrib"
_REMOTE_DRIVE = 4
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Place:
    """What is observed: ``folder``, without ``leave_out``, a folder that may be in it (both resolved), and in it what has the name of
    a document."""

    folder: Path
    leave_out: Path
    is_document_name: Callable[[Path | str], bool]


class Observation:
    """A folder that is being observed, until it is closed: ``settling`` hears of files, ``wake`` is called when something may be to do.

    ``polling`` says how, and ``remark`` why natively could not be, a sentence for the user, or "".
    """

    def __init__(self, place: Place, settling: Settling, wake: Callable[[], None], *, poll: bool, every: float) -> None:
        """``every`` is how often to poll, in seconds.

        Raises OSError where the folder cannot be observed at all.
        """
        self.polling, self.remark = poll, ""
        handler = _Handler(place, settling, wake)
        self._lost = _LostEvents(settling, wake)
        logging.getLogger("watchdog").addHandler(self._lost)
        try:
            self._observer = self._start(place.folder, handler, every)
        except BaseException:
            self._stop_listening()
            raise

    @property
    def alive(self) -> bool:
        """Whether it still hears what happens; it ends when the folder is removed or a thread of it fails."""
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def close(self) -> None:
        """End it."""
        self._stop_listening()
        _end(self._observer)

    def _start(self, folder: Path, handler: _Handler, every: float) -> BaseObserver:
        if not self.polling:
            try:
                handler.native = True
                return _native(folder, handler)
            except (OSError, RuntimeError) as error:
                self.polling = True
                self.remark = _("{folder}: the system cannot tell of changes ({reason}); looking every {seconds} seconds instead.").format(
                    folder=folder, reason=_limit(error), seconds=round(every)
                )
        handler.native = False
        observer = PollingObserver(timeout=every)
        return _started(observer, folder, handler)

    def _stop_listening(self) -> None:
        logging.getLogger("watchdog").removeHandler(self._lost)


def _native(folder: Path, handler: FileSystemEventHandler) -> BaseObserver:
    observer = Observer()
    # Where the limit of watches is met below the folder, watchdog passes over it in silence; one more watch, on a folder of our own,
    # meets it aloud.
    with tempfile.TemporaryDirectory(prefix="kgsearch-") as own:
        _started(observer, folder, handler)
        try:
            observer.unschedule(observer.schedule(FileSystemEventHandler(), own))
        except BaseException:
            _end(observer)
            raise
    return observer


def _limit(error: Exception) -> str:
    """Why natively it cannot be: for the limits of Linux, what is to be raised."""
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC:
        return _("too many folders are watched; raise fs.inotify.max_user_watches")
    if number == errno.EMFILE:
        return _("too many programs watch; raise fs.inotify.max_user_instances")
    return reason_of(error)


def _started(observer: BaseObserver, folder: Path, handler: FileSystemEventHandler) -> BaseObserver:
    observer.schedule(handler, str(folder), recursive=True)
    try:
        observer.start()
    except BaseException:
        _end(observer)
        raise
    return observer


def _end(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join(JOIN_SECONDS)


class _LostEvents(logging.Handler):
    """Hears watchdog's warnings: each means that something may have happened that was not told, so all is looked at again."""

    def __init__(self, settling: Settling, wake: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._settling, self._wake = settling, wake

    def emit(self, record: logging.LogRecord) -> None:
        self._settling.forget_who_has_what_open()
        self._wake()


class _Handler(FileSystemEventHandler):
    """Passes events on; ``native``: openings, closings and renames are told as they happen, not concluded from two looks."""

    def __init__(self, place: Place, settling: Settling, wake: Callable[[], None]) -> None:
        self.native = False
        self._folder, self._leave_out, self._is_document_name = str(place.folder), str(place.leave_out), place.is_document_name
        self._settling, self._wake = settling, wake

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog's thread for each event."""
        source, target = (self._path(path, event.is_directory) for path in (event.src_path, event.dest_path))
        if event.is_directory:
            # A folder's own change says nothing that its files do not.
            if event.event_type in (EVENT_TYPE_CREATED, EVENT_TYPE_DELETED, EVENT_TYPE_MOVED) and (source or target):
                self._wake()
            return
        if event.event_type == EVENT_TYPE_MOVED:
            self._moved(source, target)
        elif source:
            self._changed(event.event_type, source)

    def _changed(self, kind: str, path: str) -> None:
        if kind == EVENT_TYPE_OPENED:
            self._settling.opened(path)
        elif kind in (EVENT_TYPE_CLOSED, EVENT_TYPE_CLOSED_NO_WRITE):
            written = kind == EVENT_TYPE_CLOSED
            self._settling.closed(path, self._state(path) if written else None)
            if written:
                self._wake()
        elif kind == _ATTRIBUTES:
            self._settling.attributes(path, self._state(path))
            self._wake()
        elif kind == EVENT_TYPE_MODIFIED:
            # No need to look before it is complete.
            self._touched(path)
        elif kind == EVENT_TYPE_CREATED:
            self._touched(path)
            self._wake()
        elif kind == EVENT_TYPE_DELETED:
            self._settling.removed(path)
            self._wake()

    def _moved(self, source: str, target: str) -> None:
        if target and source and self.native:
            self._settling.moved(source, target, self._state(target))
        elif target:
            self._touched(target)
        if source:
            self._settling.removed(source)
        if source or target:
            self._wake()

    def _touched(self, path: str) -> None:
        self._settling.touched(path, None if self.native else self._state(path))

    def _path(self, path: bytes | str, is_directory: bool) -> str:
        """``path`` relative to the folder, with forward slashes; "" where it is not to be indexed."""
        text = os.fsdecode(path)
        if not text or text == self._leave_out or text.startswith(self._leave_out + os.sep) or not text.startswith(self._folder + os.sep):
            return ""
        relative = text[len(self._folder) + 1 :].replace(os.sep, "/")
        # Hidden files and folders are never indexed; editors and downloads write a lot of them.
        hidden = any(part.startswith(".") for part in relative.split("/"))
        return relative if not hidden and (is_directory or self._is_document_name(text)) else ""

    def _state(self, path: str) -> State | None:
        try:
            found = os.stat(os.path.join(self._folder, path))
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns


# --- network shares ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system: where it is mounted, and its type."""

    place: Path
    kind: str


def is_on_network(folder: Path) -> bool:
    """Whether ``folder`` (resolved), or a part of it, is on a file system that other machines change; False where that cannot be told."""
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    return changed_by_others(folder, _mounts())


def changed_by_others(folder: Path, mounts: list[Mount]) -> bool:
    """Whether ``folder`` is on, or holds, one of ``mounts`` that is of a network's type."""
    # The last one mounted at a place hides those before it.
    at = {mount.place: mount.kind for mount in mounts}
    here = next((at[place] for place in (folder, *folder.parents) if place in at), "")
    below = [kind for place, kind in at.items() if folder in place.parents]
    return any(kind in NETWORK_FILE_SYSTEMS or kind.startswith("fuse") for kind in (here, *below))


def _mounts() -> list[Mount]:
    try:
        text = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return []
    return list(parse_mounts(text))


def parse_mounts(text: str) -> Iterator[Mount]:
    """The mounts that Linux's ``/proc/self/mountinfo`` lists (proc(5)): the fifth field is the place, the type follows a dash."""
    for line in text.splitlines():
        before, _dash, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if len(fields) > 4 and kind:
            # Spaces and their like are written in octal.
            yield Mount(Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4])), kind)


def _is_remote_drive(folder: Path) -> bool:
    import ctypes

    # By name, because the attribute exists on Windows alone.
    windows = getattr(ctypes, "windll", None)
    return str(folder).startswith("\\\\") or (windows is not None and windows.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE_DRIVE)
