"""Two documents, versions of one, or two clauses side by side with their differences marked: ``/compare?a=ID[@version][#eid]&b=…``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from kgsearch.comparing import Effort, Pair, State, differing_words
from kgsearch.i18n import current_language
from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, Span
from kgsearch.server.comparable import comparable, find
from kgsearch.server.compared import CHANGES, EVERYTHING, Place, asked_place, compared_view, comparisons
from kgsearch.server.connections import read_connections
from kgsearch.server.formats import moment
from kgsearch.server.parameters import MAX_OFFSET, query_string, whole_number
from kgsearch.server.service import search_service
from kgsearch.server.versions import version_key

blueprint = Blueprint("compare", __name__)

ROWS_ON_A_PAGE = 150
# Characters of both documents on one page, but for the row that reaches beyond.
TEXT_ON_A_PAGE = 120_000
MAX_NAME = 140
TEXT_LANGUAGE = "vi"


@dataclass(frozen=True, slots=True)
class Choice:
    """A version of the same document that may be compared; ``key`` names it, ``detail`` says which it is."""

    key: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A clause in one of the columns: ``name`` and ``address`` where it is no other than its partner are left out, ``text`` is HTML."""

    name: str
    address: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Row:
    """A clause of both columns, or of one; ``words`` say what became of it, "" where nothing did."""

    state: State
    words: str
    left: Cell | None
    right: Cell | None


def compare_address(first: str, second: str = "", view: str = "", page: int = 1) -> str:
    """The page that compares ``first`` with ``second``, each the key of a place; without ``second``, that lets it be chosen."""
    pairs = [("a", first), ("b", second), ("view", view), ("page", str(page) if page > 1 else "")]
    return "/compare" + query_string([(name, value) for name, value in pairs if value])


@blueprint.get("/compare")
def comparison() -> str | BaseResponse:
    """Two places compared; what is still to be chosen, where it is not two yet."""
    names = [request.args.get(name, "").strip() for name in ("a", "b")]
    # Before anything is read: what an indexing run changes meanwhile must not be kept as of after it.
    changed = search_service().reader.meta().get("changed")
    first, second = (asked_place(name) if name else None for name in names)
    if first is None or second is None:
        return _choice(first or second)
    if (first.clause is None) != (second.clause is None):
        return _counterpart(first, second, changed)
    return _compared(first, second, changed)


def _choice(first: Place | None, notice: str = "") -> str:
    """The page on which the (other) document is chosen."""
    service = search_service()
    text = request.args.get("find", "").strip()
    groups = comparable(service.reader, read_connections(service.reader, first.record)) if first else []
    return render_template(
        "compare.html",
        first=first,
        find=text,
        found=find(service, text) if text else None,
        groups=groups,
        versions=_versions(first) if first else [],
        notice=notice,
        address=lambda chosen: compare_address(first.key, chosen) if first else compare_address(chosen),
    )


def _versions(place: Place) -> list[Choice]:
    """The document of ``place`` in its other versions, as it is now first."""
    document = place.record.id
    found = [
        Choice(
            version_key(document, one.number),
            _("Version {number}").format(number=one.number),
            _("replaced on {moment}").format(moment=moment(one.replaced)),
        )
        for one in search_service().reader.versions(document)
        if one.number != place.version
    ]
    return [Choice(document, _("The document as it is now"), ""), *found] if place.version else found


def _counterpart(first: Place, second: Place, changed: str | None) -> str | BaseResponse:
    """The clause of the one place beside what it is in the document that the other is; where it is nothing there, a choice."""
    clause, document = (first, second) if first.clause else (second, first)
    found = comparisons().get(clause.whole(), document, changed).partner(clause.clause.eid) if clause.clause else None
    if found is None:
        notice = _("{clause} has no counterpart in {document}.").format(clause=clause.name, document=document.name)
        return _choice(clause, notice)
    other = document.clause_key(found)
    return redirect(compare_address(*((clause.key, other) if clause is first else (other, clause.key))), 302)


def _compared(first: Place, second: Place, changed: str | None) -> str:
    view = compared_view(request.args, EVERYTHING if first.clause else CHANGES)
    page = whole_number(request.args, "page", 1, 1, MAX_OFFSET)
    found = comparisons().get(first, second, changed)
    pages = _pages([pair for pair in found.pairs if pair.state is not State.SAME or (view == EVERYTHING and _has_words(pair))])
    rows = _rows(pages[page - 1], first, second) if page <= len(pages) else []
    counts = found.counts()
    return render_template(
        "comparison.html",
        first=first,
        second=second,
        rows=rows,
        counts=counts,
        differing=sum(number for state, number in counts.items() if state is not State.SAME),
        named_counts=[(name, counts[state]) for state, name in _state_counts().items() if counts[state]],
        view=view,
        views=[(name, words, compare_address(first.key, second.key, name)) for name, words in _views().items()],
        swapped=compare_address(second.key, first.key, view),
        other=compare_address(first.key),
        page=page,
        last_page=max(1, len(pages)),
        page_address=lambda number: compare_address(first.key, second.key, view, number),
    )


