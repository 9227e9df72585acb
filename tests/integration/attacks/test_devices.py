"""What somebody with a device, a stolen key or a photograph may try at a door."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.credentials import service as credentials
from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.kit.http.rate import RateLimit
from lachan.kit.ids import new_code
from lachan.visits.devices import scan_route
from lachan.visits.devices.scan_route import MAX_BODY_BYTES
from lachan.visits.doubts import tasks
from tests.conftest import AREA, OTHER_AREA, Database, MakeResident
from tests.integration.visits.devices.conftest import (
    MakeDoor,
    MakePhone,
    Send,
    document,
    make_door,
    make_phone,
    scan,
    send,
)

__all__ = ["make_door", "make_phone", "send"]

SCANS = "/api/v1/device/scans"
OFFLINE = timedelta(minutes=30)


def results(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def told(answer: httpx.Response) -> list[str]:
    """Outcome or refusal of each scan."""
    return [one.get("outcome") or one["code"] for one in results(answer)]


async def places_visited(owner: AsyncEngine) -> list[int]:
    async with owner.connect() as connection:
        return list(await connection.scalars(text("SELECT place_id FROM visit ORDER BY id")))


async def look_back(owner: AsyncEngine, job_context: JobContext) -> list[tuple[str, int]]:
    """Run the job as if some minutes had passed; the doubts as (kind, place)."""
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE visit SET recorded_at = recorded_at - interval '5 minutes'")
        )
        await connection.execute(
            text("INSERT INTO doubt_watermark (recorded_until) VALUES (now() - interval '1 hour')")
        )
    await tasks.look(job_context, {})
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT kind, place_id FROM visit_doubt ORDER BY kind, place_id")
        )
        return [(row.kind, row.place_id) for row in rows]


async def test_a_photographed_phone_code_opens_no_other_door(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, owner: AsyncEngine
) -> None:
    """Shown to one door, the picture of it is worthless at any other, also with a false time."""
    door, other, phone = await make_door(), await make_door(), await make_phone()
    moment = now() - timedelta(minutes=2)
    code = phone.code(moment)
    assert told(await send(door, scan(code, at=moment.isoformat()))) == ["arrived"]
    # Claimed for the moment at which the code was right, as a kept scan would be.
    assert told(await send(other, scan(code, at=moment.isoformat()))) == ["phone-code-used"]
    assert told(await send(other, scan(code))) == ["phone-code-expired"]
    # At the same door it is the same person standing there still, for a minute.
    soon = (moment + timedelta(seconds=20)).isoformat()
    assert told(await send(door, scan(code, at=soon))) == ["repeated"]
    assert told(await send(door, scan(code))) == ["phone-code-expired"]
    assert await places_visited(owner) == [door.place_id]


async def test_a_revoked_device_is_out_at_the_next_request(
    make_door: MakeDoor, send: Send, client: httpx.AsyncClient, owner: AsyncEngine
) -> None:
    door = await make_door(kind="kiosk")
    assert told(await send(door, scan(document(1)))) == ["arrived"]
    address = f"/api/v1/places/{door.place_id}/devices/{door.id}"
    gone = await client.delete(address, headers=door.keeper.headers)
    assert gone.status_code == 204
    answer = await send(door, scan(document(2)))
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")
    me = await client.get("/api/v1/device", headers=door.headers)
    assert me.status_code == 401
    texted = await client.post(
        "/api/v1/device/codes", json={"phone": "0912345678"}, headers=door.headers
    )
    assert texted.status_code == 401
    again = await client.delete(address, headers=door.keeper.headers)
    assert again.status_code == 404
    assert len(await places_visited(owner)) == 1
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM text_message")) == 0


async def written(owner: AsyncEngine) -> tuple[int, ...]:
    """How much there is that a scan may leave behind."""
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM visit), "
                "(SELECT count(*) FROM scan), (SELECT count(*) FROM paper_row), "
                "(SELECT count(*) FROM phone_code_use), "
                "(SELECT sum(attempts) FROM one_time_code)"
            )
        )
        return tuple(rows.one())


async def test_a_device_revoked_elsewhere_is_out_by_every_way(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    client: httpx.AsyncClient,
    app: FastAPI,
    owner: AsyncEngine,
) -> None:
    """Another process of ours took the key away; this one has the session in memory still."""
    door, phone = await make_door(kind="kiosk"), await make_phone()
    known = scan(document(1))
    asked = {"phone": "0912345678"}
    texted = await client.post("/api/v1/device/codes", json=asked, headers=door.headers)
    assert texted.status_code == 202

    async def revoke(moment: str) -> None:
        async with owner.begin() as connection:
            await connection.execute(
                text(f"UPDATE device SET revoked_at = {moment} WHERE id = :id"),
                {"id": door.id},
            )

    async def answer(one: dict[str, Any]) -> tuple[int, bool]:
        """What a revoked device is told, and whether it changed anything."""
        await revoke("NULL")
        app.state.sessions.forget(door.key)
        assert (await send(door, known)).status_code == 200
        await revoke("now()")
        before = await written(owner)
        status = (await send(door, one)).status_code
        return status, await written(owner) == before

    for moment in (None, now(), now() - OFFLINE):
        at = {"at": moment.isoformat()} if moment else {}
        for shown in (
            phone.code(moment),
            document(3),
            "PHONE:0912345678:123456",
            "phone:0912345678:",
            "\ufeffPHONE:0912345678:123456",
            " \t\ufeffphone:0912345678:123456",
            "\ufeffPHONE:0912345678:",
        ):
            assert await answer(scan(shown, **at)) == (401, True), (shown, at)
        assert await answer(known) == (401, True)


async def test_a_display_only_displays(
    make_door: MakeDoor, send: Send, client: httpx.AsyncClient, owner: AsyncEngine
) -> None:
    """Its browser hangs in public; whoever takes its cookie reports nobody and texts nobody."""
    door = await make_door(kind="display")
    assert (await send(door, scan(document(1)))).status_code == 403
    texted = await client.post(
        "/api/v1/device/codes", json={"phone": "0912345678"}, headers=door.headers
    )
    assert texted.status_code == 403
    assert await places_visited(owner) == []


async def test_a_device_whose_place_was_closed_is_out_too(
    make_door: MakeDoor, send: Send, client: httpx.AsyncClient
) -> None:
    door = await make_door()
    closed = await client.post(
        f"/api/v1/me/places/{door.place_id}/close", headers=door.keeper.headers
    )
    assert closed.status_code == 204
    assert (await send(door, scan(document(1)))).status_code == 401


async def test_the_same_scan_id_from_elsewhere_loses_nothing(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    client: httpx.AsyncClient,
    owner: AsyncEngine,
) -> None:
    """Neither another device nor the person's own phone can make a visit pass for sent before."""
    door, other, phone = await make_door(), await make_door(), await make_phone()
    same = str(uuid4())
    start = now() - timedelta(hours=3)
    third = await client.post(
        "/api/v1/places",
        json={"name": "Quán Thử", "kind": "food", "area": AREA},
        headers=door.keeper.headers,
    )
    by_phone = await client.post(
        "/api/v1/visits",
        json={"scan_id": same, "code": third.json()["code"], "at": start.isoformat()},
        headers=phone.owner.headers,
    )
    assert by_phone.json()["outcome"] == "arrived"
    for minutes, where in ((30, door), (60, other)):
        at = start + timedelta(minutes=minutes)
        one = scan(phone.code(at), scan_id=same, at=at.isoformat())
        assert told(await send(where, one)) == ["moved"]
    # Nor do two people who came through one door under one id.
    at = start.isoformat()
    batch = [scan(document(number), scan_id=same, at=at) for number in (1, 2)]
    assert told(await send(door, *batch)) == ["arrived", "arrived"]
    assert len(await places_visited(owner)) == 5


