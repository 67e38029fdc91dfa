"""What files hold: the statements that keep files, documents and their ties true. Each works in its caller's transaction.

What holds after each: a document's words are those of the newest file that holds it (by time of change, then path), or that
file is marked to be read again; a document that no file holds is 'removed'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from kgsearch.catalogue.flattening import Row, clause_rows, content_digest, document_row, reference_rows
from kgsearch.catalogue.schema import clauses, document_files, documents, files, references
from kgsearch.i18n import gettext as _
from kgsearch.models import Document

PENDING, INDEXED, REMOVED = "pending", "indexed", "removed"


@dataclass(frozen=True, slots=True)
class Holding:
    """A document as a file holds it, ready to be written."""

    document: Row
    clauses: list[Row]
    references: list[Row]
    content: str


def holdings_of(held: Sequence[Document]) -> list[Holding]:
    """The documents of one file as rows. Raises ValueError for a document whose clauses share an eId.

    One that stands twice in the file is taken once; two with one id and different words are both kept, the second as ``id-2``.
    """
    taken: dict[str, str] = {}
    return [holding for document in held for holding in _distinct(document, taken)]


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


def documents_held(connection: sa.Connection, file: int) -> list[int]:
    """Keys of the documents that a file holds."""
    return list(connection.execute(sa.select(document_files.c.document_key).where(document_files.c.file_key == file)).scalars())


def documents_read_from(connection: sa.Connection, file: int) -> list[int]:
    """Keys of the documents whose words are those of a file."""
    return list(connection.execute(sa.select(documents.c.key).where(documents.c.file_key == file)).scalars())


def documents_with(connection: sa.Connection, ids: Iterable[str]) -> list[int]:
    """Keys of the documents with these ids, as far as there are such."""
    return [key for one in ids for key in connection.execute(sa.select(documents.c.key).where(documents.c.id == one)).scalars()]


def let_go(connection: sa.Connection, file: int) -> list[int]:
    """Untie a file from all its documents; their keys, which the caller settles."""
    held = documents_held(connection, file)
    connection.execute(sa.delete(document_files).where(document_files.c.file_key == file))
    return held


def hold(connection: sa.Connection, file: int, position: int, holding: Holding) -> int:
    """Tie a file to a document and write its words if this is the newest file that holds it; the document's key."""
    key: int | None = connection.execute(sa.select(documents.c.key).where(documents.c.id == holding.document["id"])).scalar()
    if key is None:
        key = int(connection.execute(sa.insert(documents).values(**_new(holding)).returning(documents.c.key)).scalar_one())
    connection.execute(sa.insert(document_files).values(document_key=key, file_key=file, position=position, content=holding.content))
    if _newest_file(connection, key) == file:
        _write(connection, key, file, holding)
    return key


def settle(connection: sa.Connection, keys: Iterable[int]) -> None:
    """Make true again what holds of these documents after files were tied or untied."""
    for key in keys:
        newest = _newest_file(connection, key)
        this = documents.c.key == key
        if newest is None:
            connection.execute(sa.update(documents).where(this).values(state=REMOVED, file_key=None))
        elif connection.execute(sa.select(documents.c.file_key).where(this)).scalar() != newest:
            connection.execute(sa.update(files).where(files.c.key == newest).values(sha256=""))


def _distinct(document: Document, taken: dict[str, str]) -> Iterator[Holding]:
    """The holding of ``document`` under an id that is not in ``taken`` (id -> digest), nothing where it is there already."""
    rows, references_there = clause_rows(document), reference_rows(document)
    # The digest is of the document under its own id, so that a copy is known whatever id it would get.
    content = content_digest(document_row(document), rows)
    number = 1
    while (document_id := document.id if number == 1 else f"{document.id}-{number}") in taken:
        if taken[document_id] == content:
            return
        number += 1
    taken[document_id] = content
    if number > 1:
        warning = _("The file holds several documents with the id {id}; this is number {number}.").format(id=document.id, number=number)
        document = replace(document, id=document_id, warnings=(*document.warnings, warning))
    yield Holding(document_row(document), rows, references_there, content)


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


def _new(holding: Holding) -> Row:
    return {**holding.document, "content": "", "state": PENDING, "passages": 0}


def _write(connection: sa.Connection, key: int, file: int, holding: Holding) -> None:
    """Replace a document's words by those of ``file``; the engine is to be told only where they are others than before."""
    this = documents.c.key == key
    before = connection.execute(sa.select(documents.c.content, documents.c.state).where(this)).one()
    state = before.state if before.content == holding.content and before.state == INDEXED else PENDING
    connection.execute(sa.update(documents).where(this).values(**holding.document, content=holding.content, file_key=file, state=state))
    for table, rows in ((clauses, holding.clauses), (references, holding.references)):
        connection.execute(sa.delete(table).where(table.c.document_key == key))
        if rows:
            connection.execute(sa.insert(table), [{"document_key": key, **row} for row in rows])
