"""One process at a time writes the index, and one at a time watches the folder for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import BaseFileLock, FileLock, Timeout

from kgsearch.errors import IndexLockedError, IndexStateError, reason_of
from kgsearch.i18n import gettext as _

_PATIENCE_SECONDS = 0.2
_POLL_SECONDS = _PATIENCE_SECONDS / 4


class Waiting(NamedTuple):
    """For how long another run is waited for, and who is told, in a sentence, that it is."""

    seconds: float
    told: Callable[[str], None]


@contextmanager
def index_lock(path: Path, waiting: Waiting | None = None) -> Iterator[None]:
    """Hold the lock at ``path``, making its folder where there is none.

    The lock is the operating system's: it goes with the process, however that ends. Raises IndexLockedError when
    another process holds it, also after ``waiting`` for it, IndexStateError when the folder cannot be written.
    """
    lock = _lock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, path, waiting)
    except Timeout as error:
        raise IndexLockedError(_locked_message(path)) from error
    except (OSError, NotImplementedError) as error:
        raise IndexStateError(
            _("The index folder {folder} cannot be written ({reason}); check its permissions or name another with --index.").format(
                folder=path.parent, reason=reason_of(error)
            )
        ) from error
    try:
        _name_holder(path)
        yield
    finally:
        _unname_holder(path)
        lock.release()


class WatchedError(IndexLockedError):
    """Another process watches for the same index."""


class WatchLock:
    """The lock at ``path``, for the one process that watches for the index in that folder. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = _lock(path)
        self._locked: os.stat_result | None = None

    def hold(self) -> None:
        """Hold the lock, making its folder where there never was one; take it again where another folder is in that one's place: a lock
        on a file that nobody finds keeps nobody away. Raises WatchedError where another process holds it.

        Where the folder cannot be written there is none: that is for the runs to tell, which are tried again.
        """
        if self._locked and (self._is_there(self._locked) or not self._path.parent.exists()):
            return
        self.let_go()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise WatchedError(_watched_message(self._path)) from error
        except (OSError, NotImplementedError):
            return
        _name_holder(self._path)
        with suppress(OSError):
            self._locked = self._path.stat()

    def let_go(self) -> None:
        """Let others watch."""
        if self._lock.is_locked:
            _unname_holder(self._path)
            self._lock.release()
        self._locked = None

    def _is_there(self, locked: os.stat_result) -> bool:
        try:
            return os.path.samestat(locked, self._path.stat())
        except OSError:
            return False


def _lock(path: Path) -> BaseFileLock:
    # Longer than `is_held` looks: who asks for the status must not make a run fail.
    return FileLock(str(path), timeout=_PATIENCE_SECONDS, poll_interval=_POLL_SECONDS)


def _acquire(lock: BaseFileLock, path: Path, waiting: Waiting | None) -> None:
    try:
        lock.acquire()
    except Timeout:
        if waiting is None:
            raise
        waiting.told(_waiting_message(path, waiting.seconds))
        lock.acquire(timeout=waiting.seconds)


def _name_holder(path: Path) -> None:
    # Beside the lock, not in it: some versions of filelock empty the file when they try for it.
    with suppress(OSError):
        _holder_file(path).write_text(str(os.getpid()), encoding="ascii")


def _unname_holder(path: Path) -> None:
    # Where another folder was put in the place of this one, another process may hold the lock that is there.
    if holder_of(path) == str(os.getpid()):
        with suppress(OSError):
            _holder_file(path).unlink()


def is_held(path: Path) -> bool:
    """Whether a process, this one too, holds the lock at ``path``. Makes no file."""
    if not os.path.exists(path):
        return False
    lock = FileLock(str(path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        # It cannot be tried by who may only read; whoever holds it has written down which process it is.
        return os.path.exists(_holder_file(path))
    lock.release()
    return False


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.pid")


def holder_of(path: Path) -> str:
    """The number of the process that holds the lock; "" where it is not known."""
    try:
        holder = _holder_file(path).read_text(encoding="ascii")[:20].strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return holder if holder.isdigit() else ""


def _waiting_message(path: Path, seconds: float) -> str:
    return _message(
        path,
        _("The index in {folder} is being written by process {pid}; waiting for it, {seconds} s at most."),
        _("The index in {folder} is being written by another process; waiting for it, {seconds} s at most."),
        seconds=round(seconds),
    )


def _watched_message(path: Path) -> str:
    return _message(
        path,
        _("The index in {folder} is kept in step already, by process {pid}; one is enough: use that one, or stop it with its server."),
        _("The index in {folder} is kept in step already, by another process; one is enough: use that one, or stop it with its server."),
    )


def _locked_message(path: Path) -> str:
    return _message(
        path,
        _("The index in {folder} is being written by process {pid}; wait until it has ended and run again."),
        _("The index in {folder} is being written by another process; wait until it has ended and run again."),
    )


def _message(path: Path, naming: str, otherwise: str, **further: object) -> str:
    """The sentence that names who holds the lock, or the other one where that is not known."""
    holder = holder_of(path)
    return (naming if holder else otherwise).format(folder=path.parent, pid=holder, **further)
