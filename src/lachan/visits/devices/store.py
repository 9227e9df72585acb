"""SQL of devices as they ask: where they stand, and that they were heard of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.credentials.service import Identified
from lachan.kit.errors import SignInNeeded
from lachan.kit.http.access import Viewer
from lachan.places.devices import Kind
from lachan.places.kinds import kind_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A device and where it stands."""

    id: int
    kind: Kind
    label: str
    place_id: int
    code: str | None
    name: str
    place_kind: str
    room: str | None
    usual_stay_minutes: int


_THIS = text(
    """
    SELECT d.id, d.kind, d.label, p.id AS place_id, p.name, p.kind AS place_kind, r.name AS room,
           p.usual_stay_minutes,
           (SELECT max(c.code) FROM place_code c
            WHERE c.place_id = d.place_id AND c.revoked_at IS NULL
              AND c.room_id IS NOT DISTINCT FROM d.room_id) AS code
    FROM device d
    JOIN place p ON p.id = d.place_id
    LEFT JOIN room r ON r.id = d.room_id
    WHERE d.id = :device AND d.place_id = lachan_device_place()
    """
)
_SEEN = text("SELECT lachan_device_seen()")
_ALL_SEEN = text("SELECT lachan_devices_seen(CAST(:tokens AS text[]))")
_REMEMBERED = text(
    "SELECT name, people, kind FROM lachan_device_scans_known(CAST(:names AS uuid[]))"
)
_FORGET = text("DELETE FROM device_scan WHERE created_at < :moment")
_REMEMBER = text("SELECT lachan_remember_device_scans(CAST(:scans AS jsonb))")


async def access_this_device(connection: AsyncConnection, viewer: Viewer) -> Standing:
    """Where the asking device stands.

    Raises `SignInNeeded` when it was withdrawn a moment ago or its place was closed.
    """
    row = (await connection.execute(_THIS, {"device": viewer.at_place.id})).one_or_none()
    if row is None:
        raise SignInNeeded
    return Standing(
        id=row.id,
        kind=row.kind,
        label=row.label,
        place_id=row.place_id,
        code=row.code,
        name=row.name,
        place_kind=row.place_kind,
        room=row.room,
        usual_stay_minutes=row.usual_stay_minutes or kind_of(row.place_kind).usual_stay_minutes,
    )


async def note_seen(connection: AsyncConnection) -> None:
    """Note that the asking device is alive."""
    await connection.execute(_SEEN)


async def note_all_seen(connection: AsyncConnection, tokens: Sequence[str]) -> None:
    """The same for the devices with these keys."""
    await connection.execute(_ALL_SEEN, {"tokens": list(tokens)})


async def remembered(connection: AsyncConnection, names: Sequence[UUID]) -> dict[UUID, Identified]:
    """Who was found for scans that came before, by the name of the scan."""
    rows = await connection.execute(_REMEMBERED, {"names": list(names)})
    return {row.name: Identified(tuple(row.people), row.kind) for row in rows}


async def remember(connection: AsyncConnection, found: Mapping[UUID, Identified]) -> None:
    """Keep who was found, until the scan can come no more."""
    scans = [
        {"name": str(name), "people": one.people, "kind": one.kind} for name, one in found.items()
    ]
    await connection.execute(_REMEMBER, {"scans": orjson.dumps(scans).decode()})


async def forget_before(connection: AsyncConnection, moment: datetime) -> int:
    """Delete what was kept before `moment` (the worker's right); how many."""
    return (await connection.execute(_FORGET, {"moment": moment})).rowcount
