"""Routes of giving places: officers invite whoever will run one, residents take it or not."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from lachan.identity.limits import limits_of
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer, officer
from lachan.kit.http.exports import export
from lachan.kit.http.rate import RateLimit
from lachan.places.bulk.api import say
from lachan.places.operators import service
from lachan.places.operators.schemas import (
    InviteOperator,
    OfferedPlace,
    OfferedPlaces,
    OperatorInvitation,
    OperatorInvited,
    PlaceOperator,
    PlaceTaken,
    TakeByCode,
    TakePlaceBack,
)
from lachan.places.operators.service import Invited
from lachan.places.team.service import join

router = APIRouter(prefix="/api/v1", tags=["operators"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
# A person invites for one place after the other; lists go another way.
_INVITATIONS: Final = RateLimit(20, burst=60)
# Nobody is to be pestered by texts, whoever sends them.
_TEXTS_TO_ONE: Final = RateLimit(1, burst=6)
# Seventy-five random bits need no limit against guessing; a flood of look-ups does.
LOOK_UPS: Final = RateLimit(30, burst=60)
_CODE_COLUMNS: Final = (
    "bulk-csv-line",
    "bulk-csv-name",
    "operators-csv-address",
    "bulk-csv-ward",
    "operators-csv-code",
    "operators-csv-link",
)


def join_url(request: Request, code: str) -> str:
    """Where a code is taken."""
    return f"{request.app.state.settings.web.base_url.rstrip('/')}/place/join/{code}"


async def invite(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    phone: str | None,
) -> Invited:
    """Invite by phone number, or by a code when there is none; within the officer's limit."""
    _INVITATIONS.check(viewer.key)
    if phone is None:
        return await service.invite_by_code(connection, viewer, place_id)
    state = request.app.state
    return await service.invite_by_phone(
        connection,
        state.keyring,
        viewer,
        place_id,
        phone,
        texts=limits_of(request).texts,
        to_one=_TEXTS_TO_ONE,
        catalogs=state.catalogs,
        url=f"{state.settings.web.base_url.rstrip('/')}/place",
    )


async def operator_codes_file(
    request: Request, viewer: Viewer, connection: AsyncConnection, import_id: int
) -> StreamingResponse:
    """A file with a fresh code for each place of a list that nobody runs."""
    _INVITATIONS.check(viewer.key)
    made = await service.codes_for_list(connection, viewer, import_id)
    header = [say(request, key) for key in _CODE_COLUMNS]

    async def rows() -> AsyncIterator[list[object]]:
        for place, code in made:
            yield [
                place.line, place.name, place.address,
                f"{place.area_name}, {place.province_name}", code, join_url(request, code),
            ]  # fmt: skip

    file = export("csv", f"la-chan-{import_id}-operators", header, rows())
    file.headers["cache-control"] = "no-store"
    return file


@router.post(
    "/place-imports/{import_id}/operator-codes",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
async def make_operator_codes(
    request: Request, viewer: Admin, connection: Transaction, import_id: RowId
) -> Response:
    """A code for each place of your list that nobody runs; making them again ends those before."""
    return await operator_codes_file(request, viewer, connection, import_id)


@router.get("/places/{place_id}/operator")
async def show_operator(place_id: RowId, viewer: Admin, connection: Transaction) -> PlaceOperator:
    """Whether somebody runs a place of your areas, and who is invited."""
    place, invitations = await service.access_giving(connection, viewer, place_id)
    return PlaceOperator(
        has_operator=place.has_owner,
        by_authority=place.by_authority,
        invitations=[
            OperatorInvitation(
                id=one.id,
                by=one.by,
                phone_end=one.label,
                state=one.state,
                expires_at=one.expires_at,
            )
            for one in invitations
        ],
    )


@router.post("/places/{place_id}/operator/invitations", status_code=201)
async def invite_operator(
    request: Request,
    place_id: RowId,
    asked: InviteOperator,
    viewer: Admin,
    connection: Transaction,
) -> OperatorInvited:
    """Invite somebody to run a place that nobody runs: by a text, or by a code that works once."""
    made = await invite(request, viewer, connection, place_id, asked.phone)
    return OperatorInvited(
        id=made.id,
        expires_at=made.expires_at,
        code=made.code,
        join_url=join_url(request, made.code) if made.code else None,
    )


@router.delete("/places/{place_id}/operator/invitations/{invitation_id}", status_code=204)
async def withdraw_invitation(
    place_id: RowId, invitation_id: RowId, viewer: Admin, connection: Transaction
) -> None:
    """Take an invitation back that nobody took yet."""
    await service.withdraw(connection, viewer, place_id, invitation_id)


@router.post("/places/{place_id}/operator/take-back", status_code=204)
async def take_place_back(
    place_id: RowId, asked: TakePlaceBack, viewer: Admin, connection: Transaction
) -> None:
    """Let nobody run a place any more that the authority gave to the wrong person."""
    await service.take_back(connection, viewer, place_id, asked.reason)


@router.get("/me/place-invitations")
async def my_invitations(_viewer: ResidentViewer, connection: Transaction) -> OfferedPlaces:
    """Places that you are invited to run, by the number you sign in with."""
    return OfferedPlaces(
        invitations=[
            OfferedPlace(
                id=one.id,
                place_id=one.place_id,
                name=one.name,
                kind=one.kind,
                area=one.area_name,
                address=one.address,
                expires_at=one.expires_at,
            )
            for one in await service.my_offers(connection)
        ]
    )


@router.post("/me/place-invitations/by-code")
async def take_by_code(
    asked: TakeByCode, viewer: ResidentViewer, connection: Transaction
) -> PlaceTaken:
    """Take an invitation by its code, an owner's to their staff too."""
    LOOK_UPS.check(viewer.key)
    return PlaceTaken(place_id=await join(connection, viewer, asked.code))


@router.post("/me/place-invitations/{invitation_id}/take")
async def take_invitation(
    invitation_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> PlaceTaken:
    """Accept; the place is yours to run."""
    return PlaceTaken(place_id=await service.take(connection, viewer, invitation_id))


@router.post("/me/place-invitations/{invitation_id}/decline", status_code=204)
async def decline_invitation(
    invitation_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Refuse; the officer sees that."""
    await service.decline(connection, viewer, invitation_id)
