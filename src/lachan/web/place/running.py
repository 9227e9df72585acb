"""Pages of how a place runs: opening hours, what is asked at the door, the close of the day."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import local_day, now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.places import service
from lachan.places.hours import DAYS, Hours, clock_of, minutes_of
from lachan.places.store import Policy
from lachan.visits.attendance import service as attendance
from lachan.visits.attendance import store
from lachan.visits.attendance.domain import WHOLE_DAY, Counted
from lachan.visits.domain import UNDO_WINDOW
from lachan.web.place.sentences import say_fields
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place/{place_id}")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_POLICIES: Final[tuple[Policy, ...]] = ("off", "optional", "required")


@router.get("/hours")
async def hours_form(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """Opening hours and the code at the door."""
    place = await service.access_owned_place(connection, viewer, place_id)
    values = {"proof": str(place.proof)}
    if place.hours:
        for day, span in enumerate(place.hours.days):
            values |= {f"opens-{day}": clock_of(span[0]) if span else ""}
            values |= {f"closes-{day}": clock_of(span[1]) if span else ""}
    return _hours_page(request, place_id, values, {})


def _hours_page(
    request: Request, place_id: int, values: dict[str, str], errors: dict[str, str]
) -> Response:
    return page(
        request,
        "place/hours.html",
        status=422 if errors else 200,
        place_id=place_id,
        values=values,
        errors=say_fields(request, errors),
        days=range(DAYS),
        policies=_POLICIES,
    )


def _hours_in(form: FormData, errors: dict[str, str]) -> Hours | None:
    """Hours as typed; no day at all means that none are set."""
    days: list[tuple[int, int] | None] = []
    for day in range(DAYS):
        typed = [str(form.get(f"{end}-{day}", "")).strip() for end in ("opens", "closes")]
        if not any(typed):
            days.append(None)
            continue
        found = [minutes_of(one) for one in typed]
        for end, minutes in zip(("opens", "closes"), found, strict=True):
            if minutes is None:
                errors[f"{end}-{day}"] = "running-field-time"
        days.append((found[0] or 0, found[1] or 0))
    return Hours(tuple(days)) if any(days) else None


@router.post("/hours")
async def set_hours(request: Request, viewer: ResidentViewer, place_id: RowId) -> Response:
    """Change them."""
    form = await request.form()
    errors: dict[str, str] = {}
    hours = _hours_in(form, errors)
    proof = next((one for one in _POLICIES if one == form.get("proof")), None)
    if proof is None:
        errors["proof"] = "field-invalid"
    if errors or proof is None:
        values = {name: str(value) for name, value in form.items()}
        return _hours_page(request, place_id, values, errors)
    # Opened here, not by the route: a slow sender holds no connection.
    async with request.app.state.storage.transaction(viewer.token) as connection:
        await service.set_running(connection, viewer, place_id, proof=proof, hours=hours)
    return RedirectResponse(f"/place/{place_id}?did=hours", status_code=303)


async def _numbers_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    did: str | None = None,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    moment = now()
    place = await service.access_own_place(connection, viewer, place_id)
    numbers = await attendance.access_attendance(
        connection, viewer, place_id, moment, request.app.state.settings.zone
    )
    close = await store.last_close(connection, place_id)
    return page(
        request,
        "place/numbers.html",
        status=422 if errors else 200,
        place=place,
        numbers=numbers,
        highest_hour=max([entry.people or 0 for entry in numbers.hours], default=0),
        highest_day=max([entry.people or 0 for entry in numbers.days], default=0),
        close=close,
        can_undo=close is not None
        and close.state == "done"
        and moment - close.closed_at <= UNDO_WINDOW,
        errors=say_fields(request, errors or {}),
        typed=typed or {"day": numbers.today.isoformat()},
        whole_day=WHOLE_DAY,
        did=did if did in {"counted", "closing", "reopening"} else None,
    )


@router.get("/numbers")
async def numbers(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """How many are and were there, and the share that scans."""
    return await _numbers_page(request, viewer, connection, place_id, did=did)


@router.post("/door-counts")
async def count_at_door(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    day: Annotated[str, Form(max_length=20)] = "",
    hour: Annotated[str, Form(max_length=4)] = "",
    counted: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Note how many came through the door."""
    typed = {"day": day, "hour": hour, "counted": counted}
    today = local_day(now(), request.app.state.settings.zone)
    try:
        entry = _counted(day, hour, counted)
        await attendance.note_count(connection, viewer, place_id, entry, today=today)
    except InvalidInput as problem:
        return await _numbers_page(
            request, viewer, connection, place_id, errors=problem.fields, typed=typed
        )
    return RedirectResponse(f"/place/{place_id}/numbers?did=counted#door", status_code=303)


def _counted(day: str, hour: str, counted: str) -> Counted:
    fields = {}
    parsed = None
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        fields["day"] = "field-invalid"
    if hour and not (hour.isascii() and hour.isdigit()):
        fields["hour"] = "field-invalid"
    if not (counted.isascii() and counted.isdigit()):
        fields["counted"] = "attendance-field-counted"
    if fields or parsed is None:
        raise InvalidInput(fields=fields)
    return Counted(parsed, int(hour) if hour else WHOLE_DAY, int(counted))


@router.post("/day-closes")
async def close_day(viewer: ResidentViewer, connection: Transaction, place_id: RowId) -> Response:
    """Everybody out."""
    await attendance.close_day(connection, viewer, place_id)
    return RedirectResponse(f"/place/{place_id}/numbers?did=closing#close", status_code=303)


@router.get("/day-closes")
async def ask_close_day(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """What closing the day means, before it is done."""
    place = await service.access_open_place(connection, viewer, place_id)
    return page(request, "place/ask.html", place=place, what="day-closes", room=None)


@router.post("/day-closes/{close_id}/undo")
async def undo_close(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, close_id: RowId
) -> Response:
    """Take the close back."""
    await attendance.undo_close(connection, viewer, place_id, close_id, now())
    return RedirectResponse(f"/place/{place_id}/numbers?did=reopening#close", status_code=303)
