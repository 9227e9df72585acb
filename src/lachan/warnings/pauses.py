"""The button that holds back all warnings of an area: an admin's, with a reason."""

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.warnings import errors, store
from lachan.warnings.domain import is_under
from lachan.warnings.service import SEND

ROLE = "admin"


async def pause(connection: AsyncConnection, viewer: Viewer, area: str, reason: str) -> None:
    """Hold back what is sent in `area` and below, from this moment on.

    What was delivered stays; the rest waits. Raises `NotAllowed` outside the admin's areas,
    `AlreadyPaused`.
    """
    if not is_under(area, viewer.roots(ROLE)):
        raise NotAllowed
    if not await store.pause(connection, area, viewer.officer, reason):
        raise errors.AlreadyPaused
    await audit.record(
        connection, viewer, "warnings.paused", area=area, object=f"area:{area}", reason=reason
    )


async def resume(connection: AsyncConnection, viewer: Viewer, pause_id: int) -> None:
    """Let warnings go again; what waited is sent at once. Raises `NotFound`."""
    area = await store.resume_pause(connection, pause_id, viewer.officer)
    if area is None:
        raise NotFound
    await enqueue(connection, SEND, {}, priority=10)
    await audit.record(connection, viewer, "warnings.resumed", area=area, object=f"area:{area}")
