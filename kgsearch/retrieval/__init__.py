"""Retrieval: from a query as typed to hits with their citations. Opens no file of its own: catalogue and engine are handed in or
opened from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgsearch.retrieval.searcher import Searcher

__all__ = ["Searcher"]


def __getattr__(name: str) -> Any:
    if name == "Searcher":
        from kgsearch.retrieval.searcher import Searcher

        return Searcher
    raise AttributeError(name)
