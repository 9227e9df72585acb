"""SQL of rows: typed ones, those that devices left, and those that wait for a person."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.paper.store import NewRow, PaperList, PaperRow, Typist

_HOLD = text(
    """
    INSERT INTO paper_row (id, place_id, area, room_id, device_id, sealed, direction, arrived_at,
                           state, reasons)
    SELECT :id, p.id, p.area, :room, :device, :sealed, :direction, :at, 'doubtful', :reasons
    FROM place p WHERE p.id = :place
    ON CONFLICT DO NOTHING
    """
)
_ROW = """
    SELECT r.id, r.list_id, r.line, r.place_id, r.area, r.room_id, r.device_id, r.typed_by_person,
           r.typed_by_officer, r.sealed, r.direction, r.arrived_at, r.left_at, r.state, r.reasons,
           r.decided_at, r.created_at
    FROM paper_row r
"""


async def hold(connection: AsyncConnection, row: Mapping[str, object]) -> None:
    """Keep a row that a device could not settle; the same id again changes nothing."""
    await connection.execute(_HOLD, dict(row))


async def count(
    connection: AsyncConnection, list_id: UUID
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Rows of a list by state, and by (state, reason)."""
    states: dict[str, int] = {}
    rows = await connection.execute(
        text("SELECT state, count(*) AS n FROM paper_row WHERE list_id = :id GROUP BY 1"),
        {"id": list_id},
    )
    for row in rows:
        states[row.state] = row.n
    reasons: dict[tuple[str, str], int] = {}
    found = await connection.execute(
        text(
            "SELECT state, reason, count(*) AS n FROM paper_row, unnest(reasons) AS reason"
            " WHERE list_id = :id GROUP BY 1, 2 ORDER BY 3 DESC, 2"
        ),
        {"id": list_id},
    )
    for row in found:
        reasons[row.state, row.reason] = row.n
    return states, reasons


async def rows_of_list(
    connection: AsyncConnection,
    list_id: UUID,
    *,
    states: Sequence[str] = (),
    after: int = 0,
    limit: int,
    newest_first: bool = False,
) -> list[PaperRow]:
    """Rows of a list in the order of their lines, from after the line `after`."""
    where = "r.list_id = :list AND r.line > :after"
    if states:
        where += " AND r.state = ANY (CAST(:states AS text[]))"
    order = "DESC" if newest_first else "ASC"
    values: dict[str, object] = {"list": list_id, "after": after, "limit": limit}
    if states:
        values["states"] = list(states)
    rows = await connection.execute(
        text(f"{_ROW} WHERE {where} ORDER BY r.line {order} LIMIT :limit"), values
    )
    return [PaperRow(*row) for row in rows]


async def find_row(connection: AsyncConnection, row_id: UUID) -> PaperRow | None:
    """A row that the asker may see, locked for this transaction."""
    rows = await connection.execute(
        text(f"{_ROW} WHERE r.id = :id FOR UPDATE OF r"), {"id": row_id}
    )
    row = rows.one_or_none()
    return None if row is None else PaperRow(*row)


async def last_line(connection: AsyncConnection, list_id: UUID) -> int:
    """The number of the last line of a list."""
    return int(
        await connection.scalar(
            text("SELECT coalesce(max(line), 0) FROM paper_row WHERE list_id = :id"),
            {"id": list_id},
        )
    )


async def add_row(connection: AsyncConnection, of: PaperList, typist: Typist, row: NewRow) -> bool:
    """Write one typed row; False when it is there already."""
    done = await connection.execute(
        text(
            """
            INSERT INTO paper_row (id, list_id, line, place_id, area, room_id, typed_by_person,
              typed_by_officer, sealed, row_index, arrived_at, left_at, state, reasons)
            VALUES (:id, :list, :line, :place, :area, :room, :person, :officer, :sealed, :index,
              :arrived, :left, :state, :reasons)
            ON CONFLICT DO NOTHING
            """
        ),
        {
            "id": row.id,
            "list": of.id,
            "line": row.line,
            "place": of.place_id,
            "area": of.area,
            "room": row.room_id,
            "person": typist.person,
            "officer": typist.officer,
            "sealed": row.sealed,
            "index": row.row_index,
            "arrived": row.arrived_at,
            "left": row.left_at,
            "state": row.state,
            "reasons": list(row.reasons),
        },
    )
    return done.rowcount > 0


