"""Answers on the pages and in the API: a question's answer as it is shown above the hits."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kgsearch.answering.answerer import Answerer
from kgsearch.answering.kinds import QuestionKind
from kgsearch.answering.question.analysis import read_question
from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Answer, Evidence
from kgsearch.retrieval.searcher import Searcher
from kgsearch.server.highlighting import marked
from kgsearch.server.outline import Citations
from kgsearch.server.parameters import FILTER_PARAMETERS, Arguments, filters_of, refuse_unknown, whole_number
from kgsearch.server.results import PageRequest
from kgsearch.server.service import SORTS, SearchService

ASK_PARAMETERS = ("q", *FILTER_PARAMETERS, "n", "lang")
MAX_NEAREST = 20
NEAREST = 5


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """An evidence as the page shows it: ``quote`` is HTML with the span that answers marked, ``remark`` in the user's language."""

    evidence: Evidence
    quote: Markup
    remark: str
    address: str
    citations: Citations


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as the page shows it; only ``reason`` where there is none."""

    answer: Answer
    first: ShownEvidence | None
    others: tuple[ShownEvidence, ...]
    differing: tuple[ShownEvidence, ...]


def asked_answer(service: SearchService, arguments: Arguments) -> Answer:
    """The answer that the API's query string asks for. Raises UsageError where it is wrong in anything."""
    refuse_unknown(arguments, ASK_PARAMETERS)
    question = arguments.get("q", "")
    if not question.strip():
        raise UsageError(_("The parameter “q” is missing: give the question."))
    answerer = _answerer(service)
    if answerer is None:
        raise UsageError(_("This service only searches."))
    nearest = whole_number(arguments, "n", NEAREST, 0, MAX_NEAREST)
    return answerer.ask(question, filters=filters_of(arguments), nearest=nearest)


def shown_answer(service: SearchService, request: PageRequest) -> ShownAnswer | None:
    """The answer to what is searched for, on its first page; None where it is no question."""
    answerer = _answerer(service)
    if answerer is None or request.page > 1 or request.exact or request.sort != SORTS[0]:
        return None
    question = read_question(request.query)
    if question.kind is QuestionKind.OTHER:
        return None
    answer = answerer.ask(request.query, filters=request.filters, nearest=0)
    if answer.text is None:
        return None if question.implicit else ShownAnswer(answer, None, (), ())
    first, *others = map(_shown, answer.evidence)
    return ShownAnswer(answer, first, tuple(others), tuple(map(_shown, answer.differing)))


def _answerer(service: SearchService) -> Answerer | None:
    """What answers from the index that ``service`` searches; None for one that is no index of ours."""
    return Answerer(service) if isinstance(service, Searcher) else None


def _shown(evidence: Evidence) -> ShownEvidence:
    remarks = {"target": _("target"), "result": _("result")}
    hit = evidence.hit
    return ShownEvidence(
        evidence,
        marked(evidence.quote, evidence.marked),
        remarks.get(evidence.remark, ""),
        hit.url.removesuffix("#"),
        Citations.of_hit(hit),
    )
