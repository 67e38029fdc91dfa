"""Types of document with their official abbreviations.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục III (the administrative types); Luật Ban hành văn bản quy phạm pháp luật and Nghị định
78/2025/NĐ-CP (the legal types); Hướng dẫn 36-HD/VPTW of the Party's central office (the Party's types).
"""

from __future__ import annotations

import re

DISPATCH = "Công văn"

ABBREVIATIONS = {
    # administrative, NĐ 30/2020, Phụ lục III
    "Nghị quyết": "NQ",
    "Quyết định": "QĐ",
    "Chỉ thị": "CT",
    "Quy chế": "QC",
    "Quy định": "QyĐ",
    "Thông cáo": "TC",
    "Thông báo": "TB",
    "Hướng dẫn": "HD",
    "Chương trình": "CTr",
    "Kế hoạch": "KH",
    "Phương án": "PA",
    "Đề án": "ĐA",
    "Dự án": "DA",
    "Báo cáo": "BC",
    "Biên bản": "BB",
    "Tờ trình": "TTr",
    "Hợp đồng": "HĐ",
    "Công điện": "CĐ",
    "Bản ghi nhớ": "BGN",
    "Bản thỏa thuận": "BTT",
    "Giấy ủy quyền": "GUQ",
    "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT",
    "Giấy nghỉ phép": "GNP",
    "Phiếu gửi": "PG",
    "Phiếu chuyển": "PC",
    "Phiếu báo": "PB",
    DISPATCH: "CV",
    # legal
    "Hiến pháp": "HP",
    "Bộ luật": "BL",
    "Luật": "L",
    "Pháp lệnh": "PL",
    "Lệnh": "L",
    "Nghị định": "NĐ",
    "Thông tư liên tịch": "TTLT",
    "Thông tư": "TT",
    "Nghị quyết liên tịch": "NQLT",
    "Văn bản hợp nhất": "VBHN",
    "Sắc lệnh": "SL",
    # the Party
    "Kết luận": "KL",
    "Chương trình hành động": "CTr",
    "Quy hoạch": "QH",
    "Điều lệ": "ĐL",
    "Thông tri": "TTri",
    "Lời kêu gọi": "LKG",
    "Tuyên bố": "TB",
    "Công bố": "CB",
    "Nội quy": "NQy",
    "Bản cam kết": "BCK",
}

_BY_CAPITALS = {name.upper(): name for name in ABBREVIATIONS}
_BY_CODE: dict[str, str] = {}
for _name, _code in ABBREVIATIONS.items():
    _BY_CODE.setdefault(_code.upper(), _name)
_BY_CODE["L"] = "Luật"
_BY_CODE["QH"] = "Luật"

# The type of a whole title line that goes on ("QUYẾT ĐỊNH về việc …"), the longest name first.
_LEADING = re.compile("^(" + "|".join(sorted((re.escape(name) for name in _BY_CAPITALS), key=len, reverse=True)) + r")(?![^\W\d_])")


def type_of_heading(line: str) -> str:
    """The type that a heading line names in capitals and nothing else ("NGHỊ QUYẾT"), "" where it is no such line."""
    name = " ".join(line.strip(" .:*").replace("Ð", "Đ").split())
    return _BY_CAPITALS.get(name, "")


def leading_type(line: str) -> str:
    """The type whose name in capitals begins the line, "" where none does."""
    match = _LEADING.match(" ".join(line.replace("Ð", "Đ").split()))
    return _BY_CAPITALS[match.group(1)] if match else ""


def type_of_number(number: str) -> str:
    """The type that a document number's symbol names ("20/NQ-HĐND" -> "Nghị quyết"); "Công văn" where it names none."""
    for part in re.split(r"[/\-]", number.upper()):
        letters = part.strip()
        if letters in _BY_CODE and not letters.isdigit():
            return _BY_CODE[letters]
    return DISPATCH
