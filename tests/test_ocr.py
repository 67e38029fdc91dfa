"""Recognised pages: places and confidence out of Tesseract's table; a scan made from a printed page; images and what is wrong with them."""

from __future__ import annotations

import io
import subprocess
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from kgsearch.errors import ReadError
from kgsearch.models import PageRecognition
from kgsearch.parser import parse
from kgsearch.readers import ocr
from kgsearch.readers.ocr import read_image
from kgsearch.readers.pdf import read_pdf

needs_tesseract = pytest.mark.skipif(not ocr.program(), reason="Tesseract with its Vietnamese model is not installed")

DECREE = [
    ("ỦY BAN NHÂN DÂN", 110, 0),
    ("TỈNH HẢI GIANG", 120, 0),
    ("", 0, 0),
    ("QUYẾT ĐỊNH", 250, 0),
    ("Về việc ban hành Quy chế quản lý bến tàu khách", 140, 0),
    ("", 0, 0),
    ("Điều 1. Phạm vi điều chỉnh", 90, 0),
    ("Quy chế này quy định việc quản lý, khai thác bến tàu khách Cửa Rạng thuộc", 90, 0),
    ("địa bàn tỉnh Hải Giang và trách nhiệm của các cơ quan, đơn vị có liên quan.", 60, 0),
    ("", 0, 0),
    ("Điều 2. Hiệu lực thi hành", 90, 0),
    ("Quyết định này có hiệu lực kể từ ngày 15 tháng 7 năm 2023 và thay thế Quyết", 90, 0),
    ("định số 12/2019/QĐ-UBND ngày 20 tháng 3 năm 2019 của Ủy ban nhân dân tỉnh.", 60, 0),
]
NUMBER = "Số: 27/2023/QĐ-UBND"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")


def scan(dpi: int = 200, angle: float = 0.3) -> Image.Image:
    """A page as a scanner sees it: grey, a little askew, the letterhead's number beside the country."""
    if not FONT.exists():
        pytest.skip("the font DejaVu Serif is not installed")
    font = ImageFont.truetype(str(FONT), dpi * 11 // 72)
    page = Image.new("L", (dpi * 595 // 72, dpi * 842 // 72), 255)
    pen = ImageDraw.Draw(page)
    for index, (text, left, _unused) in enumerate(DECREE):
        pen.text((left * dpi / 72, (80 + 22 * index) * dpi / 72), text, fill=20, font=font)
    pen.text((110 * dpi / 72, 126 * dpi / 72), NUMBER, fill=20, font=font)
    pen.text(
        (330 * dpi / 72, 126 * dpi / 72), "Hải Giang, ngày 01 tháng 7 năm 2023", fill=20, font=ImageFont.truetype(str(FONT), dpi * 9 // 72)
    )
    return page.rotate(angle, fillcolor=255)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def edits(first: str, second: str) -> int:
    """Letters to insert, delete or replace to make one text of the other."""
    row = list(range(len(second) + 1))
    for index, letter in enumerate(first, start=1):
        before, row[0] = row[0], index
        for place, other in enumerate(second, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != other))
    return row[-1]


@pytest.fixture(scope="module")
def png() -> bytes:
    return saved(scan(), "PNG", dpi=(200, 200))


@needs_tesseract
def test_a_scanned_page_is_read_and_its_confidence_kept(png: bytes) -> None:
    source = read_image(png, "quyet-dinh.png")
    (document,) = parse(source)
    assert document.number == "27/2023/QĐ-UBND"
    assert document.type == "Quyết định"
    assert [clause.label for clause in document.clauses if clause.label.startswith("Điều")] == ["Điều 1", "Điều 2"]
    assert [one.page for one in source.recognised] == [1]
    assert 70 <= source.recognised[0].confidence <= 100
    assert source.paged
    assert unicodedata.is_normalized("NFC", source.text)
    expected = " ".join(text for text, _left, _unused in DECREE[6:] if text)
    found = " ".join(source.text[source.text.index("Điều 1") :].split())
    assert edits(expected, found) <= 0.03 * len(expected)


@needs_tesseract
def test_a_scanned_pdf_with_a_printed_page_between(png: bytes) -> None:
    joined = pdfium.PdfDocument.new()
    for part in (saved(scan(), "PDF", resolution=200), pdf_with_text(), saved(scan(), "PDF", resolution=200)):
        joined.import_pages(pdfium.PdfDocument(part))
    buffer = io.BytesIO()
    joined.save(buffer)
    source = read_pdf(buffer.getvalue(), "a.pdf")
    assert [one.page for one in source.recognised] == [1, 3]
    assert {line.page for line in source.lines if "Điều 2" in line.text} == {1, 3}
    assert {line.page for line in source.lines if "province" in line.text} == {2}


def pdf_with_text() -> bytes:
    from test_pdf import SENTENCE, pdf_of, show

    return pdf_of([show(SENTENCE, 80, 700) + show(SENTENCE, 80, 600)])


@needs_tesseract
@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {"quality": 80, "dpi": (200, 200)}), ("TIFF", {"compression": "group4", "dpi": (200, 200)})]
)
def test_other_pictures(form: str, options: dict[str, Any]) -> None:
    image = scan().convert("1") if form == "TIFF" else scan().convert("RGB")
    assert "Điều 1" in read_image(saved(image, form, **options), "a").text


