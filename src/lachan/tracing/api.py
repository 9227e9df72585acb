"""Traces and contacts over HTTP, for tracers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from lachan.cases.api import before_of, identity_out
from lachan.cases.openings import openings_of
from lachan.cases.schemas import Area, IdentityOut
from lachan.cases.service import ROLE, access_case
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.kit.http.sse import Streams, event_stream, last_event_id
from lachan.kit.i18n import DEFAULT
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.tracing import live, schemas, service, store
from lachan.tracing.domain import ExposureKind
from lachan.tracing.evidence import Evidence, Facts
from lachan.tracing.late.store import late_of
from lachan.tracing.store import ContactFilters, ContactRow, ExposureRow, Run
from lachan.visits.doubts import telling
from lachan.visits.doubts.store import ShownDoubt, doubts_of

router = APIRouter(prefix="/api/v1", tags=["tracing"])

Tracer = Annotated[Viewer, Depends(officer(ROLE))]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=200)]
Level = Annotated[int | None, Query(ge=1, le=5)]
Doubts = Mapping[UUID, Sequence[ShownDoubt]]
_SMALLINT, _INTEGER = 2**15, 2**31

HEADER = (
    "case", "contact_id", "level", "area", "area_name", "place", "room", "first_exposure",
    "last_exposure", "minutes", "household", "status", "why",
)  # fmt: skip


def evidence_of(request: Request) -> Evidence:
    """Sentences in the language of the request."""
    state = request.app.state
    return Evidence(state.catalogs, request.scope["state"]["lang"], state.settings.zone)


def facts_of(contact: ContactRow) -> Facts:
    """The longest exposure of a contact, or that it lives with the one nearer."""
    if contact.kind is None or contact.started_at is None or contact.ended_at is None:
        return Facts(
            None, contact.level, contact.case_code, "", None,
            contact.first_exposure, contact.last_exposure, 0,
        )  # fmt: skip
    return Facts(
        kind=contact.kind,
        level=contact.level,
        case_code=contact.case_code,
        place=contact.place or "",
        room=contact.room,
        started_at=contact.started_at,
        ended_at=contact.ended_at,
        minutes=contact.exposure_minutes or 0,
    )


def facts_of_exposure(contact: ContactRow, exposure: ExposureRow) -> Facts:
    """One exposure of a contact."""
    return Facts(
        kind=exposure.kind,
        level=contact.level,
        case_code=contact.case_code,
        place=exposure.place,
        room=exposure.room,
        started_at=exposure.started_at,
        ended_at=exposure.ended_at,
        minutes=exposure.minutes,
    )


def reading_reason(request: Request, viewer: Viewer, contact: ContactRow) -> str | None:
    """Why the officer reads the evidence, as the contact will read it; None when not new."""
    if not openings_of(request).is_new(viewer.officer, f"contact:{contact.id}"):
        return None
    return str(
        request.app.state.catalogs.translate(
            DEFAULT, "tracing-reading-reason", code=contact.case_code
        )
    )


def run_out(request: Request, run: Run) -> schemas.RunOut:
    """A run as JSON."""
    state = request.app.state
    text = None
    if run.error is not None:
        text = state.catalogs.translate(request.scope["state"]["lang"], f"tracing-{run.error}")
    return schemas.RunOut(
        run_id=run.id,
        case_id=run.case_id,
        max_level=run.max_level,
        dry_run=run.dry_run,
        state=run.state,
        progress=run.progress,
        counts=run.counts,
        error=run.error,
        error_text=text,
        profile_version=run.profile_version,
        as_of=run.as_of,
        requested_at=run.requested_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def contact_out(contact: ContactRow, evidence: Evidence) -> schemas.ContactOut:
    """A contact as JSON, with its sentence."""
    return schemas.ContactOut(
        id=contact.id,
        case_id=contact.case_id,
        case_code=contact.case_code,
        person_id=contact.person_id,
        level=contact.level,
        area=contact.area,
        area_name=contact.area_name or None,
        first_exposure=contact.first_exposure,
        last_exposure=contact.last_exposure,
        minutes=contact.minutes,
        household=contact.household,
        is_case=contact.is_case,
        place=schemas.PlaceMet(id=contact.place_id, name=contact.place or "", room=contact.room)
        if contact.place_id is not None
        else None,
        sentence=evidence.sentence(facts_of(contact)),
        exposures=contact.exposures,
        status=schemas.ContactStatus(contact.status),
        updated_at=contact.updated_at,
    )


async def doubts_about(connection: AsyncConnection, exposures: Sequence[ExposureRow]) -> Doubts:
    """What speaks against the visits behind `exposures`, by visit."""
    return await doubts_of(
        connection,
        [visit for one in exposures for visit in (one.visit_id, one.source_visit_id)],
    )


def exposure_out(
    contact: ContactRow, exposure: ExposureRow, evidence: Evidence, doubts: Doubts
) -> schemas.ExposureOut:
    """One exposure as JSON, with its sentence and what speaks against it."""
    return schemas.ExposureOut(
        kind=ExposureKind(exposure.kind),
        source_person_id=exposure.source_person_id,
        source_visit_id=str(exposure.source_visit_id),
        visit_id=str(exposure.visit_id),
        place=schemas.PlaceMet(id=exposure.place_id, name=exposure.place, room=exposure.room),
        started_at=exposure.started_at,
        ended_at=exposure.ended_at,
        minutes=exposure.minutes,
        lingering_minutes=exposure.lingering_minutes,
        sentence=evidence.sentence(facts_of_exposure(contact, exposure)),
        doubts=[
            schemas.DoubtOut(
                visit_id=str(visit),
                kind=doubt.kind,
                sentence=telling.sentence(evidence.catalogs, evidence.lang, doubt),
            )
            for visit in (exposure.visit_id, exposure.source_visit_id)
            for doubt in doubts.get(visit, ())
        ],
    )


@router.post("/cases/{case_id}/traces", status_code=202)
async def start_trace(
    request: Request, case_id: Id, body: schemas.NewTrace, viewer: Tracer, connection: Transaction
) -> schemas.RunOut:
    """Trace a case; the worker computes, `/cases/{id}/events` tells how far it is."""
    case = await access_case(connection, case_id)
    run = await service.start_trace(
        connection, viewer, case, max_level=body.max_level, dry_run=body.dry_run
    )
    return run_out(request, run)


@router.get("/cases/{case_id}/traces/{run_id}")
async def read_run(
    request: Request, case_id: Id, run_id: Id, _viewer: Tracer, connection: Transaction
) -> schemas.RunOut:
    """How far a run is, or what it found."""
    return run_out(request, await service.access_run(connection, case_id, run_id))


@router.get("/cases/{case_id}/late-visits")
async def read_late(case_id: Id, _viewer: Tracer, connection: Transaction) -> schemas.LateOut:
    """What came after the trace (a paper list, an offline batch): trace again to count it in."""
    case = await access_case(connection, case_id)
    late = await late_of(connection, case.id)
    if late is None:
        return schemas.LateOut(visits=0, people=0, traced_as_of=None, counted_at=None)
    return schemas.LateOut(
        visits=late.visits,
        people=late.people,
        traced_as_of=late.as_of,
        counted_at=late.counted_at,
    )


@router.get("/cases/{case_id}/events", response_class=StreamingResponse)
async def case_events(
    request: Request, case_id: Id, viewer: Tracer, connection: Transaction
) -> Response:
    """Server-sent events of a case: `trace`, `contact`, `case`."""
    await access_case(connection, case_id)
    state = request.app.state
    streams: Streams = state.streams
    streams.check_room(viewer.key)
    return event_stream(
        live.messages(
            viewer,
            case_id,
            last_event_id(request),
            storage=state.storage,
            hub=state.hub,
            sessions=state.sessions,
            streams=streams,
        )
    )


async def _rows(
    request: Request, viewer: Viewer, wanted: ContactFilters
) -> AsyncIterator[Sequence[object]]:
    evidence = evidence_of(request)
    async with request.app.state.storage.export(viewer.token) as connection:
        async for contact in store.every_contact(connection, wanted):
            yield (
                contact.case_code,
                contact.id,
                f"F{contact.level}",
                contact.area,
                contact.area_name,
                contact.place,
                contact.room,
                contact.first_exposure,
                contact.last_exposure,
                contact.minutes,
                contact.household,
                contact.status,
                evidence.sentence(facts_of(contact)),
            )


def after_of(cursor: str | None) -> store.Key | None:
    """The level, minutes and id that a page of a case's contacts begins after.

    Raises `InvalidInput`.
    """
    key = decode_cursor(cursor, 3)
    if key is None:
        return None
    level, minutes, contact = key
    if not (isinstance(level, int) and isinstance(minutes, int) and isinstance(contact, int)):
        raise InvalidInput(fields={"cursor": "field-cursor"})
    # The columns are narrower than what a cursor can say.
    if not (abs(level) < _SMALLINT and abs(minutes) < _INTEGER):
        raise InvalidInput(fields={"cursor": "field-cursor"})
    return level, minutes, contact


@router.get("/cases/{case_id}/contacts", response_model=schemas.ContactList)
async def list_contacts_of_case(
    request: Request,
    case_id: Id,
    viewer: Tracer,
    connection: Transaction,
    level: Level = None,
    status: schemas.ContactStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.ContactList | Response:
    """Contacts of a case, nearest level and longest exposure first; CSV or NDJSON by Accept."""
    case = await access_case(connection, case_id)
    wanted = ContactFilters(
        case_id=case_id, level=level, status=None if status is None else status.value
    )
    shape = shape_of(request)
    if shape != "json":
        await service.note_export(connection, viewer, case)
        name = f"lachan-contacts-{case.code}"
        return export(shape, name, HEADER, _rows(request, viewer, wanted))
    rows = await store.contacts_of_case(connection, wanted, after=after_of(cursor), limit=limit)
    evidence = evidence_of(request)
    last = rows[-1] if len(rows) == limit else None
    return schemas.ContactList(
        items=[contact_out(row, evidence) for row in rows],
        next_cursor=encode_cursor([last.level, last.minutes, last.id]) if last else None,
    )


@router.get("/contacts")
async def list_contacts(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    level: Level = None,
    status: schemas.ContactStatus | None = None,
    area: Annotated[Area | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.ContactList:
    """Contacts who live in the officer's areas, whichever case they are of, newest first."""
    wanted = ContactFilters(
        level=level,
        status=None if status is None else status.value,
        roots=(area,) if area else viewer.roots(ROLE),
    )
    rows = await store.contacts(connection, wanted, before=before_of(cursor), limit=limit)
    evidence = evidence_of(request)
    return schemas.ContactList(
        items=[contact_out(row, evidence) for row in rows],
        next_cursor=encode_cursor([rows[-1].id]) if len(rows) == limit else None,
    )


