"""A push service on a free port, and a browser's keys: what is sent to it is really opened."""

import base64
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Browser:
    """Keys that only a browser holds."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def subscription(self, endpoint: str) -> dict[str, Any]:
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": endpoint,
            "expirationTime": None,
            "keys": {"p256dh": written(point), "auth": written(self._auth)},
        }

    def open(self, body: bytes) -> dict[str, Any]:
        """What a message says, by RFC 8291."""
        text = http_ece.decrypt(
            body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(text)
        return found


@dataclass
class PushService:
    """Takes messages, and answers with the statuses it is told to, then 201.

    `meanwhile` is what happens elsewhere while it takes one.
    """

    origin: str
    answers: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """Run one on this machine."""
    service = PushService("")

    async def take(request: web.Request) -> web.Response:
        service.headers.append({name.lower(): value for name, value in request.headers.items()})
        service.bodies.append(await request.read())
        if service.meanwhile is not None:
            await service.meanwhile()
        status = service.answers.pop(0) if service.answers else 201
        headers = {"retry-after": "7"} if status == 429 else {}
        if status == 302:
            headers = {"location": f"{service.origin}/elsewhere"}
        return web.Response(status=status, headers=headers)

    application = web.Application()
    application.router.add_post("/{name}", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
