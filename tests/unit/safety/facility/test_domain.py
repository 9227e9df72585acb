"""The tasks of a day, what may be as yesterday, and how days behind are told."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from lachan.safety.checks.store import Check
from lachan.safety.colours.domain import Ended
from lachan.safety.criteria.reference import published_sets
from lachan.safety.facility.domain import as_yesterday, past_days, tasks_of

SCHOOL = next(one for one in published_sets() if one.code == "schools-hcmc")
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def check(
    moment: str, answers: Mapping[str, int] | None = None, *, late: bool = False, number: int = 1
) -> Check:
    return Check(
        id=number,
        commit_id=uuid4(),
        place_id=1,
        set_id=SCHOOL.id,
        day=DAY,
        moment=moment,
        person_id=1,
        committed_as=None,
        made_at=NOON,
        received_at=NOON,
        late=late,
        answers=answers or {},
        notes={},
        score=0,
        maximum=0,
        outcome="high",
        replaced_by=None,
        replaces=None,
    )


def test_the_last_commit_of_a_moment_counts_and_one_of_the_whole_day_for_every_moment() -> None:
    first, second = check("before", number=1), check("before", number=2, late=True)
    due = {"before": NOON - timedelta(hours=4), "during": NOON - timedelta(minutes=1)}
    tasks = tasks_of(SCHOOL, [first, second], due.get, NOON)
    assert [(one.moment, one.state) for one in tasks] == [
        ("before", "late"),
        ("during", "overdue"),
        ("after", "todo"),
    ]
    assert tasks[0].done is second
    whole = tasks_of(SCHOOL, [check("day")], due.get, NOON)
    assert {one.state for one in whole} == {"done"}


def test_nothing_compulsory_is_as_yesterday() -> None:
    everything = {item.code: item.points for item in SCHOOL.items}
    like = as_yesterday(SCHOOL, "during", [check("during", everything)])
    asked = SCHOOL.items_of("during")
    assert set(like) == {one.code for one in asked if not one.compulsory}
    assert any(one.compulsory for one in asked)
    assert as_yesterday(SCHOOL, "before", [check("during", everything)]) == {}


def test_a_day_without_a_report_is_forgotten_only_when_the_place_was_open() -> None:
    joined = DAY - timedelta(days=9)
    ended = (
        Ended(DAY - timedelta(days=1), "green", reported=True, late=False),
        Ended(DAY - timedelta(days=2), "yellow", reported=True, late=True),
        # Held by an inspection, and silent all the same.
        Ended(DAY - timedelta(days=3), "red", reported=False, late=False),
        Ended(DAY - timedelta(days=4), "grey", reported=False, late=False),
    )
    days = past_days(
        {one.day: one for one in ended},
        today=DAY,
        joined=joined,
        is_open=lambda day: day.weekday() != 6,
    )
    assert len(days) == 30
    # What was reported on a Sunday was reported.
    states = ["open", "reported", "late", "forgotten", "forgotten"]
    assert [one.state for one in days[:5]] == states
    assert [one.colour for one in days[:5]] == [None, "green", "yellow", "red", "grey"]
    states = {one.day: one.state for one in days}
    assert states[DAY - timedelta(days=8)] == "closed"  # a Sunday
    assert states[joined - timedelta(days=1)] == "before"
