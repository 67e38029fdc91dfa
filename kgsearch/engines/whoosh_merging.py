"""Which segments a commit writes anew: so that there are never many, and none is written anew often.

A segment is joined with others of its class when there are SEGMENTS_OF_A_CLASS of them, a class reaching to so many times the size of
the one below; so a passage is written once in each class and no more. The largest are left alone, because joining them would
take minutes, and one whose passages are ghosts for a third is written anew without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

SEGMENTS_OF_A_CLASS = 8
SMALLEST_CLASS = 100
"""Passages: what one document has."""
LARGEST_JOINED = 50_000
"""Passages: a segment of more is joined with none. Whoosh's column of references, of which it has one for each document, counts to
65,535."""
_GHOSTS_BORNE = 3

Merging = Callable[[Any, Sequence[Any]], list[Any]]


def merge_policy(added: int) -> Merging:
    """What Whoosh calls at a commit that adds ``added`` documents, with the writer and the segments that there are: it puts some of them
    into the segment that is being written and gives the others back."""

    def merge(writer: Any, segments: Sequence[Any]) -> list[Any]:
        joined = chosen([(segment.doc_count_all(), segment.deleted_count()) for segment in segments], writer.docnum, added)
        for place in joined:
            writer.add_segment(segments[place])
        return [segment for place, segment in enumerate(segments) if place not in joined]

    return merge


def chosen(segments: Sequence[tuple[int, int]], added: int, documents: int = 0) -> list[int]:
    """The places of the ``segments``, each with its passages and the ghosts among them, that are joined with the ``added`` passages
    of ``documents``."""
    live = [passages - ghosts for passages, ghosts in segments]
    # What is ghosts altogether is left out by the commit, and is none to be read.
    wasteful = {place for place, (passages, ghosts) in enumerate(segments) if ghosts * _GHOSTS_BORNE > passages > ghosts}
    classes: defaultdict[int, set[int]] = defaultdict(set)
    for place, count in enumerate(live):
        if count > 0:
            classes[_class_of(count)].add(place)
    joined, size = set(wasteful), added + sum(live[place] for place in wasteful)
    for level in filter(_is_joined, sorted(classes)):
        others = classes[level] - joined
        # What is being written is one of its class.
        if others and len(others) + (size > 0 and _class_of(size) == level) >= SEGMENTS_OF_A_CLASS:
            joined |= others
            size += sum(live[place] for place in others)
    return _bounded(joined, wasteful, live, documents)


def _bounded(joined: set[int], wasteful: set[int], live: Sequence[int], documents: int) -> list[int]:
    """The smallest of them, as many as may be joined; one that is wasteful has the room of its ghosts to spare."""
    room = LARGEST_JOINED - documents
    taken: list[int] = []
    for place in sorted(joined, key=lambda place: (place not in wasteful, live[place])):
        room -= live[place]
        if room >= 0 or (place in wasteful and not taken and documents == 0):
            taken.append(place)
    return sorted(taken)


def _is_joined(level: int) -> bool:
    """Whether a class is small enough for its segments to be joined."""
    return level <= _class_of(LARGEST_JOINED // SEGMENTS_OF_A_CLASS)


def _class_of(passages: int) -> int:
    level, reach = 0, SMALLEST_CLASS
    while reach < passages:
        level, reach = level + 1, reach * SEGMENTS_OF_A_CLASS
    return level
