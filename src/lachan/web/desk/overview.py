"""The first page of the desk: where I work, what is open, whom to call, what is being computed."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from lachan.areas import store as areas
from lachan.cases import store as cases
from lachan.cases.service import ROLE
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.tracing import store as traces
from lachan.tracing.late.store import cases_with_late
from lachan.tracing.schemas import ContactStatus
from lachan.tracing.store import ContactFilters
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk")

AnyOfficer = Annotated[Viewer, Depends(officer())]
MOST: Final = 1000
"""Counting stops here: "more than 1,000" says as much, and costs the same with a million rows."""
_NEWEST: Final = 5


async def area_names(connection: Transaction, viewer: Viewer) -> list[str]:
    """The names of the officer's areas."""
    found = [await areas.get(connection, path) for path in viewer.roots()]
    return [area.full_name for area in found if area is not None]


@router.get("")
async def overview(request: Request, viewer: AnyOfficer, connection: Transaction) -> Response:
    """What needs doing today."""
    names = await area_names(connection, viewer)
    roots = viewer.roots(ROLE)
    if not roots:
        return page(request, "desk/overview_other.html", areas=names, roles=sorted(viewer.roles))
    still_open = cases.Filters(roots=roots, open=True)
    to_call = ContactFilters(roots=roots, level=1, status=ContactStatus.NEW.value)
    return page(
        request,
        "desk/overview.html",
        areas=names,
        most=MOST,
        open_cases=await cases.count(connection, still_open, most=MOST + 1),
        to_call=await traces.count_contacts(connection, to_call, most=MOST + 1),
        runs=await traces.runs_under_way(connection, limit=10),
        late=await cases_with_late(connection, limit=10),
        newest=await cases.page(connection, still_open, before=2**63 - 1, limit=_NEWEST),
    )
