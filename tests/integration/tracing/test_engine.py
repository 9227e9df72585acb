"""The SQL engine against the brute-force oracle, on random populations."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.diseases.profiles import VENTILATIONS
from lachan.tracing.domain import Rules, Source
from lachan.tracing.engine import trace
from lachan.tracing.engines import sql
from lachan.tracing.engines.sql import SqlEngine
from tests.conftest import AREA
from tests.days import ZONE
from tests.integration.tracing.conftest import minute_of, moment, write_world
from tests.oracle import DAY, Figures, Found, SeenVisit, World, expected

ROUNDS = 4
WORLDS_PER_ROUND = 100


def random_world(chance: random.Random) -> World:
    """Few places, few people, short days: so that nearly everything that can happen does."""
    places = chance.randint(1, 4)
    people = range(1, chance.randint(3, 14))
    place_air = {place: chance.choice(VENTILATIONS) for place in range(1, places + 1)}
    rooms = {place: [place * 10 + n for n in range(chance.randint(0, 3))] for place in place_air}
    visits = []
    for person in people:
        for _ in range(chance.randint(0, 6)):
            place = chance.randint(1, places)
            start = chance.choice((chance.randint(0, 4 * DAY), chance.randint(1380, 1500)))
            length = chance.choice((chance.randint(1, 60), chance.randint(1, 600), 1440))
            room = chance.choice([None, *rooms[place]])
            visits.append(SeenVisit(person, place, room, start, start + length))
    return World(
        visits=visits,
        household={one: 1 + one % 3 for one in people if chance.random() < 0.15},
        place_air=place_air,
        room_air={
            room: chance.choice([None, *VENTILATIONS]) for some in rooms.values() for room in some
        },
    )


def random_figures(chance: random.Random) -> Figures:
    same_room = chance.choice((1, 5, 15, 30))
    return Figures(
        same_room=same_room,
        same_place=same_room + chance.choice((0, 0, 10, 30)),
        lingering={air: chance.choice((0, 15, 60, 120)) for air in VENTILATIONS},
        as_of=chance.randint(DAY, 5 * DAY),
    )


def rules_for(figures: Figures) -> Rules:
    return Rules(
        version="test",
        same_room=timedelta(minutes=figures.same_room),
        same_place=timedelta(minutes=figures.same_place),
        lingering={
            air: timedelta(minutes=minutes)  # type: ignore[misc] # the oracle's words are strings
            for air, minutes in figures.lingering.items()
        },
        as_of=moment(figures.as_of),
        zone=ZONE,
    )


async def found_by_engine(
    connection: AsyncConnection,
    figures: Figures,
    case: int,
    window: tuple[int, int],
    max_level: int,
) -> dict[int, Found]:
    source = Source(case, moment(window[0]), moment(window[1]))
    result = await trace(SqlEngine(), connection, source, rules_for(figures), max_level=max_level)
    return {
        one.person_id: Found(
            one.level,
            minute_of(one.first_exposure),
            minute_of(one.last_exposure),
            one.minutes,
            one.household,
        )
        for one in result.contacts
    }


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_engine_and_oracle_agree_to_the_minute(owner: AsyncEngine, seed: int) -> None:
    chance = random.Random(seed)
    seen: set[object] = set()
    for _ in range(WORLDS_PER_ROUND):
        world, figures = random_world(chance), random_figures(chance)
        begins = chance.randint(0, 2 * DAY)
        window = (begins, begins + chance.randint(1, 3 * DAY))
        max_level = chance.randint(1, 3)
        async with owner.connect() as connection:
            await write_world(connection, world, AREA)
            await connection.execute(text("SET LOCAL ROLE lachan_worker"))
            found = await found_by_engine(connection, figures, 1, window, max_level)
            await connection.rollback()
        assert found == expected(world, figures, 1, window, max_level), (world, figures, window)
        seen |= {(one.level, one.household) for one in found.values()}
    # The populations are worth something only if they hold what the rules are about.
    assert seen >= {(1, False), (1, True), (2, False), (2, True), (3, False)}


async def test_shared_out_over_connections_the_answer_is_the_same(
    owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(99)
    world, figures = random_world(chance), random_figures(chance)
    while len({visit.person for visit in world.visits}) < 10:
        world = random_world(chance)
    async with owner.begin() as connection:
        await write_world(connection, world, AREA)
    sources = [Source(person, moment(0), moment(4 * DAY)) for person in range(1, 8)]
    rules = rules_for(figures)
    answers = []
    for few in (len(sources), 1):
        monkeypatch.setattr(sql, "FEW_SOURCES", few)
        async with owner.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            rows = await sql.meetings(connection, sources, rules, ())
            answers.append(sorted(map(str, rows)))
            await connection.rollback()
    assert answers[0]
    assert answers[0] == answers[1]
