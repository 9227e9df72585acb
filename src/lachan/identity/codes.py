"""One-time codes by text message: made, sent, taken once; nobody asks if the phone is known."""

import hmac
import secrets

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.sealed import lock_phone, phone_index
from lachan.kit.crypto import Keyring
from lachan.settings import Identity

DIGITS = 6

_RECENT = text(
    "SELECT count(*) AS day, count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS hour"
    " FROM one_time_code WHERE phone_index = :phone AND created_at > now() - interval '1 day'"
)
_INSERT = text(
    "INSERT INTO one_time_code (phone_index, code_hash, expires_at) "
    "VALUES (:phone, :hash, now() + make_interval(mins => :minutes))"
)
# A guess counts against every live code of the phone, so asking for more codes gains no tries.
_TRY = text(
    """
    UPDATE one_time_code SET attempts = attempts + 1
    WHERE phone_index = :phone AND used_at IS NULL AND expires_at > now() AND attempts < :attempts
    RETURNING id, code_hash
    """
)
_USE = text(
    "UPDATE one_time_code SET used_at = now() WHERE phone_index = :phone AND used_at IS NULL"
)


def _code_hash(keyring: Keyring, phone: bytes, code: str) -> bytes:
    # A hash without a key would fall to a million tries.
    return hmac.digest(keyring.derive("one-time-code"), phone + code.encode(), "sha256")


async def make_code(
    connection: AsyncConnection, keyring: Keyring, phone: str, limits: Identity
) -> str | None:
    """A fresh code for an E.164 number, None when it had its share of the hour or day."""
    # Requests that come at once must not all find the share of the hour unused.
    await lock_phone(connection, keyring, phone)
    index = phone_index(keyring, phone)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    hashed = _code_hash(keyring, index, code)
    recent = (await connection.execute(_RECENT, {"phone": index})).one()
    if recent.hour >= limits.codes_per_hour or recent.day >= limits.codes_per_day:
        return None
    await connection.execute(
        _INSERT, {"phone": index, "hash": hashed, "minutes": limits.code_minutes}
    )
    return code


async def take_code(
    connection: AsyncConnection, keyring: Keyring, phone: str, code: str, limits: Identity
) -> bool:
    """Whether `code` is a live code of the number; a right one is used up, a wrong one counts.

    The count must be committed whatever the answer.
    """
    index = phone_index(keyring, phone)
    hashed = _code_hash(keyring, index, code)
    rows = (
        await connection.execute(_TRY, {"phone": index, "attempts": limits.code_attempts})
    ).all()
    right = False
    for row in rows:
        right |= hmac.compare_digest(row.code_hash, hashed)
    if right:
        await connection.execute(_USE, {"phone": index})
    return right
