"""SQL of doubts: how far the job has looked, what it wrote, and reading it beside the evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.doubts.domain import Kind
from lachan.visits.watermark import Watermark

WATERMARK: Final = Watermark("doubt_watermark", 1)

_WRITE = text(
    """
    INSERT INTO visit_doubt (visit_id, day, kind, person_id, place_id, details)
    SELECT d.visit_id, d.day, d.kind, d.person_id, d.place_id, d.details
    FROM jsonb_to_recordset(CAST(:doubts AS jsonb))
      AS d (visit_id uuid, day date, kind text, person_id bigint, place_id bigint, details jsonb)
    ON CONFLICT (visit_id, day, kind) DO UPDATE SET details = excluded.details
    """
)
_DROP = text("DELETE FROM visit_doubt WHERE day < :keep_from")
_OF_VISITS = text(
    """
    SELECT visit_id, kind, details FROM visit_doubt
    WHERE visit_id = ANY (CAST(:visits AS uuid[])) ORDER BY kind
    """
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against one visit; `details` holds figures for the sentence."""

    visit_id: UUID
    day: date
    kind: Kind
    person_id: int
    place_id: int
    details: dict[str, int]


@dataclass(frozen=True, slots=True)
class ShownDoubt:
    """A doubt as it stands beside the evidence."""

    kind: Kind
    details: dict[str, int]


async def write(connection: AsyncConnection, doubts: Iterable[Doubt]) -> int:
    """Write doubts, each once; how many."""
    rows = [
        {
            "visit_id": str(one.visit_id),
            "day": one.day.isoformat(),
            "kind": one.kind.value,
            "person_id": one.person_id,
            "place_id": one.place_id,
            "details": one.details,
        }
        for one in doubts
    ]
    # One statement may touch a row only once.
    unique = {(row["visit_id"], row["kind"]): row for row in rows}
    if unique:
        await connection.execute(_WRITE, {"doubts": orjson.dumps(list(unique.values())).decode()})
    return len(unique)


async def drop_before(connection: AsyncConnection, keep_from: date) -> int:
    """Drop doubts whose visits are gone with their day; how many."""
    return (await connection.execute(_DROP, {"keep_from": keep_from})).rowcount


async def doubts_of(
    connection: AsyncConnection, visits: Iterable[UUID]
) -> dict[UUID, list[ShownDoubt]]:
    """What speaks against these visits, as far as the asker may know."""
    found: dict[UUID, list[ShownDoubt]] = {}
    for row in await connection.execute(_OF_VISITS, {"visits": sorted(set(visits))}):
        details = row.details if isinstance(row.details, dict) else orjson.loads(row.details)
        found.setdefault(row.visit_id, []).append(ShownDoubt(Kind(row.kind), details))
    return found
