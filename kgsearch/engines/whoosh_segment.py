"""One segment of the index, read: its columns in memory once they are asked for, its postings as they are.

A segment once committed is never written again: what later commits delete of it stands beside it. So the snapshots of one commit
after another share it, and what has been read of it is not read again.
"""

from __future__ import annotations

import warnings
from array import array
from collections import Counter, OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from kgsearch.engines import manifest
from kgsearch.engines.matching import Group
from kgsearch.engines.whoosh_files import StoredSegmentReader
from kgsearch.engines.whoosh_stored import NUMBER, document_in_bytes, documents_in, groups_of_bytes, length_field, reading

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.reading import TermNotFound

_BYTES_KEPT = 32_000_000

# What a token costs that nothing holds: its key, and two empty sequences.
_BYTES_OF_A_TOKEN = 400


class RawPostings(NamedTuple):
    """The numbers, in their segment, of the passages that hold a token, deleted ones among them, and how often each does:
    ``frequencies`` None where all hold it once."""

    numbers: Sequence[int]
    frequencies: Sequence[int] | None


class Groups:
    """The groups of all segments, numbered as they are met: a number stays what it is for as long as anything is open. Safe to use
    from several threads."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._lock = Lock()
        self._numbers: dict[bytes, int] = {}
        self._of_documents: dict[str, list[int]] = {}

    def numbers(self, stored: Sequence[bytes]) -> Sequence[int]:
        """The numbers of groups as a column holds them."""
        with self._lock:
            new = [group for group in dict.fromkeys(stored) if group not in self._numbers]
            for number, (packed, group) in enumerate(zip(new, groups_of_bytes(new), strict=True), start=len(self.groups)):
                self.groups.append(group)
                self._numbers[packed] = number
                self._of_documents.setdefault(group.document, []).append(number)
            return [self._numbers[group] for group in stored]

    def of_document(self, document: str) -> Sequence[int]:
        """The numbers of a document's groups: those of all metadata that it has had."""
        return self._of_documents.get(document, ())


