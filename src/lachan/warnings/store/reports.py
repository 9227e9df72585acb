"""What operators of places reported of their staff; row security shows the officer's areas."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_REPORT = """
    SELECT r.id, r.place_id, p.name AS place, p.kind AS place_kind, p.address, r.area,
           concat_ws(', ', a.full_name, up.full_name) AS area_name, r.room_ids,
           (SELECT string_agg(o.name, ', ' ORDER BY o.name) FROM room o
            WHERE o.id = ANY (r.room_ids)) AS rooms,
           r.on_duty_from, r.on_duty_to, r.tested_on, r.sealed, r.reported_at, r.state, r.case_id,
           c.code AS case_code, r.decided_at, r.reason
    FROM place_report r JOIN place p ON p.id = r.place_id
    LEFT JOIN area a ON a.path = r.area LEFT JOIN area up ON up.path = a.parent AND up.level = 1
    LEFT JOIN case_record c ON c.id = r.case_id
"""
_ONE = text(_REPORT + "WHERE r.id = :report")
_LOCKED = text(_REPORT + "WHERE r.id = :report FOR UPDATE OF r")
_LIST = text(_REPORT + "ORDER BY (r.state <> 'new'), r.reported_at DESC LIMIT :limit")
_WARNINGS = text(
    "SELECT id, state, recipients, created_at FROM warning WHERE place_report_id = :report "
    "ORDER BY id"
)


async def report(
    connection: AsyncConnection, report_id: UUID, *, lock: bool = False
) -> Row[Any] | None:
    """One report, locked against other decisions when `lock` is set."""
    statement = _LOCKED if lock else _ONE
    return (await connection.execute(statement, {"report": report_id})).one_or_none()


async def reports(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """Reports of the officer's areas, those that wait first, then the newest."""
    return (await connection.execute(_LIST, {"limit": limit})).all()


async def warnings_of_report(connection: AsyncConnection, report_id: UUID) -> Sequence[Row[Any]]:
    """The warnings that were drawn up from a report."""
    return (await connection.execute(_WARNINGS, {"report": report_id})).all()


async def count_new_reports(connection: AsyncConnection) -> int:
    """How many reports wait for an officer."""
    found = await connection.scalar(text("SELECT count(*) FROM place_report WHERE state = 'new'"))
    return int(found or 0)


async def decide_report(
    connection: AsyncConnection, report_id: UUID, officer: int, state: str, reason: str | None
) -> bool:
    """Accept or refuse a report; False when it was decided before."""
    changed = await connection.execute(
        text(
            "UPDATE place_report SET state = :state, decided_by = :officer, decided_at = now(), "
            "reason = :reason WHERE id = :report AND state = 'new'"
        ),
        {"report": report_id, "officer": officer, "state": state, "reason": reason},
    )
    return changed.rowcount == 1


async def set_case(
    connection: AsyncConnection, report_id: UUID, officer: int, case_id: int
) -> None:
    """Note the case that a report led to."""
    await connection.execute(
        text("UPDATE place_report SET case_id = :case, decided_by = :officer WHERE id = :report"),
        {"report": report_id, "officer": officer, "case": case_id},
    )
