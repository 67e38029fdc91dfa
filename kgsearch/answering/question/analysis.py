"""Read a question: its kind, what its question phrase asks for, and the words that say what it is about."""

from __future__ import annotations

from kgsearch.answering.kinds import Header, Period, Question, QuestionKind, Subject
from kgsearch.answering.question.asking import Asked, is_implicit, question_phrases
from kgsearch.answering.question.metadata import KIND_OF, asked_of_document
from kgsearch.answering.question.wording import LONGEST_READ, Wording, read_wording
from kgsearch.answering.values.periods import find_periods
from kgsearch.answering.values.places import find_subjects
from kgsearch.language import Token
from kgsearch.language.stop_phrases import without_stop_phrases
from kgsearch.models import Span

__all__ = ["Header", "Period", "Question", "QuestionKind", "Subject", "read_question"]

# Words that only address somebody or close the sentence.
_POLITE = r"""xin hỏi|cho tôi hỏi|cho hỏi|cho em hỏi|cho mình hỏi|tôi muốn hỏi|tôi muốn biết|xin cho biết|hãy cho biết|cho tôi biết
    |vui lòng cho biết
    |cho biết|anh chị cho biết|bạn cho biết|ạ|vậy ạ|kể tên|hãy kể tên|hãy nêu|nêu rõ"""
_CLOSING = "vậy|nhỉ|thế|hả|vậy nhỉ|và"
_YES_NO_WORDS = "có phải|có phải là|liệu|phải chăng"


def read_question(text: str) -> Question:
    """What ``text`` asks. A text that asks nothing is of kind OTHER, all its words content; a very long one is read at its beginning."""
    wording = read_wording(text)
    phrases = question_phrases(wording)
    if not phrases:
        return Question(text, QuestionKind.OTHER, words=_content(wording, []), periods=_periods(text), subjects=_subjects(text))
    asked, *others = phrases
    header = asked_of_document(wording, asked)
    return Question(
        text=text,
        kind=KIND_OF[header[0]] if header else asked.kind,
        header=header[0] if header else None,
        noun=wording.typed(*asked.noun),
        unit=wording.typed(*asked.unit),
        asked=None if is_implicit(wording, asked) else Span(*wording.span(asked.first, asked.last)),
        words=_content(wording, phrases),
        periods=_periods(text),
        subjects=_subjects(text),
        implicit=is_implicit(wording, asked),
        many=asked.many,
        others=tuple(wording.typed(other.first, other.last) for other in others),
    )


def _periods(text: str) -> tuple[Period, ...]:
    return tuple(find_periods(text[:LONGEST_READ]))


def _subjects(text: str) -> tuple[Subject, ...]:
    return tuple(find_subjects(text[:LONGEST_READ]))


def _content(wording: Wording, phrases: list[Asked]) -> tuple[Token, ...]:
    """The words that say what the question is about: without its question phrases, stop phrases and forms of address."""
    left_out = {place for phrase in phrases for place in range(phrase.first, phrase.last)}
    left_out |= {place for place in range(len(wording.words)) if not wording.words[place][0].isalnum()}
    for first, last in wording.find_all(_POLITE):
        left_out |= set(range(first, last))
    left_out |= _particles(wording, phrases)
    kept = [place for place in range(len(wording.words)) if place not in left_out]
    stays = without_stop_phrases([wording.tokens[place].text for place in kept])
    return tuple(wording.tokens[place] for place, stay in zip(kept, stays, strict=True) if stay)


def _particles(wording: Wording, phrases: list[Asked]) -> set[int]:
    """Small words that belong to the question's form: the "có" of "có … không", a closing "vậy"."""
    found: set[int] = set()
    end = len(wording.words)
    while end and not wording.words[end - 1].isalnum():
        end -= 1
    found |= set(range(wording.ends_at(_CLOSING, end, 2), end))
    if phrases and phrases[0].kind is QuestionKind.YES_NO:
        for first, last in wording.find_all(_YES_NO_WORDS):
            found |= set(range(first, last))
    if phrases and phrases[0].kind is QuestionKind.YES_NO:
        only = wording.find("có", 0, phrases[0].first)
        found |= set(range(*only)) if only else set()
    return found
