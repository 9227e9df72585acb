"""SQL about visits that came after a case was traced: which cases they touch, and what is told."""

# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.watermark import Watermark

WATERMARK: Final = Watermark("late_watermark", 2)
# Coarse on purpose: whoever was roughly there with an open, traced case, and the case's own visits.
# Whether it makes a contact is asked of the engine, case by case.
_TOUCHED = text(
    """
    WITH fresh AS MATERIALIZED (
      SELECT v.person_id, v.place_id, v.started_at, v.ends_at FROM visit v
      WHERE v.recorded_at >= :since AND v.recorded_at < :until AND v.day >= :first_day
    ), traced AS MATERIALIZED (
      SELECT c.id, c.person_id, c.infectious_from, c.infectious_until FROM case_record c
      WHERE c.closed_at IS NULL AND c.classification <> 'discarded'
        AND c.infectious_until + :reach > (SELECT min(started_at) FROM fresh)
        AND EXISTS (SELECT FROM trace_run t
                    WHERE t.case_id = c.id AND t.state = 'done' AND NOT t.dry_run)
    ), stay AS MATERIALIZED (
      SELECT t.id, v.place_id, v.started_at, v.ends_at
      FROM traced t JOIN visit v ON v.person_id = t.person_id
       AND v.started_at < t.infectious_until AND v.ends_at > t.infectious_from
      WHERE v.day >= :first_day
    )
    SELECT t.id FROM traced t JOIN fresh f ON f.person_id = t.person_id
     AND f.started_at < t.infectious_until AND f.ends_at > t.infectious_from
    UNION
    SELECT s.id FROM stay s JOIN fresh f ON f.place_id = s.place_id
     AND f.started_at < s.ends_at + :reach AND f.ends_at > s.started_at
    ORDER BY 1
    """
)
_NEWEST_RUN = (
    "SELECT t.id FROM trace_run t WHERE t.case_id = c.id AND t.state = 'done' AND NOT t.dry_run "
    "ORDER BY t.id DESC LIMIT 1"
)
_TRACED = text(
    f"""
    SELECT c.id, c.person_id, c.disease, c.area, c.infectious_from, c.infectious_until,
           r.id AS run_id, r.rules
    FROM case_record c JOIN trace_run r ON r.id = ({_NEWEST_RUN})
    WHERE c.id = :case AND c.closed_at IS NULL AND c.classification <> 'discarded'
    """
)
_KNOWN_MEETINGS = text(
    """
    SELECT e.source_visit_id, e.visit_id FROM exposure e JOIN contact k ON k.id = e.contact_id
    WHERE k.case_id = :case AND k.level = 1
    """
)
_KNOWN_PEOPLE = text("SELECT person_id FROM contact WHERE case_id = :case AND level = 1")
_CLEAR = text("DELETE FROM late_visits WHERE case_id = :case")
# A run that finished meanwhile has seen them: what was counted against the one before is not told.
_WRITE = text(
    """
    INSERT INTO late_visits (case_id, run_id, visits, people)
    SELECT :case, :run, :visits, :people WHERE NOT EXISTS (
      SELECT FROM trace_run t
      WHERE t.case_id = :case AND t.state = 'done' AND NOT t.dry_run AND t.id > :run)
    ON CONFLICT (case_id) DO UPDATE SET run_id = excluded.run_id, visits = excluded.visits,
      people = excluded.people, counted_at = now()
    WHERE (late_visits.run_id, late_visits.visits, late_visits.people)
      <> (excluded.run_id, excluded.visits, excluded.people)
    RETURNING case_id
    """
)
_LATE = f"""
    SELECT c.id AS case_id, c.code, l.visits, l.people, l.counted_at, r.max_level, r.as_of
    FROM late_visits l JOIN case_record c ON c.id = l.case_id JOIN trace_run r ON r.id = l.run_id
    WHERE c.closed_at IS NULL AND c.classification <> 'discarded' AND l.run_id = ({_NEWEST_RUN})
"""
_OF_CASE = text(_LATE + "AND c.id = :case")
_LIST = text(_LATE + "ORDER BY l.people DESC, l.visits DESC, c.id LIMIT :limit")


@dataclass(frozen=True, slots=True)
class Late:
    """What a case's newest trace, of the moment `as_of`, has not seen.

    `visits` of others share air with the case, or the case's own now do; `people` of them are no
    F1 yet.
    """

    case_id: int
    code: str
    visits: int
    people: int
    counted_at: datetime
    max_level: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """The meetings (the case's visit, the other's) and the people that a trace has found."""

    meetings: frozenset[tuple[UUID, UUID]]
    people: frozenset[int]


async def touched(
    connection: AsyncConnection,
    since: datetime,
    until: datetime,
    *,
    first_day: date,
    reach: timedelta,
) -> list[int]:
    """Open, traced cases that visits recorded in `[since, until)` may have met.

    `reach` is how long after a case left anybody may still meet what it left in the air.
    """
    values = {"since": since, "until": until, "first_day": first_day, "reach": reach}
    return list(await connection.scalars(_TOUCHED, values))


async def traced(connection: AsyncConnection, case_id: int) -> Row[Any] | None:
    """An open case with its newest finished run; None when it is closed or was never traced."""
    return (await connection.execute(_TRACED, {"case": case_id})).one_or_none()


async def known(connection: AsyncConnection, case_id: int) -> Known:
    """What the last trace found of F1."""
    meetings = await connection.execute(_KNOWN_MEETINGS, {"case": case_id})
    people = await connection.scalars(_KNOWN_PEOPLE, {"case": case_id})
    return Known(
        frozenset((row.source_visit_id, row.visit_id) for row in meetings), frozenset(people)
    )


async def write(
    connection: AsyncConnection, case_id: int, run_id: int, *, visits: int, people: int
) -> bool:
    """Keep what a run has not seen; whether that is news. Nothing unseen clears what was kept."""
    if visits == 0:
        await clear(connection, case_id)
        return False
    values = {"case": case_id, "run": run_id, "visits": visits, "people": people}
    return await connection.scalar(_WRITE, values) is not None


async def clear(connection: AsyncConnection, case_id: int) -> None:
    """Forget it: the case was traced anew."""
    await connection.execute(_CLEAR, {"case": case_id})


async def late_of(connection: AsyncConnection, case_id: int) -> Late | None:
    """What came after the newest trace of a case, None when nothing did."""
    row = (await connection.execute(_OF_CASE, {"case": case_id})).one_or_none()
    return None if row is None else Late(*row)


async def cases_with_late(connection: AsyncConnection, *, limit: int) -> Sequence[Late]:
    """Open cases in the officer's areas that want another trace, most new people first."""
    return [Late(*row) for row in await connection.execute(_LIST, {"limit": limit})]
