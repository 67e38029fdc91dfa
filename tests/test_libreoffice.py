"""Files of other word processors, through LibreOffice: the same text, nothing else opened, an end to everything."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from kgsearch.errors import ReadError
from kgsearch.parser import parse
from kgsearch.readers import libreoffice
from kgsearch.readers.libreoffice import convert, program, read_doc, read_odt, read_rtf

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"

needs_libreoffice = pytest.mark.skipif(not program(), reason="LibreOffice is not installed")
READERS = {"doc": read_doc, "odt": read_odt, "rtf": read_rtf}
WRITERS = {"doc": "doc:MS Word 97", "odt": "odt:writer8", "rtf": "rtf:Rich Text Format"}


def odt(content: str) -> bytes:
    """An OpenDocument text of this content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        entries = "".join(
            f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
            for path, kind in (("/", "application/vnd.oasis.opendocument.text"), ("content.xml", "text/xml"))
        )
        namespace = f'xmlns:manifest="{_OFFICE}:manifest:1.0" manifest:version="1.2"'
        manifest = f"<manifest:manifest {namespace}>{entries}</manifest:manifest>"
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0" '
            f'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
            f"<office:body><office:text>{content}</office:text></office:body></office:document-content>",
        )
    return file.getvalue()


@needs_libreoffice
def test_rtf() -> None:
    source = read_rtf(rb"{\rtf1\ansi\pard\b NGH\u7882\'3f QUY\u7870\'3fT\b0\par \u272\'3fi\u7873\'3fu 1. Ph\u7841\'3fm vi\par}", "a.rtf")
    assert [line.text for line in source.lines if line.text] == ["NGHỊ QUYẾT", "Điều 1. Phạm vi"]
    assert source.encoding == "rtf"


@needs_libreoffice
def test_labels_in_rtf() -> None:
    level = rb"{\listlevel\levelnfc0\levelstartat1{\leveltext\'07\u272\'3fi\u7873\'3fu \'00.;}{\levelnumbers\'06;}}"
    lists = rb"{\*\listtable{\list%b\listid11}}{\*\listoverridetable{\listoverride\listid11\listoverridecount0\ls1}}" % level
    items = b"".join(rb"{\listtext %b\tab}\pard\ls1\ilvl0 %b\par " % (label, text) for label, text in ((b"1", b"Ban"), (b"2", b"Hai")))
    source = read_rtf(rb"{\rtf1\ansi%b%b}" % (lists, items), "a.rtf")
    assert [line.text for line in source.lines if line.text] == ["Điều 1. Ban", "Điều 2. Hai"]


@needs_libreoffice
def test_a_linked_file_is_not_opened(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("noi dung o noi khac", encoding="utf-8")
    linked = f'<text:section-source xlink:href="{other.as_uri()}" xlink:type="simple" text:filter-name="Text"/>'
    source = read_odt(odt(f'<text:p>trước</text:p><text:section text:name="S">{linked}<text:p>cũ</text:p></text:section>'), "a.odt")
    assert source.text == "trước\n\ncũ"
    field = rb"{\rtf1 {\field{\*\fldinst INCLUDETEXT \"%b\"}{\fldrslt con}} lai\par}" % str(other).encode()
    assert read_rtf(field, "a.rtf").text == "con lai"


@needs_libreoffice
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0d\0" * 500),
        ("odt", b"PK\x03\x04 nothing"),
        ("rtf", b"{\\rtf1"),
        ("doc", b"PK\x03\x04"),
    ],
)
def test_a_damaged_file_is_refused_in_one_line(kind: str, data: bytes) -> None:
    with pytest.raises(ReadError) as refused:
        READERS[kind](data, f"hong.{kind}")
    assert str(refused.value).startswith(f"hong.{kind}: ")
    assert "\n" not in str(refused.value)


def test_a_password_is_told() -> None:
    with pytest.raises(ReadError, match=r"mật khẩu|password"):
        read_doc(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "kin.doc")


