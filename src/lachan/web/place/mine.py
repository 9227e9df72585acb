"""Pages of those who run places: the list, one place, posters, changes."""

from itertools import groupby
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.kit.errors import InvalidInput, NotFound, Problem
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.http.problems import fields_of
from lachan.kit.ids import spoken_code
from lachan.places import service
from lachan.places.hours import Hours, clock_of
from lachan.places.kinds import VENTILATIONS
from lachan.places.operators import service as operators
from lachan.places.poster import Poster, PosterPress, Size
from lachan.places.schemas import EditPlace, NewRoom
from lachan.places.store import Place, Room, own_places
from lachan.web.place.farewell import farewell_at
from lachan.web.place.sentences import kind_options, say, say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
RoomId = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
_DONE = {"edited", "renewed", "closed", "added", "removed", "hours", "joined", "renamed"}


@router.get("")
async def my_places(
    request: Request, viewer: ResidentViewer, connection: Transaction, did: str | None = None
) -> Response:
    """The places that the reader runs, and is invited to run."""
    return page(
        request,
        "place/list.html",
        places=await own_places(connection, viewer.person),
        offers=await operators.my_offers(connection),
        did=did if did == "declined" else None,
    )


@router.post("/offers/{invitation_id}")
async def answer_offer(
    viewer: ResidentViewer,
    connection: Transaction,
    invitation_id: RowId,
    answer: Annotated[Literal["take", "decline"], Form()],
) -> Response:
    """Take an invitation that came to the reader's own number, or refuse it."""
    if answer == "take":
        place_id = await operators.take(connection, viewer, invitation_id)
        return RedirectResponse(f"/place/{place_id}?did=joined", status_code=303)
    await operators.decline(connection, viewer, invitation_id)
    return RedirectResponse("/place?did=declined", status_code=303)


@router.get("/{place_id}")
async def my_place(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    new: str | None = None,
    did: str | None = None,
) -> Response:
    """One place: facts, codes, posters, how many are inside."""
    place = await service.access_own_place(connection, viewer, place_id)
    done = did if did in _DONE else None
    return await _place_page(request, connection, place, new=new == "1", did=done)


async def _place_page(
    request: Request,
    connection: AsyncConnection,
    place: Place,
    *,
    new: bool = False,
    did: str | None = None,
    status: int = 200,
    errors: dict[str, str] | None = None,
    typed: str = "",
) -> Response:
    return page(
        request,
        "place/place.html",
        status=status,
        place=place,
        new=new,
        did=did,
        errors=errors or {},
        typed=typed,
        spoken=spoken_code,
        hours_text=_hours_text(request, place.hours),
        farewell=await farewell_at(request, connection, place.facts.area, place.facts.kind),
    )


def _hours_text(request: Request, hours: Hours | None) -> str | None:
    """Days with the same hours stand together: "Monday–Friday 08:00–18:00; Sunday closed"."""
    if hours is None:
        return None
    parts = []
    for span, days in groupby(range(len(hours.days)), key=lambda day: hours.days[day]):
        names = [say(request, f"running-day-{day}") for day in days]
        named = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
        when = (
            f"{clock_of(span[0])}–{clock_of(span[1])}"
            if span
            else say(request, "running-closed-day")
        )
        parts.append(f"{named} {when}")
    return "; ".join(parts)


@router.get("/{place_id}/rooms/{room_id}")
async def room_form(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    room_id: RowId,
) -> Response:
    """The name of a room."""
    place = await service.access_open_place(connection, viewer, place_id)
    room = _room(place, room_id)
    if room is None:
        raise NotFound
    return page(request, "place/room.html", place=place, name=room.name, errors={})


