"""Residents: the own inbox and nobody else's, seen, and "this is wrong"."""

from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import Database, MakeOfficer, MakeResident, Someone
from tests.integration.warnings.conftest import Station


@pytest.fixture
async def officer(make_officer: MakeOfficer) -> Someone:
    return await make_officer()


@pytest.fixture
async def warned(make_resident: MakeResident) -> Someone:
    return await make_resident()


@pytest.fixture
async def message(station: Station, officer: Someone, warned: Someone) -> dict[str, Any]:
    """A warning in the inbox of `warned`."""
    case = await station.make_traced(warned.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    assert (await station.approve(officer, made["id"], 1)).status_code == 200
    await station.send(made["id"])
    inbox = (await station.client.get("/api/v1/me/warnings", headers=warned.headers)).json()
    item: dict[str, Any] = inbox["items"][0]
    return {**item, "warning": made["id"], "case": case}


async def test_it_says_where_when_how_long_why_and_what_to_do(message: dict[str, Any]) -> None:
    assert message["place"] == {"name": "Chợ Thử", "room": "Dãy hàng cá", "address": ""}
    assert (message["minutes"], message["reason"], message["level"]) == (45, "same_room", 1)
    assert "09:00–09:45, 20/11/2026" in message["text"]
    assert "mắc COVID-19" in message["text"]
    assert any("115" in step for step in message["advice"])
    assert message["advice_source"].startswith("Bộ Y tế")


async def test_english_for_who_reads_english(
    client: httpx.AsyncClient, warned: Someone, message: dict[str, Any]
) -> None:
    answer = await client.get(
        "/api/v1/me/warnings", headers={**warned.headers, "Accept-Language": "en"}
    )
    assert "You were at Chợ Thử, Dãy hàng cá" in answer.json()["items"][0]["text"]


async def test_seen_once(
    client: httpx.AsyncClient, owner: AsyncEngine, warned: Someone, message: dict[str, Any]
) -> None:
    path = f"/api/v1/me/warnings/{message['id']}/seen"
    for _ in range(2):
        assert (await client.post(path, headers=warned.headers)).status_code == 204
    inbox = (await client.get("/api/v1/me/warnings", headers=warned.headers)).json()
    assert inbox["unread"] == 0
    first = inbox["items"][0]["seen_at"]
    await client.post(path, headers=warned.headers)
    inbox = (await client.get("/api/v1/me/warnings", headers=warned.headers)).json()
    assert inbox["items"][0]["seen_at"] == first


async def test_nobody_else_sees_it(
    station: Station, database: Database, message: dict[str, Any]
) -> None:
    other = await station.make_resident()
    assert await station.inbox(other) == []
    for verb, body in (("seen", None), ("dispute", {"text": "không phải tôi"})):
        path = f"/api/v1/me/warnings/{message['id']}/{verb}"
        assert (await station.client.post(path, json=body)).status_code == 401
        assert (
            await station.client.post(path, json=body, headers=other.headers)
        ).status_code == 404
    elsewhere = await station.make_officer("tracer", "VN.79")
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        for who in (other, elsewhere):
            async with raw.transaction():
                await raw.execute("SELECT set_config('lachan.session', $1, true)", who.token)
                assert await raw.fetchval("SELECT count(*) FROM warning_message") == 0
                assert await raw.fetchval("SELECT count(*) FROM warning") == 0
                changed = await raw.execute("UPDATE warning_message SET seen_at = now()")
                assert changed == "UPDATE 0"
    finally:
        await raw.close()


async def test_its_reader_cannot_learn_of_the_case_or_alter_what_was_said(
    database: Database, warned: Someone, message: dict[str, Any]
) -> None:
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        async with raw.transaction():
            await raw.execute("SELECT set_config('lachan.session', $1, true)", warned.token)
            assert await raw.fetchval("SELECT count(*) FROM warning_message") == 1
            for table in ("warning", "case_record", "contact", "exposure", "trace_run"):
                assert await raw.fetchval(f"SELECT count(*) FROM {table}") == 0, table
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with raw.transaction():
                    await raw.execute("UPDATE warning_message SET minutes = 1")
            assert await raw.execute("DELETE FROM warning_message") == "DELETE 0"
    finally:
        await raw.close()


async def test_this_is_wrong_reaches_the_tracer_and_is_answered(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    officer: Someone,
    warned: Someone,
    message: dict[str, Any],
) -> None:
    path = f"/api/v1/me/warnings/{message['id']}/dispute"
    assert (await client.post(path, json={"text": " "}, headers=warned.headers)).status_code == 422
    body = {"text": "Hôm đó tôi ở nhà, con tôi cầm điện thoại."}
    assert (await client.post(path, json=body, headers=warned.headers)).status_code == 204
    again = await client.post(path, json=body, headers=warned.headers)
    assert (again.status_code, again.json()["code"]) == (409, "warning-disputed")
    async with owner.connect() as connection:
        sealed = await connection.scalar(text("SELECT dispute_sealed FROM warning_message"))
        assert isinstance(sealed, bytes)
        assert "điện thoại".encode() not in sealed
    state = await client.get(f"/api/v1/warnings/{message['warning']}", headers=officer.headers)
    assert state.json()["counts"]["disputed"] == 1
    disputes = await client.get(
        f"/api/v1/warnings/{message['warning']}/disputes", headers=officer.headers
    )
    assert disputes.json()["items"][0]["text"] == body["text"]
    answer = f"/api/v1/warnings/{message['warning']}/messages/{message['id']}/answer"
    reply = {"text": "Cảm ơn bạn, chúng tôi đã ghi lại."}
    assert (await client.post(answer, json=reply, headers=officer.headers)).status_code == 204
    twice = await client.post(answer, json=reply, headers=officer.headers)
    assert (twice.status_code, twice.json()["code"]) == (409, "warning-nothing-to-answer")
    inbox = (await client.get("/api/v1/me/warnings", headers=warned.headers)).json()
    assert inbox["items"][0]["answer"] == reply["text"]
    async with owner.connect() as connection:
        actions = await connection.scalars(text("SELECT action FROM audit_entry ORDER BY id"))
        assert list(actions) == [
            "warning.drafted",
            "warning.approved",
            "warning.disputed",
            "warning.disputes_read",
            "warning.dispute_kept",
        ]
