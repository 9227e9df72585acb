"""Routes of daily checks: commit, photos, the day's work, how a place stands."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from lachan.kit.clock import local_day, now
from lachan.kit.errors import NotFound
from lachan.kit.http.access import ResidentViewer, Transaction, anyone
from lachan.safety import wording
from lachan.safety.checks import certificate, photos, schemas, service, signing, standing, store
from lachan.safety.criteria.domain import CriteriaSet, Reason
from lachan.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["safety"])

PHOTOS: Final = "/api/v1/places/*/photos"
Token = Annotated[str, Path(max_length=200)]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/places/{place_id}/checks", status_code=201)
async def commit_check(
    request: Request,
    place_id: RowId,
    asked: schemas.NewCheck,
    viewer: ResidentViewer,
    connection: Transaction,
) -> schemas.CheckOut:
    """Commit a check of today for a place that you run."""
    settings: Settings = request.app.state.settings
    sent = service.Sent(
        asked.commit_id,
        asked.moment,
        asked.day,
        asked.made_at,
        asked.answers,
        asked.notes,
        asked.photos,
        asked.name,
    )
    done = await service.commit(
        connection, request.app.state.keyring, settings, viewer, place_id, sent
    )
    today = local_day(now(), settings.zone)
    return schemas.CheckOut(
        check_id=done.check.id,
        outcome=done.check.outcome,
        score=done.check.score,
        maximum=done.check.maximum,
        colour=done.colour,
        reasons=reasons_out(request, done.criteria, standing.reasons_today(done.standing, today)),
        replaced=done.check.replaces,
        late=done.check.late,
        set=schemas.SetName(code=done.criteria.code, version=done.criteria.version),
    )


def reasons_out(
    request: Request, criteria: CriteriaSet | None, reasons: tuple[Reason, ...]
) -> list[schemas.ReasonOut]:
    """Reasons in the language of the request."""
    state = request.app.state
    lang = wording.language_of(request)
    return [
        schemas.ReasonOut(
            code=one.code,
            text=wording.sentence(state.catalogs, lang, state.settings.zone, criteria, one),
        )
        for one in reasons
    ]


@router.post("/places/{place_id}/photos", status_code=201)
async def give_photo(request: Request, place_id: RowId, viewer: ResidentViewer) -> schemas.PhotoOut:
    """Give a photo (JPEG, PNG or WebP, the body as it is) to a place that you run.

    Only the picture is kept: where, when and by which camera it was taken is not.
    """
    storage = request.app.state.storage
    async with storage.transaction(viewer.token) as connection:
        await service.access_staffed(connection, viewer, place_id)
    # Between the two nothing is open: a slow sender holds no connection.
    settings: Settings = request.app.state.settings
    picture = await photos.draw(await request.body(), settings.safety)
    async with storage.transaction(viewer.token) as connection:
        await service.access_staffed(connection, viewer, place_id)
        taken = await photos.keep(connection, picture, place_id, by=viewer.person)
    return schemas.PhotoOut(id=taken)


@router.get("/places/{place_id}/photos/{photo_id}", response_class=Response)
async def read_photo(
    place_id: RowId, photo_id: UUID, viewer: ResidentViewer, connection: Transaction
) -> Response:
    """A photo of a place that you run."""
    await service.access_staffed(connection, viewer, place_id)
    found = await store.photo(connection, photo_id)
    if found is None:
        raise NotFound
    return Response(
        found, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"}
    )


@router.post("/places/{place_id}/safety", status_code=201)
async def join_safety(
    request: Request, place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> schemas.SafetyOut:
    """Let a place that you run take part in the safety map."""
    await service.access_staffed(connection, viewer, place_id)
    today = local_day(now(), request.app.state.settings.zone)
    await service.join(connection, place_id, today)
    return _told(request, await standing.access_public(connection, place_id, today))


@router.get("/places/{place_id}/safety", dependencies=[Depends(anyone)])
async def read_safety(
    request: Request, place_id: RowId, connection: Transaction
) -> schemas.SafetyOut:
    """How a place stands today, and why."""
    today = local_day(now(), request.app.state.settings.zone)
    return _told(request, await standing.access_public(connection, place_id, today))


def _told(request: Request, found: standing.Public) -> schemas.SafetyOut:
    today = local_day(now(), request.app.state.settings.zone)
    current = found.standing.day == today
    return schemas.SafetyOut(
        colour=found.colour,
        as_of=found.standing.changed_at,
        since=found.since,
        reasons=reasons_out(request, found.criteria, found.reasons),
        score=found.standing.score if current else None,
        maximum=found.standing.maximum if current else None,
        streak=found.standing.streak,
        set=_set_out(request, found.criteria) if found.criteria else None,
        today=dict(found.done),
        history=[schemas.DayOut(day=one.day, colour=one.colour) for one in found.history],
    )


def _set_out(request: Request, criteria: CriteriaSet) -> schemas.SetOut:
    return schemas.SetOut(
        code=criteria.code,
        version=criteria.version,
        title=wording.in_language(criteria.title, wording.language_of(request)),
        source=criteria.source,
        verified=criteria.verified,
    )


@router.get("/me/places/{place_id}/safety")
async def read_today(
    request: Request, place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> schemas.TodayOut:
    """The day's work of a place that you run: criteria, what is answered, what is due when."""
    state = request.app.state
    zone = state.settings.zone
    today = local_day(now(), zone)
    found = await standing.access_today(connection, viewer, place_id, today, zone)
    lang = wording.language_of(request)
    return schemas.TodayOut(
        day=today,
        colour=found.standing.as_of(today),
        reasons=reasons_out(request, found.criteria, standing.reasons_today(found.standing, today)),
        set=_set_out(request, found.criteria),
        due=dict(found.due),
        items=[
            schemas.CriterionOut(
                code=item.code,
                chapter=wording.in_language(item.chapter, lang),
                moment=item.moment,
                wording=wording.in_language(item.wording, lang),
                points=item.points,
                graded=item.graded,
                compulsory=item.compulsory,
                evidence=item.evidence,
            )
            for item in found.criteria.items
        ],
        answered={
            moment: schemas.AnsweredOut(
                check_id=one.id,
                answers=dict(one.answers),
                notes=dict(one.notes),
                name=service.name_of(state.keyring, one),
                made_at=one.made_at,
                late=one.late,
            )
            for moment, one in found.answered.items()
        },
        streak=found.standing.streak,
    )


