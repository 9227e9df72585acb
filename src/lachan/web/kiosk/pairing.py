"""Making a kiosk of this tablet: the operator signs out of it by the same step."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.sessions import Sessions, ask_as
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.kit.http.problems import fields_of
from lachan.places.devices import LABEL_LENGTH, NewDevice
from lachan.places.service import access_open_place
from lachan.visits.devices import keys
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page
from lachan.web.session_cookie import give_session

router = APIRouter(include_in_schema=False, prefix="/place/{place_id}/kiosk")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _form(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    place = await access_open_place(connection, viewer, place_id)
    return page(
        request,
        "kiosk/pair.html",
        status=422 if errors else 200,
        place=place,
        typed=typed or {},
        errors=errors or {},
        longest=LABEL_LENGTH,
    )


@router.get("")
async def ask(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
) -> Response:
    """What pairing does, before it is done."""
    return await _form(request, viewer, connection, place_id)


@router.post("")
async def pair(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    label: Annotated[str, Form(max_length=1000)] = "",
    room_id: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Register this browser as a kiosk; its cookie is the device's from here on."""
    typed = {"label": label, "room_id": room_id}
    try:
        try:
            asked = NewDevice.model_validate(
                {"kind": "kiosk", "label": label.strip(), "room_id": room_id or None}
            )
        except ValidationError as error:
            raise InvalidInput(fields=fields_of(error.errors())) from None
        made = await keys.register(connection, request.app.state.keyring, viewer, place_id, asked)
    except InvalidInput as problem:
        said = say_problem(request, problem)
        return await _form(request, viewer, connection, place_id, typed=typed, errors=said)
    # Registering went on in the name of the device; ending the operator's session is theirs to ask.
    await ask_as(connection, viewer.token)
    sessions: Sessions = request.app.state.sessions
    await sessions.revoke(connection, viewer.token)
    response = RedirectResponse("/kiosk", status_code=303)
    give_session(response, request, made.key, seconds=keys.KEY_DAYS * 86_400)
    return response
