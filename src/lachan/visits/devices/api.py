"""Routes of devices but for their scans, which are in `scan_route`, outside FastAPI."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse, Response

from lachan.identity import residents
from lachan.identity.limits import limits_of
from lachan.kit.clock import now
from lachan.kit.http.access import DeviceViewer, ResidentViewer, Transaction
from lachan.kit.http.rate import RateLimit
from lachan.places import devices
from lachan.places.devices import DeviceOut, Devices, NewDevice
from lachan.places.service import access_own_place
from lachan.visits.devices import keys, store
from lachan.visits.devices.schemas import (
    DeviceCodeIn,
    DevicePlace,
    RegisteredDevice,
    ThisDevice,
)
from lachan.visits.devices.service import check_reports

router = APIRouter(prefix="/api/v1", tags=["devices"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]

# People without anything to show come one by one; a program that texts a city does not.
_CODES = RateLimit(10, burst=60)


@router.post("/places/{place_id}/devices", status_code=201)
async def register_device(
    request: Request,
    place_id: RowId,
    asked: NewDevice,
    viewer: ResidentViewer,
    connection: Transaction,
) -> RegisteredDevice:
    """Register a kiosk, turnstile or terminal at a place that you run; its key is shown once."""
    made = await keys.register(connection, request.app.state.keyring, viewer, place_id, asked)
    return RegisteredDevice(id=made.id, key=made.key)


@router.get("/places/{place_id}/devices")
async def list_devices(place_id: RowId, viewer: ResidentViewer, connection: Transaction) -> Devices:
    """The devices in use at a place that you run."""
    await access_own_place(connection, viewer, place_id)
    return Devices(
        devices=[
            DeviceOut(
                id=one.id,
                kind=one.kind,
                label=one.label,
                room_id=one.room_id,
                room=one.room,
                created_at=one.created_at,
                seen_at=one.seen_at,
            )
            for one in await devices.list_devices(connection, place_id)
        ]
    )


@router.delete("/places/{place_id}/devices/{device_id}", status_code=204)
async def revoke_device(
    place_id: RowId, device_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Take a device's key away; nothing more is taken from it, at once."""
    await keys.revoke(connection, viewer, place_id, device_id)


@router.get("/device")
async def this_device(viewer: DeviceViewer, connection: Transaction) -> ThisDevice:
    """What the asking device is and where it stands."""
    found = await store.access_this_device(connection, viewer)
    # A kiosk asks this while nobody comes: it is alive, and the page of devices says so.
    await store.note_seen(connection)
    return ThisDevice(
        id=found.id,
        kind=found.kind,
        label=found.label,
        place=DevicePlace(
            id=found.place_id, code=found.code, name=found.name, kind=found.place_kind
        ),
        room=found.room,
        now=now(),
        usual_stay_minutes=found.usual_stay_minutes,
    )


@router.post("/device/codes", status_code=202)
async def text_code(
    request: Request, viewer: DeviceViewer, connection: Transaction, wanted: DeviceCodeIn
) -> Response:
    """Text a one-time code to somebody who has nothing to show; the answer is always the same."""
    check_reports(viewer)
    _CODES.check(viewer.key)
    # Sessions are remembered for seconds; a device that was just revoked texts nobody.
    await store.access_this_device(connection, viewer)
    state = request.app.state
    await residents.send_code(
        connection,
        state.keyring,
        state.settings,
        wanted.phone,
        texts=limits_of(request).texts,
        catalogs=state.catalogs,
        lang=request.scope["state"]["lang"],
    )
    minutes = state.settings.identity.code_minutes
    return JSONResponse({"expires_in_minutes": minutes}, status_code=202)
