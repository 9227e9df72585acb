"""Giving places that the authority registered to whoever will run them, and who tries to take one.

An attack here is somebody who wants a place that is not theirs: to read its numbers, to print a
poster of their own, to close it.
"""

import asyncio
import csv
import io
import re
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.messages import outbox
from lachan.jobs.queue import JobContext
from lachan.kit.crypto import Keyring
from lachan.kit.http.rate import RateLimit
from lachan.kit.ids import new_code
from lachan.places.bulk import tasks as lists
from lachan.places.operators import api, tasks
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.places.conftest import Register

PHONE = "0912345678"
Sign = Callable[[str], Awaitable[dict[str, str]]]
Given = Callable[..., Awaitable[int]]


@pytest.fixture
async def texts(owner: AsyncEngine, keyring: Keyring) -> Callable[[], Awaitable[list[str]]]:
    async def read() -> list[str]:
        async with owner.begin() as connection:
            return [
                f"{one.phone} {one.purpose} {one.body}"
                for one in await outbox.newest(connection, keyring)
            ]

    return read


@pytest.fixture
def sign_in(client: httpx.AsyncClient, texts: Callable[[], Awaitable[list[str]]]) -> Sign:
    """Sign in by a phone as its owner does; the headers."""

    async def go(phone: str) -> dict[str, str]:
        await client.post("/api/v1/auth/codes", json={"phone": phone})
        code = (await texts())[0].split()[2]
        answer = await client.post("/api/v1/auth/sessions", json={"phone": phone, "code": code})
        assert answer.status_code == 201, answer.text
        return {"authorization": f"Bearer {answer.json()['token']}"}

    return go


@pytest.fixture
def given(owner: AsyncEngine) -> Given:
    """A place as an officer's list makes one: nobody runs it."""

    async def make(name: str = "Trạm Y tế Thử", area: str = AREA) -> int:
        async with owner.begin() as connection:
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area, by_authority) "
                    "VALUES (:name, 'medical', :area, true) RETURNING id"
                ),
                {"name": name, "area": area},
            )
            await connection.execute(
                text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
                {"code": new_code(), "place": place},
            )
        assert isinstance(place, int)
        return place

    return make


async def invite(
    client: httpx.AsyncClient, admin: Someone, place: int, phone: str | None = None
) -> httpx.Response:
    return await client.post(
        f"/api/v1/places/{place}/operator/invitations",
        json={"phone": phone} if phone else {},
        headers=admin.headers,
    )


async def take(client: httpx.AsyncClient, code: str, headers: dict[str, str]) -> httpx.Response:
    return await client.post(
        "/api/v1/me/place-invitations/by-code", json={"code": code}, headers=headers
    )


async def actions(owner: AsyncEngine, place: int) -> list[str]:
    async with owner.connect() as connection:
        rows = await connection.scalars(
            text("SELECT action FROM audit_entry WHERE object = :o ORDER BY id"),
            {"o": f"place:{place}"},
        )
        return list(rows.all())


async def test_a_phone_is_invited_and_its_holder_takes_the_place(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    given: Given,
    sign_in: Sign,
    owner: AsyncEngine,
    texts: Callable[[], Awaitable[list[str]]],
) -> None:
    place, admin = await given(), await make_officer("admin", "VN.01")
    here = f"/desk/places/{place}"
    page = await client.get(here, headers=admin.headers)
    assert "Chưa có người quản lý" in page.text
    wrong = await client.post(f"{here}/operator/phone", data={"phone": "12"}, headers=admin.headers)
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    sent = await client.post(f"{here}/operator/phone", data={"phone": PHONE}, headers=admin.headers)
    assert sent.headers["location"] == f"{here}?did=sent"
    (message,) = await texts()
    assert message.startswith("+84912345678 invitation ")
    assert "Trạm Y tế Thử" in message
    assert not re.search(r"[0-9A-Z]{12}", message), "nothing in it opens anything"
    page = await client.get(here, headers=admin.headers)
    assert "kết thúc bằng 678" in page.text
    assert PHONE not in page.text
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM place_invite"))).one()
    assert "912345" not in str(tuple(row))

    # Another number finds nothing, by whatever way it asks.
    thief = await sign_in("0987654321")
    assert "Trạm Y tế Thử" not in (await client.get("/place", headers=thief)).text
    for path in ("take", "decline"):
        tried = await client.post(f"/api/v1/me/place-invitations/{row.id}/{path}", headers=thief)
        assert (tried.status_code, tried.json()["code"]) == (404, "invitation-unknown")

    holder = await sign_in(PHONE)
    offered = (await client.get("/api/v1/me/place-invitations", headers=holder)).json()
    assert [one["name"] for one in offered["invitations"]] == ["Trạm Y tế Thử"]
    assert "Trạm Y tế Thử" in (await client.get("/place", headers=holder)).text
    taken = await client.post(f"/place/offers/{row.id}", data={"answer": "take"}, headers=holder)
    assert taken.headers["location"] == f"/place/{place}?did=joined"
    assert (await client.get(f"/place/{place}/team", headers=holder)).status_code == 200
    again = await client.post(f"/place/offers/{row.id}", data={"answer": "take"}, headers=holder)
    assert again.status_code == 404
    page = await client.get(here, headers=admin.headers)
    assert "Đã có người quản lý" in page.text
    assert await actions(owner, place) == ["place.operator_invited", "place.staff_joined"]


