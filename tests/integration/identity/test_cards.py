"""Cards: printed, read back from paper, given out, lost and replaced, through the API."""

from io import BytesIO

import httpx
import pytest
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.cards import service, store
from lachan.identity.cards.press import CardPress, PrintedCard
from lachan.identity.credentials.domain import spoken_card
from lachan.identity.credentials.service import Item, identify_many
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import Problem
from lachan.kit.i18n import Catalogs
from tests.conftest import AREA, OTHER_AREA, MakeOfficer, MakeResident, Someone
from tests.integration.identity.credentials import Door, MakeDoor, doors_of


@pytest.fixture
def make_door(app: FastAPI, owner: AsyncEngine, keyring: Keyring) -> MakeDoor:
    return doors_of(owner, app.state.storage, keyring)


async def batch_of(
    client: httpx.AsyncClient, officer: Someone, size: int = 3, area: str = AREA
) -> int:
    answer = await client.post(
        "/api/v1/cards/batches",
        headers=officer.headers,
        json={"label": "Trạm y tế thử", "size": size, "area": area},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["blank"] == size
    found: int = answer.json()["id"]
    return found


async def at_door(app: FastAPI, door: Door, number: str) -> str | tuple[int, ...]:
    async with app.state.storage.transaction() as connection:
        (outcome,) = await identify_many(
            connection,
            app.state.keyring,
            app.state.settings,
            [Item(f"LCC:{number}", now(), door.asker)],
        )
    return outcome.code if isinstance(outcome, Problem) else outcome.people


def test_what_is_printed_is_read_back(keyring: Keyring) -> None:
    numbers = service.numbers_of(keyring, 7, range(1, 11))
    assert len(set(numbers)) == 10
    cards = [
        PrintedCard(number, store.reference(7, serial))
        for serial, number in enumerate(numbers, start=1)
    ]
    sheet = CardPress(Catalogs()).draw("Trạm y tế thử", cards, ppi=150)
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(sheet)))
    assert sorted(code.text for code in codes) == sorted(f"LCC:{number}" for number in numbers)
    assert all(code.ec_level == "Q" for code in codes)
    # Worn print: a stripe over each picture.
    worn = Image.open(BytesIO(sheet)).convert("L")
    for code in codes:
        corner = code.position.bottom_right
        worn.paste(255, (corner.x - 26, corner.y - 40, corner.x - 8, corner.y - 16))
    assert len(zxingcpp.read_barcodes(worn)) == 10
    assert all(spoken_card(number).count("-") == 2 for number in numbers)


async def test_a_batch_is_printed_and_its_numbers_are_nowhere_in_the_database(
    client: httpx.AsyncClient, owner: AsyncEngine, keyring: Keyring, make_officer: MakeOfficer
) -> None:
    officer = await make_officer("admin", "VN.01")
    batch = await batch_of(client, officer, 12)
    answer = await client.get(
        f"/api/v1/cards/batches/{batch}/sheets/1.pdf", headers=officer.headers
    )
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["cache-control"] == "no-store"
    gone = await client.get(f"/api/v1/cards/batches/{batch}/sheets/2.pdf", headers=officer.headers)
    assert gone.json()["code"] == "card-batch-unknown"
    async with owner.connect() as connection:
        everything = str((await connection.execute(text("SELECT c::text FROM card c"))).all())
        actions = (await connection.execute(text("SELECT action FROM audit_entry"))).scalars().all()
    for number in service.numbers_of(keyring, batch, range(1, 13)):
        assert number not in everything
    assert actions == ["cards.made", "cards.printed"]


async def test_who_may_print_and_give_out_cards(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident
) -> None:
    here = await make_officer("tracer", "VN.01")
    batch = await batch_of(client, here)
    elsewhere = await make_officer("admin", "VN.79")
    others = [await make_officer(role, "VN") for role in ("auditor", "reporter")]
    strangers = [*others, await make_resident()]
    for path in ("/api/v1/cards/batches", f"/api/v1/cards/batches/{batch}/sheets/1.pdf"):
        assert (await client.get(path)).status_code == 401
        for stranger in strangers:
            assert (await client.get(path, headers=stranger.headers)).status_code == 403
    listed = await client.get("/api/v1/cards/batches", headers=elsewhere.headers)
    assert listed.json()["batches"] == []
    sheet = await client.get(
        f"/api/v1/cards/batches/{batch}/sheets/1.pdf", headers=elsewhere.headers
    )
    assert sheet.status_code == 404
    outside = await client.post(
        "/api/v1/cards/batches",
        headers=here.headers,
        json={"label": "x", "size": 1, "area": OTHER_AREA},
    )
    assert outside.status_code == 403


