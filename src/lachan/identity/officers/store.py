"""SQL about officers. What matters is decided in the functions of migration 0003."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.http.access import Grant


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs of an officer."""

    id: int
    password_hash: str
    password_temporary: bool
    totp_sealed: bytes | None
    has_passkey: bool
    locked: bool

    @property
    def has_second_factor(self) -> bool:
        return self.totp_sealed is not None or self.has_passkey


@dataclass(frozen=True, slots=True)
class Self(Account):
    """The asking officer's own account."""

    login: str
    display_name: str


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer as admins see one."""

    id: int
    login: str
    display_name: str
    grants: tuple[Grant, ...]
    password_temporary: bool
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    credential_id: bytes
    label: str
    created_at: datetime
    used_at: datetime | None


async def account(connection: AsyncConnection, login: str) -> Account | None:
    """The account that wants to sign in."""
    row = (
        await connection.execute(
            text("SELECT * FROM lachan_officer_to_sign_in(:login)"), {"login": login}
        )
    ).one_or_none()
    if row is None:
        return None
    return Account(
        row.id, row.password_hash, row.password_temporary, row.totp_sealed, row.has_passkey,
        row.locked,
    )  # fmt: skip


async def own_account(connection: AsyncConnection) -> Self | None:
    """The account of the asking officer, also of one half-way through signing in."""
    row = (await connection.execute(text("SELECT * FROM lachan_my_factors()"))).one_or_none()
    if row is None:
        return None
    return Self(
        id=row.id,
        password_hash=row.password_hash,
        password_temporary=row.password_temporary,
        totp_sealed=row.totp_sealed,
        has_passkey=row.has_passkey,
        locked=row.locked,
        login=row.login,
        display_name=row.display_name,
    )


async def note_sign_in(
    connection: AsyncConnection, officer_id: int, *, good: bool, attempts: int, minutes: int
) -> None:
    """Count a failure, lock at the last one allowed; a success counts from nought."""
    await connection.execute(
        text("SELECT lachan_note_sign_in(:officer, :good, :attempts, :minutes)"),
        {"officer": officer_id, "good": good, "attempts": attempts, "minutes": minutes},
    )


async def take_totp_step(connection: AsyncConnection, officer_id: int, step: int) -> bool:
    """Whether this step was not used before; from now on it was."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_take_totp_step(:officer, :step)"),
            {"officer": officer_id, "step": step},
        )
    )


async def end_pending(connection: AsyncConnection) -> None:
    """End the half-way session that asks."""
    await connection.execute(text("SELECT lachan_end_pending()"))


async def set_my_password(connection: AsyncConnection, hashed: str) -> bool:
    """The asking officer's new password."""
    return bool(
        await connection.scalar(text("SELECT lachan_set_my_password(:hash)"), {"hash": hashed})
    )


