"""The records that pass from room to room: plain frozen dataclasses, no behaviour beyond views of themselves.

Offsets are characters of the *source text*: the file decoded, byte-order mark removed, otherwise as it was.
Every ``to_json`` returns what ``json.dumps`` takes and what the public contract names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Kinds of clause, as the public contract spells them."""

    PREAMBLE = "preamble"
    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    SUBSECTION = "subsection"
    ARTICLE = "article"
    CLAUSE = "clause"
    POINT = "point"
    SUBPOINT = "subpoint"
    INDENT = "indent"
    PARAGRAPH = "paragraph"
    ATTACHMENT = "attachment"
    ANNEX = "annex"
    ROW = "row"
    FOOTNOTE = "footnote"
    CONCLUSIONS = "conclusions"


class Relation(StrEnum):
    """What a document that cites another says of it; the words of the relation stand in the clause that cites."""

    BASIS = "basis"
    """căn cứ: it is one of its legal bases."""
    CITES = "cites"
    """viện dẫn: it names it, and says nothing more of it."""
    AMENDS = "amends"
    """sửa đổi, bổ sung."""
    REPLACES = "replaces"
    """thay thế."""
    REPEALS = "repeals"
    """bãi bỏ, or says that it ceases to have effect."""
    GUIDES = "guides"
    """hướng dẫn thi hành, quy định chi tiết."""
    ISSUED_WITH = "issued-with"
    """kèm theo: what it names is issued or sent with it, or it is issued with what it names."""


