"""Warnings over HTTP, for officers: draft, approve, withdraw, settle what people say."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Row

from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.i18n import LANGUAGES
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.warnings import replies, schemas, service, store
from lachan.warnings.domain import Told
from lachan.warnings.wording import Wording

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
    return schemas.Counts(**{name: getattr(found, name) for name in schemas.Counts.model_fields})


def texts_of(request: Request, told: Told) -> dict[str, str]:
    """What one person would read, in every language."""
    state = request.app.state
    return {
        lang: Wording(state.catalogs, lang, state.settings.zone).whole(told) for lang in LANGUAGES
    }


async def _out(
    request: Request, connection: Transaction, viewer: Viewer, row: Row[Any]
) -> schemas.WarningOut:
    state = request.app.state
    run = await service.dry_run(connection, viewer, row, service.breaker_of(state.settings))
    counts = await store.counts(connection, [row.id])
    return schemas.WarningOut(
        id=row.id,
        case_id=row.case_id,
        case_code=row.case_code,
        place_report_id=row.place_report_id,
        rule_version=row.rule_version,
        advice_version=row.advice_version,
        disease=row.disease,
        levels=row.levels,
        note=row.note,
        state=row.state,
        area=row.area,
        recipients=run.recipients,
        outside_area=run.outside_area,
        already_warned=run.already_warned,
        second_officer_needed=run.second_officer_needed,
        rush=run.rush,
        stopped_at=row.stopped_at,
        held_until=row.held_until,
        kinds=[
            schemas.KindOut(
                by_rule=share.by_rule,
                kind=share.kind,
                recipients=share.recipients,
                samples=texts_of(request, share.sample),
            )
            for share in run.kinds
        ],
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
        samples=texts_of(request, run.sample) if run.sample is not None else {},
        counts=counts_of(counts.get(row.id)),
        counts_by_kind=[
            schemas.KindCounts(
                **{name: getattr(kind, name) for name in schemas.KindCounts.model_fields}
            )
            for kind in await store.counts_by_kind(connection, row.id)
        ],
        created_at=row.created_at,
        approved_at=row.approved_at,
        first_sent_at=row.first_sent_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


@router.post("/warnings", status_code=201)
async def draft_warning(
    request: Request, body: schemas.NewWarning, viewer: Tracer, connection: Transaction
) -> schemas.WarningOut:
    """Draw up a warning from a traced case or a place's report: a dry run, nobody is told."""
    plan = service.Plan(
        case_id=body.case_id,
        report_id=body.place_report_id,
        disease=body.disease,
        levels=body.levels,
        note=body.note,
        changes={str(old): str(new) for old, new in body.kinds.items()},
    )
    row = await service.draft(connection, viewer, plan)
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
            stopped=row.stopped_at is not None,
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


@router.post("/warnings/{warning_id}/kinds")
async def change_kinds(
    request: Request,
    warning_id: Id,
    body: schemas.Kinds,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.WarningOut:
    """Give the people of a draft another class of message than the rule chose."""
    changes = {str(old): str(new) for old, new in body.kinds.items()}
    row = await service.change_kinds(connection, viewer, warning_id, changes)
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


@router.post("/warnings/{warning_id}/resume")
async def resume_warning(
    request: Request,
    warning_id: Id,
    body: schemas.Withdrawal,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.WarningOut:
    """Let a warning go on that stopped itself because people said it was wrong."""
    row = await service.resume(connection, viewer, warning_id, body.reason)
    return await _out(request, connection, viewer, row)


@router.post("/warnings/{warning_id}/messages/{message_id}/answer", status_code=204)
async def answer_dispute(
    warning_id: Id, message_id: Id, body: schemas.Answer, viewer: Tracer, connection: Transaction
) -> None:
    """Settle what a resident says is wrong: keep, correct the minutes, or withdraw for them."""
    await replies.decide(
        connection,
        viewer,
        warning_id,
        message_id,
        decision=body.decision,
        minutes=body.minutes,
        text=body.text,
    )


@router.get("/warnings/{warning_id}/calls")
async def read_calls(warning_id: Id, _viewer: Tracer, connection: Transaction) -> schemas.CallList:
    """Whoever asked to be called, the one who waits longest first."""
    row = await service.access_warning(connection, warning_id)
    return schemas.CallList(
        items=[
            schemas.CallOut(
                message_id=one.id,
                contact_id=one.contact_id,
                kind=one.kind,
                level=one.level,
                asked_at=one.call_asked_at,
                called_at=one.called_at,
            )
            for one in await replies.calls(connection, row)
        ]
    )


@router.post("/warnings/{warning_id}/messages/{message_id}/called", status_code=204)
async def note_called(
    warning_id: Id, message_id: Id, viewer: Tracer, connection: Transaction
) -> None:
    """Note that somebody who asked for it was called."""
    await replies.note_called(connection, viewer, warning_id, message_id)


@router.get("/warnings/{warning_id}/disputes")
async def read_disputes(
    request: Request, warning_id: Id, viewer: Tracer, connection: Transaction
) -> schemas.DisputeList:
    """What people say is wrong with a warning, unanswered first; reading it is written down."""
    row = await service.access_warning(connection, warning_id)
    opened = await replies.open_disputes(connection, viewer, request.app.state.keyring, row)
    return schemas.DisputeList(
        items=[
            schemas.DisputeOut(
                message_id=one.message.id,
                text=one.text,
                disputed_at=one.message.disputed_at,
                answered_at=one.message.answered_at,
                answer=one.message.answer,
                decision=one.message.decision,
            )
            for one in opened
        ]
    )
