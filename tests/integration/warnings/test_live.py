"""The live channel over a real server: at once, resumed, bounded, and ended with the session."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.settings import Settings, Warnings
from tests.conftest import Database, MakeOfficer, MakeResident, Someone
from tests.integration.warnings.conftest import Station
from tests.integration.warnings.serving import serving, working


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"warnings": Warnings(heartbeat_seconds=0.3, streams_per_person=2)}
    )


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


Event = dict[str, Any]


@asynccontextmanager
async def listening(
    address: str, who: Someone, **headers: str
) -> AsyncIterator[AsyncIterator[Event]]:
    """Events as a browser's EventSource reads them; a heartbeat is {}."""
    async with (
        httpx.AsyncClient(timeout=10) as http,
        http.stream(
            "GET", f"{address}/api/v1/me/events", headers={**who.headers, **headers}
        ) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")

        async def events() -> AsyncIterator[Event]:
            event: Event = {}
            async for line in answer.aiter_lines():
                if line.startswith(":"):
                    yield {}
                elif not line:
                    if "event" in event:
                        yield event
                    event = {}
                else:
                    name, _, value = line.partition(": ")
                    event[name] = orjson.loads(value) if name == "data" else value

        yield events()


async def next_of(events: AsyncIterator[Event], kind: str) -> Event:
    async with asyncio.timeout(5):
        async for event in events:
            if event.get("event") == kind:
                return event
    raise AssertionError(f"the stream ended before {kind!r}")


async def test_a_warning_is_on_the_phone_within_two_seconds_of_its_approval(
    station: Station, address: str, database: Database
) -> None:
    officer, someone = await station.make_officer(), await station.make_resident()
    case = await station.make_traced(someone.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    async with working(database.urls, station.context), listening(address, someone) as events:
        assert (await next_of(events, "unread"))["data"] == {"count": 0}
        begun = time.monotonic()
        assert (await station.approve(officer, made["id"], 1)).status_code == 200
        warning = await next_of(events, "warning")
        seconds = time.monotonic() - begun
        assert (await next_of(events, "unread"))["data"] == {"count": 1}
        withdrawn = await station.client.post(
            f"/api/v1/warnings/{made['id']}/withdraw",
            json={"reason": "nhầm"},
            headers=officer.headers,
        )
        assert withdrawn.status_code == 200
        told = await next_of(events, "warning_withdrawn")
    assert seconds < 2
    assert told["data"] == warning["data"]


async def test_what_was_missed_comes_with_the_last_event_id(station: Station, address: str) -> None:
    officer, someone, other = (
        await station.make_officer(),
        await station.make_resident(),
        await station.make_resident(),
    )
    sent = []
    for _ in range(3):
        warning = await station.warn(officer, someone, other)
        sent.append(warning)
    async with listening(address, someone, **{"Last-Event-ID": "0"}) as events:
        ids = [(await next_of(events, "warning"))["id"] for _ in sent]
        assert (await next_of(events, "unread"))["data"] == {"count": 3}
    assert ids == sorted(ids, key=int)
    async with listening(address, someone, **{"Last-Event-ID": ids[0]}) as events:
        assert [(await next_of(events, "warning"))["id"] for _ in sent[1:]] == ids[1:]
    async with listening(address, someone) as events:
        fresh = await next_of(events, "unread")
        assert (fresh["id"], fresh["data"]) == (ids[-1], {"count": 3})
        assert await anext(events) == {}, "nothing is told twice, a heartbeat follows"


async def test_it_ends_with_the_session(
    app: FastAPI, address: str, owner: AsyncEngine, make_resident: MakeResident
) -> None:
    someone = await make_resident()
    async with listening(address, someone) as events:
        await next_of(events, "unread")
        async with owner.begin() as connection:
            await connection.execute(text("UPDATE session SET revoked_at = now()"))
        app.state.sessions.forget_all()
        async with asyncio.timeout(5):
            assert [event async for event in events if event] == []
    assert app.state.streams.open_for(f"resident:{someone.id}") == 0


async def test_one_person_holds_only_so_many(
    app: FastAPI, address: str, make_resident: MakeResident
) -> None:
    someone, other = await make_resident(), await make_resident()
    async with listening(address, someone) as one, listening(address, someone) as two:
        await next_of(one, "unread")
        await next_of(two, "unread")
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"{address}/api/v1/me/events", headers=someone.headers)
            assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")
            assert answer.headers["retry-after"] == "30"
        async with listening(address, other) as events:
            await next_of(events, "unread")
    async with asyncio.timeout(5):
        while app.state.streams.open_for(f"resident:{someone.id}"):  # noqa: ASYNC110 - nobody else waits for it
            await asyncio.sleep(0.05)


async def test_waiting_holds_no_database_connection(
    app: FastAPI, address: str, make_resident: MakeResident
) -> None:
    someone = await make_resident()
    async with listening(address, someone) as events:
        await next_of(events, "unread")
        assert await anext(events) == {}
        assert app.state.storage.app.pool.checkedout() == 0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}])
async def test_strangers_hear_nothing(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get("/api/v1/me/events", headers=headers)).status_code == 401


async def test_officers_have_no_inbox(client: httpx.AsyncClient, make_officer: MakeOfficer) -> None:
    officer = await make_officer()
    answer = await client.get("/api/v1/me/events", headers=officer.headers)
    assert answer.status_code == 403
