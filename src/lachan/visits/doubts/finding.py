"""SQL that looks for what speaks against new visits; the worker's, who sees every visit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.doubts.domain import (
    DoublePresence,
    FarFromUsual,
    Flood,
    Kind,
    Position,
    Presence,
)
from lachan.visits.doubts.store import Doubt

# What was recorded since the last look. A scan may be a week old when it comes, so the days are
# bound by `first_day`.
_FRESH: Final = """
fresh AS MATERIALIZED (
  SELECT v.id, v.day, v.person_id, v.place_id, v.started_at, v.source, v.proof, v.device_id
  FROM visit v
  WHERE v.recorded_at >= :since AND v.recorded_at < :until
    AND v.day BETWEEN :first_day AND :last_day
)"""
# A place without a position stands at its ward's centre, give or take the ward's size.
_WHERE: Final = """
  coalesce(p.lat, a.lat) AS lat, coalesce(p.lon, a.lon) AS lon,
  CASE WHEN p.lat IS NULL THEN sqrt(a.area_km2 / pi()) ELSE 0 END AS within_km"""

# Flat-earth distances: within a country they are right to a few parts in a thousand.
_KM: Final = (
    r"sqrt(power(111.2 * (\1.lat - \2.lat), 2)"
    r" + power(111.2 * cos(radians(\1.lat)) * (\1.lon - \2.lon), 2))"
)
_DEGREE_KM: Final = 111.2


def _statement(template: str) -> TextClause:
    """SQL with its shared parts: `$fresh`, `$where`, `$km(a, b)`."""
    whole = template.replace("$fresh", _FRESH.strip()).replace("$where", _WHERE.strip())
    return text(re.sub(r"\$km\((\w+), (\w+)\)", _KM, whole))


# Each visit of those who were seen anew, beside the one that began before it. Only what lies
# roughly far enough apart is handed on; the rest is nearly everything.
_PAIRS = _statement(
    """
    WITH $fresh,
    seen AS (SELECT DISTINCT person_id FROM fresh),
    bounds AS (SELECT min(day) - 1 AS first, max(day) + 1 AS last FROM fresh),
    near AS (
      SELECT v.id, v.day, v.person_id, v.place_id, v.started_at, v.recorded_at,
             CASE WHEN v.end_source IN ('scanned', 'corrected') THEN v.ends_at END AS left_at
      FROM seen s JOIN visit v ON v.person_id = s.person_id
      WHERE v.day BETWEEN (SELECT first FROM bounds) AND (SELECT last FROM bounds)
    ),
    paired AS (
      SELECT n.*, lag(n.id) OVER w AS b_id, lag(n.day) OVER w AS b_day,
             lag(n.place_id) OVER w AS b_place, lag(n.started_at) OVER w AS b_started,
             lag(n.left_at) OVER w AS b_left, lag(n.recorded_at) OVER w AS b_recorded
      FROM near n WINDOW w AS (PARTITION BY n.person_id ORDER BY n.started_at, n.id)
    ),
    spots AS (
      SELECT p.id, $where FROM place p JOIN area a ON a.path = p.area
      WHERE p.kind <> ALL (CAST(:moving AS text[]))
        AND p.id IN (SELECT place_id FROM paired UNION SELECT b_place FROM paired)
    )
    SELECT q.id, q.day, q.person_id, q.place_id, q.started_at, q.left_at,
           q.b_id, q.b_day, q.b_place, q.b_started, q.b_left,
           s.lat, s.lon, s.within_km, b.lat AS b_lat, b.lon AS b_lon, b.within_km AS b_within_km
    FROM paired q JOIN spots s ON s.id = q.place_id JOIN spots b ON b.id = q.b_place
    WHERE q.b_place <> q.place_id
      AND (q.recorded_at >= :since OR q.b_recorded >= :since)
      AND q.started_at - q.b_started < interval '48 hours'
      AND greatest(abs(s.lat - b.lat), abs(s.lon - b.lon)) > :least_degrees
    """
)
_FAR = _statement(
    """
    WITH $fresh,
    asked AS (
      SELECT f.*, $where, h.lat AS home_lat, h.lon AS home_lon,
             sqrt(coalesce(h.area_km2, 0) / pi()) AS home_within_km
      FROM fresh f
      JOIN place p ON p.id = f.place_id AND p.kind <> ALL (CAST(:moving AS text[]))
      JOIN area a ON a.path = p.area
      JOIN person who ON who.id = f.person_id
      LEFT JOIN area h ON h.path = who.home_area
      WHERE f.proof = 'none' AND f.source IN ('app', 'web')
    ),
    away AS (
      SELECT x.*, $km(x, home) - x.within_km - x.home_within_km AS home_km
      FROM asked x CROSS JOIN LATERAL (SELECT x.home_lat AS lat, x.home_lon AS lon) AS home
    ),
    before AS (
      SELECT w.id, w.day, w.person_id, w.place_id, w.home_km, known.*
      FROM away w CROSS JOIN LATERAL (
        SELECT bool_or(o.near AND o.proof <> 'none') AS proved,
               count(DISTINCT o.day) FILTER (WHERE o.near AND o.day <> w.day) AS days_near,
               count(DISTINCT o.day) FILTER (WHERE NOT o.near) AS days_far
        FROM (
          SELECT v.day, v.proof,
                 $km(w, spot) - w.within_km - spot.within_km < :km AS near
          FROM visit v
          JOIN place p ON p.id = v.place_id
          JOIN area a ON a.path = p.area
          CROSS JOIN LATERAL (SELECT $where) AS spot
          WHERE v.person_id = w.person_id AND v.id <> w.id
            AND v.day BETWEEN w.day - CAST(:days AS integer) AND w.day + 1
        ) o
      ) known
      WHERE w.home_km IS NULL OR w.home_km >= :km
    )
    SELECT id, day, person_id, place_id, CAST(round(CAST(home_km AS numeric)) AS integer) AS km
    FROM before
    WHERE (home_km IS NOT NULL OR days_far >= :usual_after_days)
      AND NOT coalesce(proved, false) AND days_near < :usual_after_days
    """
)
_HOURS = _statement(
    """
    WITH $fresh,
    touched AS (
      SELECT DISTINCT place_id, date_trunc('hour', started_at) AS hour FROM fresh
      WHERE proof = 'none' AND source IN ('app', 'web')
    ),
    counted AS (
      SELECT t.place_id, t.hour, n.arrivals FROM touched t
      CROSS JOIN LATERAL (
        SELECT count(*) AS arrivals FROM visit v
        WHERE v.place_id = t.place_id AND v.started_at >= t.hour
          AND v.started_at < t.hour + interval '1 hour'
          AND v.day BETWEEN CAST(t.hour AS date) - 1 AND CAST(t.hour AS date) + 1
      ) n
      WHERE n.arrivals >= :least
    )
    SELECT c.place_id, c.hour, c.arrivals, coalesce(max(b.arrivals), 0) AS busiest,
           count(b.arrivals) AS hours
    FROM counted c LEFT JOIN LATERAL (
      SELECT count(*) AS arrivals FROM visit v
      WHERE v.place_id = c.place_id AND v.started_at < c.hour
        AND v.started_at >= c.hour - make_interval(days => CAST(:days AS integer))
        AND v.day BETWEEN CAST(c.hour AS date) - CAST(:days AS integer) - 1
                      AND CAST(c.hour AS date) + 1
      GROUP BY date_trunc('hour', v.started_at)
    ) b ON true
    GROUP BY c.place_id, c.hour, c.arrivals
    """
)
_FLOODED = _statement(
    """
    INSERT INTO visit_doubt (visit_id, day, kind, person_id, place_id, details)
    SELECT v.id, v.day, 'flood', v.person_id, v.place_id, CAST(:details AS jsonb)
    FROM visit v
    WHERE v.place_id = :place AND v.started_at >= :hour
      AND v.started_at < CAST(:hour AS timestamptz) + interval '1 hour'
      AND v.day BETWEEN CAST(CAST(:hour AS timestamptz) AS date) - 1
                    AND CAST(CAST(:hour AS timestamptz) AS date) + 1
      AND v.proof = 'none' AND v.source IN ('app', 'web')
    ON CONFLICT (visit_id, day, kind) DO UPDATE SET details = excluded.details
    """
)
_SKEWED = _statement(
    """
    WITH $fresh
    INSERT INTO visit_doubt (visit_id, day, kind, person_id, place_id, details)
    SELECT f.id, f.day, 'clock_skew', f.person_id, f.place_id,
           jsonb_build_object('seconds', max(abs(round(extract(epoch FROM s.device_at - s.at)))))
    FROM fresh f JOIN scan s ON s.person_id = f.person_id AND s.visit_id = f.id
      AND s.day BETWEEN f.day AND f.day + 1
    WHERE f.device_id IS NOT NULL AND s.device_at IS NOT NULL
      AND abs(extract(epoch FROM s.device_at - s.at)) > :seconds
    GROUP BY f.id, f.day, f.person_id, f.place_id
    ON CONFLICT DO NOTHING
    """
)
_UNPROVED = _statement(
    """
    WITH $fresh
    INSERT INTO visit_doubt (visit_id, day, kind, person_id, place_id, details)
    SELECT f.id, f.day, 'unproved', f.person_id, f.place_id, '{}'
    FROM fresh f JOIN place p ON p.id = f.place_id
    WHERE f.proof = 'none' AND f.device_id IS NULL AND f.source IN ('app', 'web', 'diary')
      AND p.proof <> 'off'
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True, slots=True)
class Window:
    """Visits to look at: recorded in [since, until), of the days in question."""

    since: datetime
    until: datetime
    first_day: date
    last_day: date

    @property
    def values(self) -> dict[str, object]:
        return {
            "since": self.since,
            "until": self.until,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Two visits of one person, one begun right after the other."""

    first: Presence
    second: Presence
    visits: tuple[tuple[UUID, date, int], tuple[UUID, date, int]]
    person_id: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The arrivals of a place's hour, and what it had before."""

    place_id: int
    begins_at: datetime
    arrivals: int
    busiest: int
    hours: int


def days_around(since: datetime, until: datetime, *, days_back: int) -> tuple[date, date]:
    """The days that visits recorded in [since, until) can be of; offline scans come late."""
    first = since.date() - timedelta(days=days_back + 1)
    return first, until.date() + timedelta(days=1)


def _presence(row: Row[Any], mark: str) -> Presence:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for reading by column name
    return Presence(
        place_id=found["b_place" if mark else "place_id"],
        position=Position(
            found[f"{mark}lat"], found[f"{mark}lon"], float(found[f"{mark}within_km"])
        ),
        arrived_at=found["b_started" if mark else "started_at"],
        left_at=found["b_left" if mark else "left_at"],
    )


async def pairs_apart(
    connection: AsyncConnection, window: Window, rules: DoublePresence, moving: Sequence[str]
) -> list[Pair]:
    """Visits that follow each other and lie roughly `rules.least_km` apart or more.

    At least one of the two is new.
    """
    values = window.values | {
        "moving": list(moving),
        # A degree of longitude is shorter than one of latitude: nothing is left out by this.
        "least_degrees": rules.least_km / _DEGREE_KM / 2,
    }
    return [
        Pair(
            first=_presence(row, "b_"),
            second=_presence(row, ""),
            visits=((row.b_id, row.b_day, row.b_place), (row.id, row.day, row.place_id)),
            person_id=row.person_id,
        )
        for row in await connection.execute(_PAIRS, values)
        if row.lat is not None and row.b_lat is not None
    ]


async def far_scans(
    connection: AsyncConnection, window: Window, rules: FarFromUsual, moving: Sequence[str]
) -> list[Doubt]:
    """New scans without proof far from where the person lives and is known to have been."""
    rows = await connection.execute(
        _FAR,
        window.values
        | {
            "moving": list(moving),
            "km": rules.km,
            "days": rules.days,
            "usual_after_days": rules.usual_after_days,
        },
    )
    return [
        Doubt(
            row.id,
            row.day,
            Kind.FAR_FROM_USUAL,
            row.person_id,
            row.place_id,
            {} if row.km is None else {"km": row.km},
        )
        for row in rows
    ]


async def busy_hours(connection: AsyncConnection, window: Window, rules: Flood) -> list[Hour]:
    """Hours with new arrivals, of which there were at least `rules.least`."""
    rows = await connection.execute(
        _HOURS, window.values | {"least": rules.least, "days": rules.days}
    )
    return [Hour(*row) for row in rows]


async def mark_flood(connection: AsyncConnection, hour: Hour) -> int:
    """Doubt the arrivals of an hour that nobody proved; how many."""
    details = orjson.dumps({"arrivals": hour.arrivals, "busiest": hour.busiest}).decode()
    values = {"place": hour.place_id, "hour": hour.begins_at, "details": details}
    return (await connection.execute(_FLOODED, values)).rowcount


async def _count(connection: AsyncConnection, statement: TextClause, **values: object) -> int:
    return (await connection.execute(statement, values)).rowcount


async def mark_skewed(connection: AsyncConnection, window: Window, seconds: int) -> int:
    """Doubt visits that a device with a wrong clock reported; how many."""
    return await _count(connection, _SKEWED, seconds=seconds, **window.values)


async def mark_unproved(connection: AsyncConnection, window: Window) -> int:
    """Doubt visits without proof at places that ask for one; how many."""
    return await _count(connection, _UNPROVED, **window.values)
