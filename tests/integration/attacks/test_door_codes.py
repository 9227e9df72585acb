"""Checking in at a place from home, with a photo of its poster and with a photo of its display."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from lachan.visits.proof import Doors, door_code
from tests.conftest import AREA, MakeResident, Someone


@pytest.fixture
async def market(
    client: httpx.AsyncClient, make_resident: MakeResident, owner: AsyncEngine
) -> dict[str, Any]:
    boss = await make_resident(area=AREA)
    answer = await client.post(
        "/api/v1/places",
        json={"name": "Chợ Có Màn Hình", "kind": "market", "area": AREA},
        headers=boss.headers,
    )
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET proof = 'required'"))
    made: dict[str, Any] = answer.json()
    return made


async def scan(
    client: httpx.AsyncClient, who: Someone, market: dict[str, Any], **more: Any
) -> tuple[int, str]:
    body = {"scan_id": str(uuid4()), "code": market["code"], **more}
    answer = await client.post("/api/v1/visits", json=body, headers=who.headers)
    return answer.status_code, answer.json().get("code", "")


def shown(app: FastAPI, market: dict[str, Any], at: datetime) -> Any:
    doors: Doors = app.state.doors
    return door_code(doors.key_of(market["id"]), at)


async def test_a_photographed_poster_opens_nothing_from_home(
    app: FastAPI,
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    market: dict[str, Any],
    owner: AsyncEngine,
) -> None:
    at_home, at_door = [await make_resident(area=AREA) for _ in range(2)]
    needed = (403, "door-code-needed")
    assert await scan(client, at_home, market) == needed
    assert await scan(client, at_home, market, direction="in") == needed
    # Not by setting the clock back either: a scan kept on a device needs the code of its minute.
    ago = now() - timedelta(hours=3)
    assert await scan(client, at_home, market, at=ago.isoformat()) == needed
    # A photo of the display is worth nothing a little later, nor is one of another place's.
    stale = shown(app, market, now() - timedelta(minutes=5)).token
    assert await scan(client, at_home, market, proof=stale) == needed
    other = shown(app, {"id": market["id"] + 1}, now()).token
    assert await scan(client, at_home, market, proof=other) == needed
    # Whoever leaves has nothing to prove, and no visit comes of it.
    assert (await scan(client, at_home, market, direction="out"))[0] == 201

    moment = now()
    right = shown(app, market, moment)
    assert (await scan(client, at_door, market, proof=right.token))[0] == 201
    kept = shown(app, market, ago)
    third = await make_resident()
    assert (await scan(client, third, market, at=ago.isoformat(), proof=kept.token))[0] == 201
    fourth = await make_resident()
    assert (await scan(client, fourth, market, proof=right.digits))[0] == 201
    async with owner.connect() as connection:
        rows = await connection.execute(text("SELECT person_id, proof FROM visit"))
        assert {row.person_id: row.proof for row in rows} == {
            at_door.id: "display",
            third.id: "display",
            fourth.id: "challenge",
        }


async def test_three_digits_are_not_guessed(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, market: dict[str, Any]
) -> None:
    guesser = await make_resident()
    right = {shown(app, market, now() + timedelta(minutes=n)).digits for n in range(-1, 3)}
    wrong = [f"{n:03}" for n in range(1000) if f"{n:03}" not in right]
    answers = [await scan(client, guesser, market, proof=digits) for digits in wrong[:30]]
    assert answers[:5] == [(403, "door-code-needed")] * 5
    assert set(answers[5:]) == {(429, "too-many-requests")}
    # Other times are other digits, but the same guesser.
    ago = (now() - timedelta(hours=1)).isoformat()
    assert (await scan(client, guesser, market, at=ago, proof="123"))[0] == 429


async def test_the_page_asks_for_what_the_screen_shows(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, market: dict[str, Any]
) -> None:
    guest = await make_resident()
    path = f"/p/{market['code']}"
    poster = await client.get(path, headers=guest.headers)
    assert "Ba chữ số trên màn hình ở cửa" in poster.text
    stale = shown(app, market, now() - timedelta(minutes=9)).token
    page = await client.get(path, params={"d": stale}, headers=guest.headers)
    assert "Mã trên màn hình đã đổi" in page.text
    fresh = await client.get(
        path, params={"d": shown(app, market, now()).token}, headers=guest.headers
    )
    assert "Đã xác nhận bạn đang ở cửa" in fresh.text
    form = {"scan_id": str(uuid4()), "direction": "in"}
    refused = await client.post(path, data={**form, "proof": "xyz"}, headers=guest.headers)
    assert refused.status_code == 403
    assert "Mã này không đúng hoặc đã hết hạn" in refused.text
    ticket = fresh.text.split('name="proof" value="')[1].split('"')[0]
    taken = await client.post(path, data={**form, "proof": ticket}, headers=guest.headers)
    assert taken.status_code == 303


async def test_only_those_who_run_a_place_see_its_screen(
    client: httpx.AsyncClient, make_resident: MakeResident, market: dict[str, Any]
) -> None:
    stranger = await make_resident()
    for path in ("display", "display/code", "display/pair"):
        answer = await client.get(f"/place/{market['id']}/{path}", headers=stranger.headers)
        assert answer.status_code == 404
    assert (await client.get("/display", headers=stranger.headers)).status_code == 403
    assert (await client.get(f"/place/{market['id']}/display")).status_code in {303, 401}
