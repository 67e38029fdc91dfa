"""What files hold: the statements that keep files, documents and their ties true. Each works in its caller's transaction.

What holds after each: a document's words are those of the newest file that holds it (by time of change, then path), or that
file is marked to be read again; a document that no file holds is 'removed'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from kgsearch.catalogue import history
from kgsearch.catalogue.checksum import CLAUSE, DOCUMENT, REFERENCE, names
from kgsearch.catalogue.driver import column, value
from kgsearch.catalogue.prepared import Holding

PENDING, INDEXED, REMOVED = "pending", "indexed", "removed"


def _places(columns: str) -> str:
    return ", ".join("?" for _name in names(columns))


_INSERT_DOCUMENT = f"INSERT INTO documents ({DOCUMENT}, content, state, passages) VALUES ({_places(DOCUMENT)}, '', '{PENDING}', 0)"
_UPDATE_DOCUMENT = f"""UPDATE documents SET {", ".join(f"{name} = ?" for name in names(DOCUMENT))},
    content = ?, file_key = ?, sha256 = ?, state = ?, clauses = ?, checksum = ? WHERE key = ?"""
_DELETE_CLAUSES = "DELETE FROM clauses WHERE document_key = ?"
_INSERT_CLAUSE = f"INSERT INTO clauses (document_key, {CLAUSE}) VALUES (?, {_places(CLAUSE)})"
_DELETE_REFERENCES = 'DELETE FROM "references" WHERE document_key = ?'
_INSERT_REFERENCE = f"""INSERT INTO "references" (document_key, {REFERENCE}, state) VALUES (?, {_places(REFERENCE)}, 'missing')"""


_NEWEST_FILE = """SELECT f.key FROM document_files l JOIN files f ON f.key = l.file_key WHERE l.document_key = ?
    ORDER BY f.mtime_ns DESC, f.path DESC LIMIT 1"""


def put_file_row(connection: sqlite3.Connection, path: str, values: Mapping[str, object]) -> int:
    """Write what is known of the file at ``path``; its key."""
    key = file_key(connection, path)
    if key is None:
        places = ", ".join("?" for _name in values)
        sql = f"INSERT INTO files (path, {', '.join(values)}) VALUES (?, {places})"
        return int(connection.execute(sql, (path, *values.values())).lastrowid or 0)
    change_file_row(connection, key, values)
    return key


def change_file_row(connection: sqlite3.Connection, key: int, values: Mapping[str, object]) -> None:
    """Write something else of a known file."""
    connection.execute(f"UPDATE files SET {', '.join(f'{name} = ?' for name in values)} WHERE key = ?", (*values.values(), key))


def file_key(connection: sqlite3.Connection, path: str) -> int | None:
    """The key of the file at ``path``, or None."""
    key: int | None = value(connection, "SELECT key FROM files WHERE path = ?", path)
    return key


def files_in(connection: sqlite3.Connection, path: str) -> list[tuple[str, int]]:
    """(path, key) of the file at ``path`` and, where it is an archive, of what is known of files in it."""
    # "0" is the character after the stroke.
    sql = "SELECT path, key FROM files WHERE path = ? OR (path > ? AND path < ?) ORDER BY path"
    return connection.execute(sql, (path, f"{path}/", f"{path}0")).fetchall()


def documents_held(connection: sqlite3.Connection, file: int) -> list[int]:
    """Keys of the documents that a file holds."""
    return column(connection, "SELECT document_key FROM document_files WHERE file_key = ?", file)


def documents_read_from(connection: sqlite3.Connection, file: int) -> list[int]:
    """Keys of the documents whose words are those of a file."""
    return column(connection, "SELECT key FROM documents WHERE file_key = ?", file)


def ids_of(connection: sqlite3.Connection, keys: Iterable[int]) -> set[str]:
    """Ids of the documents with these keys."""
    return {one for key in keys for one in column(connection, "SELECT id FROM documents WHERE key = ?", key)}


def alive(connection: sqlite3.Connection, keys: Iterable[int]) -> set[int]:
    """Those of these documents that a file holds."""
    return {key for key in keys if value(connection, "SELECT state FROM documents WHERE key = ?", key) not in (None, REMOVED)}


def documents_with(connection: sqlite3.Connection, ids: Iterable[str]) -> list[int]:
    """Keys of the documents with these ids, as far as there are such."""
    return [key for one in ids for key in column(connection, "SELECT key FROM documents WHERE id = ?", one)]


def let_go(connection: sqlite3.Connection, file: int) -> list[int]:
    """Untie a file from all its documents; their keys, which the caller settles."""
    held = documents_held(connection, file)
    connection.execute("DELETE FROM document_files WHERE file_key = ?", (file,))
    return held


def hold(connection: sqlite3.Connection, file: int, sha256: str, position: int, holding: Holding) -> int:
    """Tie a file to a document and write its words if this is the newest file that holds it; the document's key.

    ``sha256`` is of the file's bytes: words that other bytes take the place of are kept as a version.
    """
    key: int | None = value(connection, "SELECT key FROM documents WHERE id = ?", holding.id)
    if key is None:
        key = int(connection.execute(_INSERT_DOCUMENT, tuple(holding.document.values())).lastrowid or 0)
    tie = "INSERT INTO document_files (document_key, file_key, position, content) VALUES (?, ?, ?, ?)"
    connection.execute(tie, (key, file, position, holding.content))
    if value(connection, _NEWEST_FILE, key) == file:
        _write(connection, key, file, sha256, holding)
    return key


def settle(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Make true again what holds of these documents after files were tied or untied."""
    for key in keys:
        newest = value(connection, _NEWEST_FILE, key)
        if newest is None:
            connection.execute("UPDATE documents SET state = ? WHERE key = ?", (REMOVED, key))
        elif value(connection, "SELECT file_key FROM documents WHERE key = ?", key) != newest:
            change_file_row(connection, newest, {"sha256": ""})


def _write(connection: sqlite3.Connection, key: int, file: int, sha256: str, holding: Holding) -> None:
    """Replace a document's words by those of ``file``; the engine is to be told only where they are others than before."""
    before = connection.execute("SELECT content, state, sha256, file_key FROM documents WHERE key = ?", (key,)).fetchone()
    content, state, sha256_before, file_before = before
    # Where the newest file was deleted an older one speaks again: what the deleted one said is gone with it. But a document that no
    # file holds has a file again under another name.
    there = file_before is not None or state == REMOVED
    if there and content not in ("", holding.content) and sha256_before not in ("", sha256):
        history.keep_version(connection, key)
    state = INDEXED if content == holding.content and state == INDEXED else PENDING
    values = (*holding.document.values(), holding.content, file, sha256, state, len(holding.clauses), holding.checksum, key)
    connection.execute(_UPDATE_DOCUMENT, values)
    for delete, insert, rows in (
        (_DELETE_CLAUSES, _INSERT_CLAUSE, holding.clauses),
        (_DELETE_REFERENCES, _INSERT_REFERENCE, holding.references),
    ):
        connection.execute(delete, (key,))
        if rows:
            connection.executemany(insert, ((key, *row) for row in rows))
