"""Residents: in by a code, see and change what is kept, out for good."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import sealed, service
from lachan.kit.crypto import Keyring
from lachan.settings import Settings
from tests.conftest import AREA, Database, MakeOfficer, MakeResident
from tests.integration.identity.conftest import ReadTexts, SignIn, bearer

PHONE = "0912345678"


async def test_first_sign_in_makes_the_person_and_the_second_finds_it(
    client: httpx.AsyncClient, sign_in: SignIn, owner: AsyncEngine
) -> None:
    first = await sign_in(PHONE)
    assert first.json()["new"] is True
    again = await sign_in("+84 912 345 678", client="web")
    assert again.json()["new"] is False
    me = (await client.get("/api/v1/me", headers=bearer(again))).json()
    assert me["phone"] == "+84912345678"
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM person")) == 1
        clients = await connection.execute(text("SELECT client FROM session"))
        assert [row.client for row in clients] == ["web", "web"]


async def test_nothing_of_a_phone_or_a_code_is_readable_in_the_database(
    sign_in: SignIn, owner: AsyncEngine, texts: ReadTexts
) -> None:
    await sign_in(PHONE)
    code = (await texts())[0].body[:6]
    async with owner.begin() as connection:
        for table in ("identity_sealed", "one_time_code", "text_message", "pgqueuer", "event"):
            rows = await connection.execute(text(f"SELECT t::text AS whole FROM {table} t"))
            for row in rows:
                assert "912345678" not in row.whole
                assert b"912345678".hex() not in row.whole
                assert b"912345678" not in bytes(row.whole, "utf8")
                assert f",{code}," not in row.whole


NOT_MOBILE = ("", "abc", "12345", "02438253333", "+84912345678;1", "9" * 33, "١٢٣", "+999123456789")


async def test_what_is_no_mobile_number_is_refused(client: httpx.AsyncClient) -> None:
    for phone in NOT_MOBILE:
        answer = await client.post("/api/v1/auth/codes", json={"phone": phone})
        assert answer.status_code == 422, phone
        assert answer.json()["code"] in {"phone-invalid", "invalid-input"}, phone
        assert "phone" in answer.json()["fields"], phone


async def test_known_and_unknown_phones_are_answered_alike(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(PHONE)
    known = await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    unknown = await client.post("/api/v1/auth/codes", json={"phone": "0987654321"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    wrong_known = await client.post(
        "/api/v1/auth/sessions", json={"phone": PHONE, "code": "000000"}
    )
    wrong_unknown = await client.post(
        "/api/v1/auth/sessions", json={"phone": "0977777777", "code": "000000"}
    )
    assert wrong_known.status_code == wrong_unknown.status_code == 422
    same = {"request_id": None}
    assert wrong_known.json() | same == wrong_unknown.json() | same


async def test_a_code_works_once_and_only_for_its_phone(
    client: httpx.AsyncClient, texts: ReadTexts
) -> None:
    await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    code = (await texts())[0].body[:6]
    other = {"phone": "0987654321", "code": code}
    assert (await client.post("/api/v1/auth/sessions", json=other)).status_code == 422
    given = {"phone": PHONE, "code": code}
    assert (await client.post("/api/v1/auth/sessions", json=given)).status_code == 201
    assert (await client.post("/api/v1/auth/sessions", json=given)).status_code == 422


async def test_an_old_code_is_refused(
    client: httpx.AsyncClient, texts: ReadTexts, owner: AsyncEngine
) -> None:
    await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    code = (await texts())[0].body[:6]
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE one_time_code SET expires_at = now()"))
    answer = await client.post("/api/v1/auth/sessions", json={"phone": PHONE, "code": code})
    assert answer.json()["code"] == "code-wrong"


async def test_after_the_allowed_tries_even_the_right_code_is_refused(
    client: httpx.AsyncClient, texts: ReadTexts, settings: Settings
) -> None:
    await client.post("/api/v1/auth/codes", json={"phone": PHONE})
    code = (await texts())[0].body[:6]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(settings.identity.code_attempts):
        answer = await client.post("/api/v1/auth/sessions", json={"phone": PHONE, "code": wrong})
        assert answer.status_code == 422
    answer = await client.post("/api/v1/auth/sessions", json={"phone": PHONE, "code": code})
    assert answer.status_code == 422


async def test_a_phone_gets_a_limited_number_of_codes_and_the_answer_stays_the_same(
    client: httpx.AsyncClient, texts: ReadTexts, settings: Settings
) -> None:
    answers = {
        (await client.post("/api/v1/auth/codes", json={"phone": PHONE})).content
        for _ in range(settings.identity.codes_per_hour + 3)
    }
    assert len(answers) == 1
    assert len(await texts()) == settings.identity.codes_per_hour


async def test_one_address_asking_for_codes_of_many_phones_is_slowed_down(
    client: httpx.AsyncClient,
) -> None:
    seen = set()
    for number in range(70):
        answer = await client.post("/api/v1/auth/codes", json={"phone": f"09123450{number:02}"})
        seen.add(answer.status_code)
    assert seen == {202, 429}
    assert int(answer.headers["retry-after"]) >= 1


async def test_two_phones_at_once_make_one_person_each(
    database: Database, keyring: Keyring, app: object
) -> None:
    import asyncio

    storage = app.state.storage  # type: ignore[attr-defined]

    async def enrol() -> int:
        async with storage.transaction() as connection:
            return await service.enrol_person(connection, keyring, phone=PHONE, name="Trần Thử")

    assert len(set(await asyncio.gather(*(enrol() for _ in range(6))))) == 1


async def test_a_resident_changes_what_is_kept_and_the_database_sees_only_seals(
    client: httpx.AsyncClient, sign_in: SignIn, owner: AsyncEngine
) -> None:
    headers = bearer(await sign_in(PHONE))
    answer = await client.patch(
        "/api/v1/me",
        json={"name": "  Nguyễn   Thị Mẫu ", "birth_year": 1990, "home_area": AREA},
        headers=headers,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "Nguyễn Thị Mẫu"
    assert answer.json()["home_area"] == {
        "path": AREA,
        "name": "Phường Ba Đình, Thành phố Hà Nội",
    }
    async with owner.begin() as connection:
        raw = await connection.scalar(text("SELECT sealed FROM identity_sealed"))
        assert "Mẫu".encode() not in raw
        assert b"1990" not in raw
    answer = await client.patch("/api/v1/me", json={"name": None}, headers=headers)
    assert (answer.json()["name"], answer.json()["birth_year"]) == (None, 1990)


NOT_KEPT: tuple[tuple[dict[str, object], str], ...] = (
    ({"home_area": "VN.99"}, "home_area"),
    ({"home_area": "x"}, "home_area"),
    ({"birth_year": 12}, "birth_year"),
    ({"name": "x" * 200}, "name"),
    ({"phone": "0987654321"}, "phone"),
)


async def test_what_cannot_be_kept_is_refused_by_field(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    mine = bearer(await sign_in())
    for change, field in NOT_KEPT:
        answer = await client.patch("/api/v1/me", json=change, headers=mine)
        assert answer.status_code == 422, change
        assert field in answer.json()["fields"], change


async def test_a_household_is_added_to_and_removed_from(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    mine = bearer(await sign_in(PHONE))
    child = await client.post(
        "/api/v1/me/household", json={"name": "Bé Thử", "birth_year": 2019}, headers=mine
    )
    assert child.status_code == 201, child.text
    person = child.json()["person_id"]
    assert (await client.get("/api/v1/me", headers=mine)).json()["household"] == [
        {"person_id": person, "name": "Bé Thử", "birth_year": 2019, "relation": None}
    ]
    theirs = bearer(await sign_in("0987654321"))
    assert (await client.get("/api/v1/me", headers=theirs)).json()["household"] == []
    refused = await client.delete(f"/api/v1/me/household/{person}", headers=theirs)
    assert refused.json()["code"] == "person-unknown"
    gone = await client.delete(f"/api/v1/me/household/{person}", headers=mine)
    assert gone.status_code == 204
    assert (await client.get("/api/v1/me", headers=mine)).json()["household"] == []


async def test_a_household_has_a_limit(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    mine = bearer(await sign_in(PHONE))
    for number in range(20):
        body = {"name": f"Người {number}"}
        answer = await client.post("/api/v1/me/household", json=body, headers=mine)
        assert answer.status_code == 201, answer.text
    answer = await client.post("/api/v1/me/household", json={"name": "Một nữa"}, headers=mine)
    assert answer.json()["code"] == "household-full"


async def test_signing_out_ends_this_session_and_everywhere_ends_all(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    one, two, three = [bearer(await sign_in(PHONE)) for _ in range(3)]
    assert (await client.delete("/api/v1/auth/session", headers=one)).status_code == 204
    assert (await client.get("/api/v1/me", headers=one)).status_code == 401
    assert (await client.get("/api/v1/me", headers=two)).status_code == 200
    assert (await client.delete("/api/v1/auth/sessions", headers=two)).status_code == 204
    assert (await client.get("/api/v1/me", headers=three)).status_code == 401


async def test_leaving_erases_everything_and_a_new_sign_in_starts_anew(
    client: httpx.AsyncClient, sign_in: SignIn, owner: AsyncEngine
) -> None:
    mine = bearer(await sign_in(PHONE))
    await client.post("/api/v1/me/household", json={"name": "Bé Thử"}, headers=mine)
    assert (await client.delete("/api/v1/me", headers=mine)).status_code == 204
    assert (await client.get("/api/v1/me", headers=mine)).status_code == 401
    async with owner.begin() as connection:
        for table in ("person", "identity_sealed", "session"):
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    assert (await sign_in(PHONE)).json()["new"] is True


async def test_while_a_case_is_open_its_tracers_can_still_reach_who_left(
    client: httpx.AsyncClient,
    sign_in: SignIn,
    owner: AsyncEngine,
    make_officer: MakeOfficer,
) -> None:
    mine = bearer(await sign_in(PHONE))
    tracer = await make_officer("tracer", "VN.01")
    async with owner.begin() as connection:
        person = await connection.scalar(text("SELECT id FROM person"))
        await connection.execute(
            text(
                "INSERT INTO case_record (code, person_id, disease, profile_version, area,"
                " classification, infectious_from, infectious_until, opened_by)"
                " VALUES ('A', :person, 'covid-19', '1', :area, 'confirmed', now(),"
                " now() + interval '1 day', :officer)"
            ),
            {"person": person, "area": AREA, "officer": tracer.id},
        )
    assert (await client.delete("/api/v1/me", headers=mine)).status_code == 204
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM identity_sealed")) == 1
        assert await connection.scalar(text("SELECT lachan_erase_due()")) == 0
        await connection.execute(text("UPDATE case_record SET closed_at = now()"))
        assert await connection.scalar(text("SELECT lachan_erase_due()")) == 1
        assert await connection.scalar(text("SELECT count(*) FROM identity_sealed")) == 0
        assert await connection.scalar(text("SELECT home_area FROM person")) is None


ROUTES = [
    ("GET", "/api/v1/me"),
    ("PATCH", "/api/v1/me"),
    ("DELETE", "/api/v1/me"),
    ("POST", "/api/v1/me/household"),
    ("DELETE", "/api/v1/me/household/1"),
    ("GET", "/api/v1/me/openings"),
    ("DELETE", "/api/v1/auth/session"),
    ("DELETE", "/api/v1/auth/sessions"),
]


async def test_strangers_and_officers_are_refused(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    officer = await make_officer("admin", "VN")
    for method, path in ROUTES:
        body = {"json": {"name": "x"}} if method in {"POST", "PATCH"} else {}
        stranger = await client.request(method, path, **body)
        assert stranger.status_code == 401, path
        answer = await client.request(method, path, headers=officer.headers, **body)
        assert answer.status_code == 403, path


async def test_a_person_reads_who_opened_their_data_and_why(
    client: httpx.AsyncClient,
    app: object,
    keyring: Keyring,
    sign_in: SignIn,
    owner: AsyncEngine,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    from lachan.kit.errors import NotAllowed

    mine = bearer(await sign_in(PHONE))
    tracer = await make_officer("tracer", "VN.01")
    stranger = await make_officer("tracer", "VN.79")
    async with owner.begin() as connection:
        person = await connection.scalar(text("SELECT id FROM person"))
        await connection.execute(
            text(
                "INSERT INTO case_record (code, person_id, disease, profile_version, area,"
                " classification, infectious_from, infectious_until, opened_by)"
                " VALUES ('A', :person, 'covid-19', '1', :area, 'confirmed', now(),"
                " now() + interval '1 day', :officer)"
            ),
            {"person": person, "area": AREA, "officer": tracer.id},
        )
    state = app.state  # type: ignore[attr-defined]

    async def open_as(token: str, reason: str = "Gọi điện điều tra dịch tễ") -> sealed.IdentityData:
        viewer = await state.sessions.find(token)
        async with state.storage.transaction(token) as connection:
            return await service.open_identity(
                connection, keyring, viewer, person, reason=reason, purpose="case"
            )

    assert (await open_as(tracer.token)).phone == "+84912345678"
    for token, reason, error in (
        (stranger.token, "Tò mò", service.PersonUnknown),
        (tracer.token, "  ", service.ReasonMissing),
        ((await make_resident()).token, "Tò mò", NotAllowed),
    ):
        with pytest.raises(error):
            await open_as(token, reason)
    answer = (await client.get("/api/v1/me/openings", headers=mine)).json()
    assert [(one["officer"], one["unit"], one["reason"]) for one in answer["openings"]] == [
        ("Cán bộ thử", "Thành phố Hà Nội", "Gọi điện điều tra dịch tễ")
    ]
    other = bearer(await sign_in("0987654321"))
    assert (await client.get("/api/v1/me/openings", headers=other)).json()["openings"] == []
