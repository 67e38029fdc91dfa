"""Vietnamese without its marks: what is typed without marks finds what is written with them."""

from __future__ import annotations

from functools import lru_cache

from unidecode import unidecode

from kgsearch.language.normalise import LONGEST_SYLLABLE, clean
from kgsearch.language.tokenise import tokenise


def fold(text: str) -> str:
    """``text`` in lower-case ASCII: "Giải ngân – ĐTC" -> "giai ngan - dtc".

    Unidecode changes the length of what is not a letter ("…", "½"), so offsets of the result mean nothing in ``text``: to
    mark words in a text, tokenise it first and fold each token.
    """
    if text.isascii():
        return text.lower()
    text = clean(text)
    parts, position = [], 0
    for token in tokenise(text):
        parts += [unidecode(text[position : token.start]).lower(), fold_syllable(token.text)]
        position = token.end
    return "".join([*parts, unidecode(text[position:]).lower()])


def fold_syllable(syllable: str) -> str:
    """One token in lower-case ASCII letters and digits ("Đường" -> "duong"); "" where it has none."""
    if syllable.isascii():
        return syllable.lower()
    return _folded(syllable) if len(syllable) <= LONGEST_SYLLABLE else _fold(syllable)


def _fold(syllable: str) -> str:
    return "".join(character for character in unidecode(clean(syllable)).lower() if character.isalnum())


_folded = lru_cache(maxsize=1 << 16)(_fold)
