"""Brings a database to the newest shape, as its owner, and sets the roles' passwords."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.storage.roles import ALL, asyncpg_url, proof_pads, role_password

_SCRIPTS = Path(__file__).parent / "migrations"
DAY_TABLES = ("visit", "scan")
DAYS_AHEAD = 3
DAYS_BACK = 30
_LOCK = 0x1ACA  # one number that all programs on a database agree on while they migrate


def head_revision() -> str:
    """The newest migration in this program; they are numbered, and a test holds that."""
    return max(path.name[:4] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    # Alembic takes a second to load, and a process that only serves never migrates.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _ensure_database(owner_url: str) -> None:
    """Create the database named in the URL when the server does not have it yet."""
    url = make_url(asyncpg_url(owner_url))
    server = create_async_engine(
        url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    try:
        async with server.connect() as connection:
            exists = await connection.scalar(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": url.database}
            )
            if not exists and url.database:
                name = connection.dialect.identifier_preparer.quote(url.database)
                await connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8'"))
    finally:
        await server.dispose()


async def make_partitions(connection: AsyncConnection, *, back: int = DAYS_BACK) -> int:
    """Have a partition for each day from `back` days ago to a few ahead; how many were made."""
    today = now().date()
    made = 0
    for table in DAY_TABLES:
        made += await connection.scalar(
            text("SELECT lachan_make_partitions(:parent, :first, :last)"),
            {
                "parent": table,
                "first": today - timedelta(days=back),
                "last": today + timedelta(days=DAYS_AHEAD),
            },
        )
    return made


async def _set_up_roles(connection: AsyncConnection, keyring: Keyring) -> None:
    """Give the roles their passwords, and keep what they get wrong out of the server's log.

    A message may quote the value that it is about ("date out of range: ..."). We log such faults
    ourselves, without it. A server of one's own has to allow it; see docs/how-to.
    """
    is_allowed = "SELECT has_parameter_privilege('log_min_messages', 'SET')"
    silenced = bool(await connection.scalar(text(is_allowed)))
    for role in ALL:
        if silenced:
            await connection.execute(text(f"ALTER ROLE {role} SET log_min_messages = 'log'"))
        # Utility statements take no parameters; the password is url-safe base64, role is ours.
        await connection.execute(
            text(f"ALTER ROLE {role} PASSWORD '{role_password(keyring, role)}'")
        )


async def _set_session_proof(connection: AsyncConnection, keyring: Keyring) -> None:
    """Let the database check the proof that a new session carries; see migration 0003."""
    inner, outer = proof_pads(keyring)
    await connection.execute(
        text(
            "INSERT INTO session_proof (inner_key, outer_key) VALUES (:inner, :outer) "
            "ON CONFLICT (one) DO UPDATE SET inner_key = :inner, outer_key = :outer"
        ),
        {"inner": inner, "outer": outer},
    )


async def migrate(
    owner_url: str,
    keyring: Keyring,
    *,
    create_database: bool = True,
    told: Callable[[str], None] = lambda _: None,
) -> None:
    """Create what is missing: database, roles, tables, partitions. Safe to call at every start."""
    if create_database:
        told("database")
        await _ensure_database(owner_url)
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            await connection.commit()
            try:
                if await current_revision(connection) != head_revision():
                    told("tables")
                    await connection.run_sync(_upgrade)
                await connection.commit()
                told("partitions")
                await make_partitions(connection)
                await _set_up_roles(connection, keyring)
                await _set_session_proof(connection, keyring)
                await connection.commit()
            finally:
                await connection.rollback()
                await connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
                await connection.commit()
    finally:
        await engine.dispose()


async def current_revision(connection: AsyncConnection) -> str | None:
    """The migration the database is at, None for an empty one."""
    exists = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
    if exists is None:
        return None
    found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate_now(owner_url: str, keyring: Keyring) -> None:
    """`migrate` for callers without an event loop."""
    asyncio.run(migrate(owner_url, keyring))
