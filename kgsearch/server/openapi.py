"""The API described in OpenAPI 3.1: what it takes and what it gives, no more and no less."""

from __future__ import annotations

from typing import Any

import kgsearch
from kgsearch.comparing import State
from kgsearch.indexing.progress import PHASES
from kgsearch.models import Force, Kind, LinkState, ReadingKind, Relation
from kgsearch.retrieval.searcher import MAX_LISTED
from kgsearch.retrieval.suggestions import SUGGESTIONS
from kgsearch.server.answers import ASK_PARAMETERS, MAX_NEAREST, NEAREST
from kgsearch.server.compared import CHANGES, EVERYTHING
from kgsearch.server.parameters import (
    COMPARE_PARAMETERS,
    DOCUMENTS_PARAMETERS,
    MAX_HITS,
    MAX_OFFSET,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    PAGED_PARAMETERS,
    SEARCH_PARAMETERS,
    YEARS,
)
from kgsearch.server.service import SORTS
from kgsearch.server.suggestions import KINDS, MAX_SUGGESTIONS, SUGGEST_PARAMETERS

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_AMOUNT: Json = {"type": "number", "minimum": 0}
_MOMENT: Json = {"type": "string", "format": "date-time"}
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


_SPAN: Json = _list(_COUNT, minItems=2, maxItems=2, description="A half-open range of the citing clause's `text`, in characters.")
_RELATION: Json = {"type": "string", "enum": [str(relation) for relation in Relation]}
_VALUE: Json = {"type": "string", "maxLength": MAX_VALUE_LENGTH}

