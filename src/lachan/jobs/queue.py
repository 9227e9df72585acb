"""Jobs: enqueued in the transaction that causes them, run by the worker, each by its name.

A job's payload holds ids, never anything personal: PgQueuer keeps it in the clear.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.kit.crypto import Keyring
from lachan.settings import Settings


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job may use: the worker's engine, the keys, the settings."""

    engine: AsyncEngine
    keyring: Keyring
    settings: Settings


Handler = Callable[[JobContext, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job: its stable name, what runs it, and a cron expression when it is periodic."""

    name: str
    run: Handler
    schedule: str | None = None


_ENQUEUE = text(
    """
    INSERT INTO pgqueuer (priority, status, entrypoint, payload, dedupe_key)
    VALUES (:priority, 'queued', :name, :payload, :once)
    ON CONFLICT DO NOTHING
    """
)


async def enqueue(
    connection: AsyncConnection,
    name: str,
    payload: Mapping[str, Any],
    *,
    priority: int = 0,
    once: str | None = None,
) -> None:
    """Queue a job in this transaction; with `once`, not again while that one still waits."""
    await connection.execute(
        _ENQUEUE,
        {"priority": priority, "name": name, "payload": orjson.dumps(dict(payload)), "once": once},
    )
