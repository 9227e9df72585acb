"""A place commits its daily check: what is taken, what is refused, and what everybody then sees."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import day_bounds, now
from lachan.settings import Settings
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.days import today
from tests.integration.safety.conftest import Facility, MakeFacility


async def send(
    client: httpx.AsyncClient, place: Facility, body: dict[str, Any], who: Someone | None = None
) -> httpx.Response:
    return await client.post(
        f"/api/v1/places/{place.id}/checks",
        json=body,
        headers=(who or place.owner).headers,
    )


async def seen(client: httpx.AsyncClient, place: Facility) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/places/{place.id}/safety")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_good_day_turns_the_place_green_for_everybody_and_tells_the_maps(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    before = await seen(client, school)
    assert before["colour"] == "grey"
    assert [one["code"] for one in before["reasons"]] == ["not-reported"]
    assert before["today"] == {"before": False, "during": False, "after": False}
    answer = await send(client, school, school.check())
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["colour"], told["outcome"]) == ("green", "high")
    assert (told["score"], told["maximum"], told["replaced"]) == (10, 10, None)
    assert told["set"] == {"code": "schools-hcmc", "version": "2021-10-20"}
    assert told["reasons"][0]["code"] == "criteria-met"
    after = await seen(client, school)
    assert after["colour"] == "green"
    assert after["since"] == today().isoformat()
    assert after["today"] == {"before": True, "during": True, "after": True}
    assert after["history"] == [{"day": today().isoformat(), "colour": "green"}]
    assert after["streak"] == 1
    async with owner.connect() as connection:
        events = (
            await connection.execute(text("SELECT kind, payload FROM event WHERE topic = 'map'"))
        ).all()
    assert [one.kind for one in events] == ["colour"]
    payload = events[0].payload
    assert (payload["id"], payload["c"], payload["k"]) == (school.id, "green", "school")
    assert payload["h3"].startswith("85")


async def test_the_morning_alone_is_judged_by_what_is_due(
    client: httpx.AsyncClient, school: Facility
) -> None:
    told = (await send(client, school, school.check("before"))).json()
    assert told["colour"] == "green"
    assert (told["score"], told["maximum"]) == (3, 3)
    assert "so-far" in [one["code"] for one in told["reasons"]]
    worse = await send(client, school, school.check("during", zero=("2", "3", "4")))
    assert (worse.json()["colour"], worse.json()["outcome"]) == ("yellow", "safe")
    assert (await seen(client, school))["today"] == {
        "before": True,
        "during": True,
        "after": False,
    }


async def test_sending_the_same_commit_again_changes_nothing(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    body = school.check()
    first, second = await send(client, school, body), await send(client, school, body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM daily_check")) == 1


async def test_two_staff_at_once_are_both_kept_and_the_later_one_counts(
    client: httpx.AsyncClient, school: Facility, make_resident: MakeResident, owner: AsyncEngine
) -> None:
    colleague = await make_resident()
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'staff')"),
            {"place": school.id, "person": colleague.id},
        )
    answers = await asyncio.gather(
        send(client, school, school.check()),
        send(client, school, school.check(zero=("1", "2", "3")), colleague),
    )
    assert [one.status_code for one in answers] == [201, 201]
    told = sorted((one.json() for one in answers), key=lambda one: one["check_id"])
    assert told[0]["replaced"] is None
    assert told[1]["replaced"] == told[0]["check_id"]
    assert (await seen(client, school))["colour"] == told[1]["colour"]
    async with owner.connect() as connection:
        kept = (
            await connection.execute(text("SELECT id, replaced_by FROM daily_check ORDER BY id"))
        ).all()
    assert [(one.id, one.replaced_by) for one in kept] == [
        (told[0]["check_id"], told[1]["check_id"]),
        (told[1]["check_id"], None),
    ]


async def test_a_place_of_others_takes_no_check(
    client: httpx.AsyncClient, school: Facility, make_resident: MakeResident
) -> None:
    stranger = await make_resident()
    for place in (school.id, 10**12):
        answer = await client.post(
            f"/api/v1/places/{place}/checks", json=school.check(), headers=stranger.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "check-place-foreign")


async def test_ex_staff_are_told_that_they_run_the_place_no_more(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    assert (await send(client, school, school.check())).status_code == 201
    async with owner.begin() as connection:
        await connection.execute(text("DELETE FROM place_staff"))
    answer = await send(client, school, school.check())
    assert (answer.status_code, answer.json()["code"]) == (403, "check-staff-former")


@pytest.mark.parametrize("days", [-1, 1])
async def test_another_day_is_refused(
    client: httpx.AsyncClient, school: Facility, days: int
) -> None:
    day = today() + timedelta(days=days)
    body = school.check(day=day.isoformat())
    answer = await send(client, school, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "check-day-back-dated")
    begun, _ = day_bounds(day, Settings().zone)
    body["made_at"] = (begun + timedelta(hours=1)).isoformat()
    answer = await send(client, school, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "check-day-back-dated")


async def test_a_clock_that_runs_ahead_or_belongs_to_another_day_is_refused(
    client: httpx.AsyncClient, school: Facility
) -> None:
    for made_at in (now() + timedelta(minutes=5), datetime(2020, 1, 1, tzinfo=UTC)):
        answer = await send(client, school, school.check(made_at=made_at.isoformat()))
        assert (answer.status_code, answer.json()["code"]) == (422, "check-day-back-dated")


async def test_answers_that_do_not_fit_the_moment_are_refused_by_name(
    client: httpx.AsyncClient, school: Facility
) -> None:
    body = school.check("before")
    for change, status, code, field in (
        ({"99": 1}, 422, "check-items-unknown", "answers.99"),
        ({"4": 1}, 422, "check-items-unknown", "answers.4"),
        ({"1": 2}, 422, "invalid-input", "answers.1"),
    ):
        sent = body | {"answers": body["answers"] | change}
        answer = await send(client, school, sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert list(answer.json()["fields"]) == [field]
    answers = {code: points for code, points in body["answers"].items() if code != "6"}
    answer = await send(client, school, body | {"answers": answers})
    assert (answer.status_code, answer.json()["code"]) == (422, "check-incomplete")
    assert list(answer.json()["fields"]) == ["answers.6"]


async def test_a_commit_id_of_somebody_else_is_taken(
    client: httpx.AsyncClient, school: Facility, make_facility: MakeFacility
) -> None:
    other = await make_facility()
    body = school.check()
    assert (await send(client, school, body)).status_code == 201
    answer = await send(client, other, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "check-commit-taken")
    assert (await seen(client, other))["colour"] == "grey"


async def test_a_place_joins_by_whoever_runs_it(
    client: httpx.AsyncClient,
    school: Facility,
    make_officer: MakeOfficer,
    owner: AsyncEngine,
) -> None:
    async with owner.begin() as connection:
        await connection.execute(text("DELETE FROM place_safety"))
    gone = await client.get(f"/api/v1/places/{school.id}/safety")
    assert gone.status_code == 404
    refused = await send(client, school, school.check())
    assert (refused.status_code, refused.json()["code"]) == (409, "check-not-joined")
    path = f"/api/v1/places/{school.id}/safety"
    assert (await client.post(path)).status_code == 401
    officer = await make_officer("safety_inspector", AREA)
    assert (await client.post(path, headers=officer.headers)).status_code == 403
    for _ in range(2):
        joined = await client.post(path, headers=school.owner.headers)
        assert (joined.status_code, joined.json()["colour"]) == (201, "grey")


async def test_a_kind_without_criteria_cannot_join(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(text("DELETE FROM place_safety"))
        await connection.execute(text("UPDATE place SET kind = 'household'"))
    answer = await client.post(f"/api/v1/places/{school.id}/safety", headers=school.owner.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "criteria-none")


async def test_those_who_run_it_see_the_day_with_the_name_of_who_committed(
    client: httpx.AsyncClient, school: Facility
) -> None:
    await send(client, school, school.check("before", name="  Cô   Lan "))
    answer = await client.get(f"/api/v1/me/places/{school.id}/safety", headers=school.owner.headers)
    assert answer.status_code == 200
    told = answer.json()
    assert list(told["answered"]) == ["before"]
    assert told["answered"]["before"]["name"] == "Cô Lan"
    assert [one["code"] for one in told["items"] if one["compulsory"]] == ["6", "4", "5"]
    assert set(told["due"]) == {"before", "during", "after"}
    assert (await client.get(f"/api/v1/me/places/{school.id}/safety")).status_code == 401


async def test_who_may_call(
    client: httpx.AsyncClient, school: Facility, make_officer: MakeOfficer
) -> None:
    path = f"/api/v1/places/{school.id}/checks"
    assert (await client.post(path, json=school.check())).status_code == 401
    officer = await make_officer("safety_inspector", school.area)
    answer = await client.post(path, json=school.check(), headers=officer.headers)
    assert answer.status_code == 403


async def test_the_name_is_sealed_and_goes_when_its_owner_is_erased(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    await send(client, school, school.check(name="Cô Lan"))
    async with owner.begin() as connection:
        kept = await connection.scalar(text("SELECT name_sealed FROM daily_check"))
        assert b"Lan" not in kept
        await connection.execute(
            text("INSERT INTO identity_sealed (person_id, sealed) VALUES (:person, 'x')"),
            {"person": school.owner.id},
        )
        await connection.execute(text("DELETE FROM identity_sealed"))
        row = (
            await connection.execute(text("SELECT name_sealed, person_id FROM daily_check"))
        ).one()
    assert tuple(row) == (None, None)


async def test_a_body_that_is_no_check_is_refused(
    client: httpx.AsyncClient, school: Facility
) -> None:
    for change in (
        {"commit_id": "1"},
        {"moment": "night"},
        {"day": "yesterday"},
        {"made_at": "2021-10-20T07:00:00"},
        {"answers": {"1": -1}},
        {"answers": {"1": 1.5}},
        {"answers": {"1": True}},
        {"answers": []},
        {"notes": {"1": "x" * 501}},
        {"extra": 1},
        {"photos": {"6": [str(uuid4())] * 6}},
    ):
        answer = await send(client, school, school.check() | change)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input"), change


async def test_a_note_has_lines_and_no_controls(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine
) -> None:
    said = "Hết xà phòng.\r\n\tĐã gọi 👩\u200d🍳 mua."
    for note in ("a\0b", "a\x07b"):
        refused = await send(client, school, school.check(notes={"1": said, "4": note}))
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input")
        assert list(refused.json()["fields"]) == ["notes.4"]
    answer = await send(client, school, school.check(notes={"4": said}))
    assert answer.status_code == 201, answer.text
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT notes ->> '4' FROM daily_check")) == said
