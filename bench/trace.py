"""How long the database takes to say who met a case: one case, and 1,000 in one statement.

Visits of three weeks are made inside the server: people who go out some times a day, to places of
which a few are far busier than most, as a town has them. What is timed is the tracer's own
statement with its own values, on a connection that has used it before ("warm"; the first time is
told too). Making contacts of the rows in Python is timed apart.
"""
# ruff: noqa: A005 - `make bench BENCH=trace`; the standard library's is never wanted here

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.report import Findings
from lachan.areas.reference import load_reference
from lachan.diseases.domain import infectious_window
from lachan.diseases.profiles import profile_of
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring, ensure_keyring
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from lachan.storage.migrate import migrate
from lachan.storage.roles import role_urls
from lachan.tracing.domain import Rules, Source, contacts_from, qualifying, rules_of
from lachan.tracing.engine import trace
from lachan.tracing.engines.sql import PLAN, SqlEngine, meetings, question

AREA: Final = "VN.01.00004"
DAYS: Final = 21
RUNS: Final = 15
Asked = tuple[TextClause, dict[str, object]]
GOAL_ONE_MS: Final = 100.0
GOAL_THOUSAND_MS: Final = 500.0
MEMORY: Final = {
    "shared_buffers": "4GB",
    "max_wal_size": "8GB",
    "fsync": "off",
    "maintenance_work_mem": "512MB",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a town: each person makes about three visits a day."""

    visits: int
    places: int

    @property
    def people(self) -> int:
        return self.visits // (DAYS * 3)


FULL = Size(visits=50_000_000, places=1_000_000)
SMALL = Size(visits=2_000_000, places=40_000)

# Of the visits of a day `crowd` go to place 1, as to a place with an outbreak. Of the others: the
# product of two random numbers crowds the low ones: a few places are far busier than most.
# Every third visit names a room. Hours from 6 to 22, stays of 10 to 130 minutes.
_FILL_DAY = """
    INSERT INTO visit (id, day, person_id, place_id, room_id, started_at, ends_at, end_source,
                       source, client, offline)
    SELECT uuidv7(begins - clock_timestamp()), :day, 1 + floor(random() * :people)::bigint, place,
           CASE WHEN random() < 0.33 THEN place * 4 + floor(random() * 3)::bigint END,
           begins, begins + make_interval(mins => 10 + floor(random() * random() * 120)::int),
           'scanned', 'scan', 'web', false
    FROM (SELECT CASE WHEN random() < CAST(:crowd AS float) THEN 1
                   ELSE 1 + floor(random() * random() * :places)::bigint END AS place,
                 CAST(:midnight AS timestamptz)
                   + make_interval(secs => 21600 + floor(random() * 57600)::int) AS begins
          FROM generate_series(1, :rows)) AS made ORDER BY begins
"""


async def furnish(
    connection: AsyncConnection, size: Size, days: Sequence[date], *, crowd: float = 0.0
) -> float:
    """Fill the tables; the seconds that took, indexes and statistics included."""
    begun = time.perf_counter()
    await connection.execute(
        text(
            "INSERT INTO person (id) SELECT generate_series(1, CAST(:people AS bigint)) "
            "ON CONFLICT DO NOTHING"
        ),
        {"people": size.people},
    )
    await connection.execute(
        text(
            "INSERT INTO place (id, name, kind, area, ventilation) OVERRIDING SYSTEM VALUE "
            "SELECT n, 'Nơi ' || n, 'food', :area, "
            "(ARRAY['good', 'normal', 'poor', 'unknown', 'outdoor'])[1 + n % 5] "
            "FROM generate_series(1, CAST(:places AS bigint)) AS n"
        ),
        {"area": AREA, "places": size.places},
    )
    await connection.execute(
        text(
            "INSERT INTO room (id, place_id, name) OVERRIDING SYSTEM VALUE "
            "SELECT p * 4 + r, p, 'Phòng ' || r "
            "FROM generate_series(1, CAST(:places AS bigint)) AS p, generate_series(0, 2) AS r"
        ),
        {"places": size.places},
    )
    zone = Settings().zone
    # Indexes are made after the rows: the same indexes in a third of the time.
    indexes = (
        await connection.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes "
                "WHERE tablename = 'visit' AND indexname IN ('ix_visit_person', 'ix_visit_place')"
            )
        )
    ).all()
    for index in indexes:
        await connection.execute(text(f"DROP INDEX {index.indexname}"))
    for number, day in enumerate(days, start=1):
        await connection.execute(
            text(_FILL_DAY),
            {
                "day": day,
                "midnight": datetime(day.year, day.month, day.day, tzinfo=zone),
                "people": size.people,
                "places": size.places,
                "rows": size.visits // DAYS,
                "crowd": crowd,
            },
        )
        await connection.commit()
        print(f"  day {number} of {DAYS}, {time.perf_counter() - begun:.0f} s", flush=True)
    for index in indexes:
        await connection.execute(text(index.indexdef.replace("ON ONLY", "ON")))
    await connection.commit()
    print(f"  indexes, {time.perf_counter() - begun:.0f} s", flush=True)
    autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
    await autocommit.execute(text("VACUUM (ANALYZE, FREEZE) visit"))
    await autocommit.execute(text("ANALYZE place, room, person"))
    await autocommit.execute(text("CHECKPOINT"))
    return time.perf_counter() - begun


def _sources(people: Sequence[int], rules: Rules) -> list[Source]:
    """Cases that fell ill eight days ago: their window is ten days and a half by now."""
    onset = local_day(rules.as_of, rules.zone) - timedelta(days=8)
    window = infectious_window(profile_of("covid-19"), onset, None, rules.zone)
    return [Source(person, window[0], min(window[1], rules.as_of)) for person in people]


async def _time(
    connection: AsyncConnection, people: Sequence[int], rules: Rules
) -> tuple[float, int]:
    """As the tracer asks: milliseconds until all rows are here, and how many they are."""
    sources = _sources(people, rules)
    begun = time.perf_counter()
    rows = await meetings(connection, sources, rules, people)
    return (time.perf_counter() - begun) * 1000, len(rows)


async def _server_ms(connection: AsyncConnection, asked: Asked) -> float:
    """What PostgreSQL itself says the statement took."""
    statement, values = asked
    await connection.execute(PLAN)
    explained = text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.text}").bindparams(
        *statement._bindparams.values()  # noqa: SLF001 - the same statement, explained
    )
    plan = await connection.scalar(explained, values)
    return float(plan[0]["Execution Time"]) + float(plan[0]["Planning Time"])


async def _measure(
    connection: AsyncConnection, people: Sequence[Sequence[int]], rules: Rules
) -> dict[str, Any]:
    """Cold first, then warm medians over `people`, one group of cases a run."""
    found: list[int] = []
    warm, server = [], []
    cold, _ = await _time(connection, people[0], rules)
    for group in people:
        await _time(connection, group, rules)
        took, rows = await _time(connection, group, rules)
        warm.append(took)
        found.append(rows)
        asked = question(_sources(group, rules), rules, group)
        server.append(await _server_ms(connection, asked))
    await connection.rollback()
    return {
        "exposures found, median": statistics.median(found),
        "first time, ms": round(cold, 1),
        "warm, median of 15, ms": round(statistics.median(warm), 1),
        "warm, quickest, ms": round(min(warm), 1),
        "warm, slowest, ms": round(max(warm), 1),
        "in one connection, on the server, median, ms": round(statistics.median(server), 1),
    }


async def _engine_ms(
    connection: AsyncConnection, people: Sequence[int], rules: Rules
) -> dict[str, float]:
    """The whole way to contacts: F1 of many cases at once, and one case up to F2."""
    engine = SqlEngine()
    sources = _sources(people, rules)
    begun = time.perf_counter()
    met = await engine.exposures(connection, sources, rules, people)
    contacts_from(1, qualifying(met, rules), [], set(people))
    many = time.perf_counter() - begun
    begun = time.perf_counter()
    await trace(engine, connection, sources[0], rules, max_level=2)
    return {
        "1,000 cases up to contacts in Python, once, ms": round(many * 1000, 1),
        "one case up to F2, once, ms": round((time.perf_counter() - begun) * 1000, 1),
    }


async def run(small: bool) -> Findings:
    """Fill a server of its own and time the tracer's statement on it."""
    size = SMALL if small else FULL
    dice = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="lachan-bench-") as folder:
        server = EmbeddedPostgres(Path(folder), settings=MEMORY)
        server.start()
        try:
            keyring = ensure_keyring(Path(folder) / "keys.json")
            await migrate(server.url(), keyring)
            return await _run(server.url(), keyring, size, dice)
        finally:
            server.stop()


