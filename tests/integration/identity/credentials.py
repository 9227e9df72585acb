"""Doors, phones and cards for the tests of credentials."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.identity import sessions
from lachan.identity.credentials.service import Asker
from lachan.kit.crypto import Keyring
from lachan.storage.engine import Storage
from tests.conftest import AREA


@dataclass(frozen=True, slots=True)
class Door:
    """A kiosk with a live session."""

    device_id: int
    place_id: int
    token: str

    @property
    def asker(self) -> Asker:
        return Asker(self.token, self.device_id, self.place_id)


MakeDoor = Callable[..., Awaitable[Door]]


async def number_of(connection: AsyncConnection, statement: str, **values: object) -> int:
    found = await connection.scalar(text(statement), values)
    assert isinstance(found, int)
    return found


def doors_of(owner: AsyncEngine, storage: Storage, keyring: Keyring) -> MakeDoor:
    """Makes kiosks, each at a place of its own."""

    async def make(*, area: str = AREA) -> Door:
        async with owner.begin() as connection:
            place = await number_of(
                connection,
                "INSERT INTO place (name, kind, area) VALUES ('Chợ thử', 'market', :area) "
                "RETURNING id",
                area=area,
            )
            device = await number_of(
                connection,
                "INSERT INTO device (place_id, kind, label) VALUES (:place, 'kiosk', 'Cửa') "
                "RETURNING id",
                place=place,
            )
        async with storage.transaction() as connection:
            token = await sessions.open_session(
                connection, keyring, minutes=60, device_id=device, client="device"
            )
        return Door(device, place, token)

    return make
