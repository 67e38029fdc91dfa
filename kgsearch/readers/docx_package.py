"""The parts of an OOXML package, inflated within bounds and parsed without entities.

python's own expat is used: all that is asked of a library here is elements, and a document type, which is what entities and
outside references need, is refused at its first byte.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _

MAX_ENTRIES = 2_000
MAX_INFLATED = 200 * 1024 * 1024
"""Bytes of all parts that are read, counted while they are inflated."""
MAX_RATIO = 100
"""Inflated bytes for each packed one; counted from RATIO_FROM on, because a page of empty table cells packs as well as a bomb."""
RATIO_FROM = 8 * 1024 * 1024
_CHUNK = 256 * 1024

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

# The strict form of the standard has other names for the same elements.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", WORD[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE_TYPE[:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)


class _Builder(ElementTree.TreeBuilder):
    """Builds elements, and refuses a document type: a text document has none, an attack by entities needs one."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Called at the declaration, before anything in it is read."""
        raise _DocumentTypeError(name)


class _DocumentTypeError(Exception):
    """A part declares a document type."""


class Package:
    """A package's parts by name. Raises ReadError naming ``name`` for what is damaged, forbidden or beyond the bounds."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = MAX_INFLATED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.damaged() from error
        if len(entries) > MAX_ENTRIES:
            raise ReadError(
                _("{name}: the file holds {count} parts, more than {limit}; open it in a word processor and save it anew.").format(
                    name=name, count=len(entries), limit=MAX_ENTRIES
                )
            )
        # Some programs on Windows name the parts with its own separator.
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}

    def damaged(self) -> ReadError:
        """The error for a package that cannot be read."""
        return ReadError(_("{name}: the file is damaged; open it in a word processor and save it anew.").format(name=self.name))

    def main_part(self) -> str:
        """Name of the part that holds the text; its usual one where the package does not say."""
        for kind, target in self._relations("_rels/.rels", ""):
            if kind.endswith("/officeDocument"):
                return target
        return "word/document.xml"

    def related(self, part: str) -> dict[str, str]:
        """Names of the parts that ``part`` points to, by kind ("styles", "numbering", "footnotes", …)."""
        folder, base = posixpath.split(part)
        return {kind.rpartition("/")[2]: target for kind, target in self._relations(f"{folder}/_rels/{base}.rels", folder)}

    def _relations(self, part: str, folder: str) -> Iterator[tuple[str, str]]:
        root = self.element(part)
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External" and target:
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                yield relation.get("Type", ""), path

    def element(self, part: str) -> ElementTree.Element | None:
        """The root element of a part; None where there is no such part."""
        entry = self._entries.get(part.lstrip("/").lower())
        if entry is None:
            return None
        data = self._inflate(entry)
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
        try:
            return ElementTree.fromstring(data, ElementTree.XMLParser(target=_Builder()))
        except _DocumentTypeError as error:
            raise ReadError(
                _("{name}: the file declares a document type, which no word processor writes; it was not read.").format(name=self.name)
            ) from error
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise self.damaged() from error

    def _inflate(self, entry: zipfile.ZipInfo) -> bytes:
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    if self._left < 0 or (size > RATIO_FROM and size > MAX_RATIO * max(1, entry.compress_size)):
                        raise ReadError(
                            _("{name}: the file unpacks to far more than a document holds; it was not read.").format(name=self.name)
                        )
                    chunks.append(chunk)
        except RuntimeError as error:  # zipfile's word for an entry that asks for a password
            raise ReadError(_("{name}: the file is protected by a password; save it without one.").format(name=self.name)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise self.damaged() from error
        return b"".join(chunks)