_PARAMETERS: Json = {
    "q": {
        "description": "What to look for: words with or without marks, a document's number, or a citation; "
        '"…" for a phrase, -word to leave out, loai: nam: coquan: so: nguoiky: to filter.',
        "schema": _TEXT,
        "required": True,
    },
    "exact": {
        "description": "1: nothing of the query is decoded, expanded, left out or corrected.",
        "schema": {"type": "string", "enum": ["0", "1"], "default": "0"},
    },
    "id": {"description": "A citation, a document's number or id, or `document#eid`.", "schema": _TEXT, "required": True},
    "document_id": {"description": "A document's id.", "schema": _TEXT, "in": "path", "required": True},
    "version": {"description": "The number of a version.", "schema": {"type": "integer", "minimum": 1}, "in": "path", "required": True},
    "a": {"description": "What is compared: a document's id, `id@version`, or either with `#eid`.", "schema": _TEXT, "required": True},
    "b": {"description": "With what it is compared, named in the same way.", "schema": _TEXT, "required": True},
    "view": {
        "description": "Only the differences, or everything.",
        "schema": {"type": "string", "enum": [CHANGES, EVERYTHING], "default": CHANGES},
    },
    "eid": {"description": "Only what cites this clause itself.", "schema": _TEXT},
    "type": _several(_VALUE, "Types of document, such as Nghị quyết."),
    "issuer": _several(_VALUE, "Issuing agencies."),
    "year": _several({"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]}, "Years of issue."),
    "signer": _several(_VALUE, "Who signed."),
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

_HIT: Json = {
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
    "recognised": {
        "type": ["number", "null"],
        "minimum": 0,
        "maximum": 100,
        "description": "Where the page's words were recognised from a picture: how sure they are, in percent. Null where they were not.",
    },
    "url": _TEXT | {"description": "Path of the clause's permalink on this server."},
    "document": _reference("Document"),
}

_CLAUSE: Json = {
    "eid": _TEXT,
    "parent": _TEXT | {"description": "The eid of the clause that it stands in, or empty."},
    "kind": {"type": "string", "enum": [str(kind) for kind in Kind]},
    "label": _TEXT,
    "heading": _TEXT,
    "text": _TEXT | {"description": "The clause's own words."},
    "citation": _TEXT | {"description": "How it is cited, without its document."},
    "url": _TEXT | {"description": "Its path on this server."},
}
_SPANS: Json = _list(_list(_COUNT, minItems=2, maxItems=2), description="Half-open ranges of `text` that the other side has not.")
_RUNNING: Json = _record(
    {
        "phase": {"type": "string", "enum": list(PHASES)},
        "done": _COUNT,
        "total": _COUNT,
        "rate": _AMOUNT | {"description": "Steps a second."},
        "seconds_left": {"type": ["number", "null"], "description": "Of this phase; null where it cannot be told yet."},
        "started": _MOMENT,
        "pid": _COUNT,
    }
)
_WATCHING: Json = _record(
    {
        "pid": {"type": ["integer", "null"], "minimum": 0, "description": "The process; null where it is not known."},
        "trouble_since": {"oneOf": [_MOMENT, {"type": "null"}], "description": "Since when it cannot follow the folder."},
    }
)
_PHASE: Json = _record({"done": _COUNT, "seconds": _AMOUNT, "rate": _AMOUNT | {"description": "Steps a second."}})
_LAST_RUN: Json = _record(
    {
        "started": _MOMENT,
        "ended": _MOMENT,
        **dict.fromkeys(("added", "changed", "moved", "removed", "unchanged", "failed", "waiting"), _COUNT | {"description": "Files."}),
        "documents": _COUNT | {"description": "Held after it."},
        "clauses": _COUNT | {"description": "Held after it."},
        "phases": {"type": "object", "propertyNames": {"enum": list(PHASES)}, "additionalProperties": _PHASE},
        "seconds": _AMOUNT,
    }
)
_LEXICON: Json = _record({"version": _COUNT, "syllables": _COUNT, "documents": _COUNT, "learnt": _MOMENT})
_FILE: Json = _record({"file": _TEXT | {"description": "Its path in the corpus folder."}, "reason": _TEXT})

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
    "Hit": _record(_HIT),
    "Evidence": _record(
        {
            **_HIT,
            "quote": _TEXT | {"description": "The words of the clause that answer, to the letter, from its `text` or `full_text`."},
            "marked": _list(_list(_COUNT, minItems=2, maxItems=2), description="Half-open ranges of `quote`: what answers."),
            "remark": {"type": ["string", "null"], "enum": ["target", "result", None]},
        }
    ),
    "Answer": _record(
        {
            "question": _TEXT,
            "answer": {"type": ["string", "null"], "description": "Stands in the first evidence's `quote`; null where there is none."},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "evidence": _list(_reference("Evidence"), description="The clause that answers, then others that do."),
            "differing": _list(_reference("Evidence"), description="What other clauses say otherwise, the newest document first."),
            "nearest": _list(_reference("Hit"), maxItems=MAX_NEAREST, description="Clauses to look at where there is no answer."),
            "reason": {"type": ["string", "null"], "description": "Why there is no answer."},
        }
    ),
    "Counted": _record({"value": _TEXT, "count": _COUNT}),
    "SearchResult": _record(
        {
            "query": _TEXT,
            "understood": _TEXT,
            "total": _COUNT
            | {
                "description": f"Of all matches. Of those for words at most {MAX_LISTED:,} are listed: beyond, `hits` is empty. "
                "It can be empty a little before `total` too: a clause that stands in a better hit is counted and not listed."
            },
            "hits": _list(_reference("Hit"), maxItems=MAX_HITS),
            "facets": {"type": "object", "additionalProperties": _list(_reference("Counted"))},
            "suggestion": {"type": ["string", "null"]},
            "readings": _list(_reference("Reading"), description="What the query was read as, and what of it stands nowhere."),
        }
    ),
    "Reading": _record(
        {
            "kind": {"type": "string", "enum": [str(kind) for kind in ReadingKind]},
            "typed": _TEXT,
            "read": _TEXT | {"description": "What it was read as, or empty."},
            "undo": _TEXT | {"description": "The query that is not read so."},
            "exact": {"type": "boolean", "description": "Whether `undo` must be searched for with `exact=1`."},
        }
    ),
    "Suggestion": _record(
        {
            "kind": {"type": "string", "enum": list(KINDS)},
            "text": _TEXT | {"description": "A document's type and number, or what was typed completed to a phrase."},
            "detail": _TEXT | {"description": "A document's title and date, or empty."},
            "url": _TEXT | {"description": "Path of the document, or of the search for the phrase, on this server."},
        }
    ),
    "Suggestions": _record({"query": _TEXT, "suggestions": _list(_reference("Suggestion"), maxItems=MAX_SUGGESTIONS)}),
    "Matches": _record({"matches": _list({"oneOf": [_reference("Hit"), _reference("Document")]})}),
    "Documents": _record({"total": _COUNT, "documents": _list(_reference("Document"), maxItems=MAX_HITS)}),
    "Place": _record(
        {
            "document": _TEXT | {"description": "Id of a document."},
            "eid": _TEXT | {"description": "A clause of it, or empty for the document as a whole."},
            "url": _TEXT | {"description": "Its path on this server."},
        }
    ),
    "LinkedReference": _record(
        {
            "eid": _TEXT | {"description": "The clause that cites."},
            "text": _TEXT | {"description": "What stands there."},
            "span": _SPAN,
            "form": _TEXT,
            "document": _TEXT | {"description": "The document as it is named; `this` for the one that cites."},
            "number": _TEXT,
            "year": {"type": ["integer", "null"]},
            "issued": _DAY,
            "clauses": _list(_TEXT, description="The clauses that it names, as they are cited."),
            "relation": _RELATION,
            "since": _DAY | {"description": "The day from which what is repealed or replaced ends, where the clause names one."},
            "state": {"type": "string", "enum": [str(state) for state in LinkState]},
            "targets": _list(_reference("Place"), description="Where it leads; the candidates where it is ambiguous."),
        }
    ),
    "IncomingReference": _record(
        {
            "target": _reference("Place"),
            "source": _reference("Place"),
            "citation": _TEXT | {"description": "How the clause that cites is cited, without its document."},
            "text": _TEXT,
            "span": _SPAN,
            "relation": _RELATION,
        }
    ),
    "Relation": _record(
        {
            "relation": _RELATION,
            "source": _reference("Place") | {"description": "The clause that says so."},
            "target": {"oneOf": [_reference("Place"), {"type": "null"}], "description": "Null for what is not in the catalogue."},
            "named": _TEXT,
            "whole": {"type": "boolean", "description": "Whether it is said of the document as a whole."},
            "since": _DAY | {"description": "From this day on, where the clause names one."},
        }
    ),
    "Standing": _record(
        {
            "force": {"type": "string", "enum": [str(force) for force in Force]},
            "since": _DAY,
            "clauses": _list(_reference("Place"), description="The clauses that say so, the deciding one first."),
        }
    ),
    "Relations": _record(
        {
            "document": _reference("Document"),
            "standing": _reference("Standing"),
            "outgoing": _list(_reference("Relation")),
            "incoming": _list(_reference("Relation")),
        }
    ),
    "References": _record({"total": _COUNT, "references": _list(_reference("LinkedReference"), maxItems=MAX_HITS)}),
    "CitedBy": _record({"total": _COUNT, "references": _list(_reference("IncomingReference"), maxItems=MAX_HITS)}),
    "MissingDocument": _record(
        {
            "named": _TEXT,
            "number": _TEXT,
            "references": _COUNT,
            "documents": _COUNT | {"description": "How many documents cite it."},
            "first": _reference("Place") | {"description": "One of the clauses that do."},
        }
    ),
    "Missing": _record({"total": _COUNT, "missing": _list(_reference("MissingDocument"), maxItems=MAX_HITS)}),
    "VersionEntry": _record(
        {
            "number": {"type": "integer", "minimum": 1, "description": "From 1, the oldest, up."},
            "replaced": _MOMENT | {"description": "Since when the document says something else."},
            "file": _TEXT | {"description": "Path of the file that it was read from, or empty."},
            "title": _TEXT,
            "issued": _DAY,
            "clauses": _COUNT,
            "url": _TEXT | {"description": "Its path on this server."},
        }
    ),
    "Versions": _record({"document": _reference("Document"), "versions": _list(_reference("VersionEntry"))}),
    "Version": _record(
        {
            "version": _reference("VersionEntry"),
            "document": _reference("Document") | {"description": "As it was."},
            "total": _COUNT,
            "clauses": _list(_record(_CLAUSE), maxItems=MAX_HITS),
        }
    ),
    "ComparedPlace": _record(
        {
            "document": _reference("Document"),
            "version": {"type": ["integer", "null"], "minimum": 1, "description": "Null for the document as it is now."},
            "eid": _TEXT | {"description": "A clause of it, or empty for the document as a whole."},
            "name": _TEXT,
            "url": _TEXT | {"description": "Its path on this server."},
        }
    ),
    "ComparedClause": _record({**_CLAUSE, "differing": _SPANS}),
    "ComparedPair": _record(
        {
            "state": {"type": "string", "enum": [str(state) for state in State]},
            "moved": {"type": "boolean"},
            "left": {"oneOf": [_reference("ComparedClause"), {"type": "null"}]},
            "right": {"oneOf": [_reference("ComparedClause"), {"type": "null"}]},
        }
    ),
    "Comparison": _record(
        {
            "a": _reference("ComparedPlace"),
            "b": _reference("ComparedPlace"),
            "counts": _record({str(state): _COUNT for state in State}),
            "total": _COUNT | {"description": "Of the pairs in this view."},
            "pairs": _list(_reference("ComparedPair"), maxItems=MAX_HITS),
        }
    ),
    "Status": _record(
        {
            "documents": _COUNT,
            "clauses": _COUNT,
            "files_ok": _COUNT,
            "files_failed": _COUNT,
            "failures": _list(_FILE, description="Files that could not be read."),
            "files_waiting": _list(_FILE, description="Files that were not complete when they were looked at."),
            "waiting": _COUNT | {"description": "Documents that are not yet in the engine, or not yet out of it."},
            "changed": {"type": ["string", "null"], "format": "date-time", "description": "The last change of what is indexed."},
            "last_run": {"oneOf": [_LAST_RUN, {"type": "null"}], "description": "Null where none is known."},
            "engine": {"type": ["string", "null"], "description": "Name of the search engine."},
            "schema_version": _COUNT,
            "analysis_version": {"type": ["integer", "null"], "minimum": 0},
            "reports_open": _COUNT | {"description": "Errors that readers reported and that are open."},
            "reports": _list({"type": "object"}, description="The newest of them."),
            "reports_error": {"type": ["string", "null"]},
            "passages": {"type": ["integer", "null"], "minimum": 0, "description": "In the engine; null where it cannot be opened."},
            "engine_error": {"type": ["string", "null"], "description": "Why it cannot."},
            "lexicon": {"oneOf": [_LEXICON, {"type": "null"}], "description": "What was learnt from the documents."},
            "running": {"oneOf": [_RUNNING, {"type": "null"}], "description": "The indexing that is going on."},
            "watching": {"oneOf": [_WATCHING, {"type": "null"}], "description": "The process that keeps the index in step."},
        }
    ),
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


_PATHS: Json = {
    "/api/v1/search": _get("Clauses that answer a query, best first.", "SearchResult", SEARCH_PARAMETERS, ("400", "503")),
    "/api/v1/ask": _get(
        "The answer to a question, with the clauses that it stands on, or none.", "Answer", ASK_PARAMETERS, ("400", "503"), NEAREST
    ),
    "/api/v1/suggest": _get(
        "Documents and phrases that may be meant by what is typed so far, best first.",
        "Suggestions",
        SUGGEST_PARAMETERS,
        ("400", "503"),
        SUGGESTIONS,
    ),
    "/api/v1/show": _get("The clauses or documents that a citation or an id names.", "Matches", ("id", "lang"), ("400", "404", "503")),
    "/api/v1/documents": _get("The documents, newest first.", "Documents", DOCUMENTS_PARAMETERS, ("400", "503"), MAX_HITS),
    "/api/v1/documents/{document_id}/relations": _get(
        "A document's standing, what it says of others and what others say of it.",
        "Relations",
        ("document_id", "lang"),
        ("400", "404", "503"),
    ),
    "/api/v1/documents/{document_id}/references": _get(
        "What a document cites and where that leads, in the order of its text.",
        "References",
        ("document_id", *PAGED_PARAMETERS),
        ("400", "404", "503"),
        MAX_HITS,
    ),
    "/api/v1/documents/{document_id}/cited-by": _get(
        "What cites a document or a clause of it, the newest document first.",
        "CitedBy",
        ("document_id", "eid", *PAGED_PARAMETERS),
        ("400", "404", "503"),
        MAX_HITS,
    ),
    "/api/v1/documents/{document_id}/versions": _get(
        "The earlier versions of a document that are kept, newest first.",
        "Versions",
        ("document_id", "lang"),
        ("400", "404", "503"),
    ),
    "/api/v1/documents/{document_id}/versions/{version}": _get(
        "A document as it was, clause by clause.",
        "Version",
        ("document_id", "version", *PAGED_PARAMETERS),
        ("400", "404", "503"),
        MAX_HITS,
    ),
    "/api/v1/compare": _get(
        "Two documents, versions or clauses compared, clause by clause.",
        "Comparison",
        COMPARE_PARAMETERS,
        ("400", "404", "503"),
        MAX_HITS,
    ),
    "/api/v1/missing": _get(
        "Documents that are cited and not in the catalogue, most cited first.",
        "Missing",
        PAGED_PARAMETERS,
        ("400", "503"),
        MAX_HITS,
    ),
    "/api/v1/status": _get("What is indexed, failed, waits and runs now.", "Status", ("lang",), ("400", "503")),
    "/api/v1/openapi.json": _get("This description.", "Description", ("lang",), ("400",)),
}


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
        "paths": _PATHS,
        "components": {"schemas": _SCHEMAS},
    }
