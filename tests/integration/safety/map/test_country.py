"""The country as it is drawn before anybody touches the map."""

import asyncio
import re

import h3
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.map.country import HEIGHT, RESOLUTION, WIDTH, is_unreported, share_step
from lachan.safety.map.domain import COUNTRY, bin_id, mercator
from tests.days import today
from tests.integration.safety.map.conftest import HERE, MakePlace, Recolour

CELL = re.compile(
    r'<path class="smap-cell smap-share-(\d)" data-bin="(\d+)" data-n="([\d ]+)" d="([^"]+)"/>'
    r'(<path class="smap-hatch")?'
)
FAR = (10.77, 106.70)


def bin_of(at: tuple[float, float]) -> int:
    return bin_id(h3.str_to_int(h3.latlng_to_cell(*at, RESOLUTION)), RESOLUTION)


async def cells(
    client: httpx.AsyncClient, query: str = ""
) -> dict[int, tuple[int, list[int], str, bool]]:
    answer = await client.get(f"/map/country{query}")
    assert answer.status_code == 200
    return {
        int(bin_): (int(step), [int(n) for n in counts.split()], path, bool(over))
        for step, bin_, counts, path, over in CELL.findall(answer.text)
    }


@pytest.mark.parametrize(
    ("counts", "wanted", "step"),
    [
        ([0, 0, 0, 0, 0], (), 0),
        ([0, 4, 0, 0, 0], (), 1),
        ([1, 4, 0, 0, 0], (), 2),
        ([3, 2, 0, 0, 0], (), 4),
        ([4, 1, 0, 0, 0], (), 5),
        ([4, 0, 0, 0, 0], (), 5),
        ([4, 0, 1, 0, 0], ("red",), 2),
        ([2, 1, 1, 0, 1], ("green", "red", "repair"), 5),
    ],
)
def test_a_cell_is_painted_by_the_share_of_what_was_chosen(counts, wanted, step):
    assert share_step(counts, wanted) == step


def test_stripes_say_that_four_fifths_are_silent():
    assert is_unreported([1, 0, 0, 4, 0])
    assert not is_unreported([1, 0, 1, 7, 0])
    assert not is_unreported([0, 0, 0, 0, 0])


async def test_each_place_is_counted_in_its_cell_and_a_change_repaints_it(
    client: httpx.AsyncClient, owner: AsyncEngine, make_safe_place: MakePlace, recolour: Recolour
):
    async with owner.begin() as connection:
        drill = await connection.scalar(
            text("INSERT INTO drill (label, created_by) VALUES ('thử', 1) RETURNING id")
        )
    green = await make_safe_place(colour="green")
    await make_safe_place(kind="medical", colour="red")
    await make_safe_place(colour="grey", at=FAR)
    await make_safe_place(colour="red", at=FAR, drill=drill)
    drawn = await cells(client)
    assert {one: cell[:2] + cell[3:] for one, cell in drawn.items()} == {
        bin_of(HERE): (3, [1, 0, 1, 0, 0], False),
        bin_of(FAR): (1, [0, 0, 0, 1, 0], True),
    }
    assert list(await cells(client, "?kind=medical")) == [bin_of(HERE)]
    assert (await cells(client, "?colour=red"))[bin_of(HERE)][0] == 3
    assert (await cells(client, f"?day={today()}")) == drawn
    await recolour(green, "yellow")
    while (await cells(client))[bin_of(HERE)][:2] != (1, [0, 1, 1, 0, 0]):  # noqa: ASYNC110 - only the drawing tells
        await asyncio.sleep(0)


async def test_a_cell_is_drawn_where_it_lies(client: httpx.AsyncClient, make_safe_place: MakePlace):
    await make_safe_place()
    [(_, _, path, _)] = (await cells(client)).values()
    start, _, rest = path.removeprefix("M").removesuffix("z").partition("l")
    x, y = (int(part) for part in start.split())
    corners = [(x, y)]
    numbers = [int(part) for part in re.findall(r"-?\d+", rest)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        corners.append((x, y))
    west, north = mercator(COUNTRY.north, COUNTRY.west)
    cell = h3.latlng_to_cell(*HERE, RESOLUTION)
    wanted = []
    for at in h3.cell_to_boundary(cell):
        east, south = mercator(*at)
        wanted.append(((east - west) * 36_000, (south - north) * 36_000))
    assert len(corners) == len(wanted)
    for (x, y), (right_x, right_y) in zip(corners, wanted, strict=True):
        assert abs(x - right_x) <= 0.5
        assert abs(y - right_y) <= 0.5
    assert (WIDTH, HEIGHT) == (1320, 1737)


async def test_a_day_out_of_reach_is_refused(client: httpx.AsyncClient):
    answer = await client.get("/map/country?day=2001-01-01")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/map", "/map/embed", "/map/country"])
async def test_public_pages_of_the_map_go_packed_to_who_can_read_it(
    client: httpx.AsyncClient, make_safe_place: MakePlace, path: str
):
    await make_safe_place()
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    packed = await client.get(path, headers={"accept-encoding": "br, gzip;q=0.8"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert packed.text.count("data-bin") == plain.text.count("data-bin") == 1
