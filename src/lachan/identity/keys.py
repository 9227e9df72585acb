"""Turning over the key-encryption key: a new one in the key file, every sealed value rewrapped.

The sealed text is not touched: only its data key is wrapped anew, so a value is 120 bytes of work.
Stopping anywhere is safe, since older keys stay in the file; going on finds what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.kit.crypto import Keyring, SealBroken, key_id

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values, and the name each is bound to: `about:key`.

    `type` is the key's in the database; a key of bytes stands in the name as hexadecimal digits.
    """

    table: str
    key: str
    column: str
    about: str
    type: Literal["bigint", "uuid", "bytea"] = "bigint"


EVERYTHING: Final = (
    Sealed("identity_sealed", "person_id", "sealed", "identity_sealed"),
    Sealed("text_message", "id", "sealed", "text_message", "uuid"),
    Sealed("officer", "id", "totp_sealed", "officer_totp"),
    Sealed("warning_message", "id", "dispute_sealed", "warning_message"),
    Sealed("paper_list", "id", "sealed", "paper_list", "uuid"),
    Sealed("paper_row", "id", "sealed", "paper_row", "uuid"),
    Sealed("place_report", "id", "sealed", "place_report", "uuid"),
    Sealed("place_import", "id", "sealed", "place_import"),
    Sealed("daily_check", "commit_id", "name_sealed", "daily_check", "uuid"),
    Sealed("push_subscription", "endpoint_index", "sealed", "push_subscription", "bytea"),
)
"""Every sealed column of the schema. A test walks the schema and refuses one that is missing."""


@dataclass(slots=True)
class Progress:
    """How far a rotation is."""

    total: int = 0
    rewrapped: int = 0
    broken: list[str] = field(default_factory=list)


# The first bytes of a sealed value name its key: see the layout in `kit.crypto`.
def _by_key(sealed: Sealed) -> str:
    return (
        f"SELECT get_byte({sealed.column}, 1) * 256 + get_byte({sealed.column}, 2) AS key,"  # noqa: S608 - our own names
        f" count(*) AS values FROM {sealed.table} WHERE {sealed.column} IS NOT NULL"
        " AND length(" + sealed.column + ") > 3 GROUP BY 1 ORDER BY 1"
    )


async def status(connection: AsyncConnection) -> dict[str, dict[int, int]]:
    """Sealed values by table and by the id of the key that wraps them."""
    found: dict[str, dict[int, int]] = {}
    for sealed in EVERYTHING:
        rows = await connection.execute(text(_by_key(sealed)))
        found[sealed.table] = {row.key: row.values for row in rows}
    return found


async def rewrap_everything(
    engine: AsyncEngine, keyring: Keyring, told: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Wrap every sealed value by the active key, in small transactions; needs the owner's rights.

    A value that does not open is left as it is and named in `broken`.
    """
    progress = Progress()
    async with engine.connect() as connection:
        for counts in (await status(connection)).values():
            progress.total += sum(n for key, n in counts.items() if key != keyring.active)
    told(progress)
    for sealed in EVERYTHING:
        await _rewrap_table(engine, keyring, sealed, progress, told)
    return progress


async def _rewrap_table(
    engine: AsyncEngine,
    keyring: Keyring,
    sealed: Sealed,
    progress: Progress,
    told: Callable[[Progress], None],
) -> None:
    select = text(
        f"SELECT {sealed.key} AS key, {sealed.column} AS value FROM {sealed.table}"  # noqa: S608 - our own names
        f" WHERE {sealed.column} IS NOT NULL AND (CAST(:after AS text) IS NULL"
        f" OR {sealed.key} > CAST(CAST(:after AS text) AS {sealed.type}))"
        f" AND substring({sealed.column} FROM 2 FOR 2) <> :active"
        f" ORDER BY {sealed.key} LIMIT :batch FOR UPDATE"
    )
    update = text(
        f"UPDATE {sealed.table} SET {sealed.column} = :value WHERE {sealed.key} = :key"  # noqa: S608 - our own names
    )
    after: str | None = None
    active = keyring.active.to_bytes(2, "big")
    while True:
        async with engine.begin() as connection:
            rows = (
                await connection.execute(select, {"after": after, "batch": BATCH, "active": active})
            ).all()
            for row in rows:
                key = bytes(row.key).hex() if sealed.type == "bytea" else str(row.key)
                name = f"{sealed.about}:{key}"
                try:
                    value = keyring.rewrap(bytes(row.value), about=name)
                except SealBroken:
                    progress.broken.append(name)
                    continue
                assert key_id(value) == keyring.active
                await connection.execute(update, {"value": value, "key": row.key})
                progress.rewrapped += 1
        told(progress)
        if len(rows) < BATCH:
            return
        last = rows[-1].key
        after = f"\\x{bytes(last).hex()}" if sealed.type == "bytea" else str(last)
