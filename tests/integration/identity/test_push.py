"""Being told at once: sealed for the browser, signed by us, and sent nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

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


@dataclass(frozen=True, slots=True)
class Pushes:
    """Residents with browsers, the push service, and the job between them."""

    client: httpx.AsyncClient
    owner: AsyncEngine
    context: JobContext
    service: PushService
    make_resident: MakeResident

    async def subscribe(
        self, who: Someone, name: str, browser: Browser | None = None
    ) -> httpx.Response:
        """Have somebody told at once by a browser that the service knows as `name`."""
        subscription = (browser or Browser()).subscription(f"{self.service.origin}/{name}")
        return await self.client.post("/api/v1/me/push", json=subscription, headers=who.headers)

    async def listener(self, browser: Browser | None = None) -> Someone:
        """A resident whose one browser is told at once."""
        someone = await self.make_resident()
        answer = await self.subscribe(someone, "abc", browser)
        assert (answer.status_code, answer.json()) == (201, {"browsers": 1})
        return someone

    async def queue(self, person: Someone) -> None:
        await self.run(
            "INSERT INTO push_delivery (subscription_id, purpose, target) "
            "SELECT id, 'warning', '/me/warnings/7?via=push' FROM push_subscription "
            "WHERE person_id = :person",
            person=person.id,
        )

    async def run(self, statement: str, **values: object) -> None:
        async with self.owner.begin() as connection:
            await connection.execute(text(statement), values)

    async def deliver(self) -> None:
        await tasks.deliver(self.context, {})

    async def state(self) -> list[tuple[str, int]]:
        async with self.owner.connect() as connection:
            rows = await connection.execute(
                text("SELECT state, attempts FROM push_delivery ORDER BY id")
            )
            return [(row.state, row.attempts) for row in rows]

    async def browsers(self, who: Someone) -> int:
        answer = await self.client.get("/api/v1/me/push", headers=who.headers)
        return int(answer.json()["browsers"])


@pytest.fixture
def pushes(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    service: PushService,
    make_resident: MakeResident,
) -> Pushes:
    return Pushes(client, owner, job_context, service, make_resident)


async def test_a_message_is_sealed_for_the_browser_and_signed_by_us(
    pushes: Pushes, keyring: Keyring
) -> None:
    key = (await pushes.client.get("/api/v1/push/key")).json()["key"]
    assert key == public_key(keyring)
    browser = Browser()
    someone = await pushes.listener(browser)
    await pushes.queue(someone)
    await pushes.deliver()
    [body], [headers] = pushes.service.bodies, pushes.service.headers
    assert b"warnings" not in body
    opened = browser.open(body)
    assert opened["url"] == "/me/warnings/7?via=push"
    assert set(opened) == {"title", "body", "url", "kind"}
    assert str(someone.id) not in str({**opened, "url": ""})
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["ttl"] == str(24 * 3600)
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={key}")
    assert await pushes.state() == [("sent", 1)]
    async with pushes.owner.connect() as connection:
        kept = await connection.scalar(text("SELECT sealed FROM push_subscription"))
        assert pushes.service.origin.encode() not in kept


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
    pushes: Pushes, endpoint: str
) -> None:
    someone = await pushes.make_resident()
    answer = await pushes.client.post(
        "/api/v1/me/push", json=Browser().subscription(endpoint), headers=someone.headers
    )
    assert answer.status_code == 422, answer.text
    async with pushes.owner.connect() as connection:
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
async def test_keys_that_are_none(pushes: Pushes, keys: dict[str, str]) -> None:
    someone = await pushes.make_resident()
    answer = await pushes.client.post(
        "/api/v1/me/push",
        json={"endpoint": f"{pushes.service.origin}/a", "keys": keys},
        headers=someone.headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "push-keys-refused")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(pushes: Pushes, status: int) -> None:
    someone = await pushes.listener()
    await pushes.queue(someone)
    pushes.service.answers.append(status)
    await pushes.deliver()
    assert await pushes.browsers(someone) == 0
    assert await pushes.state() == []


async def test_a_busy_service_is_asked_again_and_at_last_given_up(pushes: Pushes) -> None:
    service, someone = pushes.service, await pushes.listener()
    await pushes.queue(someone)
    most = pushes.context.settings.push.most_attempts
    for attempt in range(1, most + 1):
        service.answers.append([429, 500, 302][attempt % 3] if attempt % 3 < 2 else 503)
        await pushes.deliver()
        await pushes.deliver()
        assert len(service.bodies) == attempt, "it is not asked again at once"
        expected = "failed" if attempt == most else "queued"
        assert await pushes.state() == [(expected, attempt)]
        await pushes.run("UPDATE push_delivery SET due_at = now()")
    await pushes.queue(someone)
    service.answers.append(302)
    await pushes.deliver()
    assert (await pushes.state())[-1] == ("failed", 1), "a redirect is not followed"
    assert len(service.bodies) == most + 1


async def test_signing_out_ends_it(pushes: Pushes) -> None:
    someone = await pushes.listener()
    await pushes.queue(someone)
    await pushes.client.delete("/api/v1/auth/session", headers=someone.headers)
    await pushes.deliver()
    assert pushes.service.bodies == []


async def test_a_shared_phone_belongs_to_whoever_is_signed_in(pushes: Pushes) -> None:
    first, second = await pushes.make_resident(), await pushes.make_resident()
    for who in (first, second):
        await pushes.subscribe(who, "one-phone")
    async with pushes.owner.connect() as connection:
        rows = await connection.scalars(text("SELECT person_id FROM push_subscription"))
        assert list(rows) == [second.id]
    # Nobody takes another's away by naming it.
    phone = {"endpoint": f"{pushes.service.origin}/one-phone"}
    for who, named, left in ((first, phone, 1), (second, None, 0)):
        await pushes.client.request("DELETE", "/api/v1/me/push", json=named, headers=who.headers)
        assert await pushes.browsers(second) == left


async def test_nobody_keeps_more_than_ten_browsers(pushes: Pushes) -> None:
    someone = await pushes.make_resident()
    for number in range(12):
        answer = await pushes.subscribe(someone, str(number))
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


async def test_a_reminder_to_leave_comes_shortly_before_the_end(pushes: Pushes) -> None:
    client, browser = pushes.client, Browser()
    someone, other = await pushes.make_resident(), await pushes.make_resident()
    visit = await put_visit(pushes.owner, someone.id, minutes=60)
    path = f"/api/v1/me/visits/{visit}/reminder"
    early = await client.post(path, headers=someone.headers)
    assert (early.status_code, early.json()["code"]) == (409, "push-not-on")
    await pushes.subscribe(someone, "abc", browser)
    assert (await client.post(path, headers=other.headers)).status_code == 404
    assert (await client.post(path, headers=someone.headers)).status_code == 201
    assert (await client.get(path, headers=someone.headers)).json() == {"on": True}
    await tasks.remind(pushes.context, {})
    assert pushes.service.bodies == []
    await pushes.run("UPDATE leave_reminder SET due_at = now()")
    await tasks.remind(pushes.context, {})
    await tasks.remind(pushes.context, {})
    [body] = pushes.service.bodies
    assert browser.open(body)["kind"] == "leave"
    assert (await client.get(path, headers=someone.headers)).json() == {"on": False}


async def test_who_has_left_is_not_reminded(pushes: Pushes) -> None:
    someone = await pushes.listener()
    visit = await put_visit(pushes.owner, someone.id, minutes=60)
    path = f"/api/v1/me/visits/{visit}/reminder"
    await pushes.client.post(path, headers=someone.headers)
    await pushes.run("UPDATE leave_reminder SET due_at = now()")
    await pushes.run("UPDATE visit SET ends_at = now(), end_source = 'scanned'")
    await tasks.remind(pushes.context, {})
    assert pushes.service.bodies == []
    over = await pushes.client.post(path, headers=someone.headers)
    assert (over.status_code, over.json()["code"]) == (409, "visit-over")
