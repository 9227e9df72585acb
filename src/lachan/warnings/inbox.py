"""Warnings over HTTP, for those warned: read, answer, dispute, be told as it happens."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Row
from starlette.responses import Response, StreamingResponse

from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.http.sse import Streams, event_stream, last_event_id
from lachan.kit.paging import DEFAULT_LIMIT
from lachan.warnings import replies, schemas, store
from lachan.warnings.advice import advice_for
from lachan.warnings.api import Cursor, Id, Limit, before_of, next_cursor, wording_of
from lachan.warnings.live import messages
from lachan.warnings.wording import Wording, told_of_message

router = APIRouter(prefix="/api/v1", tags=["warnings"])


def mine_of(row: Row[Any], words: Wording, names: Mapping[int, str]) -> schemas.MyWarning:
    """A warning as its reader sees it; `names` of those the reader answers for."""
    told = told_of_message(row, names.get(row.person_id))
    return schemas.MyWarning(
        id=row.id,
        about=None
        if told.name is None
        else schemas.WarnedMember(person_id=row.person_id, name=told.name),
        disease=row.disease,
        level=row.level,
        place=schemas.WarnedPlaceOfMine(name=row.place, room=row.room, address=row.address),
        window_from=row.window_from,
        window_to=row.window_to,
        minutes=row.minutes,
        reason=row.reason,
        text=words.happened(told),
        advice=words.advice(told),
        advice_source=advice_for(row.disease, row.kind, row.level, row.advice_version).source,
        kind=row.kind,
        rule_version=row.rule_version,
        advice_version=row.advice_version,
        note=row.note,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
        disputed_at=row.disputed_at,
        answered_at=row.answered_at,
        answer=row.answer,
        decision=row.decision,
        tested_at=row.tested_at,
        call_asked_at=row.call_asked_at,
        called_at=row.called_at,
        well_at=row.well_at,
    )


@router.get("/me/warnings")
async def my_warnings(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.MyWarnings:
    """What I, and members of my household without a phone, were warned of, newest first."""
    rows = await store.mine(connection, before=before_of(cursor), limit=limit)
    names = await replies.names_of(connection, request.app.state.keyring, viewer, rows)
    words = wording_of(request)
    return schemas.MyWarnings(
        items=[mine_of(row, words, names) for row in rows],
        unread=await store.count_unseen(connection),
        next_cursor=next_cursor(rows, limit),
    )


@router.post("/me/warnings/{message_id}/seen", status_code=204)
async def seen(message_id: Id, _viewer: ResidentViewer, connection: Transaction) -> None:
    """My app has shown me this warning."""
    await replies.see(connection, message_id)


@router.post("/me/warnings/{message_id}/answer", status_code=204)
async def reply(
    message_id: Id, body: schemas.Reply, _viewer: ResidentViewer, connection: Transaction
) -> None:
    """Say back: I was tested, please call me, I am well. Each may be said beside the others."""
    await replies.reply(connection, message_id, body.answer)


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
    await replies.dispute(connection, viewer, keyring, message_id, body.text)


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
