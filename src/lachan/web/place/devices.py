"""Devices at a place's doors: which there are, a key for a new one, taking one away."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.sessions import ask_as
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.kit.http.problems import fields_of
from lachan.places.devices import LABEL_LENGTH, NewDevice, access_device, list_devices
from lachan.places.service import access_own_place
from lachan.visits.devices import keys
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place/{place_id}/devices")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
# Kiosks and displays are paired on pages of their own: they have a screen and no program to put a
# key into. A kiosk with software of its own registers over the API.
_KINDS = ("turnstile", "terminal")


async def _list(
    request: Request,
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    *,
    typed: dict[str, str] | None = None,
    refused: Problem | None = None,
    did: str | None = None,
) -> Response:
    return page(
        request,
        "place/devices.html",
        status=refused.status if refused else 200,
        place=await access_own_place(connection, viewer, place_id),
        devices=await list_devices(connection, place_id),
        kinds=_KINDS,
        longest=LABEL_LENGTH,
        typed=typed or {},
        errors=say_problem(request, refused) if refused else {},
        did=did,
    )


@router.get("")
async def devices(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """The devices in use, and the form for another."""
    done = did if did == "revoked" else None
    return await _list(request, connection, viewer, place_id, did=done)


@router.post("")
async def add(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    kind: Annotated[str, Form(max_length=40)] = "",
    label: Annotated[str, Form(max_length=1000)] = "",
    room_id: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Register a device and show its key, this once."""
    typed = {"kind": kind, "label": label, "room_id": room_id}
    try:
        try:
            asked = NewDevice.model_validate(
                {"kind": kind, "label": label.strip(), "room_id": room_id or None}
            )
            if asked.kind not in _KINDS:
                raise InvalidInput(fields={"kind": "field-invalid"})
        except ValidationError as error:
            raise InvalidInput(fields=fields_of(error.errors())) from None
        made = await keys.register(connection, request.app.state.keyring, viewer, place_id, asked)
    except Problem as refused:
        return await _list(request, connection, viewer, place_id, typed=typed, refused=refused)
    # Registering went on in the name of the device; the page is the operator's.
    await ask_as(connection, viewer.token)
    device, place = await access_device(connection, viewer, place_id, made.id)
    return page(
        request,
        "place/device_key.html",
        headers={"cache-control": "no-store"},
        place=place,
        device=device,
        key=made.key,
        address=f"{request.app.state.settings.web.base_url}/api/v1/device/scans",
    )


@router.get("/{device_id}/revoke")
async def ask_revoke(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    device_id: RowId,
) -> Response:
    """What taking a key away means, before it is done."""
    device, place = await access_device(connection, viewer, place_id, device_id)
    return page(request, "place/device_ask.html", place=place, device=device)


@router.post("/{device_id}/revoke")
async def revoke(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, device_id: RowId
) -> Response:
    """Take a key away."""
    await keys.revoke(connection, viewer, place_id, device_id)
    return RedirectResponse(f"/place/{place_id}/devices?did=revoked", status_code=303)
