"""Settling a place: its colour from all that is known, written, and told to every open map."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import h3
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import now
from lachan.places.hours import Hours
from lachan.places.kinds import kind_of
from lachan.safety.colours import store
from lachan.safety.colours.domain import (
    Colour,
    Commit,
    below_since,
    day_of,
    is_overdue,
    next_streak,
    reasons_of,
)
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet
from lachan.storage.events import publish

TOPIC: Final = "map"
CELL_RESOLUTION: Final = 5
"""Maps listen by H3 cells of this size: about 17 km across, some hundreds of places."""


async def settle(connection: AsyncConnection, place_id: int, today: date) -> Colour:
    """Work the colour of a place out anew and tell open maps when it changed.

    Called in the transaction of whatever changed: an inspection, a decided report, a deadline; who
    holds a place (`place_safety.held`) writes that first. Locks the place's standing. A place that
    takes no part is grey.
    """
    before = await store.standing(connection, place_id, lock=True)
    if before is None:
        return "grey"
    commits = await store.commits(connection, place_id, today)
    criteria = await _criteria(connection, before, today)
    return (await settle_known(connection, before, commits, criteria, today)).as_of(today)


async def settle_known(
    connection: AsyncConnection,
    before: store.Standing,
    commits: Sequence[Commit],
    criteria: CriteriaSet | None,
    today: date,
) -> store.Standing:
    """The same for a caller that read, and locked, all that is known; how the place stands then.

    `commits` are today's, the last one last, and `criteria` the version of that one.
    """
    day = day_of(criteria, commits) if criteria else None
    verdict = day.verdict if day else None
    since, overdue = before.below_since, False
    if criteria and day:
        at = commits[-1].received_at
        since = below_since(criteria, day.verdict, since, at, reported=day.reported)
        overdue = is_overdue(criteria, since, now())
    due = await store.next_deadline(connection, before.place_id) if before.held else None
    streak = before.streak
    if day:
        streak = next_streak(
            before.day, streak, today, lambda one: is_open(before.kind, before.hours, one)
        )
    after = replace(
        before,
        set_id=criteria.id if criteria else before.set_id,
        day=today if day else before.day if before.day != today else None,
        colour="red" if overdue else verdict.colour if verdict else "grey",
        reasons=reasons_of(
            verdict,
            before.held,
            due=due.isoformat() if due else None,
            until=_until(criteria, since) if day else None,
            overdue=overdue,
        ),
        outcome=verdict.outcome.code if verdict else None,
        score=verdict.score if verdict else None,
        maximum=verdict.maximum if verdict else None,
        below_since=since,
        streak=streak,
        changed_at=now(),
    )
    await store.write(connection, after)
    colour = after.as_of(today)
    if day or before.held:
        await store.write_day(connection, after, today, late=day.late if day else False)
    else:
        # What held it is over and nothing was reported: the day is as if it had not been held.
        await store.clear_day(connection, before.place_id, today)
    await announce(connection, after, colour)
    return after


async def _criteria(
    connection: AsyncConnection, place: store.Standing, today: date
) -> CriteriaSet | None:
    """The version of the day's last commit; before any, none is needed."""
    used = await store.last_set(connection, place.place_id, today)
    return None if used is None else await criteria_service.set_by_id(connection, used)


def _until(criteria: CriteriaSet | None, since: datetime | None) -> str | None:
    if criteria is None or criteria.repair_hours is None or since is None:
        return None
    return (since + timedelta(hours=criteria.repair_hours)).isoformat()


def is_open(kind: str, hours: Hours | None, day: date) -> bool:
    """Whether a place receives people on a day; without hours it does as its kind does.

    `day_store.open_on` says the same in the database.
    """
    if hours is None:
        return day.isoweekday() not in kind_of(kind).rest_days
    return hours.days[day.weekday()] is not None


async def announce(connection: AsyncConnection, place: store.Standing, colour: Colour) -> None:
    """Tell open maps the colour of a place; one without a position is on none."""
    if place.h3 is None or place.lat is None or place.lon is None:
        return
    cell = h3.cell_to_parent(h3.int_to_str(place.h3), CELL_RESOLUTION)
    await publish(
        connection,
        TOPIC,
        "colour",
        {
            "id": place.place_id,
            "c": colour,
            "h3": cell,
            "lat": place.lat,
            "lon": place.lon,
            "k": place.kind,
        },
    )
