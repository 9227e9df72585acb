"""From what a person shows at a door to who it is; whole batches of doors at a time."""

import base64
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import codes, sealed
from lachan.identity.credentials import domain, store
from lachan.identity.credentials.domain import Card, Document, PhoneCode, Shown, TypedPhone
from lachan.identity.credentials.errors import (
    CardBlank,
    CardMistypedProblem,
    CardUnknown,
    CardWithdrawn,
    PhoneCodeExpired,
    PhoneCodeForged,
    PhoneCodeUsed,
    PhoneCodeWithdrawn,
    ShownUnreadable,
)
from lachan.identity.credentials.store import Asked, Found
from lachan.identity.errors import CodeWrong
from lachan.identity.sealed import IdentityData, Papers, WalkIn
from lachan.identity.service import enrol_person
from lachan.kit import metrics
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotAllowed, Problem, TooManyRequests
from lachan.kit.http.access import Viewer
from lachan.kit.http.rate import RateLimit
from lachan.settings import Settings

Kind = Literal["phone_code", "card", "national_id", "decision_1405", "phone"]

CARD_INDEX: Final = "card"
_PHONE_KEY: Final = "phone-code:"

# Numbers that are free of slips and yet no card of ours, by device. Honest doors meet cards of
# another deployment, an hour of them after being off line. There are 2^55 numbers: at this pace a
# guesser meets one of a country's hundred million cards in ten years.
CARD_MISSES: Final = RateLimit(60, burst=600)
# Wrong one-time codes: also counted for the phone itself, which is what stops a guesser for good.
WRONG_CODES: Final = RateLimit(10, burst=30)
# People without a phone who come for the first time. A stadium's turnstile, or a morning kept off
# line, brings thousands; a program that makes up documents brings millions.
NEW_PEOPLE: Final = RateLimit(60, burst=5_000)


@dataclass(frozen=True, slots=True)
class Asker:
    """The device on whose behalf people are identified, by the secret of its own session.

    Wherever the transaction comes from: the scans of many doors are answered in one.
    """

    token: str
    device_id: int
    place_id: int

    @property
    def key(self) -> str:
        """What limits go by."""
        return f"device:{self.device_id}"

    def __repr__(self) -> str:
        return f"Asker({self.key})"


def device_asker(viewer: Viewer) -> Asker:
    """The asking device. Raises `NotAllowed` for anybody else."""
    device = viewer.at_place
    return Asker(viewer.token, device.id, device.place_id)


@dataclass(frozen=True, slots=True)
class Item:
    """A text that was shown, and the moment of showing it, put right for the device's clock."""

    shown: str
    at: datetime
    asker: Asker

    def __repr__(self) -> str:
        return f"Item({self.asker!r})"


@dataclass(frozen=True, slots=True)
class Identified:
    """Who it is; the first is the one who shows, the others are the household that came along."""

    people: tuple[int, ...]
    kind: Kind


Outcome = Identified | Problem


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a phone needs to make codes off line until it is signed out."""

    handle: bytes
    key: bytes
    members: tuple[tuple[int, str], ...]
    ends_at: datetime


def phone_key(keyring: Keyring, handle: bytes) -> bytes:
    """The key that the phone with `handle` signs with: 32 bytes, kept nowhere on our side."""
    return keyring.derive(_PHONE_KEY + handle.hex())


def card_index(keyring: Keyring, number: str) -> bytes:
    """The blind index of a card's number."""
    return keyring.blind_index(CARD_INDEX, number)


async def new_phone_key(connection: AsyncConnection, keyring: Keyring) -> NewKey:
    """A fresh handle and key for the asking resident's phone; its earlier ones end.

    The members of the household without a phone stand in the order of their bits. Raises
    `NotAllowed` when nobody is asking.
    """
    handle = os.urandom(domain.HANDLE_BYTES)
    made = await store.new_phone_key(connection, handle)
    if made is None:
        raise NotAllowed
    members, ends_at = made
    known = await sealed.read_own(connection, keyring) if members else {}
    return NewKey(
        handle,
        phone_key(keyring, handle),
        tuple((member, known.get(member, IdentityData()).name or "") for member in members),
        ends_at,
    )


