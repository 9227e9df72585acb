"""What the job finds in visits, on a real database and with the worker's own rights."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from lachan.visits.doubts import store, tasks
from tests.conftest import AREA, OTHER_AREA
from tests.integration.visits.doubts.conftest import SAI_GON, World


@pytest.fixture(autouse=True)
async def looked_before(owner: AsyncEngine) -> None:
    """The job has run an hour ago."""
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO doubt_watermark (recorded_until) VALUES (now() - interval '1 hour')")
        )


async def test_two_towns_at_once_are_both_doubted_and_both_kept(world: World) -> None:
    someone, north, south = (
        await world.make_resident(),
        await world.put_place(),
        await world.put_place(SAI_GON),
    )
    began = now() - timedelta(minutes=40)
    first = await world.put_visit(someone.id, north, began, end_source="next_arrival", minutes=5)
    second = await world.put_visit(someone.id, south, began + timedelta(minutes=5))
    other = await world.make_resident()
    await world.put_visit(other.id, north, began)
    await world.put_visit(
        other.id, await world.put_place((21.03, 105.85)), began + timedelta(minutes=5)
    )
    await world.look()
    found = await world.doubts()
    assert set(found) == {(first, "double_presence"), (second, "double_presence")}
    assert found[first, "double_presence"] == {"km": 1144, "minutes": 5}
    async with world.owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM visit")) == 4


async def test_a_visit_reported_late_is_judged_by_those_that_were_there(world: World) -> None:
    """A visit of five days ago comes from an offline phone; the other was looked at long since."""
    someone, north, south = (
        await world.make_resident(),
        await world.put_place(),
        await world.put_place(SAI_GON),
    )
    began = now() - timedelta(days=5)
    known = await world.put_visit(
        someone.id, north, began, recorded=began, end_source="scanned", minutes=50
    )
    late = await world.put_visit(someone.id, south, began + timedelta(minutes=90), offline=True)
    await world.look()
    found = await world.doubts()
    assert found == {
        (known, "double_presence"): {"km": 1144, "minutes": 40},
        (late, "double_presence"): {"km": 1144, "minutes": 40},
    }


async def test_a_train_moves(world: World) -> None:
    someone, train = await world.make_resident(), await world.put_place(SAI_GON, kind="transport")
    began = now() - timedelta(minutes=40)
    await world.put_visit(someone.id, await world.put_place(), began)
    await world.put_visit(someone.id, train, began + timedelta(minutes=5))
    await world.look()
    assert await world.doubts() == {}


async def test_a_photographed_poster_of_another_town_is_far_from_usual(world: World) -> None:
    far = await world.put_place(None, area=OTHER_AREA)
    at_home, today = await world.make_resident(area=AREA), now() - timedelta(minutes=30)
    doubted = await world.put_visit(at_home.id, far, today)
    proved = await world.make_resident(area=AREA)
    await world.put_visit(proved.id, far, today, proof="display")
    # On a journey: a turnstile there has seen this person this week.
    travelling = await world.make_resident(area=AREA)
    await world.put_visit(
        travelling.id, far, today - timedelta(days=2), proof="device", source="device"
    )
    await world.put_visit(travelling.id, far, today)
    # Moved there without telling us, and scans every day.
    moved = await world.make_resident(area=AREA)
    for days in (1, 2, 3):
        recorded = today - timedelta(days=days)
        await world.put_visit(moved.id, far, recorded, recorded=recorded)
    await world.put_visit(moved.id, far, today)
    # Nothing is known of where this person lives, and little of where else.
    unknown = await world.make_resident()
    await world.put_visit(unknown.id, far, today)
    near = await world.make_resident(area=AREA)
    await world.put_visit(near.id, await world.put_place(None), today)
    # Three days up north speak for living there, whatever the profile leaves open.
    northern, north = await world.make_resident(), await world.put_place()
    for days in (1, 2, 3):
        recorded = today - timedelta(days=days)
        await world.put_visit(northern.id, north, recorded, recorded=recorded)
    also = await world.put_visit(northern.id, far, today)
    await world.look()
    found = await world.doubts()
    assert set(found) == {(doubted, "far_from_usual"), (also, "far_from_usual")}
    assert 1050 < found[doubted, "far_from_usual"]["km"] < 1200
    assert found[also, "far_from_usual"] == {}


async def test_a_flood_marks_who_proved_nothing(world: World) -> None:
    someone, place = await world.make_resident(), await world.put_place()
    hour = (now() - timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    for days in (1, 2, 3):
        for hours in range(10):
            at = hour - timedelta(days=days, hours=hours)
            await world.put_visit(someone.id, place, at, recorded=at)
    async with world.owner.begin() as connection:
        people = list(
            await connection.scalars(
                text("INSERT INTO person SELECT FROM generate_series(1, 60) RETURNING id")
            )
        )
    marked = {
        await world.put_visit(person, place, hour + timedelta(seconds=30 * number))
        for number, person in enumerate(people)
    }
    honest = await world.put_visit(
        someone.id, place, hour + timedelta(minutes=9), proof="device", source="device"
    )
    await world.look()
    found = await world.doubts()
    assert {visit for visit, kind in found if kind == "flood"} == marked
    assert honest not in {visit for visit, _ in found}
    assert set(map(str, found.values())) == {"{'busiest': 1, 'arrivals': 61}"}


async def test_scans_without_the_proof_that_a_place_asks_for(world: World) -> None:
    someone, moment = await world.make_resident(), now() - timedelta(hours=9)
    asks, silent = await world.put_place(proof="optional"), await world.put_place()
    doubted = await world.put_visit(someone.id, asks, moment)
    await world.put_visit(someone.id, asks, moment + timedelta(hours=2), proof="challenge")
    await world.put_visit(someone.id, silent, moment + timedelta(hours=4))
    by_hand = await world.put_visit(someone.id, asks, moment + timedelta(hours=6), source="diary")
    await world.look()
    assert set(await world.doubts()) == {(doubted, "unproved"), (by_hand, "unproved")}


async def test_looking_again_finds_nothing_new_and_nothing_is_looked_at_before_it_settles(
    world: World,
) -> None:
    someone, place = await world.make_resident(), await world.put_place(proof="required")
    await world.put_visit(someone.id, place, now() - timedelta(minutes=8))
    await world.put_visit(someone.id, place, now(), recorded=now())
    await world.look()
    first = await world.doubts()
    await world.look()
    assert await world.doubts() == first
    assert len(first) == 1
    async with world.context.engine.connect() as connection:
        until = await store.WATERMARK.reached(connection)
    assert until is not None
    assert until <= now() - tasks.SETTLED


async def test_the_first_look_goes_back_a_day(world: World) -> None:
    someone, place = await world.make_resident(), await world.put_place(proof="optional")
    yesterday, before = (now() - timedelta(hours=hours) for hours in (20, 30))
    found = await world.put_visit(someone.id, place, yesterday, recorded=yesterday)
    await world.put_visit(someone.id, place, before, recorded=before)
    async with world.owner.begin() as connection:
        await connection.execute(text("DELETE FROM doubt_watermark"))
    await world.look()
    assert set(await world.doubts()) == {(found, "unproved")}


async def test_what_is_deleted_takes_its_doubts_along(world: World) -> None:
    someone, other = await world.make_resident(), await world.make_resident()
    place = await world.put_place(proof="optional")
    for person in (someone, other):
        await world.put_visit(person.id, place, now() - timedelta(minutes=20))
    old = now() - timedelta(days=25)
    await world.put_visit(other.id, place, old, recorded=now() - timedelta(minutes=5))
    await world.look()
    async with world.owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM visit WHERE person_id = :person"), {"person": someone.id}
        )
    async with world.owner.connect() as connection:
        rows = await connection.execute(text("SELECT person_id FROM visit_doubt"))
        assert {row.person_id for row in rows} == {other.id}
    await tasks.forget(world.context, {})
    async with world.owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM visit_doubt")) == 1
