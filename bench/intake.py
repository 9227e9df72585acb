"""The scan endpoint against the same endpoint written the usual way, alternating in one run.

Counted are the processor seconds of the server process and of PostgreSQL's processes over each
round, divided by the requests that round answered. Then PostgreSQL is killed under load, and every
scan that was acknowledged before must be there afterwards.
"""

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.report import ROOT, Findings
from lachan.areas.reference import load_reference
from lachan.identity import sessions
from lachan.kit.crypto import Keyring, ensure_keyring, new_token
from lachan.kit.ids import new_code
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres, temporary_server
from lachan.storage.migrate import migrate
from lachan.storage.roles import RoleUrls, role_urls

GOAL_SHARE = 1 / 8
AREA = "VN.01.00004"
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Setting:
    urls: RoleUrls
    owner_url: str
    tokens: list[str]
    codes: list[str]


async def _furnish(server: EmbeddedPostgres, keyring: Keyring, people: int) -> Setting:
    url = server.url()
    await migrate(url, keyring)
    engine = create_async_engine(url)
    tokens = [new_token() for _ in range(people)]
    codes = [new_code() for _ in range(1000)]
    async with engine.begin() as connection:
        await load_reference(connection)
        for token in tokens:
            person = await connection.scalar(text("INSERT INTO person DEFAULT VALUES RETURNING id"))
            await sessions.create(connection, token, minutes=600, person_id=person)
        for code in codes:
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area) VALUES ('Quán', 'food', :area) "
                    "RETURNING id"
                ),
                {"area": AREA},
            )
            await connection.execute(
                text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
                {"code": code, "place": place},
            )
    await engine.dispose()
    return Setting(role_urls(Settings().database, url, keyring), url, tokens, codes)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _served(command: list[str], environment: dict[str, str], port: int) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _ours(setting: Setting, folder: Path, port: int) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-m", "lachan", "serve"], {
        "LACHAN_DATA_DIR": str(folder),
        "LACHAN_DATABASE_APP_URL": setting.urls.app,
        "LACHAN_DATABASE_INTAKE_URL": setting.urls.intake,
        "LACHAN_DATABASE_WORKER_URL": setting.urls.worker,
        "LACHAN_WEB_PORT": str(port),
        "LACHAN_WEB_RATE_PER_MINUTE": "100000000",
    }


def _rival(setting: Setting, port: int) -> tuple[list[str], dict[str, str]]:
    command = [
        *(sys.executable, "-m", "uvicorn", "bench.rivals.fastapi_orm:app"),
        *("--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--log-level", "warning"),
    ]
    return command, {"RIVAL_DATABASE_URL": setting.owner_url}


def _postgres_seconds(postmaster: int) -> float:
    """CPU of all of PostgreSQL; what a backend used and ended counts through its parent."""
    root = psutil.Process(postmaster)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        if process.pid == postmaster:
            total += times.children_user + times.children_system
    return total


async def _load(setting: Setting, port: int, seconds: float) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    order = {
        "port": port,
        "tokens": setting.tokens,
        "codes": setting.codes,
        "seconds": seconds,
        "connections": CONNECTIONS,
    }
    output, _ = await process.communicate(json.dumps(order).encode() + b"\n")
    result: dict[str, Any] = json.loads(output)
    return result


async def _round(
    setting: Setting, server: psutil.Process, postmaster: int, port: int, seconds: float
) -> dict[str, float]:
    before = server.cpu_times()
    database_before = _postgres_seconds(postmaster)
    result = await _load(setting, port, seconds)
    after = server.cpu_times()
    database = _postgres_seconds(postmaster) - database_before
    used = (after.user + after.system) - (before.user + before.system)
    answered = len(result["acknowledged"])
    if result["failures"] or not answered:
        raise RuntimeError(f"{len(result['failures'])} requests failed: {result['failures'][:5]}")
    latencies = sorted(result["latencies"])
    return {
        "server_us": used / answered * 1e6,
        "postgres_us": database / answered * 1e6,
        "per_second": answered / result["seconds"],
        "p50_ms": latencies[len(latencies) // 2] * 1e3,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1e3,
        "memory_mib": server.memory_info().rss / 2**20,
    }


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(one[key] for one in rounds), 2) for key in rounds[0]}


