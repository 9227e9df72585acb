"""The list, the files and the pages say what the tiles say."""

import asyncio
import csv
import io
from datetime import timedelta
from itertools import product

import mapbox_vector_tile
import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.safety.colours.tasks import end_days_until
from lachan.safety.map.domain import COLOURS, mercator
from tests.conftest import AREA, OTHER_AREA
from tests.days import today
from tests.integration.safety.map.conftest import HERE, MakePlace

KINDS = ("school", "medical", "market")
FILTERS = [
    {},
    {"kind": "school"},
    {"kind": ["school", "market"], "colour": ["green", "repair"]},
    {"colour": "grey"},
    {"area": "VN.01"},
    {"area": OTHER_AREA},
    {"q": "hoa sen"},
    {"box": "105.7,20.9,105.86,21.1", "colour": "red"},
]


@pytest.fixture
async def town(make_safe_place: MakePlace) -> dict[int, tuple[str, str]]:
    """A place of each kind and colour, in two cities; one has no position of its own."""
    made = {}
    for number, (kind, colour) in enumerate(product(KINDS, COLOURS)):
        north = number % 2 == 0
        at = (HERE[0] + number / 1000, HERE[1]) if north else (10.77 + number / 1000, 106.7)
        place = await make_safe_place(
            name=f"Trường Hoa Sen {number}" if number < 4 else f"=Chợ {number}",
            kind=kind, colour=colour, at=at if number != 6 else None,
            area=AREA if north else OTHER_AREA,
        )  # fmt: skip
        made[place] = (kind, colour)
    return made


async def on_tiles(client: AsyncClient) -> dict[int, tuple[str, str]]:
    found = {}
    tiles = set()
    for lat, lon in (HERE, (10.77, 106.7)):
        x, y = (int(part * 2**12) for part in mercator(lat, lon))
        tiles |= {(x + dx, y + dy) for dx in range(-6, 7) for dy in range(-6, 7)}
    for x, y in tiles:
        answer = await client.get(f"/api/v1/map/tiles/points/12/{x}/{y}")
        if answer.content:
            for one in mapbox_vector_tile.decode(answer.content)["points"]["features"]:
                found[one["id"]] = (one["properties"]["k"], COLOURS[one["properties"]["c"]])
    return found


