"""When a case could infect others: pure reckoning on local days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lachan.diseases.profiles import Profile
from lachan.kit.clock import day_bounds


def infectious_window(
    profile: Profile, onset: date | None, sampled: date | None, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """`[from, until)` in UTC: whole local days around onset, without symptoms around sampling.

    Raises `ValueError` when neither day is known.
    """
    if onset is not None:
        day, span = onset, profile.infectious_days
    elif sampled is not None:
        day, span = sampled, profile.infectious_days_without_symptoms
    else:
        raise ValueError("an infectious window needs a day of onset or of sampling")
    begins, _ = day_bounds(day + timedelta(days=span.first), zone)
    _, ends = day_bounds(day + timedelta(days=span.last), zone)
    return begins, ends
