"""PDF: paragraphs, columns, tables and notes from the places of characters; damaged and hostile files; round trips through LibreOffice."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from kgsearch.errors import ReadError
from kgsearch.models import SourceText
from kgsearch.parser import parse
from kgsearch.readers import pdf
from kgsearch.readers.page import Page, Ruling, Word, joined, rows_of
from kgsearch.readers.page_layout import source_text
from kgsearch.readers.pdf import read_pdf
from kgsearch.readers.text import decode, split_lines

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SAMPLES = Path(__file__).resolve().parents[1] / "corpus"

# -- pages made of words ---------------------------------------------------------------------------------------------------------------

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 85.0, 540.0
SIZE = 13.0
ADVANCE = 6.0


def row(text: str, base: float, left: float = LEFT, *, size: float = SIZE, bold: bool = False) -> list[Word]:
    """The words of ``text`` set from ``left``, all letters equally wide."""
    words = []
    for part in text.split(" "):
        words.append(Word(part, left, left + ADVANCE * len(part), base, size, bold))
        left += ADVANCE * (len(part) + 1)
    return words


def centred(text: str, base: float, *, bold: bool = False, middle: float = (LEFT + RIGHT) / 2) -> list[Word]:
    return row(text, base, middle - ADVANCE * len(text) / 2, bold=bold)


def paragraph(text: str, base: float, *, indent: float = 0.0, right: float = RIGHT) -> tuple[list[Word], float]:
    """The words of ``text`` wrapped at ``right``, and the baseline of the row after it."""
    words: list[Word] = []
    line = ""
    left = LEFT + indent
    for part in text.split(" "):
        if line and left + ADVANCE * len(f"{line} {part}") > right:
            words += row(line, base, left)
            base, left, line = base + 17, LEFT, part
        else:
            line = f"{line} {part}".strip()
    return words + row(line, base, left), base + 17


def page(words: Sequence[Word], number: int = 1, rulings: Sequence[Ruling] = ()) -> Page:
    return Page(number, WIDTH, HEIGHT, tuple(words), tuple(rulings))


def texts(source: SourceText) -> list[str]:
    assert all(source.text[line.start : line.end] == line.text for line in source.lines)
    return [line.text for line in source.lines if line.text]


LONG = (
    "Ủy ban nhân dân các huyện, thành phố có trách nhiệm tổ chức triển khai thực hiện Quyết định này "
    "trên địa bàn quản lý và báo cáo kết quả. "
)
THREE = [(LONG * 3).strip(), "Sở Tài chính chủ trì. " + (LONG * 2).strip(), (LONG * 2 + "Hết.").strip()]


@pytest.mark.parametrize(("indent", "space"), [(28.0, 0.0), (0.0, 8.0), (28.0, 8.0)])
def test_wraps_are_joined_and_paragraphs_kept_apart(indent: float, space: float) -> None:
    words: list[Word] = []
    base = 100.0
    for text in THREE:
        more, base = paragraph(text, base, indent=indent)
        words += more
        base += space
    assert texts(source_text([page(words)], "pdf")) == THREE


def test_a_paragraph_goes_on_over_the_page_and_its_note_follows_it() -> None:
    text = (LONG * 6).strip().replace("Quyết định", "Quyết định¹", 1)
    whole, _base = paragraph(text, 100, indent=28)
    rows = rows_of(whole)
    first = [word for one in rows[:6] for word in one.words]
    second = [Word(w.text, w.left, w.right, w.base - 200 + 70, w.size) for one in rows[6:] for w in one.words]
    note = row("¹ Quyết định số 12/QĐ-UBND.", 770, size=10)
    source = source_text([page([*first, *note]), page([*second, *centred("2", 40), *row("Điều 2. Hiệu lực", 600, LEFT + 28)], 2)], "pdf")
    assert texts(source) == [text, "¹ Quyết định số 12/QĐ-UBND.", "Điều 2. Hiệu lực"]
    assert [line.page for line in source.lines if line.text] == [1, 1, 2]
    assert source.paged


def test_notes_in_the_size_of_the_text_below_a_gap() -> None:
    words, base = paragraph(LONG.strip() + "⁴ " + LONG.strip() + "⁵", 400)
    words += row("4 Quyết định số 1/QĐ-UBND.", base + 20) + row("5 Quyết định số 2/QĐ-UBND.", base + 37)
    assert texts(source_text([page(words)], "pdf"))[1:] == ["⁴ Quyết định số 1/QĐ-UBND.", "⁵ Quyết định số 2/QĐ-UBND."]


def test_a_numbered_paragraph_is_no_note() -> None:
    words, base = paragraph(LONG.strip(), 400)
    words += row("4 cơ quan chủ trì", base + 20)
    assert texts(source_text([page(words)], "pdf"))[1:] == ["4 cơ quan chủ trì"]


def test_the_columns_of_head_and_end_one_after_the_other() -> None:
    words = [
        *centred("ỦY BAN NHÂN DÂN", 84, middle=180),
        *centred("TỈNH KIÊN GIANG", 101, middle=180),
        *centred("Số: 103/UBND-TH", 131, middle=180),
        *centred("V/v triển khai Nghị quyết", 148, middle=180),
        *centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 86, middle=420),
        *centred("Độc lập - Tự do - Hạnh phúc", 103, middle=420),
        *centred("Kiên Giang, ngày 28 tháng 01 năm 2021", 133, middle=420),
        *centred("QUYẾT ĐỊNH", 190, bold=True),
        *row("Nơi nhận:", 400),
        *row("- Như trên;", 417),
        *row("- Lưu: VT.", 434),
        *centred("KT. CHỦ TỊCH", 400, middle=420),
        *centred("PHÓ CHỦ TỊCH", 417, middle=420),
    ]
    body, _base = paragraph(LONG.strip(), 240)
    found = texts(source_text([page([*words, *body])], "pdf"))
    assert found[:7] == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH KIÊN GIANG",
        "Số: 103/UBND-TH",
        "V/v triển khai Nghị quyết",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Kiên Giang, ngày 28 tháng 01 năm 2021",
    ]
    assert found[7:] == ["QUYẾT ĐỊNH", LONG.strip(), "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[Ruling]:
    flat = [Ruling(xs[0], y, xs[-1], y) for y in ys]
    return flat + [Ruling(x, ys[0], x, ys[-1]) for x in xs]


def test_a_table_by_its_rulings_over_two_pages() -> None:
    xs = [85, 125, 350, 540]
    heads = [*row("TT", 115, 90), *row("Nội dung", 115, 130), *row("Đơn vị", 115, 355)]
    first = [*heads, *row("1", 145, 90), *row("Kế hoạch cải cách", 140, 130), *row("hành chính", 155, 130), *row("Sở Nội vụ", 145, 355)]
    second = [*heads, *row("2", 145, 90), *row("Đề án", 145, 130), *row("Sở Y tế", 145, 355)]
    lines = grid(xs, [100, 125, 165])
    after = row("Trên đây là kế hoạch.", 300)
    source = source_text([page(first, 1, lines), page([*second, *after], 2, lines)], "pdf")
    cells = ["TT", "Nội dung", "Đơn vị", "1", "Kế hoạch cải cách hành chính", "Sở Nội vụ", "2", "Đề án", "Sở Y tế"]
    assert [line.text for line in source.lines if line.text] == [*(part for cell in cells for part in (cell, "|")), "Trên đây là kế hoạch."]
    assert {line.text: line.page for line in source.lines if line.text in cells} == {cell: 2 if cell in cells[6:] else 1 for cell in cells}


def test_merged_and_empty_cells() -> None:
    lines = [line for line in grid([85, 200, 300, 540], [100, 125, 150, 175]) if not (line.left == line.right == 300)]
    lines.append(Ruling(300, 125, 300, 175))
    words = [*row("Tên", 115, 90), *row("Mức thu", 115, 210), *row("2021", 140, 210), *row("2022", 140, 310), *row("1", 165, 90)]
    found = texts(source_text([page(words, 1, lines)], "pdf"))
    assert found == ["Tên", "|", "Mức thu", "|", "|", "2021", "|", "2022", "|", "1", "|", "|", "|"]


def test_page_numbers_and_running_heads_go_and_figures_of_the_text_stay() -> None:
    pages = []
    for number in range(1, 5):
        words, _base = paragraph(LONG.strip(), 120)
        words += centred(str(number), 40) + row(f"CÔNG BÁO/Số {number + 10}/Ngày 5-10-2021", 60)
        pages.append(page([*words, *row("2021", 500)], number))
    assert texts(source_text(pages, "pdf")) == [LONG.strip(), "2021"] * 4


def test_style() -> None:
    body, _base = paragraph(LONG.strip(), 130)
    lines = [line for line in source_text([page([*centred("QUY ĐỊNH", 100, bold=True), *body])], "pdf").lines if line.text]
    assert [line.style for line in lines] == [{"bold", "centred"}, frozenset()]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["giai đoạn 2021-", "2025"], "giai đoạn 2021-2025"),
        (["số 22/KH-", "UBND"], "số 22/KH-UBND"),
        (["kinh tế -", "xã hội"], "kinh tế - xã hội"),
        (["và", "các"], "và các"),
        (["-", "Như trên"], "- Như trên"),
    ],
)
def test_joined(parts: list[str], whole: str) -> None:
    assert joined(parts) == whole


# -- files ---------------------------------------------------------------------------------------------------------------------------


def pdf_of(contents: Sequence[str], *, rotate: int = 0, extra: str = "") -> bytes:
    """A PDF with a page for each content stream, in Helvetica (/F1) and Helvetica-Bold (/F2)."""
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(contents)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{extra}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents {6 + 2 * index} 0 R"
            "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    body, places = "%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("latin-1")


def show(text: str, x: float, y: float, *, size: float = 13, font: str = "F1", matrix: str = "1 0 0 1") -> str:
    return f"BT /{font} {size} Tf {matrix} {x} {y} Tm ({text}) Tj ET\n"


SENTENCE = "The people of the province shall carry out this decision."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (show(SENTENCE, 80, 700), [SENTENCE]),
        # the size in the matrix, not in the font
        (show(SENTENCE, 80, 700, size=1, matrix="13 0 0 13"), [SENTENCE]),
        # pieces drawn out of order
        (show("world", 130, 700) + show("hello", 80, 700), ["hello world"]),
        # printed twice for boldness
        (show("heading", 80, 700) + show("heading", 80.3, 700), ["heading"]),
        # a raised figure, a hidden text, a slanted watermark, specks
        (show("tax", 80, 700) + show("12", 98, 706, size=7), ["tax¹²"]),
        (show(SENTENCE, 80, 700) + "3 Tr " + show("hidden", 80, 600), [SENTENCE]),
        (show(SENTENCE, 80, 700) + show("COPY", 200, 300, matrix="0.7 0.7 -0.7 0.7"), [SENTENCE]),
        (show(SENTENCE, 80, 700) + show("tiny", 80, 600, size=1), [SENTENCE]),
        # beside the page
        (show(SENTENCE, 80, 700) + show("outside", 80, 2000) + show("outside", 900, 700), [SENTENCE]),
    ],
)
def test_characters(content: str, expected: list[str]) -> None:
    assert texts(read_pdf(pdf_of([content]), "a.pdf")) == expected


@pytest.mark.parametrize(
    ("rotate", "matrix", "place"),
    [(0, "1 0 0 1", (80, 700)), (90, "0 1 -1 0", (100, 80)), (180, "-1 0 0 -1", (500, 100)), (270, "0 -1 1 0", (400, 760))],
)
def test_pages_that_lie_on_their_side(rotate: int, matrix: str, place: tuple[int, int]) -> None:
    down = {"1 0 0 1": (0, -1), "0 1 -1 0": (1, 0), "-1 0 0 -1": (0, 1), "0 -1 1 0": (-1, 0)}[matrix]
    lines = ["First line of it.", "Second line of it."]
    content = "".join(
        show(text, place[0] + 60 * index * down[0], place[1] + 60 * index * down[1], matrix=matrix) for index, text in enumerate(lines)
    )
    assert texts(read_pdf(pdf_of([content], rotate=rotate), "a.pdf")) == lines


@pytest.mark.parametrize("style", ["lines", "rectangles"])
def test_a_ruled_table(style: str) -> None:
    cells = [["No", "Name", "Office"], ["1", "Plan", "Finance"], ["2", "Budget", "Health"]]
    content = ""
    for down, cells_of_row in enumerate(cells):
        for across, cell in enumerate(cells_of_row):
            content += show(cell, 85 + 100 * across, 685 - 20 * down)
            x, y = 80 + 100 * across, 680 - 20 * down
            content += f"{x} {y} 100 20 re S\n" if style == "rectangles" else f"{x} {y} m {x + 100} {y} l S {x} {y} m {x} {y + 20} l S\n"
    content += "80 700 m 380 700 l S 380 700 m 380 640 l S\n"
    assert texts(read_pdf(pdf_of([content]), "a.pdf")) == [part for line in cells for cell in line for part in (cell, "|")]


def test_bold_is_kept_as_style() -> None:
    source = read_pdf(pdf_of([show("Article 1", 80, 700, font="F2") + show("Plain text of it", 80, 660)]), "a.pdf")
    assert [line.style for line in source.lines if line.text] == [{"bold"}, frozenset()]


def test_text_in_legacy_fonts_is_converted_by_the_name_of_the_font() -> None:
    data = pdf_of([show("C\u00e9ng h\u00dfa x\u00b7 h\u00e9i", 80, 700, font="F2") + show("C\u00e9ng", 80, 600)])
    data = data.replace(b"/BaseFont/Helvetica-Bold", b"/BaseFont/ABCDEF+.VnTime")
    assert texts(read_pdf(data, "a.pdf")) == ["Cộng hòa xã hội", "Céng"]


def test_two_notes_marked_in_one_place() -> None:
    content = show("tax", 80, 700) + show("1", 98, 706, size=7) + show("2", 102, 706, size=7)
    assert texts(read_pdf(pdf_of([content]), "a.pdf")) == ["tax¹ ²"]


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 1000, pdf_of([show("a", 80, 700)])[:300], pdf_of([""]), pdf_of(["(" * 10_000])],
    ids=["head alone", "rubbish", "cut short", "empty page", "broken stream"],
)
def test_a_damaged_file_is_named(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"^hỏng\.pdf: ") as raised:
        read_pdf(data, "hỏng.pdf")
    assert "\n" not in str(raised.value)


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_of([show(SENTENCE, 80, 700)] * 3)
    assert [line.page for line in read_pdf(data, "a.pdf").lines if line.text] == [1, 2, 3]
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    with pytest.raises(ReadError, match=r"a\.pdf: .*3.*2"):
        read_pdf(data, "a.pdf")
    monkeypatch.setattr(pdf, "MAX_PAGES", 3)
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 100)
    with pytest.raises(ReadError, match=r"a\.pdf: "):
        read_pdf(data, "a.pdf")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_never_raise_anything_else(seed: int) -> None:
    """Whatever is flipped, a text or a ReadError comes of it."""
    chance = random.Random(seed)
    data = bytearray(pdf_of([show(SENTENCE, 80, 700) + "80 600 m 200 600 l S\n"] * 2))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        texts(read_pdf(bytes(data), "a.pdf"))
    except ReadError as error:
        assert str(error).startswith("a.pdf: ")


def test_the_same_bytes_give_the_same_text() -> None:
    data = pdf_of([show(SENTENCE, 80, 700 - 20 * index) for index in range(5)])
    assert read_pdf(data, "a.pdf") == read_pdf(data, "b.pdf")


# -- round trips -----------------------------------------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")


def originals() -> list[Path]:
    """Documents of the samples, and, where they are at hand, short ones of those collected."""
    collected = [path for folder in ("real", "corpus") for path in sorted((SHARED / folder).glob("*.txt"))]
    return [*[path for path in collected if path.stat().st_size < 25_000][::8], *sorted(SAMPLES.glob("*.txt"))[:4]]


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[SourceText, bytes]]:
    """Documents by file name, as a word processor's file is read and as it prints them."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    pytest.importorskip("docx", reason="python-docx is not installed")
    from written import docx_of

    from kgsearch.readers.docx import read_docx

    made = {}
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for path in originals():
            source = split_lines(*decode(path.read_bytes(), path.name))
            files.append(Path(folder) / f"{path.stem}.docx")
            files[-1].write_bytes(docx_of(parse(source), source.text))
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *map(str, files)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        for file in files:
            made[file.name] = (read_docx(file.read_bytes(), file.name), file.with_suffix(".pdf").read_bytes())
    return made


def test_what_was_printed_reads_as_what_was_written(printed: dict[str, tuple[SourceText, bytes]]) -> None:
    """At least 97 % of clauses, words, numbers, types and dates: what PDF does not keep is whether a full row ended a paragraph."""
    from written import agreement

    shares = []
    for name, (source, data) in printed.items():
        for one, other in zip(parse(source), parse(read_pdf(data, name)), strict=True):
            agreed = agreement(one, other)
            fields = (agreed.number + agreed.type + agreed.issued) / 3
            shares.append((agreed.clauses, agreed.words, fields))
    assert len(shares) >= 4
    assert [sum(column) / len(shares) >= 0.97 for column in zip(*shares, strict=True)] == [True, True, True]
