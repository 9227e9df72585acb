"""Visits that come after the trace: counted for the case, told once, gone with the next trace."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.jobs.queue import JobContext
from lachan.tracing.late.tasks import SETTLED, look
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.tracing.conftest import write_visit
from tests.integration.tracing.test_traces import (
    MARKET,
    MORNING,
    ROOM,
    SCHOOL,
    MakeOutbreak,
    Outbreak,
    at,
    enrol,
    make_outbreak,
    open_case,
    work,
)

__all__ = ["enrol", "make_outbreak", "open_case", "work"]

Work = Callable[[], Awaitable[list[str]]]


@pytest.fixture
async def traced(
    client: httpx.AsyncClient, owner: AsyncEngine, make_outbreak: MakeOutbreak, work: Work
) -> Outbreak:
    """A case that was traced to F2; the job has looked at everything until then."""
    made = await make_outbreak()
    await trace(client, made, work)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE visit SET recorded_at = now() - interval '1 hour'"))
        await connection.execute(
            text("INSERT INTO late_watermark (recorded_until) VALUES (now() - interval '9 min')")
        )
    return made


async def trace(client: httpx.AsyncClient, made: Outbreak, work: Work) -> None:
    answer = await client.post(
        f"{made.address}/traces", json={"max_level": 2}, headers=made.officer.headers
    )
    assert answer.status_code == 202, answer.text
    await work()


async def arrive_late(
    owner: AsyncEngine, person: int, place: int, room: int | None, begins: int, ends: int
) -> None:
    """A visit of that day that reaches us only now, but long enough ago to be looked at."""
    async with owner.begin() as connection:
        await write_visit(connection, person, place, room, at(begins), at(ends))
        await connection.execute(
            text("UPDATE visit SET recorded_at = :at WHERE recorded_at > :at"),
            {"at": datetime.now(MORNING.tzinfo) - SETTLED - timedelta(minutes=1)},
        )


async def late(client: httpx.AsyncClient, made: Outbreak) -> dict[str, Any]:
    answer = await client.get(f"{made.address}/late-visits", headers=made.officer.headers)
    found: dict[str, Any] = answer.json()
    return found


async def events(owner: AsyncEngine) -> int:
    async with owner.connect() as connection:
        return int(
            await connection.scalar(text("SELECT count(*) FROM event WHERE kind = 'late_visits'"))
            or 0
        )


async def look_again(owner: AsyncEngine, context: JobContext) -> None:
    """Look at the last minutes once more, as after a crash."""
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE late_watermark SET recorded_until = now() - interval '9 min'")
        )
    await look(context, {})


async def test_a_list_that_comes_after_the_trace_is_told_on_the_case_until_it_is_traced_again(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    traced: Outbreak,
    work: Work,
    make_resident: MakeResident,
) -> None:
    await look(job_context, {})
    assert (await late(client, traced))["visits"] == 0
    guest, short, apart, aunt = [await make_resident(area=AREA) for _ in range(4)]
    await arrive_late(owner, guest.id, SCHOOL, ROOM, 20, 80)
    await arrive_late(owner, short.id, SCHOOL, ROOM, 0, 5)
    await arrive_late(owner, apart.id, SCHOOL, ROOM, -300, -200)
    await arrive_late(owner, aunt.id, SCHOOL, None, 0, 90)
    # Somebody known already was there once more.
    await arrive_late(owner, traced.classmate, SCHOOL, None, 0, 9)
    await look_again(owner, job_context)
    told = await late(client, traced)
    assert (told["visits"], told["people"]) == (3, 2)
    assert told["traced_as_of"] < told["counted_at"]
    await look(job_context, {})
    await look_again(owner, job_context)
    assert await events(owner) == 2, "the case and the desk, once"
    headers = traced.officer.headers
    page = await client.get(f"/desk/cases/{traced.case['id']}", headers=headers)
    assert "Có 3 lượt ghé mới sau lần truy vết" in page.text
    assert "thêm 2 người là F1" in page.text
    desk = await client.get("/desk", headers=headers)
    assert "Nên truy vết lại" in desk.text
    assert await work() == [], "the job starts nothing by itself"
    pressed = await client.post(
        f"/desk/cases/{traced.case['id']}/traces",
        data={"max_level": "2", "act": "trace"},
        headers=headers,
    )
    assert pressed.status_code == 303
    await work()
    assert (await late(client, traced))["visits"] == 0
    await look_again(owner, job_context)
    assert (await late(client, traced))["visits"] == 0
    page = await client.get(f"/desk/cases/{traced.case['id']}", headers=headers)
    assert "lượt ghé mới" not in page.text
    contacts = await client.get(f"{traced.address}/contacts?level=1", headers=headers)
    assert {guest.id, aunt.id} <= {one["person_id"] for one in contacts.json()["items"]}


async def test_where_the_case_itself_was_counts_as_well(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    traced: Outbreak,
) -> None:
    """The paper list of the market names the case: whoever was there has been known for long."""
    async with owner.connect() as connection:
        sick = await connection.scalar(text("SELECT person_id FROM case_record"))
    assert isinstance(sick, int)
    await arrive_late(owner, sick, MARKET, None, 330, 380)
    await look(job_context, {})
    told = await late(client, traced)
    # The shopper was an F2 and would be an F1 now; the classmate is one already.
    assert (told["visits"], told["people"]) == (2, 1)


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE case_record SET closed_at = now()",
        "UPDATE case_record SET classification = 'discarded'",
        "UPDATE trace_run SET state = 'failed'",
    ],
)
async def test_cases_that_nobody_works_on_or_that_were_not_traced_are_left_alone(
    owner: AsyncEngine,
    job_context: JobContext,
    traced: Outbreak,
    make_resident: MakeResident,
    ended: str,
) -> None:
    async with owner.begin() as connection:
        await connection.execute(text(ended))
    await arrive_late(owner, (await make_resident()).id, SCHOOL, ROOM, 20, 80)
    await look(job_context, {})
    assert await events(owner) == 0
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM late_visits")) == 0


async def test_only_the_tracers_of_the_case_may_know(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    traced: Outbreak,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
) -> None:
    guest = await make_resident()
    await arrive_late(owner, guest.id, SCHOOL, ROOM, 20, 80)
    await look(job_context, {})
    path = f"{traced.address}/late-visits"
    assert (await client.get(path)).status_code == 401
    others: list[tuple[Someone, int]] = [
        (guest, 403),
        (await make_officer("auditor"), 403),
        (await make_officer("tracer", "VN.79"), 404),
    ]
    for who, status in others:
        assert (await client.get(path, headers=who.headers)).status_code == status
    far = await client.get("/desk", headers=others[2][0].headers)
    assert "Nên truy vết lại" not in far.text


async def test_a_look_that_takes_long_is_not_cut_off(
    owner: AsyncEngine,
    database: Database,
    job_context: JobContext,
    traced: Outbreak,
    make_resident: MakeResident,
) -> None:
    """The database ends transactions that lie idle, as the one with the lock does meanwhile."""
    await arrive_late(owner, (await make_resident()).id, SCHOOL, ROOM, 20, 80)
    engine = create_async_engine(
        database.urls.worker,
        poolclass=NullPool,
        connect_args={"server_settings": {"idle_in_transaction_session_timeout": "400"}},
    )
    async with owner.begin() as holding:
        # The count of one case takes a second.
        await holding.execute(text("LOCK TABLE late_visits IN SHARE MODE"))
        looking = asyncio.create_task(look(replace(job_context, engine=engine), {}))
        await asyncio.sleep(1)
    await looking
    await engine.dispose()
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT visits FROM late_visits")) == 1
        behind = await connection.scalar(
            text("SELECT now() - recorded_until < interval '3 min' FROM late_watermark")
        )
    assert behind
