"""The body of ``kgsearch eval``: a judged file becomes a report, alone or against an earlier one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kgsearch.config import Settings
from kgsearch.errors import UsageError, reason_of
from kgsearch.evaluation.figures import DEPTH, MEASURES, Difference, Estimate, Judged, difference, estimate, measured
from kgsearch.evaluation.passages import judged_rankings
from kgsearch.evaluation.questions import JudgedQuestion, read_passages, read_questions, right_hits
from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import Hit

ANSWERED = "right"
"""Of questions of kind "ask": 1 where the answer is right (where there is none to give: none was given), else 0."""

WRONG, ABSTAINED = "wrong", "none"
"""Of the same: an answer was given that is not right; none was given."""

LEADING = (ANSWERED, "nDCG@10")
"""The measure that says whether a query got better: the first of these that it has."""

_EVIDENCE = 3


class Answer(Protocol):
    """What answering a question gives."""

    @property
    def answer(self) -> str | None:
        """The answer; None where there is none."""

    @property
    def evidence(self) -> Sequence[Hit]:
        """The clauses that it stands on, best first."""


Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """A query as judged: ``rank`` of the first right hit (None where none of the first ten is), ``figures`` by measure, empty where
    it could not be asked yet; ``note`` is the sort of question."""

    kind: str
    query: str
    rank: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """An entry of a report's ``queries``."""
        return {"kind": self.kind, "query": self.query, "rank": self.rank, "figures": dict(self.figures)}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier report said of each query."""

    name: str
    queries: tuple[QueryFigures, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A query that an earlier report judged otherwise: its leading measure ``before`` and ``after``."""

    kind: str
    query: str
    before: float
    after: float

    def to_json(self) -> dict[str, Any]:
        """An entry of a comparison's ``better`` and ``worse``."""
        return {"kind": self.kind, "query": self.query, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report against an earlier one of the same queries: differences by kind and measure, and each query that changed, the most first.

    ``unmatched`` counts the queries that only one of the two reports has.
    """

    name: str
    differences: Mapping[str, Mapping[str, Difference]]
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]
    unmatched: int

    def to_json(self) -> dict[str, Any]:
        """The ``compared`` of a report."""
        return {
            "with": self.name,
            "differences": {kind: {name: one.to_json() for name, one in found.items()} for kind, found in self.differences.items()},
            "better": [one.to_json() for one in self.better],
            "worse": [one.to_json() for one in self.worse],
            "unmatched": self.unmatched,
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report: figures of each query, their means by kind with 95 % intervals, and what changed since an earlier report."""

    name: str
    strip_marks: bool
    queries: tuple[QueryFigures, ...]
    compared: Comparison | None = None

    def kinds(self) -> dict[str, dict[str, Estimate]]:
        """For each kind of query the mean of each measure; none where no query of the kind could be asked."""
        found: dict[str, dict[str, Estimate]] = {}
        for kind in dict.fromkeys(one.kind for one in self.queries):
            asked = [one.figures for one in self.queries if one.kind == kind and one.figures]
            found[kind] = {name: estimate([figures[name] for figures in asked]) for name in (asked[0] if asked else ())}
        return found

    def notes(self) -> dict[str, dict[str, int]]:
        """For each sort of question that was to be answered how many were answered right, answered wrong, and not answered."""
        found: dict[str, dict[str, int]] = {}
        for one in self.queries:
            if ABSTAINED in one.figures:
                counts = found.setdefault(one.note, dict.fromkeys(("questions", ANSWERED, WRONG, ABSTAINED), 0))
                counts["questions"] += 1
                for name in (ANSWERED, WRONG, ABSTAINED):
                    counts[name] += int(one.figures[name])
        return found

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch eval``, and what ``--compare`` reads."""
        counts = {kind: sum(one.kind == kind for one in self.queries) for kind in self.kinds()}
        return {
            "file": self.name,
            "strip_marks": self.strip_marks,
            "kinds": {
                kind: {"queries": counts[kind], "figures": {name: one.to_json() for name, one in means.items()}}
                for kind, means in self.kinds().items()
            },
            "notes": self.notes(),
            "queries": [one.to_json() for one in self.queries],
            "compared": self.compared.to_json() if self.compared else None,
        }


def evaluate(
    settings: Settings | None,
    file: Path,
    *,
    strip_marks: bool = False,
    compare: Earlier | None = None,
    ask: Ask | None = None,
    engine: str = "whoosh",
) -> Evaluation:
    """The report on a file of judged questions: JSON lines are asked of the index of ``settings``, a table (.csv) of its own passages
    through ``engine``.

    Questions of kind "ask" need ``ask``; without it they are listed without figures. Raises UsageError where the file cannot be read as
    what it should be, or the extra "evaluation" is not installed; IndexStateError when there is no usable index.
    """
    if file.suffix.lower() == ".csv":
        queries = _passage_queries(file, strip_marks, engine)
    elif settings is None:
        raise ValueError("questions over documents need settings")
    else:
        queries = _document_queries(settings, read_questions(file), strip_marks, ask)
    return Evaluation(file.name, strip_marks, tuple(queries), _comparison(compare, queries) if compare else None)


def lines(evaluation: Evaluation) -> Iterator[str]:
    """A report for people to read, line by line."""
    for kind, means in evaluation.kinds().items():
        count = sum(one.kind == kind for one in evaluation.queries)
        yield _("{kind}: {count} questions").format(kind=kind, count=count)
        if not means:
            yield "  " + _("not answered yet")
        for name, one in means.items():
            yield f"  {name:<8}{_percent(one.mean)}  [{_percent(one.low)}, {_percent(one.high)}]"
    yield from _note_lines(evaluation)
    yield _("Questions without a right clause in the first place:")
    for query in evaluation.queries:
        # An answer may be right without a clause, from a document's head, or by being none.
        if query.figures and query.rank != 1 and not query.figures.get(ANSWERED):
            yield f"  {query.rank or '-':>3}  {query.kind}: {query.query}"
    if evaluation.compared:
        yield from _comparison_lines(evaluation.compared)


def _note_lines(evaluation: Evaluation) -> Iterator[str]:
    """How questions were answered, by their sort, and how many of the answers given are wrong."""
    notes = evaluation.notes()
    for note, counts in sorted(notes.items()):
        yield f"  {note or '-':<24}" + _("{right} right, {wrong} wrong, {none} not answered of {questions}").format(**counts)
    wrong = sum(counts[WRONG] for counts in notes.values())
    given = sum(counts["questions"] - counts[ABSTAINED] for counts in notes.values())
    if given:
        yield _("Wrong of {given} answers given: {wrong} ({share} %)").format(given=given, wrong=wrong, share=f"{100 * wrong / given:.1f}")


def _comparison_lines(compared: Comparison) -> Iterator[str]:
    yield _("Against {name}:").format(name=compared.name)
    for kind, differences in compared.differences.items():
        for name, one in differences.items():
            yield f"  {kind} {name:<8}{100 * one.mean:+7.2f}  p = {one.p:.3f}"
    for heading, changed in ((_("Better:"), compared.better), (_("Worse:"), compared.worse)):
        yield f"{heading} {len(changed)}"
        for query in changed:
            yield f"  {_percent(query.before)} -> {_percent(query.after)}  {query.kind}: {query.query}"
    if compared.unmatched:
        yield _("Questions in only one of the two reports: {count}").format(count=compared.unmatched)


def _percent(share: float) -> str:
    return f"{100 * share:6.2f}"


# --- asking


def _passage_queries(file: Path, strip_marks: bool, engine: str) -> list[QueryFigures]:
    judged = read_passages(file)
    rankings = judged_rankings(judged, engine=engine, strip_marks=strip_marks)
    found = zip(judged.questions, rankings, measured(rankings), strict=True)
    return [QueryFigures("passage", question, _first(ranking), figures) for (question, _right), ranking, figures in found]


def _document_queries(settings: Settings, questions: Sequence[JudgedQuestion], strip_marks: bool, ask: Ask | None) -> list[QueryFigures]:
    from kgsearch.retrieval import Searcher

    searcher = Searcher(settings)
    rankings = []
    for question in questions:
        hits = searcher.search(_asked(question, strip_marks), limit=DEPTH).hits if question.kind == "search" else ()
        rankings.append(Judged(right_hits(hits, question), len(question.relevant)))
    figures = measured(rankings)
    return [
        QueryFigures("search", question.query, _first(ranking), found)
        if question.kind == "search"
        else QueryFigures("ask", question.query, *_answered(question, strip_marks, ask), note=question.note)
        for question, ranking, found in zip(questions, rankings, figures, strict=True)
    ]


def _asked(question: JudgedQuestion, strip_marks: bool) -> str:
    return fold(question.query) if strip_marks else question.query


def _answered(question: JudgedQuestion, strip_marks: bool, ask: Ask | None) -> tuple[int | None, dict[str, float]]:
    """Where the evidence of an answer is first right, and whether the answer is; nothing where nobody answers."""
    if ask is None:
        return None, {}
    given = ask(_asked(question, strip_marks))
    first = _first(Judged(right_hits(given.evidence[:_EVIDENCE], question), len(question.relevant)))
    if not question.answers:
        return None, _judged(given.answer is None, given)
    told = given.answer is not None and any(answer in given.answer for answer in question.answers)
    return first, _judged(told and (first is not None or not question.relevant), given)


def _judged(right: bool, given: Answer) -> dict[str, float]:
    answered = given.answer is not None
    return {ANSWERED: float(right), WRONG: float(answered and not right), ABSTAINED: float(not answered)}


def _first(ranking: Judged) -> int | None:
    return next((place for place, clauses in enumerate(ranking.right, start=1) if clauses), None)


# --- comparing


def read_report(path: Path) -> Earlier:
    """The report that ``kgsearch eval --json`` wrote to a file. Raises UsageError where it is none."""
    try:
        return earlier_report(json.loads(path.read_text("utf-8-sig")), path.name)
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {reason}.").format(file=path, reason=reason_of(error))) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(_("{file} is no report of kgsearch eval --json.").format(file=path)) from error


def earlier_report(value: Any, name: str) -> Earlier:
    """The report that `Evaluation.to_json` gave. Raises UsageError where ``value`` is none."""
    try:
        queries = [QueryFigures(one["kind"], one["query"], one["rank"], _numbers(one["figures"])) for one in value["queries"]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(_("{file} is no report of kgsearch eval --json.").format(file=name)) from error
    return Earlier(name, tuple(queries))


def _numbers(figures: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(figures[name]) for name in (ANSWERED, WRONG, ABSTAINED, *MEASURES) if name in figures}


def _comparison(before: Earlier, after: Sequence[QueryFigures]) -> Comparison:
    old = _numbered(before.queries)
    new = _numbered(after)
    pairs = [(old[key], new[key]) for key in new if key in old and old[key].figures.keys() == new[key].figures.keys() != set()]
    changed = [Changed(now.kind, now.query, was.figures[_leading(was)], now.figures[_leading(now)]) for was, now in pairs]
    return Comparison(
        before.name,
        {kind: _differences([pair for pair in pairs if pair[1].kind == kind]) for kind in dict.fromkeys(now.kind for _was, now in pairs)},
        tuple(sorted((one for one in changed if one.after > one.before), key=lambda one: one.before - one.after)),
        tuple(sorted((one for one in changed if one.after < one.before), key=lambda one: one.after - one.before)),
        len(old.keys() ^ new.keys()),
    )


def _differences(pairs: Sequence[tuple[QueryFigures, QueryFigures]]) -> dict[str, Difference]:
    names = pairs[0][1].figures
    return {name: difference([was.figures[name] for was, _now in pairs], [now.figures[name] for _was, now in pairs]) for name in names}


def _numbered(queries: Sequence[QueryFigures]) -> dict[tuple[str, str, int], QueryFigures]:
    """The queries by kind, words, and how many of the same came before."""
    found: dict[tuple[str, str, int], QueryFigures] = {}
    counts: dict[tuple[str, str], int] = {}
    for query in queries:
        key = (query.kind, query.query)
        counts[key] = counts.get(key, 0) + 1
        found[(*key, counts[key])] = query
    return found


def _leading(query: QueryFigures) -> str:
    return next(name for name in LEADING if name in query.figures)
