"""PDF through PDFium: its characters with their places, its rulings; pages without text of their own are recognised.

PDFium is a browser's library, made for files from strangers, and many times faster than the readers written in Python. The order in
which a file draws its characters says nothing (a word whose letters come from two fonts is drawn in pieces): only their places count.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers import ocr
from kgsearch.readers.encodings import convert_legacy
from kgsearch.readers.page import Page, Ruling, Word, aligned
from kgsearch.readers.page_layout import source_text
from kgsearch.readers.progress import report_progress

MAX_PAGES = 3000
MAX_CHARACTERS = 8_000_000
MAX_PAGE_CHARACTERS = 100_000
"""Twenty times the fullest page of a newspaper."""

MAX_PAGE_OBJECTS = 20_000
"""Rulings are looked for among so many of a page's objects; a drawing has more, a table has not."""

_MIN_CHARACTERS = 16
_STAMPED = 400
"""A page that is mostly a picture, with fewer characters of its own than this, is a scan: a digital signature prints who signed it."""

_MIN_SIZE = 2.5
_WORD_GAP = 0.12
"""Space between characters, as a share of the font size, beyond that usual in the row, that parts two words without a space drawn."""

_RAISED = 0.12
_RAISED_SIZE = 0.85
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ITALIC_FLAG = 1 << 6
_BOLD_FLAG = 1 << 18
_BOLD_WEIGHT = 600
_INVISIBLE = 3
_UNREADABLE_SHARE = 0.1
_SCAN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Look:
    """How a piece of text is set: ``turns`` counts quarter turns anticlockwise, ``None`` for text that stands aslant."""

    size: float
    turns: int | None
    font: str
    bold: bool
    italic: bool
    visible: bool


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    right: float
    base: float
    look: _Look
    unmapped: bool = False

    @property
    def size(self) -> float:
        return self.look.size


def read_pdf(data: bytes, name: str) -> SourceText:
    """The text of a PDF, page by page.

    Pages that are pictures are recognised with Tesseract; where it is not installed they stay empty, recognised with confidence 0, as
    long as other pages hold text. Raises ReadError, naming the file, where it is damaged, locked with a password, too long, or where
    none of its pages holds text.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(_unopened(data, name)) from error
    try:
        if len(document) > MAX_PAGES:
            raise ReadError(
                _("{name}: the file has {count} pages; at most {limit} can be read. Split it into its documents.").format(
                    name=name, count=len(document), limit=MAX_PAGES
                )
            )
        pages = list(_pages(document, name))
    finally:
        document.close()
    if not any(page.words for page in pages):
        if any(page.confidence is not None for page in pages) and not ocr.program():
            raise ReadError(ocr.missing(name))
        raise ReadError(_("{name}: no page of it holds text that could be read.").format(name=name))
    return source_text(pages, "pdf")


def _unopened(data: bytes, name: str) -> str:
    if b"/Encrypt" in data:
        return _("{name}: the PDF is locked with a password; save it without one.").format(name=name)
    return _("{name}: the PDF is damaged and cannot be opened; save it once more from the program that made it.").format(name=name)


def _pages(document: pdfium.PdfDocument, name: str) -> Iterator[Page]:
    """The pages one after the other, none held open longer than needed."""
    characters = scans = 0
    for index in range(len(document)):
        report_progress()
        try:
            page = document[index]
            try:
                one, is_scan = _read_page(page, index + 1, name)
                scans += is_scan
                if is_scan:
                    one = ocr.recognise_page(page, one, name, scans)
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise ReadError(
                _("{name}: page {page} is damaged; save the file once more from the program that made it.").format(
                    name=name, page=index + 1
                )
            ) from error
        characters += sum(len(word.text) for word in one.words)
        if characters > MAX_CHARACTERS:
            raise ReadError(_too_long(name))
        yield one


def _too_long(name: str) -> str:
    return _("{name}: there is more text in it than any document has; split it into its documents.").format(name=name)


def _read_page(page: pdfium.PdfPage, number: int, name: str) -> tuple[Page, bool]:
    """The page by its own text, and whether it is a picture whose text must be recognised."""
    # Not get_size(): places of characters and objects are given on the page as it was before it was turned.
    box = page.get_cropbox()
    textpage = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(textpage)
        if count > MAX_PAGE_CHARACTERS:
            raise ReadError(_too_long(name))
        characters = _characters(textpage, count)
    finally:
        textpage.close()
    turns = _turns(characters)
    frame = _Frame(box[0], box[1], box[2], box[3], turns)
    shown = [character for character in characters if character.look.visible]
    is_scan = _is_unreadable(shown) or (len(shown) < _STAMPED and _has_picture(page, box))
    hidden = is_scan and len(characters) >= _MIN_CHARACTERS and not _is_unreadable(characters)
    placed = [moved for one in (characters if hidden else shown) if (moved := frame.place(one)) is not None]
    rulings = [] if is_scan else [frame.ruling(*ends) for ends in _rulings(page)]
    words = tuple(word for row in _character_rows(placed) for word in _words(row))
    return Page(number, frame.width, frame.height, words, tuple(rulings), 0 if is_scan else None), is_scan


# -- characters ----------------------------------------------------------------------------------------------------------------------


def _characters(textpage: pdfium.PdfTextpage, count: int) -> list[_Character]:
    """The characters that the page draws, spaces among them, in page space (y upwards)."""
    looks: dict[int, _Look] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    found = []
    for index in range(count):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(textpage, index)
        drawn = raw.FPDFText_GetTextObject(textpage, index)
        if not drawn:
            continue
        key = ctypes.addressof(drawn.contents)
        look = looks.get(key)
        if look is None:
            look = looks[key] = _look(textpage, index, drawn)
        if look.size < _MIN_SIZE or look.turns is None:
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        unmapped = raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 or not _is_text(code)
        text = chr(code) if _is_text(code) else "\ufffd"
        if look.turns % 2:
            found.append(_Character(text, box.bottom, box.top, x.value, look, unmapped))
        else:
            found.append(_Character(text, box.left, box.right, y.value, look, unmapped))
    return found


def _is_text(code: int) -> bool:
    """Whether the code is a character of text: no control, no half of a pair, none of a font's private ones."""
    return 0x20 <= code <= 0x10FFFF and not (0xD800 <= code <= 0xF8FF) and code not in (0x7F, 0xFFFD, 0xFFFE, 0xFFFF)


