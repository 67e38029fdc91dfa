"""One spelling for what is one syllable: Unicode form, case, the place of the tone mark, i or y.

Vietnamese is written in several ways that mean the same: composed or with combining marks, "hoà" or "hòa", "tỷ" or "tỉ",
with the Icelandic eth for đ. Documents and queries are brought to one of them before they are compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Marks and invisible characters that may stand inside a syllable: combining marks, soft hyphen, zero-width characters, byte-order mark.
COMBINING = "\u0300-\u036f"
INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"

#: Longer than any Vietnamese syllable in any spelling; a longer run is a foreign word or noise and is only lower-cased.
LONGEST_SYLLABLE = 16

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Old fonts and scanners give the eth, or the African d, for đ: they look the same.
_D_WITH_STROKE = str.maketrans("ðÐɖƉ", "đĐđĐ")

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "ngh|ng|nh|ch|gh|gi(?=[aăâeêioôơuưy])|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_SYLLABLE = re.compile(f"({_ONSET})?([aăâeêioôơuưy]{{1,3}})(ch|ng|nh|[cmnpt])?")
_MARKED_VOWELS = "ăâêôơư"
_LONE_MIDDLE = 3


def nfc(text: str) -> str:
    """``text`` in Unicode's composed form (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """``text`` composed, without invisible characters, with every kind of space as a plain one and đ for its look-alikes."""
    if text.isascii():
        return text
    return nfc(_SPACE.sub(" ", _INVISIBLE.sub("", text)).translate(_D_WITH_STROKE))


def normalise_syllable(syllable: str) -> str:
    """The one spelling of a syllable, marks kept: "Hoà" -> "hòa", "tỷ" -> "tỉ", "QÚY" -> "quí".

    Composed and lower-cased; the tone mark on the vowel that carries it in the older placement (hòa, khỏe, thủy; quá, già); a
    lone final y after a consonant as i (kỹ -> kĩ, but y, tuy and thủy as they are). What is no Vietnamese syllable is only
    composed and lower-cased. In composed lower-case text the result is as long as the syllable was.
    """
    if len(syllable) > LONGEST_SYLLABLE:
        return clean(syllable).lower()
    return _normalise_short(syllable)


@lru_cache(maxsize=1 << 16)
def _normalise_short(syllable: str) -> str:
    lower = clean(clean(syllable).lower())
    decomposed = unicodedata.normalize("NFD", lower)
    tones = [character for character in decomposed if character in _TONES]
    bare = nfc("".join(character for character in decomposed if character not in _TONES))
    parts = _SYLLABLE.fullmatch(bare)
    if parts is None or len(tones) > 1:
        return lower
    onset, vowels, coda = parts[1] or "", parts[2], parts[3] or ""
    if onset and vowels == "y" and not coda:
        vowels = "i"
    if tones:
        place = _tone_place(vowels, coda) + 1
        vowels = nfc(vowels[:place] + tones[0] + vowels[place:])
    return onset + vowels + coda


def _tone_place(vowels: str, coda: str) -> int:
    """Index of the vowel that carries the tone mark, in the older placement."""
    marked = [index for index, vowel in enumerate(vowels) if vowel in _MARKED_VOWELS]
    if marked:
        return marked[-1]  # ươ carries it on ơ, as uyê does on ê
    if coda:
        return len(vowels) - 1
    return 1 if len(vowels) == _LONE_MIDDLE else 0


def has_marks(text: str) -> bool:
    """Whether any letter of ``text`` carries a Vietnamese mark (đ counts)."""
    return not text.isascii() and _MARKED.search(unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))) is not None


_MARKED = re.compile("[đĐ]|[a-zA-Z][\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]")
