"""Holding back all warnings of an area."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_OPEN = """
    SELECT p.id, p.area, a.full_name AS area_name, p.reason, p.paused_at
    FROM warning_pause p JOIN area a ON a.path = p.area WHERE p.resumed_at IS NULL
"""
_COVERING = text(
    _OPEN + "AND (:area = p.area OR starts_with(:area, p.area || '.')) ORDER BY p.area LIMIT 1"
)
_ALL_OPEN = text(_OPEN + "ORDER BY p.area")
_PAST = text(
    """
    SELECT p.id, p.area, a.full_name AS area_name, p.reason, p.paused_at, p.resumed_at
    FROM warning_pause p JOIN area a ON a.path = p.area WHERE p.resumed_at IS NOT NULL
    ORDER BY p.resumed_at DESC LIMIT :limit
    """
)


async def covering_pause(connection: AsyncConnection, area: str) -> Row[Any] | None:
    """The pause in which warnings of `area` are held back, None when they may go."""
    return (await connection.execute(_COVERING, {"area": area})).one_or_none()


async def open_pauses(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Every pause that is on, the widest first."""
    return (await connection.execute(_ALL_OPEN)).all()


async def past_pauses(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """Pauses that ended, the newest first."""
    return (await connection.execute(_PAST, {"limit": limit})).all()


async def pause(connection: AsyncConnection, area: str, officer: int, reason: str) -> bool:
    """Hold back what is sent in `area` and below; False when it is held back already."""
    made = await connection.execute(
        text(
            "INSERT INTO warning_pause (area, reason, paused_by) VALUES (:area, :reason, :officer) "
            "ON CONFLICT DO NOTHING"
        ),
        {"area": area, "reason": reason, "officer": officer},
    )
    return made.rowcount == 1


async def resume_pause(connection: AsyncConnection, pause_id: int, officer: int) -> str | None:
    """Let warnings go again; the area, None when there is no such pause to end."""
    area = await connection.scalar(
        text(
            "UPDATE warning_pause SET resumed_by = :officer, resumed_at = now() "
            "WHERE id = :pause AND resumed_at IS NULL RETURNING area"
        ),
        {"pause": pause_id, "officer": officer},
    )
    return None if area is None else str(area)
