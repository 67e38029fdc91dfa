"""The embedded engine: Whoosh keeps the posting lists, the matching and the scoring are done here.

What Whoosh is used for, and what not (all of it measured):

- It stores, merges and deletes. Its searchers are not used: a posting costs them a microsecond and more, they know lengths
  only to a byte, and one shared by threads fails. Each term's postings are read once a commit and kept as scores.
- Its readers are files with a position: they are read under a lock, and what is read is kept.
- Its commits reach the disk some time later. Here a commit is the `manifest`: files are synced, then named in it, and what
  is read is the generation that it names, whatever else lies in the folder. Files of the commit before are removed only then.
- Its files are unpickled: the folder must belong to the service alone.
"""

from __future__ import annotations

import heapq
import json
import warnings
from array import array
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from kgsearch.engines import manifest
from kgsearch.engines.base import SCORED_FIELDS, SYLLABLES, Candidate, EngineQuery, EngineResult, Entry, Phrase, Statistics
from kgsearch.engines.matching import (
    Group,
    admits,
    count_facets,
    covering,
    date_rank,
    holds,
    inverse_document_frequency,
    neighbours,
    term_score,
    told_by_neighbours,
)
from kgsearch.errors import IndexLockedError, IndexStateError, reason_of
from kgsearch.i18n import gettext as _
from kgsearch.language import ANALYSIS_VERSION

with warnings.catch_warnings():
    # Newer Pythons warn of Whoosh's escapes when they first compile it.
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
    from whoosh.columns import NumericColumn, RefBytesColumn
    from whoosh.fields import COLUMN, STORED, FieldType, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Format
    from whoosh.index import TOC, FileIndex, LockError, clean_files
    from whoosh.matching.wrappers import FilterMatcher
    from whoosh.reading import SegmentReader, TermNotFound
    from whoosh.writing import SegmentWriter

#: Changes whenever an index written before could not be read any more.
SCHEMA_VERSION = 1

#: Whoosh's column of references counts to 65,535 in a segment, and loses what is beyond without an error.
MOST_DOCUMENTS = 60_000

# A posting kept takes about 100 bytes: at most 100 MB.
_POSTINGS_KEPT = 1_000_000
# A third of the passages being ghosts, the index is written anew without them.
_GHOSTS_BORNE = 3
_ATTEMPTS = 5
_INDEX_NAME = "passages"
_SEPARATOR = "\x1f"  # no syllable holds it
_NUMBER = "I"

Postings = Mapping[int, float]


