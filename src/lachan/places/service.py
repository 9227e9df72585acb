"""Rules of places: who registers what, what a code opens, how a poster is replaced."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import store as areas
from lachan.areas.domain import Area, Level
from lachan.kit.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.ids import new_code, normalise_code
from lachan.places import errors, store
from lachan.places.domain import (
    ADDRESS_LENGTH,
    MOST_ROOMS,
    NAME_LENGTH,
    ROOM_NAME_LENGTH,
    Position,
    cell_of,
    is_printable,
    judge_position,
    tidy,
)
from lachan.places.hours import Hours
from lachan.places.kinds import KINDS, kind_of
from lachan.places.reviews.service import look_at_name
from lachan.places.schemas import EditPlace, NewRoom, RegisterPlace
from lachan.places.store import Place, PlaceFacts, Policy, ResolvedCode, RoomFacts


@dataclass(frozen=True, slots=True)
class Registered:
    """A place just registered: its id, its code, and its rooms as (id, name, code)."""

    id: int
    code: str
    rooms: tuple[tuple[int, str, str], ...]


async def access_code(connection: AsyncConnection, typed: str) -> ResolvedCode:
    """What a scanned or typed code stands for.

    Raises `PlaceCodeMistyped`, `PlaceCodeUnknown`, `PlaceCodeWithdrawn` or `PlaceClosed`.
    """
    code = normalise_code(typed)
    if code is None:
        raise errors.PlaceCodeMistyped
    found = await store.resolve_code(connection, code)
    if found is None:
        raise errors.PlaceCodeUnknown
    if found.state == "closed":
        raise errors.PlaceClosed
    if found.state == "withdrawn":
        raise errors.PlaceCodeWithdrawn
    return found


async def access_own_place(connection: AsyncConnection, viewer: Viewer, place_id: int) -> Place:
    """A place that the viewer runs. Raises `NotFound` for any other: the two look the same."""
    found = await store.own_places(connection, viewer.person, place_id)
    if not found:
        raise NotFound
    return found[0]


async def access_open_place(connection: AsyncConnection, viewer: Viewer, place_id: int) -> Place:
    """A place that the viewer runs and has not closed; it stays locked for this transaction.

    Raises `NotFound` or `PlaceClosed`.
    """
    await store.lock_place(connection, place_id)
    place = await access_own_place(connection, viewer, place_id)
    if place.state == "closed":
        raise errors.PlaceClosed
    return place


async def access_owned_place(
    connection: AsyncConnection, viewer: Viewer, place_id: int, *, or_leaving: int | None = None
) -> Place:
    """A place that the viewer owns, locked as by `access_open_place`.

    Staff are let in only to take themselves off the list (`or_leaving` is their entry). Raises
    `NotFound`, `PlaceClosed` or `NotAllowed`.
    """
    place = await access_open_place(connection, viewer, place_id)
    if place.role != "owner" and or_leaving is None:
        raise NotAllowed
    return place


def check_text(fields: dict[str, str], field: str, typed: str, longest: int) -> str:
    """`typed` made tidy; what is wrong with it goes into `fields`."""
    text = tidy(typed)
    if not is_printable(text):
        fields[field] = "places-field-unprintable"
    elif len(text) > longest:  # composing can lengthen a text that the schema let through
        fields[field] = "field-too-long"
    return text


def check_name(fields: dict[str, str], field: str, typed: str, longest: int = NAME_LENGTH) -> str:
    """A name made tidy; what is wrong with it goes into `fields`."""
    name = check_text(fields, field, typed, longest)
    if not name:
        fields[field] = "field-missing"
    return name


def check_position(fields: dict[str, str], lat: float | None, lon: float | None) -> None:
    """Put into `fields` what is wrong with a position; none at all is fine."""
    if lat is None or lon is None:
        if lat is not None or lon is not None:
            fields["lon" if lon is None else "lat"] = "field-missing"
        return
    match judge_position(lat, lon):
        case Position.SWAPPED:
            fields["lat"] = "places-field-swapped"
        case Position.OUTSIDE:
            fields["lat"] = "places-field-abroad"
        case Position.INSIDE:
            pass


async def find_ward(
    connection: AsyncConnection, path: str | None, lat: float | None, lon: float | None
) -> Area:
    """The ward named by `path`, else the one around the position.

    Raises `InvalidInput` on the field `area`.
    """
    if path:
        area = await areas.get(connection, path)
        if area is None:
            raise InvalidInput(fields={"area": "places-field-no-area"})
        if area.level != Level.WARD:
            raise InvalidInput(fields={"area": "places-field-not-a-ward"})
        return area
    if lat is None or lon is None:
        raise InvalidInput(fields={"area": "places-field-where"})
    located = await areas.at_point(connection, lat, lon)
    if located is None:
        raise InvalidInput(fields={"area": "places-field-no-ward-here"})
    return located.area


def check_rooms(rooms: Sequence[NewRoom], taken: Sequence[str] = ()) -> list[RoomFacts]:
    """Rooms with tidy names. Raises `InvalidInput` for a name that is wrong or there twice."""
    fields: dict[str, str] = {}
    seen = {name.casefold() for name in taken}
    checked = []
    for number, room in enumerate(rooms):
        name = check_name(fields, f"rooms.{number}.name", room.name, ROOM_NAME_LENGTH)
        if name.casefold() in seen:
            fields[f"rooms.{number}.name"] = "places-field-room-twice"
        seen.add(name.casefold())
        checked.append(RoomFacts(name, room.ventilation))
    if fields:
        raise InvalidInput(fields=fields)
    return checked


async def register(connection: AsyncConnection, viewer: Viewer, asked: RegisterPlace) -> Registered:
    """Register a place that the viewer will run, with codes for it and for each room.

    A place made by somebody of a drill belongs to that drill. Raises `InvalidInput`.
    """
    fields: dict[str, str] = {}
    name = check_name(fields, "name", asked.name)
    address = check_text(fields, "address", asked.address, ADDRESS_LENGTH)
    check_position(fields, asked.lat, asked.lon)
    if asked.kind not in KINDS.by_code:
        fields["kind"] = "places-field-no-kind"
    if fields:
        raise InvalidInput(fields=fields)
    rooms = check_rooms(asked.rooms)
    ward = await find_ward(connection, asked.area, asked.lat, asked.lon)
    facts = PlaceFacts(
        name=name,
        kind=asked.kind,
        area=ward.path,
        address=address,
        lat=asked.lat,
        lon=asked.lon,
        h3=_cell(asked.lat, asked.lon),
        ventilation=asked.ventilation or kind_of(asked.kind).ventilation,
        usual_stay_minutes=asked.usual_stay_minutes,
    )
    place_id = await store.add_place(
        connection, facts, owner=viewer.person, drill_id=viewer.drill_id
    )
    code = new_code()
    added = await _add_rooms(connection, place_id, rooms)
    await store.add_codes(connection, place_id, [(code, None)])
    if viewer.drill_id is None:
        await look_at_name(connection, place_id, name, ward.path, runner=viewer.person)
    return Registered(place_id, code, added)


def _cell(lat: float | None, lon: float | None) -> int | None:
    return None if lat is None or lon is None else cell_of(lat, lon)


async def _add_rooms(
    connection: AsyncConnection, place_id: int, rooms: Sequence[RoomFacts]
) -> tuple[tuple[int, str, str], ...]:
    if not rooms:
        return ()
    ids = await store.add_rooms(connection, place_id, rooms)
    added = tuple(
        (room_id, room.name, new_code()) for room_id, room in zip(ids, rooms, strict=True)
    )
    await store.add_codes(connection, place_id, [(code, room_id) for room_id, _, code in added])
    return added


async def edit(
    connection: AsyncConnection, viewer: Viewer, place_id: int, asked: EditPlace
) -> Place:
    """Change what was sent; the place as it is now.

    Raises `NotFound`, `PlaceClosed`, `NotAllowed` or `InvalidInput`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    sent = asked.model_dump(exclude_unset=True)
    fields: dict[str, str] = {}
    for field in ("name", "kind", "address", "ventilation"):
        if field in sent and sent[field] is None:
            fields[field] = "field-missing"
    if fields:
        raise InvalidInput(fields=fields)
    if "name" in sent:
        sent["name"] = check_name(fields, "name", sent["name"])
    if "address" in sent:
        sent["address"] = check_text(fields, "address", sent["address"], ADDRESS_LENGTH)
    if "kind" in sent and sent["kind"] not in KINDS.by_code:
        fields["kind"] = "places-field-no-kind"
    moved = "lat" in sent or "lon" in sent
    facts = dataclasses.replace(place.facts, **sent)
    check_position(fields, facts.lat, facts.lon)
    if fields:
        raise InvalidInput(fields=fields)
    if "area" in sent or moved:
        # A new position without a ward names its ward itself; no position keeps the ward it had.
        path = sent.get("area") or (None if moved and facts.lat is not None else place.facts.area)
        ward = await find_ward(connection, path, facts.lat, facts.lon)
        facts = dataclasses.replace(facts, area=ward.path, h3=_cell(facts.lat, facts.lon))
    await store.change_place(connection, place_id, facts)
    if (facts.name, facts.area) != (place.facts.name, place.facts.area):
        # A name that was fine and one that is not are one edit apart.
        await look_at_name(connection, place_id, facts.name, facts.area, runner=viewer.person)
    return await access_own_place(connection, viewer, place_id)


