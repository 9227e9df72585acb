"""How long it takes from a list of 10,000 places to one PDF of posters.

The dry run as a page does it, then the worker's own job: rows registered, posters drawn, joined and
kept, all on a PostgreSQL of its own.
"""

import io
import tempfile
import time
from pathlib import Path
from typing import Final

from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.report import Findings
from lachan.areas.reference import load_reference
from lachan.identity import sessions
from lachan.jobs.queue import JobContext
from lachan.kit.crypto import Keyring, ensure_keyring, new_token
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import Catalogs
from lachan.places.bulk import service, tasks
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls

PLACES: Final = 10_000
GOAL_SECONDS: Final = 60.0


async def _list_of(url: str, places: int) -> bytes:
    """A CSV list over as many wards as there are."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await load_reference(connection)
        wards = (await connection.scalars(text("SELECT path FROM area WHERE level = 2"))).all()
    await engine.dispose()
    lines = ["Tên;Loại;Phường xã;Địa chỉ"]
    lines += [
        f"Cửa hàng tạp hóa Thử Nghiệm {n};Chợ;{wards[n % len(wards)]};Số {n}, đường Thử"
        for n in range(places)
    ]
    return "\n".join(lines).encode()


async def _run(url: str, keyring: Keyring, folder: Path, places: int) -> Findings:
    content = await _list_of(url, places)
    settings = Settings(data_dir=folder)
    urls = role_urls(settings.database, url, keyring)
    owner = create_async_engine(url, poolclass=NullPool)
    token = new_token()
    async with owner.begin() as connection:
        person = await connection.scalar(text("INSERT INTO person DEFAULT VALUES RETURNING id"))
        await sessions.create(connection, token, minutes=600, person_id=person)
    web = create_async_engine(urls.app, poolclass=NullPool)
    viewer = Viewer("resident", token, "", person_id=person)
    begun = time.perf_counter()
    async with web.begin() as connection:
        await sessions.ask_as(connection, token)
        number = await service.check(
            connection,
            viewer,
            "bench.csv",
            content,
            keyring=keyring,
            catalogs=Catalogs(),
            calling_code=settings.identity.home_country_code,
        )
    checked = time.perf_counter() - begun
    async with web.begin() as connection:
        await sessions.ask_as(connection, token)
        await service.register(connection, viewer, number, "a4")
    worker = create_async_engine(urls.worker, poolclass=NullPool)
    begun, cpu = time.perf_counter(), time.process_time()
    await tasks.register(JobContext(worker, keyring, settings), {"import": number})
    made, used = time.perf_counter() - begun, time.process_time() - cpu
    async with owner.connect() as connection:
        parts = await connection.scalars(text("SELECT content FROM place_import_pdf ORDER BY part"))
        pdf = b"".join(parts.all())
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    assert pages == places, pages
    for engine in (owner, web, worker):
        await engine.dispose()
    goal = GOAL_SECONDS * places / PLACES
    whole = checked + made
    return {
        "figures": {
            "places": places,
            "dry run, s": round(checked, 2),
            "registered and printed, s": round(made, 1),
            "of this, processor time of the worker, s": round(used, 1),
            "PDF, MiB": round(len(pdf) / 2**20, 1),
        },
        "ratios": {},
        "goals": {
            "posters": {
                "what": f"{places:,} places from a list to one PDF, s",
                "goal": goal,
                "found": round(whole, 1),
                "met": whole < goal,
            }
        },
        "met": whole < goal,
    }


async def run(small: bool) -> Findings:
    """Register and print on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="lachan-bench-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder, settings={"fsync": "off"})
        server.start()
        try:
            keyring = ensure_keyring(folder / "keys.json")
            await migrate(server.url(), keyring)
            return await _run(server.url(), keyring, folder, PLACES // (10 if small else 1))
        finally:
            server.stop()
