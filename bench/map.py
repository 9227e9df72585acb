"""The safety map with 90,000 facilities: tiles, the first view on a phone's network, open maps.

The web process runs as it is deployed, on a PostgreSQL of its own. Tiles are asked for one after
the other over a kept connection. The first view is Chromium's, on the network that WebPageTest
calls 4G (9 Mbit/s, 170 ms), against a page with one GeoJSON of the same places and
Leaflet.markercluster on the same network; then what the moving map costs who asks for it. Bytes are
all that the server sends. Checks are written by this
process, each in a transaction of its own that changes a colour and tells open maps as settling a
place does.
"""

import asyncio
import gzip
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import psutil
from playwright.async_api import Browser, async_playwright
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bench.facilities import fill
from bench.report import Findings
from bench.rivals import leaflet
from lachan.areas.reference import load_reference
from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.kit.crypto import ensure_keyring
from lachan.safety.colours.tasks import end_days_until
from lachan.safety.map.domain import mercator
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls

VIEWERS: Final = 2_000
CHECKS_A_SECOND: Final = 200
CHECK_SECONDS: Final = 20
TILE_GOAL_MS: Final = 50
PAINT_GOAL_S: Final = 1.5
SEEN_GOAL_S: Final = 1.0
BYTES_GOAL: Final = 10
_ROOT: Final = Path(__file__).parent.parent
_CITIES: Final = ((21.03, 105.85), (10.78, 106.69), (16.06, 108.2), (10.03, 105.78), (20.85, 106.7))
_NETWORK: Final = {
    "offline": False,
    "downloadThroughput": 9_000_000 / 8,
    "uploadThroughput": 9_000_000 / 8,
    "latency": 170,
}
_CHROMIUM: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PATIENCE: Final = 180.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _web(folder: Path, url: str) -> Iterator[tuple[int, psutil.Process]]:
    """The web process on a free port, once it answers."""
    port = _free_port()
    keyring = ensure_keyring(folder / "keys.json")
    urls = role_urls(Settings().database, url, keyring)
    settings = {
        "LACHAN_DATA_DIR": str(folder),
        "LACHAN_KEY_FILE": str(folder / "keys.json"),
        "LACHAN_DATABASE_APP_URL": urls.app,
        "LACHAN_DATABASE_INTAKE_URL": urls.intake,
        "LACHAN_DATABASE_WORKER_URL": urls.worker,
        "LACHAN_WEB_PORT": str(port),
        "LACHAN_WEB_BASE_URL": f"http://localhost:{port}",
        "LACHAN_WEB_RATE_PER_MINUTE": "1000000",
        "LACHAN_MAP_MOST_VIEWERS_PER_ADDRESS": "100000",
    }
    program = subprocess.Popen([sys.executable, "-m", "lachan", "serve"],
                               cwd=_ROOT, env=os.environ | settings)  # fmt: skip
    ends = time.monotonic() + _PATIENCE
    try:
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(f"http://localhost:{port}/readyz").status_code == 200:
                    break
            if program.poll() is not None or time.monotonic() > ends:
                raise RuntimeError("the web process did not start")
            time.sleep(0.05)
        yield port, psutil.Process(program.pid)
    finally:
        program.terminate()
        program.wait(30)


def _tiles() -> list[str]:
    """Tiles that people ask for: the country, then cities from afar to close by."""
    found: dict[str, None] = {}
    for x, y in ((12, 6), (12, 7), (13, 6), (13, 7)):
        found[f"bins/4/{x}/{y}"] = None
        found[f"areas/4/{x}/{y}"] = None
    for lat, lon in _CITIES:
        east, south = mercator(lat, lon)
        for z in range(5, 13):
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    at = f"{z}/{int(east * 2**z) + dx}/{int(south * 2**z) + dy}"
                    found[f"points/{at}" if z == 12 else f"bins/{at}"] = None
                    if z < 12:
                        found[f"areas/{at}"] = None
    return list(found)


