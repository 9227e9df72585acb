"""Two schools' worth of places to scan, on wards that exist."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import new_code
from tests.conftest import AREA, Someone


@dataclass(frozen=True, slots=True)
class Posted:
    place_id: int
    room_id: int | None
    code: str


MakePlace = Callable[..., Awaitable[Posted]]
Scan = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def make_place(owner: AsyncEngine) -> MakePlace:
    async def make(
        kind: str = "food",
        *,
        stay: int | None = 60,
        place_id: int | None = None,
        room: str | None = None,
    ) -> Posted:
        async with owner.begin() as connection:
            if place_id is None:
                place_id = await connection.scalar(
                    text(
                        "INSERT INTO place (name, kind, area, usual_stay_minutes) "
                        "VALUES ('Quán Phở Thử', :kind, :area, :stay) RETURNING id"
                    ),
                    {"kind": kind, "area": AREA, "stay": stay},
                )
            room_id = None
            if room is not None:
                room_id = await connection.scalar(
                    text("INSERT INTO room (place_id, name) VALUES (:place, :name) RETURNING id"),
                    {"place": place_id, "name": room},
                )
            code = new_code()
            await connection.execute(
                text("INSERT INTO place_code (code, place_id, room_id) VALUES (:c, :p, :r)"),
                {"c": code, "p": place_id, "r": room_id},
            )
        assert place_id is not None
        return Posted(place_id, room_id, code)

    return make


@pytest.fixture
def scan(client: httpx.AsyncClient) -> Scan:
    async def send(
        someone: Someone, posted: Posted, at: datetime | None = None, **more: Any
    ) -> httpx.Response:
        body = {"scan_id": str(uuid4()), "code": posted.code, **more}
        if at is not None:
            body["at"] = at.isoformat()
        return await client.post("/api/v1/visits", json=body, headers=someone.headers)

    return send
