"""Files made to harm: each is bounded in time and memory, refused in one line or read as what it is, and the others are read."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kgsearch.config import load_settings
from kgsearch.errors import ReadError
from kgsearch.indexing import sync
from kgsearch.readers import read_all
from kgsearch.readers.limits import MEGABYTE

GOOD = "Số: 12/QĐ-UBND\nHải Giang, ngày 05 tháng 3 năm 2023\n\nQUYẾT ĐỊNH\nVề việc giao chỉ tiêu\n\nĐiều 1. Giao chỉ tiêu cho các sở.\n"
SECRET = "bí mật không được đọc"
GIGABYTE = 1024 * MEGABYTE

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**parts: bytes | str) -> bytes:
    """A zip archive; "/" in a name is written "__"."""
    return archive([(name.replace("__", "/").replace("_dot_", "."), part) for name, part in parts.items()])


def archive(parts: list[tuple[str, bytes | str]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts:
            # The format's name stands unpacked at the start of an OpenDocument file.
            made.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def docx(document: bytes | str, *more: tuple[str, bytes | str]) -> bytes:
    """A .docx file whose main part is ``document``."""
    return archive([("[Content_Types].xml", CONTENT_TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document), *more])


def body(text: str, declaration: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    return f'<?xml version="1.0"?>{declaration}<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'


def odt_body(text: str) -> str:
    office, words = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    return (
        f'<o:document-content xmlns:o="{office}" xmlns:t="{words}" o:version="1.2"><o:body><o:text><t:p>{text}</t:p></o:text></o:body>'
        "</o:document-content>"
    )


def laughing(depth: int = 12) -> str:
    """The declaration of an entity that is 10 to the power of ``depth`` words long."""
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, depth))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha ha">{entities}]>'


def pdf(*objects: str | bytes, root: int = 1) -> bytes:
    """A PDF file of these objects, numbered from 1."""
    data = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + (one if isinstance(one, bytes) else one.encode("latin-1")) + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        root,
        len(data),
    )


def flate_bomb() -> bytes:
    """The stream of a page that inflates to a gigabyte of drawing operators."""
    import zlib

    packer = zlib.compressobj(9)
    piece = b"0 0 m 1 1 l S\n" * 65536
    packed = b"".join(packer.compress(piece) for _ in range(GIGABYTE // len(piece))) + packer.flush()
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)


PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: docx(body("x").replace("x</w:t>", "x" + " " * (300 * MEGABYTE) + "</w:t>")),
    "bomb of another part.docx": lambda: docx(body(GOOD), ("word/styles.xml", bytes(300 * MEGABYTE))),
    "bomb.zip": lambda: archive([("a.txt", b" " * (250 * MEGABYTE))]),
    "many.zip": lambda: archive([(f"{number}.txt", "x") for number in range(3000)]),
    "nested.zip": lambda: zipped(a_dot_zip=zipped(b_dot_txt=GOOD)),
    "empty.zip": lambda: zipped(),
    "nothing to read.zip": lambda: zipped(program_dot_exe=b"MZ"),
    "long line.docx": lambda: docx(body("từ " * 500_000)),
    "cut.docx": lambda: docx(body(GOOD))[:-200],
    "half.docx": lambda: docx(body(GOOD))[:300],
    "no parts.docx": lambda: archive([("[Content_Types].xml", CONTENT_TYPES), ("word/document.xml", "")]),
    "laughing.docx": lambda: docx(body("&e11;", laughing())),
    "entity.docx": lambda: docx(body("&x;" + GOOD, '<!DOCTYPE x [<!ENTITY x SYSTEM "SECRET_FILE">]>')),
    "deep.docx": lambda: docx(f'<w:document xmlns:w="{WORD}">' + "<w:p>" * 300_000 + "</w:p>" * 300_000 + "</w:document>"),
    "workbook.docx": lambda: archive([("[Content_Types].xml", CONTENT_TYPES), ("xl/workbook.xml", "<x/>")]),
    "protected.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096),
    "circle.pdf": lambda: pdf(CATALOG, "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"),
    "endless.pdf": lambda: pdf(CATALOG, "<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", PAGE, "<</Length 0>>stream\n\nendstream"),
    "flate.pdf": lambda: pdf(CATALOG, PAGES, PAGE, flate_bomb()),
    "cut.pdf": lambda: pdf(CATALOG, PAGES, PAGE)[:60],
    "noise.pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4000,
    "noise.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100,
    "huge picture.png": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\2\0\0\0" + bytes(100),
    "program.doc": lambda: b"MZ\x90\0\3\0\0\0" + bytes(4000),
    "entity.odt": lambda: archive(
        [
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "SECRET_FILE">]>' + odt_body("&x;")),
        ]
    ),
    "deep.rtf": lambda: b"{\\rtf1" + b"{" * 1_000_000,
    "no word.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40,
    "comments.html": lambda: b"<html><body>" + b"<!--" * 2_000_000,
    "deep.html": lambda: b"<html><body>" + b"<div>" * 500_000,
    "attributes.html": lambda: b"<html><body><a " + b"a='" * 1_000_000,
}
"""Files by name; each is refused."""

HARMLESS: dict[str, Callable[[], bytes]] = {
    "macros.docm": lambda: docx(body(GOOD), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(5000))),
    "traversal.zip": lambda: archive([("../../../escaped.txt", GOOD), ("/escaped.txt", GOOD)]),
    "script.html": lambda: f"<html><body><script>fetch('x')</script><pre>{GOOD}</pre><img src='file:///etc/passwd'></body></html>".encode(),
}
"""Files by name that hold the good document and something that is to be ignored."""


def written(folder: Path, name: str, make: Callable[[], bytes]) -> Path:
    secret = folder / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    path = folder / name
    path.write_bytes(make().replace(b"SECRET_FILE", secret.as_uri().encode()))
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, HOSTILE[name])
    try:
        contents = read_all(path)
    except ReadError as error:
        assert str(error).startswith(f"{name}: ")
        assert "\n" not in str(error)
        assert len(str(error)) < 600
    else:
        # Lenient libraries find what text there is; none of it may come from elsewhere or be more than was there.
        assert all(SECRET not in source.text and len(source.text) < 10 * MEGABYTE for source in contents.sources)


@pytest.mark.parametrize(
    ("name", "said"), [("protected.docx", "mật khẩu|password"), ("workbook.docx", "bảng tính|spreadsheet"), ("long line.docx", "1000000")]
)
def test_what_can_be_mended_is_named(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=said):
        read_all(written(tmp_path, name, HOSTILE[name]))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_beside_the_text_is_ignored(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    contents = read_all(written(folder, name, HARMLESS[name]))
    for source in contents.sources:
        assert "Điều 1. Giao chỉ tiêu cho các sở." in source.text
        assert "fetch" not in source.text
        assert "root:" not in source.text
    assert not list(tmp_path.rglob("escaped.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="files with holes are another matter there")
@pytest.mark.parametrize("start", [b"", b"Q", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"<html>"])
def test_a_file_of_a_gigabyte_is_not_read(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(GIGABYTE)
    with pytest.raises(ReadError, match=r"^a\.pdf: .*1024 MB"):
        read_all(path)


def test_the_run_goes_on(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    names = ["bomb.zip", "cut.docx", "circle.pdf", "noise.png", "laughing.docx", "program.doc"]
    for name in names:
        (corpus / name).write_bytes(HOSTILE[name]())
    (corpus / "z.txt").write_text(GOOD, encoding="utf-8")
    mixed = archive([("tốt.txt", GOOD.replace("12/QĐ", "13/QĐ")), ("hỏng/x.docx", HOSTILE["cut.docx"]())])
    (corpus / "mixed.zip").write_bytes(mixed)
    report = sync(load_settings(corpus, tmp_path / "index"))
    assert {failure.file for failure in report.failures} == {*names, "mixed.zip/hỏng/x.docx"}
    assert all(failure.reason and "\n" not in failure.reason for failure in report.failures)
    assert report.documents == 2
