"""All SQL of looking at names: which there are in a ward, what waits for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.places.reviews.domain import Why

_NAMES = text(
    """
    SELECT p.id, p.name FROM place p
    WHERE p.area = :area AND p.state = 'active' AND p.drill_id IS NULL
      AND NOT EXISTS (SELECT FROM place_staff s WHERE s.place_id = p.id AND s.person_id = :person)
      AND NOT EXISTS (SELECT FROM place_review w WHERE w.place_id = p.id AND w.state <> 'accepted')
    """
)
_ASK = text(
    """
    INSERT INTO place_review (place_id, similar_to, why) VALUES (:place, :similar, :why)
    ON CONFLICT (place_id) DO UPDATE SET similar_to = excluded.similar_to, why = excluded.why,
        state = 'waiting', created_at = now(), decided_by = NULL, decided_at = NULL
    """
)
_WAITING = text(
    """
    SELECT w.place_id, p.name, p.kind, p.address, a.full_name AS area_name, w.why, w.created_at,
           o.id AS other_id, o.name AS other_name, o.kind AS other_kind, o.address AS other_address
    FROM place_review w
    JOIN place p ON p.id = w.place_id
    JOIN area a ON a.path = p.area
    LEFT JOIN place o ON o.id = w.similar_to
    WHERE w.state = 'waiting' AND p.state = 'active'
      AND lachan_covers(CAST(:roots AS text[]), p.area)
    ORDER BY w.created_at, w.place_id LIMIT :limit
    """
)
_DECIDE = text(
    """
    UPDATE place_review w SET state = :state, decided_by = :officer, decided_at = now()
    FROM place p
    WHERE w.place_id = :place AND w.state = 'waiting' AND p.id = w.place_id
    RETURNING p.area
    """
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place that waits for somebody to look at its name, and the one it may be taken for."""

    place_id: int
    name: str
    kind: str
    address: str
    area_name: str
    why: Why
    created_at: datetime
    other_id: int | None
    other_name: str | None
    other_kind: str | None
    other_address: str | None


async def names_in(
    connection: AsyncConnection, area: str, *, but_of: int | None
) -> list[tuple[int, str]]:
    """Names of the open places of a ward, those that the person `but_of` runs left out."""
    rows = await connection.execute(_NAMES, {"area": area, "person": but_of})
    return [(row.id, row.name) for row in rows]


async def ask(connection: AsyncConnection, place_id: int, why: Why, similar_to: int | None) -> None:
    """Have the desk look at a place's name."""
    await connection.execute(_ASK, {"place": place_id, "similar": similar_to, "why": why})


async def waiting(
    connection: AsyncConnection, roots: Sequence[str], *, limit: int = 100
) -> list[Waiting]:
    """What waits in the areas below `roots`, oldest first."""
    rows = await connection.execute(_WAITING, {"roots": list(roots), "limit": limit})
    return [Waiting(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def decide(
    connection: AsyncConnection, place_id: int, state: str, officer: int
) -> str | None:
    """Settle a review that the asking officer may settle; the ward, None when there is none."""
    found: str | None = await connection.scalar(
        _DECIDE, {"place": place_id, "state": state, "officer": officer}
    )
    return found
