"""Rules of answers from the public: anybody tells, the place answers, an inspector decides.

Who reported is written once and never read: the serving role has no right to those columns, and no
trail names the reporter either, as auditors read that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.clock import local_day
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.ids import new_code, normalise_code
from lachan.places.service import access_open_place
from lachan.safety.checks import photos
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.errors import NoCriteria
from lachan.safety.feedback import store
from lachan.safety.feedback.domain import (
    HANDLE_LENGTH,
    WEIGHT,
    Decision,
    State,
    due_of,
    first_state,
    proof_of,
    tidy_body,
    wrong_with,
)
from lachan.safety.feedback.errors import (
    FeedbackNotTaken,
    FeedbackPhotos,
    FeedbackSettled,
    FeedbackUnknown,
)
from lachan.safety.inspections import holding
from lachan.safety.inspections.service import check_inspector
from lachan.settings import Settings
from lachan.storage.events import publish

ROLE: Final = "safety_inspector"
_PHOTO_TIME: Final = timedelta(hours=1)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter gets: the handle, shown this once, and by when the place answers."""

    handle: str
    state: State
    due_at: datetime


def hash_of(keyring: Keyring, handle: str) -> bytes:
    """What is stored of a handle."""
    return keyring.blind_index("feedback handle", handle)


def source_of(keyring: Keyring, address: str, moment: datetime, zone: ZoneInfo) -> bytes:
    """An address as it is stored: of one day only, and telling nothing without the key file."""
    return keyring.blind_index("feedback source", f"{local_day(moment, zone)} {address}")


async def access_place(connection: AsyncConnection, place_id: int) -> store.About:
    """A place that takes reports. Raises `FeedbackNotTaken`."""
    place = await store.about(connection, place_id)
    if place is None:
        raise FeedbackNotTaken
    return place


async def criteria_of(
    connection: AsyncConnection, place: store.About, moment: datetime, zone: ZoneInfo
) -> CriteriaSet | None:
    """The criteria that a report may name an item of; None where none are in force."""
    try:
        return await criteria_service.set_for(
            connection, place.kind, place.area, local_day(moment, zone)
        )
    except NoCriteria:
        return None


async def tell(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer | None,
    place_id: int,
    *,
    item: str | None,
    body: str,
    address: str,
    moment: datetime,
) -> Told:
    """Report that something is not right at a place; the handle to follow it by.

    Of a flood nothing is lost and nothing is shown: what is too much waits, held, for an inspector.
    Raises `FeedbackNotTaken` or `InvalidInput`.
    """
    place = await access_place(connection, place_id)
    fields: dict[str, str] = {}
    said = tidy_body(body)
    wrong = wrong_with(said)
    if wrong:
        fields["body"] = wrong
    if item is not None:
        criteria = await criteria_of(connection, place, moment, settings.zone)
        if criteria is None or item not in {one.code for one in criteria.items}:
            fields["item"] = "feedback-field-item"
    if fields:
        raise InvalidInput(fields=fields)
    # An officer reports as anybody does: what they find themselves is an inspection.
    person = viewer.person_id if viewer else None
    proof = proof_of(
        signed_in=person is not None,
        was_here=person is not None and await store.was_here(connection, place_id),
    )
    source = source_of(keyring, address, moment, settings.zone)
    of_place, of_source = await store.flood(connection, place_id, source, moment - _A_DAY)
    limits = settings.safety
    state = first_state(
        of_place=of_place,
        of_source=of_source,
        per_place=limits.reports_per_place,
        per_source=limits.reports_per_source,
    )
    handle = new_code(HANDLE_LENGTH)
    due_at = due_of(moment, limits.answer_hours, settings.zone)
    await store.insert(
        connection,
        handle_hash=hash_of(keyring, handle),
        place_id=place_id,
        item_code=item,
        body=said,
        proof=proof,
        weight=WEIGHT[proof],
        person_id=person,
        source_hash=source,
        state=state,
        due_at=due_at,
    )
    if state == "open":
        await publish(connection, f"desk:{place.area}", "safety_feedback", {"place": place_id})
    return Told(handle, state, due_at)


async def access_followed(
    connection: AsyncConnection, keyring: Keyring, typed: str
) -> store.Followed:
    """The report that a handle follows. Raises `FeedbackUnknown`."""
    handle = normalise_code(typed, HANDLE_LENGTH)
    found = await store.by_handle(connection, hash_of(keyring, handle)) if handle else None
    if found is None:
        raise FeedbackUnknown
    return found


async def access_photographed(
    connection: AsyncConnection, keyring: Keyring, typed: str, *, moment: datetime
) -> store.Followed:
    """A report that still takes a photo. Raises `FeedbackUnknown` or `FeedbackPhotos`."""
    report = await access_followed(connection, keyring, typed)
    is_late = report.created_at + _PHOTO_TIME < moment
    if is_late or not await store.takes_photo(connection, report.id, report.place_id):
        raise FeedbackPhotos
    return report


async def join_photo(
    connection: AsyncConnection,
    keyring: Keyring,
    typed: str,
    picture: photos.Picture,
    *,
    moment: datetime,
) -> UUID:
    """Join a photo to a report just made; who took it is not written.

    Raises `FeedbackUnknown` or `FeedbackPhotos`.
    """
    report = await access_photographed(connection, keyring, typed, moment=moment)
    return await photos.keep(
        connection,
        picture,
        report.place_id,
        by=None,
        feedback_id=report.id,
        item_code=report.item_code,
    )


