"""The sheet of a place on the inspector's desk: colour, self-check, reports, inspections."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.safety.checks.standing import access_public
from lachan.safety.criteria import service as criteria_service
from lachan.safety.feedback import store as feedback
from lachan.safety.feedback.domain import is_overdue
from lachan.safety.inspections import service, store
from lachan.safety.inspections.api import is_overdue as is_repair_overdue
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader, say_reasons

router = APIRouter(include_in_schema=False, prefix="/desk/safety/places")

Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_DAYS: Final = 30


@router.get("/{place_id}")
async def sheet(
    request: Request, viewer: Inspector, connection: Transaction, place_id: RowId
) -> Response:
    """All that an inspector should know before they knock."""
    moment = now()
    today = local_day(moment, request.app.state.settings.zone)
    site = await service.access_site(connection, viewer, place_id, today)
    public = await access_public(connection, place_id, today)
    known = {one.day: (one.colour, one.late) for one in public.history}
    days = [today - timedelta(days=back) for back in range(_DAYS)]
    reports = await feedback.of_place(connection, place_id)
    checked = await store.of_place(connection, place_id)
    sets = {
        one: await criteria_service.set_by_id(connection, one)
        for one in {x.set_id for x in checked}
    }
    return page(
        request,
        "desk/safety_place.html",
        site=site,
        place=site.place,
        colour=public.colour,
        reasons=say_reasons(request, public.criteria, public.reasons),
        streak=public.standing.streak,
        history=[(day, *known.get(day, ("grey", False))) for day in days],
        reports=[one for one in reports if one.state != "held"],
        held=sum(one.state == "held" for one in reports),
        inspections=checked,
        items={one.code: one for one in site.criteria.items},
        outcomes={key: {c.code: c for c in found.rules.classes} for key, found in sets.items()},
        overdue={one.id for one in reports if is_overdue(one.state, one.due_at, moment)},
        late={one.id for one in checked if is_repair_overdue(one, moment)},
        open_inspection=next((one for one in checked if one.state == "open"), None),
        read=reader(request),
    )
