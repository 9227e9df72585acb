"""Rules of warning: a dry run, an approval that knows what it approves, sending, withdrawal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.crypto import Keyring, SealBroken
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.settings import Settings
from lachan.warnings import errors, store
from lachan.warnings.advice import advice_for
from lachan.warnings.domain import Breaker, Told, checked_levels, needs_second_officer
from lachan.warnings.wording import told_of, told_of_message

ROLE = "tracer"
SEND = "warnings.send"
TELL_WITHDRAWN = "warnings.tell_withdrawn"
PLACES_SHOWN = 200
DISPUTES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class DryRun:
    """Whom a warning would reach, before anybody is told.

    `outside_area` counts those who live outside the asking officer's jurisdiction; `already_warned`
    those whom another warning of this case told.
    """

    recipients: int
    outside_area: int
    already_warned: int
    second_officer_needed: bool
    places: Sequence[Row[Any]]
    sample: Told | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A message somebody says is wrong, opened for the tracer; `text` None: the seal is broken."""

    message: Row[Any]
    told: Told
    text: str | None


def breaker_of(settings: Settings) -> Breaker:
    """The limits of this deployment."""
    section = settings.warnings
    return Breaker(section.most_recipients, section.most_share_percent, section.share_floor)


async def access_case(connection: AsyncConnection, case_id: int) -> Row[Any]:
    """A case that may be warned about, with `run_id` of its newest trace.

    Raises `NotFound`, `CaseDiscarded`, `NotTraced`.
    """
    row = await store.case(connection, case_id)
    if row is None:
        raise NotFound
    if row.classification == "discarded":
        raise errors.CaseDiscarded
    if row.run_id is None:
        raise errors.NotTraced
    return row


