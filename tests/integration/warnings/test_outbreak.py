"""The public list: only what an officer put there, no small numbers, gone in the same moment."""

import csv
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from lachan.kit.clock import local_day
from lachan.settings import Settings
from tests.conftest import Someone
from tests.integration.warnings.conftest import MEETING, Station

ZONE = Settings().zone


async def keys(
    client: httpx.AsyncClient, officer: Someone, warning: int
) -> list[dict[str, object]]:
    answer = await client.get(f"/api/v1/warnings/{warning}/outbreak", headers=officer.headers)
    found: list[dict[str, object]] = answer.json()["candidates"]
    return found


async def put(
    client: httpx.AsyncClient, officer: Someone, warning: int, *places: object, **more: object
) -> httpx.Response:
    return await client.post(
        f"/api/v1/warnings/{warning}/outbreak",
        json={"places": list(places), **more},
        headers=officer.headers,
    )


@pytest.mark.parametrize(("people", "shown"), [(4, None), (5, 5)])
async def test_a_place_is_public_when_an_officer_says_so_and_gone_when_it_is_taken_back(
    station: Station, people: int, shown: int | None
) -> None:
    officer = await station.make_officer()
    ids = [(await station.make_resident()).id for _ in range(people)]
    case = await station.make_traced(*ids, officer=officer.id)
    async with station.owner.begin() as connection:
        await connection.execute(
            text("UPDATE place SET folded = 'cho thu', name = '=Chợ <b>Thử' WHERE id = :place"),
            {"place": case.place},
        )
    warning = await station.approved(officer, case.id, people)
    await station.send(warning)
    assert (await station.client.get("/api/v1/outbreak")).json() == {"items": []}
    [offered] = await keys(station.client, officer, warning)
    assert offered["points_at_case"] == (people < 5)
    listed = await put(station.client, officer, warning, offered["key"], days=3)
    assert listed.status_code == 201, listed.text
    assert listed.json()["candidates"] == []
    answer = await station.client.get("/api/v1/outbreak")
    [place] = answer.json()["items"]
    assert (place["people"], place["kind"]) == (shown, "watch")
    assert "case" not in answer.text.replace("points_at_case", "")
    # Unchanged, it is not sent again; a proxy must ask each time.
    same = await station.client.get(
        "/api/v1/outbreak", headers={"if-none-match": answer.headers["etag"]}
    )
    assert (same.status_code, same.content) == (304, b"")
    assert answer.headers["cache-control"] == "no-cache"
    file = await station.client.get("/api/v1/outbreak", headers={"accept": "text/csv"})
    [row] = list(csv.DictReader(file.text.removeprefix("\ufeff").splitlines()))
    assert row["place"].startswith("'="), "a name that a spreadsheet would run is made text"
    assert row["people"] == ("" if shown is None else "5")
    # Somebody without the app asks for a place and a day.
    day = local_day(MEETING, ZONE)
    for q, on, found in (
        ("cho", day, True),
        ("CHỢ thử", day, True),
        ("cho", day + timedelta(days=3), False),
        ("bệnh viện", day, False),
        ("", day, True),
    ):
        page = await station.client.get("/outbreak", params={"q": q, "day": on.isoformat()})
        assert page.status_code == 200
        assert ("=Chợ &lt;b&gt;Thử" in page.text) == found, (q, on)
        assert ("Không có trong danh sách" in page.text) != found
        api = await station.client.get("/api/v1/outbreak", params={"q": q, "day": on.isoformat()})
        assert (len(api.json()["items"]) == 1) == found
    assert "<b>Thử" not in page.text
    assert (await station.client.get("/outbreak", params={"day": "hôm qua"})).status_code == 422
    assert (await station.client.get("/outbreak/places.csv")).text == file.text
    desk = await station.client.get(f"/desk/warnings/{warning}", headers=officer.headers)
    assert "Đang công khai đến" in desk.text
    body = {"reason": "Kết quả âm tính"}
    await station.client.post(
        f"/api/v1/warnings/{warning}/withdraw", json=body, headers=officer.headers
    )
    gone = await station.client.get(
        "/api/v1/outbreak", headers={"if-none-match": answer.headers["etag"]}
    )
    assert (gone.status_code, gone.json()) == (200, {"items": []})
    late = await put(station.client, officer, warning, offered["key"])
    assert (late.status_code, late.json()["code"]) == (409, "warning-not-draft")


async def test_only_its_own_places_only_by_its_own_officers_and_only_for_a_time(
    station: Station,
) -> None:
    officer, elsewhere = await station.make_officer(), await station.make_officer("tracer", "VN.79")
    someone = await station.make_resident()
    case = await station.make_traced(someone.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    assert (await put(station.client, officer, made["id"], "1.0.2026-11-20")).status_code == 409
    await station.approve(officer, made["id"], 1)
    [offered] = await keys(station.client, officer, made["id"])
    for who, status in ((elsewhere, 404), (someone, 403)):
        assert (await put(station.client, who, made["id"], offered["key"])).status_code == status
    for wrong in ("1.0.2026-11-20", "x", f"{case.place}.{case.room}.2020-01-01"):
        answer = await put(station.client, officer, made["id"], wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "outbreak-place-unknown")
    assert (await put(station.client, officer, made["id"], offered["key"])).status_code == 201
    [place] = (await station.client.get("/api/v1/outbreak")).json()["items"]
    path = f"/api/v1/warnings/{made['id']}/outbreak/{place['id']}"
    assert (await station.client.delete(path, headers=elsewhere.headers)).status_code == 404
    async with station.owner.begin() as connection:
        await connection.execute(text("UPDATE outbreak_place SET shown_until = now()"))
    assert (await station.client.get("/api/v1/outbreak")).json() == {"items": []}
    async with station.owner.begin() as connection:
        await connection.execute(
            text("UPDATE outbreak_place SET shown_until = now() + interval '1 day'")
        )
    assert (await station.client.delete(path, headers=officer.headers)).status_code == 204
    assert (await station.client.get("/api/v1/outbreak")).json() == {"items": []}


async def test_a_drill_stays_out_of_the_public_list(station: Station) -> None:
    officer = await station.make_officer()
    case = await station.make_traced((await station.make_resident()).id, officer=officer.id)
    async with station.owner.begin() as connection:
        drill = await connection.scalar(
            text("INSERT INTO drill (label, created_by) VALUES ('x', 1) RETURNING id")
        )
        await connection.execute(text("UPDATE case_record SET drill_id = :drill"), {"drill": drill})
    warning = await station.approved(officer, case.id, 1)
    answer = await put(station.client, officer, warning, f"{case.place}.{case.room}.2026-11-20")
    assert (answer.status_code, answer.json()["code"]) == (409, "outbreak-drill")
