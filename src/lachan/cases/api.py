"""Cases over HTTP, for tracers."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from lachan.cases import schemas, service, store
from lachan.cases.domain import Classification
from lachan.cases.openings import openings_of, timeline_reason
from lachan.cases.store import Case, Filters
from lachan.identity.service import Opened
from lachan.kit.clock import now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.visits.doubts import telling

router = APIRouter(prefix="/api/v1", tags=["cases"])

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=200)]
NEWEST = 2**63 - 1

HEADER = (
    "code", "disease", "classification", "onset_on", "sampled_on", "infectious_from",
    "infectious_until", "area", "area_name", "opened_at", "closed_at",
)  # fmt: skip


def case_out(case: Case) -> schemas.CaseOut:
    """A case as JSON."""
    return schemas.CaseOut(
        id=case.id,
        code=case.code,
        person_id=case.person_id,
        disease=case.disease,
        classification=case.classification,
        onset_on=case.onset_on,
        sampled_on=case.sampled_on,
        infectious_from=case.infectious_from,
        infectious_until=case.infectious_until,
        profile_version=case.profile_version,
        area=case.area,
        area_name=case.full_area_name,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        drill=case.drill_id is not None,
    )


def identity_out(data: Opened) -> schemas.IdentityOut:
    """An opened identity as JSON."""
    return schemas.IdentityOut(
        name=data.name,
        phone=data.phone,
        birth_year=data.birth_year,
        kept_by=[schemas.KeeperOut(name=one.name, phone=one.phone) for one in data.kept_by],
    )


def before_of(cursor: str | None) -> int:
    """The id that a page of a list begins below. Raises `InvalidInput`."""
    key = decode_cursor(cursor, 1)
    return int(key[0]) if key is not None and isinstance(key[0], int) else NEWEST


def next_cursor(cases: Sequence[Case], limit: int) -> str | None:
    """The cursor after a full page."""
    return encode_cursor([cases[-1].id]) if len(cases) == limit else None


def filters_of(
    viewer: Tracer,
    disease: Annotated[str | None, Query(max_length=40)] = None,
    classification: Classification | None = None,
    area: Annotated[schemas.Area | None, Query()] = None,
    state: Annotated[str, Query(pattern="^(open|closed|all)$")] = "all",
    code: Annotated[str | None, Query(max_length=40)] = None,
) -> Filters:
    """Which cases were asked for; without an area, all of the officer's own."""
    return Filters(
        roots=(area,) if area else viewer.roots(service.ROLE),
        disease=disease,
        classification=classification,
        open=None if state == "all" else state == "open",
        code=code.strip().upper() if code else None,
    )


Wanted = Annotated[Filters, Depends(filters_of)]


@router.post("/cases", status_code=201)
async def open_case(
    request: Request, body: schemas.NewCase, viewer: Tracer, connection: Transaction
) -> schemas.CaseOut:
    """Open a case."""
    state = request.app.state
    case = await service.open_case(
        connection, viewer, state.keyring, body, moment=now(), zone=state.settings.zone
    )
    return case_out(case)


async def _rows(
    request: Request, viewer: Viewer, wanted: Filters
) -> AsyncIterator[Sequence[object]]:
    async with request.app.state.storage.export(viewer.token) as connection:
        async for case in store.every(connection, wanted):
            yield (
                case.code,
                case.disease,
                case.classification.value,
                case.onset_on,
                case.sampled_on,
                case.infectious_from,
                case.infectious_until,
                case.area,
                case.full_area_name,
                case.opened_at,
                case.closed_at,
            )


@router.get("/cases", response_model=schemas.CaseList)
async def list_cases(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    wanted: Wanted,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.CaseList | Response:
    """Cases of the officer's areas, newest first; all of them as CSV or NDJSON by Accept."""
    shape = shape_of(request)
    if shape != "json":
        await service.note_export(connection, viewer)
        return export(shape, "lachan-cases", HEADER, _rows(request, viewer, wanted))
    cases = await store.page(connection, wanted, before=before_of(cursor), limit=limit)
    return schemas.CaseList(
        items=[case_out(case) for case in cases], next_cursor=next_cursor(cases, limit)
    )


@router.get("/cases/{case_id}")
async def read_case(case_id: Id, _viewer: Tracer, connection: Transaction) -> schemas.CaseOut:
    """One case."""
    return case_out(await service.access_case(connection, case_id))


@router.patch("/cases/{case_id}")
async def change_case(
    request: Request,
    case_id: Id,
    body: schemas.CaseChange,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.CaseOut:
    """Reclassify a case, or correct its days."""
    case = await service.access_case(connection, case_id)
    zone = request.app.state.settings.zone
    return case_out(await service.change(connection, viewer, case, body, moment=now(), zone=zone))


@router.post("/cases/{case_id}/close")
async def close_case(case_id: Id, viewer: Tracer, connection: Transaction) -> schemas.CaseOut:
    """Close a case."""
    case = await service.access_case(connection, case_id)
    return case_out(await service.close(connection, viewer, case, moment=now()))


@router.get("/cases/{case_id}/timeline")
async def read_timeline(
    request: Request, case_id: Id, viewer: Tracer, connection: Transaction
) -> schemas.TimelineOut:
    """Where the case was while infectious; that it was read is written down."""
    case, moment = await service.access_case(connection, case_id), now()
    timeline = await service.open_timeline(
        connection,
        viewer,
        case,
        moment=moment,
        zone=request.app.state.settings.zone,
        reason=timeline_reason(request, viewer, case),
    )
    said_in = request.app.state.catalogs, request.scope["state"]["lang"]
    items: list[schemas.TimelineVisit | schemas.TimelineGap] = [
        schemas.TimelineVisit(
            id=str(stay.id),
            place=schemas.PlaceSeen(
                id=stay.place_id, name=stay.place, room=stay.room, area=stay.area
            ),
            started_at=stay.started_at,
            ends_at=stay.ends_at,
            open=stay.is_open(moment),
            doubts=[
                schemas.TimelineDoubt(kind=doubt.kind, sentence=telling.sentence(*said_in, doubt))
                for doubt in timeline.doubts.get(stay.id, ())
            ],
        )
        for stay in timeline.stays
    ]
    items += [
        schemas.TimelineGap(started_at=gap.started_at, ends_at=gap.ended_at)
        for gap in timeline.gaps
    ]
    return schemas.TimelineOut(
        infectious_from=case.infectious_from,
        infectious_until=case.infectious_until,
        items=sorted(items, key=lambda item: item.started_at),
    )


@router.post("/cases/{case_id}/identity")
async def open_identity(
    request: Request,
    case_id: Id,
    body: schemas.OpeningReason,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.IdentityOut:
    """Who the case is, for a reason that the person will read."""
    case = await service.access_case(connection, case_id)
    openings_of(request).identities.check(str(viewer.officer))
    return identity_out(
        await service.open_identity(
            connection, request.app.state.keyring, viewer, case, body.reason
        )
    )
