"""The words of a query that stand nowhere in the documents, so that whoever typed them is told, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kgsearch.engines.base import BIGRAMS, SYLLABLES, Statistics
from kgsearch.language import Token, has_marks, segment, syllable_key, tokenise
from kgsearch.models import Reading, ReadingKind, Span
from kgsearch.retrieval.plan import edited
from kgsearch.retrieval.query import Query
from kgsearch.retrieval.syntax import read_syntax

MOST_NAMED = 8
"""More words that stand nowhere are not told one by one: then the query is of another subject, or another language."""


def absent_words(query: Query, reached: Query, statistics: Statistics) -> list[str]:
    """The words of ``query`` that no passage holds, as typed and in order, each once.

    ``reached`` is the query that was asked in the end, without such words where there were others, ``statistics`` what the engine said
    to it. A word of several syllables that all occur, but never one after another, stands nowhere too: "khủng long" where there are only
    "khủng hoảng" and "Thăng Long".
    """
    if reached.codes:
        return []
    held = statistics.frequencies.get(SYLLABLES, {})
    looked_for = frozenset(reached.syllables)
    nowhere = frozenset(syllable for syllable in query.syllables if syllable not in looked_for or not held.get(syllable))
    apart = frozenset(pair for pair, count in statistics.frequencies.get(BIGRAMS, {}).items() if not count)
    if not nowhere and not apart:
        return []
    spelt = frozenset(syllable for synonym in query.synonyms for syllable in synonym.typed)
    found = (query.text[word[0].start : word[-1].end] for word in _words(query.text) if _stands_nowhere(word, nowhere, apart, spelt))
    return list(dict.fromkeys(found))[:MOST_NAMED]


def said(words: Sequence[str], text: str) -> tuple[Reading, ...]:
    """A reading for each of ``words`` that stand nowhere; undone, the query ``text`` is without it (or as it is, where nothing is left)."""
    return tuple(Reading(ReadingKind.ABSENT, word, "", _without(word, text)) for word in words)


def _words(text: str) -> Iterator[Sequence[Token]]:
    """The words of ``text``, each as its syllables; without marks no words of several syllables are known."""
    tokens = iter(tokenise(text))
    if not has_marks(text):
        yield from ([token] for token in tokens)
        return
    pending = next(tokens, None)
    for word in segment(text):
        syllables = []
        while pending is not None and pending.start < word.end:
            syllables.append(pending)
            pending = next(tokens, None)
        if syllables:
            yield syllables


def _stands_nowhere(word: Sequence[Token], nowhere: frozenset[str], apart: frozenset[str], spelt: frozenset[str]) -> bool:
    keys = [syllable_key(token.text) for token in word]
    if nowhere.intersection(keys):
        return True
    # A figure is read in more ways than one, and what has other spellings may stand in one of them.
    if any(key.isdigit() or key in spelt for key in keys):
        return False
    return any(f"{first}_{second}" in apart for first, second in pairwise(keys))


def _without(word: str, text: str) -> str:
    """The query without a word wherever it is looked for; not where its letters are part of another one, or of what is left out."""
    syntax = read_syntax(text)
    quoted = [phrase.span for phrase in syntax.phrases if phrase.text == word]
    typed = (Span(*found.span()) for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text))
    bare = [span for span in typed if not any(part.start <= span.start < part.end for part in (*quoted, *syntax.aside))]
    shortened = edited(text, [(span.start, span.end, "") for span in (*quoted, *bare)])
    return shortened if tokenise(shortened) else text
