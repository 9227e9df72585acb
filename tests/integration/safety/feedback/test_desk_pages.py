"""The inspector's pages by their forms: a flood sorted out, a form sent wrong, another's area."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import AREA, MakeOfficer, Someone
from tests.integration.safety.conftest import Facility
from tests.integration.safety.feedback.conftest import Rows, Tell


@pytest.fixture
async def inspector(make_officer: MakeOfficer) -> Someone:
    return await make_officer("safety_inspector", "VN.79")


async def test_a_flood_is_sorted_out_by_one_form(
    client: httpx.AsyncClient, owner: AsyncEngine, rows: Rows, school: Facility, inspector: Someone
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO feedback (handle_hash, place_id, body, proof, weight, state, due_at)"
                " SELECT sha256(n::text::bytea), :place, 'Trường này bẩn lắm', 'none', 1, 'held',"
                " now() FROM generate_series(1, 12) n"
            ),
            {"place": school.id},
        )
    page = f"/desk/safety/places/{school.id}/held"
    seen = await client.get(page, headers=inspector.headers)
    assert seen.text.count("Trường này bẩn lắm") == 12
    first, *_ = [one["id"] for one in await rows()]
    for form, status in (
        ({"act": "release"}, 422),
        ({"act": "dismiss", "every": "1"}, 422),
        ({"act": "release", "reports": str(first)}, 303),
        ({"act": "dismiss", "every": "1", "remark": "Cùng một lời, không có việc gì."}, 303),
    ):
        done = await client.post(page, data=form, headers=inspector.headers)
        assert done.status_code == status, form
    states = [one["state"] for one in await rows()]
    assert states == ["open"] + ["dismissed"] * 11


async def test_an_inspection_sent_wrong_keeps_what_was_typed(
    client: httpx.AsyncClient, school: Facility, inspector: Someone
) -> None:
    page = f"/desk/safety/places/{school.id}/inspect"
    form = {
        f"answer-{one.code}": str(one.points) for one in school.criteria.items if one.code != "4"
    } | {"order-4": "Lắp thêm một bồn rửa tay.", "due_at": "hôm nào cũng được"}
    wrong = await client.post(page, data=form, headers=inspector.headers)
    assert wrong.status_code == 422
    assert "Lắp thêm một bồn rửa tay." in wrong.text
    assert "hôm nào cũng được" in wrong.text
    done = await client.post(
        page, data=form | {"answer-4": "0", "due_at": ""}, headers=inspector.headers
    )
    assert done.status_code == 303
    seen = await client.get(done.headers["location"], headers=inspector.headers)
    assert "Lắp thêm một bồn rửa tay." in seen.text


async def test_pages_are_for_inspectors_of_the_area(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_officer: MakeOfficer,
) -> None:
    await tell(school)
    (report,) = await rows()
    outside = await make_officer("safety_inspector", AREA)
    admin = await make_officer("admin", "VN.79")
    for path in (
        f"/desk/safety/reports/{report['id']}",
        f"/desk/safety/places/{school.id}",
        f"/desk/safety/places/{school.id}/held",
        f"/desk/safety/places/{school.id}/inspect",
    ):
        for who in (outside, admin, school.owner):
            refused = await client.get(path, headers=who.headers)
            assert refused.status_code in (403, 404), path
    queue = await client.get("/desk/safety", headers=outside.headers)
    assert report["body"] not in queue.text


async def test_an_inspector_of_one_place_decides_nothing_where_they_administer(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    tell: Tell,
    rows: Rows,
    school: Facility,
    picture: bytes,
    make_officer: MakeOfficer,
) -> None:
    """The database lets admins of the area through to all of this; the work is an inspector's."""
    told = (await tell(school)).json()
    await client.post(f"/api/v1/feedback/{told['handle']}/photos", content=picture)
    both = await make_officer("safety_inspector", AREA)
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO officer_role VALUES (:officer, 'admin', 'VN.79')"),
            {"officer": both.id},
        )
        photo = await connection.scalar(text("SELECT id FROM safety_photo"))
    (report,) = await rows()
    page = f"/desk/safety/reports/{report['id']}"
    why = {"decision": "dismissed", "remark": "Đã gọi, không có gì."}
    held = {"reports": [report["id"]]}
    for method, path, sent in (
        ("GET", page, {}),
        ("POST", page, {"data": why}),
        ("POST", f"/api/v1/safety/feedback/{report['id']}/decision", {"json": why}),
        ("POST", f"/api/v1/safety/places/{school.id}/held", {"json": held}),
        ("GET", f"/desk/safety/photos/{photo}", {}),
    ):
        if path.endswith("/held"):
            async with owner.begin() as connection:
                await connection.execute(text("UPDATE feedback SET state = 'held'"))
        answer = await client.request(method, path, headers=both.headers, **sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), path
    assert [one["state"] for one in await rows()] == ["held"]
    inspector = await make_officer("safety_inspector", "VN.79")
    for path in (page, f"/desk/safety/photos/{photo}"):
        assert (await client.get(path, headers=inspector.headers)).status_code == 200
