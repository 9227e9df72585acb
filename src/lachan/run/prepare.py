"""What must be there before pages are served: keys, tables, data, in development a demo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from lachan.areas.reference import fill_areas
from lachan.demo.logins import login_lines
from lachan.kit.crypto import KeyFileError, Keyring, ensure_keyring
from lachan.run.terminal import step, tell
from lachan.safety.criteria.service import fill_criteria
from lachan.settings import Settings
from lachan.storage.migrate import migrate
from lachan.storage.roles import asyncpg_url

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Filler:
    """One thing that is put into a new database, and does nothing where it is there already.

    `fill` gets settings, the owner's URL, the keys and a function that tells a line of progress;
    it returns lines to show the person who started the program, such as demo log-ins.
    """

    title: str
    fill: Callable[[Settings, str, Keyring, Told], Awaitable[list[str]]]
    development_only: bool = False


async def _fill_demo(settings: Settings, owner_url: str, keyring: Keyring, told: Told) -> list[str]:
    if await _holds(owner_url, "person"):
        from lachan.demo.safety import keep_up  # noqa: PLC0415 - only a demo needs it

        await keep_up(settings, owner_url, keyring)
        return login_lines()
    from lachan.demo.fill import fill  # noqa: PLC0415 - only the first start of a demo needs it

    return await fill(settings, owner_url, keyring, told)


# In this order. Each feature with data of its own adds its filler here.
FILLERS: tuple[Filler, ...] = (
    Filler("Administrative units", fill_areas),
    Filler("Criteria of safety", fill_criteria),
    Filler("Demo province", _fill_demo, development_only=True),
)


async def _holds(owner_url: str, table: str) -> bool:
    """Whether the database exists and there is a row in `table`."""
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            found = text("SELECT to_regclass(:table)")
            if await connection.scalar(found, {"table": table}) is None:
                return False
            return bool(
                await connection.scalar(text(f"SELECT EXISTS (SELECT FROM {table})"))  # noqa: S608 - one of ours
            )
    except (OSError, asyncpg.PostgresError, DBAPIError):
        return False
    finally:
        await engine.dispose()


def keys_of(settings: Settings, owner_url: str) -> Keyring:
    """The keys, made at the first start only.

    New keys beside old data would open nothing and find nobody: a missing file is then refused.
    Raises KeyFileError.
    """
    path = settings.keys_path
    if not path.exists() and asyncio.run(_holds(owner_url, "identity_sealed")):
        raise KeyFileError(
            f"there is no key file at {path}, but the database holds data sealed with one; bring"
            " it back from your back-up, nothing can be opened without it"
        )
    return ensure_keyring(path)


def bring_up_to_date(settings: Settings, owner_url: str) -> None:
    """Newest shape and newest administrative units, without any demo.

    Raises KeyFileError where the key file cannot be used.
    """
    keyring = keys_of(settings, owner_url)
    with step("Database up to date"):
        asyncio.run(migrate(owner_url, keyring))
    for filler in FILLERS:
        if not filler.development_only:
            with step(filler.title):
                asyncio.run(_filled(filler, settings, owner_url, keyring))


def prepare(settings: Settings, owner_url: str) -> tuple[Keyring, list[str]]:
    """Bring the database to the newest shape and fill what is missing.

    Returns the keys and the lines to show. Raises KeyFileError where the key file cannot be used.
    """
    keyring = keys_of(settings, owner_url)
    with step("Database up to date"):
        asyncio.run(migrate(owner_url, keyring))
    lines: list[str] = []
    for filler in FILLERS:
        if filler.development_only and settings.mode != "development":
            continue
        with step(filler.title):
            lines += asyncio.run(_filled(filler, settings, owner_url, keyring))
    return keyring, lines


async def _filled(
    filler: Filler, settings: Settings, owner_url: str, keyring: Keyring
) -> list[str]:
    return await filler.fill(settings, owner_url, keyring, tell)
