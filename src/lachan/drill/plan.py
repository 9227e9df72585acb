"""The known truth of a drill: places, who goes where and when, and the scans that should tell it.

Everything follows from the seed. The truth is made first and the scans are made from it, with the
difficulties of real life: people who forget to scan out, who go on without scanning out, who stay
longer than usual, who scan twice, whose phone sends the same scan again, or sends it days later and
out of order; and by every way there is: the own phone, a code on it shown at a door, a printed
card, a door that was off line, a list on paper. So what the server should have stored is known
without asking the server's own rules.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_DAWN = time(6)
_DAY_OUT = timedelta(hours=15)
# A scan at the same spot within five minutes is a repeat and changes nothing; departures of the
# drill stay clear of that border.
_REPEAT_BEFORE = 4
_SHORTEST = 7
_STAYS_AT_HOME_SHARE = 0.85
_CARD_SHARE = 0.3
_LATE_SHARE = 0.2
_ROOM_SHARE = 0.8
_ANY_WAY_SHARE = 0.3
_TWICE_SHARE = 0.1
_AT_ONCE_SHARE = 0.5
_AGAIN_SHARE = 0.1
_FRONT_DOOR_SHARE = 0.2


class Leaving(StrEnum):
    """How a visit comes to its end on record."""

    SCANNED = "scanned"
    OVERDUE = "overdue"
    FORGOTTEN = "forgotten"


class Way(StrEnum):
    """How a scan reaches the system.

    `APP`: the own phone scans the poster. `CODE` and `CARD`: a door scans the person, on line.
    `OFFLINE`: a door kept it and sends it with others, later. `PAPER`: a line on a list.
    """

    APP = "app"
    CODE = "code"
    CARD = "card"
    OFFLINE = "offline"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    ventilation: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is registered; `usual_stay` is when a forgotten visit ends by itself."""

    name: str
    kind: str
    ventilation: str
    usual_stay: timedelta
    rooms: tuple[Room, ...]


Spot = tuple[int, int | None]
"""Index of a place, and of a room in it."""


