"""Search with exact legal citations over Vietnamese government documents.

The public verbs are the pipeline's steps::

    read(path) -> SourceText            one file, decoded, as lines
    parse(source) -> list[Document]     metadata and the tree of clauses
    open_index(corpus, index) -> Searcher
    search(query, ...) -> SearchResult  one query; keep what `open_index` gives for more than one
    ask(question, ...) -> Answer        the words of one clause that answer, or none (for more than one: `kgsearch.answering.Answerer`)

Nothing heavy is imported before a verb is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from os import PathLike

    from kgsearch.models import Answer, SearchResult
    from kgsearch.parser import parse
    from kgsearch.readers import read
    from kgsearch.retrieval import Searcher

__version__ = "0.1.0"

__all__ = ["__version__", "ask", "open_index", "parse", "read", "search"]

_MODULES = {"parse": "kgsearch.parser", "read": "kgsearch.readers"}


def open_index(corpus: str | PathLike[str] | None = None, index: str | PathLike[str] | None = None) -> Searcher:
    """The index of a corpus folder, open for searching; the folders default to the settings (kgsearch.toml, KGSEARCH_*).

    Raises IndexStateError where the index is missing, of another version, or damaged.
    """
    from kgsearch.config import load_settings
    from kgsearch.retrieval import Searcher

    return Searcher(load_settings(corpus, index))


def search(query: str, **options: Any) -> SearchResult:
    """Clauses that answer ``query``, best first, from the index of the settings.

    ``options`` are those of `kgsearch.retrieval.Searcher.search`: filters, sort, limit, offset.
    Raises UsageError for a query out of bounds, IndexStateError where there is no index.
    """
    return open_index().search(query, **options)


def ask(question: str, **options: Any) -> Answer:
    """What the documents in the index of the settings answer to ``question``.

    ``options`` are those of `kgsearch.answering.Answerer.ask`: filters, nearest. Raises IndexStateError where there is no index.
    """
    from kgsearch.answering import Answerer

    return Answerer(open_index()).ask(question, **options)


def __getattr__(name: str) -> Any:
    """The verbs that other modules define, loaded on first use (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module 'kgsearch' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
