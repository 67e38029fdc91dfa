"""Comparing: which clause became which, which words differ, at what cost, and the pages that show it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import Match, SequenceMatcher
from itertools import pairwise
from urllib.parse import quote

import pytest
import test_server
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from test_server import DOCUMENT, HOSTILE, PLAN, REPORT, RESOLUTION, FakeService, page

from kgsearch.comparing import Effort, State, alignment, compare, differing_words
from kgsearch.comparing.words import MAX_STEPS, PAGE_STEPS, tokens_of, word_key
from kgsearch.models import ClauseRecord, Kind
from kgsearch.server.compare import ROWS_ON_A_PAGE, compare_address

_KINDS = {"art": Kind.ARTICLE, "para": Kind.CLAUSE, "point": Kind.POINT, "chp": Kind.CHAPTER, "row": Kind.ROW, "att": Kind.ANNEX}


def clauses(*rows: str, document: str = "d") -> list[ClauseRecord]:
    """Clauses from ``eid | text`` (an article within a chapter as ``chp_I > art_1 | text``), labelled by the last part of their eId."""
    read = [[part.strip() for part in re.split(r" \| ", row, maxsplit=1)] for row in rows]
    found: list[ClauseRecord] = []
    for position, (place, text) in enumerate(read):
        outer, _mark, eid = place.rpartition(" > ")
        parent = outer or eid.rpartition("__")[0]
        kind, _underscore, number = eid.rsplit("__", 1)[-1].partition("_")
        below = [other for where, other in read if where.split(" > ")[-1].startswith(f"{eid}__") or where.startswith(f"{eid} > ")]
        found.append(
            ClauseRecord(
                document=document,
                eid=eid,
                parent=parent,
                position=position,
                kind=_KINDS.get(kind, Kind.PARAGRAPH),
                label=f"Điều {number}" if kind == "art" else f"{number}.",
                heading="",
                text=text,
                full_text="\n".join([text, *below]),
                citation=eid,
            )
        )
    return found


SCOPE = "Nghị quyết này quy định chính sách hỗ trợ ngư dân trên địa bàn tỉnh."
LEVEL = "Mức hỗ trợ là 50 triệu đồng đối với mỗi tàu cá có chiều dài từ 15 mét."
BUDGET = "Kinh phí thực hiện do ngân sách cấp tỉnh bảo đảm theo phân cấp hiện hành."
FORCE = "Nghị quyết này có hiệu lực từ ngày 01 tháng 01 năm 2023 và thay thế các quy định trước đây."
NEW = "Sở Tài chính hướng dẫn thủ tục thanh toán, quyết toán hằng năm cho các địa phương."
BASE = (f"art_1 | {SCOPE}", f"art_2 | {LEVEL}", f"art_3 | {BUDGET}", f"art_4 | {FORCE}")


@pytest.mark.parametrize(
    ("name", "left", "right", "expected"),
    [
        ("the same", BASE, BASE, {}),
        ("one word", BASE, (*BASE[:1], f"art_2 | {LEVEL.replace('50', '70')}", *BASE[2:]), {"art_2": "art_2 changed"}),
        (
            "an article put in: those behind are renumbered",
            BASE,
            (BASE[0], f"art_2 | {NEW}", f"art_3 | {LEVEL}", f"art_4 | {BUDGET}", f"art_5 | {FORCE}"),
            {"art_2": "art_3 renumbered", "art_3": "art_4 renumbered", "art_4": "art_5 renumbered", "+": "art_2 added"},
        ),
        (
            "renumbered and changed",
            BASE,
            (BASE[0], f"art_2 | {NEW}", f"art_3 | {LEVEL.replace('50', '70')}", f"art_4 | {BUDGET}", f"art_5 | {FORCE}"),
            {"art_2": "art_3 changed", "art_3": "art_4 renumbered", "art_4": "art_5 renumbered", "+": "art_2 added"},
        ),
        (
            "an article taken out",
            BASE,
            (BASE[0], f"art_2 | {BUDGET}", f"art_3 | {FORCE}"),
            {"art_2": "- removed", "art_3": "art_2 renumbered", "art_4": "art_3 renumbered"},
        ),
        (
            "other words at the same place are another article",
            BASE,
            (*BASE[:2], f"art_3 | {NEW}", BASE[3]),
            {"art_3": "- removed", "+": "art_3 added"},
        ),
        (
            "two change places",
            BASE,
            (f"art_1 | {SCOPE}", f"art_2 | {BUDGET}", f"art_3 | {LEVEL}", f"art_4 | {FORCE}"),
            {"art_2": "art_3 moved|art_3 renumbered", "art_3": "art_2 renumbered|art_2 moved"},
        ),
        (
            "a clause moves to another article",
            ("art_1 | Phạm vi", f"art_1__para_1 | {LEVEL}", "art_2 | Kinh phí", f"art_2__para_1 | {BUDGET}"),
            ("art_1 | Phạm vi", "art_2 | Kinh phí", f"art_2__para_1 | {BUDGET}", f"art_2__para_2 | {LEVEL}"),
            {"art_1__para_1": "art_2__para_2 moved"},
        ),
        (
            "chapters drawn around articles move none of them",
            BASE,
            ("chp_I | QUY ĐỊNH CHUNG", *(f"chp_I > {row}" for row in BASE)),
            {"+": "chp_I added"},
        ),
        (
            "a chapter with a clause that is all it says",
            (f"chp_I | {SCOPE}", "chp_I > art_1 | Phạm vi điều chỉnh"),
            (f"chp_I | {SCOPE}", "chp_I > art_1 | Phạm vi áp dụng"),
            {"art_1": "art_1 changed"},
        ),
        (
            "what stood in an article that went keeps its place by its eId",
            ("art_1 | Phạm vi", f"art_1__para_1 | {LEVEL}", f"art_1__para_2 | {BUDGET}"),
            (f"art_1__para_1 | {LEVEL.replace('50', '70')}", f"art_1__para_2 | {BUDGET}"),
            {"art_1": "- removed", "art_1__para_1": "art_1__para_1 changed"},
        ),
        (
            "short ones are known by their place",
            ("att_1 | DANH MỤC", "att_1__row_1 | Có", "att_1__row_2 | Không"),
            ("att_1 | DANH MỤC", "att_1__row_1 | Chưa", "att_1__row_2 | Không"),
            {"att_1__row_1": "att_1__row_1 changed"},
        ),
        (
            "what is said several times stays where it is",
            (f"art_1 | {SCOPE}", f"art_2 | {SCOPE}", f"art_3 | {BUDGET}"),
            (f"art_1 | {SCOPE}", f"art_2 | {SCOPE}", f"art_3 | {BUDGET}"),
            {},
        ),
        ("nothing in common", (f"art_1 | {SCOPE}",), ("sec_I | Kết quả", "sec_I__para_1 | Thu 4.321 tỷ đồng"), None),
        ("nothing on one side", (), (f"art_1 | {SCOPE}",), {"+": "art_1 added"}),
        ("nothing on the other", (f"art_1 | {SCOPE}",), (), {"art_1": "- removed"}),
        ("nothing at all", (), (), {}),
        ("tone marks placed otherwise are the same word", ("art_1 | Hoà giải",), ("art_1 | Hòa giải",), {}),
        ("a capital is a difference", ("art_1 | ủy ban nhân dân tỉnh",), ("art_1 | Ủy ban nhân dân tỉnh",), {"art_1": "art_1 changed"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_clauses_become_what_they_became(name: str, left: Sequence[str], right: Sequence[str], expected: dict[str, str] | None) -> None:
    found = {}
    for pair in compare(clauses(*left), clauses(*right)).pairs:
        if pair.state is not State.SAME:
            found[pair.left.eid if pair.left else "+"] = f"{pair.right.eid if pair.right else '-'} {pair.state}"
    if expected is None:
        assert all(" " in said for said in found.values())
        return
    assert found.keys() == expected.keys()
    for eid, said in found.items():
        assert said in expected[eid].split("|"), eid
    assert name != "two change places" or sorted(said.split()[1] for said in found.values()) == ["moved", "renumbered"]


def test_two_clauses_are_compared_with_each_other_whatever_they_are_called() -> None:
    left = clauses(f"art_5 | {LEVEL}", f"art_5__para_1 | {BUDGET}", f"art_5__para_2 | {NEW}")
    right = clauses(f"art_9 | {LEVEL.replace('50', '70')}", f"art_9__para_1 | {BUDGET}")
    found = [(pair.left and pair.left.eid, pair.right and pair.right.eid, pair.state) for pair in compare(left, right).pairs]
    assert found == [
        ("art_5", "art_9", State.CHANGED),
        ("art_5__para_1", "art_9__para_1", State.SAME),
        ("art_5__para_2", None, State.REMOVED),
    ]


def test_what_was_removed_stands_where_it_stood() -> None:
    right = (BASE[0], f"art_2 | {BUDGET}", f"art_3 | {FORCE}", f"art_4 | {NEW}")
    order = [(pair.left or pair.right).text for pair in compare(clauses(*BASE), clauses(*right)).pairs]  # type: ignore[union-attr]
    assert order == [SCOPE, LEVEL, BUDGET, FORCE, NEW]


_SAID = "ủy ban nhân dân tỉnh hỗ trợ 50 triệu đồng , ; mỗi năm theo quy định của pháp luật"
_WORDS = st.lists(st.sampled_from(_SAID.split()), max_size=14)


@st.composite
def _documents(draw: st.DrawFn) -> list[ClauseRecord]:
    rows = []
    for number, size in enumerate(draw(st.lists(st.integers(0, 3), max_size=5)), start=1):
        rows.append(f"art_{number} | {' '.join(draw(_WORDS))}")
        rows += [f"art_{number}__para_{below} | {' '.join(draw(_WORDS))}" for below in range(1, size + 1)]
    return clauses(*rows)


@given(_documents(), _documents())
def test_every_clause_of_both_is_there_once(left: list[ClauseRecord], right: list[ClauseRecord]) -> None:
    pairs = compare(left, right).pairs
    assert Counter(pair.left.eid for pair in pairs if pair.left) == Counter(clause.eid for clause in left)
    assert [pair.right.eid for pair in pairs if pair.right] == [clause.eid for clause in right]
    for pair in pairs:
        assert (pair.left is None) == (pair.state is State.ADDED) and (pair.right is None) == (pair.state is State.REMOVED)


@given(_documents())
def test_a_document_is_the_same_as_itself(document: list[ClauseRecord]) -> None:
    assert {pair.state for pair in compare(document, document).pairs} <= {State.SAME}


def test_the_cost_grows_with_the_length_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, named = Counter[int](), Counter[int]()
    counted, segment = alignment.likeness, alignment._Side.segment

    for size in (200, 400):

        def likeness(one: dict[str, int], other: dict[str, int], size: int = size) -> float:
            asked[size] += 1
            return counted(one, other)

        def counted_segment(side: alignment._Side, number: int, size: int = size) -> str:
            named[size] += 1
            return segment(side, number)

        monkeypatch.setattr(alignment, "likeness", likeness)
        monkeypatch.setattr(alignment._Side, "segment", counted_segment)
        left = [f"att_1__row_{n} | Sở Kế hoạch và Đầu tư chủ trì nhiệm vụ thứ {n} của năm" for n in range(size)]
        right = [f"att_1__row_{n} | Sở Kế hoạch và Đầu tư chủ trì nhiệm vụ thứ {n} của quý" for n in range(size)]
        compare(clauses("att_1 | DANH MỤC", *left), clauses("att_1 | DANH MỤC", *right))
    assert 0 < asked[400] <= 400 * (alignment.CANDIDATES + 1)
    assert asked[400] <= 2.5 * asked[200] and named[400] <= 2.5 * named[200]


# --- words -------------------------------------------------------------------------------------------------------------------


def _marked(text: str, spans: Sequence[object]) -> list[str]:
    return [text[span.start : span.end] for span in spans]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("left", "right", "gone", "come"),
    [
        ("Mức 50 triệu đồng", "Mức 70 triệu đồng", ["50"], ["70"]),
        ("Mức 50 triệu đồng", "Mức 50 triệu đồng mỗi năm", [], ["mỗi năm"]),
        ("Ủy ban nhân dân, Hội đồng", "Ủy ban nhân dân và Hội đồng", [","], ["và"]),
        (
            "từ 8.000.000 đồng ngày 1/1/2021, 5%",
            "từ 8.500.000 đồng ngày 1/2/2021, 7%",
            ["8.000.000", "1/1/2021, 5"],
            ["8.500.000", "1/2/2021, 7"],
        ),
        ("hoà giải ở cơ sở", "hòa giải ở cơ sở", [], []),
        ("a b", "a  b", [], []),
        ("", "mới", [], ["mới"]),
        ("cũ", "", ["cũ"], []),
        ("", "", [], []),
        (
            "giao Sở Tài chính và Sở Y tế",
            "giao Cục Thuế và Kho bạc Nhà nước",
            ["Sở Tài chính và Sở Y tế"],
            ["Cục Thuế và Kho bạc Nhà nước"],
        ),
    ],
)
def test_the_words_that_differ_are_marked(left: str, right: str, gone: list[str], come: list[str]) -> None:
    lefts, rights = differing_words(left, right, Effort())
    assert (_marked(left, lefts), _marked(right, rights)) == (gone, come)


@given(_WORDS, _WORDS, st.sampled_from([0, 30, PAGE_STEPS]))
def test_without_what_is_marked_both_say_the_same(one: list[str], other: list[str], effort: int) -> None:
    left, right = " ".join(one), " ".join(other)
    lefts, rights = differing_words(left, right, Effort(effort))

    def rest(text: str, spans: Sequence[object]) -> list[str]:
        return [token.text for token in tokens_of(text) if not any(s.start <= token.start < s.end for s in spans)]  # type: ignore[attr-defined]

    assert rest(left, lefts) == rest(right, rights)
    for spans in (lefts, rights):
        assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("a b " * 4000 + "x", "c a " * 4000 + "y"),
        (" ".join(f"w{n} x{n}" for n in range(8000)), " ".join(f"w{n} y{n}" for n in range(8000))),
        (" ".join(f"w{n} x{n}." for n in range(8000)), " ".join(f"w{n} y{n}." for n in range(8000))),
    ],
    ids=["the same words again and again", "every other word another", "every sentence another"],
)
def test_long_texts_do_not_cost_more_than_they_may(monkeypatch: pytest.MonkeyPatch, left: str, right: str) -> None:
    steps = 0
    find = SequenceMatcher.find_longest_match

    def counted(matcher: SequenceMatcher[int], alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        nonlocal steps
        steps += sum(1 + len(matcher.b2j.get(item, ())) for item in matcher.a[alo:ahi])
        return find(matcher, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    effort = Effort()
    lefts, rights = differing_words(left, right, effort)
    assert lefts and rights
    assert steps == PAGE_STEPS - effort.left <= 3 * MAX_STEPS, "by word, by sentence, and by word in the sentences that differ"


def test_long_texts_are_compared_by_sentence_and_then_by_word() -> None:
    sentences = [f"Sở số {n} của tỉnh chủ trì, phối hợp với các đơn vị của tỉnh, các huyện của tỉnh." for n in range(160)]
    left = " ".join(sentences)
    changed = [*sentences]
    changed[3] = changed[3].replace("chủ trì", "đầu mối")
    changed[150] = changed[150].replace("các huyện", "các xã")
    right = " ".join(changed)
    lefts, rights = differing_words(left, right, Effort())
    assert (_marked(left, lefts), _marked(right, rights)) == (["chủ trì", "huyện"], ["đầu mối", "xã"])


@pytest.mark.parametrize(
    ("one", "other", "same"), [("HOÀ", "HÒA", True), ("Hoà", "hòa", False), ("thuỷ", "thủy", True), ("má", "mà", False)]
)
def test_words_are_the_same_by_their_letters_and_marks(one: str, other: str, same: bool) -> None:
    assert (word_key(one) == word_key(other)) is same


# --- pages -------------------------------------------------------------------------------------------------------------------

AMENDED = replace(RESOLUTION, id="nghi-quyet-20-nq-hdnd-hai-giang-2022", title=RESOLUTION.title.replace("2021", "2022"), files=())


def amended_service() -> FakeService:
    """A service that holds another version of the resolution too."""
    service = FakeService()
    service.reader.records.append(AMENDED)
    for clause in list(service.reader.held):
        if clause.document == RESOLUTION.id and clause.kind is not Kind.FOOTNOTE:
            text = clause.text.replace("84%", "95%").replace("Tổ chức thực hiện", "Tổ chức thi hành Nghị quyết")
            service.reader.held.append(replace(clause, document=AMENDED.id, text=text, footnotes=()))
    return service


@pytest.fixture
def service() -> FakeService:
    return amended_service()


BOTH = compare_address(RESOLUTION.id, AMENDED.id)
PAGES = (
    "/compare",
    "/compare?find=20%2FNQ",
    "/compare?find=khong+co",
    compare_address(RESOLUTION.id),
    compare_address(f"{RESOLUTION.id}#art_1"),
    f"{compare_address(PLAN.id)}&find=bao+cao",
    BOTH,
    compare_address(RESOLUTION.id, AMENDED.id, "all"),
    compare_address(RESOLUTION.id, RESOLUTION.id),
    compare_address(f"{RESOLUTION.id}#art_1__para_2", f"{AMENDED.id}#art_1__para_2"),
    compare_address(RESOLUTION.id, REPORT.id, "all"),
    f"{DOCUMENT}/relations",
    f"/documents/{PLAN.id}/relations",
    f"/documents/{REPORT.id}/relations",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_whole_and_leads_somewhere(client: FlaskClient, address: str) -> None:
    test_server.test_every_page_is_whole(client, address)
    test_server.test_every_link_of_a_page_leads_somewhere(client, address)
    found = page(client, address)
    for _tag, attributes in found.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)


def test_the_differences_of_two_documents_are_marked(client: FlaskClient) -> None:
    html = client.get(BOTH + "&lang=en").text
    assert re.findall(r"<del><span class=\"unseen\" lang=\"en\">removed: </span>([^<]*)</del>", html) == ["84", "thực hiện"]
    assert re.findall(r"<ins><span class=\"unseen\" lang=\"en\">added: </span>([^<]*)</ins>", html) == ["95", "thi hành Nghị quyết"]
    assert "<b>3 clauses differ</b>: 2 changed, 1 removed; 5 the same." in " ".join(html.split())
    assert 'class="same"' not in html and html.count('class="changed"') == 2
    everything = client.get(compare_address(RESOLUTION.id, AMENDED.id, "all")).text
    assert everything.count('class="same"') == 5
    swapped = client.get(compare_address(AMENDED.id, RESOLUTION.id) + "&lang=en").text
    assert "2 changed, 1 added" in swapped


def test_documents_with_the_same_words_have_no_difference(client: FlaskClient) -> None:
    found = page(client, compare_address(REPORT.id, REPORT.id) + "&lang=en")
    assert "No difference in any of 2 clauses." in found.text
    assert not found.all("table")


def test_the_second_document_is_offered_and_found(client: FlaskClient) -> None:
    offered = page(client, compare_address(RESOLUTION.id))
    assert compare_address(RESOLUTION.id, AMENDED.id) in offered.links
    found = page(client, f"{compare_address(RESOLUTION.id)}&find={quote('kế hoạch 22')}")
    assert compare_address(RESOLUTION.id, PLAN.id) in found.links
    clause = page(client, f"{compare_address(RESOLUTION.id + '#art_2')}&find={quote('khoản 1 Mục I')}")
    assert compare_address(f"{RESOLUTION.id}#art_2", f"{REPORT.id}#sec_I__para_1") in clause.links
    assert compare_address(RESOLUTION.id) in page(client, "/compare?find=20%2Fnq-hdnd").links


def test_a_clause_finds_what_it_became_in_a_document(client: FlaskClient) -> None:
    place, other = f"{RESOLUTION.id}#art_2", f"{AMENDED.id}#art_2"
    assert client.get(compare_address(place, AMENDED.id)).location == compare_address(place, other)
    assert client.get(compare_address(AMENDED.id, place)).location == compare_address(other, place)
    lost = page(client, compare_address(f"{RESOLUTION.id}#fn_1", AMENDED.id) + "&lang=en")
    assert "has no counterpart in" in lost.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (compare_address("khong-co"), 404),
        (compare_address(RESOLUTION.id, "khong-co"), 404),
        (compare_address(f"{RESOLUTION.id}#art_99"), 404),
        (f"{BOTH}&view=half", 400),
        (f"{BOTH}&page=0", 400),
        (f"{BOTH}&page=9", 200),
        (f"/compare?find={'x' * 600}", 400),
        (f"/compare?find={quote(HOSTILE)}", 200),
        (f"/compare?a={quote(HOSTILE)}&b=%00", 404),
    ],
)
def test_bad_requests_are_told(client: FlaskClient, address: str, status: int) -> None:
    page(client, address, status)


def test_long_documents_come_in_pages_of_bounded_weight(client: FlaskClient, service: FakeService) -> None:
    held = service.reader.held[0]
    sentence = "Ủy ban nhân dân các huyện, thành phố tổ chức thực hiện và báo cáo kết quả trước ngày {} hằng tháng theo quy định."
    for record, day in ((REPORT, "15"), (PLAN, "20")):
        service.reader.held = [clause for clause in service.reader.held if clause.document != record.id]
        service.reader.held += [
            replace(
                held, document=record.id, eid=f"art_{n}", label=f"Điều {n}", text=f"Số {n}. {sentence.format(day)}", citation=f"Điều {n}"
            )
            for n in range(1, 401)
        ]
    first = client.get(compare_address(REPORT.id, PLAN.id))
    assert first.text.count("<tr") == ROWS_ON_A_PAGE + 1
    text = ROWS_ON_A_PAGE * 2 * len(sentence.encode())
    assert len(first.data) - text < 100_000
    assert 'rel="next"' in first.text
    last = client.get(compare_address(REPORT.id, PLAN.id, "", 3))
    assert last.text.count("<tr") == 400 - 2 * ROWS_ON_A_PAGE + 1


def test_a_comparison_is_made_anew_when_the_catalogue_changes(client: FlaskClient, service: FakeService) -> None:
    before = client.get(BOTH).text
    service.reader.held = [replace(clause, text=clause.text.replace("95%", "84%")) for clause in service.reader.held]
    service.reader.changed = "2021-10-08T08:00:00+00:00"
    after = client.get(BOTH).text
    assert before.count('class="changed"') == after.count('class="changed"') + 1


def test_a_comparison_of_what_changes_meanwhile_is_not_kept(
    client: FlaskClient, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get(BOTH).text
    service.reader.changed = "2021-10-08T08:00:00+00:00"
    read = service.reader.clauses

    def changing(document: str) -> Sequence[ClauseRecord]:
        found = read(document)
        service.reader.changed = "2021-10-09T08:00:00+00:00"
        return found

    monkeypatch.setattr(service.reader, "clauses", changing)
    assert client.get(BOTH).text.count('class="changed"') == before.count('class="changed"'), "read before the change"
    monkeypatch.undo()
    service.reader.held = [replace(clause, text=clause.text.replace("95%", "84%")) for clause in service.reader.held]
    assert client.get(BOTH).text.count('class="changed"') == before.count('class="changed"') - 1


# --- the diagram -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [RESOLUTION, PLAN, REPORT], ids=lambda record: record.id)
def test_the_diagram_shows_what_the_list_says(client: FlaskClient, record: object) -> None:
    html = client.get(f"/documents/{record.id}/relations").text  # type: ignore[attr-defined]
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(drawings) == 2, "one for wide screens, one for narrow ones"
    below = html.split("</svg>")[-1]
    for drawing in drawings:
        links = re.findall(r'<a href="([^"]+)">', drawing)
        assert links and all(f'href="{link}"' in below for link in links)
    assert len(set(re.findall(r'marker id="([^"]+)"', html))) == 2


def test_nothing_leaves_its_box_in_the_diagram(client: FlaskClient, service: FakeService) -> None:
    service.reader.records = [
        replace(record, title="Q" * 400, number="123456789/" + "X" * 90) if record.id == REPORT.id else record
        for record in service.reader.records
    ]
    for drawing in re.findall(r"<svg.*?</svg>", client.get(f"{DOCUMENT}/relations").text, flags=re.DOTALL):
        boxes = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', drawing)
        spots = re.findall(r'<tspan x="(\d+)" y="(\d+)">([^<]*)</tspan>', drawing)
        assert spots
        for x, y, words in spots:
            inside = [
                box
                for box in boxes
                if int(box[0]) < int(x) < int(box[0]) + int(box[2]) and int(box[1]) < int(y) < int(box[1]) + int(box[3])
            ]
            assert len(inside) == 1
            assert len(words) * 7 <= int(inside[0][2]) * 1.1
