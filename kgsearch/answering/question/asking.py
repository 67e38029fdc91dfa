"""The question phrase of a text: where it stands, what kind of thing it asks for, and the noun that it asks with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.question.noun_phrases import asked_noun, head_noun, measured_before, noun_end, plural_before, unit_end, word_end
from kgsearch.answering.question.nouns import ASKED_WITH, COUNTED, MEASURES, UNITS, any_of, kind_of
from kgsearch.answering.question.wording import Wording


@dataclass(frozen=True, slots=True)
class Asked:
    """A question phrase: the words ``[first, last)``; ``noun`` and ``unit`` as ranges of words, empty where there is none."""

    kind: QuestionKind
    first: int
    last: int
    noun: tuple[int, int] = (0, 0)
    unit: tuple[int, int] = (0, 0)
    many: bool = False


# After the stroke: how it reads without marks, where a bare syllable is also another word ("may" is máy, "dau" is đầu, "nao" is não).
_QUANTITY = rf"""bao nhiêu|bao xa|mấy // bao nhieu|bao xa|may(?= (?:{any_of(COUNTED)})(?= ))|may(?= (?:viec|ban|bai)(?= \W| $|$
    | phai))|(?:(?<=ngay )|(?<=thang )|(?<=quy )|(?<=thu )|(?<=so ))may(?= \W| thi| $
    |$)|(?:(?<=nhieu nhat )|(?<=toi da )|(?<=it nhat )|(?<=toi thieu ))may(?! moc)|may(?= (?:ngay|thang
    |nam|gio|phut|tuan|nguoi|lan|dieu|khoan|diem|muc
    |phan|loai|bac|cap|huyen|xa|phuong|tinh|ho|du an|hinh thuc|nhom|chuong|truong hop|buoc|don vi|co quan|phong|to|nghi quyet|van ban
        |tieu chi|nhiem vu
    |giai doan|tuoi|ti|trieu|dong|chi tieu|giai phap|noi dung|con|tap|trang|bo|so)(?= ))"""
_TIME = """khi nào|lúc nào|bao giờ|chừng nào|hồi nào // khi nao|(?<!phu )(?<!nang )(?<!nguon )luc nao|bao gio|chung nao|hoi nao"""
_DURATION = """trong bao lâu|bao lâu|bao nhiêu lâu|bao lâu một lần"""
_DEFINED = """(?:hiểu )?(?:như )?thế nào là|thế nào được coi là|thế nào thì được coi là|(?:như )?thế nào gọi là
    |(?:như )?thế nào được gọi là
    |hiểu (?:như )?thế nào về|(?:có )?nghĩa là sao|là sao"""
_MANNER = r"""làm thế nào|như thế nào|thế nào|như nào|ra sao|làm sao|bằng cách nào|theo cách nào|làm cách nào|kiểu gì|thì sao
    |(?<=xử lý )sao|(?<=giải quyết )sao|(?<=tính )sao // lam the nao|nhu the nao
    |(?<!chu )(?<!tap )(?<!thuc )(?<!loai )(?<!co )the nao|nhu nao|ra sao|lam sao|bang cach nao|theo cach nao
    |lam cach nao|kieu gi|thi sao|(?<=xu li )sao|(?<=giai quyet )sao|(?<=tinh )sao"""
_PURPOSE = "để làm gì|nhằm làm gì|nhằm mục đích gì|vì mục đích gì|với mục đích gì|(?:vì|do) (?:cái|điều) gì"
# "Sao dự án lại chậm?"
_SAO = r"(?<!\w )sao(?=(?: \w+){1,20} lại )|(?<!\w )sao(?= (?:không|chưa|phải) )"
_REASON = rf"""tại sao|vì sao|sao lại|do đâu(?! tư)|vì đâu|cớ gì|cớ sao|{_PURPOSE}|{_SAO} // tai sao|vi sao|sao lai|do dau(?= (?:\W
    |ma))|vi dau|{_PURPOSE}|{_SAO}"""
