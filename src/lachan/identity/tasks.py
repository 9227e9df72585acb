"""Jobs of identity: texts leave, what is over its time goes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.messages.gateway import GatewayError, TextGateway, open_gateway
from lachan.identity.messages.outbox import SEND_TEXT, unseal
from lachan.jobs.queue import Job, JobContext

log = structlog.get_logger()

MOST_ATTEMPTS = 4

# A code that arrives after its time is only confusing; every other text may be late. One about a
# warning that is held back waits, and is not counted as tried.
_CLAIM = text(
    """
    UPDATE text_message SET attempts = attempts + 1
    WHERE id = :id AND state = 'queued' AND attempts < :most
      AND (purpose <> 'code' OR created_at > now() - make_interval(mins => :code_minutes))
      AND lachan_may_text(warning_messages) = 'go'
    RETURNING sealed, attempts
    """
)
_SENT = text(
    "UPDATE text_message SET state = 'sent', gateway = :gateway, sent_at = now() WHERE id = :id"
)
_FAILED = text("UPDATE text_message SET state = 'failed', gateway = :gateway WHERE id = :id")
_WAITING = text(
    "SELECT id FROM text_message WHERE state = 'queued' "
    "AND created_at < now() - interval '20 seconds' AND lachan_may_text(warning_messages) = 'go' "
    "ORDER BY created_at LIMIT 200"
)
# Withdrawn before it left: nobody was texted.
_DROP = text(
    """
    WITH dropped AS (
      UPDATE text_message SET state = 'failed'
      WHERE state = 'queued' AND warning_messages IS NOT NULL
        AND lachan_may_text(warning_messages) = 'never'
      RETURNING warning_messages
    )
    UPDATE warning_message m SET texted_at = NULL FROM dropped
    WHERE m.id = ANY (dropped.warning_messages)
    """
)
_OVER = (
    ("codes", "DELETE FROM one_time_code WHERE created_at < now() - interval '1 day'"),
    (
        "messages",
        "DELETE FROM text_message WHERE created_at < now() - make_interval(hours => :hours)",
    ),
    (
        "sessions",
        (
            "DELETE FROM session WHERE expires_at < now() - interval '1 day' "
            "OR revoked_at < now() - interval '1 day'"
        ),
    ),
    ("challenges", "DELETE FROM passkey_challenge WHERE expires_at < now()"),
)


async def _claim(connection: AsyncConnection, context: JobContext, message: UUID) -> bytes | None:
    row = (
        await connection.execute(
            _CLAIM,
            {
                "id": message,
                "most": MOST_ATTEMPTS,
                "code_minutes": context.settings.identity.code_minutes,
            },
        )
    ).one_or_none()
    return None if row is None else row.sealed


async def deliver(context: JobContext, gateway: TextGateway, message: UUID) -> bool:
    """Send one message, if it is still to be sent; True when the gateway took it.

    The attempt is committed before the gateway is asked: a crash in between must not send a
    message over and over. What failed for now is tried again by `send_waiting`.
    """
    async with context.engine.begin() as connection:
        sealed = await _claim(connection, context, message)
    if sealed is None:
        return False
    try:
        await gateway.send(unseal(context.keyring, message, sealed))
    except GatewayError as error:
        log.warning("text_not_sent", gateway=gateway.name, reason=error.reason)
        if not error.temporary:
            async with context.engine.begin() as connection:
                await connection.execute(_FAILED, {"id": message, "gateway": gateway.name})
        return False
    async with context.engine.begin() as connection:
        await connection.execute(_SENT, {"id": message, "gateway": gateway.name})
    return True


async def send_text(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Send the message named in the payload."""
    await deliver(context, open_gateway(context.settings.messages), UUID(payload["message"]))


async def send_waiting(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Try again what a gateway could not take, and what a lost job left behind."""
    gateway = open_gateway(context.settings.messages)
    async with context.engine.begin() as connection:
        await connection.execute(_DROP)
        waiting = [row.id for row in await connection.execute(_WAITING)]
        await connection.execute(
            text(
                "UPDATE text_message SET state = 'failed', gateway = :gateway "
                "WHERE state = 'queued' AND (attempts >= :most OR (purpose = 'code' AND "
                "created_at < now() - make_interval(mins => :code_minutes)))"
            ),
            {
                "gateway": gateway.name,
                "most": MOST_ATTEMPTS,
                "code_minutes": context.settings.identity.code_minutes,
            },
        )
    for message in waiting:
        await deliver(context, gateway, message)


async def clean_up(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Delete codes, texts and sessions whose time is over; erase who asked to be."""
    done: dict[str, int] = {}
    async with context.engine.begin() as connection:
        for name, statement in _OVER:
            values = (
                {"hours": context.settings.retention.message_hours} if ":hours" in statement else {}
            )
            done[name] = (await connection.execute(text(statement), values)).rowcount
        done["people"] = int(await connection.scalar(text("SELECT lachan_erase_due()")) or 0)
    log.info("identity_cleaned_up", **done)


JOBS = (
    Job(SEND_TEXT, send_text),
    Job("identity.send_waiting", send_waiting, schedule="* * * * *"),
    Job("identity.clean_up", clean_up, schedule="7 * * * *"),
)
