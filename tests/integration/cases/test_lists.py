"""Lists, exports and the timeline of a case."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import AREA, MakeOfficer
from tests.days import midnight
from tests.integration.cases.conftest import Enrol, OpenCase
from tests.integration.tracing.conftest import write_visit

PHONES = [f"09120000{n:02}" for n in range(5)]


async def test_a_list_is_walked_by_cursor_and_filtered(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    opened = [
        await open_case(
            officer,
            person={"phone": phone},
            disease="measles" if number == 4 else "covid-19",
            classification="suspected" if number == 0 else "confirmed",
        )
        for number, phone in enumerate(PHONES)
    ]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        answer = await client.get(
            "/api/v1/cases",
            params={"limit": 2, **({"cursor": cursor} if cursor else {})},
            headers=officer.headers,
        )
        seen += [item["code"] for item in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    assert seen == [case["code"] for case in reversed(opened)]
    assert cursor is None
    await client.post(f"/api/v1/cases/{opened[1]['id']}/close", headers=officer.headers)
    for params, expected in (
        ({"disease": "measles"}, [4]),
        ({"classification": "suspected"}, [0]),
        ({"state": "closed"}, [1]),
        ({"state": "open", "area": AREA}, [4, 3, 2, 0]),
        ({"area": "VN.79"}, []),
        ({"code": opened[2]["code"].lower()}, [2]),
    ):
        answer = await client.get("/api/v1/cases", params=params, headers=officer.headers)
        codes = [item["code"] for item in answer.json()["items"]]
        assert codes == [opened[number]["code"] for number in expected], params


async def test_a_wrong_question_is_refused(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    officer = await make_officer()
    wrong: list[dict[str, str | int]] = [
        {"cursor": "x"}, {"limit": 0}, {"limit": 501}, {"state": "odd"}, {"area": "%"},
    ]  # fmt: skip
    for params in wrong:
        answer = await client.get("/api/v1/cases", params=params, headers=officer.headers)
        assert answer.status_code == 422, params


@pytest.fixture
async def hostile_name(owner: AsyncEngine) -> AsyncIterator[None]:
    """A ward whose name a spreadsheet would run; the reference data is shared, so it is undone."""
    rename = text("UPDATE area SET full_name = :name WHERE path = :area")
    async with owner.begin() as connection:
        real = await connection.scalar(
            text("SELECT full_name FROM area WHERE path = :area"), {"area": AREA}
        )
        await connection.execute(rename, {"name": "=cmd|' /C calc'!A0", "area": AREA})
    yield
    async with owner.begin() as connection:
        await connection.execute(rename, {"name": real, "area": AREA})


@pytest.mark.usefixtures("hostile_name")
async def test_the_line_list_is_a_file_that_no_spreadsheet_runs(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer)
    answer = await client.get("/api/v1/cases", headers={**officer.headers, "accept": "text/csv"})
    assert "lachan-cases.csv" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["code"] == case["code"]
    assert row["area_name"].startswith("'=cmd")
    assert "person" not in answer.text
    answer = await client.get(
        "/api/v1/cases", headers={**officer.headers, "accept": "application/x-ndjson"}
    )
    (line,) = answer.text.splitlines()
    assert json.loads(line)["code"] == case["code"]


async def test_the_timeline_shows_visits_and_what_nobody_knows(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_officer: MakeOfficer,
    open_case: OpenCase,
    enrol: Enrol,
) -> None:
    person, officer = await enrol("0912345678"), await make_officer()
    case = await open_case(officer)
    morning = midnight(2)
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place (id, name, kind, area) OVERRIDING SYSTEM VALUE "
                "VALUES (9, 'Chợ Hôm', 'market', :area)"
            ),
            {"area": AREA},
        )
        await connection.execute(
            text(
                "INSERT INTO room (id, place_id, name) OVERRIDING SYSTEM VALUE "
                "VALUES (99, 9, 'Dãy rau')"
            )
        )
        for room, begins, ends in ((99, 8, 10), (None, 14, 15), (None, -150, -149)):
            await write_visit(
                connection,
                person,
                9,
                room,
                morning + timedelta(hours=begins),
                morning + timedelta(hours=ends),
            )
    answer = await client.get(f"/api/v1/cases/{case['id']}/timeline", headers=officer.headers)
    items = answer.json()["items"]
    assert [item["kind"] for item in items] == ["gap", "visit", "gap", "visit", "gap"]
    assert items[1]["place"] == {"id": 9, "name": "Chợ Hôm", "room": "Dãy rau", "area": AREA}
    assert items[3]["place"]["room"] is None
    again = await client.get(f"/api/v1/cases/{case['id']}/timeline", headers=officer.headers)
    assert again.status_code == 200
    async with owner.connect() as connection:
        read = (
            await connection.execute(
                text("SELECT subject_person FROM audit_entry WHERE action = 'visits.opened'")
            )
        ).scalars()
        # Written down once an hour, not at every refresh.
        assert list(read) == [person]
