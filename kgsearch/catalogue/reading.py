"""The catalogue, read only and quick to open: the standard library's sqlite3 and nothing else.

Safe to use from several threads at once: each has a connection of its own. A process that writes the catalogue at the same
time is not waited for; every call sees what was committed last. Works on a read-only folder too.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

from kgsearch.catalogue.links import LinkReader
from kgsearch.catalogue.past import VersionReader
from kgsearch.catalogue.records import CLAUSE_COLUMNS, DOCUMENT_COLUMNS, AlteredRowError, check_rows, clause_record, document_record
from kgsearch.catalogue.state import altered, damaged, missing, not_writable, refuse_newer, refuse_older, state_error, stored_schema
from kgsearch.errors import IndexStateError, reason_of
from kgsearch.models import ClauseRecord, DocumentRecord, Filters, Kind

if TYPE_CHECKING:
    from kgsearch.catalogue.integrity import IntegrityFault

Signature = tuple[int, ...]

NO_FILTERS = Filters()

_CLAUSES = f"SELECT {CLAUSE_COLUMNS} FROM documents d JOIN clauses c ON c.document_key = d.key WHERE d.state <> 'removed'"
# CROSS JOIN fixes the order of the look-ups: each pair asked for, its document, its clause.
_CLAUSES_OF = f"""
    SELECT {CLAUSE_COLUMNS} FROM json_each(?) AS pair
    CROSS JOIN documents d ON d.id = json_extract(pair.value, '$[0]')
    CROSS JOIN clauses c ON c.document_key = d.key AND c.eid = json_extract(pair.value, '$[1]')
    WHERE d.state <> 'removed'"""
_DESCENDANTS = f"""
    SELECT {CLAUSE_COLUMNS}, json_extract(subtree.value, '$[1]') AS owner FROM json_each(?) AS subtree
    CROSS JOIN documents d ON d.key = json_extract(subtree.value, '$[0]')
    CROSS JOIN clauses c ON c.document_key = json_extract(subtree.value, '$[0]')
        AND c.position > json_extract(subtree.value, '$[1]') AND c.position <= json_extract(subtree.value, '$[2]')
    ORDER BY c.document_key, owner, c.position"""
_OPENING_FIRST = """
    ORDER BY CASE WHEN c.text = '' OR c.kind IN (SELECT value FROM json_each(?)) THEN 2 WHEN c.eid LIKE 'preamble%' THEN 1 ELSE 0 END,
        c.position"""
_FILES_OF = """
    SELECT l.document_key, f.path, l.content FROM json_each(?) AS wanted
    CROSS JOIN document_files l ON l.document_key = wanted.value
    CROSS JOIN files f ON f.key = l.file_key
    CROSS JOIN documents d ON d.key = l.document_key
    ORDER BY l.document_key, f.key IS NOT d.file_key, f.mtime_ns DESC, f.path"""


class FileRecord(NamedTuple):
    """A file of the corpus folder as the catalogue knows it: ``path`` relative to that folder, times in nanoseconds since 1970.

    ``status`` is "ok", "failed" or "waiting" (not complete yet: what it held before is served on), the latter two for ``reason``;
    ``sha256`` is "" where the content must be read at the next run; ``read_by`` names the version of readers and parser that read it.
    """

    path: str
    sha256: str
    size: int
    mtime_ns: int
    seen_ns: int
    status: str
    reason: str
    read_by: str


class _Connection(sqlite3.Connection):
    """A connection that can be held weakly and that closes itself, because threads end without saying so."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # It was never opened.
            self.close()


