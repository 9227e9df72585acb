"""The drill's own reading of the published rules, and the days it plans."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.drill.facilities import plan_day
from lachan.drill.judging import Criterion, colour_of, is_known
from lachan.safety.criteria.domain import CriteriaSet, judge
from lachan.safety.criteria.reference import published_sets

SETS = {criteria.code: criteria for criteria in published_sets()}


def items_of(criteria: CriteriaSet) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            item.code, item.moment, item.points, item.graded, item.compulsory,
            item.evidence == "photo",
        )
        for item in criteria.items
    )  # fmt: skip


@pytest.mark.parametrize("code", sorted(SETS))
@given(st.randoms(use_true_random=False))
def test_drill_and_engine_read_a_rule_alike(code: str, dice: random.Random) -> None:
    criteria = SETS[code]
    assert is_known(code), "a set that ships has its rule in the drill, too"
    missing = dice.choice((0.0, 0.1, 0.2, 0.3, 0.5, 0.7))
    answers = {
        item.code: item.points
        if dice.random() >= missing
        else (dice.randint(0, item.points) if item.graded else 0)
        for item in criteria.items
    }
    assert colour_of(code, items_of(criteria), answers) == judge(criteria, answers).colour


def test_of_an_unknown_rule_only_the_ends_are_known() -> None:
    items = items_of(SETS["general"])
    assert colour_of("theirs", items, {item.code: item.points for item in items}) == "green"
    assert colour_of("theirs", items, {item.code: 0 for item in items}) == "red"
    with pytest.raises(KeyError):
        colour_of("theirs", items, {**{item.code: 0 for item in items}, items[0].code: 1})


def test_plans_show_every_colour_and_end_in_what_counts() -> None:
    seen = set()
    for code, criteria in SETS.items():
        for seed in range(60):
            day = plan_day(code, items_of(criteria), random.Random(seed))
            seen.add(day.colour)
            assert (day.colour == "grey") is (not day.commits)
            together: dict[str, int] = {}
            for commit in day.commits:
                together |= commit.answers
            if day.commits:
                assert day.colour == judge(criteria, together).colour
                assert set(together) == {item.code for item in criteria.items}
    assert seen == {"green", "yellow", "red", "grey"}


def test_a_set_unknown_to_the_drill_is_met_throughout_or_not_at_all() -> None:
    items = items_of(SETS["general"])
    colours = {plan_day("theirs", items, random.Random(seed)).colour for seed in range(40)}
    assert colours == {"green", "red", "grey"}
