"""What the serving role can reach of paper lists by plain SQL, and when they are gone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.visits.paper import tasks
from tests.conftest import AREA, OTHER_AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.visits.paper.conftest import Fetch, Work

TABLES = ("paper_list", "paper_row", "paper_match")


@pytest.fixture
async def raw(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role, without any of the application around it."""
    connection = await asyncpg.connect(database.dsn("app"))
    yield connection
    await connection.close()


@pytest.fixture
async def typed(
    client: httpx.AsyncClient,
    operator: Someone,
    place: int,
    work: Work,
    yesterday: Callable[..., datetime],
) -> None:
    """One known number and one name, typed and taken."""
    for key, who in (("a", "0912345678"), ("b", "Nguyễn Thử")):
        answer = await client.post(
            f"/place/{place}/paper",
            data={"row_key": key, "who": who, "day": f"{yesterday(0):%d/%m/%Y}", "arrival": "9:00"},
            headers=operator.headers,
        )
        assert answer.status_code == 303
    await work()


async def seen(raw: asyncpg.Connection, someone: Someone | None) -> dict[str, int]:
    async with raw.transaction():
        await raw.execute(
            "SELECT set_config('lachan.session', $1, true)", someone.token if someone else ""
        )
        return {table: await raw.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


@pytest.mark.usefixtures("typed")
async def test_each_sees_their_own_and_only_tracers_see_who_it_was(
    raw: asyncpg.Connection,
    operator: Someone,
    place: int,
    owner: AsyncEngine,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
) -> None:
    nothing = dict.fromkeys(TABLES, 0)
    assert await seen(raw, None) == nothing
    assert await seen(raw, operator) == {"paper_list": 1, "paper_row": 2, "paper_match": 0}
    colleague = await make_resident()
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place_staff (place_id, person_id, role)"
                " VALUES (:place, :person, 'staff')"
            ),
            {"place": place, "person": colleague.id},
        )
    assert await seen(raw, colleague) == nothing
    assert await seen(raw, await make_officer("tracer", AREA)) == {
        "paper_list": 1,
        "paper_row": 2,
        "paper_match": 2,
    }
    for role, area in (("tracer", OTHER_AREA), ("admin", AREA), ("auditor", AREA)):
        assert await seen(raw, await make_officer(role, area)) == nothing
    # Whoever no longer runs the place has no more business with its lists.
    async with owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM place_staff WHERE person_id = :person"), {"person": operator.id}
        )
    assert await seen(raw, operator) == nothing


@pytest.mark.usefixtures("typed")
async def test_no_statement_writes_rows_for_another_place_or_settles_a_match(
    raw: asyncpg.Connection,
    operator: Someone,
    place_of: Callable[..., Awaitable[int]],
    make_resident: MakeResident,
) -> None:
    elsewhere = await place_of(await make_resident())
    await raw.execute("SELECT set_config('lachan.session', $1, false)", operator.token)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw.execute(
            "INSERT INTO paper_list (id, place_id, area, kind, typed_by_person, day, state)"
            " VALUES (gen_random_uuid(), $1, $2, 'typed', $3, current_date, 'open')",
            elsewhere,
            AREA,
            operator.id,
        )
    assert await raw.execute("UPDATE paper_match SET state = 'approved'") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw.execute("UPDATE paper_row SET place_id = $1", elsewhere)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw.execute("SELECT lachan_drop_paper(now())")


@pytest.mark.usefixtures("typed")
async def test_lists_go_with_their_time_and_so_do_people_whom_nothing_else_knows(
    owner: AsyncEngine, job_context: JobContext, make_resident: MakeResident, fetch: Fetch
) -> None:
    matches = await fetch("SELECT person_id FROM paper_match WHERE enrolled")
    assert len(matches) == 2
    # One of them signed in meanwhile: a person of the country now, and nobody's list any more.
    stays, goes = sorted(row.person_id for row in matches)
    resident = await make_resident()
    days = job_context.settings.retention.visit_days
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE session SET person_id = :person WHERE person_id = :me"),
            {"person": stays, "me": resident.id},
        )
        for table in ("paper_row", "paper_list"):
            await connection.execute(
                text(f"UPDATE {table} SET created_at = now() - make_interval(days => :days)"),
                {"days": days - 1},
            )
    await tasks.drop_old(job_context, {})
    assert len(await fetch("SELECT 1 FROM paper_row")) == 2
    async with owner.begin() as connection:
        await connection.execute(text("DELETE FROM visit"))
        for table in ("paper_row", "paper_list"):
            await connection.execute(
                text(f"UPDATE {table} SET created_at = now() - make_interval(days => :days)"),
                {"days": days + 1},
            )
    await tasks.drop_old(job_context, {})
    for table in TABLES:
        assert await fetch(f"SELECT 1 FROM {table}") == []
    left = await fetch("SELECT person_id FROM identity_sealed")
    assert stays in {row.person_id for row in left}
    assert goes not in {row.person_id for row in left}
    assert await fetch("SELECT 1 FROM person WHERE id = :id", id=goes) == []


@pytest.mark.usefixtures("typed")
async def test_whoever_is_erased_is_erased_from_the_lists(owner: AsyncEngine, fetch: Fetch) -> None:
    one = (await fetch("SELECT person_id FROM paper_match ORDER BY person_id LIMIT 1"))[0]
    async with owner.begin() as connection:
        await connection.execute(text("SELECT lachan_erase(:person)"), {"person": one.person_id})
    assert len(await fetch("SELECT 1 FROM paper_row")) == 1
    assert await fetch("SELECT 1 FROM paper_match WHERE person_id = :p", p=one.person_id) == []


async def test_a_file_that_cannot_be_worked_on_says_so_and_can_be_read_again(
    client: httpx.AsyncClient,
    operator: Someone,
    place: int,
    owner: AsyncEngine,
    job_context: JobContext,
    fetch: Fetch,
) -> None:
    answer = await client.post(
        f"/place/paper-files/{place}",
        files={"file": ("x.csv", b"name,time in\nAn,25/11/2026 7:30\n")},
        headers=operator.headers,
    )
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE paper_list SET sealed = 'spoilt'"))
    (one,) = await fetch("SELECT id FROM paper_list")
    with pytest.raises(Exception, match="paper_list"):
        await tasks.check_file(job_context, {"list": str(one.id)})
    assert [row.state for row in await fetch("SELECT state FROM paper_list")] == ["failed"]
    page = answer.headers["location"]
    assert (await client.get(page, headers=operator.headers)).status_code == 200
    discarded = await client.post(f"{page}/discard", headers=operator.headers)
    assert discarded.status_code == 303
    assert await fetch("SELECT 1 FROM paper_list") == []
