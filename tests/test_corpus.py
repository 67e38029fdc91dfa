"""The six real documents beside the project, whole: what a careful reader finds in each, and the way from a citation to its clause.

Nothing of their text stands here: numbers, labels and eIds only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from corpus_index import indexed
from invariants import assert_whole

from kgsearch.models import Clause, Document, Hit, Kind, SourceText
from kgsearch.parser import parse
from kgsearch.readers import read
from kgsearch.retrieval import Searcher


@dataclass(frozen=True)
class Expected:
    """``eids`` in ranges: "x_1..3" is x_1, x_2, x_3; "x_{a,b}" is x_a, x_b. Paragraphs stand apart, because where one ends is for
    a file of hard wraps the hardest question."""

    number: str
    type: str
    issued: str | None
    issuer: str
    signer: str
    signer_title: str
    eids: str
    paragraphs: str


DOCUMENTS = {
    expected.number: expected
    for expected in (
        Expected(
            "20/NQ-HĐND",
            "Nghị quyết",
            "2021-10-06",
            "Hội đồng nhân dân tỉnh Kiên Giang",
            "Mai Văn Huỳnh",
            "Chủ tịch",
            "preamble art_1..2 art_1__para_1..2 art_1__para_2__point_{a,b,c,d,dd} art_1__para_2__point_{a,b}__indent_1..6 art_2__para_1..4 "
            "conclusions",
            "preamble__p_1..4",
        ),
        Expected(
            "103/UBND-TH",
            "Công văn",
            "2021-01-28",
            "Ủy ban nhân dân tỉnh Kiên Giang",
            "Nguyễn Đức Chính",
            "Phó Chủ tịch",
            "conclusions",
            "p_1..3",
        ),
        Expected(
            "535/NQ-HĐND",
            "Nghị quyết",
            "2021-01-14",
            "Hội đồng nhân dân tỉnh Kiên Giang",
            "Mai Văn Huỳnh",
            "Chủ tịch",
            "preamble art_1..2 art_1__para_1..3 art_1__para_2__point_{a,b,c} art_1__para_3__point_{a,b,c,d} "
            "art_1__para_3__point_a__indent_1..7 art_1__para_3__point_b__indent_1..5 art_2__para_1..3 conclusions",
            "preamble__p_1..4 art_1__para_3__point_a__indent_{3,6}__p_1..2 art_1__para_3__point_b__indent_3__p_1..2 "
            "art_1__para_3__point_b__indent_5__p_1..3 art_1__para_3__point_d__p_1..3 art_2__p_1",
        ),
        Expected(
            "22/KH-UBND",
            "Kế hoạch",
            "2021-02-01",
            "Ủy ban nhân dân tỉnh Kiên Giang",
            "Nguyễn Đức Chín",
            "Phó Chủ tịch",
            "preamble sec_{I,II,III} sec_I__para_1..3 sec_I__para_3__para_1..8 sec_II__para_1..11 sec_II__para_1__indent_1..2 "
            "sec_II__para_2__indent_1..2 sec_II__para_3__indent_1..7 sec_II__para_4__indent_1..8 sec_II__para_5__indent_1..5 "
            "sec_II__para_6__indent_1..5 sec_II__para_7__indent_1..12 sec_II__para_8__indent_1..3 sec_II__para_9__indent_1..7 "
            "sec_II__para_10__indent_1..3 sec_II__para_11__indent_1..2 sec_III__para_1..2 sec_III__para_1__indent_1..3 conclusions "
            "att_1 att_1__row_1..36",
            "preamble__p_1 sec_I__para_1__p_1..2 sec_I__para_2__p_1..2 sec_II__para_4__indent_1__p_2",
        ),
        Expected(
            "259-CV/TU",
            "Công văn",
            "2021-10-07",
            "Tỉnh ủy Kiên Giang",
            "Mai Văn Huỳnh",
            "Phó Bí thư Thường trực",
            "para_1..8 para_2__indent_1..7 conclusions",
            "p_1..3 para_1__p_2..3 para_2__indent_3__p_2",
        ),
        Expected(
            "",
            "Báo cáo",
            None,
            "Ủy ban nhân dân tỉnh Kiên Giang",
            "Lâm Minh Thành",
            "Chủ tịch",
            "sec_{I,II,III} sec_I__para_1..6 sec_I__para_4__point_{a,b,c,d} sec_I__para_4__point_a__indent_1..6 "
            "sec_I__para_4__point_b__indent_1..5 sec_II__para_1..3 sec_II__para_2__point_{a,b} sec_II__para_3__indent_1..4 "
            "sec_III__para_1..5 sec_III__para_2__point_{a,b,c,d,dd} conclusions fn_1..11",
            "p_1..2 sec_I__para_{1,2,3}__p_1..2 sec_I__para_4__p_1..4 sec_I__para_4__point_a__indent_1__p_2 "
            "sec_I__para_4__point_{c,d}__p_1..2 sec_I__para_5__p_1..3 sec_I__para_6__p_1..2 sec_II__para_2__point_b__p_1..7 "
            "sec_II__para_3__p_2 sec_III__p_1..2 sec_III__para_2__point_a__p_1..3 sec_III__para_2__point_{c,dd}__p_1..2 "
            "sec_III__para_3__p_1..4 sec_III__para_4__p_1..2 sec_III__para_5__p_1..4",
        ),
    )
}
NUMBERS = list(DOCUMENTS)
PLAN, REPORT = "22/KH-UBND", ""

FOOTNOTES = {
    1: "sec_I__para_1__p_1",
    2: "sec_I__para_2__p_1",
    3: "sec_I__para_2__p_2",
    4: "sec_I__para_3__p_2",
    5: "sec_I__para_3__p_2",
    6: "sec_I__para_4__point_d__p_1",
    7: "sec_II__para_1",
    8: "sec_II__para_3__indent_2",
    9: "sec_II__para_3__p_2",
    10: "sec_III__p_2",
    11: "sec_III__para_2__point_b",
}


def spelled(ranges: str) -> Iterator[str]:
    """The eIds of a row of ranges."""
    for name in ranges.split():
        choices = [
            [str(number) for number in range(int(first), int(last) + 1)] if first else words.split(",") if words else [fixed]
            for first, last, words, fixed in re.findall(r"(\d+)\.\.(\d+)|\{([^}]*)\}|((?:(?!\d+\.\.)[^{])+?(?=\d+\.\.|\{|$))", name)
        ]
        yield from map("".join, product(*choices))


def test_the_notation_of_ranges() -> None:
    assert list(spelled("art_1 x_9..11")) == ["art_1", "x_9", "x_10", "x_11"]
    assert list(spelled("x_{a,dd}__p_1..2")) == ["x_a__p_1", "x_a__p_2", "x_dd__p_1", "x_dd__p_2"]
    assert list(spelled("a_12__b_2..3")) == ["a_12__b_2", "a_12__b_3"]


@cache
def parsed(folder: Path) -> dict[str, tuple[SourceText, Document]]:
    """The documents of a folder by their numbers."""
    return {
        document.number: (source, document)
        for path in sorted(folder.glob("*.txt"))
        for source in [read(path)]
        for document in parse(source)
    }


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, tuple[SourceText, Document]]:
    return parsed(shared / "corpus")


@pytest.fixture(scope="module")
def searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return Searcher(indexed(shared / "corpus", tmp_path_factory))


def clauses(document: Document) -> dict[str, Clause]:
    return {clause.eid: clause for clause, _above in document.walk()}


def test_the_documents(documents: dict[str, tuple[SourceText, Document]]) -> None:
    assert sorted(documents) == sorted(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_metadata(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    expected, (_source, document) = DOCUMENTS[number], documents[number]
    assert document.type == expected.type
    assert (document.issued.isoformat() if document.issued else None) == expected.issued
    assert document.issuer == expected.issuer
    assert (document.signer, document.signer_title) == (expected.signer, expected.signer_title)
    assert document.place == ("Kiên Giang" if expected.issued else "")
    assert document.title


@pytest.mark.parametrize("number", NUMBERS)
def test_every_clause_has_its_eid(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    found = {eid for eid, clause in clauses(documents[number][1]).items() if clause.kind is not Kind.PARAGRAPH}
    expected = set(spelled(DOCUMENTS[number].eids))
    assert (sorted(expected - found), sorted(found - expected)) == ([], [])


@pytest.mark.parametrize("number", NUMBERS)
def test_every_paragraph_has_its_eid(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    found = {eid for eid, clause in clauses(documents[number][1]).items() if clause.kind is Kind.PARAGRAPH}
    expected = set(spelled(DOCUMENTS[number].paragraphs))
    assert (sorted(expected - found), sorted(found - expected)) == ([], [])


@pytest.mark.parametrize("number", NUMBERS)
def test_every_text_is_the_sources_and_no_word_is_lost(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    source, _document = documents[number]
    assert_whole(source, [document for other, document in documents.values() if other is source])


@pytest.mark.parametrize("number", NUMBERS)
def test_clauses_stand_in_the_order_of_the_source(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    _source, document = documents[number]
    starts = [clause.spans[0].start for clause in clauses(document).values() if clause.spans and clause.kind is not Kind.FOOTNOTE]
    assert starts == sorted(starts)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_furniture_in_clauses(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    """Stamps, page numbers, dates stamped between two pages, emphasis marks, what was written by hand, footnote marks, the signer."""
    for eid, clause in clauses(documents[number][1]).items():
        if eid == "conclusions":
            continue
        text = clause.text
        assert not re.search(r"[*¹²³⁴-⁹⁰]|\bST:|\bĐẾN Ngày|ký hiệu HS|\buuu\b|\s\./|\s/\s*$|Chuyên: ", text), eid
        assert not re.search(r"(?:^|[.;])\s*(?:42|15/10/2021|1 2 3)\s*$|\s15/10/2021\s", text), eid
        if DOCUMENTS[number].signer in text:
            # A signer may be spoken of; a signature printed into the text ends it.
            assert not text.endswith(DOCUMENTS[number].signer), eid


@pytest.mark.parametrize("number", NUMBERS)
def test_the_conclusions_hold_the_signer(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    assert DOCUMENTS[number].signer in clauses(documents[number][1])["conclusions"].text


@pytest.mark.parametrize(
    ("number", "eid", "ends"),
    [
        ("103/UBND-TH", "p_3", "."),
        ("535/NQ-HĐND", "art_2__p_1", "."),
        ("20/NQ-HĐND", "art_2__para_4", "."),
        ("20/NQ-HĐND", "art_1__para_2__point_dd", "tỉnh"),
        (REPORT, "p_2", "2022."),
        (REPORT, "sec_I__para_4__point_b__indent_1", "sinh."),
        (REPORT, "sec_I__para_3__p_2", "dân."),
        (REPORT, "sec_II__para_3__indent_3", "họp."),
    ],
)
def test_sentences_end_where_they_end(documents: dict[str, tuple[SourceText, Document]], number: str, eid: str, ends: str) -> None:
    """A hand-written mark after the last sentence goes; the half of a sentence after a page's end, a stamp or a note comes back."""
    assert clauses(documents[number][1])[eid].text.endswith(ends)


