"""Parse: split a file into its documents, each into head, body, end and attachments, and build the tree of each."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from kgsearch.citations.find import FoundReference, find_references
from kgsearch.citations.quotations import find_quotations
from kgsearch.citations.relations import Place, Zone, read_relations
from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.language import fold
from kgsearch.models import Clause, Document, Kind, Reference, Relation, SourceText, Span
from kgsearch.parser.attachments import attachment_name, attachment_node, begins_attachment, cited_heading, split_attachments
from kgsearch.parser.casing import Forms, learn_forms, organ_name, recase
from kgsearch.parser.clean import CleanLine, clean_lines
from kgsearch.parser.conclusions import Signature, begins_conclusions, conclusions_end, read_signature, trim_end
from kgsearch.parser.effect import ending_day, find_effect, find_expiry
from kgsearch.parser.footnotes import take_out, tie
from kgsearch.parser.header import (
    BASIS,
    DATE,
    ENACTS,
    HEAD_LINES,
    NUMBER_LINE,
    Header,
    is_country,
    joint_issuers,
    number_of,
    read_header,
    valid_date,
)
from kgsearch.parser.labels import Rank, find_label, position
from kgsearch.parser.layout import (
    Layout,
    is_capitals,
    is_cell_edge,
    measure,
    paragraphs,
    with_columns_apart,
    with_whole_capitals,
    with_whole_labels,
    without_furniture,
)
from kgsearch.parser.mapped import Block, Mapped, spans_of, text_of
from kgsearch.parser.tables import add_table, split_tables
from kgsearch.parser.tree import Node, TreeBuilder, assign_eids, to_clause
from kgsearch.parser.types import DISPATCH, type_of_heading, type_of_number

_SIGNATURE_REACH = 60
"""Lines after what looks like a signature in which an article shows that it is none."""

_MIN_WORDS = 5
"""Fewer words than this are no document."""


def parse(source: SourceText) -> list[Document]:
    """The documents of a file, in order.

    What holds afterwards: eIds are unique in a document; a clause's text is what its spans say; every word of the file stands in
    a clause or in the head of a document, but for furniture of the page.
    Raises ReadError when there are hardly any words.
    """
    lines = clean_lines(source)
    if sum(len(line.text.split()) for line in lines[:50]) < _MIN_WORDS:
        raise ReadError(_("there is no document in it: it has hardly any words."))
    layout = measure(lines)
    lines, notes = take_out(lines, layout)
    kept, furniture = without_furniture(lines, layout)
    parts = split_documents(with_whole_labels(with_columns_apart(kept)))
    bounds = [0, *(part[0].words.start for part in parts[1:]), len(source.text) + 1]
    documents = []
    for part, (start, end) in zip(parts, pairwise(bounds), strict=True):
        own_notes = [note for note in notes if start <= note.offset < end]
        aside = [line.words for line in furniture if start <= line.words.start < end]
        document = _Builder(source, layout, part, own_notes, aside).document()
        documents.append(_with_recognised(document, source, part))
    return documents


def _with_recognised(document: Document, source: SourceText, lines: Sequence[CleanLine]) -> Document:
    """``document``, made of these lines, with those of its pages that were recognised from a picture, and a warning to compare them."""
    if not source.recognised:
        return document
    pages = {line.page for line in lines}
    recognised = tuple(page for page in source.recognised if page.page in pages)
    if not recognised:
        return document
    warning = _("Recognised from a picture (least certainty {confidence} %): page {pages}; compare with the original.").format(
        confidence=round(min(page.confidence for page in recognised)), pages=", ".join(str(page.page) for page in recognised)
    )
    return replace(document, recognised=recognised, warnings=(*document.warnings, warning))


def split_documents(lines: Sequence[CleanLine]) -> list[list[CleanLine]]:
    """``lines`` cut where, after the end of one document, the head of another begins."""
    starts = [0]
    ended = False
    for index in range(len(lines)):
        if not ended:
            ended = index > starts[-1] + 3 and begins_conclusions(lines, index)
        elif _begins_document(lines, index):
            starts.append(_head_start(lines, index, starts[-1]))
            ended = False
    return [list(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _begins_document(lines: Sequence[CleanLine], index: int) -> bool:
    """Whether a numbered head begins here: a printed number on a line of its own, and a type or an address soon after it."""
    text = lines[index].text
    if not (NUMBER_LINE.match(text) and len(text) < 60 and number_of(text)):
        return False
    if not any(DATE.search(line.text) or is_country(line.text) for line in lines[max(0, index - 8) : index + 8]):
        return False
    below = [line.text for line in lines[index + 1 : index + 16]]
    return any(type_of_heading(following) or following.startswith(("Kính gửi", "V/v")) for following in below)


def _head_start(lines: Sequence[CleanLine], index: int, floor: int) -> int:
    """The letterhead above a number belongs to its document: lines in capitals, the country's name and motto, cell edges."""
    start = index
    while start - 1 > floor and (
        is_country(lines[start - 1].text)
        or is_cell_edge(lines[start - 1])
        or is_capitals(lines[start - 1].text)
        or lines[start - 1].text.startswith("Độc lập")
    ):
        start -= 1
    return start


