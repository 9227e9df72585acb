"""All SQL of places: what a code stands for, registration, and what an owner changes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.places.hours import Hours, hours_of
from lachan.places.kinds import Ventilation, kind_of

CodeState = Literal["active", "closed", "withdrawn"]
Role = Literal["owner", "staff"]
Policy = Literal["off", "optional", "required"]
"""Whether a scan has to show that its maker stands at the door."""
Review = Literal["waiting", "accepted", "refused"]
"""What the desk says of a place whose name is near another's; None: nothing had to be looked at."""


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """What a poster's code stands for.

    `state` is `withdrawn` when a newer poster has replaced this one, `closed` when the place is no
    longer run, else `active`.
    """

    code: str
    state: CodeState
    place_id: int
    place_name: str
    room_id: int | None
    room_name: str | None
    kind: str
    usual_stay_minutes: int
    ventilation: Ventilation
    area: str
    address: str
    drill_id: int | None
    registered: bool

    @property
    def usual_stay(self) -> timedelta:
        return timedelta(minutes=self.usual_stay_minutes)


_RESOLVE = text(
    """
    SELECT c.code, c.revoked_at, p.id, p.name, r.id AS room_id, r.name AS room_name, p.kind,
           p.usual_stay_minutes, coalesce(r.ventilation, p.ventilation) AS ventilation, p.area,
           p.address, p.state, p.drill_id, coalesce(w.state = 'accepted', true) AS registered
    FROM place_code c
    JOIN place p ON p.id = c.place_id
    LEFT JOIN room r ON r.id = c.room_id
    LEFT JOIN place_review w ON w.place_id = p.id
    WHERE c.code = :code
    """
)


async def resolve_code(connection: AsyncConnection, code: str) -> ResolvedCode | None:
    """What `code` (in its canonical form, see `kit.ids.normalise_code`) stands for."""
    row = (await connection.execute(_RESOLVE, {"code": code})).one_or_none()
    return None if row is None else _resolved(row)


