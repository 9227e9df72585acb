"""The job that looks at new visits every other minute, and forgets what is over."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from lachan.jobs.queue import Job, JobContext
from lachan.kit import metrics
from lachan.kit.clock import local_day, now
from lachan.visits.doubts import service, store

log = structlog.get_logger()

# A visit is written some moments after it was received: what is younger is left for the next look.
SETTLED = timedelta(minutes=2)
_SLICE = timedelta(minutes=30)
# Before the first look nothing is known to be new; a day is what anybody may still ask about.
_FIRST_LOOK = timedelta(days=1)


async def look(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Look at what was recorded since the last time, a slice in a transaction."""
    ends = now() - SETTLED
    written: Counter[str] = Counter()
    while True:
        async with context.engine.begin() as connection:
            await store.WATERMARK.lock(connection)
            since = await store.WATERMARK.reached(connection) or ends - _FIRST_LOOK
            if since >= ends:
                break
            until = min(since + _SLICE, ends)
            written += await service.look_at(connection, since, until, context.settings)
            await store.WATERMARK.move(connection, until)
    for kind, count in written.items():
        metrics.DOUBTS.labels(str(kind)).inc(count)
    if written:
        log.info("visits_doubted", **{str(kind): count for kind, count in written.items()})


async def forget(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop doubts with the days of their visits."""
    today = local_day(now(), context.settings.zone)
    keep_from = today - timedelta(days=context.settings.retention.visit_days)
    async with context.engine.begin() as connection:
        dropped = await store.drop_before(connection, keep_from)
    log.info("doubts_dropped", dropped=dropped)


JOBS = (
    Job("doubts.look", look, schedule="*/2 * * * *"),
    Job("doubts.forget", forget, schedule="23 * * * *"),
)
