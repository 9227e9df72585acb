"""Tiles, read back by an independent library."""

import asyncio
import gzip
from datetime import timedelta
from typing import Any

import mapbox_vector_tile
import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.map.domain import BIN_RESOLUTION, CODE, mercator
from tests.days import today
from tests.integration.safety.map.conftest import HERE, MakePlace, Recolour

X, Y = mercator(*HERE)


def path(layer: str, z: int) -> str:
    return f"/api/v1/map/tiles/{layer}/{z}/{int(X * 2**z)}/{int(Y * 2**z)}"


async def read(client: AsyncClient, layer: str, z: int, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(path(layer, z), params=query)
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    features: list[dict[str, Any]] = decoded.get(layer, {}).get("features", [])
    return features


async def test_points_say_id_colour_kind_and_position(
    client: AsyncClient, make_safe_place: MakePlace
) -> None:
    place = await make_safe_place(colour="green")
    (found,) = await read(client, "points", 12)
    assert found["id"] == place
    assert found["properties"] == {"c": CODE["green"], "k": "school"}
    x, y = found["geometry"]["coordinates"]
    assert abs(x - (X * 2**12 % 1) * 4096) <= 1
    assert abs(4096 - y - (Y * 2**12 % 1) * 4096) <= 1


async def test_a_change_makes_the_tile_and_its_tag_anew(
    client: AsyncClient, make_safe_place: MakePlace, recolour: Recolour
) -> None:
    place = await make_safe_place(colour="red")
    first = await client.get(path("points", 12))
    again = await client.get(path("points", 12), headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await recolour(place, "green")
    while (await read(client, "points", 12))[0]["properties"]["c"] != CODE["green"]:  # noqa: ASYNC110 - only the tile tells
        await asyncio.sleep(0)
    changed = await client.get(path("points", 12), headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_tiles_are_packed_for_who_can_read_it(
    client: AsyncClient, make_safe_place: MakePlace
) -> None:
    await make_safe_place()
    plain = await client.get(path("points", 12), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    async with client.stream("GET", path("points", 12)) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        raw = b"".join([piece async for piece in packed.aiter_raw()])
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("zoom", sorted(BIN_RESOLUTION))
async def test_bins_count_places_by_colour(
    client: AsyncClient, make_safe_place: MakePlace, zoom: int
) -> None:
    for colour, kind in (("green", "school"), ("green", "medical"), ("red", "school")):
        await make_safe_place(colour=colour, kind=kind)
    (found,) = await read(client, "bins", zoom)
    assert found["properties"] == {"g": 2, "y": 0, "r": 1, "n": 0, "p": 0}
    (schools,) = await read(client, "bins", zoom, kind="school")
    assert (schools["properties"]["g"], schools["properties"]["r"]) == (1, 1)
    assert schools["id"] == found["id"]


async def test_a_bin_lies_around_its_places(
    client: AsyncClient, make_safe_place: MakePlace
) -> None:
    await make_safe_place()
    (found,) = await read(client, "bins", 10)
    corners = found["geometry"]["coordinates"][0]
    x, y = (X * 2**10 % 1) * 4096, 4096 - (Y * 2**10 % 1) * 4096
    assert min(cx for cx, _ in corners) <= x <= max(cx for cx, _ in corners)
    assert min(cy for _, cy in corners) <= y <= max(cy for _, cy in corners)


async def test_drills_and_closed_places_are_on_no_tile(
    client: AsyncClient, make_safe_place: MakePlace, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        drill = await connection.scalar(
            text("INSERT INTO drill (label, created_by) VALUES ('thử', 1) RETURNING id")
        )
    await make_safe_place(drill=drill)
    await make_safe_place(state="closed")
    assert await read(client, "points", 12) == []
    assert await read(client, "bins", 10) == []


async def test_a_past_day_shows_how_it_ended(
    client: AsyncClient, make_safe_place: MakePlace, owner: AsyncEngine
) -> None:
    place = await make_safe_place(colour="green")
    await make_safe_place(colour="green")
    yesterday = today() - timedelta(days=1)
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO safety_day (place_id, day, colour) VALUES (:place, :day, 'red')"),
            {"place": place, "day": yesterday},
        )
    found = await read(client, "points", 12, day=yesterday.isoformat())
    assert {f["id"] == place: f["properties"]["c"] for f in found} == {
        True: CODE["red"],
        False: CODE["grey"],
    }


async def test_outlines_hold_land_borders_and_names(client: AsyncClient) -> None:
    answer = await client.get(path("areas", 10))
    layers = mapbox_vector_tile.decode(answer.content)
    assert set(layers) == {"provinces", "wards", "names"}
    assert any(f["properties"]["path"] == "VN.01" for f in layers["provinces"]["features"])
    names = {f["properties"]["vi"] for f in layers["names"]["features"]}
    assert "Hoàn Kiếm" in names


async def test_the_archipelagos_are_named_on_the_widest_map(client: AsyncClient) -> None:
    found: set[str] = set()
    for x, y in ((12, 7), (13, 7), (12, 6), (13, 6)):
        answer = await client.get(f"/api/v1/map/tiles/areas/4/{x}/{y}")
        layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
        names = layers.get("names", {}).get("features", [])
        found |= {f["properties"]["vi"] for f in names if f["properties"]["level"] == 0}
    assert found == {"Hoàng Sa", "Trường Sa"}


@pytest.mark.parametrize(
    "address",
    [
        "points/11/1/1", "points/12/99999/1", "bins/12/1/1", "bins/2/1/1", "bins/5/x/1",
        "points/12/-1/1", "areas/12/1/1", "areas/5/32/0", "points/99999999999999999999/1/1",
    ],
)  # fmt: skip
async def test_there_are_no_other_tiles(client: AsyncClient, address: str) -> None:
    answer = await client.get(
        f"/api/v1/map/tiles/{address}", headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "map-tile-not-found")


@pytest.mark.parametrize("day", ["yesterday", "2020-01-01", "2999-01-01"])
async def test_only_days_within_reach(client: AsyncClient, day: str) -> None:
    answer = await client.get(
        path("bins", 5), params={"day": day}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "map-asked-wrongly")
