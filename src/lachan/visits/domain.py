"""What a scan means: the rules of arriving, leaving, repeating, and ending by itself.

A person is in at most one place. A scan of the spot one is in means departure when some minutes
have passed and is a harmless repeat before that; a scan elsewhere ends the visit under way and
begins another. A visit nobody ended ends by the place's usual stay. No visit is longer than 24
hours. Scans of a device that was offline may come late and out of order; each is judged by the
visit that covers its moment, whenever it is reported, and a departure that comes before its arrival
ends it all the same. Pure functions: no clock, no database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from lachan.places.hours import Hours

_UTC = ZoneInfo("UTC")
REPEAT_WINDOW = timedelta(minutes=5)
LONGEST_VISIT = timedelta(hours=24)
UNDO_WINDOW = timedelta(minutes=10)


class Direction(StrEnum):
    """What the scanner said it meant; `auto` leaves it to the rules."""

    AUTO = "auto"
    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """What a scan led to."""

    ARRIVED = "arrived"
    MOVED = "moved"
    DEPARTED = "departed"
    REPEATED = "repeated"
    NOT_INSIDE = "not_inside"


class EndSource(StrEnum):
    """Why a visit ends when it ends."""

    EXPECTED = "expected"
    SCANNED = "scanned"
    NEXT_ARRIVAL = "next_arrival"
    CORRECTED = "corrected"
    DAY_CLOSED = "day_closed"

    @property
    def settled(self) -> bool:
        """Whether somebody said so; the others are our own reckoning and give way."""
        return self in {EndSource.SCANNED, EndSource.CORRECTED}


@dataclass(slots=True)
class Stay:
    """A visit as far as the rules care. `ends_at` is expected while nobody has left."""

    visit_id: UUID
    place_id: int
    room_id: int | None
    started_at: datetime
    ends_at: datetime
    end_source: EndSource

    def covers(self, moment: datetime) -> bool:
        return self.started_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Spot:
    """What a code stands for: a place, perhaps a room of it, and how long people usually stay."""

    place_id: int
    room_id: int | None
    usual_stay: timedelta
    hours: Hours | None = None
    zone: ZoneInfo = _UTC

    def expected_end(self, at: datetime) -> datetime:
        """When a visit begun at `at` ends by itself: after the usual stay, never past closing."""
        end = at + min(self.usual_stay, LONGEST_VISIT)
        closing = self.hours.closing_after(at, self.zone) if self.hours else None
        return min(end, closing) if closing else end


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write: the new end of the stay that was judged, and the end of a stay to begin."""

    outcome: Outcome
    end: tuple[datetime, EndSource] | None = None
    begin_until: datetime | None = None


def decide(
    stay: Stay | None,
    following: datetime | None,
    spot: Spot,
    direction: Direction,
    at: datetime,
) -> Decision:
    """What a scan of `spot` at `at` means.

    `stay` is the person's latest visit begun at or before `at`, whether or not it still runs;
    `following` is the start of the first visit after `at`, which only a late scan has.
    """
    same_place = stay is not None and stay.place_id == spot.place_id
    if direction is Direction.OUT:
        return leave(stay, at, following) if stay and same_place else _not_inside()
    inside = stay if stay is not None and stay.covers(at) else None
    if inside is not None and same_place and inside.room_id == spot.room_id:
        repeat = direction is Direction.IN or at - inside.started_at < REPEAT_WINDOW
        return Decision(Outcome.REPEATED) if repeat else leave(inside, at, following)
    until = spot.expected_end(at)
    if following is not None:
        until = min(until, following)
    if inside is None or inside.end_source.settled:
        # Somebody said when the other visit ended; what contradicts it is kept beside it, not lost.
        return Decision(Outcome.ARRIVED, begin_until=until)
    return Decision(Outcome.MOVED, end=(at, EndSource.NEXT_ARRIVAL), begin_until=until)


def _not_inside() -> Decision:
    return Decision(Outcome.NOT_INSIDE)


def leave(stay: Stay, at: datetime, following: datetime | None) -> Decision:
    """Departure: shortens the stay, or lengthens one that we thought had ended by itself."""
    if stay.end_source.settled:
        return Decision(Outcome.REPEATED) if at <= stay.ends_at else _not_inside()
    overdue = at > stay.ends_at
    # Who was checked out with everybody else and leaves later knows better than the place.
    ours = stay.end_source in {EndSource.EXPECTED, EndSource.DAY_CLOSED}
    if overdue and (not ours or following is not None):
        return _not_inside()
    if at - stay.started_at > LONGEST_VISIT:
        return _not_inside()
    return Decision(Outcome.DEPARTED, end=(at, EndSource.SCANNED))
