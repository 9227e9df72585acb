"""How check-in goes, for officers: by area, with a file to take along."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from lachan.kit.clock import now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export
from lachan.reports import service
from lachan.reports.api import cells
from lachan.web.place.sentences import say
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/quality")

AnyOfficer = Annotated[Viewer, Depends(officer())]
Area = Annotated[str | None, Query(max_length=20)]


@router.get("")
async def quality(
    request: Request, viewer: AnyOfficer, connection: Transaction, area: Area = None
) -> Response:
    """The parts of an area with their figures."""
    found = await service.access_quality(
        connection, viewer, area, now(), request.app.state.settings.zone
    )
    return page(request, "desk/quality.html", found=found, roots=viewer.roots())


@router.get("/export.csv")
async def quality_file(
    request: Request, viewer: AnyOfficer, connection: Transaction, area: Area = None
) -> Response:
    """The same as a table for a spreadsheet."""
    found = await service.access_quality(
        connection, viewer, area, now(), request.app.state.settings.zone
    )
    names = ("area", "name", "registered", "active", "share", "minutes")

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        for part in found.parts:
            yield cells(part)

    header = [say(request, f"quality-column-{name}") for name in names]
    return export("csv", f"quality-{found.area.path}", header, rows())