@dataclass(slots=True)
class _Builder:
    """One document's parts on their way into a Document."""

    source: SourceText
    layout: Layout
    lines: list[CleanLine]
    notes: list[Node]
    aside: list[Mapped]
    warnings: list[str] = field(default_factory=list)

    def document(self) -> Document:
        header = read_header(self.lines, self.layout)
        body, end, rest = self._zones(header.body)
        signature = read_signature(end)
        root = Node(Kind.PART, "")
        self._add_body(root, body, signature, header)
        self._add_conclusions(root, end)
        self._add_attachments(root, rest)
        assign_eids(root, "", self.warnings)
        root.children.extend(self._numbered_notes())
        tie(self.notes, root, self.warnings)
        return self._finish(root, header, signature, self._forms(root, header, signature))

    def _forms(self, root: Node, header: Header, signature: Signature) -> Forms:
        """How the document writes, in running text, what its head and the headings of its attachments print in capitals."""
        attached = [cited_heading(child) for child in root.children if child.kind in (Kind.ATTACHMENT, Kind.ANNEX)]
        return learn_forms([line.text for line in self.lines], [header.title, *attached], _issuing(header, signature))

    def _zones(self, start: int) -> tuple[list[CleanLine], list[CleanLine], list[CleanLine]]:
        """Body, end and what is attached. Without a signature the body ends at the first attachment."""
        lines = with_whole_capitals(self.lines[start:])
        for index in range(len(lines)):
            if begins_conclusions(lines, index) and not self._articles_go_on(lines, index):
                after = conclusions_end(lines, index)
                attached = next((at for at in range(index + 1, after) if begins_attachment(lines, at)), after)
                return lines[:index], lines[index:attached], lines[attached:]
        for index in range(1, len(lines)):
            if begins_attachment(lines, index):
                return lines[:index], [], lines[index:]
        return lines, [], []

    @staticmethod
    def _articles_go_on(lines: Sequence[CleanLine], index: int) -> bool:
        """Whether the next article still follows, before anything attached: then a name in capitals is no signature yet."""
        last = 0
        for line in lines[:index]:
            last += _article_number(line.text) == last + 1
        for at in range(index, min(index + _SIGNATURE_REACH, len(lines))):
            if begins_attachment(lines, at):
                return False
            if last > 0 and _article_number(lines[at].text) == last + 1:
                return True
        return False

    def _add_body(self, root: Node, body: list[CleanLine], signature: Signature, header: Header) -> None:
        preamble, body = self._split_preamble(body)
        if preamble:
            root.children.append(self._preamble(preamble))
        builder = TreeBuilder(root, self.warnings)
        for is_table, lines in split_tables(body):
            if is_table:
                add_table(builder.stack[-1], lines)
            else:
                blocks = paragraphs(lines, self.layout)
                if lines and body and lines[-1] is body[-1]:
                    self._trim_last(blocks, signature)
                builder.build(blocks)

    def _split_preamble(self, body: list[CleanLine]) -> tuple[list[CleanLine], list[CleanLine]]:
        """Cut after the enacting formula ("QUYẾT NGHỊ:"), or, without one, after the bases that the body begins with."""
        for index, line in enumerate(body[:HEAD_LINES]):
            if ENACTS.match(line.text):
                return body[: index + 1], body[index + 1 :]
            if find_label(line.text) is not None and not BASIS.match(line.text):
                break
        end = 0
        for index, line in enumerate(body[:HEAD_LINES]):
            if find_label(line.text) is not None and not BASIS.match(line.text):
                break
            end = index + 1
        blocks_start = body[:end]
        return (blocks_start, body[end:]) if blocks_start and BASIS.match(blocks_start[0].text) else ([], body)

    def _preamble(self, lines: list[CleanLine]) -> Node:
        node = Node(Kind.PREAMBLE, "preamble", page=lines[0].page)
        for block in paragraphs([line for line in lines if not is_cell_edge(line)], self.layout):
            node.children.append(Node(Kind.PARAGRAPH, "p", body=[block], page=block.page, footnotes=list(block.marks)))
        return node

    def _trim_last(self, blocks: list[Block], signature: Signature) -> None:
        """Take what was written by hand after the end mark off the body's last paragraph."""
        if not blocks:
            return
        words, end = blocks[-1].pieces[-1]
        length = trim_end(words.text, (signature.signer,))
        kept = words.cut(0, length)
        self.aside.append(words.cut(length))
        blocks[-1].pieces[-1] = (kept, end)
        if not kept.text and len(blocks[-1].pieces) == 1:
            blocks.pop()

    def _add_conclusions(self, root: Node, end: list[CleanLine]) -> None:
        lines = [line for line in end if not is_cell_edge(line)]
        if lines:
            blocks = [Block([(line.words, line.end)], [], line.page) for line in lines]
            root.children.append(Node(Kind.CONCLUSIONS, "conclusions", body=blocks, page=lines[0].page))

    def _add_attachments(self, root: Node, rest: list[CleanLine]) -> None:
        if not rest:
            return
        leading, *parts = split_attachments(rest)
        if leading:
            self._add_leading(root, leading)
        for number, part in enumerate(parts, start=1 + sum(child.prefix == "att" for child in root.children)):
            node, lines = attachment_node(part, number)
            self._add_contents(node, lines)
            root.children.append(node)

    def _add_leading(self, root: Node, leading: list[CleanLine]) -> None:
        """Words after the signature that no attachment's heading introduces: a stray stamp, or text whose heading was lost."""
        words = sum(len(line.text.split()) for line in leading)
        last = root.children[-1] if root.children else None
        if words < 25 and last is not None and last.kind is Kind.CONCLUSIONS:
            last.body.extend(Block([(line.words, line.end)]) for line in leading if not is_cell_edge(line))
            return
        self.warnings.append(_("text after the signature without a heading"))
        labels = [find_label(line.text) for line in leading]
        has_articles = any(label is not None and label.form.rank is Rank.ARTICLE for label in labels)
        node = Node(Kind.ATTACHMENT if has_articles else Kind.ANNEX, "att", number="1", page=leading[0].page)
        self._add_contents(node, leading)
        root.children.append(node)

    def _add_contents(self, node: Node, lines: list[CleanLine]) -> None:
        builder = TreeBuilder(node, self.warnings)
        for is_table, run in split_tables(lines):
            if is_table:
                add_table(builder.stack[-1], run)
            else:
                builder.build(paragraphs(run, self.layout))

    def _numbered_notes(self) -> list[Node]:
        """The footnotes with their eIds; a number that occurs twice gets -2 and a warning."""
        seen: Counter[str] = Counter()
        for note in self.notes:
            seen[note.number] += 1
            count = seen[note.number]
            note.eid = f"fn_{note.number}" if count == 1 else f"fn_{note.number}-{count}"
            if count > 1:
                self.warnings.append(_("footnote {number}: number repeated").format(number=note.number))
        return self.notes

    def _finish(self, root: Node, header: Header, signature: Signature, forms: Forms) -> Document:
        text = self.source.text
        for child in root.children:
            if child.kind in (Kind.ATTACHMENT, Kind.ANNEX):
                child.name = attachment_name(child, forms)
        clauses = tuple(to_clause(child, text) for child in root.children)
        document_type = header.type or (type_of_number(header.number) if header.number else "")
        if not document_type and header.addressees:
            document_type = DISPATCH
        header.issued = header.issued or self._passed()
        # What a consolidated text says of effect is said of the text that it consolidates.
        consolidated = "VBHN" in header.number
        effect = None if consolidated else find_effect(clauses, header.issued, document_type)
        expiry = None if consolidated else find_expiry(clauses, document_type)
        issuer = self._issuer(header, signature, forms)
        title = recase(header.title, forms)
        identifier = document_id(
            document_type,
            header.number,
            issuer,
            header.issued.year if header.issued else None,
            title,
            "" if header.number else "\n".join(line.text for line in self.lines),
        )
        return Document(
            id=identifier,
            number=header.number,
            type=document_type,
            title=title,
            issuer=issuer,
            place=header.place,
            issued=header.issued,
            signer=signature.signer,
            signer_title=recase(signature.office, {}),
            recipients=tuple([*header.addressees, *signature.recipients]),
            bases=_bases(clauses),
            references=tuple(_References(clauses, document_type, silent=consolidated).found),
            warnings=tuple(dict.fromkeys(self.warnings)),
            clauses=clauses,
            head=self._head_text(header),
            header=self._header_spans(header),
            effective=effect.day if effect else None,
            effective_in=effect.eid if effect else "",
            expires=expiry.day if expiry else None,
            expires_in=expiry.eid if expiry else "",
            secrecy=header.secrecy,
            aside=tuple(span for words in self.aside for span in words.spans()),
        )

    def _passed(self) -> date | None:
        """The date on which the text says that it was passed; a law may print no other."""
        match = _PASSED.search(" ".join(line.text for line in self.lines))
        if match is None:
            return None
        self.warnings.append(_("date taken from the words on its passing"))
        return valid_date(match)

    def _header_spans(self, header: Header) -> tuple[Span, ...]:
        return spans_of(self.source.text, self._head_lines(header))

    def _head_text(self, header: Header) -> str:
        """The head to the letter, each of its lines on one, white space collapsed."""
        lines = (text_of(self.source.text, spans_of(self.source.text, [line])) for line in self._head_lines(header))
        return "\n".join(line for line in lines if line)

    def _head_lines(self, header: Header) -> list[Block]:
        return [Block([(line.words, line.end)]) for line in self.lines[: header.body] if not is_cell_edge(line)]

    def _issuer(self, header: Header, signature: Signature, forms: Forms) -> str:
        """The name of what issues the document, with the place that the text names where only the signature names it."""
        name = "; ".join(organ_name(issuer, forms) for issuer in _issuing(header, signature))
        if header.organs or header.authority or not name:
            return name
        self.warnings.append(_("issuer taken from the signature"))
        return _with_place(name, "\n".join(line.text for line in self.lines))