def _look(textpage: pdfium.PdfTextpage, index: int, drawn: Any) -> _Look:
    """How the object that character ``index`` belongs to is set."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    turns = round(angle / 90)
    aslant = abs(angle - 90 * turns) > 3
    font = raw.FPDFTextObj_GetFont(drawn)
    name, flags, weight = "", 0, 0
    if font:
        buffer = ctypes.create_string_buffer(256)
        raw.FPDFFont_GetBaseFontName(font, buffer, 256)
        name = buffer.value.decode("utf-8", "replace").split("+", 1)[-1]
        flags, weight = raw.FPDFFont_GetFlags(font), raw.FPDFFont_GetWeight(font)
    lower = name.lower()
    bold = "bold" in lower or "black" in lower or bool(max(flags, 0) & _BOLD_FLAG) or weight >= _BOLD_WEIGHT
    italic = "italic" in lower or "oblique" in lower or bool(max(flags, 0) & _ITALIC_FLAG)
    visible = raw.FPDFTextObj_GetTextRenderMode(drawn) != _INVISIBLE
    return _Look(size, None if aslant else turns % 4, name, bold, italic, visible)


def _turns(characters: Sequence[_Character]) -> int:
    """How most of the text is turned: a wide table often stands sideways on its page."""
    counted = Counter(character.look.turns for character in characters)
    return counted.most_common(1)[0][0] or 0 if counted else 0


def _is_unreadable(characters: Sequence[_Character]) -> bool:
    """Whether the fonts do not say what letters their shapes are: then the shapes themselves must be read."""
    return len(characters) >= _MIN_CHARACTERS and sum(one.unmapped for one in characters) > _UNREADABLE_SHARE * len(characters)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of page space that is shown, turned so that its text stands upright."""

    x0: float
    y0: float
    x1: float
    y1: float
    turns: int

    @property
    def width(self) -> float:
        return self.y1 - self.y0 if self.turns % 2 else self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.x1 - self.x0 if self.turns % 2 else self.y1 - self.y0

    def place(self, character: _Character) -> _Character | None:
        """The character in points from the upright page's left top corner; None where it is turned otherwise or not on the page."""
        if character.look.turns != self.turns:
            return None
        along, across = (self.y0, self.x0) if self.turns % 2 else (self.x0, self.y0)
        left, right, base = character.left - along, character.right - along, character.base - across
        if self.turns in (2, 3):
            left, right = self.width - right, self.width - left
        if self.turns in (0, 3):
            base = self.height - base
        inside = -1 <= left <= self.width and -1 <= base <= self.height + 1
        return replace(character, left=left, right=max(right, left), base=base) if inside else None

    def ruling(self, x0: float, y0: float, x1: float, y1: float) -> Ruling:
        """A line between two points of page space, on the upright page."""
        xs, ys = (y0 - self.y0, y1 - self.y0), (x0 - self.x0, x1 - self.x0)
        if self.turns % 2 == 0:
            xs, ys = (x0 - self.x0, x1 - self.x0), (y0 - self.y0, y1 - self.y0)
        if self.turns in (2, 3):
            xs = (self.width - xs[0], self.width - xs[1])
        if self.turns in (0, 3):
            ys = (self.height - ys[0], self.height - ys[1])
        return Ruling(min(xs), min(ys), max(xs), max(ys))


