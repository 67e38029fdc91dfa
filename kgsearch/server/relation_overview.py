"""All relations of a document on one page: the diagram, and as a list what it shows."""

from __future__ import annotations

from datetime import date

from flask import render_template

from kgsearch.i18n import gettext as _
from kgsearch.models import DocumentRecord
from kgsearch.server.connections import read_connections
from kgsearch.server.diagram import drawings
from kgsearch.server.relations import deciding_clauses, relation_groups, shown_standing
from kgsearch.server.service import search_service


def relation_overview(record: DocumentRecord) -> str:
    """The page of all relations of ``record``. Raises IndexStateError where the catalogue cannot be read."""
    reader = search_service().reader
    connections = read_connections(reader, record)
    own = {clause.eid: clause for clause in reader.clauses(record.id)}
    today = date.today()
    groups = relation_groups(connections, own)
    return render_template(
        "relation_overview.html",
        document=record,
        groups=groups,
        drawings=drawings(record, groups, _("and {count} more")),
        standing=shown_standing(connections, deciding_clauses(reader, connections, own, today), today),
    )
