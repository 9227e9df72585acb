"""What the serving role reaches of the safety map by plain SQL, whatever hole a page might have."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.safety.conftest import Facility, MakeFacility

READABLE_BY_STAFF = ("daily_check", "inspection", "repair_order", "safety_photo", "safety_reminder")


_CHECK = """
    INSERT INTO daily_check (commit_id, place_id, set_id, day, moment, person_id, made_at, answers,
      score, maximum, outcome)
    VALUES (gen_random_uuid(), :place, :set, current_date, 'day', :person, now(), '{}', 1, 1, 'x')
    """
_INSPECTION = """
    INSERT INTO inspection (place_id, officer_id, set_id, day, answers, score, maximum, outcome,
      state)
    VALUES (:place, :officer, :set, current_date, '{}', 1, 1, 'x', 'open')
    """
_PHOTO = """
    INSERT INTO safety_photo (id, place_id, picture, width, height)
    VALUES (gen_random_uuid(), :place, 'x', 1, 1)
    """
_REPORTS = """
    INSERT INTO feedback (handle_hash, place_id, body, proof, weight, person_id, source_hash, state,
      due_at)
    VALUES ('a', :place, 'Sai', 'phone', 2, :reporter, 's', 'open', now()),
      ('b', :place, 'Sai', 'none', 1, NULL, 's', 'held', now())
    """
_FILL = (
    _CHECK,
    _INSPECTION,
    "INSERT INTO repair_order SELECT id, '1', 'Sửa' FROM inspection",
    _PHOTO,
    "INSERT INTO safety_reminder (place_id, day, moment) VALUES (:place, current_date, 'day')",
    _REPORTS,
)


@pytest.fixture
async def raw(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role, without any of the application around it."""
    connection = await asyncpg.connect(database.dsn("app"))
    yield connection
    await connection.close()


@pytest.fixture
async def filled(
    school: Facility, owner: AsyncEngine, make_officer: MakeOfficer, make_resident: MakeResident
) -> Facility:
    """The school with a check, an inspection with an order, a photo, a reminder and reports."""
    inspector, reporter = await make_officer("safety_inspector", school.area), await make_resident()
    values = {
        "place": school.id, "set": school.criteria.id, "person": school.owner.id,
        "officer": inspector.id, "reporter": reporter.id,
    }  # fmt: skip
    async with owner.begin() as connection:
        for statement in _FILL:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            await connection.execute(text(statement), used)
    return school


async def ask_as(raw: asyncpg.Connection, who: Someone | None) -> None:
    token = who.token if who else ""
    await raw.execute("SELECT set_config('lachan.session', $1, false)", token)


async def count(raw: asyncpg.Connection, table: str) -> int:
    found: int = await raw.fetchval(f"SELECT count(id) FROM {table}" if table == "feedback"
                                    else f"SELECT count(*) FROM {table}")  # fmt: skip
    return found


async def changes_nothing(raw: asyncpg.Connection, statement: str, *values: Any) -> None:
    try:
        done = await raw.execute(statement, *values)
    except asyncpg.InsufficientPrivilegeError:
        return
    assert done.rpartition(" ")[2] == "0", (statement, done)


async def test_what_a_place_answered_is_for_its_staff_and_the_inspectors_of_its_area(
    raw: asyncpg.Connection,
    filled: Facility,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    make_facility: MakeFacility,
) -> None:
    other = await make_facility()
    near = await make_officer("safety_inspector", filled.area)
    for who, seen in (
        (None, 0),
        (await make_resident(), 0),
        (other.owner, 0),
        (await make_officer("tracer", filled.area), 0),
        (await make_officer("safety_inspector", AREA), 0),
        (filled.owner, 1),
        (near, 1),
    ):
        await ask_as(raw, who)
        for table in READABLE_BY_STAFF:
            assert await count(raw, table) == seen, table
    # The place sees what was let through; the inspector everything.
    await ask_as(raw, filled.owner)
    assert await count(raw, "feedback") == 1
    await ask_as(raw, near)
    assert await count(raw, "feedback") == 2


