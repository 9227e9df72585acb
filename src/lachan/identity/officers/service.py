"""What admins do with officers, inside their own areas only."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.identity import store as people
from lachan.identity.domain import tidy_name
from lachan.identity.errors import AreaUnknown, LoginTaken, NameMissing
from lachan.identity.officers import secrets, store
from lachan.identity.officers.sign_in import tidy_login
from lachan.identity.officers.store import OfficerRow
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Grant, Viewer

ROLES = ("admin", "tracer", "border_officer", "safety_inspector", "reporter", "auditor")


async def list_officers(
    connection: AsyncConnection, viewer: Viewer, *, after: str | None = None, limit: int = 50
) -> Sequence[OfficerRow]:
    """Officers with a role inside the admin's areas, by login."""
    return await store.officers(connection, viewer.roots("admin"), after=after, limit=limit)


async def access_officer(
    connection: AsyncConnection, viewer: Viewer, officer_id: int
) -> OfficerRow:
    """One of them. Raises `NotFound`, also for officers elsewhere."""
    found = await store.officers(connection, viewer.roots("admin"), one=officer_id, limit=1)
    if not found:
        raise NotFound
    return found[0]


async def _check_area(connection: AsyncConnection, area: str) -> None:
    if not await people.area_exists(connection, area):
        raise AreaUnknown(fields={"area": "identity-field-area"})


async def create_officer(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    login: str,
    name: str,
    role: str,
    area: str,
) -> tuple[int, str]:
    """A new officer with one role; the id and the temporary password, shown only now.

    Raises `AreaUnknown`, `NotAllowed`, `LoginTaken`, `NameMissing`.
    """
    shown = tidy_name(name)
    if not shown:
        raise NameMissing(fields={"display_name": "field-missing"})
    await _check_area(connection, area)
    password = secrets.temporary_password()
    hashed = await secrets.hash_password(password)
    try:
        async with connection.begin_nested():
            officer_id = await store.create(
                connection, login=tidy_login(login), name=shown, hashed=hashed, role=role, area=area
            )
    except IntegrityError:
        raise LoginTaken(fields={"login": "identity-field-login-taken"}) from None
    if officer_id is None:
        raise NotAllowed
    await audit.record(
        connection, viewer, "officer.created", area=area, object=f"officer:{officer_id}",
        details={"role": role},
    )  # fmt: skip
    return officer_id, password


async def grant_role(
    connection: AsyncConnection, viewer: Viewer, officer_id: int, given: Grant
) -> None:
    """Give a role inside the admin's own areas. Raises `NotFound`, `AreaUnknown`, `NotAllowed`."""
    await access_officer(connection, viewer, officer_id)
    await _check_area(connection, given.area)
    if not await store.grant(connection, officer_id, given):
        raise NotAllowed
    await audit.record(
        connection, viewer, "role.granted", area=given.area, object=f"officer:{officer_id}",
        details={"role": given.role},
    )  # fmt: skip


async def revoke_role(
    connection: AsyncConnection, viewer: Viewer, officer_id: int, taken: Grant
) -> None:
    """Take a role inside the admin's own areas away. Raises `NotFound`, `NotAllowed`."""
    await access_officer(connection, viewer, officer_id)
    if not await store.revoke(connection, officer_id, taken):
        raise NotAllowed
    await audit.record(
        connection, viewer, "role.revoked", area=taken.area, object=f"officer:{officer_id}",
        details={"role": taken.role},
    )  # fmt: skip


async def disable_officer(
    connection: AsyncConnection, viewer: Viewer, officer_id: int, *, disabled: bool
) -> None:
    """Shut an officer out at once, or let them in again. Raises `NotFound`, `NotAllowed`."""
    row = await access_officer(connection, viewer, officer_id)
    if not await store.disable(connection, officer_id, disabled=disabled):
        raise NotAllowed
    await audit.record(
        connection,
        viewer,
        "officer.disabled" if disabled else "officer.enabled",
        area=next((grant.area for grant in row.grants), None),
        object=f"officer:{officer_id}",
    )


async def reset_officer(connection: AsyncConnection, viewer: Viewer, officer_id: int) -> str:
    """A temporary password for an officer who lost theirs or the second factor; shown only now.

    Ends all sessions. Raises `NotFound`, `NotAllowed`.
    """
    row = await access_officer(connection, viewer, officer_id)
    password = secrets.temporary_password()
    if not await store.reset(connection, officer_id, await secrets.hash_password(password)):
        raise NotAllowed
    await audit.record(
        connection,
        viewer,
        "officer.reset",
        area=next((grant.area for grant in row.grants), None),
        object=f"officer:{officer_id}",
    )
    return password
