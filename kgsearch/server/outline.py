"""A document's clauses laid out for a page: blocks of text, tables of rows, footnotes, and the table of contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from kgsearch.citations import cite
from kgsearch.citations.write import sentence
from kgsearch.models import ClauseRecord, DocumentRecord, Hit, Kind, Span
from kgsearch.server.cited_by import CitedHere
from kgsearch.server.highlighting import marked, query_spans
from kgsearch.server.references import Wrappings, cell_wrappings

# Kinds that open a block of their own with a heading; those below them run in with their text.
TITLED = frozenset({Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.ARTICLE, Kind.ATTACHMENT, Kind.ANNEX})
MAX_INDENT = 5
LEAD_IN = 90
# Of a longer table of contents the deepest lines are left out, as long as there are others.
MAX_CONTENTS = 300
MAX_QUOTE = 4000
_NO_WRAPPINGS: Wrappings = {}
_NOT_CITED: Mapping[str, CitedHere] = {}


@dataclass(frozen=True, slots=True)
class Citations:
    """The forms in which a clause is cited: ``first`` in full, ``again`` short, ``quoted`` with its words ("" where too long), and the
    beginnings of sentences that cite it, ``sentence`` for the first time and ``sentence_again``."""

    first: str
    again: str
    quoted: str
    sentence: str
    sentence_again: str

    @classmethod
    def of_hit(cls, hit: Hit) -> Citations:
        """The forms for a clause that a search found."""
        forms = cls.of_clause(hit.document, hit.clause)
        quoted = _quotation(quoted_words(hit.clause), hit.citation_full)
        return replace(forms, first=hit.citation_full, again=hit.citation, quoted=quoted)

    @classmethod
    def of_clause(cls, document: DocumentRecord, clause: ClauseRecord) -> Citations:
        """The forms for a clause of the catalogue."""
        return cls._of(document, clause.citation, clause.eid.startswith("att_"), quoted_words(clause))

    @classmethod
    def of_document(cls, document: DocumentRecord) -> Citations:
        """The forms for a document as a whole."""
        return cls._of(document, "", False, "")

    @classmethod
    def _of(cls, document: DocumentRecord, clause: str, attached: bool, words: str) -> Citations:
        first = cite(document, clause, full=True, attached=attached)
        return cls(
            first=first,
            again=cite(document, clause, full=False, attached=attached),
            quoted=_quotation(words, first),
            sentence=sentence(document, clause, first=True, attached=attached),
            sentence_again=sentence(document, clause, first=False, attached=attached),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One clause as a page shows it. ``heading`` and ``body`` are HTML, marked and linked; ``level`` is that of its HTML heading, 0 for
    none; ``indent`` counts its steps to the right; ``notes`` are eId and mark of its footnotes; ``cited`` is by what it is cited."""

    clause: ClauseRecord
    level: int
    indent: int
    heading: Markup
    body: Markup
    notes: tuple[tuple[str, str], ...] = ()
    cited: CitedHere | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``cells`` are HTML, marked and linked; ``cited`` is by what it is cited."""

    clause: ClauseRecord
    cells: tuple[Markup, ...]
    cited: CitedHere | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that stand together under the same column heads; ``width`` counts the columns.

    ``shares`` are the widths of the columns in twenty-fourths of the table's; none where they follow from what stands in the rows.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    width: int
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the table of contents; ``depth`` from 0."""

    eid: str
    label: str
    text: str
    depth: int


@dataclass(slots=True)
class Layout:
    """A document, or one clause of it, laid out in order; ``first_match`` is the eId of the first clause with a marked word."""

    blocks: list[Block | Table] = field(default_factory=list)
    footnotes: list[Block] = field(default_factory=list)
    contents: list[ContentsEntry] = field(default_factory=list)
    matches: int = 0
    first_match: str = ""


