"""What a phone's camera opens: the place behind a poster, one tap to check in, one to leave.

Reading the page never writes: cameras and messengers open links by themselves. A phone without a
session gets in with two screens, number and code, and the second of them checks in as well.
"""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from lachan.identity import residents, sessions
from lachan.identity.errors import PhoneInvalid
from lachan.identity.limits import address_of, limits_of
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import AnyViewer, ResidentViewer, Transaction, Viewer, anyone
from lachan.kit.http.rate import RateLimit
from lachan.visits import service, store
from lachan.visits.codes import PostedSpot
from lachan.visits.domain import Direction, Outcome
from lachan.visits.errors import DoorCodeNeeded
from lachan.visits.schemas import ScanIn
from lachan.visits.store import DiaryEntry
from lachan.web.place.farewell import farewell_at_code
from lachan.web.rendering import language_of, page
from lachan.web.resident.door import Door, door_of

router = APIRouter(include_in_schema=False)

# A code is 45 random bits; at this pace nobody finds one of a million places by guessing.
_LOOK_UPS = RateLimit(120, burst=240)
_CODE_DIGITS = 6


async def _posted(request: Request, code: str) -> PostedSpot:
    _LOOK_UPS.check(address_of(request))
    found: PostedSpot = await request.app.state.intake.codes.find(code)
    return found


def _here(entry: DiaryEntry | None, posted: PostedSpot) -> DiaryEntry | None:
    """The visit under way, when it is at this very spot."""
    if entry is None or not entry.is_open(now()):
        return None
    same = (entry.place_id, entry.room_id) == (posted.spot.place_id, posted.spot.room_id)
    return entry if same else None


@router.get("/p/{code}")
@router.get("/P/{code}")
async def show_place(
    request: Request, viewer: AnyViewer, connection: Transaction, code: str
) -> Response:
    """The place behind a poster, with the one thing to do next."""
    posted = await _posted(request, code)
    door = door_of(request, posted, now())
    if viewer is None or viewer.kind != "resident":
        return page(
            request,
            "visits/enter_phone.html",
            posted=posted,
            viewer=None,
            phone="",
            errors={},
            door=door,
            farewell=await farewell_at_code(request, connection, posted.code),
        )
    return await _place_page(request, viewer, connection, posted, door)


async def _place_page(
    request: Request, viewer: Viewer, connection: Transaction, posted: PostedSpot, door: Door
) -> Response:
    latest = await store.latest(connection, viewer.person)
    profile = await residents.access_profile(connection, request.app.state.keyring, viewer)
    return page(
        request,
        "visits/place.html",
        status=DoorCodeNeeded.status if door.error else 200,
        posted=posted,
        door=door,
        here=_here(latest, posted),
        elsewhere=latest
        if latest is not None and latest.is_open(now()) and _here(latest, posted) is None
        else None,
        household=profile.household,
        scan_id=uuid4(),
        farewell=await farewell_at_code(request, connection, posted.code),
    )


@router.post("/p/{code}")
async def scan_place(request: Request, viewer: ResidentViewer, code: str) -> Response:
    """Check in or out from the page."""
    form = await request.form()
    scan = _scan_in(code, form)
    if scan.people:
        async with request.app.state.storage.transaction(viewer.token) as connection:
            await service.check_household(connection, viewer, scan.people)
    try:
        return await _scanned(request, viewer, scan)
    except DoorCodeNeeded as problem:
        posted = await _posted(request, code)
        door = door_of(request, posted, now(), error=problem.fields["proof"])
        async with request.app.state.storage.transaction(viewer.token) as connection:
            return await _place_page(request, viewer, connection, posted, door)


def _scan_in(code: str, form: FormData) -> ScanIn:
    try:
        return ScanIn(
            scan_id=UUID(str(form.get("scan_id", ""))),
            code=code,
            direction=Direction(str(form.get("direction", "auto"))),
            people=[int(str(one)) for one in form.getlist("people")],
            proof=str(form.get("proof", "")).strip() or None,
        )
    except ValueError:
        raise InvalidInput from None


async def _scanned(request: Request, viewer: Viewer, scan: ScanIn) -> Response:
    state = request.app.state
    answer, posted = await service.take_scan(
        state.intake,
        state.settings,
        viewer,
        scan,
        people=scan.people,
        received_at=now(),
        source="poster",
        doors=state.doors,
    )
    if answer.stay is None or answer.outcome is Outcome.NOT_INSIDE:
        return RedirectResponse(f"/p/{posted.code}", status_code=303)
    return RedirectResponse(
        f"/me/visits/{answer.stay.visit_id}?did={answer.outcome.value}", status_code=303
    )


@router.post("/p/{code}/phone", dependencies=[Depends(anyone)])
async def enter_phone(
    request: Request,
    connection: Transaction,
    code: str,
    phone: Annotated[str, Form(max_length=40)] = "",
    proof: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """First screen of a new phone: where to send the one-time code."""
    posted = await _posted(request, code)
    door = door_of(request, posted, now(), kept=proof)
    limits_of(request).codes.check(address_of(request))
    state = request.app.state
    lang = language_of(request)
    try:
        normal = await residents.send_code(
            connection,
            state.keyring,
            state.settings,
            phone,
            texts=limits_of(request).texts,
            catalogs=state.catalogs,
            lang=lang,
        )
    except PhoneInvalid as problem:
        errors = {name: state.catalogs.translate(lang, key) for name, key in problem.fields.items()}
        return page(
            request,
            "visits/enter_phone.html",
            status=422,
            posted=posted,
            viewer=None,
            phone=phone,
            errors=errors,
            door=door,
        )
    return _code_screen(request, posted, normal, door, wrong=False)


def _code_screen(
    request: Request, posted: PostedSpot, phone: str, door: Door, *, wrong: bool
) -> Response:
    sentence = request.app.state.catalogs.translate(language_of(request), "identity-field-code")
    return page(
        request,
        "visits/enter_code.html",
        status=422 if wrong else 200,
        posted=posted,
        viewer=None,
        phone=phone,
        door=door,
        scan_id=uuid4(),
        digits=_CODE_DIGITS,
        errors={"one_time_code": sentence} if wrong else {},
    )


@router.post("/p/{code}/enter", dependencies=[Depends(anyone)])
async def enter_code(
    request: Request,
    code: str,
    phone: Annotated[str, Form(max_length=40)],
    one_time_code: Annotated[str, Form(max_length=20)] = "",
    proof: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Second screen: the right code signs in and checks in at once."""
    posted = await _posted(request, code)
    limits_of(request).tries.check(address_of(request))
    state = request.app.state
    async with state.storage.transaction() as connection:
        signed = await residents.sign_in(
            connection, state.keyring, state.settings, phone, one_time_code.strip()
        )
    if signed is None:
        door = door_of(request, posted, now(), kept=proof)
        return _code_screen(request, posted, phone, door, wrong=True)
    viewer = await state.sessions.find(signed.token)
    try:
        response = await _scanned(request, viewer, _scan_in(code, await request.form()))
    except DoorCodeNeeded:
        # The one-time code is used up: signed in they are, and the place's page asks again.
        response = RedirectResponse(f"/p/{posted.code}", status_code=303)
    response.headers["set-cookie"] = sessions.cookie_header(
        signed.token,
        secure=state.settings.secure,
        max_age=state.settings.identity.resident_session_days * 86_400,
    )
    return response
