"""POST /api/v1/visits, the one route that whole cities use at once: a plain Starlette route."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from lachan.kit.clock import now
from lachan.kit.errors import BadRequest, UnsupportedMediaType
from lachan.kit.http.access import Viewer, open_to, resident, viewer_of
from lachan.kit.http.openapi import PlainOperation
from lachan.kit.http.rate import RateLimit
from lachan.visits import service
from lachan.visits.batch import Answer
from lachan.visits.codes import PostedSpot
from lachan.visits.domain import EndSource
from lachan.visits.errors import ScanOfAnother
from lachan.visits.intake import Intake
from lachan.visits.schemas import ScanIn, ScanOut

# A family on a market day makes tens of scans a minute, a phone that was offline a week makes
# hundreds at once; a program that invents visits makes thousands.
_PER_PERSON = RateLimit(120, burst=600)

_JSON = "application/json"
OPERATION = PlainOperation(
    path="/api/v1/visits",
    method="post",
    summary="Scan in or out: durable before the answer, and once only however often it is sent",
    tag="visits",
    takes=ScanIn,
    gives=ScanOut,
    status=201,
)


def check_json(request: Request) -> None:
    """Raises `UnsupportedMediaType` unless the body is JSON in UTF-8."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != _JSON:
        raise UnsupportedMediaType
    if parameters and "charset" in parameters.lower():
        charset = parameters.lower().partition("charset=")[2].strip(' "')
        if charset not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType


def check_same_person(request: Request, viewer: Viewer) -> None:
    """Raises `ScanOfAnother` when the phone kept the scan for somebody else.

    A queue outlives a session. The header says whose scan this is, so that it never becomes the
    visit of the next person who signs in on the same phone.
    """
    meant_for = request.headers.get("x-lachan-person")
    if meant_for is not None and meant_for != str(viewer.person_id):
        raise ScanOfAnother


def answer_body(answer: Answer, posted: PostedSpot) -> bytes:
    """The JSON of `ScanOut`, built without the model: it is ours and known to be right."""
    stay = answer.stay
    moment = now()
    visit = stay and {
        "id": str(stay.visit_id),
        "place": {"code": posted.code, "name": posted.name, "kind": posted.kind},
        "room": posted.room,
        "started_at": stay.started_at,
        "ends_at": stay.ends_at,
        "end_source": stay.end_source.value,
        "open": stay.end_source is EndSource.EXPECTED and moment < stay.ends_at,
    }
    return orjson.dumps({"outcome": answer.outcome.value, "visit": visit}, option=orjson.OPT_UTC_Z)


@open_to(resident)
async def post_visit(request: Request) -> Response:
    """Take a scan; 201 once it is durable. Sent again with the same id, it changes nothing."""
    viewer = viewer_of(request)
    assert viewer is not None
    _PER_PERSON.check(str(viewer.person_id))
    check_same_person(request, viewer)
    check_json(request)
    body = await request.body()
    try:
        body.decode()
    except UnicodeDecodeError:
        raise BadRequest from None
    scan = ScanIn.model_validate_json(body)
    if scan.people:
        async with request.app.state.storage.transaction(viewer.token) as connection:
            await service.check_household(connection, viewer, scan.people)
    intake: Intake = request.app.state.intake
    answer, posted = await service.take_scan(
        intake,
        request.app.state.settings,
        viewer,
        scan,
        people=scan.people,
        received_at=now(),
        source="app",
        doors=request.app.state.doors,
    )
    return Response(answer_body(answer, posted), status_code=201, media_type=_JSON)
