"""What the edge refuses before any route is asked, and what it adds to every answer."""

import httpx
import pytest

from tests.conftest import MakeResident


async def test_every_answer_carries_the_policy(client: httpx.AsyncClient) -> None:
    for path in ("/", "/healthz", "/api/v1/nothing", "/static/nothing.css"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-request-id"]


async def test_health_data_is_not_cached(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    headers = (await make_resident()).headers
    answer = await client.get("/api/v1/me/visits", headers=headers)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "x@evil.example"])
async def test_other_hosts_are_refused(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/healthz", headers={"host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "untrusted-host")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"cookie": "lachan_session=x"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://localhost:8000"}, 303),
        ({}, 303),
    ],
)
async def test_forms_from_elsewhere_are_refused(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await client.post("/preferences/theme", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example"])
async def test_no_open_redirect(client: httpx.AsyncClient, back: str) -> None:
    answer = await client.post("/preferences/theme", data={"theme": "dark", "back": back})
    location = answer.headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


async def test_language_switch_keeps_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/?lang=en&x=1")
    assert answer.headers["location"] == "/?x=1"
    assert "lang=en" in answer.headers["set-cookie"]
    english = await client.get("/", headers={"cookie": "lang=en"})
    assert '<html lang="en"' in english.text
    client.cookies.clear()
    assert '<html lang="vi"' in (await client.get("/")).text
