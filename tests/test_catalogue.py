"""The catalogue: what is written is read back, files and documents stay true to each other, a bad database is refused."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kgsearch.catalogue import Catalogue, CatalogueReader, database, migrating, versions, writing
from kgsearch.catalogue.flattening import clause_rows, content_digest, document_row
from kgsearch.catalogue.passages import MAX_SYLLABLES, cut, passages_of, title_line
from kgsearch.catalogue.schema import metadata
from kgsearch.catalogue.state import state_error
from kgsearch.citations.name_keys import citation_key
from kgsearch.errors import IndexStateError
from kgsearch.i18n import use_language
from kgsearch.models import Clause, ClauseRecord, Document, DocumentRecord, Filters, Kind, Reference, Relation, Span

ROOT = Path(__file__).resolve().parents[1]
HOUR = 3_600_000_000_000


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "catalogue.sqlite"


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(path, create=True) as opened:
        yield opened


def article(number: str, *below: Clause, text: str = "", heading: str = "") -> Clause:
    return Clause(f"art_{number}", Kind.ARTICLE, f"Điều {number}", number, heading, text or f"Nội dung điều {number}.", clauses=below)


def point(article_number: str, letter: str, text: str) -> Clause:
    return Clause(f"art_{article_number}__point_{letter}", Kind.POINT, f"{letter})", letter, "", text)


def document(name: str = "a", *clauses: Clause, **fields: Any) -> Document:
    values: dict[str, Any] = {
        "id": f"nghi-quyet-{name}",
        "number": f"{name}/NQ-HĐND",
        "type": "Nghị quyết",
        "title": "Về đầu tư công",
        "issuer": "Hội đồng nhân dân tỉnh Hải Giang",
        "place": "Hải Giang",
        "issued": date(2021, 10, 6),
        "signer": "Nguyễn Văn A",
        "signer_title": "Chủ tịch",
        **fields,
    }
    return Document(clauses=clauses or (article("1"),), **values)


def put(catalogue: Catalogue, path: str, *documents: Document, mtime: int = 0, digest: str = "0") -> None:
    catalogue.put_file(path, digest, 10, mtime * HOUR, documents)


def index_all(catalogue: Catalogue) -> None:
    catalogue.mark_indexed({record.id: len(catalogue.passages(record.id)) for record in catalogue.pending()})


def pending(catalogue: Catalogue) -> list[str]:
    return [record.id for record in catalogue.pending()]


# --- what is written is read back -----------------------------------------------------------------------------------------


def test_a_document_is_read_back(catalogue: Catalogue) -> None:
    written = document(
        recipients=("Ban Thường vụ",),
        bases=("Căn cứ Luật Đầu tư công",),
        warnings=("no signature",),
        references=(
            Reference("art_1", "Nghị quyết số 5/NQ-HĐND", Span(3, 26), "5/NQ-HĐND"),
            Reference(
                "art_1",
                "khoản 2, khoản 3 Điều 5 Luật Đầu tư công ngày 13/6/2019",
                Span(30, 85),
                "",
                form="list",
                document="Luật Đầu tư công",
                year=2019,
                issued=date(2019, 6, 13),
                clauses=("khoản 2 Điều 5", "khoản 3 Điều 5"),
                relation=Relation.GUIDES,
            ),
        ),
        effective=date(2021, 11, 1),
        effective_in="art_1",
        expires=date(2025, 12, 31),
        expires_in="art_1",
    )
    put(catalogue, "năm/một.txt", written)
    record = catalogue.reader.document(written.id)
    assert record == DocumentRecord(
        **{name: getattr(written, name) for name in DocumentRecord.__dataclass_fields__ if name != "files"}, files=("năm/một.txt",)
    )
    assert [linked.reference for linked in catalogue.reader.references(written.id)] == list(written.references)
    assert catalogue.reader.document("nothing") is None


def test_a_clause_is_read_back_with_its_place(catalogue: Catalogue) -> None:
    table = Clause(
        "att_1",
        Kind.ANNEX,
        "Phụ lục I",
        "I",
        "DANH MỤC",
        "DANH MỤC",
        columns=("TT", "Nhiệm vụ"),
        clauses=(Clause("att_1__row_1", Kind.ROW, "1", "1", "", "Xây cầu", cells=("1", "Xây cầu"), page=4),),
    )
    note = Clause("fn_1", Kind.FOOTNOTE, "¹", "1", "", "Xem Luật.", marked_in="art_1__point_a")
    marked = replace(point("1", "a", "Giải ngân 100% vốn."), footnotes=("fn_1",), spans=(Span(5, 9), Span(12, 20)))
    put(catalogue, "a.txt", document("a", article("1", marked, heading="Mục tiêu", text="Mục tiêu"), table, note))
    record = catalogue.reader.clause("nghi-quyet-a", "art_1__point_a")
    assert record == ClauseRecord(
        document="nghi-quyet-a",
        eid="art_1__point_a",
        parent="art_1",
        position=1,
        kind=Kind.POINT,
        label="a)",
        heading="",
        text="Giải ngân 100% vốn.",
        full_text="Giải ngân 100% vốn.",
        citation="điểm a Điều 1",
        headings=("Điều 1 Mục tiêu",),
        footnotes=("fn_1",),
    )
    row = catalogue.reader.clause("nghi-quyet-a", "att_1__row_1")
    assert row is not None
    assert (row.cells, row.page, row.parent) == (("1", "Xây cầu"), 4, "att_1")
    footnote = catalogue.reader.clause("nghi-quyet-a", "fn_1")
    assert footnote is not None
    assert footnote.marked_in == "art_1__point_a"
    assert [clause.eid for clause in catalogue.reader.clauses("nghi-quyet-a")] == [
        "art_1",
        "art_1__point_a",
        "att_1",
        "att_1__row_1",
        "fn_1",
    ]


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (("preamble", "preamble__p_1", "art_1", "art_2", "conclusions"), "art_1"),
        (("preamble", "chp_I-", "art_1"), "art_1"),
        (("preamble", "preamble__p_1", "conclusions", "fn_1"), "preamble__p_1"),
        (("preamble", "conclusions"), "preamble"),
    ],
    ids=["behind the preamble", "not what has no words", "else in the preamble", "else the first"],
)
def test_where_a_document_begins(catalogue: Catalogue, clauses: tuple[str, ...], expected: str) -> None:
    kinds = {
        "preamble": Kind.PREAMBLE,
        "conclusions": Kind.CONCLUSIONS,
        "fn_1": Kind.FOOTNOTE,
        "art_1": Kind.ARTICLE,
        "art_2": Kind.ARTICLE,
    }
    inside = tuple(Clause(eid, Kind.PARAGRAPH, "", "1", "", "Căn cứ Luật.") for eid in clauses if "__" in eid)
    outer = (
        Clause(eid.strip("-"), kinds.get(eid, Kind.CHAPTER), "", "", "", "" if eid[-1] == "-" else f"Lời của {eid}.") for eid in clauses
    )
    roots = (replace(one, clauses=inside if one.eid == "preamble" else ()) for one in outer if "__" not in one.eid)
    put(catalogue, "a.txt", document("a", *roots))
    found = catalogue.reader.opening("nghi-quyet-a")
    assert found is not None and found.eid == expected
    assert found == catalogue.reader.clause("nghi-quyet-a", expected)
    assert catalogue.reader.opening("nothing") is None


def test_a_heading_is_the_lead_in_where_there_is_none(catalogue: Catalogue) -> None:
    long = " ".join(f"chữ{number}" for number in range(60))
    paragraph = Clause("art_1__indent_1__p_1", Kind.PARAGRAPH, "", "1", "", "Đoạn.")
    indent = Clause("art_1__indent_1", Kind.INDENT, "-", "1", "", "Một ý:", clauses=(paragraph,))
    put(catalogue, "a.txt", document("a", article("1", indent, text=long)))
    record = catalogue.reader.clause("nghi-quyet-a", "art_1__indent_1__p_1")
    assert record is not None
    assert record.headings == ("Điều 1 " + " ".join(long.split()[:40]) + " …", "Một ý:")


LEAVES = st.tuples(st.sampled_from(["", "a)", "-"]), st.sampled_from(["", "một", "hai ba"]), st.just(()))


def branches(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.sampled_from(["", "1."]), st.sampled_from(["", "lời"]), st.lists(below, max_size=4).map(tuple))


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.recursive(LEAVES, branches, max_leaves=12), min_size=1, max_size=3))
def test_full_text_is_that_of_the_tree(catalogue: Catalogue, roots: list[tuple[Any, ...]]) -> None:
    numbers = iter(range(1000))

    def grow(node: tuple[Any, ...]) -> Clause:
        number = next(numbers)
        return Clause(f"p_{number}", Kind.PARAGRAPH, node[0], str(number + 1), "", node[1], clauses=tuple(map(grow, node[2])))

    written = document("a", *map(grow, roots))
    put(catalogue, "a.txt", written)
    expected = {clause.eid: clause.full_text for clause, _above in written.walk()}
    assert {record.eid: record.full_text for record in catalogue.reader.clauses(written.id)} == expected
    found = catalogue.reader.clauses_of([(written.id, eid) for eid in expected])
    assert {eid: record.full_text for (_id, eid), record in found.items()} == expected


def test_look_ups(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("1", article("1", point("1", "a", "x"))), document("2", issued=None))
    put(catalogue, "b.txt", document("3", number="1/NQ-HĐND", issued=date(2022, 1, 1)))
    reader = catalogue.reader
    assert [record.id for record in reader.documents()] == ["nghi-quyet-3", "nghi-quyet-1", "nghi-quyet-2"]
    assert [record.id for record in reader.by_number("1/nq/hdnd")] == ["nghi-quyet-3", "nghi-quyet-1"]
    assert reader.by_number("") == []
    assert ("2/nq/hdnd", "nghi-quyet-2") in reader.numbers()
    assert [record.eid for record in reader.by_citation("nghi-quyet-1", citation_key("ĐIỂM a  Điều 1"))] == ["art_1__point_a"]
    assert [record.id for record in reader.documents_of_file("a.txt")] == ["nghi-quyet-1", "nghi-quyet-2"]
    assert reader.documents_of_file("c.txt") == []
    assert reader.clauses("nothing") == []
    assert reader.clause("nghi-quyet-1", "art_9") is None


def test_many_clauses_at_once(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a", *(article(str(number)) for number in range(1, 1500))))
    pairs = [("nghi-quyet-a", f"art_{number}") for number in range(1, 1600)]
    assert len(catalogue.reader.clauses_of(pairs)) == 1499
    assert catalogue.reader.clauses_of([]) == {}


FILTERS = {
    "none": (Filters(), {"a", "b", "c"}),
    "type": (Filters(types=("Kế hoạch",)), {"b"}),
    "types": (Filters(types=("Kế hoạch", "Nghị quyết")), {"a", "b", "c"}),
    "issuer": (Filters(issuers=("Sở Nội vụ",)), {"b"}),
    "year": (Filters(years=(2021,)), {"a"}),
    "document": (Filters(documents=("nghi-quyet-c", "?")), {"c"}),
    "from": (Filters(issued_from=date(2021, 10, 6)), {"a", "b"}),
    "after": (Filters(issued_from=date(2021, 10, 7)), {"b"}),
    "to": (Filters(issued_to=date(2021, 10, 6)), {"a"}),
    "all": (Filters(types=("Kế hoạch",), years=(2021,)), set()),
    "quotes": (Filters(types=("'; DROP TABLE documents; --",)), set()),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(catalogue: Catalogue, name: str) -> None:
    plan = document("b", type="Kế hoạch", issuer="Sở Nội vụ", issued=date(2022, 3, 1))
    put(catalogue, "a.txt", document("a"), plan, document("c", issued=None))
    filters, expected = FILTERS[name]
    assert {record.id.removeprefix("nghi-quyet-") for record in catalogue.reader.documents(filters)} == expected


# --- passages -------------------------------------------------------------------------------------------------------------


def record_of(text: str, eid: str = "art_1", **fields: Any) -> ClauseRecord:
    values: dict[str, Any] = {"parent": "", "position": 0, "kind": Kind.ARTICLE, "label": "", "heading": "", "citation": ""}
    return ClauseRecord(document="d", eid=eid, text=text, full_text=text, **{**values, **fields})


def test_a_passage_is_a_clause_with_words_of_its_own() -> None:
    clauses = [
        record_of("", "chp_1", kind=Kind.CHAPTER),
        record_of("Điều một.", headings=("Chương I QUY ĐỊNH CHUNG",)),
        record_of("DANH MỤC", "att_1", kind=Kind.ANNEX, columns=("TT", "Cơ quan chủ trì")),
        record_of("1 Sở Tài chính", "att_1__row_1", kind=Kind.ROW, parent="att_1", headings=("DANH MỤC",)),
        record_of("Nơi nhận", "conclusions", kind=Kind.CONCLUSIONS),
    ]
    passages = passages_of("d", "Kế hoạch 1/KH Về việc", clauses)
    assert [(passage.id, passage.clause, passage.text) for passage in passages] == [
        ("d#art_1", "art_1", "Điều một."),
        ("d#att_1", "att_1", "DANH MỤC"),
        ("d#att_1__row_1", "att_1__row_1", "1 Sở Tài chính"),
        ("d#conclusions", "conclusions", "Nơi nhận"),
    ]
    assert passages[0].context == "Kế hoạch 1/KH Về việc\nChương I QUY ĐỊNH CHUNG"
    assert passages[2].context == "Kế hoạch 1/KH Về việc\nDANH MỤC\nTT Cơ quan chủ trì"


def test_a_long_clause_is_several_passages() -> None:
    text = " ".join("Câu này có năm chữ." for _number in range(100))
    passages = passages_of("d", "t", [record_of(text)])
    assert [passage.id for passage in passages] == ["d#art_1", "d#art_1/2", "d#art_1/3"]
    assert {passage.clause for passage in passages} == {"art_1"}
    assert all(passage.text.endswith("chữ.") for passage in passages)


@hypothesis_settings(deadline=None)
@given(st.lists(st.sampled_from(["chữ", "câu.", "hết;", "”", "1.", "…", "dài" * 50]), max_size=900).map(" ".join))
def test_pieces_hold_every_word_and_are_bounded(text: str) -> None:
    pieces = cut(text)
    assert " ".join(pieces).split() == text.split()
    assert all(0 < len(piece.split()) <= MAX_SYLLABLES for piece in pieces)
    assert all(piece in text for piece in pieces)
    assert len(pieces) <= 1 + 2 * len(text.split()) // MAX_SYLLABLES


def test_passages_of_the_catalogue(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a", article("1", point("1", "a", "Giải ngân."))))
    passages = catalogue.passages("nghi-quyet-a")
    assert [passage.context for passage in passages] == [
        "Nghị quyết a/NQ-HĐND Về đầu tư công",
        "Nghị quyết a/NQ-HĐND Về đầu tư công\nĐiều 1 Nội dung điều 1.",
    ]
    assert catalogue.passages("nothing") == []


def test_the_title_line_leaves_out_what_is_not_printed(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a", number="", title=""))
    record = catalogue.reader.document("nghi-quyet-a")
    assert record is not None
    assert title_line(record) == "Nghị quyết"


# --- files and documents stay true to each other --------------------------------------------------------------------------


def test_states(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"), document("b"))
    assert pending(catalogue) == ["nghi-quyet-a", "nghi-quyet-b"]
    index_all(catalogue)
    assert catalogue.indexed() == {"nghi-quyet-a": 1, "nghi-quyet-b": 1}
    put(catalogue, "a.txt", document("a"), document("b", article("2")))
    assert pending(catalogue) == ["nghi-quyet-b"], "only what has other words is to be indexed again"
    put(catalogue, "a.txt", document("a"))
    assert (pending(catalogue), list(catalogue.removed())) == ([], ["nghi-quyet-b"])
    assert catalogue.reader.document("nghi-quyet-b") is None
    assert catalogue.reader.clause("nghi-quyet-b", "art_2") is None
    catalogue.purge_removed(["nghi-quyet-b", "nghi-quyet-a"])
    assert list(catalogue.removed()) == []
    assert [record.id for record in catalogue.reader.documents()] == ["nghi-quyet-a"], "what a file holds is never purged"


def test_a_removed_document_that_comes_back(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"))
    index_all(catalogue)
    catalogue.remove_file("a.txt")
    assert list(catalogue.removed()) == ["nghi-quyet-a"]
    put(catalogue, "renamed.txt", document("a"))
    assert (pending(catalogue), list(catalogue.removed())) == (["nghi-quyet-a"], [])
    record = catalogue.reader.document("nghi-quyet-a")
    assert record is not None
    assert record.files == ("renamed.txt",)


def test_two_files_with_one_document(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"), mtime=1)
    index_all(catalogue)
    put(catalogue, "b.txt", document("a"), mtime=2)
    record = catalogue.reader.document("nghi-quyet-a")
    assert record is not None
    assert (record.files, record.warnings) == (("b.txt", "a.txt"), ())
    assert pending(catalogue) == [], "the words are the same"
    catalogue.remove_file("b.txt")
    assert list(catalogue.removed()) == []
    assert catalogue.files()["a.txt"].sha256 == "", "the spans were those of b.txt: a.txt is to be read again"


@pytest.mark.parametrize("order", ["old first", "new first"])
def test_the_newest_file_wins(catalogue: Catalogue, order: str) -> None:
    old, new = document("a", article("1", text="Cũ.")), document("a", article("1", text="Mới."))
    steps = [("old.txt", old, 1), ("new.txt", new, 2)]
    for name, held, mtime in steps if order == "old first" else reversed(steps):
        put(catalogue, name, held, mtime=mtime)
    clause, record = catalogue.reader.clause("nghi-quyet-a", "art_1"), catalogue.reader.document("nghi-quyet-a")
    assert clause is not None
    assert record is not None
    assert clause.text == "Mới."
    assert record.files == ("new.txt", "old.txt")
    assert record.warnings == ("old.txt: also holds this document, in other words; those of new.txt, the newest file, are kept.",)


def test_what_the_newest_file_loses_is_read_from_the_other_again(catalogue: Catalogue) -> None:
    old, new = document("a", article("1", text="Cũ.")), document("a", article("1", text="Mới."))
    put(catalogue, "old.txt", old, mtime=1)
    put(catalogue, "new.txt", new, mtime=2)
    index_all(catalogue)
    catalogue.touch_file("old.txt", 10, 3 * HOUR)
    assert catalogue.files()["old.txt"].sha256 == ""
    put(catalogue, "old.txt", old, mtime=3)
    clause = catalogue.reader.clause("nghi-quyet-a", "art_1")
    assert clause is not None
    assert (clause.text, pending(catalogue)) == ("Cũ.", ["nghi-quyet-a"])


def test_one_file_with_one_id_twice(catalogue: Catalogue) -> None:
    first, second = document("a"), document("a", article("1", text="Khác."))
    put(catalogue, "a.txt", first, second, first, second)
    found = catalogue.reader.documents_of_file("a.txt")
    assert [record.id for record in found] == ["nghi-quyet-a", "nghi-quyet-a-2"]
    assert [bool(record.warnings) for record in found] == [False, True]


def test_a_file_that_fails_takes_its_documents_with_it(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"), document("b"), mtime=1)
    put(catalogue, "copy.txt", document("b"))
    index_all(catalogue)
    catalogue.fail_file("a.txt", "1", 3, HOUR, "no text")
    assert list(catalogue.removed()) == ["nghi-quyet-a"], "the other is held by copy.txt"
    assert [record.id for record in catalogue.reader.documents()] == ["nghi-quyet-b"]
    known = catalogue.files()["a.txt"]
    assert (known.status, known.reason, known.sha256) == ("failed", "no text", "1")
    assert catalogue.reader.status()["failures"] == [{"file": "a.txt", "reason": "no text"}]
    put(catalogue, "a.txt", document("a"))
    assert (catalogue.files()["a.txt"].status, list(catalogue.removed()), pending(catalogue)) == ("ok", [], ["nghi-quyet-a"])


def test_what_cannot_stand_in_a_catalogue_changes_nothing(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"))
    with pytest.raises(ValueError, match="art_1 is used twice"):
        put(catalogue, "a.txt", document("b", article("1"), article("1")))
    with pytest.raises(ValueError, match="NOT NULL"):
        put(catalogue, "a.txt", document("b", signer=None))
    with pytest.raises(UnicodeEncodeError):
        put(catalogue, "a.txt", document("b", article("1", text="\ud800")))
    assert [record.id for record in catalogue.reader.documents()] == ["nghi-quyet-a"]


def test_unknown_files_are_no_error(catalogue: Catalogue) -> None:
    catalogue.remove_file("nothing")
    catalogue.touch_file("nothing", 1, 1)
    assert catalogue.files() == {}


def test_counts_and_status(catalogue: Catalogue) -> None:
    assert catalogue.reader.status()["changed"] is None
    put(catalogue, "a.txt", document("a", article("1"), article("2")))
    catalogue.fail_file("b.txt", "", 0, 0, "why")
    assert catalogue.counts() == writing.Counts(documents=1, clauses=2, files=2, failed=1, waiting=1)
    catalogue.stamp(engine="x", analysis_version="3")
    status = catalogue.reader.status()
    changed = status.pop("changed")
    assert changed.endswith("+00:00")
    assert status == {
        "documents": 1,
        "clauses": 2,
        "files_ok": 1,
        "files_failed": 1,
        "failures": [{"file": "b.txt", "reason": "why"}],
        "files_waiting": [],
        "waiting": 1,
        "last_run": None,
        "engine": "x",
        "schema_version": versions.SCHEMA_VERSION,
        "analysis_version": 3,
        "reports_open": 0,
        "reports": [],
        "reports_error": None,
    }


def test_everything_can_be_made_pending_again(catalogue: Catalogue) -> None:
    put(catalogue, "a.txt", document("a"), document("b"), document("c"))
    index_all(catalogue)
    catalogue.remove_file("nothing")
    catalogue.mark_pending(["nghi-quyet-b"])
    assert pending(catalogue) == ["nghi-quyet-b"]
    catalogue.mark_pending()
    assert len(pending(catalogue)) == 3


# --- opening --------------------------------------------------------------------------------------------------------------


def test_the_tables_are_those_of_the_newest_migration(path: Path) -> None:
    engine = database.open_database(path, create=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    assert ScriptDirectory(str(migrating.SCRIPTS)).get_heads() == [f"{versions.SCHEMA_VERSION:04d}"]


def test_how_it_is_written(catalogue: Catalogue) -> None:
    with catalogue._begin() as connection:
        values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_nothing_there() -> None:
    missing = Path("/nowhere/index/catalogue.sqlite")
    for opened in (lambda: Catalogue.open(missing, create=False), lambda: CatalogueReader(missing)):
        assert "kgsearch index" in refused(opened)


def damage_text(path: Path) -> None:
    path.write_text("this is no database at all, though it is long enough to be looked at " * 20)


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_other_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def damage_other_meta(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (key, value)")


def damage_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = 'x' WHERE key = 'schema_version'")


def damage_first_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)


def damage_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")


DAMAGES = [damage_text, damage_empty, damage_other_database, damage_other_meta, damage_version, damage_first_page, damage_newer]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_bad_catalogue_is_refused_and_left_as_it_is(path: Path, damage: Any) -> None:
    Catalogue.open(path, create=True).close()
    damage(path)
    before = path.read_bytes()
    for opened in (lambda: Catalogue.open(path, create=True), lambda: CatalogueReader(path)):
        message = refused(opened)
        assert str(path) in message
        assert ("update kgsearch" if damage is damage_newer else "put back a copy") in message
    assert path.read_bytes() == before


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir(parents=True)
    for opened in (lambda: Catalogue.open(path, create=True), lambda: CatalogueReader(path)):
        assert str(path) in refused(opened)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    # Below a file there is no folder, whoever asks: permissions do not bind an administrator.
    (tmp_path / "file").write_text("x")
    assert "permissions" in refused(lambda: Catalogue.open(tmp_path / "file" / "index" / "catalogue.sqlite", create=True))


def test_a_log_without_its_database(path: Path) -> None:
    path.parent.mkdir()
    Path(f"{path}-wal").write_bytes(b"the log of another")
    assert "its log is there" in refused(lambda: Catalogue.open(path, create=True))


def test_what_an_interrupted_start_left_is_no_catalogue(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("catalogue.sqlite.new").write_bytes(b"half")
    Catalogue.open(path, create=True).close()
    assert sorted(entry.name for entry in path.parent.iterdir() if entry.suffix == ".new") == []


@pytest.mark.parametrize(("free", "said"), [(0, "the disk is full"), (10**9, "check the disk")])
def test_a_disk_without_room_is_not_called_a_faulty_one(free: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite cannot make its shared memory it speaks of a fault of input or output."""
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    assert said in str(state_error(tmp_path / "catalogue.sqlite", error))


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that knows one migration more."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, scripts)
    scripts.joinpath("versions", "v0004_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = '0004', '0003'\n"
        "def upgrade():\n    with op.batch_alter_table('documents') as table:\n"
        "        table.add_column(sa.Column('keeper', sa.String, nullable=False, server_default='none'))\n"
        "        table.alter_column('place', nullable=True)\n"
    )
    monkeypatch.setattr(migrating, "SCRIPTS", scripts)
    monkeypatch.setattr(versions, "SCHEMA_VERSION", 4)
    monkeypatch.setattr("kgsearch.catalogue.state.SCHEMA_VERSION", 4)


