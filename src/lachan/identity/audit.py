"""Writing the audit trail: append-only, each entry chained to the one before it by the database."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.http.access import Viewer

OPENED = "identity.opened"
"""Somebody's sealed identity was read."""

_RECORD = text(
    """
    INSERT INTO audit_entry (actor_kind, actor_id, action, subject_person, area, object, reason,
                             details)
    VALUES (:actor_kind, :actor_id, :action, :subject_person, :area, :object, :reason,
            CAST(:details AS jsonb))
    """
)


async def record(
    connection: AsyncConnection,
    viewer: Viewer | None,
    action: str,
    *,
    subject_person: int | None = None,
    area: str | None = None,
    object: str | None = None,  # noqa: A002 - the column's name, and the word of the trade
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry in this transaction; without a viewer the system itself is the actor.

    Takes the lock on the chain's head until the transaction ends, so call it last. `object` names
    what was acted on, as `case:12`. Nothing personal belongs into `details`: the trail is kept
    longer than anything it speaks of. An entry with `subject_person` and an action that ends in
    `.opened` is shown to that person.
    """
    await connection.execute(
        _RECORD,
        {
            "actor_kind": "system" if viewer is None else viewer.kind,
            "actor_id": None if viewer is None else viewer.officer_id or viewer.person_id,
            "action": action,
            "subject_person": subject_person,
            "area": area,
            "object": object,
            "reason": reason,
            "details": orjson.dumps(dict(details or {})).decode(),
        },
    )
