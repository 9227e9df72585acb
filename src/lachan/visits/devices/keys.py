"""Giving a device its key, and taking it away: both on record."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, sessions
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer
from lachan.places import devices
from lachan.places.devices import NewDevice

KEY_DAYS = 730
"""A key ends by itself after two years: what hangs at a door is forgotten there."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A device just registered, with the key that nobody will see again."""

    id: int
    key: str


async def register(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    place_id: int,
    asked: NewDevice,
) -> Registered:
    """Register a device at a place that the viewer runs, and open it a session.

    From here on the transaction asks in the name of the device. Raises `NotFound`, `PlaceClosed`,
    `TooManyDevices` or `InvalidInput`.
    """
    device_id, place = await devices.add_device(connection, viewer, place_id, asked)
    await audit.record(
        connection,
        viewer,
        "device.added",
        area=place.facts.area,
        object=f"device:{device_id}",
        details={"place": place_id, "kind": asked.kind},
    )
    key = await sessions.open_session(
        connection,
        keyring,
        minutes=KEY_DAYS * 24 * 60,
        device_id=device_id,
        client="kiosk" if asked.kind == "kiosk" else "device",
    )
    return Registered(device_id, key)


async def revoke(
    connection: AsyncConnection, viewer: Viewer, place_id: int, device_id: int
) -> None:
    """Take a device's key away, at once and for good. Raises `NotFound`."""
    _, place = await devices.access_device(connection, viewer, place_id, device_id)
    await devices.revoke_device(connection, place_id, device_id)
    await audit.record(
        connection,
        viewer,
        "device.revoked",
        area=place.facts.area,
        object=f"device:{device_id}",
        details={"place": place_id},
    )


async def leave(connection: AsyncConnection, viewer: Viewer) -> None:
    """Sign the asking device out: its key is worth nothing, and its place lists it no more.

    Leaving twice changes nothing.
    """
    device = viewer.at_place
    area = await devices.leave(connection)
    if area is not None:
        # Whoever pressed it is nobody that we know.
        await audit.record(
            connection,
            None,
            "device.left",
            area=area,
            object=f"device:{device.id}",
            details={"place": device.place_id},
        )
