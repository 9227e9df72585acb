"""The colour of a place from its day and from what holds it; streaks and deadlines. Pure."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.colours.domain import (
    COLOURS,
    Colour,
    Commit,
    Held,
    below_since,
    colour_of,
    day_of,
    is_overdue,
    next_streak,
    reasons_of,
)
from tests.unit.safety.criteria.sets import item, simple

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("colour", "day", "held", "expected"),
    [
        ("green", DAY, None, "green"),
        ("green", DAY - timedelta(days=1), None, "grey"),
        ("green", None, None, "grey"),
        ("green", DAY, "yellow", "yellow"),
        ("red", DAY, "yellow", "red"),
        ("green", None, "yellow", "yellow"),
        ("green", DAY, "red", "red"),
        ("yellow", DAY, "repair", "repair"),
        ("red", None, "repair", "repair"),
    ],
)
def test_what_holds_a_place_goes_over_its_day(
    colour: Colour, day: date | None, held: Held | None, expected: Colour
) -> None:
    assert colour_of(colour, day, held, DAY) == expected


@given(
    st.sampled_from(COLOURS),
    st.sampled_from([None, "yellow", "red", "repair"]),
    st.integers(0, 3),
)
def test_nothing_that_holds_a_place_makes_it_look_better(
    colour: Colour, held: Held | None, back: int
) -> None:
    worse = {"green": 0, "yellow": 1, "grey": 0, "repair": 2, "red": 2}
    free = colour_of(colour, DAY - timedelta(days=back), None, DAY)
    bound = colour_of(colour, DAY - timedelta(days=back), held, DAY)
    assert worse[bound] >= worse[free] or held == "repair"


def commit(moment: str, late: bool = False, **answers: int) -> Commit:
    return Commit(moment, {f"{code[1:]}": points for code, points in answers.items()}, late, AT)


CRITERIA = simple(items=(item("1"), item("2"), item("3", moment="after")))


def test_the_later_commit_counts_item_by_item() -> None:
    day = day_of(CRITERIA, [commit("day", i1=0, i2=0, i3=1), commit("before", i1=1, i2=1)])
    assert day is not None
    assert day.answers == {"1": 1, "2": 1, "3": 1}
    assert day.reported == {"before", "after"}


def test_what_is_not_due_yet_counts_against_nobody_until_the_day_ends() -> None:
    commits = [commit("before", late=True, i1=1, i2=1)]
    so_far, ended = day_of(CRITERIA, commits), day_of(CRITERIA, commits, ended=True)
    assert so_far is not None
    assert ended is not None
    assert so_far.late
    assert (so_far.verdict.score, so_far.verdict.maximum) == (2, 2)
    assert (ended.verdict.score, ended.verdict.maximum) == (2, 3)
    assert day_of(CRITERIA, []) is None


def test_answers_to_criteria_of_an_older_version_are_left_out() -> None:
    day = day_of(CRITERIA, [commit("day", i1=1, i9=1)])
    assert day is not None
    assert day.answers == {"1": 1}


def test_the_hours_to_repair_run_from_the_first_day_below_until_it_is_left() -> None:
    criteria = simple()
    answers = {f"i{number}": int(number > 3) for number in range(1, 11)}
    poor = day_of(criteria, [commit("day", **answers)])
    good = day_of(criteria, [commit("day", **dict.fromkeys(answers, 1))])
    assert poor is not None
    assert good is not None
    whole = criteria.moments
    since = below_since(criteria, poor.verdict, None, AT, reported=whole)
    assert since == AT
    next_day = AT + timedelta(days=1)
    assert below_since(criteria, poor.verdict, since, next_day, reported=whole) == AT
    # What is not reported yet may still be what was not met the day before.
    assert below_since(criteria, good.verdict, since, next_day, reported=whole[:-1]) == AT
    assert below_since(criteria, good.verdict, since, next_day, reported=whole) is None
    assert below_since(criteria, poor.verdict, None, AT, reported=whole[:1]) == AT
    assert not is_overdue(criteria, since, AT + timedelta(hours=47, minutes=59))
    assert is_overdue(criteria, since, AT + timedelta(hours=48))
    assert not is_overdue(criteria, None, AT)


def test_the_first_reason_is_what_decides() -> None:
    day = day_of(CRITERIA, [commit("day", i1=1, i2=1, i3=1)])
    assert day is not None

    def codes(held: Held | None, until: str | None, *, overdue: bool) -> list[str]:
        found = reasons_of(day.verdict, held, due=None, until=until, overdue=overdue)
        return [one.code for one in found]

    assert codes("red", None, overdue=False)[0] == "inspection-unsafe"
    assert codes("repair", None, overdue=False)[0] == "under-repair"
    assert codes("yellow", None, overdue=False)[0] == "feedback-confirmed"
    assert codes(None, "x", overdue=True)[0] == "repair-overdue"
    assert codes(None, "x", overdue=False)[0] == "repair-until"
    assert [one.code for one in reasons_of(None, None, due=None, until=None, overdue=False)] == [
        "not-reported"
    ]


@pytest.mark.parametrize(
    ("last", "streak", "expected"),
    [
        (None, 0, 1),
        (DAY, 4, 4),
        (DAY, 0, 1),
        (DAY - timedelta(days=1), 4, 5),
        (DAY - timedelta(days=2), 4, 5),  # yesterday, a Sunday, the place was shut
        (DAY - timedelta(days=3), 4, 1),
        (DAY + timedelta(days=1), 4, 1),
        (date(2020, 1, 1), 4, 1),
    ],
)
def test_a_streak_goes_on_over_days_of_rest_alone(
    last: date | None, streak: int, expected: int
) -> None:
    assert next_streak(last, streak, DAY, lambda day: day.weekday() != 6) == expected
