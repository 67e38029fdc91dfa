"""What a Vietnamese input method makes of the keys of one syllable: Telex and VNI.

Both put marks on letters that were typed before: Telex with letters that cannot be meant there (``dduwowngf``), VNI with digits
(``d9u7o7ng2``). A mark may be typed at once, after the vowels or at the end of the syllable; the same key twice takes its effect back
(Telex ``mooocs``: moóc).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kgsearch.language.normalise import LONGEST_SYLLABLE, place_tone
from kgsearch.language.syllables import can_bear

_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "4": "\u0303", "3": "\u0309", "5": "\u0323"}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"u": "ư", "o": "ơ"}
_BREVE = {"a": "ă"}
_VOWELS = frozenset("aăâeêioôơuưy")


class _NoSyllableError(ValueError):
    """The keys make no syllable."""


@dataclass(slots=True)
class _Typing:
    """The letters so far, lower-case, whether each was a capital, the tone, and the key that last put a mark."""

    letters: list[str] = field(default_factory=list)
    capitals: list[bool] = field(default_factory=list)
    tone: str = ""
    last: str = ""

    def add(self, letter: str, *, capital: bool) -> None:
        self.letters.append(letter)
        self.capitals.append(capital)

    def has_vowel(self) -> bool:
        return not _VOWELS.isdisjoint(self.letters)

    def put_tone(self, tone: str) -> None:
        if tone == self.tone:
            raise _NoSyllableError  # taken back, the key would be a letter after the vowel: no syllable has it there
        self.tone = tone

    def mark(self, marks: dict[str, str]) -> bool:
        """Puts the mark on the last letter that takes it; False where none does."""
        for index in range(len(self.letters) - 1, -1, -1):
            if self.letters[index] in marks:
                self.letters[index] = marks[self.letters[index]]
                return True
        return False

    def horn(self) -> bool:
        """Puts a horn on u and o: on both of uo, on the u of ua, ui and uu, never on the u of qu."""
        text = "".join(self.letters)
        start = 2 if text.startswith("qu") else 0
        for plain, horned in (("uo", "ươ"), ("ua", "ưa"), ("uu", "ưu")):
            if (at := text.find(plain, start)) >= 0:
                self.letters[at : at + 2] = horned
                return True
        return (not start or "o" in text) and self.mark(_HORNS)

    def syllable(self) -> str:
        """The syllable as it is written, in the case it was typed. Raises _NoSyllableError where it is none."""
        bare = "".join(self.letters)
        if bare.endswith("ươ"):
            bare = bare[:-2] + "uơ"  # thuở: only before a coda or a glide has it two horns
        bare = place_tone(bare, "")
        if not can_bear(bare, self.tone):
            raise _NoSyllableError
        whole = place_tone(bare, self.tone)
        return "".join(letter.upper() if capital else letter for letter, capital in zip(whole, self.capitals, strict=True))


def read_telex(keys: str) -> str | None:
    """The syllable that ``keys``, letters a to z in any case, type in Telex, in their case; None where they type none or only
    themselves."""
    return _read(keys, _press_telex)


def read_vni(keys: str) -> str | None:
    """The same of VNI, with digits among the letters."""
    return _read(keys, _press_vni)


def _read(keys: str, press: Callable[[_Typing, str, bool], None]) -> str | None:
    # Twice the letters of the longest syllable leave room for every mark and for a few typed again.
    if not keys.isascii() or len(keys) > LONGEST_SYLLABLE:
        return None
    typing = _Typing()
    try:
        for key in keys:
            press(typing, key.lower(), key.isupper())
        meant = typing.syllable()
    except _NoSyllableError:
        return None
    return meant if meant != keys else None


def _press_telex(typing: _Typing, key: str, capital: bool) -> None:
    if key in _TELEX_TONES and typing.has_vowel():
        typing.put_tone(_TELEX_TONES[key])
    elif key == "z" and typing.tone:
        typing.tone = ""
    elif key == "w":
        _press_w(typing, capital)
    elif key in _HATS and key == typing.last:
        _take_back(typing, key, capital)
    elif key == "d" and typing.letters[:1] == ["d"]:
        typing.letters[0] = "đ"
    elif key in _HATS and key in typing.letters and typing.mark({key: _HATS[key]}):
        typing.last = key
        return
    else:
        typing.add(key, capital=capital)
    typing.last = ""


def _press_w(typing: _Typing, capital: bool) -> None:
    text = "".join(typing.letters)
    if not typing.has_vowel() or text == "gi":
        typing.add("ư", capital=capital)
    elif not (("oa" not in text and typing.horn()) or typing.mark(_BREVE)):
        raise _NoSyllableError


def _take_back(typing: _Typing, key: str, capital: bool) -> None:
    for index, letter in enumerate(typing.letters):
        if letter == _HATS[key]:
            typing.letters[index] = key
    typing.add(key, capital=capital)


def _press_vni(typing: _Typing, key: str, capital: bool) -> None:
    if not key.isdigit():
        typing.add(key, capital=capital)
    elif not _marked(typing, key):
        raise _NoSyllableError


def _marked(typing: _Typing, key: str) -> bool:
    """Whether the digit put its mark."""
    if key in _VNI_TONES and typing.has_vowel() and not typing.tone:
        typing.put_tone(_VNI_TONES[key])
    elif key == "0" and typing.tone:
        typing.tone = ""
    elif key == "9" and typing.letters[:1] == ["d"]:
        typing.letters[0] = "đ"
    else:
        return (key == "6" and typing.mark(_HATS)) or (key == "7" and typing.horn()) or (key == "8" and typing.mark(_BREVE))
    return True
