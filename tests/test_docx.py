"""Word documents: what Word prints is what is read. The packages are written by hand, because no writer makes all of this."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsearch.errors import ReadError
from kgsearch.models import Kind, SourceText
from kgsearch.parser import parse
from kgsearch.readers import docx_package
from kgsearch.readers.docx import read_docx
from kgsearch.readers.label_numbers import number_text

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, *, prolog: str = "", namespaces: str = _NAMESPACES, **parts: str) -> bytes:
    """A .docx of this body; ``parts`` are the insides of styles, numbering, footnotes, endnotes, header1."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr("_rels/.rels", _relations([("officeDocument", "word/document.xml")]))
        archive.writestr("word/document.xml", f"{prolog}<w:document {namespaces}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/_rels/document.xml.rels", _relations([(kind, f"{kind}.xml") for kind in parts]))
        for kind, inside in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{kind} {_NAMESPACES}>{inside}</w:{kind}>")
    return file.getvalue()


def _relations(targets: list[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(one if one.startswith('<') else run(one) for one in inside)}</w:p>"


def item(text: str, level: int = 0, number: int = 1) -> str:
    return par(*([text] if text else []), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def lines(data: bytes) -> list[str]:
    """The lines that hold anything."""
    return [line.text for line in read(data).lines if line.text]


def read(data: bytes) -> SourceText:
    source = read_docx(data, "van-ban.docx")
    assert source.text == "\n".join(line.text for line in source.lines)
    assert all(source.text[line.start : line.end] == line.text for line in source.lines)
    return source


# -- numbering -----------------------------------------------------------------------------------------------------------------------


def level(index: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, abstract_number: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract_number}"/>{overrides}</w:num>'


_LAW = abstract(
    0,
    level(0, "upperRoman", "Chương %1"),
    level(1, "decimal", "Điều %2.", '<w:lvlRestart w:val="0"/>'),
    level(2, "decimal", "%3."),
    level(3, "lowerLetter", "%4)"),
    level(4, "bullet", "\uf02d"),
)
_DECIMAL = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2."), level(2, "decimal", "%1.%2.%3."))
_START_AT_5 = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'

NUMBERED = {
    "levels of a law, articles counted through": (
        _LAW + num(1, 0),
        [item(text, depth) for text, depth in zip("ABCDEFGHIK", (0, 1, 2, 3, 3, 4, 2, 0, 1, 2), strict=True)],
        ["Chương I A", "Điều 1. B", "1. C", "a) D", "b) E", "- F", "2. G", "Chương II H", "Điều 2. I", "1. K"],
    ),
    "decimal": (
        _DECIMAL + num(1, 0),
        [item("a"), item("b", 1), item("c", 1), item("d", 2), item("e"), item("f", 1)],
        ["1. a", "1.1. b", "1.2. c", "1.2.1. d", "2. e", "2.1. f"],
    ),
    "a level without the one above it": (_DECIMAL + num(1, 0), [item("a", 1), item("b", 0)], ["1.1. a", "2. b"]),
    "lists of one definition count on": (_DECIMAL + num(1, 0) + num(2, 0), [item("a"), item("b", number=2)], ["1. a", "2. b"]),
    "an override starts again, once": (
        _DECIMAL + num(1, 0) + num(2, 0, _START_AT_5),
        [item("a"), item("b"), item("c", number=2), item("d", number=2)],
        ["1. a", "2. b", "5. c", "6. d"],
    ),
    "an override with a level of its own": (
        _DECIMAL + num(1, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "lowerLetter", "%1)")}</w:lvlOverride>'),
        [item("a"), item("b")],
        ["a) a", "b) b"],
    ),
    "start": (abstract(0, level(0, "decimal", "%1/", start=7)) + num(1, 0), [item("a"), item("b")], ["7/ a", "8/ b"]),
    "legal form": (
        abstract(0, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>")) + num(1, 0),
        [item("a"), item("b", 1)],
        ["I. a", "1.1. b"],
    ),
    "nothing between label and text": (
        abstract(0, level(0, "decimal", "(%1)", '<w:suff w:val="nothing"/>')) + num(1, 0), [item("a")], ["(1)a"],
    ),
    "an empty paragraph counts": (_DECIMAL + num(1, 0), [item("a"), item(""), item("c")], ["1. a", "3. c"]),
    "a chapter's label alone": (_LAW + num(1, 0), [item(""), par("QUY ĐỊNH CHUNG")], ["Chương I", "QUY ĐỊNH CHUNG"]),
    "bullets of symbol fonts": (
        abstract(0, level(0, "bullet", "\uf0b7"), level(1, "bullet", "o"), level(2, "bullet", "+")) + num(1, 0),
        [item("a"), item("b", 1), item("c", 2)],
        ["• a", "○ b", "+ c"],
    ),
    "no such list": (_DECIMAL, [item("a", number=9)], ["a"]),
    "taken off": (_DECIMAL + num(1, 0), [item("a", number=0)], ["a"]),
    "a level out of bounds": (_DECIMAL + num(1, 0), [item("a", 99)], ["a"]),
    "a count out of bounds": (abstract(0, level(0, "decimal", "%1.", start=10**12)) + num(1, 0), [item("a")], ["1000000. a"]),
}  # fmt: skip


@pytest.mark.parametrize("case", NUMBERED)
def test_labels_are_those_that_word_prints(case: str) -> None:
    numbering, body, expected = NUMBERED[case]
    assert lines(package("".join(body), numbering=numbering)) == expected


def test_a_style_numbers_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Dieu"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Khoan"><w:basedOn w:val="Dieu"/></w:style>'
    )
    numbering = abstract(
        0, level(0, "decimal", "Điều %1.", '<w:pStyle w:val="Dieu"/>'), level(1, "decimal", "%2.", '<w:pStyle w:val="Khoan"/>')
    ) + num(1, 0)
    body = "".join(par(text, properties=f'<w:pStyle w:val="{style}"/>') for text, style in (("a", "Dieu"), ("b", "Khoan"), ("c", "Dieu")))
    assert lines(package(body, numbering=numbering, styles=styles)) == ["Điều 1. a", "1. b", "Điều 2. c"]


def test_a_definition_may_point_to_a_list_style() -> None:
    styles = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = (
        abstract(0, level(0, "lowerRoman", "%1)"))
        + '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        + num(1, 0)
        + num(2, 1)
    )
    assert lines(package(item("a", number=2) + item("b", number=1), numbering=numbering, styles=styles)) == ["i) a", "ii) b"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(4, "lowerRoman", "iv"), (1999, "upperRoman", "MCMXCIX"), (26, "lowerLetter", "z"), (27, "lowerLetter", "aa"), (3, "upperLetter", "C"),
     (7, "decimalZero", "07"), (21, "vietnameseCounting", "hai mươi mốt"), (15, "cardinalText", "Mười lăm"), (3, "hebrew1", "3"),
     (0, "lowerLetter", "0"), (10**9, "upperRoman", "1000000000")],
)  # fmt: skip
def test_numbers(number: int, form: str, text: str) -> None:
    assert number_text(number, form) == text


