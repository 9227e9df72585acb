"""Routes of inspections."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from lachan.kit.clock import now
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer, officer
from lachan.places.service import access_own_place
from lachan.safety.feedback.service import access_place
from lachan.safety.inspections import service, store
from lachan.safety.inspections.schemas import (
    Close,
    Inspected,
    Inspections,
    InspectionSheet,
    NewInspection,
    RepairOrder,
)

router = APIRouter(prefix="/api/v1", tags=["safety"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]


@router.post("/safety/places/{place_id}/inspections", status_code=201)
async def inspect(
    request: Request,
    place_id: RowId,
    said: NewInspection,
    viewer: Inspector,
    connection: Transaction,
) -> Inspected:
    """Write an inspector's own check; unsafe or with orders it holds the place's colour."""
    done = await service.inspect(
        connection,
        viewer,
        request.app.state.settings,
        place_id,
        service.Found(
            answers=said.answers,
            notes=said.notes,
            remark=said.remark,
            orders=said.orders,
            due_at=said.due_at,
            recheck_of=said.recheck_of,
            closes_reports=said.closes_reports,
        ),
        moment=now(),
    )
    return Inspected(
        id=done.id,
        state=done.state,
        outcome=done.verdict.outcome.code,
        score=done.verdict.score,
        maximum=done.verdict.maximum,
        colour=done.colour,
        deviation=dict(done.deviation),
        due_at=done.due_at,
    )


def is_overdue(inspection: store.Inspection, moment: datetime) -> bool:
    """Whether a place let the deadline of an order pass."""
    return (
        inspection.state == "open"
        and inspection.repaired_at is None
        and inspection.due_at is not None
        and inspection.due_at < moment
    )


def _sheet(inspection: store.Inspection, moment: datetime) -> InspectionSheet:
    return InspectionSheet(
        id=inspection.id,
        day=inspection.day,
        set_id=inspection.set_id,
        recheck_of=inspection.recheck_of,
        state=inspection.state,
        outcome=inspection.outcome,
        score=inspection.score,
        maximum=inspection.maximum,
        answers=dict(inspection.answers),
        deviation={code: (pair[0], pair[1]) for code, pair in inspection.deviation.items()},
        remark=inspection.remark,
        orders=[
            RepairOrder(item=one.item_code, wording=one.wording, state=one.state)
            for one in inspection.orders
        ],
        due_at=inspection.due_at,
        repaired_at=inspection.repaired_at,
        closed_at=inspection.closed_at,
        overdue=is_overdue(inspection, moment),
    )


@router.get("/safety/places/{place_id}/inspections")
async def list_inspections(
    place_id: RowId, viewer: Inspector, connection: Transaction
) -> Inspections:
    """The inspections of a place in the inspector's areas, newest first."""
    place = await access_place(connection, place_id)
    service.check_inspector(viewer, place.area)
    moment = now()
    found = await store.of_place(connection, place_id)
    return Inspections(inspections=[_sheet(one, moment) for one in found])


@router.post("/safety/inspections/{inspection_id}/close", status_code=204)
async def close(
    request: Request,
    inspection_id: RowId,
    said: Close,
    viewer: Inspector,
    connection: Transaction,
) -> Response:
    """Accept what was repaired and close an inspection."""
    await service.close(
        connection,
        viewer,
        request.app.state.settings,
        inspection_id,
        said.remark,
        moment=now(),
    )
    return Response(status_code=204)


@router.get("/places/{place_id}/inspections")
async def my_inspections(
    place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> Inspections:
    """The inspections of a place, for those who run it."""
    await access_own_place(connection, viewer, place_id)
    moment = now()
    found = await store.of_place(connection, place_id)
    return Inspections(inspections=[_sheet(one, moment) for one in found])


@router.post("/places/{place_id}/inspections/{inspection_id}/repaired", status_code=204)
async def say_repaired(
    place_id: RowId, inspection_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> Response:
    """Say, as the place, that what was ordered is done."""
    await service.say_repaired(connection, viewer, place_id, inspection_id)
    return Response(status_code=204)
