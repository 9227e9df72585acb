"""All SQL of places: what a code stands for, registration, and what an owner changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.places.kinds import Ventilation, kind_of

CodeState = Literal["active", "closed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """What a poster's code stands for.

    `state` is `withdrawn` when a newer poster has replaced this one, `closed` when the place is no
    longer run, else `active`.
    """

    code: str
    state: CodeState
    place_id: int
    place_name: str
    room_id: int | None
    room_name: str | None
    kind: str
    usual_stay_minutes: int
    ventilation: Ventilation
    area: str
    address: str
    drill_id: int | None

    @property
    def usual_stay(self) -> timedelta:
        return timedelta(minutes=self.usual_stay_minutes)


_RESOLVE = text(
    """
    SELECT c.code, c.revoked_at, p.id, p.name, r.id AS room_id, r.name AS room_name, p.kind,
           p.usual_stay_minutes, coalesce(r.ventilation, p.ventilation) AS ventilation, p.area,
           p.address, p.state, p.drill_id
    FROM place_code c
    JOIN place p ON p.id = c.place_id
    LEFT JOIN room r ON r.id = c.room_id
    WHERE c.code = :code
    """
)


async def resolve_code(connection: AsyncConnection, code: str) -> ResolvedCode | None:
    """What `code` (in its canonical form, see `kit.ids.normalise_code`) stands for."""
    row = (await connection.execute(_RESOLVE, {"code": code})).one_or_none()
    return None if row is None else _resolved(row)


def _resolved(row: Row[tuple[object, ...]]) -> ResolvedCode:
    return ResolvedCode(
        code=row.code,
        state="withdrawn" if row.revoked_at is not None else row.state,
        place_id=row.id,
        place_name=row.name,
        room_id=row.room_id,
        room_name=row.room_name,
        kind=row.kind,
        usual_stay_minutes=row.usual_stay_minutes or kind_of(row.kind).usual_stay_minutes,
        ventilation=row.ventilation,
        area=row.area,
        address=row.address,
        drill_id=row.drill_id,
    )