async def test_a_clock_set_back_moves_no_visit_and_is_noted(
    make_door: MakeDoor, send: Send, owner: AsyncEngine, job_context: JobContext
) -> None:
    door = await make_door()
    back = timedelta(hours=-5)
    real = now() - timedelta(minutes=20)
    one = scan(document(1), at=(real + back).isoformat())
    assert told(await send(door, one, clock=back)) == ["arrived"]
    async with owner.connect() as connection:
        begun = await connection.scalar(text("SELECT started_at FROM visit"))
    assert abs(begun - real) < timedelta(minutes=1)
    # Put right between the scan and the sending: the scan seems to come from the future.
    ahead = scan(document(2), at=(now() + timedelta(hours=5)).isoformat())
    assert told(await send(door, ahead)) == ["scan-in-future"]
    # Older than anything is taken, whatever the clock is said to be.
    old = scan(document(3), at=(now() - timedelta(days=8)).isoformat())
    assert told(await send(door, old)) == ["scan-too-old"]
    assert await look_back(owner, job_context) == [("clock_skew", door.place_id)]


async def test_one_person_in_two_towns_is_kept_twice_and_doubted_twice(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    north, south = await make_door(), await make_door(area=OTHER_AREA)
    phone, begun = await make_phone(), now() - timedelta(minutes=30)
    for minutes, door in ((0, north), (10, south)):
        at = begun + timedelta(minutes=minutes)
        assert results(await send(door, scan(phone.code(at), at=at.isoformat())))
    assert sorted(await places_visited(owner)) == sorted([north.place_id, south.place_id])
    assert await look_back(owner, job_context) == [
        ("double_presence", place) for place in sorted([north.place_id, south.place_id])
    ]


async def test_a_device_speaks_for_its_own_place_and_no_other(
    make_door: MakeDoor,
    make_resident: MakeResident,
    send: Send,
    client: httpx.AsyncClient,
    owner: AsyncEngine,
) -> None:
    door, other = await make_door(), await make_door()
    for extra in ({"place_id": other.place_id}, {"code": other.code}, {"device_id": other.id}):
        assert told(await send(door, scan(document(1), **extra))) == ["scan-unreadable"]
    stranger = await make_resident()
    address = f"/api/v1/places/{door.place_id}/devices"
    wanted = {"kind": "kiosk", "label": "x"}
    for someone in (stranger.headers, other.keeper.headers):
        assert (await client.get(address, headers=someone)).status_code == 404
        assert (await client.post(address, json=wanted, headers=someone)).status_code == 404
        gone = await client.delete(f"{address}/{door.id}", headers=someone)
        assert gone.status_code == 404
    # A device cannot be reached through another place that one runs, nor put into its rooms.
    through = f"/api/v1/places/{other.place_id}/devices/{door.id}"
    assert (await client.delete(through, headers=other.keeper.headers)).status_code == 404
    room = await client.post(
        f"/api/v1/me/places/{other.place_id}/rooms",
        json={"name": "Phòng khác"},
        headers=other.keeper.headers,
    )
    foreign = {**wanted, "room_id": room.json()["id"]}
    refused = await client.post(address, json=foreign, headers=door.keeper.headers)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["room_id"])
    for path in (address, "/api/v1/places"):
        assert (await client.post(path, json=wanted, headers=door.headers)).status_code == 403
    assert told(await send(door, scan(document(1)))) == ["arrived"]
    assert await places_visited(owner) == [door.place_id]


