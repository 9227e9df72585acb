"""What a code stands for, remembered for a minute: most scans ask for the same few codes."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import asyncpg

from lachan.kit.ids import normalise_code
from lachan.places.errors import (
    PlaceClosed,
    PlaceCodeMistyped,
    PlaceCodeUnknown,
    PlaceCodeWithdrawn,
)
from lachan.places.hours import hours_of
from lachan.places.kinds import kind_of
from lachan.visits.domain import Spot
from lachan.visits.proof import Policy

REMEMBERED_SECONDS = 60.0
_REMEMBERED = 200_000

_FIND = """
SELECT c.place_id, c.room_id, c.revoked_at, p.name, p.kind, p.usual_stay_minutes, p.state,
       p.proof, p.hours, r.name AS room
FROM place_code c JOIN place p ON p.id = c.place_id LEFT JOIN room r ON r.id = c.room_id
WHERE c.code = $1
"""
_STANDS_AT = """
SELECT p.id AS place_id, r.id AS room_id, p.kind, p.usual_stay_minutes, p.state, p.hours
FROM place p LEFT JOIN room r ON r.id = $2 AND r.place_id = p.id
WHERE p.id = $1
"""


@dataclass(frozen=True, slots=True)
class PostedSpot:
    """A spot with what its poster says."""

    code: str
    spot: Spot
    name: str
    kind: str
    room: str | None
    open: bool
    withdrawn: bool
    proof: Policy = "off"


class Codes:
    """Looks codes up. A withdrawn poster stops working within `REMEMBERED_SECONDS`."""

    def __init__(self, pool: asyncpg.Pool, zone: ZoneInfo) -> None:
        self._pool = pool
        self._zone = zone
        self._known: OrderedDict[str, tuple[PostedSpot, float]] = OrderedDict()
        self._standing: OrderedDict[tuple[int, int | None], tuple[Spot, float]] = OrderedDict()

    async def find(self, typed: str) -> PostedSpot:
        """The spot behind a scanned or typed code.

        Raises `PlaceCodeMistyped`, `PlaceCodeUnknown`, `PlaceCodeWithdrawn`, `PlaceClosed`.
        """
        code = normalise_code(typed)
        if code is None:
            raise PlaceCodeMistyped(fields={"code": "visits-field-code"})
        moment = time.monotonic()
        known = self._known.get(code)
        if known is not None and known[1] > moment:
            posted = known[0]
        else:
            posted = await self._load(code)
            self._known[code] = (posted, moment + REMEMBERED_SECONDS)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        if posted.withdrawn:
            raise PlaceCodeWithdrawn
        if not posted.open:
            raise PlaceClosed
        return posted

    async def _load(self, code: str) -> PostedSpot:
        row = await self._pool.fetchrow(_FIND, code)
        if row is None:
            raise PlaceCodeUnknown(fields={"code": "visits-field-code"})
        return PostedSpot(
            code=code,
            spot=_spot(row, self._zone),
            name=row["name"],
            kind=row["kind"],
            room=row["room"],
            open=row["state"] == "active",
            withdrawn=row["revoked_at"] is not None,
            proof=row["proof"],
        )

    async def stands_at(self, place_id: int, room_id: int | None) -> Spot:
        """The spot that a device at a place's door speaks for. Raises `PlaceClosed`."""
        key, moment = (place_id, room_id), time.monotonic()
        known = self._standing.get(key)
        if known is not None and known[1] > moment:
            return known[0]
        row = await self._pool.fetchrow(_STANDS_AT, place_id, room_id)
        if row is None or row["state"] != "active":
            raise PlaceClosed
        self._standing[key] = (_spot(row, self._zone), moment + REMEMBERED_SECONDS)
        if len(self._standing) > _REMEMBERED:
            self._standing.popitem(last=False)
        return self._standing[key][0]


def _spot(row: asyncpg.Record, zone: ZoneInfo) -> Spot:
    minutes = row["usual_stay_minutes"] or kind_of(row["kind"]).usual_stay_minutes
    return Spot(
        row["place_id"],
        row["room_id"],
        timedelta(minutes=minutes),
        hours_of(row["hours"]),
        zone,
    )
