"""What a code stands for, remembered for a minute: most scans ask for the same few codes."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from lachan.kit.ids import normalise_code
from lachan.places.errors import (
    PlaceClosed,
    PlaceCodeMistyped,
    PlaceCodeUnknown,
    PlaceCodeWithdrawn,
)
from lachan.places.kinds import kind_of
from lachan.visits.domain import Spot

REMEMBERED_SECONDS = 60.0
_REMEMBERED = 200_000

_FIND = """
SELECT c.place_id, c.room_id, c.revoked_at, p.name, p.kind, p.usual_stay_minutes, p.state,
       r.name AS room
FROM place_code c JOIN place p ON p.id = c.place_id LEFT JOIN room r ON r.id = c.room_id
WHERE c.code = $1
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


class Codes:
    """Looks codes up. A withdrawn poster stops working within `REMEMBERED_SECONDS`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known: OrderedDict[str, tuple[PostedSpot, float]] = OrderedDict()

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
        minutes = row["usual_stay_minutes"] or kind_of(row["kind"]).usual_stay_minutes
        return PostedSpot(
            code=code,
            spot=Spot(row["place_id"], row["room_id"], timedelta(minutes=minutes)),
            name=row["name"],
            kind=row["kind"],
            room=row["room"],
            open=row["state"] == "active",
            withdrawn=row["revoked_at"] is not None,
        )
