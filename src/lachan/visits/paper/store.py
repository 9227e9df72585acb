"""All SQL of paper lists as pages ask it, in the name of whoever is signed in.

Row security lets those who typed a list see it, and tracers those of their areas; see migration
0011.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_PLACE = """
    SELECT p.id, p.name, p.kind, p.area, p.usual_stay_minutes, p.state, p.hours FROM place p
    WHERE p.id = :place
"""
_COVERED = """
    AND EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) AS root
                WHERE p.area = root OR starts_with(p.area, root || '.'))
"""
_LIST = """
    SELECT l.id, l.place_id, l.area, l.kind, l.typed_by_person, l.typed_by_officer, l.day,
           l.reading, l.state, l.row_count, l.rows_handled, l.created_at, p.name AS place_name
    FROM paper_list l JOIN place p ON p.id = l.place_id
"""


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """A place, as far as its lists care."""

    id: int
    name: str
    kind: str
    area: str
    usual_stay_minutes: int | None
    state: str
    hours: Sequence[int | None] | None


@dataclass(frozen=True, slots=True)
class PaperList:
    """A list with the name of its place. `reading` is what `columns.Reading` says, as JSON."""

    id: UUID
    place_id: int
    area: str
    kind: str
    typed_by_person: int | None
    typed_by_officer: int | None
    day: date
    reading: Mapping[str, Any]
    state: str
    row_count: int
    rows_handled: int
    created_at: datetime
    place_name: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row; what stands on it is sealed."""

    id: UUID
    list_id: UUID | None
    line: int | None
    place_id: int
    area: str
    room_id: int | None
    device_id: int | None
    typed_by_person: int | None
    typed_by_officer: int | None
    sealed: bytes
    direction: str
    arrived_at: datetime | None
    left_at: datetime | None
    state: str
    reasons: Sequence[str]
    decided_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to write."""

    id: UUID
    line: int
    room_id: int | None
    sealed: bytes
    row_index: bytes
    arrived_at: datetime | None
    left_at: datetime | None
    state: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Typist:
    """Who types or imports: a resident or an officer."""

    person: int | None
    officer: int | None


async def place(
    connection: AsyncConnection, place_id: int, roots: Sequence[str] | None
) -> PaperPlace | None:
    """A place; with `roots`, only when it lies in one of these areas."""
    where = "" if roots is None else _COVERED
    values = {"place": place_id, **({} if roots is None else {"roots": list(roots)})}
    row = (await connection.execute(text(_PLACE + where), values)).one_or_none()
    return None if row is None else PaperPlace(*row)


async def rooms(connection: AsyncConnection, place_id: int) -> list[tuple[int, str]]:
    """The rooms of a place as (id, name)."""
    found = await connection.execute(
        text("SELECT id, name FROM room WHERE place_id = :place ORDER BY id"), {"place": place_id}
    )
    return [(row.id, row.name) for row in found]


def _list(row: Row[Any]) -> PaperList:
    columns: list[Any] = list(row)
    return PaperList(*columns)


async def find_list(connection: AsyncConnection, list_id: UUID) -> PaperList | None:
    """A list that the asker may see."""
    row = await connection.execute(text(f"{_LIST} WHERE l.id = :id"), {"id": list_id})
    found = row.one_or_none()
    return None if found is None else _list(found)


async def lists_of_place(
    connection: AsyncConnection, place_id: int, typist: Typist, *, limit: int
) -> list[PaperList]:
    """The typist's lists of a place, newest first."""
    rows = await connection.execute(
        text(
            f"{_LIST} WHERE l.place_id = :place AND (l.typed_by_person = :person"
            " OR l.typed_by_officer = :officer) ORDER BY l.created_at DESC, l.id LIMIT :limit"
        ),
        {
            "place": place_id,
            "person": typist.person,
            "officer": typist.officer,
            "limit": limit,
        },
    )
    return [_list(row) for row in rows]


