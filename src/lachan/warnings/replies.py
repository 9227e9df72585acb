"""What the people warned say: seen, answered, disputed; and what officers make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, sealed
from lachan.kit.crypto import Keyring, SealBroken
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.warnings import errors, store
from lachan.warnings.domain import Told
from lachan.warnings.service import access_warning, record
from lachan.warnings.store.inbox import Reply, Via
from lachan.warnings.wording import told_of_message

DISPUTES_SHOWN = 100
CALLS_SHOWN = 500
Decision = Literal["kept", "corrected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A message somebody says is wrong, opened for the tracer; `text` None: the seal is broken."""

    message: Row[Any]
    told: Told
    text: str | None


def _about(message_id: int) -> str:
    return f"warning_message:{message_id}"


def _opened(keyring: Keyring, row: Row[Any]) -> str | None:
    try:
        return keyring.unseal(row.dispute_sealed, about=_about(row.id)).decode()
    except SealBroken:
        # One broken seal must not hide the other disputes.
        return None


async def open_disputes(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, warning: Row[Any]
) -> list[Dispute]:
    """What people say is wrong with a warning; that it was read is written down."""
    rows = await store.disputes(connection, warning.id, DISPUTES_SHOWN)
    opened = [Dispute(row, told_of_message(row), _opened(keyring, row)) for row in rows]
    if opened:
        await record(connection, viewer, "warning.disputes_read", warning)
    return opened


async def decide(
    connection: AsyncConnection,
    viewer: Viewer,
    warning_id: int,
    message_id: int,
    *,
    decision: Decision,
    minutes: int | None,
    text: str,
) -> None:
    """Settle a dispute: the warning stands, it stood less long, or not for this person.

    Raises `NotFound`, `NothingToAnswer`, `InvalidInput` (a correction without minutes).
    """
    warning = await access_warning(connection, warning_id)
    if decision == "corrected" and minutes is None:
        raise InvalidInput(fields={"minutes": "field-missing"})
    person = await store.decide(
        connection,
        warning_id,
        message_id,
        viewer.officer,
        decision=decision,
        minutes=minutes if decision == "corrected" else None,
        answer=text,
    )
    if person is None:
        raise errors.NothingToAnswer
    told = "warning_withdrawn" if decision == "withdrawn" else "warning_answered"
    await store.tell_person(connection, person, told, message_id)
    await record(connection, viewer, f"warning.dispute_{decision}", warning, subject_person=person)


async def calls(connection: AsyncConnection, warning: Row[Any]) -> Sequence[Row[Any]]:
    """Whoever asked to be called about a warning, who waits longest first."""
    return await store.calls(connection, warning.id, CALLS_SHOWN)


async def note_called(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, message_id: int
) -> None:
    """Note that somebody who asked for it was called. Raises `NotFound`."""
    warning = await access_warning(connection, warning_id)
    person = await store.set_called(connection, warning_id, message_id, viewer.officer)
    if person is None:
        raise NotFound
    await store.tell_person(connection, person, "warning_answered", message_id)
    await record(connection, viewer, "warning.called", warning, subject_person=person)


async def names_of(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, rows: Iterable[Row[Any]]
) -> dict[int, str]:
    """By person, the names of those whom messages concern beside the asking resident.

    Members of the household without a phone, as the resident named them; empty when unknown.
    """
    others = {row.person_id for row in rows} - {viewer.person}
    if not others:
        return {}
    known = await sealed.read_own(connection, keyring)
    return {one: known[one].name or "" if one in known else "" for one in others}


async def access_message(connection: AsyncConnection, message_id: int) -> Row[Any]:
    """A warning that the asking resident was sent, or one they answer for. Raises `NotFound`."""
    row = await store.my_message(connection, message_id)
    if row is None:
        raise NotFound
    return row


async def see(connection: AsyncConnection, message_id: int, via: Via = "app") -> Row[Any]:
    """Note that the resident opened a warning, and what led there. Raises `NotFound`."""
    row = await access_message(connection, message_id)
    if row.seen_at is None:
        await store.set_seen(connection, message_id, via)
    return row


async def reply(
    connection: AsyncConnection, message_id: int, said: Reply, via: Via = "app"
) -> None:
    """Keep what the resident answers. Raises `NotFound`, `AlreadyWithdrawn`."""
    row = await access_message(connection, message_id)
    if row.withdrawn_at is not None:
        raise errors.AlreadyWithdrawn
    await store.set_reply(connection, message_id, said, via)


async def dispute(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, message_id: int, text: str
) -> None:
    """Keep, sealed, why the resident says that a warning is wrong.

    Raises `NotFound`, `AlreadyWithdrawn`, `AlreadyDisputed`.
    """
    row = await access_message(connection, message_id)
    if row.withdrawn_at is not None:
        raise errors.AlreadyWithdrawn
    closed = keyring.seal(text.encode(), about=_about(message_id))
    if not await store.set_disputed(connection, message_id, closed):
        raise errors.AlreadyDisputed
    await audit.record(
        connection,
        viewer,
        "warning.disputed",
        subject_person=row.person_id,
        object=f"warning:{row.warning_id}",
    )
