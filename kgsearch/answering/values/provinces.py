"""The provinces and cities that a text names, however it writes them: "tỉnh Bến Tre", "bến tre", "TP.HCM", "Huế"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kgsearch.language import Token, fold, has_marks, syllable_key, syllable_keys, tokenise

# Those that were merged in 2025 too.
_NAMES = """
An Giang|Bà Rịa - Vũng Tàu|Bắc Giang|Bắc Kạn|Bạc Liêu|Bắc Ninh|Bến Tre|Bình Định|Bình Dương|Bình Phước|Bình Thuận|Cà Mau|Cần Thơ|Cao Bằng
Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình
Hồ Chí Minh|Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lâm Đồng|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận
Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa
Thừa Thiên Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái
"""
_OTHER_NAMES = {"Sài Gòn": "Hồ Chí Minh", "HCM": "Hồ Chí Minh", "TPHCM": "Hồ Chí Minh", "Đắc Lắc": "Đắk Lắk", "Đắc Nông": "Đắk Nông"}
_OTHER_NAMES |= {"Đăk Lăk": "Đắk Lắk", "Đăk Nông": "Đắk Nông", "Đak Lak": "Đắk Lắk", "Thừa Thiên - Huế": "Huế", "Thừa Thiên Huế": "Huế"}
_OTHER_NAMES |= {"Bà Rịa Vũng Tàu": "Bà Rịa - Vũng Tàu", "Vũng Tàu": "Bà Rịa - Vũng Tàu", "Kontum": "Kon Tum"}
# Words of every day when they stand in small letters.
_COMMON = frozenset([("hòa", "bình"), ("thái", "bình")])
_LEVEL = "tỉnh|thành phố|tp"
_SEPARATORS = re.compile(r"[\s.\-–]*")

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Province:
    """A province named at ``[start, end)`` of a text, with the word for its level; ``name`` are the keys of its usual name."""

    start: int
    end: int
    name: Name


def find_provinces(text: str) -> list[Province]:
    """The provinces that a text names, in order. In small letters, with marks or in a text without, they are found too."""
    tokens = tokenise(text)
    keys = [syllable_key(token.text) for token in tokens]
    unmarked = not has_marks(text)
    found: list[Province] = []
    for place in range(len(keys)):
        for name in _names().get(keys[place], ()):
            stop = place + len(name.keys)
            if tuple(keys[place:stop]) == name.keys and _is_meant(text, tokens[place:stop], name, unmarked=unmarked):
                found.append(Province(_with_level(text, tokens, keys, place), tokens[stop - 1].end, name.usual))
                break
    return [one for one in found if not any(other.start < one.start and one.end <= other.end for other in found)]


@dataclass(frozen=True, slots=True)
class _Spelling:
    keys: Name
    small: Name
    usual: Name


def _is_meant(text: str, tokens: Sequence[Token], spelling: _Spelling, *, unmarked: bool) -> bool:
    """Whether words are the name: written with capitals, or in small letters with its marks, or without any where nothing has marks."""
    if any(not _SEPARATORS.fullmatch(text[one.end : other.start]) for one, other in pairwise(tokens)):
        return False
    if all(token.text[0].isupper() for token in tokens):
        return unmarked or not has_marks("".join(spelling.small)) or has_marks("".join(token.text for token in tokens))
    if len(tokens) == 1 and spelling.usual == spelling.keys:  # "hue" is "huệ", too
        return False
    return unmarked or (spelling.small not in _COMMON and tuple(token.text for token in tokens) == spelling.small)


def _with_level(text: str, tokens: Sequence[Token], keys: Sequence[str], place: int) -> int:
    """Where a name begins with the word for its level before it."""
    for length in (2, 1):
        between = text[tokens[place - 1].end : tokens[place].start] if place >= length else "-"
        if " ".join(keys[max(0, place - length) : place]) in _levels() and between.strip(" .") == "":
            return tokens[place - length].start
    return tokens[place].start


@cache
def _names() -> dict[str, tuple[_Spelling, ...]]:
    """The spellings of the names, by the key of their first syllable, the longest first."""
    usual = {name: name for name in re.split(r"[|\n]", _NAMES) if name} | _OTHER_NAMES
    spellings = [
        _Spelling(_keys(name), tuple(token.text.lower() for token in tokenise(name)), _keys(meant)) for name, meant in usual.items()
    ]
    found: dict[str, tuple[_Spelling, ...]] = {}
    for spelling in sorted(spellings, key=lambda one: -len(one.keys)):
        found[spelling.keys[0]] = (*found.get(spelling.keys[0], ()), spelling)
    return found


def _keys(text: str) -> Name:
    return tuple(syllable_keys(text))


@cache
def _levels() -> frozenset[str]:
    return frozenset(fold(level) for level in _LEVEL.split("|"))
