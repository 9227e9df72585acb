"""What a resident does: sign in with a phone, see and change what is kept, leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, codes, sealed, sessions, store
from lachan.identity.domain import tidy_name
from lachan.identity.errors import HouseholdFull, NameMissing, PersonUnknown
from lachan.identity.limits import Texts
from lachan.identity.messages.outbox import send_text
from lachan.identity.sealed import IdentityData
from lachan.identity.service import check_area, check_phone, enrol_person
from lachan.kit import metrics
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import Catalogs, Language
from lachan.settings import Settings

MOST_DEPENDENTS = 20


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `new` when this sign-in made the person."""

    token: str
    expires_at: datetime
    person_id: int
    new: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody without a phone in the viewer's household."""

    person_id: int
    name: str
    birth_year: int | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything kept about the viewer but the diary."""

    person_id: int
    phone: str | None
    name: str | None
    birth_year: int | None
    home_area: str | None
    home_area_name: str | None
    household: tuple[Member, ...]
    created_at: datetime


async def send_code(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    phone: str,
    *,
    texts: Texts,
    catalogs: Catalogs,
    lang: Language,
) -> str:
    """Text a one-time code to a typed number; its E.164 form.

    Raises `PhoneInvalid`, and `TooManyRequests` when `texts` is used up for everybody.

    Does the same for a known and for an unknown number, and answers the same when the number had
    its share of codes for this hour.
    """
    normal = check_phone(phone)
    code = await codes.make_code(connection, keyring, normal, settings.identity)
    if code is None:
        metrics.CODES_SENT.labels("limited").inc()
        return normal
    texts.check(normal)
    body = catalogs.translate(
        lang, "identity-text-code", code=code, minutes=settings.identity.code_minutes
    )
    await send_text(connection, keyring, phone=normal, body=body, purpose="code")
    metrics.CODES_SENT.labels("sent").inc()
    return normal


async def sign_in(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    phone: str,
    code: str,
    *,
    client: str = "web",
) -> SignedIn | None:
    """A session for the holder of a right code, making the person at the first sign-in.

    None for a wrong or old code: the caller commits (tries are counted) and then refuses.
    Raises `PhoneInvalid`.
    """
    normal = check_phone(phone)
    if not await codes.take_code(connection, keyring, normal, code, settings.identity):
        metrics.SIGN_INS.labels("resident", "refused").inc()
        return None
    known = await sealed.find_person(connection, keyring, normal)
    person = known or await enrol_person(connection, keyring, phone=normal)
    life = timedelta(days=settings.identity.resident_session_days)
    token = await sessions.open_session(
        connection,
        keyring,
        minutes=int(life.total_seconds() // 60),
        person_id=person,
        client=client,
    )
    await store.stay(connection)
    metrics.SIGN_INS.labels("resident", "accepted").inc()
    return SignedIn(token, now() + life, person, new=known is None)


async def access_profile(connection: AsyncConnection, keyring: Keyring, viewer: Viewer) -> Profile:
    """What is kept about the viewer and the household's members without a phone."""
    row = await store.own_person(connection, viewer.person)
    if row is None:
        raise PersonUnknown
    identities = await sealed.read_own(connection, keyring)
    own = identities.pop(viewer.person, IdentityData())
    return Profile(
        person_id=viewer.person,
        phone=own.phone,
        name=own.name,
        birth_year=own.birth_year,
        home_area=row.home_area,
        home_area_name=row.home_area_name,
        household=tuple(
            Member(person, data.name or "", data.birth_year, data.relation)
            for person, data in identities.items()
        ),
        created_at=row.created_at,
    )


async def change_profile(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, changes: Mapping[str, Any]
) -> None:
    """Change some of name, birth_year and home_area; None removes. Raises `AreaUnknown`."""
    if "home_area" in changes:
        area = changes["home_area"]
        await store.set_home(connection, await check_area(connection, area) if area else None)
    parts = {key: changes[key] for key in ("name", "birth_year") if key in changes}
    if parts.get("name"):
        parts["name"] = tidy_name(parts["name"]) or None
    if not parts:
        return
    if await sealed.change(connection, keyring, viewer.person, **parts) is None:
        # A person made by a drill or by a paper list has nothing sealed yet.
        await sealed.write(connection, keyring, viewer.person, IdentityData(**parts))


async def add_member(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    *,
    name: str,
    birth_year: int | None = None,
    relation: str | None = None,
) -> Member:
    """Add somebody without a phone to the viewer's household.

    Raises `HouseholdFull`, `NameMissing`.
    """
    tidy = tidy_name(name)
    if not tidy:
        raise NameMissing(fields={"name": "field-missing"})
    others = await sealed.read_own(connection, keyring)
    if len(others) > MOST_DEPENDENTS:
        raise HouseholdFull(params={"most": MOST_DEPENDENTS})
    person = await store.add_dependent(connection)
    data = IdentityData(name=tidy, birth_year=birth_year, relation=relation)
    await sealed.write(connection, keyring, person, data)
    await audit.record(connection, viewer, "household.added", subject_person=person)
    return Member(person, tidy, birth_year, relation)


async def remove_member(connection: AsyncConnection, viewer: Viewer, person_id: int) -> None:
    """Remove a household member without a phone, with all that is kept. Raises `PersonUnknown`."""
    if not await store.erase_dependent(connection, person_id):
        raise PersonUnknown
    await audit.record(connection, viewer, "household.removed", subject_person=person_id)


async def leave(connection: AsyncConnection, viewer: Viewer) -> None:
    """Delete the account: diary and sessions now, the identity as soon as no open case needs it.

    The answer is the same in both cases: deleting must not be a way to learn of a case.
    """
    await audit.record(connection, viewer, "account.deleted", subject_person=viewer.person)
    await store.erase_me(connection)
