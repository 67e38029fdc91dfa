"""What a term means: the sentence that begins with the term and goes on with "là" defines it, whatever else uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.question.terms import SHORTENED, defined, term_of
from kgsearch.answering.reading.reader import ReadAnswer
from kgsearch.language import syllable_key, syllable_keys

SOUGHT_WITH = "giải thích từ ngữ"
"""What the article is headed in which documents define their terms."""

MARGIN = 0.7
"""What stands for the margin of a definition over other sentences: they say something of the term, not what it is."""

EXPLAINED = 0.2
"""What it adds to how surely a text defines a term that it stands where terms are explained."""

_WHAT = (syllable_key("gì"),)


def asks_definition(question: Question) -> bool:
    """Whether it is asked what something is: "X là gì", "thế nào là X"."""
    if question.kind is QuestionKind.DEFINITION:
        return True
    keys = syllable_keys(question.text)
    return question.kind in (QuestionKind.WHICH, QuestionKind.OTHER) and tuple(keys[-1:]) == _WHAT and keys[-2:-1] == ["la"]


def defining(question: Question, readings: Sequence[ReadAnswer]) -> ReadAnswer | None:
    """The best reading that defines the question's term.

    Where none does, the best reading as one that lacks what is asked for, if the question can only be meant so; else None.
    """
    term = term_of(question)
    if term is None or not readings:
        return None
    said = [(one, sureness) for one in readings if (sureness := defined(term, one.unit.text))]
    if not said:
        return _undefined(readings[0]) if question.kind is QuestionKind.DEFINITION else None
    # Elsewhere "X là …" says something of X that holds there.
    found, sureness = max(said, key=lambda pair: (pair[1] + EXPLAINED * _is_explained(pair[0]), pair[0].score))
    features = found.features
    margin = max(features.margin, MARGIN) if sureness > SHORTENED else features.margin
    return replace(found, features=replace(features, fit=sureness, near=1.0, side=1.0, cue=sureness, margin=margin))


def _undefined(answer: ReadAnswer) -> ReadAnswer:
    return replace(answer, features=replace(answer.features, fit=0.0, near=0.0, side=0.0, cue=0.0, margin=0.0))


def _is_explained(answer: ReadAnswer) -> bool:
    return any(SOUGHT_WITH in heading.lower() for heading in answer.unit.headings)
