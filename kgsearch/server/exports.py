"""Documents as downloads in the formats of `kgsearch.exporting`."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app

from kgsearch.errors import UsageError
from kgsearch.exporting import FORMATS, export
from kgsearch.i18n import gettext as _
from kgsearch.models import DocumentRecord
from kgsearch.server.originals import POLICY
from kgsearch.server.service import CatalogueView

EXPORT_NAMES: Mapping[str, str] = {"akn": "Akoma Ntoso", "json": "JSON", "txt": "TXT"}
"""What each format is called on a page."""

_KINDS = {"akn": ("xml", "application/xml"), "json": ("json", "application/json"), "txt": ("txt", "text/plain")}


def export_response(reader: CatalogueView, document: DocumentRecord, form: str) -> Response:
    """``document`` in the format ``form`` as an attachment.

    Raises UsageError for an unknown format, IndexStateError where the catalogue cannot be read.
    """
    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(_("“{name}” must be one of {known}, not “{value}”.").format(name="format", known=known, value=form[:40]))
    suffix, mimetype = _KINDS[form]
    response = current_app.response_class(export(reader, document, form), mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{document.id}.{suffix}")
    response.headers["Content-Security-Policy"] = POLICY
    return response
