"""Who runs a place: invited by a code that works once, with no more rights than the role has."""

import re

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import token_hash
from lachan.kit.ids import new_code
from lachan.places.team.service import CODE_LENGTH
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone
from tests.integration.places.conftest import Register


async def invite(client: httpx.AsyncClient, boss: Someone, place: int, role: str = "staff") -> str:
    page = await client.post(
        f"/place/{place}/team", data={"role": role, "label": "Ca sáng"}, headers=boss.headers
    )
    assert page.status_code == 200, page.text
    found = re.search(r"/place/join/([0-9A-Z]{16})", page.text)
    assert found
    return found[1]


async def test_an_invitation_works_once_and_staff_may_not_do_what_owners_do(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        # Numbers that stand on no page by chance, as a small one does in a date.
        await connection.execute(
            text("SELECT setval(pg_get_serial_sequence('person', 'id'), 918273645)")
        )
    boss, hand, thief = [await make_resident(area=AREA) for _ in range(3)]
    place = (await register(boss, rooms=[{"name": "A"}]))["id"]
    code = await invite(client, boss, place)
    shown = await client.get(f"/place/join/{code.lower()}", headers=hand.headers)
    assert "Chợ Thử Nghiệm" in shown.text
    joined = await client.post(
        "/place/join", data={"code": code, "go": "take"}, headers=hand.headers
    )
    assert joined.headers["location"] == f"/place/{place}?did=joined"
    for again in (
        await client.post("/place/join", data={"code": code, "go": "take"}, headers=thief.headers),
        await client.get(f"/place/join/{code}"),
        await client.get("/place/join/0000000000000000"),
    ):
        assert again.status_code == 404

    assert (await client.get(f"/place/{place}", headers=hand.headers)).status_code == 200
    assert (await client.get(f"/place/{place}/numbers", headers=hand.headers)).status_code == 200
    refused = [
        await client.patch(
            f"/api/v1/me/places/{place}", json={"name": "Chợ khác"}, headers=hand.headers
        ),
        await client.post(f"/api/v1/me/places/{place}/close", headers=hand.headers),
        await client.post(f"/api/v1/me/places/{place}/codes", json={}, headers=hand.headers),
        await client.post(f"/place/{place}/team", data={"role": "owner"}, headers=hand.headers),
        await client.post(f"/place/{place}/hours", data={"proof": "off"}, headers=hand.headers),
    ]
    assert [one.status_code for one in refused] == [403] * len(refused)
    # Staff see themselves only, owners see labels and nobody's name.
    team = await client.get(f"/place/{place}/team", headers=boss.headers)
    assert "Ca sáng" in team.text
    assert str(hand.id) not in team.text
    async with owner.connect() as connection:
        member = await connection.scalar(
            text("SELECT id FROM place_staff WHERE person_id = :p"), {"p": hand.id}
        )
        own = await connection.scalar(
            text("SELECT id FROM place_staff WHERE person_id = :p"), {"p": boss.id}
        )
    by_thief = await client.post(f"/place/{place}/team/{member}/remove", headers=thief.headers)
    assert by_thief.status_code == 404
    by_hand = await client.post(f"/place/{place}/team/{own}/remove", headers=hand.headers)
    assert by_hand.status_code == 404
    last = await client.post(f"/place/{place}/team/{own}/remove", headers=boss.headers)
    assert last.status_code == 409
    await client.post(f"/place/{place}/team/{member}/remove", headers=boss.headers)
    assert (await client.get(f"/place/{place}", headers=hand.headers)).status_code == 404


async def test_old_and_withdrawn_invitations_open_nothing(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register, owner: AsyncEngine
) -> None:
    boss, hand = [await make_resident(area=AREA) for _ in range(2)]
    place = (await register(boss))["id"]
    old = await invite(client, boss, place)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place_invite SET expires_at = now()"))
    withdrawn = await invite(client, boss, place)
    async with owner.connect() as connection:
        number = await connection.scalar(text("SELECT max(id) FROM place_invite"))
    await client.post(f"/place/{place}/invitations/{number}/withdraw", headers=boss.headers)
    for code in (old, withdrawn):
        answer = await client.post(
            "/place/join", data={"code": code, "go": "take"}, headers=hand.headers
        )
        assert answer.status_code == 404


async def test_by_plain_sql_nobody_makes_themselves_part_of_a_place(
    database: Database, make_resident: MakeResident, register: Register, owner: AsyncEngine
) -> None:
    boss, thief = [await make_resident(area=AREA) for _ in range(2)]
    place = (await register(boss))["id"]
    async with owner.begin() as connection:
        empty = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, created_at) "
                "VALUES ('Trống', 'market', :a, now() - interval '1 day') RETURNING id"
            ),
            {"a": AREA},
        )
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        await raw.execute("SELECT set_config('lachan.session', $1, false)", thief.token)
        for target in (place, empty):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(
                    "INSERT INTO place_staff (place_id, person_id, role) VALUES ($1, $2, 'owner')",
                    target,
                    thief.id,
                )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute(
                "INSERT INTO place_invite (place_id, role, code_hash, created_by, expires_at) "
                "VALUES ($1, 'owner', '\\x00', $2, now() + interval '1 day')",
                place,
                thief.id,
            )
        for table in ("visit", "last_visit", "scan", "identity_sealed", "place_invite"):
            assert await raw.fetch(f"SELECT 1 FROM {table} LIMIT 1") == [], table
        # Those who run a place learn numbers, and by no statement who it was.
        await raw.execute("SELECT set_config('lachan.session', $1, false)", boss.token)
        assert await raw.fetch("SELECT 1 FROM visit") == []
        assert await raw.fetch("SELECT 1 FROM identity_sealed WHERE person_id <> $1", boss.id) == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.fetch("SELECT 1 FROM day_close_visit")
    finally:
        await raw.close()


