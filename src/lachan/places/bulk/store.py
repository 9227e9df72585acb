"""All SQL of registering many places but the worker's: what is known, the list, what it made."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Row as SqlRow
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.crypto import Keyring
from lachan.places.bulk.domain import Row, Ward
from lachan.places.reviews.domain import Names

State = Literal["checked", "queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Import:
    """A list that was sent, as its sender sees it."""

    id: int
    file_name: str
    rows: int
    report: dict[str, Any]
    size: Literal["a4", "a5"]
    state: State
    made: int
    printed: int
    created_at: datetime
    finished_at: datetime | None


async def wards(connection: AsyncConnection) -> list[Ward]:
    """Every ward with its names and its province's."""
    rows = await connection.execute(
        text(
            """
            SELECT a.path, a.name, a.full_name, a.name_en, p.name AS p_name,
                   p.full_name AS p_full, p.name_en AS p_en, p.code AS p_code
            FROM area a JOIN area p ON p.path = a.parent WHERE a.level = 2
            """
        )
    )
    return [
        Ward(
            row.path,
            tuple(filter(None, (row.name, row.full_name, row.name_en))),
            tuple(filter(None, (row.p_name, row.p_full, row.p_en, row.p_code))),
        )
        for row in rows
    ]


async def names_by_ward(
    connection: AsyncConnection, areas: Sequence[str], *, run_by: int | None
) -> tuple[dict[str, Names], dict[str, Names]]:
    """Names of open places in each of `areas`: those that `run_by` runs, and those of others."""
    rows = await connection.execute(
        text(
            """
            SELECT p.id, p.name, p.area, s.person_id IS NOT NULL AS own FROM place p
            LEFT JOIN place_staff s ON s.place_id = p.id AND s.person_id = :person
            WHERE p.area = ANY (:areas) AND p.state = 'active' AND p.drill_id IS NULL
            """
        ),
        {"areas": list(areas), "person": run_by},
    )
    own: defaultdict[str, Names] = defaultdict(Names)
    others: defaultdict[str, Names] = defaultdict(Names)
    for row in rows:
        (own if row.own else others)[row.area].add(row.id, row.name)
    return own, others


async def add(
    connection: AsyncConnection,
    *,
    person_id: int | None,
    officer_id: int | None,
    file_name: str,
    rows: Sequence[Row],
    report: Mapping[str, Any],
) -> int:
    """Keep a checked list; its id."""
    found = await connection.scalar(
        text(
            """
            INSERT INTO place_import (person_id, officer_id, file_name, rows, report)
            VALUES (:person, :officer, :file_name, CAST(:rows AS jsonb), CAST(:report AS jsonb))
            RETURNING id
            """
        ),
        {
            "person": person_id,
            "officer": officer_id,
            "file_name": file_name,
            # Numbers are kept apart, sealed: see `keep_phones`.
            "rows": orjson.dumps([{**asdict(row), "operator": None} for row in rows]).decode(),
            "report": orjson.dumps(dict(report)).decode(),
        },
    )
    assert isinstance(found, int)
    return found


def sealed_about(import_id: int) -> str:
    """What the sealed numbers of a list are bound to."""
    return f"place_import:{import_id}"


async def keep_phones(
    connection: AsyncConnection, keyring: Keyring, import_id: int, phones: Mapping[int, str]
) -> None:
    """Keep the numbers of those who will run the places, by line, until they are asked."""
    plain = orjson.dumps({str(line): phone for line, phone in phones.items()})
    await connection.execute(
        text("UPDATE place_import SET sealed = :sealed WHERE id = :id"),
        {"id": import_id, "sealed": keyring.seal(plain, about=sealed_about(import_id))},
    )


_IMPORT = """
    SELECT id, file_name, jsonb_array_length(rows) AS rows, report, size, state, made, printed,
           created_at, finished_at
    FROM place_import
"""


def _import(row: SqlRow[Any]) -> Import:
    return Import(
        row.id, row.file_name, row.rows, row.report, row.size, row.state, row.made, row.printed,
        row.created_at, row.finished_at,
    )  # fmt: skip


async def get(connection: AsyncConnection, import_id: int) -> Import | None:
    """A list that the asker sent."""
    row = (
        await connection.execute(text(f"{_IMPORT} WHERE id = :id"), {"id": import_id})
    ).one_or_none()
    return None if row is None else _import(row)


async def recent(connection: AsyncConnection, *, limit: int = 10) -> list[Import]:
    """Lists that the asker sent, newest first."""
    rows = await connection.execute(
        text(f"{_IMPORT} ORDER BY id DESC LIMIT :limit"), {"limit": limit}
    )
    return [_import(row) for row in rows]


async def queue(connection: AsyncConnection, import_id: int, size: str) -> int:
    """Move a checked list on; how many that were."""
    done = await connection.execute(
        text(
            "UPDATE place_import SET state = 'queued', size = :size "
            "WHERE id = :id AND state = 'checked'"
        ),
        {"id": import_id, "size": size},
    )
    return done.rowcount


async def made_places(
    connection: AsyncConnection, import_id: int
) -> AsyncIterator[tuple[int, str, str, str, str, str]]:
    """Line, name, room, ward, province and code of all that a list made, by line."""
    rows = await connection.stream(
        text(
            """
            SELECT m.line, p.name, coalesce(r.name, '') AS room, a.full_name AS ward,
                   coalesce(u.full_name, '') AS province, c.code
            FROM place_import_place m
            JOIN place p ON p.id = m.place_id
            JOIN area a ON a.path = p.area LEFT JOIN area u ON u.path = a.parent
            JOIN place_code c ON c.place_id = p.id AND c.revoked_at IS NULL
            LEFT JOIN room r ON r.id = c.room_id
            WHERE m.import_id = :id ORDER BY m.line, r.id NULLS FIRST
            """
        ),
        {"id": import_id},
    )
    async for row in rows:
        yield row.line, row.name, row.room, row.ward, row.province, row.code


async def pdf_parts(connection: AsyncConnection, import_id: int) -> AsyncIterator[bytes]:
    """The PDF of a list, piece by piece."""
    parts = await connection.scalars(
        text("SELECT part FROM place_import_pdf WHERE import_id = :id ORDER BY part"),
        {"id": import_id},
    )
    for part in parts.all():
        content = await connection.scalar(
            text("SELECT content FROM place_import_pdf WHERE import_id = :id AND part = :part"),
            {"id": import_id, "part": part},
        )
        yield bytes(content or b"")