@router.post("/{place_id}/rooms/{room_id}")
async def rename_room(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    room_id: RowId,
    name: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Call a room something else."""
    try:
        await service.rename_room(connection, viewer, place_id, room_id, name)
    except InvalidInput as problem:
        place = await service.access_open_place(connection, viewer, place_id)
        said = say_problem(request, problem)
        return page(request, "place/room.html", status=422, place=place, name=name, errors=said)
    return RedirectResponse(f"/place/{place_id}?did=renamed#rooms", status_code=303)


@router.get("/{place_id}/posters.pdf")
async def all_posters(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    size: Size = "a4",
) -> Response:
    """The posters of a place and of each room, a page each."""
    place = await service.access_open_place(connection, viewer, place_id)
    name = place.facts.name
    registered = place.review in {None, "accepted"}
    posters = [Poster(place.code, name, None, registered)] if place.code else []
    posters += [Poster(room.code, name, room.name, registered) for room in place.rooms]
    press: PosterPress = request.app.state.press
    return Response(
        await press.print(posters, size),
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="la-chan-{place_id}-{size}.pdf"'},
    )


@router.get("/{place_id}/edit")
async def edit_form(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """The facts that can be changed."""
    place = await service.access_open_place(connection, viewer, place_id)
    values = {
        "name": place.facts.name,
        "kind": place.facts.kind,
        "address": place.facts.address,
        "ventilation": place.facts.ventilation,
        "usual_stay_minutes": str(place.usual_stay_minutes),
    }
    return _edit_page(request, place_id, values, {})


def _edit_page(
    request: Request, place_id: int, values: dict[str, str], errors: dict[str, str]
) -> Response:
    return page(
        request,
        "place/edit.html",
        status=422 if errors else 200,
        place_id=place_id,
        values=values,
        errors=errors,
        kinds=kind_options(request),
        ventilations=[(code, say(request, f"places-air-{code}")) for code in VENTILATIONS],
    )


@router.post("/{place_id}/edit")
async def edit(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    name: Annotated[str, Form(max_length=1000)] = "",
    kind: Annotated[str, Form(max_length=100)] = "",
    address: Annotated[str, Form(max_length=1000)] = "",
    ventilation: Annotated[str, Form(max_length=100)] = "",
    usual_stay_minutes: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Change the facts."""
    values = {
        "name": name,
        "kind": kind,
        "address": address,
        "ventilation": ventilation,
        "usual_stay_minutes": usual_stay_minutes,
    }
    try:
        try:
            asked = EditPlace.model_validate(values)
        except ValidationError as error:
            raise InvalidInput(fields=fields_of(error.errors())) from None
        await service.edit(connection, viewer, place_id, asked)
    except InvalidInput as problem:
        return _edit_page(request, place_id, values, say_problem(request, problem))
    return RedirectResponse(f"/place/{place_id}?did=edited", status_code=303)


@router.post("/{place_id}/rooms")
async def add_room(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    name: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Add a room."""
    try:
        try:
            asked = NewRoom(name=name.strip())
        except ValidationError:
            key = "field-too-long" if name.strip() else "field-missing"
            raise InvalidInput(fields={"name": key}) from None
        await service.add_rooms(connection, viewer, place_id, [asked])
    except Problem as problem:
        place = await service.access_own_place(connection, viewer, place_id)
        said = {"name": next(iter(say_problem(request, problem).values()))}
        return await _place_page(
            request, connection, place, status=problem.status, errors=said, typed=name
        )
    return RedirectResponse(f"/place/{place_id}?did=added#rooms", status_code=303)


@router.get("/{place_id}/renew")
async def ask_renew(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    room: RoomId = None,
) -> Response:
    """What renewing a code means, before it is done."""
    place = await service.access_open_place(connection, viewer, place_id)
    return page(request, "place/ask.html", place=place, what="renew", room=_room(place, room))


@router.get("/{place_id}/remove")
async def ask_remove(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    room: RoomId = None,
) -> Response:
    """What removing a room means, before it is done."""
    place = await service.access_open_place(connection, viewer, place_id)
    return page(request, "place/ask.html", place=place, what="remove", room=_room(place, room))


@router.get("/{place_id}/close")
async def ask_close(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """What closing means, before it is done."""
    place = await service.access_open_place(connection, viewer, place_id)
    return page(request, "place/ask.html", place=place, what="close", room=None)


def _room(place: Place, room_id: int | None) -> Room | None:
    return next((room for room in place.rooms if room.id == room_id), None)


@router.post("/{place_id}/renew")
async def renew(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, room: RoomId = None
) -> Response:
    """Replace a code."""
    await service.renew_code(connection, viewer, place_id, room)
    return RedirectResponse(f"/place/{place_id}?did=renewed", status_code=303)


@router.post("/{place_id}/remove")
async def remove(
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    room: Annotated[int, Query(ge=1, le=2**63 - 1)],
) -> Response:
    """Withdraw a room's code."""
    await service.remove_room(connection, viewer, place_id, room)
    return RedirectResponse(f"/place/{place_id}?did=removed#rooms", status_code=303)


@router.post("/{place_id}/close")
async def close(viewer: ResidentViewer, connection: Transaction, place_id: RowId) -> Response:
    """Take no more check-ins."""
    await service.close(connection, viewer, place_id)
    return RedirectResponse(f"/place/{place_id}?did=closed", status_code=303)
