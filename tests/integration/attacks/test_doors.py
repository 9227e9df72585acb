"""Ways in that must stay shut: codes, lock-outs, stolen sessions, other people's areas."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from lachan.app import create_app
from lachan.identity import sessions
from lachan.identity.officers import secrets
from lachan.kit.crypto import Keyring, new_token
from lachan.kit.http.rate import block_of
from lachan.kit.tables import escape_cell
from lachan.settings import Settings, Web
from tests import days
from tests.conftest import AREA, OTHER_AREA, Database, MakeOfficer, MakeResident, Someone

PHONE = "0912345678"


async def _case(client: httpx.AsyncClient, tracer: Someone, day: str, area: str = AREA) -> int:
    made = await client.post(
        "/api/v1/cases",
        json={
            "person": {"phone": PHONE},
            "disease": "covid-19",
            "sampled_on": day,
            "area": area,
        },
        headers=tracer.headers,
    )
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    assert isinstance(number, int)
    return number


@pytest.fixture
def today() -> str:
    return days.today().isoformat()


async def test_codes_asked_for_at_once_are_counted_one_by_one(
    client: httpx.AsyncClient, owner: AsyncEngine, settings: Settings
) -> None:
    await asyncio.gather(
        *(client.post("/api/v1/auth/codes", json={"phone": PHONE}) for _ in range(20))
    )
    async with owner.connect() as connection:
        sent = await connection.scalar(text("SELECT count(*) FROM text_message"))
    assert sent == settings.identity.codes_per_hour


async def test_codes_guessed_at_once_are_counted_one_by_one(
    client: httpx.AsyncClient, owner: AsyncEngine, settings: Settings
) -> None:
    await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    answers = await asyncio.gather(
        *(
            client.post("/api/v1/auth/sessions", json={"phone": PHONE, "code": f"{guess:06}"})
            for guess in range(20)
        )
    )
    assert {answer.status_code for answer in answers} <= {201, 422}
    async with owner.connect() as connection:
        tries = await connection.scalar(text("SELECT attempts FROM one_time_code"))
    assert tries <= settings.identity.code_attempts


async def test_wrong_passwords_do_not_shut_a_passkey_out(
    owner: AsyncEngine, database: Database, make_officer: MakeOfficer
) -> None:
    someone = await make_officer("tracer", AREA)
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO passkey VALUES ('\\x01', :id, '\\x02', 0, 'key')"),
            {"id": someone.id},
        )
        await connection.execute(text("UPDATE officer SET locked_until = now() + interval '1 h'"))
    app = create_async_engine(database.urls.app)
    async with app.connect() as connection:
        find = text("SELECT officer_id FROM lachan_passkey('\\x01')")
        assert await connection.scalar(find) == someone.id
        async with owner.begin() as arranging:
            await arranging.execute(text("UPDATE officer SET disabled_at = now()"))
        assert await connection.scalar(find) is None
    await app.dispose()


async def test_a_new_password_ends_stolen_sessions(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer
) -> None:
    someone, stolen = await make_officer("tracer", AREA), new_token()
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE officer SET password_hash = :hash"),
            {"hash": await secrets.hash_password("mật khẩu cũ của tôi")},
        )
        await sessions.create(connection, stolen, minutes=60, officer_id=someone.id)
    thief = {"Authorization": f"Bearer {stolen}"}
    assert (await client.get("/api/v1/cases", headers=thief)).status_code == 200
    changed = await client.post(
        "/desk/security/password",
        data={"old": "mật khẩu cũ của tôi", "password": "mật khẩu mới của tôi"},
        headers=someone.headers,
    )
    assert changed.status_code == 303
    assert (await client.get("/api/v1/cases", headers=thief)).status_code == 401
    assert (await client.get("/api/v1/cases", headers=someone.headers)).status_code == 200


async def test_a_case_taken_back_opens_nobody(
    client: httpx.AsyncClient, make_officer: MakeOfficer, today: str
) -> None:
    tracer = await make_officer("tracer", AREA)
    number = await _case(client, tracer, today)
    identity, why = f"/api/v1/cases/{number}/identity", {"reason": "gọi điện"}
    opened = await client.post(identity, json=why, headers=tracer.headers)
    assert opened.json()["phone"] == "+84912345678"
    await client.patch(
        f"/api/v1/cases/{number}", json={"classification": "discarded"}, headers=tracer.headers
    )
    refused = await client.post(identity, json=why, headers=tracer.headers)
    assert refused.status_code == 404


async def test_what_leaves_as_a_file_is_written_down(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer, today: str
) -> None:
    tracer = await make_officer("tracer", AREA)
    number = await _case(client, tracer, today)
    asked = {**tracer.headers, "accept": "text/csv"}
    for path in ("/api/v1/cases?area=VN.79", f"/api/v1/cases/{number}/contacts"):
        assert (await client.get(path, headers=asked)).status_code == 200
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT action, area FROM audit_entry WHERE action LIKE '%.exported' ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            ("cases.exported", AREA),
            ("contacts.exported", AREA),
        ]


async def test_another_areas_case_is_not_there(
    client: httpx.AsyncClient, make_officer: MakeOfficer, today: str
) -> None:
    number = await _case(client, await make_officer("tracer", AREA), today)
    stranger = (await make_officer("tracer", OTHER_AREA)).headers
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"classification": "discarded"}),
        ("POST", "/close", None),
        ("GET", "/timeline", None),
        ("POST", "/identity", {"reason": "tò mò"}),
        ("POST", "/traces", {"max_level": 1}),
        ("GET", "/traces/1", None),
        ("GET", "/events", None),
        ("GET", "/contacts", None),
    ):
        answer = await client.request(
            method, f"/api/v1/cases/{number}{path}", json=body, headers=stranger
        )
        assert answer.status_code == 404, (method, path)
    for path in ("", "/trace"):
        answer = await client.get(f"/desk/cases/{number}{path}", headers=stranger)
        assert answer.status_code == 404
    draft = {"case_id": number, "levels": [1]}
    drafted = await client.post("/api/v1/warnings", json=draft, headers=stranger)
    assert drafted.status_code == 404


async def test_a_person_is_not_named_by_counting(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident, today: str
) -> None:
    tracer = await make_officer("tracer", AREA)
    victim = await make_resident(area=AREA)
    answer = await client.post(
        "/api/v1/cases",
        json={
            "person": {"person_id": victim.id},
            "disease": "covid-19",
            "sampled_on": today,
            "area": AREA,
        },
        headers=tracer.headers,
    )
    assert answer.status_code == 404


async def test_an_admin_of_a_ward_reaches_no_further(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    admin, above = await make_officer("admin", AREA), await make_officer("admin", "VN.01")
    ours = await make_officer("tracer", AREA)
    for area in ("VN", "VN.01", OTHER_AREA):
        for body, path in (
            ({"role": "tracer", "area": area}, f"/api/v1/officers/{ours.id}/roles"),
            (
                {
                    "login": f"o{uuid4().hex[:8]}",
                    "display_name": "X",
                    "role": "admin",
                    "area": area,
                },
                "/api/v1/officers",
            ),
        ):
            answer = await client.post(path, json=body, headers=admin.headers)
            assert answer.status_code == 403, (area, path)
    own = {"role": "tracer", "area": AREA}
    myself = await client.post(
        f"/api/v1/officers/{admin.id}/roles", json=own, headers=admin.headers
    )
    assert myself.status_code == 403
    for act in ("reset", "disable"):
        answer = await client.post(f"/api/v1/officers/{above.id}/{act}", headers=admin.headers)
        assert answer.status_code == 404


async def test_a_statement_smuggled_in_finds_nobody_and_forges_no_session(
    client: httpx.AsyncClient, database: Database, make_officer: MakeOfficer, today: str
) -> None:
    await _case(client, await make_officer("tracer", AREA), today)
    app = create_async_engine(database.urls.app)
    async with app.connect() as connection:
        for table in ("identity_sealed", "visit", "scan", "case_record", "contact", "audit_entry"):
            found = await connection.scalar(text(f"SELECT count(*) FROM {table}"))
            assert found == 0, table
    for statement in (
        "SELECT * FROM session_proof",
        "SELECT password_hash, totp_sealed FROM officer",
        "SELECT lachan_erase(1)",
        "SELECT lachan_open_session('\\x01', 'officer', 1, 'x', 60, NULL, true, '\\x00')",
        "UPDATE officer_role SET area = 'VN'",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry (actor_kind, actor_id, action) VALUES ('officer', 1, 'x')",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ):
        with pytest.raises(Exception, match=r"denied|proof|policy"):
            async with app.begin() as connection:
                await connection.execute(text(statement))
    await app.dispose()


async def test_slow_readers_of_files_leave_connections_to_others(
    app: FastAPI, client: httpx.AsyncClient, make_resident: MakeResident, settings: Settings
) -> None:
    someone = await make_resident()
    reading = asyncio.Event()

    async def read_slowly() -> None:
        async with app.state.storage.export(someone.token):
            await reading.wait()

    async with asyncio.TaskGroup() as readers:
        for _ in range(3 * settings.database.pool_size):
            readers.create_task(read_slowly())
        await asyncio.sleep(0.2)
        async with asyncio.timeout(5):
            answer = await client.get("/api/v1/me/visits", headers=someone.headers)
        reading.set()
    assert answer.status_code == 200


def test_a_subscriber_of_ipv6_is_one_address() -> None:
    one, other = block_of("2001:db8:1:2::1"), block_of("2001:db8:1:2:ffff::9")
    assert one == other != block_of("2001:db8:1:3::1")
    assert block_of("::ffff:192.0.2.7") == block_of("192.0.2.7") == "192.0.2.7"
    assert block_of("fe80::1%eth0") == block_of("fe80::2")
    assert block_of("not:an:address") == "not:an:address"


@pytest.mark.parametrize(
    "address", ["https://lachan.example", "http://lachan.example:8000", "http://8.8.8.8"]
)
def test_development_is_not_served_to_strangers(address: str) -> None:
    with pytest.raises(ValueError, match="LACHAN_MODE=production"):
        Settings(mode="development", web=Web(base_url=address))


@pytest.mark.parametrize(
    "address", ["http://localhost:1", "http://127.0.0.1", "http://192.168.1.9"]
)
def test_development_at_hand_is(address: str) -> None:
    assert Settings(web=Web(base_url=address)).mode == "development"


async def test_production_has_no_outbox(
    settings: Settings, database: Database, keyring: Keyring
) -> None:
    app = create_app(settings.model_copy(update={"mode": "production"}), database.urls, keyring)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            for path in ("/dev/outbox", "/dev/components", "/dev/problems/500"):
                assert (await http.get(path)).status_code == 404, path


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\uff1d1", "\uff0b1"])
def test_no_cell_is_run(cell: str) -> None:
    assert escape_cell(cell) == f"'{cell}"
