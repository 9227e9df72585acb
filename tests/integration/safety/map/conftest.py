"""Places on the safety map, settled as the program does it."""

from collections.abc import Awaitable, Callable

import h3
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.areas.domain import fold
from lachan.storage.events import publish
from tests.conftest import AREA
from tests.days import today

MakePlace = Callable[..., Awaitable[int]]
Recolour = Callable[..., Awaitable[None]]
HERE = (21.0285, 105.8542)


@pytest.fixture
def make_safe_place(owner: AsyncEngine) -> MakePlace:
    async def make(
        name: str = "Trường Hoa Sen",
        kind: str = "school",
        colour: str = "grey",
        at: tuple[float, float] | None = HERE,
        area: str = AREA,
        drill: int | None = None,
        state: str = "active",
    ) -> int:
        lat, lon = at or (None, None)
        cell = h3.str_to_int(h3.latlng_to_cell(lat, lon, 9)) if at else None
        async with owner.begin() as connection:
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, folded, kind, area, lat, lon, h3, drill_id, state) "
                    "VALUES (:name, :folded, :kind, :area, :lat, :lon, :h3, :drill, :state) "
                    "RETURNING id"
                ),
                {
                    "name": name, "folded": fold(name), "kind": kind, "area": area, "lat": lat,
                    "lon": lon, "h3": cell, "drill": drill, "state": state,
                },
            )  # fmt: skip
            await connection.execute(
                text("INSERT INTO place_safety (place_id, day, colour) VALUES (:place, :day, :c)"),
                {"place": place, "day": today(), "c": colour},
            )
        assert isinstance(place, int)
        return place

    return make


@pytest.fixture
def recolour(owner: AsyncEngine) -> Recolour:
    """Another colour for a place, told as `colours.service.settle` tells it."""

    async def change(place: int, colour: str) -> None:
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE place_safety SET colour = :c, day = :day, changed_at = now() "
                    "WHERE place_id = :place"
                ),
                {"place": place, "c": colour, "day": today()},
            )
            await publish(connection, "map", "colour", {"id": place, "c": colour})

    return change
