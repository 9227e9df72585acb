"""Routes of a place's numbers, for those who run it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import ResidentViewer, Transaction, resident
from lachan.kit.http.sse import event_stream
from lachan.places.service import access_own_place
from lachan.visits.attendance import live, service, store
from lachan.visits.attendance.domain import WHOLE_DAY, Counted
from lachan.visits.domain import UNDO_WINDOW

router = APIRouter(prefix="/api/v1/me/places/{place_id}", tags=["places"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
People = Annotated[int | None, Field(description="null: fewer than five")]


class HourOut(BaseModel):
    hour: int
    people: People


class DayOut(BaseModel):
    day: date
    people: People


class DoorCountIn(BaseModel):
    """How many came through the door on a day, in one hour of it or (without `hour`) in all."""

    model_config = ConfigDict(extra="forbid")

    day: date
    hour: Annotated[int, Field(ge=0, le=23)] | None = None
    counted: Annotated[int, Field(ge=0, le=service.MOST_COUNTED)]


class AttendanceOut(BaseModel):
    """A place's numbers; nobody behind them is told."""

    inside: People
    today: list[HourOut]
    days: list[DayOut]
    share_scanned: float | None = Field(
        description="People who scanned by people counted at the door; null: nothing counted"
    )


class DayCloseOut(BaseModel):
    id: int
    undo_until: AwareDatetime


@router.get("/attendance")
async def attendance(
    request: Request, place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> AttendanceOut:
    """Who is here now, who came today by hour and in two weeks by day: numbers of five and more."""
    found = await service.access_attendance(
        connection, viewer, place_id, now(), request.app.state.settings.zone
    )
    return AttendanceOut(
        inside=found.inside,
        today=[HourOut(hour=entry.hour, people=entry.people) for entry in found.hours],
        days=[DayOut(day=entry.day, people=entry.people) for entry in found.days],
        share_scanned=found.quality.share,
    )


@router.get(
    "/attendance/events",
    response_class=Response,
    dependencies=[Depends(resident)],
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def attendance_events(request: Request, place_id: RowId, viewer: ResidentViewer) -> Response:
    """The same, live: `attendance` whenever a number changes."""
    state = request.app.state
    state.streams.check_room(viewer.key)
    async with state.storage.transaction(viewer.token) as connection:
        await access_own_place(connection, viewer, place_id)
    return event_stream(
        live.messages(
            viewer,
            place_id,
            storage=state.storage,
            hub=state.hub,
            sessions=state.sessions,
            streams=state.streams,
            zone=state.settings.zone,
        )
    )


@router.post("/door-counts", status_code=204)
async def door_count(
    request: Request,
    place_id: RowId,
    asked: DoorCountIn,
    viewer: ResidentViewer,
    connection: Transaction,
) -> None:
    """Write down how many came through the door; sent again, it is written over."""
    entry = Counted(asked.day, WHOLE_DAY if asked.hour is None else asked.hour, asked.counted)
    today = local_day(now(), request.app.state.settings.zone)
    await service.note_count(connection, viewer, place_id, entry, today=today)


@router.post("/day-closes", status_code=202)
async def close_day(
    place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> DayCloseOut:
    """Check everybody out whose visit runs; it can be taken back for ten minutes."""
    close_id = await service.close_day(connection, viewer, place_id)
    last = await store.last_close(connection, place_id)
    assert last is not None
    return DayCloseOut(id=close_id, undo_until=last.closed_at + UNDO_WINDOW)


@router.delete("/day-closes/{close_id}", status_code=202)
async def undo_close(
    place_id: RowId, close_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Take a close back."""
    await service.undo_close(connection, viewer, place_id, close_id, now())
