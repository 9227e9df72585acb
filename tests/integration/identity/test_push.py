"""Being told at once: sealed for the browser, signed by us, and sent nowhere else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import httpx
import pytest
from py_vapid import Vapid02
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.push import tasks
from lachan.identity.push.domain import Subscription, public_key
from lachan.identity.push.sender import PublicOnly, Sender
from lachan.jobs.queue import JobContext
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.ids import uuid7
from lachan.settings import Push, Settings
from tests.conftest import MakeResident, Someone
from tests.integration.identity.push_service import Browser, PushService, push_service


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    push = Push(test_origins=(service.origin,), contact="mailto:ops@lachan.example.vn")
    return settings.model_copy(update={"push": push})


async def subscribe(
    client: httpx.AsyncClient, who: Someone, subscription: dict[str, Any]
) -> httpx.Response:
    return await client.post("/api/v1/me/push", json=subscription, headers=who.headers)


async def queue(owner: AsyncEngine, person: int, *, message: int | None = None) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO push_delivery (subscription_id, purpose, target, message_id) "
                "SELECT id, 'warning', '/me/warnings/7?via=push', :message FROM push_subscription "
                "WHERE person_id = :person"
            ),
            {"person": person, "message": message},
        )


async def state(owner: AsyncEngine) -> list[tuple[str, int]]:
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT state, attempts FROM push_delivery ORDER BY id")
        )
        return [(row.state, row.attempts) for row in rows]


async def make_due(owner: AsyncEngine) -> None:
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE push_delivery SET due_at = now()"))


async def test_a_message_is_sealed_for_the_browser_and_signed_by_us(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    keyring: Keyring,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    someone, browser = await make_resident(), Browser()
    key = (await client.get("/api/v1/push/key")).json()["key"]
    assert key == public_key(keyring)
    answer = await subscribe(client, someone, browser.subscription(f"{service.origin}/abc"))
    assert (answer.status_code, answer.json()) == (201, {"browsers": 1})
    await queue(owner, someone.id)
    await tasks.deliver(job_context, {})
    [body], [headers] = service.bodies, service.headers
    assert b"warnings" not in body
    opened = browser.open(body)
    assert opened["url"] == "/me/warnings/7?via=push"
    assert set(opened) == {"title", "body", "url", "kind"}
    assert str(someone.id) not in str({**opened, "url": ""})
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == str(24 * 3600)
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={key}")
    assert await state(owner) == [("sent", 1)]
    async with owner.connect() as connection:
        kept = await connection.scalar(text("SELECT sealed FROM push_subscription"))
        assert service.origin.encode() not in kept


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://a.b.push.apple.com/x",
        "https://push.apple.com/x",
        "https://fcm.googleapis.com./x",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https://fcm.googleapis.com/\r\nhost: x",
        "https://" + "a" * 2000,
    ],
)
async def test_a_subscription_cannot_point_our_server_anywhere_else(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_resident: MakeResident,
    endpoint: str,
) -> None:
    someone = await make_resident()
    answer = await subscribe(client, someone, Browser().subscription(endpoint))
    assert answer.status_code == 422, answer.text
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM push_subscription")) == 0


async def test_a_name_that_leads_inwards_is_not_followed(
    job_context: JobContext, service: PushService
) -> None:
    """The list of hosts may hold a name that somebody makes point at this machine."""
    port = int(service.origin.rpartition(":")[2])
    resolver = PublicOnly()
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("localhost", port)
    await resolver.close()
    # The same connector that the sender uses, asked for the service that listens there.
    connector = aiohttp.TCPConnector(resolver=PublicOnly(), use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.post(f"http://localhost:{port}/x", data=b"x")
    inward = job_context.settings.model_copy(update={"push": Push(hosts=("localhost",))})
    keys = Browser().subscription("https://localhost/x")["keys"]
    async with Sender(job_context.keyring, inward) as sender:
        outcome = await sender.send(
            Subscription("https://localhost/x", keys["p256dh"], keys["auth"]), b"x"
        )
    assert outcome.result == "again"
    assert service.bodies == []


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"p256dh": "!", "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
async def test_keys_that_are_none(
    client: httpx.AsyncClient,
    service: PushService,
    make_resident: MakeResident,
    keys: dict[str, str],
) -> None:
    someone = await make_resident()
    answer = await subscribe(client, someone, {"endpoint": f"{service.origin}/a", "keys": keys})
    assert (answer.status_code, answer.json()["code"]) == (422, "push-keys-refused")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
    status: int,
) -> None:
    someone = await make_resident()
    await subscribe(client, someone, Browser().subscription(f"{service.origin}/abc"))
    await queue(owner, someone.id)
    service.answers.append(status)
    await tasks.deliver(job_context, {})
    mine = await client.get("/api/v1/me/push", headers=someone.headers)
    assert mine.json() == {"browsers": 0}
    assert await state(owner) == []


async def test_a_busy_service_is_asked_again_and_at_last_given_up(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    someone = await make_resident()
    await subscribe(client, someone, Browser().subscription(f"{service.origin}/abc"))
    await queue(owner, someone.id)
    most = job_context.settings.push.most_attempts
    for attempt in range(1, most + 1):
        service.answers.append([429, 500, 302][attempt % 3] if attempt % 3 < 2 else 503)
        await tasks.deliver(job_context, {})
        await tasks.deliver(job_context, {})
        assert len(service.bodies) == attempt, "it is not asked again at once"
        expected = "failed" if attempt == most else "queued"
        assert await state(owner) == [(expected, attempt)]
        await make_due(owner)
    await queue(owner, someone.id)
    service.answers.append(302)
    await tasks.deliver(job_context, {})
    assert (await state(owner))[-1] == ("failed", 1), "a redirect is not followed"
    assert len(service.bodies) == most + 1


async def test_signing_out_ends_it(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    someone = await make_resident()
    await subscribe(client, someone, Browser().subscription(f"{service.origin}/abc"))
    await queue(owner, someone.id)
    await client.delete("/api/v1/auth/session", headers=someone.headers)
    await tasks.deliver(job_context, {})
    assert service.bodies == []


async def test_a_shared_phone_belongs_to_whoever_is_signed_in(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    first, second = await make_resident(), await make_resident()
    phone = Browser().subscription(f"{service.origin}/one-phone")
    await subscribe(client, first, phone)
    await subscribe(client, second, phone)
    async with owner.connect() as connection:
        rows = await connection.scalars(text("SELECT person_id FROM push_subscription"))
        assert list(rows) == [second.id]
    # Nobody takes another's away by naming it.
    await client.request(
        "DELETE",
        "/api/v1/me/push",
        json={"endpoint": phone["endpoint"]},
        headers=first.headers,
    )
    mine = await client.get("/api/v1/me/push", headers=second.headers)
    assert mine.json() == {"browsers": 1}
    await client.request("DELETE", "/api/v1/me/push", headers=second.headers)
    mine = await client.get("/api/v1/me/push", headers=second.headers)
    assert mine.json() == {"browsers": 0}


async def test_nobody_keeps_more_than_ten_browsers(
    client: httpx.AsyncClient, service: PushService, make_resident: MakeResident
) -> None:
    someone = await make_resident()
    for number in range(12):
        answer = await subscribe(
            client, someone, Browser().subscription(f"{service.origin}/{number}")
        )
    assert answer.json() == {"browsers": 10}


async def put_visit(owner: AsyncEngine, person: int, *, minutes: int) -> str:
    """An open visit that ends by the usual stay in so many minutes."""
    begun = now() - timedelta(minutes=30)
    visit = uuid7()
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES ('Chợ', 'market', 'VN.01.00004') "
                "RETURNING id"
            )
        )
        await connection.execute(
            text(
                "INSERT INTO visit (id, day, person_id, place_id, started_at, ends_at, end_source, "
                "source, client, offline) VALUES (:id, :day, :person, :place, :begun, :ends, "
                "'expected', 'app', 'web', false)"
            ),
            {
                "id": visit,
                "day": local_day(begun, Settings().zone),
                "person": person,
                "place": place,
                "begun": begun,
                "ends": now() + timedelta(minutes=minutes),
            },
        )
    return str(visit)


async def test_a_reminder_to_leave_comes_shortly_before_the_end(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    someone, other, browser = await make_resident(), await make_resident(), Browser()
    visit = await put_visit(owner, someone.id, minutes=60)
    path = f"/api/v1/me/visits/{visit}/reminder"
    early = await client.post(path, headers=someone.headers)
    assert (early.status_code, early.json()["code"]) == (409, "push-not-on")
    await subscribe(client, someone, browser.subscription(f"{service.origin}/abc"))
    assert (await client.post(path, headers=other.headers)).status_code == 404
    assert (await client.post(path, headers=someone.headers)).status_code == 201
    assert (await client.get(path, headers=someone.headers)).json() == {"on": True}
    await tasks.remind(job_context, {})
    assert service.bodies == []
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE leave_reminder SET due_at = now()"))
    await tasks.remind(job_context, {})
    await tasks.remind(job_context, {})
    [body] = service.bodies
    assert browser.open(body)["kind"] == "leave"
    assert (await client.get(path, headers=someone.headers)).json() == {"on": False}


async def test_who_has_left_is_not_reminded(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
) -> None:
    someone = await make_resident()
    visit = await put_visit(owner, someone.id, minutes=60)
    await subscribe(client, someone, Browser().subscription(f"{service.origin}/abc"))
    path = f"/api/v1/me/visits/{visit}/reminder"
    await client.post(path, headers=someone.headers)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE leave_reminder SET due_at = now()"))
        await connection.execute(text("UPDATE visit SET ends_at = now(), end_source = 'scanned'"))
    await tasks.remind(job_context, {})
    assert service.bodies == []
    over = await client.post(path, headers=someone.headers)
    assert (over.status_code, over.json()["code"]) == (409, "visit-over")
