"""Word documents (.docx): what is printed, in reading order, as lines.

Labels that Word counts are written out; tracked changes are taken as accepted; hidden text, headers, footers, comments, tables of
contents and macros are left out; footnotes and endnotes stand at the end, marked as [1], [2], … Pages are those of the last time a
word processor laid the document out, where it noted them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.docx_numbering import Numbering, bullet
from kgsearch.readers.docx_package import COMPATIBILITY, WORD, Package
from kgsearch.readers.docx_styles import Styles, apply, is_on, value, whole_number
from kgsearch.readers.paragraphs import Block, Paragraph, RunFormat, source_text, unicode_text
from kgsearch.readers.table_blocks import MAX_COLUMNS, Cell, Row, table_blocks

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

# What was taken out, and what speaks of the text without being it.
_LEFT_OUT = frozenset(
    WORD + tag
    for tag in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "tblPr", "tblGrid", "trPr", "tcPr", "rt")
)
_REMOVED = ("del", "moveFrom")
# Letters of the Symbol font that texts on prices, measures and shares use.
_SYMBOL_FONT = {
    0xA3: "≤",
    0xB3: "≥",
    0xB1: "±",
    0xB4: "×",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xB0: "°",
    0xB7: "•",
    0x2D: "-",
    0x44: "Δ",
    0x53: "Σ",
}


def read_docx(data: bytes, name: str) -> SourceText:
    """The text of a Word document.

    Raises ReadError, naming ``name``, where it is damaged, protected, beyond the bounds or without words.
    """
    try:
        return _Document(Package(data, name)).source_text()
    except RecursionError as error:
        raise ReadError(_("{name}: tables or fields stand too deep in one another; it was not read.").format(name=name)) from error


class _Document:
    """What the whole document shares: styles, lists, notes, and the page that is being read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = package.main_part()
        parts = package.related(main)
        root = package.element(main)
        body = root.find(WORD + "body") if root is not None else None
        if root is None or body is None:
            raise package.damaged()
        self.body = body
        self.styles = Styles(self._part(parts, "styles"))
        self.numbering = Numbering(self._part(parts, "numbering"), self.styles)
        self._note_texts = {
            (kind, note.get(WORD + "id", "")): note
            for kind in ("footnote", "endnote")
            for note in (self._part(parts, f"{kind}s") or ())
        }  # fmt: skip
        self.notes: list[list[Block]] = []
        self._note_numbers: dict[tuple[str, str], int] = {}
        self.page = 1
        self._page_forced = False
        self.paged = next(body.iter(WORD + "lastRenderedPageBreak"), None) is not None
        kinds = [mark.get(WORD + "fldCharType") for mark in body.iter(WORD + "fldChar")]
        self.fields_closed = kinds.count("begin") == kinds.count("end")

    def _part(self, parts: dict[str, str], kind: str) -> Element | None:
        return self.package.element(parts[kind]) if kind in parts else None

    def source_text(self) -> SourceText:
        """The body's lines and after them the notes'."""
        blocks = _Flow(self).read(self.body)
        for note in self.notes:
            blocks.extend(note)
        return source_text(blocks, "docx", self.paged, self.package.name)

    def force_page(self, again: bool = True) -> None:
        """A page ends here by order; without ``again`` only where nothing did so just before."""
        if again or not self._page_forced:
            self.page += 1
        self._page_forced = True

    def note_rendered_page(self) -> None:
        """A page ended here when the document was last laid out; after an order to end it, it is the same end."""
        if not self._page_forced:
            self.page += 1
        self._page_forced = False

    def note_text(self) -> None:
        """Words stand on this page."""
        self._page_forced = False

    def note_mark(self, kind: str, identifier: str) -> str:
        """The mark of a note, which is read here; "" where it has no words."""
        key = (kind, identifier)
        if key not in self._note_numbers:
            element = self._note_texts.get(key)
            page = self.page
            blocks = _Flow(self).read(element) if element is not None else []
            self.page = page
            if not blocks:
                return ""
            number = len(self.notes) + 1
            first = blocks[0][0]
            blocks[0][0] = replace(first, text=f"[{number}] {first.text}")
            self.notes.append([[replace(line, page=page, style=line.style | {kind}) for line in block] for block in blocks])
            self._note_numbers[key] = number
        return f"[{self._note_numbers[key]}]"


@dataclass(slots=True)
class _Field:
    """A field that is open: what it is told to do, and whether its result has begun."""

    code: str = ""
    shown: bool = False


