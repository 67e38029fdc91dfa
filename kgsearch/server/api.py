"""The JSON API, as openapi.py describes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request

from kgsearch.comparing import State
from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.retrieval.agencies import in_every_spelling
from kgsearch.server.answers import asked_answer
from kgsearch.server.asked import asked_document
from kgsearch.server.compared import CHANGES, EVERYTHING, Place, asked_place, compared_view, comparisons
from kgsearch.server.connections import read_connections
from kgsearch.server.holdings import holdings
from kgsearch.server.link_json import incoming_json, linked_json, missing_json, relation_json, standing_json
from kgsearch.server.openapi import description
from kgsearch.server.parameters import (
    COMPARE_PARAMETERS,
    DOCUMENTS_PARAMETERS,
    MAX_HITS,
    MAX_OFFSET,
    PAGED_PARAMETERS,
    filters_of,
    refuse_unknown,
    search_request,
    whole_number,
)
from kgsearch.server.service import search_service
from kgsearch.server.status import status_json
from kgsearch.server.suggestions import suggestions_json
from kgsearch.server.version_json import pairs_json, place_json, version_entry, version_json
from kgsearch.server.versions import asked_version, version_number

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "index_unavailable"}


@blueprint.get("/search")
def search() -> Response:
    """Clauses that answer a query."""
    asked = search_request(request.args)
    result = search_service().search(
        asked.query, filters=asked.filters, sort=asked.sort, limit=asked.limit, offset=asked.offset, exact=asked.exact
    )
    return jsonify(result.to_json())


@blueprint.get("/suggest")
def suggest() -> Response:
    """What may be meant by what is typed so far."""
    return jsonify(suggestions_json(search_service(), request.args))


@blueprint.get("/ask")
def ask() -> Response:
    """The answer to a question, or the reason why there is none."""
    return jsonify(asked_answer(search_service(), request.args).to_json())


@blueprint.get("/show")
def show() -> Response:
    """What a citation or an id names."""
    refuse_unknown(request.args, ("id", "lang"))
    name = request.args.get("id", "").strip()
    if not name:
        raise UsageError(_("The parameter “id” is missing: give a citation or an id."))
    return jsonify({"matches": [match.to_json() for match in search_service().show(name)]})


@blueprint.get("/documents")
def documents() -> Response:
    """The documents of the catalogue."""
    refuse_unknown(request.args, DOCUMENTS_PARAMETERS)
    filters = filters_of(request.args)
    limit, offset = _page()
    reader = search_service().reader
    found = reader.documents(in_every_spelling(filters, holdings(reader).agencies) if filters.issuers else filters)
    return jsonify({"total": len(found), "documents": [record.to_json() for record in found[offset : offset + limit]]})


@blueprint.get("/documents/<document_id>/relations")
def relations(document_id: str) -> Response:
    """A document's standing, what it says of others and what others say of it."""
    refuse_unknown(request.args, ("lang",))
    record = asked_document(document_id)
    connections = read_connections(search_service().reader, record)
    return jsonify(
        {
            "document": record.to_json(),
            "standing": standing_json(connections.standing(date.today())),
            "outgoing": [relation_json(one) for one in connections.outgoing],
            "incoming": [relation_json(one) for one in connections.incoming],
        }
    )


@blueprint.get("/documents/<document_id>/references")
def references(document_id: str) -> Response:
    """What a document cites, in the order of its text."""
    refuse_unknown(request.args, PAGED_PARAMETERS)
    limit, offset = _page()
    found = search_service().reader.references(asked_document(document_id).id)
    return jsonify({"total": len(found), "references": [linked_json(one) for one in found[offset : offset + limit]]})


@blueprint.get("/documents/<document_id>/cited-by")
def cited_by(document_id: str) -> Response:
    """What cites a document or a clause of it, the newest document first."""
    refuse_unknown(request.args, ("eid", *PAGED_PARAMETERS))
    limit, offset = _page()
    eid = request.args.get("eid", "")
    found = [one for one in search_service().reader.cited_by(asked_document(document_id).id) if not eid or one.target.eid == eid]
    return jsonify({"total": len(found), "references": [incoming_json(one) for one in found[offset : offset + limit]]})


@blueprint.get("/documents/<document_id>/versions")
def versions(document_id: str) -> Response:
    """The earlier versions of a document that are kept, newest first."""
    refuse_unknown(request.args, ("lang",))
    record = asked_document(document_id)
    found = search_service().reader.versions(record.id)
    return jsonify({"document": record.to_json(), "versions": [version_entry(record, one) for one in found]})


@blueprint.get("/documents/<document_id>/versions/<version>")
def version(document_id: str, version: str) -> Response:
    """A document as it was, clause by clause."""
    refuse_unknown(request.args, PAGED_PARAMETERS)
    limit, offset = _page()
    record = asked_document(document_id)
    found = asked_version(record, version_number(version))
    return jsonify(version_json(record, found, slice(offset, offset + limit)))


@blueprint.get("/compare")
def comparison() -> Response:
    """Two documents, versions or clauses compared, clause by clause."""
    refuse_unknown(request.args, COMPARE_PARAMETERS)
    limit, offset = _page()
    view = compared_view(request.args, CHANGES)
    changed = search_service().reader.meta().get("changed")
    first, second = (_place(name) for name in ("a", "b"))
    if (first.clause is None) != (second.clause is None):
        raise UsageError(_("“a” and “b” must both be documents, or both clauses."))
    found = comparisons().get(first, second, changed)
    pairs = [pair for pair in found.pairs if view == EVERYTHING or pair.state is not State.SAME]
    return jsonify(
        {
            "a": place_json(first),
            "b": place_json(second),
            "counts": {str(state): count for state, count in found.counts().items()},
            "total": len(pairs),
            "pairs": pairs_json(pairs[offset : offset + limit], first, second),
        }
    )


@blueprint.get("/missing")
def missing() -> Response:
    """Documents that are cited and not in the catalogue, most cited first."""
    refuse_unknown(request.args, PAGED_PARAMETERS)
    total, found = search_service().reader.missing(*_page())
    return jsonify({"total": total, "missing": [missing_json(one) for one in found]})


@blueprint.get("/status")
def status() -> Response:
    """What is indexed, what failed, what waits, what runs now, what the last run did."""
    refuse_unknown(request.args, ("lang",))
    return jsonify(status_json())


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API described."""
    refuse_unknown(request.args, ("lang",))
    return jsonify(description())


def _page() -> tuple[int, int]:
    """How many are asked for, and how many are to be passed over."""
    return whole_number(request.args, "n", MAX_HITS, 1, MAX_HITS), whole_number(request.args, "offset", 0, 0, MAX_OFFSET)


def _place(name: str) -> Place:
    """The side of a comparison that the parameter ``name`` names."""
    text = request.args.get(name, "").strip()
    if not text:
        raise UsageError(_("The parameter “{name}” is missing: give a document's id, id@version, or either with #eid.").format(name=name))
    return asked_place(text)


def error_response(status: int, message: str) -> Response:
    """``{error: {code, message}}`` with ``status``."""
    body: dict[str, Any] = {"error": {"code": _CODES.get(status, "bad_request" if status < 500 else "internal_error"), "message": message}}
    response = jsonify(body)
    response.status_code = status
    return response