def as_text(raw: bytes) -> str:
    """Bytes as JSON carries them: standard base 64."""
    return base64.b64encode(raw).decode()


async def identify_many(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, items: Sequence[Item]
) -> list[Outcome]:
    """Who showed each of `items`, or why it was refused, in order; never raises a `Problem`.

    Takes a handful of statements, however many items there are. Items of many devices may stand in
    one batch. The caller commits: codes are noted as used, wrong tries are counted, and people who
    came for the first time are enrolled in this transaction, so visits are written after it.
    """
    batch = _Batch(connection, keyring, settings, items)
    await batch.work()
    return batch.outcomes()


async def identify(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    shown: str,
    *,
    at: datetime,
    asker: Asker,
) -> Outcome:
    """The same for one text; a refusal is returned, for what was tried must be committed."""
    (outcome,) = await identify_many(connection, keyring, settings, [Item(shown, at, asker)])
    return outcome


class _Batch:
    """The work on one batch: each kind of code in its own few statements."""

    def __init__(
        self,
        connection: AsyncConnection,
        keyring: Keyring,
        settings: Settings,
        items: Sequence[Item],
    ) -> None:
        self._connection = connection
        self._keyring = keyring
        self._settings = settings
        self._items = items
        self._done: dict[int, Outcome] = {}

    def outcomes(self) -> list[Outcome]:
        done = [self._done[index] for index in range(len(self._items))]
        for outcome in done:
            result = outcome.kind if isinstance(outcome, Identified) else outcome.code
            metrics.SHOWN.labels(result).inc()
        return done

    async def work(self) -> None:
        read: list[tuple[int, Shown]] = []
        for index, item in enumerate(self._items):
            shown = self._read(item)
            if isinstance(shown, Problem):
                self._done[index] = shown
            else:
                read.append((index, shown))
        if phone_codes := [(i, one) for i, one in read if isinstance(one, PhoneCode)]:
            await self._take_phone_codes(phone_codes)
        if cards := [(i, one) for i, one in read if isinstance(one, Card)]:
            await self._find_cards(cards)
        if documents := [(i, one) for i, one in read if isinstance(one, Document)]:
            await self._find_documents(documents)
        for index, shown in read:
            if isinstance(shown, TypedPhone):
                self._done[index] = await self._take_phone(self._items[index], shown)

    def _read(self, item: Item) -> Shown | Problem:
        """What was shown, when it is worth asking the database about."""
        try:
            shown = domain.read_shown(item.shown)
        except domain.CardMistyped:
            return CardMistypedProblem()
        except domain.Unreadable:
            return ShownUnreadable()
        if isinstance(shown, PhoneCode):
            if not domain.is_signed(shown, phone_key(self._keyring, shown.handle)):
                return PhoneCodeForged()
            if not domain.is_current(shown, item.at):
                return PhoneCodeExpired()
        return shown

    def _asked(self, item: Item) -> Asked:
        return Asked(item.asker.token, item.at)

    async def _take_phone_codes(self, read: Sequence[tuple[int, PhoneCode]]) -> None:
        found = await store.take_phone_codes(
            self._connection,
            [(self._asked(self._items[index]), code.handle, code.step) for index, code in read],
        )
        for (index, code), answer in zip(read, found, strict=True):
            if answer.status == "taken" and answer.person_id is not None:
                along = domain.members_along(code.mask, answer.members)
                self._done[index] = Identified((answer.person_id, *along), "phone_code")
            else:
                self._done[index] = _CODE_REFUSALS.get(answer.status, NotAllowed)()

    async def _find_cards(self, read: Sequence[tuple[int, Card]]) -> None:
        found = await store.card_holders(
            self._connection,
            [
                (self._asked(self._items[index]), card_index(self._keyring, card.number))
                for index, card in read
            ],
        )
        for (index, _), answer in zip(read, found, strict=True):
            self._done[index] = _card_outcome(self._items[index].asker, answer)

    async def _find_documents(self, read: Sequence[tuple[int, Document]]) -> None:
        papers = {
            index: sealed.papers_of(self._keyring, document.number, document.born)
            for index, document in read
        }
        people = await self._holders(read, papers)
        missing: dict[bytes, tuple[int, Document]] = {}
        for index, document in read:
            check = papers[index].check
            if index not in self._done and check not in people and check not in missing:
                problem = _spend(NEW_PEOPLE, self._items[index].asker)
                if problem is not None:
                    self._done[index] = problem
                else:
                    missing[check] = (index, document)
        if missing:
            people |= await self._enrol(list(missing.values()), papers)
        for index, document in read:
            if index not in self._done:
                person = people.get(papers[index].check)
                self._done[index] = (
                    TooManyRequests(retry_after=60)
                    if person is None
                    else Identified((person,), document.kind)
                )

    async def _holders(
        self, read: Sequence[tuple[int, Document]], papers: dict[int, Papers]
    ) -> dict[bytes, int]:
        """The people known by these documents; rows that nobody may ask about are refused."""
        found = await store.document_holders(
            self._connection, [(self._items[index].asker.token, papers[index]) for index, _ in read]
        )
        people: dict[bytes, int] = {}
        for (index, _), answer in zip(read, found, strict=True):
            if answer.status == "stranger":
                self._done[index] = NotAllowed()
            elif answer.person_id is not None:
                people[papers[index].check] = answer.person_id
        return people

    async def _enrol(
        self, missing: Sequence[tuple[int, Document]], papers: dict[int, Papers]
    ) -> dict[bytes, int]:
        await sealed.lock_documents(self._connection, [papers[index] for index, _ in missing])
        people = await self._holders(missing, papers)
        unknown = [one for one in missing if papers[one[0]].check not in people]
        if unknown:
            made = await sealed.enrol_walk_ins(
                self._connection,
                self._keyring,
                [WalkIn(_data_of(document), papers[index]) for index, document in unknown],
            )
            people |= {
                papers[index].check: person
                for (index, _), person in zip(unknown, made, strict=True)
            }
        return people

    async def _take_phone(self, item: Item, typed: TypedPhone) -> Outcome:
        if not WRONG_CODES.has_room(item.asker.key):
            return TooManyRequests(retry_after=60)
        right = await codes.take_code(
            self._connection, self._keyring, typed.phone, typed.code, self._settings.identity
        )
        if not right:
            return _spend(WRONG_CODES, item.asker) or CodeWrong()
        person = await enrol_person(self._connection, self._keyring, phone=typed.phone)
        return Identified((person,), "phone")


