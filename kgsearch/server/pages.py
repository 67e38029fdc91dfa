"""The pages: what is looked up for each, handed to its template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kgsearch.citations import cite
from kgsearch.errors import KgsearchError, NotFoundError
from kgsearch.i18n import LANGUAGES
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord
from kgsearch.retrieval.agencies import in_every_spelling, in_one_spelling
from kgsearch.server.answers import shown_answer
from kgsearch.server.asked import asked_clause, asked_document
from kgsearch.server.cited_by import CitedHere, cited_by_address, cited_clauses
from kgsearch.server.connections import Connections, read_connections, read_links
from kgsearch.server.examples import Examples, examples_if_any
from kgsearch.server.exports import EXPORT_NAMES
from kgsearch.server.file_pages import OPEN
from kgsearch.server.holdings import holdings
from kgsearch.server.language import PARAMETER as LANGUAGE_PARAMETER
from kgsearch.server.originals import is_pdf, original_path, original_response, viewer_response
from kgsearch.server.outline import Citations, ancestors, lay_out, lead_in, neighbours, place_name, subtree
from kgsearch.server.parameters import MAX_OFFSET, filter_pairs, filters_of, query_string, whole_number
from kgsearch.server.references import Wrappings, linked_bases, place_address, reference_wrappings
from kgsearch.server.relations import deciding_clauses, relation_groups, shown_standing
from kgsearch.server.results import PageRequest, results_page
from kgsearch.server.service import search_service
from kgsearch.server.sheet import PARAMETER as CLAUSE_PARAMETER
from kgsearch.server.sheet import named_by, sheet
from kgsearch.server.versions import MAX_VERSION, version_page
from kgsearch.server.versions import PARAMETER as VERSION_PARAMETER

blueprint = Blueprint("pages", __name__)

DOCUMENTS_ON_A_PAGE = 50
# Bytes of a query string that links of a page repeat; longer ones were refused in any case.
MAX_KEPT_QUERY = 8192


@blueprint.get("/")
def start() -> str:
    """The start page."""
    held = holdings(search_service().reader)
    return render_template("start.html", holdings=held, examples=_named(_live_examples()))


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
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    reader = search_service().reader
    held = holdings(reader)
    filters = in_one_spelling(filters_of(request.args), held.agencies)
    found = reader.documents(in_every_spelling(filters, held.agencies))
    first = (page - 1) * DOCUMENTS_ON_A_PAGE
    return render_template(
        "documents.html",
        filters=filters,
        holdings=held,
        documents=found[first : first + DOCUMENTS_ON_A_PAGE],
        total=len(found),
        page=page,
        last_page=max(1, -(-len(found) // DOCUMENTS_ON_A_PAGE)),
        page_address=lambda number: "/documents" + query_string([*filter_pairs(filters), ("page", str(number))]),
    )


@blueprint.get("/documents/<document_id>")
def document(document_id: str) -> str | BaseResponse:
    """One document: its card, its contents and every clause; an earlier version of it; or on to the clause that a short link names."""
    record = asked_document(document_id)
    query = request.args.get("q", "")
    if version := whole_number(request.args, VERSION_PARAMETER, 0, 1, MAX_VERSION):
        return version_page(record, version, query)
    reader = search_service().reader
    clauses = reader.clauses(record.id)
    if CLAUSE_PARAMETER in request.args:
        return redirect(_clause_page(clauses, request.args[CLAUSE_PARAMETER]))
    connections = read_connections(reader, record)
    wrappings, cited = _in_text(connections, clauses)
    by_eid = {clause.eid: clause for clause in clauses}
    today = date.today()
    layout = lay_out(clauses, query, wrappings=wrappings, cited=cited)
    return render_template(
        "document.html",
        document=record,
        layout=layout,
        body=sheet(layout),
        today=today,
        query=query.strip(),
        citations=Citations.of_document(record),
        bases=linked_bases(record, clauses, wrappings),
        standing=shown_standing(connections, deciding_clauses(reader, connections, by_eid, today), today),
        relations=relation_groups(connections, by_eid),
        cited=cited.get(""),
        versions=reader.versions(record.id),
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
        body=sheet(lay_out(shown, columns=columns, wrappings=wrappings, cited=cited), place_address(Address(record.id))),
        today=date.today(),
        cited=cited.get(found.eid),
        cited_address=cited_by_address(record.id, found.eid),
        path=path,
        before=before,
        after=after,
        lead_in=lead_in,
        place_name=place_name,
    )


def _clause_page(clauses: Sequence[ClauseRecord], code: str) -> str:
    """The address of the clause that a short link names. Raises NotFoundError where it names none (any more)."""
    found = named_by(clauses, code)
    if found is None:
        raise NotFoundError(_("The document has changed since its page was opened; open the document again."))
    return f"{place_address(Address(found.document))}/{quote(found.eid)}"


def _in_text(connections: Connections, shown: Sequence[ClauseRecord]) -> tuple[Wrappings, dict[str, CitedHere]]:
    """What stands around the references in the clauses ``shown``, and by what the document ("") and these clauses are cited."""
    eids = [clause.eid for clause in shown]
    here = set(eids)
    wrappings = reference_wrappings(connections.document.id, connections.references, connections.records, here)
    return wrappings, cited_clauses(connections.document.id, connections.cited_by, connections.records, ["", *eids])


@blueprint.get("/documents/<document_id>/file/<int:number>")
def original(document_id: str, number: int) -> Response:
    """The original file, to keep, or where the parameter asks for it and it is a PDF file to be shown."""
    record = asked_document(document_id)
    corpus: Path = current_app.config["KGSEARCH_SETTINGS"].corpus
    path, name = original_path(corpus, record, number), Path(record.files[number - 1]).name
    return viewer_response(path, name) if request.args.get(OPEN) and is_pdf(path) else original_response(path, name)


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
    # As it came: a browser takes "/\\host" and "//host" for another server.
    return quote(request.path) + query_string([*pairs, (LANGUAGE_PARAMETER, language)])


@blueprint.app_context_processor
def _page_context() -> dict[str, Any]:
    return {
        "language": g.get("language", LANGUAGES[0]),
        "live_examples": _live_examples,
        "no_documents": lambda: not holdings(search_service().reader).documents,
        "short_citation": lambda record: cite(record, "", full=False),
    }


def _notes(clauses: Sequence[ClauseRecord], clause: ClauseRecord) -> list[ClauseRecord]:
    """The footnotes of ``clause`` and of what stands in it, where they do not stand in it themselves."""
    inside = subtree(clauses, clause.eid)
    cited = {eid for member in inside for eid in member.footnotes} - {member.eid for member in inside}
    return [other for other in clauses if other.eid in cited]


def _live_examples() -> Examples:
    """Examples for whatever page shows some; none where there is no index to take them from."""
    try:
        return examples_if_any(search_service())
    except KgsearchError:
        return Examples()


def _named(examples: Examples) -> list[tuple[str, str]]:
    """Searches to click on, each with what it shows: words with marks and without, a number, a citation, a question."""
    named = (
        (_("words with marks"), examples.words),
        (_("words without marks"), examples.unmarked),
        (_("a document's number"), examples.number),
        (_("a citation"), examples.citation),
        (_("a question"), examples.question),
    )
    return [(what, query) for what, query in named if query]
