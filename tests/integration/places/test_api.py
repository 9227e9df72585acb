"""Registering, looking up, changing and closing a place, over HTTP on a real database."""

import json
from io import BytesIO
from typing import Any

import httpx
import pytest
import typst
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import normalise_code
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone

SCHOOL: dict[str, Any] = {
    "name": "Trường Tiểu học Kim Liên số 3",
    "kind": "school",
    "area": AREA,
    "address": "Số 3, ngõ 4",
    "rooms": [{"name": "Lớp 2A"}, {"name": "Nhà ăn", "ventilation": "good"}],
}


async def register(client: httpx.AsyncClient, who: Someone, **changes: object) -> dict[str, Any]:
    answer = await client.post("/api/v1/places", json={**SCHOOL, **changes}, headers=who.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
async def someone(make_resident: MakeResident) -> Someone:
    return await make_resident(area=AREA)


async def test_anonymous_and_officers_register_nothing(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    assert (await client.post("/api/v1/places", json=SCHOOL)).status_code == 401
    officer = await make_officer("tracer")
    answer = await client.post("/api/v1/places", json=SCHOOL, headers=officer.headers)
    assert answer.status_code == 403


async def test_a_place_with_rooms(
    client: httpx.AsyncClient, someone: Someone, owner: AsyncEngine
) -> None:
    made = await register(client, someone, lat=21.0386, lon=105.838)
    codes = [made["code"], *(room["code"] for room in made["rooms"])]
    assert len({normalise_code(code) for code in codes} - {None}) == 3
    assert [room["name"] for room in made["rooms"]] == ["Lớp 2A", "Nhà ăn"]
    mine = (await client.get("/api/v1/me/places", headers=someone.headers)).json()["places"]
    assert [place["id"] for place in mine] == [made["id"]]
    assert mine[0]["usual_stay_minutes"] == 480
    assert mine[0]["area"]["name"] == "Phường Ba Đình"
    assert [room["ventilation"] for room in mine[0]["rooms"]] == ["normal", "good"]
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT folded, h3, drill_id FROM place"))).one()
        assert row.folded == "truong tieu hoc kim lien so 3"
        assert row.h3 > 0
        assert row.drill_id is None
        roles = (await connection.execute(text("SELECT person_id, role FROM place_staff"))).all()
        assert roles == [(someone.id, "owner")]


async def test_the_ward_follows_from_the_position(
    client: httpx.AsyncClient, someone: Someone
) -> None:
    made = await register(client, someone, area=None, lat=21.0057, lon=105.832)
    mine = (await client.get(f"/api/v1/me/places/{made['id']}", headers=someone.headers)).json()
    assert mine["area"]["name"] == "Phường Kim Liên"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "ngắn"),
    ({"name": "   "}, "name", "bắt buộc"),
    ({"name": "x" * 201}, "name", "dài"),
    ({"name": "Chợ\u0000Hôm"}, "name", "ký tự"),
    ({"name": "Chợ\u202eHôm"}, "name", "ký tự"),
    ({"address": "dòng 1\ndòng 2"}, "address", "ký tự"),
    ({"kind": "castle"}, "kind", "loại"),
    ({"area": None}, "area", "phường"),
    ({"area": "VN.01"}, "area", "cấp"),
    ({"area": "VN.01.99999"}, "area", "Không có"),
    ({"area": "'; DROP"}, "area", "Không có"),
    ({"lat": 105.85, "lon": 21.03}, "lat", "đổi chỗ"),
    ({"lat": 48.9, "lon": 2.35}, "lat", "ngoài Việt Nam"),
    ({"lat": 21.03}, "lon", "bắt buộc"),
    ({"area": None, "lat": 19.0, "lon": 108.9}, "area", "chọn theo tên"),
    ({"usual_stay_minutes": 0}, "usual_stay_minutes", "khoảng"),
    ({"usual_stay_minutes": 1441}, "usual_stay_minutes", "khoảng"),
    ({"ventilation": "stuffy"}, "ventilation", "không hợp lệ"),
    ({"rooms": [{"name": f"P{n}"} for n in range(201)]}, "rooms", "dài"),
    ({"rooms": [{"name": "A"}, {"name": " a "}]}, "rooms.1.name", "Đã có"),
    ({"rooms": [{"name": "x" * 121}]}, "rooms.0.name", "dài"),
    ({"colour": "red"}, "colour", "mục nào"),
]


