"""Cards for people without a phone: printed in bulk, given to somebody, lost and replaced.

A card's number is derived from the key file, the batch and the serial, so that the database can
neither be read for numbers nor be asked to make some. A number opens nothing: it is taken at doors,
and typed by those who may give cards out.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, sealed
from lachan.identity.cards import store
from lachan.identity.cards.errors import BatchUnknown, CardGone, CardNotFree, HolderInvalid
from lachan.identity.cards.press import PrintedCard
from lachan.identity.cards.store import Batch, CardRow
from lachan.identity.credentials import store as credentials
from lachan.identity.credentials.domain import (
    CARD,
    CARD_LENGTH,
    DOCUMENT_NUMBER,
    NATIONAL_NUMBER,
    card_number,
    fits_number,
    read_birth,
)
from lachan.identity.credentials.errors import CardMistypedProblem
from lachan.identity.credentials.service import card_index
from lachan.identity.domain import normalise_phone, tidy_name
from lachan.identity.sealed import IdentityData, Papers, WalkIn
from lachan.identity.service import check_area
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotAllowed, TooManyRequests
from lachan.kit.http.access import Viewer
from lachan.kit.http.rate import RateLimit
from lachan.kit.ids import normalise_code

ROLES: Final = ("admin", "tracer")
MOST_CARDS: Final = 10_000
CARDS_A_FILE: Final = 1_000
"""So that a file is drawn in a few seconds: a hundred sheets."""
_LONGEST_LABEL: Final = 120

# Numbers that are free of slips and yet no card that may be given out: by person or officer.
_MISSES: Final = RateLimit(2, burst=10)


@dataclass(frozen=True, slots=True)
class Holder:
    """What a health station writes down of somebody who gets a card."""

    name: str
    born: str = ""
    phone: str = ""
    document: str = ""
    area: str | None = None

    def __repr__(self) -> str:
        return "Holder(…)"


@dataclass(frozen=True, slots=True)
class _Checked:
    """A holder whose particulars hold together."""

    data: IdentityData
    papers: Papers | None
    area: str | None


def check_number(typed: str) -> str:
    """A card's number in its plain form. Raises `CardMistypedProblem`, `InvalidInput`."""
    text = typed.strip()
    if not text:
        raise InvalidInput(fields={"number": "cards-field-number"})
    if text[: len(CARD)].upper() == CARD:
        text = text[len(CARD) :]
    number = normalise_code(text, CARD_LENGTH)
    if number is None:
        raise CardMistypedProblem(fields={"number": "error-card-mistyped"})
    return number


def numbers_of(keyring: Keyring, batch_id: int, serials: Sequence[int]) -> list[str]:
    """The numbers of a batch's cards: nobody without the key file can work them out."""
    key = keyring.derive("card-number")
    return [
        card_number(hmac.digest(key, f"{batch_id}:{serial}".encode(), "sha256"))
        for serial in serials
    ]


async def make_batch(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    *,
    label: str,
    size: int,
    area: str,
) -> int:
    """Make blank cards for a unit in the officer's areas; the batch's id.

    Raises `AreaUnknown`, `InvalidInput`, `NotAllowed` (outside the officer's areas).
    """
    tidy = tidy_name(label)[:_LONGEST_LABEL]
    fields = {}
    if not tidy:
        fields["label"] = "field-missing"
    if not 1 <= size <= MOST_CARDS:
        fields["size"] = "cards-field-size"
    if fields:
        raise InvalidInput(fields=fields)
    await check_area(connection, area)
    if not covers(viewer, area):
        raise NotAllowed
    made = await store.new_batch(
        connection, area=area, label=tidy, size=size, officer_id=viewer.officer
    )
    numbers = numbers_of(keyring, made, range(1, size + 1))
    indexes = [card_index(keyring, number) for number in numbers]
    await store.new_cards(connection, made, area, indexes)
    await audit.record(
        connection, viewer, "cards.made", area=area, object=f"card_batch:{made}",
        details={"size": size},
    )  # fmt: skip
    return made


