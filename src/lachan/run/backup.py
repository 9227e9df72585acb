"""`lachan backup`, `lachan restore`, `lachan psql`: the database in one file, the keys in another.

Without the keys a copy of the database tells nobody's name. That is why they are two files: a copy
of the database may lie on a shared disk, the keys belong in the safe.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from lachan.kit.clock import now
from lachan.kit.crypto import Keyring, load_keyring, save_keyring
from lachan.run.supervisor import cluster_folder
from lachan.run.terminal import step, tell
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres, running_or_started
from lachan.storage.embedded_binaries import candidates, find_binaries
from lachan.storage.migrate import migrate
from lachan.storage.roles import ALL

_DRAFT_SUFFIX = "_restoring"
# libpq's environment variables by the name the same thing has in a URL.
_URL_OPTIONS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class BackupError(RuntimeError):
    """Backup or restore cannot go on; the message says why and what to do."""


def keys_beside(file: Path) -> Path:
    """Where the copy of the keys goes unless told otherwise."""
    return file.with_name(f"{file.name}.keys")


def back_up(settings: Settings, file: Path, keys: Path | None = None) -> None:
    """Write the database to `file` and the keys beside it, while the program runs or not.

    Both files are readable by their owner only, and appear under their names only when whole.
    Raises BackupError, KeyFileError and EmbeddedPostgresError.
    """
    keyring = load_keyring(settings.keys_path)
    draft = file.with_name(f".{file.name}.part")
    try:
        # Made before pg_dump writes to it, so that it is never open to others.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with _owner_of(settings) as owner_url, step("Database written"):
            _run_tool("pg_dump", ["--format=custom", f"--file={draft}"], owner_url)
        draft.replace(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    target = keys or keys_beside(file)
    save_keyring(target, keyring)
    tell(f"{file} holds the database, {target} the keys. Keep them in different places:")
    tell("who has both can read everything, who has only one can restore nothing.")


def restore(
    settings: Settings, file: Path, keys: Path | None, confirm: Callable[[str], bool]
) -> bool:
    """Put the database of `file` in the place of the present one; False where not confirmed.

    The present database stays under another name, as do the present keys, so that a restore of the
    wrong file can be undone. Raises BackupError, KeyFileError and EmbeddedPostgresError; nothing
    has changed then.
    """
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    keyring = _keys_for(settings, file, keys)
    with _stopped_owner_of(settings) as owner_url:
        name = make_url(owner_url).database or "lachan"
        aside = f"{name}_before_{now():%Y%m%d_%H%M%S}"
        if not confirm(
            f"This puts the database of {file} in the place of the present one,"
            f" which stays as {aside}."
        ):
            return False
        draft = name + _DRAFT_SUFFIX
        asyncio.run(_make_draft(owner_url, draft))
        try:
            with step("Database read"):
                _run_tool(
                    "pg_restore",
                    ["--no-owner", "--exit-on-error", "--jobs=2", f"--dbname={draft}", str(file)],
                    owner_url,
                )
        except BackupError:
            asyncio.run(_drop(owner_url, draft))
            raise
        asyncio.run(_swap(owner_url, name, draft, aside))
        _install_keys(settings, keyring, now())
        with step("Database up to date"):
            asyncio.run(migrate(owner_url, keyring, create_database=False))
    tell(f"Done. When all is well, drop the earlier database: DROP DATABASE {aside};")
    return True


def _keys_for(settings: Settings, file: Path, keys: Path | None) -> Keyring:
    if keys is not None:
        return load_keyring(keys)
    if keys_beside(file).exists():
        return load_keyring(keys_beside(file))
    if settings.keys_path.exists():
        tell(f"No keys beside {file}; those in {settings.keys_path} stay in use.")
        return load_keyring(settings.keys_path)
    raise BackupError(
        f"the keys of this backup are needed to read it: name their file with --keys"
        f" (there is none at {keys_beside(file)})"
    )


def _install_keys(settings: Settings, keyring: Keyring, moment: datetime) -> None:
    path = settings.keys_path
    if path.exists():
        if load_keyring(path) == keyring:
            return
        earlier = path.with_name(f"{path.name}.before-{moment:%Y%m%d-%H%M%S}")
        path.rename(earlier)
        tell(f"The keys that were in use are now in {earlier}.")
    save_keyring(path, keyring)


@contextlib.contextmanager
def _owner_of(settings: Settings) -> Iterator[str]:
    if settings.database.url is not None:
        yield settings.database.url.get_secret_value()
    else:
        folder = cluster_folder(settings)
        if not (EmbeddedPostgres(folder).cluster / "PG_VERSION").exists():
            raise BackupError(f"there is no database in {folder} yet; `lachan run` makes one")
        with running_or_started(folder) as server:
            yield server.url()


@contextlib.contextmanager
def _stopped_owner_of(settings: Settings) -> Iterator[str]:
    """The owner's address while nobody uses the database; refused where somebody does."""
    if settings.database.url is None:
        with EmbeddedPostgres(cluster_folder(settings)) as server:
            yield server.url()
        return
    owner_url = settings.database.url.get_secret_value()
    sessions = asyncio.run(_sessions(owner_url))
    if sessions:
        raise BackupError(
            f"{sessions} sessions of the program are open on this database. Stop the program"
            " everywhere, then restore."
        )
    yield owner_url


