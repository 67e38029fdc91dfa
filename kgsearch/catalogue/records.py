"""Rows of the database as the records that other rooms know. Standard library alone."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, DocumentRecord, Kind, PageRecognition

Row = sqlite3.Row | Mapping[str, Any]

#: What is read of a row, after its key and its checksum: `row_checksum` is of these, in this order.
DOCUMENT_SHOWN = (
    "d.id, d.number, d.type, d.title, d.issuer, d.place, d.issued, d.signer, d.signer_title, d.recipients, d.bases, d.warnings, "
    "d.effective, d.effective_in, d.secrecy, d.expires, d.expires_in, d.head"
)
CLAUSE_SHOWN = (
    "d.id AS document, c.position, c.last, c.eid, c.parent, c.kind, c.label, c.heading, c.text, c.citation, c.headings, "
    "c.page, c.footnotes, c.marked_in, c.columns, c.cells"
)
DOCUMENT_COLUMNS = f"d.key, d.crc, {DOCUMENT_SHOWN}"
CLAUSE_COLUMNS = f"c.document_key, c.crc, {CLAUSE_SHOWN}"
_SHOWN_FROM = 2
_SHOWN_TO = {"document": _SHOWN_FROM + DOCUMENT_SHOWN.count(",") + 1, "clause": _SHOWN_FROM + CLAUSE_SHOWN.count(",") + 1}


def row_checksum(values: Sequence[Any]) -> int:
    """The CRC-32 of what is read of a row: by it a letter that a disk has turned over is not shown as what the document says."""
    return zlib.crc32(repr(tuple(values)).encode("utf-8", "surrogatepass"))


class AlteredRowError(ValueError):
    """A row of ``document`` is not as it was written."""

    def __init__(self, document: object) -> None:
        super().__init__(document)
        self.document = str(document)


def check_rows(rows: Iterable[sqlite3.Row], kind: Literal["document", "clause"]) -> None:
    """Raise AlteredRowError for a row that begins with DOCUMENT_COLUMNS or CLAUSE_COLUMNS and is not as it was written; one written before
    there were checksums has none."""
    end = _SHOWN_TO[kind]
    for row in rows:
        values = tuple(row)
        if values[1] is not None and values[1] != row_checksum(values[_SHOWN_FROM:end]):
            raise AlteredRowError(values[_SHOWN_FROM])


def document_record(row: Row, files: Sequence[tuple[str, str]]) -> DocumentRecord:
    """A document by its row; ``files`` are (path, digest of the document there), the one whose words are kept first."""
    remarks = json.loads(row["warnings"])
    warnings = [remark for remark in remarks if isinstance(remark, str)]
    others = [path for path, content in files if content != files[0][1]]
    if others:
        warnings.append(
            _("{others}: also holds this document, in other words; those of {file}, the newest file, are kept.").format(
                others=", ".join(others), file=files[0][0]
            )
        )
    return DocumentRecord(
        id=row["id"],
        number=row["number"],
        type=row["type"],
        title=row["title"],
        issuer=row["issuer"],
        place=row["place"],
        issued=date.fromisoformat(row["issued"]) if row["issued"] else None,
        signer=row["signer"],
        signer_title=row["signer_title"],
        effective=date.fromisoformat(row["effective"]) if row["effective"] else None,
        effective_in=row["effective_in"],
        secrecy=row["secrecy"],
        expires=date.fromisoformat(row["expires"]) if row["expires"] else None,
        expires_in=row["expires_in"],
        head=row["head"],
        files=tuple(path for path, _content in files),
        recipients=tuple(json.loads(row["recipients"])),
        bases=tuple(json.loads(row["bases"])),
        warnings=tuple(warnings),
        recognised=tuple(PageRecognition(**remark) for remark in remarks if isinstance(remark, dict)),
    )


def clause_record(row: Row, descendants: Sequence[Row]) -> ClauseRecord:
    """A clause by its row and the rows of all that stands in it, in order."""
    lines = [row["text"], *(f"{below['label']} {below['text']}".strip() for below in descendants)]
    return ClauseRecord(
        document=row["document"],
        eid=row["eid"],
        parent=row["parent"],
        position=row["position"],
        kind=Kind(row["kind"]),
        label=row["label"],
        heading=row["heading"],
        text=row["text"],
        full_text="\n".join(line for line in lines if line),
        citation=row["citation"],
        headings=tuple(json.loads(row["headings"])),
        page=row["page"],
        footnotes=tuple(json.loads(row["footnotes"])),
        marked_in=row["marked_in"],
        columns=tuple(json.loads(row["columns"])),
        cells=tuple(json.loads(row["cells"])),
    )
