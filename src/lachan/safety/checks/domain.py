"""Rules of a commit that need no database: which day it is for, and whether it came late."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lachan.kit.clock import local_day
from lachan.safety.criteria.domain import CriteriaSet

AHEAD: Final = timedelta(minutes=2)
"""How far a phone's clock may run ahead; the same as for scans."""
PROMPT: Final = timedelta(minutes=10)
"""A commit that reaches us later than this after it was made was made without network."""


def is_of_today(
    day: date, made_at: datetime, received_at: datetime, *, zone: ZoneInfo, offline_hours: int
) -> bool:
    """Whether a commit is for today, was made today, and came within the hours that are set."""
    today = local_day(received_at, zone)
    return (
        day == today
        and local_day(made_at, zone) == today
        and made_at <= received_at + AHEAD
        and received_at - made_at <= timedelta(hours=offline_hours)
    )


def due_at(criteria: CriteriaSet, moment: str, day: date, zone: ZoneInfo) -> datetime | None:
    """When a moment of a day has to be reported, the whole day with its last; None: any time."""
    due = criteria.rules.due
    if moment == "day":
        moment = next((one for one in reversed(criteria.moments) if one in due), moment)
    if moment not in due:
        return None
    return datetime.combine(day, time.fromisoformat(due[moment]), tzinfo=zone)


def is_late(made_at: datetime, received_at: datetime, due: datetime | None) -> bool:
    """Whether a commit is marked late: after its time, or long under way."""
    return received_at - made_at > PROMPT or (due is not None and received_at > due)
