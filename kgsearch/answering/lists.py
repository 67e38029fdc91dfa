"""Lists, answered whole where they are short, else item by item, each with its own citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kgsearch.answering.definitions import MARGIN
from kgsearch.answering.evidence import count_words, evidence_of, first_words
from kgsearch.answering.gathering import Gathered
from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.question.several import asks_several, asks_whom, whom_action
from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS, Features, ReadAnswer, says_scope
from kgsearch.answering.reading.sentences import UnitKind
from kgsearch.language import fold, syllable_keys
from kgsearch.models import ClauseRecord, Evidence, Kind, Span

MAX_ITEMS = 30
"""Items of a list that are given as evidence."""

_ASKS_LIST = frozenset([QuestionKind.LIST, QuestionKind.WHICH, QuestionKind.DEFINITION, QuestionKind.HOW, QuestionKind.OTHER])
_LONGEST_LEAD_IN = 40

_TOLD = 0.25
"""What a heading that only says to whom a document applies must hold of a question that asks for that."""

_AS_MUCH = 0.6
"""What of the best reading's own words a list's must say."""

NEARLY = 0.5
"""How much less the sentence that leads to a list may score than the best."""

_ITEMS = frozenset([Kind.POINT, Kind.SUBPOINT, Kind.INDENT, Kind.PARAGRAPH])
# On folded text.
_IS_WHOM = re.compile(r"(?:(?:dieu )?\w{1,4}[.)] )?(?:cac |nhung )?(?:doi tuong|truong hop|nguoi)(?!\w)")


def asks_list(question: Question) -> bool:
    """Whether a list answers the question where the best sentence leads to one."""
    return question.kind in _ASKS_LIST or asks_several(question)


def _lists_whom(question: Question, reading: ReadAnswer) -> bool:
    """Whether a reading stands under "Đối tượng …", "Các trường hợp …" that names what is asked for, or under its name ("Miễn …")."""
    above = (reading.unit.lead_in, reading.clause.heading, *reversed(reading.unit.headings[-1:]))
    own = reading.unit.text if _leads(reading) else ""
    headed = ((text, syllable_keys(text)) for text in (own, *above) if text)
    action = whom_action(question)
    return bool(action) and any(action in keys and (keys[0] == action or _IS_WHOM.match(fold(text))) for text, keys in headed if keys)


def chosen(question: Question, readings: Sequence[ReadAnswer]) -> ReadAnswer | None:
    """The reading that answers: the best but for what only says what a document is about, or, where several things are asked for, one
    that scores nearly as much and leads to a list or stands in one."""
    several = asks_several(question)
    said = [one for one in readings if one.value is not None or not _only_announces(one) or (several and _is_named(one))]
    if not said:
        return None
    if asks_whom(question):
        return next((one for one in said if one.score >= said[0].score - NEARLY and _lists_whom(question, one)), said[0])
    if several:
        least = _AS_MUCH * _told(said[0])
        near = (one for one in said if one.score >= said[0].score - NEARLY and one.value is None and _told(one) >= least)
        return next((one for one in near if one.unit.kind is UnitKind.LEAD_IN or one.unit.lead_in), said[0])
    return said[0]


def _told(answer: ReadAnswer) -> float:
    """What a reading and its lead-in say of the question."""
    return answer.features.own + answer.features.lead


def _is_named(answer: ReadAnswer) -> bool:
    """Whether a heading over a list names what is asked for, though it only says to whom its document applies."""
    return _leads(answer) and answer.features.own >= _TOLD


def _leads(answer: ReadAnswer) -> bool:
    """Whether a reading is what leads to the clauses below it."""
    return answer.unit.kind is UnitKind.LEAD_IN and bool(answer.unit.items)


def _only_announces(answer: ReadAnswer) -> bool:
    """Whether a sentence has its words only because it says what its document is about."""
    return answer.unit.kind is UnitKind.HEADING or says_scope(answer.clause, answer.unit)


def list_answer(question: Question, best: ReadAnswer, gathered: Gathered) -> tuple[str, list[Evidence]] | None:
    """The list to which the best sentence leads, or in which it stands as an item; None where it does neither, or no list is asked."""
    if not asks_list(question):
        return None
    family = gathered.families[best.clause.document]
    lead = _lead_in(best, [*family.above(best.clause)], asked=asks_several(question))
    if lead is None:
        return None
    items = [clause for clause in family.below(lead) if clause.kind is not Kind.FOOTNOTE and clause.text]
    return _answered(lead, items[:MAX_ITEMS], gathered) if items else None


def with_items(question: Question, best: ReadAnswer) -> Span | None:
    """The reading's quote; of what only leads to things, where several are asked for, with those that follow in its own text, or None."""
    leads = best.value is None and best.text.rstrip().endswith(":") and asks_several(question)
    if not leads:
        return best.quote
    text = best.clause.text
    return Span(best.quote.start, first_words(text, best.quote.start)) if text[best.quote.end :].strip() else None


