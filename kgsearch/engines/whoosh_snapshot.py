"""One commit of the index, read: columns in memory, postings as they are asked for."""

from __future__ import annotations

import warnings
from array import array
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from kgsearch.engines import manifest
from kgsearch.engines.base import SCORED_FIELDS, Candidate, Phrase
from kgsearch.engines.matching import Group, holds, inverse_document_frequency, neighbours, term_score, told_by_neighbours
from kgsearch.engines.whoosh_stored import (
    INDEX_NAME,
    NUMBER,
    check_version,
    group_of_bytes,
    length_field,
    reading,
    schema,
    stored_syllables,
)
from kgsearch.errors import IndexStateError

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import W3LeafMatcher
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC
    from whoosh.matching.wrappers import FilterMatcher
    from whoosh.reading import SegmentReader, TermNotFound

# A posting kept takes about 100 bytes: at most 100 MB.
_POSTINGS_KEPT = 1_000_000
_ATTEMPTS = 5

Postings = Mapping[int, float]


def open_snapshot(folder: Path, before: manifest.Manifest | None) -> Snapshot:
    """The last commit, opened; ``before`` is the commit that was open. Raises IndexStateError."""
    check_version(folder)
    for attempt in range(_ATTEMPTS):
        last = manifest.read_manifest(folder)
        try:
            manifest.verify(folder, last, before)
            return Snapshot(folder, last)
        except IndexStateError:
            # Another process may have committed meanwhile and removed the files that the older manifest names.
            if attempt == _ATTEMPTS - 1 or manifest.read_manifest(folder) == last:
                raise
    raise AssertionError("the last attempt returns or raises")


class Snapshot:
    """One commit: its columns in memory, its postings as they are asked for. Passages are numbered through all segments.

    ``users`` and ``retired`` belong to the engine's lock.
    """

    def __init__(self, folder: Path, last: manifest.Manifest) -> None:
        self.manifest = last
        self.users = 0
        self.retired = False
        self._folder = folder
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Postings] = OrderedDict()
        self._kept_postings = 0
        self._readers: list[Any] = []
        with reading(folder):
            try:
                self._load(last)
            except BaseException:
                self._close()
                raise

    def _load(self, last: manifest.Manifest) -> None:
        storage = FileStorage(str(self._folder))
        toc = TOC.read(storage, INDEX_NAME, gen=last.generation, schema=schema())
        self._bases: list[int] = []
        self.groups: list[Group] = []
        self.group_of, self.clause_of = array(NUMBER), array(NUMBER)
        self._lengths = {name: array(NUMBER) for name in SCORED_FIELDS}
        self._ghosts: set[int] = set()
        known: dict[bytes, int] = {}
        for segment in toc.segments:
            reader = SegmentReader(storage, toc.schema, segment, generation=last.generation)
            self._readers.append(reader)
            base = len(self.group_of)
            self._bases.append(base)
            self._ghosts.update(base + number for number in segment.deleted_docs())
            names, references = _references(reader, "group")
            numbers = [known.setdefault(name, len(known)) for name in names]
            self.group_of.extend(numbers[reference] for reference in references)
            self.clause_of.extend(_numbers(reader, "clause"))
            for name, lengths in self._lengths.items():
                lengths.extend(_numbers(reader, length_field(name)))
        self.groups = [group_of_bytes(stored) if stored else Group("", "", "", None) for stored in known]
        self.size = len(self.group_of)
        self.live = self.size - len(self._ghosts)
        self.documents = frozenset(self.groups[number].document for number in self._live_groups())
        self.average_length = {name: self._average(lengths) for name, lengths in self._lengths.items()}

    def _live_groups(self) -> Collection[int]:
        if not self._ghosts:
            return set(self.group_of)
        return {group for number, group in enumerate(self.group_of) if number not in self._ghosts}

    def _average(self, lengths: Sequence[int]) -> float:
        total = sum(lengths) - sum(lengths[number] for number in self._ghosts)
        return total / self.live if self.live else 0.0

    def everything(self) -> Collection[int]:
        """Numbers of all passages."""
        return set(range(self.size)) - self._ghosts if self._ghosts else range(self.size)

    def numbers_of_documents(self) -> dict[str, list[int]]:
        """Numbers of the passages of each document."""
        numbers: dict[str, list[int]] = {}
        for number in self.everything():
            numbers.setdefault(self.groups[self.group_of[number]].document, []).append(number)
        return numbers

    def scores(self, name: str, token: str, synonyms: Sequence[tuple[str, ...]] = ()) -> Postings:
        """The passages that hold ``token`` in field ``name``, or what stands for it, each with the token's BM25 there.
        Raises IndexStateError."""
        if not synonyms:
            return self._keeping((name, token), lambda: self._score(name, self._read(name, token)))
        return self._keeping((name, token, *synonyms), lambda: self._score(name, self._read_all(name, token, synonyms)))

    def holding(self, phrase: Phrase) -> Collection[int]:
        """The passages that hold ``phrase``. Raises IndexStateError."""
        return self._keeping(phrase, lambda: dict.fromkeys(self._verified(phrase), 0.0))

    def _keeping(self, key: Hashable, make: Callable[[], Postings]) -> Postings:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                with reading(self._folder):
                    kept = make()
                self._keep(key, kept)
            else:
                self._kept.move_to_end(key)
            return kept

    def _keep(self, key: Hashable, postings: Postings) -> None:
        self._kept[key] = postings
        self._kept_postings += 1 + len(postings)
        while self._kept_postings > _POSTINGS_KEPT and len(self._kept) > 1:
            self._kept_postings -= 1 + len(self._kept.popitem(last=False)[1])

    def _verified(self, phrase: Phrase) -> Iterable[int]:
        """The passages that hold ``phrase``: neighbours are in the postings, longer runs and marks in what is given back."""
        numbers = self._read_sequence(phrase.syllables)
        if told_by_neighbours(phrase):
            return numbers
        return [number for number in numbers if any(holds(phrase, stored_syllables(stored)) for stored in self._stored(number)[2:])]

    def _read_all(self, name: str, token: str, synonyms: Sequence[tuple[str, ...]]) -> Sequence[tuple[int, float]]:
        """Numbers of the passages that hold ``token`` or one of its synonyms, each with how often."""
        frequencies: Counter[int] = Counter()
        for postings in (dict(self._read(name, token)), *map(self._read_sequence, synonyms)):
            for number, frequency in postings.items():
                frequencies[number] += frequency  # type: ignore[assignment]  # frequencies are whole, Whoosh gives them as floats
        return list(frequencies.items())

    def _read_sequence(self, sequence: Sequence[str]) -> Mapping[int, float]:
        """Numbers of the passages that hold all neighbouring pairs of ``sequence``, each with how often the rarest."""
        name, tokens = neighbours(sequence)
        first, *others = (dict(self._read(name, token)) for token in dict.fromkeys(tokens))
        for other in others:
            first = {number: min(frequency, other[number]) for number, frequency in first.items() if number in other}
        return first

    def _read(self, name: str, token: str) -> list[tuple[int, float]]:
        """Numbers of the passages that hold ``token``, each with how often."""
        postings: list[tuple[int, float]] = []
        for base, reader in zip(self._bases, self._readers, strict=True):
            numbers, frequencies = _postings(reader, name, token)
            postings += zip((base + number for number in numbers) if base else numbers, frequencies, strict=True)
        return [posting for posting in postings if posting[0] not in self._ghosts] if self._ghosts else postings

    def _score(self, name: str, postings: Sequence[tuple[int, float]]) -> Postings:
        idf = inverse_document_frequency(self.live, len(postings))
        lengths, average = self._lengths[name], self.average_length[name]
        return {number: term_score(idf, frequency, lengths[number], average) for number, frequency in postings}

    def candidate(self, number: int, score: float) -> Candidate:
        """What is given back of passage ``number``. Raises IndexStateError."""
        with self._lock, reading(self._folder):
            passage, clause, context, text = self._stored(number)
        group = self.groups[self.group_of[number]]
        return Candidate(passage, group.document, clause, group.issued, score, stored_syllables(context), stored_syllables(text))

    def _stored(self, number: int) -> tuple[str, str, str, str]:
        """Passage, clause, context and text of passage ``number``, as they are stored."""
        segment = bisect_right(self._bases, number) - 1
        passage, clause, context, text = self._readers[segment].stored_fields(number - self._bases[segment])["entry"]
        return passage, clause, context, text

    def retire(self) -> None:
        """No new search takes this snapshot."""
        self.retired = True
        self.close_if_unused()

    def close_if_unused(self) -> None:
        """Close the files of a retired snapshot once nothing reads them."""
        if self.retired and not self.users:
            self._close()

    def _close(self) -> None:
        while self._readers:
            # A damaged one may fail to close; it must not keep the others open.
            with suppress(Exception):
                self._readers.pop().close()


