"""Archives: each file in one by itself, within bounds, and one bad file spoils no other."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from kgsearch.errors import ReadError
from kgsearch.models import SourceText
from kgsearch.readers import archive
from kgsearch.readers.archive import read_zip
from kgsearch.readers.dispatch import MemberFailure


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    """An archive of the files given as (name, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files:
            written.writestr(name, content)
    return target.getvalue()


def texts(data: bytes) -> dict[str, str]:
    """The texts in an archive by the names of its files."""
    return {one.member: one.text for one in read_zip(data, "a.zip") if isinstance(one, SourceText)}


def failures(data: bytes) -> dict[str, str]:
    """What cannot be read in an archive: reasons by names."""
    return {one.member: one.reason for one in read_zip(data, "a.zip") if isinstance(one, MemberFailure)}


def test_each_file_is_read_in_the_order_of_names() -> None:
    data = zipped(("b/Nghị quyết.txt", "Điều 1. Một"), ("a.txt", "Số: 1"), (".ẩn.txt", "x"), ("__MACOSX/a.txt", "x"), ("c.exe", b"MZ"))
    assert list(texts(data).items()) == [("a.txt", "Số: 1"), ("b/Nghị quyết.txt", "Điều 1. Một")]
    assert not failures(data)


def test_one_bad_file_spoils_no_other() -> None:
    data = zipped(("a.txt", b""), ("b.txt", "Điều 1"), ("c.zip", zipped(("a.txt", "x"))))
    assert texts(data) == {"b.txt": "Điều 1"}
    assert set(failures(data)) == {"a.txt", "c.zip"}


def test_links_and_folders_are_passed_over() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped((link, "/etc/passwd"), ("thư mục/", b""), ("../../ra.txt", "Điều 1"))
    assert texts(data) == {"../../ra.txt": "Điều 1"}


def test_a_bomb_is_named_and_the_rest_is_read() -> None:
    data = zipped(("bomb.txt", b"0" * 20_000_000), ("a.txt", "Điều 1"))
    assert texts(data) == {"a.txt": "Điều 1"}
    assert list(failures(data)) == ["bomb.txt"]


def test_what_comes_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    with pytest.raises(ReadError, match=r"a\.zip"):
        list(read_zip(zipped(("a.txt", "a" * 600), ("b.txt", "b" * 600)), "a.zip"))


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    with pytest.raises(ReadError, match=r"a\.zip"):
        list(read_zip(zipped(("a.txt", "a"), ("b.txt", "b"), ("c.txt", "c")), "a.zip"))


def test_an_encrypted_file_is_named() -> None:
    data = bytearray(zipped(("a.txt", "Điều 1")))
    data[6] |= 1
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert list(failures(bytes(data))) == ["a.txt"]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"", zipped(("a.txt", "x"))[:-30]], ids=["head", "empty", "cut"])
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"a\.zip"):
        list(read_zip(data, "a.zip"))


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damage_in_other_compressions_is_of_one_file(compression: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        written.writestr("a.txt", bytes(range(48, 122)) * 50, compression)
        written.writestr("b.txt", "Điều 1")
    data = bytearray(target.getvalue())
    data[39:60] = b"\xff" * 21
    assert texts(bytes(data)) == {"b.txt": "Điều 1"}
    assert list(failures(bytes(data))) == ["a.txt"]


def test_damage_inside_is_of_one_file() -> None:
    data = bytearray(zipped(("a.txt", bytes(range(48, 122)) * 50), ("b.txt", "Điều 1")))
    data[60:64] = b"\xff\xff\xff\xff"
    assert texts(bytes(data)) == {"b.txt": "Điều 1"}
    assert list(failures(bytes(data))) == ["a.txt"]
