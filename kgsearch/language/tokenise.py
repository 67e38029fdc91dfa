"""Where the syllables and the codes of a text stand, in the text as it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kgsearch.language.normalise import COMBINING, INVISIBLE, clean, normalise_syllable


class Token(NamedTuple):
    """``text`` with its half-open range of characters ``[start, end)`` in the text that was tokenised."""

    text: str
    start: int
    end: int


# Superscript and subscript digits are footnote marks and units glued to a syllable ("nghị quyết¹", "m²"), not part of it.
_RAISED = "\u00b2\u00b3\u00b9\u2070-\u209f"
_LETTER = f"[^\\W_{_RAISED}]"
_SYLLABLE = re.compile(f"{_LETTER}(?:{_LETTER}|[{COMBINING}]|[{INVISIBLE}]++(?={_LETTER}|[{COMBINING}]))*")

# Between the parts of a number an office prints a hyphen, a scanner a dash.
_DASH = "[-\u2010-\u2015]"
_WORD = f"[^\\W\\d_{_RAISED}]"
_NAME = f"{_WORD}[\\w{COMBINING}]{{0,15}}"
_CODE = re.compile(
    rf"""
    (?<![\w/]) (?:
      # 535/NQ-HĐND, 15/2020/QH14
      \d{{1,6}} {_WORD}{{0,2}} (?: / \d{{4}} )? / {_NAME} (?: (?: {_DASH} | [/&] ) {_NAME} ){{0,6}}
      # 259-CV/TU
    | \d{{1,6}} {_DASH} {_NAME} / {_NAME}
      # 31/01/2022, 01/2022
    | \d{{1,2}} / \d{{1,2}} / \d{{4}} | \d{{1,2}} - \d{{1,2}} - \d{{4}} | \d{{1,2}} \. \d{{1,2}} \. \d{{4}} | \d{{1,2}} / \d{{4}}
      # 84%, 7,24 %
    | \d{{1,15}} (?: [.,] \d{{1,15}} ){{0,8}} [ \u00a0]? %
      # 4.321; 7,24
    | \d{{1,15}} (?: [.,] \d{{1,15}} ){{1,8}}
    ) (?! [\w{COMBINING}] )
    """,
    re.VERBOSE,
)
# Any vowel with any marks: "ngày", "ngay", composed or not.
_VOWEL = f"[\\w{COMBINING}]{{1,3}}"
_DATE_IN_WORDS = re.compile(
    rf"\bng{_VOWEL}y\s{{1,3}}(\d{{1,2}})\s{{1,3}}th{_VOWEL}ng\s{{1,3}}(\d{{1,2}})\s{{1,3}}n{_VOWEL}m\s{{1,3}}(\d{{4}})\b", re.IGNORECASE
)


def tokenise(text: str) -> list[Token]:
    """The syllables of ``text`` in order: runs of letters and digits with their combining marks, each as it is written.

    ``text[t.start:t.end] == t.text`` for every token, whatever the Unicode form of ``text``.
    """
    return [Token(match[0], *match.span()) for match in _SYLLABLE.finditer(text)]


def codes(text: str) -> list[Token]:
    """What is one thing though written with several syllables, in order, each as it is written: document numbers, dates in
    figures, percentages, figures with a decimal comma or thousands ("535/NQ-HĐND", "31/01/2022", "84%", "4.321")."""
    return list(_codes(text))


def _codes(text: str) -> Iterator[Token]:
    for match in _CODE.finditer(text):
        yield Token(match[0], *match.span())


def dates_in_words(text: str) -> list[Token]:
    """The dates that ``text`` writes out ("ngày 31 tháng 01 năm 2022"), as figures "31/01/2022", at the range of the words."""
    return [Token("/".join(match.groups()), *match.span()) for match in _DATE_IN_WORDS.finditer(text)]


def normalise(text: str) -> str:
    """``text`` with every syllable in its one spelling (see `normalise_syllable`) and plain spaces; the rest as it is."""
    text = clean(text)
    parts, position = [], 0
    for token in tokenise(text):
        parts += [text[position : token.start], normalise_syllable(token.text)]
        position = token.end
    return "".join([*parts, text[position:]])
