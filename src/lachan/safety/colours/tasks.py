"""Jobs of colours: the end of a day, and repairs whose time is over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import day_bounds, local_day, now
from lachan.safety.colours import day_store
from lachan.safety.colours.domain import day_of
from lachan.safety.colours.service import TOPIC, settle
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet
from lachan.storage.events import publish

log = structlog.get_logger()

END_DAY: Final = "safety.end_day"
OVERDUE: Final = "safety.overdue"
# A worker that was away longer leaves the days before as they are.
_MOST_DAYS: Final = 7
_BATCH: Final = 500


async def end_days(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """End every day that is over and was not ended yet."""
    await end_days_until(context, now())


async def end_days_until(context: JobContext, moment: datetime) -> list[date]:
    """End the days before the local day of `moment`; which those were.

    What was not reported is not met; who reported nothing has forgotten the day, and the streak
    ends; the day is counted by ward. Each day is one transaction, and ending it again changes
    nothing.
    """
    zone = context.settings.zone
    yesterday = local_day(moment, zone) - timedelta(days=1)
    async with context.engine.connect() as connection:
        last = await day_store.last_ended(connection)
        first = await day_store.first_day(connection, zone)
    if first is None:
        return []
    day = max(
        last + timedelta(days=1) if last else first, yesterday - timedelta(days=_MOST_DAYS - 1)
    )
    ended = []
    while day <= yesterday:
        _, end = day_bounds(day, zone)
        async with context.engine.begin() as connection:
            if not await day_store.lock(connection):
                break
            await _end_day(connection, day, end, lately=day == yesterday)
        ended.append(day)
        day += timedelta(days=1)
    return ended


async def _end_day(connection: AsyncConnection, day: date, end: datetime, *, lately: bool) -> None:
    sets: dict[int, CriteriaSet] = {}
    unfinished: list[day_store.Unfinished] = []
    for one in await day_store.reported(connection, day):
        if one.set_id not in sets:
            sets[one.set_id] = await criteria_service.set_by_id(connection, one.set_id)
        if "day" not in one.moments and not set(sets[one.set_id].moments) <= set(one.moments):
            unfinished.append(one)
    for start in range(0, len(unfinished), _BATCH):
        some = unfinished[start : start + _BATCH]
        commits = await day_store.commits_of(connection, [one.place_id for one in some], day)
        ends = []
        for one in some:
            whole = day_of(sets[one.set_id], commits[one.place_id], ended=True)
            if whole is not None:
                ends.append(
                    {
                        "place": one.place_id,
                        "colour": whole.verdict.colour,
                        "score": whole.verdict.score,
                        "maximum": whole.verdict.maximum,
                    }
                )
        await day_store.write_ends(connection, day, ends, lately=lately)
    forgotten = await day_store.write_forgotten(connection, day, end, lately=lately)
    rows = await day_store.roll_up(connection, day)
    # Maps that showed the day before now look at it again; files of it have another tag.
    await publish(connection, TOPIC, "day", {"day": day.isoformat()})
    log.info("safety_day_ended", unfinished=len(unfinished), forgotten=forgotten, rows=rows)


async def settle_overdue(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Turn places red that did not reach the better class within the hours that are set."""
    today = local_day(now(), context.settings.zone)
    while True:
        async with context.engine.begin() as connection:
            late = await day_store.may_be_overdue(connection, today, _BATCH)
            for place_id in late:
                await settle(connection, place_id, today)
        if len(late) < _BATCH:
            return


JOBS = (
    Job(END_DAY, end_days, schedule="3-59/10 * * * *"),
    Job(OVERDUE, settle_overdue, schedule="*/10 * * * *"),
)
