"""What readers report as wrong, kept for the office's administrator.

In a database of its own beside the catalogue: a report outlives the indexing, rebuilding and replacing of everything else, and is
written while an indexing run holds the catalogue. Standard library alone, so that ``kgsearch status`` stays quick.
"""

from __future__ import annotations

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from kgsearch.catalogue.copying import copy_database
from kgsearch.catalogue.state import not_writable
from kgsearch.errors import IndexStateError, NotFoundError, UsageError, reason_of
from kgsearch.i18n import gettext as _

FILE = "reports.sqlite"
VERSION = 1
MAX_MESSAGE = 2000
MAX_WORDS = 300
# Settled ones make room; a thousand that nobody has looked at are no help to anybody.
MAX_KEPT = 1000
SHOWN = 50
_WAIT_SECONDS = 10

_TABLE = """CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, eid TEXT NOT NULL, citation TEXT NOT NULL, words TEXT NOT NULL,
    about TEXT NOT NULL, message TEXT NOT NULL, reported TEXT NOT NULL, settled TEXT NOT NULL DEFAULT ''
)"""
_COLUMNS = "number, document, eid, citation, words, about, message, reported, settled"


class About(StrEnum):
    """What of a document or clause is wrong."""

    TEXT = "text"
    CITATION = "citation"
    LINK = "link"
    HEADER = "header"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is reported: the place (``eid`` "" for the document), how it was cited and what stood there then, and what is wrong."""

    document: str
    eid: str
    citation: str
    words: str
    about: About
    message: str


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault as it is kept; ``reported`` and ``settled`` are ISO 8601 times (UTC), ``settled`` "" as long as it is open."""

    number: int
    document: str
    eid: str
    citation: str
    words: str
    about: str
    message: str
    reported: str
    settled: str

    def to_json(self) -> dict[str, Any]:
        """An entry of ``reports``."""
        return {**asdict(self), "settled": self.settled or None}


class FaultReports:
    """The reports of one index folder. Safe to use from several threads and processes at once.

    Every method raises IndexStateError where the file cannot be used.
    """

    def __init__(self, index: Path) -> None:
        self.path = index / FILE

    def add(self, fault: Fault) -> int:
        """Keep ``fault``; returns the number of its report, that of an open one that says the same where there is one.

        Raises UsageError for an empty or too long message, and where MAX_KEPT open reports wait already.
        """
        message = plain(fault.message)
        if not message:
            raise UsageError(_("Say what is wrong, in a few words."))
        if len(message) > MAX_MESSAGE:
            raise UsageError(_("The message is longer than {count} characters; shorten it.").format(count=MAX_MESSAGE))
        same = (fault.document, fault.eid, str(fault.about), message)
        with self._writing() as connection:
            sql = "SELECT number FROM reports WHERE settled = '' AND (document, eid, about, message) = (?, ?, ?, ?)"
            known = connection.execute(sql, same).fetchone()
            if known:
                return int(known[0])
            _make_room(connection)
            words = plain(fault.words)[:MAX_WORDS]
            sql = "INSERT INTO reports (document, eid, about, message, citation, words, reported) VALUES (?, ?, ?, ?, ?, ?, ?)"
            return int(connection.execute(sql, (*same, plain(fault.citation), words, _now())).lastrowid or 0)

    def open(self, limit: int = MAX_KEPT) -> list[FaultReport]:
        """The open reports, newest first."""
        return self._read(f"SELECT {_COLUMNS} FROM reports WHERE settled = '' ORDER BY number DESC LIMIT ?", limit)

    def settle(self, number: int) -> FaultReport:
        """Mark an open report as settled. Raises NotFoundError where there is no open one with this number."""
        missing = NotFoundError(_("There is no open report {number}; kgsearch reports lists them.").format(number=number))
        if not os.path.exists(self.path):
            raise missing
        with self._writing() as connection:
            done = connection.execute("UPDATE reports SET settled = ? WHERE number = ? AND settled = ''", (_now(), number)).rowcount
            if not done:
                raise missing
            return FaultReport(*connection.execute(f"SELECT {_COLUMNS} FROM reports WHERE number = ?", (number,)).fetchone())

    def status(self) -> dict[str, Any]:
        """What ``kgsearch status`` says of them: how many are open, the newest of these, and why they cannot be read or None."""
        try:
            found, error = self.open(), None
        except IndexStateError as failure:
            found, error = [], str(failure)
        return {"reports_open": len(found), "reports": [one.to_json() for one in found[:SHOWN]], "reports_error": error}

    def copy_to(self, path: Path) -> None:
        """Copy the reports as they are at one moment to ``path``, while others write them; nothing where there are none."""
        if os.path.exists(self.path):
            with self._connection("ro") as connection:
                copy_database(connection, path)

    def _read(self, sql: str, *values: object) -> list[FaultReport]:
        if not os.path.exists(self.path):
            return []
        with self._connection("ro") as connection:
            return [FaultReport(*row) for row in connection.execute(sql, values)] if _version(connection, self.path) else []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the file, which is made where there is none; taken back where anything goes wrong in it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_writable(self.path, reason_of(error)) from error
        with self._connection("rwc") as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not _version(connection, self.path):
                    connection.execute(_TABLE)
                    connection.execute(f"PRAGMA user_version = {VERSION}")
                yield connection
            except BaseException:
                # A full disk has taken it back already, and what is said is that it is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise IndexStateError(
                _("{path}: the reports of errors cannot be used ({reason}); check the file, or put back a copy.").format(
                    path=self.path, reason=error
                )
            ) from error


def about_names() -> dict[str, str]:
    """What may be wrong, in words, in the order in which a form lists it."""
    return {
        About.TEXT: _("The words differ from the original"),
        About.CITATION: _("The citation is wrong"),
        About.LINK: _("A reference leads to the wrong place, or nowhere"),
        About.HEADER: _("Number, date, issuer, signer or standing is wrong"),
        About.OTHER: _("Something else"),
    }


def plain(text: str) -> str:
    """``text`` composed, without control and invisible characters, and with at most one empty line between others."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = "".join(letter for letter in composed if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs"))
    lines = [line.strip() for line in kept.split("\n")]
    return "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1])).strip()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise IndexStateError(_("{path}: written by a newer version of kgsearch; update kgsearch.").format(path=path))
    return version


def _make_room(connection: sqlite3.Connection) -> None:
    """Forget the oldest settled reports where as many as may be are kept. Raises UsageError where all of them are open."""
    excess = connection.execute("SELECT count(*) FROM reports").fetchone()[0] - MAX_KEPT + 1
    if excess <= 0:
        return
    sql = "DELETE FROM reports WHERE number IN (SELECT number FROM reports WHERE settled <> '' ORDER BY number LIMIT ?)"
    if connection.execute(sql, (excess,)).rowcount < excess:
        raise UsageError(
            _("{count} reports wait to be looked at, and no more are taken; please tell the administrator.").format(count=MAX_KEPT)
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
