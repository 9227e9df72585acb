"""What an officer makes of an operator's report that somebody of the staff tested positive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.cases import service as cases
from lachan.cases.schemas import NewCase
from lachan.identity import audit
from lachan.kit.crypto import Keyring, SealBroken
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.warnings import errors, store

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A report with what was sealed: how to reach the person, and what else was said.

    Both None: the seal is broken.
    """

    row: Row[Any]
    contact: str | None
    note: str | None


async def _access(connection: AsyncConnection, report_id: UUID, *, lock: bool = False) -> Row[Any]:
    row = await store.report(connection, report_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def open_report(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, report_id: UUID
) -> Opened:
    """One report of the officer's areas; that it was read is written down. Raises `NotFound`."""
    row = await _access(connection, report_id)
    try:
        said = orjson.loads(keyring.unseal(row.sealed, about=f"place_report:{row.id}"))
    except SealBroken:
        said = {}
    await _record(connection, viewer, "place_report.read", row)
    return Opened(row, said.get("contact"), said.get("note"))


async def decide(
    connection: AsyncConnection,
    viewer: Viewer,
    report_id: UUID,
    state: Literal["accepted", "refused"],
    reason: str,
) -> Row[Any]:
    """Accept a report after it was checked, or refuse it; the operator reads the reason.

    Only an accepted one opens the visits of its place and hours to a warning. Raises `NotFound`,
    `ReportDecided`.
    """
    row = await _access(connection, report_id, lock=True)
    if not await store.decide_report(connection, report_id, viewer.officer, state, reason or None):
        raise errors.ReportDecided
    await _record(connection, viewer, f"place_report.{state}", row, reason=reason or None)
    return await _access(connection, report_id)


async def open_case(
    connection: AsyncConnection,
    viewer: Viewer,
    keyring: Keyring,
    report_id: UUID,
    new: NewCase,
    *,
    moment: datetime,
    zone: ZoneInfo,
) -> int:
    """Open a case of the person whom an accepted report is about; the case's id.

    Raises what `cases.service.open_case` does, `NotFound`, `ReportNotAccepted`.
    """
    row = await _access(connection, report_id, lock=True)
    if row.state != "accepted":
        raise errors.ReportNotAccepted
    case = await cases.open_case(connection, viewer, keyring, new, moment=moment, zone=zone)
    await store.set_case(connection, report_id, viewer.officer, case.id)
    await _record(connection, viewer, "place_report.case_opened", row)
    return case.id


async def _record(
    connection: AsyncConnection,
    viewer: Viewer,
    action: str,
    row: Row[Any],
    *,
    reason: str | None = None,
) -> None:
    await audit.record(
        connection,
        viewer,
        action,
        area=row.area,
        object=f"place_report:{row.id}",
        reason=reason,
    )
