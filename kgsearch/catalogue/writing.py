"""The catalogue as it is written: every public method is one transaction, and on the disk when it returns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import sqlalchemy as sa

from kgsearch.catalogue import history, holdings, linking
from kgsearch.catalogue.checksum import is_altered
from kgsearch.catalogue.database import database_errors, open_database
from kgsearch.catalogue.driver import driver_of, value
from kgsearch.catalogue.holdings import INDEXED, PENDING, REMOVED, file_key, put_file_row
from kgsearch.catalogue.passages import passages_of, title_line
from kgsearch.catalogue.prepared import Holding, holdings_of
from kgsearch.catalogue.reading import CatalogueReader, FileRecord
from kgsearch.catalogue.schema import document_files, documents, files
from kgsearch.catalogue.versions import ENGINE_COMMIT, LEXICON_BEHIND
from kgsearch.models import Document, DocumentRecord, Passage

_Id = TypeVar("_Id", int, str)

# In the transaction that says what a new commit of the engine holds: should a power cut take that commit back, the one before is not the
# one on which they agreed.
_NOT_AGREED = {ENGINE_COMMIT: ""}

_BATCH = 500
"""Ids in one statement: SQLite bounds how many values a statement may carry."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the catalogue holds: ``waiting`` are the documents that the engine has not been told of yet."""

    documents: int
    clauses: int
    files: int
    failed: int
    waiting: int


