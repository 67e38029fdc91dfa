"""The JSON API, as openapi.py describes it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from kgsearch.errors import UsageError
from kgsearch.i18n import gettext as _
from kgsearch.server.openapi import description
from kgsearch.server.parameters import DOCUMENTS_PARAMETERS, MAX_HITS, MAX_OFFSET, filters_of, refuse_unknown, search_request, whole_number
from kgsearch.server.service import search_service

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "index_unavailable"}


@blueprint.get("/search")
def search() -> Response:
    """Clauses that answer a query."""
    asked = search_request(request.args)
    result = search_service().search(asked.query, filters=asked.filters, sort=asked.sort, limit=asked.limit, offset=asked.offset)
    return jsonify(result.to_json())


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
    limit = whole_number(request.args, "n", MAX_HITS, 1, MAX_HITS)
    offset = whole_number(request.args, "offset", 0, 0, MAX_OFFSET)
    found = search_service().reader.documents(filters)
    return jsonify({"total": len(found), "documents": [record.to_json() for record in found[offset : offset + limit]]})


@blueprint.get("/status")
def status() -> Response:
    """What is indexed, by what, since when, and what failed."""
    refuse_unknown(request.args, ("lang",))
    return jsonify(dict(search_service().status()))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """This API described."""
    refuse_unknown(request.args, ("lang",))
    return jsonify(description())


def error_response(status: int, message: str) -> Response:
    """``{error: {code, message}}`` with ``status``."""
    body: dict[str, Any] = {"error": {"code": _CODES.get(status, "bad_request" if status < 500 else "internal_error"), "message": message}}
    response = jsonify(body)
    response.status_code = status
    return response
