"""Look-ups of what documents said before: the part of `CatalogueReader` that reads their versions."""

from __future__ import annotations

import json
import sqlite3
import zlib
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

from kgsearch.catalogue.records import clause_record, document_record
from kgsearch.catalogue.state import damaged
from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, DocumentRecord, VersionRecord

_VERSIONS = """
    FROM documents d JOIN versions v ON v.document = d.id
    WHERE d.id = ? AND d.state <> 'removed' AND v.sha256 <> d.sha256 AND v.content <> d.content"""
"""A version of the bytes or the words of now is none: its file came back."""


class VersionReader(ABC):
    """What documents said before their files were rewritten; every method raises IndexStateError when the catalogue cannot be read."""

    path: Path

    @abstractmethod
    def _read(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection on which everything is seen as of one moment."""

    def versions(self, document_id: str) -> list[VersionRecord]:
        """What is kept of what a document said before, newest first; none where there is no such document."""
        sql = f"SELECT v.number, v.replaced, v.path, v.title, v.issued, v.clauses {_VERSIONS} ORDER BY v.number DESC"
        with self._read() as connection:
            return [
                VersionRecord(number, replaced, path, title, date.fromisoformat(issued) if issued else None, clauses)
                for number, replaced, path, title, issued, clauses in connection.execute(sql, [document_id])
            ]

    def version(self, document_id: str, number: int) -> tuple[DocumentRecord, list[ClauseRecord]] | None:
        """A document and its clauses as they were in the version ``number``, or None where that is not kept.

        Both are under the document's id of now. The record's only file is the one that it was read from, which is no more what it was;
        it has none where that is not known.
        """
        with self._read() as connection:
            row = connection.execute(f"SELECT v.path, v.data {_VERSIONS} AND v.number = ?", [document_id, number]).fetchone()
        if row is None:
            return None
        try:
            return records_of(document_id, row["path"], row["data"])
        except UnreadableVersionError as error:
            raise damaged(self.path, error) from error


class UnreadableVersionError(ValueError):
    """The data of a version are not what was written."""


def records_of(document_id: str, path: str, data: bytes) -> tuple[DocumentRecord, list[ClauseRecord]]:
    """A version's document and its clauses, in order, under the id ``document_id``. Raises UnreadableVersionError."""
    try:
        document, clauses = unpacked(data)
        rows = [{**clause, "document": document_id} for clause in clauses]
        record = document_record({**document, "id": document_id}, [(path, "")] if path else [])
        return record, [clause_record(one, rows[one["position"] + 1 : one["last"] + 1]) for one in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableVersionError(_("a version of {document} cannot be read").format(document=document_id)) from error


def unpacked(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of a version's document and of its clauses, in order, as `kgsearch.catalogue.history` packed them. Raises
    UnreadableVersionError."""
    try:
        value = json.loads(zlib.decompress(data))
        return value["document"], [dict(zip(value["columns"], clause, strict=True)) for clause in value["clauses"]]
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise UnreadableVersionError(str(error)) from error
