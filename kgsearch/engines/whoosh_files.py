"""How a segment's file is read: at the place where something stands, when it is asked for.

Whoosh maps the file into memory and then copies all of it, so that opening an index takes as long as reading it and as much memory as
it is large. Here nothing is held but an open file: removed, it can be read on; cut short or changed by somebody, it gives an error, where
a mapped one would end the process or give other numbers.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import warnings
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

from kgsearch.engines import manifest

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
    from whoosh.filedb.compound import CompoundStorage
    from whoosh.filedb.filestore import OverlayStorage
    from whoosh.filedb.structfile import BufferFile
    from whoosh.reading import SegmentReader

_INT = struct.Struct("!i")


def file_of(segment: Any) -> str:
    """The name of the file in which a segment of Whoosh's lies."""
    return str(segment.make_filename(segment.COMPOUND_EXT))


class _OpenFile:
    """A file of a commit, open for reading from any place, that has the size and the checksum ``facts``. It closes itself, because who
    holds a search engine may end without saying so."""

    def __init__(self, path: Path, facts: tuple[int, int]) -> None:
        self._facts = facts
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._state = self._state_now()
        self._damaged: tuple[int, int, int] | None = None
        self.size = facts[0]

    def get(self, place: int, length: int) -> bytes:
        """The bytes there. Raises OSError where the file has fewer."""
        found = self._read(place, length)
        if len(found) != length:
            raise OSError("the file was cut short")
        return found

    def verify(self) -> None:
        """Return if all that was read until now is what was written. Raises OSError where somebody has changed the file.

        Quick, unless the system says that the file was touched: then it is read in full.
        """
        state = self._state_now()
        if state != self._state:
            # Most often it was only removed.
            if state == self._damaged or manifest.measured(self._chunks()) != self._facts:
                self._damaged = state
                raise OSError("the file was changed")
            self._state = state

    def _state_now(self) -> tuple[int, int, int]:
        found = os.fstat(self._descriptor)
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _chunks(self) -> Iterator[bytes]:
        place = 0
        while chunk := self._read(place, manifest.CHUNK):
            yield chunk
            place += len(chunk)

    def _read(self, place: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, length, place)
        # Windows; who reads holds the segment's lock.
        os.lseek(self._descriptor, place, os.SEEK_SET)
        return os.read(self._descriptor, length)

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):  # It was never opened.
            self.close()


class _Part(io.RawIOBase):
    """A part of an open file, as a file of its own."""

    def __init__(self, file: _OpenFile, start: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._place = 0

    def get(self, place: int, length: int) -> bytes:
        """The bytes there, as far as the part reaches. Raises OSError where the file is shorter than it was."""
        return self._file.get(self._start + place, max(0, min(length, self._size - place)))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        self._place = place + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        return self._place

    def readinto(self, buffer: Any) -> int:
        found = self.get(self._place, len(buffer))
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)


class _PartFile(BufferFile):  # type: ignore[misc]  # Whoosh is untyped
    """What Whoosh reads a part of a segment by."""

    def __init__(self, part: _Part, name: str) -> None:
        self._part = part
        self._name = name
        # Whoosh reads numbers one by one at the beginning of a part, and what is there in pickles.
        self.file = io.BufferedReader(part, 1024)
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    def get(self, position: int, length: int) -> bytes:
        return self._part.get(position, length)


class _SegmentFiles(CompoundStorage):  # type: ignore[misc]  # Whoosh is untyped
    """The parts of a segment's one file."""

    def __init__(self, path: Path, facts: tuple[int, int]) -> None:
        self._opened = _OpenFile(path, facts)
        super().__init__(_PartFile(_Part(self._opened, 0, self._opened.size), path.name), use_mmap=False)

    def open_file(self, name: str, *args: Any, **options: Any) -> _PartFile:
        return _PartFile(_Part(self._opened, *self.range(name)), name)

    def verify(self) -> None:
        """As of the file."""
        self._opened.verify()

    def close(self) -> None:
        self._opened.close()


class StoredSegmentReader(SegmentReader):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's reader of a segment over a file of ours, whose size and checksum ``committed`` names. Who has read is to `verify`."""

    def __init__(self, storage: Any, schema: Any, segment: Any, committed: manifest.Manifest) -> None:
        self.schema = schema
        self.is_closed = False
        self._segment = segment
        self._segid = segment.segment_id()
        self._gen = None
        name = file_of(segment)
        files = _SegmentFiles(Path(storage.folder) / name, committed.files[name])
        try:
            self._storage = OverlayStorage(files, storage)
            self._codec = segment.codec()
            self._terms = self._codec.terms_reader(self._storage, segment)
            self._perdoc = self._codec.per_document_reader(self._storage, segment)
        except BaseException:
            files.close()
            raise
        self._files = files

    def verify(self) -> None:
        """Return if all that was read until now is what was committed. Quick. Raises OSError."""
        self._files.verify()

    def close(self) -> None:
        """Close the file."""
        if not self.is_closed:
            self.is_closed = True
            self._files.close()

    def term_postings(self, name: str, token: bytes) -> tuple[Sequence[int], Sequence[float]]:
        """The numbers of the passages that hold a token, deleted ones among them, and how often each does. Raises TermNotFound."""
        return self.postings_at(self._terms.term_info(name, token))

    def postings_at(self, facts: Any) -> tuple[Sequence[int], Sequence[float]]:
        """The same for a token of which Whoosh has told the ``facts``; five times as fast as its matchers."""
        # Whoosh leaves the length as it is unpacked, in a tuple.
        offset, (length,) = facts.extent()
        content = self._terms._postfile.get(offset, length)
        if not content.startswith(WHOOSH3_HEADER_MAGIC):
            raise ValueError("no postings there")
        numbers: list[int] = []
        frequencies: list[float] = []
        place, left = len(WHOOSH3_HEADER_MAGIC), True
        while left:
            (size,) = _INT.unpack_from(content, place)
            # The last block has its size as a negative number.
            left, size, place = size > 0, abs(size), place + _INT.size
            block = io.BytesIO(content[place : place + size])
            count, _last, _most, compressed, *_lengths = pickle.load(block)
            packed = block.read()
            differences, weights, _values = pickle.loads(zlib.decompress(packed) if compressed else packed)
            numbers += accumulate(differences)
            frequencies += _weights(weights, count)
            place += size
        return numbers, frequencies


def _weights(weights: Any, count: int) -> Sequence[float]:
    """As Whoosh shortens them: None where all are one, a number where all are the same."""
    if weights is None:
        return [1.0] * count
    if isinstance(weights, float):
        return [weights] * count
    return array("f", weights)
