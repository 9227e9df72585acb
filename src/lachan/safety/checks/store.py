"""All SQL of daily checks."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def join(connection: AsyncConnection, place_id: int, set_id: int | None) -> int:
    """Let a place take part; 0 when it does already."""
    done = await connection.execute(
        text(
            "INSERT INTO place_safety (place_id, set_id) VALUES (:place, :set)"
            " ON CONFLICT (place_id) DO NOTHING"
        ),
        {"place": place_id, "set": set_id},
    )
    return done.rowcount


async def kind_and_area(connection: AsyncConnection, place_id: int) -> tuple[str, str] | None:
    """What a place is and where; None when there is none, or it is closed."""
    row = (
        await connection.execute(
            text("SELECT kind, area FROM place WHERE id = :place AND state = 'active'"),
            {"place": place_id},
        )
    ).one_or_none()
    return None if row is None else (row.kind, row.area)
