"""All SQL about cards. Who may see or change a row is the database's own business (migration 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEW_BATCH = text(
    "INSERT INTO card_batch (area, label, size, made_by) VALUES (:area, :label, :size, :officer) "
    "RETURNING id"
)
_NEW_CARDS = text(
    """
    INSERT INTO card (batch_id, area, serial, number_index)
    SELECT :batch, :area, n, i FROM unnest(CAST(:indexes AS bytea[])) WITH ORDINALITY AS u (i, n)
    """
)
_BATCH = """
    SELECT b.id, b.area, b.label, b.size, b.made_at, b.printed_at, a.full_name AS area_name,
           count(c.id) FILTER (WHERE c.state = 'blank') AS blank,
           count(c.id) FILTER (WHERE c.state = 'held') AS held,
           count(c.id) FILTER (WHERE c.state = 'withdrawn') AS withdrawn
    FROM ({batches}) b JOIN area a ON a.path = b.area LEFT JOIN card c ON c.batch_id = b.id
    GROUP BY b.id, b.area, b.label, b.size, b.made_at, b.printed_at, a.full_name ORDER BY b.id DESC
"""
_BATCHES = text(
    _BATCH.format(
        batches="SELECT * FROM card_batch WHERE CAST(:before AS bigint) IS NULL OR id < :before "
        "ORDER BY id DESC LIMIT :limit"
    )
)
_ONE_BATCH = text(_BATCH.format(batches="SELECT * FROM card_batch WHERE id = :batch"))
_BLANK = text(
    "SELECT serial FROM card WHERE batch_id = :batch AND state = 'blank' "
    "AND serial BETWEEN :first AND :last ORDER BY serial"
)
_PRINTED = text("UPDATE card_batch SET printed_at = now() WHERE id = :batch")
_ATTACH = text("SELECT lachan_attach_card(:number, :person)")
_WITHDRAW = text("SELECT lachan_withdraw_card(:card, :reason)")
_FIND = text("SELECT lachan_find_card(:number)")
_CARD = """
    SELECT id, batch_id, serial, area, state, person_id, attached_at, withdrawn_at, withdrawn_reason
    FROM card
"""
_ONE = text(_CARD + "WHERE id = :card")
_HELD_BY = text(_CARD + "WHERE person_id = :person AND state = 'held'")
_OWN = text(
    _CARD + "WHERE person_id = ANY ((SELECT lachan_own_people())::bigint[]) "
    "ORDER BY state = 'held' DESC, attached_at DESC LIMIT 100"
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Cards printed together, and what became of them."""

    id: int
    area: str
    area_name: str
    label: str
    size: int
    made_at: datetime
    printed_at: datetime | None
    blank: int
    held: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card; its number is not in the database."""

    id: int
    batch_id: int
    serial: int
    area: str
    state: str
    person_id: int | None
    attached_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @property
    def reference(self) -> str:
        """What is printed small in the corner: batch and serial, no secret."""
        return reference(self.batch_id, self.serial)


def reference(batch_id: int, serial: int) -> str:
    """The name of a card among those who may not know its number."""
    return f"{batch_id}-{serial:04}"


def _card(row: Row[Any]) -> CardRow:
    return CardRow(**row._asdict())


async def new_batch(
    connection: AsyncConnection, *, area: str, label: str, size: int, officer_id: int
) -> int:
    """A batch without cards yet; its id decides their numbers."""
    values = {"area": area, "label": label, "size": size, "officer": officer_id}
    return int(await connection.scalar(_NEW_BATCH, values))


async def new_cards(
    connection: AsyncConnection, batch_id: int, area: str, indexes: Sequence[bytes]
) -> None:
    """The blank cards of a batch, serials from one on."""
    await connection.execute(
        _NEW_CARDS, {"batch": batch_id, "area": area, "indexes": list(indexes)}
    )


async def batches(connection: AsyncConnection, *, before: int | None, limit: int) -> list[Batch]:
    """Batches of the officer's areas, newest first."""
    rows = await connection.execute(_BATCHES, {"before": before, "limit": limit})
    return [Batch(**row._asdict()) for row in rows]


async def batch(connection: AsyncConnection, batch_id: int) -> Batch | None:
    """One batch of the officer's areas."""
    row = (await connection.execute(_ONE_BATCH, {"batch": batch_id})).one_or_none()
    return None if row is None else Batch(**row._asdict())


async def blank_serials(
    connection: AsyncConnection, batch_id: int, first: int, last: int
) -> list[int]:
    """Serials of the batch's cards that nobody was given yet."""
    rows = await connection.execute(_BLANK, {"batch": batch_id, "first": first, "last": last})
    return [row.serial for row in rows]


async def note_printed(connection: AsyncConnection, batch_id: int) -> None:
    """Remember that the batch was printed just now."""
    await connection.execute(_PRINTED, {"batch": batch_id})


async def attach(connection: AsyncConnection, number_index: bytes, person_id: int) -> int | None:
    """Give a blank card to a person, ending the one held before; its id, None when not allowed."""
    found: int | None = await connection.scalar(
        _ATTACH, {"number": number_index, "person": person_id}
    )
    return found


async def withdraw(connection: AsyncConnection, card_id: int, reason: str) -> bool:
    """End a card; False when it is not the asker's to end, or ended before."""
    return bool(await connection.scalar(_WITHDRAW, {"card": card_id, "reason": reason}))


async def find(connection: AsyncConnection, number_index: bytes) -> CardRow | None:
    """The card with this number, for its holder and for officers of its area."""
    found: int | None = await connection.scalar(_FIND, {"number": number_index})
    return None if found is None else await card(connection, found)


async def card(connection: AsyncConnection, card_id: int) -> CardRow | None:
    """One card that the asker may see."""
    row = (await connection.execute(_ONE, {"card": card_id})).one_or_none()
    return None if row is None else _card(row)


async def held_by(connection: AsyncConnection, person_id: int) -> CardRow | None:
    """The card that a person uses now, where the asker may see it."""
    row = (await connection.execute(_HELD_BY, {"person": person_id})).one_or_none()
    return None if row is None else _card(row)


async def own(connection: AsyncConnection) -> list[CardRow]:
    """Cards of the asking resident and the household without a phone, those in use first."""
    return [_card(row) for row in await connection.execute(_OWN)]