@dataclass(slots=True)
class _Flow:
    """One story read from top to bottom: the body, a cell, a text box, a note."""

    document: _Document
    in_cell: bool = False
    blocks: list[Block] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    open: Paragraph | None = None
    boxes: list[Element] = field(default_factory=list)

    def read(self, element: Element) -> list[Block]:
        """The blocks of everything in ``element``."""
        self._blocks(element)
        if self.open is not None:
            self._close(self.open, None, "")
        return self.blocks

    # -- blocks ----------------------------------------------------------------------------------------------------------------------

    def _blocks(self, element: Element) -> None:
        for child in _visible(element):
            if child.tag == WORD + "p":
                self._paragraph(child)
            elif child.tag == WORD + "tbl":
                self.blocks.extend(table_blocks([self._row(row) for row in _rows(child)]))
            elif not _is_contents(child):
                self._blocks(child)

    def _paragraph(self, element: Element) -> None:
        document = self.document
        properties = element.find(WORD + "pPr")
        style = document.styles.style_of(properties)
        if is_on(value(properties, "pageBreakBefore")):
            document.force_page(again=False)
        paragraph = self.open or Paragraph()
        self._inline(element, paragraph, style)
        for one in self.fields:
            one.shown = True
        mark = properties.find(WORD + "rPr") if properties is not None else None
        if mark is not None and (any(mark.find(WORD + tag) is not None for tag in _REMOVED) or is_on(value(mark, "vanish"))):
            # Its end was taken out or is hidden: the next paragraph goes on where it stops.
            self.open = paragraph
        else:
            self._close(paragraph, properties, style)
        self._end_section(properties)

    def _end_section(self, properties: Element | None) -> None:
        section = properties.find(WORD + "sectPr") if properties is not None else None
        if section is not None and value(section, "type") != "continuous":
            self.document.force_page()

    def _close(self, paragraph: Paragraph, properties: Element | None, style: str) -> None:
        """Add a paragraph that is whole, and after it the text boxes that are anchored in it."""
        self.open = None
        label = self._label(properties, style)
        if not paragraph.is_empty or _stands_alone(label, self.in_cell):
            block = paragraph.block(label, self.document.page, self._style(properties, style))
            self.blocks.extend([block] if block else [])
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks.extend(_Flow(self.document).read(box))

    def _label(self, properties: Element | None, style: str) -> str:
        document = self.document
        place = document.numbering.of_paragraph(properties, style)
        if place is None:
            return ""
        label, level = document.numbering.count(*place)
        mark = properties.find(WORD + "rPr") if properties is not None else None
        how = apply(document.styles.run_format(style, mark), level.properties)
        label = unicode_text(label, how.font)
        return label.upper() if how.capitals else label

    def _style(self, properties: Element | None, style: str) -> frozenset[str]:
        styles = self.document.styles
        said = set()
        if (value(properties, "jc") or styles.said(style, "jc")) == "center":
            said.add("centred")
        outline = value(properties, "outlineLvl") or styles.said(style, "outlineLvl")
        level = whole_number(outline, -1)
        if 0 <= level <= 8:
            said.add(f"heading {level + 1}")
        return frozenset(said)

    # -- tables ----------------------------------------------------------------------------------------------------------------------

    def _row(self, element: Element) -> Row:
        """A row's cells. Each of them may note that the page ended while it was laid out: it ended once."""
        document = self.document
        properties = element.find(WORD + "trPr")
        column = min(max(whole_number(value(properties, "gridBefore"), 0), 0), MAX_COLUMNS)
        start = last = document.page
        row: Row = []
        for cell in _inside(element, "tc"):
            document.page = start
            made = self._cell(cell, column)
            if made is not None:
                row.append(made)
                column = min(made.column + made.span, MAX_COLUMNS)
            last = max(last, document.page)
        document.page = last
        return row

    def _cell(self, element: Element, column: int) -> Cell | None:
        properties = element.find(WORD + "tcPr")
        if properties is not None and properties.find(WORD + "cellDel") is not None:
            return None
        if value(properties, "hMerge") in ("", "continue"):
            return None
        span = min(max(whole_number(value(properties, "gridSpan"), 1), 1), MAX_COLUMNS)
        blocks = _Flow(self.document, in_cell=True).read(element)
        return Cell(column, span, value(properties, "vMerge") in ("", "continue"), blocks)

    # -- inside a paragraph ----------------------------------------------------------------------------------------------------------

    def _inline(self, element: Element, paragraph: Paragraph, style: str) -> None:
        for child in _visible(element):
            if child.tag == WORD + "r":
                self._run(child, paragraph, style)
            elif child.tag in (_MATH + "oMath", _MATH + "oMathPara"):
                self._text("".join(part.text or "" for part in child.iter(_MATH + "t")), RunFormat(), paragraph)
            else:
                self._inline(child, paragraph, style)

    def _run(self, element: Element, paragraph: Paragraph, style: str) -> None:
        how = self.document.styles.run_format(style, element.find(WORD + "rPr"))
        marked = False
        for child in _visible(element):
            tag = child.tag.removeprefix(WORD)
            if tag in ("fldChar", "instrText"):
                self._field(tag, child)
            elif tag == "lastRenderedPageBreak":
                self.document.note_rendered_page()
            elif how.hidden:
                continue
            elif tag in ("footnoteReference", "endnoteReference"):
                mark = self.document.note_mark(tag.removesuffix("Reference"), child.get(WORD + "id", ""))
                self._text(mark, replace(how, font=""), paragraph)
                marked = is_on(child.get(WORD + "customMarkFollows"))
            elif not (marked and tag in ("t", "sym")):
                self._piece(tag, child, how, paragraph, style)

    def _piece(self, tag: str, element: Element, how: RunFormat, paragraph: Paragraph, style: str) -> None:
        match tag:
            case "t":
                self._text(element.text or "", how, paragraph)
            case "tab" | "ptab":
                self._text("\t", how, paragraph)
            case "noBreakHyphen":
                self._text("-", how, paragraph)
            case "sym":
                self._text(_symbol(element), replace(how, font=""), paragraph)
            case "br" | "cr":
                if element.get(WORD + "type") == "page":
                    self.document.force_page()
                paragraph.break_line()
            case "ruby":
                self._inline(element, paragraph, style)
            case _:
                self.boxes.extend(_text_boxes(element))

    def _text(self, text: str, how: RunFormat, paragraph: Paragraph) -> None:
        if text and not any(self._is_unseen(one) for one in self.fields):
            if not text.isspace():
                self.document.note_text()
            paragraph.add(text, how, self.document.page)

    def _is_unseen(self, one: _Field) -> bool:
        """Whether what stands in the field is its order, or a table of contents, which says again what the text says."""
        return not one.shown or (self.document.fields_closed and one.code.split(None, 1)[:1] == ["TOC"])

    def _field(self, tag: str, element: Element) -> None:
        kind = element.get(WORD + "fldCharType")
        if tag == "instrText":
            if self.fields:
                self.fields[-1].code = (self.fields[-1].code + (element.text or "")).lstrip()[:200]
        elif kind == "begin":
            self.fields.append(_Field())
        elif self.fields and kind == "separate":
            self.fields[-1].shown = True
        elif self.fields and kind == "end":
            self.fields.pop()


