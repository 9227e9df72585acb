"""Officers: two factors, lock-out, and administration that cannot escalate."""

import time
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.officers import secrets, sign_in, store
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Grant
from lachan.settings import Settings
from tests.conftest import MakeOfficer, MakeResident

LOGIN, PASSWORD = "tran.tracer", "mot-mat-khau-dai-2026"


class Known:
    """An officer with a known password and authenticator."""

    def __init__(self, officer_id: int, secret: str) -> None:
        self.id = officer_id
        self.secret = secret

    def code(self, ahead: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(time.time() + 30 * ahead)


@pytest.fixture
async def known(owner: AsyncEngine, keyring: Keyring) -> Known:
    secret = secrets.new_totp_secret()
    async with owner.begin() as connection:
        officer = await store.create_as_owner(
            connection,
            login=LOGIN,
            name="Cán bộ thử",
            hashed=await secrets.hash_password(PASSWORD),
            grants=[Grant("tracer", "VN.01")],
            temporary=False,
        )
        sealed = secrets.seal_totp(keyring, officer, secret)
        await store.set_totp_as_owner(connection, officer, sealed)
    return Known(officer, secret)


async def _enter(
    client: httpx.AsyncClient, totp: str, password: str = PASSWORD, login: str = LOGIN
) -> httpx.Response:
    body = {"login": login, "password": password, "totp": totp}
    return await client.post("/api/v1/officers/sessions", json=body)


async def test_password_and_code_let_in_and_a_code_only_once(
    client: httpx.AsyncClient, known: Known, app: Any
) -> None:
    code = known.code()
    answer = await _enter(client, code)
    assert answer.status_code == 201, answer.text
    viewer = await app.state.sessions.find(answer.json()["token"])
    assert viewer.roles == {"tracer"}
    assert (await _enter(client, code)).json()["code"] == "sign-in-failed"
    assert (await _enter(client, known.code(-1))).status_code == 401, "an earlier step came after"
    assert (await _enter(client, known.code(1), login=LOGIN.upper())).status_code == 201


async def test_every_refusal_looks_the_same(client: httpx.AsyncClient, known: Known) -> None:
    answers = [
        await _enter(client, known.code(), login="nobody"),
        await _enter(client, known.code(), password="wrong"),
        await _enter(client, "000000"),
        await _enter(client, ""),
    ]
    same = {"request_id": None}
    bodies = [answer.json() | same for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert {answer.status_code for answer in answers} == {401}


async def test_too_many_failures_lock_the_account_for_a_while_even_for_its_owner(
    client: httpx.AsyncClient, known: Known, settings: Settings, owner: AsyncEngine
) -> None:
    for _ in range(settings.identity.lockout_attempts):
        assert (await _enter(client, "000000", password="wrong")).status_code == 401
    locked = await _enter(client, known.code())
    assert locked.json()["code"] == "sign-in-failed"
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT locked_until > now() FROM officer"))
        await connection.execute(text("UPDATE officer SET locked_until = now()"))
    assert (await _enter(client, known.code())).status_code == 201


async def test_one_address_trying_many_accounts_is_slowed_down(client: httpx.AsyncClient) -> None:
    seen = {(await _enter(client, "", login=f"x{number}")).status_code for number in range(36)}
    assert seen == {401, 429}


async def test_a_disabled_officer_is_out_at_once_and_stays_out(
    client: httpx.AsyncClient, known: Known, make_officer: MakeOfficer
) -> None:
    token = (await _enter(client, known.code())).json()["token"]
    mine = {"Authorization": f"Bearer {token}"}
    admin = await make_officer("admin", "VN.01")
    path = f"/api/v1/officers/{known.id}"
    assert (await client.post(f"{path}/disable", headers=admin.headers)).status_code == 204
    assert (await client.delete("/api/v1/officers/session", headers=mine)).status_code == 401
    assert (await _enter(client, known.code(1))).status_code == 401
    assert (await client.post(f"{path}/enable", headers=admin.headers)).status_code == 204
    assert (await _enter(client, known.code(1))).status_code == 201


async def test_a_new_officer_must_set_a_second_factor_up_before_anything_else(
    client: httpx.AsyncClient, make_officer: MakeOfficer, app: Any
) -> None:
    admin = await make_officer("admin", "VN.01")
    new = {"login": "le.moi", "display_name": "Lê Mới", "role": "tracer", "area": "VN.01.00004"}
    made = await client.post("/api/v1/officers", json=new, headers=admin.headers)
    assert made.status_code == 201, made.text
    password = made.json()["temporary_password"]
    refused = await _enter(client, "", password=password, login="le.moi")
    assert refused.json()["code"] == "second-factor-missing"
    state = app.state
    async with state.storage.transaction() as connection:
        begun = await sign_in.begin(connection, state.keyring, state.settings, "le.moi", password)
    assert begun is not None
    assert begun.has_second_factor is False
    assert await state.sessions.find(begun.token) is None, "a pending session opens no page"
    async with state.storage.transaction(begun.token) as connection:
        assert await connection.scalar(text("SELECT lachan_officer()")) is None
        account = await sign_in.access_self(connection)
        assert await sign_in.change_password(connection, account, None, "mat-khau-cua-rieng-toi")
        secret = secrets.new_totp_secret()
        assert not await sign_in.enrol_totp(connection, state.keyring, account, secret, "000000")
        code = pyotp.TOTP(secret).now()
        assert await sign_in.enrol_totp(connection, state.keyring, account, secret, code)
    later = pyotp.TOTP(secret).at(time.time() + 30)
    entered = await _enter(client, later, password="mat-khau-cua-rieng-toi", login="le.moi")
    assert entered.status_code == 201
    # The half-way session of somebody who has a second factor may no longer change it.
    async with state.storage.transaction(begun.token) as connection:
        with pytest.raises(sign_in.SignInFailed):
            await sign_in.enrol_totp(
                connection, state.keyring, account, secret, pyotp.TOTP(secret).now()
            )


async def test_an_admin_acts_only_inside_the_own_areas(
    client: httpx.AsyncClient, known: Known, make_officer: MakeOfficer, owner: AsyncEngine
) -> None:
    admin = await make_officer("admin", "VN.01")
    mine = admin.headers
    south = await make_officer("tracer", "VN.79")
    chief = await make_officer("admin", "VN")
    roles = f"/api/v1/officers/{known.id}/roles"
    given = await client.post(roles, json={"role": "auditor", "area": "VN.01.00004"}, headers=mine)
    assert given.status_code == 201, given.text
    assert {"role": "auditor", "area": "VN.01.00004"} in given.json()["roles"]
    for area, status in (("VN", 403), ("VN.79", 403), ("VN.01.99999", 422), ("nothing", 422)):
        answer = await client.post(roles, json={"role": "admin", "area": area}, headers=mine)
        assert answer.status_code == status, (area, answer.text)
    own = await client.post(
        f"/api/v1/officers/{admin.id}/roles",
        json={"role": "tracer", "area": "VN.01"},
        headers=mine,
    )
    assert own.status_code == 403, "nobody gives themselves a role"
    for other in (south.id, chief.id):
        for path in ("", "/roles", "/disable", "/reset"):
            answer = await client.request(
                "POST" if path else "GET",
                f"/api/v1/officers/{other}{path}",
                headers=mine,
                **({"json": {"role": "tracer", "area": "VN.01"}} if path == "/roles" else {}),
            )
            assert answer.status_code == 404, (other, path)
    listed = (await client.get("/api/v1/officers", headers=mine)).json()["officers"]
    assert {one["id"] for one in listed} == {admin.id, known.id}
    new = {"login": "x.y", "display_name": "X", "role": "admin", "area": "VN"}
    assert (await client.post("/api/v1/officers", json=new, headers=mine)).status_code == 403
    new |= {"area": "VN.01", "login": LOGIN}
    taken = await client.post("/api/v1/officers", json=new, headers=mine)
    assert taken.json()["code"] == "login-taken"
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO officer_role VALUES (:id, 'tracer', 'VN.79')"), {"id": known.id}
        )
    wide = await client.post(f"/api/v1/officers/{known.id}/disable", headers=mine)
    assert wide.status_code == 403, "an officer who also serves elsewhere is not one's own"
    taken_away = await client.delete(f"{roles}/tracer/VN.01", headers=mine)
    assert taken_away.status_code == 204
    assert (await client.delete(f"{roles}/tracer/VN.79", headers=mine)).status_code == 403


async def test_a_reset_gives_a_temporary_password_and_drops_the_second_factor(
    client: httpx.AsyncClient, known: Known, make_officer: MakeOfficer
) -> None:
    token = (await _enter(client, known.code())).json()["token"]
    admin = await make_officer("admin", "VN.01")
    answer = await client.post(f"/api/v1/officers/{known.id}/reset", headers=admin.headers)
    password = answer.json()["temporary_password"]
    ended = await client.delete(
        "/api/v1/officers/session", headers={"Authorization": f"Bearer {token}"}
    )
    assert ended.status_code == 401
    assert (await _enter(client, known.code(1))).status_code == 401
    assert (await _enter(client, "", password=password)).json()["code"] == "second-factor-missing"


ADMIN_ROUTES = [
    ("GET", "/api/v1/officers", None),
    ("POST", "/api/v1/officers", {"login": "abc", "display_name": "A", "role": "tracer",
                                  "area": "VN.01"}),
    ("GET", "/api/v1/officers/1", None),
    ("POST", "/api/v1/officers/1/roles", {"role": "tracer", "area": "VN.01"}),
    ("DELETE", "/api/v1/officers/1/roles/tracer/VN.01", None),
    ("POST", "/api/v1/officers/1/disable", None),
    ("POST", "/api/v1/officers/1/enable", None),
    ("POST", "/api/v1/officers/1/reset", None),
]  # fmt: skip


async def test_only_admins_administer_and_only_auditors_read_the_trail(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident
) -> None:
    tracer, admin = await make_officer("tracer", "VN"), await make_officer("admin", "VN")
    resident = await make_resident()
    for method, path, body in ADMIN_ROUTES:
        more = {} if body is None else {"json": body}
        assert (await client.request(method, path, **more)).status_code == 401, path
        for wrong in (tracer, resident):
            answer = await client.request(method, path, headers=wrong.headers, **more)
            assert answer.status_code == 403, path
    assert (await client.get("/api/v1/audit")).status_code == 401
    for wrong in (tracer, admin, resident):
        assert (await client.get("/api/v1/audit", headers=wrong.headers)).status_code == 403


async def test_an_auditor_reads_filters_pages_and_exports_the_trail_of_the_own_area(
    client: httpx.AsyncClient, make_officer: MakeOfficer, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        for area, action, reason in (
            ("VN.01.00004", "case.opened", "=HYPERLINK(1)"),
            ("VN.01", "identity.opened", "Gọi điện"),
            ("VN.79", "identity.opened", "ở nơi khác"),
            ("VN.01", "identity.opened", "lần hai"),
        ):
            await connection.execute(
                text(
                    "INSERT INTO audit_entry (actor_kind, action, area, reason, subject_person)"
                    " VALUES ('system', :action, :area, :reason, 7)"
                ),
                {"area": area, "action": action, "reason": reason},
            )
    headers = (await make_officer("auditor", "VN.01")).headers
    whole = (await client.get("/api/v1/audit", headers=headers)).json()
    assert [one["reason"] for one in whole["entries"]] == ["lần hai", "Gọi điện", "=HYPERLINK(1)"]
    first = (await client.get("/api/v1/audit?limit=1&action=identity", headers=headers)).json()
    second = (
        await client.get(
            f"/api/v1/audit?limit=1&action=identity&cursor={first['next_cursor']}", headers=headers
        )
    ).json()
    reasons = [page["entries"][0]["reason"] for page in (first, second)]
    assert reasons == ["lần hai", "Gọi điện"]
    assert second["next_cursor"] is None
    assert (await client.get("/api/v1/audit?person=8", headers=headers)).json()["entries"] == []
    broken = await client.get("/api/v1/audit?cursor=zzz", headers=headers)
    assert broken.status_code == 422
    sheet = await client.get("/api/v1/audit", headers=headers | {"accept": "text/csv"})
    assert "'=HYPERLINK(1)" in sheet.text
    assert "ở nơi khác" not in sheet.text
    # Head, three entries, and the one that says that the trail was exported.
    assert len(sheet.text.splitlines()) == 5
    assert ',"audit.exported",' in sheet.text.splitlines()[1]
