"""Restoring a backup into empty folders: everything is unpacked and checked in a hidden folder inside each, the engine is made from the
catalogue, and only then is everything put in its place.

Until a marker says that what is unpacked is complete, an interrupted restore has changed nothing that anybody sees, and the next one
begins anew. After it, the next one with the same backup goes on with putting things in their places. The engine comes first and the
catalogue last: an index without a catalogue is refused by whoever would write it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kgsearch.catalogue.versions import SCHEMA_VERSION
from kgsearch.config import SETTINGS_FILE, Settings, load_settings
from kgsearch.durable import sync_to_disk
from kgsearch.engines.manifest import replace_file
from kgsearch.errors import IndexStateError, KgsearchError, UsageError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.keeping import backup_file
from kgsearch.indexing.keeping.backup_file import Backup, BackupReport, Entry, newer, open_backup
from kgsearch.indexing.keeping.disk_space import check_space
from kgsearch.indexing.lock import index_lock
from kgsearch.indexing.progress import PROGRESS_FILE, RunProgress
from kgsearch.indexing.report import Progress
from kgsearch.indexing.tools import Tools, default_tools
from kgsearch.indexing.workers import Workers

STAGE = ".restoring"
"""The hidden folder, in the corpus and in the index folder, in which everything is unpacked."""

_COMPLETE = "complete"
_CORPUS_STAGE = f"{STAGE}/corpus"
_INDEX_STAGE = f"{STAGE}/index"
_NOT_DOCUMENTS = frozenset({"lock", "lock.pid", "watch.lock", "watch.lock.pid", "watch.json", "progress.json", "lost+found"})
# The engine is made from the catalogue and takes about as much room as that.
_ENGINE_SHARE = 1.5


def restore(settings: Settings, file: Path, progress: Progress | None = None, *, tools: Tools | None = None) -> BackupReport:
    """Restore the backup ``file`` into the corpus and the index folder, which must be empty or missing.

    The catalogue is what it was, files have their times, and the engine is made from the catalogue without reading the files.
    ``progress`` is told of every file and then of every document. Raises UsageError where there is no such file or a folder is not
    empty, IndexStateError where the backup cannot be trusted or the disk does not take it, IndexLockedError while another process is at
    the index.
    """
    started = time.monotonic()
    with open_backup(file) as backup:
        if backup.contents.schema > SCHEMA_VERSION:
            raise newer(file)
        restoring = _Restore(settings, backup, progress, tools or default_tools())
        restoring.check_folders()
        with _writing(settings), index_lock(settings.lock_path):
            remarks = restoring.run()
        return backup.contents.report(file, remarks, time.monotonic() - started)


@contextmanager
def _writing(settings: Settings) -> Iterator[None]:
    """Turn what the disk says into one clear line."""
    try:
        yield
    except OSError as error:
        raise IndexStateError(
            _("The backup cannot be restored into {corpus} and {index} ({reason}); check disk and permissions, then restore again.").format(
                corpus=settings.corpus, index=settings.index, reason=reason_of(error)
            )
        ) from error


@dataclass(frozen=True, slots=True)
class _Restore:
    """One restore."""

    settings: Settings
    backup: Backup
    progress: Progress | None
    tools: Tools

    @property
    def _index_stage(self) -> Path:
        return self.settings.index / _INDEX_STAGE

    @property
    def _corpus_stage(self) -> Path:
        return self.settings.corpus / _CORPUS_STAGE

    @property
    def _marker(self) -> Path:
        return self.settings.index / STAGE / _COMPLETE

    def check_folders(self) -> None:
        """Raise UsageError where a folder holds anything that is not this restore's, IndexStateError where there is no room."""
        marked = self._marked()
        if marked == self.backup.digest:
            return
        for folder in (self.settings.index, self.settings.corpus):
            if found := next(iter(self._foreign(folder)), ""):
                if marked:
                    raise UsageError(
                        _(
                            "{folder}: the restore of another backup was interrupted here; restore that one again, or empty the folder."
                        ).format(folder=folder)
                    )
                raise UsageError(
                    _("{folder} is not empty ({name} is in it); move what is in it away, or name other folders.").format(
                        folder=folder, name=found
                    )
                )
        originals = sum(entry.size for entry in self.backup.contents.originals)
        parts = sum(entry.size for entry in self.backup.contents.entries) - originals
        check_space([(self.settings.corpus, originals), (self.settings.index, int(parts * (1 + _ENGINE_SHARE)))])

    def run(self) -> list[str]:
        """Unpack, make the engine, put everything in its place, under the lock; what the administrator is to know of the settings."""
        if self._marked() != self.backup.digest:
            # Looked at again: the lock was not held before.
            self.check_folders()
            try:
                self._unpack()
                self._make_engine()
                self._settle()
            except BaseException:
                self._remove_stages()
                raise
        self._put_in_place()
        remarks = self._restore_settings()
        self._remove_stages()
        return remarks

    def _marked(self) -> str:
        """The digest of the backup that is unpacked completely; "" where none is."""
        try:
            return self._marker.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _foreign(self, folder: Path) -> Iterable[str]:
        """The names in ``folder`` but for hidden ones and what the system or the lock puts there."""
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UsageError(_("{folder}: cannot be opened ({reason}).").format(folder=folder, reason=reason_of(error))) from error
        index = _real(self.settings.index)
        return [name for name in names if name[0] != "." and name not in _NOT_DOCUMENTS and not index.is_relative_to(_real(folder / name))]

    def _unpack(self) -> None:
        self._remove_stages()
        self._index_stage.mkdir(parents=True)
        self._corpus_stage.mkdir(parents=True)
        entries = self.backup.contents.entries
        for done, entry in enumerate(entries, 1):
            self._unpack_entry(entry, self._place(entry))
            self._tell(done, len(entries) + self.backup.contents.documents, entry.original or entry.name)

    def _place(self, entry: Entry) -> Path:
        if entry.original:
            return self._corpus_stage.joinpath(*entry.original.split("/"))
        if entry.name == backup_file.SETTINGS:
            return self.settings.index / STAGE / SETTINGS_FILE
        return self._index_stage.joinpath(*entry.name.split("/")[1:])

    def _unpack_entry(self, entry: Entry, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            target = place.open("xb")
        except FileExistsError as error:
            # Where case does not matter, or accents may be written in two ways, two names may be one.
            raise IndexStateError(
                _("{file}: {name} and another file of the backup have the same name on this disk; restore on another one.").format(
                    file=self.backup.file, name=entry.name
                )
            ) from error
        with target:
            for chunk in self.backup.read(entry):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        with suppress(OverflowError):
            os.utime(place, ns=(entry.mtime_ns, entry.mtime_ns))

    def _make_engine(self) -> None:
        """Bring the catalogue to this program's schema where it is older, and make the engine from it."""
        from kgsearch.catalogue.writing import Catalogue
        from kgsearch.indexing.engine_update import EngineUpdate

        staged = replace(self.settings, index=self._index_stage)
        try:
            opened = Catalogue.open(staged.catalogue_path, create=False)
        except IndexStateError as error:
            raise IndexStateError(
                _("{file}: the catalogue in it cannot be used ({reason}); take another backup.").format(file=self.backup.file, reason=error)
            ) from error
        with (
            opened as catalogue,
            closing(RunProgress(staged.index / PROGRESS_FILE, self._tell_of_engine)) as told,
            Workers(self.settings.workers) as workers,
        ):
            EngineUpdate(staged.engine_path, catalogue, self.tools, workers).run(told)

    def _tell_of_engine(self, done: int, total: int, name: str) -> None:
        unpacked = len(self.backup.contents.entries)
        self._tell(unpacked + done, unpacked + total, name)

    def _tell(self, done: int, total: int, name: str) -> None:
        if self.progress:
            self.progress(done, total, name)

    def _settle(self) -> None:
        """Bring the names of everything unpacked to the disk, then say that it is complete."""
        for top in (self._corpus_stage, self._index_stage):
            for folder, _folders, _files in os.walk(top, topdown=False):
                sync_to_disk(Path(folder))
        replace_file(self._marker, self.backup.digest.encode())

    def _put_in_place(self) -> None:
        engine, catalogue = self.settings.engine_path.name, self.settings.catalogue_path.name
        _move(self._index_stage, self.settings.index, lambda name: name == engine)
        _move(self._corpus_stage, self.settings.corpus, lambda name: True)
        _move(self._index_stage, self.settings.index, lambda name: name != catalogue)
        _move(self._index_stage, self.settings.index, lambda name: True)

    def _restore_settings(self) -> list[str]:
        """Put the settings file into the working folder, beside one that says something else; remarks on it."""
        staged, target = self.settings.index / STAGE / SETTINGS_FILE, Path(SETTINGS_FILE)
        if not staged.exists():
            return []
        content = staged.read_bytes()
        if target.exists() and target.read_bytes() != content:
            beside = Path(f"{SETTINGS_FILE}.restored")
            beside.write_bytes(content)
            return [_("{file} was kept as it is; the settings of the backup are in {beside}.").format(file=target, beside=beside)]
        if not target.exists():
            replace_file(target, content)
        return self._other_folders()

    def _other_folders(self) -> list[str]:
        """A remark where the settings file names other folders than those that were restored into."""
        try:
            now = load_settings()
        except KgsearchError as error:
            return [str(error)]
        if (_real(now.corpus), _real(now.index)) == (_real(self.settings.corpus), _real(self.settings.index)):
            return []
        return [
            _("{file} names the folders {corpus} and {index}, not those that were restored into; look into it.").format(
                file=SETTINGS_FILE, corpus=now.corpus, index=now.index
            )
        ]

    def _remove_stages(self) -> None:
        # The one with the marker last: until then a restore that is interrupted here is gone on with.
        for folder in (self.settings.corpus, self.settings.index):
            shutil.rmtree(folder / STAGE, ignore_errors=True)


def _move(source: Path, target: Path, chosen: Callable[[str], bool]) -> None:
    """Move what is ``chosen`` of ``source`` into ``target``, over nothing; on the disk when this returns. Raises OSError."""
    for name in sorted(os.listdir(source)) if source.is_dir() else ():
        if not chosen(name):
            continue
        if os.path.lexists(target / name):
            raise UsageError(
                _("{folder}: {name} was put there while the backup was restored; move it away and restore again.").format(
                    folder=target, name=name
                )
            )
        (source / name).rename(target / name)
    sync_to_disk(target)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
