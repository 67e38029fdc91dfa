"""What a run did, and how it tells of its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Progress(Protocol):
    """Told after every step: ``done`` of ``total`` steps of all phases that have begun, the last of them on ``name``.

    ``total`` grows when a phase begins: when the files are read it is known how many documents the engine has to be given.
    """

    def __call__(self, done: int, total: int, name: str, /) -> None:
        """Take note of one step."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is not indexed and why; ``file`` is its path in the corpus folder, or as it was given."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """What a phase of a run has done: files or documents, and in how many seconds."""

    done: int
    seconds: float

    @property
    def rate(self) -> float:
        """Files or documents a second; 0 where none was done."""
        return self.done / self.seconds if self.done and self.seconds > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        """As ``phases`` of the report has it."""
        return {"done": self.done, "seconds": round(self.seconds, 3), "rate": round(self.rate, 2)}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of `sync` did, in files; ``documents`` and ``clauses`` are what the index holds after it.

    ``failures`` names every file whose last state is failed, also those that failed earlier and have not changed since;
    ``files_waiting`` those that were not complete when they were looked at. A file that was only renamed or moved is ``moved``, and
    nothing else. ``phases`` has figures by the name of the phase: reading (files), indexing and learning (documents).
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    failures: Sequence[Failure]
    documents: int
    clauses: int
    seconds: float
    moved: int = 0
    files_waiting: Sequence[Failure] = ()
    phases: Mapping[str, PhaseFigures] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many files are not indexed."""
        return len(self.failures)

    @property
    def waiting(self) -> int:
        """How many files were not complete yet."""
        return len(self.files_waiting)

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch index``."""
        return {
            "added": self.added,
            "changed": self.changed,
            "moved": self.moved,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "failures": _named(self.failures),
            "waiting": self.waiting,
            "files_waiting": _named(self.files_waiting),
            "documents": self.documents,
            "clauses": self.clauses,
            "phases": {name: figures.to_json() for name, figures in self.phases.items()},
            "seconds": round(self.seconds, 3),
        }


def described(error: BaseException) -> str:
    """An error that nobody foresaw, in a few words on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


def _named(failures: Sequence[Failure]) -> list[dict[str, str]]:
    return [{"file": failure.file, "reason": failure.reason} for failure in failures]
