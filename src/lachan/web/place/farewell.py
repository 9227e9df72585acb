"""The notice that the duty to check in has ended at a place, for pages."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from lachan.kit.clock import local_day, now
from lachan.places.duty import service, store
from lachan.places.duty.store import DutyEnd
from lachan.settings import Settings


def _told(request: Request, ended: DutyEnd | None) -> tuple[DutyEnd, date] | None:
    settings: Settings = request.app.state.settings
    if ended is None or ended.ends_on > local_day(now(), settings.zone):
        return None
    return ended, service.last_deleted_on(ended.ends_on, settings.retention.visit_days)


async def farewell_at(
    request: Request, connection: AsyncConnection, area: str, kind: str
) -> tuple[DutyEnd, date] | None:
    """The end of the duty at a place, and the day on which nothing made under it is left."""
    return _told(request, await store.ended_for(connection, area, kind))


async def farewell_at_code(
    request: Request, connection: AsyncConnection, code: str
) -> tuple[DutyEnd, date] | None:
    """The same for the place behind a code."""
    return _told(request, await store.ended_at_code(connection, code))