async def find_file(
    connection: AsyncConnection, place_id: int, typist: Typist, content_index: bytes
) -> UUID | None:
    """The typist's list made from the very same file."""
    found: UUID | None = await connection.scalar(
        text(
            "SELECT id FROM paper_list WHERE place_id = :place AND content_index = :index"
            " AND (typed_by_person = :person OR typed_by_officer = :officer)"
        ),
        {
            "place": place_id,
            "index": content_index,
            "person": typist.person,
            "officer": typist.officer,
        },
    )
    return found


async def add_list(
    connection: AsyncConnection,
    list_id: UUID,
    place_: PaperPlace,
    typist: Typist,
    *,
    kind: str,
    day: date,
    state: str,
    content_index: bytes | None = None,
    sealed: bytes | None = None,
    reading: Mapping[str, object] | None = None,
    row_count: int = 0,
) -> None:
    """Write a list; one that is there already stays as it is."""
    await connection.execute(
        text(
            """
            INSERT INTO paper_list (id, place_id, area, kind, typed_by_person, typed_by_officer,
                                    day, content_index, sealed, reading, state, row_count)
            VALUES (:id, :place, :area, :kind, :person, :officer, :day, :index, :sealed,
                    CAST(:reading AS jsonb), :state, :row_count)
            ON CONFLICT DO NOTHING
            """
        ),
        {
            "id": list_id,
            "place": place_.id,
            "area": place_.area,
            "kind": kind,
            "person": typist.person,
            "officer": typist.officer,
            "day": day,
            "index": content_index,
            "sealed": sealed,
            "reading": orjson.dumps(dict(reading or {})).decode(),
            "state": state,
            "row_count": row_count,
        },
    )


async def typed_list(
    connection: AsyncConnection, place_id: int, typist: Typist, day: date
) -> PaperList | None:
    """The list of what the typist typed at a place on a day; locked for this transaction."""
    rows = await connection.execute(
        text(
            f"{_LIST} WHERE l.kind = 'typed' AND l.place_id = :place AND l.day = :day"
            " AND (l.typed_by_person = :person OR l.typed_by_officer = :officer)"
            " FOR UPDATE OF l"
        ),
        {"place": place_id, "day": day, "person": typist.person, "officer": typist.officer},
    )
    row = rows.one_or_none()
    return None if row is None else _list(row)


async def read_table(connection: AsyncConnection, list_id: UUID) -> bytes | None:
    """The sealed table of a list that is not confirmed yet."""
    found: bytes | None = await connection.scalar(
        text("SELECT sealed FROM paper_list WHERE id = :id"), {"id": list_id}
    )
    return found


async def set_reading(
    connection: AsyncConnection, list_id: UUID, reading: Mapping[str, object], state: str
) -> None:
    """Read a list another way; its rows are drawn up anew."""
    await connection.execute(text("DELETE FROM paper_row WHERE list_id = :id"), {"id": list_id})
    await connection.execute(
        text(
            "UPDATE paper_list SET reading = CAST(:reading AS jsonb), state = :state,"
            " rows_handled = 0 WHERE id = :id"
        ),
        {"id": list_id, "reading": orjson.dumps(dict(reading)).decode(), "state": state},
    )


async def confirm(connection: AsyncConnection, list_id: UUID) -> bool:
    """Let the rows of a checked list be taken; False when it is not (or no longer) checked."""
    done = await connection.execute(
        text(
            "UPDATE paper_list SET state = 'taking', sealed = NULL, rows_handled = 0"
            " WHERE id = :id AND state = 'checked'"
        ),
        {"id": list_id},
    )
    return done.rowcount > 0


async def discard(connection: AsyncConnection, list_id: UUID) -> bool:
    """Forget a list that was never confirmed; False when it was."""
    done = await connection.execute(
        text(
            "DELETE FROM paper_list WHERE id = :id"
            " AND state IN ('mapping', 'checking', 'checked', 'failed')"
        ),
        {"id": list_id},
    )
    return done.rowcount > 0


async def touch_typed(connection: AsyncConnection, list_id: UUID) -> None:
    """Count one more row of a typed list."""
    await connection.execute(
        text("UPDATE paper_list SET row_count = row_count + 1 WHERE id = :id"), {"id": list_id}
    )
