"""All SQL of what those who run a place report of a case among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

State = Literal["new", "accepted", "refused"]


@dataclass(frozen=True, slots=True)
class Reported:
    """A report as those who made it see it again."""

    id: UUID
    on_duty_from: datetime
    on_duty_to: datetime
    tested_on: date
    reported_at: datetime
    state: State
    reason: str | None


async def add(
    connection: AsyncConnection,
    *,
    report_id: UUID,
    place_id: int,
    area: str,
    room_ids: Sequence[int],
    on_duty: tuple[datetime, datetime],
    tested_on: date,
    sealed: bytes,
    person_id: int,
) -> None:
    """Write a report."""
    await connection.execute(
        text(
            """
            INSERT INTO place_report (id, place_id, area, room_ids, on_duty_from, on_duty_to,
                                      tested_on, sealed, reported_by)
            VALUES (:id, :place, :area, CAST(:rooms AS bigint[]), :begins, :ends, :tested_on,
                    :sealed, :person)
            """
        ),
        {
            "id": report_id,
            "place": place_id,
            "area": area,
            "rooms": list(room_ids),
            "begins": on_duty[0],
            "ends": on_duty[1],
            "tested_on": tested_on,
            "sealed": sealed,
            "person": person_id,
        },
    )


async def of_place(connection: AsyncConnection, place_id: int) -> list[Reported]:
    """What was reported of a place that the asker runs, newest first."""
    rows = await connection.execute(
        text(
            """
            SELECT id, on_duty_from, on_duty_to, tested_on, reported_at, state, reason
            FROM place_report WHERE place_id = :place ORDER BY reported_at DESC LIMIT 20
            """
        ),
        {"place": place_id},
    )
    return [
        Reported(
            row.id, row.on_duty_from, row.on_duty_to, row.tested_on, row.reported_at, row.state,
            row.reason,
        )
        for row in rows
    ]  # fmt: skip