_PLACE = r"""ở đâu|tại đâu|nơi đâu|đến đâu|về đâu|từ đâu|đâu // (?:o|tai|noi) dau(?! (?:tu|thau|gia|nam|moi|vu|ki|tien|nguon))|(?:den|ve
    |tu) dau(?= \W| $|$)"""
# Ai Cập, Ai Len are countries.
_PERSON = "những ai|ai(?! (?:cập|len|lao|cay))"
_THING = "những cái gì|những gì|cái gì|là gì|là cái gì|gì"
_WHICH = r"""nào // (?<!viem )(?<!mau )(?<!bai )(?<!mang )(?<!vo so )(?<!thuong so )nao|(?<=ho so )nao|(?<=theo mau )nao
    |(?<=bieu mau )nao"""
_CORES = (
    ("_quantity", _QUANTITY),
    ("_time", _TIME),
    ("_duration", _DURATION),
    ("_defined", _DEFINED),
    ("_manner", _MANNER),
    ("_reason", _REASON),
    ("_place", _PLACE),
    ("_person", _PERSON),
    ("_thing", _THING),
    ("_which", _WHICH),
)
# "bất kỳ ai", "ai cũng", "nào đó", "không … gì cả" ask nothing.
_ANY_BEFORE = r"bất (?:kỳ|cứ)(?: \w+){0,5}|dù // bat (?:ki|cu)(?: \w+){0,5}"
# "mấy năm qua" is no number that anybody asks for.
_LATELY = "(?:năm|tháng|ngày|hôm|tuần) (?:gần đây|qua|nay|trước|vừa qua)"
_FREE = ("_person", "_which", "_time", "_place")
_ANY_AFTER = "cũng|đó|đấy|nấy|đi chăng nữa|cả"
# What leads to the phrase and stands in no answer.
_LEAD = "vào|vào lúc|vào khoảng|trong|là|là vào|khoảng|có|gồm có|tổng cộng|tổng cộng có|hết|được bao|là của|chậm nhất là|là từ|bởi|do|là do"
_MANY = "những|các"
# What is set off by a comma before the clause that asks begins so.
_SETS_OFF = "theo|trong|tại|ở|căn cứ|năm|đến|đối với|khi|nếu|để|ngoài|trừ|ngoại trừ|bởi vì|do|cho đến|từ|sau|trước|với"
_YES_NO_END = r"""đúng hay sai|đúng hay không|có đúng không|đúng không|phải không|có phải không|hay không|được không|có được không
    |hay chưa
    |không // dung hay sai|dung hay khong|co dung khong|dung khong|phai khong|co phai khong|hay khong|duoc khong|co duoc khong|hay chua
        |khong"""
_FILLER = r"""(?:xin|cho|hãy|vui lòng|làm ơn|tôi|em|mình|muốn|cần|biết|hỏi|được|anh|chị|ạ|bạn|ơi|kể tên|liệt kê|nêu|nêu rõ|tìm|tra cứu
    |thông tin|về)"""
