"""Fills an empty database with a demo province; does nothing where people exist already."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import make_url

from lachan.demo import logins, story
from lachan.demo.city import City, Ward, build
from lachan.demo.days import DAYS, DemoVisit, live
from lachan.demo.outbreak import COVID, DemoCase, Meetings, break_out, met_longest
from lachan.demo.rows import (
    CASE_COLUMNS,
    LAST_COLUMNS,
    VISIT_COLUMNS,
    Ids,
    Numbering,
    Row,
    case_rows,
    city_rows,
    visit_rows,
)
from lachan.demo.safety import fill_safety
from lachan.diseases.domain import infectious_window
from lachan.diseases.profiles import profile_of
from lachan.identity.officers.secrets import hash_password, seal_totp
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.settings import Settings

Told = Callable[[str], None]

SEED: Final = 7
PROVINCE: Final = "VN.01"
_TRACED_SHARE: Final = 0.6
"""Of the cases, oldest first: the newest wait for somebody to press Trace."""


class DemoRefused(RuntimeError):
    """A demo would put invented people beside real ones."""


class AreasMissing(RuntimeError):
    """The demo stands on real wards; the reference data has to be there first."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """How much was written; all zero when the database was not empty."""

    people: int = 0
    places: int = 0
    visits: int = 0
    cases: int = 0
    traced: int = 0
    warned: int = 0


@dataclass(frozen=True, slots=True)
class _World:
    """Everything that was invented, before it is written."""

    city: City
    visits: Sequence[DemoVisit]
    cases: Sequence[DemoCase]
    warned_about: DemoCase


async def fill(settings: Settings, owner_url: str, keyring: Keyring, told: Told) -> list[str]:
    """Fill the demo province in and return the log-ins to show."""
    await fill_demo(settings, owner_url, keyring, told=told)
    return logins.login_lines()


async def fill_demo(
    settings: Settings,
    owner_url: str,
    keyring: Keyring,
    *,
    told: Told,
    moment: datetime | None = None,
) -> DemoSummary:
    """Invent a city of several thousand people and write three weeks of its life up to `moment`.

    Raises `DemoRefused` in production and `AreasMissing` without the administrative units.
    """
    if settings.mode != "development":
        raise DemoRefused("the demo province is for development; set LACHAN_MODE=development")
    at = moment or now()
    async with _connected(owner_url) as connection:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM person)"):
            return DemoSummary()
        wards = [
            Ward(*row)
            for row in await connection.fetch(
                "SELECT path, name, lat, lon, area_km2 FROM area WHERE parent = $1 ORDER BY path",
                PROVINCE,
            )
        ]
        if not wards:
            raise AreasMissing("there are no wards; load the administrative units first")
        world = await asyncio.to_thread(_invent, wards, at, settings.zone)
        told(
            f"Demo province: {len(world.city.people)} people, {len(world.city.places)} places, "
            f"{len(world.visits)} visits, {len(world.cases)} cases"
        )
        async with connection.transaction():
            officers = await _write_officers(connection, keyring)
            case_ids = await _write(
                connection, world, keyring, officers["tracer.hanoi"], at, settings
            )
    joined = await fill_safety(settings, owner_url, keyring, at)
    told(f"Demo province: {joined} places on the safety map")
    async with _connected(owner_url) as connection:
        await connection.execute("ANALYZE")
    oldest = case_ids[: round(_TRACED_SHARE * len(case_ids))]
    warned_case = case_ids[list(world.cases).index(world.warned_about)]
    warned = await story.tell(
        settings, owner_url, keyring,
        officers=(officers["tracer.hanoi"], officers["tracer2.hanoi"]),
        area=PROVINCE,
        traced=oldest,
        warned=warned_case,
    )  # fmt: skip
    told(f"Demo province: {len(oldest)} cases traced, {warned} people warned")
    return DemoSummary(
        len(world.city.people), len(world.city.places), len(world.visits), len(case_ids),
        len(oldest), warned,
    )  # fmt: skip


@asynccontextmanager
async def _connected(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    url = make_url(owner_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


def _invent(wards: Sequence[Ward], moment: datetime, zone: ZoneInfo) -> _World:
    city = build(wards, SEED, moment.astimezone(zone).year)
    visits = live(city, SEED, moment, zone)
    cases, meetings = break_out(city, visits, SEED, moment, zone)
    guest, warned_about = _choose_guest(city, meetings, cases, zone)
    _give_phones(city, guest)
    return _World(city, visits, cases, warned_about)


def _choose_guest(
    city: City, meetings: Meetings, cases: Sequence[DemoCase], zone: ZoneInfo
) -> tuple[int, DemoCase]:
    """The resident whose log-in is shown, and the case that this resident met."""
    by_person = {case.person: case for case in cases}
    for case in cases:
        if case.disease != COVID or case.classification != "confirmed":
            continue
        since, until = infectious_window(profile_of(COVID), case.onset, case.sampled, zone)
        window = (since.timestamp(), until.timestamp())
        found = met_longest(city, meetings, case, by_person, window)
        if found is not None:
            return found, case
    raise AssertionError("an outbreak of this size always meets somebody")


def _give_phones(city: City, guest: int) -> None:
    """Grown-ups have phones; the others answer through those of their household."""
    owner = next(
        place.owner for place in city.places if place.owner not in {None, guest} and place.rooms
    )
    number = logins.FIRST_PHONE
    for who in city.people:
        if who.index == guest:
            who.phone = logins.RESIDENT_PHONE
        elif who.index == owner:
            who.phone = logins.OWNER_PHONE
        elif who.habit != "pupil" and (who.relation in {None, "spouse"} or who.habit == "student"):
            who.phone = f"+{number}"
            number += 1


async def _write_officers(connection: asyncpg.Connection, keyring: Keyring) -> dict[str, int]:
    """The officers' ids by login."""
    hashed = await hash_password(logins.PASSWORD)
    ids: dict[str, int] = {}
    for officer in logins.OFFICERS:
        officer_id = await connection.fetchval(
            "INSERT INTO officer (login, display_name, password_hash) VALUES ($1, $2, $3) "
            "RETURNING id",
            officer.login,
            officer.name,
            hashed,
        )
        ids[officer.login] = officer_id
        await connection.execute(
            "UPDATE officer SET totp_sealed = $2 WHERE id = $1",
            officer_id,
            seal_totp(keyring, officer_id, logins.totp_secret(officer.login)),
        )
        await connection.executemany(
            "INSERT INTO officer_role VALUES ($1, $2, $3)",
            [(officer_id, role, officer.area) for role in officer.roles],
        )
    return ids


