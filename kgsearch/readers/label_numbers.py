"""The numbers of labels in the formats in which lists count: 1, a, i, A, I, một."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
          (4, "iv"), (1, "i"))  # fmt: skip
_MAX_ROMAN = 3999
_UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def number_text(number: int, format_name: str) -> str:
    """A number in one of Word's formats; those of other languages are given in figures."""
    return _FORMATS.get(format_name, str)(number)


def _letters(number: int) -> str:
    """a … z, aa, bb, …"""
    if number < 1 or number > 26 * 20:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if number < 1 or number > _MAX_ROMAN:
        return str(number)
    printed = ""
    for size, letters in _ROMAN:
        printed += letters * (number // size)
        number %= size
    return printed


def _counted(number: int) -> str:
    """The number in Vietnamese words, to ninety-nine."""
    if not 0 <= number < 100:
        return str(number)
    if number < 10:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    words = ["mười"] if tens == 1 else [_UNITS[tens], "mươi"]
    if unit:
        words.append({1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(unit, _UNITS[unit]))
    return " ".join(words)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _number: "",
    "bullet": lambda _number: "",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "vietnameseCounting": _counted,
    "cardinalText": lambda number: _counted(number).capitalize(),
}
