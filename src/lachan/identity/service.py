"""What other features may ask of identity: find, enrol and open people."""

from dataclasses import asdict, dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, sealed, store
from lachan.identity.domain import normalise_phone, tidy_name
from lachan.identity.errors import AreaUnknown, PersonUnknown, PhoneInvalid, ReasonMissing
from lachan.identity.sealed import IdentityData
from lachan.kit import metrics
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer

SHORTEST_REASON = 3
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, repr=False)
class Opened(IdentityData):
    """An opened identity; those it is `kept_by` answer for somebody without a phone."""

    kept_by: tuple[IdentityData, ...] = ()


def check_phone(phone: str) -> str:
    """The E.164 form of a typed number. Raises `PhoneInvalid`."""
    normal = normalise_phone(phone)
    if normal is None:
        raise PhoneInvalid(fields={"phone": "identity-field-phone"})
    return normal


def check_reason(reason: str) -> str:
    """The reason, tidied. Raises `ReasonMissing`."""
    tidy = " ".join(reason.split())[:LONGEST_REASON]
    if len(tidy) < SHORTEST_REASON:
        raise ReasonMissing(fields={"reason": "identity-field-reason"})
    return tidy


async def check_area(connection: AsyncConnection, path: str) -> str:
    """The path, when there is such an area. Raises `AreaUnknown`."""
    if not await store.area_exists(connection, path):
        raise AreaUnknown(fields={"home_area": "identity-field-area"})
    return path


async def find_person_by_phone(
    connection: AsyncConnection, keyring: Keyring, phone: str
) -> int | None:
    """The person who signs in with this number, None when there is none. Raises `PhoneInvalid`.

    For officers' work and for signing in; what it returns must never decide what a stranger sees.
    """
    return await sealed.find_person(connection, keyring, check_phone(phone))


async def enrol_person(
    connection: AsyncConnection,
    keyring: Keyring,
    *,
    phone: str | None = None,
    name: str | None = None,
    birth_year: int | None = None,
    home_area: str | None = None,
) -> int:
    """The id of the person with this phone, made and sealed when there is none yet.

    Raises `PhoneInvalid`, `AreaUnknown`. What is known of an existing person is left as it is.
    """
    normal = None if phone is None else check_phone(phone)
    if normal is not None:
        await sealed.lock_phone(connection, keyring, normal)
        known = await sealed.find_person(connection, keyring, normal)
        if known is not None:
            return known
    if home_area is not None:
        await check_area(connection, home_area)
    person = await store.new_person(connection, home_area=home_area)
    data = IdentityData(
        phone=normal, name=tidy_name(name) or None if name else None, birth_year=birth_year
    )
    await sealed.write(connection, keyring, person, data)
    return person


async def open_identity(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    person_id: int,
    *,
    reason: str,
    purpose: str,
) -> Opened:
    """Open who a person is, for an officer whose jurisdiction covers one of its cases or contacts.

    Somebody without a phone is reached through whoever answers for them: who that is, is opened
    with it and written down for them as well.

    `reason` is the officer's own sentence and is shown to the person; `purpose` is a stable word
    for what it was opened in, as `case` or `contact`. The audit entry is in the same transaction.
    Raises `NotAllowed`, `ReasonMissing`, `PersonUnknown` (also when row security hides the person).
    """
    officer = viewer.officer
    told = check_reason(reason)
    data = await sealed.read(connection, keyring, person_id)
    if data is None:
        raise PersonUnknown
    keepers = await sealed.read_kept_by(connection, keyring, person_id)
    roots = viewer.roots("tracer") or viewer.roots()
    for subject in (person_id, *keepers):
        await audit.record(
            connection,
            viewer,
            audit.OPENED,
            subject_person=subject,
            area=await store.home_area(connection, subject) or next(iter(roots), None),
            object=f"officer:{officer}",
            reason=told,
            details={"purpose": purpose, "unit": next(iter(roots), None)},
        )
        metrics.IDENTITIES_OPENED.inc()
    return Opened(**asdict(data), kept_by=tuple(keepers.values()))