_IMPLICIT: tuple[tuple[QuestionKind, str], ...] = (
    (
        QuestionKind.WHEN,
        """ngày (?:ban hành|ký|có hiệu lực|hiệu lực|thông qua|thành lập|họp)|thời điểm|thời gian(?= (?:trình|ban hành
        |bắt đầu|tổ chức|diễn ra|khởi công|hoàn thành|họp))|hạn nộp|hạn chót|hạn cuối(?: cùng)?""",
    ),
    (QuestionKind.HOW_LONG, MEASURES[QuestionKind.HOW_LONG]),
    (
        QuestionKind.MONEY,
        """mức phạt|mức xử phạt|mức tiền phạt|lệ phí|học phí|viện phí|mức phí|mức thu|kinh phí|đơn giá|tổng mức đầu tư
        |chi phí|mức lương|mức trợ cấp|mức hỗ trợ|mức chi|số tiền""",
    ),
    (QuestionKind.PERCENT, "tỷ lệ|tỷ trọng|tốc độ tăng trưởng|thuế suất|lãi suất"),
    (QuestionKind.HOW_MUCH, "số lượng|tổng số|diện tích|sản lượng|dân số|số người|số hộ|số xã|mức đóng|mức hưởng|hạn mức"),
    (
        QuestionKind.WHO,
        r"""người (?:ký|đứng đầu|chủ trì|phụ trách)|(?:cơ quan|đơn vị) (?:chủ trì|ban hành|thực hiện|phối hợp
        |chịu trách nhiệm|soạn thảo)|thẩm quyền""",
    ),
    (QuestionKind.LIST, "điều kiện|thành phần hồ sơ|hồ sơ gồm|danh sách|danh mục|các bước|các trường hợp|những trường hợp"),
    (QuestionKind.DEFINITION, "khái niệm|định nghĩa|thuật ngữ|ý nghĩa (?:của )?(?:thuật ngữ|cụm từ|từ|chữ)"),
    (QuestionKind.WHY, "lý do|nguyên nhân"),
    (QuestionKind.WHERE, "địa điểm|trụ sở"),
)


def question_phrases(wording: Wording) -> list[Asked]:
    """The question phrases of a text, in order, none overlapping another; none for a text that asks nothing."""
    found: list[Asked] = []
    for name, first, last in _cores(wording):
        if found and first < found[-1].last:
            continue
        if not _asks_nothing(wording, name, first, last):
            found.append(_with_lead(wording, _READERS[name](wording, first, last)))
    closing = _closing(wording)
    if not found and not closing:
        return _implicit(wording) or _unsaid(wording)
    if closing and (not found or _is_strong(wording, closing)):
        return [closing, *found] if found and found[0].first > closing.last else [closing]
    return found


def is_implicit(wording: Wording, phrase: Asked) -> bool:
    """Whether the phrase is a noun at the text's beginning, without any question word."""
    return phrase.first == phrase.last


def _cores(wording: Wording) -> Iterator[tuple[str, int, int]]:
    """The question words in order; of those at one place the longest."""
    everywhere = ((name, *place) for name, pattern in _CORES for place in wording.find_all(pattern))
    end = 0
    for name, first, last in sorted(everywhere, key=lambda core: (core[1], -core[2])):
        if first >= end:
            end = last
            yield name, first, last


def _asks_nothing(wording: Wording, name: str, first: int, last: int) -> bool:
    if name == "_quantity":
        return wording.stands_at(_LATELY, last) > last
    return name in _FREE and (wording.ends_at(_ANY_BEFORE, first, 7) < first or wording.stands_at(_ANY_AFTER, last) > last)


def _with_lead(wording: Wording, asked: Asked) -> Asked:
    """The phrase with the small words before it that only lead to it: "là bao nhiêu", "vào ngày nào"."""
    if asked.kind is QuestionKind.DEFINITION:
        return asked
    return replace(asked, first=wording.ends_at(_LEAD, asked.first, 3))


def _quantity(wording: Wording, first: int, last: int) -> Asked:
    """ "bao nhiêu ngày", "bao nhiêu huyện, thành phố", "số mấy", "là bao nhiêu"."""
    return (
        _document_asked(wording, first, last)
        or _date_asked(wording, first, last)
        or _counted(wording, first, last)
        or _measured(wording, first, last)
    )


def _document_asked(wording: Wording, first: int, last: int) -> Asked | None:
    """ "nghị quyết số mấy"."""
    number = wording.ends_at("số", first, 1)
    noun = wording.ends_at(_NUMBERED, number, 3)
    return Asked(QuestionKind.WHICH_DOCUMENT, noun, last, noun=(noun, first)) if noun < number < first else None


_NUMBERED = "nghị quyết|quyết định|nghị định|thông tư|chỉ thị|kế hoạch|công văn|thông báo|văn bản|luật|công điện|kết luận|quy định"


