"""Routes of places: register, look a code up, print, change."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from lachan.areas import store as areas
from lachan.kit.http.access import AnyViewer, ResidentViewer, Transaction, anyone
from lachan.places import service
from lachan.places.hours import clock_of, hours_from
from lachan.places.poster import Poster, PosterPress, Size
from lachan.places.schemas import (
    AreaNames,
    DayHours,
    EditPlace,
    FreshCode,
    MyPlaces,
    NewRoom,
    PlaceDetails,
    PublicPlace,
    RegisteredPlace,
    RegisteredRoom,
    RegisterPlace,
    RenewCode,
    RoomDetails,
    Running,
)
from lachan.places.store import Place, own_places

router = APIRouter(prefix="/api/v1", tags=["places"])

# Within a bigint, so that a huge number is refused here and not by the database.
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def poster_path(code: str) -> str:
    """Where the poster of a code is printed."""
    return f"/api/v1/places/{code}/poster.pdf"


def _details(place: Place) -> PlaceDetails:
    facts = place.facts
    return PlaceDetails(
        id=place.id,
        code=place.code,
        name=facts.name,
        kind=facts.kind,
        area=AreaNames(path=facts.area, name=place.area_name, province=place.province_name),
        address=facts.address,
        lat=facts.lat,
        lon=facts.lon,
        ventilation=facts.ventilation,
        usual_stay_minutes=place.usual_stay_minutes,
        state=place.state,
        created_at=place.created_at,
        poster_url=poster_path(place.code) if place.code else None,
        rooms=[
            RoomDetails(
                id=room.id,
                name=room.name,
                ventilation=room.ventilation,
                code=room.code,
                poster_url=poster_path(room.code),
            )
            for room in place.rooms
        ],
        inside=place.inside,
    )


@router.post("/places", status_code=201)
async def register_place(
    asked: RegisterPlace, viewer: ResidentViewer, connection: Transaction
) -> RegisteredPlace:
    """Register a place that you run; it and each room get a code and a poster."""
    made = await service.register(connection, viewer, asked)
    return RegisteredPlace(
        id=made.id,
        code=made.code,
        rooms=[RegisteredRoom(id=id_, name=name, code=code) for id_, name, code in made.rooms],
        poster_url=poster_path(made.code),
    )


@router.get("/places/{code}")
async def public_place(code: str, _viewer: AnyViewer, connection: Transaction) -> PublicPlace:
    """What anybody who holds a code may know of the place."""
    found = await service.access_code(connection, code)
    area = await areas.get(connection, found.area)
    assert area is not None
    return PublicPlace(
        code=found.code,
        name=found.place_name,
        kind=found.kind,
        area=AreaNames(path=area.path, name=area.full_name, province=area.parent_name or ""),
        room=found.room_name,
        ventilation=found.ventilation,
        usual_stay_minutes=found.usual_stay_minutes,
        registered=found.registered,
    )


@router.get(
    "/places/{code}/poster.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
    dependencies=[Depends(anyone)],
)
async def poster(
    request: Request,
    code: str,
    connection: Transaction,
    size: Annotated[Size, Query(description="Paper size")] = "a4",
) -> Response:
    """The poster of a code as a PDF. It shows nothing that the code itself does not tell."""
    found = await service.access_code(connection, code)
    press: PosterPress = request.app.state.press
    pdf = await press.print(
        [Poster(found.code, found.place_name, found.room_name, found.registered)], size
    )
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="la-chan-{found.code}-{size}.pdf"'},
    )


@router.get("/me/places")
async def my_places(viewer: ResidentViewer, connection: Transaction) -> MyPlaces:
    """The places that you run, open ones and newest first."""
    places = await own_places(connection, viewer.person)
    return MyPlaces(places=[_details(place) for place in places])


@router.get("/me/places/{place_id}")
async def my_place(
    place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> PlaceDetails:
    """One of them."""
    return _details(await service.access_own_place(connection, viewer, place_id))


@router.patch("/me/places/{place_id}")
async def edit_place(
    place_id: RowId, asked: EditPlace, viewer: ResidentViewer, connection: Transaction
) -> PlaceDetails:
    """Change what you send and nothing else."""
    return _details(await service.edit(connection, viewer, place_id, asked))


def _running(place: Place) -> Running:
    days = None
    if place.hours is not None:
        days = [
            DayHours(opens=clock_of(span[0]), closes=clock_of(span[1])) if span else None
            for span in place.hours.days
        ]
    return Running(days=days, proof=place.proof)


@router.get("/me/places/{place_id}/hours")
async def read_hours(place_id: RowId, viewer: ResidentViewer, connection: Transaction) -> Running:
    """When a place is open, and what it asks at the door."""
    return _running(await service.access_own_place(connection, viewer, place_id))


@router.put("/me/places/{place_id}/hours")
async def set_hours(
    place_id: RowId, asked: Running, viewer: ResidentViewer, connection: Transaction
) -> Running:
    """Say when it is open, and what it asks at the door; both are written anew."""
    hours = hours_from([(day.opens, day.closes) if day else None for day in asked.days or ()])
    await service.set_running(connection, viewer, place_id, proof=asked.proof, hours=hours)
    return _running(await service.access_own_place(connection, viewer, place_id))


@router.post("/me/places/{place_id}/close", status_code=204)
async def close_place(place_id: RowId, viewer: ResidentViewer, connection: Transaction) -> None:
    """Take no more check-ins at this place."""
    await service.close(connection, viewer, place_id)


@router.post("/me/places/{place_id}/codes", status_code=201)
async def renew_code(
    place_id: RowId, asked: RenewCode, viewer: ResidentViewer, connection: Transaction
) -> FreshCode:
    """Replace a code; the old poster stops working at once."""
    code = await service.renew_code(connection, viewer, place_id, asked.room_id)
    return FreshCode(code=code, poster_url=poster_path(code))


@router.post("/me/places/{place_id}/rooms", status_code=201)
async def add_room(
    place_id: RowId, asked: NewRoom, viewer: ResidentViewer, connection: Transaction
) -> RegisteredRoom:
    """Add a room with a code of its own."""
    added = await service.add_rooms(connection, viewer, place_id, [asked])
    room_id, name, code = added[0]
    return RegisteredRoom(id=room_id, name=name, code=code)


@router.delete("/me/places/{place_id}/rooms/{room_id}", status_code=204)
async def remove_room(
    place_id: RowId, room_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Withdraw a room's code."""
    await service.remove_room(connection, viewer, place_id, room_id)
