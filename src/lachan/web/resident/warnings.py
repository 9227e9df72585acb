"""The resident's warnings: the list, one warning, and "this is wrong"."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.warnings import service, store
from lachan.warnings.advice import advice_for
from lachan.warnings.api import Cursor, Id, before_of, next_cursor, wording_of
from lachan.warnings.schemas import LONGEST_DISPUTE
from lachan.warnings.wording import told_of_message
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/me/warnings")
_A_PAGE = 20


@router.get("")
async def my_warnings(
    request: Request, viewer: ResidentViewer, connection: Transaction, cursor: Cursor = None
) -> Response:
    """What I was warned of, newest first."""
    rows = await store.mine(connection, viewer.person, before=before_of(cursor), limit=_A_PAGE)
    words = wording_of(request)
    following = next_cursor(rows, _A_PAGE)
    return page(
        request,
        "warnings/mine.html",
        warnings=[
            (row, words.place(told_of_message(row)), words.disease(row.disease)) for row in rows
        ],
        next_url=f"/me/warnings?cursor={following}" if following else None,
        first_url="/me/warnings" if cursor else None,
    )


@router.get("/{message_id}")
async def my_warning(
    request: Request, viewer: ResidentViewer, connection: Transaction, message_id: Id
) -> Response:
    """One warning: what happened and what to do. Showing it makes it seen."""
    row = await service.see(connection, viewer, message_id)
    return _one(request, row)


def _one(request: Request, row: Row[Any], *, error: str | None = None, text: str = "") -> Response:
    words, told = wording_of(request), told_of_message(row)
    return page(
        request,
        "warnings/one.html",
        status=422 if error else 200,
        warning=row,
        disease=words.disease(row.disease),
        place=words.place(told),
        reason=words.reason(told),
        others=told.others,
        advice=words.advice(told),
        source=advice_for(row.disease, row.level).source,
        longest=LONGEST_DISPUTE,
        error=error,
        text=text,
    )


@router.post("/{message_id}/dispute")
async def dispute(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    message_id: Id,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Say that a warning is wrong, and why."""
    row = await service.access_message(connection, viewer, message_id)
    said = text.strip()
    if not said or len(said) > LONGEST_DISPUTE:
        key = "field-missing" if not said else "field-too-long"
        sentence = request.app.state.catalogs.translate(language_of(request), key)
        return _one(request, row, error=sentence, text=said)
    await service.dispute(connection, viewer, request.app.state.keyring, message_id, said)
    return RedirectResponse(f"/me/warnings/{message_id}#dispute", status_code=303)
