"""What people show at doors, in the wrong hands: forged, altered, copied, guessed, read out."""

import base64
import re
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.cards.service import numbers_of
from lachan.identity.credentials import domain
from lachan.identity.credentials.service import (
    CARD_MISSES,
    NEW_PEOPLE,
    Item,
    card_index,
    identify_many,
)
from lachan.identity.sealed import papers_of
from lachan.identity.sessions import COOKIE
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import Problem
from lachan.kit.ids import ALPHABET, check_symbol
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.identity.credentials import Door, MakeDoor, doors_of

sys.path.insert(0, str(Path(__file__).parents[3] / "tools" / "docs"))

import build as reference

Said = str | tuple[int, ...]


@pytest.fixture
def make_door(app: FastAPI, owner: AsyncEngine, keyring: Keyring) -> MakeDoor:
    return doors_of(owner, app.state.storage, keyring)


@pytest.fixture
async def raw(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role, without any of the application around it."""
    connection = await asyncpg.connect(database.dsn("app"))
    yield connection
    await connection.close()


async def at_door(app: FastAPI, door: Door, *shown: str, at: datetime | None = None) -> list[Said]:
    items = [Item(one, at or now(), door.asker) for one in shown]
    async with app.state.storage.transaction() as connection:
        outcomes = await identify_many(connection, app.state.keyring, app.state.settings, items)
    return [one.code if isinstance(one, Problem) else one.people for one in outcomes]


async def phone_key(client: httpx.AsyncClient, someone: Someone) -> tuple[bytes, bytes]:
    answer = await client.post("/api/v1/me/phone-codes", headers=someone.headers)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return base64.b64decode(body["key"]), base64.b64decode(body["handle"])


async def card_of(
    client: httpx.AsyncClient, keyring: Keyring, someone: Someone, officer: Someone
) -> str:
    made = await client.post(
        "/api/v1/cards/batches",
        headers=officer.headers,
        json={"label": "Trạm thử", "size": 2, "area": AREA},
    )
    number = numbers_of(keyring, made.json()["id"], [1])[0]
    taken = await client.post("/api/v1/me/cards", headers=someone.headers, json={"number": number})
    assert taken.status_code == 201, taken.text
    return number


async def test_a_forged_or_altered_phone_code(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, make_door: MakeDoor
) -> None:
    me, other, door = await make_resident(), await make_resident(), await make_door()
    key, handle = await phone_key(client, me)
    _, others_handle = await phone_key(client, other)
    moment = now()
    step = domain.step_of(moment)
    good = domain.phone_code(key, handle, step)
    forged = [
        domain.phone_code(bytes(32), handle, step),
        # A member of another household comes along, another person's handle, a later step.
        *(
            good[:place] + (ALPHABET[(ALPHABET.index(good[place]) + 1) % 32]) + good[place + 1 :]
            for place in range(4, 47)
        ),
        domain.phone_code(key, others_handle, step),
    ]
    assert set(await at_door(app, door, *forged, at=moment)) == {"phone-code-forged"}
    # A right signature over a household that is not there brings nobody along.
    everybody = domain.phone_code(key, handle, step, 2**24 - 1)
    assert await at_door(app, door, everybody, at=moment) == [(me.id,)]


async def test_a_photographed_phone_code(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, make_door: MakeDoor
) -> None:
    me, door, other = await make_resident(), await make_door(), await make_door()
    key, handle = await phone_key(client, me)
    moment = now()
    code = domain.phone_code(key, handle, domain.step_of(moment))
    assert await at_door(app, door, code, at=moment) == [(me.id,)]
    # At another door at once, at the same door a minute later, and from tomorrow.
    assert await at_door(app, other, code, at=moment) == ["phone-code-used"]
    assert await at_door(app, door, code, at=moment + timedelta(seconds=60)) == [
        "phone-code-expired"
    ]
    ahead = domain.phone_code(key, handle, domain.step_of(moment + timedelta(days=1)))
    assert await at_door(app, door, ahead, at=moment) == ["phone-code-expired"]
    # The same device again is somebody who holds the phone there a little longer.
    assert await at_door(app, door, code, code, at=moment) == [(me.id,)] * 2
    # Two doors in one batch: the first has it.
    fresh = domain.phone_code(key, handle, domain.step_of(moment) + 1)
    async with app.state.storage.transaction() as connection:
        outcomes = await identify_many(
            connection, app.state.keyring, app.state.settings,
            [Item(fresh, moment, other.asker), Item(fresh, moment, door.asker)],
        )  # fmt: skip
    assert isinstance(outcomes[1], Problem)
    assert outcomes[1].code == "phone-code-used"


async def test_a_phone_that_was_signed_out_makes_no_more_codes(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, make_door: MakeDoor
) -> None:
    me, door = await make_resident(), await make_door()
    key, handle = await phone_key(client, me)
    before = now()
    await client.delete("/api/v1/auth/session", headers=me.headers)
    after = now() + timedelta(seconds=1)
    late = domain.phone_code(key, handle, domain.step_of(after))
    assert await at_door(app, door, late, at=after) == ["phone-code-withdrawn"]
    # What a door took before, and sends only now, is somebody who was there.
    earlier = domain.phone_code(key, handle, domain.step_of(before) - 1)
    assert await at_door(app, door, earlier, at=before) == [(me.id,)]


async def test_guessed_card_numbers(
    app: FastAPI, client: httpx.AsyncClient, keyring: Keyring, make_resident: MakeResident,
    make_officer: MakeOfficer, make_door: MakeDoor,
) -> None:  # fmt: skip
    me, officer = await make_resident(), await make_officer()
    door, honest = await make_door(), await make_door()
    number = await card_of(client, keyring, me, officer)
    # A slip is found by the check symbol and never looked up; it costs the door nothing.
    slips = [number[:-1] + symbol for symbol in ALPHABET if symbol != number[-1]]
    assert set(await at_door(app, door, *slips)) == {"card-mistyped"}
    assert await at_door(app, door, number) == [(me.id,)]
    # Guessing with right check symbols runs dry, and then not even a hit is told. (Most of the
    # allowance is taken here at once: some hundred guesses more would say no more.)
    CARD_MISSES.check(door.asker.key, 585)
    guesses = [
        body + check_symbol(body) for body in (f"{number[:8]}{tail:03}" for tail in range(100, 160))
    ]
    said = await at_door(app, door, *guesses, number)
    assert said[:15] == ["card-unknown"] * 15
    assert said[-2:] == ["too-many-requests"] * 2
    # The next door is not punished for it.
    assert await at_door(app, honest, number) == [(me.id,)]
    # The same for a resident who types numbers at home.
    answers = [
        await client.post("/api/v1/me/cards", headers=me.headers, json={"number": guess})
        for guess in guesses[:12]
    ]
    assert [answer.json()["code"] for answer in answers] == ["card-not-free"] * 10 + [
        "too-many-requests"
    ] * 2


async def test_a_guessed_document_number_writes_into_nobodys_diary(
    app: FastAPI, make_door: MakeDoor
) -> None:
    door = await make_door()
    victim = "001150012345||Cụ Thử|09031950|Nữ|Hà Nội|01012021"
    (real,) = await at_door(app, door, victim)
    fakes = [f"001150012345|Kẻ Gian|{day:02}031950|1|X|" for day in range(1, 29) if day != 9]
    said = await at_door(app, door, *fakes, "001151012345|Kẻ Gian|09031950|1|X|")
    assert real not in said
    assert said[-1] == "shown-unreadable"  # the number says another year than the birth
    # Nor does the answer tell which documents are known: every one of them is somebody.
    assert all(isinstance(one, tuple) for one in said[:-1])


async def test_a_device_that_makes_up_people_is_stopped(
    app: FastAPI, owner: AsyncEngine, make_door: MakeDoor
) -> None:
    door, honest = await make_door(), await make_door()
    made_up = [f"001050{number:06}|Không Có|01011950|1|X|" for number in range(60)]
    NEW_PEOPLE.check(door.asker.key, 4_980)
    said = await at_door(app, door, *made_up)
    assert all(isinstance(one, tuple) for one in said[:20])
    assert said[-1] == "too-many-requests"
    # Whom it brought before it may bring again, and the next door notices nothing.
    assert await at_door(app, door, made_up[0]) == [said[0]]
    assert isinstance((await at_door(app, honest, made_up[-1]))[0], tuple)
    async with owner.connect() as connection:
        people = await connection.scalar(text("SELECT count(*) FROM person"))
    assert 20 < people <= 60


async def test_one_time_codes_are_not_guessed_at_a_door(
    app: FastAPI, client: httpx.AsyncClient, owner: AsyncEngine, make_door: MakeDoor
) -> None:
    door = await make_door()
    await client.post("/api/v1/auth/codes", json={"phone": "0912345678"})
    guesses = [f"PHONE:0912345678:{number:06}" for number in range(40)]
    said = await at_door(app, door, *guesses)
    assert set(said) == {"code-wrong", "too-many-requests"}
    async with owner.connect() as connection:
        attempts = await connection.scalar(text("SELECT max(attempts) FROM one_time_code"))
    assert attempts == app.state.settings.identity.code_attempts


async def test_a_photographed_card_opens_nothing_and_no_code_or_key_does(
    app: FastAPI, client: httpx.AsyncClient, keyring: Keyring, make_resident: MakeResident,
    make_officer: MakeOfficer,
) -> None:  # fmt: skip
    """Whatever is printed or shown, every route answers as it answers a stranger."""
    me, officer = await make_resident(area=AREA), await make_officer()
    number = await card_of(client, keyring, me, officer)
    key, handle = await phone_key(client, me)
    code = domain.phone_code(key, handle, domain.step_of(now()))
    # The key happens to be as long as a session's secret.
    secrets = [f"LCC:{number}", code, base64.urlsafe_b64encode(key).decode().rstrip("=")]
    paths = sorted(
        {
            re.sub(r"{[^}]*}", "1", route.path)
            for route in reference.flat(app.router.routes)
            if "GET" in (route.methods or ())
            and not route.path.startswith(("/metrics", "/readyz", "/dev"))
            and not re.search("events|live", route.path)  # streams, which never end
        }
    )
    assert len(paths) > 40
    assert "/api/v1/me/visits" in paths
    for path in paths:
        stranger = await client.get(path)
        for secret in secrets:
            answer = await client.get(
                path, params={"token": secret, "card": secret, "code": secret},
                headers={"authorization": f"Bearer {secret}", "cookie": f"{COOKIE}={secret}"},
            )  # fmt: skip
            # A page of filters may call a strange value wrong; nothing else may differ.
            assert answer.status_code in {stranger.status_code, 422}, (path, answer.status_code)
            assert number not in answer.text or number in str(answer.request.url)
    for path in (f"/p/{number}", f"/c/{number}", f"/cards/{number}", f"/me/cards/{number}"):
        assert (await client.get(path, follow_redirects=True)).status_code in {401, 404, 422}, path
    for secret in secrets:
        answer = await client.post(
            "/api/v1/auth/sessions", json={"phone": "0912345678", "code": secret[:6]}
        )
        assert answer.status_code in {403, 422, 429}


async def test_the_role_that_serves_pages_cannot_walk_through_cards_codes_or_documents(
    app: FastAPI, raw: asyncpg.Connection, client: httpx.AsyncClient, keyring: Keyring,
    make_resident: MakeResident, make_officer: MakeOfficer, make_door: MakeDoor,
) -> None:  # fmt: skip
    me, officer, door = await make_resident(), await make_officer(), await make_door()
    number = await card_of(client, keyring, me, officer)
    index = card_index(keyring, number)

    async def holders(token: str) -> list[Any]:
        rows = await raw.fetch(
            "SELECT status, person_id FROM lachan_card_holders($1, $2, $3)",
            [token],
            [index],
            [now()],
        )
        return [tuple(row) for row in rows]

    assert await holders(door.token) == [("held", me.id)]
    for token in ("", "x" * 43, me.token, officer.token):
        assert await holders(token) == [("stranger", None)], token
    papers = papers_of(keyring, "001150012345", "1950-03-09")
    for asker in ("", me.token, officer.token):
        await raw.execute("SELECT set_config('lachan.session', $1, false)", asker)
        assert await holders("") == [("stranger", None)]
        (taken,) = await raw.fetch(
            "SELECT status FROM lachan_take_phone_codes($1, $2, $3, $4)",
            [asker], [bytes(10)], [1], [now()],
        )  # fmt: skip
        assert taken["status"] == "stranger"
        (known,) = await raw.fetch(
            "SELECT status FROM lachan_document_holders($1, $2, $3)",
            [asker], [papers.index], [papers.check],
        )  # fmt: skip
        # A station that gives out cards may ask whether somebody is known, by the whole document.
        assert known["status"] == ("unknown" if asker == officer.token else "stranger")
        for statement in (
            "SELECT * FROM phone_key",
            "SELECT * FROM phone_code_use",
            "SELECT number_index FROM card",
            "UPDATE card SET person_id = 1",
            "DELETE FROM card",
            "SELECT * FROM lachan_asking_devices('{}')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(statement)
    await raw.execute("SELECT set_config('lachan.session', '', false)")
    assert await raw.fetchval("SELECT count(*) FROM card") == 0
    assert await raw.fetchval("SELECT count(*) FROM card_batch") == 0
