"""One commit of the index, read: the segments that it has, numbered through, and the scores of the terms that are asked for."""

from __future__ import annotations

import warnings
from array import array
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, compress, repeat
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from kgsearch.engines import manifest, verification
from kgsearch.engines.base import SCORED_FIELDS, Candidate, Phrase
from kgsearch.engines.matching import Group, damping, holds, inverse_document_frequency, neighbours, told_by_neighbours
from kgsearch.engines.whoosh_segment import Groups, PostingsCache, Segment
from kgsearch.engines.whoosh_stored import INDEX_NAME, NUMBER, check_version, reading, schema, stored_syllables
from kgsearch.errors import IndexStateError

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC

# A posting with its score takes about 100 bytes: at most 200 MB, which half a million passages need for a query of common words.
_POSTINGS_KEPT = 2_000_000
_POSTINGS_OF_A_TOKEN = 4
"""As many postings as what is kept of a token takes beside them."""
_ATTEMPTS = 5

# Groups of documents that are gone are borne up to so many and as many as there are others, then numbered anew.
_DEAD_GROUPS_BORNE = 10_000

Postings = Mapping[int, float]


def open_snapshot(folder: Path, before: Snapshot | None, *, prepared: bool) -> Snapshot:
    """The last commit, opened, sharing with ``before``, which must not be closed meanwhile, what is the same; ``prepared`` for searches
    or as far as ``before`` is. Raises IndexStateError."""
    check_version(folder)
    prepared = prepared or (before is not None and before.prepared)
    if before is not None and before.is_wasteful():
        before = None
    for attempt in range(_ATTEMPTS):
        last = manifest.read_manifest(folder)
        try:
            verification.verify_once(folder, last, before.manifest if before else None)
            return _opened(folder, last, before, prepared=prepared)
        except IndexStateError:
            # Another process may have committed meanwhile and removed the files that the older manifest names.
            if attempt == _ATTEMPTS - 1 or manifest.read_manifest(folder) == last:
                raise
    raise AssertionError("the last attempt returns or raises")


def _opened(folder: Path, last: manifest.Manifest, before: Snapshot | None, *, prepared: bool) -> Snapshot:
    snapshot = Snapshot(folder, last, before)
    try:
        if prepared:
            snapshot.prepare()
    except BaseException:
        snapshot.retire()
        raise
    return snapshot


class _Held(NamedTuple):
    """The passages of a segment that hold a token and are no ghosts: ``base`` is the number of the segment's first passage,
    ``frequencies`` None where all hold it once, ``lengths`` are those of all the segment's."""

    base: int
    numbers: Sequence[int]
    frequencies: Sequence[int] | None
    lengths: Sequence[int]


