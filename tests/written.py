"""Writes parsed documents out as offices would have typed them, and says how far what is read back agrees.

The letterhead and the signature stand in tables without borders, tables of data in tables, footnotes in Word's own notes; with
``numbered`` the labels are counted by Word wherever its counters give the same label as is printed.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from kgsearch.models import Clause, Document, Kind
from kgsearch.parser import parse
from kgsearch.parser.types import type_of_heading
from kgsearch.readers.label_numbers import number_text
from kgsearch.readers.text import decode, split_lines

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_COUNTRY = re.compile(r"(?:CỘNG|Cộng)(?:\s|$)|Độc\s+lập|ĐẢNG CỘNG SẢN")
_NUMBER = re.compile(r"(?:\S+ ){0,2}[Ss]ố\b|(?:\S+ )?SỐ\b|V/v|\d+\s*[/-]")
_DAY = re.compile(r"[^\W\d][^\d:]{1,40},(?:\s*ngày.*)?$")
_MAX_COLUMNS = 40

# How Word counts: the format of the number and what is printed with it.
_SERIES = (
    ("decimal", "Điều %1."),
    ("decimal", "%1."),
    ("decimal", "%1)"),
    ("lowerLetter", "%1)"),
    ("upperRoman", "%1."),
    ("upperRoman", "Chương %1"),
    ("bullet", "-"),
    ("bullet", "+"),
)


def docx_of(documents: Sequence[Document], source: str, *, numbered: bool = False) -> bytes:
    """The documents of a file, parsed from ``source``, as one .docx."""
    return _Writer(source, numbered).write(documents)


class _Writer:
    def __init__(self, source: str, numbered: bool) -> None:
        self.source = source
        self.numbered = numbered
        self.word: WordDocument = docx.Document()
        self.word.styles["Normal"].font.name = "Times New Roman"
        self.word.styles["Normal"].font.size = Pt(13)
        self.notes: list[str] = []
        self.texts: dict[str, str] = {}
        self.lists = 0
        if numbered:
            numbering = self.word.part.numbering_part.element
            for child in list(numbering):
                numbering.remove(child)

    def write(self, documents: Sequence[Document]) -> bytes:
        for index, document in enumerate(documents):
            if index:
                self.word.add_page_break()
            self._document(document)
        if self.notes:
            self._add_notes_part()
        file = io.BytesIO()
        self.word.save(file)
        return file.getvalue()

    # -- the document ----------------------------------------------------------------------------------------------------------------

    def _document(self, document: Document) -> None:
        self.texts = {clause.eid: clause.text for clause in document.clauses if clause.kind is Kind.FOOTNOTE}
        self._head(document.head.split("\n") if document.head else [])
        self._clauses([clause for clause in document.clauses if clause.kind is not Kind.FOOTNOTE])

    def _head(self, lines: list[str]) -> None:
        """The letterhead in two columns, and the title in the middle."""
        end = next((index for index, line in enumerate(lines) if type_of_heading(line)), None)
        if end is None:
            end = next((index for index, line in enumerate(lines) if line.startswith("Kính gửi")), len(lines))
        cells: list[list[str]] = [[], [], [], []]
        place = 0
        for line in lines[:end]:
            place = _place_in_letterhead(line, place)
            cells[place].append(line)
        if any(cells):
            table = self.word.add_table(rows=2, cols=2)
            for index, cell in enumerate(cells):
                self._lines(table.cell(index // 2, index % 2), cell, bold=index == 1)
            self.word.add_paragraph()
        if lines[end:]:
            addressed = next((index for index, line in enumerate(lines) if index >= end and line.startswith("Kính gửi")), len(lines))
            if lines[end:addressed]:
                self._line_group(self.word.add_paragraph(), lines[end:addressed], bold=True, centred=True)
            for line in lines[addressed:]:
                self.word.add_paragraph(line)

    def _lines(self, cell: _Cell, lines: Sequence[str], bold: bool = False) -> None:
        self._line_group(cell.paragraphs[0], lines, bold=bold, centred=True)

    @staticmethod
    def _line_group(paragraph: Paragraph, lines: Sequence[str], *, bold: bool = False, centred: bool = False) -> None:
        """Lines of one paragraph with soft line breaks between them."""
        for index, line in enumerate(lines):
            run = paragraph.add_run(line)
            run.bold = bold
            if index < len(lines) - 1:
                run.add_break()
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _clauses(self, clauses: Sequence[Clause]) -> None:
        counted = self._counted(clauses) if self.numbered else {}
        rows: list[Clause] = []
        for clause in clauses:
            if clause.kind is Kind.ROW:
                rows.append(clause)
                continue
            self._table((), rows)
            rows = []
            self._clause(clause, counted.get(id(clause)))
        self._table((), rows)

    def _clause(self, clause: Clause, series: tuple[int, int] | None) -> None:
        match clause.kind:
            case Kind.PREAMBLE:
                for child in clause.clauses:
                    self._paragraph(child.text, italic=True, marks=child.footnotes)
            case Kind.CONCLUSIONS:
                self._conclusions(clause)
            case Kind.ATTACHMENT | Kind.ANNEX:
                self._attachment(clause)
            case Kind.PARAGRAPH if clause.text.count(" | ") >= 5:
                self._flattened(clause.text)
            case _:
                self._labelled(clause, series)
        if clause.kind in (Kind.PREAMBLE, Kind.CONCLUSIONS):
            return
        below = list(clause.clauses)
        if clause.columns:
            self._table(clause.columns, [child for child in below if child.kind is Kind.ROW])
            below = [child for child in below if child.kind is not Kind.ROW]
        self._clauses(below)

    def _labelled(self, clause: Clause, series: tuple[int, int] | None) -> None:
        """A clause with its label: the heading in bold, and what comes after it in a paragraph of its own."""
        titled = clause.kind in (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION) and not re.match(
            r"[IVXLCA-H]+\s?[.)/-]", clause.label
        )
        if titled:
            self._numbered(clause.label, series, bold=True, centred=True)
            if clause.text:
                self._paragraph(clause.text, bold=True, centred=True, marks=clause.footnotes)
            return
        label = clause.label
        if clause.kind is Kind.ARTICLE and not label.endswith("."):
            label += "."
        rest = clause.text[len(clause.heading) :].strip()
        if clause.heading and rest:
            self._numbered(label, series, clause.heading, bold=True)
            self._paragraph(rest, marks=clause.footnotes)
        elif clause.text or label:
            self._numbered(label, series, clause.text, bold=bool(clause.heading), marks=clause.footnotes)

    def _paragraph(
        self, text: str, *, bold: bool = False, italic: bool = False, centred: bool = False, marks: Sequence[str] = ()
    ) -> Paragraph:
        paragraph = self.word.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for mark in marks:
            self._mark(paragraph, mark)
        return paragraph

    def _conclusions(self, clause: Clause) -> None:
        """Recipients and signature side by side where the one follows the other, else one below the other."""
        lines = list(self._source_lines(clause))
        receives = [bool(re.match(r"N[ơƠ]I\s+NH[ậẬ]N|[-–+]", line, re.IGNORECASE)) for line in lines]
        last = max((index for index, one in enumerate(receives) if one), default=-1)
        signs = next((index for index, line in enumerate(lines) if line.isupper() and not receives[index]), len(lines))
        if 0 <= last < signs < len(lines):
            table = self.word.add_table(rows=1, cols=2)
            self._lines(table.cell(0, 0), lines[:signs])
            self._lines(table.cell(0, 1), lines[signs:], bold=True)
            self.word.add_paragraph()
            return
        for line in lines:
            self._paragraph(line)

    def _attachment(self, clause: Clause) -> None:
        self.word.add_page_break()
        if clause.label:
            self._paragraph(clause.label, bold=True, centred=True)
        if clause.heading:
            self._paragraph(clause.heading, bold=True, centred=True)
        rest = clause.text[len(clause.heading) :].strip()
        if rest:
            self._paragraph(rest, italic=True, centred=True)

    def _source_lines(self, clause: Clause) -> Iterator[str]:
        for span in clause.spans:
            for line in self.source[span.start : span.end].split("\n"):
                text = " ".join(line.replace("*", " ").split())
                if text:
                    yield text

    # -- tables ----------------------------------------------------------------------------------------------------------------------

    def _table(self, heads: Sequence[str], rows: Sequence[Clause]) -> None:
        filled = [list(row.cells or (row.label, row.text)) for row in rows]
        cells = [list(heads), *filled] if heads else filled
        if not cells:
            return
        width = min(max(len(row) for row in cells), _MAX_COLUMNS)
        self._grid([_fitted(row, width) for row in cells])

    def _flattened(self, text: str) -> None:
        """A table of which only the order of the cells is known."""
        cells = [cell.strip() for cell in re.split(r"(?:^|(?<=\s))[|¦](?=\s|$)", text)]
        self._grid([_fitted(cells[index : index + 5], 5) for index in range(0, len(cells), 5)])

    def _grid(self, cells: Sequence[Sequence[str]]) -> None:
        table = self.word.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
        for row, texts in zip(table.rows, cells, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.paragraphs[0].add_run(text)
        # Without a paragraph after it a table that ends the text is lost on its way through other programs.
        self.word.add_paragraph()

    # -- numbering -------------------------------------------------------------------------------------------------------------------

    def _counted(self, clauses: Sequence[Clause]) -> dict[int, tuple[int, int]]:
        """For the clauses whose labels Word would count the same: the series and the list, by identity of the clause."""
        found: dict[int, tuple[int, int]] = {}
        for kind in dict.fromkeys(clause.kind for clause in clauses):
            group = [clause for clause in clauses if clause.kind is kind]
            series = next((index for index in range(len(_SERIES)) if _counts(index, group)), None)
            if series is not None:
                number = self._new_list(series)
                found.update({id(clause): (series, number) for clause in group})
        return found

    def _new_list(self, series: int) -> int:
        """A list of its own: programs other than Word lose what starts one definition again."""
        numbering = self.word.part.numbering_part.element
        form, text = _SERIES[series]
        levels = (
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        )
        definition = (
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self.lists}"><w:multiLevelType w:val="singleLevel"/>{levels}</w:abstractNum>'
        )
        numbering.insert(self.lists, parse_xml(definition))
        self.lists += 1
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{self.lists}"><w:abstractNumId w:val="{self.lists - 1}"/></w:num>'))
        return self.lists

    def _numbered(
        self,
        label: str,
        series: tuple[int, int] | None,
        text: str = "",
        *,
        bold: bool = False,
        centred: bool = False,
        marks: Sequence[str] = (),
    ) -> None:
        if series is None:
            self._paragraph(f"{label} {text}".strip(), bold=bold, centred=centred, marks=marks)
            return
        paragraph = self._paragraph(text, bold=bold, centred=centred, marks=marks)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = series[1]

    # -- footnotes -------------------------------------------------------------------------------------------------------------------

    def _mark(self, paragraph: Paragraph, eid: str) -> None:
        self.notes.append(self.texts.get(eid, ""))
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(self.notes)))
        paragraph.add_run()._r.append(reference)

    def _add_notes_part(self) -> None:
        root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
        for number, text in enumerate(self.notes, start=1):
            runs = '<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"/></w:r>'
            note = parse_xml(f'<w:footnote {nsdecls("w")} w:id="{number}"><w:p>{runs}</w:p></w:footnote>')
            note[0][1][0].text = f" {text}"
            root.append(note)
        from lxml import etree

        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), _NOTES_TYPE, blob, self.word.part.package)
        self.word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _place_in_letterhead(line: str, place: int) -> int:
    """The cell of a line after one in ``place``: organ, country; number and subject, place and date."""
    if _COUNTRY.match(line):
        return 1
    if _NUMBER.match(line):
        return 2
    return 3 if _DAY.match(line) else place


def _fitted(row: Sequence[str], width: int) -> list[str]:
    """The row in ``width`` cells; what is too many goes into the last."""
    kept = [*row[: width - 1], " ".join(row[width - 1 :])]
    return [*kept, *[""] * (width - len(kept))]


def _counts(series: int, clauses: Sequence[Clause]) -> bool:
    form, text = _SERIES[series]
    labels = [clause.label.rstrip(".") + "." if clause.kind is Kind.ARTICLE else clause.label for clause in clauses]
    return labels == [text.replace("%1", number_text(number, form)) for number in range(1, len(clauses) + 1)]


# -- which documents ------------------------------------------------------------------------------------------------------------------


@cache
def documents_to_write(shared: Path, count: int = 20) -> list[tuple[str, str, list[Document]]]:
    """Name, text and documents of all files of the corpus and of ``count`` real ones: each seventh of those that the parser is sure of.

    A file whose tables lost their lines, or whose numbers do not follow, is no typed document: typed out as it was read it is another.
    """
    chosen = [_parsed(path) for path in sorted((shared / "corpus").glob("*.txt"))]
    wanted = len(chosen) + count
    real = sorted((shared / "real").glob("*.txt"))
    for start in range(7):
        for path in real[start::7]:
            if len(chosen) >= wanted:
                return chosen
            found = _parsed(path)
            if all(_is_sure(document) for document in found[2]):
                chosen.append(found)
    return chosen


def _parsed(path: Path) -> tuple[str, str, list[Document]]:
    source = split_lines(*decode(path.read_bytes(), path.name), path.name)
    return path.name, source.text, parse(source)


def _is_sure(document: Document) -> bool:
    """Whether nothing was remarked on, and less than three words in ten stand in paragraphs without a number."""
    clauses = [clause for top in document.clauses for clause, _above in top.walk()]
    words = sum(len(clause.text.split()) for clause in clauses)
    loose = sum(len(clause.text.split()) for clause in clauses if clause.kind is Kind.PARAGRAPH and not clause.eid.startswith("preamble"))
    return not document.warnings and loose < 0.3 * words


# -- comparison ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a document read back agrees with what was written. ``clauses`` and ``words`` are shares from 0 to 1: of the eIds that are
    there again, and of the words that stand in the clause of the same eId again."""

    number: bool
    type: bool
    issued: bool
    clauses: float
    words: float
    differing: tuple[str, ...]


def agreement(before: Document, after: Document) -> Agreement:
    """Compare clause by clause; what tables lost of their edges does not count."""
    first, second = _words_by_eid(before), _words_by_eid(after)
    total = sum(sum(words.values()) for words in first.values())
    kept = sum(sum((words & second.get(eid, Counter())).values()) for eid, words in first.items())
    differing = tuple(eid for eid, words in first.items() if second.get(eid) != words) + tuple(eid for eid in second if eid not in first)
    return Agreement(
        before.number == after.number,
        before.type == after.type,
        before.issued == after.issued,
        sum(eid in second for eid in first) / max(1, len(first)),
        kept / max(1, total),
        differing,
    )


def _words_by_eid(document: Document) -> dict[str, Counter[str]]:
    return {clause.eid: Counter(re.findall(r"[^\W_]+", clause.text)) for top in document.clauses for clause, _ancestors in top.walk()}
