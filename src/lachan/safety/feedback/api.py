"""Routes of answers from the public: tell, follow, reopen; answer as a place; decide."""

from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from lachan.identity.limits import address_of
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import AnyViewer, ResidentViewer, Transaction, Viewer, officer
from lachan.kit.http.rate import RateLimit
from lachan.places.service import access_own_place
from lachan.safety.checks import photos
from lachan.safety.feedback import service, store
from lachan.safety.feedback.domain import State, is_overdue
from lachan.safety.feedback.schemas import (
    Answer,
    Decide,
    DeskFeedback,
    DeskQueue,
    FeedbackTold,
    FollowedFeedback,
    HeldPlace,
    NewFeedback,
    PhotoJoined,
    PlaceFeedback,
    PlaceFeedbackList,
    Release,
    Released,
    Reopen,
    Which,
)
from lachan.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["safety"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Handle = Annotated[str, Path(max_length=40)]
Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]

PHOTOS: Final = "/api/v1/feedback/*/photos"
"""Paths that take photos begin so."""

# A school's parents behind one address get in; one who types handles or reports all day does not.
TELLING = RateLimit(6, burst=30)
FOLLOWING = RateLimit(30, burst=60)

_STATES: dict[Which, tuple[State, ...]] = {
    "open": ("open",),
    "overdue": ("open", "reopened"),
    "reopened": ("reopened",),
    "answered": ("answered",),
    "confirmed": ("confirmed",),
}


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _keyring(request: Request) -> Keyring:
    keyring: Keyring = request.app.state.keyring
    return keyring


def follow_url(request: Request, handle: str) -> str:
    """Where a report is followed."""
    return f"{_settings(request).web.base_url.rstrip('/')}/map/told/{handle}"


@router.post("/places/{place_id}/feedback", status_code=201)
async def tell(
    request: Request,
    place_id: RowId,
    said: NewFeedback,
    viewer: AnyViewer,
    connection: Transaction,
) -> FeedbackTold:
    """Say that something is not right at a place; no account is needed."""
    address = address_of(request)
    TELLING.check(address)
    told = await service.tell(
        connection,
        _keyring(request),
        _settings(request),
        viewer,
        place_id,
        item=said.item,
        body=said.body,
        address=address,
        moment=now(),
    )
    return FeedbackTold(
        handle=told.handle,
        follow_url=follow_url(request, told.handle),
        due_at=told.due_at,
        held=told.state == "held",
    )


async def _followed(connection: Transaction, report: store.Followed) -> FollowedFeedback:
    place = await store.about(connection, report.place_id)
    return FollowedFeedback(
        place_id=report.place_id,
        place_name=place.name if place else None,
        item=report.item_code,
        body=report.body,
        state=report.state,
        created_at=report.created_at,
        due_at=report.due_at,
        answer=report.answer,
        answered_at=report.answered_at,
        reopened_at=report.reopened_at,
        reopened_because=report.reopened_because,
        decided_at=report.decided_at,
        remark=report.remark,
        may_reopen=may_reopen(report),
    )


def may_reopen(report: store.Followed) -> bool:
    """Whether its reporter may still say that the answer is not enough."""
    return report.state == "answered" and report.reopened_at is None


@router.get("/feedback/{handle}")
async def follow(
    request: Request, handle: Handle, _viewer: AnyViewer, connection: Transaction
) -> FollowedFeedback:
    """What became of a report, for whoever holds its handle."""
    FOLLOWING.check(address_of(request))
    report = await service.access_followed(connection, _keyring(request), handle)
    return await _followed(connection, report)


@router.post("/feedback/{handle}/reopen")
async def reopen(
    request: Request, handle: Handle, said: Reopen, _viewer: AnyViewer, connection: Transaction
) -> FollowedFeedback:
    """Say that the answer is not enough."""
    FOLLOWING.check(address_of(request))
    report = await service.reopen(
        connection, _keyring(request), _settings(request), handle, said.why, moment=now()
    )
    return await _followed(connection, report)


