"""Web pages: documents as law sites show them and as word processors save them, and the archives (.mht) in which browsers keep pages.

What is shown of the page's main text is read: menus, side columns, scripts and what is hidden are left out, unless the document itself
stands there. A paragraph is a block of lines, data tables are cells with edges, as from a word processor; anchors are no words.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.encodings import LEGACY, WINDOWS_1258, decode_legacy, detect_legacy, encoding_of_font, repair
from kgsearch.readers.html_main import without_surroundings
from kgsearch.readers.label_numbers import number_text
from kgsearch.readers.paragraphs import Block, Paragraph, RunFormat, source_text
from kgsearch.readers.table_blocks import MAX_COLUMNS, Cell, Row, table_blocks
from kgsearch.readers.text import unicode_encoding

MAX_ELEMENTS = 1_000_000
"""Of a page: ten times the longest code with each of its words marked up."""

_MAX_BROKEN = 0.01
_MAX_PARTS = 2_000
_MAX_SPAN = MAX_COLUMNS
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.I
)
_MARKUP = re.compile(rb"<[^<>]{0,20000}>")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LINE_END = re.compile(r"\r\n|\r|\n")

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RAISED = re.compile(r"\s*\d{1,4}\s*")
_LIST_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LETTERED = frozenset(("a", "i"))
_LABELLED = re.compile(r"\s*(?:\(?\w{1,5}[.)]|[-–+•*]|[ĐÐ]iều\s)")


def read_html(data: bytes, name: str) -> SourceText:
    """The main text of a page. Raises ReadError, naming the file, where there is none, or it is nested or long beyond reason."""
    text, encoding = _decoded(data, name)
    return _read_page(text, encoding, name)


def read_mhtml(data: bytes, name: str) -> SourceText:
    """The main text of a page kept with its pictures in one file (MHTML). Raises ReadError, naming the file, as `read_html` does."""
    message = message_from_bytes(data)
    for number, part in enumerate(message.walk()):
        if number > _MAX_PARTS:
            break
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            text, encoding = _decoded(body if isinstance(body, bytes) else b"", name, _charset(part))
            return _read_page(text, encoding, name)
    raise ReadError(_("{name}: no page in this web archive; open it in a browser and save it as HTML.").format(name=name))


def _charset(part: Message) -> str:
    charset = part.get_content_charset()
    return charset if isinstance(charset, str) else ""


# -- encoding ------------------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, name: str, declared: str = "") -> tuple[str, str]:
    """The page's text and its encoding: what the bytes themselves show goes before what the page says of itself."""
    encoding, mark = unicode_encoding(data)
    try:
        return data[mark:].decode(encoding), encoding
    except UnicodeDecodeError:
        pass
    old = detect_legacy(_MARKUP.sub(b" ", data))
    if old in LEGACY:
        # TCVN3 and VNI are converted run by run, by font, or later line by line: the rest of the page may be Unicode in entities.
        return (decode_legacy(data, old), old) if old == WINDOWS_1258 else (decode_legacy(data, ""), old)
    found = _DECLARED.search(data[:4096])
    named = declared or (b"".join(group or b"" for group in found.groups()).decode() if found else "")
    text = data[mark:].decode(_known(named) or encoding, "replace")
    if text.count("\ufffd") > max(8, _MAX_BROKEN * len(text)):
        raise ReadError(
            _("{name}: the encoding of this page cannot be told; open it in a browser and save it again as HTML in UTF-8.").format(
                name=name
            )
        )
    return text, named.lower() or encoding


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name if encoding else ""
    except LookupError:
        return ""


# -- the page ------------------------------------------------------------------------------------------------------------------------


def _read_page(text: str, encoding: str, name: str) -> SourceText:
    page = _parsed(text, name)
    fonts = _fonts_of_classes(page)
    blocks = _PageReader(fonts).read(without_surroundings(page))
    blocks, old = _repaired(blocks)
    return source_text(blocks, old or encoding, False, name)


def _parsed(text: str, name: str) -> HtmlElement:
    """The page's tree. The parser stops where elements nest too deep; what it left out must not pass for the whole."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        page = document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ReadError(_("{name}: no text on this page.").format(name=name)) from error
    too_deep = any(entry.type_name == "ERR_RESOURCE_LIMIT" or "depth" in entry.message for entry in parser.error_log)
    if too_deep or any(number > MAX_ELEMENTS for number, _element in enumerate(page.iter())):
        raise ReadError(
            _("{name}: the page is nested too deep or has too many elements to be a document; save its text as .docx or .txt.").format(
                name=name
            )
        )
    return page


_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,4000})\}")
_FAMILY = re.compile(r"font-family\s*:\s*['\"]?\s*([^;,'\"}]{1,60})", re.I)
_CLASS = re.compile(r"\.([\w-]{1,60})\s*$")
_ELEMENT = re.compile(r"^[a-z][a-z0-9]{0,10}$")


def _fonts_of_classes(page: HtmlElement) -> Mapping[str, str]:
    """Fonts with an encoding of their own that the page's style sheet gives, by ".class" or element's name."""
    fonts: dict[str, str] = {}
    for style in page.iter("style"):
        for selectors, rules in _RULE.findall(style.text or ""):
            family = _FAMILY.search(rules)
            if family and encoding_of_font(family[1]):
                for selector in selectors.split(","):
                    named = _CLASS.search(selector.strip())
                    plain = _ELEMENT.match(selector.strip().lower())
                    if named or plain:
                        fonts["." + named[1].lower() if named else selector.strip().lower()] = family[1].strip()
    return fonts


def _repaired(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks with lines in TCVN3 or VNI whose font the page does not name converted, and the encoding of these or ""."""
    text, old = repair("\n".join(line.text for block in blocks for line in block))
    if not old:
        return list(blocks), ""
    lines = iter(text.split("\n"))
    return [[replace(line, text=next(lines)) for line in block] for block in blocks], old


