"""Rules of who runs a place: owners invite by a code that works once, and remove.

An owner never learns who took an invitation: staff go by the label that the owner gave them.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.crypto import token_hash
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.ids import new_code, normalise_code
from lachan.places.service import access_owned_place, check_text
from lachan.places.store import Place, Role
from lachan.places.team import store
from lachan.places.team.errors import InvitationUnknown, LastOwner, TooManyStaff

CODE_LENGTH: Final = 16
"""Fifteen random symbols (75 bits) and a check symbol: nobody guesses one in two days."""
HOURS: Final = 48
LABEL_LENGTH: Final = 80
MOST: Final = 100


async def invite(
    connection: AsyncConnection, viewer: Viewer, place_id: int, *, role: Role, label: str
) -> tuple[str, datetime]:
    """Invite one person to run a place; the code, shown this once, and when it ends.

    Raises `NotFound`, `NotAllowed`, `PlaceClosed`, `InvalidInput` or `TooManyStaff`.
    """
    place = await access_owned_place(connection, viewer, place_id)
    fields: dict[str, str] = {}
    label = check_text(fields, "label", label, LABEL_LENGTH)
    if fields:
        raise InvalidInput(fields=fields)
    taken = len(await store.members(connection, place_id, viewer.person))
    if taken + len(await store.invitations(connection, place_id)) >= MOST:
        raise TooManyStaff(params={"most": MOST})
    code = new_code(CODE_LENGTH)
    ends = await store.invite(
        connection,
        place_id,
        role=role,
        label=label,
        code_hash=token_hash(code),
        hours=HOURS,
        person_id=viewer.person,
    )
    await _note(connection, viewer, place, "place.staff_invited", role)
    return code, ends


async def _note(
    connection: AsyncConnection, viewer: Viewer, place: Place, action: str, role: str | None = None
) -> None:
    await audit.record(
        connection,
        viewer,
        action,
        area=place.facts.area,
        object=f"place:{place.id}",
        details={"role": role} if role else None,
    )


async def withdraw(
    connection: AsyncConnection, viewer: Viewer, place_id: int, invitation_id: int
) -> None:
    """Take an invitation back. Raises `NotFound`, `NotAllowed` or `PlaceClosed`."""
    await access_owned_place(connection, viewer, place_id)
    if not await store.withdraw(connection, place_id, invitation_id):
        raise NotFound


async def access_invitation(connection: AsyncConnection, typed: str) -> tuple[str, int, Role]:
    """The canonical code of an open invitation, its place and role. Raises `InvitationUnknown`."""
    code = normalise_code(typed, CODE_LENGTH)
    found = await store.invited_to(connection, token_hash(code)) if code else None
    if code is None or found is None:
        raise InvitationUnknown
    return code, *found


async def join(connection: AsyncConnection, viewer: Viewer, typed: str) -> int:
    """Take an invitation; the place that is run from now on. Raises `InvitationUnknown`."""
    code, _, _ = await access_invitation(connection, typed)
    taken = await store.join(connection, code_hash=token_hash(code))
    if taken is None:
        raise InvitationUnknown
    place_id, role = taken
    await audit.record(
        connection, viewer, "place.staff_joined", object=f"place:{place_id}", details={"role": role}
    )
    return place_id


async def remove(
    connection: AsyncConnection, viewer: Viewer, place_id: int, member_id: int
) -> None:
    """Let somebody run a place no more: staff by an owner, or oneself.

    Raises `NotFound`, `NotAllowed`, `PlaceClosed` or `LastOwner`.
    """
    place = await access_owned_place(connection, viewer, place_id, or_leaving=member_id)
    team = await store.members(connection, place_id, viewer.person)
    leaving = next((member for member in team if member.id == member_id), None)
    if leaving is None:
        raise NotFound
    if leaving.role == "owner" and sum(member.role == "owner" for member in team) == 1:
        raise LastOwner
    await _note(connection, viewer, place, "place.staff_removed", leaving.role)
    await store.remove(connection, place_id, member_id)
