"""The access log, for auditors: who did what, to whom, why."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from lachan.identity import trail
from lachan.identity.officers.api import audit_csv
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.web.actions import action_options, say_action, say_object
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False)

Auditor = Annotated[Viewer, Depends(officer("auditor"))]
_A_PAGE = 50
_LONGEST = 18

Typed = Annotated[str, Query(max_length=60)]


def _number(typed: str) -> int | None:
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def _filter(person: str, by: str, action: str) -> trail.Filter:
    return trail.Filter(_number(person), _number(by), action.strip() or None)


@router.get("/desk/audit")
async def show_audit(
    request: Request,
    viewer: Auditor,
    connection: Transaction,
    person: Typed = "",
    by: Typed = "",
    action: Typed = "",
    cursor: str | None = None,
) -> Response:
    """Newest first, filtered."""
    key = decode_cursor(cursor, 1)
    before = key[0] if key and isinstance(key[0], int) else None
    wanted = _filter(person, by, action)
    found = await trail.entries(connection, wanted, before=before, limit=_A_PAGE + 1)
    shown = found[:_A_PAGE]
    asked = {key: value for key, value in (("person", person), ("by", by), ("action", action))
             if value.strip()}  # fmt: skip
    return page(
        request,
        "identity/audit.html",
        entries=shown,
        say_action=partial(say_action, request),
        say_object=partial(say_object, request),
        actions=action_options(request, action.strip()),
        asked={"person": person, "by": by, "action": action},
        next_url=f"/desk/audit?{urlencode({**asked, 'cursor': encode_cursor([shown[-1].id])})}"
        if len(found) > _A_PAGE
        else None,
        first_url=f"/desk/audit?{urlencode(asked)}" if cursor else None,
        csv_url=f"/desk/audit.csv?{urlencode(asked)}",
        own_areas=viewer.roots("auditor"),
    )


@router.get("/desk/audit.csv")
async def save_audit(
    request: Request,
    viewer: Auditor,
    connection: Transaction,
    person: Typed = "",
    by: Typed = "",
    action: Typed = "",
) -> Response:
    """The same as a file for a spreadsheet."""
    await trail.note_export(connection, viewer)
    return audit_csv(request, viewer, _filter(person, by, action))
