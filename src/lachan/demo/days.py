"""Three weeks of comings and goings with the rhythm of a city: school bells, lunch, Sunday."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from lachan.demo.city import City, DemoPerson, DemoPlace, Habit
from lachan.kit.clock import day_bounds
from lachan.places.kinds import kind_of
from lachan.visits.domain import LONGEST_VISIT, EndSource

DAYS: Final = 21
_EARLIEST: Final = 5 * 60
_LATEST: Final = 21 * 60
_SATURDAY: Final = 5
_SCANS_IN: Final = 0.93
_SCANS_OUT: Final = 0.62


@dataclass(slots=True)
class DemoVisit:
    """`room` is an index of the place's rooms from 1 on, 0 being none. Moments are Unix seconds."""

    person: int
    place: int
    room: int
    day: date
    start: float
    end: float
    end_source: str


@dataclass(frozen=True, slots=True)
class _Stay:
    place: DemoPlace
    room: int
    start: int  # minutes after local midnight
    end: int


def _at(random: Random, clock: str, spread: int) -> int:
    """About that time, in minutes after midnight; early and late enough for a city to be awake."""
    hours, minutes = clock.split(":")
    meant = int(hours) * 60 + int(minutes) + round(random.gauss(0, spread))
    return min(max(meant, _EARLIEST), _LATEST)


@dataclass(frozen=True, slots=True)
class _Errand:
    """Something that people do on some days of the week with a certain chance."""

    kind: str
    habits: frozenset[Habit]
    weekdays: range
    chance: float
    clock: str
    spread: int
    minutes: tuple[int, int]


_EVERYBODY: Final[frozenset[Habit]] = frozenset({"pupil", "student", "worker", "elder", "home"})
_GROWN: Final[frozenset[Habit]] = frozenset({"worker", "student", "home"})
_FREE: Final[frozenset[Habit]] = frozenset({"elder", "home"})
_WEEK, _WEEKEND, _LAST = range(5), range(5, 7), range(6, 7)
_ERRANDS: Final = (
    _Errand("market", _FREE, _WEEK, 0.34, "7:00", 35, (15, 50)),
    _Errand("medical", _FREE, _WEEK, 0.04, "9:30", 40, (50, 150)),
    _Errand("worship", _FREE, _WEEK, 0.06, "15:30", 40, (25, 70)),
    _Errand("market", _GROWN, _WEEK, 0.23, "18:05", 22, (12, 35)),
    _Errand("food", _GROWN, _WEEK, 0.11, "19:20", 30, (35, 80)),
    _Errand("medical", _GROWN, _WEEK, 0.012, "18:20", 40, (40, 90)),
    _Errand("office", _GROWN, _WEEK, 0.012, "10:00", 60, (20, 50)),
    _Errand("market", _EVERYBODY, _WEEKEND, 0.3, "9:10", 50, (20, 75)),
    _Errand("food", _EVERYBODY, _WEEKEND, 0.2, "12:00", 25, (40, 90)),
    _Errand("food", _EVERYBODY, _WEEKEND, 0.16, "18:50", 35, (45, 110)),
    _Errand("event", _EVERYBODY, _WEEKEND, 0.02, "17:30", 60, (90, 180)),
    _Errand("station", _EVERYBODY, _WEEKEND, 0.015, "14:00", 120, (20, 60)),
    _Errand("worship", _EVERYBODY, _LAST, 0.1, "8:00", 30, (45, 90)),
)

# From Monday to Friday, and at the weekend.
_ATTENDANCE: Final[dict[Habit, tuple[float, ...]]] = {
    "pupil": (0.96,) * 5 + (0.0,),
    "student": (0.7,) * 5 + (0.0,),
    "worker": (0.94,) * 5 + (0.13,),
    "elder": (0.0,) * 6,
    "home": (0.0,) * 6,
}


