"""Drills over HTTP: an officer with the role admin starts one and ends it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from lachan.drill import schemas, service
from lachan.kit.http.access import Transaction, Viewer, officer

router = APIRouter(prefix="/api/v1/drills", tags=["drills"])

Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("", status_code=201)
async def start_drill(
    request: Request, body: schemas.NewDrill, viewer: Admin, connection: Transaction
) -> schemas.DrillStarted:
    """Make synthetic people with sessions; nothing of theirs counts as real."""
    return await service.start(connection, viewer, request.app.state.keyring, body)


@router.get("/{drill_id}")
async def read_drill(drill_id: Id, viewer: Admin, connection: Transaction) -> schemas.DrillState:
    """A drill and how many of its people are left."""
    row = await service.access_drill(connection, viewer, drill_id)
    return schemas.DrillState(
        id=row.id,
        label=row.label,
        created_at=row.created_at,
        closed_at=row.closed_at,
        people=row.people,
    )


@router.delete("/{drill_id}", status_code=202)
async def end_drill(drill_id: Id, viewer: Admin, connection: Transaction) -> schemas.DrillState:
    """Have everything of a drill removed; done when `closed_at` is set."""
    row = await service.end(connection, viewer, drill_id)
    return schemas.DrillState(
        id=row.id,
        label=row.label,
        created_at=row.created_at,
        closed_at=row.closed_at,
        people=row.people,
    )
