"""Warnings over HTTP: officers draft, approve, withdraw and answer; residents read and dispute."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Row
from starlette.responses import Response, StreamingResponse

from lachan.kit.http.access import ResidentViewer, Transaction, Viewer, officer
from lachan.kit.http.sse import Streams, event_stream, last_event_id
from lachan.kit.i18n import LANGUAGES
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.warnings import schemas, service, store
from lachan.warnings.advice import advice_for
from lachan.warnings.live import messages
from lachan.warnings.wording import Wording, told_of_message

router = APIRouter(prefix="/api/v1", tags=["warnings"])

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=200)]
NEWEST = 2**63 - 1


def wording_of(request: Request) -> Wording:
    """Sentences in the language of the request."""
    state = request.app.state
    return Wording(state.catalogs, request.scope["state"]["lang"], state.settings.zone)


def before_of(cursor: str | None) -> int:
    """The id that a page of a list begins below. Raises `InvalidInput`."""
    key = decode_cursor(cursor, 1)
    return int(key[0]) if key is not None and isinstance(key[0], int) else NEWEST


def next_cursor(rows: Sequence[Row[Any]], limit: int) -> str | None:
    """The cursor after a full page."""
    return encode_cursor([rows[-1].id]) if len(rows) == limit else None


def counts_of(found: Row[Any] | None) -> schemas.Counts:
    """Message counts of a warning, zero when it has none."""
    if found is None:
        return schemas.Counts(recipients=0, sent=0, seen=0, disputed=0, answered=0)
    return schemas.Counts(
        recipients=found.recipients,
        sent=found.sent,
        seen=found.seen,
        disputed=found.disputed,
        answered=found.answered,
    )


async def _out(
    request: Request, connection: Transaction, viewer: Viewer, row: Row[Any]
) -> schemas.WarningOut:
    state = request.app.state
    run = await service.dry_run(connection, viewer, row, service.breaker_of(state.settings))
    counts = await store.counts(connection, [row.id])
    samples = {}
    if run.sample is not None:
        for lang in LANGUAGES:
            words = Wording(state.catalogs, lang, state.settings.zone)
            samples[lang] = words.whole(run.sample)
    return schemas.WarningOut(
        id=row.id,
        case_id=row.case_id,
        case_code=row.case_code,
        disease=row.disease,
        levels=row.levels,
        note=row.note,
        state=row.state,
        area=row.area,
        recipients=run.recipients,
        outside_area=run.outside_area,
        already_warned=run.already_warned,
        second_officer_needed=run.second_officer_needed,
        places=[
            schemas.WarnedPlace(
                name=place.name,
                room=place.room,
                area=place.area,
                household=place.household,
                window_from=place.window_from,
                window_to=place.window_to,
                recipients=place.recipients,
            )
            for place in run.places
        ],
        samples=samples,
        counts=counts_of(counts.get(row.id)),
        created_at=row.created_at,
        approved_at=row.approved_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


@router.post("/warnings", status_code=201)
async def draft_warning(
    request: Request, body: schemas.NewWarning, viewer: Tracer, connection: Transaction
) -> schemas.WarningOut:
    """Draw up a warning from a traced case: a dry run, nobody is told."""
    row = await service.draft(connection, viewer, body.case_id, body.levels, body.note)
    return await _out(request, connection, viewer, row)


@router.get("/warnings")
async def list_warnings(
    _viewer: Tracer,
    connection: Transaction,
    case_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.WarningList:
    """Warnings of the officer's area, newest first."""
    rows = await store.warnings(connection, before=before_of(cursor), limit=limit, case_id=case_id)
    counts = await store.counts(connection, [row.id for row in rows])
    items = [
        schemas.WarningItem(
            id=row.id,
            case_id=row.case_id,
            case_code=row.case_code,
            disease=row.disease,
            levels=row.levels,
            state=row.state,
            area=row.area,
            counts=counts_of(counts.get(row.id)),
            created_at=row.created_at,
            approved_at=row.approved_at,
        )
        for row in rows
    ]
    return schemas.WarningList(items=items, next_cursor=next_cursor(rows, limit))


@router.get("/warnings/{warning_id}")
async def read_warning(
    request: Request, warning_id: Id, viewer: Tracer, connection: Transaction
) -> schemas.WarningOut:
    """A warning with its dry run and how far it has come."""
    row = await service.refresh(connection, await service.access_warning(connection, warning_id))
    return await _out(request, connection, viewer, row)


