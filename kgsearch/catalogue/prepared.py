"""Documents made ready to be written: all that needs no database, so that other processes can do it. Without the object mapper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from kgsearch.catalogue.checksum import CLAUSE, DOCUMENT, REFERENCE, Values, checksum, names
from kgsearch.catalogue.flattening import Row, clause_rows, content_digest, document_row, plain, plain_clauses, reference_rows
from kgsearch.catalogue.passages import passages_of, title_line
from kgsearch.catalogue.records import CLAUSE_SHOWN, DOCUMENT_SHOWN, clause_record, document_record, row_checksum
from kgsearch.i18n import gettext as _
from kgsearch.models import Document, DocumentRecord, Passage

_DOCUMENT, _CLAUSE, _REFERENCE = names(DOCUMENT), names(CLAUSE), names(REFERENCE)


def _shown(columns: str) -> tuple[str, ...]:
    """The names, in our rows, of columns as a query names them."""
    return tuple(column.split(" AS ")[-1].rpartition(".")[2] for column in columns.split(", "))


_DOCUMENT_SHOWN = _shown(DOCUMENT_SHOWN)
_clause_shown, _clause_values = itemgetter(*_shown(CLAUSE_SHOWN)), itemgetter(*_CLAUSE)


@dataclass(frozen=True, slots=True)
class Holding:
    """A document as a file holds it, ready to be written: values as the database holds them.

    ``clauses`` and ``references`` are rows of the columns `checksum.CLAUSE` and `checksum.REFERENCE`; ``content`` is the digest that
    decides whether the engine has to be told, ``checksum`` that of everything.
    """

    document: Row
    clauses: list[Values]
    references: list[Values]
    content: str
    checksum: str

    @property
    def id(self) -> str:
        """The document's id."""
        return str(self.document["id"])

    def record(self, path: str) -> DocumentRecord:
        """The document as the catalogue will know it, read from the file at ``path`` alone."""
        return document_record(self.document, [(path, self.content)])

    def passages(self) -> list[Passage]:
        """What `Catalogue.passages` will give of it."""
        rows = [{**dict(zip(_CLAUSE, row, strict=True)), "document": self.id} for row in self.clauses]
        clauses = [clause_record(row, rows[row["position"] + 1 : row["last"] + 1]) for row in rows]
        return passages_of(self.id, title_line(self.record("")), clauses)


def holdings_of(held: Sequence[Document]) -> list[Holding]:
    """The documents of one file, ready to be written. Raises ValueError for a document whose clauses share an eId.

    One that stands twice in the file is taken once; two with one id and different words are both kept, the second as ``id-2``.
    """
    taken: dict[str, str] = {}
    return [holding for document in held for holding in _distinct(document, taken)]


def _distinct(document: Document, taken: dict[str, str]) -> Iterator[Holding]:
    """The holding of ``document`` under an id that is not in ``taken`` (id -> digest), nothing where it is there already."""
    rows, references = clause_rows(document), reference_rows(document)
    # The digest is of the document under its own id, so that a copy is known whatever id it would get.
    content = content_digest(document_row(document), rows)
    number = 1
    while (document_id := document.id if number == 1 else f"{document.id}-{number}") in taken:
        if taken[document_id] == content:
            return
        number += 1
    taken[document_id] = content
    if number > 1:
        warning = _("The file holds several documents with the id {id}; this is number {number}.").format(id=document.id, number=number)
        document = replace(document, id=document_id, warnings=(*document.warnings, warning))
    of_document = document_row(document)
    of_document["crc"] = row_checksum(plain(of_document, _DOCUMENT_SHOWN))
    row = dict(zip(_DOCUMENT, plain(of_document, _DOCUMENT), strict=True))
    of_clauses: list[Values] = []
    for one in plain_clauses(rows):
        one["document"] = document_id
        one["crc"] = row_checksum(_clause_shown(one))
        of_clauses.append(_clause_values(one))
    of_references = [plain(one, _REFERENCE) for one in references]
    yield Holding(row, of_clauses, of_references, content, checksum([tuple(row.values())], of_clauses, of_references))
