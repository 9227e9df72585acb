"""The drill's side of the HTTP interface: what any program of a third party could do."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import httpx
import orjson
import pyotp

Item = TypeVar("Item")

_TRY_AGAIN = frozenset({429, 503})
_TRIES = 60
_LONGEST_WAIT_SECONDS = 30.0


class DrillError(RuntimeError):
    """The system refused something that a drill needs; the text is for the person who runs it."""


class Client:
    """Requests over kept-alive connections; refusals for load are tried again when asked to."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._tls = ssl.create_default_context()
        self._all: list[httpx.AsyncClient] = []
        self._idle: list[httpx.AsyncClient] = []
        self.retried = 0

    async def close(self) -> None:
        """Close every connection."""
        for http in self._all:
            await http.aclose()

    @contextmanager
    def _connection(self) -> Iterator[httpx.AsyncClient]:
        """A connection nobody else uses at the moment.

        One pool of httpx for all looks at every connection for every request: with seventy of them
        that took more time than the rest of this program.
        """
        http = self._idle.pop() if self._idle else self._connect()
        try:
            yield http
        finally:
            self._idle.append(http)

    def _connect(self) -> httpx.AsyncClient:
        http = httpx.AsyncClient(
            base_url=self._url,
            verify=self._tls,
            timeout=30,
            limits=httpx.Limits(max_connections=1),
            headers={"accept": "application/json", "accept-language": "en"},
        )
        self._all.append(http)
        return http

    async def send(
        self,
        method: str,
        path: str,
        token: str = "",
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """One request, sent again after 429 and 503 when the server says to.

        Raises `DrillError` when nobody answers or the server stays too busy.
        """
        sent = dict(headers or {})
        if token:
            sent["authorization"] = f"Bearer {token}"
        if json is not None:
            content = orjson.dumps(json)
            sent["content-type"] = "application/json"
        for attempt in range(_TRIES):
            try:
                with self._connection() as http:
                    answer = await http.request(
                        method, f"/api/v1{path}", headers=sent, content=content
                    )
            except httpx.TransportError as error:
                # What is sent here is either harmless to repeat or refused the second time.
                if attempt == _TRIES - 1 or isinstance(error, httpx.ConnectError):
                    raise DrillError(f"no answer from the system: {type(error).__name__}") from None
                wait = 0.5
            else:
                if answer.status_code not in _TRY_AGAIN:
                    return answer
                wait = min(float(answer.headers.get("retry-after", 1)), _LONGEST_WAIT_SECONDS)
            self.retried += 1
            await asyncio.sleep(wait)
        raise DrillError("the system was too busy for too long")

    async def call(self, method: str, path: str, token: str = "", *, json: object = None) -> Any:  # noqa: ANN401 - whatever JSON the route answers
        """The JSON of a request that must succeed. Raises `DrillError`."""
        answer = await self.send(method, path, token, json=json)
        if answer.is_error:
            raise DrillError(f"{method} {path}: {_reason(answer)}")
        return orjson.loads(answer.content) if answer.content else None

    async def sign_in(self, login: str, password: str, totp_secret: str) -> str:
        """An officer's token. Waits for the next code once, since each is taken one time only."""
        for attempt in (1, 2):
            code = pyotp.TOTP(totp_secret).now() if totp_secret else ""
            answer = await self.send(
                "POST",
                "/officers/sessions",
                json={"login": login, "password": password, "totp": code},
            )
            if answer.is_success:
                token: str = answer.json()["token"]
                return token
            if attempt == 1 and totp_secret:
                await asyncio.sleep(30.5 - time.time() % 30)
        raise DrillError(f"signing in: {_reason(answer)}")

    async def pages(self, path: str, token: str, key: str = "items") -> AsyncIterator[Any]:
        """Everything on a list, page by page."""
        cursor = ""
        mark = "&" if "?" in path else "?"
        while True:
            page = await self.call("GET", f"{path}{mark}limit=500&cursor={cursor}", token)
            for item in page[key]:
                yield item
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return

    async def listen(self, token: str, ready: Callable[[], None]) -> AsyncIterator[tuple[str, Any]]:
        """Live events of a person: kind and data, for as long as the caller takes them."""
        with self._connection() as http:
            async with http.stream(
                "GET",
                "/api/v1/me/events",
                headers={"authorization": f"Bearer {token}"},
                timeout=httpx.Timeout(30, read=None),
            ) as answer:
                async for event in _events(answer, ready):
                    yield event


async def _events(
    answer: httpx.Response, ready: Callable[[], None]
) -> AsyncIterator[tuple[str, Any]]:
    if answer.is_error:
        raise DrillError(f"live channel: HTTP {answer.status_code}")
    kind = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            if kind == "unread":
                ready()
            yield kind, orjson.loads(value)


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        fields = "; ".join(f"{name}: {text}" for name, text in problem["fields"].items())
        return f"{problem['detail']} {fields}".strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"HTTP {answer.status_code}"


async def spread(
    items: Iterable[Item], work: Callable[[Item], Awaitable[None]], concurrency: int
) -> None:
    """Do `work` on every item, `concurrency` at a time; the first error ends all of it."""
    remaining = iter(items)

    async def take_on() -> None:
        for item in remaining:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(take_on())
    except ExceptionGroup as failed:
        # One person reads it: the first reason is enough.
        raise failed.exceptions[0] from None


def parsed(moment: str) -> datetime:
    """A moment as the API writes it."""
    return datetime.fromisoformat(moment)
