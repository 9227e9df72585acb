"""From what a row tells to who it is: the worker's part, out of reach of any page.

A phone number or a card is its holder. A document's number alone is on too many forms to put a
visit into its owner's diary, and a name is nobody's alone: with no more than these somebody is a
person of this one list, whose sealed identity holds what was written, for a tracer to find.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import sealed as identities
from lachan.identity.credentials.service import card_index
from lachan.identity.sealed import IdentityData, WalkIn
from lachan.kit.crypto import Keyring
from lachan.visits.paper import results
from lachan.visits.paper.domain import Reason, Who

_CARDS = text(
    "SELECT number_index, state, person_id FROM card"
    " WHERE number_index = ANY (CAST(:indexes AS bytea[]))"
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who a row names; `enrolled` when nothing but this list knows them."""

    person_id: int
    enrolled: bool
    name_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A row that names somebody. `alone`: a person said it is nobody else of that name."""

    row_id: UUID
    list_id: UUID | None
    who: Who
    alone: bool

    def __repr__(self) -> str:
        return f"Named({self.row_id})"


def name_index(keyring: Keyring, named: Named) -> bytes:
    """The blind index under which a list's own people are found again in that list."""
    scope = named.row_id if named.alone or named.list_id is None else named.list_id
    return keyring.blind_index("paper-name", f"{scope}|{named.who.key}")


async def find_people(
    connection: AsyncConnection, keyring: Keyring, rows: Sequence[Named]
) -> dict[UUID, Somebody | Reason]:
    """Who each row names, enrolling those who are new, or why a card names nobody."""
    found: dict[UUID, Somebody | Reason] = {}
    found |= await _by_phone(connection, keyring, [row for row in rows if row.who.phone])
    rest = [row for row in rows if row.row_id not in found]
    carded = [row for row in rest if row.who.card and not row.who.document]
    found |= await _by_card(connection, keyring, carded)
    rest = [row for row in rows if row.row_id not in found]
    found |= await _of_list(connection, keyring, rest)
    return found


async def _by_phone(
    connection: AsyncConnection, keyring: Keyring, rows: Sequence[Named]
) -> Mapping[UUID, Somebody]:
    if not rows:
        return {}
    names: dict[str, str | None] = {}
    for row in rows:
        assert row.who.phone is not None
        names[row.who.phone] = names.get(row.who.phone) or row.who.name
    phones = list(names)
    known = await identities.find_people(connection, keyring, phones)
    new = [phone for phone in phones if phone not in known]
    people = {phone: Somebody(person, enrolled=False) for phone, person in known.items()}
    if new:
        await identities.lock_phones(connection, keyring, new)
        # Somebody may have signed in for the first time meanwhile.
        met = await identities.find_people(connection, keyring, new)
        people |= {phone: Somebody(person, enrolled=False) for phone, person in met.items()}
        new = [phone for phone in new if phone not in met]
    if new:
        made = await identities.enrol_phones(
            connection, keyring, [IdentityData(phone=phone, name=names[phone]) for phone in new]
        )
        people |= {
            phone: Somebody(person, enrolled=True) for phone, person in zip(new, made, strict=True)
        }
    return {row.row_id: people[row.who.phone] for row in rows if row.who.phone}


async def _by_card(
    connection: AsyncConnection, keyring: Keyring, rows: Sequence[Named]
) -> Mapping[UUID, Somebody | Reason]:
    indexes = {row.row_id: card_index(keyring, row.who.card) for row in rows if row.who.card}
    if not indexes:
        return {}
    cards = {
        bytes(row.number_index): row
        for row in await connection.execute(_CARDS, {"indexes": list(set(indexes.values()))})
    }
    return {row_id: _holder(cards.get(index)) for row_id, index in indexes.items()}


def _holder(card: Row[Any] | None) -> Somebody | Reason:
    if card is None:
        return Reason.CARD_UNKNOWN
    if card.state != "held" or card.person_id is None:
        return Reason.CARD_WITHDRAWN
    return Somebody(card.person_id, enrolled=False)


async def _of_list(
    connection: AsyncConnection, keyring: Keyring, rows: Sequence[Named]
) -> Mapping[UUID, Somebody]:
    if not rows:
        return {}
    indexes = {row.row_id: name_index(keyring, row) for row in rows}
    people = await results.people_by_name(connection, list(set(indexes.values())))
    new: dict[bytes, WalkIn] = {}
    for row in rows:
        index = indexes[row.row_id]
        if index not in people and index not in new:
            new[index] = WalkIn(IdentityData(name=row.who.name, document=row.who.document), None)
    if new:
        made = await identities.enrol_walk_ins(connection, keyring, list(new.values()))
        people |= dict(zip(new, made, strict=True))
    return {
        row_id: Somebody(people[index], enrolled=True, name_index=index)
        for row_id, index in indexes.items()
    }
