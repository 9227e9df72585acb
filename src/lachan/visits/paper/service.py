"""Rules of paper lists: keep every row, settle what is sure, let people decide the rest."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.crypto import Keyring
from lachan.visits.domain import Direction
from lachan.visits.paper import sealed, store
from lachan.visits.paper.domain import Written

_HELD = UUID("5d1fc5c4-0d66-4a4e-9d4d-6f1b3c2a7e10")


async def hold(
    connection: AsyncConnection,
    keyring: Keyring,
    *,
    place_id: int,
    room_id: int | None,
    device_id: int,
    scan_id: UUID,
    shown: str,
    direction: Direction,
    at: datetime,
    reason: str,
) -> None:
    """Keep what somebody showed at a device and could not be settled, for a tracer to decide.

    `connection` asks in the device's name (row security wants it); `shown` is the raw text, sealed
    here; `reason` is a stable code, as `phone-unconfirmed`, told by the message
    `paper-reason-<code>`. Idempotent by device and `scan_id`.
    """
    row_id = uuid5(_HELD, f"{device_id}:{scan_id}")
    await store.hold(
        connection,
        {
            "id": row_id,
            "place": place_id,
            "room": room_id,
            "device": device_id,
            "sealed": sealed.seal(keyring, row_id, Written(shown=shown)),
            "direction": direction.value,
            "at": at,
            "reasons": [reason],
        },
    )