async def typed_before(
    connection: AsyncConnection, place_id: int, typist: Typist, row_index: bytes, but: UUID
) -> bool:
    """Whether the same typist wrote the same line before, in whichever list of the place."""
    return bool(
        await connection.scalar(
            text(
                """
                SELECT EXISTS (SELECT FROM paper_row r JOIN paper_list l ON l.id = r.list_id
                  WHERE r.place_id = :place AND r.row_index = :index AND r.id <> :but
                    AND r.state <> 'refused' AND l.state IN ('open', 'taking', 'done')
                    AND (r.typed_by_person = :person OR r.typed_by_officer = :officer))
                """
            ),
            {
                "place": place_id,
                "index": row_index,
                "but": but,
                "person": typist.person,
                "officer": typist.officer,
            },
        )
    )


async def rewrite_row(
    connection: AsyncConnection, row_id: UUID, row: Mapping[str, object], typist: Typist
) -> None:
    """Settle a row: what stands on it now, what is to become of it, and who said so."""
    await connection.execute(
        text(
            """
            UPDATE paper_row SET sealed = :sealed, row_index = :index, room_id = :room,
              direction = :direction, arrived_at = :arrived, left_at = :left, state = :state,
              reasons = CAST(:reasons AS text[]), decided_by_person = :person,
              decided_by_officer = :officer, decided_at = now()
            WHERE id = :id
            """
        ),
        {**row, "id": row_id, "person": typist.person, "officer": typist.officer},
    )


async def accept_all(
    connection: AsyncConnection,
    reason: str,
    typist: Typist,
    *,
    list_id: UUID | None = None,
    place_id: int | None = None,
) -> int:
    """Accept all rows that wait for this one reason and nothing else; how many."""
    done = await connection.execute(
        text(
            """
            UPDATE paper_row SET state = 'ready', decided_by_person = :person,
              decided_by_officer = :officer, decided_at = now()
            WHERE state = 'doubtful' AND reasons <@ CAST(:reasons AS text[])
              AND CAST(:reason AS text) = ANY (reasons) AND arrived_at IS NOT NULL
              AND (list_id IS NULL OR list_id IN
                   (SELECT id FROM paper_list WHERE state IN ('open', 'taking', 'done')))
              AND (CAST(:list AS uuid) IS NULL OR list_id = :list)
              AND (CAST(:place AS bigint) IS NULL OR place_id = :place)
            """
        ),
        {
            "reason": reason,
            "reasons": [reason, "room-unknown"],
            "list": list_id,
            "place": place_id,
            "person": typist.person,
            "officer": typist.officer,
        },
    )
    return done.rowcount


async def waiting_places(
    connection: AsyncConnection, roots: Sequence[str], *, limit: int
) -> list[Row[Any]]:
    """Places of the areas with rows that wait for a decision: id, name, doubtful, overlaps."""
    rows = await connection.execute(
        text(
            """
            SELECT p.id, p.name, a.full_name AS area_name, w.doubtful, w.overlaps
            FROM (
              SELECT place_id, count(*) FILTER (WHERE state = 'doubtful') AS doubtful,
                     count(*) FILTER (WHERE state = 'accepted') AS overlaps
              FROM (
                SELECT r.place_id, r.state FROM paper_row r
                LEFT JOIN paper_list l ON l.id = r.list_id
                WHERE r.state = 'doubtful'
                  AND (l.id IS NULL OR l.state IN ('open', 'taking', 'done')) AND EXISTS (
                  SELECT FROM unnest(CAST(:roots AS text[])) AS root
                  WHERE r.area = root OR starts_with(r.area, root || '.'))
                UNION ALL
                SELECT r.place_id, r.state FROM paper_match m JOIN paper_row r ON r.id = m.row_id
                WHERE m.state = 'overlap' AND r.state = 'accepted' AND EXISTS (
                  SELECT FROM unnest(CAST(:roots AS text[])) AS root
                  WHERE m.area = root OR starts_with(m.area, root || '.'))
              ) AS waiting GROUP BY place_id
            ) AS w JOIN place p ON p.id = w.place_id JOIN area a ON a.path = p.area
            ORDER BY w.doubtful + w.overlaps DESC, p.id LIMIT :limit
            """
        ),
        {"roots": list(roots), "limit": limit},
    )
    return list(rows)


