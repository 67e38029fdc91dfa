"""What a question is limited to: the place or organ that it names ("của tỉnh Kiên Giang", "ở Bình Phước", "của Sở Tài chính")."""

from __future__ import annotations

import re
from functools import cache

from kgsearch.answering.kinds import Subject
from kgsearch.citations.issuers import CAPITAL, organ_end
from kgsearch.language import Token, fold, syllable_key, tokenise

# The provinces and cities, those that were merged in 2025 too.
PROVINCES = """
An Giang|Bà Rịa - Vũng Tàu|Bắc Giang|Bắc Kạn|Bạc Liêu|Bắc Ninh|Bến Tre|Bình Định|Bình Dương|Bình Phước|Bình Thuận|Cà Mau|Cần Thơ|Cao Bằng
    |Đà Nẵng|Đắk Lắk
Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hồ Chí Minh|Huế
    |Hưng Yên|Khánh Hòa
Kiên Giang|Kon Tum|Lai Châu|Lâm Đồng|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam
    |Quảng Ngãi
Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long
    |Vĩnh Phúc|Yên Bái
"""
_LEVEL = "tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã|đặc khu"
_NAME = rf"[{CAPITAL}][^\W_]*(?:[ ](?![{CAPITAL}]{{2}})[{CAPITAL}\d][^\W_]*){{0,4}}"
PLACE = re.compile(rf"(?<!\w)(?:(?i:{_LEVEL}|tp\.?))\s+(?:{_NAME})")
_OF_ORGAN = re.compile(rf"(?<!\w)(?:của|thuộc)(?=\s+[{CAPITAL}])")
_GENERAL = re.compile(
    r"(?<!\w)(?:của|cua|toàn|toan|trong|ở|o)\s+(tỉnh|tinh|huyện|huyen|thành phố|thanh pho|cả nước|ca nuoc)(?!\w)", re.IGNORECASE
)


def find_subjects(text: str) -> list[Subject]:
    """The places and organs that limit a question, in order, none within another."""
    found = [*PLACE.finditer(text), *_GENERAL.finditer(text)]
    provinces = province_spans(text)
    spans = [match.span(match.lastindex or 0) for match in found] + provinces
    named = {start for start, _end in provinces}
    for match in _OF_ORGAN.finditer(text):
        end = organ_end(text, match.end())
        if end > match.end() + 1 and match.end() + 1 not in named:  # "của Đắk Nông giao …": what follows a province is not its name
            spans.append((match.end() + 1, end))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return [_subject(text, start, end) for start, end in kept]


def _subject(text: str, start: int, end: int) -> Subject:
    return Subject(text[start:end], start, end, tuple(syllable_key(token.text) for token in tokenise(text[start:end])))


def province_spans(text: str) -> list[tuple[int, int]]:
    """Where the provinces stand, with the word for their level where it stands before them; typed without marks, too."""
    tokens = tokenise(text)
    keys = [syllable_key(token.text) for token in tokens]
    found = []
    for place in range(len(keys)):
        lengths = (length for length in (4, 3, 2) if place + length <= len(keys))
        length = next((length for length in lengths if tuple(keys[place : place + length]) in _province_keys()), 0)
        if length and _is_name(tokens[place : place + length]):
            found.append((_with_level(text, tokens, keys, place), tokens[place + length - 1].end))
    return found


def _is_name(tokens: list[Token]) -> bool:
    """Names have capitals, unless nobody took the trouble to type marks either."""
    return all(token.text[0].isupper() for token in tokens) or all(token.text.isascii() for token in tokens)


def _with_level(text: str, tokens: list[Token], keys: list[str], place: int) -> int:
    for length in (2, 1):
        if place >= length and " ".join(keys[place - length : place]) in _level_keys():
            return tokens[place - length].start
    return tokens[place].start


@cache
def _province_keys() -> frozenset[tuple[str, ...]]:
    names = PROVINCES.replace("\n", "|").split("|")
    return frozenset(tuple(syllable_key(token.text) for token in tokenise(name)) for name in names if name)


@cache
def _level_keys() -> frozenset[str]:
    return frozenset(fold(level) for level in _LEVEL.split("|"))
