"""Opening the catalogue's database for writing: created whole, migrated whole, or refused."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from kgsearch.catalogue import versions
from kgsearch.catalogue.checksum import decoded
from kgsearch.catalogue.migrating import back_up, migrate
from kgsearch.catalogue.state import damaged, missing, not_writable, refuse_newer, state_error, stored_schema
from kgsearch.durable import sync_to_disk
from kgsearch.errors import reason_of
from kgsearch.i18n import gettext as _

BUSY_SECONDS = 10
"""How long a statement waits for a reader that recovers or checkpoints the log."""


def open_database(path: Path, *, create: bool) -> sa.Engine:
    """The catalogue at ``path``, at the newest schema and writable, on one connection.

    Raises IndexStateError where there is none and ``create`` is false, where it is damaged, of a newer schema, or cannot be
    written. A catalogue appears under its name only when it is complete, so a file that is none is never taken for a new one.
    """
    with database_errors(path):
        if create and not os.path.lexists(path):
            _create(path)
        version = _stored_version(path)
        refuse_newer(version, path)
        if version < versions.SCHEMA_VERSION:
            back_up(path, version)
            _migrate(path)
        return _writable(path)


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite, its driver and the disk say into one IndexStateError, a fault of the data into ValueError."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError) as error:
        # The data's fault, not the database's.
        raise ValueError(str(error)) from error
    except sqlite3.Error as error:
        raise state_error(path, error) from error
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise ValueError(str(error.orig)) from error
    except sa.exc.DBAPIError as error:
        cause = error.orig
        raise state_error(path, cause if isinstance(cause, Exception) else error) from error
    except OSError as error:
        raise not_writable(path, reason_of(error)) from error


def _create(path: Path) -> None:
    """Make an empty catalogue beside ``path`` and give it its name when it is complete."""
    if os.path.lexists(f"{path}-wal"):
        # SQLite would play the old log into the new file.
        raise damaged(path, _("its log is there, the file itself is not"))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    for leftover in (unfinished, Path(f"{unfinished}-journal")):
        leftover.unlink(missing_ok=True)
    _migrate(unfinished)
    unfinished.rename(path)
    # An engine made after it must not outlive it.
    sync_to_disk(path.parent)


def _stored_version(path: Path) -> int:
    if not path.exists():
        raise missing(path)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as connection:
        return stored_schema(connection, path)


def _migrate(path: Path) -> None:
    engine = _engine(path, {"synchronous": "FULL", "foreign_keys": "OFF"})
    try:
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def _writable(path: Path) -> sa.Engine:
    engine = _engine(path, {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON"})
    try:
        # Every transaction begins by taking the right to write: an empty one shows whether there is one.
        with engine.begin():
            return engine
    except BaseException:
        engine.dispose()
        raise


def _engine(path: Path, pragmas: dict[str, str]) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )

    def configure(connection: Any, _record: object) -> None:
        # The driver begins transactions by its own rules and not before changes of tables; SQLAlchemy shall begin them.
        connection.isolation_level = None
        # What is damaged must not keep from writing what takes its place.
        connection.text_factory = decoded
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name} = {value}")

    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", configure)
    sa.event.listen(engine, "begin", begin)
    return engine
