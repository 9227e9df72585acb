"""Who sends a body drop by drop: the connections to the database stay for everybody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.http.rate import RateLimit
from lachan.safety.feedback import api
from tests.conftest import MakeOfficer, Someone
from tests.integration.safety.conftest import Facility

FORM = "multipart/form-data; boundary=x"
BEGUN = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nM'


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of one's own: those of the process are shared by all tests."""
    monkeypatch.setattr(api, "TELLING", RateLimit(6, burst=30))
    monkeypatch.setattr(api, "FOLLOWING", RateLimit(30, burst=60))


@asynccontextmanager
async def slowly(
    client: httpx.AsyncClient, path: str, times: int = 1, **more: Any
) -> AsyncIterator[None]:
    """Requests whose bodies have begun, and go on when the block is left."""
    begun, leave = asyncio.Semaphore(0), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield BEGUN
        begun.release()
        await leave.wait()

    async with asyncio.TaskGroup() as sending:
        for _ in range(times):
            sending.create_task(client.post(path, content=body(), **more))
        try:
            async with asyncio.timeout(5):
                for _ in range(times):
                    await begun.acquire()
            yield
        finally:
            leave.set()


@pytest.fixture
async def officer(owner: AsyncEngine, make_officer: MakeOfficer) -> Someone:
    """An officer of Hồ Chí Minh City who may do all that is done by slow forms."""
    someone = await make_officer("safety_inspector", "VN.79")
    async with owner.begin() as connection:
        for role in ("admin", "tracer"):
            await connection.execute(
                text("INSERT INTO officer_role VALUES (:officer, :role, 'VN.79')"),
                {"officer": someone.id, "role": role},
            )
    return someone


@pytest.fixture
async def handle(client: httpx.AsyncClient, school: Facility) -> str:
    """The handle of a report just made."""
    told = await client.post(
        f"/api/v1/places/{school.id}/feedback",
        json={"body": "Cổng sau không có nước sát khuẩn từ sáng thứ hai."},
    )
    found: str = told.json()["handle"]
    return found


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/map/places/{place}/tell", None),
        ("/api/v1/feedback/{handle}/photos", None),
        ("/api/v1/places/{place}/photos", "owner"),
        ("/safety/commits/{place}/before", "owner"),
        ("/place/{place}/hours", "owner"),
        ("/api/v1/paper-files/{place}", "owner"),
        ("/place/paper-files/{place}", "owner"),
        ("/api/v1/criteria/files", "officer"),
        ("/desk/safety/criteria", "officer"),
        ("/desk/safety/places/{place}/inspect", "officer"),
        ("/desk/warnings/1/kinds", "officer"),
        ("/desk/warning-rules?disease=covid-19", "officer"),
    ],
)
async def test_a_slow_body_holds_no_connection(
    app: FastAPI,
    client: httpx.AsyncClient,
    school: Facility,
    officer: Someone,
    handle: str,
    path: str,
    who: str | None,
) -> None:
    someone = {"owner": school.owner, "officer": officer, None: None}[who]
    headers = {"content-type": FORM, **(someone.headers if someone else {})}
    where = path.format(place=school.id, handle=handle)
    async with slowly(client, where, headers=headers):
        assert app.state.storage.app.pool.checkedout() == 0


async def test_pages_are_served_while_many_send_slowly(
    app: FastAPI, client: httpx.AsyncClient, school: Facility
) -> None:
    # As many as there are connections, with those that are opened besides.
    many = 2 * app.state.settings.database.pool_size
    where = f"/map/places/{school.id}/tell"
    async with slowly(client, where, many, headers={"content-type": FORM}):
        seen = await client.get(where)
    assert seen.status_code == 200