@router.post("/warnings/{warning_id}/approve")
async def approve_warning(
    request: Request,
    warning_id: Id,
    body: schemas.Approval,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.WarningOut:
    """Tell everybody in the draft; the number seen in the dry run must still be right."""
    breaker = service.breaker_of(request.app.state.settings)
    row = await service.approve(connection, viewer, warning_id, body.recipients, breaker)
    return await _out(request, connection, viewer, row)


@router.post("/warnings/{warning_id}/withdraw")
async def withdraw_warning(
    request: Request,
    warning_id: Id,
    body: schemas.Withdrawal,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.WarningOut:
    """Take a warning back; everybody who got it is shown the reason."""
    row = await service.withdraw(connection, viewer, warning_id, body.reason)
    return await _out(request, connection, viewer, row)


@router.post("/warnings/{warning_id}/messages/{message_id}/answer", status_code=204)
async def answer_dispute(
    warning_id: Id, message_id: Id, body: schemas.Answer, viewer: Tracer, connection: Transaction
) -> None:
    """Answer a resident who says that the warning is wrong."""
    await service.answer(connection, viewer, warning_id, message_id, body.text)


@router.get("/warnings/{warning_id}/disputes")
async def read_disputes(
    request: Request, warning_id: Id, viewer: Tracer, connection: Transaction
) -> schemas.DisputeList:
    """What people say is wrong with a warning, unanswered first; reading it is written down."""
    row = await service.access_warning(connection, warning_id)
    opened = await service.open_disputes(connection, viewer, request.app.state.keyring, row)
    return schemas.DisputeList(
        items=[
            schemas.DisputeOut(
                message_id=one.message.id,
                text=one.text,
                disputed_at=one.message.disputed_at,
                answered_at=one.message.answered_at,
                answer=one.message.answer,
            )
            for one in opened
        ]
    )


def mine_of(row: Row[Any], words: Wording) -> schemas.MyWarning:
    """A warning as its reader sees it."""
    told = told_of_message(row)
    return schemas.MyWarning(
        id=row.id,
        disease=row.disease,
        level=row.level,
        place=schemas.WarnedPlaceOfMine(name=row.place, room=row.room, address=row.address),
        window_from=row.window_from,
        window_to=row.window_to,
        minutes=row.minutes,
        reason=row.reason,
        text=words.happened(told),
        advice=words.advice(told),
        advice_source=advice_for(row.disease, row.level).source,
        note=row.note,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        disputed_at=row.disputed_at,
        answered_at=row.answered_at,
        answer=row.answer,
    )


@router.get("/me/warnings")
async def my_warnings(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.MyWarnings:
    """What I was warned of, newest first."""
    rows = await store.mine(connection, viewer.person, before=before_of(cursor), limit=limit)
    words = wording_of(request)
    return schemas.MyWarnings(
        items=[mine_of(row, words) for row in rows],
        unread=await store.count_unseen(connection, viewer.person),
        next_cursor=next_cursor(rows, limit),
    )


@router.post("/me/warnings/{message_id}/seen", status_code=204)
async def seen(message_id: Id, viewer: ResidentViewer, connection: Transaction) -> None:
    """My app has shown me this warning."""
    await service.see(connection, viewer, message_id)


@router.post("/me/warnings/{message_id}/dispute", status_code=204)
async def dispute(
    request: Request,
    message_id: Id,
    body: schemas.Dispute,
    viewer: ResidentViewer,
    connection: Transaction,
) -> None:
    """Say that a warning is wrong, and why; the health officers read it and answer."""
    keyring = request.app.state.keyring
    await service.dispute(connection, viewer, keyring, message_id, body.text)


@router.get(
    "/me/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
async def my_events(request: Request, viewer: ResidentViewer) -> StreamingResponse:
    """The live channel: `warning`, `warning_withdrawn`, `warning_answered` and `unread`.

    Takes no transaction: the answer stays open for hours and must not hold a connection.
    """
    state = request.app.state
    streams: Streams = state.streams
    streams.check_room(viewer.key)
    return event_stream(
        messages(
            viewer,
            last_event_id(request),
            storage=state.storage,
            hub=state.hub,
            sessions=state.sessions,
            streams=streams,
            heartbeat_seconds=state.settings.warnings.heartbeat_seconds,
        )
    )
