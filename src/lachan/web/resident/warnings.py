"""The resident's warnings: the list, one warning, and "this is wrong"."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.push.domain import public_key
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.warnings import replies, store
from lachan.warnings.advice import advice_for
from lachan.warnings.api import Cursor, Id, before_of, next_cursor, wording_of
from lachan.warnings.schemas import LONGEST_DISPUTE
from lachan.warnings.wording import told_of_message
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/me/warnings")
_A_PAGE = 20


@router.get("")
async def my_warnings(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    cursor: Cursor = None,
    via: Literal["page", "sms"] = "page",
) -> Response:
    """What I, and those I answer for, were warned of, newest first."""
    rows = await store.mine(connection, before=before_of(cursor), limit=_A_PAGE)
    names = await replies.names_of(connection, request.app.state.keyring, viewer, rows)
    words = wording_of(request)
    told = [told_of_message(row, names.get(row.person_id)) for row in rows]
    following = next_cursor(rows, _A_PAGE)
    return page(
        request,
        "warnings/mine.html",
        warnings=[
            (row, words.heading(one), words.place(one)) for row, one in zip(rows, told, strict=True)
        ],
        # Whoever comes by the text message is counted as told by it, at the warning opened next.
        from_text=via == "sms",
        push_key=public_key(request.app.state.keyring),
        next_url=f"/me/warnings?cursor={following}" if following else None,
        first_url="/me/warnings" if cursor else None,
    )


@router.get("/{message_id}")
async def my_warning(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    message_id: Id,
    via: Literal["page", "push", "sms"] = "page",
) -> Response:
    """One warning: what happened and what to do. Showing it makes it seen."""
    row = await replies.see(connection, message_id, via)
    return await _one(request, viewer, connection, row)


async def _one(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    row: Row[Any],
    *,
    error: str | None = None,
    text: str = "",
) -> Response:
    names = await replies.names_of(connection, request.app.state.keyring, viewer, [row])
    words, told = wording_of(request), told_of_message(row, names.get(row.person_id))
    return page(
        request,
        "warnings/one.html",
        status=422 if error else 200,
        warning=row,
        heading=words.heading(told),
        about=words.about(told),
        place=words.place(told),
        reason=words.reason(told),
        others=told.others,
        advice=words.advice(told),
        kind=words.kind(row.kind),
        source=advice_for(row.disease, row.kind, row.level, row.advice_version).source,
        longest=LONGEST_DISPUTE,
        error=error,
        text=text,
    )


@router.post("/{message_id}/answer")
async def reply(
    _viewer: ResidentViewer,
    connection: Transaction,
    message_id: Id,
    answer: Annotated[Literal["tested", "call_me", "well"], Form()],
) -> Response:
    """Say back: I was tested, please call me, I am well."""
    await replies.reply(connection, message_id, answer, "page")
    return RedirectResponse(f"/me/warnings/{message_id}#answer", status_code=303)


@router.post("/{message_id}/dispute")
async def dispute(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    message_id: Id,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Say that a warning is wrong, and why."""
    row = await replies.access_message(connection, message_id)
    said = text.strip()
    if not said or len(said) > LONGEST_DISPUTE:
        key = "field-missing" if not said else "field-too-long"
        sentence = request.app.state.catalogs.translate(language_of(request), key)
        return await _one(request, viewer, connection, row, error=sentence, text=said)
    await replies.dispute(connection, viewer, request.app.state.keyring, message_id, said)
    return RedirectResponse(f"/me/warnings/{message_id}#dispute", status_code=303)
