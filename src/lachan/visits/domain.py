"""What a scan means: the rules of arriving, leaving, repeating, and ending by itself.

A person has at most one open visit. A scan of the place one is in means departure when some minutes
have passed and is a harmless repeat before that; a scan elsewhere ends the open visit and begins
another. A visit nobody ended ends by the place's usual stay. No visit is longer than 24 hours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

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
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """The visit a person is in, as far as anybody knows."""

    visit_id: UUID
    place_id: int
    room_id: int | None
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a code stands: a place, perhaps a room of it, and how long people usually stay."""

    place_id: int
    room_id: int | None
    usual_stay: timedelta


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write. `end` closes the open visit at that moment, `begin` opens a new one."""

    outcome: Outcome
    end: tuple[datetime, EndSource] | None = None
    begin: bool = False


def decide(  # noqa: PLR0911 - a table of cases, each with its own answer
    current: OpenVisit | None, spot: Spot, direction: Direction, at: datetime
) -> Decision:
    """Decide what the scan of `spot` at `at` means for somebody whose open visit is `current`.

    `current` may have expired; then it ended by itself and counts as none. A scan older than the
    open visit (an offline device that reports late) never touches it: it becomes a visit of its
    own, which `begin` without `end` says.
    """
    inside = current if current is not None and at < current.expires_at else None
    if inside is not None and at < inside.started_at:
        late = direction is not Direction.OUT
        return Decision(Outcome.ARRIVED if late else Outcome.NOT_INSIDE, begin=late)
    if direction is Direction.OUT:
        if inside is None or inside.place_id != spot.place_id:
            return Decision(Outcome.NOT_INSIDE)
        return Decision(Outcome.DEPARTED, end=(at, EndSource.SCANNED))
    if inside is None:
        return Decision(Outcome.ARRIVED, begin=True)
    same_spot = inside.place_id == spot.place_id and inside.room_id == spot.room_id
    if not same_spot:
        return Decision(Outcome.MOVED, end=(at, EndSource.NEXT_ARRIVAL), begin=True)
    if direction is Direction.IN or at - inside.started_at < REPEAT_WINDOW:
        return Decision(Outcome.REPEATED)
    return Decision(Outcome.DEPARTED, end=(at, EndSource.SCANNED))


def expected_end(started_at: datetime, usual_stay: timedelta) -> datetime:
    """When a visit ends if nobody scans out."""
    return started_at + min(usual_stay, LONGEST_VISIT)


def clip_before(ends_at: datetime, later_start: datetime | None) -> datetime:
    """The end of a visit reported late, which cannot reach into a visit known to follow it."""
    return ends_at if later_start is None else min(ends_at, later_start)
