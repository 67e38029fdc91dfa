"""One table of cases for every engine, and what is Whoosh's alone: its folder, its commits, its damage."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.util.varints import varint

from kgsearch.engines import manifest, verification, whoosh_merging
from kgsearch.engines.base import SCORED_FIELDS, Engine, EngineQuery, EngineResult, Entry, Phrase
from kgsearch.engines.matching import covering
from kgsearch.engines.memory import MemoryEngine
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.engines.whoosh_postings import terms_of
from kgsearch.engines.whoosh_stored import document_in_bytes, documents_in, groups_of_bytes, stored_fields, stored_syllables
from kgsearch.errors import IndexLockedError, IndexStateError
from kgsearch.language import analyse, fields
from kgsearch.models import Filters
from kgsearch.retrieval.query import phrase_of

MakeEngine = Callable[[], Engine]


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made: Engine = MemoryEngine() if request.param == "memory" else WhooshEngine.create(tmp_path / "engine")
    yield made
    made.close()


def entry(
    passage: str, text: str, *, type: str = "Nghị quyết", issuer: str = "HĐND", issued: date | None = date(2021, 10, 6), words: str = ""
) -> Entry:
    """An entry of ``document#clause`` or ``document#clause/2`` whose syllables are those of ``text``."""
    document, clause = passage.split("#")
    syllables = tuple(text.split())
    return Entry(
        passage=passage,
        document=document,
        clause=clause.split("/")[0],
        type=type,
        issuer=issuer,
        issued=issued,
        tokens={
            "syllables": syllables,
            "bigrams": tuple(f"{first}_{second}" for first, second in itertools.pairwise(syllables)),
            "words": tuple(words.split()),
        },
        context=("tựa", "đề"),
        text=tuple(f"{syllable}̣" for syllable in syllables),
    )


def query(text: str = "", **options: object) -> EngineQuery:
    syllables = tuple(dict.fromkeys(text.split()))
    bigrams = tuple(dict.fromkeys(f"{first}_{second}" for first, second in itertools.pairwise(text.split())))
    return EngineQuery(terms={"syllables": syllables, "bigrams": bigrams}, **options)  # type: ignore[arg-type]


def fill(engine: Engine, entries: Sequence[Entry]) -> None:
    with engine.writer() as writer:
        writer.add(entries)


def passages(result: EngineResult) -> list[str]:
    return [candidate.passage for candidate in result.candidates]


LIBRARY = [
    entry("a#art_1", "giai ngan von dau tu cong", words="giải_ngân đầu_tư"),
    entry("a#art_2", "von dau tu"),
    entry("a#art_3/1", "ke hoach von trung han"),
    entry("a#art_3/2", "ke hoach von hang nam"),
    entry("b#art_1", "dau tu cong trung han", type="Quyết định", issuer="UBND", issued=date(2022, 1, 31)),
    entry("b#art_2", "cong vien cong cong", type="Quyết định", issuer="UBND", issued=date(2022, 1, 31)),
    entry("c#p_1", "bao cao giai ngan", type="Báo cáo", issuer="", issued=None),
]


@pytest.mark.parametrize(
    ("text", "coverage", "found"),
    [
        ("von", 1.0, {"a#art_1", "a#art_2", "a#art_3/1", "a#art_3/2"}),
        ("dau tu cong", 1.0, {"a#art_1", "b#art_1"}),
        ("giai ngan von", 1.0, {"a#art_1"}),
        ("giai ngan von", 0.6, {"a#art_1", "c#p_1"}),
        ("giai ngan", 0.5, {"a#art_1", "c#p_1"}),
        ("giai vien", 0.1, {"a#art_1", "c#p_1", "b#art_2"}),
        ("giai nowhere", 1.0, set()),
        ("giai nowhere", 0.5, set()),
        ("giai nowhere", 0.29, {"a#art_1", "c#p_1"}),
        ("nowhere", 1.0, set()),
        ("nowhere", 0.0, set()),
        ("", 1.0, {each.passage for each in LIBRARY}),
    ],
)
def test_what_matches(engine: Engine, text: str, coverage: float, found: set[str]) -> None:
    fill(engine, LIBRARY)
    assert set(passages(engine.search(query(text, coverage=coverage)))) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(types=("Quyết định",)), {"b#art_1", "b#art_2"}),
        (Filters(types=("Quyết định", "Báo cáo")), {"b#art_1", "b#art_2", "c#p_1"}),
        (Filters(issuers=("HĐND",)), {"a#art_1", "a#art_2", "a#art_3/1", "a#art_3/2"}),
        (Filters(years=(2022,)), {"b#art_1", "b#art_2"}),
        (Filters(documents=("c",)), {"c#p_1"}),
        (Filters(issued_from=date(2022, 1, 31)), {"b#art_1", "b#art_2"}),
        (Filters(issued_from=date(2022, 2, 1)), set()),
        (Filters(issued_to=date(2021, 10, 6)), {"a#art_1", "a#art_2", "a#art_3/1", "a#art_3/2"}),
        (Filters(issued_from=date(2021, 1, 1), issued_to=date(2021, 10, 5)), set()),
        (Filters(types=("Nghị quyết",), years=(2022,)), set()),
        (Filters(types=("không có",)), set()),
    ],
)
def test_what_filters_let_through(engine: Engine, filters: Filters, found: set[str]) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query(filters=filters))
    assert set(passages(result)) == found
    assert result.statistics.passages == len(LIBRARY), "statistics are of the whole index"


