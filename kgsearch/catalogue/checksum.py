"""A digest of all that is stored of a document's text and references, by which a change that nobody made is known.

Made of the values as the database holds them, when they are written and when they are checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

DOCUMENT = (
    "id, number, number_key, name_key, named_year, type, title, issuer, place, issued, signer, signer_title, effective, effective_in, "
    "secrecy, expires, expires_in, head, recipients, bases, warnings, header, crc"
)
CLAUSE = (
    "position, last, eid, parent, kind, label, number, heading, text, citation, citation_key, headings, page, spans, footnotes, "
    'marked_in, "columns", cells, crc'
)
REFERENCE = 'eid, text, start, "end", form, document, number, year, issued, clauses, relation, since, number_key, name_key, sought'
_QUERIES = (
    f"SELECT {DOCUMENT} FROM documents WHERE key = ?",
    f"SELECT {CLAUSE} FROM clauses WHERE document_key = ? ORDER BY position",
    f'SELECT {REFERENCE} FROM "references" WHERE document_key = ? ORDER BY key',
)


Values = tuple[Any, ...]
"""A row of plain values: text, whole numbers, None."""


Execute = Callable[[str, tuple[int]], Iterable[Any]]
"""How a connection is asked; it reads text by `decoded`."""


def names(columns: str) -> tuple[str, ...]:
    """The names in a list of columns."""
    return tuple(column.strip('"') for column in columns.split(", "))


def checksum(*tables: Iterable[Values]) -> str:
    """The digest of rows of plain values: that of the document, those of its clauses, those of its references."""
    digest = hashlib.blake2b(digest_size=16)
    for rows in tables:
        for row in rows:
            digest.update(repr(tuple(row)).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def document_checksum(execute: Execute, key: int) -> str:
    """The digest of what the database holds of the document ``key``."""
    return checksum(*(execute(sql, (key,)) for sql in _QUERIES))


def is_altered(execute: Execute, key: int, written: str) -> bool:
    """Whether the database holds something else of the document ``key`` than what had the digest ``written``."""
    return document_checksum(execute, key) != written


def decoded(text: bytes) -> str:
    """Text as the database holds it; what a flipped bit has made no text is replaced, so that it can be compared and written over."""
    return text.decode("utf-8", "replace")
