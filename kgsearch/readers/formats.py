"""Which format a file is of, told by its content: the name is only what somebody called it.

Nothing heavy is imported here: a format names its reader, and `kgsearch.readers.worker` loads that in a process of its own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

HEAD = 4096
"""Bytes from the start of a file by which most formats are told."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of documents.

    ``matches(head, data)`` says whether a file is of it, ``head`` being the first HEAD bytes of ``data``. ``reader`` is
    "module:function", a function from bytes and the file's name to a SourceText (an archive: to one for each document in it) that raises
    ReadError. ``needs`` is the program beside Python's packages without which it cannot be read, "" for none.
    """

    name: str
    suffixes: tuple[str, ...]
    matches: Callable[[bytes, bytes], bool]
    reader: str
    needs: str = ""


_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
# Comments and declarations may stand before the first element; a page saved by a browser may begin with any of these.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,2000}?-->\s*){0,4}<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|center)\b",
    re.I | re.S,
)


def zip_directory(data: bytes) -> bytes:
    """The names in a zip archive, as they stand in its directory at the end; b"" where there is none."""
    end = data.rfind(_ZIP_END, max(0, len(data) - 66_000))
    if end < 0 or end + 22 > len(data):
        return b""
    size, start = struct.unpack_from("<II", data, end + 12)
    return data[start : min(start + size, end)]


def _is_docx(head: bytes, data: bytes) -> bool:
    directory = zip_directory(data) if head.startswith(_ZIP) else b""
    return b"[Content_Types].xml" in directory and b"word/document" in directory


def _is_other_office(head: bytes, data: bytes) -> bool:
    """A workbook or a presentation: parts as in a text document, and no text."""
    directory = zip_directory(data) if head.startswith(_ZIP) else b""
    other = head[30:].startswith(b"mimetypeapplication/vnd.oasis") and not _is_odt(head, data)
    return other or (b"[Content_Types].xml" in directory and not _is_docx(head, data) and b"/" in directory)


def _is_odt(head: bytes, _data: bytes) -> bool:
    return head.startswith(_ZIP) and head[30:].startswith(_ODT)


def _is_zip(head: bytes, data: bytes) -> bool:
    return head.startswith((_ZIP, _ZIP_END)) and not _is_other_office(head, data)


def _is_doc(head: bytes, data: bytes) -> bool:
    return head.startswith(_COMPOUND) and "WordDocument".encode("utf-16-le") in data


def _is_pdf(head: bytes, _data: bytes) -> bool:
    # What a scanner or a mail program put before it is allowed by the readers of the format, up to 1,024 bytes.
    return b"%PDF-" in head[:1024]


def _is_html(head: bytes, _data: bytes) -> bool:
    plain = head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:8] else head
    return _HTML.match(plain.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")) is not None


def _is_mhtml(head: bytes, _data: bytes) -> bool:
    lower = head.lower()
    return b"mime-version:" in lower and b"multipart/related" in lower


def _is_rtf(head: bytes, _data: bytes) -> bool:
    return head.startswith(b"{\\rtf")


def _is_image(head: bytes, _data: bytes) -> bool:
    return head.startswith(_IMAGES)


def _is_legacy_text(head: bytes, data: bytes) -> bool:
    """No format's mark, no zero bytes: text in an encoding before Unicode, if anything. Its reader judges."""
    return not head.startswith((_ZIP, _COMPOUND)) and b"\0" not in data


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        known.name: known
        for known in (
            Format("pdf", (".pdf",), _is_pdf, "kgsearch.readers.pdf:read_pdf"),
            Format("docx", (".docx", ".docm", ".dotx"), _is_docx, "kgsearch.readers.docx:read_docx"),
            Format("odt", (".odt",), _is_odt, "kgsearch.readers.libreoffice:read_odt", "LibreOffice"),
            Format("zip", (".zip",), _is_zip, "kgsearch.readers.archive:read_zip"),
            Format("doc", (".doc",), _is_doc, "kgsearch.readers.libreoffice:read_doc", "LibreOffice"),
            Format("rtf", (".rtf",), _is_rtf, "kgsearch.readers.libreoffice:read_rtf", "LibreOffice"),
            Format("image", (".jpg", ".jpeg", ".png", ".tif", ".tiff"), _is_image, "kgsearch.readers.ocr:read_image", "Tesseract"),
            Format("mhtml", (".mht", ".mhtml"), _is_mhtml, "kgsearch.readers.html:read_mhtml"),
            Format("html", (".htm", ".html", ".xhtml"), _is_html, "kgsearch.readers.html:read_html"),
            Format("legacy text", (".txt", ".text"), _is_legacy_text, "kgsearch.readers.encodings:read_legacy_text"),
        )
    }
)
"""Formats by name, in the order in which they are tried; plain Unicode text is none of them and is told before."""

SUFFIXES = frozenset(suffix for known in FORMATS.values() for suffix in known.suffixes)
"""Ends of names under which these formats are kept."""

MARKED = tuple(name for name in FORMATS if name != "legacy text")
"""Formats that are told by a mark of their own, before a file is taken for text."""


def is_protected(data: bytes) -> bool:
    """Whether a file of an office program is locked with a password."""
    return data.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") in data


def is_other_office(data: bytes) -> bool:
    """Whether a file is of an office program and no text: a workbook, a presentation, a message."""
    return data.startswith(_COMPOUND) or _is_other_office(data[:HEAD], data)


def recognise(data: bytes, among: Sequence[str] = tuple(FORMATS)) -> Format | None:
    """The format of ``data``, of those named in ``among``; None where it is of none of them."""
    head = data[:HEAD]
    for name in among:
        if FORMATS[name].matches(head, data):
            return FORMATS[name]
    return None