def _resolved(row: Row[tuple[object, ...]]) -> ResolvedCode:
    return ResolvedCode(
        code=row.code,
        state="withdrawn" if row.revoked_at is not None else row.state,
        place_id=row.id,
        place_name=row.name,
        room_id=row.room_id,
        room_name=row.room_name,
        kind=row.kind,
        usual_stay_minutes=row.usual_stay_minutes or kind_of(row.kind).usual_stay_minutes,
        ventilation=row.ventilation,
        area=row.area,
        address=row.address,
        drill_id=row.drill_id,
        registered=row.registered,
    )


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is written about a place; `usual_stay_minutes` None follows its kind."""

    name: str
    kind: str
    area: str
    address: str
    lat: float | None
    lon: float | None
    h3: int | None
    ventilation: Ventilation
    usual_stay_minutes: int | None


@dataclass(frozen=True, slots=True)
class RoomFacts:
    name: str
    ventilation: Ventilation | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room in use. `ventilation` is its own, else the place's."""

    id: int
    name: str
    ventilation: Ventilation
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place as those who run it see it; `code` is None once it is closed."""

    id: int
    facts: PlaceFacts
    area_name: str
    province_name: str
    state: Literal["active", "closed"]
    code: str | None
    rooms: tuple[Room, ...]
    inside: int | None
    created_at: datetime
    role: Role
    proof: Policy
    hours: Hours | None
    review: Review | None

    @property
    def usual_stay_minutes(self) -> int:
        return self.facts.usual_stay_minutes or kind_of(self.facts.kind).usual_stay_minutes


async def add_place(
    connection: AsyncConnection, facts: PlaceFacts, *, owner: int, drill_id: int | None
) -> int:
    """Write a place and make `owner` run it; its id."""
    place_id = await connection.scalar(
        text(
            """
            INSERT INTO place (name, kind, area, address, lat, lon, h3, ventilation,
                               usual_stay_minutes, folded, drill_id)
            VALUES (:name, :kind, :area, :address, :lat, :lon, :h3, :ventilation,
                    :usual_stay_minutes, :folded, :drill_id)
            RETURNING id
            """
        ),
        {**asdict(facts), "folded": fold(facts.name), "drill_id": drill_id},
    )
    assert isinstance(place_id, int)
    # Before rooms and codes: row security lets only those who run the place add these.
    await connection.execute(
        text(
            "INSERT INTO place_staff (place_id, person_id, role) VALUES (:place, :owner, 'owner')"
        ),
        {"place": place_id, "owner": owner},
    )
    return place_id


async def add_rooms(
    connection: AsyncConnection, place_id: int, rooms: Sequence[RoomFacts]
) -> list[int]:
    """Write rooms; their ids in the same order. A name that is there already is that room."""
    rows = await connection.execute(
        text(
            """
            INSERT INTO room (place_id, name, ventilation)
            SELECT :place, r.name, r.ventilation
            FROM unnest(CAST(:names AS text[]), CAST(:air AS text[])) AS r (name, ventilation)
            ON CONFLICT (place_id, name) DO UPDATE SET ventilation = excluded.ventilation
            RETURNING id, name
            """
        ),
        {
            "place": place_id,
            "names": [room.name for room in rooms],
            "air": [room.ventilation for room in rooms],
        },
    )
    ids = {row.name: row.id for row in rows}
    return [ids[room.name] for room in rooms]


async def add_codes(
    connection: AsyncConnection, place_id: int, codes: Sequence[tuple[str, int | None]]
) -> None:
    """Give codes, each with the id of its room, or None for the place as a whole."""
    await connection.execute(
        text(
            """
            INSERT INTO place_code (code, place_id, room_id)
            SELECT c.code, :place, c.room
            FROM unnest(CAST(:codes AS text[]), CAST(:rooms AS bigint[])) AS c (code, room)
            """
        ),
        {
            "place": place_id,
            "codes": [code for code, _ in codes],
            "rooms": [room for _, room in codes],
        },
    )


async def withdraw_codes(
    connection: AsyncConnection, place_id: int, *, room_id: int | None = None, every: bool = False
) -> int:
    """Withdraw the code of a room or of the place as a whole, or `every` one; how many."""
    done = await connection.execute(
        text(
            """
            UPDATE place_code SET revoked_at = now()
            WHERE place_id = :place AND revoked_at IS NULL
              AND (:every OR room_id IS NOT DISTINCT FROM CAST(:room AS bigint))
            """
        ),
        {"place": place_id, "room": room_id, "every": every},
    )
    return done.rowcount


async def change_place(connection: AsyncConnection, place_id: int, facts: PlaceFacts) -> None:
    """Write new facts over the old."""
    await connection.execute(
        text(
            """
            UPDATE place SET name = :name, kind = :kind, area = :area, address = :address,
                lat = :lat, lon = :lon, h3 = :h3, ventilation = :ventilation,
                usual_stay_minutes = :usual_stay_minutes, folded = :folded, updated_at = now()
            WHERE id = :place
            """
        ),
        {**asdict(facts), "folded": fold(facts.name), "place": place_id},
    )


async def change_running(
    connection: AsyncConnection, place_id: int, *, proof: Policy, hours: Hours | None
) -> None:
    """Write when a place is open and what it asks at the door."""
    await connection.execute(
        text(
            "UPDATE place SET proof = :proof, hours = CAST(:hours AS smallint[]), "
            "updated_at = now() WHERE id = :place"
        ),
        {"place": place_id, "proof": proof, "hours": hours.stored() if hours else None},
    )


async def rename_room(connection: AsyncConnection, place_id: int, room_id: int, name: str) -> None:
    """Call a room something else; its code stays."""
    await connection.execute(
        text("UPDATE room SET name = :name WHERE id = :room AND place_id = :place"),
        {"place": place_id, "room": room_id, "name": name},
    )


async def close_place(connection: AsyncConnection, place_id: int) -> None:
    """Mark a place as no longer run; its visits stay until their own time is up."""
    await connection.execute(
        text("UPDATE place SET state = 'closed', updated_at = now() WHERE id = :place"),
        {"place": place_id},
    )


async def lock_place(connection: AsyncConnection, place_id: int) -> None:
    """Make changes of one place wait for each other until the transaction ends."""
    await connection.execute(
        text("SELECT FROM place WHERE id = :place FOR NO KEY UPDATE"), {"place": place_id}
    )


_OWN = """
    SELECT p.id, p.name, p.kind, p.area, p.address, p.lat, p.lon, p.h3, p.ventilation,
           p.usual_stay_minutes, p.state, p.created_at, a.full_name AS area_name,
           coalesce(u.full_name, '') AS province_name,
           (SELECT max(c.code) FROM place_code c
            WHERE c.place_id = p.id AND c.room_id IS NULL AND c.revoked_at IS NULL) AS code,
           lachan_people_inside(p.id) AS inside, s.role, p.proof, p.hours, w.state AS review
    FROM place_staff s
    JOIN place p ON p.id = s.place_id
    JOIN area a ON a.path = p.area
    LEFT JOIN area u ON u.path = a.parent
    LEFT JOIN place_review w ON w.place_id = p.id
    WHERE s.person_id = :person AND (CAST(:place AS bigint) IS NULL OR p.id = :place)
    ORDER BY p.state, p.id DESC