class CatalogueReader(LinkReader, VersionReader):
    """Look-ups in the catalogue at ``path``; every method raises IndexStateError when it cannot be read.

    Documents that no file holds any more are not seen, even while they wait to be taken out of the engine.
    """

    def __init__(self, path: Path) -> None:
        """Open the catalogue. Raises IndexStateError when there is none, or one of another schema version."""
        self.path = Path(path)
        self._local = threading.local()
        self._opened: WeakSet[_Connection] = WeakSet()
        self._connection()

    def __enter__(self) -> CatalogueReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads; no other thread may be in a call."""
        for connection in list(self._opened):
            connection.close()
        self._local = threading.local()

    def document(self, document_id: str) -> DocumentRecord | None:
        """The document with this id, or None."""
        return next(iter(self._documents("d.id = ?", [document_id])), None)

    def documents(self, filters: Filters = NO_FILTERS) -> list[DocumentRecord]:
        """The documents that ``filters`` let through, newest first, those without a date last."""
        condition, values = _condition(filters)
        return self._documents(condition, values)

    def by_number(self, number_key: str) -> list[DocumentRecord]:
        """Every document with this number, as `kgsearch.citations.number_key` spells it; newest first."""
        return self._documents("d.number_key = ?", [number_key]) if number_key else []

    def by_figure(self, figure: str) -> list[DocumentRecord]:
        """The documents whose number's key begins with this figure ("20" of "20/nq/hdnd"); newest first."""
        # "0" is the character after the stroke, so these are all keys that begin with the figure and a stroke.
        return self._documents("d.number_key >= ? AND d.number_key < ?", [f"{figure}/", f"{figure}0"]) if figure else []

    def by_name(self, types: Sequence[str], *, numbered: bool) -> list[DocumentRecord]:
        """The documents of these types that have a number, or those that have none; newest first."""
        compared = ">" if numbered else "="
        return self._documents(f"d.number_key {compared} '' AND d.type IN (SELECT value FROM json_each(?))", [json.dumps(list(types))])

    def by_names(self, name_keys: Sequence[str]) -> list[DocumentRecord]:
        """The documents with a name of one of these keys, as `kgsearch.citations.name_keys` spells them; newest first."""
        return self._documents("d.name_key <> '' AND d.name_key IN (SELECT value FROM json_each(?))", [json.dumps(list(name_keys))])

    def numbers(self) -> list[tuple[str, str]]:
        """(number key, document id) of every document that has a number."""
        with self._read() as connection:
            rows = connection.execute("SELECT number_key, id FROM documents WHERE state <> 'removed' AND number_key <> '' ORDER BY 1, 2")
            return [(row[0], row[1]) for row in rows]

    def documents_of_file(self, path: str) -> list[DocumentRecord]:
        """The documents that a file holds, in its order; ``path`` is relative to the corpus folder."""
        places = "SELECT l.document_key FROM document_files l JOIN files f ON f.key = l.file_key WHERE f.path = ?"
        order = "(SELECT l.position FROM document_files l JOIN files f ON f.key = l.file_key WHERE f.path = ? AND l.document_key = d.key)"
        return self._documents(f"d.key IN ({places})", [path, path], order)

    def clause(self, document_id: str, eid: str) -> ClauseRecord | None:
        """One clause, or None."""
        return self.clauses_of([(document_id, eid)]).get((document_id, eid))

    def clauses(self, document_id: str) -> list[ClauseRecord]:
        """Every clause of a document, in document order; none where there is no such document."""
        with self._read() as connection:
            rows = connection.execute(f"{_CLAUSES} AND d.id = ? ORDER BY c.position", [document_id]).fetchall()
        with self._intact():
            # `rows` is the document whole and positions count from 0, so a clause's descendants are a slice of it.
            check_rows(rows, "clause")
            return [clause_record(row, rows[row["position"] + 1 : row["last"] + 1]) for row in rows]

    def citations(self, document_id: str) -> list[tuple[str, str]]:
        """(eId, citation) of every clause of a document, in document order."""
        sql = "SELECT c.eid, c.citation FROM documents d JOIN clauses c ON c.document_key = d.key WHERE d.state <> 'removed' AND d.id = ?"
        with self._read() as connection:
            return [(row[0], row[1]) for row in connection.execute(f"{sql} ORDER BY c.position", [document_id])]

    def opening(self, document_id: str) -> ClauseRecord | None:
        """Where a document begins to say something: its first clause with words that is neither in its preamble nor at its end nor a
        footnote; else the first with words in its preamble, else its first at all. None where it has none."""
        outside = json.dumps([Kind.PREAMBLE, Kind.CONCLUSIONS, Kind.FOOTNOTE])
        return next(iter(self._clauses(f"{_CLAUSES} AND d.id = ? {_OPENING_FIRST} LIMIT 1", [document_id, outside])), None)

    def clauses_of(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], ClauseRecord]:
        """The clauses named by (document id, eId); those that there are not are left out."""
        found = self._clauses(_CLAUSES_OF, [json.dumps(sorted(set(pairs)))])
        return {(record.document, record.eid): record for record in found}

    def by_citation(self, document_id: str, citation_key: str) -> list[ClauseRecord]:
        """The clauses of a document that are cited so; ``citation_key`` as `kgsearch.citations.name_keys.citation_key` spells it."""
        return self._clauses(f"{_CLAUSES} AND d.id = ? AND c.citation_key = ? ORDER BY c.position", [document_id, citation_key])

    def files(self, scope: Iterable[str] = ("",)) -> dict[str, FileRecord]:
        """Every file known that is one of ``scope`` or below one, by path; "" is the corpus folder itself."""
        starts = sorted(set(scope))
        sql = "SELECT path, sha256, size, mtime_ns, seen_ns, status, reason, read_by FROM files"
        with self._read() as connection:
            cursor = connection.cursor()
            # Thousands of rows in every run: plain tuples.
            cursor.row_factory = None
            if "" in starts:
                return {row[0]: FileRecord._make(row) for row in cursor.execute(f"{sql} ORDER BY path")}
            # "0" is the character after the stroke, so these are all paths that begin with this one and a stroke.
            below = [(start, f"{start}/", f"{start}0") for start in starts]
            rows = (row for one in below for row in cursor.execute(f"{sql} WHERE path = ? OR (path >= ? AND path < ?)", one))
            return {row[0]: FileRecord._make(row) for row in rows}

    def file_count(self) -> int:
        """How many files are known."""
        with self._read() as connection:
            return int(connection.execute("SELECT count(*) FROM files").fetchone()[0])

    def passages_indexed(self) -> int:
        """How many passages the engine was given of the documents that are marked as indexed."""
        with self._read() as connection:
            found = connection.execute("SELECT coalesce(sum(passages), 0) FROM documents WHERE state = 'indexed'").fetchone()
            return int(found[0])

    def waiting(self) -> set[str]:
        """Ids of the documents that are not yet in the engine as they are now, or not yet out of it."""
        with self._read() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM documents WHERE state <> 'indexed'")}

    def meta(self) -> dict[str, str]:
        """What is stamped in the catalogue: versions, the engine's name, when it last changed."""
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute("SELECT key, value FROM meta")}

    def status(self) -> dict[str, Any]:
        """What is indexed, by what, since when, what failed and what waits; ready for JSON.

        ``changed`` is the ISO 8601 time (UTC) of the last change or None; ``waiting`` counts documents not yet in the engine
        or not yet out of it, ``files_waiting`` are files that were not complete; ``last_run`` is what the last run reported of itself, or
        None; ``reports`` are errors that readers reported (`kgsearch.catalogue.faults`).
        """
        from kgsearch.catalogue.faults import FaultReports

        meta = self.meta()
        with self._read() as connection:
            one = {name: connection.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
            sql = "SELECT path AS file, reason FROM files WHERE status = ? ORDER BY path"
            failures, waiting = ([dict(row) for row in connection.execute(sql, [status])] for status in ("failed", "waiting"))
        return {
            "documents": one["documents"],
            "clauses": one["clauses"],
            "files_ok": one["files_ok"],
            "files_failed": len(failures),
            "failures": failures,
            "files_waiting": waiting,
            "waiting": one["waiting"],
            "changed": meta.get("changed"),
            "last_run": _json_or_none(meta.get("last_run")),
            "engine": meta.get("engine"),
            "schema_version": int(meta["schema_version"]),
            "analysis_version": int(meta["analysis_version"]) if "analysis_version" in meta else None,
            **FaultReports(self.path.parent).status(),
        }

    def faults(self) -> list[IntegrityFault]:
        """What is wrong with the catalogue: with its file, and with what must hold of what is in it. None where it is whole.

        Reads all of it: seconds for thousands of documents.
        """
        from kgsearch.catalogue.checksum import decoded
        from kgsearch.catalogue.integrity import IntegrityFault, faults

        found: list[IntegrityFault] = []
        try:
            with self._read() as connection:
                connection.text_factory = decoded
                try:
                    found.extend(faults(connection))
                finally:
                    connection.text_factory = str
        except (IndexStateError, ValueError) as error:
            # What is damaged cannot always be read to the end; what was found until then counts.
            found.append(IntegrityFault(str(error)))
        return found

    def copy_to(self, path: Path) -> None:
        """Copy the catalogue as it is at one moment to ``path``, while others write it: one file, whole and on the disk, or none.

        Raises IndexStateError where it cannot be read or the copy not be written.
        """
        from kgsearch.catalogue.copying import copy_database

        with self._read() as connection:
            copy_database(connection, path)

    def _documents(
        self, condition: str, values: Sequence[Any], order: str = "d.issued IS NULL, d.issued DESC, d.id"
    ) -> list[DocumentRecord]:
        sql = f"SELECT {DOCUMENT_COLUMNS} FROM documents d WHERE d.state <> 'removed' AND {condition} ORDER BY {order}"
        with self._read() as connection:
            rows = connection.execute(sql, values).fetchall()
            files: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
            for key, path, content in connection.execute(_FILES_OF, [json.dumps([row["key"] for row in rows])]):
                files[key].append((path, content))
        with self._intact():
            check_rows(rows, "document")
            return [document_record(row, files[row["key"]]) for row in rows]

    def _clauses(self, sql: str, values: Sequence[Any]) -> list[ClauseRecord]:
        with self._read() as connection:
            rows = connection.execute(sql, values).fetchall()
            ranges = [(row["document_key"], row["position"], row["last"]) for row in rows if row["last"] > row["position"]]
            descendants: defaultdict[tuple[int, int], list[sqlite3.Row]] = defaultdict(list)
            for row in connection.execute(_DESCENDANTS, [json.dumps(ranges)]):
                descendants[row["document_key"], row["owner"]].append(row)
        with self._intact():
            check_rows(rows, "clause")
            for below in descendants.values():
                check_rows(below, "clause")
            return [clause_record(row, descendants[row["document_key"], row["position"]]) for row in rows]

    @contextmanager
    def _intact(self) -> Iterator[None]:
        """Values that are none of theirs are the catalogue's damage, not the caller's fault."""
        try:
            yield
        except AlteredRowError as error:
            raise altered(self.path, error.document) from error
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(self.path, error) from error

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """A connection on which everything is seen as of one moment. Not to be nested."""
        connection = self._connection()
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                # A disk that fails has ended it already, and what is said is that.
                if connection.in_transaction:
                    connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise state_error(self.path, error) from error

    def _connection(self) -> _Connection:
        """This thread's connection, opened anew where the file is another than it was."""
        held: tuple[Signature, _Connection] | None = getattr(self._local, "held", None)
        if held is not None:
            signature, connection = held
            if signature == _signature(self.path, len(signature)):
                return connection
            connection.close()
        held = self._local.held = _open(self.path)
        self._opened.add(held[1])
        return held[1]


_COUNTS: Mapping[str, str] = {
    "documents": "SELECT count(*) FROM documents WHERE state <> 'removed'",
    "clauses": "SELECT coalesce(sum(clauses), 0) FROM documents WHERE state <> 'removed'",
    "files_ok": "SELECT count(*) FROM files WHERE status = 'ok'",
    "waiting": "SELECT count(*) FROM documents WHERE state <> 'indexed'",
}


def _json_or_none(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _open(path: Path) -> tuple[Signature, _Connection]:
    """A checked connection and the signature for which it holds."""
    signature = _signature(path, 2)
    try:
        return signature, _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        # A database in WAL mode keeps a file of locks beside it, which a read-only folder does not let it make. With no log
        # left beside it the file is whole, and can be read as it stands, for as long as it stays the same.
        if not error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) or _has_log(path):
            raise state_error(path, error) from error
    except sqlite3.Error as error:
        raise state_error(path, error) from error
    try:
        return _signature(path, 4), _connect(path, "mode=ro&immutable=1")
    except sqlite3.Error as error:
        raise state_error(path, error) from error


def _connect(path: Path, options: str) -> _Connection:
    connection: _Connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", uri=True, factory=_Connection, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        version = stored_schema(connection, path)
        refuse_newer(version, path)
        refuse_older(version, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _signature(path: Path, length: int) -> Signature:
    """The first ``length`` of what tells a file from another: device, inode, size, time of change."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise missing(path) from error
    except OSError as error:
        raise not_writable(path, reason_of(error)) from error
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)[:length]


def _has_log(path: Path) -> bool:
    try:
        return os.stat(f"{path}-wal").st_size > 0
    except OSError:
        return False


def _condition(filters: Filters) -> tuple[str, list[str]]:
    """``filters`` as a condition on documents ``d``, with its values."""
    one_of: dict[str, Iterable[object]] = {
        "d.type": filters.types,
        "d.issuer": filters.issuers,
        "CAST(substr(d.issued, 1, 4) AS INTEGER)": filters.years,
        "d.id": filters.documents,
        "d.signer": filters.signers,
    }
    parts = [(f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(values))) for column, values in one_of.items() if values]
    if filters.issued_from:
        parts.append(("d.issued >= ?", filters.issued_from.isoformat()))
    if filters.issued_to:
        parts.append(("d.issued <= ?", filters.issued_to.isoformat()))
    return " AND ".join(["1", *(condition for condition, _value in parts)]), [value for _condition, value in parts]
