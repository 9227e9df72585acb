"""People, places and cases as they are before an officer opens anything."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.service import enrol_person
from lachan.kit.crypto import Keyring
from tests.conftest import AREA, Someone
from tests.days import today

PHONE = "0912345678"

OpenCase = Callable[..., Awaitable[dict[str, Any]]]
Enrol = Callable[..., Awaitable[int]]


def case_body(**changes: object) -> dict[str, Any]:
    """A right request, but for `changes`."""
    return {
        "person": {"phone": PHONE},
        "disease": "covid-19",
        "classification": "confirmed",
        "onset_on": (today() - timedelta(days=2)).isoformat(),
        "area": AREA,
        **changes,
    }


@pytest.fixture
def enrol(owner: AsyncEngine, keyring: Keyring) -> Enrol:
    """Make a person with a sealed phone and name, in a household or a drill when told."""

    async def make(
        phone: str | None = None,
        *,
        name: str | None = None,
        area: str | None = AREA,
        household: int | None = None,
        drill: bool = False,
    ) -> int:
        async with owner.begin() as connection:
            person = await enrol_person(connection, keyring, phone=phone, name=name, home_area=area)
            if household is not None:
                await connection.execute(
                    text(
                        "INSERT INTO household (id) OVERRIDING SYSTEM VALUE VALUES (:id) "
                        "ON CONFLICT DO NOTHING"
                    ),
                    {"id": household},
                )
            drill_id = None
            if drill:
                drill_id = await connection.scalar(
                    text("INSERT INTO drill (label, created_by) VALUES ('thử', 1) RETURNING id")
                )
            await connection.execute(
                text("UPDATE person SET household_id = :home, drill_id = :drill WHERE id = :id"),
                {"home": household, "drill": drill_id, "id": person},
            )
        return person

    return make


@pytest.fixture
def open_case(client: httpx.AsyncClient) -> OpenCase:
    """Open a case over HTTP."""

    async def post(officer: Someone, **changes: object) -> dict[str, Any]:
        answer = await client.post(
            "/api/v1/cases", json=case_body(**changes), headers=officer.headers
        )
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return post
