"""Retrieval: what a query is read as, where its words are marked, in which order hits come, and what the searcher makes of it all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue.reading import CatalogueReader
from kgsearch.config import load_settings
from kgsearch.engines.base import BIGRAMS, SYLLABLES, Candidate, EngineQuery, EngineResult, Sort, Statistics
from kgsearch.engines.memory import MemoryEngine
from kgsearch.errors import IndexStateError, NotFoundError, UsageError
from kgsearch.indexing import sync
from kgsearch.language import syllable_key, tokenise
from kgsearch.models import DocumentRecord, Filters, Hit, ReadingKind
from kgsearch.retrieval import Searcher
from kgsearch.retrieval.candidates import RANKED
from kgsearch.retrieval.highlighting import highlight
from kgsearch.retrieval.query import MAX_CHARACTERS, MAX_TERMS, read_query
from kgsearch.retrieval.ranking import Ranked, idf, rank
from kgsearch.retrieval.searcher import MAX_CITATION, MAX_RANKED

# --- the query -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("giải ngân đầu tư công", ("giai", "ngan", "dau", "tu", "cong")),
        ("GIAI  NGAN\tđầu tư công", ("giai", "ngan", "dau", "tu", "cong")),
        ("giải ngân, giải ngân!", ("giai", "ngan")),
        ("hoà bình hòa bình", ("hoa", "binh")),
        ("tỷ lệ 4.0 84%", ("ti", "le", "4", "0", "84")),
        ("535/NQ-HĐND", ("535", "nq", "hdnd")),
        ("06 tháng 6", ("6", "thang")),
        ("NOT (giải* AND ~ngân) OR ?", ("not", "giai", "and", "ngan", "or")),
        (unicodedata.normalize("NFD", "Đường ven sông"), ("duong", "ven", "song")),
        ("giải\u200b ngân\u00a0vốn", ("giai", "ngan", "von")),
    ],
)
def test_the_syllables_looked_for(text: str, syllables: tuple[str, ...]) -> None:
    assert read_query(text).syllables == syllables


def test_bigrams_are_those_of_the_syllables_looked_for() -> None:
    assert read_query("giải ngân đầu tư").bigrams == ("giai_ngan", "ngan_dau", "dau_tu")
    longest = read_query(" ".join(f"{number}" for number in range(100)))
    assert len(longest.syllables) == MAX_TERMS
    assert len(longest.bigrams) == MAX_TERMS - 1


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200b", "?!…", "*", "()", "“”", "--- /"])
def test_a_query_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_query(text)


@pytest.mark.parametrize("text", ["x" * (MAX_CHARACTERS + 1), "giải ngân " * 10_000, "(" * 2000 + "a", "e\u0323\u0302" * 5000])
def test_a_query_too_long_is_refused_with_its_bound(text: str) -> None:
    with pytest.raises(UsageError, match=str(MAX_CHARACTERS)):
        read_query(text)


def test_length_is_counted_in_letters_however_they_are_composed() -> None:
    question = ("giải ngân đầu tư công " * 22).strip()
    assert len(question) <= MAX_CHARACTERS < len(unicodedata.normalize("NFD", question))
    assert read_query(unicodedata.normalize("NFD", question)) == read_query(question)


@given(st.text(max_size=600))
def test_any_query_is_read_or_refused(text: str) -> None:
    try:
        query = read_query(text)
    except UsageError:
        return
    assert 0 < len(query.syllables) <= MAX_TERMS
    assert len(set(query.syllables)) == len(query.syllables)
    assert set(query.bigrams) <= {f"{first}_{second}" for first in query.syllables for second in query.syllables}


# --- highlights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Đẩy nhanh giải ngân vốn đầu tư công.", "giải ngân đầu tư công", ["giải ngân", "đầu tư công"]),
        ("Đẩy nhanh giải ngân vốn đầu tư công.", "giai ngan dau tu cong", ["giải ngân", "đầu tư công"]),
        ("Đẩy nhanh GIẢI NGÂN VỐN", "giải ngân", ["GIẢI NGÂN"]),
        ("văn hoá, thể thao", "văn hóa thể thao", ["văn hoá, thể thao"]),
        # a lone syllable beside its own word elsewhere is another word
        ("Công tác đầu tư công", "đầu tư công", ["đầu tư công"]),
        ("Công tác năm", "đầu tư công", ["Công"]),
        # a piece of another word is marked only where nothing else is
        ("Đầu tư vào công trình", "đầu tư công", ["Đầu tư"]),
        ("Dau tu vao cong trinh", "đầu tư công", ["Dau tu", "cong"]),
        ("Thuế nhà đất, nước thải", "nước nhà đất", ["nhà đất"]),
        ("Thu thuế bằng tiền", "thuế đất", ["thuế"]),
        ("theo Nghị quyết 535/NQ-HĐND.", "535/nq-hdnd", ["535/NQ-HĐND"]),
        ("Điều 1. Không có gì", "giải ngân", []),
        ("", "giải ngân", []),
        ("công tác\nđầu tư\ncông", "đầu tư công", ["đầu tư", "công"]),
    ],
)
def test_the_words_marked(text: str, query: str, marked: list[str]) -> None:
    assert [text[span.start : span.end] for span in highlight(text, read_query(query))] == marked


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_fall_on_the_words_as_they_are_written(form: str) -> None:
    text = unicodedata.normalize(form, "Tỷ lệ giải ngân… đạt ½ kế hoạch, giải ngân nhanh")
    marked = [text[span.start : span.end] for span in highlight(text, read_query("giải ngân"))]
    assert marked == [unicodedata.normalize(form, "giải ngân")] * 2


WORDS = st.lists(
    st.sampled_from(["giải", "ngân", "đầu", "tư", "công", "và", "–", ",", "…", "535/NQ-HĐND", "e\u0323\u0302", "½"]), max_size=30
)


@given(WORDS, WORDS)
def test_marks_are_in_order_apart_and_hold_only_words_of_the_query(text_words: list[str], query_words: list[str]) -> None:
    text = " ".join(text_words)
    try:
        query = read_query(" ".join(query_words))
    except UsageError:
        return
    spans = highlight(text, query)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for span in spans:
        assert {syllable_key(token.text) for token in tokenise(text[span.start : span.end])} <= set(query.syllables)


# --- ranking -------------------------------------------------------------------------------------------------------------


def candidate(name: str, text: str, context: str = "") -> Candidate:
    return Candidate(name, name, "art_1", None, 0.0, context.split(), text.split())


def order(query: str, *candidates: Candidate, frequencies: dict[str, int] | None = None) -> list[str]:
    """The passages in the order of our formula, where every word of the query stands in one of a hundred passages, unless said."""
    read = read_query(query)
    statistics = Statistics(
        100,
        {SYLLABLES: 10.0, BIGRAMS: 9.0},
        {SYLLABLES: dict.fromkeys(read.syllables, 1) | (frequencies or {}), BIGRAMS: dict.fromkeys(read.bigrams, 1)},
    )
    return [found.candidate.passage for found in rank(read, candidates, statistics)]


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        # exact marks before others
        ("má", candidate("b", "má tôi"), candidate("a", "ma tôi")),
        # words together before words apart
        ("đầu tư công", candidate("b", "vốn đầu tư công năm nay"), candidate("a", "công năm nay tư vốn đầu")),
        # more of them before fewer
        ("đầu tư công", candidate("b", "đầu tư công"), candidate("a", "đầu tư tư")),
        # a short passage before a long one
        ("đầu tư", candidate("b", "đầu tư"), candidate("a", "đầu tư " + "và " * 30)),
        # what the heading says counts
        ("rừng", candidate("b", "rừng", "rừng"), candidate("a", "rừng", "biển")),
    ],
    ids=["marks", "together", "more", "short", "heading"],
)
def test_better_before_worse(query: str, better: Candidate, worse: Candidate) -> None:
    assert order(query, worse, better) == [better.passage, worse.passage]


def test_a_rare_word_weighs_more() -> None:
    rare, common = candidate("b", "khmer và các"), candidate("a", "của và các")
    assert order("của khmer", common, rare, frequencies={"cua": 90, "khmer": 2}) == ["b", "a"]


def test_marks_decide_only_between_near_equals() -> None:
    close, apart = candidate("b", "dau tu cong"), candidate("a", "đầu năm có tư và có công hay không")
    assert order("đầu tư công", close, apart) == ["b", "a"]


def test_a_query_without_marks_says_nothing_of_marks() -> None:
    assert order("ma", candidate("b", "ma tôi"), candidate("a", "má tôi")) == ["a", "b"]


def test_equal_passages_have_an_order() -> None:
    same = [candidate(name, "đầu tư") for name in "dbca"]
    assert order("đầu tư", *same) == order("đầu tư", *reversed(same)) == ["a", "b", "c", "d"]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_idf_is_never_negative_and_falls(passages: int, frequency: int) -> None:
    frequency = min(frequency, passages)
    assert idf(passages, frequency) >= 0
    if frequency < passages:
        assert idf(passages, frequency) > idf(passages, frequency + 1)


def test_nothing_to_rank() -> None:
    assert rank(read_query("đầu tư"), [], Statistics(0, {}, {})) == []
    assert rank(read_query("đầu tư"), [candidate("a", "")], Statistics(1, {}, {})) == [Ranked(candidate("a", ""), 0.0)]


# --- the searcher on a small corpus ----------------------------------------------------------------------------------------

HEAD = (
    "{organ}\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
    "Số: {number}\n\nHải Giang, ngày {day}\n\n{type}\n{title}\n\n"
)
END = "\n\nNơi nhận:\n\n- Như trên;\n- Lưu: VT.\n\nCHỦ TỊCH\n\nTrần Văn Mẫu\n"
HDND, UBND = "HỘI ĐỒNG NHÂN DÂN\nTỈNH HẢI GIANG", "ỦY BAN NHÂN DÂN\nTỈNH HẢI GIANG"


def head(organ: str, number: str, day: str, kind: str, title: str) -> str:
    return HEAD.format(organ=organ, number=number, day=day, type=kind, title=title)


FILES = {
    "a.txt": head(HDND, "12/NQ-HĐND", "05 tháng 3 năm 2021", "NGHỊ QUYẾT", "Về nuôi biển năm 2021")
    + "Điều 1. Nhiệm vụ nuôi biển\n\n1. Các chỉ tiêu về nuôi biển:\n\na) Mở rộng lồng bè nuôi biển xa bờ;\n\n"
    "đ) Giao ngư trường cho hợp tác xã.\n\n2. Giải ngân vốn đầu tư công cho cảng cá.\n\n"
    "Điều 2. Tổ chức thực hiện\n\n1. Giao Ủy ban nhân dân tỉnh thực hiện Nghị quyết này." + END,
    "b.txt": head(UBND, "30/KH-UBND", "10 tháng 4 năm 2022", "KẾ HOẠCH", "Thực hiện Nghị quyết về nuôi biển")
    + "I. MỤC ĐÍCH\n\n1. Thực hiện Nghị quyết số 12/NQ-HĐND của Hội đồng nhân dân tỉnh về nuôi biển.\n\n2. Má tôm giống được cấp đủ.\n\n"
    "II. TỔ CHỨC\n\n1. Số 12 trong kế hoạch này là số lồng của NQ và của HĐND.\n\n2. Mã tôm giống ghi trên bao." + END,
    "c.txt": head(UBND, "07/2023/QĐ-UBND", "02 tháng 5 năm 2023", "QUYẾT ĐỊNH", "Ban hành Quy chế bến cá")
    + "Chương I\nQUY ĐỊNH CHUNG VỀ BẾN CÁ\n\nĐiều 1. Bến cá\n\nBến cá là nơi tàu cập bờ.\n\nChương II\nQUẢN LÝ BẾN CÁ\n\n"
    "Điều 2. Quản lý bến cá\n\nBan quản lý bến cá thu phí." + END,
    "d.txt": head(UBND, "99/KH-UBND", "01 tháng 6 năm 2020", "KẾ HOẠCH", "Rà soát")
    + "\n\n".join(f"Điều {number}. Rà soát phao{' phao' * (number % 3)} luồng lạch {number}." for number in range(1, RANKED + 121)) + END,
}  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retrieval")
    (folder / "corpus").mkdir()
    for name, text in FILES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    report = sync(load_settings(folder / "corpus", folder / "index"), (), None)
    assert not report.failures
    return folder / "index"


@pytest.fixture(scope="module")
def searcher(index: Path) -> Searcher:
    return Searcher(load_settings(None, index))


NQ, KH, QD, MANY = (
    "nghi-quyet-12-nq-hdnd-hai-giang-2021",
    "ke-hoach-30-kh-ubnd-hai-giang-2022",
    "quyet-dinh-07-2023-qd-ubnd-hai-giang-2023",
    "ke-hoach-99-kh-ubnd-hai-giang-2020",
)


def places(hits: Sequence[Hit]) -> list[str]:
    return [f"{hit.document.id}#{hit.clause.eid}" for hit in hits]


def test_the_best_clause_is_first_and_has_its_citation(searcher: Searcher) -> None:
    result = searcher.search("giải ngân đầu tư công")
    first = result.hits[0]
    assert (first.rank, first.document.id, first.clause.eid) == (1, NQ, "art_1__para_2")
    assert first.citation == "khoản 2 Điều 1 Nghị quyết số 12/NQ-HĐND"
    assert first.citation_full == "khoản 2 Điều 1 Nghị quyết số 12/NQ-HĐND ngày 05/3/2021 của Hội đồng nhân dân tỉnh Hải Giang"
    assert [first.clause.text[span.start : span.end] for span in first.highlights] == ["Giải ngân", "đầu tư công"]


@pytest.mark.parametrize(
    "query",
    [
        "giai ngan dau tu cong",
        "GIẢI NGÂN ĐẦU TƯ CÔNG",
        unicodedata.normalize("NFD", "giải ngân đầu tư công"),
        "  giải   ngân đầu tư công ",
        "“giải ngân” (đầu tư công)?",
    ],
)
def test_however_it_is_typed_it_is_found(searcher: Searcher, query: str) -> None:
    plain, other = searcher.search("giải ngân đầu tư công"), searcher.search(query)
    assert places(other.hits) == places(plain.hits)
    assert other.total == plain.total


@pytest.mark.parametrize(("query", "first"), [("má tôm", "sec_I__para_2"), ("mã tôm", "sec_II__para_2")])
def test_the_same_marks_are_first_and_others_are_found(searcher: Searcher, query: str, first: str) -> None:
    hits = searcher.search(query, filters=Filters(documents=(KH,))).hits
    assert places(hits)[:2] == [f"{KH}#{first}", f"{KH}#{'sec_I__para_2' if first == 'sec_II__para_2' else 'sec_II__para_2'}"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("khoản 2 Điều 1 Nghị quyết số 12/NQ-HĐND", [f"{NQ}#art_1__para_2"]),
        ("khoan 2 dieu 1 nq 12", [f"{NQ}#art_1__para_2"]),
        ("điểm đ khoản 1 Điều 1 nq 12", [f"{NQ}#art_1__para_1__point_dd"]),
        ("Mục 2 Kế hoạch 30/KH-UBND", [f"{KH}#sec_II"]),
        ("Chương II Quyết định 07/2023/QĐ-UBND", [f"{QD}#chp_II"]),
    ],
)
def test_a_typed_citation_goes_straight_to_its_clause(searcher: Searcher, query: str, found: list[str]) -> None:
    result = searcher.search(query)
    assert places(result.hits) == found
    assert result.total == len(found)
    assert result.understood == result.hits[0].citation
    assert result.facets["document"] == [(found[0].split("#")[0], 1)]


@pytest.mark.parametrize(
    "query",
    [
        "12/NQ-HĐND",
        "12/nq-hdnd",
        "12 / NQ - HĐND",
        "012/NQ-HĐND",
        "nq 12",
        "NQ12",
        "nghị quyết 12",
        "nghi quyet so 12/NQ-HDND",
        "Nghị quyết số 12/NQ-HĐND ngày 05/3/2021",
        "Nghị quyết số 12/NQ-HĐND ngày 05/03/2021 của Hội đồng nhân dân tỉnh Hải Giang",
        "Nghị quyết số 12/NQ-HĐND ngày 05/03/2021 của Hội đồng nhân dân tỉnh Hải Giang về nuôi biển năm 2021",
        "12/NQ\u2011HĐND",
    ],
)
def test_a_number_in_any_spelling_finds_its_document_and_who_names_it(searcher: Searcher, query: str) -> None:
    result = searcher.search(query)
    assert places(result.hits) == [f"{NQ}#art_1", f"{KH}#sec_I__para_1"]
    assert result.total == 2
    assert result.understood == "Nghị quyết số 12/NQ-HĐND"


@pytest.mark.parametrize("query", ["quyết định 7/2023", "Quyết định số 07/2023/QĐ-UBND", "qđ 07/2023/QĐ-UBND", "quyet dinh 7"])
def test_a_type_with_its_own_letter_is_read_with_marks_and_without(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).understood == "Quyết định số 07/2023/QĐ-UBND"


def test_words_beside_a_number_are_searched(searcher: Searcher) -> None:
    result = searcher.search("nghị quyết 12 nuôi biển")
    assert result.understood == "nghị quyết 12 nuôi biển"
    assert result.total > 2


def test_a_clause_and_its_ancestor_are_never_hits_of_one_query(searcher: Searcher) -> None:
    for query in ("nuôi biển", "bến cá", "quản lý bến cá", "tổ chức thực hiện", "rà soát"):
        hits = searcher.search(query, limit=50).hits
        held = set(places(hits))
        for hit in hits:
            parent = hit.clause.parent
            while parent:
                assert f"{hit.document.id}#{parent}" not in held, query
                above = searcher.reader.clause(hit.document.id, parent)
                assert above is not None
                parent = above.parent


def test_pages_are_pieces_of_one_list(searcher: Searcher) -> None:
    whole = searcher.search("rà soát phao", limit=1000)
    assert whole.total == len(whole.hits) == RANKED + 120
    for size in (35, 200):
        paged: list[Hit] = []
        while True:
            result = searcher.search("rà soát phao", limit=size, offset=len(paged))
            assert result.total == whole.total
            if not result.hits:
                break
            paged.extend(result.hits)
        assert paged == list(whole.hits)
        assert [hit.rank for hit in paged] == list(range(1, whole.total + 1))


def test_the_last_page_is_the_last_that_has_hits(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    assert searcher.search("rà soát phao").listed is None
    monkeypatch.setattr("kgsearch.retrieval.searcher.MAX_LISTED", 45)
    for sort in get_args(Sort):
        for offset, count in ((0, 10), (30, 10), (40, 5), (45, 0), (1000, 0)):
            result = searcher.search("rà soát phao", offset=offset, sort=sort)
            assert (result.total, result.listed, len(result.hits)) == (RANKED + 120, 45, count)
    assert "listed" not in result.to_json()


def test_no_page_is_empty_before_the_last_where_half_of_all_matches_stand_in_others(tmp_path: Path) -> None:
    articles = "\n\n".join(f"Điều {n}. Lưới vây {n}\n\n1. Lưới vây xa bờ.\n\n2. Lưới vây gần bờ." for n in range(1, RANKED))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "e.txt").write_text(head(UBND, "5/QĐ-UBND", "02 tháng 5 năm 2023", "QUYẾT ĐỊNH", "Về lưới") + articles + END)
    sync(load_settings(tmp_path / "corpus", tmp_path / "index"), (), None)
    searcher = Searcher(load_settings(None, tmp_path / "index"))
    pages = [searcher.search("lưới vây", offset=offset) for offset in range(0, 3 * RANKED, 10)]
    sizes = [len(page.hits) for page in pages]
    full = sizes.count(10)
    assert sizes[:full] == [10] * full and not any(sizes[full + 1 :])
    assert pages[-1].listed == sum(sizes) < pages[0].total
    assert all(page.listed is None or page.listed >= sum(sizes) for page in pages)
    assert [hit.rank for page in pages for hit in page.hits] == list(range(1, sum(sizes) + 1))


@pytest.mark.parametrize("query", ["số 12", "so 12", "SỐ: 12", "so.12", "số 012"])
def test_a_number_without_its_symbol_gives_its_documents_first(searcher: Searcher, query: str) -> None:
    result = searcher.search(query)
    assert places(result.hits)[0] == f"{NQ}#art_1"
    assert f"{KH}#sec_II__para_1" in places(result.hits)
    assert result.total == len(result.hits) and [hit.rank for hit in result.hits] == list(range(1, result.total + 1))
    assert [places(searcher.search(query, limit=1, offset=place).hits)[0] for place in range(result.total)] == places(result.hits)
    (reading,) = result.readings
    assert (reading.kind, reading.undo, reading.exact) == (ReadingKind.CITATION, query, True)
    assert searcher.search(query, exact=True).readings == ()


@pytest.mark.parametrize("query", ["7/2023", "07/2023", "số 07 / 2023", "so: 7/2023"])
def test_a_number_with_its_year_alone_gives_its_document_first(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).hits[0].document.id == QD


@pytest.mark.parametrize("query", ["số 13", "sở 12", "số 12 lồng", "số lồng", "8/2023", "7/2022"])
def test_other_words_with_a_figure_are_words(searcher: Searcher, query: str) -> None:
    assert ReadingKind.CITATION not in [reading.kind for reading in searcher.search(query).readings]


def test_filters_limit_hits_total_and_facets(searcher: Searcher) -> None:
    everything = searcher.search("thực hiện")
    for filters in (
        Filters(types=("Kế hoạch",)),
        Filters(issuers=("Ủy ban nhân dân tỉnh Hải Giang",)),
        Filters(years=(2022,)),
        Filters(documents=(KH,)),
        Filters(issued_from=date(2022, 1, 1), issued_to=date(2022, 12, 31)),
    ):
        result = searcher.search("thực hiện", filters=filters)
        assert 0 < result.total <= everything.total
        assert {hit.document.id for hit in result.hits} <= {KH, MANY, QD}
    assert searcher.search("thực hiện", filters=Filters(years=(1999,))).total == 0


@pytest.mark.parametrize("query", ["khoản 2 Điều 1 nq 12", "nq 12"])
def test_filters_hold_for_citations_and_numbers_too(searcher: Searcher, query: str) -> None:
    result = searcher.search(query, filters=Filters(types=("Kế hoạch",)))
    assert NQ not in {hit.document.id for hit in result.hits}
    assert searcher.search(query, filters=Filters(years=(2021,))).hits[0].document.id == NQ


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_by_date(searcher: Searcher, sort: str) -> None:
    issued = [hit.document.issued for hit in searcher.search("bến nuôi biển thực hiện", sort=sort, limit=50).hits]  # type: ignore[arg-type]
    assert len(set(issued)) > 1
    assert issued == sorted(issued, key=lambda day: day or date.min, reverse=sort == "newest")


def test_what_is_nowhere_is_not_found(searcher: Searcher) -> None:
    result = searcher.search("xyzabc")
    assert (result.total, result.hits) == (0, ())


@pytest.mark.parametrize(
    "query",
    [
        *["*a*", "?*?*?*?*", "NOT NOT a", "a AND (b OR", "id:1", "[a TO z]", "a^9", "~a", '"', "\\", "\x00a", "𝔸a"],
        *["(" * 200 + "a", "a" * 500, "1/" * 250],
    ],
)
def test_hostile_queries_are_words_or_refused(searcher: Searcher, query: str) -> None:
    try:
        result = searcher.search(query)
    except UsageError:
        return
    assert len(result.hits) <= 10


class Watched(MemoryEngine):
    """Keeps the queries that it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[EngineQuery] = []

    def search(self, query: EngineQuery) -> EngineResult:
        self.asked.append(query)
        return super().search(query)


