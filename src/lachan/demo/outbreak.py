"""An outbreak that follows the visits: who was infected by whom, where, and who knows of it.

People infect whom they really shared air with, so a trace finds a chain and not noise. The model is
only as good as a demonstration needs: one chance for each shared stay of a quarter of an hour.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from lachan.demo.city import City
from lachan.demo.days import DemoVisit

COVID: Final = "covid-19"
MEASLES: Final = "measles"
WANTED_CASES: Final = 22
MOST_CASES: Final = 26
MEASLES_CASES: Final = 5
_TOGETHER: Final = 15 * 60.0


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case that the health department knows; `found_days` after onset somebody took a sample."""

    person: int
    disease: str
    onset: date
    sampled: date
    classification: str
    infected_by: int | None


class Meetings:
    """Who shared air with whom, by the visits."""

    def __init__(self, visits: Sequence[DemoVisit]) -> None:
        self.of: dict[int, list[DemoVisit]] = defaultdict(list)
        self._there: dict[tuple[int, date], list[DemoVisit]] = defaultdict(list)
        for visit in visits:
            self.of[visit.person].append(visit)
            self._there[visit.place, visit.day].append(visit)

    def with_whom(self, visit: DemoVisit) -> list[tuple[DemoVisit, float]]:
        """Visits of others that met this one, with the seconds they shared."""
        met = []
        for other in self._there[visit.place, visit.day]:
            if other.person == visit.person or (
                other.room and visit.room and other.room != visit.room
            ):
                continue
            shared = min(visit.end, other.end) - max(visit.start, other.start)
            if shared > 0:
                met.append((other, shared))
        return met


def _spread(
    city: City,
    meetings: Meetings,
    first: Sequence[tuple[int, date]],
    chance: float,
    random: Random,
    until: date,
) -> list[tuple[int, date, int | None]]:
    """(person, onset, by whom) of everybody infected with onset before `until`, by onset."""
    families: dict[int, list[int]] = defaultdict(list)
    for resident in city.people:
        families[resident.household].append(resident.index)
    known: dict[int, tuple[date, int | None]] = {person: (onset, None) for person, onset in first}
    queue = sorted(known, key=lambda person: (known[person][0], person))
    for source in queue:  # grows while it is walked
        onset = known[source][0]
        window = (onset - timedelta(days=2), onset + timedelta(days=3))  # then the sick stay home
        caught: list[tuple[int, date]] = []
        for visit in meetings.of[source]:
            if window[0] <= visit.day <= window[1]:
                caught += [
                    (other.person, visit.day)
                    for other, shared in meetings.with_whom(visit)
                    if shared >= _TOGETHER and random.random() < chance
                ]
        caught += [
            (relative, onset)
            for relative in families[city.people[source].household]
            if relative != source and random.random() < 0.35
        ]
        for person, day in caught:
            sick = day + timedelta(days=random.choice((3, 4, 4, 5, 5, 6)))
            if person not in known and sick < until:
                known[person] = (sick, source)
                queue.append(person)
        if len(queue) > 4 * MOST_CASES:
            break
    return sorted(
        ((person, onset, by) for person, (onset, by) in known.items()),
        key=lambda case: (case[1], case[0]),
    )


def _covid(city: City, meetings: Meetings, today: date, seed: int) -> list[DemoCase]:
    random = Random(seed + 2)
    busy = [
        person.index
        for person in city.people
        if person.habit == "worker" and len(meetings.of[person.index]) > 20
    ]
    first = [(person, today - timedelta(days=13)) for person in random.sample(busy, 2)]
    chain: list[tuple[int, date, int | None]] = []
    for step in range(1, 40):  # the smallest chance that makes an outbreak of the wanted size
        chain = _spread(city, meetings, first, 0.01 * step, Random(seed + 3), today)
        if len(chain) >= WANTED_CASES:
            break
    cases = []
    for person, onset, by in chain[:MOST_CASES]:
        sampled = min(onset + timedelta(days=random.choice((1, 1, 2))), today)
        recent = (today - onset).days <= 1
        classification = random.choice(("suspected", "probable")) if recent else "confirmed"
        cases.append(DemoCase(person, COVID, onset, sampled, classification, by))
    return cases


def _measles(city: City, meetings: Meetings, today: date, taken: set[int]) -> list[DemoCase]:
    """A child of a class, and eleven days later classmates who sat in the same room."""
    onset = today - timedelta(days=13)
    best: tuple[int, list[int]] | None = None
    for person in city.people:
        if person.habit != "pupil" or person.index in taken:
            continue
        mates: set[int] = set()
        for visit in meetings.of[person.index]:
            if onset - timedelta(days=4) <= visit.day <= onset:
                mates |= {
                    other.person
                    for other, _ in meetings.with_whom(visit)
                    if city.people[other.person].habit == "pupil" and other.room == visit.room
                }
        mates -= taken
        if best is None or len(mates) > len(best[1]):
            best = (person.index, sorted(mates))
    assert best is not None
    index, mates_found = best
    cases = [DemoCase(index, MEASLES, onset, onset + timedelta(days=2), "confirmed", None)]
    for position, mate in enumerate(mates_found[: MEASLES_CASES - 1]):
        sick = onset + timedelta(days=10 + position % 3)
        cases.append(
            DemoCase(mate, MEASLES, sick, min(sick + timedelta(days=1), today), "confirmed", index)
        )
    return cases


def break_out(
    city: City, visits: Sequence[DemoVisit], seed: int, moment: datetime, zone: ZoneInfo
) -> tuple[list[DemoCase], Meetings]:
    """The cases known by `moment`, oldest onset first, and who met whom."""
    today = moment.astimezone(zone).date()
    meetings = Meetings(visits)
    covid = _covid(city, meetings, today, seed)
    measles = _measles(city, meetings, today, {case.person for case in covid})
    return sorted([*covid, *measles], key=lambda case: (case.onset, case.person)), meetings


def met_longest(
    city: City,
    meetings: Meetings,
    case: DemoCase,
    cases: Mapping[int, DemoCase],
    window: tuple[float, float],
) -> int | None:
    """The grown-up outside the household and not a case who shared most air with `case`."""
    shared: dict[int, float] = defaultdict(float)
    for visit in meetings.of[case.person]:
        for other, seconds in meetings.with_whom(visit):
            if window[0] <= max(visit.start, other.start) < window[1]:
                shared[other.person] += seconds
    home = city.people[case.person].household
    fit = [
        (seconds, person)
        for person, seconds in shared.items()
        if person not in cases
        and city.people[person].household != home
        and city.people[person].habit == "worker"
        and seconds >= 2 * _TOGETHER
    ]
    return max(fit)[1] if fit else None
