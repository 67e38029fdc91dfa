"""The document and the clause that an address names."""

from __future__ import annotations

from collections.abc import Sequence

from kgsearch.errors import NotFoundError
from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, DocumentRecord
from kgsearch.server.service import search_service


def asked_document(document_id: str) -> DocumentRecord:
    """The document with this id. Raises NotFoundError where there is none."""
    record = search_service().reader.document(document_id)
    if record is None:
        raise NotFoundError(_("There is no document “{id}”.").format(id=document_id[:80]))
    return record


def asked_clause(clauses: Sequence[ClauseRecord], eid: str) -> ClauseRecord:
    """The clause with this eId among ``clauses``. Raises NotFoundError where there is none."""
    found = next((clause for clause in clauses if clause.eid == eid), None)
    if found is None:
        raise NotFoundError(_("The document has no clause “{eid}”.").format(eid=eid[:80]))
    return found
