"""The parser: from a file's lines to documents with their trees of clauses. Pure: it neither opens files nor knows an index."""

from kgsearch.parser.document import parse

__all__ = ["parse"]