async def reopen(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    typed: str,
    why: str,
    *,
    moment: datetime,
) -> store.Followed:
    """Say that an answer is not enough: once, and with a reason; the place has its time again.

    Raises `FeedbackUnknown`, `FeedbackSettled` or `InvalidInput`.
    """
    report = await access_followed(connection, keyring, typed)
    said = tidy_body(why)
    wrong = wrong_with(said, shortest=1)
    if wrong:
        raise InvalidInput(fields={"why": wrong})
    handle = normalise_code(typed, HANDLE_LENGTH) or ""
    until = due_of(moment, settings.safety.answer_hours, settings.zone)
    if not await store.reopen(connection, hash_of(keyring, handle), until, said):
        raise FeedbackSettled
    place = await store.about(connection, report.place_id)
    if place is not None:
        await publish(connection, f"desk:{place.area}", "safety_feedback", {"place": place.id})
    return await access_followed(connection, keyring, typed)


async def answer(
    connection: AsyncConnection, viewer: Viewer, place_id: int, report_id: int, typed: str
) -> None:
    """Answer a report as those who run the place now.

    Raises `NotFound` (also for whoever ran it once), `PlaceClosed`, `FeedbackSettled`,
    `InvalidInput`.
    """
    place = await access_open_place(connection, viewer, place_id)
    said = tidy_body(typed)
    wrong = wrong_with(said)
    if wrong:
        raise InvalidInput(fields={"answer": wrong})
    report = await store.find(connection, report_id)
    if report is None or report.place_id != place_id:
        raise NotFound
    if not await store.answer(connection, place_id, report_id, said):
        raise FeedbackSettled
    await audit.record(
        connection,
        viewer,
        "safety.feedback_answered",
        area=place.facts.area,
        object=f"feedback:{report_id}",
    )


async def access_report(connection: AsyncConnection, report_id: int) -> store.Report:
    """A report of the officer's areas. Raises `NotFound` for any other: the two look the same."""
    found = await store.find(connection, report_id)
    if found is None:
        raise NotFound
    return found


_OF_STATES: Final[dict[Decision, tuple[State, ...]]] = {
    "confirmed": ("held", "open", "answered", "reopened"),
    "dismissed": ("held", "open", "answered", "reopened"),
    "closed": ("confirmed",),
}


async def decide(
    connection: AsyncConnection,
    viewer: Viewer,
    settings: Settings,
    report_id: int,
    decision: Decision,
    remark: str,
    *,
    moment: datetime,
) -> None:
    """Decide a report as an inspector, and hold its place or let it go by what stands then.

    Raises `NotFound`, `NotAllowed`, `FeedbackSettled` or `InvalidInput`.
    """
    report = await access_report(connection, report_id)
    check_inspector(viewer, report.area)
    said = tidy_body(remark)
    if said and (wrong := wrong_with(said, shortest=1)):
        raise InvalidInput(fields={"remark": wrong})
    if decision == "dismissed" and not said:
        raise InvalidInput(fields={"remark": "feedback-field-why-dismissed"})
    await holding.lock(connection, report.place_id)
    done = await store.decide(
        connection,
        report_id,
        decision,
        said,
        officer_id=viewer.officer,
        of_states=_OF_STATES[decision],
    )
    if not done:
        raise FeedbackSettled
    today = local_day(moment, settings.zone)
    await holding.hold(connection, report.place_id, today, settings.safety)
    await audit.record(
        connection,
        viewer,
        f"safety.feedback_{decision}",
        area=report.area,
        object=f"feedback:{report_id}",
    )


async def release(
    connection: AsyncConnection,
    viewer: Viewer,
    settings: Settings,
    place_id: int,
    reports: Sequence[int],
    *,
    moment: datetime,
) -> int:
    """Let reports that a flood held back through to the place; how many.

    Raises `FeedbackNotTaken`, `NotAllowed`, or `FeedbackSettled` when none of them is held any
    more.
    """
    place = await access_place(connection, place_id)
    check_inspector(viewer, place.area)
    mine = {one.id for one in await store.held_of(connection, place_id)}
    chosen = sorted(mine & set(reports))
    until = due_of(moment, settings.safety.answer_hours, settings.zone)
    released = await store.release(connection, chosen, until) if chosen else 0
    if not released:
        raise FeedbackSettled
    await audit.record(
        connection,
        viewer,
        "safety.feedback_released",
        area=place.area,
        object=f"place:{place_id}",
        details={"reports": released},
    )
    return released


async def dismiss_held(
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    reports: Sequence[int],
    remark: str,
) -> int:
    """Turn down many held reports of a place at once; how many.

    Raises `FeedbackNotTaken`, `FeedbackSettled` or `InvalidInput`.
    """
    place = await access_place(connection, place_id)
    said = tidy_body(remark)
    if wrong := wrong_with(said, shortest=1):
        key = "feedback-field-why-dismissed" if not said else wrong
        raise InvalidInput(fields={"remark": key})
    mine = {one.id for one in await store.held_of(connection, place_id)}
    done = 0
    for report_id in sorted(mine & set(reports)):
        done += await store.decide(
            connection,
            report_id,
            "dismissed",
            said,
            officer_id=viewer.officer,
            of_states=("held",),
        )
    if not done:
        raise FeedbackSettled
    await audit.record(
        connection,
        viewer,
        "safety.feedback_dismissed",
        area=place.area,
        object=f"place:{place_id}",
        details={"reports": done},
    )
    return done