async def set_my_totp(
    connection: AsyncConnection, sealed: bytes | None, step: int | None = None
) -> bool:
    """The asking officer's authenticator; None removes it, unless it is the only second factor."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_set_my_totp(:sealed, :step)"), {"sealed": sealed, "step": step}
        )
    )


_LIST = text(
    """
    SELECT o.id, o.login, o.display_name, o.password_temporary, o.disabled_at, o.created_at,
           (SELECT array_agg(r.role || ' ' || r.area ORDER BY r.area, r.role)
            FROM officer_role r WHERE r.officer_id = o.id) AS grants
    FROM officer o
    WHERE (CAST(:one AS bigint) IS NULL OR o.id = :one)
      AND (CAST(:after AS text) IS NULL OR o.login > :after)
      AND (EXISTS (SELECT 1 FROM officer_role r WHERE r.officer_id = o.id
                   AND lachan_covers(CAST(:roots AS text[]), r.area))
           OR ('VN' = ANY (CAST(:roots AS text[]))
               AND NOT EXISTS (SELECT 1 FROM officer_role r WHERE r.officer_id = o.id)))
    ORDER BY o.login LIMIT :limit
    """
)


async def officers(
    connection: AsyncConnection,
    roots: Sequence[str],
    *,
    one: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[OfficerRow]:
    """Officers with a role inside `roots`, by login."""
    rows = await connection.execute(
        _LIST, {"roots": list(roots), "one": one, "after": after, "limit": limit}
    )
    return [
        OfficerRow(
            id=row.id,
            login=row.login,
            display_name=row.display_name,
            grants=tuple(Grant(*grant.split(" ", 1)) for grant in row.grants or ()),
            password_temporary=row.password_temporary,
            disabled_at=row.disabled_at,
            created_at=row.created_at,
        )
        for row in rows
    ]


async def area_names(connection: AsyncConnection, paths: Sequence[str]) -> dict[str, str]:
    """Full names of areas by path."""
    rows = await connection.execute(
        text("SELECT path, full_name FROM area WHERE path = ANY (:paths)"), {"paths": list(paths)}
    )
    return {row.path: row.full_name for row in rows}


async def manages(connection: AsyncConnection, officer_id: int) -> bool:
    """Whether the asking admin may disable and reset this officer."""
    return bool(
        await connection.scalar(text("SELECT lachan_manages(:officer)"), {"officer": officer_id})
    )


async def create(
    connection: AsyncConnection, *, login: str, name: str, hashed: str, role: str, area: str
) -> int | None:
    """A new officer with one role, or None outside the asking admin's areas.

    Raises `IntegrityError` for a login that is taken.
    """
    found: int | None = await connection.scalar(
        text("SELECT lachan_create_officer(:login, :name, :hash, :role, :area)"),
        {"login": login, "name": name, "hash": hashed, "role": role, "area": area},
    )
    return found


async def grant(connection: AsyncConnection, officer_id: int, given: Grant) -> bool:
    """Give a role; False outside the asking admin's areas."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_grant_role(:officer, :role, :area)"),
            {"officer": officer_id, "role": given.role, "area": given.area},
        )
    )


async def revoke(connection: AsyncConnection, officer_id: int, taken: Grant) -> bool:
    """Take a role away; False outside the asking admin's areas, or when there was none."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_revoke_role(:officer, :role, :area)"),
            {"officer": officer_id, "role": taken.role, "area": taken.area},
        )
    )


async def disable(connection: AsyncConnection, officer_id: int, *, disabled: bool) -> bool:
    """Disable (ending all sessions) or enable an officer; False when the asker may not."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_disable_officer(:officer, :disabled)"),
            {"officer": officer_id, "disabled": disabled},
        )
    )


async def reset(connection: AsyncConnection, officer_id: int, hashed: str) -> bool:
    """Give a temporary password and drop the second factors; False when the asker may not."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_reset_officer(:officer, :hash)"),
            {"officer": officer_id, "hash": hashed},
        )
    )


_CREATE_AS_OWNER = text(
    "INSERT INTO officer (login, display_name, password_hash, password_temporary) "
    "VALUES (:login, :name, :hash, :temporary) RETURNING id"
)


async def create_as_owner(
    connection: AsyncConnection,
    *,
    login: str,
    name: str,
    hashed: str,
    grants: Sequence[Grant],
    temporary: bool,
) -> int:
    """A new officer, written as the database's owner: the first admin, and demo data."""
    officer_id = int(
        await connection.scalar(
            _CREATE_AS_OWNER, {"login": login, "name": name, "hash": hashed, "temporary": temporary}
        )
    )
    for given in grants:
        await connection.execute(
            text("INSERT INTO officer_role (officer_id, role, area) VALUES (:id, :role, :area)"),
            {"id": officer_id, "role": given.role, "area": given.area},
        )
    return officer_id


async def set_totp_as_owner(connection: AsyncConnection, officer_id: int, sealed: bytes) -> None:
    """An authenticator's secret, written as the database's owner."""
    await connection.execute(
        text("UPDATE officer SET totp_sealed = :sealed WHERE id = :id"),
        {"sealed": sealed, "id": officer_id},
    )
