"""Files become lines: every encoding that offices use, every offset in its place, and one clear reason for what is no text."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.errors import ReadError
from kgsearch.readers import MAX_BYTES, is_document_name, read
from kgsearch.readers.dispatch import installed_programs, load_reader
from kgsearch.readers.formats import FORMATS, recognise
from kgsearch.readers.text import MAX_LINE, decode, split_lines

TEXT = "Số: 12/NQ-HĐND\nĐiều 1. Giải ngân vốn đầu tư công – “đúng hạn”."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode("utf-8"), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + TEXT.encode("utf-32-le"), "utf-32-le"),
        (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), "utf-32-be"),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16-le mark", "utf-16-be mark", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_encodings(data: bytes, encoding: str) -> None:
    assert decode(data, "a.txt") == (TEXT, encoding)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_text_is_kept_as_it_is_written(form: str, tmp_path: Path) -> None:
    written = unicodedata.normalize(form, TEXT)
    path = tmp_path / "a.txt"
    path.write_bytes(written.encode("utf-8"))
    assert read(path).text == written


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "rỗng"),
        (b"\xef\xbb\xbf", "rỗng"),
        (b" \r\n\t\n", "rỗng"),
        ("Điều 1. ".encode("utf-16-le") * 9 + b"A", "Unicode"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 57, "nhị phân"),
    ],
    ids=["empty", "mark alone", "blank", "half a character", "program"],
)
def test_what_is_no_text_is_named_with_its_reason(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "văn bản.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError) as raised:
        read(path)
    message = str(raised.value)
    assert message.startswith("văn bản.txt: ")
    assert said in message
    assert "\n" not in message


def test_a_few_control_characters_are_no_binary_file() -> None:
    text, _encoding = decode(("Điều 1. " + "chữ " * 50 + "\x00\x07").encode("utf-8"), "a.txt")
    assert text.endswith("\x07")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb", ["a", "b"]),
        ("a\r\nb", ["a", "b"]),
        ("a\rb", ["a", "b"]),
        ("a\r\n\r\nb\n", ["a", "", "b", ""]),
        ("a\n\rb", ["a", "", "b"]),
        ("a\x0bb\x85c\u2028d\u2029e", ["a", "b", "c", "d", "e"]),
        ("a\x1cb", ["a\x1cb"]),
        ("", [""]),
    ],
)
def test_line_ends(text: str, lines: list[str]) -> None:
    assert [line.text for line in split_lines(text, "utf-8").lines] == lines


def test_form_feeds_end_pages() -> None:
    source = split_lines("một\nhai\fba\f\fbốn", "utf-8")
    assert source.paged
    assert [(line.text, line.page) for line in source.lines] == [("một", 1), ("hai", 1), ("ba", 2), ("", 3), ("bốn", 4)]


def test_without_form_feeds_there_are_no_pages() -> None:
    source = split_lines("một\nhai", "utf-8")
    assert not source.paged
    assert {line.page for line in source.lines} == {0}


@given(st.text(alphabet=st.sampled_from("aĐ\u0301 \t\r\n\f\x0b\x85\u2028|"), max_size=60))
def test_lines_and_line_ends_are_the_whole_text(text: str) -> None:
    source = split_lines(text, "utf-8")
    position = 0
    for line in source.lines:
        assert source.text[line.start : line.end] == line.text
        assert source.text[position : line.start].strip("\r\n\f\x0b\x85\u2028") == ""
        position = line.end
    assert position == len(text)


def test_a_line_too_long_is_named_by_its_number() -> None:
    with pytest.raises(ReadError, match=r"^a\.txt: .*\b3\b"):
        split_lines("một\nhai\n" + "x" * (MAX_LINE + 1), "utf-8", "a.txt")
    assert len(split_lines("x" * MAX_LINE, "utf-8").lines) == 1


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(2 * MAX_BYTES)
    with pytest.raises(ReadError, match=rf"a\.txt: .*{2 * MAX_BYTES // 1024 // 1024} MB"):
        read(path)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "a.txt"
    folder.mkdir()
    with pytest.raises(ReadError, match=r"^a\.txt: "):
        read(folder)
    with pytest.raises(ReadError, match=r"^b\.txt: "):
        read(tmp_path / "b.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(ReadError, match=r"^a\.txt: "):
        read(tmp_path / "a.txt")


@pytest.mark.parametrize("suffix", [".pdf", ".DOCX", ".doc", ".html", ".zip", ".png"])
def test_the_content_says_what_a_file_is_not_its_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(TEXT, encoding="utf-8")
    assert read(path).text == TEXT


def zipped(*names: str) -> bytes:
    """A zip archive of files with these names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped("word/document.xml", "[Content_Types].xml"), "docx"),
        (zipped("[Content_Types].xml", "word/document22.xml"), "docx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), None),
        (zipped("mimetype", "content.xml"), "odt"),
        (zipped("a.docx", "b/c.pdf"), "zip"),
        (zipped(), "zip"),
        (zipped("a.docx")[:40], "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), None),
        (b"{\\rtf1\\ansi}", "rtf"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"II*\0", "image"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf\r\n<!-- saved from url -->\n<HTML>", "html"),
        (b'<?xml version="1.0"?><html>', "html"),
        ("\ufeff<html>".encode("utf-16-le"), "html"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "mhtml"),
        ("Quyết định".encode("cp1258", "replace"), "legacy text"),
        (b"MZ\x90\0\3", None),
    ],
    ids=repr,
)
def test_formats_are_told_by_content(data: bytes, expected: str | None) -> None:
    found = recognise(data)
    assert (found.name if found else None) == expected


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18, b"%PDF", b"<", b"<!--" * 2000, b"\0" * 5000])
def test_telling_the_format_breaks_on_nothing(data: bytes) -> None:
    recognise(data)


