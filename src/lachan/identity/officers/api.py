"""Routes of officers: signing in, administration inside one's areas, the audit trail."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from lachan.identity import trail
from lachan.identity.errors import SecondFactorMissing, SignInFailed
from lachan.identity.limits import address_of, limits_of
from lachan.identity.officers import service, sign_in
from lachan.identity.officers.schemas import (
    AuditEntryOut,
    AuditOut,
    OfficerIn,
    OfficerOut,
    OfficerSessionIn,
    OfficerSessionOut,
    OfficersOut,
    RoleIn,
    RoleOut,
    TemporaryPasswordOut,
)
from lachan.identity.officers.store import OfficerRow
from lachan.kit.http.access import Grant, Transaction, Viewer, anyone, officer
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.kit.tables import escape_cell

router = APIRouter(prefix="/api/v1", tags=["officers"])

Admin = Annotated[Viewer, Depends(officer("admin"))]
Auditor = Annotated[Viewer, Depends(officer("auditor"))]
AnyOfficer = Annotated[Viewer, Depends(officer())]
OfficerId = Annotated[int, Path(ge=1, lt=2**63)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _out(row: OfficerRow) -> OfficerOut:
    return OfficerOut(
        id=row.id,
        login=row.login,
        display_name=row.display_name,
        roles=[RoleOut(role=grant.role, area=grant.area) for grant in row.grants],
        password_temporary=row.password_temporary,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
    )


@router.post("/officers/sessions", status_code=201, dependencies=[Depends(anyone)])
async def post_session(request: Request, given: OfficerSessionIn) -> OfficerSessionOut:
    """Sign an officer in with password and authenticator code."""
    limits_of(request).officers.check(address_of(request))
    state = request.app.state
    # The transaction is opened here, not by the route: a failure is counted although refused.
    async with state.storage.transaction() as connection:
        outcome = await sign_in.sign_in(
            connection,
            state.keyring,
            state.settings,
            login=given.login,
            password=given.password,
            totp=given.totp,
        )
    if isinstance(outcome, sign_in.Pending):
        raise SecondFactorMissing
    if outcome is None:
        raise SignInFailed
    return OfficerSessionOut(token=outcome.token, expires_at=outcome.expires_at)


@router.delete("/officers/session", status_code=204)
async def delete_session(request: Request, viewer: AnyOfficer, connection: Transaction) -> None:
    """Sign out."""
    await request.app.state.sessions.revoke(connection, viewer.token)


@router.get("/officers")
async def list_officers(
    viewer: Admin, connection: Transaction, cursor: str | None = None, limit: Limit = DEFAULT_LIMIT
) -> OfficersOut:
    """Officers with a role inside the admin's areas."""
    key = decode_cursor(cursor, 1)
    found = await service.list_officers(
        connection, viewer, after=str(key[0]) if key else None, limit=limit + 1
    )
    return OfficersOut(
        officers=[_out(row) for row in found[:limit]],
        next_cursor=encode_cursor([found[limit - 1].login]) if len(found) > limit else None,
    )


@router.post("/officers", status_code=201)
async def create_officer(
    viewer: Admin, connection: Transaction, new: OfficerIn
) -> TemporaryPasswordOut:
    """Make an officer; the answer holds the temporary password, this once."""
    officer_id, password = await service.create_officer(
        connection, viewer, login=new.login, name=new.display_name, role=new.role, area=new.area
    )
    return TemporaryPasswordOut(id=officer_id, temporary_password=password)


@router.get("/officers/{officer_id}")
async def get_officer(viewer: Admin, connection: Transaction, officer_id: OfficerId) -> OfficerOut:
    """One officer inside the admin's areas."""
    return _out(await service.access_officer(connection, viewer, officer_id))


@router.post("/officers/{officer_id}/roles", status_code=201)
async def grant_role(
    request: Request, viewer: Admin, connection: Transaction, officer_id: OfficerId, given: RoleIn
) -> OfficerOut:
    """Give a role inside the admin's own areas."""
    await service.grant_role(connection, viewer, officer_id, Grant(given.role, given.area))
    request.app.state.sessions.forget_all()
    return _out(await service.access_officer(connection, viewer, officer_id))


@router.delete("/officers/{officer_id}/roles/{role}/{area}", status_code=204)
async def revoke_role(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    officer_id: OfficerId,
    role: str,
    area: str,
) -> None:
    """Take such a role away."""
    await service.revoke_role(connection, viewer, officer_id, Grant(role, area))
    request.app.state.sessions.forget_all()


@router.post("/officers/{officer_id}/disable", status_code=204)
async def disable_officer(
    request: Request, viewer: Admin, connection: Transaction, officer_id: OfficerId
) -> None:
    """Shut an officer out; all their sessions end."""
    await service.disable_officer(connection, viewer, officer_id, disabled=True)
    request.app.state.sessions.forget_all()


@router.post("/officers/{officer_id}/enable", status_code=204)
async def enable_officer(viewer: Admin, connection: Transaction, officer_id: OfficerId) -> None:
    """Let a disabled officer in again."""
    await service.disable_officer(connection, viewer, officer_id, disabled=False)


@router.post("/officers/{officer_id}/reset")
async def reset_officer(
    request: Request, viewer: Admin, connection: Transaction, officer_id: OfficerId
) -> TemporaryPasswordOut:
    """Give a temporary password; the second factor has to be set up anew."""
    password = await service.reset_officer(connection, viewer, officer_id)
    request.app.state.sessions.forget_all()
    return TemporaryPasswordOut(id=officer_id, temporary_password=password)


AUDIT_COLUMNS = (
    "id", "at", "actor_kind", "actor_id", "actor", "action", "subject_person", "area", "object",
    "reason",
)  # fmt: skip


def _csv_row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()


def audit_csv(request: Request, viewer: Viewer, wanted: trail.Filter) -> StreamingResponse:
    """The trail as a file, in constant memory; no cell is a formula to a spreadsheet."""

    async def lines() -> AsyncIterator[str]:
        yield "\ufeff" + _csv_row(AUDIT_COLUMNS)
        async with request.app.state.storage.export(viewer.token) as connection:
            async for entry in trail.walk(connection, wanted):
                cells = (getattr(entry, name) for name in AUDIT_COLUMNS)
                yield _csv_row(
                    cell.isoformat() if isinstance(cell, datetime) else escape_cell(cell)
                    for cell in cells
                )

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="audit.csv"'},
    )


@router.get("/audit", response_model=AuditOut)
async def list_audit(
    request: Request,
    viewer: Auditor,
    connection: Transaction,
    person: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    officer_id: Annotated[int | None, Query(alias="officer", ge=1, lt=2**63)] = None,
    action: Annotated[str | None, Query(max_length=60)] = None,
    cursor: str | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> AuditOut | Response:
    """The audit trail of the auditor's areas, newest first; CSV when Accept asks for it."""
    wanted = trail.Filter(person, officer_id, action or None)
    if "text/csv" in request.headers.get("accept", ""):
        await trail.note_export(connection, viewer)
        return audit_csv(request, viewer, wanted)
    key = decode_cursor(cursor, 1)
    before = key[0] if key and isinstance(key[0], int) else None
    found = await trail.entries(connection, wanted, before=before, limit=limit + 1)
    return AuditOut(
        entries=[AuditEntryOut.model_validate(entry) for entry in found[:limit]],
        next_cursor=encode_cursor([found[limit - 1].id]) if len(found) > limit else None,
    )
