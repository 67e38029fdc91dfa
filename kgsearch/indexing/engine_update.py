"""Bringing the engine in step with the catalogue, or making it anew beside the old one.

Every step can be repeated: what the catalogue says of a document is changed only after the engine has it on the disk, so a
run that ends anywhere leaves work that the next one finds. The workers analyse; the engine is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from kgsearch.catalogue.versions import ENGINE_COMMIT
from kgsearch.catalogue.writing import Catalogue
from kgsearch.engines.base import Engine, Entry
from kgsearch.engines.home import EngineHome
from kgsearch.errors import IndexStateError, KgsearchError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.indexing.entries import entries_in
from kgsearch.indexing.progress import INDEXING, RunProgress, Step
from kgsearch.indexing.report import described
from kgsearch.indexing.tools import Tools
from kgsearch.indexing.workers import WorkerLostError, Workers
from kgsearch.language import ANALYSIS_VERSION

BATCH_PASSAGES = 5000
"""About how many passages are committed at once: bounds the memory of a run and what a crash costs."""

Analysed = tuple[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class EngineUpdate:
    """The engine's folder ``path``, the catalogue that it follows, and the workers that analyse its documents."""

    path: Path
    catalogue: Catalogue
    tools: Tools
    workers: Workers

    def run(self, progress: RunProgress, *, rebuild: bool = False) -> None:
        """Bring the engine in step, or with ``rebuild`` make it anew. Raises IndexStateError when its folder cannot be written."""
        try:
            if rebuild or not self._is_updated(progress):
                self._rebuild(progress)
            self.home.clean()
        except OSError as error:
            raise IndexStateError(
                _("{path}: the engine's folder cannot be written ({reason}); check disk and permissions, then run again.").format(
                    path=self.path, reason=reason_of(error)
                )
            ) from error

    @property
    def home(self) -> EngineHome:
        """Where the engine lives."""
        return EngineHome(self.path)

    def _is_updated(self, progress: RunProgress) -> bool:
        """Whether the engine that there is could be brought in step."""
        try:
            return self._update(progress)
        except IndexStateError:
            # An engine is read as it is needed: where that was what failed, it fails once more.
            if self._is_readable():
                raise
            return False

    def _is_readable(self) -> bool:
        """Whether the engine that there is can be opened and read."""
        engine = self._open()
        if engine is None:
            return False
        with closing(engine):
            try:
                engine.documents()
            except IndexStateError:
                return False
        return True

    def _update(self, progress: RunProgress) -> bool:
        """Bring the engine that there is in step; False where it cannot be used as it is."""
        engine = self._open()
        if engine is None:
            return False
        with closing(engine):
            self._reconcile(engine)
            pending = self.catalogue.pending_ids()
            with progress.phase(INDEXING, len(pending)) as step:
                analysed = self._analysed(pending, step)
                while held := _add_batch(engine, analysed):
                    self.catalogue.mark_indexed(held)
            self._take_out(engine)
            engine.refresh()
            # Asked now: a document that defeats the analysis takes those along that stand in its file.
            if engine.passages() != self.catalogue.reader.passages_indexed():
                return False
            self._agree(engine)
            return True

    def _open(self) -> Engine | None:
        """The engine, if it is whole and made by the same engine and analysis as now."""
        meta = self.catalogue.reader.meta()
        folder = self.home.current()
        if folder is None or meta.get("analysis_version") != str(ANALYSIS_VERSION):
            return None
        try:
            engine = self.tools.open_engine(folder)
        except IndexStateError:
            return None
        if engine.name != meta.get("engine"):
            engine.close()
            return None
        return engine

    def _reconcile(self, engine: Engine) -> None:
        """Make catalogue and engine agree on what the engine holds: a power cut can take back what was marked.

        They need not be compared where the engine's last commit is the one on which they agreed, and the catalogue was not told of
        another: what else happened to it since, it says itself.
        """
        if engine.commit_name() == self.catalogue.reader.meta().get(ENGINE_COMMIT):
            return
        held, indexed = engine.documents(), self.catalogue.indexed()
        lost = indexed.keys() - held
        if lost:
            self.catalogue.mark_pending(sorted(lost))
        strange = held - indexed.keys()
        if strange:
            _delete(engine, sorted(strange.difference(self.catalogue.pending_ids(), self.catalogue.removed())))

    def _agree(self, engine: Engine) -> None:
        """Write down that the engine's last commit holds what the catalogue says."""
        commit = engine.commit_name()
        if self.catalogue.reader.meta().get(ENGINE_COMMIT) != commit:
            self.catalogue.stamp(**{ENGINE_COMMIT: commit})

    def _take_out(self, engine: Engine) -> None:
        """Take the documents that no file holds any more out of the engine."""
        removed = list(self.catalogue.removed())
        if removed:
            _delete(engine, removed)
            self.catalogue.purge_removed(removed)

    def _rebuild(self, progress: RunProgress) -> None:
        """Make the engine anew from the catalogue beside the old one, then put it in the old one's place."""
        passages: dict[str, int] = {}
        folder = self.home.prepare()
        every = self.catalogue.ids()
        engine = self.tools.create_engine(folder)
        with closing(engine), progress.phase(INDEXING, len(every)) as step:
            name = engine.name
            analysed = self._analysed(every, step)
            while held := _add_batch(engine, analysed):
                passages.update(held)
        removed = list(self.catalogue.removed())
        self.home.switch(folder)
        indexed = self.catalogue.indexed()
        # What is marked already is marked again only where another number of passages is held of it now.
        self.catalogue.mark_pending([document for document, count in indexed.items() if passages.get(document) != count])
        self.catalogue.mark_indexed(passages)
        self.catalogue.purge_removed(removed)
        self.catalogue.stamp(engine=name, analysis_version=str(ANALYSIS_VERSION))

    def _analysed(self, documents: Iterable[str], step: Step) -> Iterator[Analysed]:
        """The documents (ids) with their entries, in order; those whose words defeat the analysis are left out."""
        for document, result in self.workers.results(partial(entries_in, self.catalogue.path), documents):
            if isinstance(result, KgsearchError):
                raise result
            step(document)
            if isinstance(result, list):
                yield document, result
            else:
                self._fail(document, _reason_of(result))

    def _fail(self, document_id: str, reason: str) -> None:
        """Make the files of a document whose words defeat the analysis failures like any other."""
        document = self.catalogue.reader.document(document_id)
        if document is None:
            return
        files = self.catalogue.files(document.files)
        for path in document.files:
            known = files[path]
            why = _("cannot be analysed ({reason}); the file may be damaged.").format(reason=reason)
            self.catalogue.fail_file(path, known.sha256, known.size, known.mtime_ns, why, read_by=known.read_by)


def _reason_of(result: str | Exception) -> str:
    if isinstance(result, WorkerLostError):
        return _("it breaks the program that analyses it")
    return result if isinstance(result, str) else described(result)


def _add_batch(engine: Engine, analysed: Iterator[Analysed]) -> dict[str, int]:
    """Give the engine about BATCH_PASSAGES of what comes; documents given -> number of passages, which it has on the disk now."""
    first = next(analysed, None)
    if first is None:
        return {}
    held: dict[str, int] = {}
    with engine.writer() as writer:
        for document, entries in chain([first], analysed):
            writer.delete(document)
            writer.add(entries)
            held[document] = len(entries)
            if sum(held.values()) >= BATCH_PASSAGES:
                break
    return held


def _delete(engine: Engine, documents: Sequence[str]) -> None:
    """Take documents out of the engine; it has that on the disk when this returns."""
    if documents:
        with engine.writer() as writer:
            for document in documents:
                writer.delete(document)