@pytest.mark.parametrize("note", FOOTNOTES)
def test_footnotes_are_tied_to_the_clauses_that_carry_them(documents: dict[str, tuple[SourceText, Document]], note: int) -> None:
    found = clauses(documents[REPORT][1])
    assert found[f"fn_{note}"].marked_in == FOOTNOTES[note]
    assert f"fn_{note}" in found[FOOTNOTES[note]].footnotes
    assert [eid for eid, clause in found.items() if f"fn_{note}" in clause.footnotes] == [FOOTNOTES[note]]
    assert found[f"fn_{note}"].text


@pytest.mark.parametrize("number", [number for number in NUMBERS if number != REPORT])
def test_the_others_have_no_footnotes(documents: dict[str, tuple[SourceText, Document]], number: str) -> None:
    assert not [eid for eid, clause in clauses(documents[number][1]).items() if clause.kind is Kind.FOOTNOTE or clause.footnotes]


def test_the_annex_is_a_table(documents: dict[str, tuple[SourceText, Document]]) -> None:
    annex = clauses(documents[PLAN][1])["att_1"]
    assert annex.kind is Kind.ANNEX
    assert len(annex.columns) == 4
    rows = [clause for clause in annex.clauses if clause.kind is Kind.ROW]
    assert [row.number for row in rows] == [str(number) for number in range(1, 37)]
    assert {len(row.cells) for row in rows} == {4}
    assert all(row.cells[0] == row.number and all(row.cells) for row in rows)
    assert all(cell in row.text for row in rows for cell in row.cells[1:])


def test_a_list_that_starts_again_stands_in_its_clause(documents: dict[str, tuple[SourceText, Document]]) -> None:
    assert [clause.eid for clause in clauses(documents[PLAN][1])["sec_I__para_3"].clauses] == list(spelled("sec_I__para_3__para_1..8"))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_full_citation_leads_back_to_its_clause(searcher: Searcher, number: str) -> None:
    (document,) = [document for document in searcher.reader.documents() if document.number == number]
    held = searcher.reader.clauses(document.id)
    assert held
    for clause in held:
        (hit,) = searcher.show(f"{document.id}#{clause.eid}")
        assert isinstance(hit, Hit)
        shown = searcher.show(hit.citation_full)
        assert [(found.document.id, found.clause.eid) for found in shown if isinstance(found, Hit)] == [(document.id, clause.eid)]


@pytest.mark.parametrize("number", [number for number in NUMBERS if number])
def test_a_number_without_marks_finds_its_document_first(searcher: Searcher, number: str) -> None:
    spelling = number.lower().replace("đ", "d")
    assert searcher.search(spelling).hits[0].document.number == number