@given(st.binary(max_size=200))
def test_telling_the_format_of_any_bytes(data: bytes) -> None:
    recognise(data)
    recognise(b"PK\x03\x04" + data + b"PK\x05\x06" + data)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", b"PK\x03\x04" + bytes(range(128, 256)) * 30, ".docx"),
        ("a.DOCX", b"\xff\xfa\x81" + bytes(range(129, 256)) * 3 + b"\0", ".docx"),
        ("a.pdf", b"\xff\xfa\x81" + bytes(range(129, 256)) * 3 + b"\0", ".pdf"),
        ("a.zip", b"PK\x03\x04" + bytes(range(128, 256)) * 30, "tệp nén"),
        ("a.txt", b"\xff\xfa\x81" + bytes(range(129, 256)) * 3 + b"\0", "UTF-8"),
    ],
)
def test_what_is_said_of_half_a_file_fits_its_name(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError) as refused:
        read(tmp_path / name)
    assert said in str(refused.value).removeprefix(name)
    assert (said == "UTF-8") == ("UTF-8" in str(refused.value))


def test_programs_are_looked_for_under_the_names_that_formats_give(monkeypatch: pytest.MonkeyPatch) -> None:
    from kgsearch.readers import libreoffice, ocr

    for office, tesseract, expected in (("", "", []), ("x", "", ["LibreOffice"]), ("x", "y", ["LibreOffice", "Tesseract"])):
        monkeypatch.setattr(libreoffice, "program", lambda found=office: found)
        monkeypatch.setattr(ocr, "program", lambda found=tesseract: found)
        assert installed_programs() == expected


def test_every_format_has_a_reader() -> None:
    for known in FORMATS.values():
        assert callable(load_reader(known, "a"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", True),
        ("A.TXT", True),
        ("nghị quyết 20.text", True),
        ("quyết định.docx", True),
        ("scan.pdf", True),
        ("a.b.txt", True),
        ("README.md", False),
        ("expected.tsv", False),
        ("a.txt.part", False),
        ("a.txt~", False),
        ("~$a.docx", False),
        (".a.txt", False),
        (".txt", False),
        ("a.swp", False),
        ("a.txt.bak", False),
        ("a", False),
        ("txt", False),
    ],
)
def test_names_of_documents(name: str, expected: bool) -> None:
    assert is_document_name(Path("thư mục.txt") / name) is expected
