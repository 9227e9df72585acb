"""Warnings as officers draft and decide them; row security shows only those of their areas."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger, SmallInteger

_CASE = text(
    """
    SELECT c.id, c.code, c.person_id, c.disease, c.classification, c.area, c.drill_id,
           (SELECT max(r.id) FROM trace_run r
            WHERE r.case_id = c.id AND r.state = 'done' AND NOT r.dry_run) AS run_id
    FROM case_record c WHERE c.id = :case
    """
)

# Who would be told what. Of several exposures the longest is told, the others are counted; who has
# none lives with the one they met. Who was told of this case before, at this level or nearer, is
# not told again.
_TOLD = """
    WITH candidate AS MATERIALIZED (
      SELECT c.id, c.person_id, c.level, c.area, c.first_exposure, c.last_exposure, c.minutes
      FROM contact c
      WHERE c.case_id = :case AND c.level = ANY (:levels)
    ), warned AS MATERIALIZED (
      SELECT m.person_id, min(m.level) AS level FROM warning_message m
      JOIN warning w ON w.id = m.warning_id
      WHERE w.case_id = :case AND w.state = 'approved' GROUP BY m.person_id
    ), longest AS (
      SELECT DISTINCT ON (e.contact_id) e.contact_id, e.place_id, e.room_id, e.started_at,
             e.ended_at, e.minutes, e.kind, count(*) OVER (PARTITION BY e.contact_id) - 1 AS others
      FROM exposure e WHERE e.contact_id IN (SELECT id FROM candidate)
      ORDER BY e.contact_id, e.minutes DESC, e.started_at
    ), told AS (
      SELECT k.person_id, k.area, k.level, l.place_id, l.room_id,
             coalesce(l.started_at, k.first_exposure) AS window_from,
             coalesce(l.ended_at, k.last_exposure) AS window_to,
             coalesce(l.minutes, k.minutes) AS minutes,
             coalesce(l.kind, 'household') AS reason, coalesce(l.others, 0) AS others
      FROM candidate k LEFT JOIN longest l ON l.contact_id = k.id
      WHERE NOT EXISTS (SELECT 1 FROM warned d
                        WHERE d.person_id = k.person_id AND d.level <= k.level)
    )
"""
_LEVELS = bindparam("levels", type_=ARRAY(SmallInteger))

_DRAFTED = "WITH told AS (SELECT * FROM warning_message WHERE warning_id = :warning)"

_FILL = text(
    _TOLD
    + """
    INSERT INTO warning_message (warning_id, person_id, area, disease, level, advice_version, note,
      place_id, room_id, window_from, window_to, minutes, reason, others)
    SELECT :warning, person_id, area, :disease, level, :advice_version, :note,
      place_id, room_id, window_from, window_to, minutes, reason, others
    FROM told ORDER BY person_id
    """
).bindparams(_LEVELS)

_ALREADY = text(
    """
    SELECT count(DISTINCT m.person_id) FROM warning_message m JOIN warning w ON w.id = m.warning_id
    WHERE w.case_id = :case AND w.state = 'approved' AND w.id <> :but
    """
)


def _totals(source: str) -> str:
    return (
        source
        + """
    SELECT count(*) AS recipients,
           count(*) FILTER (WHERE p.drill_id IS NULL) AS real_recipients,
           count(*) FILTER (WHERE NOT EXISTS (
             SELECT 1 FROM unnest(cast(:roots AS text[])) r
             WHERE told.area = r OR starts_with(told.area, r || '.'))) AS outside
    FROM told JOIN person p ON p.id = told.person_id
    """
    )


def _places(source: str) -> str:
    return (
        source
        + """
    SELECT p.name, r.name AS room, p.area, bool_and(told.reason = 'household') AS household,
           min(told.window_from) AS window_from, max(told.window_to) AS window_to,
           count(*) AS recipients
    FROM told LEFT JOIN place p ON p.id = told.place_id LEFT JOIN room r ON r.id = told.room_id
    GROUP BY told.place_id, told.room_id, p.name, r.name, p.area
    ORDER BY count(*) DESC, min(told.window_from) LIMIT :limit
    """
    )


def _sample(source: str) -> str:
    return (
        source
        + """
    SELECT told.level, told.window_from, told.window_to, told.minutes, told.reason, told.others,
           p.name AS place, r.name AS room
    FROM told LEFT JOIN place p ON p.id = told.place_id LEFT JOIN room r ON r.id = told.room_id
    ORDER BY told.level, told.minutes DESC, told.window_from LIMIT 1
    """
    )


_PREVIEW_TOTALS = text(_totals(_TOLD)).bindparams(_LEVELS)
_PREVIEW_PLACES = text(_places(_TOLD)).bindparams(_LEVELS)
_PREVIEW_SAMPLE = text(_sample(_TOLD)).bindparams(_LEVELS)
_DRAFT_TOTALS = text(_totals(_DRAFTED))
_DRAFT_PLACES = text(_places(_DRAFTED))
_DRAFT_SAMPLE = text(_sample(_DRAFTED))

_RESIDENTS = text(
    """
    SELECT count(*) FROM person
    WHERE drill_id IS NULL AND (home_area = :area OR home_area LIKE :below)
    """
)

_INSERT = text(
    """
    INSERT INTO warning (case_id, run_id, area, disease, levels, advice_version, note, recipients,
                         created_by)
    VALUES (:case, :run, :area, :disease, :levels, :advice_version, :note, 0, :officer)
    RETURNING id
    """
).bindparams(_LEVELS)

_WARNING = """
    SELECT w.id, w.case_id, c.code AS case_code, w.run_id, w.area, w.disease, w.levels,
           w.advice_version, w.note, w.state, w.recipients, w.created_by, w.created_at,
           w.approved_by, w.approved_at, w.withdrawn_by, w.withdrawn_at, w.withdrawn_reason
    FROM warning w JOIN case_record c ON c.id = w.case_id
