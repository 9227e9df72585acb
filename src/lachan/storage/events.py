"""Live updates: a row in `event` reaches every open page that listens to its topic.

A row is written in the transaction that causes it, so nothing is told that did not happen. A page
that was away names the last event it saw and gets what it missed, up to a day back. Payloads hold
no personal data: a topic that belongs to somebody is guarded by the route that subscribes to it.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import structlog
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

log = structlog.get_logger()

_PUBLISH = text("INSERT INTO event (topic, kind, payload) VALUES (:topic, :kind, :payload)")
_REPLAY_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    kind: str
    payload: Mapping[str, Any]


async def publish(
    connection: AsyncConnection, topic: str, kind: str, payload: Mapping[str, Any] | None = None
) -> None:
    """Tell the listeners of `topic`, once this transaction commits."""
    await connection.execute(
        _PUBLISH,
        {"topic": topic, "kind": kind, "payload": orjson.dumps(dict(payload or {})).decode()},
    )


class Hub:
    """One listening connection a process, fanned out to its open pages."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url).set(drivername="postgresql")
        self._dsn = parsed.render_as_string(hide_password=False)
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self.listening = 0

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep_listening())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close()

    async def _keep_listening(self) -> None:
        """Listen; after a lost connection listen again and wake everybody to look for gaps."""
        while True:
            try:
                self._connection = await asyncpg.connect(self._dsn)
                ended = asyncio.Event()
                self._connection.add_termination_listener(lambda _, ended=ended: ended.set())
                await self._connection.add_listener("lachan_event", self._on_notify)
                for topic in list(self._listeners):
                    self._wake(topic)
                await ended.wait()
                log.warning("listen_connection_lost")
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("listen_failed", error=type(error).__name__)
            await asyncio.sleep(1)

    def _on_notify(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._wake(str(payload).partition(" ")[2])

    def _wake(self, topic: str) -> None:
        for waiter in self._listeners.get(topic, ()):
            waiter.set()

    async def latest(self, connection: AsyncConnection, topic: str) -> int:
        """The id of the newest event of `topic`, 0 when there is none."""
        found = await connection.scalar(
            text("SELECT max(id) FROM event WHERE topic = :topic"), {"topic": topic}
        )
        return int(found or 0)

    async def since(self, connection: AsyncConnection, topic: str, last_id: int) -> list[Event]:
        """Events of `topic` after `last_id`, oldest first."""
        rows = await connection.execute(
            text(
                "SELECT id, kind, payload FROM event WHERE topic = :topic AND id > :last_id "
                "ORDER BY id LIMIT :limit"
            ),
            {"topic": topic, "last_id": last_id, "limit": _REPLAY_LIMIT},
        )
        return [
            Event(
                row.id,
                row.kind,
                row.payload if isinstance(row.payload, dict) else orjson.loads(row.payload),
            )
            for row in rows
        ]

    async def wait(self, topic: str, timeout_seconds: float) -> AsyncGenerator[bool, None]:
        """Yields True when something may be new on `topic`, False after each quiet `timeout`.

        The first True comes at once, when listening has begun: whoever then looks misses nothing.
        """
        waiter = asyncio.Event()
        waiter.set()
        self._listeners[topic].add(waiter)
        self.listening += 1
        try:
            while True:
                try:
                    async with asyncio.timeout(timeout_seconds):
                        await waiter.wait()
                    waiter.clear()
                    yield True
                except TimeoutError:
                    yield False
        finally:
            self.listening -= 1
            self._listeners[topic].discard(waiter)
            if not self._listeners[topic]:
                del self._listeners[topic]
