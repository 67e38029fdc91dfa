"""Whether a document has effect: a table of what clauses say and what follows from it, and properties of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsearch.catalogue.standing import standing
from kgsearch.models import Address, DocumentRecord, Force, Relation, RelationRecord, Standing

TODAY = date(2024, 6, 15)
PAST, LATER, FUTURE = date(2020, 1, 1), date(2022, 3, 1), date(2025, 1, 1)


def record(name: str, effective: date | None = None, **more: object) -> DocumentRecord:
    base = DocumentRecord(name, f"{name}/QĐ-UBND", "Quyết định", "Về việc mẫu", "UBND", "", None, "", "")
    return replace(base, effective=effective, effective_in="art_9" if effective else "", **more)  # type: ignore[arg-type]


def relation(
    kind: Relation, source: str, *, whole: bool = True, eid: str = "art_2", target: str | None = "this", since: date | None = None
) -> RelationRecord:
    return RelationRecord(kind, Address(source, eid), Address(target, "" if whole else "art_1") if target else None, "QĐ", whole, since)


SOURCES = {
    "old": record("old", PAST),
    "new": record("new", LATER),
    "coming": record("coming", FUTURE),
    "silent": record("silent"),
    "consolidated": record("consolidated", LATER, number="3/VBHN-BTC"),
    "draft": record("draft", LATER, title="Dự thảo Quyết định mẫu"),
    "unsigned": record("unsigned", LATER, number="", issued=None),
    "repealed": record("repealed", LATER, expires=date(2023, 1, 1), expires_in="art_3"),
    "older": record("older", LATER, issued=date(2010, 1, 1)),
    "this": record("this", LATER),
}
OWN = Address("this", "art_9")


def of(document: DocumentRecord, *incoming: RelationRecord, today: date = TODAY) -> Standing:
    return standing(document, incoming, SOURCES.get, today)


CASES = [
    ("nothing is said", record("this"), [], Force.UNKNOWN, None, []),
    ("its day has come", record("this", PAST), [], Force.IN_FORCE, PAST, [OWN]),
    ("its day is today", record("this", TODAY), [], Force.IN_FORCE, TODAY, [OWN]),
    ("its day is tomorrow", record("this", TODAY + timedelta(1)), [], Force.NOT_YET, TODAY + timedelta(1), [OWN]),
    ("repealed", record("this", PAST), [relation(Relation.REPEALS, "new")], Force.ENDED, LATER, [Address("new", "art_2")]),
    ("replaced", record("this", PAST), [relation(Relation.REPLACES, "new")], Force.ENDED, LATER, [Address("new", "art_2")]),
    ("repealed, no day of its own", record("this"), [relation(Relation.REPEALS, "new")], Force.ENDED, LATER, [Address("new", "art_2")]),
    ("repealed before its day", record("this", FUTURE), [relation(Relation.REPEALS, "new")], Force.ENDED, LATER, [Address("new", "art_2")]),
    ("a clause repealed", record("this", PAST), [relation(Relation.REPEALS, "new", whole=False)], Force.PARTLY_ENDED, LATER,
     [Address("new", "art_2"), OWN]),
    ("a clause replaced", record("this"), [relation(Relation.REPLACES, "new", whole=False)], Force.PARTLY_ENDED, LATER,
     [Address("new", "art_2")]),
    ("amended", record("this", PAST), [relation(Relation.AMENDS, "new")], Force.PARTLY_ENDED, LATER, [Address("new", "art_2"), OWN]),
    ("amended, not yet in force", record("this", FUTURE), [relation(Relation.AMENDS, "new")], Force.NOT_YET, FUTURE, [OWN]),
    ("to be repealed", record("this", PAST), [relation(Relation.REPEALS, "coming")], Force.IN_FORCE, PAST, [OWN]),
    ("to be amended", record("this", PAST), [relation(Relation.AMENDS, "coming")], Force.IN_FORCE, PAST, [OWN]),
    ("repealed on a day not said", record("this", PAST), [relation(Relation.REPEALS, "silent")], Force.IN_FORCE, PAST, [OWN]),
    ("the same, and nothing else", record("this"), [relation(Relation.REPEALS, "silent")], Force.UNKNOWN, None, []),
    ("repealed by what is not held", record("this", PAST), [relation(Relation.REPEALS, "gone")], Force.IN_FORCE, PAST, [OWN]),
    ("another one repealed", record("this", PAST), [relation(Relation.REPEALS, "new", target="that")], Force.IN_FORCE, PAST, [OWN]),
    ("not resolved", record("this", PAST), [relation(Relation.REPEALS, "new", target=None)], Force.IN_FORCE, PAST, [OWN]),
    ("from a later day", record("this", PAST), [relation(Relation.REPEALS, "new", since=FUTURE)], Force.IN_FORCE, PAST, [OWN]),
    ("from a day that has come", record("this", PAST), [relation(Relation.REPEALS, "new", since=TODAY)], Force.ENDED, TODAY,
     [Address("new", "art_2")]),
    ("from a day before the other's", record("this", PAST), [relation(Relation.REPEALS, "new", since=PAST)], Force.ENDED, LATER,
     [Address("new", "art_2")]),
    ("by itself", record("this", PAST), [relation(Relation.REPEALS, "this")], Force.IN_FORCE, PAST, [OWN]),
    ("by a consolidated text", record("this", PAST), [relation(Relation.REPEALS, "consolidated")], Force.IN_FORCE, PAST, [OWN]),
    ("by a draft", record("this", PAST), [relation(Relation.REPEALS, "draft")], Force.IN_FORCE, PAST, [OWN]),
    ("by what was itself ended", record("this", PAST), [relation(Relation.REPEALS, "repealed")], Force.ENDED, LATER,
     [Address("repealed", "art_2")]),
    ("by an older one", record("this", PAST, issued=date(2015, 1, 1)), [relation(Relation.REPEALS, "older")], Force.IN_FORCE, PAST,
     [OWN]),
    ("cited, guided, its basis", record("this", PAST),
     [relation(kind, "new") for kind in (Relation.CITES, Relation.GUIDES, Relation.BASIS, Relation.ISSUED_WITH)], Force.IN_FORCE, PAST,
     [OWN]),
    ("expired", record("this", PAST, expires=date(2023, 12, 31), expires_in="art_8"), [], Force.ENDED, date(2024, 1, 1),
     [Address("this", "art_8")]),
    ("its last day", record("this", PAST, expires=TODAY, expires_in="art_8"), [], Force.IN_FORCE, PAST, [OWN]),
    ("an end before its beginning", record("this", PAST, expires=date(2019, 1, 1), expires_in="art_8"), [], Force.IN_FORCE, PAST,
     [OWN]),
    ("repealed twice: the first counts", record("this"), [relation(Relation.REPEALS, "new"), relation(Relation.REPLACES, "old")],
     Force.ENDED, PAST, [Address("old", "art_2"), Address("new", "art_2")]),
    ("expired, repealed before", record("this", PAST, expires=date(2023, 12, 31), expires_in="art_8"), [relation(Relation.REPEALS, "new")],
     Force.ENDED, LATER, [Address("new", "art_2"), Address("this", "art_8")]),
    ("amended, then repealed", record("this"), [relation(Relation.AMENDS, "old"), relation(Relation.REPEALS, "new")], Force.ENDED, LATER,
     [Address("new", "art_2")]),
    ("amended twice by one clause", record("this"), [relation(Relation.AMENDS, "new"), relation(Relation.AMENDS, "new", whole=False)],
     Force.PARTLY_ENDED, LATER, [Address("new", "art_2")]),
    ("a consolidated text", record("this", PAST, number="5/VBHN-BTC"), [relation(Relation.REPEALS, "new")], Force.UNKNOWN, None, []),
    ("a draft without number and date", record("this", PAST, number="", issued=None), [], Force.UNKNOWN, None, []),
    ("a draft by its head", record("this", PAST, head="ỦY BAN NHÂN DÂN\nDỰ THẢO LẦN 2\nQUYẾT ĐỊNH"), [], Force.UNKNOWN, None, []),
    ("a title that goes on with the word", record("this", PAST, head="VỀ VIỆC THÔNG QUA\nDỰ THẢO NGHỊ QUYẾT CỦA HỘI ĐỒNG"), [],
     Force.IN_FORCE, PAST, [OWN]),
    ("by a draft without number and date", record("this", PAST), [relation(Relation.REPLACES, "unsigned")], Force.IN_FORCE, PAST, [OWN]),
    ("a draft", record("this", PAST, title="Dự thảo Nghị quyết mẫu"), [], Force.UNKNOWN, None, []),
]  # fmt: skip


@pytest.mark.parametrize(("document", "incoming", "force", "since", "clauses"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_standing(
    document: DocumentRecord, incoming: Sequence[RelationRecord], force: Force, since: date | None, clauses: Sequence[Address]
) -> None:
    assert of(document, *incoming) == Standing(force, since, tuple(clauses))


@pytest.mark.parametrize(
    ("day", "force"),
    [
        (PAST - timedelta(1), Force.NOT_YET),
        (PAST, Force.IN_FORCE),
        (LATER - timedelta(1), Force.IN_FORCE),
        (LATER, Force.PARTLY_ENDED),
        (FUTURE - timedelta(1), Force.PARTLY_ENDED),
        (FUTURE, Force.ENDED),
    ],
)
def test_the_life_of_a_document(day: date, force: Force) -> None:
    incoming = [relation(Relation.AMENDS, "new"), relation(Relation.REPLACES, "coming")]
    assert of(record("this", PAST), *incoming, today=day).force is force


RELATIONS = st.builds(
    lambda kind, source, whole: relation(kind, source, whole=whole),
    st.sampled_from(list(Relation)),
    st.sampled_from([*SOURCES, "gone"]),
    st.booleans(),
)


@given(st.lists(RELATIONS, max_size=6), st.sampled_from([None, PAST, FUTURE]))
def test_no_standing_without_a_clause(incoming: list[RelationRecord], effective: date | None) -> None:
    result = of(record("this", effective), *incoming)
    assert bool(result.clauses) == bool(result.since) == (result.force is not Force.UNKNOWN)
    assert set(result.clauses) <= {OWN, *(one.source for one in incoming)}
    assert result.since is None or result.force is Force.NOT_YET or result.since <= TODAY


@given(st.lists(RELATIONS, max_size=6))
def test_the_order_of_relations_does_not_matter(incoming: list[RelationRecord]) -> None:
    document = record("this", PAST)
    forwards, backwards = of(document, *incoming), of(document, *reversed(incoming))
    assert (forwards.force, forwards.since, set(forwards.clauses)) == (backwards.force, backwards.since, set(backwards.clauses))
