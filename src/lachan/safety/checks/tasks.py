"""Jobs of daily checks: reminders when a moment is over, and what is kept no longer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from lachan.jobs.queue import Job, JobContext, enqueue
from lachan.kit.clock import local_day, now
from lachan.safety.checks import work_store
from lachan.safety.checks.domain import due_at
from lachan.safety.criteria import service as criteria_service

log = structlog.get_logger()

REMIND: Final = "safety.remind"
CLEAN_UP: Final = "safety.clean_up"
# A reminder long after its time helps nobody: a worker that was down does not send a day's at once.
_LATEST: Final = timedelta(hours=3)


async def remind(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Remind the staff of places that have not reported a moment whose time is over, once each."""
    await remind_at(context, now())


async def remind_at(context: JobContext, moment: datetime) -> int:
    """Remind as of a moment; how many places."""
    zone = context.settings.zone
    day = local_day(moment, zone)
    reminded = 0
    async with context.engine.begin() as connection:
        pushed = 0
        for set_id in await work_store.sets_in_use(connection):
            criteria = await criteria_service.set_by_id(connection, set_id)
            for of_day in criteria.moments:
                due = due_at(criteria, of_day, day, zone)
                if due is None or not due <= moment < due + _LATEST:
                    continue
                places = await work_store.note_late(connection, set_id, day, of_day, due)
                if places:
                    pushed += await work_store.tell_staff(connection, places, day, of_day)
                    reminded += len(places)
        if pushed:
            await enqueue(connection, "push.deliver", {}, once="push.deliver")
    if reminded:
        log.info("safety_reminded", places=reminded, pushes=pushed)
    return reminded


async def clean_up(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Delete photos, checks and reminders whose time is over, and photos that belong to nothing."""
    kept = context.settings.safety
    async with context.engine.begin() as connection:
        photos, checks = await work_store.clean_up(
            connection, photo_days=kept.photo_days, check_days=kept.check_days
        )
    log.info("safety_cleaned_up", photos=photos, checks=checks)


JOBS = (
    Job(REMIND, remind, schedule="*/5 * * * *"),
    Job(CLEAN_UP, clean_up, schedule="41 * * * *"),
)
