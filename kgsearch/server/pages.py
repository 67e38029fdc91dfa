"""The pages: what is looked up for each, handed to its template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kgsearch.citations import cite
from kgsearch.errors import KgsearchError
from kgsearch.i18n import LANGUAGES
from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, DocumentRecord, Kind
from kgsearch.server.answers import shown_answer
from kgsearch.server.asked import asked_clause, asked_document
from kgsearch.server.cited_by import CitedHere, cited_clauses
from kgsearch.server.connections import Connections, read_connections, read_links
from kgsearch.server.exports import EXPORT_NAMES
from kgsearch.server.holdings import Holdings, holdings
from kgsearch.server.language import PARAMETER as LANGUAGE_PARAMETER
from kgsearch.server.originals import original_path, original_response
from kgsearch.server.outline import Citations, ancestors, lay_out, lead_in, neighbours, place_name, subtree
from kgsearch.server.parameters import MAX_OFFSET, filter_pairs, filters_of, query_string, whole_number
from kgsearch.server.references import Wrappings, linked_bases, reference_wrappings
from kgsearch.server.relations import deciding_clauses, relation_groups, shown_standing
from kgsearch.server.results import PageRequest, results_page
from kgsearch.server.service import search_service

blueprint = Blueprint("pages", __name__)

DOCUMENTS_ON_A_PAGE = 50
# Bytes of a query string that links of a page repeat; longer ones were refused in any case.
MAX_KEPT_QUERY = 8192
# Words that nearly every office has documents about; the examples with numbers come from the documents themselves.
EXAMPLE_WORDS = ("giải ngân đầu tư công", "giai ngan dau tu cong")


@blueprint.get("/")
def start() -> str:
    """The start page."""
    held = holdings(search_service().reader)
    return render_template("start.html", holdings=held, examples=_examples(held))


@blueprint.get("/search")
def search() -> str | Response:
    """The page of results; without a query, the form with what may be asked."""
    service = search_service()
    asked = PageRequest.read(request.args)
    if not asked.query:
        return render_template("search_empty.html", asked=asked)
    return render_template("results.html", asked=asked, results=results_page(service, asked), answer=shown_answer(service, asked))


@blueprint.get("/documents")
def documents() -> str:
    """The documents, newest first, by type, agency and year."""
    filters = filters_of(request.args)
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    reader = search_service().reader
    found = reader.documents(filters)
    first = (page - 1) * DOCUMENTS_ON_A_PAGE
    return render_template(
        "documents.html",
        filters=filters,
        holdings=holdings(reader),
        documents=found[first : first + DOCUMENTS_ON_A_PAGE],
        total=len(found),
        page=page,
        last_page=max(1, -(-len(found) // DOCUMENTS_ON_A_PAGE)),
        page_address=lambda number: "/documents" + query_string([*filter_pairs(filters), ("page", str(number))]),
    )


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> str:
    """One document: its card, its contents and every clause."""
    record = asked_document(document_id)
    query = request.args.get("q", "")
    reader = search_service().reader
    clauses = reader.clauses(record.id)
    connections = read_connections(reader, record)
    wrappings, cited = _in_text(connections, clauses)
    by_eid = {clause.eid: clause for clause in clauses}
    today = date.today()
    return render_template(
        "document.html",
        document=record,
        layout=lay_out(clauses, query, wrappings=wrappings, cited=cited),
        query=query.strip(),
        citations=Citations.of_document(record),
        bases=linked_bases(record, clauses, wrappings),
        standing=shown_standing(connections, deciding_clauses(reader, connections, by_eid, today), today),
        relations=relation_groups(connections, by_eid),
        cited=cited.get(""),
        formats=EXPORT_NAMES,
    )


@blueprint.get("/documents/<document_id>/<eid>")
def clause(document_id: str, eid: str) -> str:
    """One clause: its words, its citations, its place, its neighbours."""
    record = asked_document(document_id)
    reader = search_service().reader
    clauses = reader.clauses(record.id)
    found = asked_clause(clauses, eid)
    before, after = neighbours(clauses, found)
    path = ancestors(clauses, found)
    columns = next((above.columns for above in reversed(path) if above.columns), ())
    shown = [*_notes(clauses, found), *subtree(clauses, eid)]
    wrappings, cited = _in_text(read_links(reader, record, eid, {member.eid for member in shown}), shown)
    return render_template(
        "clause.html",
        document=record,
        clause=found,
        citations=Citations.of_clause(record, found),
        layout=lay_out(shown, columns=columns, wrappings=wrappings, cited=cited),
        path=path,
        before=before,
        after=after,
        lead_in=lead_in,
        place_name=place_name,
    )


def _in_text(connections: Connections, shown: Sequence[ClauseRecord]) -> tuple[Wrappings, dict[str, CitedHere]]:
    """What stands around the references in the clauses ``shown``, and by what the document ("") and these clauses are cited."""
    eids = [clause.eid for clause in shown]
    here = set(eids)
    wrappings = reference_wrappings(connections.document.id, connections.references, connections.records, here)
    return wrappings, cited_clauses(connections.document.id, connections.cited_by, connections.records, ["", *eids])


@blueprint.get("/documents/<document_id>/file/<int:number>")
def original(document_id: str, number: int) -> Response:
    """The original file, to keep."""
    record = asked_document(document_id)
    corpus: Path = current_app.config["KGSEARCH_SETTINGS"].corpus
    return original_response(original_path(corpus, record, number), Path(record.files[number - 1]).name)


@blueprint.get("/status")
def status() -> str:
    """What is indexed, and what failed."""
    return render_template("status.html", status=search_service().reader.status())


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser offers this search in its own box."""
    response = make_response(render_template("opensearch.xml", host=request.host_url.rstrip("/")))
    response.mimetype = "application/opensearchdescription+xml"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> BaseResponse:
    """Browsers ask here when a page is none of ours (an API answer)."""
    return redirect("/static/icon.svg", 301)