class WhooshEngine:
    """An `Engine` in a folder that `create` has made.

    ``WhooshEngine(folder)`` opens it; raises IndexStateError where there is no index, or one of another version, or a damaged
    one: it never makes one.
    """

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = Lock()
        self._refreshing = Lock()
        self._snapshot = _open(self._folder, None)

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        """Make an empty index in ``folder``, new or empty, and open it. Raises IndexStateError where that cannot be done."""
        folder = Path(folder)
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise IndexStateError(_("An index cannot be made in {folder}: the folder is not empty.").format(folder=folder))
            TOC.create(FileStorage(str(folder)), _schema(), _INDEX_NAME)
            manifest.commit(folder, 0, [TOC._filename(_INDEX_NAME, 0)])
            # Last: a folder without it is no index, so half a creation is never taken for one.
            manifest.write_version(folder, _version(cls.name))
        return cls(folder)

    def search(self, query: EngineQuery) -> EngineResult:
        """Matches of ``query``. Raises IndexStateError when the engine's files cannot be read."""
        with self._leased() as snapshot:
            return _search(snapshot, query)

    @contextmanager
    def writer(self) -> Iterator[WhooshWriter]:
        """A batch: on the disk and seen by searches of this engine when the block ends, dropped when it raises.

        Raises IndexLockedError while another process or thread writes, IndexStateError when the folder cannot be written.
        """
        with _writing(self._folder):
            writer = _SegmentWriter(_CommittedIndex(self._folder))
        try:
            # Only now, under the lock, is the last commit sure to stay the last.
            self.refresh()
            with self._leased() as snapshot:
                batch = WhooshWriter(self._folder, writer, snapshot)
                yield batch
                batch.commit()
        except BaseException:
            writer.abandon()
            raise
        self.refresh()

    def passages(self) -> int:
        """How many passages are held."""
        return self._snapshot.live

    def documents(self) -> frozenset[str]:
        """Ids of the documents held."""
        return self._snapshot.documents

    def refresh(self) -> None:
        """See what other processes have committed since, or put in the folder's place. Raises IndexStateError."""
        with self._refreshing:
            before = self._snapshot
            if before.retired or manifest.read_manifest(self._folder) == before.manifest:
                return
            self._replace_by(_open(self._folder, before.manifest))

    def _replace_by(self, opened: _Snapshot) -> None:
        with self._lock:
            if self._snapshot.retired:  # closed meanwhile
                opened.retire()
                return
            self._snapshot.retire()
            self._snapshot = opened

    def close(self) -> None:
        """Let go of the files; searches under way end first."""
        with self._lock:
            self._snapshot.retire()

    @contextmanager
    def _leased(self) -> Iterator[_Snapshot]:
        """The newest snapshot, kept open for as long as it is used."""
        with self._lock:
            snapshot = self._snapshot
            if snapshot.retired:
                raise IndexStateError(_("The search index in {folder} is closed.").format(folder=self._folder))
            snapshot.users += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.users -= 1
                snapshot.close_if_unused()


class WhooshWriter:
    """One batch of changes. Made by `WhooshEngine.writer`."""

    def __init__(self, folder: Path, writer: _SegmentWriter, snapshot: _Snapshot) -> None:
        self._folder = folder
        self._writer = writer
        self._snapshot = snapshot
        self._held = set(snapshot.documents)
        self._numbers: dict[str, list[int]] | None = None
        self._added: dict[str, _Added] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the entries of documents not held. Raises ValueError for one that is, IndexStateError when writing fails or
        the index is full."""
        for entry in entries:
            if entry.document in self._held:
                raise ValueError(f"document {entry.document} is held already: delete it first")
            added = self._added.get(entry.document) or self._first(entry.document)
            added.numbers.append(self._writer.docnum)
            clause = added.clauses.setdefault(entry.clause, len(added.clauses))
            with _writing(self._folder):
                self._writer.add_document(**_stored_fields(entry, clause))

    def delete(self, document: str) -> None:
        """Remove every passage of a document; an unknown one is no error."""
        if added := self._added.pop(document, None):
            for number in added.numbers:
                # Whoosh itself deletes only what is committed; this is the segment being written.
                self._writer.newsegment.delete_document(number)
        if document in self._held:
            self._held.discard(document)
            if self._numbers is None:
                self._numbers = self._snapshot.numbers_of_documents()
            for number in self._numbers[document]:
                self._writer.delete_document(number)

    def commit(self) -> None:
        """Bring the batch to the disk. Raises IndexStateError."""
        ghosts = self._writer.deleted_count()
        with _writing(self._folder):
            self._writer.commit(optimize=ghosts * _GHOSTS_BORNE > self._snapshot.size)

    def _first(self, document: str) -> _Added:
        if len(self._held) + len(self._added) >= MOST_DOCUMENTS:
            raise IndexStateError(
                _("The search index in {folder} is full: this engine holds at most {limit} documents.").format(
                    folder=self._folder, limit=MOST_DOCUMENTS
                )
            )
        self._added[document] = _Added()
        return self._added[document]


class _Added:
    """What a batch has added of one document: the numbers of its passages, and its clauses, counted."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.clauses: dict[str, int] = {}


# ---------------------------------------------------------------------------------------------------------------- storage


