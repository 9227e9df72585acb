"""Input that no database can hold: refused as the asker's mistake, never answered with a 500."""

import base64
import json
from datetime import timedelta

import httpx
import pytest

from lachan.kit.clock import now
from tests.conftest import AREA, MakeOfficer, MakeResident

NUL = "a\0b"
HUGE = 2**63  # one more than a bigint holds


def cursor(*key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/api/v1/officers", "admin"),
        ("/desk/officers", "admin"),
        ("/api/v1/audit", "auditor"),
        ("/desk/audit", "auditor"),
        ("/api/v1/cases", "tracer"),
        ("/desk/cases", "tracer"),
        ("/api/v1/contacts", "tracer"),
        ("/desk/contacts", "tracer"),
        ("/api/v1/warnings", "tracer"),
        ("/desk/warnings", "tracer"),
        ("/api/v1/me/openings", "resident"),
        ("/me/openings", "resident"),
        ("/api/v1/me/warnings", "resident"),
        ("/me/warnings", "resident"),
    ],
)
async def test_an_invented_cursor(
    client: httpx.AsyncClient,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    path: str,
    role: str,
) -> None:
    someone = await (make_resident() if role == "resident" else make_officer(role, "VN.01"))
    for key in (NUL, HUGE, True):
        answer = await client.get(path, params={"cursor": cursor(key)}, headers=someone.headers)
        assert answer.status_code == 422, (key, answer.text)


@pytest.mark.parametrize(
    "key",
    [(1, 2**31, 1), (2**15, 1, 1), (1, 1, HUGE), ("x", 1, 1), (None, None, None), (1.5, 1, 1)],
)
async def test_an_invented_cursor_of_contacts(
    client: httpx.AsyncClient, make_officer: MakeOfficer, key: tuple[object, ...]
) -> None:
    tracer = await make_officer("tracer", "VN.01")
    made = await client.post(
        "/api/v1/cases",
        json={
            "person": {"phone": "0912345678"},
            "disease": "covid-19",
            "sampled_on": _today(),
            "area": AREA,
        },
        headers=tracer.headers,
    )
    number = made.json()["id"]
    for path in (
        f"/api/v1/cases/{number}/contacts",
        f"/desk/cases/{number}",
        f"/desk/cases/{number}/trace",
    ):
        answer = await client.get(path, params={"cursor": cursor(*key)}, headers=tracer.headers)
        assert answer.status_code == 422, path


def _today() -> str:
    return (now() - timedelta(days=1)).date().isoformat()


@pytest.mark.parametrize("path", ["/api/v1/me/visits", "/me/diary"])
@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01\0"]
)
async def test_a_diary_before_or_after_all_time(
    client: httpx.AsyncClient, make_resident: MakeResident, path: str, moment: str
) -> None:
    answer = await client.get(
        path,
        params={"cursor": cursor(moment, "00000000-0000-0000-0000-000000000000")},
        headers=(await make_resident()).headers,
    )
    assert answer.status_code == 422


async def test_a_visit_of_the_year_10889(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    headers = (await make_resident()).headers
    for path in ("/api/v1/me/visits/", "/me/visits/"):
        answer = await client.get(path + "ffffffff-ffff-ffff-ffff-ffffffffffff", headers=headers)
        assert answer.status_code == 404


async def test_a_forgotten_visit_at_the_end_of_the_calendar(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    answer = await client.post(
        "/me/diary/add",
        data={"code": "x", "day": "9999-12-31", "arrived": "12:00", "left": "11:00"},
        headers=(await make_resident()).headers,
    )
    assert answer.status_code == 422


async def test_a_nul_in_an_address(client: httpx.AsyncClient, make_officer: MakeOfficer) -> None:
    tracer = (await make_officer("tracer", "VN.01")).headers
    for path in ("/api/v1/cases?code=%00", "/areas/VN%00", "/api/v1/cases?disease=a%00"):
        for accept in ("application/json", "text/csv"):
            answer = await client.get(path, headers={**tracer, "accept": accept})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


async def test_a_nul_in_a_body(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_resident: MakeResident
) -> None:
    anybody = await client.post(
        "/api/v1/officers/sessions", json={"login": NUL, "password": "x", "totp": "1"}
    )
    assert (anybody.status_code, anybody.json()["code"]) == (400, "bad-request")
    resident = (await make_resident()).headers
    place = {"name": "Chợ", "kind": "market", "area": NUL}
    form = {"area": NUL}
    assert (await client.post("/api/v1/places", json=place, headers=resident)).status_code == 400
    assert (await client.post("/me/home", data=form, headers=resident)).status_code == 400
    drill = {"label": NUL, "people": 1}
    admin = (await make_officer("admin", AREA)).headers
    assert (await client.post("/api/v1/drills", json=drill, headers=admin)).status_code == 400


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "null", "\u00e9"])
async def test_an_origin_that_is_no_address(client: httpx.AsyncClient, origin: str) -> None:
    answer = await client.post(
        "/preferences/theme", data={"theme": "dark"}, headers={"origin": origin.encode("latin-1")}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")


async def test_json_as_deep_as_the_sea(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    headers = {**(await make_resident()).headers, "content-type": "application/json"}
    for path in ("/api/v1/visits", "/api/v1/places"):
        answer = await client.post(path, content=b"[" * 60_000, headers=headers)
        assert 400 <= answer.status_code < 500
