"""Somebody who wants to know who reported, to speak for another, to bury a place or an inspector.

The raw connection is that of whoever got the application's own database login.
"""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, time, timedelta

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import Keyring
from lachan.kit.ids import new_code
from lachan.safety.feedback.service import hash_of
from lachan.settings import Settings
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.days import today
from tests.integration.safety.conftest import Facility, MakeFacility
from tests.integration.safety.feedback.conftest import SAID, Rows, Tell

Raw = Callable[[Someone | None], Awaitable[asyncpg.Connection]]


@pytest.fixture
async def raw(database: Database) -> AsyncIterator[Raw]:
    """Open a connection of the application's role in the name of somebody."""
    opened: list[asyncpg.Connection] = []

    async def connect(who: Someone | None) -> asyncpg.Connection:
        connection = await asyncpg.connect(database.dsn("app"))
        opened.append(connection)
        await connection.execute(
            "SELECT set_config('lachan.session', $1, false)", who.token if who else ""
        )
        return connection

    yield connect
    for connection in opened:
        await connection.close()


async def test_nobody_reads_who_reported(
    tell: Tell,
    raw: Raw,
    school: Facility,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    await tell(school, await make_resident())
    inspector = await make_officer("safety_inspector", "VN.79")
    for who in (school.owner, inspector, await make_officer("auditor", "VN"), None):
        connection = await raw(who)
        for column in ("person_id", "source_hash", "handle_hash", "*"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT {column} FROM feedback")
        for clue in ("person_id IS NOT NULL", "person_id > 1", "source_hash > '\\x00'"):
            # Not by a condition either: one yes or no at a time would say it all.
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT id FROM feedback WHERE {clue}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE feedback SET person_id = 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM feedback")


async def test_who_sees_which_rows(
    tell: Tell, raw: Raw, school: Facility, make_facility: MakeFacility, make_officer: MakeOfficer
) -> None:
    await tell(school)
    other = await make_facility(area=AREA)
    seen = {
        "owner": school.owner,
        "inspector": await make_officer("safety_inspector", "VN.79"),
        "nobody": None,
        "other owner": other.owner,
        "other inspector": await make_officer("safety_inspector", AREA),
        "tracer": await make_officer("tracer", "VN.79"),
    }
    counts = {
        name: await (await raw(who)).fetchval("SELECT count(*) FROM feedback")
        for name, who in seen.items()
    }
    assert [name for name, count in counts.items() if count] == ["owner", "inspector"]


async def test_nothing_that_leaves_names_a_reporter(
    client: httpx.AsyncClient,
    tell: Tell,
    school: Facility,
    owner: AsyncEngine,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    reporter = await make_resident()
    told = (await tell(school, reporter, body=f"=1+1 {SAID}")).json()
    inspector = await make_officer("safety_inspector", "VN.79")
    for path, who in (
        (f"/api/v1/places/{school.id}/feedback", school.owner),
        ("/api/v1/safety/feedback", inspector),
        (f"/api/v1/feedback/{told['handle']}", None),
    ):
        answer = await client.get(path, headers=who.headers if who else {})
        assert answer.status_code == 200, path
        assert not {"person", "person_id", "source", "reporter"} & set(
            answer.text.replace('"', " ").split()
        )
    listed = await client.get(f"/api/v1/places/{school.id}/feedback", headers=school.owner.headers)
    (report,) = listed.json()["reports"]
    # The place does not even learn at what hour, or with what proof.
    assert not {"proof", "weight", "created_at"} & set(report)
    zone = Settings().zone
    due = datetime.fromisoformat(report["due_at"]).astimezone(zone)
    assert (due.time(), due.date()) == (time(), today() + timedelta(days=3))
    file = await client.get("/desk/safety/export.csv", headers=inspector.headers)
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][3].startswith("'=1+1")
    async with owner.connect() as connection:
        trails = await connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE actor_id = :id OR subject_person = :id"),
            {"id": reporter.id},
        )
    assert trails == 0


async def test_one_person_is_not_two_reporters(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    owner: AsyncEngine,
    make_resident: MakeResident,
) -> None:
    """Once by name, once without from the same phone: one reporter, with the heavier word."""

    async def confirmed() -> tuple[int, int]:
        async with owner.begin() as connection:
            await connection.execute(text("UPDATE feedback SET state = 'confirmed'"))
            found = await connection.execute(
                text("SELECT reporters, weight FROM lachan_confirmed_weight(:place)"),
                {"place": school.id},
            )
            return tuple(found.one())

    one = await make_resident()
    await tell(school, one)
    await tell(school)
    first, second = await rows()
    assert first["source_hash"] == second["source_hash"]
    assert await confirmed() == (1, 2)
    # Somebody else without a name, elsewhere; then somebody else by name, at the same address.
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE feedback SET source_hash = sha256('elsewhere') WHERE id = :id"),
            {"id": second["id"]},
        )
    assert await confirmed() == (2, 3)
    await tell(school, await make_resident())
    assert await confirmed() == (3, 5)
    # Whose reporters are forgotten may all be of one.
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE feedback SET person_id = NULL, source_hash = NULL"))
    assert await confirmed() == (1, 2)


