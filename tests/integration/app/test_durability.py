"""PostgreSQL is killed under the running application: 503 meanwhile, everything back afterwards."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from lachan.app import create_app
from lachan.areas.reference import load_reference
from lachan.kit.crypto import Keyring
from lachan.kit.ids import new_code
from lachan.settings import Settings
from lachan.storage.embedded import temporary_server
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls
from tests.conftest import AREA, residents_of


async def test_every_acknowledged_scan_survives_a_kill(keyring: Keyring, tmp_path: Path) -> None:
    with temporary_server() as server:
        url = server.url()
        await migrate(url, keyring)
        engine = create_async_engine(url, poolclass=NullPool)
        code = new_code()
        async with engine.begin() as connection:
            await load_reference(connection)
            await connection.execute(
                text("INSERT INTO place (name, kind, area) VALUES ('Chợ Thử', 'market', :area)"),
                {"area": AREA},
            )
            await connection.execute(
                text("INSERT INTO place_code (code, place_id) SELECT :code, id FROM place"),
                {"code": code},
            )
        people = [await residents_of(engine)() for _ in range(40)]
        settings = Settings(data_dir=tmp_path)
        app = create_app(settings, role_urls(settings.database, url, keyring), keyring)
        acknowledged: list[str] = []
        refused: list[httpx.Response] = []
        under_way = asyncio.Event()

        async def scan_on(headers: dict[str, str], http: httpx.AsyncClient, times: int) -> None:
            for _ in range(times):
                scan_id = str(uuid4())
                answer = await http.post(
                    "/api/v1/visits", json={"scan_id": scan_id, "code": code}, headers=headers
                )
                if answer.status_code == 201:
                    acknowledged.append(scan_id)
                    if len(acknowledged) >= 60:
                        under_way.set()
                else:
                    refused.append(answer)

        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
        ):
            load = asyncio.gather(*(scan_on(one.headers, http, 12) for one in people))
            await under_way.wait()
            await asyncio.to_thread(server.crash)
            await load
            assert refused, "the kill came too late to matter"
            assert {answer.status_code for answer in refused} == {503}
            assert all(answer.headers["retry-after"] for answer in refused)
            await asyncio.to_thread(server.start)
            await scan_on(people[0].headers, http, 3)
        connection = await asyncpg.connect(server.dsn())
        kept = await connection.fetch("SELECT scan_id FROM scan")
        await connection.close()
        await engine.dispose()
        assert {str(row["scan_id"]) for row in kept} >= set(acknowledged)
        assert len(acknowledged) >= 63
