"""What must not stay open: an unlocked screen, a closed case, a stream, the purse for texts."""

import csv
import io
from datetime import timedelta

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.app import create_app
from lachan.identity.officers import secrets
from lachan.identity.sessions import COOKIE, SECURE_COOKIE
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.http.sse import Streams
from lachan.settings import Settings, Web
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone

PHONE = "0912345678"
PASSWORD = "mat-khau-dai-cua-can-bo-1"


async def _age(owner: AsyncEngine, officer: Someone, minutes: int) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE session SET verified_at = now() - CAST(:age AS interval) "
                "WHERE officer_id = :officer"
            ),
            {"age": timedelta(minutes=minutes), "officer": officer.id},
        )
        await connection.execute(
            text("UPDATE officer SET password_hash = :hash WHERE id = :officer"),
            {"hash": await secrets.hash_password(PASSWORD), "officer": officer.id},
        )


async def test_an_unlocked_screen_is_not_enough_to_add_a_way_of_signing_in(
    client: httpx.AsyncClient, owner: AsyncEngine, database: Database, make_officer: MakeOfficer
) -> None:
    found = await make_officer("tracer", AREA)
    await _age(owner, found, 11)
    refused = await client.post("/desk/security/passkeys/options", headers=found.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm-first")
    away = await client.get("/desk/security/totp", headers=found.headers)
    assert (away.status_code, away.headers["location"]) == (303, "/desk/security")
    # Nor past the program, with the rights of its own role.
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        async with raw.transaction():
            await raw.execute("SELECT set_config('lachan.session', $1, true)", found.token)
            assert not await raw.fetchval("SELECT lachan_set_my_totp($1, 0)", b"mine now")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(
                    "INSERT INTO passkey (credential_id, officer_id, public_key, sign_count, label)"
                    " VALUES ('\\x01', $1, '\\x02', 0, 'mine now')",
                    found.id,
                )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("SELECT lachan_refresh_session('\\x00')")
    finally:
        await raw.close()

    wrong = await client.post(
        "/desk/security/confirm", data={"confirm": "guessed"}, headers=found.headers
    )
    assert wrong.status_code == 422
    async with owner.connect() as connection:
        tries = await connection.scalar(
            text("SELECT failed_attempts FROM officer WHERE id = :id"), {"id": found.id}
        )
    assert tries == 1
    right = await client.post(
        "/desk/security/confirm", data={"confirm": PASSWORD}, headers=found.headers
    )
    assert right.status_code == 303
    options = await client.post("/desk/security/passkeys/options", headers=found.headers)
    assert options.status_code == 200


async def test_an_unlocked_screen_is_not_enough_to_take_a_place_back(
    client: httpx.AsyncClient, owner: AsyncEngine, database: Database, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", AREA)
    await _age(owner, admin, 11)
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, by_authority) "
                "VALUES ('Chợ Thử', 'market', :area, true) RETURNING id"
            ),
            {"area": AREA},
        )
    refused = await client.post(
        f"/api/v1/places/{place}/operator/take-back",
        json={"reason": "Mã gửi nhầm địa chỉ"},
        headers=admin.headers,
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm-first")
    # Nor past the program, with the rights of its own role.
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        async with raw.transaction():
            await raw.execute("SELECT set_config('lachan.session', $1, true)", admin.token)
            assert await raw.fetchval("SELECT lachan_take_place_back($1)", place) is None
    finally:
        await raw.close()

    ask = f"/desk/places/{place}/operator/take-back"
    shown = await client.get(ask, headers=admin.headers)
    assert 'name="confirm"' in shown.text
    said = {"reason": "Mã gửi nhầm địa chỉ"}
    for typed in ("", "guessed"):
        wrong = await client.post(ask, data={**said, "confirm": typed}, headers=admin.headers)
        assert wrong.status_code == 422
        assert 'id="confirm-error"' in wrong.text
        assert "Mã gửi nhầm địa chỉ" in wrong.text
    async with owner.connect() as connection:
        tries = await connection.scalar(
            text("SELECT failed_attempts FROM officer WHERE id = :id"), {"id": admin.id}
        )
    assert tries == 1
    right = await client.post(ask, data={**said, "confirm": PASSWORD}, headers=admin.headers)
    assert (right.status_code, right.headers["location"]) == (
        303,
        f"/desk/places/{place}?did=taken",
    )
    # For the next minutes nobody is asked again.
    assert 'name="confirm"' not in (await client.get(ask, headers=admin.headers)).text


async def _contact(
    client: httpx.AsyncClient, owner: AsyncEngine, tracer: Someone
) -> tuple[int, int]:
    """A case and one contact of it who has a name and a visit; their ids."""
    made = await client.post(
        "/api/v1/cases",
        json={
            "person": {"phone": PHONE},
            "disease": "covid-19",
            "sampled_on": local_day(now(), Settings().zone).isoformat(),
            "area": AREA,
        },
        headers=tracer.headers,
    )
    assert made.status_code == 201, made.text
    case = made.json()["id"]
    async with owner.begin() as connection:
        run = await connection.scalar(
            text(
                "INSERT INTO trace_run (case_id, profile_version, rules, max_level, state) "
                "VALUES (:case, 'x', '{}', 1, 'done') RETURNING id"
            ),
            {"case": case},
        )
        contact = await connection.scalar(
            text(
                "INSERT INTO contact (case_id, run_id, person_id, level, area, first_exposure, "
                "last_exposure, minutes) SELECT :case, :run, person_id, 1, :area, now(), now(), 30 "
                "FROM case_record WHERE id = :case RETURNING id"
            ),
            {"case": case, "run": run, "area": AREA},
        )
    assert isinstance(contact, int)
    return case, contact


async def test_a_case_closed_long_ago_opens_nobody_any_more(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer
) -> None:
    tracer = await make_officer("tracer", AREA)
    case, contact = await _contact(client, owner, tracer)
    asked = {"reason": "Gọi điện báo kết quả"}
    addresses = (f"/api/v1/cases/{case}/identity", f"/api/v1/contacts/{contact}/identity")
    for days, status in ((None, 200), (13, 200), (15, 404)):
        async with owner.begin() as connection:
            await connection.execute(
                text("UPDATE case_record SET closed_at = now() - CAST(:age AS interval)"),
                {"age": None if days is None else timedelta(days=days)},
            )
        for address in addresses:
            answer = await client.post(address, json=asked, headers=tracer.headers)
            assert answer.status_code == status, (days, address, answer.text)


async def test_reading_where_a_contact_was_is_told_to_the_contact_once_an_hour(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer
) -> None:
    tracer = await make_officer("tracer", AREA)
    _, contact = await _contact(client, owner, tracer)
    for address in (f"/api/v1/contacts/{contact}", f"/desk/contacts/{contact}") * 2:
        assert (await client.get(address, headers=tracer.headers)).status_code == 200
    async with owner.connect() as connection:
        rows = (
            await connection.execute(
                text(
                    "SELECT reason, subject_person FROM audit_entry WHERE action = 'contact.opened'"
                )
            )
        ).all()
    assert len(rows) == 1
    assert rows[0].subject_person is not None
    assert "ca " in rows[0].reason


async def test_an_officer_cannot_hold_any_number_of_live_pages_open(
    app: FastAPI, client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer
) -> None:
    tracer = await make_officer("tracer", AREA)
    case, _ = await _contact(client, owner, tracer)
    app.state.streams = Streams(0)
    answer = await client.get(f"/api/v1/cases/{case}/events", headers=tracer.headers)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")


async def test_texts_to_numbers_abroad_have_a_small_purse_of_their_own(
    database: Database, keyring: Keyring, settings: Settings, owner: AsyncEngine
) -> None:
    limited = settings.model_copy(
        update={"identity": settings.identity.model_copy(update={"texts_abroad_per_hour": 2})}
    )
    app = create_app(limited, database.urls, keyring)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
    ):
        abroad = [
            (
                await client.post("/api/v1/auth/codes", json={"phone": f"+4479111234{i:02}"})
            ).status_code
            for i in range(4)
        ]
        home = await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    assert abroad == [202, 202, 429, 429]
    assert home.status_code == 202
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM text_message")) == 3


