"""How safe the places of the demo are: days of self-checks, inspections, answers from the public.

Colours and reasons come from the same engine that judges real places; only who ticked what is
invented. A demo that is started again on a later day gets the days since, so that its map is never
grey all over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.demo.complaints import complaints
from lachan.demo.names import person_name
from lachan.demo.ticking import Ticked, Ticking
from lachan.kit.clock import day_bounds, local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import Problem
from lachan.places.kinds import KINDS
from lachan.safety.colours.day_store import roll_up
from lachan.safety.colours.domain import Held, below_since, colour_of, reasons_of
from lachan.safety.colours.store import reasons_to
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.service import load_published, set_for
from lachan.settings import Settings
from lachan.storage.roles import asyncpg_url

SEED: Final = 7
PROVINCE: Final = "VN.01"
DAYS: Final = 21
INSPECTOR: Final = "safety.hanoi"
_OWN: Final = "p.created_at < (SELECT min(created_at) - interval '20 days' FROM officer)"
"""The demo's own: whoever looks around registers a place after its officers were made."""
_NEWEST: Final = text(
    f"SELECT max(s.day) FROM place_safety s JOIN place p ON p.id = s.place_id WHERE {_OWN}"  # noqa: S608 - our own words
)
_SILENT: Final = 0.08
_LATE: Final = 0.06
# How many of a hundred are careful, middling, careless; and what each comes to, green to red.
_CARE: Final = ((0.80, (0.94, 0.05, 0.01)), (0.14, (0.6, 0.35, 0.05)), (0.06, (0.3, 0.45, 0.25)))
_COLOURS: Final = ("green", "yellow", "red")
_HELD: Final[Mapping[Held, int]] = {"repair": 5, "red": 3, "yellow": 4}
_KINDS_HELD: Final = ("school", "medical", "market")


@dataclass(slots=True)
class _Place:
    id: int
    kind: str
    area: str
    owner: int | None
    held: Held | None = None
    reported: date | None = None
    streak: int = 0


@dataclass(slots=True)
class _Rows:
    """What is written, by table."""

    days: list[tuple[object, ...]] = field(default_factory=list)
    checks: list[tuple[object, ...]] = field(default_factory=list)
    standings: list[tuple[object, ...]] = field(default_factory=list)


async def fill_safety(
    settings: Settings, owner_url: str, keyring: Keyring, moment: datetime
) -> int:
    """Let the demo's places take part, and bring them up to today; how many there are.

    Begun again on the same day it changes nothing.
    """
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await _fill(connection, settings, keyring, moment)
    finally:
        await engine.dispose()


async def keep_up(settings: Settings, owner_url: str, keyring: Keyring) -> None:
    """Bring a demo that is started again up to today; does nothing where there is none."""
    await fill_safety(settings, owner_url, keyring, now())


async def _fill(
    connection: AsyncConnection, settings: Settings, keyring: Keyring, moment: datetime
) -> int:
    today = local_day(moment, settings.zone)
    inspector = await connection.scalar(text("SELECT id FROM officer WHERE login = :login"),
                                        {"login": INSPECTOR})  # fmt: skip
    newest = await connection.scalar(_NEWEST)
    if inspector is None or (newest is not None and newest >= today):
        return 0
    await load_published(connection)
    sets = await _sets(connection, today)
    places = await _places(connection, list(sets))
    if not places:
        return 0
    if newest is None:
        _hold_some(places)
    first = max(newest or date.min, today - timedelta(days=DAYS))
    days = [first + timedelta(days=ahead) for ahead in range(1, (today - first).days + 1)]
    ticking = {kind: Ticking(criteria, SEED) for kind, criteria in sets.items()}
    rows = _Rows()
    for place in places:
        _live(place, ticking[place.kind], days, rows, keyring, settings, moment)
    await _write(connection, rows, days, today)
    if newest is None:
        await _inspect(connection, places, ticking, inspector, moment)
        await complaints(connection, places, sets, inspector, moment, SEED)
    for day in days[:-1]:
        await roll_up(connection, day)
    return len(places)


async def _sets(connection: AsyncConnection, today: date) -> dict[str, CriteriaSet]:
    found = {}
    for kind in KINDS.by_code.values():
        if kind.rollout:
            try:
                found[kind.code] = await set_for(connection, kind.code, PROVINCE, today)
            except Problem:  # no set is published for this kind
                continue
    return found


