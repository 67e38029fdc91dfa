"""Bringing the engine in step with the catalogue, or making it anew beside the old one.

Every step can be repeated: what the catalogue says of a document is changed only after the engine has it on the disk, so a
run that ends anywhere leaves work that the next one finds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kgsearch.catalogue.writing import Catalogue
from kgsearch.engines.base import Engine, Entry
from kgsearch.errors import IndexStateError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.entries import entries_of
from kgsearch.indexing.report import described
from kgsearch.indexing.tools import Tools
from kgsearch.language import ANALYSIS_VERSION
from kgsearch.models import DocumentRecord

BATCH_PASSAGES = 5000
"""About how many passages are committed at once: bounds the memory of a run and what a crash costs."""

Analysed = tuple[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class EngineUpdate:
    """The engine's folder ``path`` and the catalogue that it follows; ``done`` is told of every document worked on."""

    path: Path
    catalogue: Catalogue
    tools: Tools
    done: Callable[[str], None]

    def run(self) -> None:
        """Bring the engine in step. Raises IndexStateError when its folder cannot be written."""
        try:
            self._finish_swap()
            if not self._update():
                self._rebuild()
        except OSError as error:
            raise IndexStateError(
                _("{path}: the engine's folder cannot be written ({reason}); check disk and permissions, then run again.").format(
                    path=self.path, reason=reason_of(error)
                )
            ) from error

    @property
    def _new(self) -> Path:
        return self.path.with_name(f"{self.path.name}.new")

    @property
    def _old(self) -> Path:
        return self.path.with_name(f"{self.path.name}.old")

    def _finish_swap(self) -> None:
        """Undo or end a swap that was interrupted, so that there is an engine under its name if there is any."""
        if not self.path.exists() and self._old.exists():
            self._old.rename(self.path)
        for leftover in (self._old, self._new):
            _remove(leftover)

    def _update(self) -> bool:
        """Bring the engine that there is in step; False where it cannot be used as it is."""
        engine = self._open()
        if engine is None:
            return False
        with closing(engine):
            self._reconcile(engine)
            for batch in self._batches(self.catalogue.pending()):
                _commit(engine, delete=[document for document, _entries in batch], add=batch)
                self.catalogue.mark_indexed({document: len(entries) for document, entries in batch})
            removed = list(self.catalogue.removed())
            _commit(engine, delete=removed)
            self.catalogue.purge_removed(removed)
            engine.refresh()
            return engine.passages() == sum(self.catalogue.indexed().values())

    def _open(self) -> Engine | None:
        """The engine, if it is whole and made by the same engine and analysis as now."""
        meta = self.catalogue.reader.meta()
        if not self.path.exists() or meta.get("analysis_version") != str(ANALYSIS_VERSION):
            return None
        try:
            engine = self.tools.open_engine(self.path)
        except IndexStateError:
            return None
        if engine.name != meta.get("engine"):
            engine.close()
            return None
        return engine

    def _reconcile(self, engine: Engine) -> None:
        """Make catalogue and engine agree on what the engine holds: a power cut can take back what was marked."""
        held, indexed = engine.documents(), set(self.catalogue.indexed())
        self.catalogue.mark_pending(sorted(indexed - held))
        waiting = {document.id for document in self.catalogue.pending()}
        _commit(engine, delete=sorted(held - indexed - waiting - set(self.catalogue.removed())))

    def _rebuild(self) -> None:
        """Make the engine anew from the catalogue beside the old one, then put it in the old one's place."""
        passages: dict[str, int] = {}
        engine = self.tools.create_engine(self._new)
        with closing(engine):
            name = engine.name
            for batch in self._batches(self.catalogue.reader.documents()):
                _commit(engine, add=batch)
                passages.update({document: len(entries) for document, entries in batch})
        removed = list(self.catalogue.removed())
        if self.path.exists():
            self.path.rename(self._old)
        self._new.rename(self.path)
        _sync_names(self.path.parent)
        self.catalogue.mark_indexed(passages)
        self.catalogue.purge_removed(removed)
        self.catalogue.stamp(engine=name, analysis_version=str(ANALYSIS_VERSION))
        _remove(self._old)

    def _batches(self, documents: Iterable[DocumentRecord]) -> Iterator[list[Analysed]]:
        """The documents analysed, in batches of about BATCH_PASSAGES."""
        batch: list[Analysed] = []
        size = 0
        for document in documents:
            entries = self._analyse(document)
            self.done(document.files[0] if document.files else document.id)
            if entries is None:
                continue
            batch.append((document.id, entries))
            size += len(entries)
            if size >= BATCH_PASSAGES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _analyse(self, document: DocumentRecord) -> list[Entry] | None:
        """The entries of a document; None where its words defeat the analysis: its files are then failures like any other."""
        try:
            return list(entries_of(document, self.catalogue.passages(document.id)))
        except IndexStateError:
            raise
        except Exception as error:
            files = self.catalogue.files()
            for path in document.files:
                known = files[path]
                reason = _("cannot be analysed ({reason}); the file may be damaged.").format(reason=described(error))
                self.catalogue.fail_file(path, known.sha256, known.size, known.mtime_ns, reason, read_by=known.read_by)
            return None


def _commit(engine: Engine, *, delete: Iterable[str] = (), add: Iterable[Analysed] = ()) -> None:
    """One batch of changes; an engine has it on the disk when the batch ends."""
    doomed, fresh = list(delete), list(add)
    if not doomed and not fresh:
        return
    with engine.writer() as writer:
        for document in doomed:
            writer.delete(document)
        for _document, entries in fresh:
            writer.add(entries)


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def _sync_names(folder: Path) -> None:
    """Return when the names of what is in ``folder`` are on the disk."""
    if os.name == "nt":
        return  # Windows opens no folders, and keeps names without being asked.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
