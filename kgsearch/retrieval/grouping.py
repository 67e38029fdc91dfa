"""Hits of one document under one head: documents in the order of their first hit, the best of each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from kgsearch.models import SearchResult
from kgsearch.retrieval.hits import renumbered

HITS_OF_A_DOCUMENT = 3

_One = TypeVar("_One")


def by_document(found: Iterable[_One], document_of: Callable[[_One], str]) -> list[list[_One]]:
    """``found`` parted by document, in the order in which these come up first."""
    groups: dict[str, list[_One]] = {}
    for one in found:
        groups.setdefault(document_of(one), []).append(one)
    return list(groups.values())


def page_of(groups: Sequence[Sequence[_One]], offset: int, limit: int, score_of: Callable[[_One], float]) -> list[_One]:
    """The best of each of ``limit`` groups from ``offset`` on, group after group. Those of one score stay as they are."""
    page = groups[offset : offset + max(0, limit)]
    return [one for group in page for one in sorted(group, key=score_of, reverse=True)[:HITS_OF_A_DOCUMENT]]


def grouped(result: SearchResult, offset: int, limit: int) -> SearchResult:
    """``result``, whose hits are all that there are, with those of a page of documents."""
    groups = by_document(result.hits, lambda hit: hit.document.id)
    listed = None if len(groups) == len(result.facets["document"]) else len(groups)
    return replace(result, hits=renumbered(page_of(groups, offset, limit, lambda hit: hit.score), offset), listed=listed)
