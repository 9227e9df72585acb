"""All SQL of who runs a place: staff, and invitations of which only hashes are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.places.store import Role


@dataclass(frozen=True, slots=True)
class Member:
    """One who runs a place, by the label that the owner gave; no name is known here."""

    id: int
    role: Role
    label: str
    created_at: datetime
    is_me: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody has taken yet."""

    id: int
    role: Role
    label: str
    expires_at: datetime


async def members(connection: AsyncConnection, place_id: int, me: int) -> list[Member]:
    """Who runs a place, as far as the asker may know, owners first."""
    rows = await connection.execute(
        text(
            """
            SELECT id, role, label, created_at, person_id = :me AS is_me FROM place_staff
            WHERE place_id = :place ORDER BY role, id
            """
        ),
        {"place": place_id, "me": me},
    )
    return [Member(row.id, row.role, row.label, row.created_at, row.is_me) for row in rows]


async def invitations(connection: AsyncConnection, place_id: int) -> list[Invitation]:
    """Open invitations of a place."""
    rows = await connection.execute(
        text(
            """
            SELECT id, role, label, expires_at FROM place_invite
            WHERE place_id = :place AND used_at IS NULL AND expires_at > now() ORDER BY id
            """
        ),
        {"place": place_id},
    )
    return [Invitation(row.id, row.role, row.label, row.expires_at) for row in rows]


async def invite(
    connection: AsyncConnection,
    place_id: int,
    *,
    role: Role,
    label: str,
    code_hash: bytes,
    hours: int,
    person_id: int,
) -> datetime:
    """Note an invitation by one who owns the place; when it ends."""
    ends = await connection.scalar(
        text(
            """
            INSERT INTO place_invite (place_id, role, label, code_hash, created_by, expires_at)
            VALUES (:place, :role, :label, :hash, :person, now() + make_interval(hours => :hours))
            RETURNING expires_at
            """
        ),
        {
            "place": place_id,
            "role": role,
            "label": label,
            "hash": code_hash,
            "person": person_id,
            "hours": hours,
        },
    )
    assert isinstance(ends, datetime)
    return ends


async def withdraw(connection: AsyncConnection, place_id: int, invitation_id: int) -> int:
    """Take an open invitation back; how many that were."""
    done = await connection.execute(
        text("DELETE FROM place_invite WHERE id = :id AND place_id = :place AND used_at IS NULL"),
        {"id": invitation_id, "place": place_id},
    )
    return done.rowcount


async def invited_to(connection: AsyncConnection, code_hash: bytes) -> tuple[int, Role] | None:
    """The place and role of an open invitation."""
    row = (
        await connection.execute(
            text("SELECT place_id, role FROM lachan_invited_to(:hash)"), {"hash": code_hash}
        )
    ).one()
    return None if row.place_id is None else (row.place_id, row.role)


async def join(
    connection: AsyncConnection,
    *,
    code_hash: bytes | None = None,
    invitation_id: int | None = None,
) -> tuple[int, Role] | None:
    """Take an invitation for the asking resident, by its code or as one to the own phone number.

    The place and the role there; None when it cannot be taken.
    """
    row = (
        await connection.execute(
            text("SELECT place_id, role FROM lachan_join_place(:hash, :wanted)"),
            {"hash": code_hash, "wanted": invitation_id},
        )
    ).one()
    return None if row.place_id is None else (row.place_id, row.role)


async def remove(connection: AsyncConnection, place_id: int, member_id: int) -> int:
    """Let somebody run a place no more, and their open invitations; how many people that were.

    The database takes no such invitation any more; here they leave the list, and its places free.
    """
    await connection.execute(
        text(
            "DELETE FROM place_invite i USING place_staff s WHERE s.id = :id AND "
            "s.place_id = :place AND i.place_id = s.place_id AND i.created_by = s.person_id "
            "AND i.used_at IS NULL"
        ),
        {"id": member_id, "place": place_id},
    )
    done = await connection.execute(
        text("DELETE FROM place_staff WHERE id = :id AND place_id = :place"),
        {"id": member_id, "place": place_id},
    )
    return done.rowcount


async def name_of(connection: AsyncConnection, place_id: int) -> str:
    """What a place is called; that is public."""
    found = await connection.scalar(
        text("SELECT name FROM place WHERE id = :place"), {"place": place_id}
    )
    return str(found)
