"""The original files of documents: downloads that cannot do harm, and PDF files for the browser's own viewer."""

from __future__ import annotations

from pathlib import Path

from flask import Response, send_file

from kgsearch.errors import NotFoundError
from kgsearch.i18n import gettext as _
from kgsearch.models import DocumentRecord

# Opened in a browser after all, the file may run nothing and load nothing.
POLICY = "sandbox; default-src 'none'"
# Browsers refuse to start their viewer in a sandbox; the viewer is one itself, and the file loads nothing.
VIEWER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
_PDF = b"%PDF-"


def original_path(corpus: Path, document: DocumentRecord, number: int) -> Path:
    """The file ``number`` (from 1) of ``document``, resolved.

    Raises NotFoundError where the catalogue names no such file, where it is gone, and where it lies outside the corpus
    folder by its name or through a link.
    """
    if not 1 <= number <= len(document.files):
        raise NotFoundError(_("The document has no file number {number}.").format(number=number))
    name = document.files[number - 1]
    missing = NotFoundError(_("The file {name} is no longer in the corpus folder.").format(name=Path(name).name))
    try:
        path = (corpus / name).resolve(strict=True)
        path.relative_to(corpus.resolve(strict=True))
    except (OSError, ValueError, RuntimeError):
        raise missing from None
    if not path.is_file():
        raise missing
    return path


def is_pdf(path: Path) -> bool:
    """Whether the file at ``path`` is a PDF file, by its first bytes: whoever named it may have called a page of scripts so."""
    try:
        with path.open("rb") as file:
            return file.read(len(_PDF)) == _PDF
    except OSError:
        return False


def viewer_response(path: Path, name: str) -> Response:
    """The PDF file at ``path`` to be shown by the browser's viewer, which opens the page that the address names (``#page=3``)."""
    response = send_file(path.absolute(), mimetype="application/pdf", as_attachment=False, download_name=name)
    response.headers["Content-Security-Policy"] = VIEWER_POLICY
    return response


def original_response(path: Path, name: str) -> Response:
    """The file at ``path`` as an attachment named ``name``, of no type that a browser would open."""
    response = send_file(path.absolute(), mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = POLICY
    return response
