"""Bringing catalogue, engine and lexicon in step with the corpus folder, one after the other, under the lock.

Each step leaves work that the next run finds, wherever this one ends. A file that fails is written down with its reason and stops
nothing else.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kgsearch.config import Settings
from kgsearch.errors import IndexStateError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.indexing.arrivals import Arrivals, check_given, take_in
from kgsearch.indexing.corpus import check_corpus, within
from kgsearch.indexing.file_update import FileUpdate
from kgsearch.indexing.gate import Gate
from kgsearch.indexing.keeping.restoring import STAGE
from kgsearch.indexing.lock import Waiting, index_lock
from kgsearch.indexing.progress import PROGRESS_FILE, RunProgress
from kgsearch.indexing.report import Failure, Progress, Report
from kgsearch.indexing.tools import Tools, default_tools, read_documents
from kgsearch.indexing.workers import Workers

if TYPE_CHECKING:
    from kgsearch.catalogue.writing import Catalogue

_LAST_RUN_LEAVES_OUT = frozenset(["failures", "files_waiting"])
"""The catalogue knows these of each file."""


def sync(
    settings: Settings,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
    *,
    tools: Tools | None = None,
    rebuild: bool = False,
    gate: Gate | None = None,
    emptied: bool = False,
    waiting: Waiting | None = None,
) -> Report:
    """Bring the index in step with the corpus folder, or only with the files and folders given.

    A file or folder outside the corpus folder is copied into it, never over another file. Files that fail are in the report.
    ``rebuild`` makes the engine anew from the catalogue, beside the one in use. ``gate`` judges what is seen in the folder before it
    is believed. ``emptied`` says that it is meant when the folder has no file any more. ``waiting`` says how long another run is waited
    for.
    Raises UsageError when the corpus folder or a given path does not exist, the folder has lost all its files unsaid, or the index
    folder is the corpus folder; IndexLockedError when another process is at it; IndexStateError when the index cannot be written.
    """
    started = time.monotonic()
    tools = tools or default_tools()
    corpus = check_corpus(settings.corpus)
    check_index_folder(settings, corpus)
    check_given(corpus, paths)
    with index_lock(settings.lock_path, waiting), _open_catalogue(settings) as catalogue:
        arrivals = take_in(corpus, paths, tools.is_document_name) if paths else Arrivals(scope=[""])
        with closing(RunProgress(settings.index / PROGRESS_FILE, progress)) as told, _workers(settings, tools) as workers:
            run = _Run(settings, tools, catalogue, workers, told, gate, emptied)
            if rebuild:
                # What is made anew from the catalogue must be what was written into it.
                catalogue.read_altered_again()
            files = run.follow_files(corpus, arrivals.scope)
            run.follow_catalogue(rebuild=rebuild)
            run.learn()
            report = run.report(files, arrivals, started)
            run.keep(report)
            return report


def check_index_folder(settings: Settings, corpus: Path) -> None:
    """Raise UsageError where the index folder is the corpus folder."""
    # The index folder is left out of the listing: there would be no documents at all.
    if os.path.realpath(settings.index) == os.path.realpath(corpus):
        raise UsageError(
            _("{folder} is named as the corpus folder and as the index folder; name another index folder with --index.").format(
                folder=corpus
            )
        )


def _open_catalogue(settings: Settings) -> Catalogue:
    # The database's object mapper is loaded only by who writes.
    from kgsearch.catalogue.writing import Catalogue

    path = settings.catalogue_path
    if not os.path.lexists(path) and os.path.lexists(settings.index / STAGE):
        # A restore puts the catalogue in its place last; another one here would be in its way for good.
        raise IndexStateError(
            _("A restore was begun and not ended: {folder} is there; run the same kgsearch restore again, or delete that folder.").format(
                folder=settings.index / STAGE
            )
        )
    if not os.path.lexists(path) and settings.engine_path.exists():
        # An engine is only ever made after a catalogue: this one was lost, and with it what cannot be read from the files.
        raise IndexStateError(
            _("{path} is missing, though {engine} is there; put back a copy, or move the index folder away and run again.").format(
                path=path, engine=settings.engine_path
            )
        )
    return Catalogue.open(path, create=True)


def _workers(settings: Settings, tools: Tools) -> Workers:
    # Other processes know the functions of this program, not what a test has put in the place of one.
    return Workers(settings.workers if tools.read_documents is read_documents else 1)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run, under the lock."""

    settings: Settings
    tools: Tools
    catalogue: Catalogue
    workers: Workers
    progress: RunProgress
    gate: Gate | None = None
    emptied: bool = False

    def follow_files(self, corpus: Path, scope: Iterable[str]) -> FileUpdate:
        """Bring the catalogue in step with the files of ``scope``."""
        files = FileUpdate(corpus, self.settings.index, self.tools, self.catalogue, self.workers, self.gate, self.emptied)
        files.run(scope, self.progress)
        return files

    def follow_catalogue(self, *, rebuild: bool) -> None:
        """Bring the engine in step with the catalogue."""
        from kgsearch.indexing.engine_update import EngineUpdate

        EngineUpdate(self.settings.engine_path, self.catalogue, self.tools, self.workers).run(self.progress, rebuild=rebuild)

    def learn(self) -> None:
        """Bring what is learnt from the corpus in step with the catalogue."""
        from kgsearch.indexing.lexicon import follow

        follow(self.settings.lexicon_path, self.catalogue, self.progress)

    def report(self, files: FileUpdate, arrivals: Arrivals, started: float) -> Report:
        """What was done since ``started`` (monotonic seconds); of the files that cannot be read those that this run was to look at."""
        unread = [found for found in self.catalogue.unread_files() if within(found[0], arrivals.scope)]
        failed = [Failure(path, reason) for path, status, reason in unread if status == "failed"]
        counts = self.catalogue.counts()
        return Report(
            added=files.counted["added"],
            changed=files.counted["changed"],
            moved=files.counted["moved"],
            removed=files.counted["removed"],
            unchanged=files.counted["unchanged"],
            failures=[*failed, *arrivals.failures],
            files_waiting=[Failure(path, reason) for path, status, reason in unread if status == "waiting"],
            documents=counts.documents,
            clauses=counts.clauses,
            phases=self.progress.figures,
            seconds=time.monotonic() - started,
        )

    def keep(self, report: Report) -> None:
        """Keep what was done as the last run."""
        done = {name: value for name, value in report.to_json().items() if name not in _LAST_RUN_LEAVES_OUT}
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        self.catalogue.stamp(last_run=json.dumps({"started": self.progress.started, "ended": ended, **done}))