@blueprint.get("/healthz")
def health() -> Response:
    """200 as long as searches can be answered, else 503 (by the error that the index raises)."""
    search_service().reader.meta()
    return current_app.response_class("ok\n", mimetype="text/plain")


def error_response(status: int, message: str) -> Response:
    """A page that says what is wrong; it needs no index."""
    query = request.args.get("q", "")[:512] if request.path == "/search" else ""
    return make_response(render_template("error.html", status=status, message=message, query=query), status)


def language_address(language: str) -> str:
    """The page in hand in another language."""
    kept = request.args.items(multi=True) if len(request.query_string) <= MAX_KEPT_QUERY else ()
    pairs = [(name, value) for name, value in kept if name != LANGUAGE_PARAMETER]
    return request.path + query_string([*pairs, (LANGUAGE_PARAMETER, language)])


@blueprint.app_context_processor
def _page_context() -> dict[str, Any]:
    return {
        "language": g.get("language", LANGUAGES[0]),
        "live_examples": _live_examples,
        "short_citation": lambda record: cite(record, "", full=False),
    }


def _notes(clauses: Sequence[ClauseRecord], clause: ClauseRecord) -> list[ClauseRecord]:
    """The footnotes of ``clause`` and of what stands in it, where they do not stand in it themselves."""
    inside = subtree(clauses, clause.eid)
    cited = {eid for member in inside for eid in member.footnotes} - {member.eid for member in inside}
    return [other for other in clauses if other.eid in cited]


def _live_examples() -> tuple[str, str]:
    """A number and a citation that are found among the documents at hand; "" where there are none."""
    try:
        held = holdings(search_service().reader)
        numbered = next((record for record in held.latest if record.number), None)
        cited = _first_cited(numbered) if numbered else None
    except KgsearchError:
        return "", ""
    number = numbered.number if numbered else ""
    return number, cite(numbered, cited.citation, full=False) if numbered and cited else ""


def _examples(held: Holdings) -> list[tuple[str, str]]:
    """Searches to click on, each with what it shows: words with marks and without, a number, a citation."""
    examples = list(zip((_("words with marks"), _("words without marks")), EXAMPLE_WORDS, strict=True))
    numbered = next((record for record in held.latest if record.number), None)
    if numbered is None:
        return examples
    examples.append((_("a document's number"), numbered.number))
    cited = _first_cited(numbered)
    if cited is not None:
        examples.append((_("a citation"), cite(numbered, cited.citation, full=False)))
    return examples


def _first_cited(document: DocumentRecord) -> ClauseRecord | None:
    clauses = search_service().reader.clauses(document.id)
    deepest = (Kind.POINT, Kind.CLAUSE, Kind.ARTICLE)
    return next((found for kind in deepest for found in clauses if found.kind is kind), None)
