"""Each published rule at its edges: the last answer that is enough, and the first that is not."""

import pytest

from lachan.places.kinds import KINDS
from lachan.safety.criteria.contradictions import check_set
from lachan.safety.criteria.domain import CriteriaSet, judge
from lachan.safety.criteria.reference import published_sets


def named(code: str) -> CriteriaSet:
    return next(one for one in published_sets() if one.code == code)


def met(criteria: CriteriaSet, *zero: str, **points: int) -> dict[str, int]:
    full = {item.code: item.points for item in criteria.items}
    return full | dict.fromkeys(zero, 0) | points


def first(criteria: CriteriaSet, count: int) -> dict[str, int]:
    """The first `count` items are met, the others are not."""
    return {
        item.code: item.points if place < count else 0 for place, item in enumerate(criteria.items)
    }


def fell(criteria: CriteriaSet, answers: dict[str, int]) -> tuple[str, str, bool]:
    found = judge(criteria, answers)
    return found.outcome.code, found.colour, found.may_open


@pytest.mark.parametrize("criteria", published_sets(), ids=lambda one: one.code)
def test_no_set_that_comes_with_the_program_contradicts_itself(criteria: CriteriaSet) -> None:
    assert check_set(criteria) == []
    assert fell(criteria, met(criteria))[1:] == ("green", True)
    nothing = judge(criteria, {})
    assert (nothing.colour, nothing.score, nothing.may_open) == ("red", 0, False)
    assert {len({one.position for one in criteria.items})} == {len(criteria.items)}
    for item in criteria.items:
        assert item.wording["vi"]
        assert item.wording["en"]


def test_every_group_of_the_roll_out_has_a_set() -> None:
    groups = {code for code, kind in KINDS.by_code.items() if kind.rollout}
    assert groups == {kind for one in published_sets() for kind in one.kinds}


def test_the_published_lists_have_their_published_size() -> None:
    hospitals = named("hospitals")
    chapters = [item.chapter["vi"] for item in hospitals.items]
    assert (len(hospitals.items), len(set(chapters))) == (37, 8)
    assert sum(item.points for item in hospitals.items) == 150
    for code, sizes in (("schools-ministry", [7, 6, 2]), ("schools-hanoi", [8, 6, 2])):
        found = named(code)
        assert [len(found.items_of(moment)) for moment in found.moments] == sizes
    assert len(named("schools-hcmc").items) == 10


def hospital(score: int) -> dict[str, int]:
    """Answers of a hospital with so many points in all and no item at 0."""
    points = {item.code: 1 for item in named("hospitals").items}
    left = score - len(points)
    for item in named("hospitals").items:
        more = min(item.points - 1, left)
        points[item.code] += more
        left -= more
    assert left == 0
    return points


@pytest.mark.parametrize(
    ("score", "outcome"),
    # 75 % of 150 is 112.5 points, so 113 is the first whole number that reaches it.
    [(150, "safe"), (113, "safe"), (112, "low"), (75, "low"), (74, "unsafe"), (37, "unsafe")],
)
def test_hospitals_at_the_edges_of_their_shares(score: int, outcome: str) -> None:
    found = judge(named("hospitals"), hospital(score))
    assert (found.outcome.code, found.score, found.maximum) == (outcome, score, 150)


def test_one_item_at_zero_makes_a_hospital_unsafe_whatever_the_score() -> None:
    hospitals = named("hospitals")
    found = judge(hospitals, met(hospitals, "20"))
    assert (found.outcome.code, found.score, found.may_open) == ("unsafe", 146, False)
    assert [(one.code, one.params.get("item")) for one in found.reasons] == [
        ("item-zero", "20"),
        ("may-not-open", None),
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (15, ("safe", "green", True)),
        (13, ("safe", "green", True)),
        (12, ("low", "yellow", True)),
        (8, ("low", "yellow", True)),
        (7, ("unsafe", "red", False)),
        (0, ("unsafe", "red", False)),
    ],
)
def test_schools_by_the_ministry(count: int, expected: tuple[str, str, bool]) -> None:
    criteria = named("schools-ministry")
    assert fell(criteria, first(criteria, count)) == expected


@pytest.mark.parametrize(
    ("zero", "fair", "expected"),
    [
        (["1", "2", "3", "6"], [], ("safe", "green", True)),  # 12, the five good
        (["1", "2", "3", "6", "7"], [], ("fair", "yellow", True)),  # 11
        ([], ["11"], ("fair", "yellow", True)),  # 16, but one of the five only fair
        (["1", "2", "3", "6", "7", "9", "10", "13"], ["4", "5"], ("fair", "yellow", True)),  # 8
        (["1", "2", "3", "6", "7", "9", "10", "13", "14"], [], ("unsafe", "red", False)),  # 7
        (["12"], [], ("unsafe", "red", False)),  # 15, but one of the five not even fair
    ],
)
def test_schools_of_ha_noi(
    zero: list[str], fair: list[str], expected: tuple[str, str, bool]
) -> None:
    criteria = named("schools-hanoi")
    assert fell(criteria, met(criteria, *zero) | dict.fromkeys(fair, 1)) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (10, ("high", "green", True)),
        (8, ("high", "green", True)),
        (7, ("safe", "yellow", True)),
        (6, ("safe", "yellow", True)),
        (5, ("unsafe", "red", False)),
    ],
)
def test_schools_of_ho_chi_minh_city(count: int, expected: tuple[str, str, bool]) -> None:
    criteria = named("schools-hcmc")
    assert criteria.repair_hours == 48
    assert fell(criteria, first(criteria, count)) == expected
    assert judge(criteria, first(criteria, count)).outcome.repair == (count in (6, 7))


def test_the_reason_says_what_the_next_class_needs() -> None:
    criteria = named("schools-hcmc")
    found = judge(criteria, first(criteria, 7))
    assert found.reasons[0].code == "below-count"
    assert found.reasons[0].params == {"score": 7, "needed": 8, "maximum": 10}
