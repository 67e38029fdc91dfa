"""What a query is understood as, end to end on the samples: each reading, what it finds, how it is said and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgsearch.catalogue.passages import passages_of, title_line
from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.engines.base import Candidate
from kgsearch.engines.memory import MemoryEngine
from kgsearch.errors import UsageError
from kgsearch.indexing.entries import entries_of
from kgsearch.language import fold, has_marks, syllable_key, tokenise
from kgsearch.models import Filters, Hit, Reading, ReadingKind, SearchResult
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.fields import both
from kgsearch.retrieval.lexicon import Lexicon
from kgsearch.retrieval.query import Synonym
from kgsearch.retrieval.synonyms import as_typed, synonyms_in

MARKS = {"giai": "giải", "ngan": "ngân", "von": "vốn", "dau": "đầu", "tu": "tư", "cong": "công"}


class Restoring(Lexicon):
    """The samples' lexicon, which is too small to restore marks, with a few words that it restores all the same."""

    def restore(self, syllables: Sequence[str]) -> tuple[str, ...] | None:
        restored = tuple(syllable if has_marks(syllable) else MARKS.get(syllable, syllable) for syllable in syllables)
        return restored if restored != tuple(syllables) else None


@pytest.fixture(scope="module")
def searcher(sample_index: Path) -> Iterator[Searcher]:
    engine = MemoryEngine()
    with CatalogueReader(sample_index / "catalogue.sqlite") as reader, engine.writer() as writer:
        for document in reader.documents():
            writer.add(list(entries_of(document, passages_of(document.id, title_line(document), reader.clauses(document.id)))))
    with CatalogueReader(sample_index / "catalogue.sqlite") as reader:
        yield Searcher(reader=reader, engine=engine, lexicon=Restoring(sample_index / "lexicon"))


def kinds(result: SearchResult) -> list[str]:
    return [str(reading.kind) for reading in result.readings]


def the(kind: ReadingKind, result: SearchResult) -> Reading:
    (reading,) = (reading for reading in result.readings if reading.kind is kind)
    return reading


def own_words(hit: Hit) -> str:
    return " ".join(syllable_key(token.text) for token in tokenise(" ".join([hit.document.title, *hit.clause.headings, hit.clause.text])))


def urls(result: SearchResult) -> list[str]:
    return [hit.url for hit in result.hits]


# --- each reading ----------------------------------------------------------------------------------------------------------


def test_plain_words_with_marks_are_read_as_they_are(searcher: Searcher) -> None:
    result = searcher.search("vốn đầu tư công")
    assert (result.readings, result.understood, result.suggestion) == ((), "vốn đầu tư công", None)
    assert result.to_json()["readings"] == []


@pytest.mark.parametrize(
    ("typed", "meant"), [("giari ngaan", "giải ngân"), ("gia3i nga6n", "giải ngân"), ("ddaauf tuw coong", "đầu tư công")]
)
def test_raw_typing_is_decoded(searcher: Searcher, typed: str, meant: str) -> None:
    result = searcher.search(typed)
    assert result.understood == meant
    reading = the(ReadingKind.TELEX, result)
    assert (reading.typed, reading.read, reading.undo, reading.exact) == (typed, meant, typed, True)
    assert urls(result) == urls(searcher.search(meant))
    assert searcher.search(typed, exact=True).total == 0


def test_raw_typing_in_a_phrase_and_beside_filters(searcher: Searcher) -> None:
    result = searcher.search('"giari ngaan" loai:tb')
    assert result.understood == '"giải ngân" loai:tb'
    assert {hit.document.type for hit in result.hits} == {"Thông báo"}


def test_marks_are_restored_where_none_were_typed(searcher: Searcher) -> None:
    result = searcher.search("giai ngan von")
    assert result.understood == "giải ngân vốn"
    assert the(ReadingKind.MARKS, result).read == "giải ngân vốn"
    assert searcher.search("giải ngan von").understood == "giải ngan von", "marks that were typed are what was meant"
    assert searcher.search("giari ngaan von").understood == "giải ngân vốn", "those of raw typing help to restore the others"
    assert searcher.search('"giai ngan" von').understood == '"giai ngan" vốn', "marks in quotes would have to agree"
    exact = searcher.search("giai ngan von", exact=True)
    assert (exact.understood, exact.readings) == ("giai ngan von", ())
    assert exact.total == result.total, "marks do not decide what is found"


