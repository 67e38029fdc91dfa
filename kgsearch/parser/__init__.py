"""The parser: from a file's lines to documents with their trees of clauses. Pure: it neither opens files nor knows an index."""

from kgsearch.parser.document import parse

PARSER_VERSION = 3
"""Raised whenever the same file would give other documents, clauses or citations: files read by another version are read again."""

__all__ = ["PARSER_VERSION", "parse"]