"""
_ROOMS = """
    SELECT r.id, r.place_id, r.name, coalesce(r.ventilation, p.ventilation) AS ventilation, c.code
    FROM room r
    JOIN place p ON p.id = r.place_id
    JOIN place_code c ON c.room_id = r.id AND c.revoked_at IS NULL
    WHERE r.place_id = ANY (:places)
    ORDER BY r.id
"""


async def own_places(
    connection: AsyncConnection, person_id: int, place_id: int | None = None
) -> list[Place]:
    """The places that a person runs (or the one with `place_id`), open ones and newest first."""
    found = (
        await connection.execute(text(_OWN), {"person": person_id, "place": place_id})
    ).fetchall()
    rooms: dict[int, list[Room]] = defaultdict(list)
    for row in await connection.execute(text(_ROOMS), {"places": [row.id for row in found]}):
        rooms[row.place_id].append(Room(row.id, row.name, row.ventilation, row.code))
    return [
        Place(
            id=row.id,
            facts=PlaceFacts(
                **{field: getattr(row, field) for field in PlaceFacts.__dataclass_fields__}
            ),
            area_name=row.area_name,
            province_name=row.province_name,
            state=row.state,
            code=row.code,
            rooms=tuple(rooms[row.id]),
            inside=row.inside,
            created_at=row.created_at,
            role=row.role,
            proof=row.proof,
            hours=hours_of(row.hours),
            review=row.review,
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class PostedCode:
    """The code that hangs at a door, with what it stands for."""

    code: str
    name: str
    room: str | None
    proof: Policy


async def posted_code(
    connection: AsyncConnection, place_id: int, room_id: int | None
) -> PostedCode | None:
    """The code of a room, or of a place as a whole; None when there is none any more."""
    row = (
        await connection.execute(
            text(
                """
                SELECT c.code, p.name, r.name AS room, p.proof FROM place_code c
                JOIN place p ON p.id = c.place_id LEFT JOIN room r ON r.id = c.room_id
                WHERE c.place_id = :place AND c.revoked_at IS NULL AND p.state = 'active'
                  AND c.room_id IS NOT DISTINCT FROM CAST(:room AS bigint)
                ORDER BY c.created_at DESC LIMIT 1
                """
            ),
            {"place": place_id, "room": room_id},
        )
    ).one_or_none()
    return None if row is None else PostedCode(row.code, row.name, row.room, row.proof)
