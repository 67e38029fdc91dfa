"""Who does what a clause says: documents often name an agency in a heading or a lead-in, and its tasks under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kgsearch.answering.confidence import confidence
from kgsearch.answering.definitions import MARGIN
from kgsearch.answering.evidence import Found, count_words, evidence_of, first_words
from kgsearch.answering.gathering import Gathered
from kgsearch.answering.kinds import Question, QuestionKind, Value
from kgsearch.answering.question.nouns import ASKED_WITH, kind_of
from kgsearch.answering.reading.fitting import DOER_ABOVE
from kgsearch.answering.reading.reader import MAX_QUOTE_WORDS, Features, ReadAnswer
from kgsearch.answering.reading.roles import Role, Standing, doer, elides_doer, parties, role_asked
from kgsearch.answering.reading.sentences import UnitKind
from kgsearch.answering.values.names import find_persons
from kgsearch.language import has_marks, normalise, syllable_keys
from kgsearch.models import ClauseRecord, Span

_NAMED_PERSON = re.compile(r"(?:^| )ai la | la ai(?: |$)")
_OFFICE = (
    r"nguoi (?:dung dau|phu trach|phat ngon|dai dien|chu tri|ky|lien he)|(?:pho )?(?:giam doc|chu tich|bi thu|chanh|bo truong|thu truong"
    r"|hieu truong|cuc truong|vu truong|thu tuong|truong (?:ban|phong|khoa|doan|cong an))"
)
_ASKS_NAME = re.compile(rf" (?:{_OFFICE}) (?:\S+ ){{0,20}}(?:ho va ten|ho ten|ten)(?: day du)? (?:la )?(?:gi|ai) ")
_OFFICES = re.compile(r" (?:giam doc|chu tich|bi thu|truong|chanh|pho|bo truong|thu truong|hieu truong|lanh dao) ")
_POST = r"(?:chủ\s+tịch\s+hội\s+đồng|chủ\s+nhiệm\s+ủy\s+ban|trưởng\s+(?:tiểu\s+)?ban|tổ\s+trưởng|trưởng\s+đoàn)"
_HEADS = re.compile(rf"(?:\s+(?:làm|là|giữ\s+chức(?:\s+vụ)?)|\s*[:,–-])\s+{_POST}(?!\w)", re.IGNORECASE)
_ASKS_HEAD = re.compile(
    r" (?:dung dau|lam chu tich hoi dong|lam truong (?:tieu )?ban|lam to truong|lam truong doan|chu tri hoi dong) "
    r"|(?<! pho) (?:chu tich hoi dong|truong (?:tieu )?ban|to truong|truong doan) (?:\S+ ){0,16}la ai "
    r"| ai (?:la|lam|giu chuc) (?:chu tich hoi dong|truong (?:tieu )?ban|to truong|truong doan) "
)
_OF_BODY = 0.6
"""The share of the question's idf that what says it must have with its headings."""
# In capitals alone every word looks like a name.
_ORGAN = re.compile(
    r"(?:SỞ|[UỦ]Ỷ? ?BAN|UỶ BAN|UBND|HĐND|BỘ|CÔNG AN|CỤC|CHI CỤC|PHÒNG|VĂN PHÒNG|THANH TRA|HỘI|LIÊN|KHO BẠC|NGÂN HÀNG|BẢO HIỂM|TRUNG TÂM"
    r"|TRƯỜNG|BỆNH VIỆN|ĐÀI|BAN (?!HÀNH)|CHỦ TỊCH|GIÁM ĐỐC|CÁC SỞ|MẶT TRẬN|ĐOÀN|TÒA|TOÀ|VIỆN|HIỆU TRƯỞNG)(?!\w)"
)
_SENTENCE_ENDS = re.compile(r"\.(?=\s)|\n|\(\d{1,2}\)(?=\s)")
_LONGEST_ABOVE = 30
"""Words of a heading or lead-in that may name who does what stands under it."""


