"""All SQL of the end of a day, for every place at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import local_day
from lachan.places.kinds import KINDS
from lachan.safety.colours.domain import Commit

_LOCK = 0x5AFE_DA1
# Kinds are named by us, in a file: letters and underscores.
_RESTS = ", ".join(
    f"('{kind.code}', {day})" for kind in KINDS.by_code.values() for day in sorted(kind.rest_days)
)


def open_on(day: str) -> str:
    """The condition that place `p` receives people on the day that is given as :`day`.

    Opening hours hold opens and closes for Monday to Sunday, null: shut on that day; a place
    without any is open as its kind is.
    """
    weekday = f"extract(isodow FROM CAST(:{day} AS date))::int"
    return f"""(CASE WHEN p.hours IS NULL THEN (p.kind, {weekday}) NOT IN ({_RESTS or "('', 0)"})
      ELSE p.hours[{weekday} * 2 - 1] IS NOT NULL END)"""


_IS_OPEN = open_on("day")


async def lock(connection: AsyncConnection) -> bool:
    """Hold the right to end days until the transaction ends; False when another worker does."""
    return bool(
        await connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
    )


async def last_ended(connection: AsyncConnection) -> date | None:
    """The last day whose end was counted."""
    found = await connection.scalar(text("SELECT max(day) FROM safety_area_day"))
    return found if isinstance(found, date) else None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A place that reported some moments of a day: what they were, by which version."""

    place_id: int
    set_id: int
    moments: Sequence[str]


async def reported(connection: AsyncConnection, day: date) -> list[Unfinished]:
    """Every place that reported anything on a day."""
    rows = await connection.execute(
        text(
            """
            SELECT place_id, array_agg(DISTINCT moment) AS moments,
              (array_agg(set_id ORDER BY id DESC))[1] AS set_id
            FROM daily_check WHERE day = :day GROUP BY place_id ORDER BY place_id
            """
        ),
        {"day": day},
    )
    return [Unfinished(row.place_id, row.set_id, row.moments) for row in rows]


async def commits_of(
    connection: AsyncConnection, places: Sequence[int], day: date
) -> dict[int, list[Commit]]:
    """The commits of a day of many places, by place, the last one last."""
    rows = await connection.execute(
        text(
            """
            SELECT place_id, moment, answers, late, received_at FROM daily_check
            WHERE place_id = ANY (:places) AND day = :day ORDER BY id
            """
        ),
        {"places": list(places), "day": day},
    )
    found: dict[int, list[Commit]] = defaultdict(list)
    for row in rows:
        found[row.place_id].append(Commit(row.moment, row.answers, row.late, row.received_at))
    return found


async def write_ends(
    connection: AsyncConnection, day: date, ends: Sequence[Mapping[str, Any]], *, lately: bool
) -> None:
    """Write how a day ended where not all of it was reported: place, colour, score, maximum.

    What holds a place now, holds a day that has ended `lately` too.
    """
    if ends:
        await connection.execute(
            text(
                """
                UPDATE safety_day d SET score = :score, maximum = :maximum, late = true,
                  colour = CASE WHEN :lately AND s.held IN ('red', 'repair') THEN s.held
                    WHEN :lately AND s.held = 'yellow' AND :colour = 'green' THEN 'yellow'
                    ELSE :colour END
                FROM place_safety s
                WHERE d.place_id = :place AND s.place_id = d.place_id AND d.day = :day
                """
            ),
            [{**one, "day": day, "lately": lately} for one in ends],
        )


async def write_forgotten(
    connection: AsyncConnection, day: date, ended_at: datetime, *, lately: bool
) -> int:
    """Write the day of every place that was open and reported nothing, and end its streak.

    What holds a place now, holds a day that has ended `lately` too.
    """
    done = await connection.execute(
        text(
            f"""
            INSERT INTO safety_day (place_id, day, colour, late)
            SELECT s.place_id, :day,
              CASE WHEN :lately THEN coalesce(s.held, 'grey') ELSE 'grey' END, true
            FROM place_safety s JOIN place p ON p.id = s.place_id
            WHERE s.joined_at < :ended AND p.state = 'active' AND {_IS_OPEN}
            ON CONFLICT (place_id, day) DO UPDATE SET late = true
              WHERE safety_day.score IS NULL AND NOT safety_day.late
            """  # noqa: S608 - put together from constants of this file
        ),
        {"day": day, "ended": ended_at, "lately": lately},
    )
    await connection.execute(
        text(
            f"""
            UPDATE place_safety s SET streak = 0 FROM place p
            WHERE p.id = s.place_id AND s.streak > 0 AND s.day < :day AND {_IS_OPEN}
            """  # noqa: S608
        ),
        {"day": day},
    )
    return done.rowcount


async def roll_up(connection: AsyncConnection, day: date) -> int:
    """Count a day by ward, kind and colour; how many rows that makes."""
    await connection.execute(text("DELETE FROM safety_area_day WHERE day = :day"), {"day": day})
    done = await connection.execute(
        text(
            """
            INSERT INTO safety_area_day (area, day, kind, colour, places)
            SELECT p.area, d.day, p.kind, d.colour, count(*)
            FROM safety_day d JOIN place p ON p.id = d.place_id
            WHERE d.day = :day AND p.drill_id IS NULL GROUP BY p.area, d.day, p.kind, d.colour
            """
        ),
        {"day": day},
    )
    return done.rowcount


async def first_day(connection: AsyncConnection, zone: ZoneInfo) -> date | None:
    """The first day, in `zone`, on which any place took part."""
    found = await connection.scalar(text("SELECT min(joined_at) FROM place_safety"))
    return local_day(found, zone) if isinstance(found, datetime) else None


async def may_be_overdue(connection: AsyncConnection, today: date, limit: int) -> list[int]:
    """Places that reported today and did not reach a better class within their hours."""
    rows = await connection.execute(
        text(
            """
            SELECT s.place_id FROM place_safety s
            JOIN criteria_set c ON c.id = s.set_id
            WHERE s.day = :today AND s.colour <> 'red'
              AND s.below_since + make_interval(hours => c.repair_hours) <= now()
            ORDER BY s.place_id LIMIT :limit
            """
        ),
        {"today": today, "limit": limit},
    )
    return list(rows.scalars())
