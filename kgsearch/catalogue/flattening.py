"""A document's tree as the rows of the catalogue: each clause with its place, its citation and the headings above it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from kgsearch.citations import clause_citation, number_key
from kgsearch.citations.name_keys import citation_key
from kgsearch.citations.sought import document_name_key, named_year, sought_by
from kgsearch.models import Clause, Document, LinkState, Span

LEAD_IN_WORDS = 40
"""How much of an ancestor's text stands for its heading where it has none."""

Row = dict[str, Any]

_PLAIN = frozenset([str, int, type(None)])
"""Types of the values that the database takes as they are."""

_NOT_SEARCHED = frozenset(["warnings", "header", "name_key", "named_year", "expires", "expires_in", "head"])
"""What of a document's metadata the engine is not told of, or is told of by other metadata."""


def document_row(document: Document) -> Row:
    """The metadata of a document."""
    return {
        "id": document.id,
        "number": document.number,
        "number_key": number_key(document.number) if document.number else "",
        "name_key": document_name_key(document),
        "named_year": named_year(document),
        "type": document.type,
        "title": document.title,
        "issuer": document.issuer,
        "place": document.place,
        "issued": document.issued,
        "signer": document.signer,
        "signer_title": document.signer_title,
        "effective": document.effective,
        "effective_in": document.effective_in,
        "secrecy": document.secrecy,
        "expires": document.expires,
        "expires_in": document.expires_in,
        "head": document.head,
        "recipients": list(document.recipients),
        "bases": list(document.bases),
        "warnings": [*document.warnings, *({"page": page.page, "confidence": page.confidence} for page in document.recognised)],
        "header": _ranges(document.header),
    }


def clause_rows(document: Document) -> list[Row]:
    """The clauses of a document in its order. Raises ValueError when two of them share an eId."""
    rows: list[Row] = []
    # By eId, what heads the clauses in it.
    headings: dict[str, list[str]] = {}
    for position, (clause, ancestors) in enumerate(document.walk()):
        if clause.eid in headings:
            raise ValueError(f"{document.id}: the eId {clause.eid} is used twice")
        above = headings[ancestors[-1].eid] if ancestors else []
        line = _heading_line(clause) if clause.clauses else ""
        headings[clause.eid] = [*above, line] if line else above
        rows.append(_clause_row(position, clause, ancestors, above))
    _add_last(rows)
    return rows


def reference_rows(document: Document) -> list[Row]:
    """What the document cites, in order, with what each reference looks for; what it leads to is not known yet."""
    return [
        {
            "eid": reference.eid,
            "text": reference.text,
            "start": reference.span.start,
            "end": reference.span.end,
            "form": reference.form,
            "document": reference.document,
            "number": reference.number,
            "year": reference.year,
            "issued": reference.issued,
            "clauses": list(reference.clauses),
            "relation": str(reference.relation),
            "since": reference.since,
            "number_key": sought.number_key,
            "name_key": sought.name_key,
            "sought": sought.to_json(),
            "state": str(LinkState.MISSING),
        }
        for reference, sought in zip(document.references, sought_by(document), strict=True)
    ]


def plain(row: Row, names: Sequence[str]) -> tuple[Any, ...]:
    """The values of a row, in the order of ``names``, as the database holds them: lists as JSON, dates as ISO 8601."""
    return tuple(value if type(value) in _PLAIN else _plain(value) for value in map(row.__getitem__, names))


def plain_clauses(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of a document's clauses with their values as the database holds them."""
    # The headings are those of all clauses in one parent.
    headings: dict[str, str] = {}
    for row in rows:
        parent = row["parent"]
        if parent not in headings:
            headings[parent] = _list_as_json(row["headings"])
        yield {
            **row,
            "headings": headings[parent],
            # Python writes lists of whole numbers as JSON has them, and sooner.
            "spans": str(row["spans"]),
            "footnotes": _list_as_json(row["footnotes"]),
            "columns": _list_as_json(row["columns"]),
            "cells": _list_as_json(row["cells"]),
        }


def content_digest(document: Row, clauses: Sequence[Row]) -> str:
    """SHA-256 of all that can be found or shown of a document; not of where in a file it stands."""
    metadata = [value if value is None else str(value) for name, value in document.items() if name not in _NOT_SEARCHED]
    words = [[row[name] for name in ("eid", "kind", "label", "heading", "text", "headings", "columns", "cells")] for row in clauses]
    return hashlib.sha256(json.dumps([metadata, words]).encode()).hexdigest()


# Made once: `json.dumps` makes an encoder each time for this setting.
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def _list_as_json(value: list[Any]) -> str:
    # Most are empty.
    return _as_json(value) if value else "[]"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return _list_as_json(value)
    if isinstance(value, dict):
        return _as_json(value)
    return value.isoformat() if isinstance(value, date) else value


def _add_last(rows: Sequence[Row]) -> None:
    """Write into the rows of a document's clauses where each ends: a clause without others in it where it stands, another where the last
    of these does."""
    last: dict[str, int] = {}
    for row in reversed(rows):
        row["last"] = last.get(row["eid"], row["position"])
        last.setdefault(row["parent"], row["last"])


def _clause_row(position: int, clause: Clause, ancestors: Sequence[Clause], headings: list[str]) -> Row:
    citation = clause_citation(clause, ancestors)
    return {
        "position": position,
        "eid": clause.eid,
        "parent": ancestors[-1].eid if ancestors else "",
        "kind": str(clause.kind),
        "label": clause.label,
        "number": clause.number,
        "heading": clause.heading,
        "text": clause.text,
        "citation": citation,
        "citation_key": citation_key(citation),
        "headings": headings,
        "page": clause.page,
        "spans": _ranges(clause.spans),
        "footnotes": list(clause.footnotes),
        "marked_in": clause.marked_in,
        "columns": list(clause.columns),
        "cells": list(clause.cells),
    }


def _heading_line(clause: Clause) -> str:
    """How a clause heads those below it: its label, unless that is a dash, and its heading, else the beginning of its text."""
    label = clause.label if any(character.isalnum() for character in clause.label) else ""
    heading = clause.heading
    if not heading:
        words = clause.text.split()
        heading = " ".join(words[:LEAD_IN_WORDS]) + (" …" if len(words) > LEAD_IN_WORDS else "")
    return f"{label} {heading}".strip()


def _ranges(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
