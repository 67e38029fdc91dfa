"""A document as JSON: what ``kgsearch parse --json`` gives of it, and what the catalogue knows besides."""

from __future__ import annotations

import json
import re
from typing import Any

from kgsearch.exporting.held import HeldDocument
from kgsearch.models import Document

_CONTROL = re.compile("[\x7f-\x9f]")


def json_form(held: HeldDocument) -> str:
    """One JSON object: a document of ``kgsearch parse``, with ``files``, the paths of the files that hold it.

    Without ``spans``: they are places in a file, and the export stands without it. A reference has ``state`` and ``targets`` too,
    what became of it in the catalogue: {document, eid or null}.
    """
    record = held.record
    document = Document(
        id=record.id,
        number=record.number,
        type=record.type,
        title=record.title,
        issuer=record.issuer,
        place=record.place,
        issued=record.issued,
        signer=record.signer,
        signer_title=record.signer_title,
        recipients=record.recipients,
        bases=record.bases,
        references=tuple(link.reference for link in held.links),
        warnings=record.warnings,
        clauses=held.clauses,
        effective=record.effective,
        effective_in=record.effective_in,
        secrecy=record.secrecy,
        expires=record.expires,
        expires_in=record.expires_in,
        recognised=record.recognised,
    )
    value = document.to_json()
    for reference, link in zip(value["references"], held.links, strict=True):
        reference["state"] = str(link.state)
        reference["targets"] = [{"document": target.document, "eid": target.eid or None} for target in link.targets]
    _leave_out_spans(value["clauses"])
    written = {"id": value.pop("id"), "files": list(record.files), **value}
    # JSON lets U+007F to U+009F stand as they are, and a terminal obeys some of them.
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(written, ensure_ascii=False, indent=2)) + "\n"


def _leave_out_spans(clauses: list[dict[str, Any]]) -> None:
    for clause in clauses:
        del clause["spans"]
        _leave_out_spans(clause["clauses"])
