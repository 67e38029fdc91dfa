"""Export: a document of the catalogue as Akoma Ntoso, as JSON or as plain text. Reads the catalogue; writes no file itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgsearch.exporting.held import HeldDocument, Holdings
    from kgsearch.models import DocumentRecord

__all__ = ["FORMATS", "SUFFIXES", "export"]

FORMATS = ("akn", "json", "txt")
"""Akoma Ntoso 3.0 (XML), JSON, plain text."""

SUFFIXES: Mapping[str, str] = {".xml": "akn", ".akn": "akn", ".json": "json", ".txt": "txt"}
"""The format that a file's name asks for."""


def export(reader: Holdings, document: DocumentRecord, form: str) -> str:
    """``document`` in the format ``form`` (one of FORMATS), ending with a line end.

    Raises IndexStateError when the catalogue cannot be read, ValueError for another format.
    """
    from kgsearch.exporting.held import read_held

    return _writer(form)(read_held(reader, document))


def _writer(form: str) -> Callable[[HeldDocument], str]:
    if form == "akn":
        from kgsearch.exporting.akoma_ntoso import akoma_ntoso

        return akoma_ntoso
    if form == "json":
        from kgsearch.exporting.json_form import json_form

        return json_form
    if form == "txt":
        from kgsearch.exporting.plain_text import plain_text

        return plain_text
    raise ValueError(f"format: one of {FORMATS}, not {form!r}")