def _numbers(reader: Any, name: str) -> array[int]:
    """A whole numeric column: Whoosh's own way to it unpacks the numbers one by one."""
    count = reader.doc_count_all()
    if not reader.has_column(name):
        return array(NUMBER, bytes(count * array(NUMBER).itemsize))
    column = reader.column_reader(name, translate=False)
    numbers: array[int] = column._dbfile.get_array(column._basepos, NUMBER, column._count)
    # Zeros at the end are not stored.
    numbers.frombytes(bytes((count - len(numbers)) * numbers.itemsize))
    return numbers


def _references(reader: Any, name: str) -> tuple[Sequence[bytes], Sequence[int]]:
    """A whole column of references: the values, and for each passage the index of its value."""
    column = reader.column_reader(name, translate=False)
    return column._uniques, column._dbfile.get_array(column._basepos, column._typecode, reader.doc_count_all())


def _postings(reader: Any, name: str, token: str) -> tuple[Sequence[int], Sequence[float]]:
    """The numbers, in this segment, of the passages that hold ``token``, deleted ones among them, and how often each does."""
    try:
        matcher = reader.postings(name, token)
    except TermNotFound:
        return (), ()
    if isinstance(matcher, FilterMatcher):
        # It asks for each posting whether it is deleted, by a Python call; the caller does so for all at once.
        matcher = matcher.child
        matcher.reset()
    if not isinstance(matcher, W3LeafMatcher):
        return list(matcher._ids), list(matcher._weights)
    numbers: list[int] = []
    frequencies: list[float] = []
    while matcher.is_active():
        # Asking for the first of a block loads the block; taking the rest from it is ten times faster than asking for each.
        matcher.id(), matcher.weight()
        numbers += matcher._ids
        frequencies += matcher._weights
        matcher._next_block()
    return numbers, frequencies
