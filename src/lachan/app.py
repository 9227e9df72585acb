"""Wires the features into one application; nothing happens at import."""

import asyncio
import importlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from lachan.areas.api import router as areas_router
from lachan.cases.api import router as cases_router
from lachan.cases.visitors.api import router as visitors_router
from lachan.diseases.api import router as diseases_router
from lachan.drill.api import router as drill_router
from lachan.drill.tokens import waiver
from lachan.identity.api import router as identity_router
from lachan.identity.cards.api import router as cards_router
from lachan.identity.clients.api import router as clients_router
from lachan.identity.credentials.api import router as credentials_router
from lachan.identity.officers.api import router as officers_router
from lachan.identity.push.api import router as push_router
from lachan.identity.sessions import Sessions, ViewerLayer
from lachan.kit import metrics
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http import openapi, problems
from lachan.kit.http.access import PlainRoute, anyone, open_to
from lachan.kit.http.direct import Direct
from lachan.kit.http.edge import Edge
from lachan.kit.http.rate import RateLimit
from lachan.kit.http.sse import Streams
from lachan.kit.http.static import BuiltFiles
from lachan.kit.i18n import Catalogs
from lachan.places.api import router as places_router
from lachan.places.bulk.api import FILE_BYTES as PLACE_LIST_BYTES
from lachan.places.bulk.api import OFFICERS as DESK_LISTS
from lachan.places.bulk.api import RESIDENTS as OWN_LISTS
from lachan.places.bulk.api import router as place_lists_router
from lachan.places.operators.api import router as operators_router
from lachan.places.poster import PosterPress
from lachan.places.team.api import router as team_router
from lachan.reports.api import router as reports_router
from lachan.reports.rollout.api import router as rollout_router
from lachan.safety.checks.api import PHOTOS as SAFETY_PHOTOS
from lachan.safety.checks.api import router as safety_checks_router
from lachan.safety.criteria.api import FILE_BYTES as CRITERIA_BYTES
from lachan.safety.criteria.api import FILES as CRITERIA_FILES
from lachan.safety.criteria.api import router as criteria_router
from lachan.safety.feedback.api import PHOTOS as FEEDBACK_PHOTOS
from lachan.safety.feedback.api import router as safety_feedback_router
from lachan.safety.importing.service import PAGE_BYTES as FACILITY_FILE_BYTES
from lachan.safety.inspections.api import router as safety_inspections_router
from lachan.safety.map.api import router as safety_map_router
from lachan.safety.map.routes import READS as SAFETY_MAP_READS
from lachan.safety.map.routes import ROUTES as SAFETY_MAP_ROUTES
from lachan.safety.map.routes import OutlineTiles
from lachan.safety.map.service import SafetyMap
from lachan.safety.silent.api import router as safety_silent_router
from lachan.settings import Settings
from lachan.storage.engine import Storage, is_away, open_storage
from lachan.storage.events import Hub
from lachan.storage.migrate import current_revision, head_revision
from lachan.storage.roles import RoleUrls
from lachan.tracing.api import router as tracing_router
from lachan.visits.api import router as visits_router
from lachan.visits.attendance.api import router as attendance_router
from lachan.visits.devices.api import router as devices_router
from lachan.visits.devices.heard import Heard
from lachan.visits.devices.identifying import Identifier
from lachan.visits.devices.scan_route import MAX_BODY_BYTES as DEVICE_SCANS_BYTES
from lachan.visits.devices.scan_route import OPERATION as DEVICE_SCANS
from lachan.visits.devices.scan_route import post_scans
from lachan.visits.intake import Intake
from lachan.visits.moves import router as moves_router
from lachan.visits.paper.api import UPLOADS as PAPER_UPLOADS
from lachan.visits.paper.api import router as paper_router
from lachan.visits.proof import Doors
from lachan.visits.reminders import router as reminders_router
from lachan.visits.scan_route import OPERATION as SCAN
from lachan.visits.scan_route import post_visit
from lachan.warnings.api import router as warnings_router
from lachan.warnings.inbox import router as my_warnings_router
from lachan.warnings.public import router as outbreak_router
from lachan.warnings.rules.api import router as warning_rules_router
from lachan.web.desk.audit import router as desk_audit_pages
from lachan.web.desk.cards import router as desk_card_pages
from lachan.web.desk.cases import router as desk_case_pages
from lachan.web.desk.clients import router as desk_clients_pages
from lachan.web.desk.contacts import router as desk_contact_pages
from lachan.web.desk.duty import router as desk_duty_pages
from lachan.web.desk.login import router as desk_login_pages
from lachan.web.desk.officers import router as desk_officers_pages
from lachan.web.desk.overview import router as desk_pages
from lachan.web.desk.paper import router as desk_paper_pages
from lachan.web.desk.passkeys import router as desk_passkeys
from lachan.web.desk.place_operator import router as desk_operator_pages
from lachan.web.desk.place_reports import router as desk_place_report_pages
from lachan.web.desk.place_reviews import router as desk_review_pages
from lachan.web.desk.quality import router as desk_quality_pages
from lachan.web.desk.rollout import router as desk_rollout_pages
from lachan.web.desk.safety_criteria import UPLOADS as CRITERIA_UPLOADS
from lachan.web.desk.safety_criteria import router as desk_criteria_pages
from lachan.web.desk.safety_imports import UPLOADS as FACILITY_UPLOADS
from lachan.web.desk.safety_imports import router as desk_facility_pages
from lachan.web.desk.safety_imports import take_file as facility_file
from lachan.web.desk.safety_inspection import router as desk_inspection_pages
from lachan.web.desk.safety_place import router as desk_safety_place_pages
from lachan.web.desk.safety_queue import router as desk_safety_pages
from lachan.web.desk.safety_report import router as desk_safety_report_pages
from lachan.web.desk.safety_silent import router as desk_silent_pages
from lachan.web.desk.security import router as desk_security_pages
from lachan.web.desk.warning_pauses import router as desk_pause_pages
from lachan.web.desk.warning_rules import router as desk_rule_pages
from lachan.web.desk.warnings import router as desk_warnings_pages
from lachan.web.dev import router as gallery_pages
from lachan.web.kiosk.pages import router as kiosk_pages
from lachan.web.kiosk.pairing import router as kiosk_pairing_pages
from lachan.web.language import LanguageLayer
from lachan.web.place.bulk import officers_list, operators_list
from lachan.web.place.bulk import router as bulk_pages
from lachan.web.place.desk import router as desk_place_pages
from lachan.web.place.devices import router as place_devices_pages
from lachan.web.place.display import router as display_pages
from lachan.web.place.mine import router as place_pages
from lachan.web.place.paper import officers_router as desk_paper_typing_pages
from lachan.web.place.paper import router as paper_typing_pages
from lachan.web.place.paper_files import MOST_BYTES as PAPER_FILE_BYTES
from lachan.web.place.paper_files import officers_file, operators_file
from lachan.web.place.paper_files import officers_router as desk_paper_file_pages
from lachan.web.place.paper_files import router as paper_file_pages
from lachan.web.place.register import router as register_place_pages
from lachan.web.place.report import router as place_report_pages
from lachan.web.place.running import router as running_pages
from lachan.web.place.team import router as team_pages
from lachan.web.public.areas import router as areas_pages
from lachan.web.public.home import router as home_pages
from lachan.web.public.outbreak import router as outbreak_pages
from lachan.web.public.safety_certificate import router as certificate_pages
from lachan.web.public.safety_map import router as safety_map_pages
from lachan.web.public.safety_tell import TELL_BYTES, TELLS
from lachan.web.public.safety_tell import router as safety_tell_pages
from lachan.web.rendering import Pages
from lachan.web.resident.app import router as resident_app_pages
from lachan.web.resident.cards import router as my_card_pages
from lachan.web.resident.diary import router as diary_pages
from lachan.web.resident.live import router as live_pages
from lachan.web.resident.login import router as login_pages
from lachan.web.resident.me import router as me_pages
from lachan.web.resident.scan import router as scan_pages
from lachan.web.resident.warnings import router as my_warnings_pages
from lachan.web.safety.check import COMMIT_BYTES, COMMITS, take_commit
from lachan.web.safety.check import router as safety_check_pages
from lachan.web.safety.history import router as safety_history_pages
from lachan.web.safety.mine import router as safety_pages
from lachan.web.safety.voices import router as safety_voices_pages

