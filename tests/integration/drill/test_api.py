"""A drill's people: made by admins only, let past the limit per address, gone without trace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.drill import tasks
from lachan.jobs.queue import JobContext
from lachan.settings import Settings, Web
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.integration.warnings.conftest import MakeTraced, traced_by


@pytest.fixture
def make_traced(owner: AsyncEngine) -> MakeTraced:
    return traced_by(owner)


async def start(
    client: httpx.AsyncClient, admin: Someone, people: int, **more: object
) -> dict[str, Any]:
    body = {"label": "Diễn tập quý 4", "people": people, **more}
    answer = await client.post("/api/v1/drills", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def count(owner: AsyncEngine, table: str) -> int:
    async with owner.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_people_live_in_the_area_some_together_and_can_act(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", "VN.01")
    made = await start(client, admin, 60)
    people = made["people"]
    assert made["area"] == "VN.01"
    assert len({person["person_id"] for person in people}) == 60
    assert all(person["area"].startswith("VN.01.") for person in people)
    homes: dict[int, int] = {}
    for person in people:
        if person["household"] is not None:
            homes[person["household"]] = homes.get(person["household"], 0) + 1
    assert homes
    assert all(2 <= size <= 5 for size in homes.values())
    headers = {"Authorization": f"Bearer {people[0]['token']}"}
    assert (await client.get("/api/v1/me/warnings", headers=headers)).status_code == 200
    async with owner.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT home_area, household_id, drill_id FROM person WHERE id = :id"),
                {"id": people[0]["person_id"]},
            )
        ).one()
    assert row == (people[0]["area"], people[0]["household"], made["id"])


@pytest.mark.parametrize(
    ("role", "area", "wanted", "status"),
    [
        ("tracer", "VN.01", None, 403),
        ("admin", "VN.79", AREA, 403),
        ("admin", "VN", "VN.99", 422),
        ("admin", AREA, "VN.01", 403),
    ],
)
async def test_who_may_not(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    role: str,
    area: str,
    wanted: str | None,
    status: int,
) -> None:
    officer = await make_officer(role, area)
    body = {"label": "x", "people": 1, "area": wanted}
    answer = await client.post("/api/v1/drills", json=body, headers=officer.headers)
    assert answer.status_code == status
    assert (await client.post("/api/v1/drills", json=body)).status_code == 401


async def test_too_many_people(client: httpx.AsyncClient, make_officer: MakeOfficer) -> None:
    admin = await make_officer("admin", "VN.01")
    for people in (0, 50_001):
        answer = await client.post(
            "/api/v1/drills", json={"label": "x", "people": people}, headers=admin.headers
        )
        assert answer.status_code == 422


async def test_everything_of_it_goes_and_nothing_real(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    make_traced: MakeTraced,
) -> None:
    admin, tracer = await make_officer("admin", "VN.01"), await make_officer()
    real = await make_resident(area=AREA)
    real_case = await make_traced(real.id, officer=tracer.id)
    tables = ("person", "household", "place", "visit", "scan", "last_visit", "session")
    more = ("case_record", "trace_run", "contact", "exposure", "warning", "warning_message")
    made = await start(client, admin, 20)
    first, second = made["people"][:2]
    headers = {"Authorization": f"Bearer {first['token']}"}
    before = {table: await count(owner, table) for table in (*tables, *more)}
    place = await client.post(
        "/api/v1/places",
        json={"name": "Chợ diễn tập", "kind": "market", "area": AREA},
        headers=headers,
    )
    assert place.status_code == 201, place.text
    for who in (headers, real.headers):
        scan = await client.post(
            "/api/v1/visits",
            json={
                "scan_id": "019ab000-0000-7000-8000-000000000001",
                "code": place.json()["code"],
                "at": (datetime.now(UTC) - timedelta(hours=3)).isoformat(),
            },
            headers=who,
        )
        assert scan.status_code == 201, scan.text
    drilled = await make_traced(second["person_id"], officer=tracer.id)
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE case_record SET person_id = :person WHERE id = :case"),
            {"person": first["person_id"], "case": drilled.id},
        )
    warned = await client.post(
        "/api/v1/warnings", json={"case_id": drilled.id}, headers=tracer.headers
    )
    assert warned.status_code == 201
    stranger = await make_officer("admin", "VN.01")
    path = f"/api/v1/drills/{made['id']}"
    assert (await client.delete(path, headers=stranger.headers)).status_code == 404
    ended = await client.delete(path, headers=admin.headers)
    assert (ended.status_code, ended.json()["people"]) == (202, 20)
    await tasks.remove(job_context, {"drill": made["id"]})
    await tasks.remove(job_context, {"drill": made["id"]})
    state = (await client.get(path, headers=admin.headers)).json()
    assert state["people"] == 0
    assert state["closed_at"]
    inbox = await client.get("/api/v1/me/visits", headers=real.headers)
    assert [visit["place"]["name"] for visit in inbox.json()["visits"]] == ["Chợ diễn tập"]
    after = {table: await count(owner, table) for table in (*tables, *more)}
    # Left: the real person's scan of the drill's poster, and the case's own person and place that
    # the fixture made, which belong to no drill.
    assert after["visit"] - before["visit"] == 1
    assert after["place"] - before["place"] == 2
    assert after["person"] == before["person"] - 20 + 1
    for table in more:
        assert after[table] == before[table], table
    async with owner.connect() as connection:
        left = await connection.scalar(
            text("SELECT count(*) FROM contact WHERE case_id = :case"), {"case": real_case.id}
        )
    assert left == 1


async def test_forgotten_drills_are_removed_by_themselves(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_officer: MakeOfficer,
) -> None:
    admin = await make_officer("admin", "VN.01")
    old, new = await start(client, admin, 3), await start(client, admin, 3)
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE drill SET created_at = now() - interval '25 hours' WHERE id = :id"),
            {"id": old["id"]},
        )
    await tasks.remove(job_context, {})
    for made, left in ((old, 0), (new, 3)):
        state = await client.get(f"/api/v1/drills/{made['id']}", headers=admin.headers)
        assert state.json()["people"] == left


class TestTheLimitPerAddress:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"web": Web(rate_per_minute=10)})

    async def test_it_does_not_bind_a_drill_and_a_drill_does_not_use_it_up(
        self, client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident
    ) -> None:
        admin, real = await make_officer("admin", "VN.01"), await make_resident()
        made = await start(client, admin, 1)
        drilled = {"Authorization": f"Bearer {made['people'][0]['token']}"}
        for _ in range(30):
            assert (await client.get("/api/v1/me/warnings", headers=drilled)).status_code == 200
        answers = [
            (await client.get("/api/v1/me/warnings", headers=real.headers)).status_code
            for _ in range(12)
        ]
        assert answers[:9] == [200] * 9
        assert answers[-1] == 429
        forged = {"Authorization": "Bearer dril" + made["people"][0]["token"][4:-4] + "AAAA"}
        assert (await client.get("/api/v1/me/warnings", headers=forged)).status_code == 429
