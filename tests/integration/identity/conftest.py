"""Areas to belong to, and a phone that reads its texts."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.messages import outbox
from lachan.kit.crypto import Keyring

AREAS = (
    ("VN", 0, "VN", None, "Việt Nam"),
    ("VN.01", 1, "01", "VN", "Thành phố Hà Nội"),
    ("VN.01.00004", 2, "00004", "VN.01", "Phường Ba Đình"),
    ("VN.79", 1, "79", "VN", "Thành phố Hồ Chí Minh"),
    ("VN.79.26740", 2, "26740", "VN.79", "Phường Sài Gòn"),
)


_FILLERS = {"text": "", "double precision": 0.0, "boolean": False, "smallint": 0, "integer": 0}


@pytest.fixture(autouse=True)
async def _areas(owner: AsyncEngine) -> None:
    """The few areas used here, unless the template holds them all already."""
    async with owner.begin() as connection:
        if await connection.scalar(text("SELECT 1 FROM area WHERE path = 'VN.01.00004'")):
            return
        needed = await connection.execute(
            text(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_name = 'area' AND is_nullable = 'NO' AND column_default IS NULL"
            )
        )
        row = {name: _FILLERS[kind] for name, kind in needed}
        for path, level, code, parent, name in AREAS:
            row |= {"path": path, "level": level, "code": code, "parent": parent}
            row |= {"name": name, "full_name": name, "name_en": name}
            columns = ", ".join(row)
            values = ", ".join(f":{column}" for column in row)
            await connection.execute(text(f"INSERT INTO area ({columns}) VALUES ({values})"), row)


ReadTexts = Callable[[], Awaitable[list[outbox.Shown]]]


@pytest.fixture
def texts(owner: AsyncEngine, keyring: Keyring) -> ReadTexts:
    """All texts that were to be sent, newest first."""

    async def read() -> list[outbox.Shown]:
        async with owner.begin() as connection:
            return await outbox.newest(connection, keyring)

    return read


SignIn = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def sign_in(client: httpx.AsyncClient, texts: ReadTexts) -> SignIn:
    """Sign a phone in as its owner does: ask for a code, read the text, send the code back."""

    async def go(phone: str = "0912345678", **more: str) -> httpx.Response:
        asked = await client.post("/api/v1/auth/codes", json={"phone": phone})
        assert asked.status_code == 202, asked.text
        code = (await texts())[0].body[:6]
        return await client.post(
            "/api/v1/auth/sessions", json={"phone": phone, "code": code, **more}
        )

    return go


def bearer(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}