def actor_above(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """Who does what the best reading says, where another part of its clause or a clause above names it.

    None where the question asks otherwise, or the reading names it itself.
    """
    if not _asks_who(question) or asks_head(question) or role_asked(question) is Role.RECIPIENT:
        return None
    if best.value is not None:
        return _with_others(question, best, gathered)
    found = _before(question, best, gathered) or _in_own_heading(question, best, gathered)
    if found is not None:
        return found
    family = gathered.families[best.clause.document]
    for clause in reversed(family.above(best.clause)):
        place = _actor(question, clause)
        if place is not None:
            return _found(clause, place, best, gathered)
        if clause.text and not _leads_on(clause):
            return None
    return None


def _with_others(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """The reading with those that are named before it as doing the same ("Giám đốc Sở Y tế; Chủ tịch … chịu trách nhiệm"), or, of a
    lead-in, with the task under it; None where there is neither."""
    clause = best.clause
    if best.unit.kind is UnitKind.LEAD_IN:
        return _with_task(question, best, gathered)
    together = next((one for one in parties(clause.text[: best.quote.end]) if one.start < best.span.start < one.end), None)
    if together is None or together.start >= best.quote.start:
        return None
    quote = _quoted(clause.text, together.start, best.quote.end)
    return _answer(best, gathered, quote, Span(together.start, min(together.end, quote.end)), best.features)


def _with_task(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """A lead-in ("Sở Y tế có trách nhiệm:") with the clause right under it that says most of the question beside it."""
    asked = frozenset(question.content)
    under = [one for one in gathered.families[best.clause.document].below(best.clause) if one.parent == best.clause.eid and one.text]
    said = {one.eid: len(asked & set(syllable_keys(one.text))) for one in under}
    task = max(under, key=lambda one: said[one.eid], default=None)
    if task is None or not said[task.eid]:
        return None
    lead = evidence_of(gathered.hit(best.clause), best.clause.text, best.quote, best.span)
    quote = Span(0, first_words(task.text, 0))
    evidence = (lead, evidence_of(gathered.hit(task), task.text, quote, quote))
    return Found(best.text, evidence, confidence(best.features), best.features, best.value)


def _before(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """Who the clause says before the reading, in the same sentence or one before, to do what it goes on with."""
    text = best.clause.text
    asked = _asked_keys(question)
    if not text[: best.unit.start].strip() or not elides_doer(best.unit.text):
        return None
    named = [one for one in parties(text[: best.unit.start]) if one.standing is Standing.SUBJECT and _is_new(one.values[0], asked)]
    if not named:
        return None
    begun = max((match.end() for match in _SENTENCE_ENDS.finditer(text, 0, best.unit.start)), default=0)
    actor = next((one for one in named if one.start >= begun), named[-1])
    quote = _quoted(text, actor.start, best.quote.end)
    features = replace(best.features, fit=DOER_ABOVE, near=max(best.features.near, DOER_ABOVE))
    return _answer(best, gathered, quote, Span(actor.start, actor.end), features)


def _quoted(text: str, start: int, end: int) -> Span:
    """From ``start`` to ``end``, or as many words as fit in a quote."""
    return Span(start, end if count_words(text[start:end]) <= MAX_QUOTE_WORDS else first_words(text, start))


def _answer(best: ReadAnswer, gathered: Gathered, quote: Span, span: Span, features: Features) -> Found:
    """Words of the reading's clause that answer; the reading itself stands beside them where they do not hold it."""
    hit, text = gathered.hit(best.clause), best.clause.text
    evidence = [evidence_of(hit, text, quote, span)]
    if quote.end < best.quote.end:
        evidence.append(evidence_of(hit, text, best.quote, best.span))
    return Found(text[quote.start : quote.end], tuple(evidence), confidence(features), features)


def asks_head(question: Question) -> bool:
    """Whether it is asked who heads a body: "ai đứng đầu Hội đồng …", "Trưởng ban là ai"."""
    line = f" {' '.join(syllable_keys(question.text))} "
    return question.kind is QuestionKind.WHO and _ASKS_HEAD.search(line) is not None


def heading(question: Question, readings: Sequence[ReadAnswer]) -> ReadAnswer | None:
    """The best reading that says who heads the body that the question names, or None."""
    if not readings:
        return None
    document = readings[0].clause.document
    said = [one for one in readings if one.clause.document == document and one.features.context >= _OF_BODY and _HEADS.search(one.text)]
    if not said:
        return None
    best = max(said, key=lambda one: one.score)
    match = _HEADS.search(best.text)
    span = Span(best.quote.start, best.quote.start + match.start()) if match and match.start() else best.quote
    features = replace(best.features, fit=1.0, near=1.0, side=1.0, margin=max(best.features.margin, MARGIN))
    return replace(best, span=span, features=features)


def lacks_person(question: Question, best: ReadAnswer) -> bool:
    """Whether a person's name is asked for and the best reading has none."""
    line = f" {' '.join(syllable_keys(question.text))} "
    is_who = question.kind is QuestionKind.WHO and _NAMED_PERSON.search(line) is not None and _OFFICES.search(line) is not None
    asks_name = is_who or _ASKS_NAME.search(line) is not None
    return asks_name and not find_persons(best.text)


def _in_own_heading(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """Who the heading of the clause says does what is read under it; None where it does not, or both are too long for one quote."""
    clause = best.clause
    if not clause.heading or best.quote.start < len(clause.heading) or count_words(clause.text[: best.quote.end]) > MAX_QUOTE_WORDS:
        return None
    place = _actor(question, clause)
    if place is None:
        return None
    text = clause.text[: best.quote.end]
    features = replace(best.features, fit=1.0, near=max(best.features.near, DOER_ABOVE))
    return Found(text, (evidence_of(gathered.hit(clause), clause.text, Span(0, best.quote.end), place),), confidence(features), features)


def _asks_who(question: Question) -> bool:
    if question.kind in (QuestionKind.LIST, QuestionKind.WHICH):
        marked = has_marks(question.text)
        return kind_of(normalise(question.noun), ASKED_WITH, marked) is QuestionKind.WHO
    return question.kind is QuestionKind.WHO


def _leads_on(clause: ClauseRecord) -> bool:
    """Whether a clause says nothing of its own: a heading, a lead-in."""
    return bool(clause.heading) or clause.text.rstrip().endswith(":") or count_words(clause.text) <= _LONGEST_ABOVE


def _actor(question: Question, clause: ClauseRecord) -> Span | None:
    """The agency that a heading or lead-in names as the one that does what stands under it."""
    text = clause.heading or clause.text
    longest = _LONGEST_ABOVE if clause.heading or not text.endswith(":") else MAX_QUOTE_WORDS
    if not text or count_words(text) > longest or (text.isupper() and not _ORGAN.match(text)):
        return None
    asked = _asked_keys(question)
    named = doer(text)
    return Span(named.start, named.end) if named is not None and _is_new(named.values[0], asked) else None


def _asked_keys(question: Question) -> set[str]:
    return set(syllable_keys(question.text))


def _is_new(value: Value, asked: set[str]) -> bool:
    """Whether it has a word that the question has not."""
    return not set(syllable_keys(value.text)) <= asked


def _found(clause: ClauseRecord, place: Span, best: ReadAnswer, gathered: Gathered) -> Found:
    """The actor with what it does where both fit in one quote, else its heading; the task beside it."""
    features = replace(best.features, fit=1.0, near=max(best.features.near, DOER_ABOVE))
    whole = clause.full_text
    task = whole.find(best.text, len(clause.text))
    end = task + len(best.text) if task >= 0 else -1
    if end < 0 or count_words(whole[:end]) > MAX_QUOTE_WORDS:
        end = first_words(clause.text, 0)
    text = whole[:end]
    evidence = evidence_of(gathered.hit(clause), whole, Span(0, end), place)
    item = evidence_of(gathered.hit(best.clause), best.clause.text, best.quote, best.span)
    return Found(text, (evidence, item), confidence(features), features)