async def test_what_is_wrong_is_said(client: httpx.AsyncClient, someone: Someone) -> None:
    for changes, field, said in WRONG:
        answer = await client.post(
            "/api/v1/places", json={**SCHOOL, **changes}, headers=someone.headers
        )
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "invalid-input"), changes
        assert list(problem["fields"]) == [field], changes
        assert said in problem["fields"][field], changes
    for body in (b"{", b"[]", b"\xff\xfe", b'{"name": 1e999}'):
        answer = await client.post(
            "/api/v1/places",
            content=body,
            headers={**someone.headers, "content-type": "application/json"},
        )
        assert answer.status_code in {400, 422}, body
        assert answer.headers["content-type"] == "application/problem+json"
    mine = await client.get("/api/v1/me/places", headers=someone.headers)
    assert mine.json() == {"places": []}


async def test_a_code_tells_public_facts_only(client: httpx.AsyncClient, someone: Someone) -> None:
    made = await register(client, someone, lat=21.0386, lon=105.838)
    room = made["rooms"][0]["code"]
    answer = await client.get(f"/api/v1/places/{room.lower()}")
    assert answer.json() == {
        "code": room,
        "name": SCHOOL["name"],
        "kind": "school",
        "area": {"path": AREA, "name": "Phường Ba Đình", "province": "Thành phố Hà Nội"},
        "room": "Lớp 2A",
        "ventilation": "normal",
        "usual_stay_minutes": 480,
        "registered": True,
    }
    spoken = f"{room[:5]}-{room[5:]}"
    assert (await client.get(f"/api/v1/places/{spoken}")).json()["code"] == room


async def test_codes_that_are_wrong(client: httpx.AsyncClient, someone: Someone) -> None:
    code = (await register(client, someone))["code"]
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else "A" + code[1:]
    for path in ("", "/poster.pdf"):
        wrong = await client.get(f"/api/v1/places/{swapped}{path}")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "place-code-mistyped")
        unknown = await client.get(f"/api/v1/places/0000000000{path}")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "place-code-unknown")
        for rubbish in ("%00", "x" * 500, "..%2f..", "ư" * 10):
            answer = await client.get(f"/api/v1/places/{rubbish}{path}")
            assert answer.status_code in {400, 404, 422}
            assert answer.headers["content-type"] == "application/problem+json"