@router.get("/contacts/{contact_id}")
async def read_contact(
    request: Request, contact_id: Id, viewer: Tracer, connection: Transaction
) -> schemas.ContactDetails:
    """A contact with all the evidence; that it was read is written down for the contact."""
    contact = await service.access_contact(connection, contact_id)
    evidence = evidence_of(request)
    exposures = await store.exposures_of(connection, contact_id)
    doubts = await doubts_about(connection, exposures)
    await service.note_reading(
        connection, viewer, contact, reading_reason(request, viewer, contact)
    )
    return schemas.ContactDetails(
        **contact_out(contact, evidence).model_dump(),
        evidence=[exposure_out(contact, exposure, evidence, doubts) for exposure in exposures],
    )


@router.patch("/contacts/{contact_id}")
async def change_contact(
    request: Request,
    contact_id: Id,
    body: schemas.StatusChange,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.ContactOut:
    """Note how far the tracer has come with a contact."""
    contact = await service.access_contact(connection, contact_id)
    changed = await service.set_status(connection, viewer, contact, body.status)
    return contact_out(changed, evidence_of(request))


@router.post("/contacts/{contact_id}/identity")
async def open_identity(
    request: Request,
    contact_id: Id,
    body: schemas.OpeningReason,
    viewer: Tracer,
    connection: Transaction,
) -> IdentityOut:
    """Who a contact is, for a reason that the person will read."""
    contact = await service.access_contact(connection, contact_id)
    openings_of(request).identities.check(str(viewer.officer))
    return identity_out(
        await service.open_identity(
            connection, request.app.state.keyring, viewer, contact, body.reason
        )
    )
