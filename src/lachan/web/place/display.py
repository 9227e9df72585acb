"""The screen at a door: a QR picture and three digits that change each minute.

In the session of somebody who runs the place it is a look at what the screen shows; a tablet that
stays at the door is paired, so that nobody there can press anything else.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.sessions import Sessions, ask_as
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput, NotAllowed
from lachan.kit.http.access import DeviceViewer, ResidentViewer, Transaction
from lachan.kit.ids import spoken_code
from lachan.places.devices import NewDevice
from lachan.places.errors import PlaceClosed
from lachan.places.poster import poster_url, qr_of
from lachan.places.service import access_open_place
from lachan.places.store import posted_code
from lachan.visits.devices import keys
from lachan.visits.devices.store import note_seen
from lachan.visits.proof import Doors, door_code
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import page
from lachan.web.session_cookie import give_session

router = APIRouter(include_in_schema=False)

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_QUIET: Final = 4
_ROW_DIGITS: Final = 18
"""So that a huge number is refused here and not by the database."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the screen shows for the rest of this minute."""

    place: str
    room: str | None
    code: str
    qr: str
    digits: str
    ends_at: datetime
    seconds_left: int
    policy: str


async def _shown(
    request: Request, connection: AsyncConnection, place_id: int, room_id: int | None
) -> Shown:
    posted = await posted_code(connection, place_id, room_id)
    if posted is None:
        raise PlaceClosed
    moment = now()
    doors: Doors = request.app.state.doors
    shown = door_code(doors.key_of(place_id), moment)
    url = f"{poster_url(request.app.state.settings.web.base_url, posted.code)}?d={shown.token}"
    picture = BytesIO()
    qr_of(url).save(picture, kind="svg", border=_QUIET, xmldecl=False, svgns=True, omitsize=True)
    return Shown(
        posted.name,
        posted.room,
        spoken_code(posted.code),
        base64.b64encode(picture.getvalue()).decode(),
        shown.digits,
        shown.ends_at,
        max(1, int((shown.ends_at - moment).total_seconds())),
        posted.proof,
    )


def _page(request: Request, shown: Shown, fragment: str) -> Response:
    return page(request, "place/display.html", shown=shown, fragment=fragment)


def _part(request: Request, shown: Shown) -> Response:
    return page(request, "place/_display.html", shown=shown)


@router.get("/place/{place_id}/display")
async def display(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """The screen, shown by somebody who runs the place."""
    await access_open_place(connection, viewer, place_id)
    shown = await _shown(request, connection, place_id, None)
    return _page(request, shown, f"/place/{place_id}/display/code")


@router.get("/place/{place_id}/display/code")
async def display_part(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """What the screen shows from now on."""
    await access_open_place(connection, viewer, place_id)
    return _part(request, await _shown(request, connection, place_id, None))


@router.get("/place/{place_id}/display/pair")
async def ask_pair(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """What pairing does, before it is done."""
    place = await access_open_place(connection, viewer, place_id)
    return page(request, "place/display_pair.html", place=place, errors={}, label="")


@router.post("/place/{place_id}/display/pair")
async def pair(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    label: Annotated[str, Form(max_length=100)] = "",
    room_id: Annotated[str, Form(max_length=_ROW_DIGITS)] = "",
) -> Response:
    """Make this browser the screen at the door; its cookie is the device's from here on."""
    room = int(room_id) if room_id.isascii() and room_id.isdigit() else None
    asked = NewDevice(
        kind="display", label=label.strip() or say(request, "display-title"), room_id=room
    )
    try:
        made = await keys.register(connection, request.app.state.keyring, viewer, place_id, asked)
    except InvalidInput as problem:
        place = await access_open_place(connection, viewer, place_id)
        return page(
            request,
            "place/display_pair.html",
            status=422,
            place=place,
            errors=say_problem(request, problem),
            label=label,
        )
    await ask_as(connection, viewer.token)
    sessions: Sessions = request.app.state.sessions
    await sessions.revoke(connection, viewer.token)
    response = RedirectResponse("/display", status_code=303)
    give_session(response, request, made.key, seconds=keys.KEY_DAYS * 86_400)
    return response


async def _of_device(request: Request, viewer: DeviceViewer, connection: AsyncConnection) -> Shown:
    device = viewer.at_place
    if device.kind != "display":
        raise NotAllowed
    await note_seen(connection)
    return await _shown(request, connection, device.place_id, device.room_id)


@router.get("/display")
async def paired(request: Request, viewer: DeviceViewer, connection: Transaction) -> Response:
    """The screen of a paired tablet."""
    return _page(request, await _of_device(request, viewer, connection), "/display/code")


@router.get("/display/code")
async def paired_part(request: Request, viewer: DeviceViewer, connection: Transaction) -> Response:
    """What it shows from now on."""
    return _part(request, await _of_device(request, viewer, connection))
