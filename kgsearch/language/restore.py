"""Restoring marks: "giai ngan dau tu cong" -> "giải ngân đầu tư công", by what the corpus writes beside what.

Of the marked forms of each folded syllable the likeliest sequence is taken (Viterbi) under a bigram model with absolute discounting and
continuation counts. What is typed with marks stays as it is typed, and helps to tell what its neighbours are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgsearch.language.analysis import syllable_key
from kgsearch.language.bigrams import BOUNDARY, Bigrams
from kgsearch.language.normalise import clean, has_marks, normalise_syllable

ENOUGH_SYLLABLES = 500_000
"""A corpus of fewer syllables restores one syllable in ten or more wrongly (docs/ranking.md): what is shown would be worse than nothing."""

MAX_RESTORED = 128
"""Tokens that are looked at: several times the longest query that is answered."""


@dataclass(frozen=True, slots=True)
class MarkTables:
    """What restoring needs: the ``bigrams`` of the corpus's marked syllables; ``forms``, folded syllable -> ids of its marked forms;
    ``shown``, id -> the spelling that the corpus has most often, where it is another than the normalised one ("tỉ" -> "tỷ")."""

    bigrams: Bigrams
    forms: Mapping[str, Sequence[int]]
    shown: Mapping[int, str]


def restore(syllables: Sequence[str], tables: MarkTables) -> tuple[str, ...]:
    """``syllables`` (tokens in order, as typed) with their marks, one for one; what is not known or has marks stays as typed."""
    typed = syllables[:MAX_RESTORED]
    choices = [_choices(syllable, tables) for syllable in typed]
    best = _viterbi(choices, tables.bigrams)
    return (*(_shown(syllable, state, tables) for syllable, state in zip(typed, best, strict=True)), *syllables[MAX_RESTORED:])


def _choices(syllable: str, tables: MarkTables) -> Sequence[int]:
    if has_marks(syllable):
        return (tables.bigrams.ids.get(normalise_syllable(syllable), BOUNDARY),)
    if not syllable.isascii() or not syllable.isalpha():
        return (BOUNDARY,)
    return tables.forms.get(syllable_key(syllable)) or (BOUNDARY,)


def _viterbi(choices: Sequence[Sequence[int]], bigrams: Bigrams) -> list[int]:
    """The likeliest sequence that takes one of each choice, from one edge of a clause to the other."""
    scores: dict[int, float] = {BOUNDARY: 0.0}
    back: list[dict[int, int]] = []
    for states in (*choices, (BOUNDARY,)):
        step: dict[int, int] = {}
        reached: dict[int, float] = {}
        for state in states:
            reached[state], step[state] = max((score + bigrams.log_probability(before, state), before) for before, score in scores.items())
        scores = reached
        back.append(step)
    path, state = [], BOUNDARY
    for step in reversed(back):
        state = step[state]
        path.append(state)
    return path[-2::-1] if len(path) > 1 else []


def _shown(typed: str, state: int, tables: MarkTables) -> str:
    if state == BOUNDARY or has_marks(typed):
        return typed
    return _in_case_of(typed, tables.shown.get(state) or tables.bigrams.words[state])


def _in_case_of(typed: str, restored: str) -> str:
    """``restored`` in the case of ``typed``: "GIAI" -> "GIẢI", "Giai" -> "Giải"."""
    typed = clean(typed)
    if len(typed) > 1 and typed.isupper():
        return restored.upper()
    return restored.capitalize() if typed[:1].isupper() else restored
