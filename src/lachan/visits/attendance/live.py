"""The live numbers of a place.

A scan writes no event: cities scan thousands of times a second, and few of their places are
looked at. An open page has its own place asked for every few seconds instead, and is told when
something is new.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final
from zoneinfo import ZoneInfo

from lachan.identity.sessions import Sessions
from lachan.kit.clock import now
from lachan.kit.http.access import Viewer
from lachan.kit.http.sse import Message, Streams
from lachan.storage.engine import Storage
from lachan.storage.events import Hub
from lachan.visits.attendance import store
from lachan.visits.attendance.service import Attendance, access_attendance
from lachan.visits.attendance.tasks import topic_of

LOOK_SECONDS: Final = 5.0
_QUIET_LOOKS: Final = 4


def figures(attendance: Attendance) -> dict[str, Any]:
    """What a page shows, as JSON; null is "fewer than five"."""
    return {
        "inside": attendance.inside,
        "hours": [[entry.hour, entry.people] for entry in attendance.hours],
        "days": [[entry.day.isoformat(), entry.people] for entry in attendance.days],
    }


async def messages(
    viewer: Viewer,
    place_id: int,
    *,
    storage: Storage,
    hub: Hub,
    sessions: Sessions,
    streams: Streams,
    zone: ZoneInfo,
    look_seconds: float = LOOK_SECONDS,
) -> AsyncIterator[Message]:
    """`attendance` at first and whenever a number changes; `day_close` as closes proceed."""
    told: dict[str, Any] | None = None
    closed: store.DayClose | None = None
    quiet = 0
    with streams.held(viewer.key):
        async with aclosing(hub.wait(topic_of(place_id), look_seconds)) as wakes:
            async for _ in wakes:
                if await sessions.find(viewer.token) is None:
                    return
                async with storage.transaction(viewer.token) as connection:
                    numbers = figures(
                        await access_attendance(connection, viewer, place_id, now(), zone)
                    )
                    close = await store.last_close(connection, place_id)
                if told is not None and close != closed:
                    yield Message("day_close", {"state": close.state if close else "undone"})
                closed = close
                quiet += 1
                if numbers != told:
                    told, quiet = numbers, 0
                    yield Message("attendance", numbers)
                elif quiet >= _QUIET_LOOKS:
                    quiet = 0
                    yield Message()
