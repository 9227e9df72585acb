"""Scans that devices report, over HTTP on a real database."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.app import create_app
from lachan.identity.messages import outbox
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.settings import Settings
from tests.conftest import Database, MakeResident
from tests.integration.visits.devices.conftest import (
    Door,
    MakeDoor,
    MakePhone,
    Send,
    document,
    scan,
)


async def visits_of(owner: AsyncEngine, person: int | None = None) -> list[Any]:
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT * FROM visit WHERE CAST(:person AS bigint) IS NULL OR person_id = :person "
                "ORDER BY started_at, person_id"
            ),
            {"person": person},
        )
        return list(rows)


def results(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


async def test_a_phone_code_at_a_turnstile_is_a_visit_of_the_place(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    door, phone = await make_door(), await make_phone()
    one = scan(phone.code(), direction="in", at=now().isoformat())
    (result,) = results(await send(door, one))
    assert result == {
        "scan_id": one["scan_id"],
        "status": "accepted",
        "outcome": "arrived",
        "people": 1,
    }
    (visit,) = await visits_of(owner, phone.owner.id)
    assert (visit.place_id, visit.source, visit.proof) == (door.place_id, "device", "device")
    assert (visit.device_id, visit.client, visit.offline) == (door.id, "device", False)


async def test_in_at_one_door_and_out_at_the_other(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    door, phone = await make_door(kind="kiosk"), await make_phone()
    begun, ended = now() - timedelta(minutes=50), now() - timedelta(minutes=5)
    found = results(
        await send(
            door,
            scan(phone.code(begun), direction="in", at=begun.isoformat()),
            scan(phone.code(ended), direction="out", at=ended.isoformat()),
        )
    )
    assert [one["outcome"] for one in found] == ["arrived", "departed"]
    (visit,) = await visits_of(owner, phone.owner.id)
    assert (visit.started_at, visit.ends_at) == (begun, ended)
    assert (visit.source, visit.offline) == ("kiosk", True)


@pytest.mark.parametrize("went_on", [False, True], ids=["home", "elsewhere"])
async def test_a_departure_that_comes_before_its_arrival_ends_it(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    owner: AsyncEngine,
    went_on: bool,
) -> None:
    """Two doors were off line, and the one where people leave comes back first."""
    door, other, phone = await make_door(), await make_door(), await make_phone()
    begun, ended, late = (now() - timedelta(minutes=minutes) for minutes in (50, 20, 10))
    if went_on:
        next_one = scan(phone.code(late), direction="in", at=late.isoformat())
        assert results(await send(other, next_one))[0]["outcome"] == "arrived"
    departure = scan(phone.code(ended), direction="out", at=ended.isoformat())
    told = results(await send(door, departure))
    assert told[0]["outcome"] == "not_inside"
    arrival = scan(phone.code(begun), direction="in", at=begun.isoformat())
    assert results(await send(door, arrival))[0]["outcome"] == "arrived"
    visit, *after = await visits_of(owner, phone.owner.id)
    assert (visit.started_at, visit.ends_at, visit.end_source) == (begun, ended, "scanned")
    assert [one.started_at for one in after] == ([late] if went_on else [])
    # What the door was told stays so, and the visit as well.
    assert results(await send(door, departure)) == told
    assert (await visits_of(owner, phone.owner.id))[0].ends_at == ended
    async with owner.connect() as connection:
        last = (
            await connection.execute(
                text("SELECT * FROM last_visit WHERE person_id = :person"),
                {"person": phone.owner.id},
            )
        ).one()
    assert last.visit_id == (after or [visit])[0].id
    assert last.ends_at == (after or [visit])[0].ends_at


async def test_a_batch_of_an_hour_off_line_with_bad_ones_among_it(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    door, phone = await make_door(), await make_phone()
    begun = now() - timedelta(minutes=55)
    code = phone.code(begun)
    forged = code[:40] + ("0" if code[40] != "0" else "1") + code[41:]
    batch: list[object] = [
        scan(document(1), at=begun.isoformat()),
        "not a scan",
        {"scan_id": "x", "shown": "LC1:"},
        {"scan_id": str(uuid4())},
        scan("https://example.vn/", at=begun.isoformat()),
        scan(forged, at=begun.isoformat()),
        scan(document(2), at=(now() + timedelta(minutes=10)).isoformat()),
        scan(document(3), at=(now() - timedelta(days=9)).isoformat()),
        scan(document(4), at="9999-12-31T23:59:59-14:00"),
        scan(document(5) + "\0", at=begun.isoformat()),
        scan(phone.code(begun), at=begun.isoformat()),
        scan(document(6), at=begun.isoformat(), direction="sideways"),
        scan("x" * 2000, at=begun.isoformat()),
    ]
    found = results(await send(door, *batch))
    assert [one["status"] for one in found] == ["accepted", *["refused"] * 9, "accepted"] + [
        "refused"
    ] * 2
    assert [one.get("code") for one in found[1:10]] == [
        "scan-unreadable",
        "scan-unreadable",
        "scan-unreadable",
        "shown-unreadable",
        "phone-code-forged",
        "scan-in-future",
        "scan-too-old",
        "scan-in-future",
        "scan-unreadable",
    ]
    assert found[1]["scan_id"] is None
    assert found[3]["scan_id"] == batch[3]["scan_id"]  # type: ignore[index]
    assert len(await visits_of(owner)) == 2


async def test_sent_again_nothing_changes(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    door, phone = await make_door(), await make_phone()
    moment = (now() - timedelta(minutes=20)).isoformat()
    batch = [scan(phone.code(now() - timedelta(minutes=20)), at=moment)]
    batch += [scan(document(number), at=moment) for number in range(5)]
    first = results(await send(door, *batch))
    again = results(await send(door, *batch, *batch))
    assert again == first * 2
    assert {one["outcome"] for one in first} == {"arrived"}
    assert len(await visits_of(owner)) == 6


async def test_a_scan_without_its_time_may_come_again_after_its_code_has_passed(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    """The answer was lost; what was shown counts for the moment at which it was first sent."""
    door, phone = await make_door(), await make_phone()
    one = scan(phone.code())
    (first,) = results(await send(door, one))
    async with owner.begin() as connection:
        # The same as waiting: the code is of two minutes ago now.
        await connection.execute(text("UPDATE phone_code_use SET step = step - 4"))
    old = {**one, "shown": phone.code(now() - timedelta(minutes=2))}
    assert results(await send(door, old))[0]["code"] == "phone-code-expired"
    (again,) = results(await send(door, one))
    assert again == first
    assert len(await visits_of(owner)) == 1


TypePhone = Callable[[Door], Awaitable[str]]


@pytest.fixture
def type_phone(client: httpx.AsyncClient, owner: AsyncEngine, keyring: Keyring) -> TypePhone:
    """What a kiosk sends of somebody who typed a number and the code that was texted to it."""

    async def at(door: Door) -> str:
        asked = await client.post(
            "/api/v1/device/codes", json={"phone": "0912 345 678"}, headers=door.headers
        )
        assert asked.status_code == 202
        async with owner.connect() as connection:
            row = (await connection.execute(text("SELECT id, sealed FROM text_message"))).one()
        body = outbox.unseal(keyring, row.id, bytes(row.sealed)).body
        (code,) = re.findall(r"\b\d{6}\b", body)
        return f"PHONE:0912345678:{code}"

    return at


async def test_a_one_time_code_typed_at_a_kiosk_counts_once_and_answers_twice(
    make_door: MakeDoor, send: Send, type_phone: TypePhone, owner: AsyncEngine
) -> None:
    door = await make_door(kind="kiosk")
    typed = await type_phone(door)
    one = scan(typed)
    (first,) = results(await send(door, one))
    assert first["status"] == "accepted", first
    assert results(await send(door, one)) == [first]
    (other,) = results(await send(door, scan(typed)))
    assert other["code"] == "code-wrong"
    assert len(await visits_of(owner)) == 1


async def test_a_phone_without_a_code_waits_for_somebody_to_decide(
    make_door: MakeDoor, send: Send, owner: AsyncEngine
) -> None:
    door = await make_door(kind="kiosk")
    one = scan("PHONE:0912345678:", at=(now() - timedelta(minutes=30)).isoformat())
    assert (
        results(await send(door, one, one))
        == [{"scan_id": one["scan_id"], "status": "waiting"}] * 2
    )
    assert await visits_of(owner) == []
    async with owner.connect() as connection:
        rows = (await connection.execute(text("SELECT * FROM paper_row"))).all()
    (row,) = rows
    assert (row.device_id, row.place_id, row.state) == (door.id, door.place_id, "doubtful")
    assert b"0912345678" not in bytes(row.sealed)


async def test_a_code_that_ran_out_while_the_door_was_off_line_waits_as_well(
    make_door: MakeDoor, send: Send, type_phone: TypePhone, owner: AsyncEngine
) -> None:
    door = await make_door(kind="kiosk")
    asked = await type_phone(door)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE one_time_code SET expires_at = now()"))
    # Whoever still stands there is told, and types again.
    (refused,) = results(await send(door, scan(asked)))
    assert (refused["status"], refused["code"]) == ("refused", "code-wrong")
    one = scan(asked, at=(now() - timedelta(minutes=30)).isoformat())
    waiting = {"scan_id": one["scan_id"], "status": "waiting"}
    assert results(await send(door, one)) == [waiting]
    again, other = results(await send(door, one, scan("LCC:x")))
    assert (again, other["code"]) == (waiting, "shown-unreadable")
    assert await visits_of(owner) == []
    async with owner.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM paper_row"))).all()
    assert (row.state, row.reasons) == ("doubtful", ["phone-unconfirmed"])


async def test_a_household_is_one_scan(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    client: httpx.AsyncClient,
    owner: AsyncEngine,
) -> None:
    door, phone = await make_door(), await make_phone()
    added = await client.post(
        "/api/v1/me/household", json={"name": "Bé Thử"}, headers=phone.owner.headers
    )
    assert added.status_code == 201, added.text
    phone = await make_phone(phone.owner)
    one = scan(phone.code(mask=1), at=now().isoformat())
    (result,) = results(await send(door, one))
    assert (result["status"], result["people"]) == ("accepted", 2)
    people = {visit.person_id for visit in await visits_of(owner)}
    assert people == {phone.owner.id, added.json()["person_id"]}


async def test_a_clock_that_is_off_is_put_right(
    make_door: MakeDoor, send: Send, owner: AsyncEngine
) -> None:
    door, behind = await make_door(), timedelta(hours=-3)
    real = now() - timedelta(minutes=10)
    shown = (real + behind).isoformat()
    (result,) = results(await send(door, scan(document(1), at=shown), clock=behind))
    assert result["status"] == "accepted"
    (visit,) = await visits_of(owner)
    assert abs(visit.started_at - real) < timedelta(seconds=30)
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT at, device_at FROM scan"))).one()
    assert row.device_at == real + behind


@pytest.mark.parametrize("hours", [25, -25, 24 * 400, -24 * 400])
async def test_a_clock_beyond_a_day_is_refused(
    make_door: MakeDoor, send: Send, owner: AsyncEngine, hours: int
) -> None:
    door = await make_door()
    answer = await send(door, scan(document(1)), clock=timedelta(hours=hours))
    assert (answer.status_code, answer.json()["code"]) == (422, "device-clock-wrong")
    assert await visits_of(owner) == []


async def test_no_answer_names_anybody(make_door: MakeDoor, send: Send, owner: AsyncEngine) -> None:
    door = await make_door()
    answer = await send(
        door, scan(document(7, "Phạm Bí Mật")), scan("001190000008||Phạm Bí Mật|hôm qua|Nữ||")
    )
    assert "accepted" in answer.text
    assert "refused" in answer.text
    for secret in ("Phạm", "Bí Mật", "001190000008", "person"):
        assert secret not in answer.text


async def test_a_full_queue_says_when_to_come_again_and_keeps_what_it_took(
    settings: Settings,
    database: Database,
    keyring: Keyring,
    make_door: MakeDoor,
    owner: AsyncEngine,
) -> None:
    door = await make_door()
    small = settings.model_copy(
        update={"intake": settings.intake.model_copy(update={"queue_size": 3})}
    )
    application = create_app(small, database.urls, keyring)
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8000"
        ) as client:
            moment = now().isoformat()
            batch = [scan(document(number), at=moment) for number in range(12)]
            body = {"sent_at": moment, "scans": batch}
            answer = await client.post("/api/v1/device/scans", json=body, headers=door.headers)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            for start in range(0, 12, 3):
                part = {"sent_at": moment, "scans": batch[start : start + 3]}
                again = await client.post("/api/v1/device/scans", json=part, headers=door.headers)
                assert {one["status"] for one in results(again)} == {"accepted"}
    assert len(await visits_of(owner)) == 12


async def test_what_a_device_is_told_of_itself(
    make_door: MakeDoor, client: httpx.AsyncClient
) -> None:
    door = await make_door(kind="kiosk")
    answer = await client.get("/api/v1/device", headers=door.headers)
    told = answer.json()
    assert (told["id"], told["kind"], told["label"]) == (door.id, "kiosk", "Cổng chính")
    assert told["place"] == {
        "id": door.place_id,
        "code": door.code,
        "name": "Nhà máy Thử Nghiệm",
        "kind": "workplace",
    }
    assert told["room"] is None
    assert told["usual_stay_minutes"] > 0


async def test_only_devices_report_scans(
    client: httpx.AsyncClient, make_resident: MakeResident, make_door: MakeDoor, app: FastAPI
) -> None:
    body = {"sent_at": now().isoformat(), "scans": [scan(document(1))]}
    assert (await client.post("/api/v1/device/scans", json=body)).status_code == 401
    resident = await make_resident()
    answer = await client.post("/api/v1/device/scans", json=body, headers=resident.headers)
    assert answer.status_code == 403
    door = await make_door()
    for path in ("/api/v1/me", "/api/v1/me/visits", "/api/v1/cases", "/api/v1/me/places"):
        assert (await client.get(path, headers=door.headers)).status_code == 403, path
    document_of = app.openapi()["paths"]["/api/v1/device/scans"]["post"]
    assert "200" in document_of["responses"]
    assert UUID(scan("x")["scan_id"])


async def test_a_door_that_scans_is_heard_of_soon_after(
    make_door: MakeDoor, send: Send, owner: AsyncEngine
) -> None:
    first, second, silent = await make_door(), await make_door(), await make_door()
    for door in (first, second):
        results(await send(door, scan(document(1))))

    async def heard_of() -> set[int]:
        async with owner.connect() as connection:
            rows = await connection.execute(text("SELECT id FROM device WHERE seen_at IS NOT NULL"))
            return {row.id for row in rows}

    async with asyncio.timeout(30):
        while not {first.id, second.id} <= await heard_of():  # noqa: ASYNC110 - another process's row
            await asyncio.sleep(0.05)
    assert silent.id not in await heard_of()
