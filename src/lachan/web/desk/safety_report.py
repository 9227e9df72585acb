"""One report on the inspector's desk, and what a flood held back at one place."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput, NotFound, Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.safety.checks.store import photo, photo_area
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import Item
from lachan.safety.feedback import service, store
from lachan.safety.feedback.domain import LONGEST, Decision, is_overdue
from lachan.safety.inspections.service import check_inspector
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader

router = APIRouter(include_in_schema=False, prefix="/desk/safety")

Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _items(connection: AsyncConnection, set_id: int | None) -> dict[str, Item]:
    if set_id is None:
        return {}
    found = await criteria_service.set_by_id(connection, set_id)
    return {one.code: one for one in found.items}


async def _report(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    report_id: int,
    *,
    did: str | None = None,
    remark: str = "",
    problem: Problem | None = None,
) -> Response:
    report = await service.access_report(connection, report_id)
    check_inspector(viewer, report.area)
    reporters, weight = await store.confirmed(connection, report.place_id)
    return page(
        request,
        "desk/safety_report.html",
        status=problem.status if problem else 200,
        report=report,
        items=await _items(connection, report.set_id),
        overdue=is_overdue(report.state, report.due_at, now()),
        reporters=reporters,
        weight=weight,
        needed=request.app.state.settings.safety.confirmed_weight,
        read=reader(request),
        did=did,
        remark=remark,
        errors=say_problem(request, problem) if problem else {},
        longest=LONGEST,
    )


@router.get("/reports/{report_id}")
async def report(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    report_id: RowId,
    did: str | None = None,
) -> Response:
    """One report with all that was said of it."""
    known = did if did in {"confirmed", "dismissed", "closed"} else None
    return await _report(request, viewer, connection, report_id, did=known)


@router.post("/reports/{report_id}")
async def decide(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    report_id: RowId,
    decision: Annotated[Decision, Form()],
    remark: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Confirm, dismiss or close."""
    try:
        await service.decide(
            connection,
            viewer,
            request.app.state.settings,
            report_id,
            decision,
            remark,
            moment=now(),
        )
    except InvalidInput as problem:
        return await _report(
            request, viewer, connection, report_id, remark=remark[:4000], problem=problem
        )
    return RedirectResponse(f"/desk/safety/reports/{report_id}?did={decision}", status_code=303)


@router.get("/photos/{photo_id}")
async def picture(viewer: Inspector, connection: Transaction, photo_id: UUID) -> Response:
    """A photo of a place in the inspector's areas."""
    area = await photo_area(connection, photo_id)
    found = await photo(connection, photo_id)
    if area is None or found is None:
        raise NotFound
    check_inspector(viewer, area)
    return Response(
        found, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"}
    )


async def _held(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    remark: str = "",
    chosen: frozenset[int] = frozenset(),
    problem: Problem | None = None,
) -> Response:
    place = await service.access_place(connection, place_id)
    check_inspector(viewer, place.area)
    return page(
        request,
        "desk/safety_held.html",
        status=problem.status if problem else 200,
        place=place,
        reports=await store.held_of(connection, place_id),
        items=await _items(connection, place.set_id),
        read=reader(request),
        remark=remark,
        chosen=chosen,
        errors=say_problem(request, problem) if problem else {},
        longest=LONGEST,
    )


@router.get("/places/{place_id}/held")
async def held(
    request: Request, viewer: Inspector, connection: Transaction, place_id: RowId
) -> Response:
    """What a flood held back at a place, to be let through or turned down together."""
    return await _held(request, viewer, connection, place_id)


@router.post("/places/{place_id}/held")
async def sort_out(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    place_id: RowId,
    act: Annotated[Literal["release", "dismiss"], Form()],
    reports: Annotated[list[int] | None, Form()] = None,
    every: Annotated[bool, Form()] = False,  # noqa: FBT002 - a tick box
    remark: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Let what is ticked through to the place, or turn it down with one reason."""
    place = await service.access_place(connection, place_id)
    check_inspector(viewer, place.area)
    chosen = frozenset(reports or [])
    if every:
        # As many as the page shows.
        chosen = frozenset(one.id for one in await store.held_of(connection, place_id))
    settings = request.app.state.settings
    try:
        if not chosen:
            raise InvalidInput(fields={"reports": "inspections-field-none-chosen"})  # noqa: TRY301 - shown as the form's own
        if act == "release":
            await service.release(
                connection, viewer, settings, place_id, sorted(chosen), moment=now()
            )
        else:
            await service.dismiss_held(connection, viewer, place_id, sorted(chosen), remark)
    except InvalidInput as problem:
        return await _held(
            request,
            viewer,
            connection,
            place_id,
            remark=remark[:4000],
            chosen=chosen,
            problem=problem,
        )
    return RedirectResponse("/desk/safety?which=held", status_code=303)