"""
_ONE = text(_WARNING + "WHERE w.id = :warning")
_LOCKED = text(_WARNING + "WHERE w.id = :warning FOR UPDATE OF w")
_LIST = text(_WARNING + "WHERE w.id < :before ORDER BY w.id DESC LIMIT :limit")

_COUNTS = text(
    """
    SELECT warning_id, count(*) AS recipients, count(sent_at) AS sent, count(seen_at) AS seen,
           count(disputed_at) AS disputed, count(answered_at) AS answered
    FROM warning_message WHERE warning_id = ANY (:warnings) GROUP BY warning_id
    """
).bindparams(bindparam("warnings", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Source:
    """Whose dry run is counted: the contacts of a case, or a draft's own messages."""

    case_id: int
    levels: Sequence[int]
    warning_id: int | None = None


async def case(connection: AsyncConnection, case_id: int) -> Row[Any] | None:
    """A case that the asking officer may see, with its newest finished trace run."""
    return (await connection.execute(_CASE, {"case": case_id})).one_or_none()


async def totals(connection: AsyncConnection, source: Source, roots: Sequence[str]) -> Row[Any]:
    """Recipients, those of them not of a drill, and those living outside `roots`."""
    values = {"roots": list(roots)}
    if source.warning_id is not None:
        return (
            await connection.execute(_DRAFT_TOTALS, {**values, "warning": source.warning_id})
        ).one()
    return (await connection.execute(_PREVIEW_TOTALS, {**values, **_of(source)})).one()


async def places(connection: AsyncConnection, source: Source, limit: int) -> Sequence[Row[Any]]:
    """Places of a dry run, most people first."""
    if source.warning_id is not None:
        values: dict[str, object] = {"warning": source.warning_id, "limit": limit}
        return (await connection.execute(_DRAFT_PLACES, values)).all()
    return (await connection.execute(_PREVIEW_PLACES, {**_of(source), "limit": limit})).all()


async def sample(connection: AsyncConnection, source: Source) -> Row[Any] | None:
    """One message of a dry run: the longest exposure of the nearest level."""
    if source.warning_id is not None:
        found = await connection.execute(_DRAFT_SAMPLE, {"warning": source.warning_id})
    else:
        found = await connection.execute(_PREVIEW_SAMPLE, _of(source))
    return found.one_or_none()


def _of(source: Source) -> dict[str, object]:
    return {"case": source.case_id, "levels": list(source.levels)}


