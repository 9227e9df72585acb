"""The facility's app: which place, its day, taking part."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.places.service import access_open_place, access_own_place
from lachan.places.store import own_places
from lachan.safety.checks import service as checks
from lachan.safety.checks.errors import NotJoined
from lachan.safety.criteria.errors import NoCriteria
from lachan.safety.facility import service, store
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader, say_reasons

router = APIRouter(include_in_schema=False, prefix="/safety")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_DONE = {"joined", "quiet", "loud"}


@router.get("")
async def choose(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """The places that the reader runs; whoever runs one is there at once."""
    places = [one for one in await own_places(connection, viewer.person) if one.state == "active"]
    if len(places) == 1:
        return RedirectResponse(f"/safety/{places[0].id}", status_code=303)
    today = local_day(now(), request.app.state.settings.zone)
    return page(
        request,
        "safety/choose.html",
        places=places,
        glances=await store.glances(connection, [one.id for one in places], today),
    )


@router.get("/{place_id}")
async def today(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """The day of a place: its tasks, its colour and why, who committed what."""
    state = request.app.state
    try:
        found = await service.access_today(
            connection, state.keyring, state.settings, viewer, place_id
        )
    except (NotJoined, NoCriteria):
        return await _offer(request, viewer, connection, place_id)
    return page(
        request,
        "safety/today.html",
        today=found,
        reasons=say_reasons(request, found.criteria, found.reasons),
        read=reader(request),
        did=did if did in _DONE else None,
        quiet=await store.is_quiet(connection, place_id, viewer.person),
        waits=await store.waits(connection, place_id),
        now=now(),
    )


async def _offer(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: int
) -> Response:
    place = await access_own_place(connection, viewer, place_id)
    day = local_day(now(), request.app.state.settings.zone)
    return page(
        request,
        "safety/join.html",
        place=place,
        criteria=await service.find_criteria(connection, place, day),
        read=reader(request),
    )


@router.post("/{place_id}/join")
async def join(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """Let the place take part."""
    await access_open_place(connection, viewer, place_id)
    await checks.join(connection, place_id, local_day(now(), request.app.state.settings.zone))
    return RedirectResponse(f"/safety/{place_id}?did=joined", status_code=303)
