"""Where a place and an inspector differ, and what a place is held at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.criteria.reference import published_sets
from lachan.safety.inspections.domain import (
    USUAL_HOURS,
    Open,
    deviation,
    due_of,
    held_by,
    overstated,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANSWERS = st.dictionaries(st.sampled_from("123456"), st.integers(0, 3))
OPEN = st.lists(st.builds(Open, is_unsafe=st.booleans(), orders=st.integers(0, 3)), max_size=4)


def test_only_what_the_place_answered_can_differ() -> None:
    assert deviation({"1": 1, "2": 1, "3": 0}, {"1": 1, "2": 0, "4": 0}) == {"2": (1, 0)}
    assert deviation(None, {"1": 0}) == {}


@given(said=ANSWERS, found=ANSWERS)
def test_a_deviation_names_both_sides(said: dict[str, int], found: dict[str, int]) -> None:
    for code, (place, inspector) in deviation(said, found).items():
        assert (said[code], found[code]) == (place, inspector)
        assert place != inspector


def test_overstating_goes_one_way() -> None:
    criteria = published_sets()[0]
    first, second = (one.code for one in criteria.items[:2])
    assert overstated(criteria, {second: (0, 1), first: (1, 0)}) == (first,)


@pytest.mark.parametrize(
    ("found", "confirmed", "held"),
    [
        ([], False, None),
        ([], True, "yellow"),
        ([Open(is_unsafe=False, orders=0)], False, None),
        ([Open(is_unsafe=False, orders=1)], True, "repair"),
        ([Open(is_unsafe=False, orders=2), Open(is_unsafe=True, orders=0)], True, "red"),
    ],
)
def test_the_gravest_counts(found: list[Open], confirmed: bool, held: str | None) -> None:
    assert held_by(found, confirmed=confirmed) == held


@given(found=OPEN, confirmed=st.booleans(), one=st.builds(Open, st.booleans(), st.integers(0, 3)))
def test_one_more_inspection_never_makes_it_better(
    found: list[Open], confirmed: bool, one: Open
) -> None:
    order = [None, "yellow", "repair", "red"]
    before = order.index(held_by(found, confirmed=confirmed))
    assert order.index(held_by([*found, one], confirmed=confirmed)) >= before


def test_a_set_says_how_long_a_repair_may_take() -> None:
    for criteria in published_sets():
        hours = criteria.repair_hours or USUAL_HOURS
        assert due_of(criteria, NOON) == NOON + timedelta(hours=hours)
