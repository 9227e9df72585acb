"""Telling people: deliveries by the worker, and the events that reach open pages."""

# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

# Whoever publishes to people holds this to the end of the transaction, so that the events of one
# person become visible in the order of their ids and a page that read up to one missed none.
_TELLING = text("SELECT pg_advisory_xact_lock(hashtext('lachan telling people'))")

_IN_FORCE = """
    w.state = 'approved' AND w.stopped_at IS NULL AND coalesce(w.held_until <= now(), true)
    AND NOT EXISTS (SELECT FROM warning_pause p WHERE p.resumed_at IS NULL
                    AND (w.area = p.area OR starts_with(w.area, p.area || '.')))
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A large warning goes to a few first, so that a wrong one is noticed by few.

    Beyond `above` people, `first` of them are told and the others `minutes` later.
    """

    above: int
    first: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What one batch did; `more` while the sending may go on at once."""

    count: int
    more: bool


async def approved_with_unsent(connection: AsyncConnection) -> list[int]:
    """Warnings that may be sent and whose sending has not come to its end."""
    rows = await connection.execute(
        text(
            f"SELECT w.id FROM warning w WHERE {_IN_FORCE} AND EXISTS (SELECT 1 FROM "
            "warning_message m WHERE m.warning_id = w.id AND m.sent_at IS NULL "
            "AND m.withdrawn_at IS NULL) ORDER BY w.id"
        )
    )
    return [row.id for row in rows]


# Locked against withdrawal, and against a second sender, until the batch is written.
_HOLD = text(
    f"""
    SELECT w.recipients, w.held_until, w.resumed_at, {_IN_FORCE} AS may_go
    FROM warning w WHERE w.id = :warning FOR NO KEY UPDATE OF w
    """
)
_SENT_SO_FAR = text(
    "SELECT count(*) FROM warning_message WHERE warning_id = :warning AND sent_at IS NOT NULL"
)
# The inbox, the open pages and the browsers that asked for it learn of a message together. A
# browser whose session was ended is not told. Somebody without a phone is told through whoever
# answers for them.
_SEND = text(
    """
    WITH batch AS (
      SELECT m.id FROM warning_message m
      WHERE m.warning_id = :warning AND m.sent_at IS NULL AND m.withdrawn_at IS NULL
      ORDER BY m.id LIMIT :size FOR UPDATE SKIP LOCKED
    ), sent AS (
      UPDATE warning_message m SET sent_at = clock_timestamp() FROM batch WHERE m.id = batch.id
      RETURNING m.id, m.person_id
    ), told AS (
      SELECT sent.id, reader FROM sent CROSS JOIN LATERAL lachan_readers(sent.person_id) AS reader
    ), pushed AS (
      INSERT INTO push_delivery (subscription_id, purpose, target, message_id)
      SELECT s.id, 'warning', '/me/warnings/' || told.id || '?via=push', told.id
      FROM told JOIN push_subscription s ON s.person_id = told.reader
      JOIN session x ON x.token_hash = s.session_hash
      WHERE x.revoked_at IS NULL AND x.expires_at > now()
      RETURNING 1
    ), noted AS (
      UPDATE warning SET first_sent_at = now() WHERE id = :warning AND first_sent_at IS NULL
    ), shown AS (
      INSERT INTO event (topic, kind, payload)
      SELECT 'person:' || reader, 'warning', jsonb_build_object('id', id) FROM told ORDER BY id
    )
    SELECT (SELECT count(*) FROM sent) AS sent, (SELECT count(*) FROM pushed) AS pushed
    """
)
_HELD = text(
    "UPDATE warning SET held_until = now() + make_interval(mins => :minutes) WHERE id = :warning"
)


async def send_batch(
    connection: AsyncConnection, warning_id: int, size: int, stage: Stage
) -> tuple[Sent, int]:
    """Deliver up to `size` messages to inboxes, open pages and (queued) subscribed browsers.

    Returns what was sent and how many pushes were queued; nothing when the warning is withdrawn,
    stopped, paused or waits for its second stage. Holds the warning against withdrawal until the
    transaction ends.
    """
    held = (await connection.execute(_HOLD, {"warning": warning_id})).one_or_none()
    if held is None or not held.may_go:
        return Sent(0, more=False), 0
    if held.recipients > stage.above and held.held_until is None:
        so_far = int(await connection.scalar(_SENT_SO_FAR, {"warning": warning_id}) or 0)
        size = min(size, stage.first - so_far)
        if size <= 0:
            await connection.execute(_HELD, {"warning": warning_id, "minutes": stage.minutes})
            return Sent(0, more=False), 0
    await connection.execute(_TELLING)
    row = (await connection.execute(_SEND, {"warning": warning_id, "size": size})).one()
    return Sent(row.sent, more=row.sent > 0), row.pushed


_DOUBT = text(
    """
    WITH first AS (
      SELECT disputed_at FROM warning_message
      WHERE warning_id = :warning AND seen_at IS NOT NULL ORDER BY seen_at LIMIT :first
    )
    SELECT count(*) AS seen, count(disputed_at) AS disputed FROM first
    """
)
_STOP = text(
    """
    UPDATE warning SET stopped_at = now()
    WHERE id = :warning AND state = 'approved' AND stopped_at IS NULL AND resumed_at IS NULL
    RETURNING area, recipients, case_id
    """
)


async def first_seen(connection: AsyncConnection, warning_id: int, first: int) -> tuple[int, int]:
    """Of the first so many people who saw a warning: how many there are, how many dispute it."""
    row = (await connection.execute(_DOUBT, {"warning": warning_id, "first": first})).one()
    return row.seen, row.disputed


async def stop(connection: AsyncConnection, warning_id: int) -> Row[Any] | None:
    """Stop sending a warning, unless an officer looked at it before and let it go on."""
    return (await connection.execute(_STOP, {"warning": warning_id})).one_or_none()


_TELL_WITHDRAWN = text(
    """
    WITH batch AS (
      SELECT id, person_id FROM warning_message
      WHERE warning_id = :warning AND sent_at IS NOT NULL AND withdrawn_at IS NOT NULL
        AND id > :after
      ORDER BY id LIMIT :size
    ), told AS (
      INSERT INTO event (topic, kind, payload)
      SELECT 'person:' || reader, 'warning_withdrawn', jsonb_build_object('id', id)
      FROM batch CROSS JOIN LATERAL lachan_readers(batch.person_id) AS reader ORDER BY id
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
    """Tell the open pages of one person, or of whoever answers for them."""
    await connection.execute(_TELLING)
    await connection.execute(
        text(
            "INSERT INTO event (topic, kind, payload) SELECT 'person:' || reader, :kind, "
            "jsonb_build_object('id', cast(:message AS bigint)) "
            "FROM lachan_readers(:person) AS reader"
        ),
        {"person": person, "kind": kind, "message": message_id},
    )


_TEXT_UNOPENED = text(
    "SELECT person_id, sealed, messages FROM lachan_text_unopened(:minutes, :most)"
)


async def texted_last_hour(connection: AsyncConnection) -> int:
    """How many warnings went out as texts within the hour."""
    found = await connection.scalar(
        text("SELECT count(*) FROM warning_message WHERE texted_at > now() - interval '1 hour'")
    )
    return int(found or 0)


async def take_unopened(connection: AsyncConnection, minutes: int, most: int) -> Sequence[Row[Any]]:
    """People with a phone and without push who opened no warning within `minutes`.

    Each with the sealed identity and the `messages` that wait, those of household members without
    a phone among them; that they are texted is noted here and now.
    """
    values = {"minutes": minutes, "most": most}
    return (await connection.execute(_TEXT_UNOPENED, values)).all()
