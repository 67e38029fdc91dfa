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
    with _held(lock, path):
        yield


@contextmanager
def watch_lock(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` for as long as the folder is watched. Raises IndexLockedError when another process does.

    Where the folder cannot be written there is none: that is for the runs to tell, which are tried again.
    """
    lock = _lock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(_watched_message(path)) from error
    except (OSError, NotImplementedError):
        yield
        return
    with _held(lock, path):
        yield


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


@contextmanager
def _held(lock: BaseFileLock, path: Path) -> Iterator[None]:
    """Have the number of this process stand beside the lock, and release it in the end."""
    holder = _holder_file(path)
    try:
        # Beside the lock, not in it: some versions of filelock empty the file when they try for it.
        with suppress(OSError):
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def is_held(path: Path) -> bool:
    """Whether a process, this one too, holds the lock at ``path``. Makes no file."""
    if not path.exists():
        return False
    lock = FileLock(str(path), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        # It cannot be tried by who may only read; whoever holds it has written down which process it is.
        return _holder_file(path).exists()
    lock.release()
    return False


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.pid")


def _holder_of(path: Path) -> str:
    """The number of the process that holds the lock; "" where it is not known."""
    try:
        holder = _holder_file(path).read_text(encoding="ascii")[:20].strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return holder if holder.isdigit() else ""


def _waiting_message(path: Path, seconds: float) -> str:
    holder = _holder_of(path)
    if holder:
        return _("The index in {folder} is being written by process {pid}; waiting for it, {seconds} s at most.").format(
            folder=path.parent, pid=holder, seconds=round(seconds)
        )
    return _("The index in {folder} is being written by another process; waiting for it, {seconds} s at most.").format(
        folder=path.parent, seconds=round(seconds)
    )


def _watched_message(path: Path) -> str:
    holder = _holder_of(path)
    if holder:
        return _("The index in {folder} is kept in step by another watch already (process {pid}); stop that one first.").format(
            folder=path.parent, pid=holder
        )
    return _("The index in {folder} is kept in step by another watch already; stop that one first.").format(folder=path.parent)


def _locked_message(path: Path) -> str:
    holder = _holder_of(path)
    if holder:
        return _("The index in {folder} is being written by process {pid}; wait until it has ended and run again.").format(
            folder=path.parent, pid=holder
        )
    return _("The index in {folder} is being written by another process; wait until it has ended and run again.").format(folder=path.parent)
