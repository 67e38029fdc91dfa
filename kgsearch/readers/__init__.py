"""Readers: one file format each, from bytes to lines. Recognised by content; the name only says what is worth opening.

Plain Unicode text is decoded here; everything else is read in a process of its own (`kgsearch.readers.supervisor`).
"""

from __future__ import annotations

import os
from pathlib import Path

from kgsearch.errors import ReadError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.dispatch import Contents, format_of
from kgsearch.readers.encodings import read_text
from kgsearch.readers.formats import HEAD, MARKED, SUFFIXES, recognise

READERS_VERSION = 1
"""Raised whenever the same file would give another text: files read by another version are read again."""

MAX_BYTES = 32 * 1024 * 1024
"""The largest text that is opened: twice the text of the longest codes, and what one worker can hold many times over."""

MAX_FILE_BYTES = 100 * 1024 * 1024
"""The largest file of another format: some hundred scanned pages."""

TEXT_SUFFIXES = frozenset({".txt", ".text"})

_DOCUMENT_SUFFIXES = tuple(sorted(TEXT_SUFFIXES | SUFFIXES))
_TEMPORARY = ("~", ".tmp", ".part", ".crdownload", ".swp", ".bak")


def is_document_name(path: Path | str) -> bool:
    """Whether a file of this name may be a document: not hidden, not temporary, of a format in which documents are kept."""
    name = os.path.basename(path).lower()
    return name.endswith(_DOCUMENT_SUFFIXES) and not name.startswith((".", "~")) and not name.endswith(_TEMPORARY)


def read(path: Path) -> SourceText:
    """The text of a file with its lines.

    Raises ReadError, naming the file, when it is missing, too large, empty, of no format that is read, damaged, or holds several
    files (`read_all`).
    """
    contents = read_all(path)
    if len(contents.sources) > 1:
        raise ReadError(_("{name}: an archive of several files; unpack it, or read each of them.").format(name=path.name))
    return contents.sources[0]


def read_all(path: Path) -> Contents:
    """What is in a file: a text, or for an archive one for each file in it that can be read, and why the others cannot.

    Raises ReadError, naming the file, when nothing in it can be read.
    """
    data = _bytes(path)
    if format_of(data, path.name) is None:
        return Contents((read_text(data, path.name),))
    # Loaded only here: most files are text, and a search reads none.
    from kgsearch.readers.supervisor import read_apart

    return read_apart(data, path.name)


def _bytes(path: Path) -> bytes:
    """The file's bytes. Raises ReadError when it cannot be opened or is too large for what it is."""
    name = path.name
    try:
        # Not opened before it is known to be a file: a pipe would wait for ever, a device never end.
        if path.exists() and not path.is_file():
            raise ReadError(_("{name}: not a file; name the document itself.").format(name=name))
        with path.open("rb") as file:
            head = file.read(HEAD)
            limit = MAX_BYTES
            # The directory of an archive is at its end: what begins like one is taken for one here.
            if recognise(head, MARKED) is not None or head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
                limit = MAX_FILE_BYTES
            data = head + file.read(limit + 1 - len(head))
            if len(data) > limit:
                raise ReadError(
                    _("{name}: the file has {size} MB; at most {limit} MB can be read. Split it into its documents.").format(
                        name=name, size=os.fstat(file.fileno()).st_size // 1024 // 1024, limit=limit // 1024 // 1024
                    )
                )
    except OSError as error:
        raise ReadError(_("{name}: the file cannot be opened ({reason}).").format(name=name, reason=reason_of(error))) from error
    return data