@router.get(
    "/places/{place_id}/certificate.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def certificate_pdf(
    request: Request, place_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> Response:
    """The sheet for the door of a place that you run, on a day on which it is safe."""
    state = request.app.state
    today = local_day(now(), state.settings.zone)
    issued = await certificate.issue(connection, state.keyring, viewer, place_id, today)
    pdf = await certificate.draw(state.catalogs, state.settings, issued)
    name = f"la-chan-{place_id}-{today.isoformat()}.pdf"
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{name}"'},
    )


@router.get("/safety/certificate-key", dependencies=[Depends(anyone)])
async def certificate_key(request: Request) -> schemas.CertificateKeyOut:
    """The Ed25519 key that certificates are signed with, to check them without asking us."""
    return schemas.CertificateKeyOut(key=signing.public_key(request.app.state.keyring))


@router.get("/safety/certificates/{token}", dependencies=[Depends(anyone)])
async def read_certificate(
    request: Request, token: Token, connection: Transaction
) -> schemas.CertificateOut:
    """What a scanned certificate says, and how the place stands today."""
    state = request.app.state
    today = local_day(now(), state.settings.zone)
    found = await certificate.access_certificate(connection, state.keyring, token, today)
    said = found.certificate
    return schemas.CertificateOut(
        place_id=said.place_id,
        place=found.place.name if found.place else None,
        day=said.day,
        score=said.score,
        maximum=said.maximum,
        streak=said.streak,
        set=schemas.SetName(code=found.criteria.code, version=found.criteria.version)
        if found.criteria
        else None,
        colour_today=found.colour,
    )
