"""What those who run a place see of its day: tasks, commits with their names, the days behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.places.service import access_own_place
from lachan.places.store import Place
from lachan.safety.checks import service as checks
from lachan.safety.checks import store as check_store
from lachan.safety.checks.domain import due_at
from lachan.safety.checks.errors import NotJoined
from lachan.safety.checks.standing import reasons_today
from lachan.safety.checks.store import Check
from lachan.safety.colours import store as colour_store
from lachan.safety.colours.domain import Colour
from lachan.safety.colours.service import is_open
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet, Reason
from lachan.safety.criteria.errors import NoCriteria
from lachan.safety.facility import store
from lachan.safety.facility.domain import (
    HISTORY_DAYS,
    PastDay,
    Task,
    as_yesterday,
    past_days,
    tasks_of,
)
from lachan.settings import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit and the name under which it was made, for those who run the place."""

    check: Check
    name: str | None


@dataclass(frozen=True, slots=True)
class Today:
    """The day under way at a place that takes part."""

    place: Place
    day: date
    criteria: CriteriaSet
    standing: colour_store.Standing
    colour: Colour
    reasons: tuple[Reason, ...]
    tasks: tuple[Task, ...]
    entries: tuple[Entry, ...]

    def task(self, moment: str) -> Task:
        """The task of a moment. Raises `NotFound`."""
        for one in self.tasks:
            if one.moment == moment:
                return one
        raise NotFound


async def find_criteria(connection: AsyncConnection, place: Place, day: date) -> CriteriaSet | None:
    """The set in force for a place; None where there is none."""
    try:
        return await criteria_service.set_for(connection, place.facts.kind, place.facts.area, day)
    except NoCriteria:
        return None


async def access_today(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    place_id: int,
    *,
    at: datetime | None = None,
) -> Today:
    """The day of a place that the viewer runs.

    Raises `NotFound` for any other place, `NotJoined` where it takes no part, `NoCriteria`.
    """
    place = await access_own_place(connection, viewer, place_id)
    standing = await colour_store.standing(connection, place_id)
    if standing is None:
        raise NotJoined
    moment = at or now()
    day = local_day(moment, settings.zone)
    criteria = await criteria_service.set_for(connection, standing.kind, standing.area, day)
    found = await check_store.checks_of(connection, place_id, day, day)
    return Today(
        place=place,
        day=day,
        criteria=criteria,
        standing=standing,
        colour=standing.as_of(day),
        reasons=reasons_today(standing, day),
        tasks=tasks_of(
            criteria, found, lambda one: due_at(criteria, one, day, settings.zone), moment
        ),
        entries=tuple(Entry(one, checks.name_of(keyring, one)) for one in found),
    )


async def yesterdays(connection: AsyncConnection, today: Today, moment: str) -> Mapping[str, int]:
    """What of a moment may be answered as on the day before."""
    before = today.day - timedelta(days=1)
    found = await check_store.checks_of(connection, today.place.id, before, before)
    return as_yesterday(today.criteria, moment, found)


@dataclass(frozen=True, slots=True)
class Shown:
    """One commit with all that belongs to it."""

    place: Place
    entry: Entry
    criteria: CriteriaSet
    photos: Mapping[str, tuple[str, ...]]
    replaced: Entry | None
    standing: colour_store.Standing


async def access_check(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, place_id: int, check_id: int
) -> Shown:
    """A commit of a place that the viewer runs. Raises `NotFound`."""
    place = await access_own_place(connection, viewer, place_id)
    check = await check_store.find_check(connection, check_id)
    standing = await colour_store.standing(connection, place_id)
    if check is None or check.place_id != place_id or standing is None:
        raise NotFound
    before = await check_store.find_check(connection, check.replaces) if check.replaces else None
    photos: dict[str, tuple[str, ...]] = {}
    for _, code, photo in await check_store.photos_of(connection, [check_id]):
        photos[code] = (*photos.get(code, ()), str(photo))
    return Shown(
        place=place,
        entry=Entry(check, checks.name_of(keyring, check)),
        criteria=await criteria_service.set_by_id(connection, check.set_id),
        photos=photos,
        replaced=Entry(before, checks.name_of(keyring, before)) if before else None,
        standing=standing,
    )


async def next_moment(
    connection: AsyncConnection, criteria: CriteriaSet, place_id: int, today: date
) -> str | None:
    """The first moment of a day that nobody has reported; None when all are."""
    done = await check_store.moments_done(connection, place_id, today)
    return next((one for one in criteria.moments if not {one, "day"} & set(done)), None)


async def history(
    connection: AsyncConnection, settings: Settings, standing: colour_store.Standing, today: date
) -> tuple[PastDay, ...]:
    """The last days of a place, the newest first."""
    since = today - timedelta(days=HISTORY_DAYS - 1)
    written = await colour_store.history(connection, standing.place_id, since)
    joined = await store.joined_on(connection, standing.place_id, settings.zone.key)
    return past_days(
        {one.day: one for one in written},
        today=today,
        joined=joined or today,
        is_open=lambda day: is_open(standing.kind, standing.hours, day),
    )
