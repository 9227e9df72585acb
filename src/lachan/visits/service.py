"""What a resident may do: scan, see the diary, correct it, add to it, undo, delete."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import local_day
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.ids import uuid7, uuid7_unix_ms
from lachan.places.kinds import kind_of
from lachan.settings import Settings
from lachan.visits import store
from lachan.visits.batch import Answer, Scan
from lachan.visits.codes import PostedSpot
from lachan.visits.domain import LONGEST_VISIT, UNDO_WINDOW, Direction, EndSource, Outcome
from lachan.visits.errors import ImpossibleTimes, NothingToUndo, NotYourHousehold
from lachan.visits.intake import Intake, check_scan_time
from lachan.visits.proof import Doors, Proof
from lachan.visits.schemas import ScanIn
from lachan.visits.store import DiaryEntry


async def take_scan(
    intake: Intake,
    settings: Settings,
    viewer: Viewer,
    scan: ScanIn,
    *,
    people: Sequence[int],
    received_at: datetime,
    source: str,
    doors: Doors,
) -> tuple[Answer, PostedSpot]:
    """Write a scan for the viewer and `people`; the answer is the viewer's own, once all are safe.

    Raises what `Codes.find` does, `ScanInFuture`, `ScanTooOld`, `ImpossibleTimes`,
    `DoorCodeNeeded`, `TooManyRequests`, `Overloaded`.
    """
    posted = await intake.codes.find(scan.code)
    at, offline = check_scan_time(scan.at, received_at, settings)
    if scan.until is not None:
        posted = until_the_event_ends(posted, scan.until - at)
    proof: Proof = "none"
    # Leaving begins no visit, so nothing has to be proved for it.
    if scan.direction is not Direction.OUT:
        proof = doors.check(
            posted.proof,
            posted.spot.place_id,
            scan.proof,
            at,
            offline=scan.at is not None,
            person_id=viewer.person,
        )

    def scan_of(person_id: int) -> Scan:
        return Scan(
            person_id=person_id,
            scan_id=scan.scan_id,
            posted=posted,
            direction=scan.direction,
            at=at,
            device_at=scan.at,
            received_at=received_at,
            offline=offline,
            source=source,
            client=viewer.client,
            proof=proof,
        )

    if not people:
        return await intake.take(scan_of(viewer.person)), posted
    everybody = [viewer.person, *(person for person in people if person != viewer.person)]
    answers = await asyncio.gather(*(intake.take(scan_of(person)) for person in everybody))
    return answers[0], posted


def until_the_event_ends(posted: PostedSpot, length: timedelta) -> PostedSpot:
    """The spot as it is for somebody who says how long they stay. Raises `ImpossibleTimes`."""
    if length <= timedelta(0):
        raise ImpossibleTimes(fields={"until": "visits-field-end-before-start"})
    if length > LONGEST_VISIT:
        raise ImpossibleTimes(fields={"until": "visits-field-too-long"})
    return replace(posted, spot=replace(posted.spot, usual_stay=length, hours=None))


def new_scan_id() -> UUID:
    """An id for a scan that a page is about to offer, so that a double tap counts once."""
    return uuid7()


async def check_household(
    connection: AsyncConnection, viewer: Viewer, people: Sequence[int]
) -> None:
    """Raises `NotYourHousehold` unless all of `people` live with the viewer."""
    if not set(people) <= await store.household_of(connection, viewer.person):
        raise NotYourHousehold


async def access_visit(
    connection: AsyncConnection, viewer: Viewer, visit_id: UUID, zone: ZoneInfo
) -> DiaryEntry:
    """One of the viewer's visits. Raises `NotFound`."""
    # The id of a visit holds its start, which names the partition; a corrected start may lie
    # beside it, and an id made up by somebody names any day at all.
    try:
        started = datetime.fromtimestamp(uuid7_unix_ms(visit_id) / 1000, tz=zone)
        days = (started - timedelta(days=1)).date(), (started + timedelta(days=1)).date()
    except (OverflowError, ValueError):
        raise NotFound from None
    entry = await store.find(connection, viewer.person, visit_id, days=days)
    if entry is None:
        raise NotFound
    return entry


def check_times(started_at: datetime, ends_at: datetime, moment: datetime) -> None:
    """Raises `ImpossibleTimes` unless the visit ends after it began, within a day, and by now."""
    fields = {}
    if ends_at <= started_at:
        fields["ends_at"] = "visits-field-end-before-start"
    elif ends_at - started_at > LONGEST_VISIT:
        fields["ends_at"] = "visits-field-too-long"
    if started_at > moment:
        fields["started_at"] = "visits-field-future"
    if ends_at > moment:
        fields["ends_at"] = "visits-field-future"
    if fields:
        raise ImpossibleTimes(fields=fields)


