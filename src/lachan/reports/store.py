"""All SQL of how check-in goes: what the worker counts, and what an officer asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class AreaQuality:
    """How check-in goes in an area.

    `registered` places are open now; `active` is the mean of places with a check-in a day;
    `share` of people counted at doors that scanned, None where fewer than five were counted;
    `minutes` the median from opening a case to approving its warning.
    """

    area: str
    name: str
    registered: int
    active: float
    share: float | None
    minutes: float | None


# Rooms of one place count once: a move from room to room is the same arrival. Hours with fewer than
# five scans count as none, as on the operator's own page.
_COUNT = text(
    """
    WITH came AS (
      SELECT v.place_id, extract(hour FROM v.started_at AT TIME ZONE :zone)::smallint AS hour,
             count(DISTINCT v.person_id) AS people
      FROM visit v WHERE v.day = :day GROUP BY 1, 2
    ), by_place AS (
      SELECT c.place_id, sum(c.people) AS people FROM came c GROUP BY 1
    ), heads AS (
      SELECT d.place_id, d.counted,
             CASE WHEN d.hour = 24 THEN (
               SELECT sum(c.people) FROM came c WHERE c.place_id = d.place_id AND c.people >= 5)
             ELSE (SELECT c.people FROM came c
                   WHERE c.place_id = d.place_id AND c.hour = d.hour AND c.people >= 5) END AS scanned
      FROM door_count d
      WHERE d.day = :day AND (d.hour = 24 OR NOT EXISTS (
        SELECT FROM door_count w WHERE w.place_id = d.place_id AND w.day = d.day AND w.hour = 24))
    ), per_area AS (
      SELECT p.area, count(*) AS active, sum(b.people) AS arrivals FROM by_place b
      JOIN place p ON p.id = b.place_id WHERE p.drill_id IS NULL GROUP BY p.area
    ), counted AS (
      SELECT p.area, sum(h.counted) AS counted, sum(coalesce(h.scanned, 0)) AS scanned
      FROM heads h JOIN place p ON p.id = h.place_id WHERE p.drill_id IS NULL GROUP BY p.area
    )
    INSERT INTO check_in_day (area, day, active_places, arrivals, counted, scanned)
    SELECT coalesce(a.area, c.area), :day, coalesce(a.active, 0), coalesce(a.arrivals, 0),
           coalesce(c.counted, 0), coalesce(c.scanned, 0)
    FROM per_area a FULL JOIN counted c ON c.area = a.area
    ON CONFLICT (area, day) DO UPDATE SET active_places = excluded.active_places,
      arrivals = excluded.arrivals, counted = excluded.counted, scanned = excluded.scanned
    """  # noqa: E501 - one condition a line
)
_QUALITY = text(
    """
    WITH part AS (
      SELECT a.path, a.full_name FROM area a
      WHERE a.parent = :area OR (a.path = :area AND NOT EXISTS (
        SELECT FROM area b WHERE b.parent = :area))
    ), days AS (
      SELECT part.path, sum(d.active_places) AS active, sum(d.counted) AS counted,
             sum(least(d.scanned, d.counted)) AS scanned
      FROM part JOIN check_in_day d ON d.area = part.path OR starts_with(d.area, part.path || '.')
      WHERE d.day BETWEEN :first AND :last GROUP BY part.path
    ), places AS (
      SELECT part.path, count(*) AS registered
      FROM part JOIN place p ON p.area = part.path OR starts_with(p.area, part.path || '.')
      WHERE p.state = 'active' AND p.drill_id IS NULL
        AND lachan_covers(CAST(:roots AS text[]), p.area) GROUP BY part.path
    ), warned AS (
      SELECT part.path, percentile_cont(0.5) WITHIN GROUP (ORDER BY w.minutes) AS minutes
      FROM lachan_minutes_to_warn(:since) w
      JOIN part ON w.area = part.path OR starts_with(w.area, part.path || '.') GROUP BY part.path
    )
    SELECT part.path AS area, part.full_name AS name, coalesce(p.registered, 0) AS registered,
           coalesce(d.active, 0)::float8 / :days AS active,
           CASE WHEN d.counted >= 5 THEN d.scanned::float8 / d.counted END AS share,
           w.minutes::float8 AS minutes
    FROM part LEFT JOIN days d USING (path) LEFT JOIN places p USING (path)
    LEFT JOIN warned w USING (path)
    WHERE lachan_covers(CAST(:roots AS text[]), part.path)
       OR EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) r WHERE starts_with(r, part.path || '.'))
    ORDER BY part.full_name
    """  # noqa: E501 - one condition a line
)


async def count_day(connection: AsyncConnection, day: date, zone: str) -> None:
    """Count how check-in went on a day in each ward, as the worker."""
    await connection.execute(text("DELETE FROM check_in_day WHERE day = :day"), {"day": day})
    await connection.execute(_COUNT, {"day": day, "zone": zone})


async def quality(
    connection: AsyncConnection,
    roots: Sequence[str],
    area: str,
    days: tuple[date, date],
    since: datetime,
) -> list[AreaQuality]:
    """How check-in goes in the parts of `area` that lie below `roots`, by name."""
    rows = await connection.execute(
        _QUALITY,
        {
            "area": area,
            "roots": list(roots),
            "first": days[0],
            "last": days[1],
            "days": (days[1] - days[0]).days + 1,
            "since": since,
        },
    )
    return [AreaQuality(*row) for row in rows]