async def test_list_and_map_hold_the_same_places(
    client: AsyncClient, town: dict[int, tuple[str, str]]
) -> None:
    listed = {}
    cursor = None
    while True:
        query = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/v1/map/places", params=query)).json()
        listed |= {one["id"]: (one["kind"], one["colour"]) for one in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert listed == town == await on_tiles(client)


@pytest.mark.parametrize("query", FILTERS)
async def test_page_json_geojson_and_csv_filter_alike(
    client: AsyncClient, town: dict[int, tuple[str, str]], query: dict[str, str]
) -> None:
    page = (await client.get("/api/v1/map/places", params=query)).json()
    ids = sorted(one["id"] for one in page["items"])
    geo = (await client.get("/api/v1/map/places.geojson", params=query)).json()
    assert [one["id"] for one in geo["features"]] == ids
    raw = (await client.get("/api/v1/map/places.csv", params=query)).text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert [int(row["id"]) for row in rows] == ids
    assert not any(row["name"].startswith("=") for row in rows), "a spreadsheet would run it"
    html = (await client.get("/map/list", params=query)).text
    assert html.count("data-place=") == len(ids)
    assert 0 < len(ids) <= len(town)


async def test_counts_are_those_of_the_list(
    client: AsyncClient, town: dict[int, tuple[str, str]]
) -> None:
    del town
    for query in ({}, {"kind": "school"}, {"area": "VN.79"}):
        counts = (await client.get("/api/v1/map/counts", params=query)).json()
        items = (await client.get("/api/v1/map/places", params=query)).json()["items"]
        for colour in COLOURS:
            assert counts[colour] == sum(one["colour"] == colour for one in items)
    areas = (await client.get("/api/v1/map/areas/VN")).json()["items"]
    assert {one["path"] for one in areas} == {"VN.01", "VN.79"}
    assert sum(one[colour] for one in areas for colour in COLOURS) == 15


@pytest.mark.parametrize("address", ["places", "places.geojson", "places.csv", "areas/VN"])
async def test_tags_spare_the_second_download(
    client: AsyncClient, make_safe_place: MakePlace, address: str
) -> None:
    await make_safe_place(colour="green")
    first = await client.get(f"/api/v1/map/{address}")
    held = {"if-none-match": first.headers["etag"]}
    assert (await client.get(f"/api/v1/map/{address}", headers=held)).status_code == 304
    await make_safe_place(colour="red")
    changed = await client.get(f"/api/v1/map/{address}", headers=held)
    assert changed.status_code == 200
    assert changed.content != first.content


async def test_search_finds_wards_and_places_without_accents(
    client: AsyncClient, make_safe_place: MakePlace
) -> None:
    place = await make_safe_place(name="Trường Hướng Dương")
    found = (await client.get("/api/v1/map/search", params={"q": "huong duong"})).json()["items"]
    assert ("place", str(place)) in {(one["what"], one["id"]) for one in found}
    wards = (await client.get("/api/v1/map/search", params={"q": "hoan kiem"})).json()["items"]
    assert wards[0]["what"] == "area"
    assert wards[0]["name"] == "Phường Hoàn Kiếm"


@pytest.mark.parametrize(
    "query", [{"box": "1,2,3"}, {"box": "106,21,105,22"}, {"box": "nan,1,2,3"}]
)
async def test_a_part_of_the_map_is_four_numbers(
    client: AsyncClient, query: dict[str, str]
) -> None:
    answer = await client.get("/api/v1/map/places", params=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "map-asked-wrongly")


async def test_the_embedded_map_may_stand_in_a_frame_and_the_map_may_not(
    client: AsyncClient,
) -> None:
    embedded = await client.get("/map/embed")
    assert "frame-ancestors *" in embedded.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in (await client.get("/map")).headers["content-security-policy"]


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_pages_of_a_place_and_of_areas(
    client: AsyncClient, make_safe_place: MakePlace, lang: str
) -> None:
    place = await make_safe_place(name="Trường Hoa Mai", colour="yellow")
    for address in (f"/map/places/{place}", f"/map/places/{place}/card", "/map/areas/VN",
                    "/map/areas/VN.01", "/map/data", "/map", "/map/list?q=hoan+kiem"):  # fmt: skip
        answer = await client.get(address, params={"lang": lang}, follow_redirects=True)
        assert answer.status_code == 200, address
    page = (await client.get(f"/map/places/{place}")).text
    assert "Trường Hoa Mai" in page
    assert f'href="/map/places/{place}/tell"' in page
    assert page.count("<tr><td") == 30


async def test_who_takes_no_part_has_no_page(
    client: AsyncClient, make_safe_place: MakePlace
) -> None:
    closed = await make_safe_place(state="closed")
    for place in (closed, closed + 999):
        assert (await client.get(f"/map/places/{place}")).status_code == 404


async def test_a_day_is_looked_at_again_once_it_has_been_ended(
    client: AsyncClient, make_safe_place: MakePlace, owner: AsyncEngine, job_context: JobContext
) -> None:
    """Between midnight and the job that ends the day, yesterday is not whole yet."""
    place = await make_safe_place(colour="green")
    yesterday = today() - timedelta(days=1)
    async with owner.begin() as connection:
        # Every day, so that it does not matter on which weekday the test runs.
        await connection.execute(text("UPDATE place SET hours = :hours"), {"hours": [0, 1440] * 7})
        await connection.execute(
            text("UPDATE place_safety SET joined_at = now() - interval '2 days', held = 'red'")
        )
        await connection.execute(
            text("INSERT INTO safety_day (place_id, day, colour) VALUES (:place, :day, 'green')"),
            {"place": await make_safe_place(name="Trường Sen Hồng"), "day": yesterday},
        )
    query = {"day": yesterday.isoformat()}
    before = (await client.get("/api/v1/map/counts", params=query)).json()
    file = await client.get("/api/v1/map/places.csv", params=query)
    assert (before["green"], before["grey"], before["red"]) == (1, 1, 0)
    assert await end_days_until(job_context, now()) != []
    while (await client.get("/api/v1/map/counts", params=query)).json()["red"] != 1:  # noqa: ASYNC110 - only the answer tells
        await asyncio.sleep(0)
    listed = (await client.get("/api/v1/map/places", params=query)).json()["items"]
    assert {one["id"]: one["colour"] for one in listed}[place] == "red"
    again = await client.get(
        "/api/v1/map/places.csv", params=query, headers={"if-none-match": file.headers["etag"]}
    )
    assert again.status_code == 200
    assert again.content != file.content
