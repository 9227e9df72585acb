"""The rows that an invented city becomes, ready for COPY. No input, no output, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from lachan.areas.domain import fold
from lachan.demo.city import City
from lachan.demo.days import DemoVisit
from lachan.demo.outbreak import DemoCase
from lachan.diseases.domain import infectious_window
from lachan.diseases.profiles import profile_of
from lachan.kit.crypto import Keyring
from lachan.kit.ids import ALPHABET, CODE_LENGTH, check_symbol
from lachan.places.domain import cell_of
from lachan.places.kinds import kind_of

Row = tuple[Any, ...]
_A_DAY: Final = timedelta(days=1)
_FIRST_VISIT_DAYS: Final = 23


@dataclass(slots=True)
class Rows:
    """Rows by table, in an order that keeps foreign keys; `columns` names what each holds."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, table: str, columns: str, rows: list[Row]) -> None:
        """Put rows of `table` behind those of the tables before it."""
        self.tables[table] = rows
        self.columns[table] = tuple(columns.split())


def _uuid7(random: Random, moment: float) -> UUID:
    """A version 7 UUID of the seed, so that the same seed makes the same visits."""
    bits = random.getrandbits(74)
    value = (int(moment * 1000) & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76
    return UUID(int=value | (bits >> 62) << 64 | 0b10 << 62 | bits & 0x3FFFFFFFFFFFFFFF)


def _code(random: Random) -> str:
    body = "".join(random.choices(ALPHABET, k=CODE_LENGTH - 1))
    return body + check_symbol(body)


@dataclass(frozen=True, slots=True)
class Ids:
    """Where the numbers of this database begin: what is written gets those that follow."""

    person: int = 0
    household: int = 0
    place: int = 0
    room: int = 0


class Numbering:
    """The database's numbers of people, places and rooms of the city."""

    def __init__(self, city: City, ids: Ids) -> None:
        self._ids = ids
        self._rooms: list[int] = []
        total = ids.room
        for place in city.places:
            self._rooms.append(total)
            total += len(place.rooms)

    def person(self, index: int) -> int:
        """The id of a person by its index."""
        return self._ids.person + 1 + index

    def household(self, index: int) -> int:
        """The id of a household by its index."""
        return self._ids.household + 1 + index

    def place(self, index: int) -> int:
        """The id of a place by its index."""
        return self._ids.place + 1 + index

    def room(self, place: int, room: int) -> int | None:
        """The id of a room by the place's index and its own; None for room 0."""
        return self._rooms[place] + room if room else None


def city_rows(
    city: City, numbers: Numbering, keyring: Keyring, seed: int, moment: datetime
) -> Rows:
    """Households, people, their sealed identities, places, rooms, codes and who runs them."""
    random = Random(seed + 10)
    rows = Rows()
    since = moment - timedelta(days=60)
    rows.add(
        "household",
        "id created_at",
        [(numbers.household(index), since) for index in range(city.households)],
    )
    rows.add(
        "person",
        "id home_area household_id created_at",
        [
            (numbers.person(who.index), who.ward.path, numbers.household(who.household), since)
            for who in city.people
        ],
    )
    rows.add(
        "identity_sealed",
        "person_id sealed phone_index",
        [_sealed(numbers.person(who.index), who, keyring) for who in city.people],
    )
    places: list[Row] = []
    rooms: list[Row] = []
    codes: list[Row] = []
    staff: list[Row] = []
    growth = Random(seed + 12)
    for place in city.places:
        place_id = numbers.place(place.index)
        since = registered_at(growth, moment)
        places.append(
            (
                place_id, place.name, place.kind, place.ward.path, "", place.lat, place.lon,
                cell_of(place.lat, place.lon), kind_of(place.kind).ventilation,
                fold(place.name), since,
            )
        )  # fmt: skip
        codes.append((_code(random), place_id, None, since))
        for number, name in enumerate(place.rooms, start=1):
            room_id = numbers.room(place.index, number)
            rooms.append((room_id, place_id, name))
            codes.append((_code(random), place_id, room_id, since))
        if place.owner is not None:
            staff.append((place_id, numbers.person(place.owner), "owner", since))
    rows.add(
        "place",
        "id name kind area address lat lon h3 ventilation folded created_at",
        places,
    )
    rows.add("room", "id place_id name", rooms)
    rows.add("place_code", "code place_id room_id created_at", codes)
    rows.add("place_staff", "place_id person_id role created_at", staff)
    return rows


def registered_at(random: Random, moment: datetime) -> datetime:
    """When a place was registered: before the first visit, more and more of them towards then."""
    return moment - timedelta(days=_FIRST_VISIT_DAYS + 60 * random.random() ** 2)


def _sealed(person_id: int, who: Any, keyring: Keyring) -> Row:  # noqa: ANN401 - a DemoPerson
    known = {"name": who.name, "birth_year": who.birth_year}
    if who.phone:
        known["phone"] = who.phone
    if who.relation and not who.phone:
        known["relation"] = who.relation
    return (
        person_id,
        keyring.seal(orjson.dumps(known), about=f"identity_sealed:{person_id}"),
        keyring.blind_index("phone", who.phone) if who.phone else None,
    )


def visit_rows(
    visits: Sequence[DemoVisit], numbers: Numbering, seed: int
) -> tuple[list[Row], list[Row]]:
    """Rows of `visit`, and of `last_visit` with each person's newest."""
    random = Random(seed + 11)
    rows: list[Row] = []
    last: dict[int, Row] = {}
    for visit in visits:
        start = datetime.fromtimestamp(visit.start, UTC)
        end = min(datetime.fromtimestamp(visit.end, UTC), start + _A_DAY)
        visit_id = _uuid7(random, visit.start)
        person = numbers.person(visit.person)
        place, room = numbers.place(visit.place), numbers.room(visit.place, visit.room)
        rows.append(
            (visit_id, visit.day, person, place, room, start, end, str(visit.end_source), "app",
             "web", False, start)
        )  # fmt: skip
        last[person] = (
            person, visit_id, visit.day, place, room, start, end, str(visit.end_source)
        )  # fmt: skip
    return rows, list(last.values())


VISIT_COLUMNS: Final = (
    "id", "day", "person_id", "place_id", "room_id", "started_at", "ends_at", "end_source",
    "source", "client", "offline", "recorded_at",
)  # fmt: skip
LAST_COLUMNS: Final = (
    "person_id", "visit_id", "day", "place_id", "room_id", "started_at", "ends_at", "end_source",
)  # fmt: skip
CASE_COLUMNS: Final = (
    "code", "person_id", "disease", "profile_version", "classification", "onset_on", "sampled_on",
    "infectious_from", "infectious_until", "area", "opened_by", "opened_at",
)  # fmt: skip


def case_rows(
    cases: Sequence[DemoCase],
    city: City,
    numbers: Numbering,
    officer: int,
    moment: datetime,
    zone: ZoneInfo,
) -> list[Row]:
    """Rows of `case_record`, numbered from 1 on in the order in which they were found."""
    rows: list[Row] = []
    for number, case in enumerate(cases, start=1):
        profile = profile_of(case.disease)
        window = infectious_window(profile, case.onset, case.sampled, zone)
        opened = datetime.combine(case.sampled, datetime.min.time(), tzinfo=zone)
        opened = min(opened + timedelta(hours=16, minutes=number), moment)
        rows.append(
            (f"{profile.case_prefix}-{moment.astimezone(zone).year}-{number:06d}",
             numbers.person(case.person), case.disease, profile.version, case.classification,
             case.onset, case.sampled, *window, city.people[case.person].ward.path, officer,
             opened.astimezone(UTC))
        )  # fmt: skip
    return rows