async def test_a_fake_place_with_a_real_name_waits_for_the_desk(
    client: httpx.AsyncClient,
    database: Database,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    register: Register,
) -> None:
    real, fake = [await make_resident(area=AREA) for _ in range(2)]
    await register(real, "Chợ Đồng Xuân")
    chain = await register(real, "Chợ Đồng Xuân 2")
    copy = await register(fake, "Chợ Đông Xuân")
    honest = await register(fake, "Quán Nước Đầu Ngõ")

    async def is_registered(made: dict[str, object]) -> bool:
        found = (await client.get(f"/api/v1/places/{made['code']}")).json()["registered"]
        assert isinstance(found, bool)
        return found

    assert await is_registered(chain), "one's own branches are not doubted"
    assert await is_registered(honest)
    assert not await is_registered(copy)
    # Renaming afterwards is looked at as well.
    await client.patch(
        f"/api/v1/me/places/{honest['id']}", json={"name": "Сhợ Đồng Xuân"}, headers=fake.headers
    )
    assert not await is_registered(honest)
    page = await client.get(f"/place/{copy['id']}", headers=fake.headers)
    assert "Tên đang được xem lại" in page.text
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        await raw.execute("SELECT set_config('lachan.session', $1, false)", fake.token)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await raw.execute("UPDATE place_review SET state = 'accepted'")
    finally:
        await raw.close()

    tracer = await make_officer("tracer", "VN.01")
    assert (await client.get("/desk/places/reviews", headers=tracer.headers)).status_code == 403
    far = await make_officer("admin", "VN.79")
    far_page = await client.get("/desk/places/reviews", headers=far.headers)
    assert "Chợ Đông Xuân" not in far_page.text
    by_far = await client.post(
        f"/desk/places/reviews/{copy['id']}", data={"decision": "accepted"}, headers=far.headers
    )
    assert by_far.status_code == 404
    desk = await make_officer("admin", "VN.01")
    page = await client.get("/desk/places/reviews", headers=desk.headers)
    assert "Chợ Đông Xuân" in page.text
    assert "Сhợ Đồng Xuân" in page.text
    await client.post(
        f"/desk/places/reviews/{copy['id']}", data={"decision": "accepted"}, headers=desk.headers
    )
    assert await is_registered(copy)


