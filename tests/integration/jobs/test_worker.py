"""The real worker on a real queue: everything queued is done, however much of it there is."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import Job, JobContext, enqueue
from lachan.jobs.worker import AT_ONCE, work
from lachan.kit.crypto import Keyring
from lachan.settings import Settings
from lachan.storage.engine import open_worker_engine
from tests.conftest import Database

MANY = 30


async def test_jobs_that_hold_two_connections_do_not_wait_for_each_other(
    database: Database, keyring: Keyring, settings: Settings, owner: AsyncEngine
) -> None:
    """A trace holds one connection for its work and asks for another to tell how far it is."""
    done: list[int] = []
    under_way = most = 0
    finished = asyncio.Event()
    engine = open_worker_engine(database.urls, size=2 * AT_ONCE)

    async def run(context: JobContext, payload: Mapping[str, Any]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        async with context.engine.begin() as connection:
            await connection.execute(text("SELECT pg_sleep(0.05)"))
            async with context.engine.begin() as telling:
                await telling.execute(text("SELECT 1"))
        under_way -= 1
        done.append(payload["number"])
        if len(done) == MANY:
            finished.set()

    async with owner.begin() as connection:
        for number in range(MANY):
            await enqueue(connection, "test.double", {"number": number})
    worker = asyncio.create_task(
        work(
            database.urls,
            JobContext(engine, keyring, settings),
            [Job("test.double", run)],
            stop=finished,
        )
    )
    async with asyncio.timeout(60):
        await worker
    await engine.dispose()
    assert sorted(done) == list(range(MANY))
    assert 1 < most <= AT_ONCE


async def test_what_a_transaction_takes_back_is_never_run(
    database: Database, job_context: JobContext, owner: AsyncEngine
) -> None:
    ran: list[str] = []
    finished = asyncio.Event()

    async def run(_context: JobContext, payload: Mapping[str, Any]) -> None:
        ran.append(payload["what"])
        finished.set()

    async with owner.connect() as connection:
        await enqueue(connection, "test.kept", {"what": "taken back"})
        await connection.rollback()
        await enqueue(connection, "test.kept", {"what": "kept"})
        await connection.commit()
    async with asyncio.timeout(60):
        await work(database.urls, job_context, [Job("test.kept", run)], stop=finished)
    assert ran == ["kept"]