async def _compare(
    setting: Setting, postmaster: int, folder: Path, rounds: int, seconds: float
) -> tuple[dict[str, float], dict[str, float]]:
    ours_port, rival_port = _free_port(), _free_port()
    ours: list[dict[str, float]] = []
    rival: list[dict[str, float]] = []
    with (
        _served(*_ours(setting, folder, ours_port), ours_port) as our_server,
        _served(*_rival(setting, rival_port), rival_port) as rival_server,
    ):
        for port in (ours_port, rival_port):
            await _load(setting, port, 1.0)
        for number in range(rounds):
            ours.append(await _round(setting, our_server, postmaster, ours_port, seconds))
            rival.append(await _round(setting, rival_server, postmaster, rival_port, seconds))
            print(
                f"  round {number + 1}/{rounds}: server CPU a scan "
                f"{ours[-1]['server_us']:.0f} us against {rival[-1]['server_us']:.0f} us",
                flush=True,
            )
    return _median(ours), _median(rival)


async def _kill_under_load(
    setting: Setting, server: EmbeddedPostgres, folder: Path, seconds: float
) -> dict[str, int]:
    """SIGKILL PostgreSQL in the middle of a load; count acknowledged scans that are gone."""
    port = _free_port()
    with _served(*_ours(setting, folder, port), port):
        load = asyncio.create_task(_load(setting, port, seconds))
        await asyncio.sleep(seconds / 2)
        server.crash()
        # The generator ends when its time is over; failures after the kill are expected.
        result = await load
        server.start()
    connection = await asyncpg.connect(
        setting.owner_url.replace("postgresql+asyncpg", "postgresql")
    )
    kept = {
        str(row["scan_id"])
        for row in await connection.fetch(
            "SELECT scan_id FROM scan WHERE scan_id = ANY($1::uuid[])", result["acknowledged"]
        )
    }
    await connection.close()
    return {
        "acknowledged": len(result["acknowledged"]),
        "missing": len(set(result["acknowledged"]) - kept),
    }


async def run(small: bool) -> Findings:
    """Measure; `small` takes fewer and shorter rounds."""
    rounds, seconds = (3, 3.0) if small else (7, 6.0)
    folder = Path(tempfile.mkdtemp(prefix="lachan-bench-"))
    keyring = ensure_keyring(folder / "keys.json")
    with temporary_server() as server:
        setting = await _furnish(server, keyring, people=2000)
        assert server.pid is not None
        ours, rival = await _compare(setting, server.pid, folder, rounds, seconds)
        killed = await _kill_under_load(setting, server, folder, 6.0)
    print(f"  killed under load: {killed}", flush=True)
    share = ours["server_us"] / rival["server_us"]
    goals = {
        "server CPU a scan, share of the rival's": {
            "goal": f"<= {GOAL_SHARE}",
            "found": round(share, 4),
            "met": share <= GOAL_SHARE,
        },
        "acknowledged scans missing after SIGKILL of PostgreSQL": {
            "goal": "0",
            "found": killed["missing"],
            "met": killed["missing"] == 0 and killed["acknowledged"] > 0,
        },
    }
    return {
        "figures": {
            "Lá Chắn": ours,
            "FastAPI + SQLAlchemy ORM": rival,
        },
        "ratios": {
            "server CPU, rival / ours": round(1 / share, 2),
            "PostgreSQL CPU, rival / ours": round(rival["postgres_us"] / ours["postgres_us"], 2),
            "scans a second, ours / rival": round(ours["per_second"] / rival["per_second"], 2),
            "scans acknowledged before the kill": killed["acknowledged"],
        },
        "goals": goals,
        "met": all(goal["met"] for goal in goals.values()),
    }
