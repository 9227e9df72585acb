"""Messages as the people warned read and answer them; row security shows only their own."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_MESSAGE = """
    SELECT m.id, m.warning_id, m.disease, m.level, m.kind, m.advice_version, m.rule_version, m.note,
           m.window_from, m.window_to, coalesce(m.corrected_minutes, m.minutes) AS minutes,
           m.reason, m.others, m.sent_at, m.seen_at, m.withdrawn_at, m.withdrawn_reason,
           m.tested_at, m.call_asked_at, m.called_at, m.well_at, m.disputed_at, m.dispute_sealed,
           m.answered_at, m.answer, m.decision, p.name AS place,
           coalesce(p.address, '') AS address, r.name AS room
    FROM warning_message m
    LEFT JOIN place p ON p.id = m.place_id LEFT JOIN room r ON r.id = m.room_id
"""
_MINE = text(
    _MESSAGE
    + """
    WHERE m.person_id = :person AND m.sent_at IS NOT NULL AND m.id < :before
    ORDER BY m.id DESC LIMIT :limit
    """
)
_MY_ONE = text(
    _MESSAGE + "WHERE m.id = :message AND m.person_id = :person AND m.sent_at IS NOT NULL"
)
_UNSEEN = text(
    _MESSAGE
    + """
    WHERE m.person_id = :person AND m.sent_at IS NOT NULL AND m.seen_at IS NULL
      AND m.withdrawn_at IS NULL
    ORDER BY m.id DESC LIMIT :limit
    """
)
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
    "tested": text(
        "UPDATE warning_message SET tested_at = now(), replied_via = :via, "
        "seen_at = coalesce(seen_at, now()), seen_via = coalesce(seen_via, :via) "
        "WHERE id = :message AND person_id = :person AND withdrawn_at IS NULL"
    ),
    "call_me": text(
        "UPDATE warning_message SET call_asked_at = now(), called_at = NULL, called_by = NULL, "
        "replied_via = :via, seen_at = coalesce(seen_at, now()), "
        "seen_via = coalesce(seen_via, :via) "
        "WHERE id = :message AND person_id = :person AND withdrawn_at IS NULL "
        "AND (call_asked_at IS NULL OR called_at IS NOT NULL)"
    ),
    "well": text(
        "UPDATE warning_message SET well_at = now(), replied_via = :via, "
        "seen_at = coalesce(seen_at, now()), seen_via = coalesce(seen_via, :via) "
        "WHERE id = :message AND person_id = :person AND withdrawn_at IS NULL"
    ),
}


async def mine(
    connection: AsyncConnection, person: int, *, before: int, limit: int
) -> Sequence[Row[Any]]:
    """What a person was told, newest first."""
    return (
        await connection.execute(_MINE, {"person": person, "before": before, "limit": limit})
    ).all()


async def my_message(connection: AsyncConnection, person: int, message_id: int) -> Row[Any] | None:
    """One message that was sent to `person`."""
    return (
        await connection.execute(_MY_ONE, {"person": person, "message": message_id})
    ).one_or_none()


async def my_unseen(connection: AsyncConnection, person: int, limit: int) -> Sequence[Row[Any]]:
    """Warnings in force that a person has not opened, newest first."""
    return (await connection.execute(_UNSEEN, {"person": person, "limit": limit})).all()


async def count_unseen(connection: AsyncConnection, person: int) -> int:
    """How many warnings in force a person has not opened."""
    found = await connection.scalar(
        text(
            "SELECT count(*) FROM warning_message WHERE person_id = :person "
            "AND sent_at IS NOT NULL AND seen_at IS NULL AND withdrawn_at IS NULL"
        ),
        {"person": person},
    )
    return int(found or 0)


async def set_seen(connection: AsyncConnection, person: int, message_id: int, via: Via) -> None:
    """Note the first time a message was shown, and what led there."""
    await connection.execute(
        text(
            "UPDATE warning_message SET seen_at = now(), seen_via = :via "
            "WHERE id = :message AND person_id = :person AND seen_at IS NULL"
        ),
        {"message": message_id, "person": person, "via": via},
    )


async def set_reply(
    connection: AsyncConnection, person: int, message_id: int, reply: Reply, via: Via
) -> None:
    """Note what the person answers."""
    await connection.execute(_REPLY[reply], {"message": message_id, "person": person, "via": via})


async def set_disputed(
    connection: AsyncConnection, person: int, message_id: int, sealed: bytes
) -> bool:
    """Keep what the person says is wrong; False when something was said before."""
    changed = await connection.execute(
        text(
            "UPDATE warning_message SET disputed_at = now(), dispute_sealed = :sealed, "
            "seen_at = coalesce(seen_at, now()) "
            "WHERE id = :message AND person_id = :person AND disputed_at IS NULL "
            "AND withdrawn_at IS NULL"
        ),
        {"message": message_id, "person": person, "sealed": sealed},
    )
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
