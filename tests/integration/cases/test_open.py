"""Opening, changing and closing a case record."""

from datetime import timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import AREA, MakeOfficer, MakeResident
from tests.days import today
from tests.integration.cases.conftest import PHONE, Enrol, OpenCase, case_body

OTHER_AREA = "VN.79.26740"  # a ward of Hồ Chí Minh City


async def test_nobody_but_a_tracer_opens_cases(
    client: httpx.AsyncClient, make_resident: MakeResident, make_officer: MakeOfficer
) -> None:
    assert (await client.post("/api/v1/cases", json=case_body())).status_code == 401
    for somebody in (await make_resident(), await make_officer("auditor", "VN")):
        answer = await client.post("/api/v1/cases", json=case_body(), headers=somebody.headers)
        assert answer.status_code == 403


async def test_an_unknown_phone_is_enrolled_and_the_opening_written_down(
    client: httpx.AsyncClient, owner: AsyncEngine, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer, person={"phone": PHONE, "name": "Nguyễn Thị Mẫu"})
    assert case["code"].startswith(f"COV-{today().year}-")
    assert len(case["code"].split("-")[2]) == 6
    assert case["infectious_from"] < case["infectious_until"]
    assert "Mẫu" not in str(case)
    assert "912" not in str(case)
    async with owner.connect() as connection:
        entry = (
            await connection.execute(
                text("SELECT * FROM audit_entry WHERE action = 'case.registered'")
            )
        ).one()
        home = await connection.scalar(
            text("SELECT home_area FROM person WHERE id = :id"), {"id": case["person_id"]}
        )
    assert (entry.actor_id, entry.subject_person) == (officer.id, case["person_id"])
    assert entry.object == f"case:{case['id']}"
    assert home == AREA
    opened = await client.post(
        f"/api/v1/cases/{case['id']}/identity",
        json={"reason": "Gọi để điều tra dịch tễ"},
        headers=officer.headers,
    )
    assert opened.json()["name"] == "Nguyễn Thị Mẫu"


async def test_a_known_phone_is_found_and_the_home_is_the_area(
    make_officer: MakeOfficer, open_case: OpenCase, enrol: Enrol
) -> None:
    person = await enrol(PHONE)
    case = await open_case(await make_officer(), area=None, person={"phone": "+84 912 345 678"})
    assert case["person_id"] == person
    assert case["area"] == AREA


async def test_without_home_or_area_the_area_is_asked_for(
    client: httpx.AsyncClient, make_officer: MakeOfficer, enrol: Enrol
) -> None:
    await enrol(PHONE, area=None)
    officer = await make_officer()
    answer = await client.post("/api/v1/cases", json=case_body(area=None), headers=officer.headers)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"area"}