STATIC = Path(__file__).parent / "web" / "static"
_MAP_SECONDS = 5.0  # the map is read then, unless somebody looks at it before
_LATE_SECONDS = 1.0  # after the first answer, so that nobody waits for what few requests need


@open_to(anyone)
async def healthz(_request: Request) -> Response:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


@open_to(anyone)
async def readyz(request: Request) -> Response:
    """The database answers and is migrated, and scans find room in the queue."""
    state = request.app.state
    checks = {"database": False, "migrated": False, "intake": state.intake.has_room}
    try:
        async with state.storage.app.connect() as connection:
            await connection.execute(text("SELECT 1"))
            checks["database"] = True
            checks["migrated"] = await state.schema_is_current(connection)
    except Exception:  # noqa: BLE001 - any failure here means: not ready
        checks["database"] = False
    ready = all(checks.values())
    return JSONResponse(
        {"status": "ready" if ready else "not ready", "checks": checks},
        status_code=200 if ready else 503,
    )


@open_to(anyone)
async def metrics_page(request: Request) -> Response:
    """Prometheus text. Keep it from the public at the proxy; it holds nothing personal anyhow."""
    metrics.INTAKE_DEPTH.set(request.app.state.intake.depth)
    metrics.LIVE_LISTENERS.set(request.app.state.hub.listening)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _routers() -> list[APIRouter]:
    """Every feature's routes, API first, pages after."""
    return [
        identity_router,
        credentials_router,
        cards_router,
        officers_router,
        clients_router,
        areas_router,
        places_router,
        place_lists_router,
        operators_router,
        team_router,
        visitors_router,
        attendance_router,
        reports_router,
        rollout_router,
        safety_checks_router,
        criteria_router,
        safety_feedback_router,
        safety_inspections_router,
        safety_silent_router,
        safety_tell_pages,
        safety_voices_pages,
        desk_safety_pages,
        desk_safety_report_pages,
        desk_safety_place_pages,
        desk_inspection_pages,
        desk_silent_pages,
        visits_router,
        reminders_router,
        moves_router,
        devices_router,
        paper_router,
        cases_router,
        tracing_router,
        home_pages,
        areas_pages,
        register_place_pages,
        bulk_pages,
        team_pages,
        display_pages,
        running_pages,
        place_report_pages,
        desk_review_pages,
        desk_duty_pages,
        desk_quality_pages,
        desk_facility_pages,
        desk_rollout_pages,
        place_pages,
        place_devices_pages,
        kiosk_pairing_pages,
        kiosk_pages,
        desk_place_pages,
        desk_operator_pages,
        paper_typing_pages,
        paper_file_pages,
        desk_paper_typing_pages,
        desk_paper_file_pages,
        desk_paper_pages,
        diary_pages,
        scan_pages,
        resident_app_pages,
        warnings_router,
        my_warnings_router,
        outbreak_router,
        warning_rules_router,
        push_router,
        diseases_router,
        drill_router,
        safety_map_router,
        safety_map_pages,
        desk_pages,
        desk_card_pages,
        desk_case_pages,
        desk_contact_pages,
        desk_warnings_pages,
        desk_place_report_pages,
        desk_pause_pages,
        desk_rule_pages,
        desk_criteria_pages,
        outbreak_pages,
        certificate_pages,
        live_pages,
        my_warnings_pages,
        desk_audit_pages,
        desk_login_pages,
        desk_officers_pages,
        desk_clients_pages,
        desk_passkeys,
        desk_security_pages,
        login_pages,
        me_pages,
        my_card_pages,
        safety_pages,
        safety_check_pages,
        safety_history_pages,
    ]


