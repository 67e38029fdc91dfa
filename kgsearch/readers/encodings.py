"""Encodings of Vietnamese text: Unicode, and the three of the time before it, told apart by the syllables that they spell.

Windows-1258 has a byte for each letter and another for its tone. TCVN3 ("ABC": fonts .VnTime, .VnArial …) has one byte for each small
letter with its tone; capitals with a tone it has none, they are small letters set in a font of capitals (.VnTimeH). VNI-Windows (fonts
VNI-Times …) writes most marks as a second character. The last two use bytes that Windows shows as Western letters, so that text copied
out of old files is Unicode that spells nothing ("NghÞ quyÕt").

No statistics of letters: of the encodings that the bytes allow, the right one is that in which they are Vietnamese syllables.
Sources of the layouts: TCVN 5712:1993 (VN3); the code charts of VNI Software; Microsoft's code page 1258.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.language.syllables import is_syllable
from kgsearch.models import SourceText
from kgsearch.readers.text import checked, decode, split_lines, unicode_encoding

WINDOWS_1258, TCVN3, VNI = "windows-1258", "tcvn3", "vni"
LEGACY = (WINDOWS_1258, TCVN3, VNI)
"""Names of the encodings that are not Unicode, as `detect` gives them."""

_SAMPLE = 1 << 18
"""Bytes by which an encoding is judged: some thirty thousand syllables."""

_MIN_SHARE = 0.75
"""Of the words with marks that are syllables in the right encoding; the rest are names, foreign words and slips."""

_MIN_REPAIRED = 3
"""Syllables that must appear before Unicode text is taken for an old encoding: fewer may be chance."""

# -- the layouts ---------------------------------------------------------------------------------------------------------------------

_TCVN3_LAYOUT = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3 = {chr(first + place): letter for first, letters in _TCVN3_LAYOUT.items() for place, letter in enumerate(letters)}

_VNI_TONES = "ùøûõï"  # sắc, huyền, hỏi, ngã, nặng behind a letter without another mark, ơ and ư
_VNI_LAYOUT = (
    *((base, _VNI_TONES, spelt) for base, spelt in (("a", "áàảãạ"), ("e", "éèẻẽẹ"), ("o", "óòỏõọ"), ("u", "úùủũụ"), ("y", "ýỳỷỹ"))),
    *((base, _VNI_TONES, spelt) for base, spelt in (("ô", "ớờởỡợ"), ("ö", "ứừửữự"))),
    *((base, "âáàåãä", spelt) for base, spelt in (("a", "âấầẩẫậ"), ("e", "êếềểễệ"), ("o", "ôốồổỗộ"))),
    ("a", "êéèúüë", "ăắằẳẵặ"),
    ("", "íìæóòîôöñ", "íìỉĩịỵơưđ"),
)
_VNI_SMALL = {base + mark: letter for base, marks, letters in _VNI_LAYOUT for mark, letter in zip(marks, letters, strict=False)}
# Of a capital the mark is written as a capital; typed by hand it is often the small one.
_VNI = (
    {pair[0].upper() + pair[1:]: letter.upper() for pair, letter in _VNI_SMALL.items()}
    | {pair.upper(): letter.upper() for pair, letter in _VNI_SMALL.items()}
    | _VNI_SMALL
)
_VNI_PAIR = re.compile("[aeouyôö][ùøûõïâáàåãäêéèúüë]|[íìæóòîôöñ]", re.IGNORECASE)

# What a byte of an old file is where the encoding has no letter for it: Western typography, as all Windows fonts have it.
_WESTERN = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
_TO_BYTE = {character: byte for byte, character in enumerate(_WESTERN)}
# Letters of text in these fonts that went through code page 1258, and Word's symbol area.
_AS_WESTERN = {
    **{ord(letter): _WESTERN[byte] for byte in range(0xA0, 0x100) if (letter := bytes((byte,)).decode("cp1258")) not in _TO_BYTE},
    **{0xF000 + byte: _WESTERN[byte] for byte in range(0x20, 0x100)},
}
_CP1258_MARKS = {"\u0300": 0xCC, "\u0309": 0xD2, "\u0303": 0xDE, "\u0301": 0xEC, "\u0323": 0xF2}


def _from_tcvn3(text: str) -> str:
    return "".join([_TCVN3.get(character, character) for character in text])


def _from_vni(text: str) -> str:
    return _VNI_PAIR.sub(lambda pair: _VNI.get(pair.group(), pair.group()), text)


def _from_1258(text: str) -> str:
    data = bytes(_TO_BYTE.get(character, 0x3F) for character in text)
    return unicodedata.normalize("NFC", "".join(bytes((byte,)).decode("cp1258", "ignore") or _WESTERN[byte] for byte in data))


_CONVERTERS: dict[str, Callable[[str], str]] = {WINDOWS_1258: _from_1258, TCVN3: _from_tcvn3, VNI: _from_vni}


def encode(text: str, encoding: str) -> bytes:
    """``text`` in one of `LEGACY`; what the encoding cannot hold is "?".

    TCVN3 has no capitals with a tone: they become small letters, as in files whose capitals are those of a font.
    """
    composed = unicodedata.normalize("NFC", text)
    if encoding == WINDOWS_1258:
        return b"".join(_to_1258(character) for character in composed)
    table = _TCVN3_BYTES if encoding == TCVN3 else _VNI_BYTES
    free = _TCVN3 if encoding == TCVN3 else ()
    return b"".join(table.get(character) or _western_byte(character, free) for character in composed)


def _to_1258(character: str) -> bytes:
    try:
        return character.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", character)
        tone = next((_CP1258_MARKS[mark] for mark in parts if mark in _CP1258_MARKS), None)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _CP1258_MARKS))
        return b"?" if tone is None else base.encode("cp1258", "replace") + bytes((tone,))


def _western_byte(character: str, taken: Iterable[str]) -> bytes:
    """The byte of a character that is no Vietnamese letter, where the encoding has not given it to one."""
    byte = _TO_BYTE.get(character)
    return b"?" if byte is None or character in taken else bytes((byte,))


_TCVN3_BYTES = {letter: bytes((_TO_BYTE[code],)) for code, letter in _TCVN3.items()}
_TCVN3_BYTES |= {letter.upper(): code for letter, code in _TCVN3_BYTES.items() if letter.upper() not in _TCVN3_BYTES}
_VNI_WRITTEN = {code: letter for code, letter in _VNI.items() if code in (code.lower(), code.upper())}
_VNI_BYTES = {letter: bytes(_TO_BYTE[character] for character in code) for code, letter in _VNI_WRITTEN.items()}


# -- judging -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Score:
    """Words with letters outside ASCII: how many are Vietnamese syllables, and how many spell nothing."""

    good: int
    bad: int

    @property
    def share(self) -> float:
        return self.good / (self.good + self.bad) if self.good + self.bad else 0.0


# Any Western letter, and the signs to which the old encodings gave letters.
_OLD_LETTERS = re.compile("[A-Za-z\u00a1-\u00ff]+")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u0323]+[^\W\d_]*)*")


_LONGEST_WORD = 40
"""Characters; no syllable comes near in any encoding."""


def _old_words(text: str) -> list[str]:
    """The words with a letter that an old encoding may have put there; in time proportional to the text."""
    return [word for word in _OLD_LETTERS.findall(text) if not word.isascii()]


@lru_cache(maxsize=1 << 15)
def _judge(word: str, encoding: str) -> int:
    """1 where a word written in ``encoding`` ("" for Unicode) is a syllable, 0 where it may be an abbreviation, else -1."""
    if len(word) > _LONGEST_WORD:
        return -1
    if word.rstrip("²³").isascii():
        return 0  # m², not written with any letter of an old encoding
    read = _strictly(word, encoding)
    if read is None or not read.isalpha():
        return -1
    if is_syllable(read) and (read[1:].islower() or len(read) == 1 or _capitals(read, encoding)):
        return 1
    return 0 if len(read) <= 6 and read.isupper() else -1


def _strictly(word: str, encoding: str) -> str | None:
    """The word as ``encoding`` spells it; None where it holds a character that the encoding does not use in words."""
    if not encoding:
        return word
    if encoding == TCVN3:
        return _from_tcvn3(word) if all(character.isascii() or character in _TCVN3 for character in word) else None
    if encoding == VNI:
        rest = _VNI_PAIR.sub(lambda pair: "" if pair.group() in _VNI else pair.group(), word)
        return _from_vni(word) if rest.isascii() else None
    return _from_1258(word)


def _capitals(read: str, encoding: str) -> bool:
    """Whether a word of several letters is in capitals throughout, those apart that TCVN3 has only small."""
    return read.isupper() or (encoding == TCVN3 and _may_be_capitals(read))


def _score(words: Iterable[str], encoding: str) -> _Score:
    verdicts = [_judge(word, encoding) for word in words]
    return _Score(verdicts.count(1), verdicts.count(-1))


def _best(words: Iterable[str], encodings: Iterable[str]) -> tuple[str, _Score]:
    """The encoding in which most words are syllables ("" where hardly any are), with its score."""
    words = list(words)
    best, score = max(((encoding, _score(words, encoding)) for encoding in encodings), key=lambda pair: (pair[1].good, -pair[1].bad))
    return (best, score) if score.good and score.share >= _MIN_SHARE else ("", score)


def detect(data: bytes) -> str:
    """The name of the encoding of ``data``: "utf-8", "utf-16-le", …, one of `LEGACY`, or "" where it is none of them.

    What is valid Unicode is Unicode; an old encoding is told by the syllables that the words with marks spell in it.
    """
    encoding, mark = unicode_encoding(data)
    return encoding if _is_valid(data[mark:], encoding) else detect_legacy(data)


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def detect_legacy(data: bytes) -> str:
    """The one of `LEGACY` in which bytes that are not Unicode spell Vietnamese, or ""."""
    western = _western(data[:_SAMPLE])
    words = _old_words(western)
    # Where nothing is outside ASCII but typography it is the same in all of them.
    return _best(words, LEGACY)[0] if words else WINDOWS_1258


def decode_legacy(data: bytes, encoding: str) -> str:
    """``data`` in one of `LEGACY`; with "" as the Western letters that Windows shows for it, which fonts may turn into others."""
    return _converted(_western(data), encoding) if encoding else _western(data)


_WESTERN_OF_CONTROL = {byte: _WESTERN[byte] for byte in range(0x80, 0xA0)}


def _western(data: bytes) -> str:
    return data.decode("latin-1").translate(_WESTERN_OF_CONTROL)


def read_text(data: bytes, name: str) -> SourceText:
    """A text file in any of the encodings, Unicode or older; lines in an old encoding amid Unicode are converted.

    Raises ReadError, naming the file, where it is blank, or in none of them.
    """
    if detect(data) in LEGACY:
        return read_legacy_text(data, name)
    text, encoding = decode(data, name)
    repaired, old = repair(text)
    return split_lines(repaired, old or encoding, name)


def read_legacy_text(data: bytes, name: str) -> SourceText:
    """A text file in Windows-1258, TCVN3 or VNI-Windows, its text composed (NFC).

    Capitals of TCVN3 come back where the words around them show that they were. Raises ReadError where it is in none of the three.
    """
    encoding = detect_legacy(data)
    if not encoding:
        raise ReadError(
            _("{name}: not Unicode text, nor Vietnamese in TCVN3, VNI or Windows-1258; save the document as plain text in UTF-8.").format(
                name=name
            )
        )
    return split_lines(checked(decode_legacy(data, encoding), name), encoding, name)


def _converted(western: str, encoding: str) -> str:
    text = _CONVERTERS[encoding](western)
    return with_capitals(text) if encoding == TCVN3 else text


# -- Unicode text that is none -------------------------------------------------------------------------------------------------------

_LINES = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")


def repair(text: str) -> tuple[str, str]:
    """Unicode text with its lines that are TCVN3 or VNI shown as Western letters converted; the encoding of these, "" where none is."""
    if text.isascii() or len(_old_words(text)) < _MIN_REPAIRED:
        return text, ""
    suspicious = [line for line in _LINES.findall(text) if _is_suspicious(line)]
    encoding, score = _best([word for line in suspicious for word in _old_words(line)], (TCVN3, VNI))
    if not encoding or score.good < _MIN_REPAIRED:
        return text, ""
    return _LINES.sub(lambda line: _repaired(line.group(), encoding), text), encoding


# Vietnamese letters that no old text shows, whichever letters it takes for others.
_UNICODE_ONLY = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9]")


def _is_suspicious(line: str) -> bool:
    """Whether most words of the line with letters outside ASCII spell nothing."""
    if line.isascii() or _UNICODE_ONLY.search(line):
        return False
    words = _old_words(line)
    plain = _score([word for word in _WORD.findall(line) if not word.isascii()], "")
    return bool(words) and plain.good < len(words) / 2


def _repaired(line: str, encoding: str) -> str:
    return _converted(line, encoding) if _reads_better(line, encoding) else line


def _reads_better(text: str, encoding: str) -> bool:
    """Whether more words are syllables when the text is taken for ``encoding`` than as it stands."""
    words = _old_words(text)
    plain = _score([word for word in _WORD.findall(text) if not word.isascii()], "")
    return bool(words) and _score(words, encoding).good > plain.good


# -- by font -------------------------------------------------------------------------------------------------------------------------

_TCVN3_FONT = re.compile(r"\.?vn[a-z]", re.IGNORECASE)
_VNI_FONT = re.compile(r"vni[\s_-]", re.IGNORECASE)


def encoding_of_font(font: str) -> str:
    """`TCVN3` or `VNI` where the font of this name has its letters at the places of that encoding, else ""."""
    name = font.strip(" \"'")
    if _VNI_FONT.match(name):
        return VNI
    return TCVN3 if name.startswith(".") and _TCVN3_FONT.match(name) else ""


def is_capital_font(font: str) -> bool:
    """Whether the font shows small letters as capitals (.VnTimeH, .VnArialH)."""
    name = font.strip(" \"'")
    return encoding_of_font(name) == TCVN3 and name.endswith("H" if name != name.lower() else "h")


def convert_legacy(text: str, font: str) -> str:
    """The text of a run set in ``font``, in Unicode: as shown on paper. Text in any other font comes as it is.

    Runs already converted whose font was left behind ("Nghị quyết" in .VnTime) come as they are but for a font of capitals.
    """
    encoding = encoding_of_font(font)
    if not encoding or not text:
        return text
    western = text.translate(_AS_WESTERN)
    converted = _CONVERTERS[encoding](western) if _is_old(text, western, encoding) else text
    return converted.upper() if is_capital_font(font) else converted


def _is_old(text: str, western: str, encoding: str) -> bool:
    """A run may be a part of a word, so it is only kept as it is where it reads as Unicode, and not at all as the font would have it."""
    plain = _score([word for word in _WORD.findall(text) if not word.isascii()], "")
    old = _score(_old_words(western), encoding)
    return old.good >= plain.good


# -- capitals of TCVN3 ---------------------------------------------------------------------------------------------------------------

_TONELESS = frozenset("ăâêôơưđ")
_TOKEN = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]+")


def with_capitals(text: str) -> str:
    """Text out of TCVN3 with the capitals that it could not hold: "NGHị QUYếT" -> "NGHỊ QUYẾT".

    A word is in capitals where its letters that TCVN3 has as capitals are. Where that is the first one alone ("Về" may be VỀ) the nearest
    words of the line that are sure decide, and they must agree. A small letter that begins a word of small ones stays, but for one that
    begins a sentence or an item, and for "Ủy ban", which as part of an organ's name has a capital (NĐ 30/2020/NĐ-CP, Phụ lục II).
    """
    lines = [line for line in _LINES.finditer(text) if not line.group().isspace()]
    cases = [[_case(token) for token in line.group().split()] for line in lines]
    pieces, end = [], 0
    for number, line in enumerate(lines):
        raised = _line_with_capitals(line.group(), _decided(cases, number))
        pieces += [text[end : line.start()], raised]
        end = line.end()
    begun = _OPENING.sub(lambda start: start.group()[:-1] + start.group()[-1].upper(), "".join([*pieces, text[end:]]))
    return _COMMITTEE.sub("Ủy", begun)


_COMMITTEE = re.compile(r"(?<!\w)ủy(?=\s{1,8}ban(?!\w))")


def _decided(cases: Sequence[list[str]], number: int) -> list[str]:
    """The cases of a line's tokens; where all are open (a lone "Về"), sure between two lines that are."""
    line = cases[number]
    if any(case != _OPEN for case in line) or not 0 < number < len(cases) - 1:
        return line
    # Above a heading in capitals often stands its number ("Chương III").
    between = _nearest(cases[number - 1][::-1]) in (_SURE, _OTHER) and _nearest(cases[number + 1]) == _SURE
    return [_SURE] * len(line) if between else line


