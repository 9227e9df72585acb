"""Who met whom, by brute force: every stay of a source against every stay at the same place.

Written from the published rules alone, and sharing no code with the tracer, so that the two can
hold each other to account. Slow on purpose: nothing here is clever enough to be wrong quietly.

The rules: two stays at one place meet unless both rooms are known and different. They share the
air while both last; and who arrives after the other has left shares what lingers, by the
ventilation of the room if both were in it, else of the place. What two people shared at one place
within one local day, counted from when each sharing began, is added up, no second twice. It makes
a contact when all of it reaches the minutes for a place, or what was shared in a known room reaches
those for a room. Who lives with somebody has met them. The contact of a contact counts from the
moment that one was first exposed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay on record: `room` None when only the place is known."""

    person: int
    place: int
    room: int | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """The disease's numbers, and how long air lingers at each place and room, in minutes."""

    same_room: int
    same_place: int
    lingering: Mapping[tuple[int, int | None], int]
    zone: ZoneInfo


Span = tuple[datetime, datetime]


@dataclass(slots=True)
class _Shared:
    """What two people shared at one place on one day."""

    anywhere: list[Span]
    in_a_room: list[Span]


def infectious_window(
    onset: date, first_day: int, last_day: int, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """From the first local midnight of the window to the midnight after its last day."""
    begins = onset + timedelta(days=first_day)
    ends = onset + timedelta(days=last_day + 1)
    return (
        datetime(begins.year, begins.month, begins.day, tzinfo=zone),
        datetime(ends.year, ends.month, ends.day, tzinfo=zone),
    )


def contacts(
    visits: Sequence[Visit],
    households: Mapping[int, int],
    case: int,
    window: tuple[datetime, datetime],
    numbers: Numbers,
    levels: int,
    present: datetime,
) -> dict[int, int]:
    """Level by person: 1 for who met the case, 2 for who met those afterwards, and so on."""
    by_person: dict[int, list[Visit]] = defaultdict(list)
    by_place: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_person[visit.person].append(visit)
        by_place[visit.place].append(visit)
    members: dict[int, list[int]] = defaultdict(list)
    for person, household in households.items():
        members[household].append(person)

    level_of: dict[int, int] = {}
    sources = {case: window[0]}
    until = min(window[1], present)
    for level in range(1, levels + 1):
        found: dict[int, datetime] = {}
        for source, since in sources.items():
            met = _met_by(source, since, until, by_person[source], by_place, numbers)
            for housemate in members[households[source]] if source in households else ():
                if housemate != source:
                    met[housemate] = min(met.get(housemate, since), since)
            for person, first in met.items():
                if person != case and person not in level_of:
                    found[person] = min(found.get(person, first), first)
        level_of |= dict.fromkeys(found, level)
        sources, until = found, present
    return level_of


def _met_by(
    source: int,
    since: datetime,
    until: datetime,
    own: Sequence[Visit],
    by_place: Mapping[int, Sequence[Visit]],
    numbers: Numbers,
) -> dict[int, datetime]:
    """Who shared enough air with `source` in `[since, until)`, and when first."""
    shared: dict[tuple[int, int, date], _Shared] = {}
    for mine in own:
        came, left = max(mine.start, since), min(mine.end, until)
        if came >= left:
            continue
        for other in by_place[mine.place]:
            apart = None not in {mine.room, other.room} and mine.room != other.room
            if other.person == source or apart:
                continue
            both_in_room = mine.room is not None and mine.room == other.room
            if other.start < left:
                begins, ends = max(came, other.start), min(left, other.end)
            else:
                air = numbers.lingering[mine.place, mine.room if both_in_room else None]
                begins, ends = other.start, min(left + timedelta(minutes=air), other.end)
            if begins >= ends:
                continue
            key = (other.person, mine.place, begins.astimezone(numbers.zone).date())
            entry = shared.setdefault(key, _Shared([], []))
            entry.anywhere.append((begins, ends))
            if both_in_room:
                entry.in_a_room.append((begins, ends))
    met: dict[int, datetime] = {}
    for (person, _, _), entry in shared.items():
        if _together(entry.anywhere) >= timedelta(minutes=numbers.same_place) or _together(
            entry.in_a_room
        ) >= timedelta(minutes=numbers.same_room):
            first = min(begins for begins, _ in entry.anywhere)
            met[person] = min(met.get(person, first), first)
    return met


def _together(spans: Sequence[Span]) -> timedelta:
    """How long the spans last together, no moment twice."""
    edges = sorted({edge for span in spans for edge in span})
    return sum(
        (
            later - earlier
            for earlier, later in pairwise(edges)
            if any(begins <= earlier and later <= ends for begins, ends in spans)
        ),
        timedelta(),
    )