# -- runs ----------------------------------------------------------------------------------------------------------------------------

_BOX = f"<w:txbxContent>{par('trong khung')}</w:txbxContent>"
RUNS = {
    "split runs": ([par("Ngh", "ị ", "định")], ["Nghị định"]),
    "soft line break": ([par("Về việc", "<w:r><w:br/></w:r>", "ban hành")], ["Về việc", "ban hành"]),
    "tab after a label": ([par("<w:r><w:tab/></w:r>", "1.", "<w:r><w:tab/></w:r>", "Nội dung")], ["1. Nội dung"]),
    "tab between columns": ([par("Số: 01/QĐ-UBND", "<w:r><w:tab/></w:r>", "Rạch Giá")], ["Số: 01/QĐ-UBND\tRạch Giá"]),
    "hyphens": ([par("<w:r><w:t>KT</w:t><w:noBreakHyphen/><w:t>XH</w:t><w:softHyphen/><w:t>2</w:t></w:r>")], ["KT-XH2"]),
    "hidden": ([par("thấy", run("ẩn", "<w:vanish/>"), run(" rõ", '<w:vanish w:val="0"/>'))], ["thấy rõ"]),
    "capitals": ([par(run("quyết định", "<w:caps/>"))], ["QUYẾT ĐỊNH"]),
    "inserted and deleted": (
        [par("ba ", "<w:del><w:r><w:delText>mươi</w:delText></w:r></w:del>", f"<w:ins>{run('trăm')}</w:ins>", " ngày")],
        ["ba trăm ngày"],
    ),
    "deleted inside inserted": ([par("a", f"<w:ins><w:del><w:r><w:delText>b</w:delText></w:r></w:del>{run('c')}</w:ins>")], ["ac"]),
    "moved": ([par("a ", f"<w:moveFrom>{run('b')}</w:moveFrom>"), par(f"<w:moveTo>{run('b')}</w:moveTo>", " c")], ["a", "b c"]),
    "paragraph mark deleted": ([par("một", properties="<w:rPr><w:del/></w:rPr>"), par(" hai"), par("ba")], ["một hai", "ba"]),
    "last mark deleted": ([par("một", properties="<w:rPr><w:del/></w:rPr>")], ["một"]),
    "hyperlink, smart tag, control": (
        [par(f"<w:hyperlink>{run('a')}</w:hyperlink>", f"<w:smartTag><w:smartTagPr/>{run('b')}</w:smartTag>",
             f"<w:sdt><w:sdtPr/><w:sdtContent>{run('c')}</w:sdtContent></w:sdt>")],
        ["abc"],
    ),
    "field's result": (
        [par('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
             '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "Điều 5", '<w:r><w:fldChar w:fldCharType="end"/></w:r>', " này")],
        ["Điều 5 này"],
    ),
    "simple field": ([par(f'<w:fldSimple w:instr="DATE">{run("2021")}</w:fldSimple>')], ["2021"]),
    "field never ended": ([par('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r>'), par("còn")], ["còn"]),
    "table of contents": (
        [par('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>', "Điều"),
         par("Điều 2"), par('<w:r><w:fldChar w:fldCharType="end"/></w:r>'), par("Điều 1. Thật")],
        ["Điều 1. Thật"],
    ),
    "text box, drawn twice": (
        [par("thân", f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{_BOX}</wps:txbx></w:drawing></mc:Choice>'
                     f"<mc:Fallback><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>")],
        ["thân", "trong khung"],
    ),
    "text box of old": ([par("thân", f"<w:r><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></w:r>")], ["thân", "trong khung"]),
    "symbols": (
        [par('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', " 5%", '<w:r><w:sym w:char="F0FC"/><w:sym w:char="x"/></w:r>')],
        ["≥ 5%✓"],
    ),
    "formula": ([par("S = ", "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>")], ["S = a+b"]),
    "line ends in a run": ([par("một\nhai\u2028ba")], ["một hai ba"]),
    "old properties of a change": (
        [par("a", properties='<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>')], ["a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RUNS)
def test_text_is_what_is_printed(case: str) -> None:
    body, expected = RUNS[case]
    assert lines(package("".join(body), numbering=_DECIMAL + num(1, 0))) == expected


def test_reading_twice_gives_the_same() -> None:
    data = package("".join(RUNS["text box, drawn twice"][0]) + par("hết"))
    assert read(data) == read(data)


def test_paragraphs_stand_apart_and_soft_lines_together() -> None:
    source = read(package(par("một", "<w:r><w:br/></w:r>", "hai") + par("ba")))
    assert source.text == "một\nhai\n\nba"


def test_styles_are_inherited() -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times" w:hAnsi="Times"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr>'
        "<w:rPr><w:b/><w:caps/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/><w:rPr><w:i/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="X"><w:basedOn w:val="Y"/></w:style><w:style w:styleId="Y"><w:basedOn w:val="X"/></w:style>'
    )
    body = par("tên", run("ẩn", '<w:rStyle w:val="H"/>'), properties='<w:pStyle w:val="B"/>') + par("x", properties='<w:pStyle w:val="X"/>')
    first, _gap, last = read(package(body, styles=styles)).lines
    assert (first.text, first.style) == ("TÊN", {"bold", "italic", "centred", "heading 1"})
    assert (last.text, last.style) == ("x", frozenset())


def test_legacy_fonts_are_read_run_by_run() -> None:
    tcvn, vni = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>', '<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/>'
    body = par(run("ViÖt Nam", tcvn), run(" và ", ""), run("Vieä", vni), run("t Nam", vni))
    assert lines(package(body)) == ["Việt Nam và Việt Nam"]


def test_a_label_in_a_legacy_font() -> None:
    label = '<w:lvlText w:val="§iÒu %1."/><w:rPr><w:rFonts w:hAnsi=".VnTime"/></w:rPr>'
    numbering = abstract(0, f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>{label}</w:lvl>') + num(1, 0)
    assert lines(package(item("Phạm vi"), numbering=numbering)) == ["Điều 1. Phạm vi"]


# -- tables --------------------------------------------------------------------------------------------------------------------------


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else par(text)}</w:tc>"


def table(*rows: list[str]) -> str:
    made = ("".join(one if one.startswith("<w:tc") else cell(one) for one in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def test_a_table_is_cells_with_edges() -> None:
    data = package(par("Trước") + table(["STT", "Tên"], ["1", "Một"], ["2", ""]) + par("Sau"))
    assert read(data).text == "Trước\n\nSTT\n|\nTên\n|\n1\n|\nMột\n|\n2\n|\n|\n\nSau"


def test_heads_over_several_columns_belong_to_each() -> None:
    over = '<w:gridSpan w:val="2"/>'
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    data = package(
        table(
            [cell("STT", start), cell("Nội dung", start), cell("Năm 2021", over)],
            [cell("", on), cell("", on), "Số", "Tỷ lệ"],
            ["(1)", "(2)", "(3)", "(4)"],
            ["1", "Thu", "5", "10%"],
            ["2", "Chi", cell("không", over)],
        )
    )
    cells = "\n".join(lines(data)).split("\n|")
    assert [one.strip() for one in cells] == [
        "STT", "Nội dung", "Năm 2021 Số", "Năm 2021 Tỷ lệ", "1", "Thu", "5", "10%", "2", "Chi", "không", "", "",
    ]  # fmt: skip


def test_a_cell_that_goes_on_below_is_read_once() -> None:
    data = package(
        table(
            ["TT", "Việc", "Nơi"],
            ["1", "a", cell("Sở Y tế", '<w:vMerge w:val="restart"/>')],
            ["2", "b", cell("", '<w:vMerge w:val="continue"/>')],
        )
    )
    assert "\n".join(lines(data)).split("\n|")[-4:] == ["\n2", "\nb", "", ""]


def test_edges_of_the_grid_that_no_cell_has_are_no_columns() -> None:
    wide = '<w:gridSpan w:val="3"/>'
    data = package(table(["TT", cell("Việc", wide), "Nơi"], ["1", cell("a", wide), "b"]))
    assert lines(data) == ["TT", "|", "Việc", "|", "Nơi", "|", "1", "|", "a", "|", "b", "|"]


def test_rows_numbered_by_word() -> None:
    numbered = par(properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    data = package(
        par("QUYẾT ĐỊNH")
        + par("Điều 1. Danh mục việc phải làm trong năm nay.")
        + table(["STT", "Tên việc"], [cell(numbered), "a"], [cell(numbered), "b"]),
        numbering=_DECIMAL + num(1, 0),
    )  # fmt: skip
    (document,) = parse(read(data))
    rows = [clause for top in document.clauses for clause, _above in top.walk() if clause.kind is Kind.ROW]
    assert [row.cells for row in rows] == [("1.", "a"), ("2.", "b")]


def test_tracked_rows_and_cells() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + cell("bỏ") * 3 + "</w:tr>"
    new = "<w:tr><w:trPr><w:ins/></w:trPr>" + cell("1") + cell("thêm") + cell("mất", "<w:cellDel/>") + "</w:tr>"
    data = package(f"<w:tbl><w:tr>{cell('TT')}{cell('Tên')}</w:tr>{gone}{new}<w:tr>{cell('2')}{cell('hai')}</w:tr></w:tbl>")
    assert [line for line in lines(data) if line != "|"] == ["TT", "Tên", "1", "thêm", "2", "hai"]


def test_the_letterhead_is_read_column_after_column() -> None:
    body = table(
        [cell(par("UBND TỈNH A") + par("SỞ B")), cell(par("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + par("Độc lập - Tự do - Hạnh phúc"))],
        ["Số: 12/QĐ-SB", "A, ngày 05 tháng 6 năm 2021"],
        ["", ""],
    )
    data = package(body + par("QUYẾT ĐỊNH") + par("Về việc công nhận ban chỉ đạo") + par("Điều 1. Công nhận ban chỉ đạo của tỉnh."))
    assert "|" not in read(data).text
    (document,) = parse(read(data))
    assert (document.number, document.issuer, str(document.issued)) == ("12/QĐ-SB", "SỞ B", "2021-06-05")


def test_a_table_inside_a_table() -> None:
    inner = table(["a", "b"], ["c", "d"], ["e", "f"])
    data = package(table(["TT", "Việc", "Số"], ["1", cell(inner + par("")), "2"]))
    assert lines(data) == ["TT", "|", "Việc", "|", "Số", "|", "1", "|", "a", "b", "c", "d", "e", "f", "|", "2", "|"]


def test_a_frame_of_one_cell_is_its_paragraphs() -> None:
    assert read(package(table([cell(par("một") + par("hai"))]))).text == "một\n\nhai"


# -- notes and pages -----------------------------------------------------------------------------------------------------------------


def test_notes_stand_at_the_end_and_are_tied_to_their_clause() -> None:
    def mark(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    body = (
        par("LUẬT") + par("Điều 1. Phạm vi điều chỉnh của luật này") + par("Luật này quy định việc ấy", mark("footnote", 7), ".")
        + par("Điều 2. Giải thích từ ngữ", mark("endnote", 2)) + par("Từ ngữ được hiểu như sau", mark("footnote", 99), ".")
    )  # fmt: skip
    data = package(
        body,
        footnotes=f'<w:footnote w:id="0" w:type="separator">{par("___")}</w:footnote>'
        f'<w:footnote w:id="7">{par("<w:r><w:footnoteRef/></w:r>", " Được sửa đổi.")}{par("Đoạn hai.")}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{par(" Xem thêm.")}</w:endnote>',
    )  # fmt: skip
    assert lines(data)[2:] == [
        "Luật này quy định việc ấy[1].", "Điều 2. Giải thích từ ngữ[2]", "Từ ngữ được hiểu như sau.",
        "[1] Được sửa đổi.", "Đoạn hai.", "[2] Xem thêm.",
    ]  # fmt: skip
    (document,) = parse(read(data))
    notes = [(clause.eid, clause.text, clause.marked_in) for clause in document.clauses if clause.kind is Kind.FOOTNOTE]
    assert notes == [("fn_1", "Được sửa đổi. Đoạn hai.", "art_1"), ("fn_2", "Xem thêm.", "art_2")]


def test_headers_and_footers_are_not_text() -> None:
    data = package(par("thân") + '<w:sectPr><w:headerReference r:id="r0"/></w:sectPr>', header=par("đầu trang"))
    assert lines(data) == ["thân"]


_RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"
_ENDED = '<w:r><w:br w:type="page"/></w:r>'
PAGED = {
    "as last laid out": ([par("a"), par("b", _RENDERED, "c"), par("d")], {"a": 1, "bc": 1, "d": 2}),
    "an order and its trace are one": ([par("a", _ENDED), par(_RENDERED, "b"), par(_RENDERED, "c")], {"a": 1, "b": 2, "c": 3}),
    "page break before": ([par("a"), par(_RENDERED, "b", properties="<w:pageBreakBefore/>")], {"a": 1, "b": 2}),
    "section": (
        [par("a", properties="<w:sectPr/>"), par(_RENDERED, "b", properties='<w:sectPr><w:type w:val="continuous"/></w:sectPr>'), par("c")],
        {"a": 1, "b": 2, "c": 2},
    ),
    "once in each cell of a row": (
        [par("x"), table([cell(par("a", _RENDERED)), cell(par("b", _RENDERED))], ["c", "d"])], {"x": 1, "a": 1, "b": 1, "c": 2, "d": 2},
    ),
    "no trace, no pages": ([par("a", _ENDED), par("b")], {"a": 0, "b": 0}),
}  # fmt: skip


@pytest.mark.parametrize("case", PAGED)
def test_pages(case: str) -> None:
    body, expected = PAGED[case]
    source = read(package("".join(body)))
    assert {line.text: line.page for line in source.lines if line.text} == expected
    assert source.paged == any(expected.values())


# -- hostile and damaged -------------------------------------------------------------------------------------------------------------

_ENTITIES = '<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
_TEXT = package(par("Nội dung của văn bản"))


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relations([("officeDocument", "word/document.xml")]))
        archive.writestr("word/document.xml", b" " * (docx_package.RATIO_FROM + 1))
    return file.getvalue()


def _crowd() -> bytes:
    file = io.BytesIO(_TEXT)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(docx_package.MAX_ENTRIES):
            archive.writestr(f"x{number}", "")
    return file.getvalue()


HOSTILE = {
    "no zip": b"PK\x03\x04 and no more",
    "cut short": _TEXT[: len(_TEXT) // 2],
    "document type": package(par("&a;&b;"), prolog=_ENTITIES),
    "entity without a document type": package(par("&a;")),
    "not well-formed": package("<w:p>"),
    "no text part": package("").replace(b"word/document.xml", b"word/documenz.xml"),
    "no words": package(par("") + table(["", ""])),
    "a bomb": _bomb(),
    "too many parts": _crowd(),
    "nested without end": package("<w:sdt>" * 20_000 + par("sâu") + "</w:sdt>" * 20_000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_files_are_refused_in_one_line(case: str) -> None:
    with pytest.raises(ReadError) as refused:
        read_docx(HOSTILE[case], "van-ban.docx")
    message = str(refused.value)
    assert message.startswith("van-ban.docx: ")
    assert "\n" not in message


def test_all_parts_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_package, "MAX_INFLATED", 2_000)
    with pytest.raises(ReadError):
        read_docx(package(par("x" * 1_500)), "van-ban.docx")


def test_an_outside_target_is_not_opened() -> None:
    data = package(par("thân"))
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(
            "word/_rels/document.xml.rels",
            _relations([("styles", "file:///etc/passwd")]).replace("/>", ' TargetMode="External"/>', 1),
        )
    assert lines(file.getvalue()) == ["thân"]


def test_parts_named_with_the_separator_of_windows() -> None:
    data = package(par("thân")).replace(b"word/", b"word\\").replace(b"_rels/.rels", b"_rels\\.rels")
    assert lines(data) == ["thân"]


def test_the_strict_form_of_the_standard() -> None:
    strict = _NAMESPACES.replace(_W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert lines(package(par("thân"), namespaces=strict)) == ["thân"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_a_damaged_file_is_read_or_refused(seed: int, changes: int) -> None:
    chance = random.Random(seed)
    data = bytearray(_TEXT)
    for _change in range(changes):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        read_docx(bytes(data), "van-ban.docx")
    except ReadError as refused:
        assert str(refused).startswith("van-ban.docx: ")


_pieces = st.recursive(
    st.text("aĐ1. ", max_size=6).map(run),
    lambda inner: st.tuples(st.sampled_from(["ins", "del", "moveTo", "moveFrom", "hyperlink", "sdt"]), st.lists(inner, max_size=3)).map(
        lambda made: f"<w:{made[0]}>{''.join(made[1])}</w:{made[0]}>"
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_pieces, max_size=4), max_size=5))
def test_no_word_is_lost_or_made_up(paragraphs: list[list[str]]) -> None:
    data = package(par("mốc") + "".join(par(*(piece for piece in pieces)) for pieces in paragraphs))
    kept = "".join(character for character in read(data).text if not character.isspace())
    assert kept == "mốc" + "".join(_kept("".join(pieces)) for pieces in paragraphs)


def _kept(inside: str) -> str:
    """What is left of runs and changes when the changes are accepted."""
    from xml.etree import ElementTree

    def walk(element: ElementTree.Element) -> str:
        if element.tag.endswith(("}del", "}moveFrom")):
            return ""
        return (element.text or "" if element.tag.endswith("}t") else "") + "".join(walk(child) for child in element)

    return "".join(walk(ElementTree.fromstring(f"<w:x {_NAMESPACES}>{inside}</w:x>")).split())


# -- whole documents -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbered", [False, True], ids=["typed labels", "labels counted by Word"])
def test_a_document_written_by_word_has_the_same_clauses(numbered: bool) -> None:
    written = pytest.importorskip("written", reason="python-docx writes the documents")
    if not SHARED.is_dir():
        pytest.skip("the shared documents are not here")
    found = []
    for name, text, before in written.documents_to_write(SHARED):
        after = parse(read_docx(written.docx_of(before, text, numbered=numbered), name))
        assert len(after) == len(before), name
        found += [written.agreement(one, other) for one, other in zip(before, after, strict=True)]
    assert len(found) >= 26
    assert all(one.number and one.type and one.issued for one in found)
    assert sum(one.clauses for one in found) >= 0.99 * len(found)
    assert sum(one.words for one in found) >= 0.99 * len(found)
