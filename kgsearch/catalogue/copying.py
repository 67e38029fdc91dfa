"""Copies of the catalogue as it is at one moment, while others write it. Standard library alone."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from kgsearch.catalogue.state import not_writable, state_error
from kgsearch.durable import sync_to_disk
from kgsearch.errors import reason_of


def copy_database(source: sqlite3.Connection, path: Path) -> None:
    """Write what ``source`` holds now to ``path``, in place of what is there, as one file: whole and on the disk, or not at all.

    Raises IndexStateError where it cannot be written; sqlite3.Error is left to the caller where it is about ``source``.
    """
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        try:
            _copy(source, unfinished)
            os.replace(unfinished, path)
            sync_to_disk(path.parent)
        finally:
            for leftover in (unfinished, Path(f"{unfinished}-journal")):
                leftover.unlink(missing_ok=True)
    except OSError as error:
        raise not_writable(path, reason_of(error)) from error


def _copy(source: sqlite3.Connection, target: Path) -> None:
    try:
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            # The copy of a database with a log wants one as well; this one stands alone.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ")):
            raise
        raise state_error(target, error) from error
    sync_to_disk(target)
