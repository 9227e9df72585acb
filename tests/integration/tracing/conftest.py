"""Worlds of people, places and visits, written into a real database."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import local_day
from tests.days import ZONE, midnight
from tests.oracle import World

BASE = midnight(10)
"""The local midnight that the oracle's minutes count from; its partitions exist."""

_VISIT = text(
    """
    INSERT INTO visit (id, day, person_id, place_id, room_id, started_at, ends_at, end_source,
                       source, client, offline)
    VALUES (:id, :day, :person, :place, :room, :started_at, :ends_at, 'scanned', 'scan', 'web',
            false)
    """
)


def moment(minute: int) -> datetime:
    """The moment of an oracle's minute."""
    return BASE + timedelta(minutes=minute)


def minute_of(at: datetime) -> int:
    """The oracle's minute of a moment."""
    return (at - BASE) // timedelta(minutes=1)


async def write_visit(
    connection: AsyncConnection,
    person: int,
    place: int,
    room: int | None,
    started_at: datetime,
    ends_at: datetime,
) -> None:
    await connection.execute(
        _VISIT,
        {
            "id": uuid4(),
            "day": local_day(started_at, ZONE),
            "person": person,
            "place": place,
            "room": room,
            "started_at": started_at,
            "ends_at": ends_at,
        },
    )


async def write_world(connection: AsyncConnection, world: World, area: str) -> None:
    """Write a world, with its own numbers as ids."""
    people = sorted({1} | {visit.person for visit in world.visits} | set(world.household))
    homes = sorted(set(world.household.values()))
    rooms = {visit.room: visit.place for visit in world.visits if visit.room is not None}
    if homes:
        await connection.execute(
            text("INSERT INTO household (id) OVERRIDING SYSTEM VALUE VALUES (:id)"),
            [{"id": home} for home in homes],
        )
    await connection.execute(
        text("INSERT INTO person (id, home_area, household_id) VALUES (:id, :area, :home)"),
        [{"id": one, "area": area, "home": world.household.get(one)} for one in people],
    )
    await connection.execute(
        text(
            "INSERT INTO place (id, name, kind, area, ventilation) OVERRIDING SYSTEM VALUE "
            "VALUES (:id, 'Nơi thử', 'other', :area, :air)"
        ),
        [{"id": place, "area": area, "air": air} for place, air in world.place_air.items()],
    )
    if rooms:
        await connection.execute(
            text(
                "INSERT INTO room (id, place_id, name, ventilation) OVERRIDING SYSTEM VALUE "
                "VALUES (:id, :place, :name, :air)"
            ),
            [
                {"id": room, "place": place, "name": f"P{room}", "air": world.room_air.get(room)}
                for room, place in rooms.items()
            ],
        )
    for visit in world.visits:
        await write_visit(
            connection,
            visit.person,
            visit.place,
            visit.room,
            moment(visit.start),
            moment(visit.end),
        )
