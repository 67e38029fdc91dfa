"""Dates, numbers and names as pages write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from kgsearch.i18n import current_language

# The order of Vietnamese dictionaries: ă and â after a, đ after d; among equal letters the tones ngang, huyền, hỏi, ngã, sắc, nặng.
_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

# Control characters, and those that turn the direction of what follows them: no Vietnamese text needs one.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(value: Any) -> Any:
    """``value`` as a page prints it: a text without control characters and without marks of direction, which would also turn the
    words of the page around it; anything else as it is."""
    if not isinstance(value, str) or not _UNPRINTABLE.search(value):
        return value
    text = _UNPRINTABLE.sub("", value)
    return Markup(text) if isinstance(value, Markup) else text


def day(value: date | None) -> str:
    """``dd/mm/yyyy`` with zeros, as Vietnamese offices write dates; "" for None."""
    return value.strftime("%d/%m/%Y") if value else ""


def moment(value: str) -> str:
    """An ISO 8601 time as ``dd/mm/yyyy hh:mm`` by this machine's clock; what is no such time as it is."""
    try:
        return datetime.fromisoformat(value).astimezone().strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return value


def number(value: int) -> str:
    """A whole number with its thousands parted: 1.234 in Vietnamese, 1,234 in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if current_language() == "vi" else text


def decimal(value: float) -> str:
    """A number with one decimal: 2,5 in Vietnamese, 2.5 in English."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if current_language() == "vi" else text


def collation_key(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """A sort key in Vietnamese dictionary order: letters first, then tones (``da dan dân dê đá đan`` is not that order)."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text.lower()):
        decomposed = unicodedata.normalize("NFD", character)
        tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), 0)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES))
        # What is no letter (spaces, digits, signs) stands before all letters.
        letters.append((1, _LETTERS[bare]) if bare in _LETTERS else (0, ord(bare[0]) if bare else 0))
        tones.append(tone)
    return letters, tones