async def test_a_refusal_is_told_and_an_invitation_can_be_taken_back(
    client: httpx.AsyncClient, make_officer: MakeOfficer, given: Given, sign_in: Sign
) -> None:
    place = await given()
    admin, colleague = [await make_officer("admin", "VN.01") for _ in range(2)]
    first = (await invite(client, admin, place, PHONE)).json()["id"]
    holder = await sign_in(PHONE)
    refused = await client.post(
        f"/place/offers/{first}", data={"answer": "decline"}, headers=holder
    )
    assert refused.headers["location"] == "/place?did=declined"
    of_place = f"/api/v1/places/{place}/operator"
    told = (await client.get(of_place, headers=admin.headers)).json()
    assert (told["has_operator"], [one["state"] for one in told["invitations"]]) == (
        False,
        ["declined"],
    )
    # The same number once more stands in the first one's stead; a colleague takes it back.
    second = (await invite(client, admin, place, PHONE)).json()["id"]
    told = (await client.get(of_place, headers=colleague.headers)).json()
    assert [one["id"] for one in told["invitations"]] == [second]
    for who, status in (
        (await make_officer("admin", "VN.79"), 404),
        (await make_officer("tracer", "VN.01"), 403),
        (colleague, 204),
        (colleague, 404),
    ):
        gone = await client.delete(f"{of_place}/invitations/{second}", headers=who.headers)
        assert gone.status_code == status
    assert (await client.get("/api/v1/me/place-invitations", headers=holder)).json() == {
        "invitations": []
    }


async def test_a_printed_code_works_once_and_only_until_somebody_runs_the_place(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    given: Given,
    owner: AsyncEngine,
) -> None:
    place, admin = await given(), await make_officer("admin", "VN.01")
    boss, thief = [await make_resident(area=AREA) for _ in range(2)]
    page = await client.post(f"/desk/places/{place}/operator/code", headers=admin.headers)
    assert page.headers["cache-control"] == "no-store"
    shown = re.search(r"data-operator-code>([0-9A-Z-]+)<", page.text)
    assert shown
    other = (await invite(client, admin, place)).json()["code"]
    old = (await invite(client, admin, place)).json()
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_invite SET expires_at = now() WHERE id = :id"), {"id": old["id"]}
        )
    assert (await take(client, old["code"], thief.headers)).status_code == 404
    assert "Trạm Y tế Thử" in (await client.get(f"/place/join/{shown[1]}")).text
    assert (await take(client, shown[1], boss.headers)).json() == {"place_id": place}
    # The second letter to the same place is worth nothing now, whoever found it.
    for code in (shown[1], other):
        assert (await take(client, code, thief.headers)).status_code == 404
        assert (await client.get(f"/place/join/{code}")).status_code == 404
    full = await invite(client, admin, place)
    assert (full.status_code, full.json()["code"]) == (409, "place-has-operator")


