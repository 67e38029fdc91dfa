"""The nouns beside a question word: what is counted, what is measured, what "nào" asks for; ranges of words of a `Wording`."""

from __future__ import annotations

from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.question.nouns import ASKED_WITH, CLASSES, COUNTED, MEASURES, UNITS, any_of, kind_of, lookup
from kgsearch.answering.question.wording import Wording
from kgsearch.language import segment

# A noun that is asked with goes no further left than these.
_BORDER = frozenset(
    [
        "là",
        "của",
        "do",
        "bởi",
        "vào",
        "trong",
        "theo",
        "tại",
        "ở",
        "từ",
        "đến",
        "với",
        "và",
        "hoặc",
        "cho",
        "về",
        "được",
        "bị",
        "có",
        "thuộc",
        "bằng",
        "ngoài",
        "khi",
        "để",
        "giữa",
        "trước",
        "sau",
        "những",
        "các",
        "một",
        "thì",
        "mà",
        "cần",
        "phải",
        "này",
        "đó",
        "nhằm",
        "qua",
        "trên",
        "dưới",
        "gồm",
        "mắc",
    ]
)
_UNMARKED_BORDER = frozenset(
    [
        "la",
        "cua",
        "do",
        "boi",
        "vao",
        "trong",
        "theo",
        "tai",
        "tu",
        "den",
        "voi",
        "hoac",
        "cho",
        "ve",
        "duoc",
        "bi",
        "co",
        "thuoc",
        "bang",
        "ngoai",
        "khi",
        "de",
        "nhung",
        "cac",
        "thi",
        "ma",
        "can",
        "phai",
        "nham",
        "qua",
        "gom",
        "mac",
    ]
)
_SEGMENTED = 10
# What is counted in is no noun of letters alone.
_SIGNS_OF_UNITS = r"(?:k|d|c|m)?m[23²³]|k?wh|%"
_GOES_ON = r"""(?:được|bị|đã|sẽ|đang|phải|có|thì|là|và|của|trong|cho|để|theo|tại|ở|từ|khi|với|về|vào|trên|đối|mới|cần|so|do|đạt|như|ở|trở
    |nếu|tham|áp|thực
    |hoàn|thuộc|không|chưa|cùng|mỗi|một|trước|sau|trở|nhất|gồm|hay|hoặc|tính|tới|đến|lên|nữa|thế|vậy|ạ)"""

_EACH = "(?:hàng|hằng|từng|một|mỗi) (?:năm|tháng|quý|tuần|ngày|lần)"
_COUNTED = any_of(COUNTED)
# Of words without marks these are a second syllable.
_TWO_SYLLABLES = r"\w+ (?:pho|xa|vi|quan|an|nghiep|hop|tac|tran|thuc|phap|vien|chuc|ban|quyet|vu|sinh|dong|tieu|chi)"
_CLASSES = any_of(CLASSES)
# Between "những" and "nào" these say that "những" belongs to something before.
_BREAKS_OFF = r"""là|được|bị|phải|thì|mà|trong|theo|tại|cho|với|thuộc|nhằm|sẽ|đã|đang|vào|ở|từ|đến|của|khi|về|để|bởi|có|gồm|năm|ngày
    |tháng // la|duoc|bi|phai|thi|ma|trong|theo|cho|voi|thuoc|nham|se|da|dang|vao|o|den|cua|khi|boi|co(?! (?:quan|so))|gom|nam|ngay|thang"""
_LONGEST_CLASSED = 6
"""Syllables of "nào"'s noun with what narrows it down."""


def unit_end(wording: Wording, place: int) -> int:
    """Where the unit ends that stands at ``place``, the longest first."""
    for last in range(min(place + 3, len(wording.words)), place, -1):
        if kind_of(" ".join(wording.words[place:last]), UNITS, wording.marked):
            return last
    return place


def noun_end(wording: Wording, place: int) -> int:
    """Where the noun ends that is counted at ``place``: a word, and those joined to it by commas or "và" ("huyện, thành phố")."""
    end = word_end(wording, place)
    while end > place and (more := wording.stands_at(r"(?:,|và|hoặc|/)", end)) > end:
        further = word_end(wording, more)
        if further == more:
            break
        end = further
    return end


def word_end(wording: Wording, place: int) -> int:
    """Where the word ends that begins at ``place``; ``place`` where none does that can be counted."""
    if place >= len(wording.words):
        return place
    known = max(wording.stands_at(_SIGNS_OF_UNITS, place), wording.stands_at(_COUNTED, place))
    if known > place:
        return known
    if not wording.words[place].isalpha() or wording.stands_at(_GOES_ON, place) > place or wording.stands_at(_EACH, place) > place:
        return place
    if not wording.marked:
        return min(max(place + 1, wording.stands_at(_TWO_SYLLABLES, place)), len(wording.words))
    rest = wording.text[wording.tokens[place].start : wording.tokens[min(place + 4, len(wording.tokens)) - 1].end]
    words = segment(rest)
    return place + words[0].text.count("_") + 1 if words else place + 1


