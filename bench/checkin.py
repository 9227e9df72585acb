"""Phones, doors on line and doors back from being off line, all at once, at 2,000 scans a second.

The generator keeps to a timetable (see `bench.mix`), so latencies are those of people who come when
they come; those of the first seconds, while places and doors are met for the first time, are not
told. Measured besides: what server, database and generator take of the two processors, and the
highest of several lower rates, of the same mix, at which latencies keep to the goal.
"""

import asyncio
import base64
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from sqlalchemy.ext.asyncio import create_async_engine

from bench.intake import AREA, _free_port, _ours, _postgres_seconds, _served
from bench.intake import Setting as Served
from bench.report import ROOT, Findings
from lachan.areas.reference import load_reference
from lachan.identity.credentials.domain import card_number
from lachan.identity.credentials.service import card_index, phone_key
from lachan.kit.crypto import Keyring, ensure_keyring, new_token, token_hash
from lachan.kit.ids import new_code
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres, temporary_server
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls

GOAL_PER_SECOND = 2_000
GOAL_P99_MS = 100.0
RATES = {"phone": 1_100.0, "door": 600.0, "kept": 300.0}
"""Scans a second: by the own phone, by a door on line, by a door that was off line."""
SHARES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Of `RATES`, tried one after another until the latencies are good."""
BATCH = 100
PLACES = 2_000
DOORS = 300


@dataclass(frozen=True, slots=True)
class City:
    """Who scans, what they show, and where: each list is used up once a run."""

    tokens: list[str]
    cards: list[str]
    phones: list[str]
    codes: list[str]
    doors: list[str]


async def _furnish(url: str, keyring: Keyring, scans: dict[str, int]) -> City:
    """People, phones, cards, places and doors enough for all runs, written by COPY."""
    dsn = url.replace("postgresql+asyncpg", "postgresql")
    connection = await asyncpg.connect(dsn)
    shown = scans["door"] + scans["kept"]
    phones, cards = scans["phone"], shown
    total = phones + 2 * cards
    await connection.execute(
        "INSERT INTO person (home_area) SELECT $1 FROM generate_series(1, $2)", AREA, total
    )
    people = [row["id"] for row in await connection.fetch("SELECT id FROM person ORDER BY id")]
    await connection.execute(
        "INSERT INTO place (name, kind, area) SELECT 'Quán ' || n, 'food', $1 "
        "FROM generate_series(1, $2) n",
        AREA,
        PLACES,
    )
    places = [row["id"] for row in await connection.fetch("SELECT id FROM place ORDER BY id")]
    codes = [new_code() for _ in places]
    await connection.copy_records_to_table(
        "place_code", records=list(zip(codes, places, strict=True)), columns=["code", "place_id"]
    )
    tokens = [new_token() for _ in range(phones)]
    await _sessions(connection, "person_id", "resident", people[:phones], tokens)
    await connection.execute(
        "INSERT INTO device (place_id, kind, label) SELECT id, 'kiosk', 'Cửa' FROM place "
        "ORDER BY id LIMIT $1",
        DOORS,
    )
    devices = [row["id"] for row in await connection.fetch("SELECT id FROM device ORDER BY id")]
    doors = [new_token() for _ in devices]
    await _sessions(connection, "device_id", "device", devices, doors)
    holders = people[phones : phones + cards]
    officer = await connection.fetchval(
        "INSERT INTO officer (login, display_name, password_hash) VALUES ('bench', 'x', 'x') "
        "RETURNING id"
    )
    batch = await connection.fetchval(
        "INSERT INTO card_batch (area, label, size, made_by) VALUES ($1, 'x', 1, $2) RETURNING id",
        AREA,
        officer,
    )
    numbers = [card_number(os.urandom(32)) for _ in holders]
    await connection.copy_records_to_table(
        "card",
        records=[
            (batch, serial, card_index(keyring, number), AREA, "held", person)
            for serial, (number, person) in enumerate(zip(numbers, holders, strict=True), start=1)
        ],
        columns=["batch_id", "serial", "number_index", "area", "state", "person_id"],
    )
    owners = people[phones + cards :]
    handles = [os.urandom(10) for _ in owners]
    await connection.execute(
        "INSERT INTO phone_key (handle, person_id, session_hash, created_at, ends_at) "
        "SELECT h, p, h, now() - interval '1 day', now() + interval '1 day' "
        "FROM unnest($1::bytea[], $2::bigint[]) AS u (h, p)",
        handles,
        owners,
    )
    await connection.execute("ANALYZE")
    await connection.close()
    return City(
        tokens,
        numbers,
        [
            " ".join(
                base64.b64encode(part).decode() for part in (handle, phone_key(keyring, handle))
            )
            for handle in handles
        ],
        codes,
        doors,
    )


async def _sessions(
    connection: asyncpg.Connection, column: str, kind: str, ids: list[int], tokens: list[str]
) -> None:
    await connection.execute(
        f"INSERT INTO session (token_hash, kind, {column}, expires_at, verified_at) "
        "SELECT h, $1, i, now() + interval '1 day', now() "
        "FROM unnest($2::bytea[], $3::bigint[]) AS u (h, i)",
        kind,
        [token_hash(token) for token in tokens],
        ids,
    )


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values) or [0.0]
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _run(
    city: City,
    server: psutil.Process,
    postmaster: int,
    port: int,
    seconds: float,
    lead: float,
    share: float = 1.0,
) -> dict[str, Any]:
    """One run at a `share` of the rates; percentages are of one core."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.mix"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**28,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    order = {
        "port": port,
        "rates": {kind: rate * share for kind, rate in RATES.items()},
        "batch": BATCH,
        "seconds": lead + seconds,
        "lead": lead,
        "prepare": 4 + lead + seconds,
        "tokens": city.tokens,
        "cards": city.cards,
        "phones": city.phones,
        "codes": city.codes,
        "doors": city.doors,
    }
    process.stdin.write(json.dumps(order).encode() + b"\n")
    assert (await process.stdout.readline()).strip() == b"ready"
    before, database_before = server.cpu_times(), _postgres_seconds(postmaster)
    result = json.loads(await process.stdout.read())
    await process.wait()
    after, database = server.cpu_times(), _postgres_seconds(postmaster) - database_before
    used = after.user + after.system - before.user - before.system
    took = result["seconds"]
    by_kind = {"phone": [], "door": [], "kept": []} | result["latencies"]
    single = by_kind["phone"] + by_kind["door"]
    return {
        "acknowledged": result["acknowledged"],
        "scans a second": result["acknowledged"] / took,
        "refused or lost": result["refused"],
        "p50, one scan, ms": _share(single, 0.5),
        "p99, one scan, ms": _share(single, 0.99),
        "p99, by phone, ms": _share(by_kind["phone"], 0.99),
        "p99, by a door, ms": _share(by_kind["door"], 0.99),
        f"p99, {BATCH} kept scans, ms": _share(by_kind["kept"], 0.99),
        "server, of one core": used / took,
        "PostgreSQL, of one core": database / took,
        "generator, of one core": result["cpu"] / took,
    }