def test_a_filter_narrows_what_the_words_match(engine: Engine) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query("dau tu", filters=Filters(issuers=("UBND",))))
    assert (passages(result), result.total, result.facets["type"]) == (["b#art_1"], 1, {"Quyết định": 1})


# --- phrases, exclusions, synonyms


def written(passage: str, context: str, text: str, issued: date | None = date(2021, 10, 6)) -> Entry:
    """An entry of words as they are written, with marks."""
    analysed = [analyse(part, words=False) for part in (context, text)]
    return Entry(passage, *passage.split("/")[0].split("#"), "Nghị quyết", "HĐND", issued, fields(*analysed), *(a.marked for a in analysed))


WRITTEN = [
    written("a#art_1", "Nghị quyết 20/NQ-HĐND Về đầu tư công", "Giải ngân vốn vay"),
    written("a#art_2/1", "Nghị quyết 20/NQ-HĐND Về đầu tư công", "Vốn đầu tư của tỉnh"),
    written("a#art_2/2", "Nghị quyết 20/NQ-HĐND Về đầu tư công", "Giải quyết ngân hàng và đầu tư cộng"),
    written("b#art_1", "Quyết định", "Công tác đầu tư và vốn đầu tư công ngày 06/10", date(2022, 1, 31)),
    written("b#art_2", "Quyết định vốn", "vay và hoà giải ngân sách đầu, tư cống", date(2022, 1, 31)),
    written("c#p_1", "", "Chế độ bảo hiểm thất nghiệp", None),
    written("c#p_2", "", "Chế độ BHTN và BHTN", None),
    written("c#p_3", "", "Chế độ bảo hiểm thất bại, thất nghiệp", None),
]
ALL = {each.passage for each in WRITTEN}


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        # without marks as with any: in the words or in the context
        ("dau tu cong", {"a#art_1", "a#art_2/1", "a#art_2/2", "b#art_1", "b#art_2"}),
        ("đầu tư công", {"a#art_1", "a#art_2/1", "a#art_2/2", "b#art_1"}),
        ("đầu tư cộng", {"a#art_2/2"}),
        ("giải ngân", {"a#art_1", "b#art_2"}),
        ("giải ngân vốn", {"a#art_1"}),
        # one that begins in the context and ends in the words is none
        ("vốn vay", {"a#art_1"}),
        ("công giải ngân", set()),
        ("hòa giải", {"b#art_2"}),
        ("cống", {"b#art_2"}),
        ("ngày 6/10", {"b#art_1"}),
        ("20/NQ-HĐND", {"a#art_1", "a#art_2/1", "a#art_2/2"}),
        ("nowhere", set()),
        ("đầu", ALL - {"c#p_1", "c#p_2", "c#p_3"}),
    ],
)
def test_phrases_narrow_what_matches(engine: Engine, phrase: str, found: set[str]) -> None:
    fill(engine, WRITTEN)
    for terms in ({}, {"syllables": phrase_of(phrase).syllables}):
        result = engine.search(EngineQuery(terms, phrases=(phrase_of(phrase),)))
        assert set(passages(result)) == found
        assert sum(result.facets["document"].values()) == result.total == len({name.split("/")[0] for name in found})


def test_all_phrases_must_be_there(engine: Engine) -> None:
    fill(engine, WRITTEN)
    result = engine.search(EngineQuery({}, phrases=(phrase_of("giải ngân"), phrase_of("đầu tư công"))))
    assert passages(result) == ["a#art_1"]


@pytest.mark.parametrize(
    ("excluded", "found"),
    [
        (["giai ngan"], ALL - {"a#art_1", "b#art_2"}),
        (["giải quyết"], ALL - {"a#art_2/1", "a#art_2/2"}),  # one passage of a clause takes the clause away
        (["giải quyết", "công tác"], ALL - {"a#art_2/1", "a#art_2/2", "b#art_1"}),
        (["cộng"], ALL - {"a#art_2/1", "a#art_2/2"}),
        (["cong"], {"c#p_1", "c#p_2", "c#p_3"}),
        (["nowhere"], ALL),
    ],
)
def test_what_is_excluded_is_not_found_counted_or_listed(engine: Engine, excluded: list[str], found: set[str]) -> None:
    fill(engine, WRITTEN)
    for sort in ("relevance", "newest"):
        result = engine.search(EngineQuery({}, excluded=tuple(map(phrase_of, excluded)), sort=sort))  # type: ignore[arg-type]
        assert set(passages(result)) == found
        assert sum(result.facets["document"].values()) == result.total == len({name.split("/")[0] for name in found})
    assert result.statistics.passages == len(WRITTEN), "statistics are of the whole index"


BHTN = {"bhtn": (("bao", "hiem", "that", "nghiep"),)}


