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
# Letters, digits and signs as wide as a Chinese character, which some keyboards type.
_PLAIN = _D_WITH_STROKE | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}

#: The combining marks of the five tones: huyền, sắc, ngã, hỏi, nặng.
TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "ngh|ng|nh|ch|gh|gi(?=[aăâeêioôơuưy])|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_SYLLABLE = re.compile(f"({_ONSET})?([aăâeêioôơuưy]{{1,3}})(ch|ng|nh|[ckmnpt])?")
_MARKED_VOWELS = "ăâêôơư"
_LONE_MIDDLE = 3
# The same tone on both vowels of ươ or iê is meant once: "đựợc".
_DOUBLED = frozenset(2 * tone for tone in TONES)
# Before a coda or a glide only ươ is written: "đuợc" and "đựoc" have lost one horn of it ("thuở" has only one).
_HALF_HORNED = re.compile("uơ(?=[cimnptu])|ưo(?=[cimnptu])")


def nfc(text: str) -> str:
    """``text`` in Unicode's composed form (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """``text`` composed, without invisible characters, with every kind of space as a plain one, đ for its look-alikes and full-width
    letters, digits and signs at their plain width."""
    if text.isascii():
        return text
    return nfc(_SPACE.sub(" ", _INVISIBLE.sub("", text)).translate(_PLAIN))


# What is counted in Roman figures; not "điểm l", which is the letter.
_ROMAN = re.compile(
    r"(?<!\w)((?:quý|quy|quí|chương|chuong|phần|phan|mục|muc|phụ[ ]lục|phu[ ]luc)[ ]{1,3})([IVXl1]{1,5})(?!\w)", re.IGNORECASE
)
_ROMAN_FIGURE = re.compile("X{0,3}(?:IX|IV|V?I{0,3})")
_STROKES = str.maketrans("l1", "II")


def repair_numerals(text: str) -> str:
    """Composed ``text`` with the Roman figures that a scanner took for other strokes: "Quý l" -> "Quý I", "Chương Vll" -> "Chương VII".

    Only behind a word that is counted so, and never plain digits ("Quý 1"). As long as ``text``.
    """
    return _ROMAN.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    figure = match[2].translate(_STROKES)
    return match[1] + (match[2] if match[2].isdigit() or not _ROMAN_FIGURE.fullmatch(figure) else figure)


def normalise_syllable(syllable: str) -> str:
    """The one spelling of a syllable, marks kept: "Hoà" -> "hòa", "tỷ" -> "tỉ", "QÚY" -> "quí".

    Composed and lower-cased; the tone mark on the vowel that carries it in the older placement (hòa, khỏe, thủy; quá, già); a
    lone final y after a consonant as i (kỹ -> kĩ, but y, tuy and thủy as they are); the horn that ươ has lost given back (đuợc ->
    được) and a tone that stands on both its vowels taken once. What is no Vietnamese syllable is only
    composed and lower-cased. In composed lower-case text the result is as long as the syllable was.
    """
    if len(syllable) > LONGEST_SYLLABLE:
        return clean(syllable).lower()
    return _normalise_short(syllable)


@lru_cache(maxsize=1 << 16)
def _normalise_short(syllable: str) -> str:
    lower = clean(clean(syllable).lower())
    bare, tones = split_tones(lower)
    parts = _SYLLABLE.fullmatch(bare)
    if parts is None or not (len(tones) <= 1 or tones in _DOUBLED):
        return lower
    onset, vowels, coda = parts[1] or "", parts[2], parts[3] or ""
    if onset and vowels == "y" and not coda:
        vowels = "i"
    return onset + _with_tone(_horned(vowels, coda), coda, tones[:1]) + coda


def split_tones(text: str) -> tuple[str, str]:
    """Composed ``text`` without its tone marks, and those marks, combining, in order ("giải" -> "giai", "\\u0309")."""
    if text.isascii():
        return text, ""
    decomposed = unicodedata.normalize("NFD", text)
    tones = "".join(character for character in decomposed if character in TONES)
    return (nfc("".join(character for character in decomposed if character not in TONES)) if tones else text), tones


def place_tone(bare: str, tone: str) -> str:
    """The syllable of the composed lower-case letters ``bare`` with the combining mark ``tone`` ("" for none) where it belongs.

    Horns lost from ươ are given back ("duơc" -> "dươc"); i and y stay as they are. As long as ``bare``.
    """
    parts = _SYLLABLE.fullmatch(bare)
    if parts is None:
        return bare
    onset, vowels, coda = parts[1] or "", parts[2], parts[3] or ""
    return onset + _with_tone(_horned(vowels, coda), coda, tone) + coda


def _horned(vowels: str, coda: str) -> str:
    return _HALF_HORNED.sub("ươ", vowels + coda)[: len(vowels)]


def _with_tone(vowels: str, coda: str, tone: str) -> str:
    place = _tone_place(vowels, coda) + 1
    return nfc(vowels[:place] + tone + vowels[place:]) if tone else vowels


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
