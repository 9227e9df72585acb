"""The pages on which keys of devices and programs are given and taken away."""

import re

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from tests.conftest import AREA, MakeOfficer, MakeResident
from tests.integration.visits.devices.conftest import MakeDoor, document, scan

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
_KEY = re.compile(r'data-copy="([A-Za-z0-9_-]{43})"')


async def test_a_key_is_shown_once_and_works_until_it_is_taken_away(
    client: httpx.AsyncClient, make_door: MakeDoor, owner: AsyncEngine
) -> None:
    door = await make_door()
    page, headers = f"/place/{door.place_id}/devices", {**door.keeper.headers, **PAGE}
    made = await client.post(
        page, data={"kind": "terminal", "label": " Cổng  sau "}, headers=headers
    )
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    (key,) = _KEY.findall(made.text)
    assert "Cổng sau" in made.text
    listed = await client.get(page, headers=headers)
    assert "Cổng sau" in listed.text
    assert key not in listed.text
    body = {"sent_at": now().isoformat(), "scans": [scan(document(1))]}
    bearer = {"Authorization": f"Bearer {key}"}
    assert (await client.post("/api/v1/device/scans", json=body, headers=bearer)).is_success
    device = max(map(int, re.findall(rf"{page}/(\d+)/revoke", listed.text)))
    asked = await client.get(f"{page}/{device}/revoke", headers=headers)
    assert "Cổng sau" in asked.text
    gone = await client.post(f"{page}/{device}/revoke", headers=headers)
    assert (gone.status_code, gone.headers["location"]) == (303, f"{page}?did=revoked")
    after = await client.post("/api/v1/device/scans", json=body, headers=bearer)
    assert after.status_code == 401
    async with owner.connect() as connection:
        trail = await connection.execute(
            text("SELECT action, object, area, actor_id FROM audit_entry ORDER BY id DESC LIMIT 2")
        )
        assert [tuple(row) for row in trail] == [
            ("device.revoked", f"device:{device}", AREA, door.keeper.id),
            ("device.added", f"device:{device}", AREA, door.keeper.id),
        ]


async def test_what_is_wrong_with_the_form_is_said_beside_the_field(
    client: httpx.AsyncClient, make_door: MakeDoor
) -> None:
    door = await make_door()
    page, headers = f"/place/{door.place_id}/devices", {**door.keeper.headers, **PAGE}
    for data in (
        {"kind": "terminal", "label": "  "},
        {"kind": "spaceship", "label": "x"},
        {"kind": "terminal", "label": "x" * 200},
        {"kind": "terminal", "label": "x", "room_id": "1"},
        {"kind": "terminal", "label": "x", "room_id": "x"},
    ):
        answer = await client.post(page, data=data, headers=headers)
        assert answer.status_code == 422, data
        assert "error-summary" in answer.text
        assert not _KEY.findall(answer.text)


async def test_programs_get_keys_on_the_desk(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident
) -> None:
    admin = await make_officer("admin", "VN")
    headers = {**admin.headers, **PAGE}
    made = await client.post(
        "/desk/clients", data={"name": "vhd", "label": "Khai báo y tế"}, headers=headers
    )
    (key,) = _KEY.findall(made.text)
    assert made.headers["cache-control"] == "no-store"
    listed = await client.get("/desk/clients", headers=headers)
    assert "Khai báo y tế" in listed.text
    assert key not in listed.text
    (client_id,) = re.findall(r"/desk/clients/(\d+)/revoke", listed.text)
    asked = await client.get(f"/desk/clients/{client_id}/revoke", headers=headers)
    assert "khóa cuối cùng" in asked.text
    gone = await client.post(f"/desk/clients/{client_id}/revoke", headers=headers)
    assert gone.status_code == 303
    assert "Đã thu hồi" in (await client.get("/desk/clients", headers=headers)).text
    wrong = await client.post("/desk/clients", data={"name": "web", "label": "x"}, headers=headers)
    assert wrong.status_code == 422
    for other in (await make_officer("admin", "VN.01"), await make_officer("tracer", "VN")):
        refused = await client.get("/desk/clients", headers={**other.headers, **PAGE})
        assert refused.status_code == 403
        overview = await client.get("/desk", headers={**other.headers, **PAGE})
        assert 'href="/desk/clients"' not in overview.text
    assert 'href="/desk/clients"' in (await client.get("/desk", headers=headers)).text
