"""Judged questions are answered as anybody's are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgsearch.models import Hit

if TYPE_CHECKING:
    from kgsearch.config import Settings
    from kgsearch.evaluation.report import Ask


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered, and the clauses that it stands on."""

    answer: str | None
    evidence: Sequence[Hit]


def asker(settings: Settings) -> Ask:
    """What answers questions from the index of ``settings``. Raises IndexStateError when there is no usable index."""
    from kgsearch.answering import Answerer
    from kgsearch.retrieval import Searcher

    answerer = Answerer(Searcher(settings))

    def ask(question: str) -> GivenAnswer:
        given = answerer.ask(question, nearest=0)
        return GivenAnswer(given.text, [evidence.hit for evidence in given.evidence])

    return ask