def measured_before(wording: Wording, end: int) -> tuple[tuple[int, int], QuestionKind | None]:
    """The noun left of the word ``end`` that says what is measured, and the kind that it asks for."""
    if wording.ends_at("tăng|giảm|vượt|chiếm|bằng|tăng thêm|giảm còn|tăng lên", end, 2) < end:
        return (0, 0), None
    for start in _parts(wording, end):
        places = [(place, kind) for kind, pattern in MEASURES.items() for place in wording.find_all(pattern, start, end)]
        beside = [one for one in places if one[0][1] >= end - (wording.words[end - 1] in ("là", "la"))]
        if places:
            return min(beside or places, key=lambda one: (one[0][0], -one[0][1]))
    return (0, 0), None


def _parts(wording: Wording, end: int) -> list[int]:
    """Where the parts of the text before ``end`` begin that commas divide, the last first."""
    return [*(place + 1 for place in reversed(range(end)) if wording.words[place] in (",", ";", ".", ":")), 0][:8]


def noun_start(wording: Wording, end: int) -> int:
    """Where the noun begins that ends before the word ``end``: one of the list, or the last word."""
    first = _after_border(wording, end)
    known = lookup(COUNTED, wording.marked)
    whole = next((place for place in range(first, end) if " ".join(wording.words[place:end]) in known), None)
    classed = next((span for span in wording.find_all(_CLASSES, first, end) if _is_whole(wording, span[0])), None)
    if classed and (whole is None or classed[1] == whole):
        return classed[0]
    if whole is not None:
        return whole
    for place in range(max(end - 5, 0), end):
        phrase = " ".join(wording.words[place:end])
        if kind_of(phrase, ASKED_WITH, wording.marked) and (end - place > 1 or _is_whole(wording, place)):
            return place
    return _last_word(wording, first, end)


def _after_border(wording: Wording, end: int) -> int:
    """The first of at most four words before ``end`` between which and ``end`` no small word stands."""
    first = end
    borders = _BORDER if wording.marked else _UNMARKED_BORDER
    for place in reversed(range(max(end - 4, 0), end)):
        if wording.words[place] in borders or not wording.words[place].isalpha():
            break
        first = place
    return first


def head_noun(wording: Wording, first: int, last: int) -> tuple[int, int]:
    """The noun that a noun phrase begins with, the others narrow it down: "trường" of "trường cấp ba"."""
    ends = [end for end in range(first + 1, last + 1) if kind_of(" ".join(wording.words[first:end]), ASKED_WITH, wording.marked)]
    known = max([*ends, wording.stands_at(_CLASSES, first), wording.stands_at(_COUNTED, first)])
    return first, min(known if known > first else max(word_end(wording, first), first + 1), last)


def asked_noun(wording: Wording, end: int) -> tuple[int, int]:
    """The noun left of the word ``end`` where no "những" stands before it; empty where there is none."""
    first = noun_start(wording, end)
    classed = wording.stands_at(_CLASSES, first) if first < end else end
    return first, classed if first < classed < end else end


def plural_before(wording: Wording, end: int) -> tuple[int, int] | None:
    """The "những" or "các" of a noun phrase that ends before the word ``end``, as a range of words."""
    found = list(wording.find_all("những|các", max(end - _LONGEST_CLASSED - 2, 0), end - 1)) if end > 1 else []
    if not found or wording.find(_BREAKS_OFF, found[-1][1], end) or not all(word.isalpha() for word in wording.words[found[-1][1] : end]):
        return None
    first, last = found[-1]
    kinds_of = wording.stands_at("loại|nhóm", last)
    return first, kinds_of if kinds_of < end else last


def _is_whole(wording: Wording, place: int) -> bool:
    """Whether the syllable at ``place`` is a word by itself: "vụ" of "nghĩa vụ" is not."""
    if not wording.marked or not place or wording.text[wording.tokens[place - 1].start].isupper() > _is_upper(wording, place):
        return True
    words = segment(wording.typed(max(place + 1 - _SEGMENTED, 0), place + 1))
    return not words or "_" not in words[-1].text


def _is_upper(wording: Wording, place: int) -> bool:
    return wording.text[wording.tokens[place].start].isupper()


def _last_word(wording: Wording, first: int, end: int) -> int:
    """Where the last word begins of those from ``first``: of two syllables without marks, where segmentation cannot tell."""
    if not wording.marked or first >= end:
        return max(first, end - 2)
    # Cut anywhere, the first syllables would be taken for another word: "cận | thông tin".
    words = segment(wording.typed(max(end - _SEGMENTED, 0), end))
    return max(first, end - (words[-1].text.count("_") + 1)) if words else first
