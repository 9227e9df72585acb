"""Officials edit a set in Excel, look at what it holds, and publish a version."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.criteria import sheets
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.service import set_for
from tests.conftest import AREA, OTHER_AREA, MakeOfficer, MakeResident, Someone
from tests.days import today
from tests.integration.safety.conftest import Facility, MakeFacility

SITE = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
async def admin(make_officer: MakeOfficer) -> Someone:
    """An admin of Hồ Chí Minh City."""
    return await make_officer("admin", "VN.79")


@pytest.fixture
def newer(school: Facility) -> CriteriaSet:
    """The city's set in another version, in which nine are needed to be safe."""
    rules = school.criteria.rules
    first, *others = rules.classes
    classes = (replace(first, at_least=first.at_least + 1), *others)
    return replace(
        school.criteria,
        version="2026-11",
        valid_from=today(),
        rules=replace(rules, classes=classes),
    )


async def check(
    client: httpx.AsyncClient, who: Someone, raw: bytes, *, dry_run: bool = False
) -> httpx.Response:
    return await client.post(
        f"/api/v1/criteria/files?dry_run={str(dry_run).lower()}", content=raw, headers=who.headers
    )


async def test_a_version_is_checked_kept_published_and_judged_by(
    client: httpx.AsyncClient, admin: Someone, school: Facility, newer: CriteriaSet
) -> None:
    raw = sheets.write(newer)
    looked = (await check(client, admin, raw, dry_run=True)).json()
    assert looked == {"id": None, "errors": [], "contradictions": []}
    kept = (await check(client, admin, raw)).json()
    assert kept["contradictions"] == []
    path = f"/api/v1/criteria/{kept['id']}"
    # A draft is seen by admins of its area alone, and judges nobody.
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=admin.headers)).json()["state"] == "draft"
    eight = school.check(zero=("1", "2"))
    checks = f"/api/v1/places/{school.id}/checks"
    before = await client.post(checks, json=eight, headers=school.owner.headers)
    assert before.json()["colour"] == "green"
    published = await client.post(f"{path}/publish", headers=admin.headers)
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert (await client.get(path)).json()["rules"]["classes"][0]["at_least"] == 9
    after = await client.post(
        checks, json=school.check(zero=("1", "2")), headers=school.owner.headers
    )
    assert after.json()["colour"] == "yellow"
    assert after.json()["set"]["version"] == "2026-11"
    # Withdrawn, the one before counts again; what was judged stays as it was.
    gone = await client.post(f"{path}/withdraw", headers=admin.headers)
    assert gone.json()["state"] == "withdrawn"
    told = (await client.get(f"/api/v1/places/{school.id}/safety")).json()
    assert (told["colour"], told["set"]["version"]) == ("yellow", "2026-11")
    again = await client.post(
        checks, json=school.check(zero=("1", "2")), headers=school.owner.headers
    )
    assert again.json()["set"]["version"] == "2021-10-20"


async def test_a_set_that_contradicts_itself_is_kept_but_never_published(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet, owner: AsyncEngine
) -> None:
    high, safe, _ = newer.rules.classes
    broken = replace(newer, rules=replace(newer.rules, classes=(high, safe), may_open=("high",)))
    kept = (await check(client, admin, sheets.write(broken))).json()
    assert [one["code"] for one in kept["contradictions"]] == ["class-last"]
    assert "Mức cuối cùng" in kept["contradictions"][0]["text"]
    answer = await client.post(f"/api/v1/criteria/{kept['id']}/publish", headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "criteria-contradict")
    async with owner.connect() as connection:
        state = await connection.scalar(
            text("SELECT state FROM criteria_set WHERE id = :id"), {"id": kept["id"]}
        )
    assert state == "draft"


async def test_what_could_not_be_stored_is_told_and_not_kept(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet
) -> None:
    for change, code in (
        ({"code": "Trường"}, "code"),
        ({"area": "VN.79.99999"}, "area"),
        ({"items": ()}, "items-none"),
        ({"items": (*newer.items, newer.items[0])}, "item-twice"),
    ):
        told = (await check(client, admin, sheets.write(replace(newer, **change)))).json()
        assert told["id"] is None
        assert code in [one["code"] for one in told["contradictions"]], change


async def test_a_draft_may_be_sent_again_but_a_published_version_never_changes(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet, school: Facility
) -> None:
    first = (await check(client, admin, sheets.write(newer))).json()["id"]
    second = (await check(client, admin, sheets.write(newer))).json()["id"]
    assert first != second
    assert (await client.get(f"/api/v1/criteria/{first}", headers=admin.headers)).status_code == 404
    answer = await check(client, admin, sheets.write(school.criteria))
    assert (answer.status_code, answer.json()["code"]) == (409, "criteria-published")
    await client.post(f"/api/v1/criteria/{second}/publish", headers=admin.headers)
    again = await client.post(f"/api/v1/criteria/{second}/publish", headers=admin.headers)
    assert (again.status_code, again.json()["code"]) == (409, "criteria-published")


