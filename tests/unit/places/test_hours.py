"""A place's week: when it shuts next, and how a typed time is read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.ids import uuid7
from lachan.places.hours import Hours, clock_of, hours_of, minutes_of
from lachan.visits.domain import Direction, EndSource, Spot, Stay, decide

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = Hours(((480, 1080),) * 5 + ((1080, 120), None))  # Saturday night until two; Sunday shut


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)  # 2 March 2026 is a Monday


@pytest.mark.parametrize(
    ("moment", "closing"),
    [
        (at(2, 8), at(2, 18)),
        (at(2, 17, 59), at(2, 18)),
        (at(2, 18), None),
        (at(2, 7, 59), None),
        (at(7, 23), at(8, 2)),
        (at(8, 1, 59), at(8, 2)),
        (at(8, 12), None),
    ],
)
def test_when_it_shuts_next(moment: datetime, closing: datetime | None) -> None:
    assert WEEK.closing_after(moment, ZONE) == closing


def test_hours_that_meet_at_midnight_are_one() -> None:
    through = Hours(((480, 1440), (0, 360), None, None, None, None, None))
    assert through.closing_after(at(2, 20), ZONE) == at(3, 6)


def test_stored_hours_come_back() -> None:
    assert hours_of(WEEK.stored()) == WEEK
    assert hours_of(None) is None
    assert len(WEEK.stored()) == 14


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("7:30", 450), ("07h30", 450), ("7h", 420), ("24:00", 1440), ("24:30", None), ("25:00", None),
     ("7:60", None), ("", None), ("noon", None)],
)  # fmt: skip
def test_times_as_people_type_them(typed: str, minutes: int | None) -> None:
    assert minutes_of(typed) == minutes


@given(st.integers(0, 1439))
def test_a_written_time_is_read_back(minutes: int) -> None:
    assert minutes_of(clock_of(minutes)) == minutes


@given(st.integers(0, 14 * 1440), st.integers(1, 1440))
def test_no_visit_ends_by_itself_past_closing(minute: int, stay: int) -> None:
    spot = Spot(1, None, timedelta(minutes=stay), WEEK, ZONE)
    begun = (at(2, 0) + timedelta(minutes=minute)).astimezone(UTC)
    decision = decide(None, None, spot, Direction.IN, begun)
    assert decision.begin_until is not None
    assert begun < decision.begin_until <= begun + timedelta(minutes=stay)
    closing = WEEK.closing_after(begun, ZONE)
    assert closing is None or decision.begin_until <= closing


def test_whoever_stayed_on_after_the_day_was_closed_may_still_say_when_they_left() -> None:
    begun = at(2, 9)
    stay = Stay(uuid7(), 1, None, begun, at(2, 18), EndSource.DAY_CLOSED)
    spot = Spot(1, None, timedelta(hours=8))
    left = decide(stay, None, spot, Direction.OUT, at(2, 18, 30))
    assert left.end == (at(2, 18, 30), EndSource.SCANNED)
