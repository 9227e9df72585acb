"""Routes of who runs a place: invite by a code that works once, list, remove."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.places.service import access_own_place
from lachan.places.team import service, store
from lachan.places.team.schemas import (
    InviteStaff,
    Staff,
    StaffInvitation,
    StaffInvited,
    StaffMember,
)

router = APIRouter(prefix="/api/v1/me/places/{place_id}", tags=["places"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/staff")
async def list_staff(place_id: RowId, viewer: ResidentViewer, connection: Transaction) -> Staff:
    """Who runs a place, and who is invited to."""
    await access_own_place(connection, viewer, place_id)
    return Staff(
        staff=[
            StaffMember(
                id=one.id,
                role=one.role,
                label=one.label,
                created_at=one.created_at,
                is_me=one.is_me,
            )
            for one in await store.members(connection, place_id, viewer.person)
        ],
        invitations=[
            StaffInvitation(id=one.id, role=one.role, label=one.label, expires_at=one.expires_at)
            for one in await store.invitations(connection, place_id)
        ],
    )


@router.post("/staff", status_code=201)
async def invite_staff(
    request: Request,
    place_id: RowId,
    asked: InviteStaff,
    viewer: ResidentViewer,
    connection: Transaction,
) -> StaffInvited:
    """Invite one person; send them the link."""
    code, ends = await service.invite(
        connection, viewer, place_id, role=asked.role, label=asked.label
    )
    base = request.app.state.settings.web.base_url.rstrip("/")
    return StaffInvited(code=code, join_url=f"{base}/place/join/{code}", expires_at=ends)


@router.delete("/staff/{member_id}", status_code=204)
async def remove_staff(
    place_id: RowId, member_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Let somebody run the place no more, or leave yourself."""
    await service.remove(connection, viewer, place_id, member_id)


@router.delete("/invitations/{invitation_id}", status_code=204)
async def withdraw_invitation(
    place_id: RowId, invitation_id: RowId, viewer: ResidentViewer, connection: Transaction
) -> None:
    """Take an invitation back that nobody took yet."""
    await service.withdraw(connection, viewer, place_id, invitation_id)
