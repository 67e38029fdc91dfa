"""The question phrase of a text: where it stands, what kind of thing it asks for, and the noun that it asks with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.noun_phrases import measured_before, noun_end, noun_start, unit_end, word_end
from kgsearch.answering.nouns import ASKED_WITH, MEASURES, UNITS, kind_of
from kgsearch.answering.wording import Wording


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
_QUANTITY = r"""bao nhiêu|bao xa|mấy // bao nhieu|bao xa|(?:(?<=ngay )|(?<=thang )|(?<=quy )|(?<=thu )|(?<=so ))may(?= \W| thi| $
    |$)|(?:(?<=nhieu nhat )|(?<=toi da )|(?<=it nhat )|(?<=toi thieu ))may(?! moc)|may(?= (?:ngay|thang
    |nam|gio|phut|tuan|nguoi|lan|dieu|khoan|diem|muc
    |phan|loai|bac|cap|huyen|xa|phuong|tinh|ho|du an|hinh thuc|nhom|chuong|truong hop|buoc|don vi|co quan|phong|to|nghi quyet|van ban
        |tieu chi|nhiem vu
    |giai doan|tuoi|ti|trieu|dong|chi tieu|giai phap|noi dung|con|tap|trang|bo|so)(?= ))"""
_TIME = "khi nào|lúc nào|bao giờ|chừng nào|hồi nào"
_DURATION = "trong bao lâu|bao lâu|bao nhiêu lâu"
_DEFINED = "thế nào là|như thế nào là|thế nào được coi là|thế nào thì được coi là|thế nào gọi là|thế nào được gọi là"
_MANNER = "làm thế nào|như thế nào|thế nào|như nào|ra sao|làm sao|bằng cách nào|theo cách nào|làm cách nào|kiểu gì"
_REASON = r"""tại sao|vì sao|sao lại|do đâu(?! tư)|vì đâu|để làm gì|nhằm mục đích gì|vì mục đích gì // tai sao|vi sao|sao lai
    |do dau(?= \W)|de lam gi|nham muc dich gi"""
_PLACE = r"""ở đâu|tại đâu|nơi đâu|đến đâu|về đâu|từ đâu|đâu // (?:o|tai|noi) dau(?! (?:tu|thau|gia|nam|moi|vu|ki|tien|nguon))|(?:den|ve
    |tu) dau(?= \W| $|$)"""
# Ai Cập, Ai Len are countries.
_PERSON = "những ai|ai(?! (?:cập|len|lao|cay))"
_THING = "những cái gì|những gì|cái gì|là gì|gì"
_WHICH = r"""nào // (?<!viem )(?<!mau )(?<!bai )(?<!so )(?<!mang )nao|(?<=ho so )nao|(?<=theo mau )nao|(?<=bieu mau )nao
    |(?<= so )nao(?= (?:chu|co|duoc|phai|thuc|chiu|nganh|se|dang))|(?<=ti so )nao"""
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
_MANY = "những|các|những loại|các loại|những nhóm|các nhóm"
# What is set off by a comma before the clause that asks begins so.
_SETS_OFF = "theo|trong|tại|ở|căn cứ|năm|đến|đối với|khi|nếu|để|ngoài|trừ|ngoại trừ|bởi vì|do|cho đến|từ|sau|trước|với"
_YES_NO_END = r"""đúng hay sai|đúng hay không|có đúng không|đúng không|phải không|có phải không|hay không|được không|có được không|hay chưa
    |không // dung hay sai|dung hay khong|co dung khong|dung khong|phai khong|co phai khong|hay khong|duoc khong|co duoc khong|hay chua
        |khong"""
_YES_NO_START = "có|có phải|liệu|phải chăng|đã"
_FILLER = r"""(?:xin|cho|hãy|vui lòng|làm ơn|tôi|em|mình|muốn|cần|biết|hỏi|được|anh|chị|ạ|bạn|ơi|kể tên|liệt kê|nêu|nêu rõ|tìm|tra cứu
    |thông tin|về)"""
_IMPLICIT: tuple[tuple[QuestionKind, str], ...] = (
    (
        QuestionKind.WHEN,
        """ngày (?:ban hành|ký|có hiệu lực|hiệu lực|thông qua|thành lập|họp)|thời điểm|thời gian(?= (?:trình|ban hành
        |bắt đầu|tổ chức|diễn ra|khởi công|hoàn thành|họp))|hạn nộp|hạn chót""",
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
    (QuestionKind.DEFINITION, "khái niệm|định nghĩa"),
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
    before = wording.ends_at("ngày|tháng|quý|năm|thứ|mùng", first, 1)
    if before < first and (before == 0 or wording.words[before - 1] != wording.words[first - 1]) and not noun_end(wording, last) > last:
        return Asked(QuestionKind.WHEN, before, last, noun=(before, first))
    unit = unit_end(wording, last)
    if unit > last and wording.ends_at("lúc|vào lúc|từ|vào", first, 2) < first and wording.stands_at("giờ", last) == unit:
        return Asked(QuestionKind.WHEN, first, unit, noun=(last, unit))
    if unit > last:
        phrase = " ".join(wording.words[last:unit])
        kind = kind_of(phrase, UNITS, wording.marked) or QuestionKind.HOW_MUCH
        measured, of_kind = measured_before(wording, first)
        return Asked(kind, first, unit, noun=measured if of_kind is kind else (last, unit), unit=(last, unit))
    end = noun_end(wording, last)
    if end > last:
        return Asked(QuestionKind.HOW_MUCH, first, last, noun=(last, end), unit=(last, end))
    measured, of_kind = measured_before(wording, first)
    return Asked(of_kind or QuestionKind.HOW_MUCH, first, last, noun=measured)


def _time(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.WHEN, first, last)


def _duration(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.HOW_LONG, first, last, noun=measured_before(wording, first)[0])


def _defined(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.DEFINITION, first, last)


def _manner(wording: Wording, first: int, last: int) -> Asked:
    before = wording.ends_at("được hiểu|hiểu|định nghĩa|được định nghĩa|được coi là|giải thích|được giải thích", first, 4)
    if before < first:
        return Asked(QuestionKind.DEFINITION, before, last)
    head = _head(wording)
    noun, kind = measured_before(wording, first)
    if wording.stands_at("định nghĩa|khái niệm", head) > head:
        return Asked(QuestionKind.DEFINITION, first, last)
    if kind and noun[0] == head:
        return Asked(kind, first, last, noun=noun)
    return Asked(QuestionKind.HOW, first, last)


def _reason(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.WHY, first, last)


def _place(wording: Wording, first: int, last: int) -> Asked:
    if last - first == 1 and wording.stands_at("là|không|không phải|chẳng", last) > last:
        return Asked(QuestionKind.WHICH, first, last)
    return Asked(QuestionKind.WHERE, first, last)


def _person(wording: Wording, first: int, last: int) -> Asked:
    return Asked(QuestionKind.WHO, first, last, many=last - first > 1)


_DEFINES = "nghĩa là|có nghĩa là|được hiểu là|có nghĩa|là từ viết tắt của|viết tắt của|được định nghĩa là|hiểu là"
_NAMED = "đặt tên là|viết tắt là|được gọi là|gọi là|có tên là|tên là|tên gọi là|mang tên"
_RELATED = "của|trong|để|cho|khi|về|đối với|tại|theo|ở|với|khiến|mà|giữa"


def _thing(wording: Wording, first: int, last: int) -> Asked:
    """ "X là gì", "gồm những gì", "phải làm gì", "hình thức gì"."""
    if wording.words[first] not in ("là", "la"):
        return _thing_named(wording, first, last)
    if wording.ends_at(_DEFINES, last - 1, 5) < min(first, last - 2):
        return Asked(QuestionKind.DEFINITION, first + 1, last)
    if wording.ends_at(_NAMED, last - 1, 3) < first:
        return Asked(QuestionKind.WHICH, first, last)
    return _is_what(wording, first, last)


def _is_what(wording: Wording, first: int, last: int) -> Asked:
    """ "X là gì": what X means where X is a term, what stands for X where X belongs to something or is an attribute."""
    head = _head(wording)
    measured, kind = measured_before(wording, first)
    if kind and measured[0] == head:
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
    |vai trò|chức năng|đặc điểm|ví dụ|một|chủ đề|phương châm|lĩnh vực|thành phần|công thức|ngôn ngữ|nghề|nghề nghiệp|biểu tượng"""