def test_what_stands_for_a_syllable_counts_as_the_syllable(engine: Engine) -> None:
    fill(engine, WRITTEN)
    result = engine.search(EngineQuery({"syllables": ("che", "bhtn")}, synonyms=BHTN))
    # All neighbouring pairs count, even apart: the exact order is for who ranks.
    assert set(passages(result)) == {"c#p_1", "c#p_2", "c#p_3"}
    assert result.statistics.frequencies["syllables"] == {"che": 3, "bhtn": 3}
    assert passages(engine.search(EngineQuery({"syllables": ("bhtn",)}))) == ["c#p_2"]
    assert engine.search(EngineQuery({"syllables": ("bhtn",)}, synonyms=BHTN)).candidates[0].passage == "c#p_2", "it holds it twice"
    assert engine.search(EngineQuery({"syllables": ("nowhere",)}, synonyms={"nowhere": (("vay",),)})).total == 2


def test_the_best_come_first_and_carry_what_was_given(engine: Engine) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query("dau tu cong"))
    assert passages(result) == ["b#art_1", "a#art_1"], "the shorter passage of two that hold the same"
    best = result.candidates[0]
    assert (best.document, best.clause, best.issued) == ("b", "art_1", date(2022, 1, 31))
    assert (tuple(best.context), tuple(best.text)) == (LIBRARY[4].context, LIBRARY[4].text)
    assert best.score > result.candidates[1].score > 0


def test_other_fields_score_and_do_not_decide(engine: Engine) -> None:
    fill(engine, LIBRARY)
    without = engine.search(EngineQuery({"syllables": ["dau", "tu"]}))
    with_words = engine.search(EngineQuery({"syllables": ["dau", "tu"], "words": ["đầu_tư", "không_có"]}))
    assert set(passages(without)) == set(passages(with_words)) == {"a#art_1", "a#art_2", "b#art_1"}
    assert passages(without)[0] == "a#art_2"
    assert passages(with_words)[0] == "a#art_1"


@pytest.mark.parametrize(("sort", "documents"), [("newest", "bbaaaac"), ("oldest", "aaaabbc")])
def test_by_date_the_undated_come_last(engine: Engine, sort: str, documents: str) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query(sort=sort))
    assert "".join(candidate.document for candidate in result.candidates) == documents


def test_within_a_date_the_better_come_first(engine: Engine) -> None:
    fill(engine, LIBRARY)
    assert passages(engine.search(query("cong", sort="newest"))) == ["b#art_2", "b#art_1", "a#art_1"]


def test_two_cuts_of_a_clause_count_once(engine: Engine) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query("von"))
    assert len(result.candidates) == 4
    assert result.total == 3
    assert result.facets == {"type": {"Nghị quyết": 3}, "issuer": {"HĐND": 3}, "year": {"2021": 3}, "document": {"a": 3}}


def test_facets_count_all_matches_and_no_empty_value(engine: Engine) -> None:
    fill(engine, LIBRARY)
    result = engine.search(query(limit=1))
    assert len(result.candidates) == 1
    assert result.total == 6
    assert result.facets == {
        "type": {"Nghị quyết": 3, "Quyết định": 2, "Báo cáo": 1},
        "issuer": {"HĐND": 3, "UBND": 2},
        "year": {"2021": 3, "2022": 2},
        "document": {"a": 3, "b": 2, "c": 1},
    }


def test_statistics_are_exact(engine: Engine) -> None:
    fill(engine, LIBRARY)
    statistics = engine.search(EngineQuery({"syllables": ["cong", "nowhere"], "words": ["đầu_tư"]})).statistics
    assert statistics.passages == 7
    assert statistics.frequencies["syllables"] == {"cong": 3, "nowhere": 0}
    assert statistics.frequencies["words"] == {"đầu_tư": 1}
    lengths = {name: [len(each.tokens[name]) for each in LIBRARY] for name in SCORED_FIELDS}
    assert statistics.average_length == pytest.approx({name: sum(each) / 7 for name, each in lengths.items()})


def test_lengths_are_exact_where_whoosh_rounds_them(engine: Engine) -> None:
    long = [entry(f"d{n}#p", "x " * n + "y") for n in (1, 107, 108, 109, 5000)]
    fill(engine, long)
    result = engine.search(query("y"))
    assert passages(result) == [each.passage for each in long]
    assert result.statistics.average_length["syllables"] == sum(len(each.tokens["syllables"]) for each in long) / 5


def test_an_empty_index(engine: Engine) -> None:
    for asked in (query("von"), query(), query(sort="newest"), query("von", filters=Filters(years=(2021,)))):
        result = engine.search(asked)
        assert (result.candidates, result.total, result.statistics.passages) in (((), 0, 0), ([], 0, 0))
        assert result.facets == {"type": {}, "issuer": {}, "year": {}, "document": {}}
    assert (engine.passages(), engine.documents()) == (0, frozenset())
    with engine.writer():
        pass
    assert engine.passages() == 0


def test_adding_deleting_and_replacing(engine: Engine) -> None:
    fill(engine, LIBRARY)
    assert (engine.passages(), engine.documents()) == (7, {"a", "b", "c"})
    with engine.writer() as writer:
        writer.delete("b")
        writer.delete("unknown")
    assert (engine.passages(), engine.documents()) == (5, {"a", "c"})
    result = engine.search(query("cong"))
    assert passages(result) == ["a#art_1"]
    assert result.statistics.frequencies["syllables"] == {"cong": 1}
    assert result.statistics.average_length["syllables"] == (6 + 3 + 5 + 5 + 4) / 5
    with engine.writer() as writer:
        writer.delete("a")
        writer.add([entry("a#art_9", "cong khai")])
    assert passages(engine.search(query())) == ["a#art_9", "c#p_1"] or passages(engine.search(query())) == ["c#p_1", "a#art_9"]
    with engine.writer() as writer:
        writer.delete("a")
        writer.delete("c")
    assert (engine.passages(), engine.documents(), engine.search(query()).total) == (0, frozenset(), 0)
    fill(engine, LIBRARY)
    assert engine.passages() == 7