_CODE_REFUSALS: Final[dict[str, Callable[[], Problem]]] = {
    "used": PhoneCodeUsed,
    "withdrawn": PhoneCodeWithdrawn,
}
_CARD_REFUSALS: Final[dict[str, Callable[[], Problem]]] = {
    "unknown": CardUnknown,
    "blank": CardBlank,
    "withdrawn": CardWithdrawn,
}


def _card_outcome(asker: Asker, answer: Found) -> Outcome:
    # From the first guess beyond the allowance on, no answer tells anything, a hit least of all:
    # the cards of one batch are judged in their order.
    if not CARD_MISSES.has_room(asker.key):
        return TooManyRequests(retry_after=60)
    if answer.status == "held" and answer.person_id is not None:
        return Identified((answer.person_id,), "card")
    if answer.status == "unknown":
        CARD_MISSES.check(asker.key)
    return _CARD_REFUSALS.get(answer.status, NotAllowed)()


def _spend(limit: RateLimit, asker: Asker) -> Problem | None:
    """Count against the asker's allowance; the refusal once it is used up."""
    try:
        limit.check(asker.key)
    except TooManyRequests as refused:
        return refused
    return None


def _data_of(document: Document) -> IdentityData:
    return IdentityData(
        name=document.name or None,
        birth_year=document.birth_year,
        document=document.number,
        address=document.address,
    )