# -- words ---------------------------------------------------------------------------------------------------------------------------


def _character_rows(characters: Sequence[_Character]) -> Iterator[list[_Character]]:
    """The characters row by row, each row from left to right; what is printed twice for boldness once."""
    for row in aligned(characters):
        kept: list[_Character] = []
        for one in row:
            doubled = any(one.text == other.text and abs(one.left - other.left) < 0.1 * one.size for other in kept[-2:])
            if not doubled or unicodedata.combining(one.text):
                kept.append(one)
        yield kept


def _words(row: Sequence[_Character]) -> Iterator[Word]:
    """The words of a row, parted by spaces drawn and by gaps."""
    size = median(character.size for character in row)
    base = median(character.base for character in row if character.size >= _RAISED_SIZE * size)
    # Letters set apart for emphasis are no words.
    usual = median(
        [0.0, *(max(0.0, after.left - before.right) for before, after in pairwise(row) if not _is_space(before) and not _is_space(after))]
    )
    piece: list[_Character] = []
    for character in row:
        gap = bool(piece) and character.left - piece[-1].right > usual + _gap_between(piece[-1], character) * size
        space = _is_space(character)
        if piece and (space or gap):
            yield _word(piece, base, size)
            piece = []
        if not space:
            piece.append(character)
    if piece:
        yield _word(piece, base, size)


def _gap_between(before: _Character, after: _Character) -> float:
    """Where letters of another font stand in for missing ones their width is a guess, and the space after them is often not drawn."""
    return _WORD_GAP if before.look.font == after.look.font else _WORD_GAP / 2


def _is_space(character: _Character) -> bool:
    """Whether words end here; what a no-break space binds stays one word, as it did when the line was wrapped."""
    return character.text.isspace() and character.text != "\u00a0"


def _word(piece: Sequence[_Character], base: float, size: float) -> Word:
    """One word: text in legacy fonts converted, figures above the line written as such, composed."""
    texts: list[str] = []
    start = 0
    for index in range(1, len(piece) + 1):
        if index == len(piece) or piece[index].look is not piece[start].look:
            run = _run_text(piece[start:index], base, size)
            # Two notes marked in one place: ¹ and ², not ¹².
            texts.append(f" {run}" if texts and _follows(texts[-1], run) else run)
            start = index
    text = unicodedata.normalize("NFC", "".join(texts)).replace("\u00a0", " ")
    bold = all(one.look.bold for one in piece)
    italic = all(one.look.italic for one in piece)
    return Word(text, piece[0].left, max(one.right for one in piece), base, max(one.size for one in piece), bold, italic)


def _follows(before: str, text: str) -> bool:
    """Whether the texts are raised figures, the second the number after the first."""
    numbers = [one.strip().translate(_FIGURES) for one in (before, text) if one.strip().translate(_FIGURES) != one.strip()]
    return len(numbers) == 2 and all(one.isdigit() for one in numbers) and int(numbers[1]) == int(numbers[0]) + 1


def _run_text(run: Sequence[_Character], base: float, size: float) -> str:
    text = "".join(character.text for character in run)
    look = run[0].look
    if look.font:
        text = convert_legacy(text, look.font)
    raised = look.size < _RAISED_SIZE * size and base - run[0].base > _RAISED * size
    return text.translate(_SUPERSCRIPTS) if raised else text


# -- objects -------------------------------------------------------------------------------------------------------------------------


def _has_picture(page: pdfium.PdfPage, box: tuple[float, float, float, float]) -> bool:
    """Whether pictures cover half of the page or more, as they do where it was scanned; strips count together."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    covered = 0.0
    for index, one in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        left, bottom, right, top = one.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
        if covered >= _SCAN_SHARE * area:
            return True
        if index > MAX_PAGE_OBJECTS:
            break
    return False


def _rulings(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines along the axes that the page draws, thin rectangles and the sides of others among them."""
    for index, one in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if index > MAX_PAGE_OBJECTS:
            return
        yield from _lines_of_path(one)


_MIN_RULING = 4.0
_MAX_SEGMENTS = 2_000


def _lines_of_path(path: pdfium.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(path), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        ends = [(last, point)] if kind == raw.FPDF_SEGMENT_LINETO else []
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((point, start))
        last = point
        for (x0, y0), (x1, y1) in ends:
            across, along = sorted((abs(x1 - x0), abs(y1 - y0)))
            if across < 1 and along >= _MIN_RULING:
                yield x0, y0, x1, y1