class Catalogue:
    """The catalogue opened for writing, by one process at a time (`kgsearch.indexing` holds the lock).

    Every method raises IndexStateError when the catalogue cannot be written. Paths are relative to the corpus folder, with
    forward slashes; times are nanoseconds since 1970.
    """

    def __init__(self, path: Path, engine: sa.Engine) -> None:
        self.path = path
        self._engine = engine
        self.linked = 0
        """How many references were linked, or linked again, since it was opened."""
        self.reader = CatalogueReader(path)

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Catalogue:
        """The catalogue at ``path``, migrated to the newest schema; a new one only where ``create`` is true and there is no file.

        Raises IndexStateError where there is none, where it is damaged, of a newer schema, or cannot be written.
        """
        engine = open_database(path, create=create)
        try:
            return cls(path, engine)
        except BaseException:
            engine.dispose()
            raise

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; its log is played back into it, so that it can be copied alone."""
        self.reader.close()
        with database_errors(self.path):
            self._engine.dispose()

    def put_file(self, path: str, sha256: str, size: int, mtime_ns: int, documents: Sequence[Document], *, read_by: str = "") -> None:
        """Write what a file holds, in place of what it held before; documents that no file holds any more become 'removed'.

        A document that another file holds as well is one document: its words are those of the newest of these files. Raises
        ValueError, and writes nothing, when the documents cannot stand in a catalogue (two clauses with one eId).
        """
        self.put_holdings(path, sha256, size, mtime_ns, holdings_of(documents), read_by=read_by)

    def put_holdings(self, path: str, sha256: str, size: int, mtime_ns: int, held: Sequence[Holding], *, read_by: str = "") -> None:
        """`put_file` of what `holdings_of` has made of the documents, in another process perhaps."""
        with self._change() as connection:
            key = put_file_row(connection, path, _file_row(sha256, size, mtime_ns, read_by))
            there = holdings.documents_with(connection, [holding.id for holding in held])
            known = holdings.alive(connection, there)
            with self._linking(connection, key, there):
                before = holdings.let_go(connection, key)
                now = [holdings.hold(connection, key, sha256, position, holding) for position, holding in enumerate(held)]
                holdings.settle(connection, {*before, *now})
            lost = holdings.ids_of(connection, before).union(history.note_readable(connection, key)) - {holding.id for holding in held}
            history.follow_id(connection, sorted(lost), [one for one in now if one not in known], sha256)
            history.forget_versions(connection, lost)

    def fail_file(self, path: str, sha256: str, size: int, mtime_ns: int, reason: str, *, read_by: str = "") -> None:
        """Write that a file cannot be read, and why. What an earlier, readable version of it held is withdrawn.

        Served on, it would pass for what the file says now; it comes back with the file, or stays where another holds it.
        """
        with self._change() as connection:
            key = put_file_row(connection, path, {**_file_row(sha256, size, mtime_ns, read_by), "status": "failed", "reason": reason})
            with self._linking(connection, key):
                held = holdings.let_go(connection, key)
                history.withdraw(connection, key, held)
                holdings.settle(connection, held)

    def wait_file(self, path: str, size: int, mtime_ns: int, reason: str) -> None:
        """Write that a file is not complete yet, and why that is thought: the next run reads it.

        What it held when it was read last is served on: nobody has seen yet that it says something else.
        """
        seen: dict[str, object] = {
            "sha256": "",
            "size": size,
            "mtime_ns": mtime_ns,
            "seen_ns": time.time_ns(),
            "status": "waiting",
            "reason": reason,
        }
        with self._change(words=False) as connection:
            known = file_key(connection, path) is not None
            key = put_file_row(connection, path, seen if known else {**seen, "read_by": ""})
            holdings.settle(connection, holdings.documents_held(connection, key))

    def move_file(self, old: str, new: str, size: int, mtime_ns: int) -> None:
        """Write that the file ``old`` is now called ``new`` and holds what it held; an unknown one is no error.

        What was known of files in it, where it is an archive, goes with it. What was known of another file of the new name is
        forgotten: that one was written over.
        """
        with self._change(words=False) as connection:
            key = file_key(connection, old)
            if key is None or old == new:
                return
            for path, member in holdings.files_in(connection, old):
                self._forget_file(connection, new + path.removeprefix(old))
                holdings.change_file_row(connection, member, {"path": new + path.removeprefix(old)})
            holdings.change_file_row(connection, key, {"size": size, "mtime_ns": mtime_ns, "seen_ns": time.time_ns()})
            holdings.settle(connection, holdings.documents_held(connection, key))

    def touch_file(self, path: str, size: int, mtime_ns: int) -> None:
        """Write that a file was looked at and holds what it held; an unknown one is no error."""
        with self._begin() as begun:
            connection = driver_of(begun)
            key = file_key(connection, path)
            if key is not None:
                holdings.change_file_row(connection, key, {"size": size, "mtime_ns": mtime_ns, "seen_ns": time.time_ns()})
                holdings.settle(connection, holdings.documents_held(connection, key))

    def remove_file(self, path: str) -> None:
        """Forget a file; documents that no other file holds become 'removed'. An unknown one is no error."""
        with self._change() as connection:
            self._forget_file(connection, path)

    def link_all(self) -> int:
        """Link every reference again; how many. What is written keeps them true: this is for rules that are others than before."""
        with self._begin() as connection:
            every = connection.execute(sa.select(documents.c.key)).scalars().all()
            linked = linking.link_again(driver_of(connection), every, {}, {})
        self.linked += linked
        return linked

    def files(self, scope: Iterable[str] = ("",)) -> dict[str, FileRecord]:
        """Every file known that is one of ``scope`` or below one, by path; "" is the corpus folder itself."""
        return self.reader.files(scope)

    def marked_files(self) -> list[str]:
        """Paths of the files that are to be read (again) though they look unchanged: their documents lost the words of another file."""
        marked = sa.select(files.c.path).where((files.c.sha256 == "") & (files.c.status == "ok")).order_by(files.c.path)
        with self._begin() as connection:
            return list(connection.execute(marked).scalars())

    def unread_files(self) -> list[tuple[str, str, str]]:
        """Path, status and reason of the files that have failed or wait, by path."""
        unread = (
            sa.select(files.c.path, files.c.status, files.c.reason).where(files.c.status.in_(("failed", "waiting"))).order_by(files.c.path)
        )
        with self._begin() as connection:
            return [(row.path, row.status, row.reason) for row in connection.execute(unread)]

    def pending(self) -> Iterator[DocumentRecord]:
        """The documents that the engine has still to be given, in the order in which they came."""
        for document_id in self._ids(PENDING):
            document = self.reader.document(document_id)
            if document is not None:
                yield document

    def pending_ids(self) -> list[str]:
        """Ids of the documents that the engine has still to be given, in the order in which they came."""
        return self._ids(PENDING)

    def ids(self) -> list[str]:
        """Ids of all documents that a file holds, in the order in which they came."""
        return self._ids(PENDING, INDEXED)

    def removed(self) -> Iterator[str]:
        """Ids of the documents that have still to be taken out of the engine."""
        yield from self._ids(REMOVED)

    def indexed(self) -> dict[str, int]:
        """Id of every document that the engine was given -> how many passages it was."""
        with self._begin() as connection:
            rows = connection.execute(sa.select(documents.c.id, documents.c.passages).where(documents.c.state == INDEXED))
            return {row.id: row.passages for row in rows}

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document; none where there is no such document."""
        document = self.reader.document(document_id)
        return passages_of(document_id, title_line(document), self.reader.clauses(document_id)) if document else []

    def mark_indexed(self, passages: Mapping[str, int]) -> None:
        """Write that the engine holds these documents for good: id -> number of passages given."""
        with self._begin() as connection:
            _stamp(driver_of(connection), _NOT_AGREED)
            for document_id, count in passages.items():
                pending = (documents.c.id == document_id) & (documents.c.state == PENDING)
                connection.execute(sa.update(documents).where(pending).values(state=INDEXED, passages=count))

    def mark_pending(self, ids: Iterable[str] | None = None) -> None:
        """Write that the engine has to be given these documents (None: all) again."""
        with self._begin() as connection:
            indexed = documents.c.state == INDEXED
            if ids is None:
                connection.execute(sa.update(documents).where(indexed).values(state=PENDING))
            for batch in _batches(list(ids or ())):
                connection.execute(sa.update(documents).where(indexed & documents.c.id.in_(batch)).values(state=PENDING))

    def read_altered_again(self) -> list[str]:
        """Mark the files of the documents that are not as they were written, to be read again at the next run; ids of the documents.

        Reads all that is stored of every document.
        """
        with self._begin() as connection:
            held = connection.execute(sa.select(documents.c.key, documents.c.id, documents.c.checksum).where(documents.c.checksum != ""))
            found = [(row.key, row.id) for row in held.all() if is_altered(driver_of(connection).execute, row.key, row.checksum)]
            for batch in _batches([key for key, _id in found]):
                its_files = sa.select(document_files.c.file_key).where(document_files.c.document_key.in_(batch))
                connection.execute(sa.update(files).where(files.c.key.in_(its_files)).values(sha256=""))
        return [document_id for _key, document_id in found]

    def purge_removed(self, ids: Iterable[str]) -> None:
        """Forget documents that no file holds and that are out of the engine; any other is left as it is."""
        with self._begin() as connection:
            _stamp(driver_of(connection), _NOT_AGREED)
            for batch in _batches(list(ids)):
                history.keep_withdrawn(driver_of(connection), batch)
                connection.execute(sa.delete(documents).where((documents.c.state == REMOVED) & documents.c.id.in_(batch)))
                history.forget_versions(driver_of(connection), batch)

    def stamp(self, **values: str) -> None:
        """Write into ``meta``: which engine and which analysis the index was made with."""
        with self._begin() as connection:
            _stamp(driver_of(connection), values)

    def counts(self) -> Counts:
        """What the catalogue holds."""
        alive = documents.c.state != REMOVED
        queries = (
            sa.select(sa.func.count()).select_from(documents).where(alive),
            sa.select(sa.func.coalesce(sa.func.sum(documents.c.clauses), 0)).where(alive),
            sa.select(sa.func.count()).select_from(files),
            sa.select(sa.func.count()).select_from(files).where(files.c.status == "failed"),
            sa.select(sa.func.count()).select_from(documents).where(documents.c.state != INDEXED),
        )
        with self._begin() as connection:
            return Counts(*(int(connection.execute(query).scalar_one()) for query in queries))

    def _forget_file(self, connection: sqlite3.Connection, path: str) -> None:
        key = file_key(connection, path)
        if key is None:
            return
        with self._linking(connection, key):
            held = holdings.let_go(connection, key)
            stood_for = history.note_readable(connection, key)
            connection.execute("DELETE FROM files WHERE key = ?", (key,))
            holdings.settle(connection, held)
        # The versions of what it held go when the document leaves the engine: until then it may come back under another name.
        history.forget_versions(connection, stood_for)

    def _ids(self, *states: str) -> list[str]:
        wanted = sa.select(documents.c.id).where(documents.c.state.in_(states)).order_by(documents.c.key)
        with self._begin() as connection:
            return list(connection.execute(wanted).scalars())

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        """A transaction: kept when the block ends, undone when it raises."""
        with database_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _change(self, *, words: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that changes what is known of the corpus, ``words`` also what can be learnt from it."""
        with self._begin() as begun:
            connection = driver_of(begun)
            yield connection
            values = {"changed": datetime.now(UTC).isoformat(timespec="microseconds")}
            if words:
                # Counted where it happens: a run that is cut off cannot count at its end.
                counted = value(connection, "SELECT value FROM meta WHERE key = ?", LEXICON_BEHIND)
                values[LEXICON_BEHIND] = str(int(counted or 0) + 1)
            _stamp(connection, values)

    @contextmanager
    def _linking(self, connection: sqlite3.Connection, file: int, further: Iterable[int] = ()) -> Iterator[None]:
        """A change of what a file holds (and of the documents ``further``), after which the references concerned are linked again."""
        concerned = {*holdings.documents_held(connection, file), *further}
        before = linking.identities(connection, concerned)
        yield
        written = holdings.documents_read_from(connection, file)
        after = linking.identities(connection, {*concerned, *written})
        self.linked += linking.link_again(connection, written, before, after)


def _file_row(sha256: str, size: int, mtime_ns: int, read_by: str) -> dict[str, object]:
    return {
        "sha256": sha256,
        "size": size,
        "mtime_ns": mtime_ns,
        "seen_ns": time.time_ns(),
        "status": "ok",
        "reason": "",
        "read_by": read_by,
    }


def _stamp(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    connection.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", values.items()
    )


def _batches(ids: list[_Id]) -> Iterator[list[_Id]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
