"""Text out of pictures, by Tesseract with its Vietnamese model, page by page: scanned pages of a PDF, and images.

The program is looked for when it is needed. Each page has its own process with a bound on its time; the words come with their places
and with how sure the program is of each.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kgsearch.errors import ReadError
from kgsearch.i18n import gettext as _
from kgsearch.models import SourceText
from kgsearch.readers.limits import program_limits
from kgsearch.readers.page import Page, Word
from kgsearch.readers.page_layout import source_text
from kgsearch.readers.progress import report_progress

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL import Image

LANGUAGE = "vie"
DPI = 300
"""What Tesseract's model was trained for; below 200 the marks of Vietnamese letters melt into them."""

MAX_PIXELS = 18_000_000
"""Two A4 pages at 300 dpi; larger pictures are made smaller first."""

MAX_SOURCE_PIXELS = 40_000_000
"""The largest picture that is opened: an A4 page at 600 dpi."""

MAX_SCANS = 300
"""Pages of one file that are recognised: half an hour."""

PAGE_SECONDS = 50
"""An A4 page at 300 dpi takes three seconds."""

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space for Tesseract."""

_MIN_CONFIDENCE = 20
"""Words of which the program is less sure are specks, lines and stamps."""

_POINTS = 72


_ELSEWHERE = (r"C:\Program Files\Tesseract-OCR\tesseract.exe", "/opt/homebrew/bin/tesseract", "/usr/local/bin/tesseract")


def program() -> str:
    """The path of Tesseract where it is installed with its Vietnamese model, else ""; KGSEARCH_TESSERACT names one that is elsewhere."""
    named = os.environ.get("KGSEARCH_TESSERACT", "")
    found = named or shutil.which("tesseract") or next((path for path in _ELSEWHERE if os.path.isfile(path)), "")
    return found if found and _knows_language(found) else ""


@lru_cache(maxsize=4)
def _knows_language(path: str) -> bool:
    try:
        listed = subprocess.run(
            [path, "--list-langs"], capture_output=True, text=True, timeout=20, check=False, preexec_fn=program_limits(MEMORY)
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return LANGUAGE in (listed.stdout + listed.stderr).split()


def read_image(data: bytes, name: str) -> SourceText:
    """The text of a picture (PNG, JPEG, TIFF with any number of pages), recognised.

    Raises ReadError, naming the file, where Tesseract is missing, the picture is damaged or too large, or shows no text.
    """
    if not program():
        raise ReadError(missing(name))
    with warnings.catch_warnings():
        # Pillow warns of what it passes over in a damaged picture.
        warnings.simplefilter("ignore")
        pages = [
            replace(recognise(pixels, width, height, dpi, name), number=number)
            for number, (pixels, width, height, dpi) in enumerate(_frames(data, name), start=1)
        ]
    if not any(page.words for page in pages):
        raise ReadError(_("{name}: no text could be recognised in the picture; scan the page upright, at 300 dpi.").format(name=name))
    return source_text(pages, "image")


def recognise_page(page: pdfium.PdfPage, own: Page, name: str, scans: int) -> Page:
    """The page with the words recognised in its picture; ``own`` is what the file says of it, ``scans`` how many are scans up to it.

    Without Tesseract the page is as the file has it: with the text that the scanner laid under the picture, or empty.
    """
    if scans > MAX_SCANS:
        raise ReadError(_too_many(name))
    if not program():
        return own
    pixels, width, height, dpi = _rendered(page)
    return replace(recognise(pixels, width, height, dpi, name), number=own.number)


def missing(name: str) -> str:
    """What to say where Tesseract is needed and not there."""
    return _(
        "{name}: a scanned page; to recognise its text install Tesseract with its Vietnamese model (tesseract-ocr, tesseract-ocr-vie)."
    ).format(name=name)


def _too_many(name: str) -> str:
    return _("{name}: more than {limit} scanned pages; split the file into its documents.").format(name=name, limit=MAX_SCANS)


def _rendered(page: pdfium.PdfPage) -> tuple[bytes, int, int, float]:
    """The page as grey pixels row by row, its width and height in pixels, and its dots per inch."""
    width, height = page.get_size()
    scale = DPI / _POINTS
    scale = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, rev_byteorder=False)
    try:
        rows = bytes(bitmap.buffer)
        if bitmap.stride != bitmap.width:
            rows = b"".join(rows[at : at + bitmap.width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        return rows, bitmap.width, bitmap.height, scale * _POINTS
    finally:
        bitmap.close()


def _frames(data: bytes, name: str) -> Iterator[tuple[bytes, int, int, float]]:
    """The pictures in an image file, each as grey pixels, its width, its height and its dots per inch."""
    from PIL import Image, ImageOps, ImageSequence

    too_large = _("{name}: the picture is too large; scan the page at 300 dpi.").format(name=name)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= MAX_SCANS:
                    raise ReadError(_too_many(name))
                if frame.width * frame.height > MAX_SOURCE_PIXELS:
                    raise ReadError(too_large)
                report_progress()
                yield _grey(ImageOps.exif_transpose(frame) or frame)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise ReadError(too_large) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise ReadError(_("{name}: the picture is damaged and cannot be read.").format(name=name)) from error


def _grey(frame: Image.Image) -> tuple[bytes, int, int, float]:
    """A picture on white in grey; one of unknown resolution is taken for an A4 page."""
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        from PIL import Image

        white = Image.new("RGBA", frame.size, "white")
        frame = Image.alpha_composite(white, frame.convert("RGBA"))
    grey = frame.convert("L")
    scale = min(1.0, (MAX_PIXELS / max(1, grey.width * grey.height)) ** 0.5)
    dpi = float(frame.info.get("dpi", (0, 0))[0] or 0)
    if not 72 < dpi <= 1200:
        dpi = min(grey.size) / 8.27
    if scale < 1:
        grey = grey.resize((int(grey.width * scale), int(grey.height * scale)))
    return grey.tobytes(), grey.width, grey.height, max(dpi * scale, 70.0)


def recognise(pixels: bytes, width: int, height: int, dpi: float, name: str) -> Page:
    """The words in a picture of grey pixels, row by row. Raises ReadError where the program fails or takes too long."""
    command = [program(), "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(round(dpi)), "--psm", "3", "tsv"]
    try:
        done = subprocess.run(
            command,
            input=b"P5 %d %d 255\n" % (width, height) + pixels,
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=False,
            preexec_fn=program_limits(MEMORY),
            # One thread: pages are many, and the machine serves searches meanwhile.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(_("{name}: recognising a page took longer than {seconds} s.").format(name=name, seconds=PAGE_SECONDS)) from error
    except OSError as error:
        raise ReadError(_("{name}: Tesseract could not be started.").format(name=name)) from error
    if done.returncode != 0:
        raise ReadError(_("{name}: Tesseract could not recognise a page (status {status}).").format(name=name, status=done.returncode))
    return _page(done.stdout.decode("utf-8", "replace"), width, height, _POINTS / dpi)


_DESCENT = 0.22
"""Share of a line's height that hangs below its baseline: some letter with a tail or a dot below stands on nearly every line."""


def _page(table: str, width: int, height: int, scale: float) -> Page:
    """The page that Tesseract's table of words describes; ``scale`` is points per pixel."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for entry in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if entry["level"] == "5" and (entry["text"] or "").strip() and float(entry["conf"]) >= _MIN_CONFIDENCE:
            lines[entry["block_num"], entry["par_num"], entry["line_num"]].append(entry)
    words: list[Word] = []
    total = weight = 0.0
    for line in lines.values():
        bottom = max(int(entry["top"]) + int(entry["height"]) for entry in line)
        size = (bottom - min(int(entry["top"]) for entry in line)) * scale
        for entry in line:
            left = int(entry["left"]) * scale
            text = entry["text"].strip()
            words.append(Word(text, left, left + int(entry["width"]) * scale, bottom * scale - _DESCENT * size, size))
            total += float(entry["conf"]) * len(text)
            weight += len(text)
    return Page(0, width * scale, height * scale, tuple(words), (), round(total / weight) if weight else 0)