def test_a_batch_deletes_what_it_added_itself(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(LIBRARY)
        writer.delete("a")
        writer.add([entry("a#art_1", "moi")])
        writer.add([entry("a#art_2", "moi hon")])
        writer.delete("b")
    assert engine.documents() == {"a", "c"}
    assert (engine.passages(), engine.search(query("moi")).total, engine.search(query("cong")).total) == (3, 2, 0)


def test_a_document_held_must_be_deleted_first(engine: Engine) -> None:
    fill(engine, LIBRARY)
    with pytest.raises(ValueError, match="delete it first"), engine.writer() as writer:
        writer.add([LIBRARY[0]])
    assert engine.passages() == 7


def test_nothing_is_seen_before_the_batch_ends(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(LIBRARY)
        assert engine.search(query()).total == 0
    assert engine.search(query()).total == 6


def test_a_batch_that_raises_leaves_what_was(engine: Engine) -> None:
    fill(engine, LIBRARY[:4])
    with pytest.raises(RuntimeError, match="midway"), engine.writer() as writer:
        writer.delete("a")
        writer.add(LIBRARY[4:])
        raise RuntimeError("midway")
    assert (engine.passages(), engine.documents()) == (4, {"a"})
    fill(engine, LIBRARY[4:])
    assert (engine.passages(), engine.search(query("cong")).total) == (7, 3)


def test_one_batch_at_a_time(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.add(LIBRARY[:1])
        with pytest.raises(IndexLockedError), engine.writer():
            pass
    assert engine.passages() == 1


def test_tokens_of_every_script_and_length(engine: Engine) -> None:
    strange = ["giải_ngân", "535/nq-hdnd", "84%", "漢", "x" * 1000, "a.b", "*", '"', "AND", "\u0301"]
    fill(engine, [entry("a#p_1", " ".join(strange)), replace(entry("b#p_1", "y"), context=(), text=())])
    for token in strange:
        assert passages(engine.search(EngineQuery({"syllables": [token]}))) == ["a#p_1"]
    assert engine.search(query("y")).candidates[0].text == ()


def test_threads_search_while_a_writer_commits(engine: Engine) -> None:
    fill(engine, LIBRARY)
    failures: list[BaseException] = []
    seen: set[int] = set()
    done = threading.Event()

    def searching() -> None:
        try:
            while not done.is_set():
                result = engine.search(query("von"))
                assert len({(candidate.document, candidate.clause) for candidate in result.candidates}) == result.total
                assert result.statistics.frequencies["syllables"]["von"] == len(result.candidates)
                seen.add(result.total)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=searching) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(8):
            with engine.writer() as writer:
                writer.delete(f"new{round_ - 1}")
                writer.add([entry(f"new{round_}#art_{number}", "von moi") for number in range(round_)])
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert seen <= {3, *range(3, 11)}
    assert engine.search(query("von")).total == 3 + 7


# ------------------------------------------------------------------------------------------------------- the same by chance

syllables = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=9)
libraries = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), syllables), max_size=20)


def library(drawn: Sequence[tuple[int, int, list[str]]]) -> list[Entry]:
    dates = [date(2020, 1, 1), date(2021, 6, 1), None]
    return [
        entry(f"d{document}#c{clause}/{number}", " ".join(text), type=f"t{document % 2}", issued=dates[document % 3])
        for number, (document, clause, text) in enumerate(drawn)
    ]


@settings(deadline=None, max_examples=40)
@given(
    libraries,
    libraries,
    st.sets(st.integers(0, 5)),
    syllables,
    st.sampled_from([0.3, 0.6, 1.0]),
    st.sampled_from(["relevance", "newest", "oldest"]),
    st.lists(st.sampled_from("abc"), max_size=3),
    st.lists(st.sampled_from("cde"), max_size=2),
)
def test_whoosh_does_as_the_reference_does(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[tuple[int, int, list[str]]],
    second: list[tuple[int, int, list[str]]],
    deleted: set[int],
    asked: list[str],
    coverage: float,
    sort: str,
    phrase: list[str],
    excluded: list[str],
) -> None:
    engines: list[Engine] = [MemoryEngine(), WhooshEngine.create(tmp_path_factory.mktemp("engines") / "engine")]
    gone = {f"d{number}" for number in deleted} | {f"d{document}" for document, _, _ in second}
    results = []
    for engine in engines:
        fill(engine, library(first))
        with engine.writer() as writer:
            for document in sorted(gone):
                writer.delete(document)
            writer.add(library(second))
        for filters in (Filters(), Filters(types=("t0",)), Filters(years=(2021,))):
            more = {
                "phrases": [Phrase(tuple(phrase))] if phrase else [],
                "excluded": [Phrase(tuple(excluded))] if excluded else [],
                "synonyms": {asked[0]: [tuple(phrase)]} if asked and phrase else {},
            }
            result = engine.search(query(" ".join(asked), coverage=coverage, sort=sort, filters=filters, **more))
            scores = {candidate.passage: candidate.score for candidate in result.candidates}
            order = [(candidate.issued, round(candidate.score, 6)) for candidate in result.candidates]
            results.append((scores, order, result.total, result.facets, result.statistics, engine.passages(), engine.documents()))
        engine.close()
    half = len(results) // 2
    for reference, found in zip(results[:half], results[half:], strict=True):
        assert found[0] == pytest.approx(reference[0])
        assert found[1:4] == reference[1:4]
        assert found[4].average_length == pytest.approx(reference[4].average_length)
        assert found[4].frequencies == reference[4].frequencies
        assert found[5:] == reference[5:]


