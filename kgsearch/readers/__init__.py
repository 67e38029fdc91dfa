"""Readers: one file format each, from bytes to lines. Recognised by content; the name only says what is worth opening."""

from __future__ import annotations

import os
from pathlib import Path

from kgsearch.errors import ReadError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.text import decode, split_lines

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is opened: twice the text of the longest codes, and what one worker can hold many times over."""

TEXT_SUFFIXES = frozenset({".txt", ".text"})
OTHER_FORMATS = frozenset(
    {".doc", ".docx", ".odt", ".rtf", ".pdf", ".htm", ".html", ".mht", ".zip", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}
)
"""Formats in which offices keep documents and for which there is no reader: they are reported, never passed over in silence."""


def is_document_name(path: Path) -> bool:
    """Whether a file of this name may be a document: not hidden, not temporary, of a format in which documents are kept."""
    name = path.name.lower()
    if name.startswith((".", "~")) or name.endswith(("~", ".tmp", ".part", ".crdownload", ".swp", ".bak")):
        return False
    return path.suffix.lower() in TEXT_SUFFIXES | OTHER_FORMATS


def read(path: Path) -> SourceText:
    """The text of a file with its lines.

    Raises ReadError, naming the file, when it is missing, too large, empty, not text or of a format without a reader.
    """
    name = path.name
    if path.suffix.lower() in OTHER_FORMATS:
        raise ReadError(
            _("{name}: the format {suffix} cannot be read yet; save the document as plain text (.txt, UTF-8).").format(
                name=name, suffix=path.suffix
            )
        )
    try:
        # Not opened before it is known to be a file: a pipe would wait for ever, a device never end.
        if path.exists() and not path.is_file():
            raise ReadError(_("{name}: not a file; name the document itself.").format(name=name))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise ReadError(
                    _("{name}: the file has {size} MB; at most {limit} MB can be read. Split it into its documents.").format(
                        name=name, size=os.fstat(file.fileno()).st_size // 1024 // 1024, limit=MAX_BYTES // 1024 // 1024
                    )
                )
    except OSError as error:
        raise ReadError(_("{name}: the file cannot be opened ({reason}).").format(name=name, reason=reason_of(error))) from error
    text, encoding = decode(data, name)
    return split_lines(text, encoding, name)
