"""The diary over the API: own only, corrected, added to, exported, deleted; and the full queue."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.app import create_app
from lachan.kit.crypto import Keyring
from lachan.settings import Intake, Settings
from tests.conftest import Database, MakeResident
from tests.integration.visits.conftest import MakePlace, Scan

URL = "/api/v1/me/visits"


def ago(**length: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**length)


async def test_only_the_own_diary(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    one, other, place = await make_resident(), await make_resident(), await make_place()
    visit = (await scan(one, place)).json()["visit"]["id"]
    for method, path in (
        ("GET", f"{URL}/{visit}"),
        ("DELETE", f"{URL}/{visit}"),
        ("POST", f"{URL}/{visit}/undo"),
        ("PATCH", f"{URL}/{visit}"),
    ):
        answer = await client.request(
            method, path, headers=other.headers, json={} if method == "PATCH" else None
        )
        assert answer.status_code == 404, (method, answer.text)
    assert (await client.get(f"{URL}/{visit}", headers=one.headers)).status_code == 200
    assert (await client.get(URL)).status_code == 401


async def test_paging_walks_everything_once(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place(stay=5)
    for hour in range(7):
        await scan(person, place, ago(hours=20 - hour))
    seen, cursor = [], None
    while True:
        query = {"limit": "3", **({"cursor": cursor} if cursor else {})}
        page = (await client.get(URL, headers=person.headers, params=query)).json()
        seen += [visit["id"] for visit in page["visits"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    for bad in ("x", "W10", "WzEsMl0"):
        answer = await client.get(URL, headers=person.headers, params={"cursor": bad})
        assert answer.status_code == 422


async def test_correct_add_undo_delete(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place, shop = await make_resident(), await make_place(), await make_place()
    visit = (await scan(person, place, ago(hours=5))).json()["visit"]["id"]
    moved = await client.patch(
        f"{URL}/{visit}",
        headers=person.headers,
        json={"started_at": ago(hours=6).isoformat(), "ends_at": ago(hours=4).isoformat()},
    )
    assert moved.status_code == 200, moved.text
    assert moved.json()["end_source"] == "corrected"
    backwards = await client.patch(
        f"{URL}/{moved.json()['id']}",
        headers=person.headers,
        json={"started_at": ago(hours=1).isoformat(), "ends_at": ago(hours=4).isoformat()},
    )
    assert (backwards.status_code, backwards.json()["code"]) == (422, "impossible-times")
    added = await client.post(
        URL,
        headers=person.headers,
        json={
            "code": shop.code,
            "started_at": ago(days=2).isoformat(),
            "ends_at": ago(days=1, hours=23).isoformat(),
        },
    )
    assert added.status_code == 201, added.text
    now_in = (await scan(person, shop)).json()["visit"]["id"]
    undone = await client.post(f"{URL}/{now_in}/undo", headers=person.headers)
    assert undone.status_code == 204
    assert (await client.get(f"{URL}/{now_in}", headers=person.headers)).status_code == 404
    again = await scan(person, shop)
    assert again.json()["outcome"] == "arrived"
    assert (await client.delete(URL, headers=person.headers)).json() == {"deleted": 3}
    assert (await client.get(URL, headers=person.headers)).json()["visits"] == []
    assert (await scan(person, shop)).json()["outcome"] == "arrived"


async def test_undoing_a_departure_opens_the_visit_again(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place(stay=120)
    await scan(person, place, ago(minutes=30))
    left = (await scan(person, place)).json()
    assert left["outcome"] == "departed"
    assert (
        await client.post(f"{URL}/{left['visit']['id']}/undo", headers=person.headers)
    ).status_code == 204
    (visit,) = (await client.get(URL, headers=person.headers)).json()["visits"]
    assert visit["open"]
    assert (await scan(person, place)).json()["outcome"] == "departed"


async def test_an_old_scan_cannot_be_undone(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_resident: MakeResident,
    make_place: MakePlace,
    scan: Scan,
) -> None:
    person, place = await make_resident(), await make_place()
    visit = (await scan(person, place)).json()["visit"]["id"]
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE scan SET received_at = received_at - interval '11 minutes'")
        )
    answer = await client.post(f"{URL}/{visit}/undo", headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-undo")


async def test_exports_hold_everything_and_run_nothing(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_resident: MakeResident,
    make_place: MakePlace,
    scan: Scan,
) -> None:
    person, place = await make_resident(), await make_place()
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET name = '=HYPERLINK(\"x\")'"))
    await scan(person, place)
    answer = await client.get(f"{URL}/export", headers=person.headers)
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [row["place"] for row in rows] == ['\'=HYPERLINK("x")']
    lines = await client.get(
        f"{URL}/export", headers={**person.headers, "accept": "application/x-ndjson"}
    )
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    assert len(lines.text.splitlines()) == 1


async def test_a_full_queue_answers_503_and_loses_nothing(
    database: Database,
    keyring: Keyring,
    tmp_path: object,
    make_resident: MakeResident,
    make_place: MakePlace,
) -> None:
    settings = Settings(intake=Intake(queue_size=2, batch_size=1))
    app: FastAPI = create_app(settings, database.urls, keyring)
    place = await make_place()
    people = [await make_resident() for _ in range(12)]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        for person in people:
            await http.get("/api/v1/me/visits", headers=person.headers)
        bodies = [{"scan_id": str(uuid4()), "code": place.code} for _ in people]
        answers = await asyncio.gather(
            *(
                http.post("/api/v1/visits", json=body, headers=person.headers)
                for person, body in zip(people, bodies, strict=True)
            )
        )
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused
        assert all(answer.headers["retry-after"] == "1" for answer in refused)
        assert all(answer.json()["code"] == "overloaded" for answer in refused)
        for person, body in zip(people, bodies, strict=True):
            answer = await http.post("/api/v1/visits", json=body, headers=person.headers)
            assert answer.status_code == 201
            mine = await http.get("/api/v1/me/visits", headers=person.headers)
            assert len(mine.json()["visits"]) == 1
