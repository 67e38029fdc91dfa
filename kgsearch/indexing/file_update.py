"""Bringing the catalogue in step with the files of the corpus folder.

Files are compared by size and time of change, then by content; a file that was only renamed or moved keeps what was read of it; what
is new or changed is read by the workers, and written in the order of the listing, one transaction a file, so that the catalogue is
the same whichever worker was the faster and wherever an earlier run ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kgsearch.errors import IndexStateError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.indexing.corpus import CorpusFile, Listing, is_listed, list_files, within
from kgsearch.indexing.file_reading import FileReading, FileTask, Outcome, digest_of, failed, failed_by, read_file, still_written
from kgsearch.indexing.gate import Gate
from kgsearch.indexing.moves import find_moves
from kgsearch.indexing.progress import READING, RunProgress, Step
from kgsearch.indexing.tools import Tools
from kgsearch.indexing.workers import WorkerLostError, Workers

if TYPE_CHECKING:
    from kgsearch.catalogue.reading import FileRecord
    from kgsearch.catalogue.writing import Catalogue

MANY = 20
"""So many known files are not all gone at once unless somebody says so: the disk or share is rather not mounted."""

RACE_NS = 2_000_000_000
"""A file changed less than this before it was looked at may have changed again at the same time of change: FAT keeps two
seconds. Such a file is compared by content."""


@dataclass(slots=True)
class FileUpdate:
    """The files of ``corpus`` (resolved) but for those in ``leave_out``, and the catalogue that follows them.

    ``emptied`` says that a folder without any file is meant. ``counted`` is how many were added, changed, moved, removed, unchanged,
    failed, waiting.
    """

    corpus: Path
    leave_out: Path
    tools: Tools
    catalogue: Catalogue
    workers: Workers
    gate: Gate | None = None
    emptied: bool = False
    counted: Counter[str] = field(default_factory=Counter)
    _known: dict[str, FileRecord] = field(default_factory=dict)
    # By archive, the files in it that are known as unreadable.
    _members: dict[str, list[str]] = field(default_factory=dict)

    def run(self, scope: Iterable[str], progress: RunProgress) -> None:
        """Follow the files of ``scope`` (paths in the corpus folder).

        Raises UsageError for a folder that has lost all its files, IndexStateError when the catalogue cannot be written.
        """
        scope = list(scope)
        listing = list_files(self.corpus, self.tools.is_document_name, leave_out=self.leave_out, scope=scope)
        self._known = self.catalogue.files(scope)
        self._check_emptied(listing, scope)
        if self.gate:
            self.gate.listed(listing, self._known.keys())
        moved = self._move(listing, scope)
        self._forget(listing, scope)
        self._refuse(listing.refused)
        self._wait_for(listing.unreachable)
        tasks = [self._task(file) for file in self._to_be_read(listing.files.values())]
        unchanged = listing.files.keys() - {task.file.path for task in tasks}
        failed = {path for path, known in self._known.items() if known.status == "failed"} & unchanged
        self.counted["failed"] += len(failed)
        self.counted["unchanged"] += len(unchanged - moved - failed)
        tasks = [task for task in tasks if self._is_complete(task.file)]
        with progress.phase(READING, len(listing.files), len(listing.files) - len(tasks)) as step:
            self._follow(tasks, moved, step)
            self._read_again(listing.files, tasks)

    def _check_emptied(self, listing: Listing, scope: Sequence[str]) -> None:
        """Refuse to forget everything because a disk or share is not mounted: versions would go with the files."""
        whole = "" in scope and not listing.files and not listing.reasons()
        if whole and len(self._known) >= MANY and not self.emptied:
            raise UsageError(
                _(
                    "The corpus folder {folder} is empty, though {number} files are indexed: a disk or share may not be mounted. "
                    "Nothing was removed. If the files were deleted on purpose, run: kgsearch index --emptied"
                ).format(folder=self.corpus, number=len(self._known))
            )

    def _move(self, listing: Listing, scope: Sequence[str]) -> set[str]:
        """Give files that were renamed or moved their new paths; which those are."""
        unlisted = self._known.keys() - listing.files.keys()
        gone = {path: self._known[path] for path in unlisted if self._is_gone(path, listing, scope)}
        moves = find_moves(gone, [file for path, file in listing.files.items() if path not in self._known])
        for old, file in moves:
            self.catalogue.move_file(old, file.path, file.size, file.mtime_ns)
        if moves:
            self.counted["moved"] += len(moves)
            self._known = self.catalogue.files(scope)
        return {file.path for _old, file in moves}

    def _forget(self, listing: Listing, scope: Sequence[str]) -> None:
        """Forget the files that are no longer there."""
        for path in [path for path in self._known if path not in listing.files]:
            if archive := _archive_of(path, listing.files):
                self._members.setdefault(archive, []).append(path)
            elif self._is_gone(path, listing, scope):
                self._remove(path)

    def _remove(self, path: str) -> None:
        self.catalogue.remove_file(path)
        del self._known[path]
        self.counted["removed"] += 1

    def _is_gone(self, path: str, listing: Listing, scope: Sequence[str]) -> bool:
        """Whether a known file is surely not in the folder any more."""
        return not is_listed(path, listing) and within(path, scope) and not within(path, listing.closed)

    def _refuse(self, refused: Mapping[str, str]) -> None:
        """Write down what has a document's name and must not be opened, and why."""
        for path, reason in refused.items():
            known = self._known.get(path)
            if known is None or known.reason != reason:
                self.catalogue.fail_file(path, "", 0, 0, reason)

    def _wait_for(self, unreachable: Mapping[str, str]) -> None:
        """Write down what the disk or the network did not let be looked at, and why; what it held stays."""
        for path, reason in unreachable.items():
            known = self._known.get(path)
            if known is None or known.reason != reason:
                self.catalogue.wait_file(path, known.size if known else 0, known.mtime_ns if known else 0, reason)
            self.counted["waiting"] += 1

    def _to_be_read(self, files: Iterable[CorpusFile]) -> list[CorpusFile]:
        """Those of ``files`` that are not surely what they were when they were read, by size and time of change."""
        same_reader = self._same_readers()
        found = []
        # Most runs look at thousands of files that are as they were.
        for file in files:
            known = self._known.get(file.path)
            if (
                known is None
                or known.size != file.size
                or known.mtime_ns != file.mtime_ns
                or known.mtime_ns + RACE_NS >= known.seen_ns
                or not known.sha256
                or known.read_by not in same_reader
            ):
                found.append(file)
        return found

    def _is_complete(self, file: CorpusFile) -> bool:
        """Whether a file may be read now; if not, it is written down that it waits."""
        known = self._known.get(file.path)
        same = known is not None and (known.size, known.mtime_ns) == (file.size, file.mtime_ns)
        # A file that was read as it is now is looked into only to be sure, or because its reader is another.
        if self.gate is None or (same and known is not None and known.status == "ok") or self.gate.complete(file):
            return True
        if not (same and known is not None and known.status == "waiting"):
            self.catalogue.wait_file(file.path, file.size, file.mtime_ns, still_written())
        self.counted["waiting"] += 1
        return False

    def _same_readers(self) -> tuple[str, str]:
        """What a file was read by that would be read alike now. One that was not read completely says so."""
        return self.tools.read_by, self._read_by(complete=False)

    def _read_by(self, *, complete: bool) -> str:
        """What reads a file that was read completely, or one that was not: with other programs on the machine that may succeed."""
        return self.tools.read_by if complete else f"{self.tools.read_by} ({self.tools.programs()})"

    def _task(self, file: CorpusFile) -> FileTask:
        known = self._known.get(file.path)
        return FileTask(file, known.sha256 if known is not None and known.read_by in self._same_readers() else "")

    def _follow(self, tasks: Sequence[FileTask], moved: set[str], step: Step) -> None:
        """Read files and write what they hold, in their order."""
        for file, reading in self._readings(tasks):
            outcome = self._write(file, reading)
            # That it was moved is counted already.
            if not (file.path in moved and outcome == "unchanged"):
                self.counted[outcome] += 1
            step(file.path)

    def _readings(self, tasks: Iterable[FileTask]) -> Iterator[tuple[CorpusFile, FileReading]]:
        read = partial(read_file, self.tools.read_documents)
        for task, result in self.workers.results(read, tasks, lambda task: task.file.size):
            yield task.file, result if isinstance(result, FileReading) else _lost(task.file, result)

    def _write(self, file: CorpusFile, reading: FileReading) -> str:
        """Write what came of a file; which count of the report it belongs to."""
        known = self._known.get(file.path)
        match reading.outcome:
            case Outcome.SAME:
                self.catalogue.touch_file(file.path, file.size, file.mtime_ns)
                return "failed" if known is not None and known.status == "failed" else "unchanged"
            case Outcome.GONE:
                if known is not None:
                    self._remove(file.path)
                return "gone"
            case Outcome.INCOMPLETE:
                self.catalogue.wait_file(file.path, file.size, file.mtime_ns, reading.reason)
                return "waiting"
            case Outcome.READ:
                return self._put(file, reading, known)
        return self._fail(file, reading)

    def _put(self, file: CorpusFile, reading: FileReading, known: FileRecord | None) -> str:
        read_by = self._read_by(complete=reading.complete)
        held = self._held(known)
        try:
            self.catalogue.put_holdings(file.path, reading.digest, file.size, file.mtime_ns, reading.held, read_by=read_by)
        except IndexStateError:
            raise
        except Exception as error:
            # The data's fault: a character that no database takes.
            return self._fail(file, failed_by(reading.digest, error))
        self._note_members(file, reading.unread)
        if known is None or not held:
            return "added"
        # What was marked to be read again, and what is read by another reader, is what it was.
        marked = known.status == "ok" and not known.sha256
        return "unchanged" if marked or known.sha256 == reading.digest else "changed"

    def _held(self, known: FileRecord | None) -> bool:
        """Whether a file is known to hold documents."""
        if known is None or known.status == "failed":
            return False
        return known.status == "ok" or bool(self.catalogue.reader.documents_of_file(known.path))

    def _fail(self, file: CorpusFile, reading: FileReading) -> str:
        self._note_members(file, ())
        read_by = self._read_by(complete=False)
        self.catalogue.fail_file(file.path, reading.digest, file.size, file.mtime_ns, reading.reason, read_by=read_by)
        return "failed"

    def _note_members(self, file: CorpusFile, unread: Iterable[tuple[str, str]]) -> None:
        """Write down what cannot be read of the files in an archive, in place of what was written of it before."""
        reasons = {f"{file.path}/{member}": " ".join(reason.split()) for member, reason in unread}
        for path in self._members.pop(file.path, ()):
            if path not in reasons:
                self.catalogue.remove_file(path)
        for path, reason in reasons.items():
            self.catalogue.fail_file(path, "", 0, 0, reason, read_by=self._read_by(complete=False))
        if reasons:
            self._members[file.path] = list(reasons)

    def _read_again(self, listed: Mapping[str, CorpusFile], tasks: Iterable[FileTask]) -> None:
        """Read the files whose documents have lost the words they had from another file; each at most once a run."""
        read: set[str] = set()
        while True:
            waiting = [path for path in self.catalogue.marked_files() if path not in read]
            if not waiting:
                return
            read.update(waiting)
            self._known.update(self.catalogue.files(waiting))
            files = [file for path in waiting if (file := listed.get(path) or self._outside(path)) is not None]
            for file, reading in self._readings([FileTask(file) for file in files]):
                self._write(file, reading)

    def _outside(self, path: str) -> CorpusFile | None:
        """A file outside the scope of this run."""
        return list_files(self.corpus, self.tools.is_document_name, scope=[path]).files.get(path)


def _archive_of(path: str, files: Mapping[str, CorpusFile]) -> str:
    """The archive that holds ``path``, a file above it; "" where it is no file in an archive."""
    end = path.find("/")
    while end > 0:
        if path[:end] in files:
            return path[:end]
        end = path.find("/", end + 1)
    return ""


def _lost(file: CorpusFile, error: Exception) -> FileReading:
    """What came of a file that broke the process in which it was read."""
    try:
        digest = digest_of(file.full)
    except OSError:
        digest = ""
    if isinstance(error, WorkerLostError):
        return failed(digest, _("the file breaks the program that reads it; open it in its own program and save it anew."))
    return failed_by(digest, error)
