"""The roll-out report: numbers that are right, each with its list, for whom it is open."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import httpx
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.settings import Settings
from tests import days
from tests.conftest import AREA, OTHER_AREA, MakeOfficer, MakeResident

ZONE = Settings().zone
URL = "/api/v1/rollout"
PAGE = "/desk/rollout"


@pytest.fixture
def today() -> date:
    return days.today()


@pytest.fixture
async def places(owner: AsyncEngine, today: date) -> Mapping[str, int]:
    """Three schools and a hospital of one ward, a school elsewhere, and what must not count."""
    ids: dict[str, int] = {}
    old = datetime.combine(today - timedelta(days=60), datetime.min.time(), ZONE)
    new = datetime.combine(today - timedelta(days=3), datetime.min.time(), ZONE)
    listed = [
        ("old green", "school", AREA, old, "active"),
        ("old silent", "school", AREA, old, "active"),
        ("new red", "school", AREA, new, "active"),
        ("hospital", "medical", AREA, new, "active"),
        ("far away", "school", OTHER_AREA, old, "active"),
        ("closed", "school", AREA, old, "closed"),
        ("no group", "food", AREA, old, "active"),
    ]
    async with owner.begin() as connection:
        for name, kind, area, at, state in listed:
            found = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area, created_at, state) "
                    "VALUES (:name, :kind, :area, :at, :state) RETURNING id"
                ),
                {"name": name, "kind": kind, "area": area, "at": at, "state": state},
            )
            ids[name] = int(found or 0)
        for name, colour, day in (
            ("old green", "green", today),
            ("old silent", "green", today - timedelta(days=1)),
            ("new red", "red", today),
            ("far away", "green", today),
        ):
            await connection.execute(
                text(
                    "INSERT INTO place_safety (place_id, day, colour) "
                    "VALUES (:place, :day, :colour)"
                ),
                {"place": ids[name], "day": day, "colour": colour},
            )
    return ids


async def test_a_province_is_counted_by_group_and_ward(
    client: httpx.AsyncClient, make_officer: MakeOfficer, places: Mapping[str, int], today: date
) -> None:
    reporter = await make_officer("reporter", "VN.01")
    found = (await client.get(URL, headers=reporter.headers)).json()
    assert (found["area"], found["last"]) == ("VN.01", str(today))
    assert found["first"] == str(today - timedelta(days=29))
    groups = {one["group"]: one for one in found["groups"]}
    assert groups["school"] == {
        "group": "school", "before": 2, "now": 3, "increase": 1, "growth": 0.5, "joined": 3,
        "reported": 2, "share_reported": 0.6667, "green": 1, "share_green": 0.3333,
    }  # fmt: skip
    assert groups["medical"] == {
        "group": "medical", "before": 0, "now": 1, "increase": 1, "growth": None, "joined": 0,
        "reported": 0, "share_reported": None, "green": 0, "share_green": None,
    }  # fmt: skip
    assert len(groups) == 10
    ward = next(part for part in found["parts"] if part["area"] == AREA)
    assert {one["group"]: one["now"] for one in ward["groups"] if one["now"]} == {
        "school": 3,
        "medical": 1,
    }
    assert sum(one["now"] for part in found["parts"] for one in part["groups"]) == 4


async def test_the_country_is_counted_by_province(
    client: httpx.AsyncClient, make_officer: MakeOfficer, places: Mapping[str, int]
) -> None:
    ministry = await make_officer("safety_inspector", "VN")
    found = (await client.get(f"{URL}?group=school", headers=ministry.headers)).json()
    counted = {part["area"]: part["groups"][0]["now"] for part in found["parts"]}
    assert len(counted) == 34
    assert {area: one for area, one in counted.items() if one} == {"VN.01": 3, "VN.79": 1}


async def test_another_day_moves_the_window(
    client: httpx.AsyncClient, make_officer: MakeOfficer, places: Mapping[str, int], today: date
) -> None:
    reporter = await make_officer("reporter", AREA)
    last = today - timedelta(days=10)
    found = (await client.get(f"{URL}?last={last}", headers=reporter.headers)).json()
    school = next(one for one in found["groups"] if one["group"] == "school")
    assert (school["before"], school["now"], school["increase"]) == (2, 2, 0)
    tomorrow = today + timedelta(days=1)
    refused = await client.get(f"{URL}?last={tomorrow}", headers=reporter.headers)
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["last"]


@pytest.mark.parametrize(
    ("which", "names"),
    [
        ("before", {"old green", "old silent"}),
        ("now", {"old green", "old silent", "new red", "hospital"}),
        ("new", {"new red", "hospital"}),
        ("joined", {"old green", "old silent", "new red"}),
        ("reported", {"old green", "new red"}),
        ("silent", {"old silent"}),
        ("green", {"old green"}),
    ],
)
async def test_each_number_opens_the_places_it_counts(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    places: Mapping[str, int],
    which: str,
    names: set[str],
) -> None:
    reporter = await make_officer("reporter", "VN.01")
    page = await client.get(f"{PAGE}/places?which={which}", headers=reporter.headers)
    assert {name for name in places if f">{name}<" in page.text} == names
    file = await client.get(f"{PAGE}/places.csv?which={which}", headers=reporter.headers)
    assert {name for name in places if f'"{name}"' in file.text} == names


async def test_the_page_links_each_number_to_its_list(
    client: httpx.AsyncClient, make_officer: MakeOfficer, places: Mapping[str, int]
) -> None:
    reporter = await make_officer("admin", "VN.01")
    page = (await client.get(PAGE, headers=reporter.headers)).text
    assert "Báo cáo triển khai" in page
    for which in ("before", "now", "new", "reported", "green"):
        assert f'href="/desk/rollout/places?area={AREA}&amp;which={which}"' in page, which


async def test_the_files_hold_the_same_numbers(
    client: httpx.AsyncClient, make_officer: MakeOfficer, places: Mapping[str, int]
) -> None:
    reporter = await make_officer("reporter", "VN.01")
    table = (await client.get(f"{PAGE}/report.csv", headers=reporter.headers)).text
    assert '"Trường học","2","3","1","0.5","3","2","0.6667","1","0.3333"' in table
    book = await client.get(f"{PAGE}/report.xlsx", headers=reporter.headers)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    rows = sheets.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert ["Trường học", 2, 3, 1, 0.5, 3, 2, 0.6667, 1, 0.3333] in rows
    assert rows[-1][:4] == ["Tổng cộng", 2, 4, 2]
    paper = await client.get(f"{PAGE}/report.pdf", headers=reporter.headers)
    words = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Báo cáo triển khai" in words
    assert "66,7" in words


@pytest.mark.parametrize("path", [URL, PAGE, f"{PAGE}/places?which=now", f"{PAGE}/report.pdf"])
async def test_only_those_whose_work_it_is_see_it_and_only_their_area(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    path: str,
) -> None:
    assert (await client.get(path)).status_code in {303, 401}
    for someone in (await make_resident(), await make_officer("tracer", "VN.01")):
        assert (await client.get(path, headers=someone.headers)).status_code == 403
    reporter = await make_officer("reporter", "VN.01")
    mark = "&" if "?" in path else "?"
    for area in ("VN", "VN.79", "nonsense"):
        answer = await client.get(f"{path}{mark}area={area}", headers=reporter.headers)
        assert answer.status_code == 404, area
    assert (await client.get(path, headers=reporter.headers)).status_code == 200
