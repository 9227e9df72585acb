"""Who was at a place: for the tracer of a case that was there, by sealed ids and page by page."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from tests.conftest import AREA, MakeOfficer, MakeResident
from tests.integration.cases.conftest import Enrol, OpenCase

NAME = "Nguyễn Thị Thử Nghiệm"


async def _place(owner: AsyncEngine, name: str = "Quán Ổ Dịch") -> int:
    async with owner.begin() as connection:
        found = await connection.scalar(
            text("INSERT INTO place (name, kind, area) VALUES (:n, 'food', :a) RETURNING id"),
            {"n": name, "a": AREA},
        )
    assert isinstance(found, int)
    return found


async def _visit(owner: AsyncEngine, person: int, place: int, at: datetime) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO visit (id, day, person_id, place_id, started_at, ends_at, end_source,"
                " source, client, offline) VALUES (:id,"
                " (:at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, :person,"
                " :place, :at, :at + interval '1 hour', 'scanned', 'app', 'web', false)"
            ),
            {"id": uuid4(), "at": at, "person": person, "place": place},
        )


async def test_visitors_of_an_outbreak_place(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    owner: AsyncEngine,
    enrol: Enrol,
    open_case: OpenCase,
) -> None:
    case_person = await enrol("0912345678", name="Ca Bệnh")
    guests = [await enrol(name=NAME) for _ in range(7)]
    place, elsewhere = await _place(owner), await _place(owner, "Nơi Khác")
    yesterday = now() - timedelta(days=1)
    await _visit(owner, case_person, place, yesterday)
    for index, guest in enumerate(guests):
        await _visit(owner, guest, place, yesterday - timedelta(hours=index))
        await _visit(owner, guest, elsewhere, yesterday)
    # Two at the very same moment, and one twice: no page may lose or repeat any.
    await _visit(owner, guests[0], place, yesterday - timedelta(hours=3))
    tracer = await make_officer("tracer", "VN.01")
    case = (await open_case(tracer))["id"]
    path = f"/api/v1/places/{place}/visitors"

    seen: list[dict[str, str]] = []
    cursor: str | None = None
    for _ in range(10):
        params = {"case": case, "limit": 2, **({"cursor": cursor} if cursor else {})}
        answer = await client.get(path, params=params, headers=tracer.headers)
        assert answer.status_code == 200, answer.text
        seen += answer.json()["visitors"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 9
    assert len({one["visitor"] for one in seen}) == 8
    assert [one["started_at"] for one in seen] == sorted(one["started_at"] for one in seen)
    assert NAME not in answer.text
    table = await client.get(
        path, params={"case": case}, headers={**tracer.headers, "accept": "text/csv"}
    )
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == [one["visitor"] for one in seen]
    assert not {str(guest) for guest in guests} & {cell for row in rows for cell in row}

    # Only of a place that the case was at, only for its tracer, and on record.
    unrelated = await client.get(
        f"/api/v1/places/{elsewhere}/visitors", params={"case": case}, headers=tracer.headers
    )
    assert unrelated.status_code == 404
    far = await make_officer("tracer", "VN.79")
    admin = await make_officer("admin", "VN.01")
    resident = await make_resident(area=AREA)
    statuses = [
        (await client.get(path, params={"case": case}, headers=who.headers)).status_code
        for who in (far, admin, resident)
    ]
    assert statuses == [404, 403, 403]
    assert (await client.get(path, params={"case": case})).status_code == 401
    async with owner.connect() as connection:
        noted = await connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE action = 'place.visitors_listed'")
        )
    assert noted == 1, "once an hour for a page that is turned"
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE case_record SET classification = 'discarded' WHERE id = :c"), {"c": case}
        )
    assert (
        await client.get(path, params={"case": case}, headers=tracer.headers)
    ).status_code == 404
