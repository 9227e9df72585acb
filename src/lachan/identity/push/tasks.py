"""Jobs that carry pushes to their services, again and again until taken or given up."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.push import service, store
from lachan.identity.push.domain import wait_seconds
from lachan.identity.push.sender import Outcome, Sender
from lachan.jobs.queue import Job, JobContext
from lachan.kit.crypto import SealBroken
from lachan.kit.i18n import Catalogs

log = structlog.get_logger()

DELIVER = "push.deliver"
REMIND = "push.remind"
CLEAN_UP = "push.clean_up"
_CLAIMED = 100
_LEASE_SECONDS = 120


@cache
def _catalogs() -> Catalogs:
    return Catalogs()


def payload_of(row: Row[Any]) -> bytes:
    """What the browser shows: that there is something, and where. Nothing of what or whom."""
    purpose = str(row.purpose).replace("_", "-")
    say = _catalogs().translate
    return orjson.dumps(
        {
            "title": say(row.lang, f"push-{purpose}-title"),
            "body": say(row.lang, f"push-{purpose}-body"),
            "url": row.target,
            # The phone itself knows where its owner is, and can ask better than we.
            "kind": row.purpose,
        }
    )


async def deliver(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Send what is due. Each attempt is counted before it is made, so a crash repeats little."""
    async with Sender(context.keyring, context.settings) as sender:
        while True:
            async with context.engine.begin() as connection:
                rows = await store.claim(connection, _CLAIMED, _LEASE_SECONDS)
            if not rows:
                return
            await _send_all(context, sender, rows)


async def _send_all(context: JobContext, sender: Sender, rows: Sequence[Row[Any]]) -> None:
    room = asyncio.Semaphore(context.settings.push.at_once)
    outcomes = await asyncio.gather(*(_send(context, sender, row, room) for row in rows))
    async with context.engine.begin() as connection:
        # In the order of their ids: two workers that note at once must not wait for each other.
        for row, outcome in sorted(
            zip(rows, outcomes, strict=True), key=lambda pair: pair[0].message_id or 0
        ):
            await _note(connection, row, outcome, context.settings.push.most_attempts)


async def _send(
    context: JobContext, sender: Sender, row: Row[Any], room: asyncio.Semaphore
) -> Outcome:
    if not row.alive:
        return Outcome("gone")
    try:
        browser = service.opened(context.keyring, row.endpoint_index, row.sealed)
    except SealBroken:
        return Outcome("gone")
    async with room:
        # Asked last: a wrong warning is stopped also for whoever still stands in the queue.
        if row.message_id is not None:
            async with context.engine.connect() as connection:
                verdict = await store.may_carry(connection, row.message_id)
            if verdict != "go":
                return Outcome("held" if verdict == "wait" else "dropped")
        outcome = await sender.send(browser, payload_of(row))
    if outcome.result != "sent":
        log.info(
            "push_not_sent",
            service=service.service_of(browser.endpoint),
            result=outcome.result,
            attempts=row.attempts,
        )
    return outcome


async def _note(
    connection: AsyncConnection, row: Row[Any], outcome: Outcome, most_attempts: int
) -> None:
    match outcome.result:
        case "sent":
            await store.set_sent(connection, row.id)
        case "gone":
            await store.remove(connection, row.subscription_id)
        case "held":
            await store.set_held(connection, row.id)
        case "again" if row.attempts < most_attempts:
            wait = wait_seconds(row.attempts, outcome.wait)
            await store.set_waiting(connection, row.id, wait)
        case _:
            await store.set_failed(connection, row.id)


async def remind(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Remind of leaving whoever asked for it and is still there."""
    async with context.engine.begin() as connection:
        queued = await store.remind(connection)
    if queued:
        await deliver(context, payload)


async def clean_up(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Delete what was delivered, and browsers whose session has ended."""
    async with context.engine.begin() as connection:
        await store.clean_up(connection, context.settings.retention.message_hours)


JOBS = [
    Job(DELIVER, deliver, schedule="* * * * *"),
    Job(REMIND, remind, schedule="* * * * *"),
    Job(CLEAN_UP, clean_up, schedule="23 * * * *"),
]
