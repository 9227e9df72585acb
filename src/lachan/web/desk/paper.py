"""Rows of paper lists that wait for a tracer: by place, unread until somebody says why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.errors import ReasonMissing
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.places.list_store import list_places
from lachan.visits.paper import deciding, row_store, store
from lachan.visits.paper.deciding import Waiting
from lachan.visits.paper.domain import SETTLED_TOGETHER, Written
from lachan.visits.paper.errors import PaperRowNeedsCorrection
from lachan.visits.paper.store import PaperPlace
from lachan.web.place.paper import RowForm
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/paper")

Tracer = Annotated[Viewer, Depends(officer("tracer"))]
PlaceId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_PLACES = 200
_FOUND = 20
_A_PAGE = 100


async def _access_place(connection: AsyncConnection, viewer: Viewer, place_id: int) -> PaperPlace:
    place = await store.place(connection, place_id, viewer.roots("tracer"))
    if place is None:
        raise NotFound
    return place


@router.get("")
async def waiting_places(
    request: Request,
    viewer: Annotated[Viewer, Depends(officer("tracer", "admin"))],
    connection: Transaction,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Places of the tracer's areas with rows that wait, and a way to bring a list of any place."""
    found = []
    if q.strip():
        roots = viewer.roots("tracer", "admin")
        found = await list_places(connection, roots, words=q, limit=_FOUND)
    return page(
        request,
        "paper/desk.html",
        places=await row_store.waiting_places(connection, viewer.roots("tracer"), limit=_PLACES),
        q=q,
        found=found,
    )


@router.get("/waiting/{place_id}")
async def waiting_rows(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    place_id: PlaceId,
    after: Annotated[UUID | None, Query()] = None,
    did: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """What waits at one place: when and why, not who."""
    place = await _access_place(connection, viewer, place_id)
    rows = await row_store.waiting_rows(connection, place_id, after=after, limit=_A_PAGE + 1)
    reasons: dict[str, int] = {}
    for row, overlap in rows:
        for code in row.reasons if not overlap else ():
            if code in {reason.value for reason in SETTLED_TOGETHER}:
                reasons[code] = reasons.get(code, 0) + 1
    return page(
        request,
        "paper/desk_place.html",
        place=place,
        rows=rows[:_A_PAGE],
        reasons=reasons,
        more=rows[_A_PAGE - 1][0].id if len(rows) > _A_PAGE else None,
        first=after is None,
        did=did if did in {"settled", "refused"} else None,
    )


@router.post("/waiting/{place_id}/settle")
async def settle_together(
    viewer: Tracer,
    connection: Transaction,
    place_id: PlaceId,
    reason: Annotated[str, Form(max_length=60)],
) -> Response:
    """Accept all rows of a place that wait for one reason."""
    await _access_place(connection, viewer, place_id)
    await deciding.settle_together(connection, viewer, reason, place_id=place_id)
    return RedirectResponse(f"/desk/paper/waiting/{place_id}?did=settled", status_code=303)


@router.get("/rows/{row_id}")
async def ask_why(
    request: Request, viewer: Tracer, connection: Transaction, row_id: UUID
) -> Response:
    """Before a row is read: why."""
    waiting = await deciding.access_waiting_row(connection, viewer, row_id)
    return _ask_page(request, waiting, {})


def _ask_page(request: Request, waiting: Waiting, errors: dict[str, str]) -> Response:
    return page(
        request,
        "paper/desk_open.html",
        status=422 if errors else 200,
        row=waiting.row,
        overlap=waiting.overlap,
        errors=errors,
    )


@router.post("/rows/{row_id}/open")
async def open_row(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    row_id: UUID,
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Read a row; written to the audit trail."""
    waiting = await deciding.access_waiting_row(connection, viewer, row_id)
    settings, keyring = request.app.state.settings, request.app.state.keyring
    day = await deciding.day_of(connection, settings, waiting.row)
    try:
        written = await deciding.open_row(connection, keyring, viewer, waiting, reason)
    except ReasonMissing as problem:
        return _ask_page(request, waiting, say_problem(request, problem))
    cells = deciding.cells_to_show(settings, waiting.row, written, day)
    return _row_page(request, waiting, cells, {})


def _row_page(
    request: Request, waiting: Waiting, cells: Written, errors: dict[str, str]
) -> Response:
    row = waiting.row
    return page(
        request,
        "paper/row.html",
        status=422 if errors else 200,
        row=row,
        cells=cells,
        errors=errors,
        overlap=waiting.overlap,
        action=f"/desk/paper/rows/{row.id}",
        list_url=f"/desk/paper/waiting/{row.place_id}",
        page_frame="desk",
    )


@router.post("/rows/{row_id}")
async def settle_row(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    row_id: UUID,
    cells: Annotated[RowForm, Depends()],
) -> Response:
    """Take the row as it is written now, or refuse it."""
    waiting = await deciding.access_waiting_row(connection, viewer, row_id)
    settings, keyring = request.app.state.settings, request.app.state.keyring
    row, refused = waiting.row, cells.go == "refuse"
    try:
        if waiting.overlap:
            await deciding.settle_overlap(connection, viewer, row, accept=not refused)
        elif refused:
            await deciding.refuse(connection, keyring, viewer, row, cells.reason)
        else:
            await deciding.settle(connection, keyring, settings, viewer, row, cells.written())
    except (InvalidInput, PaperRowNeedsCorrection, ReasonMissing) as problem:
        return _row_page(request, waiting, cells.written(), say_problem(request, problem))
    did = "refused" if refused else "settled"
    return RedirectResponse(f"/desk/paper/waiting/{row.place_id}?did={did}", status_code=303)
