"""Telling people: deliveries by the worker, and the events that reach open pages."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Whoever publishes to people holds this to the end of the transaction, so that the events of one
# person become visible in the order of their ids and a page that read up to one missed none.
_TELLING = text("SELECT pg_advisory_xact_lock(hashtext('lachan telling people'))")


async def approved_with_unsent(connection: AsyncConnection) -> list[int]:
    """Warnings whose sending has not come to its end."""
    rows = await connection.execute(
        text(
            "SELECT w.id FROM warning w WHERE w.state = 'approved' AND EXISTS (SELECT 1 FROM "
            "warning_message m WHERE m.warning_id = w.id AND m.sent_at IS NULL) ORDER BY w.id"
        )
    )
    return [row.id for row in rows]


_SEND = text(
    """
    WITH batch AS (
      SELECT m.id FROM warning_message m
      WHERE m.warning_id = :warning AND m.sent_at IS NULL AND m.withdrawn_at IS NULL
      ORDER BY m.id LIMIT :size FOR UPDATE SKIP LOCKED
    ), sent AS (
      UPDATE warning_message m SET sent_at = clock_timestamp() FROM batch WHERE m.id = batch.id
      RETURNING m.id, m.person_id
    )
    INSERT INTO event (topic, kind, payload)
    SELECT 'person:' || person_id, 'warning', jsonb_build_object('id', id) FROM sent ORDER BY id
    """
)


async def send_batch(connection: AsyncConnection, warning_id: int, size: int) -> int:
    """Deliver up to `size` messages to their people's inboxes and tell their open pages.

    Returns how many; 0 also when the warning is not in force. Holds the warning against withdrawal
    until the transaction ends.
    """
    state = await connection.scalar(
        text("SELECT state FROM warning WHERE id = :warning FOR SHARE"), {"warning": warning_id}
    )
    if state != "approved":
        return 0
    await connection.execute(_TELLING)
    return (await connection.execute(_SEND, {"warning": warning_id, "size": size})).rowcount


_TELL_WITHDRAWN = text(
    """
    WITH batch AS (
      SELECT id, person_id FROM warning_message
      WHERE warning_id = :warning AND sent_at IS NOT NULL AND withdrawn_at IS NOT NULL
        AND id > :after
      ORDER BY id LIMIT :size
    ), told AS (
      INSERT INTO event (topic, kind, payload)
      SELECT 'person:' || person_id, 'warning_withdrawn', jsonb_build_object('id', id)
      FROM batch ORDER BY id
    )
    SELECT max(id) FROM batch
    """
)


async def tell_withdrawn_batch(
    connection: AsyncConnection, warning_id: int, after: int, size: int
) -> int | None:
    """Tell open pages of up to `size` withdrawn messages; returns the last id, None at the end."""
    await connection.execute(_TELLING)
    last = await connection.scalar(
        _TELL_WITHDRAWN, {"warning": warning_id, "after": after, "size": size}
    )
    return None if last is None else int(last)


async def tell_person(connection: AsyncConnection, person: int, kind: str, message_id: int) -> None:
    """Tell one person's open pages."""
    await connection.execute(_TELLING)
    await connection.execute(
        text(
            "INSERT INTO event (topic, kind, payload) "
            "VALUES (:topic, :kind, jsonb_build_object('id', cast(:message AS bigint)))"
        ),
        {"topic": f"person:{person}", "kind": kind, "message": message_id},
    )