@pytest.mark.parametrize(
    ("typed", "written", "meant"), [("TTHC", "TTHC", "thủ tục hành chính"), ("công khai tthc", "tthc", "thủ tục hành chính")]
)
def test_an_abbreviation_finds_its_words(searcher: Searcher, typed: str, written: str, meant: str) -> None:
    result = searcher.search(typed)
    reading = the(ReadingKind.ABBREVIATION, result)
    assert (reading.typed, reading.read, reading.exact) == (written, meant, False)
    assert any(fold(meant) in own_words(hit) for hit in result.hits)
    assert any(meant in " ".join(hit.clause.text[span.start : span.end].lower() for span in hit.highlights) for hit in result.hits)
    undone = searcher.search(reading.undo)
    assert ReadingKind.ABBREVIATION not in [each.kind for each in undone.readings]
    assert undone.total < result.total


def test_a_lower_case_word_is_no_abbreviation(searcher: Searcher) -> None:
    assert kinds(searcher.search("cảng cá ban an")) == []


def test_words_find_their_abbreviation(searcher: Searcher) -> None:
    """Only the longest abbreviations say what is meant: "UBND" stands in most documents' numbers."""
    result = searcher.search("tổng sản phẩm GRDP", limit=50)
    assert result.total > 0
    found = synonyms_in("ủy ban nhân dân tỉnh", tokenise("ủy ban nhân dân tỉnh"), searcher.lexicon)
    assert [synonym.meant for one in found for synonym in one.synonyms] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tăng trưởng quý 1", ["quy i"]),
        ("quy III", ["quy 3"]),
        ("phụ lục 2", ["luc ii"]),
        ("năm 1", []),
        ("quý X1", []),
        ("hạng IIII", []),
        ("quý 2022", []),
    ],
)
def test_roman_figures_and_arabic_ones_are_the_same(searcher: Searcher, typed: str, meant: list[str]) -> None:
    found = synonyms_in(typed, tokenise(typed), searcher.lexicon)
    keys = [" ".join(synonym.meant) for one in found for synonym in one.synonyms]
    assert [key.replace("qui", "quy") for key in keys] == meant


def test_an_abbreviation_typed_twice_is_said_once(searcher: Searcher) -> None:
    assert kinds(searcher.search("công khai TTHC và TTHC")).count(ReadingKind.ABBREVIATION) == 1


@pytest.mark.parametrize("typed", ["41 NQ HDND", "41 nq hđnd", "nghị quyết 41 nq hdnd", "nq 41 hdnd"])
def test_a_number_with_spaces_names_its_document(searcher: Searcher, typed: str) -> None:
    result = searcher.search(typed)
    assert kinds(result) == [ReadingKind.CITATION]
    assert result.hits[0].document.number == "41/NQ-HĐND"


def test_what_stands_for_typed_words_is_scored_as_they_are() -> None:
    synonyms = [Synonym(("ubnd",), ("uy", "ban", "nhan", "dan"))]
    written = Candidate("a", "a", "p_1", None, 0.0, ("uỷ", "ban", "nhân", "dân"), ("của", "ủy", "ban", "nhân", "dân", "tỉnh"))
    (put,) = as_typed([written], synonyms)
    assert (put.context, put.text) == (["ubnd"], ["của", "ubnd", "tỉnh"])
    assert as_typed([written], []) == [written]
    twice = Candidate("a", "a", "p_1", None, 0.0, (), ("a", "a", "a", "b"))
    assert as_typed([twice], [Synonym(("x",), ("a", "a"))])[0].text == ["x", "a", "b"]


