"""Pages become the same clauses as the document that they show; what stands around it is left out, and nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.errors import ReadError
from kgsearch.parser import parse
from kgsearch.readers.encodings import TCVN3, VNI, WINDOWS_1258, encode
from kgsearch.readers.text import decode, split_lines

pytest.importorskip("lxml", reason="lxml, which reads the pages, is not installed")
docx = pytest.importorskip("docx", reason="python-docx, which writes the documents, is not installed")

from html_pages import SITES, page_of  # noqa: E402
from written import agreement, docx_of  # noqa: E402

from kgsearch.readers.html import read_html, read_mhtml  # noqa: E402

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
DOCUMENTS = [*sorted((SHARED / "corpus").glob("*.txt")), *sorted((SHARED / "real").glob("*.txt"))[::9]]
SAMPLES = sorted((Path(__file__).resolve().parents[1] / "corpus").glob("*.txt"))


def lines_of(page: str | bytes) -> list[str]:
    """The lines of a page that hold anything."""
    source = read_html(page if isinstance(page, bytes) else page.encode(), "a.html")
    assert all(source.text[line.start : line.end] == line.text for line in source.lines)
    return [line.text for line in source.lines if line.text]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>Điều 1.&nbsp;Phạm  vi\nđiều <b>chỉnh</b></p>", ["Điều 1. Phạm vi điều chỉnh"]),
        ("<p>QUỐC HỘI<br>--------<br/>Số: 1/2020</p>", ["QUỐC HỘI", "--------", "Số: 1/2020"]),
        ("<p>200 m<sup>2</sup></p>", ["200 m²"]),
        ("<p>theo quy định<sup><a href='#n1'>[1]</a></sup>.</p>", ["theo quy định[1]."]),
        (
            "<p>theo luật<a name=a1 href='#s1'><sup>1</sup></a></p><p><a name=s1 href='#a1'>1</a> Luật này.</p>",
            ["theo luật[1]", "[1] Luật này."],
        ),
        ("<p><a href='#p12'>12</a></p>", ["12"]),
        ("<div>một<p>hai</p>ba</div>", ["một", "hai", "ba"]),
        ("<ol><li>Một<li>Hai<ol type=a><li>x</ol><li value=7>Bảy</ol>", ["1. Một", "2. Hai", "a) x", "7. Bảy"]),
        ("<ol><li>5. Có sẵn</ol><ul><li>gạch<li>- sẵn</ul>", ["5. Có sẵn", "- gạch", "- sẵn"]),
        ("<pre>Điều 1.\n  Một</pre>", ["Điều 1.", "Một"]),
        ("<p>a<script>b</script><style>c</style><!-- d -->e</p>", ["ae"]),
        ("<p>&#272;i&#7873;u 1 &lt;b&gt; &amp; x</p>", ["Điều 1 <b> & x"]),
        ("<a name='dieu_1'></a><p><a id=x>Điều 1.</a> Tên</p>", ["Điều 1. Tên"]),
        (
            "<p>Căn cứ <a href='/luat'>Luật Đầu tư công ngày 13 tháng 6 năm 2019</a>;</p>",
            ["Căn cứ Luật Đầu tư công ngày 13 tháng 6 năm 2019;"],
        ),
        ("<p style='text-transform: uppercase'>nghị quyết</p>", ["NGHỊ QUYẾT"]),
    ],
)
def test_what_a_browser_shows(page: str, lines: list[str]) -> None:
    assert lines_of(page) == lines


def test_a_table_is_cells_with_edges() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>Việc {number}</td><td>Sở {number}</td></tr>" for number in (1, 2, 3))
    lines = lines_of(f"<p>Trước</p><table><tr><th>STT</th><th>Việc</th><th>Nơi</th></tr>{rows}</table><p>Sau</p>")
    assert lines[:7] == ["Trước", "STT", "|", "Việc", "|", "Nơi", "|"]
    assert lines[7:13] == ["1", "|", "Việc 1", "|", "Sở 1", "|"]
    assert lines[-1] == "Sau"


def test_cells_that_span_keep_their_columns() -> None:
    table = (
        "<table><tr><td>STT</td><td>Việc</td><td>Nơi</td></tr><tr><td>1</td><td rowspan=2>Chung</td><td>A</td></tr>"
        "<tr><td>2</td><td>B</td></tr><tr><td>3</td><td>Riêng</td><td>C</td></tr></table>"
    )
    assert lines_of(table)[12:18] == ["2", "|", "|", "B", "|", "3"]


def test_a_table_that_frames_the_page_is_no_table() -> None:
    inner = "<table><tr><td>UBND TỈNH</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr></table>"
    page = f"<table><tr><td><p>Trái</p></td><td>{inner}<p>Điều 1. Một</p><p>Điều 2. Hai</p></td></tr></table>"
    assert "|" not in lines_of(page)


def test_hidden_text_and_menus_go_but_never_a_document() -> None:
    menu = "".join(f"<li><a href='/{number}'>Mục {number}</a></li>" for number in range(5))
    page = f"<body><ul>{menu}</ul><nav>Điều hướng</nav><div hidden>Ẩn</div><div><p>Số: 1/NQ-HĐND</p><p>Điều 1. Một điều.</p></div></body>"
    assert lines_of(page) == ["Số: 1/NQ-HĐND", "Điều 1. Một điều."]
    hidden = "<body><p>Đang tải</p><div style='display:none'><p>Số: 1/NQ-HĐND</p><p>Điều 1. Một điều.</p></div></body>"
    assert "Điều 1. Một điều." in lines_of(hidden)


def test_an_annex_beside_the_text_is_kept() -> None:
    text = "".join(f"<p>Điều {number}. Nội dung của điều này dài hơn phụ lục nhiều lần.</p>" for number in range(1, 20))
    page = f"<body><div><div>{text}</div><div><p>PHỤ LỤC I</p><p>Danh sách</p></div></div></body>"
    assert lines_of(page)[-2:] == ["PHỤ LỤC I", "Danh sách"]


def test_a_page_without_marks_of_a_document_is_read_whole() -> None:
    assert lines_of("<body><div><p>Một bài viết khá dài về một việc nào đó.</p></div><div><p>Ngắn.</p></div></body>")[-1] == "Ngắn."


SENTENCE = "Điều 1. Về việc phát triển kinh tế của tỉnh"


@pytest.mark.parametrize(
    "data",
    [
        f"<meta charset=utf-8><p>{SENTENCE}".encode(),
        f"<meta charset=iso-8859-1><p>{SENTENCE}".encode(),
        f"<html><p>{SENTENCE}".encode("utf-16"),
        b"<meta charset=windows-1258><p>" + encode(SENTENCE, WINDOWS_1258),
        b"<meta charset=utf-8><p>" + encode(SENTENCE, VNI),
        b"<meta charset=windows-1252><p><font face='.VnTime, serif'>" + encode(SENTENCE, TCVN3),
        b"<p>" + encode(SENTENCE, TCVN3),
        b"<style>p.N, li.N {font-family: '.VnTime'}</style><p class=N>" + encode(SENTENCE, TCVN3),
        ("<p style='font-family:VNI-Times'>" + encode(SENTENCE, VNI).decode("cp1252")).encode(),
    ],
    ids=["utf-8", "declared wrong", "utf-16", "1258", "VNI declared wrong", "TCVN3 by font", "TCVN3", "TCVN3 by class", "VNI in UTF-8"],
)
def test_encodings_and_fonts(data: bytes) -> None:
    assert lines_of(data) == [SENTENCE]


def test_a_font_of_capitals() -> None:
    assert lines_of("<p><font face='.VnTimeH'>NghÞ quyÕt</font></p>") == ["NGHỊ QUYẾT"]


def test_a_page_in_an_archive_of_the_web() -> None:
    archive = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><p>Ngh=E1=BB=8B quy=E1=BA=BFt</p>\r\n--b\r\n"
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n"
    )
    assert read_mhtml(archive, "a.mht").text == "Nghị quyết"
    with pytest.raises(ReadError, match=r"a\.mht"):
        read_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "a.mht")


@pytest.mark.parametrize(
    "page",
    [b"", b"<html></html>", b"<p> &nbsp; </p>", b"<div>" * 5000 + b"x", b"<p>\xff\xfe\xfa</p>" * 50, b"<script>only</script>"],
    ids=["empty", "no body", "blank", "too deep", "no encoding", "script"],
)
def test_what_is_no_document_is_refused_in_one_line(page: bytes) -> None:
    with pytest.raises(ReadError, match=r"a\.html") as refused:
        read_html(page, "a.html")
    assert "\n" not in str(refused.value)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<td>", "</td>", "<tr>", "<table>", "</table>", "<li>", "<ol>", "</ol>", "</p>", "<br>", "<sup>", "một", "2 "]
        )
    )
)
def test_any_nesting_keeps_the_words_in_order(pieces: list[str]) -> None:
    words = [piece.strip() for piece in pieces if "<" not in piece]
    try:
        found = "".join(lines_of("<body>" + "".join(pieces)))
    except ReadError:
        assert not words
    else:
        assert found.count("một") == words.count("một")


@pytest.mark.skipif(not DOCUMENTS, reason="the documents of ../shared are not here")
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_clauses_are_those_of_the_same_document_in_word(path: Path) -> None:
    """Two ways from one .docx: through the page of each site, and straight; they must agree to the word."""
    from kgsearch.readers.docx import read_docx

    text, encoding = decode(path.read_bytes(), path.name)
    word = docx_of(parse(split_lines(text, encoding, path.name)), text)
    before = parse(read_docx(word, path.name))
    for site in SITES:
        after = parse(read_html(page_of(word, site).encode(), path.name))
        assert len(after) == len(before)
        for one, other in zip(before, after, strict=True):
            compared = agreement(one, other)
            assert (compared.number, compared.type, compared.issued) == (True, True, True)
            assert compared.clauses >= 0.97 and compared.words >= 0.97, (site, compared.differing[:5])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_come_back_from_every_site(path: Path) -> None:
    text, encoding = decode(path.read_bytes(), path.name)
    before = parse(split_lines(text, encoding, path.name))
    word = docx_of(before, text)
    for site in SITES:
        after = parse(read_html(page_of(word, site).encode(), path.name))
        assert [(one.number, one.type, one.issued) for one in after] == [(one.number, one.type, one.issued) for one in before]
