"""A document as Akoma Ntoso 3.0 (OASIS, 2018): each clause is an element with its own eId. docs/export.md says which and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from xml.etree.ElementTree import Element, tostring

from kgsearch.exporting import iris
from kgsearch.exporting.held import HeldDocument, resolved
from kgsearch.exporting.inline import Mark, add, append, fill
from kgsearch.exporting.letterhead import addressed, place_and_date
from kgsearch.exporting.metadata import ISSUER, OFFICE, SIGNER, add_component_meta, add_meta
from kgsearch.models import Address, Clause, Kind

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"

_ELEMENTS = {
    Kind.PART: "part",
    Kind.CHAPTER: "chapter",
    Kind.SECTION: "section",
    Kind.SUBSECTION: "subsection",
    Kind.ARTICLE: "article",
    Kind.CLAUSE: "paragraph",
    Kind.POINT: "point",
    Kind.SUBPOINT: "subparagraph",
    Kind.INDENT: "indent",
    Kind.PARAGRAPH: "alinea",
}
"""Every other kind that stands in a body is an ``hcontainer`` named after it."""

_ATTACHED = (Kind.ATTACHMENT, Kind.ANNEX)
_BETWEEN_CELLS = re.compile(r"[ |]*")
_RUNNING = frozenset({"p", "num", "heading"})
"""Elements that hold words: white space in them is text."""


def akoma_ntoso(held: HeldDocument, made: date | None = None) -> str:
    """The XML of a document, UTF-8 when encoded; ``made`` is the day of its making, today if not given.

    Time and memory grow with the document's length. Characters that XML cannot hold are left out.
    """
    root = Element("akomaNtoso", {"xmlns": NAMESPACE})
    _Composer(held, made or date.today()).add_document(root)
    _lay_out(root, "\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


class _Composer:
    """Builds the elements of one document."""

    def __init__(self, held: HeldDocument, made: date) -> None:
        self._held = held
        self._document = held.record
        self._made = made
        self._kind = iris.document_kind(held.record)
        self._marks = _reference_marks(held)
        self._noted = {note.eid for notes in held.notes_at.values() for note in notes}

    def add_document(self, root: Element) -> None:
        preamble, body, conclusions, attached = self._divided()
        element = add(root, self._kind, name=iris.name_of(self._document.type) or "van-ban")
        add_meta(element, self._document, self._made)
        self._add_preface(element)
        if preamble is not None:
            self._add_preamble(element, preamble)
        self._add_body(element, self._kind, body)
        if conclusions is not None:
            self._add_conclusions(element, conclusions)
        if attached:
            attachments = add(element, "attachments")
            for clause in attached:
                self._add_attachment(attachments, clause)

    def _divided(self) -> tuple[Clause | None, list[Clause], Clause | None, list[Clause]]:
        """Preamble, body, conclusions and attachments, where they stand in the standard's order; whatever does not is body.

        Footnotes whose mark is not known end the body.
        """
        body = [clause for clause in self._held.clauses if clause.kind is not Kind.FOOTNOTE]
        attached: list[Clause] = []
        while body and body[-1].kind in _ATTACHED:
            attached.append(body.pop())
        conclusions = body.pop() if body and body[-1].kind is Kind.CONCLUSIONS else None
        preamble = body.pop(0) if body and body[0].kind is Kind.PREAMBLE else None
        body += [clause for clause in self._held.clauses if clause.kind is Kind.FOOTNOTE]
        return preamble, body, conclusions, attached[::-1]

    # --- head, preamble, end -------------------------------------------------------------------------------------------

    def _add_preface(self, element: Element) -> None:
        """The document's head, from its metadata."""
        document = self._document
        preface = add(element, "preface")
        if document.secrecy:
            add(add(preface, "p"), "docStatus", document.secrecy)
        if document.issuer:
            add(add(preface, "p"), "docAuthority", document.issuer, refersTo=f"#{ISSUER}")
        if document.number:
            add(add(preface, "p", "Số: "), "docNumber", document.number)
        where, when = place_and_date(document)
        if document.issued:
            add(add(preface, "p", f"{where}, " if where else ""), "docDate", when, date=document.issued.isoformat())
        elif where:
            add(preface, "p", where)
        title = add(add(preface, "longTitle"), "p")
        if document.type:
            add(title, "docType", document.type)
        if document.title:
            append(title, " " if document.type else "")
            add(title, "docTitle", document.title)
        receivers = addressed(self._held)
        if receivers:
            add(preface, "p", f"Kính gửi: {'; '.join(receivers)}.")

    def _add_preamble(self, element: Element, clause: Clause) -> None:
        preamble = add(element, "preamble", eId=clause.eid)
        below = self._below(clause)
        # The schema wants a block in every preamble.
        if clause.text or clause.eid in self._held.notes_at or not below:
            self._add_words(add(preamble, "p"), clause)
        for role, run in groupby(below, self._role):
            parent = add(preamble, f"{role}s") if role in ("citation", "recital") else preamble
            for child in run:
                self._add_item(parent, role, child)

    def _role(self, clause: Clause) -> str:
        """What a paragraph of the preamble is: a legal basis, the words that enact, or a reason."""
        if clause.text.rstrip(" ;.,") in self._document.bases:
            return "citation"
        return "formula" if clause.text.isupper() and not clause.label else "recital"

    def _add_item(self, parent: Element, tag: str, clause: Clause) -> None:
        """A clause where the standard has blocks, not divisions; what stands below it is blocks in it."""
        attributes = {"formula": {"name": "enacting"}, "tblock": {"class": str(clause.kind)}}.get(tag, {})
        item = add(parent, tag, eId=clause.eid, **attributes)
        if clause.label:
            add(item, "num", clause.label)
        self._add_words(add(item, "p"), clause)
        for child in self._below(clause):
            self._add_item(item, "tblock", child)

    def _add_conclusions(self, element: Element, clause: Clause) -> None:
        conclusions = add(element, "conclusions", eId=clause.eid)
        self._add_words(add(conclusions, "p"), clause, self._signature_marks(clause.text))
        for child in self._below(clause):
            self._add_item(conclusions, "tblock", child)

    def _signature_marks(self, text: str) -> list[Mark]:
        """The signer's name where it stands last, and the office printed before it."""
        name, office = self._document.signer, self._document.signer_title
        start = text.rfind(name) if name else -1
        if start < 0:
            return []
        marks = [Mark(start, start + len(name), (("signature", {}), ("person", {"refersTo": f"#{SIGNER}"})))]
        before = text[:start].rstrip()
        if office and before.casefold().endswith(office.casefold()):
            marks.append(Mark(len(before) - len(office), len(before), (("role", {"refersTo": f"#{OFFICE}"}),)))
        return marks

    # --- body and attachments ------------------------------------------------------------------------------------------

    def _add_body(self, element: Element, kind: str, clauses: Sequence[Clause]) -> Element:
        body = add(element, "body" if kind == "act" else "mainBody")
        self._add_divisions(body, [clause for clause in clauses if clause.eid not in self._noted])
        if not len(body):
            # The schema wants a division in every body.
            add(body, "hcontainer", name="empty")
        return body

    def _add_attachment(self, attachments: Element, clause: Clause) -> None:
        """A regulation is of the document's own kind; an annex, a list or a form is a ``doc``."""
        kind = self._kind if clause.kind is Kind.ATTACHMENT else "doc"
        attachment = add(attachments, "attachment", eId=clause.eid)
        self._add_title(attachment, clause)
        element = add(attachment, kind, name=iris.name_of(clause.label) or str(clause.kind))
        add_component_meta(element, self._document, clause.eid, f"{clause.label} {clause.heading}".strip(), self._made)
        if _rest(clause) < len(clause.text) or (clause.eid in self._held.notes_at and not clause.heading):
            self._add_own(add(element, "preface"), clause)
        self._add_body(element, kind, self._below(clause))

    def _add_divisions(self, parent: Element, clauses: Sequence[Clause]) -> None:
        """Clauses in order; rows that follow one another are one table."""
        for tabular, run in groupby(clauses, key=lambda clause: cells_in(clause) is not None):
            if tabular:
                self._add_table(parent, list(run))
            else:
                for clause in run:
                    self._add_division(parent, clause)

    def _add_division(self, parent: Element, clause: Clause) -> None:
        tag = _ELEMENTS.get(clause.kind, "hcontainer")
        division = add(parent, tag, eId=clause.eid, name=str(clause.kind) if tag == "hcontainer" else "")
        self._add_title(division, clause)
        below = self._below(clause)
        if _rest(clause) < len(clause.text) or (clause.eid in self._held.notes_at and not clause.heading):
            self._add_own(add(division, "intro" if below else "content"), clause)
        self._add_divisions(division, below)

    def _add_title(self, element: Element, clause: Clause) -> None:
        """The clause's label and heading; its footnotes with them where it has no words but these."""
        if clause.label:
            add(element, "num", clause.label)
        if clause.heading:
            heading = add(element, "heading")
            fill(heading, clause.text, 0, len(clause.heading), self._marks.get(clause.eid, ()))
            if _rest(clause) == len(clause.text):
                self._add_notes(heading, clause)

    def _add_own(self, parent: Element, clause: Clause) -> None:
        """The clause's words after its heading, as a paragraph with its footnotes."""
        words = add(parent, "p")
        fill(words, clause.text, _rest(clause), len(clause.text), self._marks.get(clause.eid, ()))
        self._add_notes(words, clause)

    def _add_words(self, element: Element, clause: Clause, marks: Sequence[Mark] = ()) -> None:
        """All words of a clause, with its footnotes."""
        fill(element, clause.text, 0, len(clause.text), [*marks, *self._marks.get(clause.eid, ())])
        self._add_notes(element, clause)

    def _add_notes(self, element: Element, clause: Clause) -> None:
        """The footnotes marked in ``clause`` where they are first, a reference to those that another clause has already."""
        own = self._held.notes_at.get(clause.eid, [])
        for note in own:
            element_of_note = add(element, "authorialNote", eId=note.eid, marker=note.label, placement="bottom")
            self._add_words(add(element_of_note, "p"), note)
            for child in self._below(note):
                self._add_item(element_of_note, "tblock", child)
        placed = {note.eid for note in own}
        for eid in clause.footnotes:
            if eid not in placed and eid in self._held.by_eid:
                add(element, "noteRef", href=f"#{eid}", marker=self._held.by_eid[eid].label)

    def _below(self, clause: Clause) -> list[Clause]:
        return [child for child in clause.clauses if child.eid not in self._noted]

    # --- tables --------------------------------------------------------------------------------------------------------

    def _add_table(self, parent: Element, rows: Sequence[Clause]) -> None:
        """Rows as a table in a container of its own: a division holds either blocks or divisions, and a table is a block."""
        table = add(add(add(parent, "hcontainer", name="table"), "content"), "table")
        columns = self._held.columns_at[rows[0].eid]
        if columns:
            head = add(table, "tr")
            for name in columns:
                add(add(head, "th"), "p", name)
        for row in rows:
            self._add_row(table, row)

    def _add_row(self, table: Element, row: Clause) -> None:
        element = add(table, "tr", eId=row.eid)
        marks = self._marks.get(row.eid, ())
        cell = None
        for words, start in cells_in(row) or ():
            cell = add(add(element, "td"), "p")
            if start is None:
                append(cell, words)
            else:
                inside = [mark for mark in marks if start <= mark.start and mark.end <= start + len(words)]
                fill(cell, row.text, start, start + len(words), inside)
        if cell is not None:
            self._add_notes(cell, row)


