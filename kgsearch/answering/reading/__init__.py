"""Clauses read for the sentence that answers a question: `reader` does it, the other modules judge one thing each."""
