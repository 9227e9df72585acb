"""Reports on a school, by whom a test needs."""

import io
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.http.rate import RateLimit
from lachan.safety.feedback import api
from tests.conftest import Someone
from tests.integration.safety.conftest import Facility

SAID = "Cổng sau không có nước sát khuẩn từ sáng thứ hai."
Tell = Callable[..., Awaitable[httpx.Response]]
Rows = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of one's own: those of the process are shared by all tests."""
    monkeypatch.setattr(api, "TELLING", RateLimit(6, burst=30))
    monkeypatch.setattr(api, "FOLLOWING", RateLimit(30, burst=60))


@pytest.fixture
def tell(client: httpx.AsyncClient) -> Tell:
    async def post(
        school: Facility, who: Someone | None = None, body: str = SAID, **more: object
    ) -> httpx.Response:
        return await client.post(
            f"/api/v1/places/{school.id}/feedback",
            json={"body": body, **more},
            headers=who.headers if who else {},
        )

    return post


@pytest.fixture
def rows(owner: AsyncEngine) -> Rows:
    """Reports as they are stored, seen by the owner of the database."""

    async def read(where: str = "true", **values: object) -> list[dict[str, Any]]:
        async with owner.connect() as connection:
            found = await connection.execute(
                text(f"SELECT * FROM feedback WHERE {where} ORDER BY id"), values
            )
            return [dict(row) for row in found.mappings()]

    return read


@pytest.fixture
def picture() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG")
    return out.getvalue()