async def test_a_batch_that_is_a_bomb_is_refused_whole_or_scan_by_scan(
    make_door: MakeDoor, send: Send, client: httpx.AsyncClient, owner: AsyncEngine
) -> None:
    door = await make_door()

    async def post(body: bytes, kind: str = "application/json") -> httpx.Response:
        headers = {**door.headers, "content-type": kind}
        return await client.post(SCANS, content=body, headers=headers)

    sent = now().isoformat()
    many = {"sent_at": sent, "scans": [scan("x")] * 501}
    for body, status in (
        (orjson.dumps(many), 422),
        (orjson.dumps({"sent_at": sent, "scans": []}), 422),
        (orjson.dumps({"sent_at": sent, "scans": {}}), 422),
        (orjson.dumps({"sent_at": sent, "scans": [], "more": 1}), 422),
        (orjson.dumps({"scans": [scan("x")]}), 422),
        (orjson.dumps({"sent_at": "2026-11-20T05:00:00", "scans": [scan("x")]}), 422),
        (orjson.dumps([scan("x")]), 422),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"sent_at":' + b'{"a":' * 50_000, 400),
        (b'{"sent_at": NaN}', 400),
        (b"\xff\xfe{}", 400),
        (b"", 400),
        (b"null", 422),
    ):
        answer = await post(body)
        assert answer.status_code == status, (body[:60], answer.text)
    assert (await post(b"x" * (MAX_BODY_BYTES + 1))).status_code == 413
    assert (await post(b"{}", "text/plain")).status_code == 415
    # As large as is allowed, and nothing but rubbish around one good scan.
    junk: list[object] = [
        *[{"scan_id": str(uuid4()), "shown": "9" * 1_000} for _ in range(200)],
        *[{"scan_id": ["deep"] * 50, "shown": {"a": {"b": []}}} for _ in range(200)],
        *[None, 1, "x", [], 1e308, True] * 16,
        scan("1" * 12),
        scan("|" * 900),
        scan(document(1)),
    ]
    found = results(await send(door, *junk))
    assert [one["status"] for one in found] == ["refused"] * (len(junk) - 1) + ["accepted"]
    assert len(await places_visited(owner)) == 1


async def test_a_device_that_floods_is_slowed_down(
    make_door: MakeDoor, send: Send, monkeypatch: pytest.MonkeyPatch, owner: AsyncEngine
) -> None:
    """A batch costs what it holds; other doors go on."""
    monkeypatch.setattr(scan_route, "_PER_DEVICE", RateLimit(60, burst=100))
    door, other = await make_door(), await make_door()
    batch = [scan(document(number)) for number in range(60)]
    assert (await send(door, *batch)).status_code == 200
    answer = await send(door, *[scan(document(number)) for number in range(60, 120)])
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert told(await send(other, scan(document(500)))) == ["arrived"]
    assert len(await places_visited(owner)) == 61


async def test_the_same_batch_from_many_connections_counts_once(
    make_door: MakeDoor, send: Send, owner: AsyncEngine
) -> None:
    """A client that lost patience sends again before the first answer has left."""
    door = await make_door()
    batch = [scan(document(number)) for number in range(20)]
    answers = await asyncio.gather(*(send(door, *batch) for _ in range(6)))
    for answer in answers:
        assert told(answer) == ["arrived"] * 20
    assert len(await places_visited(owner)) == 20


async def test_a_device_reads_nothing_in_the_database(
    make_door: MakeDoor, make_phone: MakePhone, send: Send, database: Database
) -> None:
    """Whoever holds the key and a hole in a page learns no name, no visit, no other device."""
    door, other, phone = await make_door(), await make_door(), await make_phone()
    await send(door, scan(phone.code()), scan(document(1)))
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        await raw.execute("SELECT set_config('lachan.session', $1, false)", door.key)
        for table in (
            "visit", "scan", "last_visit", "identity_sealed", "session", "place_staff",
            "visit_doubt", "client_app", "audit_entry", "paper_row",
        ):  # fmt: skip
            rows = await raw.fetchval(f"SELECT count(*) FROM {table}")
            assert rows == 0, table
        seen = [row["id"] for row in await raw.fetch("SELECT id FROM device")]
        assert seen == [door.id]
        for statement in (
            "SELECT * FROM device_scan",
            "SELECT * FROM doubt_watermark",
            "SELECT key_hash FROM client_app",
            "UPDATE device SET place_id = 1",
            f"INSERT INTO device (place_id, kind, label) VALUES ({other.place_id}, 'kiosk', 'x')",
            "INSERT INTO visit_doubt SELECT",
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.PostgresSyntaxError)):
                await raw.execute(statement)
        done = await raw.execute("UPDATE device SET revoked_at = now(), label = 'x'")
        assert done == "UPDATE 0"
    finally:
        await raw.close()


