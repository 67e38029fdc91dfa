"""Who does what a clause says: documents often name an agency in a heading or a lead-in, and its tasks under it."""

from __future__ import annotations

import re
from dataclasses import replace

from kgsearch.answering.confidence import confidence
from kgsearch.answering.evidence import Found, count_words, evidence_of, first_words
from kgsearch.answering.gathering import Gathered
from kgsearch.answering.kinds import Question, QuestionKind
from kgsearch.answering.names import find_persons
from kgsearch.answering.nouns import ASKED_WITH, kind_of
from kgsearch.answering.reading import MAX_QUOTE_WORDS, ReadAnswer
from kgsearch.answering.recognise import find_values
from kgsearch.language import has_marks, normalise, syllable_key, tokenise
from kgsearch.models import ClauseRecord, Span

_NAMED_PERSON = re.compile(r"(?:^| )ai la | la ai(?: |$)")
_OFFICES = re.compile(r" (?:giam doc|chu tich|bi thu|truong|chanh|pho|bo truong|thu truong|hieu truong|lanh dao) ")
_LONGEST_ABOVE = 30
"""Words of a heading or lead-in that may name who does what stands under it."""


def actor_above(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """Who the clause above says does what the best reading says; None where the question asks otherwise or the reading names one."""
    if not _asks_who(question) or best.value is not None:
        return None
    family = gathered.families[best.clause.document]
    for clause in reversed(family.above(best.clause)):
        place = _actor(question, clause)
        if place is not None:
            return _found(clause, place, best, gathered)
        if clause.text and not _leads_on(clause):
            return None
    return None


def lacks_person(question: Question, best: ReadAnswer) -> bool:
    """Whether a person's name is asked for and the best reading has none."""
    if question.kind is not QuestionKind.WHO:
        return False
    line = f" {' '.join(syllable_key(token.text) for token in tokenise(question.text))} "
    asks_name = _NAMED_PERSON.search(line) is not None and _OFFICES.search(line) is not None
    return asks_name and not find_persons(best.text)


def _asks_who(question: Question) -> bool:
    if question.kind in (QuestionKind.LIST, QuestionKind.WHICH):
        marked = has_marks(question.text)
        return kind_of(normalise(question.noun), ASKED_WITH, marked) is QuestionKind.WHO
    return question.kind is QuestionKind.WHO


def _leads_on(clause: ClauseRecord) -> bool:
    """Whether a clause says nothing of its own: a heading, a lead-in."""
    return bool(clause.heading) or clause.text.rstrip().endswith(":") or count_words(clause.text) <= _LONGEST_ABOVE


def _actor(question: Question, clause: ClauseRecord) -> Span | None:
    """The agency that a short heading or lead-in begins with."""
    text = clause.heading or clause.text
    if not text or count_words(text) > _LONGEST_ABOVE:
        return None
    asked = {syllable_key(token.text) for token in tokenise(question.text)}
    values = find_values(QuestionKind.WHO, text)
    new = [value for value in values if not {syllable_key(token.text) for token in tokenise(value.text)} <= asked]
    return Span(new[0].start, new[0].end) if new and count_words(text[: new[0].start]) <= 2 else None


def _found(clause: ClauseRecord, place: Span, best: ReadAnswer, gathered: Gathered) -> Found:
    """The actor with what it does where both fit in one quote, else its heading; the task beside it."""
    features = replace(best.features, fit=1.0, near=max(best.features.near, 0.8))
    whole = clause.full_text
    task = whole.find(best.text, len(clause.text))
    end = task + len(best.text) if task >= 0 else -1
    if end < 0 or count_words(whole[:end]) > MAX_QUOTE_WORDS:
        end = first_words(clause.text, 0)
    text = whole[:end]
    evidence = evidence_of(gathered.hit(clause), whole, Span(0, end), place)
    item = evidence_of(gathered.hit(best.clause), best.clause.text, best.quote, best.span)
    return Found(text, (evidence, item), confidence(features), features)
