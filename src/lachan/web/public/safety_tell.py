"""Telling that something is not right at a place, and following what becomes of it."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from lachan.identity.limits import address_of
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import AnyViewer, Transaction, Viewer
from lachan.kit.ids import spoken_code
from lachan.safety.checks import photos
from lachan.safety.feedback import api, service, store
from lachan.safety.feedback.domain import HANDLE_LENGTH, LONGEST, is_overdue
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader

router = APIRouter(include_in_schema=False, prefix="/map")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Handle = Annotated[str, Path(max_length=40)]
TELLS: Final = "/map/places/*/tell"
"""Where reports with photos are sent."""
TELL_BYTES: Final = 16_777_216
_MOST_FIELDS: Final = 10


async def _form(
    request: Request,
    viewer: Viewer | None,
    connection: AsyncConnection,
    place_id: int,
    *,
    item: str | None,
    body: str = "",
    problem: Problem | None = None,
) -> Response:
    settings = request.app.state.settings
    place = await service.access_place(connection, place_id)
    signed_in = viewer is not None and viewer.kind == "resident"
    return page(
        request,
        "public/safety_tell.html",
        status=problem.status if problem else 200,
        place=place,
        criteria=await service.criteria_of(connection, place, now(), settings.zone),
        item=item,
        body=body,
        errors=say_problem(request, problem) if problem else {},
        hours=settings.safety.answer_hours,
        longest=LONGEST,
        read=reader(request),
        signed_in=signed_in,
        was_here=signed_in and await store.was_here(connection, place_id),
    )


@router.get("/places/{place_id}/tell")
async def ask(
    request: Request,
    viewer: AnyViewer,
    connection: Transaction,
    place_id: RowId,
    item: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """What is asked of whoever saw something."""
    return await _form(request, viewer, connection, place_id, item=item)


@router.post("/places/{place_id}/tell")
async def tell(request: Request, viewer: AnyViewer, place_id: RowId) -> Response:
    """Send it; a photo that cannot be read does not hold the words back."""
    address = address_of(request)
    api.TELLING.check(address)
    state = request.app.state
    storage, token = state.storage, viewer.token if viewer else ""
    # Read before a transaction is opened: a slow sender holds no connection.
    async with request.form(
        max_files=3, max_fields=_MOST_FIELDS, max_part_size=state.settings.safety.photo_bytes
    ) as form:
        said, named = form.get("body"), form.get("item")
        body = said if isinstance(said, str) else ""
        item = named if isinstance(named, str) and named else None
        files = [
            await one.read()
            for one in form.getlist("photo")
            if isinstance(one, UploadFile) and one.filename
        ]
    try:
        async with storage.transaction(token) as connection:
            told = await service.tell(
                connection,
                state.keyring,
                state.settings,
                viewer,
                place_id,
                item=item,
                body=body,
                address=address,
                moment=now(),
            )
    except InvalidInput as problem:
        async with storage.transaction(token) as connection:
            return await _form(
                request, viewer, connection, place_id, item=item, body=body[:4000], problem=problem
            )
    lost = False
    for raw in files:
        try:
            picture = await photos.draw(raw, state.settings.safety)
            async with storage.transaction(token) as connection:
                await service.join_photo(
                    connection, state.keyring, told.handle, picture, moment=now()
                )
        except Problem:
            lost = True
    did = "sent-without-photo" if lost else "sent"
    return RedirectResponse(f"/map/told/{told.handle}?did={did}", status_code=303)


@router.get("/told")
async def find(request: Request, _viewer: AnyViewer) -> Response:
    """Where a follow code is typed."""
    return page(request, "public/safety_find.html", errors={}, code="")


@router.post("/told")
async def found(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    code: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Go to the report that a code follows."""
    api.FOLLOWING.check(address_of(request))
    try:
        await service.access_followed(connection, request.app.state.keyring, code)
    except Problem as problem:
        return page(
            request,
            "public/safety_find.html",
            status=problem.status,
            errors={"code": say_problem(request, problem)[""]},
            code=code,
        )
    return RedirectResponse(f"/map/told/{code.strip()}", status_code=303)


async def _told(
    request: Request,
    connection: AsyncConnection,
    handle: str,
    *,
    did: str | None = None,
    why: str = "",
    problem: Problem | None = None,
) -> Response:
    state = request.app.state
    report = await service.access_followed(connection, state.keyring, handle)
    place = await store.about(connection, report.place_id)
    moment = now()
    criteria = (
        await service.criteria_of(connection, place, moment, state.settings.zone) if place else None
    )
    items = {one.code: one for one in criteria.items} if criteria else {}
    canonical = handle.replace("-", "").replace(" ", "").upper()
    assert len(canonical) == HANDLE_LENGTH
    return page(
        request,
        "public/safety_told.html",
        status=problem.status if problem else 200,
        report=report,
        place=place,
        item=items.get(report.item_code or ""),
        read=reader(request),
        code=spoken_code(canonical),
        handle=canonical,
        url=api.follow_url(request, canonical),
        overdue=is_overdue(report.state, report.due_at, moment),
        may_reopen=api.may_reopen(report),
        did=did,
        why=why,
        errors=say_problem(request, problem) if problem else {},
        longest=LONGEST,
    )


@router.get("/told/{handle}")
async def follow(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    handle: Handle,
    did: str | None = None,
) -> Response:
    """What became of a report, for whoever holds its code."""
    api.FOLLOWING.check(address_of(request))
    known = did if did in {"sent", "sent-without-photo", "reopened"} else None
    return await _told(request, connection, handle, did=known)


@router.post("/told/{handle}")
async def reopen(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    handle: Handle,
    why: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Say that the answer is not enough."""
    api.FOLLOWING.check(address_of(request))
    state = request.app.state
    try:
        await service.reopen(connection, state.keyring, state.settings, handle, why, moment=now())
    except InvalidInput as problem:
        return await _told(request, connection, handle, why=why[:4000], problem=problem)
    return RedirectResponse(f"/map/told/{handle}?did=reopened", status_code=303)
