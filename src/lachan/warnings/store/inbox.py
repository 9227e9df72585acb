"""Messages as the people warned read and answer them; row security shows only their own.

Their own are also those of a household member without a phone, for whom the asker answers.
"""

# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_MESSAGE = """
    SELECT m.id, m.warning_id, m.person_id, m.disease, m.level, m.kind, m.advice_version,
           m.rule_version, m.note, m.window_from, m.window_to,
           coalesce(m.corrected_minutes, m.minutes) AS minutes, m.reason,
           m.others, m.sent_at, m.seen_at, m.withdrawn_at, m.withdrawn_reason,
           m.tested_at, m.call_asked_at, m.called_at, m.well_at, m.disputed_at, m.dispute_sealed,
           m.answered_at, m.answer, m.decision, p.name AS place,
           coalesce(p.address, '') AS address, r.name AS room
    FROM warning_message m
    LEFT JOIN place p ON p.id = m.place_id LEFT JOIN room r ON r.id = m.room_id
"""
_OWN = "m.person_id = ANY ((SELECT lachan_own_people())::bigint[])"
_MINE = text(
    _MESSAGE
    + f"""
    WHERE {_OWN} AND m.sent_at IS NOT NULL AND m.id < :before
    ORDER BY m.id DESC LIMIT :limit
    """
)
_MY_ONE = text(_MESSAGE + f"WHERE m.id = :message AND {_OWN} AND m.sent_at IS NOT NULL")
_NEW = f"{_OWN} AND m.sent_at IS NOT NULL AND m.seen_at IS NULL AND m.withdrawn_at IS NULL"
_UNSEEN = text(_MESSAGE + f"WHERE {_NEW} ORDER BY m.id DESC LIMIT :limit")
_COUNT_UNSEEN = text(f"SELECT count(*) FROM warning_message m WHERE {_NEW}")
_DISPUTES = text(
    _MESSAGE
    + """
    WHERE m.warning_id = :warning AND m.disputed_at IS NOT NULL
    ORDER BY (m.answered_at IS NOT NULL), m.disputed_at LIMIT :limit
    """
)

Via = Literal["page", "app", "push", "sms"]
Reply = Literal["tested", "call_me", "well"]
# Each answer stands by itself: one may be tested, well, and still want to be called. Asking for a
# call anew after it was made opens the wish again.
_REPLY = {
    reply: text(
        f"""
        UPDATE warning_message m SET {what}, replied_via = :via,
          seen_at = coalesce(seen_at, now()), seen_via = coalesce(seen_via, :via)
        WHERE m.id = :message AND {_OWN} AND withdrawn_at IS NULL AND {when}
        """
    )
    for reply, what, when in (
        ("tested", "tested_at = now()", "true"),
        (
            "call_me",
            "call_asked_at = now(), called_at = NULL, called_by = NULL",
            "(call_asked_at IS NULL OR called_at IS NOT NULL)",
        ),
        ("well", "well_at = now()", "true"),
    )
}
_SET_SEEN = text(
    "UPDATE warning_message m SET seen_at = now(), seen_via = :via "
    f"WHERE m.id = :message AND {_OWN} AND seen_at IS NULL"
)
_SET_DISPUTED = text(
    "UPDATE warning_message m SET disputed_at = now(), dispute_sealed = :sealed, "
    "seen_at = coalesce(seen_at, now()) "
    f"WHERE m.id = :message AND {_OWN} AND disputed_at IS NULL AND withdrawn_at IS NULL"
)


async def mine(connection: AsyncConnection, *, before: int, limit: int) -> Sequence[Row[Any]]:
    """What the asking resident and those they answer for were told, newest first."""
    return (await connection.execute(_MINE, {"before": before, "limit": limit})).all()


async def my_message(connection: AsyncConnection, message_id: int) -> Row[Any] | None:
    """One message that was sent to the asking resident, or to somebody they answer for."""
    return (await connection.execute(_MY_ONE, {"message": message_id})).one_or_none()


async def my_unseen(connection: AsyncConnection, limit: int) -> Sequence[Row[Any]]:
    """Warnings in force that the asking resident has not opened, newest first."""
    return (await connection.execute(_UNSEEN, {"limit": limit})).all()


async def count_unseen(connection: AsyncConnection) -> int:
    """How many warnings in force the asking resident has not opened."""
    return int(await connection.scalar(_COUNT_UNSEEN) or 0)


async def set_seen(connection: AsyncConnection, message_id: int, via: Via) -> None:
    """Note the first time a message was shown, and what led there."""
    await connection.execute(_SET_SEEN, {"message": message_id, "via": via})


async def set_reply(connection: AsyncConnection, message_id: int, reply: Reply, via: Via) -> None:
    """Note what the asking resident answers."""
    await connection.execute(_REPLY[reply], {"message": message_id, "via": via})


async def set_disputed(connection: AsyncConnection, message_id: int, sealed: bytes) -> bool:
    """Keep what the asking resident says is wrong; False when something was said before."""
    changed = await connection.execute(_SET_DISPUTED, {"message": message_id, "sealed": sealed})
    return changed.rowcount == 1


async def disputes(connection: AsyncConnection, warning_id: int, limit: int) -> Sequence[Row[Any]]:
    """Disputed messages of a warning, unanswered first."""
    return (await connection.execute(_DISPUTES, {"warning": warning_id, "limit": limit})).all()


_DECIDE = text(
    """
    UPDATE warning_message SET answered_at = now(), answered_by = :officer, answer = :answer,
      decision = :decision, corrected_minutes = :minutes,
      withdrawn_at = CASE WHEN :decision = 'withdrawn' THEN now() ELSE withdrawn_at END,
      withdrawn_reason = CASE WHEN :decision = 'withdrawn' THEN :answer ELSE withdrawn_reason END
    WHERE id = :message AND warning_id = :warning AND disputed_at IS NOT NULL
      AND answered_at IS NULL
    RETURNING person_id
    """
)


async def decide(
    connection: AsyncConnection,
    warning_id: int,
    message_id: int,
    officer: int,
    *,
    decision: str,
    minutes: int | None,
    answer: str,
) -> int | None:
    """Settle a dispute with an answer; whose it is, None when there is nothing to settle."""
    person = await connection.scalar(
        _DECIDE,
        {
            "message": message_id,
            "warning": warning_id,
            "officer": officer,
            "answer": answer,
            "decision": decision,
            "minutes": minutes,
        },
    )
    return None if person is None else int(person)