async def run(small: bool) -> Findings:
    """Measure; `small` is a third as long. The median run by its p99 is the one that is told."""
    rounds, seconds, lead = (3, 5.0, 3.0) if small else (3, 15.0, 5.0)
    scans = {kind: round(rate * (lead + seconds) * 1.02) + BATCH for kind, rate in RATES.items()}
    folder = Path(tempfile.mkdtemp(prefix="lachan-bench-"))
    keyring = ensure_keyring(folder / "keys.json")
    results = []
    with temporary_server() as server:
        url = server.url()
        await migrate(url, keyring)
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await load_reference(connection)
        await engine.dispose()
        assert server.pid is not None
        setting = Served(role_urls(Settings().database, url, keyring), url, [], [])
        port = _free_port()
        with _served(*_ours(setting, folder, port), port) as ours:
            for number in range(rounds):
                city = await _furnish_again(url, keyring, scans)
                results.append(await _run(city, ours, server.pid, port, seconds, lead))
                print(
                    f"  round {number + 1}/{rounds}: {results[-1]['scans a second']:,.0f} scans/s, "
                    f"p99 {results[-1]['p99, one scan, ms']:.0f} ms",
                    flush=True,
                )
            held, lower = None, []
            for share in SHARES:
                city = await _furnish_again(url, keyring, scans)
                lower.append(await _run(city, ours, server.pid, port, seconds, lead, share))
                p99 = lower[-1]["p99, one scan, ms"]
                print(
                    f"  at {lower[-1]['scans a second']:,.0f} scans/s: p99 {p99:.0f} ms", flush=True
                )
                if p99 < GOAL_P99_MS:
                    held = lower[-1]
                    break
            stored = await _stored(server)
    acknowledged = sum(one.pop("acknowledged") for one in [*results, *lower])
    told = sorted(results, key=lambda one: one["p99, one scan, ms"])[rounds // 2]
    if held is not None:
        told |= {
            "highest rate tried with p99 < 100 ms, scans/s": held["scans a second"],
            "p99 at that rate, ms": held["p99, one scan, ms"],
            "server at that rate, of one core": held["server, of one core"],
        }
    enough = told["scans a second"] >= GOAL_PER_SECOND * 0.99
    return {
        "figures": {name: round(value, 3) for name, value in told.items()}
        | {"scans acknowledged in all rounds": acknowledged, "of these on record": stored},
        "ratios": {},
        "goals": {
            "scans a second, durable, on 2 cores": {
                "goal": f">= {GOAL_PER_SECOND:,} (offered as many)",
                "found": round(told["scans a second"]),
                "met": enough,
            },
            "p99 of one scan at that rate": {
                "goal": f"< {GOAL_P99_MS:.0f} ms",
                "found": round(told["p99, one scan, ms"], 1),
                "met": told["p99, one scan, ms"] < GOAL_P99_MS,
            },
            "acknowledged scans not on record": {
                "goal": "0",
                "found": acknowledged - stored,
                "met": acknowledged == stored,
            },
        },
        "met": enough and told["p99, one scan, ms"] < GOAL_P99_MS and acknowledged == stored,
        "why": _why(told, enough),
    }


def _why(told: dict[str, Any], enough: bool) -> str:
    """What stands in the way, by what each process took."""
    if enough and told["p99, one scan, ms"] < GOAL_P99_MS:
        return ""
    return (
        "Why not: the web process is one process, which Python keeps to one core. It takes "
        f"{told['server, of one core']:.0%} of a core, while PostgreSQL takes "
        f"{told['PostgreSQL, of one core']:.0%} and the generator "
        f"{told['generator, of one core']:.0%} of the other. Scans by phones that came before "
        "cost less, see intake; here everybody is met for the first time."
    )


async def _furnish_again(url: str, keyring: Keyring, scans: dict[str, int]) -> City:
    """A city for one run: what the last one left is taken out, the visits stay."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    for table in ("session", "card", "card_batch", "phone_key", "device", "place_code", "officer"):
        await connection.execute(f"DELETE FROM {table}")
    await connection.execute("DELETE FROM place")
    await connection.execute("DELETE FROM person")
    await connection.close()
    return await _furnish(url, keyring, scans)


async def _stored(server: EmbeddedPostgres) -> int:
    connection = await asyncpg.connect(server.url().replace("postgresql+asyncpg", "postgresql"))
    try:
        found: int = await connection.fetchval("SELECT count(*) FROM scan")
        return found
    finally:
        await connection.close()