def lay_out(
    clauses: Sequence[ClauseRecord],
    query: str = "",
    columns: tuple[str, ...] = (),
    wrappings: Wrappings = _NO_WRAPPINGS,
    cited: Mapping[str, CitedHere] = _NOT_CITED,
) -> Layout:
    """The ``clauses`` of a document, in order, laid out with the words of ``query`` marked.

    ``columns`` are the heads of the table that the outermost clauses stand in; ``wrappings`` what stands around references in the text,
    ``cited`` by what clauses are cited, both by eId. Raises UsageError for too long a query.
    """
    return _Compositor(clauses, query, columns, wrappings, cited).compose()


def subtree(clauses: Sequence[ClauseRecord], eid: str) -> list[ClauseRecord]:
    """The clause ``eid`` and its descendants, in order."""
    inside: set[str] = {eid}
    found: list[ClauseRecord] = []
    for clause in clauses:
        if clause.eid == eid or clause.parent in inside:
            inside.add(clause.eid)
            found.append(clause)
    return found


def ancestors(clauses: Sequence[ClauseRecord], clause: ClauseRecord) -> list[ClauseRecord]:
    """What ``clause`` stands in, outermost first."""
    by_eid = {other.eid: other for other in clauses}
    chain: list[ClauseRecord] = []
    parent = by_eid.pop(clause.parent, None)
    while parent is not None:
        chain.append(parent)
        parent = by_eid.pop(parent.parent, None)
    return chain[::-1]


def neighbours(clauses: Sequence[ClauseRecord], clause: ClauseRecord) -> tuple[ClauseRecord | None, ClauseRecord | None]:
    """What a reader turns to before and after ``clause``: the clause beside it, else the one it stands in; what follows its last word."""
    eids = [other.eid for other in clauses]
    place = eids.index(clause.eid)
    siblings = [other for other in clauses[:place] if other.parent == clause.parent]
    before = siblings[-1] if siblings else next((other for other in clauses if other.eid == clause.parent), None)
    inside = {other.eid for other in subtree(clauses, clause.eid)}
    return before, next((other for other in clauses[place + 1 :] if other.eid not in inside), None)


def lead_in(clause: ClauseRecord) -> str:
    """A clause's heading, else the first words of its text, short enough for a line."""
    text = clause.heading or clause.text
    if len(text) <= LEAD_IN:
        return text.rstrip(" ,;:")
    return text[:LEAD_IN].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def place_name(clause: ClauseRecord, path: Sequence[ClauseRecord]) -> str:
    """The name of ``clause`` among what it stands in: "khoản 2" where its citation is "khoản 2 Điều 1"; ``path`` is outermost first."""
    outer = next((other.citation for other in path if other.eid == clause.parent), "")
    return clause.citation.removesuffix(outer).removesuffix("thuộc ").strip() if outer else clause.citation


def note_mark(eid: str, label: str) -> str:
    """What a footnote's mark shows: its printed label, else the number in its eId."""
    return label.strip(" []()") or eid.rsplit("_", 1)[-1]


