"""The form by which those who run a place report a case among them."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.kit.http.rate import RateLimit
from lachan.places.reports import service, store
from lachan.places.reports.service import Report
from lachan.places.service import access_open_place
from lachan.web.place.sentences import say_fields
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place/{place_id}/report")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_A_PERSON = RateLimit(1, burst=10)


async def _form(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    typed: dict[str, object] | None = None,
    errors: dict[str, str] | None = None,
    did: bool = False,
) -> Response:
    place = await access_open_place(connection, viewer, place_id)
    return page(
        request,
        "place/report.html",
        status=422 if errors else 200,
        place=place,
        reports=await store.of_place(connection, place_id),
        typed=typed or {"rooms": []},
        errors=say_fields(request, errors or {}),
        did=did,
    )


@router.get("")
async def ask(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """What is asked, and what was reported before."""
    return await _form(request, viewer, connection, place_id, did=did == "sent")


def _moment(typed: str, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(typed)
    return found if found.tzinfo else found.replace(tzinfo=zone)


@router.post("")
async def send(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    tested_on: Annotated[str, Form(max_length=40)] = "",
    begins: Annotated[str, Form(alias="from", max_length=40)] = "",
    ends: Annotated[str, Form(alias="to", max_length=40)] = "",
    contact: Annotated[str, Form(max_length=1000)] = "",
    note: Annotated[str, Form(max_length=5000)] = "",
    rooms: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Send it to the officers of the area."""
    _A_PERSON.check(viewer.key)
    zone = request.app.state.settings.zone
    typed: dict[str, object] = {
        "tested_on": tested_on,
        "from": begins,
        "to": ends,
        "contact": contact,
        "note": note,
        "rooms": rooms or [],
    }
    fields: dict[str, str] = {}
    moments: list[datetime] = []
    for name, text in (("from", begins), ("to", ends)):
        try:
            moments.append(_moment(text, zone))
        except ValueError:
            fields[name] = "place-report-field-moment"
    try:
        tested = date.fromisoformat(tested_on)
    except ValueError:
        fields["tested_on"] = "place-report-field-day"
    if fields:
        return await _form(request, viewer, connection, place_id, typed=typed, errors=fields)
    try:
        said = Report((moments[0], moments[1]), tested, rooms or [], contact, note)
        await service.report(
            connection, request.app.state.keyring, viewer, place_id, said, moment=now()
        )
    except InvalidInput as problem:
        return await _form(
            request, viewer, connection, place_id, typed=typed, errors=problem.fields
        )
    return RedirectResponse(f"/place/{place_id}/report?did=sent", status_code=303)
