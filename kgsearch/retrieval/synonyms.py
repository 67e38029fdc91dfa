"""What may stand in a document for what was typed: the words of an abbreviation, an abbreviation of the words, another spelling.

An engine counts a passage that holds what stands for a syllable as holding the syllable. Before candidates are scored, what stands for
typed syllables in them is put in their place, so that "UBND" and "ủy ban nhân dân" weigh the same, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from kgsearch.citations.numbers import ordinal_value, roman_numeral
from kgsearch.engines.base import Candidate
from kgsearch.language import Token, codes, syllable_key, tokenise
from kgsearch.language.abbreviations import Expansion
from kgsearch.retrieval.query import Synonym

MAX_SYNONYMS = 12
"""Of one query; each costs an engine a look at the postings of its syllables."""

_MOST_MEANINGS = 2
_SHORTEST_ABBREVIATION = 3
# These stand in documents' numbers, so nearly everywhere: as much as nothing is said by them of what a passage is about.
_SYMBOLS = frozenset(["ubnd", "hdnd", "ttg", "ubtvqh", "ubmttq"])
_COUNTED = frozenset(map(syllable_key, ["quý", "chương", "phần", "mục", "lục", "khóa", "hạng", "loại", "nhóm", "vùng", "đợt", "kỳ"]))
_LONGEST = 8
_RUN = re.compile(r"[^\W_]+(?:[-/&.][^\W_]+)*")
_MOST_PARTS = 3


class Expander(Protocol):
    """What is needed of the lexicon."""

    def expansions(self, abbreviation: str) -> tuple[Expansion, ...]:
        """What an abbreviation stands for, the likeliest first."""

    def abbreviations(self, phrase: str) -> tuple[str, ...]:
        """What stands for a phrase."""

    def variants(self, phrase: str) -> tuple[str, ...]:
        """Other spellings of a word."""


@dataclass(frozen=True, slots=True)
class Found:
    """Synonyms of what stands at ``start`` to ``end`` of a query; ``meanings`` are the words of an abbreviation, as they are shown."""

    start: int
    end: int
    synonyms: tuple[Synonym, ...]
    meanings: tuple[str, ...] = ()


def synonyms_in(text: str, tokens: Sequence[Token], lexicon: Expander) -> list[Found]:
    """The synonyms of the words of a query. ``tokens`` are its syllables that may be read as others: none that is quoted."""
    free = {token.start: token for token in tokens}
    coded = [(code.start, code.end) for code in codes(text)]
    shouted = text.isupper()
    found = list(_of_abbreviations(text, free, coded, lexicon, shouted=shouted))
    taken = {place for one in found for place in range(one.start, one.end)}
    found += _of_phrases(text, [token for token in tokens if token.start not in taken and not _within(token, coded)], lexicon)
    found += _of_numerals(text, tokens)
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: one.start):
        if sum(len(other.synonyms) for other in kept) + len(one.synonyms) <= MAX_SYNONYMS:
            kept.append(one)
    return kept


def _of_abbreviations(
    text: str, free: dict[int, Token], coded: Sequence[tuple[int, int]], lexicon: Expander, *, shouted: bool
) -> Iterator[Found]:
    for match in _RUN.finditer(text):
        parts = [Token(part.text, match.start() + part.start, match.start() + part.end) for part in tokenise(match[0])]
        if not 0 < len(parts) <= _MOST_PARTS or any(part.start not in free or _within(part, coded) for part in parts):
            continue
        whole = _abbreviation(text, parts, lexicon, shouted=shouted)
        found = [whole] if whole else [_abbreviation(text, [part], lexicon, shouted=shouted) for part in parts if len(parts) > 1]
        yield from (one for one in found if one)


def _abbreviation(text: str, parts: Sequence[Token], lexicon: Expander, *, shouted: bool) -> Found | None:
    start, end = parts[0].start, parts[-1].end
    # Only capitals tell "AN" from "an": those of a whole query tell nothing, nor does the one of a name.
    written = text[start:end] if text[start:end].isupper() and not shouted else text[start:end].lower()
    meanings = [expansion.text for expansion in lexicon.expansions(written)][:_MOST_MEANINGS]
    synonyms = _synonyms(parts, meanings)
    return Found(start, end, synonyms, tuple(meanings)) if synonyms else None


def _of_phrases(text: str, tokens: Sequence[Token], lexicon: Expander) -> Iterator[Found]:
    """The longest runs of neighbouring words that are abbreviated or spelled otherwise, from left to right."""
    place = 0
    while place < len(tokens):
        found = next(filter(None, (_phrase(text, tokens[place : place + count], lexicon) for count in range(_LONGEST, 0, -1))), None)
        if found is None:
            place += 1
            continue
        yield found
        place += sum(token.start < found.end for token in tokens[place:])


def _phrase(text: str, tokens: Sequence[Token], lexicon: Expander) -> Found | None:
    if any(text[one.end : other.start].strip(" -–") for one, other in pairwise(tokens)):
        return None
    phrase = " ".join(token.text for token in tokens)
    others = (*(filter(_tells, lexicon.abbreviations(phrase)) if len(tokens) > 1 else ()), *lexicon.variants(phrase))
    synonyms = _synonyms(tokens, others[:_MOST_MEANINGS])
    return Found(tokens[0].start, tokens[-1].end, synonyms) if synonyms else None


def _of_numerals(text: str, tokens: Sequence[Token]) -> Iterator[Found]:
    """What is counted in Roman figures and in Arabic ones: "quý 1" is "quý I"."""
    for word, figure in pairwise(tokens):
        other = _other_figure(figure.text)
        if other and syllable_key(word.text) in _COUNTED and text[word.end : figure.start] == " ":
            yield Found(word.start, figure.end, _synonyms([word, figure], [f"{word.text} {other}"]))


def _other_figure(written: str) -> str:
    """A Roman numeral for Arabic figures and the other way round; "" for what is neither, or over 39."""
    value = ordinal_value(written)
    if not 0 < value < 40:
        return ""
    if written.isdigit():
        return roman_numeral(value)
    return str(value) if roman_numeral(value) == written.upper() else ""


def _tells(abbreviation: str) -> bool:
    """Whether an abbreviation in a passage says that its words are meant: "QĐ" and "UBND" are parts of most documents' numbers."""
    return len(abbreviation) >= _SHORTEST_ABBREVIATION and syllable_key(abbreviation) not in _SYMBOLS