@needs_tesseract
def test_a_tiff_of_several_pages() -> None:
    first, second = scan(), scan(angle=-0.3)
    data = saved(first, "TIFF", save_all=True, append_images=[second], dpi=(200, 200))
    source = read_image(data, "a.tif")
    assert [one.page for one in source.recognised] == [1, 2]
    assert {line.page for line in source.lines if line.text} == {1, 2}


@needs_tesseract
def test_an_empty_picture_is_named() -> None:
    with pytest.raises(ReadError, match=r"^trang\.png: "):
        read_image(saved(Image.new("L", (800, 1100), 255), "PNG"), "trang.png")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff" + b"0" * 500, b"II*\0" + b"\xff" * 200, b"GIF89a"])
def test_a_damaged_picture_is_named(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: "tesseract")
    with pytest.raises(ReadError, match=r"^a\.png: "):
        read_image(data, "a.png")


@pytest.mark.parametrize("size", [(8_000, 8_000), (30_000, 30_000)])
def test_a_picture_too_large_is_not_opened(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is read from the head; nothing of it is unpacked."""
    monkeypatch.setattr(ocr, "program", lambda: "tesseract")
    data = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    data[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(ReadError, match=r"^a\.png: .*300 dpi"):
        read_image(bytes(data), "a.png")


# -- without the program, and with one that fails ----------------------------------------------------------------------------------------


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ocr, "program", lambda: "")
    yield


@pytest.mark.usefixtures("no_program")
def test_without_tesseract_the_message_says_what_to_install(png: bytes) -> None:
    with pytest.raises(ReadError, match=r"^a\.png: .*tesseract-ocr-vie"):
        read_image(png, "a.png")
    with pytest.raises(ReadError, match=r"^a\.pdf: .*tesseract-ocr-vie"):
        read_pdf(saved(scan(), "PDF", resolution=200), "a.pdf")


@pytest.mark.usefixtures("no_program")
def test_without_tesseract_the_pages_with_text_are_read() -> None:
    joined = pdfium.PdfDocument.new()
    for part in (pdf_with_text(), saved(scan(), "PDF", resolution=200)):
        joined.import_pages(pdfium.PdfDocument(part))
    buffer = io.BytesIO()
    joined.save(buffer)
    source = read_pdf(buffer.getvalue(), "a.pdf")
    assert "province" in source.text
    assert source.recognised == (PageRecognition(2, 0),)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (subprocess.TimeoutExpired("tesseract", 1), "50"),
        (OSError("none"), "Tesseract"),
        (subprocess.CompletedProcess([], -11, b"", b""), "-11"),
    ],
)
def test_a_program_that_fails(failure: Any, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_arguments: Any, **_options: Any) -> Any:
        if isinstance(failure, BaseException):
            raise failure
        return failure

    monkeypatch.setattr(ocr, "program", lambda: "tesseract")
    monkeypatch.setattr(ocr.subprocess, "run", run)
    with pytest.raises(ReadError, match=rf"^a\.png: .*{message}"):
        read_image(saved(Image.new("L", (100, 100), 255), "PNG"), "a.png")


def test_the_table_of_words() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    lines = [
        "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t",
        "5\t1\t1\t1\t1\t1\t100\t100\t80\t40\t96.5\tĐiều",
        '5\t1\t1\t1\t1\t2\t200\t104\t20\t36\t90.5\t"1.',
        "5\t1\t1\t1\t1\t3\t300\t100\t20\t30\t5.0\t~~",
        "5\t1\t1\t1\t1\t4\t400\t100\t20\t30\t95.0\t ",
    ]
    page = ocr._page(head + "\n".join(lines) + "\n", 1000, 1400, 0.5)
    assert [(word.text, word.left, word.right) for word in page.words] == [("Điều", 50, 90), ('"1.', 100, 110)]
    assert page.words[0].base == page.words[1].base
    assert page.confidence == round((96.5 * 4 + 90.5 * 3) / 7)
    assert (page.width, page.height) == (500, 700)
