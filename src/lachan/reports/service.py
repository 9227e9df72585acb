"""Rules of how check-in goes: which areas an officer may look at, and over which days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import store as areas
from lachan.areas.domain import Area
from lachan.kit.clock import day_bounds, local_day
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.reports import store
from lachan.reports.store import AreaQuality

DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Quality:
    """How check-in goes in the parts of an area, over whole days up to yesterday's."""

    area: Area
    first: date
    last: date
    parts: tuple[AreaQuality, ...]


async def access_quality(
    connection: AsyncConnection,
    viewer: Viewer,
    wanted: str | None,
    moment: datetime,
    zone: ZoneInfo,
) -> Quality:
    """The figures of an area where the viewer works, or of one above. Raises `NotFound`."""
    roots = viewer.roots()
    path = wanted or next(iter(roots), "")
    near = [root for root in roots if path == root or path.startswith(f"{root}.")]
    above = [root for root in roots if root.startswith(f"{path}.")]
    area = await areas.get(connection, path) if near or above else None
    if area is None:
        raise NotFound
    last = local_day(moment, zone)
    first = last - timedelta(days=DAYS - 1)
    parts = await store.quality(connection, roots, path, (first, last), day_bounds(first, zone)[0])
    return Quality(area, first, last, tuple(parts))
