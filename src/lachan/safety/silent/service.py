"""Rules of who has not reported: an officer sees them by area and reminds them in one press."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.clock import local_day
from lachan.kit.errors import NotAllowed
from lachan.kit.http.access import Viewer
from lachan.safety.silent import store
from lachan.settings import Settings

ROLES: Final = ("safety_inspector", "admin")
REMIND: Final = "safety.remind_places"


def check_area(viewer: Viewer, area: str) -> None:
    """Raises `NotAllowed` unless the officer inspects or administers `area`."""
    if not any(area == root or area.startswith(f"{root}.") for root in viewer.roots(*ROLES)):
        raise NotAllowed


async def remind(
    connection: AsyncConnection, viewer: Viewer, settings: Settings, area: str, *, moment: datetime
) -> int:
    """Remind every place of an area that has not reported today, once a day; how many.

    Those who run a place find the reminder on its page; a job tells their phones. Raises
    `NotAllowed`.
    """
    check_area(viewer, area)
    today = local_day(moment, settings.zone)
    count, sent_at = await store.remind(connection, area, today, viewer.officer)
    if sent_at is not None:
        await enqueue(
            connection, REMIND, {"officer": viewer.officer, "sent_at": sent_at.isoformat()}
        )
        await audit.record(
            connection, viewer, "safety.reminded", area=area, details={"places": count}
        )
    return count