async def test_cells_stay_whole_where_a_semicolon_parts_them(
    client: httpx.AsyncClient, owner: AsyncEngine, make_resident: MakeResident
) -> None:
    someone = await make_resident(area=AREA)
    place = await client.post(
        "/api/v1/places",
        json={"name": "Quán;=HYPERLINK(1)", "kind": "food", "area": AREA},
        headers=someone.headers,
    )
    assert place.status_code == 201, place.text
    moment = now()
    await client.post(
        "/api/v1/me/visits",
        json={
            "code": place.json()["code"],
            "started_at": (moment - timedelta(hours=2)).isoformat(),
            "ends_at": (moment - timedelta(hours=1)).isoformat(),
        },
        headers=someone.headers,
    )
    answer = await client.get("/api/v1/me/visits/export", headers=someone.headers)
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 2
    assert not any(cell.startswith("=") for row in rows for cell in row)


async def test_over_tls_only_a_cookie_that_no_neighbour_can_plant_counts(
    database: Database, keyring: Keyring, settings: Settings, make_resident: MakeResident
) -> None:
    someone = await make_resident()
    public = settings.model_copy(
        update={"mode": "production", "web": Web(base_url="https://localhost:8000")}
    )
    app = create_app(public, database.urls, keyring)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://localhost:8000") as client,
    ):
        planted = await client.get("/api/v1/me", headers={"cookie": f"{COOKIE}={someone.token}"})
        ours = await client.get(
            "/api/v1/me", headers={"cookie": f"{SECURE_COOKIE}={someone.token}"}
        )
    assert (planted.status_code, ours.status_code) == (401, 200)


def test_production_in_public_wants_tls() -> None:
    with pytest.raises(ValueError, match="https://"):
        Settings(mode="production", web=Web(base_url="http://check-in.example.vn"))
