"""One place as an officer of its area sees it: facts, and giving it to whoever will run it."""

import base64
from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity import sessions
from lachan.identity.errors import ConfirmFirst
from lachan.identity.officers import sign_in
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.ids import spoken_code
from lachan.places.operators import service
from lachan.places.operators.api import invite, join_url
from lachan.places.operators.service import DAYS
from lachan.places.poster import QUIET_MODULES, qr_of
from lachan.web.desk.confirm import confirm_with
from lachan.web.place.sentences import say_fields, say_problem
from lachan.web.rendering import page

# `int` in the paths: other pages of places lie beside these.
router = APIRouter(include_in_schema=False, prefix="/desk/places")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Officer = Annotated[Viewer, Depends(officer())]
Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
_DONE: Final = {"sent", "withdrawn", "taken"}
_MODULE_PIXELS: Final = 6


async def _place_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    did: str | None = None,
    typed: str = "",
    refused: Problem | None = None,
) -> Response:
    place, invitations = await service.access_place(connection, viewer, place_id)
    return page(
        request,
        "desk/place.html",
        status=refused.status if refused else 200,
        place=place,
        invitations=invitations,
        may_give=service.may_give(viewer, place),
        days=DAYS,
        spoken=spoken_code,
        typed=typed,
        errors=say_problem(request, refused) if refused else {},
        did=did if did in _DONE else None,
    )


@router.get("/{place_id:int}")
async def show_place(
    request: Request,
    viewer: Officer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """What the place is, and whether somebody runs it."""
    return await _place_page(request, viewer, connection, place_id, did=did)


@router.post("/{place_id:int}/operator/phone")
async def invite_by_phone(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    place_id: RowId,
    phone: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Invite whoever signs in with a number."""
    try:
        await invite(request, viewer, connection, place_id, phone)
    except Problem as refused:
        # Other pages of the error are right when there is nothing to show again.
        if not refused.fields:
            raise
        return await _place_page(
            request, viewer, connection, place_id, typed=phone, refused=refused
        )
    return RedirectResponse(f"/desk/places/{place_id}?did=sent", status_code=303)


@router.post("/{place_id:int}/operator/code")
async def invite_by_code(
    request: Request, viewer: Admin, connection: Transaction, place_id: RowId
) -> Response:
    """Make a code to hand over. It is in this answer and nowhere else, so there is no redirect."""
    made = await invite(request, viewer, connection, place_id, None)
    assert made.code is not None
    place, _ = await service.access_place(connection, viewer, place_id)
    url = join_url(request, made.code)
    picture = BytesIO()
    qr_of(url).save(
        picture,
        kind="svg",
        scale=_MODULE_PIXELS,
        border=QUIET_MODULES,
        light="#fff",
        xmldecl=False,
        svgns=True,
    )
    return page(
        request,
        "desk/place_code.html",
        headers={"cache-control": "no-store"},
        place=place,
        code=made.code,
        ends=made.expires_at,
        link=url,
        site=url.rpartition("/")[0].split("://", 1)[-1],
        qr=base64.b64encode(picture.getvalue()).decode(),
    )


@router.post("/{place_id:int}/operator/invitations/{invitation_id:int}/withdraw")
async def withdraw(
    viewer: Admin, connection: Transaction, place_id: RowId, invitation_id: RowId
) -> Response:
    """Take an invitation back."""
    await service.withdraw(connection, viewer, place_id, invitation_id)
    return RedirectResponse(f"/desk/places/{place_id}?did=withdrawn", status_code=303)


async def _ask_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    typed: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    place, _ = await service.access_giving(connection, viewer, place_id)
    return page(
        request,
        "desk/place_take_back.html",
        status=422 if errors else 200,
        place=place,
        typed=typed,
        fresh=await sessions.is_fresh(connection),
        login=(await sign_in.access_self(connection)).login,
        errors=errors or {},
    )


@router.get("/{place_id:int}/operator/take-back")
async def ask_take_back(
    request: Request, viewer: Admin, connection: Transaction, place_id: RowId
) -> Response:
    """What taking a place back means, before it is done."""
    return await _ask_page(request, viewer, connection, place_id)


@router.post("/{place_id:int}/operator/take-back")
async def take_back(
    request: Request,
    viewer: Admin,
    place_id: RowId,
    reason: Annotated[str, Form(max_length=1000)] = "",
    confirm: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Let nobody run it any more; asks for the password where it was shown too long ago."""
    wrong = bool(confirm) and not await confirm_with(request, viewer, confirm)
    async with request.app.state.storage.transaction(viewer.token) as connection:
        fields: Mapping[str, str] = {"confirm": "identity-field-old-password"}
        if not wrong:
            fields = await _take_back(connection, viewer, place_id, reason)
        if not fields:
            return RedirectResponse(f"/desk/places/{place_id}?did=taken", status_code=303)
        return await _ask_page(
            request, viewer, connection, place_id, typed=reason, errors=say_fields(request, fields)
        )


async def _take_back(
    connection: AsyncConnection, viewer: Viewer, place_id: int, reason: str
) -> Mapping[str, str]:
    """Take it back, or say which fields of the page are wrong."""
    try:
        await service.take_back(connection, viewer, place_id, reason)
    except ConfirmFirst:
        return {"confirm": "operators-field-confirm"}
    except Problem as refused:
        # Other pages of the error are right when there is nothing to show again.
        if not refused.fields:
            raise
        return refused.fields
    return {}