def content(engine: WhooshEngine) -> dict[str, object]:
    """All that the files of an index hold of each passage: what is stored, its group, its lengths, its postings."""
    held: dict[str, object] = {}
    with engine._leased() as snapshot:
        snapshot.prepare()
        for base, (segment, deleted) in zip(snapshot._bases, snapshot._parts(), strict=True):
            postings: list[dict[tuple[str, bytes], int]] = [{} for _number in range(segment.size)]
            for term, numbers, counts in terms_of(segment._reader, range(segment.size)):
                assert list(numbers) == sorted(set(numbers))
                for number, count in zip(numbers, counts, strict=True):
                    postings[number][term] = int(count)
            for number in set(range(segment.size)) - deleted:
                passage, clause, context, text = segment.stored(number)
                assert passage not in held
                lengths = [segment.lengths(name)[number] for name in SCORED_FIELDS]
                group = snapshot.groups[snapshot.group_of[base + number]]
                held[passage] = (*group, clause, stored_syllables(context), stored_syllables(text), lengths, postings[number])
    return held


def content_of(entry: Entry) -> object:
    """The same of one passage, as it was given."""
    group = (entry.document, entry.type, entry.issuer, entry.issued)
    lengths = [len(entry.tokens[name]) for name in SCORED_FIELDS]
    postings = Counter((name, token.encode()) for name in SCORED_FIELDS for token in entry.tokens[name])
    return (*group, entry.clause, tuple(entry.context), tuple(entry.text), lengths, dict(postings))


batches = st.lists(
    st.tuples(st.sets(st.integers(0, 9), max_size=4), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), syllables), max_size=8)),
    min_size=8,
    max_size=20,
)


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches, st.sampled_from([(2, 2, 9), (2, 3, 50_000), (3, 4, 30)]))
def test_many_batches_leave_exactly_what_was_given_however_segments_are_joined(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    drawn: list[tuple[set[int], list[tuple[int, int, list[str]]]]],
    bounds: tuple[int, int, int],
) -> None:
    for name, bound in zip(("SEGMENTS_OF_A_CLASS", "SMALLEST_CLASS", "LARGEST_JOINED"), bounds, strict=True):
        monkeypatch.setattr(whoosh_merging, name, bound)
    folder = tmp_path_factory.mktemp("joined") / "engine"
    engine, reference = WhooshEngine.create(folder), MemoryEngine()
    for deleted, added in drawn:
        entries = library(added)
        for one in (engine, reference):
            with one.writer() as writer:
                for document in sorted({f"d{number}" for number in deleted} | {each.document for each in entries}):
                    writer.delete(document)
                writer.add(entries)
        assert content(engine) == {each.passage: content_of(each) for each in reference._entries}
        assert (engine.documents(), engine.passages()) == (reference.documents(), reference.passages())
    engine.close()
    again = WhooshEngine(folder)
    assert content(again) == {each.passage: content_of(each) for each in reference._entries}
    again.close()


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
def test_who_opens_it_to_write_leaves_what_was_given(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[set[int], list[tuple[int, int, list[str]]]]]
) -> None:
    folder, reference = tmp_path_factory.mktemp("written") / "engine", MemoryEngine()
    WhooshEngine.create(folder).close()
    commits: set[str] = set()
    for deleted, added in drawn:
        entries = library(added)
        engine = WhooshEngine.to_write(folder)
        for one in (engine, reference):
            with one.writer() as writer:
                for document in sorted({f"d{number}" for number in deleted} | {each.document for each in entries}):
                    writer.delete(document)
                writer.add(entries)
        assert engine.passages() == reference.passages()
        assert engine.commit_name() not in commits
        commits.add(engine.commit_name())
        if entries:
            with pytest.raises(ValueError, match="held already"), engine.writer() as writer:
                writer.add(entries[:1])
        engine.close()
    again = WhooshEngine.to_write(folder)
    assert again.commit_name() in commits
    assert again.search(query("")).total == reference.search(query("")).total
    assert content(again) == {each.passage: content_of(each) for each in reference._entries}
    assert again.documents() == reference.documents()
    again.close()


@given(st.lists(st.tuples(*[st.text(st.sampled_from('a"\\[], Ừ\n'), max_size=100)] * 3), max_size=5))
def test_documents_are_found_among_their_groups(names: list[tuple[str, str, str]]) -> None:
    groups = [stored_fields(replace(LIBRARY[0], document=name, type=type_, issuer=issuer), 0)["group"] for name, type_, issuer in names]
    packed = b"".join(varint(len(group)) + group for group in (b"", *groups))
    assert documents_in(packed) >= {document_in_bytes(name) for name, _type, _issuer in names}
    assert [tuple(group[:3]) for group in groups_of_bytes(groups)] == names