def _article_number(text: str) -> int:
    """The number of the article whose label the line begins with, 0 where it begins with none."""
    label = find_label(text) if text.startswith(("Đ", "Ð")) else None
    return position(label) if label is not None and label.form.rank is Rank.ARTICLE else 0


def _issuing(header: Header, signature: Signature) -> Sequence[str]:
    """What issues the document: of the letterhead's organs the lowest, or all of a joint one's, else the one that enacts, else the one
    in whose name it is signed."""
    if header.organs:
        joint = _JOINT.search(f"{header.number} {header.type} {header.title}")
        return joint_issuers(header.organs) if joint else header.organs[-1:]
    organ = header.authority or signature.organ
    return [organ] if organ else []


_PASSED = re.compile(r"thông\s+qua\s+ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4})")
_JOINT = re.compile(r"TTLT|NQLT|liên tịch", re.IGNORECASE)
_SHORT_ORGANS = {"Ủy ban nhân dân": "UBND", "Hội đồng nhân dân": "HĐND"}
_CAPITAL = "[A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"
_PLACE_NAME = rf"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)(?: +{_CAPITAL}[^\W\d_]*){{1,4}}"


def _with_place(organ: str, text: str) -> str:
    """The organ with the place that the text names it with most often ("Ủy ban nhân dân" + "tỉnh Kiên Giang")."""
    names = "|".join(re.escape(name) for name in (organ, _SHORT_ORGANS.get(organ, organ)))
    found: Counter[str] = Counter(" ".join(match[1].split()) for match in re.finditer(rf"(?:{names}) +({_PLACE_NAME})", text))
    if not found:
        found = Counter(" ".join(match[0].split()) for match in re.finditer(rf"(?<!\w){_PLACE_NAME}", text))
    return f"{organ} {found.most_common(1)[0][0]}" if found else organ


