"""Document numbers: what one looks like, and the key under which all its spellings meet."""

from __future__ import annotations

import re
import unicodedata

_SYMBOL = r"[A-ZĐÐƯ][A-Za-zĐđÐƯư&]*\d*"
_CAPITALS = "[A-ZĐƯ]{2}"
DASHES = "\u2010-\u2015\u2212"
"""Dashes and hyphens other than the keyboard's, as word processors and scanners put them into numbers, for a character class."""

NUMBER = re.compile(
    rf"""(?<![\w/.-])
        \d{{1,5}}[a-zA-Z]? \s? (?:/\s?(?:19|20)\d\d\s?)?
        # A stroke there must be: "5 - Danh sách" is no number.
        (?: / | [\-{DASHES}] \s? {_SYMBOL} (?: [\-{DASHES}.] {_SYMBOL})* \s?/ ) \s?
        # A symbol may be set off by a space on one side, where it is one by its capitals: "22/2014/QĐ -UBND", not "20/NQ-HĐND -Về".
        {_SYMBOL}
        (?: (?: [\-{DASHES}/.] | : (?={_CAPITALS}) | \s [\-{DASHES}] (?={_CAPITALS}) | [\-{DASHES}/] \s (?={_CAPITALS}) ) {_SYMBOL})*
        (?![\w])""",
    re.VERBOSE,
)
"""A document number in running text: 20/NQ-HĐND, 07/2017/QĐ-UBND, 259-CV/TU, 64/2006/QH11, 122/2021/TT-BTC."""

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_WORDS = {
    "nhat": 1,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
    "lam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}


def ordinal_value(written: str) -> int:
    """What figures, a Roman numeral or Vietnamese number words without marks come to ("12", "xii", "muoi hai"); 0 for anything else."""
    if written.isascii() and written.isdigit():
        return int(written)
    words = [_WORDS.get(word, 0) for word in written.split()]
    if words and 0 not in words:
        return _below_hundred(words)
    return _roman_value(written)


def _below_hundred(words: list[int]) -> int:
    """The value of number words: "muoi" is one ten, "hai muoi" two."""
    if 10 not in words:
        return words[-1]
    at = words.index(10)
    return (words[at - 1] if at else 1) * 10 + sum(words[at + 1 : at + 2])


def _roman_value(written: str) -> int:
    values = [_ROMAN.get(letter, 0) for letter in written.lower()]
    if not values or 0 in values:
        return 0
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def number_key(number: str) -> str:
    """The key of a number: small letters without marks, no white space, no leading zeros, one kind of separator.

    "Số 07/2017/QĐ-UBND", "7/2017/qd-ubnd" and "07-2017-QĐ/UBND" share the key "7/2017/qd/ubnd".
    """
    text = unicodedata.normalize("NFD", number.replace("Đ", "D").replace("đ", "d").replace("Ð", "D").replace("ð", "d")).lower()
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"^\s*so\s*:?\s*", "", text)
    parts = [part for part in re.split(rf"[\s/\-{DASHES}.]+", text) if part]
    return "/".join(part.lstrip("0") or "0" if part[:1].isdigit() else part for part in parts)


def roman_numeral(value: int) -> str:
    """The Roman numeral of a number from 1 to 399 in capitals."""
    tens, units = divmod(value % 100, 10)
    hundreds = "C" * (value // 100)
    return hundreds + _roman_digit(tens, "X", "L", "C") + _roman_digit(units, "I", "V", "X")


def _roman_digit(digit: int, one: str, five: str, ten: str) -> str:
    fours = {4: one + five, 9: one + ten}
    return fours.get(digit) or five * (digit // 5) + one * (digit % 5)


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """Each document number in ``text`` as (start, end, number without white space), in order."""
    return [(match.start(), match.end(), "".join(match.group().split())) for match in NUMBER.finditer(text)]