class _Compositor:
    """Walks the clauses once, knowing of each its parents and which columns hold in it."""

    def __init__(
        self,
        clauses: Sequence[ClauseRecord],
        query: str,
        columns: tuple[str, ...],
        wrappings: Wrappings,
        cited: Mapping[str, CitedHere],
    ) -> None:
        self._clauses = clauses
        self._by_eid = {clause.eid: clause for clause in clauses}
        self._wrappings = wrappings
        self._cited = cited
        self._query = query.strip()
        self._levels: dict[str, int] = {}
        self._indents: dict[str, int] = {}
        self._outer_columns = columns
        self._columns: dict[str, tuple[str, ...]] = {}
        self._layout = Layout()

    def compose(self) -> Layout:
        for clause in self._clauses:
            self._place(clause)
            if clause.kind is Kind.FOOTNOTE:
                self._layout.footnotes.append(self._block(clause))
            elif clause.kind is Kind.ROW and clause.cells:
                self._add_row(clause)
            else:
                block = self._block(clause)
                self._layout.blocks.append(block)
                self._add_to_contents(block)
        self._layout.contents = _shortened(self._layout.contents)
        return self._layout

    def _place(self, clause: ClauseRecord) -> None:
        titled = clause.kind in TITLED
        self._levels[clause.eid] = self._levels.get(clause.parent, 1) + titled
        steps = self._indents.get(clause.parent, -1)
        self._indents[clause.eid] = -1 if titled else min(steps + 1, MAX_INDENT)
        self._columns[clause.eid] = clause.columns or self._columns.get(clause.parent, self._outer_columns)

    def _block(self, clause: ClauseRecord) -> Block:
        spans = self._spans(clause.eid, clause.text)
        wrappings = self._wrappings.get(clause.eid, ())
        split = len(clause.heading) if clause.text.startswith(clause.heading) else 0
        while split < len(clause.text) and clause.text[split].isspace():
            split += 1
        return Block(
            clause=clause,
            level=min(self._levels[clause.eid], 6) if clause.kind in TITLED else 0,
            indent=max(self._indents[clause.eid], 0),
            heading=marked(clause.text, spans, Span(0, split), wrappings) if split else Markup(""),
            body=marked(clause.text, spans, Span(split, len(clause.text)), wrappings),
            notes=tuple((eid, note_mark(eid, self._by_eid[eid].label)) for eid in clause.footnotes if eid in self._by_eid),
            cited=self._cited.get(clause.eid),
        )

    def _spans(self, eid: str, text: str) -> list[Span]:
        spans = query_spans(text, self._query) if self._query else []
        if spans:
            self._layout.matches += len(spans)
            self._layout.first_match = self._layout.first_match or eid
        return spans

    def _add_row(self, clause: ClauseRecord) -> None:
        columns = self._columns[clause.eid]
        wrappings = cell_wrappings(clause, self._wrappings.get(clause.eid, ()))
        cells = tuple(
            marked(cell, self._spans(clause.eid, cell), wrappings=inside) for cell, inside in zip(clause.cells, wrappings, strict=True)
        )
        row = Row(clause, cells, self._cited.get(clause.eid))
        last = self._layout.blocks[-1] if self._layout.blocks else None
        width = max(len(columns), len(cells))
        if isinstance(last, Table) and last.columns == columns and last.width == width:
            last.rows.append(row)
        else:
            self._layout.blocks.append(Table(columns, [row], width))

    def _add_to_contents(self, block: Block) -> None:
        clause = block.clause
        # The numbered tasks of plans and reports are their contents, with headings of their own or without.
        parent = self._by_eid.get(clause.parent)
        numbered = clause.kind is Kind.CLAUSE and (
            clause.heading or (parent is not None and parent.kind in (Kind.SECTION, Kind.SUBSECTION))
        )
        if block.level or numbered:
            depth = self._levels[clause.eid] - (2 if block.level else 1)
            self._layout.contents.append(ContentsEntry(clause.eid, clause.label, lead_in(clause), depth))


def _shortened(contents: list[ContentsEntry]) -> list[ContentsEntry]:
    """``contents`` without the deepest lines, where they are too many to be looked through."""
    while len(contents) > MAX_CONTENTS and (depths := {entry.depth for entry in contents}) and len(depths) > 1:
        deepest = max(depths)
        contents = [entry for entry in contents if entry.depth < deepest]
    return contents


def quoted_words(clause: ClauseRecord) -> str:
    """The words of ``clause`` and of what stands in it, its heading on a line of its own as it is printed."""
    words, heading = clause.full_text or clause.text, clause.heading
    rest = words.removeprefix(heading)
    return f"{heading}\n{rest.strip()}" if heading and rest[:1].isspace() else words


def _quotation(text: str, citation: str) -> str:
    return f"“{text}” ({citation})" if text and len(text) <= MAX_QUOTE else ""
