"""Opposite words: what is said of the inside of something, of a first grant or of a person does not answer for its opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgsearch.answering.kinds import Question
from kgsearch.answering.reading.fitting import FIGURES
from kgsearch.language import normalise

# Sides of the same thing: opposite only where the words after them are the same.
_OF_SOMETHING = (("trong", "ngoài"), ("trên", "dưới"), ("trước", "sau"))
# Sides that are opposite wherever they stand; each may hold several spellings.
_ANYWHERE = (
    (r"đô thị(?! văn minh| thông minh)", r"nông thôn(?! mới)"),
    (r"cấp mới|cấp lần đầu|lần đầu", r"cấp lại|cấp đổi"),
    (r"chuyên trách", r"không chuyên trách"),
    (r"công lập", r"ngoài công lập|tư thục|dân lập"),
    (r"bắt buộc", r"tự nguyện"),
    # "Tổ chức" is a verb too.
    (r"cá nhân", r"(?:đối với|của|cho|mỗi|là) (?:các )?tổ chức"),
)
# Of a figure, in the unit itself only: what stands over it may speak of both.
_MOVING = (r"tăng(?! cường)", r"giảm(?! nghèo| thiểu)")
# Rates differ by it; agencies do not.
_PLACED = (r"(?<!thị )(?<!cấp )(?<!tác )xã(?! hội)", r"phường")
_PLURAL = "(?:các |những )?"
_WORDS = re.compile(r"\w+")
# What is excepted is not what the text speaks of.
_EXCEPTION = re.compile(r"(?<!\w)(?:ngoại trừ|loại trừ|trừ|không bao gồm|không gồm)(?!\w)[^.;:]*", re.IGNORECASE)
_LONGEST = 2000
_MOST_SIDES = 8
"""Sides of something that are told of one question."""


def says_opposite(question: Question, texts: Sequence[str]) -> bool:
    """Whether the first of ``texts`` (the unit, then what it stands under, the nearest first) that names a side which the question
    names, or its opposite, names the opposite only."""
    asked = _marked(question.text)
    sides = _sides_of(asked)
    if question.kind in FIGURES:
        if any(_is_opposite(side, opposite, texts[:1]) for side, opposite in _named_of(_MOVING, asked)):
            return True
        sides = (*sides, *_named_of(_PLACED, asked))
    return any(_is_opposite(side, opposite, texts) for side, opposite in sides)


def _is_opposite(side: str, opposite: str, texts: Sequence[str]) -> bool:
    for text in texts:
        line = _marked(_EXCEPTION.sub(" ", text[:_LONGEST]))
        if _has(side, opposite, line):
            return False
        if _has(opposite, side, line):
            return True
    return False


def _has(side: str, opposite: str, line: str) -> bool:
    """Whether a line names a side; where the opposite holds its words ("không chuyên trách") that one is none."""
    inside = re.search(rf"(?<!\w)(?:{side})(?!\w)", opposite) is not None
    line = re.sub(rf"(?<!\w)(?:{opposite})(?!\w)", " ", line) if inside else line
    return re.search(rf"(?<!\w)(?:{side})(?!\w)", line) is not None


@lru_cache(maxsize=64)
def _sides_of(asked: str) -> tuple[tuple[str, str], ...]:
    """The sides that a question names, each with its opposite, as patterns; none where it names both."""
    found = [side for pair in _ANYWHERE for side in _named_of(pair, asked)]
    for one, other in _OF_SOMETHING:
        for side, opposite in ((one, other), (other, one)):
            for match in re.finditer(rf"(?<!\w){side} {_PLURAL}(\w+ \w+)(?!\w)", asked):
                found.append((rf"{side} {_PLURAL}{match[1]}", rf"{opposite} {_PLURAL}{match[1]}"))
    return tuple(found[:_MOST_SIDES])


def _named_of(pair: tuple[str, str], asked: str) -> list[tuple[str, str]]:
    """The side of a pair that alone is named, with its opposite."""
    named = [(side, opposite) for side, opposite in (pair, pair[::-1]) if _has(side, opposite, asked)]
    return named if len(named) == 1 else []


@lru_cache(maxsize=4096)
def _marked(text: str) -> str:
    return " ".join(_WORDS.findall(normalise(text)))