class PostingsCache:
    """What was read last of all segments, bounded. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Segment, str, str], RawPostings] = OrderedDict()
        self._size = 0

    def get(self, segment: Segment, name: str, token: str) -> RawPostings:
        """The postings of ``token`` in a segment. Raises IndexStateError."""
        key = (segment, name, token)
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        found = segment.postings(name, token)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._size += _size(found)
            while self._size > _BYTES_KEPT and len(self._kept) > 1:
                self._size -= _size(self._kept.popitem(last=False)[1])
        return found

    def forget(self, segment: Segment) -> None:
        """Nothing will ask for ``segment`` any more."""
        with self._lock:
            for key in [key for key in self._kept if key[0] is segment]:
                self._size -= _size(self._kept.pop(key))


def _size(postings: RawPostings) -> int:
    """In bytes."""
    return _BYTES_OF_A_TOKEN + sum(len(kept) * array(NUMBER).itemsize for kept in postings if kept is not None)


class Columns(NamedTuple):
    """Of each passage of a segment the group and the clause, and of each group how many passages it has there."""

    group_of: array[int]
    clause_of: array[int]
    held: Mapping[int, int]

    def groups_without(self, ghosts: Collection[int]) -> Collection[int]:
        """The groups that have a passage that is none of ``ghosts``."""
        if not ghosts:
            return self.held.keys()
        gone = Counter(self.group_of[number] for number in ghosts)
        return [group for group, count in self.held.items() if count > gone[group]]

    def numbers_of_group(self, group: int) -> list[int]:
        """The numbers of the passages of a group."""
        numbers: list[int] = []
        for _passage in range(self.held.get(group, 0)):
            numbers.append(self.group_of.index(group, numbers[-1] + 1 if numbers else 0))
        return numbers


class Segment:
    """``segment`` of Whoosh as the manifest ``committed`` has it, opened. Closed when the last who shares it lets it go."""

    def __init__(self, folder: Path, storage: Any, schema: Any, segment: Any, committed: manifest.Manifest, groups: Groups) -> None:
        self.name = str(segment.segment_id())
        self._shared_by = 0
        self._folder = folder
        self._groups = groups
        self._lock = Lock()
        self._reader = StoredSegmentReader(storage, schema, segment, committed)
        self.size: int = self._reader.doc_count_all()
        self._columns: Columns | None = None
        self._documents: frozenset[bytes] | None = None
        self._lengths: dict[str, Sequence[int]] = {}
        self._totals: dict[str, int] = {}
        self._distinct: dict[str, Collection[int]] = {}

    def columns(self) -> Columns:
        """What a search looks at of every passage. Raises IndexStateError."""
        if self._columns is None:
            with self._lock, reading(self._folder):
                names, references = reference_column(self._reader, "group")
                clause_of = numeric_column(self._reader, "clause")
                self._reader.verify()
                group_of = array(NUMBER, map(self._groups.numbers(names).__getitem__, references))
                self._columns = Columns(group_of, clause_of, Counter(group_of))
        return self._columns

    def numbers_of(self, document: str) -> list[int]:
        """The numbers of the passages of a document. Raises IndexStateError."""
        if self._documents is None:
            # Most documents that are written stand in no segment, and to tell that takes no columns.
            with self._lock, reading(self._folder):
                self._documents = documents_in(packed_references(self._reader, "group")[1])
                self._reader.verify()
        if document_in_bytes(document) not in self._documents:
            return []
        columns = self.columns()
        return [number for group in self._groups.of_document(document) for number in columns.numbers_of_group(group)]

    def lengths(self, name: str) -> Sequence[int]:
        """How many tokens each passage has in field ``name``. Raises IndexStateError."""
        found = self._lengths.get(name)
        if found is None:
            with self._lock, reading(self._folder):
                found = numeric_column(self._reader, length_field(name))
                self._reader.verify()
            self._totals[name] = sum(found)
            self._lengths[name] = found
        return found

    def distinct_lengths(self, name: str) -> Collection[int]:
        """The lengths that occur in field ``name``. Raises IndexStateError."""
        found = self._distinct.get(name)
        if found is None:
            found = self._distinct[name] = frozenset(self.lengths(name))
        return found

    def tokens(self, name: str, without: Collection[int]) -> int:
        """How many tokens all passages have in field ``name``, those ``without`` aside. Raises IndexStateError."""
        lengths = self.lengths(name)
        return self._totals[name] - sum(lengths[number] for number in without)

    def postings(self, name: str, token: str) -> RawPostings:
        """The postings of ``token`` in field ``name``. Raises IndexStateError."""
        with self._lock, reading(self._folder):
            try:
                numbers, frequencies = self._reader.term_postings(name, token.encode())
            except TermNotFound:
                numbers, frequencies = (), ()
            self._reader.verify()
        counts = None if all(frequency == 1 for frequency in frequencies) else array(NUMBER, map(int, frequencies))
        return RawPostings(array(NUMBER, numbers), counts)

    def stored(self, number: int) -> tuple[str, str, str, str]:
        """Passage, clause, context and text of passage ``number``, as they are stored. Raises IndexStateError."""
        with self._lock, reading(self._folder):
            passage, clause, context, text = self._reader.stored_fields(number)["entry"]
            self._reader.verify()
        return passage, clause, context, text

    def share(self) -> Segment:
        """The segment itself, for one more snapshot."""
        with self._lock:
            self._shared_by += 1
        return self

    def let_go(self) -> bool:
        """One snapshot needs it no more; whether that was the last, and its file is closed."""
        with self._lock:
            self._shared_by -= 1
            if not self._shared_by:
                self._close()
            return not self._shared_by

    def _close(self) -> None:
        # A damaged one may fail to close; it must not keep others open.
        with suppress(Exception):
            self._reader.close()


def numeric_column(reader: Any, name: str) -> array[int]:
    """A whole numeric column: Whoosh's own way to it unpacks the numbers one by one."""
    count = reader.doc_count_all()
    if not reader.has_column(name):
        return array(NUMBER, bytes(count * array(NUMBER).itemsize))
    column = reader.column_reader(name, translate=False)
    numbers: array[int] = column._dbfile.get_array(column._basepos, NUMBER, column._count)
    # Zeros at the end are not stored.
    numbers.frombytes(bytes((count - len(numbers)) * numbers.itemsize))
    return numbers


def reference_column(reader: Any, name: str) -> tuple[Sequence[bytes], Sequence[int]]:
    """A whole column of references: the values, and for each passage the index of its value."""
    references, packed = packed_references(reader, name)
    return _unpacked(packed), references


def packed_references(reader: Any, name: str) -> tuple[Sequence[int], bytes]:
    """A whole column of references: for each passage the index of its value, and the values as they stand there, one after another."""
    file, start, length = reader._perdoc._get_column_file(name)
    typecode = chr(file.get_byte(start + length - 1))
    references: array[int] = file.get_array(start, typecode, reader.doc_count_all())
    taken = len(references) * references.itemsize
    return references, file.get(start + taken, length - taken - 1)


def _unpacked(packed: bytes) -> list[bytes]:
    """The values of a column of references: Whoosh's own way to them reads the file once or twice for each."""
    values: list[bytes] = []
    count, place = _number_at(packed, 0)
    for _value in range(count):
        length, place = _number_at(packed, place)
        values.append(packed[place : place + length])
        place += length
    if place != len(packed):
        raise ValueError("the values of a column have another length")
    return values


def _number_at(packed: bytes, place: int) -> tuple[int, int]:
    """A number of Whoosh's, seven bits in each byte, the lowest first; and the place behind it."""
    number = packed[place] & 0x7F
    shift = 7
    while packed[place] & 0x80:
        place += 1
        number |= (packed[place] & 0x7F) << shift
        shift += 7
    return number, place + 1
