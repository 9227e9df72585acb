"""Engines of the three roles, and the unit of work: one request or job, one transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import orjson
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from lachan.settings import Settings
from lachan.storage.roles import RoleUrls

_SET_SESSION = text("SELECT set_config('lachan.session', :token, true)")


def _engine(url: str, *, size: int, timeout_ms: int, name: str) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=False,
        pool_recycle=1800,
        pool_timeout=10,
        # Parameters are names, notes and sessions' secrets: no error text repeats them.
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "server_settings": {
                "application_name": name,
                "statement_timeout": str(timeout_ms),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
                "jit": "off",
            }
        },
    )


_AWAY = (
    ConnectionError,
    FileNotFoundError,  # the Unix socket of a server that is down
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    exc.TimeoutError,
)


def is_away(error: BaseException) -> bool:
    """Whether `error` says that the database cannot be reached just now."""
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    cause = error.__cause__
    return isinstance(error, _AWAY) or (cause is not None and is_away(cause))


@dataclass(frozen=True, slots=True)
class Storage:
    """The way to the database of a web process; scans have a writer of their own.

    A process holds only what it needs: the web process has no worker engine, so a hole in a page
    cannot read past row security.
    """

    urls: RoleUrls
    app: AsyncEngine
    exports: asyncio.Semaphore

    @asynccontextmanager
    async def transaction(self, session_token: str = "") -> AsyncIterator[AsyncConnection]:
        """One transaction as the role that serves pages, asking in the name of a session.

        With an empty token row security shows nothing that belongs to anybody.
        """
        async with self.app.begin() as connection:
            if session_token:
                await connection.execute(_SET_SESSION, {"token": session_token})
            yield connection

    @asynccontextmanager
    async def export(self, session_token: str) -> AsyncIterator[AsyncConnection]:
        """A transaction that lasts as long as somebody reads a file from us.

        Only half the connections are given to these: whoever reads slowly on purpose, many times
        over, makes other exports wait, and nothing else.
        """
        async with self.exports, self.transaction(session_token) as connection:
            yield connection

    async def dispose(self) -> None:
        await self.app.dispose()


def open_storage(settings: Settings, urls: RoleUrls) -> Storage:
    """Engines for a web process; nothing connects until it is used."""
    return Storage(
        urls=urls,
        exports=asyncio.Semaphore(max(1, settings.database.pool_size // 2)),
        app=_engine(
            urls.app,
            size=settings.database.pool_size,
            timeout_ms=settings.database.statement_timeout_ms,
            name="lachan web",
        ),
    )


def open_worker_engine(urls: RoleUrls, *, size: int) -> AsyncEngine:
    """The engine of the worker process; its statements may run ten minutes."""
    return _engine(urls.worker, size=size, timeout_ms=600_000, name="lachan worker")
