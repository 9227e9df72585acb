"""What the edge refuses before any route is asked, and what it adds to every answer."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from lachan.app import create_app
from lachan.kit import errors
from lachan.kit.crypto import Keyring
from lachan.kit.http.edge import Edge
from lachan.kit.http.rate import RateLimit
from lachan.settings import Settings, Web
from tests.conftest import Database, MakeResident


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


async def never_ending() -> AsyncIterator[bytes]:
    yield b"--x"
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/auth/codes", "application/json"),
        ("/login", "application/x-www-form-urlencoded"),
        ("/map/places/1/tell", "multipart/form-data; boundary=x"),
        ("/api/v1/visits", "application/json"),
    ],
    ids=["json", "form", "read by hand", "past the framework"],
)
async def test_a_body_that_does_not_come_in_is_not_waited_for(
    database: Database,
    keyring: Keyring,
    settings: Settings,
    make_resident: MakeResident,
    path: str,
    kind: str,
) -> None:
    someone = await make_resident()
    # Photos are taken on one of the paths: more time, of which none is given here.
    web = Web(body_seconds=0.1, max_body_bytes=2**25)
    app = create_app(settings.model_copy(update={"web": web}), database.urls, keyring)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client,
        asyncio.timeout(5),
    ):
        for lang, sentence in (
            ("vi", "Hãy kiểm tra mạng rồi gửi lại."),
            ("en", "Check the network"),
        ):
            headers = {**someone.headers, "content-type": kind, "accept-language": lang}
            late = await client.post(path, content=never_ending(), headers=headers)
            assert (late.status_code, late.json()["code"]) == (408, "body-late")
            assert late.headers["content-type"] == "application/problem+json"
            assert late.headers["connection"] == "close"
            assert sentence in late.json()["detail"]


async def told(path: str, body: list[tuple[float, bytes]], then: float = 0) -> bytes:
    """What an application behind the edge read, of pieces that come after so many seconds.

    Ordinary bodies have 0.2 seconds, those of files a second more.
    """
    seen = b""
    pieces = [(wait, piece, place < len(body)) for place, (wait, piece) in enumerate(body, 1)]

    async def inner(_scope: object, receive: object, _send: object) -> None:
        nonlocal seen
        more = True
        while more:
            message = await receive()  # type: ignore[operator] # an ASGI callable
            seen, more = seen + message["body"], message["more_body"]
        assert (await receive())["type"] == "http.disconnect"  # type: ignore[operator]
        seen += b" and gone"

    async def receive() -> dict[str, object]:
        if not pieces:
            await asyncio.sleep(then)
            return {"type": "http.disconnect"}
        wait, piece, more = pieces.pop(0)
        await asyncio.sleep(wait)
        return {"type": "http.request", "body": piece, "more_body": more}

    async def refuse(_scope: object, problem: errors.Problem) -> object:
        raise problem

    async def send(_message: object) -> None:
        pass

    edge = Edge(
        inner,
        refuse=refuse,  # type: ignore[arg-type]
        trusted_hosts=["*"],
        own_origins=[],
        max_body_bytes=1024,
        body_seconds=0.2,
        large_bodies=[("/files", 65_536 + 1024)],
        rate=RateLimit(60),
        secure=False,
        is_away=lambda _error: False,
    )
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
    await edge(scope, receive, send)
    return seen


async def test_the_time_is_of_the_whole_body_and_of_nothing_else() -> None:
    drops = [(0.08, b"a")] * 4
    assert await told("/page", drops[:2]) == b"aa and gone"
    assert await told("/page", drops) != b"aaaa and gone"
    # Where files are taken there is more of it, and who listens to a stream has all of it.
    assert await told("/files", drops) == b"aaaa and gone"
    assert await told("/page", drops[:1], then=0.4) == b"a and gone"