async def waiting_rows(
    connection: AsyncConnection, place_id: int, *, after: UUID | None, limit: int
) -> list[tuple[PaperRow, bool]]:
    """Rows of a place that wait for a tracer, and whether it is for an overlap."""
    rows = await connection.execute(
        text(
            f"""
            SELECT * FROM (
              {_ROW.replace("FROM paper_row r", ", false AS overlap FROM paper_row r")}
              LEFT JOIN paper_list l ON l.id = r.list_id
              WHERE r.place_id = :place AND r.state = 'doubtful'
                AND (l.id IS NULL OR l.state IN ('open', 'taking', 'done'))
              UNION ALL
              {_ROW.replace("FROM paper_row r", ", true AS overlap FROM paper_row r")}
              JOIN paper_match m ON m.row_id = r.id
              WHERE r.place_id = :place AND r.state = 'accepted' AND m.state = 'overlap'
            ) AS waiting
            WHERE CAST(:after AS uuid) IS NULL OR id > :after
            ORDER BY id LIMIT :limit
            """  # noqa: S608 - constants of this file
        ),
        {"place": place_id, "after": after, "limit": limit},
    )
    return [(PaperRow(*list(row)[:-1]), bool(row.overlap)) for row in rows]


async def match_of(connection: AsyncConnection, row_id: UUID) -> Row[Any] | None:
    """Who a row turned out to be, for tracers: person_id, state."""
    rows = await connection.execute(
        text("SELECT person_id, state FROM paper_match WHERE row_id = :id"), {"id": row_id}
    )
    return rows.one_or_none()


async def settle_match(connection: AsyncConnection, row_id: UUID, state: str, officer: int) -> None:
    """Say what becomes of a row whose person seemed to be elsewhere."""
    await connection.execute(
        text(
            "UPDATE paper_match SET state = :state, decided_by_officer = :officer,"
            " decided_at = now() WHERE row_id = :id AND state = 'overlap'"
        ),
        {"id": row_id, "state": state, "officer": officer},
    )


async def refuse_row(
    connection: AsyncConnection, row_id: UUID, sealed: bytes, reasons: Sequence[str], by: Typist
) -> None:
    """Refuse a row for good; the row itself is kept, with the reason that was given."""
    await connection.execute(
        text(
            """
            UPDATE paper_row SET sealed = :sealed, state = 'refused',
              reasons = CAST(:reasons AS text[]), decided_by_person = :person,
              decided_by_officer = :officer, decided_at = now() WHERE id = :id
            """
        ),
        {
            "id": row_id,
            "sealed": sealed,
            "reasons": list(reasons),
            "person": by.person,
            "officer": by.officer,
        },
    )


async def own_waiting(
    connection: AsyncConnection, place_id: int, by: Typist, *, limit: int
) -> list[PaperRow]:
    """Doubtful rows of a place that somebody wrote, in lists that count."""
    rows = await connection.execute(
        text(
            f"{_ROW} JOIN paper_list l ON l.id = r.list_id WHERE r.place_id = :place"
            " AND r.state = 'doubtful' AND l.state IN ('open', 'taking', 'done')"
            " AND (r.typed_by_person = :person OR r.typed_by_officer = :officer)"
            " ORDER BY r.created_at, r.line, r.id LIMIT :limit"
        ),
        {"place": place_id, "person": by.person, "officer": by.officer, "limit": limit},
    )
    return [PaperRow(*row) for row in rows]