def _reference_marks(held: HeldDocument) -> dict[str, list[Mark]]:
    """``ref`` elements for what the references of each clause lead to."""
    works = {document: iris.work(record) for document, record in {**held.cited, held.record.id: held.record}.items()}
    marks: defaultdict[str, list[Mark]] = defaultdict(list)
    for link in resolved(held):
        href = _href(held, works, iris.common(link.targets))
        if href:
            span = link.reference.span
            marks[link.reference.eid].append(Mark(span.start, span.end, (("ref", {"href": href}),)))
    return dict(marks)


def _href(held: HeldDocument, works: Mapping[str, str], target: Address | None) -> str:
    """Where a reference leads: within this document to an element of it, else to an IRI. "" where no one place holds all that it names."""
    if target is None or target.document not in works:
        return ""
    if target.document == held.record.id:
        return f"#{target.eid}" if target.eid in held.by_eid else works[target.document]
    return iris.part_of(works[target.document], target.eid)


def _rest(clause: Clause) -> int:
    """Where the clause's words go on after its heading."""
    start = len(clause.heading)
    while start < len(clause.text) and clause.text[start].isspace():
        start += 1
    return start


def cells_in(row: Clause) -> list[tuple[str, int | None]] | None:
    """The cells of a row in order, each with its place in the row's text, None for the number that is its label, and for empty ones.

    None where the clause is no row, or its cells do not make up its text: then it is written as its text.
    """
    if row.kind is not Kind.ROW or not row.cells or row.clauses:
        return None
    cells: list[tuple[str, int | None]] = []
    position = 0
    for number, words in enumerate(row.cells):
        if not words or (number == 0 and words == row.label):
            cells.append((words, None))
        elif row.text.startswith(words, position):
            cells.append((words, position))
            between = _BETWEEN_CELLS.match(row.text, position + len(words))
            position = between.end() if between else position + len(words)
        else:
            return None
    return cells if position == len(row.text) else None


def _lay_out(element: Element, line: str) -> None:
    """Put each element that holds no words on a line of its own, indented; ``line`` is the line end and the indent of ``element``."""
    if element.tag in _RUNNING or not len(element):
        return
    element.text = line + "  "
    for child in element:
        child.tail = line + "  "
        _lay_out(child, line + "  ")
    element[-1].tail = line