def test_a_slip_is_corrected_where_no_clause_holds_all_that_was_typed(searcher: Searcher) -> None:
    assert searcher.search("giải nggân vốn").understood == "giải ngân vốn"
    corrected = searcher.search("vốnn")
    reading = the(ReadingKind.SPELLING, corrected)
    assert (reading.typed, reading.read, reading.undo, reading.exact) == ("vốnn", "vốn", "vốnn", True)
    assert corrected.understood == "vốn"
    assert corrected.total == searcher.search("vốn").total
    assert searcher.search("vốnn", exact=True).total == 0


def test_a_filter_that_leaves_nothing_is_no_slip(searcher: Searcher) -> None:
    result = searcher.search("giải ngân", filters=Filters(years=(1999,)))
    assert (result.total, result.understood, result.suggestion) == (0, "giải ngân", None)


def test_what_only_makes_a_question_is_left_out(searcher: Searcher) -> None:
    result = searcher.search("mức hỗ trợ học sinh xã đảo như thế nào?")
    assert result.understood == "mức hỗ trợ học sinh xã đảo"
    assert the(ReadingKind.STOP, result).typed == "như thế nào"
    exact = searcher.search("mức hỗ trợ học sinh xã đảo như thế nào?", exact=True)
    assert {reading.kind for reading in exact.readings} <= {ReadingKind.ABSENT}


def test_a_citation_is_said_to_be_one(searcher: Searcher) -> None:
    result = searcher.search("điều 1 nq 41")
    assert the(ReadingKind.CITATION, result).read == result.understood == "Điều 1 Nghị quyết số 41/NQ-HĐND"
    words = searcher.search("điều 1 nq 41", exact=True)
    assert words.readings == () and words.total > 1


def test_a_citation_in_raw_typing_is_followed(searcher: Searcher) -> None:
    result = searcher.search("ddieeuf 1 nghij quyeets 41")
    assert (result.understood, kinds(result)) == ("Điều 1 Nghị quyết số 41/NQ-HĐND", ["telex", "citation"])


def test_a_clause_that_there_is_not_is_said_and_its_document_given(searcher: Searcher) -> None:
    result = searcher.search("khoản 9 Điều 1 nq 41")
    reading = the(ReadingKind.MISSING_CLAUSE, result)
    assert (reading.typed, reading.read, reading.exact) == ("khoản 9 Điều 1", "Nghị quyết số 41/NQ-HĐND", True)
    assert [hit.document.number for hit in result.hits] == ["41/NQ-HĐND"]
    beside_words = searcher.search("khoản 9 Điều 1 nq 41 thu ngân sách")
    assert "missing-clause" in kinds(beside_words) and beside_words.total > 1


def test_a_document_that_there_is_not_is_said(searcher: Searcher) -> None:
    for query in ("9999/NQ-HĐND", "Nghị quyết số 9999/NQ-HĐND", "mức thu theo Điều 5 Nghị quyết 9999/NQ-HĐND"):
        assert the(ReadingKind.MISSING_DOCUMENT, searcher.search(query)).typed == "9999/NQ-HĐND"
    assert the(ReadingKind.MISSING_DOCUMENT, searcher.search("nghị quyết 9999")).typed == "nghị quyết 9999"
    for query in ("kế hoạch 5 năm", "Điều 5 Luật Đường sắt về tốc độ chạy tàu"):
        assert "missing-document" not in kinds(searcher.search(query))


@pytest.mark.parametrize("name", ["Mạc Thị Thanh Diệu", "mac thi thanh dieu", "Lương Khắc Vọng"])
def test_a_signers_name_finds_what_names_and_what_was_signed(searcher: Searcher, name: str) -> None:
    result = searcher.search(name, limit=50)
    assert fold(the(ReadingKind.SIGNER, result).read) == fold(name)
    assert fold(result.understood) == fold(name)
    assert all(fold(name) in own_words(hit) for hit in result.hits), "the name whole, not its syllables"
    signed = {document.id for document in searcher.reader.documents() if fold(document.signer) == fold(name)}
    assert signed and signed <= {hit.document.id for hit in result.hits}
    assert searcher.search(name, exact=True).readings == ()