@router.post("/feedback/{handle}/photos", status_code=201)
async def join_photo(request: Request, handle: Handle, viewer: AnyViewer) -> PhotoJoined:
    """Join a photo (JPEG, PNG or WebP as the body) to a report just made, three at most."""
    FOLLOWING.check(address_of(request))
    storage, keyring = request.app.state.storage, _keyring(request)
    token = viewer.token if viewer else ""
    async with storage.transaction(token) as connection:
        await service.access_photographed(connection, keyring, handle, moment=now())
    # Between the two nothing is open: a slow sender holds no connection.
    picture = await photos.draw(await request.body(), _settings(request).safety)
    async with storage.transaction(token) as connection:
        photo = await service.join_photo(connection, keyring, handle, picture, moment=now())
    return PhotoJoined(id=photo)


def _of_place(report: store.Report, moment: datetime, zone: ZoneInfo) -> PlaceFeedback:
    return PlaceFeedback(
        id=report.id,
        item=report.item_code,
        body=report.body,
        state=report.state,
        # Not the hour: who stood in the yard at ten past seven is often known.
        day=local_day(report.created_at, zone).isoformat(),
        due_at=report.due_at,
        overdue=is_overdue(report.state, report.due_at, moment),
        answer=report.answer,
        answered_at=report.answered_at,
        reopened_because=report.reopened_because,
        remark=report.remark,
        photos=list(report.photos),
    )


@router.get("/places/{place_id}/feedback")
async def list_of_place(
    request: Request, place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> PlaceFeedbackList:
    """The reports on a place, for those who run it."""
    await access_own_place(connection, viewer, place_id)
    moment, zone = now(), _settings(request).zone
    reports = await store.of_place(connection, place_id)
    return PlaceFeedbackList(reports=[_of_place(one, moment, zone) for one in reports])


@router.post("/places/{place_id}/feedback/{report_id}/answer", status_code=204)
async def answer(
    place_id: RowId,
    report_id: RowId,
    said: Answer,
    viewer: ResidentViewer,
    connection: Transaction,
) -> Response:
    """Answer a report as the place."""
    await service.answer(connection, viewer, place_id, report_id, said.answer)
    return Response(status_code=204)


def _of_desk(report: store.Report, moment: datetime) -> DeskFeedback:
    return DeskFeedback(
        id=report.id,
        place_id=report.place_id,
        place_name=report.place_name,
        area=report.area,
        item=report.item_code,
        body=report.body,
        proof=report.proof,
        weight=report.weight,
        state=report.state,
        created_at=report.created_at,
        due_at=report.due_at,
        overdue=is_overdue(report.state, report.due_at, moment),
        answer=report.answer,
        reopened_because=report.reopened_because,
        remark=report.remark,
        photos=list(report.photos),
    )


@router.get("/safety/feedback")
async def desk_queue(
    viewer: Inspector,
    connection: Transaction,
    which: Annotated[Which, Query()] = "open",
) -> DeskQueue:
    """The reports in the inspector's areas, what weighs more first; at most 200."""
    moment = now()
    roots = viewer.roots(service.ROLE)
    reports = await store.queue(
        connection, roots, _STATES[which], overdue_at=moment if which == "overdue" else None
    )
    return DeskQueue(
        reports=[_of_desk(one, moment) for one in reports],
        held=[
            HeldPlace(
                place_id=one.place_id,
                place_name=one.place_name,
                reports=one.reports,
                newest=one.newest,
            )
            for one in await store.held(connection, roots)
        ],
    )


@router.post("/safety/feedback/{report_id}/decision", status_code=204)
async def decide(
    request: Request,
    report_id: RowId,
    said: Decide,
    viewer: Inspector,
    connection: Transaction,
) -> Response:
    """Confirm or dismiss a report, or close a confirmed one; the place is held or let go by it."""
    await service.decide(
        connection,
        viewer,
        _settings(request),
        report_id,
        said.decision,
        said.remark,
        moment=now(),
    )
    return Response(status_code=204)


@router.post("/safety/places/{place_id}/held")
async def release(
    request: Request,
    place_id: RowId,
    said: Release,
    viewer: Inspector,
    connection: Transaction,
) -> Released:
    """Let reports that a flood held back through to the place."""
    released = await service.release(
        connection, viewer, _settings(request), place_id, said.reports, moment=now()
    )
    return Released(reports=released)
