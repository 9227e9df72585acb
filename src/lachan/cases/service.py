"""What an officer may do with cases, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.errors import AreaUnknown
from lachan.areas.service import access_area
from lachan.cases import store
from lachan.cases.domain import Gap, date_faults, gaps, is_under
from lachan.cases.errors import CaseClosed, CaseExists, CaseExistsElsewhere, OutsideArea
from lachan.cases.schemas import CaseChange, NewCase, PersonIn
from lachan.cases.store import Case, Stay
from lachan.diseases.domain import infectious_window
from lachan.diseases.profiles import profile_of
from lachan.identity import audit
from lachan.identity import service as identity
from lachan.identity.errors import PersonUnknown
from lachan.identity.store import home_area
from lachan.jobs.queue import enqueue
from lachan.kit.clock import local_day
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.storage.events import publish
from lachan.visits.doubts.store import ShownDoubt, doubts_of

ROLE = "tracer"
RETRACE = "tracing.retrace"


def topic_of(case_id: int) -> str:
    """Where open pages of a case hear what happens to it."""
    return f"case:{case_id}"


async def access_case(connection: AsyncConnection, case_id: int) -> Case:
    """A case in the asking officer's areas. Raises `NotFound`."""
    case = await store.find(connection, case_id)
    if case is None:
        raise NotFound
    return case


def check_open(case: Case) -> Case:
    """Raises `CaseClosed`."""
    if not case.is_open:
        raise CaseClosed
    return case


def check_days(onset: date | None, sampled: date | None, today: date) -> None:
    """Raises `InvalidInput`."""
    faults = date_faults(onset, sampled, today)
    if faults:
        raise InvalidInput(fields=faults)


async def _known_person(
    connection: AsyncConnection, keyring: Keyring, person: PersonIn
) -> int | None:
    """The person meant, None for a phone that nobody has signed in with."""
    if person.phone is not None:
        return await identity.find_person_by_phone(connection, keyring, person.phone)
    if person.person_id is None or not await store.may_name(connection, person.person_id):
        raise PersonUnknown(fields={"person": "cases-field-person"})
    return person.person_id


async def _area_of(
    connection: AsyncConnection, viewer: Viewer, person: int | None, given: str | None
) -> str:
    """Where the case belongs: as given, else the home, inside the officer's areas."""
    area = given
    if area is None and person is not None:
        area = await home_area(connection, person)
    if area is None:
        raise InvalidInput(fields={"area": "cases-field-area"})
    try:
        await access_area(connection, area)
    except AreaUnknown:
        raise InvalidInput(fields={"area": "cases-field-area"}) from None
    if not is_under(area, viewer.roots(ROLE)):
        raise OutsideArea
    return area


async def open_case(
    connection: AsyncConnection,
    viewer: Viewer,
    keyring: Keyring,
    new: NewCase,
    *,
    moment: datetime,
    zone: ZoneInfo,
) -> Case:
    """Open a record; a person not known yet is enrolled with the phone.

    Raises `DiseaseUnknown`, `InvalidInput`, `PhoneInvalid`, `PersonUnknown`,
    `OutsideArea`, `CaseExists`, `CaseExistsElsewhere`.
    """
    profile = profile_of(new.disease)
    check_days(new.onset_on, new.sampled_on, local_day(moment, zone))
    person = await _known_person(connection, keyring, new.person)
    area = await _area_of(connection, viewer, person, new.area)
    if person is None:
        person = await identity.enrol_person(
            connection, keyring, phone=new.person.phone, name=new.person.name, home_area=area
        )
    case_id = await store.insert(
        connection,
        prefix=profile.case_prefix,
        year=local_day(moment, zone).year,
        person=person,
        disease=profile.code,
        version=profile.version,
        classification=new.classification,
        days=(new.onset_on, new.sampled_on),
        window=infectious_window(profile, new.onset_on, new.sampled_on, zone),
        area=area,
        officer=viewer.officer,
    )
    if case_id is None:
        raise await _exists(connection, person, profile.code)
    case = await access_case(connection, case_id)
    await _seek_around(connection, case)
    await publish(connection, f"desk:{area}", "case", {"id": case.id})
    await audit.record(
        connection,
        viewer,
        "case.registered",
        subject_person=person,
        area=area,
        object=f"case:{case.id}",
        reason=new.reason or None,
        details={"disease": case.disease, "classification": case.classification.value},
    )
    return case


