"""Comparing: two documents, or two clauses of them, set side by side: clause by clause first, then by word. Pure functions over the
catalogue's records."""

from kgsearch.comparing.alignment import Comparison, Pair, State, compare
from kgsearch.comparing.words import Effort, differing_words

__all__ = ["Comparison", "Effort", "Pair", "State", "compare", "differing_words"]
