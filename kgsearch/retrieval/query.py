"""A query as it is looked for: bounded, cleaned, analysed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kgsearch.engines.base import Phrase
from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.language import Analysis, analyse, clean, codes, has_marks, normalise_syllable, repair_numerals, syllable_key, tokenise
from kgsearch.language.analysis import code_key
from kgsearch.language.tokenise import dates_in_words

MAX_CHARACTERS = 512
MAX_TERMS = 32
"""Distinct syllables that are looked for; what a longer query adds after them changes no order, only the time it takes."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """That syllables which were typed may stand in a text as others: ("ubnd",) as ("uy", "ban", "nhan", "dan"). Both are keys."""

    typed: tuple[str, ...]
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query: ``text`` in one spelling of its characters and single-spaced, ``analysis`` as documents are analysed, ``syllables`` the
    distinct ones that are looked for, in order; ``phrases`` and ``excluded`` narrow what is found, ``synonyms`` widen it. ``codes`` are
    the keys of the numbers, dates and percentages where the query is nothing else: what holds them whole is looked for then."""

    text: str
    analysis: Analysis
    syllables: tuple[str, ...]
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    codes: tuple[str, ...] = ()

    @cached_property
    def bigrams(self) -> tuple[str, ...]:
        """The distinct neighbouring pairs of the syllables that are looked for."""
        wanted = set(self.syllables)
        return tuple(dict.fromkeys(pair for pair in self.analysis.bigrams if wanted.issuperset(pair.split("_"))))

    @cached_property
    def standing_for(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The synonyms as an engine takes them: for each syllable the sequences that stand for it."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for synonym in self.synonyms:
            for syllable in dict.fromkeys(synonym.typed):
                found.setdefault(syllable, []).append(synonym.meant)
        return found

    @cached_property
    def shown_syllables(self) -> frozenset[str]:
        """The syllables that are marked in a text."""
        return frozenset(self.syllables).union(*(synonym.meant for synonym in self.synonyms))

    @cached_property
    def shown_bigrams(self) -> frozenset[str]:
        """The neighbours that are marked in a text."""
        return frozenset(self.bigrams).union(f"{first}_{second}" for synonym in self.synonyms for first, second in pairwise(synonym.meant))


def clean_query(text: str) -> str:
    """``text`` in one spelling of its characters and single-spaced. Raises UsageError where it is empty or too long."""
    # Composed first: with combining marks a question of the same length to the eye has twice the characters.
    cleaned = " ".join(clean(text[: 8 * MAX_CHARACTERS]).split())
    if len(text) > 8 * MAX_CHARACTERS or len(cleaned) > MAX_CHARACTERS:
        raise UsageError(
            _("The query has {length} characters; at most {limit} are searched for. Shorten it.").format(
                length=len(text), limit=MAX_CHARACTERS
            )
        )
    if not cleaned:
        raise UsageError(_("The query is empty. Type words, a question, a document number or a citation."))
    return cleaned


def read_query(text: str) -> Query:
    """The query that plain words are. Raises UsageError when ``text`` is empty, too long, or holds no word."""
    cleaned = repair_numerals(clean_query(text))
    # Without the codes kept whole ("4.0" beside "4" and "0"): counted twice, a rare one would outweigh all other words, and the
    # bigrams of its parts already say that they stand together.
    syllables = tuple(dict.fromkeys(syllable_key(token.text) for token in tokenise(cleaned)))[:MAX_TERMS]
    if not syllables:
        raise UsageError(_("The query holds no word. Type words, a question, a document number or a citation."))
    return Query(cleaned, analyse(cleaned, words=False), syllables, codes=_codes_alone(cleaned))


def _codes_alone(text: str) -> tuple[str, ...]:
    """The keys of the codes in ``text`` ("84%", "31/01/2022", "ngày 31 tháng 01 năm 2022"); none where there are words besides."""
    found = [*codes(text), *dates_in_words(text)]
    if any(not any(code.start <= token.start < code.end for code in found) for token in tokenise(text)):
        return ()
    return tuple(dict.fromkeys(code_key(code.text) for code in found))


def phrase_of(text: str) -> Phrase:
    """The phrase that quoted words are: where any of them carries a mark, the marks must agree."""
    tokens = [token.text for token in tokenise(text)]
    keys = tuple(map(syllable_key, tokens))
    # A figure's key is without leading zeros, which nobody means by marks.
    marked = tuple(key if key.isdigit() else normalise_syllable(token) for key, token in zip(keys, tokens, strict=True))
    return Phrase(keys, marked if has_marks(text) else ())