def _visible(element: Element) -> Iterator[Element]:
    """The children that count, of alternatives the first that says anything."""
    for child in element:
        if child.tag == COMPATIBILITY + "AlternateContent":
            yield from _alternative(child)
        elif child.tag not in _LEFT_OUT:
            yield child


def _alternative(element: Element) -> Iterator[Element]:
    """The newest form of what is given in several: the first choice, else what older programs fall back to."""
    for tag in ("Choice", "Fallback"):
        chosen = element.find(COMPATIBILITY + tag)
        if chosen is not None and len(chosen):
            yield from _visible(chosen)
            return


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, be they wrapped in content controls."""
    for child in _visible(element):
        if child.tag == WORD + tag:
            yield child
        elif child.tag not in (WORD + "tbl", WORD + "tr", WORD + "tc", WORD + "p"):
            yield from _inside(child, tag)


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table that were not taken out."""
    for row in _inside(table, "tr"):
        properties = row.find(WORD + "trPr")
        if properties is None or properties.find(WORD + "del") is None:
            yield row


def _stands_alone(label: str, in_cell: bool) -> bool:
    """Whether a label says something with nothing after it: "Chương I" above its name, the number of a table's row."""
    return bool(label) and (in_cell or any(len(word) > 1 for word in label.split() if word.isalpha()))


def _is_contents(element: Element) -> bool:
    """Whether this is a content control that holds a table of contents."""
    gallery = element.find(f"{WORD}sdtPr/{WORD}docPartObj/{WORD}docPartGallery")
    return gallery is not None and gallery.get(WORD + "val") == "Table of Contents"


def _text_boxes(element: Element) -> Iterable[Element]:
    """The text boxes in a drawing, outermost only: what stands in them is read in its turn."""
    for child in _visible(element):
        if child.tag == WORD + "txbxContent":
            yield child
        else:
            yield from _text_boxes(child)


def _symbol(element: Element) -> str:
    """A sign chosen from a symbol font, as Unicode has it."""
    try:
        code = int(element.get(WORD + "char", ""), 16)
    except ValueError:
        return ""
    if element.get(WORD + "font") == "Symbol" and code & 0xFF in _SYMBOL_FONT:
        return _SYMBOL_FONT[code & 0xFF]
    return bullet(chr(code)) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else ""