def test_a_name_of_nobody_is_words(searcher: Searcher) -> None:
    assert kinds(searcher.search("Mạc Thị")) == []


# --- filters by field --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("loai:nq", "Nghị quyết"),
        ("loai:nghị quyết", "Nghị quyết"),
        ('loại:"nghi quyet"', "Nghị quyết"),
        ("loai:ttr", "Tờ trình"),
        ("loai:nq,ct", "Chỉ thị, Nghị quyết"),
        ("nam:2021", "2021"),
        ("năm:2020-2022", "2021, 2022"),
        ("coquan:hdnd", "Hội đồng nhân dân tỉnh Hải Giang"),
        ("cơ quan:hội đồng nhân dân tỉnh", "Hội đồng nhân dân tỉnh Hải Giang"),
        ('coquan:"sở kế hoạch"', "Sở Kế hoạch và Đầu tư"),
        ("coquan:skhdt", "Sở Kế hoạch và Đầu tư"),
        ("so:41/NQ-HĐND", "41/NQ-HĐND"),
        ("so:41", "41/NQ-HĐND"),
        ("so:18", "18/2021/QĐ-UBND"),
        ('nguoiky:"Mạc Thị Thanh Diệu"', "Mạc Thị Thanh Diệu"),
        ("nguoiky:diệu", "Mạc Thị Thanh Diệu"),
        ("người ký:Tạ Thị Hoài Châu", "Tạ Thị Hoài Châu"),
    ],
)
def test_a_filter_is_read_against_what_there_is(searcher: Searcher, typed: str, read: str) -> None:
    alone, beside = searcher.search(typed, limit=50), searcher.search(f"{typed} năm", limit=50)
    for result in (alone, beside):
        reading = the(ReadingKind.FILTER, result)
        assert (reading.typed, reading.read) == (typed, read)
        values = {
            value for hit in result.hits for value in (hit.document.type, hit.document.issuer, hit.document.signer, hit.document.number)
        }
        values |= {str(hit.document.issued.year) for hit in result.hits if hit.document.issued}
        assert result.total and set(read.split(", ")) & values
    assert the(ReadingKind.FILTER, beside).undo == "năm"
    assert len({hit.document.id for hit in alone.hits}) == alone.total, "filters alone list where each document begins"


def test_fields_narrow_together_and_with_the_filters_beside_the_query(searcher: Searcher) -> None:
    result = searcher.search("nhiệm vụ loai:nq nam:2022")
    assert {hit.document.number for hit in result.hits} == {"41/NQ-HĐND"}
    assert searcher.search("nhiệm vụ loai:nq", filters=Filters(types=("Quyết định",))).total == 0
    assert searcher.search("nhiệm vụ loai:nq", filters=Filters(years=(2022,))).total == result.total
    assert searcher.search("nhiệm vụ loai:nq", filters=Filters(types=("Nghị quyết",), years=(2022,))).total == result.total


@pytest.mark.parametrize("typed", ["loai:xyz", "nam:1999", "coquan:bộ nào", "so:999999", "nguoiky:Abcd"])
def test_a_value_that_nothing_has_is_said(searcher: Searcher, typed: str) -> None:
    name = typed.split(" ")[0]
    for exact in (False, True):
        result = searcher.search(f"{name} nhiệm vụ", exact=exact)
        reading = the(ReadingKind.UNKNOWN_VALUE, result)
        assert (result.total, reading.typed, reading.read) == (0, name, "")
        assert searcher.search(reading.undo).total > 0


def test_a_filter_goes_on_only_in_words_that_make_more_of_a_name(searcher: Searcher) -> None:
    result = searcher.search("coquan:ubnd tỉnh hải giang giải ngân")
    assert the(ReadingKind.FILTER, result).typed == "coquan:ubnd tỉnh hải giang"
    assert [hit.clause.text[span.start : span.end].lower() for hit in result.hits[:1] for span in hit.highlights][:1] == ["giải ngân"]
    assert the(ReadingKind.FILTER, searcher.search('coquan:"ubnd" tỉnh')).typed == 'coquan:"ubnd"'


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")))
def test_filters_are_joined_by_and(first: set[str], second: set[str]) -> None:
    joined = both(Filters(types=tuple(sorted(first))), Filters(types=tuple(sorted(second))))
    for value in "abc":
        passes = (not first or value in first) and (not second or value in second)
        assert passes == (joined is not None and (not joined.types or value in joined.types))


