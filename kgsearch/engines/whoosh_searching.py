"""A search of one commit: what matches, how well, and how many there are of each kind."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from kgsearch.engines.base import SCORED_FIELDS, SYLLABLES, Candidate, EngineQuery, EngineResult, Statistics
from kgsearch.engines.matching import admitting, count_facets, covering, date_rank, inverse_document_frequency
from kgsearch.engines.whoosh_snapshot import Postings, Snapshot


def search(snapshot: Snapshot, query: EngineQuery) -> EngineResult:
    """Matches of ``query`` in ``snapshot``. Raises IndexStateError when its files cannot be read."""
    terms = {name: _scores(snapshot, name, query) for name in SCORED_FIELDS}
    matches = _narrowed(snapshot, query, _admitted(snapshot, query, _matching(snapshot, query, terms[SYLLABLES])))
    # Who only counts need not wait for scores.
    scores = _summed(matches, [postings for tokens in terms.values() for postings in tokens.values()]) if query.limit else {}
    return EngineResult(
        candidates=_best(snapshot, query, scores),
        **_counted(snapshot, matches),
        statistics=Statistics(
            passages=snapshot.live,
            average_length=snapshot.average_length,
            frequencies={name: {token: len(postings) for token, postings in tokens.items()} for name, tokens in terms.items()},
        ),
    )


def _scores(snapshot: Snapshot, name: str, query: EngineQuery) -> dict[str, Postings]:
    synonyms = query.synonyms if name == SYLLABLES else {}
    return {token: snapshot.scores(name, token, tuple(synonyms.get(token, ()))) for token in query.terms.get(name, ())}


def _matching(snapshot: Snapshot, query: EngineQuery, syllables: Mapping[str, Postings]) -> Collection[int]:
    if not syllables:
        return snapshot.everything()
    holders = [(inverse_document_frequency(snapshot.live, len(postings)), postings) for postings in syllables.values()]
    return covering(holders, query.coverage)


def _admitted(snapshot: Snapshot, query: EngineQuery, matches: Collection[int]) -> Collection[int]:
    if not query.filters:
        return matches
    admitted = list(map(admitting(query.filters), snapshot.groups))
    group_of = snapshot.group_of
    return [number for number in matches if admitted[group_of[number]]]


def _narrowed(snapshot: Snapshot, query: EngineQuery, matches: Collection[int]) -> Collection[int]:
    """The matches that hold every phrase and are of no clause that holds what is excluded."""
    for phrase in query.phrases:
        holding = snapshot.holding(phrase)
        matches = [number for number in matches if number in holding]
    if not query.excluded:
        return matches
    group_of, clause_of = snapshot.group_of, snapshot.clause_of
    excluded = {(group_of[number], clause_of[number]) for phrase in query.excluded for number in snapshot.holding(phrase)}
    return [number for number in matches if (group_of[number], clause_of[number]) not in excluded]


def _summed(matches: Collection[int], terms: Iterable[Postings]) -> dict[int, float]:
    """The score of each match: the sum of its terms'."""
    scores = dict.fromkeys(matches, 0.0)
    for postings in terms:
        if len(postings) < len(scores):
            for number, score in postings.items():
                if number in scores:
                    scores[number] += score
        else:
            for number in scores:
                if score := postings.get(number):  # type: ignore[assignment]
                    scores[number] += score
    return scores


def _best(snapshot: Snapshot, query: EngineQuery, scores: Mapping[int, float]) -> Sequence[Candidate]:
    if query.sort == "relevance":
        best = heapq.nlargest(query.limit, scores, key=scores.__getitem__)
    else:
        ranks = [date_rank(group.issued, query.sort) for group in snapshot.groups]
        group_of = snapshot.group_of
        best = heapq.nsmallest(query.limit, scores, key=lambda number: (ranks[group_of[number]], -scores[number]))
    candidates = [snapshot.candidate(number, scores[number]) for number in best]
    return sorted(candidates, key=lambda candidate: (date_rank(candidate.issued, query.sort), -candidate.score, candidate.passage))


def _counted(snapshot: Snapshot, matches: Collection[int]) -> dict[str, Any]:
    """Total and facets: a clause that several passages share counts once."""
    # Half a million passages may match: no step of Python's own for each.
    clauses = set(zip(map(snapshot.group_of.__getitem__, matches), map(snapshot.clause_of.__getitem__, matches), strict=True))
    groups = Counter(map(itemgetter(0), clauses))
    return {"total": len(clauses), "facets": count_facets((snapshot.groups[group], count) for group, count in groups.items())}
