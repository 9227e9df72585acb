"""A restaurant that keeps its visitors on paper, those who type it up, and the worker."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.settings import Settings
from lachan.visits.paper import rules, tasks
from tests.conftest import AREA, MakeResident, Someone

Fetch = Callable[..., Awaitable[list[Any]]]
Work = Callable[[], Awaitable[None]]


@pytest.fixture
def fetch(owner: AsyncEngine) -> Fetch:
    async def rows(statement: str, **values: object) -> list[Any]:
        async with owner.connect() as connection:
            return list(await connection.execute(text(statement), values))

    return rows


@pytest.fixture
async def operator(make_resident: MakeResident) -> Someone:
    return await make_resident(area=AREA)


@pytest.fixture
def place_of(owner: AsyncEngine) -> Callable[..., Awaitable[int]]:
    """Make a place that somebody runs."""

    async def make(someone: Someone, area: str = AREA, *rooms: str) -> int:
        async with owner.begin() as connection:
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area, usual_stay_minutes) "
                    "VALUES ('Quán Sổ Giấy', 'food', :area, 60) RETURNING id"
                ),
                {"area": area},
            )
            assert isinstance(place, int)
            await connection.execute(
                text(
                    "INSERT INTO place_staff (place_id, person_id, role)"
                    " VALUES (:place, :person, 'owner')"
                ),
                {"place": place, "person": someone.id},
            )
            for name in rooms:
                await connection.execute(
                    text("INSERT INTO room (place_id, name) VALUES (:place, :name)"),
                    {"place": place, "name": name},
                )
        return place

    return make


@pytest.fixture
async def place(operator: Someone, place_of: Callable[..., Awaitable[int]]) -> int:
    return await place_of(operator, AREA, "Phòng 1", "Sân sau")


@pytest.fixture
def work(job_context: JobContext, fetch: Fetch) -> Work:
    """Do what waits for the worker: files to read, rows to take."""

    async def run() -> None:
        for row in await fetch("SELECT id FROM paper_list WHERE state = 'checking'"):
            await tasks.check_file(job_context, {"list": str(row.id)})
        await tasks.take_rows(job_context, {})

    return run


@pytest.fixture
def yesterday(settings: Settings) -> Callable[[int, int], datetime]:
    """A moment of yesterday by the local clock."""

    def at(hour: int, minute: int = 0) -> datetime:
        local = now().astimezone(settings.zone) - timedelta(days=1)
        return local.replace(hour=hour, minute=minute, second=0, microsecond=0)

    return at


__all__ = ["rules"]
