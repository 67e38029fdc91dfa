"""Units of figures: how each is written, and which measure the same thing ("m2", "m²", "mét vuông"; "ha" is an area too)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from kgsearch.language import fold

# What is measured: the unit's name, how many base units it has, how else it is written (folded).
_MEASURED = {
    "area": "m2 1 met.vuong | dm2 0.01 | cm2 0.0001 | ha 10000 hec.ta hec-ta hecta | km2 1000000 ki.lo.met.vuong",
    "length": "mm 0.001 mi.li.met | cm 0.01 xen.ti.met phan.tay | dm 0.1 | m 1 met met.dai | km 1000 ki.lo.met cay.so | hai.ly 1852",
    "volume": "ml 0.000001 | lit 0.001 | m3 1 met.khoi khoi",
    "mass": "mg 0.000001 | g 0.001 gam gram | kg 1 ki.lo.gam kilogam ki-lo-gam ky can | ta 100 | tan 1000",
    "power": "w 0.001 | kw 1 | mw 1000",
    "energy": "kwh 1 | mwh 1000",
    "rate": "kbps 1 | mbps 1000 | gbps 1000000",
    "persons": """nguoi 1 nguoi.lao.dong luot.nguoi luot.khach khach hanh.khach lao.dong luot.lao.dong nhan.khau thanh.vien dai.bieu
        hoc.sinh sinh.vien hoc.vien giao.vien can.bo cong.chuc vien.chuc cu.tri dan dang.vien doan.vien hoi.vien uy.vien em tre
        tre.em benh.nhan ca.nhan can.bo.cong.chuc thi.sinh bien.che hoa.giai.vien""",
    "tasks": "nhiem.vu 1 viec cong.viec dau.viec",
}
_KIN = frozenset(("persons", "tasks"))
"""Here another word does not mean the same, but may stand for it."""

UNIT_PATTERN = r"""(?: triệu\stấn|nghìn\stấn|tấn|tạ|kg|gam|gram|mg|ha|héc\sta|héc-ta|k?m[23²³]|[cd]m[23²³]|mét\svuông|mét\skhối|km|cm|mm
    |hải\slý|mét|tuổi|người|lượt\s(?:người|khách|lao\sđộng)|lượt|giường\sbệnh|giường|khách|nhân\skhẩu|đại\sbiểu|thành\sviên|cán\sbộ|công\schức
    |ủy\sviên|hộ|huyện|xã|phường|tỉnh|thành\sphố|doanh\snghiệp|dự\sán|hồ\ssơ|văn\sbản|cơ\ssở|đơn\svị|trường|trạm|lít|MW|kWh|kW|[kMG]bps|dpi|liều|lần
    |điểm|con|chiếc|cây|bản|bộ|học\ssinh|sinh\sviên|giáo\sviên|lao\sđộng|ca|vụ|tổ|ấp|khu\sphố|cuộc|lớp|phòng|trang|độ|tầng|tiết|buổi|ký\stự
    |thửa\sđất|nhiệm\svụ|thủ\stục|nguyện\svọng|môn\sthi|bài\sthi|câu\shỏi|sản\sphẩm|sáng\skiến|tác\sphẩm|m)(?!\w)"""
"""A unit or a counted noun after a number, for a verbose regular expression without regard to case."""


def _spelt() -> dict[str, tuple[str, str, Decimal]]:
    found: dict[str, tuple[str, str, Decimal]] = {}
    for measured, units in _MEASURED.items():
        for line in units.split("|"):
            name, factor, *others = (part.replace(".", " ") if index != 1 else part for index, part in enumerate(line.split()))
            for written in (name, *others):
                found[written] = (name if measured not in _KIN else written, measured, Decimal(factor))
    return found


_UNITS = _spelt()


def unit_name(written: str) -> str:
    """One name for a unit however it is written: "m2" of "m²" and "mét vuông"; what is no measure is only folded."""
    folded = _folded(written)
    return _UNITS[folded][0] if folded in _UNITS else folded


def measured_by(unit: str) -> str:
    """What a unit measures ("area", "length", "mass", "persons", …); "" of any other counted noun."""
    known = _UNITS.get(_folded(unit))
    return known[1] if known else ""


def is_kin(measured: str) -> bool:
    """Whether units of this measure are only other words for what is counted: of 204 "khách" each is a "người"."""
    return measured in _KIN


def in_base(unit: str) -> Decimal:
    """How many base units one is: 10,000 (m2) of "ha"; 1 where it is no measure."""
    known = _UNITS.get(_folded(unit))
    return known[2] if known else Decimal(1)


def spellings_of(unit: str) -> list[str]:
    """How else a measure is written: "m2", "m²" of "mét vuông"; none of a counted noun."""
    known = _UNITS.get(_folded(unit))
    if known is None or known[1] in _KIN:
        return []
    return [written for written, one in _UNITS.items() if one[0] == known[0]]


@lru_cache(maxsize=2048)
def _folded(written: str) -> str:
    # Folding makes "m²" "m2".
    return re.sub(r"\s+", " ", fold(written)).strip()