async def access_warning(
    connection: AsyncConnection, warning_id: int, *, lock: bool = False
) -> Row[Any]:
    """A warning in the asking officer's area. Raises `NotFound`."""
    row = await store.warning(connection, warning_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def preview(
    connection: AsyncConnection,
    viewer: Viewer,
    case: Row[Any],
    levels: Sequence[int],
    breaker: Breaker,
) -> DryRun:
    """The dry run of a warning that is not drafted yet; writes nothing."""
    source = store.Source(case.id, checked_levels(levels))
    return await _dry_run(
        connection, viewer, source, breaker, area=case.area, disease=case.disease, note=""
    )


async def dry_run(
    connection: AsyncConnection, viewer: Viewer, warning: Row[Any], breaker: Breaker
) -> DryRun:
    """The dry run of a draft, or who a sent warning reached."""
    source = store.Source(warning.case_id, warning.levels, warning.id)
    return await _dry_run(
        connection,
        viewer,
        source,
        breaker,
        area=warning.area,
        disease=warning.disease,
        note=warning.note,
    )


async def _dry_run(
    connection: AsyncConnection,
    viewer: Viewer,
    source: store.Source,
    breaker: Breaker,
    *,
    area: str,
    disease: str,
    note: str,
) -> DryRun:
    totals = await store.totals(connection, source, viewer.roots(ROLE))
    sample = await store.sample(connection, source)
    version = advice_for(disease, 1).version
    residents = await store.count_residents(connection, area)
    return DryRun(
        recipients=totals.recipients,
        outside_area=totals.outside,
        already_warned=await store.count_warned(
            connection, source.case_id, but=source.warning_id or 0
        ),
        second_officer_needed=needs_second_officer(totals.real_recipients, residents, breaker),
        places=await store.places(connection, source, PLACES_SHOWN),
        sample=None
        if sample is None
        else told_of(sample, disease=disease, note=note, advice_version=version),
    )


async def draft(
    connection: AsyncConnection, viewer: Viewer, case_id: int, levels: Sequence[int], note: str
) -> Row[Any]:
    """Draw up a warning from the newest trace; nobody is told yet.

    Raises what `access_case` does, and `NoRecipients`.
    """
    warning = await _draft(connection, viewer, case_id, levels, note)
    await _record(connection, viewer, "warning.drafted", warning)
    return warning


async def _draft(
    connection: AsyncConnection, viewer: Viewer, case_id: int, levels: Sequence[int], note: str
) -> Row[Any]:
    case = await access_case(connection, case_id)
    version = advice_for(case.disease, 1).version
    chosen = checked_levels(levels)
    warning_id = await store.insert(
        connection,
        case_id=case.id,
        run_id=case.run_id,
        area=case.area,
        disease=case.disease,
        levels=chosen,
        advice_version=version,
        note=note,
        officer=viewer.officer,
    )
    filled = await store.fill(
        connection,
        warning_id,
        case_id=case.id,
        run_id=case.run_id,
        disease=case.disease,
        levels=chosen,
        advice_version=version,
        note=note,
    )
    if filled == 0:
        raise errors.NoRecipients
    return await access_warning(connection, warning_id)


async def refresh(connection: AsyncConnection, warning: Row[Any]) -> Row[Any]:
    """The warning; a draft older than the newest trace is drawn up anew first."""
    if warning.state != "draft":
        return warning
    newest = await store.newest_run(connection, warning.case_id)
    if newest is None or newest == warning.run_id:
        return warning
    await store.fill(
        connection,
        warning.id,
        case_id=warning.case_id,
        run_id=newest,
        disease=warning.disease,
        levels=warning.levels,
        advice_version=warning.advice_version,
        note=warning.note,
    )
    return await access_warning(connection, warning.id)


async def approve(
    connection: AsyncConnection,
    viewer: Viewer,
    warning_id: int,
    recipients_seen: int,
    breaker: Breaker,
) -> Row[Any]:
    """Send a draft to everybody in it; they are told within seconds.

    `recipients_seen` is the number of the dry run that the officer looked at. Raises `NotFound`,
    `NotDraft`, `RecipientsChanged`, `NoRecipients`, `SecondOfficerNeeded`.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state != "draft":
        raise errors.NotDraft
    await access_case(connection, warning.case_id)
    warning = await refresh(connection, warning)
    await _approve(connection, viewer, warning, recipients_seen, breaker)
    return await access_warning(connection, warning_id)


async def _approve(
    connection: AsyncConnection,
    viewer: Viewer,
    warning: Row[Any],
    recipients_seen: int,
    breaker: Breaker,
) -> None:
    if warning.recipients != recipients_seen:
        raise errors.RecipientsChanged(params={"seen": recipients_seen, "now": warning.recipients})
    if warning.recipients == 0:
        raise errors.NoRecipients
    if warning.created_by == viewer.officer:
        run = await dry_run(connection, viewer, warning, breaker)
        if run.second_officer_needed:
            raise errors.SecondOfficerNeeded
    await store.set_approved(connection, warning.id, viewer.officer)
    await enqueue(connection, SEND, {"warning": warning.id}, priority=10)
    await _record(connection, viewer, "warning.approved", warning)


async def draft_and_approve(
    connection: AsyncConnection,
    viewer: Viewer,
    breaker: Breaker,
    *,
    case_id: int,
    levels: Sequence[int],
    note: str,
    recipients_seen: int,
) -> Row[Any]:
    """What the officer's one button does after the dry run: all of it or nothing.

    Raises what `draft` and `approve` do.
    """
    warning = await _draft(connection, viewer, case_id, levels, note)
    await _approve(connection, viewer, warning, recipients_seen, breaker)
    return await access_warning(connection, warning.id)


async def withdraw(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, reason: str
) -> Row[Any]:
    """Take a warning back, sent or not. Raises `NotFound`, `AlreadyWithdrawn`."""
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state == "withdrawn":
        raise errors.AlreadyWithdrawn
    await store.set_withdrawn(connection, warning_id, viewer.officer, reason)
    if warning.state == "approved":
        await enqueue(connection, TELL_WITHDRAWN, {"warning": warning_id}, priority=10)
    await _record(connection, viewer, "warning.withdrawn", warning, reason=reason)
    return await access_warning(connection, warning_id)


async def open_disputes(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, warning: Row[Any]
) -> list[Dispute]:
    """What people say is wrong with a warning; that it was read is written down."""
    rows = await store.disputes(connection, warning.id, DISPUTES_SHOWN)
    opened = [Dispute(row, told_of_message(row), _opened(keyring, row)) for row in rows]
    if opened:
        await _record(connection, viewer, "warning.disputes_read", warning)
    return opened


def _opened(keyring: Keyring, row: Row[Any]) -> str | None:
    try:
        return keyring.unseal(row.dispute_sealed, about=_about(row.id)).decode()
    except SealBroken:
        # One broken seal must not hide the other disputes.
        return None


def _about(message_id: int) -> str:
    return f"warning_message:{message_id}"


async def answer(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, message_id: int, text: str
) -> None:
    """Answer somebody who disputes a warning. Raises `NotFound`, `NothingToAnswer`."""
    warning = await access_warning(connection, warning_id)
    person = await store.set_answered(connection, warning_id, message_id, viewer.officer, text)
    if person is None:
        raise errors.NothingToAnswer
    await store.tell_person(connection, person, "warning_answered", message_id)
    await _record(connection, viewer, "warning.answered", warning, subject_person=person)


async def access_message(connection: AsyncConnection, viewer: Viewer, message_id: int) -> Row[Any]:
    """A warning that the asking resident was sent. Raises `NotFound`."""
    row = await store.my_message(connection, viewer.person, message_id)
    if row is None:
        raise NotFound
    return row


async def see(connection: AsyncConnection, viewer: Viewer, message_id: int) -> Row[Any]:
    """Note that the resident opened a warning. Raises `NotFound`."""
    row = await access_message(connection, viewer, message_id)
    if row.seen_at is None:
        await store.set_seen(connection, viewer.person, message_id)
    return row


async def dispute(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, message_id: int, text: str
) -> None:
    """Keep, sealed, why the resident says that a warning is wrong.

    Raises `NotFound`, `AlreadyWithdrawn`, `AlreadyDisputed`.
    """
    row = await access_message(connection, viewer, message_id)
    if row.withdrawn_at is not None:
        raise errors.AlreadyWithdrawn
    sealed = keyring.seal(text.encode(), about=_about(message_id))
    if not await store.set_disputed(connection, viewer.person, message_id, sealed):
        raise errors.AlreadyDisputed
    await audit.record(
        connection,
        viewer,
        "warning.disputed",
        subject_person=viewer.person,
        object=f"warning:{row.warning_id}",
    )


async def _record(
    connection: AsyncConnection,
    viewer: Viewer,
    action: str,
    warning: Row[Any],
    *,
    reason: str | None = None,
    subject_person: int | None = None,
) -> None:
    await audit.record(
        connection,
        viewer,
        action,
        area=warning.area,
        object=f"warning:{warning.id}",
        reason=reason,
        subject_person=subject_person,
        details={"recipients": warning.recipients, "case": warning.case_id},
    )