# -- walking -------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Table:
    """A table being read; ``covered`` says of each column into which rows the last cell in it that spans several reaches."""

    rows: list[Row] = field(default_factory=list)
    covered: dict[int, range] = field(default_factory=dict)
    cell: Cell | None = None
    nested: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for the text of an element: how it is set, whether it is raised, a note's mark, pre-formatted, centred, a heading."""

    how: RunFormat
    raised: bool = False
    marks: bool = False
    kept: bool = False
    style: frozenset[str] = frozenset()


class _PageReader:
    """Goes through a page's elements once, in order, without recursion, and puts paragraphs and tables together."""

    def __init__(self, fonts: Mapping[str, str]) -> None:
        self._fonts = fonts
        self._marks: frozenset[HtmlElement] = frozenset()
        self._contexts = [_Context(RunFormat())]
        self._containers: list[list[Block]] = [[]]
        self._tables: list[_Table] = []
        self._lists: list[tuple[str, int]] = []
        self._paragraph = Paragraph()
        self._label = ""
        self._spaced = True

    def read(self, root: HtmlElement) -> list[Block]:
        """The blocks of all that stands in ``root``."""
        self._marks = _note_marks(root)
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
                self._text(element.text)
            else:
                self._end(element)
                if element is not root:
                    self._text(element.tail)
        self._flush()
        return self._containers[0]

    # -- elements --------------------------------------------------------------------------------------------------------------------

    def _start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        self._contexts.append(self._context(element))
        if tag == "br":
            self._break_line()
        elif tag in ("ul", "ol"):
            self._lists.append((_list_kind(element), _whole(element.get("start"), 1)))
        elif tag == "li":
            self._label = self._next_label(element)
        elif tag == "table":
            self._tables.append(_Table())
            self._containers.append([])
        elif tag == "tr" and self._tables:
            self._open_row()
        elif tag in ("td", "th") and self._tables:
            self._open_cell(element)

    def _end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        if len(self._contexts) > 1:
            self._contexts.pop()
        if tag in ("ul", "ol"):
            self._lists.pop()
        elif tag == "li":
            self._label = ""
        elif tag in ("td", "th") and self._tables and self._tables[-1].cell is not None:
            self._tables[-1].cell = None
            self._containers.pop()
        elif tag == "table":
            self._close_table()

    def _context(self, element: HtmlElement) -> _Context:
        tag, style = element.tag, (element.get("style") or "").lower()
        before = self._contexts[-1]
        how = before.how
        if tag in ("b", "strong", "th") or re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", style):
            how = replace(how, bold=True)
        if tag in ("i", "em") or re.search(r"font-style\s*:\s*italic", style):
            how = replace(how, italic=True)
        if re.search(r"text-transform\s*:\s*uppercase", style):
            how = replace(how, capitals=True)
        font = self._font(element)
        if font:
            how = replace(how, font=font)
        said = before.style
        if tag == "center" or (element.get("align") or "").lower() == "center" or re.search(r"text-align\s*:\s*center", style):
            said |= {"centred"}
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            said |= {f"heading {tag[1]}"}
        raised = before.raised or tag == "sup" or "vertical-align:super" in style.replace(" ", "")
        marks = before.marks or element in self._marks
        return _Context(how, raised, marks, before.kept or tag == "pre" or "white-space:pre" in style.replace(" ", ""), frozenset(said))

    def _font(self, element: HtmlElement) -> str:
        """The first font that the element, its classes or its name say; only fonts with an encoding of their own matter."""
        family = _FAMILY.search(element.get("style") or "")
        if family or element.get("face"):
            return (family[1] if family else element.get("face", "").split(",")[0]).strip(" \"'")
        if self._fonts:
            named = (self._fonts.get("." + one.lower()) for one in (element.get("class") or "").split()[:20])
            return next(filter(None, named), self._fonts.get(element.tag, ""))
        return ""

    def _next_label(self, element: HtmlElement) -> str:
        """The number or dash that a browser puts before the item, unless the item brings its own."""
        kind, number = self._lists[-1] if self._lists else ("", 1)
        if not kind:
            return "" if _LABELLED.match(_beginning(element)) else "- "
        number = _whole(element.get("value"), number)
        self._lists[-1] = (kind, number + 1)
        if _LABELLED.match(_beginning(element)):
            return ""
        return number_text(number, _LIST_KINDS[kind]) + (") " if kind in _LETTERED else ". ")

    # -- text ------------------------------------------------------------------------------------------------------------------------

    def _text(self, text: str | None) -> None:
        if not text:
            return
        context = self._contexts[-1]
        if context.kept:
            first, *others = _LINE_END.split(text)
            self._add(first, context)
            for other in others:
                self._break_line()
                self._add(other, context)
            return
        text = _BLANKS.sub(" ", text)
        # Space stays where runs meet, once: between them, or at a line's start, it is the same space.
        text = text[1:] if self._spaced and text.startswith(" ") else text
        self._add(text, context)

    def _add(self, text: str, context: _Context) -> None:
        if not text:
            return
        if context.marks and _RAISED.fullmatch(text):
            text = f"[{text.strip()}]"
        elif context.raised and _RAISED.fullmatch(text):
            text = text.strip().translate(_SUPERSCRIPT)
        self._spaced = text.endswith(" ")
        self._paragraph.add(text.replace("\xa0", " "), context.how, 0)

    def _break_line(self) -> None:
        self._paragraph.break_line()
        self._spaced = True

    def _flush(self) -> None:
        """End the paragraph, if there is one."""
        if not self._paragraph.is_empty:
            block = self._paragraph.block(self._label, 0, self._contexts[-1].style)
            self._containers[-1].append(block)
            self._label = ""
        self._paragraph = Paragraph()
        self._spaced = True

    # -- tables ----------------------------------------------------------------------------------------------------------------------

    def _open_row(self) -> None:
        table = self._tables[-1]
        table.rows.append([])
        self._add_covered(table)

    def _open_cell(self, element: HtmlElement) -> None:
        table = self._tables[-1]
        if table.cell is not None:
            self._containers.pop()
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        span = min(max(1, _whole(element.get("colspan"), 1)), _MAX_SPAN)
        cell = Cell(row[-1].column + row[-1].span if row else 0, span)
        row.append(cell)
        below = min(_whole(element.get("rowspan"), 1), 1_000)
        if below > 1:
            first = len(table.rows)
            table.covered.update(dict.fromkeys(range(cell.column, cell.column + span), range(first, first + below - 1)))
        self._add_covered(table)
        table.cell = cell
        self._containers.append(cell.blocks)

    @staticmethod
    def _add_covered(table: _Table) -> None:
        """Cells that only continue the ones above, where the next column of the row is covered by one."""
        row = table.rows[-1]
        column = row[-1].column + row[-1].span if row else 0
        while len(table.rows) - 1 in table.covered.get(column, ()):
            row.append(Cell(column, 1, continued=True))
            column += 1

    def _close_table(self) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        if table.cell is not None:
            self._containers.pop()
        stray = self._containers.pop()
        rows = [row for row in table.rows if row]
        blocks = _unframed(rows) if table.nested or _is_frame(rows) else table_blocks(rows) if rows else []
        self._containers[-1].extend([*stray, *blocks])
        if self._tables:
            self._tables[-1].nested = self._tables[-1].nested or len(blocks) > 0


