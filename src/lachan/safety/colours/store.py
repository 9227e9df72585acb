"""All SQL of how places stand and how their days ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.places.hours import Hours, hours_of
from lachan.safety.colours.domain import Colour, Commit, Ended, Held, colour_of
from lachan.safety.criteria.domain import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place stands, as it is written, with what the map needs of the place."""

    place_id: int
    kind: str
    area: str
    lat: float | None
    lon: float | None
    h3: int | None
    hours: Hours | None
    set_id: int | None
    day: date | None
    colour: Colour
    held: Held | None
    reasons: tuple[Reason, ...]
    outcome: str | None
    score: int | None
    maximum: int | None
    below_since: datetime | None
    streak: int
    changed_at: datetime

    def as_of(self, today: date) -> Colour:
        """The colour as of a day."""
        return colour_of(self.colour, self.day, self.held, today)


_STANDING = """
    SELECT s.place_id, p.kind, p.area, p.lat, p.lon, p.h3, p.hours, s.set_id, s.day, s.colour,
      s.held, s.reasons, s.outcome, s.score, s.maximum, s.below_since, s.streak, s.changed_at
    FROM place_safety s JOIN place p ON p.id = s.place_id WHERE s.place_id = :place
    """
_READ = text(_STANDING)
_LOCK = text(f"{_STANDING} FOR UPDATE OF s")


async def standing(
    connection: AsyncConnection, place_id: int, *, lock: bool = False
) -> Standing | None:
    """How a place stands; None when it takes no part. Locked, nobody settles it meanwhile."""
    found = await connection.execute(_LOCK if lock else _READ, {"place": place_id})
    row = found.mappings().one_or_none()
    if row is None:
        return None
    facts: dict[str, Any] = dict(row)
    facts["hours"] = hours_of(row["hours"])
    facts["reasons"] = reasons_from(row["reasons"])
    return Standing(**facts)


def reasons_from(written: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons as they were written by `settle`."""
    return tuple(Reason(one["code"], one.get("params", {})) for one in written)


async def commits(connection: AsyncConnection, place_id: int, day: date) -> list[Commit]:
    """The commits of a day, the last one last."""
    rows = await connection.execute(
        text(
            """
            SELECT moment, answers, late, received_at FROM daily_check
            WHERE place_id = :place AND day = :day ORDER BY id
            """
        ),
        {"place": place_id, "day": day},
    )
    return [Commit(row.moment, row.answers, row.late, row.received_at) for row in rows]


async def last_set(connection: AsyncConnection, place_id: int, day: date) -> int | None:
    """By which version the last commit of a day was judged."""
    found = await connection.scalar(
        text(
            "SELECT set_id FROM daily_check WHERE place_id = :place AND day = :day"
            " ORDER BY id DESC LIMIT 1"
        ),
        {"place": place_id, "day": day},
    )
    return None if found is None else int(found)


async def next_deadline(connection: AsyncConnection, place_id: int) -> datetime | None:
    """The next deadline of what inspectors ordered at a place."""
    found = await connection.scalar(
        text("SELECT due_at FROM lachan_open_orders(:place)"), {"place": place_id}
    )
    return found if isinstance(found, datetime) else None


_WRITE = text(
    """
    UPDATE place_safety SET set_id = :set_id, day = :day, colour = :colour,
      reasons = CAST(:reasons AS jsonb), outcome = :outcome, score = :score, maximum = :maximum,
      below_since = :below_since, streak = :streak, changed_at = :changed_at
    WHERE place_id = :place
    """
)
_WRITE_DAY = text(
    """
    INSERT INTO safety_day (place_id, day, colour, score, maximum, late)
    VALUES (:place, :day, :colour, :score, :maximum, :late)
    ON CONFLICT (place_id, day) DO UPDATE SET colour = excluded.colour,
      score = excluded.score, maximum = excluded.maximum, late = excluded.late
    """
)


async def write(connection: AsyncConnection, after: Standing) -> None:
    """Write how a place stands; what holds it is not settled here and stays as it is."""
    await connection.execute(
        _WRITE,
        {
            "place": after.place_id,
            "set_id": after.set_id,
            "day": after.day,
            "colour": after.colour,
            "reasons": reasons_to(after.reasons),
            "outcome": after.outcome,
            "score": after.score,
            "maximum": after.maximum,
            "below_since": after.below_since,
            "streak": after.streak,
            "changed_at": after.changed_at,
        },
    )


def reasons_to(reasons: Sequence[Reason]) -> str:
    """Reasons as JSON."""
    return orjson.dumps(
        [{"code": one.code, "params": dict(one.params)} for one in reasons]
    ).decode()


async def write_day(connection: AsyncConnection, after: Standing, day: date, *, late: bool) -> None:
    """Write how a day of a place stands so far."""
    await connection.execute(
        _WRITE_DAY,
        {
            "place": after.place_id,
            "day": day,
            "colour": after.as_of(day),
            "score": after.score,
            "maximum": after.maximum,
            "late": late,
        },
    )


async def clear_day(connection: AsyncConnection, place_id: int, day: date) -> None:
    """What was written of a day is not so after all."""
    await connection.execute(
        text(
            "UPDATE safety_day SET colour = 'grey', score = NULL, maximum = NULL, late = false"
            " WHERE place_id = :place AND day = :day"
        ),
        {"place": place_id, "day": day},
    )


async def history(connection: AsyncConnection, place_id: int, since: date) -> list[Ended]:
    """The days from `since` on that anything is written of, oldest first."""
    rows = await connection.execute(
        text(
            """
            SELECT day, colour, score IS NOT NULL AS reported, late AND score IS NOT NULL AS late
            FROM safety_day WHERE place_id = :place AND day >= :since ORDER BY day
            """
        ),
        {"place": place_id, "since": since},
    )
    return [Ended(**row) for row in rows.mappings()]