async def add_rooms(
    connection: AsyncConnection, viewer: Viewer, place_id: int, asked: Sequence[NewRoom]
) -> tuple[tuple[int, str, str], ...]:
    """Add rooms with codes of their own, as (id, name, code).

    Raises `NotFound`, `PlaceClosed`, `NotAllowed`, `InvalidInput` or `TooManyRooms`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    if len(place.rooms) + len(asked) > MOST_ROOMS:
        raise errors.TooManyRooms(params={"most": MOST_ROOMS})
    rooms = check_rooms(asked, [room.name for room in place.rooms])
    return await _add_rooms(connection, place_id, rooms)


async def rename_room(
    connection: AsyncConnection, viewer: Viewer, place_id: int, room_id: int, typed: str
) -> None:
    """Call a room something else; its code and its poster stay good.

    Raises `NotFound`, `PlaceClosed`, `NotAllowed` or `InvalidInput`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    _check_room(place, room_id)
    others = [room.name for room in place.rooms if room.id != room_id]
    try:
        named = check_rooms([NewRoom.model_construct(name=typed)], others)
    except InvalidInput as problem:
        raise InvalidInput(fields={"name": next(iter(problem.fields.values()))}) from None
    await store.rename_room(connection, place_id, room_id, named[0].name)


async def set_running(
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    *,
    proof: Policy,
    hours: Hours | None,
) -> None:
    """Say when a place is open and what it asks at the door.

    Raises `NotFound`, `PlaceClosed` or `NotAllowed`.
    """
    await access_owned_place(connection, viewer, place_id)
    await store.change_running(connection, place_id, proof=proof, hours=hours)


