"""All SQL of lists of facilities but the worker's: sending, looking, deciding."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Row as SqlRow
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.importing.domain import storable

State = Literal["reading", "checked", "queued", "running", "done", "failed"]
Decision = Literal["same", "new", "leave"]


@dataclass(frozen=True, slots=True)
class Import:
    """A list that was sent; `problem` says why a file could not be read."""

    id: int
    officer_id: int | None
    file_name: str
    source: str
    state: State
    problem: dict[str, Any] | None
    lines: int
    made: int
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, and the place or line that it is, may be or became."""

    line: int
    ref: str
    name: str
    kind: str
    area: str
    area_name: str | None
    address: str
    lat: float | None
    lon: float | None
    verdict: str
    reason: str
    place_id: int | None
    twin: int | None
    likeness: float | None
    metres: int | None
    decision: Decision | None
    done: bool
    other_name: str | None
    other_kind: str | None
    other_address: str | None


_IMPORT = (
    "SELECT id, officer_id, file_name, source, state, problem, lines, made, created_at, finished_at"
    " FROM facility_import"
)
_LINES = """
    SELECT r.line, r.ref, r.name, r.kind, r.area, a.full_name AS area_name, r.address, r.lat, r.lon,
           r.verdict, r.reason, r.place_id, r.twin, r.likeness, r.metres, r.decision,
           r.done_at IS NOT NULL AS done, coalesce(p.name, w.name) AS other_name,
           coalesce(p.kind, w.kind) AS other_kind, coalesce(p.address, w.address) AS other_address
    FROM facility_import_row r
    LEFT JOIN area a ON a.path = r.area
    LEFT JOIN place p ON p.id = r.place_id
    LEFT JOIN facility_import_row w ON w.import_id = r.import_id AND w.line = r.twin
    WHERE r.import_id = :id
"""


async def start(
    connection: AsyncConnection,
    *,
    officer_id: int | None,
    file_name: str,
    source: str,
    kinds: Sequence[str],
    content: bytes | None,
) -> int:
    """Keep a file to be read; its id."""
    found = await connection.scalar(
        text(
            """
            INSERT INTO facility_import (officer_id, file_name, source, kinds, content)
            VALUES (:officer, :file_name, :source, CAST(:kinds AS jsonb), :content)
            RETURNING id
            """
        ),
        {
            "officer": officer_id,
            "file_name": storable(file_name),
            "source": storable(source),
            "kinds": orjson.dumps(list(kinds)).decode(),
            "content": content,
        },
    )
    assert isinstance(found, int)
    return found


def _import(row: SqlRow[Any]) -> Import:
    return Import(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def get(connection: AsyncConnection, import_id: int) -> Import | None:
    """A list that the asker may see."""
    row = (
        await connection.execute(text(f"{_IMPORT} WHERE id = :id"), {"id": import_id})
    ).one_or_none()
    return None if row is None else _import(row)


async def recent(connection: AsyncConnection, *, limit: int = 20) -> list[Import]:
    """Lists that the asker may see, newest first."""
    rows = await connection.execute(
        text(f"{_IMPORT} ORDER BY id DESC LIMIT :limit"), {"limit": limit}
    )
    return [_import(row) for row in rows]


async def counts(connection: AsyncConnection, import_id: int) -> dict[tuple[str, str], int]:
    """How many lines by verdict and reason."""
    rows = await connection.execute(
        text(
            "SELECT verdict, reason, count(*) AS lines FROM facility_import_row "
            "WHERE import_id = :id GROUP BY verdict, reason"
        ),
        {"id": import_id},
    )
    return {(row.verdict, row.reason): row.lines for row in rows}


async def undecided(connection: AsyncConnection, import_id: int) -> int:
    """How many doubtful lines wait for somebody."""
    found = await connection.scalar(
        text(
            "SELECT count(*) FROM facility_import_row WHERE import_id = :id "
            "AND verdict = 'doubtful' AND decision IS NULL"
        ),
        {"id": import_id},
    )
    return int(found or 0)


async def page(
    connection: AsyncConnection, import_id: int, verdict: str, *, after: int, limit: int
) -> list[Line]:
    """Lines with a verdict, in the order of the list."""
    rows = await connection.execute(
        text(f"{_LINES} AND r.verdict = :verdict AND r.line > :after ORDER BY r.line LIMIT :limit"),
        {"id": import_id, "verdict": verdict, "after": after, "limit": limit},
    )
    return [Line(**row._mapping) for row in rows]  # noqa: SLF001 - as above


async def every(connection: AsyncConnection, import_id: int) -> AsyncIterator[Line]:
    """All lines of a list, in its order."""
    rows = await connection.stream(text(f"{_LINES} ORDER BY r.line"), {"id": import_id})
    async for row in rows:
        yield Line(**row._mapping)  # noqa: SLF001 - as above


async def decide(
    connection: AsyncConnection, import_id: int, line: int, decision: Decision
) -> bool:
    """Say what a doubtful line is; whether there was such a line that is not settled yet."""
    done = await connection.execute(
        text(
            """
            UPDATE facility_import_row SET decision = :decision
            WHERE import_id = :id AND line = :line AND verdict = 'doubtful' AND done_at IS NULL
              AND (:decision <> 'same' OR place_id IS NOT NULL OR twin IS NOT NULL)
            """
        ),
        {"id": import_id, "line": line, "decision": decision},
    )
    return done.rowcount > 0


async def queue(connection: AsyncConnection, import_id: int) -> bool:
    """Have a checked list, or what was decided since, taken over; whether it could be."""
    done = await connection.execute(
        text(
            "UPDATE facility_import SET state = 'queued' "
            "WHERE id = :id AND state IN ('checked', 'done')"
        ),
        {"id": import_id},
    )
    return done.rowcount > 0
