"""A clause and one above or below it are never hits of the same query: the better one stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from kgsearch.models import ClauseRecord, Kind
from kgsearch.retrieval.ranking import Ranked

Key = tuple[str, str]
"""A document's id and the eId of a clause of it."""

_DIVISIONS = (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)
_ARTICLE = re.compile(r"(?:[^_]+_[^_]+__)*?art_[^_]+")


class Clauses(Protocol):
    """What is needed of a catalogue."""

    def clauses_of(self, pairs: Sequence[Key]) -> dict[Key, ClauseRecord]:
        """The clauses that there are of those named."""


def without_nested(ranked: Sequence[Ranked], catalogue: Clauses) -> tuple[list[Ranked], list[int]]:
    """One hit for each clause, and none whose ancestor or descendant stands before it; with the places of those left out, for this or for
    being gone from the catalogue."""
    records = catalogue.clauses_of([(found.candidate.document, found.candidate.clause) for found in ranked])
    chapters = _chapters(records, catalogue)
    kept: dict[Key, Ranked] = {}
    above: set[Key] = set()
    seen: set[Key] = set()
    left_out: list[int] = []
    for place, found in enumerate(ranked):
        key = (found.candidate.document, found.candidate.clause)
        if key in seen:
            continue
        seen.add(key)
        if key not in records:
            left_out.append(place)
            continue
        lineage = [(key[0], eid) for eid in _lineage(key[1], chapters.get((key[0], _article(key[1])), ""))]
        if key in above or any(ancestor in kept for ancestor in lineage):
            left_out.append(place)
            continue
        above.update(lineage)
        kept[key] = found
    return list(kept.values()), left_out


def _chapters(records: Mapping[Key, ClauseRecord], catalogue: Clauses) -> dict[Key, str]:
    """The eId of what each article stands in, for documents of which a chapter was matched too: the article's eId does not say it."""
    divided = {document for (document, _eid), record in records.items() if record.kind in _DIVISIONS}
    articles = {(document, _article(eid)) for document, eid in records if document in divided and _article(eid)}
    return {key: record.parent for key, record in catalogue.clauses_of(sorted(articles)).items()} if articles else {}


def _lineage(eid: str, chapter: str) -> list[str]:
    """The eIds of the clauses above ``eid``: those that it names, and those of the chapter that its article stands in."""
    parts = eid.split("__")
    above = ["__".join(parts[:count]) for count in range(1, len(parts))]
    return [*_lineage(chapter, ""), chapter, *above] if chapter else above


def _article(eid: str) -> str:
    """The eId of the article that ``eid`` is or stands in; "" outside articles."""
    match = _ARTICLE.match(eid)
    return match[0] if match else ""
