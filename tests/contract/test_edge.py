"""What a foreign page, an old browser and a program can send: only the last two get through."""

import pytest
from httpx import AsyncClient
from starlette.datastructures import Headers

from lachan.kit.errors import CrossSite
from lachan.kit.http.edge import check_same_site

OWN = frozenset({"https://lachan.example.vn"})

LET_THROUGH = {
    "a form of ours": {"sec-fetch-site": "same-origin", "cookie": "lachan_session=x"},
    "typed or bookmarked": {"sec-fetch-site": "none", "cookie": "lachan_session=x"},
    "an older browser, our origin": {
        "origin": "https://lachan.example.vn",
        "host": "lachan.example.vn",
        "cookie": "lachan_session=x",
    },
    "an older browser, the host itself": {
        "origin": "http://10.0.0.5:8000",
        "host": "10.0.0.5:8000",
        "cookie": "lachan_session=x",
    },
    "a program with a token": {"authorization": "Bearer x"},
    "a program that is nobody": {},
}
REFUSED = {
    "another site": {"sec-fetch-site": "cross-site", "cookie": "lachan_session=x"},
    "another subdomain": {"sec-fetch-site": "same-site", "cookie": "lachan_session=x"},
    "another site, and no cookie yet": {"sec-fetch-site": "cross-site"},
    "another origin": {
        "origin": "https://evil.example",
        "host": "lachan.example.vn",
        "cookie": "lachan_session=x",
    },
    "a sandboxed frame": {"origin": "null", "host": "lachan.example.vn"},
    "our name in a longer one": {
        "origin": "https://lachan.example.vn.evil.example",
        "host": "lachan.example.vn",
    },
    "a cookie and nothing to say where from": {"cookie": "lachan_session=x"},
}


@pytest.mark.parametrize("headers", LET_THROUGH.values(), ids=LET_THROUGH.keys())
def test_our_own_pages_and_programs_may_post(headers: dict[str, str]) -> None:
    check_same_site("POST", Headers(headers), OWN)


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_sites_may_not(headers: dict[str, str], method: str) -> None:
    with pytest.raises(CrossSite):
        check_same_site(method, Headers(headers), OWN)


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
def test_anybody_may_link_to_us(headers: dict[str, str]) -> None:
    check_same_site("GET", Headers(headers), OWN)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/visits"),
        ("POST", "/api/v1/auth/sessions"),
        ("POST", "/place/new"),
        ("DELETE", "/api/v1/me"),
        ("POST", "/no/such/page"),
    ],
)
async def test_it_stands_in_front_of_every_route(
    client: AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(
        method, path, headers={"sec-fetch-site": "cross-site", "accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross-site"


async def test_every_answer_carries_the_policy(client: AsyncClient) -> None:
    for path in ("/", "/healthz", "/no/such/page", "/api/v1/me"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
