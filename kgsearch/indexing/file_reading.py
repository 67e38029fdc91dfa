"""Reading one file of the corpus into what the catalogue is given of it. In any process: nothing is written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from kgsearch.errors import ReadError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.corpus import CorpusFile, is_passing
from kgsearch.indexing.report import described
from kgsearch.indexing.tools import FileDocuments

if TYPE_CHECKING:
    from kgsearch.catalogue.prepared import Holding

_CHUNK = 1 << 20


class Outcome(Enum):
    """What came of looking at a file."""

    READ = "read"
    SAME = "same"
    """Its bytes are what they were, and so is what reads them."""
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    """It was written while it was read, or the disk did not give it just now: another run may see what it says."""
    GONE = "gone"
    """It was there when the folder was listed, and is no more."""


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to be looked at; ``known`` is the SHA-256 of the bytes from which it need not be read again, "" where it must."""

    file: CorpusFile
    known: str = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """What came of a file. ``digest`` is the SHA-256 of its bytes, "" where they could not be read; ``held`` what it holds, and
    ``unread`` which files in it, if it is an archive, cannot be read, each with the reason; ``complete`` is false where something
    in it was left unread that another run may read; ``reason`` is on one line."""

    outcome: Outcome
    digest: str = ""
    held: Sequence[Holding] = ()
    unread: Sequence[tuple[str, str]] = ()
    complete: bool = True
    reason: str = ""


def read_file(read_documents: Callable[[Path], FileDocuments], task: FileTask) -> FileReading:
    """What the file of ``task`` holds by ``read_documents``; whatever that raises is the failure of this file alone."""
    file = task.file
    try:
        digest = digest_of(file.full)
    except OSError as error:
        reason = _("the file cannot be opened ({reason}).").format(reason=reason_of(error))
        passing = is_passing(error)
        return _unless_changed(file, FileReading(Outcome.INCOMPLETE, reason=reason) if passing else failed("", reason))
    if digest == task.known:
        return FileReading(Outcome.SAME, digest)
    return _unless_changed(file, _read(read_documents, file, digest))


def failed(digest: str, reason: str) -> FileReading:
    """A file that cannot be read."""
    return FileReading(Outcome.FAILED, digest, complete=False, reason=" ".join(reason.split()))


def failed_by(digest: str, error: BaseException) -> FileReading:
    """A file of which something is wrong that nobody foresaw."""
    return failed(digest, _("reading it failed ({reason}); the file may be damaged.").format(reason=described(error)))


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content. Raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read(read_documents: Callable[[Path], FileDocuments], file: CorpusFile, digest: str) -> FileReading:
    # Imported here: the status is asked for without it.
    from kgsearch.catalogue.prepared import holdings_of

    try:
        found = read_documents(file.full)
        unread = found.failures or any(page.confidence == 0 for document in found.documents for page in document.recognised)
        return FileReading(Outcome.READ, digest, holdings_of(found.documents), tuple(found.failures), complete=not unread)
    except ReadError as error:
        return failed(digest, str(error).removeprefix(f"{file.full.name}: "))
    except Exception as error:
        # A file may have been made to break its reader: whatever it does to it, the others are read.
        return failed_by(digest, error)


def _unless_changed(file: CorpusFile, reading: FileReading) -> FileReading:
    """``reading``, if the file is still what it was when the folder was listed."""
    try:
        now = file.full.stat()
    except FileNotFoundError:
        if not os.path.lexists(file.full):
            return FileReading(Outcome.GONE)
        return reading
    except OSError:
        return reading
    if (now.st_size, now.st_mtime_ns) == (file.size, file.mtime_ns):
        return reading
    return FileReading(Outcome.INCOMPLETE, reason=still_written())


def still_written() -> str:
    """Why a file that is not complete waits."""
    return _("the file is still being written; it is read when it is complete.")
