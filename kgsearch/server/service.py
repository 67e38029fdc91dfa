"""What the web application asks of the rooms below it, and how it holds on to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, Literal, Protocol

from flask import current_app

from kgsearch.models import (
    ClauseRecord,
    DocumentRecord,
    Filters,
    Hit,
    IncomingReference,
    LinkedReference,
    MissingDocument,
    RelationRecord,
    SearchResult,
    VersionRecord,
)
from kgsearch.retrieval.suggestions import Suggestion

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

EXTENSION = "kgsearch"


class CatalogueView(Protocol):
    """The part of the catalogue's reader that pages and API use. Each method raises IndexStateError where it cannot be read."""

    def document(self, document: str) -> DocumentRecord | None:
        """The document with this id, or None."""

    def documents(self, filters: Filters = ...) -> Sequence[DocumentRecord]:
        """The documents that ``filters`` let through, newest first."""

    def clause(self, document: str, eid: str) -> ClauseRecord | None:
        """One clause, or None."""

    def clauses(self, document: str) -> Sequence[ClauseRecord]:
        """Every clause of a document, in its order."""

    def clauses_of(self, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], ClauseRecord]:
        """The clauses named by (document id, eId), as far as there are such."""

    def references(self, document: str) -> Sequence[LinkedReference]:
        """What a document cites and what that leads to, in the order of its text."""

    def cited_by(self, document: str) -> Sequence[IncomingReference]:
        """What cites a document or a clause of it, the newest document first; not the document itself."""

    def citing_clause(self, document: str, eid: str) -> Sequence[IncomingReference]:
        """The same of one clause and what stands in it."""

    def links(
        self, document: str
    ) -> tuple[Sequence[LinkedReference], Sequence[IncomingReference], Sequence[RelationRecord], Sequence[RelationRecord]]:
        """Both of these, and what a document says of others and what others say of it."""

    def changing(self, document: str) -> Sequence[RelationRecord]:
        """What others amend, replace or repeal of a document: all that its standing follows from."""

    def versions(self, document: str) -> Sequence[VersionRecord]:
        """The earlier versions of a document that are kept, newest first."""

    def version(self, document: str, number: int) -> tuple[DocumentRecord, Sequence[ClauseRecord]] | None:
        """What one of them held, or None."""

    def missing(self, limit: int, offset: int) -> tuple[int, Sequence[MissingDocument]]:
        """How many documents are cited and not in the catalogue, and a page of them, most cited first."""

    def meta(self) -> Mapping[str, str]:
        """What is stamped in the catalogue; ``changed`` is the time of its last change. Quick."""

    def status(self) -> Mapping[str, Any]:
        """What is indexed, since when, and what failed."""


class SearchService(Protocol):
    """What `kgsearch.retrieval.Searcher` gives. Safe to call from several threads at once."""

    @property
    def reader(self) -> CatalogueView:
        """The catalogue that the hits come from."""

    def search(
        self,
        query: str,
        *,
        filters: Filters = ...,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
        grouped: bool = False,
    ) -> SearchResult:
        """Clauses that answer ``query``, taken ``exact``ly as typed or understood; ``grouped``: the best of each document, limit and
        offset of documents. Raises UsageError for a query that is out of bounds, IndexStateError without an index."""

    def suggest(self, typed: str, limit: int = ...) -> Sequence[Suggestion]:
        """What may be meant by what is typed so far, best first. Quick."""

    def status(self) -> Mapping[str, Any]:
        """What is indexed, by what, since when, and what failed: the JSON of ``kgsearch status``."""

    def show(self, citation_or_id: str) -> Sequence[Hit | DocumentRecord]:
        """What a citation or an id names. Raises NotFoundError where nothing answers to it."""


class ServiceHolder:
    """Opens the search service when it is first asked for, and tries again as long as it cannot be opened.

    So the application starts, and says what is wrong, before there is an index; once there is one it is used without a restart.
    """

    def __init__(self, open_service: Callable[[], SearchService]) -> None:
        self._open = open_service
        self._lock = Lock()
        self._service: SearchService | None = None

    def get(self) -> SearchService:
        """The service. Raises IndexStateError where there is no index to open."""
        with self._lock:
            if self._service is None:
                self._service = self._open()
            return self._service


def search_service() -> SearchService:
    """The search service of the application in hand. Raises IndexStateError where there is no index to open."""
    holder: ServiceHolder = current_app.extensions[EXTENSION]
    return holder.get()
