"""Who has not reported today, and reminding them."""

import csv
import io
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.safety.silent.tasks import remind
from tests.conftest import AREA, OTHER_AREA, MakeOfficer
from tests.days import today
from tests.integration.safety.conftest import MakeFacility

SILENT = "/api/v1/safety/silent"


async def names(owner: AsyncEngine, **names: int) -> None:
    async with owner.begin() as connection:
        for name, place in names.items():
            await connection.execute(
                text("UPDATE place SET name = :name WHERE id = :place"),
                {"name": name, "place": place},
            )


async def test_by_area_and_one_press(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_facility: MakeFacility,
    make_officer: MakeOfficer,
    job_context: JobContext,
) -> None:
    quiet, spoke, rests, elsewhere = [
        await make_facility(area=area) for area in (OTHER_AREA, OTHER_AREA, OTHER_AREA, AREA)
    ]
    done = await client.post(
        f"/api/v1/places/{spoke.id}/checks", json=spoke.check(), headers=spoke.owner.headers
    )
    assert done.status_code == 201, done.text
    hours: list[int | None] = [450, 1020] * 7
    weekday = today().weekday()
    hours[2 * weekday : 2 * weekday + 2] = [None, None]
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place SET hours = CAST(:hours AS smallint[]) WHERE id = :place"),
            {"hours": hours, "place": rests.id},
        )
        await connection.execute(
            text(
                "INSERT INTO push_subscription (person_id, session_hash, endpoint_index, sealed,"
                " lang, client) SELECT person_id, token_hash, token_hash, token_hash, 'vi', 'web'"
                " FROM session WHERE person_id = :person"
            ),
            {"person": quiet.owner.id},
        )
    officer = await make_officer("safety_inspector", "VN.79")

    async def seen(area: str = "VN.79") -> dict[str, Any]:
        answer = await client.get(SILENT, params={"area": area}, headers=officer.headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    found = await seen()
    assert [one["place_id"] for one in found["places"]] == [quiet.id]
    (part,) = found["parts"]
    assert (part["area"], part["places"], part["silent"], part["reminded"]) == (
        OTHER_AREA,
        3,
        1,
        0,
    )

    async def press(area: str = "VN.79") -> httpx.Response:
        return await client.post(
            "/api/v1/safety/reminders", json={"area": area}, headers=officer.headers
        )

    # Once a day, however often it is pressed.
    assert [(await press()).json()["places"] for _ in range(2)] == [1, 0]
    assert (await seen())["parts"][0]["reminded"] == 1
    assert (await press("VN.01")).status_code == 403
    assert (
        await client.get(SILENT, params={"area": "VN"}, headers=officer.headers)
    ).status_code == 403
    async with owner.connect() as connection:
        reminder = (
            await connection.execute(
                text("SELECT place_id, officer_id, sent_at FROM safety_reminder")
            )
        ).one()
        assert (reminder.place_id, reminder.officer_id) == (quiet.id, officer.id)
        jobs = await connection.scalar(
            text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'safety.remind_places'")
        )
    assert jobs == 1
    await remind(job_context, {"officer": officer.id, "sent_at": reminder.sent_at.isoformat()})
    async with owner.connect() as connection:
        pushes = (await connection.execute(text("SELECT purpose, target FROM push_delivery"))).all()
    assert [tuple(one) for one in pushes] == [("safety_report", "/safety")]
    assert elsewhere.id not in {one["place_id"] for one in found["places"]}


async def test_the_country_by_provinces_and_a_file(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_facility: MakeFacility,
    make_officer: MakeOfficer,
) -> None:
    first, second = await make_facility(), await make_facility(area=AREA)
    await names(owner, **{"=HYPERLINK(1)": first.id, "Trường Ba Đình": second.id})
    officer = await make_officer("admin", "VN")
    found = (await client.get(SILENT, params={"area": "VN"}, headers=officer.headers)).json()
    assert sorted(one["area"] for one in found["parts"]) == ["VN.01", "VN.79"]
    file = await client.get("/desk/safety/silent/export.csv?area=VN", headers=officer.headers)
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert all(not cell.startswith("=") for row in rows for cell in row)
