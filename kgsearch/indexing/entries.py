"""What an engine is given of a document: its passages analysed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kgsearch.catalogue.passages import passages_of, title_line
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.engines.base import Entry
from kgsearch.errors import KgsearchError
from kgsearch.indexing.report import described
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


def entries_in(catalogue: Path, document_id: str) -> list[Entry] | str:
    """The entries of a document of the catalogue, in any process; none where there is no such document.

    Where its words defeat the analysis, why, in one line. Raises IndexStateError where the catalogue cannot be read.
    """
    with CatalogueReader(catalogue) as reader:
        document = reader.document(document_id)
        if document is None:
            return []
        passages = passages_of(document_id, title_line(document), reader.clauses(document_id))
    try:
        return list(entries_of(document, passages))
    except KgsearchError:
        raise
    except Exception as error:
        return described(error)
