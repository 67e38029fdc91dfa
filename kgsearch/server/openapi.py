"""The API described in OpenAPI 3.1: what it takes and what it gives, no more and no less."""

from __future__ import annotations

from typing import Any

import kgsearch
from kgsearch.models import Kind
from kgsearch.server.parameters import DOCUMENTS_PARAMETERS, MAX_HITS, MAX_OFFSET, MAX_VALUE_LENGTH, MAX_VALUES, SEARCH_PARAMETERS, YEARS
from kgsearch.server.service import SORTS

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_DAY: Json = {"type": ["string", "null"], "format": "date"}


def _list(items: Json, **more: Any) -> Json:
    return {"type": "array", "items": items, **more}


def _record(properties: Json) -> Json:
    """An object that has these properties, all of them and no others."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _several(items: Json, description: str) -> Json:
    return {"description": description, "schema": _list(items, maxItems=MAX_VALUES), "explode": True, "style": "form"}


_VALUE: Json = {"type": "string", "maxLength": MAX_VALUE_LENGTH}

_PARAMETERS: Json = {
    "q": {
        "description": "What to look for: words with or without marks, a document's number, or a citation.",
        "schema": _TEXT,
        "required": True,
    },
    "id": {"description": "A citation, a document's number or id, or `document#eid`.", "schema": _TEXT, "required": True},
    "type": _several(_VALUE, "Types of document, such as Nghị quyết."),
    "issuer": _several(_VALUE, "Issuing agencies."),
    "year": _several({"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]}, "Years of issue."),
    "document": _several(_VALUE, "Ids of documents."),
    "from": {"description": "First date of issue.", "schema": {"type": "string", "format": "date"}},
    "to": {"description": "Last date of issue.", "schema": {"type": "string", "format": "date"}},
    "sort": {"description": "Order of the hits.", "schema": {"type": "string", "enum": list(SORTS), "default": SORTS[0]}},
    "n": {"description": "How many to give.", "schema": {"type": "integer", "minimum": 1, "maximum": MAX_HITS}},
    "offset": {
        "description": "How many to pass over first.",
        "schema": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
    },
    "lang": {"description": "Language of error messages.", "schema": {"type": "string", "enum": ["vi", "en"]}},
}

_SCHEMAS: Json = {
    "Document": _record(
        {
            "id": _TEXT,
            "number": _TEXT,
            "type": _TEXT,
            "title": _TEXT,
            "issuer": _TEXT,
            "issued": _DAY,
            "signer": _TEXT,
            "file": _TEXT | {"description": "Path of its first file in the corpus folder, or empty."},
        }
    ),
    "Hit": _record(
        {
            "rank": {"type": "integer", "minimum": 0},
            "score": {"type": "number"},
            "citation": _TEXT | {"description": "The short form, for a document already cited."},
            "citation_full": _TEXT | {"description": "The full form, for the first time."},
            "eid": _TEXT,
            "kind": {"type": "string", "enum": [str(kind) for kind in Kind]},
            "text": _TEXT | {"description": "The clause's own words."},
            "full_text": _TEXT | {"description": "Its own words and those of what stands in it."},
            "headings": _list(_TEXT),
            "highlights": _list(
                _list(_COUNT, minItems=2, maxItems=2), description="Half-open ranges of `text`, in characters (Unicode code points)."
            ),
            "page": {"type": ["integer", "null"], "minimum": 1},
            "url": _TEXT | {"description": "Path of the clause's permalink on this server."},
            "document": _reference("Document"),
        }
    ),
    "Counted": _record({"value": _TEXT, "count": _COUNT}),
    "SearchResult": _record(
        {
            "query": _TEXT,
            "understood": _TEXT,
            "total": _COUNT,
            "hits": _list(_reference("Hit"), maxItems=MAX_HITS),
            "facets": {"type": "object", "additionalProperties": _list(_reference("Counted"))},
            "suggestion": {"type": ["string", "null"]},
        }
    ),
    "Matches": _record({"matches": _list({"oneOf": [_reference("Hit"), _reference("Document")]})}),
    "Documents": _record({"total": _COUNT, "documents": _list(_reference("Document"), maxItems=MAX_HITS)}),
    "Status": {
        "type": "object",
        "properties": {"documents": _COUNT, "clauses": _COUNT, "passages": _COUNT, "engine_error": {"type": ["string", "null"]}},
        "required": ["documents", "clauses", "passages", "engine_error"],
        "description": "What is indexed, by what, since when, and what failed.",
    },
    "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    "Error": _record({"error": _record({"code": _TEXT, "message": _TEXT})}),
}

_ERRORS: Json = {
    "400": "A parameter is missing, unknown or out of its bounds.",
    "404": "Nothing answers to the id.",
    "503": "There is no index that can be used; the message says what to do.",
}


def _parameters(names: tuple[str, ...], default_count: int) -> list[Json]:
    described = []
    for name in names:
        parameter = {"name": name, "in": "query", "required": False, **_PARAMETERS[name]}
        if name == "n":
            parameter["schema"] = {**parameter["schema"], "default": default_count}
        described.append(parameter)
    return described


def _get(summary: str, gives: str, parameters: tuple[str, ...], errors: tuple[str, ...], default_count: int = 10) -> Json:
    def answer(description: str, schema: str) -> Json:
        return {"description": description, "content": {"application/json": {"schema": _reference(schema)}}}

    responses = {"200": answer("Done.", gives)} | {code: answer(_ERRORS[code], "Error") for code in errors}
    return {"get": {"operationId": gives, "summary": summary, "parameters": _parameters(parameters, default_count), "responses": responses}}


def description() -> Json:
    """The whole description, as ``/api/v1/openapi.json`` serves it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kgsearch",
            "version": kgsearch.__version__,
            "description": "Search with exact legal citations over Vietnamese government documents.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/v1/search": _get("Clauses that answer a query, best first.", "SearchResult", SEARCH_PARAMETERS, ("400", "503")),
            "/api/v1/show": _get(
                "The clauses or documents that a citation or an id names.", "Matches", ("id", "lang"), ("400", "404", "503")
            ),
            "/api/v1/documents": _get("The documents, newest first.", "Documents", DOCUMENTS_PARAMETERS, ("400", "503"), MAX_HITS),
            "/api/v1/status": _get("What is indexed.", "Status", ("lang",), ("400", "503")),
            "/api/v1/openapi.json": _get("This description.", "Description", ("lang",), ("400",)),
        },
        "components": {"schemas": _SCHEMAS},
    }