async def test_outside_the_own_areas_no_case_is_opened(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    officer = await make_officer("tracer", "VN.01")
    for area in (OTHER_AREA, "VN.79", "VN"):
        answer = await client.post(
            "/api/v1/cases", json=case_body(area=area), headers=officer.headers
        )
        assert answer.status_code == 403
        assert answer.json()["code"] == "case-outside-area"


def wrong() -> list[tuple[dict[str, object], str]]:
    """What is sent instead, and the field that is named."""
    return [
        ({"onset_on": None}, "onset_on"),
        ({"onset_on": (today() + timedelta(days=1)).isoformat()}, "onset_on"),
        ({"sampled_on": (today() + timedelta(days=1)).isoformat()}, "sampled_on"),
        ({"onset_on": (today() - timedelta(days=181)).isoformat()}, "onset_on"),
        (
            {
                "onset_on": (today() - timedelta(days=100)).isoformat(),
                "sampled_on": today().isoformat(),
            },
            "onset_on",
        ),
        ({"onset_on": "hôm qua"}, "onset_on"),
        ({"disease": "plague"}, "disease"),
        ({"classification": "maybe"}, "classification"),
        ({"area": "VN.1"}, "area"),
        ({"area": "VN.01.99999"}, "area"),
        ({"person": {"phone": "113"}}, "phone"),
        ({"person": {"phone": PHONE, "person_id": 1}}, "person"),
        ({"person": {}}, "person"),
        ({"person": {"person_id": 2**63}}, "person.person_id"),
        ({"surprise": 1}, "surprise"),
    ]


async def test_wrong_input_names_the_field(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    officer = await make_officer()
    for changes, field in wrong():
        answer = await client.post(
            "/api/v1/cases", json=case_body(**changes), headers=officer.headers
        )
        assert answer.status_code == 422, answer.text
        assert field in answer.json()["fields"]


async def test_a_second_record_is_refused_and_names_the_first(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    first = await open_case(officer)
    answer = await client.post("/api/v1/cases", json=case_body(), headers=officer.headers)
    assert answer.status_code == 409
    assert answer.json()["code"] == "case-exists"
    assert first["code"] in answer.json()["detail"]
    # Another disease is another record; so is the same one after the first is closed.
    await open_case(officer, disease="measles")
    await client.post(f"/api/v1/cases/{first['id']}/close", headers=officer.headers)
    await open_case(officer)


async def test_a_second_record_elsewhere_is_refused_without_naming_it(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    first = await open_case(await make_officer("tracer", "VN.79"), area=OTHER_AREA)
    officer = await make_officer("tracer", "VN.01")
    answer = await client.post("/api/v1/cases", json=case_body(), headers=officer.headers)
    assert answer.json()["code"] == "case-exists-elsewhere"
    assert first["code"] not in answer.text


async def test_only_drill_people_and_own_contacts_are_named_by_id(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase, enrol: Enrol
) -> None:
    officer = await make_officer()
    stranger, rehearsing = await enrol("0912000001"), await enrol(drill=True)
    for person in (stranger, 10**9):
        answer = await client.post(
            "/api/v1/cases",
            json=case_body(person={"person_id": person}),
            headers=officer.headers,
        )
        assert answer.json()["code"] == "person-unknown"
    case = await open_case(officer, person={"person_id": rehearsing})
    assert case["drill"] is True


async def test_another_province_finds_nothing(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    case = await open_case(await make_officer("tracer", "VN.01"))
    elsewhere = await make_officer("tracer", "VN.79")
    for method, path in (
        ("GET", ""),
        ("GET", "/timeline"),
        ("POST", "/close"),
        ("GET", "/contacts"),
        ("GET", "/events"),
        ("GET", "/traces/1"),
    ):
        answer = await client.request(
            method, f"/api/v1/cases/{case['id']}{path}", headers=elsewhere.headers
        )
        assert answer.status_code == 404, path
    for path, body in (
        ("/traces", {}),
        ("/identity", {"reason": "tò mò thôi"}),
    ):
        answer = await client.post(
            f"/api/v1/cases/{case['id']}{path}", json=body, headers=elsewhere.headers
        )
        assert answer.status_code == 404, path
    listed = await client.get("/api/v1/cases", headers=elsewhere.headers)
    assert listed.json()["items"] == []


async def test_a_case_is_reclassified_and_its_window_follows(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer, classification="suspected")
    address = f"/api/v1/cases/{case['id']}"
    onset = (today() - timedelta(days=5)).isoformat()
    answer = await client.patch(
        address,
        json={"classification": "confirmed", "onset_on": onset},
        headers=officer.headers,
    )
    assert answer.status_code == 200
    assert answer.json()["classification"] == "confirmed"
    assert answer.json()["infectious_from"] < case["infectious_from"]
    wrong = await client.patch(
        address,
        json={"sampled_on": (today() + timedelta(days=3)).isoformat()},
        headers=officer.headers,
    )
    assert wrong.status_code == 422


async def test_a_discarded_record_does_not_come_back_beside_an_open_one(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    first = await open_case(officer)
    address = f"/api/v1/cases/{first['id']}"
    await client.patch(address, json={"classification": "discarded"}, headers=officer.headers)
    second = await open_case(officer)
    answer = await client.patch(
        address, json={"classification": "confirmed"}, headers=officer.headers
    )
    assert answer.status_code == 409
    assert second["code"] in answer.json()["detail"]


async def test_a_closed_record_stays_as_it_is(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer)
    address = f"/api/v1/cases/{case['id']}"
    assert (await client.post(f"{address}/close", headers=officer.headers)).json()["closed_at"]
    for answer in (
        await client.post(f"{address}/close", headers=officer.headers),
        await client.patch(address, json={"classification": "discarded"}, headers=officer.headers),
        await client.post(f"{address}/traces", json={}, headers=officer.headers),
    ):
        assert answer.json()["code"] == "case-closed"


async def test_an_identity_needs_a_reason_and_is_opened_one_by_one(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer)
    address = f"/api/v1/cases/{case['id']}/identity"
    answer = await client.post(address, json={"reason": " "}, headers=officer.headers)
    assert answer.json()["code"] == "reason-missing"
    codes = []
    for _ in range(41):
        answer = await client.post(
            address, json={"reason": "Điều tra dịch tễ"}, headers=officer.headers
        )
        codes.append(answer.status_code)
    assert codes[0] == 200
    assert codes[-1] == 429
