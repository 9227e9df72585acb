"""From what is shown at a door to a person, through the real roles of the database."""

import base64
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import codes
from lachan.identity.credentials import domain
from lachan.identity.credentials.service import Identified, Item, Outcome, identify_many
from lachan.identity.credentials.tasks import clean_up
from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import Problem
from tests.conftest import MakeResident, Someone
from tests.integration.identity.credentials import Door, MakeDoor, doors_of


@pytest.fixture
def make_door(app: FastAPI, owner: AsyncEngine, keyring: Keyring) -> MakeDoor:
    return doors_of(owner, app.state.storage, keyring)


async def show(app: FastAPI, door: Door, *shown: str, at: datetime | None = None) -> list[Outcome]:
    items = [Item(one, at or now(), door.asker) for one in shown]
    async with app.state.storage.transaction() as connection:
        return await identify_many(connection, app.state.keyring, app.state.settings, items)


def said(outcomes: list[Outcome]) -> list[str | tuple[int, ...]]:
    return [one.code if isinstance(one, Problem) else one.people for one in outcomes]


class Phone:
    """What a resident's phone does with its key."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert body["step_seconds"] == 30
        self.handle = base64.b64decode(body["handle"])
        self.key = base64.b64decode(body["key"])
        self.members = body["members"]

    def code(self, at: datetime, mask: int = 0) -> str:
        return domain.phone_code(self.key, self.handle, domain.step_of(at), mask)


async def phone_of(client: httpx.AsyncClient, someone: Someone) -> Phone:
    return Phone(await client.post("/api/v1/me/phone-codes", headers=someone.headers))


async def test_a_phone_shows_who_it_is_and_brings_the_household(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, make_door: MakeDoor
) -> None:
    me, door = await make_resident(), await make_door()
    added = [
        (
            await client.post(
                "/api/v1/me/household", headers=me.headers, json={"name": f"Bé {number}"}
            )
        ).json()["person_id"]
        for number in range(3)
    ]
    phone = await phone_of(client, me)
    assert [(one["bit"], one["person_id"]) for one in phone.members] == list(enumerate(added))
    assert [one["name"] for one in phone.members] == ["Bé 0", "Bé 1", "Bé 2"]
    moment = now()
    alone, two = phone.code(moment), phone.code(moment - timedelta(seconds=30), mask=0b101)
    outcomes = await show(app, door, alone, two, alone, at=moment)
    assert said(outcomes) == [(me.id,), (me.id, added[0], added[2]), (me.id,)]
    # Bits name people by position: when one leaves, the others keep theirs.
    await client.delete(f"/api/v1/me/household/{added[0]}", headers=me.headers)
    later = moment + timedelta(seconds=30)
    assert said(await show(app, door, phone.code(later, mask=0b111), at=later)) == [
        (me.id, added[1], added[2])
    ]


async def test_a_national_card_and_the_personal_code_are_the_same_person_once(
    app: FastAPI, owner: AsyncEngine, make_door: MakeDoor
) -> None:
    door, other = await make_door(), await make_door()
    card = "001190012345|123456789|Lê Thị Thử|09031990|Nữ|12 Ngõ Thử, Ba Đình, Hà Nội|01012021"
    again = "001190012345||LÊ THỊ THỬ|09031990|Nữ|Nơi khác|05052024||||"
    personal = "001190012345|Lê Thị Thử|09/03/1990|1|7a6b|"
    someone_else = "001190012345|Lê Thị Thử|10/03/1990|1|7a6b|"
    outcomes = await show(app, door, card, again, personal, someone_else)
    first = outcomes[0]
    assert isinstance(first, Identified)
    assert first.kind == "national_id"
    assert said(outcomes)[:3] == [first.people] * 3
    assert said(outcomes)[3] != first.people  # the number alone writes into nobody's diary
    assert said(await show(app, other, personal)) == [first.people]
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM person")) == 2
        rows = await connection.execute(text("SELECT i::text FROM identity_sealed i"))
        assert not any("001190012345" in row[0] or "Thử" in row[0] for row in rows)


async def test_a_typed_phone_with_its_code_is_taken_once(
    app: FastAPI, client: httpx.AsyncClient, make_door: MakeDoor, owner: AsyncEngine
) -> None:
    door = await make_door()
    async with app.state.storage.transaction() as connection:
        code = await codes.make_code(
            connection, app.state.keyring, "+84912345678", app.state.settings.identity
        )
    assert code is not None
    wrong = "000000" if code != "000000" else "111111"
    outcomes = await show(
        app, door, f"PHONE:0912345678:{wrong}", f"PHONE:+84912345678:{code}",
        f"PHONE:0912345678:{code}",
    )  # fmt: skip
    assert said(outcomes)[0] == said(outcomes)[2] == "code-wrong"
    assert isinstance(outcomes[1], Identified)
    assert outcomes[1].kind == "phone"
    async with owner.connect() as connection:
        # The wrong try was counted although it was refused.
        assert await connection.scalar(text("SELECT max(attempts) FROM one_time_code")) >= 2


async def test_nobody_is_found_without_a_live_device(
    app: FastAPI, owner: AsyncEngine, make_door: MakeDoor
) -> None:
    door = await make_door()
    shown = "001190012345||Lê Thị Thử|09031990|Nữ|Hà Nội|01012021"
    assert isinstance((await show(app, door, shown))[0], Identified)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE device SET revoked_at = now()"))
    assert said(await show(app, door, shown)) == ["not-allowed"]
    assert said(await show(app, Door(door.device_id, door.place_id, "x" * 43), shown)) == [
        "not-allowed"
    ]


def test_a_moment_is_in_a_step() -> None:
    assert domain.step_of(datetime(1970, 1, 1, 0, 1, tzinfo=UTC)) == 2


async def test_what_no_scan_can_name_any_more_is_forgotten(
    client: httpx.AsyncClient, app: FastAPI, owner: AsyncEngine, make_resident: MakeResident,
    make_door: MakeDoor, job_context: JobContext,
) -> None:  # fmt: skip
    me, door = await make_resident(), await make_door()
    moment = now()
    phone = await phone_of(client, me)
    await show(app, door, phone.code(moment), at=moment)
    old = moment - timedelta(days=9)
    await show(app, door, phone.code(old), at=old)
    await clean_up(job_context, {})
    async with owner.begin() as connection:
        kept = await connection.execute(text("SELECT step FROM phone_code_use"))
        assert kept.scalars().all() == [domain.step_of(moment)]
        await connection.execute(text("UPDATE phone_key SET ends_at = :old"), {"old": old})
    await clean_up(job_context, {})
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM phone_key")) == 0