def test_without_libreoffice_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KGSEARCH_LIBREOFFICE", raising=False)
    monkeypatch.setattr(libreoffice, "_installed", lambda: iter(()))
    with pytest.raises(ReadError, match=r"^a\.odt: .*LibreOffice"):
        read_odt(b"", "a.odt")


posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for LibreOffice")


def _stand_in(folder: Path, script: str) -> str:
    path = folder / "office"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@posix
def test_a_conversion_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    monkeypatch.setenv("KGSEARCH_LIBREOFFICE", _stand_in(tmp_path, f"echo $$ > {pid}; exec sleep 1000"))
    monkeypatch.setattr(libreoffice, "TIME_LIMIT", 1.0)
    with pytest.raises(ReadError, match=r"^a\.odt: .*1 "):
        convert(b"x", "odt", "a.odt")
    assert not _is_running(int(pid.read_text(encoding="utf-8")))


@posix
def test_a_program_that_only_asks_to_be_started_again_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "started"
    monkeypatch.setenv("KGSEARCH_LIBREOFFICE", _stand_in(tmp_path, f"echo x >> {started}; exit 81"))
    with pytest.raises(ReadError, match=r"^a\.odt: "):
        convert(b"x", "odt", "a.odt")
    assert 1 < len(started.read_text(encoding="utf-8").split()) < 10


def _is_running(pid: int) -> bool:
    for _attempt in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


@posix
def test_nothing_of_the_users_is_handed_on_or_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    monkeypatch.setenv("KGSEARCH_LIBREOFFICE", _stand_in(tmp_path, f"env > {said}; pwd >> {said}"))
    monkeypatch.setenv("A_SECRET", "kept")
    with pytest.raises(ReadError):
        convert(b"x", "odt", "a.odt")
    text = said.read_text(encoding="utf-8")
    assert "A_SECRET" not in text
    home = next(line.removeprefix("HOME=") for line in text.splitlines() if line.startswith("HOME="))
    assert text.splitlines()[-1] == home
    assert not Path(home).exists()


@posix
def test_a_program_that_cannot_be_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGSEARCH_LIBREOFFICE", str(tmp_path / "none"))
    with pytest.raises(ReadError, match=r"^a\.odt: .*LibreOffice"):
        convert(b"x", "odt", "a.odt")


@needs_libreoffice
@pytest.mark.parametrize("kind", READERS)
def test_a_document_written_by_another_program_has_the_same_clauses(kind: str, tmp_path: Path) -> None:
    written = pytest.importorskip("written", reason="python-docx writes the documents")
    if not SHARED.is_dir():
        pytest.skip("the shared documents are not here")
    documents = written.documents_to_write(SHARED, 0)[:4]
    for name, text, before in documents:
        # LibreOffice writes "?" for letters beyond ASCII in the labels of an RTF; it reads those that Word writes (test_labels_in_rtf).
        (tmp_path / name).with_suffix(".docx").write_bytes(written.docx_of(before, text, numbered=kind != "rtf"))
    sources = [str((tmp_path / name).with_suffix(".docx")) for name, _text, _before in documents]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program(), profile, "--headless", "--convert-to", WRITERS[kind], "--outdir", str(tmp_path), *sources]
    for _attempt in range(2):  # with a new profile it may ask to be started again
        subprocess.run(command, check=False, capture_output=True, timeout=300)
    found = []
    for name, _text, before in documents:
        path = (tmp_path / name).with_suffix(f".{kind}")
        after = parse(READERS[kind](path.read_bytes(), path.name))
        assert len(after) == len(before), path.name
        found += [written.agreement(one, other) for one, other in zip(before, after, strict=True)]
    assert all(one.number and one.type and one.issued for one in found)
    assert sum(one.clauses for one in found) >= 0.97 * len(found)
    assert sum(one.words for one in found) >= 0.97 * len(found)