_TONED_SMALL = "".join(letter for letter in _TCVN3.values() if letter.islower() and letter not in _TONELESS)
_LABEL = r"(?:(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[a-zđ]\))[^\S\n]{1,4}|[-–+•][^\S\n]{0,4}|[\"“*]{1,3})"
# The first letter behind a sentence's end, and behind an item's label at the start of a line.
_OPENING = re.compile(
    rf"(?:\A|(?:^|[\n])[^\S\n]*{_LABEL}|[.!?]\s+|[.;:!?][”\"*)]{{0,3}}[^\S\n]*\n\s*{_LABEL}?)[{_TONED_SMALL}](?=\w|\s)", re.M
)


def _line_with_capitals(line: str, cases: Sequence[str]) -> str:
    if line.isascii() or line == line.lower():
        return line
    tokens = list(_TOKEN.finditer(line))
    sides = list(zip(_last_known(cases), _last_known(cases[::-1])[::-1], strict=True))
    pieces, end = [], 0
    for place, token in enumerate(tokens):
        # Of a token that is not open both sides are itself.
        raised = _SURE in sides[place] and _SMALL not in sides[place]
        pieces += [line[end : token.start()], _raised(token.group()) if raised else _raised_parts(token.group())]
        end = token.end()
    return "".join([*pieces, line[end:]])