class LinkState(StrEnum):
    """What became of a reference in the catalogue as it stands."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    """Several documents may be meant; its targets are the candidates."""
    MISSING = "missing"
    """The document, or the clause of its own document, is not in the catalogue."""


class Force(StrEnum):
    """Whether a document has effect, by what clauses in the catalogue say."""

    IN_FORCE = "in-force"
    PARTLY_ENDED = "partly-ended"
    ENDED = "ended"
    NOT_YET = "not-yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range ``[start, end)`` of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file as a reader gives it: ``text`` is ``source[start:end]``, without its line end.

    ``page`` counts from 1 (0: the format has no pages). ``style`` holds what the format says of the line
    ("bold", "italic", "heading 1", "table", …); plain text says nothing.
    """

    text: str
    start: int
    end: int
    page: int = 0
    style: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PageRecognition:
    """A page whose words were recognised from a picture; ``confidence`` is how sure the program is of them, 0 to 100."""

    page: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader made of a file: the decoded text and its lines, in order, with nothing between them but line ends.

    ``recognised`` are the pages whose words were recognised from a picture; ``member`` is the file's name in the archive that holds it,
    "" for a file that stands alone.
    """

    text: str
    lines: tuple[Line, ...]
    encoding: str
    paged: bool = False
    recognised: tuple[PageRecognition, ...] = ()
    member: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A node of a document's tree.

    ``text`` is the clause's own words without its label: ``collapse(NFC("".join(source[s.start:s.end])))`` over ``spans``.
    A ``heading`` is the part of ``text`` (a prefix) that names the clause; "" where it has none.
    ``eid`` is unique in its document; ``label`` is as printed ("Điều 12a", "a)", "-"); ``number`` is the label's bare
    number ("12a", "a", "2" for the second indent).
    ``footnotes`` are the eIds of the footnotes whose mark the clause carries; ``marked_in`` of a footnote the clause that does.
    ``name`` is how what is attached is cited, its heading in running form ("Danh mục một số nhiệm vụ …").
    ``label_spans`` are the places of what names the clause without being its words: its label, the heads of its columns.
    ``columns`` (of an annex) are the heads of its table, ``cells`` (of a row) its fields in the same order.
    """

    eid: str
    kind: Kind
    label: str
    number: str
    heading: str
    text: str
    spans: tuple[Span, ...] = ()
    page: int = 0
    clauses: tuple[Clause, ...] = ()
    footnotes: tuple[str, ...] = ()
    marked_in: str = ""
    columns: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    name: str = ""
    label_spans: tuple[Span, ...] = ()

    @property
    def full_text(self) -> str:
        """The clause's own words and its descendants', each on a line with its label; without this clause's own label."""
        return "\n".join(part for part in self._full_lines() if part)

    def _full_lines(self) -> Iterator[str]:
        yield self.text
        for child in self.clauses:
            for number, line in enumerate(child._full_lines()):
                yield f"{child.label} {line}".strip() if number == 0 else line

    def walk(self, ancestors: tuple[Clause, ...] = ()) -> Iterator[tuple[Clause, tuple[Clause, ...]]]:
        """This clause and its descendants in document order, each with its ancestors, outermost first."""
        yield self, ancestors
        for child in self.clauses:
            yield from child.walk((*ancestors, self))

    def to_json(self) -> dict[str, Any]:
        """CLAUSE of the public contract; ``spans``, ``footnotes``, ``columns`` and ``cells`` beside it where there are any."""
        value: dict[str, Any] = {
            "eid": self.eid,
            "kind": str(self.kind),
            "label": self.label,
            "heading": self.heading,
            "text": self.text,
            "page": self.page or None,
            "spans": [[span.start, span.end] for span in self.spans],
            "clauses": [child.to_json() for child in self.clauses],
        }
        if self.footnotes:
            value["footnotes"] = list(self.footnotes)
        if self.marked_in:
            value["marked_in"] = self.marked_in
        if self.columns:
            value["columns"] = list(self.columns)
        if self.cells:
            value["cells"] = list(self.cells)
        return value


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation found in the running text of clause ``eid``: ``text`` is ``clause.text[span.start:span.end]``.

    ``form``, ``document``, ``year``, ``issued`` and ``clauses`` are what `kgsearch.citations.find.FoundReference` says of it;
    ``number`` is the number of the document cited, "" where it is cited without one; ``relation`` what the clause says of it,
    ``since`` the day from which what is repealed or replaced ends, where the clause names one.
    """

    eid: str
    text: str
    span: Span
    number: str
    form: str = ""
    document: str = ""
    year: int | None = None
    issued: date | None = None
    clauses: tuple[str, ...] = ()
    relation: Relation = Relation.CITES
    since: date | None = None

    @property
    def whole(self) -> bool:
        """Whether what is said of the document cited is said of it as a whole.

        Not where clauses of it are named, not of what was issued with it, and an amendment is partial by its nature.
        """
        return not self.clauses and self.relation is not Relation.AMENDS and self.form != "attached"

    def to_json(self) -> dict[str, Any]:
        """An entry of a parsed document's ``references``."""
        return {
            "eid": self.eid,
            "text": self.text,
            "span": [self.span.start, self.span.end],
            "form": self.form,
            "document": self.document,
            "number": self.number,
            "year": self.year,
            "issued": self.issued.isoformat() if self.issued else None,
            "clauses": list(self.clauses),
            "relation": str(self.relation),
            "since": self.since.isoformat() if self.since else None,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its metadata ("" or None where the source prints none) and its tree of clauses, in order.

    ``id`` is a slug of type, number, issuer and year (of the content's hash where there is no number).
    ``recipients`` are those of "Kính gửi" and "Nơi nhận" as printed, ``bases`` the legal bases ("Căn cứ …") as printed.
    ``effective`` is the day on which it takes effect by its own words, ``effective_in`` the eId of the clause that says so; ``expires``
    and ``expires_in`` the last day on which it has effect and the clause, where it says so itself; ``secrecy`` the degree printed in
    its head ("Mật").
    ``head`` is the text of the document's head, what stands before its preamble or first clause, line by line; ``header`` are the spans
    of it, ``aside`` those of what is no
    part of it: page numbers, stamps, what was written by hand after its end. Every word of the file is in a clause's ``spans`` or
    ``label_spans``, in ``header`` or in ``aside``. ``recognised`` are its pages whose words were recognised from a picture.
    """

    id: str
    number: str
    type: str
    title: str
    issuer: str
    place: str
    issued: date | None
    signer: str
    signer_title: str
    recipients: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    warnings: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    header: tuple[Span, ...] = ()
    aside: tuple[Span, ...] = ()
    effective: date | None = None
    effective_in: str = ""
    secrecy: str = ""
    expires: date | None = None
    expires_in: str = ""
    head: str = ""
    recognised: tuple[PageRecognition, ...] = ()

    def walk(self) -> Iterator[tuple[Clause, tuple[Clause, ...]]]:
        """Every clause in document order with its ancestors, outermost first."""
        for clause in self.clauses:
            yield from clause.walk()

    def to_json(self) -> dict[str, Any]:
        """A document of ``kgsearch parse``."""
        value: dict[str, Any] = {
            "id": self.id,
            "number": self.number,
            "type": self.type,
            "title": self.title,
            "issuer": self.issuer,
            "place": self.place,
            "issued": self.issued.isoformat() if self.issued else None,
            "signer": self.signer,
            "signer_title": self.signer_title,
            "effective": self.effective.isoformat() if self.effective else None,
            "effective_in": self.effective_in or None,
            "expires": self.expires.isoformat() if self.expires else None,
            "expires_in": self.expires_in or None,
            "secrecy": self.secrecy,
            "recipients": list(self.recipients),
            "bases": list(self.bases),
            "references": [reference.to_json() for reference in self.references],
            "warnings": list(self.warnings),
            "clauses": [clause.to_json() for clause in self.clauses],
        }
        if self.recognised:
            value["recognised"] = [{"page": page.page, "confidence": page.confidence} for page in self.recognised]
        return value


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as the catalogue knows it: metadata without the tree; ``files`` are paths relative to the corpus folder,
    ``head`` the text of its head, ``recognised`` its pages whose words were recognised from a picture. ``files[0]`` is the one that its
    words and pages are of."""

    id: str
    number: str
    type: str
    title: str
    issuer: str
    place: str
    issued: date | None
    signer: str
    signer_title: str
    files: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    effective: date | None = None
    effective_in: str = ""
    secrecy: str = ""
    expires: date | None = None
    expires_in: str = ""
    head: str = ""
    recognised: tuple[PageRecognition, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The ``document`` of a HIT."""
        return {
            "id": self.id,
            "number": self.number,
            "type": self.type,
            "title": self.title,
            "issuer": self.issuer,
            "issued": self.issued.isoformat() if self.issued else None,
            "signer": self.signer,
            "file": self.files[0] if self.files else "",
        }


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """A clause as the catalogue knows it. ``position`` orders the clauses of a document; ``parent`` is an eId or "".

    ``citation`` is its part of a citation without the document ("điểm a khoản 2 Điều 1"); ``headings`` are the headings
    (or lead-ins) of its ancestors, outermost first.
    """

    document: str
    eid: str
    parent: str
    position: int
    kind: Kind
    label: str
    heading: str
    text: str
    full_text: str
    citation: str
    headings: tuple[str, ...] = ()
    page: int = 0
    footnotes: tuple[str, ...] = ()
    marked_in: str = ""
    columns: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """What is kept of a document as it was before its file was rewritten.

    ``number`` counts from 1, the oldest; ``replaced`` is the ISO 8601 time (UTC) since which it says something else; ``file`` the path
    that it was read from, "" where that is not known; ``title`` and ``issued`` are those of the time, ``clauses`` is how many it had.
    """

    number: int
    replaced: str
    file: str
    title: str
    issued: date | None
    clauses: int

    def to_json(self) -> dict[str, Any]:
        """An entry of a document's ``versions``."""
        return {
            "number": self.number,
            "replaced": self.replaced,
            "file": self.file,
            "title": self.title,
            "issued": self.issued.isoformat() if self.issued else None,
            "clauses": self.clauses,
        }


@dataclass(frozen=True, slots=True)
class Address:
    """A place in the catalogue: a clause of a document, or the document whole where ``eid`` is ""."""

    document: str
    eid: str = ""


@dataclass(frozen=True, slots=True)
class LinkedReference:
    """A reference of a document in the catalogue and what it leads to.

    ``targets`` are the clauses (or the document) that it names where it is resolved, the candidates where it is ambiguous, none where
    what it names is missing. A clause that a document in the catalogue does not have leads to the document whole.
    """

    reference: Reference
    state: LinkState
    targets: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomingReference:
    """A resolved reference to a document or clause, seen from there.

    ``target`` is what is cited; ``source`` the clause that cites, ``citation`` how that clause is cited without its document,
    ``reference`` what stands in it.
    """

    target: Address
    source: Address
    citation: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """That one document says something of another.

    ``source`` is the clause that says so; ``target`` the document (and clause, where ``whole`` is false) of which it says it, None where
    it is not in the catalogue; ``named`` is how the clause names it. ``whole``: of the document as a whole;
    ``since``: from this day on, where the clause names one.
    """

    relation: Relation
    source: Address
    target: Address | None
    named: str
    whole: bool
    since: date | None = None


@dataclass(frozen=True, slots=True)
class MissingDocument:
    """A document that is cited and not in the catalogue: how it is named, its number or "", how many references and documents cite it;
    ``first`` is one of the clauses that do."""

    named: str
    number: str
    references: int
    documents: int
    first: Address


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document has effect, and the clauses that say so, the deciding one first; ``since`` is the day from which.

    ``force`` is UNKNOWN, without clauses, where no clause in the catalogue says anything.
    """

    force: Force
    since: date | None = None
    clauses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is matched: the words of one clause (or a cut of a long one) with its context.

    ``id`` is ``document#eid`` or ``document#eid/2`` for the second cut; ``clause`` the eId that a hit names;
    ``context`` the document's title and the ancestors' headings.
    """

    id: str
    document: str
    clause: str
    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; an empty tuple or None does not limit. Dates are inclusive. Engines know of no signers: whoever asks
    one gives the documents that they signed."""

    types: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    issued_from: date | None = None
    issued_to: date | None = None
    signers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.types, self.issuers, self.years, self.documents, self.issued_from, self.issued_to, self.signers))


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that answers a query. ``highlights`` are half-open ranges of ``text``, in order, not overlapping."""

    rank: int
    score: float
    citation: str
    citation_full: str
    clause: ClauseRecord
    document: DocumentRecord
    highlights: tuple[Span, ...] = ()

    @property
    def url(self) -> str:
        """Path of the clause's permalink on the server."""
        return f"/documents/{self.document.id}#{self.clause.eid}"

    @property
    def recognised(self) -> PageRecognition | None:
        """How sure the words of the clause's page are, where they were recognised from a picture; None where they were not."""
        return next((page for page in self.document.recognised if page.page == self.clause.page), None)

    def to_json(self) -> dict[str, Any]:
        """HIT of the public contract."""
        return {
            "rank": self.rank,
            "score": round(self.score, 4),
            "citation": self.citation,
            "citation_full": self.citation_full,
            "eid": self.clause.eid,
            "kind": str(self.clause.kind),
            "text": self.clause.text,
            "full_text": self.clause.full_text,
            "headings": list(self.clause.headings),
            "highlights": [[span.start, span.end] for span in self.highlights],
            "page": self.clause.page or None,
            "recognised": self.recognised.confidence if self.recognised else None,
            "url": self.url,
            "document": self.document.to_json(),
        }


class ReadingKind(StrEnum):
    """How a query was read otherwise than as the words typed."""

    TELEX = "telex"
    """Keys of an input method that was off, Telex or VNI."""
    MARKS = "marks"
    """Marks that were not typed."""
    ABBREVIATION = "abbreviation"
    """An abbreviation and what it stands for, or another spelling: either is found."""
    SPELLING = "spelling"
    """A slip, corrected because no clause holds all that was typed."""
    STOP = "stop"
    """Words that only make a question, left out."""
    CITATION = "citation"
    """A citation or a document's number: what it names is given."""
    MISSING_CLAUSE = "missing-clause"
    """A citation of a clause that the document does not have."""
    MISSING_DOCUMENT = "missing-document"
    """A citation of a document that is not in the catalogue."""
    FILTER = "filter"
    """A filter by field."""
    UNKNOWN_VALUE = "unknown-field-value"
    """A filter by a value that no document has."""
    EXCLUSION = "exclusion"
    """Words that must not stand in what is found."""
    SIGNER = "signer"
    """The name of somebody who signs documents."""
    ABSENT = "absent"
    """A word that stands nowhere in the documents."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a query was read as: ``typed`` was read as ``read`` ("" where there is nothing to say).

    ``undo`` is the query that is not read so; with ``exact`` it must be searched for exactly as typed.
    """

    kind: ReadingKind
    typed: str
    read: str
    undo: str
    exact: bool = False

    def to_json(self) -> dict[str, Any]:
        """An entry of ``readings``."""
        return {"kind": str(self.kind), "typed": self.typed, "read": self.read, "undo": self.undo, "exact": self.exact}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search gives: ``total`` and ``facets`` come from all matches, ``hits`` are one page of them.

    ``facets`` maps "type", "issuer", "year" and "document" to counted values, most frequent first; ``understood`` is the
    text in which the query was read in the end, ``readings`` what was made of it and how each can be undone; ``suggestion`` is
    another query to try, or None. ``listed`` is how many of the matches the pages of a list reach: fewer than ``total`` where only the
    best are ranked, or None where it is all of them. Before the last pages it may be somewhat too many, never too few. Where hits are
    grouped by document, pages and ``listed`` are of documents.
    """

    query: str
    understood: str
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    suggestion: str | None = None
    readings: tuple[Reading, ...] = ()
    listed: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch search``."""
        return {
            "query": self.query,
            "understood": self.understood,
            "total": self.total,
            "hits": [hit.to_json() for hit in self.hits],
            "facets": {name: [{"value": value, "count": count} for value, count in counted] for name, counted in self.facets.items()},
            "suggestion": self.suggestion,
            "readings": [reading.to_json() for reading in self.readings],
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clause that answers a question, and the words of it that do.

    ``quote`` stands to the letter in the clause: in its ``text``, or for an item with what follows it in its ``full_text``. ``marked``
    are half-open ranges of ``quote``: the span that answers. ``remark`` says what tells this value from another document's ("target",
    "result"), or is "".
    """

    hit: Hit
    quote: str
    marked: tuple[Span, ...] = ()
    remark: str = ""

    def to_json(self) -> dict[str, Any]:
        """A HIT with its quote."""
        return {
            **self.hit.to_json(),
            "quote": self.quote,
            "marked": [[span.start, span.end] for span in self.marked],
            "remark": self.remark or None,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question is answered with. ``text`` is None where the documents do not answer it, then ``reason`` says why in one line.

    ``text`` is at most 60 words or one row of a table and stands in ``evidence[0].quote``. ``evidence`` is the clause that answers and
    after it others that do; ``differing`` are those that say otherwise, ``nearest`` the clauses to look at where there is no answer.
    ``confidence`` is the share of answers given with it that are right, from 0 to 1.
    """

    question: str
    text: str | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    differing: tuple[Evidence, ...] = ()
    nearest: tuple[Hit, ...] = ()
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``kgsearch ask``."""
        return {
            "question": self.question,
            "answer": self.text,
            "confidence": round(self.confidence, 3),
            "evidence": [one.to_json() for one in self.evidence],
            "differing": [one.to_json() for one in self.differing],
            "nearest": [hit.to_json() for hit in self.nearest],
            "reason": self.reason or None,
        }
