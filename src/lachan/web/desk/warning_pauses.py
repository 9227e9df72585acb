"""The page with the button that holds back all warnings of an area."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.warnings import errors, pauses, store
from lachan.warnings.schemas import LONGEST_REASON
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/warning-pauses")

Admin = Annotated[Viewer, Depends(officer(pauses.ROLE))]
PauseId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_PAST = 20


@router.get("")
async def pauses_page(request: Request, viewer: Admin, connection: Transaction) -> Response:
    """What is held back now, what was, and the button."""
    return await _page(request, viewer, connection)


async def _page(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    *,
    shown: dict[str, str] | None = None,
    reason: str = "",
    status: int = 200,
) -> Response:
    roots = viewer.roots(pauses.ROLE)
    named = [await areas.get(connection, root) for root in roots]
    return page(
        request,
        "warnings/desk_pauses.html",
        status=status,
        errors=shown or {},
        areas=[(one.path, one.full_name) for one in named if one is not None],
        mine=set(roots),
        pauses=await store.open_pauses(connection),
        past=await store.past_pauses(connection, _PAST),
        reason=reason,
        longest=LONGEST_REASON,
    )


@router.post("")
async def pause(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    area: Annotated[str, Form(max_length=20)],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Hold back all warnings of an area."""
    translate = request.app.state.catalogs.translate
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        key = "field-too-long" if said else "field-missing"
        shown = {"reason": translate(language_of(request), key)}
        return await _page(request, viewer, connection, shown=shown, reason=said, status=422)
    try:
        async with connection.begin_nested():
            await pauses.pause(connection, viewer, area, said)
    except errors.AlreadyPaused as problem:
        return await _refused(request, viewer, connection, problem)
    return RedirectResponse("/desk/warning-pauses", status_code=303)


async def _refused(
    request: Request, viewer: Viewer, connection: Transaction, problem: Problem
) -> Response:
    sentence = request.app.state.catalogs.translate(language_of(request), f"error-{problem.code}")
    return await _page(request, viewer, connection, shown={"": sentence}, status=problem.status)


@router.post("/{pause_id}/resume")
async def resume(viewer: Admin, connection: Transaction, pause_id: PauseId) -> Response:
    """Let warnings go again."""
    await pauses.resume(connection, viewer, pause_id)
    return RedirectResponse("/desk/warning-pauses", status_code=303)