def _schema() -> Any:
    """The fields of a passage.

    ``group`` names what its document's passages share, ``clause`` tells the clauses of a group apart, ``…_length`` counts
    tokens exactly, ``entry`` is what a candidate gives back.
    """
    scored = {name: FieldType(_Counts(), None) for name in SCORED_FIELDS}
    lengths = {_length(name): COLUMN(NumericColumn(_NUMBER)) for name in SCORED_FIELDS}
    return Schema(entry=STORED(), group=COLUMN(RefBytesColumn()), clause=COLUMN(NumericColumn(_NUMBER)), **scored, **lengths)


class _Counts(Format):  # type: ignore[misc]  # Whoosh is untyped
    """How often each token stands in a field that comes as a list of tokens; no positions, which would double the index."""

    posting_size = 0

    def word_values(self, value: Sequence[str], analyzer: Any, **options: Any) -> Iterator[tuple[str, int, float, bytes]]:
        """Token, frequency, weight, value of each posting."""
        return ((token, count, float(count), b"") for token, count in Counter(value).items())


def _length(name: str) -> str:
    return f"{name}_length"


def _stored_fields(entry: Entry, clause: int) -> dict[str, Any]:
    fields: dict[str, Any] = {name: list(entry.tokens.get(name, ())) for name in SCORED_FIELDS}
    fields |= {_length(name): len(fields[name]) for name in SCORED_FIELDS}
    fields["group"] = json.dumps(
        [entry.document, entry.type, entry.issuer, entry.issued.isoformat() if entry.issued else None], ensure_ascii=False
    ).encode()
    fields["clause"] = clause
    # Two long strings are read back four times as fast as two hundred short ones.
    fields["entry"] = (entry.passage, entry.clause, _SEPARATOR.join(entry.context), _SEPARATOR.join(entry.text))
    return fields


def _syllables(stored: str) -> Sequence[str]:
    return tuple(stored.split(_SEPARATOR)) if stored else ()


def _group(stored: bytes) -> Group:
    document, type_, issuer, issued = json.loads(stored)
    return Group(document, type_, issuer, date.fromisoformat(issued) if issued else None)


def _version(engine: str) -> Mapping[str, Any]:
    return {"engine": engine, "schema": SCHEMA_VERSION, "analysis": ANALYSIS_VERSION}


def _check_version(folder: Path) -> None:
    found = manifest.read_version(folder)
    if found != _version(WhooshEngine.name):
        raise IndexStateError(
            _("The search index in {folder} was made by another version of kgsearch; rebuild it with: kgsearch index").format(folder=folder)
        )


class _CommittedIndex(FileIndex):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's index at the last commit, not at the newest file, which may be half a commit's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = FileStorage(str(folder))
        self.indexname = _INDEX_NAME

    def _read_toc(self) -> Any:
        return _read_toc(self.storage, self.folder, manifest.read_manifest(self.folder).generation)


def _read_toc(storage: Any, folder: Path, generation: int) -> Any:
    with _reading(folder):
        return TOC.read(storage, _INDEX_NAME, gen=generation, schema=_schema())