async def test_a_program_invites_lists_and_removes_staff(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register
) -> None:
    boss, hand, thief = [await make_resident(area=AREA) for _ in range(3)]
    staff = f"/api/v1/me/places/{(await register(boss))['id']}/staff"
    invited = await client.post(staff, json={"label": "Ca sáng"}, headers=boss.headers)
    assert invited.status_code == 201, invited.text
    code = invited.json()["code"]
    assert invited.json()["join_url"].endswith(f"/place/join/{code}")
    waiting = (await client.get(staff, headers=boss.headers)).json()["invitations"]
    assert [one["label"] for one in waiting] == ["Ca sáng"]
    body = {"code": code}
    taken = await client.post(
        "/api/v1/me/place-invitations/by-code", json=body, headers=hand.headers
    )
    assert taken.status_code == 200, taken.text
    second = await client.post(
        "/api/v1/me/place-invitations/by-code", json=body, headers=thief.headers
    )
    assert (second.status_code, second.json()["code"]) == (404, "invitation-unknown")
    team = (await client.get(staff, headers=boss.headers)).json()
    assert [(one["role"], one["is_me"]) for one in team["staff"]] == [
        ("owner", True),
        ("staff", False),
    ]
    own = (await client.get(staff, headers=hand.headers)).json()["staff"]
    assert [one["is_me"] for one in own] == [True], "staff see themselves only"
    for answer, status in (
        (await client.get(staff), 401),
        (await client.get(staff, headers=thief.headers), 404),
        (await client.post(staff, json={}, headers=thief.headers), 404),
        (await client.post(staff, json={}, headers=hand.headers), 403),
        (await client.delete(f"{staff}/{team['staff'][0]['id']}", headers=boss.headers), 409),
        (await client.delete(f"{staff}/{team['staff'][1]['id']}", headers=thief.headers), 404),
        (await client.delete(f"{staff}/{team['staff'][1]['id']}", headers=boss.headers), 204),
        (await client.get(staff, headers=hand.headers), 404),
    ):
        assert answer.status_code == status, answer.text
    another = (await client.post(staff, json={"role": "owner"}, headers=boss.headers)).json()
    waiting = (await client.get(staff, headers=boss.headers)).json()["invitations"]
    path = f"{staff.removesuffix('staff')}invitations/{waiting[0]['id']}"
    assert (await client.delete(path, headers=thief.headers)).status_code == 404
    assert (await client.delete(path, headers=boss.headers)).status_code == 204
    late = await client.post(
        "/api/v1/me/place-invitations/by-code",
        json={"code": another["code"]},
        headers=hand.headers,
    )
    assert late.status_code == 404


async def test_a_program_sets_the_hours(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register
) -> None:
    boss, stranger = [await make_resident(area=AREA) for _ in range(2)]
    hours = f"/api/v1/me/places/{(await register(boss))['id']}/hours"
    assert (await client.get(hours, headers=boss.headers)).json() == {"days": None, "proof": "off"}
    week = [{"opens": "07:30", "closes": "22:00"}] * 5 + [{"opens": "18:00", "closes": "02:00"}]
    wanted = {"days": [*week, None], "proof": "optional"}
    for _ in range(2):
        written = await client.put(hours, json=wanted, headers=boss.headers)
        assert (written.status_code, written.json()) == (200, wanted)
    assert (await client.get(hours, headers=boss.headers)).json() == wanted
    for wrong in (
        {"days": week, "proof": "off"},
        {"days": [{"opens": "25:00", "closes": "07:00"}] * 7, "proof": "off"},
        {"days": [*week, {"opens": "07:00"}], "proof": "off"},
        {"days": None, "proof": "always"},
        {"days": None},
    ):
        assert (await client.put(hours, json=wrong, headers=boss.headers)).status_code == 422, wrong
    assert (await client.put(hours, json=wanted, headers=stranger.headers)).status_code == 404
    assert (await client.put(hours, json=wanted)).status_code == 401
    none = await client.put(hours, json={"days": None, "proof": "off"}, headers=boss.headers)
    assert none.json() == {"days": None, "proof": "off"}


async def test_an_owner_who_is_removed_comes_back_by_no_code_of_their_own(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register, owner: AsyncEngine
) -> None:
    boss, rogue, friend = [await make_resident(area=AREA) for _ in range(3)]
    place = (await register(boss))["id"]
    staff = f"/api/v1/me/places/{place}/staff"

    async def invited_by(somebody: Someone) -> dict[str, str]:
        made = await client.post(staff, json={"role": "owner"}, headers=somebody.headers)
        assert made.status_code == 201, made.text
        return {"code": made.json()["code"]}

    async def take(code: dict[str, str], somebody: Someone) -> int:
        path = "/api/v1/me/place-invitations/by-code"
        return (await client.post(path, json=code, headers=somebody.headers)).status_code

    assert await take(await invited_by(boss), rogue) == 200
    kept, other = await invited_by(rogue), await invited_by(boss)
    team = (await client.get(staff, headers=boss.headers)).json()["staff"]
    (gone,) = [one["id"] for one in team if not one["is_me"]]
    assert (await client.delete(f"{staff}/{gone}", headers=boss.headers)).status_code == 204
    shown = await client.get(f"/place/join/{kept['code']}", headers=rogue.headers)
    assert shown.status_code == 404
    assert await take(kept, rogue) == 404
    assert await take(kept, friend) == 404
    # One that was on its way into the table as they were removed.
    raced = new_code(CODE_LENGTH)
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place_invite (place_id, role, code_hash, created_by, expires_at) "
                "VALUES (:place, 'owner', :hash, :person, now() + interval '1 day')"
            ),
            {"place": place, "hash": token_hash(raced), "person": rogue.id},
        )
    assert await take({"code": raced}, friend) == 404
    waiting = (await client.get(staff, headers=boss.headers)).json()["invitations"]
    assert len(waiting) == 2, "what went with the removed owner is not listed"
    assert await take(other, friend) == 200