async def test_a_name_that_another_areas_draft_has_is_told_to_be_taken(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet, make_officer: MakeOfficer
) -> None:
    raw = sheets.write(newer)
    kept = (await check(client, admin, raw)).json()["id"]
    other = await make_officer("admin", "VN.01")
    mine = sheets.write(replace(newer, area="VN.01"))
    answer = await check(client, other, mine)
    assert (answer.status_code, answer.json()["code"]) == (409, "criteria-taken")
    shown = await upload(client, other, mine)
    assert shown.status_code == 409
    assert "Địa bàn khác đang có bản nháp" in shown.text
    # Nothing happened to that draft, and with another name there are two.
    seen = await client.get(f"/api/v1/criteria/{kept}", headers=admin.headers)
    assert seen.json()["state"] == "draft"
    renamed = sheets.write(replace(newer, area="VN.01", version="2026-12"))
    assert (await check(client, other, renamed)).json()["id"] > kept


async def test_only_admins_of_the_area_make_and_publish(
    client: httpx.AsyncClient,
    admin: Someone,
    newer: CriteriaSet,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    raw = sheets.write(newer)
    kept = (await check(client, admin, raw)).json()["id"]
    for who, status in (
        (await make_resident(), 403),
        (await make_officer("safety_inspector", "VN.79"), 403),
        (await make_officer("admin", "VN.01"), 403),
    ):
        assert (await check(client, who, raw)).status_code == status
        answer = await client.post(f"/api/v1/criteria/{kept}/publish", headers=who.headers)
        # Whoever may not see the draft is not told that there is one.
        assert answer.status_code in (403, 404)
    assert (await client.post("/api/v1/criteria/files", content=raw)).status_code == 401


async def test_the_nearest_set_in_force_counts(
    make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    async with owner.connect() as connection:
        codes = [
            (await set_for(connection, kind, area, today())).code
            for kind, area in (
                ("school", AREA),
                ("school", OTHER_AREA),
                ("school", "VN.04"),
                ("university", OTHER_AREA),
                ("medical", AREA),
                ("market", AREA),
            )
        ]
    assert codes == [
        "schools-hanoi",
        "schools-hcmc",
        "schools-ministry",
        "schools-ministry",
        "hospitals",
        "general",
    ]


async def test_the_sets_are_public_and_go_to_excel(
    client: httpx.AsyncClient, school: Facility
) -> None:
    listed = (await client.get("/api/v1/criteria")).json()["criteria"]
    assert {one["code"] for one in listed} == {
        "general", "hospitals", "schools-hanoi", "schools-hcmc", "schools-ministry",
    }  # fmt: skip
    answer = await client.get(f"/api/v1/criteria/{school.criteria.id}/file.xlsx")
    assert answer.status_code == 200
    back, errors = sheets.read(answer.content)
    assert errors == []
    assert back is not None
    assert back.items == school.criteria.items


async def page(client: httpx.AsyncClient, who: Someone, path: str) -> httpx.Response:
    return await client.get(path, headers={**who.headers, **SITE})


async def upload(client: httpx.AsyncClient, who: Someone, raw: bytes) -> httpx.Response:
    return await client.post(
        "/desk/safety/criteria",
        files={"file": ("bo.xlsx", raw, "application/octet-stream")},
        headers={**who.headers, **SITE},
    )


async def test_the_desk_uploads_looks_and_publishes(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet, make_officer: MakeOfficer
) -> None:
    listed = await page(client, admin, "/desk/safety/criteria")
    assert "Trường học tại Thành phố Hồ Chí Minh" in listed.text
    sent = await upload(client, admin, sheets.write(newer))
    assert sent.status_code == 303, sent.text
    shown = await page(client, admin, sent.headers["location"])
    assert "Không có mâu thuẫn" in shown.text
    assert "1 nơi đang tham gia" in shown.text
    done = await client.post(
        f"{sent.headers['location']}/publish", headers={**admin.headers, **SITE}
    )
    assert done.status_code == 303
    assert "Đã ban hành" in (await page(client, admin, done.headers["location"])).text
    reader = await make_officer("safety_inspector", "VN.01")
    seen = await page(client, reader, done.headers["location"])
    assert seen.status_code == 200
    assert "/withdraw" not in seen.text
    tracer = await make_officer("tracer", "VN")
    assert (await page(client, tracer, "/desk/safety/criteria")).status_code == 403


async def test_the_desk_tells_what_is_wrong_with_a_file(
    client: httpx.AsyncClient, admin: Someone, newer: CriteriaSet
) -> None:
    def wrong(**more: Any) -> bytes:
        return sheets.write(replace(newer, **more))

    for raw, said in (
        (b"", "Hãy chọn một tệp"),
        (b"PK\x03\x04 not a file", "Tệp phải là Excel"),
        (wrong(area="VN.99"), "Mã địa bàn không đúng dạng"),
    ):
        answer = await upload(client, admin, raw) if raw else await client.post(
            "/desk/safety/criteria", data={}, headers={**admin.headers, **SITE}
        )  # fmt: skip
        assert answer.status_code == 422, said
        assert said in answer.text
