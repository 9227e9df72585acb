"""What is told of a place: to everybody, and to those who run it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.safety.checks import errors, service, store
from lachan.safety.checks.domain import due_at
from lachan.safety.colours import store as colour_store
from lachan.safety.colours.domain import Colour, Ended, reasons_of
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet, Reason

HISTORY_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Public:
    """How a place stands, for everybody; `history` oldest first."""

    standing: colour_store.Standing
    colour: Colour
    reasons: tuple[Reason, ...]
    criteria: CriteriaSet | None
    done: Mapping[str, bool]
    history: list[Ended]
    since: date | None


async def access_public(connection: AsyncConnection, place_id: int, today: date) -> Public:
    """How a place stands as of `today`. Raises `NotFound` when it takes no part."""
    standing = await colour_store.standing(connection, place_id)
    if standing is None:
        raise NotFound
    criteria = (
        await criteria_service.set_by_id(connection, standing.set_id) if standing.set_id else None
    )
    done = await store.moments_done(connection, place_id, today)
    history = await colour_store.history(
        connection, place_id, today - timedelta(days=HISTORY_DAYS - 1)
    )
    colour = standing.as_of(today)
    return Public(
        standing,
        colour,
        reasons_today(standing, today),
        criteria,
        {one: one in done or "day" in done for one in (criteria.moments if criteria else ())},
        history,
        _since(history, colour),
    )


def reasons_today(standing: colour_store.Standing, today: date) -> tuple[Reason, ...]:
    """The reasons as of a day: those of an earlier day hold no more, but what holds the place."""
    if standing.day == today:
        return standing.reasons
    held = tuple(one for one in standing.reasons if one.code in _HOLDING)
    if standing.held and not held:
        held = reasons_of(None, standing.held, due=None, until=None, overdue=False)[:1]
    return (*(held if standing.held else ()), Reason("not-reported"))


_HOLDING: Final = frozenset(("inspection-unsafe", "under-repair", "feedback-confirmed"))


def _since(history: list[Ended], colour: Colour) -> date | None:
    since = None
    for one in reversed(history):
        if one.colour != colour or (since is not None and one.day != since - timedelta(days=1)):
            break
        since = one.day
    return since


@dataclass(frozen=True, slots=True)
class Today:
    """The day's work of a place. `answered`: the last commit by moment; `due` in UTC."""

    day: date
    standing: colour_store.Standing
    criteria: CriteriaSet
    answered: Mapping[str, store.Check]
    due: Mapping[str, datetime]


async def access_today(
    connection: AsyncConnection, viewer: Viewer, place_id: int, today: date, zone: ZoneInfo
) -> Today:
    """The day's work, for those who run the place now.

    Raises `CheckForeign`, `StaffFormer`, `NotJoined` or `NoCriteria`.
    """
    await service.access_staffed(connection, viewer, place_id)
    standing = await colour_store.standing(connection, place_id)
    if standing is None:
        raise errors.NotJoined
    criteria = await criteria_service.set_for(connection, standing.kind, standing.area, today)
    checks = await store.checks_of(connection, place_id, today, today)
    due: dict[str, datetime] = {
        moment: at
        for moment in criteria.moments
        if (at := due_at(criteria, moment, today, zone)) is not None
    }
    return Today(today, standing, criteria, {one.moment: one for one in checks}, due)
