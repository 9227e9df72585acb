"""All SQL of who is at a place, as numbers: arrivals, counts at the door, the close of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.attendance.domain import Arrivals, Counted
from lachan.visits.batch import LOCK_SPACE

CloseState = Literal["queued", "done", "undoing", "undone"]


@dataclass(frozen=True, slots=True)
class DayClose:
    """One press of "everybody out"; `people` None: fewer than five, or not counted yet."""

    id: int
    closed_at: datetime
    state: CloseState
    people: int | None


async def inside(connection: AsyncConnection, place_id: int) -> int | None:
    """How many people are at a place that the asker runs; None: fewer than five."""
    found: int | None = await connection.scalar(
        text("SELECT lachan_people_inside(:place)"), {"place": place_id}
    )
    return found


async def arrivals(
    connection: AsyncConnection, place_id: int, first: date, last: date, zone: str
) -> list[Arrivals]:
    """People that arrived on the days from `first` to `last`, by hour and (hour 24) by day."""
    rows = await connection.execute(
        text(
            "SELECT day, hour, arrivals FROM lachan_arrivals(:place, :first, :last, :zone) "
            "ORDER BY day, hour"
        ),
        {"place": place_id, "first": first, "last": last, "zone": zone},
    )
    return [Arrivals(row.day, row.hour, row.arrivals) for row in rows]


async def counted(
    connection: AsyncConnection, place_id: int, first: date, last: date
) -> list[Counted]:
    """What was counted at the door on the days from `first` to `last`."""
    rows = await connection.execute(
        text(
            "SELECT day, hour, counted FROM door_count "
            "WHERE place_id = :place AND day BETWEEN :first AND :last ORDER BY day DESC, hour"
        ),
        {"place": place_id, "first": first, "last": last},
    )
    return [Counted(row.day, row.hour, row.counted) for row in rows]


async def set_count(connection: AsyncConnection, place_id: int, entry: Counted) -> None:
    """Write a count at the door over the one that may be there."""
    await connection.execute(
        text(
            """
            INSERT INTO door_count (place_id, day, hour, counted)
            VALUES (:place, :day, :hour, :counted)
            ON CONFLICT (place_id, day, hour)
            DO UPDATE SET counted = excluded.counted, entered_at = now()
            """
        ),
        {"place": place_id, "day": entry.day, "hour": entry.hour, "counted": entry.people},
    )


async def last_close(connection: AsyncConnection, place_id: int) -> DayClose | None:
    """The newest close of a day at a place that the asker runs."""
    row = (
        await connection.execute(
            text(
                "SELECT id, closed_at, state, people FROM day_close "
                "WHERE place_id = :place ORDER BY id DESC LIMIT 1"
            ),
            {"place": place_id},
        )
    ).one_or_none()
    return None if row is None else DayClose(row.id, row.closed_at, row.state, row.people)


async def add_close(connection: AsyncConnection, place_id: int, person_id: int) -> int:
    """Note that everybody leaves a place now; the worker does the rest."""
    found = await connection.scalar(
        text("INSERT INTO day_close (place_id, closed_by) VALUES (:place, :person) RETURNING id"),
        {"place": place_id, "person": person_id},
    )
    assert isinstance(found, int)
    return found


async def ask_undo(
    connection: AsyncConnection, place_id: int, close_id: int, not_before: datetime
) -> int:
    """Have a close taken back if it is done and young enough; how many that were."""
    done = await connection.execute(
        text(
            """
            UPDATE day_close SET state = 'undoing', undone_at = now()
            WHERE id = :id AND place_id = :place AND state = 'done' AND closed_at >= :not_before
            """
        ),
        {"id": close_id, "place": place_id, "not_before": not_before},
    )
    return done.rowcount


# --- The worker's side. Whoever ends a visit takes the person's lock first, as the intake does. ---


@dataclass(frozen=True, slots=True)
class Closing:
    """What the worker has to do."""

    place_id: int
    closed_at: datetime
    state: CloseState


async def closing(connection: AsyncConnection, close_id: int) -> Closing | None:
    """A close, held until the transaction ends."""
    row = (
        await connection.execute(
            text("SELECT place_id, closed_at, state FROM day_close WHERE id = :id FOR UPDATE"),
            {"id": close_id},
        )
    ).one_or_none()
    return None if row is None else Closing(row.place_id, row.closed_at, row.state)


async def _lock(connection: AsyncConnection, people: Sequence[int]) -> None:
    await connection.execute(
        text(
            "SELECT pg_advisory_xact_lock(:space, (k % 2147483647)::int) "
            "FROM unnest(CAST(:people AS bigint[])) WITH ORDINALITY AS p(k, n) ORDER BY n"
        ),
        {"space": LOCK_SPACE, "people": sorted(set(people))},
    )


async def people_inside(
    connection: AsyncConnection, place_id: int, at: datetime, *, limit: int
) -> list[int]:
    """Some of those whose visit at a place runs at `at` and is not ended by anybody yet."""
    rows = await connection.execute(
        text(
            """
            SELECT DISTINCT person_id FROM visit
            WHERE place_id = :place AND day >= CAST(:at AS timestamptz)::date - 2
              AND started_at > CAST(:at AS timestamptz) - interval '24 hours'
              AND started_at <= :at AND ends_at > :at AND end_source = 'expected'
            ORDER BY person_id LIMIT :limit
            """
        ),
        {"place": place_id, "at": at, "limit": limit},
    )
    return [row.person_id for row in rows]


_CHECK_OUT = text(
    """
    WITH leaving AS (
      SELECT id, day, person_id, ends_at FROM visit
      WHERE place_id = :place AND person_id = ANY (:people)
        AND day >= CAST(:at AS timestamptz)::date - 2
        AND started_at > CAST(:at AS timestamptz) - interval '24 hours'
        AND started_at <= :at AND ends_at > :at AND end_source = 'expected'
    ), kept AS (
      INSERT INTO day_close_visit (close_id, visit_id, day, person_id, ended_before)
      SELECT :close, id, day, person_id, ends_at FROM leaving
    ), ended AS (
      UPDATE visit v SET ends_at = :at, end_source = 'day_closed'
      FROM leaving l WHERE v.id = l.id AND v.day = l.day
    ), last AS (
      UPDATE last_visit w SET ends_at = :at, end_source = 'day_closed'
      FROM leaving l WHERE w.person_id = l.person_id AND w.visit_id = l.id
    )
    SELECT count(*) FROM leaving
    """
)


async def check_out(
    connection: AsyncConnection, close_id: int, place_id: int, at: datetime, people: Sequence[int]
) -> int:
    """End the visits of `people` at `at`, and keep how they would have ended; how many visits."""
    await _lock(connection, people)
    return int(
        await connection.scalar(
            _CHECK_OUT, {"close": close_id, "place": place_id, "at": at, "people": list(people)}
        )
        or 0
    )


async def kept(connection: AsyncConnection, close_id: int, *, limit: int) -> list[tuple[UUID, int]]:
    """Some of the visits that a close ended, with whose they are."""
    rows = await connection.execute(
        text(
            "SELECT visit_id, person_id FROM day_close_visit WHERE close_id = :close "
            "ORDER BY person_id LIMIT :limit"
        ),
        {"close": close_id, "limit": limit},
    )
    return [(row.visit_id, row.person_id) for row in rows]


_REOPEN = text(
    """
    WITH back AS (
      DELETE FROM day_close_visit WHERE close_id = :close AND visit_id = ANY (:visits)
      RETURNING visit_id, day, person_id, ended_before
    ), visits AS (
      UPDATE visit v SET ends_at = b.ended_before, end_source = 'expected'
      FROM back b
      WHERE v.id = b.visit_id AND v.day = b.day AND v.end_source = 'day_closed'
        -- Whoever has gone elsewhere since then is not called back.
        AND EXISTS (SELECT FROM last_visit w WHERE w.person_id = b.person_id AND w.visit_id = v.id)
    )
    UPDATE last_visit w SET ends_at = b.ended_before, end_source = 'expected'
    FROM back b
    WHERE w.person_id = b.person_id AND w.visit_id = b.visit_id AND w.end_source = 'day_closed'
    """
)


async def reopen(
    connection: AsyncConnection, close_id: int, ended: Sequence[tuple[UUID, int]]
) -> None:
    """Let visits that a close ended run on, unless their people have scanned since."""
    await _lock(connection, [person for _, person in ended])
    await connection.execute(_REOPEN, {"close": close_id, "visits": [visit for visit, _ in ended]})


async def finish(
    connection: AsyncConnection, close_id: int, state: CloseState, people: int | None
) -> None:
    """Say that the work on a close is done."""
    await connection.execute(
        text(
            "UPDATE day_close SET state = :state, "
            "people = CASE WHEN :people >= 5 THEN CAST(:people AS integer) END WHERE id = :id"
        ),
        {"id": close_id, "state": state, "people": people or 0},
    )


async def forget_closes(connection: AsyncConnection, before: datetime) -> None:
    """Drop what is kept of closes that can no longer be taken back."""
    await connection.execute(
        text(
            "DELETE FROM day_close_visit WHERE close_id IN "
            "(SELECT id FROM day_close WHERE closed_at < :before)"
        ),
        {"before": before},
    )
