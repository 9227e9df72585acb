"""Devices at a place's door: which there are, for those who run the place.

Who may come in through one (its key) is the business of `visits.devices`, which also knows people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.places.errors import TooManyDevices
from lachan.places.service import access_open_place, access_own_place, check_name
from lachan.places.store import Place

Kind = Literal["kiosk", "turnstile", "terminal", "display"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LABEL_LENGTH = 120
MOST_DEVICES = 200


class NewDevice(BaseModel):
    """What stands where: `kind` decides how its scans are told apart from others."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    label: Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH, examples=["Cổng chính"])]
    room_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class DeviceOut(BaseModel):
    """A device as those who run its place see it; its key was shown once and is not kept."""

    id: int
    kind: Kind
    label: str
    room_id: int | None
    room: str | None
    created_at: AwareDatetime
    seen_at: AwareDatetime | None = Field(description="When it last sent something, to the minute")


class Devices(BaseModel):
    devices: list[DeviceOut]


@dataclass(frozen=True, slots=True)
class PlaceDevice:
    """A device in use."""

    id: int
    kind: Kind
    label: str
    room_id: int | None
    room: str | None
    created_at: datetime
    seen_at: datetime | None


_ADD = text(
    """
    INSERT INTO device (place_id, room_id, kind, label, created_by)
    VALUES (:place, :room, :kind, :label, :person) RETURNING id
    """
)
_LIST = text(
    """
    SELECT d.id, d.kind, d.label, d.room_id, r.name AS room, d.created_at, d.seen_at
    FROM device d LEFT JOIN room r ON r.id = d.room_id
    WHERE d.place_id = :place AND d.revoked_at IS NULL
      AND (CAST(:device AS bigint) IS NULL OR d.id = :device)
    ORDER BY d.id
    """
)
_REVOKE = text(
    """
    UPDATE device SET revoked_at = now()
    WHERE id = :device AND place_id = :place AND revoked_at IS NULL
    """
)


_LEAVE = text("SELECT lachan_device_leave()")


def _device(row: Row[tuple[object, ...]]) -> PlaceDevice:
    return PlaceDevice(
        id=row.id,
        kind=row.kind,
        label=row.label,
        room_id=row.room_id,
        room=row.room,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


async def list_devices(connection: AsyncConnection, place_id: int) -> list[PlaceDevice]:
    """Devices in use at a place that the asker runs, oldest first."""
    rows = await connection.execute(_LIST, {"place": place_id, "device": None})
    return [_device(row) for row in rows]


async def add_device(
    connection: AsyncConnection, viewer: Viewer, place_id: int, asked: NewDevice
) -> tuple[int, Place]:
    """Note a device at a place that the viewer runs; its id, and the place.

    Raises `NotFound`, `PlaceClosed`, `TooManyDevices` or `InvalidInput`.
    """
    place = await access_open_place(connection, viewer, place_id)
    fields: dict[str, str] = {}
    label = check_name(fields, "label", asked.label, LABEL_LENGTH)
    if asked.room_id is not None and asked.room_id not in {room.id for room in place.rooms}:
        fields["room_id"] = "devices-field-room"
    if fields:
        raise InvalidInput(fields=fields)
    if len(await list_devices(connection, place_id)) >= MOST_DEVICES:
        raise TooManyDevices(params={"most": MOST_DEVICES})
    device_id = await connection.scalar(
        _ADD,
        {
            "place": place_id,
            "room": asked.room_id,
            "kind": asked.kind,
            "label": label,
            "person": viewer.person,
        },
    )
    assert isinstance(device_id, int)
    return device_id, place


async def access_device(
    connection: AsyncConnection, viewer: Viewer, place_id: int, device_id: int
) -> tuple[PlaceDevice, Place]:
    """A device in use at a place that the viewer runs, and the place. Raises `NotFound`."""
    place = await access_own_place(connection, viewer, place_id)
    row = (await connection.execute(_LIST, {"place": place_id, "device": device_id})).one_or_none()
    if row is None:
        raise NotFound
    return _device(row), place


async def revoke_device(connection: AsyncConnection, place_id: int, device_id: int) -> None:
    """Take nothing more from a device. Raises `NotFound`."""
    done = await connection.execute(_REVOKE, {"place": place_id, "device": device_id})
    if not done.rowcount:
        raise NotFound


async def leave(connection: AsyncConnection) -> str | None:
    """Take the asking device off the list of its place; the area, None when it was off already."""
    area: str | None = await connection.scalar(_LEAVE)
    return area
