"""What pages and the worker share: against what rows are judged, and by what they are compared."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from lachan.areas.domain import fold
from lachan.kit.clock import day_bounds, local_day
from lachan.kit.crypto import Keyring
from lachan.places.hours import Hours, hours_of
from lachan.settings import Settings
from lachan.visits.paper.columns import Reading, check_columns
from lachan.visits.paper.domain import Judged, Setting

CHECK: Final = "visits.paper.check"
TAKE: Final = "visits.paper.take"
MOST_ROWS: Final = 50_000
_AROUND_HOURS: Final = timedelta(minutes=30)


def kept_from(moment: datetime, settings: Settings) -> datetime:
    """The first moment of which visits are still kept."""
    return day_bounds(
        local_day(moment, settings.zone) - timedelta(days=settings.retention.visit_days),
        settings.zone,
    )[0]


def setting_of(
    settings: Settings,
    moment: datetime,
    *,
    day: date | None,
    rooms: Sequence[tuple[int, str]],
    usual_stay: timedelta,
    hours: Sequence[int | None] | None,
    by_officer: bool,
) -> Setting:
    """Against what the rows of a list are judged.

    Officers bring lists of any age, looking for an outbreak's contacts; what those who run a place
    bring late waits for a second look.
    """
    late = timedelta(days=settings.intake.offline_days)
    open_hours = hours_of(hours)
    return Setting(
        moment=moment,
        zone=settings.zone,
        day=day,
        rooms={fold(name): room_id for room_id, name in rooms},
        kept_from=kept_from(moment, settings),
        sure_from=None if by_officer else moment - late,
        usual_stay=usual_stay,
        open_at=partial(_is_open, open_hours, settings.zone) if open_hours else None,
    )


def _is_open(hours: Hours, zone: ZoneInfo, moment: datetime) -> bool:
    """Whether a place is open, or opens or shuts within the half hour: staff and late guests."""
    return any(
        hours.closing_after(moment + shift, zone) is not None
        for shift in (timedelta(), _AROUND_HOURS, -_AROUND_HOURS)
    )


def row_index(keyring: Keyring, place_id: int, judged: Judged) -> bytes:
    """By what the same line is known again: place, person, times and room."""
    return keyring.blind_index("paper-row", f"{place_id}|{judged.key}")


def reading_of(stored: Mapping[str, Any]) -> Reading:
    """A list's reading as it is stored."""
    return Reading(
        heading=int(stored.get("heading", 0)),
        columns=check_columns(stored.get("columns", {})),
        day=date.fromisoformat(stored["day"]) if stored.get("day") else None,
        unclear=tuple(stored.get("unclear", ())),
    )


def stored_reading(reading: Reading) -> dict[str, object]:
    """A reading as JSON."""
    return {
        "heading": reading.heading,
        "columns": dict(reading.columns),
        "day": reading.day.isoformat() if reading.day else None,
        "unclear": list(reading.unclear),
    }


def covers(roots: Sequence[str], area: str) -> bool:
    """Whether an area lies in one of `roots`."""
    return any(area == root or area.startswith(f"{root}.") for root in roots)