def _shares(seconds: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(seconds, n=100)
    return {"p50, ms": round(cut[49] * 1000, 2), "p95, ms": round(cut[94] * 1000, 2)}


async def _ask(port: int, tiles: list[str]) -> list[float]:
    took = []
    async with httpx.AsyncClient(
        base_url=f"http://localhost:{port}/api/v1/map/tiles/", timeout=60
    ) as client:
        for tile in tiles:
            begun = time.perf_counter()
            answer = await client.get(tile)
            took.append(time.perf_counter() - begun)
            assert answer.status_code == 200, (tile, answer.status_code)
    return took


class _Counted:
    """A door in front of a server that counts what goes out to the browser, workers' files too."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.bytes = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """The door's own port, for as long as it is open."""
        door = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with door:
            yield int(door.sockets[0].getsockname()[1])

    async def _serve(self, asking: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, there = await asyncio.open_connection("127.0.0.1", self._port)
        await asyncio.gather(
            self._pass(asking, there, counted=False), self._pass(server, back, counted=True)
        )

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(65_536):
                self.bytes += len(piece) if counted else 0
                to.write(piece)
                await to.drain()
        to.close()


async def _first_view(browser: Browser, port: int, path: str, closer: bool) -> dict[str, float]:
    """One new visitor: bytes over the network, first paint, and when the map is drawn.

    `closer`: the map is then pressed, and what is drawn closer by is waited for.
    """
    context = await browser.new_context(
        viewport={"width": 412, "height": 915}, service_workers="block"
    )
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", _NETWORK)
    counted = _Counted(port)
    async with counted.open() as door:
        await page.goto(f"http://localhost:{door}{path}", timeout=300_000)
        await page.wait_for_selector("[data-drawn=yes]", state="attached", timeout=300_000)
        found: dict[str, float] = await page.evaluate(
            "() => Object.fromEntries([['paint', 'first-contentful-paint'], ['drawn', 'map-drawn']]"
            ".map(([as, name]) => [as, performance.getEntriesByName(name)[0].startTime / 1000]))"
        )
        await page.wait_for_timeout(500)
        first = counted.bytes
        if closer:
            begun = time.perf_counter()
            await page.locator("[data-map-closer]").click()
            await page.wait_for_selector("[data-face=engine][data-drawn=yes]", timeout=300_000)
            found["moving"] = time.perf_counter() - begun
            await page.wait_for_timeout(500)
        more = counted.bytes - first
        await context.close()
    return {**found, "bytes": first, "more": more}


async def _views(port: int, rival_port: int, times: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Median of several visits of ours and of the rival, by turns."""
    ours, rivals = [], []
    async with async_playwright() as playwright:
        path = os.environ.get("LACHAN_CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=_CHROMIUM)
        for _ in range(times):
            ours.append(await _first_view(browser, port, "/map", True))
            rivals.append(await _first_view(browser, rival_port, "/", False))
        await browser.close()

    def middle(visits: list[dict[str, float]]) -> dict[str, Any]:
        return {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}

    return middle(ours), middle(rivals)


async def _check(dsn: str, places: int, seconds: int) -> dict[int, float]:
    """200 checks a second, each of another place; when each was committed."""
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    committed: dict[int, float] = {}
    chosen = random.Random(1).sample(range(1, places + 1), min(CHECKS_A_SECOND * seconds, places))
    pool = await asyncpg.create_pool(dsn, min_size=4, max_size=4)
    begins = time.perf_counter()

    async def one(number: int, place: int) -> None:
        await asyncio.sleep(max(0.0, begins + number / CHECKS_A_SECOND - time.perf_counter()))
        colour = ("green", "yellow", "red")[number % 3]
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "UPDATE place_safety SET held = NULL, day = $2, colour = $3, changed_at = now() "
                "WHERE place_id = $1",
                place, today, colour,
            )  # fmt: skip
            await connection.execute(
                "INSERT INTO event (topic, kind, payload) VALUES ('map', 'colour', "
                "jsonb_build_object('id', $1::bigint, 'c', $2::text))",
                place, colour,
            )  # fmt: skip
        committed[place] = time.time()

    await asyncio.gather(*(one(number, place) for number, place in enumerate(chosen)))
    await pool.close()
    return committed


def _channels() -> list[dict[str, Any]]:
    """What viewers look at: all points, the country's bins, and the streets of cities."""
    found = [{"layer": 0, "query": "layer=0"}]
    found += [{"layer": layer, "query": f"layer={layer}"} for layer in (4, 4, 4, 5)]
    for lat, lon in _CITIES:
        x, y = (int(part * 2**8) for part in mercator(lat, lon))
        found.append({"layer": 0, "query": f"layer=0&cells={x}-{y},{x + 1}-{y}"})
        found.append({"layer": 7, "query": f"layer=7&cells={x}-{y},{x + 1}-{y}"})
    return found


async def _watched(
    port: int, process: psutil.Process, dsn: str, places: int, viewers: int, seconds: int
) -> dict[str, Any]:
    """Open maps while checks arrive."""
    before = process.memory_info().rss
    watching = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.map_viewers", cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert watching.stdin is not None
    assert watching.stdout is not None
    order = {"port": port, "viewers": viewers, "channels": _channels()}
    watching.stdin.write(json.dumps(order).encode() + b"\n")
    opened = json.loads(await watching.stdout.readline())["open"]
    spent = process.cpu_times()
    begun = time.perf_counter()
    tiles = _tiles()
    committed, meanwhile = await asyncio.gather(
        _check(dsn, places, seconds), _ask(port, random.Random(2).sample(tiles, len(tiles)))
    )
    lasted = time.perf_counter() - begun
    after = process.cpu_times()
    memory = process.memory_info().rss
    await asyncio.sleep(2)
    watching.stdin.write(json.dumps(committed).encode() + b"\n")
    watching.stdin.close()
    found = json.loads(await watching.stdout.readline())
    await watching.wait()
    cpu = after.user + after.system - spent.user - spent.system
    return {
        **found,
        "open": opened,
        "checks": len(committed),
        "rate": len(committed) / (max(committed.values()) - min(committed.values())),
        "cpu": cpu / lasted,
        "memory": (memory - before) / max(1, opened),
        "tiles": _shares(meanwhile),
    }


async def _end_of_day(url: str, folder: Path) -> float:
    """Seconds of the job that ends a day: what was forgotten is written, wards are counted."""
    engine = create_async_engine(url, poolclass=NullPool)
    context = JobContext(engine, ensure_keyring(folder / "keys.json"), Settings())
    begun = time.perf_counter()
    ended = await end_days_until(context, now() + timedelta(days=1))
    took = time.perf_counter() - begun
    await engine.dispose()
    assert len(ended) == 1, ended
    return took


def _get(port: int, what: str) -> bytes:
    """Of the open data, and once the map has been read."""
    return httpx.get(f"http://localhost:{port}/api/v1/map/{what}", timeout=_PATIENCE).content


async def _run(folder: Path, url: str, small: bool) -> Findings:
    share = 0.1 if small else 1.0
    places = await fill(url, share)
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    print(f"  {places:,} facilities", flush=True)
    with _web(folder, url) as (port, process):
        await asyncio.to_thread(_get, port, "counts")
        cold = await _ask(port, _tiles())
        warm = await _ask(port, _tiles())
        print(f"  tiles: cold {_shares(cold)}, warm {_shares(warm)}", flush=True)
        geojson = await asyncio.to_thread(_get, port, "places.geojson")
        with leaflet.serving(geojson) as rival_port:
            ours, rival = await _views(port, rival_port, 1 if small else 5)
        print(f"  first view: ours {ours}, rival {rival}", flush=True)
        watched = await _watched(
            port, process, dsn, places, VIEWERS // (10 if small else 1), CHECK_SECONDS
        )
        print(f"  watched: {watched}", flush=True)
        day_took = await _end_of_day(url, folder)
        print(f"  end of the day: {day_took:.1f} s", flush=True)
    ratio = rival["bytes"] / ours["bytes"]
    unpacked = rival["bytes"] - len(gzip.compress(geojson, 6)) + len(geojson)
    plain = unpacked / ours["bytes"]
    goals = {
        "cold": _goal("tile p95, cold, ms", TILE_GOAL_MS, _shares(cold)["p95, ms"]),
        "warm": _goal("tile p95, warm, ms", TILE_GOAL_MS, _shares(warm)["p95, ms"]),
        "busy": _goal(
            "tile p95, while checks arrive and maps are open, ms",
            TILE_GOAL_MS,
            watched["tiles"]["p95, ms"],
        ),
        "paint": _goal("first paint on 4G, s", PAINT_GOAL_S, round(ours["paint"], 2)),
        "seen": _goal("a check on open maps, p99, s", SEEN_GOAL_S, round(watched["p99"], 3)),
        "plain": _at_least("bytes of the rival's first view from a plain host, of ours", plain),
        "gzipped": _at_least("the same from a host that compresses its GeoJSON", ratio),
    }
    figures = {
        "facilities": places,
        "tiles asked for": len(_tiles()),
        **{f"tiles cold, {name}": value for name, value in _shares(cold).items()},
        **{f"tiles warm, {name}": value for name, value in _shares(warm).items()},
        **{f"tiles under load, {name}": value for name, value in watched["tiles"].items()},
        "first view, bytes": int(ours["bytes"]),
        "first view, first paint, s": round(ours["paint"], 2),
        "first view, map drawn, s": round(ours["drawn"], 2),
        "the moving map, when it is asked for, more bytes": int(ours["more"]),
        "the moving map, when it is asked for, s": round(ours["moving"], 2),
        "rival, bytes (gzipped)": int(rival["bytes"]),
        "rival, its GeoJSON unpacked, bytes": len(geojson),
        "rival, first paint, s": round(rival["paint"], 2),
        "rival, map drawn, s": round(rival["drawn"], 2),
        "open maps": watched["open"],
        "open maps that failed": watched["failed"],
        "checks a second": round(watched["rate"], 1),
        "deliveries": watched["deliveries"],
        "delivery p50, s": round(watched["p50"], 3),
        "delivery p99, s": round(watched["p99"], 3),
        "delivery, longest, s": round(watched["longest"], 3),
        "web process, cores busy": round(watched["cpu"], 2),
        "the end of a day, s": round(day_took, 1),
        "web process, KiB an open map": round(watched["memory"] / 1024, 1),
    }
    ratios = {
        "bytes, rival gzipped / ours": round(ratio, 1),
        "bytes, rival with its GeoJSON as it is / ours": round(plain, 1),
        "bytes, rival gzipped / ours with the moving map": round(
            rival["bytes"] / (ours["bytes"] + ours["more"]), 1
        ),
        "map drawn, rival / ours": round(rival["drawn"] / ours["drawn"], 1),
    }
    return {
        "figures": figures,
        "ratios": ratios,
        "goals": goals,
        "met": all(goal["met"] for goal in goals.values()),
    }


def _goal(what: str, goal: float, found: float) -> dict[str, Any]:
    return {"what": what, "goal": goal, "found": found, "met": found < goal}


def _at_least(what: str, found: float) -> dict[str, Any]:
    return {
        "what": what,
        "goal": f">= {BYTES_GOAL:.0f}",
        "found": round(found, 1),
        "met": found >= BYTES_GOAL,
    }


async def run(small: bool) -> Findings:
    """Measure on a server of its own; small: a tenth of the facilities and of the viewers."""
    with tempfile.TemporaryDirectory(prefix="lachan-bench-") as name:
        folder = Path(name)
        await asyncio.to_thread(folder.chmod, 0o755)  # PostgreSQL's account passes through it
        server = EmbeddedPostgres(folder, settings={"fsync": "off", "shared_buffers": "512MB"})
        server.start()
        try:
            await migrate(server.url(), ensure_keyring(folder / "keys.json"))
            engine = create_async_engine(server.url(), poolclass=NullPool)
            async with engine.begin() as connection:
                await load_reference(connection)
            await engine.dispose()
            return await _run(folder, server.url(), small)
        finally:
            server.stop()
