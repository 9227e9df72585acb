"""Reading the audit trail: by the person it concerns, and by auditors."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.http.access import Viewer

# The database's rule already keeps each reader to the own entries; the action decides what is an
# opening. That a case was made is told by the authority, not by a list of log entries.
_OPENINGS = text(
    """
    SELECT e.id, e.at, e.action, e.reason, o.display_name AS officer, a.full_name AS unit
    FROM audit_entry e
    LEFT JOIN officer o ON o.id = e.actor_id AND e.actor_kind = 'officer'
    LEFT JOIN area a ON a.path = e.details ->> 'unit'
    WHERE e.subject_person = :person AND e.actor_kind = 'officer' AND e.action LIKE '%.opened'
      AND (CAST(:before AS bigint) IS NULL OR e.id < :before)
    ORDER BY e.id DESC LIMIT :limit
    """
)
_ENTRIES = """
    SELECT e.id, e.at, e.actor_kind, e.actor_id, o.display_name AS actor, e.action,
           e.subject_person, e.area, e.object, e.reason, e.details, e.hash
    FROM audit_entry e
    LEFT JOIN officer o ON o.id = e.actor_id AND e.actor_kind = 'officer'
    WHERE (CAST(:before AS bigint) IS NULL OR e.id < :before)
      AND (CAST(:person AS bigint) IS NULL OR e.subject_person = :person)
      AND (CAST(:officer AS bigint) IS NULL OR (e.actor_kind = 'officer' AND e.actor_id = :officer))
      AND (CAST(:action AS text) IS NULL OR e.action = :action OR starts_with(e.action, :action || '.'))
    ORDER BY e.id DESC LIMIT :limit
"""  # noqa: E501 - one condition a line


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opened somebody's data, when and why."""

    id: int
    at: datetime
    officer: str | None
    unit: str | None
    reason: str | None
    action: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit trail."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor: str | None
    action: str
    subject_person: int | None
    area: str | None
    object: str | None
    reason: str | None
    details: dict[str, Any]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of a person, of an officer, of an action or of a family of actions."""

    person: int | None = None
    officer: int | None = None
    action: str | None = None


def _entry(row: Row[Any]) -> Entry:
    details = row.details if isinstance(row.details, dict) else orjson.loads(row.details)
    return Entry(
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor=row.actor,
        action=row.action,
        subject_person=row.subject_person,
        area=row.area,
        object=row.object,
        reason=row.reason,
        details=details,
        hash=bytes(row.hash),
    )


async def openings(
    connection: AsyncConnection, person_id: int, *, before: int | None = None, limit: int = 50
) -> list[Opening]:
    """Openings of a person's data, newest first."""
    rows = await connection.execute(
        _OPENINGS, {"person": person_id, "before": before, "limit": limit}
    )
    return [Opening(row.id, row.at, row.officer, row.unit, row.reason, row.action) for row in rows]


async def entries(
    connection: AsyncConnection, wanted: Filter, *, before: int | None = None, limit: int = 50
) -> list[Entry]:
    """Entries that the asking auditor may read, newest first."""
    rows = await connection.execute(
        text(_ENTRIES),
        {
            "before": before,
            "person": wanted.person,
            "officer": wanted.officer,
            "action": wanted.action,
            "limit": limit,
        },
    )
    return [_entry(row) for row in rows]


async def note_export(connection: AsyncConnection, viewer: Viewer) -> None:
    """Write down that the trail left as a file: nobody here sees who reads it then."""
    area = next(iter(viewer.roots("auditor")), None)
    await audit.record(connection, viewer, "audit.exported", area=area)


async def walk(
    connection: AsyncConnection, wanted: Filter, *, step: int = 2000
) -> AsyncIterator[Entry]:
    """All entries that the asking auditor may read, newest first, in constant memory."""
    before: int | None = None
    while True:
        found = await entries(connection, wanted, before=before, limit=step)
        for entry in found:
            yield entry
        if len(found) < step:
            return
        before = found[-1].id