@given(st.text(min_size=1, max_size=MAX_CHARACTERS), st.integers(0, 100_000), st.integers(1, 1000))
def test_the_engine_is_asked_for_a_bounded_amount(index: Path, text: str, offset: int, limit: int) -> None:
    engine = Watched()
    with CatalogueReader(index / "catalogue.sqlite") as reader:
        try:
            Searcher(reader=reader, engine=engine).search(text, offset=offset, limit=limit)
        except UsageError:
            return
    assert len(engine.asked) <= 8, "three times for a query, once more for a name, and all of it again for what was probably meant"
    for asked in engine.asked:
        assert asked.limit <= MAX_RANKED
        assert len(asked.terms[SYLLABLES]) <= MAX_TERMS
        assert all(len(tokens) <= MAX_CHARACTERS for tokens in asked.terms.values())


# --- show ----------------------------------------------------------------------------------------------------------------


def test_every_full_citation_leads_back(searcher: Searcher) -> None:
    for document in searcher.reader.documents():
        for clause in searcher.reader.clauses(document.id):
            (shown,) = searcher.show(f"{document.id}#{clause.eid}")
            assert isinstance(shown, Hit)
            assert places(searcher.show(shown.citation_full)) == [f"{document.id}#{clause.eid}"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", [NQ, "Nghị quyết số 12/NQ-HĐND", "nq 12", "Nghị quyết số 12/NQ-HĐND ngày 05/03/2021 của Hội đồng nhân dân tỉnh Hải Giang"]
)
def test_show_a_document(searcher: Searcher, text: str) -> None:
    (shown,) = searcher.show(text)
    assert isinstance(shown, DocumentRecord)
    assert shown.id == NQ


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_show_takes_any_composition(searcher: Searcher, form: str) -> None:
    shown = searcher.show(unicodedata.normalize(form, "điểm đ khoản 1 Điều 1 Nghị quyết số 12/NQ-HĐND"))
    assert places(shown) == [f"{NQ}#art_1__para_1__point_dd"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Điều 9 Nghị quyết số 12/NQ-HĐND",
        "Điều 1 Nghị quyết số 99/NQ-HĐND",
        f"{NQ}#art_9",
        "không-có",
        "#art_1",
        "giải ngân đầu tư công",
        "x" * MAX_CITATION,
    ],
)
def test_what_names_nothing_is_said_so(searcher: Searcher, text: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        searcher.show(text)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("text", ["", "  ", "x" * (MAX_CITATION + 1), "Điều 1 " * 20_000])
def test_what_can_name_nothing_is_refused(searcher: Searcher, text: str) -> None:
    with pytest.raises(UsageError):
        searcher.show(text)


def test_without_an_index_there_is_no_searcher(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError):
        Searcher(load_settings(None, tmp_path / "none"))
    assert not (tmp_path / "none").exists()
