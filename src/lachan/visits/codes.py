"""What a code stands for, remembered for a minute: most scans ask for the same few codes.

Those that are not remembered are looked up many at a time, as scans are written many at a time: a
country has more places than anybody's memory, and its mornings begin everywhere at once.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
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
from lachan.storage.writer import GroupCommitWriter
from lachan.visits.domain import Spot
from lachan.visits.proof import Policy

REMEMBERED_SECONDS = 60.0
_REMEMBERED = 200_000
_LOOK_UPS_WAITING = 20_000
_LOOK_UPS_AT_ONCE = 256

_FIND = """
SELECT c.code, c.place_id, c.room_id, c.revoked_at, p.name, p.kind, p.usual_stay_minutes, p.state,
       p.proof, p.hours, r.name AS room
FROM place_code c JOIN place p ON p.id = c.place_id LEFT JOIN room r ON r.id = c.room_id
WHERE c.code = ANY($1::text[])
"""
_STANDS_AT = """
SELECT asked.n, p.id AS place_id, r.id AS room_id, p.kind, p.usual_stay_minutes, p.state, p.hours
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS asked (place_id, room_id, n)
JOIN place p ON p.id = asked.place_id
LEFT JOIN room r ON r.id = asked.room_id AND r.place_id = p.id
"""


_Place = tuple[int, int | None]
"""A place and, where there is one, its room."""


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
        self._standing: OrderedDict[_Place, tuple[Spot, float]] = OrderedDict()
        self._finding: GroupCommitWriter[str, PostedSpot | None] = GroupCommitWriter(
            self._find, queue_size=_LOOK_UPS_WAITING, batch_size=_LOOK_UPS_AT_ONCE
        )
        self._placing: GroupCommitWriter[_Place, Spot | None] = GroupCommitWriter(
            self._place, queue_size=_LOOK_UPS_WAITING, batch_size=_LOOK_UPS_AT_ONCE
        )

    def start(self) -> None:
        """Begin to look up; needs a running event loop."""
        self._finding.start()
        self._placing.start()

    async def stop(self) -> None:
        """Answer who waits, then end."""
        await self._finding.stop()
        await self._placing.stop()

    async def find(self, typed: str) -> PostedSpot:
        """The spot behind a scanned or typed code.

        Raises `PlaceCodeMistyped`, `PlaceCodeUnknown`, `PlaceCodeWithdrawn`, `PlaceClosed`, and
        `Overloaded` when too many wait.
        """
        code = normalise_code(typed)
        if code is None:
            raise PlaceCodeMistyped(fields={"code": "visits-field-code"})
        moment = time.monotonic()
        known = self._known.get(code)
        if known is not None and known[1] > moment:
            posted = known[0]
        else:
            found = await self._finding.submit(code)
            if found is None:
                raise PlaceCodeUnknown(fields={"code": "visits-field-code"})
            posted = found
            self._known[code] = (posted, moment + REMEMBERED_SECONDS)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        if posted.withdrawn:
            raise PlaceCodeWithdrawn
        if not posted.open:
            raise PlaceClosed
        return posted

    async def _find(self, codes: Sequence[str]) -> list[PostedSpot | None]:
        rows = await self._pool.fetch(_FIND, list(set(codes)))
        found = {row["code"]: self._posted(row) for row in rows}
        return [found.get(code) for code in codes]

    def _posted(self, row: asyncpg.Record) -> PostedSpot:
        return PostedSpot(
            code=row["code"],
            spot=_spot(row, self._zone),
            name=row["name"],
            kind=row["kind"],
            room=row["room"],
            open=row["state"] == "active",
            withdrawn=row["revoked_at"] is not None,
            proof=row["proof"],
        )

    async def stands_at(self, place_id: int, room_id: int | None) -> Spot:
        """The spot that a device at a place's door speaks for.

        Raises `PlaceClosed`, and `Overloaded` when too many wait.
        """
        key, moment = (place_id, room_id), time.monotonic()
        known = self._standing.get(key)
        if known is not None and known[1] > moment:
            return known[0]
        spot = await self._placing.submit(key)
        if spot is None:
            raise PlaceClosed
        self._standing[key] = (spot, moment + REMEMBERED_SECONDS)
        if len(self._standing) > _REMEMBERED:
            self._standing.popitem(last=False)
        return spot

    async def _place(self, places: Sequence[_Place]) -> list[Spot | None]:
        rows = await self._pool.fetch(
            _STANDS_AT, [place for place, _ in places], [room for _, room in places]
        )
        found: list[Spot | None] = [None] * len(places)
        for row in rows:
            if row["state"] == "active":
                found[row["n"] - 1] = _spot(row, self._zone)
        return found


def _spot(row: asyncpg.Record, zone: ZoneInfo) -> Spot:
    minutes = row["usual_stay_minutes"] or kind_of(row["kind"]).usual_stay_minutes
    return Spot(
        row["place_id"],
        row["room_id"],
        timedelta(minutes=minutes),
        hours_of(row["hours"]),
        zone,
    )
