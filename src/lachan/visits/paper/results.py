"""SQL of the worker: rows of a file written as they are checked, rows taken as visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Row, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.paper.store import NewRow

_TO_CHECK = text(
    """
    SELECT l.id, l.place_id, l.area, l.typed_by_person, l.typed_by_officer, l.day, l.reading,
           l.sealed, p.kind AS place_kind, p.usual_stay_minutes, p.hours
    FROM paper_list l JOIN place p ON p.id = l.place_id
    WHERE l.id = :id AND l.state = 'checking'
    """
)
_ADD_ROWS = text(
    """
    INSERT INTO paper_row (id, list_id, line, place_id, area, room_id, typed_by_person,
                           typed_by_officer, sealed, row_index, arrived_at, left_at, state, reasons)
    SELECT u.id, l.id, u.line, l.place_id, l.area, u.room, l.typed_by_person, l.typed_by_officer,
           u.sealed, u.index, u.arrived, u.left_at, u.state, string_to_array(u.reasons, ',')
    FROM paper_list l, unnest(CAST(:ids AS uuid[]), CAST(:lines AS integer[]),
      CAST(:rooms AS bigint[]), CAST(:sealed AS bytea[]), CAST(:indexes AS bytea[]),
      CAST(:arrived AS timestamptz[]), CAST(:left AS timestamptz[]), CAST(:states AS text[]),
      CAST(:reasons AS text[]))
      AS u (id, line, room, sealed, index, arrived, left_at, state, reasons)
    WHERE l.id = :list
    ON CONFLICT DO NOTHING
    """
)
_KNOWN_ROWS = text(
    """
    SELECT DISTINCT r.row_index FROM paper_row r JOIN paper_list l ON l.id = r.list_id
    WHERE r.place_id = :place AND r.row_index = ANY (CAST(:indexes AS bytea[]))
      AND r.list_id <> :list AND r.state <> 'refused' AND l.state IN ('open', 'taking', 'done')
      AND (r.typed_by_person = :person OR r.typed_by_officer = :officer)
    """
)
# Rows that wait for us: of lists that somebody confirmed, and settled ones that a device left; and
# those that a tracer let through although the person seemed to be elsewhere.
_TO_TAKE = text(
    """
    SELECT r.id, r.list_id, r.place_id, r.area, r.room_id, r.device_id, r.sealed, r.row_index,
           r.direction, r.arrived_at, r.left_at, r.reasons, r.decided_at, p.kind AS place_kind,
           p.name AS place_name, p.usual_stay_minutes, p.hours, p.drill_id, m.person_id, m.enrolled,
           m.state AS match_state
    FROM paper_row r JOIN place p ON p.id = r.place_id
    LEFT JOIN paper_list l ON l.id = r.list_id
    LEFT JOIN paper_match m ON m.row_id = r.id
    WHERE (CAST(:list AS uuid) IS NULL OR r.list_id = :list)
      AND ((r.state = 'ready' AND (l.id IS NULL OR l.state IN ('open', 'taking', 'done')))
           OR (r.state = 'accepted' AND m.state = 'approved'))
    ORDER BY r.list_id, r.line, r.id LIMIT :limit FOR UPDATE OF r SKIP LOCKED
    """
).bindparams(bindparam("list", type_=Uuid))
_OVERLAPS = text(
    """
    SELECT u.n FROM unnest(:people, :places, :starts, :ends) WITH ORDINALITY
      AS u (person_id, place_id, starts, ends, n)
    WHERE EXISTS (
      SELECT FROM visit v WHERE v.person_id = u.person_id AND v.place_id <> u.place_id
        AND v.started_at < u.ends AND v.ends_at > u.starts
        AND v.started_at > u.starts - interval '24 hours'
        AND (v.end_source NOT IN ('expected', 'next_arrival') OR v.started_at > u.starts))
    """
).bindparams(
    bindparam("people", type_=ARRAY(BigInteger)),
    bindparam("places", type_=ARRAY(BigInteger)),
    bindparam("starts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
)
_SETTLE = text(
    """
    UPDATE paper_row r SET state = u.state,
      reasons = CASE WHEN u.reason <> '' THEN array_append(r.reasons, u.reason) ELSE r.reasons END
    FROM unnest(:ids, :states, :reasons) AS u (id, state, reason) WHERE r.id = u.id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("states", type_=ARRAY(Text)),
    bindparam("reasons", type_=ARRAY(Text)),
)
_MATCH = text(
    """
    INSERT INTO paper_match (row_id, area, person_id, enrolled, name_index, visit_id, visit_day,
                             state)
    SELECT * FROM unnest(CAST(:rows AS uuid[]), CAST(:areas AS text[]), CAST(:people AS bigint[]),
      CAST(:enrolled AS boolean[]), CAST(:names AS bytea[]), CAST(:visits AS uuid[]),
      CAST(:days AS date[]), CAST(:states AS text[]))
    ON CONFLICT (row_id) DO UPDATE SET visit_id = excluded.visit_id,
      visit_day = excluded.visit_day, state = excluded.state
    """
)


@dataclass(frozen=True, slots=True)
class Match:
    """Who a row turned out to be, and the visit that it made."""

    row_id: UUID
    area: str
    person_id: int
    enrolled: bool
    name_index: bytes | None
    visit_id: UUID | None
    visit_day: date | None
    state: str


async def to_check(connection: AsyncConnection, list_id: UUID) -> Row[Any] | None:
    """A list whose table is to be read, with its place."""
    return (await connection.execute(_TO_CHECK, {"id": list_id})).one_or_none()


