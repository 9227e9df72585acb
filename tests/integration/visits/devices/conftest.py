"""A door with a device, and people who have something to show."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lachan.identity.credentials.domain import phone_code, step_of
from lachan.kit.clock import now
from tests.conftest import AREA, MakeResident, Someone


@dataclass(frozen=True, slots=True)
class Door:
    """A device, its key, the place it stands at and who runs that."""

    id: int
    key: str
    place_id: int
    code: str
    keeper: Someone

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True, slots=True)
class Phone:
    """A resident's phone, which makes codes off line."""

    owner: Someone
    handle: bytes
    key: bytes

    def code(self, at: datetime | None = None, mask: int = 0) -> str:
        return phone_code(self.key, self.handle, step_of(at or now()), mask)


MakeDoor = Callable[..., Awaitable[Door]]
MakePhone = Callable[..., Awaitable[Phone]]
Send = Callable[..., Awaitable[httpx.Response]]


def document(number: int, name: str = "Lê Thị Thử") -> str:
    """The QR picture of a made-up national ID card: a person born in 1990 or later."""
    return f"001190{number:06}||{name}|01011990|Nữ|Phường Thử, Hà Nội|01012022"


def scan(shown: str, **more: Any) -> dict[str, Any]:
    """A scan as a device reports it."""
    return {"scan_id": str(uuid4()), "shown": shown, **more}


@pytest.fixture
def make_door(client: httpx.AsyncClient, make_resident: MakeResident) -> MakeDoor:
    async def make(kind: str = "turnstile", *, keeper: Someone | None = None, **place: Any) -> Door:
        keeper = keeper or await make_resident(area=AREA)
        made = await client.post(
            "/api/v1/places",
            json={"name": "Nhà máy Thử Nghiệm", "kind": "workplace", "area": AREA, **place},
            headers=keeper.headers,
        )
        assert made.status_code == 201, made.text
        place_id, code = made.json()["id"], made.json()["code"]
        device = await client.post(
            f"/api/v1/places/{place_id}/devices",
            json={"kind": kind, "label": "Cổng chính"},
            headers=keeper.headers,
        )
        assert device.status_code == 201, device.text
        return Door(device.json()["id"], device.json()["key"], place_id, code, keeper)

    return make


@pytest.fixture
def make_phone(client: httpx.AsyncClient, make_resident: MakeResident) -> MakePhone:
    async def make(owner: Someone | None = None) -> Phone:
        owner = owner or await make_resident(area=AREA)
        made = await client.post("/api/v1/me/phone-codes", headers=owner.headers)
        assert made.status_code == 201, made.text
        body = made.json()
        return Phone(owner, base64.b64decode(body["handle"]), base64.b64decode(body["key"]))

    return make


@pytest.fixture
def send(client: httpx.AsyncClient) -> Send:
    async def post(
        door: Door, *scans: object, clock: timedelta = timedelta(0), **headers: str
    ) -> httpx.Response:
        return await client.post(
            "/api/v1/device/scans",
            json={"sent_at": (now() + clock).isoformat(), "scans": list(scans)},
            headers={**door.headers, **headers},
        )

    return post
