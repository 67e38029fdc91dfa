"""Figures of a ranking, how sure they are, and whether two rankings differ.

The arithmetic is that of ir_measures and scipy, which the extra "evaluation" brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _

MEASURES = ("P@1", "P@3", "R@10", "MRR@10", "nDCG@10")
"""P@1 and P@3: a right clause is first, is among the first three. R@10: the share of the right clauses among the first ten."""

DEPTH = 10
"""How many hits are looked at."""

RESAMPLES = 10_000
SEED = 20_240_601
"""Fixed, so that the same hits give the same interval and the same p."""

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """A ranking against its judgements: ``right`` says of each of the first hits which right clauses it is (numbers from 0), ``clauses``
    is how many there are."""

    right: Sequence[Sequence[int]]
    clauses: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its confidence interval."""

    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """As it stands in a report."""
        return {"mean": round(self.mean, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two rankings of the same queries: the mean of the differences, and how often chance alone would make one
    as large (two-sided paired randomisation test)."""

    mean: float
    p: float

    def to_json(self) -> dict[str, float]:
        """As it stands in a report."""
        return {"mean": round(self.mean, 6), "p": round(self.p, 6)}


def measured(rankings: Sequence[Judged]) -> list[dict[str, float]]:
    """The MEASURES of each ranking, in order. Raises UsageError where the extra "evaluation" is not installed."""
    measures = _library()
    names = {
        str(measures.P @ 1): "P@1",
        str(measures.Success @ 3): "P@3",
        str(measures.RR @ DEPTH): "MRR@10",
        str(measures.nDCG @ DEPTH): "nDCG@10",
    }
    figures: list[dict[str, float]] = [dict.fromkeys(MEASURES, 0.0) for _ranking in rankings]
    # Recall counts right clauses, and a hit may be several of them; the other measures look at hits.
    hits = [_by_hit(ranking) for ranking in rankings]
    clauses = [_by_clause(ranking) for ranking in rankings]
    wanted = [measures.P @ 1, measures.Success @ 3, measures.RR @ DEPTH, measures.nDCG @ DEPTH]
    for found in _calculated(measures, wanted, hits):
        figures[int(found.query_id)][names[str(found.measure)]] = float(found.value)
    for found in _calculated(measures, [measures.R @ max(DEPTH, *(ranking.clauses for ranking in rankings))], clauses):
        figures[int(found.query_id)]["R@10"] = float(found.value)
    return figures


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of ``values`` with its bootstrap interval (percentiles, 95 %)."""
    _library()
    import numpy
    from scipy import stats

    mean = float(numpy.mean(values))
    if len(set(values)) == 1:  # nothing to resample
        return Estimate(mean, mean, mean)
    found = stats.bootstrap(
        (values,), numpy.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile", batch=200, rng=SEED
    ).confidence_interval
    return Estimate(mean, float(found.low), float(found.high))


def difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """What ``after`` gained over ``before``, query by query in the same order."""
    _library()
    import numpy
    from scipy import stats

    gained = [new - old for old, new in zip(before, after, strict=True)]
    if not any(gained):
        return Difference(0.0, 1.0)
    test = stats.permutation_test(
        (gained,), numpy.mean, permutation_type="samples", n_resamples=RESAMPLES, batch=200, alternative="two-sided", rng=SEED
    )
    return Difference(float(numpy.mean(gained)), float(test.pvalue))


def _library() -> Any:
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        raise UsageError(_('Figures need more than a search does; install it with: pip install "kgsearch[evaluation]"')) from error
    return ir_measures


def _calculated(measures: Any, wanted: Sequence[Any], judged: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Any:
    """What the library makes of pairs of right names and found names, the best first."""
    right = [measures.Qrel(str(number), name, 1) for number, (names, _found) in enumerate(judged) for name in names]
    found = [
        measures.ScoredDoc(str(number), name, float(-place))
        for number, (_names, ranked) in enumerate(judged)
        for place, name in enumerate(ranked)
    ]
    return measures.iter_calc(wanted, right, found)


def _by_hit(ranking: Judged) -> tuple[list[str], list[str]]:
    """The hits that are right, with the clauses that no hit is, and all hits."""
    seen = {number for numbers in ranking.right for number in numbers}
    right = [f"hit {place}" for place, numbers in enumerate(ranking.right) if numbers]
    missed = [f"clause {number}" for number in range(ranking.clauses) if number not in seen]
    return [*right, *missed], [f"hit {place}" for place in range(len(ranking.right))]


def _by_clause(ranking: Judged) -> tuple[list[str], list[str]]:
    found = dict.fromkeys(number for numbers in ranking.right[:DEPTH] for number in numbers)
    return [f"clause {number}" for number in range(ranking.clauses)], [f"clause {number}" for number in found]


def means(figures: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """Each measure over all queries."""
    return {name: estimate([figure[name] for figure in figures]) for name in MEASURES}
