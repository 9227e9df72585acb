"""Rules of a place's day: what those who run it see of it, and how they end it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.clock import local_day
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Viewer
from lachan.places.service import access_open_place, access_own_place
from lachan.visits.attendance import store
from lachan.visits.attendance.domain import WHOLE_DAY, Arrivals, Counted, Quality, quality_of
from lachan.visits.attendance.errors import TooLateToUndo
from lachan.visits.domain import UNDO_WINDOW

JOB: Final = "visits.close_day"
DAYS: Final = 14
MOST_COUNTED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Attendance:
    """A place's numbers: now, today by hour, the last days by day, and how many scan."""

    inside: int | None
    today: date
    hours: tuple[Arrivals, ...]
    days: tuple[Arrivals, ...]
    counted: tuple[Counted, ...]
    quality: Quality


async def access_attendance(
    connection: AsyncConnection, viewer: Viewer, place_id: int, moment: datetime, zone: ZoneInfo
) -> Attendance:
    """The numbers of a place that the viewer runs, hour by hour. Raises `NotFound`."""
    await access_own_place(connection, viewer, place_id)
    today = local_day(moment, zone)
    first = today - timedelta(days=DAYS - 1)
    found = await store.arrivals(connection, place_id, first, today, zone.key)
    counted = await store.counted(connection, place_id, first, today)
    known = {(entry.day, entry.hour): entry for entry in found}

    def at(day: date, hour: int) -> Arrivals:
        return known.get((day, hour)) or Arrivals(day, hour, None)

    return Attendance(
        inside=await store.inside(connection, place_id),
        today=today,
        hours=tuple(at(today, hour) for hour in range(moment.astimezone(zone).hour + 1)),
        days=tuple(at(first + timedelta(days=step), WHOLE_DAY) for step in range(DAYS)),
        counted=tuple(counted),
        quality=quality_of(found, counted),
    )


async def note_count(
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    entry: Counted,
    *,
    today: date,
) -> None:
    """Write down how many came through the door.

    Raises `NotFound`, `PlaceClosed`, `InvalidInput`.
    """
    await access_open_place(connection, viewer, place_id)
    fields: dict[str, str] = {}
    if not today - timedelta(days=DAYS - 1) <= entry.day <= today:
        fields["day"] = "attendance-field-day"
    if not 0 <= entry.hour <= WHOLE_DAY:
        fields["hour"] = "field-out-of-range"
    if not 0 <= entry.people <= MOST_COUNTED:
        fields["counted"] = "field-out-of-range"
    if fields:
        raise InvalidInput(fields=fields)
    await store.set_count(connection, place_id, entry)


async def close_day(connection: AsyncConnection, viewer: Viewer, place_id: int) -> int:
    """Check everybody out whose visit runs; the close's id. Raises `NotFound`, `PlaceClosed`."""
    place = await access_open_place(connection, viewer, place_id)
    last = await store.last_close(connection, place_id)
    if last is not None and last.state in {"queued", "undoing"}:
        return last.id  # pressed twice
    close_id = await store.add_close(connection, place_id, viewer.person)
    await enqueue(connection, JOB, {"close": close_id})
    await audit.record(
        connection, viewer, "place.day_closed", area=place.facts.area, object=f"place:{place_id}"
    )
    return close_id


async def undo_close(
    connection: AsyncConnection, viewer: Viewer, place_id: int, close_id: int, moment: datetime
) -> None:
    """Let the visits run on that a close ended, within ten minutes.

    Raises `NotFound`, `PlaceClosed`, `TooLateToUndo`.
    """
    place = await access_open_place(connection, viewer, place_id)
    if not await store.ask_undo(connection, place_id, close_id, moment - UNDO_WINDOW):
        raise TooLateToUndo
    await enqueue(connection, JOB, {"close": close_id})
    await audit.record(
        connection, viewer, "place.day_reopened", area=place.facts.area, object=f"place:{place_id}"
    )
