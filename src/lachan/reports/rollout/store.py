"""All SQL of the roll-out report: the numbers, and the lists behind them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.reports.rollout.domain import Count, Which

# How much of a path names the part of a province, and of the country.
_PART: Final = {0: 5, 1: 11, 2: 11}
_OF_AREA: Final = """
    p.state = 'active' AND p.drill_id IS NULL AND p.kind = ANY (:kinds)
    AND (p.area = :area OR p.area LIKE :below)
    """
_COUNT: Final = text(
    f"""
    SELECT left(p.area, :part) AS part, p.kind,
           count(*) FILTER (WHERE p.created_at < :since)::integer AS before,
           count(*)::integer AS now,
           count(s.place_id)::integer AS joined,
           count(*) FILTER (WHERE s.day = :today)::integer AS reported,
           count(*) FILTER (WHERE lachan_colour(s, :today) = 'green')::integer AS green
    FROM place p LEFT JOIN place_safety s ON s.place_id = p.id
    WHERE {_OF_AREA} AND p.created_at < :until
    GROUP BY 1, 2
    """  # noqa: S608 - our own words
)
_WHICH: Final[dict[Which, str]] = {
    "before": "p.created_at < :since",
    "now": "p.created_at < :until",
    "new": "p.created_at >= :since AND p.created_at < :until",
    "joined": "s.place_id IS NOT NULL AND p.created_at < :until",
    "reported": "s.day = :today AND p.created_at < :until",
    "silent": "s.place_id IS NOT NULL AND s.day IS DISTINCT FROM :today AND p.created_at < :until",
    "green": "lachan_colour(s, :today) = 'green' AND p.created_at < :until",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which places are meant. `since` begins the window, `until` ends it; both UTC."""

    area: str
    level: int
    kinds: Sequence[str]
    since: datetime
    until: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a list; `colour` None where it does not take part."""

    id: int
    name: str
    kind: str
    area: str
    area_name: str
    address: str
    registered_at: datetime
    colour: str | None
    checked_on: date | None


def _values(asked: Asked) -> dict[str, object]:
    return {
        "area": asked.area,
        "below": f"{asked.area}.%",
        "kinds": list(asked.kinds),
        "since": asked.since,
        "until": asked.until,
        "today": asked.today,
    }


async def counts(connection: AsyncConnection, asked: Asked) -> dict[tuple[str, str], Count]:
    """Counts by part of the area and kind; only those of which there are any."""
    rows = await connection.execute(_COUNT, {**_values(asked), "part": _PART[asked.level]})
    return {
        (row.part, row.kind): Count(row.before, row.now, row.joined, row.reported, row.green)
        for row in rows
    }


def _list(which: Which, end: str) -> str:
    return f"""
        SELECT p.id, p.name, p.kind, p.area, a.full_name AS area_name, p.address,
               p.created_at AS registered_at,
               CASE WHEN s.place_id IS NOT NULL THEN lachan_colour(s, :today) END AS colour,
               s.day AS checked_on
        FROM place p JOIN area a ON a.path = p.area
        LEFT JOIN place_safety s ON s.place_id = p.id
        WHERE {_OF_AREA} AND {_WHICH[which]} {end}
        """  # noqa: S608 - our own words


def _bound(statement: str, values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if f":{name}" in statement}


async def page(
    connection: AsyncConnection, asked: Asked, which: Which, *, before: int, limit: int
) -> list[Place]:
    """The places behind a number, newest first, those with a smaller id than `before`."""
    statement = _list(which, "AND p.id < :before ORDER BY p.id DESC LIMIT :limit")
    values = {**_values(asked), "before": before, "limit": limit}
    rows = await connection.execute(text(statement), _bound(statement, values))
    return [Place(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def every(connection: AsyncConnection, asked: Asked, which: Which) -> AsyncIterator[Place]:
    """All places behind a number, by area."""
    statement = _list(which, "ORDER BY p.area, p.id")
    rows = await connection.stream(text(statement), _bound(statement, _values(asked)))
    async for row in rows:
        yield Place(**row._mapping)  # noqa: SLF001 - as above
