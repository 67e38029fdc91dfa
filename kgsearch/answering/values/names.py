"""Names in a text: persons, offices and agencies, places; in laws also who is meant in small letters ("cơ quan đăng ký cư trú")."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from kgsearch.answering.kinds import QuestionKind, Value
from kgsearch.answering.values.places import PLACE, province_spans
from kgsearch.citations.issuers import CAPITAL, organ_end
from kgsearch.language import has_marks, syllable_keys

_WORD = rf"[{CAPITAL}][^\W\d_]{{0,12}}"
# The commonest family names come first in nearly every name.
_FAMILY = """Nguyễn|Trần|Lê|Phạm|Huỳnh|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Lâm|Trương|Mai|Đào|Tô|Cao|Hà|Lưu|Danh|Châu|Tạ
    |Quách|Trịnh|Đoàn|Thái
    |Vương|Kiều|Tăng|Chu|Từ|Triệu|Tống|Phùng|La|Thạch|Kim|Lương|Nông|Hứa|Lò|Giàng|Vi|Đàm|Đồng|Nghiêm|Doãn|Khổng|Mạc|Ninh|Ông|Quan|Sơn
        |Thân|Tiêu|Trang|Viên"""
_TITLE = r"(?:[ÔôO]ng|[Bb]à|[Đđ]ồng\schí|[Đđ]/c|[Aa]nh|[Cc]hị|TS\.?|ThS\.?|PGS\.?|GS\.?|BS\.?|KS\.?|CN\.?)"
_PERSON = re.compile(
    rf"""(?<!\w)(?: {_TITLE}\s+(?P<titled>{_WORD}(?:\s{_WORD}){{0,4}})
        | (?<!đường\s)(?<!Đường\s)(?<!phố\s)(?<!trường\s)(?P<named>(?:{_FAMILY})(?:\s{_WORD}){{1,4}}) )(?!\w)""",
    re.VERBOSE,
)
# What a name in capitals may begin with that is an organ or an office.
_ORGAN = re.compile(
    r"""(?<!\w)(?: (?:Phó\s)?(?:Chủ\stịch|Chủ\snhiệm|Giám\sđốc|Tổng\sGiám\sđốc|Trưởng\s[Bb]an|Trưởng\s[Pp]hòng|Trưởng|Bí\sthư|Thủ\stướng
        |Chánh|Cục\strưởng|Viện\strưởng|Tổng\s[Cc]ục\strưởng
            |Hiệu\strưởng|Tư\slệnh|Chi\scục\strưởng|Vụ\strưởng) | Bộ\strưởng|Thứ\strưởng|Thường\strực|Ban(?!\shành)|Bộ(?!\sluật|\sphận
                |\smáy|\smặt)
        | Sở(?!\shữu|\sdĩ)|Ủy\sban|Uỷ\sban|UBND|HĐND|UBMTTQ\w*|Hội\sđồng|Hội(?!\sngh|\sthảo)|Chính\sphủ|Quốc\shội|Tòa\sán|Toà\sán|Viện
            |Cục|Tổng\s[Cc]ục|Chi\scục|Vụ|Văn\sphòng|Thanh\stra
        | Công\san|Bộ\s[Cc]hỉ\shuy|Bộ\sTư\slệnh|Bộ\sđội|Đoàn|Liên\s(?:đoàn|minh)|Mặt\strận|Ngân\shàng|Kho\sbạc|Bảo\shiểm|Đài|Báo(?!\scáo)
            |Trung\stâm|Trường(?!\shợp)|Thủ\strưởng|Bệnh\sviện|Tỉnh\s(?:ủy|uỷ|đoàn)
        | Thành\s(?:ủy|uỷ)|Huyện\s(?:ủy|uỷ)|Đảng\s(?:ủy|uỷ|bộ)|Kiểm\stoán|Công\sty|Tổng\s[Cc]ông\sty|Tập\sđoàn|Phòng(?!,|\schống|\sngừa)
            |Nhà\snước|Ban\s[Cc]hỉ\sđạo|Quỹ|Hạt|Đồn|Trạm|Chủ\stịch
    )(?!\w)""",
    re.VERBOSE,
)
# "Ủy ban nhân dân các huyện, thành phố", "Giám đốc các Sở, ngành"
_TAIL = re.compile(
    rf"""(?:\s(?:(?:các|cấp)\s)?(?:huyện|xã|phường|thành\sphố|thị\sxã|[Ss]ở|ban(?!\shành)|ngành|tỉnh)(?!\w)|(?=\s?,))
        (?:(?:\s?[,-]|\svà)\s?(?:huyện|xã|phường|thị\strấn|thành\sphố|thị\sxã|[Ss]ở|[Bb]an(?!\shành)|[Nn]gành|tỉnh|đoàn\sthể)(?!\w|\s[{CAPITAL}])){{0,4}}""",
    re.VERBOSE,
)
_ABBREVIATED = re.compile(r"(?<!\w)(?:UBND|HĐND)(?:\s(?:tỉnh|huyện|xã|thành\sphố|cấp\s(?:tỉnh|huyện|xã)))?(?!\w)")
# Who in a law does something, in small letters: a head and at most a dozen syllables to where its verb stands.
_HEAD = r"""(?:[Cc]ơ\squan|[Tt]ổ\schức|[Nn]gười|[Cc]á\snhân|[Đđ]ơn\svị|[Dd]oanh\snghiệp|[Tt]òa\sán|[Tt]oà\sán|[Vv]iện\skiểm\ssát
    |[Tt]hủ\strưởng|[Tt]hẩm\sphán
    |[Cc]hánh\sán|[Cc]hủ\s(?:đầu\stư|sở\shữu|rừng|xe|dự\sán|thể)|[Bb]ên\s\w+|[Vv]ợ|[Cc]hồng|[Cc]ha|[Mm]ẹ|[Hh]ộ\s(?:gia\sđình|kinh\sdoanh)
        |[Cc]ông\sdân
    |[Nn]hà\s(?:đầu\stư|thầu|trường)|[Cc]ông\schứng\sviên|[Ll]uật\ssư|[Cc]án\sbộ|[Cc]ông\schức|[Nn]gân\shàng|[Hh]ội\sđồng
    |(?:ủy|uỷ)\sban|công\san|thanh\stra\s(?:viên|tỉnh|huyện|bộ|sở|xây|nhà|chuyên)|bộ\strưởng|chủ\stịch|giám\sđốc|thủ\stướng|chính\sphủ|quốc\shội
        |sở(?!\s(?:hữu|dĩ|thích))|bộ(?!\s(?:phận|máy|luật|mặt|hồ|tài|câu|tiêu|chỉ|chứng|từ|đề))|ban(?!\shành)
        |cấp\s(?:tỉnh|huyện|xã|(?:ủy|uỷ)|trung|trên|dưới|có\sthẩm)|phòng(?!\s(?:chống|cháy|ngừa|bệnh|dịch|thủ|hộ|học|ở|,))
        |chi\scục|cục(?!\sbộ)|trạm)"""
# The verbs of what agencies and those who ask them for something do.
ACTS = r"""(?:có|phải|được|không|chịu|quyết\sđịnh|thực\shiện|ban\shành|chủ\s(?:trì|động)|hướng\sdẫn|thông\sbáo|trả
    |cấp(?!\s(?:tỉnh|huyện|xã|ủy|uỷ|trên|dưới))|xem\sxét|tiến\shành|triển\skhai|phối\shợp|tham\smưu|tổng\shợp|báo\scáo
    |thẩm\s(?:định|tra)|rà\ssoát|giám\ssát|theo\sdõi|đôn\sđốc|trình|gửi|lập|yêu\scầu|tiếp\s(?:nhận|tục)|tự|chỉ\sđạo|đánh\sgiá
    |phân\s(?:công|cấp)|(?:ủy|uỷ)\squyền|xác\s(?:nhận|định|minh)|cung\scấp|vận\sđộng|giải\squyết|kiểm\stra|thanh\stra(?=\s(?:việc|các|,))
    |phê\s(?:duyệt|chuẩn)|công\s(?:bố|nhận|khai)|bảo\sđảm|đảm\s(?:bảo|nhận|nhiệm)|tổ\schức|làm|quản\slý|thống\snhất
    |thu(?!\s(?:phí|thuế))|giao|nhận|(?<!đăng\s)k[ýí]|tăng\scường|tích\scực|thường\sxuyên|kịp\sthời|trực\stiếp|quy\sđịnh|đăng\stải
    |niêm\syết|thành\slập|bổ\snhiệm|xử\s(?:lý|phạt)|điều\s(?:chỉnh|hành)|bố\strí|cân\sđối|chấp\s(?:thuận|hành)|cho|hỗ\strợ|giúp
    |nghiên\scứu|khẩn\strương|xét|phụ\strách|tập\shợp|đề\s(?:nghị|xuất)|đang|sẽ|đã|nộp|cần|nên|là|phát\shiện|ra\squyết|căn\scứ|theo)"""
# What an actor's name does not go on with: what it does, where and with whom.
_VERB = rf"""(?:{ACTS}|thì|bị|khi|nếu|để|vào|từ|tại|ở|trong|chứng\skiến|về|với|của|và|hoặc|do|bởi|trên|trước|sau|đến|nơi|cùng|đồng\sthời
    |cũng|đều|mà|như|gồm|này|số|ngày|chi\strả|dự)"""
_ACTOR = re.compile(
    rf"""(?<!\w)(?P<name>{_HEAD}(?:\s(?!{_VERB}(?!\w))[^\W\d_]{{1,12}}(?:,(?=\s(?:tổ\schức|cá\snhân|đơn\svị)(?!\w)))?){{0,12}}?)
        (?=\s{_VERB}(?!\w)|\s?[,;.:)]|\s?$)""",
    re.VERBOSE,
)
# What a head's name goes on with in small letters: "Văn phòng đăng ký đất đai", "Ban Quản lý các khu công nghiệp".
_MORE = re.compile(
    rf"""(?<=Ban\scán)\ssự(?:\s[Đđ]ảng)?(?!\w)
        |(?:(?<=[Qq]uản\slý)|(?<=[Qq]uản)\slý|(?<=Văn)\sphòng|(?<=Văn\sphòng)|(?<=Trung\stâm)|(?<=Phục\svụ)|(?<=Hội\sđồng))
        (?:\scác(?!\s{_VERB}(?!\w)))?(?:\s(?!{_VERB}(?!\w))[^\W\d_]{{1,8}}){{0,8}}(?!\w)""",
    re.VERBOSE,
)
_BEGINS_VERB = re.compile(rf"\s{_VERB}(?!\w)", re.VERBOSE)
_CAPITALISED = re.compile(rf"(?<!\w)(?:{_WORD})(?:(?:\s|-|\sde\s|\svan\s|\sof\s){_WORD}){{0,5}}(?!\w)")
_AT = re.compile(
    r"""(?<!\w)(?:[Tt]ại|[Ởở]|đến|từ|[Tt]rên\sđịa\sbàn|đóng\stại)\s(?!(?:Điều|điểm|khoản|điều|Mục|Chương|Phụ|nên|khi|ngày|năm|tháng|đó|đây|lúc|đủ
        |nay|Nghị|Quyết|Luật|Thông|Công\svăn|Kế|Chỉ|Bộ\sluật)(?!\w))
        (?P<where>[^\W\d_]{1,12}(?:\s(?!(?:và|để|theo|khi|của|trong|từ|đến|với|đối|do|được|đã|phải|có|là|thì|mà|nếu|vào|cho|năm|ngày|không|bị
            |hoặc)(?!\w))[^\W\d_]{1,12}){0,9})""",
    re.VERBOSE,
)


def find_persons(text: str) -> list[Value]:
    """Persons by their names: a title and capitals ("ông Trần Văn A"), or a family name and what follows it."""
    return [_made(text, start, end) for start, end in _persons(text)]


def find_agencies(text: str) -> list[Value]:
    """Persons, offices and agencies with their whole names, in order; none within another."""
    kept = _longest([*_persons(text), *_organs(text), *(match.span() for match in _ABBREVIATED.finditer(text))])
    kept = _with_others(kept, [match.span("name") for match in _ACTOR.finditer(text)])
    kept = _with_others(kept, _capitalised(text))
    return [_made(text, start, end) for start, end in sorted(kept)]


def find_places(text: str) -> list[Value]:
    """Places: by their level ("tỉnh Kiên Giang"), provinces, what "tại" or "ở" leads to, and after these other names in capitals."""
    spans = [*(match.span() for match in PLACE.finditer(text)), *province_spans(text)]
    spans += [match.span("where") for match in _AT.finditer(text)]
    people = set(_persons(text))
    kept = _with_others(_longest([*spans, *people]), _capitalised(text))
    return [_made(text, start, end, QuestionKind.WHERE) for start, end in kept if (start, end) not in people]


def _persons(text: str) -> Iterator[tuple[int, int]]:
    for match in _PERSON.finditer(text):
        yield match.span("titled") if match["titled"] else match.span("named")


def _organs(text: str) -> Iterator[tuple[int, int]]:
    """Names of organs and offices in capitals, each from its first word to where `organ_end` says that it ends."""
    padded = " " + text
    position = 0
    while match := _ORGAN.search(text, position):
        # "Trưởng Ban Chỉ đạo": the organ of an office begins with the office's last word.
        office = padded.rfind(" ", 0, match.end() + 1)
        end = max(organ_end(padded, match.start()) - 1, organ_end(padded, office) - 1, match.end())
        if more := _MORE.match(text, end):
            end = more.end()
        if tail := _TAIL.match(text, end):
            end = tail.end()
        end = len(text[:end].rstrip())
        last = text.rfind(" ", match.end(), end)
        if last > 0 and (verb := _BEGINS_VERB.match(text, last)) and verb.end() > end:  # "Văn phòng Trung ương Đảng bảo đảm"
            end = last
        yield match.start(), end
        position = max(end, match.end())


_LONGEST_SYLLABLE = 7
_OPENING = 3
"""Characters that may stand before a text's first word: white space, an opening quotation mark."""


def _capitalised(text: str) -> Iterator[tuple[int, int]]:
    """Runs of words with capitals; at the beginning of a sentence, and of Vietnamese syllables ("Quyết định"), only of two and more."""
    for match in _CAPITALISED.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()].rstrip(" “\"'(-")
        begins = before.endswith((".", ":", "?", "!", ";")) or (not before and match.start() < _OPENING)
        if " " in match[0] or not (begins or (has_marks(match[0]) and len(match[0]) <= _LONGEST_SYLLABLE)):
            yield match.span()


def _longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, of those that overlap the one that begins first, and of these the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _with_others(kept: list[tuple[int, int]], others: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is kept and those of the others that touch none of it, in order."""
    ends = [end for _start, end in kept]
    free = []
    for start, end in others:
        following = bisect_right(ends, start)
        if following == len(kept) or kept[following][0] >= end:
            free.append((start, end))
    return sorted([*kept, *free])


def _made(text: str, start: int, end: int, kind: QuestionKind = QuestionKind.WHO) -> Value:
    return Value(start, end, text[start:end], kind, tuple(syllable_keys(text[start:end])))
