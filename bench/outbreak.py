"""How long a tracer waits for who was at an outbreak place: 50,000 visits in fourteen days.

The whole application runs in this process on a PostgreSQL of its own, asked over HTTP by a tracer
whose case was at the place; a million other places have fifty million visits among which these lie
scattered. Listed are all visits, first as one CSV file, then as pages of JSON.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.report import Findings
from bench.trace import AREA, DAYS, FULL, MEMORY, SMALL, Size, furnish
from lachan.app import create_app
from lachan.areas.reference import load_reference
from lachan.identity import sessions
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring, ensure_keyring, new_token
from lachan.run.serving import collect_less
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls

AT_PLACE: Final = 50_000
# No visit is of today, so that the last fourteen days have thirteen whole ones.
WHOLE_DAYS: Final = 13
GOAL_SECONDS: Final = 2.0
PAGE: Final = 5_000


async def _fill(url: str, size: Size) -> tuple[int, str]:
    """A city, a case that was at its place 1, and its tracer's session: the case and the token."""
    engine = create_async_engine(url, poolclass=NullPool)
    moment = now()
    today = local_day(moment, Settings().zone)
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    async with engine.begin() as connection:
        await load_reference(connection)
    async with engine.connect() as connection:
        crowd = 1.01 * AT_PLACE * DAYS / WHOLE_DAYS / size.visits
        await furnish(connection, size, days, crowd=crowd)
    async with engine.begin() as connection:
        ill = await connection.scalar(
            text(
                "SELECT person_id FROM visit WHERE place_id = 1 AND day > :day "
                "ORDER BY started_at LIMIT 1"
            ),
            {"day": today - timedelta(days=4)},
        )
        officer = await connection.scalar(
            text(
                "INSERT INTO officer (login, display_name, password_hash) "
                "VALUES ('bench', 'Bench', 'none') RETURNING id"
            )
        )
        await connection.execute(
            text("INSERT INTO officer_role VALUES (:o, 'tracer', 'VN.01')"), {"o": officer}
        )
        case = await connection.scalar(
            text(
                "INSERT INTO case_record (code, person_id, disease, profile_version, "
                "classification, infectious_from, infectious_until, area, opened_by) VALUES "
                "('BENCH', :ill, 'covid-19', '1', 'confirmed', :since, :until, :area, :officer) "
                "RETURNING id"
            ),
            {
                "ill": ill,
                "since": moment - timedelta(days=13),
                "until": moment,
                "area": AREA,
                "officer": officer,
            },
        )
        token = new_token()
        await sessions.create(connection, token, minutes=60, officer_id=officer)
    await engine.dispose()
    assert isinstance(case, int)
    return case, token


async def _ask(client: httpx.AsyncClient, case: int, token: str) -> tuple[dict[str, Any], int, int]:
    """Seconds of the first and a second file, and of all pages; how many visits each told."""
    params = {"case": case}
    headers = {"authorization": f"Bearer {token}"}
    path = "/api/v1/places/1/visitors"
    files = []
    lines = 0
    cpu = time.process_time()
    for _ in range(4):
        begun = time.perf_counter()
        answer = await client.get(path, params=params, headers={**headers, "accept": "text/csv"})
        files.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.text
        lines = answer.text.count("\n") - 1
    cpu = (time.process_time() - cpu) / 4
    begun = time.perf_counter()
    listed, cursor, first = 0, None, 0.0
    while True:
        page = {**params, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
        answer = await client.get(path, params=page, headers=headers)
        assert answer.status_code == 200, answer.text
        first = first or time.perf_counter() - begun
        listed += len(answer.json()["visitors"])
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    return (
        {
            "one CSV file, first time, s": round(files[0], 3),
            "one CSV file, median of three more, s": round(sorted(files[1:])[1], 3),
            "of this, processor time of the web process, s": round(cpu, 3),
            f"pages of {PAGE:,}, all, s": round(time.perf_counter() - begun, 3),
            "of these, the first page, s": round(first, 3),
        },
        lines,
        listed,
    )


async def _run(url: str, keyring: Keyring, folder: Path, size: Size) -> Findings:
    case, token = await _fill(url, size)
    settings = Settings(data_dir=folder)
    app = create_app(settings, role_urls(settings.database, url, keyring), keyring)
    collect_less()  # as the program does when it serves
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8000", timeout=60
        ) as client:
            found, lines, listed = await _ask(client, case, token)
    assert lines == listed >= AT_PLACE, (lines, listed)
    worst = max(found["one CSV file, first time, s"], found[f"pages of {PAGE:,}, all, s"])
    goals = {
        "listed": {
            "what": "50,000 visits of an outbreak place in 14 days, listed, s",
            "goal": GOAL_SECONDS,
            "found": worst,
            "met": worst < GOAL_SECONDS,
        }
    }
    figures = {
        "visits listed": listed,
        "visits on record": size.visits,
        "places": size.places,
        **found,
    }
    return {"figures": figures, "ratios": {}, "goals": goals, "met": worst < GOAL_SECONDS}


async def run(small: bool) -> Findings:
    """Fill a server of its own and list the visitors of one of its places."""
    with tempfile.TemporaryDirectory(prefix="lachan-bench-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder, settings=MEMORY)
        server.start()
        try:
            keyring = ensure_keyring(folder / "keys.json")
            await migrate(server.url(), keyring)
            return await _run(server.url(), keyring, folder, SMALL if small else FULL)
        finally:
            server.stop()
