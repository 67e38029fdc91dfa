"""A batch of changes, and the commit that brings it to the disk, whole or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kgsearch.engines import manifest, verification
from kgsearch.engines.base import SCORED_FIELDS, Entry
from kgsearch.engines.whoosh_files import StoredSegmentReader, file_of
from kgsearch.engines.whoosh_merging import merge_policy
from kgsearch.engines.whoosh_postings import GatheredPostings, Term, terms_of, write_postings
from kgsearch.engines.whoosh_segment import numeric_column, reference_column
from kgsearch.engines.whoosh_snapshot import Snapshot
from kgsearch.engines.whoosh_stored import INDEX_NAME, reading, schema, stored_fields, writing
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec
    from whoosh.columns import NumericColumn, VarBytesColumn
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC, FileIndex, clean_files
    from whoosh.writing import SegmentWriter

#: In one batch. Whoosh's column of references counts to 65,535 in a segment, and loses what is beyond without an error.
MOST_DOCUMENTS = 60_000


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
        self._gone: set[str] = set()
        self._added: dict[str, _Added] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the entries of documents not held. Raises ValueError for one that is, IndexStateError when writing fails or
        the batch is too large."""
        for entry in entries:
            added = self._added.get(entry.document) or self._first(entry.document)
            added.numbers.append(self._writer.docnum)
            clause = added.clauses.setdefault(entry.clause, len(added.clauses))
            with writing(self._folder):
                self._writer.add_passage(stored_fields(entry, clause))

    def delete(self, document: str) -> None:
        """Remove every passage of a document; an unknown one is no error."""
        if added := self._added.pop(document, None):
            for number in added.numbers:
                # Whoosh itself deletes only what is committed; this is the segment being written.
                self._writer.newsegment.delete_document(number)
        # Looked for once: in a large segment that takes milliseconds.
        held = () if document in self._gone else self._snapshot.numbers_of(document)
        if held:
            self._gone.add(document)
        for place, numbers in held:
            for number in numbers:
                self._writer.segments[place].delete_document(number)

    def commit(self) -> None:
        """Bring the batch to the disk. Raises IndexStateError."""
        with writing(self._folder):
            self._writer.commit(mergetype=merge_policy(len(self._added)))

    def _holds(self, document: str) -> bool:
        """Whether the index holds a document, what this batch adds aside."""
        return document not in self._gone and self._snapshot.holds(document)

    def _first(self, document: str) -> _Added:
        if self._holds(document):
            raise ValueError(f"document {document} is held already: delete it first")
        if len(self._added) >= MOST_DOCUMENTS:
            raise IndexStateError(
                _("At most {limit} documents can be written to the search index in {folder} at once.").format(
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
        # Whoosh asks once it has the lock: only then is the last commit sure to stay the last.
        self.committed = manifest.read_manifest(self.folder)
        with reading(self.folder):
            return TOC.read(self.storage, INDEX_NAME, gen=self.committed.generation, schema=schema())


class CommitWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's writer, with a commit that is on the disk when it ends and is whole or not at all."""

    writelock: Any = None
    is_closed = False

    def __init__(self, index: CommittedIndex) -> None:
        self._folder = index.folder
        self._gathered = GatheredPostings(SCORED_FIELDS)
        self._joined: list[Iterator[Term]] = []
        self._readers: list[Any] = []
        try:
            super().__init__(index, codec=_codec())
            self._committed = index.committed
        except BaseException:
            self._unlock()
            raise

    def add_passage(self, fields: Mapping[str, Any]) -> None:
        """What `add_document` does for fields such as ours, three times as fast."""
        documents = self.perdocwriter
        documents.start_doc(self.docnum)
        for name, value in fields.items():
            if name in SCORED_FIELDS:
                self._gathered.add(name, self.docnum, value)
                continue
            kind = self.schema[name]
            documents.add_field(name, kind, value if kind.stored else None, 0)
            if kind.column_type:
                documents.add_column_value(name, kind.column_type, kind.to_column_value(value))
        documents.finish_doc()
        self.docnum += 1
        self._added = True

    def add_segment(self, segment: Any) -> None:
        """Write the passages of a committed segment anew into the one being written, without its ghosts."""
        with reading(self._folder):
            reader = StoredSegmentReader(self.storage, self.schema, segment, self._committed)
        self._readers.append(reader)
        # Damage must not be written anew with a checksum of its own.
        others = {name: facts for name, facts in self._committed.files.items() if name != file_of(segment)}
        verification.verify_once(self._folder, self._committed, manifest.Manifest(self._committed.generation, others))
        deleted = frozenset(segment.deleted_docs())
        kept = [number for number in range(segment.doc_count_all()) if number not in deleted]
        new_numbers = [-1] * segment.doc_count_all()
        for place, number in enumerate(kept, start=self.docnum):
            new_numbers[number] = place
        self._copy_columns(reader, kept)
        self._joined.append(self._terms_of(reader, new_numbers))
        self.docnum += len(kept)
        self._added = True

    def _copy_columns(self, reader: Any, kept: Sequence[int]) -> None:
        documents = self.perdocwriter
        columns = [(name, kind.column_type) for name, kind in self.schema.items() if kind.column_type]
        for place, (values, stored) in enumerate(self._passages_of(reader, kept), start=self.docnum):
            documents.start_doc(place)
            for (name, column_type), value in zip(columns, values, strict=True):
                documents.add_column_value(name, column_type, value)
            VarBytesColumn.Writer.add(documents._colwriters["_stored"]._child, place, stored)
            documents.finish_doc()

    def _passages_of(self, reader: Any, kept: Sequence[int]) -> Iterator[tuple[list[Any], bytes]]:
        """Of each passage the values of its columns, in the order of the schema, and what is stored of it, packed: unpacking that and
        packing it again takes longer than all the rest."""
        with reading(self._folder):
            columns = [_column(reader, name) for name, kind in self.schema.items() if kind.column_type]
            stored = reader._perdoc.column_reader("_stored", STORED_COLUMN)._child
            for number in kept:
                yield [values[number] for values in columns], VarBytesColumn.Reader.__getitem__(stored, number)
            reader.verify()

    def _terms_of(self, reader: Any, new_numbers: Sequence[int]) -> Iterator[Term]:
        with reading(self._folder):
            yield from terms_of(reader, new_numbers)
            reader.verify()

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        write_postings(self.fieldwriter, self.schema, [self._gathered.terms(), *self._joined])
        self.fieldwriter.close()
        self._close_readers()

    def _close_readers(self) -> None:
        for reader in self._readers:
            with suppress(Exception):
                reader.close()
        self._readers = []

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        # What is deleted to the last passage has no columns left to read.
        segments = [segment for segment in segments if segment.doc_count_all() > segment.deleted_count()]
        name = TOC._filename(self.indexname, self.generation)
        # A commit that was cut short may have left one of this generation.
        (self._folder / name).unlink(missing_ok=True)
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        files = [file for file in self.storage.list() if file.startswith(prefixes)] if prefixes else []
        before, named = self._committed, [name, *sorted(files)]
        self._committed = manifest.commit(self._folder, self.generation, named, before)
        # Of the others it is not known whether anybody has touched them since they were verified.
        verification.note(self._folder, self._committed, [file for file in named if file not in before.files])
        clean_files(self.storage, self.indexname, self.generation, segments)

    def abandon(self) -> None:
        """Drop the batch and let another writer in, whatever state a failure has left this one in."""
        if self.is_closed:
            return
        self._close_readers()
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


def _column(reader: Any, name: str) -> Sequence[Any]:
    """The values of a column, one for each passage."""
    if isinstance(reader.schema[name].column_type, NumericColumn):
        return numeric_column(reader, name)
    values, references = reference_column(reader, name)
    return [values[reference] for reference in references]


def _codec() -> Any:
    codec = W3Codec()
    # Lengths are in columns of our own; without this Whoosh asks the file system for each posting whether it has one.
    codec.length_stats = False
    return codec
