"""Turns a .docx into web pages as law sites and word processors write them, the document amid menus, scripts and side columns."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

MENU = "".join(f'<li><a href="/muc-{number}.html">Lĩnh vực pháp luật {number}</a></li>' for number in range(12))
RELATED = "".join(
    f'<li><a href="/van-ban/{number}.aspx">Nghị quyết {number}/NQ-HĐND về vốn đầu tư công</a> <span>0{number}/01/2021</span></li>'
    for number in range(1, 9)
)

LAW_LIBRARY = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Văn bản | Thư viện</title>
<script>var a = "<p>Điều 9. Không phải</p>";</script><style>.x {{ color: red }}</style></head><body>
<form method="post" action="./x.aspx"><div id="header"><ul>{menu}</ul><input value="Tìm kiếm"></div>
<table width="100%"><tr><td width="200"><div class="left"><b>Danh mục</b><ul>{menu}</ul></div></td><td>
<div class="tabs"><a href="#tab1">Nội dung</a> <a href="#tab2">Tiếng Anh</a> <a href="#tab3">Lược đồ</a></div>
<div id="divContentDoc"><div class="content1"><div>{body}</div></div></div>
<div class="tool"><a href="/in">In</a><a href="/tai">Tải về</a><button>Lưu</button></div></td>
<td><div class="right"><p>Văn bản liên quan</p><ul>{related}</ul></div></td></tr></table>
<div id="footer"><p>Cơ quan chủ quản: Công ty Thư viện. Giấy phép số 27/GP-TTĐT.</p></div></form></body></html>"""

STATE_DATABASE = """<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head><body>
<div id="container"><div class="top"><ul class="menu">{menu}</ul></div><div class="content">
<div class="fulltext"><div id="toanvancontent">{body}</div></div>
<div style="display:none"><p>Bản in</p><p>Gửi phản hồi về văn bản này cho ban biên tập</p></div></div>
<div class="box-news"><h3>Tin mới</h3><ul>{related}</ul></div></div></body></html>"""

NEWS_SITE = """<!doctype html><html lang="vi"><head><meta charset="UTF-8"></head><body><header><nav><ul>{menu}</ul></nav></header>
<main><section><h1>Toàn văn</h1><div class="entry"><div class="tab"><article class="noi-dung-vb">{body}</article></div></div></section>
<aside><p>Đăng ký tài khoản để xem đầy đủ nội dung các văn bản và nhận bản tin hằng tuần.</p><ul>{related}</ul></aside></main>
<footer><p>Bản quyền thuộc về cổng thông tin. Ghi rõ nguồn khi sử dụng lại thông tin từ trang này.</p></footer></body></html>"""

SAVED_BY_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<!--[if gte mso 9]><xml><o:DocumentProperties></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm}} --></style></head><body lang=VI><div class=WordSection1>{body}</div></body></html>"""

SITES = {"library": LAW_LIBRARY, "database": STATE_DATABASE, "news": NEWS_SITE, "word": SAVED_BY_WORD}


def page_of(data: bytes, site: str) -> str:
    """The .docx as a page of ``site``: paragraphs with inline styles, two columns as a table, notes at the end."""
    word = docx.Document(io.BytesIO(data))
    body = "\n".join(_blocks(word, site))
    return SITES[site].format(menu=MENU, related=RELATED, body=body)


def _blocks(word: docx.document.Document, site: str) -> Iterator[str]:
    for number, block in enumerate(word.iter_inner_content()):
        yield _table(block) if isinstance(block, Table) else _paragraph(block, number, site)
    yield from _notes(word)


def _paragraph(paragraph: Paragraph, number: int, site: str) -> str:
    words = _runs(paragraph)
    if not words.strip():
        return "<p>&nbsp;</p>"
    if site == "library":
        return f'<p style="margin-top:6.0pt;text-align:justify"><a name="dieu_{number}"></a><span lang="VI">{words}</span></p>'
    if site == "news":
        return f'<div class="docitem-{number % 5}"><p style="text-align: justify;">{words}</p></div>'
    if site == "word":
        # Word breaks the lines of its markup as it breaks those of any text.
        return f"<p class=MsoNormal style='text-align:justify'><span\nlang=VI>{words.replace(' ', chr(10), 1)}<o:p></o:p></span></p>"
    return f"<p>\r\n\t{words}</p>"


def _runs(paragraph: Paragraph) -> str:
    pieces: list[str] = []
    for run in paragraph.runs:
        text = html.escape(run.text, quote=False).replace("\n", "<br>")
        text = f"<b>{text}</b>" if run.bold and text else text
        text = f"<i>{text}</i>" if run.italic and text else text
        for mark in run._r.iter(qn("w:footnoteReference")):
            note = mark.get(qn("w:id"))
            text += f'<a href="#_ftn{note}" name="_ftnref{note}"><sup>[{note}]</sup></a>'
        pieces.append(text)
    return "".join(pieces)


def _table(table: Table) -> str:
    rows = (
        "".join(
            f'<td width="50%" valign="top">{"".join(f"<p align=center>{_runs(one)}</p>" for one in cell.paragraphs)}</td>'
            for cell in row.cells
        )
        for row in table.rows
    )
    return f'<table border="0" cellspacing="0" cellpadding="0"><tbody>{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table>'


def _notes(word: docx.document.Document) -> Iterator[str]:
    for part in word.part.package.iter_parts():
        if part.partname.endswith("/footnotes.xml"):
            from lxml import etree

            for note in etree.fromstring(part.blob).iter(qn("w:footnote")):
                number = note.get(qn("w:id"))
                text = html.escape("".join(note.itertext()).strip(), quote=False)
                yield f'<div id="ftn{number}"><p><a href="#_ftnref{number}" name="_ftn{number}">[{number}]</a> {text}</p></div>'