def _views() -> dict[str, str]:
    return {CHANGES: _("Only the differences"), EVERYTHING: _("Everything")}


def _state_counts() -> dict[State, str]:
    """What the counts of a comparison are called."""
    return {
        State.CHANGED: _("changed"),
        State.ADDED: _("added"),
        State.REMOVED: _("removed"),
        State.MOVED: _("moved"),
        State.RENUMBERED: _("renumbered"),
    }


def _state_words(pair: Pair) -> str:
    if pair.state is State.CHANGED and pair.moved:
        return _("Changed and moved")
    return {
        State.SAME: "",
        State.CHANGED: _("Changed"),
        State.ADDED: _("Added"),
        State.REMOVED: _("Removed"),
        State.MOVED: _("Moved, the words are the same"),
        State.RENUMBERED: _("Renumbered, the words are the same"),
    }[pair.state]


def _pages(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """``pairs`` cut into pages, each bounded in rows and in characters."""
    pages: list[list[Pair]] = []
    room = 0
    for pair in pairs:
        length = sum(len(clause.text) for clause in (pair.left, pair.right) if clause)
        if not pages or len(pages[-1]) >= ROWS_ON_A_PAGE or room < length:
            pages.append([])
            room = TEXT_ON_A_PAGE
        pages[-1].append(pair)
        room -= length
    return pages


def _has_words(pair: Pair) -> bool:
    """Whether there is anything to read: a preamble is only what stands in it."""
    return any(clause and _printed(clause) for clause in (pair.left, pair.right))


@dataclass(frozen=True, slots=True)
class _Column:
    """One side of a comparison: what only stands there is in ``element``."""

    place: Place
    element: str

    def lone(self, clause: ClauseRecord | None) -> Cell | None:
        """A clause that has no partner: all of it is marked, and the words of the row say so."""
        if clause is None:
            return None
        return self._named(clause, Markup(f"<{self.element}>{{}}</{self.element}>").format(_marked(clause, (), self.element)))

    def cell(self, clause: ClauseRecord, spans: Sequence[Span], *, named: bool) -> Cell:
        """A clause with its differing ``spans`` marked."""
        text = _marked(clause, spans, self.element)
        return self._named(clause, text) if named else Cell("", "", text)

    def _named(self, clause: ClauseRecord, text: Markup) -> Cell:
        name = clause.citation or clause.label
        shown = name if len(name) <= MAX_NAME else name[:MAX_NAME].rsplit(" ", 1)[0] + "…"
        return Cell(shown, self.place.clause_address(clause.eid), text)


def _rows(pairs: Sequence[Pair], first: Place, second: Place) -> list[Row]:
    effort, columns = Effort(), (_Column(first, "del"), _Column(second, "ins"))
    return [_row(pair, effort, *columns) for pair in pairs]


def _row(pair: Pair, effort: Effort, first: _Column, second: _Column) -> Row:
    words, left, right = _state_words(pair), pair.left, pair.right
    if left is None or right is None:
        return Row(pair.state, words, first.lone(left), second.lone(right))
    named = pair.state is not State.SAME
    spans, other_spans = differing_words(_printed(left), _printed(right), effort) if named else ([], [])
    return Row(pair.state, words, first.cell(left, spans, named=named), second.cell(right, other_spans, named=named))


def _printed(clause: ClauseRecord) -> str:
    return f"{clause.label} {clause.text}".strip()


def _marked(clause: ClauseRecord, spans: Sequence[Span], element: str) -> Markup:
    """A clause with ``spans`` of what is printed in ``del`` or ``ins``, each said in words to who does not see it; label and heading
    stand out."""
    text = _printed(clause)
    body = len(text) - len(clause.text)
    head = body + len(clause.heading) if clause.text.startswith(clause.heading) else body
    inside = [Span(span.start, min(span.end, head)) for span in spans if span.start < head]
    behind = [Span(max(span.start, head), span.end) for span in spans if span.end > head]
    rest = _pieces(text, head, len(text), behind, element)
    return Markup("<b>{}</b>{}").format(_pieces(text, 0, head, inside, element), rest) if head else rest


def _pieces(text: str, start: int, end: int, spans: Sequence[Span], element: str) -> Markup:
    said = {"del": _("removed:"), "ins": _("added:")}[element]
    # The text around it is Vietnamese whatever the page speaks.
    language = Markup("") if current_language() == TEXT_LANGUAGE else Markup(' lang="{}"').format(current_language())
    opening = Markup('<{0}><span class="unseen"{1}>{2} </span>').format(element, language, said)
    pieces: list[Markup] = []
    for span in spans:
        pieces += [escape(text[start : span.start]), opening, escape(text[span.start : span.end]), Markup(f"</{element}>")]
        start = span.end
    return Markup("").join([*pieces, escape(text[start:end])])
