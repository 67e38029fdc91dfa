"""The ``meta`` of an Akoma Ntoso document: what it is as a work, as a text and as a file, when it has effect, and who is named."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

from kgsearch.exporting import iris
from kgsearch.exporting.inline import add
from kgsearch.models import DocumentRecord

SOURCE = "#kgsearch"
"""Who says what the metadata say: this program."""

ISSUER, SIGNER, OFFICE = "issuer", "signer", "office"
"""eIds of the organisation, person and role that the text refers to. No clause's eId is one of them: those end with a number, but for
``preamble`` and ``conclusions``."""

_ISSUED, _EFFECTIVE, _EXPIRES, _IN_FORCE = "issued", "effective", "expires", "in-force"
_ORIGINAL = "original"


def add_meta(parent: Element, document: DocumentRecord, made: date) -> None:
    """Describe ``document``; ``made`` is the day on which this file is made of it."""
    meta = add(parent, "meta")
    _add_identification(meta, document, made)
    _add_effect(meta, document)
    _add_references(meta, document)


def add_component_meta(parent: Element, document: DocumentRecord, component: str, name: str, made: date) -> None:
    """Describe something issued with ``document``: its component ``component``, called ``name``."""
    _add_identification(add(parent, "meta"), document, made, component, name)


def _add_identification(meta: Element, document: DocumentRecord, made: date, component: str = "main", name: str = "") -> None:
    identification = add(meta, "identification", source=SOURCE)
    work, expression = iris.work(document), iris.expression(document)
    main = component == "main"
    element = add(identification, "FRBRWork")
    _add_core(element, f"{work}/!{component}", work, iris.dated(document), "issued" if document.issued else "unknown")
    if main:
        # The catalogue's own name of the document; the schema has an alias follow the IRIs.
        element.insert(2, Element("FRBRalias", {"value": document.id, "name": "catalogue"}))
    add(element, "FRBRcountry", value="vn")
    if main:
        _add_value(element, "FRBRsubtype", iris.name_of(document.type))
        _add_value(element, "FRBRnumber", document.number)
    _add_value(element, "FRBRname", document.title if main else name)
    if main:
        add(element, "FRBRprescriptive", value="true" if iris.document_kind(document) == "act" else "false")
    element = add(identification, "FRBRExpression")
    _add_core(element, f"{expression}/!{component}", expression, iris.dated(document), "issued" if document.issued else "unknown")
    add(element, "FRBRlanguage", language="vie")
    element = add(identification, "FRBRManifestation")
    _add_core(element, f"{expression}/!{component}.xml", f"{expression}.xml", made.isoformat(), "markup", author=SOURCE)
    add(element, "FRBRformat", value="application/akn+xml")


def _add_core(element: Element, this: str, uri: str, day: str, name: str, author: str = f"#{ISSUER}") -> None:
    add(element, "FRBRthis", value=this)
    add(element, "FRBRuri", value=uri)
    add(element, "FRBRdate", date=day, name=name)
    add(element, "FRBRauthor", href=author)


def _add_value(element: Element, tag: str, value: str) -> None:
    if value:
        add(element, tag, value=value)


def _add_effect(meta: Element, document: DocumentRecord) -> None:
    """The days on which the document is issued, takes effect and ceases to have it, as far as it says so itself."""
    days = ((_ISSUED, document.issued, "generation"), (_EFFECTIVE, document.effective, ""), (_EXPIRES, document.expires, "repeal"))
    known = [(eid, day, kind) for eid, day, kind in days if day is not None]
    if not known:
        return
    lifecycle = add(meta, "lifecycle", source=SOURCE)
    for eid, day, kind in known:
        add(lifecycle, "eventRef", eId=eid, date=day.isoformat(), source=f"#{_ORIGINAL}", type=kind)
    if document.effective is not None:
        group = add(add(meta, "temporalData", source=SOURCE), "temporalGroup", eId="effect")
        end = f"#{_EXPIRES}" if document.expires else ""
        add(group, "timeInterval", start=f"#{_EFFECTIVE}", end=end, refersTo=f"#{_IN_FORCE}")


def _add_references(meta: Element, document: DocumentRecord) -> None:
    references = add(meta, "references", source=SOURCE)
    title = " ".join(part for part in (document.type, document.number) if part) or document.id
    add(references, "original", eId=_ORIGINAL, href=iris.work(document), showAs=title)
    _add_named(references, "TLCOrganization", "kgsearch", "organization", "kgsearch")
    # The author is referred to whether the source names it or not.
    _add_named(references, "TLCOrganization", ISSUER, "organization", document.issuer or "?")
    if document.signer:
        _add_named(references, "TLCPerson", SIGNER, "person", document.signer)
    if document.signer_title:
        _add_named(references, "TLCRole", OFFICE, "role", document.signer_title)
    if document.effective is not None:
        _add_named(references, "TLCConcept", _IN_FORCE, "concept", "có hiệu lực")


def _add_named(references: Element, tag: str, eid: str, ontology: str, name: str) -> None:
    href = f"/akn/ontology/{ontology}/vn/{iris.name_of(name) or 'unknown'}"
    add(references, tag, eId=eid, href=href, showAs=name)