async def add_rows(connection: AsyncConnection, list_id: UUID, rows: Sequence[NewRow]) -> None:
    """Write rows of a list and note how far its reading is."""
    await connection.execute(
        _ADD_ROWS,
        {
            "list": list_id,
            "ids": [row.id for row in rows],
            "lines": [row.line for row in rows],
            "rooms": [row.room_id for row in rows],
            "sealed": [row.sealed for row in rows],
            "indexes": [row.row_index for row in rows],
            "arrived": [row.arrived_at for row in rows],
            "left": [row.left_at for row in rows],
            "states": [row.state for row in rows],
            "reasons": [",".join(row.reasons) for row in rows],
        },
    )
    await connection.execute(
        text("UPDATE paper_list SET rows_handled = rows_handled + :n WHERE id = :id"),
        {"n": len(rows), "id": list_id},
    )


async def known_rows(
    connection: AsyncConnection, one: Row[Any], indexes: Sequence[bytes]
) -> set[bytes]:
    """Which of `indexes` the same typist brought before, in other lists of the place."""
    rows = await connection.execute(
        _KNOWN_ROWS,
        {
            "place": one.place_id,
            "list": one.id,
            "person": one.typed_by_person,
            "officer": one.typed_by_officer,
            "indexes": list(indexes),
        },
    )
    return {bytes(row.row_index) for row in rows}


async def clear_rows(connection: AsyncConnection, list_id: UUID) -> None:
    """Begin the reading of a list anew."""
    await connection.execute(text("DELETE FROM paper_row WHERE list_id = :id"), {"id": list_id})
    await connection.execute(
        text("UPDATE paper_list SET rows_handled = 0 WHERE id = :id"), {"id": list_id}
    )


async def set_state(connection: AsyncConnection, list_id: UUID, state: str, rows: int) -> None:
    """Say where a list stands, and how many rows it has."""
    await connection.execute(
        text("UPDATE paper_list SET state = :state, row_count = :rows WHERE id = :id"),
        {"id": list_id, "state": state, "rows": rows},
    )


async def fail(connection: AsyncConnection, list_id: UUID) -> None:
    """Say that a list could not be read; it can be read again, another way."""
    await connection.execute(
        text("UPDATE paper_list SET state = 'failed' WHERE id = :id AND state = 'checking'"),
        {"id": list_id},
    )


async def to_take(
    connection: AsyncConnection, list_id: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Rows to take, locked."""
    return (await connection.execute(_TO_TAKE, {"list": list_id, "limit": limit})).all()


async def people_by_name(connection: AsyncConnection, indexes: Sequence[bytes]) -> dict[bytes, int]:
    """Who was enrolled under these names of lists."""
    rows = await connection.execute(
        text(
            "SELECT DISTINCT ON (name_index) name_index, person_id FROM paper_match"
            " WHERE name_index = ANY (CAST(:indexes AS bytea[])) ORDER BY name_index, person_id"
        ),
        {"indexes": list(indexes)},
    )
    return {bytes(row.name_index): row.person_id for row in rows}


async def overlaps(
    connection: AsyncConnection, stays: Sequence[tuple[int, int, datetime, datetime]]
) -> set[int]:
    """Which of (person, place, start, end), by position, meet a visit of theirs elsewhere.

    An end that nobody told is no evidence: whoever is seen elsewhere had left.
    """
    rows = await connection.execute(
        _OVERLAPS,
        {
            "people": [stay[0] for stay in stays],
            "places": [stay[1] for stay in stays],
            "starts": [stay[2] for stay in stays],
            "ends": [stay[3] for stay in stays],
        },
    )
    return {row.n - 1 for row in rows}


async def settle(connection: AsyncConnection, settled: Mapping[UUID, tuple[str, str]]) -> None:
    """Give rows a state, and a reason where it is not empty."""
    await connection.execute(
        _SETTLE,
        {
            "ids": list(settled),
            "states": [state for state, _ in settled.values()],
            "reasons": [reason for _, reason in settled.values()],
        },
    )


async def write_matches(connection: AsyncConnection, matches: Sequence[Match]) -> None:
    """Note who rows turned out to be."""
    await connection.execute(
        _MATCH,
        {
            "rows": [one.row_id for one in matches],
            "areas": [one.area for one in matches],
            "people": [one.person_id for one in matches],
            "enrolled": [one.enrolled for one in matches],
            "names": [one.name_index for one in matches],
            "visits": [one.visit_id for one in matches],
            "days": [one.visit_day for one in matches],
            "states": [one.state for one in matches],
        },
    )


async def note_progress(connection: AsyncConnection, handled: Mapping[UUID, int]) -> None:
    """Count rows as handled; a list of which none is left to take is done."""
    for list_id, rows in handled.items():
        await connection.execute(
            text("UPDATE paper_list SET rows_handled = rows_handled + :rows WHERE id = :id"),
            {"id": list_id, "rows": rows},
        )


async def finish_lists(connection: AsyncConnection) -> None:
    """Lists of which every row is settled, or waits for a person, are done."""
    await connection.execute(
        text(
            """
            UPDATE paper_list l SET state = 'done', rows_handled = row_count
            WHERE state = 'taking' AND NOT EXISTS
              (SELECT FROM paper_row r WHERE r.list_id = l.id AND r.state = 'ready')
            """
        )
    )


async def set_drill(connection: AsyncConnection, person_id: int, drill_id: int) -> None:
    """Let somebody first named on a drill's list go with the drill."""
    await connection.execute(
        text("UPDATE person SET drill_id = :drill WHERE id = :person"),
        {"drill": drill_id, "person": person_id},
    )
