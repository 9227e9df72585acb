"""Text messages waiting to leave: sealed, queued in the transaction that causes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.jobs.queue import enqueue
from lachan.kit.crypto import Keyring
from lachan.kit.ids import uuid7

SEND_TEXT = "identity.send_text"

_INSERT = text(
    "INSERT INTO text_message (id, sealed, purpose, warning_messages) "
    "VALUES (:id, :sealed, :purpose, :messages)"
)
_NEWEST = text(
    "SELECT id, sealed, purpose, state, created_at FROM text_message "
    "ORDER BY created_at DESC, id DESC LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text message: to an E.164 number, any characters."""

    phone: str
    body: str

    def __repr__(self) -> str:
        return "Text(…)"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the development outbox shows it."""

    phone: str
    body: str
    purpose: str
    state: str
    created_at: datetime


def about(message_id: UUID) -> str:
    """What a message's seal is bound to."""
    return f"text_message:{message_id}"


def unseal(keyring: Keyring, message_id: UUID, sealed: bytes) -> Text:
    """The message behind a sealed row."""
    return Text(**orjson.loads(keyring.unseal(sealed, about=about(message_id))))


async def send_text(
    connection: AsyncConnection,
    keyring: Keyring,
    *,
    phone: str,
    body: str,
    purpose: str,
    warning_messages: Sequence[int] | None = None,
) -> None:
    """Have a text sent once this transaction commits. `purpose` is a stable word, as `code`.

    One that tells of `warning_messages` leaves only while one of them may be carried to a phone.
    """
    message_id = uuid7()
    sealed = keyring.seal(orjson.dumps({"phone": phone, "body": body}), about=about(message_id))
    await connection.execute(
        _INSERT,
        {
            "id": message_id,
            "sealed": sealed,
            "purpose": purpose,
            "messages": None if warning_messages is None else list(warning_messages),
        },
    )
    await enqueue(connection, SEND_TEXT, {"message": str(message_id)}, priority=10)


async def newest(connection: AsyncConnection, keyring: Keyring, *, limit: int = 50) -> list[Shown]:
    """The newest messages, for the development outbox."""
    rows = await connection.execute(_NEWEST, {"limit": limit})
    shown = []
    for row in rows:
        message = unseal(keyring, row.id, row.sealed)
        shown.append(Shown(message.phone, message.body, row.purpose, row.state, row.created_at))
    return shown
