"""Backups: the catalogue, what readers reported, what was learnt, the originals and the settings in one file, made at any time.

Nothing waits for a backup and it waits for nothing: the catalogue is taken as of one moment while others write it, and the originals
after it, so every file that the catalogue knows is in the backup in the state that was indexed, or in a newer one, which the first run
of `kgsearch index` after a restore reads. An original that changes while it is copied is copied again; one that cannot be had is named.

The engine is left out: it is made from the catalogue.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import SETTINGS_FILE, Settings
from kgsearch.durable import sync_to_disk
from kgsearch.errors import IndexLockedError, IndexStateError, UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.corpus import CorpusFile, Listing, check_corpus, is_listed, list_files, within
from kgsearch.indexing.keeping import backup_file
from kgsearch.indexing.keeping.backup_file import CHUNK, BackupReport, Contents, Entry, Skipped, open_backup, unsafe
from kgsearch.indexing.keeping.disk_space import check_space
from kgsearch.indexing.keeping.restoring import restore
from kgsearch.indexing.report import Progress
from kgsearch.language.tables import LEXICON_FILE

__all__ = ["BackupReport", "back_up", "restore", "verify_backup"]

ATTEMPTS = 3
"""How often an original that changes while it is copied is tried."""

MOST_MISSING = 0.5
"""The share of the files known to the catalogue that may be missing: where more are, the folder is the wrong one, or not mounted."""

_PAUSE_SECONDS = 0.2
_IN_MEMORY = 1 << 25
_WORTH_PACKING = 0.9
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LATEST_YEAR = 2107
_LOCK = "lock"
_UNFINISHED = "backup.zip"
_SECRET = 0o600


def back_up(settings: Settings, file: Path, progress: Progress | None = None) -> BackupReport:
    """Write a backup into ``file``, whole or not at all; an earlier backup there is replaced once the new one was read back.

    ``progress`` is told of every file. Raises UsageError where ``file`` cannot be a backup's (in the corpus or index folder, another
    file there), IndexStateError where there is no index or the disk does not take the backup, IndexLockedError while another backup is
    written into the same file.
    """
    started = time.monotonic()
    file, corpus = Path(os.path.abspath(file)), check_corpus(settings.corpus)
    _check_place(file, corpus, settings.index)
    replaces = _is_backup(file)
    with _writing(file), _work_folder(file) as work:
        taken = _take_index(settings, work)
        if taken.faults and replaces:
            raise IndexStateError(
                _("{file}: the earlier backup is kept, because the catalogue has faults now; run: kgsearch check ({fault})").format(
                    file=file, fault=taken.faults[0]
                )
            )
        contents = _pack(work, taken, _listing(settings, corpus, taken), progress)
        _read_back(work / _UNFINISHED, file)
        (work / _UNFINISHED).replace(file)
        sync_to_disk(file.parent)
        remarks = [_("The catalogue has faults; run: kgsearch check ({fault})").format(fault=fault) for fault in taken.faults[:1]]
        return contents.report(file, remarks, time.monotonic() - started)


def verify_backup(file: Path) -> BackupReport:
    """Read every byte of a backup and compare it with the checksums.

    Raises as `kgsearch.indexing.keeping.backup_file.open_backup`, and IndexStateError where a byte is another.
    """
    started = time.monotonic()
    with open_backup(file) as backup:
        for entry in backup.contents.entries:
            for _chunk in backup.read(entry):
                pass
        return backup.contents.report(file, (), time.monotonic() - started)


def _read_back(unfinished: Path, file: Path) -> None:
    try:
        verify_backup(unfinished)
    except (UsageError, IndexStateError) as error:
        raise IndexStateError(
            _("{file}: the backup was read back and is not what was written; the disk may be failing, name a place on another one.").format(
                file=file
            )
        ) from error


# --- where it is written -----------------------------------------------------------------------------------------------


def _check_place(file: Path, corpus: Path, index: Path) -> None:
    """Raise UsageError where a backup must not be written."""
    if file.is_dir():
        raise UsageError(_("{file} is a folder; name the file that the backup is written into.").format(file=file))
    if not file.parent.is_dir():
        raise UsageError(
            _("The folder {folder} does not exist; create it, or name another place for the backup.").format(folder=file.parent)
        )
    parent = Path(os.path.realpath(file.parent))
    for folder in (corpus, index):
        # Compared as the system does, whatever the spelling of the name.
        if any(_same(folder, above) for above in (parent, *parent.parents)):
            raise UsageError(
                _("{file} lies in the folder {folder}, which is backed up; name a place outside it, best on another disk.").format(
                    file=file, folder=folder
                )
            )


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _is_backup(file: Path) -> bool:
    """Whether there is an earlier backup at ``file``. Raises UsageError where something else is there: it is not written over."""
    if not os.path.lexists(file):
        return False
    try:
        with open_backup(file):
            return True
    except (UsageError, IndexStateError) as error:
        raise UsageError(
            _("{file} exists and is no whole backup of this program; move it away, or name another file.").format(file=file)
        ) from error


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Turn what the disk says into one clear line."""
    try:
        yield
    except OSError as error:
        raise IndexStateError(
            _("{file}: the backup cannot be written ({reason}); check disk and permissions, or name another place.").format(
                file=file, reason=reason_of(error)
            )
        ) from error


