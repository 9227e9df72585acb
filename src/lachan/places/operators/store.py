"""All SQL of giving places to those who will run them: invitations of officers, and taking back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A place as an officer of its area sees it."""

    id: int
    name: str
    kind: str
    area: str
    area_name: str
    province_name: str
    address: str
    state: Literal["active", "closed"]
    code: str | None
    rooms: int
    created_at: datetime
    has_owner: bool
    by_authority: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """An officer's invitation that was not taken; `label` is the end of the phone number."""

    id: int
    by: Literal["code", "phone"]
    label: str
    state: Literal["open", "declined", "expired"]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that the asking resident is invited to run, by the number they sign in with."""

    id: int
    place_id: int
    name: str
    kind: str
    area_name: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Unowned:
    """A place of a list that nobody runs."""

    line: int
    place_id: int
    name: str
    address: str
    area_name: str
    province_name: str


_PLACE = text(
    """
    SELECT p.id, p.name, p.kind, p.area, a.full_name AS area_name,
           coalesce(u.full_name, '') AS province_name, p.address, p.state,
           (SELECT max(c.code) FROM place_code c
            WHERE c.place_id = p.id AND c.room_id IS NULL AND c.revoked_at IS NULL) AS code,
           (SELECT count(*) FROM room r WHERE r.place_id = p.id) AS rooms, p.created_at,
           lachan_place_has_owner(p.id) AS has_owner, p.by_authority
    FROM place p JOIN area a ON a.path = p.area LEFT JOIN area u ON u.path = a.parent
    WHERE p.id = :place AND p.drill_id IS NULL AND lachan_covers(CAST(:roots AS text[]), p.area)
    """
)
_INVITATIONS = text(
    """
    SELECT id, CASE WHEN phone_index IS NULL THEN 'code' ELSE 'phone' END AS by, label,
           CASE WHEN declined_at IS NOT NULL THEN 'declined'
                WHEN expires_at <= now() THEN 'expired' ELSE 'open' END AS state, expires_at
    FROM place_invite
    WHERE place_id = :place AND created_by_officer IS NOT NULL AND used_at IS NULL
    ORDER BY id
    """
)
_INVITE = text(
    """
    INSERT INTO place_invite (place_id, role, label, code_hash, phone_index, created_by_officer,
                              expires_at)
    SELECT u.place, 'owner', u.label, u.code, u.phone, :officer,
           now() + make_interval(days => :days)
    FROM unnest(CAST(:places AS bigint[]), CAST(:labels AS text[]), CAST(:codes AS bytea[]),
                CAST(:phones AS bytea[])) WITH ORDINALITY AS u (place, label, code, phone, n)
    ORDER BY u.n RETURNING id, expires_at
    """
)
_UNOWNED = text(
    """
    SELECT m.line, p.id AS place_id, p.name, p.address, a.full_name AS area_name,
           coalesce(u.full_name, '') AS province_name
    FROM place_import_place m
    JOIN place p ON p.id = m.place_id
    JOIN area a ON a.path = p.area LEFT JOIN area u ON u.path = a.parent
    WHERE m.import_id = :id AND p.state = 'active' AND NOT lachan_place_has_owner(p.id)
    ORDER BY m.line
    """
)


async def get_place(
    connection: AsyncConnection, place_id: int, roots: Sequence[str]
) -> GivenPlace | None:
    """A place below one of `roots`; those of drills are left out."""
    row = (
        await connection.execute(_PLACE, {"place": place_id, "roots": list(roots)})
    ).one_or_none()
    return None if row is None else GivenPlace(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def invitations(connection: AsyncConnection, place_id: int) -> list[Invitation]:
    """Invitations of a place that officers made and nobody took."""
    rows = await connection.execute(_INVITATIONS, {"place": place_id})
    return [Invitation(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """By exactly one of a code's hash and a number's blind index."""

    place_id: int
    label: str = ""
    code_hash: bytes | None = None
    phone_index: bytes | None = None


async def invite(
    connection: AsyncConnection, wanted: Sequence[NewInvitation], *, officer_id: int, days: int
) -> list[tuple[int, datetime]]:
    """Note invitations to run places that nobody runs; their ids and ends, in order."""
    rows = await connection.execute(
        _INVITE,
        {
            "places": [one.place_id for one in wanted],
            "labels": [one.label for one in wanted],
            "codes": [one.code_hash for one in wanted],
            "phones": [one.phone_index for one in wanted],
            "officer": officer_id,
            "days": days,
        },
    )
    return [(row.id, row.expires_at) for row in rows]


async def withdraw(connection: AsyncConnection, place_id: int, invitation_id: int) -> int:
    """Take an officer's invitation back; how many that were."""
    done = await connection.execute(
        text(
            "DELETE FROM place_invite WHERE id = :id AND place_id = :place "
            "AND created_by_officer IS NOT NULL AND used_at IS NULL"
        ),
        {"id": invitation_id, "place": place_id},
    )
    return done.rowcount


