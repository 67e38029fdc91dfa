"""The pages that follow references: what cites, what is cited, what is missing, and what can be done with a clause or a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from kgsearch.citations import cite, number_key
from kgsearch.citations.name_keys import name_key
from kgsearch.errors import NotFoundError, UsageError
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord, DocumentRecord, IncomingReference, LinkedReference, MissingDocument
from kgsearch.server.asked import asked_clause, asked_document
from kgsearch.server.cited_by import CitingPlace, cited_by_address, citing_places, source_name
from kgsearch.server.connections import read_connections, records_of
from kgsearch.server.exports import export_response
from kgsearch.server.highlighting import MAX_QUERY, marked, snippet
from kgsearch.server.outline import Citations, lead_in
from kgsearch.server.parameters import MAX_OFFSET, query_string, whole_number
from kgsearch.server.references import place_address, subject_of
from kgsearch.server.relation_overview import relation_overview
from kgsearch.server.relations import group_names, related_documents, relations_address
from kgsearch.server.service import CatalogueView, search_service
from kgsearch.server.standings import badges

blueprint = Blueprint("links", __name__)

ON_A_PAGE = 50
# A range may name a hundred clauses; who needs them all opens the document.
MAX_TARGETS = 60
# Enough for a preview, and for a reader to see whether to follow the link.
FRAGMENT_LENGTH = 700
# Beyond these nothing is cited often.
MAX_LOOKED_THROUGH = 20_000
# Of one document; one that amends a law names hundreds, and lists them itself.
MAX_CLAUSES = 100


@dataclass(frozen=True, slots=True)
class CitingClause:
    """A clause that cites, with the words in which it does, what it cites of the document, and its document."""

    place: CitingPlace
    words: Markup
    targets: tuple[str, ...]
    document: DocumentRecord | None


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a reference may mean: where it is, how it is cited, its first words."""

    address: str
    name: str
    words: str


