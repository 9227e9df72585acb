"""All SQL of drills. What removes anything names the drill in every statement."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert(connection: AsyncConnection, label: str, officer: int) -> int:
    """Write a drill and return its id."""
    statement = text("INSERT INTO drill (label, created_by) VALUES (:label, :officer) RETURNING id")
    found = await connection.execute(statement, {"label": label, "officer": officer})
    return int(found.scalar_one())


async def wards(connection: AsyncConnection, area: str) -> list[str]:
    """Wards at or below `area`."""
    rows = await connection.scalars(
        text(
            "SELECT path FROM area WHERE level = 2 AND (path = :area OR path LIKE :below) "
            "ORDER BY path"
        ),
        {"area": area, "below": f"{area}.%"},
    )
    return list(rows)


async def make_households(connection: AsyncConnection, count: int) -> list[int]:
    """Ids of new households."""
    rows = await connection.scalars(
        text(
            "INSERT INTO household (created_at) SELECT now() FROM generate_series(1, :count) "
            "RETURNING id"
        ),
        {"count": count},
    )
    return list(rows)


async def make_people(
    connection: AsyncConnection,
    drill_id: int,
    areas: Sequence[str],
    households: Sequence[int | None],
) -> list[int]:
    """People of the drill, one for each area and household; ids in the same order."""
    rows = await connection.scalars(
        text(
            """
            INSERT INTO person (home_area, household_id, drill_id)
            SELECT area, household, :drill
            FROM unnest(cast(:areas AS text[]), cast(:households AS bigint[]))
                 WITH ORDINALITY AS u (area, household, n) ORDER BY n
            RETURNING id
            """
        ),
        {"drill": drill_id, "areas": list(areas), "households": list(households)},
    )
    return sorted(rows)


async def mark_batch(connection: AsyncConnection, drill_id: int, batch_id: int) -> None:
    """Note that a batch of cards goes when the drill does."""
    await connection.execute(
        text("UPDATE card_batch SET drill_id = :drill WHERE id = :batch"),
        {"drill": drill_id, "batch": batch_id},
    )


async def drill(connection: AsyncConnection, drill_id: int) -> Row[Any] | None:
    """A drill with how many of its people are left."""
    found = await connection.execute(
        text(
            "SELECT d.id, d.label, d.created_by, d.created_at, d.closed_at, "
            "(SELECT count(*) FROM person p WHERE p.drill_id = d.id) AS people "
            "FROM drill d WHERE d.id = :drill"
        ),
        {"drill": drill_id},
    )
    return found.one_or_none()


# The worker's own statements.


async def forgotten(connection: AsyncConnection, hours: int) -> list[int]:
    """Drills that nobody ended within `hours`."""
    rows = await connection.scalars(
        text(
            "SELECT id FROM drill WHERE closed_at IS NULL "
            "AND created_at < now() - make_interval(hours => :hours)"
        ),
        {"hours": hours},
    )
    return list(rows)


async def remove_cases(connection: AsyncConnection, drill_id: int) -> None:
    """Remove the cases of the drill's people, with traces, contacts and warnings."""
    cases = "USING case_record c, person p WHERE"
    of_drill = "c.person_id = p.id AND p.drill_id = :drill"
    for statement in (
        f"DELETE FROM warning w {cases} w.case_id = c.id AND {of_drill}",
        f"DELETE FROM contact k {cases} k.case_id = c.id AND {of_drill}",
        f"DELETE FROM case_record c USING person p WHERE {of_drill}",
    ):
        await connection.execute(text(statement), {"drill": drill_id})


async def remove_people(connection: AsyncConnection, drill_id: int, size: int) -> int:
    """Remove up to `size` people of the drill and all they left behind; returns how many."""
    people = list(
        await connection.scalars(
            text("SELECT id FROM person WHERE drill_id = :drill ORDER BY id LIMIT :size"),
            {"drill": drill_id, "size": size},
        )
    )
    if not people:
        return 0
    households = list(
        await connection.scalars(
            text(
                "SELECT DISTINCT household_id FROM person "
                "WHERE id = ANY (:people) AND household_id IS NOT NULL"
            ),
            {"people": people},
        )
    )
    for table in ("contact", "visit", "scan", "last_visit"):
        await connection.execute(
            text(f"DELETE FROM {table} WHERE person_id = ANY (:people)"),
            {"people": people},
        )
    await connection.execute(
        text("DELETE FROM person WHERE id = ANY (:people) AND drill_id = :drill"),
        {"people": people, "drill": drill_id},
    )
    await connection.execute(
        text(
            "DELETE FROM household h WHERE h.id = ANY (:households) "
            "AND NOT EXISTS (SELECT 1 FROM person p WHERE p.household_id = h.id)"
        ),
        {"households": households},
    )
    return len(people)


async def remove_places(connection: AsyncConnection, drill_id: int) -> None:
    """Remove the drill's places; one that somebody real visited stays, or a diary would lose it."""
    await connection.execute(
        text(
            "DELETE FROM place p WHERE p.drill_id = :drill "
            "AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.place_id = p.id)"
        ),
        {"drill": drill_id},
    )


async def remove_cards(connection: AsyncConnection, drill_id: int) -> None:
    """Remove the drill's cards."""
    for statement in (
        "DELETE FROM card k USING card_batch b WHERE k.batch_id = b.id AND b.drill_id = :drill",
        "DELETE FROM card_batch WHERE drill_id = :drill",
    ):
        await connection.execute(text(statement), {"drill": drill_id})


async def close(connection: AsyncConnection, drill_id: int) -> None:
    """Note that nothing of the drill is left."""
    await connection.execute(
        text("UPDATE drill SET closed_at = now() WHERE id = :drill AND closed_at IS NULL"),
        {"drill": drill_id},
    )
