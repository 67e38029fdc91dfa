"""Which document says something: a question that a document's own number answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kgsearch.answering.confidence import IN_HEAD_BY_TITLE, confidence
from kgsearch.answering.evidence import Found, evidence_of
from kgsearch.answering.gathering import Gathered, families_of
from kgsearch.answering.headers import document_by_title, header_answer
from kgsearch.answering.kinds import Header, Question, QuestionKind
from kgsearch.answering.reading.reader import ReadAnswer
from kgsearch.language import syllable_key, syllable_keys
from kgsearch.models import Filters
from kgsearch.retrieval.searcher import Searcher

_PARTS = frozenset(syllable_key(word) for word in ("điều", "khoản", "điểm", "mục", "chương", "phụ"))


def saying_document(question: Question, best: ReadAnswer, gathered: Gathered) -> Found | None:
    """The document in which the best reading stands, where a document is asked for and the reading names none."""
    if not asks_document(question) or best.value is not None or question.removed:
        return None
    quoted = header_answer(Header.NUMBER, question, gathered.families[best.clause.document])
    if quoted is None:
        return None
    features = replace(best.features, fit=1.0, near=1.0, side=max(best.features.side, 0.5))
    said = evidence_of(gathered.hit(best.clause), best.clause.text, best.quote, best.span)
    return Found(quoted[0], (*quoted[1], said), confidence(features), features)


def described_document(question: Question, searcher: Searcher, filters: Filters, idf: Mapping[str, float]) -> Found | None:
    """The document whose title a question describes, where a document is asked for."""
    if not asks_document(question):
        return None
    document = document_by_title(question, searcher, filters, idf)
    if document is None:
        return None
    family = families_of(searcher.reader, [document])[document.id]
    quoted = header_answer(Header.NUMBER, question, family) or header_answer(Header.TITLE, question, family)
    title = header_answer(Header.TITLE, question, family)
    if quoted is None:
        return None
    return Found(quoted[0], (*quoted[1], *(title[1] if title else ())), IN_HEAD_BY_TITLE)


def asks_document(question: Question) -> bool:
    """Whether a whole document is asked for, not one of its clauses."""
    noun = syllable_keys(question.noun)
    return question.kind is QuestionKind.WHICH_DOCUMENT and question.header is None and not _PARTS.intersection(noun[:1])
