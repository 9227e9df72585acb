"""Which day a commit is for, and whether it came late."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lachan.safety.checks.domain import due_at, is_late, is_of_today
from lachan.safety.criteria.reference import published_sets

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 12:00 in Việt Nam
LAST = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "made", "received", "expected"),
    [
        (DAY, NOON, NOON, True),
        (DAY, NOON - timedelta(hours=11), NOON, True),  # offline since one in the morning
        (DAY, NOON - timedelta(hours=13), NOON, False),  # made yesterday
        (DAY, NOON + timedelta(minutes=2), NOON, True),
        (DAY, NOON + timedelta(minutes=2, seconds=1), NOON, False),
        (DAY, LAST - timedelta(hours=12), LAST, True),
        (DAY, LAST - timedelta(hours=12, minutes=1), LAST, False),  # too long offline
        (DAY, LAST, LAST + timedelta(minutes=1), False),  # after midnight
        (DAY - timedelta(days=1), NOON, NOON, False),
        (DAY + timedelta(days=1), NOON, NOON, False),
    ],
)
def test_a_commit_is_of_today_by_both_clocks(
    day: date, made: datetime, received: datetime, expected: bool
) -> None:
    assert is_of_today(day, made, received, zone=ZONE, offline_hours=12) is expected


def test_a_moment_is_due_at_its_local_time_and_the_day_with_its_last() -> None:
    school = next(one for one in published_sets() if one.code == "schools-hcmc")
    assert due_at(school, "before", DAY, ZONE) == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert due_at(school, "day", DAY, ZONE) == due_at(school, "after", DAY, ZONE)
    general = next(one for one in published_sets() if one.code == "general")
    assert due_at(general, "during", DAY, ZONE) is None


def test_late_is_after_its_time_or_long_under_way() -> None:
    assert not is_late(NOON, NOON, None)
    assert not is_late(NOON, NOON, NOON)
    assert is_late(NOON, NOON + timedelta(seconds=1), NOON)
    assert not is_late(NOON, NOON + timedelta(minutes=10), None)
    assert is_late(NOON, NOON + timedelta(minutes=10, seconds=1), None)
