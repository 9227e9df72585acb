"""What time does to colours: days end, are forgotten, and repairs become overdue."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.places.hours import hours_of
from lachan.places.kinds import KINDS
from lachan.safety.colours.day_store import open_on
from lachan.safety.colours.service import is_open, settle
from lachan.safety.colours.store import history
from lachan.safety.colours.tasks import end_days_until, settle_overdue
from tests.days import midnight, today
from tests.integration.safety.conftest import Facility, MakeFacility


async def send(client: httpx.AsyncClient, place: Facility, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(
        f"/api/v1/places/{place.id}/checks", json=body, headers=place.owner.headers
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def standing(owner: AsyncEngine, place: Facility) -> Any:
    async with owner.connect() as connection:
        return (
            await connection.execute(
                text("SELECT * FROM place_safety WHERE place_id = :place"), {"place": place.id}
            )
        ).one()


@pytest.mark.parametrize("kind", list(KINDS.by_code))
async def test_the_database_knows_the_days_of_rest(owner: AsyncEngine, kind: str) -> None:
    week = [date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(7)]
    shut_on_monday: list[int | None] = [None, None, *[450, 1020] * 6]
    for hours in (None, shut_on_monday, [450, 1020] * 7):
        for day in week:
            async with owner.connect() as connection:
                found = await connection.scalar(
                    text(
                        f"SELECT {open_on('day')} FROM (SELECT CAST(:kind AS text) AS kind,"
                        " CAST(:hours AS smallint[]) AS hours) p"
                    ),
                    {"kind": kind, "hours": hours, "day": day},
                )
            assert found == is_open(kind, hours_of(hours), day), (hours, day)
    assert is_open("school", None, week[5])
    assert not is_open("school", None, week[6])
    assert is_open("medical", None, week[6])


async def test_a_day_ends_with_what_was_not_reported_unmet_and_is_counted(
    client: httpx.AsyncClient,
    make_facility: MakeFacility,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    whole, morning, forgotten = [await make_facility() for _ in range(3)]
    await send(client, whole, whole.check())
    assert (await send(client, morning, morning.check("before")))["colour"] == "green"
    tomorrow = now() + timedelta(days=1)
    assert await end_days_until(job_context, tomorrow) == [today()]
    async with owner.connect() as connection:
        days = {
            row.place_id: (row.colour, row.score, row.late)
            for row in await connection.execute(text("SELECT * FROM safety_day"))
        }
        counted = {
            (row.area, row.kind, row.colour): row.places
            for row in await connection.execute(text("SELECT * FROM safety_area_day"))
        }
    assert days[whole.id][:2] == ("green", 10)
    assert days[morning.id] == ("red", 3, True)
    assert days[forgotten.id] == ("grey", None, True)
    assert counted == {(whole.area, "school", colour): 1 for colour in ("green", "red", "grey")}
    assert await end_days_until(job_context, tomorrow) == []


async def test_the_first_day_is_that_of_the_place_not_of_greenwich(
    school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET joined_at = :at"),
            {"at": midnight(2) + timedelta(hours=1)},
        )
    ended = await end_days_until(job_context, now())
    assert ended == [today() - timedelta(days=2), today() - timedelta(days=1)]


async def test_a_day_of_rest_is_neither_forgotten_nor_a_gap(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    yesterday = today() - timedelta(days=1)
    shut = [450 if half % 2 == 0 else 1020 for half in range(14)]
    shut_day = yesterday.weekday()
    hours: list[int | None] = list(shut)
    hours[2 * shut_day : 2 * shut_day + 2] = [None, None]
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET hours = :hours"), {"hours": hours})
        await connection.execute(
            text(
                "UPDATE place_safety SET joined_at = now() - interval '3 days', day = :day,"
                " colour = 'green', streak = 4"
            ),
            {"day": today() - timedelta(days=2)},
        )
    await end_days_until(job_context, now())
    assert (await standing(owner, school)).streak == 4
    async with owner.connect() as connection:
        days = await connection.execute(text("SELECT day FROM safety_day"))
        assert yesterday not in set(days.scalars())
    await send(client, school, school.check())
    assert (await standing(owner, school)).streak == 5


async def test_a_forgotten_day_ends_the_streak(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE place_safety SET joined_at = now() - interval '3 days', day = :day,"
                " colour = 'green', streak = 9"
            ),
            {"day": today() - timedelta(days=2)},
        )
    await end_days_until(job_context, now())
    assert (await standing(owner, school)).streak == 0
    await send(client, school, school.check())
    assert (await standing(owner, school)).streak == 1


async def test_the_better_class_is_to_be_reached_within_the_hours_that_are_set(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    poor = school.check(zero=("1", "2", "3"))
    told = await send(client, school, poor)
    assert told["colour"] == "yellow"
    assert told["reasons"][0]["code"] == "repair-until"
    await settle_overdue(job_context, {})
    assert (await standing(owner, school)).colour == "yellow"
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET below_since = now() - interval '48 hours 1 minute'")
        )
    await settle_overdue(job_context, {})
    late = await standing(owner, school)
    assert (late.colour, late.reasons[0]["code"]) == ("red", "repair-overdue")
    better = await send(client, school, school.check())
    assert better["colour"] == "green"
    assert (await standing(owner, school)).below_since is None


async def test_what_holds_a_place_goes_over_its_own_answers(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    expected = {"yellow": "yellow", "red": "red", "repair": "repair", None: "green"}
    await send(client, school, school.check())
    for held, colour in expected.items():
        async with owner.begin() as connection:
            await connection.execute(text("UPDATE place_safety SET held = :held"), {"held": held})
            assert await settle(connection, school.id, today()) == colour
            assert (
                await connection.scalar(
                    text("SELECT lachan_colour(s, :today) FROM place_safety s"),
                    {"today": today()},
                )
                == colour
            )
        answer = await client.get(f"/api/v1/places/{school.id}/safety")
        assert answer.json()["colour"] == colour
        reasons = [one["code"] for one in answer.json()["reasons"]]
        assert reasons[-1] == "criteria-met"
        assert len(reasons) == (1 if held is None else 2)


async def test_a_morning_list_gives_no_new_hours_to_repair(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    """A school that fails the same noon list day after day is red when its hours are over."""
    during = [one.code for one in school.criteria.items_of("during")][:3]
    assert (await send(client, school, school.check(zero=tuple(during))))["colour"] == "yellow"
    async with owner.begin() as connection:
        # The days behind, and this morning.
        await connection.execute(text("DELETE FROM daily_check"))
        await connection.execute(
            text("UPDATE place_safety SET below_since = now() - interval '47 hours'")
        )
    morning = await send(client, school, school.check("before"))
    assert morning["reasons"][0]["code"] == "repair-until"
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET below_since = now() - interval '49 hours'")
        )
    await settle_overdue(job_context, {})
    assert (await standing(owner, school)).colour == "red"
    for moment in ("during", "after"):
        await send(client, school, school.check(moment))
    better = await standing(owner, school)
    assert (better.colour, better.below_since) == ("green", None)


async def test_a_silent_day_on_which_a_place_was_held_is_not_one_it_reported(
    client: httpx.AsyncClient,
    make_facility: MakeFacility,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    let_go, held = [await make_facility() for _ in range(2)]

    async def hold(place: Facility, how: str | None) -> None:
        async with owner.begin() as connection:
            await connection.execute(
                text("UPDATE place_safety SET held = :held WHERE place_id = :place"),
                {"held": how, "place": place.id},
            )
            await settle(connection, place.id, today())

    for place in (let_go, held):
        await hold(place, "red")
    await hold(let_go, None)
    await end_days_until(job_context, now() + timedelta(days=1))
    async with owner.connect() as connection:
        days = {
            row.place_id: (row.colour, row.score, row.late)
            for row in await connection.execute(text("SELECT * FROM safety_day"))
        }
        since = await history(connection, held.id, today())
    assert days == {let_go.id: ("grey", None, True), held.id: ("red", None, True)}
    assert [(one.colour, one.reported, one.late) for one in since] == [("red", False, False)]


async def test_days_made_up_for_are_not_held_by_what_came_later(
    school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET joined_at = now() - interval '3 days', held = 'red'")
        )
    await end_days_until(job_context, now())
    async with owner.connect() as connection:
        days = await connection.execute(text("SELECT colour FROM safety_day ORDER BY day"))
        assert list(days.scalars()) == ["grey", "grey", "red"]