class Snapshot:
    """One commit. Passages are numbered through all segments.

    A search needs it ``prepared``: then ``group_of``, ``clause_of`` and ``documents`` are what its files hold, for which all columns
    are read. What one document has, and how many passages there are, is known without.

    ``users`` and ``retired`` belong to the engine's lock.
    """

    def __init__(self, folder: Path, last: manifest.Manifest, before: Snapshot | None) -> None:
        self.manifest = last
        self.users = 0
        self.retired = False
        self.prepared = False
        self.groups: list[Group] = []
        self.group_of, self.clause_of = array(NUMBER), array(NUMBER)
        self.documents: frozenset[str] = frozenset()
        self._folder = folder
        self._lock = Lock()
        self._making = Lock()
        self._kept: OrderedDict[Hashable, Postings] = OrderedDict()
        self._kept_postings = 0
        self._segments: list[Segment] = []
        self._dampings: dict[str, Mapping[int, float]] = {}
        self._registry: Groups = before._registry if before else Groups()
        self._postings: PostingsCache = before._postings if before else PostingsCache()
        with reading(folder):
            try:
                self._load(last, before)
            except BaseException:
                self._close()
                raise

    def _load(self, last: manifest.Manifest, before: Snapshot | None) -> None:
        storage = FileStorage(str(self._folder))
        toc = TOC.read(storage, INDEX_NAME, gen=last.generation, schema=schema())
        known = {segment.name: segment for segment in before._segments} if before else {}
        for stored in toc.segments:
            segment = known.get(stored.segment_id()) or Segment(self._folder, storage, toc.schema, stored, last, self._registry)
            self._segments.append(segment.share())
        *self._bases, self.size = accumulate((segment.size for segment in self._segments), initial=0)
        self._deleted = [frozenset(stored.deleted_docs()) for stored in toc.segments]
        self._ghosts = {base + number for base, deleted in zip(self._bases, self._deleted, strict=True) for number in deleted}
        self.live = self.size - len(self._ghosts)

    def prepare(self) -> None:
        """Read what every search looks at. Quick where that was done. Raises IndexStateError."""
        if not self.prepared:
            with self._making:
                self._prepare_once()

    def _prepare_once(self) -> None:
        """Read it, unless another thread did while this one waited."""
        if self.prepared:
            return
        group_of, clause_of = array(NUMBER), array(NUMBER)
        live: set[int] = set()
        for segment, deleted in self._parts():
            columns = segment.columns()
            group_of.extend(columns.group_of)
            clause_of.extend(columns.clause_of)
            live.update(columns.groups_without(deleted))
        self.groups, self.group_of, self.clause_of = self._registry.groups, group_of, clause_of
        self.documents = frozenset(self.groups[number].document for number in live)
        self.prepared = True

    def _parts(self) -> Iterable[tuple[Segment, frozenset[int]]]:
        """Each segment with its ghosts."""
        return zip(self._segments, self._deleted, strict=True)

    def is_wasteful(self) -> bool:
        """Whether most of the groups that are numbered are of no document any more."""
        return self.prepared and len(self.groups) > 2 * len(self.documents) + _DEAD_GROUPS_BORNE

    @cached_property
    def average_length(self) -> Mapping[str, float]:
        """Of each field, in tokens."""
        return {name: self._average(name) for name in SCORED_FIELDS}

    def _average(self, name: str) -> float:
        total = sum(segment.tokens(name, deleted) for segment, deleted in self._parts())
        return total / self.live if self.live else 0.0

    def _damping(self, name: str) -> Mapping[int, float]:
        """`damping` for each length that occurs in field ``name``."""
        known = self._dampings.get(name)
        if known is None:
            average = self.average_length[name]
            lengths = set().union(*(segment.distinct_lengths(name) for segment in self._segments))
            known = self._dampings[name] = {length: damping(length, average) for length in lengths} if average else {}
        return known

    def everything(self) -> Collection[int]:
        """Numbers of all passages."""
        return set(range(self.size)) - self._ghosts if self._ghosts else range(self.size)

    def holds(self, document: str) -> bool:
        """Whether it holds passages of a document. Raises IndexStateError."""
        return document in self.documents if self.prepared else bool(self.numbers_of(document))

    def numbers_of(self, document: str) -> list[tuple[int, list[int]]]:
        """For each segment by its place, the numbers in it of the passages of a document. Raises IndexStateError."""
        found = []
        for place, (segment, deleted) in enumerate(self._parts()):
            numbers = [number for number in segment.numbers_of(document) if number not in deleted]
            if numbers:
                found.append((place, numbers))
        return found

    def scores(self, name: str, token: str, synonyms: Sequence[tuple[str, ...]] = ()) -> Postings:
        """The passages that hold ``token`` in field ``name``, or what stands for it, each with the token's BM25 there.
        Raises IndexStateError."""
        if not synonyms:
            return self._keeping((name, token), lambda: self._score_token(name, token))
        return self._keeping((name, token, *synonyms), lambda: self._score(name, self._read_all(name, token, synonyms)))

    def holding(self, phrase: Phrase) -> Collection[int]:
        """The passages that hold ``phrase``. Raises IndexStateError."""
        return self._keeping(phrase, lambda: dict.fromkeys(self._verified(phrase), 0.0))

    def _keeping(self, key: Hashable, make: Callable[[], Postings]) -> Postings:
        kept = self._find(key)
        if kept is None:
            # One at a time: what several threads ask for is made once. Who asks for what is kept does not wait for it.
            with self._making:
                kept = self._find(key)
                if kept is None:
                    kept = make()
                    self._keep(key, kept)
        return kept

    def _find(self, key: Hashable) -> Postings | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _keep(self, key: Hashable, postings: Postings) -> None:
        with self._lock:
            self._kept[key] = postings
            self._kept_postings += _POSTINGS_OF_A_TOKEN + len(postings)
            while self._kept_postings > _POSTINGS_KEPT and len(self._kept) > 1:
                self._kept_postings -= _POSTINGS_OF_A_TOKEN + len(self._kept.popitem(last=False)[1])

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

    def _read(self, name: str, token: str) -> Iterator[tuple[int, int]]:
        """Numbers of the passages that hold ``token``, each with how often."""
        for base, numbers, frequencies, _lengths in self._raw(name, token):
            yield from zip(map(base.__add__, numbers), frequencies or repeat(1), strict=False)

    def _raw(self, name: str, token: str) -> Iterator[_Held]:
        for base, (segment, deleted) in zip(self._bases, self._parts(), strict=True):
            numbers, frequencies = self._postings.get(segment, name, token)
            if deleted and not deleted.isdisjoint(numbers):
                live = [number not in deleted for number in numbers]
                numbers = list(compress(numbers, live))
                frequencies = None if frequencies is None else list(compress(frequencies, live))
            if numbers:
                yield _Held(base, numbers, frequencies, segment.lengths(name))

    def _score_token(self, name: str, token: str) -> Postings:
        """As `_score`, several times as fast."""
        held = list(self._raw(name, token))
        idf = inverse_document_frequency(self.live, sum(len(part.numbers) for part in held))
        damped = self._damping(name)
        scores: dict[int, float] = {}
        for base, numbers, frequencies, lengths in held:
            own = map(lengths.__getitem__, numbers)
            scored = [
                idf * frequency / (frequency + damped[length]) for frequency, length in zip(frequencies or repeat(1), own, strict=False)
            ]
            scores.update(zip(map(base.__add__, numbers) if base else numbers, scored, strict=True))
        return scores

    def _score(self, name: str, postings: Sequence[tuple[int, float]]) -> Postings:
        idf = inverse_document_frequency(self.live, len(postings))
        damped = self._damping(name)
        return {number: idf * frequency / (frequency + damped[self._length(name, number)]) for number, frequency in postings}

    def _length(self, name: str, number: int) -> int:
        place = bisect_right(self._bases, number) - 1
        return self._segments[place].lengths(name)[number - self._bases[place]]

    def candidate(self, number: int, score: float) -> Candidate:
        """What is given back of passage ``number``. Raises IndexStateError."""
        passage, clause, context, text = self._stored(number)
        group = self.groups[self.group_of[number]]
        return Candidate(passage, group.document, clause, group.issued, score, stored_syllables(context), stored_syllables(text))

    def _stored(self, number: int) -> tuple[str, str, str, str]:
        """Passage, clause, context and text of passage ``number``, as they are stored."""
        place = bisect_right(self._bases, number) - 1
        return self._segments[place].stored(number - self._bases[place])

    def retire(self) -> None:
        """No new search takes this snapshot."""
        self.retired = True
        self.close_if_unused()

    def close_if_unused(self) -> None:
        """Close the files of a retired snapshot once nothing reads them."""
        if self.retired and not self.users:
            self._close()

    def _close(self) -> None:
        while self._segments:
            segment = self._segments.pop()
            if segment.let_go():
                self._postings.forget(segment)
