"""Programs of others: a key each, shown once, taken away at once."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.clients.tasks import end_sessions
from lachan.jobs.queue import JobContext
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.integration.identity.conftest import ReadTexts

PHONE = "0912345678"


@pytest.fixture
async def admin(make_officer: MakeOfficer) -> Someone:
    return await make_officer("admin", "VN")


async def give_key(client: httpx.AsyncClient, admin: Someone, name: str) -> dict[str, Any]:
    made = await client.post(
        "/api/v1/clients", json={"name": name, "label": "Ứng dụng thử"}, headers=admin.headers
    )
    assert made.status_code == 201, made.text
    body: dict[str, Any] = made.json()
    return body


async def sign_in(
    client: httpx.AsyncClient, texts: ReadTexts, key: str | None = None, named: str | None = None
) -> httpx.Response:
    await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    code = (await texts())[0].body[:6]
    return await client.post(
        "/api/v1/auth/sessions",
        json={"phone": PHONE, "code": code} | ({"client": named} if named else {}),
        headers={} if key is None else {"X-Lachan-Client": key},
    )


async def test_a_visit_says_which_program_reported_it(
    client: httpx.AsyncClient,
    admin: Someone,
    texts: ReadTexts,
    make_resident: MakeResident,
    owner: AsyncEngine,
) -> None:
    made = await give_key(client, admin, "bluezone")
    signed = await sign_in(client, texts, made["key"], "bluezone")
    assert signed.status_code == 201, signed.text
    keeper = await make_resident(area=AREA)
    place = await client.post(
        "/api/v1/places",
        json={"name": "Chợ Thử", "kind": "market", "area": AREA},
        headers=keeper.headers,
    )
    scanned = await client.post(
        "/api/v1/visits",
        json={"scan_id": str(uuid4()), "code": place.json()["code"]},
        headers={"Authorization": f"Bearer {signed.json()['token']}"},
    )
    assert scanned.status_code == 201, scanned.text
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT client FROM visit")) == "bluezone"
        kept = await connection.scalar(text("SELECT encode(key_hash, 'hex') FROM client_app"))
    assert made["key"] not in kept


async def test_nobody_signs_people_in_under_a_name_without_its_key(
    client: httpx.AsyncClient, admin: Someone, texts: ReadTexts
) -> None:
    key = (await give_key(client, admin, "bluezone"))["key"]
    for given, named in (
        (None, "bluezone"),
        (None, "ncovi"),
        (key, "ncovi"),
        (key, "web"),
        ("x" * 43, "bluezone"),
        ("x", "web"),
        ("", "bluezone"),
    ):
        refused = await sign_in(client, texts, given, named)
        assert (refused.status_code, refused.json()["code"]) == (403, "client-key-wrong"), named
    for name in ("drill", "kiosk", "device", "paper"):
        assert (await sign_in(client, texts, None, name)).status_code == 403
    # The key alone says who it is.
    assert (await sign_in(client, texts, key)).status_code == 201


async def test_a_key_that_is_taken_away_ends_everything_that_came_through_it(
    client: httpx.AsyncClient,
    admin: Someone,
    texts: ReadTexts,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    first, second = await give_key(client, admin, "vhd"), await give_key(client, admin, "vhd")
    signed = await sign_in(client, texts, first["key"])
    assert signed.status_code == 201
    gone = await client.delete(f"/api/v1/clients/{first['id']}", headers=admin.headers)
    assert gone.status_code == 204
    assert (await sign_in(client, texts, first["key"])).status_code == 403
    async with owner.connect() as connection:
        queued = text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'clients.end_sessions'")
        assert await connection.scalar(queued) == 0, "the other key of the name is in use"
    await client.delete(f"/api/v1/clients/{second['id']}", headers=admin.headers)
    async with owner.connect() as connection:
        assert await connection.scalar(queued) == 1
    await end_sessions(job_context, {"name": "vhd"})
    async with owner.connect() as connection:
        left = await connection.execute(text("SELECT kind, client FROM session"))
        assert [(row.kind, row.client) for row in left] == [("officer", "web")]


async def test_only_admins_of_the_whole_country_let_programs_in(
    client: httpx.AsyncClient, admin: Someone, make_officer: MakeOfficer, owner: AsyncEngine
) -> None:
    made = await give_key(client, admin, "ncovi")
    for role, area, status in (
        ("admin", "VN.01", 403),
        ("tracer", "VN", 403),
        ("auditor", "VN", 403),
    ):
        other = await make_officer(role, area)
        listed = await client.get("/api/v1/clients", headers=other.headers)
        assert listed.status_code == status
        added = await client.post(
            "/api/v1/clients", json={"name": "evil", "label": "x"}, headers=other.headers
        )
        assert added.status_code == status
        gone = await client.delete(f"/api/v1/clients/{made['id']}", headers=other.headers)
        assert gone.status_code == status
    listed = await client.get("/api/v1/clients", headers=admin.headers)
    (one,) = listed.json()["clients"]
    assert (one["name"], one["created_by"], one["revoked_at"]) == ("ncovi", "Cán bộ thử", None)
    assert made["key"] not in listed.text
    async with owner.connect() as connection:
        trail = await connection.execute(text("SELECT action, details FROM audit_entry"))
        assert [(row.action, row.details) for row in trail] == [("client.added", {"name": "ncovi"})]


@pytest.mark.parametrize("name", ["web", "drill", "kiosk", "UPPER CASE", "a", "ứng-dụng", "x" * 40])
async def test_names_of_ours_and_odd_names_are_refused(
    client: httpx.AsyncClient, admin: Someone, name: str
) -> None:
    answer = await client.post(
        "/api/v1/clients", json={"name": name, "label": "x"}, headers=admin.headers
    )
    assert answer.status_code == 422
