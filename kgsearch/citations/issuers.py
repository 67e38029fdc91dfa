"""Where the issuer ends that a citation names: "của Bộ Tài nguyên và Môi trường quy định về …" ends before "quy định".

An organ's name is words with a capital, each with the small second syllable of its compound ("Chính phủ", "Bộ Tài nguyên"), and
some words that are always small ("nhân dân", "tỉnh"). What follows it begins with a small word, or with one of a few verbs.
"""

from __future__ import annotations

import re

CAPITAL = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
"""The capital letters of Vietnamese, for a character class."""

_SYLLABLE = r"[^\W\d_]"
# What a citation goes on with after its issuer. With a capital too: "của Chính phủ Quy định chi tiết …".
_NOT_ORGAN = r"""(?!(?:
    [Vv]ề|[Qq]uy\s+(?:định|chế|tắc|trình)|[Bb]an\s+hành|[Hh]ướng\s+dẫn|[Ss]ửa\s+đổi|[Bb]ổ\s+sung|[Pp]hê\s+(?:duyệt|chuẩn)|[Tt]hay\s+thế
    |[Bb]ãi\s+bỏ|[Tt]hông\s+(?:tư|báo|tri|qua)|[Cc]ông\s+(?:bố|nhận|văn|điện|khai)|[Nn]ghị\s+(?:quyết|định)|[Qq]uyết\s+(?:định|nghị)
    |[Cc]hỉ\s+thị|[Kk]ết\s+luận|[Kk]ế\s+hoạch\s+số|[Tt]ờ\s+trình|[Bb]áo\s+cáo|[Ll]uật|[Pp]háp\s+lệnh|[Đđ]iều\s+(?:lệ|chỉnh|\d)|[Kk]hoản|[Đđ]iểm
    |[Vv]ăn\s+bản\s+(?:số|hợp)|[Cc]ăn\s+cứ|[Xx]ét|V/v
    )(?!\w))"""
_NOT_SECOND = r"""(?!(?:
    và|hoặc|tại|theo|để|do|đã|được|có|là|trong|trên|từ|đối|với|khi|thì|mà|này|đó|nêu|kèm|như|cho|đến|nhằm|trước|sau|hết|còn|không|gồm|bao\s+gồm
    |yêu\s+cầu|đề\s+(?:nghị|xuất)|tiếp\s+tục|triển\s+khai|thực\s+hiện|tăng\s+cường|đẩy\s+mạnh|giao\s+(?:nhiệm|cho|chỉ|kế)|đính|hợp\s+nhất
    |chấp\s+thuận|trình|gửi|cụ\s+thể|liên\s+quan|thành\s+lập|của|cùng|ngày|năm|số|hiện\s+hành|nay|áp\s+dụng|làm|lấy|vào|phải|cũng|vẫn|bị|mới|nhưng
    |tổ\s+chức\s+thực|phát\s+động|tháng|hay|bằng|ở|chỉ\s+đạo|v/v
    )(?!\w))"""
_SMALL = r"""nhân\s+dân|thường\s+vụ|thường\s+trực|thường\s+niên|trung\s+ương|tối\s+cao|chấp\s+hành|kiểm\s+sát|vận\s+tải|nông\s+thôn
    |nhà\s+nước|xã\s+hội|quốc\s+gia|quốc\s+hội|cấp\s+(?:tỉnh|huyện|xã|cao)|liên\s+bộ|tỉnh\s+ủy|thành\s+phố|thị\s+xã|thị\s+trấn|tỉnh|quận|huyện|phường|xã|trưởng
    |lâm\s+thời|đặc\s+khu|đại\s+biểu|dịch\s+tễ|kinh\s+tế|ngân\s+sách|pháp\s+chế|dân\s+tộc|văn\s+hóa
    |phòng,?\s+chống\s+(?:dịch(?:\s+bệnh)?|tham\s+nhũng|thiên\s+tai|tội\s+phạm)(?:\s+(?:COVID|Covid)-19)?"""
_SECOND_HALF = r"""Đào\s+tạo|Đầu\s+tư|Môi\s+trường|Phát\s+triển|Công\s+nghệ|Truyền\s+thông|Xã\s+hội|xã\s+hội|Du\s+lịch|Trẻ\s+em|Nhi\s+đồng
    |Tôn\s+giáo|Thể\s+thao|Gia\s+đình|Thông\s+tin|Công\s+nghiệp|Hội\s+nhập|Dân\s+vận|Đô\s+thị|Hải\s+đảo|Dạy\s+nghề"""
_HEAD = r"""(?:Bộ|Ủy\s+ban|Uỷ\s+ban|Ngân\s+hàng|Tòa\s+án|Toà\s+án|Viện|Ban|Thanh\s+tra|Kiểm\s+toán|Tổng|Hội|Đoàn|Liên\s+đoàn|Sở|Mặt\s+trận
    |Trung\s+ương)"""

