"""What one document has to do with others, read once for a page: references both ways, relations, and the documents that they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kgsearch.catalogue.standing import standing
from kgsearch.models import DocumentRecord, Filters, IncomingReference, LinkedReference, RelationRecord, Standing
from kgsearch.server.service import CatalogueView


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections of ``document``; ``records`` are the documents that they name, by id."""

    document: DocumentRecord
    references: Sequence[LinkedReference]
    cited_by: Sequence[IncomingReference]
    outgoing: Sequence[RelationRecord]
    incoming: Sequence[RelationRecord]
    records: Mapping[str, DocumentRecord]

    def standing(self, today: date) -> Standing:
        """Whether the document has effect on the day ``today``."""
        return standing(self.document, self.incoming, self.records.get, today)


def read_connections(reader: CatalogueView, document: DocumentRecord) -> Connections:
    """The connections of ``document``, in a number of look-ups that does not depend on how many they are.

    Raises IndexStateError where the catalogue cannot be read.
    """
    references, cited_by, outgoing, incoming = reader.links(document.id)
    ids = set(_ids(references, cited_by, outgoing, incoming))
    return Connections(document, references, cited_by, outgoing, incoming, records_of(reader, ids))


def read_links(reader: CatalogueView, document: DocumentRecord, eid: str, shown: Collection[str]) -> Connections:
    """Only what the clauses ``shown`` of ``document`` cite, and by what ``eid`` and those in it are cited; no relations.

    Raises IndexStateError where the catalogue cannot be read.
    """
    references = [one for one in reader.references(document.id) if one.reference.eid in shown]
    cited_by = reader.citing_clause(document.id, eid)
    return Connections(document, references, cited_by, (), (), records_of(reader, set(_ids(references, cited_by, (), ()))))


def records_of(reader: CatalogueView, ids: set[str]) -> dict[str, DocumentRecord]:
    """The documents with these ids, in one look-up."""
    if not ids:
        return {}
    return {record.id: record for record in reader.documents(Filters(documents=tuple(sorted(ids))))}


def _ids(
    references: Sequence[LinkedReference],
    cited_by: Sequence[IncomingReference],
    outgoing: Sequence[RelationRecord],
    incoming: Sequence[RelationRecord],
) -> Iterator[str]:
    yield from (target.document for linked in references for target in linked.targets)
    yield from (one.source.document for one in cited_by)
    yield from (one.target.document for one in outgoing if one.target)
    yield from (one.source.document for one in incoming)