async def test_two_who_hold_codes_do_not_both_get_the_place(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    given: Given,
    owner: AsyncEngine,
) -> None:
    place, admin = await given(), await make_officer("admin", "VN.01")
    codes = [(await invite(client, admin, place)).json()["code"] for _ in range(4)]
    people = [await make_resident(area=AREA) for _ in codes]
    answers = await asyncio.gather(
        *(take(client, code, who.headers) for code, who in zip(codes, people, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM place_staff")) == 1


async def test_no_officer_gets_into_a_place_that_somebody_runs(
    client: httpx.AsyncClient,
    database: Database,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    register: Register,
    given: Given,
) -> None:
    boss = await make_resident(area=AREA)
    place = (await register(boss))["id"]
    admin, far = await make_officer("admin", "VN.01"), await make_officer("admin", "VN.79")
    tracer = await make_officer("tracer", "VN.01")
    for phone in (None, PHONE):
        refused = await invite(client, admin, place, phone)
        assert (refused.status_code, refused.json()["code"]) == (409, "place-has-operator")
    back = await client.post(
        f"/api/v1/places/{place}/operator/take-back",
        json={"reason": "Muốn lấy chợ này"},
        headers=admin.headers,
    )
    assert (back.status_code, back.json()["code"]) == (409, "place-not-given")
    empty = await given()
    assert (await invite(client, far, empty)).status_code == 404
    assert (await invite(client, tracer, empty)).status_code == 403
    assert (await invite(client, boss, empty)).status_code == 403
    page = await client.get(f"/desk/places/{empty}", headers=tracer.headers)
    assert page.status_code == 200
    assert "operator/code" not in page.text
    assert (await client.get(f"/desk/places/{empty}", headers=far.headers)).status_code == 404

    # With the application's own rights and any statement the answer is the same.
    raw = await asyncpg.connect(database.dsn("app"))
    put = (
        "INSERT INTO place_invite (place_id, role, code_hash, created_by_officer, expires_at) "
        "VALUES ($1, $2, $3, $4, now() + interval '1 day')"
    )
    try:
        for who, target, role in (
            (admin, place, "owner"),
            (admin, empty, "staff"),
            (far, empty, "owner"),
            (tracer, empty, "owner"),
        ):
            await raw.execute("SELECT set_config('lachan.session', $1, false)", who.token)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(put, target, role, b"x", who.id)
            assert await raw.fetchval("SELECT lachan_take_place_back($1)", place) is None
        await raw.execute("SELECT set_config('lachan.session', $1, false)", boss.token)
        for column in ("by_authority = true", "drill_id = 1", "created_at = now()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(f"UPDATE place SET {column} WHERE id = $1", place)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("UPDATE place_invite SET expires_at = now() + interval '9 years'")
    finally:
        await raw.close()


async def test_guessing_codes_finds_nothing_and_is_slowed_down(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    given: Given,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Not the one that other tests use up.
    monkeypatch.setattr(api, "LOOK_UPS", RateLimit(1, burst=5))
    place, admin = await given(), await make_officer("admin", "VN.01")
    thief = await make_resident(area=AREA)
    real: str = (await invite(client, admin, place)).json()["code"]
    near = real[:-2] + ("0" if real[-2] != "0" else "1") + real[-1]
    answers = [
        await take(client, code, thief.headers)
        for code in (near, *(new_code(16) for _ in range(4)), real)
    ]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_nobody_is_pestered_by_texts(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    given: Given,
    texts: Callable[[], Awaitable[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, "_TEXTS_TO_ONE", RateLimit(1, burst=2))
    admins = [await make_officer("admin", "VN.01") for _ in range(3)]
    answers = [await invite(client, admin, await given(), PHONE) for admin in admins]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert len(await texts()) == 2


async def test_a_place_given_to_the_wrong_one_is_taken_back(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    given: Given,
    owner: AsyncEngine,
) -> None:
    place, admin = await given(), await make_officer("admin", "VN.01")
    thief, friend, boss = [await make_resident(area=AREA) for _ in range(3)]
    await take(client, (await invite(client, admin, place)).json()["code"], thief.headers)
    # The thief digs in: a second owner, an invitation kept back, a device.
    staff = f"/api/v1/me/places/{place}/staff"
    codes = [
        (await client.post(staff, json={"role": "owner"}, headers=thief.headers)).json()["code"]
        for _ in range(2)
    ]
    await take(client, codes[0], friend.headers)
    device = await client.post(
        f"/api/v1/places/{place}/devices",
        json={"kind": "turnstile", "label": "Cổng"},
        headers=friend.headers,
    )
    key = {"authorization": f"Bearer {device.json()['key']}"}
    assert (await client.get("/api/v1/device", headers=key)).status_code == 200

    ask = f"/desk/places/{place}/operator/take-back"
    assert (await client.get(ask, headers=admin.headers)).status_code == 200
    silent = await client.post(ask, data={"reason": " "}, headers=admin.headers)
    assert silent.status_code == 422
    done = await client.post(ask, data={"reason": "Mã gửi nhầm địa chỉ"}, headers=admin.headers)
    assert done.headers["location"] == f"/desk/places/{place}?did=taken"
    for who in (thief, friend):
        assert (await client.get(f"/place/{place}", headers=who.headers)).status_code == 404
    assert (await take(client, codes[1], thief.headers)).status_code == 404
    assert (await client.get("/api/v1/device", headers=key)).status_code == 401
    fresh = (await invite(client, admin, place)).json()["code"]
    assert (await take(client, fresh, boss.headers)).status_code == 200
    assert "place.taken_back" in await actions(owner, place)


async def test_a_list_names_operators_and_prints_codes_for_the_rest(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    owner: AsyncEngine,
    job_context: JobContext,
    sign_in: Sign,
    texts: Callable[[], Awaitable[list[str]]],
) -> None:
    admin = await make_officer("admin", "VN.01")
    sheet = (
        "Tên;Loại;Phường xã;Điện thoại người quản lý\r\n"
        "Trường Một;school;00004;912 345 678\r\n"
        "Trường Hai;school;00004;+84912345678\r\n"
        "Trường Ba;school;00004;\r\n"
        "Trường Bốn;school;00004;0123\r\n"
        "Trường Năm;school;00004;+14155552671\r\n"
    ).encode()
    sent = await client.post("/api/v1/place-imports", content=sheet, headers=admin.headers)
    assert sent.status_code == 201, sent.text
    dry = sent.json()
    assert (dry["good"], dry["operators"]) == (3, 2)
    assert [(one["line"], one["reason"]) for one in dry["refused"]] == [
        (5, "bulk-reason-phone"),
        (6, "bulk-reason-phone"),
    ]
    async with owner.connect() as connection:
        kept = (
            await connection.execute(text("SELECT rows, report, sealed FROM place_import"))
        ).one()
    assert "912345678" not in f"{kept.rows}{kept.report}"
    assert b"912345678" not in kept.sealed
    assert await texts() == [], "a dry run asks nobody"

    here = f"/desk/places/import/{dry['id']}"
    await client.post(f"/api/v1/place-imports/{dry['id']}/register", json={}, headers=admin.headers)
    for _ in range(2):
        await lists.register(job_context, {"import": dry["id"]})
    (message,) = await texts()
    assert message.startswith("+84912345678 invitation ")
    assert " 2 " in message, "one text for both schools"
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT sealed FROM place_import")) is None
    holder = await sign_in(PHONE)
    offers = (await client.get("/api/v1/me/place-invitations", headers=holder)).json()
    assert [one["name"] for one in offers["invitations"]] == ["Trường Một", "Trường Hai"]
    first = offers["invitations"][0]["id"]
    await client.post(f"/api/v1/me/place-invitations/{first}/take", headers=holder)

    page = await client.get(here, headers=admin.headers)
    assert "Tạo mã mời cho 2 nơi" in page.text
    files = [await client.post(f"{here}/operators.csv", headers=admin.headers) for _ in range(2)]
    rows = [list(csv.reader(io.StringIO(one.text.removeprefix("\ufeff")))) for one in files]
    assert [row[1] for row in rows[1][1:]] == ["Trường Hai", "Trường Ba"]
    boss, thief = [await make_resident(area=AREA) for _ in range(2)]
    assert (await take(client, rows[0][2][4], thief.headers)).status_code == 404, "made anew"
    assert (await take(client, rows[1][2][4], boss.headers)).status_code == 200
    # Whoever sends a list of the own places runs them: such a column is nothing to them.
    own = await client.post("/api/v1/me/place-imports", content=sheet, headers=boss.headers)
    assert (own.json()["good"], own.json()["operators"]) == (4, 0)
    other = await make_officer("admin", "VN.01")
    for path in (f"{here}/operators.csv", f"/api/v1/place-imports/{dry['id']}/operator-codes"):
        assert (await client.post(path, headers=other.headers)).status_code == 404
        assert (await client.post(path, headers=boss.headers)).status_code == 403

    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_invite SET expires_at = now() - interval '31 days'")
        )
    await tasks.forget(job_context, {})
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM place_invite")) == 0
