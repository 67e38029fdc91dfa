"""What a run did, and how it tells of its progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Progress(Protocol):
    """Told after every step: ``done`` of ``total`` steps, the last of them on ``name``.

    ``total`` grows once, when the files are read and it is known how many documents the engine has to be given.
    """

    def __call__(self, done: int, total: int, name: str, /) -> None:
        """Take note of one step."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is not indexed and why; ``file`` is its path in the corpus folder, or as it was given."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of `sync` did, in files; ``documents`` and ``clauses`` are what the index holds after it.

    ``failures`` names every file whose last state is failed, also those that failed earlier and have not changed since.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    failures: Sequence[Failure]
    documents: int
    clauses: int
    seconds: float

    @property
    def failed(self) -> int:
        """How many files are not indexed."""
        return len(self.failures)

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch index``."""
        return {
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "failures": [{"file": failure.file, "reason": failure.reason} for failure in self.failures],
            "documents": self.documents,
            "clauses": self.clauses,
            "seconds": round(self.seconds, 3),
        }


def described(error: Exception) -> str:
    """An error that nobody foresaw, in a few words on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