def _asked_with(wording: Wording, first: int, last: int, head: int) -> Asked | None:
    """Where the noun at the head says by itself who, when or where ("Cơ quan chủ trì … là gì")."""
    for end in range(min(head + 4, first), head + 1, -1):
        kind = kind_of(" ".join(wording.words[head:end]), ASKED_WITH, wording.marked)
        if kind in (QuestionKind.WHO, QuestionKind.WHERE, QuestionKind.WHY, QuestionKind.WHEN):
            return Asked(kind, first, last, noun=(head, end))
    return None


def _thing_named(wording: Wording, first: int, last: int) -> Asked:
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
    noun = noun_start(wording, first)
    kind = kind_of(" ".join(wording.words[noun:first]), ASKED_WITH, wording.marked) if noun < first else None
    if kind is QuestionKind.WHICH_DOCUMENT and not _is_cited(wording, noun, first, last):
        kind = None
    if kind is QuestionKind.WHO and wording.ends_at("ở|tại", noun, 1) < noun:
        kind = QuestionKind.WHERE
    several = wording.ends_at(_MANY, noun, 2)
    if several < noun:
        return Asked(QuestionKind.LIST, several, last, noun=(noun, first), many=True)
    return Asked(kind or QuestionKind.WHICH, noun if kind else first, last, noun=(noun, first))


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
