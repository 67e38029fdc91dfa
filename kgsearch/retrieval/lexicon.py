"""The lexicon as a search uses it: what was learnt from the corpus, opened when first asked for, and again when it is newer.

Without a lexicon, or with a damaged one, everything here is off: no word is known, nothing is restored, corrected or expanded.
Safe to use from several threads at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from kgsearch.language import has_marks, spelling, syllable_key, tokenise
from kgsearch.language.abbreviations import Expansion, abbreviation_key
from kgsearch.language.restore import ENOUGH_SYLLABLES, restore
from kgsearch.language.spelling import Correction
from kgsearch.language.tables import LEXICON_FILE, MAX_BYTES, Packed
from kgsearch.language.variants import is_syllable

_T = TypeVar("_T")
_Signature = tuple[int, ...]


class Lexicon:
    """What was learnt from the corpus, in ``folder``. Opens nothing before the first question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / LEXICON_FILE
        self._lock = Lock()
        self._held: tuple[_Signature | None, Packed | None] = (None, None)

    def status(self) -> dict[str, Any] | None:
        """The ``lexicon`` of ``kgsearch status``; None where there is none that can be read."""
        return self._ask(lambda packed: packed.stamp.to_json(), None)

    def is_word(self, syllable: str) -> bool:
        """Whether the corpus holds a syllable that is ``syllable`` once both are folded (`kgsearch.language.syllable_key`)."""
        return self._ask(lambda packed: syllable_key(syllable) in packed.known, False)

    def restore(self, syllables: Sequence[str]) -> tuple[str, ...] | None:
        """``syllables`` (a query's tokens in order, as typed) with their marks, each in the spelling that the corpus has most often.

        One for one: what carries marks already, has a digit or is not known stays as typed; upper case and capitals are kept. None
        where the corpus is too small to learn from (`kgsearch.language.restore.ENOUGH_SYLLABLES`) or nothing would change.
        """

        def restored(packed: Packed) -> tuple[str, ...] | None:
            if packed.stamp.syllables < ENOUGH_SYLLABLES:
                return None
            marked = restore(syllables, packed.marks)
            return marked if marked != tuple(syllables) else None

        return self._ask(restored, None)

    def correct(self, syllables: Sequence[str]) -> Correction | None:
        """What was probably meant by ``syllables`` (a query's tokens in order, as typed), where one or two of them look like slips;
        None where none does. Tokens with a digit are never touched; the parts of a code are for the caller to leave out."""
        return self._ask(lambda packed: spelling.correct(syllables, packed.spelling), None)

    def expansions(self, abbreviation: str) -> tuple[Expansion, ...]:
        """What ``abbreviation`` stands for ("TTHC", "KT-XH", "bhtn"; with marks and hyphens or without), the likeliest first.

        In lower case only what could not be a syllable is one: "ca" is not "công an". Where a whole query is in capitals, ask in lower
        case.
        """
        key = abbreviation_key(abbreviation)
        if len(key) < 2 or (abbreviation.islower() and is_syllable(key)):
            return ()
        return self._ask(lambda packed: tuple(packed.abbreviations.get(key, ())), ())

    def abbreviations(self, phrase: str) -> tuple[str, ...]:
        """What stands for ``phrase`` in the corpus, folded, the commonest first: "thủ tục hành chính" -> ("tthc",). Marks and case do
        not matter."""
        return self._ask(lambda packed: tuple(packed.abbreviated.get(_folded(phrase), ())), ())

    def variants(self, phrase: str) -> tuple[str, ...]:
        """Other spellings of a word that the corpus holds, folded: "vắc xin" -> ("vaccine", "vacxin"). Marks and case do not matter."""
        return self._ask(lambda packed: tuple(packed.variants.get(_folded(phrase), ())), ())

    def phrases(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """The commonest phrases of the corpus that begin with ``prefix`` (whole or half words, with marks or without), commonest first;
        of a whole phrase without its marks also itself with them."""
        start = _folded(prefix) + (" " if prefix[-1:].isspace() else "")
        if not start.strip():
            return ()
        bare = not has_marks(prefix)

        def found(packed: Packed) -> tuple[str, ...]:
            begun = (
                shown for folded, shown in packed.phrases if folded.startswith(start) and (folded != start or (bare and has_marks(shown)))
            )
            return tuple(shown for shown, _place in zip(begun, range(limit), strict=False))

        return self._ask(found, ())

    def _ask(self, question: Callable[[Packed], _T], otherwise: _T) -> _T:
        """What the lexicon that there is now answers; ``otherwise`` where there is none that can be read."""
        packed = self._packed()
        if packed is None:
            return otherwise
        try:
            return question(packed)
        except ValueError:
            # A table of it is damaged: no part of it is to be trusted, until there is another.
            with self._lock:
                if self._held[1] is packed:
                    self._held = (self._held[0], None)
            return otherwise

    def _packed(self) -> Packed | None:
        signature = self._signature()
        held = self._held
        if held[0] == signature:
            return held[1]
        with self._lock:
            if self._held[0] != signature:
                try:
                    self._held = (signature, self._read() if signature else None)
                except OSError:
                    # It may be readable at the next question.
                    return None
            return self._held[1]

    def _signature(self) -> _Signature | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def _read(self) -> Packed | None:
        """None where it is damaged. Raises OSError."""
        with self._path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        try:
            return Packed(data) if len(data) <= MAX_BYTES else None
        except ValueError:
            return None


def _folded(phrase: str) -> str:
    return " ".join(syllable_key(token.text) for token in tokenise(phrase))
