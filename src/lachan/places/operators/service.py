"""Rules of giving a place to whoever will run it.

What the authority registers, nobody runs. An officer of the area invites: a phone number, whose
holder finds the invitation after signing in, or a code to hand over on paper. Either works once,
for a month, and only while the place has no owner; whoever runs a place is never replaced.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.identity.limits import Texts
from lachan.identity.messages.outbox import send_text
from lachan.identity.officers.sign_in import check_fresh
from lachan.identity.sealed import phone_index
from lachan.identity.service import check_phone, check_reason
from lachan.kit.crypto import Keyring, token_hash
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.http.rate import RateLimit
from lachan.kit.i18n import DEFAULT, Catalogs
from lachan.kit.ids import new_code
from lachan.places.bulk.service import access_import
from lachan.places.errors import PlaceClosed
from lachan.places.operators import store
from lachan.places.operators.errors import PlaceHasOperator, PlaceNotGiven, TooManyInvitations
from lachan.places.operators.store import GivenPlace, Invitation, NewInvitation, Offer, Unowned
from lachan.places.team.errors import InvitationUnknown
from lachan.places.team.service import CODE_LENGTH
from lachan.places.team.store import join

ROLE: Final = "admin"
DAYS: Final = 30
"""Letters travel, and an operator signs in when there is time."""
MOST: Final = 20
_NAME_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; `code` is shown this once, None for one by phone."""

    id: int
    expires_at: datetime
    code: str | None


async def access_place(
    connection: AsyncConnection, viewer: Viewer, place_id: int
) -> tuple[GivenPlace, list[Invitation]]:
    """A place of the officer's areas, and its open invitations. Raises `NotFound`."""
    found = await store.get_place(connection, place_id, viewer.roots())
    if found is None:
        raise NotFound
    return found, await store.invitations(connection, place_id)


def may_give(viewer: Viewer, place: GivenPlace) -> bool:
    """Whether the officer is the one in this place's area who invites."""
    return any(
        place.area == root or place.area.startswith(f"{root}.") for root in viewer.roots(ROLE)
    )


async def access_giving(
    connection: AsyncConnection, viewer: Viewer, place_id: int
) -> tuple[GivenPlace, list[Invitation]]:
    """The same, for an officer who invites there. Raises `NotFound` or `NotAllowed`."""
    place, invitations = await access_place(connection, viewer, place_id)
    if not may_give(viewer, place):
        raise NotAllowed
    return place, invitations


async def _access_unowned(connection: AsyncConnection, viewer: Viewer, place_id: int) -> GivenPlace:
    place, invitations = await access_giving(connection, viewer, place_id)
    if place.state == "closed":
        raise PlaceClosed
    if place.has_owner:
        raise PlaceHasOperator
    if len(invitations) >= MOST:
        raise TooManyInvitations(params={"most": MOST})
    return place


async def invite_by_code(connection: AsyncConnection, viewer: Viewer, place_id: int) -> Invited:
    """Make a code that whoever shows it first takes the place by.

    Raises `NotFound`, `NotAllowed`, `PlaceClosed`, `PlaceHasOperator` or `TooManyInvitations`.
    """
    place = await _access_unowned(connection, viewer, place_id)
    code = new_code(CODE_LENGTH)
    wanted = NewInvitation(place_id, code_hash=token_hash(code))
    made = await store.invite(connection, [wanted], officer_id=viewer.officer, days=DAYS)
    await _note(connection, viewer, place, "place.operator_invited", {"by": "code"})
    return Invited(*made[0], code)


async def invite_by_phone(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    place_id: int,
    typed: str,
    *,
    texts: Texts,
    to_one: RateLimit,
    catalogs: Catalogs,
    url: str,
) -> Invited:
    """Invite whoever signs in with a number, and text them so. The text holds nothing secret.

    Raises what `invite_by_code` does, `PhoneInvalid`, and `TooManyRequests` from `texts` (to all
    together) and `to_one` (to this number, whoever invites).
    """
    place = await _access_unowned(connection, viewer, place_id)
    phone = check_phone(typed)
    index = phone_index(keyring, phone)
    to_one.check(index.hex())
    texts.check(phone)
    await store.withdraw_same(connection, place_id, index)
    wanted = NewInvitation(place_id, label=phone[-3:], phone_index=index)
    made = await store.invite(connection, [wanted], officer_id=viewer.officer, days=DAYS)
    body = catalogs.translate(
        DEFAULT, "operators-text", place=place.name[:_NAME_SHOWN], url=url, days=DAYS
    )
    await send_text(connection, keyring, phone=phone, body=body, purpose="invitation")
    await _note(connection, viewer, place, "place.operator_invited", {"by": "phone"})
    return Invited(*made[0], None)


