"""SQL of phone codes, and of finding a person by what they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.sealed import Papers

_NEW_KEY = text("SELECT members, ends_at FROM lachan_new_phone_key(:handle)")
_TAKE_CODES = text(
    """
    SELECT n, status, person_id, members FROM lachan_take_phone_codes(
      CAST(:tokens AS text[]), CAST(:handles AS bytea[]), CAST(:steps AS bigint[]),
      CAST(:moments AS timestamptz[]))
    """
)
_CARDS = text(
    """
    SELECT n, status, person_id, NULL AS members FROM lachan_card_holders(
      CAST(:tokens AS text[]), CAST(:indexes AS bytea[]), CAST(:moments AS timestamptz[]))
    """
)
_DOCUMENTS = text(
    """
    SELECT n, status, person_id, NULL AS members FROM lachan_document_holders(
      CAST(:tokens AS text[]), CAST(:indexes AS bytea[]), CAST(:checks AS bytea[]))
    """
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says of one code, card or document, and whose it is."""

    status: str
    person_id: int | None
    members: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """On whose behalf something is looked up, by the secret of a device, and as of when."""

    token: str
    moment: datetime


def _found(rows: Sequence[Row[Any]], count: int) -> list[Found]:
    """Answers in the order of the questions, which the database numbered from one."""
    found = [Found("unknown", None)] * count
    for row in rows:
        found[row.n - 1] = Found(row.status, row.person_id, tuple(row.members or ()))
    return found


async def new_phone_key(
    connection: AsyncConnection, handle: bytes
) -> tuple[list[int], datetime] | None:
    """Note the handle of the asking resident's phone: household members by bit, and its end."""
    row = (await connection.execute(_NEW_KEY, {"handle": handle})).one()
    return None if row.ends_at is None else (list(row.members), row.ends_at)


async def take_phone_codes(
    connection: AsyncConnection, asked: Sequence[tuple[Asked, bytes, int]]
) -> list[Found]:
    """Who made these codes (handle, step), each noted as taken by the asking device.

    The status is `taken`, `used` (by another device), `withdrawn` or `stranger`.
    """
    rows = await connection.execute(
        _TAKE_CODES,
        {
            "tokens": [one.token for one, _, _ in asked],
            "handles": [handle for _, handle, _ in asked],
            "steps": [step for _, _, step in asked],
            "moments": [one.moment for one, _, _ in asked],
        },
    )
    return _found(rows.all(), len(asked))


async def card_holders(
    connection: AsyncConnection, asked: Sequence[tuple[Asked, bytes]]
) -> list[Found]:
    """Who held the cards with these number indexes at the moment of the scan.

    The status is `held`, `blank`, `withdrawn`, `unknown` or `stranger`.
    """
    rows = await connection.execute(
        _CARDS,
        {
            "tokens": [one.token for one, _ in asked],
            "indexes": [index for _, index in asked],
            "moments": [one.moment for one, _ in asked],
        },
    )
    return _found(rows.all(), len(asked))


async def document_holders(
    connection: AsyncConnection, asked: Sequence[tuple[str, Papers]]
) -> list[Found]:
    """Who was enrolled by these documents, asked with a device's token or by a card's station.

    The status is `known`, `unknown` or `stranger`.
    """
    rows = await connection.execute(
        _DOCUMENTS,
        {
            "tokens": [token for token, _ in asked],
            "indexes": [papers.index for _, papers in asked],
            "checks": [papers.check for _, papers in asked],
        },
    )
    return _found(rows.all(), len(asked))
