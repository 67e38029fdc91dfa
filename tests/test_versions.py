"""Versions of documents, files that move or are not complete, and what a catalogue says of its own faults."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kgsearch.catalogue import Catalogue, CatalogueReader, database, history, migrating, versions
from kgsearch.catalogue.flattening import document_row
from kgsearch.errors import IndexStateError
from kgsearch.i18n import use_language
from kgsearch.models import Clause, Document, Kind, PageRecognition, Reference, Span, VersionRecord

HOUR = 3_600_000_000_000
ID = "nghi-quyet-a"
LONG = (
    "Ủy ban nhân dân tỉnh giao Sở Tài chính chủ trì phối hợp với các cơ quan liên quan tổ chức thực hiện nghị quyết này và báo cáo kết quả"
)


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@cache
def empty() -> bytes:
    """A catalogue that holds nothing: to make one takes longer than to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "catalogue.sqlite"
        Catalogue.open(made, create=True).close()
        return made.read_bytes()


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "index" / "catalogue.sqlite"


@pytest.fixture
def path(nowhere: Path) -> Path:
    nowhere.parent.mkdir()
    nowhere.write_bytes(empty())
    return nowhere


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(path, create=True) as opened:
        yield opened
        assert opened.reader.faults() == []


def document(text: str, name: str = "a", **fields: Any) -> Document:
    """A document of one article with a point below it; ``text`` is the point's."""
    point = Clause("art_1__point_a", Kind.POINT, "a)", "a", "", text, page=2)
    clause = Clause("art_1", Kind.ARTICLE, "Điều 1", "1", "", "Nội dung.", clauses=(point,))
    values: dict[str, Any] = {
        "id": f"nghi-quyet-{name}",
        "number": f"{name}/NQ-HĐND",
        "type": "Nghị quyết",
        "title": f"Về {text}",
        "issuer": "Hội đồng nhân dân tỉnh Hải Giang",
        "place": "Hải Giang",
        "issued": date(2021, 10, 6),
        "signer": "Nguyễn Văn A",
        "signer_title": "Chủ tịch",
        **fields,
    }
    return Document(clauses=(clause,), **values)


def put(catalogue: Catalogue, path: str, digest: str, *held: Document, mtime: int = 0, read_by: str = "reader/1") -> None:
    catalogue.put_file(path, digest, 10, mtime * HOUR, held, read_by=read_by)


def follow(catalogue: Catalogue) -> None:
    """What a run does at its end: the engine is told, and what left is forgotten."""
    catalogue.mark_indexed({record.id: len(catalogue.passages(record.id)) for record in catalogue.pending()})
    catalogue.purge_removed(list(catalogue.removed()))


def told(catalogue: Catalogue, document_id: str = ID) -> list[tuple[int, str]]:
    """(number, what its point said) of each version, newest first."""
    found = []
    for record in catalogue.reader.versions(document_id):
        version = catalogue.reader.version(document_id, record.number)
        assert version is not None
        found.append((record.number, version[1][1].text))
    return found


def said(catalogue: Catalogue, document_id: str = ID) -> str | None:
    """What the document's point says now."""
    clause = catalogue.reader.clause(document_id, "art_1__point_a")
    return clause.text if clause else None


