"""Which state a catalogue's file is in, and what to say when it cannot be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kgsearch.catalogue.versions import SCHEMA_VERSION
from kgsearch.errors import IndexStateError
from kgsearch.i18n import gettext as _

_NO_TEXT = "Could not decode to UTF-8"
"""How sqlite3 begins to say, with no code, that what is stored as text is none."""


_ROOM = 65_536
"""Bytes that SQLite needs beside what it writes, for its shared memory."""


class LostCatalogueError(IndexStateError):
    """There is no catalogue, or none that is whole: nothing but a backup brings back all that was in it."""


class OlderCatalogueError(IndexStateError):
    """The catalogue is of an older schema, to which the next run that writes it puts an end."""


def stored_schema(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version stamped in the catalogue at ``path``.

    Raises IndexStateError where it is none: another program's database, or an empty file.
    """
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_ERROR":
            raise
        row = None  # There is no such table.
    if row is None or not str(row[0]).isascii() or not str(row[0]).isdigit():
        raise damaged(path, _("it is empty, or another program's database"))
    return int(row[0])


def refuse_newer(version: int, path: Path) -> None:
    """Raise IndexStateError when a later program wrote the catalogue."""
    if version > SCHEMA_VERSION:
        raise IndexStateError(
            _("{path}: written by a newer version of kgsearch (schema {found}, this program knows {known}); update kgsearch.").format(
                path=path, found=version, known=SCHEMA_VERSION
            )
        )


def refuse_older(version: int, path: Path) -> None:
    """Raise OlderCatalogueError where an earlier program wrote the catalogue and this one has not been at it yet."""
    if version < SCHEMA_VERSION:
        raise OlderCatalogueError(
            _("{path}: written by an older version of kgsearch (schema {found}, needed {known}); run: kgsearch index.").format(
                path=path, found=version, known=SCHEMA_VERSION
            )
        )


def missing(path: Path) -> LostCatalogueError:
    """What to say where there is no catalogue."""
    return LostCatalogueError(_("There is no index in {folder} yet; run: kgsearch index.").format(folder=path.parent))


def damaged(path: Path, reason: object) -> LostCatalogueError:
    """What to say where the file is there and is no catalogue."""
    return LostCatalogueError(
        _("{path}: damaged or not a catalogue ({reason}); put back a copy, or move the index folder away and run: kgsearch index.").format(
            path=path, reason=reason
        )
    )


def altered(path: Path, document_id: str) -> IndexStateError:
    """What to say where a document is not as it was written."""
    return IndexStateError(
        _("{path}: damaged: {document} is not stored as it was written; read its files again with: kgsearch index --rebuild.").format(
            path=path, document=document_id
        )
    )


def state_error(path: Path, error: Exception) -> IndexStateError:
    """What to say of a database error: ``error`` is sqlite3's own."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if str(error).startswith(_NO_TEXT):
        # What it goes on with is the text.
        return altered(path, _("a document"))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")):
        return damaged(path, error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return IndexStateError(
            _("{path}: in use by another program ({reason}); try again when it has ended.").format(path=path, reason=error)
        )
    if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and _is_full(path.parent)):
        return IndexStateError(_("{path}: the disk is full; make room and run again, nothing that was written is lost.").format(path=path))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return not_writable(path, error)
    return IndexStateError(
        _("{path}: the catalogue cannot be used ({reason}); check the disk and run again.").format(path=path, reason=error)
    )


def _is_full(folder: Path) -> bool:
    """Whether the disk has no room: then SQLite cannot make its shared memory either, and calls that a fault of the disk."""
    # Not on the way of a search.
    import shutil

    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


def not_writable(path: Path, reason: object) -> IndexStateError:
    """What to say where file or folder cannot be opened or written."""
    return IndexStateError(
        _("{path}: cannot be opened or written ({reason}); check the permissions of the index folder.").format(path=path, reason=reason)
    )
