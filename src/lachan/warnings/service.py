"""Rules of warning: a dry run, an approval that knows what it approves, sending, withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases import store as rules
from lachan.diseases.rules import MESSAGE_KINDS, Rule
from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.clock import now
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.settings import Settings
from lachan.tracing.service import rule_of_run
from lachan.warnings import errors, store
from lachan.warnings.advice import newest_advice
from lachan.warnings.domain import (
    Breaker,
    Told,
    checked_levels,
    is_rush,
    needs_second_officer,
)
from lachan.warnings.wording import told_of

ROLE = "tracer"
SEND = "warnings.send"
TELL_WITHDRAWN = "warnings.tell_withdrawn"
PLACES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class KindShare:
    """The recipients that the rule gave one class: how many, what they get, and one of them."""

    by_rule: str
    kind: str
    recipients: int
    sample: Told


@dataclass(frozen=True, slots=True)
class DryRun:
    """Whom a warning would reach, before anybody is told.

    `outside_area` counts those who live outside the asking officer's jurisdiction; `already_warned`
    those whom another warning of this case told; `rush` says that this hour saw too many warnings.
    """

    recipients: int
    outside_area: int
    already_warned: int
    second_officer_needed: bool
    rush: bool
    places: Sequence[Row[Any]]
    kinds: Sequence[KindShare]
    rule: Rule

    @property
    def sample(self) -> Told | None:
        """The message of the class that most people get."""
        if not self.kinds:
            return None
        return max(self.kinds, key=lambda share: share.recipients).sample


@dataclass(frozen=True, slots=True)
class Plan:
    """What an officer wants warned of: the case or the place, levels, note, classes changed.

    A case has its disease; for the report of a place the officer names it.
    """

    case_id: int | None = None
    report_id: UUID | None = None
    disease: str | None = None
    levels: Sequence[int] | None = None
    note: str = ""
    changes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a warning is about, and the rules it goes by."""

    case_id: int | None
    report_id: UUID | None
    run_id: int | None
    area: str
    disease: str
    rule: Rule
    levels: Sequence[int]
    is_drill: bool

    def source(self, changes: Mapping[str, str], warning_id: int | None = None) -> store.Source:
        return store.Source(
            rule=self.rule,
            case_id=self.case_id,
            report_id=self.report_id,
            levels=self.levels,
            changes=changes,
            warning_id=warning_id,
        )


def breaker_of(settings: Settings) -> Breaker:
    """The limits of this deployment."""
    section = settings.warnings
    return Breaker(
        most_recipients=section.most_recipients,
        most_share_percent=section.most_share_percent,
        share_floor=section.share_floor,
        most_an_hour=section.most_an_hour,
        most_warnings_an_hour=section.most_warnings_an_hour,
    )


def check_changes(changes: Mapping[str, str]) -> dict[str, str]:
    """What differs from the rule's classes. Raises `KindUnknown`."""
    for one in (*changes, *changes.values()):
        if one not in MESSAGE_KINDS:
            raise errors.KindUnknown
    return {by_rule: kind for by_rule, kind in changes.items() if by_rule != kind}


def _checked_levels(rule: Rule, levels: Sequence[int] | None) -> list[int]:
    chosen = checked_levels(levels or rule.usual_levels)
    if not set(chosen) <= set(rule.levels):
        raise errors.LevelOutsideRule
    return chosen