async def test_a_photo_does_not_say_who_took_it(
    client: httpx.AsyncClient,
    tell: Tell,
    raw: Raw,
    rows: Rows,
    school: Facility,
    picture: bytes,
    make_resident: MakeResident,
) -> None:
    reporter = await make_resident()
    told = (await tell(school, reporter)).json()
    path = f"/api/v1/feedback/{told['handle']}/photos"
    for status in (201, 201, 201, 409):
        given = await client.post(path, content=picture, headers=reporter.headers)
        assert given.status_code == status, given.text
    broken = (await tell(school)).json()["handle"]
    refused = await client.post(f"/api/v1/feedback/{broken}/photos", content=b"GIF89a no")
    assert refused.json()["code"] == "safety-photo-unreadable"
    connection = await raw(school.owner)
    seen = await connection.fetch("SELECT * FROM safety_photo")
    assert {row["taken_by"] for row in seen} == {None}
    # Nor when: an id of version 7 begins with the millisecond.
    assert {row["id"].version for row in seen} == {4}
    (first, _) = await rows()
    forged = await raw(reporter)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await forged.execute(
            "INSERT INTO safety_photo (id, place_id, feedback_id, picture, width, height, taken_by)"
            " VALUES (gen_random_uuid(), $1, $2, '', 1, 1, $3)",
            school.id,
            first["id"],
            reporter.id,
        )


async def test_handles_are_not_guessed(
    client: httpx.AsyncClient, tell: Tell, school: Facility, keyring: Keyring, raw: Raw
) -> None:
    told = (await tell(school)).json()["handle"]
    codes = [(await client.get(f"/api/v1/feedback/{new_code(16)}")).status_code for _ in range(70)]
    assert set(codes) == {404, 429}
    assert codes[-1] == 429
    # What is stored does not follow from the handle without the key file.
    connection = await raw(None)
    assert hash_of(keyring, told) != told.encode()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT handle_hash FROM feedback")


async def test_who_ran_the_place_once_answers_no_more(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    owner: AsyncEngine,
    raw: Raw,
    make_facility: MakeFacility,
) -> None:
    await tell(school)
    (report,) = await rows()
    async with owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM place_staff WHERE place_id = :place"), {"place": school.id}
        )
    other = await make_facility()
    said = {"answer": "Không có chuyện đó, trường vẫn sạch."}
    for who, place in (
        (school.owner, school.id),
        (other.owner, school.id),
        (other.owner, other.id),
    ):
        path = f"/api/v1/places/{place}/feedback/{report['id']}/answer"
        assert (await client.post(path, json=said, headers=who.headers)).status_code == 404
    forged = await raw(school.owner)
    changed = await forged.execute(
        "UPDATE feedback SET state = 'answered', answer = 'x', answered_at = now()"
    )
    assert changed == "UPDATE 0"
    assert (await rows())[0]["state"] == "open"