def test_a_new_document_takes_no_columns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine.to_write(folder)
    read: list[str] = []
    monkeypatch.setattr("kgsearch.engines.whoosh_segment.numeric_column", lambda _reader, name: read.append(name))
    with engine.writer() as writer:
        writer.delete("new")
        writer.add([entry("new#p_1", "von")])
    assert engine.passages() == len(LIBRARY) + 1
    assert not read
    engine.close()


@given(st.lists(st.tuples(st.floats(0.01, 9), st.sets(st.integers(0, 12))), min_size=1, max_size=6), st.floats(0.05, 1))
def test_what_covers_a_query(holders: list[tuple[float, set[int]]], coverage: float) -> None:
    needed = coverage * sum(weight for weight, _ in holders)
    for number in range(13):
        carried = sum(weight for weight, holding in holders if number in holding)
        if abs(carried - needed) > 1e-6:
            assert (number in covering(holders, coverage)) == (carried >= needed)


# ------------------------------------------------------------------------------------------------------------ Whoosh's own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Whoosh index of the library."""
    path = tmp_path / "engine"
    engine = WhooshEngine.create(path)
    fill(engine, LIBRARY)
    engine.close()
    return path


def test_what_was_committed_is_there_when_opened_again(folder: Path) -> None:
    engine = WhooshEngine(folder)
    assert (engine.passages(), engine.search(query("von")).total) == (7, 3)
    engine.close()


def test_another_process_is_seen_after_refresh(folder: Path) -> None:
    reader, writer = WhooshEngine(folder), WhooshEngine(folder)
    fill(writer, [entry("d#p_1", "von moi")])
    assert reader.search(query("von")).total == 3
    reader.refresh()
    assert reader.search(query("von")).total == 4
    assert reader.documents() == {"a", "b", "c", "d"}
    with reader.writer() as batch:
        batch.delete("d")
    fill(writer, [entry("d#p_2", "von khac")])
    writer.close()
    reader.refresh()
    assert reader.search(query("khac")).total == 1
    reader.close()


def test_an_index_put_in_place_of_another_is_seen_after_refresh(folder: Path) -> None:
    engine = WhooshEngine(folder)
    rebuilt = WhooshEngine.create(folder.with_name("rebuilt"))
    fill(rebuilt, [entry("d#p_1", "von moi")])
    rebuilt.close()
    folder.rename(folder.with_name("old"))
    folder.with_name("rebuilt").rename(folder)
    assert engine.documents() == {"a", "b", "c"}
    engine.refresh()
    assert engine.documents() == {"d"}
    assert passages(engine.search(query("von"))) == ["d#p_1"]
    engine.close()


def test_a_writer_sees_what_another_has_committed(folder: Path) -> None:
    first, second = WhooshEngine(folder), WhooshEngine(folder)
    fill(first, [entry("d#p_1", "von moi")])
    with second.writer() as batch:
        batch.delete("d")
    first.refresh()
    assert first.documents() == second.documents() == {"a", "b", "c"}
    first.close()
    second.close()


def test_many_small_batches_are_merged_and_lose_nothing(folder: Path) -> None:
    engine = WhooshEngine(folder)
    randomness = random.Random(5)
    held = {"a", "b", "c"}
    for number in range(40):
        with engine.writer() as batch:
            for gone in randomness.sample(sorted(held), k=randomness.randint(0, 1)):
                batch.delete(gone)
                held.discard(gone)
            batch.add([entry(f"n{number}#p_{part}", f"von {number}") for part in range(3)])
            held.add(f"n{number}")
    assert engine.documents() == held
    assert len(list(folder.glob("*.seg"))) < 15
    for document in held - {"a", "b", "c"}:
        assert engine.search(query(f"von {document[1:]}")).total == 3
    engine.close()


def test_a_search_under_way_outlives_a_commit(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with engine._leased() as snapshot:
        with engine.writer() as batch:
            batch.delete("a")
        assert len(snapshot.scores("syllables", "von")) == 4
    assert engine.search(query("von")).total == 0
    engine.close()


@pytest.mark.parametrize("missing", [".", "version.json"])
def test_no_index_is_never_made_by_opening(folder: Path, missing: str) -> None:
    shutil.rmtree(folder) if missing == "." else (folder / missing).unlink()
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)
    assert not (folder / "version.json").exists()


@pytest.mark.parametrize("change", [{"schema": 0}, {"analysis": -1}, {"engine": "tantivy"}, {"more": 1}])
def test_another_version_is_not_opened(folder: Path, change: dict[str, object]) -> None:
    version = json.loads((folder / "version.json").read_text())
    (folder / "version.json").write_text(json.dumps(version | change))
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def damage_flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [damage_cut, damage_empty, damage_zero, damage_flip, Path.unlink])
@pytest.mark.parametrize("pattern", ["*.seg", "*.toc", "manifest.json", "version.json"])
@pytest.mark.parametrize("opened", [WhooshEngine, WhooshEngine.to_write], ids=["to search", "to write"])
def test_damage_is_noticed(folder: Path, damage: Callable[[Path], None], pattern: str, opened: Callable[[Path], WhooshEngine]) -> None:
    (path,) = folder.glob(pattern)
    before = path.read_bytes()
    damage(path)
    if damage is damage_flip and json_says_the_same(path, before):
        pytest.skip("the bit turned over is white space")
    with pytest.raises(IndexStateError, match="kgsearch index"):
        opened(folder)