async def count_residents(connection: AsyncConnection, area: str) -> int:
    """People registered in `area` or below; people of drills are not counted."""
    found = await connection.scalar(_RESIDENTS, {"area": area, "below": f"{area}.%"})
    return int(found or 0)


async def count_warned(connection: AsyncConnection, case_id: int, *, but: int = 0) -> int:
    """People told of this case by other warnings in force."""
    return int(await connection.scalar(_ALREADY, {"case": case_id, "but": but}) or 0)


async def insert(
    connection: AsyncConnection,
    *,
    case_id: int,
    run_id: int,
    area: str,
    disease: str,
    levels: Sequence[int],
    advice_version: str,
    note: str,
    officer: int,
) -> int:
    """Write an empty draft and return its id."""
    values = {
        "case": case_id,
        "run": run_id,
        "area": area,
        "disease": disease,
        "levels": list(levels),
        "advice_version": advice_version,
        "note": note,
        "officer": officer,
    }
    return int((await connection.execute(_INSERT, values)).scalar_one())


async def fill(
    connection: AsyncConnection,
    warning_id: int,
    *,
    case_id: int,
    run_id: int,
    disease: str,
    levels: Sequence[int],
    advice_version: str,
    note: str,
) -> int:
    """Draw up the messages of a draft afresh from the contacts as they are; returns how many."""
    await connection.execute(
        text("DELETE FROM warning_message WHERE warning_id = :warning AND sent_at IS NULL"),
        {"warning": warning_id},
    )
    filled = await connection.execute(
        _FILL,
        {
            "warning": warning_id,
            "case": case_id,
            "levels": list(levels),
            "disease": disease,
            "advice_version": advice_version,
            "note": note,
        },
    )
    await connection.execute(
        text("UPDATE warning SET recipients = :count, run_id = :run WHERE id = :warning"),
        {"warning": warning_id, "count": filled.rowcount, "run": run_id},
    )
    return filled.rowcount


async def warning(
    connection: AsyncConnection, warning_id: int, *, lock: bool = False
) -> Row[Any] | None:
    """One warning, locked against other decisions when `lock` is set."""
    statement = _LOCKED if lock else _ONE
    return (await connection.execute(statement, {"warning": warning_id})).one_or_none()


async def newest_run(connection: AsyncConnection, case_id: int) -> int | None:
    """The newest finished trace run of a case."""
    row = await case(connection, case_id)
    return None if row is None else row.run_id


async def warnings(
    connection: AsyncConnection, *, before: int, limit: int, case_id: int | None = None
) -> Sequence[Row[Any]]:
    """Warnings with ids below `before`, newest first; of one case when it is named."""
    if case_id is None:
        return (await connection.execute(_LIST, {"before": before, "limit": limit})).all()
    statement = text(
        _WARNING + "WHERE w.id < :before AND w.case_id = :case ORDER BY w.id DESC LIMIT :limit"
    )
    values = {"before": before, "limit": limit, "case": case_id}
    return (await connection.execute(statement, values)).all()


async def counts(connection: AsyncConnection, warning_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Message counts by warning."""
    rows = await connection.execute(_COUNTS, {"warnings": list(warning_ids)})
    return {row.warning_id: row for row in rows}


async def set_approved(connection: AsyncConnection, warning_id: int, officer: int) -> None:
    """Note who approved a draft, and when."""
    await connection.execute(
        text(
            "UPDATE warning SET state = 'approved', approved_by = :officer, approved_at = now() "
            "WHERE id = :warning"
        ),
        {"warning": warning_id, "officer": officer},
    )


async def set_withdrawn(
    connection: AsyncConnection, warning_id: int, officer: int, reason: str
) -> None:
    """Withdraw a warning and every message of it."""
    await connection.execute(
        text(
            "UPDATE warning SET state = 'withdrawn', withdrawn_by = :officer, "
            "withdrawn_at = now(), withdrawn_reason = :reason WHERE id = :warning"
        ),
        {"warning": warning_id, "officer": officer, "reason": reason},
    )
    await connection.execute(
        text(
            "UPDATE warning_message SET withdrawn_at = now(), withdrawn_reason = :reason "
            "WHERE warning_id = :warning AND withdrawn_at IS NULL"
        ),
        {"warning": warning_id, "reason": reason},
    )