@contextmanager
def _work_folder(file: Path) -> Iterator[Path]:
    """A folder beside ``file`` for what is unfinished, readable by nobody else; what an interrupted backup left there is removed.

    Raises IndexLockedError while another process makes a backup into the same file.
    """
    folder = file.with_name(f".{file.name}.unfinished")
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(str(folder / _LOCK), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(
            _("{file}: another process is writing a backup there; wait until it has ended.").format(file=file)
        ) from error
    try:
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        # Before it is let go: after that another may hold it, and would hold a file that is not there. Windows removes it by itself.
        with suppress(OSError):
            (folder / _LOCK).unlink(missing_ok=True)
        lock.release()
        with suppress(OSError):
            folder.rmdir()


def _empty(folder: Path) -> None:
    for leftover in folder.iterdir():
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        elif leftover.name != _LOCK:
            with suppress(OSError):
                leftover.unlink()


# --- what is taken -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was taken of the index: files by the names that they have in a backup, and what the copied catalogue says."""

    parts: Mapping[str, Path]
    known: Sequence[str]
    schema: int
    documents: int
    clauses: int
    faults: Sequence[str]


def _take_index(settings: Settings, work: Path) -> _Taken:
    """Copy the catalogue and the reports into ``work``. Raises IndexStateError where there is no index."""
    from kgsearch.catalogue.faults import FILE, FaultReports

    # The lexicon first: learnt from an earlier state of the catalogue it is right, from a later one it is not.
    parts = {backup_file.LEXICON: _set_aside(settings.lexicon_path / LEXICON_FILE, work / LEXICON_FILE)}
    with CatalogueReader(settings.catalogue_path) as reader:
        # Once in the folder, and once more, packed, in the backup.
        check_space([(work, 2 * settings.catalogue_path.stat().st_size)])
        parts[backup_file.CATALOGUE] = work / "catalogue.sqlite"
        reader.copy_to(work / "catalogue.sqlite")
    if (settings.index / FILE).exists():
        parts[backup_file.REPORTS] = work / FILE
        FaultReports(settings.index).copy_to(work / FILE)
    parts[backup_file.SETTINGS] = Path(SETTINGS_FILE)
    with CatalogueReader(work / "catalogue.sqlite") as copy:
        faults, status, files = [fault.what for fault in copy.faults()], copy.status(), copy.files()
    return _Taken(
        parts={name: path for name, path in parts.items() if path.is_file()},
        known=[path for path, record in files.items() if record.status != "failed"],
        schema=status["schema_version"],
        documents=status["documents"],
        clauses=status["clauses"],
        faults=faults,
    )


def _set_aside(path: Path, copy: Path) -> Path:
    """A copy of the file at ``path``, which others replace whole; none where there is none."""
    with suppress(FileNotFoundError):
        shutil.copy2(path, copy)
    return copy


def _listing(settings: Settings, corpus: Path, taken: _Taken) -> Listing:
    """The originals; those that are known and not there are among the refused. Raises IndexStateError where most are not there."""
    from kgsearch.readers import is_document_name

    listing = list_files(corpus, is_document_name, leave_out=settings.index)
    missing = [path for path in taken.known if not is_listed(path, listing)]
    if len(missing) > MOST_MISSING * len(taken.known):
        raise IndexStateError(
            _(
                "The corpus folder {folder} lacks {missing} of the {known} files that the catalogue names; is it the right folder, and "
                "mounted? No backup was made. Where they were deleted on purpose, run kgsearch index first."
            ).format(folder=corpus, missing=len(missing), known=len(taken.known))
        )
    reason = _("the catalogue names it, but it is no longer in the folder.")
    listing.refused.update({path: reason for path in missing if not within(path, listing.closed)})
    return listing


# --- how it is packed --------------------------------------------------------------------------------------------------


class _CannotBeHadError(Exception):
    """A file cannot be copied; the message says why."""


class _ChangingError(_CannotBeHadError):
    """A file was written while it was copied."""


def _pack(work: Path, taken: _Taken, listing: Listing, progress: Progress | None) -> Contents:
    """Write everything into a file in ``work``, on the disk when this returns; its list."""
    total = len(taken.parts) + len(listing.files)
    if total >= backup_file.MAX_ENTRIES:
        raise IndexStateError(
            _("{count} files are more than one backup holds ({limit}); copy the folders by other means while nothing writes them.").format(
                count=total, limit=backup_file.MAX_ENTRIES
            )
        )
    sizes = [path.stat().st_size for path in taken.parts.values()] + [file.size for file in listing.files.values()]
    # The largest once more, for its copy.
    check_space([(work, sum(sizes) + max(sizes))])
    descriptor = os.open(work / _UNFINISHED, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _SECRET)
    with open(descriptor, "w+b") as raw:
        with zipfile.ZipFile(raw, "w") as archive:
            packing = _Packing(archive, work)
            packing.skipped += (Skipped(path, reason) for path, reason in sorted(listing.reasons().items()))
            for done, (name, path) in enumerate(taken.parts.items(), 1):
                packing.add_part(name, path)
                if progress:
                    progress(done, total, name)
            for done, file in enumerate(listing.files.values(), len(taken.parts) + 1):
                packing.add_original(file)
                if progress:
                    progress(done, total, file.path)
            contents = packing.contents(taken)
            archive.writestr(zipfile.ZipInfo(backup_file.LIST, _zip_time(time.time_ns())), contents.packed(), zipfile.ZIP_DEFLATED)
        raw.flush()
        os.fsync(raw.fileno())
        # What is read back comes from the disk, where the system lets us say so.
        with suppress(OSError, AttributeError):
            os.posix_fadvise(raw.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return contents


@dataclass(slots=True)
class _Packing:
    """A backup being written."""

    archive: zipfile.ZipFile
    work: Path
    entries: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def add_part(self, name: str, path: Path) -> None:
        """Add a file that a backup is none without. Raises IndexStateError where it cannot be had."""
        try:
            self._add(name, path)
        except _CannotBeHadError as error:
            raise IndexStateError(_("{file}: cannot be backed up: {reason}").format(file=path, reason=error)) from error

    def add_original(self, file: CorpusFile) -> None:
        """Add a file of the corpus folder, or note why it could not be had."""
        try:
            if unsafe(file.path):
                raise _CannotBeHadError(_("a file of this name could not be restored; rename it."))
            self._add(f"{backup_file.CORPUS}{file.path}", file.full)
        except _CannotBeHadError as error:
            self.skipped.append(Skipped(file.path, str(error)))

    def contents(self, taken: _Taken) -> Contents:
        """The list of what was added."""
        from kgsearch import __version__

        return Contents(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            program=__version__,
            schema=taken.schema,
            documents=taken.documents,
            clauses=taken.clauses,
            entries=self.entries,
            skipped=self.skipped,
        )

    def _add(self, name: str, path: Path) -> None:
        """Add the file at ``path`` as it was at one moment."""
        for attempt in range(1, ATTEMPTS + 1):
            # Copied aside first: what is in an archive cannot be taken out again.
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self.work)) as copy:
                try:
                    size, digest, mtime_ns = _copy(path, copy)
                except _ChangingError:
                    if attempt == ATTEMPTS:
                        raise
                    time.sleep(_PAUSE_SECONDS)
                    continue
                copy.seek(0)
                self._write(Entry(name, size, digest, max(mtime_ns, 0)), copy)
                return

    def _write(self, entry: Entry, copy: IO[bytes]) -> None:
        info = zipfile.ZipInfo(entry.name, _zip_time(entry.mtime_ns))
        info.external_attr = (stat.S_IFREG | _SECRET) << 16
        info.file_size = entry.size
        first = copy.read(CHUNK)
        # Most originals are packed already: that is seen in their beginning, and they are not packed again.
        worth = len(zlib.compress(first, 1)) < _WORTH_PACKING * len(first)
        info.compress_type = zipfile.ZIP_DEFLATED if worth else zipfile.ZIP_STORED
        with self.archive.open(info, "w") as target:
            target.write(first)
            shutil.copyfileobj(copy, target, CHUNK)
        self.entries.append(entry)


