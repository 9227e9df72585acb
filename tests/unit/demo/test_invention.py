"""Whatever the hour and the day on which it is started, the demo has a city and an outbreak."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from lachan.areas import data_files
from lachan.demo.city import City, Ward, build
from lachan.demo.days import DAYS, DemoVisit, live
from lachan.demo.fill import PROVINCE, SEED
from lachan.demo.outbreak import COVID, MEASLES, MOST_CASES, WANTED_CASES, DemoCase, break_out
from lachan.visits.domain import LONGEST_VISIT

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WARDS = [
    Ward(
        unit["path"], unit["name"], float(unit["lat"]), float(unit["lon"]), float(unit["area_km2"])
    )
    for unit in data_files.read_table(data_files.UNITS)
    if unit["parent"] == PROVINCE
]


MONDAY = datetime(2026, 3, 2, 7, 15, tzinfo=ZONE)  # as the bell rings


@cache
def invent(moment: datetime) -> tuple[City, list[DemoVisit], list[DemoCase]]:
    city = build(WARDS, SEED, moment.year)
    visits = live(city, SEED, moment, ZONE)
    return city, visits, break_out(city, visits, SEED, moment, ZONE)[0]


@pytest.mark.parametrize(
    "moment",
    [
        MONDAY,
        datetime(2026, 3, 7, 23, 30, tzinfo=ZONE),  # a Saturday night
        datetime(2027, 1, 3, 3, 0, tzinfo=ZONE),  # a Sunday, before anybody is up
    ],
    ids=str,
)
def test_any_moment_will_do(moment: datetime) -> None:
    city, visits, cases = invent(moment)
    assert len(visits) > 100_000
    diseases = [case.disease for case in cases]
    assert WANTED_CASES <= diseases.count(COVID) <= MOST_CASES
    assert diseases.count(MEASLES) >= 3
    first_day = moment.date() - timedelta(days=DAYS - 1)
    for visit in visits:
        assert first_day <= visit.day <= moment.date()
        assert visit.start < moment.timestamp()
        assert visit.start < visit.end <= visit.start + LONGEST_VISIT.total_seconds()
        assert 0 <= visit.room <= len(city.places[visit.place].rooms)
    people = [case.person for case in cases]
    assert len(set(people)) == len(people)
    assert all(case.onset < moment.date() and case.sampled <= moment.date() for case in cases)
    position = {case.person: case for case in cases}
    for case in cases:
        if case.infected_by is not None and case.infected_by in position:
            assert position[case.infected_by].onset < case.onset


def test_the_same_seed_makes_the_same_city() -> None:
    city, visits, cases = invent(MONDAY)
    again, same, also = invent.__wrapped__(MONDAY)
    assert [place.name for place in city.places] == [place.name for place in again.places]
    assert [who.name for who in city.people] == [who.name for who in again.people]
    assert visits == same
    assert cases == also


def test_every_place_has_a_name_of_its_own() -> None:
    names = [place.name for place in build(WARDS, SEED, 2026).places]
    assert len(set(names)) == len(names) == 1_000
