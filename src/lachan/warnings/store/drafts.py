"""Warnings as officers draft and decide them; row security shows only those of their areas."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger, SmallInteger

_CASE = text(
    """
    SELECT c.id, c.code, c.person_id, c.disease, c.classification, c.area, c.drill_id,
           r.id AS run_id, r.rules
    FROM case_record c LEFT JOIN trace_run r ON r.id = (
      SELECT max(r.id) FROM trace_run r
      WHERE r.case_id = c.id AND r.state = 'done' AND NOT r.dry_run)
    WHERE c.id = :case
    """
)

_ALREADY = text(
    """
    SELECT count(DISTINCT m.person_id) FROM warning_message m JOIN warning w ON w.id = m.warning_id
    WHERE w.state = 'approved' AND w.id <> :but
      AND (w.case_id = CAST(:case AS bigint) OR w.place_report_id = CAST(:report AS uuid))
    """
)

_RESIDENTS = text(
    """
    SELECT count(*) FROM person
    WHERE drill_id IS NULL AND (home_area = :area OR home_area LIKE :below)
    """
)

_INSERT = text(
    """
    INSERT INTO warning (case_id, place_report_id, run_id, area, disease, levels, advice_version,
                         note, recipients, created_by)
    VALUES (:case, :report, :run, :area, :disease, :levels, :advice_version, :note, 0, :officer)
    RETURNING id
    """
).bindparams(bindparam("levels", type_=ARRAY(SmallInteger)))

_WARNING = """
    SELECT w.id, w.case_id, c.code AS case_code, w.place_report_id, w.run_id, w.area, w.disease,
           w.levels, w.advice_version, w.rule_id, w.rule_version, w.kinds, w.note, w.state,
           w.recipients, w.created_by, w.created_at, w.approved_by, w.approved_at, w.withdrawn_by,
           w.withdrawn_at, w.withdrawn_reason, w.first_sent_at, w.held_until, w.stopped_at,
           w.resumed_at, w.resumed_reason, c.opened_at AS case_opened_at, c.drill_id
    FROM warning w LEFT JOIN case_record c ON c.id = w.case_id
"""
_ONE = text(_WARNING + "WHERE w.id = :warning")
_LOCKED = text(_WARNING + "WHERE w.id = :warning FOR UPDATE OF w")
_LIST = text(_WARNING + "WHERE w.id < :before ORDER BY w.id DESC LIMIT :limit")

_COUNTS = text(
    """
    SELECT warning_id, count(*) AS recipients, count(sent_at) AS sent, count(pushed_at) AS pushed,
           count(texted_at) AS texted, count(seen_at) AS seen, count(disputed_at) AS disputed,
           count(answered_at) AS answered, count(tested_at) AS tested,
           count(call_asked_at) AS call_asked, count(called_at) AS called, count(well_at) AS well
    FROM warning_message WHERE warning_id = ANY (:warnings) GROUP BY warning_id
    """
).bindparams(bindparam("warnings", type_=ARRAY(BigInteger)))
_BY_KIND = text(
    """
    SELECT kind, count(*) AS recipients, count(sent_at) AS sent, count(pushed_at) AS pushed,
           count(texted_at) AS texted, count(seen_at) AS seen,
           count(coalesce(tested_at, call_asked_at, well_at)) AS replied,
           count(tested_at) AS tested, count(call_asked_at) AS call_asked, count(well_at) AS well
    FROM warning_message WHERE warning_id = :warning GROUP BY kind ORDER BY kind
    """
)
# Whoever wants to be called, the one who waits longest first; who they are stands sealed behind the
# contact's own page, which asks for a reason.
_CALLS = text(
    """
    SELECT m.id, m.kind, m.level, m.call_asked_at, m.called_at, k.id AS contact_id
    FROM warning_message m JOIN warning w ON w.id = m.warning_id
    LEFT JOIN contact k ON k.case_id = w.case_id AND k.person_id = m.person_id
    WHERE m.warning_id = :warning AND m.call_asked_at IS NOT NULL
    ORDER BY (m.called_at IS NOT NULL), m.call_asked_at LIMIT :limit
    """
)


async def case(connection: AsyncConnection, case_id: int) -> Row[Any] | None:
    """A case that the asking officer may see, with its newest finished trace run and its rules."""
    return (await connection.execute(_CASE, {"case": case_id})).one_or_none()


async def count_residents(connection: AsyncConnection, area: str) -> int:
    """People registered in `area` or below; people of drills are not counted."""
    found = await connection.scalar(_RESIDENTS, {"area": area, "below": f"{area}.%"})
    return int(found or 0)


async def count_warned(
    connection: AsyncConnection, *, case_id: int | None, report_id: UUID | None, but: int = 0
) -> int:
    """People told of this case, or of this place's report, by other warnings in force."""
    values = {"case": case_id, "report": report_id, "but": but}
    return int(await connection.scalar(_ALREADY, values) or 0)