async def test_a_place_does_not_decide_about_itself(
    tell: Tell, raw: Raw, rows: Rows, school: Facility
) -> None:
    await tell(school)
    connection = await raw(school.owner)
    for change in (
        "state = 'dismissed'",
        "state = 'closed', decided_at = now()",
        "state = 'answered', answer = 'x', decided_by = 1",
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ForeignKeyViolationError)):
            await connection.execute(f"UPDATE feedback SET {change}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("UPDATE place_safety SET held = 'yellow'")
    assert (await rows())[0]["state"] == "open"


async def test_nobody_forges_weight(
    raw: Raw, school: Facility, make_resident: MakeResident
) -> None:
    someone, other = await make_resident(), await make_resident()
    insert = (
        "INSERT INTO feedback (handle_hash, place_id, body, proof, weight, person_id, due_at,"
        " state) VALUES (gen_random_uuid()::text::bytea, $1, 'Nói cho nặng', $2, $3, $4, now(),"
        " $5)"
    )
    for who, proof, weight, person, state in (
        (None, "phone", 2, None, "open"),
        (someone, "visit", 3, someone.id, "open"),
        (someone, "phone", 2, other.id, "open"),
        (None, "none", 3, None, "open"),
        (None, "none", 1, None, "confirmed"),
    ):
        connection = await raw(who)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(insert, school.id, proof, weight, person, state)


async def test_a_flood_turns_nothing_and_buries_nobody(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_facility: MakeFacility,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    owner: AsyncEngine,
) -> None:
    other = await make_facility()
    async with owner.begin() as connection:
        # Twenty came from as many places today; the next is held whoever sends it.
        await connection.execute(
            text(
                "INSERT INTO feedback (handle_hash, place_id, body, proof, weight, source_hash,"
                " due_at) SELECT sha256(n::text::bytea), :place, 'Trường này bẩn lắm', 'none', 1,"
                " sha256(n::text::bytea), now() + interval '2 days' FROM generate_series(1, 20) n"
            ),
            {"place": school.id},
        )
    told = (await tell(school, await make_resident())).json()
    assert told["held"] is True
    assert (await tell(other)).json()["held"] is False

    place = await client.get(f"/api/v1/places/{school.id}/feedback", headers=school.owner.headers)
    assert len(place.json()["reports"]) == 20
    inspector = await make_officer("safety_inspector", "VN.79")
    queue = (await client.get("/api/v1/safety/feedback", headers=inspector.headers)).json()
    assert [(one["place_id"], one["reports"]) for one in queue["held"]] == [(school.id, 1)]
    assert (await client.get(f"/api/v1/places/{school.id}/safety")).json()["colour"] == "grey"
    # Its reporter is told that it is not lost, and an inspector lets it through.
    assert (await client.get(f"/api/v1/feedback/{told['handle']}")).json()["state"] == "held"
    held = [one["id"] for one in await rows("state = 'held'")]
    path = f"/api/v1/safety/places/{school.id}/held"
    outside = await make_officer("safety_inspector", AREA)
    refused = await client.post(path, json={"reports": held}, headers=outside.headers)
    assert refused.status_code == 403
    done = await client.post(path, json={"reports": held}, headers=inspector.headers)
    assert done.json() == {"reports": 1}
    assert await rows("state = 'held'") == []


async def test_one_source_is_held_after_a_few_and_slowed_after_many(
    tell: Tell, rows: Rows, school: Facility
) -> None:
    codes = [
        (await tell(school, body=f"{SAID} Lần thứ {number}.")).status_code for number in range(34)
    ]
    assert codes[:30] == [201] * 30
    assert 429 in codes[30:]
    states = [one["state"] for one in await rows()]
    assert states[:5] == ["open"] * 5
    assert set(states[5:]) == {"held"}
