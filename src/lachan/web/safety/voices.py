"""What people report and inspectors order, for those who run a place."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.places.service import access_own_place
from lachan.safety.criteria import service as criteria_service
from lachan.safety.feedback import service, store
from lachan.safety.feedback.domain import LONGEST, WAITING, is_overdue
from lachan.safety.inspections import service as inspections
from lachan.safety.inspections import store as inspection_store
from lachan.safety.inspections.api import is_overdue as is_repair_overdue
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader

router = APIRouter(include_in_schema=False, prefix="/safety/{place_id}/voices")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    did: str | None = None,
    typed: tuple[int, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    place = await access_own_place(connection, viewer, place_id)
    moment = now()
    reports = await store.of_place(connection, place_id)
    checked = await inspection_store.of_place(connection, place_id)
    sets = {
        one: await criteria_service.set_by_id(connection, one)
        for one in {x.set_id for x in reports if x.set_id} | {x.set_id for x in checked}
    }
    errors = say_problem(request, problem) if problem else {}
    named = f"answer-{typed[0]}" if typed else ""
    return page(
        request,
        "safety/voices.html",
        status=problem.status if problem else 200,
        place=place,
        waiting=[one for one in reports if one.state in WAITING],
        before=[one for one in reports if one.state not in WAITING],
        inspections=checked,
        items={key: {i.code: i for i in found.items} for key, found in sets.items()},
        outcomes={key: {c.code: c for c in found.rules.classes} for key, found in sets.items()},
        overdue={one.id for one in reports if is_overdue(one.state, one.due_at, moment)},
        late={one.id for one in checked if is_repair_overdue(one, moment)},
        read=reader(request),
        did=did,
        typed=typed,
        # The box of each report has a name of its own on this page.
        errors={(named if key == "answer" else key): text for key, text in errors.items()},
        longest=LONGEST,
    )


@router.get("")
async def voices(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """What waits for an answer, what is to be repaired, and what was."""
    known = did if did in {"answered", "repaired"} else None
    return await _page(request, viewer, connection, place_id, did=known)


@router.post("/{report_id}/answer")
async def answer(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    report_id: RowId,
    answer: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Answer a report."""
    try:
        await service.answer(connection, viewer, place_id, report_id, answer)
    except InvalidInput as problem:
        return await _page(
            request,
            viewer,
            connection,
            place_id,
            typed=(report_id, answer[:4000]),
            problem=problem,
        )
    return RedirectResponse(f"/safety/{place_id}/voices?did=answered", status_code=303)


@router.post("/inspections/{inspection_id}/repaired")
async def repaired(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, inspection_id: RowId
) -> Response:
    """Say that what was ordered is done."""
    await inspections.say_repaired(connection, viewer, place_id, inspection_id)
    return RedirectResponse(f"/safety/{place_id}/voices?did=repaired", status_code=303)
