"""What a question may ask for, and the records that reading it gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kgsearch.language import Token, syllable_key
from kgsearch.models import Span

SAME, OPEN, OTHER = 1.0, 0.5, 0.0
"""How a text agrees with the period, the subject or the range that a question is limited to: it names that one; none, or one that may hold
it; others only."""


class QuestionKind(StrEnum):
    """What kind of thing answers a question."""

    HOW_MUCH = "how-much"
    """A number with its unit, whatever unit it is."""
    MONEY = "money"
    PERCENT = "percent"
    WHEN = "when"
    HOW_LONG = "how-long"
    WHO = "who"
    """A person, an office or an agency."""
    WHICH_DOCUMENT = "which-document"
    WHERE = "where"
    LIST = "list"
    YES_NO = "yes-no"
    DEFINITION = "definition"
    HOW = "how"
    WHY = "why"
    WHICH = "which"
    """What a noun stands for that the question asks with: "hình thức nào"."""
    OTHER = "other"
    """No question: plain words."""


class Header(StrEnum):
    """What a question asks of a document's metadata."""

    SIGNER = "signer"
    SIGNER_TITLE = "signer-title"
    ISSUED = "issued"
    ISSUER = "issuer"
    EFFECTIVE = "effective"
    EXPIRES = "expires"
    NUMBER = "number"
    TYPE = "type"
    TITLE = "title"
    BASES = "bases"
    RECIPIENTS = "recipients"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a text names: ``text`` at ``[start, end)``, from ``first`` to ``last`` day, both inclusive.

    ``key`` compares periods written differently ("2021", "2021-Q3", "2021/2025", "Q3" where the text names no year; then ``first`` and
    ``last`` are None).
    """

    text: str
    start: int
    end: int
    key: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is limited to ("tỉnh Kiên Giang"): ``text`` at ``[start, end)``; ``key`` its syllables' keys.

    ``province`` are the keys of a province's usual name, () of anything else.
    """

    text: str
    start: int
    end: int
    key: tuple[str, ...]
    province: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    ``asked`` is the place of the question phrase in ``text`` (None where there is none). ``noun`` is what the phrase asks for
    ("huyện, thành phố", "đơn vị", "lệ phí"), ``unit`` the unit that a number must have ("phần trăm", "tỷ đồng"), both as typed or "".
    ``words`` are the content words in order with their places; ``left`` and ``right`` are their keys left and right of the question
    phrase, nearest first. ``implicit``: a noun alone asks ("mức phạt vượt đèn đỏ"). ``many``: several things are asked for.
    ``others`` are further question phrases in the same text, which are not answered; ``removed`` what `without` left out.
    """

    text: str
    kind: QuestionKind
    header: Header | None = None
    noun: str = ""
    unit: str = ""
    asked: Span | None = None
    words: tuple[Token, ...] = ()
    periods: tuple[Period, ...] = ()
    subjects: tuple[Subject, ...] = ()
    implicit: bool = False
    many: bool = False
    others: tuple[str, ...] = ()
    removed: tuple[Span, ...] = ()

    @property
    def content(self) -> tuple[str, ...]:
        """The keys (`kgsearch.language.syllable_key`) of the content words, in order."""
        return tuple(syllable_key(word.text) for word in self.words)

    @property
    def left(self) -> tuple[str, ...]:
        """The keys of the content words left of the question phrase, the nearest first; all of them where there is no phrase."""
        border = self.asked.start if self.asked else len(self.text)
        return tuple(syllable_key(word.text) for word in reversed(self.words) if word.end <= border)

    @property
    def right(self) -> tuple[str, ...]:
        """The keys of the content words right of the question phrase, the nearest first."""
        border = self.asked.end if self.asked else len(self.text)
        return tuple(syllable_key(word.text) for word in self.words if word.start >= border)

    @property
    def search_text(self) -> str:
        """The content words as typed, for the search; what stands between two of them stays where no word was left out between them."""
        parts: list[str] = []
        end = 0
        for word in self.words:
            between = self.text[end : word.start] if parts else ""
            parts += [between if not any(map(str.isalnum, between)) else " ", word.text]
            end = word.end
        return "".join(parts)

    def without(self, spans: Iterable[Span]) -> Question:
        """The question without the words that ``spans`` of its text touch: those that name the document that it asks about."""
        taken = sorted((span.start, span.end) for span in spans)
        kept = tuple(word for word in self.words if not any(start < word.end and word.start < end for start, end in taken))
        return replace(self, words=kept, removed=(*self.removed, *(Span(start, end) for start, end in taken)))

    @property
    def query_text(self) -> str:
        """The question as typed but for what was `removed`: the search finds more with its question phrase than without."""
        text = self.text
        for span in sorted(self.removed, key=lambda span: -span.start):
            text = f"{text[: span.start]} {text[span.end :]}"
        return " ".join(text.split())


Normal = tuple[str | Decimal | date | None, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """What was recognised in ``text[start:end]``, and can answer a question.

    ``kind`` is the most exact kind that it answers (a percentage found for HOW_MUCH is of kind PERCENT). ``normal`` compares equal for
    the same value written differently: ``(unit, lower bound, upper bound)`` for numbers, money, per cent and durations (a bound is None
    where it is open, both are the same for one number), ``(key, first day, last day)`` for dates and periods, the keys of its syllables
    for a name, the number or name for a document.
    """

    start: int
    end: int
    text: str
    kind: QuestionKind
    normal: Normal