@dataclass(slots=True)
class Stay:
    """A visit as it should be on record, `[start, end)`."""

    spot: Spot
    start: datetime
    end: datetime
    leaving: Leaving


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan to be sent; `times` > 1: the phone sends the same scan again."""

    scan_id: uuid.UUID
    spot: Spot
    direction: str
    at: datetime
    times: int = 1
    at_once: bool = False
    way: Way = Way.APP


@dataclass(slots=True)
class Truth:
    """One person's stays in order of time, and the scans in the order in which they are sent.

    `kept` are scans that a door kept off line, sent when all others are through; `listed` are stays
    of which only a list on paper knows, and lists come last. Some people carry a card.
    """

    has_card: bool = False
    stays: list[Stay] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    kept: list[Scan] = field(default_factory=list)
    listed: list[Stay] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    places: tuple[Place, ...]
    people: tuple[Truth, ...]

    @property
    def scan_count(self) -> int:
        """Scans of people and doors, and lines on lists."""
        return sum(len(truth.scans) + len(truth.kept) + len(truth.listed) for truth in self.people)


_KINDS = (
    # kind, usual stay in minutes, ventilation, most rooms
    ("market", 60, "good", 0),
    ("food", 75, "normal", 2),
    ("school", 240, "normal", 6),
    ("workplace", 300, "unknown", 4),
    ("medical", 90, "poor", 3),
    ("worship", 60, "outdoor", 0),
)


def make_places(count: int, dice: random.Random) -> tuple[Place, ...]:
    """Places of several kinds, some with rooms of an air of their own."""
    places = []
    for number in range(1, count + 1):
        kind, stay, air, most_rooms = dice.choice(_KINDS)
        rooms = tuple(
            Room(f"Phòng {index}", dice.choice((None, None, "good", "normal", "poor")))
            for index in range(1, dice.randint(0, most_rooms) + 1)
        )
        places.append(
            Place(
                name=f"Diễn tập {number:04d}",
                kind=kind,
                ventilation=dice.choice((air, air, "normal")),
                usual_stay=timedelta(minutes=stay),
                rooms=rooms,
            )
        )
    return tuple(places)


def make_plan(
    *, people: int, places: int, days: int, seed: int, now: datetime, zone: ZoneInfo
) -> Plan:
    """The truth of a drill that ends before `now` and reaches back `days` local days.

    The same arguments make the same plan. Nothing in it is older than `days` times 24 hours less
    half an hour, so that a server which takes scans of `days` days takes all of them.
    """
    dice = random.Random(seed)  # noqa: S311 - a plan, not a secret
    made = make_places(places, dice)
    earliest = now - timedelta(days=days) + timedelta(minutes=30)
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in range(days, -1, -1)]
    morning = [datetime.combine(day, _DAWN, tzinfo=zone).astimezone(UTC) for day in dates]
    groups = _neighbourhoods(len(made), dice)
    return Plan(
        places=made,
        people=tuple(
            _person(made, dice.choice(groups), morning, earliest, now, dice) for _ in range(people)
        ),
    )


def _neighbourhoods(places: int, dice: random.Random) -> list[list[int]]:
    """Places in groups of about five: most people keep to one, so that not all meet all."""
    order = list(range(places))
    dice.shuffle(order)
    return [order[begin : begin + 5] for begin in range(0, places, 5)]


def _person(
    places: Sequence[Place],
    home: Sequence[int],
    mornings: Sequence[datetime],
    earliest: datetime,
    now: datetime,
    dice: random.Random,
) -> Truth:
    truth = Truth(has_card=dice.random() < _CARD_SHARE)
    for morning in mornings:
        at = morning + dice.randint(0, 300) * MINUTE + dice.randint(0, 59) * timedelta(seconds=1)
        evening = morning + _DAY_OUT
        for _ in range(dice.choice((0, 1, 1, 2, 3, 4))):
            spot = _next_spot(places, home, truth.stays[-1].spot if truth.stays else None, dice)
            longest = places[spot[0]].usual_stay
            # The present has no part in it: every end on record is past when the drill begins.
            if at > evening or at + 2 * longest + MINUTE > now:
                break
            stay = Stay(spot, at, at + longest, _leaving(dice))
            if stay.leaving is Leaving.SCANNED:
                minutes = dice.randint(_SHORTEST, longest // MINUTE - 1)
                stay.end = at + timedelta(minutes=minutes, seconds=dice.randint(0, 59))
            elif stay.leaving is Leaving.OVERDUE:
                stay.end += dice.randint(1, longest // MINUTE // 2) * MINUTE
            at = _next_arrival(stay, dice)
            if stay.start < earliest:
                continue
            truth.stays.append(stay)
    _cut_by_next_arrival(truth.stays)
    _set_scans(truth, dice)
    return truth


def _next_spot(
    places: Sequence[Place], home: Sequence[int], last: Spot | None, dice: random.Random
) -> Spot:
    """Anywhere but where one just was: a scan there would mean leaving."""
    while True:
        near = dice.random() < _STAYS_AT_HOME_SHARE
        place = dice.choice(home) if near else dice.randrange(len(places))
        rooms = len(places[place].rooms)
        room = dice.randrange(rooms) if rooms and dice.random() < _ROOM_SHARE else None
        if (place, room) != last:
            return place, room
        if len(places) == 1 and not rooms:
            raise ValueError("a drill needs two places")


def _leaving(dice: random.Random) -> Leaving:
    return dice.choices(list(Leaving), weights=(6, 1, 3))[0]


def _next_arrival(stay: Stay, dice: random.Random) -> datetime:
    """When the person arrives elsewhere; after a forgotten departure perhaps before the end."""
    if stay.leaving is Leaving.FORGOTTEN:
        usual = (stay.end - stay.start) // MINUTE
        return stay.start + timedelta(minutes=dice.randint(_SHORTEST, 2 * usual), seconds=17)
    return stay.end + timedelta(minutes=dice.randint(3, 120), seconds=dice.randint(0, 59))


def _cut_by_next_arrival(stays: Sequence[Stay]) -> None:
    """Who arrives elsewhere has left, scanned or not."""
    for stay, following in pairwise(stays):
        if stay.leaving is Leaving.FORGOTTEN:
            stay.end = min(stay.end, following.start)


def _set_scans(truth: Truth, dice: random.Random) -> None:
    late: list[list[Scan]] = []
    last_was_late = False
    for index, stay in enumerate(truth.stays):
        last_was_late = (
            not last_was_late and _may_be_late(truth.stays, index) and dice.random() < _LATE_SHARE
        )
        if not last_was_late:
            truth.scans += _scans_of(stay, _on_line(truth, dice), dice)
            continue
        way = dice.choice((Way.APP, Way.OFFLINE, Way.PAPER if truth.has_card else Way.OFFLINE))
        if way is Way.PAPER:
            truth.listed.append(stay)
        elif way is Way.OFFLINE:
            truth.kept += _scans_of(stay, (Way.OFFLINE,), dice)
        else:
            late.append(_scans_of(stay, (Way.APP,), dice))
    dice.shuffle(late)
    truth.scans += [scan for scans in late for scan in scans]


def _on_line(truth: Truth, dice: random.Random) -> tuple[Way, ...]:
    """The ways that one stay's scans may take: somebody who came by card may leave by phone."""
    ways = (Way.APP, Way.CODE, Way.CARD) if truth.has_card else (Way.APP, Way.CODE)
    return ways if dice.random() < _ANY_WAY_SHARE else (dice.choice(ways),)


def _may_be_late(stays: Sequence[Stay], index: int) -> bool:
    """Whether the scans of this stay can be sent after those that follow and still be understood.

    Not where its neighbours are the same spot, of which the second arrival would then look like
    leaving the first; not when it was overdue, which only somebody still there can be; and not the
    last, which nothing follows.
    """
    if not 0 < index < len(stays) - 1 or stays[index].leaving is Leaving.OVERDUE:
        return False
    return stays[index - 1].spot[0] != stays[index + 1].spot[0]


def _scans_of(stay: Stay, ways: Sequence[Way], dice: random.Random) -> list[Scan]:
    def scan(spot: Spot, direction: str, at: datetime) -> Scan:
        times = 2 if dice.random() < _TWICE_SHARE else 1
        scan_id = uuid.UUID(int=dice.getrandbits(128), version=4)
        at_once = dice.random() < _AT_ONCE_SHARE
        return Scan(scan_id, spot, direction, at, times, at_once, dice.choice(ways))

    scans = [scan(stay.spot, dice.choice(("auto", "in")), stay.start)]
    if dice.random() < _AGAIN_SHARE and stay.end - stay.start > _SHORTEST * MINUTE - MINUTE:
        again = stay.start + dice.randint(5, _REPEAT_BEFORE * 60) * timedelta(seconds=1)
        scans.append(scan(stay.spot, dice.choice(("auto", "in")), again))
    if stay.leaving is Leaving.SCANNED:
        # Leaving by the front door: its poster stands for the whole place.
        spot = (stay.spot[0], None) if dice.random() < _FRONT_DOOR_SHARE else stay.spot
        direction = "out" if spot != stay.spot else dice.choice(("auto", "out"))
        scans.append(scan(spot, direction, stay.end))
    elif stay.leaving is Leaving.OVERDUE:
        scans.append(scan(stay.spot, "out", stay.end))
    return scans
