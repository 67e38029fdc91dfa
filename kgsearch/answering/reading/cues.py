"""The form that an answer has whatever it says: a reason "vì", a permission "không được", a manner "bằng", a term "X là"."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.question.terms import defined, term_of
from kgsearch.answering.reading.coverage import Sought, Words
from kgsearch.language import fold

WITHIN = 90
"""Characters after a word of permission or of reason in which what it governs stands."""

MODAL = 0.3
"""Of a permission's cue what a word of permission alone is worth; the rest is for the action that is asked about."""

WEAKLY = 0.4
"""What a form is worth that may be another's: "do" also names who does it, "để" also leads to any verb."""

IS = re.compile(r"(?<!\w)(?:là|gồm|bao gồm|được hiểu là|gọi là)(?!\w)", re.IGNORECASE)
"""What stands between a term and what it means."""

_WHAT_IS = re.compile(r"(?<!\w)l(?:à|a) g(?:ì|i)\W*$", re.IGNORECASE)
# "do Sở Y tế cấp" names who does it.
_BECAUSE = re.compile(
    r"(?<!\w)(?:vì(?! vậy| thế)"
    r"|do(?! (?:cơ quan|đơn vị|cấp|tổ chức|người|ủy ban|chính phủ|nhà nước|ngân sách|sở|bộ)(?!\w))(?!\s+(?-i:[A-ZĐ]))"
    r"|bởi|nguyên nhân|lý do|lí do|xuất phát từ|nhằm|trước tình hình|căn cứ (?:vào )?tình hình"
    r"|để (?:tạo|bảo đảm|đảm bảo|nâng cao|phục vụ|tăng|giảm|tránh|phòng|hạn chế|khắc phục|thuận))(?!\w)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"(?<!\w)(?:nhằm|mục đích|(?<!cơ sở )để(?! (?:lại|xảy ra|ở|tình trạng|đề nghị))|phục vụ"
    r"|(?:đảm bảo|bảo đảm) (?:đạt|cho)|tạo (?:điều kiện|tâm lý))(?!\w)",
    re.IGNORECASE,
)
_PERHAPS_BECAUSE = re.compile(r"(?<!\w)(?:do|để(?! (?:tình trạng|xảy ra))|kéo dài|chưa|chậm|hạn chế|yêu cầu)(?!\w)", re.IGNORECASE)
_ASKS_PURPOSE = re.compile(r"(?<!\w)(?:de lam gi|nham lam gi|muc dich)(?!\w)")
_MAY = re.compile(
    r"(?<!\w)(?:không (?:được|phải|cần|bắt buộc|áp dụng|cho phép|thuộc)|nghiêm cấm|cấm|được phép|được|phải|bắt buộc|có quyền|không|miễn"
    r"|có trách nhiệm|trừ)(?!\w)",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"(?<!\w)(?:co (?:duoc|phai|can|bat buoc|bi|the|quyen)|co(?! (?:quan|so|ban|hoi|cau)(?!\w))|duoc|phai|can|bat buoc)(?!\w)"
)
_MANNER = re.compile(
    r"(?<!\w)(?:bằng(?! (?:khen|cấp|chứng))|thông qua|theo (?:phương thức|hình thức|trình tự|nguyên tắc|công thức)"
    r"|hình thức|phương thức|cách (?:tính|thức|làm)|bỏ phiếu|biểu quyết|qua (?:đường|mạng|bưu điện)"
    r"|như sau|xem như|coi như|được tính|được xác định|(?:tính )?theo thang|tính theo|căn cứ)(?!\w)|\s[x×=+]\s",
    re.IGNORECASE,
)


def is_definition(question: Question) -> bool:
    """Whether a term or its description is asked for: whatever noun the term begins with ("Nghĩa vụ liên đới là gì")."""
    return question.kind is QuestionKind.DEFINITION or (not question.right and bool(_WHAT_IS.search(question.text)))


def form_places(question: Question, text: str) -> list[tuple[int, int]]:
    """Where the words stand in ``text`` that give it the form of a reason or a manner, where one is asked for; else none."""
    if question.kind is QuestionKind.WHY:
        return [match.span() for match in _strong(question).finditer(text)] or [match.span() for match in _PERHAPS_BECAUSE.finditer(text)]
    if question.kind is not QuestionKind.HOW:
        return []
    asked = question.text.lower()
    return [match.span() for match in _MANNER.finditer(text) if match[0].lower() not in asked]


def form_of(question: Question, sought: Sought, text: str, words: Words) -> float:
    """How much ``text`` (``words`` are its) has the form of an answer to ``question``, from 0 to 1; 0 for kinds without a form."""
    if question.kind is QuestionKind.YES_NO:
        return _permission(question, sought, text, words)
    if question.kind is QuestionKind.WHY:
        return _reason(question, text)
    if question.kind is QuestionKind.HOW:
        return float(_MANNER.search(text) is not None)
    return _definition(question, sought, text, words) if is_definition(question) else 0.0


def _reason(question: Question, text: str) -> float:
    return 1.0 if _strong(question).search(text) else WEAKLY if _PERHAPS_BECAUSE.search(text) else 0.0


def _strong(question: Question) -> re.Pattern[str]:
    return _PURPOSE if _ASKS_PURPOSE.search(fold(question.text)) else _BECAUSE


def _permission(question: Question, sought: Sought, text: str, words: Words) -> float:
    """Whether a word of permission governs the very action that is asked about."""
    action = _action(question)
    whole = sought.share(action)
    governed = [sought.share(words.between(match.end(), match.end() + WITHIN) & action) for match in _MAY.finditer(text)]
    if not governed:
        return 0.0
    return MODAL + (1 - MODAL) * (max(governed) / whole if whole else 0.0)


def _action(question: Question) -> frozenset[str]:
    """The keys of what follows "có được", "có phải"; of all words where nothing does."""
    asked = _ASKS_WHETHER.search(fold(question.text))
    after = [key for key, word in zip(question.content, question.words, strict=True) if asked and word.start >= asked.end()]
    return frozenset(after or question.content)


def _definition(question: Question, sought: Sought, text: str, words: Words) -> float:
    match = IS.search(text)
    if match is None:
        return 0.0
    before, after = words.between(0, match.start()), words.between(match.end(), len(text))
    if question.kind is not QuestionKind.DEFINITION:
        return max(sought.share(before), sought.share(after))
    term = term_of(question)
    said = defined(term, text) if term else 0.0
    return said or (0.5 * sought.share(after) if match[0].endswith("gọi là") else 0.0)
