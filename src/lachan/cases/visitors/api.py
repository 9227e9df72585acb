"""GET /api/v1/places/{id}/visitors: who was at a place that a case touched, by sealed ids."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from lachan.cases.openings import openings_of
from lachan.cases.visitors import service, store
from lachan.cases.visitors.store import Visitor
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.kit.paging import decode_cursor, encode_cursor

router = APIRouter(prefix="/api/v1/places", tags=["places"])

Tracer = Annotated[Viewer, Depends(officer("tracer"))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_HEADER = ("visitor", "room", "started_at", "ends_at", "end_source", "source", "proof")


class VisitorOut(BaseModel):
    visitor: str = Field(description="A sealed id: the same person has it throughout this case")
    room: str | None
    started_at: AwareDatetime
    ends_at: AwareDatetime
    end_source: str
    source: str
    proof: str


class VisitorsOut(BaseModel):
    visitors: list[VisitorOut]
    next_cursor: str | None


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        return datetime.fromisoformat(str(key[0])), UUID(str(key[1]))
    except ValueError:
        raise InvalidInput(fields={"cursor": "field-cursor"}) from None


@router.get(
    "/{place_id}/visitors",
    response_model=VisitorsOut,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}}},
)
async def visitors(
    request: Request,
    place_id: RowId,
    viewer: Tracer,
    connection: Transaction,
    case: Annotated[int, Query(ge=1, le=2**63 - 1, description="The case that was there")],
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=5_000)] = 500,
) -> Response:
    """Visits of the last 14 days or of a window, oldest first; CSV and NDJSON by Accept."""
    state = request.app.state
    window = service.window_of(since, until, now(), state.settings.zone)
    after = _after(cursor)
    is_new = openings_of(request).is_new(viewer.officer, f"visitors:{case}:{place_id}")
    rooms = await service.access_place(connection, viewer, case, place_id, note=is_new)
    seal = service.sealer(state.keyring, case)

    def cells(visit: Visitor) -> tuple[object, ...]:
        return (
            seal(visit.person_id), rooms.get(visit.room_id or 0), visit.started_at, visit.ends_at,
            visit.end_source, visit.source, visit.proof,
        )  # fmt: skip

    shape = shape_of(request)
    if shape != "json":
        token = viewer.token

        async def rows() -> AsyncIterator[tuple[object, ...]]:
            async with state.storage.export(token) as reading:
                async for visit in store.walk(reading, case, place_id, window):
                    yield cells(visit)

        return export(shape, f"visitors-{place_id}", _HEADER, rows())
    found = await store.page(connection, case, place_id, window, after=after, limit=limit)
    more = len(found) == limit
    # The shape of `VisitorsOut`, written without making a model of each of thousands of rows.
    body = {
        "visitors": [dict(zip(_HEADER, cells(visit), strict=True)) for visit in found],
        "next_cursor": encode_cursor([found[-1].started_at.isoformat(), str(found[-1].visit_id)])
        if more
        else None,
    }
    return Response(orjson.dumps(body), media_type="application/json")
