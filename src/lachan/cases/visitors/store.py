"""All SQL of who was at a place that a case touched."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visit; `person_id` leaves this program only as a sealed id."""

    visit_id: UUID
    person_id: int
    room_id: int | None
    started_at: datetime
    ends_at: datetime
    end_source: str
    source: str
    proof: str


_PAGE = text(
    """
    SELECT visit_id, person_id, room_id, started_at, ends_at, end_source, source, proof
    FROM lachan_place_visitors(:case, :place, :since, :until, CAST(:after AS timestamptz),
                               CAST(:after_id AS uuid), :most)
    """
)


async def touched(connection: AsyncConnection, case_id: int, place_id: int) -> bool:
    """Whether the asking tracer works on a case that was at the place in its infectious days."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_case_touched(:case, :place)"),
            {"case": case_id, "place": place_id},
        )
    )


async def page(
    connection: AsyncConnection,
    case_id: int,
    place_id: int,
    window: tuple[datetime, datetime],
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Visitor]:
    """Visits begun within `window`, oldest first, those after `after`."""
    rows = await connection.execute(
        _PAGE,
        {
            "case": case_id,
            "place": place_id,
            "since": window[0],
            "until": window[1],
            "after": after[0] if after else None,
            "after_id": after[1] if after else None,
            "most": limit,
        },
    )
    return [Visitor(*row) for row in rows.all()]


async def walk(
    connection: AsyncConnection,
    case_id: int,
    place_id: int,
    window: tuple[datetime, datetime],
    *,
    step: int = 10_000,
) -> AsyncIterator[Visitor]:
    """All of them, in constant memory."""
    after: tuple[datetime, UUID] | None = None
    while True:
        found = await page(connection, case_id, place_id, window, after=after, limit=step)
        for visitor in found:
            yield visitor
        if len(found) < step:
            return
        after = found[-1].started_at, found[-1].visit_id


async def rooms(connection: AsyncConnection, place_id: int) -> dict[int, str]:
    """Names of a place's rooms by id."""
    found = await connection.execute(
        text("SELECT id, name FROM room WHERE place_id = :place"), {"place": place_id}
    )
    return {row.id: row.name for row in found}