async def _exists(
    connection: AsyncConnection, person: int, disease: str
) -> CaseExists | CaseExistsElsewhere:
    code = await store.open_case_of(connection, person, disease)
    return CaseExistsElsewhere() if code is None else CaseExists(params={"code": code})


async def _seek_around(connection: AsyncConnection, case: Case) -> None:
    """Somebody became a case: traces in which the same person is a contact are made anew."""
    if case.classification.counts_as_case:
        await enqueue(
            connection,
            RETRACE,
            {"person": case.person_id, "but": case.id},
            once=f"retrace:{case.person_id}",
        )


async def change(
    connection: AsyncConnection,
    viewer: Viewer,
    case: Case,
    known: CaseChange,
    *,
    moment: datetime,
    zone: ZoneInfo,
) -> Case:
    """Reclassify a case or correct its days; the infectious window follows.

    Raises `CaseClosed`, `InvalidInput`, `CaseExists`, `CaseExistsElsewhere`.
    """
    if case.closed_at is not None:
        raise CaseClosed
    profile = profile_of(case.disease)
    classification = known.classification or case.classification
    onset = known.onset_on or case.onset_on
    sampled = known.sampled_on or case.sampled_on
    check_days(onset, sampled, local_day(moment, zone))
    try:
        async with connection.begin_nested():
            await store.change(
                connection,
                case,
                classification=classification,
                days=(onset, sampled),
                window=infectious_window(profile, onset, sampled, zone),
                version=profile.version,
            )
    except IntegrityError:
        # A discarded record comes back to life while the person has another open one.
        raise await _exists(connection, case.person_id, case.disease) from None
    changed = await access_case(connection, case.id)
    if changed.classification is not case.classification:
        await _seek_around(connection, changed)
    await publish(connection, topic_of(case.id), "case", {"id": case.id})
    await audit.record(
        connection,
        viewer,
        "case.changed",
        subject_person=case.person_id,
        area=case.area,
        object=f"case:{case.id}",
        details={"from": case.classification.value, "to": changed.classification.value},
    )
    return changed


async def close(
    connection: AsyncConnection, viewer: Viewer, case: Case, *, moment: datetime
) -> Case:
    """Close a record: nothing is traced or warned from it any more. Raises `CaseClosed`."""
    if case.closed_at is not None:
        raise CaseClosed
    await store.set_closed(connection, case.id, moment)
    await publish(connection, topic_of(case.id), "case", {"id": case.id})
    await audit.record(
        connection,
        viewer,
        "case.closed",
        subject_person=case.person_id,
        area=case.area,
        object=f"case:{case.id}",
    )
    return await access_case(connection, case.id)


async def note_export(connection: AsyncConnection, viewer: Viewer) -> None:
    """Write down that a list of cases left as a file: nobody here sees who reads it then."""
    area = next(iter(viewer.roots(ROLE)), None)
    await audit.record(connection, viewer, "cases.exported", area=area)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where a case was while infectious, when nobody knows, and what speaks against a visit."""

    stays: Sequence[Stay]
    gaps: Sequence[Gap]
    until: datetime
    doubts: Mapping[UUID, Sequence[ShownDoubt]]


async def open_timeline(
    connection: AsyncConnection,
    viewer: Viewer,
    case: Case,
    *,
    moment: datetime,
    zone: ZoneInfo,
    reason: str | None,
) -> Timeline:
    """The visits of a case in its infectious window, up to now.

    Whoever reads where somebody was leaves a trace of it with the `reason`, which that person can
    read; None where the same officer was written down for the same case a little before.
    """
    until = min(case.infectious_until, max(moment, case.infectious_from))
    days = local_day(case.infectious_from, zone), local_day(until, zone)
    stays = await store.stays(connection, case, days=days, until=until)
    doubts = await doubts_of(connection, [stay.id for stay in stays])
    if reason is not None:
        await audit.record(
            connection,
            viewer,
            "visits.opened",
            subject_person=case.person_id,
            area=case.area,
            object=f"case:{case.id}",
            reason=reason,
            details={"unit": next(iter(viewer.roots(ROLE)), None)},
        )
    window = (case.infectious_from, until)
    unknown = gaps([(one.started_at, one.ends_at) for one in stays], window)
    return Timeline(stays, unknown, until, doubts)


async def open_identity(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, case: Case, reason: str
) -> identity.Opened:
    """Who the case is. Raises `ReasonMissing`, `PersonUnknown`."""
    return await identity.open_identity(
        connection, keyring, viewer, case.person_id, reason=reason, purpose="case"
    )
