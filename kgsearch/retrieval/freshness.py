"""Whether what an engine has found is still what the catalogue holds.

The catalogue changes first, document by document, and the engine follows a batch later. In between the engine finds a clause by words
that it does not hold any more; who asks for these words must not be shown others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kgsearch.engines.base import Candidate
from kgsearch.language import analyse, syllable_key
from kgsearch.models import ClauseRecord
from kgsearch.retrieval.query import Query
from kgsearch.retrieval.synonyms import as_typed


def still_holds(clause: ClauseRecord, candidate: Candidate, query: Query) -> bool:
    """Whether ``clause`` holds, one after another, the syllables that an engine gave back of it, in which what stands for typed words
    was put as typed; or, where it was changed, still every word of the query by which it was found."""
    now = replace(candidate, context=(), text=analyse(clause.text, words=False).marked)
    readings = [now, *as_typed([now], query.synonyms)]
    return any(_stands_in(candidate.text, one.text) for one in readings) or _still_asked_for(candidate, readings, query)


def _still_asked_for(candidate: Candidate, readings: Sequence[Candidate], query: Query) -> bool:
    if query.phrases or query.excluded:
        # What must stand together, or must not stand there, is for the engine to see.
        return False
    asked = query.shown_syllables & _keys(candidate.text)
    return bool(asked) and any(asked <= _keys(one.text) for one in readings)


def _keys(syllables: Iterable[str]) -> frozenset[str]:
    return frozenset(map(syllable_key, syllables))


def _stands_in(run: Sequence[str], text: Sequence[str]) -> bool:
    # No syllable holds a space.
    return f" {' '.join(run)} " in f" {' '.join(text)} " if run else True
