"""What an officer may do with traces and contacts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.cases.service import check_open, topic_of
from lachan.cases.store import Case
from lachan.diseases import store as rules
from lachan.diseases.profiles import Profile, profile_of
from lachan.diseases.rules import Rule, default_rule, rule_from
from lachan.identity import audit
from lachan.identity import service as identity
from lachan.jobs.queue import enqueue
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.storage.events import publish
from lachan.tracing import store
from lachan.tracing.errors import LevelTooHigh
from lachan.tracing.schemas import ContactStatus
from lachan.tracing.store import ContactRow, Run

RUN = "tracing.run"


def written_rules(rule: Rule) -> dict[str, Any]:
    """What a run goes by, kept with it: rules may change, what was found by them must not."""
    return {
        **rule.body(),
        "disease": rule.disease,
        "area": rule.area,
        "version": rule.version,
        "rule_id": rule.id,
    }


def rule_of_run(written: Mapping[str, Any], disease: str) -> Rule:
    """The version that a run was asked for with; one that names none goes by the default."""
    if "levels" not in written:
        return default_rule(disease)
    return rule_from(
        written,
        disease=disease,
        area=written["area"],
        version=written["version"],
        rule_id=written["rule_id"],
    )


async def start_trace(
    connection: AsyncConnection, viewer: Viewer, case: Case, *, max_level: int, dry_run: bool
) -> Run:
    """Ask for a trace; one of the same kind that is under way is returned instead.

    Raises `CaseClosed`, `LevelTooHigh`.
    """
    check_open(case)
    profile = profile_of(case.disease)
    if max_level > profile.max_level:
        raise LevelTooHigh(
            fields={"max_level": "tracing-field-level"}, params={"most": profile.max_level}
        )
    under_way = await store.run_under_way(connection, case.id, max_level=max_level, dry_run=dry_run)
    if under_way is not None:
        return under_way
    run_id = await queue_run(
        connection, case.id, profile, max_level, officer=viewer.officer, dry_run=dry_run
    )
    await audit.record(
        connection,
        viewer,
        "trace.requested",
        area=case.area,
        object=f"case:{case.id}",
        details={"run": run_id, "max_level": max_level, "dry_run": dry_run},
    )
    return await access_run(connection, case.id, run_id)


async def queue_run(
    connection: AsyncConnection,
    case_id: int,
    profile: Profile,
    max_level: int,
    *,
    officer: int | None = None,
    dry_run: bool = False,
) -> int:
    """Write a run and the job that computes it, in one transaction; the run's id."""
    rule = await rules.in_force(
        connection, profile.code, await store.area_of_case(connection, case_id)
    )
    run_id = await store.insert_run(
        connection,
        case_id=case_id,
        officer=officer,
        version=profile.version,
        rules=written_rules(rule),
        max_level=max_level,
        dry_run=dry_run,
    )
    await enqueue(connection, RUN, {"run": run_id}, priority=5, once=f"trace:{run_id}")
    await publish(
        connection, topic_of(case_id), "trace", {"run_id": run_id, "state": "queued", "progress": 0}
    )
    return run_id


async def access_run(connection: AsyncConnection, case_id: int, run_id: int) -> Run:
    """A run of a case that the officer may see. Raises `NotFound`."""
    run = await store.find_run(connection, case_id, run_id)
    if run is None:
        raise NotFound
    return run


async def access_contact(connection: AsyncConnection, contact_id: int) -> ContactRow:
    """A contact in the officer's areas, or of a case there. Raises `NotFound`."""
    contact = await store.find_contact(connection, contact_id)
    if contact is None:
        raise NotFound
    return contact


async def set_status(
    connection: AsyncConnection, viewer: Viewer, contact: ContactRow, status: ContactStatus
) -> ContactRow:
    """Note how far the tracer has come with a contact."""
    await store.set_status(connection, contact.id, status.value)
    await publish(connection, topic_of(contact.case_id), "contact", {"id": contact.id})
    await audit.record(
        connection,
        viewer,
        "contact.status",
        subject_person=contact.person_id,
        area=contact.area,
        object=f"contact:{contact.id}",
        details={"from": contact.status, "to": status.value},
    )
    return await access_contact(connection, contact.id)


async def note_export(connection: AsyncConnection, viewer: Viewer, case: Case) -> None:
    """Write down that a case's contacts left as a file: nobody here sees who reads it then."""
    await audit.record(
        connection, viewer, "contacts.exported", area=case.area, object=f"case:{case.id}"
    )


async def note_reading(
    connection: AsyncConnection, viewer: Viewer, contact: ContactRow, reason: str | None
) -> None:
    """Write down that somebody read where a contact was; None: it was written down already."""
    if reason is not None:
        await audit.record(
            connection,
            viewer,
            "contact.opened",
            subject_person=contact.person_id,
            area=contact.area,
            object=f"contact:{contact.id}",
            reason=reason,
        )


async def open_identity(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, contact: ContactRow, reason: str
) -> identity.Opened:
    """Who a contact is. Raises `ReasonMissing`, `PersonUnknown`."""
    return await identity.open_identity(
        connection, keyring, viewer, contact.person_id, reason=reason, purpose="contact"
    )