@blueprint.get("/documents/<document_id>/cited-by")
def cited_by(document_id: str) -> str:
    """What cites a document or one of its clauses, the newest first."""
    record = asked_document(document_id)
    eid = request.args.get("eid", "")
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    reader = search_service().reader
    clause = asked_clause(list(reader.clauses_of([(record.id, eid)]).values()), eid) if eid else None
    incoming = [one for one in reader.cited_by(record.id) if not eid or one.target.eid == eid]
    places = citing_places(incoming)
    return render_template(
        "cited_by.html",
        document=record,
        clause=clause,
        name=cite(record, clause.citation if clause else "", full=False, attached=eid.startswith("att_")),
        citing=_citing(reader, record, places[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
        total=len(places),
        documents=len({one.source.document for one in incoming}),
        page=page,
        last_page=_last_page(len(places)),
        page_address=lambda number: cited_by_address(record.id, eid, number),
        back=place_address(Address(record.id, eid)),
    )


@blueprint.get("/documents/<document_id>/relations")
def relations(document_id: str) -> str:
    """One group of a document's relations, whole; all of them, with a diagram, where none is named."""
    record = asked_document(document_id)
    if "group" not in request.args:
        return relation_overview(record)
    key = request.args.get("group", "")
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    if key not in group_names():
        raise NotFoundError(_("There is no such page."))
    reader = search_service().reader
    own = {clause.eid: clause for clause in reader.clauses(record.id)}
    shown = slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    total, related = related_documents(read_connections(reader, record), own, key, shown, MAX_CLAUSES)
    return render_template(
        "relations.html",
        document=record,
        name=group_names()[key],
        related=related,
        total=total,
        page=page,
        last_page=_last_page(total),
        page_address=lambda number: relations_address(record.id, key, number),
    )


@blueprint.get("/documents/<document_id>/reference")
def reference(document_id: str) -> str:
    """The places that one reference of a document names, or may mean."""
    record = asked_document(document_id)
    eid = request.args.get("eid", "")
    at = whole_number(request.args, "at", 0, 0, 10**8)
    reader = search_service().reader
    linked = next((one for one in reader.references(record.id) if (one.reference.eid, one.reference.span.start) == (eid, at)), None)
    clause = reader.clauses_of([(record.id, eid)]).get((record.id, eid)) if linked else None
    if linked is None or clause is None:
        raise NotFoundError(_("There is no reference at this place."))
    return render_template(
        "reference.html",
        document=record,
        clause=clause,
        linked=linked,
        words=_words_around(clause, linked),
        places=_named_places(reader, linked),
        more=max(0, len(linked.targets) - MAX_TARGETS),
    )


@blueprint.get("/documents/<document_id>/export")
def export(document_id: str) -> Response:
    """The document in another format, to keep."""
    record = asked_document(document_id)
    return export_response(search_service().reader, record, request.args.get("format", "txt"))


@blueprint.get("/documents/<document_id>/<eid>/tools")
def tools(document_id: str, eid: str) -> str:
    """What can be done with a clause, as a part of a page: a script unfolds it there."""
    record = asked_document(document_id)
    reader = search_service().reader
    clause = asked_clause(list(reader.clauses_of([(record.id, eid)]).values()), eid)
    return render_template(
        "tools.html",
        document=record,
        clause=clause,
        citations=Citations.of_clause(record, clause),
        cited=len(citing_places([one for one in reader.citing_clause(record.id, eid) if one.target.eid == eid])),
        cited_address=cited_by_address(record.id, eid),
    )


@blueprint.get("/fragment/<document_id>")
@blueprint.get("/fragment/<document_id>/<eid>")
def fragment(document_id: str, eid: str = "") -> str:
    """The beginning of a clause, or what a document is about, as a part of a page: a script shows it beside a link that leads there."""
    record = asked_document(document_id)
    reader = search_service().reader
    clause = asked_clause(list(reader.clauses_of([(record.id, eid)]).values()), eid) if eid else None
    return render_template(
        "fragment.html",
        document=record,
        standing=badges(reader, [record], date.today())[record.id],
        clause=clause,
        name=cite(record, clause.citation if clause else "", full=False, attached=eid.startswith("att_")),
        subject=subject_of(record),
        lines=_beginning(clause) if clause else [],
    )


@blueprint.get("/missing")
def missing() -> str:
    """Documents that are cited and not in the catalogue, most cited first; of these those that ``q`` may name."""
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    query = request.args.get("q", "").strip()
    if len(query) > MAX_QUERY:
        raise UsageError(_("The query is longer than {count} characters; use fewer words.").format(count=MAX_QUERY))
    reader = search_service().reader
    first = (page - 1) * ON_A_PAGE
    total, found = _named_missing(reader, query, first) if query else reader.missing(ON_A_PAGE, first)
    clauses = reader.clauses_of([(one.first.document, one.first.eid) for one in found])
    records = records_of(reader, {one.first.document for one in found})
    examples = [
        _place(records.get(one.first.document), clauses.get((one.first.document, one.first.eid)), place_address(one.first)) for one in found
    ]
    return render_template(
        "missing.html",
        missing=list(zip(found, examples, strict=True)),
        asked=query,
        total=total,
        page=page,
        last_page=_last_page(total),
        page_address=lambda number: "/missing" + query_string(_missing_pairs(query, number)),
    )


def _named_missing(reader: CatalogueView, query: str, first: int) -> tuple[int, Sequence[MissingDocument]]:
    """How many documents that are cited and missing ``query`` may name, and a page of them."""
    number, name = number_key(query), name_key(query)
    named = [one for one in reader.missing(MAX_LOOKED_THROUGH, 0)[1] if _may_be(one, number, name)]
    return len(named), named[first : first + ON_A_PAGE]


def _missing_pairs(query: str, page: int) -> list[tuple[str, str]]:
    return ([("q", query)] if query else []) + ([("page", str(page))] if page > 1 else [])


def _may_be(one: MissingDocument, number: str, name: str) -> bool:
    """Whether the key ``number`` is that of its number, with or without its last parts, or the key ``name`` stands in its name."""
    if number and f"{number_key(one.number)}/".startswith(f"{number}/"):
        return True
    return bool(name) and f" {name} " in f" {name_key(one.named)} "


def _beginning(clause: ClauseRecord) -> list[str]:
    """The first lines of a clause and of what stands in it."""
    text = clause.full_text or clause.text
    if len(text) > FRAGMENT_LENGTH:
        text = text[:FRAGMENT_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return text.split("\n")


def _citing(reader: CatalogueView, record: DocumentRecord, places: Sequence[Sequence[IncomingReference]]) -> list[CitingClause]:
    """Each clause that cites, with all that it needs looked up at once."""
    records = records_of(reader, {group[0].source.document for group in places})
    sources = [(group[0].source.document, group[0].source.eid) for group in places]
    targets = [(record.id, one.target.eid) for group in places for one in group]
    clauses = reader.clauses_of([*sources, *targets])
    found = []
    for group in places:
        source = group[0].source
        clause = clauses.get((source.document, source.eid))
        spans = [one.reference.span for one in group]
        words = marked(clause.text, spans, snippet(clause.text, spans)) if clause else Markup("")
        cited = (clauses[record.id, one.target.eid].citation for one in group if (record.id, one.target.eid) in clauses)
        place = CitingPlace(place_address(source), source_name(group[0], records))
        found.append(CitingClause(place, words, tuple(dict.fromkeys(filter(None, cited))), records.get(source.document)))
    return found


def _named_places(reader: CatalogueView, linked: LinkedReference) -> list[NamedPlace]:
    targets = linked.targets[:MAX_TARGETS]
    records = records_of(reader, {target.document for target in targets})
    clauses = reader.clauses_of([(target.document, target.eid) for target in targets if target.eid])
    return [_place(records.get(one.document), clauses.get((one.document, one.eid)), place_address(one)) for one in targets]


def _place(record: DocumentRecord | None, clause: ClauseRecord | None, address: str) -> NamedPlace:
    if record is None:
        return NamedPlace(address, address, "")
    attached = clause is not None and clause.eid.startswith("att_")
    name = cite(record, clause.citation if clause else "", full=False, attached=attached)
    return NamedPlace(address, name, lead_in(clause) if clause else record.title)


def _words_around(clause: ClauseRecord, linked: LinkedReference) -> Markup:
    spans = [linked.reference.span]
    return marked(clause.text, spans, snippet(clause.text, spans))


def _last_page(total: int) -> int:
    return max(1, -(-total // ON_A_PAGE))
