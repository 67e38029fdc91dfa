"""Words of a query that stand nowhere in the documents: named one by one, each taken out with one click."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.config import load_settings
from kgsearch.engines.base import BIGRAMS, SYLLABLES, Statistics
from kgsearch.models import Filters, ReadingKind
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.absent import MOST_NAMED, absent_words, said
from kgsearch.retrieval.query import MAX_TERMS, read_query
from kgsearch.server import create_app


def _statistics(text: str, syllables: Mapping[str, int], bigrams: Mapping[str, int]) -> Statistics:
    """What an engine says of a query: of every token how many hold it, 1 where nothing else is said."""
    query = read_query(text)
    counted = {
        SYLLABLES: {one: syllables.get(one, 1) for one in query.syllables},
        BIGRAMS: {one: bigrams.get(one, 1) for one in query.bigrams},
    }
    return Statistics(100, {}, counted)


@pytest.mark.parametrize(
    ("text", "syllables", "bigrams", "expected"),
    [
        ("giải ngân vốn đầu tư", {}, {}, []),
        ("giải ngân xyzq", {"xyzq": 0}, {}, ["xyzq"]),
        # A word of several syllables is named whole, whether one of them stands nowhere or they never stand together.
        ("khủng long ăn cỏ", {"khung": 0}, {}, ["khủng long"]),
        ("khủng long ăn cỏ", {}, {"khung_long": 0}, ["khủng long"]),
        # Neighbours that are no word need not stand together.
        ("khủng long ăn cỏ", {}, {"long_an": 0, "an_co": 0}, []),
        ("vốn đầu tư công", {}, {"von_dau": 0}, []),
        # Without marks nobody knows where a word ends.
        ("khung long an co", {"khung": 0}, {"khung_long": 0}, ["khung"]),
        ("xyzq giải ngân xyzq", {"xyzq": 0}, {}, ["xyzq"]),
        ("năm 2099", {"2099": 0}, {}, ["2099"]),
    ],
)
def test_which_words_stand_nowhere(text: str, syllables: Mapping[str, int], bigrams: Mapping[str, int], expected: list[str]) -> None:
    query = read_query(text)
    assert absent_words(query, query, _statistics(text, syllables, bigrams)) == expected


def test_what_was_left_out_of_the_search_stands_nowhere() -> None:
    query, reached = read_query("giải ngân xyzq"), read_query("giải ngân")
    assert absent_words(query, reached, _statistics("giải ngân", {}, {})) == ["xyzq"]


def test_no_more_are_named_than_anybody_reads() -> None:
    query = read_query(" ".join(f"zzq{number}" for number in range(MAX_TERMS + 8)))
    assert len(absent_words(query, query, Statistics(9, {}, {}))) == MOST_NAMED


@given(st.text(max_size=120))
def test_any_query_has_its_absent_words_in_it(text: str) -> None:
    try:
        query = read_query(text)
    except Exception:
        return
    for word in absent_words(query, query, Statistics(9, {}, {})):
        assert word and word in query.text


@pytest.mark.parametrize(
    ("words", "text", "undone"),
    [
        (["xyzq"], "giải ngân xyzq vốn", ["giải ngân vốn"]),
        (["xyzq"], 'giải ngân "xyzq" -vốn năm:2021', ["giải ngân -vốn năm:2021"]),
        (["a1", "b2"], "a1 b2", ["b2", "a1"]),
        (["xyzq"], "xyzq", ["xyzq"]),
        # Its letters in another word are not it; it is taken out wherever it was typed; phrases beside it stay two.
        (["zq"], "xyzq zq", ["xyzq"]),
        (["zq"], "zq vốn zq", ["vốn"]),
        (["zq"], '"đầu tư" "giải ngân" zq', ['"đầu tư" "giải ngân"']),
        (["zq"], '"đầu tư" zq "giải ngân"', ['"đầu tư" "giải ngân"']),
        (["zq"], "vốn “zq” -zq nam:2021", ["vốn -zq nam:2021"]),
        (["zq"], '"đầu tư zq" vốn', ['"đầu tư " vốn']),
        (["a+b"], "vốn a+b", ["vốn"]),
        (["xyzq"], "giải ngân", ["giải ngân"]),
    ],
)
def test_each_is_taken_out_of_the_query(words: list[str], text: str, undone: list[str]) -> None:
    readings = said(words, text)
    assert [reading.undo for reading in readings] == undone
    assert {reading.kind for reading in readings} == {ReadingKind.ABSENT} and [reading.typed for reading in readings] == words


# --- over a real index ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searcher(samples: Path, sample_index: Path) -> Searcher:
    return Searcher(load_settings(samples, sample_index))


def _named(searcher: Searcher, query: str, **more: object) -> list[str]:
    found = searcher.search(query, **more)  # type: ignore[arg-type]
    return [reading.typed for reading in found.readings if reading.kind is ReadingKind.ABSENT]


def test_a_search_tells_them_whether_it_finds_something_or_not(searcher: Searcher) -> None:
    assert _named(searcher, "giải ngân vốn đầu tư công") == []
    assert searcher.search("giải ngân xyzq").total > 0 and _named(searcher, "giải ngân xyzq") == ["xyzq"]
    assert searcher.search("zzqq khongcoo").total == 0 and _named(searcher, "zzqq khongcoo") == ["zzqq", "khongcoo"]
    assert _named(searcher, "giải ngân xyzq", exact=True) == ["xyzq"]
    # That a filter leaves nothing is no reason to say that a word stands nowhere.
    assert _named(searcher, "giải ngân xyzq", filters=Filters(years=(1999,))) == ["xyzq"]
    assert _named(searcher, "giải ngân vốn đầu tư công", filters=Filters(years=(1999,))) == []


def test_words_of_the_documents_are_never_said_to_stand_nowhere(searcher: Searcher) -> None:
    """The first words of every twentieth clause: whatever the words are cut into, they stand there."""
    wrong = {}
    for record in searcher.reader.documents():
        for clause in searcher.reader.clauses(record.id)[::20]:
            words = " ".join(clause.text.split()[:6])
            if words.strip(" -–.,;:/") and (found := _named(searcher, words, exact=True)):
                wrong[words] = found
    assert wrong == {}


def test_the_page_names_them_with_a_link_that_leaves_each_out(samples: Path, sample_index: Path) -> None:
    client = create_app(load_settings(samples, sample_index)).test_client()
    html = client.get("/search?q=gi%E1%BA%A3i+ng%C3%A2n+xyzq&lang=en").text
    assert "“xyzq” stands nowhere" in html and 'href="/search?q=gi%E1%BA%A3i%20ng%C3%A2n"' in html
    html = client.get("/search?q=zzqq&lang=en").text
    assert "“zzqq” stands nowhere" in html and "Nothing found" in html
    notice = html.split("“zzqq” stands nowhere")[1].split("</li>")[0]
    assert "<a " not in notice, "nothing is left to search for"
    assert '"kind":"absent"' in client.get("/api/v1/search?q=zzqq").text.replace(" ", "")
