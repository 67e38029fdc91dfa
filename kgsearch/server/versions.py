"""The earlier versions of a document: listed on its page, and read as of one of them, which is marked as replaced and not for citing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import render_template

from kgsearch.errors import NotFoundError
from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, DocumentRecord, VersionRecord
from kgsearch.server.outline import lay_out
from kgsearch.server.service import search_service
from kgsearch.server.sheet import sheet

PARAMETER = "version"
"""The parameter of a document's page that asks for one of its earlier versions."""

MARK = "@"
"""Stands between the id of a document and the number of a version where both are one name; no id holds it."""

MAX_VERSION = 10**6


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was: ``entry`` says of it when it was replaced, ``record`` and ``clauses`` are what it held."""

    entry: VersionRecord
    record: DocumentRecord
    clauses: Sequence[ClauseRecord]


def version_key(document: str, number: int) -> str:
    """How a version of a document is named in addresses."""
    return f"{document}{MARK}{number}"


def version_address(document: str, number: int, eid: str = "") -> str:
    """The page of a version, at the clause where one is named."""
    return f"/documents/{quote(document)}?{PARAMETER}={number}" + (f"#{quote(eid)}" if eid else "")


def version_number(text: str) -> int:
    """The number that ``text`` is. Raises NotFoundError for what can be none."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_VERSION))):
        raise NotFoundError(_("“{value}” is not the number of a version.").format(value=text[:40]))
    return int(text)


def asked_version(document: DocumentRecord, number: int) -> Version:
    """The version ``number`` of ``document``. Raises NotFoundError where it is not kept (any more)."""
    reader = search_service().reader
    entry = next((one for one in reader.versions(document.id) if one.number == number), None)
    held = reader.version(document.id, number) if entry else None
    if entry is None or held is None:
        raise NotFoundError(_("No version {number} of this document is kept; its page lists those that are.").format(number=number))
    return Version(entry, *held)


def version_page(document: DocumentRecord, number: int, query: str) -> str:
    """The page of a version: its words, what became of it, and nothing to cite it by."""
    found = asked_version(document, number)
    later = [one.number for one in search_service().reader.versions(document.id) if one.number > number]
    # Nothing is known of where its references led, and a clause of it has no page of its own: that is the clause as it is now.
    layout = lay_out(found.clauses, query)
    return render_template(
        "version.html",
        document=found.record,
        current=document,
        version=found.entry,
        key=version_key(document.id, number),
        next_key=version_key(document.id, min(later)) if later else "",
        layout=layout,
        body=sheet(layout, None),
        query=query.strip(),
        today=date.today(),
    )