def _synonyms(typed: Sequence[Token], others: Sequence[str]) -> tuple[Synonym, ...]:
    keys = tuple(syllable_key(token.text) for token in typed)
    meant = dict.fromkeys(tuple(syllable_key(token.text) for token in tokenise(other)) for other in others)
    return tuple(Synonym(keys, one) for one in meant if one and one != keys)


def _within(token: Token, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in ranges)


def as_typed(candidates: Sequence[Candidate], synonyms: Sequence[Synonym]) -> Sequence[Candidate]:
    """The candidates with the query's syllables in place of what stands for them."""
    if not synonyms:
        return candidates
    # The longest first: "ủy ban nhân dân tỉnh" before a part of it.
    ordered = sorted(synonyms, key=lambda synonym: -len(synonym.meant))
    # Passages under one heading have the same context.
    contexts = {context: _put_back(context, ordered) for context in {tuple(one.context) for one in candidates}}
    return [replace(one, context=contexts[tuple(one.context)], text=_put_back(one.text, ordered)) for one in candidates]


def _put_back(syllables: Sequence[str], synonyms: Sequence[Synonym]) -> Sequence[str]:
    keys = list(map(syllable_key, syllables))
    for synonym in synonyms:
        count = len(synonym.meant)
        for place in reversed(_apart(keys, synonym.meant)):
            syllables = [*syllables[:place], *synonym.typed, *syllables[place + count :]]
            keys[place : place + count] = synonym.typed
    return syllables


def _apart(keys: Sequence[str], sequence: tuple[str, ...]) -> list[int]:
    """Where a sequence stands, none beginning within the one before it."""
    places: list[int] = []
    for place, key in enumerate(keys):
        if key != sequence[0] or (places and place < places[-1] + len(sequence)):
            continue
        if tuple(keys[place : place + len(sequence)]) == sequence:
            places.append(place)
    return places
