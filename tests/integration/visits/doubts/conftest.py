"""Visits as they stand in the database, put there without anybody scanning."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import local_day, now
from lachan.kit.ids import uuid7
from lachan.settings import Settings
from lachan.visits.doubts import tasks
from tests.conftest import AREA, MakeResident

HA_NOI = (21.0285, 105.8542)
SAI_GON = (10.7769, 106.7009)
PutVisit = Callable[..., Awaitable[UUID]]
PutPlace = Callable[..., Awaitable[int]]


@pytest.fixture
def put_place(owner: AsyncEngine) -> PutPlace:
    async def put(
        spot: tuple[float, float] | None = HA_NOI,
        *,
        area: str = AREA,
        kind: str = "food",
        proof: str = "off",
    ) -> int:
        async with owner.begin() as connection:
            made = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area, lat, lon, proof) "
                    "VALUES ('Nơi Thử', :kind, :area, :lat, :lon, :proof) RETURNING id"
                ),
                {
                    "kind": kind,
                    "area": area,
                    "lat": spot and spot[0],
                    "lon": spot and spot[1],
                    "proof": proof,
                },
            )
        assert isinstance(made, int)
        return made

    return put


@pytest.fixture
def put_visit(owner: AsyncEngine, settings: Settings) -> PutVisit:
    async def put(
        person: int,
        place: int,
        began: datetime,
        *,
        minutes: int = 60,
        recorded: datetime | None = None,
        **more: Any,
    ) -> UUID:
        values = {
            "id": uuid7(int(began.timestamp() * 1000)),
            "day": local_day(began, settings.zone),
            "person_id": person,
            "place_id": place,
            "started_at": began,
            "ends_at": began + timedelta(minutes=minutes),
            "end_source": "expected",
            "source": "app",
            "client": "web",
            "offline": False,
            "device_id": None,
            "proof": "none",
            "recorded_at": recorded or now() - timedelta(minutes=5),
            **more,
        }
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        async with owner.begin() as connection:
            await connection.execute(
                text(f"INSERT INTO visit ({columns}) VALUES ({marks})"), values
            )
        return values["id"]  # type: ignore[return-value] # the one value that is a UUID

    return put


@dataclass(frozen=True, slots=True)
class World:
    """People, places and visits of a test, and what the job makes of them."""

    owner: AsyncEngine
    context: JobContext
    make_resident: MakeResident
    put_place: PutPlace
    put_visit: PutVisit

    async def look(self) -> None:
        await tasks.look(self.context, {})

    async def doubts(self) -> dict[tuple[UUID, str], dict[str, int]]:
        async with self.owner.connect() as connection:
            rows = await connection.execute(text("SELECT visit_id, kind, details FROM visit_doubt"))
            return {(row.visit_id, row.kind): row.details for row in rows}


@pytest.fixture
def world(
    owner: AsyncEngine,
    job_context: JobContext,
    make_resident: MakeResident,
    put_place: PutPlace,
    put_visit: PutVisit,
) -> World:
    return World(owner, job_context, make_resident, put_place, put_visit)
