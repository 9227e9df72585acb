"""An inspector's own check beside the place's, orders, repair, re-check, closing."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.safety.inspections.tasks import overdue
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.integration.safety.conftest import Facility

ORDER = "Lắp thêm một bồn rửa tay ở cửa bếp."


def found(school: Facility, *, zero: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """An inspection in which everything is met but the items of `zero`."""
    answers = {one.code: 0 if one.code in zero else one.points for one in school.criteria.items}
    return {"answers": answers} | more


async def inspect(
    client: httpx.AsyncClient, who: Someone, school: Facility, body: dict[str, Any]
) -> httpx.Response:
    return await client.post(
        f"/api/v1/safety/places/{school.id}/inspections", json=body, headers=who.headers
    )


async def standing(client: httpx.AsyncClient, school: Facility) -> tuple[str, str]:
    seen = (await client.get(f"/api/v1/places/{school.id}/safety")).json()
    return seen["colour"], seen["reasons"][0]["code"]


async def commit(client: httpx.AsyncClient, school: Facility) -> None:
    done = await client.post(
        f"/api/v1/places/{school.id}/checks", json=school.check(), headers=school.owner.headers
    )
    assert done.status_code == 201, done.text


@pytest.fixture
async def inspector(make_officer: MakeOfficer) -> Someone:
    return await make_officer("safety_inspector", "VN.79")


async def test_what_the_inspector_found_beside_what_the_place_said(
    client: httpx.AsyncClient, school: Facility, inspector: Someone, owner: AsyncEngine
) -> None:
    await commit(client, school)
    done = await inspect(client, inspector, school, found(school, zero=("4",)))
    assert done.status_code == 201, done.text
    body = done.json()
    assert body["deviation"] == {"4": [1, 0]}
    assert (body["state"], body["score"], body["maximum"], body["colour"]) == (
        "closed",
        9,
        10,
        "green",
    )
    async with owner.connect() as connection:
        action = await connection.scalar(
            text("SELECT action FROM audit_entry ORDER BY id DESC LIMIT 1")
        )
    assert action == "safety.inspected"


async def test_without_a_self_check_nothing_differs(
    client: httpx.AsyncClient, school: Facility, inspector: Someone
) -> None:
    done = await inspect(client, inspector, school, found(school, zero=("4", "5")))
    assert done.json()["deviation"] == {}


async def test_an_order_is_repaired_and_checked_again(
    client: httpx.AsyncClient, school: Facility, inspector: Someone
) -> None:
    await commit(client, school)
    body = found(school, zero=("4",), orders={"4": ORDER}, remark="Bếp thiếu nước.")
    first = (await inspect(client, inspector, school, body)).json()
    assert (first["state"], first["colour"]) == ("open", "repair")
    assert await standing(client, school) == ("repair", "under-repair")

    mine = f"/api/v1/places/{school.id}/inspections"
    (sheet,) = (await client.get(mine, headers=school.owner.headers)).json()["inspections"]
    assert [(one["item"], one["wording"], one["state"]) for one in sheet["orders"]] == [
        ("4", ORDER, "open")
    ]
    repaired = f"{mine}/{first['id']}/repaired"
    assert (await client.post(repaired, headers=school.owner.headers)).status_code == 204
    assert (await client.post(repaired, headers=school.owner.headers)).status_code == 409
    # The place says so; the colour is the inspector's.
    assert await standing(client, school) == ("repair", "under-repair")

    again = await inspect(client, inspector, school, found(school, recheck_of=first["id"]))
    assert (again.json()["state"], again.json()["colour"]) == ("closed", "green")
    listed = await client.get(
        f"/api/v1/safety/places/{school.id}/inspections", headers=inspector.headers
    )
    assert [(one["state"], one["recheck_of"]) for one in listed.json()["inspections"]] == [
        ("closed", first["id"]),
        ("closed", None),
    ]
    assert listed.json()["inspections"][1]["orders"][0]["state"] == "accepted"
    twice = await inspect(client, inspector, school, found(school, recheck_of=first["id"]))
    assert twice.json()["code"] == "inspection-closed"


async def test_unsafe_holds_red_until_it_is_closed(
    client: httpx.AsyncClient, school: Facility, inspector: Someone
) -> None:
    await commit(client, school)
    codes = tuple(one.code for one in school.criteria.items)[:6]
    done = (await inspect(client, inspector, school, found(school, zero=codes))).json()
    assert (done["outcome"], done["state"], done["colour"]) == ("unsafe", "open", "red")
    # A new self-check, however fine, does not take it off.
    await commit(client, school)
    assert await standing(client, school) == ("red", "inspection-unsafe")
    path = f"/api/v1/safety/inspections/{done['id']}/close"
    for status in (204, 409):
        closed = await client.post(path, json={"remark": "Đã sửa."}, headers=inspector.headers)
        assert closed.status_code == status
    assert (await standing(client, school))[0] == "green"


async def test_the_gravest_of_two_open_inspections_holds(
    client: httpx.AsyncClient, school: Facility, inspector: Someone
) -> None:
    codes = tuple(one.code for one in school.criteria.items)[:6]
    red = (await inspect(client, inspector, school, found(school, zero=codes))).json()
    ordered = await inspect(client, inspector, school, found(school, orders={"4": ORDER}))
    assert ordered.json()["colour"] == "red"
    await client.post(
        f"/api/v1/safety/inspections/{red['id']}/close", json={}, headers=inspector.headers
    )
    assert (await standing(client, school))[0] == "repair"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answers": {}}, "answers.1"),
        ({"orders": {"99": ORDER}}, "orders.99"),
        ({"orders": {"4": "x" * 501}}, "orders.4"),
        ({"notes": {"4": "Xem http://bay.example"}}, "notes.4"),
        ({"due_at": (now() - timedelta(hours=1)).isoformat()}, "due_at"),
        ({"due_at": (now() + timedelta(days=91)).isoformat()}, "due_at"),
        ({"due_at": "2026-12-01T10:00:00"}, "due_at"),
    ],
)
async def test_what_cannot_be_taken(
    client: httpx.AsyncClient,
    school: Facility,
    inspector: Someone,
    change: dict[str, Any],
    field: str,
) -> None:
    refused = await inspect(client, inspector, school, found(school) | change)
    assert refused.status_code == 422
    assert field in refused.json()["fields"]


async def test_only_an_inspector_of_the_area(
    client: httpx.AsyncClient,
    school: Facility,
    inspector: Someone,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    outside = await make_officer("safety_inspector", AREA)
    done = (await inspect(client, inspector, school, found(school, orders={"4": ORDER}))).json()
    close = f"/api/v1/safety/inspections/{done['id']}/close"
    for who in (
        outside,
        await make_officer("admin", "VN.79"),
        await make_officer("tracer", "VN.79"),
        school.owner,
    ):
        assert (await inspect(client, who, school, found(school))).status_code == 403
        assert (await client.post(close, json={}, headers=who.headers)).status_code in (403, 404)
    listed = f"/api/v1/safety/places/{school.id}/inspections"
    assert (await client.get(listed, headers=outside.headers)).status_code == 403
    stranger = await make_resident()
    repaired = f"/api/v1/places/{school.id}/inspections/{done['id']}/repaired"
    assert (await client.post(repaired, headers=stranger.headers)).status_code == 404
    assert (await standing(client, school))[0] == "repair"


async def test_overdue_repairs_are_told_once(
    client: httpx.AsyncClient,
    school: Facility,
    inspector: Someone,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    await inspect(client, inspector, school, found(school, orders={"4": ORDER}))
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE inspection SET due_at = now() - interval '1 hour'"))
    for _ in range(2):
        await overdue(job_context, {})
    async with owner.connect() as connection:
        told = await connection.scalar(
            text("SELECT count(*) FROM event WHERE kind = 'safety_overdue'")
        )
    assert told == 1
    mine = await client.get(f"/api/v1/places/{school.id}/inspections", headers=school.owner.headers)
    assert mine.json()["inspections"][0]["overdue"] is True