def _base(random: Random, who: DemoPerson, weekday: int) -> list[_Stay]:
    """Work, school and the way there, lunch included."""
    base = who.base
    if base is None or random.random() > _ATTENDANCE[who.habit][min(weekday, _SATURDAY)]:
        return []
    if weekday >= _SATURDAY:
        return [_Stay(base, who.base_room, _at(random, "8:10", 15), _at(random, "16:30", 40))]
    if who.habit == "pupil":
        return [_Stay(base, who.base_room, _at(random, "7:10", 6), _at(random, "16:40", 8))]
    if who.habit == "student":
        begin = _at(random, "7:30" if random.random() < 0.6 else "13:00", 10)
        return [_Stay(base, who.base_room, begin, begin + random.randint(170, 260))]
    return _workday(random, who, base)


def _workday(random: Random, who: DemoPerson, base: DemoPlace) -> list[_Stay]:
    begin, end = _at(random, "8:00", 18), _at(random, "17:20", 25)
    stays: list[_Stay] = []
    if who.index % 5 == 0:  # one in five goes by bus
        bus = who.near["transport"][who.index % 3]
        stays += [_Stay(bus, 0, begin - 38, begin - 6), _Stay(bus, 0, end + 6, end + 38)]
    if random.random() < 0.42 and base.kind != "food":
        lunch = _at(random, "11:50", 14)
        place = random.choice(who.near["food"])
        stays += [
            _Stay(base, who.base_room, begin, lunch - 4),
            _Stay(place, 0, lunch, lunch + random.randint(25, 50)),
            _Stay(base, who.base_room, lunch + 55, end),
        ]
    else:
        stays.append(_Stay(base, who.base_room, begin, end))
    return stays


def _errands(random: Random, who: DemoPerson, weekday: int) -> list[_Stay]:
    stays = []
    for errand in _ERRANDS:
        if weekday not in errand.weekdays or who.habit not in errand.habits:
            continue
        if random.random() < errand.chance:
            place = random.choice(who.near[errand.kind])
            begin = _at(random, errand.clock, errand.spread)
            room = 1 + random.randrange(len(place.rooms)) if place.rooms else 0
            stays.append(_Stay(place, room, begin, begin + random.randint(*errand.minutes)))
    return stays


def _scanned(
    random: Random, person: int, day: date, midnight: float, stays: list[_Stay], now: float
) -> list[DemoVisit]:
    """What of a day's stays the scanner saw, with the ends that the rules of visits give."""
    stays = sorted(
        (stay for stay in stays if random.random() < _SCANS_IN), key=lambda stay: stay.start
    )
    visits: list[DemoVisit] = []
    for position, stay in enumerate(stays):
        start = midnight + 60 * stay.start + random.randrange(60)
        following = midnight + 60 * stays[position + 1].start if position + 1 < len(stays) else None
        if start >= now or (following is not None and following <= start):
            continue
        longest = min(
            60.0 * kind_of(stay.place.kind).usual_stay_minutes, LONGEST_VISIT.total_seconds()
        )
        left = midnight + 60 * max(stay.end, stay.start + 5)
        expected = start + longest
        end, source = expected, EndSource.EXPECTED
        if random.random() < _SCANS_OUT and left <= min(expected, now):
            end, source = left, EndSource.SCANNED
        if following is not None and following < min(end, now):
            end, source = following, EndSource.NEXT_ARRIVAL
        visits.append(DemoVisit(person, stay.place.index, stay.room, day, start, end, source))
    return visits


def live(city: City, seed: int, moment: datetime, zone: ZoneInfo) -> list[DemoVisit]:
    """Everybody's visits of the `DAYS` local days up to `moment`, by person and then by time."""
    random = Random(seed + 1)
    today = moment.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    midnights = [day_bounds(day, zone)[0].timestamp() for day in days]
    assert datetime.combine(today, time(), tzinfo=zone).timestamp() == midnights[-1]
    now = moment.timestamp()
    visits: list[DemoVisit] = []
    for who in city.people:
        for day, midnight in zip(days, midnights, strict=True):
            weekday = day.weekday()
            stays = _base(random, who, weekday) + _errands(random, who, weekday)
            if stays:
                visits += _scanned(random, who.index, day, midnight, stays, now)
    return visits
