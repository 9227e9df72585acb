"""The public list of places: only what an officer put there, for a time, gone at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.kit.clock import day_bounds, now
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.warnings import errors, store
from lachan.warnings.service import access_warning, record
from lachan.warnings.store.listings import FEWEST_SHOWN, NewListing, Search, day_key

MOST_CANDIDATES = 200
MOST_SHOWN = 2_000
MINUTES_A_DAY = 1440


async def listed(connection: AsyncConnection, warning_id: int) -> Sequence[Row[Any]]:
    """What a warning has on the public list, or had."""
    return await store.listings_of(connection, warning_id)


async def candidates(
    connection: AsyncConnection, warning: Row[Any], zone: ZoneInfo
) -> list[tuple[str, Row[Any], bool]]:
    """Places and days of an approved warning that are not listed: key, facts, whether risky.

    Risky is a place with so few people that it may point at the case.
    """
    if warning.state != "approved" or warning.drill_id is not None:
        return []
    on = {
        (row.place_id, row.room_id, row.window_from)
        for row in await store.listings_of(connection, warning.id)
        if row.withdrawn_at is None
    }
    rows = await store.candidates(connection, warning.id, zone.key, MOST_CANDIDATES)
    return [
        (day_key(row.place_id, row.room_id, row.day), row, row.people < FEWEST_SHOWN)
        for row in rows
        if (row.place_id, row.room_id, row.window_from) not in on
    ]


async def publish_windows(
    connection: AsyncConnection,
    viewer: Viewer,
    warning_id: int,
    *,
    windows: Sequence[str],
    days: int,
    zone: ZoneInfo,
) -> int:
    """Put places and days of a warning on the public list for `days`; how many.

    Raises `NotFound`, `NotDraft` unless it is approved, `DrillNotPublic`, `PlaceNotOfWarning`.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state != "approved":
        raise errors.NotDraft
    if warning.drill_id is not None:
        raise errors.DrillNotPublic
    offered = {key: row for key, row, _ in await candidates(connection, warning, zone)}
    if not windows or not set(windows) <= set(offered):
        raise errors.PlaceNotOfWarning
    until = now() + timedelta(days=days)
    for key in dict.fromkeys(windows):
        row = offered[key]
        await store.insert_listing(
            connection,
            NewListing(
                warning_id=warning.id,
                place_id=row.place_id,
                room_id=row.room_id,
                disease=warning.disease,
                kind=row.kind,
                advice_version=warning.advice_version,
                window_from=row.window_from,
                window_to=row.window_to,
                people=row.people,
                shown_until=until,
            ),
            viewer.officer,
        )
    await record(connection, viewer, "warning.places_listed", warning)
    return len(set(windows))


async def withdraw(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, listing_id: int
) -> None:
    """Take one place off the public list, at once. Raises `NotFound`."""
    warning = await access_warning(connection, warning_id)
    if not await store.withdraw_listing(connection, warning_id, listing_id):
        raise NotFound
    await record(connection, viewer, "warning.place_unlisted", warning)


async def public(
    connection: AsyncConnection,
    *,
    name: str,
    day: date | None,
    area: str | None,
    zone: ZoneInfo,
) -> Sequence[Row[Any]]:
    """The public list: all of it, or what somebody without an app looks for."""
    since: datetime | None = None
    until: datetime | None = None
    if day is not None:
        since, until = day_bounds(day, zone)
    search = Search(folded=fold(name) or None, since=since, until=until, area=area or None)
    return await store.public_listings(connection, search, MOST_SHOWN)
