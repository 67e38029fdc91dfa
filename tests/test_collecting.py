"""Garbage is collected rarely while documents are indexed, and as before when that is done."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from kgsearch.indexing.collecting import NEW_OBJECTS, collecting_rarely
from kgsearch.indexing.workers import FEW, Workers

USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


def threshold(_number: int) -> int:
    return gc.get_threshold()[0]


def test_it_is_rare_within_and_as_before_afterwards() -> None:
    with collecting_rarely():
        assert gc.get_threshold() == (NEW_OBJECTS, *USUAL[1:])
    assert gc.get_threshold() == USUAL


def test_it_is_as_before_where_the_work_ended_in_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), Workers(1):
        raise ValueError("broken")
    assert gc.get_threshold() == USUAL


def test_two_runs_at_once_do_not_leave_it_rare() -> None:
    first, second = collecting_rarely(), collecting_rarely()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == USUAL


@pytest.mark.parametrize("own", [(0, 10, 10), (NEW_OBJECTS + 1, 5, 5)])
def test_who_collects_more_rarely_still_or_never_is_left_alone(own: tuple[int, int, int]) -> None:
    gc.set_threshold(*own)
    with collecting_rarely():
        assert gc.get_threshold() == own
    assert gc.get_threshold() == own


@pytest.mark.parametrize("count", [1, 2])
def test_it_is_rare_wherever_the_work_is_done(count: int) -> None:
    with Workers(count) as workers:
        assert {result for _thing, result in workers.results(threshold, range(FEW + 1))} == {NEW_OBJECTS}
    assert gc.get_threshold() == USUAL
