"""Who a trace must find, by brute force: every pair of visits, every minute of them, in sets.

Written from the rules in docs/reference/disease-profiles.md and not from the tracer: it knows no
intervals, no indexes and no SQL. Time is whole minutes since a local midnight, so a day is 1,440.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DAY = 1440


@dataclass(frozen=True)
class SeenVisit:
    person: int
    place: int
    room: int | None
    start: int
    end: int


@dataclass(frozen=True)
class World:
    visits: Sequence[SeenVisit]
    household: Mapping[int, int]
    place_air: Mapping[int, str]
    room_air: Mapping[int, str | None]


@dataclass(frozen=True)
class Figures:
    same_room: int
    same_place: int
    lingering: Mapping[str, int]
    as_of: int


@dataclass(frozen=True)
class Found:
    level: int
    first: int
    last: int
    minutes: int
    household: bool


def _air_left(world: World, figures: Figures, one: SeenVisit, other: SeenVisit) -> int:
    if one.room is not None and one.room == other.room and world.room_air.get(one.room):
        return figures.lingering[str(world.room_air[one.room])]
    return figures.lingering[world.place_air[one.place]]


def _shared(
    world: World, figures: Figures, source: tuple[int, int, int], one: SeenVisit, other: SeenVisit
) -> set[int]:
    """The minutes in which `other` breathed what the source breathed out in `one`."""
    _, since, until = source
    if one.place != other.place:
        return set()
    if one.room is not None and other.room is not None and one.room != other.room:
        return set()
    infectious = set(range(one.start, one.end)) & set(range(since, min(until, figures.as_of)))
    if not infectious:
        return set()
    there = set(range(other.start, min(other.end, figures.as_of)))
    if there & infectious:
        return there & infectious
    gone = max(infectious) + 1
    if other.start < gone:
        return set()
    return there & set(range(gone, gone + _air_left(world, figures, one, other)))


def _met(world: World, figures: Figures, source: tuple[int, int, int], person: int) -> set[int]:
    """The minutes of all days at all places that make `person` a contact of the source."""
    everything: dict[tuple[int, int], set[int]] = defaultdict(set)
    in_rooms: dict[tuple[int, int], set[int]] = defaultdict(set)
    for one in world.visits:
        if one.person != source[0]:
            continue
        for other in world.visits:
            if other.person != person:
                continue
            minutes = _shared(world, figures, source, one, other)
            if not minutes:
                continue
            key = (one.place, min(minutes) // DAY)
            everything[key] |= minutes
            if one.room is not None and one.room == other.room:
                in_rooms[key] |= minutes
    met: set[int] = set()
    for key, minutes in everything.items():
        if len(in_rooms[key]) >= figures.same_room or len(minutes) >= figures.same_place:
            met |= minutes
    return met


def expected(
    world: World, figures: Figures, case: int, window: tuple[int, int], max_level: int
) -> dict[int, Found]:
    """Every contact by person."""
    found: dict[int, Found] = {}
    sources = [(case, window[0], min(window[1], figures.as_of))]
    people = sorted({visit.person for visit in world.visits} | set(world.household))
    for level in range(1, max_level + 1):
        fresh: dict[int, Found] = {}
        for person in people:
            if person == case or person in found:
                continue
            met: set[int] = set()
            homes = []
            for source in sources:
                if source[1] >= source[2]:
                    continue
                met |= _met(world, figures, source, person)
                home = world.household.get(source[0])
                if home is not None and home == world.household.get(person):
                    homes.append(source)
            if not met and not homes:
                continue
            firsts = [min(met)] if met else []
            lasts = [max(met) + 1] if met else []
            for source in sorted(homes, key=lambda one: one[1])[:1]:
                firsts.append(source[1])
                lasts.append(source[2])
            fresh[person] = Found(level, min(firsts), max(lasts), len(met), bool(homes))
        found |= fresh
        sources = [(person, one.first, figures.as_of) for person, one in fresh.items()]
    return found
