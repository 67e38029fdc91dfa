"""What files hold: the statements that keep files, documents and their ties true. Each works in its caller's transaction.

What holds after each: a document's words are those of the newest file that holds it (by time of change, then path), or that
file is marked to be read again; a document that no file holds is 'removed'.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kgsearch.catalogue import history
from kgsearch.catalogue.checksum import CLAUSE, DOCUMENT, REFERENCE, names
from kgsearch.catalogue.flattening import Row
from kgsearch.catalogue.prepared import Holding
from kgsearch.catalogue.schema import document_files, documents, files

PENDING, INDEXED, REMOVED = "pending", "indexed", "removed"


def _places(columns: str) -> str:
    return ", ".join("?" for _name in names(columns))


# Written as they are, without the object mapper in between: a document has hundreds of clauses.
_INSERT_DOCUMENT = f"INSERT INTO documents ({DOCUMENT}, content, state, passages) VALUES ({_places(DOCUMENT)}, '', '{PENDING}', 0)"
_UPDATE_DOCUMENT = f"""UPDATE documents SET {", ".join(f"{name} = ?" for name in names(DOCUMENT))},
    content = ?, file_key = ?, sha256 = ?, state = ?, clauses = ?, checksum = ? WHERE key = ?"""
_DELETE_CLAUSES = "DELETE FROM clauses WHERE document_key = ?"
_INSERT_CLAUSE = f"INSERT INTO clauses (document_key, {CLAUSE}) VALUES (?, {_places(CLAUSE)})"
_DELETE_REFERENCES = 'DELETE FROM "references" WHERE document_key = ?'
_INSERT_REFERENCE = f"""INSERT INTO "references" (document_key, {REFERENCE}, state) VALUES (?, {_places(REFERENCE)}, 'missing')"""


def put_file_row(connection: sa.Connection, path: str, values: Row) -> int:
    """Write what is known of the file at ``path``; its key."""
    key = file_key(connection, path)
    if key is None:
        return int(connection.execute(sa.insert(files).values(path=path, **values).returning(files.c.key)).scalar_one())
    connection.execute(sa.update(files).where(files.c.key == key).values(**values))
    return key


def file_key(connection: sa.Connection, path: str) -> int | None:
    """The key of the file at ``path``, or None."""
    key: int | None = connection.execute(sa.select(files.c.key).where(files.c.path == path)).scalar()
    return key


def files_in(connection: sa.Connection, path: str) -> list[tuple[str, int]]:
    """(path, key) of the file at ``path`` and, where it is an archive, of what is known of files in it."""
    # "0" is the character after the stroke.
    within = (files.c.path > f"{path}/") & (files.c.path < f"{path}0")
    rows = connection.execute(sa.select(files.c.path, files.c.key).where((files.c.path == path) | within).order_by(files.c.path))
    return [(row.path, row.key) for row in rows]


def documents_held(connection: sa.Connection, file: int) -> list[int]:
    """Keys of the documents that a file holds."""
    return list(connection.execute(sa.select(document_files.c.document_key).where(document_files.c.file_key == file)).scalars())


def documents_read_from(connection: sa.Connection, file: int) -> list[int]:
    """Keys of the documents whose words are those of a file."""
    return list(connection.execute(sa.select(documents.c.key).where(documents.c.file_key == file)).scalars())


def ids_of(connection: sa.Connection, keys: Iterable[int]) -> set[str]:
    """Ids of the documents with these keys."""
    return {one for key in keys for one in connection.execute(sa.select(documents.c.id).where(documents.c.key == key)).scalars()}


def alive(connection: sa.Connection, keys: Iterable[int]) -> set[int]:
    """Those of these documents that a file holds."""
    return {
        key
        for key in keys
        if connection.execute(sa.select(documents.c.state).where(documents.c.key == key)).scalar() not in (None, REMOVED)
    }


def documents_with(connection: sa.Connection, ids: Iterable[str]) -> list[int]:
    """Keys of the documents with these ids, as far as there are such."""
    return [key for one in ids for key in connection.execute(sa.select(documents.c.key).where(documents.c.id == one)).scalars()]


def let_go(connection: sa.Connection, file: int) -> list[int]:
    """Untie a file from all its documents; their keys, which the caller settles."""
    held = documents_held(connection, file)
    connection.execute(sa.delete(document_files).where(document_files.c.file_key == file))
    return held


def hold(connection: sa.Connection, file: int, sha256: str, position: int, holding: Holding) -> int:
    """Tie a file to a document and write its words if this is the newest file that holds it; the document's key.

    ``sha256`` is of the file's bytes: words that other bytes take the place of are kept as a version.
    """
    key: int | None = connection.execute(sa.select(documents.c.key).where(documents.c.id == holding.id)).scalar()
    if key is None:
        key = int(connection.exec_driver_sql(_INSERT_DOCUMENT, tuple(holding.document.values())).lastrowid)
    connection.execute(sa.insert(document_files).values(document_key=key, file_key=file, position=position, content=holding.content))
    if _newest_file(connection, key) == file:
        _write(connection, key, file, sha256, holding)
    return key


def settle(connection: sa.Connection, keys: Iterable[int]) -> None:
    """Make true again what holds of these documents after files were tied or untied."""
    for key in keys:
        newest = _newest_file(connection, key)
        this = documents.c.key == key
        if newest is None:
            connection.execute(sa.update(documents).where(this).values(state=REMOVED))
        elif connection.execute(sa.select(documents.c.file_key).where(this)).scalar() != newest:
            connection.execute(sa.update(files).where(files.c.key == newest).values(sha256=""))


def _newest_file(connection: sa.Connection, key: int) -> int | None:
    ties = document_files.join(files, files.c.key == document_files.c.file_key)
    newest = (
        sa.select(files.c.key)
        .select_from(ties)
        .where(document_files.c.document_key == key)
        .order_by(files.c.mtime_ns.desc(), files.c.path.desc())
        .limit(1)
    )
    found: int | None = connection.execute(newest).scalar()
    return found


def _write(connection: sa.Connection, key: int, file: int, sha256: str, holding: Holding) -> None:
    """Replace a document's words by those of ``file``; the engine is to be told only where they are others than before."""
    this = documents.c.key == key
    columns = (documents.c.content, documents.c.state, documents.c.sha256, documents.c.file_key)
    content, state, sha256_before, file_before = connection.execute(sa.select(*columns).where(this)).one()
    # Where the newest file was deleted an older one speaks again: what the deleted one said is gone with it. But a document that no
    # file holds has a file again under another name.
    there = file_before is not None or state == REMOVED
    if there and content not in ("", holding.content) and sha256_before not in ("", sha256):
        history.keep_version(connection, key)
    state = INDEXED if content == holding.content and state == INDEXED else PENDING
    values = (*holding.document.values(), holding.content, file, sha256, state, len(holding.clauses), holding.checksum, key)
    connection.exec_driver_sql(_UPDATE_DOCUMENT, values)
    for delete, insert, rows in (
        (_DELETE_CLAUSES, _INSERT_CLAUSE, holding.clauses),
        (_DELETE_REFERENCES, _INSERT_REFERENCE, holding.references),
    ):
        connection.exec_driver_sql(delete, (key,))
        if rows:
            connection.exec_driver_sql(insert, [(key, *row) for row in rows])
