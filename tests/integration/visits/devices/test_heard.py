"""When each device was last heard of, as it is noted behind the answers."""

import asyncio

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.visits.devices.conftest import MakeDoor


async def test_what_is_on_its_way_as_the_program_ends_is_noted(
    app: FastAPI, make_door: MakeDoor, owner: AsyncEngine
) -> None:
    door = await make_door()
    async with owner.begin() as holding:
        await holding.execute(text("LOCK TABLE device IN EXCLUSIVE MODE"))
        app.state.heard.note(door.id, door.key)
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        for _ in range(200):
            if await holding.scalar(waits):
                break
            await asyncio.sleep(0.1)
        stopping = asyncio.create_task(app.state.heard.stop())
        await asyncio.sleep(0.1)
    await stopping
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT seen_at FROM device")) is not None
