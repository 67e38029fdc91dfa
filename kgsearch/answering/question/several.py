"""Whether a question asks for several things at once, which documents list: to whom something applies, what a file consists of."""

from __future__ import annotations

import re

from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.language import fold, syllable_keys

# On keys.
_WHOSE = r"(?:ai|nguoi nao|doi tuong nao|ho nao|to chuc nao|ca nhan nao)"
_WHOM = re.compile(
    rf" {_WHOSE}(?: (?:moi|se|cung))? (?:duoc|phai|bi|khong|thuoc)(?: (?:khong|phai|bi))? "
    rf"| (?P<action>mien|giam|ap dung|ho tro|uu tien)(?: \w+){{0,12}} (?:cho|doi voi)(?: nhung| cac)? {_WHOSE} "
)
_MODAL = frozenset(["duoc", "phai", "bi", "khong", "thuoc", "moi", "se", "cung", "doi", "tuong"])
_LISTED = re.compile(
    r" (?:trach nhiem|quyen han|nhiem vu|dieu kien|ho so|giay to|thanh phan|nguyen tac|tieu chuan|truong hop|doi tuong|chuc danh|hinh thuc"
    r"|noi dung|khoan|loai)(?: \w+){0,8} (?:gi|nao|nhung ai|ra sao) | gom (?:co )?(?:nhung |cac )?(?:ai|gi|\w+ (?:\w+ )?nao) | liet ke "
)

# On folded text.
_NAMES_SEVERAL = re.compile(
    r"(?:cac|nhung|doi tuong|truong hop|danh muc|dieu kien|ho so|giay to|thanh phan|trach nhiem|nhiem vu|quyen|nguyen tac|tieu chuan"
    r"|chuc danh|hinh thuc|noi dung|mien|giam)(?!\w)"
)


def names_several(heading: str) -> bool:
    """Whether a heading says that what stands under it are things of one kind ("Những trường hợp …"), and not only its topic."""
    return _NAMES_SEVERAL.match(fold(heading)) is not None


def asks_whom(question: Question) -> bool:
    """Whether it is asked to whom something applies ("ai được miễn …")."""
    return question.header is None and _WHOM.search(_line(question)) is not None


def whom_action(question: Question) -> str:
    """The key of the first word of what applies to those who are asked for: "mien" of "ai được miễn lệ phí"; "" where it is not told."""
    match = _WHOM.search(_line(question))
    if match is not None and match["action"]:
        return match["action"].split()[0]
    return next((key for key in question.right if key not in _MODAL), "")


def asks_several(question: Question) -> bool:
    """Whether a list answers: several things are asked for, or what documents list."""
    if question.many or question.kind is QuestionKind.LIST or asks_whom(question):
        return True
    open_kind = question.kind in (QuestionKind.WHICH, QuestionKind.DEFINITION, QuestionKind.HOW, QuestionKind.OTHER)
    return open_kind and _LISTED.search(_line(question)) is not None


def _line(question: Question) -> str:
    return f" {' '.join(syllable_keys(question.text))} "