def listed_features(question: Question, best: ReadAnswer) -> Features:
    """The features of a reading as those of the list that it belongs to: the list is what is asked for."""
    features = best.features
    whom = _lists_whom(question, best)
    if not whom and not asks_several(question):
        return features
    margin = max(features.margin, MARGIN) if whom else features.margin
    return replace(features, fit=1.0, near=max(features.near, 0.8), side=max(features.side, 0.5), margin=margin)


def _lead_in(best: ReadAnswer, above: Sequence[ClauseRecord], *, asked: bool) -> ClauseRecord | None:
    """The clause whose lead-in the list completes."""
    clause = best.clause
    ends = clause.text.rstrip()
    if best.unit.kind is UnitKind.LEAD_IN and best.unit.end >= len(ends) and (ends.endswith(":") or ends == clause.heading):
        return clause
    parent = above[-1] if above else None
    if (
        asked
        and best.unit.lead_in
        and parent is not None
        and parent.text.rstrip().endswith(":")
        and parent.text.endswith(best.unit.lead_in)
    ):
        return parent
    return parent if asked and parent is not None and _is_heading_of(parent, best) else None


def _is_heading_of(parent: ClauseRecord, best: ReadAnswer) -> bool:
    """Whether a clause is nothing but the heading of an enumeration whose item is the best reading."""
    heads = bool(parent.heading) and parent.heading == parent.text.strip()
    return heads and best.clause.kind in _ITEMS and _IS_WHOM.match(fold(parent.heading)) is not None


def _answered(lead: ClauseRecord, items: Sequence[ClauseRecord], gathered: Gathered) -> tuple[str, list[Evidence]]:
    each = [_item(item, gathered) for item in items]
    whole = lead.full_text
    start = _start(lead)
    if count_words(whole[start:]) <= MAX_QUOTE_WORDS:
        quote = Span(start, len(whole))
        return whole[start:], [evidence_of(gathered.hit(lead), whole, quote, Span(min(len(lead.text) + 1, len(whole)), len(whole))), *each]
    quote = Span(start, _whole_lines(whole, start))
    if quote.end <= len(lead.text):  # not even the first item fits beside the lead-in
        return each[0].quote, each
    return whole[start : quote.end], [evidence_of(gathered.hit(lead), whole, quote, Span(len(lead.text) + 1, quote.end)), *each]


def _start(lead: ClauseRecord) -> int:
    """Where what leads to the items begins: the last sentence of a long lead-in."""
    if count_words(lead.text) <= _LONGEST_LEAD_IN:
        return 0
    begun = max(lead.text.rfind(mark, 0, len(lead.text) - 1) for mark in (". ", "; "))
    return begun + 2 if begun >= 0 and count_words(lead.text[begun:]) <= _LONGEST_LEAD_IN else 0


def _whole_lines(text: str, start: int) -> int:
    """Where the last line ends of those that fit in MAX_QUOTE_WORDS words."""
    last = first_words(text, start)
    if last >= len(text):
        return len(text)
    end = text.rfind("\n", start, last + 1)
    return end if end > start else last


def _item(item: ClauseRecord, gathered: Gathered) -> Evidence:
    quote = Span(0, first_words(item.text, 0))
    return evidence_of(gathered.hit(item), item.text, quote, quote)
