"""The nouns beside a question word: what is counted, what is measured, what "nào" asks for; ranges of words of a `Wording`."""

from __future__ import annotations

from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.nouns import ASKED_WITH, MEASURES, UNITS, kind_of
from kgsearch.answering.wording import Wording
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
    ]
)
_SEGMENTED = 10
_GOES_ON = r"""(?:được|bị|đã|sẽ|đang|phải|có|thì|là|và|của|trong|cho|để|theo|tại|ở|từ|khi|với|về|vào|trên|đối|mới|cần|so|do|đạt|như|ở|trở
    |nếu|tham|áp|thực
    |hoàn|thuộc|không|chưa|cùng|mỗi|một|trước|sau|trở|nhất|gồm|hay|hoặc|tính|tới|đến|lên|nữa|thế|vậy|ạ)"""


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
    if place >= len(wording.words) or not wording.words[place].isalpha() or wording.stands_at(_GOES_ON, place) > place:
        return place
    if not wording.marked:
        return min(
            place
            + 1
            + (
                wording.stands_at(
                    r"""\w+ (?:pho|xa|vi|quan|an|nghiep|hop|tac|tran|thuc|phap|vien|chuc|ban|quyet|vu|sinh
            |dong|tieu|chi)""",
                    place,
                )
                > place
            ),
            len(wording.words),
        )
    rest = wording.text[wording.tokens[place].start : wording.tokens[min(place + 4, len(wording.tokens)) - 1].end]
    words = segment(rest)
    return place + words[0].text.count("_") + 1 if words else place + 1


def measured_before(wording: Wording, end: int) -> tuple[tuple[int, int], QuestionKind | None]:
    """The noun left of the word ``end`` that says what is measured, and the kind that it asks for."""
    if wording.ends_at("tăng|giảm|vượt|chiếm|bằng|tăng thêm|giảm còn|tăng lên", end, 2) < end:
        return (0, 0), None
    for start in _parts(wording, end):
        places = [(place, kind) for kind, pattern in MEASURES.items() for place in wording.find_all(pattern, start, end)]
        if places:
            return min(places, key=lambda one: (one[0][0], -one[0][1]))
    return (0, 0), None


def _parts(wording: Wording, end: int) -> list[int]:
    """Where the parts of the text before ``end`` begin that commas divide, the last first."""
    return [*(place + 1 for place in reversed(range(end)) if wording.words[place] in (",", ";", ".", ":")), 0][:8]


def noun_start(wording: Wording, end: int) -> int:
    """Where the noun begins that ends before the word ``end``: one of the list, or the last word."""
    for first in range(max(end - 5, 0), end):
        if kind_of(" ".join(wording.words[first:end]), ASKED_WITH, wording.marked) and (end - first > 1 or _is_whole(wording, first)):
            return first
    first = end
    borders = _BORDER if wording.marked else _UNMARKED_BORDER
    lead = max(end - 4, 0)
    for place in reversed(range(lead, end)):
        if wording.words[place] in borders or not wording.words[place].isalpha():
            break
        first = place
    return _last_word(wording, first, end)


def _is_whole(wording: Wording, place: int) -> bool:
    """Whether the syllable at ``place`` is a word by itself: "vụ" of "nghĩa vụ" is not."""
    if not wording.marked or not place:
        return True
    words = segment(wording.typed(max(place + 1 - _SEGMENTED, 0), place + 1))
    return not words or "_" not in words[-1].text


def _last_word(wording: Wording, first: int, end: int) -> int:
    """Where the last word begins of those from ``first``: of two syllables without marks, where segmentation cannot tell."""
    if not wording.marked or first >= end:
        return max(first, end - 2)
    # Cut anywhere, the first syllables would be taken for another word: "cận | thông tin".
    words = segment(wording.typed(max(end - _SEGMENTED, 0), end))
    return max(first, end - (words[-1].text.count("_") + 1)) if words else first
