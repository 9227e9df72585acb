"""Places on the public list: what anybody may read, and what officers put there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

FEWEST_SHOWN = 5
"""No number of people below this is public."""

# A day at a place is one entry: a place with visitors on three days was not dangerous in between.
_CANDIDATES = text(
    """
    SELECT m.place_id, m.room_id, CAST(m.window_from AT TIME ZONE :zone AS date) AS day,
           p.name AS place, r.name AS room, min(m.window_from) AS window_from,
           max(m.window_to) AS window_to, count(*) AS people,
           (array_agg(m.kind ORDER BY array_position(
             ARRAY['call_me', 'stay_home', 'test', 'watch'], m.kind) DESC))[1] AS kind
    FROM warning_message m JOIN place p ON p.id = m.place_id
    LEFT JOIN room r ON r.id = m.room_id
    WHERE m.warning_id = :warning AND m.withdrawn_at IS NULL
    GROUP BY m.place_id, m.room_id, 3, p.name, r.name
    ORDER BY count(*) DESC, 3, p.name LIMIT :limit
    """
)
_LISTING = """
    SELECT o.id, o.warning_id, o.place_id, o.room_id, o.disease, o.kind, o.advice_version,
           o.window_from, o.window_to, o.people, o.shown_until, o.published_at, o.withdrawn_at,
           p.name AS place, p.kind AS place_kind, p.address, p.area, r.name AS room,
           concat_ws(', ', a.full_name, up.full_name) AS area_name
    FROM outbreak_place o JOIN place p ON p.id = o.place_id LEFT JOIN room r ON r.id = o.room_id
    LEFT JOIN area a ON a.path = p.area LEFT JOIN area up ON up.path = a.parent AND up.level = 1
"""
_PUBLIC = text(
    _LISTING
    + """
    WHERE o.withdrawn_at IS NULL AND o.shown_until > now()
      AND (CAST(:folded AS text) IS NULL OR strpos(p.folded, :folded) > 0)
      AND (CAST(:since AS timestamptz) IS NULL OR o.window_to > :since)
      AND (CAST(:until AS timestamptz) IS NULL OR o.window_from < :until)
      AND (CAST(:area AS text) IS NULL OR p.area = :area OR starts_with(p.area, :area || '.'))
    ORDER BY o.window_from DESC, o.id DESC LIMIT :limit
    """
)
_OF_WARNING = text(_LISTING + "WHERE o.warning_id = :warning ORDER BY o.window_from, o.id")
_INSERT = text(
    """
    INSERT INTO outbreak_place (warning_id, place_id, room_id, disease, kind, advice_version,
      window_from, window_to, people, shown_until, published_by)
    VALUES (:warning, :place, :room, :disease, :kind, :advice_version, :since, :until, :people,
      :shown_until, :officer)
    """
)


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for on the public list; `folded` is a name without accents."""

    folded: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class NewListing:
    """A place (and room) with its hours, as it will stand on the public list."""

    warning_id: int
    place_id: int
    room_id: int | None
    disease: str
    kind: str
    advice_version: str
    window_from: datetime
    window_to: datetime
    people: int
    shown_until: datetime


def day_key(place_id: int, room_id: int | None, day: date) -> str:
    """How a form names a place on a day."""
    return f"{place_id}.{room_id or 0}.{day.isoformat()}"


async def candidates(
    connection: AsyncConnection, warning_id: int, zone: str, limit: int
) -> Sequence[Row[Any]]:
    """Places and days of a warning's messages, most people first."""
    values = {"warning": warning_id, "zone": zone, "limit": limit}
    return (await connection.execute(_CANDIDATES, values)).all()


async def public_listings(
    connection: AsyncConnection, search: Search, limit: int
) -> Sequence[Row[Any]]:
    """What anybody may read, the newest window first."""
    values = {
        "folded": search.folded,
        "since": search.since,
        "until": search.until,
        "area": search.area,
        "limit": limit,
    }
    return (await connection.execute(_PUBLIC, values)).all()


async def listings_of(connection: AsyncConnection, warning_id: int) -> Sequence[Row[Any]]:
    """What a warning put on the public list, withdrawn or not."""
    return (await connection.execute(_OF_WARNING, {"warning": warning_id})).all()


async def insert_listing(connection: AsyncConnection, listing: NewListing, officer: int) -> None:
    """Put a place on the public list; a count under five is not even kept."""
    await connection.execute(
        _INSERT,
        {
            "warning": listing.warning_id,
            "place": listing.place_id,
            "room": listing.room_id,
            "disease": listing.disease,
            "kind": listing.kind,
            "advice_version": listing.advice_version,
            "since": listing.window_from,
            "until": listing.window_to,
            "people": listing.people if listing.people >= FEWEST_SHOWN else None,
            "shown_until": listing.shown_until,
            "officer": officer,
        },
    )


async def withdraw_listing(connection: AsyncConnection, warning_id: int, listing_id: int) -> bool:
    """Take a place off the list; False when it was not on it."""
    changed = await connection.execute(
        text(
            "UPDATE outbreak_place SET withdrawn_at = now() "
            "WHERE id = :listing AND warning_id = :warning AND withdrawn_at IS NULL"
        ),
        {"listing": listing_id, "warning": warning_id},
    )
    return changed.rowcount == 1