async def access_case(connection: AsyncConnection, case_id: int) -> Row[Any]:
    """A case that may be warned about, with `run_id` and `rules` of its newest trace.

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


async def access_subject(
    connection: AsyncConnection,
    *,
    case_id: int | None,
    report_id: UUID | None,
    disease: str | None,
    levels: Sequence[int] | None,
) -> Subject:
    """What is to be warned of. Raises `NotFound`, `CaseDiscarded`, `NotTraced`, ...

    A case goes by the version that its newest trace went by: a newer one takes a newer trace.
    """
    if case_id is not None:
        case = await access_case(connection, case_id)
        rule = rule_of_run(case.rules, case.disease)
        return Subject(
            case_id=case.id,
            report_id=None,
            run_id=case.run_id,
            area=case.area,
            disease=case.disease,
            rule=rule,
            levels=_checked_levels(rule, levels),
            is_drill=case.drill_id is not None,
        )
    report = None if report_id is None else await store.report(connection, report_id)
    if report is None or disease is None:
        raise NotFound
    if report.state != "accepted":
        raise errors.ReportNotAccepted
    rule = await rules.in_force(connection, disease, report.area)
    return Subject(
        case_id=None,
        report_id=report.id,
        run_id=None,
        area=report.area,
        disease=disease,
        rule=rule,
        levels=[1],
        is_drill=False,
    )


async def access_warning(
    connection: AsyncConnection, warning_id: int, *, lock: bool = False
) -> Row[Any]:
    """A warning in the asking officer's area. Raises `NotFound`."""
    row = await store.warning(connection, warning_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def newer_rule(connection: AsyncConnection, subject_rule: Rule, area: str) -> Rule | None:
    """A version published since, by which the case was not traced yet."""
    current = await rules.in_force(connection, subject_rule.disease, area)
    return None if current.version == subject_rule.version else current


async def preview(
    connection: AsyncConnection, viewer: Viewer, plan: Plan, breaker: Breaker
) -> tuple[Subject, DryRun]:
    """The dry run of a warning that is not drafted yet; writes nothing."""
    subject = await access_subject(
        connection,
        case_id=plan.case_id,
        report_id=plan.report_id,
        disease=plan.disease,
        levels=plan.levels,
    )
    source = subject.source(check_changes(plan.changes))
    run = await _dry_run(
        connection,
        viewer,
        source,
        breaker,
        area=subject.area,
        disease=subject.disease,
        note=plan.note,
        advice_version=newest_advice(),
    )
    return subject, run


async def dry_run(
    connection: AsyncConnection, viewer: Viewer, warning: Row[Any], breaker: Breaker
) -> DryRun:
    """The dry run of a draft, or who a sent warning reached."""
    source = store.Source(
        rule=await rules.by_id(connection, warning.disease, warning.rule_id),
        case_id=warning.case_id,
        report_id=warning.place_report_id,
        levels=warning.levels,
        changes=warning.kinds,
        warning_id=warning.id,
    )
    return await _dry_run(
        connection,
        viewer,
        source,
        breaker,
        area=warning.area,
        disease=warning.disease,
        note=warning.note,
        advice_version=warning.advice_version,
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
    advice_version: str,
) -> DryRun:
    totals = await store.totals(connection, source, viewer.roots(ROLE))
    samples = await store.samples(connection, source)
    residents = await store.count_residents(connection, area)
    rush = False
    if totals.real_recipients:
        since = now() - timedelta(hours=1)
        warnings, warned = await store.warned_since(connection, since)
        rush = is_rush(warnings, warned, totals.real_recipients, breaker)
    return DryRun(
        recipients=totals.recipients,
        outside_area=totals.outside,
        already_warned=await store.count_warned(
            connection,
            case_id=source.case_id,
            report_id=source.report_id,
            but=source.warning_id or 0,
        ),
        second_officer_needed=rush
        or needs_second_officer(totals.real_recipients, residents, breaker),
        rush=rush,
        places=await store.places(connection, source, PLACES_SHOWN),
        kinds=[
            KindShare(
                by_rule=row.by_rule,
                kind=row.kind,
                recipients=row.recipients,
                sample=told_of(row, disease=disease, note=note, advice_version=advice_version),
            )
            for row in samples
        ],
        rule=source.rule,
    )


async def draft(connection: AsyncConnection, viewer: Viewer, plan: Plan) -> Row[Any]:
    """Draw up a warning from the newest trace; nobody is told yet.

    Raises what `access_subject` does, `KindUnknown` and `NoRecipients`.
    """
    warning = await _draft(connection, viewer, plan)
    await record(connection, viewer, "warning.drafted", warning)
    return warning


async def _draft(connection: AsyncConnection, viewer: Viewer, plan: Plan) -> Row[Any]:
    subject = await access_subject(
        connection,
        case_id=plan.case_id,
        report_id=plan.report_id,
        disease=plan.disease,
        levels=plan.levels,
    )
    version = newest_advice()
    warning_id = await store.insert(
        connection,
        case_id=subject.case_id,
        report_id=subject.report_id,
        run_id=subject.run_id,
        area=subject.area,
        disease=subject.disease,
        levels=subject.levels,
        advice_version=version,
        note=plan.note,
        officer=viewer.officer,
    )
    filled = await store.fill(
        connection,
        warning_id,
        subject.source(check_changes(plan.changes)),
        run_id=subject.run_id,
        disease=subject.disease,
        advice_version=version,
        note=plan.note,
    )
    if filled == 0:
        raise errors.NoRecipients
    return await access_warning(connection, warning_id)


async def refresh(connection: AsyncConnection, warning: Row[Any]) -> Row[Any]:
    """The warning; a draft older than the newest trace is drawn up anew first."""
    if warning.state != "draft" or warning.case_id is None:
        return warning
    case = await store.case(connection, warning.case_id)
    if case is None or case.run_id is None or case.run_id == warning.run_id:
        return warning
    return await _refill(connection, warning, warning.kinds)


async def _refill(
    connection: AsyncConnection, warning: Row[Any], changes: Mapping[str, str]
) -> Row[Any]:
    subject = await access_subject(
        connection,
        case_id=warning.case_id,
        report_id=warning.place_report_id,
        disease=warning.disease,
        levels=warning.levels,
    )
    await store.fill(
        connection,
        warning.id,
        subject.source(changes),
        run_id=subject.run_id,
        disease=warning.disease,
        advice_version=warning.advice_version,
        note=warning.note,
    )
    return await access_warning(connection, warning.id)


async def change_kinds(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, changes: Mapping[str, str]
) -> Row[Any]:
    """Give the classes of a draft other ones than the rule did, from class to class.

    Raises `NotFound`, `NotDraft`, `KindUnknown`.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state != "draft":
        raise errors.NotDraft
    changed = await _refill(connection, warning, check_changes(changes))
    await record(connection, viewer, "warning.kinds_changed", changed)
    return changed


async def approve(
    connection: AsyncConnection,
    viewer: Viewer,
    warning_id: int,
    recipients_seen: int,
    breaker: Breaker,
) -> Row[Any]:
    """Send a draft to everybody in it; they are told within seconds.

    `recipients_seen` is the number of the dry run that the officer looked at. Raises `NotFound`,
    `NotDraft`, `RecipientsChanged`, `NoRecipients`, `SecondOfficerNeeded`, `WarningsPaused`.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state != "draft":
        raise errors.NotDraft
    if warning.case_id is not None:
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
    await store.lock_approvals(connection)
    pause = await store.covering_pause(connection, warning.area)
    if pause is not None:
        raise errors.WarningsPaused(params={"area": pause.area_name, "reason": pause.reason})
    if warning.created_by == viewer.officer:
        run = await dry_run(connection, viewer, warning, breaker)
        if run.rush:
            raise errors.WarningRush
        if run.second_officer_needed:
            raise errors.SecondOfficerNeeded
    await store.set_approved(connection, warning.id, viewer.officer)
    await enqueue(connection, SEND, {"warning": warning.id}, priority=10)
    await record(connection, viewer, "warning.approved", warning)


async def draft_and_approve(
    connection: AsyncConnection,
    viewer: Viewer,
    breaker: Breaker,
    plan: Plan,
    recipients_seen: int,
) -> Row[Any]:
    """What the officer's one button does after the dry run: all of it or nothing.

    Raises what `draft` and `approve` do.
    """
    warning = await _draft(connection, viewer, plan)
    await _approve(connection, viewer, warning, recipients_seen, breaker)
    return await access_warning(connection, warning.id)


async def withdraw(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, reason: str
) -> Row[Any]:
    """Take a warning back, sent or not; its places leave the public list in the same moment.

    Raises `NotFound`, `AlreadyWithdrawn`.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.state == "withdrawn":
        raise errors.AlreadyWithdrawn
    await store.set_withdrawn(connection, warning_id, viewer.officer, reason)
    if warning.state == "approved":
        await enqueue(connection, TELL_WITHDRAWN, {"warning": warning_id}, priority=10)
    await record(connection, viewer, "warning.withdrawn", warning, reason=reason)
    return await access_warning(connection, warning_id)


async def resume(
    connection: AsyncConnection, viewer: Viewer, warning_id: int, reason: str
) -> Row[Any]:
    """Let a warning go on that stopped itself, after somebody looked.

    Raises `NotFound`, `NotStopped`, `SecondOfficerNeeded`: whoever approved it is not the one to
    say that it was right.
    """
    warning = await access_warning(connection, warning_id, lock=True)
    if warning.stopped_at is None or warning.state != "approved":
        raise errors.NotStopped
    if warning.approved_by == viewer.officer:
        raise errors.SecondOfficerNeeded
    await store.set_resumed(connection, warning_id, viewer.officer, reason)
    await enqueue(connection, SEND, {"warning": warning_id}, priority=10)
    await record(connection, viewer, "warning.resumed", warning, reason=reason)
    return await access_warning(connection, warning_id)


async def record(
    connection: AsyncConnection,
    viewer: Viewer | None,
    action: str,
    warning: Row[Any],
    *,
    reason: str | None = None,
    subject_person: int | None = None,
) -> None:
    """Write down what was done to a warning."""
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