async def _places(connection: AsyncConnection, kinds: Sequence[str]) -> list[_Place]:
    rows = await connection.execute(
        text(
            f"""
            SELECT p.id, p.kind, p.area, min(o.person_id) AS owner, s.held, s.day, s.streak
            FROM place p LEFT JOIN place_staff o ON o.place_id = p.id
            LEFT JOIN place_safety s ON s.place_id = p.id
            WHERE p.kind = ANY (:kinds) AND p.state = 'active' AND p.drill_id IS NULL
              AND {_OWN}
            GROUP BY p.id, s.place_id ORDER BY p.id
            """  # noqa: S608 - our own words
        ),
        {"kinds": list(kinds)},
    )
    return [
        _Place(row.id, row.kind, row.area, row.owner, row.held, row.day, row.streak or 0)
        for row in rows
    ]


def _hold_some(places: Sequence[_Place]) -> None:
    random = Random(SEED + 20)
    free = [place for place in places if place.kind in _KINDS_HELD]
    random.shuffle(free)
    for held, count in _HELD.items():
        for _ in range(min(count, len(free))):
            free.pop().held = held


def _live(
    place: _Place,
    ticking: Ticking,
    days: Sequence[date],
    rows: _Rows,
    keyring: Keyring,
    settings: Settings,
    moment: datetime,
) -> None:
    """The days of one place up to today."""
    care = Random(f"{SEED} {place.id}").choices(_CARE, [share for share, _ in _CARE])[0][1]
    last: tuple[Ticked, datetime] | None = None
    today = days[-1]
    for day in days:
        random = Random(f"{SEED} {place.id} {day}")
        if random.random() < _SILENT:
            if day != today:
                rows.days.append((place.id, day, place.held or "grey", None, None, True))
                place.streak = 0
            continue
        wanted = random.choices(_COLOURS, care)[0]
        moments = ticking.moments_at(moment, settings.zone) if day == today else None
        ticked = ticking.tick(random, wanted, moments)
        late = random.random() < _LATE
        at = _made_at(random, day, moment, settings)
        place.streak = place.streak + 1 if place.reported == day - timedelta(days=1) else 1
        place.reported = day
        last = (ticked, at)
        effective = colour_of(ticked.verdict.colour, day, place.held, day)
        rows.days.append(
            (place.id, day, effective, ticked.verdict.score, ticked.verdict.maximum, late)
        )
        if day >= today - timedelta(days=1):
            rows.checks += _commits(random, place, ticking.criteria, ticked, day, at, late, keyring)
    rows.standings.append(_standing(place, ticking.criteria, last, moment))


def _made_at(random: Random, day: date, moment: datetime, settings: Settings) -> datetime:
    """Some time of that morning, and never in the future."""
    start, end = day_bounds(day, settings.zone)
    wanted = start + timedelta(minutes=random.randint(370, 450))
    if wanted < moment:
        return wanted
    span = max((min(end, moment) - start).total_seconds(), 1)
    return start + timedelta(seconds=random.random() * span * 0.9)


def _commits(
    random: Random,
    place: _Place,
    criteria: CriteriaSet,
    ticked: Ticked,
    day: date,
    at: datetime,
    late: bool,  # noqa: FBT001 - a column of the row
    keyring: Keyring,
) -> list[tuple[object, ...]]:
    """A commit for each moment that was reported, by one person."""
    name = person_name(random)
    found: list[tuple[object, ...]] = []
    for moment in ticked.moments:
        codes = {item.code for item in criteria.items_of(moment)}
        answers = {code: points for code, points in ticked.answers.items() if code in codes}
        commit_id = UUID(int=random.getrandbits(128), version=4)
        found.append(
            (
                commit_id, place.id, criteria.id, day, moment, place.owner,
                keyring.seal(name.encode(), about=f"daily_check:{commit_id}"), at, at, late,
                orjson.dumps(answers).decode(), "{}", ticked.verdict.score, ticked.verdict.maximum,
                ticked.verdict.outcome.code,
            )
        )  # fmt: skip
    return found


def _standing(
    place: _Place,
    criteria: CriteriaSet,
    last: tuple[Ticked, datetime] | None,
    moment: datetime,
) -> tuple[object, ...]:
    if last is None:
        reasons = reasons_of(None, place.held, due=None, until=None, overdue=False)
        return (
            place.id, criteria.id, moment - timedelta(days=DAYS), place.reported, "grey",
            place.held, reasons_to(reasons), None, None, None, None, place.streak, moment,
        )  # fmt: skip
    ticked, at = last
    verdict = ticked.verdict
    since = below_since(criteria, verdict, None, at, reported=criteria.moments)
    until = (
        (since + timedelta(hours=criteria.repair_hours)).isoformat()
        if since and criteria.repair_hours
        else None
    )
    due = (moment + timedelta(days=2)).isoformat() if place.held in {"red", "repair"} else None
    reasons = reasons_of(verdict, place.held, due=due, until=until, overdue=False)
    return (
        place.id, criteria.id, moment - timedelta(days=DAYS), place.reported, verdict.colour,
        place.held, reasons_to(reasons), verdict.outcome.code, verdict.score, verdict.maximum,
        since, place.streak, at,
    )  # fmt: skip


