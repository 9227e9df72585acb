"""All SQL of where the duty to check in has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class DutyEnd:
    """The end of the duty in an area, for one kind of place or (None) for all."""

    id: int
    area: str
    area_name: str
    kind: str | None
    ends_on: date


_SELECT = """
    SELECT d.id, d.area, a.full_name AS area_name, d.kind, d.ends_on
    FROM duty_end d JOIN area a ON a.path = d.area
    WHERE d.withdrawn_at IS NULL
"""


async def ended_for(connection: AsyncConnection, area: str, kind: str) -> DutyEnd | None:
    """The end of the duty that holds for a place; the earliest where more than one does."""
    row = (
        await connection.execute(
            text(
                f"{_SELECT} AND (d.area = :area OR starts_with(:area, d.area || '.')) "
                "AND (d.kind IS NULL OR d.kind = :kind) ORDER BY d.ends_on, d.id LIMIT 1"
            ),
            {"area": area, "kind": kind},
        )
    ).one_or_none()
    return None if row is None else DutyEnd(row.id, row.area, row.area_name, row.kind, row.ends_on)


async def ended_at_code(connection: AsyncConnection, code: str) -> DutyEnd | None:
    """The end of the duty that holds for the place behind a code."""
    row = (
        await connection.execute(
            text(
                "SELECT p.area, p.kind FROM place_code c JOIN place p ON p.id = c.place_id "
                "WHERE c.code = :code"
            ),
            {"code": code},
        )
    ).one_or_none()
    return None if row is None else await ended_for(connection, row.area, row.kind)


async def listed(connection: AsyncConnection, roots: Sequence[str]) -> list[DutyEnd]:
    """Ends in the areas below `roots`, and those above that hold there too."""
    rows = await connection.execute(
        text(
            f"{_SELECT} AND EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) AS r "
            "WHERE d.area = r OR starts_with(d.area, r || '.') OR starts_with(r, d.area || '.')) "
            "ORDER BY d.ends_on DESC, d.id DESC"
        ),
        {"roots": list(roots)},
    )
    return [DutyEnd(row.id, row.area, row.area_name, row.kind, row.ends_on) for row in rows]


async def end(
    connection: AsyncConnection, area: str, kind: str | None, ends_on: date, officer: int
) -> int | None:
    """Note the end of the duty; its id, None when it is noted already."""
    found: int | None = await connection.scalar(
        text(
            "INSERT INTO duty_end (area, kind, ends_on, ended_by) "
            "VALUES (:area, :kind, :ends_on, :officer) ON CONFLICT DO NOTHING RETURNING id"
        ),
        {"area": area, "kind": kind, "ends_on": ends_on, "officer": officer},
    )
    return found


async def withdraw(connection: AsyncConnection, duty_id: int, officer: int) -> str | None:
    """Let the duty hold again; the area, None when there is nothing that the officer may undo."""
    found: str | None = await connection.scalar(
        text(
            "UPDATE duty_end SET withdrawn_at = now(), withdrawn_by = :officer "
            "WHERE id = :id AND withdrawn_at IS NULL RETURNING area"
        ),
        {"id": duty_id, "officer": officer},
    )
    return found