class _SegmentWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's writer, with a commit that is on the disk when it ends and is whole or not at all."""

    writelock: Any = None
    is_closed = False

    def __init__(self, index: _CommittedIndex) -> None:
        self._folder = index.folder
        try:
            super().__init__(index, codec=_codec())
        except BaseException:
            self._unlock()
            raise

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        # What is deleted to the last passage has no columns left to read.
        segments = [segment for segment in segments if segment.doc_count_all() > segment.deleted_count()]
        name = TOC._filename(self.indexname, self.generation)
        # A commit that was cut short may have left one of this generation.
        (self._folder / name).unlink(missing_ok=True)
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        prefixes = tuple(f"{segment.segment_id()}." for segment in segments)
        files = [file for file in self.storage.list() if file.startswith(prefixes)] if prefixes else []
        manifest.commit(self._folder, self.generation, [name, *sorted(files)])
        clean_files(self.storage, self.indexname, self.generation, segments)

    def abandon(self) -> None:
        """Drop the batch and let another writer in, whatever state a failure has left this one in."""
        if self.is_closed:
            return
        with suppress(Exception):
            self._close_segment()
        with suppress(Exception):
            self._tempstorage.destroy()
        with suppress(IndexStateError, OSError):
            self._remove_leftovers()
        self.is_closed = True
        self._unlock()

    def _unlock(self) -> None:
        # Whoosh's lock forbids releasing what was not had, and does not say whether it was.
        if self.writelock is not None and self.writelock.locked:
            self.writelock.release()

    def _remove_leftovers(self) -> None:
        # The failure may have come after the commit: what the manifest names stays.
        named = manifest.read_manifest(self._folder).files
        for leftover in self._folder.glob(f"{self.newsegment.segment_id()}.*"):
            if leftover.name not in named:
                leftover.unlink()


def _codec() -> Any:
    codec = W3Codec()
    # Lengths are in columns of our own; without this Whoosh asks the file system for each posting whether it has one.
    codec.length_stats = False
    return codec


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what writing raises into the errors of the contract."""
    try:
        yield
    except LockError:
        raise IndexLockedError(_("The index is being written by another process; try again when it is done.")) from None
    except OSError as error:
        raise IndexStateError(
            _("The search index in {folder} cannot be written: {reason}").format(folder=folder, reason=reason_of(error))
        ) from error


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turns what reading raises into the error of the contract."""
    try:
        yield
    except (IndexStateError, TermNotFound):
        raise
    except Exception as error:
        # Whoosh on broken files raises whatever its unpickling comes upon, bare Exception among it.
        raise manifest.damaged(folder, type(error).__name__) from error


# ---------------------------------------------------------------------------------------------------------------- reading


def _open(folder: Path, before: manifest.Manifest | None) -> _Snapshot:
    """The last commit, opened; ``before`` is the commit that was open. Raises IndexStateError."""
    _check_version(folder)
    for attempt in range(_ATTEMPTS):
        last = manifest.read_manifest(folder)
        try:
            manifest.verify(folder, last, before)
            return _Snapshot(folder, last)
        except IndexStateError:
            # Another process may have committed meanwhile and removed the files that the older manifest names.
            if attempt == _ATTEMPTS - 1 or manifest.read_manifest(folder) == last:
                raise
    raise AssertionError("the last attempt returns or raises")


class _Snapshot:
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
        with _reading(folder):
            try:
                self._load(last)
            except BaseException:
                self._close()
                raise

    def _load(self, last: manifest.Manifest) -> None:
        storage = FileStorage(str(self._folder))
        toc = TOC.read(storage, _INDEX_NAME, gen=last.generation, schema=_schema())
        self._bases: list[int] = []
        self.groups: list[Group] = []
        self.group_of, self.clause_of = array(_NUMBER), array(_NUMBER)
        self._lengths = {name: array(_NUMBER) for name in SCORED_FIELDS}
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
                lengths.extend(_numbers(reader, _length(name)))
        self.groups = [_group(stored) if stored else Group("", "", "", None) for stored in known]
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
                with _reading(self._folder):
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
        return [number for number in numbers if any(holds(phrase, _syllables(stored)) for stored in self._stored(number)[2:])]

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
        with self._lock, _reading(self._folder):
            passage, clause, context, text = self._stored(number)
        group = self.groups[self.group_of[number]]
        return Candidate(passage, group.document, clause, group.issued, score, _syllables(context), _syllables(text))

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
        return array(_NUMBER, bytes(count * array(_NUMBER).itemsize))
    column = reader.column_reader(name, translate=False)
    numbers: array[int] = column._dbfile.get_array(column._basepos, _NUMBER, column._count)
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