_DAY_COLUMNS: Final = ("place_id", "day", "colour", "score", "maximum", "late")
_CHECK_COLUMNS: Final = (
    "commit_id", "place_id", "set_id", "day", "moment", "person_id", "name_sealed", "made_at",
    "received_at", "late", "answers", "notes", "score", "maximum", "outcome",
)  # fmt: skip
_STANDING_COLUMNS: Final = (
    "place_id", "set_id", "joined_at", "day", "colour", "held", "reasons", "outcome", "score",
    "maximum", "below_since", "streak", "changed_at",
)  # fmt: skip


async def _write(
    connection: AsyncConnection, rows: _Rows, days: Sequence[date], today: date
) -> None:
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    await connection.execute(
        text("DELETE FROM safety_day WHERE day = ANY (:days) AND place_id = ANY (:places)"),
        {"days": list(days), "places": [row[0] for row in rows.standings]},
    )
    # A place that had taken part keeps what holds it and since when it does.
    await connection.execute(
        text("CREATE TEMP TABLE standing (LIKE place_safety INCLUDING DEFAULTS) ON COMMIT DROP")
    )
    for table, columns, some in (
        ("safety_day", _DAY_COLUMNS, rows.days),
        ("daily_check", _CHECK_COLUMNS, rows.checks),
        ("standing", _STANDING_COLUMNS, rows.standings),
    ):
        await raw.copy_records_to_table(table, records=some, columns=list(columns))
    await connection.execute(
        text(
            f"""
            INSERT INTO place_safety ({", ".join(_STANDING_COLUMNS)})
            SELECT {", ".join(_STANDING_COLUMNS)} FROM standing
            ON CONFLICT (place_id) DO UPDATE SET set_id = excluded.set_id, day = excluded.day,
              colour = excluded.colour, reasons = excluded.reasons, outcome = excluded.outcome,
              score = excluded.score, maximum = excluded.maximum, streak = excluded.streak,
              below_since = excluded.below_since, changed_at = excluded.changed_at
            WHERE place_safety.day IS DISTINCT FROM :today
            """  # noqa: S608 - columns of this file
        ),
        {"today": today},
    )


async def _inspect(
    connection: AsyncConnection,
    places: Sequence[_Place],
    ticking: Mapping[str, Ticking],
    officer: int,
    moment: datetime,
) -> None:
    """What inspectors found: orders at the places that are held, and visits that ended well."""
    random = Random(SEED + 21)
    fine = [place for place in places if place.held is None and place.kind in _KINDS_HELD]
    visited = [
        *((place, "open") for place in places if place.held in {"repair", "red"}),
        *((place, "closed") for place in random.sample(fine, min(30, len(fine)))),
    ]
    for place, state in visited:
        one = ticking[place.kind]
        wanted = {"repair": "yellow", "red": "red"}.get(place.held or "", "green")
        found = one.tick(random, wanted, None)
        said = one.tick(random, "green", None).answers
        differ = {
            code: [said[code], points]
            for code, points in found.answers.items()
            if said[code] != points
        }
        ago = random.randint(0, 1) if state == "open" else random.randint(2, 20)
        at = moment - timedelta(days=ago, hours=random.randint(1, 6))
        inspection = await connection.scalar(
            text(
                """
                INSERT INTO inspection (place_id, officer_id, set_id, day, answers, score, maximum,
                  outcome, deviation, remark, state, due_at, closed_at, created_at)
                VALUES (:place, :officer, :set, :day, CAST(:answers AS jsonb), :score, :maximum,
                  :outcome, CAST(:deviation AS jsonb), :remark, :state, :due, :closed, :at)
                RETURNING id
                """
            ),
            {
                "place": place.id, "officer": officer, "set": one.criteria.id, "day": at.date(),
                "answers": orjson.dumps(found.answers).decode(), "score": found.verdict.score,
                "maximum": found.verdict.maximum, "outcome": found.verdict.outcome.code,
                "deviation": orjson.dumps(differ).decode(), "remark": "", "state": state,
                "due": moment + timedelta(days=2) if state == "open" else None,
                "closed": None if state == "open" else at, "at": at,
            },
        )  # fmt: skip
        if state == "open":
            missed = [item for item in one.criteria.items if found.answers[item.code] < item.points]
            await connection.execute(
                text(
                    "INSERT INTO repair_order (inspection_id, item_code, wording) "
                    "VALUES (:inspection, :item, :wording)"
                ),
                [
                    {
                        "inspection": inspection,
                        "item": item.code,
                        "wording": f"Khắc phục: {item.wording['vi']}",
                    }
                    for item in missed[:3] or one.criteria.items[:1]
                ],
            )
