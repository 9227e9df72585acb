from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.app import create_app
from lachan.areas.reference import load_reference
from lachan.kit.crypto import Keyring
from lachan.settings import Settings
from lachan.storage.roles import role_urls
from tests.conftest import Database


@pytest.fixture
async def database(fresh_database: Database) -> Database:
    """These tests change the reference data itself."""
    return fresh_database


@pytest.fixture
async def connection(owner: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The owner's connection to a database of the test's own that holds the reference data."""
    async with owner.begin() as begun:
        await load_reference(begun)
    async with owner.connect() as opened:
        yield opened


@pytest.fixture(scope="session")
async def shared_engine(server_url: str) -> AsyncIterator[AsyncEngine]:
    """A database with the reference data for all tests that leave it as it is."""
    template, name = make_url(server_url), f"areas_{uuid4().hex[:16]}"
    admin = await asyncpg.connect(
        template.set(drivername="postgresql", database="postgres").render_as_string(
            hide_password=False
        )
    )
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template.database}")
    url = template.set(drivername="postgresql+asyncpg", database=name)
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as begun:
        await load_reference(begun)
    yield engine
    await engine.dispose()
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def reading(shared_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose transaction is rolled back, so that a test may write too."""
    async with shared_engine.connect() as opened:
        yield opened
        await opened.rollback()


@pytest.fixture(scope="session")
async def asking(
    shared_engine: AsyncEngine, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one application on the shared database, for requests that change nothing."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("areas"))
    owner_url = shared_engine.url.render_as_string(hide_password=False)
    app = create_app(settings, role_urls(settings.database, owner_url, keyring), keyring)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
    ):
        yield client