def _date_asked(wording: Wording, first: int, last: int) -> Asked | None:
    """ "ngày mấy", "năm bao nhiêu", "từ mấy giờ"; "mỗi ngày bao nhiêu" asks for an amount."""
    before = wording.ends_at("ngày|tháng|quý|năm|thứ|mùng", first, 1)
    if before == first:
        return _hour_asked(wording, first, last)
    twice = before > 0 and wording.words[before - 1] == wording.words[before]  # "ngày ngày", "năm năm"
    each = twice or wording.ends_at("mỗi|một|hàng|hằng|từng|/", before, 1) < before
    if not each and (last - first == 1 or not noun_end(wording, last) > last):
        return Asked(QuestionKind.WHEN, before, last, noun=(before, first))
    return None


def _hour_asked(wording: Wording, first: int, last: int) -> Asked | None:
    """ "từ mấy giờ"."""
    hour = wording.stands_at("giờ", last)
    if hour > last and hour == unit_end(wording, last) and wording.ends_at("lúc|vào lúc|từ|vào", first, 2) < first:
        return Asked(QuestionKind.WHEN, first, hour, noun=(last, hour))
    return None


# A share of something: "bao nhiêu phần tiền".
_SHARE = "phần (?:tiền|giá|kinh phí|vốn|lương|chi phí|thu nhập|tổng|giá trị|mức|diện tích|số)"


def _counted(wording: Wording, first: int, last: int) -> Asked | None:
    """What is counted, or the unit in which the answer is to be."""
    share = wording.stands_at(_SHARE, last)
    if share > last:
        return Asked(QuestionKind.PERCENT, first, share, noun=(last, share), unit=(last, share))
    rate = wording.ends_at("tỷ lệ|tỷ lệ là", first, 3)
    unit = unit_end(wording, last)
    if rate < first and unit == last:
        return Asked(QuestionKind.PERCENT, first, last, noun=(rate, rate + 2))
    if unit > last:
        kind = kind_of(" ".join(wording.words[last:unit]), UNITS, wording.marked) or QuestionKind.HOW_MUCH
        measured, of_kind = measured_before(wording, first)
        return Asked(kind, first, _once(wording, unit), noun=measured if of_kind is kind else (last, unit), unit=(last, unit))
    end = noun_end(wording, last)
    return Asked(QuestionKind.HOW_MUCH, first, last, noun=(last, end), unit=(last, end)) if end > last else None


def _once(wording: Wording, end: int) -> int:
    """Where a frequency ends: "mấy năm một lần"."""
    return wording.stands_at("một lần", end)


# What is paid is money where "bao nhiêu" stands alone; so is what is so much "một tháng".
_PAID = """(?:nộp|đóng|trả|thưởng|bồi dưỡng|hỗ trợ|trợ cấp|tốn|thu|chi|phạt|bán|thuê|vay|thu phí)(?: thêm| lại| được| khoảng| tối đa
    | tối thiểu| nhiều nhất| ít nhất| cao nhất| thấp nhất){0,2}"""
_PER = "một (?:năm|tháng|quý|tuần|ngày|giờ|buổi|lần|lượt|người|hộ|suất|tấn|khối|bộ|tờ|trang)"


def _measured(wording: Wording, first: int, last: int) -> Asked:
    """ "bao nhiêu" alone: what is measured before it says in what."""
    measured, of_kind = measured_before(wording, first)
    if of_kind is None and wording.ends_at("chiếm", first, 1) < first:
        return Asked(QuestionKind.PERCENT, first, last)
    paid = wording.ends_at(_PAID, first, 4) < first or wording.stands_at(_PER, last) > last
    if of_kind is None and paid and wording.find("bao nhiêu", first, last):
        return Asked(QuestionKind.MONEY, first, last)
    return Asked(of_kind or QuestionKind.HOW_MUCH, first, last, noun=measured)


def _time(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.WHEN, first, last)


def _duration(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.HOW_LONG, first, last, noun=measured_before(wording, first)[0])


def _defined(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.DEFINITION, first, last)


