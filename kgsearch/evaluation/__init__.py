"""Judged questions become figures: how often the right clause comes first, how sure that is, and what a change made better or worse."""

from kgsearch.evaluation.asking import asker
from kgsearch.evaluation.report import Evaluation, earlier_report, evaluate, lines, read_report

__all__ = ["Evaluation", "asker", "earlier_report", "evaluate", "lines", "read_report"]