def test_an_older_schema_is_brought_forward(path: Path, request: pytest.FixtureRequest) -> None:
    with Catalogue.open(path, create=True) as old:
        put(old, "a.txt", document("a", article("1", point("1", "a", "x"))))
    request.getfixturevalue("next_version")
    assert "older version" in refused(lambda: CatalogueReader(path))
    with Catalogue.open(path, create=False) as catalogue:
        assert len(catalogue.reader.clauses("nghi-quyet-a")) == 2, "a table that is copied keeps what points at it"
        assert catalogue.reader.status()["schema_version"] == 4
        with catalogue._begin() as connection:
            assert connection.execute(sa.text("SELECT keeper FROM documents")).scalar() == "none"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    with closing(sqlite3.connect(path.with_name("catalogue.sqlite.v3"))) as copy:
        assert copy.execute("SELECT count(*) FROM clauses").fetchone() == (2,), "a copy of what it was is kept"


def test_a_migration_that_fails_changes_nothing(path: Path, request: pytest.FixtureRequest) -> None:
    with Catalogue.open(path, create=True) as old:
        put(old, "a.txt", document("a"))
    request.getfixturevalue("next_version")
    script = migrating.SCRIPTS / "versions" / "v0004_next.py"
    script.write_text(script.read_text() + "    raise RuntimeError('power cut')\n")
    with pytest.raises(RuntimeError, match="power cut"):
        Catalogue.open(path, create=False)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == ("3",)
        assert "keeper" not in {row[1] for row in connection.execute("PRAGMA table_info(documents)")}


