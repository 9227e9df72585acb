"""The inspector's desk: reports that wait, what a flood held back, open inspections."""

from collections.abc import AsyncIterator
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export
from lachan.safety.criteria import service as criteria_service
from lachan.safety.feedback import service, store
from lachan.safety.feedback.domain import STATES, State, is_overdue
from lachan.safety.inspections import store as inspections
from lachan.safety.inspections.api import is_overdue as is_repair_overdue
from lachan.web.place.sentences import say
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader

router = APIRouter(include_in_schema=False, prefix="/desk/safety")

Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]
Which = Literal["reopened", "overdue", "open", "answered", "confirmed", "held", "inspections"]
_STATES: Final[dict[str, tuple[State, ...]]] = {
    "reopened": ("reopened",),
    "overdue": ("open", "reopened"),
    "open": ("open",),
    "answered": ("answered",),
    "confirmed": ("confirmed",),
}
_LONGEST_SEARCH: Final = 100
_MOST_EXPORTED: Final = 50_000


@router.get("")
async def queue(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    which: Which | None = None,
    q: Annotated[str, Query(max_length=_LONGEST_SEARCH)] = "",
) -> Response:
    """What waits: by default the first of the lists with anything in it."""
    roots = viewer.roots(service.ROLE)
    moment = now()
    today = local_day(moment, request.app.state.settings.zone)
    counts = await store.counts(connection, roots, moment)
    opened = await inspections.still_open(connection, roots)
    numbers: dict[Which, int] = {
        "reopened": counts.reopened,
        "overdue": counts.overdue,
        "open": counts.waiting,
        "answered": counts.answered,
        "confirmed": counts.confirmed,
        "held": counts.held_places,
        "inspections": len(opened),
    }
    shown = which
    if shown is None:
        shown = next((name for name, number in numbers.items() if number), "open")
    reports = []
    if shown in _STATES:
        overdue_at = moment if shown == "overdue" else None
        reports = await store.queue(connection, roots, _STATES[shown], overdue_at=overdue_at)
    sets = {
        one: await criteria_service.set_by_id(connection, one)
        for one in {x.set_id for x in reports if x.set_id} | {x.set_id for x in opened}
    }
    return page(
        request,
        "desk/safety_queue.html",
        numbers=numbers,
        which=shown,
        reports=reports,
        held=await store.held(connection, roots) if shown == "held" else [],
        inspections=opened if shown == "inspections" else [],
        items={key: {i.code: i for i in found.items} for key, found in sets.items()},
        outcomes={key: {c.code: c for c in found.rules.classes} for key, found in sets.items()},
        overdue={one.id for one in reports if is_overdue(one.state, one.due_at, moment)},
        late={one.id for one in opened if is_repair_overdue(one, moment)},
        read=reader(request),
        q=q.strip(),
        places=await inspections.places(connection, roots, q, today) if q.strip() else [],
    )


_COLUMNS: Final = (
    "place", "area", "item", "body", "proof", "state", "created", "due", "answer", "remark",
)  # fmt: skip


@router.get("/export.csv")
async def file(request: Request, viewer: Inspector) -> Response:
    """Every report of the inspector's areas, without who sent it: nobody here knows."""
    storage = request.app.state.storage
    roots = viewer.roots(service.ROLE)
    token = viewer.token
    words = {one: say(request, f"feedback-state-{one}") for one in STATES}
    proofs = {one: say(request, f"feedback-proof-{one}") for one in ("none", "phone", "visit")}

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        async with storage.transaction(token) as connection:
            found = await store.queue(connection, roots, STATES, most=_MOST_EXPORTED)
        for one in found:
            yield (
                one.place_name,
                one.area_name,
                one.item_code or "",
                one.body,
                proofs[one.proof],
                words[one.state],
                one.created_at,
                one.due_at,
                one.answer or "",
                one.remark or "",
            )

    header = [say(request, f"inspections-column-{name}") for name in _COLUMNS]
    return export("csv", "safety-reports", header, rows())
