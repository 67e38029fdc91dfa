"""Document numbers: what one looks like, and the key under which all its spellings meet."""

from __future__ import annotations

import re
import unicodedata

_SYMBOL = r"[A-ZĐÐƯ][A-Za-zĐđÐƯư&]*\d*"

NUMBER = re.compile(
    rf"""(?<![\w/.-])
        \d{{1,5}}[a-zA-Z]? \s? (?:/\s?(?:19|20)\d\d)? \s? [/\-–] \s? {_SYMBOL} (?: [\-–/.] {_SYMBOL})*
        (?![\w])""",
    re.VERBOSE,
)
"""A document number in running text: 20/NQ-HĐND, 07/2017/QĐ-UBND, 259-CV/TU, 64/2006/QH11, 122/2021/TT-BTC."""


def number_key(number: str) -> str:
    """The key of a number: small letters without marks, no white space, no leading zeros, one kind of separator.

    "Số 07/2017/QĐ-UBND", "7/2017/qd-ubnd" and "07-2017-QĐ/UBND" share the key "7/2017/qd/ubnd".
    """
    text = unicodedata.normalize("NFD", number.replace("Đ", "D").replace("đ", "d").replace("Ð", "D").replace("ð", "d")).lower()
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"^\s*so\s*:?\s*", "", text)
    parts = [part for part in re.split(r"[\s/\-–—.]+", text) if part]
    return "/".join(part.lstrip("0") or "0" if part[:1].isdigit() else part for part in parts)
