"""All SQL of paper lists as pages ask it, in the name of whoever is signed in."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_HOLD = text(
    """
    INSERT INTO paper_row (id, place_id, area, room_id, device_id, sealed, direction, arrived_at,
                           state, reasons)
    SELECT :id, p.id, p.area, :room, :device, :sealed, :direction, :at, 'doubtful', :reasons
    FROM place p WHERE p.id = :place
    ON CONFLICT DO NOTHING
    """
)


async def hold(connection: AsyncConnection, row: dict[str, object]) -> None:
    """Keep a row that a device could not settle; the same id again changes nothing."""
    await connection.execute(_HOLD, row)
