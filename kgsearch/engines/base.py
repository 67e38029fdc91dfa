"""The contract of an engine: it holds tokens, filters and ids, finds candidates, and knows nothing else.

An engine never sees a document or a query as written: ``indexing`` hands it analysed entries, ``retrieval`` analysed
queries, both made by ``kgsearch.language``, so every engine matches the same tokens. Its folder is disposable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from kgsearch.models import Filters

SYLLABLES = "syllables"
BIGRAMS = "bigrams"
WORDS = "words"
SCORED_FIELDS = (SYLLABLES, BIGRAMS, WORDS)

Sort = Literal["relevance", "newest", "oldest"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An analysed passage. ``tokens`` maps each of SCORED_FIELDS to its tokens in order (context first, then text).

    ``context`` and ``text`` are the passage's lower-case syllables *with* marks, which ranking gets back as they were given.
    """

    passage: str
    document: str
    clause: str
    type: str
    issuer: str
    issued: date | None
    tokens: Mapping[str, Sequence[str]]
    context: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables that stand one after another: ``syllables`` as tokens of the field "syllables"; ``marked`` the same with their marks,
    normalised, where the marks must agree too, else empty. A figure has no leading zeros in either."""

    syllables: tuple[str, ...]
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """What is looked for. ``terms`` maps a field to the distinct tokens that score.

    A passage matches when the tokens of ``terms["syllables"]`` that it holds carry at least ``coverage`` of the summed idf
    of them all (1.0: every one must be there, so one that occurs nowhere leaves no match); with no syllables at all, every
    passage that the filters let through matches. Fields other than syllables only score. idf is Lucene's:
    ``ln(1 + (N - df + 0.5) / (df + 0.5))`` over passages; terms of all fields are scored by BM25 and added.

    ``phrases`` narrow what matches to the passages that hold each of them, in their own words or in their context; one that
    begins in the context and ends in the words is none. ``excluded`` takes away every clause one of whose passages holds one of
    them. ``synonyms`` maps a token of ``terms["syllables"]`` to sequences of syllables that stand for it: a passage holds the
    token as often as it holds it or one of them (all neighbouring pairs of a sequence), and df and idf follow from that.
    """

    terms: Mapping[str, Sequence[str]]
    coverage: float = 1.0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    limit: int = 300
    phrases: Sequence[Phrase] = ()
    excluded: Sequence[Phrase] = ()
    synonyms: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What scoring needs of the whole index: ``passages`` in it, average length of each field in tokens, and for each
    field the number of passages that hold each token of the query (or, by the query's synonyms, what stands for it)."""

    passages: int
    average_length: Mapping[str, float]
    frequencies: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match, with what ranking needs; ``score`` is the engine's own BM25."""

    passage: str
    document: str
    clause: str
    issued: date | None
    score: float
    context: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The best ``limit`` matches in the order asked for; ``total`` (distinct clauses) and ``facets`` from all matches.

    ``facets`` maps "type", "issuer", "year", "document" to how many matching clauses each value has.
    """

    candidates: Sequence[Candidate]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    statistics: Statistics = Statistics(0, {}, {})


class EngineWriter(Protocol):
    """One batch of changes; nothing is seen by searches before the batch ends without an exception."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Add the entries of documents that the index does not hold (delete a document first to replace it)."""

    def delete(self, document: str) -> None:
        """Remove every passage of a document; an unknown one is no error."""


class Engine(Protocol):
    """An engine opened on its folder. Safe to search from several threads at once."""

    name: str

    def search(self, query: EngineQuery) -> EngineResult:
        """Matches of ``query``. Raises IndexStateError when the engine's files cannot be read."""

    def writer(self) -> AbstractContextManager[EngineWriter]:
        """A batch: committed when the block ends, dropped when it raises. One at a time."""

    def passages(self) -> int:
        """How many passages are held."""

    def documents(self) -> frozenset[str]:
        """Ids of the documents held."""

    def commit_name(self) -> str:
        """What tells the last commit from all others, of other engines too: where it is what it was, the same is held."""

    def refresh(self) -> None:
        """See what other processes have committed since."""

    def close(self) -> None:
        """Let go of files and threads."""
