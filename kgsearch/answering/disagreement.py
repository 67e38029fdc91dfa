"""What else is said of the same thing: by clauses that give the same value, and by those that give another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from kgsearch.answering.evidence import Found
from kgsearch.answering.kinds import Question
from kgsearch.answering.reading.fitting import VALUED
from kgsearch.answering.reading.reader import ReadAnswer
from kgsearch.models import Evidence

TARGET, RESULT = "target", "result"

MOST_OTHERS = 5
"""Others that are shown of each sort."""

COVERED = 0.9
"""What another clause must say of the question, as a share of what the first says, for its value to be one of the same thing."""

_LEAST_OWN = 0.75

_TARGET = re.compile(r"(?<!\w)(?:phấn đấu|mục tiêu|chỉ tiêu|dự kiến|đặt ra|đề ra|dự toán|trở lên)(?!\w)", re.IGNORECASE)
_RESULT = re.compile(
    r"(?<!\w)(?:ước|đã|thực hiện (?:đạt|được)|kết quả|đạt được|lũy kế|luỹ kế|so (?:với )?cùng kỳ|tính đến|đến nay)(?!\w)", re.IGNORECASE
)
_BEFORE, _AFTER = 120, 40
"""Characters before and after a value in which a word says whether it is a target."""

_RESULT_TYPES = ("Báo cáo",)
_TARGET_TYPES = ("Kế hoạch", "Nghị quyết", "Chương trình", "Chỉ thị", "Đề án")


def same_and_differing(
    question: Question, best: ReadAnswer, others: Iterable[ReadAnswer], shown: Callable[[ReadAnswer], Evidence]
) -> tuple[list[Evidence], list[Evidence]]:
    """The evidences of other clauses that give the value of ``best``, and of those that give another one, newest document first.

    Only values that can be compared: where the question's kind has none, nothing differs.
    """
    same: list[Evidence] = []
    differing: list[Evidence] = []
    if best.value is None or question.kind not in VALUED:
        return same, differing
    for other in others:
        if other.value is None or (other.clause.document, other.clause.eid) == (best.clause.document, best.clause.eid):
            continue
        if not is_of_the_same(best, other):
            continue
        if other.value.normal == best.value.normal:
            same.append(shown(other))
        elif other.value.kind is best.value.kind:
            evidence = shown(other)
            differing.append(replace(evidence, remark=remark_of(other, evidence.hit.document.type)))
    return same[:MOST_OTHERS], sorted(differing, key=_newest)[:MOST_OTHERS]


def with_disagreement(best: ReadAnswer | None, readings: Sequence[ReadAnswer]) -> ReadAnswer | None:
    """The best reading with its margin over what is no other document's value of the same thing: that is a disagreement, which is shown,
    and only half a doubt."""
    if best is None or best.value is None:
        return best
    others = (other for other in readings if other.unit != best.unit or other.clause.document != best.clause.document)
    rivals = (other.score for other in others if not _gives_same(best, other) and not _disagrees(best, other))
    margin = best.score - next(rivals, 0.0)
    return replace(best, features=replace(best.features, margin=(margin + best.features.margin) / 2))


def _disagrees(best: ReadAnswer, other: ReadAnswer) -> bool:
    return other.value is not None and other.clause.document != best.clause.document and is_of_the_same(best, other)


def _gives_same(best: ReadAnswer, other: ReadAnswer) -> bool:
    return best.value is not None and other.value is not None and best.value.normal == other.value.normal


def is_of_the_same(best: ReadAnswer, other: ReadAnswer) -> bool:
    """Whether another clause speaks of the same thing: it says nearly as much of the question itself, close to its value."""
    one, two = best.features, other.features
    return (
        two.own >= max(_LEAST_OWN, COVERED * one.own)
        and two.context >= COVERED * one.context
        and two.near >= COVERED * one.near
        and two.rarest >= one.rarest
        and min(two.period, two.subject) > 0.0
    )


def remark_of(answer: ReadAnswer, document_type: str) -> str:
    """Whether a value is a target or a result, as far as the words around it say so; else by the type of document."""
    text, span = answer.clause.text, answer.span
    before = text[max(answer.unit.start, span.start - _BEFORE) : span.start]
    for said in (before, text[span.end : span.end + _AFTER], answer.unit.lead_in, *reversed(answer.unit.headings)):
        target, result = _last(_TARGET, said), _last(_RESULT, said)
        if target != result:
            return TARGET if target > result else RESULT
    return RESULT if document_type in _RESULT_TYPES else TARGET if document_type in _TARGET_TYPES else ""


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _newest(evidence: Evidence) -> tuple[bool, int, int]:
    issued = evidence.hit.document.issued
    return issued is None, -(issued or date.min).toordinal(), evidence.hit.clause.position


def differing_headers(found: Sequence[Found]) -> list[Evidence]:
    """Of several documents that a question names by one number, what those after the first say otherwise."""
    return [one.first for one in found[1:] if " ".join(one.text.split()).casefold() != " ".join(found[0].text.split()).casefold()]
