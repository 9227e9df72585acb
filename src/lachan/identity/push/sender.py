"""One push message over the network: sealed for the browser, signed by us, to public hosts only."""

import socket
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal, NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from py_vapid import Vapid02
from pywebpush import WebPusher

from lachan.identity.push.domain import Subscription, is_allowed, is_public, origin_of, vapid_key
from lachan.kit.crypto import Keyring
from lachan.settings import Settings

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_TOKEN_HOURS = 12
_LONGEST_ANSWER = 1_024
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Outcome(NamedTuple):
    """What a push service said; `wait` seconds when it asked for a pause.

    It was not asked when the warning is `held` back, or withdrawn and thus `dropped`.
    """

    result: Literal["sent", "gone", "again", "refused", "held", "dropped"]
    wait: int | None = None


class PublicOnly(AbstractResolver):
    """Finds hosts as ever, and forgets every address that is not on the open Internet.

    Asked at each connection, so a name that is made to point inwards after the check leads nowhere.
    """

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The public addresses of a host. Raises `OSError` when it has none."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise OSError(None, "no public address")
        return public

    async def close(self) -> None:
        """Let go of the inner resolver."""
        await self._inner.close()


class Sender:
    """Sends to push services; use as an async context manager."""

    def __init__(self, keyring: Keyring, settings: Settings) -> None:
        self._vapid = Vapid02(vapid_key(keyring))
        host = urlsplit(settings.web.base_url).hostname or "localhost"
        self._contact = settings.push.contact or f"mailto:admin@{host}"
        self._hosts: Sequence[str] = settings.push.hosts
        self._tests: Sequence[str] = settings.push.test_origins
        self._ttl = settings.push.ttl_hours * 3600
        self._public: aiohttp.ClientSession | None = None
        self._test: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._public = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicOnly(), use_dns_cache=False),
            timeout=_TIMEOUT,
        )
        if self._tests:
            self._test = aiohttp.ClientSession(timeout=_TIMEOUT)
        return self

    async def __aexit__(self, *_error: object) -> None:
        for session in (self._public, self._test):
            if session is not None:
                await session.close()

    async def send(self, subscription: Subscription, message: bytes) -> Outcome:
        """Deliver `message` (sealed by RFC 8291 on the way) to one browser's push service."""
        # Asked again: the list may have become shorter since the browser subscribed.
        if not is_allowed(subscription.endpoint, self._hosts, self._tests):
            return Outcome("gone")
        origin = origin_of(subscription.endpoint)
        session = self._test if origin in self._tests else self._public
        if session is None:
            raise RuntimeError("the sender is not open")
        body = WebPusher(
            {
                "endpoint": subscription.endpoint,
                "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
            }
        ).encode(message)["body"]
        headers = {
            **self._vapid.sign(
                {
                    "aud": origin,
                    "sub": self._contact,
                    "exp": int(time.time()) + _TOKEN_HOURS * 3600,
                }
            ),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(self._ttl),
            "urgency": "high",
        }
        try:
            async with session.post(
                subscription.endpoint, data=body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.content.read(_LONGEST_ANSWER)
                return _outcome(answer.status, answer.headers.get("retry-after"))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Outcome("again")


def _outcome(status: int, retry_after: str | None) -> Outcome:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome("sent")
    if status in _GONE:
        return Outcome("gone")
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        asked = retry_after or ""
        # The other form, an HTTP date, is rare; our own patience serves for it.
        return Outcome("again", int(asked) if asked.isdigit() and len(asked) < 7 else None)  # noqa: PLR2004 - days of seconds
    return Outcome("refused")