async def test_a_resident_attaches_loses_and_replaces(
    app: FastAPI, client: httpx.AsyncClient, keyring: Keyring, make_officer: MakeOfficer,
    make_resident: MakeResident, make_door: MakeDoor,
) -> None:  # fmt: skip
    officer, me, door = await make_officer(), await make_resident(), await make_door()
    batch = await batch_of(client, officer, 3)
    first, second, third = service.numbers_of(keyring, batch, (1, 2, 3))
    child = (
        await client.post("/api/v1/me/household", headers=me.headers, json={"name": "Bé Thử"})
    ).json()["person_id"]
    assert await at_door(app, door, first) == "card-blank"
    taken = await client.post(
        "/api/v1/me/cards",
        headers=me.headers,
        json={"number": spoken_card(first).lower(), "person_id": child},
    )
    assert taken.status_code == 201, taken.text
    assert taken.json()["reference"] == f"{batch}-0001"
    assert await at_door(app, door, first) == (child,)
    # Another card for the same person ends the one before, in the same moment.
    await client.post(
        "/api/v1/me/cards", headers=me.headers, json={"number": second, "person_id": child}
    )
    assert await at_door(app, door, first) == "card-withdrawn"
    assert await at_door(app, door, second) == (child,)
    own = (await client.get("/api/v1/me/cards", headers=me.headers)).json()["cards"]
    assert [(card["state"], card["withdrawn_reason"]) for card in own] == [
        ("held", None),
        ("withdrawn", "replaced"),
    ]
    lost = await client.delete(f"/api/v1/me/cards/{own[0]['id']}", headers=me.headers)
    assert lost.status_code == 204
    assert await at_door(app, door, second) == "card-withdrawn"
    again = await client.post("/api/v1/me/cards", headers=me.headers, json={"number": second})
    assert again.json()["code"] == "card-not-free"
    assert (
        await client.post("/api/v1/me/cards", headers=me.headers, json={"number": third})
    ).status_code == 201
    # Whoever leaves leaves no card behind that works.
    await client.delete("/api/v1/me", headers=me.headers)
    assert await at_door(app, door, third) == "card-withdrawn"


async def test_a_health_station_gives_a_card_to_somebody_and_another_when_it_is_lost(
    app: FastAPI, client: httpx.AsyncClient, owner: AsyncEngine, keyring: Keyring,
    make_officer: MakeOfficer, make_door: MakeDoor,
) -> None:  # fmt: skip
    officer, door = await make_officer("admin", AREA), await make_door()
    batch = await batch_of(client, officer, 4)
    one, two, three, four = service.numbers_of(keyring, batch, (1, 2, 3, 4))
    shown = "001150012345||Cụ Thử|09031950|Nữ|12 Ngõ Thử, Hà Nội|01012021"
    given = {"name": "cụ thử", "born": "09/03/1950", "document": "001150012345",
             "phone": "0912 345 678", "area": AREA}  # fmt: skip

    async def issue(**body: str) -> httpx.Response:
        return await client.post("/api/v1/cards", headers=officer.headers, json=body)

    answer = await issue(number=one, **given)
    assert answer.status_code == 201, answer.text
    holder = answer.json()["person_id"]
    assert await at_door(app, door, one) == (holder,)
    # The document at a kiosk is the same person; the relative's phone is nobody.
    async with app.state.storage.transaction() as connection:
        (outcome,) = await identify_many(
            connection, keyring, app.state.settings, [Item(shown, now(), door.asker)]
        )
        assert not isinstance(outcome, Problem)
        assert outcome.people == (holder,)
    # Lost: with the document ...
    again = await issue(number=two, **given)
    assert again.json()["person_id"] == holder
    assert await at_door(app, door, one) == "card-withdrawn"
    # ... or with the old number, which a relative kept.
    third = await issue(number=three, old_number=two)
    assert third.json()["person_id"] == holder
    assert await at_door(app, door, two) == "card-withdrawn"
    ended = await client.post(
        "/api/v1/cards/withdrawals",
        headers=officer.headers,
        json={"document": "0011 5001 2345", "born": "09031950"},
    )
    assert ended.json()["withdrawn_reason"] == "lost"
    assert await at_door(app, door, three) == "card-withdrawn"
    wrong = await issue(number=four, name="", born="31/02/1950", phone="12", document="1")
    assert set(wrong.json()["fields"]) == {"name", "born", "phone"}
    misfit = await issue(number=four, name="A", born="1951", document="001150012345")
    assert set(misfit.json()["fields"]) == {"document"}
    async with owner.connect() as connection:
        people = await connection.scalar(text("SELECT count(*) FROM person"))
        row = (await connection.execute(text("SELECT home_area FROM person"))).one()
        phones = await connection.scalar(text("SELECT count(phone_index) FROM identity_sealed"))
        subjects = await connection.execute(
            text("SELECT DISTINCT subject_person FROM audit_entry WHERE action LIKE 'card.%'")
        )
        assert (people, row.home_area, phones) == (1, AREA, 0)
        assert subjects.scalars().all() == [holder]


async def test_the_station_cannot_give_a_card_to_somebody_with_a_phone(
    client: httpx.AsyncClient, owner: AsyncEngine, keyring: Keyring, make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:  # fmt: skip
    officer, other = await make_officer(), await make_officer("tracer", "VN.79")
    me = await make_resident()
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO identity_sealed (person_id, sealed, phone_index)"
                 " VALUES (:me, 'x', 'x')"),
            {"me": me.id},
        )  # fmt: skip
    batch = await batch_of(client, officer, 3)
    mine, next_one, third = service.numbers_of(keyring, batch, (1, 2, 3))
    await client.post("/api/v1/me/cards", headers=me.headers, json={"number": mine})
    refused = await client.post(
        "/api/v1/cards", headers=officer.headers, json={"number": next_one, "old_number": mine}
    )
    assert refused.json()["code"] == "card-not-free"
    # Nor can an officer of another province give out, find or end a card of this one.
    for path, body in (
        ("/api/v1/cards", {"number": third, "name": "Cụ Thử"}),
        ("/api/v1/cards/withdrawals", {"number": mine}),
    ):
        answer = await client.post(path, headers=other.headers, json=body)
        assert answer.json()["code"] in {"card-not-free", "card-gone"}, path
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM person")) == 1
        states = await connection.execute(text("SELECT state FROM card ORDER BY serial"))
        assert states.scalars().all() == ["held", "blank", "blank"]
