"""GET /api/v1/quality: how check-in goes, by area."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from lachan.kit.clock import now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.reports import service
from lachan.reports.store import AreaQuality

router = APIRouter(prefix="/api/v1", tags=["quality"])

_HEADER = ("area", "name", "registered", "active", "share", "minutes")


class AreaQualityOut(BaseModel):
    area: str
    name: str
    registered: int = Field(description="Places that are open now")
    active: float = Field(description="Places with a check-in, a day on average")
    share: float | None = Field(description="Of people counted at doors, those who scanned")
    minutes: float | None = Field(description="Median from opening a case to approving a warning")


class QualityOut(BaseModel):
    area: str
    first: date
    last: date
    parts: list[AreaQualityOut]


def cells(part: AreaQuality) -> tuple[object, ...]:
    """A row of the table."""
    share = None if part.share is None else round(part.share, 4)
    minutes = None if part.minutes is None else round(part.minutes, 1)
    return part.area, part.name, part.registered, round(part.active, 1), share, minutes


@router.get(
    "/quality",
    response_model=QualityOut,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}}},
)
async def quality(
    request: Request,
    viewer: Annotated[Viewer, Depends(officer())],
    connection: Transaction,
    area: Annotated[str | None, Query(max_length=20)] = None,
) -> Response | QualityOut:
    """Active places, the share of visitors that scan, and the time from a case to its warning."""
    found = await service.access_quality(
        connection, viewer, area, now(), request.app.state.settings.zone
    )
    shape = shape_of(request)
    if shape == "json":
        return QualityOut(
            area=found.area.path,
            first=found.first,
            last=found.last,
            parts=[
                AreaQualityOut(**dict(zip(_HEADER, cells(part), strict=True)))
                for part in found.parts
            ],
        )

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        for part in found.parts:
            yield cells(part)

    return export(shape, f"quality-{found.area.path}", _HEADER, rows())