def kept(path: Path, table: str = "versions") -> int:
    """How many rows there are, seen or not."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# --- versions -------------------------------------------------------------------------------------------------------------


def test_a_rewritten_file_leaves_a_version(catalogue: Catalogue) -> None:
    old = document("một", effective=date(2022, 1, 1), recipients=("Sở",), recognised=(PageRecognition(2, 81.5),), warnings=("lạ",))
    put(catalogue, "a.txt", "1", old)
    before, clauses = catalogue.reader.document(ID), catalogue.reader.clauses(ID)
    assert catalogue.reader.versions(ID) == []
    put(catalogue, "a.txt", "2", document("hai", issued=date(2021, 11, 1)))
    (found,) = catalogue.reader.versions(ID)
    assert found == VersionRecord(1, found.replaced, "a.txt", "Về một", date(2021, 10, 6), 2)
    assert found.replaced.endswith("+00:00")
    assert json.loads(json.dumps(found.to_json()))["issued"] == "2021-10-06"
    assert catalogue.reader.version(ID, 1) == (before, clauses), "all that could be shown of it can be shown still"
    assert said(catalogue) == "hai"
    assert catalogue.reader.version(ID, 2) is None
    assert catalogue.reader.version("nothing", 1) is None
    assert catalogue.reader.versions("nothing") == []


@pytest.mark.parametrize(
    ("digest", "held", "read_by"),
    [
        ("1", document("hai"), "reader/2"),
        ("1", document("hai"), "reader/1"),
        ("2", document("một"), "reader/1"),
        ("2", document("một", warnings=("chữ ký lạ",)), "reader/2"),
    ],
    ids=["read by another version", "read otherwise", "other bytes, the same words", "another remark"],
)
def test_what_is_no_version(catalogue: Catalogue, path: Path, digest: str, held: Document, read_by: str) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", digest, held, read_by=read_by)
    assert (catalogue.reader.versions(ID), kept(path)) == ([], 0)


def test_other_bytes_read_by_another_version_are_a_version(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", "1", document("một, đọc lại"), read_by="reader/2")
    put(catalogue, "a.txt", "2", document("hai"), read_by="reader/3")
    assert told(catalogue) == [(1, "một, đọc lại")], "as it was read last"


def test_versions_count_up_and_the_oldest_go(catalogue: Catalogue) -> None:
    for number in range(history.MAX_VERSIONS + 3):
        put(catalogue, "a.txt", f"{number}", document(f"lần {number}"))
    found = told(catalogue)
    assert [number for number, _text in found] == list(range(history.MAX_VERSIONS + 2, 2, -1))
    assert found[0] == (22, "lần 21")
    assert found[-1] == (3, "lần 2")


def test_a_file_that_goes_back_and_forth(catalogue: Catalogue) -> None:
    for digest in "12121":
        put(catalogue, "a.txt", digest, document(digest))
    assert told(catalogue) == [(4, "2")], "what is said now is no version, and nothing is kept twice"
    put(catalogue, "a.txt", "3", document("3"))
    assert told(catalogue) == [(5, "1"), (4, "2")]


def test_a_newer_file_with_the_same_document(catalogue: Catalogue) -> None:
    put(catalogue, "cũ.txt", "1", document("một"), mtime=1)
    put(catalogue, "mới.txt", "2", document("hai"), mtime=2)
    assert told(catalogue) == [(1, "một")]
    assert catalogue.reader.versions(ID)[0].file == "cũ.txt"
    put(catalogue, "cũ hơn.txt", "3", document("ba"), mtime=0)
    assert told(catalogue) == [(1, "một")], "an older file's words are not served, and replace nothing"


@pytest.mark.parametrize("rewritten", [False, True], ids=["the older as it was", "the older rewritten meanwhile"])
def test_the_newer_of_two_files_is_deleted(catalogue: Catalogue, path: Path, rewritten: bool) -> None:
    put(catalogue, "cũ.txt", "1", document("một"), mtime=1)
    put(catalogue, "mới.txt", "2", document("hai"), mtime=2)
    follow(catalogue)
    catalogue.remove_file("mới.txt")
    assert catalogue.marked_files() == ["cũ.txt"], "it is to be read again"
    put(catalogue, "cũ.txt", "3" if rewritten else "1", document("ba" if rewritten else "một"), mtime=1)
    follow(catalogue)
    assert said(catalogue) == ("ba" if rewritten else "một")
    assert told(catalogue) == ([(1, "một")] if rewritten else []), "what a person deleted is gone, what speaks again is no version"
    put(catalogue, "cũ.txt", "4", document("bốn"), mtime=3)
    assert [text for _number, text in told(catalogue)] == (["ba", "một"] if rewritten else ["một"])


def test_two_files_changed_in_turn(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "b.txt", "2", document("hai"), mtime=2)
    put(catalogue, "a.txt", "1", document("một"), mtime=3)
    assert (said(catalogue), told(catalogue)) == ("một", [(2, "hai")])
    put(catalogue, "a.txt", "1", document("một"), mtime=3, read_by="reader/2")
    put(catalogue, "b.txt", "2", document("hai"), mtime=2, read_by="reader/2")
    assert (said(catalogue), told(catalogue)) == ("một", [(2, "hai")]), "another reader changes nothing"


def test_versions_go_with_the_last_file(catalogue: Catalogue, path: Path) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", "2", document("hai"))
    put(catalogue, "b.txt", "2", document("hai"))
    catalogue.remove_file("a.txt")
    follow(catalogue)
    assert told(catalogue) == [(1, "một")]
    catalogue.remove_file("b.txt")
    assert (catalogue.reader.versions(ID), catalogue.reader.version(ID, 1)) == ([], None)
    follow(catalogue)
    assert kept(path) == 0
    put(catalogue, "a.txt", "3", document("ba"))
    assert catalogue.reader.versions(ID) == []


@pytest.mark.parametrize("in_between", [False, True], ids=["in one run", "a run in between"])
@pytest.mark.parametrize("holder", [False, True], ids=["alone", "another file holds it as well"])
def test_a_file_that_fails_and_comes_back(catalogue: Catalogue, path: Path, in_between: bool, holder: bool) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "a.txt", "2", document("hai"), mtime=1)
    if holder:
        put(catalogue, "b.txt", "2", document("hai"))
    follow(catalogue)
    catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    if in_between:
        follow(catalogue)
        follow(catalogue)
    assert (catalogue.reader.document(ID) is not None) == holder
    assert told(catalogue) == ([(1, "một")] if holder else [])
    put(catalogue, "a.txt", "2", document("hai"), mtime=1)
    follow(catalogue)
    assert (said(catalogue), told(catalogue)) == ("hai", [(1, "một")]), "the same bytes: nothing was replaced"
    catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    follow(catalogue)
    put(catalogue, "a.txt", "3", document("ba"), mtime=1)
    follow(catalogue)
    assert (said(catalogue), told(catalogue)) == ("ba", [(2, "hai"), (1, "một")])
    assert kept(path, "withdrawn") == 0


def test_what_a_deleted_file_said_is_not_kept_for_one_that_cannot_be_read(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "b.txt", "2", document("hai"), mtime=2)
    catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    catalogue.remove_file("b.txt")
    follow(catalogue)
    put(catalogue, "a.txt", "3", document("ba"), mtime=3)
    assert told(catalogue) == [(1, "một")]


def test_a_file_that_fails_for_good(catalogue: Catalogue, path: Path) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", "2", document("hai"))
    catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    follow(catalogue)
    catalogue.fail_file("a.txt", "y", 3, HOUR, "still no text")
    assert kept(path) == 2, "as long as the file is there"
    catalogue.remove_file("a.txt")
    assert kept(path) == 0


def test_a_file_that_fails_and_comes_back_as_something_else(catalogue: Catalogue, path: Path) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", "2", document("hai"))
    catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    follow(catalogue)
    put(catalogue, "a.txt", "3", document("khác hẳn", "z", number="99/QĐ-UBND"))
    follow(catalogue)
    assert kept(path) == 0
    assert catalogue.reader.versions("nghi-quyet-z") == []


@pytest.mark.parametrize("order", ["the old one first", "the new one first"])
@pytest.mark.parametrize("newer", [True, False], ids=["newer", "with an older time"])
def test_a_file_moved_and_changed_in_one_run(catalogue: Catalogue, order: str, newer: bool) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "a.txt", "2", document("hai"), mtime=1)
    follow(catalogue)
    steps: list[Callable[[], None]] = [
        lambda: catalogue.remove_file("a.txt"),
        lambda: put(catalogue, "b.txt", "3", document("ba"), mtime=2 if newer else 0),
    ]
    for step in steps if order == "the old one first" else reversed(steps):
        step()
    if catalogue.files()["b.txt"].sha256 == "":
        put(catalogue, "b.txt", "3", document("ba"), mtime=0)
    follow(catalogue)
    assert said(catalogue) == "ba"
    # Put first with an older time, its words come only after the old file was deleted: as where an older copy speaks again.
    lost = order == "the new one first" and not newer
    if order == "the old one first":
        version = catalogue.reader.version(ID, 2)
        assert version is not None
        assert version[0].files == (), "which file it was of is not known any more"
    assert [text for _number, text in told(catalogue)] == (["một"] if lost else ["hai", "một"])


# --- another id -----------------------------------------------------------------------------------------------------------


def draft(text: str, name: str, **fields: Any) -> Document:
    """A document with enough words to be known again, under an id of its own."""
    return document(f"{LONG} {text}", name, **{"number": "", **fields})


ANOTHER_ID = {
    "a draft, whose id is of its words": (draft("một", "x"), draft("hai", "y"), True),
    "a draft that gets a number": (draft("một", "x"), draft("hai", "y", number="5/NQ-HĐND"), True),
    "another type": (draft("một", "x", number="5/NQ-HĐND"), draft("hai", "y", number="5/nq-hđnd", type="Quyết định"), True),
    "room for a number": (draft("một", "x", number="…/NQ-HĐND"), draft("hai", "y", number="6/NQ-HĐND"), True),
    "another number": (draft("một", "x", number="5/NQ-HĐND"), draft("hai", "y", number="6/NQ-HĐND"), False),
    "other words": (draft("một", "x"), document("Nội dung hoàn toàn khác với bản trước", "y", number=""), False),
}


@pytest.mark.parametrize("name", ANOTHER_ID)
@pytest.mark.parametrize("way", ["at once", "unreadable in between", "unreadable for a run", "read otherwise"])
def test_a_rewritten_file_whose_document_gets_another_id(catalogue: Catalogue, path: Path, name: str, way: str) -> None:
    old, new, same = ANOTHER_ID[name]
    put(catalogue, "a.txt", "0", draft("không", "x", number=old.number))
    put(catalogue, "a.txt", "1", old)
    follow(catalogue)
    if way.startswith("unreadable"):
        catalogue.fail_file("a.txt", "x", 3, HOUR, "no text")
    if way == "unreadable for a run":
        follow(catalogue)
    put(catalogue, "a.txt", "1" if way == "read otherwise" else "2", new, read_by="reader/2")
    follow(catalogue)
    assert catalogue.reader.document(old.id) is None
    expected = [f"{LONG} không"] if way == "read otherwise" else [f"{LONG} một", f"{LONG} không"]
    assert [text for _number, text in told(catalogue, new.id)] == (expected if same else [])
    assert kept(path) == (len(expected) if same else 0)
    if same:
        version = catalogue.reader.version(new.id, 1)
        assert version is not None
        assert (version[0].id, version[0].number, version[1][0].document) == (new.id, old.number, new.id)


def test_a_document_that_another_file_holds_is_not_passed_on(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", draft("một", "x"))
    put(catalogue, "b.txt", "1", draft("một", "x"))
    put(catalogue, "a.txt", "2", draft("hai", "y"))
    assert said(catalogue, "nghi-quyet-x") == f"{LONG} một"
    assert catalogue.reader.versions("nghi-quyet-y") == []


def test_of_several_documents_each_goes_to_the_one_most_like_it(catalogue: Catalogue) -> None:
    def about(subject: str, name: str) -> Document:
        return document(" ".join(f"{subject} {number} việc" for number in range(40)), name, number="")

    put(catalogue, "a.txt", "1", about("cầu", "x"), about("đường", "y"))
    put(catalogue, "a.txt", "2", about("đường sắt", "v"), about("cầu", "w"), about("khác", "u"))
    assert [catalogue.reader.versions(f"nghi-quyet-{name}")[0].title[:6] for name in "w"] == ["Về cầu"]
    assert catalogue.reader.versions("nghi-quyet-u") == []


def test_what_a_disk_has_altered_is_no_version_and_stops_nothing(catalogue: Catalogue, path: Path) -> None:
    for harm in ("x'4eff'", "'Nội dunh.'"):
        put(catalogue, "a.txt", f"{harm} 1", document("một"))
        put(catalogue, "b.txt", f"{harm} 1", draft("một", "x"))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"UPDATE clauses SET text = CAST({harm} AS TEXT)")
            connection.execute("UPDATE documents SET title = CAST(x'56ff' AS TEXT), content = CAST(x'ff' AS TEXT)")
        put(catalogue, "a.txt", f"{harm} 2", document("hai"))
        put(catalogue, "b.txt", f"{harm} 2", draft("hai", "y"))
        assert (said(catalogue), told(catalogue)) == ("hai", [])
        assert told(catalogue, "nghi-quyet-y") == []
        catalogue.remove_file("a.txt")
        catalogue.remove_file("b.txt")
        follow(catalogue)


def test_what_a_disk_has_altered_is_read_again_on_request(catalogue: Catalogue, path: Path) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "b.txt", "1", document("hai", "b"))
    follow(catalogue)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE clauses SET text = CAST(x'4eff' AS TEXT) WHERE eid = 'art_1' AND document_key = 1")
    with pytest.raises(IndexStateError, match="--rebuild") as raised:
        catalogue.reader.clauses(ID)
    assert "\ufffd" not in str(raised.value)
    assert [fault.reread for fault in catalogue.reader.faults()] == [ID]
    assert catalogue.read_altered_again() == [ID]
    assert catalogue.marked_files() == ["a.txt"]
    put(catalogue, "a.txt", "1", document("một"))
    assert (said(catalogue), told(catalogue)) == ("một", [])


def test_no_more_documents_are_compared_than_can_be(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_COMPARED", 3)
    shared: list[object] = []
    share = history._share
    monkeypatch.setattr(history, "_share", lambda before, now: shared.append(now) or share(before, now))
    put(catalogue, "a.zip", "1", *(draft(f"{number} cũ", f"cu{number}") for number in range(9)))
    put(catalogue, "a.zip", "2", *(draft(f"{number} mới", f"moi{number}") for number in range(9)))
    assert 0 < len(shared) <= 3 * 3 + 3
    assert catalogue.reader.versions("nghi-quyet-moi0")


def test_files_that_change_places(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", draft("một", "x"))
    put(catalogue, "b.txt", "2", draft("hai", "y"))
    put(catalogue, "a.txt", "2", draft("hai", "y"))
    put(catalogue, "b.txt", "1", draft("một", "x"))
    follow(catalogue)
    assert [told(catalogue, name) for name in ("nghi-quyet-x", "nghi-quyet-y")] == [[], []]
    assert [catalogue.reader.documents_of_file(name)[0].id for name in ("a.txt", "b.txt")] == ["nghi-quyet-y", "nghi-quyet-x"]


# --- archives -------------------------------------------------------------------------------------------------------------


def test_versions_of_what_an_archive_holds(catalogue: Catalogue) -> None:
    put(catalogue, "a.zip", "1", document("một"), document("không đổi", "b"))
    put(catalogue, "a.zip", "2", document("hai"), document("không đổi", "b"))
    assert told(catalogue) == [(1, "một")]
    assert catalogue.reader.versions("nghi-quyet-b") == []


@pytest.mark.parametrize("back", [True, False], ids=["comes back", "was taken out"])
def test_a_file_in_an_archive_that_cannot_be_read_for_a_while(catalogue: Catalogue, path: Path, back: bool) -> None:
    put(catalogue, "a.zip", "1", document("một"), document("kia", "b"))
    put(catalogue, "a.zip", "2", document("hai"), document("kia", "b"))
    follow(catalogue)
    put(catalogue, "a.zip", "3", document("kia", "b"))
    catalogue.fail_file("a.zip/một.docx", "", 0, 0, "damaged")
    follow(catalogue)
    assert catalogue.reader.document(ID) is None
    catalogue.remove_file("a.zip/một.docx")
    put(catalogue, "a.zip", "4", *([document("ba")] if back else []), document("kia", "b"))
    follow(catalogue)
    assert told(catalogue) == ([(2, "hai"), (1, "một")] if back else [])
    assert kept(path) == (2 if back else 0)


# --- moved, waiting -------------------------------------------------------------------------------------------------------


def test_a_file_that_moves_keeps_what_it_held(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    put(catalogue, "a.txt", "2", document("hai"))
    follow(catalogue)
    changed = catalogue.reader.meta()["changed"]
    catalogue.move_file("a.txt", "năm/b.txt", 10, 0)
    assert list(catalogue.files()) == ["năm/b.txt"]
    assert catalogue.files()["năm/b.txt"].sha256 == "2"
    record = catalogue.reader.document(ID)
    assert record is not None
    assert record.files == ("năm/b.txt",)
    assert ([*catalogue.pending()], [*catalogue.removed()], told(catalogue)) == ([], [], [(1, "một")])
    assert catalogue.reader.meta()["changed"] > changed, "readers that keep anything must know"
    catalogue.move_file("nothing", "c.txt", 1, 1)
    catalogue.move_file("năm/b.txt", "năm/b.txt", 10, 0)
    assert list(catalogue.files()) == ["năm/b.txt"]


def test_an_archive_that_moves_takes_its_files_along(catalogue: Catalogue) -> None:
    put(catalogue, "a.zip", "1", document("một"))
    for name in ("a.zip/x.docx", "a.zip/trong/y.docx", "a.zip0", "a.zi"):
        catalogue.fail_file(name, "", 0, 0, "damaged")
    catalogue.move_file("a.zip", "b/c.zip", 10, 0)
    assert set(catalogue.files()) == {"b/c.zip", "b/c.zip/x.docx", "b/c.zip/trong/y.docx", "a.zip0", "a.zi"}
    assert {file["file"] for file in catalogue.reader.status()["failures"]} == set(catalogue.files()) - {"b/c.zip"}


def test_a_file_that_is_written_over_by_another_that_moves(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "b.txt", "2", document("hai", "b"))
    follow(catalogue)
    catalogue.move_file("a.txt", "b.txt", 10, HOUR)
    assert list(catalogue.files()) == ["b.txt"]
    assert [record.id for record in catalogue.reader.documents_of_file("b.txt")] == [ID]
    assert list(catalogue.removed()) == ["nghi-quyet-b"]
    assert list(catalogue.pending()) == []


def test_the_newer_of_two_files_moves_with_an_older_time(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"), mtime=1)
    put(catalogue, "b.txt", "2", document("hai"), mtime=2)
    catalogue.move_file("b.txt", "c.txt", 10, 0)
    assert catalogue.files()["a.txt"].sha256 == "", "it is the newest now, and is to be read again"
    assert said(catalogue) == "hai"


def test_a_file_that_is_not_complete_serves_on_what_it_held(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    follow(catalogue)
    catalogue.wait_file("a.txt", 20, HOUR, "still being written")
    catalogue.wait_file("b.txt", 5, HOUR, "still being written")
    known = catalogue.files()["a.txt"]
    assert (known.status, known.sha256, known.size, known.mtime_ns, known.read_by) == ("waiting", "", 20, HOUR, "reader/1")
    assert (said(catalogue), [*catalogue.pending()], [*catalogue.removed()]) == ("một", [], [])
    status = catalogue.reader.status()
    assert status["files_waiting"] == [{"file": name, "reason": "still being written"} for name in ("a.txt", "b.txt")]
    assert (status["files_ok"], status["files_failed"]) == (0, 0)
    put(catalogue, "a.txt", "2", document("hai"), mtime=1)
    assert (told(catalogue), catalogue.files()["a.txt"].status) == ([(1, "một")], "ok")


@pytest.mark.parametrize("digest", ["1", "2"])
def test_a_file_that_waits_fails_and_comes_back(catalogue: Catalogue, digest: str) -> None:
    put(catalogue, "a.txt", "1", document("một"))
    catalogue.wait_file("a.txt", 20, HOUR, "still being written")
    catalogue.fail_file("a.txt", "x", 20, HOUR, "half a file")
    follow(catalogue)
    catalogue.wait_file("a.txt", 30, HOUR, "still being written")
    follow(catalogue)
    put(catalogue, "a.txt", digest, document(digest), mtime=1)
    assert told(catalogue) == ([] if digest == "1" else [(1, "một")])


def test_the_last_run_is_told(catalogue: Catalogue) -> None:
    catalogue.stamp(last_run=json.dumps({"added": 3}))
    assert catalogue.reader.status()["last_run"] == {"added": 3}
    catalogue.stamp(last_run="{half")
    assert catalogue.reader.status()["last_run"] is None
    catalogue.stamp(last_run="null")


# --- whatever happens -----------------------------------------------------------------------------------------------------

PATHS = ("a.txt", "b.txt", "c.zip")
DOCUMENTS = [[document(text, name)] for name in "xy" for text in ("một", "hai")]
CONTENTS = [*DOCUMENTS, [document("một", "x"), document("hai", "y")], [draft("một", "p")], [draft("hai", "q")]]


class Folder(RuleBasedStateMachine):
    """Files of a folder in any order of events; a plain model says what must be served."""

    def __init__(self) -> None:
        super().__init__()
        use_language("en")
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "catalogue.sqlite"
        path.write_bytes(empty())
        self.catalogue = Catalogue.open(path, create=False)
        self.held: dict[str, int] = {}
        self.times: dict[str, int] = {}
        self.time = 0

    def teardown(self) -> None:
        self.catalogue.close()
        self.folder.cleanup()

    def read(self, path: str) -> None:
        content = self.held[path]
        put(self.catalogue, path, str(content), *CONTENTS[content], mtime=self.times[path])

    @rule(path=st.sampled_from(PATHS), content=st.integers(0, len(CONTENTS) - 1))
    def write(self, path: str, content: int) -> None:
        self.time += 1
        self.held[path], self.times[path] = content, self.time
        self.read(path)

    @rule(path=st.sampled_from(PATHS))
    def fail(self, path: str) -> None:
        self.time += 1
        self.held.pop(path, None)
        self.catalogue.fail_file(path, "x", 1, self.time * HOUR, "no text")

    @rule(path=st.sampled_from(PATHS))
    def wait(self, path: str) -> None:
        mtime = self.times.get(path, 0) if path in self.held else 0
        self.catalogue.wait_file(path, 1, mtime * HOUR, "still being written")

    @rule(path=st.sampled_from(PATHS))
    def remove(self, path: str) -> None:
        self.held.pop(path, None)
        self.catalogue.remove_file(path)

    @rule(old=st.sampled_from(PATHS), new=st.sampled_from(PATHS))
    def move(self, old: str, new: str) -> None:
        known = self.catalogue.files().get(old)
        if known is None or old == new:
            return
        self.held.pop(new, None)
        if old in self.held:
            self.held[new], self.times[new] = self.held.pop(old), self.times[old]
        self.catalogue.move_file(old, new, known.size, known.mtime_ns)

    @precondition(lambda self: self.held)
    @rule()
    def run(self) -> None:
        for path, record in self.catalogue.files().items():
            if record.sha256 == "" and path in self.held:
                self.read(path)
        for path, record in self.catalogue.files().items():
            if record.sha256 == "" and path in self.held:
                self.read(path)
        follow(self.catalogue)
        served = {one.id: said(self.catalogue, one.id) for one in self.catalogue.reader.documents()}
        expected: dict[str, str | None] = {}
        for path in sorted(self.held, key=lambda one: (self.times[one], one)):
            expected.update({one.id: one.clauses[0].clauses[0].text for one in CONTENTS[self.held[path]]})
        assert served == expected

    @invariant()
    def is_whole(self) -> None:
        assert self.catalogue.reader.faults() == []
        for one in self.catalogue.reader.documents():
            texts = [text for _number, text in told(self.catalogue, one.id)]
            assert len(texts) == len(set(texts))


TestFolder = Folder.TestCase
TestFolder.settings = hypothesis_settings(max_examples=25, stateful_step_count=14, deadline=None)


# --- what is wrong with a catalogue ---------------------------------------------------------------------------------------


def citing() -> Document:
    """A document that cites another by a clause."""
    reference = Reference("art_1", "Điều 1 Nghị quyết số b/NQ-HĐND", Span(0, 30), "b/NQ-HĐND", document="b/NQ-HĐND", clauses=("Điều 1",))
    return document("một", references=(reference,))


FAULTS = {
    "a flipped bit in the words": ("UPDATE clauses SET text = 'Nội dunh.' WHERE position = 0", "is not what was written"),
    "a citation": ("UPDATE clauses SET citation = 'Điều 2' WHERE position = 0", "is not what was written"),
    "a reference's words": ("""UPDATE "references" SET number = '6/NQ-HĐND'""", "is not what was written"),
    "a lost clause": ("DELETE FROM clauses WHERE position = 1", "1 clauses are there where 2 were written"),
    "all clauses": ("DELETE FROM clauses", "has no clauses"),
    "a place": ("UPDATE clauses SET position = 7 WHERE position = 1", "numbered through"),
    "an end": ("UPDATE clauses SET last = 9 WHERE position = 0", "ends outside"),
    "a parent": ("UPDATE clauses SET parent = 'art_9' WHERE position = 1", "does not stand in “art_9”"),
    "an eId": ("UPDATE clauses SET eid = '' WHERE position = 1", "no name"),
    "a document without file": ("DELETE FROM document_files", "no file holds the document"),
    "a removed one that is held": ("UPDATE documents SET state = 'removed'", "counts as removed"),
    "an unknown state": ("UPDATE documents SET state = 'lost'", "unknown state"),
    "an unknown status": ("UPDATE files SET status = 'lost'", "unknown status"),
    "a failed file that holds": ("UPDATE files SET status = 'failed'", "cannot be read"),
    "words of no file": ("UPDATE documents SET file_key = NULL", "the newest file"),
    "a reference from nowhere": ("""UPDATE "references" SET eid = 'art_9'""", "which cites"),
    "a reference to nowhere": ("UPDATE reference_targets SET eid = 'art_9'", "what the clause “art_1” cites"),
    "a link that is none": ("DELETE FROM reference_targets", "leads anywhere"),
    "a row of nothing": ("PRAGMA foreign_keys = OFF; DELETE FROM documents", "that is not there"),
    "a version of nothing": ("UPDATE versions SET document = 'other'", "no file stands for"),
    "a version's data": ("UPDATE versions SET data = substr(data, 1, 20)", "its version 1 cannot be read"),
    "a version's data, none at all": ("UPDATE versions SET data = 'x'", "its version 1 cannot be read"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(path: Path, name: str) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "b.txt", "1", document("b", "b"))
        put(catalogue, "a.txt", "1", document("không"))
        put(catalogue, "a.txt", "2", citing())
        assert catalogue.reader.faults() == []
    sql, expected = FAULTS[name]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    with CatalogueReader(path) as reader:
        found = [fault.what for fault in reader.faults()]
    assert any(expected in sentence for sentence in found), found
    assert all("\n" not in sentence and sentence.endswith(".") for sentence in found)


def test_a_damaged_file_is_told_as_far_as_it_can_be_read(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", "1", *(document(LONG, f"{number}") for number in range(200)))
    content = bytearray(path.read_bytes())
    size = len(content)
    content[size // 2 : size // 2 + 8192] = bytes(8192)
    path.write_bytes(content)
    with CatalogueReader(path) as reader:
        found = reader.faults()
    assert found
    assert len(found) < 300, "of each kind some are enough"


def test_a_version_that_cannot_be_read_is_one_clear_error(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", "1", document("một"))
        put(catalogue, "a.txt", "2", document("hai"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE versions SET data = 'x'")
    with CatalogueReader(path) as reader, pytest.raises(IndexStateError, match="a version of nghi-quyet-a cannot be read"):
        reader.version(ID, 1)


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", "1", document(LONG))
    whole = path.read_bytes()
    place = whole.index("Sở Tài chính".encode())
    for offset in range(place, place + 16, 5):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        with CatalogueReader(path) as reader:
            assert reader.faults() != []


# --- copies ---------------------------------------------------------------------------------------------------------------


def test_a_copy_while_others_write(path: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            put(catalogue, "a.txt", f"{number}", document(f"lần {number}"), document(f"lần {number}", "b"))

    with Catalogue.open(path, create=True) as catalogue, CatalogueReader(path) as reader:
        put(catalogue, "a.txt", "0", document("lần 0"), document("lần 0", "b"))
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _number in range(5):
                reader.copy_to(tmp_path / "copy.sqlite")
                with CatalogueReader(tmp_path / "copy.sqlite") as copy:
                    assert copy.faults() == []
                    texts = {copy.clauses(name)[1].text for name in (ID, "nghi-quyet-b")}
                    assert len(texts) == 1, "as of one moment"
        finally:
            stop.set()
            writer.join()
        reader.copy_to(tmp_path / "copy.sqlite")
        (tmp_path / "copy.sqlite").rename(tmp_path / "alone.sqlite")
        with Catalogue.open(tmp_path / "alone.sqlite", create=False) as alone:
            assert said(alone) == said(catalogue)
            assert told(alone) == told(catalogue)
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.is_file()) == ["alone.sqlite"], "one file, nothing beside it"


def test_a_copy_that_cannot_be_written(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexStateError, match="cannot be opened or written"):
        catalogue.reader.copy_to(tmp_path / "file" / "copy.sqlite")
    (tmp_path / "copy.sqlite").write_text("what was there")
    (tmp_path / "copy.sqlite.part").mkdir()
    with pytest.raises(IndexStateError, match="cannot be opened or written"):
        catalogue.reader.copy_to(tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "what was there"


# --- a catalogue of the schema before -------------------------------------------------------------------------------------


def second_schema(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue as the program of the second schema left it: a document of a.txt, indexed; one whose file is to be read again."""
    scripts = tmp_path / "second"
    shutil.copytree(migrating.SCRIPTS, scripts)
    scripts.joinpath("versions", "v0003_history.py").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(migrating, "SCRIPTS", scripts)
        patched.setattr(versions, "SCHEMA_VERSION", 2)
        database.open_database(path, create=True).dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        for key, (digest, name) in enumerate([("1", "a"), ("", "b")], start=1):
            row = {
                one: json.dumps(value) if isinstance(value, list) else value for one, value in document_row(document("một", name)).items()
            }
            row |= {"issued": "2021-10-06", "content": "c", "state": "indexed", "passages": 2, "file_key": key}
            connection.execute(f"INSERT INTO files VALUES ({key}, '{name}.txt', '{digest}', 10, 0, 0, 'ok', '', 'reader/1')")
            connection.execute(f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
            connection.execute(f"INSERT INTO document_files VALUES ({key}, {key}, 0, 'c')")
            for place in (0, 1):
                connection.execute(
                    "INSERT INTO clauses VALUES (?, ?, 1, ?, ?, 'article', '', '', '', 'một', '', '', '[]', 0, '[]', '[]', '', '[]', '[]')",
                    (key, place, "art_1__point_a" if place else "art_1", "art_1" if place else ""),
                )


def test_a_catalogue_of_the_second_schema(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = nowhere
    second_schema(path, tmp_path, monkeypatch)
    with Catalogue.open(path, create=False) as catalogue:
        assert catalogue.reader.faults() == []
        assert (catalogue.counts().documents, catalogue.counts().clauses, catalogue.counts().waiting) == (2, 4, 0)
        assert [record.read_by for record in catalogue.files().values()] == ["reader/1", "reader/1"], "nothing has to be read again"
        put(catalogue, "a.txt", "2", document("hai"))
        put(catalogue, "b.txt", "2", document("hai", "b"))
        assert told(catalogue) == [(1, "một")]
        assert told(catalogue, "nghi-quyet-b") == [], "which bytes its words were of is not known"
    with closing(sqlite3.connect(path.with_name("catalogue.sqlite.v2"))) as copy:
        assert copy.execute("SELECT count(*) FROM clauses").fetchone() == (4,)


def test_a_migration_cut_off_at_any_step(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = nowhere
    second_schema(path, tmp_path, monkeypatch)
    before = path.read_bytes()
    steps = 0
    while True:
        steps += 1
        left = iter(range(steps))

        def count(_connection: Any, _cursor: Any, _statement: str, *_others: Any, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise sqlite3.OperationalError("disk I/O error")

        with monkeypatch.context() as patched:
            original = database._engine

            def listening(where: Path, pragmas: dict[str, str], count: Any = count, original: Any = original) -> Any:
                import sqlalchemy as sa

                engine = original(where, pragmas)
                if "journal_mode" not in pragmas:
                    sa.event.listen(engine, "before_cursor_execute", count)
                return engine

            patched.setattr(database, "_engine", listening)
            try:
                Catalogue.open(path, create=False).close()
                break
            except IndexStateError:
                assert path.read_bytes() == before, f"step {steps}"
            except Exception as error:
                assert "disk I/O error" in str(error)
                assert path.read_bytes() == before, f"step {steps}"
    assert steps > 10
    with CatalogueReader(path) as reader:
        assert reader.faults() == []


def test_a_copy_cut_off_before_a_migration_is_made_again(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = nowhere
    second_schema(path, tmp_path, monkeypatch)
    path.with_name("catalogue.sqlite.v2").write_bytes(b"half a copy")
    Catalogue.open(path, create=False).close()
    with closing(sqlite3.connect(path.with_name("catalogue.sqlite.v2"))) as copy:
        assert copy.execute("SELECT count(*) FROM clauses").fetchone() == (4,)


# --- what a run costs -----------------------------------------------------------------------------------------------------


def test_what_a_run_asks_does_not_look_at_clauses(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", "1", document("một"))
    queries: list[str] = []
    with Catalogue.open(path, create=False) as catalogue:
        import sqlalchemy as sa

        sa.event.listen(catalogue._engine, "before_cursor_execute", lambda _c, _u, statement, *_others: queries.append(statement))
        catalogue.counts(), catalogue.indexed(), list(catalogue.removed()), catalogue.marked_files()
        catalogue.touch_file("a.txt", 1, 1)
        catalogue.move_file("a.txt", "b.txt", 1, 1)
        catalogue.wait_file("b.txt", 1, 1, "why")
        with closing(sqlite3.connect(path)) as connection:
            for query in {one for one in queries if one.startswith(("SELECT", "UPDATE", "DELETE"))}:
                plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", ["x"] * query.count("?")))
                assert "clauses" not in plan.replace("passages_clauses", ""), query
                assert "SCAN documents" not in plan or "COVERING INDEX" in plan, f"{query}: {plan}"


def test_the_same_document_written_again_is_the_same(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", "1", citing(), document("b", "b"))
        first = [catalogue.reader.document(ID), catalogue.reader.clauses(ID), catalogue.reader.references(ID)]
        put(catalogue, "a.txt", "1", citing(), document("b", "b"))
        again = [catalogue.reader.document(ID), catalogue.reader.clauses(ID), catalogue.reader.references(ID)]
    assert first == again


def test_what_another_process_makes_ready_is_what_is_written(catalogue: Catalogue) -> None:
    import pickle

    from kgsearch.catalogue import holdings_of

    table = Clause("att_1__row_1", Kind.ROW, "1", "1", "", "Xây cầu", cells=("1", "Xây cầu"))
    annex = Clause("att_1", Kind.ANNEX, "Phụ lục I", "I", "DANH MỤC", "DANH MỤC", columns=("TT", "Việc"), clauses=(table,))
    held = citing()
    held = replace(held, clauses=(*held.clauses, annex), recognised=(PageRecognition(1, 70.0),), warnings=("lạ",))
    (ready,) = pickle.loads(pickle.dumps(holdings_of([held])))
    catalogue.put_holdings("a.txt", "1", 10, 0, [ready], read_by="reader/1")
    assert ready.record("a.txt") == catalogue.reader.document(ID)
    assert ready.passages() == catalogue.passages(ID)
