"""What an engine is given of a document: its passages analysed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgsearch.engines.base import Entry
from kgsearch.language import Analysis, analyse, fields
from kgsearch.models import DocumentRecord, Passage


def entries_of(document: DocumentRecord, passages: Iterable[Passage]) -> Iterator[Entry]:
    """The entries of a document's passages, in their order."""
    # Siblings have the same context, and a document's passages come in its order.
    context, analysed = "", Analysis()
    for passage in passages:
        if passage.context != context:
            context, analysed = passage.context, analyse(passage.context)
        text = analyse(passage.text)
        yield Entry(
            passage=passage.id,
            document=passage.document,
            clause=passage.clause,
            type=document.type,
            issuer=document.issuer,
            issued=document.issued,
            tokens=fields(analysed, text),
            context=analysed.marked,
            text=text.marked,
        )
