"""References in a document's text as links: exactly where they stand, to what they lead to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup

from kgsearch.citations import cite
from kgsearch.i18n import gettext as _
from kgsearch.models import Address, ClauseRecord, DocumentRecord, LinkedReference, LinkState, Span
from kgsearch.server.highlighting import Wrapping, marked
from kgsearch.server.parameters import query_string

Wrappings = Mapping[str, Sequence[Wrapping]]
"""What stands around references, by the eId of the clause that they are in."""

# How `Reference.document` names the citing document itself and the regulation attached to it.
_OWN = ("this", "this-attachment")
_TITLE_LENGTH = 120
_RESERVED = re.compile(r"[^\w/.-]+")
_END_OF_LINK, _END_OF_SPAN = Markup("</a>"), Markup("</span>")


def subject_of(record: DocumentRecord) -> str:
    """A document's title where its short citation does not say it already."""
    return "" if record.title.casefold() in cite(record, "", full=False).casefold() else record.title


def place_address(place: Address) -> str:
    """The page of a document, at the clause where one is named."""
    return f"/documents/{quote(place.document)}" + (f"#{quote(place.eid)}" if place.eid else "")


def reference_address(document: str, linked: LinkedReference) -> str:
    """The page that lists what one reference of ``document`` may lead to."""
    pairs = [("eid", linked.reference.eid), ("at", str(linked.reference.span.start))]
    return f"/documents/{quote(document)}/reference{query_string(pairs)}"


def missing_address(name: str) -> str:
    """The entry of a document, by its number or its name, among those that are cited and missing.

    Letters stay as they are, which a browser encodes: a page has hundreds of these addresses.
    """
    return f"/missing?q={_RESERVED.sub(lambda found: quote(found[0], safe='/'), name).replace('%20', '+')}"


def reference_wrappings(
    document: str, linked: Sequence[LinkedReference], records: Mapping[str, DocumentRecord], here: Collection[str]
) -> Wrappings:
    """What stands around each reference of ``document`` in its text.

    ``records`` are the documents that the references lead to, ``here`` the eIds of the clauses on the same page.
    """
    writer = _Openings(document, records, here)
    found: defaultdict[str, list[Wrapping]] = defaultdict(list)
    for one in linked:
        around = writer.around(one)
        if around:
            found[one.reference.eid].append(Wrapping(one.reference.span, *around))
    return found


def cell_wrappings(clause: ClauseRecord, wrappings: Sequence[Wrapping]) -> list[list[Wrapping]]:
    """``wrappings`` of a row's text, for each of its cells those that stand in it; one that reaches over a border is left out."""
    if not wrappings:
        return [[] for _cell in clause.cells]
    return [_inside(wrappings, place) if place else [] for place in _places(clause)]


def linked_bases(document: DocumentRecord, clauses: Sequence[ClauseRecord], wrappings: Wrappings) -> list[Markup]:
    """The legal bases of ``document`` as HTML, with the links of the preamble that they are from."""
    preamble = [clause for clause in clauses if clause.eid.split("__", 1)[0] == "preamble"]
    return [_linked_base(base, preamble, wrappings) for base in document.bases]


def _linked_base(base: str, preamble: Sequence[ClauseRecord], wrappings: Wrappings) -> Markup:
    for clause in preamble:
        start = clause.text.find(base)
        if start >= 0:
            return marked(base, (), wrappings=_inside(wrappings.get(clause.eid, ()), Span(start, start + len(base))))
    return marked(base, ())


def _inside(wrappings: Sequence[Wrapping], place: Span) -> list[Wrapping]:
    """Those within ``place`` of a text, with their spans in what stands there."""
    inside = (one for one in wrappings if place.start <= one.span.start and one.span.end <= place.end)
    return [Wrapping(Span(one.span.start - place.start, one.span.end - place.start), one.opening, one.closing) for one in inside]


def _places(clause: ClauseRecord) -> Iterator[Span | None]:
    """Where each cell stands in the row's text, which is the cells in their order without the one that is the row's label."""
    position = 0
    for number, cell in enumerate(clause.cells):
        start = -1 if number == 0 and cell == clause.label else clause.text.find(cell, position)
        if start < 0:
            yield None
        else:
            position = start + len(cell)
            yield Span(start, position)


class _Openings:
    """What stands around the references of one document."""

    def __init__(self, document: str, records: Mapping[str, DocumentRecord], here: Collection[str]) -> None:
        self._document = document
        self._here = here
        self._records = records
        self._titled: set[str] = set()
        self._missing: dict[str, Markup] = {}
        self._absent_here = Markup('<span class="absent" title="{}">').format(_("There is no such place in this document"))
        self._absent = Markup('<span class="absent" title="{}">').format(_("Not among the documents yet"))

    def around(self, linked: LinkedReference) -> tuple[Markup, Markup] | None:
        """What opens and what closes around a reference, None where it leads to where a reader is already."""
        if not linked.targets or linked.state is LinkState.MISSING:
            return self._around_missing(linked)
        if linked.state is LinkState.AMBIGUOUS:
            return self._listed(linked, Markup(' class="unsure"'), _("{count} places may be meant")), _END_OF_LINK
        first = linked.targets[0]
        if first.document == self._document:
            return self._own(first, linked.reference.eid)
        if len(linked.targets) > 1:
            return self._listed(linked, Markup(""), _("{count} places are cited")), _END_OF_LINK
        return Markup(f'<a href="{place_address(first)}"{self._title(first.document)}>'), _END_OF_LINK

    def _around_missing(self, linked: LinkedReference) -> tuple[Markup, Markup]:
        """A link to the document's entry among those that are cited and missing, where it has one."""
        reference = linked.reference
        name = reference.number or reference.document
        if not reference.number and reference.document in _OWN:
            return self._absent_here, _END_OF_SPAN
        if linked.state is not LinkState.MISSING or not name:
            return self._absent, _END_OF_SPAN
        if name not in self._missing:
            self._missing[name] = Markup('<a class="absent" href="{}">').format(missing_address(name))
        return self._missing[name], _END_OF_LINK

    def _title(self, document: str) -> Markup:
        """The title where a document is cited for the first time on a page: it may be cited on every line."""
        record = self._records.get(document)
        if record is None or document in self._titled:
            return Markup("")
        self._titled.add(document)
        return _title(record)

    def _own(self, first: Address, here: str) -> tuple[Markup, Markup] | None:
        """A link within the document; none for the document as a whole and for the clause that speaks.

        Of several places the first: the others stand near it.
        """
        if first.eid in ("", here):
            return None
        # Addresses are percent-encoded, so nothing in them is left to escape.
        address = f"#{quote(first.eid)}" if first.eid in self._here else place_address(first)
        return Markup(f'<a href="{address}">'), _END_OF_LINK

    def _listed(self, linked: LinkedReference, kind: Markup, title: str) -> Markup:
        address = reference_address(self._document, linked)
        return Markup('<a{} href="{}" title="{}">').format(kind, address, title.format(count=len(linked.targets)))


def _title(record: DocumentRecord) -> Markup:
    name, subject = cite(record, "", full=False), subject_of(record)
    whole = f"{name} – {subject}" if subject else name
    return Markup(' title="{}"').format(whole if len(whole) <= _TITLE_LENGTH else whole[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…")
