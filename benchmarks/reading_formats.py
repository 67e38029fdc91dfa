"""What reading a document costs, format by format, beside what its library alone takes to give the bare text.

    python benchmarks/reading_formats.py FOLDER

Reads every file of FOLDER (.pdf, .docx, .html and pictures) in this process and prints Markdown: for each format the files, the pages
(where the format has any), milliseconds a page or file, and the ratio to the library's own time in the same run.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kgsearch.readers import ocr
from kgsearch.readers.dispatch import read_bytes


@dataclass
class Cost:
    """Seconds over the files of a format: ``own`` of the reader, ``library`` of the library alone."""

    files: int = 0
    pages: int = 0
    own: float = 0.0
    library: float = 0.0


def pdf_text(data: bytes) -> None:
    """The text as PDFium gives it, page by page."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            page.get_textpage().get_text_range()


def pdf_characters(data: bytes) -> None:
    """The characters with their places as pdfplumber gives them: what the reader would stand on otherwise."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()


def docx_text(data: bytes) -> None:
    """The paragraphs and cells as python-docx gives them."""
    import docx

    document = docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        _text = paragraph.text
    for table in document.tables:
        for row in table.rows:
            _texts = [cell.text for cell in row.cells]


def html_text(data: bytes) -> None:
    """The text as lxml gives it."""
    from lxml import html

    html.fromstring(data).text_content()


def recognised_text(data: bytes) -> None:
    """The text as Tesseract gives it for the file itself."""
    command = [ocr.program(), "stdin", "stdout", "-l", ocr.LANGUAGE]
    subprocess.run(command, input=data, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"})


LIBRARIES: dict[str, Callable[[bytes], None]] = {
    ".pdf": pdf_text,
    ".docx": docx_text,
    ".html": html_text,
    ".htm": html_text,
    ".png": recognised_text,
    ".jpg": recognised_text,
    ".tif": recognised_text,
}


def timed(action: Callable[[], object]) -> float:
    """Seconds that the action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure(folder: Path, also: Callable[[bytes], None] | None = None) -> dict[str, Cost]:
    """The cost of each format in the folder; ``also`` is a library to take for PDF instead of PDFium."""
    costs: dict[str, Cost] = defaultdict(Cost)
    for path in sorted(folder.iterdir()):
        library = LIBRARIES.get(path.suffix.lower())
        if library is None or (also is not None and path.suffix.lower() != ".pdf"):
            continue
        data = path.read_bytes()
        cost = costs[path.suffix.lower()]
        start = time.perf_counter()
        contents = read_bytes(data, path.name)
        cost.own += time.perf_counter() - start
        cost.files += 1
        cost.pages += max((line.page for text in contents.sources for line in text.lines), default=0)
        chosen = also or library
        cost.library += timed(lambda chosen=chosen, data=data: chosen(data))
    return costs


def main() -> None:
    """Print the costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pdfplumber", action="store_true", help="compare PDF with pdfplumber instead of PDFium")
    arguments = parser.parse_args()
    print("| format | files | pages | ms a page (file) | times the library |")
    print("|---|---|---|---|---|")
    for suffix, cost in measure(arguments.folder, pdf_characters if arguments.pdfplumber else None).items():
        unit = cost.pages or cost.files
        print(f"| {suffix} | {cost.files} | {cost.pages} | {1000 * cost.own / unit:.1f} | {cost.own / cost.library:.2f} |")


if __name__ == "__main__":
    main()
