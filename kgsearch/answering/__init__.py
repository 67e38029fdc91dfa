"""Answers: what a question asks, the sentence of the documents that says it, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgsearch.answering.answerer import Answerer

__all__ = ["Answerer"]


def __getattr__(name: str) -> Any:
    if name == "Answerer":
        from kgsearch.answering.answerer import Answerer

        return Answerer
    raise AttributeError(name)
