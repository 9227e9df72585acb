"""Messages as the people warned read and dispute them; row security shows only their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_MESSAGE = """
    SELECT m.id, m.warning_id, m.disease, m.level, m.advice_version, m.note, m.window_from,
           m.window_to, m.minutes, m.reason, m.others, m.sent_at, m.seen_at, m.withdrawn_at,
           m.withdrawn_reason, m.disputed_at, m.dispute_sealed, m.answered_at, m.answer,
           p.name AS place, coalesce(p.address, '') AS address, r.name AS room
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


async def set_seen(connection: AsyncConnection, person: int, message_id: int) -> None:
    """Note the first time a message was shown."""
    await connection.execute(
        text(
            "UPDATE warning_message SET seen_at = now() "
            "WHERE id = :message AND person_id = :person AND seen_at IS NULL"
        ),
        {"message": message_id, "person": person},
    )


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


async def set_answered(
    connection: AsyncConnection, warning_id: int, message_id: int, officer: int, answer: str
) -> int | None:
    """Answer a dispute; returns whose it is, None when there is nothing to answer."""
    person = await connection.scalar(
        text(
            "UPDATE warning_message SET answered_at = now(), answered_by = :officer, "
            "answer = :answer WHERE id = :message AND warning_id = :warning "
            "AND disputed_at IS NOT NULL AND answered_at IS NULL RETURNING person_id"
        ),
        {"message": message_id, "warning": warning_id, "officer": officer, "answer": answer},
    )
    return None if person is None else int(person)