async def _run(url: str, keyring: Keyring, size: Size, dice: random.Random) -> Findings:
    settings = Settings()
    today = local_day(now(), settings.zone)
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    owner = create_async_engine(url)
    async with owner.begin() as connection:
        await load_reference(connection)
    async with owner.connect() as connection:
        made = await furnish(connection, size, days)
        stored = await connection.scalar(text("SELECT count(*) FROM visit"))
        room = await connection.scalar(text("SELECT pg_database_size(current_database())"))
    await owner.dispose()
    rules = rules_of(profile_of("covid-19"), now(), settings.zone)
    worker = create_async_engine(role_urls(settings.database, url, keyring).worker)
    async with worker.connect() as connection:
        one = await _measure(
            connection, [[dice.randint(1, size.people)] for _ in range(RUNS)], rules
        )
        thousand = await _measure(
            connection,
            [[dice.randint(1, size.people) for _ in range(1000)] for _ in range(RUNS)],
            rules,
        )
        whole = await _engine_ms(
            connection, [dice.randint(1, size.people) for _ in range(1000)], rules
        )
    await worker.dispose()
    goals = {
        "one case, F1, in SQL, warm": {
            "what": "median, ms",
            "goal": f"< {GOAL_ONE_MS:.0f}",
            "found": one["warm, median of 15, ms"],
            "met": one["warm, median of 15, ms"] < GOAL_ONE_MS,
        },
        "1,000 cases, F1, in SQL, warm": {
            "what": "median, ms",
            "goal": f"< {GOAL_THOUSAND_MS:.0f}",
            "found": thousand["warm, median of 15, ms"],
            "met": thousand["warm, median of 15, ms"] < GOAL_THOUSAND_MS,
        },
    }
    return {
        "figures": {
            "visits stored": stored,
            "places": size.places,
            "people": size.people,
            "days": DAYS,
            "database, GiB": round(room / 2**30, 2),
            "filling, s": round(made),
            "server memory (shared_buffers)": MEMORY["shared_buffers"],
            **{f"one case: {name}": value for name, value in one.items()},
            **{f"1,000 cases: {name}": value for name, value in thousand.items()},
            **whole,
        },
        "ratios": {
            "time a case of 1,000 / of one alone": round(
                thousand["warm, median of 15, ms"] / 1000 / one["warm, median of 15, ms"], 3
            )
        },
        "goals": goals,
        "met": all(goal["met"] for goal in goals.values()),
    }


if __name__ == "__main__":
    import sys

    print(asyncio.run(run("--small" in sys.argv)))