def _copy(path: Path, copy: IO[bytes]) -> tuple[int, str, int]:
    """Copy the file at ``path``: its size, SHA-256 and time of change. Raises `_CannotBeHadError`, OSError where the copy cannot be
    written."""
    digest, size = hashlib.sha256(), 0
    with _reading():
        source = path.open("rb")
    with source:
        before = os.fstat(source.fileno())
        while True:
            with _reading():
                chunk = source.read(CHUNK)
            if not chunk:
                break
            size += len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        after = os.fstat(source.fileno())
    if (size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _ChangingError(_("it is being written; the next backup will hold it."))
    return size, digest.hexdigest(), after.st_mtime_ns


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _CannotBeHadError(_("it vanished while the backup was made.")) from error
    except OSError as error:
        raise _CannotBeHadError(_("it cannot be read ({reason}).").format(reason=reason_of(error))) from error


def _zip_time(mtime_ns: int) -> tuple[int, int, int, int, int, int]:
    """A time as an archive keeps it: local, from 1980 to 2107; the exact one is in the list."""
    try:
        moment = time.localtime(mtime_ns // 1_000_000_000)
    except (OverflowError, OSError, ValueError):
        return _EARLIEST
    return moment[:6] if _EARLIEST[0] <= moment.tm_year <= _LATEST_YEAR else _EARLIEST
