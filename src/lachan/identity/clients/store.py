"""All SQL of client programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OF_KEY = text("SELECT lachan_client_of_key(:hash)")
_ADD = text(
    """
    INSERT INTO client_app (name, label, key_hash, created_by)
    VALUES (:name, :label, :hash, :officer) RETURNING id
    """
)
_LIST = text(
    """
    SELECT c.id, c.name, c.label, c.created_at, c.revoked_at, o.display_name AS created_by
    FROM client_app c LEFT JOIN officer o ON o.id = c.created_by
    WHERE CAST(:client AS bigint) IS NULL OR c.id = :client
    ORDER BY c.revoked_at IS NOT NULL, c.name, c.id
    """
)
_REVOKE = text("UPDATE client_app SET revoked_at = now() WHERE id = :client AND revoked_at IS NULL")
_OTHERS = text("SELECT EXISTS (SELECT FROM client_app WHERE name = :name AND revoked_at IS NULL)")
# In small steps: a program of a whole country has millions of sessions.
_END_SESSIONS = text(
    """
    DELETE FROM session WHERE token_hash IN (
      SELECT token_hash FROM session WHERE client = :name AND kind = 'resident' LIMIT :most)
    """
)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A key that was given to a program, in use or taken away."""

    id: int
    name: str
    label: str
    created_at: datetime
    revoked_at: datetime | None
    created_by: str | None


async def name_of_key(connection: AsyncConnection, key_hash: bytes) -> str | None:
    """The program that a live key stands for."""
    found: str | None = await connection.scalar(_OF_KEY, {"hash": key_hash})
    return found


async def add(
    connection: AsyncConnection, *, name: str, label: str, key_hash: bytes, officer: int
) -> int:
    """Write a key; its id."""
    made = await connection.scalar(
        _ADD, {"name": name, "label": label, "hash": key_hash, "officer": officer}
    )
    assert isinstance(made, int)
    return made


async def clients(connection: AsyncConnection, client_id: int | None = None) -> Sequence[ClientRow]:
    """Every key that the asker may see (or the one with `client_id`), those in use first."""
    rows = await connection.execute(_LIST, {"client": client_id})
    return [ClientRow(*row) for row in rows]


async def revoke(connection: AsyncConnection, client_id: int) -> bool:
    """Take a key away; whether it was in use."""
    return bool((await connection.execute(_REVOKE, {"client": client_id})).rowcount)


async def has_live_key(connection: AsyncConnection, name: str) -> bool:
    """Whether some other key of this name is still in use."""
    return bool(await connection.scalar(_OTHERS, {"name": name}))


async def end_sessions(connection: AsyncConnection, name: str, *, most: int) -> int:
    """End up to `most` sessions that a program opened; how many (the worker's right)."""
    return (await connection.execute(_END_SESSIONS, {"name": name, "most": most})).rowcount
