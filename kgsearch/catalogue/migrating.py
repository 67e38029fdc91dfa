"""Bring a catalogue to the newest schema, by the migrations that are part of the package."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kgsearch.catalogue import versions
from kgsearch.catalogue.copying import copy_database
from kgsearch.catalogue.schema import meta

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(connection: sa.Connection) -> None:
    """Run the migrations that the catalogue has not seen and stamp the version, all in the caller's transaction.

    Foreign keys must be off on ``connection``: SQLite changes a table by copying and dropping it, and dropping a table that
    others point at would empty them.
    """
    config = Config()
    # The value is a template of configparser, where % begins a reference.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(sa.delete(meta).where(meta.c.key == "schema_version"))
    connection.execute(sa.insert(meta).values(key="schema_version", value=str(versions.SCHEMA_VERSION)))


def back_up(path: Path, version: int) -> Path:
    """Copy the catalogue as it is before it is migrated from ``version``; the copy's path."""
    copy = path.with_name(f"{path.name}.v{version}")
    with closing(sqlite3.connect(path)) as source:
        copy_database(source, copy)
    return copy
