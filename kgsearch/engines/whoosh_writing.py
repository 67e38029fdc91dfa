"""A batch of changes, and the commit that brings it to the disk, whole or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kgsearch.engines import manifest
from kgsearch.engines.base import Entry
from kgsearch.engines.whoosh_snapshot import Snapshot
from kgsearch.engines.whoosh_stored import INDEX_NAME, reading, schema, stored_fields, writing
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC, FileIndex, clean_files
    from whoosh.writing import SegmentWriter

#: Whoosh's column of references counts to 65,535 in a segment, and loses what is beyond without an error.
MOST_DOCUMENTS = 60_000

# A third of the passages being ghosts, the index is written anew without them.
_GHOSTS_BORNE = 3


def create(folder: Path) -> None:
    """Write an empty commit into ``folder``. Raises IndexStateError."""
    TOC.create(FileStorage(str(folder)), schema(), INDEX_NAME)
    manifest.commit(folder, 0, [TOC._filename(INDEX_NAME, 0)])


class WhooshWriter:
    """One batch of changes. Made by `WhooshEngine.writer`."""

    def __init__(self, folder: Path, writer: CommitWriter, snapshot: Snapshot) -> None:
        self._folder = folder
        self._writer = writer
        self._snapshot = snapshot
        self._held = set(snapshot.documents)
        self._numbers: dict[str, list[int]] | None = None
        self._added: dict[str, _Added] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the entries of documents not held. Raises ValueError for one that is, IndexStateError when writing fails or
        the index is full."""
        for entry in entries:
            if entry.document in self._held:
                raise ValueError(f"document {entry.document} is held already: delete it first")
            added = self._added.get(entry.document) or self._first(entry.document)
            added.numbers.append(self._writer.docnum)
            clause = added.clauses.setdefault(entry.clause, len(added.clauses))
            with writing(self._folder):
                self._writer.add_document(**stored_fields(entry, clause))

    def delete(self, document: str) -> None:
        """Remove every passage of a document; an unknown one is no error."""
        if added := self._added.pop(document, None):
            for number in added.numbers:
                # Whoosh itself deletes only what is committed; this is the segment being written.
                self._writer.newsegment.delete_document(number)
        if document in self._held:
            self._held.discard(document)
            if self._numbers is None:
                self._numbers = self._snapshot.numbers_of_documents()
            for number in self._numbers[document]:
                self._writer.delete_document(number)

    def commit(self) -> None:
        """Bring the batch to the disk. Raises IndexStateError."""
        ghosts = self._writer.deleted_count()
        with writing(self._folder):
            self._writer.commit(optimize=ghosts * _GHOSTS_BORNE > self._snapshot.size)

    def _first(self, document: str) -> _Added:
        if len(self._held) + len(self._added) >= MOST_DOCUMENTS:
            raise IndexStateError(
                _("The search index in {folder} is full: this engine holds at most {limit} documents.").format(
                    folder=self._folder, limit=MOST_DOCUMENTS
                )
            )
        self._added[document] = _Added()
        return self._added[document]


class _Added:
    """What a batch has added of one document: the numbers of its passages, and its clauses, counted."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.clauses: dict[str, int] = {}


class CommittedIndex(FileIndex):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's index at the last commit, not at the newest file, which may be half a commit's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = FileStorage(str(folder))
        self.indexname = INDEX_NAME

    def _read_toc(self) -> Any:
        return _read_toc(self.storage, self.folder, manifest.read_manifest(self.folder).generation)


def _read_toc(storage: Any, folder: Path, generation: int) -> Any:
    with reading(folder):
        return TOC.read(storage, INDEX_NAME, gen=generation, schema=schema())


class CommitWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's writer, with a commit that is on the disk when it ends and is whole or not at all."""

    writelock: Any = None
    is_closed = False

    def __init__(self, index: CommittedIndex) -> None:
        self._folder = index.folder
        try:
            super().__init__(index, codec=_codec())
        except BaseException:
            self._unlock()
            raise

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        # What is deleted to the last passage has no columns left to read.
        segments = [segment for segment in segments if segment.doc_count_all() > segment.deleted_count()]
        name = TOC._filename(self.indexname, self.generation)
        # A commit that was cut short may have left one of this generation.
        (self._folder / name).unlink(missing_ok=True)
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        files = [file for file in self.storage.list() if file.startswith(prefixes)] if prefixes else []
        manifest.commit(self._folder, self.generation, [name, *sorted(files)])
        clean_files(self.storage, self.indexname, self.generation, segments)

    def abandon(self) -> None:
        """Drop the batch and let another writer in, whatever state a failure has left this one in."""
        if self.is_closed:
            return
        with suppress(Exception):
            self._close_segment()
        with suppress(Exception):
            self._tempstorage.destroy()
        with suppress(IndexStateError, OSError):
            self._remove_leftovers()
        self.is_closed = True
        self._unlock()

    def _unlock(self) -> None:
        # Whoosh's lock forbids releasing what was not had, and does not say whether it was.
        if self.writelock is not None and self.writelock.locked:
            self.writelock.release()

    def _remove_leftovers(self) -> None:
        # The failure may have come after the commit: what the manifest names stays.
        named = manifest.read_manifest(self._folder).files
        for leftover in self._folder.glob(f"{self.newsegment.segment_id()}.*"):
            if leftover.name not in named:
                leftover.unlink()


def _codec() -> Any:
    codec = W3Codec()
    # Lengths are in columns of our own; without this Whoosh asks the file system for each posting whether it has one.
    codec.length_stats = False
    return codec