def json_says_the_same(path: Path, before: bytes) -> bool:
    try:
        return bool(path.suffix == ".json" and json.loads(path.read_bytes()) == json.loads(before))
    except ValueError:
        return False


def test_damage_while_open_is_an_error_of_ours(folder: Path) -> None:
    engine = WhooshEngine(folder)
    fill(engine, [entry("d#p_1", "von moi")])
    for segment in engine._snapshot._segments:
        segment._reader._terms = None
    with pytest.raises(IndexStateError, match="kgsearch index"):
        engine.search(query("von"))
    engine.close()


def the_segment(folder: Path) -> Path:
    """The one segment of an index, written long ago: clocks of files tick only now and then."""
    (path,) = folder.glob("*.seg")
    os.utime(path, (0, 0))
    return path


@pytest.mark.parametrize("damage", [damage_cut, damage_empty, damage_zero, damage_flip])
def test_damage_to_what_is_open_is_noticed_by_who_reads_it(folder: Path, damage: Callable[[Path], None]) -> None:
    path = the_segment(folder)
    engine = WhooshEngine(folder)
    assert engine.search(query("von", limit=0)).total == 3
    damage(path)
    assert engine.search(query("von", limit=0)).total == 3, "what was read before is right"
    for asked in (query("von"), query("cong", limit=0)):
        with pytest.raises(IndexStateError, match="kgsearch index"):
            engine.search(asked)
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)
    engine.close()


@pytest.mark.parametrize("damage", [damage_cut, damage_empty, damage_zero, damage_flip])
def test_damage_to_what_was_not_read_yet_is_noticed_when_it_is(folder: Path, damage: Callable[[Path], None]) -> None:
    path = the_segment(folder)
    committed = manifest.read_manifest(folder)
    engine = WhooshEngine.to_write(folder)
    damage(path)
    with pytest.raises(IndexStateError, match="kgsearch index"):
        fill(engine, [entry("d#p_1", "von moi")])
    for asked in (engine.documents, lambda: engine.search(query("von"))):
        with pytest.raises(IndexStateError, match="kgsearch index"):
            asked()
    assert manifest.read_manifest(folder) == committed, "nothing was written beside it"
    engine.close()
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine.to_write(folder)


def test_a_file_that_is_only_touched_is_read_on(folder: Path) -> None:
    path = the_segment(folder)
    engine = WhooshEngine(folder)
    os.utime(path)
    assert engine.search(query("von")).total == 3
    path.rename(path.with_suffix(".moved"))
    assert engine.search(query("cong")).total == 3
    engine.close()


@pytest.mark.parametrize("opened", [WhooshEngine, WhooshEngine.to_write], ids=["to search", "to write"])
def test_a_damaged_segment_is_not_joined(folder: Path, opened: Callable[[Path], WhooshEngine]) -> None:
    path = the_segment(folder)
    engine = opened(folder)
    with pytest.raises(IndexStateError, match="kgsearch index"), engine.writer() as batch:
        batch.delete("a")  # More than a third of the segment: it is to be written anew.
        damage_flip(path)
    assert engine.documents() == {"a", "b", "c"}
    assert list(folder.glob("*.seg")) == [path]
    engine.close()


def test_a_commit_does_not_vouch_for_what_others_have_written(folder: Path) -> None:
    path = the_segment(folder)
    engine = WhooshEngine(folder)
    damage_flip(path)
    fill(engine, [entry("d#p_1", "von moi")])
    assert path.exists(), "it was not written anew"
    engine.close()
    with pytest.raises(IndexStateError, match="kgsearch index"):
        WhooshEngine(folder)


def test_what_turns_out_to_be_damaged_is_not_trusted_by_the_next(folder: Path) -> None:
    engine = WhooshEngine(folder)
    for segment in engine._snapshot._segments:
        segment._reader._terms = None
    assert (folder / verification.NOTE_FILE).exists()
    with pytest.raises(IndexStateError):
        engine.search(query("von"))
    assert not (folder / verification.NOTE_FILE).exists()
    engine.close()


def test_what_an_unfinished_commit_left_is_not_looked_at(folder: Path) -> None:
    generation = manifest.read_manifest(folder).generation
    (folder / f"_passages_{generation + 1}.toc").write_bytes(b"half")
    (folder / "passages_0123456789abcdef.seg").write_bytes(b"half")
    (folder / "manifest.new").write_bytes(b"{")
    (folder / "passages.tmp").mkdir()
    engine = WhooshEngine(folder)
    assert engine.search(query("von")).total == 3
    fill(engine, [entry("d#p_1", "von moi")])
    assert engine.search(query("von")).total == 4
    engine.close()
    assert not list(folder.glob("*0123456789abcdef*"))