async def withdraw(
    connection: AsyncConnection, viewer: Viewer, place_id: int, invitation_id: int
) -> None:
    """Take an invitation back, a colleague's too. Raises `NotFound` or `NotAllowed`."""
    place, _ = await access_giving(connection, viewer, place_id)
    if not await store.withdraw(connection, place_id, invitation_id):
        raise NotFound
    await _note(connection, viewer, place, "place.operator_invitation_withdrawn")


async def take_back(
    connection: AsyncConnection, viewer: Viewer, place_id: int, reason: str
) -> None:
    """Let nobody run a place that the authority gave: its code fell into the wrong hands.

    Its posters and visits stay; devices and open invitations of those who ran it go. Raises
    `NotFound`, `NotAllowed`, `ReasonMissing`, `PlaceNotGiven`, or `ConfirmFirst` when the officer
    showed their password too long ago: a screen left open must not put a market out of work.
    """
    place, _ = await access_giving(connection, viewer, place_id)
    said = check_reason(reason)
    await check_fresh(connection)
    gone = await store.take_back(connection, place_id)
    if gone is None:
        raise PlaceNotGiven
    await audit.record(
        connection,
        viewer,
        "place.taken_back",
        area=place.area,
        object=f"place:{place_id}",
        reason=said,
        details={"people": gone},
    )


async def _note(
    connection: AsyncConnection,
    viewer: Viewer,
    place: GivenPlace,
    action: str,
    details: Mapping[str, object] | None = None,
) -> None:
    await audit.record(
        connection, viewer, action, area=place.area, object=f"place:{place.id}", details=details
    )


async def codes_for_list(
    connection: AsyncConnection, viewer: Viewer, import_id: int
) -> list[tuple[Unowned, str]]:
    """A fresh code for each place of a list that nobody runs; codes made before end at once.

    Raises `NotFound`.
    """
    await access_import(connection, import_id)
    places = await store.unowned(connection, import_id)
    await store.withdraw_codes(connection, [place.place_id for place in places])
    codes = [new_code(CODE_LENGTH) for _ in places]
    await store.invite(
        connection,
        [
            NewInvitation(place.place_id, code_hash=token_hash(code))
            for place, code in zip(places, codes, strict=True)
        ],
        officer_id=viewer.officer,
        days=DAYS,
    )
    await audit.record(
        connection,
        viewer,
        "place.operators_invited",
        area=next(iter(viewer.roots(ROLE)), None),
        object=f"place_import:{import_id}",
        details={"by": "code", "places": len(places)},
    )
    return list(zip(places, codes, strict=True))


# --- The resident's side. ---


async def my_offers(connection: AsyncConnection) -> list[Offer]:
    """Places that the asking resident is invited to run, by the number they sign in with."""
    return await store.offers(connection)


async def take(connection: AsyncConnection, viewer: Viewer, invitation_id: int) -> int:
    """Take one of one's own invitations; the place. Raises `InvitationUnknown`."""
    taken = await join(connection, invitation_id=invitation_id)
    if taken is None:
        raise InvitationUnknown
    place_id, role = taken
    await audit.record(
        connection, viewer, "place.staff_joined", object=f"place:{place_id}", details={"role": role}
    )
    return place_id


async def decline(connection: AsyncConnection, viewer: Viewer, invitation_id: int) -> None:
    """Say no to one of one's own invitations. Raises `InvitationUnknown`."""
    place_id = await store.decline(connection, invitation_id)
    if place_id is None:
        raise InvitationUnknown
    await audit.record(connection, viewer, "place.operator_declined", object=f"place:{place_id}")


# --- The worker's side. ---


async def invite_listed(
    connection: AsyncConnection,
    keyring: Keyring,
    catalogs: Catalogs,
    *,
    import_id: int,
    officer_id: int,
    phones: Mapping[int, str],
    url: str,
) -> int:
    """Invite those whom a list names by line, with one text to each number; how many places."""
    lines = await store.lines_of(connection, import_id)
    wanted = [(lines[line], phone) for line, phone in phones.items() if line in lines]
    indexes = {phone: phone_index(keyring, phone) for phone in set(phones.values())}
    await store.invite(
        connection,
        [
            NewInvitation(place_id, label=phone[-3:], phone_index=indexes[phone])
            for place_id, phone in wanted
        ],
        officer_id=officer_id,
        days=DAYS,
    )
    await _text_each(connection, keyring, catalogs, [phone for _, phone in wanted], url)
    await audit.record(
        connection,
        None,
        "place.operators_invited",
        object=f"place_import:{import_id}",
        details={"by": "phone", "places": len(wanted)},
    )
    return len(wanted)


async def _text_each(
    connection: AsyncConnection,
    keyring: Keyring,
    catalogs: Catalogs,
    phones: Sequence[str],
    url: str,
) -> None:
    for phone, count in sorted(Counter(phones).items()):
        body = catalogs.translate(DEFAULT, "operators-text-many", count=count, url=url, days=DAYS)
        await send_text(connection, keyring, phone=phone, body=body, purpose="invitation")