_FRAME_LINES = 40
"""Lines in a cell beyond which a table lays out a page."""

_BEGINNING = 40


def _is_frame(rows: Sequence[Row]) -> bool:
    """Whether the table only frames text: one column, or more columns or longer cells than data has."""
    if all(len(row) < 2 for row in rows) or any(row[-1].column + row[-1].span > MAX_COLUMNS for row in rows):
        return True
    return any(len(cell.lines) > _FRAME_LINES for row in rows for cell in row)


def _unframed(rows: Sequence[Row]) -> list[Block]:
    return [block for row in rows for cell in row if not cell.continued for block in cell.blocks]


def _note_marks(root: HtmlElement) -> frozenset[HtmlElement]:
    """The links that lead to one another, as the mark of a footnote and the number before its text do."""
    links = [link for link in root.iter("a") if link.get("href", "").startswith("#")]
    named = {name: link for link in links for name in (link.get("name"), link.get("id")) if name}
    found = []
    for link in links:
        target = named.get(link.get("href")[1:])
        if target is not None and target is not link and named.get(target.get("href")[1:]) is link:
            found.append(link)
    return frozenset(found)


def _beginning(element: HtmlElement) -> str:
    """The first few characters of an element's text."""
    text = ""
    for piece in element.itertext():
        text = (text + piece).lstrip()
        if len(text) >= _BEGINNING:
            break
    return text[:_BEGINNING]


def _list_kind(element: HtmlElement) -> str:
    """What an ordered list counts with, "" for a list with dashes."""
    if element.tag == "ul":
        return ""
    kind = element.get("type") or "1"
    return kind if kind in _LIST_KINDS else "1"


def _whole(text: str | None, default: int) -> int:
    match = re.fullmatch(r"\s*(\d{1,4})\s*", text or "")
    return int(match[1]) if match else default