def test_a_commit_that_fails_leaves_the_one_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(folder)

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("sync_to_disk", "_write_json"):
        with monkeypatch.context() as patch:
            patch.setattr(manifest, name, fail)
            with pytest.raises(IndexStateError, match="đã đầy"):
                fill(engine, [entry("d#p_1", "von moi")])
        assert engine.documents() == {"a", "b", "c"}
        again = WhooshEngine(folder)
        assert again.documents() == {"a", "b", "c"}
        again.close()
    fill(engine, [entry("d#p_1", "von moi")])
    assert engine.search(query("von")).total == 4
    engine.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from kgsearch.engines import manifest
from kgsearch.engines.whoosh import WhooshEngine
from kgsearch.engines.base import Entry
step = int(sys.argv[2])
def count(function):
    def counted(*arguments, **options):
        global step
        step -= 1
        if step == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return counted
for name in ("sync_to_disk", "_measure"):
    setattr(manifest, name, count(getattr(manifest, name)))
Path.replace = count(Path.replace)
os.rename, os.remove = count(os.rename), count(os.remove)
engine = WhooshEngine(Path(sys.argv[1]))
with engine.writer() as writer:
    writer.delete("a")
    writer.add([Entry("d#p_1", "d", "p_1", "", "", None, {"syllables": ["von"], "bigrams": [], "words": []}, [], [])])
print("acknowledged")
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_killed_at_any_step_a_commit_is_whole_or_not_at_all(folder: Path) -> None:
    outcomes = set()
    for step in range(1, 40):
        copy = folder.with_name(f"copy{step}")
        shutil.copytree(folder, copy)
        root = Path(__file__).resolve().parents[1]
        done = subprocess.run([sys.executable, "-c", KILLED, str(copy), str(step)], capture_output=True, text=True, cwd=root, check=False)
        engine = WhooshEngine(copy)
        outcomes.add("d" in engine.documents())
        assert engine.documents() in ({"a", "b", "c"}, {"b", "c", "d"})
        fill(engine, [entry("e#p_1", "von")])
        assert "e" in engine.documents()
        engine.close()
        if "acknowledged" in done.stdout:
            break
        assert done.returncode < 0, done.stderr
    else:
        pytest.fail("the commit never ran to its end")
    assert outcomes == {True, False}


def test_a_folder_that_holds_something_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("…", encoding="utf-8")
    with pytest.raises(IndexStateError):
        WhooshEngine.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IndexStateError):
        WhooshEngine.create(tmp_path / "file" / "engine")


def test_a_read_only_folder_is_searched_and_not_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(folder)

    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    # The tests may run as root, whom no mode of a folder stops.
    monkeypatch.setattr("whoosh.util.filelock.FcntlLock.acquire", refuse, raising=False)
    assert engine.search(query("von")).total == 3
    with pytest.raises(IndexStateError, match="không có quyền"):
        fill(engine, [entry("d#p_1", "von")])
    engine.close()


def test_an_engine_that_is_closed_says_so(folder: Path) -> None:
    engine = WhooshEngine(folder)
    engine.close()
    engine.close()
    engine.refresh()
    with pytest.raises(IndexStateError):
        engine.search(query("von"))
    for _attempt in range(2):
        with pytest.raises(IndexStateError, match=str(folder)):
            fill(engine, [entry("d#p_1", "von")])


def test_the_cache_of_postings_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.engines.whoosh_snapshot._POSTINGS_KEPT", 5)
    engine = WhooshEngine(folder)
    for text in ("von dau", "giai cong", "von", "nowhere"):
        engine.search(query(text))
    kept = engine._snapshot._kept
    assert engine._snapshot._kept_postings == sum(4 + len(postings) for postings in kept.values())
    assert engine._snapshot._kept_postings <= 5 or len(kept) == 1
    assert engine.search(query("von")).total == 3
    engine.close()


def test_words_that_stand_nowhere_take_room_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.engines.whoosh_segment._BYTES_KEPT", 10_000)
    monkeypatch.setattr("kgsearch.engines.whoosh_snapshot._POSTINGS_KEPT", 100)
    engine = WhooshEngine(folder)
    for number in range(200):
        engine.search(query(f"nowhere{number}"))
    assert len(engine._snapshot._postings._kept) <= 10_000 / 400
    assert len(engine._snapshot._kept) <= 100 / 4
    engine.close()


def test_too_many_documents_are_refused_not_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgsearch.engines.whoosh_writing.MOST_DOCUMENTS", 4)
    engine = WhooshEngine(folder)
    more = [entry(f"{document}#p_1", "von") for document in "defgh"]
    with pytest.raises(IndexStateError, match="4"):
        fill(engine, more)
    assert engine.documents() == {"a", "b", "c"}
    fill(engine, more[:4])
    assert engine.documents() == set("abcdefg")
    engine.close()


def test_postings_over_many_blocks_and_deletions(tmp_path: Path) -> None:
    engine = WhooshEngine.create(tmp_path / "engine")
    fill(engine, [entry(f"d{number}#p", f"von s{number % 3} " + "them " * (number % 5)) for number in range(1000)])
    with engine.writer() as batch:
        for number in range(0, 200, 2):
            batch.delete(f"d{number}")
    result = engine.search(query("von", limit=2000))
    assert len(result.candidates) == result.total == result.statistics.frequencies["syllables"]["von"] == 900
    assert engine.search(query("them")).statistics.frequencies["syllables"]["them"] == sum(
        1 for number in range(1000) if number % 5 and not (number < 200 and number % 2 == 0)
    )
    engine.close()
