"""All SQL about browsers that asked to be told at once, and what is on its way to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_SUBSCRIBE = text("SELECT lachan_subscribe(:index, :sealed, :lang, :client)")
# What tells of a warning that is held back stays where it is, and its attempts are not counted.
_CLAIM = text(
    """
    WITH due AS (
      SELECT id FROM push_delivery WHERE state = 'queued' AND due_at <= now()
        AND (message_id IS NULL OR coalesce(lachan_may_carry(message_id), 'never') <> 'wait')
      ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE push_delivery d SET attempts = d.attempts + 1,
      due_at = now() + make_interval(secs => :lease)
    FROM due, push_subscription s JOIN session x ON x.token_hash = s.session_hash
    WHERE d.id = due.id AND s.id = d.subscription_id
    RETURNING d.id, d.purpose, d.target, d.message_id, d.attempts, s.id AS subscription_id,
      s.endpoint_index, s.sealed, s.lang, x.revoked_at IS NULL AND x.expires_at > now() AS alive
    """
)
_MAY_CARRY = text("SELECT lachan_may_carry(:message)")
_SENT = text(
    """
    WITH sent AS (
      UPDATE push_delivery SET state = 'sent', sent_at = now() WHERE id = :delivery
      RETURNING message_id, subscription_id
    ), used AS (
      UPDATE push_subscription s SET used_at = now() FROM sent WHERE s.id = sent.subscription_id
    )
    UPDATE warning_message m SET pushed_at = now() FROM sent
    WHERE m.id = sent.message_id AND m.pushed_at IS NULL
    """
)


async def subscribe(
    connection: AsyncConnection, *, index: bytes, sealed: bytes, lang: str, client: str
) -> bool:
    """Keep the asking resident's browser; another's row of the same browser goes."""
    values = {"index": index, "sealed": sealed, "lang": lang, "client": client}
    return bool(await connection.scalar(_SUBSCRIBE, values))


async def unsubscribe(connection: AsyncConnection, person: int, index: bytes) -> None:
    """Forget one browser of the asking resident."""
    await connection.execute(
        text("DELETE FROM push_subscription WHERE person_id = :person AND endpoint_index = :index"),
        {"person": person, "index": index},
    )


async def unsubscribe_all(connection: AsyncConnection, person: int) -> None:
    """Forget all browsers of the asking resident."""
    await connection.execute(
        text("DELETE FROM push_subscription WHERE person_id = :person"), {"person": person}
    )


async def count_mine(connection: AsyncConnection, person: int) -> int:
    """How many browsers of the asking resident are told at once."""
    found = await connection.scalar(
        text("SELECT count(*) FROM push_subscription WHERE person_id = :person"),
        {"person": person},
    )
    return int(found or 0)


async def claim(connection: AsyncConnection, limit: int, lease: int) -> Sequence[Row[Any]]:
    """Deliveries that are due, taken for `lease` seconds; a crash gives them back after it."""
    return (await connection.execute(_CLAIM, {"limit": limit, "lease": lease})).all()


async def may_carry(connection: AsyncConnection, message: int) -> Literal["go", "wait", "never"]:
    """Whether a warning may be carried to a phone now, is held back, or is withdrawn."""
    found: Literal["go", "wait", "never"] | None = await connection.scalar(
        _MAY_CARRY, {"message": message}
    )
    return found or "never"


async def set_held(connection: AsyncConnection, delivery: int) -> None:
    """Put back what was claimed and then held: it was not attempted."""
    await connection.execute(
        text(
            "UPDATE push_delivery SET attempts = attempts - 1, due_at = now() WHERE id = :delivery"
        ),
        {"delivery": delivery},
    )


async def set_sent(connection: AsyncConnection, delivery: int) -> None:
    """Note that a push service took it; the warning it carries then knows."""
    await connection.execute(_SENT, {"delivery": delivery})


async def set_waiting(connection: AsyncConnection, delivery: int, seconds: int) -> None:
    """Try again later."""
    await connection.execute(
        text(
            "UPDATE push_delivery SET due_at = now() + make_interval(secs => :seconds) "
            "WHERE id = :delivery"
        ),
        {"delivery": delivery, "seconds": seconds},
    )


async def set_failed(connection: AsyncConnection, delivery: int) -> None:
    """Give a delivery up."""
    await connection.execute(
        text("UPDATE push_delivery SET state = 'failed' WHERE id = :delivery"),
        {"delivery": delivery},
    )


async def remove(connection: AsyncConnection, subscription: int) -> None:
    """Forget a browser that is no longer there, with all that is on its way to it."""
    await connection.execute(
        text("DELETE FROM push_subscription WHERE id = :subscription"),
        {"subscription": subscription},
    )


async def clean_up(connection: AsyncConnection, hours: int) -> int:
    """Delete what was delivered or given up long ago, and browsers whose session has ended."""
    gone = await connection.execute(
        text(
            "DELETE FROM push_delivery WHERE state <> 'queued' "
            "AND created_at < now() - make_interval(hours => :hours)"
        ),
        {"hours": hours},
    )
    await connection.execute(
        text(
            "DELETE FROM push_subscription s USING session x WHERE x.token_hash = s.session_hash "
            "AND (x.revoked_at IS NOT NULL OR x.expires_at < now())"
        )
    )
    return gone.rowcount


async def set_reminder(
    connection: AsyncConnection, person: int, visit: UUID, day: date, due_at: datetime
) -> None:
    """Remind the asking resident of leaving; one visit at a time, the last asked for counts."""
    await connection.execute(
        text(
            "INSERT INTO leave_reminder (person_id, session_hash, visit_id, day, due_at) "
            "VALUES (:person, lachan_session_hash(), :visit, :day, :due) "
            "ON CONFLICT (person_id) DO UPDATE SET session_hash = excluded.session_hash, "
            "visit_id = excluded.visit_id, day = excluded.day, due_at = excluded.due_at"
        ),
        {"person": person, "visit": visit, "day": day, "due": due_at},
    )


async def drop_reminder(connection: AsyncConnection, person: int, visit: UUID) -> None:
    """Remind of this visit no more."""
    await connection.execute(
        text("DELETE FROM leave_reminder WHERE person_id = :person AND visit_id = :visit"),
        {"person": person, "visit": visit},
    )


async def reminder_of(connection: AsyncConnection, person: int) -> UUID | None:
    """The visit that the asking resident wants to be reminded of leaving."""
    found: UUID | None = await connection.scalar(
        text("SELECT visit_id FROM leave_reminder WHERE person_id = :person"), {"person": person}
    )
    return found


# Only whoever is, as far as is known, still there: a visit that was ended needs no reminder.
_REMIND = text(
    """
    WITH due AS (DELETE FROM leave_reminder WHERE due_at <= now() RETURNING *)
    INSERT INTO push_delivery (subscription_id, purpose, target)
    SELECT s.id, 'leave', '/me/diary' FROM due
    JOIN visit v ON v.id = due.visit_id AND v.day = due.day AND v.person_id = due.person_id
    JOIN push_subscription s ON s.person_id = due.person_id
    JOIN session x ON x.token_hash = s.session_hash
    WHERE v.end_source = 'expected' AND v.ends_at > now()
      AND x.revoked_at IS NULL AND x.expires_at > now()
    """
)


async def remind(connection: AsyncConnection) -> int:
    """Queue the reminders that are due; how many."""
    return (await connection.execute(_REMIND)).rowcount