_OF = re.compile(rf"(?:\s*,)?\s+của\s+(?:(?:các|liên)\s+)?(?=[{CAPITAL}]|liên\s|{_SMALL}\s)", re.VERBOSE)
_STEP = re.compile(
    rf"""
    # A term of office, and the session after a comma: "khóa XI, kỳ họp thứ 7"
    (?P<term> \s*,?\s+ \(? [Kk]h(?:óa|oá) \s+ (?:[IVX]+|\d{{1,2}}) (?!\w) \)? | \s*,?\s+ [Kk]ỳ\s+họp \s+ (?:thứ|lần) \s+ [^\W_]+
        | \s*,?\s+ nhiệm\s+kỳ \s+ \d{{4}} \s?[-–]\s? \d{{4}} )
    # A word with a capital, and an abbreviation: " Chính", " UBND", " - Thương", "(VKSND) tối cao"
  | (?P<capital> (?: \s*[-–&]\s* | \s+ ) {_NOT_ORGAN} [{CAPITAL}] [^\W\d_]* (?:&[{CAPITAL}]+)?
        | \s+ \([{CAPITAL}]{{2,8}}\) (?=\s+(?:tối|tỉnh|cấp)) )
    # Words that are always small: " nhân dân", " tỉnh", a steering committee's number
  | (?P<small> \s+ (?:{_SMALL}) (?!\w) | \s+ \d{{2,3}} \s+ quốc\s+gia )
    # The second half of a ministry's name, or of an office: " và Môi trường", ", Thể thao và Du lịch", "Bộ trưởng, Chủ nhiệm"
  | (?P<half> \s+ và \s+ (?:{_SECOND_HALF}) (?!\w)
        | \s*,(?=\s+Chủ\s+nhiệm\s) | \s*,\s* (?:Thể\s+thao|Gia\s+đình|Trẻ\s+em|Thương\s+binh) (?=\s+và\s) )
    """,
    re.VERBOSE,
)
# The small second syllable of a compound, straight after a word with a capital.
_SECOND = re.compile(rf"\s+{_NOT_ORGAN}{_NOT_SECOND}(?![{CAPITAL}]){_SYLLABLE}{{1,7}}(?![\w])", re.VERBOSE)
_SMALL_WORD = re.compile(rf"\s+(?:{_SMALL})(?!\w)", re.VERBOSE)
_ABBREVIATION = re.compile(rf"[{CAPITAL}]{{2}}\)?$")
_PLACE = re.compile(r"(?:tỉnh|thành\s+phố|thị\s+xã|thị\s+trấn|quận|huyện|phường|xã)$")
_JOINT = re.compile(rf"(?:\s*,\s*|\s+và\s+|\s*[-–]\s*)(?={_HEAD}\s+{_NOT_ORGAN}[{CAPITAL}])", re.VERBOSE)


# One syllable that heads an organ's name: "Bộ Y tế", "Cục Hàng không". Two others with a capital begin a place's name.
_HEAD_ALONE = re.compile(r"\s+(?:Bộ|Ban|Cục|Vụ|Sở|Phòng|Viện|Trường|Hội|Đoàn|Đảng|Báo|Đài|Quỹ|Tổng|Tòa|Toà|Tập|Nhà)$")


def issuer_end(text: str, start: int, *, joint: bool = False) -> int:
    """Where " của <organ>" that begins at ``start`` ends; ``start`` where no organ is named there.

    ``joint``: the document is issued by several organs ("của Bộ Y tế và Bộ Tài chính").
    """
    match = _OF.match(text, start)
    if match is None:
        return start
    # An organ's name begins with the space before its first word.
    begun = match.end() - 1
    end = organ_end(text, begun)
    if end == begun:
        return start
    while joint and (more := _JOINT.match(text, end)):
        further = organ_end(text, more.end() - 1)
        if further < more.end():
            break
        end = further
    return end


def organ_end(text: str, start: int) -> int:
    """Where the organ ends whose name begins with the space at ``start``; ``start`` where none does."""
    position, placed, before = start, False, ""
    while step := _STEP.match(text, position):
        position = step.end()
        placed = placed or bool(step["small"] and _PLACE.search(step["small"]))
        capital = step["capital"]
        # "Đắk Nông giao đất": a place without what it is.
        placed = placed or bool(capital and before and not _HEAD_ALONE.match(before))
        # A place's name has a capital on each syllable; an abbreviation has no second one.
        if capital and not _ABBREVIATION.search(capital) and not placed and not _SMALL_WORD.match(text, position):
            second = _SECOND.match(text, position)
            before = "" if second else capital
            position = second.end() if second else position
        else:
            before = ""
    return position
