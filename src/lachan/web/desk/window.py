"""The infectious window, day by day: what the bar on a case's page draws and its table says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lachan.cases.service import Timeline
from lachan.cases.store import Case
from lachan.kit.clock import day_bounds, local_day

FULL_MINUTES = 8 * 60
"""A bar is full at so many recorded minutes; a working day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the window. `share` is the height of its bar, 0 to 100."""

    day: date
    visits: int
    minutes: int
    share: int
    is_onset: bool
    is_sampled: bool
    is_today: bool
    is_ahead: bool


def _minutes(stay: tuple[datetime, datetime], bounds: tuple[datetime, datetime]) -> int:
    begins, ends = max(stay[0], bounds[0]), min(stay[1], bounds[1])
    return max(0, (ends - begins) // timedelta(minutes=1))


def days_of(case: Case, timeline: Timeline, today: date, zone: ZoneInfo) -> list[Day]:
    """Every local day of the window, oldest first."""
    first = local_day(case.infectious_from, zone)
    last = local_day(case.infectious_until - timedelta(microseconds=1), zone)
    days = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        bounds = day_bounds(day, zone)
        # A visit that has not ended counts up to now.
        parts = [
            _minutes((stay.started_at, min(stay.ends_at, timeline.until)), bounds)
            for stay in timeline.stays
        ]
        minutes = sum(parts)
        days.append(
            Day(
                day=day,
                visits=sum(1 for part in parts if part),
                minutes=minutes,
                share=min(100, -(-100 * minutes // FULL_MINUTES)),
                is_onset=day == case.onset_on,
                is_sampled=day == case.sampled_on,
                is_today=day == today,
                is_ahead=day > today,
            )
        )
    return days