# ---------------------------------------------------------------------------------------------------------------- searching


def _search(snapshot: _Snapshot, query: EngineQuery) -> EngineResult:
    terms = {name: _scores(snapshot, name, query) for name in SCORED_FIELDS}
    matches = _narrowed(snapshot, query, _admitted(snapshot, query, _matching(snapshot, query, terms[SYLLABLES])))
    scores = _summed(matches, [postings for tokens in terms.values() for postings in tokens.values()])
    return EngineResult(
        candidates=_best(snapshot, query, scores),
        **_counted(snapshot, matches),
        statistics=Statistics(
            passages=snapshot.live,
            average_length=snapshot.average_length,
            frequencies={name: {token: len(postings) for token, postings in tokens.items()} for name, tokens in terms.items()},
        ),
    )


def _scores(snapshot: _Snapshot, name: str, query: EngineQuery) -> dict[str, Postings]:
    synonyms = query.synonyms if name == SYLLABLES else {}
    return {token: snapshot.scores(name, token, tuple(synonyms.get(token, ()))) for token in query.terms.get(name, ())}


def _matching(snapshot: _Snapshot, query: EngineQuery, syllables: Mapping[str, Postings]) -> Collection[int]:
    if not syllables:
        return snapshot.everything()
    holders = [(inverse_document_frequency(snapshot.live, len(postings)), postings) for postings in syllables.values()]
    return covering(holders, query.coverage)


def _admitted(snapshot: _Snapshot, query: EngineQuery, matches: Collection[int]) -> Collection[int]:
    if not query.filters:
        return matches
    admitted = [admits(query.filters, group) for group in snapshot.groups]
    group_of = snapshot.group_of
    return [number for number in matches if admitted[group_of[number]]]


def _narrowed(snapshot: _Snapshot, query: EngineQuery, matches: Collection[int]) -> Collection[int]:
    """The matches that hold every phrase and are of no clause that holds what is excluded."""
    for phrase in query.phrases:
        holding = snapshot.holding(phrase)
        matches = [number for number in matches if number in holding]
    if not query.excluded:
        return matches
    group_of, clause_of = snapshot.group_of, snapshot.clause_of
    excluded = {(group_of[number], clause_of[number]) for phrase in query.excluded for number in snapshot.holding(phrase)}
    return [number for number in matches if (group_of[number], clause_of[number]) not in excluded]


def _summed(matches: Collection[int], terms: Iterable[Postings]) -> dict[int, float]:
    """The score of each match: the sum of its terms'."""
    scores = dict.fromkeys(matches, 0.0)
    for postings in terms:
        if len(postings) < len(scores):
            for number, score in postings.items():
                if number in scores:
                    scores[number] += score
        else:
            for number in scores:
                if score := postings.get(number):  # type: ignore[assignment]
                    scores[number] += score
    return scores


def _best(snapshot: _Snapshot, query: EngineQuery, scores: Mapping[int, float]) -> Sequence[Candidate]:
    ranks = [date_rank(group.issued, query.sort) for group in snapshot.groups]
    group_of = snapshot.group_of
    best = heapq.nsmallest(query.limit, scores, key=lambda number: (ranks[group_of[number]], -scores[number]))
    candidates = [snapshot.candidate(number, scores[number]) for number in best]
    return sorted(candidates, key=lambda candidate: (date_rank(candidate.issued, query.sort), -candidate.score, candidate.passage))


def _counted(snapshot: _Snapshot, matches: Collection[int]) -> dict[str, Any]:
    """Total and facets: a clause that several passages share counts once."""
    group_of, clause_of = snapshot.group_of, snapshot.clause_of
    clauses = {(group_of[number], clause_of[number]) for number in matches}
    groups = Counter(group for group, _clause in clauses)
    return {"total": len(clauses), "facets": count_facets((snapshot.groups[group], count) for group, count in groups.items())}
