"""POST /api/v1/device/scans: every door of a city at once, so a plain Starlette route."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from lachan.identity.sessions import Sessions
from lachan.kit.clock import now
from lachan.kit.errors import BadRequest, Problem, SignInNeeded
from lachan.kit.http.access import Viewer, device, open_to, viewer_of
from lachan.kit.http.openapi import PlainOperation
from lachan.kit.http.rate import RateLimit
from lachan.visits.devices import service
from lachan.visits.devices.schemas import DeviceBatch, DeviceScans, DeviceScansOut
from lachan.visits.devices.service import Tools
from lachan.visits.scan_route import check_json

MAX_BODY_BYTES = 1_048_576
"""Five hundred scans of what a document says, in Vietnamese, with room to spare."""

# A stadium's gate passes tens of people a second and keeps an hour of them while it is off line; a
# program that invents people sends more. Scans, not requests: a batch costs what it holds.
_PER_DEVICE = RateLimit(3_000, burst=20_000)

OPERATION = PlainOperation(
    path="/api/v1/device/scans",
    method="post",
    summary="Report who was scanned at a door: each scan durable before the answer, and once only",
    tag="devices",
    takes=DeviceScans,
    gives=DeviceScansOut,
    status=200,
)


def tools_of(request: Request) -> Tools:
    """The application's parts that taking scans needs."""
    state = request.app.state
    return Tools(state.intake, state.identifier, state.storage, state.keyring, state.settings)


async def _read_batch(request: Request) -> DeviceBatch:
    check_json(request)
    try:
        raw = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise BadRequest from None
    return DeviceBatch.model_validate(raw)


async def _check_live(request: Request, viewer: Viewer) -> None:
    """Raises `SignInNeeded` for a device that was revoked since its session was remembered.

    Sessions are remembered for seconds, and a stolen terminal ends when it is revoked. Codes, cards
    and documents are looked up by the device's token, so the database itself refuses those of a
    revoked one, and this only tells why; what is answered without it is asked about before.
    """
    sessions: Sessions = request.app.state.sessions
    sessions.forget(viewer.token)
    found = await sessions.find(viewer.token)
    if found is None or found.device is None:
        raise SignInNeeded


@open_to(device)
async def post_scans(request: Request) -> Response:
    """Take a batch of scans; one result each, in order. A bad one fails alone."""
    viewer = viewer_of(request)
    assert viewer is not None
    service.check_reports(viewer)
    batch = await _read_batch(request)
    if service.is_answered_without_key(batch):
        await _check_live(request, viewer)
    _PER_DEVICE.check(viewer.key, len(batch.scans))
    taken = await service.take_scans(tools_of(request), viewer, batch, received_at=now())
    if service.any_not_allowed(taken):
        await _check_live(request, viewer)
    request.app.state.heard.note(viewer.at_place.id, viewer.token)
    catalogs, lang = request.app.state.catalogs, request.scope["state"]["lang"]

    def say(problem: Problem) -> str:
        return str(catalogs.translate(lang, f"error-{problem.code}", **problem.params))

    results = [service.result_out(one, say) for one in taken]
    return Response(orjson.dumps({"results": results}), media_type="application/json")
