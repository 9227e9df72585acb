"""The public list of places over HTTP, what officers put on it, and the button that pauses all."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Row
from starlette.responses import Response

from lachan.kit.http.access import AnyViewer, Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.warnings import outbreak, pauses, schemas, store
from lachan.warnings.api import Id, Tracer
from lachan.warnings.service import access_warning

router = APIRouter(prefix="/api/v1", tags=["warnings"])

Admin = Annotated[Viewer, Depends(officer(pauses.ROLE))]
AnyOfficer = Annotated[Viewer, Depends(officer())]
Name = Annotated[str, Query(max_length=100)]
Area = Annotated[str | None, Query(max_length=20)]
HEADER = (
    "place",
    "room",
    "address",
    "area",
    "disease",
    "advice",
    "from",
    "to",
    "people",
    "shown_until",
)


def listing_out(row: Row[Any]) -> schemas.ListingOut:
    """A place on the public list as JSON."""
    return schemas.ListingOut(
        id=row.id,
        place=row.place,
        room=row.room,
        kind_of_place=row.place_kind,
        address=row.address,
        area=row.area,
        area_name=row.area_name,
        disease=row.disease,
        kind=row.kind,
        window_from=row.window_from,
        window_to=row.window_to,
        people=row.people,
        shown_until=row.shown_until,
    )


async def _cells(rows: Sequence[Row[Any]]) -> AsyncIterator[Sequence[object]]:
    for row in rows:
        yield (
            row.place,
            row.room or "",
            row.address,
            row.area_name,
            row.disease,
            row.kind,
            row.window_from,
            row.window_to,
            row.people if row.people is not None else "",
            row.shown_until,
        )


def public_file(rows: Sequence[Row[Any]]) -> Response:
    """The public list as CSV."""
    answer = export("csv", "outbreak", HEADER, _cells(rows))
    # Asked for anew each time: a place that was taken off must not live on in a cache.
    answer.headers["cache-control"] = "no-cache"
    return answer


@router.get("/outbreak", response_model=schemas.PublicList)
async def read_outbreak(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    q: Name = "",
    day: date | None = None,
    area: Area = None,
) -> Response:
    """Places where people may have met a case, for anybody; JSON with an ETag, or CSV.

    `q` is part of a place's name, `day` a local day, `area` a unit and all below it.
    """
    zone = request.app.state.settings.zone
    rows = await outbreak.public(connection, name=q, day=day, area=area, zone=zone)
    if shape_of(request) == "csv":
        return public_file(rows)
    body = schemas.PublicList(items=[listing_out(row) for row in rows]).model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "accept"}
    known = {
        one.strip().removeprefix("W/")
        for one in request.headers.get("if-none-match", "").split(",")
    }
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def _listings(
    request: Request, connection: Transaction, warning_id: int
) -> schemas.WarningListings:
    warning = await access_warning(connection, warning_id)
    zone = request.app.state.settings.zone
    return schemas.WarningListings(
        listed=[
            listing_out(row)
            for row in await outbreak.listed(connection, warning_id)
            if row.withdrawn_at is None
        ],
        candidates=[
            schemas.CandidateOut(
                key=key,
                place=row.place,
                room=row.room,
                window_from=row.window_from,
                window_to=row.window_to,
                people=row.people,
                points_at_case=risky,
            )
            for key, row, risky in await outbreak.candidates(connection, warning, zone)
        ],
    )


@router.get("/warnings/{warning_id}/outbreak")
async def read_listings(
    request: Request, warning_id: Id, _viewer: Tracer, connection: Transaction
) -> schemas.WarningListings:
    """What of a warning is on the public list, and what may be put there."""
    return await _listings(request, connection, warning_id)


@router.post("/warnings/{warning_id}/outbreak", status_code=201)
async def list_places(
    request: Request,
    warning_id: Id,
    body: schemas.Listing,
    viewer: Tracer,
    connection: Transaction,
) -> schemas.WarningListings:
    """Put places and days of an approved warning on the public list."""
    settings = request.app.state.settings
    await outbreak.publish_windows(
        connection,
        viewer,
        warning_id,
        windows=body.places,
        days=body.days or settings.warnings.public_days,
        zone=settings.zone,
    )
    return await _listings(request, connection, warning_id)


@router.delete("/warnings/{warning_id}/outbreak/{listing_id}", status_code=204)
async def unlist_place(
    warning_id: Id, listing_id: Id, viewer: Tracer, connection: Transaction
) -> None:
    """Take a place off the public list, at once."""
    await outbreak.withdraw(connection, viewer, warning_id, listing_id)


def _pause_out(row: Row[Any]) -> schemas.PauseOut:
    return schemas.PauseOut(
        id=row.id,
        area=row.area,
        area_name=row.area_name,
        reason=row.reason,
        paused_at=row.paused_at,
    )


@router.get("/warning-pauses")
async def list_pauses(_viewer: AnyOfficer, connection: Transaction) -> schemas.PauseList:
    """Where warnings are held back now."""
    return schemas.PauseList(items=[_pause_out(row) for row in await store.open_pauses(connection)])


@router.post("/warning-pauses", status_code=201)
async def pause_warnings(
    body: schemas.Pause, viewer: Admin, connection: Transaction
) -> schemas.PauseList:
    """Hold back all warnings of an area and below, from this moment on."""
    await pauses.pause(connection, viewer, body.area, body.reason)
    return schemas.PauseList(items=[_pause_out(row) for row in await store.open_pauses(connection)])


@router.post("/warning-pauses/{pause_id}/resume", status_code=204)
async def resume_warnings(pause_id: Id, viewer: Admin, connection: Transaction) -> None:
    """Let warnings go again; what waited is sent at once."""
    await pauses.resume(connection, viewer, pause_id)