def covers(viewer: Viewer, area: str) -> bool:
    """Whether the officer prints and gives out cards there."""
    roots = viewer.roots(*ROLES)
    return any(area == root or area.startswith(f"{root}.") for root in roots)


async def access_batch(connection: AsyncConnection, batch_id: int) -> Batch:
    """A batch of the officer's areas. Raises `BatchUnknown`."""
    found = await store.batch(connection, batch_id)
    if found is None:
        raise BatchUnknown
    return found


async def cards_to_print(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, batch: Batch, part: int
) -> list[PrintedCard]:
    """The blank cards of the `part`-th thousand of a batch; who printed them is kept.

    A card that somebody holds is not printed again: two people with one number would share a diary.
    Raises `BatchUnknown` for a part that is not there.
    """
    first = (part - 1) * CARDS_A_FILE + 1
    if not 1 <= first <= batch.size:
        raise BatchUnknown
    serials = await store.blank_serials(connection, batch.id, first, first + CARDS_A_FILE - 1)
    if not serials:
        raise BatchUnknown
    await store.note_printed(connection, batch.id)
    await audit.record(
        connection, viewer, "cards.printed", area=batch.area, object=f"card_batch:{batch.id}",
        details={"cards": len(serials), "first": serials[0], "last": serials[-1]},
    )  # fmt: skip
    return [
        PrintedCard(number, store.reference(batch.id, serial))
        for serial, number in zip(
            serials, numbers_of(keyring, batch.id, serials), strict=True
        )
    ]  # fmt: skip


async def take_card(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, typed: str, person_id: int
) -> CardRow:
    """Give a blank card to the viewer, or to a household member without a phone.

    The card which that person used before ends at once. Raises `CardMistypedProblem`,
    `CardNotFree`, `TooManyRequests`.
    """
    return await _attach(
        connection, keyring, viewer, check_number(typed), person_id, f"person:{viewer.person}"
    )


async def issue_card(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    typed: str,
    holder: Holder,
    *,
    old_number: str = "",
) -> CardRow:
    """Give a blank card to somebody at a health station, who is enrolled when not known yet.

    Somebody is known by their document and day of birth, or by the number of the card that is
    replaced; a phone number given here is only where to call, and finds nobody. Raises
    `InvalidInput`, `HolderInvalid`, `AreaUnknown`, `CardMistypedProblem`, `CardNotFree`, `CardGone`
    (the old number), `TooManyRequests`. On a refusal the transaction must not be committed.
    """
    number = check_number(typed)
    key = f"officer:{viewer.officer}"
    person = None
    if old_number.strip():
        old = await _find(connection, keyring, check_old_number(old_number), key)
        if old is None or old.person_id is None or old.state == "blank":
            raise CardGone(fields={"old_number": "error-card-gone"})
        person = old.person_id
    if person is None:
        checked = await _check_holder(connection, keyring, viewer, holder)
        person = await _person_of(connection, checked) or await _enrol(connection, keyring, checked)
    return await _attach(connection, keyring, viewer, number, person, key)


def check_old_number(typed: str) -> str:
    """The number of a card to replace. Raises `CardMistypedProblem`."""
    try:
        return check_number(typed)
    except CardMistypedProblem:
        raise CardMistypedProblem(fields={"old_number": "error-card-mistyped"}) from None


async def own_cards(connection: AsyncConnection) -> list[CardRow]:
    """Cards of the asking resident's household, those in use first."""
    return await store.own(connection)


async def withdraw_card(
    connection: AsyncConnection, viewer: Viewer, card_id: int, reason: str = "lost"
) -> CardRow:
    """End a card at once: its holder's own people, or an officer of its area. Raises `CardGone`."""
    found = await store.card(connection, card_id)
    if found is None or not await store.withdraw(connection, card_id, reason):
        raise CardGone
    await audit.record(
        connection, viewer, "card.withdrawn", subject_person=found.person_id, area=found.area,
        object=f"card:{card_id}", details={"reason": reason},
    )  # fmt: skip
    return found