async def test_the_poster_shows_the_code(client: httpx.AsyncClient, someone: Someone) -> None:
    made = await register(client, someone)
    answer = await client.get(made["poster_url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    picture = typst.compile(
        b"#set page(margin: 0pt)\n"
        b'#image(bytes(json(bytes(sys.inputs.pdf))), format: "pdf", width: 100%)',
        format="png",
        ppi=72,
        sys_inputs={"pdf": json.dumps(list(answer.content))},
    )
    assert isinstance(picture, bytes)
    found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    assert [one.text for one in found] == [f"http://localhost:8000/p/{made['code']}"]
    small = await client.get(made["poster_url"] + "?size=a5")
    assert small.status_code == 200
    assert (await client.get(made["poster_url"] + "?size=a0")).status_code == 422


async def test_a_renewed_code_ends_the_old_poster(
    client: httpx.AsyncClient, someone: Someone
) -> None:
    made = await register(client, someone)
    at = f"/api/v1/me/places/{made['id']}/codes"
    fresh = (await client.post(at, json={}, headers=someone.headers)).json()["code"]
    assert (await client.get(f"/api/v1/places/{fresh}")).json()["name"] == SCHOOL["name"]
    old = await client.get(f"/api/v1/places/{made['code']}")
    assert (old.status_code, old.json()["code"]) == (410, "place-code-withdrawn")
    # The rooms' posters hang on.
    room = made["rooms"][0]
    assert (await client.get(f"/api/v1/places/{room['code']}")).status_code == 200
    again = await client.post(at, json={"room_id": room["id"]}, headers=someone.headers)
    assert again.status_code == 201
    assert (await client.get(f"/api/v1/places/{room['code']}")).status_code == 410
    nowhere = await client.post(at, json={"room_id": 10**9}, headers=someone.headers)
    assert nowhere.status_code == 404
    huge = await client.post(at, json={"room_id": 10**30}, headers=someone.headers)
    assert huge.status_code == 422


async def test_edit_changes_what_was_sent(client: httpx.AsyncClient, someone: Someone) -> None:
    made = await register(client, someone)
    at = f"/api/v1/me/places/{made['id']}"
    edited = await client.patch(at, json={"name": "Tên mới"}, headers=someone.headers)
    assert edited.json()["name"] == "Tên mới"
    assert edited.json()["address"] == SCHOOL["address"]
    moved = await client.patch(at, json={"lat": 21.0057, "lon": 105.832}, headers=someone.headers)
    assert moved.json()["area"]["name"] == "Phường Kim Liên"
    assert (await client.patch(at, json={"lat": None}, headers=someone.headers)).status_code == 422
    gone = await client.patch(at, json={"lat": None, "lon": None}, headers=someone.headers)
    assert (gone.json()["lat"], gone.json()["area"]["name"]) == (None, "Phường Kim Liên")
    for wrong in ({"name": None}, {"name": "\u0007"}, {"kind": "castle"}, {"area": "VN.01"}):
        answer = await client.patch(at, json=wrong, headers=someone.headers)
        assert answer.status_code == 422, wrong


async def test_rooms_come_and_go(client: httpx.AsyncClient, someone: Someone) -> None:
    made = await register(client, someone, rooms=[{"name": f"P{n}"} for n in range(199)])
    at = f"/api/v1/me/places/{made['id']}/rooms"
    added = await client.post(at, json={"name": "P199"}, headers=someone.headers)
    assert added.status_code == 201
    full = await client.post(at, json={"name": "P200"}, headers=someone.headers)
    assert (full.status_code, full.json()["code"]) == (409, "too-many-rooms")
    room = added.json()
    assert (await client.delete(f"{at}/{room['id']}", headers=someone.headers)).status_code == 204
    assert (await client.get(f"/api/v1/places/{room['code']}")).status_code == 410
    twice = await client.post(at, json={"name": "p0"}, headers=someone.headers)
    assert "Đã có" in twice.json()["fields"]["rooms.0.name"]
    back = await client.post(at, json={"name": "P199"}, headers=someone.headers)
    assert back.json()["id"] == room["id"]
    assert back.json()["code"] != room["code"]


async def test_a_closed_place_takes_nothing(client: httpx.AsyncClient, someone: Someone) -> None:
    made = await register(client, someone)
    at = f"/api/v1/me/places/{made['id']}"
    for _ in range(2):
        assert (await client.post(f"{at}/close", headers=someone.headers)).status_code == 204
    gone = await client.get(f"/api/v1/places/{made['code']}")
    assert (gone.status_code, gone.json()["code"]) == (410, "place-no-longer-run")
    assert (await client.get(made["poster_url"])).status_code == 410
    for call in (
        client.post(f"{at}/codes", json={}, headers=someone.headers),
        client.post(f"{at}/rooms", json={"name": "x"}, headers=someone.headers),
        client.patch(at, json={"name": "x"}, headers=someone.headers),
    ):
        assert (await call).status_code == 410
    mine = (await client.get(at, headers=someone.headers)).json()
    assert mine["state"] == "closed"


async def test_somebody_elses_place_does_not_exist(
    client: httpx.AsyncClient, someone: Someone, make_resident: MakeResident
) -> None:
    made = await register(client, someone)
    stranger = await make_resident()
    at = f"/api/v1/me/places/{made['id']}"
    for call in (
        client.get(at, headers=stranger.headers),
        client.patch(at, json={"name": "Của tôi"}, headers=stranger.headers),
        client.post(f"{at}/close", headers=stranger.headers),
        client.post(f"{at}/codes", json={}, headers=stranger.headers),
        client.post(f"{at}/rooms", json={"name": "x"}, headers=stranger.headers),
        client.delete(f"{at}/rooms/{made['rooms'][0]['id']}", headers=stranger.headers),
    ):
        answer = await call
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_row_security_keeps_strangers_out_even_in_raw_sql(
    client: httpx.AsyncClient, app: FastAPI, someone: Someone, make_resident: MakeResident
) -> None:
    made = await register(client, someone)
    stranger = await make_resident()
    for token in (stranger.token, ""):
        async with app.state.storage.transaction(token) as connection:
            for statement in (
                "UPDATE place SET name = 'x'",
                "UPDATE place_code SET revoked_at = now()",
                "UPDATE room SET name = 'x'",
                "DELETE FROM place_staff",
            ):
                assert (await connection.execute(text(statement))).rowcount == 0
            assert not (await connection.execute(text("SELECT * FROM place_staff"))).all()
    for statement in (
        f"INSERT INTO place_staff VALUES ({made['id']}, {stranger.id}, 'owner')",
        f"INSERT INTO place_staff VALUES ({made['id']}, {someone.id}, 'staff')",
        f"INSERT INTO place_code (code, place_id) VALUES ('STOLEN', {made['id']})",
        f"INSERT INTO room (place_id, name) VALUES ({made['id']}, 'x')",
    ):
        with pytest.raises(DBAPIError, match="row-level security"):
            async with app.state.storage.transaction(stranger.token) as connection:
                await connection.execute(text(statement))


async def test_a_drill_keeps_its_places_together(
    client: httpx.AsyncClient, app: FastAPI, owner: AsyncEngine, someone: Someone
) -> None:
    async with owner.begin() as connection:
        drill = await connection.scalar(
            text("INSERT INTO drill (label, created_by) VALUES ('thử', 1) RETURNING id")
        )
        await connection.execute(
            text("UPDATE person SET drill_id = :drill WHERE id = :person"),
            {"drill": drill, "person": someone.id},
        )
    app.state.sessions.forget_all()
    made = await register(client, someone)
    async with owner.connect() as connection:
        found = await connection.scalar(
            text("SELECT drill_id FROM place WHERE id = :id"), {"id": made["id"]}
        )
    assert found == drill


async def test_the_count_inside_is_shown_from_five_on(
    client: httpx.AsyncClient, someone: Someone, owner: AsyncEngine
) -> None:
    made = await register(client, someone)
    shown = []
    for person in range(1, 6):
        async with owner.begin() as connection:
            await connection.execute(
                text("SELECT lachan_make_partitions('visit', current_date - 2, current_date + 1)")
            )
            # Twice in the place (two rooms) is one person; a visit that ended does not count.
            await connection.execute(
                text(
                    """
                    INSERT INTO visit (id, day, person_id, place_id, started_at, ends_at,
                                       end_source, source, client, offline)
                    SELECT gen_random_uuid(), current_date, :person + n, :place,
                           now() - interval '1 hour', now() + until, 'expected', 'scan', 'web',
                           false
                    FROM (VALUES (0, interval '1 hour'), (0, interval '2 hours'),
                                 (100, interval '-1 minute')) AS stay (n, until)
                    """
                ),
                {"person": person, "place": made["id"]},
            )
        mine = await client.get(f"/api/v1/me/places/{made['id']}", headers=someone.headers)
        shown.append(mine.json()["inside"])
    assert shown == [None, None, None, None, 5]
