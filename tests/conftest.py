"""What all tests share: a real PostgreSQL, a database of its own for each test that asks.

The server is started once a run and shared by the xdist processes. The real migrations build a
template once; each test's database is a clone of it, which takes a few tens of milliseconds.
"""

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.app import create_app
from lachan.areas.reference import load_reference
from lachan.identity import sessions
from lachan.jobs.queue import JobContext
from lachan.kit.crypto import Keyring, ensure_keyring, new_token
from lachan.observe import set_up_logs
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from lachan.storage.migrate import migrate
from lachan.storage.roles import RoleUrls, role_urls

TEMPLATE = "lachan_template"
AREA = "VN.01.00004"  # a ward of Hà Nội
OTHER_AREA = "VN.79.26740"  # a ward of Hồ Chí Minh City


_RUN_DIR = "LACHAN_TEST_RUN_DIR"
_SERVER_URL = "LACHAN_TEST_SERVER_URL"
_running: list[EmbeddedPostgres] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before any xdist process, so that one process owns it and stops it."""
    set_up_logs("json", logging.WARNING)
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    folder = Path(tempfile.mkdtemp(prefix="lachan-test-"))
    os.environ[_RUN_DIR] = str(folder)
    # Tests of durability start servers of their own; this one may forget.
    server = EmbeddedPostgres(
        folder, settings={"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
    )
    server.start()
    _running.append(server)
    url = server.url(database=TEMPLATE)
    asyncio.run(_build_template(url, ensure_keyring(folder / "keys.json")))
    os.environ[_SERVER_URL] = url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its folder."""
    while _running:
        _running.pop().stop()
        shutil.rmtree(os.environ[_RUN_DIR], ignore_errors=True)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return ensure_keyring(Path(os.environ[_RUN_DIR]) / "keys.json")


@pytest.fixture(scope="session")
def server_url() -> str:
    """The owner's URL of the migrated template on the run's server."""
    return os.environ[_SERVER_URL]


async def _build_template(url: str, keyring: Keyring) -> None:
    await migrate(url, keyring)
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await load_reference(connection)
    await engine.dispose()


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test: its owner's URL and those of the program's roles."""

    owner_url: str
    urls: RoleUrls
    name: str

    def dsn(self, role: str | None = None) -> str:
        """A URL for asyncpg itself, as the owner or as a role of the program."""
        url = make_url(self.owner_url if role is None else getattr(self.urls, role))
        return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def run_sql(server_url: str, statement: str) -> None:
    """Run a statement on the server itself, as its owner."""
    url = make_url(server_url).set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _named(server_url: str, name: str, keyring: Keyring) -> Database:
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    return Database(url, role_urls(Settings().database, url, keyring), name)


async def _clone(server_url: str) -> str:
    name = f"test_{uuid4().hex[:16]}"
    await run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name


@pytest.fixture(scope="session")
async def shared_database(server_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """One clone of the migrated template a process; `database` hands it out empty."""
    name = await _clone(server_url)
    yield _named(server_url, name, keyring)
    await run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


# What the migrations and the reference data put there; all else is emptied between tests.
_REFERENCE = {
    "alembic_version",
    "area",
    "area_crosswalk",
    "area_edition",
    "area_former",
    "area_outline",
    "session_proof",
}


async def _empty(database: Database) -> None:
    """Delete every row that a test may have left; far cheaper than a new clone."""
    connection = await asyncpg.connect(database.dsn())
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Triggers guard the audit trail and foreign keys order the deletions: both rest meanwhile.
        await connection.execute("SET session_replication_role = replica")
        tables = await connection.fetch(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
        names = [row["relname"] for row in tables if row["relname"] not in _REFERENCE]
        await connection.execute("; ".join(f'DELETE FROM "{name}"' for name in names))
        await connection.execute(
            r"INSERT INTO audit_head (id, hash) VALUES (0, decode(repeat('00', 32), 'hex'))"
        )
    finally:
        await connection.close()


@pytest.fixture
async def database(shared_database: Database) -> AsyncIterator[Database]:
    """A migrated database with the administrative units and nothing else."""
    yield shared_database
    await _empty(shared_database)


@pytest.fixture
async def fresh_database(server_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """A clone of one's own, for tests that change the schema or the reference data."""
    name = await _clone(server_url)
    yield _named(server_url, name, keyring)
    await run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncEngine]:
    """The owner's engine: sees everything, for arranging and for looking afterwards."""
    engine = create_async_engine(database.owner_url, poolclass=NullPool)
    yield engine
    await engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
async def app(settings: Settings, database: Database, keyring: Keyring) -> AsyncIterator[FastAPI]:
    """The real application on the test's database, started and stopped as a server would."""
    application = create_app(settings, database.urls, keyring)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls the API (no browser headers, no cookies)."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        yield http


@pytest.fixture
async def job_context(
    database: Database, keyring: Keyring, settings: Settings
) -> AsyncIterator[JobContext]:
    """What a job gets, on the test's database as the worker's role."""
    engine = create_async_engine(database.urls.worker, poolclass=NullPool)
    yield JobContext(engine, keyring, settings)
    await engine.dispose()


@dataclass(frozen=True, slots=True)
class Someone:
    """A signed-in somebody: the id of person or officer, and the session's token."""

    id: int
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


MakeResident = Callable[..., Awaitable[Someone]]
MakeOfficer = Callable[..., Awaitable[Someone]]


async def _in(connection: AsyncConnection, statement: str, **values: object) -> int:
    found = await connection.scalar(text(statement), values)
    assert isinstance(found, int)
    return found


def residents_of(owner: AsyncEngine) -> MakeResident:
    """Makes residents with live sessions in the owner's database."""

    async def make(*, area: str | None = None, household: int | None = None) -> Someone:
        async with owner.begin() as connection:
            person = await _in(
                connection,
                "INSERT INTO person (home_area, household_id) VALUES (:area, :household) "
                "RETURNING id",
                area=area,
                household=household,
            )
            token = new_token()
            await sessions.create(connection, token, minutes=60, person_id=person)
        return Someone(person, token)

    return make


def officers_of(owner: AsyncEngine) -> MakeOfficer:
    """Makes officers with live, verified sessions in the owner's database."""

    async def make(role: str = "tracer", area: str = "VN.01") -> Someone:
        async with owner.begin() as connection:
            officer = await _in(
                connection,
                "INSERT INTO officer (login, display_name, password_hash) "
                "VALUES (:login, 'Cán bộ thử', 'none') RETURNING id",
                login=f"officer-{uuid4().hex[:8]}",
            )
            await connection.execute(
                text("INSERT INTO officer_role VALUES (:officer, :role, :area)"),
                {"officer": officer, "role": role, "area": area},
            )
            token = new_token()
            await sessions.create(connection, token, minutes=60, officer_id=officer)
        return Someone(officer, token)

    return make


@pytest.fixture
def make_resident(owner: AsyncEngine) -> MakeResident:
    """Make a resident with a live session: `await make_resident(area=AREA)`."""
    return residents_of(owner)


@pytest.fixture
def make_officer(owner: AsyncEngine) -> MakeOfficer:
    """Make an officer with a live, verified session: `await make_officer("tracer", AREA)`."""
    return officers_of(owner)