def check_kept(started_at: datetime, moment: datetime, settings: Settings) -> None:
    """Raises `ImpossibleTimes` for a day whose diary has been dropped already."""
    if moment - started_at > timedelta(days=settings.retention.visit_days):
        raise ImpossibleTimes(fields={"started_at": "visits-field-dropped"})


async def add_forgotten(
    connection: AsyncConnection,
    viewer: Viewer,
    posted: PostedSpot,
    times: tuple[datetime, datetime],
    *,
    moment: datetime,
    settings: Settings,
) -> UUID:
    """Add a visit by hand; its id. Raises `ImpossibleTimes`."""
    started_at, ends_at = times
    check_times(started_at, ends_at, moment)
    check_kept(started_at, moment, settings)
    await store.lock_person(connection, viewer.person)
    visit_id = uuid7(int(started_at.timestamp() * 1000))
    await store.add(
        connection,
        visit_id=visit_id,
        day=local_day(started_at, settings.zone),
        person_id=viewer.person,
        place_id=posted.spot.place_id,
        room_id=posted.spot.room_id,
        started_at=started_at,
        ends_at=ends_at,
        client=viewer.client,
    )
    await store.set_last_straight(connection, viewer.person)
    return visit_id


async def correct(
    connection: AsyncConnection,
    viewer: Viewer,
    visit_id: UUID,
    times: tuple[datetime | None, datetime | None],
    *,
    moment: datetime,
    settings: Settings,
) -> UUID:
    """Change when a visit began or ended; its id, which is new when the start moved.

    Raises `NotFound`, `ImpossibleTimes`.
    """
    await store.lock_person(connection, viewer.person)
    entry = await access_visit(connection, viewer, visit_id, settings.zone)
    started_at = times[0] or entry.started_at
    ends_at = times[1] or min(entry.ends_at, moment)
    check_times(started_at, ends_at, moment)
    if started_at == entry.started_at:
        await store.set_end(connection, entry, ends_at, EndSource.CORRECTED)
        await store.set_last_straight(connection, viewer.person)
        return visit_id
    check_kept(started_at, moment, settings)
    # The id holds the start, and the day decides the partition: a moved start is a new row.
    await store.delete(connection, entry)
    new_id = uuid7(int(started_at.timestamp() * 1000))
    await store.add(
        connection,
        visit_id=new_id,
        day=local_day(started_at, settings.zone),
        person_id=viewer.person,
        place_id=entry.place_id,
        room_id=entry.room_id,
        started_at=started_at,
        ends_at=ends_at,
        client=viewer.client,
    )
    await store.set_last_straight(connection, viewer.person)
    return new_id


async def undo(
    connection: AsyncConnection,
    viewer: Viewer,
    visit_id: UUID,
    *,
    moment: datetime,
    zone: ZoneInfo,
) -> None:
    """Take the last scan of a visit back, within ten minutes of making it.

    A departure taken back leaves the visit open; an arrival taken back leaves no visit, and opens
    again the one that it had ended. Raises `NotFound`, `NothingToUndo`.
    """
    await store.lock_person(connection, viewer.person)
    entry = await access_visit(connection, viewer, visit_id, zone)
    scan = await store.last_scan_of(connection, entry)
    if scan is None or moment - scan.received_at > UNDO_WINDOW:
        raise NothingToUndo
    if scan.outcome == Outcome.DEPARTED:
        if entry.end_source is not EndSource.SCANNED:
            raise NothingToUndo
        ends_at = entry.started_at + timedelta(minutes=kind_of(entry.place_kind).usual_stay_minutes)
        await store.set_end(connection, entry, max(ends_at, moment), EndSource.EXPECTED)
    else:
        ended = await store.visit_ended_by(connection, entry)
        await store.delete(connection, entry)
        if ended is not None:
            await _reopen(connection, viewer, ended.id, zone)
    await store.set_last_straight(connection, viewer.person)


async def _reopen(
    connection: AsyncConnection, viewer: Viewer, visit_id: UUID, zone: ZoneInfo
) -> None:
    entry = await access_visit(connection, viewer, visit_id, zone)
    minutes = kind_of(entry.place_kind).usual_stay_minutes
    ends_at = max(entry.started_at + timedelta(minutes=minutes), entry.ends_at)
    await store.set_end(connection, entry, ends_at, EndSource.EXPECTED)


async def delete_visit(
    connection: AsyncConnection, viewer: Viewer, visit_id: UUID, zone: ZoneInfo
) -> None:
    """Remove one visit from the diary for good. Raises `NotFound`."""
    await store.lock_person(connection, viewer.person)
    await store.delete(connection, await access_visit(connection, viewer, visit_id, zone))
    await store.set_last_straight(connection, viewer.person)


async def delete_diary(connection: AsyncConnection, viewer: Viewer) -> int:
    """Remove the whole diary for good; how many visits that were."""
    await store.lock_person(connection, viewer.person)
    return await store.delete_all(connection, viewer.person)
