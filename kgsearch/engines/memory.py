"""An engine that holds everything in memory and works everything out anew for each query.

It serves the tests of what stands above an engine, and says by example what an engine does: every other engine gives the
same matches, statistics, totals and facets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from uuid import uuid4

from kgsearch.engines.base import SCORED_FIELDS, SYLLABLES, Candidate, EngineQuery, EngineResult, Entry, Phrase, Statistics
from kgsearch.engines.matching import (
    Group,
    admitting,
    count_facets,
    covering,
    date_rank,
    holds,
    inverse_document_frequency,
    neighbours,
    term_score,
)
from kgsearch.errors import IndexLockedError
from kgsearch.i18n import gettext as _


class MemoryEngine:
    """An `Engine` without a folder; what it holds is gone with it."""

    name = "memory"

    def __init__(self) -> None:
        self._entries: tuple[Entry, ...] = ()
        self._commit = uuid4().hex
        self._writing = Lock()

    def search(self, query: EngineQuery) -> EngineResult:
        """Matches of ``query``."""
        entries = self._entries
        statistics = _statistics(entries, query)
        admits = admitting(query.filters)
        found = [entry for entry in _matching(entries, query, statistics) if admits(_group(entry))]
        narrowed = [entry for entry in found if all(_holds(entry, phrase) for phrase in query.phrases)]
        found = _without_excluded(entries, query, narrowed)
        candidates = sorted(
            (_candidate(entry, query, statistics) for entry in found),
            key=lambda candidate: (date_rank(candidate.issued, query.sort), -candidate.score, candidate.passage),
        )
        clauses = {(entry.document, entry.clause): _group(entry) for entry in found}
        return EngineResult(candidates[: query.limit], len(clauses), count_facets(Counter(clauses.values()).items()), statistics)

    @contextmanager
    def writer(self) -> Iterator[MemoryWriter]:
        """A batch of changes. Raises IndexLockedError when another is open."""
        if not self._writing.acquire(blocking=False):
            raise IndexLockedError(_("The index is being written by another process; try again when it is done."))
        try:
            writer = MemoryWriter(self._entries)
            yield writer
            self._entries, self._commit = tuple(writer.entries), uuid4().hex
        finally:
            self._writing.release()

    def passages(self) -> int:
        """How many passages are held."""
        return len(self._entries)

    def documents(self) -> frozenset[str]:
        """Ids of the documents held."""
        return frozenset(entry.document for entry in self._entries)

    def commit_name(self) -> str:
        """What tells the last commit from all others."""
        return self._commit

    def refresh(self) -> None:
        """Nothing: no other process can have written."""

    def close(self) -> None:
        """Nothing: there are no files."""


class MemoryWriter:
    """One batch of changes."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self._held = {entry.document for entry in entries}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the entries of documents not held. Raises ValueError for one that is."""
        for entry in entries:
            if entry.document in self._held:
                raise ValueError(f"document {entry.document} is held already: delete it first")
            self.entries.append(entry)

    def delete(self, document: str) -> None:
        """Remove every passage of a document."""
        self._held.discard(document)
        self.entries = [entry for entry in self.entries if entry.document != document]


def _group(entry: Entry) -> Group:
    return Group(entry.document, entry.type, entry.issuer, entry.issued)


def _statistics(entries: Sequence[Entry], query: EngineQuery) -> Statistics:
    lengths = {name: sum(len(entry.tokens.get(name, ())) for entry in entries) for name in SCORED_FIELDS}
    return Statistics(
        passages=len(entries),
        average_length={name: length / len(entries) if entries else 0.0 for name, length in lengths.items()},
        frequencies={
            name: {token: sum(_frequency(entry, name, token, query) > 0 for entry in entries) for token in query.terms.get(name, ())}
            for name in SCORED_FIELDS
        },
    )


def _matching(entries: Sequence[Entry], query: EngineQuery, statistics: Statistics) -> Sequence[Entry]:
    if not query.terms.get(SYLLABLES):
        return entries
    holders = [
        (
            inverse_document_frequency(len(entries), holding),
            {number for number, entry in enumerate(entries) if _frequency(entry, SYLLABLES, token, query)},
        )
        for token, holding in statistics.frequencies[SYLLABLES].items()
    ]
    return [entries[number] for number in sorted(covering(holders, query.coverage))]


def _frequency(entry: Entry, name: str, token: str, query: EngineQuery) -> int:
    """How often ``entry`` holds ``token`` or what stands for it."""
    own = list(entry.tokens.get(name, ())).count(token)
    return own + sum(_neighbours_held(entry, synonym) for synonym in query.synonyms.get(token, ()) if name == SYLLABLES)


def _neighbours_held(entry: Entry, sequence: Sequence[str]) -> int:
    name, tokens = neighbours(sequence)
    return min(list(entry.tokens.get(name, ())).count(token) for token in tokens)


def _holds(entry: Entry, phrase: Phrase) -> bool:
    return holds(phrase, entry.context) or holds(phrase, entry.text)


def _without_excluded(entries: Sequence[Entry], query: EngineQuery, found: Sequence[Entry]) -> list[Entry]:
    excluded = {(entry.document, entry.clause) for entry in entries if any(_holds(entry, phrase) for phrase in query.excluded)}
    return [entry for entry in found if (entry.document, entry.clause) not in excluded]


def _candidate(entry: Entry, query: EngineQuery, statistics: Statistics) -> Candidate:
    score = 0.0
    for name, frequencies in statistics.frequencies.items():
        tokens = entry.tokens.get(name, ())
        for token, holding in frequencies.items():
            if frequency := _frequency(entry, name, token, query):
                idf = inverse_document_frequency(statistics.passages, holding)
                score += term_score(idf, frequency, len(tokens), statistics.average_length[name])
    return Candidate(entry.passage, entry.document, entry.clause, entry.issued, score, entry.context, entry.text)