async def _sessions(owner_url: str) -> int:
    async with _connected(owner_url) as connection:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE usename = ANY($1) AND datname = current_database()",
            list(ALL),
        )
    return found


async def _make_draft(owner_url: str, draft: str) -> None:
    """An empty database for the restore, and the roles that it grants rights to."""
    await _drop(owner_url, draft)
    async with _connected(owner_url, "postgres") as connection:
        await connection.execute(f"CREATE DATABASE \"{draft}\" TEMPLATE template0 ENCODING 'UTF8'")
        for role in ALL:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role} LOGIN")


async def _drop(owner_url: str, draft: str) -> None:
    async with _connected(owner_url, "postgres") as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')


async def _swap(owner_url: str, name: str, draft: str, aside: str) -> None:
    async with _connected(owner_url, "postgres") as connection, connection.transaction():
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{aside}"')
        await connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


@contextlib.asynccontextmanager
async def _connected(
    owner_url: str, database: str | None = None
) -> AsyncIterator[asyncpg.Connection]:
    url = make_url(owner_url).set(drivername="postgresql")
    if database is not None:
        url = url.set(database=database)
    try:
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            yield connection
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError) as error:
        raise BackupError(
            f"the database server says: {error}. The how-to pages on back-up and on an outside"
            " server say which rights are needed."
        ) from error


def psql(settings: Settings, arguments: list[str]) -> int:
    """PostgreSQL's own prompt on the program's database, as its owner; psql's exit code."""
    with _owner_of(settings) as owner_url:
        done = subprocess.run(
            [_tool_for(owner_url, "psql"), *arguments],
            check=False,
            env=client_environment(owner_url),
        )
    return done.returncode


def _tool_for(owner_url: str, name: str) -> Path:
    """The client program to use: for a server on the network, the machine's own first.

    The wheel's programs speak no TLS. For the embedded server they are of the server's version,
    which matters, as an older server cannot read a newer program's dump.
    """
    on_path = shutil.which(name)
    if on_path and (make_url(owner_url).host or "").strip():
        return Path(on_path)
    major = asyncio.run(_server_major(owner_url))
    for binaries in candidates():
        if binaries.major == major:
            return binaries.tool(name)
    return find_binaries().tool(name)


async def _server_major(owner_url: str) -> int:
    # The database itself may not be there yet, the server's own always is.
    async with _connected(owner_url, "postgres") as connection:
        return int(connection.get_server_version().major)


def _run_tool(name: str, arguments: list[str], owner_url: str) -> None:
    done = subprocess.run(
        [_tool_for(owner_url, name), "--no-password", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=client_environment(owner_url),
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")


def client_environment(owner_url: str) -> dict[str, str]:
    """Environment by which PostgreSQL's own programs reach the database of this URL.

    Not on their command line, where every account of the machine could read the password.
    """
    url = make_url(owner_url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGDATABASE": url.database,
    }
    for option, variable in _URL_OPTIONS.items():
        value = url.query.get(option)
        if value:
            given[variable] = value if isinstance(value, str) else value[0]
    environment |= {name: str(value) for name, value in given.items() if value}
    return environment