# --- phrases and exclusions --------------------------------------------------------------------------------------------------


def test_a_phrase_narrows_hits_total_and_facets(searcher: Searcher) -> None:
    words, phrase = searcher.search("vốn đầu tư công", limit=200), searcher.search('"vốn đầu tư công"', limit=200)
    assert 0 < phrase.total < words.total
    assert all("von dau tu cong" in own_words(hit) for hit in phrase.hits)
    assert sum(count for _value, count in phrase.facets["document"]) == phrase.total == len(phrase.hits)
    newest = searcher.search('"vốn đầu tư công"', sort="newest", limit=200)
    assert {hit.document.id for hit in newest.hits} == {hit.document.id for hit in phrase.hits}


def test_typed_marks_of_a_phrase_must_agree(searcher: Searcher) -> None:
    assert searcher.search('"dau tu"').total == searcher.search('"đầu tư"').total > 0
    assert searcher.search('"đấu tu"').total == 0


def test_what_is_excluded_is_said_and_gone(searcher: Searcher) -> None:
    every, rest = searcher.search("giải ngân", limit=200), searcher.search("giải ngân -vốn", limit=200)
    assert the(ReadingKind.EXCLUSION, rest).undo == "giải ngân vốn"
    assert 0 < rest.total < every.total
    assert not any("von" in own_words(hit).split() for hit in rest.hits)
    assert set(urls(rest)) < set(urls(every))


@pytest.mark.parametrize("query", ["-giải", '-"giải ngân"', "-giải -ngân loai:nq", "(-giải)"])
def test_a_query_that_only_leaves_out_is_refused(searcher: Searcher, query: str) -> None:
    for exact in (False, True):
        with pytest.raises(UsageError):
            searcher.search(query, exact=exact)


# --- the whole -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        *["giari ngaan", "giai ngan von", "công khai TTHC", "vốnn", "mức hỗ trợ học sinh xã đảo như thế nào", "điều 1 nq 41"],
        *["khoản 9 Điều 1 nq 41", "Nghị quyết 9999/NQ-HĐND", "vốn loai:nq", "vốn loai:xyz", "vốn -đầu", "Lương Khắc Vọng"],
    ],
)
def test_every_reading_can_be_undone(searcher: Searcher, query: str) -> None:
    result = searcher.search(query)
    assert result.readings
    for reading in result.readings:
        undone = searcher.search(reading.undo, exact=reading.exact)
        assert reading.kind not in [each.kind for each in undone.readings]
    assert [reading["kind"] for reading in result.to_json()["readings"]] == kinds(result)


@pytest.mark.parametrize(("options", "wrong"), [({"limit": -1}, "-1"), ({"offset": -5}, "-5"), ({"sort": "best"}, "best")])
def test_bounds_that_are_none_are_refused_by_name(searcher: Searcher, options: dict[str, object], wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        searcher.search("giải ngân", **options)  # type: ignore[arg-type]


PIECES = st.lists(
    st.sampled_from(
        ['"', "-", ":", "loai:", "nam:2023", "so:41", "nq", "TTHC", "giari", "giai", "ngân", "vốnn", "là gì", "điều 1", " ", " "]
    ),
    max_size=12,
)


@given(PIECES.map(" ".join) | st.text(max_size=60), st.booleans())
@example("0:¹", False)
def test_whatever_is_typed_is_answered_or_refused(searcher: Searcher, text: str, exact: bool) -> None:
    try:
        result = searcher.search(text, exact=exact)
    except UsageError:
        return
    assert result.total >= len(result.hits)
    assert all(reading.undo for reading in result.readings if reading.kind is not ReadingKind.FILTER)
