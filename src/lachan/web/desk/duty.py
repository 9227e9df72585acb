"""Ending the duty to check in, and letting it hold again."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.kit.clock import local_day, now
from lachan.kit.errors import Conflict, InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.places.duty import service, store
from lachan.web.place.sentences import kind_options, say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/duty")

Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _duty_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    *,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
    did: str | None = None,
) -> Response:
    roots = viewer.roots(service.ROLE)
    options = []
    for root in roots:
        area = await areas.get(connection, root)
        if area is not None:
            options.append((area.path, area.full_name))
            options += [
                (one.path, f"– {one.full_name}") for one in await areas.children(connection, root)
            ]
    settings = request.app.state.settings
    ended = await store.listed(connection, roots)
    return page(
        request,
        "desk/duty.html",
        status=problem.status if problem else 200,
        areas=options,
        kinds=kind_options(request),
        ended=[
            (one, service.last_deleted_on(one.ends_on, settings.retention.visit_days))
            for one in ended
        ],
        mine={one.id for one in ended if _is_mine(one.area, roots)},
        typed=typed or {"ends_on": local_day(now(), settings.zone).isoformat()},
        errors=say_problem(request, problem) if problem else {},
        days=settings.retention.visit_days,
        did=did if did in {"ended", "withdrawn"} else None,
    )


def _is_mine(area: str, roots: tuple[str, ...]) -> bool:
    return any(area == root or area.startswith(f"{root}.") for root in roots)


@router.get("")
async def duty(
    request: Request, viewer: Admin, connection: Transaction, did: str | None = None
) -> Response:
    """Where the duty has ended, and a form to end it."""
    return await _duty_page(request, viewer, connection, did=did)


@router.post("")
async def end(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    area: Annotated[str, Form(max_length=40)] = "",
    kind: Annotated[str, Form(max_length=40)] = "",
    ends_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """End it."""
    typed = {"area": area, "kind": kind, "ends_on": ends_on}
    today = local_day(now(), request.app.state.settings.zone)
    try:
        try:
            day = date.fromisoformat(ends_on)
        except ValueError:
            raise InvalidInput(fields={"ends_on": "place-report-field-day"}) from None
        await service.end(connection, viewer, area, kind or None, day, today=today)
    except (InvalidInput, Conflict) as problem:
        return await _duty_page(request, viewer, connection, typed=typed, problem=problem)
    return RedirectResponse("/desk/duty?did=ended", status_code=303)


@router.post("/{duty_id}/withdraw")
async def withdraw(viewer: Admin, connection: Transaction, duty_id: RowId) -> Response:
    """Let it hold again."""
    await service.withdraw(connection, viewer, duty_id)
    return RedirectResponse("/desk/duty?did=withdrawn", status_code=303)
