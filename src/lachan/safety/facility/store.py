"""All SQL of what those who run places see and set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.colours.domain import Colour


@dataclass(frozen=True, slots=True)
class Glance:
    """How a place stands, as a list of places needs it."""

    colour: Colour
    streak: int


async def glances(
    connection: AsyncConnection, places: Sequence[int], today: date
) -> dict[int, Glance]:
    """How these places stand as of `today`; those that take no part are left out."""
    rows = await connection.execute(
        text(
            """
            SELECT s.place_id, lachan_colour(s, :today) AS colour, s.streak FROM place_safety s
            WHERE s.place_id = ANY (:places)
            """
        ),
        {"places": list(places), "today": today},
    )
    return {row.place_id: Glance(row.colour, row.streak) for row in rows}


async def joined_on(connection: AsyncConnection, place_id: int, zone: str) -> date | None:
    """The local day on which a place began to take part."""
    found = await connection.scalar(
        text(
            "SELECT (joined_at AT TIME ZONE :zone)::date FROM place_safety WHERE place_id = :place"
        ),
        {"place": place_id, "zone": zone},
    )
    return found if isinstance(found, date) else None


async def is_quiet(connection: AsyncConnection, place_id: int, person_id: int) -> bool:
    """Whether somebody wants no reminders of a place."""
    return bool(
        await connection.scalar(
            text(
                "SELECT EXISTS (SELECT FROM safety_quiet"
                " WHERE place_id = :place AND person_id = :person)"
            ),
            {"place": place_id, "person": person_id},
        )
    )


async def set_quiet(
    connection: AsyncConnection, place_id: int, person_id: int, *, quiet: bool
) -> None:
    """Keep whether somebody wants no reminders of a place."""
    statement = (
        "INSERT INTO safety_quiet (place_id, person_id) VALUES (:place, :person)"
        " ON CONFLICT DO NOTHING"
        if quiet
        else "DELETE FROM safety_quiet WHERE place_id = :place AND person_id = :person"
    )
    await connection.execute(text(statement), {"place": place_id, "person": person_id})


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for those who run a place: reports to answer, inspections to act on."""

    reports: int
    answer_by: datetime | None
    inspections: int
    repair_by: datetime | None


async def waits(connection: AsyncConnection, place_id: int) -> Waits:
    """What waits at a place that the asker runs, with the nearest deadlines."""
    row = (
        await connection.execute(
            text(
                """
                SELECT r.reports, r.answer_by, i.inspections, i.repair_by FROM (
                  SELECT count(*) AS reports, min(due_at) AS answer_by FROM feedback
                  WHERE place_id = :place AND state IN ('open', 'reopened')) AS r, (
                  SELECT count(*) AS inspections, min(due_at) AS repair_by FROM inspection
                  WHERE place_id = :place AND state = 'open' AND repaired_at IS NULL) AS i
                """
            ),
            {"place": place_id},
        )
    ).one()
    return Waits(row.reports, row.answer_by, row.inspections, row.repair_by)