_SURE, _OPEN, _SMALL, _OTHER = "sure", "open", "small", "other"


def _case(token: str) -> str:
    """Whether the words of a token are in capitals for sure, may be, or are not; other: no word, an abbreviation, a number's symbol."""
    words = _LETTERS.findall(token)
    if not words or any(character.isdigit() for character in token) or "/" in token:
        return _OTHER
    if any(not _may_be_capitals(word) for word in words):
        return _SMALL
    sure = [word for word in words if _is_sure(word)]
    if not sure:
        return _OPEN
    return _SURE if all(is_syllable(word) for word in sure) else _OTHER


def _has_capital(letter: str) -> bool:
    """Whether TCVN3 has this letter as a capital too."""
    return letter.isascii() or letter.lower() in _TONELESS


def _may_be_capitals(word: str) -> bool:
    return not any(letter.islower() and _has_capital(letter) for letter in word)


def _last_known(cases: Sequence[str]) -> list[str]:
    """For each token the case of the last one up to it that is not open, "" where there is none."""
    return list(accumulate(cases, lambda before, case: before if case == _OPEN else case, initial=""))[1:]


def _nearest(cases: Iterable[str]) -> str:
    return next((case for case in cases if case != _OPEN), "")


def _raised(token: str) -> str:
    return _LETTERS.sub(lambda word: word.group().upper() if _may_be_capitals(word.group()) else word.group(), token)


def _raised_parts(token: str) -> str:
    """A token with its words of several capitals raised, where it is more than one word ("HĐND-TỉNH")."""
    return _LETTERS.sub(lambda word: word.group().upper() if _is_sure(word.group()) else word.group(), token)


def _is_sure(word: str) -> bool:
    """Whether a word must be in capitals: it has several that TCVN3 knows, or one behind a letter that it has only small ("ủY")."""
    known = [_has_capital(letter) for letter in word]
    return _may_be_capitals(word) and (sum(known) > 1 or known[0] < known[-1])
