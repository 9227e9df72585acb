"""An invented population on real wards: who lives, works and learns where.

Everything follows from the seed; only the areas come from the database.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from lachan.demo.names import family_name, person_name, place_name, room_names
from lachan.places.kinds import kind_of

Habit = Literal["pupil", "student", "worker", "elder", "home"]

HOUSEHOLDS: Final = 1_500
RESIDENTIAL_WARDS: Final = 45
PLACES: Final[Mapping[str, int]] = {
    "school": 110, "university": 10, "dormitory": 10, "medical": 60, "hotel": 40,
    "quarantine_hotel": 6, "transport": 60, "station": 14, "workplace": 270, "market": 90,
    "food": 210, "worship": 50, "office": 60, "event": 10,
}  # fmt: skip
_SIZES: Final = ((1, 2, 3, 4, 5, 6), (8, 17, 25, 30, 14, 6))
_WORK: Final = (
    ("workplace", "school", "medical", "market", "food", "office", "hotel", "transport"),
    (58, 9, 8, 8, 9, 4, 2, 2),
)
_ROOMS: Final = {"school": (4, 8), "medical": (3, 6), "university": (4, 8)}


@dataclass(frozen=True, slots=True)
class Ward:
    path: str
    name: str
    lat: float
    lon: float
    km2: float


@dataclass(slots=True)
class DemoPlace:
    """`rooms` are indexes from 1 on, 0 being none; ids are given when the place is written."""

    index: int
    kind: str
    name: str
    ward: Ward
    lat: float
    lon: float
    rooms: list[str]
    owner: int | None = None


@dataclass(slots=True)
class DemoPerson:
    """`base` is where the person works or learns, in room `base_room` (0: no room)."""

    index: int
    household: int
    ward: Ward
    name: str
    birth_year: int
    relation: str | None
    habit: Habit
    base: DemoPlace | None = None
    base_room: int = 0
    near: dict[str, list[DemoPlace]] = field(default_factory=dict)
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class City:
    wards: Sequence[Ward]
    places: Sequence[DemoPlace]
    people: Sequence[DemoPerson]
    households: int


def _scattered(random: Random, ward: Ward) -> tuple[float, float]:
    """Somewhere around the middle of a ward, well inside it."""
    reach = min(0.35 * math.sqrt(ward.km2), 1.2)  # km
    angle, far = random.uniform(0, 2 * math.pi), reach * math.sqrt(random.random())
    lat = ward.lat + far * math.sin(angle) / 111.0
    lon = ward.lon + far * math.cos(angle) / (111.0 * math.cos(math.radians(ward.lat)))
    return round(lat, 6), round(lon, 6)


def _places(random: Random, wards: Sequence[Ward]) -> list[DemoPlace]:
    # The denser a ward, the more is there; every ward has something.
    weights = [1 / math.sqrt(ward.km2) for ward in wards]
    numbers: dict[str, int] = defaultdict(int)
    places: list[DemoPlace] = []
    for kind, count in PLACES.items():
        spread = random.choices(wards, weights, k=count)
        for ward in spread:
            numbers[f"{kind} {ward.path}"] += 1
            name = place_name(random, kind, ward.name, numbers[f"{kind} {ward.path}"])
            rooms: list[str] = []
            if kind in _ROOMS:
                rooms = room_names(kind, name, random.randint(*_ROOMS[kind]))
            places.append(
                DemoPlace(len(places), kind, name, ward, *_scattered(random, ward), rooms)
            )
    return places


def _nearest(ward: Ward, places: Sequence[DemoPlace], most: int) -> list[DemoPlace]:
    east = math.cos(math.radians(ward.lat))
    return sorted(
        places,
        key=lambda place: (
            (place.lat - ward.lat) ** 2 + ((place.lon - ward.lon) * east) ** 2,
            place.index,
        ),
    )[:most]


def _around(
    wards: Sequence[Ward], places: Sequence[DemoPlace]
) -> dict[str, dict[str, list[DemoPlace]]]:
    """For each ward and kind the places that its people go to."""
    by_kind: dict[str, list[DemoPlace]] = defaultdict(list)
    for place in places:
        by_kind[place.kind].append(place)
    most = {
        "school": 2,
        "market": 3,
        "food": 7,
        "worship": 2,
        "medical": 3,
        "office": 2,
        "workplace": 30,
    }
    return {
        ward.path: {kind: _nearest(ward, some, most.get(kind, 4)) for kind, some in by_kind.items()}
        for ward in wards
    }


def _household(
    random: Random, number: int, ward: Ward, first: int, this_year: int
) -> list[DemoPerson]:
    size = random.choices(*_SIZES)[0]
    family = family_name(random)
    people: list[DemoPerson] = []
    for position in range(size):
        if position == 0:
            age, relation = random.randint(24, 62), None
        elif position == 1 and size > 1:
            age, relation = random.randint(24, 62), "spouse"
        elif size == 6 and position == 5:  # the sixth of six is a grandparent
            age, relation = random.randint(66, 88), "parent"
        else:
            age, relation = random.randint(1, 22), "child"
        habit: Habit = "worker" if random.random() < 0.86 else "home"
        for limit, found in ((3, "home"), (18, "pupil"), (23, "student")):
            if age < limit:
                habit = found  # type: ignore[assignment]
                break
        if age > 62:  # men retire at 62 by the Labour Code of 2019
            habit = "elder"
        name = person_name(random, None if relation == "spouse" else family)
        people.append(
            DemoPerson(first + position, number, ward, name, this_year - age, relation, habit)
        )
    return people


def _bases(
    random: Random,
    people: Sequence[DemoPerson],
    around: Mapping[str, Mapping[str, list[DemoPlace]]],
) -> None:
    for person in people:
        near = around[person.ward.path]
        person.near = dict(near)
        if person.habit == "pupil":
            # The nearest school mostly; a class for each year, so that brothers sit apart.
            person.base = near["school"][0 if random.random() < 0.8 else 1]
            person.base_room = 1 + person.birth_year % len(person.base.rooms)
        elif person.habit == "student":
            person.base = random.choice(near["university"])
            person.base_room = 1 + random.randrange(len(person.base.rooms))
        elif person.habit == "worker":
            kind = random.choices(*_WORK)[0]
            person.base = random.choice(near[kind])
            if person.base.rooms:
                person.base_room = 1 + random.randrange(len(person.base.rooms))
            if person.base.owner is None:
                person.base.owner = person.index


def build(wards: Sequence[Ward], seed: int, this_year: int) -> City:
    """The whole invented city. `wards` are real ones of a province, in a fixed order."""
    random = Random(seed)
    places = _places(random, wards)
    homes = sorted(wards, key=lambda ward: (ward.km2, ward.path))[:RESIDENTIAL_WARDS]
    people: list[DemoPerson] = []
    for number in range(HOUSEHOLDS):
        people += _household(random, number, random.choice(homes), len(people), this_year)
    _bases(random, people, _around(homes, places))
    assert all(kind_of(place.kind) for place in places)
    return City(wards, places, people, HOUSEHOLDS)