async def withdraw_number(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, typed: str
) -> CardRow:
    """End the card with a number in hand. Raises `CardMistypedProblem`, `CardGone`."""
    number = check_number(typed)
    found = await _find(connection, keyring, number, f"officer:{viewer.officer}")
    if found is None:
        raise CardGone(fields={"number": "error-card-gone"})
    return await withdraw_card(connection, viewer, found.id)


async def withdraw_by_document(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, document: str, born: str
) -> CardRow:
    """End the card of whoever shows this document. Raises `InvalidInput`, `CardGone`."""
    papers = _check_papers(keyring, document, born)
    person = await _known(connection, papers)
    held = None if person is None else await store.held_by(connection, person)
    if held is None:
        raise CardGone(fields={"document": "error-card-gone"})
    return await withdraw_card(connection, viewer, held.id)


async def _find(
    connection: AsyncConnection, keyring: Keyring, number: str, key: str
) -> CardRow | None:
    if not _MISSES.has_room(key):
        raise TooManyRequests(retry_after=60)
    found = await store.find(connection, card_index(keyring, number))
    if found is None:
        _MISSES.check(key)
    return found


async def _attach(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    number: str,
    person_id: int,
    key: str,
) -> CardRow:
    if not _MISSES.has_room(key):
        raise TooManyRequests(retry_after=60)
    attached = await store.attach(connection, card_index(keyring, number), person_id)
    found = None if attached is None else await store.card(connection, attached)
    if found is None:
        _MISSES.check(key)
        raise CardNotFree(fields={"number": "error-card-not-free"})
    await audit.record(
        connection, viewer, "card.attached", subject_person=person_id, area=found.area,
        object=f"card:{found.id}",
    )  # fmt: skip
    return found


async def _check_holder(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, holder: Holder
) -> _Checked:
    fields = {}
    name = tidy_name(holder.name)
    if not name:
        fields["name"] = "identity-field-name"
    born = read_birth(holder.born) if holder.born.strip() else None
    if holder.born.strip() and born is None:
        fields["born"] = "cards-field-born"
    phone = normalise_phone(holder.phone) if holder.phone.strip() else None
    if holder.phone.strip() and phone is None:
        fields["phone"] = "identity-field-phone"
    if fields:
        raise HolderInvalid(fields=fields)
    papers = None
    if holder.document.strip():
        papers = _check_papers(keyring, holder.document, holder.born)
    if holder.area is not None:
        await check_area(connection, holder.area)
        if not covers(viewer, holder.area):
            raise NotAllowed
    data = IdentityData(
        phone=phone,
        name=name,
        birth_year=int(born[:4]) if born else None,
        document=_plain(holder.document) or None,
    )
    return _Checked(data, papers, holder.area)


def _plain(document: str) -> str:
    return re.sub(r"[\s.\-]", "", document).upper()


def _check_papers(keyring: Keyring, document: str, typed_birth: str) -> Papers:
    """The blind indexes of a typed document. Raises `HolderInvalid`."""
    number, born = _plain(document), read_birth(typed_birth)
    fields = {}
    if born is None:
        fields["born"] = "cards-field-born-document"
    if not DOCUMENT_NUMBER.fullmatch(number):
        fields["document"] = "cards-field-document"
    elif born and NATIONAL_NUMBER.fullmatch(number) and not fits_number(number, born):
        fields["document"] = "cards-field-document-born"
    if fields or born is None:
        raise HolderInvalid(fields=fields)
    return sealed.papers_of(keyring, number, born)


async def _known(connection: AsyncConnection, papers: Papers) -> int | None:
    (found,) = await credentials.document_holders(connection, [("", papers)])
    return found.person_id


async def _person_of(connection: AsyncConnection, checked: _Checked) -> int | None:
    if checked.papers is None:
        return None
    await sealed.lock_documents(connection, [checked.papers])
    return await _known(connection, checked.papers)


async def _enrol(connection: AsyncConnection, keyring: Keyring, checked: _Checked) -> int:
    walk_in = WalkIn(checked.data, checked.papers)
    (person,) = await sealed.enrol_walk_ins(connection, keyring, [walk_in], home_area=checked.area)
    return person