def first_schema(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: Document) -> None:
    """A catalogue as the program of the first schema left it: ``held`` read from a.txt and indexed."""
    scripts = tmp_path / "first"
    shutil.copytree(migrating.SCRIPTS, scripts)
    for later in ("v0002_links.py", "v0003_history.py"):
        scripts.joinpath("versions", later).unlink()
    with monkeypatch.context() as patched:
        patched.setattr(migrating, "SCRIPTS", scripts)
        patched.setattr(versions, "SCHEMA_VERSION", 1)
        database.open_database(path, create=True).dispose()
    since = ("name_key", "named_year", "expires", "expires_in", "head")
    row = {name: value for name, value in document_row(held).items() if name not in since}
    values = [json.dumps(value) if isinstance(value, list) else str(value) for value in row.values()]
    columns, places = ", ".join([*row, "content", "state", "passages", "file_key"]), ", ".join("?" * (len(row) + 4))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO files VALUES (1, 'a.txt', '0', 10, 0, 0, 'ok', '', 'reader/1')")
        connection.execute("INSERT INTO files VALUES (2, 'b.txt', '1', 10, 0, 0, 'failed', 'why', 'reader/1')")
        values += [content_digest(document_row(held), clause_rows(held)), "indexed", "1", "1"]
        connection.execute(f"INSERT INTO documents ({columns}) VALUES ({places})", values)
        connection.execute("INSERT INTO document_files VALUES (1, 1, 0, '')")
        connection.execute(
            """INSERT INTO "references" VALUES (1, 1, 'art_1', 'Nghị quyết số 5/NQ-HĐND', 3, 26, '5/NQ-HĐND', '5/nq/hdnd')"""
        )


