"""Routes of who has not reported today."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.safety.silent import service, store
from lachan.safety.silent.schemas import Remind, Reminded, SilentList, SilentPart, SilentPlace

router = APIRouter(prefix="/api/v1/safety", tags=["safety"])

Watcher = Annotated[Viewer, Depends(officer(*service.ROLES))]
AreaPath = Annotated[str, Query(max_length=40, pattern=r"^VN(\.\d{2}(\.\d{5})?)?$")]


@router.get("/silent")
async def silent(
    request: Request,
    viewer: Watcher,
    connection: Transaction,
    area: AreaPath,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
) -> SilentList:
    """Places of an area that have not reported today, 100 at a time."""
    service.check_area(viewer, area)
    today = local_day(now(), request.app.state.settings.zone)
    found = await store.silent(connection, area, today, after=after)
    return SilentList(
        day=today,
        parts=[
            SilentPart(
                area=one.area,
                name=one.name,
                places=one.places,
                silent=one.silent,
                reminded=one.reminded,
            )
            for one in await store.parts(connection, area, today)
        ],
        places=[
            SilentPlace(
                place_id=one.place_id,
                name=one.name,
                kind=one.kind,
                area_name=one.area_name,
                last_day=one.last_day,
                reminded_at=one.reminded_at,
            )
            for one in found
        ],
        next_after=found[-1].place_id if len(found) == store.SHOWN else None,
    )


@router.post("/reminders", status_code=202)
async def remind(
    request: Request, said: Remind, viewer: Watcher, connection: Transaction
) -> Reminded:
    """Remind every place of an area that has not reported today, each once a day."""
    count = await service.remind(
        connection, viewer, request.app.state.settings, said.area, moment=now()
    )
    return Reminded(places=count)
