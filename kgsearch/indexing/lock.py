"""One process at a time writes the index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kgsearch.errors import IndexLockedError, IndexStateError, reason_of
from kgsearch.i18n import gettext as _

_PATIENCE_SECONDS = 0.2


@contextmanager
def index_lock(path: Path) -> Iterator[None]:
    """Hold the lock at ``path``, making its folder where there is none.

    The lock is the operating system's: it goes with the process, however that ends. Raises IndexLockedError when
    another process holds it, IndexStateError when the folder cannot be written.
    """
    # Longer than `is_held` looks: who asks for the status must not make a run fail.
    lock = FileLock(str(path), timeout=_PATIENCE_SECONDS, poll_interval=_PATIENCE_SECONDS / 4)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(_locked_message(path)) from error
    except (OSError, NotImplementedError) as error:
        raise IndexStateError(
            _("The index folder {folder} cannot be written ({reason}); check its permissions or name another with --index.").format(
                folder=path.parent, reason=reason_of(error)
            )
        ) from error
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


def _locked_message(path: Path) -> str:
    try:
        holder = _holder_file(path).read_text(encoding="ascii")[:20].strip()
    except (OSError, UnicodeDecodeError):
        holder = ""
    if holder.isdigit():
        return _("The index in {folder} is being written by process {pid}; wait until it has ended and run again.").format(
            folder=path.parent, pid=holder
        )
    return _("The index in {folder} is being written by another process; wait until it has ended and run again.").format(folder=path.parent)
