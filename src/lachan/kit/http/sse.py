"""Server-sent events on the wire: named events, heart-beats, ids to resume from."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse

from lachan.kit.errors import TooManyStreams


class Streams:
    """How many live connections each viewer holds open in this process, and at most may."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def check_room(self, viewer: str) -> None:
        """Raises `TooManyStreams`."""
        if self._open[viewer] >= self._most:
            raise TooManyStreams(retry_after=30)

    @contextmanager
    def held(self, viewer: str) -> Iterator[None]:
        """Count one connection for as long as it is open."""
        self._open[viewer] += 1
        try:
            yield
        finally:
            self._open[viewer] -= 1
            if self._open[viewer] <= 0:
                del self._open[viewer]

    def open_for(self, viewer: str) -> int:
        return self._open[viewer]


HEARTBEAT_SECONDS = 20.0
_LONGEST_ID = 18  # digits; a bigint holds any of them


@dataclass(frozen=True, slots=True)
class Message:
    """One event; without a kind it is a comment that keeps the connection open."""

    kind: str = ""
    payload: Mapping[str, Any] | None = None
    id: int | None = None

    def encode(self) -> bytes:
        if not self.kind:
            return b": still here\n\n"
        head = f"id: {self.id}\n" if self.id is not None else ""
        return (
            f"{head}event: {self.kind}\n".encode()
            + b"data: "
            + orjson.dumps(dict(self.payload or {}))
            + b"\n\n"
        )


def last_event_id(request: Request) -> int | None:
    """Where a returning page left off, None for a new one."""
    given = request.headers.get("last-event-id") or request.query_params.get("last_event_id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _LONGEST_ID else None


def event_stream(messages: AsyncIterator[Message]) -> StreamingResponse:
    """An answer that stays open and sends each message as it comes."""

    async def encoded() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        async for message in messages:
            yield message.encode()

    return StreamingResponse(
        encoded(),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
