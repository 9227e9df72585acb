"""A running system and a real browser: web and worker as processes of their own, Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.kit.crypto import Keyring
from lachan.settings import Settings
from lachan.storage.roles import role_urls
from tests.conftest import (
    TEMPLATE,
    Database,
    MakeOfficer,
    MakeResident,
    officers_of,
    residents_of,
    run_sql,
)

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# Others work on the same processors: what takes a second alone may take many.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Live:
    """A system that is up: its address and its database."""

    url: str
    database: Database


def wait_until_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        assert process.poll() is None, "the server ended before it was ready"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not ready within {seconds} s")


@contextmanager
def running(database: Database, folder: Path, **environment: str) -> Iterator[Live]:
    """Web and worker on `database` as `lachan serve` and `lachan worker` would run them."""
    port = free_port()
    url = f"http://localhost:{port}"
    settings = {
        "LACHAN_DATA_DIR": str(folder),
        "LACHAN_KEY_FILE": str(Path(os.environ["LACHAN_TEST_RUN_DIR"]) / "keys.json"),
        "LACHAN_DATABASE_APP_URL": database.urls.app,
        "LACHAN_DATABASE_INTAKE_URL": database.urls.intake,
        "LACHAN_DATABASE_WORKER_URL": database.urls.worker,
        "LACHAN_WEB_BASE_URL": url,
        "LACHAN_WEB_PORT": str(port),
        **environment,
    }
    command = [sys.executable, "-m", "lachan"]
    log = (folder / "server.log").open("wb")
    processes = [
        subprocess.Popen(
            [*command, name], env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        )
        for name in ("serve", "worker")
    ]
    try:
        wait_until_ready(url, processes[0])
        yield Live(url, database)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        log.close()


@pytest.fixture(scope="session")
async def live_database(server_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    name = f"live_{uuid4().hex[:12]}"
    await run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    owner = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    yield Database(owner, role_urls(Settings().database, owner, keyring), name)
    await run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def live(live_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One running system for all browser tests of a process; they share it as people do."""
    with running(live_database, tmp_path_factory.mktemp("live")) as system:
        yield system


@pytest.fixture
async def live_owner(live: Live) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(live.database.owner_url, poolclass=NullPool)
    yield engine
    await engine.dispose()


@pytest.fixture
def live_resident(live_owner: AsyncEngine) -> MakeResident:
    return residents_of(live_owner)


@pytest.fixture
def live_officer(live_owner: AsyncEngine) -> MakeOfficer:
    return officers_of(live_owner)


def chromium_path() -> str:
    found = os.environ.get("LACHAN_CHROMIUM") or next(
        (path for name in _CHROMIUM if (path := shutil.which(name))), None
    )
    assert found, "no Chromium: run `make test`, which finds or installs one"
    return found


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def phone(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    """A phone 360 px wide, in Vietnamese."""
    # The service worker keeps a megabyte of files: only the tests of the app itself pay for it.
    context = await browser.new_context(
        base_url=live.url,
        viewport=PHONE,
        locale="vi-VN",
        has_touch=True,
        service_workers="block",
    )
    yield context
    await context.close()


@pytest.fixture
async def desktop(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=live.url, viewport=DESKTOP, locale="vi-VN", service_workers="block"
    )
    yield context
    await context.close()


async def sign_in_as(context: BrowserContext, live: Live, token: str) -> Page:
    """A page of somebody whose session exists already."""
    await context.add_cookies([{"name": "lachan_session", "value": token, "url": live.url}])
    return await context.new_page()
