"""Tiles, read back by an independent library."""

from typing import Any

import mapbox_vector_tile
from httpx import AsyncClient

from lachan.safety.map.domain import CODE, mercator
from tests.integration.safety.map.conftest import HERE, MakePlace

X, Y = mercator(*HERE)


def path(layer: str, z: int) -> str:
    return f"/api/v1/map/tiles/{layer}/{z}/{int(X * 2**z)}/{int(Y * 2**z)}"


async def read(client: AsyncClient, layer: str, z: int, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(path(layer, z), params=query)
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    features: list[dict[str, Any]] = decoded.get(layer, {}).get("features", [])
    return features


async def until(client: AsyncClient, place: int, colour: str) -> None:
    """Wait until the tile shows it; the test's own time limit ends a wait for nothing."""
    while True:
        found = await read(client, "points", 12)
        if any(f["id"] == place and f["properties"]["c"] == CODE[colour] for f in found):
            return


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