def _manner(wording: Wording, first: int, last: int) -> Asked:
    before = wording.ends_at(_EXPLAINED, first, 4)
    if before < first:
        return Asked(QuestionKind.DEFINITION, before, last)
    head = _head(wording)
    noun, kind = measured_before(wording, first)
    if wording.stands_at("định nghĩa|khái niệm|thuật ngữ|cụm từ", head) > head:
        return Asked(QuestionKind.DEFINITION, first, last)
    if kind and noun[0] == head and not wording.ends_at(_TREATED, first, 2) < first:
        return Asked(kind, first, last, noun=noun)
    described = _described(wording, head, first)
    return Asked(QuestionKind.DEFINITION, described, last) if described < first else Asked(QuestionKind.HOW, first, last)


_EXPLAINED = "được hiểu|hiểu|định nghĩa|được định nghĩa|được coi là|giải thích|được giải thích|được hiểu là|hiểu là"
_TREATED = "tính|xác định|xử lý|nộp|quản lý|sử dụng|thanh toán|tính toán"
# "X là người như thế nào" asks what X is; so does "X là thế nào" of a thing, not of how it is done.
_THING_ASKED = """(?:được xác định )?là(?: (?:người|khu|đất|nhà|hộ|gia đình|loại|cơ quan|tổ chức|việc|cái|công trình|hành vi|trường hợp
    |doanh nghiệp))?"""
_DONE = "việc|trình tự|thủ tục|quy trình|cách|cách thức|chế độ|quy định|thẩm quyền|trách nhiệm|phương thức|tình hình|kết quả|mức"


def _described(wording: Wording, head: int, first: int) -> int:
    """Where "là (người)" begins before "như thế nào"; ``first`` where what it is is not asked."""
    before = wording.ends_at(_THING_ASKED, first, 6)
    return first if before < first and wording.stands_at(f"{_DONE}|{_ATTRIBUTE}", head) > head else before


def _reason(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.WHY, first, last)


def _place(wording: Wording, first: int, last: int) -> Asked:
    if last - first == 1 and wording.stands_at("là|không|không phải|chẳng", last) > last:
        return Asked(QuestionKind.WHICH, first, last)
    return Asked(QuestionKind.WHERE, first, last)


def _person(wording: Wording, first: int, last: int) -> Asked:
    before = wording.ends_at("được hiểu là|hiểu là", first, 3)
    if before < first:
        return Asked(QuestionKind.DEFINITION, before, last)
    return Asked(QuestionKind.WHO, first, last, many=last - first > 1)


_DEFINES = "nghĩa là|có nghĩa là|được hiểu là|có nghĩa|được định nghĩa là|hiểu là"
_STANDS_FOR = "(?:là )?(?:chữ |từ |cụm từ )?viết tắt của(?: (?:từ|cụm từ|chữ|những từ|tên|tổ chức|cơ quan))?"
_EXPLAINS = "định nghĩa|giải thích|giải nghĩa"
_NAMED = "đặt tên là|viết tắt là|được gọi là|gọi là|có tên là|tên là|tên gọi là|mang tên"
_RELATED = "của|để|cho|khi|về|đối với|theo|với|khiến|mà|giữa"


def _thing(wording: Wording, first: int, last: int) -> Asked:
    """ "X là gì", "gồm những gì", "phải làm gì", "hình thức gì"."""
    if wording.words[first] not in ("là", "la"):
        return _thing_named(wording, first, last)
    if wording.ends_at(_DEFINES, first + 1, 5) < first or wording.find(_EXPLAINS, 0, first):
        return Asked(QuestionKind.DEFINITION, first + 1, last)
    if wording.ends_at(_NAMED, last - 1, 3) < first:
        return Asked(QuestionKind.WHICH, first, last)
    return _is_what(wording, first, last)