def test_references_of_the_first_schema_are_read_again(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = document(references=(Reference("art_1", "Nghị quyết số 5/NQ-HĐND", Span(3, 26), "5/NQ-HĐND", document="5/NQ-HĐND"),))
    first_schema(path, tmp_path, monkeypatch, held)
    with Catalogue.open(path, create=False) as catalogue:
        assert catalogue.reader.references(held.id) == [], "what the old rows do not say is not shown"
        assert {name: record.read_by for name, record in catalogue.files().items()} == {"a.txt": "", "b.txt": "reader/1"}
        assert (pending(catalogue), list(catalogue.indexed())) == ([], [held.id])
        catalogue.put_file("a.txt", "0", 10, 0, [held], read_by="reader/1")
        assert [linked.reference for linked in catalogue.reader.references(held.id)] == list(held.references)
        assert (pending(catalogue), list(catalogue.indexed())) == ([], [held.id]), "its words are the same: the engine keeps it"


def test_what_the_engine_is_not_told_of_does_not_make_it_read_again() -> None:
    one, other = document(), document(expires=date(2025, 1, 1), expires_in="art_1")
    assert content_digest(document_row(one), clause_rows(one)) == content_digest(document_row(other), clause_rows(other))
    assert content_digest(document_row(one), []) != content_digest(document_row(document(title="Khác")), [])


def test_a_busy_catalogue(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with Catalogue.open(path, create=True) as catalogue, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another program" in refused(lambda: put(catalogue, "a.txt", document("a")))
        assert catalogue.reader.documents() == [], "reading goes on"


# --- reading --------------------------------------------------------------------------------------------------------------


def test_a_reader_sees_what_others_commit(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue, CatalogueReader(path) as reader:
        assert reader.documents() == []
        put(catalogue, "a.txt", document("a"))
        assert len(reader.documents()) == 1


def test_a_reader_follows_a_catalogue_that_is_replaced(path: Path, tmp_path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue:
        put(catalogue, "a.txt", document("a"))
    with CatalogueReader(path) as reader:
        assert len(reader.documents()) == 1
        with Catalogue.open(tmp_path / "other.sqlite", create=True):
            pass
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        (tmp_path / "other.sqlite").replace(path)
        assert reader.documents() == []
        path.unlink()
        assert "kgsearch index" in refused(reader.documents)


def test_many_threads_read_while_one_writes(path: Path) -> None:
    with Catalogue.open(path, create=True) as catalogue, CatalogueReader(path) as reader:
        put(catalogue, "a.txt", document("a", article("1", point("1", "a", "x"))))
        faults: list[object] = []

        def read() -> None:
            try:
                for _number in range(60):
                    record = reader.clause("nghi-quyet-a", "art_1")
                    assert record is not None
                    assert record.full_text.count("\n") == 1
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=read) for _number in range(6)]
        for thread in threads:
            thread.start()
        for number in range(20):
            put(catalogue, "a.txt", document("a", article("1", point("1", "a", f"x{number}"))))
        for thread in threads:
            thread.join()
        assert faults == []


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """As a user whom permissions bind: an administrator is not."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
@pytest.mark.parametrize("log_left", [False, True], ids=["closed", "being written"])
def test_a_read_only_folder_can_be_read(log_left: bool) -> None:
    folder = Path(tempfile.mkdtemp())
    path = folder / "index" / "catalogue.sqlite"
    catalogue = Catalogue.open(path, create=True)
    try:
        put(catalogue, "a.txt", document("a"))
        if not log_left:
            catalogue.close()
        folder.chmod(0o755)
        path.parent.chmod(0o555)
        with bound_by_permissions(), CatalogueReader(path) as reader:
            assert len(reader.documents()) == 1
            if not log_left:
                assert "permissions" in refused(lambda: Catalogue.open(path, create=True))
                assert sorted(entry.name for entry in path.parent.iterdir()) == ["catalogue.sqlite"]
    finally:
        catalogue.close()
        path.parent.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="permissions are others on Windows")
def test_a_read_only_folder_is_followed_when_it_changes() -> None:
    folder = Path(tempfile.mkdtemp())
    path = folder / "catalogue.sqlite"
    try:
        Catalogue.open(path, create=True).close()
        folder.chmod(0o555)
        with bound_by_permissions():
            reader = CatalogueReader(path)
            assert reader.documents() == []
        folder.chmod(0o755)
        with Catalogue.open(path, create=False) as catalogue:
            put(catalogue, "a.txt", document("a"))
        folder.chmod(0o555)
        with bound_by_permissions(), reader:
            assert len(reader.documents()) == 1
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_reading_does_not_load_the_object_mapper() -> None:
    script = "import sys, kgsearch.catalogue as c; c.CatalogueReader, c.passages_of; print(*{name.split('.')[0] for name in sys.modules})"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"sqlalchemy", "alembic", "unidecode", "pyvi"} & set(found.stdout.split())


def refused(opened: Any) -> str:
    """The one line with which something is refused."""
    with pytest.raises(IndexStateError) as caught:
        opened()
    assert "\n" not in str(caught.value)
    return str(caught.value)
