"""Numbers as Vietnamese writes them: "4.342", "0,58", "15/15", "hai mươi mốt", "một phần hai"."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGIT = "một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín|mốt"
_TEN = rf"""(?:(?:hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)\s(?:mươi|chục)(?:\s(?:{_DIGIT})(?!\s+mươi))?|mười(?:\s(?:một|hai|ba|bốn|tư|lăm|sáu
    |bảy|bẩy|tám|chín))?)"""
_HUNDRED = rf"(?:(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)\străm(?:\s(?:(?:linh|lẻ)\s(?:{_DIGIT})|{_TEN}))?)"
WORDS = rf"(?:{_HUNDRED}|{_TEN})"
"""Numbers from ten on in words; of smaller ones only those that are not also other words."""

SMALL_WORDS = "hai|ba|bốn|sáu|bảy|bẩy|tám|chín"
DECIMAL_WORDS = rf"(?:{WORDS}|mười|{_DIGIT})\s+phẩy\s+(?:{WORDS}|(?:không\s+)?(?:{_DIGIT}))"
BRACKETED = rf"(?:{DECIMAL_WORDS}|{WORDS}|mười|{_DIGIT})\s?\(\d{{1,3}}(?:,\d{{1,3}})?\)"
"""In words with the figures in brackets behind it: "một phẩy bảy (1,7)"."""
FRACTION_WORDS = r"""(?:một\snửa|nửa(?=\s(?:ngày|tháng|năm|giờ|buổi|số|mức|diện\stích)(?!\w))
    |(?:một|hai|ba|bốn|năm)\sphần\s(?:hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười))"""
FIGURES = r"""(?: \d{1,3}(?:[.\u00a0]\d{3}){1,5}(?:,\d{1,6})?(?!\d) | \d{1,3}(?:,\d{3}){2,5}(?!\d) | \d{1,15},\d{1,6}
    | \d{1,6}\.\d{1,2}(?!\d) | \d{1,15} )"""
"""Figures: a point groups thousands, a comma is the decimal one; both the other way round where they cannot mean that."""

_VALUES = {
    **{"một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
    **{"mười": 10},
}
_GROUPED = re.compile(r"\d{1,3}(?:[.\u00a0]\d{3})+(?:,\d+)?")
_GROUPED_BY_COMMAS = re.compile(r"\d{1,3}(?:,\d{3}){2,}")


def value_of(written: str) -> Decimal:
    """What a number comes to that is written as FIGURES, WORDS, SMALL_WORDS, DECIMAL_WORDS, BRACKETED or FRACTION_WORDS."""
    if written.endswith(")") and "(" in written:
        written = written[written.rindex("(") + 1 : -1]
    if not written[0].isdigit():
        return _words_value(written.lower())
    if _GROUPED.fullmatch(written):
        return Decimal(re.sub(r"[.\u00a0]", "", written).replace(",", "."))
    if _GROUPED_BY_COMMAS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    return Decimal(written.replace(",", "."))


def _words_value(written: str) -> Decimal:
    if written.endswith("nửa"):
        return Decimal("0.5")
    units, comma, decimals = written.partition(" phẩy ")
    if comma:
        leading = "0" if decimals.startswith("không ") else ""
        return Decimal(f"{_whole(units)}.{leading}{_whole(decimals)}")
    above, part, below = written.partition(" phần ")
    if part:
        return (Decimal(_whole(above)) / Decimal(_whole(below))).quantize(Decimal("0.0001"))
    return Decimal(_whole(written))


def _whole(written: str) -> int:
    total = 0
    for word in written.split():
        if word in ("mươi", "chục"):
            total = total - total % 10 + total % 10 * 10
        elif word == "trăm":
            total *= 100
        else:
            total += _VALUES.get(word, 0)
    return total
