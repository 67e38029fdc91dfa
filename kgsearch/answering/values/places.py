"""What a question is limited to: the place or organ that it names ("của tỉnh Kiên Giang", "ở Bình Phước", "của Sở Tài chính")."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Subject
from kgsearch.answering.values.provinces import find_provinces
from kgsearch.citations.issuers import CAPITAL, organ_end
from kgsearch.language import syllable_keys

_LEVEL = "tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã|đặc khu"
_NAME = rf"[{CAPITAL}][^\W_]*(?:[ ](?![{CAPITAL}]{{2}})[{CAPITAL}\d][^\W_]*){{0,4}}"
PLACE = re.compile(rf"(?<!\w)(?:(?i:{_LEVEL}|tp\.?))\s+(?:{_NAME})")
# "của Giải thưởng Văn học", "của Luật Đất đai" limit a question to no organ.
_NO_ORGAN = r"""(?:Giải|Luật|Bộ\sluật|Nghị\s(?:quyết|định)|Quyết\sđịnh|Thông\s(?:tư|báo)|Chỉ\sthị|Kế\shoạch|Quy\s(?:định|chế|trình)
    |Chương\strình|Đề\sán|Dự\sán|Giấy|Hệ\sthống|Phần\smềm|Cơ\ssở\sdữ|Cổng|Điều|Khoản|Phụ\slục|Mục|Công\s(?:văn|điện)|Hướng\sdẫn|Pháp\slệnh)(?!\w)"""
_OF_ORGAN = re.compile(rf"(?<!\w)(?:của|thuộc)(?=\s+(?!{_NO_ORGAN})[{CAPITAL}])", re.VERBOSE)
_GENERAL = re.compile(
    r"(?<!\w)(?:của|cua|toàn|toan|trong|ở|o)\s+(tỉnh|tinh|huyện|huyen|thành phố|thanh pho|cả nước|ca nuoc)(?!\w)", re.IGNORECASE
)


def find_subjects(text: str) -> list[Subject]:
    """The places and organs that limit a question, in order, none within another."""
    found = [*PLACE.finditer(text), *_GENERAL.finditer(text)]
    provinces = find_provinces(text)
    spans = [match.span(match.lastindex or 0) for match in found] + [(province.start, province.end) for province in provinces]
    named = {province.start for province in provinces}
    for match in _OF_ORGAN.finditer(text):
        end = organ_end(text, match.end())
        if end > match.end() + 1 and match.end() + 1 not in named:  # "của Đắk Nông giao …": what follows a province is not its name
            spans.append((match.end() + 1, end))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    names = {(province.start, province.end): province.name for province in provinces}
    return [Subject(text[start:end], start, end, _keys(text[start:end]), names.get((start, end), ())) for start, end in kept]


def _keys(text: str) -> tuple[str, ...]:
    return tuple(syllable_keys(text))


def province_spans(text: str) -> list[tuple[int, int]]:
    """Where the provinces stand, with the word for their level where it stands before them; typed without marks, too."""
    return [(province.start, province.end) for province in find_provinces(text)]