def _is_what(wording: Wording, first: int, last: int) -> Asked:
    """ "X là gì": what X means where X is a term, what stands for X where X belongs to something or is an attribute."""
    head = _head(wording)
    measured, kind = measured_before(wording, first)
    if kind and measured[0] == head and kind is not QuestionKind.HOW_MUCH:
        return Asked(kind, first, last, noun=measured)
    named = _asked_with(wording, first, last, head)
    if named:
        return named
    if wording.stands_at(_MANY, head) > head:
        return Asked(QuestionKind.LIST, first, last, many=True)
    if first - head > _LONGEST_TERM or wording.stands_at(_ATTRIBUTE, head) > head or wording.find(_RELATED, head + 1, first):
        return Asked(QuestionKind.WHICH, first, last, noun=(head, min(word_end(wording, head), first)))
    return Asked(QuestionKind.DEFINITION, first + 1, last)


_LONGEST_TERM = 8
"""Syllables: what is longer is a description of something, not a term to be defined."""
_ATTRIBUTE = r"""mục tiêu|nhiệm vụ|mục đích|nguyên tắc|tên|giải pháp|chỉ tiêu|quyền|nghĩa vụ|trách nhiệm|thủ đô|yêu cầu|hình thức
    |nội dung|kết quả
    |vai trò|chức năng|đặc điểm|ví dụ|một(?! cửa)|chủ đề|phương châm|lĩnh vực|thành phần|công thức|ngôn ngữ|nghề|nghề nghiệp
    |biểu tượng|khẩu hiệu
    |khó khăn|vướng mắc|hạn chế|tồn tại|thuận lợi|ưu điểm|kinh nghiệm|bài học|biện pháp|điểm mới|thay đổi|định hướng|quan điểm
    |phương hướng
    |căn cứ|cơ sở pháp lý|điều kiện|tiêu chí|tiêu chuẩn|thứ|điều|việc|vấn đề|loại|phần|tác động|ảnh hưởng"""


def _asked_with(wording: Wording, first: int, last: int, head: int) -> Asked | None:
    """Where the noun at the head says by itself who, when or where ("Cơ quan chủ trì … là gì")."""
    for end in range(min(head + 4, first), head + 1, -1):
        kind = kind_of(" ".join(wording.words[head:end]), ASKED_WITH, wording.marked)
        if kind in (QuestionKind.WHO, QuestionKind.WHERE, QuestionKind.WHY, QuestionKind.WHEN):
            return Asked(kind, first, last, noun=(head, end))
    return None


def _thing_named(wording: Wording, first: int, last: int) -> Asked:
    short = wording.ends_at(_STANDS_FOR, first, 6)
    if short < first:
        return Asked(QuestionKind.DEFINITION, short, last)
    many = wording.stands_at("những", first) > first
    if many or wording.ends_at("gồm|gồm có|bao gồm|bao gồm có", first, 3) < first:
        return Asked(QuestionKind.LIST, first, last, many=True)
    done = wording.ends_at("làm|phải làm|cần làm|cần phải làm|nên làm|được làm", first, 3)
    if done < first:
        return Asked(QuestionKind.HOW, done, last)
    thing = wording.ends_at("điều|việc|cái|thứ", first, 1)
    if thing < first:
        return Asked(QuestionKind.WHICH, thing, last)
    return _which(wording, first, last)


def _which(wording: Wording, first: int, last: int) -> Asked:
    """ "cơ quan nào", "những hình thức nào", "năm nào"."""
    short = wording.ends_at(_STANDS_FOR, first, 6)
    if short < first:
        return Asked(QuestionKind.DEFINITION, short, last)
    several = plural_before(wording, first)
    if several:
        return Asked(QuestionKind.LIST, several[0], last, noun=head_noun(wording, several[1], first), many=True)
    noun = asked_noun(wording, first)
    kind = kind_of(" ".join(wording.words[slice(*noun)]), ASKED_WITH, wording.marked) if noun[0] < noun[1] else None
    if kind is QuestionKind.WHICH_DOCUMENT and not _is_cited(wording, noun[0], first, last):
        kind = None
    if kind is QuestionKind.WHO and wording.ends_at("ở|tại", noun[0], 1) < noun[0]:
        kind = QuestionKind.WHERE
    return Asked(kind or QuestionKind.WHICH, noun[0] if kind else first, last, noun=noun)


