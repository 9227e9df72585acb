"""A reminder to leave, by push, for one visit of somebody who asked for it."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from lachan.identity.push import store as push
from lachan.identity.push.errors import NobodyToRemind, NotThere
from lachan.kit.clock import now
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.visits.service import access_visit

router = APIRouter(prefix="/api/v1/me/visits", tags=["visits"])

VisitId = Annotated[UUID, Path()]


class ReminderOut(BaseModel):
    """Whether I am reminded of leaving this visit."""

    on: bool


@router.get("/{visit_id}/reminder")
async def read_reminder(
    visit_id: VisitId, viewer: ResidentViewer, connection: Transaction
) -> ReminderOut:
    """Whether a reminder waits for this visit."""
    return ReminderOut(on=await push.reminder_of(connection, viewer.person) == visit_id)


@router.post("/{visit_id}/reminder", status_code=201)
async def ask_reminder(
    request: Request, visit_id: VisitId, viewer: ResidentViewer, connection: Transaction
) -> ReminderOut:
    """Remind me shortly before my usual stay here ends, if I have not left by then.

    Raises `NotFound`, `NotThere`, `NobodyToRemind`. One visit at a time: a new one replaces it.
    """
    settings = request.app.state.settings
    entry = await access_visit(connection, viewer, visit_id, settings.zone)
    if not entry.is_open(now()):
        raise NotThere
    if await push.count_mine(connection, viewer.person) == 0:
        raise NobodyToRemind
    before = timedelta(minutes=settings.push.leave_minutes_before)
    await push.set_reminder(
        connection,
        viewer.person,
        entry.id,
        entry.day,
        max(now(), entry.ends_at - before),
    )
    return ReminderOut(on=True)


@router.delete("/{visit_id}/reminder", status_code=204)
async def drop_reminder(visit_id: VisitId, viewer: ResidentViewer, connection: Transaction) -> None:
    """Do not remind me after all."""
    await push.drop_reminder(connection, viewer.person, visit_id)