async def withdraw_same(connection: AsyncConnection, place_id: int, phone_index: bytes) -> None:
    """Take back what the same number was sent before for this place: the new one stands for it."""
    await connection.execute(
        text(
            "DELETE FROM place_invite WHERE place_id = :place AND phone_index = :phone "
            "AND created_by_officer IS NOT NULL AND used_at IS NULL"
        ),
        {"place": place_id, "phone": phone_index},
    )


async def withdraw_codes(connection: AsyncConnection, place_ids: Sequence[int]) -> None:
    """Take back the codes that officers made for these places and nobody used."""
    await connection.execute(
        text(
            "DELETE FROM place_invite WHERE place_id = ANY (:places) AND code_hash IS NOT NULL "
            "AND created_by_officer IS NOT NULL AND used_at IS NULL"
        ),
        {"places": list(place_ids)},
    )


async def unowned(connection: AsyncConnection, import_id: int) -> list[Unowned]:
    """Places that a list made and nobody runs, by line."""
    rows = await connection.execute(_UNOWNED, {"id": import_id})
    return [Unowned(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def offers(connection: AsyncConnection) -> list[Offer]:
    """Places that the asking resident is invited to run, by the number they sign in with."""
    rows = await connection.execute(
        text(
            """
            SELECT m.id, m.place_id, p.name, p.kind, a.full_name AS area_name, p.address,
                   m.expires_at
            FROM lachan_my_invitations() AS m
            JOIN place p ON p.id = m.place_id JOIN area a ON a.path = p.area
            ORDER BY m.id
            """
        )
    )
    return [Offer(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def decline(connection: AsyncConnection, invitation_id: int) -> int | None:
    """Say no to one of one's own invitations; the place, None when there is none."""
    found: int | None = await connection.scalar(
        text("SELECT lachan_decline_invitation(:id)"), {"id": invitation_id}
    )
    return found


async def take_back(connection: AsyncConnection, place_id: int) -> int | None:
    """Let nobody run a place any more; how many did, None where that is not the officer's to do."""
    found: int | None = await connection.scalar(
        text("SELECT lachan_take_place_back(:place)"), {"place": place_id}
    )
    return found


# --- The worker's side. ---


async def lines_of(connection: AsyncConnection, import_id: int) -> Mapping[int, int]:
    """The places that a list made, by line."""
    rows = await connection.execute(
        text("SELECT line, place_id FROM place_import_place WHERE import_id = :id"),
        {"id": import_id},
    )
    return {row.line: row.place_id for row in rows}


async def forget(connection: AsyncConnection, days: int) -> int:
    """Drop invitations, owners' too, that ended or were taken `days` ago; how many."""
    done = await connection.execute(
        text(
            "DELETE FROM place_invite "
            "WHERE least(expires_at, used_at) < now() - make_interval(days => :days)"
        ),
        {"days": days},
    )
    return done.rowcount
