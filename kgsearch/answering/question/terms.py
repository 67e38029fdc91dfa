"""The term that a question asks the meaning of, and whether a text is what says it: "X là …", "X (sau đây gọi là Y) …", "… gọi là X"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kgsearch.answering.kinds import Question
from kgsearch.language import Token, fold_syllable, has_marks, normalise_syllable, syllable_key, syllable_keys, tokenise

LONGEST = 24
"""Syllables of a term at most, with what stands in brackets after it."""

EXACT, OF_SAME_HEAD, SHORTENED = 1.0, 0.9, 0.6
"""How surely a text defines a term: in its own words, without what limits it ("của thửa đất"), without a word in its middle."""


Word = tuple[str, str]
"""A syllable as it is spelt, normalised, and its key."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases by their syllables, with marks and as they stand in a text without."""

    marked: tuple[tuple[str, ...], ...]
    unmarked: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, *phrases: str, need_marks: Sequence[str] = ()) -> _Phrases:
        """``need_marks`` would be other words without."""
        spelt = [tuple(map(normalise_syllable, phrase.split())) for phrase in sorted(phrases, key=lambda one: -len(one.split()))]
        needing = [tuple(map(normalise_syllable, phrase.split())) for phrase in need_marks]
        return cls(tuple([*spelt, *needing]), tuple(tuple(map(fold_syllable, phrase)) for phrase in spelt))

    def length_at(self, words: Sequence[Word], place: int, marked: bool) -> int:
        """How many syllables the phrase has that stands at ``place``; 0 where none does."""
        spelt = tuple(word for word, _key in words[place : place + 4])
        return next((len(one) for one in (self.marked if marked else self.unmarked) if spelt[: len(one)] == one), 0)