_PLACELESS = re.compile(
    r"^(?:uy ban nhan dan|hoi dong nhan dan|tinh uy|thanh uy|huyen uy)\s*(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran)?\s*"
)


def document_id(document_type: str, number: str, issuer: str, year: int | None, title: str, text: str) -> str:
    """A slug of type, number, the issuer's place and the year; of type, title and a hash of the content where there is no number."""
    place = _PLACELESS.sub("", fold(issuer).lower())
    if number:
        parts = [document_type, number, place, str(year) if year else ""]
    else:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        parts = [document_type or "van ban", " ".join(title.split()[:8]), str(year) if year else "", digest]
    slug = re.sub(r"[^a-z0-9]+", "-", fold(" ".join(part for part in parts if part)).lower())
    return slug.strip("-")[:120]


def _bases(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """The preamble's bases as printed."""
    preamble = next((clause for clause in clauses if clause.kind is Kind.PREAMBLE), None)
    if preamble is None:
        return ()
    return tuple(child.text.rstrip(" ;.,") for child in preamble.clauses if BASIS.match(child.text))


_ISSUED_WITH = re.compile(r"\(?\s*(?:Ban\s+hành\s+)?[Kk]èm(?:\s+theo)?\b")


class _References:
    """What the running text cites, and what it says of it; titles and the lines that say what something was issued with do not cite.

    ``silent``: what the text says of other documents was said by those that it consolidates; only its legal bases are its own.
    """

    def __init__(self, clauses: Sequence[Clause], document_type: str, *, silent: bool) -> None:
        own = document_type.lower()
        attached = {clause.label.lower() for clause in clauses if clause.kind in (Kind.ATTACHMENT, Kind.ANNEX)}
        self.attachments = attached - {own}
        self.types = frozenset({own, *attached} - {""})
        self.silent = silent
        self.found: list[Reference] = []
        self._quoted = False
        self._since: date | None = None
        for clause in clauses:
            self._quoted = False
            place = Place(self._zone(clause), self.types)
            if clause.kind is Kind.PREAMBLE:
                self._preamble(clause, place)
            else:
                self._read(clause, place)

    def _zone(self, top: Clause) -> Zone:
        if top.kind is Kind.PREAMBLE:
            return Zone.PREAMBLE
        if self.silent or top.kind in (Kind.FOOTNOTE, Kind.CONCLUSIONS):
            return Zone.SILENT
        return Zone.BODY

    def _preamble(self, preamble: Clause, place: Place) -> None:
        """A basis may go on in the next paragraph, so each hands its place to the one after it."""
        self._say(preamble, place)
        for clause in preamble.clauses:
            below = self._say(clause, place)
            place = replace(place, carried=below.carried)
            for inner in clause.clauses:
                self._read(inner, place)

    def _read(self, clause: Clause, place: Place) -> Place:
        """The clause and what is under it; the place of the clauses under it. A list may go on in the paragraph after it."""
        if clause.kind is Kind.ARTICLE:
            self._quoted = False
            if place.zone is Zone.BODY and not clause.eid.startswith("att_"):
                place = replace(place, zone=Zone.ENACTED)
        held, self._since = self._since, ending_day(clause.text) or self._since
        below = self._say(clause, place)
        carried = below.carried
        for child in clause.clauses:
            goes_on = child.kind is Kind.PARAGRAPH and carried is not None
            inner = self._read(child, replace(below, carried=carried) if goes_on else below)
            unfinished = child.kind is Kind.PARAGRAPH and child.text.endswith((";", ",", ":"))
            carried = inner.carried if unfinished else below.carried
        self._since = held
        return below

    def _say(self, clause: Clause, place: Place) -> Place:
        """Add the references of one clause; the place of what is under it."""
        attached = (clause.marked_in or clause.eid).startswith("att_")
        titles = clause.kind in (Kind.ATTACHMENT, Kind.ANNEX) or (attached and _ISSUED_WITH.match(clause.text))
        cited = [] if titles else find_references(clause.text, attached=attached, attachments=self.attachments)
        heading = len(clause.heading)
        if cited and clause.heading.isupper():
            cited = [one for one in cited if one.start >= heading]
        stated = read_relations(clause.text, cited, place, heading=heading, quoted=self._quoted)
        self._quoted = find_quotations(clause.text, is_open=self._quoted).is_open
        pairs = zip(stated.references, stated.relations, strict=True)
        self.found.extend(_reference(clause, one, relation, self._since) for one, relation in pairs)
        return stated.below


def _reference(clause: Clause, found: FoundReference, relation: Relation, ending: date | None) -> Reference:
    return Reference(
        eid=clause.eid,
        text=clause.text[found.start : found.end],
        span=Span(found.start, found.end),
        number=found.number,
        form=str(found.form),
        document=found.document,
        year=found.year,
        issued=found.issued,
        clauses=found.clauses,
        relation=relation,
        since=ending if relation in (Relation.REPEALS, Relation.REPLACES) else None,
    )
