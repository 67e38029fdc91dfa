"""Archives (.zip): each file in one is a document's file of its own.

Nothing is written to disk. What an archive says of the sizes in it is not believed: what comes out is counted as it is unpacked.
"""

from __future__ import annotations

import contextlib
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.dispatch import MemberFailure, read_member
from kgsearch.readers.formats import SUFFIXES

MAX_ENTRIES = 2_000
"""Files and folders in an archive."""

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes of all files in an archive together, unpacked."""

MAX_RATIO = 100
"""How many times larger a file may be than it is packed; documents pack to a tenth, and a bomb to a thousandth."""

_FREE = 1024 * 1024
"""Bytes of a file below which the ratio says nothing."""

_CHUNK = 1 << 16
_LONGEST_NAME = 200
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, NotImplementedError, RuntimeError),
)


def read_zip(data: bytes, name: str) -> Iterator[SourceText | MemberFailure]:
    """The text of each document in the archive, in the order of their names, or why it cannot be read.

    Links, folders, hidden files and files of other formats are passed over; archives and encrypted files are named as failures. Raises
    ReadError, naming the archive, where it is damaged as a whole, holds too many files or unpacks to more than MAX_UNPACKED bytes.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise ReadError(_("{name}: the archive is damaged; copy it again, or unpack it and add its files.").format(name=name)) from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ReadError(
                _("{name}: the archive holds {count} files; at most {limit} are read. Unpack it and add its files.").format(
                    name=name, count=len(entries), limit=MAX_ENTRIES
                )
            )
        left = MAX_UNPACKED
        for entry in sorted((entry for entry in entries if _is_document(entry)), key=lambda entry: entry.filename):
            unpacked = _unpacked(archive, entry, left)
            if isinstance(unpacked, MemberFailure):
                yield unpacked
                continue
            left -= len(unpacked)
            if left < 0:
                raise ReadError(
                    _("{name}: the archive unpacks to more than {limit} MB; unpack it and add its files.").format(
                        name=name, limit=MAX_UNPACKED // 1024 // 1024
                    )
                )
            yield read_member(unpacked, member_name(entry))


def member_name(entry: zipfile.ZipInfo) -> str:
    """The name of a file in an archive with its folders, as it is shown: Vietnamese names are UTF-8 whatever the archive says."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return "".join(character if character.isprintable() else "?" for character in name)[-_LONGEST_NAME:]


def _is_document(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry is a file that may be a document: links, hidden files and what no format is kept in are none."""
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
        return False
    path = PurePosixPath(member_name(entry).replace("\\", "/"))
    if any(part.startswith((".", "~", "__MACOSX")) for part in path.parts if part not in (".", "..")):
        return False
    return path.suffix.lower() in SUFFIXES


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes | MemberFailure:
    """The bytes of a file, at most one more than ``left``; a failure where it cannot be unpacked or is a bomb."""
    member = member_name(entry)
    if entry.flag_bits & 0x1:
        return MemberFailure(member, _("the file is encrypted; unpack it with its password and add it."))
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as file:
            while size <= left and (piece := file.read(min(_CHUNK, left + 1 - size))):
                size += len(piece)
                if size > _FREE and size > MAX_RATIO * max(entry.compress_size, 1):
                    return MemberFailure(
                        member, _("it unpacks to more than {ratio} times its size, as no document does.").format(ratio=MAX_RATIO)
                    )
                pieces.append(piece)
    except _DAMAGED:
        return MemberFailure(member, _("it is damaged in the archive; copy the archive again."))
    return b"".join(pieces)