async def test_a_door_that_is_slowed_down_keeps_its_scans(
    make_door: MakeDoor, send: Send, monkeypatch: pytest.MonkeyPatch, owner: AsyncEngine
) -> None:
    """What has to wait says so, and holds up nobody behind it."""
    door = await make_door()
    monkeypatch.setattr(credentials, "NEW_PEOPLE", RateLimit(1, burst=1))
    first, second = (scan(document(number)) for number in (1, 2))
    assert told(await send(door, first, second)) == ["arrived", "too-many-requests"]
    # Nothing else left: the request as a whole says when to come again.
    answer = await send(door, second)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.setattr(credentials, "NEW_PEOPLE", RateLimit(60, burst=60))
    assert told(await send(door, first, second)) == ["arrived", "arrived"]
    assert len(await places_visited(owner)) == 2


async def test_guessed_cards_are_slowed_down_and_hold_up_nobody(
    make_door: MakeDoor,
    make_phone: MakePhone,
    send: Send,
    owner: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Numbers with a right check symbol, as a guesser would make them."""
    monkeypatch.setattr(credentials, "CARD_MISSES", RateLimit(2, burst=10))
    door, phone = await make_door(), await make_phone()
    cards = [scan(f"LCC:{new_code(12)}") for _ in range(40)]
    found = told(await send(door, *cards, scan(phone.code())))
    assert found[-1] == "arrived"
    # From the last one allowed on, no answer tells anything.
    unknown = found.count("card-unknown")
    assert 10 <= unknown <= 12
    assert found.count("too-many-requests") == 40 - unknown
    assert await places_visited(owner) == [door.place_id]
