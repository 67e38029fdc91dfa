"""Bringing catalogue and engine in step with the corpus folder.

Files are compared by size and time of change, then by content; what changed is read, parsed and written to the catalogue,
one transaction a file; then the engine follows the catalogue. A file that fails is written down with its reason and stops
nothing else.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kgsearch.config import Settings
from kgsearch.errors import IndexStateError, ReadError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.arrivals import Arrivals, check_given, take_in
from kgsearch.indexing.corpus import CorpusFile, check_corpus, list_files, within
from kgsearch.indexing.lock import index_lock
from kgsearch.indexing.report import Failure, Progress, Report, described
from kgsearch.indexing.tools import Tools, default_tools

if TYPE_CHECKING:
    from kgsearch.catalogue.reading import FileRecord
    from kgsearch.catalogue.writing import Catalogue

RACE_NS = 2_000_000_000
"""A file changed less than this before it was looked at may have changed again at the same time of change: FAT keeps two
seconds. Such a file is compared by content."""

_CHUNK = 1 << 20


def sync(settings: Settings, paths: Sequence[Path] = (), progress: Progress | None = None, *, tools: Tools | None = None) -> Report:
    """Bring the index in step with the corpus folder, or only with the files and folders given.

    A file or folder outside the corpus folder is copied into it, never over another file. Files that fail are in the report.
    Raises UsageError when the corpus folder or a given path does not exist, IndexLockedError when another process is at it,
    IndexStateError when the index cannot be written.
    """
    started = time.monotonic()
    tools = tools or default_tools()
    corpus = check_corpus(settings.corpus)
    check_given(corpus, paths)
    with index_lock(settings.lock_path), _open_catalogue(settings) as catalogue:
        arrivals = take_in(corpus, paths, tools.is_document_name) if paths else Arrivals(scope=[""])
        run = _Run(corpus, settings, tools, catalogue, _Steps(progress))
        run.follow_files(arrivals.scope)
        run.follow_catalogue()
        run.learn()
        return run.report(arrivals.failures, started)


def _open_catalogue(settings: Settings) -> Catalogue:
    # The database's object mapper is loaded only by who writes.
    from kgsearch.catalogue.writing import Catalogue

    path = settings.catalogue_path
    if not os.path.lexists(path) and settings.engine_path.exists():
        # An engine is only ever made after a catalogue: this one was lost, and with it what cannot be read from the files.
        raise IndexStateError(
            _("{path} is missing, though {engine} is there; put back a copy, or move the index folder away and run again.").format(
                path=path, engine=settings.engine_path
            )
        )
    return Catalogue.open(path, create=True)


@dataclass(slots=True)
class _Steps:
    """Counts the steps of a run for whoever wants to see them."""

    progress: Progress | None
    total: int = 0
    done: int = 0

    def step(self, name: str) -> None:
        self.done += 1
        self.total = max(self.total, self.done)
        if self.progress:
            self.progress(self.done, self.total, name)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over a corpus folder, under the lock; ``members`` are, by archive, the files in it that are known as unreadable."""

    corpus: Path
    settings: Settings
    tools: Tools
    catalogue: Catalogue
    steps: _Steps
    counted: Counter[str] = field(default_factory=Counter)
    members: dict[str, list[str]] = field(default_factory=dict)

    def follow_files(self, scope: Iterable[str]) -> None:
        """Bring the catalogue in step with the files of ``scope``."""
        scope = list(scope)
        listing = list_files(self.corpus, self.tools.is_document_name, leave_out=self.settings.index, scope=scope)
        known = self.catalogue.files()
        present = {*listing.files, *listing.refused}
        self.steps.total = len(listing.files)
        for path in known:
            archive = _archive_of(path, listing.files)
            if archive:
                self.members.setdefault(archive, []).append(path)
            elif within(path, scope) and path not in present and not within(path, listing.closed):
                self.catalogue.remove_file(path)
                self.counted["removed"] += 1
        for path, reason in listing.refused.items():
            if path not in known or known[path].reason != reason:
                self.catalogue.fail_file(path, "", 0, 0, reason)
        for path, file in listing.files.items():
            self.counted[self._follow_file(file, known.get(path))] += 1
            self.steps.step(path)
        self._read_again(list_again=listing.files)

    def follow_catalogue(self) -> None:
        """Bring the engine in step with the catalogue."""
        from kgsearch.indexing.engine_update import EngineUpdate

        self.steps.total = self.steps.done + self.catalogue.counts().waiting
        EngineUpdate(self.settings.engine_path, self.catalogue, self.tools, self.steps.step).run()

    def learn(self) -> None:
        """Bring what is learnt from the corpus in step with the catalogue."""
        from kgsearch.indexing.lexicon import follow

        follow(self.settings.lexicon_path, self.catalogue, sum(self.counted[name] for name in ("added", "changed", "removed")))

    def report(self, failures: Iterable[Failure], started: float) -> Report:
        """What was done since ``started`` (monotonic seconds)."""
        failed = [Failure(record.path, record.reason) for record in self.catalogue.files().values() if record.status == "failed"]
        counts = self.catalogue.counts()
        return Report(
            added=self.counted["added"],
            changed=self.counted["changed"],
            removed=self.counted["removed"],
            unchanged=self.counted["unchanged"],
            failures=[*failed, *failures],
            documents=counts.documents,
            clauses=counts.clauses,
            seconds=time.monotonic() - started,
        )

    def _follow_file(self, file: CorpusFile, known: FileRecord | None) -> str:
        """Bring the catalogue in step with one file; which count of the report it belongs to."""
        # A file that was not read completely says so in what it was read by.
        same_reader = known is not None and (known.read_by == self.tools.read_by or known.read_by == self._read_by(complete=False))
        if known is not None and same_reader and _looks_unchanged(file, known):
            return "failed" if known.status == "failed" else "unchanged"
        try:
            digest = _digest(file.full)
        except OSError as error:
            self._fail(file, "", _("the file cannot be opened ({reason}).").format(reason=reason_of(error)))
            return "failed"
        if known is not None and same_reader and known.sha256 == digest:
            self.catalogue.touch_file(file.path, file.size, file.mtime_ns)
            return "failed" if known.status == "failed" else "unchanged"
        if not self._read(file, digest):
            return "failed"
        if known is None or known.status == "failed":
            return "added"
        return "unchanged" if known.sha256 in ("", digest) else "changed"

    def _read(self, file: CorpusFile, digest: str) -> bool:
        """Read a file into the catalogue, or write down why it cannot be; whether it could."""
        try:
            found = self.tools.read_documents(file.full)
            if _changed_meanwhile(file):
                self._fail(file, "", _("the file is still being written; run again when it is complete."))
                return False
            unread = found.failures or any(page.confidence == 0 for document in found.documents for page in document.recognised)
            read_by = self._read_by(complete=not unread)
            self.catalogue.put_file(file.path, digest, file.size, file.mtime_ns, found.documents, read_by=read_by)
            self._note_members(file, found.failures)
        except IndexStateError:
            raise
        except ReadError as error:
            self._fail(file, digest, str(error).removeprefix(f"{file.full.name}: "))
        except Exception as error:
            # A file may have been made to break its reader: whatever it does to it, the others are read.
            self._fail(file, digest, _("reading it failed ({reason}); the file may be damaged.").format(reason=described(error)))
        else:
            return True
        return False

    def _note_members(self, file: CorpusFile, failures: Iterable[tuple[str, str]]) -> None:
        """Write down what cannot be read of the files in an archive, in place of what was written of it before."""
        reasons = {f"{file.path}/{member}": " ".join(reason.split()) for member, reason in failures}
        for path in self.members.pop(file.path, ()):
            self.catalogue.remove_file(path)
        for path, reason in reasons.items():
            self.catalogue.fail_file(path, "", 0, 0, reason, read_by=self._read_by(complete=False))
        if reasons:
            self.members[file.path] = list(reasons)

    def _fail(self, file: CorpusFile, digest: str, reason: str) -> None:
        self._note_members(file, ())
        self.catalogue.fail_file(
            file.path, digest, file.size, file.mtime_ns, " ".join(reason.split()), read_by=self._read_by(complete=False)
        )

    def _read_by(self, *, complete: bool) -> str:
        """What reads a file that was read completely, or one that was not: with other programs on the machine that may succeed."""
        return self.tools.read_by if complete else f"{self.tools.read_by} ({self.tools.programs()})"

    def _read_again(self, list_again: dict[str, CorpusFile]) -> None:
        """Read the files whose documents have lost the words they had from another file; each at most once a run."""
        read: set[str] = set()
        while True:
            marked = [path for path, record in self.catalogue.files().items() if record.status == "ok" and not record.sha256]
            waiting = [path for path in marked if path not in read]
            if not waiting:
                return
            for path in waiting:
                read.add(path)
                self._read_marked(path, list_again.get(path))

    def _read_marked(self, path: str, file: CorpusFile | None) -> None:
        if file is None:
            # It is outside the scope of this run.
            file = list_files(self.corpus, self.tools.is_document_name, scope=[path]).files.get(path)
        if file is not None:
            self._follow_file(file, self.catalogue.files().get(path))


def _archive_of(path: str, files: Mapping[str, CorpusFile]) -> str:
    """The archive that holds ``path``, a file above it; "" where it is no file in an archive."""
    return next((str(above) for above in PurePosixPath(path).parents if str(above) in files), "")


def _looks_unchanged(file: CorpusFile, known: FileRecord) -> bool:
    """Whether a file is surely what it was when it was read, by size and time of change."""
    same = (known.size, known.mtime_ns) == (file.size, file.mtime_ns)
    return bool(known.sha256) and same and known.mtime_ns + RACE_NS < known.seen_ns


def _changed_meanwhile(file: CorpusFile) -> bool:
    try:
        now = file.full.stat()
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) != (file.size, file.mtime_ns)


def _digest(path: Path) -> str:
    """SHA-256 of a file's content. Raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