async def insert(
    connection: AsyncConnection,
    *,
    case_id: int | None,
    report_id: UUID | None,
    run_id: int | None,
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
        "report": report_id,
        "run": run_id,
        "area": area,
        "disease": disease,
        "levels": list(levels),
        "advice_version": advice_version,
        "note": note,
        "officer": officer,
    }
    return int((await connection.execute(_INSERT, values)).scalar_one())


async def warning(
    connection: AsyncConnection, warning_id: int, *, lock: bool = False
) -> Row[Any] | None:
    """One warning, locked against other decisions when `lock` is set."""
    statement = _LOCKED if lock else _ONE
    return (await connection.execute(statement, {"warning": warning_id})).one_or_none()


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


async def counts_by_kind(connection: AsyncConnection, warning_id: int) -> Sequence[Row[Any]]:
    """Message counts of a warning by class: sent, by which way, seen, replied."""
    return (await connection.execute(_BY_KIND, {"warning": warning_id})).all()


async def calls(connection: AsyncConnection, warning_id: int, limit: int) -> Sequence[Row[Any]]:
    """Whoever asked to be called, who waits longest first, then those called."""
    return (await connection.execute(_CALLS, {"warning": warning_id, "limit": limit})).all()


async def set_called(
    connection: AsyncConnection, warning_id: int, message_id: int, officer: int
) -> int | None:
    """Note that somebody was called; whose message it is, None when nobody waits there."""
    person = await connection.scalar(
        text(
            "UPDATE warning_message SET called_at = now(), called_by = :officer "
            "WHERE id = :message AND warning_id = :warning AND call_asked_at IS NOT NULL "
            "AND called_at IS NULL RETURNING person_id"
        ),
        {"message": message_id, "warning": warning_id, "officer": officer},
    )
    return None if person is None else int(person)


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


async def set_resumed(
    connection: AsyncConnection, warning_id: int, officer: int, reason: str
) -> bool:
    """Let a warning that stopped itself go on; False when it had not."""
    changed = await connection.execute(
        text(
            "UPDATE warning SET stopped_at = NULL, resumed_at = now(), resumed_by = :officer, "
            "resumed_reason = :reason WHERE id = :warning AND stopped_at IS NOT NULL"
        ),
        {"warning": warning_id, "officer": officer, "reason": reason},
    )
    return changed.rowcount == 1


async def lock_approvals(connection: AsyncConnection) -> None:
    """One approval at a time: each counts what the others have let go."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('lachan approving warnings'))")
    )


async def warned_since(connection: AsyncConnection, since: datetime) -> tuple[int, int]:
    """Warnings approved after `since` in the whole country, and how many people they reach."""
    row = (
        await connection.execute(
            text("SELECT warnings, recipients FROM lachan_warned_since(:since)"), {"since": since}
        )
    ).one()
    return int(row.warnings), int(row.recipients)
