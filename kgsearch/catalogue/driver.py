"""SQLite's own connection, on which the statements run that keep files, documents and links true.

Writing what a file holds is dozens of small statements, linking it hundreds; each takes several times as long in the layers above as in
the database.
"""

from __future__ import annotations

import sqlite3
from typing import Any, cast

import sqlalchemy as sa


def driver_of(connection: sa.Connection) -> sqlite3.Connection:
    """The driver's connection, in the transaction of ``connection``."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def value(connection: sqlite3.Connection, sql: str, *values: object) -> Any:
    """The first value of the first row selected; None where there is none."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]


def column(connection: sqlite3.Connection, sql: str, *values: object) -> list[Any]:
    """The first value of every row selected."""
    return [row[0] for row in connection.execute(sql, values)]
