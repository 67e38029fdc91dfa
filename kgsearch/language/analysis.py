"""What the index holds of a text, and what a query looks for in it: one analysis for both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kgsearch.language.fold import fold_syllable
from kgsearch.language.normalise import LONGEST_SYLLABLE, has_marks, normalise_syllable, repair_numerals
from kgsearch.language.segment import segment
from kgsearch.language.tokenise import Token, codes, dates_in_words, tokenise

#: Changes whenever the same text would give other tokens: an index made by another version must be made anew.
ANALYSIS_VERSION = 2

# A longer run is no word; its beginning is enough to find it by, and the index stays small.
_LONGEST_KEY = 64
_DASHES = re.compile("[\u2010-\u2015]")
_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True, slots=True)
class Analysis:
    """The tokens of a text, in its order.

    ``syllables`` are folded ("giai"), with each code whole after its parts ("535", "nq", "hdnd", "535/nq-hdnd");
    ``bigrams`` folded neighbours ("giai_ngan"); ``words`` the words of two syllables and more, with marks ("giải_ngân");
    ``marked`` the normalised syllables with marks, one for each of ``syllables`` that is no code.
    """

    syllables: tuple[str, ...] = ()
    bigrams: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()


def analyse(text: str, *, words: bool = True) -> Analysis:
    """The analysis of a document's text or of a query. Without ``words``, or in a text without marks, the model that finds
    words is not loaded and ``words`` is empty."""
    text = repair_numerals(text)
    tokens = tokenise(text)
    keys = [syllable_key(token.text) for token in tokens]
    return Analysis(
        syllables=tuple(_with_codes(text, tokens, keys)),
        # Across punctuation too: stopping at it lost 0.2 points of recall at 10 on judged questions (2,248 articles of law).
        bigrams=tuple(f"{first}_{second}" for first, second in pairwise(keys)),
        words=tuple(_long_words(text)) if words and has_marks(text) else (),
        marked=tuple(normalise_syllable(token.text)[:_LONGEST_KEY] for token in tokens),
    )


def fields(context: Analysis, text: Analysis) -> dict[str, tuple[str, ...]]:
    """What an engine is given of a passage: the tokens of each field, the context's before the text's."""
    return {
        "syllables": context.syllables + text.syllables,
        "bigrams": context.bigrams + text.bigrams,
        "words": context.words + text.words,
    }


def syllable_key(syllable: str) -> str:
    """What a syllable is matched by: normalised, folded, a figure without leading zeros ("Tỷ" -> "ti", "06" -> "6").

    A word in a source is a match of a query when its key is one of the query's ``syllables``.
    """
    return _short_key(syllable) if len(syllable) <= LONGEST_SYLLABLE else _key(syllable)


def syllable_keys(text: str) -> list[str]:
    """The keys of a text's syllables, in order."""
    return [syllable_key(token.text) for token in tokenise(text)]


def _key(syllable: str) -> str:
    normalised = normalise_syllable(syllable)
    key = (fold_syllable(normalised) or normalised)[:_LONGEST_KEY]
    return (key.lstrip("0") or "0") if key.isdigit() else key


# Ranking asks for some 50,000 keys a query.
_short_key = lru_cache(maxsize=1 << 16)(_key)


def code_key(code: str) -> str:
    """What a code is matched by: folded, plain hyphens, no space, a date as dd/mm/yyyy ("1-2-2022" -> "01/02/2022")."""
    if date := _DATE.fullmatch(code):
        return f"{date[1]:0>2}/{date[2]:0>2}/{date[3]}"
    parts = _DASHES.sub("-", code)
    position, key = 0, ""
    for token in tokenise(parts):
        key += parts[position : token.start] + fold_syllable(token.text)
        position = token.end
    return "".join((key + parts[position:]).split())[:_LONGEST_KEY]


def _with_codes(text: str, tokens: Iterable[Token], keys: Iterable[str]) -> Iterator[str]:
    whole = sorted([*codes(text), *dates_in_words(text)], key=lambda code: code.end)
    found = iter(whole)
    code = next(found, None)
    for token, key in zip(tokens, keys, strict=True):
        while code is not None and code.end <= token.start:
            yield code_key(code.text)
            code = next(found, None)
        yield key
    if code is not None:
        yield from (code_key(left.text) for left in (code, *found))


def _long_words(text: str) -> Iterator[str]:
    return (word.text for word in segment(text) if "_" in word.text)