# What limits a term to somewhere ends it.
_TAIL = _Phrases.of(
    *("trong", "theo", "của", "thuộc", "đối với", "quy định", "sau đây", "nêu", "được quy định", "được sử dụng", "giữa", "tiếng anh"),
    need_marks=("tại", "ở", "do", "khi"),
)
_ANNOUNCES = _Phrases.of(
    *("giải thích", "định nghĩa", "gọi", "khái niệm", "thuật ngữ", "cụm từ", "từ ngữ", "chữ viết tắt", "ý nghĩa của", "định nghĩa về"),
    need_marks=("thì", "coi"),
)
_ENDS = _Phrases.of(
    *("là", "được hiểu là", "được hiểu", "hiểu là", "có nghĩa là", "nghĩa là", "gồm", "bao gồm", "được định nghĩa", "được xác định là")
)
_MEANS = _Phrases.of("nghĩa", "có nghĩa", "có nghĩa là", "nghĩa là", "là", "được hiểu", "hiểu", "được hiểu là", "được quy định", "được gọi")
_LEADS_TO_RIGHT = re.compile(r"(?:là|la|về|ve|coi là|coi la)\W*$", re.IGNORECASE)
_AT = re.compile(r"(?:ở|tại|o|tai)?\s*(?:tỉnh|thành phố|tinh|thanh pho|huyện|huyen)?\s*$", re.IGNORECASE)
_PLACED = 16
"""Characters at most before a place that a question begins with."""
_BREAK = re.compile(r"[,;:]")
_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,60}\]")
_SHORT = re.compile(r"(?<![\w-])[A-ZĐ][A-ZĐ0-9]{1,9}(?![\w-])")
_ALSO_CALLED = re.compile(r"(?<!\w)(?:gọi (?:tắt |chung )?là|viết tắt là)[:\s]*", re.IGNORECASE)
# "Bên giao theo quy định của Thông tư này là" limits the term to the document that defines it.
_RULES = frozenset(normalise_syllable(word) for word in ("này", "luật", "quy"))
_SEVERAL = re.compile(r",|/|(?<!\w)(?:hoặc|và|hay)(?!\w)", re.IGNORECASE)
_MOST_AT_ONCE = 3
_NUMBERS = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[a-zđ]\))\W+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A term by the keys of its syllables: ``whole`` as it was typed, ``core`` without what limits it; ``short`` where it is an
    abbreviation."""

    whole: tuple[str, ...]
    core: tuple[str, ...]
    short: str = ""


def term_of(question: Question) -> Term | None:
    """The term that a question of kind DEFINITION, or one that ends in "là gì", asks for; None where it names none."""
    words = _side(question)
    if not words:
        return None
    text = question.text[words[0].start : words[-1].end]
    before = not question.asked or words[-1].end <= question.asked.start
    typed = _BREAK.split(text)[-1 if before else 0]
    marked = has_marks(question.text)
    spelt = _meant(_announced(_words(typed), marked), marked)
    if not spelt:
        return None
    whole, core = _keys(spelt), _keys(_without_tail(spelt, marked))
    short = _SHORT.findall(typed) if not typed.isupper() or len(spelt) == 1 else []
    return Term(whole, core, short[-1].casefold() if short and syllable_key(short[-1]) == core[-1] else "")


def defined(term: Term, text: str) -> float:
    """How surely ``text`` begins with a definition of ``term``, from 0 (it defines nothing, or something else) to 1."""
    begin = _NUMBERS.sub("", text[: 60 + 16 * LONGEST])
    plain = _BRACKETS.sub(" ", begin)
    named = _subject(_words(plain))
    if not named:
        return 0.0
    if term.short and (named[-1][1] == term.short or _is_short_for(term.short, begin)):
        return EXACT
    return max(_same(term, named), _one_of(term, plain), _also_called(term, text))


def _words(text: str) -> tuple[Word, ...]:
    return tuple((normalise_syllable(token.text), syllable_key(token.text)) for token in tokenise(text))


def _keys(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(key for _word, key in words)


def _side(question: Question) -> tuple[Token, ...]:
    """The words of the term: right of a phrase that leads to it ("thế nào là"), else left of it."""
    if question.asked is None:
        return question.words
    left = tuple(word for word in question.words if word.end <= question.asked.start and word.start >= _after_place(question))
    right = tuple(word for word in question.words if word.start >= question.asked.end)
    asked = question.text[question.asked.start : question.asked.end]
    return right if right and (not left or (_LEADS_TO_RIGHT.search(asked) and len(asked.split()) > 1)) else left


def _after_place(question: Question) -> int:
    """Where a question goes on after a place that it begins with ("Ở Sơn La …")."""
    first = next((subject for subject in question.subjects if subject.start <= _PLACED), None)
    return first.end if first and _AT.match(question.text[: first.start]) else 0


def _announced(words: tuple[Word, ...], marked: bool) -> tuple[Word, ...]:
    """The words after what announces a term: "giải thích (từ ngữ)", "tỉnh gọi"."""
    for place in reversed(range(len(words))):
        length = _ANNOUNCES.length_at(words, place, marked)
        if length and place + length < len(words):
            return words[place + length :]
    return words


def _meant(words: tuple[Word, ...], marked: bool) -> tuple[Word, ...]:
    """The words before the "(có) nghĩa" or "được hiểu" of a question."""
    for place in range(max(1, len(words) - 4), len(words)):
        if place + _MEANS.length_at(words, place, marked) == len(words):
            return words[:place]
    return words


def _without_tail(words: tuple[Word, ...], marked: bool) -> tuple[Word, ...]:
    """The words before the first small one that limits a term, where at least two stand before it."""
    ends = (place for place in range(min(2, len(words)), len(words)) if _TAIL.length_at(words, place, marked))
    return words[: next(ends, len(words))]


def _subject(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """What stands before the first "là" of a text; empty where there is none, or too far on."""
    ends = (place for place in range(1, min(len(words), LONGEST)) if _ENDS.length_at(words, place, True))
    return _announced(words[: next(ends, 0)], True)


def _same(term: Term, named: tuple[Word, ...]) -> float:
    """How surely what a text defines is the term."""
    whole, core = _keys(named), _keys(_without_tail(named, True))
    if whole in (term.whole, term.core):
        return EXACT
    if len(whole) > len(term.core) and whole == term.whole[: len(whole)]:
        return OF_SAME_HEAD
    if core == term.core:  # else it is a narrower term: "tách thửa theo quyết định thu hồi đất"
        return OF_SAME_HEAD if any(word in _RULES for word, _key in named[len(core) :]) else SHORTENED
    head, limits = len(term.core), set(term.whole[len(term.core) :])
    limited = whole[:head] == term.core and not limits.isdisjoint(whole[head:])
    return SHORTENED if limited or _shortens(core, term.core) or _shortens(term.core, core) else 0.0


def _one_of(term: Term, text: str) -> float:
    """How surely the term is one of several that a text defines at once ("Đảo, cù lao là …")."""
    first, *others = _SEVERAL.split(text[: 16 * LONGEST])
    if not others:
        return 0.0
    parts = [_keys(_words(first)), *(_keys(_subject(_words(other)) or _words(other)) for other in others)]
    defining = next((place for place, part in enumerate(others, 1) if _subject(_words(part))), 0)
    return OF_SAME_HEAD if defining <= _MOST_AT_ONCE and term.whole in parts[: defining + 1] and defining else 0.0


def _shortens(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether ``short`` is ``long`` without some in its middle: what comes last in a term tells it from others."""
    if not 2 < len(short) < len(long) <= 2 * len(short) or (short[0], short[-1]) != (long[0], long[-1]):
        return False
    rest = iter(long)
    return all(key in rest for key in short)


def _is_short_for(short: str, text: str) -> bool:
    """Whether an abbreviation stands in the term's own brackets or after its dash ("One Time Password - OTP là")."""
    subject = re.split(r"(?<!\w)(?:là|gồm)(?!\w)", text, maxsplit=1)[0]
    return any(found.casefold() == short for found in _SHORT.findall(subject))


def _also_called(term: Term, text: str) -> float:
    """Whether the text gives what it describes the term's name: "… (sau đây gọi là X)"."""
    for match in _ALSO_CALLED.finditer(text):
        name = re.split(r"[()\";,.”]", text[match.end() : match.end() + 120].lstrip("\"“' "))[0]
        keys = tuple(syllable_keys(name))
        if keys in (term.whole, term.core) or (term.short and keys[-1:] == (term.short,)):
            return OF_SAME_HEAD
    return 0.0
