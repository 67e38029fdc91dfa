"""What a term means: the sentence that begins with the term and goes on with "là" defines it, whatever else uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.reading import ReadAnswer
from kgsearch.language import syllable_key, tokenise

SOUGHT_WITH = "giải thích từ ngữ"
"""What the article is headed in which documents define their terms."""

MARGIN = 0.7
"""What stands for the margin of a definition over other sentences: they say something of the term, not what it is."""

_SHORTEST = 2
"""Syllables of a term at least, where the question has more words than the term."""

_WHAT = (syllable_key("gì"),)
_IS = (("la",), ("duoc", "hieu", "la"), ("gom",), ("bao", "gom"), ("la", "gi"))
_BEFORE = frozenset([syllable_key(word) for word in ("thuật", "ngữ", "khái", "niệm", "cụm", "từ")])


def asks_definition(question: Question) -> bool:
    """Whether it is asked what something is: "X là gì", "thế nào là X"."""
    if question.kind is QuestionKind.DEFINITION:
        return True
    keys = [syllable_key(token.text) for token in tokenise(question.text)]
    return question.kind in (QuestionKind.WHICH, QuestionKind.OTHER) and tuple(keys[-1:]) == _WHAT and keys[-2:-1] == ["la"]


def defining(question: Question, readings: Sequence[ReadAnswer]) -> ReadAnswer | None:
    """The best reading that defines the question's term, or None."""
    term = _term(question)
    if not term:
        return None
    said = [(one, length) for one in readings if (length := _defined(term, one.unit.text))]
    if not said:
        return None
    # Elsewhere "X là …" says something of X that holds there.
    found = max(said, key=lambda pair: (_is_explained(pair[0]), pair[1], pair[0].score))[0]
    features = found.features
    return replace(found, features=replace(features, fit=1.0, near=1.0, side=1.0, margin=max(features.margin, MARGIN)))


def _is_explained(answer: ReadAnswer) -> bool:
    return any(SOUGHT_WITH in heading.lower() for heading in answer.unit.headings)


def _term(question: Question) -> tuple[str, ...]:
    """The words that the question is about, all of them, in order."""
    if not question.words:
        return ()
    text = question.text[question.words[0].start : question.words[-1].end]
    keys = [syllable_key(token.text) for token in tokenise(text)]
    return tuple(keys[:-1] if keys[-1:] == ["la"] else keys)


def _defined(term: tuple[str, ...], text: str) -> int:
    """How many of the question's syllables, one after another, are what ``text`` begins with before "là"; 0 where it begins otherwise."""
    keys = [syllable_key(token.text) for token in tokenise(text[: 40 + 12 * len(term)])]
    while keys and (keys[0].isdigit() or keys[0] in _BEFORE) and tuple(keys[: len(term)]) != term:
        keys = keys[1:]
    for length in range(min(len(term), len(keys)), min(len(term), _SHORTEST) - 1, -1):
        subject, rest = tuple(keys[:length]), tuple(keys[length:])
        stands = any(term[place : place + length] == subject for place in range(len(term) - length + 1))
        if stands and any(rest[: len(words)] == words for words in _IS):
            return length
    return 0