def _plain_routes() -> list[PlainRoute]:
    """Routes on the hot path and those of the house itself."""
    return [
        PlainRoute("/healthz", healthz),
        PlainRoute("/readyz", readyz),
        PlainRoute("/metrics", metrics_page),
        *SAFETY_MAP_ROUTES,
        PlainRoute("/place/import-files", operators_list, methods=["POST"]),
        PlainRoute("/desk/places/import-files", officers_list, methods=["POST"]),
        PlainRoute(FACILITY_UPLOADS, facility_file, methods=["POST"]),
        # Outside FastAPI, which reads a body before it asks who sends it.
        PlainRoute("/place/paper-files/{place_id:int}", operators_file, methods=["POST"]),
        PlainRoute("/desk/paper-files/{place_id:int}", officers_file, methods=["POST"]),
        PlainRoute(COMMITS + "{place_id:int}/{moment}", take_commit, methods=["POST"]),
    ]


def create_app(settings: Settings, urls: RoleUrls, keyring: Keyring) -> FastAPI:
    """The application; it connects to nothing before it is served."""
    storage = open_storage(settings, urls)
    catalogs = Catalogs()
    sessions = Sessions(storage.app)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await app.state.hub.start()
        await app.state.intake.start()
        app.state.identifier.start()
        app.state.heard.start()
        sessions.start()
        late = asyncio.get_running_loop().call_later(_LATE_SECONDS, _load_the_rest, catalogs)
        reading = asyncio.get_running_loop().call_later(_MAP_SECONDS, app.state.safety_map.wake)
        yield
        late.cancel()
        reading.cancel()
        await app.state.safety_map.stop()
        await app.state.identifier.stop()
        await app.state.heard.stop()
        await app.state.intake.stop()
        await sessions.stop()
        await app.state.hub.stop()
        await storage.dispose()

    app = FastAPI(
        title="Lá Chắn",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        # Its records hold what exceptions say, and that is personal; ours are in `kit.metrics`.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    _equip(app, settings, urls, keyring, storage, catalogs, sessions)
    problems.install(app)
    for router in _routers():
        app.include_router(router)
    if settings.mode == "development":
        app.include_router(gallery_pages)
    # In the list for those who walk it; requests for these do not come so far, see `Direct`.
    hot = [
        PlainRoute(SCAN.path, post_visit, methods=["POST"]),
        PlainRoute(DEVICE_SCANS.path, post_scans, methods=["POST"]),
    ]
    app.router.routes[:0] = hot
    app.router.routes.extend(_plain_routes())
    openapi.install(app, [SCAN, DEVICE_SCANS], SAFETY_MAP_READS)
    app.router.routes.append(Mount("/static", BuiltFiles(directory=STATIC, check_dir=False)))
    # The layer added last is met first.
    app.add_middleware(Direct, routes=hot, handlers=app.exception_handlers)
    app.add_middleware(ViewerLayer, sessions=sessions, secure=settings.secure)
    app.add_middleware(LanguageLayer, secure=settings.secure)
    app.add_middleware(
        Edge,
        refuse=problems.refuser(app),
        trusted_hosts=settings.web.trusted_hosts,
        own_origins=(settings.web.base_url,),
        max_body_bytes=settings.web.max_body_bytes,
        body_seconds=settings.web.body_seconds,
        large_bodies=[
            (DEVICE_SCANS.path, DEVICE_SCANS_BYTES),
            (SAFETY_PHOTOS, settings.safety.photo_bytes),
            (CRITERIA_FILES, CRITERIA_BYTES),
            (CRITERIA_UPLOADS, CRITERIA_BYTES),
            (FEEDBACK_PHOTOS, settings.safety.photo_bytes),
            (TELLS, TELL_BYTES),
            ("/place/paper-files/", PAPER_FILE_BYTES),
            (PAPER_UPLOADS, PAPER_FILE_BYTES),
            ("/desk/paper-files/", PAPER_FILE_BYTES),
            (COMMITS, COMMIT_BYTES),
            (OWN_LISTS, PLACE_LIST_BYTES),
            (DESK_LISTS, PLACE_LIST_BYTES),
            ("/place/import-files", PLACE_LIST_BYTES),
            ("/desk/places/import-files", PLACE_LIST_BYTES),
            (FACILITY_UPLOADS, FACILITY_FILE_BYTES),
        ],
        rate=RateLimit(settings.web.rate_per_minute),
        unbound=waiver(keyring, now),
        secure=settings.secure,
        is_away=is_away,
    )
    return app


def _equip(
    app: FastAPI,
    settings: Settings,
    urls: RoleUrls,
    keyring: Keyring,
    storage: Storage,
    catalogs: Catalogs,
    sessions: Sessions,
) -> None:
    """Give the application what its routes ask it for."""
    app.state.settings = settings
    app.state.keyring = keyring
    app.state.storage = storage
    app.state.sessions = sessions
    app.state.catalogs = catalogs
    app.state.hub = Hub(urls.app)
    app.state.intake = Intake(urls.intake, settings)
    app.state.identifier = Identifier(storage, keyring, settings)
    app.state.heard = Heard(storage.app)
    app.state.doors = Doors(keyring)
    app.state.streams = Streams(settings.warnings.streams_per_person)
    app.state.map_streams = Streams(settings.map.most_viewers_per_address)
    app.state.safety_map = SafetyMap(storage, app.state.hub, settings.zone, settings.map.live_ms)
    app.state.outline_tiles = OutlineTiles()
    app.state.press = PosterPress(catalogs, settings.web.base_url)
    app.state.schema_is_current = _schema_check()
    app.state.pages = Pages(
        catalogs=catalogs,
        static_dir=STATIC,
        timezone=settings.zone,
        development=settings.mode == "development",
    )


def _load_the_rest(catalogs: Catalogs) -> None:
    """Load, beside the first requests, what the start did not wait for."""

    def load() -> None:
        catalogs.warm()
        for module in ("shapely", "webauthn"):
            importlib.import_module(module)

    threading.Thread(target=load, name="late", daemon=True).start()


def _schema_check() -> Callable[[AsyncConnection], Awaitable[bool]]:
    head = head_revision()

    async def schema_is_current(connection: AsyncConnection) -> bool:
        return await current_revision(connection) == head

    return schema_is_current
