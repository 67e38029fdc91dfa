"""Citations: write them, read one that a person typed, find document numbers in running text."""

from kgsearch.citations.numbers import number_key
from kgsearch.citations.write import cite, clause_citation

__all__ = ["cite", "clause_citation", "number_key"]