async def remove_room(
    connection: AsyncConnection, viewer: Viewer, place_id: int, room_id: int
) -> None:
    """Withdraw a room's code; visits that name the room stay until their own time is up.

    Raises `NotFound`, `PlaceClosed` or `NotAllowed`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    _check_room(place, room_id)
    await store.withdraw_codes(connection, place_id, room_id=room_id)


async def renew_code(
    connection: AsyncConnection, viewer: Viewer, place_id: int, room_id: int | None
) -> str:
    """Withdraw the code of a room or of the place as a whole and give a new one.

    Raises `NotFound`, `PlaceClosed`, `NotAllowed` or `Conflict`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    if room_id is not None:
        _check_room(place, room_id)
    if not await store.withdraw_codes(connection, place_id, room_id=room_id):
        raise Conflict
    code = new_code()
    await store.add_codes(connection, place_id, [(code, room_id)])
    return code


async def close(connection: AsyncConnection, viewer: Viewer, place_id: int) -> None:
    """Stop taking visits at a place; closing it again changes nothing.

    Raises `NotFound` or `NotAllowed`.
    """
    await store.lock_place(connection, place_id)
    if (await access_own_place(connection, viewer, place_id)).role != "owner":
        raise NotAllowed
    await store.close_place(connection, place_id)


def _check_room(place: Place, room_id: int) -> None:
    if room_id not in {room.id for room in place.rooms}:
        raise NotFound
