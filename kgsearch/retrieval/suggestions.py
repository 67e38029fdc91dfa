"""Suggestions while somebody types: documents by number and title, and the frequent phrases of the corpus. Nothing is searched for.

Marks, case and the spelling of a number do not matter: "01/nq", "nq 01" and "nghi quyet 1" all begin 01/NQ-CP.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from threading import Lock

from kgsearch.language import clean, fold, has_marks
from kgsearch.models import DocumentRecord

SUGGESTIONS = 8
"""How many are given where nothing else is asked for: as many as are seen at a glance."""
MAX_TYPED = 200
"""Characters: what is longer is a question that somebody pastes, which nothing completes."""

_MAX_WORDS = 24
_LEAST_LETTERS = 2
"""One letter begins half of all words; one digit may begin a number."""
_LEAST_IN_TITLE = 3
_MAX_LAST_WORDS = 5
_PHRASES_ASKED = 24
# What words begin with in the syntax of queries: it is no part of a phrase.
_SYNTAX = re.compile(r"[\"“”„‟«»:]|(?:^|\s)-")
# "nq01" and "qh14" are two words each.
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")

Phrases = Callable[[str, int], Sequence[str]]
"""The commonest phrases that begin with a text, at most so many: `kgsearch.retrieval.lexicon.Lexicon.phrases`."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: ``document`` to be opened, or else ``phrase`` to be searched for: what was typed, completed."""

    document: DocumentRecord | None = None
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document as it is matched. ``head`` holds the words of its type and number, ``title`` those of its title, ``words`` all of them:
    folded, each with a space on either side, figures as written and in ``head`` and ``words`` without leading zeros too."""

    document: DocumentRecord
    figure: str
    head: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """What is typed, in words: ``whole`` those that end, each with its spaces; ``last`` the last one so, ``begun`` it as the beginning of
    a word where it may go on, else as ``last``. ``together`` are the words one after another, as a title would hold them."""

    whole: tuple[str, ...]
    last: str
    begun: str
    figure: str
    together: str

    @property
    def is_short(self) -> bool:
        """Whether so little of the last word is typed that it begins something in every title."""
        return len(self.last) - 2 < _LEAST_IN_TITLE

    def stand_in(self, text: str) -> bool:
        """Whether ``text`` holds all the words, the last perhaps only begun."""
        return (self.begun in text or self.last in text) and all(word in text for word in self.whole)


class Suggester:
    """Suggests from ``documents`` (newest first; the same object as long as nothing has changed) and ``phrases``.

    Safe to use from several threads at once. The time of a suggestion grows with the documents by under a microsecond for each.
    """

    def __init__(self, documents: Callable[[], Sequence[DocumentRecord]], phrases: Phrases) -> None:
        self._documents = documents
        self._phrases = phrases
        self._lock = Lock()
        self._held: tuple[Sequence[DocumentRecord] | None, tuple[_Entry, ...]] = (None, ())

    def suggest(self, typed: str, limit: int = SUGGESTIONS) -> list[Suggestion]:
        """At most ``limit`` suggestions for what is ``typed``, best first; none where it is too short or too long to be completed.

        Documents come first where a figure was typed, phrases where none was; each kind has half of the places, and what the other
        leaves. Raises IndexStateError where the catalogue cannot be read.
        """
        if len(typed) > MAX_TYPED or limit < 1:
            return []
        typed = clean(typed.encode(errors="ignore").decode())
        read = _read(typed)
        if read is None:
            return []
        documents = [Suggestion(document=document) for document in self._named(read, limit)]
        phrases = [Suggestion(phrase=phrase) for phrase in self._completed(typed, limit)]
        first, second = (documents, phrases) if read.figure else (phrases, documents)
        for_first = max(limit - len(second), limit - limit // 2)
        return [*first[:for_first], *second[: limit - min(len(first), for_first)]]

    def _named(self, typed: _Typed, limit: int) -> list[DocumentRecord]:
        """The documents whose type, number and title hold what is typed: by number first, then by title, then the newest."""
        standing = ((place, entry) for place, entry in enumerate(self._entries()) if typed.stand_in(entry.words))
        found = ((_tier(entry, typed), place, entry) for place, entry in standing)
        best = nsmallest(limit, found, key=lambda one: one[:2])
        return [entry.document for tier, _place, entry in best if tier < _TOO_FAR]

    def _entries(self) -> tuple[_Entry, ...]:
        documents = self._documents()
        held = self._held
        # Whoever comes while another makes new entries is served from the old ones.
        if held[0] is not documents and self._lock.acquire(blocking=held[0] is None):
            try:
                if self._held[0] is not documents:
                    known = {_said(entry.document): entry for entry in held[1]}
                    self._held = documents, tuple(_entry(document, known.get(_said(document))) for document in documents)
            finally:
                self._lock.release()
        return self._held[1]

    def _completed(self, typed: str, limit: int) -> list[str]:
        """What is typed with its last words completed to a phrase: of as many of them as some phrase begins with."""
        words = typed.split()
        if _SYNTAX.search(typed) or not words:
            return []
        end = " " if typed[-1].isspace() else ""
        for start in range(max(0, len(words) - _MAX_LAST_WORDS), len(words)):
            last = " ".join(words[start:])
            if start and len(words) - start == 1 and not has_marks(last):
                # A word without marks is several; what stands before it says which, and no phrase does.
                return []
            found = self._phrases(last + end, _PHRASES_ASKED)
            # Marks that were typed are meant: what agrees with them stands first, and alone after other words.
            agreeing = [phrase for phrase in found if phrase.lower().startswith(last.lower())]
            others = [] if start and has_marks(last) else [phrase for phrase in found if phrase not in agreeing]
            if agreeing or others:
                return [" ".join([*words[:start], phrase]) for phrase in [*agreeing, *others][:limit]]
        return []


def _read(typed: str) -> _Typed | None:
    words = _WORD.findall(fold(typed))
    if not words or len(words) > _MAX_WORDS or (len(words) == 1 and not words[0].isdigit() and len(words[0]) < _LEAST_LETTERS):
        return None
    is_open = typed[-1:].isalnum()
    last = f" {_figure(words[-1])} "
    return _Typed(
        whole=tuple(f" {_figure(word)} " for word in words[:-1]),
        last=last,
        begun=f" {words[-1]}" if is_open else last,
        figure=next((_figure(word) for word in words if word.isdigit()), ""),
        together=f" {' '.join(words)}{'' if is_open else ' '}",
    )


def _said(document: DocumentRecord) -> tuple[str, ...]:
    return document.id, document.type, document.number, document.title


def _entry(document: DocumentRecord, known: _Entry | None) -> _Entry:
    """The entry of a document; ``known`` is one of the same words, from before."""
    if known is not None:
        return replace(known, document=document)
    number = _WORD.findall(fold(document.number))
    title = _WORD.findall(fold(document.title))
    head = [*_WORD.findall(fold(document.type)), *number]
    bare = [_figure(word) for word in (*number, *title) if word.startswith("0")]
    return _Entry(
        document,
        figure=_figure(number[0]) if number else "",
        head=_spaced([*head, *map(_figure, number)]),
        title=_spaced(title),
        words=_spaced([*head, *title, *bare]),
    )


_TOO_FAR = 4


def _tier(entry: _Entry, typed: _Typed) -> int:
    """How well a document that holds what is typed answers it: 0 by its number's figure, 1 by type and number, 2 by words that stand
    together in its title, 3 by words that stand anywhere in it; _TOO_FAR where it only seems to."""
    if typed.stand_in(entry.head):
        return 0 if typed.figure and typed.figure == entry.figure else 1
    if typed.is_short and not typed.whole and typed.last not in entry.words:
        return _TOO_FAR
    if typed.together in entry.title:
        return 2
    return _TOO_FAR if typed.is_short and typed.last not in entry.words else 3


def _figure(word: str) -> str:
    """A figure without its leading zeros; other words as they are."""
    return word.lstrip("0") or "0" if word[:1] == "0" else word


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "
