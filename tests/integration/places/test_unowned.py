"""The flag that says whether anybody runs a place, and the list of those that nobody does."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.places.list_store import list_places
from tests.conftest import AREA, OTHER_AREA, Database, MakeOfficer, MakeResident
from tests.integration.places.conftest import Register


@pytest.fixture
async def plain(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn())
    yield connection
    await connection.close()


async def _authority(owner: AsyncEngine, name: str, area: str = AREA, **more: str) -> int:
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, folded, kind, area, by_authority, state) "
                "VALUES (:name, lower(:name), 'medical', :area, true, :state) RETURNING id"
            ),
            {"name": name, "area": area, "state": "active", **more},
        )
    assert isinstance(place, int)
    return place


async def test_the_flag_follows_whoever_comes_and_goes(
    plain: asyncpg.Connection, owner: AsyncEngine, make_resident: MakeResident
) -> None:
    place = await _authority(owner, "Nha van hoa")
    first, second = [(await make_resident(area=AREA)).id for _ in range(2)]
    add = "INSERT INTO place_staff (place_id, person_id, role) VALUES ($1, $2, $3)"

    async def run() -> bool:
        found = await plain.fetchval("SELECT has_owner FROM place WHERE id = $1", place)
        return bool(found)

    await plain.execute(add, place, first, "staff")
    assert not await run()
    await plain.execute("UPDATE place_staff SET role = 'owner' WHERE person_id = $1", first)
    assert await run()
    await plain.execute(add, place, second, "owner")
    await plain.execute("DELETE FROM place_staff WHERE person_id = $1", first)
    assert await run()
    async with plain.transaction():
        await plain.execute("DELETE FROM place_staff WHERE person_id = $1", second)
        assert not await run()


async def test_two_who_change_one_place_at_once_leave_the_flag_true(
    plain: asyncpg.Connection, database: Database, owner: AsyncEngine, make_resident: MakeResident
) -> None:
    place = await _authority(owner, "Cho")
    leaving, coming = [(await make_resident(area=AREA)).id for _ in range(2)]
    add = "INSERT INTO place_staff (place_id, person_id, role) VALUES ($1, $2, 'owner')"
    await plain.execute(add, place, leaving)
    other = await asyncpg.connect(database.dsn())
    try:
        async with plain.transaction():
            await plain.execute("DELETE FROM place_staff WHERE person_id = $1", leaving)
            joining = asyncio.create_task(other.execute(add, place, coming))
            await asyncio.sleep(0.2)
            assert not joining.done()
        await joining
        assert await plain.fetchval("SELECT has_owner FROM place WHERE id = $1", place)
    finally:
        await other.close()


async def test_the_list_leaves_those_that_nobody_runs(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    register: Register,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    await register(await make_resident(area=AREA), "Chợ có người quản lý")
    await _authority(owner, "Trạm một")
    await _authority(owner, "Trạm đã đóng", state="closed")
    await _authority(owner, "Trạm nơi khác", OTHER_AREA)
    officer = await make_officer("tracer", AREA)
    every = (await client.get("/desk/places", headers=officer.headers)).text
    assert "Chợ có người quản lý" in every
    assert "Trạm một" in every
    assert "Trạm đã đóng" in every
    assert "Trạm nơi khác" not in every
    some = (await client.get("/desk/places?unowned=1", headers=officer.headers)).text
    assert "Trạm một" in some
    for left_out in ("Chợ có người quản lý", "Trạm đã đóng", "Trạm nơi khác"):
        assert left_out not in some


@pytest.mark.parametrize("unowned", [True, False])
async def test_all_roots_and_pages_say_the_same(owner: AsyncEngine, *, unowned: bool) -> None:
    made = [await _authority(owner, f"Noi {n}", (AREA, OTHER_AREA)[n % 2]) for n in range(7)]
    async with owner.connect() as connection:
        for roots in (["VN"], ["VN.01", "VN.79"], [AREA, OTHER_AREA], [AREA, "VN.01", "VN.79"]):
            found: list[int] = []
            before = None
            while page := await list_places(
                connection, roots, unowned=unowned, before=before, limit=3
            ):
                found += [one.id for one in page]
                before = found[-1]
            assert found == made[::-1]
        half = await list_places(connection, [AREA], unowned=unowned, words="Nơi", limit=9)
        assert [one.id for one in half] == made[::-2]
