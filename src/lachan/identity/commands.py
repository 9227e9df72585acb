"""The work of `lachan officers`, `lachan keys` and `lachan audit`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.identity import store as people
from lachan.identity.chain import Verdict, verify
from lachan.identity.keys import Progress, rewrap_everything, status
from lachan.identity.officers import secrets, service, store
from lachan.identity.officers.schemas import LOGIN_PATTERN
from lachan.kit.crypto import KeyFileError, Keyring, load_keyring, rotated, save_keyring
from lachan.kit.http.access import Grant
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgresError, running_or_started
from lachan.storage.roles import asyncpg_url

console = Console(soft_wrap=True)
Result = TypeVar("Result")


@contextmanager
def _owner_url(settings: Settings) -> Iterator[str]:
    """The owner's address: the one that is set, else that of the embedded server."""
    if settings.database.url is not None:
        yield asyncpg_url(settings.database.url.get_secret_value())
        return
    with running_or_started(settings.data_dir / "pg") as server:
        yield asyncpg_url(server.url())


def _as_owner(
    work: Callable[[AsyncEngine, Settings, Keyring], Awaitable[Result]],
) -> Result:
    """Run `work` with the owner's engine; a refusal is a sentence and exit code 2."""
    settings = Settings()

    async def run(url: str, keyring: Keyring) -> Result:
        engine = create_async_engine(url, poolclass=NullPool)
        try:
            return await work(engine, settings, keyring)
        finally:
            await engine.dispose()

    try:
        with _owner_url(settings) as url:
            return asyncio.run(run(url, load_keyring(settings.keys_path)))
    except (KeyFileError, EmbeddedPostgresError) as error:
        typer.echo(f"lachan: {error}", err=True)
        raise typer.Exit(2) from None


def create_officer(login: str, name: str, role: str, area: str) -> None:
    """Make an officer and print the temporary password and the authenticator's secret, once."""
    if role not in service.ROLES:
        raise typer.BadParameter(f"one of {', '.join(service.ROLES)}", param_hint="--role")
    if not LOGIN_PATTERN.fullmatch(login):
        raise typer.BadParameter("3 to 40 letters, digits, . _ -", param_hint="--login")

    async def work(engine: AsyncEngine, _settings: Settings, keyring: Keyring) -> tuple[str, str]:
        password, secret = secrets.temporary_password(), secrets.new_totp_secret()
        hashed = await secrets.hash_password(password)
        async with engine.begin() as connection:
            if not await people.area_exists(connection, area):
                raise typer.BadParameter("there is no such area", param_hint="--area")
            officer_id = await store.create_as_owner(
                connection,
                login=login.lower(),
                name=name,
                hashed=hashed,
                grants=[Grant(role, area)],
                temporary=True,
            )
            sealed = secrets.seal_totp(keyring, officer_id, secret)
            await store.set_totp_as_owner(connection, officer_id, sealed)
        return password, secret

    try:
        password, secret = _as_owner(work)
    except IntegrityError:
        typer.echo(f"lachan: there is an officer named {login} already", err=True)
        raise typer.Exit(1) from None
    console.print(f"[bold]{login.lower()}[/] is {role} of {area}. Shown this once:")
    console.print(f"  Temporary password  {password}")
    console.print(f"  Authenticator key   {secret}")
    console.print(f"  {secrets.totp_uri(secret, login.lower())}", highlight=False)


def keys_status() -> None:
    """Which keys there are, and how many sealed values each of them wraps."""

    async def work(
        engine: AsyncEngine, _settings: Settings, keyring: Keyring
    ) -> tuple[Keyring, dict[str, dict[int, int]]]:
        async with engine.connect() as connection:
            return keyring, await status(connection)

    keyring, found = _as_owner(work)
    for key in sorted(keyring.wrapping):
        count = sum(counts.get(key, 0) for counts in found.values())
        mark = " (active)" if key == keyring.active else ""
        console.print(f"key {key}{mark}: {count} sealed values")
    lost = {key for counts in found.values() for key in counts} - set(keyring.wrapping)
    for key in sorted(lost):
        count = sum(counts.get(key, 0) for counts in found.values())
        console.print(f"[red]key {key} is not in the key file: {count} values cannot be opened[/]")
    if lost:
        raise typer.Exit(1)


def keys_rotate(*, resume: bool) -> None:
    """Make a new key in the key file and wrap every sealed value by it; safe to interrupt."""

    async def work(engine: AsyncEngine, settings: Settings, keyring: Keyring) -> Progress:
        active = keyring if resume else rotated(keyring)
        if not resume:
            # The file first: a value must never be wrapped by a key that is not safe on disk.
            save_keyring(settings.keys_path, active)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns, console=console) as bar:
            task = bar.add_task(f"Rewrapping by key {active.active}", total=None)

            def told(progress: Progress) -> None:
                bar.update(task, total=progress.total, completed=progress.rewrapped)

            return await rewrap_everything(engine, active, told)

    done = _as_owner(work)
    console.print(f"{done.rewrapped} values rewrapped.")
    console.print("Back the key file up now. Older keys stay in it for older back-ups.")
    if done.broken:
        console.print(
            f"[red]{len(done.broken)} values do not open: {', '.join(done.broken[:10])}[/]"
        )
        raise typer.Exit(1)


def audit_verify(expect: str) -> None:
    """Recompute the whole chain of hashes; exit code 1 and the first broken entry if it fails."""
    noted: tuple[int, str] | None = None
    if expect:
        number, _, hashed = expect.partition(":")
        if not number.isdigit() or len(hashed) != 64:  # noqa: PLR2004 - hex digits of SHA-256
            raise typer.BadParameter("ID:HASH with 64 hex digits", param_hint="--expect")
        noted = (int(number), hashed)

    async def work(engine: AsyncEngine, _settings: Settings, _keyring: Keyring) -> Verdict:
        async with engine.connect() as connection:
            return await _verified(connection, noted)

    async def _verified(connection: AsyncConnection, noted: tuple[int, str] | None) -> Verdict:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        return await verify(connection, expect=noted)

    verdict = _as_owner(work)
    if verdict.broken is not None:
        console.print(
            f"[red]The chain is broken at entry {verdict.broken.id}: {verdict.broken.why}.[/] "
            f"{verdict.entries} entries before it are sound."
        )
        raise typer.Exit(1)
    console.print(f"{verdict.entries} entries, unbroken.")
    console.print(f"Head: {verdict.head_id}:{verdict.head_hash}", highlight=False)
