"""All SQL of the worker that reads a list of facilities and takes it over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row as SqlRow
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.importing.domain import Row
from lachan.safety.importing.matching import Candidate
from lachan.safety.importing.models import facility_import_row

LOCK: Final = 0x1ACA0004
"""One list at a time is taken over: two would not see each other's places."""


@dataclass(frozen=True, slots=True)
class Task:
    """A list that the worker has before it; in `roots` its sender may register places now.

    None: it was sent at the command line, for the whole country.
    """

    id: int
    roots: list[str] | None
    file_name: str
    source: str
    kinds: list[str]
    state: str
    checked_at: datetime | None


async def task(connection: AsyncConnection, import_id: int) -> Task | None:
    """A list by its id."""
    row = (
        await connection.execute(
            text(
                "SELECT id, lachan_import_roots(id) AS roots, file_name, source, kinds, state, "
                "checked_at FROM facility_import WHERE id = :id"
            ),
            {"id": import_id},
        )
    ).one_or_none()
    return None if row is None else Task(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def content(connection: AsyncConnection, import_id: int) -> bytes | None:
    """The file, while it is kept."""
    found = await connection.scalar(
        text("SELECT content FROM facility_import WHERE id = :id"), {"id": import_id}
    )
    return None if found is None else bytes(found)


async def outlines(connection: AsyncConnection) -> list[tuple[str, bytes]]:
    """Paths and outlines (WKB) of all wards."""
    rows = await connection.execute(
        text("SELECT path, geometry FROM area_outline WHERE path LIKE 'VN.__._____' ORDER BY path")
    )
    return [(row.path, bytes(row.geometry)) for row in rows]


_PLACE = "p.id, p.name, p.kind, p.area, p.lat, p.lon"
_INSIDE: Final = "(CAST(:roots AS text[]) IS NULL OR lachan_covers(CAST(:roots AS text[]), p.area))"
"""Whether the sender may write to a place; asked anew by every statement that writes to one."""
_MAKES: Final = "(verdict = 'new' OR (verdict = 'doubtful' AND decision = 'new'))"
"""Whether a line becomes a place: it is new, or a person said so."""


def _candidate(row: SqlRow[Any]) -> Candidate:
    return Candidate(row.name, row.kind, row.area, row.lat, row.lon, place_id=row.id)


async def by_refs(
    connection: AsyncConnection, source: str, refs: Sequence[str]
) -> dict[str, Candidate]:
    """Places by their number in a register, wherever in the country they are."""
    rows = await connection.execute(
        text(
            f"SELECT s.ref, {_PLACE} FROM place_source s JOIN place p ON p.id = s.place_id "  # noqa: S608 - our own words
            "WHERE s.source = :source AND s.ref = ANY (:refs)"
        ),
        {"source": source, "refs": list(refs)},
    )
    return {row.ref: _candidate(row) for row in rows}


async def near(
    connection: AsyncConnection, cells: Iterable[int], areas: Iterable[str]
) -> list[Candidate]:
    """Open places in any of the cells or wards."""
    rows = await connection.execute(
        text(
            f"""
            SELECT {_PLACE} FROM place p WHERE p.h3 = ANY (:cells)
              AND p.state = 'active' AND p.drill_id IS NULL
            UNION
            SELECT {_PLACE} FROM place p WHERE p.area = ANY (:areas)
              AND p.state = 'active' AND p.drill_id IS NULL
            """  # noqa: S608 - our own words
        ),
        {"cells": list(cells), "areas": list(areas)},
    )
    return [_candidate(row) for row in rows]


async def made_since(
    connection: AsyncConnection, import_id: int, since: datetime
) -> list[Candidate]:
    """Open places that were registered after a list was checked, those of the list left out."""
    rows = await connection.execute(
        text(
            f"""
            SELECT {_PLACE} FROM place p
            WHERE p.created_at > :since AND p.state = 'active' AND p.drill_id IS NULL
              AND NOT EXISTS (SELECT FROM facility_import_row r WHERE r.place_id = p.id
                              AND r.import_id = :id AND r.done_at IS NOT NULL)
            """  # noqa: S608 - our own words
        ),
        {"id": import_id, "since": since},
    )
    return [_candidate(row) for row in rows]


async def write_rows(connection: AsyncConnection, import_id: int, rows: Sequence[Row]) -> None:
    """Keep what would come of some lines, and how far the reading is."""
    if not rows:
        return
    await connection.execute(
        insert(facility_import_row), [{"import_id": import_id, **asdict(row)} for row in rows]
    )
    await connection.execute(
        text("UPDATE facility_import SET lines = lines + :more WHERE id = :id"),
        {"more": len(rows), "id": import_id},
    )


async def forget_rows(connection: AsyncConnection, import_id: int) -> None:
    """Begin a reading anew."""
    await connection.execute(
        text("DELETE FROM facility_import_row WHERE import_id = :id"), {"id": import_id}
    )
    await connection.execute(
        text("UPDATE facility_import SET lines = 0 WHERE id = :id"), {"id": import_id}
    )


async def checked(connection: AsyncConnection, import_id: int, at: datetime) -> None:
    """Note that a list is read; `at` is when the reading began."""
    await connection.execute(
        text(
            "UPDATE facility_import SET state = 'checked', checked_at = :at, content = NULL "
            "WHERE id = :id"
        ),
        {"id": import_id, "at": at},
    )


async def refuse(connection: AsyncConnection, import_id: int, problem: Mapping[str, Any]) -> None:
    """Note that a file cannot be read."""
    await connection.execute(
        text(
            "UPDATE facility_import SET state = 'failed', problem = CAST(:problem AS jsonb), "
            "content = NULL, finished_at = now() WHERE id = :id"
        ),
        {"id": import_id, "problem": orjson.dumps(dict(problem)).decode()},
    )


async def set_state(connection: AsyncConnection, import_id: int, state: str) -> None:
    """Move a list on."""
    await connection.execute(
        text(
            "UPDATE facility_import SET state = :state, finished_at = "
            "CASE WHEN :state IN ('done', 'failed') THEN now() END WHERE id = :id"
        ),
        {"id": import_id, "state": state},
    )


_FIELDS = (
    "line, ref, name, kind, area, address, lat, lon, verdict, reason, place_id, twin, likeness, "
    "metres"
)


async def to_make(connection: AsyncConnection, import_id: int) -> list[Row]:
    """Lines that become places: the new ones, and those of which a person said so."""
    rows = await connection.execute(
        text(
            f"""
            SELECT {_FIELDS} FROM facility_import_row
            WHERE import_id = :id AND done_at IS NULL AND {_MAKES}
            ORDER BY area, line
            """  # noqa: S608 - our own words
        ),
        {"id": import_id},
    )
    return [Row(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def rejudge(connection: AsyncConnection, import_id: int, rows: Sequence[Row]) -> None:
    """Correct lines of which something else is true by now."""
    for row in rows:
        await connection.execute(
            text(
                """
                UPDATE facility_import_row SET verdict = :verdict, reason = :reason,
                  place_id = :place, likeness = :likeness, metres = :metres
                WHERE import_id = :id AND line = :line
                """
            ),
            {
                "id": import_id, "line": row.line, "verdict": row.verdict, "reason": row.reason,
                "place": row.place_id, "likeness": row.likeness, "metres": row.metres,
            },
        )  # fmt: skip


async def note_made(connection: AsyncConnection, import_id: int, made: Mapping[int, int]) -> None:
    """Note which line became which place."""
    await connection.execute(
        text(
            """
            UPDATE facility_import_row r SET place_id = u.place, done_at = now()
            FROM unnest(CAST(:lines AS integer[]), CAST(:places AS bigint[])) AS u(line, place)
            WHERE r.import_id = :id AND r.line = u.line
            """
        ),
        {"id": import_id, "lines": list(made), "places": list(made.values())},
    )
    await connection.execute(
        text("UPDATE facility_import SET made = made + :made WHERE id = :id"),
        {"made": len(made), "id": import_id},
    )


_PLACE_OUTSIDE: Final = f"""
    UPDATE facility_import_row r SET verdict = 'refused', reason = 'outside-area' FROM place p
    WHERE r.import_id = :id AND r.done_at IS NULL AND r.verdict <> 'refused'
      AND r.decision IS DISTINCT FROM 'leave' AND p.id = r.place_id AND NOT {_INSIDE}
    """  # noqa: S608 - our own words
_OUTSIDE: Final = (
    # Who sent the list may have lost an area since the dry run.
    f"""
    UPDATE facility_import_row SET verdict = 'refused', reason = 'outside-area'
    WHERE import_id = :id AND done_at IS NULL AND {_MAKES}
      AND NOT lachan_covers(coalesce(CAST(:roots AS text[]), '{{VN}}'), area)
    """,  # noqa: S608 - our own words
    _PLACE_OUTSIDE,
    # A number is not taken from a place out there, whatever place the line is itself. A line whose
    # place was made before the worker stopped says so too.
    f"""
    UPDATE facility_import_row r SET verdict = 'refused', reason = 'outside-area'
    FROM place_source s JOIN place p ON p.id = s.place_id
    WHERE r.import_id = :id AND r.ref <> '' AND r.verdict <> 'refused'
      AND r.decision IS DISTINCT FROM 'leave' AND s.source = :source AND s.ref = r.ref
      AND s.place_id IS DISTINCT FROM r.place_id AND NOT {_INSIDE}
    """,  # noqa: S608 - our own words
    # A line that repeats such a line is that facility.
    """
    UPDATE facility_import_row r SET verdict = 'refused', reason = t.reason
    FROM facility_import_row t
    WHERE r.import_id = :id AND t.import_id = :id AND t.line = r.twin AND r.done_at IS NULL
      AND t.verdict = 'refused' AND t.reason = 'outside-area'
      AND (r.verdict = 'matched' OR (r.verdict = 'doubtful' AND r.decision = 'same'))
    """,
)
_DONE: Final = f"""
    UPDATE facility_import_row r SET done_at = now()
    WHERE import_id = :id AND done_at IS NULL AND (
      (EXISTS (SELECT FROM place p WHERE p.id = r.place_id AND {_INSIDE})
       AND (verdict IN ('matched', 'known') OR (verdict = 'doubtful' AND decision = 'same')))
      OR (verdict = 'doubtful' AND decision = 'leave'))
    """  # noqa: S608 - our own words
_SETTLE: Final = (
    *_OUTSIDE,
    _DONE,
    # A line that repeats another is the place that one became.
    """
    UPDATE facility_import_row r SET place_id = t.place_id FROM facility_import_row t
    WHERE r.import_id = :id AND t.import_id = :id AND t.line = r.twin AND r.done_at IS NULL
      AND t.place_id IS NOT NULL AND t.done_at IS NOT NULL AND t.decision IS DISTINCT FROM 'leave'
      AND (r.verdict = 'matched' OR (r.verdict = 'doubtful' AND r.decision = 'same'))
    """,
    _PLACE_OUTSIDE,
    _DONE,
    f"""
    INSERT INTO place_source AS s (source, ref, place_id)
    SELECT :source, r.ref, r.place_id FROM facility_import_row r JOIN place p ON p.id = r.place_id
    WHERE r.import_id = :id AND r.done_at IS NOT NULL AND r.ref <> ''
      AND r.decision IS DISTINCT FROM 'leave' AND {_INSIDE}
    ON CONFLICT (source, ref) DO UPDATE SET place_id = excluded.place_id
    WHERE s.place_id <> excluded.place_id
      AND EXISTS (SELECT FROM place p WHERE p.id = s.place_id AND {_INSIDE})
    """,  # noqa: S608 - our own words
    f"""
    INSERT INTO place_safety (place_id)
    SELECT DISTINCT r.place_id FROM facility_import_row r JOIN place p ON p.id = r.place_id
    WHERE r.import_id = :id AND r.done_at IS NOT NULL AND r.decision IS DISTINCT FROM 'leave'
      AND p.kind = ANY (:kinds) AND {_INSIDE} ON CONFLICT DO NOTHING
    """,  # noqa: S608 - our own words
)


async def _each(
    connection: AsyncConnection, statements: Iterable[str], values: Mapping[str, Any]
) -> None:
    for statement in statements:
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        await connection.execute(text(statement), wanted)


async def refuse_outside(
    connection: AsyncConnection, import_id: int, source: str, roots: Sequence[str] | None
) -> None:
    """Refuse lines that would make a place outside `roots`, write to one or take its number."""
    await _each(connection, _OUTSIDE, {"id": import_id, "source": source, "roots": roots})


async def settle(
    connection: AsyncConnection,
    import_id: int,
    source: str,
    kinds: Sequence[str],
    roots: Sequence[str] | None,
) -> None:
    """Link lines to their places; places of `kinds` take part in the safety map from now on.

    Nothing is written to a place outside `roots`.
    """
    values = {"id": import_id, "source": source, "kinds": list(kinds), "roots": roots}
    await _each(connection, _SETTLE, values)


async def without_position(
    connection: AsyncConnection, import_id: int, roots: Sequence[str] | None
) -> list[tuple[int, float, float]]:
    """Places of the list in `roots` that have no position, with the list's."""
    rows = await connection.execute(
        text(
            f"""
            SELECT DISTINCT ON (p.id) p.id, r.lat, r.lon FROM facility_import_row r
            JOIN place p ON p.id = r.place_id
            WHERE r.import_id = :id AND r.done_at IS NOT NULL AND r.lat IS NOT NULL
              AND r.decision IS DISTINCT FROM 'leave' AND p.lat IS NULL AND {_INSIDE}
            ORDER BY p.id, r.line
            """  # noqa: S608 - our own words
        ),
        {"id": import_id, "roots": roots},
    )
    return [(row.id, row.lat, row.lon) for row in rows]


async def give_positions(
    connection: AsyncConnection,
    places: Sequence[tuple[int, float, float, int]],
    roots: Sequence[str] | None,
) -> None:
    """Give places in `roots` their position and cell."""
    if places:
        await connection.execute(
            text(
                f"""
                UPDATE place p SET lat = :lat, lon = :lon, h3 = :cell, updated_at = now()
                WHERE p.id = :id AND p.lat IS NULL AND {_INSIDE}
                """  # noqa: S608 - our own words
            ),
            [
                {"id": one, "lat": lat, "lon": lon, "cell": cell, "roots": roots}
                for one, lat, lon, cell in places
            ],
        )


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Drop lists that are older and in which nothing waits for a person; the places stay."""
    done = await connection.execute(
        text(
            """
            DELETE FROM facility_import i WHERE i.created_at < :before
              AND i.state IN ('checked', 'done', 'failed') AND NOT EXISTS (
                SELECT FROM facility_import_row r WHERE r.import_id = i.id
                  AND i.state = 'done' AND r.verdict = 'doubtful' AND r.decision IS NULL)
            """
        ),
        {"before": before},
    )
    return done.rowcount