async def _write(
    connection: asyncpg.Connection,
    world: _World,
    keyring: Keyring,
    officer: int,
    moment: datetime,
    settings: Settings,
) -> list[int]:
    """Write everything in the transaction that is open; the ids of the cases, oldest first."""
    zone = settings.zone
    ids = Ids(
        *[
            await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
            for table in ("person", "household", "place", "room")
        ]
    )
    numbers = Numbering(world.city, ids)
    rows = await asyncio.to_thread(city_rows, world.city, numbers, keyring, SEED, moment)
    for table, some in rows.tables.items():
        await _copy(connection, table, rows.columns[table], some)
    for table in ("person", "household", "place", "room"):
        # COPY takes the numbers as they are given; the next one has to follow them.
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )
    today = moment.astimezone(zone).date()
    for table in ("visit", "scan"):
        await connection.execute(
            "SELECT lachan_make_partitions($1, $2, $3)",
            table,
            today - timedelta(days=DAYS),
            today + timedelta(days=2),
        )
    visits, last = await asyncio.to_thread(visit_rows, world.visits, numbers, SEED)
    await _copy(connection, "visit", VISIT_COLUMNS, visits)
    await _copy(connection, "last_visit", LAST_COLUMNS, last)
    cases = case_rows(world.cases, world.city, numbers, officer, moment, zone)
    await _copy(connection, "case_record", CASE_COLUMNS, cases)
    await connection.execute("SELECT setval('case_number', $1)", len(cases))
    by_code = {
        row["code"]: row["id"] for row in await connection.fetch("SELECT id, code FROM case_record")
    }
    return [by_code[row[0]] for row in cases]


async def _copy(
    connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    await connection.copy_records_to_table(table, records=rows, columns=list(columns))
