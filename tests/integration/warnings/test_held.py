"""A warning is asked for once more at the moment it leaves: what is queued stops with it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import text

from lachan.identity import sealed
from lachan.identity import tasks as texts
from lachan.identity.messages.outbox import Text
from lachan.identity.push import tasks as pushes
from lachan.identity.sealed import IdentityData
from lachan.kit.crypto import Keyring
from lachan.settings import Push, Settings
from lachan.warnings import tasks
from tests.conftest import Someone
from tests.integration.identity.push_service import Browser, PushService, push_service
from tests.integration.warnings.conftest import Station


@dataclass
class Phones:
    """A gateway that keeps what it was given."""

    name: str = "test"
    sent: list[str] = field(default_factory=list)

    async def send(self, message: Text) -> str:
        self.sent.append(message.phone)
        return "id"


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, service: PushService) -> Settings:
    # One after the other, so that something may happen between two of a batch.
    push = Push(test_origins=(service.origin,), at_once=1)
    return settings.model_copy(update={"push": push})


async def listener(station: Station, service: PushService, name: str) -> Someone:
    """A resident with a browser that is told at once."""
    someone = await station.make_resident()
    answer = await station.client.post(
        "/api/v1/me/push",
        json=Browser().subscription(f"{service.origin}/{name}"),
        headers=someone.headers,
    )
    assert answer.status_code == 201
    return someone


async def run(station: Station, statement: str) -> None:
    async with station.owner.begin() as connection:
        await connection.execute(text(statement))


async def pushed(station: Station) -> list[tuple[str, int]]:
    async with station.owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT state, attempts FROM push_delivery ORDER BY id")
        )
        return [(row.state, row.attempts) for row in rows]


HOLDS = {
    "paused": (
        (
            "INSERT INTO warning_pause (area, reason, paused_by) "
            "SELECT 'VN.01', 'x', id FROM officer LIMIT 1"
        ),
        "UPDATE warning_pause SET resumed_at = now()",
    ),
    "stopped by its readers": (
        "UPDATE warning SET stopped_at = now()",
        "UPDATE warning SET stopped_at = NULL, resumed_at = now()",
    ),
}


@pytest.mark.parametrize("hold", HOLDS)
async def test_a_push_waits_while_its_warning_is_held_back(
    station: Station, service: PushService, hold: str
) -> None:
    officer, someone = await station.make_officer(), await listener(station, service, "a")
    await station.warn(officer, someone)
    holding, letting_go = HOLDS[hold]
    await run(station, holding)
    for _ in range(3):
        await pushes.deliver(station.context, {})
    assert (service.bodies, await pushed(station)) == ([], [("queued", 0)])
    await run(station, letting_go)
    await pushes.deliver(station.context, {})
    assert (len(service.bodies), await pushed(station)) == (1, [("sent", 1)])


async def test_a_withdrawn_warning_is_pushed_to_nobody(
    station: Station, service: PushService
) -> None:
    officer, someone = await station.make_officer(), await listener(station, service, "a")
    warning = await station.warn(officer, someone)
    await station.client.post(
        f"/api/v1/warnings/{warning}/withdraw", json={"reason": "nhầm"}, headers=officer.headers
    )
    await pushes.deliver(station.context, {})
    assert (service.bodies, await pushed(station)) == ([], [("failed", 1)])


async def test_a_pause_stops_even_the_batch_that_is_leaving(
    station: Station, service: PushService
) -> None:
    officer = await station.make_officer()
    people = [await listener(station, service, name) for name in "abc"]
    await station.warn(officer, *people)

    async def pause() -> None:
        service.meanwhile = None
        await run(station, HOLDS["paused"][0])

    service.meanwhile = pause
    await pushes.deliver(station.context, {})
    assert len(service.bodies) == 1
    assert sorted(await pushed(station)) == [("queued", 0), ("queued", 0), ("sent", 1)]
    await run(station, HOLDS["paused"][1])
    await pushes.deliver(station.context, {})
    assert len(service.bodies) == 3


async def queued_text(station: Station, keyring: Keyring) -> UUID:
    """A text about a warning that its reader did not open; it has not left yet."""
    officer, someone = await station.make_officer(), await station.make_resident()
    async with station.owner.begin() as connection:
        await sealed.write(connection, keyring, someone.id, IdentityData(phone="+84912345678"))
    await station.warn(officer, someone)
    await run(station, "UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
    await tasks.text_unopened(station.context, {})
    await run(station, "UPDATE text_message SET created_at = now() - interval '1 minute'")
    async with station.owner.connect() as connection:
        found = await connection.scalar(text("SELECT id FROM text_message"))
    assert isinstance(found, UUID)
    return found


@pytest.mark.parametrize("hold", HOLDS)
async def test_a_text_waits_while_its_warning_is_held_back(
    station: Station, keyring: Keyring, hold: str
) -> None:
    message, phones = await queued_text(station, keyring), Phones()
    holding, letting_go = HOLDS[hold]
    await run(station, holding)
    assert not await texts.deliver(station.context, phones, message)
    await texts.send_waiting(station.context, {})
    async with station.owner.connect() as connection:
        row = (await connection.execute(text("SELECT state, attempts FROM text_message"))).one()
    assert (row.state, row.attempts) == ("queued", 0)
    await run(station, letting_go)
    assert await texts.deliver(station.context, phones, message)
    assert phones.sent == ["+84912345678"]


async def test_a_withdrawn_warning_is_texted_to_nobody_and_counted_so(
    station: Station, keyring: Keyring
) -> None:
    message, phones = await queued_text(station, keyring), Phones()
    await run(station, "UPDATE warning_message SET withdrawn_at = now(), withdrawn_reason = 'x'")
    assert not await texts.deliver(station.context, phones, message)
    await texts.send_waiting(station.context, {})
    assert phones.sent == []
    async with station.owner.connect() as connection:
        assert await connection.scalar(text("SELECT state FROM text_message")) == "failed"
        assert await connection.scalar(text("SELECT texted_at FROM warning_message")) is None
