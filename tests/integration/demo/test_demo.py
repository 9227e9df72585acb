"""The demo province: quick to fill in, true to its keys and to the rhythm of a city."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from lachan.app import create_app
from lachan.demo import logins
from lachan.demo.fill import DemoRefused, DemoSummary, fill_demo
from lachan.demo.safety import DAYS, fill_safety
from lachan.identity.domain import normalise_phone
from lachan.identity.messages import outbox
from lachan.identity.officers.secrets import password_matches
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.ids import normalise_code
from lachan.settings import Settings
from lachan.storage.roles import RoleUrls, role_urls
from tests.conftest import TEMPLATE, run_sql

LOAD_SECONDS = 30  # the budget is 20 s on a quiet machine; tests share theirs


@dataclass(frozen=True, slots=True)
class Demo:
    url: str
    urls: RoleUrls
    summary: DemoSummary
    seconds: float
    told: list[str]
    began: datetime

    @property
    def dsn(self) -> str:
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
async def demo(server_url: str, keyring: Keyring) -> AsyncIterator[Demo]:
    """One demo for all tests of this file, none of which changes it."""
    name = f"demo_{uuid4().hex[:12]}"
    await run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    told: list[str] = []
    began, start = now(), time.perf_counter()
    summary = await fill_demo(Settings(), url, keyring, told=told.append)
    seconds = time.perf_counter() - start
    yield Demo(url, role_urls(Settings().database, url, keyring), summary, seconds, told, began)
    await run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def look(demo: Demo) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(demo.dsn)
    yield connection
    await connection.close()


async def test_it_is_filled_in_quickly_and_tells_so(demo: Demo) -> None:
    assert demo.seconds < LOAD_SECONDS
    assert len(demo.told) == 3
    assert demo.summary.people > 4_000
    assert demo.summary.places == 1_000
    assert demo.summary.visits > 100_000
    assert 20 <= demo.summary.cases <= 40
    assert 0 < demo.summary.traced < demo.summary.cases
    assert demo.summary.warned > 0


async def test_a_second_time_changes_nothing(
    demo: Demo, look: asyncpg.Connection, keyring: Keyring
) -> None:
    before = await look.fetchval("SELECT count(*) FROM visit")
    again = await fill_demo(Settings(), demo.url, keyring, told=demo.told.append)
    assert again == DemoSummary()
    assert await look.fetchval("SELECT count(*) FROM visit") == before


async def test_production_refuses_it(demo: Demo, keyring: Keyring) -> None:
    settings = Settings(mode="production")
    with pytest.raises(DemoRefused):
        await fill_demo(settings, demo.url, keyring, told=print)


async def test_rows_hold_together(demo: Demo, look: asyncpg.Connection) -> None:
    """COPY checks declared keys; partitioned tables have none, so those are checked here."""
    assert not await look.fetchval(
        """
        SELECT count(*) FROM visit v
        WHERE NOT EXISTS (SELECT FROM person p WHERE p.id = v.person_id)
           OR NOT EXISTS (SELECT FROM place p WHERE p.id = v.place_id)
           OR (v.room_id IS NOT NULL AND NOT EXISTS (
                 SELECT FROM room r WHERE r.id = v.room_id AND r.place_id = v.place_id))
           OR v.day <> (v.started_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           OR v.started_at > now() OR v.ends_at <= v.started_at
        """
    )
    # Nobody is in two places at once: what the rules of scanning promise holds here too.
    assert not await look.fetchval(
        """
        SELECT count(*) FROM (
          SELECT ends_at, lead(started_at) OVER (PARTITION BY person_id ORDER BY started_at) AS next
          FROM visit) v
        WHERE next < ends_at
        """
    )
    assert not await look.fetchval(
        """
        SELECT count(*) FROM last_visit l
        WHERE NOT EXISTS (SELECT FROM visit v WHERE v.id = l.visit_id AND v.day = l.day
                          AND v.ends_at = l.ends_at)
           OR EXISTS (SELECT FROM visit v WHERE v.person_id = l.person_id
                      AND v.started_at > l.started_at)
        """
    )
    kinds = await look.fetchval("SELECT count(DISTINCT kind) FROM place")
    wards = await look.fetchval("SELECT count(DISTINCT area) FROM place")
    assert (kinds, wards > 100) == (14, True)
    codes = [row["code"] for row in await look.fetch("SELECT code FROM place_code")]
    assert all(normalise_code(code) == code for code in codes)
    for table in ("person", "household", "place", "room"):
        highest = await look.fetchval(f"SELECT max(id) FROM {table}")
        following = await look.fetchval(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        assert following > highest


async def test_the_rhythm_is_that_of_a_city(look: asyncpg.Connection) -> None:
    async def inside(kind: str, clock: str, days: str) -> float:
        """How many are inside places of a kind at an hour, on the average day."""
        return float(
            await look.fetchval(
                f"""
                WITH day AS (
                  SELECT d::date AS day, (d::date + $2::time) AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at
                  FROM generate_series(current_date - 18, current_date - 2, interval '1 day') d
                  WHERE extract(isodow FROM d) {days}
                )
                SELECT count(v.id)::float / count(DISTINCT day.day)
                FROM day LEFT JOIN (visit v JOIN place p ON p.id = v.place_id AND p.kind = $1)
                  ON v.day = day.day AND v.started_at <= day.at AND v.ends_at > day.at
                """,
                kind,
                datetime.strptime(clock, "%H:%M").replace(tzinfo=UTC).time().replace(tzinfo=None),
            )
        )

    lunch = await inside("food", "12:15", "< 6")
    assert lunch > 100
    assert lunch > 20 * await inside("food", "03:00", "< 6")
    assert lunch > 2 * await inside("food", "15:30", "< 6")
    assert await inside("school", "10:00", "< 6") > 500
    assert await inside("school", "10:00", ">= 6") < 60
    assert await inside("workplace", "10:00", "< 6") > 5 * await inside("workplace", "10:00", "= 7")
    assert await inside("worship", "08:30", "= 7") > await inside("worship", "08:30", "< 6")


async def test_the_outbreak_follows_shared_air(look: asyncpg.Connection) -> None:
    """Each case met another one in its infectious days."""
    diseases = dict(await look.fetch("SELECT disease, count(*) FROM case_record GROUP BY disease"))
    assert diseases["covid-19"] >= 18
    assert diseases["measles"] >= 3
    # Everybody who was infected had shared air, or a home, with a case that was ill before.
    linked = await look.fetchval(
        """
        SELECT count(DISTINCT c.id) FROM case_record c
        JOIN person p ON p.id = c.person_id
        JOIN case_record s ON s.disease = c.disease AND s.onset_on < c.onset_on
        JOIN person q ON q.id = s.person_id
        WHERE p.household_id = q.household_id OR EXISTS (
          SELECT FROM visit a JOIN visit b ON b.place_id = a.place_id AND b.day = a.day
          WHERE a.person_id = c.person_id AND b.person_id = s.person_id
            AND a.started_at < b.ends_at AND b.started_at < a.ends_at
            AND (a.room_id IS NULL OR b.room_id IS NULL OR a.room_id = b.room_id)
            AND b.started_at < s.infectious_until AND b.ends_at > s.infectious_from)
        """
    )
    assert linked >= sum(diseases.values()) - 3  # two brought it to the city, and one the measles
    levels = {
        row["level"]: row["count"]
        for row in await look.fetch("SELECT level, count(*) FROM contact GROUP BY level")
    }
    assert levels[1] > 20
    assert levels[2] > levels[1]
    untouched = await look.fetchval(
        "SELECT count(*) FROM case_record c "
        "WHERE NOT EXISTS (SELECT FROM trace_run r WHERE r.case_id = c.id)"
    )
    assert untouched > 3
    states = await look.fetchval("SELECT array_agg(DISTINCT state) FROM trace_run")
    assert set(states) == {"done", "queued"}
    waiting = await look.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'tracing.run'")
    queued = await look.fetchval("SELECT count(*) FROM trace_run WHERE state = 'queued'")
    assert waiting == queued
    # The one warning waits for nobody: it was sent while the demo was filled in.
    warnings = await look.fetch("SELECT state, recipients FROM warning ORDER BY id")
    assert [row["state"] for row in warnings] == ["approved", "draft"]
    assert (
        await look.fetchval("SELECT count(*) FROM warning_message WHERE sent_at IS NOT NULL")
        == warnings[0]["recipients"]
    )


async def test_nobody_can_be_real(look: asyncpg.Connection) -> None:
    phones = await look.fetchval(
        "SELECT count(*) FROM identity_sealed WHERE phone_index IS NOT NULL"
    )
    assert 2_000 < phones < 9_900  # the block has ten thousand numbers
    assert normalise_phone(logins.RESIDENT_PHONE) == logins.RESIDENT_PHONE


async def test_the_demo_log_ins_work(demo: Demo, keyring: Keyring) -> None:
    app = create_app(Settings(), demo.urls, keyring)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
            for officer in logins.OFFICERS:
                answer = await http.post(
                    "/api/v1/officers/sessions",
                    json={
                        "login": officer.login,
                        "password": logins.PASSWORD,
                        "totp": logins.totp_now(officer.login),
                    },
                )
                assert answer.status_code == 201, (officer.login, answer.text)
            asked = await http.post("/api/v1/auth/codes", json={"phone": logins.RESIDENT_PHONE})
            assert asked.status_code == 202
            code = await _newest_code(demo, keyring)
            signed_in = await http.post(
                "/api/v1/auth/sessions", json={"phone": logins.RESIDENT_PHONE, "code": code}
            )
            assert signed_in.status_code == 201
            assert signed_in.json()["new"] is False
            mine = {"Authorization": f"Bearer {signed_in.json()['token']}"}
            diary = (await http.get("/api/v1/me/visits", headers=mine)).json()
            told = (await http.get("/api/v1/me/warnings", headers=mine)).json()["items"]
            assert len(next(iter(diary.values()))) > 10
            # One of the resident's own; of the family, whoever happened to be along.
            assert len([one for one in told if one["about"] is None]) == 1


async def _newest_code(demo: Demo, keyring: Keyring) -> str:
    """The one-time code in the sealed text message, as the outbox page would show it."""
    connection = await asyncpg.connect(demo.dsn)
    row = await connection.fetchrow(
        "SELECT id, sealed FROM text_message ORDER BY created_at DESC LIMIT 1"
    )
    await connection.close()
    found = re.search(r"\d{6}", outbox.unseal(keyring, row["id"], row["sealed"]).body)
    assert found
    return found[0]


async def test_the_password_is_strong_enough_for_the_rules(demo: Demo) -> None:
    connection = await asyncpg.connect(demo.dsn)
    stored = await connection.fetchval("SELECT password_hash FROM officer LIMIT 1")
    await connection.close()
    assert await password_matches(stored, logins.PASSWORD)


async def colours(look: asyncpg.Connection, ahead: int = 0) -> dict[str, int]:
    today = local_day(now(), Settings().zone) + timedelta(days=ahead)
    return {
        row["colour"]: row["places"]
        for row in await look.fetch(
            "SELECT lachan_colour(s, $1) AS colour, count(*) AS places FROM place_safety s "
            "GROUP BY 1",
            today,
        )
    }


async def test_the_map_shows_every_colour(look: asyncpg.Connection) -> None:
    found = await colours(look)
    assert found.keys() == {"green", "yellow", "red", "grey", "repair"}
    assert found["green"] > sum(found.values()) / 2
    assert found["repair"] == 5
    kinds = await look.fetchval(
        "SELECT count(DISTINCT p.kind) FROM place_safety s JOIN place p ON p.id = s.place_id"
    )
    assert kinds == 10


async def test_colours_follow_from_what_was_ticked(look: asyncpg.Connection) -> None:
    wrong = await look.fetchval(
        """
        SELECT count(*) FROM place_safety s
        WHERE s.day = (SELECT max(day) FROM place_safety) AND NOT EXISTS (
          SELECT FROM daily_check c WHERE c.place_id = s.place_id AND c.day = s.day
            AND c.outcome = s.outcome AND c.set_id = s.set_id)
        """
    )
    assert wrong == 0
    assert await look.fetchval("SELECT count(*) FROM place_safety WHERE reasons = '[]'") == 0


async def test_history_orders_and_answers_are_there(look: asyncpg.Connection) -> None:
    assert await look.fetchval("SELECT count(DISTINCT day) FROM safety_day") == DAYS
    assert await look.fetchval("SELECT count(DISTINCT day) FROM safety_area_day") == DAYS - 1
    assert await look.fetchval("SELECT count(*) FROM inspection WHERE state = 'open'") == 8
    assert await look.fetchval("SELECT count(*) FROM repair_order") >= 8
    states = {row["state"] for row in await look.fetch("SELECT DISTINCT state FROM feedback")}
    assert states == {"open", "answered", "reopened", "confirmed", "dismissed", "closed"}
    assert await look.fetchval("SELECT count(*) FROM daily_check WHERE made_at > now()") == 0


async def test_the_roll_out_of_the_last_month_grows(look: asyncpg.Connection) -> None:
    newer = await look.fetchval(
        "SELECT count(*) FROM place WHERE created_at > now() - interval '30 days'"
    )
    assert 50 < newer < 600


async def test_a_demo_started_on_a_later_day_is_not_grey(
    demo: Demo, server_url: str, keyring: Keyring
) -> None:
    # In a copy, as the other tests read the demo as it was filled in.
    name = f"demo_{uuid4().hex[:12]}"
    source = make_url(demo.url).database
    await run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {source}")
    url = make_url(server_url).set(database=name)
    look = await asyncpg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    try:
        await _a_later_day(look, url.render_as_string(hide_password=False), keyring)
    finally:
        await look.close()
        await run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _a_later_day(look: asyncpg.Connection, url: str, keyring: Keyring) -> None:
    held = await look.fetch("SELECT place_id, held FROM place_safety WHERE held IS NOT NULL")
    assert await fill_safety(Settings(), url, keyring, now()) == 0
    assert "green" not in await colours(look, ahead=3)
    later = now() + timedelta(days=3)
    assert await fill_safety(Settings(), url, keyring, later) > 600
    found = await colours(look, ahead=3)
    assert found["green"] > sum(found.values()) / 2
    assert (
        await look.fetch("SELECT place_id, held FROM place_safety WHERE held IS NOT NULL") == held
    )
    assert await look.fetchval("SELECT count(DISTINCT day) FROM safety_day") == DAYS + 3