def _is_cited(wording: Wording, noun: int, first: int, last: int) -> bool:
    """Whether "điều nào" asks for an article: it is cited, or goes on with its document; else it is "which of these things"."""
    if wording.stands_at("điều|điểm|mục|khoản|quy định", noun) < first:
        return True
    cited = wording.ends_at("theo|tại|ở|căn cứ|căn cứ vào|trong", noun, 3) < noun
    return (
        cited
        or wording.stands_at(
            """của|trong|thuộc|nghị định|luật|bộ luật|nghị quyết|quyết định|thông tư|hiến pháp
        |quy định""",
            last,
        )
        > last
    )


def _head(wording: Wording) -> int:
    """The first word of the clause that asks, after forms of address and what a comma sets off before it."""
    place = 0
    while (more := wording.stands_at(_FILLER, place)) > place:
        place = more
    if wording.stands_at(_SETS_OFF, place) > place:
        comma = next((index for index in range(place, len(wording.words)) if wording.words[index] == ","), None)
        place = place if comma is None else comma + 1
    return min(wording.stands_at("thì", place), max(len(wording.words) - 1, 0))


def _closing(wording: Wording) -> Asked | None:
    """A question of yes or no, by how it ends; "không" alone only where it begins like one, too, or holds a "có"."""
    end = len(wording.words)
    while end and not wording.words[end - 1].isalnum():
        end -= 1
    end = wording.ends_at("ạ|vậy|vậy ạ|nhỉ|thế|hả", end, 2)
    first = wording.ends_at(_YES_NO_END, end, 4)
    if first == end:
        first = wording.ends_at("chưa", end, 1)
        return Asked(QuestionKind.YES_NO, first, end) if first < end and wording.find("đã", 0, first) else None
    if end - first == 1 and not (wording.find("có|được|phải|cần|nên|liệu", 0, first) or wording.text.rstrip().endswith("?")):
        return None
    return Asked(QuestionKind.YES_NO, first, end)


def _is_strong(wording: Wording, closing: Asked) -> bool:
    """Whether the ending asks by itself, whatever question words stand before it."""
    return closing.last - closing.first > 1


_STATES = "có|được|phải|là|bị|không|cần|nằm|thuộc|sẽ|đã"
_SHORTEST_STATEMENT = 4


def _unsaid(wording: Wording) -> list[Asked]:
    """A statement that only its question mark makes a question: yes or no, or what the sentence breaks off before."""
    end = len(wording.words)
    if end <= _SHORTEST_STATEMENT or wording.words[-1] != "?" or not wording.find(_STATES):
        return []
    if wording.ends_at("bao gồm|gồm|gồm có|sau đây|sau", end - 1, 2) < end - 1:
        return [Asked(QuestionKind.LIST, end - 1, end, many=True)]
    if wording.ends_at("là|được gọi là|bởi", end - 1, 3) < end - 1:
        return [Asked(QuestionKind.WHICH, end - 1, end)]
    return [Asked(QuestionKind.YES_NO, end - 1, end)]


def _implicit(wording: Wording) -> list[Asked]:
    """A noun at the beginning of a text that asks nothing else: its phrase is empty and stands before the first word."""
    place = 0
    while (more := wording.stands_at(_FILLER, place)) > place:
        place = more
    if place and wording.find("kể tên|liệt kê|nêu", 0, place):
        return [Asked(QuestionKind.LIST, place, place, many=True)]
    for kind, pattern in _IMPLICIT:
        end = wording.stands_at(pattern, place)
        if end > place and end < len(wording.words):
            return [Asked(kind, place, place, noun=(place, end))]
    return []


_READERS: dict[str, Callable[[Wording, int, int], Asked]] = {
    "_quantity": _quantity,
    "_time": _time,
    "_duration": _duration,
    "_defined": _defined,
    "_manner": _manner,
    "_reason": _reason,
    "_place": _place,
    "_person": _person,
    "_thing": _thing,
    "_which": _which,
}