async def test_nobody_ever_reads_who_reported(
    raw: asyncpg.Connection, filled: Facility, make_officer: MakeOfficer
) -> None:
    for who in (filled.owner, await make_officer("safety_inspector", "VN")):
        await ask_as(raw, who)
        for column in ("person_id", "source_hash", "handle_hash"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.fetch(f"SELECT {column} FROM feedback")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.fetch(f"SELECT id FROM feedback WHERE {column} IS NULL")


async def test_staff_settle_their_own_day_and_nothing_of_the_authority(
    raw: asyncpg.Connection, filled: Facility, make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    other = await make_facility()
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place_safety SET held = 'red'"))

    def forged(place: int, person: int) -> str:
        values = {"place": place, "set": filled.criteria.id, "person": person}
        return re.sub(r":(place|set|person)", lambda found: str(values[found[1]]), _CHECK)

    await ask_as(raw, filled.owner)
    assert await raw.execute(
        "UPDATE place_safety SET colour = 'green' WHERE place_id = $1", filled.id
    ) == "UPDATE 1"  # fmt: skip
    for statement in (
        f"UPDATE place_safety SET held = NULL WHERE place_id = {filled.id}",
        f"UPDATE place_safety SET colour = 'green' WHERE place_id = {other.id}",
        "UPDATE place_safety SET joined_at = now()",
        "DELETE FROM place_safety",
        "UPDATE safety_day SET colour = 'green' WHERE day < current_date - 1",
        f"INSERT INTO safety_day VALUES ({filled.id}, current_date - 2, 'green')",
        "DELETE FROM safety_day",
        "UPDATE daily_check SET answers = '{}'",
        "DELETE FROM daily_check",
        "UPDATE inspection SET state = 'closed'",
        "UPDATE repair_order SET state = 'accepted'",
        "UPDATE feedback SET state = 'dismissed'",
        "UPDATE feedback SET state = 'confirmed', decided_by = 1",
        "DELETE FROM feedback",
        "DELETE FROM safety_photo",
        forged(other.id, filled.owner.id),
        forged(filled.id, other.owner.id),
        "UPDATE safety_area_day SET places = 0",
    ):
        await changes_nothing(raw, statement)
    async with owner.connect() as connection:
        held = await connection.scalar(
            text("SELECT held FROM place_safety WHERE place_id = :place"), {"place": filled.id}
        )
    assert held == "red"


async def test_criteria_are_drafted_and_published_by_admins_of_the_area_alone(
    raw: asyncpg.Connection, school: Facility, make_officer: MakeOfficer
) -> None:
    draft = (
        "INSERT INTO criteria_set (code, version, title, kinds, area, rules, source, valid_from,"
        " state, created_by) VALUES ('mine', '1', '{}', '{school}', 'VN.79', '{}', 'x',"
        " current_date, $1, $2)"
    )
    for who in (
        school.owner,
        await make_officer("admin", "VN.01"),
        await make_officer("safety_inspector", "VN.79"),
    ):
        await ask_as(raw, who)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute(draft, "draft", who.id)
    admin = await make_officer("admin", "VN.79")
    await ask_as(raw, admin)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw.execute(draft, "published", admin.id)
    await raw.execute(draft, "draft", admin.id)
    await raw.execute("UPDATE criteria_set SET state = 'published' WHERE code = 'mine'")
    for statement in (
        "UPDATE criteria_set SET state = 'draft' WHERE code = 'mine'",
        "UPDATE criteria_set SET rules = '{}'",
        "UPDATE criteria_item SET points = 1",
        "DELETE FROM criteria_set WHERE code = 'mine'",
        "DELETE FROM criteria_item",
        (
            "INSERT INTO criteria_item SELECT id, '1', 1, '{}', 'before', '{}' FROM criteria_set"
            " WHERE code = 'mine'"
        ),
    ):
        await changes_nothing(raw, statement)
