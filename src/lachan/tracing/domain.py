"""Who met whom: the arithmetic of shared air, and the levels around a case. No clock, no database.

The rules, which `docs/reference/disease-profiles.md` tells at length:

- Two visits meet when they are at the same place and not in two different known rooms. Together
  they share the air while both last; and whoever arrives when the other has left, before the air
  is renewed, shares what is left of it.
- The air shared with one person at one place within one local day (that in which it began) is
  added up, no minute twice. It makes a contact when what was shared in one known room reaches the
  profile's minutes for a room, or all of it together the minutes for a place.
- Whoever lives with somebody met them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from lachan.diseases.profiles import Profile, Ventilation
from lachan.diseases.rules import Rule
from lachan.kit.clock import local_day

Interval = tuple[datetime, datetime]
LONGEST_VISIT = timedelta(hours=24)
NEVER = timedelta(days=366)
"""Longer than any day's minutes: no stay at one place reaches it."""


class ExposureKind(StrEnum):
    """How the air was shared."""

    SAME_ROOM = "same_room"
    SAME_PLACE = "same_place"
    LINGERING_AIR = "lingering_air"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a trace goes by. `as_of` is the present: nothing later has happened yet."""

    version: str
    same_room: timedelta
    same_place: timedelta
    lingering: Mapping[Ventilation, timedelta]
    as_of: datetime
    zone: ZoneInfo

    @property
    def longest_lingering(self) -> timedelta:
        return max(self.lingering.values())


def rules_of(profile: Profile, as_of: datetime, zone: ZoneInfo) -> Rules:
    """The rules that a profile makes."""
    return Rules(
        version=profile.version,
        same_room=timedelta(minutes=profile.same_room_minutes),
        same_place=timedelta(minutes=profile.same_place_minutes),
        lingering={
            ventilation: timedelta(minutes=minutes)
            for ventilation, minutes in profile.lingering_minutes.items()
        },
        as_of=as_of,
        zone=zone,
    )


def rules_by(rule: Rule, as_of: datetime, zone: ZoneInfo) -> Rules:
    """The rules that a version makes."""
    place = rule.same_place_minutes
    return Rules(
        version=rule.version,
        same_room=timedelta(minutes=rule.same_room_minutes),
        same_place=NEVER if place is None else timedelta(minutes=place),
        lingering={
            ventilation: timedelta(minutes=minutes)
            for ventilation, minutes in rule.lingering_minutes.items()
        },
        as_of=as_of,
        zone=zone,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody whose meetings within `[since, until)` count."""

    person_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Exposure:
    """Two visits that shared air in `[started_at, ended_at)`.

    `room_id` is known only when both visits were in that one room.
    """

    source_person_id: int
    person_id: int
    source_visit_id: UUID
    visit_id: UUID
    place_id: int
    room_id: int | None
    kind: ExposureKind
    started_at: datetime
    ended_at: datetime

    @property
    def minutes(self) -> int:
        return whole_minutes(self.ended_at - self.started_at)

    @property
    def lingering_minutes(self) -> int:
        return self.minutes if self.kind is ExposureKind.LINGERING_AIR else 0


@dataclass(slots=True)
class Contact:
    """Somebody found, at the lowest level at which they were met, with all the evidence of it."""

    person_id: int
    level: int
    first_exposure: datetime
    last_exposure: datetime
    minutes: int
    household: bool
    exposures: list[Exposure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trace:
    """The contacts of a case; `stopped_at` is the level that was too large to be written."""

    contacts: list[Contact]
    stopped_at: int | None = None

    def counts(self) -> dict[str, int]:
        """How many contacts a level has, by its name: F1, F2 ..."""
        found: dict[str, int] = {}
        for contact in self.contacts:
            name = f"F{contact.level}"
            found[name] = found.get(name, 0) + 1
        return found


def whole_minutes(length: timedelta) -> int:
    """Whole minutes in a length of time, the rest cut off."""
    return length // timedelta(minutes=1)


def overlap(one: Interval, other: Interval) -> Interval | None:
    """The time both half-open intervals cover, None when there is none."""
    started_at, ended_at = max(one[0], other[0]), min(one[1], other[1])
    return (started_at, ended_at) if started_at < ended_at else None


def lingering(left_at: datetime, air: timedelta, visit: Interval) -> Interval | None:
    """The part of `visit`, which began at or after `left_at`, that breathed the air left behind."""
    if visit[0] < left_at:
        return None
    return overlap((left_at, left_at + air), visit)


def covered(intervals: Iterable[Interval]) -> timedelta:
    """The length of time that the intervals cover together, nothing counted twice."""
    total = timedelta()
    reached: datetime | None = None
    for started_at, ended_at in sorted(intervals):
        begins = started_at if reached is None else max(started_at, reached)
        if ended_at > begins:
            total += ended_at - begins
            reached = ended_at
    return total


def _group(exposure: Exposure, zone: ZoneInfo) -> tuple[int, int, int, date]:
    return (
        exposure.person_id,
        exposure.source_person_id,
        exposure.place_id,
        local_day(exposure.started_at, zone),
    )


def qualifying(exposures: Iterable[Exposure], rules: Rules) -> list[Exposure]:
    """Those exposures whose day at their place adds up to a contact."""
    groups: dict[tuple[int, int, int, date], list[Exposure]] = {}
    for exposure in exposures:
        groups.setdefault(_group(exposure, rules.zone), []).append(exposure)
    return [
        exposure
        for together in groups.values()
        if _is_contact(together, rules)
        for exposure in together
    ]


def _is_contact(together: Sequence[Exposure], rules: Rules) -> bool:
    everything = covered((one.started_at, one.ended_at) for one in together)
    if everything >= rules.same_place:
        return True
    if everything < rules.same_room:
        return False
    in_rooms = covered((one.started_at, one.ended_at) for one in together if one.room_id)
    return in_rooms >= rules.same_room


def contacts_from(
    level: int,
    exposures: Iterable[Exposure],
    housemates: Iterable[tuple[Source, int]],
    excluded: Collection[int],
) -> list[Contact]:
    """The contacts of one level, by person; `housemates` pairs a source with who lives there."""
    by_person: dict[int, list[Exposure]] = {}
    for exposure in exposures:
        if exposure.person_id not in excluded:
            by_person.setdefault(exposure.person_id, []).append(exposure)
    homes: dict[int, Source] = {}
    for source, person in housemates:
        known = homes.get(person)
        if person not in excluded and (known is None or source.since < known.since):
            homes[person] = source
    contacts = []
    for person in sorted(by_person.keys() | homes.keys()):
        evidence = sorted(
            by_person.get(person, []), key=lambda one: (one.started_at, one.ended_at, one.visit_id)
        )
        spans = [(one.started_at, one.ended_at) for one in evidence]
        home = homes.get(person)
        # Who lives together meets from the first day to the last; how long is not measured.
        lived = [] if home is None else [(home.since, home.until)]
        contacts.append(
            Contact(
                person_id=person,
                level=level,
                first_exposure=min(span[0] for span in spans + lived),
                last_exposure=max(span[1] for span in spans + lived),
                minutes=whole_minutes(covered(spans)),
                household=home is not None,
                exposures=evidence,
            )
        )
    return contacts


def next_sources(contacts: Iterable[Contact], as_of: datetime) -> list[Source]:
    """Contacts as sources of the next level: what they did from their first exposure on."""
    return [
        Source(contact.person_id, contact.first_exposure, as_of)
        for contact in contacts
        if contact.first_exposure < as_of
    ]
